//! How one text is written: plain where every reader takes it for that text, else in quotes or as a
//! block.

use crate::document::hidden::{brackets, head, is_hidden};

/// The words that some reader of YAML 1.1 or 1.2 takes for something else than text.
const WORDS: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];

/// Where a text stands: what ends it there must not be in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// On a line of its own, or behind a key.
    Block,
    /// Between the brackets of a list, or as a key.
    Inside,
}

/// The text on one line: as it is where that is safe, else in quotes.
pub(super) fn inline(text: &str, place: Place) -> String {
    if is_plain(text, place) {
        return text.to_owned();
    }
    let visible = !text.contains(needs_escape) && brackets(text).next().is_none();
    match visible && text.contains(['"', '\\']) {
        true => format!("'{}'", text.replace('\'', "''")),
        false => escaped(text),
    }
}

/// The head and the lines of a literal block that reads as `text`; nothing where none does, or where
/// one line does.
///
/// The lines are without their indentation, which is to be two blanks.
pub(super) fn block(text: &str) -> Option<(String, Vec<&str>)> {
    let body = text.trim_end_matches('\n');
    let carried = text.contains('\n')
        && text.chars().all(|c| c == '\n' || c == '\t' || !needs_escape(c) || is_blank_of_text(c))
        && brackets(text).next().is_none()
        && text.split('\n').all(|line| head(line).is_none())
        // A last line of nothing but blanks reads as none.
        && body.rsplit('\n').next().is_some_and(|last| !last.trim_matches([' ', '\t']).is_empty());
    if !carried {
        return None;
    }
    // A reader takes the indentation from the first line; one that begins with a blank would mislead it.
    let indent = if body.starts_with([' ', '\t', '\n']) { "2" } else { "" };
    let chomp = match text.len() - body.len() {
        0 => "-",
        1 => "",
        _ => "+",
    };
    let lines = text.strip_suffix('\n').unwrap_or(text).split('\n').collect();
    Some((format!("|{indent}{chomp}"), lines))
}

/// Whether a reader of YAML 1.1 or 1.2 takes the bare text for this very text.
fn is_plain(text: &str, place: Place) -> bool {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return false };
    let begins = first.is_alphanumeric() || !first.is_ascii() || matches!(first, '_' | '/' | '(' | '<');
    let ends = text.contains(": ") || text.contains(" #") || text.ends_with([':', ' ']);
    let inside = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | '/' | '@' | '+');
    begins
        && !ends
        && !text.starts_with("<<")
        && !text.contains(needs_escape)
        && brackets(text).next().is_none()
        && (place == Place::Block || text.chars().all(inside))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
        && !is_like_a_number(text)
}

/// Whether the text could be a number, a time or a date: `0x1F`, `1_000`, `12e3`, `1:20`, `2026-11-23`.
fn is_like_a_number(text: &str) -> bool {
    let part = |c: char| c.is_ascii_hexdigit() || "_.:,+-xXoOtTzZ ".contains(c);
    text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(part)
}

/// Whether a character is one that a reader, or a person who reads, may not see as it is.
fn needs_escape(c: char) -> bool {
    is_hidden(c) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// Whether this is a blank that texts are set with, and that a block carries as it is.
fn is_blank_of_text(c: char) -> bool {
    c.is_whitespace() && !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}')
}

/// The text in double quotes, on one line.
fn escaped(text: &str) -> String {
    format!("\"{}\"", inside(text))
}

/// The lines of a text in double quotes that no block carries, each of its lines on one of its own. None if it
/// has one line.
///
/// A backslash at the end of a line keeps the break out of the text, and a reader drops the blanks that a line
/// begins with.
pub(super) fn quoted_lines(text: &str) -> Option<Vec<String>> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (last, _) = lines.split_last().filter(|(_, before)| !before.is_empty())?;
    let written = |line: &&str| {
        let mut text = inside(line);
        if let Some(at) = head(&text) {
            text.replace_range(at..=at, &format!("\\x{:02X}", text.as_bytes()[at]));
        }
        let blank = if text.starts_with(' ') { "\\" } else { "" };
        let end = if std::ptr::eq(*line, *last) { '"' } else { '\\' };
        format!("{blank}{text}{end}")
    };
    Some(lines.iter().map(written).collect())
}

/// The text as it is between double quotes.
fn inside(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    let mut brackets = brackets(text).peekable();
    for (at, c) in text.char_indices() {
        match c {
            _ if brackets.next_if_eq(&at).is_some() => out.push_str("\\x5B"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if !needs_escape(c) => out.push(c),
            c if u32::from(c) < 0x100 => out.push_str(&format!("\\x{:02X}", u32::from(c))),
            c if u32::from(c) < 0x10000 => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push_str(&format!("\\U{:08X}", u32::from(c))),
        }
    }
    out
}

/// A comment's line, with nothing in it that would end it or that nobody sees.
pub(super) fn comment(line: &str) -> String {
    let mut brackets = brackets(line).peekable();
    let mut seen = |(at, c)| brackets.next_if_eq(&at).is_none() && !needs_escape(c);
    line.char_indices().map(|of| if seen(of) { of.1 } else { '\u{fffd}' }).collect()
}
