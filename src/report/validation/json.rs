//! For programs: what `schemas/validation.schema.json` says.

use serde::Serialize;

use super::{Validation, sentence, word};
use crate::manifest::{self, Severity};
use crate::report::place::FilePlace;
use crate::report::visible;

const FORMAT_VERSION: &str = "1.0";

#[derive(Serialize)]
struct ValidationJson<'a> {
    format_version: &'static str,
    tool_version: &'a str,
    /// Whether nothing that counts is wrong: then the run ends with 0, else with 1.
    valid: bool,
    summary: ValidationSummary,
    findings: Vec<ValidationFinding<'a>>,
}

#[derive(Serialize)]
struct ValidationSummary {
    manifests: usize,
    errors: usize,
    warnings: usize,
}

#[derive(Serialize)]
struct ValidationFinding<'a> {
    severity: &'static str,
    code: &'a str,
    message: String,
    #[serde(flatten)]
    location: Option<Location<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    related: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Related<'a> {
    message: String,
    #[serde(flatten)]
    location: Location<'a>,
}

/// A finding about a file as a whole has no lines and columns.
#[derive(Serialize)]
struct Location<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<usize>,
}

/// One JSON document, with a line's end. Within one major version of `format_version` members are added,
/// and none goes or changes.
pub fn json(validation: &Validation<'_>, tool_version: &str) -> String {
    let document = ValidationJson {
        format_version: FORMAT_VERSION,
        tool_version,
        valid: validation.is_valid(),
        summary: ValidationSummary {
            manifests: validation.manifests,
            errors: validation.number(Severity::Error),
            warnings: validation.number(Severity::Warning),
        },
        findings: validation.findings.iter().map(ValidationFinding::new).collect(),
    };
    // No map of these types has another key than a string, which is the one thing that can fail.
    visible::json(&document)
}

impl<'a> ValidationFinding<'a> {
    fn new(finding: &'a manifest::Diagnostic) -> Self {
        let related = finding.related.iter().map(|(origin, label)| Related {
            message: sentence(label).into_owned(),
            location: Location::new(FilePlace::at(origin)),
        });
        Self {
            severity: word(finding.severity),
            code: finding.code,
            message: sentence(&finding.message).into_owned(),
            location: FilePlace::of(finding).map(Location::new),
            help: finding.help.as_deref().map(|help| sentence(help).into_owned()),
            related: related.collect(),
        }
    }
}

impl<'a> Location<'a> {
    fn new(place: FilePlace<'a>) -> Self {
        let FilePlace { file, region } = place;
        Self {
            file,
            line: region.map(|region| region.line),
            column: region.map(|region| region.column),
            end_line: region.map(|region| region.end_line),
            end_column: region.map(|region| region.end_column),
        }
    }
}
