//! Plans: the differences between a pool and its manifest, and the calls of an apply.

mod acknowledge;
mod additive;
mod change;
mod companions;
mod compared;
#[cfg(test)]
mod copies_tests;
mod creation;
mod diff;
mod drift;
#[cfg(test)]
mod drift_tests;
mod elements;
mod entries;
mod finding;
mod fixed;
mod house;
mod ids;
mod judge;
mod left_out;
mod leftover;
mod lookups;
mod making;
#[cfg(test)]
mod mfa_tests;
mod mirrors;
mod owners;
mod ownership;
#[cfg(test)]
mod ownership_tests;
mod planned;
mod progress;
mod report;
mod restore;
mod risks;
mod route;
mod secrets;
mod selection;
mod sharing;
mod since;
#[cfg(test)]
mod since_tests;
mod steps;
mod surroundings;
mod target;
#[cfg(test)]
mod tests;
mod twins;
mod verify;
mod whole;
#[cfg(test)]
mod whole_tests;

pub use acknowledge::Acknowledged;
pub use change::{Action, Change, Difference, Form};
pub use creation::{nothing, unshown};
pub use diff::diff;
pub use entries::removed;
pub use finding::{Finding, Level};
pub use house::for_rules;
pub use ids::{DocumentKey, MissingId, missing_ids};
pub use lookups::{looked_up, lookups, lookups_of_drift};
pub use ownership::Undeclared;
pub use report::{DocumentCall, PlanReport, PlannedCall};
pub use restore::{Scope, SetElements, by_elements, inverse};
pub use sharing::Sharing;
pub use since::{Direction, Released};
pub use surroundings::Surrounding;
pub use verify::{Deviation, Movement, Stale, differences};

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalogue::{
    Call, Catalogue, HangingReading, POOL_NAME, REFERENCES, ReadScope, Reading, RequestEnds, Resource,
    Unknown, WantedDocument, calls,
};
use crate::document::{Document, DocumentId, Object, Path, PathPattern, Seg, Snapshot};
use crate::manifest::Unmanaged;
use crate::rules::{Allows, Desired, DesiredEntry, cross};
use making::PlanMaker;
use owners::co_owned;
use secrets::Secrets;

/// The options of a plan.
#[derive(Clone, Debug)]
pub struct Options {
    /// The treatment of unknown live members.
    pub unknown: Unknown,
    /// The day on which the plan is made, in UTC: entries of a manifest may hold until a day.
    pub today: time::Date,
    /// The risks and rules that the command line accepts.
    pub allows: Allows,
    /// Whether a rule of the house that was broken before blocks too.
    pub is_strict: bool,
}

/// The changes that an apply would make to one pool. An apply executes exactly the printed plan.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What is shown of it.
    pub report: PlanReport,
    /// The documents that the plan was made from, verbatim.
    pub base: Snapshot,
    /// The target documents.
    pub target: Arc<Snapshot>,
    /// The calls that lead there, in the order of [`PlanReport::calls`].
    pub steps: Vec<Step>,
    /// The settings that are declared, as the plan addresses them.
    pub declared: Vec<Path>,
    /// The settings that the calls may change although they are not declared. It has not been measured whether they
    /// do, so neither value is a deviation.
    pub implied: Vec<Path>,
    /// What was planned and judged; everything if it is empty.
    pub only: Vec<PathPattern>,
    /// The values from secrets.
    secrets: Secrets,
}

/// The pool that a plan is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Its id; the word of its manifest's `create` if it does not exist yet.
    pub id: String,
    /// Its name as it is live; the declared one if it does not exist yet.
    pub name: String,
    /// Whether it does not exist yet.
    pub is_new: bool,
    /// The Region whose endpoint serves it.
    pub region: String,
    /// The account that its ARN names, or else the manifest.
    pub account: Option<String>,
    /// The manifest, or the backup, that the wants come from.
    pub file: String,
}

/// The work of an apply.
#[derive(Clone, Copy, Debug)]
pub enum Work<'a> {
    /// Nothing: the pool is as declared.
    Nothing,
    /// Nothing: the plan is blocked, or is a drift report.
    Refused,
    /// These calls, one or more.
    Calls {
        /// The first one.
        first: &'a Step,
        /// The ones after it.
        others: &'a [Step],
    },
}

/// One call of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is called.
    pub operation: &'static Call,
    /// The document that it makes, changes or removes.
    pub document: DocumentId,
    /// The documents before this call; as far as [`Snapshot::around`] the document.
    pub from: Arc<Snapshot>,
    /// The documents after this call, as far as `from`.
    pub to: Arc<Snapshot>,
}

impl Step {
    /// What is called, and for which document.
    pub fn call(&self) -> DocumentCall {
        DocumentCall { operation: self.operation, path: self.document.path() }
    }
}

impl Plan {
    /// Plans what is wanted of a pool against its live documents.
    pub fn new(catalogue: &Catalogue, live: Snapshot, desired: &Desired, options: &Options) -> Self {
        PlanMaker { catalogue, desired, options, shown: None }.plan(live)
    }

    /// Plans the same manifest from a later read than `shown`. It leaves out only members that `shown` leaves out; all
    /// others are sent back unchanged.
    pub fn again(
        catalogue: &Catalogue,
        now: Snapshot,
        desired: &Desired,
        options: &Options,
        shown: &PlanReport,
    ) -> Self {
        PlanMaker { catalogue, desired, options, shown: Some(&shown.left_out) }.plan(now)
    }

    /// The work of an apply: the calls of a plan that is not blocked.
    pub fn work(&self) -> Work<'_> {
        match self.steps.split_first() {
            _ if self.report.is_refused() => Work::Refused,
            Some((first, others)) => Work::Calls { first, others },
            None if self.report.changes.is_empty() => Work::Nothing,
            None => Work::Refused,
        }
    }

    /// The complete body of one of this plan's calls.
    pub fn body(&self, catalogue: &Catalogue, step: &Step) -> Object {
        step.body(catalogue, &self.report.pool.id, &self.report.left_out).to_object()
    }

    /// The same, once the run has made these documents: what hangs on one of them is named by its id.
    pub fn body_after(&self, catalogue: &Catalogue, step: &Step, made: &[DocumentKey]) -> Object {
        let on = step.document.hangs_on();
        let key = on.as_ref().and_then(|on| made.iter().find(|key| on.path().as_ref() == Some(&key.path)));
        let Some((on, key)) = on.as_ref().zip(key) else { return self.body(catalogue, step) };
        let listing = catalogue.resource(&key.path).listing;
        let mut from = Snapshot::clone(&step.from);
        if let Some(listing) = listing {
            from.document_mut(on.clone()).insert(listing.key, key.id.as_str().into());
        }
        self.body(catalogue, &Step { from: Arc::new(from), ..step.clone() })
    }
}

impl AsRef<PlanReport> for Plan {
    fn as_ref(&self) -> &PlanReport {
        &self.report
    }
}

impl Step {
    fn body(&self, catalogue: &Catalogue, pool: &str, left_out: &[Path]) -> Document {
        let ends = RequestEnds { document: &self.document, from: &self.from, to: &self.to };
        catalogue.request(self.operation, pool, ends, left_out)
    }
}

/// The documents that a plan needs, the pool's first.
pub fn needed(catalogue: &Catalogue, desired: &Desired) -> Vec<Reading> {
    let is_needed = |resource: &&'static Resource| match resource.branch {
        Some(_) => is_declared(resource, desired),
        None => resource.document != DocumentId::MFA || needs_mfa(catalogue, desired),
    };
    Resource::alone().filter(is_needed).map(|resource| reading(resource, desired)).collect()
}

/// The documents that an apply needs: the pool's own, which every backup has, and those declared.
pub fn needed_to_write(desired: &Desired) -> Vec<Reading> {
    let is_needed =
        |resource: &&'static Resource| resource.branch.is_none() || is_declared(resource, desired);
    Resource::alone().filter(is_needed).map(|resource| reading(resource, desired)).collect()
}

/// The documents that a drift report needs: the ones of an apply, and the lists of watched branches.
pub fn needed_to_watch(desired: &Desired) -> Vec<Reading> {
    let watched = only_watched(desired).map(|resource| reading(resource, desired));
    needed_to_write(desired).into_iter().chain(watched).collect()
}

/// The watched resources of which the manifest declares nothing, as far as they are selected.
pub fn only_watched(desired: &Desired) -> impl Iterator<Item = &'static Resource> {
    let is_watched = |resource: &&'static Resource| {
        resource.branch.is_some_and(|branch| desired.watch.contains(&branch))
            && desired.takes(&resource.root())
    };
    Resource::alone().filter(is_watched).filter(|resource| !is_declared(resource, desired))
}

/// The documents that a drift report needs, and every other document of the lists that are read for them.
pub fn needed_to_adopt(desired: &Desired) -> Vec<Reading> {
    let others = |reading| Reading { scope: ReadScope::All, ..reading };
    needed_to_watch(desired).into_iter().map(others).collect()
}

/// The documents that plans and drift reports of a manifest need, whatever it declares of the same resources: those of
/// an apply, the lists of what its documents may name and of what may name them, and the lists of watched branches.
pub fn needed_to_save(desired: &Desired) -> Vec<Reading> {
    let own = needed_to_write(desired);
    let has = |readings: &[Reading], resource| readings.iter().any(|reading| reading.resource == resource);
    let mut readings = own.clone();
    // Both sides of a reference: a document may be removed while others still name it, or new.
    let users = REFERENCES.into_iter().map(|(names, named)| (named, names, ReadScope::Lookup));
    let names = REFERENCES.into_iter().map(|(names, named)| (names, named, ReadScope::Names));
    for (one, other, scope) in users.chain(names) {
        let is_needed = has(&own, one) && !has(&readings, other);
        readings.extend(is_needed.then(|| Reading::lookup(&other.document.looked_up(), scope)).flatten());
    }
    for (names, named) in REFERENCES {
        let is_read = |reading: &&mut Reading| reading.resource == names && !reading.is_lookup();
        for reading in readings.iter_mut().filter(is_read).filter(|_| has(&own, named)) {
            reading.scope = ReadScope::All;
        }
    }
    for reading in &mut readings {
        let has_names = reading.resource.listing.is_some_and(|listing| !listing.unique.is_empty());
        if has_names && !reading.is_lookup() {
            reading.scope = ReadScope::All;
        }
    }
    let watched = needed_to_watch(desired).into_iter().filter(|one| !has(&readings, one.resource));
    let watched: Vec<Reading> = watched.collect();
    readings.extend(watched);
    readings
}

/// The documents that have what other tools need to know: the pool's own, and those declared.
pub fn needed_for_ids(desired: &Desired) -> Vec<Reading> {
    let is_needed = |resource: &&'static Resource| match resource.branch {
        Some(_) => !resource.outputs.is_empty() && is_declared(resource, desired),
        None => resource.document == DocumentId::POOL,
    };
    Resource::alone().filter(is_needed).map(|resource| reading(resource, desired)).collect()
}

/// What is read of a resource for what is wanted of it.
pub fn reading(resource: &'static Resource, desired: &Desired) -> Reading {
    let root = resource.root();
    let names = entries::names(desired);
    let wanted = |entry: &DesiredEntry| {
        let Some(Seg::Member(label)) = entry.path.segs().last() else { return None };
        let name = entries::name(entry, &names, resource.listing);
        let id = entry.id.clone();
        Some(WantedDocument { label: label.to_string(), id, name, others: Arc::default() })
    };
    let own = desired.entries.iter().filter(|entry| entry.path.parent().as_ref() == Some(&root));
    let read = selection::labels(&resource.document, &root, desired);
    let hanging = resource.hanging().filter_map(|hanging| reading_of_hanging(hanging, desired)).collect();
    Reading { wanted: own.filter_map(wanted).collect(), read, hanging, ..Reading::from(resource) }
}

/// What is read of a resource that hangs on another; `None` if nothing is wanted of it.
fn reading_of_hanging(resource: &'static Resource, desired: &Desired) -> Option<HangingReading> {
    let label = |path: &Path| match path.segs() {
        [_, Seg::Member(label), ..] => Some(label.to_string()),
        _ => None,
    };
    let declared = desired.declared().chain(&desired.declared_before);
    let own = declared.filter(|path| resource.holds(path) && desired.takes(path));
    // What goes with a document is saved first.
    let on = resource.root();
    let gone = desired.entries.iter().filter(|entry| entry.is_removed && desired.takes(&entry.path));
    let gone = gone.map(|entry| &entry.path).filter(|path| path.parent().as_ref() == Some(&on));
    let labels: BTreeSet<String> = own.chain(gone).filter_map(label).collect();
    let labels: Vec<String> = labels.into_iter().collect();
    (!labels.is_empty()).then_some(HangingReading { resource, labels: Some(labels) })
}

/// Whether a manifest declares something of a branch, or its baseline does.
fn is_declared(resource: &Resource, desired: &Desired) -> bool {
    let root = resource.root();
    desired.declared().chain(&desired.declared_before).any(|path| path.is_within(&root))
}

/// Whether a plan needs the MFA document: the manifest declares a setting there, or one that a rule compares with
/// one there.
pub fn needs_mfa(catalogue: &Catalogue, desired: &Desired) -> bool {
    let omitted = desired.omit.iter().map(|omit| &omit.path.value);
    let paths = desired.wants.iter().map(|want| &want.path).chain(desired.withheld_paths()).chain(omitted);
    let beside = LazyCell::new(|| cross::beside_mfa(catalogue));
    desired.unmanaged == Unmanaged::Report
        || paths.into_iter().any(|path| {
            // What the model does not know may be in either document.
            let unknown = catalogue.setting(&path.prefix(1)).is_none();
            unknown
                || catalogue.owner(path) == Some(&calls::SET_USER_POOL_MFA_CONFIG)
                || beside.iter().any(|setting| setting.overlaps(path))
        })
}

impl Pool {
    /// The pool of a manifest. A secret name is replaced by the id.
    fn of(desired: &Desired, live: &Snapshot, secrets: &Secrets) -> Self {
        let name = live.pool_name().or_else(|| desired.pool_name().filter(|_| desired.is_new()));
        let is_secret = secrets.holds(&Path::members([POOL_NAME]));
        let name = name.filter(|_| !is_secret).unwrap_or(&desired.pool);
        Self {
            id: desired.pool.clone(),
            name: name.to_owned(),
            is_new: desired.is_new(),
            region: desired.region.clone(),
            account: live
                .account()
                .map(str::to_owned)
                .or_else(|| desired.account.as_ref().map(|account| account.id.clone())),
            file: desired.file.clone(),
        }
    }
}

/// Whether the settings come from a manifest, and not from a backup.
fn is_managed(desired: &Desired) -> bool {
    desired.wants.iter().any(|want| want.origin.is_some()) || desired.wants.is_empty()
}
