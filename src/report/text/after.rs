//! What was found after a plan was made: movement before the write, and deviations after it.

use super::diff;
use crate::document::{DocumentId, Json, Path, Seg};
use crate::plan::{Change, Deviation, Movement, Stale};
use crate::report::Style;
use crate::report::line::Line;
use crate::report::style::Tone;
use crate::report::value;

/// The columns before the title of a group, and before the settings in it.
const TITLE: usize = 2;
const INDENT: usize = 4;
/// The characters shown of a value that has a line to itself.
const LIMIT: usize = 400;

/// Deviations after a write: first declared settings, then changes that were not planned, then planned changes that
/// came before their call.
pub fn deviations(deviations: &[Deviation], style: &Style) -> String {
    let mut out = String::new();
    let groups = [
        ((true, false), "not as declared"),
        ((false, false), "changed although not planned"),
        ((false, true), "already as planned, before the call that makes the change"),
    ];
    for (group, title) in groups {
        let is_in = |one: &&Deviation| (one.declared, one.is_early) == group;
        let group: Vec<&Deviation> = deviations.iter().filter(is_in).collect();
        if group.is_empty() {
            continue;
        }
        Line::indented(TITLE).with(Tone::Refused, title).write(style, &mut out);
        let column = column(group.iter().map(|deviation| &deviation.path), style);
        for deviation in group {
            let words = if deviation.is_early { ["was", "is now"] } else { ["expected", "found"] };
            let sides = [(words[0], &deviation.expected), (words[1], &deviation.actual)];
            row(&deviation.path, column, &sides, deviation.is_hidden(), style, &mut out);
        }
    }
    out
}

/// What has become of a plan since it was made: first what makes it stale, then what is kept.
pub fn movement(movement: &Movement, style: &Style) -> String {
    let mut out = String::new();
    let groups = [
        (true, "changed since the plan was made, and planned"),
        (false, "changed since the plan was made, and declared"),
    ];
    for (planned, title) in groups {
        let mut group = movement.stale.iter().filter(|stale| stale.is_planned() == planned).peekable();
        if group.peek().is_some() {
            Line::indented(TITLE).with(Tone::Refused, title).write(style, &mut out);
        }
        for stale in group {
            let (Stale { path, planned_from, now, wanted, .. }, hidden) = (stale, stale.is_hidden());
            let is_long = [planned_from, now].iter().any(|value| !value.as_ref().is_none_or(value::is_short));
            if is_long {
                // A diff says more of long texts than three of them; the next plan shows what is wanted.
                row(path, 0, &[("at planning", planned_from), ("now", now)], hidden, style, &mut out);
                continue;
            }
            Line::indented(INDENT).with(Tone::Title, &path.to_string()).write(style, &mut out);
            let sides = [("at planning", planned_from), ("now", now), ("wanted", wanted)];
            // Of a setting that the plan leaves, a file knows no earlier value.
            let is_known = planned_from.is_some() || wanted.is_some() || now.is_none();
            for (word, value) in sides.into_iter().filter(|(word, _)| is_known || *word == "now") {
                table_row((path, word), value.as_ref(), hidden, style, &mut out);
            }
        }
    }
    if !movement.elsewhere.is_empty() || !movement.earlier.is_empty() {
        Line::indented(TITLE).with(Tone::Title, "changed meanwhile, kept").write(style, &mut out);
    }
    let moved = || movement.earlier.iter().chain(&movement.elsewhere);
    let column = column(moved().map(|change| &change.path), style);
    for change in &movement.earlier {
        let name = Line::indented(INDENT).with(Tone::Title, &change.path.to_string());
        let line = name.apart(column).with(Tone::Context, "is now ");
        line.with(Tone::Plain, &shown(&change.path, change.after.as_ref(), change.sensitive, style))
            .write(style, &mut out);
    }
    for change in &movement.elsewhere {
        let sides = [("was", &change.before), ("is now", &change.after)];
        row(&change.path, column, &sides, change.sensitive, style, &mut out);
    }
    out
}

/// What members that were left out of a request have become.
pub fn fallen(changes: &[Change], style: &Style) -> String {
    let mut out = String::new();
    let title = Line::indented(TITLE).with(Tone::Warning, "left out of the request, and reset");
    title.write(style, &mut out);
    let column = column(changes.iter().map(|change| &change.path), style);
    for change in changes {
        let sides = [("was", &change.before), ("is now", &change.after)];
        row(&change.path, column, &sides, change.sensitive, style, &mut out);
    }
    out
}

/// Where the values begin beside their paths.
fn column<'a>(paths: impl Iterator<Item = &'a Path>, style: &Style) -> usize {
    let ends = paths.map(|path| INDENT + Line::of(Tone::Plain, &path.to_string()).width() + 3);
    ends.filter(|end| *end <= style.width * 3 / 5).max().unwrap_or(0)
}

/// A setting with two values: in one line if they fit, else each in its own, or as a diff of texts.
fn row(
    path: &Path,
    column: usize,
    sides: &[(&str, &Option<Json>); 2],
    sensitive: bool,
    style: &Style,
    out: &mut String,
) {
    let name = Line::indented(INDENT).with(Tone::Title, &path.to_string());
    let [(first, before), (second, after)] = sides;
    if sensitive && before.is_some() && after.is_some() {
        let text = format!("{first} (sensitive)   {second} another");
        return name.apart(column).with(Tone::Plain, &text).write(style, out);
    }
    let short = sensitive
        || is_document(path)
        || sides.iter().all(|(_, value)| value.as_ref().is_none_or(value::is_short));
    if short {
        let mut line = name.clone().apart(column);
        for (position, (word, value)) in sides.iter().enumerate() {
            line = line.with(Tone::Context, &format!("{}{word} ", if position > 0 { "   " } else { "" }));
            line = line.with(Tone::Plain, &shown(path, value.as_ref(), sensitive, style));
        }
        if line.width() <= style.width {
            return line.write(style, out);
        }
    }
    match (before, after) {
        (Some(before), Some(after)) if !short => {
            let legend = format!("- {first}  + {second}");
            name.apart(0).with(Tone::Context, &legend).write(style, out);
            let block = diff::change(&value::text(before), &value::text(after), style);
            for line in block.lines {
                Line::indented(2 * INDENT).followed_by(line).write(style, out);
            }
        }
        _ => {
            name.write(style, out);
            for (word, value) in sides {
                table_row((path, word), value.as_ref(), sensitive, style, out);
            }
        }
    }
}

fn table_row(
    (path, word): (&Path, &str),
    value: Option<&Json>,
    sensitive: bool,
    style: &Style,
    out: &mut String,
) {
    let line = Line::indented(2 * INDENT).with(Tone::Context, word).filled_to(2 * INDENT + 14);
    line.with(Tone::Plain, &shown(path, value, sensitive, style)).write(style, out);
}

fn shown(path: &Path, value: Option<&Json>, sensitive: bool, style: &Style) -> String {
    match (is_document(path), value) {
        // What counts of a whole document is whether it is there.
        (true, Some(_)) => "present".to_owned(),
        (true, None) => "missing".to_owned(),
        (false, None) => "not set".to_owned(),
        (false, Some(_)) if sensitive => "(sensitive)".to_owned(),
        (false, Some(value)) => value::clipped(value, LIMIT, style.ellipsis()),
    }
}

/// Whether a path is that of a whole document with a label, or of one that hangs on it.
fn is_document(path: &Path) -> bool {
    match path.segs() {
        [Seg::Member(branch), Seg::Member(_)] => DocumentId::is_labelled(branch),
        [Seg::Member(branch), Seg::Member(_), Seg::Member(key)] => {
            DocumentId::hanging(branch).any(|(own, _)| *own == **key)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_that_differ_only_in_a_password_are_not_printed_alike() {
        let style = Style { color: false, unicode: true, width: 100 };
        let url = |password: &str| Some(json!(format!("https://u:{password}@h")));
        let path: Path = "UserPoolTags.site".parse().unwrap();
        let deviation = Deviation {
            path: path.clone(),
            expected: url("a"),
            actual: url("b"),
            declared: true,
            is_early: false,
            sensitive: false,
        };
        let told = deviations(std::slice::from_ref(&deviation), &style);
        assert!(told.contains("expected (sensitive)   found another"), "{told}");
        let told = deviations(&[Deviation { actual: Some(json!("https://g")), ..deviation }], &style);
        assert!(told.contains("expected https://h   found https://g"), "{told}");
        let stale = Stale {
            path,
            planned_from: url("a"),
            now: url("b"),
            wanted: Some(json!("https://v")),
            sensitive: false,
        };
        let told = movement(&Movement { stale: vec![stale], ..Movement::default() }, &style);
        assert!(told.contains("(sensitive)") && !told.contains("https://"), "{told}");
    }
}
