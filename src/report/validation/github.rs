//! For GitHub Actions: workflow commands, which show each finding at its line in a pull request.
//!
//! https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands

use super::place::{Place, Region};
use super::{Validation, sentence, word};
use crate::manifest::Diagnostic;
use crate::report::visible;

/// One command a finding, each on a line of its own; nothing where nothing is wrong.
pub fn github(validation: &Validation<'_>) -> String {
    validation.findings.iter().map(command).collect()
}

fn command(finding: &Diagnostic) -> String {
    let mut properties = Vec::new();
    if let Some(place) = Place::of(finding) {
        properties.push(format!("file={}", property(&place.path())));
        properties.extend(place.region.iter().flat_map(|region| lines(*region)));
    }
    properties.push(format!("title={}", property(finding.code)));
    let mut message = shown(&finding.message);
    if let Some((origin, label)) = &finding.related {
        message.push_str(&format!("\n{}: {}", shown(label), visible::escape(&origin.to_string())));
    }
    if let Some(help) = &finding.help {
        message.push_str(&format!("\nhelp: {}", shown(help)));
    }
    format!("::{} {}::{}\n", word(finding.severity), properties.join(","), data(&message))
}

/// Columns mean something to GitHub within one line only.
fn lines(region: Region) -> Vec<String> {
    let Region { line, column, end_line, end_column } = region;
    match end_line > line {
        true => vec![format!("line={line}"), format!("endLine={end_line}")],
        false => vec![
            format!("line={line}"),
            format!("col={column}"),
            format!("endLine={end_line}"),
            format!("endColumn={end_column}"),
        ],
    }
}

/// A sentence as a log may show it: on one line, and with nothing that a terminal obeys.
fn shown(text: &str) -> String {
    visible::escape(&sentence(text)).into_owned()
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
