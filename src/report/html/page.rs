//! The frame of a page: its policy, its style and its script, and what is above and below the pools.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::ground::PageTotals;
use super::markup::Markup;
use crate::explain;

const STYLE_SHEET: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What a browser may load and run: the style and the script of this program, by their digests, and nothing else.
///
/// https://www.w3.org/TR/CSP3/
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())));
    let (style, script) = (hash(STYLE_SHEET), hash(SCRIPT));
    format!("default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'")
});

/// The words about a whole page.
pub(super) struct PageHead<'a> {
    /// The command.
    pub(super) command: &'a str,
    /// What it all comes to, in a few words.
    pub(super) head: &'a str,
    /// The other sentences, as paragraphs.
    pub(super) rest: Markup,
    /// What each row is: a pool, or a file.
    pub(super) one: &'static str,
}

impl PageHead<'_> {
    /// The page up to the first row.
    pub(super) fn write(&self, totals: &PageTotals) -> Markup {
        let mut out = Markup::default();
        out.raw("<!doctype html>\n<html lang=en><head><meta charset=utf-8>\n<meta http-equiv=\"Content-Security-Policy\"");
        out.attribute("content", &POLICY)
            .raw(">\n<meta name=viewport content=\"width=device-width,initial-scale=1\">");
        out.raw("<meta name=color-scheme content=\"light dark\"><meta name=referrer content=no-referrer>\n<title>");
        out.text(&format!("poolctl {}: {}", self.command, self.head)).raw("</title>\n<style>");
        out.raw(STYLE_SHEET).raw("</style></head>\n<body><a class=skip href=\"#rows\">Skip to the ");
        out.text(self.one).raw("s</a>\n<header><p class=c>poolctl ").text(self.command).raw("</p><h1>");
        out.sentence(self.head).raw("</h1>").append(&self.rest);
        self.counts(totals, &mut out);
        bad(totals, &mut out);
        out.raw("</header>\n<main><div id=bar role=search")
            .attribute("data-one", self.one)
            .raw(" hidden></div>\n");
        out
    }

    /// How many rows have which status.
    fn counts(&self, totals: &PageTotals, out: &mut Markup) {
        if totals.statuses.len() < 2 {
            return;
        }
        out.raw("<ul id=counts>");
        for (status, number) in &totals.statuses {
            out.raw("<li")
                .attribute("data-status", status)
                .raw("><b>")
                .number(*number)
                .raw("</b> ")
                .text(status);
        }
        out.raw("</ul>");
    }
}

/// The pools that somebody has to do something about.
fn bad(totals: &PageTotals, out: &mut Markup) {
    let number: usize = totals.bad.len();
    if number == 0 || totals.statuses.iter().map(|(_, number)| number).sum::<usize>() < 2 {
        return;
    }
    out.raw("<p>Needs attention: ");
    for (position, (id, name)) in totals.bad.iter().enumerate() {
        out.raw(if position > 0 { ", <a" } else { "<a" }).attribute("href", &format!("#{id}"));
        out.raw(">").text(name).raw("</a>");
    }
    out.raw("</p>");
}

/// The page after the last row: what its codes mean, its signs, and the script.
pub(super) fn tail(totals: &PageTotals, tool_version: &str) -> Markup {
    let mut out = Markup::default();
    let known = || totals.codes.iter().filter(|(_, is_known)| **is_known).map(|(code, _)| code);
    if known().next().is_some() {
        out.raw("<section id=codes><h2>What the codes mean</h2><dl>");
        for code in known() {
            let explain::Meaning { text, remedy } = explain::meaning(code).unwrap_or_default();
            out.raw("<dt").attribute("id", &format!("c-{code}")).raw("><code>").text(code).raw("</code><dd>");
            out.sentence(&text);
            if !remedy.is_empty() {
                out.raw("<br><span class=c>help: ").sentence(&remedy).raw("</span>");
            }
        }
        out.raw("</dl></section>");
    }
    out.raw("</main>\n<footer class=c><p>Signs: <code>+</code> added, <code>~</code> changed, <code>-</code> removed, <code>?</code> unmanaged, <code>✗</code> in conflict. ");
    out.raw("poolctl ")
        .text(tool_version)
        .raw("</p></footer>\n<script>")
        .raw(SCRIPT)
        .raw("</script></body></html>\n");
    out
}
