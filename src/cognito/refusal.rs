//! An exception of the service in the words of our errors, with the way out.

use crate::catalogue::{Catalogue, Exception, ExceptionClass, POOL_ID, RESOURCES, Resource};
use crate::document::Object;

use super::error::{CallError, ErrorKind, one_line};
use super::sent::SentTexts;
use super::site::CallSite;

/// The way out where a policy says no itself: another one that says yes does not help.
const DENIED_EXPLICITLY: &str = "change the policy that denies this explicitly; the message names its kind. An explicit deny overrides every other policy";

/// The way out if the document that a call is about does not exist.
const GONE: &str = "another writer has removed it since it was planned: run `poolctl plan` again, which shows what its entry does now";

/// The error for an exception that the table has.
pub(super) fn refusal(place: &CallSite<'_>, row: &Exception, message: &str) -> CallError {
    let said = said(row.name, message);
    let (about, advised) = row.advice(message);
    let pool = place.pool.unwrap_or("ID");
    let remedy = advised.replace("--user-pool-id ID", &format!("--user-pool-id {pool}"));
    let source = place.source;
    let (kind, text, help) = match row.class {
        ExceptionClass::Rate => (ErrorKind::Throttled, said, remedy),
        ExceptionClass::Concurrent => (ErrorKind::Conflict, said, remedy),
        ExceptionClass::Request if !place.writes => {
            (ErrorKind::Refused, said, "check the pool's id and the endpoint".to_owned())
        }
        ExceptionClass::Request => (ErrorKind::Refused, said, remedy),
        ExceptionClass::Service => (ErrorKind::Service, said, remedy),
        ExceptionClass::Permission if message.contains("explicit deny") => {
            (ErrorKind::Denied, said, DENIED_EXPLICITLY.to_owned())
        }
        ExceptionClass::Permission if advised != row.remedy => (ErrorKind::Denied, said, remedy),
        ExceptionClass::Permission => (ErrorKind::Denied, said, permission(place, message)),
        ExceptionClass::Missing if is_of_document(place, message) => {
            (ErrorKind::Refused, said, GONE.to_owned())
        }
        ExceptionClass::Missing => {
            let (text, help) = not_found(place, message, &said);
            (ErrorKind::NotFound, text, help)
        }
        ExceptionClass::Expired => {
            (ErrorKind::Expired, format!("the credentials have expired ({said})"), source.how_to_renew())
        }
        ExceptionClass::Identity => (
            ErrorKind::Credentials,
            format!("the service does not know these credentials ({said})"),
            format!(
                "check the access key and the session token from {}, and that they are for \
                 the partition of {}",
                source.origin(),
                place.region
            ),
        ),
        ExceptionClass::Signature => (
            ErrorKind::Credentials,
            format!("the service does not accept the signature ({})", first_sentence(&said)),
            remedy,
        ),
    };
    let sent = SentTexts::of(place.request);
    let blamed = sent.blamed(about, message);
    let again = blamed.first().map(|(path, arn)| {
        let call = place.operation;
        format!("every {call} sends `{path}` back, here {}: ", one_line(arn))
    });
    let settings = blamed.into_iter().map(|(path, _)| path.clone()).collect();
    CallError::new(kind, text)
        .with_help(again.unwrap_or_default() + &help)
        .with_code(row.name)
        .about(settings)
}

/// An exception as the service says it.
pub(super) fn said(code: &str, message: &str) -> String {
    if message.is_empty() { code.to_owned() } else { format!("{code}: {message}") }
}

/// The row of an exception's name.
pub(super) fn row(code: &str) -> Option<&'static Exception> {
    Catalogue::exception(code)
}

/// What follows in a message about a signature quotes the request at length.
fn first_sentence(text: &str) -> &str {
    text.find(". ").map_or(text, |end| &text[..=end])
}

/// The permission that a message names, and on what.
fn permission(place: &CallSite<'_>, message: &str) -> String {
    let word_after = |start: &str| {
        let rest = message.split_once(start)?.1;
        rest.split_whitespace().next().map(|word| word.trim_end_matches('.'))
    };
    let own = match place.pool {
        Some(_) => format!("cognito-idp:{}", place.operation),
        None => format!("sts:{}", place.operation),
    };
    let named = word_after("not authorized to perform: ");
    let action = named.unwrap_or(&own);
    let on = match (place.pool, word_after("on resource: ")) {
        (Some(pool), _) if action.starts_with("cognito-idp:") => format!(" on the pool {pool}"),
        (_, Some(resource)) if resource.starts_with("arn:") => format!(" on {resource}"),
        _ => String::new(),
    };
    let needs = if named.is_some() { "add" } else { "check" };
    // That policy has what the calls need, and no action of another service but those with a row of their own.
    let policy = match (action.starts_with("cognito-idp:"), place.writes) {
        (true, true) => "; `poolctl iam-policy` prints a policy with it",
        (true, false) => "; `poolctl iam-policy --read-only` prints a policy with it",
        (false, _) => "",
    };
    format!("{needs} the IAM permission {action}{on}{policy}")
}

/// Whether a message about something that does not exist is about the document that a call names in a pool, and not about
/// the pool.
fn is_of_document(place: &CallSite<'_>, message: &str) -> bool {
    let is_called = |resource: &&Resource| {
        let mut calls = resource.reads().chain(resource.writes());
        calls.any(|call| call.name == place.operation)
    };
    let pool = place.pool.unwrap_or_default();
    if message.is_empty() || message.starts_with(&format!("User pool {pool} ")) {
        return false;
    }
    let request: Object = serde_json::from_slice(place.request).unwrap_or_default();
    let resource = RESOURCES.into_iter().find(is_called);
    let names = resource.into_iter().flat_map(|resource| resource.address).filter(|name| **name != POOL_ID);
    let mut keys = names.filter_map(|name| request.get(*name)?.as_str());
    keys.any(|key| message.contains(key) || !message.contains(pool))
}

/// `message` is the service's; `said` has the exception's name too, and is shown if the message is not about the pool.
fn not_found(place: &CallSite<'_>, message: &str, said: &str) -> (String, String) {
    let account = match place.account {
        Some(account) => format!("account {account}"),
        None if place.source.is_sandbox() => "sandbox".to_owned(),
        None => format!("the account of the credentials from {}", place.source.origin()),
    };
    let pool = place.pool.unwrap_or_default();
    let region = place.region;
    let is_of_pool = message.is_empty() || message.contains(pool);
    let why = if is_of_pool { String::new() } else { format!(": {said}") };
    let message = format!("no pool {pool} in {region} ({account}){why}");
    if place.source.is_sandbox() {
        let help = "check the id, or seed the pool into a new sandbox folder: `--sandbox=NEW --seed DIR`, where DIR has the \
                    pool's document as <pool-id>.json";
        return (message, help.to_owned());
    }
    let help = format!(
        "check the id, the Region and the account; `aws cognito-idp list-user-pools --max-results 60 \
         --region {region}` lists up to 60 pools there"
    );
    (message, help)
}
