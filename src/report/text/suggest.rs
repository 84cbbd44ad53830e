//! The entries of `ignore` that would leave to others what a plan changes, or what counts as drift.

use crate::document::Path;
use crate::document::url::without_userinfo;
use crate::manifest::Origin;
use crate::manifest::write::{self, CommentedEntry, Yaml};
use crate::plan::{Level, PlanReport};
use crate::report::{short_place, visible};

/// What to put into the manifest of a plan so that it leaves to others what it would change, and what
/// nobody manages. Of a drift these are the settings that count and are in no manifest. Nothing where there
/// is no such setting.
pub fn suggestion(plan: &PlanReport) -> Option<String> {
    let mut settings: Vec<(Path, Option<&Origin>)> = Vec::new();
    let changed = plan.changes.iter().map(|change| (&change.path, change.origin.as_ref()));
    let unmanaged = plan.findings(Level::Note).filter(|finding| finding.code == "unmanaged");
    let unmanaged = unmanaged.filter_map(|finding| Some((finding.path.as_ref()?, None)));
    let undeclared = plan.undeclared.iter().map(|setting| (&setting.path, None));
    // What a drift finds changed is declared, and may be adopted or applied.
    let changed = changed.filter(|_| !plan.is_drift);
    for (path, origin) in changed.chain(unmanaged).chain(undeclared) {
        // Lists are ignored whole.
        let path = path.written_at();
        if !settings.iter().any(|(known, _)| *known == path) {
            settings.push((path, origin));
        }
    }
    if settings.is_empty() {
        return None;
    }
    let declared = settings.iter().any(|(_, origin)| origin.is_some());
    let entries = settings.into_iter().map(|(path, origin)| {
        let entry = CommentedEntry::new("path", &*without_userinfo(&path.to_string()));
        let entry = match origin {
            Some(origin) => entry.behind(format!("declared in {}", short_place(origin))),
            None => entry,
        };
        Yaml::Mapping(vec![entry, CommentedEntry::new("reason", "who manages it")])
    });
    let list = Yaml::Mapping(vec![CommentedEntry::new("ignore", Yaml::Sequence(entries.collect()))]);
    let delete = if declared { ", and delete the lines that declare them" } else { "" };
    let file = visible::escape(&plan.pool.file);
    Some(format!(
        "To leave these settings to others, add this to {file}{delete}:\n\n{}",
        write::to_string(&list)
    ))
}
