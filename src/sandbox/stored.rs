//! A pool as it is stored, and the texts that answer the calls about it most.

use std::ops::Deref;
use std::sync::OnceLock;

use bytes::Bytes;
use serde_json::json;

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
            json!({"UserPool": pool}).to_string().into()
        };
        self.described.get_or_init(describe).clone()
    }

    /// The pool's element in the answer of `ListUserPools`.
    pub(super) fn listed(&self) -> &str {
        self.listed.get_or_init(|| {
            let shown = |name: &&str| Some(((*name).to_owned(), self.state.pool.get(*name)?.clone()));
            LISTED.iter().filter_map(shown).collect::<Json>().to_string()
        })
    }
}
