//! The risks that the changes of a plan carry.

use super::finding::{Finding, Level};
use super::{Change, Options};
use crate::catalogue::{Catalogue, Risk, Sign};
use crate::document::{Object, Path};
use crate::manifest::Code;
use crate::rules::{Desired, Permits};

/// The risks of going from one canonical document to another, each at the setting that carries it.
///
/// A risk that blocks is accepted where the manifest or the command line allows it.
pub(super) fn findings(
    (before, after): (&Object, &Object),
    changes: &[Change],
    declared: &[Path],
    desired: &Desired,
    options: &Options,
) -> Vec<Finding> {
    let permits = Permits::new(&desired.allow, &options.allows, options.today);
    let is_declared = |path: &Path| declared.iter().any(|at| at.overlaps(path));
    let mut findings = Vec::new();
    for risk in Catalogue::risks() {
        for path in risk.seen(before, after, &is_declared) {
            // What the differ takes for the same is no change, and carries nothing.
            let Some(change) = changes.iter().find(|change| change.path.overlaps(&path)) else { continue };
            findings.push(finding(risk, &path, &permits).origin(change.origin.as_ref()));
        }
    }
    findings
}

/// The risk of a pool that is weaker between two calls than before and after them.
pub(super) fn gap(gap: bool, desired: &Desired, options: &Options) -> Option<Finding> {
    let permits = Permits::new(&desired.allow, &options.allows, options.today);
    let is_it = |sign: &Sign| matches!(sign, Sign::Between);
    let risk = Catalogue::risks().iter().find(|risk| gap && risk.signs.iter().any(is_it))?;
    Some(finding(risk, &Path::members(["MfaConfiguration"]), &permits))
}

fn finding(risk: &'static Risk, path: &Path, permits: &Permits<'_>) -> Finding {
    let finding = Finding::new(Level::Risk, risk.code, path, risk.text);
    if !risk.blocks {
        return finding;
    }
    let allowed_by = permits.find(&Code::Risk(risk.code.to_owned()), Some(path));
    Finding { blocking: true, allowed_by, ..finding.help(format!("accept it with `--allow {}`", risk.code)) }
}
