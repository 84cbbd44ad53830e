//! Version 1 of the JSON plan, as `schemas/plan.schema.json` describes it.

use serde::{Serialize, Serializer};

use crate::document::{Json, Path, Seg};
use crate::manifest::{self, Origin, Severity};
use crate::plan::{self, Level};
use crate::report::mark::FindingMark;
use crate::report::{PoolOutcome, Run, RunEntry, RunKind};
use crate::{report, rules};

/// The version of the format that is written, major and minor.
pub const FORMAT_VERSION: &str = "1.1";

#[derive(Serialize)]
pub(super) struct RunJson<'a> {
    format_version: &'static str,
    tool_version: &'a str,
    /// What was done: `plan`, `apply`, `restore` or `drift`.
    command: &'static str,
    /// Whether an apply goes ahead: every pool could be planned, and none is refused.
    applyable: bool,
    summary: SummaryJson,
    /// What is wrong with the manifests; with an error among it there are no pools.
    diagnostics: Vec<DiagnosticJson<'a>>,
    pools: Pools<'a>,
    /// Pools that no manifest declares, where `drift --discover` looked for them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    strays: Vec<StrayJson<'a>>,
}

/// The pools of a run, each built when it is written: a fleet's take more memory than its text.
struct Pools<'a>(&'a [RunEntry<'a>]);

impl Serialize for Pools<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(PoolJson::new))
    }
}

#[derive(Serialize)]
struct StrayJson<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    region: &'a str,
}

impl<'a> StrayJson<'a> {
    fn new(stray: &'a report::Stray) -> Self {
        let report::Stray { id, name, region } = stray;
        Self { id, name: name.as_deref(), region }
    }
}

#[derive(Serialize)]
struct DiagnosticJson<'a> {
    severity: &'static str,
    code: &'a str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    /// The file, where there is no place in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceJson<'a>>,
}

impl<'a> DiagnosticJson<'a> {
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
            source: diagnostic.label.as_ref().map(|(origin, _)| SourceJson::new(origin)),
        }
    }
}

/// How many pools have which outcome, and what their plans hold.
#[derive(Serialize)]
struct SummaryJson {
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
struct PoolJson<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    region: &'a str,
    file: &'a str,
    outcome: PoolOutcome,
    exit_code: u8,
    summary: Counts,
    changes: Vec<ChangeJson<'a>>,
    findings: Vec<FindingJson<'a>>,
    steps: Vec<StepJson>,
    /// How many live settings, other than defaults, nobody manages.
    unmanaged: usize,
    /// Of a drift: the live settings that no manifest declares and that count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    undeclared: Vec<UndeclaredJson<'a>>,
    /// What became of the pool, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    told: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    backup: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    done: &'a [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    deviations: Vec<DeviationJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stale: Vec<StaleJson<'a>>,
    /// Members that were left out of the request on purpose and have changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fallen: Vec<ChangeJson<'a>>,
    /// Settings that nobody planned to change and that moved meanwhile; they were kept.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    moved: Vec<ChangeJson<'a>>,
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
struct UndeclaredJson<'a> {
    path: Vec<String>,
    path_text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    live: Option<&'a Json>,
    sensitive: bool,
    /// Whether the baseline declares it.
    released: bool,
}

impl<'a> UndeclaredJson<'a> {
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
struct ErrorJson<'a> {
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct DeviationJson<'a> {
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
struct StaleJson<'a> {
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
struct ChangeJson<'a> {
    path: Vec<String>,
    path_text: String,
    action: ActionJson,
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
    source: Option<SourceJson<'a>>,
    /// The first line that differs in the file whose text the value is.
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<SourceJson<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum ActionJson {
    Add,
    Update,
    Remove,
}

#[derive(Serialize)]
struct FindingJson<'a> {
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
    source: Option<SourceJson<'a>>,
    /// Of a risk: whether it refuses the plan unless something allows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    blocking: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_by: Option<AllowedByJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acknowledged: Option<AcknowledgedJson<'a>>,
}

/// The entry of `ignore` that acknowledges a note.
#[derive(Serialize)]
struct AcknowledgedJson<'a> {
    source: SourceJson<'a>,
    reason: &'a str,
}

/// What lets a risk through: what the command line says, or an entry of the manifest.
#[derive(Serialize)]
struct AllowedByJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    flag: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct StepJson {
    operation: &'static str,
    /// The settings that it changes.
    changes: Vec<String>,
}

#[derive(Serialize)]
struct SourceJson<'a> {
    file: &'a str,
    line: usize,
    column: usize,
}

impl<'a> RunJson<'a> {
    pub(super) fn new(run: &Run<'a>) -> Self {
        let Run { kind, entries, diagnostics, strays, gone, tool_version, .. } = *run;
        let with = |outcome| entries.iter().filter(|entry| entry.end.outcome == outcome).count();
        let counts: Vec<Counts> = entries.iter().map(Counts::of).collect();
        let sum = |count: fn(&Counts) -> usize| counts.iter().map(count).sum();
        let summary = SummaryJson {
            pools: entries.len(),
            unchanged: with(PoolOutcome::Unchanged),
            update: with(PoolOutcome::Update),
            differs: with(PoolOutcome::Differs),
            refused: with(PoolOutcome::Refused),
            failed: with(PoolOutcome::Failed),
            applied: with(PoolOutcome::Applied),
            stale: with(PoolOutcome::Stale),
            deviates: with(PoolOutcome::Deviates),
            not_reached: with(PoolOutcome::NotReached),
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
        let applyable = kind != RunKind::Drift
            && sound
            && !gone.refuses()
            && entries.iter().all(|entry| entry.plan.is_some_and(|plan| !plan.is_refused()));
        let diagnostics = diagnostics.iter().map(DiagnosticJson::new).collect();
        let strays = strays.iter().map(StrayJson::new).collect();
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
    fn of(entry: &RunEntry<'_>) -> Self {
        let Some(plan) = entry.plan else { return Self::default() };
        let findings = |level| plan.findings(level).count();
        Self {
            changes: plan.changes.len(),
            undeclared: plan.undeclared.len(),
            conflicts: findings(Level::Conflict),
            risks: findings(Level::Risk),
            blocking: FindingMark::Risk.count(&[plan]),
            notices: FindingMark::Notice.count(&[plan]),
            warnings: findings(Level::Warning),
            notes: findings(Level::Note),
            acknowledged: plan.acknowledged.len(),
        }
    }
}

impl<'a> PoolJson<'a> {
    fn new(entry: &'a RunEntry<'a>) -> Self {
        let RunEntry { id, region, file, plan, end } = entry;
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
            changes: changes.iter().map(ChangeJson::new).collect(),
            findings: FindingJson::all(*plan),
            steps: plan.map_or(&[][..], |plan| &plan.calls).iter().map(StepJson::new).collect(),
            unmanaged: plan.map_or(0, |plan| plan.unmanaged),
            undeclared: plan
                .map_or(&[][..], |plan| &plan.undeclared)
                .iter()
                .map(UndeclaredJson::new)
                .collect(),
            told: end.told.as_deref(),
            error: end.error.as_ref().map(|(text, help)| ErrorJson { text, help: help.as_deref() }),
            backup: end.backup.as_deref(),
            done: &end.done,
            request_id: end.request_id,
            deviations: end.deviations.iter().map(DeviationJson::new).collect(),
            fallen: end.fallen.iter().map(ChangeJson::new).collect(),
            stale: movement.map_or(&[][..], |movement| &movement.stale).iter().map(StaleJson::new).collect(),
            moved: movement
                .map_or(&[][..], |movement| &movement.elsewhere)
                .iter()
                .map(ChangeJson::new)
                .collect(),
            earlier: movement
                .map_or(&[][..], |movement| &movement.earlier)
                .iter()
                .map(Earlier::new)
                .collect(),
        }
    }
}

impl StepJson {
    fn new(call: &plan::PlannedCall) -> Self {
        let changes = call.changes.iter().map(|change| change.path.to_string()).collect();
        Self { operation: call.operation.name, changes }
    }
}

impl<'a> DeviationJson<'a> {
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

impl<'a> StaleJson<'a> {
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

impl<'a> ChangeJson<'a> {
    fn new(change: &'a plan::Change) -> Self {
        let plan::Change { path, before, after, form: _, sensitive, origin, template, direction } = change;
        let shown = |value: &'a Option<Json>| value.as_ref().filter(|_| !sensitive);
        Self {
            path: segments(path),
            path_text: path.to_string(),
            action: match change.action() {
                plan::Action::Add => ActionJson::Add,
                plan::Action::Update => ActionJson::Update,
                plan::Action::Remove => ActionJson::Remove,
            },
            before: shown(before),
            after: shown(after),
            sensitive: *sensitive,
            direction: direction.map(plan::Direction::word),
            source: origin.as_ref().map(SourceJson::new),
            template: template.as_ref().map(SourceJson::new),
        }
    }
}

impl<'a> FindingJson<'a> {
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
            source: origin.as_ref().map(SourceJson::new),
            blocking: (*level == Level::Risk).then_some(*blocking),
            allowed_by: allowed_by.as_ref().map(AllowedByJson::new),
            acknowledged: None,
        }
    }

    fn acknowledged(acknowledged: &'a plan::Acknowledged) -> Self {
        let plan::Acknowledged { finding, origin, reason } = acknowledged;
        let acknowledged = Some(AcknowledgedJson { source: SourceJson::new(origin), reason });
        Self { acknowledged, ..Self::new(finding) }
    }

    fn all(plan: Option<&'a plan::PlanReport>) -> Vec<Self> {
        let Some(plan) = plan else { return Vec::new() };
        let acknowledged = plan.acknowledged.iter().map(Self::acknowledged);
        plan.findings.iter().map(Self::new).chain(acknowledged).collect()
    }
}

impl<'a> AllowedByJson<'a> {
    fn new(allowed_by: &'a rules::AllowedBy) -> Self {
        match allowed_by {
            rules::AllowedBy::Flag(flag) => Self { flag: Some(flag), source: None, reason: None },
            rules::AllowedBy::Manifest { origin, reason } => {
                Self { flag: None, source: Some(SourceJson::new(origin)), reason: Some(reason) }
            }
        }
    }
}

impl<'a> SourceJson<'a> {
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
