//! Documents of which each pool has one, and that a write replaces whole: what their operations have in common.

use serde_json::json;

use super::answer::Refusal;
use super::case::Case;
use super::ids;
use super::rules::{self, RefusalRule};
use super::state::{SideDocument, Single, State};
use crate::document::{Json, Object};

/// How such a document behaves.
pub(super) struct SingleRow {
    pub(super) single: Single,
    /// The operations that read and that write it.
    pub(super) operations: [&'static str; 2],
    /// The member of both responses that has it; `None` if the response is the document.
    pub(super) wrapper: Option<&'static str>,
    /// Whether the service writes the date of the last change to it.
    pub(super) is_dated: bool,
    /// Returns why a pool has none, so that both operations are refused.
    pub(super) off: fn(&State) -> Option<Refusal>,
    /// Makes what is kept out of a request.
    pub(super) kept: fn(&mut Object),
    /// Makes what a read shows out of what is kept.
    pub(super) shown: fn(&mut Object),
    pub(super) rules: &'static [RefusalRule],
}

impl SingleRow {
    /// The pool after a write: the document is the request's. **\[D\]**
    pub(super) fn written(&self, live: &State, request: &Object, region: &str) -> Result<State, Refusal> {
        (self.off)(live).map_or(Ok(()), Err)?;
        let mut document = request.clone();
        document.shift_remove("UserPoolId");
        (self.kept)(&mut document);
        if self.is_dated {
            document.insert("LastModifiedDate".to_owned(), ids::now());
        }
        let mut after = live.clone();
        *SideDocument::Single(self.single).of_mut(&mut after) = document;
        rules::check(self.rules, &Case { request, live: Some(live), after: &after, region })?;
        Ok(after)
    }

    /// What both operations answer.
    pub(super) fn answer(&self, pool_id: &str, state: &State) -> Result<Json, Refusal> {
        (self.off)(state).map_or(Ok(()), Err)?;
        let mut document = SideDocument::Single(self.single).of(state).cloned().unwrap_or_default();
        document = of_pool(pool_id, document);
        (self.shown)(&mut document);
        let document = Json::Object(document);
        Ok(match self.wrapper {
            Some(wrapper) => json!({ wrapper: document }),
            None => document,
        })
    }
}

/// The document with the pool's id, which is its first member.
pub(super) fn of_pool(pool_id: &str, mut document: Object) -> Object {
    document.shift_insert(0, "UserPoolId".to_owned(), json!(pool_id));
    document
}
