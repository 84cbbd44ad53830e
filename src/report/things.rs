//! The things that a plan shows, and by what another plan has the same one.

use crate::catalogue::Call;
use crate::document::{FastMap, Json, Path, Seg};
use crate::manifest::Origin;
use crate::plan::{Change, Direction, Finding, Level, PlanReport, PlannedCall, Undeclared};

/// The structures around a setting.
pub(super) fn around(path: &Path) -> impl Iterator<Item = &[Seg]> {
    (1..path.segs().len()).map(|len| &path.segs()[..len])
}

/// The findings of a plan by their paths.
pub(super) struct PlanIndex<'a> {
    plan: &'a PlanReport,
    findings: FastMap<&'a [Seg], FoundAt<'a>>,
}

/// The findings about one path.
#[derive(Default)]
struct FoundAt<'a> {
    findings: Vec<&'a Finding>,
    /// Whether the setting changes.
    is_changed: bool,
    /// Whether something in it changes.
    is_around: bool,
}

/// What is shown once, if it is the same in several pools. Of a value that is not shown, what matters is
/// whether it is there.
#[derive(PartialEq, Eq, Hash)]
pub(super) enum SharedUnit<'a> {
    Change(SettingKey<'a>, Vec<FindingKey<'a>>),
    /// The setting, and whether a baseline declares it.
    Undeclared(SettingKey<'a>, bool, Option<&'a [String]>),
    Note(FindingKey<'a>),
    Steps(Vec<(&'static Call, Vec<SettingKey<'a>>)>),
}

/// A thing to show of a plan.
#[derive(Clone, Copy)]
pub(super) enum Thing<'a> {
    Change(&'a Change),
    Undeclared(&'a Undeclared),
    Note(&'a Finding),
    Steps,
}

/// A setting with its values, and the place that asks for it.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct SettingKey<'a> {
    path: &'a Path,
    before: Option<Option<&'a Json>>,
    after: Option<Option<&'a Json>>,
    place: Option<(&'a str, (usize, usize))>,
    direction: Option<Direction>,
}

/// What a finding says.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct FindingKey<'a> {
    level: Level,
    code: &'a str,
    path: Option<&'a Path>,
    text: &'a str,
    help: Option<&'a str>,
    place: Option<(&'a str, (usize, usize))>,
    refuses: bool,
}

impl Thing<'_> {
    /// The pools of a warning or a note that is the same in several: a note is shown for a pool only if
    /// something else is.
    pub(super) fn in_common(self, plans: &[&PlanReport], pools: &[usize]) -> Option<Vec<usize>> {
        let Self::Note(said) = self else { return None };
        let is_told =
            |plan: &PlanReport| !plan.changes.is_empty() || !plan.undeclared.is_empty() || plan.is_refused();
        let counts = |pool: &&usize| said.level != Level::Note || is_told(plans[**pool]);
        let pools: Vec<usize> = pools.iter().filter(counts).copied().collect();
        (said.code != "unmanaged" && pools.len() > 1).then_some(pools)
    }

    pub(super) fn is_setting(&self) -> bool {
        matches!(self, Self::Change(_) | Self::Undeclared(_))
    }
}

impl<'a> SettingKey<'a> {
    fn of(change: &'a Change) -> Self {
        let shown =
            |value: &'a Option<Json>| value.as_ref().map(|value| (!change.sensitive).then_some(value));
        Self {
            path: &change.path,
            before: shown(&change.before),
            after: shown(&change.after),
            place: change.origin.as_ref().map(place),
            direction: change.direction,
        }
    }
}

impl<'a> FindingKey<'a> {
    fn of(finding: &'a Finding) -> Self {
        Self {
            level: finding.level,
            code: &finding.code,
            path: finding.path.as_ref(),
            text: &finding.text,
            help: finding.help.as_deref(),
            place: finding.origin.as_ref().map(place),
            refuses: finding.refuses(),
        }
    }
}

/// The file, the line and the column: a saved plan keeps these, and not the bytes.
fn place(origin: &Origin) -> (&str, (usize, usize)) {
    (&origin.source.name, origin.line_column())
}

impl<'a> PlanIndex<'a> {
    pub(super) fn new(plan: &'a PlanReport) -> Self {
        let mut findings: FastMap<&[Seg], FoundAt<'_>> = FastMap::default();
        for finding in &plan.findings {
            if let Some(path) = &finding.path {
                findings.entry(path.segs()).or_default().findings.push(finding);
            }
        }
        if !findings.is_empty() {
            for change in &plan.changes {
                if let Some(found) = findings.get_mut(change.path.segs()) {
                    found.is_changed = true;
                }
                for outer in around(&change.path) {
                    if let Some(found) = findings.get_mut(outer) {
                        found.is_around = true;
                    }
                }
            }
        }
        Self { plan, findings }
    }

    /// Whether the tree of settings shows a finding: a conflict, or a finding about a change. A risk
    /// may be about all that changes in a structure.
    pub(super) fn is_in_tree(&self, finding: &Finding) -> bool {
        let Some(found) = finding.path.as_ref().and_then(|path| self.findings.get(path.segs())) else {
            return false;
        };
        finding.level == Level::Conflict
            || found.is_changed
            || finding.level == Level::Risk && found.is_around
    }

    fn at(&self, path: &[Seg]) -> &[&'a Finding] {
        self.findings.get(path).map_or(&[], |found| &found.findings)
    }

    /// What hangs on a change.
    pub(super) fn remarks(&self, change: &Change) -> impl Iterator<Item = &'a Finding> {
        let own = self.at(change.path.segs()).iter();
        let outer = around(&change.path).flat_map(|path| self.at(path));
        let outer = outer.filter(|finding| finding.level == Level::Risk);
        own.chain(outer).copied().filter(|finding| finding.level != Level::Conflict)
    }

    /// Everything in the plan except its conflicts.
    pub(super) fn things(&self) -> impl Iterator<Item = Thing<'a>> {
        let plan = self.plan;
        let settings = plan.changes.iter().map(Thing::Change);
        let settings = settings.chain(plan.undeclared.iter().map(Thing::Undeclared));
        let notes = plan.findings.iter().filter(|finding| !self.is_in_tree(finding));
        let notes = notes.filter(|finding| finding.level != Level::Conflict).map(Thing::Note);
        settings.chain(notes).chain((plan.calls.len() > 1).then_some(Thing::Steps))
    }

    /// By what another plan has the same; `None` if it is the pool's own, as a change that meets a conflict is.
    pub(super) fn unit(&self, thing: Thing<'a>) -> Option<SharedUnit<'a>> {
        match thing {
            Thing::Change(change) if self.is_refused(change) => None,
            Thing::Change(change) => {
                let remarks = self.remarks(change).map(FindingKey::of).collect();
                Some(SharedUnit::Change(SettingKey::of(change), remarks))
            }
            Thing::Undeclared(setting) => {
                let Undeclared { path, live, sensitive, is_fresh: _, is_listed: _, is_released, named_by } =
                    setting;
                let live = Some((!sensitive).then_some(live));
                let key = SettingKey { path, before: live, after: None, place: None, direction: None };
                Some(SharedUnit::Undeclared(key, *is_released, named_by.as_deref()))
            }
            Thing::Note(finding) => Some(SharedUnit::Note(FindingKey::of(finding))),
            Thing::Steps => {
                let changes = |call: &'a PlannedCall| call.changes.iter().map(SettingKey::of).collect();
                let calls = self.plan.calls.iter().map(|call| (call.operation, changes(call)));
                Some(SharedUnit::Steps(calls.collect()))
            }
        }
    }

    fn is_refused(&self, change: &Change) -> bool {
        self.at(change.path.segs()).iter().any(|finding| finding.level == Level::Conflict)
    }
}
