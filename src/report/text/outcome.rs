//! What became of a pool that was to be written.

use super::after::{deviations, fallen, movement};
use super::plan::plan;
use crate::report::line::Line;
use crate::report::style::Tone;
use crate::report::{Entry, Outcome, Style};

/// A line on what became of the pool, and what was found beside it; nothing where there is nothing to say.
pub fn outcome(entry: &Entry<'_>, style: &Style) -> String {
    let end = &entry.end;
    let mut out = String::new();
    let Some(told) = &end.told else { return out };
    let (tone, sign) = match (end.outcome, style.unicode) {
        (Outcome::Unchanged | Outcome::Applied, true) => (Tone::Added, "✓"),
        (Outcome::Unchanged | Outcome::Applied, false) => (Tone::Added, "ok"),
        _ => (Tone::Removed, style.cross()),
    };
    let name = entry.plan.map_or("", |plan| plan.pool.name.as_str());
    let line = Line::of(tone, sign).with(Tone::Plain, " ").with(Tone::Plain, name);
    line.with(Tone::Plain, &format!("  {}  {told}", entry.id)).write(style, &mut out);
    if !end.fallen.is_empty() {
        out.push_str(&fallen(end.fallen, style));
    }
    let moved = end.movement.filter(|moved| match end.outcome {
        Outcome::Applied => !moved.elsewhere.is_empty() || !moved.earlier.is_empty(),
        outcome => outcome == Outcome::Stale,
    });
    out.extend(moved.map(|moved| movement(moved, style)));
    if !end.deviations.is_empty() {
        out.push_str(&deviations(end.deviations, style));
    }
    let refused = entry.plan.filter(|_| end.outcome == Outcome::Refused);
    out.extend(refused.map(|refused| plan(refused, style)));
    out
}
