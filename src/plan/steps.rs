//! The calls of a plan, in their order.

use std::borrow::Cow;
use std::sync::Arc;

use super::route::{Ends, Route};
use super::{Change, Finding, Level, Step};
use crate::catalogue::Operation;
use crate::document::{Json, Object, Snapshot};

/// The member of the pool's document with its attributes.
const ATTRIBUTES: &str = "SchemaAttributes";

/// The way from the live pool to the planned one.
pub(super) enum Way {
    /// No calls: the pool is as declared.
    Stays,
    /// Calls.
    Calls(Calls),
    /// No known calls; the finding states why.
    Closed(Finding),
}

/// The calls of a plan: one or more.
pub(super) struct Calls {
    first: Step,
    others: Vec<Step>,
    /// Whether MFA is weaker between two of them than before and after.
    pub(super) gap: bool,
}

impl Calls {
    fn new(steps: Vec<Step>, gap: bool) -> Option<Self> {
        let mut steps = steps.into_iter();
        Some(Self { first: steps.next()?, others: steps.collect(), gap })
    }

    pub(super) fn steps(self) -> Vec<Step> {
        std::iter::once(self.first).chain(self.others).collect()
    }
}

/// The way to make `changes`.
pub(super) fn way(ends: &Ends<'_>, changes: &[&Change], target: &Snapshot) -> Way {
    let Some(first) = changes.first() else { return Way::Stays };
    calls(ends, changes, target).map_or_else(|| Way::Closed(closed(first)), Way::Calls)
}

/// The calls that make `changes`: attributes come last, since they cannot be removed.
fn calls(ends: &Ends<'_>, changes: &[&Change], target: &Snapshot) -> Option<Calls> {
    let brings =
        |operation| changes.iter().any(|change| ends.catalogue.owner(&change.path) == Some(operation));
    let route = match (brings(Operation::SetUserPoolMfaConfig), brings(Operation::UpdateUserPool)) {
        (true, _) => ends.best()?,
        (false, true) => ends.update(),
        (false, false) => Route { stops: Vec::new(), gap: false },
    };
    let mut steps: Vec<Step> = Vec::new();
    for stop in route.stops {
        let body = ends.body(&stop);
        push(&mut steps, ends, stop.operation, body, stop.state);
    }
    let length = |of: Option<&Json>| of.and_then(Json::as_array).map_or(0, Vec::len);
    let wanted = target.pool().get(ATTRIBUTES).and_then(Json::as_array);
    let mut count = length(ends.live.pool().get(ATTRIBUTES));
    for body in ends.catalogue.attributes_requests(ends.id, ends.live, target) {
        count += length(body.get("CustomAttributes"));
        let attributes = wanted.into_iter().flatten().take(count).cloned().collect();
        let mut now = steps.last().map_or(ends.live, |last| &*last.target).clone();
        now.pool_mut().insert(ATTRIBUTES, Json::Array(attributes));
        push(&mut steps, ends, Operation::AddCustomAttributes, body, now);
    }
    Calls::new(steps, route.gap)
}

fn push(steps: &mut Vec<Step>, ends: &Ends<'_>, operation: Operation, body: Object, target: Snapshot) {
    let before = steps.last().map(|step| ends.canonical_of(&step.target));
    let before = before.as_deref().unwrap_or(ends.canonical);
    let changes = ends.changes(before, &ends.canonical_of(&target));
    steps.push(Step { operation, body, target: Arc::new(target), changes });
}

/// The conflict if no calls make the change.
fn closed(change: &Change) -> Finding {
    let text = format!("poolctl knows no calls that make the change of `{}`", change.path);
    let help = "delete the line, and change the setting by hand";
    Finding::new(Level::Conflict, "no-call", &change.path, text).help(help).origin(change.origin.as_ref())
}

/// A snapshot with the attributes of another.
pub(super) fn with_attributes_of<'a>(snapshot: &'a Snapshot, other: &Snapshot) -> Cow<'a, Snapshot> {
    let attributes = other.pool().get(ATTRIBUTES);
    if snapshot.pool().get(ATTRIBUTES) == attributes {
        return Cow::Borrowed(snapshot);
    }
    let mut snapshot = snapshot.clone();
    match attributes {
        Some(attributes) => snapshot.pool_mut().insert(ATTRIBUTES, attributes.clone()),
        None => snapshot.pool_mut().retain(|name, _| name != ATTRIBUTES),
    }
    Cow::Owned(snapshot)
}
