//! Carrying plans out: judge again, back up, write, read back and prove.
//!
//! Nothing is printed here; events are reported through [`Progress`] and the [`ApplyOutcome`] of each pool.

mod backup;
mod blame;
mod create;
mod follow;
mod in_flight;
mod interrupt;
mod pool;
mod run;
mod secrets;
mod settle;
mod start;
mod waiting;

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use backup::{Backup, BackupError};
pub use blame::Blame;
pub use create::sought;
pub use interrupt::Interrupt;
pub use run::{run, turns};
pub use waiting::{FoldedPlan, WaitingPlan};

use follow::RunBackup;

use crate::catalogue::{Catalogue, calls};
use crate::cognito::{CallError, Session};
use crate::files::Root;
use crate::plan::{self, Change, Deviation, DocumentCall, DocumentKey, Finding, Movement, Plan, PlanReport};
use crate::rules::Desired;

/// One pool to bring to its plan.
pub struct Task {
    /// What is wanted.
    pub desired: Desired,
    /// The plan that was shown.
    pub plan: WaitingPlan,
    /// The way to the pool.
    pub session: Arc<Session>,
    /// The account, if known.
    pub account: Option<String>,
    /// What had moved before that plan was made, where it follows a saved one.
    pub earlier: Vec<Change>,
}

impl Task {
    /// What is shown of its plan.
    pub fn report(&self) -> &PlanReport {
        self.plan.as_ref()
    }

    /// The task at its pool's turn.
    fn opened(&self, catalogue: &Catalogue, options: &plan::Options) -> OpenTask<'_> {
        OpenTask {
            desired: Cow::Borrowed(&self.desired),
            plan: self.plan.unfolded(catalogue, &self.desired, options),
            session: Arc::clone(&self.session),
            account: self.account.clone(),
            earlier: &self.earlier,
        }
    }
}

/// A task with its whole plan, for as long as its pool is worked on.
struct OpenTask<'a> {
    desired: Cow<'a, Desired>,
    plan: Cow<'a, Plan>,
    session: Arc<Session>,
    account: Option<String>,
    earlier: &'a [Change],
}

/// The options of an apply.
#[derive(Clone, Debug)]
pub struct ApplyOptions {
    /// Where backups go.
    pub backup_dir: PathBuf,
    /// The folder that links must not lead out of.
    pub root: Root,
    /// How long a deviation may last after a write before it is believed: the service is eventually
    /// consistent.
    pub settle: Duration,
    /// Whether a pool that has moved anywhere is stale.
    pub strict: bool,
    /// What the plan that was shown went by: what is written is judged by the same.
    pub plan: plan::Options,
    /// The digest of the saved plan that is applied, if any: every backup names it.
    pub saved: Option<String>,
    /// Whether time has passed since the plans were made, as where somebody was asked: then every pool is
    /// judged again before the first is written.
    pub look_again: bool,
    /// How many pools are worked on at a time, at most; at least one.
    pub parallelism: usize,
    /// After so many failures no further pool is written; at least one.
    pub max_failures: usize,
}

/// What became of a pool.
#[derive(Debug)]
pub enum ApplyOutcome {
    /// It was as wanted already. Nothing was written.
    Unchanged,
    /// It was written, read back, and is as planned.
    Applied(Written),
    /// A planned setting had moved since the plan was made. Nothing was written.
    Stale(Movement),
    /// The later plan cannot be applied. Nothing was written.
    Refused(Box<Plan>),
    /// Something failed. Nothing was written to this pool.
    Failed(ApplyFailure),
    /// It was written and is not, or not certainly, as planned.
    Deviates(Written, Doubt),
    /// The run stopped before its turn. Nothing was written to this pool.
    NotReached,
}

/// What a run wrote to a pool, or may have written.
#[derive(Clone, Debug)]
pub struct Written {
    /// Where the documents from before are.
    pub backup: PathBuf,
    /// That backup, while the run goes on.
    saved: Option<RunBackup>,
    /// The call that was made last, or that was to be the next one.
    pub operation: DocumentCall,
    /// The calls that took effect, in their order.
    pub done: Vec<DocumentCall>,
    /// The id of the pool, if this run made it.
    pub pool: Option<String>,
    /// How many settings the plan changes.
    pub changes: usize,
    /// The service's id of the last request, where an answer came.
    pub request_id: Option<String>,
    /// Settings that had moved since the plan was made, and were kept so.
    pub movement: Movement,
    /// Members that were left out of the request on purpose, and have changed.
    pub fallen: Vec<Change>,
    /// The ids of documents that this run made, as far as they were read back.
    pub ids: Vec<DocumentKey>,
    /// The warnings about written documents that do not work, although they are as planned; of a pool that is not as planned,
    /// also about removed documents.
    pub failures: Vec<Finding>,
}

impl Written {
    /// Whether there are documents from before: a pool that the run made had none, unless it has changed since.
    pub fn has_backup(&self) -> bool {
        !self.backup.as_os_str().is_empty()
    }
}

impl Default for Written {
    fn default() -> Self {
        Self {
            backup: PathBuf::new(),
            saved: None,
            operation: DocumentCall { operation: &calls::UPDATE_USER_POOL, path: None },
            done: Vec::new(),
            pool: None,
            changes: 0,
            request_id: None,
            movement: Movement::default(),
            fallen: Vec::new(),
            ids: Vec::new(),
            failures: Vec::new(),
        }
    }
}

/// Why a written pool is not known to be as planned.
#[derive(Debug)]
pub enum Doubt {
    /// The pool was read, and these settings are not as planned.
    Read(Vec<Deviation>),
    /// It could not be read.
    Unread(CallError),
    /// The run was asked to stop before it was finished, or read.
    Interrupted,
    /// A later call of the plan did not take place.
    Stopped(CallError),
    /// No answer came to the write, and what was read since is neither the old state nor the new.
    Lost(CallError, Vec<Deviation>),
}

impl Doubt {
    /// The failed call that left the doubt.
    pub fn error(&self) -> Option<&CallError> {
        match self {
            Self::Unread(error) | Self::Stopped(error) | Self::Lost(error, _) => Some(error),
            Self::Read(_) | Self::Interrupted => None,
        }
    }
}

/// Why nothing was written to a pool.
#[derive(Debug)]
pub enum ApplyFailure {
    /// A read before the write failed.
    Read(CallError),
    /// The backup could not be written.
    Backup(BackupError),
    /// The write had no effect; with the member that the refusal is about.
    Write(CallError, Option<Blame>),
}

impl ApplyOutcome {
    /// Whether this run has changed the pool, or may have.
    pub fn has_written(&self) -> bool {
        matches!(self, Self::Applied(_) | Self::Deviates(..))
    }

    /// Whether a setting changed although it was not planned.
    fn has_moved(&self) -> bool {
        match self {
            Self::Deviates(_, Doubt::Read(deviations) | Doubt::Lost(_, deviations)) => {
                deviations.iter().any(|deviation| !deviation.declared)
            }
            _ => false,
        }
    }

    /// The same, where the pool is not as planned, with a warning about each document that the run removed.
    fn with_removed(mut self, catalogue: &Catalogue) -> Self {
        if let Self::Deviates(written, _) = &mut self {
            written.failures.extend(plan::removed(catalogue, &written.done));
        }
        self
    }

    /// The same without the documents from before, which are on disk: a fleet's take much memory.
    fn without_backup(mut self) -> Self {
        if let Self::Applied(written) | Self::Deviates(written, _) = &mut self {
            written.saved = None;
        }
        self
    }

    /// Whether the pool is as wanted.
    pub fn is_clean(&self) -> bool {
        matches!(self, Self::Unchanged | Self::Applied(_))
    }
}

/// What a run is about to do or has just done.
#[derive(Debug)]
pub enum Progress<'a> {
    /// A pool is read again, since time has passed.
    Looking(&'a Task),
    /// It has been.
    Looked(&'a Task),
    /// It is a pool's turn to be written.
    Begun(&'a Task),
    /// The documents from before of a pool are on disk.
    BackedUp(&'a std::path::Path),
    /// A pool is finished.
    Finished(&'a Task, &'a ApplyOutcome),
    /// No further pool is written.
    Halted(Halt<'a>),
}

/// Why no further pool is written.
#[derive(Clone, Copy, Debug)]
pub enum Halt<'a> {
    /// A setting of this pool changed although it was not planned.
    Moved(&'a Task),
    /// So many pools have failed.
    Failures(usize),
}

impl std::fmt::Debug for Task {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Task").field("pool", &self.report().pool.id).finish_non_exhaustive()
    }
}
