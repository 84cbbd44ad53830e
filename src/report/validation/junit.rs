//! For what reads the results of tests: JUnit.

use std::collections::HashMap;

use super::{Validation, message, word};
use crate::manifest::{Diagnostic, Severity};
use crate::report::junit::{CaseEnd, TestCase, suite};
use crate::report::place::FilePlace;

/// One suite, with a line's end: a case for each file.
pub fn junit(validation: &Validation<'_>) -> String {
    let end = |finding: &Diagnostic| match finding.severity {
        Severity::Warning if !validation.strict => CaseEnd::Passed,
        Severity::Warning | Severity::Error => CaseEnd::Failure,
    };
    let findings: Vec<&Diagnostic> = validation.findings.iter().collect();
    suite("poolctl validate", &cases("validate", validation.files, &findings, validation.folder, end))
}

/// A case for each of these files, and for each other file that has findings. A finding ends its case as `end`
/// says, or not as well.
pub(in crate::report) fn cases(
    command: &str,
    files: &[String],
    findings: &[&Diagnostic],
    folder: &str,
    end: impl Fn(&Diagnostic) -> CaseEnd,
) -> Vec<TestCase> {
    let (mut cases, mut known) = (Vec::new(), HashMap::new());
    let names = files.iter().map(|file| (Some(file.as_str()), None));
    for (file, finding) in names.chain(findings.iter().map(|finding| (finding.file(), Some(*finding)))) {
        let at = *known.entry(file).or_insert_with(|| {
            cases.push(of_file(command, file, folder));
            cases.len() - 1
        });
        let (case, Some(finding)) = (&mut cases[at], finding) else { continue };
        let end = end(finding);
        if end == CaseEnd::Passed {
            case.others.push(told(finding, folder));
            continue;
        }
        case.reasons.push(told(finding, folder));
        if end > case.end {
            (case.end, case.kind) = (end, finding.code.to_string());
        }
    }
    cases
}

fn of_file(command: &str, file: Option<&str>, folder: &str) -> TestCase {
    let file = file.map(|file| FilePlace { file, region: None }.path(folder));
    let name = file.clone().unwrap_or_else(|| format!("poolctl {command}"));
    TestCase { name, class: format!("poolctl.{command}"), file, ..TestCase::default() }
}

/// `error enum (pools/customers.yaml:7): …`
pub(in crate::report) fn told(finding: &Diagnostic, folder: &str) -> String {
    let place = FilePlace::of(finding).map_or_else(String::new, |place| format!(" ({})", place.line(folder)));
    format!("{} {}{place}: {}", word(finding.severity), finding.code, message(finding))
}
