//! The YAML of manifests: a tree, and how a file becomes one.

mod parse;
mod tree;

pub use parse::{MAX_BYTES, Parsed, parse};
pub(super) use parse::{MAX_KEY, MAX_NODES, parse_again};
pub use tree::{Scalar, ScalarMeaning, Value, YamlEntry, YamlNode};
