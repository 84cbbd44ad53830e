//! Where the documents, as they are read, have what a canonical path names. Nothing else translates between the two.

use super::resources::{RESOURCES, mfa, pool};
use super::{Catalogue, Resource};
use crate::document::{DocumentId, Json, Path, Seg, Snapshot, json};

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentPlace {
    /// The resource whose document it is.
    pub resource: &'static Resource,
    /// The path in the document; the root if the canonical path names the document itself.
    pub path: Path,
}

impl Catalogue {
    /// The resource to which a canonical path belongs. What no model knows belongs to the pool.
    pub fn resource(&self, at: &Path) -> &'static Resource {
        let Some(head) = at.head() else { return &pool::POOL };
        let apart = RESOURCES.into_iter().find(|resource| resource.is_named(head));
        apart.or_else(|| Some(self.home(head)?.0.resource)).unwrap_or(&pool::POOL)
    }

    /// Whether a canonical member of this name is one of this document.
    pub(super) fn is_of(&self, name: &str, document: &DocumentId) -> bool {
        self.home(name).is_some_and(|(tree, top)| tree.resource.document == *document && top.updates)
    }

    /// Where the documents have what the canonical form shows at `at`.
    pub fn locate(&self, at: &Path) -> DocumentPlace {
        let resource = self.resource(at);
        let path = match resource.steps(at) {
            (Some(member), rest) => Path::members([member]).extended(rest),
            (None, rest) => Path::root().extended(rest),
        };
        DocumentPlace { resource, path }
    }

    /// The value of a setting in the document that has it.
    pub fn value<'a>(&self, live: &'a Snapshot, at: &Path) -> Option<&'a Json> {
        let resource = self.resource(at);
        let (member, rest) = resource.steps(at);
        json::follow(live.document(&resource.document)?.get(member?)?, rest)
    }

    /// Whether the documents have a setting. Of a path that names a document, whether that is present. While MFA is
    /// off, a pool has no factor, however the document shows them.
    pub fn has(&self, live: &Snapshot, at: &Path) -> bool {
        let DocumentPlace { resource, path } = self.locate(at);
        match live.document(&resource.document) {
            None => false,
            Some(_) if path.is_root() => true,
            Some(_) if mfa::is_factor(at) && self.is_mfa_off(live) => false,
            Some(document) => document.at(&path).is_some_and(|value| !value.is_null()),
        }
    }

    /// Puts a setting into the document that it belongs to.
    pub fn set(&self, live: &mut Snapshot, at: &Path, value: Json) {
        let DocumentPlace { resource, path } = self.locate(at);
        live.document_mut(resource.document.clone()).set(&path, value);
    }

    /// Takes a setting out of the document that has it.
    pub fn remove(&self, live: &mut Snapshot, at: &Path) {
        let DocumentPlace { resource, path } = self.locate(at);
        if live.document(&resource.document).is_some() {
            live.document_mut(resource.document.clone()).remove(&path);
        }
    }
}

impl Resource {
    /// The steps of a canonical path in its document: the name of the member at the top in reads, and the steps inside
    /// that member.
    pub(super) fn steps<'a>(&self, at: &'a Path) -> (Option<&'a str>, &'a [Seg]) {
        match at.segs() {
            [Seg::Member(head), Seg::Member(member), rest @ ..] if self.is_named(head) => {
                (Some(member), rest)
            }
            [Seg::Member(head), rest @ ..] if self.is_named(head) => (None, rest),
            [Seg::Member(head), rest @ ..] => (Some(self.read_name(head)), rest),
            steps => (None, steps),
        }
    }
}
