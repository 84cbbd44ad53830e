//! The calls that make a pool what its plan says, in their order.

use super::{Change, Step};
use crate::catalogue::{Catalogue, Operation};
use crate::document::{Json, Path, Snapshot};

/// The calls that lead from `live` to `target`: the pool's configuration first, since attributes cannot
/// be taken back.
pub(super) fn steps(
    catalogue: &Catalogue,
    id: &str,
    changes: &[Change],
    (live, target): (&Snapshot, &Snapshot),
    left_out: &[Path],
) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut now = target.clone();
    set_attributes(&mut now, live.pool.get("SchemaAttributes"));
    if changes.iter().any(|change| catalogue.owner(&change.path) == Some(Operation::UpdateUserPool)) {
        let body = catalogue.update_request(id, &now, left_out);
        steps.push(Step { operation: Operation::UpdateUserPool, body, target: now.clone() });
    }
    let wanted = target.pool.get("SchemaAttributes").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    let mut count = live.pool.get("SchemaAttributes").and_then(Json::as_array).map_or(0, Vec::len);
    for body in catalogue.attributes_requests(id, live, target) {
        count += body.get("CustomAttributes").and_then(Json::as_array).map_or(0, Vec::len);
        let attributes = wanted.iter().take(count).cloned().collect();
        set_attributes(&mut now, Some(&Json::Array(attributes)));
        steps.push(Step { operation: Operation::AddCustomAttributes, body, target: now.clone() });
    }
    steps
}

fn set_attributes(snapshot: &mut Snapshot, attributes: Option<&Json>) {
    match attributes {
        Some(attributes) => drop(snapshot.pool.insert("SchemaAttributes".to_owned(), attributes.clone())),
        None => drop(snapshot.pool.shift_remove("SchemaAttributes")),
    }
}
