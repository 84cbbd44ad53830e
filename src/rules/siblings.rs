//! Entries of one resource that cannot all be meant: two with one id, with one name, or for one place in the pool.

use super::want::Want;
use crate::catalogue::{Catalogue, Listing};
use crate::document::{FastMap, Path};
use crate::manifest::{Diagnostic, LabelledEntry, Origin};

/// What is wrong with the entries of a manifest beside each other.
pub(super) fn findings(catalogue: &Catalogue, entries: &[LabelledEntry], wants: &[Want]) -> Vec<Diagnostic> {
    let mut findings = one_id_each(entries);
    let alone = entries.iter().filter(|entry| entry.hanging.is_none());
    let listed = alone.filter_map(|entry| {
        let path = entry.path();
        Some((entry, catalogue.resource(&path).listing?, path)).filter(|(entry, ..)| entry.removal.is_none())
    });
    let listed: Vec<_> = listed.collect();
    findings.extend(one_name_each(&listed, wants));
    findings.extend(one_place_each(&listed));
    findings
}

fn one_id_each(entries: &[LabelledEntry]) -> Vec<Diagnostic> {
    let mut ids: FastMap<(&str, &str), &Origin> = FastMap::default();
    let mut findings = Vec::new();
    for (entry, id) in entries.iter().filter_map(|entry| Some((entry, entry.id.as_ref()?))) {
        if let Some(other) = ids.insert((&entry.branch, &id.value), &id.origin) {
            let message = format!("two entries of `{}` have the id {}", entry.branch, id.value);
            let error = twice(message, &id.origin, other);
            findings.push(error.help("correct one of the ids, or delete one of the entries"));
        }
    }
    findings
}

/// Entries without an id are found by their names, so that each needs one of its own.
fn one_name_each(entries: &[(&LabelledEntry, &Listing, Path)], wants: &[Want]) -> Vec<Diagnostic> {
    let declared: FastMap<&Path, &str> = wants
        .iter()
        .filter_map(|want| Some((&want.path, want.value.as_ref()?.as_str()?)))
        .filter(|(path, _)| path.segs().len() == 3)
        .collect();
    let mut names: FastMap<(&str, &str), &Origin> = FastMap::default();
    let mut findings = Vec::new();
    for (entry, listing, path) in entries.iter().filter(|(entry, ..)| entry.id.is_none()) {
        let Some(member) = listing.name else { continue };
        let name = declared.get(&path.member(member)).copied().unwrap_or(&entry.label);
        if let Some(other) = names.insert((&entry.branch, name), &entry.origin) {
            let message = format!("two entries without an `id` are the {} `{name}`", listing.one);
            let error = twice(message, &entry.origin, other);
            findings.push(error.help(format!("add the `id` of each, or declare another `{member}`")));
        }
    }
    findings
}

/// A pool has room for one document in each of the places that its own document names.
fn one_place_each(entries: &[(&LabelledEntry, &Listing, Path)]) -> Vec<Diagnostic> {
    let mut places: FastMap<&str, (&Path, &Origin)> = FastMap::default();
    let mut findings = Vec::new();
    for (entry, listing, path) in entries {
        let Some(slot) = listing.slots.iter().find(|slot| (slot.takes)(&entry.label)) else { continue };
        if let Some((other, first)) = places.insert(slot.member, (path, &entry.origin)) {
            let message = format!(
                "`{other}` and `{path}` are both for the `{}` of the pool, which has one",
                slot.member
            );
            let error = Diagnostic::error("place-taken", message, entry.origin.clone(), "again here");
            let error = error.related(first.clone(), "first here");
            findings.push(error.help(format!(
                "delete one of the entries, or remove that {} with `remove: true`",
                listing.one
            )));
        }
    }
    findings
}

fn twice(message: String, again: &Origin, first: &Origin) -> Diagnostic {
    Diagnostic::error("declared-twice", message, again.clone(), "again here")
        .related(first.clone(), "first here")
}
