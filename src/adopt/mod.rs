//! From what a pool has become back to the files that declare it otherwise.
//!
//! The live value of a setting takes the place of the declared one where that stands: in the manifest, in a
//! file that it extends, or in the file that it refers to. An undeclared setting becomes a line of the
//! manifest, where somebody asks for that. All else stays as its owner wrote it.

mod files;
mod ids;
mod target;
mod undeclared;

pub use files::{Edited, edited};
pub use ids::{IdentifiedText, with_ids};
pub use target::{Adoption, ImageEdit, ManifestEdit, adoptions};
pub use undeclared::{additions, undeclared};
