//! One attempt of one call: our bytes out, the service's bytes in, the SDK between.

use std::error::Error as StdError;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_cognitoidentityprovider::Client;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextMut, BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use bytes::Bytes;
use hyper_util::client::legacy::Error as HttpError;

use super::error::{CallError, causes, chain, root_cause};
use crate::catalogue::Call;

/// The HTTP exchange of one attempt, whatever the SDK made of it.
#[derive(Default)]
pub(super) struct Exchange {
    /// Where the request went.
    pub(super) uri: String,
    /// Whether the request was handed to the HTTP client.
    pub(super) sent: bool,
    /// The answer, from its status line on.
    pub(super) answer: Option<Raw>,
    /// The texts of this request that no message may show.
    secrets: Vec<String>,
}

/// An answer, unchanged.
pub(super) struct Raw {
    pub(super) status: u16,
    pub(super) request_id: Option<String>,
    /// The exception's name, when a header says it.
    pub(super) error_type: Option<String>,
    /// The whole body; nothing when it broke off.
    pub(super) body: Option<Bytes>,
}

impl Exchange {
    /// The text without this request's key id, token and signature.
    ///
    /// The service's own messages about signatures quote the request's headers.
    pub(super) fn scrub(&self, text: &str) -> String {
        let hide = |text: String, secret: &String| text.replace(secret, "[hidden]");
        // A shorter one is not a real secret, and would match in many words.
        self.secrets.iter().filter(|secret| secret.len() >= 8).fold(text.to_owned(), hide)
    }
}

/// Why the SDK did not get to an answer.
#[derive(Default)]
pub(super) struct NoAnswer {
    /// The connection did not come about.
    pub(super) connecting: bool,
    pub(super) timeout: bool,
    pub(super) tls: bool,
    /// The credentials' part in it.
    pub(super) credentials: Option<NoCredentials>,
    /// The innermost cause.
    pub(super) root: String,
    /// All causes.
    pub(super) causes: String,
}

/// Why there are no credentials to sign with.
pub(super) enum NoCredentials {
    /// Nobody in the chain has any.
    None,
    /// Somebody should have had some.
    Failed(String),
    /// The role that should lend some cannot be assumed.
    Refused(CallError),
}

impl NoAnswer {
    pub(super) fn of<E>(error: &SdkError<E, HttpResponse>) -> Self
    where
        E: StdError + Send + Sync + 'static,
    {
        let find = |test: fn(&(dyn StdError + 'static)) -> bool| chain(error).any(test);
        let timeout = match error {
            SdkError::TimeoutError(_) => true,
            SdkError::DispatchFailure(failure) => failure.is_timeout(),
            _ => false,
        };
        let credentials = chain(error).find_map(|cause| cause.downcast_ref::<CredentialsError>());
        Self {
            connecting: find(|cause| cause.downcast_ref::<HttpError>().is_some_and(HttpError::is_connect)),
            timeout,
            tls: find(|cause| cause.is::<rustls::Error>()),
            credentials: credentials.map(NoCredentials::of),
            root: root_cause(error),
            causes: causes(error),
        }
    }
}

impl NoCredentials {
    fn of(error: &CredentialsError) -> Self {
        if let Some(error) = chain(error).find_map(|cause| cause.downcast_ref::<CallError>()) {
            return Self::Refused(error.clone());
        }
        match error {
            CredentialsError::CredentialsNotLoaded(_) => Self::None,
            CredentialsError::ProviderTimedOut(timed_out) => {
                Self::Failed(format!("none came within {} s", timed_out.timeout_duration().as_secs()))
            }
            other => Self::Failed(causes(other)),
        }
    }
}

/// Puts our body in, and takes what happened out.
#[derive(Clone)]
pub(super) struct Wire {
    /// The target and the body that replace the SDK's.
    carried: Option<(String, Bytes)>,
    seen: Arc<Mutex<Exchange>>,
}

impl Wire {
    /// Sends this call with this body in place of what the SDK wrote.
    fn carrying(call: &Call, body: Bytes) -> Self {
        let target = format!("AWSCognitoIdentityProviderService.{}", call.name);
        Self { carried: Some((target, body)), seen: Arc::default() }
    }

    /// Leaves the SDK's request as it is.
    pub(super) fn watching() -> Self {
        Self { carried: None, seen: Arc::default() }
    }

    /// What was seen so far.
    pub(super) fn seen(&self) -> Exchange {
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, change: impl FnOnce(&mut Exchange)) {
        change(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Prints no field: they contain the request's secrets.
impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

#[dyn_dispatch_hint]
impl Intercept for Wire {
    fn name(&self) -> &'static str {
        "Wire"
    }

    // Before the retry loop, so that the signature is made of these.
    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some((target, body)) = &self.carried {
            let request = context.request_mut();
            request.headers_mut().insert("x-amz-target", target.clone());
            request.headers_mut().insert("content-length", body.len().to_string());
            *request.body_mut() = SdkBody::from(body.clone());
        }
        Ok(())
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request();
        let header = |name| request.headers().get(name).unwrap_or_default().to_owned();
        self.note(|seen| {
            seen.uri = request.uri().to_owned();
            seen.sent = true;
            seen.answer = None;
            seen.secrets = secrets(&header("authorization"), header("x-amz-security-token"));
        });
        Ok(())
    }

    // Runs for every outcome, also when the SDK's types do not fit the answer.
    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(response) = context.response() {
            let header = |name| response.headers().get(name).map(str::to_owned);
            self.note(|seen| {
                seen.answer = Some(Raw {
                    status: response.status().as_u16(),
                    request_id: header("x-amzn-requestid")
                        .or_else(|| header("x-amz-request-id"))
                        .filter(|id| is_request_id(id)),
                    error_type: header("x-amzn-errortype"),
                    body: response.body().bytes().map(Bytes::copy_from_slice),
                });
            });
        }
        Ok(())
    }
}

/// Whether a header's value looks like a request id of AWS's: hexadecimal digits and dashes.
///
/// Request ids are printed. A proxy may put anything into that header, even what it was sent.
fn is_request_id(text: &str) -> bool {
    (8..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// The secrets of a signed request, longest first, so that no part remains after the whole is removed.
fn secrets(authorization: &str, token: String) -> Vec<String> {
    let part = |name: &str, end: &[char]| {
        let start = authorization.find(name)? + name.len();
        let rest = &authorization[start..];
        Some(rest[..rest.find(end).unwrap_or(rest.len())].to_owned())
    };
    let parts = [part("Credential=", &['/', ',']), part("Signature=", &[',', ' '])];
    let mut secrets = vec![token, authorization.to_owned()];
    secrets.extend(parts.into_iter().flatten());
    secrets
}

/// Makes one attempt; the failure only says why there was no answer, if there was none.
///
/// One operation of the SDK carries every call: the request's target names the operation, and its body
/// is ours. The typed request's members never leave the machine.
pub(super) async fn attempt(client: &Client, call: &Call, body: Bytes) -> (Exchange, Option<NoAnswer>) {
    let wire = Wire::carrying(call, body);
    let carrier = client.describe_user_pool().user_pool_id("carrier");
    let answer = carrier.customize().interceptor(wire.clone()).send().await;
    (wire.seen(), answer.err().map(|error| NoAnswer::of(&error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_of_a_signature_survives() {
        let authorization = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/eu-west-1/cognito-idp/aws4_request, \
                             SignedHeaders=host;x-amz-date, Signature=0123abcd";
        let seen = Exchange { secrets: secrets(authorization, "TOKEN+/=".into()), ..Exchange::default() };
        let text =
            format!("Authorization={authorization} x-amz-security-token:TOKEN+/= AKIDEXAMPLE 0123abcd");
        assert_eq!(
            seen.scrub(&text),
            "Authorization=[hidden] x-amz-security-token:[hidden] [hidden] [hidden]"
        );
    }

    #[test]
    fn only_what_looks_like_a_request_id_is_one() {
        for id in ["5c1d2b1e-9f3a-4c7e-8b1d-0a2f4e6d8c0b", "8F14E45FCEEA167A", &"a".repeat(64)] {
            assert!(is_request_id(id), "{id}");
        }
        for other in
            ["", "abc", "hunter2-is-secret", "wJalrXUtnFEMI/K7MDENG", "5c1d2b1e\u{9b}31m", &"a".repeat(65)]
        {
            assert!(!is_request_id(other), "{other}");
        }
    }
}
