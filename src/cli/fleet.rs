//! Reading and planning every selected pool, side by side.

use std::sync::Arc;

use futures_util::stream::{self, StreamExt as _};

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

/// How many pools are read at a time: more gains nothing against Cognito's 15 reads a second.
const PARALLEL: usize = 8;

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
    let mut sessions = Vec::new();
    let mut end = Exit::Clean;
    for desired in wanted {
        match connections.to(desired).await {
            Ok(session) => sessions.push(session),
            Err(refusal) => {
                say(ui, &refusal);
                end = Exit::of_fleet([end, refusal.exit()], false);
                // The next pool would most likely only say the same again.
                if matches!(refusal, Refusal::Failed(_)) {
                    break;
                }
            }
        }
    }
    if end == Exit::Clean { Ok(sessions) } else { Err(end) }
}

/// What is read of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Both documents.
    Whole,
    /// The MFA document only where the plan needs it: it costs a call of its own.
    AsWanted,
}

/// Plans every pool from what its reader says, with who has moved since a baseline.
pub(super) async fn plan(
    catalogue: &Catalogue,
    options: &Options,
    wanted: Vec<Desired>,
    readers: Vec<Reader>,
    depth: Depth,
    baseline: Option<&Baseline>,
) -> Vec<Planned> {
    let readers = readers.into_iter().map(Ok).collect();
    let plan = |live, desired: &Desired| {
        let plan = Plan::new(catalogue, live, desired, options);
        baseline::mark(baseline, catalogue, plan, desired, options)
    };
    compare(catalogue, wanted, readers, depth, plan).await
}

/// Compares every pool that can be reached with what is wanted of it, as `with` does.
pub(super) async fn compare(
    catalogue: &Catalogue,
    wanted: Vec<Desired>,
    readers: Vec<Result<Reader, Refusal>>,
    depth: Depth,
    with: impl Fn(Snapshot, &Desired) -> Plan,
) -> Vec<Planned> {
    let jobs = wanted.into_iter().zip(readers).map(|(desired, reader)| async {
        let live = match reader {
            Ok(reader) => read(catalogue, &reader, &desired, depth).await,
            Err(refusal) => Err(refusal),
        };
        let plan = live.map(|live| with(live, &desired));
        Planned { desired, plan }
    });
    stream::iter(jobs).buffered(PARALLEL).collect().await
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
