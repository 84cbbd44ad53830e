//! The shared state of a page's parts: the output, and the text written so far.

use std::collections::{BTreeMap, HashMap};

use super::markup::Markup;
use crate::explain;
use crate::manifest::Origin;
use crate::report::mark::FindingMark;
use crate::report::place::{FilePlace, short_place};
use crate::report::source_links::SourceLinks;
use crate::report::{RunEntry, Style};

/// How values in the page look. The page breaks lines itself: the width decides which values share a line.
pub(super) const STYLE: Style = Style { color: false, unicode: true, width: 120 };

/// The pools that the head of a page names because somebody has to do something about them.
const NAMED: usize = 20;

/// The bytes of a paragraph from which a link to it is shorter.
const LONG: usize = 100;

/// What the head and the end of a page say about its parts. It holds no plan.
#[derive(Default)]
pub(super) struct PageTotals {
    /// The pools of each status, in the order in which they came.
    pub(super) statuses: Vec<(&'static str, usize)>,
    /// The first pools that failed or are blocked: the id of the part, and the name.
    pub(super) bad: Vec<(String, String)>,
    /// The codes of all findings, and whether the page explains them.
    pub(super) codes: BTreeMap<String, bool>,
    ids: HashMap<String, usize>,
}

impl PageTotals {
    /// Counts a pool, and returns the id of its part: each is given once.
    pub(super) fn add(&mut self, entry: &RunEntry<'_>) -> String {
        let id = self.id(entry.id);
        if entry.end.outcome.is_bad() && self.bad.len() < NAMED {
            self.bad.push((id.clone(), entry.name().to_owned()));
        }
        self.count(entry.status());
        id
    }

    /// Counts a part with this status.
    pub(super) fn count(&mut self, status: &'static str) {
        match self.statuses.iter_mut().find(|(word, _)| *word == status) {
            Some((_, number)) => *number += 1,
            None => self.statuses.push((status, 1)),
        }
    }

    /// The id of a part with this name: it may contain no blank.
    pub(super) fn id(&mut self, name: &str) -> String {
        let name = name.replace(char::is_whitespace, "_");
        let number = self.ids.entry(name.clone()).or_default();
        *number += 1;
        if *number == 1 { format!("pool-{name}") } else { format!("pool-{name}-{number}") }
    }

    fn knows(&mut self, code: &str) -> bool {
        if let Some(known) = self.codes.get(code) {
            return *known;
        }
        let is_known = explain::meaning(code).is_some();
        self.codes.insert(code.to_owned(), is_known);
        is_known
    }
}

/// A page as it grows.
pub(super) struct HtmlWriter<'a> {
    /// Where in the repository the names of files begin.
    pub(super) folder: &'a str,
    pub(super) links: Option<&'a SourceLinks>,
    /// The manifest of the pool that is written.
    pub(super) file: String,
    pub(super) totals: PageTotals,
    pub(super) out: Markup,
    /// The long paragraphs so far, by their text: the numbers of their ids.
    paragraphs: HashMap<Markup, usize>,
}

impl<'a> HtmlWriter<'a> {
    pub(super) fn new(folder: &'a str, links: Option<&'a SourceLinks>) -> Self {
        let (file, totals, out) = (String::new(), PageTotals::default(), Markup::default());
        Self { folder, links, file, totals, out, paragraphs: HashMap::new() }
    }

    /// Writes a paragraph. Where the page has the same one already, it is a link to that one, named `short`: the script
    /// puts the text in its place.
    pub(super) fn paragraph(&mut self, class: &'static str, short: &str, write: impl FnOnce(&mut Self)) {
        let before = std::mem::take(&mut self.out);
        write(self);
        let text = std::mem::replace(&mut self.out, before);
        self.out.raw("<p class=").raw(class);
        let next = self.paragraphs.len() + 1;
        match self.paragraphs.get(&text) {
            Some(number) => {
                self.out.raw("><a href=#n").number(*number).raw(">").text(short).raw("</a>");
            }
            None if text.len() >= LONG => {
                self.out.raw(" id=n").number(next).raw(">").append(&text);
                self.paragraphs.insert(text, next);
            }
            None => {
                self.out.raw(">").append(&text);
            }
        }
        self.out.raw("</p>");
    }

    /// Writes a place as `file:line`, which leads to the file where that can be read.
    pub(super) fn place(&mut self, origin: &Origin) {
        self.linked(&FilePlace::at(origin), &short_place(origin));
    }

    /// Writes a place of the manifest of the pool as `:line`: the script leads it to this line of the file that the
    /// pool's first link leads to. A place in another file is written whole.
    pub(super) fn line(&mut self, origin: &Origin) {
        match origin.source.name == self.file {
            true => {
                self.out.raw(":").number(origin.line_column().0);
            }
            false => self.place(origin),
        }
    }

    /// Writes a text that leads to a place.
    pub(super) fn linked(&mut self, place: &FilePlace<'_>, text: &str) {
        match self.links.and_then(|links| links.url(place, self.folder)) {
            Some(url) => {
                self.out.raw("<a class=p").attribute("href", &url).raw(">").text(text).raw("</a>");
            }
            None => {
                self.out.raw("<span class=p>").text(text).raw("</span>");
            }
        }
    }

    /// Writes the mark, the word and the code of a finding; the code leads to its meaning.
    pub(super) fn head(&mut self, mark: FindingMark, word: &str, code: &str) {
        let sign = mark.sign(&STYLE).trim();
        self.out.raw("<b>").text(sign);
        if !sign.is_empty() {
            self.out.raw(" ");
        }
        self.out.text(word);
        if !code.is_empty() {
            self.out.raw(" ");
            match self.totals.knows(code) {
                true => self.out.raw("<a").attribute("href", &format!("#c-{code}")).raw(">"),
                false => self.out.raw("<a>"),
            };
            self.out.text(code).raw("</a>");
        }
        self.out.raw(":</b> ");
    }
}
