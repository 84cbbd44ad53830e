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
    /// The lists that have it.
    pub by: Vec<NameUse>,
}

/// A list of an app client that has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameUse {
    /// The member of the client.
    pub member: &'static str,
    /// The client that the manifest declares, else its name and its id.
    pub client: Result<Path, String>,
}

impl StillNamed {
    /// The lists that have the name, as a message names them.
    pub fn users(&self) -> String {
        let users: Vec<String> = self.by.iter().map(ToString::to_string).collect();
        users.join(", ")
    }
}

impl std::fmt::Display for NameUse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.client {
            Ok(path) => write!(f, "`{path}` in `{}`", self.member),
            Err(client) => write!(f, "{client} in `{}`", self.member),
        }
    }
}

/// A list of an app client whose elements are names of what the pool has elsewhere.
struct NameList {
    /// The member of the client.
    member: &'static str,
    /// Whether an element is such a name.
    is_name: fn(&str) -> bool,
    /// The documents that have what is named.
    of: DocumentId,
    /// The names that such a document of this label gives.
    names: fn(&str, &Document) -> Vec<String>,
}

static LISTS: [NameList; 2] = [
    NameList {
        member: "AllowedOAuthScopes",
        is_name: |scope| scope.contains('/'),
        of: DocumentId::RESOURCE_SERVERS,
        names: scopes,
    },
    NameList {
        member: "SupportedIdentityProviders",
        is_name: |name| name != "COGNITO",
        of: DocumentId::IDENTITY_PROVIDERS,
        names: |label, _| vec![label.to_owned()],
    },
];

/// The lists that decide whether the documents that a change makes or updates name what exists, and whether what it
/// removes is still named.
pub fn references(before: &Snapshot, after: &Snapshot) -> Vec<DocumentId> {
    let changed = after
        .labelled(&DocumentId::CLIENTS)
        .filter(|(label, client)| before.document(&DocumentId::CLIENTS.labelled(label)) != Some(*client));
    let mut lists = BTreeSet::new();
    for (_, client) in changed {
        let named = LISTS.iter().filter(|list| texts(client, list.member).any(list.is_name));
        lists.extend(named.map(|list| list.of.clone()));
    }
    if LISTS.iter().any(|list| !list.gone(before, after).is_empty()) {
        lists.insert(DocumentId::CLIENTS);
    }
    let is_read =
        |list: &DocumentId| *list != DocumentId::CLIENTS && after.state(list) != DocumentState::Unread;
    lists.into_iter().filter(|list| !is_read(list)).collect()
}

/// The names that go while an app client still has them.
pub fn still_named(before: &Snapshot, after: &Snapshot) -> Vec<StillNamed> {
    let mut still = Vec::new();
    for list in &LISTS {
        let gone = list.gone(before, after);
        let clients = if gone.is_empty() { Vec::new() } else { regular_clients(before, after) };
        for (name, owner) in gone {
            let by = clients.iter().filter(|(_, client)| texts(client, list.member).any(|own| own == name));
            let by = by.map(|(client, _)| NameUse { member: list.member, client: client.clone() });
            let by: Vec<NameUse> = by.collect();
            still.extend((!by.is_empty()).then_some(StillNamed { owner, name, by }));
        }
    }
    still
}

impl NameList {
    /// The names that a change removes, each with its document.
    fn gone(&self, before: &Snapshot, after: &Snapshot) -> BTreeMap<String, DocumentId> {
        let mut names = self.all(before);
        if !names.is_empty() {
            let stay = self.all(after);
            names.retain(|name, _| !stay.contains_key(name));
        }
        names
    }

    fn all(&self, pool: &Snapshot) -> BTreeMap<String, DocumentId> {
        let names = |(label, document)| {
            let names = (self.names)(label, document).into_iter();
            names.map(move |name| (name, self.of.labelled(label)))
        };
        pool.labelled(&self.of).flat_map(names).collect()
    }
}

/// The scopes of a resource server, as app clients name them.
fn scopes(identifier: &str, server: &Document) -> Vec<String> {
    let scopes = server.get("Scopes").into_iter().flat_map(elements);
    let names = scopes.filter_map(|scope| scope.get("ScopeName")?.as_str());
    names.map(|name| format!("{identifier}/{name}")).collect()
}

/// The resource servers that lose scopes which app clients of the pool still name before a change, and no longer after
/// it: each as it is to be until they have changed.
pub fn held(before: &Snapshot, after: &Snapshot) -> BTreeMap<DocumentId, Document> {
    let mut held: BTreeMap<DocumentId, Document> = BTreeMap::new();
    for (scope, owner) in LISTS[0].gone(before, after) {
        let mut clients = before.labelled(&DocumentId::CLIENTS);
        let is_named = clients.any(|(_, client)| texts(client, "AllowedOAuthScopes").any(|own| own == scope));
        let (Some(live), Some(target), true) = (before.document(&owner), after.document(&owner), is_named)
        else {
            continue;
        };
        let server = held.entry(owner).or_insert_with(|| target.clone());
        keep_scope(live, &scope, server);
    }
    held
}

/// Gives a resource server a scope that another state of it has.
fn keep_scope(from: &Document, scope: &str, server: &mut Document) {
    let is_it = |element: &&Json| {
        let name = element.get("ScopeName").and_then(Json::as_str);
        name.is_some_and(|name| scope.ends_with(&format!("/{name}")))
    };
    let element = from.get("Scopes").into_iter().flat_map(elements).find(is_it).cloned();
    let mut scopes = server.get("Scopes").and_then(Json::as_array).cloned().unwrap_or_default();
    scopes.extend(element.filter(|element| !scopes.contains(element)));
    server.insert("Scopes", Json::Array(scopes));
}

/// The document that a name goes with, after a change that leaves the name.
pub fn kept(before: &Snapshot, after: &Snapshot, still: &StillNamed) -> Option<Document> {
    let live = before.document(&still.owner)?;
    let mut kept = after.document(&still.owner).cloned();
    if let Some(document) = &mut kept {
        keep_scope(live, &still.name, document);
    }
    kept.or_else(|| Some(live.clone()))
}

/// The app clients that would begin to name a document by a change, without that name.
pub fn without_name(before: &Snapshot, after: &Snapshot, gone: &DocumentId) -> Vec<(DocumentId, Document)> {
    let mut clients = Vec::new();
    for list in LISTS
        .iter()
        .filter(|list| Some(list.of.labelled(gone.label().unwrap_or_default())).as_ref() == Some(gone))
    {
        let is_gone = |name: &str| gone.label() == Some(name);
        for (label, client) in after.labelled(&DocumentId::CLIENTS) {
            let id = DocumentId::CLIENTS.labelled(label);
            let named_before =
                before.document(&id).is_some_and(|before| texts(before, list.member).any(is_gone));
            if named_before || !texts(client, list.member).any(is_gone) {
                continue;
            }
            let names = texts(client, list.member).filter(|name| !is_gone(name)).map(Json::from).collect();
            let mut client = client.clone();
            client.insert(list.member, Json::Array(names));
            clients.push((id, client));
        }
    }
    clients
}

/// The app clients after a change, as far as they are known, each with what a message calls it: those that were looked
/// up, as the change leaves them.
fn regular_clients<'a>(
    before: &'a Snapshot,
    after: &'a Snapshot,
) -> Vec<(Result<Path, String>, &'a Document)> {
    let id = |client: &Document| client.get("ClientId").and_then(Json::as_str).map(str::to_owned);
    let own: BTreeSet<String> =
        before.labelled(&DocumentId::CLIENTS).filter_map(|(_, client)| id(client)).collect();
    let others = after.labelled(&DocumentId::CLIENTS.looked_up());
    let others = others.filter(|(_, client)| id(client).is_none_or(|id| !own.contains(&id)));
    let others = others.map(|(label, client)| {
        let text = |member| client.get(member).and_then(Json::as_str).unwrap_or(label);
        (Err(format!("{} ({})", text("ClientName"), text("ClientId"))), client)
    });
    let own = after.labelled(&DocumentId::CLIENTS);
    let own = own.map(|(label, client)| (Ok(Path::members([DocumentId::CLIENTS.name(), label])), client));
    own.chain(others).collect()
}

fn texts<'a>(document: &'a Document, list: &str) -> impl Iterator<Item = &'a str> {
    document.get(list).into_iter().flat_map(elements).filter_map(Json::as_str)
}
