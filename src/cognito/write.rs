use std::sync::Arc;

use crate::catalogue::Operation;
use crate::document::{Json, Object};

use super::answer::{self, Fate};
use super::call::{self, Call};
use super::error::{Error, Kind};
use super::session::Link;

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
pub enum Outcome {
    /// The service took it.
    Done {
        /// The service's id of the request.
        request_id: Option<String>,
        /// How many attempts it took.
        attempts: u32,
    },
    /// The request never left. The pool is as it was.
    NotSent(Error),
    /// The service turned every attempt away because of its rate. The pool is as it was.
    Throttled(Error),
    /// The service refused it. The pool is as it was. After [`Kind::Conflict`] the pool must be
    /// read again before anything is sent.
    Refused(Error),
    /// It left, and nobody knows whether the service acted on it: read the pool to find out.
    Unknown(Error),
}

/// Writes pools.
pub struct Writer(Arc<Link>);

impl Writer {
    pub(super) fn new(link: Arc<Link>, _approved: Approved) -> Self {
        Self(link)
    }

    /// Sends `body`, as it stands, and says what became of it.
    ///
    /// A body whose `UserPoolId` is not `pool` is not sent. Another attempt follows only when the
    /// service certainly did not act on the one before: a request that may have arrived is never
    /// repeated here.
    pub async fn send(&self, pool: &str, operation: Operation, body: &Object) -> Outcome {
        let call = Call::from(operation);
        if body.get("UserPoolId").and_then(Json::as_str) != Some(pool) {
            let message = "the request does not name this pool, so it was not sent";
            return Outcome::NotSent(Error::new(Kind::Settings, message).during(call.name(), Some(pool)));
        }
        match call::make(&self.0, call, pool, answer::body(body)).await {
            Ok(done) => Outcome::Done { request_id: done.request_id, attempts: done.attempts },
            Err((Fate::NotSent, error)) => Outcome::NotSent(error),
            Err((Fate::Throttled, error)) => Outcome::Throttled(error),
            Err((Fate::Refused, error)) => Outcome::Refused(error),
            Err((Fate::Unknown, error)) => Outcome::Unknown(error),
        }
    }
}

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;
