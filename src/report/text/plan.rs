//! A plan as people read it.

use std::fmt::{self, Write};

use super::{notes, settings, steps};
use crate::plan::{Finding, Level, PlanReport};
use crate::report::diagnostics;
use crate::report::line::{Line, count, first_of, grouped, wrap, wrap_words};
use crate::report::shared::{Fleet, PlanPart, SharedPart, ShownElsewhere};
use crate::report::style::Tone;
use crate::report::verdict::{self, Obstacles, Verdict};
use crate::report::{Gone, Onward, Run, RunKind, Style, escape};

/// How many pools are named that share a note.
const NAMES: usize = 4;
/// How many pools are named that share a change.
const SHARERS: usize = 20;

/// The plan of one pool: a line that names it, its changes as a tree, and its conflicts.
///
/// A pool to which nothing happens takes one line.
pub fn plan(plan: &PlanReport, style: &Style) -> String {
    block(&PlanPart::whole(plan), RunKind::Plan, style, [0; 3])
}

/// The plans of several pools and the summary: what some of them share once, then each pool with what is
/// its own.
pub fn plans(plans: &[&PlanReport], style: &Style) -> String {
    let mut out = String::new();
    // A text takes everything.
    let _ = blocks(plans, RunKind::Plan, style, &mut out);
    out + &summary(plans, plans.len(), style)
}

/// Writes the pools of a run that could be planned, a part at a time, and what they come to: some of its pools could
/// perhaps not be planned.
pub(super) fn plans_and(
    plans: &[&PlanReport],
    run: &Run<'_>,
    style: &Style,
    out: &mut dyn Write,
) -> fmt::Result {
    blocks(plans, run.kind, style, out)?;
    out.write_str(&summary_and(run.kind, plans, run.entries.len(), run.gone, run.keeps_going, style))
}

/// Writes how the pools of a run that could be read differ from what is declared, apart from each other, and the
/// summary over all, with what to do.
pub(super) fn drifts(plans: &[&PlanReport], run: &Run<'_>, style: &Style, to: &mut dyn Write) -> fmt::Result {
    let Run { strays, gone, .. } = *run;
    blocks(plans, RunKind::Drift, style, to)?;
    let mut out = String::new();
    for stray in strays {
        let line = Line::of(Tone::Changed, "?")
            .with(Tone::Plain, " ")
            .with(Tone::Title, stray.name.as_deref().unwrap_or(&stray.id));
        let id = identity(&stray.id, &stray.region);
        line.with(Tone::Plain, &format!("   {id}   no manifest")).write(style, &mut out);
        notes::findings(&stray.findings, style, &mut out);
    }
    if !strays.is_empty() {
        out.push('\n');
    }
    out.push_str(&verdict(&verdict::of_drift(plans, run.entries.len(), strays.len(), gone), style));
    if let Some(onward) = run.onward {
        next_steps(plans, onward, style, &mut out);
    }
    to.write_str(&out)
}

/// What to do about a drift: each way with the command that goes it.
fn next_steps(
    plans: &[&PlanReport],
    Onward { arguments, only, is_saved }: Onward<'_>,
    style: &Style,
    out: &mut String,
) {
    let is_undeclared = plans.iter().any(|plan| !plan.undeclared.is_empty());
    let differs = plans.iter().any(|plan| !plan.changes.is_empty());
    let is_adoptable = |plan: &PlanReport| {
        !plan.changes.is_empty() || plan.findings(Level::Conflict).any(Finding::is_unmet_value)
    };
    let unmet = plans.iter().flat_map(|plan| plan.findings(Level::Conflict));
    let unmet: Vec<&Finding> = unmet.filter(|finding| finding.is_unmet()).collect();
    // What a rule of the house forbids already blocks no apply.
    let stops = differs && unmet.iter().any(|finding| !finding.is_of_house());
    let is_refused = plans.iter().any(|plan| plan.refuses_apply);
    let is_there = plans.iter().any(|plan| !plan.pool.is_new && is_adoptable(plan));
    // It has no selection, and would ignore more than was looked at.
    let is_ignored = is_undeclared && only.is_empty();
    let ways = [
        (is_there, "To write the live values into the manifests:", "poolctl adopt"),
        (is_refused, "To see the conflicts that block an apply:", "poolctl plan"),
        (
            differs && !is_saved && !stops && !is_refused,
            "To make the pools match their manifests:",
            "poolctl apply",
        ),
        (is_undeclared, "To declare the unmanaged settings:", "poolctl adopt --undeclared"),
        (is_ignored, "To ignore them:", "poolctl ignore add --undeclared --reason TEXT"),
    ];
    for (_, what, command) in ways.into_iter().filter(|(applies, ..)| *applies) {
        let line = Line::of(Tone::Plain, what).with(Tone::Plain, " ").with(Tone::Title, command);
        line.with(Tone::Title, only).with(Tone::Title, arguments).write(style, out);
    }
    let is_declared = differs || unmet.iter().any(|finding| !finding.is_of_house());
    if !unmet.is_empty() && is_declared && !is_saved {
        let first = if stops { ", which blocks an apply of the others" } else { "" };
        let text =
            format!("{} cannot be applied (conflicts above){first}.", count(unmet.len(), "difference"));
        Line::of(Tone::Plain, &text).write(style, out);
    }
}

/// Writes each pool with what is its own, after what several share, and before what is common to them. Whole lines are
/// written at a time.
fn blocks(plans: &[&PlanReport], kind: RunKind, style: &Style, out: &mut dyn Write) -> fmt::Result {
    let width = |text: &str| Line::of(Tone::Plain, text).width();
    let idle = plans.iter().filter(|plan| verdict::has_nothing(kind, plan));
    let widths = idle.fold([0; 3], |[name, id, file], plan| {
        let pool = &plan.pool;
        [
            name.max(width(&pool.name)),
            id.max(width(&identity(&pool.id, &pool.region))),
            file.max(width(&pool.file)),
        ]
    });
    let fleet = Fleet::new(plans);
    let mut is_empty = true;
    for group in &fleet.shared {
        let gap = if is_empty { "" } else { "\n" };
        out.write_str(&format!("{gap}{}", shared_block(group, plans, kind, style)))?;
        is_empty = false;
    }
    let mut after_line = is_empty;
    for part in fleet.own().filter(|part| !part.is_told_elsewhere()) {
        let text = block(&part, kind, style, widths);
        let line = text.lines().count() <= 1;
        let gap = if is_empty || line && after_line { "" } else { "\n" };
        out.write_str(&format!("{gap}{text}"))?;
        (is_empty, after_line) = (false, line);
    }
    for group in &fleet.common {
        let mut text = format!("\nIn {}:\n", named(group, plans));
        notes::write(&group.part, Level::Warning, style, &mut text);
        notes::write(&group.part, Level::Note, style, &mut text);
        out.write_str(&text)?;
        is_empty = false;
    }
    out.write_str(if is_empty { "" } else { "\n" })
}

/// How many pools share something, and the names of the first.
fn named(group: &SharedPart<'_>, plans: &[&PlanReport]) -> String {
    let names = group.pools.iter().map(|pool| escape(&plans[*pool].pool.name));
    format!("{} ({})", count(group.pools.len(), "pool"), first_of(names, NAMES))
}

/// What all plans come to, in one line or two.
///
/// `all`: how many pools there are, also if some could not be planned.
pub fn summary(plans: &[&PlanReport], all: usize, style: &Style) -> String {
    summary_and(RunKind::Plan, plans, all, Gone::default(), false, style)
}

fn summary_and(
    kind: RunKind,
    plans: &[&PlanReport],
    all: usize,
    gone: Gone,
    keeps_going: bool,
    style: &Style,
) -> String {
    let mut out = verdict(&verdict::of_plans(kind, plans, all, gone), style);
    let Obstacles { numbers, accept, risks } = verdict::obstacles(plans, gone);
    if !numbers.is_empty() {
        let text = match verdict::left_out(plans, gone, keeps_going) {
            Some([left, others]) => format!("{left}: {} (above). {others}", numbers.join(" and ")),
            None => format!("Blocked by {} (above).", numbers.join(" and ")),
        };
        for text in wrap(&text, style.width) {
            Line::of(Tone::Refused, &text).write(style, &mut out);
        }
    }
    if let Some(text) = accept {
        let flag = format!(" --allow {}", risks.join(","));
        Line::of(Tone::Plain, &text).with(Tone::Title, &flag).write(style, &mut out);
    }
    out
}

/// The outcome of a run that writes, in one line; empty for one pool, which has its own line.
pub fn came_to(run: &Run<'_>, style: &Style) -> String {
    let several = run.entries.len() > 1;
    let end = several.then(|| verdict::of_outcomes(run.kind, run.entries)).flatten();
    end.map_or_else(String::new, |end| format!("\n{}", verdict(&end, style)))
}

fn verdict(verdict: &Verdict, style: &Style) -> String {
    let Verdict { head, rest } = verdict;
    let mut out = String::new();
    let gap = if rest.is_empty() { "" } else { " " };
    let line = Line::of(Tone::Title, head).with(Tone::Plain, &format!("{gap}{rest}"));
    if line.width() <= style.width {
        line.write(style, &mut out);
        return out;
    }
    for text in wrap(head, style.width) {
        Line::of(Tone::Title, &text).write(style, &mut out);
    }
    for text in wrap(rest, style.width) {
        Line::of(Tone::Plain, &text).write(style, &mut out);
    }
    out
}

/// The pool's id, with its Region if that is not the Region in the id.
pub(in crate::report) fn identity(id: &str, region: &str) -> String {
    match id.split_once('_') {
        Some((own, _)) if own != region => format!("{id} in {region}"),
        _ => id.to_owned(),
    }
}

/// What several pools share, behind a line that names them.
fn shared_block(group: &SharedPart<'_>, plans: &[&PlanReport], kind: RunKind, style: &Style) -> String {
    let SharedPart { pools, part } = group;
    let (tone, sign) = sign(kind != RunKind::Drift && part.refuses(), false, style);
    let mut words = vec![format!("{}:", count(pools.len(), "pool"))];
    // One more name takes no more room than the number of the rest.
    let named = if pools.len() <= SHARERS + 1 { pools.len() } else { SHARERS };
    words.extend(pools.iter().take(named).enumerate().map(|(position, pool)| {
        let pool = &plans[*pool].pool;
        let comma = if position + 1 < pools.len() { "," } else { "" };
        format!("{} ({}){comma}", pool.name, identity(&pool.id, &pool.region))
    }));
    if named < pools.len() {
        let more = format!("and {} more, which `--format json` lists", grouped(pools.len() - named));
        words.extend(more.split(' ').map(str::to_owned));
    }
    let mut out = String::new();
    let width = style.width.saturating_sub(2).max(30);
    for (position, text) in wrap_words(words.iter().map(String::as_str), width).iter().enumerate() {
        let line = if position == 0 { Line::of(tone, sign) } else { Line::new() };
        line.filled_to(2).with(Tone::Title, text).write(style, &mut out);
    }
    out.push('\n');
    body(part, kind, style, &mut out);
    out
}

/// The sign of a pool, or of several, in the first column.
fn sign(is_refused: bool, idle: bool, style: &Style) -> (Tone, &'static str) {
    match (is_refused, idle) {
        (true, _) => (Tone::Refused, style.cross()),
        (false, false) => (Tone::Changed, "~"),
        (false, true) => (Tone::Plain, " "),
    }
}

/// A part of a plan of one pool; the widths are of the columns that idle pools share: name, id, file.
fn block(part: &PlanPart<'_>, kind: RunKind, style: &Style, widths: [usize; 3]) -> String {
    let plan = part.plan;
    let mut out = String::new();
    let idle = verdict::has_nothing(kind, plan);
    let (tone, sign) = match sign(kind != RunKind::Drift && plan.is_refused(), idle, style) {
        (Tone::Changed, _) if plan.pool.is_new => (Tone::Added, "+"),
        sign => sign,
    };
    let [name, id, file] = if idle { widths } else { [0; 3] };
    let pool = &plan.pool;
    let line = Line::of(tone, sign).with(Tone::Plain, " ").with(Tone::Title, &pool.name);
    let line = line
        .apart(name + 5)
        .followed_by(Line::of(Tone::Plain, &identity(&pool.id, &pool.region)).apart(id + 3))
        .followed_by(Line::of(Tone::Context, &pool.file).filled_to(file));
    if idle {
        let nothing = if kind != RunKind::Drift { "   no changes" } else { "   no drift" };
        let line = line.with(Tone::Plain, nothing);
        // The shorter form if the longer does not fit, and a separate line if no form does.
        let long = count(plan.unmanaged, "unmanaged setting");
        let texts = [long, format!("{} unmanaged", plan.unmanaged)].map(|number| format!("  ({number})"));
        let fits = texts.iter().map(|text| line.clone().with(Tone::Context, text));
        match fits.into_iter().find(|line| line.width() <= style.width) {
            _ if plan.unmanaged == 0 => line.write(style, &mut out),
            Some(line) => line.write(style, &mut out),
            None => {
                line.write(style, &mut out);
                Line::indented(2).with(Tone::Context, &texts[0]).write(style, &mut out);
            }
        }
        notes::write(part, Level::Warning, style, &mut out);
        notes::listed(part, style, &mut out);
        return out;
    }
    line.write(style, &mut out);
    out.push('\n');
    body(part, kind, style, &mut out);
    let conflicts = diagnostics::conflicts(plan, style);
    if !conflicts.is_empty() {
        out.push('\n');
        out.push_str(&conflicts);
    }
    out
}

/// Which side of a drift is which.
pub(in crate::report) fn from_live(style: &Style) -> String {
    format!("live {} declared", style.arrow())
}

/// The changes, the calls and the findings.
fn body(part: &PlanPart<'_>, kind: RunKind, style: &Style, out: &mut String) {
    if kind == RunKind::Drift && !part.changes.is_empty() {
        Line::indented(4).with(Tone::Context, &from_live(style)).write(style, out);
    }
    settings::write(part, style, out);
    let ShownElsewhere { settings, others } = part.elsewhere;
    if settings > 0 {
        let one = if kind != RunKind::Drift { "more change" } else { "more setting" };
        let with = others.map_or("other pools".to_owned(), |others| count(others, "other pool"));
        let text = format!("{}, shared with {with} (above)", count(settings, one));
        Line::indented(4).with(Tone::Context, &text).write(style, out);
    }
    if part.has_steps {
        steps::write(part.plan, style, out);
    }
    let mut notes = String::new();
    notes::write(part, Level::Risk, style, &mut notes);
    notes::write(part, Level::Warning, style, &mut notes);
    notes::write(part, Level::Note, style, &mut notes);
    notes::remedy(part, style, &mut notes);
    notes::unmanaged(part, kind == RunKind::Drift, style, &mut notes);
    if !notes.is_empty() {
        out.push('\n');
        out.push_str(&notes);
    }
}
