//! One call, attempted until it is done or must not be tried again.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, sleep};

use crate::catalogue::Call;
use crate::document::Object;

use super::answer::{self, Fate};
use super::error::{CallError, ErrorKind};
use super::event::{CallStep, Event};
use super::link::Link;
use super::pace::backoff;
use super::site::CallSite;
use super::wire;

/// A call that succeeded.
pub(super) struct Done {
    pub(super) document: Object,
    pub(super) request_id: Option<String>,
}

/// Makes the call: a read as often as it takes, a write once.
pub(super) async fn make(
    link: &Link,
    call: &'static Call,
    pool: Option<&str>,
    body: Bytes,
) -> Result<Done, (Fate, CallError)> {
    make_from(1, link, call, pool, body).await
}

/// The same, counted from this attempt.
pub(super) async fn make_from(
    first: u32,
    link: &Link,
    call: &'static Call,
    pool: Option<&str>,
    body: Bytes,
) -> Result<Done, (Fate, CallError)> {
    let mut failures = Failures::default();
    let mut is_renewed = false;
    for attempt in first.. {
        let event = |step: CallStep<'_>| {
            (link.observer)(&Event { operation: call.name, pool, attempt, step });
        };
        let (category, name) = (call.category, call.category.name());
        if !call.writes() {
            turn(link, call, pool, attempt).await;
        }
        let (started, generation) = (Instant::now(), link.identity.generation());
        let (seen, failure) = wire::attempt(&link.cognito, call, body.clone()).await;
        let place = CallSite { writes: call.writes(), request: &body, ..link.place(call.name, pool) };
        let judged = answer::judge(call, &place, &seen, failure);
        let answer = seen.answer.as_ref();
        let request_id = answer.and_then(|raw| raw.request_id.clone());
        event(CallStep::Ended {
            outcome: judged.as_ref().map_or_else(|(fate, _)| fate.word(), |_| "done"),
            status: answer.map(|raw| raw.status),
            request_id: request_id.as_deref(),
            took: started.elapsed(),
            error: judged.as_ref().err().map(|(_, error)| error),
        });
        if judged.as_ref().is_err_and(|(_, error)| error.kind() == ErrorKind::Throttled)
            && let Some(rate) = link.pace.slow(category)
        {
            event(CallStep::Slowed { category: name, rate });
        }
        match judged {
            Ok(document) => return Ok(Done { document, request_id }),
            Err((fate, error)) if error.kind() == ErrorKind::Expired && !is_renewed => {
                is_renewed = true;
                // A write is sent again by its caller alone, and finds fresh credentials then.
                if !link.identity.renew(generation) || call.writes() {
                    return Err((fate, error));
                }
            }
            Err((fate, error)) => match failures.next(link, call, fate, &error) {
                Some(time) => {
                    event(CallStep::Waiting { reason: fate.word(), time });
                    sleep(time).await;
                }
                None => return Err((fate, error)),
            },
        }
    }
    // An attempt's number would have to overflow first.
    Err((Fate::NotSent, CallError::new(ErrorKind::Settings, "too many attempts")))
}

/// Waits until a call may be made. A write has its turn before the read on which it rests.
pub(super) async fn turn(link: &Link, call: &'static Call, pool: Option<&str>, attempt: u32) {
    let category = call.category;
    let waits = |time, rate| {
        let step = CallStep::Paced { category: category.name(), rate, time };
        (link.observer)(&Event { operation: call.name, pool, attempt, step });
    };
    link.pace.turn(category, call.name, pool, waits).await;
}

/// How often a call has failed, and how.
#[derive(Default)]
struct Failures {
    throttled: u32,
    other: u32,
}

impl Failures {
    /// How long to wait before the next attempt; `None` for no further attempt.
    fn next(&mut self, link: &Link, call: &'static Call, fate: Fate, error: &CallError) -> Option<Duration> {
        let (count, attempts) = match fate {
            // Before a write is sent again, the pool must be read again: its caller decides.
            _ if call.writes() => return None,
            Fate::Throttled => (&mut self.throttled, link.retry.throttled),
            Fate::NotSent if error.kind() == ErrorKind::Unreachable => (&mut self.other, link.retry.attempts),
            Fate::Unknown => (&mut self.other, link.retry.attempts),
            Fate::NotSent | Fate::Refused => return None,
        };
        *count += 1;
        (*count < attempts).then(|| backoff(&link.retry, *count))
    }
}
