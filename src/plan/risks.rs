//! The risks that the changes of a plan carry.

use super::finding::{Finding, Level};
use super::{Change, Options};
use crate::catalogue::Catalogue;
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
            let finding =
                Finding::new(Level::Risk, risk.code, &path, risk.text).origin(change.origin.as_ref());
            findings.push(match risk.blocks {
                true => {
                    let allowed_by = permits.find(&Code::Risk(risk.code.to_owned()), Some(&path));
                    let help = format!("accept it with `--allow {}`", risk.code);
                    Finding { blocking: true, allowed_by, ..finding.help(help) }
                }
                false => finding,
            });
        }
    }
    findings
}
