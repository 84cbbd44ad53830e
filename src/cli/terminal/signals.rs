//! The signals that ask a run to stop.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::cli::exit::Exit;
use crate::cli::terminal::ui::Ui;

pub(in crate::cli) struct Signals {
    interrupt: Signal,
    terminate: Signal,
    /// `None` if the run was started to outlive its terminal, as with `nohup`.
    hangup: Option<Signal>,
}

impl Signals {
    pub(in crate::cli) fn new(ui: &Ui) -> Result<Self, Exit> {
        let listen = |kind| {
            signal(kind).map_err(|error| {
                ui.error(&format!("cannot listen for signals: {error}"), None);
                Exit::Failed
            })
        };
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            hangup: if ignores_hangup() { None } else { Some(listen(SignalKind::hangup())?) },
        })
    }

    /// The next signal: its word, and how a run ends that it stops before the first write.
    pub(in crate::cli) async fn next(&mut self) -> (&'static str, Exit) {
        let hangup = async {
            match &mut self.hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => ("Interrupted", Exit::Interrupted),
            _ = self.terminate.recv() => ("Terminated", Exit::Terminated),
            _ = hangup => ("Hung up", Exit::Terminated),
        }
    }
}

/// Whether the run was started with SIGHUP ignored: to listen for it would end that.
///
/// Linux alone tells; elsewhere a run under `nohup` is stopped between two calls all the same.
fn ignores_hangup() -> bool {
    std::fs::read_to_string("/proc/self/status").is_ok_and(|status| is_ignored(&status, SignalKind::hangup()))
}

/// Whether a signal is in the mask `SigIgn` of a process's status: hexadecimal, the first signal lowest.
fn is_ignored(status: &str, kind: SignalKind) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    mask >> (kind.as_raw_value() - 1) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ignored_signal_is_read_off_the_mask() {
        let status = "Name:\tpoolctl\nSigIgn:\t0000000000001001\nSigCgt:\t0000000000000002\n";
        assert!(is_ignored(status, SignalKind::hangup()));
        assert!(!is_ignored(status, SignalKind::interrupt()));
        assert!(!is_ignored("", SignalKind::hangup()));
    }
}
