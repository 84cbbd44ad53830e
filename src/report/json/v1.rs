//! Version 1 of the JSON plan. What stands here is what `schemas/plan.schema.json` says.

use serde::Serialize;

use crate::document::{Json, Path, Seg};
use crate::manifest::Origin;
use crate::plan::{self, Level, Plan};

const FORMAT_VERSION: &str = "1.0";

#[derive(Serialize)]
pub(super) struct Document<'a> {
    format_version: &'static str,
    tool_version: &'a str,
    /// Whether an apply would go ahead: no pool is refused.
    applyable: bool,
    summary: Summary,
    pools: Vec<Pool<'a>>,
}

/// How many pools have which outcome, and what their plans hold.
#[derive(Serialize)]
struct Summary {
    pools: usize,
    update: usize,
    refused: usize,
    unchanged: usize,
    #[serde(flatten)]
    counts: Counts,
}

#[derive(Serialize, Clone, Copy)]
struct Counts {
    changes: usize,
    conflicts: usize,
    warnings: usize,
    notes: usize,
}

#[derive(Serialize)]
struct Pool<'a> {
    id: &'a str,
    name: &'a str,
    region: &'a str,
    file: &'a str,
    outcome: Outcome,
    summary: Counts,
    changes: Vec<Change<'a>>,
    findings: Vec<Finding<'a>>,
    steps: Vec<Step>,
    /// How many live settings, other than defaults, nobody manages.
    unmanaged: usize,
}

#[derive(Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Update,
    Refused,
    Unchanged,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source<'a>>,
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
}

#[derive(Serialize)]
struct Step {
    operation: &'static str,
}

#[derive(Serialize)]
struct Source<'a> {
    file: &'a str,
    line: usize,
    column: usize,
}

impl<'a> Document<'a> {
    pub(super) fn new(plans: &[&'a Plan], tool_version: &'a str) -> Self {
        let pools: Vec<Pool<'a>> = plans.iter().map(|plan| Pool::new(plan)).collect();
        let with = |outcome| pools.iter().filter(|pool| pool.outcome == outcome).count();
        let sum = |count: fn(&Counts) -> usize| pools.iter().map(|pool| count(&pool.summary)).sum();
        let summary = Summary {
            pools: pools.len(),
            update: with(Outcome::Update),
            refused: with(Outcome::Refused),
            unchanged: with(Outcome::Unchanged),
            counts: Counts {
                changes: sum(|counts| counts.changes),
                conflicts: sum(|counts| counts.conflicts),
                warnings: sum(|counts| counts.warnings),
                notes: sum(|counts| counts.notes),
            },
        };
        Self { format_version: FORMAT_VERSION, tool_version, applyable: summary.refused == 0, summary, pools }
    }
}

impl<'a> Pool<'a> {
    fn new(plan: &'a Plan) -> Self {
        let plan::Pool { id, name, region, file } = &plan.pool;
        let findings = |level| plan.findings(level).count();
        Self {
            id,
            name,
            region,
            file,
            outcome: match (plan.is_refused(), plan.changes.is_empty()) {
                (true, _) => Outcome::Refused,
                (false, false) => Outcome::Update,
                (false, true) => Outcome::Unchanged,
            },
            summary: Counts {
                changes: plan.changes.len(),
                conflicts: findings(Level::Conflict),
                warnings: findings(Level::Warning),
                notes: findings(Level::Note),
            },
            changes: plan.changes.iter().map(Change::new).collect(),
            findings: plan.findings.iter().map(Finding::new).collect(),
            steps: plan.steps.iter().map(|step| Step { operation: step.operation.name() }).collect(),
            unmanaged: plan.unmanaged,
        }
    }
}

impl<'a> Change<'a> {
    fn new(change: &'a plan::Change) -> Self {
        let plan::Change { path, before, after, form: _, sensitive, origin } = change;
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
            source: origin.as_ref().map(Source::new),
        }
    }
}

impl<'a> Finding<'a> {
    fn new(finding: &'a plan::Finding) -> Self {
        let plan::Finding { level, code, path, text, help, origin } = finding;
        Self {
            level: match level {
                Level::Conflict => "conflict",
                Level::Warning => "warning",
                Level::Note => "note",
            },
            code,
            path: path.as_ref().map(segments),
            path_text: path.as_ref().map(Path::to_string),
            text,
            help: help.as_deref(),
            source: origin.as_ref().map(Source::new),
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
