//! What documents name in other documents of the pool.

use std::collections::{BTreeMap, BTreeSet};

use super::view::elements;
use crate::document::{Document, DocumentId, DocumentState, Json, Path, Snapshot};

/// A name that goes with a change while documents still have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StillNamed {
    /// The document that it goes with.
    pub owner: DocumentId,
    /// The name.
    pub name: String,
    /// The documents that have it: the path of one that the manifest declares, else its name and its id.
    pub by: Vec<String>,
}

/// The lists that decide whether the documents that a change makes or updates name what exists, and whether what it
/// removes is still named.
pub fn references(before: &Snapshot, after: &Snapshot) -> Vec<DocumentId> {
    let changed = after
        .labelled(&DocumentId::CLIENTS)
        .filter(|(label, client)| before.document(&DocumentId::CLIENTS.labelled(label)) != Some(*client));
    let mut lists = BTreeSet::new();
    for (_, client) in changed {
        if texts(client, "AllowedOAuthScopes").any(|scope| scope.contains('/')) {
            lists.insert(DocumentId::RESOURCE_SERVERS);
        }
        if texts(client, "SupportedIdentityProviders").any(|name| name != "COGNITO") {
            lists.insert(DocumentId::IDENTITY_PROVIDERS);
        }
    }
    if !gone(before, after).is_empty() {
        lists.insert(DocumentId::CLIENTS);
    }
    let is_read =
        |list: &DocumentId| *list != DocumentId::CLIENTS && after.state(list) != DocumentState::Unread;
    lists.into_iter().filter(|list| !is_read(list)).collect()
}

/// The scopes that go while an app client still names them.
pub fn still_named(before: &Snapshot, after: &Snapshot) -> Vec<StillNamed> {
    let clients = gone(before, after);
    if clients.is_empty() {
        return Vec::new();
    }
    let named = regular_clients(before, after);
    let by = |scope: &str| {
        let by =
            named.iter().filter(|(_, client)| texts(client, "AllowedOAuthScopes").any(|own| own == scope));
        by.map(|(name, _)| name.clone()).collect::<Vec<String>>()
    };
    let named = clients.into_iter().map(|(name, owner)| StillNamed { by: by(&name), owner, name });
    named.filter(|name| !name.by.is_empty()).collect()
}

/// The resource servers that lose scopes which app clients of the pool still name before a change, and no longer after
/// it: each as it is to be until they have changed.
pub fn held(before: &Snapshot, after: &Snapshot) -> BTreeMap<DocumentId, Document> {
    let mut held: BTreeMap<DocumentId, Document> = BTreeMap::new();
    for (scope, owner) in gone(before, after) {
        let mut clients = before.labelled(&DocumentId::CLIENTS);
        let is_named = clients.any(|(_, client)| texts(client, "AllowedOAuthScopes").any(|own| own == scope));
        let (Some(live), Some(target), true) = (before.document(&owner), after.document(&owner), is_named)
        else {
            continue;
        };
        let is_it = |element: &&Json| {
            let name = element.get("ScopeName").and_then(Json::as_str);
            name.is_some_and(|name| scope.ends_with(&format!("/{name}")))
        };
        let element = live.get("Scopes").into_iter().flat_map(elements).find(is_it).cloned();
        let server = held.entry(owner).or_insert_with(|| target.clone());
        let mut scopes = server.get("Scopes").and_then(Json::as_array).cloned().unwrap_or_default();
        scopes.extend(element);
        server.insert("Scopes", Json::Array(scopes));
    }
    held
}

/// The scopes that a change removes, each with its resource server.
fn gone(before: &Snapshot, after: &Snapshot) -> BTreeMap<String, DocumentId> {
    let mut scopes = scopes(before);
    if !scopes.is_empty() {
        let stay = self::scopes(after);
        scopes.retain(|scope, _| !stay.contains_key(scope));
    }
    scopes
}

fn scopes(pool: &Snapshot) -> BTreeMap<String, DocumentId> {
    let servers = pool.labelled(&DocumentId::RESOURCE_SERVERS);
    let scopes = servers.flat_map(|(identifier, server)| {
        let scopes = server.get("Scopes").into_iter().flat_map(elements);
        let names = scopes.filter_map(|scope| scope.get("ScopeName")?.as_str());
        names.map(move |name| {
            (format!("{identifier}/{name}"), DocumentId::RESOURCE_SERVERS.labelled(identifier))
        })
    });
    scopes.collect()
}

/// The app clients after a change, as far as they are known, each with what a message calls it: those that were looked
/// up, as the change leaves them.
fn regular_clients<'a>(before: &'a Snapshot, after: &'a Snapshot) -> Vec<(String, &'a Document)> {
    let id = |client: &Document| client.get("ClientId").and_then(Json::as_str).map(str::to_owned);
    let own: BTreeSet<String> =
        before.labelled(&DocumentId::CLIENTS).filter_map(|(_, client)| id(client)).collect();
    let others = after.labelled(&DocumentId::CLIENTS.looked_up());
    let others = others.filter(|(_, client)| id(client).is_none_or(|id| !own.contains(&id)));
    let others = others.map(|(label, client)| {
        let text = |member| client.get(member).and_then(Json::as_str).unwrap_or(label);
        (format!("{} ({})", text("ClientName"), text("ClientId")), client)
    });
    let own = after.labelled(&DocumentId::CLIENTS);
    let own = own
        .map(|(label, client)| (format!("`{}`", Path::members([DocumentId::CLIENTS.name(), label])), client));
    own.chain(others).collect()
}

fn texts<'a>(document: &'a Document, list: &str) -> impl Iterator<Item = &'a str> {
    document.get(list).into_iter().flat_map(elements).filter_map(Json::as_str)
}
