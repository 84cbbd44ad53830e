//! Applies plans: show, ask, write, report.

use std::io::IsTerminal as _;
use std::time::Duration;

use crate::apply::{self, ApplyOutcome, Progress, Task, WaitingPlan};
use crate::cli::exit::Exit;
use crate::cli::fleet::connect::Connections;
use crate::cli::fleet::pools::{Planned, RunPart};
use crate::cli::fleet::{ids, planning};
use crate::cli::terminal::progress::Watch;
use crate::cli::terminal::show;
use crate::cli::{Context, args};
use crate::files;
use crate::manifest::Diagnostic;
use crate::plan::{Change, Options, PlanReport};
use crate::report::{self, Gone, Run, RunEntry, RunKind, count, escape, text};

/// How plans are applied.
pub(in crate::cli) struct ApplyMode<'a> {
    pub(in crate::cli) kind: RunKind,
    pub(in crate::cli) options: Options,
    /// The warnings about the manifests.
    pub(in crate::cli) warnings: &'a [Diagnostic],
    pub(in crate::cli) writes: &'a args::WriteArgs,
    /// Whether a change of any live setting since planning makes the plan stale.
    pub(in crate::cli) strict: bool,
    /// Whether pools are written while others cannot be planned or are refused.
    pub(in crate::cli) keep_going: bool,
    /// Whether the plan is approved already: by `--yes`, or as a saved plan.
    pub(in crate::cli) is_approved: bool,
    /// The pools whose manifest is gone since the baseline.
    pub(in crate::cli) gone: Gone,
    /// The digest of the saved plan that is applied.
    pub(in crate::cli) saved: Option<&'a str>,
    /// The changes of each pool since an earlier plan; empty without an earlier plan.
    pub(in crate::cli) earlier: Vec<Vec<Change>>,
}

impl<'a> ApplyMode<'a> {
    pub(in crate::cli) fn new(
        kind: RunKind,
        options: Options,
        warnings: &'a [Diagnostic],
        writes: &'a args::WriteArgs,
    ) -> Self {
        let is_approved = writes.yes;
        Self {
            kind,
            options,
            warnings,
            writes,
            strict: false,
            keep_going: false,
            is_approved,
            gone: Gone::default(),
            saved: None,
            earlier: Vec::new(),
        }
    }

    fn outs(&self) -> &'a [args::OutFile] {
        &self.writes.outputs.out
    }
}

/// Shows the plans, asks, and applies them.
pub(in crate::cli) async fn carry_out(
    context: &Context,
    connections: &Connections,
    mut planned: Vec<Planned<WaitingPlan>>,
    way: ApplyMode<'_>,
) -> Result<Exit, Exit> {
    let ends = planning::ends(&planned, false);
    // The options of a saved plan cannot be changed, and one that was applied in part needs fewer of them.
    if way.saved.is_none() {
        show::unused_allows(context, &planned, &way.options.allows);
    }
    if !show_plans(context, &planned, &ends, &way) {
        let gone = way.gone.refuses().then_some(Exit::Refused);
        return Ok(Exit::of_fleet(ends.into_iter().chain(gone), false));
    }
    if !way.is_approved {
        ask(context, &planned, &ends).await?;
    }
    let sessions = planning::writers(connections, &mut planned).await;
    let later = planning::ends(&planned, false);
    if later != ends {
        if !way.keep_going {
            return Ok(shut(context, &way, &planned, later));
        }
        let is_new = |(planned, (before, now))| (before != now).then_some(planned);
        let new = planned.iter().zip(ends.iter().zip(&later)).filter_map(is_new);
        show::refusals_among(context, new, planned.len());
    }
    let earlier = way.earlier.iter().cloned().chain(std::iter::repeat(Vec::new()));
    let all = planned.into_iter().zip(later).zip(sessions).zip(earlier);
    let parts =
        all.map(|(((planned, end), session), earlier)| RunPart::of(planned, end, session, earlier)).collect();
    Ok(write(context, parts, way).await)
}

/// Shows the plans and the errors; returns whether there is something to write and nothing prevents it.
///
/// A person sees the plans before the question. A program reads one document: the one with the outcomes, if pools
/// are written.
fn show_plans(
    context: &Context,
    planned: &[Planned<WaitingPlan>],
    ends: &[Exit],
    way: &ApplyMode<'_>,
) -> bool {
    let ui = &context.ui;
    let entries = show::entries(planned, ends, way.kind);
    let told = show::of(way.kind, &entries, way.warnings, &[]);
    let run = Run { gone: way.gone, keeps_going: way.keep_going, ..told };
    let something = entries.iter().any(|entry| entry.end.outcome == report::PoolOutcome::Update);
    let is_sound = !way.gone.refuses() && ends.iter().all(|end| *end == Exit::Clean);
    let goes_on = something && (is_sound || way.keep_going);
    if !goes_on {
        show::planned(context, way.outs(), &run);
    } else if context.is_text() {
        show::pools(context, &run);
    } else if !way.is_approved {
        let mut text = String::new();
        // A text takes everything.
        let _ = text::pools(&run, &ui.message_style, &mut text);
        ui.report(&text);
    }
    show::refusals(context, planned);
    goes_on
}

/// Writes the pools, and reports the outcome of each.
async fn write(context: &Context, parts: Vec<RunPart>, way: ApplyMode<'_>) -> Exit {
    files::keep_out_of_git(&context.root, &way.writes.backup_dir);
    let tasks: Vec<&Task> = parts.iter().filter_map(RunPart::task).collect();
    let options = apply::ApplyOptions {
        backup_dir: way.writes.backup_dir.clone(),
        root: context.root.clone(),
        settle: Duration::from_secs(way.writes.settle),
        strict: way.strict,
        look_again: !way.is_approved && !way.keep_going,
        parallelism: context.parallelism(),
        max_failures: way.writes.max_failures.into(),
        plan: way.options.clone(),
        saved: way.saved.map(str::to_owned),
    };
    let outcomes = {
        let changing = tasks.iter().filter(|task| !task.report().changes.is_empty()).count();
        // The table of a fleet has the backups.
        let names_backups = parts.len() == 1 || !context.is_text();
        let watch = Watch::new(&context.ui, changing, names_backups);
        let progress = |progress: Progress<'_>| watch.tell(progress);
        apply::run(&context.catalogue, &tasks, &options, &context.interrupt, &progress).await
    };
    show::outcomes(context, way.outs(), way.kind, &parts, &outcomes, way.warnings);
    ids::keep(context, &tasks, &outcomes);
    let written = outcomes.iter().any(ApplyOutcome::has_written);
    let left = parts.iter().filter_map(RunPart::end).chain(way.gone.refuses().then_some(Exit::Refused));
    let end = Exit::of_fleet(outcomes.iter().map(show::exit).chain(left), written);
    // A run that is stopped before its first write has done nothing.
    let stopped = outcomes.iter().any(|outcome| matches!(outcome, ApplyOutcome::NotReached));
    if end == Exit::Clean && stopped && written { Exit::Partial } else { end }
}

/// Reports the pools that the configured accounts cannot write, after planning: then no pool is written.
fn shut(context: &Context, way: &ApplyMode<'_>, planned: &[Planned<WaitingPlan>], ends: Vec<Exit>) -> Exit {
    let entries = show::entries(planned, &ends, way.kind);
    let entries: Vec<RunEntry<'_>> = entries.into_iter().map(show::unreached).collect();
    if context.is_text() {
        context.ui.result("\n");
    }
    show::ended(context, way.outs(), &show::of(way.kind, &entries, way.warnings, &[]));
    show::refusals(context, planned);
    Exit::of_fleet(ends, false)
}

/// Asks for a `yes`, and fails where no terminal can give one.
///
/// # Errors
/// [`Exit::Usage`] without a terminal, [`Exit::Refused`] at any other answer.
async fn ask(context: &Context, planned: &[Planned<WaitingPlan>], ends: &[Exit]) -> Result<(), Exit> {
    let ui = &context.ui;
    if !ui.can_ask() {
        let text = format!(
            "cannot ask for confirmation: {} is not a terminal. Nothing was written.",
            if std::io::stdin().is_terminal() { "stderr" } else { "stdin" }
        );
        return Err(ui.fail(Exit::Usage, &text, "review the plan, then run the same command with `--yes`"));
    }
    if ui.confirm(&format!("\n{} Type `yes` to continue: ", question(planned, ends))).await {
        return Ok(());
    }
    ui.message("The answer was not `yes`. Nothing was written.");
    Err(Exit::Refused)
}

/// The question: how many changes, to which pools, and how many pools are skipped.
fn question(planned: &[Planned<WaitingPlan>], ends: &[Exit]) -> String {
    /// How many pools are named.
    const NAMED: usize = 3;
    let all = planned.iter().zip(ends);
    let plans: Vec<_> = all
        .filter(|(_, end)| **end == Exit::Clean)
        .filter_map(|(planned, _)| Some((planned, planned.plan.as_ref().ok()?.as_ref())))
        .filter(|(_, report): &(_, &PlanReport)| !report.changes.is_empty())
        .collect();
    let changes = count(plans.iter().map(|(_, report)| report.changes.len()).sum(), "change");
    let pools = match plans.as_slice() {
        [(alone, report)] if report.pool.is_new => {
            let (name, region) = (escape(&report.pool.name), &report.pool.region);
            let account = alone.desired.account.as_ref().map_or("", |account| account.id.as_str());
            format!("the new pool {name} in account {account}, {region}")
        }
        [(_, report)] => format!("{} ({})", escape(&report.pool.name), escape(&report.pool.id)),
        several => {
            let names = several.iter().map(|(_, report)| escape(&report.pool.name));
            format!("{} ({})", count(several.len(), "pool"), report::first_of(names, NAMED))
        }
    };
    let skipped = ends.iter().filter(|end| **end != Exit::Clean).count();
    let skipped = match skipped {
        0 => String::new(),
        skipped => format!(" {skipped} of {} will be skipped.", count(ends.len(), "pool")),
    };
    format!("Apply {changes} to {pools}?{skipped}")
}
