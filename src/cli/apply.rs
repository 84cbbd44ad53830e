//! `poolctl apply` and `poolctl restore`: the same road, from other wants.

use std::cell::OnceCell;
use std::path::Path as FsPath;
use std::sync::Arc;
use std::time::Duration;

use super::accounts::Access;
use super::baseline::Baseline;
use super::connect::{Connections, Refusal};
use super::exit::Exit;
use super::fleet::{self, Keep, Planned};
use super::manifests::{Load, Loaded};
use super::progress::{Meter, What};
use super::ui::Ui;
use super::{Context, MAX_FILE, args, files, manifests, saved, show, tell};
use crate::apply::{self, Backup, Outcome, Progress, Task};
use crate::cognito::Session;
use crate::document::Path;
use crate::manifest::Diagnostic;
use crate::plan::{Change, Options, Plan, Scope, inverse};
use crate::report::{self, Entry, Gone, Kind, Run, count, text};
use crate::rules::{Account, Desired};

pub(super) async fn run(context: &Context, args: &args::Apply) -> Result<Exit, Exit> {
    if let Some(file) = saved::among(context, args)? {
        return saved::apply::run(context, &file, args).await;
    }
    let options = context.options(&args.allow)?;
    let outs = &args.writes.outputs.out;
    let Loaded { wanted, mut warnings, declared } =
        manifests::load(context, &args.paths, Load::of(Kind::Apply, outs)).await?;
    let baseline = Baseline::load(context, &args.since, &args.paths, &declared).await?;
    warnings.extend(baseline.iter().flat_map(|baseline| baseline.diagnostics.iter().cloned()));
    let connections = Connections::new(context).await?;
    let way = Way {
        strict: args.strict_stale,
        keep_going: args.keep_going,
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
    let readers = fleet::readers(connections, &wanted).await;
    let (options, depth) = (&way.options, fleet::Depth::Whole);
    let planned = fleet::plan(context, options, wanted, readers, depth, Keep::Documents, baseline).await;
    carry_out(context, connections, planned, way).await
}

pub(super) async fn restore(context: &Context, args: &args::Restore) -> Result<Exit, Exit> {
    let options = context.options(&args.allow)?;
    let (backup, paths) = backup(&context.ui, &args.backup)?;
    let connections = Connections::new(context).await?;
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
    let refused = |refusal: Refusal| {
        fleet::say(&context.ui, &refusal);
        refusal.exit()
    };
    let session = connections.to(&frame, Access::Read).await.map_err(refused)?;
    let now = apply::read(&session.reader(), &frame.pool).await;
    let now = now.map_err(|error| refused(Refusal::Failed(error)))?;
    let scope = if args.whole { Scope::Whole } else { Scope::Run(paths) };
    let mut desired = inverse(&context.catalogue, frame, &now, &backup.snapshot(), scope);
    for want in &mut desired.wants {
        want.is_secret = backup.is_secret(&want.path);
    }
    let plan = Plan::new(&context.catalogue, now, &desired, &options);
    let planned = vec![Planned { desired, plan: Ok(plan) }];
    carry_out(context, connections, planned, Way::new(Kind::Restore, options, &[], &args.writes)).await
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
    /// Whether pools are written while others cannot be planned or are refused.
    pub(super) keep_going: bool,
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
            keep_going: false,
            is_approved,
            gone: Gone::default(),
            earlier: Vec::new(),
        }
    }
}

const LOOKING: What = What("Reading again", "read again");
const WRITING: What = What("Writing", "done with");

/// Shows what is planned, asks, and does it.
pub(super) async fn carry_out(
    context: &Context,
    connections: &Connections,
    mut planned: Vec<Planned>,
    way: Way<'_>,
) -> Result<Exit, Exit> {
    let Way { kind, options, warnings, writes, strict, keep_going, is_approved, gone, earlier } = way;
    let ui = &context.ui;
    let mut ends = fleet::ends(&planned, false);
    let is_sound = !gone.refuses() && ends.iter().all(|end| *end == Exit::Clean);
    let outs = &writes.outputs.out;
    // Whoever is asked, or watches, sees the plan; a program reads one document: the one with the outcomes,
    // where there will be any.
    let entries: Vec<Entry<'_>> =
        planned.iter().zip(&ends).map(|(planned, end)| show::entry(planned, kind, *end)).collect();
    let something = entries.iter().any(|entry| entry.end.outcome == report::Outcome::Update);
    let run = Run { gone, ..show::of(kind, &entries, warnings, &[]) };
    if !something || !is_sound && !keep_going {
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
    show::refusals(context, &planned);
    if !is_approved {
        ask(context, ends.iter().filter(|end| **end != Exit::Clean).count(), ends.len()).await?;
    }
    let sessions = fleet::writers(connections, &mut planned).await;
    let later = fleet::ends(&planned, false);
    if later != ends {
        if !keep_going {
            return Ok(shut(context, outs, kind, &planned, warnings));
        }
        let is_new = |(planned, (before, now))| (before != now).then_some(planned);
        let new = planned.iter().zip(ends.iter().zip(&later)).filter_map(is_new);
        show::refusals_among(context, new, planned.len());
        ends = later;
    }
    files::keep_out_of_git(&writes.backup_dir);
    let earlier = earlier.into_iter().chain(std::iter::repeat(Vec::new()));
    let all = planned.into_iter().zip(&ends).zip(sessions).zip(earlier);
    let parts: Vec<Part> =
        all.map(|(((planned, end), session), earlier)| Part::of(planned, *end, session, earlier)).collect();
    let tasks: Vec<&Task> = parts.iter().filter_map(Part::task).collect();
    let options = apply::Options {
        backup_dir: writes.backup_dir.clone(),
        settle: Duration::from_secs(writes.settle),
        strict,
        plan: options,
        look_again: !is_approved && !keep_going,
        parallelism: context.parallelism(),
        max_failures: writes.max_failures.into(),
    };
    let outcomes = {
        let watch = Watch::new(ui, tasks.len());
        apply::run(&context.catalogue, &tasks, &options, &context.interrupt, &|progress| watch.tell(progress))
            .await
    };
    show::outcomes(context, outs, kind, &parts, &outcomes, warnings);
    let written = outcomes.iter().any(Outcome::has_written);
    let left = parts.iter().filter_map(Part::end).chain(gone.refuses().then_some(Exit::Refused));
    let end = Exit::of_fleet(outcomes.iter().map(show::exit).chain(left), written);
    // A run that was asked to stop before its first write has done nothing of what it should.
    let stopped = outcomes.iter().any(|outcome| matches!(outcome, Outcome::NotReached));
    if end == Exit::Clean && stopped && written { Ok(Exit::Partial) } else { Ok(end) }
}

/// Tells of a run that writes while it goes on.
struct Watch<'a> {
    ui: &'a Ui,
    pools: usize,
    looking: OnceCell<Meter<'a>>,
    writing: OnceCell<Meter<'a>>,
}

impl<'a> Watch<'a> {
    fn new(ui: &'a Ui, pools: usize) -> Self {
        Self { ui, pools, looking: OnceCell::new(), writing: OnceCell::new() }
    }

    fn tell(&self, progress: Progress<'_>) {
        let looking = || self.looking.get_or_init(|| Meter::new(self.ui, LOOKING, self.pools));
        let writing = || self.writing.get_or_init(|| Meter::new(self.ui, WRITING, self.pools));
        match progress {
            Progress::Looking(task) => looking().begins(&task.plan.pool.name),
            Progress::Looked(task) => {
                let pool = &task.plan.pool;
                looking().ends(&pool.name, (&pool.id, &pool.region), "read");
            }
            Progress::Begun(task) => writing().begins(&task.plan.pool.name),
            Progress::BackedUp(_, path) => self.ui.note(&format!("backup {}", path.display())),
            Progress::Finished(task, outcome) => {
                let pool = &task.plan.pool;
                writing().ends(&pool.name, (&pool.id, &pool.region), show::word(outcome));
            }
            Progress::Halted(why) if self.pools > 1 => self.ui.message(&tell::halt(why)),
            Progress::Halted(_) => {}
        }
    }
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
fn shut(
    context: &Context,
    outs: &[args::Out],
    kind: Kind,
    planned: &[Planned],
    warnings: &[Diagnostic],
) -> Exit {
    let ends = fleet::ends(planned, false);
    let entries = planned.iter().zip(&ends).map(|(planned, end)| show::entry(planned, kind, *end));
    let entries: Vec<Entry<'_>> = entries.map(show::unreached).collect();
    if context.is_text() {
        context.ui.result("\n");
    }
    show::ended(context, outs, &show::of(kind, &entries, warnings, &[]));
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
