//! Documents as the wire carries them, and the paths that address their members.
//!
//! Everything here treats JSON as JSON: nothing is typed, so nothing can be lost.

mod decode;
mod encoding;
pub mod hidden;
pub mod json;
mod kind;
mod members;
mod path;
mod paths;
mod pattern;
pub mod saved;
mod snapshot;
mod strike;
pub mod url;
mod word;

pub use encoding::utf8;
pub use json::{Json, Object};
pub use kind::{DocumentKind, TAGS, pools_in};
pub use members::Document;
pub use path::{Path, PathError, Seg};
pub use paths::Paths;
pub use pattern::PathPattern;
pub use snapshot::{DocumentId, DocumentState, Snapshot};
pub use strike::strike;
pub use word::quoted;
