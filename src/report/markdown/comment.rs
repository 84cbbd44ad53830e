//! A run as a comment on a pull request.

use super::details::{STYLE, body, details, fence, finding, warnings};
use super::page::BoundedText;
use super::words::{cell, code, html, sentence};
use crate::manifest::{Diagnostic, Severity};
use crate::plan::PlanReport;
use crate::report::line::{count, first_of};
use crate::report::mark::FindingMark;
use crate::report::shared::{Fleet, SharedPart};
use crate::report::text::{identity, outcome};
use crate::report::verdict::{self, Obstacles, Verdict};
use crate::report::{PoolOutcome, Run, RunEntry, RunKind, Stray};

/// The names in the line that opens the details of several pools.
const NAMES: usize = 6;

/// The names below what several pools share.
const NAMED: usize = 200;

/// The whole run within [`LIMIT`](super::LIMIT): the verdict, what failed, a table of the pools, and each
/// pool's changes behind a line that opens them.
///
/// The first line is a comment that names the command, by which whoever posts it finds the one to replace.
/// Where there is more than fits, the details of later pools go first, then rows of the table, and a
/// sentence says how many. Nothing that a pool or a manifest says is markup.
pub fn comment(run: &Run<'_>) -> String {
    let mut page = BoundedText::default();
    page.must(&format!("<!-- poolctl:{} -->", run.kind.name()));
    let plans: Vec<&PlanReport> = run.entries.iter().filter_map(|entry| entry.plan).collect();
    for line in verdicts(run, &plans) {
        page.must(&line);
    }
    let mut left_out = Vec::new();
    list(&mut page, "", &outcomes(run.entries), "outcome", &mut left_out);
    table(&mut page, run, &mut left_out);
    list(&mut page, "Pools without a manifest:\n\n", &strays(run.strays), "pool", &mut left_out);
    list(&mut page, "", &mistakes(run.diagnostics), "finding", &mut left_out);
    blocks(&mut page, run, &plans, &mut left_out);
    if !left_out.is_empty() {
        page.must(&format!(
            "Too long for a comment: {}. The log of the job has it all.",
            left_out.join("; ")
        ));
    }
    page.finish()
}

/// What it all comes to.
fn verdicts(run: &Run<'_>, plans: &[&PlanReport]) -> Vec<String> {
    let mut out = Vec::new();
    let errors = run.errors();
    if errors > 0 {
        out.push(format!("**Invalid: {}.** Nothing was read.", count(errors, "error")));
        return out;
    }
    let unread = run.entries.len() - plans.len();
    if !plans.is_empty() || unread == 0 {
        let Verdict { head, rest } = match run.kind {
            RunKind::Drift => verdict::of_drift(plans, run.entries.len(), run.strays.len(), run.gone),
            kind => verdict::of_outcomes(kind, run.entries)
                .unwrap_or_else(|| verdict::of_plans(kind, plans, run.entries.len(), run.gone)),
        };
        out.push(format!("**{head}** {rest}").trim_end().to_owned());
    }
    if unread > 0 {
        let what = if run.kind == RunKind::Drift { "read" } else { "planned" };
        out.push(format!("**{} could not be {what}.**", count(unread, "pool")));
    }
    if run.kind != RunKind::Drift {
        let Obstacles { numbers, accept, risks } = verdict::obstacles(plans, run.gone);
        if !numbers.is_empty() {
            let several = if run.entries.len() > 1 { " An apply writes to no pool until then." } else { "" };
            let mut line = match verdict::left_out(plans, run.gone, run.keeps_going) {
                Some([left, others]) => format!("**{left}: {}.** {others}", numbers.join(" and ")),
                None => format!("**Blocked by {}.**{several}", numbers.join(" and ")),
            };
            if let Some(accept) = accept {
                line.push_str(&format!(" {accept} {}", code(&format!("--allow {}", risks.join(",")))));
            }
            out.push(line);
        }
    }
    out
}

/// What became of pools that were to be written, and what failed; the same error of several pools once.
fn outcomes(entries: &[RunEntry<'_>]) -> Vec<String> {
    type Key<'a> = (Option<&'a str>, Option<(&'a str, Option<&'a str>)>);
    let mut told: Vec<(Key<'_>, Vec<&RunEntry<'_>>)> = Vec::new();
    let mut at = std::collections::HashMap::new();
    for entry in entries {
        let end = &entry.end;
        let error = end.error.as_ref().map(|(text, help)| (text.as_str(), help.as_deref()));
        let key: Key<'_> = (end.told.as_deref(), error);
        if key == (None, None) {
            continue;
        }
        let is_alone = end.backup.is_some() || !end.next.is_empty();
        let place = match at.get(&key).filter(|_| !is_alone) {
            Some(place) => *place,
            None => {
                told.push((key, Vec::new()));
                told.len() - 1
            }
        };
        if !is_alone {
            at.insert(key, place);
        }
        told[place].1.push(entry);
    }
    told.iter().map(|((told, error), entries)| entry_of(*told, *error, entries)).collect()
}

fn entry_of(told: Option<&str>, error: Option<(&str, Option<&str>)>, entries: &[&RunEntry<'_>]) -> String {
    let mut out = String::from("- ");
    match entries {
        [entry] if entry.plan.is_none() => out.push_str(&code(entry.id)),
        [entry] => out.push_str(&format!("{} {}", code(entry.name()), code(entry.id))),
        several => {
            let names = first_of(several.iter().map(|entry| code(entry.id)), NAMES);
            out.push_str(&format!("{} ({names})", count(several.len(), "pool")));
        }
    }
    if let Some(told) = told {
        out.push_str(&format!(": {}", sentence(told)));
    }
    if let Some((text, help)) = error {
        out.push_str(&format!("\n  - **Error**: {}", sentence(text)));
        out.push_str(&help.map_or_else(String::new, |help| format!("; {}", sentence(help))));
    }
    for entry in entries {
        if let Some(backup) = &entry.end.backup {
            out.push_str(&format!("\n  - backup: {}", code(backup)));
        }
        for (what, command) in &entry.end.next {
            out.push_str(&format!("\n  - {what}: {}", code(command)));
        }
    }
    out
}

/// The pools with something to tell, one a row, and how many there are besides.
fn table(page: &mut BoundedText, run: &Run<'_>, left_out: &mut Vec<String>) {
    let (idle, rest): (Vec<&RunEntry<'_>>, Vec<&RunEntry<'_>>) =
        run.entries.iter().partition(|entry| entry.end.outcome == PoolOutcome::Unchanged);
    // Pools that block come first and are the last to be left out.
    let is_fine = |entry: &&RunEntry<'_>| !entry.end.outcome.is_bad();
    let (fine, mut rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(is_fine);
    rest.extend(fine);
    let is_drift = run.kind == RunKind::Drift;
    let head = if is_drift {
        "| Pool | Id | File | Differ | Unmanaged | Status |\n|---|---|---|---:|---:|---|\n"
    } else {
        "| Pool | Id | File | Changes | Conflicts | Risks | Warnings | Notices | Status |\n|---|---|---|---:|---:|---:|---:|---:|---|\n"
    };
    let rows: Vec<String> = rest.iter().map(|entry| row(entry, is_drift)).collect();
    let shown = page.lines(head, &rows);
    if shown < rows.len() {
        left_out.push(format!(
            "{} of {} are not in the table",
            rows.len() - shown,
            count(rows.len(), "pool")
        ));
    }
    if !idle.is_empty() && !rest.is_empty() {
        let are = if idle.len() == 1 { "is" } else { "are" };
        page.must(&format!("{} {are} unchanged.", count(idle.len(), "pool")));
    }
}

fn row(entry: &RunEntry<'_>, is_drift: bool) -> String {
    let number = |number: usize| if number > 0 { number.to_string() } else { String::new() };
    let of =
        |count: &dyn Fn(&PlanReport) -> usize| entry.plan.map_or(String::new(), |plan| number(count(plan)));
    let marked = |mark: FindingMark| of(&move |plan: &PlanReport| mark.count(&[plan]));
    let numbers = match is_drift {
        true => {
            vec![of(&PlanReport::declared_differences), of(&|plan| plan.undeclared.len())]
        }
        false => {
            let marks = [FindingMark::Conflict, FindingMark::Risk, FindingMark::Warning, FindingMark::Notice]
                .map(marked);
            std::iter::once(of(&|plan| plan.changes.len())).chain(marks).collect()
        }
    };
    let id = identity(entry.id, entry.region);
    let named = [cell(entry.name()), cell(&id), cell(entry.file)];
    let cells: Vec<String> = named.into_iter().chain(numbers).collect();
    let bold = if entry.end.outcome.is_bad() { "**" } else { "" };
    format!("| {} | {bold}{}{bold} |", cells.join(" | "), entry.status())
}

fn strays(strays: &[Stray]) -> Vec<String> {
    let name =
        |stray: &Stray| stray.name.as_deref().map_or_else(String::new, |name| format!("{} ", code(name)));
    let told = |stray: &Stray| {
        let findings = stray.findings.iter().map(|one| format!("\n  {}", finding(one, &[one])));
        format!("- {}{}", name(stray), code(&identity(&stray.id, &stray.region)))
            + &findings.collect::<String>()
    };
    strays.iter().map(told).collect()
}

/// What is wrong with manifests.
fn mistakes(diagnostics: &[Diagnostic]) -> Vec<String> {
    let entry = |finding: &Diagnostic| {
        let word = if finding.severity == Severity::Error { "Error" } else { "Warning" };
        let place = match &finding.label {
            Some((origin, _)) => Some(origin.to_string()),
            None => finding.file.clone(),
        };
        let mut out = format!("- **{word}** {}", code(&finding.code));
        out.push_str(&place.map_or_else(String::new, |place| format!(" {}", code(&place))));
        out.push_str(&format!(": {}", sentence(&finding.message)));
        out.push_str(&finding.help.as_ref().map_or_else(String::new, |help| format!("; {}", sentence(help))));
        out
    };
    diagnostics.iter().map(entry).collect()
}

/// What changes in each pool, what several share first, and what a write left that is not as planned.
fn blocks(page: &mut BoundedText, run: &Run<'_>, plans: &[&PlanReport], left_out: &mut Vec<String>) {
    let fleet = Fleet::new(plans);
    let mut blocks = DetailBlocks::of(page);
    for entry in run.entries.iter().filter(|entry| has_aftermath(entry)) {
        let text = fence("text", &outcome(entry, None, &STYLE));
        blocks.add((format!("{}: what is not as planned", html(entry.name())), text));
    }
    for group in &fleet.shared {
        blocks.add(of_group(group, plans, run.kind));
    }
    let (blocked, fine) =
        (fleet.own_of_those(PlanReport::is_refused), fleet.own_of_those(|plan| !plan.is_refused()));
    for part in blocked.chain(fine).filter(|part| !part.is_told_elsewhere()) {
        let is_idle = verdict::has_nothing(run.kind, part.plan);
        let text = if is_idle { warnings(&part) } else { body(&part, run.kind) };
        if !text.is_empty() {
            let pool = &part.plan.pool;
            blocks.add((format!("{} {}", html(&pool.name), html(&identity(&pool.id, &pool.region))), text));
        }
    }
    fleet.common.iter().for_each(|group| blocks.add(of_group(group, plans, run.kind)));
    let (shown, all) = blocks.finish();
    if shown < all {
        left_out.push(format!("the details of {} of {all} blocks are not shown", all - shown));
    }
}

/// Titles with texts that open, as many as there is room for. A text is not kept: a fleet has many.
struct DetailBlocks<'a> {
    page: &'a mut BoundedText,
    /// The first block, until there is another: alone it is open.
    first: Option<(String, String)>,
    shown: usize,
    all: usize,
}

impl<'a> DetailBlocks<'a> {
    fn of(page: &'a mut BoundedText) -> Self {
        Self { page, first: None, shown: 0, all: 0 }
    }

    fn add(&mut self, block: (String, String)) {
        self.all += 1;
        if self.all == 1 {
            self.first = Some(block);
            return;
        }
        if let Some(first) = self.first.take() {
            self.show(&first, false);
        }
        // After the first one without room nothing is shown.
        if self.shown + 1 == self.all {
            self.show(&block, false);
        }
    }

    fn show(&mut self, (title, text): &(String, String), open: bool) {
        self.shown += usize::from(self.page.add(&details(title, text, open)));
    }

    /// How many blocks are shown, of how many.
    fn finish(mut self) -> (usize, usize) {
        if let Some(alone) = self.first.take() {
            self.show(&alone, true);
        }
        (self.shown, self.all)
    }
}

/// What several pools share, behind a line that names some of them.
fn of_group(group: &SharedPart<'_>, plans: &[&PlanReport], kind: RunKind) -> (String, String) {
    let names: Vec<&str> = group.pools.iter().map(|pool| plans[*pool].pool.name.as_str()).collect();
    let few = first_of(names.iter().map(|name| html(name)), NAMES);
    let title = format!("{}: {few}", count(names.len(), "pool"));
    let mut text = body(&group.part, kind);
    if names.len() > NAMES {
        let all = first_of(names.iter().map(|name| code(name)), NAMED);
        text.push_str(&format!("\nIn {all}\n"));
    }
    (title, text)
}

/// Whether the report of a write needs more than a sentence.
fn has_aftermath(entry: &RunEntry<'_>) -> bool {
    let end = &entry.end;
    let moved = end.movement.is_some_and(|moved| !moved.stale.is_empty() || !moved.elsewhere.is_empty());
    !end.deviations.is_empty() || !end.fallen.is_empty() || !end.failures.is_empty() || moved
}

/// Adds a list as far as there is room, and says what is left out.
fn list(page: &mut BoundedText, before: &str, lines: &[String], one: &str, left_out: &mut Vec<String>) {
    let shown = page.lines(before, lines);
    if shown < lines.len() {
        left_out.push(format!("{} of {} are not shown", lines.len() - shown, count(lines.len(), one)));
    }
}
