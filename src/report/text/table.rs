//! What became of each pool of a fleet, one line a pool.

use unicode_width::UnicodeWidthStr;

use super::plan::identity;
use crate::report::line::{Line, wrap};
use crate::report::style::Tone;
use crate::report::{PoolOutcome, Run, RunEntry, Style, escape};

/// The widest column of names or ids; a longer one pushes the rest of its own line.
const WIDEST: usize = 36;
/// The columns that the last column needs at least, to be one.
const LEAST: usize = 24;
/// The indentation of the last column on a line of its own, and its least width there.
const INDENT: usize = 4;
const NARROW: usize = 30;

/// Every pool of a run with what became of it, what went well first, where there are several and the run was to write.
pub fn table(run: &Run<'_>, style: &Style) -> String {
    let mut out = String::new();
    if run.entries.len() < 2 || run.entries.iter().all(|entry| entry.end.told.is_none()) {
        return out;
    }
    let mut rows: Vec<TableRow<'_>> = run.entries.iter().map(TableRow::of).collect();
    // What is last is what one sees first.
    rows.sort_by_key(|row| match row.outcome {
        PoolOutcome::Unchanged | PoolOutcome::Applied => 0,
        PoolOutcome::NotReached | PoolOutcome::Update => 1,
        _ => 2,
    });
    let first = style.check().width() + 1;
    let name = first + widest(rows.iter().map(|row| row.name)) + 2;
    let told = name + widest(rows.iter().map(|row| row.id.as_str())) + 2;
    for row in &rows {
        row.write([first, name, told], style, &mut out);
    }
    out
}

fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(|text| escape(text).width()).filter(|width| *width <= WIDEST).max().unwrap_or_default()
}

struct TableRow<'a> {
    outcome: PoolOutcome,
    /// The pool's name; its manifest where nobody knows the name.
    name: &'a str,
    id: String,
    told: &'a str,
    backup: Option<&'a str>,
}

impl<'a> TableRow<'a> {
    fn of(entry: &'a RunEntry<'_>) -> Self {
        Self {
            outcome: entry.end.outcome,
            name: entry.plan.map_or(entry.file, |plan| &plan.pool.name),
            id: identity(entry.id, entry.region),
            told: entry.end.told.as_deref().unwrap_or_else(|| words(entry)),
            backup: entry.end.backup.as_deref(),
        }
    }

    fn write(&self, [first, name, told]: [usize; 3], style: &Style, out: &mut String) {
        let (tone, sign) = sign(self.outcome, style);
        let head = Line::of(tone, sign).filled_to(first).with(Tone::Plain, self.name);
        let apart = |line: Line, column: usize| line.with(Tone::Plain, "  ").filled_to(column);
        let head = apart(head, name).with(Tone::Context, &self.id);
        let is_narrow = style.width.saturating_sub(told) < LEAST;
        let (mut head, told) = match is_narrow {
            true => {
                head.write(style, out);
                (Line::indented(INDENT), INDENT)
            }
            false => (apart(head, told), told),
        };
        let lines = wrap(self.told, style.width.saturating_sub(told).max(NARROW));
        for line in lines {
            head.with(Tone::Plain, &line).write(style, out);
            head = Line::indented(told);
        }
        if let Some(backup) = self.backup {
            head.with(Tone::Context, &format!("backup {backup}")).write(style, out);
        }
    }
}

/// The sign of a pool in a run that writes: done, failed, or not reached.
pub(super) fn sign(outcome: PoolOutcome, style: &Style) -> (Tone, &'static str) {
    match outcome {
        PoolOutcome::Unchanged | PoolOutcome::Applied => (Tone::Added, style.check()),
        PoolOutcome::NotReached | PoolOutcome::Update => (Tone::Changed, style.dash()),
        _ => (Tone::Removed, style.cross()),
    }
}

/// The outcome of a pool that has no text of its own.
fn words(entry: &RunEntry<'_>) -> &'static str {
    match entry.end.outcome {
        PoolOutcome::Unchanged => "has nothing to change",
        PoolOutcome::Refused => "is blocked; nothing was written to it",
        PoolOutcome::Failed => "failed; nothing was written to it",
        _ => "was not reached; nothing was written to it",
    }
}
