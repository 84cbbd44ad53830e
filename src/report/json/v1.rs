//! Version 1 of the JSON plan, as `schemas/plan.schema.json` describes it.

use serde::{Serialize, Serializer};

use crate::document::{Json, Path, Seg};
use crate::manifest::{self, Origin, Severity};
use crate::plan::{self, Level};
use crate::report::mark::Mark;
use crate::report::{Entry, Kind, Outcome, Run};
use crate::{report, rules};

/// The version of the format that is written, major and minor.
pub const FORMAT_VERSION: &str = "1.1";

#[derive(Serialize)]
pub(super) struct Document<'a> {
    format_version: &'static str,
    tool_version: &'a str,
    /// What was done: `plan`, `apply`, `restore` or `drift`.
    command: &'static str,
    /// Whether an apply goes ahead: every pool could be planned, and none is refused.
    applyable: bool,
    summary: Summary,
    /// What is wrong with the manifests; with an error among it there are no pools.
    diagnostics: Vec<Diagnostic<'a>>,
    pools: Pools<'a>,
    /// Pools that no manifest declares, where `drift --discover` looked for them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    strays: Vec<Stray<'a>>,
}

/// The pools of a run, each built when it is written: a fleet's take more memory than its text.
struct Pools<'a>(&'a [Entry<'a>]);

impl Serialize for Pools<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Pool::new))
    }
}

#[derive(Serialize)]
struct Stray<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    region: &'a str,
}

impl<'a> Stray<'a> {
    fn new(stray: &'a report::Stray) -> Self {
        let report::Stray { id, name, region } = stray;
        Self { id, name: name.as_deref(), region }
    }
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    severity: &'static str,
    code: &'a str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    /// The file, where there is no place in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source<'a>>,
}

impl<'a> Diagnostic<'a> {
    fn new(diagnostic: &'a manifest::Diagnostic) -> Self {
        Self {
            severity: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            code: diagnostic.code,
            text: &diagnostic.message,
            help: diagnostic.help.as_deref(),
            file: diagnostic.file.as_deref(),
            source: diagnostic.label.as_ref().map(|(origin, _)| Source::new(origin)),
        }
    }
}

/// How many pools have which outcome, and what their plans hold.
#[derive(Serialize)]
struct Summary {
    pools: usize,
    unchanged: usize,
    update: usize,
    differs: usize,
    refused: usize,
    failed: usize,
    applied: usize,
    stale: usize,
    deviates: usize,
    not_reached: usize,
    gone: usize,
    #[serde(flatten)]
    counts: Counts,
}

#[derive(Serialize, Clone, Copy, Default)]
struct Counts {
    changes: usize,
    undeclared: usize,
    conflicts: usize,
    risks: usize,
    /// How many risks block.
    blocking: usize,
    /// How many risks do not block: they only report, or something allows them.
    notices: usize,
    warnings: usize,
    notes: usize,
    acknowledged: usize,
}

#[derive(Serialize)]
struct Pool<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    region: &'a str,
    file: &'a str,
    outcome: Outcome,
    exit_code: u8,
    summary: Counts,
    changes: Vec<Change<'a>>,
    findings: Vec<Finding<'a>>,
    steps: Vec<Step>,
    /// How many live settings, other than defaults, nobody manages.
    unmanaged: usize,
    /// Of a drift: the live settings that no manifest declares and that count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    undeclared: Vec<Undeclared<'a>>,
    /// What became of the pool, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    told: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Error<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    backup: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    done: &'a [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    deviations: Vec<Deviation<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stale: Vec<Stale<'a>>,
    /// Members that were left out of the request on purpose and have changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fallen: Vec<Change<'a>>,
    /// Settings that nobody planned to change and that moved meanwhile; they were kept.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    moved: Vec<Change<'a>>,
    /// Such settings that had moved when a saved plan was taken up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    earlier: Vec<Earlier<'a>>,
}

/// A setting of which only the present value is known.
#[derive(Serialize)]
struct Earlier<'a> {
    path: Vec<String>,
    path_text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<&'a Json>,
}

impl<'a> Earlier<'a> {
    fn new(change: &'a plan::Change) -> Self {
        let now = change.after.as_ref().filter(|_| !change.sensitive);
        Self { path: segments(&change.path), path_text: change.path.to_string(), now }
    }
}

#[derive(Serialize)]
struct Undeclared<'a> {
    path: Vec<String>,
    path_text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    live: Option<&'a Json>,
    sensitive: bool,
    /// Whether the baseline declares it.
    released: bool,
}

impl<'a> Undeclared<'a> {
    fn new(setting: &'a plan::Undeclared) -> Self {
        let plan::Undeclared { path, live, sensitive, is_fresh: _, is_released } = setting;
        Self {
            path: segments(path),
            path_text: path.to_string(),
            live: (!sensitive).then_some(live),
            sensitive: *sensitive,
            released: *is_released,
        }
    }
}

#[derive(Serialize)]
struct Error<'a> {
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct Deviation<'a> {
    path: Vec<String>,
    path_text: String,
    /// Whether the manifest declares it; if not, it changed although not planned.
    declared: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'a Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<&'a Json>,
    sensitive: bool,
}

#[derive(Serialize)]
struct Stale<'a> {
    path: Vec<String>,
    path_text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    planned_from: Option<&'a Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<&'a Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wanted: Option<&'a Json>,
    sensitive: bool,
}

#[derive(Serialize)]
struct Change<'a> {
    path: Vec<String>,
    path_text: String,
    action: Action,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a Json>,
    /// Whether the values are withheld.
    sensitive: bool,
    /// Who has moved, where a baseline tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source<'a>>,
    /// The first line that differs in the file whose text the value is.
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<Source<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    Add,
    Update,
    Remove,
}

#[derive(Serialize)]
struct Finding<'a> {
    level: &'static str,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_text: Option<String>,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source<'a>>,
    /// Of a risk: whether it refuses the plan unless something allows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    blocking: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_by: Option<AllowedBy<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acknowledged: Option<Acknowledged<'a>>,
}

/// The entry of `ignore` that acknowledges a note.
#[derive(Serialize)]
struct Acknowledged<'a> {
    source: Source<'a>,
    reason: &'a str,
}

/// What lets a risk through: what the command line says, or an entry of the manifest.
#[derive(Serialize)]
struct AllowedBy<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    flag: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct Step {
    operation: &'static str,
    /// The settings that it changes.
    changes: Vec<String>,
}

#[derive(Serialize)]
struct Source<'a> {
    file: &'a str,
    line: usize,
    column: usize,
}

impl<'a> Document<'a> {
    pub(super) fn new(run: &Run<'a>) -> Self {
        let Run { kind, entries, diagnostics, strays, gone, tool_version, .. } = *run;
        let with = |outcome| entries.iter().filter(|entry| entry.end.outcome == outcome).count();
        let counts: Vec<Counts> = entries.iter().map(Counts::of).collect();
        let sum = |count: fn(&Counts) -> usize| counts.iter().map(count).sum();
        let summary = Summary {
            pools: entries.len(),
            unchanged: with(Outcome::Unchanged),
            update: with(Outcome::Update),
            differs: with(Outcome::Differs),
            refused: with(Outcome::Refused),
            failed: with(Outcome::Failed),
            applied: with(Outcome::Applied),
            stale: with(Outcome::Stale),
            deviates: with(Outcome::Deviates),
            not_reached: with(Outcome::NotReached),
            gone: gone.pools,
            counts: Counts {
                changes: sum(|counts| counts.changes),
                undeclared: sum(|counts| counts.undeclared),
                conflicts: sum(|counts| counts.conflicts),
                risks: sum(|counts| counts.risks),
                blocking: sum(|counts| counts.blocking),
                notices: sum(|counts| counts.notices),
                warnings: sum(|counts| counts.warnings),
                notes: sum(|counts| counts.notes),
                acknowledged: sum(|counts| counts.acknowledged),
            },
        };
        let sound = diagnostics.iter().all(|diagnostic| diagnostic.severity == Severity::Warning);
        let applyable = kind != Kind::Drift
            && sound
            && !gone.refuses()
            && entries.iter().all(|entry| entry.plan.is_some_and(|plan| !plan.is_refused()));
        let diagnostics = diagnostics.iter().map(Diagnostic::new).collect();
        let strays = strays.iter().map(Stray::new).collect();
        let command = kind.name();
        Self {
            format_version: FORMAT_VERSION,
            tool_version,
            command,
            applyable,
            summary,
            diagnostics,
            pools: Pools(entries),
            strays,
        }
    }
}

impl Counts {
    fn of(entry: &Entry<'_>) -> Self {
        let Some(plan) = entry.plan else { return Self::default() };
        let findings = |level| plan.findings(level).count();
        Self {
            changes: plan.changes.len(),
            undeclared: plan.undeclared.len(),
            conflicts: findings(Level::Conflict),
            risks: findings(Level::Risk),
            blocking: Mark::Risk.count(&[plan]),
            notices: Mark::Notice.count(&[plan]),
            warnings: findings(Level::Warning),
            notes: findings(Level::Note),
            acknowledged: plan.acknowledged.len(),
        }
    }
}

impl<'a> Pool<'a> {
    fn new(entry: &'a Entry<'a>) -> Self {
        let Entry { id, region, file, plan, end } = entry;
        let changes = plan.map_or(&[][..], |plan| &plan.changes);
        let movement = end.movement;
        Self {
            id,
            name: plan.map(|plan| plan.pool.name.as_str()),
            region,
            file,
            outcome: end.outcome,
            exit_code: end.exit_code,
            summary: Counts::of(entry),
            changes: changes.iter().map(Change::new).collect(),
            findings: Finding::all(*plan),
            steps: plan.map_or(&[][..], |plan| &plan.calls).iter().map(Step::new).collect(),
            unmanaged: plan.map_or(0, |plan| plan.unmanaged),
            undeclared: plan.map_or(&[][..], |plan| &plan.undeclared).iter().map(Undeclared::new).collect(),
            told: end.told.as_deref(),
            error: end.error.as_ref().map(|(text, help)| Error { text, help: help.as_deref() }),
            backup: end.backup.as_deref(),
            done: &end.done,
            request_id: end.request_id,
            deviations: end.deviations.iter().map(Deviation::new).collect(),
            fallen: end.fallen.iter().map(Change::new).collect(),
            stale: movement.map_or(&[][..], |movement| &movement.stale).iter().map(Stale::new).collect(),
            moved: movement.map_or(&[][..], |movement| &movement.elsewhere).iter().map(Change::new).collect(),
            earlier: movement
                .map_or(&[][..], |movement| &movement.earlier)
                .iter()
                .map(Earlier::new)
                .collect(),
        }
    }
}

impl Step {
    fn new(call: &plan::PlannedCall) -> Self {
        let changes = call.changes.iter().map(|change| change.path.to_string()).collect();
        Self { operation: call.operation.name, changes }
    }
}

impl<'a> Deviation<'a> {
    fn new(deviation: &'a plan::Deviation) -> Self {
        let plan::Deviation { path, expected, actual, declared, sensitive } = deviation;
        let shown = |value: &'a Option<Json>| value.as_ref().filter(|_| !sensitive);
        Self {
            path: segments(path),
            path_text: path.to_string(),
            declared: *declared,
            expected: shown(expected),
            actual: shown(actual),
            sensitive: *sensitive,
        }
    }
}

impl<'a> Stale<'a> {
    fn new(stale: &'a plan::Stale) -> Self {
        let plan::Stale { path, planned_from, now, wanted, sensitive } = stale;
        let shown = |value: &'a Option<Json>| value.as_ref().filter(|_| !sensitive);
        Self {
            path: segments(path),
            path_text: path.to_string(),
            planned_from: shown(planned_from),
            now: shown(now),
            wanted: shown(wanted),
            sensitive: *sensitive,
        }
    }
}

impl<'a> Change<'a> {
    fn new(change: &'a plan::Change) -> Self {
        let plan::Change { path, before, after, form: _, sensitive, origin, template, direction } = change;
        let shown = |value: &'a Option<Json>| value.as_ref().filter(|_| !sensitive);
        Self {
            path: segments(path),
            path_text: path.to_string(),
            action: match change.action() {
                plan::Action::Add => Action::Add,
                plan::Action::Update => Action::Update,
                plan::Action::Remove => Action::Remove,
            },
            before: shown(before),
            after: shown(after),
            sensitive: *sensitive,
            direction: direction.map(plan::Direction::word),
            source: origin.as_ref().map(Source::new),
            template: template.as_ref().map(Source::new),
        }
    }
}

impl<'a> Finding<'a> {
    fn new(finding: &'a plan::Finding) -> Self {
        let plan::Finding { level, code, path, text, help, origin, blocking, allowed_by } = finding;
        Self {
            level: match level {
                Level::Conflict => "conflict",
                Level::Risk => "risk",
                Level::Warning => "warning",
                Level::Note => "note",
            },
            code,
            path: path.as_ref().map(segments),
            path_text: path.as_ref().map(Path::to_string),
            text,
            help: help.as_deref(),
            source: origin.as_ref().map(Source::new),
            blocking: (*level == Level::Risk).then_some(*blocking),
            allowed_by: allowed_by.as_ref().map(AllowedBy::new),
            acknowledged: None,
        }
    }

    fn acknowledged(acknowledged: &'a plan::Acknowledged) -> Self {
        let plan::Acknowledged { finding, origin, reason } = acknowledged;
        let acknowledged = Some(Acknowledged { source: Source::new(origin), reason });
        Self { acknowledged, ..Self::new(finding) }
    }

    fn all(plan: Option<&'a plan::PlanReport>) -> Vec<Self> {
        let Some(plan) = plan else { return Vec::new() };
        let acknowledged = plan.acknowledged.iter().map(Self::acknowledged);
        plan.findings.iter().map(Self::new).chain(acknowledged).collect()
    }
}

impl<'a> AllowedBy<'a> {
    fn new(allowed_by: &'a rules::AllowedBy) -> Self {
        match allowed_by {
            rules::AllowedBy::Flag(flag) => Self { flag: Some(flag), source: None, reason: None },
            rules::AllowedBy::Manifest { origin, reason } => {
                Self { flag: None, source: Some(Source::new(origin)), reason: Some(reason) }
            }
        }
    }
}

impl<'a> Source<'a> {
    fn new(origin: &'a Origin) -> Self {
        let (line, column) = origin.line_column();
        Self { file: &origin.source.name, line, column }
    }
}

/// The names on the way: of members, the key of an element of a keyed list, or a position.
fn segments(path: &Path) -> Vec<String> {
    let text = |seg: &Seg| match seg {
        Seg::Member(name) | Seg::Item(name) => name.to_string(),
        Seg::Index(index) => index.to_string(),
    };
    path.segs().iter().map(text).collect()
}
