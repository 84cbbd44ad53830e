//! The signals that ask a run to stop.

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::exit::Exit;
use super::ui::Ui;

pub(super) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    pub(super) fn new(ui: &Ui) -> Result<Self, Exit> {
        let listen = |kind| {
            signal(kind).map_err(|error| {
                ui.error(&format!("cannot listen for signals: {error}"), None);
                Exit::Failed
            })
        };
        Ok(Self { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())? })
    }

    /// The next signal: its word, and how a run ends that it stops before the first write.
    pub(super) async fn next(&mut self) -> (&'static str, Exit) {
        tokio::select! {
            _ = self.interrupt.recv() => ("interrupted", Exit::Interrupted),
            _ = self.terminate.recv() => ("terminated", Exit::Terminated),
        }
    }
}
