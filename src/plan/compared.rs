//! The comparison of a pool with its manifest: differences and unmanaged settings.

use std::sync::Arc;

use super::ownership::{self, Undeclared};
use super::secrets::Secrets;
use super::{Change, Difference, Finding, Form, Options, diff, target};
use crate::catalogue::{Catalogue, Compare};
use crate::document::{Document, FastMap, FastSet, Json, Path, Paths, Snapshot};
use crate::manifest::{Origin, SourceText};
use crate::rules::{Desired, DesiredEntry, Want};

/// The differences between a pool and its manifest.
pub(super) struct Compared {
    /// The target documents.
    pub(super) snapshot: Snapshot,
    /// The findings of the comparison, such as declared values that no call can set.
    pub(super) findings: Vec<Finding>,
    /// The path of each declared setting.
    pub(super) addresses: Vec<Path>,
    pub(super) implied: Vec<Path>,
    /// The live documents, canonical.
    pub(super) canonical: Document,
    /// The canonical target documents.
    pub(super) wanted: Document,
    pub(super) changes: Vec<Change>,
    pub(super) secrets: Secrets,
    /// The unmanaged live settings.
    pub(super) undeclared: Vec<Undeclared>,
}

pub(super) fn compare(
    catalogue: &Catalogue,
    live: &Snapshot,
    desired: &Desired,
    options: &Options,
) -> Compared {
    let target::Target { snapshot, canonical, findings, addresses, mut implied } =
        target::target(catalogue, live, desired, options.today);
    let canonical = catalogue.without_idle_factors(canonical, live);
    let wanted = catalogue.canonical_of_all(&snapshot);
    let (canonical, wanted) = catalogue.aligned(canonical, wanted);
    let mut changes = diff(catalogue, &canonical, &wanted);
    // A contradiction between the two documents goes with the first call.
    changes.retain(|change| !catalogue.is_contradiction(&change.path));
    // Implied changes need a call that makes another change.
    if changes.iter().all(|change| implied.iter().any(|path| change.path.is_within(path))) {
        changes.clear();
        implied.clear();
    }
    let secrets = Secrets::of(catalogue, desired, &addresses);
    let given = given(catalogue, &changes, desired, &addresses);
    if !given.is_empty() {
        changes.extend(given);
        in_order(catalogue, &mut changes);
    }
    secrets.mark(&mut changes);
    let places: Paths<usize> =
        addresses.iter().enumerate().rev().map(|(nth, path)| (path.clone(), nth)).collect();
    let entries: FastMap<&Path, &DesiredEntry> =
        desired.entries.iter().map(|entry| (&entry.path, entry)).collect();
    for change in &mut changes {
        let entry = entries.get(&change.path);
        if let Some(entry) = entry.filter(|_| change.form == Form::Document) {
            change.origin.clone_from(&entry.origin);
            continue;
        }
        let want = places.overlapping(&change.path).min().and_then(|first| desired.wants.get(*first));
        change.origin = want.and_then(|want| want.origin.clone());
        change.template = want.and_then(|want| template(change, want)).map(Box::new);
    }
    let mut undeclared =
        ownership::undeclared(catalogue, (live, &canonical), &addresses, desired, options.today);
    for setting in &mut undeclared {
        setting.sensitive |= secrets.holds(&setting.path);
    }
    undeclared.retain(|setting| !desired.withheld_paths().any(|path| path.overlaps(&setting.path)));
    // What another setting replaces is a difference already.
    let changed: FastSet<&Path> = changes.iter().map(|change| &change.path).collect();
    undeclared.retain(|setting| !changed.contains(&setting.path));
    Compared { snapshot, findings, addresses, implied, canonical, wanted, changes, secrets, undeclared }
}

/// What is declared of a pool or a document that is made and is no difference: it is what absence means, or no read has
/// it. Whoever reviews the plan sees it all the same.
fn given(catalogue: &Catalogue, changes: &[Change], desired: &Desired, addresses: &[Path]) -> Vec<Change> {
    let made = changes.iter().filter(|change| change.form == Form::Document && change.after.is_some());
    let made: Vec<&Path> = made.map(|change| &change.path).collect();
    if made.is_empty() && !desired.is_new() {
        return Vec::new();
    }
    let made: Paths<()> = made.into_iter().collect();
    let is_made =
        |path: &Path| made.overlap(path) || desired.is_new() && catalogue.resource(path).branch.is_none();
    let shown: Paths<()> =
        changes.iter().filter(|change| change.form != Form::Document).map(|change| &change.path).collect();
    let given = desired.wants.iter().zip(addresses).filter(|(want, path)| {
        want.value.is_some() && desired.takes(&want.path) && is_made(path) && !shown.overlap(path)
    });
    let is_set = |path: &Path| catalogue.setting(path).is_some_and(|field| field.compare() == Compare::Set);
    let change = |(want, path): (&Want, &Path)| {
        let after = want.value.as_ref().map(|value| catalogue.canonical_value(path, value));
        let form = if is_set(path) { Form::Set } else { Form::Value };
        let difference = Difference { path: path.clone(), before: None, after, form };
        Change { sensitive: catalogue.is_sensitive(path), ..difference.into() }
    };
    given.map(change).collect()
}

/// Puts changes into the API's order: the settings of the pool, then the branches, each as it was.
fn in_order(catalogue: &Catalogue, changes: &mut [Change]) {
    let branches = Catalogue::branches().map(str::to_owned);
    let names = catalogue.settings().map(str::to_owned).chain(branches).zip(0_usize..);
    let names: FastMap<String, usize> = names.collect();
    changes.sort_by_key(|change| change.path.head().and_then(|head| names.get(head).copied()));
}

/// The first line that the pool lacks of the file whose text is wanted; the last line if it lacks none.
fn template(change: &Change, want: &Want) -> Option<Origin> {
    let name = want.file.clone().filter(|_| !change.sensitive)?;
    let text = change.after.as_ref()?.as_str()?;
    let live = change.before.as_ref().and_then(Json::as_str).unwrap_or_default();
    let pairs = text.split_inclusive('\n').zip(live.split_inclusive('\n'));
    let same: usize = pairs.take_while(|(line, live)| line == live).map(|(line, _)| line.len()).sum();
    let last = || text.trim_end_matches('\n').rfind('\n').map_or(0, |newline| newline + 1);
    let start = if same < text.len() { same } else { last() };
    let end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    let source = Arc::new(SourceText::new(name, text.to_owned()));
    Some(Origin { source, span: start..end })
}
