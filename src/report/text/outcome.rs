//! What became of a pool that was to be written.

use super::after::{deviations, fallen, movement};
use super::notes;
use super::plan::plan;
use super::table::sign;
use crate::plan::Movement;
use crate::report::line::{Line, wrap};
use crate::report::style::Tone;
use crate::report::{PoolOutcome, RunEntry, Style};

/// The columns before the outcome that has no room behind the name of its pool.
const INDENT: usize = 4;
/// The columns that it has at least.
const NARROW: usize = 30;

/// The outcome of a pool, wrapped at the `columns` of a terminal, and its other findings. Empty if there is no outcome.
pub fn outcome(entry: &RunEntry<'_>, columns: Option<usize>, style: &Style) -> String {
    let end = &entry.end;
    let mut out = String::new();
    let Some(told) = &end.told else { return out };
    let (tone, sign) = sign(end.outcome, style);
    let name = entry.plan.map_or("", |plan| plan.pool.name.as_str());
    let head = Line::of(tone, sign).with(Tone::Plain, &format!(" {name}  {}", entry.id));
    let line = head.clone().with(Tone::Plain, &format!("  {told}"));
    match columns.filter(|columns| line.width() > *columns) {
        None => line.write(style, &mut out),
        Some(columns) => {
            head.write(style, &mut out);
            for text in wrap(told, columns.saturating_sub(INDENT).max(NARROW)) {
                Line::indented(INDENT).with(Tone::Plain, &text).write(style, &mut out);
            }
        }
    }
    if !end.fallen.is_empty() {
        out.push_str(&fallen(end.fallen, style));
    }
    out.extend(moved(entry).map(|moved| movement(moved, style)));
    if !end.deviations.is_empty() {
        out.push_str(&deviations(end.deviations, style));
    }
    notes::findings(end.failures, style, &mut out);
    let refused = entry.plan.filter(|_| end.outcome == PoolOutcome::Refused);
    out.extend(refused.map(|refused| plan(refused, style)));
    out
}

/// Whether the report of a pool needs more than a line.
pub fn has_more(entry: &RunEntry<'_>) -> bool {
    let end = &entry.end;
    let is_told = !end.fallen.is_empty() || !end.deviations.is_empty() || !end.failures.is_empty();
    let is_told = is_told || moved(entry).is_some();
    is_told || end.error.is_some() || end.told.is_some() && end.outcome == PoolOutcome::Refused
}

/// What has changed in a pool since it was planned, or `None` if it is not reported.
pub fn moved<'a>(entry: &RunEntry<'a>) -> Option<&'a Movement> {
    entry.end.movement.filter(|moved| match entry.end.outcome {
        PoolOutcome::Applied => !moved.elsewhere.is_empty() || !moved.earlier.is_empty(),
        outcome => outcome == PoolOutcome::Stale,
    })
}
