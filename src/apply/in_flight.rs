//! A call of a plan on its way, and what is read to see what became of it.

use std::sync::Arc;

use super::OpenTask;
use crate::catalogue::{Catalogue, RESOURCES, ReadScope, Reading, Resource, WantedDocument};
use crate::cognito::Writer;
use crate::document::{Document, DocumentState, Json, Snapshot};
use crate::plan::{self, Deviation, DocumentKey, Plan, Step, diff};

/// A call of a plan, with what it takes to make it and to find out what became of it.
pub(super) struct CallInFlight<'a> {
    pub(super) task: &'a OpenTask<'a>,
    pub(super) plan: &'a Plan,
    pub(super) step: &'a Step,
    pub(super) writer: &'a Writer,
    /// The documents that the run has made so far, by the ids that the answers have.
    pub(super) made: &'a [DocumentKey],
}

impl CallInFlight<'_> {
    /// How a pool differs from what this call was to make of it.
    pub(super) fn deviations(&self, catalogue: &Catalogue, after: &Snapshot) -> Vec<Deviation> {
        self.plan.verify_at(catalogue, self.step, true, after)
    }

    /// How a pool differs from what the calls before this one were to make of it.
    pub(super) fn moved(&self, catalogue: &Catalogue, now: &Snapshot) -> Vec<Deviation> {
        self.plan.verify_at(catalogue, self.step, false, now)
    }

    /// Whether a pool is what it was before this call.
    pub(super) fn is_as_before(&self, catalogue: &Catalogue, after: &Snapshot) -> bool {
        if self.plan.steps.first() != Some(self.step) {
            return self.moved(catalogue, after).is_empty();
        }
        let (base, after) = Snapshot::common(&self.plan.base, after);
        diff(catalogue, &catalogue.canonical(&base), &catalogue.canonical(&after)).is_empty()
    }

    /// Whether this call changes the pool's own documents.
    pub(super) fn is_of_pool(&self) -> bool {
        let mut own = RESOURCES.into_iter().filter(|resource| resource.branch.is_none());
        own.any(|resource| resource.document == self.step.document)
    }

    /// What is read to see the effect of this call: the document that it changes, and the pool's own beside its own
    /// copies.
    pub(super) fn readings(&self) -> Vec<Reading> {
        let changed = &self.step.document;
        let is_own = |resource: &Resource| resource.branch.is_none();
        let of_pool = self.is_of_pool();
        // What hangs on a document is read with that.
        let read = changed.hangs_on().unwrap_or_else(|| changed.clone());
        let mut readings = readings(self.task, self.made);
        readings.retain(|Reading { resource, .. }| match of_pool {
            true => is_own(resource),
            false => resource.document.name() == read.name(),
        });
        for reading in &mut readings {
            reading.hanging.retain(|hanging| hanging.resource.document.name() == changed.name());
            // The labels of a list depend on all that are wanted.
            reading.read = changed.label().map(|label| vec![label.to_owned()]);
            let known = self.step.from.document(&read);
            let listing = reading.resource.listing;
            let known = known.zip(listing).and_then(|(known, listing)| {
                listing.wanted(changed.label()?, &Json::Object(known.to_object()))
            });
            let is_made = |wanted: &&WantedDocument| {
                let path = changed.label().map(|label| reading.resource.root().member(label));
                self.made
                    .iter()
                    .any(|key| Some(&key.path) == path.as_ref() && Some(&key.id) == wanted.id.as_ref())
            };
            let made = reading.wanted.iter().find(is_made).cloned();
            let found = made.or(known);
            // A document that exists is read by its id.
            if let Some(found) = found {
                reading.wanted = vec![found];
                reading.scope = ReadScope::ById;
            }
        }
        readings
    }
}

/// What is read of the pool of a task: the documents that its plan was made from. A document that the run has made is
/// read by its id, whether the list shows it yet or not. One that the plan makes is not one that was there before,
/// even if one of them has its name.
pub(super) fn readings(task: &OpenTask<'_>, made: &[DocumentKey]) -> Vec<Reading> {
    let base = &task.plan.base;
    let is_read = |resource: &&Resource| base.state(&resource.document) != DocumentState::Unread;
    let reading = |resource: &'static Resource| {
        let mut reading = plan::reading(resource, &task.desired);
        let Some(listing) = resource.listing else { return reading };
        let items = base.document(&resource.document).into_iter().flat_map(Document::members);
        let ids = items.filter_map(|(_, item)| item.get(listing.key)?.as_str().map(str::to_owned));
        let ids: Arc<[String]> = ids.collect();
        for wanted in &mut reading.wanted {
            let path = resource.root().member(&wanted.label);
            if let Some(key) = made.iter().find(|key| key.path == path) {
                wanted.id = Some(key.id.clone());
            } else if base.state(&resource.document.labelled(&wanted.label)) == DocumentState::Absent {
                wanted.id = None;
                wanted.others = Arc::clone(&ids);
            }
        }
        reading
    };
    RESOURCES.into_iter().filter(is_read).map(reading).collect()
}
