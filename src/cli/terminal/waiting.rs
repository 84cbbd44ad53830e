//! What the calls of a run wait for.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What the last waiting call waits for, and until when.
#[derive(Clone, Default)]
pub(in crate::cli) struct Waiting(Arc<Mutex<Option<(String, Instant)>>>);

impl Waiting {
    /// Records that a call waits for this time.
    pub(in crate::cli) fn begin(&self, what_for: String, time: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((what_for, Instant::now() + time));
    }

    /// The text for the bar, with a leading comma; empty if no call waits.
    pub(in crate::cli) fn now(&self) -> String {
        let waits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = waits.as_ref().filter(|(_, until)| Instant::now() < *until);
        now.map(|(what_for, _)| format!(", {what_for}")).unwrap_or_default()
    }
}
