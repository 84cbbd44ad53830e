//! Version 1 of the JSON plan, as `schemas/plan.schema.json` describes it.

use super::members::Members;
use crate::document::url::printable;
use crate::document::{Json, Object, Path, Seg};
use crate::manifest::{Diagnostic, Origin, Severity};
use crate::plan::{
    self, Action, Change, Deviation, Difference, Direction, DocumentKey, Finding, Form, Level, PlanReport,
    Stale, Undeclared,
};
use crate::report::image;
use crate::report::mark::FindingMark;
use crate::report::validation::word;
use crate::report::{PoolOutcome, Run, RunEntry, RunKind, Stray};
use crate::rules::AllowedBy;
use crate::rules::house::BrokenRule;

/// The version of the format that is written, major and minor.
pub const FORMAT_VERSION: &str = "1.1";

/// What comes before the pools, the pools, each built when it is asked for, and what comes after them.
pub(super) fn parts<'a>(run: &'a Run<'_>) -> (Members, impl Iterator<Item = Members> + 'a, Members) {
    let strays = Members::default().nonempty("strays", run.strays.iter().map(stray));
    (head(run), run.entries.iter().map(pool), strays)
}

/// What comes before the pools.
fn head(run: &Run<'_>) -> Members {
    let Run { kind, entries, diagnostics, gone, tool_version, .. } = *run;
    let sound = diagnostics.iter().all(|diagnostic| diagnostic.severity == Severity::Warning);
    let applyable = kind != RunKind::Drift
        && sound
        && !gone.refuses()
        && entries.iter().all(|entry| entry.plan.is_some_and(|plan| !plan.is_refused()));
    Members::default()
        .with("format_version", FORMAT_VERSION)
        .with("tool_version", tool_version)
        .with("command", kind.name())
        .with("applyable", applyable)
        .with("summary", summary(run))
        .list("diagnostics", diagnostics.iter().map(diagnostic))
}

/// How many pools have which outcome, and what their plans hold.
fn summary(run: &Run<'_>) -> Members {
    let mut summary = Members::default().with("pools", run.entries.len());
    for (outcome, word) in PoolOutcome::WORDS {
        let with = run.entries.iter().filter(|entry| entry.end.outcome == outcome);
        summary = summary.with(word, with.count());
    }
    let plans: Vec<&PlanReport> = run.entries.iter().filter_map(|entry| entry.plan).collect();
    counted(summary.with("gone", run.gone.pools), &plans)
}

/// The object with what these plans hold, by number.
fn counted(object: Members, plans: &[&PlanReport]) -> Members {
    let sum = |number: fn(&PlanReport) -> usize| plans.iter().map(|plan| number(plan)).sum::<usize>();
    let findings = |level| plans.iter().map(|plan| plan.findings(level).count()).sum::<usize>();
    object
        .with("changes", sum(|plan| plan.changes.len()))
        .with("undeclared", sum(|plan| plan.undeclared.len()))
        .with("conflicts", findings(Level::Conflict))
        .with("risks", findings(Level::Risk))
        .with("blocking", FindingMark::Risk.count(plans))
        .with("notices", FindingMark::Notice.count(plans))
        .with("warnings", findings(Level::Warning))
        .with("notes", findings(Level::Note))
        .with("acknowledged", sum(|plan| plan.acknowledged.len()))
}

fn stray(stray: &Stray) -> Members {
    let Stray { id, name, region, findings } = stray;
    Members::default()
        .with("id", id.as_str())
        .given("name", name.as_deref())
        .with("region", region.as_str())
        .nonempty("findings", findings.iter().map(finding))
}

fn diagnostic(diagnostic: &Diagnostic) -> Members {
    Members::default()
        .with("severity", word(diagnostic.severity))
        .with("code", &*diagnostic.code)
        .with("text", diagnostic.message.as_str())
        .given("help", diagnostic.help.as_deref())
        .given("file", diagnostic.file.as_deref())
        .given("source", diagnostic.label.as_ref().map(|(origin, _)| source(origin)))
}

fn pool(entry: &RunEntry<'_>) -> Members {
    let RunEntry { id, region, file, plan, end } = entry;
    let plans = plan.as_slice();
    let moved = end.movement.as_slice();
    let error = |(text, help): &(String, Option<String>)| {
        Members::default().with("text", &**text).given("help", help.as_deref())
    };
    Members::default()
        .with("id", *id)
        .given("name", plan.map(|plan| plan.pool.name.as_str()))
        .with("region", *region)
        .given("new", plan.map(|plan| plan.pool.is_new).filter(|is_new| *is_new))
        .with("file", *file)
        .with("outcome", end.outcome.word())
        .with("exit_code", end.exit_code)
        .with("summary", counted(Members::default(), plans))
        .list("changes", plans.iter().flat_map(|plan| &plan.changes).map(change))
        .list("findings", plans.iter().flat_map(|plan| findings(plan)))
        .list("steps", plans.iter().flat_map(|plan| plan.calls.iter().map(|call| step(plan, call))))
        .with("unmanaged", plan.map_or(0, |plan| plan.unmanaged))
        .given("uncompared", plan.map(|plan| plan.uncompared).filter(|secrets| *secrets > 0))
        .given("planned_values", plan.and_then(|plan| plan.planned_values.as_ref()).map(without_images))
        .nonempty("undeclared", plans.iter().flat_map(|plan| &plan.undeclared).map(undeclared))
        .given("told", end.told.as_deref())
        .given("error", end.error.as_ref().map(error))
        .given("backup", end.backup.as_deref())
        .nonempty("done", end.done.iter().copied())
        .nonempty("ids", end.ids.iter().map(|DocumentKey { path, id }| at(path).with("id", id.as_str())))
        .given("request_id", end.request_id)
        .nonempty("deviations", end.deviations.iter().map(deviation))
        .nonempty("stale", moved.iter().flat_map(|moved| &moved.stale).map(stale))
        .nonempty("fallen", end.fallen.iter().map(change))
        .nonempty("failures", end.failures.iter().map(finding))
        .nonempty("moved", moved.iter().flat_map(|moved| &moved.elsewhere).map(change))
        .nonempty("earlier", moved.iter().flat_map(|moved| &moved.earlier).map(earlier))
}

/// A setting of which only the present value is known.
fn earlier(change: &Change) -> Members {
    at(&change.path).given("now", shown(change.after.as_ref(), change.sensitive))
}

fn undeclared(setting: &Undeclared) -> Members {
    let Undeclared { path, live, sensitive, is_fresh: _, is_listed: _, is_released, named_by } = setting;
    at(path)
        .given("live", shown(Some(live), *sensitive))
        .with("sensitive", *sensitive)
        .with("released", *is_released)
        .given("named_by", named_by.as_ref().map(|names| Json::from_iter(names.iter().map(String::as_str))))
}

fn step(plan: &PlanReport, call: &plan::PlannedCall) -> Members {
    Members::default()
        .with("operation", call.operation.name)
        .given("resource", call.path.as_ref().map(Path::to_string))
        .list("changes", plan.changed_by(call).map(Path::to_string))
}

fn deviation(deviation: &Deviation) -> Members {
    let (Deviation { path, expected, actual, declared, .. }, hidden) = (deviation, deviation.is_hidden());
    at(path)
        .with("declared", *declared)
        .given("expected", shown(expected.as_ref(), hidden))
        .given("actual", shown(actual.as_ref(), hidden))
        .with("sensitive", hidden)
}

fn stale(stale: &Stale) -> Members {
    let (Stale { path, planned_from, now, wanted, .. }, hidden) = (stale, stale.is_hidden());
    at(path)
        .given("planned_from", shown(planned_from.as_ref(), hidden))
        .given("now", shown(now.as_ref(), hidden))
        .given("wanted", shown(wanted.as_ref(), hidden))
        .with("sensitive", hidden)
}

fn change(change: &Change) -> Members {
    let Change { difference, sensitive, origin, template, direction } = change;
    let Difference { path, before, after, form } = &**difference;
    let action = match change.action() {
        Action::Add => "add",
        Action::Update => "update",
        Action::Remove => "remove",
    };
    at(path)
        .with("action", action)
        .given("before", shown(before.as_ref(), *sensitive))
        .given("after", shown(after.as_ref(), *sensitive))
        .nonempty("masked", masked(before, after).into_iter().filter(|_| *form == Form::Set && !sensitive))
        .with("sensitive", *sensitive)
        .given("direction", direction.map(Direction::word))
        .given("source", origin.as_ref().map(source))
        .given("template", template.as_deref().map(source))
}

/// The new elements of a list that are shown as removed ones are: they differ in what is not printed, such as a password.
fn masked(before: &Option<Json>, after: &Option<Json>) -> Vec<Json> {
    let lists = before.as_ref().and_then(Json::as_array).zip(after.as_ref().and_then(Json::as_array));
    let (before, after) =
        lists.map_or_else(Default::default, |(before, after)| (before.as_slice(), after.as_slice()));
    let only = |own: &[Json], other: &[Json]| -> Vec<Json> {
        own.iter().filter(|element| !other.contains(element)).map(|one| printable(one).into_owned()).collect()
    };
    let mut gone = only(before, after);
    let mut new = only(after, before);
    new.retain(|new| gone.iter().position(|old| old == new).map(|at| gone.swap_remove(at)).is_some());
    new
}

/// The findings of a plan, then the acknowledged ones.
fn findings(plan: &PlanReport) -> impl Iterator<Item = Members> {
    let acknowledged = plan.acknowledged.iter().map(|acknowledged| {
        let plan::Acknowledged { finding: note, origin, reason } = acknowledged;
        let entry = Members::default().with("source", source(origin)).with("reason", reason.as_str());
        finding(note).with("acknowledged", entry)
    });
    plan.findings.iter().map(finding).chain(acknowledged)
}

fn finding(finding: &Finding) -> Members {
    let Finding { level, code, path, text, help, origin, blocking, allowed_by, rule } = finding;
    let word = match level {
        Level::Conflict => "conflict",
        Level::Risk => "risk",
        Level::Warning => "warning",
        Level::Note => "note",
    };
    Members::default()
        .with("level", word)
        .with("code", &**code)
        .given("path", path.as_ref().map(segments))
        .given("path_text", path.as_ref().map(Path::to_string))
        .with("text", &**text)
        .given("help", help.as_deref())
        .given("source", origin.as_ref().map(source))
        .given("blocking", (*level == Level::Risk).then_some(*blocking))
        .given("allowed_by", allowed_by.as_ref().map(allowed))
        .given("rule", rule.as_deref().map(broken))
}

fn broken(rule: &BrokenRule) -> Members {
    let BrokenRule { name, file, line, requires, reason } = rule;
    Members::default()
        .with("name", name.as_str())
        .with("file", file.as_str())
        .with("line", *line)
        .with("requires", requires.as_str())
        .given("reason", reason.as_deref())
}

fn allowed(allowed_by: &AllowedBy) -> Members {
    match allowed_by {
        AllowedBy::Flag(flag) => Members::default().with("flag", flag.as_str()),
        AllowedBy::Manifest { origin, reason } => {
            Members::default().with("source", source(origin)).with("reason", reason.as_str())
        }
    }
}

fn source(origin: &Origin) -> Members {
    let (line, column) = origin.line_column();
    Members::default().with("file", origin.source.name.as_str()).with("line", line).with("column", column)
}

/// The beginning of an object about a setting.
fn at(path: &Path) -> Members {
    Members::default().with("path", segments(path)).with("path_text", path.to_string())
}

/// The values with the kind, the size and the digest of each image in its place, so that their size is bounded.
fn without_images(values: &Object) -> Json {
    image::without_bytes(&printable(&Json::Object(values.clone())))
}

fn shown(value: Option<&Json>, is_sensitive: bool) -> Option<Json> {
    value.filter(|_| !is_sensitive).map(|value| printable(value).into_owned())
}

/// The names on the way: of members, the key of an element of a keyed list, or a position.
fn segments(path: &Path) -> Vec<String> {
    let text = |seg: &Seg| match seg {
        Seg::Member(name) | Seg::Item(name) => name.to_string(),
        Seg::Index(index) => index.to_string(),
    };
    path.segs().iter().map(text).collect()
}
