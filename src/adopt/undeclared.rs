//! Live settings that no manifest declares, as lines of the manifest.

use super::target::{Adoption, ManifestEdit};
use crate::catalogue::Catalogue;
use crate::document::Path;
use crate::import::{self, Said};
use crate::manifest::Manifest;
use crate::plan::Plan;
use crate::rules::Desired;

/// The unmanaged settings that count as drift, each once: lists are declared whole.
///
/// What the manifest takes from a secret that is not given is declared, and nobody can tell as what.
pub fn undeclared(drift: &Plan, desired: &Desired) -> Vec<Path> {
    let mut paths: Vec<Path> = Vec::new();
    for path in drift.report.undeclared.iter().map(|setting| setting.path.written_at()) {
        let is_withheld = desired.withheld.iter().any(|(withheld, _)| withheld.overlaps(&path));
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
                let section = match catalogue.resource(&path).branch {
                    _ if catalogue.setting(&path).is_none() => "passthrough",
                    Some(branch) => branch,
                    None => "settings",
                };
                Ok(ManifestEdit::Entry { source: pool.origin.source.clone(), section, value })
            }
            Said::Unsayable(why) => Err(why),
            Said::Nothing => Err("no manifest can say it: leave it to others with `ignore`".to_owned()),
        };
        Adoption { path, origin: pool.origin.clone(), target, changes: Vec::new() }
    };
    undeclared(drift, desired).into_iter().filter(|path| is_chosen(path)).map(addition).collect()
}
