//! The calls of a plan, in their order.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::route::{self, Ends};
use super::{Change, Finding, Level, PlannedCall, Step};
use crate::catalogue::{Call, Catalogue, DocumentPlace, RESOURCES, Resource, calls};
use crate::document::{Document, DocumentId, Snapshot};
use crate::rules::cross;

/// The way from the live pool to the planned one.
pub(super) enum Way {
    /// No calls: the pool is as declared.
    Stays,
    /// One or more calls.
    Calls(Calls),
    /// No known calls; the finding states why.
    Closed(Finding),
}

/// The calls of a plan.
#[derive(Default)]
pub(super) struct Calls {
    pub(super) steps: Vec<Step>,
    /// What is shown of each.
    pub(super) told: Vec<PlannedCall>,
    /// Whether MFA is weaker between two of them than before and after.
    pub(super) gap: bool,
    /// The documents after the last call; `None` if there are no calls.
    pub(super) end: Option<Arc<Snapshot>>,
}

/// The way to make `changes`.
pub(super) fn way(ends: &Ends<'_>, changes: &[&Change], target: &Snapshot) -> Way {
    let Some(first) = changes.first() else { return Way::Stays };
    calls(ends, changes, target).map_or_else(|| Way::Closed(closed(first)), Way::Calls)
}

/// The calls that make `changes`: first about the documents that need what the pool loses, then about the pool itself, then
/// about all others.
///
/// A smaller tier may lack more than the rules know, so all documents then change before the pool. Attributes cannot be
/// removed, so they come last of the pool's own, but before documents that may name them.
fn calls(ends: &Ends<'_>, changes: &[&Change], target: &Snapshot) -> Option<Calls> {
    let documents = documents(ends.catalogue, changes);
    let mut way = Passes { ends, target, changes, calls: Calls::default(), now: Arc::new(ends.live.clone()) };
    let (first, others) = way.apart(documents);
    let may_name_attributes = first.iter().any(|changed| changed.document.label().is_some());
    if may_name_attributes {
        way.attributes();
    }
    way.documents(first);
    way.pool()?;
    if !may_name_attributes {
        way.attributes();
    }
    way.documents(others);
    (!way.calls.steps.is_empty()).then_some(Calls { end: Some(way.now), ..way.calls })
}

/// A document apart from the pool's own, with what changes in it.
struct ChangedDocument {
    resource: &'static Resource,
    document: DocumentId,
    changes: Vec<Change>,
}

impl ChangedDocument {
    /// Whether the change switches off what calls about other documents need.
    fn switches_off(&self, target: &Snapshot) -> bool {
        let value = |member| target.document(&self.document)?.get(member)?.as_str();
        self.resource.off.is_some_and(|(member, off)| value(member) == Some(off))
    }
}

/// The documents apart from the pool's own that change, in the order of their resources.
fn documents(catalogue: &Catalogue, changes: &[&Change]) -> Vec<ChangedDocument> {
    let rank = |resource: &Resource| RESOURCES.into_iter().position(|known| known == resource);
    let mut documents: BTreeMap<_, ChangedDocument> = BTreeMap::new();
    for change in changes {
        let DocumentPlace { resource, document, .. } = catalogue.locate(&change.path);
        if resource.branch.is_some() {
            let key = (rank(resource), document.clone());
            let new = || ChangedDocument { resource, document, changes: Vec::new() };
            documents.entry(key).or_insert_with(new).changes.push(Change::clone(change));
        }
    }
    documents.into_values().collect()
}

/// The way to the target, as far as it has been made.
struct Passes<'a> {
    ends: &'a Ends<'a>,
    target: &'a Snapshot,
    changes: &'a [&'a Change],
    calls: Calls,
    /// The documents after the last call.
    now: Arc<Snapshot>,
}

impl Passes<'_> {
    /// The documents that change before the pool, and the documents that change after it.
    fn apart(&self, documents: Vec<ChangedDocument>) -> (Vec<ChangedDocument>, Vec<ChangedDocument>) {
        let Self { ends, target, .. } = *self;
        let is_removed = |id: &DocumentId| target.document(id).is_none();
        // What hangs on a document goes with it.
        let among = documents.iter().flat_map(|ChangedDocument { document, .. }| {
            let hung = document.hung().filter(|_| is_removed(document)).map(|(_, hanging)| hanging);
            hung.chain([document.clone()])
        });
        let losers = cross::losers(ends.catalogue, ends.region, (ends.live, ends.target), among);
        // What names a removed document changes before it.
        let all = Catalogue::lowers_tier(ends.live, target) || losers.iter().any(is_removed);
        documents.into_iter().partition(|changed| all || losers.contains(&changed.document))
    }

    /// The calls about documents, in two passes over their resources.
    ///
    /// The first makes and updates, in the order of [`RESOURCES`]: a document comes before the ones that name it. The second
    /// removes documents and what was held back of them, in the reverse order: a document goes after the ones that named
    /// it. Last, settings that other documents need are switched off.
    fn documents(&mut self, documents: Vec<ChangedDocument>) {
        let (removed, made): (Vec<_>, Vec<_>) =
            documents.into_iter().partition(|changed| self.target.document(&changed.document).is_none());
        let held = cross::held(self.ends.live, self.target);
        let mut last = Vec::new();
        for changed in made {
            match held.get(&changed.document) {
                _ if changed.switches_off(self.target) => last.push(changed),
                Some(between) => last.extend(self.without_held(changed, between)),
                None => self.document(changed),
            }
        }
        for changed in removed.into_iter().rev().chain(last) {
            self.document(changed);
        }
    }

    /// The calls that change the pool's own settings; `None` if none lead to the target.
    fn pool(&mut self) -> Option<()> {
        let Self { ends, changes, .. } = *self;
        let brings = |call| changes.iter().any(|change| ends.catalogue.owner(&change.path) == Some(call));
        let route = match (brings(&calls::SET_USER_POOL_MFA_CONFIG), brings(&calls::UPDATE_USER_POOL)) {
            (true, _) => ends.best()?,
            (false, true) => ends.update(),
            (false, false) => return Some(()),
        };
        self.calls.gap = route.gap;
        for stop in route.stops {
            let own = [DocumentId::POOL, DocumentId::MFA].into_iter();
            let after = own.fold(Snapshot::clone(&self.now), |after, id| match stop.state.document(&id) {
                Some(document) => after.with(id, Some(document.clone())),
                None => after,
            });
            // Attributes have calls of their own.
            let after = Catalogue::with_attributes_of(&after, &self.now).into_owned();
            self.push(stop.operation, route::document_of(stop.operation), after);
        }
        Some(())
    }

    /// The calls that add attributes.
    fn attributes(&mut self) {
        for state in Catalogue::with_more_attributes(&self.now, self.target) {
            self.push(&calls::ADD_CUSTOM_ATTRIBUTES, DocumentId::POOL, state);
        }
    }

    /// The call that makes, updates or removes one document.
    fn document(&mut self, changed: ChangedDocument) {
        let ChangedDocument { resource, document, changes } = changed;
        let target = self.target.document(&document);
        let call = match (self.now.document(&document), target) {
            (None, _) => resource.create,
            (Some(_), None) => resource.remove,
            (Some(_), Some(_)) => None,
        };
        let target = target.cloned();
        self.change(call.unwrap_or(resource.update), document, target, changes);
    }

    /// The call that updates one document as far as nothing names what it loses, and what is left to do then.
    fn without_held(&mut self, changed: ChangedDocument, between: &Document) -> Option<ChangedDocument> {
        let ChangedDocument { resource, document, .. } = changed;
        let now = self.now.document(&document).cloned();
        let canonical = |state: Option<&Document>| {
            let alone = Snapshot::default().with(document.clone(), state.cloned());
            self.ends.catalogue.canonical(&alone)
        };
        let [live, held, goal] =
            [now.as_ref(), Some(between), self.target.document(&document)].map(canonical);
        let (first, rest) = (self.ends.changes(&live, &held), self.ends.changes(&held, &goal));
        if !first.is_empty() {
            self.change(resource.update, document.clone(), Some(between.clone()), first);
        }
        (!rest.is_empty()).then_some(ChangedDocument { resource, document, changes: rest })
    }

    /// Adds a call of the pool itself.
    fn push(&mut self, operation: &'static Call, document: DocumentId, after: Snapshot) {
        let before = match self.calls.steps.is_empty() {
            true => self.ends.canonical.clone(),
            false => self.ends.canonical_of(&self.now),
        };
        let changes = self.ends.changes(&before, &self.ends.canonical_of(&after));
        let (from, to) = (Arc::clone(&self.now), Arc::new(after));
        self.now = Arc::clone(&to);
        self.step(Step { operation, document, from, to }, changes);
    }

    /// Adds a call that leaves one document as `to`; `None` if it removes that.
    fn change(
        &mut self,
        operation: &'static Call,
        document: DocumentId,
        to: Option<Document>,
        changes: Vec<Change>,
    ) {
        let now = Arc::make_mut(&mut self.now);
        let from = now.around(&document);
        let mut after = from.clone();
        // Nothing hangs on a new document.
        let hung = document.hung().filter(|_| from.document(&document).is_none());
        let hung = hung.map(|(_, hanging)| (hanging, None));
        for (id, state) in hung.chain([(document.clone(), to)]) {
            now.put(id.clone(), state.clone());
            after.put(id, state);
        }
        self.step(Step { operation, document, from: Arc::new(from), to: Arc::new(after) }, changes);
    }

    fn step(&mut self, step: Step, changes: Vec<Change>) {
        let path = step.document.label().map(|_| self.ends.catalogue.root_of(&step.document));
        self.calls.told.push(PlannedCall { operation: step.operation, path, changes, is_whole: false });
        self.calls.steps.push(step);
    }
}

/// The conflict if no calls make the change.
fn closed(change: &Change) -> Finding {
    let text = format!("poolctl knows no calls that make the change of `{}`", change.path);
    let help = "delete the line, and change the setting by hand";
    Finding::new(Level::Conflict, "no-call", &change.path, text).help(help).origin(change.origin.as_ref())
}
