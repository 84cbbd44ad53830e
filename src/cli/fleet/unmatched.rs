//! Rules of the house that are about nothing in a whole fleet: something in them may be misspelt.

use crate::cli::fleet::pools::Planned;
use crate::cli::{Context, args};
use crate::manifest::Diagnostic;
use crate::plan::PlanReport;
use crate::report::count;
use crate::rules::ManifestPool;
use crate::rules::house::HouseRule;

/// The warning about rules that matched nothing; `None` if there are none, or if not all of every pool was judged. One pool,
/// or some files, prove nothing: the rules are for others too.
///
/// The warning is printed too.
pub(in crate::cli) fn warning<P: AsRef<PlanReport>, D: AsRef<ManifestPool>>(
    context: &Context,
    paths: &args::PathArgs,
    planned: &[Planned<P, D>],
) -> Option<Diagnostic> {
    let is_fleet = paths.selection.is_whole() && paths.paths.iter().all(|path| path.is_dir());
    if !is_fleet || planned.len() < 2 {
        return None;
    }
    let met = |one: &Planned<P, D>| {
        let report = one.plan.as_ref().ok()?.as_ref();
        let is_whole =
            one.desired.as_ref().only.is_empty() && report.rules_met.len() == context.require.len();
        is_whole.then(|| report.rules_met.clone())
    };
    let all: Vec<Vec<bool>> = planned.iter().map(met).collect::<Option<_>>()?;
    let is_met = |at: usize| all.iter().any(|met| met.get(at).copied().unwrap_or_default());
    let unmet: Vec<&HouseRule> =
        context.require.iter().enumerate().filter(|(at, _)| !is_met(*at)).map(|(_, rule)| rule).collect();
    let [first, others @ ..] = unmet.as_slice() else { return None };
    let names: Vec<String> = unmet.iter().map(|rule| format!("`{}`", rule.name)).collect();
    let (verb, names) = (if others.is_empty() { "is" } else { "are" }, names.join(", "));
    let message = format!("{} {verb} about nothing in this run: {names}", count(unmet.len(), "rule"));
    let help = "check `of` and `path`, or remove the rule if no pool is to have that";
    let warning = Diagnostic::error("require-unmatched", message, first.origin.clone(), label(first));
    let warning = others.iter().fold(warning, |all, rule| all.related(rule.origin.clone(), label(rule)));
    let warning = warning.warning().help(help);
    context.ui.diagnostics(std::slice::from_ref(&warning));
    Some(warning)
}

/// What no pool has.
fn label(rule: &HouseRule) -> String {
    match rule.of.list() {
        Some(list) if !rule.is_free => format!("no pool of this run has one of `{}`", list.name()),
        _ => format!("nothing in this run has `{}`", rule.path),
    }
}
