//! The model's patterns, in Java's dialect, as JSON Schema has them: in ECMAScript's, with Unicode.

/// The same pattern for a whole text, or `None` if it cannot be translated: then the schema accepts any text.
pub(super) fn ecma(java: &str) -> Option<String> {
    let (java, all) = match java.strip_prefix("(?s)") {
        Some(rest) => (rest, r"[\s\S]"),
        // poolctl's own reader ends a line at this one character alone.
        None => (java, r"[^\n]"),
    };
    let mut out = String::new();
    let mut chars = java.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek() == Some(&'p') && in_class => {
                let category: String = chars.by_ref().skip(1).take(3).collect();
                out.push_str(category_of(&category)?);
            }
            '\\' => escape(chars.next()?, in_class, &mut out)?,
            // A class within a class, or the cut of two, is Java's alone.
            '[' if in_class => return None,
            '&' if in_class && chars.peek() == Some(&'&') => return None,
            '[' | ']' => {
                in_class = c == '[';
                out.push(c);
            }
            '(' if !in_class && chars.peek() == Some(&'?') => {
                chars.next();
                out.push_str(chars.next_if_eq(&':').map(|_| "(?:")?);
            }
            // A quantifier that gives nothing back.
            '+' if !in_class && out.ends_with(['+', '*', '?', '}']) && !out.ends_with(r"\}") => return None,
            '.' if !in_class => out.push_str(all),
            _ => out.push(c),
        }
    }
    Some(out)
}

/// A category of Unicode's between brackets, written out: not every reader of schemas knows categories.
///
/// Exact for ASCII. Beyond ASCII, the letters include every character except blanks, controls and invisible ones:
/// the schema accepts some characters that Cognito rejects.
fn category_of(category: &str) -> Option<&'static str> {
    match category {
        "{L}" => Some(concat!(
            r"a-zA-Z\u00A1-\u00AC\u00AE-\u167F\u1681-\u180D\u180F-\u1FFF\u2010-\u2027\u2030-\u205E",
            r"\u2070-\u2FFF\u3001-\uD7FF\uF900-\uFEFE\uFF00-\uFFEF",
            "\u{10000}-\u{DFFFF}"
        )),
        "{N}" => Some("0-9"),
        "{S}" => Some(r"$+<=>\^`|~"),
        "{P}" => Some(r##"!"#%&'()*,\-./:;?@\[\\\]_{}"##),
        "{M}" => Some(""),
        "{Z}" => Some(" "),
        _ => None,
    }
}

/// Translates the character after a backslash. Java's `\w`, `\d` and `\s` are ASCII's; ECMAScript's `\s` is not, and
/// other readers of schemas take all three for Unicode's.
fn escape(c: char, in_class: bool, out: &mut String) -> Option<()> {
    match c {
        's' if in_class => out.push_str(r"\t\n\x0B\f\r "),
        's' => out.push_str(r"[\t\n\x0B\f\r ]"),
        'S' if !in_class => out.push_str(r"[^\t\n\x0B\f\r ]"),
        'w' if in_class => out.push_str("a-zA-Z0-9_"),
        'w' => out.push_str("[a-zA-Z0-9_]"),
        'W' if !in_class => out.push_str("[^a-zA-Z0-9_]"),
        'd' if in_class => out.push_str("0-9"),
        'd' => out.push_str("[0-9]"),
        'D' if !in_class => out.push_str("[^0-9]"),
        't' | 'n' | 'r' | 'f' | 'x' | 'u' | 'p' | 'P' => out.extend(['\\', c]),
        '^' | '$' | '\\' | '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '/' => {
            out.extend(['\\', c]);
        }
        '-' if in_class => out.push_str(r"\-"),
        c if c.is_alphanumeric() => return None,
        c => out.push(c),
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::ecma;

    #[test]
    fn what_the_dialects_share_stays_and_what_differs_is_said_in_both() {
        for (java, expected) in [
            (r"[\w\s+=,.@-]+", Some(r"[a-zA-Z0-9_\t\n\x0B\f\r +=,.@-]+")),
            (r"\s*\d", Some(r"[\t\n\x0B\f\r ]*[0-9]")),
            (r".*\{####\}.*", Some(r"[^\n]*\{####\}[^\n]*")),
            ("(?s).*", Some(r"[\s\S]*")),
            (r"^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$", Some(r"^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$")),
            (r"[\p{N}\p{S}\p{P}\s]+", Some(r##"[0-9$+<=>\^`|~!"#%&'()*,\-./:;?@\[\\\]_{}\t\n\x0B\f\r ]+"##)),
            (r"[\p{Lu}]", None),
            (r"\#\-", Some("#-")),
            (r"^[0-9A-Za-z\.\-_]*(?<!\.)$", None),
            ("[a-z&&[^b]]", None),
            ("a++", None),
            (r"\Qa\E", None),
            ("(?i)a", None),
            (r"a\", None),
        ] {
            assert_eq!(ecma(java).as_deref(), expected, "{java}");
        }
    }
}
