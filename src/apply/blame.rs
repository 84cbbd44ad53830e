//! The setting that a refusal is about.

use crate::catalogue::POOL_ID;
use crate::document::{Json, Object, Path};
use crate::plan::PlanReport;

/// The member of the request that a refusal is about, and whether the plan changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blame {
    /// The member.
    pub path: Path,
    /// Whether the plan changes it; else it was sent back as it is live.
    pub planned: bool,
}

/// Finds the member that a refusal of a request is about: the setting of its exception, else the one that its message
/// names. A member that the plan changes is preferred, so that an unchanged setting is not blamed. The request is about
/// the document at `root`.
pub(super) fn blame(
    about: &[Path],
    message: &str,
    plan: &PlanReport,
    (root, body): (&Path, &Object),
) -> Option<Blame> {
    let mut named = about.to_vec();
    if named.is_empty() {
        named = in_message(message, body).iter().map(|path| root.extended(path.segs())).collect();
    }
    let planned = |path: &Path| plan.changes.iter().any(|change| change.path.overlaps(path));
    named.sort_by_key(|path| (!planned(path), std::cmp::Reverse(path.to_string().len())));
    let path = named.into_iter().next()?;
    Some(Blame { planned: planned(&path), path })
}

/// The members that a message names: the path of a validation error, or names of the request that the message
/// has as a word.
fn in_message(message: &str, body: &Object) -> Vec<Path> {
    let mut named: Vec<Path> = Vec::new();
    collect(&Path::root(), body, &mut |path, name| {
        if validation_path(message).is_some_and(|at| begins_with(at, &path.to_string()))
            || has_word(message, name)
        {
            named.push(path.clone());
        }
    });
    named
}

/// The `a.b` of `Value '…' at 'a.b' failed to satisfy constraint`.
fn validation_path(message: &str) -> Option<&str> {
    message.split_once(" at '")?.1.split_once('\'').map(|(path, _)| path)
}

/// Whether a path of a validation error is this one, or leads into it: `callbackURLs.1.member`.
fn begins_with(at: &str, path: &str) -> bool {
    let start = at.get(..path.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(path))
        && (at.len() == path.len() || at[path.len()..].starts_with('.'))
}

fn collect(at: &Path, members: &Object, visit: &mut impl FnMut(&Path, &str)) {
    for (name, value) in members.iter().filter(|(name, _)| *name != POOL_ID) {
        let path = at.member(name);
        visit(&path, name);
        if let Json::Object(inner) = value {
            collect(&path, inner, visit);
        }
    }
}

/// Whether `text` has `word` as a whole word. Names shorter than an API member's are not considered.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    word.len() >= 6
        && text.match_indices(word).any(|(start, _)| {
            let before = text[..start].chars().next_back();
            let after = text[start + word.len()..].chars().next();
            !before.is_some_and(is_part) && !after.is_some_and(is_part)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Catalogue, Unknown};
    use crate::document::Snapshot;
    use crate::plan::{Options, Plan};
    use crate::shapes::Shapes;
    use crate::{manifest, rules};
    use serde_json::json;

    fn blamed(about: &[Path], message: &str) -> Option<(String, bool)> {
        let catalogue = Catalogue::new(Shapes::bundled());
        let text = b"version: 1\npool: eu-west-1_a\nsettings: { Policies: { PasswordPolicy: { MinimumLength: 12 } } }\n";
        let (desired, _) = rules::check(&catalogue, manifest::load("m", text).unwrap()).unwrap();
        let live = json!({"AcrConfiguration": {"Level1": {"AcrValue": "x"}}, "BrandNewSetting": 1, "Policies": {"PasswordPolicy": {"MinimumLength": 8}}});
        let live = Snapshot::of_pool(live.as_object().cloned().unwrap());
        let options = Options {
            unknown: Unknown::Echo,
            today: time::macros::date!(2026 - 11 - 23),
            allows: rules::Allows::default(),
            is_strict: false,
        };
        let plan = Plan::new(&catalogue, live, &desired, &options);
        let body = plan.body(&catalogue, &plan.steps[0]);
        blame(about, message, &plan.report, (&Path::root(), &body))
            .map(|blame| (blame.path.to_string(), blame.planned))
    }

    #[test]
    fn a_refusal_is_laid_at_the_member_that_it_names() {
        let at = |path: &str, planned| Some((path.to_owned(), planned));
        for (message, expected) in [
            (
                "1 validation error detected: Value '12' at 'policies.passwordPolicy.minimumLength' failed to satisfy constraint: …",
                at("Policies.PasswordPolicy.MinimumLength", true),
            ),
            ("BrandNewSetting cannot be set.", at("BrandNewSetting", false)),
            ("BrandNewSettings cannot be set.", None),
            (
                "AcrConfiguration needs Essentials; MinimumLength is fine",
                at("Policies.PasswordPolicy.MinimumLength", true),
            ),
            ("The message is invalid.", None),
        ] {
            assert_eq!(blamed(&[], message), expected, "{message}");
        }
    }

    #[test]
    fn the_setting_that_an_exception_is_about_counts_before_the_words_of_its_message() {
        let about: Vec<Path> =
            ["AcrConfiguration", "Policies.PasswordPolicy"].map(|path| path.parse().unwrap()).into();
        let at = |path: &str, planned| Some((path.to_owned(), planned));
        assert_eq!(blamed(&about[..1], "MinimumLength"), at("AcrConfiguration", false));
        assert_eq!(blamed(&about, "no"), at("Policies.PasswordPolicy", true));
    }
}
