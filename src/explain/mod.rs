//! The pages about settings, risks, rules and codes, as values.
//!
//! A setting's page is derived from the catalogue, a risk's and a rule's from their tables; the other
//! codes have a table of their own (`codes.rs`).

mod book;
mod code;
mod codes;
mod exception;
mod facts;
mod index;
mod kind;
mod miss;
mod reference;
mod setting;
mod signs;
#[cfg(test)]
mod tests;

pub use book::{Chapter, book};
pub use code::{Meaning, meaning};
pub use index::index;
pub use miss::UnknownTopic;
pub use reference::reference;

use crate::catalogue::{Catalogue, Evidence, Risk, pattern_path};
use crate::document::Path;

/// A page about one setting or code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The setting or code.
    pub title: String,
    /// The kind of setting or code, in a few words.
    pub kind: String,
    /// The description, in sentences.
    pub lead: Vec<String>,
    /// The parts, in their order.
    pub parts: Vec<PagePart>,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PagePart {
    /// Labelled statements.
    Facts(Vec<Fact>),
    /// Names, each with a sentence, under a title.
    Table(String, Vec<(String, String)>),
    /// Names alone, under a title.
    Names(String, Vec<String>),
    /// A piece of a manifest, under a title.
    Example(String, String),
}

/// Statements with one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The label.
    pub label: &'static str,
    /// The statements.
    pub texts: Vec<String>,
}

/// The pages about `topic`: a setting's path, or a code. A rule's code can have the prefix `rule:`.
///
/// A setting is also found by the end of its path, if no other path has the same end, and a setting of entries without
/// a label: `clients.branding`. A name with several meanings has several pages.
///
/// # Errors
/// If there is no such setting or code.
pub fn explain(catalogue: &Catalogue, topic: &str) -> Result<Vec<Page>, UnknownTopic> {
    let topic = topic.trim();
    let pages = code::pages(topic);
    if !pages.is_empty() {
        return Ok(pages);
    }
    // A member of entries, and hardly an entry of that name.
    let of_any = topic.split_once('.').map(|(branch, member)| format!("{branch}.*.{member}"));
    let of_any = of_any.filter(|pattern| catalogue.patterns().contains(pattern));
    let topic = of_any.as_deref().unwrap_or(topic);
    let path = topic.parse().or_else(|_| topic.replace("[]", "[0]").parse::<Path>());
    let page = path.ok().and_then(|path| setting::page(catalogue, &path));
    let page = page.or_else(|| match miss::endings(catalogue, topic).as_slice() {
        [one] => setting::page(catalogue, &pattern_path(one)),
        _ => None,
    });
    page.map(|page| vec![page]).ok_or_else(|| UnknownTopic::new(catalogue, topic))
}

/// Every name that has a page.
pub fn topics(catalogue: &Catalogue) -> Vec<String> {
    let mut topics = catalogue.patterns();
    topics.extend(code::all().map(str::to_owned));
    topics
}

/// The risks that a change of the setting at `at` can carry, the most serious first.
pub fn risks(at: &Path) -> impl Iterator<Item = &'static Risk> {
    let about = |risk: &&Risk| risk.signs.iter().any(|sign| signs::is_about(sign, at));
    Catalogue::risks().iter().filter(about)
}

/// Every code that has a page, each once.
pub fn codes() -> impl Iterator<Item = &'static str> {
    code::all()
}

/// Whether a code is that of a rule across settings.
pub fn is_rule(code: &str) -> bool {
    code::rules().any(|rule| rule == code)
}

/// The words for a source of evidence.
fn sureness(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Model => "from the service's API model",
        Evidence::Live => "measured on the live service (published)",
        Evidence::Docs => "from AWS's documentation; not measured",
        Evidence::Report => "reported by users; not measured",
        Evidence::Inferred => "inferred; not measured",
    }
}

/// Whether two paths are the same or one contains the other; all elements of a list count as the same.
fn overlap(a: &Path, b: &Path) -> bool {
    a.segs().iter().zip(b.segs()).all(|(a, b)| setting::is_same(a, b))
}
