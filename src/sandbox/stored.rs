//! A pool as it is stored, and the texts that answer the calls about it most.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::OnceLock;

use bytes::Bytes;

use super::mirrors;
use super::state::State;
use crate::document::Json;

/// What a list shows of a pool. **\[M\]**
const LISTED: [&str; 5] = ["Id", "Name", "LambdaConfig", "LastModifiedDate", "CreationDate"];

/// The state of a pool. It never changes: a write makes another one.
#[derive(Debug)]
pub(super) struct StoredPool {
    state: State,
    described: OnceLock<Bytes>,
    listed: OnceLock<String>,
}

impl From<State> for StoredPool {
    fn from(state: State) -> Self {
        Self { state, described: OnceLock::new(), listed: OnceLock::new() }
    }
}

impl Deref for StoredPool {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl StoredPool {
    /// The answer of `DescribeUserPool`.
    pub(super) fn described(&self) -> Bytes {
        let describe = || {
            let mut pool = self.state.pool.clone();
            mirrors::on_read(&mut pool);
            serde_json::to_vec(&BTreeMap::from([("UserPool", pool)])).unwrap_or_default().into()
        };
        self.described.get_or_init(describe).clone()
    }

    /// The pool's element in the answer of `ListUserPools`.
    pub(super) fn listed(&self) -> &str {
        self.listed.get_or_init(|| {
            let shown = |name: &&str| Some(((*name).to_owned(), self.state.pool.get(name)?.clone()));
            LISTED.iter().filter_map(shown).collect::<Json>().to_string()
        })
    }
}
