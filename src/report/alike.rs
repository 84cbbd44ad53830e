//! Which of many things are the same, without keeping the things: a fleet has so many that they fill as much memory as its
//! plans.

use std::hash::{BuildHasher as _, Hash, RandomState};

/// Things by their hashes, each with its number.
///
/// Two hashes with random seeds of their own, 128 bits, are the same for no two things.
pub(super) struct Alike {
    hashers: [RandomState; 2],
    all: Vec<([[u8; 8]; 2], u32)>,
}

impl Alike {
    /// None yet, with room for so many: a list that grows leaves holes in the memory.
    pub(super) fn with_capacity(most: usize) -> Self {
        Self { hashers: Default::default(), all: Vec::with_capacity(most) }
    }

    /// Adds a thing under a number.
    pub(super) fn add(&mut self, number: usize, thing: &impl Hash) {
        let hashes = self.hashers.each_ref().map(|hasher| hasher.hash_one(thing).to_ne_bytes());
        // So many things take more memory than there is.
        self.all.push((hashes, u32::try_from(number).unwrap_or(u32::MAX)));
    }

    /// The numbers of the things that are the same, each time in their order. What is the same as no other is left out.
    pub(super) fn groups(&mut self) -> impl Iterator<Item = impl Iterator<Item = usize>> {
        self.all.sort_unstable();
        let groups = self.all.chunk_by(|(one, _), (other, _)| one == other);
        groups.filter(|same| same.len() > 1).map(|same| same.iter().map(|(_, number)| *number as usize))
    }
}
