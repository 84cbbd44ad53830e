//! The rows of a plan's tree.

use super::diff::{self, Block};
use super::tree::{Node, Sign};
use crate::document::Json;
use crate::plan::{Change, Finding, Form, Level, Plan};
use crate::report::Style;
use crate::report::line::{Line, wrap};
use crate::report::style::Tone;
use crate::report::value;

/// The columns by which each level of the tree stands further right.
const STEP: usize = 4;
/// The column of the values, as long as the names leave room for it.
const VALUES: usize = 36;
/// The columns within which the places in the manifest stand below each other.
const PLACES: usize = 120;

/// Writes the tree of a plan's changes and conflicts.
pub(super) fn write(plan: &Plan, style: &Style, out: &mut String) {
    let root = Node::of(plan);
    let mut rows = Rows { plan, style, rows: Vec::new() };
    rows.children(&root, STEP);
    rows.write(out);
}

/// A line, and the place in the manifest that asks for it: with the file and without.
struct Row {
    line: Line,
    places: Option<[Line; 2]>,
}

struct Rows<'a> {
    plan: &'a Plan,
    style: &'a Style,
    rows: Vec<Row>,
}

impl Rows<'_> {
    fn children(&mut self, node: &Node<'_>, indent: usize) {
        let column = self.column(node, indent);
        for child in &node.children {
            let sign = child.sign(self.plan);
            if child.is_group() {
                self.push(self.name(indent, sign, child, Tone::Title));
                self.children(child, indent + STEP);
                let unchanged = child.unchanged(self.plan);
                if unchanged > 0 {
                    self.push(quiet(indent + STEP, unchanged));
                }
                continue;
            }
            let name = padded(self.name(indent, sign, child, Tone::Plain), column);
            match child.change {
                Some(change) => self.change(name, indent, change),
                None => self.conflicts(name, &child.conflicts),
            }
            for remark in &child.remarks {
                self.remark(indent + STEP, remark);
            }
            if child.change.is_some() && !child.conflicts.is_empty() {
                let name = padded(self.name(indent, Sign::Refused, child, Tone::Plain), column);
                self.conflicts(name, &child.conflicts);
            }
            self.children(child, indent + STEP);
        }
    }

    /// Where the values of a structure's settings begin.
    fn column(&self, node: &Node<'_>, indent: usize) -> usize {
        let most = self.style.width * 3 / 5;
        let names = node.children.iter().filter(|child| !child.is_group());
        let ends = names.map(|child| Line::indented(indent + 2).with(Tone::Plain, &child.name()).width() + 2);
        ends.filter(|end| *end <= most).max().unwrap_or(0).max(VALUES.min(most))
    }

    fn name(&self, indent: usize, sign: Sign, node: &Node<'_>, tone: Tone) -> Line {
        let (sign_tone, sign) = match sign {
            Sign::Add => (Tone::Added, "+"),
            Sign::Update => (Tone::Changed, "~"),
            Sign::Remove => (Tone::Removed, "-"),
            Sign::Refused => (Tone::Refused, self.style.cross()),
        };
        Line::indented(indent).with(sign_tone, sign).with(Tone::Plain, " ").with(tone, &node.name())
    }

    fn change(&mut self, name: Line, indent: usize, change: &Change) {
        let places = change.origin.as_ref().map(|origin| {
            let (line, _) = origin.line_column();
            let file = origin.source.name.as_str();
            // The pool's own file stands in the first line of the plan.
            let short = if file == self.plan.pool.file { format!(":{line}") } else { String::new() };
            [format!("{file}:{line}"), short].map(|text| Line::of(Tone::Context, &text))
        });
        let (head, body) = self.value(name.width(), change);
        let line = if head.width() > 0 { name.followed_by(head) } else { name.trimmed() };
        self.rows.push(Row { line, places });
        for line in body {
            self.push(Line::indented(indent + STEP).followed_by(line));
        }
    }

    /// What stands beside a setting's name, and what below it.
    fn value(&self, from: usize, change: &Change) -> (Line, Vec<Line>) {
        let plain = |text: &str| Line::of(Tone::Plain, text);
        let note = if is_reset(change) { "Cognito's default" } else { "" };
        let (before, after) = match (&change.before, &change.after) {
            _ if change.sensitive => return (plain(sensitive(change)), Vec::new()),
            (before, after) if change.form == Form::Set => {
                if let Some(set) = self.set(before.as_ref(), after.as_ref(), note) {
                    return set;
                }
                (before, after)
            }
            sides => sides,
        };
        match (before, after) {
            (Some(before), Some(after)) => self.update(from, before, after, note),
            (None, Some(value)) => self.whole(from, value, Tone::Added, Line::new()),
            (Some(value), None) => {
                let arrow = format!("{} {note}", self.style.arrow());
                let suffix = if note.is_empty() { Line::new() } else { Line::of(Tone::Context, &arrow) };
                self.whole(from, value, Tone::Removed, suffix)
            }
            (None, None) => (Line::new(), Vec::new()),
        }
    }

    fn update(&self, from: usize, before: &Json, after: &Json, note: &str) -> (Line, Vec<Line>) {
        let note = if note.is_empty() { String::new() } else { format!("({note})") };
        if value::is_short(before) && value::is_short(after) {
            let line = Line::of(Tone::Plain, &value::inline(before))
                .with(Tone::Context, &format!(" {} ", self.style.arrow()))
                .with(Tone::Plain, &value::inline(after));
            let line = if note.is_empty() { line } else { line.with(Tone::Context, &format!("  {note}")) };
            if from + line.width() <= self.style.width {
                return (line, Vec::new());
            }
            let Block { lines, .. } = diff::change(&value::inline(before), &value::inline(after), self.style);
            return (Line::of(Tone::Context, &note), lines);
        }
        let Block { summary, lines } = diff::change(&value::text(before), &value::text(after), self.style);
        let separator = if summary.is_empty() || note.is_empty() { "" } else { "  " };
        (Line::of(Tone::Context, &format!("{summary}{separator}{note}")), lines)
    }

    /// A value that comes or goes, with a word that follows it.
    fn whole(&self, from: usize, value: &Json, tone: Tone, suffix: Line) -> (Line, Vec<Line>) {
        if value::is_short(value) {
            let line = Line::of(Tone::Plain, &value::inline(value));
            let line = if suffix.width() > 0 {
                line.with(Tone::Plain, " ").followed_by(suffix.clone())
            } else {
                line
            };
            if from + line.width() <= self.style.width {
                return (line, Vec::new());
            }
            return (suffix, vec![Line::of(Tone::Plain, &value::inline(value))]);
        }
        let Block { summary, lines } = diff::whole(&value::text(value), tone, self.style);
        let head = Line::of(Tone::Context, &summary);
        let end = head.width();
        let gap = if end > 0 && suffix.width() > 0 { 2 } else { 0 };
        (head.to_column(end + gap).followed_by(suffix), lines)
    }

    /// A set: who joins and who leaves; nothing where nobody does.
    fn set(&self, before: Option<&Json>, after: Option<&Json>, note: &str) -> Option<(Line, Vec<Line>)> {
        let members = |side: Option<&Json>| side.map_or(Some(Vec::new()), |side| side.as_array().cloned());
        let (before, after) = (members(before)?, members(after)?);
        let row = |tone, sign: &str, member: &Json| {
            let text = value::clipped(member, 200, self.style.ellipsis());
            Line::of(tone, sign).with(tone, " ").with(tone, &text)
        };
        let joined = after.iter().filter(|member| !before.contains(member));
        let left = before.iter().filter(|member| !after.contains(member));
        let mut lines: Vec<Line> = left.map(|member| row(Tone::Removed, "-", member)).collect();
        lines.extend(joined.map(|member| row(Tone::Added, "+", member)));
        if lines.is_empty() {
            return None;
        }
        let unchanged = before.iter().filter(|member| after.contains(member)).count();
        if unchanged > 0 {
            lines.push(quiet(0, unchanged));
        }
        let empty = if after.is_empty() { ", now empty" } else { "" };
        let note = if note.is_empty() { String::new() } else { format!("  ({note})") };
        Some((Line::of(Tone::Context, &format!("set{empty}{note}")), lines))
    }

    fn conflicts(&mut self, name: Line, conflicts: &[&Finding]) {
        let codes: Vec<&str> = conflicts.iter().map(|finding| finding.code).collect();
        self.push(name.with(Tone::Refused, &codes.join(", ")));
    }

    fn remark(&mut self, indent: usize, finding: &Finding) {
        let tone = if finding.level == Level::Warning { Tone::Warning } else { Tone::Context };
        let sign = if finding.level == Level::Warning { "! " } else { "" };
        let width = self.style.width.saturating_sub(indent + sign.len()).max(30);
        for (position, text) in wrap(&finding.text, width).iter().enumerate() {
            let line = Line::indented(indent).with(tone, if position == 0 { sign } else { "" });
            self.push(line.to_column(indent + sign.len()).with(tone, text));
        }
    }

    fn push(&mut self, line: Line) {
        self.rows.push(Row { line, places: None });
    }

    /// The rows, each with its place at the right as far as the width allows.
    fn write(self, out: &mut String) {
        let width = self.style.width;
        let end = |row: &Row| row.line.width() + 3;
        let fits = |row: &Row, place: &Line| end(row) + place.width() <= width;
        let full = |row: &&Row| row.places.as_ref().is_some_and(|[full, _]| fits(row, full));
        let longest =
            self.rows.iter().filter_map(|row| row.places.as_ref()).map(|[full, _]| full.width()).max();
        let limit = width.min(PLACES).saturating_sub(longest.unwrap_or(0));
        let ends = self.rows.iter().filter(full).map(end);
        let column = ends.filter(|end| *end <= limit).max().unwrap_or(0);
        for row in self.rows {
            let place = row.places.iter().flatten().find(|place| fits(&row, place)).cloned();
            let at = end(&row);
            let line = match place {
                Some(place) => row.line.to_column(column.max(at)).followed_by(place),
                None => row.line,
            };
            line.write(self.style, out);
        }
    }
}

/// The name with blanks up to where the values begin, or two.
fn padded(name: Line, column: usize) -> Line {
    let end = name.width() + 2;
    name.to_column(end.max(column))
}

fn quiet(indent: usize, unchanged: usize) -> Line {
    Line::indented(indent + 2).with(Tone::Context, &format!("{unchanged} unchanged"))
}

fn sensitive(change: &Change) -> &'static str {
    match (&change.before, &change.after) {
        (Some(_), Some(_)) => "(sensitive), changed",
        _ => "(sensitive)",
    }
}

/// Whether the manifest asks for Cognito's default.
fn is_reset(change: &Change) -> bool {
    let text = change.origin.as_ref().map(|origin| origin.text().trim());
    text.is_some_and(|text| matches!(text, "~" | "null" | "Null" | "NULL"))
}
