//! The ids that the service chose for documents, and that a manifest may name.

use super::Step;
use crate::catalogue::{CallEffect, Catalogue, Listing};
use crate::document::{DocumentId, Json, Path, Snapshot};
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

/// An entry without an `id`, and what it could say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissingId {
    /// The document has this id.
    Known(DocumentKey),
    /// No single document is known to be the entry's own.
    Unknown(Path),
    /// The document does not exist yet.
    Absent(Path),
    /// The entry removes its document. Only a person knows which one that is.
    Removed(Path),
}

/// The entries of a manifest that lack an `id` although the service chooses one, in the order of the manifest.
pub fn missing_ids(
    catalogue: &Catalogue,
    desired: &Desired,
    live: &Snapshot,
    is_ambiguous: impl Fn(&Path) -> bool,
) -> Vec<MissingId> {
    let missing = |entry: &DesiredEntry| {
        let path = entry.path.clone();
        let place = catalogue.locate(&path);
        chosen(catalogue, &path)?;
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
