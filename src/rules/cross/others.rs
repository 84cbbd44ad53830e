//! Questions of rules about the other documents of a pool, in the lists that were read or looked up.

use super::truth::Truth;
use super::view::View;
use crate::catalogue::{RESOURCES, Slot};
use crate::document::{Document, DocumentId, DocumentState, Json, Snapshot};

impl<'a> View<'a> {
    /// The documents of the pool with labels, of the lists that were read or looked up.
    pub(super) fn documents(&self, list: &DocumentId) -> impl Iterator<Item = (&'a str, &'a Document)> {
        let lists = [list.clone(), list.looked_up()];
        let of = |pool: &'a Snapshot| lists.into_iter().flat_map(move |list| pool.labelled(&list));
        self.pool.map(of).into_iter().flatten()
    }

    /// Whether the pool has a document with this label, of which this holds.
    pub(super) fn any_document(&self, id: &DocumentId, holds: impl Fn(&Document) -> bool) -> Truth {
        match self.pool.map_or(DocumentState::Unread, |pool| pool.looked_up(id)) {
            DocumentState::Unread => Truth::Unknown,
            DocumentState::Absent => Truth::No,
            DocumentState::Present(document) => holds(document).into(),
        }
    }

    /// Whether no document of this resource hangs on the document that this is.
    pub(super) fn lacks_hanging(&self, id: &DocumentId) -> Truth {
        let (Some(pool), Some(label)) = (self.pool, self.label()) else { return Truth::Unknown };
        match pool.state(&id.labelled(&label)) {
            DocumentState::Unread => Truth::Unknown,
            DocumentState::Absent => Truth::Yes,
            DocumentState::Present(_) => Truth::No,
        }
    }

    /// Whether this holds of another document of the same resource, as far as these were read.
    pub(super) fn any_other(&self, list: &DocumentId, holds: impl Fn(&Document) -> bool) -> Truth {
        let Some(pool) = self.pool else { return Truth::Unknown };
        let own = self.label();
        // A document that the plan removes, or changes, is not as it was looked up.
        let is_other = |label: &str| {
            Some(label) != own.as_deref() && pool.state(&list.labelled(label)) != DocumentState::Absent
        };
        self.documents(list).any(|(label, other)| is_other(label) && holds(other)).into()
    }

    /// Whether the pool has a document with this label, of which nobody need have read more than its name.
    pub(super) fn has_document(&self, id: &DocumentId) -> Truth {
        let is_listed = self.pool.is_some_and(|pool| pool.lists(id));
        Truth::from(is_listed) | self.any_document(id, |_| true)
    }

    /// The documents of the pool that a list has which was read or looked up, and that no change removes: their labels, and the
    /// keys by which the service knows them. `None` if neither list was read.
    pub(super) fn listed(&self, list: &DocumentId) -> Option<Vec<(String, String)>> {
        let pool = self.pool?;
        let key = RESOURCES.into_iter().find(|resource| resource.document == *list)?.listing?.key;
        let lists = [list.clone(), list.looked_up()];
        let items = lists.iter().filter_map(|of| Some((of, pool.document(of)?)));
        let (mut listed, mut gone) = (Vec::new(), Vec::new());
        let items = items.flat_map(|(of, items)| items.members().map(move |(label, item)| (of, label, item)));
        for (of, label, item) in items {
            let state = pool.state(&of.labelled(label));
            let own = if let DocumentState::Present(document) = state { document.get(key) } else { None };
            let Some(id) = own.or_else(|| item.get(key)).and_then(Json::as_str) else { continue };
            match state {
                DocumentState::Absent => gone.push(id),
                _ => listed.push((label.to_owned(), id.to_owned())),
            }
        }
        listed.retain(|(_, id)| !gone.contains(&id.as_str()));
        lists.iter().any(|of| pool.document(of).is_some()).then_some(listed)
    }

    /// Whether the pool has a domain: one that its own document names and nothing removes, or one that a plan makes.
    pub(super) fn has_domain(&self) -> Truth {
        let Some(pool) = self.pool else { return Truth::Unknown };
        let list = DocumentId::DOMAINS;
        let mut named = slots_of(&list).filter_map(|slot| named_in(pool, slot));
        let stays = |name: &str| pool.looked_up(&list.labelled(name)) != DocumentState::Absent;
        (named.any(stays) || self.documents(&list).next().is_some()).into()
    }

    /// Whether this holds of a document of another resource. It is not known where the pool has one that was not read.
    pub(super) fn any_in(&self, list: &DocumentId, holds: impl Fn(&Document) -> bool) -> Truth {
        let Some(pool) = self.pool else { return Truth::Unknown };
        if self.documents(list).any(|(_, document)| holds(document)) {
            return Truth::Yes;
        }
        let lists = [list.clone(), list.looked_up()];
        let read: Vec<&Document> = lists.iter().filter_map(|of| pool.document(of)).collect();
        if read.is_empty() {
            return slots_of(list)
                .find_map(|slot| named_in(pool, slot))
                .map_or(Truth::No, |_| Truth::Unknown);
        }
        let mut labels = read.into_iter().flat_map(Document::members).map(|(label, _)| label);
        let is_unread = |label| matches!(pool.looked_up(&list.labelled(label)), DocumentState::Unread);
        if labels.any(is_unread) { Truth::Unknown } else { Truth::No }
    }
}

/// The members of the pool's own document that name documents of this list.
fn slots_of(list: &DocumentId) -> impl Iterator<Item = &'static Slot> {
    let resources = RESOURCES.into_iter().filter(|resource| resource.document == *list);
    resources.filter_map(|resource| resource.listing).flat_map(|listing| listing.slots)
}

/// The document that the pool's own document names there.
fn named_in<'p>(pool: &'p Snapshot, slot: &Slot) -> Option<&'p str> {
    pool.pool().get(slot.member)?.as_str()
}
