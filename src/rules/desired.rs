//! A checked manifest: what it names, and what it declares.

use std::ops::Deref;
use std::sync::Arc;

use time::Date;

use super::house::{HouseBaseline, HouseRule};
use super::tag::{PoolTag, TagSearch};
use super::want::Want;
use crate::catalogue::POOL_NAME;
use crate::document::{Path, PathPattern};
use crate::manifest::{Acknowledgement, Allow, Exemption, Fallback, Origin, Term, Unmanaged};

/// What reports name of a manifest: its pool, and the settings that were not compared.
#[derive(Clone, Debug, Default)]
pub struct ManifestPool {
    /// The manifest's file, as the user named it, or the backup's file for a restore.
    pub file: String,
    /// The pool's id; the word of [`Self::tag`] until the pool is found.
    pub pool: String,
    /// The tag by which the manifest names the pool; `None` if it has the pool's id.
    pub tag: Option<Box<PoolTag>>,
    /// The Region whose endpoint serves the pool.
    pub region: String,
    /// The account that the credentials must belong to.
    pub account: Option<Account>,
    /// What is planned and judged of the manifest; everything if it is empty.
    pub only: Vec<PathPattern>,
    /// The settings whose value on one side is not known: they are not compared.
    pub withheld: Vec<Withheld>,
}

/// The checked content of a manifest: what names its pool, the declared settings and entries.
#[derive(Clone, Debug, Default)]
pub struct Desired {
    /// What names it.
    pub subject: ManifestPool,
    /// The place of the pool's id. `None` if the id comes from a variable, or if there is no manifest.
    pub home: Option<Origin>,
    /// The declared settings, in the file's order; no path is within another.
    pub wants: Vec<Want>,
    /// The declared documents of resources with labels: each is to exist, or not to.
    pub entries: Vec<DesiredEntry>,
    /// The treatment of unmanaged live settings.
    pub unmanaged: Unmanaged,
    /// Settings that others manage: they stay as they are.
    pub ignore: Vec<Exemption>,
    /// Notes that the manifest acknowledges.
    pub acknowledge: Vec<Acknowledgement>,
    /// Accepted risks and rules.
    pub allow: Vec<Allow>,
    /// The branches of which drift reports every undeclared document. No plan reads them for that.
    pub watch: Vec<&'static str>,
    /// The paths in branches that a baseline declares. Their documents are read even if the manifest does not declare them.
    pub declared_before: Vec<Path>,
    /// The rules of the house, which the pool must keep whatever the manifest declares.
    pub require: Arc<[HouseRule]>,
    /// The rules of a baseline. A plan is judged by them too.
    pub require_before: HouseBaseline,
    /// Live members that stay out of every request.
    pub omit: Vec<Exemption>,
    /// The settings with values from variables or secrets, which can change without a change of the file.
    pub given: Vec<Path>,
    /// The values of the secrets that the settings are made of.
    pub secrets: Vec<String>,
    /// Further settings whose live values come from secrets: a restore removes them, or leaves them as they are.
    pub secret_paths: Vec<Path>,
    /// The variables that are not set, and whose defaults are used.
    pub fallbacks: Vec<Fallback>,
    /// The places in its files whose text must not be shown.
    pub hidden: Vec<Origin>,
}

impl ManifestPool {
    /// Whether the pool does not exist yet, so that an apply makes it.
    pub fn is_new(&self) -> bool {
        self.tag.as_ref().is_some_and(|tag| matches!(tag.search, TagSearch::Absent { .. }))
    }

    /// Whether the manifest may be for several pools, because variables decide which.
    pub fn is_shared(&self) -> bool {
        self.tag.as_ref().is_some_and(|tag| tag.is_given)
    }

    /// Whether a setting, or something in it or around it, is planned and judged.
    pub fn takes(&self, path: &Path) -> bool {
        self.only.is_empty() || self.only.iter().any(|pattern| pattern.overlaps(path))
    }

    /// Whether a setting is planned and judged with everything in it.
    pub fn takes_whole(&self, path: &Path) -> bool {
        self.only.is_empty() || self.only.iter().any(|pattern| pattern.covers(path))
    }
}

impl Deref for Desired {
    type Target = ManifestPool;

    fn deref(&self) -> &ManifestPool {
        &self.subject
    }
}

impl AsRef<ManifestPool> for Desired {
    fn as_ref(&self) -> &ManifestPool {
        &self.subject
    }
}

impl AsRef<ManifestPool> for ManifestPool {
    fn as_ref(&self) -> &ManifestPool {
        self
    }
}

impl From<Desired> for ManifestPool {
    fn from(desired: Desired) -> Self {
        desired.subject
    }
}

/// A manifest that declares nothing.
impl From<ManifestPool> for Desired {
    fn from(subject: ManifestPool) -> Self {
        Self { subject, ..Self::default() }
    }
}

impl Desired {
    /// An empty manifest for the pool `pool`, which the endpoint of `region` serves.
    pub fn nothing(file: String, pool: String, region: String) -> Self {
        ManifestPool { file, pool, region, ..ManifestPool::default() }.into()
    }

    /// The rules of the house by which a plan is judged, with the rules of a baseline.
    pub fn rules(&self) -> impl Iterator<Item = &HouseRule> {
        self.require.iter().chain(self.require_before.gone.iter())
    }

    /// Whether the pool's name comes from a secret.
    pub fn has_secret_name(&self) -> bool {
        let name = Path::members([POOL_NAME]);
        let withheld = self.withheld.iter().map(|withheld| &withheld.want);
        self.wants.iter().chain(withheld).any(|want| want.path == name && want.is_secret)
    }

    /// The declared name of the pool.
    pub fn pool_name(&self) -> Option<&str> {
        let name = Path::members([POOL_NAME]);
        self.wants.iter().find(|want| want.path == name)?.value.as_ref()?.as_str()
    }

    /// The paths that are declared.
    pub fn declared(&self) -> impl Iterator<Item = &Path> {
        let wants = self.wants.iter().map(|want| &want.path);
        wants.chain(self.entries.iter().map(|entry| &entry.path)).chain(self.withheld_paths())
    }

    /// The paths of the settings that are not compared.
    pub fn withheld_paths(&self) -> impl Iterator<Item = &Path> {
        self.withheld.iter().map(|withheld| &withheld.want.path)
    }
}

impl Desired {
    /// Leaves the declared values at these paths uncompared, because the live values are not known. That a value is
    /// removed can be compared.
    pub fn withhold(&mut self, paths: &[Path]) {
        let is_withheld =
            |want: &mut Want| want.value.is_some() && paths.iter().any(|path| want.path.is_within(path));
        let withheld = self.wants.extract_if(.., is_withheld);
        self.subject.withheld.extend(withheld.map(|want| Withheld { want, is_unset: false }));
    }
}

/// A declared setting that is not compared, because its value on one side is not known.
#[derive(Clone, Debug)]
pub struct Withheld {
    /// What is declared, with references to secrets in the place of their values if `is_unset`.
    pub want: Want,
    /// Whether a secret of the manifest is not set. Otherwise the live document lacks the value.
    pub is_unset: bool,
}

/// A document that is to exist under a label, or not to.
#[derive(Clone, Debug)]
pub struct DesiredEntry {
    /// Its canonical path.
    pub path: Path,
    /// The id that the service gave it, if it is known.
    pub id: Option<String>,
    /// Whether it is not to exist.
    pub is_removed: bool,
    /// Whether only its settings are wanted: if it does not exist, it is not made.
    pub only_updates: bool,
    /// The last day on which that holds; `None` if it has no end.
    pub until: Option<Date>,
    /// The place in the manifest, or `None` if it does not come from a manifest.
    pub origin: Option<Origin>,
}

impl DesiredEntry {
    /// Whether it is to exist on this day; `None` if the manifest no longer says.
    pub fn exists(&self, today: Date) -> Option<bool> {
        let holds = !Term::of(self.until, today).is_past();
        (!self.is_removed).then_some(true).or(holds.then_some(false))
    }
}

/// The account of a pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its 12 digits.
    pub id: String,
    /// The place in the manifest, or `None` for a backup.
    pub origin: Option<Origin>,
}
