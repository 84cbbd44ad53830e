//! Promises that hold for every generated pool and manifest, and the generators of both.

mod adopt;
mod agreement;
mod agreement_clients;
mod apply;
mod clients;
mod copies;
mod counts;
mod existence;
mod faults;
mod import;
mod judge;
pub(crate) mod live;
pub(crate) mod manifest;
mod mfa;
mod paths;
mod pure;
mod saved;
mod schema;
mod secrets;
mod sequences;
mod soak;
pub(crate) mod stage;
mod values;
mod walk;
mod walk_row;
mod walk_rows;
pub(crate) mod yaml;
