//! A plan as a file: the JSON plan, and beside it what it takes to show it again and to carry it out.
//!
//! The file stands alone. It holds each manifest with all that it extends and refers to, but secrets, which
//! stand in it as their references and are looked up again when it is applied. Of a sensitive value, live or
//! wanted, it knows one fingerprint over both sides of a change: neither can be guessed without the other.
//!
//! A digest over all of it tells a file that was cut, mended or mangled. It is no signature: whoever can write
//! the file can make the digest again.

mod fingerprint;
mod format;
mod places;
mod read;
mod recall;
mod standing;
mod unusable;
mod write;

pub use fingerprint::digest;
pub use read::is_saved;
pub use recall::{Pool, Saved};
pub use standing::Standing;
pub use unusable::Unusable;
pub use write::{Making, Resolved, document};
