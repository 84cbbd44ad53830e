//! Manifests: YAML with the place of every value, read without knowing what a setting is.

mod beside;
mod create;
mod diagnostic;
mod document;
mod edit;
mod entries;
mod exemption;
mod given;
mod keys;
mod load;
mod overlay;
mod reference;
mod requires;
mod resolve;
mod siblings;
mod similar;
mod source;
mod templates;
mod unavailable;
mod watch;
pub mod write;
pub mod yaml;

pub use beside::{Beside, Fallback, File, Nothing, Secret, Variable};
pub use create::is_word as is_create_word;
pub use diagnostic::{Diagnostic, MAX_FINDINGS, Severity, in_order};
pub use document::{document, recognised};
pub use edit::{Editor, List};
pub use entries::{EntryRemoval, LabelledEntry, own_keys, two_ways};
pub use exemption::{Acknowledgement, Allow, Code, Exemption, HOUSE, Term, Unmanaged, date};
pub use given::{FollowedReference, Given};
pub use load::{Manifest, is_account, is_pool_id, is_region, load, load_again, load_with};
pub use reference::{as_name, is_name};
pub use similar::{misspelt, similar};
pub use source::{Located, Origin, SourceText, TextPlace};
pub use unavailable::{Unavailable, lfs_pointer};
