//! What a run prints: the plans, and what became of each pool.

use super::Context;
use super::connect::Refusal;
use super::exit::Exit;
use super::fleet::Planned;
use super::tell::Teller;
use crate::apply::{Doubt, Failure, Outcome, Task};
use crate::manifest::Diagnostic;
use crate::plan::Plan;
use crate::report::json::{self, End, Entry};
use crate::report::{self, text};

/// Prints the plans and what they come to.
pub(super) fn plans(context: &Context, planned: &[Planned], ends: &[Exit], warnings: &[Diagnostic]) {
    if context.is_json() {
        let entries: Vec<Entry<'_>> =
            planned.iter().zip(ends).map(|(planned, end)| entry(planned, *end)).collect();
        return print(context, &entries, warnings);
    }
    let plans: Vec<&Plan> = planned.iter().filter_map(|planned| planned.plan.as_ref().ok()).collect();
    // Where no pool could be read there is nothing to sum up: the errors say why.
    if plans.is_empty() {
        return;
    }
    context.ui.result(&text::plans(&plans, context.ui.style()));
    let unread: Vec<&Planned> = planned.iter().filter(|planned| planned.plan.is_err()).collect();
    if !unread.is_empty() {
        context.ui.result(&format!("{} could not be planned:\n", report::count(unread.len(), "pool")));
    }
    for planned in unread {
        let cross = if context.ui.style().unicode { "✗" } else { "x" };
        context.ui.result(&format!("{cross} {}   {}\n", planned.desired.pool, planned.desired.file));
    }
}

/// Says why some pools have no plan.
pub(super) fn refusals(context: &Context, planned: &[Planned]) {
    let fleet = planned.len() > 1;
    for (desired, refusal) in
        planned.iter().filter_map(|p| p.plan.as_ref().err().map(|refusal| (&p.desired, refusal)))
    {
        let (text, help) = refusal.words();
        let file = if fleet { format!("{}: ", desired.file) } else { String::new() };
        context.ui.error(&format!("{file}{text}"), help.as_deref());
    }
}

/// Prints what became of each pool.
pub(super) fn outcomes(context: &Context, tasks: &[Task], outcomes: &[Outcome], warnings: &[Diagnostic]) {
    if context.is_json() {
        let entries: Vec<Entry<'_>> =
            tasks.iter().zip(outcomes).map(|(task, outcome)| outcome_entry(task, outcome)).collect();
        print(context, &entries, warnings);
    } else {
        context.ui.result("\n");
    }
    let writing = outcomes.iter().any(Outcome::has_written);
    for (task, outcome) in tasks.iter().zip(outcomes) {
        Teller::new(context, task).tell(outcome, writing);
    }
}

/// Gives programs what is wrong with manifests that cannot be planned; people have been told.
pub(super) fn mistakes(context: &Context, findings: &[Diagnostic]) {
    if context.is_json() {
        print(context, &[], findings);
    }
}

fn print(context: &Context, entries: &[Entry<'_>], diagnostics: &[Diagnostic]) {
    let document = json::document(entries, diagnostics, env!("CARGO_PKG_VERSION"));
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    context.ui.result(&format!("{text}\n"));
}

fn entry(planned: &Planned, end: Exit) -> Entry<'_> {
    match &planned.plan {
        Ok(plan) => Entry::planned(plan, end.code()),
        Err(refusal) => {
            let desired = &planned.desired;
            let end = End {
                outcome: json::Outcome::Failed,
                exit_code: end.code(),
                error: Some(refusal.words()),
                ..End::default()
            };
            Entry { id: &desired.pool, region: &desired.region, file: &desired.file, plan: None, end }
        }
    }
}

fn outcome_entry<'a>(task: &'a Task, outcome: &'a Outcome) -> Entry<'a> {
    let exit_code = exit(outcome).code();
    let mut entry = Entry::planned(&task.plan, exit_code);
    let end = &mut entry.end;
    match outcome {
        Outcome::Unchanged => end.outcome = json::Outcome::Unchanged,
        Outcome::NotReached => end.outcome = json::Outcome::NotReached,
        Outcome::Stale(movement) => {
            end.outcome = json::Outcome::Stale;
            end.movement = Some(movement);
        }
        Outcome::Refused(plan) => {
            entry.plan = Some(plan);
            entry.end.outcome = json::Outcome::Refused;
        }
        Outcome::Failed(failure) => {
            end.outcome = json::Outcome::Failed;
            end.error = Some(match failure {
                Failure::Read(error) | Failure::Write(error, _) => (error.to_string(), error.help()),
                Failure::Backup(error) => (error.to_string(), None),
            });
        }
        Outcome::Applied(written) | Outcome::Deviates(written, _) => {
            end.outcome = json::Outcome::Applied;
            end.backup = Some(written.backup.display().to_string());
            end.done = written.done.iter().map(|operation| operation.name()).collect();
            end.request_id = written.request_id.as_deref();
            end.movement = Some(&written.movement);
            end.fallen = &written.fallen;
        }
    }
    if let Outcome::Deviates(written, doubt) = outcome {
        entry.end.outcome = json::Outcome::Deviates;
        match doubt {
            Doubt::Read(deviations) => entry.end.deviations = deviations,
            Doubt::Lost(error, deviations) => {
                entry.end.deviations = deviations;
                entry.end.error = Some((error.to_string(), error.help()));
            }
            Doubt::Unread(error) | Doubt::Stopped(error) => {
                entry.end.error = Some((error.to_string(), error.help()))
            }
            Doubt::Interrupted => {
                let told = match written.done.len() < task.plan.steps.len() {
                    true => format!("interrupted before {}", written.operation),
                    false => "interrupted before the write was verified".to_owned(),
                };
                entry.end.error = Some((told, None));
            }
        }
    }
    entry
}

/// How a run over this pool alone ends.
pub(super) fn exit(outcome: &Outcome) -> Exit {
    match outcome {
        Outcome::Unchanged | Outcome::Applied(_) | Outcome::NotReached => Exit::Clean,
        Outcome::Stale(_) => Exit::Stale,
        Outcome::Refused(_) => Exit::Refused,
        Outcome::Failed(_) => Exit::Failed,
        Outcome::Deviates(..) => Exit::Partial,
    }
}

impl Refusal {
    /// What is wrong, and what to do about it.
    pub(super) fn words(&self) -> (String, Option<String>) {
        match self {
            Self::Account(text) => {
                (text.clone(), Some("use the credentials of that account, or another `--profile`".to_owned()))
            }
            Self::Failed(error) => (error.to_string(), error.help()),
        }
    }
}
