//! What there is to say of a setting, a risk, a rule or a code: pages, as values.
//!
//! A setting's page is derived from the catalogue, a risk's and a rule's from their tables; the other
//! codes have a table of their own (`codes.rs`).

mod code;
mod codes;
mod index;
mod setting;
mod signs;
#[cfg(test)]
mod tests;

pub use index::index;

use crate::catalogue::{Catalogue, Evidence, Foreign, any};
use crate::document::Path;
use crate::manifest::similar;

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

/// There is no such thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// What there is not.
    pub text: String,
    /// What there is in its place.
    pub help: String,
}

/// The pages about `topic`: a setting's path, or a code. A rule's may stand behind `rule:`.
///
/// There are several where one name stands for several things.
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
    page.map(|page| vec![page]).ok_or_else(|| miss(catalogue, topic))
}

/// Every name that has a page.
pub fn topics(catalogue: &Catalogue) -> Vec<String> {
    let mut topics = catalogue.patterns();
    topics.extend(code::all().map(str::to_owned));
    topics
}

fn miss(catalogue: &Catalogue, topic: &str) -> Miss {
    let nothing = || Miss {
        text: format!("there is no setting and no code `{topic}`"),
        help: "`poolctl explain` alone lists what there is".to_owned(),
    };
    match catalogue.foreign(topic) {
        Some(Foreign::Renamed(setting)) => {
            let text = format!("`{topic}` is what the reads call a setting");
            return Miss { text, help: format!("the setting is `{setting}`") };
        }
        Some(Foreign::ReadOnly) => {
            let text = format!("`{topic}` is no setting: no call changes it");
            return Miss { text, ..nothing() };
        }
        _ => {}
    }
    let around = topic.rsplit_once('.').map(|(around, _)| around);
    match (close(catalogue, topic), around) {
        (Some(close), _) => Miss { help: format!("did you mean `{close}`?"), ..nothing() },
        (None, Some(around)) if catalogue.patterns().iter().any(|pattern| pattern == around) => {
            Miss { help: format!("`poolctl explain {around}` lists its members"), ..nothing() }
        }
        (None, _) => nothing(),
    }
}

/// The name with a page that `topic` is most likely meant to be.
///
/// A setting is known by its last name too; in a path it is the first wrong name that is set right.
fn close(catalogue: &Catalogue, topic: &str) -> Option<String> {
    let patterns = catalogue.patterns();
    let last = |pattern: &str| pattern.rsplit('.').next().unwrap_or_default().to_owned();
    let lasts: Vec<String> = patterns.iter().map(|pattern| last(pattern)).collect();
    if topic.contains(['.', '[']) {
        let ends =
            |pattern: &&String| pattern.strip_suffix(topic).is_some_and(|before| before.ends_with('.'));
        return close_path(&patterns, topic).or_else(|| patterns.iter().find(ends).cloned());
    }
    let same = patterns.iter().zip(&lasts).find(|(_, name)| name.eq_ignore_ascii_case(topic));
    if let Some((pattern, _)) = same {
        return Some(pattern.clone());
    }
    let name = topic.strip_prefix("rule:").unwrap_or(topic);
    let mut names: Vec<&str> = code::all().collect();
    names.extend(patterns.iter().map(String::as_str).filter(|pattern| !pattern.contains(['.', '['])));
    names.extend(lasts.iter().map(String::as_str));
    let close = similar(name, names)?;
    let of_last = patterns.iter().zip(&lasts).find(|(_, name)| *name == close);
    let is_page = code::all().any(|code| code == close);
    Some(of_last.filter(|_| !is_page).map_or(close.to_owned(), |(pattern, _)| pattern.clone()))
}

fn close_path(patterns: &[String], topic: &str) -> Option<String> {
    let mut right = String::new();
    for (position, name) in topic.split('.').enumerate() {
        let dot = if position == 0 { "" } else { "." };
        let inner = |pattern: &'_ String| {
            let rest = pattern.strip_prefix(right.as_str())?.strip_prefix(dot)?;
            Some(rest.split('.').next().unwrap_or_default().to_owned())
        };
        let names: Vec<String> = patterns.iter().filter_map(inner).collect();
        let names = names.iter().map(String::as_str).filter(|name| !name.is_empty());
        let close = names.clone().find(|known| *known == name).or_else(|| similar(name, names))?;
        right = format!("{right}{dot}{close}");
    }
    patterns.contains(&right).then_some(right)
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

/// A table's path as a path.
fn path(text: &str) -> Path {
    any(text)
}
