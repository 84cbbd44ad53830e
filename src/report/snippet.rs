//! The lines of a file that a finding is about, fit to be printed.

use std::ops::Range;
use std::sync::Arc;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::style::Style;
use super::visible;
use crate::document::hidden::brackets;
use crate::document::url::userinfos;
use crate::manifest::Origin;

/// The characters up to which a line is printed whole.
const WHOLE: usize = 300;
/// The characters of a longer line that are printed before the beginning of its label, and the least
/// after it.
const BEFORE: usize = 24;
const AFTER: usize = 30;

/// Some lines of a file, and the places in them to underline.
///
/// Hidden characters are escaped, long lines cropped, and a place of several lines ends with its first.
#[derive(Debug)]
pub(super) struct Snippet {
    name: String,
    text: String,
    /// How many lines of the file come before.
    lines_before: usize,
    /// The places: in `text`, and the column in the file.
    labels: Vec<(Range<usize>, usize)>,
}

impl Snippet {
    /// The lines around some places of one file; `masked` are places, of any file, whose text must not be
    /// shown.
    pub(super) fn new(places: &[&Origin], masked: &[Origin], style: &Style) -> Option<Self> {
        let source = &places.first()?.source;
        let masked = masked.iter().filter(|origin| Arc::ptr_eq(&origin.source, source));
        let masked: Vec<&Range<usize>> = masked.map(|origin| &origin.span).collect();
        let spans: Vec<Range<usize>> = places.iter().map(|origin| first_line(&source.text, origin)).collect();
        let first = spans.iter().map(|span| span.start).min()?;
        let last = spans.iter().map(|span| span.end).max()?;
        let start = line_start(&source.text, line_start(&source.text, first).saturating_sub(1));
        let end = line_end(&source.text, (line_end(&source.text, last) + 1).min(source.text.len()));
        let mut snippet = Self {
            name: visible::escape(&source.name).into_owned(),
            text: String::new(),
            lines_before: source.text[..start].matches('\n').count(),
            labels: places.iter().map(|origin| (0..0, origin.line_column().1)).collect(),
        };
        let mut at = start;
        for line in source.text[start..end].split_inclusive('\n') {
            snippet.line(at, line, &spans, &masked, style);
            at += line.len();
        }
        if spans.iter().any(|span| span.start == at) {
            // The end of the file: a line of its own that the renderer can point at.
            snippet.reach(at, &spans);
            snippet.text.push(' ');
        }
        Some(snippet)
    }

    /// The places in the order in which they were given.
    pub(super) fn labels(&self) -> impl Iterator<Item = Range<usize>> {
        self.labels.iter().map(|(range, _)| range.clone())
    }

    /// The lines, each with its number in the file and its offset in the text that the labels are about.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, usize, &str)> {
        let mut at = 0;
        self.text.split_inclusive('\n').enumerate().map(move |(position, line)| {
            let start = at;
            at += line.len();
            (self.lines_before + position + 1, start, line.trim_end_matches('\n'))
        })
    }

    fn line(
        &mut self,
        at: usize,
        line: &str,
        spans: &[Range<usize>],
        masked: &[&Range<usize>],
        style: &Style,
    ) {
        let content = line.trim_end_matches(['\n', '\r']);
        let starts = |span: &Range<usize>| (at..at + line.len().max(1)).contains(&span.start);
        let here = spans.iter().find(|span| starts(span)).map_or(0, |span| span.start - at);
        let kept = kept(content, here, style);
        if kept.start > 0 {
            self.text.push_str(style.ellipsis());
        }
        // A file may have a hundred thousand of them, and each character asks.
        let seen = at + kept.start..at + kept.end;
        let is_seen = |range: &&&Range<usize>| range.start < seen.end && seen.start < range.end;
        let masked = masked.iter().filter(is_seen).map(|range| Range::clone(range));
        let urls = userinfos(content).map(|range| at + range.start..at + range.end);
        let masked: Vec<Range<usize>> = masked.chain(urls).collect();
        let mut brackets = brackets(&content[kept.clone()]).peekable();
        for (offset, c) in content[kept.clone()].char_indices() {
            let is_command = brackets.next_if_eq(&offset).is_some();
            let offset = at + kept.start + offset;
            self.reach(offset, spans);
            let secret = masked.iter().find(|range| range.contains(&offset));
            match c {
                _ if secret.is_some_and(|range| range.start == offset) => self.text.push_str("(sensitive)"),
                _ if secret.is_some() => {}
                _ if is_command => self.text.push_str("\\u005b"),
                '\t' => self.text.push_str("    "),
                c if visible::is_hidden(c) => self.text.push_str(&visible::escape(&c.to_string())),
                c => self.text.push(c),
            }
        }
        self.reach(at + kept.end, spans);
        for (span, (label, _)) in spans.iter().zip(&mut self.labels) {
            if (at..=at + content.len()).contains(&span.start) && span.end > at + kept.end {
                label.end = self.text.len();
            }
        }
        if kept.end < content.len() {
            self.text.push_str(style.ellipsis());
        }
        if line.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// Notes where the spans begin and end that do so at this offset of the file.
    fn reach(&mut self, offset: usize, spans: &[Range<usize>]) {
        for (span, (label, _)) in spans.iter().zip(&mut self.labels) {
            if span.start == offset {
                *label = self.text.len()..self.text.len();
            }
            if span.end == offset {
                label.end = self.text.len().max(label.start);
            }
        }
    }
}

impl SourceCode for Snippet {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.text.read_span(span, before, after)?;
        let label = self.labels.iter().find(|(label, _)| label.start == span.offset());
        let column = label.map_or(inner.column(), |(_, column)| column.saturating_sub(1));
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            inner.data(),
            *inner.span(),
            inner.line() + self.lines_before,
            column,
            inner.line_count(),
        )))
    }
}

/// The part of a line that is printed.
fn kept(line: &str, here: usize, style: &Style) -> Range<usize> {
    if line.chars().nth(WHOLE).is_none() {
        return 0..line.len();
    }
    let here = line.floor_char_boundary(here);
    // What the renderer puts in front of a line, and the signs of what is left out.
    let after = style.width.saturating_sub(BEFORE + 16).max(AFTER);
    let start = line[..here].char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at);
    let end = line[here..].char_indices().nth(after).map_or(line.len(), |(at, _)| here + at);
    start..end
}

/// The part of a place in its first line.
fn first_line(text: &str, origin: &Origin) -> Range<usize> {
    let start = text.floor_char_boundary(origin.span.start);
    let end = text.floor_char_boundary(origin.span.end).max(start);
    let line = text[start..end].find('\n').map_or(end, |newline| start + newline);
    let trimmed = text[start..line].trim_end();
    start..start + trimmed.len()
}

fn line_start(text: &str, at: usize) -> usize {
    text[..text.floor_char_boundary(at)].rfind('\n').map_or(0, |newline| newline + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at);
    text[at..].find('\n').map_or(text.len(), |newline| at + newline + 1)
}
