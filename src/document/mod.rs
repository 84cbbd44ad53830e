//! Documents as the wire carries them, and the paths that address their members.
//!
//! Everything here treats JSON as JSON: nothing is typed, so nothing can be lost.

pub mod address;
pub mod bytes;
mod decode;
mod encoding;
pub mod hidden;
mod image;
pub mod json;
mod kind;
mod members;
mod path;
mod paths;
mod pattern;
pub mod saved;
mod snapshot;
mod strike;
pub mod twins;
pub mod url;
mod word;

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

pub use encoding::utf8;
pub use image::image_kind;
pub use json::{Json, Object};
pub use kind::{DocumentKind, TAGS, pools_in};
pub use members::Document;
pub use path::{Path, PathError, Seg};
pub use paths::Paths;
pub use pattern::PathPattern;
pub use snapshot::{DocumentId, DocumentState, Snapshot};
pub use strike::strike;
pub use word::quoted;

/// A map for keys that are looked up very often. Its hash has a seed of its own in each run.
pub type FastMap<K, V> = HashMap<K, V, RandomState>;
/// A set of such keys.
pub type FastSet<K> = HashSet<K, RandomState>;
