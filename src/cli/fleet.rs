//! Reading and planning every selected pool, side by side.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};

use super::Context;
use super::baseline::{self, Baseline};
use super::connect::{Connections, Refusal};
use super::exit::Exit;
use super::ui::Ui;
use crate::apply;
use crate::catalogue::Catalogue;
use crate::cognito::{Reader, Session};
use crate::document::Snapshot;
use crate::plan::{self, Options, Plan};
use crate::rules::Desired;

/// A pool and what was planned for it.
pub(super) struct Planned {
    /// What is wanted.
    pub(super) desired: Desired,
    /// The plan, or why there is none.
    pub(super) plan: Result<Plan, Refusal>,
}

/// Opens the way to every pool, each account compared with its manifest's, before any pool is read.
pub(super) async fn sessions(
    ui: &Ui,
    connections: &Connections,
    wanted: &[Desired],
) -> Result<Vec<Arc<Session>>, Exit> {
    let (mut sessions, mut end, mut told) = (Vec::new(), Exit::Clean, HashSet::new());
    for session in open(connections, wanted).await {
        match session {
            Ok(session) => sessions.push(session),
            Err(refusal) => {
                if told.insert(refusal.words()) {
                    say(ui, &refusal);
                }
                end = Exit::of_fleet([end, refusal.exit()], false);
            }
        }
    }
    if end == Exit::Clean { Ok(sessions) } else { Err(end) }
}

/// The way to every pool, or why there is none; accounts and Regions are asked side by side.
///
/// Where a way fails for one pool, it is not tried for the next.
pub(super) async fn open(
    connections: &Connections,
    wanted: &[Desired],
) -> Vec<Result<Arc<Session>, Refusal>> {
    let mut groups: BTreeMap<Way<'_>, Vec<(usize, &Desired)>> = BTreeMap::new();
    for (index, desired) in wanted.iter().enumerate() {
        groups.entry(way(desired)).or_default().push((index, desired));
    }
    let opened = groups.into_values().map(|group| async {
        let mut opened = Vec::new();
        let mut closed = None;
        for (index, desired) in group {
            let session = match &closed {
                Some(refusal) => Err(Refusal::clone(refusal)),
                None => connections.to(desired).await,
            };
            if let Err(refusal @ Refusal::Failed(_)) = &session {
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

/// Where calls about a pool go to, and as whom: what may be slow or closed for one of them may be neither for
/// another.
type Way<'a> = (Option<&'a str>, &'a str);

fn way(desired: &Desired) -> Way<'_> {
    (desired.account.as_ref().map(|account| account.id.as_str()), &desired.region)
}

/// What is read of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Both documents.
    Whole,
    /// The MFA document only where the plan needs it: it costs a call of its own.
    AsWanted,
}

/// What is kept of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    /// All of it.
    Documents,
    /// What is told of it: the documents of a thousand pools take more memory than all else.
    Told,
}

/// Plans every pool from what its reader says, with who has moved since a baseline.
pub(super) async fn plan(
    context: &Context,
    options: &Options,
    wanted: Vec<Desired>,
    readers: Vec<Reader>,
    depth: Depth,
    keep: Keep,
    baseline: Option<&Baseline>,
) -> Vec<Planned> {
    let catalogue = &context.catalogue;
    let readers = readers.into_iter().map(Ok).collect();
    let plan = |live, desired: &Desired| {
        let plan = Plan::new(catalogue, live, desired, options);
        let plan = baseline::mark(baseline, catalogue, plan, desired, options);
        if keep == Keep::Told { plan.told() } else { plan }
    };
    compare(context, wanted, readers, depth, plan).await
}

/// Compares every pool that can be reached with what is wanted of it, as `with` does.
pub(super) async fn compare(
    context: &Context,
    wanted: Vec<Desired>,
    readers: Vec<Result<Reader, Refusal>>,
    depth: Depth,
    with: impl Fn(Snapshot, &Desired) -> Plan,
) -> Vec<Planned> {
    let turns = apply::turns(wanted.iter().map(way));
    let mut jobs: Vec<_> = wanted.into_iter().zip(readers).map(Some).collect();
    let jobs: Vec<_> =
        turns.into_iter().filter_map(|index| Some((index, jobs.get_mut(index)?.take()?))).collect();
    let with = &with;
    let jobs = jobs.into_iter().map(|(index, (desired, reader))| async move {
        let live = match reader {
            Ok(reader) => read(&context.catalogue, &reader, &desired, depth).await,
            Err(refusal) => Err(refusal),
        };
        let plan = live.map(|live| with(live, &desired));
        (index, Planned { desired, plan })
    });
    let mut planned: Vec<_> = stream::iter(jobs).buffer_unordered(context.parallelism()).collect().await;
    planned.sort_by_key(|(index, _)| *index);
    planned.into_iter().map(|(_, planned)| planned).collect()
}

async fn read(
    catalogue: &Catalogue,
    reader: &Reader,
    desired: &Desired,
    depth: Depth,
) -> Result<Snapshot, Refusal> {
    let live = match depth == Depth::Whole || plan::needs_mfa(catalogue, desired) {
        true => apply::read(reader, &desired.pool).await,
        false => reader.pool(&desired.pool).await.map(Snapshot::of_pool),
    };
    live.map_err(Refusal::Failed)
}

/// Says why a pool has no plan.
pub(super) fn say(ui: &Ui, refusal: &Refusal) {
    let (text, help) = refusal.words();
    ui.error(&text, help.as_deref());
}

/// How a run ends for each pool that is only planned.
pub(super) fn ends(planned: &[Planned], detailed: bool) -> Vec<Exit> {
    let end = |planned: &Planned| match &planned.plan {
        Err(refusal) => refusal.exit(),
        Ok(plan) => end(plan, detailed),
    };
    planned.iter().map(end).collect()
}

/// How a run ends that shows this plan and no other.
pub(super) fn end(plan: &Plan, detailed: bool) -> Exit {
    match plan.is_refused() {
        true => Exit::Refused,
        false if detailed && !plan.changes.is_empty() => Exit::Differences,
        false => Exit::Clean,
    }
}

impl Refusal {
    /// How a run ends that meets this before it has written.
    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::Account(_) => Exit::Refused,
            Self::Failed(_) => Exit::Failed,
        }
    }
}
