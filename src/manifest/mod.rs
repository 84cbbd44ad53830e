//! Manifests: YAML with the place of every value, read without knowing what a setting is.

mod diagnostic;
mod load;
mod source;
pub mod yaml;

pub use diagnostic::{Diagnostic, MAX_FINDINGS, Severity};
pub use load::{Located, Manifest, Omit, is_pool_id, is_region, load, similar};
pub use source::{Origin, Source};
