//! The reference: every page as one Markdown document.
//!
//! What many pages have in common is stated once, in the introduction; a section has only what differs.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::setting::{DRIFT_UNLESS, NULL_IN_LIST, UNKNOWN_SOURCE};
use super::{Chapter, Fact, Page, PagePart, book, sureness};
use crate::catalogue::{Catalogue, Evidence};

const INTRODUCTION: &str = include_str!("reference.md");

/// Facts that the introduction states for all pages: the label, and the start of the text.
const COMMON: &[(&str, &str)] = &[
    ("Accept", ""),
    ("Changed", "by UpdateUserPool"),
    ("Changed", "by SetUserPoolMfaConfig"),
    ("Changed", "by UpdateGroup"),
    ("Changed", "by UpdateResourceServer"),
    ("Default", ""),
    ("Effect", ""),
    ("Evidence", ""),
    ("New pool", ""),
    ("Required", ""),
    ("Type", ""),
    ("null", NULL_IN_LIST),
    ("null", "is a conflict: it is fixed"),
    ("null", "is a conflict: the structure around it"),
];
/// The same where the whole text must match.
const COMMON_WHOLE: &[(&str, &str)] =
    &[("Compared", "in order"), ("Compared", "key by key"), ("Compared", "member by member")];

/// The words for each source of evidence, in the page's descriptions.
const SOURCES: [(Evidence, &str); 5] = [
    (Evidence::Model, "API model"),
    (Evidence::Live, "measured"),
    (Evidence::Docs, "documented"),
    (Evidence::Report, "reported"),
    (Evidence::Inferred, "inferred"),
];

/// The document, from the pages of this catalogue.
pub fn reference(catalogue: &Catalogue) -> String {
    let chapters = book(catalogue);
    let mut writer = ReferencePage { anchors: anchors(&chapters), out: INTRODUCTION.to_owned() };
    writer.block("## Contents");
    for chapter in &chapters {
        writer.contents(chapter);
    }
    for chapter in &chapters {
        writer.chapter(chapter);
    }
    writer.out
}

/// The anchor of each page with a section, and of each chapter, by title. If two pages have one title, that
/// of the first.
fn anchors(chapters: &[Chapter]) -> HashMap<String, String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut anchors = HashMap::new();
    for chapter in chapters {
        let sections = chapter.pages.iter().filter(|page| has_section(chapter, page));
        for title in std::iter::once(chapter.title).chain(sections.map(|page| page.title.as_str())) {
            let name = anchor(title);
            let count = seen.entry(name.clone()).or_default();
            *count += 1;
            // Renderers number the headings that share a name.
            let name = if *count == 1 { name } else { format!("{name}-{}", *count - 1) };
            anchors.entry(title.to_owned()).or_insert(name);
        }
    }
    anchors
}

/// The anchor that the usual renderers give a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Whether a page has a section of its own: exceptions are rows of tables, and so are settings within others
/// of which nothing else is known.
fn has_section(chapter: &Chapter, page: &Page) -> bool {
    match chapter.is_of_settings {
        true => is_top(page) || !own_facts(page).is_empty(),
        false => !is_exception(page),
    }
}

fn is_top(page: &Page) -> bool {
    !page.title.contains(['.', '['])
}

fn is_exception(page: &Page) -> bool {
    fact(page, "Write").is_some()
}

fn facts(page: &Page) -> impl Iterator<Item = &Fact> {
    let facts = page.parts.iter().filter_map(|part| match part {
        PagePart::Facts(facts) => Some(facts),
        _ => None,
    });
    facts.flatten()
}

fn fact<'a>(page: &'a Page, label: &str) -> Option<&'a Fact> {
    facts(page).find(|fact| fact.label == label)
}

/// The default of a setting, without the words around it.
fn default_of(page: &Page) -> Option<&str> {
    fact(page, "Default")?.texts.first()?.split(" if absent").next()
}

/// The facts that the introduction, the table of the setting around it and the description do not state.
fn own_facts(page: &Page) -> Vec<(&'static str, String)> {
    let fresh = fact(page, "New pool").and_then(|fact| fact.texts.first()?.split('`').nth(1));
    let is_usual = |value: &str| Some(value) == default_of(page) || fresh == Some(value.trim_matches('`'));
    let resets_to = |text: &str| match text.strip_prefix("resets the setting: ") {
        Some(rest) => {
            let sent = rest.strip_prefix("sends ").is_some_and(is_usual);
            sent || rest.starts_with("leaves it out of ") && !rest.contains(';')
        }
        None => false,
    };
    let is_common = |label: &str, text: &str| {
        COMMON.iter().any(|(of, start)| *of == label && text.starts_with(start))
            || COMMON_WHOLE.contains(&(label, text))
            || label == "null" && resets_to(text)
            || label == "Drift" && !is_top(page)
    };
    let own = facts(page).map(|fact| {
        let texts = fact.texts.iter().filter(|text| !is_common(fact.label, text));
        let texts: Vec<&str> = texts.map(|text| text.strip_suffix(DRIFT_UNLESS).unwrap_or(text)).collect();
        (fact.label, texts.join("; "))
    });
    own.filter(|(_, text)| !text.is_empty()).collect()
}

/// The description, with the sources of its evidence.
fn description(page: &Page) -> String {
    let texts = fact(page, "Evidence").map_or(&[][..], |fact| &fact.texts);
    let is_from = |evidence| texts.iter().any(|text| text.ends_with(sureness(evidence)));
    let sources = SOURCES.iter().filter(|(evidence, _)| is_from(*evidence)).map(|(_, word)| *word);
    let sources: Vec<&str> = sources.collect();
    let lead = prose(&page.lead.join(" "));
    match sources.is_empty() || texts.iter().all(|text| text == UNKNOWN_SOURCE) {
        true => lead,
        false => format!("{lead} *({})*", sources.join(", ")),
    }
}

/// The type of a setting, with its default; not escaped for Markdown.
fn type_of(page: &Page) -> String {
    let texts = |label: &str| fact(page, label).map(|fact| fact.texts.join("; "));
    // The introduction has the form of an ARN.
    let kind = texts("Type").map(|text| match text.split_once("an ARN: ") {
        Some((before, _)) => format!("{before}an ARN"),
        None => text,
    });
    let default = default_of(page).map(|value| format!("default {value}"));
    let fresh = texts("New pool").map(|text| format!("a new pool {text}"));
    let required = fact(page, "Required").map(|_| "required".to_owned());
    let all: Vec<String> = [kind, default, fresh, required].into_iter().flatten().collect();
    all.join("; ")
}

struct ReferencePage {
    anchors: HashMap<String, String>,
    out: String,
}

impl ReferencePage {
    /// Adds a block after an empty line.
    fn block(&mut self, text: &str) {
        if !text.is_empty() {
            self.out.push('\n');
            self.out.push_str(text);
            self.out.push('\n');
        }
    }

    /// A table of a chapter's pages: the first sentence of each.
    fn contents(&mut self, chapter: &Chapter) {
        let title = self.link(chapter.title, chapter.title);
        let listed = |page: &&Page| !chapter.is_of_settings || is_top(page);
        let row = |page: &Page| {
            let text = prose(&page.lead.join(" "));
            let first = text.split_once(". ").map_or(text.clone(), |(first, _)| format!("{first}."));
            vec![self.link(&format!("`{}`", page.title), &page.title), first]
        };
        let exceptions = chapter.pages.iter().all(is_exception);
        let rows: Vec<_> = chapter.pages.iter().filter(listed).map(row).collect();
        match exceptions {
            true => self.block(&format!("{title}: {} names.", rows.len())),
            false => self.block(&table(&[&title, ""], &rows)),
        }
    }

    fn chapter(&mut self, chapter: &Chapter) {
        self.block(&format!("## {}", chapter.title));
        if chapter.pages.iter().all(is_exception) {
            return self.exceptions(&chapter.pages);
        }
        for page in chapter.pages.iter().filter(|page| has_section(chapter, page)) {
            self.section(page, chapter);
        }
    }

    fn section(&mut self, page: &Page, chapter: &Chapter) {
        let is_inside = chapter.is_of_settings && !is_top(page);
        let level = if is_inside { "####" } else { "###" };
        self.block(&format!("{level} {}", page.title.replace('*', r"\*")));
        let kind = if chapter.is_of_settings { String::new() } else { format!("*{}.* ", mark(&page.kind)) };
        let text = format!("{kind}{}", description(page));
        let mut own = own_facts(page);
        if chapter.is_of_settings && is_top(page) {
            own.insert(0, ("Type", type_of(page)));
        }
        let statement = |(label, text): &(&str, String)| format!("**{}**: {}", word(label), prose(text));
        match own.as_slice() {
            [only @ ("Remedy", _)] => self.block(&format!("{text} {}.", statement(only))),
            several => {
                self.block(&text);
                let lines: Vec<String> =
                    several.iter().map(|fact| format!("- {}", statement(fact))).collect();
                self.block(&lines.join("\n"));
            }
        }
        if chapter.is_of_settings && is_top(page) {
            self.members(page, chapter);
        }
        for part in &page.parts {
            match part {
                PagePart::Table(title, rows) if !is_inside && !title.starts_with("Members") => {
                    let rows: Vec<_> =
                        rows.iter().map(|(name, text)| vec![self.link_of_code(name), prose(text)]).collect();
                    self.block(&table(&[title, ""], &rows));
                }
                PagePart::Example(title, text) if !title.starts_with("In a manifest") => {
                    self.block(&format!("{title}:\n\n```yaml\n{text}\n```"));
                }
                PagePart::Facts(_) | PagePart::Table(..) | PagePart::Names(..) | PagePart::Example(..) => {}
            }
        }
    }

    /// The settings within one at the top.
    fn members(&mut self, top: &Page, chapter: &Chapter) {
        let inside = chapter.pages.iter().filter_map(|page| {
            let rest = page.title.strip_prefix(&top.title)?;
            rest.starts_with(['.', '[']).then(|| (rest.trim_start_matches('.'), page))
        });
        let row = |(name, page): (&str, &Page)| {
            vec![self.link(&format!("`{name}`"), &page.title), prose(&type_of(page)), description(page)]
        };
        let rows: Vec<_> = inside.map(row).collect();
        if !rows.is_empty() {
            self.block(&table(&["Setting", "Type", "Description"], &rows));
        }
    }

    /// A table for each way in which poolctl continues after an exception.
    fn exceptions(&mut self, pages: &[Page]) {
        let ways = |page: &Page| {
            let way = |label| fact(page, label).map(|fact| fact.texts.join("; ")).unwrap_or_default();
            (way("Write"), way("Read"))
        };
        let mut groups: Vec<((String, String), Vec<&Page>)> = Vec::new();
        for page in pages {
            match groups.iter_mut().find(|(of, _)| *of == ways(page)) {
                Some((_, group)) => group.push(page),
                None => groups.push((ways(page), vec![page])),
            }
        }
        for ((write, read), group) in groups {
            self.block(&format!("A write {write}. A read {read}."));
            let row = |page: &&Page| {
                let remedy = fact(page, "Remedy").map(|fact| prose(&fact.texts.join("; ")));
                vec![format!("`{}`", page.title), description(page), remedy.unwrap_or_default()]
            };
            let rows: Vec<_> = group.iter().map(row).collect();
            self.block(&table(&["Exception", "Meaning", "Remedy"], &rows));
        }
    }

    /// A name, linked to the section or chapter with this title, if there is one.
    fn link(&self, name: &str, title: &str) -> String {
        match self.anchors.get(title) {
            Some(anchor) => format!("[{name}](#{anchor})"),
            None => name.to_owned(),
        }
    }

    fn link_of_code(&self, code: &str) -> String {
        let titles = [code.to_owned(), format!("rule:{code}")];
        let title = titles.iter().find(|title| self.anchors.contains_key(*title));
        self.link(&format!("`{code}`"), title.map_or(code, String::as_str))
    }
}

/// A Markdown table.
fn table(titles: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let mut lines = vec![line(titles.iter().map(|&title| title.to_owned()).collect())];
    lines.push(format!("|{}", "---|".repeat(titles.len())));
    lines.extend(rows.iter().map(|row| line(row.iter().map(|cell| cell.replace('|', r"\|")).collect())));
    lines.join("\n")
}

/// A kind without its article, with a capital letter.
fn mark(kind: &str) -> String {
    let kind = kind.trim_start_matches("an ").trim_start_matches("a ");
    let mut rest = kind.chars();
    let first = rest.next().map(|first| first.to_ascii_uppercase()).into_iter();
    first.chain(rest).collect()
}

/// A label; a value of manifests is in backticks.
fn word(label: &str) -> String {
    if matches!(label, "null" | "{}") { format!("`{label}`") } else { label.to_owned() }
}

/// A text in which Markdown's characters are escaped outside of backticks.
fn prose(text: &str) -> String {
    let mut out = String::new();
    for (index, piece) in text.split('`').enumerate() {
        if index % 2 == 1 {
            let _ = write!(out, "`{piece}`");
        } else {
            let special = |c: char| matches!(c, '*' | '_' | '<' | '[' | ']');
            piece.chars().for_each(|c| {
                out.extend(special(c).then_some('\\'));
                out.push(c);
            });
        }
    }
    out
}
