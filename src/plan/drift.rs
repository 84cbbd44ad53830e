//! Drift: the differences between a pool and its manifest, whoever made them. Drift leads to no write.

use std::sync::Arc;

use super::house::HouseJudge;
use super::judge::Judged;
use super::{
    Finding, Options, Plan, PlanReport, Pool, acknowledge, co_owned, compared, creation, is_managed, lookups,
    ownership, progress, secrets, selection, surroundings,
};
use crate::catalogue::Catalogue;
use crate::document::{Path, Snapshot};
use crate::manifest::Unmanaged;
use crate::rules::Desired;

impl Plan {
    /// The differences between a pool and its manifest: a plan without calls, and without findings that only
    /// matter for an apply.
    ///
    /// In addition to changes, these count: declared values that no call can set, and unmanaged live settings that
    /// the catalogue watches or, if the manifest wants a report, all of them. Unmanaged secrets do not count,
    /// since an import leaves them in the pool and nothing shows their values.
    pub fn drift(catalogue: &Catalogue, live: Snapshot, desired: &Desired, options: &Options) -> Self {
        let base = live;
        let live = base.without_nulls();
        let desired = &*secrets::supplied(catalogue, &base, desired);
        let compared = compared::compare(catalogue, &live, desired, options);
        let mut findings = compared.findings;
        let unread = findings.iter().filter(|finding| finding.is_not_compared()).count();
        let judged = Judged { catalogue, desired, live: &live, target: &compared.snapshot, left_out: &[] };
        let refuses_apply = judged.refuses(&findings, &compared.changes, options);
        findings.retain(Finding::is_unmet);
        findings.extend(ownership::findings(catalogue, &live, desired, options.today));
        findings.extend(ownership::owned(&live, desired));
        findings.extend(lookups::unsaid(&live, desired, options.today));
        findings.extend(creation::in_drift(&live, desired, options));
        findings.extend(co_owned(&live));
        findings.extend(progress::failed(&live, desired));
        let house = HouseJudge { catalogue, desired, options }.of_drift(&live);
        findings.extend(house.findings);
        findings.extend(desired.fallbacks.iter().map(secrets::fallback));
        selection::keep(&mut findings, desired, &compared.changes);
        compared.secrets.strike(&mut findings);
        let mut acknowledged = acknowledge::taken(&mut findings, desired, options.today);
        acknowledged.extend(house.exempted);
        findings.sort_by_key(|finding| finding.level);
        let counts = |path: &Path| desired.unmanaged == Unmanaged::Report || catalogue.is_watched(path);
        let left = compared.undeclared.into_iter().filter(|setting| !setting.is_fresh);
        let (undeclared, others): (Vec<_>, Vec<_>) =
            left.partition(|setting| counts(&setting.path) && !setting.sensitive);
        let target = compared.snapshot;
        let told = surroundings::told(&compared.changes, &findings)
            .chain(undeclared.iter().map(|setting| &setting.path));
        let report = PlanReport {
            pool: Pool::of(desired, &live, &compared.secrets),
            surroundings: surroundings::around(catalogue, told, &[], &live, &target),
            changes: compared.changes,
            findings,
            acknowledged,
            calls: Vec::new(),
            unmanaged: if is_managed(desired) { others.len() } else { 0 },
            uncompared: desired.withheld.len(),
            unread,
            undeclared,
            left_out: Vec::new(),
            planned_values: None,
            hidden: desired.hidden.clone(),
            rules_met: house.met,
            is_drift: true,
            refuses_apply,
        };
        Self {
            report,
            base,
            target: Arc::new(target),
            steps: Vec::new(),
            declared: compared.addresses,
            implied: Vec::new(),
            only: desired.only.clone(),
            secrets: compared.secrets,
        }
    }
}
