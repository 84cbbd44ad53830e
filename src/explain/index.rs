//! What there is to be explained.

use super::code::{self, rules};
use super::codes::CODES;
use super::{Page, Part};
use crate::catalogue::{Catalogue, Operation, Risk, pattern_path};

/// The page without a name: every setting at the top, and every code.
pub fn index(catalogue: &Catalogue) -> Page {
    let names = catalogue.patterns();
    let tops: Vec<&String> = names.iter().filter(|name| !name.contains(['.', '['])).collect();
    let table = |title: &str, owner: fn(Option<Operation>) -> bool| {
        let own = tops.iter().filter(|name| owner(super::setting::owner(catalogue, &pattern_path(name))));
        let row = |name: &&&String| {
            let doc = catalogue.doc(&pattern_path(name)).unwrap_or_default();
            ((**name).clone(), doc.to_owned())
        };
        Part::Table(title.to_owned(), own.map(|name| row(&name)).collect())
    };
    let risks = |title: &str, blocks: bool| {
        let risks = Catalogue::risks().iter().filter(|risk| risk.blocks == blocks);
        group(title, risks.map(|risk: &Risk| risk.code))
    };
    let codes = |title: &str, plans: bool| {
        group(title, CODES.iter().filter(|code| code.of.is_of_plans() == plans).map(|code| code.code))
    };
    Page {
        title: "poolctl explain FIELD or CODE".to_owned(),
        kind: String::new(),
        lead: vec![
            "What a setting does and how poolctl treats it: `Policies`, `LambdaConfig.PreSignUp`, `Schema[].Name`."
                .to_owned(),
            "What a code means and what to do: `trigger-removal`, `rule:mfa-without-factor`, `immutable-field`."
                .to_owned(),
        ],
        parts: vec![
            table("Settings", |owner| owner == Some(Operation::UpdateUserPool)),
            table("Settings of MFA", |owner| owner == Some(Operation::SetUserPoolMfaConfig)),
            table("Settings of a pool's creation", |owner| {
                !matches!(owner, Some(Operation::UpdateUserPool | Operation::SetUserPoolMfaConfig))
            }),
            risks("Risks that block", true),
            risks("Risks that speak", false),
            group("Rules", rules()),
            codes("Findings of plans", true),
            codes("Mistakes in manifests", false),
        ],
    }
}

/// The names, each once, in the alphabet's order, so that one is found.
fn group(title: &str, codes: impl Iterator<Item = &'static str>) -> Part {
    let mut codes: Vec<String> = code::once(codes).into_iter().map(str::to_owned).collect();
    codes.sort();
    Part::Names(title.to_owned(), codes)
}
