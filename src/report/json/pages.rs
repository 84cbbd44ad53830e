//! The pages of `explain` as JSON.

use serde::Serialize;

use crate::document::Json;
use crate::explain::{self, Fact, PagePart};

/// Apart from the plan's: the two formats grow on their own.
const FORMAT_VERSION: &str = "1.0";

/// The pages as the one JSON document of a run; `tool_version` is that of the poolctl that writes it.
/// Within one major version of `format_version` members are added, and none goes or changes.
pub fn pages(pages: &[explain::Page], tool_version: &str) -> Json {
    let document = PagesJson {
        format_version: FORMAT_VERSION,
        tool_version,
        pages: pages.iter().map(PageJson::new).collect(),
    };
    // Nothing in it can fail to be JSON: the keys are texts.
    serde_json::to_value(document).unwrap_or_default()
}

#[derive(Serialize)]
struct PagesJson<'a> {
    format_version: &'static str,
    tool_version: &'a str,
    pages: Vec<PageJson<'a>>,
}

/// One page; its parts by their kind, each kind in the page's order.
#[derive(Default, Serialize)]
struct PageJson<'a> {
    title: &'a str,
    kind: &'a str,
    lead: &'a [String],
    facts: Vec<Statements<'a>>,
    tables: Vec<Table<'a>>,
    lists: Vec<ListJson<'a>>,
    examples: Vec<Example<'a>>,
}

#[derive(Serialize)]
struct Statements<'a> {
    label: &'a str,
    texts: &'a [String],
}

#[derive(Serialize)]
struct Table<'a> {
    title: &'a str,
    rows: Vec<RowJson<'a>>,
}

#[derive(Serialize)]
struct RowJson<'a> {
    name: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct ListJson<'a> {
    title: &'a str,
    names: &'a [String],
}

#[derive(Serialize)]
struct Example<'a> {
    title: &'a str,
    text: &'a str,
}

impl<'a> PageJson<'a> {
    fn new(page: &'a explain::Page) -> Self {
        let start = Self { title: &page.title, kind: &page.kind, lead: &page.lead, ..Self::default() };
        page.parts.iter().fold(start, Self::with)
    }

    fn with(mut self, part: &'a PagePart) -> Self {
        match part {
            PagePart::Facts(facts) => {
                let statements = |Fact { label, texts }: &'a Fact| Statements { label, texts };
                self.facts.extend(facts.iter().map(statements));
            }
            PagePart::Table(title, rows) => {
                let rows = rows.iter().map(|(name, text)| RowJson { name, text }).collect();
                self.tables.push(Table { title, rows });
            }
            PagePart::Names(title, names) => self.lists.push(ListJson { title, names }),
            PagePart::Example(title, text) => self.examples.push(Example { title, text }),
        }
        self
    }
}
