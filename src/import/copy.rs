//! A copy of a pool: what of it a manifest of another one has.

use crate::catalogue::{Resource, path};
use crate::document::{self, Document, DocumentId, Json, Path, Seg, Snapshot};
use crate::manifest::{as_name, is_create_word};
use crate::rules::POOL_TAG;

/// The live documents of a pool under another name, without the tag that it may have been made with.
pub fn as_new(live: &Snapshot, name: &str) -> Snapshot {
    let mut copy = live.clone();
    copy.pool_mut().insert(Snapshot::NAME, Json::from(name));
    copy.pool_mut().remove(&Path::members([document::TAGS, POOL_TAG]));
    copy
}

/// The word of `create` for a pool of this name; `None` if the random part has too little in it.
pub fn word_of(name: &str, random: &str) -> Option<String> {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let slug: String = name.chars().map(plain).take(NAMED).collect();
    let parts: Vec<&str> = slug.split('-').filter(|part| !part.is_empty()).chain([random]).collect();
    Some(parts.join("-")).filter(|word| is_create_word(word))
}

/// The name of the secret for a setting of a copy: the branch says nothing that its label does not.
pub(super) fn secret_of(at: &Path) -> String {
    let names = at.segs().iter().filter_map(|seg| match seg {
        Seg::Member(name) => Some(&**name),
        Seg::Item(_) | Seg::Index(_) => None,
    });
    let names: Vec<&str> = names.filter(|name| !DocumentId::is_branch(name)).collect();
    as_name(&names.join("_"))
}

/// Gives a document the secrets that no read has and that the call which makes it needs, each without a value.
pub(super) fn add_needed(resource: &Resource, document: &mut Document) {
    for needed in resource.needed {
        let (member, value) = needed.of;
        let is_one = document.get(member).is_some_and(|own| value.is_none_or(|value| *own == value));
        let path = path(needed.member);
        if is_one && document.at(path).is_none() {
            document.set(path, Json::from(""));
        }
    }
}

/// So many characters of a pool's name are in the word.
const NAMED: usize = 64;

/// Whether a document's name is free for one pool at a time, so that a copy of the pool needs another.
pub(super) fn is_taken_by_one(resource: &Resource) -> bool {
    resource.listing.is_some() && !resource.read.names_pool
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_made_of_the_name_and_of_chance() {
        assert_eq!(word_of("Customers (EU)", "7f3k9q2m").as_deref(), Some("customers-eu-7f3k9q2m"));
        assert_eq!(word_of("Ünï", "7f3k9q2m").as_deref(), Some("n-7f3k9q2m"));
        assert_eq!(word_of("***", "7f3k9q2m").as_deref(), Some("7f3k9q2m"));
        assert_eq!(word_of("a", "abcdefgh"), None, "no digit");
    }
}
