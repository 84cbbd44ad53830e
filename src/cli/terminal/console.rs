//! The events of a Windows console that ask a run to stop.

use tokio::signal::windows::{CtrlBreak, CtrlC, ctrl_break, ctrl_c};

use crate::cli::exit::Exit;
use crate::cli::terminal::ui::Ui;

pub(in crate::cli) use self::ConsoleEvents as Signals;

pub(in crate::cli) struct ConsoleEvents {
    interrupt: CtrlC,
    terminate: CtrlBreak,
}

impl ConsoleEvents {
    pub(in crate::cli) fn new(ui: &Ui) -> Result<Self, Exit> {
        let failed = |error| {
            ui.error(&format!("cannot listen for console events: {error}"), None);
            Exit::Failed
        };
        Ok(Self { interrupt: ctrl_c().map_err(failed)?, terminate: ctrl_break().map_err(failed)? })
    }

    /// The next event: its word, and how a run ends that it stops before the first write.
    pub(in crate::cli) async fn next(&mut self) -> (&'static str, Exit) {
        tokio::select! {
            _ = self.interrupt.recv() => ("Interrupted", Exit::Interrupted),
            _ = self.terminate.recv() => ("Terminated", Exit::Terminated),
        }
    }
}
