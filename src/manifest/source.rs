use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::document::FastMap;

/// A manifest's text and the name it is known by in messages.
#[derive(Debug)]
pub struct SourceText {
    /// The path as the user gave it, or `<stdin>`.
    pub name: String,
    /// The whole text, or an empty one if only places are kept.
    pub text: String,
    /// Where each line begins, in bytes; found at the first question.
    lines: OnceLock<Box<[u32]>>,
    /// What is known of the places of a text that is kept for them alone, by their numbers.
    places: Box<[TextPlace]>,
}

/// Where a part of a text begins and ends: lines and columns from 1, columns in characters. Blanks at its end are no part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TextPlace {
    /// Where it begins.
    pub start: (u32, u32),
    /// Before which character it ends.
    pub end: (u32, u32),
    /// Whether the text there is YAML's `null`.
    pub is_null: bool,
}

impl SourceText {
    /// The text known by this name.
    pub fn new(name: String, text: String) -> Self {
        Self { name, text, lines: OnceLock::new(), places: Box::default() }
    }

    /// The lines' first bytes: 0, then what follows each line feed. No file is so large that they do not fit.
    fn lines(&self) -> &[u32] {
        let begins = |(at, _): (usize, &str)| u32::try_from(at + 1).unwrap_or(u32::MAX);
        let find = || std::iter::once(0).chain(self.text.match_indices('\n').map(begins)).collect();
        self.lines.get_or_init(find)
    }
}

impl PartialEq for SourceText {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.text, &self.places) == (&other.name, &other.text, &other.places)
    }
}

impl Eq for SourceText {}

/// A place in a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file.
    pub source: Arc<SourceText>,
    /// The bytes of its text.
    pub span: Range<usize>,
}

impl Origin {
    /// The line and column of the first byte, both from 1, the column in characters.
    pub fn line_column(&self) -> (usize, usize) {
        if let Some(TextPlace { start: (line, column), .. }) = self.kept() {
            return (*line as usize, *column as usize);
        }
        let before = self.source.text.get(..self.span.start).unwrap_or(&self.source.text);
        let lines = self.source.lines();
        let line = lines.partition_point(|start| *start as usize <= before.len());
        let start = lines.get(line - 1).map_or(0, |start| *start as usize);
        (line, before[start..].chars().count() + 1)
    }

    /// What is known of the place where no text is kept.
    fn kept(&self) -> Option<&TextPlace> {
        self.source.places.get(self.span.start)
    }

    /// Where the place begins and ends. A block brings blanks and a line's end along, which are left out.
    pub fn place(&self) -> TextPlace {
        if let Some(place) = self.kept() {
            return *place;
        }
        let (line, column) = self.line_column();
        let text = self.text().trim_end();
        let end_column = match text.rsplit_once('\n') {
            Some((_, last)) => last.chars().count() + 1,
            None => column + text.chars().count(),
        };
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let end_line = line + text.matches('\n').count();
        TextPlace {
            start: (number(line), number(column)),
            end: (number(end_line), number(end_column)),
            is_null: self.is_null(),
        }
    }

    /// Whether the text at this place is YAML's `null`.
    pub fn is_null(&self) -> bool {
        let is_null = || matches!(self.text().trim(), "~" | "null" | "Null" | "NULL");
        self.kept().map_or_else(is_null, |place| place.is_null)
    }

    /// Lets go of the texts of some places: of each text, only where these places are is kept.
    pub fn without_texts<'a>(origins: impl Iterator<Item = &'a mut Self>) {
        let mut sources: Vec<(Arc<SourceText>, Vec<&mut Self>)> = Vec::new();
        for origin in origins.filter(|origin| origin.source.places.is_empty()) {
            match sources.iter_mut().find(|(source, _)| Arc::ptr_eq(source, &origin.source)) {
                Some((_, all)) => all.push(origin),
                None => sources.push((Arc::clone(&origin.source), vec![origin])),
            }
        }
        for (source, origins) in sources {
            let (mut known, mut places) = (FastMap::<Range<usize>, usize>::default(), Vec::new());
            let mut number = |origin: &Self| {
                *known.entry(origin.span.clone()).or_insert_with(|| {
                    places.push(origin.place());
                    places.len() - 1
                })
            };
            let numbers: Vec<usize> = origins.iter().map(|origin| number(origin)).collect();
            let name = source.name.clone();
            let kept = SourceText { places: places.into(), ..SourceText::new(name, String::new()) };
            let kept = Arc::new(kept);
            for (origin, number) in origins.into_iter().zip(numbers) {
                *origin = Self { source: Arc::clone(&kept), span: number..number };
            }
        }
    }

    /// The text at this place.
    pub fn text(&self) -> &str {
        self.source.text.get(self.span.clone()).unwrap_or_default()
    }
}

/// Written `file:line:column`.
impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (line, column) = self.line_column();
        write!(f, "{}:{line}:{column}", self.source.name)
    }
}

/// A value and the place in the file that says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// The place.
    pub origin: Origin,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_known_without_its_text() {
        let text = "a: null\nb: |\n  é x\n  y\n\nc: ~\n";
        let source = Arc::new(SourceText::new("p.yaml".to_owned(), text.to_owned()));
        let spans = [3..7, 8..text.len() - 5, 15..17, 3..7, text.len() - 2..text.len() - 1, 0..0];
        let whole = spans.map(|span| Origin { source: Arc::clone(&source), span });
        let mut kept = whole.clone();
        Origin::without_texts(kept.iter_mut());
        for (whole, kept) in whole.iter().zip(&kept) {
            assert_eq!((whole.place(), whole.is_null()), (kept.place(), kept.is_null()));
            assert_eq!((whole.line_column(), whole.to_string()), (kept.line_column(), kept.to_string()));
        }
        assert_eq!(kept.each_ref().map(Origin::is_null), [true, false, false, true, true, false]);
        // The same place has the same number, and all share a source without a text.
        assert_eq!((kept[0].clone(), kept[0].source.places.len()), (kept[3].clone(), 5));
        assert!(
            kept.iter().all(|one| Arc::ptr_eq(&one.source, &kept[0].source) && one.source.text.is_empty())
        );
    }
}
