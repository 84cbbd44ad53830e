//! Where the documents, as they are read, have what a canonical path names. Nothing else translates between the two.

use std::sync::Arc;

use super::resources::{RESOURCES, mfa, pool};
use super::{Catalogue, Resource};
use crate::document::{Document, DocumentId, Json, Object, Path, Seg, Snapshot, json};

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentPlace {
    /// The resource whose document it is.
    pub resource: &'static Resource,
    /// The document; the list of the resource if the canonical path has no label.
    pub document: DocumentId,
    /// The path in the document; the root if the canonical path names the document itself.
    pub path: Path,
}

impl Catalogue {
    /// The resource to which a canonical path belongs: the pool if the model has no such path.
    pub fn resource(&self, at: &Path) -> &'static Resource {
        let Some(head) = at.head() else { return &pool::POOL };
        match self.home(head) {
            Some((tree, _)) => tree.resource.hanging_at(at).unwrap_or(tree.resource),
            None => Resource::named(at).unwrap_or(&pool::POOL),
        }
    }

    /// Whether the document of this resource has what a canonical path names.
    pub fn is_in(&self, at: &Path, document: &DocumentId) -> bool {
        self.resource(at).document == *document
    }

    /// The canonical path of a document.
    pub fn root_of(&self, document: &DocumentId) -> Path {
        let resource = RESOURCES.into_iter().find(|resource| resource.document.name() == document.name());
        resource.map(|resource| resource.root_of(document)).unwrap_or_default()
    }

    /// The canonical path of the document that has what a canonical path names.
    pub fn document_root(&self, at: &Path) -> Path {
        let DocumentPlace { resource, document, .. } = self.locate(at);
        resource.root_of(&document)
    }

    /// The path of the document that the member at this path is the id of, if it is one.
    pub fn identified(&self, at: &Path) -> Option<Path> {
        let listing = self.resource(at).listing.filter(|listing| listing.name.is_some())?;
        let DocumentPlace { resource, document, path } = self.locate(at);
        (path == Path::members([listing.key])).then(|| resource.root_of(&document))
    }

    /// Whether a path is a document that comes and goes by itself, and no setting of one.
    pub fn is_document(&self, at: &Path) -> bool {
        self.setting(at).and_then(|field| field.row).is_some_and(|row| row.document)
    }

    /// Who else owns or makes the document with a label at `at`; `None` if it is an ordinary one, or if `at` is
    /// within a document.
    pub fn maker(&self, live: &Snapshot, at: &Path) -> Option<&'static str> {
        let (resource, document) = self.labelled(live, at)?;
        resource.owner(|name| document.get(name)).or_else(|| service_of(live, resource, &document))
    }

    /// Whether the service makes the document with a label at `at` by itself, such as the group of an identity provider.
    pub fn is_made_by_service(&self, live: &Snapshot, at: &Path) -> bool {
        let labelled = self.labelled(live, at);
        labelled.is_some_and(|(resource, document)| service_of(live, resource, &document).is_some())
    }

    /// The document with a label at `at`, as far as it was read; `None` if `at` is within a document.
    fn labelled(&self, live: &Snapshot, at: &Path) -> Option<(&'static Resource, Object)> {
        let DocumentPlace { resource, document, path } = self.locate(at);
        let label = document.label().filter(|_| path.is_root())?;
        let item = || live.document(&resource.document)?.get(label)?.as_object().cloned();
        let document = live.document(&document).map(Document::to_object).or_else(item)?;
        Some((resource, document))
    }

    /// Whether a canonical member of this name is one of this document.
    pub(super) fn is_of(&self, name: &str, document: &DocumentId) -> bool {
        self.home(name).is_some_and(|(tree, top)| tree.resource.document == *document && top.updates)
    }

    /// Where the documents have what the canonical form shows at `at`.
    pub fn locate(&self, at: &Path) -> DocumentPlace {
        let resource = self.resource(at);
        let document = resource.document_at(at);
        let (member, rest) = resource.steps(at);
        let own = at.segs().len() - rest.len() - usize::from(member.is_some());
        let path = Path::root().extended(&at.segs()[own..]);
        let path = match member {
            Some(member) if path.head() != Some(member) => Path::members([member]).extended(rest),
            _ => path,
        };
        DocumentPlace { resource, document, path }
    }

    /// The value of a setting in the document that has it.
    pub fn value<'a>(&self, live: &'a Snapshot, at: &Path) -> Option<&'a Json> {
        let resource = self.resource(at);
        let (member, rest) = resource.steps(at);
        json::follow(live.document(&resource.document_at(at))?.get(member?)?, rest)
    }

    /// Whether the documents have a setting. Of a path that names a document, whether that is present. While MFA is
    /// off, a pool has no factor, however the document shows them.
    pub fn has(&self, live: &Snapshot, at: &Path) -> bool {
        let DocumentPlace { document, path, .. } = self.locate(at);
        match live.document(&document) {
            None => false,
            Some(_) if path.is_root() => true,
            Some(_) if mfa::is_factor(at) && self.is_mfa_off(live) => false,
            Some(document) => document.at(&path).is_some_and(|value| !value.is_null()),
        }
    }

    /// Puts a setting into the document that it belongs to.
    pub fn set(&self, live: &mut Snapshot, at: &Path, value: Json) {
        let DocumentPlace { document, path, .. } = self.locate(at);
        live.document_mut(document).set(&path, value);
    }

    /// Takes a setting out of the document that has it.
    pub fn remove(&self, live: &mut Snapshot, at: &Path) {
        let DocumentPlace { document, path, .. } = self.locate(at);
        if live.document(&document).is_some() {
            let document = live.document_mut(document);
            document.remove(&path);
            if let Some(shown_by) = self.member(at).and_then(|field| field.row?.shown_by) {
                document.retain(|name, _| name != shown_by);
            }
        }
    }
}

impl Resource {
    /// The resource that a canonical path names by the key of a branch, and by that of a document which hangs on one of
    /// those.
    pub fn named(at: &Path) -> Option<&'static Self> {
        let head = at.head()?;
        let branch = RESOURCES.into_iter().find(|resource| resource.is_named(head))?;
        Some(branch.hanging_at(at).unwrap_or(branch))
    }

    /// The steps of a canonical path in its document: the name of the member at the top in reads, and the steps inside
    /// that member.
    pub(super) fn steps<'a>(&self, at: &'a Path) -> (Option<&'a str>, &'a [Seg]) {
        let inner = match at.segs() {
            steps if self.hangs_on.is_some() => steps.get(2..).unwrap_or_default(),
            [Seg::Member(head), inner @ ..] if self.is_named(head) => inner,
            [Seg::Member(head), rest @ ..] => return (Some(self.read_name(head)), rest),
            steps => return (None, steps),
        };
        let inner = if self.has_labels() { inner.get(1..).unwrap_or_default() } else { inner };
        match inner {
            [Seg::Member(member), rest @ ..] => (Some(member), rest),
            rest => (None, rest),
        }
    }

    /// The document that has what a canonical path of this resource names; its list if the path has no label.
    fn document_at(&self, at: &Path) -> DocumentId {
        match at.segs() {
            [Seg::Member(head), Seg::Member(label), ..]
                if self.hangs_on.is_some() || self.listing.is_some() && self.is_named(head) =>
            {
                self.document.sharing(Arc::clone(label))
            }
            _ => self.document.clone(),
        }
    }
}

/// The service that makes this document of a pool by itself, in words; `None` if none does.
fn service_of(live: &Snapshot, resource: &Resource, document: &Object) -> Option<&'static str> {
    (resource.maker)(live.pool_id().unwrap_or_default(), document)
}
