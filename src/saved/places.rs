//! What the reports show of manifests: places, and the lines that they quote.
//!
//! A file keeps no more of a manifest's text than is shown: the lines around conflicts, the words that other
//! findings and changes point at. The rest of a line is blank, so that columns hold; what must not be shown
//! is a row of stars.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::manifest::yaml::MAX_BYTES;
use crate::manifest::{Origin, SourceText};

/// The lines that the files of one plan may have.
const MOST_LINES: usize = 4 * MAX_BYTES;

/// From where to where: line and column, line and column, all from 1, columns in characters.
type Span = [usize; 4];

/// Places in some files, by the files' names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Places(BTreeMap<String, File>);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The lines of which something is kept, each with its end, by their numbers.
    lines: BTreeMap<usize, String>,
    places: Vec<Span>,
    hidden: Vec<Span>,
}

/// Gathers the places of one plan.
pub(super) struct Gatherer<'a> {
    hidden: &'a [Origin],
    /// By the file's name.
    files: BTreeMap<&'a str, Gathered<'a>>,
}

/// What was taken of one file, in bytes of its text.
struct Gathered<'a> {
    source: &'a Arc<SourceText>,
    places: Vec<Range<usize>>,
    kept: Vec<Range<usize>>,
}

impl<'a> Gathered<'a> {
    fn of(source: &'a Arc<SourceText>) -> Self {
        Self { source, places: Vec::new(), kept: Vec::new() }
    }

    fn file(&self, hidden: &[Origin]) -> File {
        let Self { source, places, kept } = self;
        // A file that was read twice hides the same in both.
        let hidden = hidden.iter().filter(|origin| origin.source.name == source.name);
        let hidden = hidden.map(|origin| origin.span.clone());
        let hidden: Vec<Range<usize>> =
            hidden.filter(|span| kept.iter().any(|kept| overlap(kept, span))).collect();
        let span = |range: &Range<usize>| span(source, range);
        File {
            lines: lines(&source.text, kept, &hidden),
            places: places.iter().map(span).collect(),
            hidden: hidden.iter().map(span).collect(),
        }
    }
}

impl<'a> Gatherer<'a> {
    /// `hidden` are the places whose text must not be shown.
    pub(super) fn new(hidden: &'a [Origin]) -> Self {
        Self { hidden, files: BTreeMap::new() }
    }

    /// Takes a place, as far as its first line goes.
    pub(super) fn point_at(&mut self, origin: &'a Origin) {
        let text = &origin.source.text;
        let start = text.floor_char_boundary(origin.span.start);
        let end = text.floor_char_boundary(origin.span.end).max(start);
        let end = text[start..end].find('\n').map_or(end, |newline| start + newline);
        let file = self.files.entry(&origin.source.name).or_insert_with(|| Gathered::of(&origin.source));
        if !file.places.contains(&(start..end)) {
            file.places.push(start..end);
            file.kept.push(start..end);
        }
    }

    /// Takes a place with its whole line and the lines before and after.
    pub(super) fn quote(&mut self, origin: &'a Origin) {
        self.point_at(origin);
        let text = &origin.source.text;
        let at = text.floor_char_boundary(origin.span.start);
        let start = text[..at].rmatch_indices('\n').nth(1).map_or(0, |(newline, _)| newline + 1);
        let end = text[at..].match_indices('\n').nth(1).map_or(text.len(), |(newline, _)| at + newline + 1);
        if let Some(file) = self.files.get_mut(origin.source.name.as_str()) {
            file.kept.push(start..end);
        }
    }

    /// What was taken.
    pub(super) fn places(self) -> Places {
        let file = |(name, file): (&str, Gathered<'_>)| (name.to_owned(), file.file(self.hidden));
        Places(self.files.into_iter().map(file).collect())
    }
}

/// The lines of which something is kept.
fn lines(text: &str, kept: &[Range<usize>], hidden: &[Range<usize>]) -> BTreeMap<usize, String> {
    let mut lines = BTreeMap::new();
    let mut start = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let here = start..start + line.len();
        let kept: Vec<&Range<usize>> =
            kept.iter().filter(|kept| overlap(kept, &here) || here.contains(&kept.start)).collect();
        let is_in = |ranges: &[&Range<usize>], at: usize| ranges.iter().any(|range| range.contains(&at));
        let hidden: Vec<&Range<usize>> = hidden.iter().filter(|hidden| overlap(hidden, &here)).collect();
        if !kept.is_empty() {
            let shown = |(offset, c): (usize, char)| match start + offset {
                _ if c == '\n' || c == '\r' => c,
                at if is_in(&hidden, at) => '*',
                at if is_in(&kept, at) => c,
                _ => ' ',
            };
            lines.insert(index + 1, line.char_indices().map(shown).collect());
        }
        start = here.end;
    }
    lines
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

fn span(source: &Arc<SourceText>, range: &Range<usize>) -> Span {
    let at = |offset: usize| Origin { source: Arc::clone(source), span: offset..offset }.line_column();
    let ((line, column), (end_line, end_column)) = (at(range.start), at(range.end));
    [line, column, end_line, end_column]
}

/// Places as the reports take them.
#[derive(Debug, Default)]
pub(super) struct Recalled {
    places: HashMap<(String, usize, usize), Origin>,
    /// The places whose text must not be shown.
    pub(super) hidden: Vec<Origin>,
}

impl Recalled {
    /// The place that begins here; `None` if the file has none.
    pub(super) fn at(&self, file: &str, line: usize, column: usize) -> Option<Origin> {
        self.places.get(&(file.to_owned(), line, column)).cloned()
    }
}

impl Places {
    /// The places, in texts that contain nothing else; `None` if no manifest could have them.
    pub(super) fn recall(self) -> Option<Recalled> {
        let mut recalled = Recalled::default();
        let mut all = 0;
        for (name, file) in self.0 {
            let File { lines, places, hidden } = file;
            let ends = places.iter().chain(&hidden).map(|[line, _, end, _]| *line.max(end));
            let last = ends.chain(lines.keys().copied()).max().unwrap_or_default();
            all = last.saturating_add(all);
            // No manifest has more lines than it may have bytes.
            if last > MAX_BYTES || all > MOST_LINES {
                return None;
            }
            let (mut text, mut starts) = (String::new(), vec![0]);
            for number in 1..=last {
                starts.push(text.len());
                // What comes after the last line is nothing, not even its end.
                let blank = if number < last { "\n" } else { "" };
                text.push_str(lines.get(&number).map_or(blank, String::as_str));
            }
            starts.push(text.len());
            let offset = |line: usize, column: usize| {
                let start = *starts.get(line)?;
                let content = text[start..*starts.get(line + 1)?].trim_end_matches(['\n', '\r']);
                let at = content.char_indices().nth(column.checked_sub(1)?).map(|(at, _)| at);
                Some(start + at.unwrap_or(content.len()))
            };
            let range = |[line, column, end_line, end_column]: &Span| {
                let start = offset(*line, *column)?;
                Some(start..offset(*end_line, *end_column)?.max(start))
            };
            let places: Vec<_> =
                places.iter().map(|span| Some((span[0], span[1], range(span)?))).collect::<Option<_>>()?;
            let hidden: Vec<_> = hidden.iter().map(range).collect::<Option<_>>()?;
            let source = Arc::new(SourceText::new(name.clone(), text));
            let origin = |span| Origin { source: Arc::clone(&source), span };
            for (line, column, span) in places {
                recalled.places.insert((name.clone(), line, column), origin(span));
            }
            recalled.hidden.extend(hidden.into_iter().map(origin));
        }
        Some(recalled)
    }
}
