//! The ids that the service chose for documents, and that a manifest may name.

use super::Step;
use super::entries::{ListedNames, name, names};
use crate::catalogue::{CallEffect, Catalogue, Listing};
use crate::document::{DocumentId, DocumentState, FastSet, Json, Path, Snapshot};
use crate::rules::{Desired, DesiredEntry};

/// The id of a document, and the entry that declares the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentKey {
    /// The path of the entry.
    pub path: Path,
    /// The id that the service chose.
    pub id: String,
}

impl DocumentKey {
    /// The id of the document that a step made, as it is in a later read; `None` if the step made none, or if its name
    /// is its id.
    pub fn made_by(catalogue: &Catalogue, step: &Step, after: &Snapshot) -> Option<Self> {
        let path = catalogue.root_of(&step.document);
        let is_made = step.operation.effect == CallEffect::Creates && step.document.label().is_some();
        is_made.then(|| Self::of(catalogue, path, &step.document, after)).flatten()
    }

    fn of(catalogue: &Catalogue, path: Path, document: &DocumentId, live: &Snapshot) -> Option<Self> {
        let listing = chosen(catalogue, &path)?;
        let id = live.document(document)?.get(listing.key).and_then(Json::as_str)?.to_owned();
        Some(Self { path, id })
    }
}

/// The list of a resource whose documents have ids that the service chooses.
fn chosen(catalogue: &Catalogue, path: &Path) -> Option<&'static Listing> {
    catalogue.resource(path).listing.filter(|listing| listing.name.is_some())
}

/// An entry without the `id` of a live document, and what it could say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissingId {
    /// The document has this id.
    Known(DocumentKey),
    /// No document has the entry's id.
    Dead {
        /// The path of the entry.
        path: Path,
        /// What the document is called.
        one: &'static str,
        /// The id of the entry.
        was: String,
        /// The ids of the documents that have its name, and that no entry declares.
        now: Vec<String>,
    },
    /// No single document is known to be the entry's own.
    Unknown(Path),
    /// The document does not exist yet.
    Absent(Path),
    /// The entry removes its document. Only a person knows which one that is.
    Removed(Path),
}

/// The entries of a manifest that lack an `id` although the service chooses one, or have one that no document has, in the
/// order of the manifest. An entry that removes what does not exist is none of them.
pub fn missing_ids(
    catalogue: &Catalogue,
    desired: &Desired,
    live: &Snapshot,
    is_ambiguous: impl Fn(&Path) -> bool,
) -> Vec<MissingId> {
    let names = names(desired);
    let declared: FastSet<&Path> = desired.entries.iter().map(|entry| &entry.path).collect();
    let missing = |entry: &DesiredEntry| {
        let path = entry.path.clone();
        let place = catalogue.locate(&path);
        let listing = chosen(catalogue, &path)?;
        if let (Some(was), false, DocumentState::Absent) =
            (entry.id.clone(), entry.is_removed, live.state(&place.document))
        {
            let list = ListedNames::of(place.resource, listing, live, &declared);
            let name = name(entry, &names, Some(listing));
            let free = list.free(&name);
            return Some(MissingId::Dead {
                path,
                one: listing.one,
                was,
                now: free.map(|(_, id)| id).collect(),
            });
        }
        let known = DocumentKey::of(catalogue, path.clone(), &place.document, live);
        let owner = live.document(&place.document).and_then(|one| place.resource.owner(|name| one.get(name)));
        match known {
            _ if entry.id.is_some() || owner.is_some() => None,
            Some(_) if entry.is_removed => Some(MissingId::Removed(path)),
            Some(known) => Some(MissingId::Known(known)),
            None if is_ambiguous(&path) => Some(MissingId::Unknown(path)),
            None if entry.is_removed => None,
            None => Some(MissingId::Absent(path)),
        }
    };
    desired.entries.iter().filter_map(missing).collect()
}
