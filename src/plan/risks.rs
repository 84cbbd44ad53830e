//! The risks of a plan's changes.

use super::finding::{Finding, Level};
use super::{Change, Options};
use crate::catalogue::{Catalogue, MFA_MODE, Risk, Sign};
use crate::document::{Document, FastSet, Path, Paths, Snapshot};
use crate::manifest::Code;
use crate::rules::{Desired, Permits, named};

/// The risks of going from one canonical document to another, each at the setting that carries it.
///
/// A risk that blocks is accepted where the manifest or the command line allows it.
pub(super) fn findings(
    (before, after): (&Document, &Document),
    changes: &[Change],
    declared: &[Path],
    desired: &Desired,
    options: &Options,
) -> Vec<Finding> {
    let permits = Permits::new(&desired.allow, &options.allows, options.today);
    let declared: Paths<()> = declared.iter().collect();
    let is_declared = |path: &Path| declared.overlap(path);
    // Of several changes at one path, the first.
    let places: Paths<usize> =
        changes.iter().enumerate().rev().map(|(place, change)| (change.path.clone(), place)).collect();
    let heads: FastSet<&str> = changes.iter().filter_map(|change| change.path.head()).collect();
    let mut findings = Vec::new();
    for risk in Catalogue::risks().iter().filter(|risk| risk.is_about(|head| heads.contains(head))) {
        for path in risk.seen(before, after, &is_declared) {
            // What the differ takes for the same is no change, and carries nothing.
            let first = places.overlapping(&path).min().and_then(|place| changes.get(*place));
            let Some(change) = first else { continue };
            let finding = of_change(risk, (before, after), &path, &permits);
            findings.push(finding.origin(change.origin.as_ref()));
        }
    }
    findings
}

/// A risk at a path between two documents: it names the elements that a set loses.
fn of_change(
    risk: &'static Risk,
    (before, after): (&Document, &Document),
    path: &Path,
    permits: &Permits<'_>,
) -> Finding {
    let lost = risk.lost(before, after, path).into_iter().map(|name| format!("`{name}`"));
    let text = match lost.collect::<Vec<_>>() {
        lost if lost.is_empty() => risk.text.to_owned(),
        lost => format!("{} ({})", risk.text, named(&lost)),
    };
    Finding { text: text.into(), ..finding(risk, path, permits) }
}

/// The risks of members that Cognito may reset because the requests leave them out.
pub(super) fn of_omissions(
    (catalogue, after): (&Catalogue, &Document),
    left_out: &[Path],
    desired: &Desired,
    options: &Options,
) -> Vec<Finding> {
    if left_out.is_empty() {
        return Vec::new();
    }
    let permits = Permits::new(&desired.allow, &options.allows, options.today);
    let fallen = catalogue.after_omission(after, left_out);
    let seen = |risk: &'static Risk| {
        let paths = risk.seen(after, &fallen, &|_| true).into_iter();
        paths.filter(|path| left_out.iter().any(|out| out.overlaps(path))).map(move |path| (risk, path))
    };
    let risks = Catalogue::risks().iter().flat_map(seen);
    risks.map(|(risk, path)| of_change(risk, (after, &fallen), &path, &permits)).collect()
}

/// The risk of a pool that is weaker between two calls than before and after them.
pub(super) fn gap(gap: bool, desired: &Desired, options: &Options) -> Option<Finding> {
    let permits = Permits::new(&desired.allow, &options.allows, options.today);
    let risk = Catalogue::risk_told_by(|sign| matches!(sign, Sign::Between)).filter(|_| gap)?;
    Some(finding(risk, &Path::members([MFA_MODE]), &permits))
}

/// The risk of documents with different MFA modes: it is not known which is in force, and a call sets both to
/// the mode in the pool's document.
pub(super) fn apart(
    catalogue: &Catalogue,
    live: &Snapshot,
    desired: &Desired,
    options: &Options,
) -> Option<Finding> {
    let permits = Permits::new(&desired.allow, &options.allows, options.today);
    let [Some(pool), Some(mfa)] = catalogue.mfa_modes(live) else { return None };
    let risk = Catalogue::risk_told_by(|sign| matches!(sign, Sign::Apart)).filter(|_| pool != mfa)?;
    let text =
        format!("the mode is {pool} in the pool's document and {mfa} in the MFA document: {}", risk.text);
    let finding = finding(risk, &Path::members([MFA_MODE]), &permits);
    Some(Finding { text: text.into(), ..finding })
}

/// A risk at a path, and whether somebody has accepted it.
pub(super) fn finding(risk: &'static Risk, path: &Path, permits: &Permits<'_>) -> Finding {
    let finding = Finding::new(Level::Risk, risk.code, path, risk.text);
    if !risk.blocks {
        return finding;
    }
    let allowed_by = permits.find(&Code::Risk(risk.code.to_owned()), Some(path));
    Finding { blocking: true, allowed_by, ..finding.help(format!("accept it with `--allow {}`", risk.code)) }
}
