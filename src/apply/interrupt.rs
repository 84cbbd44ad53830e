use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

/// Whether somebody has asked the run to stop, and whether it has written.
///
/// A request never takes calls in flight away; it keeps the next ones from being made.
#[derive(Debug, Default)]
pub struct Interrupt {
    requested: AtomicBool,
    in_flight: AtomicUsize,
    written: AtomicBool,
    notify: Notify,
}

impl Interrupt {
    /// Asks the run to stop.
    pub fn request(&self) {
        self.requested.store(true, Ordering::SeqCst);
        self.notify.notify_waiters();
    }

    /// Whether the run was asked to stop.
    pub fn is_requested(&self) -> bool {
        self.requested.load(Ordering::SeqCst)
    }

    /// Waits until the run is asked to stop.
    pub async fn requested(&self) {
        let notified = self.notify.notified();
        if !self.is_requested() {
            notified.await;
        }
    }

    /// Whether something was written, or a write is in flight.
    pub fn has_written(&self) -> bool {
        self.written.load(Ordering::SeqCst) || self.in_flight.load(Ordering::SeqCst) > 0
    }

    /// Marks that a write is in flight from here on.
    pub(super) fn write_begins(&self) {
        self.in_flight.fetch_add(1, Ordering::SeqCst);
    }

    /// Marks that a write in flight has ended; whether it took effect, or may have.
    pub(super) fn write_ended(&self, effect: bool) {
        self.written.fetch_or(effect, Ordering::SeqCst);
        self.in_flight.fetch_sub(1, Ordering::SeqCst);
    }

    /// Waits so long, or until the run is asked to stop.
    pub(super) async fn sleep(&self, time: Duration) {
        tokio::select! {
            () = tokio::time::sleep(time) => {}
            () = self.requested() => {}
        }
    }
}
