//! References in a scalar's text: `${var:…}`, `${secret:…}`, `${file:…}`, `${base64:…}`, and `$${` for a `${` of its own.

use std::ops::Range;

/// A stretch of a scalar's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Literal text.
    Text(&'a str),
    /// A reference to another text.
    Reference(Reference<'a>),
}

/// What a text refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference<'a> {
    pub(super) kind: ReferenceKind,
    /// The name, or the path.
    pub(super) name: &'a str,
    /// Its default.
    pub(super) default: Option<&'a str>,
}

/// The kinds of reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ReferenceKind {
    /// A value that the caller gives.
    Variable,
    /// A value that the caller gives and that nobody may see.
    Secret,
    /// The text of a file.
    File,
    /// The bytes of a file, in base64.
    Base64,
}

impl ReferenceKind {
    /// The word before the colon.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Variable => "var",
            Self::Secret => "secret",
            Self::File => "file",
            Self::Base64 => "base64",
        }
    }

    const ALL: [Self; 4] = [Self::Variable, Self::Secret, Self::File, Self::Base64];
}

/// What is wrong with a reference, what to do, and where in the text it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    pub(super) message: String,
    pub(super) help: &'static str,
    pub(super) span: Range<usize>,
}

/// Whether a text may hold a reference or an escape: most hold neither.
pub(super) fn is_any_in(text: &str) -> bool {
    text.contains("${")
}

/// A text's pieces, in their order.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece<'_>>, Malformed> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        // The dollar before it says that this is none.
        if rest[..at].ends_with('$') {
            pieces.push(Piece::Text(&rest[..at - 1]));
            pieces.push(Piece::Text("${"));
            rest = &rest[at + 2..];
            continue;
        }
        pieces.push(Piece::Text(&rest[..at]));
        let inside = &rest[at + 2..];
        let start = text.len() - inside.len() - 2;
        let end = inside.find('}').ok_or_else(|| Malformed {
            message: "a reference has no `}`".to_owned(),
            help: "add the `}`, or write `$${` for a literal `${`",
            span: start..text.len(),
        })?;
        let span = start..start + end + 3;
        let reference = reference(&inside[..end]).map_err(|(message, help)| Malformed {
            message,
            help,
            span: span.clone(),
        })?;
        pieces.push(Piece::Reference(reference));
        rest = &inside[end + 1..];
    }
    pieces.push(Piece::Text(rest));
    pieces.retain(|piece| *piece != Piece::Text(""));
    Ok(pieces)
}

fn reference(inside: &str) -> Result<Reference<'_>, (String, &'static str)> {
    let forms = "write `${var:NAME}`, `${secret:NAME}`, `${file:PATH}` or `${base64:PATH}`, or `$${` for a literal `${`";
    // The text may be a secret that somebody wrote in this way.
    let unknown = || ("this is not a reference".to_owned(), forms);
    let (kind, rest) = inside.split_once(':').ok_or_else(unknown)?;
    let known = ReferenceKind::ALL.into_iter().find(|known| known.word() == kind);
    // A short word of small letters is no secret.
    let is_word = kind.len() <= 12 && !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase());
    let unknown_kind = || match is_word {
        true => (format!("unknown reference kind `{kind}`"), forms),
        false => unknown(),
    };
    let known = known.ok_or_else(unknown_kind)?;
    let name = rest.split_once(":-").map_or(rest, |(name, _)| name);
    if name.contains("${") {
        let message = format!("`${{{kind}:…}}` contains another reference");
        let help = "references do not nest: write the name in full; if it differs between stages, write the line into the manifest of each stage";
        return Err((message, help));
    }
    match known {
        ReferenceKind::File | ReferenceKind::Base64 if rest.is_empty() => {
            Err((format!("`${{{kind}:}}` names no file"), forms))
        }
        kind @ (ReferenceKind::File | ReferenceKind::Base64) => {
            Ok(Reference { kind, name: rest, default: None })
        }
        kind => {
            let (name, default) = match rest.split_once(":-") {
                Some((name, default)) => (name, Some(default)),
                None => (rest, None),
            };
            if !is_name(name) {
                let message = match kind {
                    ReferenceKind::Secret => format!("`{name}` is not a secret's name"),
                    _ => format!("`{name}` is not a variable name"),
                };
                return Err((message, "use letters, digits and `_`, and no digit at the beginning"));
            }
            if default.is_some_and(|default| default.contains("${")) {
                let message = "a default cannot contain a reference".to_owned();
                return Err((message, "write a literal text, or set the variable"));
            }
            if kind == ReferenceKind::Secret && default.is_some() {
                let message = format!("`${{secret:{name}}}` cannot have a default");
                return Err((message, "remove the default: secrets do not belong in a file"));
            }
            Ok(Reference { kind, name, default })
        }
    }
}

/// Whether this can be a variable's name; it is part of one of the environment's.
pub fn is_name(text: &str) -> bool {
    let first = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    first && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A text as a part of a variable's name.
pub fn as_name(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let pieces = pieces(text).unwrap();
        let shown = pieces.into_iter().map(|piece| match piece {
            Piece::Text(text) => text.to_owned(),
            Piece::Reference(Reference { kind, name, default }) => {
                format!("<{} {name} {default:?}>", kind.word())
            }
        });
        shown.collect()
    }

    #[test]
    fn a_text_is_taken_apart_at_its_references() {
        assert_eq!(read("plain $5 {####} $ {x}"), ["plain $5 {####} $ {x}"]);
        assert_eq!(
            read("a-${var:stage}-${file:t/x y.html}"),
            ["a-", "<var stage None>", "-", "<file t/x y.html None>"]
        );
        assert_eq!(read("${var:a:-b:-c}${var:d:-}"), [r#"<var a Some("b:-c")>"#, r#"<var d Some("")>"#]);
        assert_eq!(read("${secret:KEY_2}"), ["<secret KEY_2 None>"]);
        assert_eq!(read("${base64:a:-b.png}"), ["<base64 a:-b.png None>"]);
    }

    #[test]
    fn two_dollars_stand_for_one_before_a_brace_and_nowhere_else() {
        for (text, expected) in
            [("$${x}", "${x}"), ("a$$${var:x", "a$${var:x"), ("$$5", "$$5"), ("$$", "$$"), ("é$${", "é${")]
        {
            assert_eq!(read(text).concat(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_reference_is_pointed_at() {
        for (text, message, span) in [
            ("é ${x}", "this is not a reference", 3..7),
            ("${env:HOME}", "unknown reference kind `env`", 0..11),
            ("${gE7heim:x}", "this is not a reference", 0..12),
            ("a${var:x", "a reference has no `}`", 1..8),
            ("${var:}", "`` is not a variable name", 0..7),
            ("${var:a-b}", "`a-b` is not a variable name", 0..10),
            ("${secret:a-b}", "`a-b` is not a secret's name", 0..13),
            ("${secret:A_${var:x}}", "`${secret:…}` contains another reference", 0..19),
            ("${file:${var:x}.html}", "`${file:…}` contains another reference", 0..15),
            ("${secret:x:-y}", "`${secret:x}` cannot have a default", 0..14),
            ("${file:}", "`${file:}` names no file", 0..8),
            ("${base64:}", "`${base64:}` names no file", 0..10),
            ("${var:x:-${var:y}}", "a default cannot contain a reference", 0..17),
        ] {
            let error = pieces(text).unwrap_err();
            assert_eq!((error.message.as_str(), error.span), (message, span), "{text}");
        }
    }
}
