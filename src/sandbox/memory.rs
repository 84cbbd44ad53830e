//! What is remembered of the folder: the pools by their ids, and the names of its files.
//!
//! A file may be edited by hand, and a folder may serve several processes. So a pool is remembered with its file's
//! stamp and text. While the stamp may hide a change, the file is read again, and parsed only if its text is another.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use super::lock::locked;
use super::stored::StoredPool;
use crate::files::{FileStamp, StampHistory};

/// The most text that is remembered, in bytes.
const MOST: usize = 64 << 20;

/// What is remembered of a folder of pools.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pools: Mutex<RememberedPools>,
    ids: Mutex<Option<(Arc<[String]>, StampHistory)>>,
}

#[derive(Debug, Default)]
struct RememberedPools {
    by_id: HashMap<String, RememberedPool>,
    /// The length of all texts.
    size: usize,
}

#[derive(Debug)]
struct RememberedPool {
    text: Vec<u8>,
    pool: Arc<StoredPool>,
    /// `None` if the text was written and not read back yet.
    history: Option<StampHistory>,
}

/// A read of a file or folder: what it had when the read began.
#[derive(Clone, Copy)]
pub(super) struct StampedRead {
    pub(super) stamp: FileStamp,
    pub(super) began: Instant,
}

impl Memory {
    /// The pool whose file has this stamp now; `None` if the file must be read.
    pub(super) fn pool(&self, id: &str, stamp: Option<FileStamp>) -> Option<Arc<StoredPool>> {
        let pools = locked(&self.pools);
        let known = pools.by_id.get(id)?;
        known.history?.proves(stamp).then(|| Arc::clone(&known.pool))
    }

    /// The pool whose file was read and has this text; `None` if the text must be parsed.
    pub(super) fn pool_of_text(&self, id: &str, text: &[u8], read: StampedRead) -> Option<Arc<StoredPool>> {
        let mut pools = locked(&self.pools);
        let known = pools.by_id.get_mut(id).filter(|known| known.text == text)?;
        known.history = Some(StampHistory::after_read(known.history.as_ref(), read.stamp, read.began));
        Some(Arc::clone(&known.pool))
    }

    /// Remembers a pool with the text of its file: as it was read, or as it was just written.
    pub(super) fn keep(&self, id: &str, text: Vec<u8>, read: Option<StampedRead>, pool: &Arc<StoredPool>) {
        let mut pools = locked(&self.pools);
        let before = pools.forget(id).and_then(|known| known.history);
        let history = read.map(|read| StampHistory::after_read(before.as_ref(), read.stamp, read.began));
        if pools.size + text.len() > MOST {
            *pools = RememberedPools::default();
        }
        pools.size += text.len();
        pools.by_id.insert(id.to_owned(), RememberedPool { text, pool: Arc::clone(pool), history });
    }

    /// Forgets a pool whose file is gone, or is not a pool.
    pub(super) fn forget(&self, id: &str) {
        locked(&self.pools).forget(id);
    }

    /// The ids in a folder that has this stamp now; `None` if it must be listed.
    pub(super) fn ids(&self, stamp: Option<FileStamp>) -> Option<Arc<[String]>> {
        let known = locked(&self.ids);
        let (ids, history) = known.as_ref()?;
        history.proves(stamp).then(|| Arc::clone(ids))
    }

    /// Remembers the ids in a folder, and forgets the pools that are no longer in it.
    pub(super) fn keep_ids(&self, ids: &Arc<[String]>, read: StampedRead) {
        let mut known = locked(&self.ids);
        let before = known.as_ref().map(|(_, history)| history);
        let history = StampHistory::after_read(before, read.stamp, read.began);
        *known = Some((Arc::clone(ids), history));
        drop(known);
        let mut pools = locked(&self.pools);
        if pools.by_id.len() > ids.len() {
            let there: HashSet<&String> = ids.iter().collect();
            let gone: Vec<String> = pools.by_id.keys().filter(|id| !there.contains(id)).cloned().collect();
            gone.iter().for_each(|id| drop(pools.forget(id)));
        }
    }
}

impl RememberedPools {
    fn forget(&mut self, id: &str) -> Option<RememberedPool> {
        let known = self.by_id.remove(id)?;
        self.size -= known.text.len();
        Some(known)
    }
}
