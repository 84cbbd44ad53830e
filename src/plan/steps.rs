//! The calls that make a pool what its plan says, in their order.

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
    let mut now = stops.last().map_or(ends.live, |last| &last.state).clone();
    let mut steps: Vec<Step> = Vec::new();
    for stop in stops {
        let body = ends.body(&stop);
        push(&mut steps, ends, stop.operation, body, stop.state);
    }
    let attributes = |of: &Snapshot| of.pool.get("SchemaAttributes").and_then(Json::as_array).cloned();
    let wanted = attributes(target).unwrap_or_default();
    let mut count = attributes(ends.live).map_or(0, |attributes| attributes.len());
    for body in ends.catalogue.attributes_requests(ends.id, ends.live, target) {
        count += body.get("CustomAttributes").and_then(Json::as_array).map_or(0, Vec::len);
        let attributes = wanted.iter().take(count).cloned().collect();
        now.pool.insert("SchemaAttributes".to_owned(), Json::Array(attributes));
        push(&mut steps, ends, Operation::AddCustomAttributes, body, now.clone());
    }
    Steps { steps, gap }
}

fn push(steps: &mut Vec<Step>, ends: &Ends<'_>, operation: Operation, body: Object, target: Snapshot) {
    let canonical = |snapshot| ends.catalogue.canonical(snapshot);
    let before = steps.last().map(|step| canonical(&step.target));
    let changes = diff(ends.catalogue, before.as_ref().unwrap_or(ends.canonical), &canonical(&target));
    steps.push(Step { operation, body, target: Arc::new(target), changes });
}

/// A snapshot with the attributes of another.
pub(super) fn with_attributes_of(mut snapshot: Snapshot, other: &Snapshot) -> Snapshot {
    match other.pool.get("SchemaAttributes") {
        Some(attributes) => drop(snapshot.pool.insert("SchemaAttributes".to_owned(), attributes.clone())),
        None => drop(snapshot.pool.shift_remove("SchemaAttributes")),
    }
    snapshot
}
