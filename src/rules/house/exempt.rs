//! Exemptions that are of no rule.

use super::rule::HouseRule;
use crate::manifest::{Allow, Code, Diagnostic, similar};

/// A name with a remedy, if no rule has it.
pub fn unknown<'n>(rules: &[HouseRule], name: &'n str) -> Option<(&'n str, String)> {
    let names = || rules.iter().map(|rule| rule.name.as_str());
    let help = || match similar(name, names()) {
        Some(close) => format!("did you mean `require:{close}`?"),
        None if rules.is_empty() => "add the rule to `require` in poolctl.yaml".to_owned(),
        None => format!("the rules are {}", names().collect::<Vec<_>>().join(", ")),
    };
    (!names().any(|known| known == name)).then(|| (name, help()))
}

/// Warnings about the entries of a manifest that exempt it from rules which do not exist. The rules of today judge older
/// manifests too, so that these are no errors.
pub fn unknown_allows(rules: &[HouseRule], allows: &[Allow]) -> Vec<Diagnostic> {
    let warning = |allow: &Allow| {
        let Code::House(name) = &allow.code.value else { return None };
        let (name, help) = unknown(rules, name)?;
        let message = format!("poolctl.yaml has no rule `{name}`");
        let error = Diagnostic::error("unknown-code", message, allow.code.origin.clone(), "unknown");
        Some(error.warning().help(help))
    };
    allows.iter().filter_map(warning).collect()
}
