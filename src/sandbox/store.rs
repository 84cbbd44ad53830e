//! Where the pools are kept: in a folder, or in memory alone.

use std::collections::BTreeMap;
use std::path::Path as FsPath;
use std::sync::{Arc, Mutex};

use super::folder::{self, PoolFolder};
use super::lock::locked;
use super::state::State;
use super::stored::StoredPool;
use super::{PoolHome, SandboxError, pool_file};
use crate::files::Root;

/// The pools of a sandbox.
#[derive(Debug)]
pub(super) enum Store {
    Folder(Box<PoolFolder>),
    Memory {
        pools: Mutex<HeldPools>,
        /// What to report about the seed.
        notes: Vec<String>,
    },
}

/// Pools that no file has.
#[derive(Debug, Default)]
pub(super) struct HeldPools {
    by_id: BTreeMap<String, Arc<StoredPool>>,
    /// The ids in order; `None` if a pool came or went since they were listed.
    ids: Option<Arc<[String]>>,
}

impl Store {
    /// The pools of `home`. If it has none, they are those of `seed`.
    pub(super) fn open(home: &PoolHome, seed: Option<&FsPath>) -> Result<Self, SandboxError> {
        match home {
            PoolHome::Folder(dir) => PoolFolder::open(dir, seed).map(Box::new).map(Self::Folder),
            PoolHome::Memory => {
                let read = |seed| folder::read_seed(&Root::default(), seed);
                let seed = seed.map(read).transpose()?.unwrap_or_default();
                let store = Self::Memory { pools: Mutex::default(), notes: seed.notes };
                for (id, (state, _)) in seed.pools {
                    store.save(&id, state, &State::default())?;
                }
                Ok(store)
            }
        }
    }

    /// What to report about the seed.
    pub(super) fn notes(&self) -> &[String] {
        match self {
            Self::Folder(folder) => folder.notes(),
            Self::Memory { notes, .. } => notes,
        }
    }

    /// The ids of all pools, in order.
    pub(super) fn ids(&self) -> Result<Arc<[String]>, SandboxError> {
        match self {
            Self::Folder(folder) => folder.ids(),
            Self::Memory { pools, .. } => {
                let held = &mut *locked(pools);
                let ids = held.ids.get_or_insert_with(|| held.by_id.keys().cloned().collect());
                Ok(Arc::clone(ids))
            }
        }
    }

    /// The pool with this id; `None` if there is none.
    pub(super) fn load(&self, id: &str) -> Result<Option<Arc<StoredPool>>, SandboxError> {
        match self {
            Self::Folder(folder) => folder.load(id),
            Self::Memory { pools, .. } => Ok(locked(pools).by_id.get(id).cloned()),
        }
    }

    /// Keeps a pool that was `before`, and returns it as it is read from now on: the same in memory as from a file.
    pub(super) fn save(
        &self,
        id: &str,
        state: State,
        before: &State,
    ) -> Result<Arc<StoredPool>, SandboxError> {
        let held = match self {
            Self::Folder(folder) => return folder.save(id, state, before),
            Self::Memory { pools, .. } => pools,
        };
        let state = pool_file::read_back(state, before, id, FsPath::new(id))?;
        let pool = Arc::new(StoredPool::from(state));
        let mut held = locked(held);
        if held.by_id.insert(id.to_owned(), Arc::clone(&pool)).is_none() {
            held.ids = None;
        }
        Ok(pool)
    }

    /// Takes a pool away.
    pub(super) fn remove(&self, id: &str) -> Result<(), SandboxError> {
        match self {
            Self::Folder(folder) => folder.remove(id),
            Self::Memory { pools, .. } => {
                let mut held = locked(pools);
                held.by_id.remove(id);
                held.ids = None;
                Ok(())
            }
        }
    }
}
