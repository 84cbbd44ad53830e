//! Notes that the manifest acknowledges: they are counted, and not reported again.

use time::Date;

use super::finding::{Finding, Level};
use crate::catalogue::Catalogue;
use crate::document::{Path, Snapshot};
use crate::manifest::{Acknowledgement, Origin, Term};
use crate::rules::Desired;
use crate::rules::acknowledge::covers;
use crate::rules::cross::{self, Breach};

/// A note that an entry of `ignore` acknowledges.
#[derive(Clone, Debug, PartialEq)]
pub struct Acknowledged {
    /// What was found.
    pub finding: Finding,
    /// The place of the code in the manifest.
    pub origin: Origin,
    /// The reason in the manifest.
    pub reason: String,
}

/// The entries that apply on this day.
fn entries(desired: &Desired, today: Date) -> impl Iterator<Item = &Acknowledgement> {
    desired.acknowledge.iter().filter(move |entry| !Term::of(entry.until, today).is_past())
}

/// Moves the notes that the manifest acknowledges out of `findings`.
///
/// A note repeats in every plan until somebody changes the pool. A warning with the same code is about what this plan
/// does, such as a member that it leaves out, and is always reported.
pub(super) fn taken(findings: &mut Vec<Finding>, desired: &Desired, today: Date) -> Vec<Acknowledged> {
    let entry = |finding: &Finding| {
        let path = finding.path.as_ref();
        let is_note = finding.level == Level::Note;
        entries(desired, today).find(|entry| is_note && covers(entry, &finding.code, path))
    };
    let (mut kept, mut taken) = (Vec::new(), Vec::new());
    for finding in std::mem::take(findings) {
        match entry(&finding) {
            Some(Acknowledgement { code, reason, .. }) => {
                taken.push(Acknowledged { finding, origin: code.origin.clone(), reason: reason.clone() });
            }
            None => kept.push(finding),
        }
    }
    *findings = kept;
    taken
}

/// The documents by which an entry that nothing matched is found to be unused.
pub(super) struct Seen<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) live: &'a Snapshot,
    pub(super) target: &'a Snapshot,
    /// The rules that the planned pool breaks.
    pub(super) breaches: &'a dyn Fn() -> Vec<Breach>,
}

impl Seen<'_> {
    /// The entries that match nothing in this plan, given what was found; one that cannot be decided without
    /// the MFA document or without a call is none of them.
    pub(super) fn unused(
        &self,
        found: &[Finding],
        taken: &[Acknowledged],
        desired: &Desired,
        today: Date,
    ) -> Vec<Finding> {
        let all = || found.iter().chain(taken.iter().map(|taken| &taken.finding));
        let is_found = |entry: &Acknowledgement| {
            all().any(|finding| covers(entry, &finding.code, finding.path.as_ref()))
        };
        // A note about what is not selected is not looked for.
        let all = entries(desired, today).filter(|_| desired.only.is_empty());
        let unused = all.filter(|entry| !is_found(entry) && !self.may_match(entry));
        unused.map(finding).collect()
    }

    fn may_match(&self, entry: &Acknowledgement) -> bool {
        let code = entry.code.value.as_str();
        let covered = |path: &Path| covers(entry, code, Some(path));
        let has_mfa = self.live.mfa().is_some();
        match code {
            "co-owned" | "variable-default" => false,
            "unknown-member" => !has_mfa || self.catalogue.unknown(self.live).iter().any(covered),
            "default-not-echoed" => !has_mfa || self.catalogue.not_taken(self.target).iter().any(covered),
            rule if cross::judges_documents(rule) => {
                let is_about =
                    |breach: &Breach| breach.about().next().is_some_and(|setting| covered(&setting));
                !has_mfa
                    || (self.breaches)().iter().any(|breach| breach.rule.code == rule && is_about(breach))
            }
            _ => true,
        }
    }
}

fn finding(entry: &Acknowledgement) -> Finding {
    let code = &entry.code.value;
    let text = format!("`{code}` is acknowledged, and this plan has no such note");
    let finding = Finding::new(Level::Warning, "ignore-unused", &Path::root(), text);
    let path = entry.path.as_ref().map(|path| path.value.clone());
    Finding { path, ..finding }.help("delete the entry").origin(Some(&entry.code.origin))
}
