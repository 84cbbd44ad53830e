//! What the schema demands of the values that a manifest declares, and the service across settings.
//!
//! Sees both the manifest and the catalogue; turns a manifest's tree into the list of what it wants.

pub mod acknowledge;
mod allow;
mod alone;
mod automaton;
mod check;
mod close;
pub mod cross;
mod desired;
mod elements;
mod foreign;
pub mod house;
mod meaning;
mod misfit;
mod named;
mod ownership;
mod pattern;
mod placeholder;
mod siblings;
mod tag;
pub mod terms;
#[cfg(test)]
mod tests;
mod unknown;
mod value;
mod veil;
mod want;

pub use allow::{AllowError, AllowedBy, Allows, Permits, Slip};
pub use check::{check, check_alone};
pub use close::close;
pub use desired::{Account, Desired, DesiredEntry, ManifestPool, Withheld};
pub use misfit::misfit;
pub use named::{NAMED, named};
pub use ownership::overlap;
pub use pattern::in_words as pattern_in_words;
pub use tag::{IdPattern, Namesake, POOL_TAG, PoolTag, TagSearch};
pub use veil::veil;
pub use want::Want;
