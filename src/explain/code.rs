//! The pages of codes.

use super::codes::{CODES, Code, Of};
use super::{Fact, Page, Part, signs, sureness};
use crate::catalogue::{Catalogue, Risk};
use crate::rules::cross::{self, Rule};

/// Every code that has a page, each once: risks, rules, and the others.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    let risks = Catalogue::risks().iter().map(|risk| risk.code);
    once(risks.chain(rules()).chain(CODES.iter().map(|code| code.code))).into_iter()
}

/// The codes of the rules.
pub(super) fn rules() -> impl Iterator<Item = &'static str> {
    cross::all().map(|rule| rule.code)
}

/// Each of these once, in their order.
pub(super) fn once<T: PartialEq>(several: impl Iterator<Item = T>) -> Vec<T> {
    several.fold(Vec::new(), |mut seen, one| {
        if !seen.contains(&one) {
            seen.push(one);
        }
        seen
    })
}

/// The pages of all codes, under what they have in common.
pub(super) fn groups() -> Vec<(&'static str, Vec<Page>)> {
    let risks = |blocks| Catalogue::risks().iter().filter(|risk| risk.blocks == blocks).map(risk).collect();
    let rules = once(rules()).into_iter().filter_map(rule_of).collect();
    let others = |plans| CODES.iter().filter(|code| code.of.is_of_plans() == plans).map(other).collect();
    vec![
        ("Risks that block", risks(true)),
        ("Risks that speak", risks(false)),
        ("Rules", rules),
        ("Findings of plans", others(true)),
        ("Mistakes in manifests", others(false)),
    ]
}

/// The page of the rules that share this code.
fn rule_of(code: &str) -> Option<Page> {
    let rules: Vec<&Rule> = cross::all().filter(|rule| rule.code == code).collect();
    (!rules.is_empty()).then(|| rule(&rules))
}

/// What a code means, in short.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meaning {
    /// What it is, in sentences.
    pub text: String,
    /// What to do about it, as an order.
    pub remedy: String,
}

/// What a code means; where a manifest and a plan both have it, what it means in a manifest.
pub fn meaning(code: &str) -> Option<Meaning> {
    // A plan may have another use for the same word.
    let mut others = CODES.iter().filter(|other| other.code == code).collect::<Vec<_>>();
    others.sort_by_key(|other| other.of.is_of_plans());
    let rules: Vec<&Rule> = cross::all().filter(|rule| rule.code == code).collect();
    match (others.first(), rules.as_slice()) {
        (Some(other), _) => Some(Meaning { text: other.text.to_owned(), remedy: other.remedy.to_owned() }),
        (None, []) => {
            let risk = Catalogue::risks().iter().find(|risk| risk.code == code)?;
            Some(Meaning { text: sentence(risk.text), remedy: format!("accept it with `--allow {code}`") })
        }
        (None, rules) => {
            let told = |of: fn(&Rule) -> String| once(rules.iter().map(|rule| of(rule)));
            Some(Meaning {
                text: told(broken).join(" "),
                remedy: told(|rule| rule.remedy.to_owned()).join("; "),
            })
        }
    }
}

fn broken(rule: &Rule) -> String {
    format!("Broken where {}.", rule.what)
}

/// The pages about this code.
pub(super) fn pages(topic: &str) -> Vec<Page> {
    if let Some(code) = topic.strip_prefix("rule:") {
        return rule_of(code).into_iter().collect();
    }
    let risks = Catalogue::risks().iter().filter(|risk| risk.code == topic).map(risk);
    let others = CODES.iter().filter(|code| code.code == topic).map(other);
    risks.chain(rule_of(topic)).chain(others).collect()
}

fn fact(label: &'static str, text: impl Into<String>) -> Fact {
    Fact { label, texts: vec![text.into()] }
}

/// The title of what a manifest says to let something through.
const IN_MANIFEST: &str = "In a manifest";

/// How the command line lets this through.
fn flags(code: &str) -> Vec<String> {
    vec![format!("`--allow {code}`"), format!("`--allow {code}@SETTING`, at one setting alone")]
}

fn risk(risk: &Risk) -> Page {
    let (kind, so) = match risk.blocks {
        true => (
            "a risk that blocks",
            "a plan that carries it is refused (exit code 3) until somebody accepts it",
        ),
        false => ("a risk that speaks", "the plan tells of it, and is not refused"),
    };
    let mut facts = vec![
        fact(if risk.blocks { "Blocks" } else { "Speaks" }, so),
        fact("Why", risk.why),
        Fact { label: "Seen when", texts: risk.signs.iter().map(signs::words).collect() },
        fact("Evidence", sureness(risk.evidence)),
    ];
    let mut parts = Vec::new();
    if risk.blocks {
        let at = risk.signs.iter().find_map(|sign| sign.path());
        let path = at.map_or_else(String::new, |at| format!("\n    path: {at}"));
        let example = format!("allow:\n  - risk: {}{path}\n    reason: why that is fine", risk.code);
        facts.push(Fact { label: "Accept", texts: flags(risk.code) });
        parts.push(Part::Example(IN_MANIFEST.to_owned(), example));
    }
    parts.insert(0, Part::Facts(facts));
    Page { title: risk.code.to_owned(), kind: kind.to_owned(), lead: vec![sentence(risk.text)], parts }
}

/// The rules that share a code: they say the same of different settings.
fn rule(rules: &[&Rule]) -> Page {
    let told = |of: fn(&Rule) -> Option<String>| once(rules.iter().filter_map(|rule| of(rule)));
    let code = rules.first().map(|rule| rule.code).unwrap_or_default();
    let refuses = rules.iter().any(|rule| rule.refuses());
    let (weight, overrule) = match refuses {
        true => (
            "a conflict, which refuses it (exit code 3); a note where the plan changes nothing of it",
            flags(&format!("rule:{code}")),
        ),
        false => (
            "a warning, which refuses nothing; a note where the plan changes nothing of it",
            vec!["not needed: it refuses nothing".to_owned()],
        ),
    };
    let mut parts = vec![Part::Facts(vec![
        Fact {
            label: "About",
            texts: once(rules.iter().flat_map(|rule| rule.about.iter().map(|at| format!("`{at}`")))),
        },
        Fact { label: "Cognito", texts: told(|rule| Some(answer(rule))) },
        fact("In a plan", weight),
        Fact { label: "Remedy", texts: told(|rule| Some(rule.remedy.to_owned())) },
        Fact { label: "Evidence", texts: told(|rule| Some(sureness(rule.evidence).to_owned())) },
        Fact { label: "Overrule", texts: overrule },
    ])];
    if refuses {
        let example = format!("allow:\n  - rule: {code}\n    reason: why it no longer holds");
        parts.push(Part::Example(IN_MANIFEST.to_owned(), example));
    }
    let lead = told(|rule| Some(broken(rule)));
    Page {
        title: format!("rule:{code}"),
        kind: "a rule of Cognito's across settings".to_owned(),
        lead,
        parts,
    }
}

/// What the service says to who breaks the rule.
fn answer(rule: &Rule) -> String {
    match rule.words {
        Some(words) => {
            let words = words.replace("{tier}", "…");
            format!("answers with {}: \"{words}\"", rule.exception)
        }
        None if rule.harms => "may take it, and do harm by it".to_owned(),
        None => format!(
            "answers with {}, as far as is known; nobody has written down in which words",
            rule.exception
        ),
    }
}

fn other(code: &Code) -> Page {
    let kind = match code.of {
        Of::Conflict => "a conflict of a plan",
        Of::Warning => "a warning of a plan",
        Of::Note => "a note of a plan",
        Of::Failure => "a failure of a run",
        Of::Error => "an error in a manifest",
        Of::Doubt => "a warning about a manifest",
    };
    let mut facts = Vec::new();
    facts.extend(
        match code.of {
            Of::Conflict => Some("it refuses the plan (exit code 3); no `--allow` lets it through"),
            Of::Error => Some("the manifest cannot be used (exit code 1), and nothing is planned or written"),
            Of::Doubt => Some("the manifest is used all the same"),
            Of::Warning | Of::Note | Of::Failure => None,
        }
        .map(|weight| fact("Weight", weight)),
    );
    if !code.remedy.is_empty() {
        facts.push(fact("Remedy", code.remedy));
    }
    let mut parts = Vec::new();
    if !facts.is_empty() {
        parts.push(Part::Facts(facts));
    }
    if !code.example.is_empty() {
        parts.push(Part::Example(code.example_title().to_owned(), code.example.to_owned()));
    }
    Page { title: code.code.to_owned(), kind: kind.to_owned(), lead: vec![code.text.to_owned()], parts }
}

/// A clause as a sentence: with a great letter, unless it begins with a name, and a stop.
fn sentence(clause: &str) -> String {
    let mut rest = clause.chars();
    let first = rest.next().map(|first| first.to_ascii_uppercase()).into_iter();
    first.chain(rest).chain(std::iter::once('.')).collect()
}
