//! For GitHub Actions: workflow commands, which show each finding at its line in a pull request.

use super::{Validation, sentence, word};
use crate::manifest::Diagnostic;
use crate::report::annotation::command;
use crate::report::place::FilePlace;
use crate::report::visible;

/// One command per finding, each on its own line.
pub fn github(validation: &Validation<'_>) -> String {
    let annotation = |finding: &Diagnostic| {
        let (word, place) = (word(finding.severity), FilePlace::of(finding));
        command(word, place.as_ref(), validation.folder, &finding.code, &message(finding))
    };
    validation.findings.iter().map(annotation).collect()
}

/// What is wrong, what it has to do with, and what to do, each on a line.
pub(in crate::report) fn message(finding: &Diagnostic) -> String {
    let mut message = shown(&finding.message);
    if let Some((origin, label)) = &finding.related {
        message.push_str(&format!("\n{}: {}", shown(label), visible::escape(&origin.to_string())));
    }
    if let Some(help) = &finding.help {
        message.push_str(&format!("\nhelp: {}", shown(help)));
    }
    message
}

/// A sentence as a log may show it: on one line, and with nothing that a terminal obeys.
fn shown(text: &str) -> String {
    visible::escape(&sentence(text)).into_owned()
}
