//! What programs read: the plan as JSON, and the pages of `explain`.

mod members;
mod pages;
mod v1;

pub(super) use members::Members;
pub use pages::pages;
pub use v1::FORMAT_VERSION;

use std::fmt::{self, Write};

use super::Run;
use crate::document::Json;

/// The JSON Schema of [`document`], as it is published.
pub const PLAN_SCHEMA: &str = include_str!("../../../schemas/plan.schema.json");

/// A run as one document, in the newest version of the format.
///
/// A sensitive value is never part of it. Within one major version of `format_version` members are added,
/// and none goes or changes.
pub fn document(run: &Run<'_>) -> Json {
    v1::document(run).into()
}

/// Writes the same as text that people can read as well.
///
/// # Errors
/// When `out` fails.
pub fn write(run: &Run<'_>, out: &mut dyn Write) -> fmt::Result {
    v1::write(run, out)
}
