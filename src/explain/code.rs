//! The pages of codes.

use super::codes::{CODES, CodeKind, CodeText};
use super::facts::{fact, once};
use super::{Fact, Page, PagePart, exception, signs, sureness};
use crate::catalogue::{Catalogue, PoolSign, RESOURCES, Risk, Sign};
use crate::manifest::HOUSE;
use crate::rules::cross::{self, Rule};

/// Every code that has a page, each once: risks, rules, the others, and exceptions.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    let risks = Catalogue::risks().iter().map(|risk| risk.code);
    let codes = CODES.iter().map(|code| code.code);
    once(risks.chain(rules()).chain(codes).chain(exception::all())).into_iter()
}

/// The codes of the rules.
pub(super) fn rules() -> impl Iterator<Item = &'static str> {
    cross::all().map(|rule| rule.code)
}

/// The pages of all codes, in groups with a title.
pub(super) fn groups() -> Vec<(&'static str, Vec<Page>)> {
    let risks = |blocks| Catalogue::risks().iter().filter(|risk| risk.blocks == blocks).map(risk).collect();
    let rules = once(rules()).into_iter().filter_map(rule_of).collect();
    let others = |plans| CODES.iter().filter(|code| code.of.is_of_plans() == plans).map(other).collect();
    vec![
        ("Risks", risks(true)),
        ("Notices", risks(false)),
        ("Rules", rules),
        ("Findings of plans", others(true)),
        ("Mistakes in manifests", others(false)),
        ("Exceptions", Catalogue::exceptions().iter().map(exception::page).collect()),
    ]
}

/// The page of the rules that share this code.
fn rule_of(code: &str) -> Option<Page> {
    let rules: Vec<&Rule> = cross::all().filter(|rule| rule.code == code).collect();
    (!rules.is_empty()).then(|| rule(&rules))
}

/// The code with a page: the names of the rules of the house are in no table.
fn of_table(code: &str) -> &str {
    if code.starts_with(HOUSE) { HOUSE.trim_end_matches(':') } else { code }
}

/// The meaning of a code, in short.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meaning {
    /// The meaning, in sentences.
    pub text: String,
    /// The remedy, as an instruction.
    pub remedy: String,
}

/// The meaning of a code; if manifests and plans share a code, its meaning in a manifest.
pub fn meaning(code: &str) -> Option<Meaning> {
    let code = of_table(code);
    if let Some(exception) = Catalogue::exception(code) {
        return Some(Meaning { text: exception.text.to_owned(), remedy: exception.remedy.to_owned() });
    }
    // A plan may use the same word for something else.
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
    format!("Broken if {}.", rule.what)
}

/// The pages for this code.
pub(super) fn pages(topic: &str) -> Vec<Page> {
    let topic = of_table(topic);
    if let Some(code) = topic.strip_prefix("rule:") {
        return rule_of(code).into_iter().collect();
    }
    let risks = Catalogue::risks().iter().filter(|risk| risk.code == topic).map(risk);
    let others = CODES.iter().filter(|code| code.code == topic).map(other);
    risks.chain(rule_of(topic)).chain(others).chain(exception::page_of(topic)).collect()
}

/// The title of the manifest lines that accept something.
const IN_MANIFEST: &str = "In a manifest";

/// The flags that accept this code.
fn flags(code: &str) -> Vec<String> {
    vec![format!("`--allow {code}`"), format!("`--allow {code}@SETTING`, for one setting only")]
}

fn risk(risk: &Risk) -> Page {
    let (kind, effect) = match risk.blocks {
        true => ("a risk (blocks)", "blocks the plan (exit code 3) until the risk is accepted"),
        false => ("a notice (does not block)", "is shown in the plan, and does not block it"),
    };
    let mut facts = vec![
        fact("Effect", effect),
        fact("Why", risk.why),
        Fact { label: "Shown if", texts: risk.signs.iter().map(signs::words).collect() },
        fact("Evidence", sureness(risk.evidence)),
    ];
    let mut parts = Vec::new();
    if risk.blocks {
        // The permission for a new pool is about its word.
        let is_word = risk.signs.iter().any(|sign| matches!(sign, Sign::OfPool(PoolSign::Made)));
        let at = risk.signs.iter().find_map(|sign| sign.path()).or(is_word.then_some("create.WORD"));
        let path = at.map_or_else(String::new, |at| format!("\n    path: {}", of_one(at)));
        // Without an end, it accepts the removal of a later document of that name too.
        let until = if at.is_some_and(has_labels) { "\n    until: 2030-01-31" } else { "" };
        let example =
            format!("allow:\n  - risk: {}{path}\n    reason: why this is acceptable{until}", risk.code);
        facts.push(Fact { label: "Accept", texts: flags(risk.code) });
        parts.push(PagePart::Example(IN_MANIFEST.to_owned(), example));
    }
    parts.insert(0, PagePart::Facts(facts));
    Page { title: risk.code.to_owned(), kind: kind.to_owned(), lead: vec![sentence(risk.text)], parts }
}

/// The path of a setting as an entry of `allow` has it, which names one document.
fn of_one(at: &str) -> String {
    let is_branch = has_labels(at) && !at.contains('.');
    if is_branch { format!("{at}.NAME") } else { at.replace(".*", ".NAME") }
}

/// Whether a path is within a branch whose documents have labels.
fn has_labels(at: &str) -> bool {
    let head = at.split('.').next();
    RESOURCES.into_iter().any(|resource| resource.listing.is_some() && resource.branch == head)
}

/// The page of the rules that share a code: the same rule for different settings.
fn rule(rules: &[&Rule]) -> Page {
    let told = |of: fn(&Rule) -> Option<String>| once(rules.iter().filter_map(|rule| of(rule)));
    let code = rules.first().map(|rule| rule.code).unwrap_or_default();
    let refuses = rules.iter().any(|rule| rule.refuses());
    let (kind, effect) = match refuses {
        true => ("a rule (conflict)", "a broken rule is a conflict, which blocks the plan (exit code 3)"),
        false => ("a rule (warning)", "a broken rule is a warning, which does not block the plan"),
    };
    let unchanged = "a note if the plan changes none of these settings";
    let mut facts = vec![
        Fact {
            label: "Settings",
            texts: once(rules.iter().flat_map(|rule| rule.about.iter().map(|at| format!("`{at}`")))),
        },
        Fact { label: "Cognito", texts: told(|rule| Some(answer(rule))) },
        Fact { label: "Effect", texts: vec![effect.to_owned(), unchanged.to_owned()] },
        Fact { label: "Remedy", texts: told(|rule| Some(rule.remedy.to_owned())) },
        Fact { label: "Evidence", texts: told(|rule| Some(sureness(rule.evidence).to_owned())) },
    ];
    let mut parts = Vec::new();
    if refuses {
        facts.push(Fact { label: "Accept", texts: flags(&format!("rule:{code}")) });
        let example = format!("allow:\n  - rule: {code}\n    reason: why the rule no longer applies");
        parts.push(PagePart::Example(IN_MANIFEST.to_owned(), example));
    }
    parts.insert(0, PagePart::Facts(facts));
    let lead = told(|rule| Some(broken(rule)));
    Page { title: format!("rule:{code}"), kind: kind.to_owned(), lead, parts }
}

/// The response of the service to a broken rule.
fn answer(rule: &Rule) -> String {
    let Some(exception) = rule.exception else { return "accepts it".to_owned() };
    match rule.any_words() {
        Some(words) => format!("returns {exception}: \"{words}\""),
        None if rule.harms => "may accept it, with harmful results".to_owned(),
        None => {
            format!("returns {exception} (as far as is known; its message is not known)")
        }
    }
}

fn other(code: &CodeText) -> Page {
    let kind = match code.of {
        CodeKind::Conflict => "a conflict (blocks)",
        CodeKind::Warning => "a warning",
        CodeKind::Note => "a note",
        CodeKind::Failure => "a failure of a run",
        CodeKind::Error => "an error in a manifest",
        CodeKind::Doubt => "a warning about a manifest",
    };
    let mut facts = Vec::new();
    facts.extend(
        match code.of {
            CodeKind::Conflict => Some("blocks the plan (exit code 3); `--allow` does not accept it"),
            CodeKind::Error => {
                Some("the manifest cannot be used (exit code 1); nothing is planned or written")
            }
            CodeKind::Doubt => Some("the manifest is used nevertheless"),
            CodeKind::Warning | CodeKind::Note | CodeKind::Failure => None,
        }
        .map(|effect| fact("Effect", effect)),
    );
    if !code.remedy.is_empty() {
        facts.push(fact("Remedy", code.remedy));
    }
    let mut parts = Vec::new();
    if !facts.is_empty() {
        parts.push(PagePart::Facts(facts));
    }
    if !code.example.is_empty() {
        parts.push(PagePart::Example(code.example_title().to_owned(), code.example.to_owned()));
    }
    Page { title: code.code.to_owned(), kind: kind.to_owned(), lead: vec![code.text.to_owned()], parts }
}

/// A clause as a sentence: with a capital letter, unless it begins with a name, and a full stop.
fn sentence(clause: &str) -> String {
    let mut rest = clause.chars();
    let first = rest.next().map(|first| first.to_ascii_uppercase()).into_iter();
    first.chain(rest).chain(std::iter::once('.')).collect()
}
