//! One pool: judged, backed up, written call by call, and proved.

use std::cell::Cell;
use std::time::Duration;

use time::OffsetDateTime;

use super::in_flight::{CallInFlight, readings};
use super::{
    ApplyFailure, ApplyOptions, ApplyOutcome, Backup, BackupError, Doubt, Interrupt, OpenTask, Progress,
    RunBackup, Written, blame,
};
use crate::catalogue::{Call, CallEffect, Catalogue};
use crate::cognito::{self, CallError, ErrorKind, Writer};
use crate::document::{Path, Seg, Snapshot};
use crate::plan::{Change, Deviation, DocumentCall, DocumentKey, Movement, Plan, Step, Work};

/// The first wait between two reads after a write; each next one is twice as long.
pub(super) const FIRST_WAIT: Duration = Duration::from_millis(250);

/// What helps where the service does not see what the run has made.
const UNSEEN: &str =
    "Cognito does not see it yet, although it exists: wait a minute, and run the command again";

/// Writes the pools of a run, each call only if the run may go on.
pub(super) struct PoolWriter<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) options: &'a ApplyOptions,
    pub(super) interrupt: &'a Interrupt,
    /// Set as soon as no more pools may be written.
    pub(super) halted: Cell<bool>,
    /// How many pools failed, or are not as planned.
    pub(super) troubled: Cell<usize>,
    pub(super) progress: &'a dyn Fn(Progress<'_>),
}

/// A pool that was read again and may be written: its plan has calls.
pub(super) struct Ready {
    /// The plan from the last read: its body is the one that is sent.
    pub(super) plan: Plan,
    pub(super) movement: Movement,
}

impl Ready {
    /// What has moved since the first call of the run took effect: what the calls brought with them, or somebody else did
    /// meanwhile, must not become the ground of the calls that follow.
    fn moved_since(&self, written: &Written) -> Vec<Deviation> {
        if written.done.is_empty() {
            return Vec::new();
        }
        let moved = moved_beside(&self.movement, written);
        let makes = |call: &DocumentCall| call.operation.effect == CallEffect::Creates;
        let is_made =
            |path: &Path| written.done.iter().any(|call| makes(call) && call.path.as_ref() == Some(path));
        let gone = self.plan.report.changes.iter().filter(|change| is_made(&change.path));
        moved.chain(gone.map(Deviation::of_change)).collect()
    }
}

/// The unplanned settings that have changed since the pool was judged before the first call.
fn moved_beside<'a>(movement: &'a Movement, written: &'a Written) -> impl Iterator<Item = Deviation> + 'a {
    let is_new = |change: &&Change| !written.movement.elsewhere.contains(change);
    movement.elsewhere.iter().filter(is_new).map(Deviation::unplanned)
}

/// What has moved while a call waited to be sent again, so that the plan is stale: planned settings and others.
fn stale_since(movement: &Movement, written: &Written) -> Vec<Deviation> {
    movement.stale.iter().map(Deviation::of_stale).chain(moved_beside(movement, written)).collect()
}

/// Counts a pool among the troubled for as long as it lives.
pub(super) struct Trouble<'a>(&'a Cell<usize>);

impl<'a> Trouble<'a> {
    pub(super) fn of(troubled: &'a Cell<usize>) -> Self {
        troubled.set(troubled.get() + 1);
        Self(troubled)
    }
}

impl Drop for Trouble<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

/// What became of one call of a plan.
enum StepOutcome {
    /// It took effect.
    Done {
        /// The service's id of the request, if an answer came.
        request_id: Option<String>,
        /// The document that it made, if the answer has its id.
        made: Option<DocumentKey>,
    },
    /// It certainly did not take effect.
    Not(CallError),
    /// Nobody knows.
    Doubt(Doubt),
}

/// Whether the service refused a request because, it says, a document does not exist which the calls before have made: it
/// sees it a moment later. Reported of an app client after its identity provider (aws/aws-cdk#15850, #15692).
fn is_about_new(error: &CallError, done: &[DocumentCall]) -> bool {
    let names = |name: &str| error.message().split([' ', '.', ',', '\'', '"']).any(|word| word == name);
    let is_named = |call: &DocumentCall| match call.path.as_ref().and_then(|path| path.segs().last()) {
        Some(Seg::Member(name)) => call.operation.effect == CallEffect::Creates && names(name),
        _ => false,
    };
    error.kind() == ErrorKind::Refused
        && error.message().contains("does not exist")
        && done.iter().any(is_named)
}

/// Why the calls of a plan ended before the last one.
enum Unfinished<'a> {
    /// No more pools may be written.
    Stopped,
    /// The pool is not, or not certainly, what a call was to make of it.
    Doubt(Doubt),
    /// The call of this step certainly had no effect.
    Failed(&'a Step, CallError),
}

/// Why a call is not sent again.
enum Rejudged {
    /// Nothing took effect, and this is the outcome.
    Ended(Box<ApplyOutcome>),
    /// This has moved since the first call took effect.
    Moved(Vec<Deviation>),
    /// The pool cannot be judged.
    Unknown,
}

impl PoolWriter<'_> {
    /// Whether no more pools may be written.
    pub(super) fn is_stopped(&self) -> bool {
        self.halted.get() || self.interrupt.is_requested()
    }

    /// Whether a pool is not as planned, or not at once. Its outcome must be known before the next pool starts.
    pub(super) fn is_troubled(&self) -> bool {
        self.troubled.get() > 0
    }

    /// Judges a pool once more and brings it to its plan.
    pub(super) async fn write(&self, task: &OpenTask<'_>, writer: Writer) -> ApplyOutcome {
        if task.desired.is_new() {
            return self.create(task, writer).await.without_backup();
        }
        if let Some(first) = task.plan.steps.first() {
            self.turn(task, &writer, first.operation).await;
        }
        let nothing = Written::default();
        let judged = tokio::select! {
            judged = self.judge(task, &nothing) => judged,
            () = self.interrupt.requested() => Err(ApplyOutcome::NotReached),
        };
        match judged {
            Ok(ready) => {
                let outcome = self.carry_out(task, ready, writer, Written::default()).await;
                outcome.without_backup().with_removed(self.catalogue)
            }
            Err(outcome) => outcome,
        }
    }

    /// Waits until a write may be sent, or the run is asked to stop.
    ///
    /// The wait comes before the last read, so that little time passes between that read and the write.
    pub(super) async fn turn(&self, task: &OpenTask<'_>, writer: &Writer, operation: &'static Call) {
        tokio::select! {
            () = writer.turn(&task.desired.pool, operation) => {}
            () = self.interrupt.requested() => {}
        }
    }

    /// Reads the pool again and plans again: only what was shown may be written.
    ///
    /// Before the first write, nobody else may have made a document that the plan makes.
    pub(super) async fn judge(&self, task: &OpenTask<'_>, written: &Written) -> Result<Ready, ApplyOutcome> {
        if task.plan.report.changes.is_empty() {
            return Err(ApplyOutcome::Unchanged);
        }
        let now = self
            .look(task, &written.ids)
            .await
            .map_err(|error| ApplyOutcome::Failed(ApplyFailure::Read(error)))?;
        let plan = Plan::again(self.catalogue, now, &task.desired, &self.options.plan, &task.plan.report);
        let mut movement = task.plan.movement(self.catalogue, &plan);
        movement.earlier = task.earlier.to_vec();
        match written.done.is_empty() {
            true => movement.stale.extend(task.plan.made_meanwhile(self.catalogue, &plan.base)),
            // What the run's own calls brought with them did not move.
            false => {
                movement.elsewhere.retain(|change| !task.plan.brings(self.catalogue, &plan.base, change));
                movement.stale.retain(|stale| !stale.is_brought(&written.done));
            }
        }
        if movement.is_stale(self.options.strict) {
            return Err(ApplyOutcome::Stale(movement));
        }
        match plan.work() {
            Work::Calls { .. } => Ok(Ready { plan, movement }),
            Work::Nothing => Err(ApplyOutcome::Unchanged),
            Work::Refused => Err(ApplyOutcome::Refused(Box::new(plan))),
        }
    }

    /// Backs the pool up and makes the calls of its plan, one after the other; then proves it.
    ///
    /// A call that certainly had no effect is made again after a while, if that can help; the pool is
    /// read and judged again before it is.
    pub(super) async fn carry_out(
        &self,
        task: &OpenTask<'_>,
        mut ready: Ready,
        writer: Writer,
        mut written: Written,
    ) -> ApplyOutcome {
        let mut failures = 0;
        let mut trouble = None;
        loop {
            let done = written.done.len();
            if written.done.is_empty() && self.is_stopped() {
                return ApplyOutcome::NotReached;
            }
            // Once something is written, the documents from before this run are the ones to keep.
            let base = written.saved.as_ref().map(|saved| &saved.base);
            if written.done.is_empty() && base != Some(&ready.plan.base) {
                written = match self.back_up(task, &ready) {
                    Ok(written) => written,
                    Err(error) => return ApplyOutcome::Failed(ApplyFailure::Backup(error)),
                };
                (self.progress)(Progress::BackedUp(&written.backup));
            }
            let (step, error) = match self.call_all(task, &ready.plan, &writer, &mut written).await {
                Ok(()) => return self.prove(task, &ready.plan, written).await,
                Err(Unfinished::Stopped) if written.done.is_empty() => return ApplyOutcome::NotReached,
                Err(Unfinished::Stopped) => return ApplyOutcome::Deviates(written, Doubt::Interrupted),
                Err(Unfinished::Doubt(doubt)) => return ApplyOutcome::Deviates(written, doubt),
                Err(Unfinished::Failed(step, error)) => (step, error),
            };
            failures = if written.done.len() > done { 1 } else { failures + 1 };
            let reason = if is_about_new(&error, &written.done) { ErrorKind::Unseen } else { error.kind() };
            if let Some(time) = writer.patience(reason, failures) {
                writer.waits(&ready.plan.report.pool.id, step.operation, reason, time);
                if reason != ErrorKind::Throttled {
                    trouble.get_or_insert_with(|| Trouble::of(&self.troubled));
                }
                self.interrupt.sleep(time).await;
                self.turn(task, &writer, step.operation).await;
                match self.judge_again(task, &written).await {
                    Ok(again) => {
                        ready = again;
                        continue;
                    }
                    Err(Rejudged::Ended(outcome)) => return *outcome,
                    Err(Rejudged::Moved(moved)) => {
                        return ApplyOutcome::Deviates(written, Doubt::Read(moved));
                    }
                    Err(Rejudged::Unknown) => {}
                }
            }
            let error = if reason == ErrorKind::Unseen { error.with_help(UNSEEN) } else { error };
            return match written.done.is_empty() {
                true => ApplyOutcome::Failed(self.refused(&ready.plan, step, error)),
                false => ApplyOutcome::Deviates(written, Doubt::Stopped(error)),
            };
        }
    }

    /// Judges a pool after a wait: what has happened meanwhile makes the old judgement void.
    async fn judge_again(&self, task: &OpenTask<'_>, written: &Written) -> Result<Ready, Rejudged> {
        match self.judge(task, written).await {
            Ok(again) => match again.moved_since(written) {
                moved if moved.is_empty() => Ok(again),
                moved => Err(Rejudged::Moved(moved)),
            },
            Err(outcome) if written.done.is_empty() => Err(Rejudged::Ended(Box::new(outcome))),
            Err(ApplyOutcome::Stale(movement)) => Err(Rejudged::Moved(stale_since(&movement, written))),
            Err(_) => Err(Rejudged::Unknown),
        }
    }

    /// The failure of a call before any other took effect, and the setting that is to blame for it.
    fn refused(&self, plan: &Plan, step: &Step, error: CallError) -> ApplyFailure {
        let mut body = plan.body(self.catalogue, step);
        let root = self.catalogue.root_of(&step.document);
        // What says which document is meant is no setting.
        let address = self.catalogue.resource(&root).address;
        body.retain(|name, _| !address.contains(&name.as_str()));
        let blame = blame::blame(error.settings(), error.message(), &plan.report, (&root, &body));
        ApplyFailure::Write(error, blame)
    }

    /// Makes the calls of a plan in their order, and records in `written` which took effect.
    async fn call_all<'p>(
        &self,
        task: &OpenTask<'_>,
        plan: &'p Plan,
        writer: &Writer,
        written: &mut Written,
    ) -> Result<(), Unfinished<'p>> {
        let mut steps = plan.steps.iter().enumerate().peekable();
        while let Some((nth, step)) = steps.next() {
            written.operation = step.call();
            let is_stopped = match written.done.is_empty() {
                true => self.is_stopped(),
                false => self.interrupt.is_requested(),
            };
            if is_stopped {
                self.had_no_effect(written);
                return Err(Unfinished::Stopped);
            }
            self.sends(written, (plan, nth)).map_err(|error| Unfinished::Failed(step, error))?;
            if written.has_backup() {
                self.interrupt.pool_begins(&written.backup);
            }
            let call = CallInFlight { task, plan, step, writer, made: &written.ids };
            let made = match self.send(&call).await {
                StepOutcome::Done { request_id, made } => {
                    written.request_id = request_id;
                    made
                }
                StepOutcome::Doubt(doubt) => return Err(Unfinished::Doubt(doubt)),
                StepOutcome::Not(error) => {
                    self.had_no_effect(written);
                    return Err(Unfinished::Failed(step, error));
                }
            };
            written.saved.iter_mut().for_each(RunBackup::took_effect);
            written.done.push(step.call());
            written.ids.extend(made);
            if let Some((_, next)) = steps.peek() {
                self.turn(task, writer, next.operation).await;
                let call = CallInFlight { task, plan, step, writer, made: &written.ids };
                let after = self.arrived(&call).await.map_err(Unfinished::Doubt)?;
                self.keep_id(written, step, &after);
                let call = CallInFlight { task, plan, step, writer, made: &written.ids };
                let next = CallInFlight { step: next, ..call };
                self.unmoved(&call, &next).await.map_err(Unfinished::Doubt)?;
            }
        }
        Ok(())
    }

    pub(super) fn back_up(&self, task: &OpenTask<'_>, ready: &Ready) -> Result<Written, BackupError> {
        let now = OffsetDateTime::now_utc();
        let backup = Backup::new(self.catalogue, &ready.plan, task.account.as_deref(), now);
        let backup = Backup { plan: self.options.saved.clone(), ..backup };
        let place = (&self.options.root, self.options.backup_dir.as_path());
        let (backup, saved) = RunBackup::write(self.catalogue, &ready.plan, backup, place, now)?;
        Ok(Written {
            backup,
            saved: Some(saved),
            changes: ready.plan.report.changes.len(),
            movement: ready.movement.clone(),
            ..Written::default()
        })
    }

    /// Makes the backup list what a call changes, before that is sent.
    fn sends(&self, written: &mut Written, (plan, nth): (&Plan, usize)) -> Result<(), CallError> {
        let Some(saved) = &mut written.saved else { return Ok(()) };
        let sent = saved.sends(self.catalogue, &self.options.root, (plan, nth));
        sent.map_err(|error| {
            let help = error.help("give this user permission to write there, and run the command again");
            CallError::unsent(written.operation.operation, &plan.report.pool.id, error.to_string(), help)
        })
    }

    /// Takes out of the backup what a call was to change that was not sent, or certainly had no effect.
    fn had_no_effect(&self, written: &mut Written) {
        if let Some(saved) = &mut written.saved {
            saved.had_no_effect(&self.options.root);
        }
        if written.done.is_empty() {
            self.interrupt.pool_ended(&written.backup);
        }
    }

    /// Keeps the id of the document that a step made, from a read of it, if no answer had it.
    fn keep_id(&self, written: &mut Written, step: &Step, after: &Snapshot) {
        let read = DocumentKey::made_by(self.catalogue, step, after);
        let read = read.filter(|read| written.ids.iter().all(|known| known.path != read.path));
        written.ids.extend(read);
    }

    async fn send(&self, call: &CallInFlight<'_>) -> StepOutcome {
        match self.send_once(call).await {
            cognito::WriteOutcome::Done { request_id, made } => {
                let path = || self.catalogue.root_of(&call.step.document);
                StepOutcome::Done { request_id, made: made.map(|id| DocumentKey { path: path(), id }) }
            }
            cognito::WriteOutcome::Unknown(error) => self.find_out(call, error).await,
            cognito::WriteOutcome::Refused(error)
            | cognito::WriteOutcome::NotSent(error)
            | cognito::WriteOutcome::Throttled(error) => StepOutcome::Not(error),
        }
    }

    pub(super) async fn send_once(&self, call: &CallInFlight<'_>) -> cognito::WriteOutcome {
        let CallInFlight { plan, step, writer, .. } = call;
        let body = plan.body_after(self.catalogue, step, call.made);
        self.interrupt.write_begins();
        let outcome = writer.send(&plan.report.pool.id, step.operation, &step.document, &body).await;
        let effect =
            matches!(outcome, cognito::WriteOutcome::Done { .. } | cognito::WriteOutcome::Unknown(_));
        self.interrupt.write_ended(effect);
        let mut secrets = self.catalogue.secrets(&step.document, &body);
        secrets.extend_from_slice(plan.secrets());
        let root = self.catalogue.root_of(&step.document);
        let told = |error: CallError| error.without(&secrets).within(&root).with_document(step.call().path);
        match outcome {
            done @ cognito::WriteOutcome::Done { .. } => done,
            cognito::WriteOutcome::Unknown(error) => cognito::WriteOutcome::Unknown(told(error)),
            cognito::WriteOutcome::Refused(error) => cognito::WriteOutcome::Refused(told(error)),
            cognito::WriteOutcome::NotSent(error) => cognito::WriteOutcome::NotSent(told(error)),
            cognito::WriteOutcome::Throttled(error) => cognito::WriteOutcome::Throttled(told(error)),
        }
    }

    /// Reads until the pool is as planned, or until deviations have lasted long enough to believe.
    pub(super) async fn prove(&self, task: &OpenTask<'_>, plan: &Plan, mut written: Written) -> ApplyOutcome {
        if self.interrupt.is_requested() {
            return ApplyOutcome::Deviates(written, Doubt::Interrupted);
        }
        let readings = readings(task, &written.ids);
        match self.settled(task, &readings, |after| plan.verify(self.catalogue, after).is_empty()).await {
            Err(error) => ApplyOutcome::Deviates(written, Doubt::Unread(error)),
            Ok(after) => {
                written.fallen = plan.fallen(self.catalogue, &after);
                written.failures = plan.failures(self.catalogue, &after);
                if let Some(last) = plan.steps.last() {
                    self.keep_id(&mut written, last, &after);
                }
                match plan.verify(self.catalogue, &after) {
                    deviations if deviations.is_empty() => {
                        self.interrupt.pool_ended(&written.backup);
                        ApplyOutcome::Applied(written)
                    }
                    deviations => ApplyOutcome::Deviates(written, Doubt::Read(deviations)),
                }
            }
        }
    }

    /// Settles a write without an answer by reading the pool: if it is as planned, the write
    /// arrived; if it has stayed as it was, the same body is sent once more, and never again. A call that makes
    /// a document is never sent again.
    async fn find_out(&self, call: &CallInFlight<'_>, error: CallError) -> StepOutcome {
        let CallInFlight { task, plan, step, writer, .. } = call;
        let deviations = |after: &Snapshot| call.deviations(self.catalogue, after);
        let mut failures = 0;
        let mut once_more = true;
        let _trouble = Trouble::of(&self.troubled);
        loop {
            self.turn(task, writer, step.operation).await;
            let readings = call.readings();
            let settled = self.settled(task, &readings, |after| deviations(after).is_empty());
            let Ok(after) = settled.await else {
                return StepOutcome::Doubt(Doubt::Unread(error));
            };
            let found = deviations(&after);
            if found.is_empty() {
                return StepOutcome::Done { request_id: None, made: None };
            }
            // What makes a document would make another one.
            let is_repeatable = step.operation.effect != CallEffect::Creates;
            if !once_more || !is_repeatable || !call.is_as_before(self.catalogue, &after) || self.is_stopped()
            {
                return StepOutcome::Doubt(Doubt::Lost(error, found));
            }
            match self.send_once(call).await {
                cognito::WriteOutcome::Done { request_id, .. } => {
                    return StepOutcome::Done { request_id, made: None };
                }
                cognito::WriteOutcome::Unknown(_) => once_more = false,
                // The first one may still take effect, so the pool is not known to be as it was.
                cognito::WriteOutcome::NotSent(last)
                | cognito::WriteOutcome::Throttled(last)
                | cognito::WriteOutcome::Refused(last) => {
                    failures += 1;
                    let Some(time) = writer.patience(last.kind(), failures) else {
                        return StepOutcome::Doubt(Doubt::Lost(last, found));
                    };
                    writer.waits(&plan.report.pool.id, step.operation, last.kind(), time);
                    self.interrupt.sleep(time).await;
                }
            }
        }
    }
}
