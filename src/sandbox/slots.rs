//! The members of a pool's document that name its domains.

use serde_json::json;

use super::state::{Collection, SideDocument, State};
use crate::document::{Json, Object};

/// The members, each of which has the name of one domain.
pub(super) const MEMBERS: [&str; 2] = ["Domain", "CustomDomain"];

/// Whether a pool has this domain.
pub(super) fn has(state: &State, name: &str) -> bool {
    SideDocument::Keyed(Collection::Domains).of(state).is_some_and(|domains| domains.contains_key(name))
}

/// The member of the pool's document that has the name of a domain.
pub(super) fn slot(name: &str) -> &'static str {
    if name.contains('.') { "CustomDomain" } else { "Domain" }
}

/// Brings the pool's document and its domains together: adds a domain that the document alone names, and the name of one that
/// it lacks.
pub(super) fn complete(state: &mut State, pool_id: &str) {
    for member in MEMBERS {
        let Some(known) = state.pool.get(member).and_then(Json::as_str).map(str::to_owned) else { continue };
        let domains = SideDocument::Keyed(Collection::Domains).of_mut(state);
        domains.entry(known.clone()).or_insert_with(
            || json!({"UserPoolId": pool_id, "Domain": known, "Status": "ACTIVE", "ManagedLoginVersion": 1}),
        );
    }
    if state.collections.contains_key(&Collection::Domains) {
        name(state);
    }
}

/// Writes the names of the domains to the pool's document.
pub(super) fn name(state: &mut State) {
    let domains = SideDocument::Keyed(Collection::Domains).of(state);
    let names: Vec<String> = domains.into_iter().flat_map(Object::keys).cloned().collect();
    for member in MEMBERS {
        match names.iter().find(|name| slot(name) == member) {
            Some(name) => state.pool.insert(member, json!(name)),
            None => drop(state.pool.take(member)),
        }
    }
}
