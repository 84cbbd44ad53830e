//! How the documents of a resource with labels are found.

use super::calls::{Call, POOL_ID};
use crate::document::{Document, Json, Object, Snapshot};

/// How the documents of a resource with labels are found: by a list, page by page.
#[derive(Debug)]
pub struct Listing {
    /// The call that lists.
    pub call: &'static Call,
    /// The member of the answer with the items of a page.
    pub items: &'static str,
    /// The member of the request with the size of a page, and the largest size; from the model. `None` if the request has
    /// no such member.
    pub page: Option<(&'static str, u32)>,
    /// A member of the request that leaves some items out, and its value.
    pub filter: Option<(&'static str, &'static str)>,
    /// The value of the filter for the items of applications that registered themselves, which may be thousands.
    pub registered: Option<&'static str>,
    /// The member of an item by which requests name the document.
    pub key: &'static str,
    /// The member of an item with a name that need not be the only one; `None` if the key is the name.
    pub name: Option<&'static str>,
    /// Other members of an item where the documents are not whole.
    pub also: &'static [&'static str],
    /// One of its documents: `group`.
    pub one: &'static str,
    /// The article before [`Self::one`]: `a` or `an`.
    pub article: &'static str,
    /// The members, as paths, that tell one document from another, beside its name. Two that agree in all that one of
    /// them has are taken for the same.
    pub likeness: &'static [&'static str],
    /// The members, as paths, that drift shows of a document without an entry in a manifest, after those of the list.
    pub told: &'static [&'static str],
    /// Lists of names that only one document of the pool may have.
    pub unique: &'static [&'static str],
    /// What differs in a document that is made again after its removal; `None` if a backup has all of it.
    pub made_again: Option<&'static str>,
    /// The members of the pool's document that have the keys, if [`Self::call`] reads that; empty for a call that lists.
    pub slots: &'static [Slot],
    /// The form of a key and the same in words, if the service takes another than the model's.
    pub key_form: Option<(&'static str, &'static str)>,
    /// The keys that the service keeps for itself, in any case of letters.
    pub reserved_keys: &'static [&'static str],
}

impl Listing {
    /// The replicas of a pool.
    pub const REPLICAS: Self = Self {
        call: &super::calls::LIST_USER_POOL_REPLICAS,
        items: "UserPoolReplicas",
        page: None,
        key: "RegionName",
        also: &["Role", "Status"],
        one: "replica",
        ..Self::OF_NAMES
    };

    /// The list of the pools of an account in a Region.
    pub const POOLS: Self = Self {
        call: &super::calls::LIST_USER_POOLS,
        items: "UserPools",
        page: Some(("MaxResults", 60)),
        key: Snapshot::ID,
        one: "pool",
        ..Self::OF_NAMES
    };

    /// A list of documents that have a name each, without special members.
    pub(super) const OF_NAMES: Self = Self {
        call: &super::calls::DESCRIBE_USER_POOL,
        items: "",
        page: None,
        filter: None,
        registered: None,
        key: "",
        name: None,
        also: &[],
        one: "",
        article: "a",
        likeness: &[],
        told: &[],
        unique: &[],
        made_again: None,
        slots: &[],
        key_form: None,
        reserved_keys: &[],
    };

    /// One of its documents, with its article: `a group`.
    pub fn an_item(&self) -> String {
        format!("{} {}", self.article, self.one)
    }

    /// The members of an item that a list has where the documents are not whole: of the document, its names.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        [Some(self.key), self.name, Some(POOL_ID)].into_iter().flatten().chain(self.also.iter().copied())
    }

    /// Whether an item has more than the names of its document.
    pub(super) fn has_more(&self, item: &Object) -> bool {
        item.keys().any(|member| self.names().all(|name| name != member))
    }

    /// The list of a resource whose documents the pool's document names.
    pub fn named_by(&self, pool: &Document) -> Vec<Object> {
        let keys = self.slots.iter().filter_map(|slot| pool.get(slot.member).filter(|key| !key.is_null()));
        keys.map(|key| Object::from_iter([(self.key.to_owned(), key.clone())])).collect()
    }

    /// The names of the documents in a list that may have them whole.
    pub fn named(&self, items: &[Object]) -> Vec<Object> {
        items.iter().map(|item| self.item(|name| item.get(name))).collect()
    }

    /// The item that a list has of a document with these members.
    pub fn item<'a>(&self, member: impl Fn(&str) -> Option<&'a Json>) -> Object {
        self.names().filter_map(|name| Some((name.to_owned(), member(name)?.clone()))).collect()
    }
}

/// A member of the pool's document with the key of one document of a resource. A pool has at most one in each.
#[derive(Debug)]
pub struct Slot {
    /// The member.
    pub member: &'static str,
    /// Whether a document with this key has its place there.
    pub takes: fn(&str) -> bool,
}
