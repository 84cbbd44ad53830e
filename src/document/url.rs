//! The user and the password of URLs, which are printed nowhere.

use std::borrow::Cow;
use std::ops::Range;

use super::{Json, json};

/// Where in a text a URL has a user and a password, each with the `@` behind it.
///
/// Where a password has signs in it that end the host, the last `@` of the word counts: rather more is left out
/// than less.
pub fn userinfos(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices("://").filter_map(|(at, scheme)| {
        let start = at + scheme.len();
        let word = text[start..].split(char::is_whitespace).next().unwrap_or_default();
        // An address of IPv6 begins so, and the pattern of a URL may; no user does.
        if word.starts_with('[') || is_host(quoted(word)) || is_host(word) {
            return None;
        }
        Some(start..start + word.rfind('@')? + 1)
    })
}

/// What comes before the mark that ends a URL in JSON or HTML, or the whole word. A quote alone may be part of a password.
fn quoted(word: &str) -> &str {
    let ends = ["\",", "\"}", "\"]", "\">", "<", ">"].iter().filter_map(|mark| word.find(mark));
    let word = word.strip_suffix('"').unwrap_or(word);
    ends.min().and_then(|end| word.get(..end)).unwrap_or(word)
}

/// Whether the beginning of a URL behind its scheme is a host, with or without a port.
fn is_host(word: &str) -> bool {
    let authority = word.split(['/', '?', '#']).next().unwrap_or_default();
    let port = authority.rsplit_once(':').map_or("0", |(_, port)| port);
    !authority.contains('@') && !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// The text with its URLs without their users and passwords.
pub fn without_userinfo(text: &str) -> Cow<'_, str> {
    let mut userinfos = userinfos(text).peekable();
    if userinfos.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for Range { start, end: next } in userinfos {
        // A password may look like a URL.
        if next > end {
            out.push_str(text.get(end..start).unwrap_or_default());
            end = next;
        }
    }
    Cow::Owned(out + &text[end..])
}

/// Takes the users and passwords out of the URLs of a text.
pub fn strip_userinfo(text: &mut String) {
    if let Some(bare) = bare(text) {
        *text = bare;
    }
}

/// A text without the users and passwords of its URLs; `None` if it has none.
fn bare(text: &str) -> Option<String> {
    match without_userinfo(text) {
        Cow::Owned(bare) => Some(bare),
        Cow::Borrowed(_) => None,
    }
}

/// Whether a text in the value has a URL with a user or a password.
pub fn has_userinfo(value: &Json) -> bool {
    match value {
        Json::String(text) => userinfos(text).next().is_some(),
        Json::Array(elements) => elements.iter().any(has_userinfo),
        Json::Object(members) => members.values().any(has_userinfo),
        _ => false,
    }
}

/// The value as it is printed: its URLs are without their users and passwords.
pub fn printable(value: &Json) -> Cow<'_, Json> {
    match has_userinfo(value) {
        true => Cow::Owned(json::with_texts(value, &bare)),
        false => Cow::Borrowed(value),
    }
}

/// What is meant for a URL and may be none, without its beginning up to an `@`.
pub fn without_beginning(url: &str) -> Cow<'_, str> {
    url.rsplit_once('@').map_or(Cow::Borrowed(url), |(_, host)| Cow::Owned(format!("…@{host}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_url_is_left_with_its_host() {
        for (text, expected) in [
            ("http://user:PW@127.0.0.1:1/", "http://127.0.0.1:1/"),
            ("at https://user@host, and https://a:b@c/d", "at https://host, and https://c/d"),
            ("https://user:p@ss@host/x", "https://host/x"),
            ("https://user:pa/ss@host/x", "https://host/x"),
            ("https://user:pa#ss?@host/x", "https://host/x"),
            ("https://a:b://c@d@host", "https://host"),
            ("https://user:p\"a<s>s@host/x", "https://host/x"),
            ("https://host:8443/a@b", "https://host:8443/a@b"),
            ("http://[::1]:4566/", "http://[::1]:4566/"),
            ("http://[::1]/a@b", "http://[::1]/a@b"),
            ("like ^https://[!$-;=@-\\[\\]_a-z~]+$", "like ^https://[!$-;=@-\\[\\]_a-z~]+$"),
            ("https://me:PW@[::1]:1/", "https://[::1]:1/"),
            ("mail a@b.example", "mail a@b.example"),
            ("://", "://"),
        ] {
            assert_eq!(without_userinfo(text), expected, "{text}");
        }
    }

    #[test]
    fn a_value_is_printed_without_the_passwords_of_its_urls() {
        let secret =
            json!({"url": " https://a:PW@host/x", "urls": ["app://a:PW@host", "https://host/@"], "port": 1});
        let shown = json!({"url": " https://host/x", "urls": ["app://host", "https://host/@"], "port": 1});
        assert_eq!(*printable(&secret), shown);
        for text in [
            "<a href=\"https://host\">me@host</a>",
            "see https://host or a@host",
            "a@host",
            "<https://host>a@b",
        ] {
            assert_eq!(*printable(&json!(text)), json!(text));
        }
        for (text, shown) in [
            ("see https://a:PW@host/x y", "see https://host/x y"),
            ("{####}\n<https://a:PW@host/>\n", "{####}\n<https://host/>\n"),
            (r#"["https://host","https://a:PW@host"]"#, r#"["https://host","https://host"]"#),
        ] {
            assert_eq!(*printable(&json!(text)), json!(shown));
        }
    }
}
