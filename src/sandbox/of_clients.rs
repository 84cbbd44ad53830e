//! Documents of which each app client has one: what their operations have in common, and what each does.

use std::sync::Arc;

use serde_json::json;

use super::answer::Refusal;
use super::case::Case;
use super::rules::{self, RefusalRule};
use super::state::{Collection, SideDocument, Single, State};
use super::{ids, tiers};
use crate::document::{Json, Object};

/// How a document behaves that a write replaces whole.
pub(super) struct OfClientRow {
    pub(super) collection: Collection,
    /// The operations that read and that write it.
    pub(super) operations: [&'static str; 2],
    /// The member of both responses that has it; `None` if the response is the document.
    pub(super) wrapper: Option<&'static str>,
    /// Whether the service writes the date of the last change to it.
    pub(super) is_dated: bool,
    /// The document of the pool that a client without one of its own has.
    pub(super) inherits: Option<Single>,
    /// Makes what is kept out of a request.
    pub(super) kept: fn(&mut Object),
    /// Adds what a read shows where nothing was set.
    pub(super) shown: fn(&mut Object),
    /// Returns why a pool has none, so that both operations are refused.
    pub(super) off: fn(&State) -> Option<Refusal>,
    pub(super) rules: &'static [RefusalRule],
}

/// Sessions of app clients: a read has them even if no call has set them. **\[D\]**
pub(super) const SESSIONS: OfClientRow = OfClientRow {
    collection: Collection::ClientSessions,
    operations: ["GetUserPoolClientSessionConfiguration", "SetUserPoolClientSessionConfiguration"],
    wrapper: None,
    is_dated: false,
    inherits: None,
    kept: |_| {},
    shown: |document| {
        document.entry("SSOSession").or_insert_with(|| json!({"MaxValidityMinutes": 60}));
    },
    off: |_| None,
    rules: &[on_lite],
};

/// The exception **\[M\]**, the tier **\[D\]**, the words **\[I\]**.
fn on_lite(case: &Case<'_>) -> Option<Refusal> {
    tiers::unavailable(case, &["LITE"], "User Session Tracking")
}

impl OfClientRow {
    /// The pool after a write: the document is the request's. **\[D\]** A request with no members leaves none, where
    /// the client then has the pool's. **\[D\]**
    pub(super) fn written(&self, live: &State, request: &Object, region: &str) -> Result<State, Refusal> {
        exists(live, request)?;
        (self.off)(live).map_or(Ok(()), Err)?;
        let mut document = request.clone();
        (self.kept)(&mut document);
        let has_members = document.keys().any(|name| !ADDRESS.contains(&name.as_str()));
        if self.is_dated {
            document.insert("LastModifiedDate".to_owned(), ids::now());
        }
        let mut after = live.clone();
        let documents = SideDocument::Keyed(self.collection).of_mut(&mut after);
        match has_members || self.inherits.is_none() {
            true => drop(documents.insert(client(request).to_owned(), Json::Object(document))),
            false => drop(documents.shift_remove(client(request))),
        }
        rules::check(self.rules, &Case { request, live: Some(live), after: &after, region })?;
        Ok(after)
    }

    /// What both operations answer.
    pub(super) fn answer(&self, state: &State, request: &Object) -> Result<Json, Refusal> {
        exists(state, request)?;
        (self.off)(state).map_or(Ok(()), Err)?;
        let known = SideDocument::Keyed(self.collection).of(state);
        let own = known.and_then(|documents| documents.get(client(request))?.as_object().cloned());
        let pools = || self.inherits.map(|single| SideDocument::Single(single).of(state).cloned());
        // [I] The pool's document does not name the client.
        let (mut document, address) = match (own, pools()) {
            (None, Some(pools)) => (pools.unwrap_or_default(), &ADDRESS[..1]),
            (own, _) => (own.unwrap_or_default(), &ADDRESS[..]),
        };
        for name in address {
            document.extend(request.get(*name).map(|value| ((*name).to_owned(), value.clone())));
        }
        (self.shown)(&mut document);
        let document = Json::Object(document);
        Ok(match self.wrapper {
            Some(wrapper) => json!({ wrapper: document }),
            None => document,
        })
    }
}

/// The members of a request that name the document.
const ADDRESS: [&str; 2] = ["UserPoolId", "ClientId"];

/// Takes the documents of an app client that is deleted out of a pool. Its CIMD policies stay, without its id. **\[D\]**
pub(super) fn forget(state: &mut State, client: &str) {
    for collection in Collection::OF_CLIENTS {
        let Some(documents) = state.collections.get_mut(&collection) else { continue };
        Arc::make_mut(documents).retain(|_, document| document.get("ClientId").is_none_or(|id| id != client));
    }
    let policies = state.collections.get_mut(&Collection::CimdPolicies);
    for policy in
        policies.into_iter().map(Arc::make_mut).flat_map(Object::values_mut).filter_map(Json::as_object_mut)
    {
        policy.retain(|name, id| name != "ClientId" || id != client);
    }
}

/// Refuses a request about an app client that the pool lacks. **\[R\]**
pub(super) fn exists(state: &State, request: &Object) -> Result<(), Refusal> {
    let clients = SideDocument::Keyed(Collection::Clients).of(state);
    match clients.is_some_and(|clients| clients.contains_key(client(request))) {
        true => Ok(()),
        false => {
            let message = format!("User pool client {} does not exist.", client(request));
            Err(Refusal::missing(message))
        }
    }
}

fn client(request: &Object) -> &str {
    request.get("ClientId").and_then(Json::as_str).unwrap_or_default()
}
