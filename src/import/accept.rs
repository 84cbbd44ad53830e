//! Whether a manifest may hold a value: the loader itself is asked.

use crate::catalogue::Catalogue;
use crate::document::{Json, Path, Seg};
use crate::manifest::write::{self, Entry, Yaml};
use crate::manifest::{self, Severity};
use crate::rules;

/// Whether a manifest may have these entries under `settings` and under `passthrough`; else the first thing
/// that the checks say.
pub(super) fn accept(
    catalogue: &Catalogue,
    settings: Vec<Entry>,
    passthrough: Vec<Entry>,
) -> Result<(), String> {
    let mut entries = vec![Entry::new("version", &Json::from(1)), Entry::new("pool", "eu-west-1_a")];
    for (key, members) in [("settings", settings), ("passthrough", passthrough)] {
        if !members.is_empty() {
            entries.push(Entry::new(key, Yaml::Mapping(members)));
        }
    }
    let text = write::to_string(&Yaml::Mapping(entries));
    let checked = manifest::load("", text.as_bytes()).and_then(|manifest| rules::check(catalogue, manifest));
    let Err(findings) = checked else { return Ok(()) };
    let error = findings.into_iter().find(|finding| finding.severity == Severity::Error);
    Err(error.map(|error| error.message).unwrap_or_default())
}

/// The entry that declares the setting at `path`, which is made of members, as `value`.
pub(super) fn declaring(path: &Path, value: Yaml) -> Vec<Entry> {
    let inside = |inner: Yaml, seg: &Seg| match seg {
        Seg::Member(name) => Yaml::Mapping(vec![Entry::new(&**name, inner)]),
        Seg::Item(_) | Seg::Index(_) => inner,
    };
    match path.segs().iter().rev().fold(value, inside) {
        Yaml::Mapping(entries) => entries,
        Yaml::Scalar(_) | Yaml::Sequence(_) => Vec::new(),
    }
}
