//! Documents as the wire carries them, and the paths that address their members.
//!
//! Everything here treats JSON as JSON: nothing is typed, so nothing can be lost.

mod decode;
pub mod hidden;
pub mod json;
mod path;
mod snapshot;
mod strike;
pub mod url;

pub use json::{Json, Object};
pub use path::{Path, PathError, Seg};
pub use snapshot::Snapshot;
pub use strike::strike;
