//! The pages of `explain`.

use unicode_width::UnicodeWidthStr;

use crate::explain::{Fact, Page, PagePart};
use crate::report::Style;
use crate::report::line::{Line, wrap};
use crate::report::style::Tone;

/// The columns by which what belongs to a title stands further right.
const STEP: usize = 2;
/// The widest lines: prose beyond is hard to read.
const WIDEST: usize = 100;
/// The columns that a text needs to share a line with its name; with fewer it goes below.
const BESIDE: usize = 34;

/// The pages below each other.
pub fn pages(pages: &[Page], style: &Style) -> String {
    let mut out = String::new();
    for page in pages {
        if !out.is_empty() {
            out.push('\n');
        }
        let mut writer = PageWriter { style, out: &mut out };
        writer.page(page);
    }
    out
}

struct PageWriter<'a> {
    style: &'a Style,
    out: &'a mut String,
}

impl PageWriter<'_> {
    fn page(&mut self, page: &Page) {
        let kind = if page.kind.is_empty() { String::new() } else { format!("   {}", page.kind) };
        let title = Line::of(Tone::Title, &page.title);
        match title.width() + kind.width() <= self.width() {
            true => self.line(title.with(Tone::Context, &kind)),
            false => {
                self.line(title);
                self.prose(Tone::Context, &page.kind, 0);
            }
        }
        self.out.push('\n');
        for sentence in &page.lead {
            self.prose(Tone::Plain, sentence, STEP);
        }
        for part in &page.parts {
            self.out.push('\n');
            self.part(part);
        }
    }

    fn part(&mut self, part: &PagePart) {
        match part {
            PagePart::Facts(facts) => {
                let widest = facts.iter().map(|fact| fact.label.width()).max().unwrap_or_default();
                facts.iter().for_each(|fact| self.fact(fact, STEP + widest + STEP));
            }
            PagePart::Table(title, rows) => {
                self.title(title);
                let widest = rows.iter().map(|(name, _)| name.width()).max().unwrap_or_default();
                for (name, text) in rows {
                    let head = Line::indented(2 * STEP).with(Tone::Plain, name);
                    self.beside(head, 2 * STEP + widest + STEP, Tone::Plain, text);
                }
            }
            PagePart::Names(title, names) => {
                self.title(title);
                self.prose(Tone::Plain, &names.join(", "), 2 * STEP);
            }
            PagePart::Example(title, text) => {
                self.title(title);
                for line in text.lines() {
                    self.line(Line::indented(2 * STEP).with(Tone::Plain, line));
                }
            }
        }
    }

    fn title(&mut self, title: &str) {
        self.line(Line::indented(STEP).with(Tone::Title, title));
    }

    fn fact(&mut self, fact: &Fact, column: usize) {
        let mut label = fact.label;
        for text in &fact.texts {
            let head = Line::indented(STEP).with(Tone::Title, label);
            // Only the first statement has the label.
            label = "";
            self.beside(head, column, Tone::Plain, text);
        }
    }

    /// A text in a column of its own beside its name, or below it where there is no room for one.
    fn beside(&mut self, head: Line, column: usize, tone: Tone, text: &str) {
        if column + BESIDE > self.width() {
            if head.width() > STEP {
                self.line(head);
            }
            return self.prose(tone, text, 3 * STEP);
        }
        let mut head = head;
        for line in self.wrapped(text, column) {
            self.line(head.filled_to(column).with(tone, &line));
            head = Line::new();
        }
    }

    fn prose(&mut self, tone: Tone, text: &str, indent: usize) {
        for line in self.wrapped(text, indent) {
            self.line(Line::indented(indent).with(tone, &line));
        }
    }

    fn wrapped(&self, text: &str, indent: usize) -> Vec<String> {
        wrap(&text.replace('…', self.style.ellipsis()), self.width().saturating_sub(indent))
    }

    fn line(&mut self, line: Line) {
        line.write(self.style, self.out);
    }

    fn width(&self) -> usize {
        self.style.width.min(WIDEST)
    }
}
