//! Text of others, made visible and harmless: no character that a terminal obeys, or hides, and no command to a
//! runner of CI is printed as it is.
//!
//! Every form and every message goes through here. What is escaped is the same everywhere, whether a terminal, a
//! pipe or a job reads it: [`crate::document::hidden`] says what. The escapes are those of JSON, so that JSON
//! stays the same JSON, and only the diff of a text has signs of its own ([`show`]).

use std::borrow::Cow;
use std::fmt::Write;

use serde::Serialize;

use crate::document::hidden::{brackets, head, is_harmless};
use crate::document::url::without_userinfo;

pub(super) use crate::document::hidden::is_hidden;

/// Whether the text has only blanks, visible ASCII and no URL with a password, like most texts. It needs no escapes, and
/// each byte takes a column.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'?' | b'A'..=b'~')) && !text.contains("##")
}

/// The text on one line, with each hidden character and the bracket of each command as a JSON escape, and without the
/// passwords of URLs: names have them too.
pub fn escape(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    match without_userinfo(text) {
        Cow::Borrowed(text) => escaped(text, |_| false),
        Cow::Owned(bare) => Cow::Owned(escaped(&bare, |_| false).into_owned()),
    }
}

/// The text of several lines that others may have a part in, each line escaped, and without the passwords of URLs.
pub fn escape_lines(text: &str) -> Cow<'_, str> {
    if let Cow::Owned(bare) = without_userinfo(text) {
        return Cow::Owned(escape_lines(&bare).into_owned());
    }
    match escaped(text, |c| c == '\n') {
        Cow::Borrowed(text) => printed(text),
        Cow::Owned(text) => Cow::Owned(printed(&text).into_owned()),
    }
}

/// The value as indented JSON, with a line break at its end: the same value, with nothing hidden in its text.
pub fn json(value: &impl Serialize) -> String {
    // No map of the types that are given has another key than a string, which is the one thing that can fail.
    escape_json(&serde_json::to_string_pretty(value).unwrap_or_default()).into_owned() + "\n"
}

/// The same on one line.
pub fn json_line(value: &impl Serialize) -> String {
    escape_json(&serde_json::to_string(value).unwrap_or_default()).into_owned() + "\n"
}

/// Rendered JSON with each hidden character but the line breaks, and the bracket of each command, as an escape:
/// the same JSON, since these stand in it only inside strings.
pub fn escape_json(text: &str) -> Cow<'_, str> {
    escaped(text, |c| c == '\n')
}

/// The text of a report, which may have our own colours in it, as it is printed: no line of it is a command, whatever
/// pieces the command is made of, and nothing but the colours and the line breaks is hidden.
pub fn printed(text: &str) -> Cow<'_, str> {
    if is_harmless(text, |c| c == '\n') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    text.split_inclusive('\n').for_each(|line| push_printed(line, &mut out));
    Cow::Owned(out)
}

/// Writes one line of a report. A reader of the log may see it without its colours, so that commands are looked for
/// in the line without them.
fn push_printed(line: &str, out: &mut String) {
    let (mut plain, mut places) = (String::new(), Vec::new());
    let mut at = 0;
    while let Some(c) = line[at..].chars().next() {
        let length = match color(&line[at..]) {
            0 => {
                plain.push(c);
                places.resize(plain.len(), at);
                c.len_utf8()
            }
            color => color,
        };
        at += length;
    }
    let armed: Vec<usize> = brackets(&plain).chain(head(&plain)).map(|at| places[at]).collect();
    let mut kept = 0;
    for (at, c) in line.char_indices() {
        kept = kept.max(at + color(&line[at..]));
        match at < kept || c == '\n' {
            true => out.push(c),
            false if is_hidden(c) || armed.contains(&at) => push_escaped(c, out),
            false => out.push(c),
        }
    }
}

/// The length of the colour that the text begins with.
fn color(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("\u{1b}[") else { return 0 };
    let inside = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').len();
    if rest[inside..].starts_with('m') { 2 + inside + 1 } else { 0 }
}

fn escaped(text: &str, keeps: fn(char) -> bool) -> Cow<'_, str> {
    let mut brackets = brackets(text).peekable();
    if brackets.peek().is_none() && !text.contains(|c| is_hidden(c) && !keeps(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        match brackets.next_if_eq(&at).is_some() || is_hidden(c) && !keeps(c) {
            true => push_escaped(c, &mut out),
            false => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn push_escaped(c: char, out: &mut String) {
    match c {
        '\n' => return out.push_str("\\n"),
        '\r' => return out.push_str("\\r"),
        '\t' => return out.push_str("\\t"),
        _ => {}
    }
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
    let mut brackets = brackets(part).peekable();
    for (at, c) in part.char_indices() {
        match c {
            c if brackets.next_if_eq(&at).is_some() => drop(write!(out, "<U+{:04X}>", u32::from(c))),
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
    fn no_piece_and_no_line_is_a_command() {
        assert_eq!(escape("a ##vso[task.x]b ##[group]"), r"a ##vso\u005btask.x]b ##\u005bgroup]");
        assert_eq!(show("##[x]", 5, true, true), "##<U+005B>x]");
        for (text, expected) in [
            ("  ::notice::x\n::a", "  \\u003a:notice::x\n::a"),
            ("--- a\n --- b", "\\u002d-- a\n --- b"),
            ("\u{1b}[31m::notice::x\u{1b}[0m", "\u{1b}[31m\\u003a:notice::x\u{1b}[0m"),
            ("\u{1b}[1;31m##\u{1b}[0m[x]\u{1b}[2J", "\u{1b}[1;31m##\u{1b}[0m\\u005bx]\\u001b[2J"),
            ("\u{1b}[3", "\\u001b[3"),
            ("plain ✓\n", "plain ✓\n"),
        ] {
            assert_eq!(printed(text), expected);
            assert_eq!(printed(expected), expected);
        }
        assert_eq!(escape_lines("a\n//u:pw@h: b"), "a\n//h: b");
        assert_eq!(escape_lines("a\u{1b}[8m\n::a::b\t\n"), "a\\u001b[8m\n\\u003a:a::b\\t\n");
    }

    #[test]
    fn escaped_json_is_the_same_json() {
        let value = serde_json::json!({
            "a\u{9b}##[b]": "line\nbreak \u{1b} \u{202e} \u{e0041} é ##vso[a.b]c \\##[d] \\u005b \t",
        });
        for text in [json(&value), json_line(&value)] {
            assert!(is_harmless(&text, |c| c == '\n'), "{text}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
        }
    }

    #[test]
    fn blanks_that_may_have_changed_are_seen() {
        let line = "\ta b \t \r";
        assert_eq!(show(line, 4, true, true), "⇥   a b·⇥   ·␍");
        assert_eq!(show(line, 4, true, false), "<TAB>a b<SP><TAB><SP><CR>");
        assert_eq!(show(line, 4, false, true), "    a b      ");
    }
}
