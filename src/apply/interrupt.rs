use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
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
    /// The backups of the pools that were written, or may have been, and are not known to be as planned.
    unproved: Mutex<Vec<PathBuf>>,
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

    /// The backups of the pools that were written, or may have been, and are not known to be as planned.
    pub fn unproved(&self) -> Vec<PathBuf> {
        self.backups().clone()
    }

    fn backups(&self) -> MutexGuard<'_, Vec<PathBuf>> {
        self.unproved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Marks that the pool with this backup is written from here on.
    pub(super) fn pool_begins(&self, backup: &Path) {
        let mut backups = self.backups();
        if !backups.iter().any(|known| known == backup) {
            backups.push(backup.to_owned());
        }
    }

    /// Marks that the pool with this backup is as planned, or was not written.
    pub(super) fn pool_ended(&self, backup: &Path) {
        self.backups().retain(|known| known != backup);
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
