//! An embedded Cognito endpoint: AWS JSON 1.1 over loopback HTTP, for trying and testing without an account.
//!
//! ```text
//! server ─▶ call ─▶ quotas, faults ─▶ service ─┬─▶ validate   the model's shapes
//!                                              ├─▶ omission   what an omitted member falls to
//!                                              ├─▶ fills, mirrors
//!                                              ├─▶ rules      what the service refuses
//!                                              ├─▶ keyed      groups, app clients and the like: a row each
//!                                              ├─▶ singles    what a pool has one of and a write replaces: a row each
//!                                              └─▶ store      the pools: in memory, or one JSON file each
//! ```
//!
//! It behaves as the service does, as far as that is known. Every row of behaviour has a mark for its
//! evidence: **\[M\]** the API model, **\[D\]** AWS's documentation, **\[L\]** somebody's live
//! measurement, **\[R\]** a user's report, **\[C\]** another tool's source, **\[I\]** inferred.
//! It shares nothing with the planner but documents and shapes, so that their agreement means something.

mod answer;
mod branding;
mod call;
mod case;
mod chance;
mod cimd_policies;
mod client_rules;
mod clients;
mod collections;
mod control;
mod create;
mod domains;
mod fault;
mod faults;
mod fills;
mod folder;
mod groups;
mod guard;
mod identity_providers;
mod ids;
mod keyed;
mod known;
mod lock;
mod log;
mod log_delivery;
mod memory;
mod mfa;
mod mirrors;
mod nulls;
mod of_clients;
mod omission;
mod others;
mod paging;
mod patterns;
mod pool_file;
mod quotas;
mod resource_servers;
mod risk;
mod rules;
mod schema;
mod seed_lists;
mod seeds;
mod server;
mod service;
mod sessions;
mod shared;
mod sides;
mod singles;
mod slots;
mod state;
mod store;
mod stored;
mod sts;
mod tags;
mod terms;
mod tiers;
mod turns;
mod ui;
mod unmanaged;
mod update;
mod validate;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::time::Duration;

use crate::files;
pub use fault::{Fault, FaultError, KINDS as FAULT_KINDS};
pub use server::{Running, start};

/// The options of a sandbox.
#[derive(Clone, Debug)]
pub struct SandboxOptions {
    /// Where the pools are kept.
    pub home: PoolHome,
    /// A folder of saved pools that fills an empty sandbox; never written.
    pub seed: Option<PathBuf>,
    /// What `UpdateUserPool` and `UpdateUserPoolClient` make of members that a request leaves out.
    pub omission: Omission,
    /// What goes wrong, from the start.
    pub faults: Vec<Fault>,
    /// What the chances of faults are drawn by: the same calls meet the same faults at every run.
    pub fault_seed: u64,
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Whether calls beyond the service's default quotas are throttled.
    pub quotas: bool,
    /// How long every call takes at least.
    pub latency: Duration,
}

impl SandboxOptions {
    /// A sandbox that keeps its pools in `dir`, on a free port, with nothing going wrong.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            home: PoolHome::Folder(dir.into()),
            seed: None,
            omission: Omission::Documented,
            faults: Vec::new(),
            fault_seed: 0,
            port: 0,
            quotas: false,
            latency: Duration::ZERO,
        }
    }
}

/// Where a sandbox keeps its pools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PoolHome {
    /// In this folder, one JSON file each; created when absent.
    Folder(PathBuf),
    /// In memory, until the sandbox stops.
    Memory,
}

/// What `UpdateUserPool` and `UpdateUserPoolClient` make of members that a request leaves out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Omission {
    /// Amazon's default, as the API Reference says for nearly all members.
    #[default]
    Documented,
    /// Member by member, as measured; as documented if a member was not measured.
    Measured,
}

impl SandboxError {
    /// What to do about it, if known.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
                Some("check the path: the file or its folder does not exist".to_owned())
            }
            Self::Io { source, .. } => {
                Some(files::remedy(source, "give this user permission to read and write there"))
            }
            Self::Listen { .. } => Some("use another port; port 0 picks a free one".to_owned()),
            Self::State { help, .. } => Some(help.clone()),
            Self::Empty { .. } => Some(
                "name a folder with the files of `poolctl snapshot -o DIR`, or leave out `--seed`".to_owned(),
            ),
            Self::Several(_) => None,
        }
    }

    /// The errors to report, each with a remedy of its own.
    pub fn each(&self) -> &[Self] {
        match self {
            Self::Several(errors) => errors,
            one => std::slice::from_ref(one),
        }
    }
}

/// Why a sandbox does not start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The port is in use or not permitted.
    #[error("the sandbox cannot listen on 127.0.0.1:{port}: {source}")]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file or folder cannot be read or written.
    #[error("the sandbox cannot {action} `{}`: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file is not a saved pool.
    #[error(
        "`{}` is not a saved pool: {reason}",
        path.display()
    )]
    State {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
        /// What to do about it.
        help: String,
    },
    /// A seed has no pool.
    #[error("the seed `{}` has no saved pool", seed.display())]
    Empty {
        /// Its folder.
        seed: PathBuf,
    },
    /// Several files of a seed are not saved pools.
    #[error("{} files of the seed are not saved pools", _0.len())]
    Several(Vec<Self>),
}
