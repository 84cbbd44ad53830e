//! What programs read: the plan as JSON, and the pages of `explain`.

mod members;
mod pages;
mod v1;

pub(super) use members::Members;
pub use pages::pages;
pub use v1::FORMAT_VERSION;

use std::fmt::{self, Write};

use super::Run;
use super::streamed::JsonObject;
use crate::document::{Json, Object};

/// The JSON Schema of [`document`], as it is published.
pub const PLAN_SCHEMA: &str = include_str!("../../../schemas/plan.schema.json");

/// A run as one document, in the newest version of the format.
///
/// A sensitive value is never part of it. Within one major version of `format_version` members are added,
/// and none goes or changes.
pub fn document(run: &Run<'_>) -> Json {
    let (head, pools, tail) = v1::parts(run);
    head.list("pools", pools).into_iter().chain(tail).collect()
}

/// Writes the same as text that people can read as well. Each pool is built when it is written: a fleet's take more
/// memory than their text.
///
/// # Errors
/// When `out` fails.
pub fn write(run: &Run<'_>, out: &mut dyn Write) -> fmt::Result {
    let (head, pools, tail) = v1::parts(run);
    JsonObject::document(out, |document| {
        document.members(head)?;
        document.list("pools", pools)?;
        document.members(tail)
    })
}

/// The members of the same: those before the list of pools, the pools, and those after them.
pub fn parts<'a>(run: &'a Run<'_>) -> (Object, impl Iterator<Item = Object> + 'a, Object) {
    let (head, pools, tail) = v1::parts(run);
    (head.into(), pools.map(Object::from), tail.into())
}
