//! The names of all operations that the sandbox has, of whatever service.

use super::call::OPERATIONS;
use super::{others, sts};

/// The operations.
pub(super) fn operations() -> impl Iterator<Item = &'static str> {
    OPERATIONS.iter().chain(sts::OPERATIONS).copied().chain(others::operations())
}

/// The operation of this name; `None` if the sandbox has none.
pub(super) fn operation(name: &str) -> Option<&'static str> {
    operations().find(|known| *known == name)
}
