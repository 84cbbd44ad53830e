//! A pool that is not what its manifest says, whoever moved it: nothing here leads to a write.

use std::sync::Arc;

use super::{
    Finding, Level, Options, Plan, Pool, acknowledge, co_owned, compared, is_managed, ownership, secrets,
    surroundings,
};
use crate::catalogue::Catalogue;
use crate::document::{Path, Snapshot};
use crate::manifest::Unmanaged;
use crate::rules::Desired;

impl Plan {
    /// How a pool differs from what is wanted of it: a plan without calls, and without what only whoever
    /// applies it must know.
    ///
    /// What counts beside the changes: wants that no call can meet, and live settings that nobody declares
    /// or ignores, where the catalogue watches them or the manifest wants to be told of all. A secret that
    /// nobody declares does not count: an import leaves it in the pool, and what it is nobody sees.
    pub fn drift(catalogue: &Catalogue, live: Snapshot, desired: &Desired, options: &Options) -> Self {
        let base = live;
        let live = base.without_nulls();
        let compared = compared::compare(catalogue, &live, desired, options);
        let mut findings = compared.findings;
        findings.retain(Finding::is_unmet);
        findings.extend(ownership::findings(desired, options.today));
        findings.extend(ownership::nowhere(catalogue, &live, desired));
        findings.extend(co_owned(&live));
        findings.extend(desired.fallbacks.iter().map(secrets::fallback));
        compared.secrets.strike(&mut findings);
        let acknowledged = acknowledge::taken(&mut findings, desired, options.today);
        findings.sort_by_key(|finding| finding.level);
        let counts = |path: &Path| desired.unmanaged == Unmanaged::Report || catalogue.is_watched(path);
        let left = compared.undeclared.into_iter().filter(|setting| !setting.is_fresh);
        let (undeclared, others): (Vec<_>, Vec<_>) =
            left.partition(|setting| counts(&setting.path) && !setting.sensitive);
        let target = compared.snapshot;
        let told = surroundings::told(&compared.changes, &findings)
            .chain(undeclared.iter().map(|setting| &setting.path));
        Self {
            pool: Pool::of(desired, &live, &compared.secrets),
            surroundings: surroundings::around(catalogue, told, &[], &live, &target),
            base,
            target: Arc::new(target),
            changes: compared.changes,
            findings,
            acknowledged,
            steps: Vec::new(),
            unmanaged: if is_managed(desired) { others.len() } else { 0 },
            undeclared,
            declared: compared.addresses,
            left_out: Vec::new(),
            implied: Vec::new(),
            hidden: desired.hidden.clone(),
            secrets: compared.secrets,
            is_drift: true,
        }
    }

    /// How many settings differ from what is declared, and how many nobody declares.
    pub fn differences(&self) -> usize {
        let unmet = self.findings(Level::Conflict).filter(|finding| finding.is_unmet());
        self.changes.len() + unmet.count() + self.undeclared.len()
    }
}
