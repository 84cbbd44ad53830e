//! What was written back into manifests.

use super::super::line::Line;
use super::super::style::{Style, Tone};
use super::super::value;
use crate::adopt::{Adoption, Target};
use crate::manifest::write;
use crate::plan::Plan;

/// The characters of a value that stands in the line.
const LONGEST: usize = 100;

/// One line: where it is written, which setting it is, and what stood there and stands there now.
pub fn adopted(plan: &Plan, adoption: &Adoption, target: &Target, style: &Style) -> String {
    let place = match target {
        Target::Value { at, .. } => format!("{}:{}", at.source.name, at.line_column().0),
        Target::Text { file, .. } => file.clone(),
        Target::Entry { source, .. } => source.name.clone(),
    };
    let mut line = Line::of(Tone::Context, &place).with(Tone::Plain, &format!("   {}", adoption.path));
    if let Target::Entry { value, .. } = target {
        let live = value.setting_text().unwrap_or_else(|| write::inline(value));
        let live = if live.chars().count() <= LONGEST && !live.contains('\n') { live } else { String::new() };
        line = line.with(Tone::Plain, "   ").with(Tone::Added, &format!("+ {live}"));
    }
    let mut changes = plan.changes.iter().filter(|change| change.path.overlaps(&adoption.path));
    // What was declared gives way to what is live. Of a list each element is a change of its own.
    if let (Some(change), None) = (changes.next(), changes.next())
        && change.path == adoption.path
    {
        let shown = |side: &Option<crate::document::Json>| match side {
            Some(_) if change.sensitive => Some("(sensitive)".to_owned()),
            Some(value) if value::is_short(value) => Some(value::inline(value)),
            Some(_) => None,
            None => Some("null".to_owned()),
        };
        if let (Some(declared), Some(live)) = (shown(&change.after), shown(&change.before)) {
            line = line.with(Tone::Plain, "   ").with(Tone::Removed, &declared);
            line = line.with(Tone::Context, &format!(" {} ", style.arrow())).with(Tone::Added, &live);
        }
    }
    let mut out = String::new();
    line.write(style, &mut out);
    out
}
