//! The calls of a plan, where there are several: each with what it changes.

use super::layout::STEP;
use super::notes::by_structure;
use crate::document::{FastMap, Path};
use crate::plan::{Change, Form, PlanReport, PlannedCall};
use crate::report::Style;
use crate::report::line::{Line, count, wrap};
use crate::report::style::Tone;
use crate::report::value;

const INDENT: usize = 4;
/// The changes of one call that are named with their values.
const FEW: usize = 3;
/// The documents of several calls of one kind that are named.
const DOCUMENTS: usize = 8;
/// The columns up to which a value is shown.
const SHORT: usize = 40;
/// The columns beside an operation that are enough for a text of several lines. With less, it goes below the operation.
const ROOMY: usize = 60;

/// Writes the calls in their order if there are several.
pub(super) fn write(plan: &PlanReport, style: &Style, out: &mut String) {
    if plan.calls.len() < 2 {
        return;
    }
    out.push('\n');
    Line::indented(INDENT).with(Tone::Context, &steps_title(plan)).write(style, out);
    let widest = plan.calls.iter().map(|step| step.operation.name.len()).max().unwrap_or_default();
    let rows = steps(plan, style);
    let digits = rows.iter().map(|[number, ..]| number.chars().count()).max().unwrap_or_default();
    for [number, operation, text] in rows {
        let head = Line::indented(INDENT).with(Tone::Context, &format!("{number:digits$}  "));
        let head = head.with(Tone::Title, &operation);
        let beside = INDENT + digits + 2 + widest + 3;
        let room = style.width.saturating_sub(beside);
        let is_beside = room >= ROOMY || Line::of(Tone::Plain, &text).width() <= room;
        let column = if is_beside { beside } else { INDENT + digits + 2 + STEP };
        let mut lines = wrap(&text, style.width.saturating_sub(column).max(30)).into_iter();
        let first = if is_beside { lines.next().unwrap_or_default() } else { String::new() };
        head.filled_to(column).with(Tone::Plain, &first).write(style, out);
        for text in lines {
            Line::indented(column).with(Tone::Plain, &text).write(style, out);
        }
    }
}

/// What the calls of a plan are introduced with.
pub(in crate::report) fn steps_title(plan: &PlanReport) -> String {
    format!("in {}, in this order:", count(plan.calls.len(), "call"))
}

/// The calls in their order: of each, or of several for documents of one kind, the numbers, the operation and what it
/// changes.
pub(in crate::report) fn steps(plan: &PlanReport, style: &Style) -> Vec<[String; 3]> {
    let mut position = 0;
    let row = |run: &[PlannedCall]| {
        let step = run.first()?;
        let (first, last) = (position + 1, position + run.len());
        position = last;
        let number =
            if run.len() == 1 { first.to_string() } else { format!("{first}{}{last}", style.dash()) };
        let text = if run.len() == 1 { changes(step, style) } else { documents(run) };
        Some([number, step.operation.name.to_owned(), text])
    };
    runs(&plan.calls).into_iter().filter_map(row).collect()
}

/// The calls in their order, those in one run that are shown as one line. No run has two calls for one document.
fn runs(calls: &[PlannedCall]) -> Vec<&[PlannedCall]> {
    let mut times: FastMap<(&str, Option<&Path>), usize> = FastMap::default();
    for call in calls {
        *times.entry((call.operation.name, call.path.as_ref())).or_default() += 1;
    }
    let twice = |call: &PlannedCall| times[&(call.operation.name, call.path.as_ref())] > 1;
    calls.chunk_by(|one, other| is_like(one, other) && !twice(one) && !twice(other)).collect()
}

/// Whether two calls do the same to two documents.
fn is_like(one: &PlannedCall, other: &PlannedCall) -> bool {
    one.path.is_some() && other.path.is_some() && one.operation == other.operation
}

/// The documents of several calls.
fn documents(run: &[PlannedCall]) -> String {
    let paths = run.iter().filter_map(|step| step.path.as_ref());
    let (shown, more) = (paths.clone().take(DOCUMENTS), paths.count().saturating_sub(DOCUMENTS));
    let mut words: Vec<String> = shown.map(ToString::to_string).collect();
    words.extend(Some(more).filter(|more| *more > 0).map(|more| format!("{more} more")));
    words.join(", ")
}

fn changes(step: &PlannedCall, style: &Style) -> String {
    let existence = step.changes.iter().find(|change| change.form == Form::Document);
    if let Some(change) = existence {
        return one(change, style);
    }
    if step.changes.len() <= FEW {
        let words: Vec<String> = step.changes.iter().map(|change| one(change, style)).collect();
        return words.join(", ");
    }
    if let Some(path) = &step.path {
        return format!("{path} ({})", count(step.changes.len(), "change"));
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
