//! Digests of values that a file may not hold.

use sha2::{Digest as _, Sha256};

use crate::document::{Json, Object, Path};

/// The SHA-256 of some bytes, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The key of a pool's fingerprints. The salt is unique to the file, so that two files, or two pools of one file, do
/// not reveal that they have the same value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fingerprints<'a> {
    pub(super) salt: &'a str,
    pub(super) pool: &'a str,
}

impl Fingerprints<'_> {
    /// The fingerprint of both values of a setting together; either may be absent.
    pub(super) fn of(&self, path: &Path, before: Option<&Json>, after: Option<&Json>) -> String {
        let side = |value: Option<&Json>| Json::Array(value.map(sorted).into_iter().collect());
        let texts = [self.salt.to_owned(), self.pool.to_owned(), path.to_string()].map(Json::String);
        let all: Vec<Json> = texts.into_iter().chain([side(before), side(after)]).collect();
        digest(Json::Array(all).to_string().as_bytes())
    }
}

/// The value with its members in the alphabet's order: what order the service sends them in means nothing.
fn sorted(value: &Json) -> Json {
    match value {
        Json::Array(elements) => Json::Array(elements.iter().map(sorted).collect()),
        Json::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort();
            let members = names.into_iter().map(|name| (name.clone(), sorted(&members[name])));
            Json::Object(members.collect::<Object>())
        }
        plain => plain.clone(),
    }
}

/// The digest of a whole document without its own digest.
pub(super) fn sum(document: &Json) -> String {
    let mut document = document.clone();
    if let Some(members) = document.as_object_mut() {
        members.shift_remove("digest");
    }
    digest(document.to_string().as_bytes())
}
