//! One pool: judge, back up, write, read back.

use std::time::Duration;

use time::OffsetDateTime;

use super::{Backup, Doubt, Failure, Interrupt, Options, Outcome, Progress, Task, Written, blame, read};
use crate::catalogue::Catalogue;
use crate::cognito::{self, Error, Kind, Writer};
use crate::document::Snapshot;
use crate::plan::{Movement, Plan, diff};

/// How often a write is sent again after another writer got in between, each time judged anew.
const CONFLICTS: u32 = 3;
/// The first wait between two reads after a write; each next one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(250);

pub(super) struct Run<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) options: &'a Options,
    pub(super) interrupt: &'a Interrupt,
}

/// A pool that was read again and may be written.
pub(super) struct Ready {
    /// The plan from the last read: its body is the one that is sent.
    plan: Plan,
    movement: Movement,
}

impl Run<'_> {
    /// Reads the pool again and plans again: what is to be written must be what was shown.
    pub(super) async fn judge(&self, task: &Task) -> Result<Ready, Outcome> {
        if task.plan.changes.is_empty() {
            return Err(Outcome::Unchanged);
        }
        let now = read(&task.session.reader(), &task.desired.pool).await;
        let now = now.map_err(|error| Outcome::Failed(Failure::Read(error)))?;
        let plan = Plan::new(self.catalogue, now, &task.desired, &self.options.plan);
        let movement = task.plan.movement(self.catalogue, &plan);
        if !movement.stale.is_empty() {
            return Err(Outcome::Stale(movement));
        }
        if plan.is_refused() {
            return Err(Outcome::Refused(Box::new(plan)));
        }
        if plan.changes.is_empty() {
            return Err(Outcome::Unchanged);
        }
        Ok(Ready { plan, movement })
    }

    pub(super) async fn carry_out(
        &self,
        task: &Task,
        mut ready: Ready,
        writer: Writer,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Outcome {
        for attempt in 1.. {
            let now = OffsetDateTime::now_utc();
            let backup = Backup::new(&ready.plan, task.account.as_deref(), now);
            let path = match backup.write(&self.options.backup_dir, now) {
                Ok(path) => path,
                Err(error) => return Outcome::Failed(Failure::Backup(error)),
            };
            progress(Progress::BackedUp(task, &path));
            let Some(step) = ready.plan.steps.first() else { return Outcome::Unchanged };
            let written = |request_id| Written {
                backup: path.clone(),
                operation: step.operation,
                changes: ready.plan.changes.len(),
                request_id,
                movement: ready.movement.clone(),
                fallen: Vec::new(),
            };
            self.interrupt.write_begins();
            match writer.send(&ready.plan.pool.id, step.operation, &step.body).await {
                cognito::Outcome::Done { request_id, .. } => {
                    return self.prove(task, &ready.plan, written(request_id)).await;
                }
                cognito::Outcome::Unknown(error) => {
                    return self.find_out(task, &ready.plan, written(None), &writer, error).await;
                }
                cognito::Outcome::Refused(error) if error.kind() == Kind::Conflict && attempt < CONFLICTS => {
                    // What stood in the way may have changed the pool: the old judgement is void.
                    tokio::time::sleep(FIRST_WAIT * attempt).await;
                    ready = match self.judge(task).await {
                        Ok(ready) => ready,
                        Err(outcome) => return outcome,
                    };
                }
                cognito::Outcome::Refused(error) => {
                    let blame = blame::blame(error.message(), &ready.plan, &step.body);
                    return Outcome::Failed(Failure::Write(error, blame));
                }
                cognito::Outcome::NotSent(error) | cognito::Outcome::Throttled(error) => {
                    return Outcome::Failed(Failure::Write(error, None));
                }
            }
        }
        Outcome::NotReached
    }

    /// Reads until the pool is as planned, or until deviations have lasted long enough to believe.
    async fn prove(&self, task: &Task, plan: &Plan, mut written: Written) -> Outcome {
        if self.interrupt.is_requested() {
            return Outcome::Deviates(written, Doubt::Interrupted);
        }
        match self.settled(task, |after| plan.verify(self.catalogue, after).is_empty()).await {
            Err(error) => Outcome::Deviates(written, Doubt::Unread(error)),
            Ok(after) => {
                written.fallen = plan.fallen(self.catalogue, &after);
                match plan.verify(self.catalogue, &after) {
                    deviations if deviations.is_empty() => Outcome::Applied(written),
                    deviations => Outcome::Deviates(written, Doubt::Read(deviations)),
                }
            }
        }
    }

    /// No answer came to a write. The pool tells what happened: if it is as planned, the write
    /// arrived; if it has stayed as it was, the same body is sent once more, and never again.
    async fn find_out(
        &self,
        task: &Task,
        plan: &Plan,
        mut written: Written,
        writer: &Writer,
        error: Error,
    ) -> Outcome {
        let is_old = |after: &Snapshot| {
            let canonical = |snapshot| self.catalogue.canonical(snapshot);
            diff(self.catalogue, &canonical(&plan.base), &canonical(after)).is_empty()
        };
        let after = match self.settled(task, |after| plan.verify(self.catalogue, after).is_empty()).await {
            Ok(after) => after,
            Err(_) => return Outcome::Deviates(written, Doubt::Unread(error)),
        };
        let deviations = plan.verify(self.catalogue, &after);
        if deviations.is_empty() {
            return Outcome::Applied(written);
        }
        let (true, false, Some(step)) = (is_old(&after), self.interrupt.is_requested(), plan.steps.first())
        else {
            return Outcome::Deviates(written, Doubt::Lost(error, deviations));
        };
        match writer.send(&plan.pool.id, step.operation, &step.body).await {
            cognito::Outcome::Done { request_id, .. } => {
                written.request_id = request_id;
                self.prove(task, plan, written).await
            }
            cognito::Outcome::Unknown(_) => {
                let settled = self.settled(task, |after| plan.verify(self.catalogue, after).is_empty()).await;
                let deviations = settled.map(|after| plan.verify(self.catalogue, &after));
                match deviations {
                    Ok(deviations) if deviations.is_empty() => Outcome::Applied(written),
                    Ok(deviations) => Outcome::Deviates(written, Doubt::Lost(error, deviations)),
                    Err(_) => Outcome::Deviates(written, Doubt::Unread(error)),
                }
            }
            // The first one may still take effect, so the pool is not known to be as it was.
            cognito::Outcome::NotSent(error)
            | cognito::Outcome::Throttled(error)
            | cognito::Outcome::Refused(error) => Outcome::Deviates(written, Doubt::Lost(error, deviations)),
        }
    }

    /// Reads the pool until it is `good`, with growing waits, for as long as the service is given to
    /// settle; the last read in any case.
    async fn settled(&self, task: &Task, good: impl Fn(&Snapshot) -> bool) -> Result<Snapshot, Error> {
        let reader = task.session.reader();
        let deadline = tokio::time::Instant::now() + self.options.settle;
        let mut wait = FIRST_WAIT;
        loop {
            let after = read(&reader, &task.desired.pool).await?;
            let late = tokio::time::Instant::now() + wait > deadline;
            if good(&after) || late || self.interrupt.is_requested() {
                return Ok(after);
            }
            tokio::time::sleep(wait).await;
            wait *= 2;
        }
    }
}
