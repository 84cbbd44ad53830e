//! The settings that undo an earlier run.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::verify::alike;
use super::{Change, Form, diff};
use crate::catalogue::{Catalogue, DocumentPlace, RESOURCES, Removal, Sent};
use crate::document::{Document, DocumentState, Json, Path, Seg, Snapshot, json};
use crate::rules::{Desired, DesiredEntry, Want};

/// How much of an earlier state is restored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scope<'a> {
    /// The changes of that run.
    Run(&'a [Path]),
    /// Every setting.
    Whole,
}

/// What a run was about to add to a set and to remove from it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SetElements {
    /// The new elements.
    pub added: Vec<Json>,
    /// The elements that go.
    pub removed: Vec<Json>,
}

impl SetElements {
    /// What a change does to the elements of a set; `None` if it is another change, or must not be shown.
    pub fn of(change: &Change) -> Option<Self> {
        if change.form != Form::Set || change.sensitive {
            return None;
        }
        // An absent set has no elements.
        let side =
            |value: &Option<Json>| value.as_ref().map_or(Some(Vec::new()), |value| value.as_array().cloned());
        let (before, after) = (side(&change.before)?, side(&change.after)?);
        let without = |these: &[Json], others: &[Json]| {
            these.iter().filter(|element| !others.contains(element)).cloned().collect()
        };
        Some(Self { added: without(&after, &before), removed: without(&before, &after) })
    }

    /// Whether elements say more than the whole set: it has others than those that the run added, or it has none and
    /// that means none.
    fn is_shared(&self, catalogue: &Catalogue, now: &Snapshot, at: &Path) -> bool {
        match catalogue.value(now, at).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default() {
            [] => catalogue.setting(at).and_then(|field| field.row?.means_if_empty).is_none(),
            elements => elements.iter().any(|element| !self.added.contains(element)),
        }
    }
}

/// Wants sets back by the elements that a run changed: elements that others have added or removed since stay so.
///
/// A set is wanted whole where that says the same or elements say nothing: it has only what the run added, or it is empty
/// now and that means a default.
pub fn by_elements(
    catalogue: &Catalogue,
    desired: &mut Desired,
    now: &Snapshot,
    elements: &BTreeMap<Path, SetElements>,
) {
    let mut sets: Vec<Want> = Vec::new();
    for (path, set) in elements.iter().filter(|(path, set)| set.is_shared(catalogue, now, path)) {
        // A structure that was absent would go with what others have put into it.
        let has_it = |want: &&Want| want.path == *path || want.value.is_none() && path.is_within(&want.path);
        sets.extend(desired.wants.iter().find(has_it).map(|want| Want {
            path: path.clone(),
            value: Some(Json::Array(set.removed.clone())),
            lacks: Some(set.added.clone()),
            ..want.clone()
        }));
    }
    desired.wants.retain(|want| !sets.iter().any(|set| set.path.is_within(&want.path)));
    desired.wants.extend(sets);
}

/// What makes a pool that is now `now` what it was in `before`.
///
/// A member that was absent is wanted at Cognito's default. So is a whole structure that was absent,
/// where an empty one would mean something else than none and nobody but that run has put anything
/// into it; what others have added since stays.
pub fn inverse(
    catalogue: &Catalogue,
    frame: Desired,
    now: &Snapshot,
    before: &Snapshot,
    scope: Scope<'_>,
) -> Desired {
    let (_, read) = alike(catalogue, before, now);
    let (now, before) = (&without_fills(now), &without_fills(before));
    let (was, is) = alike(catalogue, before, now);
    let mut paths: Vec<Path> = match scope {
        Scope::Run(paths) => paths.to_vec(),
        Scope::Whole => diff(catalogue, &is, &was).into_iter().map(|change| change.path.clone()).collect(),
    };
    paths.retain(|path| path.head().is_some_and(|name| catalogue.is_sendable(name)));
    // A copy in the MFA document comes back with what it repeats.
    paths.retain(|path| !catalogue.is_contradiction(path));
    let (restores, mut made) = labelled(catalogue, (now, before), &paths);
    // The members of a document come and go with it.
    let goes = |path: &Path| restores.iter().any(|one| !one.exists && path.is_within(&one.entry.path));
    paths.retain(|path| !goes(path));
    let entries = restores.into_iter().map(|restore| restore.entry).collect();
    paths.extend(renamed(catalogue, (&was, &is), &paths));
    let changed = paths.clone();
    let mut paths: Vec<Path> = paths.iter().map(Path::written_at).collect();
    // What is as it was needs nothing, and `null` may send a value of its own.
    let differs = |path: &Path| !catalogue.equal(path, was.at(path), is.at(path));
    paths.retain(|path| with_aliases(catalogue, std::slice::from_ref(path)).iter().any(differs));
    let brought = with_aliases(catalogue, &paths);
    let mut wants: Vec<Want> = Vec::new();
    wants.append(&mut made);
    for path in &paths {
        let structures = (1..path.segs().len()).map(|len| path.prefix(len));
        let mut absent = structures.filter(|outer| was.at(outer).is_none());
        let whole = absent.find(|outer| goes_whole(catalogue, (&read, &is), outer, &brought));
        let path = whole.unwrap_or_else(|| path.clone());
        if !wants.iter().any(|want| path.is_within(&want.path)) {
            wants.retain(|want| !want.path.is_within(&path));
            wants.push(Want {
                value: restored(catalogue, (&was, &is), &path, &changed),
                path,
                lacks: None,
                origin: None,
                file: None,
                is_secret: false,
            });
        }
    }
    wants.extend(repeated(catalogue, (now, before), &wants));
    Desired { wants, entries, ..frame }
}

/// The documents without members that no request has beside others: the service fills them in by itself.
fn without_fills(live: &Snapshot) -> Snapshot {
    let mut snapshot = live.clone();
    for resource in RESOURCES.into_iter().filter(|resource| !resource.repairs.is_empty()) {
        for id in resource.documents_in(live) {
            let mut document = live.document(&id).cloned().unwrap_or_default();
            resource.repair(&mut document, &|_| true);
            snapshot = snapshot.with(id, Some(document));
        }
    }
    snapshot
}

/// The documents with labels at these paths, each once, and the settings of each document that is made again.
fn labelled(
    catalogue: &Catalogue,
    (now, before): (&Snapshot, &Snapshot),
    paths: &[Path],
) -> (Vec<LabelledRestore>, Vec<Want>) {
    let (mut restores, mut wants) = (Vec::<LabelledRestore>::new(), Vec::new());
    let canonical = catalogue.canonical(before);
    let mut queue: VecDeque<Path> = paths.iter().cloned().collect();
    while let Some(path) = queue.pop_front() {
        let DocumentPlace { resource, document, .. } = catalogue.locate(&path);
        // What hangs on a document is found by that.
        queue.extend(document.hangs_on().map(|on| catalogue.root_of(&on)));
        let root = resource.root_of(&document);
        let is_known = restores.iter().any(|restore| restore.entry.path == root);
        let is_made = resource.listing.is_some() || resource.hangs_on.is_some() && resource.create.is_some();
        if !is_made || document.label().is_none() || is_known {
            continue;
        }
        let key = resource.listing.map(|listing| listing.key);
        let (is_removed, exists) = match (now.state(&document), before.state(&document)) {
            (DocumentState::Absent, DocumentState::Present(_)) => (false, false),
            // The run has made it.
            (DocumentState::Present(_), DocumentState::Absent) => (true, false),
            (DocumentState::Present(_), DocumentState::Present(_)) => (false, true),
            _ => continue,
        };
        let comes_back = !is_removed && !exists;
        if comes_back {
            // What hangs on it comes back with it.
            let hanging = document.hung().filter(|(_, id)| before.document(id).is_some());
            queue.extend(hanging.map(|(_, id)| catalogue.root_of(&id)));
            wants.extend(settings(catalogue, &canonical, &root, key));
        }
        // One that comes back is not another one of its name.
        let known = now.document(&document).or_else(|| before.document(&document));
        let id = known.zip(key).and_then(|(document, key)| document.get(key)?.as_str());
        let id = id.map(str::to_owned);
        // A run that only changed settings of a document has not removed it.
        let only_updates = !paths.iter().any(|path| root.is_within(path));
        let entry = DesiredEntry { path: root, id, is_removed, only_updates, until: None, origin: None };
        restores.push(LabelledRestore { entry, exists });
    }
    (restores, wants)
}

/// The settings of a document that is made again, and of the documents on it that need no call to be made.
fn settings(catalogue: &Catalogue, was: &Document, root: &Path, key: Option<&str>) -> Vec<Want> {
    let want = |path: Path, value: &Json| Want {
        path,
        value: Some(value.clone()),
        lacks: None,
        origin: None,
        file: None,
        is_secret: false,
    };
    let own = catalogue.resource(root);
    let mut wants = Vec::new();
    for (name, value) in was.at(root).and_then(Json::as_object).into_iter().flatten() {
        let path = root.member(name);
        let is_own = catalogue.resource(&path) == own;
        match value.as_object().filter(|_| !is_own) {
            // One that is made by a call of its own comes back by an entry of its own.
            Some(_) if catalogue.resource(&path).create.is_some() => {}
            Some(members) => wants.extend(members.iter().map(|(name, value)| want(path.member(name), value))),
            None if Some(name.as_str()) != key => wants.push(want(path, value)),
            None => {}
        }
    }
    wants
}

/// A document with a label that a restore is about.
struct LabelledRestore {
    entry: DesiredEntry,
    /// Whether it exists before and after, and only its members change.
    exists: bool,
}

/// The earlier value of a setting. Of a keyed list, which is declared whole, the elements that the run did not change
/// stay as they are now.
fn restored(
    catalogue: &Catalogue,
    (was, now): (&Document, &Document),
    at: &Path,
    changed: &[Path],
) -> Option<Json> {
    let before = was.at(at).cloned();
    let key = catalogue.member(at).and_then(|field| field.key_member());
    let list = |value: Option<&Json>| value.and_then(Json::as_array).cloned();
    let (Some(key), Some(then), Some(mut now)) = (key, list(before.as_ref()), list(now.at(at))) else {
        return before;
    };
    let own = changed.iter().filter(|path| path.is_within(at)).map(|path| &path.segs()[at.segs().len()..]);
    let is = |element: &Json, name: &str| element.get(key).and_then(Json::as_str) == Some(name);
    for inner in own {
        let [Seg::Item(name), member @ ..] = inner else { return before };
        let old = then.iter().find(|element| is(element, name));
        let new = now.iter_mut().find(|element| is(element, name));
        match (old, new.and_then(Json::as_object_mut)) {
            (Some(old), Some(new)) if !member.is_empty() => {
                let member = Path::root().extended(member);
                let mut around = (1..=member.segs().len()).map(|len| member.prefix(len));
                match (
                    around.find(|at| json::follow(old, at.segs()).is_none()),
                    json::follow(old, member.segs()),
                ) {
                    (None, Some(value)) => json::set(new, &member, value.clone()),
                    // A structure that the run made goes with its member.
                    (made, _) => drop(json::remove(new, &made.unwrap_or(member))),
                }
            }
            (Some(old), Some(new)) => *new = old.as_object().cloned().unwrap_or_default(),
            (Some(old), None) => now.push(old.clone()),
            (None, _) => now.retain(|element| !is(element, name)),
        }
    }
    Some(Json::Array(now))
}

/// The legacy names of values that a pool had only under the legacy name, and has under the new name since another
/// member was added there. If requests contain both names, the new names too.
fn renamed(catalogue: &Catalogue, (was, is): (&Document, &Document), paths: &[Path]) -> Vec<Path> {
    let is_renamed = |legacy: &Path, truth: &Path| {
        let beside = truth.parent().is_some_and(|around| paths.iter().any(|path| path.overlaps(&around)));
        beside && was.at(legacy).is_some() && is.at(truth).is_some()
    };
    let mut names = Vec::new();
    for alias in catalogue.aliases() {
        let (legacy, truth) = alias.paths();
        if is_renamed(legacy, truth) {
            names.push(legacy.clone());
            names.extend(Some(truth).filter(|_| alias.send == Sent::Both).cloned());
        }
    }
    names.retain(|path| !paths.contains(path));
    names
}

/// What repeated a value that comes back, where requests carry both and the pool has lost it: nobody knows
/// whether the service brings it back by itself.
fn repeated(catalogue: &Catalogue, (now, before): (&Snapshot, &Snapshot), wants: &[Want]) -> Vec<Want> {
    let both = catalogue.aliases().iter().filter(|alias| alias.send == Sent::Both).map(|alias| alias.paths());
    let lost = both.filter_map(|(legacy, truth)| {
        let has = |of: &Snapshot| of.pool().at(legacy).filter(|value| !value.is_null()).cloned();
        let comes = wants.iter().any(|want| want.value.is_some() && truth.is_within(&want.path));
        let is_wanted = wants.iter().any(|want| legacy.overlaps(&want.path));
        let value = has(before).filter(|_| has(now).is_none() && comes && !is_wanted);
        value.map(|value| Want {
            path: legacy.clone(),
            value: Some(value),
            lacks: None,
            origin: None,
            file: None,
            is_secret: false,
        })
    });
    lost.collect()
}

/// These settings and their aliases.
fn with_aliases(catalogue: &Catalogue, paths: &[Path]) -> Vec<Path> {
    let mut all = paths.to_vec();
    for alias in catalogue.aliases() {
        let (legacy, truth) = alias.paths();
        if paths.contains(legacy) {
            all.push(truth.clone());
        } else if paths.contains(truth) {
            all.push(legacy.clone());
        }
    }
    all
}

/// Whether the structure at `outer`, which was not there before a run, goes as a whole with what the
/// run `brought`. What the service has filled in, and no request has, would stay: `read` has it, and `now` has not.
fn goes_whole(
    catalogue: &Catalogue,
    (read, now): (&Document, &Document),
    outer: &Path,
    brought: &[Path],
) -> bool {
    let Some(value) = now.at(outer) else { return false };
    if matches!(catalogue.removal(outer), Removal::Impossible(_)) {
        return true;
    }
    let means_something = catalogue
        .member(outer)
        .is_none_or(|field| field.row.is_some_and(|row| row.presence) || !field.shape.required.is_empty());
    let has_fills = read.at(outer) != Some(value);
    (means_something || has_fills) && is_brought(catalogue, outer, value, brought)
}

/// Whether all that is in `value` came with the run, or is what the service puts there by itself.
fn is_brought(catalogue: &Catalogue, at: &Path, value: &Json, brought: &[Path]) -> bool {
    if brought.iter().any(|path| at.is_within(path)) || catalogue.is_known_fill(at, value) {
        return true;
    }
    match value {
        Json::Object(members) if !members.is_empty() => {
            members.iter().all(|(name, value)| is_brought(catalogue, &at.member(name), value, brought))
        }
        _ => false,
    }
}
