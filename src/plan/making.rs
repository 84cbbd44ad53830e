//! PlanMaker a plan: what differs, what the requests leave out, the calls, and what there is to say about them.

use std::borrow::Cow;
use std::sync::Arc;

use super::compared::{self, Compared};
use super::steps::{self, Calls, Way};
use super::{
    Change, Finding, Level, Options, Plan, PlanReport, Pool, acknowledge, co_owned, is_managed, judge,
    left_out, ownership, risks, route, secrets, surroundings,
};
use crate::catalogue::{Catalogue, calls};
use crate::document::{Path, Snapshot};
use crate::rules::Desired;

/// What a plan is made by.
pub(super) struct PlanMaker<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) desired: &'a Desired,
    pub(super) options: &'a Options,
    /// The members that an earlier plan, which was shown, leaves out.
    pub(super) shown: Option<&'a [Path]>,
}

impl PlanMaker<'_> {
    /// The plan for these live documents.
    pub(super) fn plan(&self, base: Snapshot) -> Plan {
        let Self { catalogue, desired, options, .. } = *self;
        let live = base.without_nulls();
        let mut compared = compared::compare(catalogue, &live, desired, options);
        let mut findings = std::mem::take(&mut compared.findings);
        findings.extend(risks::findings(
            (&compared.canonical, &compared.wanted),
            &compared.changes,
            &compared.addresses,
            desired,
            options,
        ));
        findings.extend(ownership::findings(desired, options.today));
        findings.extend(ownership::nowhere(catalogue, &live, desired));
        let unmanaged = ownership::unmanaged(catalogue, &compared.undeclared, desired);
        findings.extend(ownership::reported(&unmanaged, desired));
        let asked = asked(&compared);
        let (left_out, told) = self.left_out(&live, &compared, &asked);
        findings.extend(told);
        findings.extend(co_owned(&live));
        let mut calls = match self.way(&live, &compared, &asked, &left_out) {
            Way::Stays => Calls::default(),
            Way::Calls(calls) => calls,
            Way::Closed(finding) => {
                findings.push(finding);
                Calls::default()
            }
        };
        calls.told.iter_mut().for_each(|call| compared.secrets.mark(&mut call.changes));
        findings.extend(risks::gap(calls.gap, desired, options));
        let Compared { snapshot, changes, secrets, addresses, implied, .. } = compared;
        let target = calls.steps.last().map_or_else(|| Arc::new(snapshot), |last| Arc::clone(&last.to));
        let judged = judge::Judged { catalogue, desired, live: &live, target: &target, left_out: &left_out };
        findings.extend(judged.findings(&changes, &calls.steps, options));
        findings.extend(judged.unused_allows(&findings));
        findings.extend(desired.fallbacks.iter().map(secrets::fallback));
        secrets.strike(&mut findings);
        let acknowledged = acknowledge::taken(&mut findings, desired, options.today);
        let breaches = || judged.breaches();
        let seen = acknowledge::Seen { catalogue, live: &live, target: &target, breaches: &breaches };
        findings.extend(seen.unused(&findings, &acknowledged, desired, options.today));
        findings.sort_by_key(|finding| finding.level);
        let told = surroundings::told(&changes, &findings);
        let surroundings = surroundings::around(catalogue, told, &left_out, &live, &target);
        let report = PlanReport {
            pool: Pool::of(desired, &live, &secrets),
            changes,
            findings,
            acknowledged,
            calls: calls.told,
            unmanaged: if is_managed(desired) { unmanaged.len() } else { 0 },
            undeclared: Vec::new(),
            left_out,
            surroundings,
            hidden: desired.hidden.clone(),
            is_drift: false,
        };
        Plan { report, base, target, steps: calls.steps, declared: addresses, implied, secrets }
    }

    /// The members that the requests leave out, and what there is to say about them.
    fn left_out(&self, live: &Snapshot, compared: &Compared, asked: &[&Change]) -> (Vec<Path>, Vec<Finding>) {
        let Self { catalogue, desired, options, shown } = *self;
        let changes = &compared.changes;
        let sends_mfa = asked.iter().any(|change| self.is_of_mfa(change));
        let mut unknowns = catalogue.unknown(live);
        // A changed member is shown as a change; a member that no request contains cannot be lost.
        unknowns.retain(|path| !changes.iter().any(|change| change.path.overlaps(path)));
        unknowns.retain(|path| sends_mfa || !catalogue.is_in_mfa(path));
        let body = || {
            let mut body = catalogue.sent_of_pool(&compared.snapshot, &[]);
            if sends_mfa {
                body.extend(catalogue.mfa_members(&compared.snapshot));
            }
            body
        };
        let choice = left_out::Choice {
            catalogue,
            body: &body,
            desired,
            declared: &compared.addresses,
            options,
            writes: !changes.is_empty(),
            shown,
        };
        let (left_out, mut findings) = choice.left_out(&unknowns);
        if !changes.is_empty() {
            let wanted = (catalogue, &compared.wanted);
            findings.extend(risks::of_omissions(wanted, &left_out, desired, options));
            findings.extend(risks::apart(catalogue, live, desired, options));
        }
        (left_out, findings)
    }

    /// The way to make the changes that are asked for.
    fn way(&self, live: &Snapshot, compared: &Compared, asked: &[&Change], left_out: &[Path]) -> Way {
        let unread = asked.iter().find(|change| live.mfa().is_none() && self.is_of_mfa(change));
        if let Some(change) = unread {
            return Way::Closed(mfa_unread(change));
        }
        let before_attributes = Catalogue::with_attributes_of(&compared.snapshot, live);
        let ends = route::Ends {
            catalogue: self.catalogue,
            id: &self.desired.pool,
            region: &self.desired.region,
            live,
            canonical: &compared.canonical,
            target: &before_attributes,
            wanted: matches!(before_attributes, Cow::Borrowed(_)).then_some(&compared.wanted),
            left_out,
        };
        steps::way(&ends, asked, &compared.snapshot)
    }

    fn is_of_mfa(&self, change: &Change) -> bool {
        self.catalogue.owner(&change.path) == Some(&calls::SET_USER_POOL_MFA_CONFIG)
    }
}

/// The changes that are asked for: all but those that a call may bring with it.
fn asked(compared: &Compared) -> Vec<&Change> {
    let is_implied = |change: &Change| compared.implied.iter().any(|path| change.path.is_within(path));
    compared.changes.iter().filter(|change| !is_implied(change)).collect()
}

/// The conflict of an MFA change without the MFA document.
fn mfa_unread(change: &Change) -> Finding {
    let text = format!(
        "`{}` is changed by {}, which replaces the whole MFA configuration, but the MFA document is missing",
        change.path,
        &calls::SET_USER_POOL_MFA_CONFIG,
    );
    let help = "save what `aws cognito-idp get-user-pool-mfa-config` prints as <pool-id>.mfa.json in the same folder as the pool's document";
    Finding::new(Level::Conflict, "mfa-unread", &change.path, text).help(help).origin(change.origin.as_ref())
}
