//! Whether a manifest may hold a value: the loader itself is asked.

use super::Header;
use crate::catalogue::Catalogue;
use crate::document::{Path, Seg};
use crate::manifest::write::{self, CommentedEntry, Yaml, setting_key};
use crate::manifest::{
    self, Beside, Diagnostic, File, Manifest, Nothing, Secret, Severity, Unavailable, Variable,
};
use crate::rules;

/// Whether a manifest may have these entries under `settings` and under `passthrough`; else the first thing
/// that the checks say.
pub(super) fn accept(
    catalogue: &Catalogue,
    settings: Vec<CommentedEntry>,
    passthrough: Vec<CommentedEntry>,
) -> Result<(), String> {
    let frame = Header { pool: "eu-west-1_a".to_owned(), ..Header::default() };
    let checked =
        judged(&frame, settings, passthrough).and_then(|manifest| rules::check(catalogue, manifest));
    let Err(findings) = checked else { return Ok(()) };
    let error = findings.into_iter().find(|finding| finding.severity == Severity::Error);
    Err(error.map(|error| error.message).unwrap_or_default())
}

/// The manifest of a pool with these entries, as the loader reads it.
pub(super) fn judged(
    frame: &Header,
    settings: Vec<CommentedEntry>,
    passthrough: Vec<CommentedEntry>,
) -> Result<Manifest, Vec<Diagnostic>> {
    let mut entries = frame.entries();
    entries.extend(write::sections(settings));
    if !passthrough.is_empty() {
        entries.push(CommentedEntry::new("passthrough", Yaml::Mapping(passthrough)));
    }
    manifest::load_with("", write::to_string(&Yaml::Mapping(entries)).as_bytes(), &SecretsUnknown)
}

/// No inputs, where a reference to a secret is sound.
struct SecretsUnknown;

impl Beside for SecretsUnknown {
    fn file(&self, from: &str, path: &str) -> Result<File, Unavailable> {
        Nothing.file(from, path)
    }

    fn variable(&self, name: &str) -> Option<Variable> {
        Nothing.variable(name)
    }

    fn secret(&self, _: &str) -> Secret {
        Secret::Withheld
    }
}

/// The entry that declares the setting at `path`, which is made of members, as `value`.
pub(super) fn declaring(path: &Path, value: Yaml) -> Vec<CommentedEntry> {
    let inside = |inner: Yaml, seg: &Seg| match seg {
        Seg::Member(name) => Yaml::Mapping(vec![CommentedEntry::new(setting_key(name), inner)]),
        Seg::Item(_) | Seg::Index(_) => inner,
    };
    match path.segs().iter().rev().fold(value, inside) {
        Yaml::Mapping(entries) => entries,
        Yaml::Scalar(_) | Yaml::Sequence(_) => Vec::new(),
    }
}
