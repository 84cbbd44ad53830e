//! What became of a pool, in words.

use super::args::Global;
use super::{Context, Ui};
use crate::apply::{Blame, Doubt, Failure, Outcome, Task, Written};
use crate::catalogue::Operation;
use crate::report::{self, text};

/// Tells people what became of one pool.
pub(super) struct Teller<'a> {
    ui: &'a Ui,
    global: &'a Global,
    task: &'a Task,
    /// Whether the result is for programs: then people are told the errors alone.
    json: bool,
}

impl<'a> Teller<'a> {
    pub(super) fn new(context: &'a Context, task: &'a Task) -> Self {
        Self { ui: &context.ui, global: &context.global, task, json: context.is_json() }
    }

    /// Says what became of the pool; `writing` says whether the run has written to any.
    pub(super) fn tell(&self, outcome: &Outcome, writing: bool) {
        match outcome {
            Outcome::Unchanged if self.task.plan.changes.is_empty() => {}
            Outcome::Unchanged => self.good("is as planned already; nothing was written"),
            Outcome::Applied(written) => self.applied(written),
            Outcome::Stale(movement) => {
                self.bad("has moved since it was planned; nothing was written to it");
                self.part(&text::movement(movement, self.ui.style()));
                self.ui.error("the plan is stale", Some("look at what moved, and plan again"));
            }
            Outcome::Refused(plan) => {
                self.bad("can no longer be applied; nothing was written to it");
                self.part(&text::plan(plan, self.ui.style()));
            }
            Outcome::Failed(failure) => {
                self.bad("failed; nothing was written to it");
                self.failed(failure);
            }
            Outcome::Deviates(written, doubt) => self.deviates(written, doubt),
            Outcome::NotReached if writing => self.bad("was not reached; nothing was written to it"),
            Outcome::NotReached => {}
        }
    }

    fn applied(&self, written: &Written) {
        let count = report::count(written.changes, "change");
        self.good(&format!("{}: {count} applied and verified", calls(&written.done)));
        if !written.fallen.is_empty() {
            self.part(&text::fallen(&written.fallen, self.ui.style()));
        }
        if !written.movement.elsewhere.is_empty() {
            self.part(&text::movement(&written.movement, self.ui.style()));
        }
    }

    fn deviates(&self, written: &Written, doubt: &Doubt) {
        let (done, all) = (calls(&written.done), self.task.plan.steps.len());
        // Of several calls, the last that was made may have been accepted.
        let accepted = written.done.last() == Some(&written.operation);
        let operation = match !accepted && written.done.contains(&written.operation) {
            true => format!("{} (call {})", written.operation, written.done.len() + 1),
            false => written.operation.to_string(),
        };
        // What is told of one of several calls, with what became of those before and after it.
        let among = |told: &str| {
            let before = if written.done.is_empty() { "" } else { &format!("{done} took effect; ") };
            let after = if written.done.len() + 1 < all { ", and no call after it was made" } else { "" };
            format!("{before}{told}{after}")
        };
        match doubt {
            Doubt::Read(deviations) => {
                let after = if written.done.len() < all { "; no call after it was made" } else { "" };
                self.bad(&format!("{operation} was accepted, and the pool is not as planned{after}"));
                self.part(&text::deviations(deviations, self.ui.style()));
            }
            Doubt::Lost(error, deviations) => {
                self.bad(&among(&format!(
                    "nobody knows whether {operation} took place, and the pool is not as planned"
                )));
                self.part(&text::deviations(deviations, self.ui.style()));
                self.ui.error(&error.to_string(), error.help().as_deref());
            }
            Doubt::Unread(error) => {
                self.bad(&match (accepted, written.done.len() < all) {
                    (true, true) => format!(
                        "{done} took effect, and the pool could not be read back: no call after it was made"
                    ),
                    (true, false) => format!("{operation} was sent, and the pool could not be read back"),
                    (false, _) => {
                        among(&format!("{operation} was sent, and the pool could not be read back"))
                    }
                });
                self.ui.error(&error.to_string(), error.help().as_deref());
            }
            Doubt::Stopped(error) => {
                self.bad(&format!(
                    "{} of {all} calls took effect ({done}), and {operation} did not: the pool is between its two states",
                    written.done.len()
                ));
                self.ui.error(&error.to_string(), error.help().as_deref());
            }
            Doubt::Interrupted if written.done.len() < all => {
                self.bad(&format!(
                    "{} of {all} calls took effect ({done}); interrupted before {operation}: the pool is between its two states",
                    written.done.len()
                ));
            }
            Doubt::Interrupted => {
                self.bad(&format!("{operation} was accepted; interrupted before it was verified"))
            }
        }
        let pool = &self.task.plan.pool;
        let flags = connection_flags(self.global);
        self.ui.message(&format!("  look again:  poolctl plan{flags} {}", quoted(&pool.file)));
        let backup = quoted(&written.backup.display().to_string());
        // What that run changed on purpose is not all that has moved.
        let moved = match doubt {
            Doubt::Read(deviations) | Doubt::Lost(_, deviations) => {
                deviations.iter().any(|moved| !moved.declared)
            }
            Doubt::Unread(_) | Doubt::Interrupted | Doubt::Stopped(_) => false,
        };
        let whole = if moved { " --whole" } else { "" };
        self.ui.message(&format!("  undo:        poolctl restore{flags}{whole} {backup}"));
    }

    fn failed(&self, failure: &Failure) {
        match failure {
            Failure::Read(error) => self.ui.error(&error.to_string(), error.help().as_deref()),
            Failure::Backup(error) => {
                self.ui
                    .error(&error.to_string(), Some("name a folder that can be written with `--backup-dir`"));
            }
            Failure::Write(error, blame) => match blame {
                Some(blame) if !blame.planned => self.innocent(&error.to_string(), blame),
                _ => self.ui.error(&error.to_string(), error.help().as_deref()),
            },
        }
    }

    /// The service refuses a value that the plan does not change.
    fn innocent(&self, error: &str, blame: &Blame) {
        let path = &blame.path;
        let text = format!("{error}\n  the plan does not change `{path}`: it was sent back as it is live");
        let unknown = self.task.plan.findings.iter().any(|finding| {
            finding.code == "unknown-member"
                && finding.path.as_ref().is_some_and(|unknown| unknown.overlaps(path))
        });
        let omit = format!(
            "leave it out with `omit: [{{ path: {path}, reason: … }}]` in {}",
            self.task.plan.pool.file
        );
        let help = match unknown {
            true => format!(
                "{omit}, or all that is unknown with `--unknown omit`; a newer `--api-model` may know it"
            ),
            false => omit,
        };
        self.ui.error(&text, Some(&help));
    }

    fn part(&self, text: &str) {
        if !self.json {
            self.ui.result(text);
        }
    }

    fn good(&self, text: &str) {
        self.line(("✓", "ok"), "\u{1b}[32m", text);
    }

    fn bad(&self, text: &str) {
        self.line(("✗", "x"), "\u{1b}[31m", text);
    }

    fn line(&self, (sign, ascii): (&str, &str), color: &str, text: &str) {
        let style = self.ui.style();
        let sign = if style.unicode { sign } else { ascii };
        let (color, reset) = if style.color { (color, "\u{1b}[0m") } else { ("", "") };
        let pool = &self.task.plan.pool;
        self.part(&format!("{color}{sign}{reset} {}  {}  {text}\n", report::escape(&pool.name), pool.id));
    }
}

/// The names of calls in their order, as a sentence takes them.
fn calls(operations: &[Operation]) -> String {
    operations.iter().map(|operation| operation.name()).collect::<Vec<_>>().join(", then ")
}

/// The flags of this run that lead to the same pools, so that a printed command can be pasted.
pub(super) fn connection_flags(global: &Global) -> String {
    let mut flags = String::new();
    let mut add = |flag: &str, value: Option<String>| {
        if let Some(value) = value {
            flags.push_str(&format!(" --{flag}={}", quoted(&value)));
        }
    };
    add("profile", global.profile.clone());
    add("region", global.region.clone());
    add("endpoint-url", global.endpoint_url.clone());
    add("ca-bundle", global.ca_bundle.as_ref().map(|path| path.display().to_string()));
    add("sandbox", global.sandbox.as_ref().map(|path| path.display().to_string()));
    flags
}

/// A word as a shell takes it.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=+@,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
