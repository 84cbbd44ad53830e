//! The columns of a plan's tree: names, values and places.
//!
//! One rule: in a block each of the three has one column. A piece that does not fit there pushes nothing
//! aside and is never left out: it goes onto the next line, a value at its column, a place below its name.

use crate::report::Style;
use crate::report::line::Line;

/// The first column of the values where names leave room for it.
const VALUES: usize = 36;
/// The last one that names may move it to.
const LAST: usize = 48;
/// The columns by which what is below a name is further right than the name's sign.
pub(super) const STEP: usize = 4;
/// The columns between a name and its value.
const APART: usize = 2;
/// The columns between a value and its place.
const GAP: usize = 3;
/// The columns within which the places are. Further right nobody finds the line that they belong to.
const PLACES: usize = 140;
/// From how many columns on every place names its file.
const ROOMY: usize = 120;
/// The forms that a place may have where there is room for all columns: the file's name is in each.
const WIDE: usize = 2;

/// A line of the tree.
#[derive(Default)]
pub(super) struct TreeRow {
    pub(super) name: Line,
    pub(super) value: Line,
    /// The place in the manifest, from the longest form to the shortest; empty if there is none.
    pub(super) places: Vec<Line>,
}

impl TreeRow {
    /// A line without columns.
    pub(super) fn plain(name: Line) -> Self {
        Self { name, ..Self::default() }
    }

    /// The name with its value, or both below each other; and the places of the first line.
    fn lines(self, values: usize) -> (Vec<Line>, Vec<Line>) {
        let Self { name, value, places } = self;
        let lines = match value.width() {
            0 => vec![name],
            _ if has_room(&name, values) => vec![name.filled_to(values).followed_by(value)],
            _ => vec![name, Line::indented(values).followed_by(value)],
        };
        (lines, places)
    }
}

/// Whether a value at the column `values` fits beside a name.
pub(super) fn has_room(name: &Line, values: usize) -> bool {
    name.width() + APART <= values
}

/// The column of the values, for names that end at these columns.
pub(super) fn values(ends: impl Iterator<Item = usize>, width: usize) -> usize {
    let last = LAST.min(width / 2);
    let widest = ends.map(|end| end + APART).filter(|end| *end <= last).max().unwrap_or_default();
    widest.max(VALUES.min(last))
}

/// Writes the rows with their values at `values`.
pub(super) fn write(rows: Vec<TreeRow>, values: usize, style: &Style, out: &mut String) {
    let lines: Vec<(Vec<Line>, Vec<Line>)> = rows.into_iter().map(|row| row.lines(values)).collect();
    let (column, form) = places(&lines, style.width);
    for (lines, places) in lines {
        let place = places.get(form.min(places.len().saturating_sub(1)));
        let mut lines = lines.into_iter();
        if let Some(place) = place
            && let Some(first) = lines.next()
        {
            if fits(&first, place, column, style.width) {
                first.filled_to(column).followed_by(place.clone()).write(style, out);
            } else {
                let at = first.indent() + STEP;
                first.write(style, out);
                // There is room again for its file.
                let longest = places.iter().find(|form| at + form.width() <= style.width);
                Line::indented(at).followed_by(longest.unwrap_or(place).clone()).write(style, out);
            }
        }
        lines.for_each(|line| line.write(style, out));
    }
}

fn fits(line: &Line, place: &Line, column: usize, width: usize) -> bool {
    line.width() + GAP <= column && column + place.width() <= width
}

/// The column of the places and their form: the longest form among those with the fewest extra lines.
fn places(rows: &[(Vec<Line>, Vec<Line>)], width: usize) -> (usize, usize) {
    let forms = rows.iter().map(|(_, places)| places.len()).max().unwrap_or_default();
    let forms = if width < ROOMY { forms } else { forms.min(WIDE) };
    let tried = (0..forms.max(1)).map(|form| {
        let placed = || {
            rows.iter().filter_map(|(lines, places)| {
                let place = places.get(form).or(places.last())?;
                lines.first().map(|line| (line, place))
            })
        };
        let limit = width.min(PLACES);
        let widest = placed().map(|(_, place)| place.width()).filter(|width| *width <= limit / 2).max();
        let last = limit.saturating_sub(widest.unwrap_or_default());
        let ends = placed().map(|(line, _)| line.width() + GAP);
        let column = ends.filter(|end| *end <= last).max().unwrap_or(last);
        let more = placed().filter(|(line, place)| !fits(line, place, column, width)).count();
        (more, column, form)
    });
    tried.min_by_key(|(more, ..)| *more).map_or((0, 0), |(_, column, form)| (column, form))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::style::Tone;

    #[test]
    fn a_place_without_room_is_below_its_name_in_every_width() {
        let text = |text: &str| Line::of(Tone::Plain, text);
        let long = "drifted  pools/templates/verification.html:6, from pools/customers.yaml:25";
        for width in [30, 50, 60, 72, 80] {
            let name = Line::indented(8).with(Tone::Plain, "~ EmailMessage");
            let value = text("1 line of 10 changed");
            let row = TreeRow { name, value, places: vec![text(long), text("verification.html:6")] };
            let mut out = String::new();
            let style = Style { color: false, unicode: true, width };
            write(vec![row], values([22].into_iter(), width), &style, &mut out);
            let place = out.lines().find(|line| line.contains("html:6")).unwrap_or_default();
            let is_beside = place.contains("changed");
            assert!(
                is_beside || place.starts_with("            ") && !place[12..].starts_with(' '),
                "{width}: {out}"
            );
            assert!(width < 60 || place.len() <= width, "{width}: {out}");
        }
    }
}
