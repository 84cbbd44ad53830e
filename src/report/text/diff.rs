//! Longer texts: what has changed in them, and as little else as a reader needs.

use similar::udiff::UnifiedHunkHeader;
use similar::{DiffOp, group_diff_ops};

use super::parts::{self, LinePart};
use crate::report::Style;
use crate::report::line::{Line, count, grouped};
use crate::report::style::Tone;
use crate::report::visible;

/// The unchanged lines shown around a changed one.
const CONTEXT: usize = 2;
/// The lines shown of a text that comes or goes as a whole.
const PREVIEW: usize = 8;

/// A longer value: what to say of it in a word, and its lines.
pub(super) struct Block {
    pub(super) summary: String,
    pub(super) lines: Vec<Line>,
}

/// What turns the text `old` into `new`: a unified diff, or two lines where each has but one.
pub(super) fn change(old: &str, new: &str, style: &Style) -> Block {
    let (before, after): (Vec<&str>, Vec<&str>) = (lines(old), lines(new));
    let steps = parts::steps(&before, &after);
    let changed = || steps.iter().filter(|step| !matches!(step, DiffOp::Equal { .. }));
    let added: usize = changed().map(|step| step.new_range().len()).sum();
    let removed: usize = changed().map(|step| step.old_range().len()).sum();
    let single = before.len() <= 1 && after.len() <= 1;
    let newline_moved = old.ends_with('\n') != new.ends_with('\n');
    let mut block = Hunks { before: &before, after: &after, newline_moved, style, lines: Vec::new() };
    for ops in group_diff_ops(steps, CONTEXT) {
        if !single {
            let header = UnifiedHunkHeader::new(&ops).to_string();
            block.lines.push(Line::of(Tone::Context, &header));
        }
        ops.iter().for_each(|op| block.op(op));
    }
    let lines = block.lines;
    let summary = if single {
        let longest = old.chars().count().max(new.chars().count());
        part_note(longest, parts::is_long(old) || parts::is_long(new))
    } else {
        summary(added, removed, after.len())
    };
    Block { summary, lines }
}

/// A text that is added or removed, shortened if it is long; a single line needs no sign.
pub(super) fn whole(text: &str, tone: Tone, style: &Style) -> Block {
    let all = lines(text);
    if all.len() <= 1 {
        let summary = part_note(text.chars().count(), parts::is_long(text));
        let line = text.trim_end_matches('\n');
        let line = content(Tone::Plain, &[LinePart { text: line, changed: false }], line, style);
        return Block { summary, lines: vec![line] };
    }
    let shown = if all.len() <= PREVIEW + 2 { all.len() } else { PREVIEW };
    let mut lines: Vec<Line> = all[..shown]
        .iter()
        .map(|line| {
            let line = line.trim_end_matches('\n');
            signed(tone, &[LinePart { text: line, changed: false }], line, style)
        })
        .collect();
    if shown < all.len() {
        let more = format!("{} {} more", style.ellipsis(), count(all.len() - shown, "line"));
        lines.push(Line::of(Tone::Context, &more));
    }
    Block { summary: count(all.len(), "line"), lines }
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn part_note(characters: usize, in_part: bool) -> String {
    if in_part { format!("{} characters, shown in part", grouped(characters)) } else { String::new() }
}

fn summary(added: usize, removed: usize, total: usize) -> String {
    let lines = |number| count(number, "line");
    match (added, removed) {
        (added, removed) if added == removed => format!("{} of {} changed", lines(added), grouped(total)),
        (added, 0) => format!("{} of {} added", lines(added), grouped(total)),
        (0, removed) => format!("{} removed, {} left", lines(removed), grouped(total)),
        (added, removed) => format!("{} added, {} removed", lines(added), grouped(removed)),
    }
}

struct Hunks<'a> {
    before: &'a [&'a str],
    after: &'a [&'a str],
    /// Whether one of the texts ends with a line break and the other does not.
    newline_moved: bool,
    style: &'a Style,
    lines: Vec<Line>,
}

impl Hunks<'_> {
    fn op(&mut self, op: &DiffOp) {
        let (before, after) = (&self.before[op.old_range()], &self.after[op.new_range()]);
        if let DiffOp::Equal { .. } = op {
            for line in before {
                let line = line.trim_end_matches('\n');
                let shown = parts::clip(&[LinePart { text: line, changed: false }], self.style.ellipsis());
                let shown: String = shown.iter().map(|(_, text)| text.as_str()).collect();
                let shown = visible::show(&shown, shown.trim_end().len(), false, self.style.unicode);
                self.lines.push(Line::of(Tone::Context, "  ").with(Tone::Context, &shown));
            }
            return;
        }
        let paired = before.len() == after.len();
        for (own, other, tone) in [(before, after, Tone::Removed), (after, before, Tone::Added)] {
            for (position, line) in own.iter().enumerate() {
                let partner = other.get(position).filter(|_| paired);
                self.changed(line, partner.copied(), tone);
            }
        }
    }

    fn changed(&mut self, line: &str, partner: Option<&str>, tone: Tone) {
        let content = line.trim_end_matches('\n');
        let parts = match partner {
            Some(partner) => parts::compare(content, partner.trim_end_matches('\n')),
            None => vec![LinePart { text: content, changed: parts::is_long(content) }],
        };
        self.lines.push(signed(tone, &parts, content, self.style));
        if self.newline_moved && !line.ends_with('\n') {
            self.lines.push(Line::of(Tone::Context, "\\ no newline at the end"));
        }
    }
}

/// A line that comes or goes, after its sign.
fn signed(tone: Tone, parts: &[LinePart<'_>], line: &str, style: &Style) -> Line {
    let sign = match tone {
        Tone::Added => "+ ",
        Tone::Plain => "  ",
        _ => "- ",
    };
    Line::of(tone, sign).followed_by(content(tone, parts, line, style))
}

/// The parts of a line, with what is invisible in them made visible.
fn content(tone: Tone, parts: &[LinePart<'_>], whole: &str, style: &Style) -> Line {
    let mut line = Line::new();
    let clipped = parts::clip(parts, style.ellipsis());
    let mut blanks = whole.len() - whole.trim_end_matches([' ', '\t', '\r']).len();
    let mut shown: Vec<(Tone, String)> = Vec::new();
    for (changed, text) in clipped.iter().rev() {
        let trailing = (text.len() - text.trim_end_matches([' ', '\t', '\r']).len()).min(blanks);
        let tone = if *changed { tone.part() } else { tone };
        shown.push((tone, visible::show(text, text.len() - trailing, true, style.unicode)));
        blanks = if trailing == text.len() { blanks - trailing } else { 0 };
    }
    shown.iter().rev().for_each(|(tone, text)| line.push(*tone, text));
    line
}
