//! A whole run, as one text.

use super::outcome::{has_more, outcome};
use super::plan::{came_to, drifts, plans_and};
use super::table::table;
use crate::manifest::Severity;
use crate::plan::Plan;
use crate::report::diagnostics::diagnostics;
use crate::report::line::{Line, count};
use crate::report::style::Tone;
use crate::report::{Entry, Kind, Run, Style};

/// What a terminal shows of a run on both of its streams, in an order for one.
pub fn run(run: &Run<'_>, style: &Style) -> String {
    let mut out = diagnostics(run.diagnostics, style);
    let pools = pools(run, style);
    if !out.is_empty() && !pools.is_empty() {
        out.push('\n');
    }
    out.push_str(&pools);
    let told: Vec<&Entry<'_>> =
        run.entries.iter().filter(|entry| entry.end.told.is_some() || entry.end.error.is_some()).collect();
    if !out.is_empty() && !told.is_empty() {
        out.push('\n');
    }
    let (alone, before) = (run.entries.len() == 1, out.len());
    for entry in told {
        if alone || has_more(entry) {
            out.push_str(&outcome(entry, style));
        }
        if let Some((text, help)) = &entry.end.error {
            let head = if entry.end.told.is_none() { format!("{}: ", entry.file) } else { String::new() };
            // A text may have several lines; each is escaped for itself.
            for (position, line) in format!("{head}{text}").lines().enumerate() {
                let word = if position == 0 { "error: " } else { "" };
                Line::of(Tone::Refused, word).with(Tone::Plain, line).write(style, &mut out);
            }
            if let Some(help) = help {
                Line::of(Tone::Context, "  help: ").with(Tone::Plain, help).write(style, &mut out);
            }
        }
        for (what, command) in &entry.end.next {
            let what = Line::of(Tone::Plain, &format!("  {what}:")).filled_to(15);
            what.with(Tone::Plain, command).write(style, &mut out);
        }
    }
    let table = table(run, style);
    if out.len() > before && !table.is_empty() {
        out.push('\n');
    }
    out.push_str(&table);
    out.push_str(&came_to(run, style));
    out
}

/// The pools of a run, each with what differs or changes, and what they come to. Where none could be read
/// there is nothing to sum up.
pub fn pools(run: &Run<'_>, style: &Style) -> String {
    let known: Vec<&Plan> = run.entries.iter().filter_map(|entry| entry.plan).collect();
    let is_wrong = run.diagnostics.iter().any(|finding| finding.severity == Severity::Error);
    let is_blind = is_wrong || known.len() < run.entries.len();
    if known.is_empty() && is_blind && run.strays.is_empty() && run.gone.pools == 0 {
        return String::new();
    }
    let mut out = match run.kind {
        Kind::Drift => drifts(&known, run.entries.len(), run.strays, run.gone, style),
        Kind::Plan | Kind::Apply | Kind::Restore => {
            plans_and(run.kind, &known, run.entries.len(), run.gone, style)
        }
    };
    let unread: Vec<&Entry<'_>> = run.entries.iter().filter(|entry| entry.plan.is_none()).collect();
    if !unread.is_empty() {
        let could_not = if run.kind == Kind::Drift { "could not be read" } else { "could not be planned" };
        let text = format!("{} {could_not}:", count(unread.len(), "pool"));
        Line::of(Tone::Plain, &text).write(style, &mut out);
    }
    for entry in unread {
        let line = Line::of(Tone::Plain, style.cross());
        line.with(Tone::Plain, &format!(" {}   {}", entry.id, entry.file)).write(style, &mut out);
    }
    out
}
