use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::catalogue::{Call, POOL_ID, RESOURCES};
use crate::document::{DocumentId, Json, Object};

use super::answer::{self, Fate};
use super::call;
use super::error::{CallError, ErrorKind};
use super::event::{CallStep, Event};
use super::link::Link;
use super::pace::backoff;

/// The proof that a plan was shown, judged and approved.
///
/// Without one there is no [`Writer`], and only this crate can make one: the apply layer does,
/// once every selected pool has been read and guarded.
#[derive(Debug)]
pub struct Approved(());

impl Approved {
    /// For the apply layer alone.
    pub(crate) fn by_apply() -> Self {
        Self(())
    }
}

/// What became of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteOutcome {
    /// The service took it.
    Done {
        /// The service's id of the request.
        request_id: Option<String>,
        /// The id that the service chose for the document that the call made.
        made: Option<String>,
    },
    /// The request never left. The pool is as it was.
    NotSent(CallError),
    /// The service turned it away because of its rate. The pool is as it was.
    Throttled(CallError),
    /// The service refused it. The pool is as it was. After [`ErrorKind::Conflict`] the pool must be
    /// read again before anything is sent.
    Refused(CallError),
    /// It left, and nobody knows whether the service acted on it: read the pool to find out.
    Unknown(CallError),
}

/// Writes pools.
pub struct Writer {
    link: Arc<Link>,
    last: Mutex<Option<SentCall>>,
}

/// A call on a document that was sent without success, and how often.
struct SentCall {
    operation: &'static str,
    document: DocumentId,
    attempts: u32,
}

impl Writer {
    pub(super) fn new(link: Arc<Link>, _approved: Approved) -> Self {
        Self { link, last: Mutex::default() }
    }

    fn last(&self) -> MutexGuard<'_, Option<SentCall>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call on a document that is sent now, and returns which attempt of it this is.
    fn count(&self, operation: &'static str, document: &DocumentId) -> u32 {
        let mut last = self.last();
        let again = last.as_ref().filter(|sent| sent.operation == operation && sent.document == *document);
        let attempts = again.map_or(0, |sent| sent.attempts) + 1;
        *last = Some(SentCall { operation, document: document.clone(), attempts });
        attempts
    }

    /// How often a call was sent without success so far.
    fn attempts(&self, operation: &str) -> u32 {
        self.last().as_ref().filter(|sent| sent.operation == operation).map_or(0, |sent| sent.attempts)
    }

    /// Waits until a write may be sent, as the pace has it: once for each [`Writer::send`], and before the read
    /// on which that rests.
    pub async fn turn(&self, pool: &str, operation: &'static Call) {
        call::turn(&self.link, operation, Some(pool), self.attempts(operation.name) + 1).await;
    }

    /// Sends `body` unchanged, once and at once, and returns the outcome. `document` is the one that the call writes.
    ///
    /// A body whose `UserPoolId` is not `pool` is not sent. Nothing is repeated here: before a write is
    /// sent again, the pool must be read again.
    pub async fn send(
        &self,
        pool: &str,
        operation: &'static Call,
        document: &DocumentId,
        body: &Object,
    ) -> WriteOutcome {
        let call = operation;
        if call.names_pool && body.get(POOL_ID).and_then(Json::as_str) != Some(pool) {
            let message = "the request does not name this pool, so it was not sent";
            return WriteOutcome::NotSent(
                CallError::new(ErrorKind::Settings, message).during(call.name, Some(pool)),
            );
        }
        let attempt = self.count(call.name, document);
        match call::make_from(attempt, &self.link, call, Some(pool), answer::body(body)).await {
            Ok(done) => {
                *self.last() = None;
                let maker = RESOURCES.into_iter().find(|resource| resource.create == Some(call));
                let made = maker.and_then(|resource| resource.chosen_id(&done.document));
                WriteOutcome::Done { request_id: done.request_id, made }
            }
            Err((Fate::NotSent, error)) => WriteOutcome::NotSent(error),
            Err((Fate::Throttled, error)) => WriteOutcome::Throttled(error),
            Err((Fate::Refused, error)) => WriteOutcome::Refused(error),
            Err((Fate::Unknown, error)) => WriteOutcome::Unknown(error),
        }
    }

    /// How long to wait before a write is judged anew and sent again, after it has failed `failures`
    /// times with certainly no effect, the last time for this reason; `None` to give up.
    pub fn patience(&self, reason: ErrorKind, failures: u32) -> Option<Duration> {
        let retry = &self.link.retry;
        let attempts = match reason {
            ErrorKind::Throttled => retry.throttled,
            ErrorKind::Unreachable | ErrorKind::Conflict | ErrorKind::Unseen => retry.attempts,
            ErrorKind::Expired if self.link.identity.is_renewable() => retry.attempts,
            _ => return None,
        };
        (failures < attempts).then(|| backoff(retry, failures))
    }

    /// Tells the observer that a write waits.
    pub fn waits(&self, pool: &str, operation: &'static Call, reason: ErrorKind, time: Duration) {
        let reason = match reason {
            ErrorKind::Throttled => "throttled",
            ErrorKind::Conflict => "conflict",
            ErrorKind::Expired => "expired",
            ErrorKind::Unseen => "unseen",
            _ => "not-sent",
        };
        let step = CallStep::Waiting { reason, time };
        let attempt = self.attempts(operation.name);
        (self.link.observer)(&Event { operation: operation.name, pool: Some(pool), attempt, step });
    }
}

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;
