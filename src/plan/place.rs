//! Where the documents, as they were read, have what the canonical form shows.

use crate::catalogue::Catalogue;
use crate::document::{DocumentId, Json, Path, Snapshot, json};

/// The value of a setting in the document that has it.
pub(super) fn get<'a>(catalogue: &Catalogue, live: &'a Snapshot, at: &Path) -> Option<&'a Json> {
    match catalogue.is_in_mfa(at) {
        true => live.mfa()?.at(&Catalogue::place_in_mfa(at)),
        false => {
            let (_, inner) = at.segs().split_first()?;
            json::follow(live.pool().get(Catalogue::read_name(at.head()?))?, inner)
        }
    }
}

/// Whether a pool has a setting; of the path that keeps the MFA document apart, whether that was read.
/// While MFA is off it has no factor, however the document shows them.
pub(super) fn has(catalogue: &Catalogue, live: &Snapshot, at: &Path) -> bool {
    let is_factor = || at.head().is_some_and(|name| Catalogue::factors().any(|factor| factor == name));
    match catalogue.is_in_mfa(at) && Catalogue::place_in_mfa(at).is_root() {
        true => live.mfa().is_some(),
        false if is_factor() && catalogue.is_mfa_off(live) => false,
        false => get(catalogue, live, at).is_some_and(|value| !value.is_null()),
    }
}

/// Puts a setting into the document that it belongs to.
pub(super) fn set(catalogue: &Catalogue, live: &mut Snapshot, at: &Path, value: Json) {
    match catalogue.is_in_mfa(at) {
        true => live.document_mut(DocumentId::MFA).set(&Catalogue::place_in_mfa(at), value),
        false => live.pool_mut().set(&in_pool(at), value),
    }
}

/// Takes a setting out of the document that has it.
pub(super) fn remove(catalogue: &Catalogue, live: &mut Snapshot, at: &Path) {
    match (catalogue.is_in_mfa(at), live.mfa_mut()) {
        (true, Some(mfa)) => drop(mfa.remove(&Catalogue::place_in_mfa(at))),
        (true, None) => {}
        (false, _) => drop(live.pool_mut().remove(&in_pool(at))),
    }
}

/// The path in the pool's document, where some members have another name.
pub(super) fn in_pool(at: &Path) -> Path {
    let head = at.head().map(Catalogue::read_name).unwrap_or_default();
    Path::members([head]).extended(at.segs().get(1..).unwrap_or_default())
}
