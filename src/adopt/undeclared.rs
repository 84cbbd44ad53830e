//! Live settings that no manifest declares, as lines of the manifest.

use std::sync::Arc;

use super::target::{Adoption, ManifestEdit};
use crate::catalogue::Catalogue;
use crate::document::{DocumentState, Path, Seg, Snapshot};
use crate::import::{self, Said};
use crate::manifest::write::setting_key;
use crate::manifest::yaml::{Value, YamlEntry};
use crate::manifest::{Given, Manifest, Origin, SourceText};
use crate::plan::Plan;
use crate::rules::Desired;

/// The unmanaged settings that count as drift, each once: lists are declared whole.
///
/// What the manifest takes from a secret that is not given is declared, and nobody can tell as what.
pub fn undeclared(drift: &Plan, desired: &Desired) -> Vec<Path> {
    let mut paths: Vec<Path> = Vec::new();
    for path in drift.report.undeclared.iter().map(|setting| setting.path.written_at()) {
        let is_withheld = desired.withheld_paths().any(|withheld| withheld.overlaps(&path));
        if !is_withheld && !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
}

/// The entries by which a manifest declares each of these settings with its live value.
pub fn additions(
    catalogue: &Catalogue,
    manifest: &Manifest,
    desired: &Desired,
    drift: &Plan,
    is_chosen: impl Fn(&Path) -> bool,
) -> Vec<Adoption> {
    let Some(pool) = &manifest.pool else { return Vec::new() };
    let canonical = catalogue.canonical(&drift.base);
    let addition = |path: Path| {
        let target = match import::said(catalogue, (&drift.base, &canonical), &desired.region, &path) {
            Said::Value(value) => {
                let resource = catalogue.resource(&path);
                let section = match resource.hangs_on.unwrap_or(resource).branch {
                    _ if catalogue.setting(&path).is_none() => "passthrough",
                    Some(branch) => branch,
                    None => "settings",
                };
                let source = pool.origin.source.clone();
                let keys = keys(manifest, &source, &path, section);
                Ok(ManifestEdit::Entry { source, section, keys, value })
            }
            Said::Unsayable(why) => Err(why),
            Said::Nothing if is_unread(catalogue, &drift.base, &path) => {
                let why = "its settings were not read: the saved document has only its name. Run the command without `--live`";
                Err(why.to_owned())
            }
            Said::Nothing => Err("no manifest can say it: leave it to others with `ignore`".to_owned()),
        };
        Adoption { path, origin: pool.origin.clone(), target, changes: Vec::new() }
    };
    undeclared(drift, desired).into_iter().filter(|path| is_chosen(path)).map(addition).collect()
}

/// The keys that lead to a setting below `section`, as the file of this text writes them: a key of its own may be made
/// of variables.
fn keys(manifest: &Manifest, source: &Arc<SourceText>, path: &Path, section: &str) -> Vec<String> {
    let is_own = |origin: &Origin| Arc::ptr_eq(&origin.source, source);
    let written = |given: &Option<Arc<Given>>| given.as_ref().map(|given| given.text.clone());
    let mut level: &[YamlEntry] =
        if section == "passthrough" { &manifest.passthrough } else { &manifest.settings };
    let mut keys = Vec::new();
    for (depth, seg) in path.segs().iter().enumerate() {
        let Seg::Member(name) = seg else { break };
        let known = level.iter().find(|entry| entry.key == **name);
        let own = known.filter(|entry| is_own(&entry.origin)).and_then(|entry| written(&entry.given));
        let of_label = || {
            let mut entries = manifest.entries.iter().filter(|entry| depth == 1 && is_own(&entry.origin));
            let entry = entries.find(|entry| path.head() == Some(&entry.branch) && *entry.label == **name);
            entry.and_then(|entry| written(&entry.given))
        };
        keys.push(own.or_else(of_label).unwrap_or_else(|| setting_key(name)));
        level = match known.map(|entry| &entry.value.value) {
            Some(Value::Mapping(members)) => members,
            _ => &[],
        };
    }
    // A branch is a section of its own.
    if path.head() == Some(section) {
        keys.remove(0);
    }
    keys
}

/// Whether a path is a document that was listed and not read.
fn is_unread(catalogue: &Catalogue, live: &Snapshot, path: &Path) -> bool {
    let document = catalogue.locate(path).document;
    document.label().is_some() && matches!(live.state(&document), DocumentState::Unread)
}
