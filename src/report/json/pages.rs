//! The pages of `explain` as JSON.

use super::members::Members;
use crate::document::Json;
use crate::explain::{Fact, Page, PagePart};

/// Apart from the plan's: the two formats grow on their own.
const FORMAT_VERSION: &str = "1.0";

/// The pages as the one JSON document of a run; `tool_version` is that of the poolctl that writes it.
/// Within one major version of `format_version` members are added, and none goes or changes.
pub fn pages(pages: &[Page], tool_version: &str) -> Json {
    let document = Members::default().with("format_version", FORMAT_VERSION);
    document.with("tool_version", tool_version).list("pages", pages.iter().map(page)).into()
}

/// One page; its parts by their kind, each kind in the page's order.
fn page(page: &Page) -> Members {
    let (mut facts, mut tables, mut lists, mut examples) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let pair = |(name, text): &(String, String)| {
        Members::default().with("name", name.as_str()).with("text", text.as_str())
    };
    for part in &page.parts {
        match part {
            PagePart::Facts(all) => facts.extend(all.iter().map(|Fact { label, texts }| {
                Members::default().with("label", *label).with("texts", texts.clone())
            })),
            PagePart::Table(title, rows) => tables.push(titled(title).list("rows", rows.iter().map(pair))),
            PagePart::Names(title, names) => lists.push(titled(title).with("names", names.clone())),
            PagePart::Example(title, text) => examples.push(titled(title).with("text", text.as_str())),
        }
    }
    let head = titled(&page.title).with("kind", page.kind.as_str()).with("lead", page.lead.clone());
    head.with("facts", facts).with("tables", tables).with("lists", lists).with("examples", examples)
}

fn titled(title: &str) -> Members {
    Members::default().with("title", title)
}
