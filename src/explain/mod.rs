//! What there is to say of a setting, a risk, a rule or a code: pages, as values.
//!
//! A setting's page is derived from the catalogue, a risk's and a rule's from their tables; the other
//! codes have a table of their own (`codes.rs`).

mod book;
mod code;
mod codes;
mod exception;
mod index;
mod kind;
mod miss;
mod setting;
mod signs;
#[cfg(test)]
mod tests;

pub use book::{Chapter, book};
pub use code::{Meaning, meaning};
pub use index::index;
pub use miss::Miss;

use crate::catalogue::{Catalogue, Evidence, Risk, pattern_path};
use crate::document::Path;

/// All that is said of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The name of the thing.
    pub title: String,
    /// What kind of thing it is, in a few words.
    pub kind: String,
    /// What it is or does, in sentences.
    pub lead: Vec<String>,
    /// What else there is to say.
    pub parts: Vec<Part>,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Statements, each under a word of its own.
    Facts(Vec<Fact>),
    /// Names, each with a sentence, under a title.
    Table(String, Vec<(String, String)>),
    /// Names alone, under a title.
    Names(String, Vec<String>),
    /// A piece of a manifest, under a title.
    Example(String, String),
}

/// Statements under one word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The word.
    pub label: &'static str,
    /// The statements.
    pub texts: Vec<String>,
}

/// The pages about `topic`: a setting's path, or a code. A rule's may stand behind `rule:`.
///
/// A setting is found by the end of its path too, if no other path ends so. There are several pages where one
/// name stands for several things.
///
/// # Errors
/// When there is no such setting and no such code.
pub fn explain(catalogue: &Catalogue, topic: &str) -> Result<Vec<Page>, Miss> {
    let topic = topic.trim();
    let pages = code::pages(topic);
    if !pages.is_empty() {
        return Ok(pages);
    }
    let path = topic.parse().or_else(|_| topic.replace("[]", "[0]").parse::<Path>());
    let page = path.ok().and_then(|path| setting::page(catalogue, &path));
    let page = page.or_else(|| match miss::endings(catalogue, topic).as_slice() {
        [one] => setting::page(catalogue, &pattern_path(one)),
        _ => None,
    });
    page.map(|page| vec![page]).ok_or_else(|| Miss::new(catalogue, topic))
}

/// Every name that has a page.
pub fn topics(catalogue: &Catalogue) -> Vec<String> {
    let mut topics = catalogue.patterns();
    topics.extend(code::all().map(str::to_owned));
    topics
}

/// The risks that a change of the setting at `at` can carry, weightiest first.
pub fn risks(at: &Path) -> impl Iterator<Item = &'static Risk> {
    let about = |risk: &&Risk| risk.signs.iter().any(|sign| signs::is_about(sign, at));
    Catalogue::risks().iter().filter(about)
}

/// Every code that has a page, each once.
pub fn codes() -> impl Iterator<Item = &'static str> {
    code::all()
}

/// Whether a code is a rule's of Cognito's across settings.
pub fn is_rule(code: &str) -> bool {
    code::rules().any(|rule| rule == code)
}

/// How sure something is, in words.
fn sureness(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Model => "certain: read from the service's API model",
        Evidence::Live => "measured on the live service, by people who published it",
        Evidence::Docs => "said by AWS's documentation; not measured",
        Evidence::Report => "reported by users; not measured",
        Evidence::Inferred => "inferred; nobody has measured it",
    }
}

/// Whether two paths are one, or one lies in the other, where all elements of a list are one.
fn overlap(a: &Path, b: &Path) -> bool {
    a.segs().iter().zip(b.segs()).all(|(a, b)| setting::is_same(a, b))
}
