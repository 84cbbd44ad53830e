//! The calls of a plan, in their order.

use std::borrow::Cow;
use std::sync::Arc;

use super::route::{Ends, Route};
use super::{Change, Finding, Level, PlannedCall, Step};
use crate::catalogue::{Call, Catalogue, RESOURCES, Resource, calls};
use crate::document::{DocumentId, Snapshot};

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
}

/// The way to make `changes`.
pub(super) fn way(ends: &Ends<'_>, changes: &[&Change], target: &Snapshot) -> Way {
    let Some(first) = changes.first() else { return Way::Stays };
    calls(ends, changes, target).map_or_else(|| Way::Closed(closed(first)), Way::Calls)
}

/// The calls that make `changes`.
///
/// The branches come after the pool that they depend on; where the pool loses features with its tier, they come before
/// it, so that nothing uses one that goes. Attributes come last, since they cannot be removed.
fn calls(ends: &Ends<'_>, changes: &[&Change], target: &Snapshot) -> Option<Calls> {
    let brings = |call| changes.iter().any(|change| ends.catalogue.owner(&change.path) == Some(call));
    let route = match (brings(&calls::SET_USER_POOL_MFA_CONFIG), brings(&calls::UPDATE_USER_POOL)) {
        (true, _) => ends.best()?,
        (false, true) => ends.update(),
        (false, false) => Route { stops: Vec::new(), gap: false },
    };
    let branches =
        RESOURCES.into_iter().filter(|resource| resource.branch.is_some() && brings(resource.update));
    let mut calls = Calls { gap: route.gap, ..Calls::default() };
    let mut now = Arc::new(ends.live.clone());
    let branch = |calls: &mut Calls, now: Arc<Snapshot>, resource: &'static Resource| {
        let document = target.document(&resource.document).cloned();
        let after = Snapshot::clone(&now).with(resource.document.clone(), document);
        calls.push(ends, resource.update, now, after)
    };
    let (first, last): (Vec<_>, Vec<_>) = branches.partition(|_| Catalogue::lowers_tier(ends.live, target));
    for resource in first {
        now = branch(&mut calls, now, resource);
    }
    for stop in route.stops {
        let root = [DocumentId::POOL, DocumentId::MFA];
        let after =
            root.into_iter().fold(Snapshot::clone(&now), |after, id| match stop.state.document(&id) {
                Some(document) => after.with(id, Some(document.clone())),
                None => after,
            });
        now = calls.push(ends, stop.operation, now, after);
    }
    for resource in last {
        now = branch(&mut calls, now, resource);
    }
    for state in Catalogue::with_more_attributes(&now, target) {
        now = calls.push(ends, &calls::ADD_CUSTOM_ATTRIBUTES, now, state);
    }
    (!calls.steps.is_empty()).then_some(calls)
}

impl Calls {
    /// Adds a call, and returns the state after it.
    fn push(
        &mut self,
        ends: &Ends<'_>,
        operation: &'static Call,
        from: Arc<Snapshot>,
        to: Snapshot,
    ) -> Arc<Snapshot> {
        let before =
            if self.steps.is_empty() { Cow::Borrowed(ends.canonical) } else { ends.canonical_of(&from) };
        let changes = ends.changes(&before, &ends.canonical_of(&to));
        let to = Arc::new(to);
        self.told.push(PlannedCall { operation, changes });
        self.steps.push(Step { operation, from, to: Arc::clone(&to) });
        to
    }
}

/// The conflict if no calls make the change.
fn closed(change: &Change) -> Finding {
    let text = format!("poolctl knows no calls that make the change of `{}`", change.path);
    let help = "delete the line, and change the setting by hand";
    Finding::new(Level::Conflict, "no-call", &change.path, text).help(help).origin(change.origin.as_ref())
}
