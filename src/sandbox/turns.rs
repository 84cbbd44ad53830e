//! Who waits for whom: writers of one pool for each other and for its readers, and nobody else.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// How many locks the pools share. Two pools with one lock wait for each other and lose nothing.
const LOCKS: usize = 256;

/// The locks of a sandbox.
pub(super) struct Turns {
    all: RwLock<()>,
    pools: [RwLock<()>; LOCKS],
    hasher: RandomState,
}

/// What a call needs for itself.
#[derive(Clone, Copy)]
pub(super) enum TurnScope<'a> {
    /// No pool changes meanwhile.
    AllPools,
    /// This pool does not change meanwhile.
    Reads(&'a str),
    /// Nobody else reads or changes this pool meanwhile.
    Writes(&'a str),
    /// Nothing: it reads many pools one by one, or makes a new one.
    Nothing,
}

/// The turn of a call. It ends when this is dropped.
#[expect(dead_code, reason = "held, not read")]
pub(super) enum Turn<'a> {
    All(RwLockWriteGuard<'a, ()>),
    Reader(RwLockReadGuard<'a, ()>, RwLockReadGuard<'a, ()>),
    Writer(RwLockReadGuard<'a, ()>, RwLockWriteGuard<'a, ()>),
    Beside(RwLockReadGuard<'a, ()>),
}

impl Default for Turns {
    fn default() -> Self {
        let pools = std::array::from_fn(|_| RwLock::default());
        Self { all: RwLock::default(), pools, hasher: RandomState::new() }
    }
}

impl Turns {
    /// Waits for the turn of a call.
    pub(super) fn take(&self, scope: TurnScope<'_>) -> Turn<'_> {
        match scope {
            TurnScope::AllPools => Turn::All(self.all.write().unwrap_or_else(PoisonError::into_inner)),
            TurnScope::Nothing => Turn::Beside(self.beside()),
            TurnScope::Reads(id) => {
                Turn::Reader(self.beside(), self.of(id).read().unwrap_or_else(PoisonError::into_inner))
            }
            TurnScope::Writes(id) => {
                Turn::Writer(self.beside(), self.of(id).write().unwrap_or_else(PoisonError::into_inner))
            }
        }
    }

    fn beside(&self) -> RwLockReadGuard<'_, ()> {
        self.all.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, id: &str) -> &RwLock<()> {
        let nth = self.hasher.hash_one(id) as usize % LOCKS;
        &self.pools[nth]
    }
}
