//! What all connections of a sandbox have in common.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use super::faults::Faults;
use super::lock::locked;
use super::log::{Log, Trace};
use super::quotas::Quotas;
use super::service::Service;

/// The most callers whose calls are counted: they name themselves.
const MOST_CALLERS: usize = 1000;

/// How often each operation was called, by the ARN of who called.
type Callers = BTreeMap<String, BTreeMap<&'static str, u64>>;

/// What all connections have in common.
pub(super) struct ServerState {
    pub(super) service: Service,
    pub(super) faults: Mutex<Faults>,
    pub(super) quotas: Option<Mutex<Quotas>>,
    pub(super) calls: Mutex<BTreeMap<&'static str, u64>>,
    pub(super) callers: Mutex<Callers>,
    pub(super) log: Log,
    pub(super) latency: Duration,
}

impl std::fmt::Debug for ServerState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerState").finish_non_exhaustive()
    }
}

impl ServerState {
    pub(super) fn calls(&self) -> BTreeMap<String, u64> {
        locked(&self.calls).iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
    }

    pub(super) fn forget_calls(&self) {
        locked(&self.calls).clear();
        locked(&self.callers).clear();
    }

    pub(super) fn callers(&self) -> Callers {
        locked(&self.callers).clone()
    }

    pub(super) fn faults(&self) -> MutexGuard<'_, Faults> {
        locked(&self.faults)
    }

    pub(super) fn log(&self) -> &Log {
        &self.log
    }

    /// Notes that a call begins: which operation, who calls, and of which pool.
    pub(super) fn begin(
        &self,
        operation: &'static str,
        caller: Option<String>,
        pool: Option<&str>,
    ) -> Trace<'_> {
        *locked(&self.calls).entry(operation).or_default() += 1;
        if let Some(arn) = caller {
            let mut callers = locked(&self.callers);
            if callers.len() < MOST_CALLERS || callers.contains_key(&arn) {
                *callers.entry(arn).or_default().entry(operation).or_default() += 1;
            }
        }
        self.log.begin(operation, pool)
    }
}
