//! `watch`: branches of which drift reports every undeclared document, whether or not the manifest declares any.

use std::sync::Arc;

use super::similar::similar;
use super::yaml::{ScalarMeaning, Value, YamlEntry, YamlNode};
use super::{Diagnostic, Origin};
use crate::document::DocumentId;

/// What `watch` looks like.
const EXAMPLE: &str = "write `watch: [identityProviders]`";

/// The names of the branches that the entries name, each once. Errors go to `errors`.
///
/// A branch that several files list is no error.
pub(super) fn branches(entry: YamlEntry, errors: &mut Vec<Diagnostic>) -> Vec<&'static str> {
    let error =
        |message: &str, origin, label| Diagnostic::error("watch", message, origin, label).help(EXAMPLE);
    let is_blank = |node: &YamlNode| {
        let meaning = node.scalar().map(|scalar| scalar.meaning());
        matches!(meaning, Some(ScalarMeaning::Blank | ScalarMeaning::Null))
    };
    match entry.value.value {
        Value::Sequence(nodes) => distinct(&nodes, errors),
        _ if is_blank(&entry.value) => {
            error("`watch` has no entries", entry.origin, "no value").add_to(errors);
            Vec::new()
        }
        _ => {
            error("`watch` must be a list", entry.value.origin, "not a list").add_to(errors);
            Vec::new()
        }
    }
}

fn distinct(nodes: &[YamlNode], errors: &mut Vec<Diagnostic>) -> Vec<&'static str> {
    let mut watched: Vec<(&'static str, &Origin)> = Vec::new();
    for node in nodes {
        let Some(branch) = branch(node, errors) else { continue };
        let other = watched.iter().filter(|(other, _)| *other == branch).map(|(_, origin)| *origin);
        match { other }.find(|other| Arc::ptr_eq(&other.source, &node.origin.source)) {
            Some(first) => {
                let message = format!("`watch` lists `{branch}` twice");
                let error = Diagnostic::error("watch", message, node.origin.clone(), "again here");
                error.related(first.clone(), "first here").help("delete one of the two").add_to(errors);
            }
            None => watched.push((branch, &node.origin)),
        }
    }
    let mut names: Vec<&str> = Vec::new();
    for (branch, _) in watched {
        if !names.contains(&branch) {
            names.push(branch);
        }
    }
    names
}

/// The branch that an entry names. An error goes to `errors`.
fn branch(node: &YamlNode, errors: &mut Vec<Diagnostic>) -> Option<&'static str> {
    let names = || DocumentId::LABELLED.into_iter().map(|branch| branch.name());
    let error = |message: &str, label| Diagnostic::error("watch", message, node.origin.clone(), label);
    let Some(scalar) = node.scalar() else {
        error("`watch` needs names of branches", "not a name").help(EXAMPLE).add_to(errors);
        return None;
    };
    let text = scalar.text.as_str();
    let name = names().find(|name| *name == text);
    if name.is_none() {
        let is_single = DocumentId::is_branch(text);
        let (why, label) = match is_single {
            true => ("it has no entries of its own", "one document"),
            false => ("there is no such branch", "unknown"),
        };
        let help = match similar(text, names()).filter(|_| !is_single) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("the branches with entries are {}", names().collect::<Vec<_>>().join(", ")),
        };
        error(&format!("`{text}` cannot be watched: {why}"), label).help(help).add_to(errors);
    }
    name
}
