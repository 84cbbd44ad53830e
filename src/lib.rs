//! Reconciles Amazon Cognito user pools with YAML, and loses nothing on the way.
//!
//! ```text
//! manifest files ─ manifest::load ─▶ Desired ┐
//!                                            ├─ patch, diff ─▶ Plan ─ report ─▶ text · json
//! Cognito ─ cognito::Reader ─▶ Snapshot ─────┘                  └─ apply ─▶ back up ▸ write ▸ verify
//! ```

pub mod catalogue;
pub mod document;
pub mod manifest;
pub mod plan;
pub mod report;
pub mod rules;
pub mod shapes;
