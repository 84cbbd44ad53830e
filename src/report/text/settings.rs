//! The rows of a plan's tree.

use super::diff::{self, Block};
use super::tree::{Node, Sign};
use crate::catalogue::Catalogue;
use crate::document::{Json, Path};
use crate::manifest::Origin;
use crate::plan::{Change, Direction, Finding, Form, Level, Undeclared};
use crate::report::Style;
use crate::report::line::{Line, wrap};
use crate::report::shared::Part;
use crate::report::style::Tone;
use crate::report::{value, visible};
use crate::rules::AllowedBy;

/// The columns by which each level of the tree stands further right.
const STEP: usize = 4;
/// The column of the values, as long as the names leave room for it.
const VALUES: usize = 36;
/// The characters of a name that are shown.
const NAME: usize = 200;
/// The columns between a value and its place.
const GAP: usize = 3;
/// The columns of the word on who has moved.
const DIRECTION: usize = "drifted".len() + 2;
/// The columns within which the places in the manifest stand below each other.
const PLACES: usize = 120;

/// Writes the tree of the changes and conflicts of a part of a plan.
pub(super) fn write(part: &Part<'_>, style: &Style, out: &mut String) {
    let root = Node::of(part);
    let mut rows = Rows { part, style, rows: Vec::new(), explained: Vec::new() };
    rows.children(&root, STEP, None);
    rows.write(out);
}

/// What stands beside the name of a setting that changes, and what below it.
pub(in crate::report) fn value(
    part: &Part<'_>,
    style: &Style,
    change: &Change,
    reset: bool,
) -> (Line, Vec<Line>) {
    Rows { part, style, rows: Vec::new(), explained: Vec::new() }.value(0, change, reset)
}

/// The same of a setting that no manifest declares.
pub(in crate::report) fn undeclared_value(
    part: &Part<'_>,
    style: &Style,
    setting: &Undeclared,
) -> (Line, Vec<Line>) {
    Rows { part, style, rows: Vec::new(), explained: Vec::new() }.undeclared_value(0, setting)
}

/// A line, and the place in the manifest that asks for it: with the file and without.
struct Row {
    line: Line,
    places: Option<[Line; 2]>,
}

struct Rows<'a> {
    part: &'a Part<'a>,
    style: &'a Style,
    rows: Vec<Row>,
    /// The risks whose consequence stands in a row already.
    explained: Vec<&'a str>,
}

impl<'a> Rows<'a> {
    /// The rows of what a node holds; `shown` is a place that a row further out has shown already.
    fn children(&mut self, node: &Node<'a>, indent: usize, shown: Option<&Origin>) {
        let column = self.column(node, indent);
        for child in &node.children {
            if child.is_group() {
                self.group(child, indent, column, shown);
                continue;
            }
            let name = |rows: &Self, sign| padded(rows.name(indent, sign, child, Tone::Plain), column);
            if let Some(setting) = child.undeclared {
                self.undeclared(name(self, Sign::Undeclared), indent, setting);
            }
            if let Some(change) = child.change {
                self.change(name(self, child.sign(self.part)), indent, change, shown);
            }
            for remark in &child.remarks {
                self.remark(indent + STEP, remark);
            }
            if !child.conflicts.is_empty() {
                self.conflicts(name(self, Sign::Refused), &child.conflicts);
            }
            self.children(child, indent + STEP, shown);
        }
    }

    fn group(&mut self, group: &Node<'a>, indent: usize, column: usize, shown: Option<&Origin>) {
        let name = self.name(indent, group.sign(self.part), group, Tone::Title);
        let common = group.common_origin();
        match common.filter(|_| shown.is_none()) {
            Some(origin) => {
                let reset = if is_reset(origin) { self.reset_arrow(&group.path) } else { String::new() };
                let line = match reset.as_str() {
                    "" => name,
                    reset => padded(name, column).with(Tone::Context, reset),
                };
                let direction = group.direction();
                self.rows.push(Row { line, places: Some(self.places(origin, direction)) });
            }
            None => self.push(name),
        }
        for remark in &group.remarks {
            self.remark(indent + STEP, remark);
        }
        self.children(group, indent + STEP, shown.or(common));
        let unchanged = group.unchanged(self.part);
        if unchanged > 0 {
            self.push(quiet(indent + STEP, unchanged));
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
            Sign::Undeclared => (Tone::Changed, "?"),
            Sign::Refused => (Tone::Refused, self.style.cross()),
        };
        let name = visible::shorten(&node.name(), NAME, self.style.ellipsis()).into_owned();
        Line::indented(indent).with(sign_tone, sign).with(Tone::Plain, " ").with(tone, &name)
    }

    fn change(&mut self, name: Line, indent: usize, change: &Change, shown: Option<&Origin>) {
        let origin = change.origin.as_ref().filter(|_| shown.is_none());
        let reset = origin.is_some_and(is_reset);
        // A value may push its place aside, but not who has moved.
        let moved = origin.filter(|_| change.direction.is_some());
        let room = moved.map_or(0, |origin| self.places(origin, change.direction)[1].width() + GAP);
        let (head, body) = self.value(name.width() + room, change, reset);
        let line = if head.width() > 0 { name.followed_by(head) } else { name.trimmed() };
        self.rows.push(Row { line, places: origin.map(|origin| self.places(origin, change.direction)) });
        for line in body {
            self.push(Line::indented(indent + STEP).followed_by(line));
        }
    }

    fn undeclared(&mut self, name: Line, indent: usize, setting: &Undeclared) {
        let (head, body) = self.undeclared_value(name.width(), setting);
        let text = if setting.is_released { "no longer declared" } else { "in no manifest" };
        let place = Line::of(Tone::Context, text);
        let line = if head.width() > 0 { name.followed_by(head) } else { name.trimmed() };
        self.rows.push(Row { line, places: Some([place.clone(), place]) });
        for line in body {
            self.push(Line::indented(indent + STEP).followed_by(line));
        }
    }

    fn undeclared_value(&self, from: usize, setting: &Undeclared) -> (Line, Vec<Line>) {
        match setting.sensitive {
            true => (Line::of(Tone::Plain, "(sensitive)"), Vec::new()),
            false => self.whole(from, &setting.live, Tone::Plain, Line::new()),
        }
    }

    /// The place that asks for something, behind the word on who has moved.
    fn places(&self, origin: &Origin, direction: Option<Direction>) -> [Line; 2] {
        let (line, _) = origin.line_column();
        let file = origin.source.name.as_str();
        // The pool's own file stands in the first line of the plan.
        let short = if file == self.part.plan.pool.file { format!(":{line}") } else { String::new() };
        let head = match direction {
            Some(direction) => Line::of(Tone::Title, direction.word()).filled_to(DIRECTION),
            None => Line::new(),
        };
        [format!("{file}:{line}"), short].map(|text| head.clone().with(Tone::Context, &text))
    }

    /// What `null` in a manifest leads to at this setting.
    fn reset_arrow(&self, at: &Path) -> String {
        format!("{} {}", self.style.arrow(), Catalogue::falls_to(at))
    }

    /// What stands beside a setting's name, and what below it.
    fn value(&self, from: usize, change: &Change, reset: bool) -> (Line, Vec<Line>) {
        let plain = |text: &str| Line::of(Tone::Plain, text);
        let note = if reset { format!("({})", Catalogue::falls_to(&change.path)) } else { String::new() };
        let (before, after) = match (&change.before, &change.after) {
            _ if change.sensitive => return (plain(sensitive(change)), Vec::new()),
            (before, after) if change.form == Form::Set => {
                if let Some(set) = self.set(before.as_ref(), after.as_ref(), &note) {
                    return set;
                }
                (before, after)
            }
            sides => sides,
        };
        match (before, after) {
            (Some(before), Some(after)) => self.update(from, before, after, &note),
            (None, Some(value)) => self.whole(from, value, Tone::Added, Line::new()),
            (Some(value), None) => {
                let suffix = if reset { self.reset_arrow(&change.path) } else { String::new() };
                let suffix = Line::of(Tone::Context, &suffix);
                self.whole(from, value, Tone::Removed, suffix)
            }
            (None, None) => (Line::new(), Vec::new()),
        }
    }

    fn update(&self, from: usize, before: &Json, after: &Json, note: &str) -> (Line, Vec<Line>) {
        if value::is_short(before) && value::is_short(after) {
            let line = Line::of(Tone::Plain, &value::inline(before))
                .with(Tone::Context, &format!(" {} ", self.style.arrow()))
                .with(Tone::Plain, &value::inline(after));
            let line = if note.is_empty() { line } else { line.with(Tone::Context, &format!("  {note}")) };
            if from + line.width() <= self.style.width {
                return (line, Vec::new());
            }
            let Block { lines, .. } = diff::change(&value::inline(before), &value::inline(after), self.style);
            return (Line::of(Tone::Context, note), lines);
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
        (head.filled_to(end + gap).followed_by(suffix), lines)
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
        let gap = if note.is_empty() { "" } else { "  " };
        Some((Line::of(Tone::Context, &format!("set{empty}{gap}{note}")), lines))
    }

    fn conflicts(&mut self, name: Line, conflicts: &[&Finding]) {
        let codes: Vec<&str> = conflicts.iter().map(|finding| finding.code).collect();
        self.push(name.with(Tone::Refused, &codes.join(", ")));
    }

    fn remark(&mut self, indent: usize, finding: &'a Finding) {
        let (tone, sign) = match finding.level {
            _ if finding.refuses() => (Tone::Refused, "! "),
            Level::Risk if !finding.blocking => (Tone::Warning, ""),
            Level::Conflict | Level::Risk | Level::Warning => (Tone::Warning, "! "),
            Level::Note => (Tone::Context, ""),
        };
        if finding.level != Level::Risk {
            let help = finding.help.as_ref().map_or_else(String::new, |help| format!("; {help}"));
            return self.prose(indent, sign, tone, &format!("{}{help}", finding.text));
        }
        let code = finding.code;
        if self.explained.contains(&code) {
            self.prose(indent, sign, tone, &format!("risk {code}, as above"));
        } else {
            self.explained.push(code);
            self.prose(indent, sign, tone, &format!("risk {code}: {}", finding.text));
        }
        if let Some(allowed_by) = &finding.allowed_by {
            let text = match allowed_by {
                AllowedBy::Flag(flag) => format!("allowed by --allow {flag}"),
                AllowedBy::Manifest { origin, reason } => {
                    let (line, _) = origin.line_column();
                    format!("allowed by {}:{line}: {reason}", origin.source.name)
                }
            };
            self.prose(indent + sign.len(), "", Tone::Context, &text);
        }
    }

    /// A sentence after its sign, on as many lines as it needs.
    fn prose(&mut self, indent: usize, sign: &str, tone: Tone, text: &str) {
        let width = self.style.width.saturating_sub(indent + sign.len()).max(30);
        let text = visible::shorten(text, 3 * NAME, self.style.ellipsis());
        for (position, text) in wrap(&text, width).iter().enumerate() {
            let line = Line::indented(indent).with(tone, if position == 0 { sign } else { "" });
            self.push(line.filled_to(indent + sign.len()).with(tone, text));
        }
    }

    fn push(&mut self, line: Line) {
        self.rows.push(Row { line, places: None });
    }

    /// The rows, each with its place at the right as far as the width allows.
    fn write(self, out: &mut String) {
        let width = self.style.width;
        let end = |row: &Row| row.line.width() + GAP;
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
                Some(place) => row.line.filled_to(column.max(at)).followed_by(place),
                None => row.line,
            };
            line.write(self.style, out);
        }
    }
}

/// The name with blanks up to where the values begin, or two.
fn padded(name: Line, column: usize) -> Line {
    let end = name.width() + 2;
    name.filled_to(end.max(column))
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

/// Whether this place asks for what `null` leads to.
pub(in crate::report) fn is_reset(origin: &Origin) -> bool {
    matches!(origin.text().trim(), "~" | "null" | "Null" | "NULL")
}
