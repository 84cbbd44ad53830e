//! What people see, story by story. The texts are in `snapshots/`.

mod findings;
mod html;
mod json;
mod later;
mod markdown;
mod notices;
mod openmetrics;
mod pages;
mod plans;
mod properties;
mod risks;
mod shared;
mod validation;
mod world;

use super::{Run, RunEntry, RunKind};

/// A form that is written as it is made, as one text.
fn written(form: impl FnOnce(&mut dyn std::fmt::Write) -> std::fmt::Result) -> String {
    let mut out = String::new();
    form(&mut out).unwrap();
    out
}

/// Plans as the JSON document of a run that only plans.
fn planned(plans: &[&crate::plan::PlanReport]) -> crate::document::Json {
    let entries: Vec<_> = plans.iter().map(|plan| RunEntry::planned(plan, 0)).collect();
    super::json::document(&Run { tool_version: "0.1.0", ..Run::new(RunKind::Plan, &entries) })
}

/// Compares a text with the one in `snapshots/`.
macro_rules! see {
    ($name:literal, $text:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!($name, $text);
        })
    };
}
use see;
