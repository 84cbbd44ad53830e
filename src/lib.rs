//! Keeps Amazon Cognito user pools in line with YAML manifests, without resetting settings that they do not mention.
//!
//! ```text
//! manifest files ─ manifest::load ─▶ Desired ┐
//!                                            ├─ patch, diff ─▶ Plan ─ report ─▶ text · json
//! Cognito ─ cognito::Reader ─▶ Snapshot ─────┘                  └─ apply ─▶ back up ▸ write ▸ verify
//! ```

pub mod adopt;
pub mod apply;
pub mod catalogue;
pub mod cli;
pub mod cognito;
pub mod document;
pub mod explain;
pub mod files;
pub mod import;
pub mod manifest;
pub mod plan;
pub mod policy;
pub mod report;
pub mod rules;
pub mod sandbox;
pub mod saved;
pub mod schema;
pub mod shapes;
