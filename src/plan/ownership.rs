//! What others manage, what stays out of requests, and what nobody manages at all.

use time::Date;

use super::diff;
use super::finding::{Finding, Level};
use crate::catalogue::Catalogue;
use crate::document::{Object, Path};
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

/// The live settings that differ from their default, and that nobody declares or ignores.
pub(super) fn unmanaged(
    catalogue: &Catalogue,
    live: &Object,
    declared: &[Path],
    desired: &Desired,
    today: Date,
) -> Vec<Path> {
    let settings = live.iter().filter(|(name, _)| catalogue.is_sendable(name));
    let settings = settings.map(|(name, value)| (name.clone(), value.clone())).collect();
    let ignored: Vec<&Path> = desired
        .ignore
        .iter()
        .filter(|ignore| !Term::of(ignore.until, today).is_past())
        .map(|ignore| &ignore.path.value)
        .collect();
    diff(catalogue, &Object::new(), &settings)
        .into_iter()
        .map(|change| change.path)
        // The MFA document is not read for every plan: they are to say the same.
        .filter(|path| desired.unmanaged == Unmanaged::Report || !catalogue.is_in_mfa(path))
        .filter(|path| !declared.iter().chain(ignored.iter().copied()).any(|at| at.overlaps(path)))
        .collect()
}

/// The same as findings, where the manifest wants to be told of each.
pub(super) fn reported(unmanaged: &[Path], desired: &Desired) -> Vec<Finding> {
    let finding = |path| {
        Finding::new(Level::Note, "unmanaged", path, format!("`{path}` is not managed and stays as it is"))
    };
    match desired.unmanaged {
        Unmanaged::Keep => Vec::new(),
        Unmanaged::Report => unmanaged.iter().map(finding).collect(),
    }
}
