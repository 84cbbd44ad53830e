//! The user and the password of URLs, which are printed nowhere.

use std::borrow::Cow;
use std::ops::Range;

use super::Json;

/// What a text or a quote may begin behind, or the URL in it.
const OPENING: &[char] = &['"', '\'', '`', '(', '[', '{', '<'];

/// The schemes whose addresses look like the user, the password and the host of a URL without a scheme.
const SCHEMES_OF_ADDRESSES: [&str; 7] = ["mailto", "sip", "sips", "xmpp", "acct", "im", "pres"];

/// The most characters of a user and a password without a scheme. A text may have any number of `@`.
const LONGEST: usize = 500;

/// Where in a text a URL has a user and a password, each with the `@` behind it, from the first to the last.
///
/// Where a password has signs in it that end the host, the last `@` of the word counts: rather more is left out
/// than less. A URL without a scheme has a user and a password, and a port or a path behind its host: without these it
/// looks like `key:value@host` or like an address of e-mail.
pub fn userinfos(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    if text.contains('@') {
        let mut found: Vec<_> =
            text.match_indices("//").filter_map(|(at, _)| behind_slashes(text, at)).collect();
        found.extend(text.match_indices('@').filter_map(|(at, _)| without_scheme(text, at)));
        found.sort_by_key(|range| range.start);
        for range in found {
            match all.last_mut().filter(|last| range.start < last.end) {
                // A password may look like a URL.
                Some(last) => last.end = last.end.max(range.end),
                None => all.push(range),
            }
        }
    }
    all.into_iter()
}

/// The user and the password behind these slashes, if they follow a scheme or begin a word.
fn behind_slashes(text: &str, at: usize) -> Option<Range<usize>> {
    let has_scheme = text[..at].ends_with(':');
    if !has_scheme
        && !text[..at].ends_with(|c: char| c.is_whitespace() || c == '=' || OPENING.contains(&c))
        && at > 0
    {
        return None;
    }
    let start = at + 2;
    let word = text[start..].split(char::is_whitespace).next().unwrap_or_default();
    // An address of IPv6 begins so, and the pattern of a URL may; no user does.
    if word.starts_with('[') || is_host(quoted(word)) || is_host(word) {
        return None;
    }
    let end = word.rfind('@')?;
    (has_scheme || word[..end].contains(':')).then_some(start..start + end + 1)
}

/// The user and the password before this `@`, if a URL without a scheme and without slashes has them there.
fn without_scheme(text: &str, at: usize) -> Option<Range<usize>> {
    if !begins_with_place(&text[at + 1..]) {
        return None;
    }
    let ends =
        |c: char| c.is_whitespace() || OPENING.contains(&c) || matches!(c, '/' | '\\' | '?' | '#' | '&');
    let mut begins = at;
    for (before, c) in text[..at].char_indices().rev().take(LONGEST) {
        if ends(c) {
            break;
        }
        begins = before;
    }
    // That is in the path of a URL.
    if text[..begins].ends_with('/') {
        return None;
    }
    let (before, password) = text[begins..at].split_once(':')?;
    let is_of_user = |c: char| c.is_ascii_alphanumeric() || "._~%+-".contains(c);
    let user = &before[before.trim_end_matches(is_of_user).len()..];
    let is_address = SCHEMES_OF_ADDRESSES.iter().any(|scheme| user.eq_ignore_ascii_case(scheme));
    let start = begins + before.len() - user.len();
    (!user.is_empty() && !password.is_empty() && !is_address).then_some(start..at + 1)
}

/// Whether a text begins with a host that has a port or a path behind it.
fn begins_with_place(text: &str) -> bool {
    let is_of_host = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let rest = match text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        Some((address, rest)) if address.contains(':') => rest,
        _ => {
            let rest = text.trim_start_matches(is_of_host);
            let host = &text[..text.len() - rest.len()];
            let labels: Vec<&str> = host.split('.').collect();
            let is_number = |label: &&str| label.bytes().all(|byte| byte.is_ascii_digit());
            let is_address = labels.len() == 4 && labels.iter().all(is_number);
            let is_name =
                labels.last().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_alphabetic()));
            let is_host = is_address || is_name && (labels.len() > 1 || host == "localhost");
            if !is_host || labels.iter().any(|label| label.is_empty()) {
                return false;
            }
            rest
        }
    };
    rest.starts_with('/')
        || rest.strip_prefix(':').is_some_and(|port| port.starts_with(|c: char| c.is_ascii_digit()))
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
        out.push_str(&text[end..start]);
        end = next;
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
        Json::Object(members) => {
            members.iter().any(|(name, value)| userinfos(name).next().is_some() || has_userinfo(value))
        }
        _ => false,
    }
}

/// The value as it is printed: its URLs are without their users and passwords.
pub fn printable(value: &Json) -> Cow<'_, Json> {
    match has_userinfo(value) {
        true => Cow::Owned(without_userinfos(value)),
        false => Cow::Borrowed(value),
    }
}

fn without_userinfos(value: &Json) -> Json {
    match value {
        Json::String(text) => Json::from(without_userinfo(text).into_owned()),
        Json::Array(elements) => elements.iter().map(without_userinfos).collect(),
        Json::Object(members) => {
            let shown = |(name, value): (&String, &Json)| {
                (without_userinfo(name).into_owned(), without_userinfos(value))
            };
            members.iter().map(shown).collect()
        }
        value => value.clone(),
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
            ("//user:PW@host/x", "//host/x"),
            ("see //user:PW@host", "see //host"),
            ("href=\"//user:p@ss@host/x\"", "href=\"//host/x\""),
            ("//cdn.example.com/@scope/a:b@c.example/", "//cdn.example.com/@scope/a:b@c.example/"),
            ("//todo a:b@c.example/", "//todo c.example/"),
            ("//me@host", "//me@host"),
            ("// see a@b.example", "// see a@b.example"),
            ("user:PW@h.example.com/x", "h.example.com/x"),
            ("user:p@ss@h.example.com/x", "h.example.com/x"),
            ("user:p,w=x@h.example.com/x", "h.example.com/x"),
            (
                "[\"user:PW@h.example.com:8443\",\"b:PW@localhost/\"]",
                "[\"h.example.com:8443\",\"localhost/\"]",
            ),
            ("https://host/?next=user:PW@127.0.0.1/", "https://host/?next=127.0.0.1/"),
            ("a user:PW@[::1]:80", "a [::1]:80"),
            ("key: value@x.example/y", "key: value@x.example/y"),
            ("key:value@x.example", "key:value@x.example"),
            ("write to me@x.example/y", "write to me@x.example/y"),
            ("mailto:me@x.example/y", "mailto:me@x.example/y"),
            ("<a href='mailto:me@x.example/'>", "<a href='mailto:me@x.example/'>"),
            ("SIP:me@x.example:5060", "SIP:me@x.example:5060"),
            ("git@github.com:owner/name", "git@github.com:owner/name"),
            ("https://host/npm:a@b.example/", "https://host/npm:a@b.example/"),
            ("image:tag@sha256:0123", "image:tag@sha256:0123"),
            (
                "arn:aws:ses:eu-west-1:1:identity/a@b.example/",
                "arn:aws:ses:eu-west-1:1:identity/a@b.example/",
            ),
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
        let names = json!({"https://a:PW@host/x": {"//a:PW@host": 1}, "a@host": 2});
        assert_eq!(*printable(&names), json!({"https://host/x": {"//host": 1}, "a@host": 2}));
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
