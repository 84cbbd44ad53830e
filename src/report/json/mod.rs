//! The plan as JSON: what programs read.

mod v1;

use crate::document::Json;
use crate::plan::Plan;

/// The JSON Schema of [`plan`], as it is published.
pub const PLAN_SCHEMA: &str = include_str!("../../../schemas/plan.schema.json");

/// The plans of some pools as one document, in the newest version of the format.
///
/// `tool_version` is the version of the program that writes it. A sensitive value is never part of
/// it. Within one major version of `format_version` members are added, and none goes or changes.
pub fn plan(plans: &[&Plan], tool_version: &str) -> Json {
    // No map of these types has another key than a string, which is the one thing that can fail.
    serde_json::to_value(v1::Document::new(plans, tool_version)).unwrap_or_default()
}
