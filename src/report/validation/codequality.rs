//! For merge requests of GitLab: Code Quality.

use super::{Validation, message};
use crate::document::Json;
use crate::manifest::{Diagnostic, Severity};
use crate::report::codequality::{QualitySeverity, issue};
use crate::report::fingerprints::ResultPrints;
use crate::report::place::FilePlace;
use crate::report::visible;

/// One report, with a line's end: an issue for each finding.
pub fn codequality(validation: &Validation<'_>) -> String {
    let mut prints = ResultPrints::default();
    let none = FilePlace { file: validation.files.first().map_or(".", String::as_str), region: None };
    let issue = |finding| of(finding, validation.folder, none, &mut prints);
    visible::json(&validation.findings.iter().map(issue).collect::<Vec<_>>())
}

/// A finding as an issue; `none` is the place of a finding that has none.
pub(in crate::report) fn of(
    finding: &Diagnostic,
    folder: &str,
    none: FilePlace<'_>,
    prints: &mut ResultPrints,
) -> Json {
    let severity = match finding.severity {
        Severity::Error => QualitySeverity::Critical,
        Severity::Warning => QualitySeverity::Minor,
    };
    let place = FilePlace::of(finding).unwrap_or(none);
    // A finding names its setting in its message alone.
    let print = prints.of(&[&finding.code, &place.path(folder), &finding.message]);
    issue(&finding.code, severity, &message(finding), print, (&place, folder))
}
