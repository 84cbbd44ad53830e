//! Whether somebody has asked the run to stop.

use std::sync::atomic::{AtomicBool, Ordering};

/// A request to stop, set from outside while a run is under way. It never takes a call in flight
/// away; it keeps the next one from being made.
#[derive(Debug, Default)]
pub struct Interrupt(AtomicBool);

impl Interrupt {
    /// Asks the run to stop.
    pub fn request(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether the run was asked to stop.
    pub fn is_requested(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
