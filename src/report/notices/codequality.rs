//! For merge requests of GitLab: Code Quality.

use std::fmt::{self, Write};

use super::{Notice, Notices, Weight, pools};
use crate::document::Json;
use crate::report::codequality::{QualitySeverity, issue};
use crate::report::fingerprints::ResultPrints;
use crate::report::mark::FindingMark;
use crate::report::place::FilePlace;
use crate::report::streamed::document_list;
use crate::report::{Run, validation};

/// Writes one report, with a line's end: an issue for what is wrong with the manifests, for each finding and for each
/// change. What is the same of several pools is one issue, which names them.
///
/// # Errors
/// When `out` fails.
pub fn codequality(run: &Run<'_>, out: &mut dyn Write) -> fmt::Result {
    let mut prints = ResultPrints::default();
    // GitLab needs a file, also for what is in none.
    let first = FilePlace { file: run.entries.first().map_or(".", |entry| entry.file), region: None };
    let wrong: Vec<Json> = run
        .diagnostics
        .iter()
        .map(|finding| validation::issue(finding, run.folder, first, &mut prints))
        .collect();
    let notices = Notices::of(run);
    let told = notices.iter().map(|notice| of(&notice, run.folder, first, &mut prints));
    document_list(out, wrong.into_iter().chain(told))
}

fn of(notice: &Notice<'_>, folder: &str, first: FilePlace<'_>, prints: &mut ResultPrints) -> Json {
    let severity = match (notice.mark, notice.weight) {
        (Some(FindingMark::Risk), _) => QualitySeverity::Major,
        (_, Weight::Error) => QualitySeverity::Critical,
        (_, Weight::Warning) => QualitySeverity::Minor,
        (_, Weight::Notice | Weight::Aside) => QualitySeverity::Info,
    };
    let place = notice.place.unwrap_or(first);
    let path = notice.path.map(ToString::to_string).unwrap_or_default();
    // A pool that joins others comes after them, and the issue stays the same.
    let pool = notice.pools.first().copied().unwrap_or_default();
    let print = prints.of(&[notice.code, &place.path(folder), &path, pool]);
    let description = format!("{}\n{}", notice.message, pools(&notice.pools));
    issue(notice.code, severity, &description, print, (&place, folder))
}
