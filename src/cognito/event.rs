use std::sync::Arc;
use std::time::Duration;

use super::CallError;

/// Told of every attempt and every wait, as it happens.
///
/// Called on the task that makes the call: it must not block.
pub type Observer = Arc<dyn Fn(&Event<'_>) + Send + Sync>;

/// Something that happened on the way to the service.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// The operation's name, as AWS writes it.
    pub operation: &'static str,
    /// The pool that the call is about; nothing for a call about the account.
    pub pool: Option<&'a str>,
    /// Which attempt of the call this is, counted from 1.
    pub attempt: u32,
    /// What happened.
    pub step: CallStep<'a>,
}

/// What happened in an [`Event`].
#[derive(Clone, Copy, Debug)]
pub enum CallStep<'a> {
    /// An attempt ended.
    Ended {
        /// `done`, `not-sent`, `throttled`, `refused` or `unknown`.
        outcome: &'static str,
        /// The HTTP status, when there was an answer.
        status: Option<u16>,
        /// The service's id of the request, when there was an answer.
        request_id: Option<&'a str>,
        /// How long the attempt took, credentials included.
        took: Duration,
        /// What was wrong, unless it is `done`.
        error: Option<&'a CallError>,
    },
    /// A wait begins, before the call is made again.
    Waiting {
        /// The outcome that makes another attempt necessary.
        reason: &'static str,
        /// How long it will be.
        time: Duration,
    },
    /// A wait begins, because calls are made at a limited rate.
    Paced {
        /// The rate category, as the service names it.
        category: &'static str,
        /// Calls a second.
        rate: f64,
        /// How long it will be, as an estimate.
        time: Duration,
    },
    /// The service has turned the call away, and calls are made more slowly from now on.
    Slowed {
        /// The rate category, as the service names it.
        category: &'static str,
        /// Calls a second.
        rate: f64,
    },
}
