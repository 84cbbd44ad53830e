//! Reading and planning every selected pool, side by side.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::apply::{self, WaitingPlan};
use crate::catalogue::{Catalogue, Reading};
use crate::cli::Context;
use crate::cli::exit::Exit;
use crate::cli::fleet::baseline::{self, Baseline};
use crate::cli::fleet::connect::{self, Connections};
use crate::cli::fleet::cores;
use crate::cli::fleet::pools::{CallRoute, Planned, Unreachable, way};
use crate::cli::fleet::tagged;
use crate::cli::fleet::waiting::WaitingManifest;
use crate::cli::terminal::progress::{Meter, Verb};
use crate::cli::terminal::ui::Ui;
use crate::cli::world::accounts::Access;
use crate::cognito::{Reader, Session};
use crate::document::Snapshot;
use crate::plan::{self, Options, Plan, PlanReport, Sharing};
use crate::rules::{Desired, ManifestPool};

/// What reads each pool, or why it cannot be: each account is compared with its manifest's before any pool is
/// read.
pub(in crate::cli) async fn readers(
    connections: &Connections,
    wanted: &[impl Deref<Target = Desired>],
) -> Vec<Result<Reader, Unreachable>> {
    let sessions = open(connections, wanted.iter().map(|desired| (&**desired, Access::Read))).await;
    sessions.into_iter().map(|session| session.map(|session| session.reader())).collect()
}

/// The session that writes each pool with an applicable plan. If a pool with changes cannot be written, the reason
/// replaces its plan.
pub(in crate::cli) async fn writers(
    connections: &Connections,
    planned: &mut [Planned<WaitingPlan>],
) -> Vec<Option<Arc<Session>>> {
    let access = |plan: &Result<WaitingPlan, Unreachable>| match plan {
        Ok(plan) if plan.as_ref().is_refused() => None,
        Ok(plan) if plan.as_ref().changes.is_empty() => Some(Access::Read),
        Ok(_) => Some(Access::Write),
        Err(_) => None,
    };
    let ways = planned.iter().filter_map(|Planned { desired, plan }| Some((desired, access(plan)?)));
    let mut sessions = open(connections, ways).await.into_iter();
    let mut writer = |planned: &mut Planned<WaitingPlan>| {
        access(&planned.plan)?;
        match sessions.next()? {
            Ok(session) => Some(session),
            Err(refusal) => {
                planned.plan = Err(refusal);
                None
            }
        }
    };
    planned.iter_mut().map(&mut writer).collect()
}

/// The way to every pool, or why there is none; accounts and Regions are asked side by side.
///
/// Where a way fails for one pool, it is not tried for the next.
async fn open(
    connections: &Connections,
    wanted: impl Iterator<Item = (&Desired, Access)>,
) -> Vec<Result<Arc<Session>, Unreachable>> {
    let mut groups: BTreeMap<(CallRoute<'_>, Access), Vec<(usize, &Desired)>> = BTreeMap::new();
    for (index, (desired, access)) in wanted.enumerate() {
        groups.entry((way(desired), access)).or_default().push((index, desired));
    }
    let opened = groups.into_iter().map(|((_, access), group)| async move {
        let mut opened = Vec::new();
        let mut closed = None;
        for (index, desired) in group {
            let session = match &closed {
                Some(refusal) => Err(Unreachable::clone(refusal)),
                None => connections.to(desired, access).await,
            };
            if let Err(refusal @ (Unreachable::Failed(_) | Unreachable::OnlyReads(_))) = &session {
                closed = Some(refusal.clone());
            }
            opened.push((index, session));
        }
        opened
    });
    let mut opened: Vec<_> = join_all(opened).await.into_iter().flatten().collect();
    opened.sort_by_key(|(index, _)| *index);
    opened.into_iter().map(|(_, session)| session).collect()
}

/// What is read of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Depth {
    /// Both documents of the pool, and the documents of declared branches.
    Whole,
    /// The same as `Whole`, and the lists of watched branches.
    Watched,
    /// The same as `Watched`, and the documents that no manifest declares.
    Undeclared,
    /// The same as `Watched`, without what only a plan looks up.
    Compared,
    /// Another document than the pool's only if the plan needs it: each costs a call of its own.
    AsWanted,
    /// All that plans and drift reports of the manifest need, to be saved.
    Saved,
    /// The pool's document, and those to which the service gave ids.
    Identities,
}

const READING: Verb = Verb("Reading", "read");

/// How pools are planned.
pub(in crate::cli) struct Planning<'a, P> {
    pub(in crate::cli) context: &'a Context,
    pub(in crate::cli) options: &'a Options,
    pub(in crate::cli) depth: Depth,
    pub(in crate::cli) baseline: Arc<Baseline>,
    /// Whether the report has the pool as it will be.
    pub(in crate::cli) planned_values: bool,
    /// What is kept of a plan: the documents of a thousand pools take more memory than everything else.
    pub(in crate::cli) keep: KeepPlan<P>,
}

/// What is kept of a plan.
pub(in crate::cli) type KeepPlan<P> = Arc<dyn Fn(&Sharing, Plan) -> P + Send + Sync>;

impl<'a, P: From<Plan>> Planning<'a, P> {
    /// Reads both documents of each pool, and keeps all of each plan.
    pub(in crate::cli) fn whole(context: &'a Context, options: &'a Options) -> Self {
        Self {
            context,
            options,
            depth: Depth::Whole,
            baseline: Arc::default(),
            planned_values: false,
            keep: Arc::new(|_, plan| plan.into()),
        }
    }
}

impl<P: Send + 'static> Planning<'_, P> {
    /// Plans every pool from what its reader says, with who has moved since a baseline.
    pub(in crate::cli) async fn plan<D: KeptManifest>(
        &self,
        wanted: Vec<WaitingManifest>,
        readers: Vec<Result<Reader, Unreachable>>,
    ) -> Vec<Planned<P, D>> {
        let Self { context, options, depth, ref baseline, planned_values, ref keep } = *self;
        let (catalogue, options) = (Arc::clone(&context.catalogue), options.clone());
        let (baseline, keep, sharing) = (Arc::clone(baseline), Arc::clone(keep), Sharing::default());
        let plan = move |live, desired: &Desired| {
            let plan = Plan::new(&catalogue, live, desired, &options);
            let mut plan = baseline::mark(&baseline, &catalogue, plan, desired, &options);
            plan.report.planned_values = planned_values.then(|| plan.planned_values(&catalogue));
            keep(&sharing, plan)
        };
        compare(context, wanted, readers, depth, plan).await
    }
}

/// What is kept of a manifest once its pool is planned: all of it, or what names it. The manifests of a thousand pools
/// take more memory than their names.
pub(in crate::cli) trait KeptManifest:
    From<Desired> + AsRef<ManifestPool> + Send + 'static
{
}

impl<D: From<Desired> + AsRef<ManifestPool> + Send + 'static> KeptManifest for D {}

/// Compares every pool that can be reached with what is wanted of it, as `with` does.
///
/// Pools are read by a task of the runtime's and compared on every core: no answer waits for a comparison.
pub(in crate::cli) async fn compare<P: Send + 'static, D: KeptManifest>(
    context: &Context,
    mut wanted: Vec<WaitingManifest>,
    mut readers: Vec<Result<Reader, Unreachable>>,
    depth: Depth,
    with: impl Fn(Snapshot, &Desired) -> P + Send + Sync + 'static,
) -> Vec<Planned<P, D>> {
    tagged::find(context, &mut wanted, &mut readers).await;
    let (wanted, readers) = tagged::picked(wanted, readers);
    let pools = wanted.len();
    let meter = Meter::new(&context.ui, READING, pools);
    let jobs = jobs(context, wanted, readers, depth);
    let mut planned = Vec::with_capacity(pools);
    // What waits to be compared is bounded: a thousand documents take more memory than all else.
    let (hand, read) = mpsc::channel(context.parallelism());
    let (tell, mut told) = mpsc::channel::<Told<P, D>>(context.parallelism());
    let mut tasks = comparing(pools, read, &tell, with);
    tasks.push(tokio::spawn(self::read(jobs, context.parallelism(), tell, hand)));
    while let Some(told) = told.recv().await {
        match told {
            Told::Begins(pool) => meter.begins(&pool),
            Told::Ends(index, pool) => {
                let came_to = if pool.plan.is_ok() { "read" } else { "failed" };
                let ManifestPool { pool: id, region, .. } = pool.desired.as_ref();
                meter.ends(id, (id, region), came_to);
                planned.push((index, *pool));
            }
        }
    }
    // A task that broke off must not pass for one that compared every pool.
    for ended in join_all(tasks).await {
        if let Err(error) = ended {
            std::panic::resume_unwind(error.into_panic());
        }
    }
    planned.sort_by_key(|(index, _)| *index);
    planned.into_iter().map(|(_, planned)| planned).collect()
}

/// The pools to read, in the order in which that begins. What is to be read of each is found out then.
fn jobs(
    context: &Context,
    wanted: Vec<WaitingManifest>,
    readers: Vec<Result<Reader, Unreachable>>,
    depth: Depth,
) -> impl Iterator<Item = Job> + Send + use<> {
    let turns = apply::turns(wanted.iter().map(|waiting| way(waiting)));
    // What a pool had is let go of at its turn.
    let mut waiting: Vec<_> = wanted.into_iter().zip(readers).map(|one| Some(Box::new(one))).collect();
    let (catalogue, today) = (Arc::clone(&context.catalogue), context.today());
    turns.into_iter().filter_map(move |index| {
        let (waiting, reader) = *waiting.get_mut(index)?.take()?;
        let (desired, reader) = match waiting.whole() {
            Ok(desired) => (desired, reader),
            Err(desired) => {
                let refusal = Unreachable::Changed(desired.file.clone());
                (desired, Err(refusal))
            }
        };
        let readings = match depth {
            Depth::Whole => plan::needed_to_write(&desired),
            Depth::Watched | Depth::Compared => plan::needed_to_watch(&desired),
            Depth::Undeclared => plan::needed_to_adopt(&desired),
            Depth::AsWanted => plan::needed(&catalogue, &desired),
            Depth::Saved => plan::needed_to_save(&desired),
            Depth::Identities => plan::needed_for_ids(&desired),
        };
        let looks_up = matches!(depth, Depth::Whole | Depth::Watched | Depth::Undeclared | Depth::AsWanted);
        let lookups = match depth {
            Depth::Identities => Lookups::None,
            Depth::Compared => Lookups::OfDrift(today),
            _ if looks_up => Lookups::OfPlans(today),
            _ => Lookups::OfRules,
        };
        Some(Job { index, desired, reader, readings, lookups, catalogue: Arc::clone(&catalogue) })
    })
}

/// Compares the pools that come from `read`, on a thread for each core, but on no more threads than pools.
fn comparing<P: Send + 'static, D: KeptManifest>(
    pools: usize,
    read: mpsc::Receiver<ReadPool>,
    tell: &mpsc::Sender<Told<P, D>>,
    with: impl Fn(Snapshot, &Desired) -> P + Send + Sync + 'static,
) -> Vec<JoinHandle<()>> {
    let (read, with) = (Arc::new(Mutex::new(read)), Arc::new(with));
    let compare = |_| {
        let (read, with, tell) = (Arc::clone(&read), Arc::clone(&with), tell.clone());
        let next = move || read.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
        tokio::task::spawn_blocking(move || {
            while let Some(ReadPool { index, desired, live }) = next() {
                let plan = live.map(|live| with(live, &desired));
                let planned = Planned { desired: D::from(*desired), plan };
                // Whoever no longer listens needs no answer either.
                let _ = tell.blocking_send(Told::Ends(index, Box::new(planned)));
            }
        })
    };
    (0..cores::number().min(pools)).map(compare).collect()
}

/// A pool to read, by its number among the selected pools.
struct Job {
    index: usize,
    desired: Box<Desired>,
    reader: Result<Reader, Unreachable>,
    readings: Vec<Reading>,
    lookups: Lookups,
    catalogue: Arc<Catalogue>,
}

/// What is looked up of a pool once it was read.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) enum Lookups {
    None,
    /// What rules of the house judge.
    OfRules,
    /// The same, and what a plan on this day needs.
    OfPlans(time::Date),
    /// What rules of the house judge, and what a drift report on this day says of undeclared documents.
    OfDrift(time::Date),
}

impl Lookups {
    fn readings(self, catalogue: &Catalogue, live: &Snapshot, desired: &Desired) -> Vec<Reading> {
        match self {
            Self::None => Vec::new(),
            Self::OfRules => plan::for_rules(catalogue, live, desired),
            Self::OfPlans(today) => plan::lookups(catalogue, live, desired, today),
            Self::OfDrift(today) => plan::lookups_of_drift(catalogue, live, desired, today),
        }
    }
}

/// A pool that was read, or could not be.
struct ReadPool {
    index: usize,
    desired: Box<Desired>,
    live: Result<Snapshot, Unreachable>,
}

/// The beginning and the end of the work on a pool.
enum Told<P, D> {
    Begins(String),
    Ends(usize, Box<Planned<P, D>>),
}

/// Reads pools side by side, tells when each begins, and hands it on once it was read.
async fn read<P, D>(
    jobs: impl Iterator<Item = Job>,
    parallelism: usize,
    tell: mpsc::Sender<Told<P, D>>,
    hand: mpsc::Sender<ReadPool>,
) {
    let (tell, hand) = (&tell, &hand);
    let reads = jobs.map(|Job { index, mut desired, reader, readings, lookups, catalogue }| async move {
        // Whoever no longer listens needs no answer either.
        let _ = tell.send(Told::Begins(desired.pool.clone())).await;
        let live = match reader {
            Ok(_) if desired.is_new() => Ok(absent(&desired, readings, lookups, &catalogue)),
            Ok(reader) => {
                let wanted = readings.clone();
                let live = reader.read(&desired.pool, readings).await;
                let live = live.and_then(|live| reader.complete(live, &desired.pool, &wanted));
                let live = match live {
                    Ok(live) => {
                        let more = lookups.readings(&catalogue, &live, &desired);
                        reader.read_more(live, &desired.pool, more).await
                    }
                    Err(error) => Err(error),
                };
                let live = live.map_err(Unreachable::Failed);
                // Whose a live pool is, STS has been asked before it is read.
                let own = |live| connect::own(live, &desired);
                let live = if reader.is_saved() { live.and_then(own) } else { live };
                if let Some(live) = live.as_ref().ok().filter(|_| reader.is_saved()) {
                    desired.withhold(&Catalogue::withheld(live));
                }
                live
            }
            Err(refusal) => Err(refusal),
        };
        let _ = hand.send(ReadPool { index, desired, live }).await;
    });
    stream::iter(reads).buffer_unordered(parallelism).collect::<()>().await;
}

/// What would be read of a pool that does not exist.
pub(in crate::cli) fn absent(
    desired: &Desired,
    mut readings: Vec<Reading>,
    lookups: Lookups,
    catalogue: &Catalogue,
) -> Snapshot {
    let live = plan::nothing(&readings);
    readings.extend(lookups.readings(catalogue, &live, desired));
    plan::nothing(&readings)
}

/// Prints why a pool cannot be reached; returns how the run ends.
pub(in crate::cli) fn say(ui: &Ui, refusal: &Unreachable) -> Exit {
    let (text, help) = refusal.words();
    ui.error(&text, help.as_deref());
    refusal.exit()
}

/// How a run ends for each pool that is only planned.
pub(in crate::cli) fn ends<P: AsRef<PlanReport>, D>(planned: &[Planned<P, D>], detailed: bool) -> Vec<Exit> {
    let end = |planned: &Planned<P, D>| match &planned.plan {
        Err(refusal) => refusal.exit(),
        Ok(plan) => end(plan.as_ref(), detailed),
    };
    planned.iter().map(end).collect()
}

/// How a run ends that shows this plan and no other.
pub(in crate::cli) fn end(plan: &PlanReport, detailed: bool) -> Exit {
    match plan.is_refused() {
        true => Exit::Refused,
        false if detailed && !plan.changes.is_empty() => Exit::Differences,
        false => Exit::Clean,
    }
}
