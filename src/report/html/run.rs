//! The page about a run.

use std::fmt::{self, Write};

use super::ground::{HtmlWriter, PageTotals, STYLE};
use super::markup::Markup;
use super::page::{PageHead, tail};
use super::{pool, problem};
use crate::plan::PlanReport;
use crate::report::diagnostics::EscapedFinding;
use crate::report::line::count;
use crate::report::verdict::{self, Obstacles, Verdict};
use crate::report::{Run, RunKind, SourceLinks};

/// Writes the page about a run: the verdict, what is wrong with the manifests, and each pool with all that changes in it.
///
/// Nothing that a pool or a manifest says is markup, and nothing is loaded. The head counts what is below it: a first pass
/// counts, and a second one writes each pool when it is made, since the rows of a fleet take as much memory as its plans.
///
/// # Errors
/// When `out` fails.
pub fn html(run: &Run<'_>, out: &mut dyn Write) -> fmt::Result {
    let totals = rows(run, &mut |_| Ok(()))?;
    let Verdict { head, rest } = verdict(run);
    let mut words = Markup::default();
    words.span("b", &rest);
    sentences(run, &mut words);
    let head = PageHead { command: run.kind.name(), head: &head, rest: words, one: "pool" };
    out.write_str(&head.write(&totals).finish())?;
    rows(run, &mut |rows| out.write_str(&rows))?;
    out.write_str(&tail(&totals, run.tool_version).finish())
}

/// Makes what is between the head and the end, some whole lines at a time, and counts it.
fn rows(run: &Run<'_>, take: &mut dyn FnMut(String) -> fmt::Result) -> Result<PageTotals, fmt::Error> {
    let mut page = HtmlWriter::new(run.folder, run.links);
    for finding in run.diagnostics.iter().take(problem::MOST) {
        problem::write(&EscapedFinding::of(finding, &STYLE), &mut page);
    }
    problem::rest(run.diagnostics.len(), &mut page.out);
    page.out
        .raw("<div id=rows tabindex=-1")
        .attribute("data-line", run.links.map_or("", SourceLinks::to_line))
        .raw(">\n");
    for entry in run.entries {
        pool::write(entry, run.kind, &mut page);
        take(std::mem::take(&mut page.out).finish())?;
    }
    run.strays.iter().for_each(|stray| pool::stray(stray, &mut page));
    page.out.raw("</div>\n");
    take(page.out.finish())?;
    Ok(page.totals)
}

/// What the run comes to.
fn verdict(run: &Run<'_>) -> Verdict {
    let errors = run.errors();
    if errors > 0 {
        let head = format!("Invalid: {}.", count(errors, "error"));
        return Verdict { head, rest: "Nothing was read.".to_owned() };
    }
    let plans = plans(run);
    match run.kind {
        RunKind::Drift => verdict::of_drift(&plans, run.entries.len(), run.strays.len(), run.gone),
        kind => verdict::of_outcomes(kind, run.entries)
            .unwrap_or_else(|| verdict::of_plans(kind, &plans, run.entries.len(), run.gone)),
    }
}

fn plans<'a>(run: &Run<'a>) -> Vec<&'a PlanReport> {
    run.entries.iter().filter_map(|entry| entry.plan).collect()
}

/// Which pools have no plan, and what keeps the others from being applied.
fn sentences(run: &Run<'_>, out: &mut Markup) {
    let plans = plans(run);
    let unread = run.entries.len() - plans.len();
    if unread > 0 && run.errors() == 0 {
        let what = if run.kind == RunKind::Drift { "read" } else { "planned" };
        out.raw("<p class=x>").text(&format!("{} could not be {what}.", count(unread, "pool"))).raw("</p>");
    }
    if run.kind == RunKind::Drift {
        return;
    }
    let Obstacles { numbers, accept, risks } = verdict::obstacles(&plans, run.gone);
    if !numbers.is_empty() {
        out.raw("<p class=x>");
        match verdict::left_out(&plans, run.gone, run.keeps_going) {
            Some([left, others]) => {
                out.text(&format!("{left}: {}. ", numbers.join(" and "))).sentence(&others);
            }
            None => {
                out.text(&format!("Blocked by {}.", numbers.join(" and ")));
            }
        }
        out.raw("</p>");
    }
    if let Some(accept) = accept {
        out.raw("<p>").text(&accept).raw(" ").code(&format!("--allow {}", risks.join(","))).raw("</p>");
    }
}
