//! The scheme, the host and the port of a URL, read so strictly that no two programs can read another host out of it.

/// A URL as far as it says where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlAddress {
    /// The scheme, in small letters.
    pub scheme: String,
    /// The host in small letters, without the dot at its end. `None` if the URL has none, as `app:/callback`.
    pub host: Option<String>,
    /// The port; `None` if the URL has none, or the one of its scheme.
    pub port: Option<u16>,
}

impl UrlAddress {
    /// The address in a URL. `None` if the text is no URL, or one that programs read in different ways: with a user, a
    /// backslash, a blank, or a host with other signs than letters, digits, `.`, `-` and `_`.
    pub fn parse(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once(':')?;
        let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        let is_odd = url.contains(|c: char| c == '\\' || c.is_whitespace() || c.is_control());
        if !is_scheme || is_odd {
            return None;
        }
        let scheme = scheme.to_ascii_lowercase();
        let Some(rest) = rest.strip_prefix("//") else {
            // Browsers read `https:/host` as `https://host`.
            return (!is_web(&scheme)).then_some(Self { scheme, host: None, port: None });
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (host, port) = host_and_port(authority)?;
        if host.is_empty() {
            return (!is_web(&scheme) && port.is_none()).then_some(Self { scheme, host: None, port: None });
        }
        let port = port.filter(|port| Some(*port) != default_port(&scheme));
        Some(Self { scheme, host: Some(host), port })
    }

    /// Whether a browser takes it to a host.
    pub fn is_web(&self) -> bool {
        is_web(&self.scheme)
    }

    /// Whether two URLs lead to one host, whatever its port is, or to one application. A text that programs read in
    /// different ways leads to a place of its own.
    pub fn is_same_host(one: &str, other: &str) -> bool {
        match (Self::parse(one), Self::parse(other)) {
            (Some(one), Some(other)) => {
                one.scheme == other.scheme && (!one.is_web() || one.host == other.host)
            }
            _ => one == other,
        }
    }
}

/// The scheme of a URL of the web in small letters, and its text between `//` and the path. `None` of any other URL, and if
/// no host is there.
pub fn web_authority(url: &str) -> Option<(String, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    if host.trim_matches('.').is_empty() {
        return None;
    }
    Some((scheme.to_ascii_lowercase(), authority)).filter(|(scheme, _)| is_web(scheme))
}

/// A URL of the web in the one spelling of all that lead to the same page: without a default port and a `/` at the end.
/// `None` of any other text.
pub fn spelled(url: &str) -> Option<String> {
    let UrlAddress { scheme, host, port } = UrlAddress::parse(url).filter(UrlAddress::is_web)?;
    let rest = url.split_once("://")?.1;
    let page = rest.find(['/', '?', '#']).map_or("", |at| &rest[at..]);
    let port = port.map_or_else(String::new, |port| format!(":{port}"));
    Some(format!("{scheme}://{}{port}{}", host?, page.trim_end_matches('/')))
}

fn is_web(scheme: &str) -> bool {
    default_port(scheme).is_some()
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "https" => Some(443),
        "http" => Some(80),
        _ => None,
    }
}

/// A host in small letters, and the port behind it.
pub fn host_and_port(authority: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let port = match port {
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => Some(port.parse().ok()?),
        Some(_) => return None,
        None => None,
    };
    Some((host_name(host)?, port))
}

/// A host in small letters, without a dot at its end; `None` if it has other signs than a host.
fn host_name(host: &str) -> Option<String> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_host = match bare {
        Some(bare) => !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_hexdigit() || b":.".contains(&b)),
        None => host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)),
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    (is_host && !host.ends_with('.') && !host.starts_with('.')).then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_leads_to_one_host_or_is_none() {
        for (url, expected) in [
            ("https://example.com/cb", "https example.com -"),
            ("HTTPS://EXAMPLE.com./cb", "https example.com -"),
            ("https://example.com:443", "https example.com -"),
            ("https://example.com:8443?x", "https example.com 8443"),
            ("https://example.com.evil.net/", "https example.com.evil.net -"),
            ("https://example.com@evil.net/", "none"),
            ("https://evil.net#@example.com", "https evil.net -"),
            ("https://evil.net\\@example.com", "none"),
            ("https:/example.com", "none"),
            ("https:///example.com", "none"),
            ("https://exämple.com", "none"),
            ("https://exam%70le.com", "none"),
            ("https://example.com..", "none"),
            ("https://.example.com", "none"),
            ("https://example.com:x", "none"),
            ("https://example.com:99999", "none"),
            ("https://exam ple.com", "none"),
            ("http://localhost:3000/", "http localhost 3000"),
            ("http://[::1]:3000/", "http [::1] 3000"),
            ("com.example.app://callback", "com.example.app callback -"),
            ("com.example.app:/callback", "com.example.app - -"),
            ("myapp:///", "myapp - -"),
            ("example.com/cb", "none"),
            ("", "none"),
        ] {
            let text = UrlAddress::parse(url).map_or("none".to_owned(), |address| {
                let port = address.port.map_or("-".to_owned(), |port| port.to_string());
                format!("{} {} {port}", address.scheme, address.host.as_deref().unwrap_or("-"))
            });
            assert_eq!(text, expected, "{url}");
        }
    }

    #[test]
    fn urls_of_one_host_are_known_in_every_spelling() {
        for (one, other, same) in [
            ("https://example.com/a", "HTTPS://Example.COM.:8443/b", true),
            ("https://example.com/a", "http://example.com/a", false),
            ("https://example.com/a", "https://example.com:x@evil.net/a", false),
            ("https://example.com@evil.net/a", "https://example.com@evil.net/a", true),
            ("app://a", "app://b", true),
        ] {
            assert_eq!(UrlAddress::is_same_host(one, other), same, "{one} {other}");
        }
    }

    #[test]
    fn urls_of_one_page_have_one_spelling() {
        for (url, expected) in [
            ("HTTPS://Example.com:443/A/", Some("https://example.com/A")),
            ("https://example.com", Some("https://example.com")),
            ("https://example.com:8443/?a=B", Some("https://example.com:8443/?a=B")),
            ("https://example.com@evil.net/", None),
            ("app://a/", None),
            ("mail", None),
        ] {
            assert_eq!(spelled(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn a_web_address_has_a_host() {
        for (url, expected) in [
            ("HTTPS://exämple.com/a", Some(("https", "exämple.com"))),
            ("http://localhost:1?a", Some(("http", "localhost:1"))),
            ("https://", None),
            ("https:///a", None),
            ("ftp://a", None),
            ("https:a", None),
        ] {
            let authority = web_authority(url);
            let authority = authority.as_ref().map(|(scheme, authority)| (scheme.as_str(), *authority));
            assert_eq!(authority, expected, "{url}");
        }
    }
}
