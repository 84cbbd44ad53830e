//! The two operations of STS that tell who calls: query protocol in, XML out.
//!
//! Nothing is remembered: the access key id of an assumed role holds its account, and the session token
//! holds its name.

use std::collections::BTreeMap;

use time::{Duration, OffsetDateTime, macros::format_description};

use super::answer::Refusal;
use super::call::Signer;

/// The operations that the sandbox has.
pub(super) const OPERATIONS: &[&str] = &["GetCallerIdentity", "AssumeRole"];

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// The parameters of a form.
pub(super) fn form(body: &[u8]) -> BTreeMap<String, String> {
    let pairs = body.split(|byte| *byte == b'&').filter_map(|pair| {
        let at = pair.iter().position(|byte| *byte == b'=')?;
        Some((decoded(&pair[..at]), decoded(&pair[at + 1..])))
    });
    pairs.collect()
}

fn decoded(text: &[u8]) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        let escape = (byte == b'%').then(|| after.get(..2)).flatten();
        let value = escape
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match value {
            Some(value) => {
                out.push(value);
                rest = &after[2..];
            }
            None => {
                out.push(if byte == b'+' { b' ' } else { byte });
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The XML that answers an operation.
pub(super) fn handle(
    operation: &str,
    form: &BTreeMap<String, String>,
    caller: &Signer,
    request_id: &str,
) -> Result<String, Refusal> {
    let result = match operation {
        "GetCallerIdentity" => identity(caller),
        "AssumeRole" => assume_role(form)?,
        _ => {
            return Err(Refusal { exception: "InvalidAction".into(), ..Refusal::unknown(operation) });
        }
    };
    Ok(format!(
        "<{operation}Response xmlns=\"{NAMESPACE}\"><{operation}Result>{result}</{operation}Result>\
         <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation}Response>"
    ))
}

/// The XML of a refusal.
pub(super) fn refusal(refusal: &Refusal, request_id: &str) -> String {
    let kind = if refusal.status < 500 { "Sender" } else { "Receiver" };
    format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>{kind}</Type>{}{}</Error>\
         <RequestId>{request_id}</RequestId></ErrorResponse>",
        element("Code", &refusal.exception),
        element("Message", &refusal.message),
    )
}

/// Who calls: a role where a session token says so, else a user of the account.
pub(super) fn arn(caller: &Signer) -> String {
    let account = caller.account();
    match session(caller) {
        Some(session) => format!("arn:aws:sts::{account}:assumed-role/{session}"),
        None => format!("arn:aws:iam::{account}:user/sandbox"),
    }
}

fn session(caller: &Signer) -> Option<&str> {
    caller.token.as_deref()?.strip_prefix("sandbox-role/")
}

fn identity(caller: &Signer) -> String {
    let id = match session(caller) {
        Some(session) => format!("AROASANDBOX:{}", session.rsplit('/').next().unwrap_or_default()),
        None => "AIDASANDBOX".to_owned(),
    };
    element("Arn", &arn(caller)) + &element("UserId", &id) + &element("Account", caller.account())
}

fn assume_role(form: &BTreeMap<String, String>) -> Result<String, Refusal> {
    let invalid = |message: &str| Refusal::new("ValidationError", message);
    let role = form.get("RoleArn").map(String::as_str).unwrap_or_default();
    let parts: Vec<&str> = role.splitn(6, ':').collect();
    let [_, _, "iam", _, account, resource] = parts.as_slice() else {
        return Err(invalid(&format!("{role} is invalid")));
    };
    let name = resource.strip_prefix("role/").and_then(|path| path.rsplit('/').next());
    let twelve_digits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    let (Some(name), true) = (name, twelve_digits) else {
        return Err(invalid(&format!("{role} is invalid")));
    };
    let session = form.get("RoleSessionName").filter(|session| !session.is_empty());
    let Some(session) = session else {
        return Err(invalid(
            "1 validation error detected: Value null at 'roleSessionName' failed to satisfy constraint: Member must \
             not be null",
        ));
    };
    let seconds = form.get("DurationSeconds").and_then(|text| text.parse::<u32>().ok()).unwrap_or(3600);
    Ok(format!(
        "<Credentials>{}{}{}{}</Credentials><AssumedRoleUser>{}{}</AssumedRoleUser>",
        element("AccessKeyId", &format!("ASIA{account}ROLE")),
        element("SecretAccessKey", "sandbox"),
        element("SessionToken", &format!("sandbox-role/{name}/{session}")),
        element("Expiration", &in_seconds(seconds)),
        element("Arn", &format!("arn:aws:sts::{account}:assumed-role/{name}/{session}")),
        element("AssumedRoleId", &format!("AROASANDBOX:{session}")),
    ))
}

fn in_seconds(seconds: u32) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    let end = OffsetDateTime::now_utc().saturating_add(Duration::seconds(seconds.into()));
    end.format(format).unwrap_or_default()
}

/// An element of XML with this text.
pub(super) fn element(name: &str, text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<{name}>{text}</{name}>")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &str, caller: &Signer) -> Result<String, Refusal> {
        let form = form(body.as_bytes());
        handle(&form["Action"], &form, caller, "id")
    }

    #[test]
    fn a_caller_is_told_its_account() {
        let caller = Signer { key: Some("AKIA444455556666ABCD".to_owned()), ..Signer::default() };
        let xml = answer("Action=GetCallerIdentity&Version=2011-06-15", &caller).unwrap();
        assert!(xml.contains("<Account>444455556666</Account>"), "{xml}");
        assert!(xml.contains("<Arn>arn:aws:iam::444455556666:user/sandbox</Arn>"), "{xml}");
    }

    #[test]
    fn an_assumed_role_belongs_to_its_own_account_from_then_on() {
        let body = "Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A444455556666%3Arole%2Fci%2Fwriter&RoleSessionName=me";
        let xml = answer(body, &Signer::default()).unwrap();
        let inside = |name: &str| {
            let (_, rest) = xml.split_once(&format!("<{name}>")).unwrap();
            Some(rest.split('<').next().unwrap().to_owned())
        };
        let role = Signer { key: inside("AccessKeyId"), token: inside("SessionToken"), region: None };
        let xml = answer("Action=GetCallerIdentity", &role).unwrap();
        assert!(xml.contains("<Arn>arn:aws:sts::444455556666:assumed-role/writer/me</Arn>"), "{xml}");
    }

    #[test]
    fn hostile_forms_are_refused_and_their_text_is_escaped() {
        for (body, code) in [
            ("Action=AssumeRole", "ValidationError"),
            ("Action=AssumeRole&RoleArn=arn:aws:iam::1:role/x&RoleSessionName=a", "ValidationError"),
            ("Action=AssumeRole&RoleArn=arn:aws:iam::444455556666:role/x", "ValidationError"),
            ("Action=%3Cx%%3", "InvalidAction"),
        ] {
            let error = answer(body, &Signer::default()).unwrap_err();
            assert_eq!(error.exception, code, "{body}");
            assert!(!refusal(&error, "id").contains("<x"), "{body}");
        }
    }
}
