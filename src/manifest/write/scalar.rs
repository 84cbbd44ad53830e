//! How one text is written: plain where every reader takes it for that text, else in quotes or as a
//! block.

/// The words that some reader of YAML 1.1 or 1.2 takes for something else than text.
const WORDS: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];

/// The longest form of one character in double quotes.
const ESCAPE: usize = 6;

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
    let visible = text.chars().all(|c| !needs_escape(c) && c != '\n' && c != '\t');
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
/// allow that; nothing where a block would not carry the text.
///
/// The lines are without their indentation.
pub(super) fn folded(text: &str, width: usize) -> Option<Vec<String>> {
    // Only a single blank between words becomes a line's end and comes back.
    if text.chars().any(needs_escape) || text.split(' ').any(str::is_empty) {
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
pub(super) fn quoted(text: &str, first: usize, width: usize) -> Vec<String> {
    let (mut line, mut lines) = ("\"".to_owned(), Vec::new());
    for piece in pieces(text, width.saturating_sub(2 * ESCAPE)) {
        let room = if lines.is_empty() { first } else { width };
        // The last character of a line is its backslash, or the closing quote.
        if line.chars().count() + piece.chars().count() < room {
            line.push_str(&piece);
            continue;
        }
        line.push('\\');
        // A blank in front would be taken for indentation.
        let start = piece.strip_prefix(' ').map(|rest| format!("\\x20{rest}"));
        lines.push(std::mem::replace(&mut line, start.unwrap_or(piece)));
    }
    line.push('"');
    lines.push(line);
    lines
}

/// A text's words as they stand in double quotes, each with the blank or line break behind it, and in parts
/// where it is much longer than `most` characters.
fn pieces(text: &str, most: usize) -> Vec<String> {
    let (mut piece, mut pieces) = (String::new(), Vec::new());
    for c in text.chars() {
        piece.push_str(&escape(c));
        if matches!(c, ' ' | '\n') || piece.chars().count() >= most {
            pieces.push(std::mem::take(&mut piece));
        }
    }
    pieces.push(piece);
    pieces
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
        && !text.chars().any(needs_escape)
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
    let turns_text = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let no_character = matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    c.is_control() || c.is_whitespace() && c != ' ' || turns_text || no_character
}

/// Whether this is a blank that texts are set with, and that a block carries as it is.
fn is_blank_of_text(c: char) -> bool {
    c.is_whitespace() && !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}')
}

/// The text in double quotes, on one line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    text.chars().for_each(|c| out.push_str(&escape(c)));
    out.push('"');
    out
}

/// A character as it stands in double quotes.
fn escape(c: char) -> String {
    match c {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        c if !needs_escape(c) => c.to_string(),
        c if u32::from(c) < 0x100 => format!("\\x{:02X}", u32::from(c)),
        c => format!("\\u{:04X}", u32::from(c)),
    }
}

/// A comment's line, with nothing in it that would end it or that nobody sees.
pub(super) fn comment(line: &str) -> String {
    line.chars().map(|c| if needs_escape(c) { '\u{fffd}' } else { c }).collect()
}
