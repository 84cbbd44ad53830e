//! What programs read: the plan as JSON, and the pages of `explain`.

mod members;
mod pages;
mod v1;

pub(super) use members::Members;
pub use pages::pages;
pub use v1::FORMAT_VERSION;

use super::{Run, visible};
use crate::document::Json;

/// The JSON Schema of [`document`], as it is published.
pub const PLAN_SCHEMA: &str = include_str!("../../../schemas/plan.schema.json");

/// A run as one document, in the newest version of the format.
///
/// A sensitive value is never part of it. Within one major version of `format_version` members are added,
/// and none goes or changes.
pub fn document(run: &Run<'_>) -> Json {
    // No map of these types has another key than a string, which is the one thing that can fail.
    serde_json::to_value(v1::RunJson::new(run)).unwrap_or_default()
}

/// The same as text that people can read as well.
pub fn text(run: &Run<'_>) -> String {
    visible::json(&v1::RunJson::new(run))
}
