//! What the schema demands of the values that a manifest declares, and the service across settings.
//!
//! Sees both the manifest and the catalogue; turns a manifest's tree into the list of what it wants.

pub mod cross;
mod desired;
mod pattern;
#[cfg(test)]
mod tests;
mod value;

pub use desired::{Account, Desired, Want, check};
