//! A plan of a part of a manifest: it reports nothing about the rest.

use super::{Change, Finding, Level};
use crate::document::{DocumentId, Path, PathPattern, Seg};
use crate::rules::Desired;

/// Leaves out the findings that are about nothing that is selected, and says what is selected.
pub(super) fn keep(findings: &mut Vec<Finding>, desired: &Desired, changes: &[Change]) {
    if desired.only.is_empty() {
        return;
    }
    findings.retain(|finding| is_kept(finding, desired, changes));
    let only: Vec<String> = desired.only.iter().map(PathPattern::to_string).collect();
    let text = format!("only {}: nothing else is planned or judged", only.join(", "));
    findings.push(Finding { path: None, ..Finding::new(Level::Note, "selection", &Path::root(), text) });
}

fn is_kept(finding: &Finding, desired: &Desired, changes: &[Change]) -> bool {
    match &finding.path {
        // Something else may need the entry.
        None => !["allow-unused", "ignore-unused"].contains(&&*finding.code),
        // Conflicts and risks belong to changes, and a request also has unknown members.
        Some(_) if finding.level <= Level::Risk => true,
        Some(_) if finding.code == "unknown-member" => !changes.is_empty(),
        Some(path) => {
            path.is_root() || desired.takes(path) || changes.iter().any(|change| change.path.overlaps(path))
        }
    }
}

/// The labels of the documents that are read of this list; `None` for all that are declared.
pub(super) fn labels(list: &DocumentId, root: &Path, desired: &Desired) -> Option<Vec<String>> {
    if desired.only.is_empty() || !DocumentId::is_labelled(list.name()) {
        return None;
    }
    let entries =
        desired.entries.iter().filter(|entry| entry.path.is_within(root) && desired.takes(&entry.path));
    let label = |path: &Path| match path.segs() {
        [_, Seg::Member(label), ..] => Some(label.to_string()),
        _ => None,
    };
    Some(entries.filter_map(|entry| label(&entry.path)).collect())
}
