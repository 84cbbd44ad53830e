//! What lies around a run: the files and variables that it reads, and poolctl.yaml.

pub(super) mod accounts;
pub(super) mod config;
pub(super) mod disk;
pub(super) mod frame;
pub(in crate::cli) mod require;
pub(super) mod source;
