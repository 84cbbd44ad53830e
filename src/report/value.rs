//! How a value is written: bare where nothing else could be meant, as JSON otherwise.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use super::{image, visible};
use crate::document::url::printable;
use crate::document::{Json, json};

/// The widest value that shares a line with its name.
const SHORT: usize = 60;

/// The value on one line, without line breaks whatever it holds.
pub(super) fn inline(value: &Json) -> String {
    let value = &*printable(value);
    let text = match value {
        Json::String(text) if is_plain(text) => image::described(text).unwrap_or_else(|| text.clone()),
        Json::Array(_) | Json::Object(_) => json::spaced(&image::without_bytes(value)),
        scalar => scalar.to_string(),
    };
    visible::escape(&text).into_owned()
}

/// The value on one line with at most some `limit` characters.
pub(super) fn clipped(value: &Json, limit: usize, ellipsis: &str) -> String {
    visible::shorten(&inline(value), limit, ellipsis).into_owned()
}

/// Whether the value is short enough to share a line with its name.
pub(super) fn is_short(value: &Json) -> bool {
    let several_lines = |text: &str| text.trim_end_matches('\n').contains('\n');
    let text = value.as_str().filter(|text| several_lines(text));
    text.is_none() && inline(value).width() <= SHORT
}

/// The value as text to be read line by line: a string as it is, anything else as indented JSON.
pub(super) fn text(value: &Json) -> Cow<'_, str> {
    match (value, printable(value)) {
        (Json::String(text), Cow::Borrowed(_)) => {
            image::described(text).map_or(Cow::Borrowed(text), Cow::Owned)
        }
        (Json::String(_), Cow::Owned(Json::String(bare))) if !is_short(value) => Cow::Owned(bare),
        (Json::String(_), Cow::Owned(bare)) => Cow::Owned(inline(&bare)),
        (value, _) if is_short(value) => Cow::Owned(inline(value)),
        (_, value) => Cow::Owned(visible::json(&image::without_bytes(&value)).trim_end().to_owned()),
    }
}

/// Whether the text cannot be taken for anything but itself when it stands without quotes.
fn is_plain(text: &str) -> bool {
    let blank = |c: char| c.is_whitespace();
    let word = ["true", "false", "null", "~"].iter().any(|word| text.eq_ignore_ascii_case(word));
    !(text.is_empty()
        || word
        || text.parse::<f64>().is_ok()
        || text.starts_with(blank)
        || text.ends_with(blank)
        || text.starts_with(['"', '\'', '[', '{', '('])
        || ["  ", "→", "->"].iter().any(|mark| text.contains(mark))
        || text.contains(visible::is_hidden))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_string_is_bare_only_where_it_is_unmistakable() {
        for (value, shown) in [
            (json!("ON"), "ON"),
            (
                json!("arn:aws:lambda:eu-west-1:111122223333:function:f"),
                "arn:aws:lambda:eu-west-1:111122223333:function:f",
            ),
            (json!("Your code is {####}"), "Your code is {####}"),
            (json!("4711"), r#""4711""#),
            (json!("1e3"), r#""1e3""#),
            (json!("True"), r#""True""#),
            (json!("null"), r#""null""#),
            (json!(""), r#""""#),
            (json!(" x"), r#"" x""#),
            (json!("a  b"), r#""a  b""#),
            (json!("a → b"), r#""a → b""#),
            (json!("(sensitive)"), r#""(sensitive)""#),
            (json!("a\u{1b}[31m\u{202e}"), r#""a\u001b[31m\u202e""#),
            (json!("a\n"), r#""a\n""#),
            (json!(8), "8"),
            (json!(false), "false"),
            (json!(null), "null"),
            (json!({"a": [1, "2"], "b": {}}), r#"{"a": [1, "2"], "b": {}}"#),
        ] {
            assert_eq!(inline(&value), shown);
        }
    }

    #[test]
    fn an_image_is_shown_by_its_kind_its_size_and_its_digest() {
        let shown = "(PNG image, 8 bytes, SHA-256 4c4b6a3b)";
        assert_eq!(inline(&json!("iVBORw0KGgo=")), shown);
        assert_eq!(inline(&json!([{"Bytes": "iVBORw0KGgo="}])), format!(r#"[{{"Bytes": "{shown}"}}]"#));
        assert_eq!(text(&json!("iVBORw0KGgo=")), shown);
        assert_eq!(inline(&json!("AAAA")), "AAAA");
    }

    #[test]
    fn text_of_several_lines_is_never_beside_its_name() {
        assert!(is_short(&json!("a\n")) && !is_short(&json!("a\nb")));
        assert!(!is_short(&json!("a".repeat(61))));
        assert_eq!(clipped(&json!("abcdefghij"), 4, "…"), "abc…j");
    }
}
