//! Compares a saved plan with the current pool.

use std::collections::HashMap;

use super::fingerprint::{Fingerprint, Fingerprints};
use super::recall::SavedPool;
use crate::catalogue::Catalogue;
use crate::document::{Document, DocumentId, Path};
use crate::plan::{self, Change, Difference, Form, Movement, Plan, Stale};

/// What has become of a pool since its plan was saved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// How many of the planned settings are at their new value already.
    pub applied: usize,
    /// What is at neither, and what has moved elsewhere.
    pub movement: Movement,
}

impl SavedPool {
    /// Compares the saved plan with one made now, of the manifest in the file.
    ///
    /// A planned setting is at its old value where the new plan changes it as the saved one does; at its new
    /// one where the new plan leaves it. Where nothing is left to do, nobody asks what else has moved: the
    /// service fills in much at a write.
    pub fn standing(&self, catalogue: &Catalogue, now: &Plan) -> Standing {
        let prints = Fingerprints { salt: &self.salt, pool: &self.plan.pool.id };
        let planned = &self.plan.changes;
        let mut stale = Vec::new();
        for change in &now.report.changes {
            let known =
                planned.iter().zip(&self.fingerprints).find(|(planned, _)| planned.path == change.path);
            let print = || prints.of(&change.path, change.before.as_ref(), change.after.as_ref());
            match known {
                Some((_, fingerprint)) if *fingerprint == print() => {}
                Some((planned, _)) => stale
                    .push(Stale { planned_from: planned.before.clone(), ..moved(change, planned.sensitive) }),
                // It was as desired, or was not seen separately from the structure around it.
                None if planned.iter().any(|planned| planned.path.overlaps(&change.path)) => {
                    stale.push(Stale { planned_from: None, ..moved(change, false) });
                }
                None => stale.push(moved(change, false)),
            }
        }
        let left = |path: &Path| now.report.changes.iter().any(|change| change.path.overlaps(path));
        let applied = planned.iter().filter(|change| !left(&change.path)).count();
        let mut earlier =
            if now.report.changes.is_empty() { Vec::new() } else { self.earlier(catalogue, now, prints) };
        // What a call of an earlier run brought with it did not move.
        let is_made = |change: &&Change| {
            let is_provider = DocumentId::IDENTITY_PROVIDERS == catalogue.resource(&change.path).document;
            is_provider && change.form == Form::Document && change.after.is_some() && !left(&change.path)
        };
        if planned.iter().any(|change| is_made(&change)) {
            earlier.retain(|change| !Catalogue::is_attribute_of_providers(&change.path));
        }
        let replaced = earlier.extract_if(.., |change| now.replaces(catalogue, &change.path));
        // A file keeps no value of a setting that the plan leaves.
        stale.extend(replaced.map(|change| {
            let sensitive = change.sensitive;
            let Difference { path, after, .. } = change.into_difference();
            Stale { path, planned_from: None, now: after, wanted: None, sensitive }
        }));
        Standing { applied, movement: Movement { stale, earlier, ..Movement::default() } }
    }

    /// Puts the places of the manifest's own files into a plan that was made of the manifest in this file.
    pub fn lend_places(&self, now: &mut Plan) {
        for change in &mut now.report.changes {
            let known = self.plan.changes.iter().find(|known| known.path == change.path);
            change.origin = known.and_then(|known| known.origin.clone());
            change.template = known.and_then(|known| known.template.clone());
        }
        for finding in &mut now.report.findings {
            let mut all = self.plan.findings.iter();
            let known = all.find(|known| known.code == finding.code && known.path == finding.path);
            finding.origin = known.and_then(|known| known.origin.clone());
            if finding.allowed_by.is_some() {
                let by = known.and_then(|known| known.allowed_by.clone());
                finding.allowed_by = by.or(finding.allowed_by.take());
            }
        }
        now.report.hidden.clone_from(&self.plan.hidden);
    }

    /// The account that the pool is in now, if it is not the one at planning.
    pub fn other_account<'a>(&self, now: &'a Plan) -> Option<&'a str> {
        let account = now.base.account()?;
        self.plan.pool.account.as_ref().filter(|planned| *planned != account).map(|_| account)
    }

    fn earlier(&self, catalogue: &Catalogue, now: &Plan, prints: Fingerprints<'_>) -> Vec<Change> {
        let planned: Vec<Change> = self.plan.changes.iter().chain(&now.report.changes).cloned().collect();
        let present = others(catalogue, now, &planned);
        let gone = self.others.iter().map(|(path, _)| path).filter(|path| {
            let is_there = present.iter().any(|other| other.path == **path);
            !is_there && !now.is_secret(path) && !planned.iter().any(|change| change.path.overlaps(path))
        });
        let gone: Vec<Change> = gone.cloned().map(absent).collect();
        let known: HashMap<&Path, &Fingerprint> =
            self.others.iter().map(|(path, print)| (path, print)).collect();
        let moved = |other: &Change| {
            known.get(&other.path) != Some(&&prints.of(&other.path, None, other.after.as_ref()))
        };
        present.into_iter().filter(moved).chain(gone).collect()
    }
}

/// The live settings that may be printed and that no change is about, with their values.
pub(super) fn others(catalogue: &Catalogue, plan: &Plan, changes: &[Change]) -> Vec<Change> {
    let mut all = plan::diff(catalogue, &Document::default(), &catalogue.canonical(&plan.base));
    all.retain(|other| {
        let is_planned = changes.iter().any(|change| change.path.overlaps(&other.path));
        !other.sensitive && !plan.is_secret(&other.path) && !is_planned
    });
    all
}

fn moved(change: &Change, sensitive: bool) -> Stale {
    Stale {
        path: change.path.clone(),
        planned_from: change.after.clone(),
        now: change.before.clone(),
        wanted: change.after.clone(),
        sensitive: change.sensitive || sensitive,
    }
}

fn absent(path: Path) -> Change {
    Difference { path, before: None, after: None, form: Form::Value }.into()
}
