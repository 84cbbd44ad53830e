//! The codes of notes that an entry of `ignore` acknowledges.

use super::allow::{is_risk, is_rule};
use super::cross;
use crate::catalogue::Catalogue;
use crate::document::{Path, PathPattern};
use crate::manifest::{Acknowledgement, Diagnostic, similar};

/// The codes of plans that repeat until somebody changes the pool, each with what it reports. The codes of
/// rules are acknowledged as well.
pub const REPEATED: [(&str, &str); 5] = [
    ("co-owned", "another tool owns the pool too"),
    ("unknown-member", "a live member is newer than this version"),
    ("default-not-echoed", "a default that the tier may not take back"),
    ("variable-default", "the default of a variable is used"),
    ("empty-value", "an empty structure has a meaning"),
];

/// Whether an entry of `ignore` can acknowledge findings with this code.
pub fn is_acknowledgeable(code: &str) -> bool {
    is_rule(code) || REPEATED.iter().any(|(known, _)| *known == code)
}

/// What is wrong with an entry, if anything.
pub(super) fn mistake(entry: &Acknowledgement) -> Option<Diagnostic> {
    let (code, origin) = (&entry.code.value, &entry.code.origin);
    if is_acknowledgeable(code) {
        return None;
    }
    let error =
        |message: String| Diagnostic::error("unknown-code", message, origin.clone(), "cannot be ignored");
    if is_risk(code) {
        let blocks = Catalogue::risks().iter().any(|risk| risk.code == *code && risk.blocks);
        let help = match blocks {
            true => "accept the risk with an entry of `allow`",
            false => "delete the entry; the plan reports the risk only where a change carries it",
        };
        return Some(error(format!("`{code}` is a risk; only notes are acknowledged")).help(help));
    }
    let codes = || REPEATED.iter().map(|(code, _)| *code).chain(cross::all().map(|rule| rule.code));
    let help = match similar(code, codes()) {
        Some(close) => format!("did you mean `{close}`?"),
        None => "write the code that the plan shows in the line of the note".to_owned(),
    };
    Some(error(format!("there is no note `{code}` to acknowledge")).help(help))
}

/// Whether the entry is about a finding with this code at this setting.
pub fn covers(entry: &Acknowledgement, code: &str, at: Option<&Path>) -> bool {
    let path = entry.path.as_ref().map(|path| &path.value);
    entry.code.value == code
        && path.is_none_or(|outer| at.is_some_and(|inner| PathPattern::is_within(inner, outer)))
}
