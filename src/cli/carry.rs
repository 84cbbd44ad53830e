//! Carrying plans out: show, ask, write, tell.

use std::sync::Arc;
use std::time::Duration;

use super::connect::Connections;
use super::exit::Exit;
use super::fleet::{self, Planned};
use super::progress::Watch;
use super::{Context, args, files, show};
use crate::apply::{self, Outcome, Progress, Task};
use crate::cognito::Session;
use crate::manifest::Diagnostic;
use crate::plan::{Change, Options};
use crate::report::{self, Entry, Gone, Kind, Run, count, text};

/// How plans are carried out.
pub(super) struct Way<'a> {
    pub(super) kind: Kind,
    pub(super) options: Options,
    /// What the manifests were warned of.
    pub(super) warnings: &'a [Diagnostic],
    pub(super) writes: &'a args::Writes,
    /// Whether a pool that has moved anywhere is stale.
    pub(super) strict: bool,
    /// Whether pools are written while others cannot be planned or are refused.
    pub(super) keep_going: bool,
    /// Whether somebody has seen the plan and said yes.
    pub(super) is_approved: bool,
    /// The pools that have no manifest any more.
    pub(super) gone: Gone,
    /// The digest of the saved plan that is applied.
    pub(super) saved: Option<&'a str>,
    /// What had moved in each pool before it was planned; nothing at all where no earlier plan is known.
    pub(super) earlier: Vec<Vec<Change>>,
}

impl<'a> Way<'a> {
    pub(super) fn new(
        kind: Kind,
        options: Options,
        warnings: &'a [Diagnostic],
        writes: &'a args::Writes,
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

    fn outs(&self) -> &'a [args::Out] {
        &self.writes.outputs.out
    }
}

/// Shows what is planned, asks, and does it.
pub(super) async fn carry_out(
    context: &Context,
    connections: &Connections,
    mut planned: Vec<Planned>,
    way: Way<'_>,
) -> Result<Exit, Exit> {
    let ends = fleet::ends(&planned, false);
    if !show_plans(context, &planned, &ends, &way) {
        let gone = way.gone.refuses().then_some(Exit::Refused);
        return Ok(Exit::of_fleet(ends.into_iter().chain(gone), false));
    }
    if !way.is_approved {
        ask(context, ends.iter().filter(|end| **end != Exit::Clean).count(), ends.len()).await?;
    }
    let sessions = fleet::writers(connections, &mut planned).await;
    let later = fleet::ends(&planned, false);
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
        all.map(|(((planned, end), session), earlier)| Part::of(planned, end, session, earlier)).collect();
    Ok(write(context, parts, way).await)
}

/// Shows the plans and what is wrong with some; whether there is something to write, and nothing against it.
///
/// Whoever is asked, or watches, sees the plans; a program reads one document: the one with the outcomes, where
/// there will be any.
fn show_plans(context: &Context, planned: &[Planned], ends: &[Exit], way: &Way<'_>) -> bool {
    let ui = &context.ui;
    let entries: Vec<Entry<'_>> =
        planned.iter().zip(ends).map(|(planned, end)| show::entry(planned, way.kind, *end)).collect();
    let told = show::of(way.kind, &entries, way.warnings, &[]);
    let run = Run { gone: way.gone, keeps_going: way.keep_going, ..told };
    let something = entries.iter().any(|entry| entry.end.outcome == report::Outcome::Update);
    let is_sound = !way.gone.refuses() && ends.iter().all(|end| *end == Exit::Clean);
    let goes_on = something && (is_sound || way.keep_going);
    if !goes_on {
        show::planned(context, way.outs(), &run);
    } else if context.is_text() {
        ui.result(&text::pools(&run, ui.style()));
    } else if !way.is_approved {
        ui.message(&text::pools(&run, ui.message_style()));
    }
    show::refusals(context, planned);
    goes_on
}

/// Brings pools to their plans, and tells what became of each.
async fn write(context: &Context, parts: Vec<Part>, way: Way<'_>) -> Exit {
    files::keep_out_of_git(&way.writes.backup_dir);
    let tasks: Vec<&Task> = parts.iter().filter_map(Part::task).collect();
    let options = apply::Options {
        backup_dir: way.writes.backup_dir.clone(),
        settle: Duration::from_secs(way.writes.settle),
        strict: way.strict,
        look_again: !way.is_approved && !way.keep_going,
        parallelism: context.parallelism(),
        max_failures: way.writes.max_failures.into(),
        plan: way.options.clone(),
        saved: way.saved.map(str::to_owned),
    };
    let outcomes = {
        let changing = tasks.iter().filter(|task| !task.plan.changes.is_empty()).count();
        let watch = Watch::new(&context.ui, changing);
        let progress = |progress: Progress<'_>| watch.tell(progress);
        apply::run(&context.catalogue, &tasks, &options, &context.interrupt, &progress).await
    };
    show::outcomes(context, way.outs(), way.kind, &parts, &outcomes, way.warnings);
    let written = outcomes.iter().any(Outcome::has_written);
    let left = parts.iter().filter_map(Part::end).chain(way.gone.refuses().then_some(Exit::Refused));
    let end = Exit::of_fleet(outcomes.iter().map(show::exit).chain(left), written);
    // A run that was asked to stop before its first write has done nothing of what it should.
    let stopped = outcomes.iter().any(|outcome| matches!(outcome, Outcome::NotReached));
    if end == Exit::Clean && stopped && written { Exit::Partial } else { end }
}

/// A pool of a run that writes.
pub(super) enum Part {
    /// It is to be brought to its plan.
    Task(Box<Task>),
    /// It cannot be, and this run would end so for it alone.
    Left(Box<Planned>, Exit),
}

impl Part {
    fn of(planned: Planned, end: Exit, session: Option<Arc<Session>>, earlier: Vec<Change>) -> Self {
        match (planned, session) {
            (Planned { desired, plan: Ok(plan) }, Some(session)) if end == Exit::Clean => {
                let account = desired.account.as_ref().map(|account| account.id.clone());
                Self::Task(Box::new(Task { desired, plan, session, account, earlier }))
            }
            (planned, _) => Self::Left(Box::new(planned), end),
        }
    }

    fn task(&self) -> Option<&Task> {
        if let Self::Task(task) = self { Some(task) } else { None }
    }

    fn end(&self) -> Option<Exit> {
        if let Self::Left(_, end) = self { Some(*end) } else { None }
    }
}

/// Tells of pools that cannot be written as their accounts ask for, once all have been planned: then none is.
fn shut(context: &Context, way: &Way<'_>, planned: &[Planned], ends: Vec<Exit>) -> Exit {
    let entries = planned.iter().zip(&ends).map(|(planned, end)| show::entry(planned, way.kind, *end));
    let entries: Vec<Entry<'_>> = entries.map(show::unreached).collect();
    if context.is_text() {
        context.ui.result("\n");
    }
    show::ended(context, way.outs(), &show::of(way.kind, &entries, way.warnings, &[]));
    show::refusals(context, planned);
    Exit::of_fleet(ends, false)
}

/// Nobody is asked where nobody can answer. `left` of `all` pools are left as they are in any case.
async fn ask(context: &Context, left: usize, all: usize) -> Result<(), Exit> {
    let ui = &context.ui;
    if !ui.can_ask() {
        let help = "read the plan and run the same command with `--yes`";
        ui.error("there is no terminal to ask at; nothing was written", Some(help));
        return Err(Exit::Usage);
    }
    let but = match left {
        0 => String::new(),
        left => format!(" and leave {left} of {} as they are", count(all, "pool")),
    };
    if ui.confirm(&format!("\nApply these changes{but}? Only `yes` is taken as one: ")).await {
        return Ok(());
    }
    ui.message("Nothing was written.");
    Err(Exit::Refused)
}
