//! Reconciles Amazon Cognito user pools with YAML, and loses nothing on the way.
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
