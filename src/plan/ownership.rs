//! What others manage, what stays out of requests, and what nobody manages at all.

use time::Date;

use super::Change;
use super::diff::diff_of;
use super::finding::{Finding, Level};
use crate::catalogue::{Catalogue, Operation};
use crate::document::{Json, Object, Path, Snapshot, json};
use crate::manifest::{Exemption, Term, Unmanaged};
use crate::rules::{Desired, terms};

/// The members that stay out of the request today.
pub(super) fn omitted(desired: &Desired, today: Date) -> impl Iterator<Item = &Exemption> {
    desired.omit.iter().filter(move |omit| !Term::of(omit.until, today).is_past())
}

/// What is to be said of the entries of `ignore`, `allow` and `omit` that have come to their end, or are
/// about to.
pub(super) fn findings(desired: &Desired, today: Date) -> Vec<Finding> {
    let finding = |ending: terms::Ending<'_>| {
        let finding = Finding::new(Level::Warning, ending.code, &Path::root(), ending.text);
        Finding { path: ending.path.cloned(), ..finding }.help(terms::REMEDY).origin(Some(ending.origin))
    };
    terms::endings(desired, today).into_iter().map(finding).collect()
}

/// What is to be said of entries of `ignore` that name neither a setting of the model nor a member of the
/// pool, as far as its documents are known.
pub(super) fn nowhere(catalogue: &Catalogue, live: &Snapshot, desired: &Desired) -> Vec<Finding> {
    let unknown = desired.ignore.iter().filter(|ignore| catalogue.setting(&ignore.path.value).is_none());
    let is_read =
        |path: &Path| live.mfa.is_some() || catalogue.owner(path) == Some(Operation::UpdateUserPool);
    let is_nowhere = |path: &Path| is_read(&path.prefix(1)) && !is_live(catalogue, live, path);
    let finding = |ignore: &Exemption| {
        let path = &ignore.path.value;
        let text = format!("`{path}` is ignored, and neither the API model nor the pool has it");
        let finding = Finding::new(Level::Warning, "ignore-unused", path, text);
        finding.help("delete the entry, or mend its path").origin(Some(&ignore.path.origin))
    };
    unknown.filter(|ignore| is_nowhere(&ignore.path.value)).map(finding).collect()
}

fn is_live(catalogue: &Catalogue, live: &Snapshot, path: &Path) -> bool {
    json::get(&catalogue.canonical_of_all(live), path).is_some()
}

/// A live setting that differs from what absence leads to, and that nobody declares or ignores.
#[derive(Clone, Debug, PartialEq)]
pub struct Undeclared {
    /// The setting.
    pub path: Path,
    /// Its value.
    pub live: Json,
    /// Whether it must not be shown.
    pub sensitive: bool,
    /// Whether a new pool may have it: nobody needs to have chosen it, and it neither counts nor is listed.
    pub is_fresh: bool,
    /// Whether a baseline declares it.
    pub is_released: bool,
}

/// The live settings that nobody manages, as far as both documents were read.
pub(super) fn undeclared(
    catalogue: &Catalogue,
    live: &Object,
    declared: &[Path],
    desired: &Desired,
    today: Date,
) -> Vec<Undeclared> {
    let ignored: Vec<&Path> = desired
        .ignore
        .iter()
        .filter(|ignore| !Term::of(ignore.until, today).is_past())
        .map(|ignore| &ignore.path.value)
        .collect();
    diff_of(catalogue, &Object::new(), live, |name| catalogue.is_sendable(name))
        .into_iter()
        .filter(|change| !declared.iter().chain(ignored.iter().copied()).any(|at| at.overlaps(&change.path)))
        .filter_map(|Change { path, after, sensitive, .. }| {
            let value = after.filter(|value| !catalogue.is_filled_in(&path, value, &desired.region))?;
            let is_fresh = catalogue.is_fresh(live, &path);
            Some(Undeclared { path, live: value, sensitive, is_fresh, is_released: false })
        })
        .collect()
}

/// Those of them that a plan tells of. The MFA document is not read for every plan: they are to say the
/// same.
pub(super) fn unmanaged<'a>(
    catalogue: &Catalogue,
    undeclared: &'a [Undeclared],
    desired: &Desired,
) -> Vec<&'a Path> {
    let told = |path: &&Path| desired.unmanaged == Unmanaged::Report || !catalogue.is_in_mfa(path);
    undeclared.iter().filter(|setting| !setting.is_fresh).map(|setting| &setting.path).filter(told).collect()
}

/// The same as findings, where the manifest wants to be told of each.
pub(super) fn reported(unmanaged: &[&Path], desired: &Desired) -> Vec<Finding> {
    let finding = |path: &&Path| {
        Finding::new(Level::Note, "unmanaged", path, format!("`{path}` is unmanaged and stays as it is"))
    };
    match desired.unmanaged {
        Unmanaged::Keep => Vec::new(),
        Unmanaged::Report => unmanaged.iter().map(finding).collect(),
    }
}
