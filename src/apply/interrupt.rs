use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// Whether somebody has asked the run to stop, and whether it has begun to write.
///
/// A request never takes a call in flight away; it keeps the next one from being made.
#[derive(Debug, Default)]
pub struct Interrupt {
    requested: AtomicBool,
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

    /// Whether a write was sent, or is about to be.
    pub fn has_written(&self) -> bool {
        self.written.load(Ordering::SeqCst)
    }

    /// Marks that from here on something may be written.
    pub(super) fn write_begins(&self) {
        self.written.store(true, Ordering::SeqCst);
    }
}
