//! The reference page: what `explain` tells, for a browser.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::{env, fs};

use poolctl::catalogue::Catalogue;
use poolctl::explain;
use poolctl::shapes::Shapes;
use regex::Regex;

use crate::harness::Workspace;

/// The page as the tables have it now.
fn written() -> String {
    explain::reference(&Catalogue::new(Shapes::bundled()))
}

#[test]
fn the_published_reference_is_what_the_tables_say() {
    let written = written();
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/reference.md");
    if env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        return fs::write(path, written).unwrap();
    }
    assert!(
        fs::read_to_string(path).unwrap() == written,
        "docs/reference.md is old; `INSTA_UPDATE=always tests/run reference` makes it anew"
    );
}

/// Every example of a page, and of the document, under its title.
fn examples() -> Vec<(String, String)> {
    let pages =
        explain::book(&Catalogue::new(Shapes::bundled())).into_iter().flat_map(|chapter| chapter.pages);
    let parts = pages.flat_map(|page| page.parts).filter_map(|part| match part {
        explain::PagePart::Example(title, text) => Some((title, text)),
        _ => None,
    });
    let text = written();
    let blocks = Regex::new(r"(?s)([^\n.]+):\n\n```yaml\n(.*?)\n```").unwrap();
    let blocks: Vec<_> =
        blocks.captures_iter(&text).map(|block| (block[1].trim().to_owned(), block[2].to_owned())).collect();
    assert_eq!(blocks.len(), text.matches("```yaml").count(), "a block has no title");
    parts.chain(blocks).collect()
}

#[test]
fn every_example_can_be_pasted_unless_it_is_headed_wrong() {
    let workspace = Workspace::new();
    workspace.write("base.yaml", "version: 1\nsettings: { DeletionProtection: ACTIVE }\n");
    let (mut right, mut wrong) = (0, 0);
    for (title, example) in examples() {
        workspace.write("pool.yaml", format!("version: 1\npool: eu-west-1_a1B2c3D4E\n{example}\n"));
        let validated = workspace.poolctl(["validate", "pool.yaml"]).output();
        match title.as_str() {
            "Wrong" => wrong += 1,
            _ => right += 1,
        }
        assert_eq!(validated.code, Some(i32::from(title == "Wrong")), "{title}:\n{example}\n{validated}");
    }
    assert!(right > 30 && wrong > 5, "{right} right, {wrong} wrong");
}

/// The anchors of a document's headings, as the usual renderers make them.
fn anchors(text: &str) -> BTreeSet<String> {
    let dropped = Regex::new(r"[^\w-]").unwrap();
    let mut count: HashMap<String, usize> = HashMap::new();
    let mut anchors = BTreeSet::new();
    for heading in text.lines().filter(|line| line.starts_with('#')) {
        let words = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        let name = dropped.replace_all(&words, "").into_owned();
        let seen = count.entry(name.clone()).or_default();
        anchors.insert(if *seen == 0 { name } else { format!("{name}-{seen}") });
        *seen += 1;
    }
    anchors
}

#[test]
fn every_name_has_a_section_or_a_row_and_every_link_its_end() {
    let text = written();
    let heading = |line: &str| line.trim_start_matches('#').trim().replace('\\', "");
    let headings: BTreeSet<String> =
        text.lines().filter(|line| line.starts_with("###")).map(heading).collect();
    // A setting within another one may be a row in the section of its top-level setting, an exception one of its table.
    let section = |title: &str| text.split("\n### ").find(|text| text.lines().next() == Some(title));
    let is_row = |topic: &str| {
        let end = topic.find(['.', '[']).unwrap_or_default();
        let (top, rest) = topic.split_at(end);
        let text = section(top).unwrap_or(&text);
        let name = rest.strip_prefix('.').unwrap_or(rest);
        text.contains(&format!("\n| `{name}` | ")) || text.contains(&format!("\n| [`{name}`]("))
    };
    for topic in explain::topics(&Catalogue::new(Shapes::bundled())) {
        let is_heading = headings.contains(&topic) || headings.contains(&format!("rule:{topic}"));
        assert!(is_heading || is_row(&topic), "{topic} has neither a section nor a row");
    }
    let (anchors, links) = (anchors(&text), Regex::new(r"\]\(#([^)]+)\)").unwrap());
    let links: Vec<&str> = links.captures_iter(&text).map(|link| link.get(1).unwrap().as_str()).collect();
    assert!(links.len() > 300, "{} links", links.len());
    for link in links {
        assert!(anchors.contains(link), "#{link} leads nowhere");
    }
}
