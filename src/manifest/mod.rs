//! Manifests: YAML with the place of every value, read without knowing what a setting is.

mod diagnostic;
mod exemption;
mod load;
mod source;
pub mod yaml;

pub use diagnostic::{Diagnostic, MAX_FINDINGS, Severity, in_order};
pub use exemption::{Allow, Code, Exemption, Term, Unmanaged};
pub use load::{Located, Manifest, is_pool_id, is_region, load, similar};
pub use source::{Origin, Source};
