//! The rows of a plan's tree.

use super::diff::{self, Block};
use super::layout::{self, STEP, TreeRow};
use super::notes;
use super::tree::{TreeNode, TreeSign};
use crate::catalogue::Catalogue;
use crate::document::{Json, Path, Seg};
use crate::manifest::Origin;
use crate::plan::{Change, Direction, Finding, Form, Level, Undeclared};
use crate::report::Style;
use crate::report::line::{Line, numbered, wrap, wrap_words};
use crate::report::mark::FindingMark;
use crate::report::place::short_place;
use crate::report::shared::PlanPart;
use crate::report::style::Tone;
use crate::report::{value, visible};
use crate::rules::named;

/// The characters of a name that are shown.
const NAME: usize = 200;
/// The columns that the names of several documents have at least.
const NARROW: usize = 30;
/// The columns of the word on who has moved.
const DIRECTION: usize = "drifted".len() + 2;

/// Writes the tree of the changes and conflicts of a part of a plan.
pub(super) fn write(part: &PlanPart<'_>, style: &Style, out: &mut String) {
    let root = TreeNode::of(part);
    let mut ends = Vec::new();
    ends_of_names(&root, STEP, &mut ends);
    let values = layout::values(ends.into_iter(), style.width);
    let mut rows = Rows { values, ..Rows::new(part, style) };
    rows.children(&root, STEP, None);
    layout::write(rows.rows, values, style, out);
}

/// The value of a changed setting: the part on the line of its name, and the lines below.
pub(in crate::report) fn value(
    part: &PlanPart<'_>,
    style: &Style,
    change: &Change,
    reset: bool,
) -> (Line, Vec<Line>) {
    Rows::new(part, style).value(change, reset)
}

/// The same with the value at this column.
pub(super) fn value_at(
    part: &PlanPart<'_>,
    style: &Style,
    values: usize,
    change: &Change,
    reset: bool,
) -> (Line, Vec<Line>) {
    Rows { values, ..Rows::new(part, style) }.value(change, reset)
}

/// The same of a setting that no manifest declares.
pub(in crate::report) fn undeclared_value(
    part: &PlanPart<'_>,
    style: &Style,
    setting: &Undeclared,
) -> (Line, Vec<Line>) {
    Rows::new(part, style).undeclared_value(setting)
}

/// Where the names of settings end, in the columns of the tree.
fn ends_of_names(node: &TreeNode<'_>, indent: usize, out: &mut Vec<usize>) {
    for child in &node.children {
        if !child.is_group() {
            out.push(indent + 2 + Line::of(Tone::Plain, &child.name()).width());
        }
        ends_of_names(child, indent + STEP, out);
    }
}

struct Rows<'a> {
    part: &'a PlanPart<'a>,
    style: &'a Style,
    rows: Vec<TreeRow>,
    /// The column of the values.
    values: usize,
    /// The risks, each with the consequence that a row has shown already.
    explained: Vec<(&'a str, &'a str)>,
}

impl<'a> Rows<'a> {
    fn new(part: &'a PlanPart<'a>, style: &'a Style) -> Self {
        Self { part, style, rows: Vec::new(), values: 0, explained: Vec::new() }
    }

    /// The rows of what a node holds; `shown` is a place that a row further out has shown already.
    fn children(&mut self, node: &TreeNode<'a>, indent: usize, shown: Option<&Origin>) {
        for child in &node.children {
            if child.is_group() {
                self.group(child, indent, shown);
                continue;
            }
            if let Some(setting) = child.undeclared {
                let name = self.name(indent, TreeSign::Undeclared, child, Tone::Plain);
                self.undeclared(name, indent, setting);
            }
            match child.change {
                Some(change) => {
                    let name = self.name(indent, child.sign(), child, Tone::Plain);
                    self.change(name, indent, change, shown);
                    self.conflicts(Line::indented(indent + STEP), &child.conflicts);
                }
                None => {
                    let name = self.name(indent, TreeSign::Refused, child, Tone::Plain);
                    self.conflicts(name, &child.conflicts);
                }
            }
            for remark in &child.remarks {
                self.remark(indent + STEP, remark);
            }
            self.children(child, indent + STEP, shown);
        }
    }

    fn group(&mut self, group: &TreeNode<'a>, indent: usize, shown: Option<&Origin>) {
        let mut names = self.names(indent, group);
        let common = group.common_origin();
        let mut row = TreeRow::plain(names.pop().unwrap_or_default());
        names.into_iter().for_each(|line| self.push(line));
        if let Some(origin) = common.filter(|_| shown.is_none()) {
            // Beside a long name there is no room, and the rows of its members say it too.
            let is_told =
                !layout::has_room(&row.name, self.values) && Catalogue::falls_to(&group.path) == "removed";
            let reset =
                if origin.is_null() && !is_told { self.reset_arrow(&group.path) } else { String::new() };
            row.value = Line::of(Tone::Context, &reset);
            row.places = self.places(origin, None, group.direction());
        }
        self.rows.push(row);
        for remark in &group.remarks {
            self.remark(indent + STEP, remark);
        }
        self.children(group, indent + STEP, shown.or(common));
        if let Some(unchanged) = group.unchanged() {
            self.push(quiet(indent + STEP, &unchanged));
        }
    }

    fn name(&self, indent: usize, sign: TreeSign, node: &TreeNode<'_>, tone: Tone) -> Line {
        self.named(indent, sign, &node.name(), tone)
    }

    fn named(&self, indent: usize, sign: TreeSign, name: &str, tone: Tone) -> Line {
        let (sign_tone, sign) = sign.mark(self.style);
        let name = visible::shorten(name, NAME, self.style.ellipsis());
        Line::indented(indent).with(sign_tone, sign).with(Tone::Plain, " ").with(tone, &name)
    }

    /// The lines with the name of a group, which is that of several documents if the same happens in all of them.
    fn names(&self, indent: usize, group: &TreeNode<'_>) -> Vec<Line> {
        let names = group.names();
        let width = self.style.width.saturating_sub(indent + STEP).max(NARROW);
        let lines = wrap_words(names.iter().map(String::as_str), width);
        let mut lines = lines.iter().flat_map(|line| broken_at_members(line, width));
        let first = lines.next().unwrap_or_default();
        let first = self.named(indent, group.sign(), first, Tone::Title);
        let more = lines.map(|line| Line::indented(indent + 2).with(Tone::Title, line));
        std::iter::once(first).chain(more).collect()
    }

    fn change(&mut self, name: Line, indent: usize, change: &Change, shown: Option<&Origin>) {
        let origin = change.origin.as_ref().or(self.part.plan.switched_off_at(change));
        let origin = origin.filter(|_| shown.is_none());
        let (value, body) = self.value(change, origin.is_some_and(Origin::is_null));
        let places = origin.map(|origin| self.places(origin, change.template.as_deref(), change.direction));
        let places = places.unwrap_or_default();
        self.rows.push(TreeRow { name, value, places });
        for line in body {
            self.push(Line::indented(indent + STEP).followed_by(line));
        }
    }

    fn undeclared(&mut self, name: Line, indent: usize, setting: &Undeclared) {
        let (value, body) = self.undeclared_value(setting);
        // That no manifest declares it is what its sign says.
        let released = setting.is_released.then(|| Line::of(Tone::Context, "no longer declared"));
        self.rows.push(TreeRow { name, value, places: released.into_iter().collect() });
        for line in body {
            self.push(Line::indented(indent + STEP).followed_by(line));
        }
    }

    fn undeclared_value(&self, setting: &Undeclared) -> (Line, Vec<Line>) {
        match (setting.sensitive, &setting.live) {
            (true, _) => (Line::of(Tone::Plain, "(sensitive)"), Vec::new()),
            (false, Json::Object(names)) if setting.is_listed => {
                // Its label is the name of its row.
                let is_label = |value: &Json| matches!((setting.path.segs().last(), value.as_str()), (Some(Seg::Member(label)), Some(value)) if **label == *value);
                let told = names.iter().filter(|(_, value)| !is_label(value));
                let told = told.map(|(name, value)| format!("{name} {}", value::inline(value)));
                // A URL would leave no room for the others.
                let (urls, told): (Vec<String>, Vec<String>) = told.partition(|told| told.contains("://"));
                let told = if told.is_empty() { String::new() } else { format!(" ({})", told.join(", ")) };
                let more = urls.into_iter().chain(setting.named_by.as_deref().map(named_by));
                let more = more.map(|line| Line::of(Tone::Plain, &line)).collect();
                (Line::of(Tone::Plain, &format!("not declared{told}")), more)
            }
            (false, _) => self.whole(&setting.live, Tone::Plain, Line::new()),
        }
    }

    /// The place that asks for something, behind the word on who has moved: with its file and what refers
    /// to that, with its file alone, and without the pool's own file.
    fn places(&self, origin: &Origin, template: Option<&Origin>, direction: Option<Direction>) -> Vec<Line> {
        let (line, _) = origin.line_column();
        let file = origin.source.name.as_str();
        // The first line of the block names the pool's own file.
        let is_own = file == self.part.plan.pool.file;
        let own = format!("{file}:{line}");
        let forms = match template {
            Some(template) => {
                let place = short_place(template);
                [format!("{place}, from {own}"), place.clone(), place]
            }
            None => [own.clone(), own.clone(), if is_own { format!(":{line}") } else { own }],
        };
        let head = match direction {
            Some(direction) => Line::of(Tone::Title, direction.word()).filled_to(DIRECTION),
            None => Line::new(),
        };
        forms.map(|text| head.clone().with(Tone::Context, &text)).to_vec()
    }

    /// What `null` in a manifest leads to at this setting.
    fn reset_arrow(&self, at: &Path) -> String {
        format!("{} {}", self.style.arrow(), Catalogue::falls_to(at))
    }

    /// The value of a change: the part on the line of its name, and the lines below.
    fn value(&self, change: &Change, reset: bool) -> (Line, Vec<Line>) {
        let plain = |text: &str| Line::of(Tone::Plain, text);
        let note = match reset.then(|| Catalogue::falls_to(&change.path)) {
            None => String::new(),
            // A setting that has a value afterwards is not removed, whatever becomes of the structure around it.
            Some("removed") => "(Cognito's default)".to_owned(),
            Some(default) => format!("({default})"),
        };
        let (before, after) = match (&change.before, &change.after) {
            _ if change.sensitive => return (plain(sensitive(change)), Vec::new()),
            (before, _) if change.form == Form::Document => {
                return (plain(if before.is_some() { "removed" } else { "new" }), Vec::new());
            }
            (before, after) if change.form == Form::Set => {
                if let Some(set) = self.set(before.as_ref(), after.as_ref(), &note) {
                    return set;
                }
                (before, after)
            }
            sides => sides,
        };
        match (before, after) {
            (Some(before), Some(after)) => self.update(before, after, &note),
            (None, Some(value)) => self.whole(value, Tone::Added, Line::new()),
            (Some(value), None) => {
                let arrow = self.style.arrow();
                let suffix = match reset {
                    true => self.reset_arrow(&change.path),
                    false if self.part.plan.switched_off_at(change).is_some() => {
                        format!("{arrow} removed, because MfaConfiguration is OFF")
                    }
                    false => format!("{arrow} removed"),
                };
                self.whole(value, Tone::Removed, Line::of(Tone::Context, &suffix))
            }
            (None, None) => (Line::new(), Vec::new()),
        }
    }

    fn update(&self, before: &Json, after: &Json, note: &str) -> (Line, Vec<Line>) {
        if value::is_short(before) && value::is_short(after) {
            let line = Line::of(Tone::Plain, &value::inline(before))
                .with(Tone::Context, &format!(" {} ", self.style.arrow()))
                .with(Tone::Plain, &value::inline(after));
            let line = if note.is_empty() { line } else { line.with(Tone::Context, &format!("  {note}")) };
            if self.values + line.width() <= self.style.width {
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
    fn whole(&self, value: &Json, tone: Tone, suffix: Line) -> (Line, Vec<Line>) {
        if value::is_short(value) {
            let line = Line::of(Tone::Plain, &value::inline(value));
            let line = if suffix.width() > 0 {
                line.with(Tone::Plain, " ").followed_by(suffix.clone())
            } else {
                line
            };
            if self.values + line.width() <= self.style.width {
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

    /// A set: its new and removed members, or `None` if there are none.
    fn set(&self, before: Option<&Json>, after: Option<&Json>, note: &str) -> Option<(Line, Vec<Line>)> {
        let members = |side: Option<&Json>| side.map_or(Some(Vec::new()), |side| side.as_array().cloned());
        let (before, after) = (members(before)?, members(after)?);
        let row = |tone, sign: &str, member: &Json| {
            let text = value::clipped(member, 200, self.style.ellipsis());
            Line::of(tone, sign).with(tone, " ").with(tone, &text)
        };
        let mut joined: Vec<&Json> = after.iter().filter(|member| !before.contains(member)).collect();
        let mut left: Vec<&Json> = before.iter().filter(|member| !after.contains(member)).collect();
        if joined.is_empty() && left.is_empty() {
            return None;
        }
        let unchanged = before.len() - left.len();
        let masked = masked(&mut left, &mut joined);
        let numbers =
            numbered(&[(joined.len(), "added"), (left.len(), "removed"), (masked.len(), "changed")]);
        let now_empty = if after.is_empty() { ", now empty" } else { "" };
        let mut lines: Vec<Line> = left.iter().map(|member| row(Tone::Removed, "-", member)).collect();
        lines.extend(joined.iter().map(|member| row(Tone::Added, "+", member)));
        let of_secret = |member| row(Tone::Plain, "~", member).with(Tone::Plain, "  (sensitive), changed");
        lines.extend(masked.into_iter().map(of_secret));
        if unchanged > 0 {
            lines.push(quiet(0, &format!("{unchanged} unchanged")));
        }
        let gap = if note.is_empty() { "" } else { "  " };
        Some((Line::of(Tone::Context, &format!("{numbers}{now_empty}{gap}{note}")), lines))
    }

    fn conflicts(&mut self, head: Line, conflicts: &[&Finding]) {
        if conflicts.is_empty() {
            return;
        }
        let mark = FindingMark::Conflict;
        let mut codes: Vec<&str> = conflicts.iter().map(|finding| &*finding.code).collect();
        codes.dedup();
        let text = format!("{} {}", mark.word(), codes.join(", "));
        let has_sign = !head.is_blank();
        let sign = if has_sign { String::new() } else { format!("{} ", mark.sign(self.style)) };
        let line = Line::of(mark.tone(), &format!("{sign}{text}"));
        self.rows.push(match has_sign {
            true => TreeRow { name: head, value: line, places: Vec::new() },
            false => TreeRow::plain(head.followed_by(line)),
        });
    }

    fn remark(&mut self, indent: usize, finding: &'a Finding) {
        let code = &*finding.code;
        let is_known = finding.level == Level::Risk && self.explained.contains(&(code, &finding.text));
        let text = match (&finding.help, finding.level) {
            _ if is_known => "as above".to_owned(),
            (Some(help), Level::Conflict | Level::Warning | Level::Note) if finding.allowed_by.is_none() => {
                format!("{}; {help}", finding.text)
            }
            _ => finding.text.to_string(),
        };
        self.explained.push((code, &finding.text));
        let text = visible::shorten(&text, 3 * NAME, self.style.ellipsis());
        let lines = FindingMark::of(finding).lines(indent, code, &text, self.style);
        lines.into_iter().for_each(|line| self.push(line));
        if let Some(allowed_by) = &finding.allowed_by {
            let text = notes::allowed(allowed_by);
            let text = visible::shorten(&text, 3 * NAME, self.style.ellipsis());
            for text in wrap(&text, self.style.width.saturating_sub(indent + 2).max(30)) {
                self.push(Line::indented(indent + 2).with(Tone::Context, &text));
            }
        }
    }

    fn push(&mut self, line: Line) {
        self.rows.push(TreeRow::plain(line));
    }
}

/// Takes the members out of two sides that are printed alike: they differ in what is not printed, such as a password.
fn masked<'v>(left: &mut Vec<&'v Json>, joined: &mut Vec<&'v Json>) -> Vec<&'v Json> {
    let is_masked = |old: &mut &'v Json| {
        let shown = value::inline(old);
        let new = joined.iter().position(|new| value::inline(new) == shown);
        new.map(|at| joined.remove(at)).is_some()
    };
    left.extract_if(.., is_masked).collect()
}

/// The documents that name an undeclared one.
fn named_by(users: &[String]) -> String {
    match users {
        [] => "named by none of the app clients that were read".to_owned(),
        users => format!("named by {}", named(users)),
    }
}

/// A name in pieces of at most `width` columns, each of which begins with a member. A longer member stays whole.
fn broken_at_members(name: &str, width: usize) -> Vec<&str> {
    let mut pieces = vec![];
    let mut rest = name;
    while rest.len() > width {
        let mut dots = rest.match_indices('.').map(|(at, _)| at).filter(|at| (1..=width).contains(at));
        // A dot between brackets is part of a key.
        let is_outside = |at: &usize| rest[..*at].matches('[').count() == rest[..*at].matches(']').count();
        let Some((piece, end)) = dots.rfind(is_outside).map(|at| rest.split_at(at)) else { break };
        pieces.push(piece);
        rest = end;
    }
    pieces.push(rest);
    pieces
}

fn quiet(indent: usize, text: &str) -> Line {
    Line::indented(indent + 2).with(Tone::Context, text)
}

fn sensitive(change: &Change) -> &'static str {
    match (&change.before, &change.after) {
        (Some(_), Some(_)) => "(sensitive), changed",
        _ => "(sensitive)",
    }
}
