//! The AWS edge: reading pools, and writing them once a plan was approved.
//!
//! The official SDK is the transport only: credentials, endpoints, signatures. What goes out and
//! what comes back is our own JSON, whole ([`Reader`] and [`Writer`] never ask the SDK's types),
//! so that a member newer than the SDK is neither lost nor changed on the way. Retries and pacing
//! are ours too, because a write that may have arrived must never be sent again blindly.

mod answer;
mod call;
mod endpoint;
mod error;
mod event;
mod folder;
mod http;
mod identity;
mod layout;
mod link;
mod listed;
mod pace;
mod pages;
mod profile;
mod read;
mod refusal;
mod role;
mod sent;
mod session;
mod settings;
mod site;
mod sts;
mod tagged;
mod unmanaged;
mod wire;
mod write;

pub use error::{CallError, ErrorKind};
pub use event::{CallStep, Event, Observer};
pub use folder::saved;
pub use identity::Identity;
pub use layout::{SnapshotFile, snapshot_files};
pub use listed::Listed;
pub use pace::Pace;
pub use read::Reader;
pub use session::Session;
pub use settings::{Rate, Retry, Role, Settings};
pub use tagged::{FoundPools, SearchScope, SoughtPool};
pub use write::{Approved, WriteOutcome, Writer};
