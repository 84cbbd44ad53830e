//! The result of a run, for every form of report.

use std::ops::{Deref, DerefMut};

use super::source_links::SourceLinks;
use crate::manifest::{Diagnostic, Severity};
use crate::plan::{Change, Deviation, DocumentKey, Finding, Movement, PlanReport};

/// A run over some pools.
#[derive(Clone, Copy, Default)]
pub struct Run<'a> {
    /// What was done.
    pub kind: RunKind,
    /// The pools, in the order of their manifests.
    pub entries: &'a [RunEntry<'a>],
    /// What is wrong with the manifests; with an error among it there are no pools.
    pub diagnostics: &'a [Diagnostic],
    /// The pools that are there and that no manifest declares, where somebody wants to know.
    pub strays: &'a [Stray],
    /// The pools that have no manifest any more, where a baseline has one.
    pub gone: Gone,
    /// Where in the repository the names of files begin, as `identity/pools`; empty at its root.
    pub folder: &'a str,
    /// Where the files of the repository can be read, if it is known.
    pub links: Option<&'a SourceLinks>,
    /// Whether an apply leaves out the pools that it cannot write, and writes the others.
    pub keeps_going: bool,
    /// How the next commands lead to the same pools, where they can.
    pub onward: Option<Onward<'a>>,
    /// The label that separates its metrics from other runs of the same command.
    pub label: &'a str,
    /// The version of the program.
    pub tool_version: &'a str,
    /// When the run ended, where somebody says so.
    pub time: Option<time::OffsetDateTime>,
}

impl<'a> Run<'a> {
    /// A run of this version of poolctl, with nothing to tell but its pools.
    pub fn new(kind: RunKind, entries: &'a [RunEntry<'a>]) -> Self {
        Self { kind, entries, tool_version: env!("CARGO_PKG_VERSION"), ..Self::default() }
    }

    /// How many errors the manifests have.
    pub(super) fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|finding| finding.severity == Severity::Error).count()
    }
}

/// Pools that have no manifest any more; `manifest-gone` names each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gone {
    /// How many there are.
    pub pools: usize,
    /// Whether they refuse the plan, and count as drift.
    pub counts: bool,
}

impl Gone {
    /// Whether there are any, and they count.
    pub fn refuses(self) -> bool {
        self.counts && self.pools > 0
    }
}

/// How a command leads to the pools of a run.
#[derive(Clone, Copy, Debug)]
pub struct Onward<'a> {
    /// Its options and paths as a shell takes them, each with a blank in front.
    pub arguments: &'a str,
    /// Its selection among the settings in the same form, which not every command has.
    pub only: &'a str,
    /// Whether the pools are saved documents, to which nothing is written.
    pub is_saved: bool,
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RunKind {
    /// It looked at what an apply would do.
    #[default]
    Plan,
    /// It brought pools to their manifests, or tried to.
    Apply,
    /// It went back to a backup, or tried to.
    Restore,
    /// It looked for differences.
    Drift,
}

impl RunKind {
    /// The command's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Apply => "apply",
            Self::Restore => "restore",
            Self::Drift => "drift",
        }
    }
}

/// A pool that no manifest declares.
#[derive(Clone, Debug, PartialEq)]
pub struct Stray {
    /// Its id.
    pub id: String,
    /// Its name, where the list says it.
    pub name: Option<String>,
    /// The Region whose endpoint listed it.
    pub region: String,
    /// The rules of the house that it breaks, and the rules that could not be judged.
    pub findings: Vec<Finding>,
}

/// One pool of a run.
pub struct RunEntry<'a> {
    /// The pool's id.
    pub id: &'a str,
    /// The Region whose endpoint serves it.
    pub region: &'a str,
    /// The manifest, or the backup to restore.
    pub file: &'a str,
    /// Its plan, or `None` if it could not be planned.
    pub plan: Option<&'a PlanReport>,
    /// How the run ended for it.
    pub end: PoolEnd<'a>,
}

/// How a run ended for a pool. It dereferences to its details.
#[derive(Default)]
pub struct PoolEnd<'a> {
    /// One word; see [`PoolOutcome`].
    pub outcome: PoolOutcome,
    /// The exit code of a run over this pool alone.
    pub exit_code: u8,
    /// Everything else that reports print of it; `None` for most pools of a fleet.
    pub details: Option<Box<EndDetails<'a>>>,
}

/// What reports print of how a run ended for a pool.
#[derive(Default)]
pub struct EndDetails<'a> {
    /// The outcome of the pool, as the rest of a sentence that begins with its name; `None` if it was only
    /// planned.
    pub told: Option<String>,
    /// The commands that help on, each behind a word on what it does.
    pub next: Vec<(&'static str, String)>,
    /// What failed and what to do about it.
    pub error: Option<(String, Option<String>)>,
    /// The file with the documents from before the write.
    pub backup: Option<String>,
    /// The calls that took effect, in their order.
    pub done: Vec<&'static str>,
    /// The ids of the documents that the run made.
    pub ids: &'a [DocumentKey],
    /// The service's id of the last write's request.
    pub request_id: Option<&'a str>,
    /// What is not, after the write, as it should be.
    pub deviations: &'a [Deviation],
    /// Members that were left out of the request on purpose and have changed.
    pub fallen: &'a [Change],
    /// The warnings about written documents that do not work, and about removed documents of a pool that is not as planned.
    pub failures: &'a [Finding],
    /// What has moved since the plan was made.
    pub movement: Option<&'a Movement>,
}

/// The details of a pool without any.
static NOTHING: EndDetails<'static> = EndDetails {
    told: None,
    next: Vec::new(),
    error: None,
    backup: None,
    done: Vec::new(),
    ids: &[],
    request_id: None,
    deviations: &[],
    fallen: &[],
    failures: &[],
    movement: None,
};

impl<'a> Deref for PoolEnd<'a> {
    type Target = EndDetails<'a>;

    fn deref(&self) -> &EndDetails<'a> {
        self.details.as_deref().unwrap_or(&NOTHING)
    }
}

impl<'a> DerefMut for PoolEnd<'a> {
    fn deref_mut(&mut self) -> &mut EndDetails<'a> {
        self.details.get_or_insert_default()
    }
}

/// How a run ended for a pool, in one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PoolOutcome {
    /// There is nothing to do.
    #[default]
    Unchanged,
    /// Planned: there are changes, and they can be applied.
    Update,
    /// Looked at for drift: it is not what is declared.
    Differs,
    /// A conflict, or a risk that is not allowed, blocks the plan.
    Refused,
    /// It could not be read, or the write did not take place.
    Failed,
    /// Written and verified.
    Applied,
    /// A planned setting had moved; nothing was written.
    Stale,
    /// Written, and not, or not certainly, as planned.
    Deviates,
    /// The run stopped before its turn; nothing was written.
    NotReached,
}

impl PoolOutcome {
    /// The outcomes with their words, in the order of a summary.
    pub(super) const WORDS: [(Self, &'static str); 9] = [
        (Self::Unchanged, "unchanged"),
        (Self::Update, "update"),
        (Self::Differs, "differs"),
        (Self::Refused, "refused"),
        (Self::Failed, "failed"),
        (Self::Applied, "applied"),
        (Self::Stale, "stale"),
        (Self::Deviates, "deviates"),
        (Self::NotReached, "not_reached"),
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(outcome, _)| *outcome == self).map_or("", |(_, word)| word)
    }

    /// The words for it in a table.
    pub(super) fn told(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Update => "to update",
            Self::Differs => "differs",
            Self::Refused => "blocked",
            Self::Failed => "failed",
            Self::Applied => "applied",
            Self::Stale => "stale",
            Self::Deviates => "not as planned",
            Self::NotReached => "not reached",
        }
    }

    /// Whether somebody has to do something about the pool. To differ, or to have changes, is no reason.
    pub(super) fn is_bad(self) -> bool {
        matches!(self, Self::Refused | Self::Failed | Self::Stale | Self::Deviates)
    }
}

impl<'a> RunEntry<'a> {
    /// The name of the pool as it is live, or its id.
    pub(super) fn name(&self) -> &'a str {
        self.plan.map_or(self.id, |plan| &plan.pool.name)
    }

    /// The words for its outcome in a table: a pool that does not exist is created.
    pub(super) fn status(&self) -> &'static str {
        match self.plan {
            Some(plan) if plan.pool.is_new && self.end.outcome == PoolOutcome::Update => "to create",
            _ => self.end.outcome.told(),
        }
    }

    /// A pool that was planned and nothing more.
    pub fn planned(plan: &'a PlanReport, exit_code: u8) -> Self {
        let outcome = match (plan.is_refused(), plan.changes.is_empty()) {
            (true, _) => PoolOutcome::Refused,
            (false, false) => PoolOutcome::Update,
            (false, true) => PoolOutcome::Unchanged,
        };
        Self::of(plan, outcome, exit_code)
    }

    /// A pool that was looked at for drift.
    pub fn compared(plan: &'a PlanReport, exit_code: u8) -> Self {
        let outcome = if plan.differences() > 0 { PoolOutcome::Differs } else { PoolOutcome::Unchanged };
        Self::of(plan, outcome, exit_code)
    }

    fn of(plan: &'a PlanReport, outcome: PoolOutcome, exit_code: u8) -> Self {
        let (id, region, file) = (&plan.pool.id, &plan.pool.region, &plan.pool.file);
        Self { id, region, file, plan: Some(plan), end: PoolEnd { outcome, exit_code, ..PoolEnd::default() } }
    }
}
