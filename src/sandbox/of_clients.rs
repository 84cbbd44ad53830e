//! Documents of which each app client has one: what their operations have in common, and what each does.

use serde_json::json;

use super::answer::Refusal;
use super::case::text;
use super::state::{Collection, SideDocument, State};
use crate::document::{Json, Object};

/// How a document behaves that a write replaces whole.
pub(super) struct OfClientRow {
    pub(super) collection: Collection,
    /// The operations that read and that write it.
    pub(super) operations: [&'static str; 2],
    /// Adds what a read shows where nothing was set.
    pub(super) shown: fn(&mut Object),
    /// Returns why a write is refused, from the pool.
    pub(super) refused: fn(&State) -> Option<Refusal>,
}

/// Sessions of app clients: a read has them even if no call has set them. **\[D\]**
const SESSIONS: OfClientRow = OfClientRow {
    collection: Collection::ClientSessions,
    operations: ["GetUserPoolClientSessionConfiguration", "SetUserPoolClientSessionConfiguration"],
    shown: |document| {
        document.entry("SSOSession").or_insert_with(|| json!({"MaxValidityMinutes": 60}));
    },
    refused: |state| {
        // [D] the tiers, [I] the words. A pool without a tier is an old one: not judged.
        (text(&state.pool, "UserPoolTier") == Some("LITE")).then(|| {
            Refusal::new(
                "FeatureUnavailableInTierException",
                "Session configuration is not available in the LITE tier.",
            )
        })
    },
};

/// The row of an operation on such a document, and whether the operation writes.
pub(super) fn row(operation: &str) -> Option<(&'static OfClientRow, bool)> {
    const ROWS: [&OfClientRow; 1] = [&SESSIONS];
    let position = |row: &OfClientRow| row.operations.iter().position(|own| *own == operation);
    ROWS.into_iter().find_map(|row| Some((row, position(row)? == 1)))
}

impl OfClientRow {
    /// The pool after a write: the document is the request's. **\[D\]**
    pub(super) fn written(&self, live: &State, request: &Object) -> Result<State, Refusal> {
        exists(live, request)?;
        (self.refused)(live).map_or(Ok(()), Err)?;
        let mut after = live.clone();
        let documents = SideDocument::Keyed(self.collection).of_mut(&mut after);
        documents.insert(client(request).to_owned(), Json::Object(request.clone()));
        Ok(after)
    }

    /// What both operations answer.
    pub(super) fn answer(&self, state: &State, request: &Object) -> Result<Json, Refusal> {
        exists(state, request)?;
        let known = SideDocument::Keyed(self.collection).of(state);
        let document = known.and_then(|documents| documents.get(client(request))?.as_object().cloned());
        let mut document = document.unwrap_or_default();
        for name in ["UserPoolId", "ClientId"] {
            document.extend(request.get(name).map(|value| (name.to_owned(), value.clone())));
        }
        (self.shown)(&mut document);
        Ok(Json::Object(document))
    }
}

/// Takes the documents of an app client that is deleted out of a pool.
pub(super) fn forget(state: &mut State, client: &str) {
    for collection in Collection::OF_CLIENTS {
        let Some(documents) = state.collections.get_mut(&collection) else { continue };
        documents.retain(|_, document| document.get("ClientId").is_none_or(|id| id != client));
    }
}

/// Refuses a request about an app client that the pool lacks. **\[R\]**
pub(super) fn exists(state: &State, request: &Object) -> Result<(), Refusal> {
    let clients = SideDocument::Keyed(Collection::Clients).of(state);
    match clients.is_some_and(|clients| clients.contains_key(client(request))) {
        true => Ok(()),
        false => {
            let message = format!("User pool client {} does not exist.", client(request));
            Err(Refusal::new("ResourceNotFoundException", message))
        }
    }
}

fn client(request: &Object) -> &str {
    request.get("ClientId").and_then(Json::as_str).unwrap_or_default()
}
