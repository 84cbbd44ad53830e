use std::fmt;

use super::{Acknowledged, Change, Difference, Finding, Level, Pool, Sharing, Surrounding, Undeclared};
use crate::catalogue::{Call, Catalogue, DocumentPlace, MFA_MODE, RESOURCES, Resource};
use crate::document::{Json, Object, Path};
use crate::manifest::Origin;
use crate::rules::AllowedBy;

/// What people and programs are shown of a plan. It holds no document of the pool, unless someone asks for
/// [`Self::planned_values`].
#[derive(Clone, Debug)]
pub struct PlanReport {
    /// The pool.
    pub pool: Pool,
    /// The settings that change, in the API's order.
    pub changes: Vec<Change>,
    /// The findings, the most serious first.
    pub findings: Vec<Finding>,
    /// The notes that the manifest acknowledges.
    pub acknowledged: Vec<Acknowledged>,
    /// The calls, in their order. A plan that changes anything and is not refused has one or more; a drift
    /// has none.
    pub calls: Vec<PlannedCall>,
    /// The number of unmanaged settings other than defaults; for drift, the number that does not count.
    pub unmanaged: usize,
    /// The number of declared settings whose value or live value is a secret that is not at hand, so that they are not
    /// compared.
    pub uncompared: usize,
    /// The number of declared settings that the service never returns, so that they are not compared.
    pub unread: usize,
    /// For drift, the unmanaged settings that count.
    pub undeclared: Vec<Undeclared>,
    /// The live members that stay out of the request.
    pub left_out: Vec<Path>,
    /// The structures around the changes and conflicts.
    pub surroundings: Vec<Surrounding>,
    /// The pool as [`Plan::planned_values`](super::Plan::planned_values) returns it; `None` unless requested.
    pub planned_values: Option<Object>,
    /// The places in the manifest's files whose text must not be shown.
    pub hidden: Vec<Origin>,
    /// For each rule of the house, whether the pool has something that it is about. Empty if the pool was not judged.
    pub rules_met: Vec<bool>,
    /// Whether this is a drift report, without calls.
    pub is_drift: bool,
    /// For drift, whether a conflict that only a plan shows blocks an apply.
    pub refuses_apply: bool,
}

/// One call of a plan, and the settings that it changes.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedCall {
    /// What is called.
    pub operation: &'static Call,
    /// The document with a label that it is about; `None` if its resource has one document.
    pub path: Option<Path>,
    /// What it changes; empty if [`Self::is_whole`].
    pub changes: Vec<Change>,
    /// Whether it changes the settings of the plan, which then are not repeated.
    pub is_whole: bool,
}

impl PlannedCall {
    /// What is called, and for which document.
    pub fn call(&self) -> DocumentCall {
        DocumentCall { operation: self.operation, path: self.path.clone() }
    }
}

/// A call, and the document that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentCall {
    /// What is called.
    pub operation: &'static Call,
    /// The document with a label that it is about; `None` if its resource has one document.
    pub path: Option<Path>,
}

impl DocumentCall {
    /// Whether it writes the document that has a setting. The pool's own document and its MFA document have copies of each
    /// other's settings.
    pub fn writes(&self, catalogue: &Catalogue, setting: &Path) -> bool {
        let DocumentPlace { resource, document, .. } = catalogue.locate(setting);
        let is_own = |resource: &Resource| resource.writes().any(|call| call == self.operation);
        let mut of_pool = RESOURCES.into_iter().filter(|resource| resource.branch.is_none());
        match &self.path {
            Some(path) => document.path().as_ref() == Some(path),
            None if resource.branch.is_none() => of_pool.any(|resource| {
                is_own(resource) || resource.apart_calls.iter().any(|(_, call)| *call == self.operation)
            }),
            None => is_own(resource),
        }
    }
}

impl fmt::Display for DocumentCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "{} of `{path}`", self.operation),
            None => write!(f, "{}", self.operation),
        }
    }
}

impl PlanReport {
    /// The report without repeated changes, without values that no form shows, without spare room, and without copies of what
    /// other reports have too. The reports of a fleet are kept until all are made.
    #[must_use]
    pub fn compact(mut self, sharing: &Sharing) -> Self {
        if let [call] = self.calls.as_mut_slice() {
            call.is_whole = call
                .changes
                .iter()
                .map(|change| &change.path)
                .eq(self.changes.iter().map(|change| &change.path));
            if call.is_whole {
                call.changes.clear();
            }
            for change in &mut call.changes {
                let Difference { path, form, .. } = &**change;
                let bare = Difference { path: path.clone(), before: None, after: None, form: *form };
                change.difference = bare.into();
            }
        }
        let changes = self.calls.iter_mut().flat_map(|call| &mut call.changes).chain(&mut self.changes);
        changes.for_each(|change| sharing.change(change));
        self.findings.iter_mut().for_each(|finding| sharing.finding(finding));
        let paths = self.surroundings.iter_mut().map(|around| &mut around.path);
        let paths = paths.chain(self.undeclared.iter_mut().map(|setting| &mut setting.path));
        paths.chain(&mut self.left_out).for_each(|path| sharing.path(path));
        self.left_out.shrink_to_fit();
        self.forget_texts();
        self.calls.iter_mut().for_each(|call| call.changes.shrink_to_fit());
        self.calls.shrink_to_fit();
        self.changes.shrink_to_fit();
        self.findings.shrink_to_fit();
        self.surroundings.shrink_to_fit();
        self
    }

    /// Lets go of the manifest's text, where no finding is shown with its lines. A file that several manifests extend is shared
    /// by their reports: its text stays.
    fn forget_texts(&mut self) {
        if self.findings.iter().any(|finding| finding.level == Level::Conflict && finding.origin.is_some()) {
            return;
        }
        self.hidden = Vec::new();
        let Self { pool, changes, findings, acknowledged, .. } = self;
        let (mut own, mut templates) = (Vec::new(), Vec::new());
        for change in changes {
            own.extend(&mut change.origin);
            templates.extend(change.template.as_deref_mut());
        }
        let noted =
            acknowledged.iter_mut().map(|Acknowledged { finding, origin, .. }| (finding, Some(origin)));
        for (finding, origin) in findings.iter_mut().map(|finding| (finding, None)).chain(noted) {
            own.extend(origin);
            own.extend(&mut finding.origin);
            if let Some(AllowedBy::Manifest { origin, .. }) = &mut finding.allowed_by {
                own.push(origin);
            }
        }
        own.retain(|origin| origin.source.name == pool.file);
        Origin::without_texts(own.into_iter().chain(templates));
    }

    /// The settings that a call of the plan changes.
    pub fn changed_by<'a>(&'a self, call: &'a PlannedCall) -> impl Iterator<Item = &'a Path> {
        let changes = if call.is_whole { &self.changes } else { &call.changes };
        changes.iter().map(|change| &change.path)
    }

    /// The findings of this level.
    pub fn findings(&self, level: Level) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.level == level)
    }

    /// Whether a finding blocks the plan.
    pub fn is_refused(&self) -> bool {
        self.findings.iter().any(Finding::refuses)
    }

    /// The number of settings that differ from the manifest or break a rule of the house, including unmanaged settings that
    /// count.
    pub fn differences(&self) -> usize {
        let broken = self.findings(Level::Conflict).filter(|finding| finding.is_of_house());
        self.declared_differences() + broken.count() + self.undeclared.len()
    }

    /// The number of declared settings that differ from the pool.
    pub fn declared_differences(&self) -> usize {
        let unmet =
            self.findings(Level::Conflict).filter(|finding| finding.is_unmet() && !finding.is_of_house());
        self.changes.len() + unmet.count()
    }

    /// The place that switches MFA off, if `change` is a factor of MFA that the plan removes because of it.
    pub fn switched_off_at(&self, change: &Change) -> Option<&Origin> {
        let is_factor = Catalogue::factors().any(|factor| change.path.head() == Some(factor));
        if !is_factor || change.after.is_some() || change.origin.is_some() {
            return None;
        }
        let off = |other: &&Change| {
            let mode = other.after.as_ref().and_then(Json::as_str);
            other.path.head() == Some(MFA_MODE) && mode == Some("OFF")
        };
        self.changes.iter().find(off)?.origin.as_ref()
    }
}

impl AsRef<Self> for PlanReport {
    fn as_ref(&self) -> &Self {
        self
    }
}
