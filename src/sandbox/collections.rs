//! What a pool has beside its own document: collections, and documents that a write replaces whole.

use super::keyed::CollectionRow;
use super::of_clients::OfClientRow;
use super::singles::SingleRow;
use super::state::Single;
use super::{
    branding, cimd_policies, clients, domains, groups, identity_providers, log_delivery, of_clients,
    resource_servers, risk, sessions, terms, ui,
};
use crate::document::Object;

/// How each collection behaves.
pub(super) const ROWS: &[&CollectionRow] = &[
    &groups::GROUPS,
    &resource_servers::RESOURCE_SERVERS,
    &clients::CLIENTS,
    &identity_providers::IDENTITY_PROVIDERS,
    &domains::DOMAINS,
    &branding::BRANDING,
    &terms::TERMS,
    &cimd_policies::CIMD_POLICIES,
];

/// How each document behaves of which a pool has one.
const SINGLES: [&SingleRow; 4] = [&risk::RISK, &sessions::SESSIONS, &log_delivery::LOG_DELIVERY, &ui::UI];

/// The row of an operation on such a document, and whether the operation writes.
pub(super) fn single(operation: &str) -> Option<(&'static SingleRow, bool)> {
    let position = |row: &SingleRow| row.operations.iter().position(|own| *own == operation);
    SINGLES.into_iter().find_map(|row| Some((row, position(row)? == 1)))
}

/// How each document behaves of which each app client has one.
const OF_CLIENTS: [&OfClientRow; 3] = [&of_clients::SESSIONS, &risk::OF_CLIENTS, &ui::OF_CLIENTS];

/// The row of a request about such a document, and whether it writes. A request that names no app client, or `ALL`, is
/// about the pool's. **\[M\]**
pub(super) fn of_client(operation: &str, request: &Object) -> Option<(&'static OfClientRow, bool)> {
    let position = |row: &OfClientRow| row.operations.iter().position(|own| *own == operation);
    let found = OF_CLIENTS.into_iter().find_map(|row| Some((row, position(row)? == 1)));
    found.filter(|_| request.get("ClientId").is_some_and(|client| client != ui::POOL))
}

/// What every read shows of such a document, whether or not it was set.
pub(super) fn complete(single: Single, document: &mut Object) {
    SINGLES.into_iter().filter(|row| row.single == single).for_each(|row| (row.shown)(document));
}

#[cfg(test)]
mod tests {
    use super::super::call::OPERATIONS;
    use super::super::keyed::KeyedVerb;
    use super::*;
    use crate::shapes::Shapes;

    #[test]
    fn every_operation_is_one_of_the_sandboxs_and_its_words_are_the_models() {
        let shapes = Shapes::bundled();
        for row in ROWS {
            assert!(shapes.get(row.shape).is_some(), "{}", row.shape);
            for (operation, _) in row.operations {
                assert!(OPERATIONS.contains(operation) && shapes.input(operation).is_some(), "{operation}");
            }
            let (list, verb) = row.operations.last().unwrap();
            if *verb != KeyedVerb::List {
                continue;
            }
            let (input, output) = (shapes.input(list).unwrap(), shapes.operation(list).unwrap().output);
            let has = |shape: &crate::shapes::Shape, name| shapes.member(shape, name).is_some();
            assert!(has(input, row.list.size), "{list}");
            assert!(has(shapes.get(output.unwrap()).unwrap(), row.list.member), "{list}");
        }
    }
}
