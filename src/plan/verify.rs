//! Verification of a document read after a write.

use super::diff::differ_unseen;
use super::{Change, DocumentCall, Form, Plan, Step, diff, mirrors};
use crate::catalogue::{CallEffect, Catalogue, DocumentPlace, Fill, calls, literal, path};
use crate::document::{Document, Json, Object, Path, Snapshot, json};

/// A setting that is not as expected after a write.
#[derive(Clone, Debug, PartialEq)]
pub struct Deviation {
    /// The setting.
    pub path: Path,
    /// The planned value.
    pub expected: Option<Json>,
    /// The value that was read.
    pub actual: Option<Json>,
    /// Whether the manifest declares it, or the plan changes it. If not, it changed although not planned.
    pub declared: bool,
    /// Whether it has already the value that a later call of the plan gives it.
    pub is_early: bool,
    /// Whether neither value may be shown.
    pub sensitive: bool,
}

impl Deviation {
    /// A planned change that would still have to be made.
    pub fn of_change(change: &Change) -> Self {
        Self {
            path: change.path.clone(),
            expected: change.after.clone(),
            actual: change.before.clone(),
            declared: true,
            is_early: false,
            sensitive: change.sensitive,
        }
    }

    /// A planned setting that is at neither its old nor its new value.
    pub fn of_stale(stale: &Stale) -> Self {
        Self {
            path: stale.path.clone(),
            expected: stale.wanted.clone(),
            actual: stale.now.clone(),
            declared: true,
            is_early: false,
            sensitive: stale.sensitive,
        }
    }

    /// Whether neither value is printed: they are sensitive, or differ only in what is not printed.
    pub fn is_hidden(&self) -> bool {
        self.sensitive || differ_unseen(&[&self.expected, &self.actual])
    }

    /// A change that somebody else made, or that came with a call.
    pub fn unplanned(change: &Change) -> Self {
        let (expected, actual) = (change.before.clone(), change.after.clone());
        Self { expected, actual, declared: false, ..Self::of_change(change) }
    }
}

impl Plan {
    /// The differences between `after`, read after an apply of this plan, and the target: declared settings that are
    /// not as declared, and settings that changed although not planned.
    ///
    /// What repeats a changed setting, and what was left out of the request on purpose, are no
    /// deviations. Nor is what the service fills in where the request had nothing: a value that it is
    /// known to fill in (facts of the read: `MinimumLength` 8, the pool's own Region, and so on) in any
    /// structure that the request carried, since it completes an old pool's structures too; a value
    /// that nobody can foretell only in a structure that this plan changes.
    pub fn verify(&self, catalogue: &Catalogue, after: &Snapshot) -> Vec<Deviation> {
        self.verify_step(catalogue, &self.target, after)
    }

    /// The same for `after` read when the plan's steps were done as far as `target`.
    pub(super) fn verify_step(
        &self,
        catalogue: &Catalogue,
        target: &Snapshot,
        after: &Snapshot,
    ) -> Vec<Deviation> {
        let (mut target, mut after) = Snapshot::common(target, &after.without_nulls());
        let stage = mirrors::Stage {
            base: &self.base.without_nulls(),
            goal: self.target.pool(),
            sends_mfa: self.steps.iter().any(|step| step.operation == &calls::SET_USER_POOL_MFA_CONFIG),
        };
        let contradictions = mirrors::settle(catalogue, &stage, &mut target, &mut after);
        follow_aliases(catalogue, &mut target, &after);
        let differences = diff(catalogue, &catalogue.canonical(&target), &catalogue.canonical(&after));
        differences
            .into_iter()
            .filter(|change| !self.expected(catalogue, (&target, &after), change))
            .chain(contradictions)
            .map(|change| self.deviation(&change))
            .collect()
    }

    /// The same for `after` read before or after a step. Of a declared setting that a later step writes, the value that is
    /// expected is the one that it is to get.
    pub fn verify_at(
        &self,
        catalogue: &Catalogue,
        step: &Step,
        is_done: bool,
        after: &Snapshot,
    ) -> Vec<Deviation> {
        let target = if is_done { &step.to } else { &step.from };
        let mut found = self.verify_step(catalogue, target, &after.around(&step.document));
        if !found.iter().any(|deviation| deviation.declared) {
            return found;
        }
        let [from, to, goal] = [&*step.from, &*step.to, &self.target].map(|one| catalogue.canonical(one));
        let at = |document: &Document, path: &Path| document.at(path).cloned();
        for deviation in found.iter_mut().filter(|deviation| deviation.declared) {
            let Deviation { path, expected, actual, declared, is_early, .. } = deviation;
            let wanted = at(&goal, path);
            if is_done && at(&from, path) != at(&to, path) {
                continue;
            }
            match wanted == *actual {
                // Somebody else has set what a later step was to set.
                true => (*declared, *is_early) = (false, true),
                false => *expected = wanted,
            }
        }
        found
    }

    /// The settings of a new pool that this plan shows and the pool does not have, although no call of `made`, the plan of
    /// what is left to do, changes them.
    pub fn not_made(&self, catalogue: &Catalogue, made: &Self) -> Vec<Deviation> {
        let is_of_pool = |path: &Path| catalogue.resource(path).branch.is_none();
        let is_among = |changes: &[Change], path: &Path| changes.iter().any(|one| one.path.overlaps(path));
        let mut lacking = self.verify(catalogue, &made.base);
        lacking.retain(|Deviation { path, .. }| {
            is_of_pool(path) && is_among(&self.report.changes, path) && !is_among(&made.report.changes, path)
        });
        lacking
    }

    /// Whether a setting that differs in `after` was changed by a call of this plan, although no call has it: the service
    /// filled it in.
    pub fn brings(&self, catalogue: &Catalogue, after: &Snapshot, change: &Change) -> bool {
        self.expected(catalogue, (&self.target, after), change)
    }

    /// The changes of members that were left out of the request.
    pub fn fallen(&self, catalogue: &Catalogue, after: &Snapshot) -> Vec<Change> {
        let (was, is) = alike(catalogue, &self.base, after);
        let left_out = |change: &Change| self.report.left_out.iter().any(|path| change.path.overlaps(path));
        let mut fallen: Vec<Change> = diff(catalogue, &was, &is).into_iter().filter(left_out).collect();
        self.secrets.mark(&mut fallen);
        fallen
    }

    fn expected(
        &self,
        catalogue: &Catalogue,
        (target, after): (&Snapshot, &Snapshot),
        change: &Change,
    ) -> bool {
        let is_document = change.form == Form::Document && change.before.is_none();
        is_document && catalogue.is_made_by_service(after, &change.path)
            || self.is_fill(catalogue, target, change)
            || self.is_first_value(change)
            || self.is_repaired(catalogue, target, change)
            || self.is_hidden(catalogue, target, change)
            || change.before.is_none() && Catalogue::is_attribute_of_providers(&change.path)
            || self.report.left_out.iter().any(|path| change.path.overlaps(path))
            || self.implied.iter().any(|path| change.path.is_within(path))
    }

    /// Whether a change is of a document that no read shows any more because of a setting of the pool, and that no manifest
    /// declares.
    fn is_hidden(&self, catalogue: &Catalogue, target: &Snapshot, change: &Change) -> bool {
        let mut own = self.declared.iter().chain(self.report.changes.iter().map(|planned| &planned.path));
        change.after.is_none()
            && catalogue.resource(&change.path).is_unset_in(target.pool())
            && !own.any(|path| path.overlaps(&change.path))
    }

    /// Whether a change is of a member that the requests left out because Cognito refuses to take it back. A declared
    /// value that no request had is a deviation.
    fn is_repaired(&self, catalogue: &Catalogue, target: &Snapshot, change: &Change) -> bool {
        if change.before.is_some() && self.declared.contains(&change.path) {
            return false;
        }
        let DocumentPlace { resource, document, path } = catalogue.locate(&change.path);
        let is_sent = self.steps.iter().any(|step| step.document == document);
        let live = target.document(&document);
        is_sent && live.is_some_and(|live| resource.leaves_out(live, &path))
    }

    /// Whether a change is a member that the service gave to a document that this plan makes, where the request had
    /// none.
    fn is_first_value(&self, change: &Change) -> bool {
        let made = |planned: &&Change| planned.form == Form::Document && planned.after.is_some();
        let mut made = self.report.changes.iter().filter(made);
        let is_given = change.before.is_none() && !self.declared.contains(&change.path);
        is_given && made.any(|made| change.path != made.path && change.path.is_within(&made.path))
    }

    fn is_fill(&self, catalogue: &Catalogue, target: &Snapshot, change: &Change) -> bool {
        let (None, Some(value)) = (&change.before, &change.after) else { return false };
        let Some((structure, fill)) = catalogue.fill(&change.path) else { return false };
        let is = |text: &str| json::same(&catalogue.canonical_value(&change.path, &literal(text)), value);
        let carried = catalogue.value(target, &structure).is_some_and(Json::is_object);
        let beside = self.report.changes.iter().any(|planned| planned.path.overlaps(&structure));
        // A value that the plan removes and that is still there was not filled in.
        let stayed = self.report.changes.iter().any(|planned| {
            let goes = planned.path == change.path && planned.after.is_none();
            goes && planned.before.as_ref() == Some(value)
        });
        let is_followed = || catalogue.setting(&change.path).and_then(|field| field.row?.follows).is_some();
        match fill {
            Fill::Nothing => false,
            Fill::OneOf(values) => carried && values.iter().any(|text| is(text)),
            Fill::ByStructure { given, absent } => is(if carried { given } else { absent }),
            Fill::Region => carried && value.as_str() == Some(&self.report.pool.region) || beside && !stayed,
            Fill::Any => beside && (!stayed || is_followed()),
            Fill::Beside(setting) => {
                let empty = value.as_object().is_some_and(Object::is_empty);
                let declared = self.declared.contains(&change.path);
                empty && !stayed && !declared && catalogue.value(target, path(setting)).is_some()
            }
        }
    }

    fn deviation(&self, change: &Change) -> Deviation {
        // The members of a document go with it.
        let is_planned = |planned: &Change| {
            let goes = planned.form == Form::Document && planned.after.is_none();
            planned.path == change.path || goes && change.path.is_within(&planned.path)
        };
        let declared = self.declared.iter().any(|path| change.path.overlaps(path))
            || self.report.changes.iter().any(is_planned);
        let sensitive = change.sensitive || self.secrets.holds(&change.path);
        Deviation { declared, sensitive, ..Deviation::unplanned(change) }
    }
}

/// Both in canonical form, as far as both were read.
pub(super) fn alike(catalogue: &Catalogue, a: &Snapshot, b: &Snapshot) -> (Document, Document) {
    let (a, b) = Snapshot::common(a, b);
    (catalogue.canonical(&a), catalogue.canonical(&b))
}

/// The changes from one read of a pool to another, as far as both have the same documents.
pub fn differences(catalogue: &Catalogue, from: &Snapshot, to: &Snapshot) -> Vec<Change> {
    let (from, to) = alike(catalogue, from, to);
    diff(catalogue, &from, &to)
}

/// Accepts a legacy value under its new name: an old pool may return it under both names after a write. Other new
/// members next to it must be fills.
fn follow_aliases(catalogue: &Catalogue, target: &mut Snapshot, after: &Snapshot) {
    for alias in catalogue.aliases() {
        let (legacy, truth) = alias.paths();
        let Some(value) = target.pool().at(legacy).cloned() else { continue };
        let read = after.pool().at(truth).is_some_and(|read| json::same(read, &value));
        if read && target.pool().at(truth).is_none() {
            target.pool_mut().set(truth, value);
        }
    }
}

/// A planned setting that is at neither its old nor its new value.
#[derive(Clone, Debug, PartialEq)]
pub struct Stale {
    /// The setting.
    pub path: Path,
    /// Its value when the plan was made.
    pub planned_from: Option<Json>,
    /// Its value now.
    pub now: Option<Json>,
    /// The value it was to get.
    pub wanted: Option<Json>,
    /// Whether none of the values may be shown.
    pub sensitive: bool,
}

impl Stale {
    /// Whether the plan changes the setting: one that was as declared when the plan was made it leaves.
    pub fn is_planned(&self) -> bool {
        self.planned_from != self.wanted
    }

    /// Whether none of the values is printed: they are sensitive, or two of them differ only in what is not printed.
    pub fn is_hidden(&self) -> bool {
        self.sensitive || differ_unseen(&[&self.planned_from, &self.now, &self.wanted])
    }

    /// Whether it came with a document that one of these calls made: no earlier read has it.
    pub fn is_brought(&self, done: &[DocumentCall]) -> bool {
        let mut made = done.iter().filter(|call| call.operation.effect == CallEffect::Creates);
        self.planned_from.is_none()
            && made.any(|call| call.path.as_ref().is_some_and(|path| self.path.is_within(path)))
    }
}

/// The changes since a plan was made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Movement {
    /// Planned settings that are at neither their old nor their new value.
    pub stale: Vec<Stale>,
    /// Other settings that changed: they are kept as they are now.
    pub elsewhere: Vec<Change>,
    /// Other settings that had moved when a saved plan was taken up: they are kept too. A file keeps no value
    /// of theirs, so `before` is nothing.
    pub earlier: Vec<Change>,
}

impl Movement {
    /// Whether the plan must be made again: a planned setting has moved, or, where `strict`, any.
    pub fn is_stale(&self, strict: bool) -> bool {
        !self.stale.is_empty() || strict && !(self.elsewhere.is_empty() && self.earlier.is_empty())
    }
}

impl Plan {
    /// Compares this plan with one made of the same wants from a later read.
    pub fn movement(&self, catalogue: &Catalogue, later: &Self) -> Movement {
        let new = later
            .report
            .changes
            .iter()
            .filter(|change| !self.report.changes.iter().any(|planned| planned.is_same(change)));
        let stale = new.map(|change| {
            let planned = self.report.changes.iter().find(|planned| planned.path == change.path);
            Stale {
                path: change.path.clone(),
                planned_from: planned.map_or_else(|| change.after.clone(), |planned| planned.before.clone()),
                now: change.before.clone(),
                wanted: change.after.clone(),
                sensitive: change.sensitive,
            }
        });
        let (then, now) = alike(catalogue, &self.base, &later.base);
        let planned =
            |change: &Change| self.report.changes.iter().any(|planned| planned.path.overlaps(&change.path));
        let mut elsewhere = diff(catalogue, &then, &now);
        elsewhere.retain(|change| !planned(change));
        self.secrets.mark(&mut elsewhere);
        let mut stale: Vec<Stale> = stale.collect();
        stale.extend(elsewhere.extract_if(.., |change| self.replaces(catalogue, &change.path)).map(
            |change| Stale {
                path: change.path.clone(),
                planned_from: change.before.clone(),
                now: change.after.clone(),
                wanted: change.before.clone(),
                sensitive: change.sensitive,
            },
        ));
        Movement { stale, elsewhere, earlier: Vec::new() }
    }

    /// The documents that this plan makes, under names that need not be unique, and that exist in a later read: they are
    /// somebody else's.
    pub fn made_meanwhile(&self, catalogue: &Catalogue, later: &Snapshot) -> Vec<Stale> {
        let made = self.report.changes.iter().filter(|change| change.form == Form::Document);
        let is_there = |change: &&Change| {
            let place = catalogue.locate(&change.path);
            change.after.is_some()
                && place.resource.natural_key().is_none()
                && later.document(&place.document).is_some()
        };
        let stale = made.filter(is_there).map(|change| Stale {
            path: change.path.clone(),
            planned_from: None,
            now: change.after.clone(),
            wanted: change.after.clone(),
            sensitive: false,
        });
        stale.collect()
    }

    /// Whether a change at this path means that another document has the label of one that this plan changes.
    pub fn replaces(&self, catalogue: &Catalogue, path: &Path) -> bool {
        let Some(root) = catalogue.identified(path) else { return false };
        self.report.changes.iter().any(|planned| planned.path.is_within(&root))
    }
}
