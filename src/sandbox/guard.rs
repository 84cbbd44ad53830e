//! Whose requests are answered: those of programs on this machine that call the sandbox by a name of this machine.
//!
//! A web page can reach the port of a browser's machine. One whose own name leads to 127.0.0.1 (DNS rebinding) gives itself
//! away by `Host`, any other one by `Origin`. Clients of the API send no `Origin`.

use std::net::IpAddr;

use hyper::header::{HOST, HeaderValue, ORIGIN};
use hyper::http::request::Parts;
use hyper::http::uri::{Authority, Uri};

use super::answer::Refusal;

/// The longest name in a refusal, in characters.
const LONGEST: usize = 100;

/// The refusal of a request that names another machine as its host, or that a page of another site sends.
pub(super) fn refusal(head: &Parts) -> Option<Refusal> {
    let is_this = |host: &HeaderValue| {
        let authority = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
        authority.is_some_and(|authority| is_this_machine(authority.host()))
    };
    let is_own_page = |origin: &HeaderValue| {
        let uri = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
        uri.and_then(|uri| uri.host().map(is_this_machine)) == Some(true)
    };
    if let Some(host) = head.headers.get_all(HOST).iter().find(|host| !is_this(host)) {
        return Some(stranger("Host", host));
    }
    if let Some(host) = head.uri.host().filter(|host| !is_this_machine(host)) {
        return Some(stranger("Host", &HeaderValue::from_str(host).ok()?));
    }
    let origin = head.headers.get_all(ORIGIN).iter().find(|origin| !is_own_page(origin))?;
    Some(stranger("Origin", origin))
}

/// Whether a host is this machine: `localhost`, a name below it, or a loopback address.
fn is_this_machine(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(&host);
    host == "localhost"
        || host.ends_with(".localhost")
        || address.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

fn stranger(header: &str, value: &HeaderValue) -> Refusal {
    let value: String = String::from_utf8_lossy(value.as_bytes()).chars().take(LONGEST).collect();
    let message = format!(
        "The sandbox answers only requests to this machine, from this machine: their `{header}` is localhost, \
         127.0.0.1 or [::1]. This request has `{value}`. Use the URL that `poolctl sandbox` prints."
    );
    Refusal { status: 403, ..Refusal::new("AccessDeniedException", message) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(target: &str, headers: &[(&'static str, &str)]) -> Option<String> {
        let mut request = hyper::Request::builder().uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (head, ()) = request.body(()).unwrap().into_parts();
        refusal(&head).map(|refusal| format!("{} {}", refusal.status, refusal.message))
    }

    #[test]
    fn requests_to_this_machine_are_answered() {
        for host in [
            "127.0.0.1:9229",
            "127.0.0.1",
            "127.8.8.8:1",
            "localhost:9229",
            "LOCALHOST",
            "localhost.",
            "sandbox.localhost:9229",
            "[::1]:9229",
            "[::ffff:127.0.0.1]:9229",
        ] {
            assert_eq!(refused("/", &[("host", host)]), None, "{host}");
        }
        // HTTP/1.0 has none, and no browser speaks that.
        assert_eq!(refused("/", &[]), None);
        for origin in ["http://localhost:3000", "http://127.0.0.1:8080", "https://[::1]"] {
            assert_eq!(refused("/", &[("host", "localhost:9229"), ("origin", origin)]), None, "{origin}");
        }
    }

    #[test]
    fn requests_of_web_pages_elsewhere_are_refused() {
        for host in [
            "rebound.example",
            "rebound.example:9229",
            "localhost.example",
            "notlocalhost",
            "127.0.0.1.example",
            "127.0.0.1@rebound.example",
            "192.168.0.7:9229",
            "0.0.0.0:9229",
            "[::2]:9229",
            "",
        ] {
            let refusal = refused("/", &[("host", host)]);
            assert!(refusal.as_ref().is_some_and(|text| text.starts_with("403 ")), "{host}: {refusal:?}");
        }
        assert!(refused("http://rebound.example/", &[("host", "127.0.0.1")]).is_some());
        for origin in ["http://rebound.example", "https://localhost.example", "null", "file://"] {
            let refusal = refused("/", &[("host", "127.0.0.1:9229"), ("origin", origin)]);
            assert!(refusal.is_some_and(|text| text.contains(&format!("`{origin}`"))), "{origin}");
        }
    }
}
