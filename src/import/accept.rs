//! Whether a manifest may hold a value: the loader itself is asked.

use crate::catalogue::Catalogue;
use crate::document::{Path, Seg};
use crate::manifest::write::{self, Entry, Yaml};
use crate::manifest::{self, Severity};
use crate::rules;

/// Whether the setting at `path`, which is made of members, may be declared as `value`; else what the
/// checks say of it.
pub(super) fn accept(catalogue: &Catalogue, path: &Path, value: &Yaml) -> Result<(), String> {
    let settings = path.segs().iter().rev().fold(value.clone(), |inner, seg| match seg {
        Seg::Member(name) => Yaml::Mapping(vec![Entry::new(&**name, inner)]),
        Seg::Item(_) | Seg::Index(_) => inner,
    });
    let text = write::to_string(&Yaml::Mapping(vec![
        Entry::new("version", &crate::document::Json::from(1)),
        Entry::new("pool", "eu-west-1_a"),
        Entry::new("settings", settings),
    ]));
    let checked = manifest::load("", text.as_bytes()).and_then(|manifest| rules::check(catalogue, manifest));
    let Err(findings) = checked else { return Ok(()) };
    let error = findings.into_iter().find(|finding| finding.severity == Severity::Error);
    Err(error.map(|error| error.message).unwrap_or_default())
}
