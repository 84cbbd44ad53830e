//! A line of a report, measured before it is coloured.

use crate::document::Path;
use crate::plan::DocumentCall;
use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use super::Style;
use super::style::Tone;
use super::visible;

/// A line made of pieces, each with its tone. Every piece is escaped when it is added.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line {
    pieces: Vec<(Tone, String)>,
    width: usize,
}

impl Line {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// A line that begins with this many blanks.
    pub(super) fn indented(by: usize) -> Self {
        Self::new().filled_to(by)
    }

    /// A line of one piece.
    pub(super) fn of(tone: Tone, text: &str) -> Self {
        Self::new().with(tone, text)
    }

    /// The line with one more piece.
    pub(super) fn with(mut self, tone: Tone, text: &str) -> Self {
        self.push(tone, text);
        self
    }

    /// The line followed by another.
    pub(super) fn followed_by(mut self, other: Self) -> Self {
        self.width += other.width;
        self.pieces.extend(other.pieces);
        self
    }

    /// The line with at least three blanks behind it, up to a column.
    pub(super) fn apart(self, column: usize) -> Self {
        let end = self.width + 3;
        self.filled_to(end.max(column))
    }

    /// The line filled up with blanks to a column.
    pub(super) fn filled_to(mut self, column: usize) -> Self {
        let blanks = column.saturating_sub(self.width);
        self.push_visible(Tone::Plain, Cow::Owned(" ".repeat(blanks)), blanks);
        self
    }

    pub(super) fn push(&mut self, tone: Tone, text: &str) {
        if visible::is_plain(text) {
            return self.push_visible(tone, Cow::Borrowed(text), text.len());
        }
        let text = visible::escape(text);
        let width = text.width();
        self.push_visible(tone, text, width);
    }

    /// A text without anything hidden, and the columns that it takes.
    fn push_visible(&mut self, tone: Tone, text: Cow<'_, str>, width: usize) {
        self.width += width;
        match self.pieces.last_mut() {
            _ if text.is_empty() => {}
            Some((last, before)) if *last == tone => before.push_str(&text),
            _ => self.pieces.push((tone, text.into_owned())),
        }
    }

    /// The columns it takes.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The blanks that it begins with.
    pub(super) fn indent(&self) -> usize {
        let first = self.pieces.first().map_or("", |(_, text)| text);
        first.len() - first.trim_start_matches(' ').len()
    }

    /// Whether it shows nothing.
    pub(super) fn is_blank(&self) -> bool {
        self.pieces.iter().all(|(_, text)| text.trim_matches(' ').is_empty())
    }

    /// Its pieces: each with its tone, and with nothing hidden in its text.
    pub(super) fn pieces(&self) -> impl Iterator<Item = (Tone, &str)> {
        self.pieces.iter().map(|(tone, text)| (*tone, text.as_str()))
    }

    /// The line as text, without its end.
    pub(super) fn text(&self, style: &Style) -> String {
        let mut out = String::new();
        self.write(style, &mut out);
        out.trim_end_matches('\n').to_owned()
    }

    /// Writes the line and its end, without blanks before the end.
    pub(super) fn write(&self, style: &Style, out: &mut String) {
        let last = self.pieces.iter().rposition(|(_, text)| !text.trim_end_matches(' ').is_empty());
        let shown = last.map_or(0, |last| last + 1);
        for (position, (tone, text)) in self.pieces.iter().take(shown).enumerate() {
            let text = if position + 1 == shown { text.trim_end_matches(' ') } else { text };
            let ansi = tone.ansi();
            if style.color && !ansi.is_plain() {
                out.push_str(&format!("{ansi}{text}{ansi:#}"));
            } else {
                out.push_str(text);
            }
        }
        out.push('\n');
    }
}

/// Breaks prose into lines of at most `width` columns, at blanks; a longer word stays whole.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    wrap_words(text.split(' ').filter(|word| !word.is_empty()), width)
}

/// The same of words that may have blanks in them.
pub(super) fn wrap_words<'a>(words: impl Iterator<Item = &'a str>, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        let word = &*visible::escape(word);
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Wraps lines of prose that begin in the column `indent`. Commands and values in backticks stay whole, and so do
/// lines that are indented already, or that show a usage.
pub fn wrap_lines(text: &str, indent: usize, width: usize) -> String {
    let gap = format!("\n{}", " ".repeat(indent));
    let wrapped = text.lines().map(|line| match line.starts_with(' ') || line.starts_with("Usage: ") {
        true => visible::escape(line).into_owned(),
        false => wrap_words(whole_words(line).into_iter(), width.saturating_sub(indent)).join(&gap),
    });
    wrapped.collect::<Vec<_>>().join("\n")
}

/// The words of a line; blanks between backticks do not part.
fn whole_words(line: &str) -> Vec<&str> {
    let mut is_quoted = false;
    let words = line.split(move |c| {
        is_quoted ^= c == '`';
        c == ' ' && !is_quoted
    });
    words.filter(|word| !word.is_empty()).collect()
}

/// `1 change`, `2 changes`.
pub fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {one}s", grouped(number)) }
}

/// The numbers that are not 0, each with its noun: `1 change`, `2 risks`.
pub(super) fn counted(numbers: &[(usize, &str)]) -> Vec<String> {
    numbers.iter().filter(|(number, _)| *number > 0).map(|(number, one)| count(*number, one)).collect()
}

/// The numbers that are not 0, each before its word: `1 added, 2 removed`.
pub(super) fn numbered(numbers: &[(usize, &str)]) -> String {
    let numbers = numbers.iter().filter(|(number, _)| *number > 0);
    numbers.map(|(number, word)| format!("{number} {word}")).collect::<Vec<_>>().join(", ")
}

/// The first names of a list, and a sign that there are more.
pub fn first_of<T: AsRef<str>>(names: impl ExactSizeIterator<Item = T>, most: usize) -> String {
    let more = if names.len() > most { ", …" } else { "" };
    let names: Vec<T> = names.take(most).collect();
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    names.join(", ") + more
}

/// A number with its thousands apart.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The most documents that one list of calls names.
const NAMED: usize = 4;

/// The names of calls in their order, as a sentence takes them: of several alike, how many, and for which documents.
pub fn operations(calls: &[DocumentCall]) -> String {
    operations_with(calls, |path| format!("`{path}`"))
}

/// The same with paths in another form.
pub(super) fn operations_with(calls: &[DocumentCall], shown: impl Fn(&Path) -> String) -> String {
    let run = |run: &[DocumentCall]| match run {
        [DocumentCall { operation, path: Some(path) }] => format!("{operation} of {}", shown(path)),
        [DocumentCall { operation, path: None }] => operation.to_string(),
        run => {
            let name = run.first().map_or("", |first| first.operation.name);
            let paths: Vec<String> = run.iter().filter_map(|call| Some(shown(call.path.as_ref()?))).collect();
            let of = if paths.is_empty() { "" } else { &format!(": {}", first_of(paths.iter(), NAMED)) };
            format!("{name} ({} times{of})", run.len())
        }
    };
    calls.chunk_by(|one, other| one.operation == other.operation).map(run).collect::<Vec<_>>().join(", then ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_measured_by_what_is_seen_and_coloured_after() {
        let line = Line::indented(2).with(Tone::Added, "é漢\u{1b}").with(Tone::Plain, "  ");
        assert_eq!(line.width(), 2 + 1 + 2 + 6 + 2);
        let mut out = String::new();
        line.write(&Style { color: true, unicode: true, width: 80 }, &mut out);
        assert_eq!(out, "  \u{1b}[32mé漢\\u001b\u{1b}[0m\n");
    }

    #[test]
    fn commands_in_prose_stay_on_one_line() {
        let text = "run `poolctl plan --save x`, then go\n  a: b\nend";
        assert_eq!(wrap_lines(text, 2, 12), "run\n  `poolctl plan --save x`,\n  then go\n  a: b\nend");
    }

    #[test]
    fn prose_breaks_at_blanks_and_words_stay_whole() {
        assert_eq!(wrap("a bc def averylongword x", 6), ["a bc", "def", "averylongword", "x"]);
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
