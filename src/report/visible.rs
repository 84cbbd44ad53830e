//! Text of others, made visible: no character that a terminal obeys, or hides, is printed as it is.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether `c` would be obeyed by a terminal, or not be seen by a reader, though it is not a blank.
///
/// These are the controls (C0, C1, DEL), what turns the direction of writing, and what has no ink or
/// looks like a blank and is none.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{a0}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{1680}'
            | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2000}'..='\u{200f}'
            | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Whether the text is blanks and ASCII with ink alone, as most texts are: nothing of it is hidden, and each
/// byte takes a column.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// The text with each hidden character as a JSON escape.
pub fn escape(text: &str) -> Cow<'_, str> {
    if is_plain(text) || !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) => push_escaped(c, &mut out),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Rendered JSON with each hidden character but the line breaks as an escape: the same JSON, since
/// such characters stand in it only inside strings.
pub(super) fn escape_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c != '\n' && is_hidden(c) => push_escaped(c, &mut out),
            c => out.push(c),
        }
    }
    out
}

fn push_escaped(c: char, out: &mut String) {
    let mut units = [0; 2];
    for unit in c.encode_utf16(&mut units) {
        let _ = write!(out, "\\u{unit:04x}");
    }
}

/// The text with at most some `limit` characters: where it has more, its middle is left out.
pub(super) fn shorten<'a>(text: &'a str, limit: usize, ellipsis: &str) -> Cow<'a, str> {
    let (head, tail) = (limit * 3 / 4, limit / 4);
    let length = text.chars().count();
    if length <= limit {
        return Cow::Borrowed(text);
    }
    let byte = |at: usize| text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte);
    Cow::Owned(format!("{}{ellipsis}{}", &text[..byte(head)], &text[byte(length - tail)..]))
}

/// A part of a line of text as a reader sees it.
///
/// `end` is where the line's trailing blanks begin, as an offset into the part. In a line that
/// `changed`, tabs, carriage returns and trailing blanks get a sign of their own, for they may be what
/// has changed.
pub(super) fn show(part: &str, end: usize, changed: bool, unicode: bool) -> String {
    let mut out = String::with_capacity(part.len());
    for (at, c) in part.char_indices() {
        match c {
            '\t' if changed && unicode => out.push_str("⇥   "),
            '\t' if changed => out.push_str("<TAB>"),
            '\t' => out.push_str("    "),
            '\r' if !changed && at >= end => {}
            '\r' if unicode => out.push('␍'),
            '\r' => out.push_str("<CR>"),
            ' ' if changed && at >= end && unicode => out.push('·'),
            ' ' if changed && at >= end => out.push_str("<SP>"),
            c if is_hidden(c) => drop(write!(out, "<U+{:04X}>", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_or_hides_is_left() {
        let hostile = "a\u{1b}[2J\u{9b}31m\u{7f}\u{202e}\u{200b}\u{a0}\u{e0041}b";
        assert_eq!(escape(hostile), r"a\u001b[2J\u009b31m\u007f\u202e\u200b\u00a0\udb40\udc41b");
        assert!(!show(hostile, hostile.len(), true, true).contains(is_hidden));
    }

    #[test]
    fn escaped_json_is_the_same_json() {
        let value = serde_json::json!({"a\u{9b}": "line\nbreak \u{1b} \u{202e} \u{e0041} é"});
        let text = escape_json(&serde_json::to_string_pretty(&value).unwrap());
        assert!(!text.contains(|c| c != '\n' && is_hidden(c)));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }

    #[test]
    fn blanks_that_may_have_changed_are_seen() {
        let line = "\ta b \t \r";
        assert_eq!(show(line, 4, true, true), "⇥   a b·⇥   ·␍");
        assert_eq!(show(line, 4, true, false), "<TAB>a b<SP><TAB><SP><CR>");
        assert_eq!(show(line, 4, false, true), "    a b      ");
    }
}
