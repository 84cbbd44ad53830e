//! Lists of documents in a seed, as `poolctl snapshot` and backups write them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::state::{Collection, SideDocument, State};
use super::{client_rules, ids};
use crate::document::{DocumentKind, Json, Object};

/// Documents other than the pool's own, as files have them.
pub(super) type SideDocuments = Vec<(SideDocument, Json)>;

/// The list of app clients.
pub(super) const CLIENTS: SideDocument = SideDocument::Keyed(Collection::Clients);

/// The documents that are members of an app client there, and the collections that the sandbox keeps them in.
pub(super) const HANGING: [(&str, Collection); 6] = [
    ("riskConfiguration", Collection::ClientRisks),
    ("uiCustomization", Collection::ClientUis),
    ("sessionConfiguration", Collection::ClientSessions),
    ("branding", Collection::Branding),
    ("termsOfUse", Collection::Terms),
    ("privacyPolicy", Collection::Terms),
];

/// The other documents of a backup, in the form of their own files. A label without a document stands
/// for one that did not exist.
pub(super) fn of_backup(document: &mut Json) -> SideDocuments {
    let is_backup = |members: &Object| DocumentKind::of(members) == Some(DocumentKind::Backup);
    let Some(members) = document.as_object_mut().filter(|members| is_backup(members)) else {
        return Vec::new();
    };
    let branches = members.shift_remove("branches");
    // The rest is about the run that wrote it.
    members.retain(|name, _| matches!(&**name, "UserPool" | "MfaConfig"));
    let Some(Json::Object(mut branches)) = branches else { return Vec::new() };
    let mut own = |side: SideDocument| {
        let found = branches.shift_remove(side.key()?)?;
        Some(match (side, found) {
            (SideDocument::Keyed(_), Json::Object(labelled)) => {
                let present = labelled.into_iter().map(|(_, one)| one).filter(|one| !one.is_null());
                (side, json!({ side.listed(): present.collect::<Vec<_>>() }))
            }
            (_, found) => (side, found),
        })
    };
    SideDocument::ALL.into_iter().filter_map(&mut own).collect()
}

/// A document of a seed.
pub(super) struct SeedDocument {
    pub(super) side: SideDocument,
    /// What its file calls it.
    pub(super) name: String,
    pub(super) document: Json,
}

/// The documents in the file of `side`, which was checked: a list without what is around it, and of app clients the
/// documents that hang on them apart.
pub(super) fn apart(side: SideDocument, mut document: Json) -> Vec<SeedDocument> {
    let name = side.listed().to_owned();
    let SideDocument::Keyed(_) = side else { return vec![SeedDocument { side, name, document }] };
    let mut list = document.get_mut(side.listed()).map(Json::take).unwrap_or_default();
    let mut hung: BTreeMap<Collection, (&str, Vec<Json>)> = BTreeMap::new();
    if side == CLIENTS {
        for client in list.as_array_mut().into_iter().flatten().filter_map(Json::as_object_mut) {
            // A plan has it of each client, and no read has it. A snapshot has it instead of the secret.
            let at = client.keys().position(|name| name == "GenerateSecret").unwrap_or_default();
            let has_secret = client.shift_remove("GenerateSecret") == Some(Json::Bool(true));
            if has_secret
                && !["ClientSecret", "ClientSecretArn"].iter().any(|name| client.contains_key(*name))
            {
                client.shift_insert(at, "ClientSecret".to_owned(), ids::client_secret().into());
            }
            let id = client.get("ClientId").cloned().unwrap_or_default();
            for (key, collection) in HANGING {
                let found = client.shift_remove(key);
                // One without members is the pool's.
                if let Some(Json::Object(mut found)) =
                    found.filter(|found| found.as_object().is_some_and(|found| !found.is_empty()))
                {
                    found.entry("ClientId").or_insert_with(|| id.clone());
                    hung.entry(collection).or_insert((key, Vec::new())).1.push(Json::Object(found));
                }
            }
        }
    }
    let own = SeedDocument { side, name, document: list };
    let hung = hung.into_iter().map(|(collection, (key, documents))| SeedDocument {
        side: SideDocument::Keyed(collection),
        name: format!("{}[*].{key}", side.listed()),
        document: documents.into(),
    });
    std::iter::once(own).chain(hung).collect()
}

/// The pool without the secrets of its app clients: one that a seed does not have is another one at each reading.
pub(super) fn without_secrets(pool: &State) -> State {
    let mut pool = pool.clone();
    if CLIENTS.of(&pool).is_some() {
        let clients = CLIENTS.of_mut(&mut pool).values_mut().filter_map(Json::as_object_mut);
        clients.for_each(|client| drop(client.shift_remove("ClientSecret")));
    }
    pool
}

/// The first document of an app client that does not fit the pool, in words that follow the file's name, and what to do
/// about it.
pub(super) fn misfit(pool: &State) -> Option<(String, String)> {
    let clients = CLIENTS.of(pool);
    Collection::OF_CLIENTS.into_iter().find_map(|collection| {
        let side = SideDocument::Keyed(collection);
        let list = side.member();
        let mut known = BTreeSet::new();
        side.of(pool).into_iter().flatten().find_map(|(key, document)| {
            let text = |name| document.get(name).and_then(Json::as_str);
            let Some(client) = text("ClientId") else {
                let help = "add the id of its app client, or delete the document".to_owned();
                return Some((format!("its `{list}` has `{key}` without a `ClientId`"), help));
            };
            if !clients.is_some_and(|clients| clients.contains_key(client)) {
                let reason = format!(
                    "its `{list}` has a document of the app client {client}, which the pool does not have"
                );
                let help = "add the app client to `UserPoolClients`, or delete the document".to_owned();
                return Some((reason, help));
            }
            let is_second = !known.insert((client, text("TermsName")));
            is_second.then(|| {
                let reason = format!("its `{list}` has two documents of the app client {client}");
                (reason, "delete one of them: an app client has one".to_owned())
            })
        })
    })
}

/// What app clients name and the pool does not have, in words that follow the file's name: a seed may have some of a
/// pool's documents.
pub(super) fn lacking(pool: &State) -> Vec<String> {
    let clients = CLIENTS.of(pool).into_iter().flatten();
    let lacking = clients.filter_map(|(id, client)| Some((id, client.as_object()?))).flat_map(|(id, client)| {
        let provider = client_rules::unknown_provider(pool, client)
            .map(|name| ("identity provider", name, "IdentityProviders"));
        let scope =
            client_rules::unknown_scope(pool, client).map(|name| ("scope", name, "ResourceServers"));
        provider.into_iter().chain(scope).map(move |(kind, name, list)| {
            format!(
                "its app client {id} names the {kind} `{name}`, which the pool does not have, so the sandbox refuses updates of the client. To avoid that, add it to `{list}`"
            )
        })
    });
    lacking.collect()
}
