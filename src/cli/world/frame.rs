//! The frame of poolctl.yaml.

use crate::manifest::Diagnostic;
use crate::manifest::yaml::{Value, YamlEntry, YamlNode};

/// The entries of a mapping; for another value none, and a finding.
pub(in crate::cli) fn mapping(
    node: YamlNode,
    what: &str,
    help: &str,
    findings: &mut Vec<Diagnostic>,
) -> Vec<YamlEntry> {
    if let Value::Mapping(entries) = node.value {
        return entries;
    }
    let message = format!("{what} must be a mapping");
    Diagnostic::error("frame", message, node.origin, "not a mapping").help(help).add_to(findings);
    Vec::new()
}
