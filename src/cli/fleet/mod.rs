//! The run over a fleet: which manifests and pools, over which connections, and what becomes of each pool.

pub(super) mod baseline;
pub(super) mod carry;
pub(super) mod connect;
pub(super) mod cores;
pub(super) mod extending;
pub(super) mod globs;
mod ids;
pub(super) mod manifests;
pub(super) mod only;
pub(super) mod planning;
pub(super) mod pools;
pub(super) mod search;
pub(super) mod select;
pub(super) mod tagged;
pub(super) mod unmatched;
pub(super) mod waiting;
