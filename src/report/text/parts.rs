//! Inside a line: the parts that differ from another line, and a long line cut down to them.

use similar::DiffOp;
use similar::algorithms::{Capture, Compact, Replace, myers};

use crate::report::visible;

/// The characters up to which a line is shown whole.
const WHOLE: usize = 200;
/// The characters kept of an unchanged part, on each side of a change.
const AROUND: usize = 24;
/// The characters after which a line ends, whatever has changed in it.
const MOST: usize = 600;
/// The words beyond which two lines are not compared word by word.
const WORDS: usize = 20_000;

/// A piece of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct LinePart<'a> {
    pub(super) text: &'a str,
    /// Whether the other line has something else here.
    pub(super) changed: bool,
}

/// Whether a line is too long to be shown whole.
pub(super) fn is_long(line: &str) -> bool {
    line.chars().nth(WHOLE).is_some()
}

/// The edits that turn one list into another. The algorithm is named: left open, all of them would be in the program.
pub(super) fn steps(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let mut steps = Compact::new(Replace::new(Capture::new()), old, new);
    // To keep the steps never fails.
    let _ = myers::diff(&mut steps, old, 0..old.len(), new, 0..new.len());
    steps.into_inner().into_inner().into_ops()
}

/// The parts of `line` as seen from `other`, word by word.
///
/// A short line that has little in common with the other is one unmarked part.
pub(super) fn compare<'a>(line: &'a str, other: &str) -> Vec<LinePart<'a>> {
    let (own, others) = (words(line), words(other));
    if own.len().max(others.len()) > WORDS {
        return vec![LinePart { text: line, changed: true }];
    }
    let ops = steps(&own, &others);
    let mut parts: Vec<LinePart<'a>> = Vec::new();
    let mut end = 0;
    for op in ops {
        let length: usize = own[op.old_range()].iter().map(|word| word.len()).sum();
        let text = &line[end..end + length];
        end += length;
        if !text.is_empty() {
            parts.push(LinePart { text, changed: !matches!(op, DiffOp::Equal { .. }) });
        }
    }
    let same: usize = parts.iter().filter(|part| !part.changed).map(|part| part.text.len()).sum();
    if same * 3 < line.len().max(other.len()) {
        return vec![LinePart { text: line, changed: is_long(line) }];
    }
    parts
}

/// Words, and each other character by itself.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let letters = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(letters.max(first.len_utf8()));
        words.push(word);
        rest = after;
    }
    words
}

/// The parts of a line; of a long line only the changed parts with some text around them.
pub(super) fn clip(parts: &[LinePart<'_>], ellipsis: &str) -> Vec<(bool, String)> {
    let total: usize = parts.iter().map(|part| part.text.chars().count()).sum();
    if total <= WHOLE {
        return parts.iter().map(|part| (part.changed, part.text.to_owned())).collect();
    }
    let mut out = Vec::new();
    let mut left = MOST;
    for (position, part) in parts.iter().enumerate() {
        let text = if part.changed || parts.len() == 1 {
            visible::shorten(part.text, WHOLE, ellipsis).into_owned()
        } else {
            let (first, last) = (position == 0, position + 1 == parts.len());
            around(part.text, if first { 0 } else { AROUND }, if last { 0 } else { AROUND }, ellipsis)
        };
        let length = text.chars().count();
        if length > left {
            out.push((false, ellipsis.to_owned()));
            break;
        }
        left -= length;
        out.push((part.changed, text));
    }
    out
}

/// The beginning and the end of an unchanged part.
fn around(text: &str, head: usize, tail: usize, ellipsis: &str) -> String {
    let length = text.chars().count();
    if length <= head + tail + ellipsis.len() {
        return text.to_owned();
    }
    let byte = |at: usize| text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte);
    format!("{}{ellipsis}{}", &text[..byte(head)], &text[byte(length - tail)..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(line: &str, other: &str) -> String {
        let show = |part: LinePart<'_>| {
            if part.changed { format!("[{}]", part.text) } else { part.text.to_owned() }
        };
        compare(line, other).into_iter().map(show).collect()
    }

    #[test]
    fn the_words_that_differ_are_marked_in_both_lines() {
        let (old, new) = ("It is valid for 24 hours.", "It is valid for 1 hour.");
        assert_eq!(marked(old, new), "It is valid for [24] [hours].");
        assert_eq!(marked(new, old), "It is valid for [1] [hour].");
        assert_eq!(marked("alpha beta", "one two three four"), "alpha beta", "nothing in common");
    }

    #[test]
    fn a_long_line_is_cut_down_to_its_changes() {
        let filler = "<td>x</td>".repeat(1000);
        let line = |hours: &str, end: &str| format!("{filler}{hours} hours{filler}{end}");
        let (old, new) = (line("24", "a"), line("1", "b"));
        let clipped = clip(&compare(&old, &new), "…");
        let text: String = clipped.into_iter().map(|(_, text)| text).collect();
        assert_eq!(text, "…/td><td>x</td><td>x</td>24 hours<td>x</td><td>x</t…/td><td>x</td><td>x</td>a");
    }

    #[test]
    fn a_line_that_is_all_new_is_cut_in_its_middle() {
        let clipped = clip(&[LinePart { text: &"é".repeat(20_000), changed: true }], "…");
        assert_eq!(clipped[0].1.chars().count(), 150 + 1 + 50);
    }
}
