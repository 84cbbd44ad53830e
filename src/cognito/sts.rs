//! Calls of STS, which say who calls and lend the credentials of roles.
//!
//! The SDK makes them again itself where that may help: none of them changes anything.

use std::error::Error as StdError;

use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use tokio::time::Instant;

use super::answer::{Fate, exception, is_known, no_answer, stranger};
use super::error::{CallError, ErrorKind, one_line};
use super::event::{CallStep, Event};
use super::identity::Identity;
use super::refusal::said;
use super::wire::{NoAnswer, Wire};

/// Makes a call with these credentials, and once more with fresh ones where the service says that they are
/// over.
pub(super) async fn call<T, E, F>(
    identity: &Identity,
    operation: &'static str,
    send: impl Fn(Wire) -> F,
) -> Result<T, CallError>
where
    F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    let generation = identity.generation();
    match once(identity, operation, 1, &send).await {
        Err(error) if error.kind() == ErrorKind::Expired && identity.renew(generation) => {
            once(identity, operation, 2, &send).await
        }
        answer => answer,
    }
}

async fn once<T, E, F>(
    identity: &Identity,
    operation: &'static str,
    attempt: u32,
    send: impl Fn(Wire) -> F,
) -> Result<T, CallError>
where
    F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    let started = Instant::now();
    let wire = Wire::watching();
    let answer = send(wire.clone()).await;
    let seen = wire.seen();
    let place = identity.place(operation, None, None);
    let request_id = seen.answer.as_ref().and_then(|raw| raw.request_id.clone());
    let result = answer.map_err(|error| {
        let (fate, error) = match (&seen.answer, error.code()) {
            (None, _) => no_answer(&place, &seen, &NoAnswer::of(&error)),
            (Some(raw), Some(code)) => {
                let message = one_line(&seen.scrub(error.message().unwrap_or_default()));
                match is_known(code) {
                    true => exception(&place, raw.status, code, &message),
                    // The table has Cognito's exceptions, and of STS those alone that have a remedy.
                    false => (
                        Fate::Refused,
                        CallError::new(ErrorKind::Refused, said(code, &message)).with_code(code),
                    ),
                }
            }
            (Some(raw), None) => stranger(&place, &seen, raw),
        };
        (fate, error.with_request_id(request_id.clone()).during(operation, None))
    });
    (identity.observer())(&Event {
        operation,
        pool: None,
        attempt,
        step: CallStep::Ended {
            outcome: result.as_ref().map_or_else(|(fate, _)| fate.word(), |_| "done"),
            status: seen.answer.as_ref().map(|raw| raw.status),
            request_id: request_id.as_deref(),
            took: started.elapsed(),
            error: result.as_ref().err().map(|(_, error): &(Fate, CallError)| error),
        },
    });
    result.map_err(|(_, error)| error)
}
