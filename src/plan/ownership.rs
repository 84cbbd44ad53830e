//! Ignored, omitted and unmanaged settings.

use std::collections::BTreeSet;

use time::Date;

use super::diff::diff_of;
use super::finding::{Finding, Level};
use super::{Change, Form};
use crate::catalogue::{Catalogue, calls};
use crate::document::{Json, Object, Path, PathPattern, Paths, Snapshot, json};
use crate::manifest::{Exemption, Term, Unmanaged};
use crate::rules::{Desired, terms};

/// The members left out of the request on this day.
pub(super) fn omitted(desired: &Desired, today: Date) -> impl Iterator<Item = &Exemption> {
    desired.omit.iter().filter(move |omit| !Term::of(omit.until, today).is_past())
}

/// The findings about entries of `ignore`, `allow` and `omit` that have expired, or expire soon.
pub(super) fn findings(desired: &Desired, today: Date) -> Vec<Finding> {
    let finding = |ending: terms::Ending<'_>| {
        let finding = Finding::new(Level::Warning, ending.code, &Path::root(), ending.text);
        Finding { path: ending.path.cloned(), ..finding }.help(terms::REMEDY).origin(Some(ending.origin))
    };
    terms::endings(desired, today).into_iter().map(finding).collect()
}

/// The findings about entries of `ignore` that name neither a setting of the model nor a member of the pool's
/// known documents.
pub(super) fn nowhere(catalogue: &Catalogue, live: &Snapshot, desired: &Desired) -> Vec<Finding> {
    let exact = desired.ignore.iter().filter(|ignore| !PathPattern::is_pattern(&ignore.path.value));
    let unknown = exact.filter(|ignore| catalogue.setting(&ignore.path.value).is_none());
    let is_read =
        |path: &Path| live.mfa().is_some() || catalogue.owner(path) == Some(&calls::UPDATE_USER_POOL);
    let is_nowhere = |path: &Path| is_read(&path.prefix(1)) && !is_live(catalogue, live, path);
    let finding = |ignore: &Exemption| {
        let path = &ignore.path.value;
        let text = format!("`{path}` is ignored, but exists neither in the API model nor in the pool");
        let finding = Finding::new(Level::Warning, "ignore-unused", path, text);
        finding.help("delete the entry, or correct its path").origin(Some(&ignore.path.origin))
    };
    unknown.filter(|ignore| is_nowhere(&ignore.path.value)).map(finding).collect()
}

fn is_live(catalogue: &Catalogue, live: &Snapshot, path: &Path) -> bool {
    json::get(&catalogue.canonical_of_all(live), path).is_some()
}

/// A live setting that differs from its default, and that the manifest neither declares nor ignores.
#[derive(Clone, Debug, PartialEq)]
pub struct Undeclared {
    /// The setting.
    pub path: Path,
    /// Its value.
    pub live: Json,
    /// Whether the value must not be shown.
    pub sensitive: bool,
    /// Whether it is the value of a new pool: then it neither counts nor is listed.
    pub is_fresh: bool,
    /// Whether a baseline declares it.
    pub is_released: bool,
}

/// The unmanaged live settings, of the documents that were read.
pub(super) fn undeclared(
    catalogue: &Catalogue,
    live: &Object,
    declared: &[Path],
    desired: &Desired,
    today: Date,
) -> Vec<Undeclared> {
    let ignored = desired.ignore.iter().filter(|ignore| !Term::of(ignore.until, today).is_past());
    let ignored = ignored.map(|ignore| &ignore.path.value);
    let (patterns, exact): (Vec<&Path>, Vec<&Path>) = ignored.partition(|path| PathPattern::is_pattern(path));
    let managed: Paths<()> = declared.iter().chain(exact).collect();
    // A part of a document that nobody declares does not stand for the document.
    let is_ignored = |change: &Change| {
        let is_whole = change.form == Form::Document;
        patterns.iter().any(|pattern| match is_whole {
            true => PathPattern::is_within(&change.path, pattern),
            false => PathPattern::overlap(pattern, &change.path),
        })
    };
    let entries: BTreeSet<&Path> = desired.entries.iter().map(|entry| &entry.path).collect();
    // A document that nobody declares counts once, without its members.
    let mut whole: Option<Path> = None;
    let mut is_part = |change: &Change| {
        let is_part =
            whole.as_ref().is_some_and(|whole| change.path != *whole && change.path.is_within(whole));
        if change.form == Form::Document {
            whole = Some(change.path.clone()).filter(|path| !entries.contains(path));
        }
        is_part || entries.contains(&change.path)
    };
    let mut differences = diff_of(catalogue, &Object::new(), live, |name| catalogue.is_sendable(name));
    differences.retain(|change| !is_part(change));
    differences
        .into_iter()
        .filter(|change| !managed.overlap(&change.path) && desired.takes(&change.path))
        .filter(|change| !is_ignored(change))
        .filter_map(|Change { path, after, sensitive, .. }| {
            let value = after.filter(|value| !catalogue.is_filled_in(&path, value, &desired.region))?;
            let is_fresh = catalogue.is_fresh(live, &path);
            Some(Undeclared { path, live: value, sensitive, is_fresh, is_released: false })
        })
        .collect()
}

/// The unmanaged settings that a plan counts. Not every plan reads the MFA document; its settings count only
/// if the manifest wants a report, so that all plans show the same.
pub(super) fn unmanaged<'a>(
    catalogue: &Catalogue,
    undeclared: &'a [Undeclared],
    desired: &Desired,
) -> Vec<&'a Path> {
    let told = |path: &&Path| desired.unmanaged == Unmanaged::Report || !catalogue.is_in_mfa(path);
    undeclared.iter().filter(|setting| !setting.is_fresh).map(|setting| &setting.path).filter(told).collect()
}

/// The same as findings, if the manifest wants a report of each.
pub(super) fn reported(unmanaged: &[&Path], desired: &Desired) -> Vec<Finding> {
    let finding = |path: &&Path| {
        Finding::new(Level::Note, "unmanaged", path, format!("`{path}` is unmanaged and stays as it is"))
    };
    match desired.unmanaged {
        Unmanaged::Keep => Vec::new(),
        Unmanaged::Report => unmanaged.iter().map(finding).collect(),
    }
}
