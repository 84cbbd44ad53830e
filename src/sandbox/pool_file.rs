//! What a pool's file has: the documents of the pool, under their members.

use std::path::Path as FsPath;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use super::state::{SideDocument, State};
use super::{SandboxError, sides, slots};
use crate::document::Json;
use crate::document::saved::{self, Misfit};

/// A pool in the form of its file.
pub(super) struct PoolFile<'a> {
    pub(super) state: &'a State,
    pub(super) id: &'a str,
}

impl Serialize for PoolFile<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("UserPool", &self.state.pool)?;
        for side in SideDocument::ALL {
            let document = side.of(self.state).cloned();
            if let Some(written) = document.and_then(|document| sides::written(side, document, self.id)) {
                members.serialize_entry(side.member(), &written)?;
            }
        }
        members.end()
    }
}

/// The pool that is read from a file to which `state` was written. What it shares with `before` was read from one.
///
/// # Errors
/// When another document than the pool's own is not valid.
pub(super) fn read_back(
    mut state: State,
    before: &State,
    id: &str,
    path: &FsPath,
) -> Result<State, SandboxError> {
    state.mfa = state.mfa.map(saved::without_clients_own);
    let is_known = state.pool.get("Id") == before.pool.get("Id");
    let mut beside = Vec::new();
    for side in SideDocument::ALL.into_iter().filter(|side| *side != SideDocument::Mfa) {
        if !(is_known && side.is_shared(&state, before)) {
            let document = side.take(&mut state);
            let written = document.and_then(|document| sides::written(side, document, id));
            beside.extend(written.map(|written| (side, written)));
        }
    }
    completed(state, beside, path)
}

/// The pool that a document of this file has.
///
/// # Errors
/// When it is not a saved pool.
pub(super) fn pool_of(mut document: Json, path: &FsPath) -> Result<State, SandboxError> {
    let beside = beside(&mut document);
    let misfit = |misfit: Misfit| {
        let help = if misfit == Misfit::OddMfa { CORRECT } else { DESCRIBE };
        invalid(path, format!("it {misfit}"), help)
    };
    let (pool, mfa) = saved::documents(document).map_err(misfit)?;
    completed(State { mfa, ..State::of_pool(pool) }, beside, path)
}

/// A pool with the other documents of its file.
fn completed(
    mut state: State,
    beside: Vec<(SideDocument, Json)>,
    path: &FsPath,
) -> Result<State, SandboxError> {
    let id = state.pool.get("Id").and_then(Json::as_str).unwrap_or_default().to_owned();
    for (side, found) in beside {
        *side.of_mut(&mut state) =
            sides::read(side, side.member(), found, &id).map_err(|reason| invalid(path, reason, CORRECT))?;
    }
    slots::complete(&mut state, &id);
    Ok(state)
}

/// Takes the documents beside the pool's out of a pool's file, but for that of MFA, which belongs to a snapshot.
fn beside(document: &mut Json) -> Vec<(SideDocument, Json)> {
    let Some(members) = document.as_object_mut() else { return Vec::new() };
    let sides = SideDocument::ALL.into_iter().filter(|side| *side != SideDocument::Mfa);
    let found = sides.filter_map(|side| Some((side, members.shift_remove(side.member())?)));
    found.filter(|(_, found)| !found.is_null()).collect()
}

/// The remedy for a file without a pool.
pub(super) const DESCRIBE: &str =
    "save the output of `aws cognito-idp describe-user-pool --output json` there, or move the file elsewhere";

/// The remedy for a pool's file with another wrong document in it.
pub(super) const CORRECT: &str = "correct the file, or delete that document from it: a pool can be without";

/// A file that is not a saved pool, and what to do about it.
pub(super) fn invalid(path: &FsPath, reason: impl Into<String>, help: impl Into<String>) -> SandboxError {
    SandboxError::State { path: path.to_owned(), reason: reason.into(), help: help.into() }
}
