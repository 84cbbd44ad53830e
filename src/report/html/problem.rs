//! A problem with its place in a file: what is wrong, the lines, and what to do.

use super::ground::{HtmlWriter, STYLE};
use super::markup::Markup;
use crate::manifest::Severity;
use crate::report::diagnostics::EscapedFinding;
use crate::report::line::grouped;
use crate::report::mark::FindingMark;
use crate::report::snippet::Snippet;

/// The problems that a page shows; a file can have a hundred thousand, and nobody reads them.
pub(super) const MOST: usize = 200;

/// Says how many of `all` problems the page does not show.
pub(super) fn rest(all: usize, out: &mut Markup) {
    if all > MOST {
        out.raw("<p class=c>")
            .text(&format!("{} {} more", STYLE.ellipsis(), grouped(all - MOST)))
            .raw("</p>\n");
    }
}

/// Writes a problem.
pub(super) fn write(problem: &EscapedFinding, page: &mut HtmlWriter<'_>) {
    let (mark, open) = match problem.severity {
        Severity::Error => (FindingMark::Conflict, "<div class=\"f x\"><p class=x>"),
        Severity::Warning => (FindingMark::Warning, "<div class=\"f w\"><p class=w>"),
    };
    page.out.raw(open);
    page.head(mark, problem.word, &problem.name);
    page.out.sentence(&problem.message).raw("</p>");
    if let (Some(at), Some(snippet)) = (&problem.at, &problem.snippet) {
        page.out.raw("<p>");
        page.place(at);
        page.out.raw("</p><pre class=l>");
        lines(snippet, &problem.labels, page);
        page.out.raw("</pre>");
    }
    if let Some(help) = &problem.help {
        page.out.raw("<p class=h>help: ").sentence(help).raw("</p>");
    }
    page.out.raw("</div>");
}

/// Writes the lines of a file with their numbers. The text that a label is about is marked; the label is below.
fn lines(snippet: &Snippet, labels: &[String], page: &mut HtmlWriter<'_>) {
    let mut places: Vec<_> = snippet.labels().zip(labels).collect();
    places.sort_by_key(|(range, _)| range.start);
    let out = &mut page.out;
    for (number, at, line) in snippet.lines() {
        let within = |offset: usize| line.floor_char_boundary(offset.saturating_sub(at).min(line.len()));
        let here = || places.iter().filter(|(range, _)| (at..=at + line.len()).contains(&range.start));
        out.raw("<span><i>").number(number).raw("</i>");
        let mut done = 0;
        for (range, _) in here() {
            let start = within(range.start).max(done);
            let end = within(range.end).max(start);
            out.text(&line[done..start]).raw("<mark>").text(&line[start..end]).raw("</mark>");
            done = end;
        }
        out.text(&line[done..]).raw("\n</span>");
        for (_, label) in here().filter(|(_, label)| !label.is_empty()) {
            out.raw("<span class=c><i></i>↑ ").text(label).raw("\n</span>");
        }
    }
}
