//! A pool beside what is wanted of it: what differs, and what nobody says anything of.

use std::borrow::Cow;
use std::sync::Arc;

use super::ownership::{self, Undeclared};
use super::secrets::Secrets;
use super::{Change, Finding, Options, diff, target};
use crate::catalogue::Catalogue;
use crate::document::{Json, Object, Path, Snapshot};
use crate::manifest::{Origin, Source};
use crate::rules::{Desired, Want};

/// What differs between a pool and what is wanted of it.
pub(super) struct Compared {
    /// The documents as they are to be.
    pub(super) snapshot: Snapshot,
    /// What was found on the way to them: wants that no call can meet, among others.
    pub(super) findings: Vec<Finding>,
    /// Where each want applies.
    pub(super) addresses: Vec<Path>,
    pub(super) implied: Vec<Path>,
    /// The live documents, canonical.
    pub(super) canonical: Object,
    /// The documents as they are to be, canonical.
    pub(super) wanted: Object,
    pub(super) changes: Vec<Change>,
    pub(super) secrets: Secrets,
    /// The live settings that nobody manages.
    pub(super) undeclared: Vec<Undeclared>,
}

pub(super) fn compare(
    catalogue: &Catalogue,
    live: &Snapshot,
    desired: &Desired,
    options: &Options,
) -> Compared {
    let target::Target { snapshot, canonical, findings, addresses, mut implied } =
        target::target(catalogue, live, desired);
    let canonical = catalogue.without_idle_factors(canonical, live);
    let wanted = catalogue.canonical_of_all(&snapshot);
    let (canonical, wanted) = catalogue.aligned(Cow::Owned(canonical), Cow::Owned(wanted));
    let (canonical, wanted) = (canonical.into_owned(), wanted.into_owned());
    let mut changes = diff(catalogue, &canonical, &wanted);
    // A contradiction between the two documents goes with the first call.
    changes.retain(|change| !catalogue.is_contradiction(&change.path));
    // What the calls cannot help changes with a call alone.
    if changes.iter().all(|change| implied.iter().any(|path| change.path.is_within(path))) {
        changes.clear();
        implied.clear();
    }
    let secrets = Secrets::of(catalogue, desired, &addresses);
    secrets.mark(&mut changes);
    for change in &mut changes {
        let want = want(&change.path, desired, &addresses);
        change.origin = want.and_then(|want| want.origin.clone());
        change.template = want.and_then(|want| template(change, want));
    }
    let mut undeclared = ownership::undeclared(catalogue, &canonical, &addresses, desired, options.today);
    for setting in &mut undeclared {
        setting.sensitive |= secrets.holds(&setting.path);
    }
    Compared { snapshot, findings, addresses, implied, canonical, wanted, changes, secrets, undeclared }
}

/// The want that asks for the change at `path`.
fn want<'a>(path: &Path, desired: &'a Desired, addresses: &[Path]) -> Option<&'a Want> {
    let asked = |(_, at): &(&Want, &Path)| at.overlaps(path);
    desired.wants.iter().zip(addresses).find(asked).map(|(want, _)| want)
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
    let source = Arc::new(Source { name, text: text.to_owned() });
    Some(Origin { source, span: start..end })
}
