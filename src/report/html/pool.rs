//! A pool: a row of the table that opens.

use super::ground::{HtmlWriter, STYLE};
use super::markup::{Markup, class};
use super::{problem, tree};
use crate::plan::{Finding, Level, PlanReport};
use crate::report::diagnostics::escaped_conflicts;
use crate::report::line::{count, counted};
use crate::report::mark::FindingMark;
use crate::report::place::FilePlace;
use crate::report::shared::PlanPart;
use crate::report::text::{
    deviations, fallen, from_live, identity, joined, listed_text, movement, remedy_text, steps, steps_title,
    unmanaged_text,
};
use crate::report::verdict::has_nothing;
use crate::report::{EndDetails, PoolOutcome, RunEntry, RunKind, Stray};

/// The conflicts of a pool that are shown.
const MOST: usize = 100;

/// Writes a pool: its name, how it ended and its numbers, and behind them all that changes.
pub(super) fn write(entry: &RunEntry<'_>, kind: RunKind, page: &mut HtmlWriter<'_>) {
    let id = page.totals.add(entry);
    let before = std::mem::take(&mut page.out);
    body(entry, kind, page);
    let body = std::mem::replace(&mut page.out, before);
    let account = entry.plan.and_then(|plan| plan.pool.account.as_deref());
    let row = PoolRow {
        id: &id,
        status: entry.status(),
        name: entry.name(),
        // Of a pool that could not be read the id is the name.
        identity: entry.plan.map_or_else(String::new, |_| identity(entry.id, entry.region)),
        file: entry.file,
        region: entry.region,
        account,
        is_bad: entry.end.outcome.is_bad(),
    };
    let numbers = entry.plan.map(|plan| numbers(kind, plan)).unwrap_or_default();
    row.write(&numbers, &body, &mut page.out);
}

/// Writes a pool that no manifest declares.
pub(super) fn stray(stray: &Stray, page: &mut HtmlWriter<'_>) {
    const STATUS: &str = "no manifest";
    let id = page.totals.id(&stray.id);
    page.totals.count(STATUS);
    let row = PoolRow {
        id: &id,
        status: STATUS,
        name: stray.name.as_deref().unwrap_or(&stray.id),
        identity: identity(&stray.id, &stray.region),
        file: "",
        region: &stray.region,
        account: None,
        is_bad: false,
    };
    let before = std::mem::take(&mut page.out);
    failures(&stray.findings, page);
    let body = std::mem::replace(&mut page.out, before);
    row.write(&Markup::default(), &body, &mut page.out);
}

struct PoolRow<'a> {
    id: &'a str,
    status: &'static str,
    name: &'a str,
    identity: String,
    file: &'a str,
    region: &'a str,
    account: Option<&'a str>,
    is_bad: bool,
}

impl PoolRow<'_> {
    /// Writes the row; it opens if there is anything behind it.
    fn write(&self, numbers: &Markup, body: &Markup, out: &mut Markup) {
        let opens = !body.is_empty();
        out.raw(if opens { "<details class=row" } else { "<div class=row" });
        out.attribute("id", self.id).attribute("data-status", self.status);
        out.attribute("data-region", self.region);
        if let Some(account) = self.account {
            out.attribute("data-account", account);
        }
        out.raw(if opens { "><summary>" } else { "><div>" });
        out.raw("<b>").text(self.name).raw("</b><code>").text(&self.identity);
        out.raw("</code><span>").text(self.file).raw("</span><span>").append(numbers);
        out.raw("</span><span class=").raw(kind(self.status, self.is_bad)).raw(">").text(self.status);
        out.raw("</span>");
        match opens {
            true => out.raw("</summary><div>").append(body).raw("</div></details>\n"),
            false => out.raw("</div></div>\n"),
        };
    }
}

/// The class of a status.
pub(super) fn kind(status: &str, is_bad: bool) -> &'static str {
    match status {
        _ if is_bad => "x",
        "unchanged" | "applied" => "a",
        "not reached" => "c",
        _ => "m",
    }
}

/// The number of changes in the plan, and of findings for each mark, in the words of the summary.
fn numbers(kind: RunKind, plan: &PlanReport) -> Markup {
    let mut out = Markup::default();
    let undeclared = plan.undeclared.len();
    let changes = match kind {
        RunKind::Drift => {
            let declared = plan.declared_differences();
            let differ =
                if declared == 1 { "1 setting differs" } else { &format!("{declared} settings differ") };
            let differ = Some(differ.to_owned()).filter(|_| declared > 0);
            differ.into_iter().chain(counted(&[(undeclared, "unmanaged setting")])).collect()
        }
        _ => counted(&[(plan.changes.len(), "change")]),
    };
    for text in changes {
        out.raw("<span>").text(&text).raw("</span> ");
    }
    for mark in [FindingMark::Conflict, FindingMark::Risk, FindingMark::Warning, FindingMark::Notice] {
        let number = mark.count(&[plan]);
        if number > 0 {
            out.span(class(mark.tone()), &count(number, mark.word())).raw(" ");
        }
    }
    out
}

/// Writes what is behind a row.
fn body(entry: &RunEntry<'_>, kind: RunKind, page: &mut HtmlWriter<'_>) {
    aftermath(entry, page);
    let Some(plan) = entry.plan else { return };
    let part = PlanPart::whole(plan);
    if has_nothing(kind, plan) {
        findings(&part, Level::Warning, page);
        return unmanaged(&part, kind, page);
    }
    page.file.clone_from(&plan.pool.file);
    if page.links.is_some() {
        page.out.raw("<p>");
        page.linked(&FilePlace { file: &plan.pool.file, region: None }, &plan.pool.file);
        page.out.raw("</p>");
    }
    if kind == RunKind::Drift && !plan.changes.is_empty() {
        page.out.raw("<p class=c>").text(&from_live(&STYLE)).raw("</p>");
    }
    tree::write(&part, page);
    calls(plan, page);
    for finding in escaped_conflicts(plan, &STYLE).take(MOST) {
        problem::write(&finding, page);
    }
    for level in [Level::Risk, Level::Warning, Level::Note] {
        findings(&part, level, page);
    }
    if let Some(text) = remedy_text(&part, &STYLE) {
        page.paragraph("c", "how to acknowledge them", |page| {
            page.out.sentence(&text);
        });
    }
    unmanaged(&part, kind, page);
    tree::acknowledged(plan, page);
}

fn findings(part: &PlanPart<'_>, level: Level, page: &mut HtmlWriter<'_>) {
    for (finding, text) in joined(part, level) {
        tree::finding(finding, &text, page);
    }
}

fn unmanaged(part: &PlanPart<'_>, kind: RunKind, page: &mut HtmlWriter<'_>) {
    let text = listed_text(part).or_else(|| unmanaged_text(part.unmanaged, kind == RunKind::Drift));
    if let Some(text) = text {
        page.out.raw("<p class=c>").text(&text).raw("</p>");
    }
}

/// Writes the calls, if there are several.
fn calls(plan: &PlanReport, page: &mut HtmlWriter<'_>) {
    if plan.calls.len() < 2 {
        return;
    }
    page.out.raw("<p class=c>").text(&steps_title(plan)).raw("</p><table>");
    for [number, operation, text] in steps(plan, &STYLE) {
        page.out.raw("<tr><td>").text(&number).raw("<td><code>").text(&operation);
        page.out.raw("</code><td>").text(&text);
    }
    page.out.raw("</table>");
}

/// Writes what became of a pool, and what a write left that is not as planned.
fn aftermath(entry: &RunEntry<'_>, page: &mut HtmlWriter<'_>) {
    let EndDetails { told, error, next, backup, done, request_id, .. } = &*entry.end;
    if let Some(told) = told {
        page.out.raw("<p>").text(entry.name()).raw(" ").sentence(told).raw("</p>");
    }
    if let Some((text, help)) = error {
        for line in text.lines() {
            page.out.raw("<p class=x>").sentence(line).raw("</p>");
        }
        if let Some(help) = help {
            page.out.raw("<p class=h>help: ").sentence(help).raw("</p>");
        }
    }
    for (what, command) in next {
        page.out.raw("<p>").text(what).raw(": ").code(command).raw("</p>");
    }
    if let Some(backup) = backup {
        page.out.raw("<p class=c>backup: ").code(backup).raw("</p>");
    }
    if !done.is_empty() {
        page.out.raw("<p class=c>calls made: ").text(&done.join(", ")).raw("</p>");
    }
    if let Some(id) = request_id {
        page.out.raw("<p class=c>request id: ").code(id).raw("</p>");
    }
    let mut texts = Vec::new();
    if !entry.end.fallen.is_empty() {
        texts.push(fallen(entry.end.fallen, &STYLE));
    }
    let is_moved = matches!(entry.end.outcome, PoolOutcome::Applied | PoolOutcome::Stale);
    texts.extend(entry.end.movement.filter(|_| is_moved).map(|moved| movement(moved, &STYLE)));
    if !entry.end.deviations.is_empty() {
        texts.push(deviations(entry.end.deviations, &STYLE));
    }
    for text in texts.iter().filter(|text| !text.is_empty()) {
        page.out.raw("<pre>");
        for line in text.lines() {
            page.out.raw("<span>").text(line).raw(
                "
</span>",
            );
        }
        page.out.raw("</pre>");
    }
    failures(entry.end.failures, page);
}

/// Writes findings that are about no change.
fn failures(failures: &[Finding], page: &mut HtmlWriter<'_>) {
    for failure in failures {
        let help = failure.help.as_deref().map_or_else(String::new, |help| format!("; {help}"));
        tree::finding(failure, &format!("{}{help}", failure.text), page);
    }
}
