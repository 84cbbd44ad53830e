//! Digests of values that a file may not hold.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::document::{Json, Object, Path};

/// The SHA-256 of some bytes, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    Fingerprint(Sha256::digest(bytes).into()).to_string()
}

/// A SHA-256, which a file has in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fingerprint([u8; 32]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let (pairs, rest) = text.as_bytes().as_chunks();
        let byte = |[high, low]: &[u8; 2]| Some(digit(*high)? << 4 | digit(*low)?);
        let bytes = pairs.iter().map(byte).collect::<Option<Vec<u8>>>().filter(|_| rest.is_empty());
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| serde::de::Error::custom("a fingerprint is not 64 hexadecimal digits"))
    }
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
    pub(super) fn of(&self, path: &Path, before: Option<&Json>, after: Option<&Json>) -> Fingerprint {
        let side = |value: Option<&Json>| Json::Array(value.map(sorted).into_iter().collect());
        let texts = [self.salt.to_owned(), self.pool.to_owned(), path.to_string()].map(Json::String);
        let all: Vec<Json> = texts.into_iter().chain([side(before), side(after)]).collect();
        Fingerprint(Sha256::digest(Json::Array(all).to_string()).into())
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

/// The digest of a document, whose members come one after another: the SHA-256 of its text without blanks and without
/// its own digest.
#[derive(Default)]
pub(super) struct DocumentDigest {
    hash: Sha256,
    /// Whether there are members so far.
    has_members: bool,
    /// Whether the list has elements so far.
    has_elements: bool,
}

impl DocumentDigest {
    /// Adds a member.
    pub(super) fn member(&mut self, name: &str, value: &Json) {
        self.name(name);
        self.hash.update(value.to_string());
    }

    /// Adds an element of the list that is the member `name`; its first one begins the list.
    pub(super) fn element(&mut self, name: &str, value: &Json) {
        match std::mem::replace(&mut self.has_elements, true) {
            true => self.hash.update(","),
            false => {
                self.name(name);
                self.hash.update("[");
            }
        }
        self.hash.update(value.to_string());
    }

    /// Ends the list that is the member `name`.
    pub(super) fn end_list(&mut self, name: &str) {
        match std::mem::take(&mut self.has_elements) {
            true => self.hash.update("]"),
            false => self.member(name, &Json::Array(Vec::new())),
        }
    }

    fn name(&mut self, name: &str) {
        self.hash.update(if std::mem::replace(&mut self.has_members, true) { "," } else { "{" });
        self.hash.update(Json::from(name).to_string());
        self.hash.update(":");
    }

    /// The digest, in hexadecimal.
    pub(super) fn end(mut self) -> String {
        self.hash.update(if self.has_members { "}" } else { "{}" });
        Fingerprint(self.hash.finalize().into()).to_string()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_digest_of_the_parts_is_the_one_of_the_whole() {
        for list in [json!([]), json!([1]), json!([{ "a": "\u{e9}\n" }, [], 1.10])] {
            let document = json!({ "first": "x", "list": list, "last": { "b": null } });
            let mut parts = DocumentDigest::default();
            parts.member("first", &document["first"]);
            list.as_array().unwrap().iter().for_each(|element| parts.element("list", element));
            parts.end_list("list");
            parts.member("last", &document["last"]);
            assert_eq!(parts.end(), digest(document.to_string().as_bytes()));
        }
        assert_eq!(DocumentDigest::default().end(), digest(b"{}"));
    }

    #[test]
    fn a_fingerprint_is_read_as_it_is_written_and_nothing_else_is_one() {
        let print = Fingerprint(Sha256::digest("x").into());
        let text = serde_json::to_string(&print).unwrap();
        assert_eq!(serde_json::from_str::<Fingerprint>(&text).unwrap(), print);
        for other in [&text[..64], &text.replace('2', "g"), "\"\"", "7"] {
            assert!(serde_json::from_str::<Fingerprint>(other).is_err(), "{other}");
        }
    }
}
