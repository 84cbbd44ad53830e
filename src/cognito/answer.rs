//! What an attempt came to: a document, or a failure whose effect on the pool is known.

use std::time::Duration;

use bytes::Bytes;

use crate::document::json::{self, ParseError};
use crate::document::url::without_userinfo;
use crate::document::{Json, Object};

use super::call::Call;
use super::error::{Error, Kind, one_line};
use super::http::proxy_variable;
use super::profile::Source;
use super::wire::{Failure, NoCredentials, Raw, Seen};

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

/// What the explanation of a failure needs to know.
pub(super) struct Place<'a> {
    pub(super) operation: &'static str,
    pub(super) pool: Option<&'a str>,
    pub(super) region: &'a str,
    /// The account, when it is known already.
    pub(super) account: Option<&'a str>,
    pub(super) source: &'a Source,
    pub(super) connect_timeout: Duration,
    pub(super) read_timeout: Duration,
}

/// The answer's document, or what became of the request and why.
pub(super) fn judge(
    call: Call,
    place: &Place<'_>,
    seen: &Seen,
    failure: Option<Failure>,
) -> Result<Object, (Fate, Error)> {
    let judged = match &seen.answer {
        None => Err(no_answer(place, seen, &failure.unwrap_or_default())),
        Some(raw) => match raw.status {
            200..=299 => success(call, seen, raw).map_err(|error| (Fate::Unknown, error)),
            _ => Err(refusal(place, seen, raw)),
        },
    };
    judged.map_err(|(fate, error)| {
        let request_id = seen.answer.as_ref().and_then(|raw| raw.request_id.clone());
        (fate, error.with_request_id(request_id).during(place.operation, place.pool))
    })
}

fn success(call: Call, seen: &Seen, raw: &Raw) -> Result<Object, Error> {
    let status = raw.status;
    let error = |what: String| Error::new(Kind::Answer, format!("the answer (HTTP {status}) {what}"));
    match &raw.body {
        None => Err(error("broke off".to_owned())),
        Some(body) if body.is_empty() && !call.body_due() => Ok(Object::new()),
        Some(body) if body.is_empty() => Err(error("is empty".to_owned())),
        Some(body) => match json::parse(body) {
            Ok(Json::Object(object)) => Ok(object),
            Ok(_) => Err(error(format!("is no JSON object, but begins {}", excerpt(seen, body)))),
            Err(cause @ ParseError::Name(_)) => Err(error(cause.to_string()).with_help(
                "whoever gave it that name can give it another; until then poolctl leaves this pool alone",
            )),
            Err(ParseError::Syntax(cause)) if cause.is_eof() => {
                Err(error(format!("is cut short after {} bytes: {}", body.len(), excerpt(seen, body))))
            }
            Err(_) => Err(error(format!("is not JSON, but begins {}", excerpt(seen, body))).with_help(
                "look at what answers at this endpoint: a proxy or a login page may stand between",
            )),
        },
    }
}

/// An answer that is no success: the service's, or that of something before it.
fn refusal(place: &Place<'_>, seen: &Seen, raw: &Raw) -> (Fate, Error) {
    let body = raw.body.as_deref().unwrap_or_default();
    let document = serde_json::from_slice::<Object>(body).unwrap_or_default();
    let text = |names: &[&str]| names.iter().find_map(|name| document.get(*name)?.as_str());
    let code = text(&["__type", "code", "Code"]).or(raw.error_type.as_deref());
    let message = text(&["message", "Message", "errorMessage"]).unwrap_or_default();
    match code.map(short_code) {
        Some(code) => exception(place, raw.status, &code, &one_line(&seen.scrub(message))),
        None => stranger(seen, raw),
    }
}

/// `com.amazonaws…#ResourceNotFoundException:http://…` is `ResourceNotFoundException`.
fn short_code(code: &str) -> String {
    let code = code.rsplit('#').next().unwrap_or(code);
    one_line(code.split(':').next().unwrap_or(code))
}

/// The service's exception `code`, in the words of our errors.
pub(super) fn exception(place: &Place<'_>, status: u16, code: &str, message: &str) -> (Fate, Error) {
    let said = if message.is_empty() { code.to_owned() } else { format!("{code}: {message}") };
    let failed = status >= 500 || code.starts_with("InternalError") || code == "InternalFailure";
    let (fate, error) = match code {
        _ if is_throttle(status, code) => {
            let help = "the account's quota is shared by all who call: wait, or lower --rate";
            (Fate::Throttled, Error::new(Kind::Throttled, said).with_help(help))
        }
        "ConcurrentModificationException" => {
            let help = "somebody else is changing this pool: try again in a moment";
            (Fate::Refused, Error::new(Kind::Conflict, said).with_help(help))
        }
        "AccessDeniedException" | "AccessDenied" | "NotAuthorizedException" => {
            (Fate::Refused, Error::new(Kind::Denied, said).with_help(permission(place, message)))
        }
        "ResourceNotFoundException" => (Fate::Refused, not_found(place, &said)),
        _ => match bad_credentials(place, code, &said) {
            Some(error) => (Fate::Refused, error),
            None if failed => {
                let help = "the service failed: try again later";
                (Fate::Unknown, Error::new(Kind::Service, said).with_help(help))
            }
            None => (Fate::Refused, Error::new(Kind::Refused, said)),
        },
    };
    (fate, error.with_code(code))
}

/// The error for an exception that is about who signed the request; the codes are those of
/// Cognito and those of STS.
fn bad_credentials(place: &Place<'_>, code: &str, said: &str) -> Option<Error> {
    let source = place.source;
    let (kind, message, help) = match code {
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => {
            (Kind::Expired, format!("the credentials have expired ({said})"), source.how_to_renew())
        }
        "UnrecognizedClientException" | "InvalidClientTokenId" | "InvalidAccessKeyId" => (
            Kind::Credentials,
            format!("the service does not know these credentials ({said})"),
            format!(
                "check the access key and the session token from {}, and that they are for \
                 the partition of {}",
                source.origin(),
                place.region
            ),
        ),
        "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "RequestTimeTooSkewed"
        | "IncompleteSignatureException"
        | "IncompleteSignature"
        | "MissingAuthenticationTokenException" => (
            Kind::Credentials,
            format!("the service does not accept the signature ({})", first_sentence(said)),
            "check the secret access key, and this machine's clock".to_owned(),
        ),
        _ => return None,
    };
    Some(Error::new(kind, message).with_help(help))
}

fn is_throttle(status: u16, code: &str) -> bool {
    status == 429
        || matches!(
            code,
            "TooManyRequestsException"
                | "ThrottlingException"
                | "Throttling"
                | "ThrottledException"
                | "RequestThrottled"
                | "RequestThrottledException"
                | "RequestLimitExceeded"
        )
}

/// What follows in a message about a signature quotes the request at length.
fn first_sentence(text: &str) -> &str {
    text.find(". ").map_or(text, |end| &text[..=end])
}

fn permission(place: &Place<'_>, message: &str) -> String {
    let named = message.split_once("not authorized to perform: ").map(|(_, rest)| rest);
    let action = named.and_then(|rest| rest.split_whitespace().next()).map(|word| word.trim_end_matches('.'));
    let own = match place.pool {
        Some(_) => format!("cognito-idp:{}", place.operation),
        None => format!("sts:{}", place.operation),
    };
    let on = place.pool.map(|pool| format!(" on the pool {pool}")).unwrap_or_default();
    format!("the identity needs the IAM permission {}{on}", action.unwrap_or(&own))
}

fn not_found(place: &Place<'_>, said: &str) -> Error {
    let account = match place.account {
        Some(account) => format!("account {account}"),
        None => format!("the account of these credentials (from {})", place.source.origin()),
    };
    let pool = place.pool.unwrap_or_default();
    let region = place.region;
    let message = format!("no pool {pool} in Region {region} of {account} ({said})");
    let help = format!(
        "check the id, the Region and the account; `aws cognito-idp list-user-pools --max-results 60 \
         --region {region}` lists the pools there"
    );
    Error::new(Kind::NotFound, message).with_help(help)
}

/// An answer without an exception's name is not the service's.
pub(super) fn stranger(seen: &Seen, raw: &Raw) -> (Fate, Error) {
    let status = raw.status;
    let body = raw.body.as_deref().unwrap_or_default();
    let shown = if body.is_empty() { "an empty body".to_owned() } else { excerpt(seen, body) };
    let answer = format!("HTTP {status} with {shown}, which is no answer of AWS's");
    let help = "look at what answers at this endpoint: a proxy or a gateway may stand between";
    match status {
        429 => (Fate::Throttled, Error::new(Kind::Throttled, answer).with_help(help)),
        400..=499 => (Fate::Refused, Error::new(Kind::Answer, answer).with_help(help)),
        500..=599 => (Fate::Unknown, Error::new(Kind::Service, answer).with_help(help)),
        _ => (Fate::Unknown, Error::new(Kind::Answer, answer).with_help(help)),
    }
}

/// The first characters of a body that we did not expect, quoted, fit for a terminal.
fn excerpt(seen: &Seen, body: &[u8]) -> String {
    const LENGTH: usize = 60;
    let text = one_line(&seen.scrub(&String::from_utf8_lossy(body)));
    let cut: String = text.chars().take(LENGTH).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("`{cut}{more}`")
}

/// Why there is no answer, and whether the request left.
pub(super) fn no_answer(place: &Place<'_>, seen: &Seen, failure: &Failure) -> (Fate, Error) {
    if let Some(reason) = &failure.credentials {
        return (Fate::NotSent, no_credentials(place, reason));
    }
    let host = host(&seen.uri);
    if !seen.sent {
        let message = format!("the request could not be made: {}", failure.causes);
        return (Fate::NotSent, Error::new(Kind::Settings, message));
    }
    if failure.connecting {
        return (Fate::NotSent, no_connection(place, seen, failure, &host));
    }
    let message = if failure.timeout {
        format!("no answer from {host} within {}", seconds(place.read_timeout))
    } else {
        format!("the connection to {host} broke after the request was sent: {}", failure.root)
    };
    (Fate::Unknown, Error::new(Kind::Lost, message))
}

fn no_connection(place: &Place<'_>, seen: &Seen, failure: &Failure, host: &str) -> Error {
    if failure.tls {
        let message = format!("TLS with {host} failed: {}", failure.root);
        let help = "if a proxy inspects TLS here, name its CA with --ca-bundle or AWS_CA_BUNDLE";
        return Error::new(Kind::Tls, message).with_help(help);
    }
    let message = if failure.timeout {
        format!("no connection to {host} within {}", seconds(place.connect_timeout))
    } else {
        format!("cannot connect to {host}: {}", failure.root)
    };
    let help = match proxy_variable(&seen.uri) {
        Some(name) => format!("{name} is set: check that proxy, or put the host into NO_PROXY"),
        None => "check the network, the Region and the endpoint".to_owned(),
    };
    Error::new(Kind::Unreachable, message).with_help(help)
}

fn no_credentials(place: &Place<'_>, reason: &NoCredentials) -> Error {
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
    Error::new(Kind::Credentials, message).with_help(help)
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
