//! The answer to a name without a page: what was most likely meant.

use super::code;
use crate::catalogue::{Catalogue, Foreign};
use crate::manifest::similar;

/// The answer for a topic without a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownTopic {
    /// The message.
    pub text: String,
    /// What to do instead.
    pub help: String,
}

impl UnknownTopic {
    /// The answer for `topic`, which has no page.
    pub(super) fn new(catalogue: &Catalogue, topic: &str) -> Self {
        let nothing = || Self {
            text: format!("there is no setting and no code `{topic}`"),
            help: "run `poolctl explain` to list all settings and codes".to_owned(),
        };
        match catalogue.foreign(topic) {
            Some(Foreign::Renamed(setting)) => {
                let text = format!("`{topic}` is the name of a setting in responses");
                return Self { text, help: format!("run `poolctl explain {setting}`") };
            }
            Some(Foreign::ReadOnly) => {
                let text = format!("`{topic}` is not a setting: it is read-only");
                return Self { text, ..nothing() };
            }
            _ => {}
        }
        let endings = endings(catalogue, topic);
        if endings.len() > 1 {
            let text = format!("several settings end with `{topic}`");
            let all: Vec<String> = endings.iter().map(|path| format!("`{path}`")).collect();
            return Self { text, help: format!("name one of them: {}", all.join(", ")) };
        }
        let around = topic.rsplit_once('.').map(|(around, _)| around);
        match (close(catalogue, topic), around) {
            (Some(close), _) => {
                let others = beginnings(catalogue, topic).into_iter().filter(|name| *name != close);
                let all: Vec<String> =
                    others.chain([close.clone()]).map(|name| format!("`{name}`")).collect();
                let one_of = if all.len() > 1 { "one of these: " } else { "" };
                Self { help: format!("did you mean {one_of}{}?", all.join(", ")), ..nothing() }
            }
            (None, Some(around)) if catalogue.patterns().iter().any(|pattern| pattern == around) => {
                Self { help: format!("run `poolctl explain {around}` to list its members"), ..nothing() }
            }
            (None, _) => nothing(),
        }
    }
}

/// The settings of a pool whose names begin with `topic`, however its letters are cased.
fn beginnings(catalogue: &Catalogue, topic: &str) -> Vec<String> {
    let begins = |name: &str| name.get(..topic.len()).is_some_and(|start| start.eq_ignore_ascii_case(topic));
    let is_name = |name: &String| topic.len() > 2 && !name.contains(['.', '[']) && begins(name);
    catalogue.patterns().into_iter().filter(is_name).collect()
}

/// The settings within others whose paths end with `topic`.
pub(super) fn endings(catalogue: &Catalogue, topic: &str) -> Vec<String> {
    let mut patterns = catalogue.patterns();
    patterns.retain(|pattern| pattern.strip_suffix(topic).is_some_and(|before| before.ends_with('.')));
    if topic.is_empty() { Vec::new() } else { patterns }
}

/// The name with a page that is closest to `topic`.
///
/// A setting is found by its last name too. In a path, every wrong name is corrected.
fn close(catalogue: &Catalogue, topic: &str) -> Option<String> {
    let patterns = catalogue.patterns();
    let last = |pattern: &str| pattern.rsplit('.').next().unwrap_or_default().to_owned();
    let lasts: Vec<String> = patterns.iter().map(|pattern| last(pattern)).collect();
    if topic.contains(['.', '[']) {
        return close_path(&patterns, topic);
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

/// The path with each wrong name corrected.
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
        let known = names.clone().find(|known| *known == name);
        let any = || names.clone().find(|known| *known == "*");
        let close = known.or_else(any).or_else(|| similar(name, names.clone()))?;
        right = format!("{right}{dot}{close}");
    }
    patterns.contains(&right).then_some(right)
}
