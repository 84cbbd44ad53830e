//! What documents name in other documents of the pool.

use std::collections::{BTreeMap, BTreeSet};

use super::view::elements;
use crate::catalogue::{Listing, RESOURCES, ReadScope};
use crate::document::{Document, DocumentId, DocumentState, Json, Path, Snapshot};
use crate::rules::named::named;

/// A name that goes with a change while documents still have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StillNamed {
    /// The document that it goes with.
    pub owner: DocumentId,
    /// The name.
    pub name: String,
    /// The documents that have it, in general: `these app clients`.
    pub users: &'static str,
    /// What to do with them, as an instruction.
    pub remedy: &'static str,
    /// The members that have it.
    pub by: Vec<NameUse>,
}

/// A member of a document that has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameUse {
    /// The member.
    pub member: &'static str,
    /// The document, if the manifest declares it; else its name and its id.
    pub user: Result<Path, String>,
}

impl StillNamed {
    /// The members that have the name, as a message names them.
    pub fn by_name(&self) -> String {
        let users: Vec<String> = self.by.iter().map(ToString::to_string).collect();
        named(&users)
    }
}

impl std::fmt::Display for NameUse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.user {
            Ok(path) => write!(f, "`{path}` in `{}`", self.member),
            Err(user) => write!(f, "{user} in `{}`", self.member),
        }
    }
}

/// A member of documents that is a name of what the pool has elsewhere, or a list of such names.
struct NameList {
    /// The documents that have the member.
    by: DocumentId,
    /// These documents, and what to do with them where the name goes, as messages say it.
    words: (&'static str, &'static str),
    /// The member.
    member: &'static str,
    /// Whether a text there is such a name.
    is_name: fn(&str) -> bool,
    /// The documents that have what is named.
    of: DocumentId,
    /// The names that such a document of this label gives.
    names: fn(&str, &Document) -> Vec<String>,
    /// Whether what is named lets somebody in: drift then says who names a document that nobody declares.
    lets_in: bool,
}

/// Of app clients.
const CLIENTS: (&str, &str) = ("these app clients", "remove the name from these clients");

static LISTS: [NameList; 3] = [
    NameList {
        by: DocumentId::CLIENTS,
        words: CLIENTS,
        member: "AllowedOAuthScopes",
        is_name: |scope| scope.contains('/'),
        of: DocumentId::RESOURCE_SERVERS,
        names: scopes,
        lets_in: false,
    },
    NameList {
        by: DocumentId::CLIENTS,
        words: CLIENTS,
        member: "SupportedIdentityProviders",
        is_name: |name| name != "COGNITO",
        of: DocumentId::IDENTITY_PROVIDERS,
        names: |label, _| vec![label.to_owned()],
        lets_in: true,
    },
    // Cognito keeps the policy of an app client that goes, without its id. [D]
    NameList {
        by: DocumentId::CIMD_POLICIES,
        words: ("these CIMD policies", "give these policies another `ClientId`, or remove them"),
        member: "ClientId",
        is_name: |_| true,
        of: DocumentId::CLIENTS,
        names: |_, client| texts(client, "ClientId").map(str::to_owned).collect(),
        lets_in: false,
    },
];

/// The lists that decide whether the documents that a change makes or updates name what exists, and whether what it
/// removes is still named: the names of a list, or all its documents.
pub fn references(before: &Snapshot, after: &Snapshot) -> BTreeMap<DocumentId, ReadScope> {
    let mut lists = BTreeMap::new();
    for list in LISTS.iter().filter(|list| list.is_begun(before, after)) {
        let is_read = after.state(&list.of) != DocumentState::Unread;
        lists.extend((!is_read).then(|| (list.of.clone(), ReadScope::Names)));
    }
    let users = LISTS.iter().filter(|list| !list.gone(before, after).is_empty());
    lists.extend(users.map(|list| (list.by.clone(), ReadScope::Lookup)));
    lists
}

/// The names that go while a document still has them.
pub fn still_named(before: &Snapshot, after: &Snapshot) -> Vec<StillNamed> {
    let mut still = Vec::new();
    for list in &LISTS {
        let gone = list.gone(before, after);
        let all = if gone.is_empty() { Vec::new() } else { list.users(before, after) };
        for (name, owner) in gone {
            let by = all.iter().filter(|(_, user)| texts(user, list.member).any(|own| own == name));
            let by: Vec<NameUse> =
                by.map(|(user, _)| NameUse { member: list.member, user: user.clone() }).collect();
            let (users, remedy) = list.words;
            still.extend((!by.is_empty()).then_some(StillNamed { owner, name, users, remedy, by }));
        }
    }
    still
}

/// The lists of documents that let somebody in once others name them, each with the list of these others.
pub fn entrances() -> impl Iterator<Item = (&'static DocumentId, &'static DocumentId)> {
    LISTS.iter().filter(|list| list.lets_in).map(|list| (&list.of, &list.by))
}

/// The documents that name a document which lets somebody in; `None` if not all of these were read and none of those that
/// were names it.
pub fn named_by(pool: &Snapshot, id: &DocumentId) -> Option<Vec<String>> {
    let label = id.label()?;
    let list = LISTS.iter().find(|list| list.lets_in && list.of.labelled(label) == *id)?;
    let users = list.users(pool, pool).into_iter();
    let users = users.filter(|(_, user)| texts(user, list.member).any(|own| own == label));
    let users: Vec<String> = users
        .map(|(user, _)| match user {
            Ok(path) => path.to_string(),
            Err(user) => user,
        })
        .collect();
    let lists = [list.by.clone(), list.by.looked_up()];
    let is_read = lists.iter().filter_map(|of| Some((of, pool.document(of)?))).any(|(of, labels)| {
        let mut ids = labels.members().map(|(label, _)| of.labelled(label));
        ids.all(|id| match pool.state(&id) {
            // A look reads what was not read before, and what was is not looked up.
            DocumentState::Unread if of.is_looked_up() => pool.state(&id.read()) != DocumentState::Unread,
            DocumentState::Unread => !matches!(pool.looked_up(&id), DocumentState::Unread),
            _ => true,
        })
    });
    (is_read || !users.is_empty()).then_some(users)
}

impl NameList {
    /// Whether a document that a change makes or updates has names.
    fn is_begun(&self, before: &Snapshot, after: &Snapshot) -> bool {
        let mut users = after.labelled(&self.by);
        users.any(|(label, user)| {
            before.document(&self.by.labelled(label)) != Some(user)
                && texts(user, self.member).any(self.is_name)
        })
    }

    /// The documents that have the member after a change, as far as they are known, each with what a message calls it: those
    /// that were looked up, as the change leaves them.
    fn users<'a>(
        &self,
        before: &'a Snapshot,
        after: &'a Snapshot,
    ) -> Vec<(Result<Path, String>, &'a Document)> {
        let Listing { key, name, .. } = listing(&self.by).unwrap_or(&Listing::POOLS);
        let id = |user: &Document| user.get(key).and_then(Json::as_str).map(str::to_owned);
        let own: BTreeSet<String> = before.labelled(&self.by).filter_map(|(_, user)| id(user)).collect();
        let others = after.labelled(&self.by.looked_up());
        let others = others.filter(|(_, user)| id(user).is_none_or(|id| !own.contains(&id)));
        let others = others.map(|(label, user)| {
            let text = |member: &str| user.get(member).and_then(Json::as_str).unwrap_or(label);
            (Err(format!("{} ({})", text(name.unwrap_or(key)), text(key))), user)
        });
        let own = after.labelled(&self.by);
        let own = own.map(|(label, user)| (Ok(Path::members([self.by.name(), label])), user));
        own.chain(others).collect()
    }

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

/// The documents that a change makes and whose only name is that of a document which the pool does not have then, as far as
/// these are known: each with the name.
pub fn orphans(before: &Snapshot, after: &Snapshot) -> Vec<(DocumentId, String)> {
    let mut orphans = Vec::new();
    for list in LISTS.iter().filter(|list| after.document(&list.of).is_some()) {
        let known = list.all(after);
        let key = |item: &Json| Some(item.get(listing(&list.of)?.key)?.as_str()?.to_owned());
        let items = after.document(&list.of).into_iter().flat_map(Document::members);
        let stays = |label: &str| after.state(&list.of.labelled(label)) != DocumentState::Absent;
        let listed: BTreeSet<String> =
            items.filter(|(label, _)| stays(label)).filter_map(|(_, item)| key(item)).collect();
        for (label, user) in after.labelled(&list.by) {
            let id = list.by.labelled(label);
            let name = user.get(list.member).and_then(Json::as_str);
            let is_lost = |name: &&str| !known.contains_key(*name) && !listed.contains(*name);
            let name = name.filter(is_lost).filter(|_| before.state(&id) == DocumentState::Absent);
            orphans.extend(name.map(|name| (id, name.to_owned())));
        }
    }
    orphans
}

/// The app clients that would begin to name a document by a change, without that name.
pub fn without_name(before: &Snapshot, after: &Snapshot, gone: &DocumentId) -> Vec<(DocumentId, Document)> {
    let mut clients = Vec::new();
    let is_its = |list: &&NameList| {
        list.by == DocumentId::CLIENTS && list.of.labelled(gone.label().unwrap_or_default()) == *gone
    };
    for list in LISTS.iter().filter(is_its) {
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

fn listing(of: &DocumentId) -> Option<&'static Listing> {
    RESOURCES.into_iter().find(|resource| resource.document == *of)?.listing
}

/// The text of a member, or the texts of a list.
fn texts<'a>(document: &'a Document, member: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    let value = document.get(member);
    let own = value.and_then(Json::as_str).into_iter();
    own.chain(value.into_iter().flat_map(elements).filter_map(Json::as_str))
}
