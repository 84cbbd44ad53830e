//! The pages of `explain` as one document of Markdown, for a browser.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::explain::{Chapter, Page, Part};

/// Every page of these chapters, behind a table of contents.
pub fn reference(chapters: &[Chapter]) -> String {
    let anchors = anchors(chapters);
    let mut writer = Writer { anchors: HashMap::new(), out: INTRODUCTION.to_owned() };
    for (chapter, anchors) in chapters.iter().zip(&anchors) {
        writer.contents(chapter, anchors);
    }
    for chapter in chapters {
        writer.chapter(chapter);
    }
    writer.out
}

const INTRODUCTION: &str = "# Reference

What `poolctl explain` tells of every setting and every code. It is written from poolctl's own tables;
`INSTA_UPDATE=always tests/run reference` writes it anew.

`[]` stands for any element of a list, `*` for any key of a map. How a setting is changed holds for
what stands in it, unless that says otherwise.
";

/// The anchors of the headings: each chapter's and its pages', in their order.
fn anchors(chapters: &[Chapter]) -> Vec<Vec<String>> {
    let mut seen: HashMap<String, usize> = HashMap::from([(anchor("Reference"), 1)]);
    let mut numbered = |title: &str| {
        let name = anchor(title);
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        // What browsers show numbers the headings of one name.
        if *count == 1 { name } else { format!("{name}-{}", *count - 1) }
    };
    let of_chapter = |chapter: &Chapter| {
        let titles =
            std::iter::once(chapter.title).chain(chapter.pages.iter().map(|page| page.title.as_str()));
        titles.map(&mut numbered).collect()
    };
    chapters.iter().map(of_chapter).collect()
}

/// The anchor that the usual renderers give a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

struct Writer {
    /// Where each page is, by its title; of two with one title, the first.
    anchors: HashMap<String, String>,
    out: String,
}

impl Writer {
    /// Writes a block of its own.
    fn block(&mut self, text: &str) {
        if !text.is_empty() {
            self.out.push('\n');
            self.out.push_str(text);
            self.out.push('\n');
        }
    }

    /// What a chapter holds, with the ways to it; `anchors` are its own and its pages'.
    fn contents(&mut self, chapter: &Chapter, anchors: &[String]) {
        let link = |name: &str, anchor: &String| format!("[{name}](#{anchor})");
        let Some((own, anchors)) = anchors.split_first() else { return };
        let title = link(chapter.title, own);
        let mut links = Vec::new();
        for (page, anchor) in chapter.pages.iter().zip(anchors) {
            self.anchors.entry(page.title.clone()).or_insert_with(|| anchor.clone());
            links.push((page, link(&format!("`{}`", page.title), anchor)));
        }
        if chapter.is_of_settings {
            let tops = links.into_iter().filter(|(page, _)| is_top(page));
            let rows: Vec<_> = tops.map(|(page, link)| (link, page.lead.join(" "))).collect();
            self.block(&table(&title, &rows));
        } else {
            let codes: Vec<String> = links.into_iter().map(|(_, link)| link).collect();
            self.block(&format!("**{title}**: {}", codes.join(", ")));
        }
    }

    fn chapter(&mut self, chapter: &Chapter) {
        self.block(&format!("## {}", chapter.title));
        let mut top = None;
        for page in &chapter.pages {
            top = top.filter(|_| chapter.is_of_settings && !is_top(page));
            self.page(page, top);
            top = top.or(Some(page));
        }
    }

    /// A page; `top` is that of the setting at the top in which this one stands, and what it says is not
    /// said again.
    fn page(&mut self, page: &Page, top: Option<&Page>) {
        let level = if top.is_some() { "####" } else { "###" };
        self.block(&format!("{level} {}", page.title.replace('*', r"\*")));
        if page.kind != "a setting" {
            self.block(&format!("*{}*", sentence(&page.kind)));
        }
        self.block(&prose(&page.lead.join(" ")));
        let said = top.and_then(changed);
        let (mut statements, mut rest) = (Vec::new(), Vec::new());
        for part in &page.parts {
            match part {
                Part::Facts(facts) => {
                    let new = facts.iter().filter(|fact| fact.label != CHANGED || said != Some(&fact.texts));
                    statements.extend(new.map(|fact| (label(fact.label), prose(&fact.texts.join("; ")))));
                }
                Part::Table(title, rows) if top.is_some() && !self.is_of_members(page, rows) => {
                    let links: Vec<String> = rows.iter().map(|(name, _)| self.link(name, page)).collect();
                    statements.push((title.clone(), links.join(", ")));
                }
                Part::Table(title, rows) => {
                    let rows: Vec<_> =
                        rows.iter().map(|(name, text)| (self.link(name, page), text.clone())).collect();
                    rest.push(table(title, &rows));
                }
                Part::Names(title, names) => rest.push(format!("**{title}**: {}", prose(&names.join(", ")))),
                Part::Example(title, text) => rest.push(format!("{title}:\n\n```yaml\n{text}\n```")),
            }
        }
        let statements: Vec<String> =
            statements.into_iter().map(|(label, text)| format!("- **{label}**: {text}")).collect();
        self.block(&statements.join("\n"));
        rest.iter().for_each(|block| self.block(block));
    }

    /// A name with the way to its page, if it has one: in a setting's page, what stands in the setting
    /// comes first.
    fn link(&self, name: &str, page: &Page) -> String {
        let others =
            || [name.to_owned(), format!("rule:{name}")].iter().find_map(|title| self.anchors.get(title));
        match self.inside(name, page).or_else(others) {
            Some(anchor) => format!("[`{name}`](#{anchor})"),
            None => format!("`{name}`"),
        }
    }

    /// Where the page of a member is.
    fn inside(&self, name: &str, page: &Page) -> Option<&String> {
        [".", "[].", ".*."].iter().find_map(|mark| self.anchors.get(&format!("{}{mark}{name}", page.title)))
    }

    fn is_of_members(&self, page: &Page, rows: &[(String, String)]) -> bool {
        rows.iter().any(|(name, _)| self.inside(name, page).is_some())
    }
}

/// The word under which a setting's page says how it is changed.
const CHANGED: &str = "Changed";

fn changed(page: &Page) -> Option<&Vec<String>> {
    let facts = page.parts.iter().filter_map(|part| match part {
        Part::Facts(facts) => Some(facts),
        _ => None,
    });
    facts.flatten().find(|fact| fact.label == CHANGED).map(|fact| &fact.texts)
}

/// A table of names, which are Markdown already, and sentences.
fn table(title: &str, rows: &[(String, String)]) -> String {
    let row = |(name, text): &(String, String)| format!("\n| {name} | {} |", prose(text).replace('|', r"\|"));
    format!("| {title} | |\n|---|---|{}", rows.iter().map(row).collect::<String>())
}

fn is_top(page: &Page) -> bool {
    !page.title.contains(['.', '['])
}

/// A literal word of a manifest, as code.
fn label(word: &str) -> String {
    if matches!(word, "null" | "{}") { format!("`{word}`") } else { word.to_owned() }
}

fn sentence(words: &str) -> String {
    let mut rest = words.chars();
    let first = rest.next().map(|first| first.to_ascii_uppercase()).into_iter();
    first.chain(rest).chain(std::iter::once('.')).collect()
}

/// A text in which only the parts between backticks are Markdown.
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
