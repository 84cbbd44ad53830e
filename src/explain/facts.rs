//! What the pages of settings and codes have in common.

use super::Fact;
use crate::catalogue::{Risk, literal};
use crate::document::{Json, json};

/// A fact of one text.
pub(super) fn fact(label: &'static str, text: impl Into<String>) -> Fact {
    Fact { label, texts: vec![text.into()] }
}

/// Each of these once, in their order.
pub(super) fn once<T: PartialEq>(several: impl Iterator<Item = T>) -> Vec<T> {
    several.fold(Vec::new(), |mut seen, one| {
        if !seen.contains(&one) {
            seen.push(one);
        }
        seen
    })
}

/// The mark of a risk in a plan: `risk` blocks, `notice` does not.
pub(super) fn mark(risk: &Risk) -> &'static str {
    if risk.blocks { "risk" } else { "notice" }
}

/// A JSON text of a table, as part of a sentence.
pub(super) fn value(text: &str) -> String {
    match literal(text) {
        Json::String(text) => format!("`{text}`"),
        value => format!("`{}`", json::spaced(&value)),
    }
}
