//! What the plans of a fleet have in common, kept once.

use std::hash::Hash;
use std::iter;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Change, Difference, Finding};
use crate::document::{FastSet, Path};

/// The differences, paths and texts of kept plans: pools of a fleet often differ in the same settings, and have the same
/// findings.
#[derive(Debug, Default)]
pub struct Sharing {
    differences: Mutex<FastSet<Arc<Difference>>>,
    paths: Mutex<FastSet<Path>>,
    texts: Mutex<FastSet<Arc<str>>>,
}

impl Sharing {
    /// Puts the copy that is kept of an equal path in the place of this one.
    pub fn path(&self, path: &mut Path) {
        if !path.is_root() {
            *path = kept(&self.paths, path.clone());
        }
    }

    /// Does the same with what a finding is about, and with its texts.
    pub(super) fn finding(&self, finding: &mut Finding) {
        let Finding { path, text, help, .. } = finding;
        path.iter_mut().for_each(|path| self.path(path));
        for text in iter::once(text).chain(help) {
            *text = kept(&self.texts, Arc::clone(text));
        }
    }

    /// Does the same with what differs.
    pub(super) fn change(&self, change: &mut Change) {
        self.path(&mut Arc::make_mut(&mut change.difference).path);
        change.difference = kept(&self.differences, Arc::clone(&change.difference));
    }
}

/// The one of a set that equals this, which is added if there is none.
fn kept<T: Clone + Eq + Hash>(all: &Mutex<FastSet<T>>, one: T) -> T {
    let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = all.get(&one) {
        return known.clone();
    }
    all.insert(one.clone());
    one
}
