//! What is kept of manifests until their pools' turns.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::cli::world::disk::Disk;
use crate::manifest::{self, Diagnostic, Manifest, SourceText};
use crate::rules::{Desired, ManifestPool};

/// What a manifest wants and what it is warned of, or what is wrong with it.
pub(in crate::cli) type Checked<T = Desired> = Result<(T, Vec<Diagnostic>), Vec<Diagnostic>>;

/// What checks a manifest.
pub(in crate::cli) type ManifestChecker = Arc<dyn Fn(Manifest) -> Checked + Send + Sync>;

/// The room for pools that do not wait: for as many as are worked on at a time.
pub(in crate::cli) struct Room(AtomicUsize);

impl Room {
    pub(in crate::cli) fn new(pools: usize) -> Self {
        Self(AtomicUsize::new(pools))
    }

    /// Whether there was room for one more pool, which then has it.
    pub(in crate::cli) fn take(&self) -> bool {
        self.0.fetch_update(Relaxed, Relaxed, |room| room.checked_sub(1)).is_ok()
    }
}

/// A checked manifest whose pool waits for its turn. What a fleet declares takes several times the memory of its texts, so a
/// manifest may be kept as its text, and then be checked again.
pub(in crate::cli) struct WaitingManifest {
    /// What is wanted; of a manifest that is kept as its text, only what names the pool.
    desired: Box<Desired>,
    again: Option<SecondCheck>,
}

/// What a manifest is checked with a second time. Every file that it refers to was kept when it was read.
#[derive(Clone)]
pub(in crate::cli) struct SecondCheck {
    text: Arc<SourceText>,
    disk: Arc<Disk>,
    check: ManifestChecker,
}

impl SecondCheck {
    pub(in crate::cli) fn new(manifest: &Manifest, disk: &Arc<Disk>, check: &ManifestChecker) -> Self {
        Self { text: Arc::clone(&manifest.source), disk: Arc::clone(disk), check: Arc::clone(check) }
    }
}

impl WaitingManifest {
    /// The manifest as its text, if `again` can check it. One that names its pool by a tag stays whole: the search for the pool
    /// needs its name, and adds what it finds.
    pub(in crate::cli) fn new(desired: Desired, again: Option<SecondCheck>) -> Self {
        match again.filter(|_| desired.tag.is_none()) {
            None => desired.into(),
            again => Self { desired: Box::new(desired.subject.into()), again },
        }
    }

    /// All that is wanted. What the run has added meanwhile stays.
    ///
    /// # Errors
    /// With what names the pool, where the second check finds what the first did not.
    pub(in crate::cli) fn whole(self) -> Result<Box<Desired>, Box<Desired>> {
        let Self { desired, again } = self;
        let Some(SecondCheck { text, disk, check }) = again else { return Ok(desired) };
        let Ok((whole, _)) = manifest::load_again(&text, &*disk).and_then(|manifest| check(manifest)) else {
            return Err(desired);
        };
        let Desired { subject: ManifestPool { only, .. }, declared_before, require_before, .. } = *desired;
        let subject = ManifestPool { only, ..whole.subject };
        Ok(Box::new(Desired { subject, declared_before, require_before, ..whole }))
    }
}

impl From<Desired> for WaitingManifest {
    fn from(desired: Desired) -> Self {
        Self { desired: Box::new(desired), again: None }
    }
}

impl Deref for WaitingManifest {
    type Target = Desired;

    fn deref(&self) -> &Desired {
        &self.desired
    }
}

impl DerefMut for WaitingManifest {
    fn deref_mut(&mut self) -> &mut Desired {
        &mut self.desired
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::cli::args::InputArgs;
    use crate::cli::world::disk::SecretUse;
    use crate::document::Path;
    use crate::rules;
    use crate::shapes::Shapes;

    /// A manifest that waits as its text, whose check succeeds so many times.
    fn waiting(text: &str, times: usize) -> WaitingManifest {
        let disk = Arc::new(Disk::new(&InputArgs::default(), SecretUse::Withheld).unwrap());
        let (catalogue, left) = (Catalogue::new(Shapes::bundled()), AtomicUsize::new(times));
        let check: ManifestChecker = Arc::new(move |manifest| match left.fetch_sub(1, Relaxed) {
            0 => Err(Vec::new()),
            _ => rules::check(&catalogue, manifest),
        });
        let manifest = manifest::load_with("p.yaml", text.as_bytes(), &*disk).unwrap();
        let again = SecondCheck::new(&manifest, &disk, &check);
        WaitingManifest::new(check(manifest).unwrap().0, Some(again))
    }

    const TEXT: &str =
        "version: 1\npool: eu-west-1_a\nsettings: { PoolName: p, DeletionProtection: ACTIVE }\n";

    #[test]
    fn a_manifest_waits_without_what_it_declares_and_is_whole_at_its_turn() {
        let mut waiting = waiting(TEXT, 2);
        assert_eq!((waiting.wants.len(), &*waiting.pool), (0, "eu-west-1_a"));
        // What a baseline adds.
        waiting.declared_before = vec![Path::members(["clients"])];
        let whole = waiting.whole().unwrap();
        assert_eq!((whole.wants.len(), &*whole.pool), (2, "eu-west-1_a"));
        assert_eq!(whole.declared_before, [Path::members(["clients"])]);
    }

    #[test]
    fn a_manifest_that_names_its_pool_by_a_tag_waits_with_its_name() {
        let text = TEXT.replace(
            "pool: eu-west-1_a",
            "create: customers-3f9a1c77\nregion: eu-west-1\naccount: \"111122223333\"",
        );
        assert_eq!(waiting(&text, 1).pool_name(), Some("p"));
    }

    #[test]
    fn a_manifest_that_is_unsound_by_its_turn_is_refused() {
        assert_eq!(waiting(TEXT, 1).whole().unwrap_err().pool, "eu-west-1_a");
    }
}
