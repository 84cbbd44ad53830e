//! A pool that does not exist yet: made by one call, and then brought to its plan like any other.

use std::borrow::Cow;
use std::sync::Arc;

use tokio::time::Instant;

use super::in_flight::CallInFlight;
use super::pool::{FIRST_WAIT, PoolWriter, Ready};
use super::{ApplyFailure, ApplyOutcome, Doubt, OpenTask, Progress, Written};
use crate::cognito::{CallError, ErrorKind, SearchScope, SoughtPool, WriteOutcome, Writer};
use crate::document::Snapshot;
use crate::plan::{self, Deviation, Movement, Plan, Step, Work};
use crate::rules::{Desired, ManifestPool, POOL_TAG, PoolTag, TagSearch};

/// What to do once a pool exists.
const AGAIN: &str = "run the command again: it goes on with that pool";

/// What to do where nobody knows whether a pool was made.
const UNKNOWN: &str = "a pool may exist that the service does not list yet: before the next apply, wait until a plan finds it, or know that there is none";

/// What to do where no backup can be written.
const BACKUP: &str =
    "name a writable folder with `--backup-dir`, and run the command again: it goes on with the new pool";

/// How the call that makes a pool ended.
enum Creation {
    /// The pool exists, with this id, and this run has made it.
    Made(String, Option<String>),
    /// No pool was made.
    Not(Box<ApplyOutcome>),
    /// Nobody knows.
    Unknown(CallError),
}

impl Creation {
    fn not(outcome: ApplyOutcome) -> Self {
        Self::Not(Box::new(outcome))
    }
}

impl PoolWriter<'_> {
    /// Makes the pool of a task, and brings it to its plan.
    pub(super) async fn create(&self, task: &OpenTask<'_>, writer: Writer) -> ApplyOutcome {
        let Some(first) = task.plan.steps.first() else { return ApplyOutcome::Unchanged };
        let changes = task.plan.report.changes.len();
        let mut written = Written { operation: first.call(), changes, ..Written::default() };
        let id = match self.make((task, first), &writer).await {
            Creation::Made(id, request_id) => {
                written.request_id = request_id;
                id
            }
            Creation::Not(outcome) => return *outcome,
            Creation::Unknown(error) => {
                return ApplyOutcome::Deviates(written, Doubt::Lost(error, Vec::new()));
            }
        };
        written.done.push(first.call());
        written.pool = Some(id.clone());
        let made = match self.planned_again(task, id).await {
            Ok(made) => made,
            Err(error) => {
                written.operation = task.plan.steps.get(1).unwrap_or(first).call();
                return ApplyOutcome::Deviates(written, Doubt::Stopped(error));
            }
        };
        self.finish(task, made, writer, written).await
    }

    /// Makes the pool, unless there is one by now. A call that may have had an effect is not made again.
    async fn make(&self, (task, first): (&OpenTask<'_>, &Step), writer: &Writer) -> Creation {
        let call = CallInFlight { task, plan: &task.plan, step: first, writer, made: &[] };
        let mut failures = 0;
        loop {
            self.turn(task, writer, first.operation).await;
            if self.is_stopped() {
                return Creation::not(ApplyOutcome::NotReached);
            }
            match self.carriers(task).await {
                Err(error) => return Creation::not(ApplyOutcome::Failed(ApplyFailure::Read(error))),
                Ok(ids) if ids.is_empty() => {}
                Ok(ids) => {
                    let error = made_meanwhile(task, &ids);
                    return Creation::not(ApplyOutcome::Failed(ApplyFailure::Read(error)));
                }
            }
            let error = match self.send_once(&call).await {
                WriteOutcome::Done { request_id, made: Some(id) } => return Creation::Made(id, request_id),
                WriteOutcome::Done { made: None, .. } => {
                    let text = "the answer does not have the id of the new pool";
                    let error = CallError::of_new_pool(&task.desired.pool, text, AGAIN);
                    return self.search(task, error).await;
                }
                WriteOutcome::Unknown(error) => return self.search(task, error).await,
                WriteOutcome::NotSent(error)
                | WriteOutcome::Throttled(error)
                | WriteOutcome::Refused(error) => error,
            };
            failures += 1;
            let Some(time) = writer.patience(error.kind(), failures) else {
                return Creation::not(ApplyOutcome::Failed(ApplyFailure::Write(error, None)));
            };
            writer.waits(&task.desired.pool, first.operation, error.kind(), time);
            self.interrupt.sleep(time).await;
        }
    }

    /// Looks for the pool after a call without an answer, for as long as the service is given to settle.
    async fn search(&self, task: &OpenTask<'_>, error: CallError) -> Creation {
        let deadline = Instant::now() + self.options.settle;
        let mut wait = FIRST_WAIT;
        loop {
            let is_last = Instant::now() + wait > deadline || self.interrupt.is_requested();
            match self.carriers(task).await.as_deref() {
                Ok([id]) => return Creation::Made(id.clone(), None),
                Ok([]) | Err(_) if !is_last => {}
                _ => return Creation::Unknown(error.with_help(UNKNOWN)),
            }
            self.interrupt.sleep(wait).await;
            wait *= 2;
        }
    }

    /// The ids of the pools of the wanted name that carry the tag.
    async fn carriers(&self, task: &OpenTask<'_>) -> Result<Vec<String>, CallError> {
        let sought = [sought(&task.desired)];
        let found = task.session.reader().tagged(POOL_TAG, &sought, SearchScope::Names, |_| {}).await?;
        Ok(found.into_iter().flat_map(|found| found.carriers).collect())
    }

    /// The pool that was made, as a task of its own: planned from what it is now.
    async fn planned_again(&self, task: &OpenTask<'_>, id: String) -> Result<OpenTask<'static>, CallError> {
        let carriers = self.carriers(task).await?;
        if carriers.len() > 1 {
            return Err(made_twice(task, &id, &carriers));
        }
        let found = || TagSearch::Found { namesakes: Vec::new() };
        let tag = task.desired.tag.clone().map(|tag| PoolTag { search: found(), ..*tag }.into());
        let subject = ManifestPool { pool: id, tag, ..task.desired.subject.clone() };
        let desired = Desired { subject, ..task.desired.clone().into_owned() };
        let live = self.appeared(task, &desired).await?;
        let plan = Plan::new(self.catalogue, live, &desired, &self.options.plan);
        let (session, account) = (Arc::clone(&task.session), task.account.clone());
        Ok(OpenTask { desired: Cow::Owned(desired), plan: Cow::Owned(plan), session, account, earlier: &[] })
    }

    /// Reads a new pool, which the service may not show at once.
    async fn appeared(&self, task: &OpenTask<'_>, desired: &Desired) -> Result<Snapshot, CallError> {
        let reader = task.session.reader();
        let deadline = Instant::now() + self.options.settle;
        let mut wait = FIRST_WAIT;
        loop {
            let read = reader.read(&desired.pool, plan::needed_to_write(desired)).await;
            match read {
                Err(error) if error.kind() == ErrorKind::NotFound && Instant::now() + wait <= deadline => {}
                read => {
                    let live = read?;
                    let more = plan::lookups(self.catalogue, &live, desired, self.options.plan.today);
                    return reader.read_more(live, &desired.pool, more).await;
                }
            }
            self.interrupt.sleep(wait).await;
            wait *= 2;
        }
    }

    /// Brings a pool that was made to its plan: only what was shown may be written.
    async fn finish(
        &self,
        shown: &OpenTask<'_>,
        made: OpenTask<'_>,
        writer: Writer,
        written: Written,
    ) -> ApplyOutcome {
        let unshown = plan::unshown(self.catalogue, &shown.plan.report.changes, &made.plan.report.changes);
        let mut unshown: Vec<Deviation> = unshown.into_iter().map(Deviation::of_change).collect();
        unshown.extend(shown.plan.not_made(self.catalogue, &made.plan));
        if !unshown.is_empty() || matches!(made.plan.work(), Work::Refused) {
            return ApplyOutcome::Deviates(written, Doubt::Read(unshown));
        }
        if matches!(made.plan.work(), Work::Nothing) {
            let outcome = self.prove(&made, &made.plan, written).await;
            return self.alone(shown, outcome).await;
        }
        let ready = Ready { plan: Plan::clone(&made.plan), movement: Movement::default() };
        let written = match self.back_up(&made, &ready) {
            // The call that made the pool is one of this run.
            Ok(Written { backup, saved, .. }) => Written { backup, saved, ..written },
            Err(error) => {
                return ApplyOutcome::Deviates(
                    written,
                    Doubt::Stopped(CallError::of_new_pool(&shown.desired.pool, error.to_string(), BACKUP)),
                );
            }
        };
        (self.progress)(Progress::BackedUp(&written.backup));
        let outcome = self.carry_out(&made, ready, writer, written).await;
        self.alone(shown, outcome).await
    }

    /// The outcome, unless another run has made a pool with the same tag meanwhile.
    async fn alone(&self, shown: &OpenTask<'_>, outcome: ApplyOutcome) -> ApplyOutcome {
        let ApplyOutcome::Applied(written) = outcome else { return outcome };
        let own = written.pool.clone().unwrap_or_default();
        match self.carriers(shown).await {
            Ok(all) if all.iter().any(|id| *id != own) => {
                let error = made_twice(shown, &own, &all);
                ApplyOutcome::Deviates(written, Doubt::Stopped(error))
            }
            _ => ApplyOutcome::Applied(written),
        }
    }
}

/// The pool that is looked for by the tag of a manifest.
pub fn sought(desired: &Desired) -> SoughtPool {
    let word = desired.tag.as_ref().map(|tag| tag.word.clone()).unwrap_or_default();
    SoughtPool { word, name: desired.pool_name().map(str::to_owned) }
}

fn made_meanwhile(task: &OpenTask<'_>, ids: &[String]) -> CallError {
    let text = format!("the pool {} carries the tag by now: another run has made it", ids.join(", "));
    CallError::of_new_pool(&task.desired.pool, text, AGAIN)
}

fn made_twice(task: &OpenTask<'_>, own: &str, all: &[String]) -> CallError {
    let others: Vec<&str> = all.iter().map(String::as_str).filter(|id| *id != own).collect();
    let text = format!("this run made {own}, and another one made {}, with the same tag", others.join(", "));
    let help = "choose one pool, write its id as `pool:` in the place of `create`, and delete the other pool: no pool has users yet";
    CallError::of_new_pool(&task.desired.pool, text, help)
}
