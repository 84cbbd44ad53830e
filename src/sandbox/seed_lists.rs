//! Lists of documents in a seed, as `poolctl snapshot` and backups write them.

use serde_json::json;

use super::ids;
use super::state::{Collection, SideDocument, State};
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

/// The documents in the file of `side`, which was checked: a list without what is around it, and of app clients the
/// documents that hang on them apart.
pub(super) fn apart(side: SideDocument, mut document: Json) -> SideDocuments {
    let SideDocument::Keyed(_) = side else { return vec![(side, document)] };
    let mut list = document.get_mut(side.listed()).map(Json::take).unwrap_or_default();
    let mut hanging = Vec::new();
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
                    hanging.push((collection, Json::Object(found)));
                }
            }
        }
    }
    let of = |collection| {
        let own = hanging.iter().filter(|(of, _)| *of == collection).map(|(_, document)| document.clone());
        (SideDocument::Keyed(collection), own.collect::<Json>())
    };
    let hung = Collection::OF_CLIENTS.into_iter().map(of).filter(|(_, own)| *own != json!([]));
    let hung: Vec<_> = hung.collect();
    std::iter::once((side, list)).chain(hung).collect()
}

/// The first document of an app client that the pool does not have, and the name of its list.
pub(super) fn orphan(pool: &State) -> Option<(&'static str, String)> {
    let clients = CLIENTS.of(pool);
    Collection::OF_CLIENTS.into_iter().find_map(|collection| {
        let side = SideDocument::Keyed(collection);
        let named = side.of(pool).into_iter().flat_map(Object::values);
        let mut named = named.filter_map(|document| document.get("ClientId")?.as_str());
        let lacking = named.find(|id| !clients.is_some_and(|clients| clients.contains_key(*id)))?;
        Some((side.member(), lacking.to_owned()))
    })
}
