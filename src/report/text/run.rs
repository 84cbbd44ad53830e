//! A whole run, as one text.

use std::fmt::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::outcome::{has_more, outcome};
use super::plan::{came_to, drifts, plans_and};
use super::table::table;
use crate::plan::PlanReport;
use crate::report::diagnostics::diagnostics;
use crate::report::line::{Line, count};
use crate::report::style::Tone;
use crate::report::{Run, RunEntry, RunKind, Style};

/// The widest column of ids and manifests; what is longer pushes the rest of its own line.
const WIDEST: usize = 64;
/// The columns that a reason needs at least.
const LEAST: usize = 40;

/// Writes what a terminal shows of a run on both of its streams, in an order for one.
///
/// # Errors
/// When `to` fails.
pub fn run(run: &Run<'_>, style: &Style, to: &mut dyn Write) -> fmt::Result {
    let findings = diagnostics(run.diagnostics, style);
    let gap = if findings.is_empty() || !has_pools(run) { "" } else { "\n" };
    to.write_str(&format!("{findings}{gap}"))?;
    pools(run, style, to)?;
    let mut out = String::new();
    let told: Vec<&RunEntry<'_>> =
        run.entries.iter().filter(|entry| entry.end.told.is_some() || entry.end.error.is_some()).collect();
    if (!findings.is_empty() || has_pools(run)) && !told.is_empty() {
        out.push('\n');
    }
    let (alone, before) = (run.entries.len() == 1, out.len());
    for entry in told {
        if alone || has_more(entry) {
            out.push_str(&outcome(entry, None, style));
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
    to.write_str(&out)
}

/// Whether there is anything to show of the pools of a run. If the only one could not be read, its error is enough.
fn has_pools(run: &Run<'_>) -> bool {
    !knows_nothing(run) || run.entries.len() > 1
}

/// Whether nothing is known about the pools of a run.
fn knows_nothing(run: &Run<'_>) -> bool {
    let is_unknown = run.entries.iter().all(|entry| entry.plan.is_none());
    let is_blind = run.errors() > 0 || !run.entries.is_empty();
    is_unknown && is_blind && run.strays.is_empty() && run.gone.pools == 0
}

/// Writes the pools of a run, each with what differs or changes, and what they come to; then those that could not be
/// read. Whole lines are written at a time: a fleet's text takes much memory.
///
/// # Errors
/// When `to` fails.
pub fn pools(run: &Run<'_>, style: &Style, to: &mut dyn Write) -> fmt::Result {
    if !has_pools(run) {
        return Ok(());
    }
    let known: Vec<&PlanReport> = run.entries.iter().filter_map(|entry| entry.plan).collect();
    match run.kind {
        _ if knows_nothing(run) => {}
        RunKind::Drift => drifts(&known, run, style, to)?,
        RunKind::Plan | RunKind::Apply | RunKind::Restore => plans_and(&known, run, style, to)?,
    }
    let mut out = String::new();
    let unread: Vec<&RunEntry<'_>> = run.entries.iter().filter(|entry| entry.plan.is_none()).collect();
    if !unread.is_empty() {
        let could_not = if run.kind == RunKind::Drift { "could not be read" } else { "could not be planned" };
        let text = format!("{} {could_not}:", count(unread.len(), "pool"));
        Line::of(Tone::Plain, &text).write(style, &mut out);
    }
    unread_pools(&unread, style, &mut out);
    to.write_str(&out)
}

/// The pools that could not be read, each with the beginning of its error where there is room.
fn unread_pools(unread: &[&RunEntry<'_>], style: &Style, out: &mut String) {
    let heads = unread.iter().map(|entry| {
        let line = Line::of(Tone::Plain, style.cross());
        line.with(Tone::Plain, &format!(" {}   {}", entry.id, entry.file))
    });
    let heads: Vec<Line> = heads.collect();
    let column = heads.iter().map(Line::width).filter(|width| *width <= WIDEST).max().unwrap_or_default() + 3;
    for (entry, head) in unread.iter().zip(heads) {
        let room = style.width.saturating_sub(column.max(head.width() + 3));
        let why = entry.end.error.as_ref().map(|(text, _)| reason(text, entry)).unwrap_or_default();
        let line = match room >= LEAST && !why.is_empty() {
            true => {
                let why = beginning(why, room, style.ellipsis());
                head.with(Tone::Plain, "   ").filled_to(column).with(Tone::Context, &why)
            }
            false => head,
        };
        line.write(style, out);
    }
}

/// An error's first line without the call and the pool, or the place, that it begins with.
fn reason<'a>(text: &'a str, entry: &RunEntry<'_>) -> &'a str {
    let line = text.lines().next().unwrap_or_default();
    let of_call = line.split_once(&format!(" {}: ", entry.id)).filter(|(call, _)| !call.contains(' '));
    let of_place = || line.strip_prefix(entry.file)?.split_once(": ");
    of_call.or_else(of_place).map_or(line, |(_, rest)| rest)
}

/// The text in so many characters: where it has more, its end is left out.
fn beginning(text: &str, room: usize, ellipsis: &str) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let kept: String = text.chars().take(room.saturating_sub(ellipsis.width())).collect();
    kept.trim_end().to_owned() + ellipsis
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn a_reason_without_room_loses_its_end_and_nothing_within() {
        assert_eq!(beginning("no pool eu-west-1_a", 19, "…"), "no pool eu-west-1_a");
        assert_eq!(beginning("no pool eu-west-1_a", 18, "…"), "no pool eu-west-1…");
        assert_eq!(beginning("no pool eu-west-1_a", 11, "..."), "no pool...");
    }
}
