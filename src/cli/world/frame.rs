//! The frame of poolctl.yaml, and findings about files and words in it.

use std::io::Error;
use std::path::{Component, Path};

use crate::files;
use crate::manifest::Diagnostic;
use crate::manifest::yaml::{Value, YamlEntry, YamlNode};

/// What to do about a word that is not known: write the one that is close, if there is one.
pub(in crate::cli) fn meant(close: Option<impl std::fmt::Display>, otherwise: &str) -> String {
    close.map_or_else(|| otherwise.to_owned(), |close| format!("did you mean `{close}`?"))
}

/// That a file or a folder cannot be read; `help` is the remedy if the error has none of its own.
pub(in crate::cli) fn unreadable(name: &str, what: &str, error: &Error, help: &str) -> Diagnostic {
    let message = format!("cannot read the {what}: {error}");
    Diagnostic::of_file("unreadable", name, message).help(files::remedy(error, help))
}

/// Whether a path that is there lies within a folder, links followed.
pub(in crate::cli) fn is_inside(folder: &Path, text: &str) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    // An empty path is the current folder.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Some(root) = real(folder) else { return false };
    let is_plain =
        Path::new(text).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    real(&folder.join(text)).map_or(is_plain, |path| path.starts_with(&root))
}

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
