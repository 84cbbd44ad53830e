//! How one text is written: plain where every reader takes it for that text, else in quotes or as a
//! block.

use crate::document::hidden::{brackets, head, is_hidden};

/// The words that some reader of YAML 1.1 or 1.2 takes for something else than text.
const WORDS: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];

/// The longest form of one character in double quotes.
const ESCAPE: usize = 6;

/// Where a text stands: what ends it there must not be in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScalarPlace {
    /// On a line of its own, or behind a key.
    Block,
    /// Between the brackets of a list, or as a key.
    Inside,
}

/// The text on one line: bare if that is safe, else in quotes.
pub(super) fn inline(text: &str, place: ScalarPlace) -> String {
    if is_plain(text, place) {
        return text.to_owned();
    }
    let visible = !text.contains(needs_escape) && brackets(text).next().is_none();
    match visible && text.contains(['"', '\\']) {
        true => format!("'{}'", text.replace('\'', "''")),
        false => escaped(text),
    }
}

/// The head and the lines of a literal block that parses as `text`; `None` if there is none, or if one line is
/// enough.
///
/// The lines have no indentation; it must be two spaces.
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

/// The lines of a folded block that reads as `text`, each of `width` characters at most where its words
/// allow that; `None` if a block cannot contain the text.
///
/// The lines are without their indentation.
pub(super) fn folded(text: &str, width: usize) -> Option<Vec<String>> {
    // Only a single blank between words becomes a line's end and comes back.
    let is_command = brackets(text).next().is_some() || text.split(' ').any(|word| word.starts_with("::"));
    if is_command || text.contains(needs_escape) || text.split(' ').any(str::is_empty) {
        return None;
    }
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    Some(lines)
}

/// The text in double quotes on lines of which the first has `first` characters at most, and each other one
/// `width`. A backslash ends each line but the last; the lines are without their indentation.
///
/// A text of several lines has each of them on lines of its own, below the first quote.
pub(super) fn quoted(text: &str, first: usize, width: usize) -> Vec<String> {
    let (mut line, mut lines) = ("\"".to_owned(), Vec::new());
    let has_lines = has_lines(text);
    for one in text.split_inclusive('\n') {
        if has_lines {
            line.push('\\');
            lines.push(std::mem::take(&mut line));
        }
        for piece in pieces(one, width.saturating_sub(2 * ESCAPE)) {
            let room = if lines.is_empty() { first } else { width };
            // The last character of a line is its backslash, or the closing quote.
            if line.is_empty() {
                line = at_start(piece);
            } else if line.chars().count() + piece.chars().count() < room {
                line.push_str(&piece);
            } else {
                line.push('\\');
                lines.push(std::mem::replace(&mut line, at_start(piece)));
            }
        }
    }
    line.push('"');
    lines.push(line);
    lines
}

/// Whether the text has more than one line.
pub(super) fn has_lines(text: &str) -> bool {
    text.split_inclusive('\n').nth(1).is_some()
}

/// A piece at the start of a line: a blank there would be taken for indentation, and colons for a command.
fn at_start(mut piece: String) -> String {
    // A later piece may turn the colons into a command.
    let colons = piece.trim_start().starts_with("::").then(|| piece.len() - piece.trim_start().len());
    if let Some(at) = colons.or_else(|| head(&piece)) {
        piece.replace_range(at..=at, &format!("\\x{:02X}", piece.as_bytes()[at]));
    }
    if piece.starts_with(' ') { format!("\\{piece}") } else { piece }
}

/// A text's words in double-quoted form, each with the following space or line break; a word much longer than
/// `most` characters is split.
fn pieces(text: &str, most: usize) -> Vec<String> {
    let (mut piece, mut length, mut pieces) = (String::new(), 0, Vec::new());
    let mut brackets = brackets(text).peekable();
    for (at, c) in text.char_indices() {
        let written = match brackets.next_if_eq(&at) {
            Some(_) => "\\x5B".to_owned(),
            None => escape(c),
        };
        length += written.chars().count();
        piece.push_str(&written);
        if matches!(c, ' ' | '\n') || length >= most {
            pieces.push(std::mem::take(&mut piece));
            length = 0;
        }
    }
    pieces.push(piece);
    pieces
}

/// Whether a reader of YAML 1.1 or 1.2 takes the bare text for this very text.
fn is_plain(text: &str, place: ScalarPlace) -> bool {
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
        && (place == ScalarPlace::Block || text.chars().all(inside))
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
    format!("\"{}\"", pieces(text, usize::MAX).concat())
}

/// A character in double-quoted form.
fn escape(c: char) -> String {
    match c {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        c if !needs_escape(c) => c.to_string(),
        c if u32::from(c) < 0x100 => format!("\\x{:02X}", u32::from(c)),
        c if u32::from(c) < 0x10000 => format!("\\u{:04X}", u32::from(c)),
        c => format!("\\U{:08X}", u32::from(c)),
    }
}

/// A comment's line, with nothing in it that would end it or that nobody sees.
pub(super) fn comment(line: &str) -> String {
    let mut brackets = brackets(line).peekable();
    let mut seen = |(at, c)| brackets.next_if_eq(&at).is_none() && !needs_escape(c);
    line.char_indices().map(|of| if seen(of) { of.1 } else { '\u{fffd}' }).collect()
}
