//! The collections of a pool, and their operations.

use super::groups;
use super::keyed::CollectionRow;

pub(super) const ROWS: &[&CollectionRow] = &[&groups::GROUPS];
