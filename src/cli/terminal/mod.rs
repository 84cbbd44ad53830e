//! The terminal: what is printed while a run goes on and at its end, and the signals that come from there.

#[cfg(windows)]
pub(super) mod console;
pub(super) mod log;
pub(super) mod metrics;
pub(super) mod outs;
pub(super) mod progress;
pub(super) mod show;
#[cfg(unix)]
pub(super) mod signals;
pub(super) mod summary;
pub(super) mod tell;
pub(super) mod ui;
pub(super) mod waiting;
pub(super) mod watch;

#[cfg(windows)]
pub(super) use console as signals;
