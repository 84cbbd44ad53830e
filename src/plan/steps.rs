//! The calls that make a pool what its plan says, in their order.

use std::borrow::Cow;
use std::sync::Arc;

use super::route::{Ends, Route};
use super::{Change, Step, diff};
use crate::catalogue::Operation;
use crate::document::{Json, Object, Snapshot};

/// The calls of a plan.
#[derive(Default)]
pub(super) struct Steps {
    pub(super) steps: Vec<Step>,
    /// Whether MFA is weaker between two of them than before and after.
    pub(super) gap: bool,
}

/// The calls that bring about `changes`: MFA and the pool's configuration first, since attributes cannot
/// be taken back.
pub(super) fn steps(ends: &Ends<'_>, changes: &[&Change], target: &Snapshot) -> Steps {
    let brings =
        |operation| changes.iter().any(|change| ends.catalogue.owner(&change.path) == Some(operation));
    let route = match (brings(Operation::SetUserPoolMfaConfig), brings(Operation::UpdateUserPool)) {
        (true, _) => ends.best(),
        (false, true) => Some(ends.update()),
        (false, false) => None,
    };
    let Route { stops, gap } = route.unwrap_or_else(|| Route { stops: Vec::new(), gap: false });
    let mut steps: Vec<Step> = Vec::new();
    for stop in stops {
        let body = ends.body(&stop);
        push(&mut steps, ends, stop.operation, body, stop.state);
    }
    let length = |of: Option<&Json>| of.and_then(Json::as_array).map_or(0, Vec::len);
    let wanted = target.pool.get("SchemaAttributes").and_then(Json::as_array);
    let mut count = length(ends.live.pool.get("SchemaAttributes"));
    for body in ends.catalogue.attributes_requests(ends.id, ends.live, target) {
        count += length(body.get("CustomAttributes"));
        let attributes = wanted.into_iter().flatten().take(count).cloned().collect();
        let mut now = steps.last().map_or(ends.live, |last| &*last.target).clone();
        now.pool.insert("SchemaAttributes".to_owned(), Json::Array(attributes));
        push(&mut steps, ends, Operation::AddCustomAttributes, body, now);
    }
    Steps { steps, gap }
}

fn push(steps: &mut Vec<Step>, ends: &Ends<'_>, operation: Operation, body: Object, target: Snapshot) {
    let before = steps.last().map(|step| ends.canonical_of(&step.target));
    let before = before.as_deref().unwrap_or(ends.canonical);
    let changes = diff(ends.catalogue, before, &ends.canonical_of(&target));
    steps.push(Step { operation, body, target: Arc::new(target), changes });
}

/// A snapshot with the attributes of another.
pub(super) fn with_attributes_of<'a>(snapshot: &'a Snapshot, other: &Snapshot) -> Cow<'a, Snapshot> {
    let attributes = other.pool.get("SchemaAttributes");
    if snapshot.pool.get("SchemaAttributes") == attributes {
        return Cow::Borrowed(snapshot);
    }
    let mut snapshot = snapshot.clone();
    match attributes {
        Some(attributes) => drop(snapshot.pool.insert("SchemaAttributes".to_owned(), attributes.clone())),
        None => drop(snapshot.pool.shift_remove("SchemaAttributes")),
    }
    Cow::Owned(snapshot)
}
