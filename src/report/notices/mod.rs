//! A run as single notices, each at its place, for what shows them at the lines of a change.

mod codequality;
mod github;
mod junit;
mod sarif;

use std::hash::BuildHasher as _;

use super::line::{Line, first_of};
use super::mark::FindingMark;
use super::place::{FilePlace, short_place};
use super::shared::PlanPart;
use super::text::{undeclared_value, value};
use super::{PoolOutcome, Run, RunEntry, RunKind, Stray, Style, visible};
use crate::document::{FastMap, Path};
use crate::manifest::Origin;
use crate::plan::{Action, Change, Finding, Level, Undeclared};
use crate::rules::AllowedBy;

pub use codequality::codequality;
pub use github::github;
pub use junit::junit;
pub use sarif::sarif;

/// How values in notices look.
const STYLE: Style = Style { color: false, unicode: true, width: 400 };
/// The lines of a longer value that are shown.
const LINES: usize = 12;
/// The pools that are named beside what several share.
const NAMED: usize = 20;
/// The code of a pool that no manifest declares.
const UNDECLARED: &str = "undeclared-pool";
/// The characters of a notice.
const MOST: usize = 2_000;

/// How much a notice weighs, weightiest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Weight {
    /// Something blocks or has failed.
    Error,
    /// Worth a look.
    Warning,
    /// What changes.
    Notice,
    /// For information.
    Aside,
}

/// A notice about one pool, or the same about several.
#[derive(Debug)]
struct Notice<'a> {
    weight: Weight,
    code: &'a str,
    /// The mark of a finding.
    mark: Option<FindingMark>,
    place: Option<FilePlace<'a>>,
    /// The setting that it is about.
    path: Option<&'a Path>,
    /// What it is, with lines.
    message: String,
    /// The ids of the pools.
    pools: Vec<&'a str>,
}

impl Notice<'_> {
    /// What makes two notices the same, whatever their pools.
    fn key(&self) -> (Weight, &str, Option<FilePlace<'_>>, &str) {
        (self.weight, self.code, self.place, &self.message)
    }
}

/// What there is to tell of a run but what is wrong with its manifests: weightiest first, and what is the
/// same of several pools once.
fn notices<'a>(run: &Run<'a>) -> Vec<Notice<'a>> {
    let mut all: Vec<Notice<'a>> = Vec::new();
    let mut known: FastMap<u64, usize> = FastMap::default();
    let strays = run.strays.iter().flat_map(of_stray);
    for notice in run.entries.iter().flat_map(|entry| of_entry(run.kind, entry)).chain(strays) {
        // The key is a hash, not the message: that may be long. After the same hash of another notice, the next key.
        let mut key = known.hasher().hash_one(notice.key());
        while known.get(&key).is_some_and(|at| all[*at].key() != notice.key()) {
            key = key.wrapping_add(1);
        }
        match known.get(&key) {
            Some(at) => all[*at].pools.extend(notice.pools),
            None => {
                known.insert(key, all.len());
                all.push(notice);
            }
        }
    }
    all.sort_by_key(|notice| notice.weight);
    all
}

fn of_entry<'a>(kind: RunKind, entry: &'a RunEntry<'a>) -> Vec<Notice<'a>> {
    let mut out: Vec<Notice<'a>> = of_end(entry).into_iter().collect();
    let Some(plan) = entry.plan else { return out };
    let part = PlanPart::whole(plan);
    let told = plan.findings.iter().filter(|finding| finding.code != "unmanaged");
    out.extend(told.map(|finding| of_finding(entry, finding)));
    out.extend(plan.changes.iter().map(|change| of_change(kind, entry, &part, change)));
    out.extend(plan.undeclared.iter().map(|setting| of_undeclared(entry, &part, setting)));
    out
}

/// A notice about a pool, at the place that asks for something or at the pool's file.
fn notice<'a>(
    entry: &RunEntry<'a>,
    origin: Option<&'a Origin>,
    weight: Weight,
    code: &'a str,
    message: String,
) -> Notice<'a> {
    let place = origin.map_or(FilePlace { file: entry.file, region: None }, FilePlace::at);
    Notice { weight, code, mark: None, place: Some(place), path: None, message, pools: vec![entry.id] }
}

/// The outcome of a pool that failed.
fn of_end<'a>(entry: &'a RunEntry<'a>) -> Option<Notice<'a>> {
    let end = &entry.end;
    let code = match end.outcome {
        PoolOutcome::Failed => "pool-failed",
        PoolOutcome::Stale => "stale-plan",
        PoolOutcome::Deviates => "not-as-planned",
        _ => return None,
    };
    let mut lines: Vec<String> = Vec::new();
    // Without a pool's name two pools say the same, and that is said once.
    lines.extend(end.told.as_ref().map(|told| format!("{} {told}", entry.name())));
    if let Some((text, help)) = &end.error {
        lines.push(text.clone());
        lines.extend(help.as_ref().map(|help| format!("help: {help}")));
    }
    lines.extend(end.next.iter().map(|(what, command)| format!("{what}: {command}")));
    Some(notice(entry, None, Weight::Error, code, joined(&lines)))
}

fn of_finding<'a>(entry: &'a RunEntry<'a>, finding: &'a Finding) -> Notice<'a> {
    let place = finding.origin.as_ref().map_or(FilePlace { file: entry.file, region: None }, FilePlace::at);
    Notice { place: Some(place), ..told(entry.id, finding) }
}

/// A finding about a pool, without a place.
fn told<'a>(pool: &'a str, finding: &'a Finding) -> Notice<'a> {
    let mark = FindingMark::of(finding);
    let weight = match mark {
        FindingMark::Conflict | FindingMark::Risk => Weight::Error,
        FindingMark::Warning => Weight::Warning,
        FindingMark::Notice => Weight::Notice,
        FindingMark::Note => Weight::Aside,
    };
    // The text of a risk is about its change; the others name their setting.
    let about = finding.path.as_ref().filter(|_| finding.level == Level::Risk);
    let about = about.map_or_else(String::new, |path| format!("`{path}`: "));
    let mut lines = vec![format!("{about}{}", finding.text)];
    let help = finding.help.as_ref().filter(|_| finding.allowed_by.is_none());
    lines.extend(help.map(|help| format!("help: {help}")));
    lines.extend(finding.allowed_by.as_ref().map(|allowed_by| match allowed_by {
        AllowedBy::Flag(flag) => format!("allowed by --allow {flag}"),
        AllowedBy::Manifest { origin, reason } => format!("allowed by {origin}: {reason}"),
    }));
    Notice {
        weight,
        code: &finding.code,
        mark: Some(mark),
        place: None,
        path: finding.path.as_ref(),
        message: joined(&lines),
        pools: vec![pool],
    }
}

fn of_change<'a>(
    kind: RunKind,
    entry: &'a RunEntry<'a>,
    part: &PlanPart<'_>,
    change: &'a Change,
) -> Notice<'a> {
    let reset = change.origin.as_ref().is_some_and(Origin::is_null);
    let shown = value(part, &STYLE, change, reset);
    let (weight, code, verb) = match (kind, change.action()) {
        (RunKind::Drift, _) => (Weight::Warning, "drifted-setting", " is not as declared"),
        (_, Action::Add) => (Weight::Notice, "planned-change", " is added"),
        (_, Action::Update) => (Weight::Notice, "planned-change", " changes"),
        (_, Action::Remove) => (Weight::Notice, "planned-change", " is removed"),
    };
    let moved = change.direction.map_or_else(String::new, |direction| format!(" ({})", direction.word()));
    let reference = change.origin.as_ref().filter(|_| change.template.is_some());
    let from = reference.map_or_else(String::new, |origin| format!(" (from {})", short_place(origin)));
    let message = valued(&format!("`{}`{verb}{moved}{from}", change.path), &shown);
    let origin = change.template.as_ref().or(change.origin.as_ref());
    Notice { path: Some(&change.path), ..notice(entry, origin, weight, code, message) }
}

fn of_undeclared<'a>(entry: &'a RunEntry<'a>, part: &PlanPart<'_>, setting: &'a Undeclared) -> Notice<'a> {
    let shown = undeclared_value(part, &STYLE, setting);
    let declared = if setting.is_released { "no longer declared" } else { "unmanaged" };
    let message = valued(&format!("`{}` is {declared}", setting.path), &shown);
    let notice = notice(entry, None, Weight::Warning, "undeclared-setting", message);
    Notice { path: Some(&setting.path), ..notice }
}

/// That a pool has no manifest, and what it breaks.
fn of_stray(stray: &Stray) -> impl Iterator<Item = Notice<'_>> {
    let name = stray.name.as_ref().map_or_else(String::new, |name| format!("`{name}` "));
    let undeclared = Notice {
        weight: Weight::Warning,
        code: UNDECLARED,
        mark: None,
        place: None,
        path: None,
        message: joined(&[format!("the pool {name}in {} has no manifest", stray.region)]),
        pools: vec![&stray.id],
    };
    [undeclared].into_iter().chain(stray.findings.iter().map(|finding| told(&stray.id, finding)))
}

/// `in eu-west-1_a`, or several.
fn pools(ids: &[&str]) -> String {
    let named = first_of(ids.iter().map(|id| visible::escape(id)), NAMED);
    match ids.len() {
        1 => format!("in {named}"),
        number => format!("in {number} pools: {named}"),
    }
}

/// A setting with its value, in part on the lines below.
fn valued(setting: &str, (head, body): &(Line, Vec<Line>)) -> String {
    let text = |line: &Line| line.text(&STYLE);
    let head = text(head);
    let gap = if head.is_empty() { "" } else { ": " };
    let mut lines = vec![format!("{setting}{gap}{head}")];
    lines.extend(body.iter().take(LINES).map(text));
    if body.len() > LINES {
        lines.push(format!("… {} more", body.len() - LINES));
    }
    joined(&lines)
}

/// Lines with nothing in them that a terminal obeys, and no more of them than anybody reads.
fn joined(lines: &[String]) -> String {
    let lines: Vec<_> = lines.iter().flat_map(|line| line.lines()).map(visible::escape).collect();
    visible::shorten(&lines.join("\n"), MOST, "…").into_owned()
}
