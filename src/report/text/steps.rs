//! The calls of a plan, where there are several: each with what it changes.

use super::notes::by_structure;
use crate::document::Path;
use crate::plan::{Change, Form, PlanReport, PlannedCall};
use crate::report::Style;
use crate::report::line::{Line, count, wrap};
use crate::report::style::Tone;
use crate::report::value;

const INDENT: usize = 4;
/// The changes of one call that are named with their values.
const FEW: usize = 3;
/// The columns up to which a value is shown.
const SHORT: usize = 40;

/// Writes the calls in their order if there are several.
pub(super) fn write(plan: &PlanReport, style: &Style, out: &mut String) {
    if plan.calls.len() < 2 {
        return;
    }
    out.push('\n');
    let title = format!("in {}, in this order:", count(plan.calls.len(), "call"));
    Line::indented(INDENT).with(Tone::Context, &title).write(style, out);
    let widest = plan.calls.iter().map(|step| step.operation.name.len()).max().unwrap_or_default();
    for (position, step) in plan.calls.iter().enumerate() {
        let head = Line::indented(INDENT).with(Tone::Context, &format!("{}  ", position + 1));
        let head = head.with(Tone::Title, step.operation.name);
        let column = INDENT + 3 + widest + 3;
        let text = changes(step, style);
        let lines = wrap(&text, style.width.saturating_sub(column).max(30));
        for (position, text) in lines.iter().enumerate() {
            let line = if position == 0 { head.clone() } else { Line::new() };
            line.filled_to(column).with(Tone::Plain, text).write(style, out);
        }
    }
}

fn changes(step: &PlannedCall, style: &Style) -> String {
    if step.changes.len() <= FEW {
        let words: Vec<String> = step.changes.iter().map(|change| one(change, style)).collect();
        return words.join(", ");
    }
    let mut groups: Vec<(Option<&str>, Vec<&Path>)> = Vec::new();
    for change in &step.changes {
        match groups.last_mut().filter(|(head, _)| *head == change.path.head()) {
            Some((_, paths)) => paths.push(&change.path),
            None => groups.push((change.path.head(), vec![&change.path])),
        }
    }
    by_structure(&groups)
}

fn one(change: &Change, style: &Style) -> String {
    let path = &change.path;
    match &change.after {
        None => format!("{path} removed"),
        Some(_) if change.form == Form::Document => format!("{path} new"),
        Some(_) if change.sensitive => path.to_string(),
        Some(after) if value::inline(after).len() <= SHORT => {
            format!("{path} {} {}", style.arrow(), value::inline(after))
        }
        Some(_) => path.to_string(),
    }
}
