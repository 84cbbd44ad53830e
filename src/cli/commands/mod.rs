//! The commands: one file or folder each, which reads its options, does its work and says how it ends.

pub(super) mod adopt;
pub(super) mod apply;
pub(super) mod completions;
pub(super) mod drift;
pub(super) mod explain;
pub(super) mod help;
pub(super) mod iam_policy;
pub(super) mod ids;
pub(super) mod ignore;
pub(super) mod import;
pub(super) mod plan;
pub(super) mod render;
pub(super) mod sandbox;
pub(super) mod saved;
pub(super) mod schema;
pub(super) mod snapshot;
pub(super) mod validate;
