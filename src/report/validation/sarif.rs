//! For code scanning and editors: SARIF 2.1.0.

use serde_json::json;

use super::{Validation, sentence, word};
use crate::document::Json;
use crate::manifest::Diagnostic;
use crate::report::place::FilePlace;
use crate::report::sarif::{location, log, result, rules};

/// One log with one run, with a line's end. Its rules are the codes that were found.
pub fn sarif(validation: &Validation<'_>, tool_version: &str) -> String {
    let codes = rules(validation.findings.iter().map(|finding| &*finding.code));
    let results = validation.findings.iter().map(|finding| of(finding, &codes, validation.folder));
    let mut out = String::new();
    // A text takes whatever is written.
    let _ = log(&codes, results, tool_version, &mut out);
    out
}

/// A finding as a result; `codes` are the rules of the log.
pub(in crate::report) fn of(finding: &Diagnostic, codes: &[&str], folder: &str) -> Json {
    let mut message = sentence(&finding.message).into_owned();
    if let Some(help) = &finding.help {
        message.push_str(&format!("\nhelp: {}", sentence(help)));
    }
    let place = FilePlace::of(finding);
    let mut result = result(codes, &finding.code, word(finding.severity), &message, place.as_ref(), folder);
    if let Some((origin, label)) = &finding.related {
        let other = location(&FilePlace::at(origin), folder);
        result["relatedLocations"] =
            json!([{ "id": 1, "physicalLocation": other, "message": { "text": sentence(label) } }]);
    }
    result
}
