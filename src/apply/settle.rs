//! Reads of a pool before and after its calls, repeated until they are whole and show what a call did.

use super::in_flight::{CallInFlight, readings};
use super::pool::{FIRST_WAIT, PoolWriter, Trouble};
use super::{Doubt, OpenTask};
use crate::catalogue::Reading;
use crate::cognito::{CallError, Reader};
use crate::document::Snapshot;
use crate::plan::{self, DocumentKey};

/// How often a pool is read, at most, to have one read that is whole.
const READS: usize = 3;

impl PoolWriter<'_> {
    /// Reads what the plan was made from, with what it looked up.
    async fn read_all(
        &self,
        task: &OpenTask<'_>,
        reader: &Reader,
        made: &[DocumentKey],
    ) -> Result<Snapshot, CallError> {
        let live = reader.read(&task.desired.pool, readings(task, made)).await?;
        reader.read_more(live, &task.desired.pool, plan::looked_up(&task.plan.base)).await
    }

    /// Reads the pool, and reads it again as long as a read is not whole: what it lacks would be taken for
    /// removed, and go by the write.
    pub(super) async fn look(
        &self,
        task: &OpenTask<'_>,
        made: &[DocumentKey],
    ) -> Result<Snapshot, CallError> {
        let reader = task.session.reader();
        let mut wait = FIRST_WAIT;
        for _ in 1..READS {
            let now = self.read_all(task, &reader, made).await?;
            if task.plan.lacks(self.catalogue, &now).is_empty() {
                return Ok(now);
            }
            self.interrupt.sleep(wait.min(self.options.settle)).await;
            wait *= 2;
        }
        let now = self.read_all(task, &reader, made).await?;
        match task.plan.lacks(self.catalogue, &now) {
            lacks if lacks.is_empty() => Ok(now),
            lacks => Err(CallError::partial(&task.desired.pool, &lacks)),
        }
    }

    /// Reads until the pool is what a call was to make of it: the next one is built on that, and would take
    /// away what somebody else has done meanwhile.
    pub(super) async fn arrived(&self, call: &CallInFlight<'_>) -> Result<Snapshot, Doubt> {
        let deviations = |after: &Snapshot| call.deviations(self.catalogue, after);
        let readings = call.readings();
        let after = self.settled(call.task, &readings, |after| deviations(after).is_empty());
        let after = after.await.map_err(Doubt::Unread)?;
        match deviations(&after) {
            found if found.is_empty() => Ok(after),
            found => Err(Doubt::Read(found)),
        }
    }

    /// Reads the document of the next call, if it is another one than that of the last: its request was made from an
    /// earlier read, and would take away what somebody else has done since.
    pub(super) async fn unmoved(
        &self,
        last: &CallInFlight<'_>,
        next: &CallInFlight<'_>,
    ) -> Result<(), Doubt> {
        if next.step.document == last.step.document || next.is_of_pool() && last.is_of_pool() {
            return Ok(());
        }
        let reader = next.task.session.reader();
        let now = reader.read(&next.task.desired.pool, next.readings()).await.map_err(Doubt::Unread)?;
        match next.moved(self.catalogue, &now) {
            moved if moved.is_empty() => Ok(()),
            moved => Err(Doubt::Read(moved)),
        }
    }

    /// Reads the pool until it is `good`, with growing waits, for as long as the service is given to
    /// settle; the last read in any case. A read that is not whole has another one after it, even then.
    pub(super) async fn settled(
        &self,
        task: &OpenTask<'_>,
        readings: &[Reading],
        good: impl Fn(&Snapshot) -> bool,
    ) -> Result<Snapshot, CallError> {
        let reader = task.session.reader();
        let deadline = tokio::time::Instant::now() + self.options.settle;
        let mut wait = FIRST_WAIT;
        let mut trouble = None;
        let mut partial = 0;
        loop {
            let after = reader.read(&task.desired.pool, readings.to_vec()).await?;
            let lasting = task.plan.lacks_lasting(&after);
            let late = tokio::time::Instant::now() + wait > deadline;
            if lasting.is_empty() && good(&after) {
                return Ok(after);
            }
            let is_partial = !task.plan.lacks(self.catalogue, &after).is_empty();
            partial += usize::from(is_partial);
            let is_last = late && !(is_partial && partial < READS);
            match (is_last || self.interrupt.is_requested(), lasting.is_empty()) {
                (true, true) => return Ok(after),
                (true, false) => return Err(CallError::partial(&task.desired.pool, &lasting)),
                (false, _) => {}
            }
            trouble.get_or_insert_with(|| Trouble::of(&self.troubled));
            self.interrupt.sleep(if late { wait.min(self.options.settle) } else { wait }).await;
            wait *= 2;
        }
    }
}
