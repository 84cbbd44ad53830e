//! From differences to files that are known to say what the pools are.

use std::collections::BTreeMap;

use crate::adopt::{self, Adoption, Edited};
use crate::cli::Context;
use crate::cli::fleet::pools::Planned;
use crate::cli::world::disk::{Disk, DiskAfter};
use crate::manifest::{self, Manifest};
use crate::plan::{Options, Plan};
use crate::{document, rules};

/// The manifests, and what their pools are like.
pub(super) struct Adopter<'a> {
    pub(super) context: &'a Context,
    pub(super) options: Options,
    pub(super) manifests: Vec<Manifest>,
    pub(super) planned: Vec<Planned>,
    /// How each pool differs from what its manifest says.
    pub(super) drifts: Vec<Plan>,
    pub(super) disk: Disk,
}

/// An adoption and the manifest that it is for.
pub(super) struct ManifestAdoption {
    pub(super) manifest: usize,
    pub(super) adoption: Adoption,
}

impl Adopter<'_> {
    pub(super) fn plan(&self, manifest: usize) -> Option<(&rules::Desired, &Plan)> {
        let planned = self.planned.get(manifest)?;
        Some((&planned.desired, planned.plan.as_ref().ok()?))
    }

    /// The adoptions that are found for each manifest with a plan.
    fn found(
        &self,
        of: impl Fn(usize, &Manifest, &rules::Desired, &Plan) -> Vec<Adoption>,
    ) -> Vec<ManifestAdoption> {
        let manifests = self.manifests.iter().enumerate();
        let found = manifests.filter_map(|(position, manifest)| {
            let (desired, plan) = self.plan(position)?;
            let found = of(position, manifest, desired, plan).into_iter();
            Some(found.map(move |adoption| ManifestAdoption { manifest: position, adoption }))
        });
        found.flatten().collect()
    }

    pub(super) fn adoptions(&self, chosen: impl Fn(&document::Path) -> bool + Copy) -> Vec<ManifestAdoption> {
        self.found(|_, manifest, desired, plan| {
            adopt::adoptions(&self.context.catalogue, manifest, desired, (plan, &self.options), chosen)
        })
    }

    /// The lines that would declare what counts as drift and is in no manifest.
    pub(super) fn additions(&self, chosen: impl Fn(&document::Path) -> bool + Copy) -> Vec<ManifestAdoption> {
        self.found(|position, manifest, desired, _| {
            adopt::additions(&self.context.catalogue, manifest, desired, &self.drifts[position], chosen)
        })
    }

    /// How many settings count as drift and are in no manifest.
    pub(super) fn undeclared(&self, chosen: impl Fn(&document::Path) -> bool + Copy) -> usize {
        let drifts = self.planned.iter().zip(&self.drifts);
        let undeclared = drifts.flat_map(|(planned, drift)| adopt::undeclared(drift, &planned.desired));
        undeclared.filter(chosen).count()
    }

    /// The texts of files in which every adoption reads back as the pool is. Other adoptions are refused.
    pub(super) fn settled(
        &self,
        adoptions: &mut [ManifestAdoption],
    ) -> (BTreeMap<String, Vec<u8>>, Vec<Option<Plan>>) {
        loop {
            let all: Vec<&Adoption> = adoptions.iter().map(|of| &of.adoption).collect();
            let Edited { files, mut refused } = adopt::edited(&all);
            if refused.is_empty() {
                let after = self.after(&files);
                refused = self.unproven(adoptions, &after);
                if refused.is_empty() {
                    return (files, after);
                }
            }
            // Each round refuses one more, so that this ends.
            for (position, why) in refused {
                if let Some(of) = adoptions.get_mut(position) {
                    of.adoption.target = Err(why);
                }
            }
        }
    }

    /// The plans of all manifests once these files are written; nothing for one that would be wrong.
    fn after(&self, files: &BTreeMap<String, Vec<u8>>) -> Vec<Option<Plan>> {
        let after = |position| {
            let (_, before) = self.plan(position)?;
            let desired = self.after_of(position, files)?;
            Some(Plan::new(&self.context.catalogue, before.base.clone(), &desired, &self.options))
        };
        (0..self.manifests.len()).map(after).collect()
    }

    /// What a manifest declares once these files are written; nothing if it would be wrong.
    fn after_of(&self, position: usize, files: &BTreeMap<String, Vec<u8>>) -> Option<rules::Desired> {
        let beside = DiskAfter { disk: &self.disk, files };
        let manifest = self.manifests.get(position)?;
        let text = beside.text(&manifest.file)?;
        let loaded = manifest::load_with(&manifest.file, text.as_bytes(), &beside).ok()?;
        Some(self.context.wants(loaded).ok()?.0)
    }

    /// The adoptions without which every manifest would be valid: the fewest that are found by halves.
    fn invalid(&self, adoptions: &[ManifestAdoption], manifests: &[usize]) -> Vec<usize> {
        let is_valid = |some: &[usize]| {
            let some: Vec<&Adoption> = some.iter().map(|at| &adoptions[*at].adoption).collect();
            let Edited { files, refused } = adopt::edited(&some);
            refused.is_empty() && manifests.iter().all(|at| self.after_of(*at, &files).is_some())
        };
        let (mut kept, mut invalid) = (Vec::new(), Vec::new());
        let all = adoptions.iter().enumerate().filter(|(_, of)| of.adoption.target.is_ok());
        let mut parts: Vec<Vec<usize>> = vec![all.map(|(at, _)| at).collect()];
        while let Some(part) = parts.pop() {
            let together = [&kept[..], &part[..]].concat();
            match part.len() {
                0 => {}
                _ if is_valid(&together) => kept = together,
                1 => invalid.extend(part),
                length => parts.extend(part.chunks(length.div_ceil(2)).rev().map(<[usize]>::to_vec)),
            }
        }
        invalid
    }

    /// The adoptions after which a manifest would not say what its pool is, or another one would say
    /// something else than before.
    fn unproven(&self, adoptions: &[ManifestAdoption], after: &[Option<Plan>]) -> Vec<(usize, String)> {
        let mut refused = BTreeMap::new();
        let wrong = |at: &usize| after[*at].is_none() && self.plan(*at).is_some();
        let wrong: Vec<usize> = (0..after.len()).filter(wrong).collect();
        if !wrong.is_empty() {
            let why = "the manifest would not be valid with the live value: edit it by hand";
            return self.invalid(adoptions, &wrong).into_iter().map(|at| (at, why.to_owned())).collect();
        }
        for (position, (manifest, after)) in self.manifests.iter().zip(after).enumerate() {
            let Some((_, before)) = self.plan(position) else { continue };
            for (at, of) in adoptions.iter().enumerate().filter(|(_, of)| of.adoption.target.is_ok()) {
                let path = &of.adoption.path;
                let changes =
                    |plan: &Plan| plan.report.changes.iter().any(|change| change.path.overlaps(path));
                let why = match after {
                    Some(after) if of.manifest == position && changes(after) => {
                        "the pool would still differ from the manifest: edit it by hand".to_owned()
                    }
                    Some(after) if of.manifest != position && changes(after) && !changes(before) => {
                        format!("{} uses the same value, and its pool has another one", manifest.file)
                    }
                    _ => continue,
                };
                refused.insert(at, why);
            }
        }
        refused.into_iter().collect()
    }
}
