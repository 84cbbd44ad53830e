//! The collections of a pool.

use super::keyed::CollectionRow;
use super::{clients, groups, identity_providers, resource_servers};

/// How each collection behaves.
pub(super) const ROWS: &[&CollectionRow] = &[
    &groups::GROUPS,
    &resource_servers::RESOURCE_SERVERS,
    &clients::CLIENTS,
    &identity_providers::IDENTITY_PROVIDERS,
];

#[cfg(test)]
mod tests {
    use super::super::call::OPERATIONS;
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
            let (list, _) = row.operations.last().unwrap();
            let (input, output) = (shapes.input(list).unwrap(), &shapes.operation(list).unwrap().output);
            let has = |shape: &crate::shapes::Shape, name| shapes.member(shape, name).is_some();
            assert!(has(input, row.list.size), "{list}");
            assert!(has(shapes.get(output.as_ref().unwrap()).unwrap(), row.list.member), "{list}");
        }
    }
}
