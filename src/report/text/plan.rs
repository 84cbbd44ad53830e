//! A plan as people read it.

use super::{notes, settings, steps};
use crate::plan::{Level, Plan};
use crate::report::Style;
use crate::report::diagnostics;
use crate::report::line::{Line, count};
use crate::report::style::Tone;

/// The plan of one pool: a line that names it, what changes as a tree, and what stands in the way.
///
/// A pool to which nothing happens takes one line.
pub fn plan(plan: &Plan, style: &Style) -> String {
    block(plan, style, [0; 3])
}

/// The plans of several pools, apart from each other, and the summary.
pub fn plans(plans: &[&Plan], style: &Style) -> String {
    let width = |text: &str| Line::of(Tone::Plain, text).width();
    let idle = plans.iter().filter(|plan| is_idle(plan));
    let widths = idle.fold([0; 3], |[name, id, file], plan| {
        let pool = &plan.pool;
        [name.max(width(&pool.name)), id.max(width(&identity(plan))), file.max(width(&pool.file))]
    });
    let mut out = String::new();
    let mut after_line = true;
    for plan in plans {
        let text = block(plan, style, widths);
        let line = text.lines().count() <= 1;
        let together = line && after_line;
        if !out.is_empty() && !together {
            out.push('\n');
        }
        out.push_str(&text);
        after_line = line;
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out + &summary(plans, style)
}

/// What all plans come to, in one line or two.
pub fn summary(plans: &[&Plan], style: &Style) -> String {
    let refused = plans.iter().filter(|plan| plan.is_refused()).count();
    let idle = plans.iter().filter(|plan| is_idle(plan)).count();
    let update = plans.len() - refused - idle;
    let changes: usize = plans.iter().map(|plan| plan.changes.len()).sum();
    let conflicts: usize = plans.iter().map(|plan| plan.findings(Level::Conflict).count()).sum();
    let mut out = String::new();
    if idle == plans.len() {
        let text = match idle {
            0 => "No changes: there is no pool to plan for.",
            1 => "No changes. The pool is as declared.",
            several => &format!("No changes. All {several} pools are as declared."),
        };
        Line::of(Tone::Title, text).write(style, &mut out);
        return out;
    }
    let mut pools: Vec<String> = Vec::new();
    if update > 0 {
        pools.push(format!("{} to update", count(update, "pool")));
    }
    for (number, word) in [(refused, "refused"), (idle, "unchanged")] {
        match number {
            0 => {}
            number if pools.is_empty() => pools.push(format!("{} {word}", count(number, "pool"))),
            number => pools.push(format!("{number} {word}")),
        }
    }
    let risks: usize = plans.iter().map(|plan| plan.findings(Level::Risk).count()).sum();
    let mut totals = vec![count(changes, "change")];
    for (number, word) in [(risks, "risk"), (conflicts, "conflict")] {
        if number > 0 {
            totals.push(count(number, word));
        }
    }
    let line = Line::of(Tone::Title, &format!("Plan: {}.", pools.join(", ")));
    line.with(Tone::Plain, &format!(" {}.", totals.join(", "))).write(style, &mut out);
    refusal(plans, conflicts, style, &mut out);
    out
}

/// Writes what keeps the plans from being applied, and the flag that lets the risks through.
fn refusal(plans: &[&Plan], conflicts: usize, style: &Style, out: &mut String) {
    let risks = plans.iter().flat_map(|plan| plan.findings(Level::Risk)).filter(|risk| risk.refuses());
    let mut codes: Vec<&str> = risks.map(|risk| risk.code).collect();
    let mut reasons = Vec::new();
    for (number, word) in [(conflicts, "conflict"), (codes.len(), "risk")] {
        if number > 0 {
            reasons.push(count(number, word));
        }
    }
    if !reasons.is_empty() {
        let text = format!("Cannot be applied: {} (above).", reasons.join(" and "));
        Line::of(Tone::Refused, &text).write(style, out);
    }
    if !codes.is_empty() {
        codes.sort_unstable();
        codes.dedup();
        let text = if codes.len() == 1 { "To accept the risk:" } else { "To accept the risks:" };
        let flag = format!(" --allow {}", codes.join(","));
        Line::of(Tone::Plain, text).with(Tone::Title, &flag).write(style, out);
    }
}

fn is_idle(plan: &Plan) -> bool {
    plan.changes.is_empty() && !plan.is_refused()
}

/// The pool's id, with its Region where that is not the id's own.
fn identity(plan: &Plan) -> String {
    let pool = &plan.pool;
    match pool.id.split_once('_') {
        Some((region, _)) if region != pool.region => format!("{} in {}", pool.id, pool.region),
        _ => pool.id.clone(),
    }
}

/// The plan of one pool; the widths are those of an idle pool's name, id and file beside others.
fn block(plan: &Plan, style: &Style, widths: [usize; 3]) -> String {
    let mut out = String::new();
    let (tone, sign) = match (plan.is_refused(), plan.changes.is_empty()) {
        (true, _) => (Tone::Refused, style.cross()),
        (false, false) => (Tone::Changed, "~"),
        (false, true) => (Tone::Plain, " "),
    };
    let idle = is_idle(plan);
    let [name, id, file] = if idle { widths } else { [0; 3] };
    let gap = |line: Line, least: usize| {
        let end = line.width();
        line.filled_to(end.max(least) + 3)
    };
    let line = Line::of(tone, sign).with(Tone::Plain, " ").with(Tone::Title, &plan.pool.name);
    let line = gap(line, name + 2).followed_by(gap(Line::of(Tone::Plain, &identity(plan)), id));
    let file = Line::of(Tone::Context, &plan.pool.file).filled_to(file);
    let line = line.followed_by(file);
    if idle {
        let unmanaged = match plan.unmanaged {
            0 => String::new(),
            number => format!("  ({} not managed)", count(number, "live setting")),
        };
        line.with(Tone::Plain, "   no changes").with(Tone::Context, &unmanaged).write(style, &mut out);
        notes::write(plan, Level::Warning, style, &mut out);
        notes::listed(plan, style, &mut out);
        return out;
    }
    line.write(style, &mut out);
    out.push('\n');
    settings::write(plan, style, &mut out);
    steps::write(plan, style, &mut out);
    let mut notes = String::new();
    notes::write(plan, Level::Risk, style, &mut notes);
    notes::write(plan, Level::Warning, style, &mut notes);
    notes::write(plan, Level::Note, style, &mut notes);
    notes::unmanaged(plan, style, &mut notes);
    if !notes.is_empty() {
        out.push('\n');
        out.push_str(&notes);
    }
    let conflicts = diagnostics::conflicts(plan, style);
    if !conflicts.is_empty() {
        out.push('\n');
        out.push_str(&conflicts);
    }
    out
}
