//! What a run prints: the plans, and what became of each pool.

use super::args::Global;
use super::fleet::Planned;
use super::{Context, Ui};
use crate::apply::{Blame, Doubt, Failure, Outcome, Task, Written};
use crate::plan::Plan;
use crate::report::{self, text};

/// Prints the plans and their sum.
pub(super) fn plans(context: &Context, planned: &[Planned]) {
    let plans: Vec<&Plan> = planned.iter().filter_map(|planned| planned.plan.as_ref().ok()).collect();
    // Where no pool could be read there is nothing to sum up: the errors say why.
    if !plans.is_empty() {
        context.ui.result(&text::plans(&plans, context.ui.style()));
    }
    let unread = planned.len() - plans.len();
    if unread > 0 && !plans.is_empty() {
        context.ui.result(&format!("{} could not be planned.\n", report::count(unread, "pool")));
    }
}

/// Prints what became of each pool.
pub(super) fn outcomes(context: &Context, tasks: &[Task], outcomes: &[Outcome]) {
    let writing = outcomes.iter().any(Outcome::has_written);
    context.ui.result("\n");
    for (task, outcome) in tasks.iter().zip(outcomes) {
        let teller = Teller { ui: &context.ui, global: &context.global, task };
        teller.tell(outcome, writing);
    }
}

struct Teller<'a> {
    ui: &'a Ui,
    global: &'a Global,
    task: &'a Task,
}

impl Teller<'_> {
    fn tell(&self, outcome: &Outcome, writing: bool) {
        match outcome {
            Outcome::Unchanged if self.task.plan.changes.is_empty() => {}
            Outcome::Unchanged => self.good("is as planned already; nothing was written"),
            Outcome::Applied(written) => self.applied(written),
            Outcome::Stale(movement) => {
                self.bad("has moved since it was planned; nothing was written to it");
                self.ui.result(&text::movement(movement, self.ui.style()));
                self.ui.error("the plan is stale", Some("look at what moved, and plan again"));
            }
            Outcome::Refused(plan) => {
                self.bad("can no longer be applied; nothing was written to it");
                self.ui.result(&text::plan(plan, self.ui.style()));
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
        self.good(&format!("{}: {count} applied and verified", written.operation));
        if !written.movement.elsewhere.is_empty() {
            self.ui.result(&text::movement(&written.movement, self.ui.style()));
        }
    }

    fn deviates(&self, written: &Written, doubt: &Doubt) {
        let operation = written.operation;
        match doubt {
            Doubt::Read(deviations) => {
                self.bad(&format!("{operation} was accepted, and the pool is not as planned"));
                self.ui.result(&text::deviations(deviations, self.ui.style()));
            }
            Doubt::Lost(error, deviations) => {
                self.bad(&format!("no answer came to {operation}, and the pool is not as planned"));
                self.ui.result(&text::deviations(deviations, self.ui.style()));
                self.ui.error(&error.to_string(), error.help().as_deref());
            }
            Doubt::Unread(error) => {
                self.bad(&format!("{operation} was sent, and the pool could not be read back"));
                self.ui.error(&error.to_string(), error.help().as_deref());
            }
            Doubt::Interrupted => {
                self.bad(&format!("{operation} was accepted; interrupted before it was verified"))
            }
        }
        let pool = &self.task.plan.pool;
        let flags = connection_flags(self.global);
        self.ui.message(&format!("  look again:  poolctl plan{flags} {}", quoted(&pool.file)));
        let backup = quoted(&written.backup.display().to_string());
        self.ui.message(&format!("  undo:        poolctl restore{flags} {backup}"));
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
        self.ui.result(&format!(
            "{color}{sign}{reset} {}  {}  {text}\n",
            report::escape(&pool.name),
            pool.id
        ));
    }
}

/// The flags of this run that lead to the same pools, so that a printed command can be pasted.
fn connection_flags(global: &Global) -> String {
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
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=+@,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
