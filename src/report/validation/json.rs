//! For programs: what `schemas/validation.schema.json` says.

use super::{Validation, sentence, word};
use crate::manifest::{Diagnostic, Severity};
use crate::report::json::Members;
use crate::report::place::{FilePlace, Region};
use crate::report::visible;

const FORMAT_VERSION: &str = "1.0";

/// One JSON document, with a line's end. Within one major version of `format_version` members are added,
/// and none goes or changes.
pub fn json(validation: &Validation<'_>, tool_version: &str) -> String {
    let summary = Members::default()
        .with("manifests", validation.manifests)
        .with("errors", validation.number(Severity::Error))
        .with("warnings", validation.number(Severity::Warning));
    let document = Members::default()
        .with("format_version", FORMAT_VERSION)
        .with("tool_version", tool_version)
        .with("valid", validation.is_valid())
        .with("summary", summary)
        .list("findings", validation.findings.iter().map(finding));
    visible::json(&document)
}

fn finding(finding: &Diagnostic) -> Members {
    let message = |text: &str| Members::default().with("message", sentence(text));
    let related = finding.related.iter();
    let related = related.map(|(origin, label)| located(message(label), FilePlace::at(origin)));
    let head = Members::default()
        .with("severity", word(finding.severity))
        .with("code", &*finding.code)
        .with("message", sentence(&finding.message));
    let head = match FilePlace::of(finding) {
        Some(place) => located(head, place),
        None => head,
    };
    head.given("help", finding.help.as_deref().map(sentence)).list("related", related)
}

/// The object with a place. A finding about a file as a whole has no lines and columns.
fn located(object: Members, FilePlace { file, region }: FilePlace<'_>) -> Members {
    let object = object.with("file", file);
    let Some(Region { line, column, end_line, end_column }) = region else { return object };
    object.with("line", line).with("column", column).with("end_line", end_line).with("end_column", end_column)
}
