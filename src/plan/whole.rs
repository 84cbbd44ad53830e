//! Completeness of a read, compared with an earlier read of the same run.

use super::{Change, Form, Plan, diff, verify};
use crate::catalogue::{Catalogue, MFA_DOCUMENT, RESOURCES};
use crate::document::{Document, Json, Path, Snapshot};

impl Plan {
    /// The members that a later read of the same run lacks; empty for a complete read.
    ///
    /// A read is complete if it has every member of the read of this plan, except members that this plan changes.
    /// Another writer may have removed a member; the next run then starts from that. A missing member must not be
    /// read as removed, since the request would then remove it.
    pub fn lacks(&self, catalogue: &Catalogue, later: &Snapshot) -> Vec<Path> {
        let mut lacks = self.lacks_lasting(later);
        lacks.extend(self.lacks_settings(catalogue, later));
        lacks
    }

    /// The lasting members that a later read of the same run lacks. Such a read is unusable.
    pub fn lacks_lasting(&self, later: &Snapshot) -> Vec<Path> {
        let size = |document: &Document, name: &str| match document.get(name) {
            None | Some(Json::Null) => 0,
            // Attributes are never removed.
            Some(Json::Array(elements)) => 1 + elements.len(),
            Some(_) => 1,
        };
        let lacks = |first: &Document, later: &Document, name: &str| size(first, name) > size(later, name);
        let mut paths = Vec::new();
        let documents = RESOURCES.into_iter().flat_map(|resource| {
            resource.documents_in(&self.base).into_iter().map(move |document| (resource, document))
        });
        for (resource, document) in documents {
            let documents = [&self.base, later].map(|snapshot| snapshot.document(&document));
            let [Some(first), Some(later)] = documents else { continue };
            let around =
                resource.apart.map_or_else(|| resource.root_of(&document), |apart| Path::members([apart]));
            let lacking = resource.lasting.iter().filter(|name| lacks(first, later, name));
            paths.extend(lacking.map(|name| around.member(name)));
        }
        paths
    }

    /// The settings with missing members, except changes of this plan and factors that end with MFA.
    fn lacks_settings(&self, catalogue: &Catalogue, later: &Snapshot) -> Vec<Path> {
        let (first, now) = verify::alike(catalogue, &self.base, later);
        let is_idle = |path: &Path| {
            catalogue.is_mfa_off(later) && Catalogue::factors().any(|factor| path.head() == Some(factor))
        };
        let is_planned = |path: &Path| {
            let changed = self.report.changes.iter().map(|change| &change.path);
            changed.chain(&self.report.left_out).chain(&self.implied).any(|planned| planned.overlaps(path))
        };
        let is_unset = |path: &Path| catalogue.resource(path).is_unset_in(later.pool());
        let is_lasting = |path: &Path| {
            catalogue.resource(path).lasting.contains(&catalogue.locate(path).path.head().unwrap_or_default())
        };
        let mut settings: Vec<Path> = Vec::new();
        // No request contains a document that is gone: its removal cannot be repeated by one.
        let counts = |change: &&Change| change.form != Form::Document && is_gone(change.after.as_ref());
        for change in diff(catalogue, &first, &now).iter().filter(counts) {
            let path = &change.path;
            let explained = is_idle(path)
                || is_planned(path)
                || is_unset(path)
                || is_lasting(path)
                || catalogue.is_contradiction(path);
            // An unknown member is one step further in.
            let around = catalogue.document_root(path).segs().len();
            let depth = if path.head() == Some(MFA_DOCUMENT) { 2 } else { 1 + around };
            let setting = path.prefix(depth.min(path.segs().len()));
            if !explained && !settings.contains(&setting) {
                settings.push(setting);
            }
        }
        settings
    }
}

/// Whether a value is absent or empty.
fn is_gone(value: Option<&Json>) -> bool {
    match value {
        None | Some(Json::Null) => true,
        Some(Json::Array(elements)) => elements.is_empty(),
        Some(Json::Object(members)) => members.is_empty(),
        Some(_) => false,
    }
}
