//! The user and the password of URLs, which are printed nowhere.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr3_iter;

use super::{Json, json};

/// What a text or a quote may begin behind, or the URL in it.
const OPENING: &[char] = &['"', '\'', '`', '(', '[', '{', '<'];

/// Where in a text a URL has a user and a password, each with the `@` behind it, from the first to the last.
///
/// Where a password has signs in it that end the host, the last `@` of the word counts: rather more is left out
/// than less. A quote that closes the URL ends the word. A browser takes a backslash for a slash, and needs none behind `https:`; a
/// path of a file has one there. A URL without a scheme begins with its slashes, and has a user and a password: without the
/// slashes it looks like `key:value@host/path`, and may be no URL at all.
pub fn userinfos(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let is_slash = |at: usize| matches!(bytes.get(at), Some(b'/' | b'\\'));
    let found = memchr3_iter(b'/', b'\\', b':', bytes).filter_map(move |at| match bytes[at] {
        b':' => (!(is_slash(at + 1) && is_slash(at + 2)) && is_web(&text[..at])).then_some(at + 1),
        _ => is_slash(at + 1).then_some(at),
    });
    // A password may look like a URL, and a word without an `@` has none.
    let (mut passed, mut word_end, mut last_mark) = (0, 0, 0);
    found.filter_map(move |at| {
        if at < passed {
            return None;
        }
        if at >= word_end {
            let word = text[at..].split(char::is_whitespace).next().unwrap_or_default();
            word_end = at + word.len();
            last_mark = at + word.rfind('@').unwrap_or_default();
        }
        if at >= last_mark {
            passed = word_end;
            return None;
        }
        let range = behind_slashes(text, at)?;
        passed = range.end;
        Some(range)
    })
}

/// Whether a text ends with the scheme of an address that browsers open.
fn is_web(before: &str) -> bool {
    ["http", "https"].iter().any(|scheme| {
        let start = before.len().checked_sub(scheme.len());
        start.and_then(|start| before.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(scheme))
    })
}

/// The user and the password behind the slashes that may be here, if they follow a scheme or begin a word.
fn behind_slashes(text: &str, at: usize) -> Option<Range<usize>> {
    let before = &text[..at];
    let has_scheme = before.ends_with(':');
    let begins = |c: char| c.is_whitespace() || c == '=' || OPENING.contains(&c);
    if !has_scheme && !before.is_empty() && !before.ends_with(begins) {
        return None;
    }
    let rest = text[at..].trim_start_matches(['/', '\\']);
    let start = text.len() - rest.len();
    let authority = rest.split(|c: char| c.is_whitespace() || "/?#".contains(c)).next();
    // An address of IPv6 begins so, and the pattern of a URL may; no user does.
    if rest.starts_with('[') || authority.is_some_and(is_host) {
        return None;
    }
    let word = closed(before, rest.split(char::is_whitespace).next().unwrap_or_default());
    if is_host(quoted(word)) || is_host(word) {
        return None;
    }
    let end = word.rfind('@')?;
    let is_marked = has_scheme && start >= at + 2;
    // A share of Windows has backslashes before an `@`.
    let is_share = !has_scheme && text[at..start].contains('\\') && word[..end].contains('\\');
    (is_marked || word[..end].contains(':') && !is_share).then_some(start..start + end + 1)
}

/// The word up to the quote that closes the one before the URL, if a user or a password comes before that. Such a quote is
/// followed by a sign that ends a value.
fn closed<'a>(before: &str, word: &'a str) -> &'a str {
    let scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '+' | '-' | '.');
    let quote = before.trim_end_matches(scheme).chars().next_back();
    let Some(quote) = quote.filter(|quote| matches!(quote, '"' | '\'' | '`')) else { return word };
    let ends = |at: &usize| {
        let after = word[at + 1..].chars().next();
        after.is_none_or(|c| matches!(c, ',' | ']' | '}' | ')' | '>' | ';')) && word[..*at].contains('@')
    };
    word.match_indices(quote).map(|(at, _)| at).find(ends).map_or(word, |end| &word[..end])
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
            ("https:/user:PW@host/x.yaml", "https:/host/x.yaml"),
            ("HTTP:user:PW@host and http:/a@b", "HTTP:host and http:/a@b"),
            (r"\\user:PW@host", r"\\host"),
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
            ("//todo a:b@c.example/", "//todo a:b@c.example/"),
            ("//me@host", "//me@host"),
            ("// see a@b.example", "// see a@b.example"),
            // Without slashes it may be anything.
            ("user:PW@h.example.com/x", "user:PW@h.example.com/x"),
            ("contact:bob@example.com:8080", "contact:bob@example.com:8080"),
            ("ssh:git@github.com/org/repo", "ssh:git@github.com/org/repo"),
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
            // A quote ends what it has begun.
            ("[\"https://u:p@a/x\",\"https://b/y@z\"]", "[\"https://a/x\",\"https://b/y@z\"]"),
            ("'https://u:p@a',me@b", "'https://a',me@b"),
            ("'https://u:p',w@a/'", "'https://a/'"),
            // A browser takes a backslash for a slash.
            (r"https:\\u:p@x", r"https:\\x"),
            (r"https:\/\/u:p@x/y", r"https:\/\/x/y"),
            (r"https:/\u:p@x", r"https:/\x"),
            ("https:///u:p@x", "https:///x"),
            (r"\\server\share:a@b", r"\\server\share:a@b"),
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
        // A name says which member it is.
        let names = json!({"https://a:PW@host/x": "//a:PW@host"});
        assert_eq!(*printable(&names), json!({"https://a:PW@host/x": "//host"}));
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
