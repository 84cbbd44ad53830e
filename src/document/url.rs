//! The user and the password of URLs, which are printed nowhere.

use std::borrow::Cow;
use std::ops::Range;

/// Where in a text a URL has a user and a password, each with the `@` behind it.
///
/// Where a password has signs in it that end the host, the last `@` of the word counts: rather more is left out
/// than less.
pub fn userinfos(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices("://").filter_map(|(at, scheme)| {
        let start = at + scheme.len();
        let word = text[start..].split(char::is_whitespace).next().unwrap_or_default();
        let authority = word.split(['/', '?', '#']).next().unwrap_or_default();
        let port = authority.rsplit_once(':').map_or("0", |(_, port)| port);
        // An address of IPv6 ends with a bracket.
        let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        let is_sound = is_port || authority.ends_with(']');
        let end = word.rfind('@').filter(|_| authority.contains('@') || !is_sound)?;
        Some(start..start + end + 1)
    })
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

/// What is meant for a URL and may be none, without its beginning up to an `@`.
pub fn without_beginning(url: &str) -> Cow<'_, str> {
    url.rsplit_once('@').map_or(Cow::Borrowed(url), |(_, host)| Cow::Owned(format!("…@{host}")))
}

#[cfg(test)]
mod tests {
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
            ("https://host:8443/a@b", "https://host:8443/a@b"),
            ("http://[::1]:4566/", "http://[::1]:4566/"),
            ("http://[::1]/a@b", "http://[::1]/a@b"),
            ("mail a@b.example", "mail a@b.example"),
            ("://", "://"),
        ] {
            assert_eq!(without_userinfo(text), expected, "{text}");
        }
    }
}
