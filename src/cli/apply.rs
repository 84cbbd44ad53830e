//! `poolctl apply` and `poolctl restore`: the same road, from other wants.

use std::path::Path as FsPath;
use std::sync::Arc;
use std::time::Duration;

use super::baseline::Baseline;
use super::connect::Connections;
use super::exit::Exit;
use super::fleet::{self, Keep, Planned};
use super::manifests::Load;
use super::ui::Ui;
use super::{Context, MAX_FILE, args, files, manifests, saved, show};
use crate::apply::{self, Backup, Outcome, Progress, Task};
use crate::cognito::Session;
use crate::document::Path;
use crate::manifest::Diagnostic;
use crate::plan::{Change, Options, Plan, Scope, inverse};
use crate::report::{Entry, Gone, Kind, Run, text};
use crate::rules::{Account, Desired};

pub(super) async fn run(context: &Context, args: &args::Apply) -> Result<Exit, Exit> {
    if let Some(file) = saved::among(context, args)? {
        return saved::apply::run(context, &file, args).await;
    }
    let options = context.options(&args.allow)?;
    let outs = &args.writes.outputs.out;
    let (wanted, mut warnings) = manifests::load(context, &args.paths, Load::of(Kind::Apply, outs)).await?;
    let baseline = Baseline::load(context, &args.since, &args.paths, &wanted).await?;
    warnings.extend(baseline.iter().flat_map(|baseline| baseline.diagnostics.iter().cloned()));
    let connections = Connections::new(&context.ui, &context.global).await?;
    let way = Way {
        strict: args.strict_stale,
        gone: baseline.as_ref().map(|baseline| baseline.gone).unwrap_or_default(),
        ..Way::new(Kind::Apply, options, &warnings, &args.writes)
    };
    let end = apply(context, &connections, wanted, baseline.as_ref(), way).await;
    connections.close().await;
    end
}

async fn apply(
    context: &Context,
    connections: &Connections,
    wanted: Vec<Desired>,
    baseline: Option<&Baseline>,
    way: Way<'_>,
) -> Result<Exit, Exit> {
    let sessions = fleet::sessions(&context.ui, connections, &wanted).await?;
    let readers = sessions.iter().map(|session| session.reader()).collect();
    let (options, depth) = (&way.options, fleet::Depth::Whole);
    let planned = fleet::plan(context, options, wanted, readers, depth, Keep::Documents, baseline).await;
    carry_out(context, planned, sessions, way).await
}

pub(super) async fn restore(context: &Context, args: &args::Restore) -> Result<Exit, Exit> {
    let options = context.options(&args.allow)?;
    let (backup, paths) = backup(&context.ui, &args.backup)?;
    let connections = Connections::new(&context.ui, &context.global).await?;
    let end = undo(context, &connections, &backup, &paths, options, args).await;
    connections.close().await;
    end
}

/// Reads a backup, with the settings that its run was about to change.
pub(super) fn backup(ui: &Ui, file: &FsPath) -> Result<(Backup, Vec<Path>), Exit> {
    let help = Some("name a file that `poolctl apply` printed as its backup");
    let fail = |text: String| {
        ui.error(&text, help);
        Exit::Failed
    };
    // A device has no end, and a pipe may have no beginning.
    match std::fs::metadata(file) {
        Ok(found) if !found.is_file() => {
            return Err(fail(format!("`{}` is no regular file", file.display())));
        }
        Ok(found) if found.len() > MAX_FILE => {
            return Err(fail(format!("`{}` is larger than 16 MiB", file.display())));
        }
        _ => {}
    }
    let backup = Backup::read(file).map_err(|error| fail(error.to_string()))?;
    let paths = backup.paths().map_err(|error| fail(format!("{}: {error}", file.display())))?;
    Ok((backup, paths))
}

async fn undo(
    context: &Context,
    connections: &Connections,
    backup: &Backup,
    paths: &[Path],
    options: Options,
    args: &args::Restore,
) -> Result<Exit, Exit> {
    let region = context.region().unwrap_or(&backup.region).to_owned();
    let frame = Desired {
        account: backup.account.clone().map(|id| Account { id, origin: None }),
        ..Desired::nothing(args.backup.display().to_string(), backup.pool.clone(), region)
    };
    let sessions = fleet::sessions(&context.ui, connections, std::slice::from_ref(&frame)).await?;
    let Some(session) = sessions.first() else { return Err(Exit::Failed) };
    let now = apply::read(&session.reader(), &frame.pool).await.map_err(|error| {
        context.ui.error(&error.to_string(), error.help().as_deref());
        Exit::Failed
    })?;
    let scope = if args.whole { Scope::Whole } else { Scope::Run(paths) };
    let mut desired = inverse(&context.catalogue, frame, &now, &backup.snapshot(), scope);
    for want in &mut desired.wants {
        want.is_secret = backup.is_secret(&want.path);
    }
    let plan = Plan::new(&context.catalogue, now, &desired, &options);
    let planned = vec![Planned { desired, plan: Ok(plan) }];
    carry_out(context, planned, sessions, Way::new(Kind::Restore, options, &[], &args.writes)).await
}

/// How plans are carried out.
pub(super) struct Way<'a> {
    pub(super) kind: Kind,
    pub(super) options: Options,
    /// What the manifests were warned of.
    pub(super) warnings: &'a [Diagnostic],
    pub(super) writes: &'a args::Writes,
    /// Whether a pool that has moved anywhere is stale.
    pub(super) strict: bool,
    /// Whether somebody has seen the plan and said yes.
    pub(super) is_approved: bool,
    /// The pools that have no manifest any more.
    pub(super) gone: Gone,
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
            is_approved,
            gone: Gone::default(),
            earlier: Vec::new(),
        }
    }
}

/// Shows what is planned, asks, and does it.
pub(super) async fn carry_out(
    context: &Context,
    planned: Vec<Planned>,
    sessions: Vec<Arc<Session>>,
    way: Way<'_>,
) -> Result<Exit, Exit> {
    let Way { kind, options, warnings, writes, strict, is_approved, gone, earlier } = way;
    let ui = &context.ui;
    let mut ends = fleet::ends(&planned, false);
    let something =
        planned.iter().any(|planned| planned.plan.as_ref().is_ok_and(|plan| !plan.changes.is_empty()));
    let ready = something && !gone.refuses() && ends.iter().all(|end| *end == Exit::Clean);
    let outs = &writes.outputs.out;
    // Whoever is asked, or watches, sees the plan; a program reads one document: the one with the outcomes,
    // where there will be any.
    let entries: Vec<Entry<'_>> =
        planned.iter().zip(&ends).map(|(planned, end)| show::entry(planned, kind, *end)).collect();
    let run = Run { gone, ..show::of(kind, &entries, warnings, &[]) };
    if !ready {
        show::planned(context, outs, &run);
        show::refusals(context, &planned);
        ends.extend(gone.refuses().then_some(Exit::Refused));
        return Ok(Exit::of_fleet(ends, false));
    }
    if context.is_text() {
        ui.result(&text::pools(&run, ui.style()));
    } else if !is_approved {
        ui.message(&text::pools(&run, ui.message_style()));
    }
    if !is_approved {
        ask(context).await?;
    }
    files::keep_out_of_git(&writes.backup_dir);
    let earlier = earlier.into_iter().chain(std::iter::repeat(Vec::new()));
    let all = planned.into_iter().zip(sessions).zip(earlier);
    let tasks: Vec<Task> =
        all.filter_map(|((planned, session), earlier)| task(planned, session, earlier)).collect();
    let options = apply::Options {
        backup_dir: writes.backup_dir.clone(),
        settle: Duration::from_secs(writes.settle),
        strict,
        plan: options,
        look_again: !is_approved,
        parallelism: context.parallelism(),
        max_failures: writes.max_failures.into(),
    };
    let progress = |progress: Progress<'_>| {
        if let Progress::BackedUp(_, path) = progress {
            ui.note(&format!("backup {}", path.display()));
        }
    };
    let outcomes = apply::run(&context.catalogue, &tasks, &options, &context.interrupt, &progress).await;
    show::outcomes(context, outs, kind, &tasks, &outcomes, warnings);
    let written = outcomes.iter().any(Outcome::has_written);
    let end = Exit::of_fleet(outcomes.iter().map(show::exit), written);
    // A run that was asked to stop before its first write has done nothing of what it should.
    let stopped = outcomes.iter().any(|outcome| matches!(outcome, Outcome::NotReached));
    if end == Exit::Clean && stopped && written { Ok(Exit::Partial) } else { Ok(end) }
}

/// Nobody is asked where nobody can answer.
async fn ask(context: &Context) -> Result<(), Exit> {
    let ui = &context.ui;
    if !ui.can_ask() {
        let help = "read the plan and run the same command with `--yes`";
        ui.error("there is no terminal to ask at; nothing was written", Some(help));
        return Err(Exit::Usage);
    }
    if ui.confirm("\nApply these changes? Only `yes` is taken as one: ").await {
        return Ok(());
    }
    ui.message("Nothing was written.");
    Err(Exit::Refused)
}

fn task(planned: Planned, session: Arc<Session>, earlier: Vec<Change>) -> Option<Task> {
    let plan = planned.plan.ok()?;
    let account = planned.desired.account.as_ref().map(|account| account.id.clone());
    Some(Task { desired: planned.desired, plan, session, account, earlier })
}
