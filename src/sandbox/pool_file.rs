//! What a pool's file has: the documents of the pool, under their members.

use std::path::Path as FsPath;

use super::state::{SideDocument, State};
use super::{SandboxError, sides, slots};
use crate::document::saved::{self, Misfit};
use crate::document::{Json, Object};

/// The document that a pool's file has.
pub(super) fn document_of(mut state: State, id: &str) -> Json {
    let sides = SideDocument::ALL.into_iter().filter_map(|side| Some((side, side.take(&mut state)?)));
    let sides: Vec<(SideDocument, Object)> = sides.collect();
    let mut document = Object::new();
    document.insert("UserPool".to_owned(), Json::Object(state.pool));
    for (side, found) in sides {
        let found = sides::written(side, found, id);
        document.extend(found.map(|found| (side.member().to_owned(), found)));
    }
    Json::Object(document)
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
    let mut state = State { mfa, ..State::of_pool(pool) };
    let id = state.pool.get("Id").and_then(Json::as_str).unwrap_or_default().to_owned();
    for (side, found) in beside {
        *side.of_mut(&mut state) =
            sides::read(side, found, &id).map_err(|reason| invalid(path, reason, CORRECT))?;
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
