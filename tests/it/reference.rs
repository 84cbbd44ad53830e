//! The reference page: what `explain` tells, for a browser.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::{env, fs};

use poolctl::catalogue::Catalogue;
use poolctl::explain;
use poolctl::report::markdown;
use poolctl::shapes::Shapes;
use regex::Regex;

/// The page as the tables have it now.
fn written() -> String {
    markdown::reference(&explain::book(&Catalogue::new(Shapes::bundled())))
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
fn every_name_has_its_section_and_every_link_its_end() {
    let text = written();
    let headings: BTreeSet<&str> = text.lines().filter_map(|line| line.strip_prefix("###")).collect();
    let headings: BTreeSet<String> =
        headings.iter().map(|heading| heading.trim_start_matches('#').trim().replace('\\', "")).collect();
    for topic in explain::topics(&Catalogue::new(Shapes::bundled())) {
        assert!(
            headings.contains(&topic) || headings.contains(&format!("rule:{topic}")),
            "{topic} has no section"
        );
    }
    let (anchors, links) = (anchors(&text), Regex::new(r"\]\(#([^)]+)\)").unwrap());
    let links: Vec<&str> = links.captures_iter(&text).map(|link| link.get(1).unwrap().as_str()).collect();
    assert!(links.len() > 300, "{} links", links.len());
    for link in links {
        assert!(anchors.contains(link), "#{link} leads nowhere");
    }
}
