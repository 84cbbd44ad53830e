//! Documents that the service is not done with, or could not set up.

use super::finding::{Finding, Level};
use super::{Change, Plan};
use crate::catalogue::{Catalogue, RESOURCES, Unsettled};
use crate::document::{Path, Snapshot};
use crate::rules::Desired;

/// The findings about them: a conflict if the plan changes one while the service refuses that.
pub(super) fn findings(live: &Snapshot, changes: &[Change]) -> Vec<Finding> {
    let finding = |(root, progress): (Path, &Unsettled)| {
        let change = changes.iter().find(|change| progress.is_busy && change.path.is_within(&root));
        match change {
            Some(change) => {
                let refused = format!("{}, and Cognito refuses changes until that ends", progress.text);
                told(Level::Conflict, &root, progress, &refused).origin(change.origin.as_ref())
            }
            None => told(Level::Warning, &root, progress, progress.text),
        }
    };
    shown(live).map(finding).collect()
}

/// The declared documents that do not work: drift.
pub(super) fn failed(live: &Snapshot, desired: &Desired) -> Vec<Finding> {
    let entry = |root: &Path| desired.entries.iter().find(|entry| entry.path == *root && !entry.is_removed);
    let failed = shown(live).filter(|(_, progress)| !progress.is_busy);
    let finding = |(root, progress): (Path, &Unsettled)| {
        let entry = entry(&root)?;
        Some(told(Level::Conflict, &root, progress, progress.text).origin(entry.origin.as_ref()))
    };
    failed.filter_map(finding).collect()
}

impl Plan {
    /// The documents that this plan writes and that do not work by a later read, whatever their settings are.
    pub fn failures(&self, catalogue: &Catalogue, after: &Snapshot) -> Vec<Finding> {
        let is_written =
            |root: &Path| self.steps.iter().any(|step| catalogue.root_of(&step.document) == *root);
        let failed = shown(after).filter(|(root, progress)| !progress.is_busy && is_written(root));
        failed.map(|(root, progress)| told(Level::Warning, &root, progress, progress.text)).collect()
    }
}

/// The documents that are not settled, each with what it shows.
fn shown(live: &Snapshot) -> impl Iterator<Item = (Path, &'static Unsettled)> {
    let resources = RESOURCES.into_iter().filter(|resource| !resource.progress.is_empty());
    resources.flat_map(|resource| {
        let documents = live.labelled(&resource.document);
        documents.filter_map(|(label, document)| {
            Some((resource.root().member(label), resource.progress_of(document)?))
        })
    })
}

fn told(level: Level, root: &Path, progress: &Unsettled, text: &str) -> Finding {
    let code = if progress.is_busy { "document-busy" } else { "document-failed" };
    Finding::new(level, code, root, format!("`{root}` {text}")).help(progress.help)
}
