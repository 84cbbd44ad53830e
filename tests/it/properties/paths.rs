//! Every path that a plan or a difference shows is an address: it parses, it leads to the values shown, and what is
//! set or removed there changes nothing else.

use std::cell::RefCell;
use std::collections::BTreeSet;

use poolctl::catalogue::Catalogue;
use poolctl::document::{Document, Json, Path, Seg};
use poolctl::plan::{Change, Plan, diff};
use poolctl::shapes::Shapes;
use poolctl::{manifest, rules};
use proptest::prelude::*;

use crate::properties::manifest::{Case, cases};
use crate::properties::mfa;
use crate::properties::pure::pairs;
use crate::properties::stage::{accepting, check};

/// The member that names an element of a keyed list.
const KEY: &str = "Name";

/// The value at a path, read by nothing of the program's. An element of a keyed list is shown without its key.
fn get(document: &Document, path: &Path) -> Option<Json> {
    let whole = Json::Object(document.to_object());
    let (mut here, mut key) = (&whole, None);
    for seg in path.segs() {
        (here, key) = match seg {
            Seg::Member(name) => (here.get(&**name)?, None),
            Seg::Item(name) => {
                let named = |element: &&Json| element[KEY] == **name;
                (here.as_array()?.iter().find(named)?, Some(KEY))
            }
            Seg::Index(index) => (here.get(index)?, None),
        };
    }
    let mut value = here.clone();
    if let (Some(key), Some(members)) = (key, value.as_object_mut()) {
        members.shift_remove(key);
    }
    Some(value)
}

/// The value with another one at a path, or with none. What is on the way and not there yet is made; an element of
/// which only the key would be left goes with its last member.
fn put(here: Option<Json>, path: &[Seg], value: Option<&Json>) -> Option<Json> {
    let Some((seg, rest)) = path.split_first() else { return value.cloned() };
    match seg {
        Seg::Member(name) => {
            let mut members = here.and_then(|here| here.as_object().cloned()).unwrap_or_default();
            match put(members.get(&**name).cloned(), rest, value) {
                Some(inner) => drop(members.insert(name.to_string(), inner)),
                None => drop(members.shift_remove(&**name)),
            }
            Some(Json::Object(members))
        }
        Seg::Item(name) => {
            let mut elements = here.and_then(|here| here.as_array().cloned()).unwrap_or_default();
            let at = elements.iter().position(|element| element[KEY] == **name);
            let inner = put(at.map(|at| elements[at].clone()), rest, value).and_then(|inner| {
                let mut members = inner.as_object().cloned()?;
                members.insert(KEY.to_owned(), Json::from(&**name));
                Some(members).filter(|members| value.is_some() || members.len() > 1).map(Json::Object)
            });
            match (at, inner) {
                (Some(at), Some(inner)) => elements[at] = inner,
                (Some(at), None) => drop(elements.remove(at)),
                (None, Some(inner)) => elements.push(inner),
                (None, None) => {}
            }
            Some(Json::Array(elements))
        }
        Seg::Index(_) => here,
    }
}

fn edited(document: &Document, path: &Path, value: Option<&Json>) -> Document {
    let edited = put(Some(Json::Object(document.to_object())), path.segs(), value);
    edited.and_then(|edited| edited.as_object().cloned()).unwrap().into()
}

/// The kinds of paths that were met.
#[derive(Default)]
struct Met(RefCell<BTreeSet<&'static str>>);

impl Met {
    fn look(&self, change: &Change) {
        let text = change.path.to_string();
        let is_item = change.path.segs().iter().any(|seg| matches!(seg, Seg::Item(_)));
        let kinds = [
            ("a quoted name", text.contains("[\"")),
            ("an element by its key", is_item),
            ("something new", change.before.is_none()),
            ("something removed", change.after.is_none()),
            ("something changed", change.before.is_some() && change.after.is_some()),
        ];
        self.0.borrow_mut().extend(kinds.iter().filter(|(_, is_met)| *is_met).map(|(kind, _)| *kind));
    }

    #[track_caller]
    fn has_all_but(&self, without: &[&str]) {
        let kinds = [
            "a quoted name",
            "an element by its key",
            "something new",
            "something removed",
            "something changed",
        ];
        let missing: Vec<_> =
            kinds.iter().filter(|kind| !self.0.borrow().contains(*kind) && !without.contains(kind)).collect();
        assert!(missing.is_empty(), "no path was of {missing:?}");
    }
}

/// Holds every change between two documents to what its path says.
fn are_addresses(
    catalogue: &Catalogue,
    (from, to): (&Document, &Document),
    changes: &[Change],
    met: &Met,
) -> Result<(), String> {
    // A value under a legacy name is shown under the new one, if one side has that.
    let (from, to) = catalogue.aligned(from.clone(), to.clone());
    let paths = |from: &Document, to: &Document| -> Vec<Path> {
        diff(catalogue, from, to).into_iter().map(|change| change.path.clone()).collect()
    };
    let all: BTreeSet<Path> = paths(&from, &to).into_iter().collect();
    for change in changes {
        met.look(change);
        let text = change.path.to_string();
        let parsed: Path = text.parse().map_err(|error| format!("{error}"))?;
        that(parsed == change.path, || format!("`{text}` parses as {parsed:?}, and is {:?}", change.path))?;
        for (side, document, shown) in [("before", &from, &change.before), ("after", &to, &change.after)] {
            let found = get(document, &parsed);
            that(found == *shown, || format!("`{text}` shows {shown:?} {side}, and leads to {found:?}"))?;
        }

        let new = edited(&from, &parsed, change.after.as_ref());
        let moved = paths(&from, &new);
        that(moved == [parsed.clone()], || format!("what is set at `{text}` alone changes {moved:?}"))?;
        let left: BTreeSet<Path> = paths(&new, &to).into_iter().collect();
        // A structure that is left empty may say something of its own.
        let is_elsewhere = |path: &&Path| !parsed.is_within(path);
        let gone: Vec<&Path> = all.difference(&left).filter(is_elsewhere).collect();
        let come: Vec<&Path> = left.difference(&all).filter(is_elsewhere).collect();
        that(gone.is_empty() && come.is_empty() && !left.contains(&parsed), || {
            format!("with `{text}` set, {gone:?} are no differences any more, and {come:?} are new ones")
        })?;
    }
    Ok(())
}

#[test]
fn the_paths_of_a_difference_are_addresses() {
    let (shapes, catalogue, met) = (Shapes::bundled(), Catalogue::new(Shapes::bundled()), Met::default());
    check(60, &pairs(&shapes), |(a, b)| {
        let (a, b) = (catalogue.canonical(&a.live), catalogue.canonical(&b.live));
        are_addresses(&catalogue, (&a, &b), &diff(&catalogue, &a, &b), &met)
    });
    met.has_all_but(&[]);
}

#[test]
fn the_paths_of_a_plan_are_addresses() {
    let (shapes, catalogue, met) = (Shapes::bundled(), Catalogue::new(Shapes::bundled()), Met::default());
    let wanted = prop_oneof![3 => cases(&shapes), 1 => mfa::cases(&shapes)];
    check(80, &wanted, |case: &Case| {
        let text = case.manifest("eu-west-1_a1B2c3D4E");
        let loaded = manifest::load("pool.yaml", text.as_bytes()).map_err(|errors| format!("{errors:?}"))?;
        let (desired, _) = rules::check(&catalogue, loaded).map_err(|errors| format!("{errors:?}"))?;
        let plan = Plan::new(&catalogue, case.live.clone(), &desired, &accepting());
        // While MFA is off the pool has no factors, however they are shown, but for those that are declared.
        let (base, mut target) = (catalogue.canonical(&plan.base), catalogue.canonical(&plan.target));
        let is_declared = |factor: &&str| case.settings.get(*factor).is_some_and(|value| !value.is_null());
        let declared = mfa::FACTORS.into_iter().filter(is_declared);
        let all = catalogue.canonical_of_all(&plan.target);
        let declared = declared.filter_map(|name| Some((name, all.shared(name)?.clone())));
        declared.for_each(|(name, value)| target.share(name, value));
        // What the service does of itself with a change is in no document that is sent.
        let (implied, planned): (Vec<_>, Vec<_>) =
            plan.report.changes.iter().cloned().partition(|change| plan.implied.contains(&change.path));
        for change in implied {
            let found = get(&base, &change.path.to_string().parse().map_err(|error| format!("{error}"))?);
            that(found == change.before, || format!("`{}` leads to {found:?} before", change.path))?;
        }
        are_addresses(&catalogue, (&base, &target), &planned, &met)
    });
    met.has_all_but(&[]);
}

fn that(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}
