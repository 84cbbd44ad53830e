//! What an attempt came to: a document, or a failure whose effect on the pool is known.

use std::ops::RangeInclusive;
use std::time::Duration;

use bytes::Bytes;

use crate::catalogue::{Call, Effect, Exception, ExceptionClass};
use crate::document::json::{self, ParseError};
use crate::document::url::without_userinfo;
use crate::document::{Json, Object};

use super::error::{CallError, ErrorKind, one_line};
use super::http::proxy_variable;
use super::refusal::{refusal, row, said};
use super::sent::SentTexts;
use super::site::CallSite;
use super::wire::{Exchange, NoAnswer, NoCredentials, Raw};

/// What a failed attempt may have done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// The request did not leave.
    NotSent,
    /// The service turned it away because of its rate.
    Throttled,
    /// The service refused it.
    Refused,
    /// It left, and nobody knows what became of it.
    Unknown,
}

impl Fate {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::NotSent => "not-sent",
            Self::Throttled => "throttled",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }
}

/// The answer's document, or what became of the request and why.
pub(super) fn judge(
    call: &Call,
    place: &CallSite<'_>,
    seen: &Exchange,
    failure: Option<NoAnswer>,
) -> Result<Object, (Fate, CallError)> {
    let judged = match &seen.answer {
        None => Err(no_answer(place, seen, &failure.unwrap_or_default())),
        Some(raw) if (200..=299).contains(&raw.status) => success(call, place, seen, raw),
        Some(raw) => Err(refused(place, seen, raw)),
    };
    judged.map_err(|(fate, error)| {
        let request_id = seen.answer.as_ref().and_then(|raw| raw.request_id.clone());
        (fate, error.with_request_id(request_id).during(place.operation, place.pool))
    })
}

/// What answers prove that carry no exception's name of AWS's: of a write nothing, whatever their status says,
/// since whoever answers may have passed the request on. A read is made again where that may help.
struct Stranger {
    statuses: RangeInclusive<u16>,
    read: Fate,
    write: Fate,
    kind: ErrorKind,
}

const fn stranger_of(statuses: RangeInclusive<u16>, read: Fate, kind: ErrorKind) -> Stranger {
    Stranger { statuses, read, write: Fate::Unknown, kind }
}

/// By status; the first row that has it counts.
static STRANGERS: [Stranger; 6] = [
    stranger_of(408..=408, Fate::Unknown, ErrorKind::Answer),
    stranger_of(425..=425, Fate::Unknown, ErrorKind::Answer),
    stranger_of(429..=429, Fate::Throttled, ErrorKind::Throttled),
    stranger_of(400..=499, Fate::Refused, ErrorKind::Answer),
    stranger_of(500..=599, Fate::Unknown, ErrorKind::Service),
    stranger_of(0..=u16::MAX, Fate::Unknown, ErrorKind::Answer),
];

/// What became of a request that was answered with this status and no exception that is known.
fn fate_of_stranger(place: &CallSite<'_>, status: u16) -> (Fate, ErrorKind) {
    let row = STRANGERS.iter().find(|row| row.statuses.contains(&status));
    let fate = |row: &Stranger| if place.writes { row.write } else { row.read };
    row.map_or((Fate::Unknown, ErrorKind::Answer), |row| (fate(row), row.kind))
}

/// What became of a request that was answered with a known exception: its row says so, where the status is one
/// of a refusal.
fn fate_of(place: &CallSite<'_>, row: &Exception, status: u16) -> Fate {
    let is_refusal = (400..=499).contains(&status);
    match (row.class, row.effect) {
        (ExceptionClass::Rate, Effect::NotDone) if is_refusal || !place.writes => Fate::Throttled,
        (_, Effect::NotDone) if is_refusal => Fate::Refused,
        (_, Effect::Unknown) if is_refusal => Fate::Unknown,
        _ => fate_of_stranger(place, status).0,
    }
}

fn success(
    call: &Call,
    place: &CallSite<'_>,
    seen: &Exchange,
    raw: &Raw,
) -> Result<Object, (Fate, CallError)> {
    let error =
        |what: String| CallError::new(ErrorKind::Answer, format!("the answer (HTTP {}) {what}", raw.status));
    let doubt = |what: String| Err((Fate::Unknown, error(what)));
    // The same would be read the next time.
    let lasting = if place.writes { Fate::Unknown } else { Fate::Refused };
    let Some(body) = &raw.body else { return doubt("broke off".to_owned()) };
    let document = if body.is_empty() { Ok(Json::Object(Object::new())) } else { json::parse(body) };
    match document {
        Ok(Json::Object(object)) => match Named::of(&object, raw, seen).filter(Named::is_exception) {
            Some(Named { code, message }) => {
                let said = said(&code, &message);
                doubt(format!("has the status of a success and the name of an exception: {said}"))
            }
            None if body.is_empty() && call.has_answer => doubt("is empty".to_owned()),
            None => Ok(object),
        },
        Ok(_) => doubt(format!("is not a JSON object; it begins {}", excerpt(place, seen, body))),
        Err(cause @ (ParseError::Name(_) | ParseError::Twice(_))) => Err((
            lasting,
            error(cause.to_string())
                .with_help("rename that member in the pool; until then poolctl does not change this pool"),
        )),
        Err(ParseError::Syntax(cause)) => match unreadable(body, &cause) {
            Some((what, remedy)) => Err((lasting, error(what).with_help(remedy))),
            None if cause.is_eof() => {
                doubt(format!("is cut short after {} bytes: {}", body.len(), excerpt(place, seen, body)))
            }
            None => Err((
                Fate::Unknown,
                error(format!("is not JSON; it begins {}", excerpt(place, seen, body)))
                    .with_help("check the endpoint: a proxy or a login page may answer instead of AWS"),
            )),
        },
    }
}

/// Why an answer that is a document cannot be read, and the remedy; `None` if it is not one, or is cut short.
fn unreadable(body: &[u8], cause: &serde_json::Error) -> Option<(String, &'static str)> {
    const VALUE: &str = "poolctl cannot send that value back unchanged, so it does not change this pool: \
                         correct the setting that has it, for example in the console";
    if !body.trim_ascii_start().starts_with(b"{") {
        return None;
    }
    if let Err(error) = std::str::from_utf8(body) {
        // The last character of an answer that is cut short.
        error.error_len()?;
        let byte = error.valid_up_to() + 1;
        return Some((format!("has bytes that are not UTF-8, from byte {byte} on"), VALUE));
    }
    let (what, place) = (cause.to_string(), format!("line {} column {}", cause.line(), cause.column()));
    if what.starts_with("recursion limit exceeded") {
        let remedy = "check the endpoint: poolctl reads up to 127 levels";
        return Some((format!("is nested too deep at {place}"), remedy));
    }
    let surrogate = ["lone leading surrogate", "unexpected end of hex escape"];
    surrogate.iter().any(|start| what.starts_with(start)).then(|| {
        (
            format!("has one half of a surrogate pair (as `\\ud800`) at {place}, which is not a character"),
            VALUE,
        )
    })
}

/// An exception as an answer names it.
struct Named {
    code: String,
    message: String,
}

impl Named {
    fn of(document: &Object, raw: &Raw, seen: &Exchange) -> Option<Self> {
        let text = |names: &[&str]| names.iter().find_map(|name| document.get(*name)?.as_str());
        // What a success calls so may be a member.
        let names: &[&str] = if raw.status < 300 { &["__type"] } else { &["__type", "code", "Code"] };
        let code = short_code(text(names).or(raw.error_type.as_deref())?);
        let message = text(&["message", "Message", "errorMessage"]).unwrap_or_default();
        (!code.is_empty()).then(|| Self { code, message: one_line(&seen.scrub(message)) })
    }

    /// Whether the name is that of an exception: AWS's services may name the type of a success too.
    fn is_exception(&self) -> bool {
        row(&self.code).is_some() || self.code.ends_with("Exception") || self.code.ends_with("Error")
    }
}

/// An answer that is no success: the service's, or that of something before it.
fn refused(place: &CallSite<'_>, seen: &Exchange, raw: &Raw) -> (Fate, CallError) {
    let document = serde_json::from_slice(raw.body.as_deref().unwrap_or_default()).unwrap_or_default();
    match Named::of(&document, raw, seen) {
        Some(Named { code, message }) => exception(place, raw.status, &code, &message),
        None => stranger(place, seen, raw),
    }
}

/// `com.amazonaws…#ResourceNotFoundException:http://…` is `ResourceNotFoundException`.
fn short_code(code: &str) -> String {
    let code = code.rsplit('#').next().unwrap_or(code);
    one_line(code.split(':').next().unwrap_or(code))
}

/// Whether the table of exceptions has this one.
pub(super) fn is_known(code: &str) -> bool {
    row(code).is_some()
}

/// What became of a request that was answered with an exception, in the words of our errors.
pub(super) fn exception(place: &CallSite<'_>, status: u16, code: &str, message: &str) -> (Fate, CallError) {
    if let Some(row) = row(code) {
        return (fate_of(place, row, status), refusal(place, row, message));
    }
    let (fate, kind) = fate_of_stranger(place, status);
    let text = format!("HTTP {status} with {}, which is not a known AWS exception", said(code, message));
    let help = "check the endpoint; if it is AWS, a newer poolctl may know the exception";
    (fate, CallError::new(kind, text).with_help(help).with_code(code))
}

/// What became of a request that was answered without an exception's name: that is no answer of the service.
pub(super) fn stranger(place: &CallSite<'_>, seen: &Exchange, raw: &Raw) -> (Fate, CallError) {
    let (fate, kind) = fate_of_stranger(place, raw.status);
    let text =
        format!("HTTP {} with {}, which is not an answer from AWS", raw.status, described(place, seen, raw));
    let help = "check the endpoint: a proxy or a gateway may answer instead of AWS";
    (fate, CallError::new(kind, text).with_help(help))
}

/// What an answer is that is not the service's, with its first words.
fn described(place: &CallSite<'_>, seen: &Exchange, raw: &Raw) -> String {
    let Some(body) = &raw.body else { return "a body that broke off".to_owned() };
    let text = String::from_utf8_lossy(body).trim_start().to_ascii_lowercase();
    let noun = match text.as_str() {
        "" => return "an empty body".to_owned(),
        text if text.starts_with("<!doctype html") || text.starts_with("<html") => "an HTML page",
        text if text.starts_with('<') => "XML",
        _ if serde_json::from_slice::<Json>(body).is_ok() => "JSON without an exception",
        _ => "a text",
    };
    format!("{noun} ({})", excerpt(place, seen, body))
}

/// The first characters of an unexpected body, quoted and escaped for a terminal.
fn excerpt(place: &CallSite<'_>, seen: &Exchange, body: &[u8]) -> String {
    const LENGTH: usize = 60;
    let text = one_line(&seen.scrub(&String::from_utf8_lossy(body)));
    let end = text.char_indices().nth(LENGTH).map_or(text.len(), |(at, _)| at);
    let end = SentTexts::of(place.request).cut(&text, end);
    let more = if end < text.len() { "…" } else { "" };
    format!("`{}{more}`", &text[..end])
}

/// Why there is no answer, and whether the request left.
pub(super) fn no_answer(place: &CallSite<'_>, seen: &Exchange, failure: &NoAnswer) -> (Fate, CallError) {
    if let Some(reason) = &failure.credentials {
        return (Fate::NotSent, no_credentials(place, reason));
    }
    let host = host(&seen.uri);
    if !seen.sent {
        let message = format!("the request could not be made: {}", failure.causes);
        return (Fate::NotSent, CallError::new(ErrorKind::Settings, message));
    }
    if failure.connecting {
        return (Fate::NotSent, no_connection(place, seen, failure, &host));
    }
    let message = if failure.timeout {
        format!("no answer from {host} within {}", seconds(place.read_timeout))
    } else {
        format!("the connection to {host} broke after the request was sent: {}", failure.root)
    };
    // The outcome of a write is read from the pool, which has a remedy of its own.
    let help = "check the network and the endpoint, and run the command again";
    let error = CallError::new(ErrorKind::Lost, message);
    (Fate::Unknown, if place.writes { error } else { error.with_help(help) })
}

fn no_connection(place: &CallSite<'_>, seen: &Exchange, failure: &NoAnswer, host: &str) -> CallError {
    if failure.tls {
        let message = format!("TLS with {host} failed: {}", failure.root);
        let help = "if a proxy inspects TLS, set its CA file with --ca-bundle or AWS_CA_BUNDLE";
        return CallError::new(ErrorKind::Tls, message).with_help(help);
    }
    let message = if failure.timeout {
        format!("no connection to {host} within {}", seconds(place.connect_timeout))
    } else {
        format!("cannot connect to {host}: {}", failure.root)
    };
    let help = match proxy_variable(&seen.uri) {
        Some(name) => format!("check the proxy in {name}, or add the host to NO_PROXY"),
        None => "check the network, the Region and the endpoint".to_owned(),
    };
    CallError::new(ErrorKind::Unreachable, message).with_help(help)
}

fn no_credentials(place: &CallSite<'_>, reason: &NoCredentials) -> CallError {
    let source = place.source;
    let (message, help) = match reason {
        NoCredentials::Refused(error) => return error.clone(),
        NoCredentials::None => {
            (format!("no AWS credentials found: {}", source.nothing_found()), source.how_to_sign_in())
        }
        NoCredentials::Failed(why) if source.is_chosen() => {
            (format!("no AWS credentials from {}: {why}", source.origin()), source.how_to_renew())
        }
        NoCredentials::Failed(why) => (format!("no AWS credentials found: {why}"), source.how_to_sign_in()),
    };
    CallError::new(ErrorKind::Credentials, message).with_help(help)
}

/// `https://user:password@host:port/path` is `host:port`.
fn host(uri: &str) -> String {
    let uri = without_userinfo(uri);
    let rest = uri.split_once("://").map_or(&*uri, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest).to_owned()
}

fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}

/// The body of a call, as the wire carries it.
pub(super) fn body(object: &Object) -> Bytes {
    // A map with text keys always serialises.
    serde_json::to_vec(object).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_named_without_who_signs_in_to_it() {
        for uri in ["http://host:1/path", "http://user:PW@host:1/path", "http://user:P/W@host:1/path"] {
            assert_eq!(host(uri), "host:1");
        }
    }

    #[test]
    fn a_code_is_named_without_its_namespace() {
        for code in [
            "ResourceNotFoundException",
            "com.amazonaws.cognito#ResourceNotFoundException",
            "ResourceNotFoundException:http://internal.amazon.com/coral/",
        ] {
            assert_eq!(short_code(code), "ResourceNotFoundException");
        }
    }
}
