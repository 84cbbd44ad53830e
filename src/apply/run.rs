use std::cell::Cell;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use futures_util::stream::{self, FuturesUnordered, StreamExt as _};

use super::pool::PoolWriter;
use super::start::{PoolResult, SlowStart};
use super::{ApplyOptions, ApplyOutcome, Doubt, Halt, Interrupt, Progress, Task, Written};
use crate::catalogue::Catalogue;
use crate::cognito::Approved;

/// Carries out plans that somebody has approved, and says what became of each pool, in their order.
///
/// Where time has passed since the plans were made, every pool is read and judged again before the first
/// write: if one has moved where its plan changes it, is refused or cannot be read, nothing is written
/// anywhere. Then each pool is read once more, backed up, written once and proved: one pool at first, then
/// more and more at a time. What moved unasked in any of them, or too many failures, keeps those from being
/// written that have not been yet.
pub async fn run(
    catalogue: &Catalogue,
    tasks: &[&Task],
    options: &ApplyOptions,
    interrupt: &Interrupt,
    progress: &dyn Fn(Progress<'_>),
) -> Vec<ApplyOutcome> {
    let (halted, troubled) = (Cell::new(false), Cell::new(0));
    let pool = PoolWriter { catalogue, options, interrupt, halted, troubled, progress };
    let run = TaskRun { pool, tasks };
    let turns = turns(tasks.iter().map(|task| Arc::as_ptr(&task.session)));
    let mut outcomes: Vec<ApplyOutcome> = tasks.iter().map(|_| ApplyOutcome::NotReached).collect();
    // Alone, a pool is judged right before it is written anyway.
    if options.look_again && tasks.len() > 1 {
        run.judge_all(&turns, &mut outcomes).await;
        if outcomes
            .iter()
            .any(|outcome| !matches!(outcome, ApplyOutcome::NotReached | ApplyOutcome::Unchanged))
        {
            return outcomes;
        }
    }
    run.write_all(&turns, &mut outcomes).await;
    outcomes
}

/// In which order pools have their turns: in their own, but each way to the service in turn, so that a slow
/// one does not keep the others waiting.
pub fn turns<W: Eq + Hash>(ways: impl IntoIterator<Item = W>) -> Vec<usize> {
    let mut counts: HashMap<W, usize> = HashMap::new();
    let mut turns: Vec<(usize, usize)> = Vec::new();
    for (index, way) in ways.into_iter().enumerate() {
        let count = counts.entry(way).or_default();
        turns.push((*count, index));
        *count += 1;
    }
    turns.sort_unstable();
    turns.into_iter().map(|(_, index)| index).collect()
}

struct TaskRun<'a> {
    pool: PoolWriter<'a>,
    tasks: &'a [&'a Task],
}

impl TaskRun<'_> {
    /// The pools that must not be written as planned, and the pools without changes.
    async fn judge_all(&self, turns: &[usize], outcomes: &mut [ApplyOutcome]) {
        let judge = |index: &usize| {
            let index = *index;
            async move {
                match self.tasks.get(index) {
                    Some(task) if task.report().changes.is_empty() => Some((index, ApplyOutcome::Unchanged)),
                    // Whoever makes a pool looks right before.
                    Some(task) if task.desired.is_new() => None,
                    Some(task) if !self.pool.interrupt.is_requested() => {
                        (self.pool.progress)(Progress::Looking(task));
                        let open = task.opened(self.pool.catalogue, &self.pool.options.plan);
                        let judged = self.pool.judge(&open, &Written::default()).await;
                        (self.pool.progress)(Progress::Looked(task));
                        Some((index, judged.err()?))
                    }
                    _ => None,
                }
            }
        };
        let judged =
            stream::iter(turns.iter().map(judge)).buffer_unordered(self.pool.options.parallelism.max(1));
        let judged: Vec<_> = judged.collect().await;
        for (index, outcome) in judged.into_iter().flatten() {
            if let Some(slot) = outcomes.get_mut(index) {
                *slot = outcome;
            }
        }
    }

    async fn write_all(&self, turns: &[usize], outcomes: &mut [ApplyOutcome]) {
        let mut start = SlowStart::new(self.pool.options.parallelism);
        let mut failures = 0;
        let mut waiting = turns.iter().copied().filter_map(|index| Some((index, *self.tasks.get(index)?)));
        let mut flying = FuturesUnordered::new();
        loop {
            while start.has_room()
                && !self.pool.is_stopped()
                && !self.pool.is_troubled()
                && let Some((index, task)) = waiting.next()
            {
                start.begins();
                flying.push(async move { (index, self.write(task).await) });
            }
            let Some((index, outcome)) = flying.next().await else { break };
            start.ends(match &outcome {
                ApplyOutcome::Applied(_) => PoolResult::Good,
                ApplyOutcome::Unchanged | ApplyOutcome::NotReached => PoolResult::Idle,
                ApplyOutcome::Deviates(_, Doubt::Interrupted) => PoolResult::Bad,
                _ => {
                    failures += 1;
                    match self.tasks.get(index) {
                        Some(task) if outcome.has_moved() => self.halt(Halt::Moved(task)),
                        _ if failures >= self.pool.options.max_failures => {
                            self.halt(Halt::Failures(failures))
                        }
                        _ => {}
                    }
                    PoolResult::Bad
                }
            });
            if let Some(slot) = outcomes.get_mut(index) {
                *slot = outcome;
            }
        }
    }

    fn halt(&self, why: Halt<'_>) {
        if !self.pool.halted.replace(true) {
            (self.pool.progress)(Progress::Halted(why));
        }
    }

    async fn write(&self, task: &Task) -> ApplyOutcome {
        if task.report().changes.is_empty() {
            return ApplyOutcome::Unchanged;
        }
        (self.pool.progress)(Progress::Begun(task));
        let open = task.opened(self.pool.catalogue, &self.pool.options.plan);
        let outcome = self.pool.write(&open, task.session.writer(Approved::by_apply())).await;
        (self.pool.progress)(Progress::Finished(task, &outcome));
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::turns;

    #[test]
    fn every_way_has_its_turn() {
        assert_eq!(turns(["a", "a", "a", "b", "c", "b"]), [0, 3, 4, 1, 5, 2]);
        assert_eq!(turns(["a"; 4]), [0, 1, 2, 3]);
        assert!(turns::<&str>([]).is_empty());
    }
}
