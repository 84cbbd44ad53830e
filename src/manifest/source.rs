use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A manifest's text and the name it is known by in messages.
#[derive(Debug)]
pub struct SourceText {
    /// The path as the user gave it, or `<stdin>`.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// Where each line begins, in bytes; found at the first question.
    lines: OnceLock<Box<[u32]>>,
}

impl SourceText {
    /// The text known by this name.
    pub fn new(name: String, text: String) -> Self {
        Self { name, text, lines: OnceLock::new() }
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
        (&self.name, &self.text) == (&other.name, &other.text)
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
        let before = self.source.text.get(..self.span.start).unwrap_or(&self.source.text);
        let lines = self.source.lines();
        let line = lines.partition_point(|start| *start as usize <= before.len());
        let start = lines.get(line - 1).map_or(0, |start| *start as usize);
        (line, before[start..].chars().count() + 1)
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
