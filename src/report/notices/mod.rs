//! A run as single notices, each at its place, for what shows them at the lines of a change.

mod codequality;
mod github;
mod junit;
mod sarif;

use std::collections::BTreeSet;

use super::alike::Alike;
use super::line::{Line, first_of};
use super::mark::FindingMark;
use super::place::{FilePlace, short_place};
use super::shared::PlanPart;
use super::text::{self, undeclared_value, value};
use super::{PoolOutcome, Run, RunEntry, RunKind, Stray, Style, visible};
use crate::document::{FastMap, Path};
use crate::manifest::Origin;
use crate::plan::{Action, Change, Finding, Level, PlanReport, Undeclared};
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

const WEIGHTS: [Weight; 4] = [Weight::Error, Weight::Warning, Weight::Notice, Weight::Aside];

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

/// What a notice is about.
#[derive(Clone, Copy)]
enum About<'a> {
    /// That a pool has failed, by this code.
    End(&'a RunEntry<'a>, &'static str),
    Finding(&'a RunEntry<'a>, &'a Finding),
    Change(&'a RunEntry<'a>, &'a PlanReport, &'a Change),
    Undeclared(&'a RunEntry<'a>, &'a PlanReport, &'a Undeclared),
    Stray(&'a Stray),
    FindingOfStray(&'a Stray, &'a Finding),
}

impl<'a> About<'a> {
    /// The pool's id.
    fn pool(self) -> &'a str {
        match self {
            Self::End(entry, _)
            | Self::Finding(entry, _)
            | Self::Change(entry, ..)
            | Self::Undeclared(entry, ..) => entry.id,
            Self::Stray(stray) | Self::FindingOfStray(stray, _) => &stray.id,
        }
    }
}

/// Makes the notices of a run.
struct NoticeMaker<'a> {
    kind: RunKind,
    /// The plan of the last notice: it is made ready once for all that follow.
    part: Option<PlanPart<'a>>,
}

impl<'a> NoticeMaker<'a> {
    fn new(kind: RunKind) -> Self {
        Self { kind, part: None }
    }

    fn notice(&mut self, about: About<'a>) -> Notice<'a> {
        let kind = self.kind;
        match about {
            About::End(entry, code) => of_end(entry, code),
            About::Finding(entry, finding) => of_finding(entry, finding),
            About::Change(entry, plan, change) => of_change(kind, entry, self.part(plan), change),
            About::Undeclared(entry, plan, setting) => of_undeclared(entry, self.part(plan), setting),
            About::Stray(stray) => of_stray(stray),
            About::FindingOfStray(stray, finding) => told(&stray.id, finding),
        }
    }

    fn part(&mut self, plan: &'a PlanReport) -> &PlanPart<'a> {
        let known = self.part.take().filter(|known| std::ptr::eq(known.plan, plan));
        self.part.insert(known.unwrap_or_else(|| PlanPart::whole(plan)))
    }
}

/// The notices of a run, except for the findings about its manifests: the weightiest first, and equal ones of several pools
/// once.
///
/// The notices of a fleet take more memory than its plans, so each is made when it is written.
struct Notices<'a> {
    kind: RunKind,
    entries: &'a [RunEntry<'a>],
    strays: &'a [Stray],
    /// The codes of all, each once.
    codes: BTreeSet<&'a str>,
    /// The weight of each, in the order of the run; `None` if an earlier one is the same.
    weights: Vec<Option<Weight>>,
    /// The ids of the other pools that have the same, by the number of the first.
    others: FastMap<usize, Vec<&'a str>>,
}

impl<'a> Notices<'a> {
    fn of(run: &Run<'a>) -> Self {
        let Run { kind, entries, strays, .. } = *run;
        let mut maker = NoticeMaker::new(kind);
        let (mut codes, mut weights) = (BTreeSet::new(), Vec::new());
        let mut alike = Alike::with_capacity(about_all(entries, strays).count());
        for (number, about) in about_all(entries, strays).enumerate() {
            let notice = maker.notice(about);
            codes.insert(notice.code);
            weights.push(Some(notice.weight));
            alike.add(number, &notice.key());
        }
        let mut firsts: Vec<usize> = (0..weights.len()).collect();
        for mut same in alike.groups() {
            if let Some(first) = same.next() {
                same.for_each(|number| firsts[number] = first);
            }
        }
        drop(alike);
        let mut others: FastMap<usize, Vec<&str>> = FastMap::default();
        for (number, about) in about_all(entries, strays).enumerate() {
            if firsts[number] != number {
                weights[number] = None;
                others.entry(firsts[number]).or_default().push(about.pool());
            }
        }
        Self { kind, entries, strays, codes, weights, others }
    }

    fn iter(&self) -> impl Iterator<Item = Notice<'a>> {
        let mut maker = NoticeMaker::new(self.kind);
        let of_weight = move |weight| {
            let all = about_all(self.entries, self.strays).enumerate();
            all.filter(move |(number, _)| self.weights[*number] == Some(weight))
        };
        WEIGHTS.into_iter().flat_map(of_weight).map(move |(number, about)| {
            let mut notice = maker.notice(about);
            notice.pools.extend(self.others.get(&number).into_iter().flatten());
            notice
        })
    }
}

/// The subjects of all notices, in the order of the run.
fn about_all<'a>(entries: &'a [RunEntry<'a>], strays: &'a [Stray]) -> impl Iterator<Item = About<'a>> {
    entries.iter().flat_map(about_entry).chain(strays.iter().flat_map(about_stray))
}

/// The notices about a pool.
fn about_entry<'a>(entry: &'a RunEntry<'a>) -> impl Iterator<Item = About<'a>> {
    let end = failure(entry).map(|code| About::End(entry, code));
    let of_plan = move |plan: &'a PlanReport| {
        let told = plan.findings.iter().filter(|finding| finding.code != "unmanaged");
        let told = told.map(move |finding| About::Finding(entry, finding));
        let told = told.chain(plan.changes.iter().map(move |change| About::Change(entry, plan, change)));
        told.chain(plan.undeclared.iter().map(move |setting| About::Undeclared(entry, plan, setting)))
    };
    end.into_iter().chain(entry.plan.into_iter().flat_map(of_plan))
}

/// That a pool has no manifest, and what it breaks.
fn about_stray(stray: &Stray) -> impl Iterator<Item = About<'_>> {
    let findings = stray.findings.iter().map(move |finding| About::FindingOfStray(stray, finding));
    std::iter::once(About::Stray(stray)).chain(findings)
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

/// The code of the outcome of a pool that failed.
fn failure(entry: &RunEntry<'_>) -> Option<&'static str> {
    match entry.end.outcome {
        PoolOutcome::Failed => Some("pool-failed"),
        PoolOutcome::Stale => Some("stale-plan"),
        PoolOutcome::Deviates => Some("not-as-planned"),
        _ => None,
    }
}

/// The outcome of a pool that failed.
fn of_end<'a>(entry: &'a RunEntry<'a>, code: &'static str) -> Notice<'a> {
    let end = &entry.end;
    let mut lines: Vec<String> = Vec::new();
    // Without a pool's name two pools say the same, and that is said once.
    lines.extend(end.told.as_ref().map(|told| format!("{} {told}", entry.name())));
    if let Some((text, help)) = &end.error {
        lines.push(text.clone());
        lines.extend(help.as_ref().map(|help| format!("help: {help}")));
    }
    lines.extend(text::moved(entry).map(|movement| text::movement(movement, &STYLE)));
    if !end.deviations.is_empty() {
        lines.push(text::deviations(end.deviations, &STYLE));
    }
    lines.extend(end.next.iter().map(|(what, command)| format!("{what}: {command}")));
    notice(entry, None, Weight::Error, code, joined(&lines))
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
    let origin = change.template.as_deref().or(change.origin.as_ref());
    Notice { path: Some(&change.path), ..notice(entry, origin, weight, code, message) }
}

fn of_undeclared<'a>(entry: &'a RunEntry<'a>, part: &PlanPart<'_>, setting: &'a Undeclared) -> Notice<'a> {
    let shown = undeclared_value(part, &STYLE, setting);
    let declared = if setting.is_released { "no longer declared" } else { "unmanaged" };
    let message = valued(&format!("`{}` is {declared}", setting.path), &shown);
    let notice = notice(entry, None, Weight::Warning, "undeclared-setting", message);
    Notice { path: Some(&setting.path), ..notice }
}

/// That a pool has no manifest.
fn of_stray(stray: &Stray) -> Notice<'_> {
    let name = stray.name.as_ref().map_or_else(String::new, |name| format!("`{name}` "));
    Notice {
        weight: Weight::Warning,
        code: UNDECLARED,
        mark: None,
        place: None,
        path: None,
        message: joined(&[format!("the pool {name}in {} has no manifest", stray.region)]),
        pools: vec![&stray.id],
    }
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
