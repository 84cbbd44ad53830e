//! A plan as a file: the JSON plan, with what is needed to show it again and to apply it.
//!
//! The file needs no other files. It contains each manifest with everything that it extends and refers to. Secrets
//! are kept as references, and are looked up when the plan is applied. For a sensitive value, live or desired, the
//! file has one fingerprint over both sides of a change: neither can be guessed without the other.
//!
//! A digest over the whole file detects a truncated or changed file. It is not a signature: anyone who can write the
//! file can compute the digest again.

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
pub use recall::{SavedPlan, SavedPool};
pub use standing::Standing;
pub use unusable::Unusable;
pub use write::{Making, Resolved, SavedPart, write};
