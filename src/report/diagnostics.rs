//! Findings that have a place in a manifest, with that place.

use std::fmt;
use std::sync::Arc;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::line::{Line, counted, grouped};
use super::mark::FindingMark;
use super::snippet::Snippet;
use super::style::{Style, Tone};
use super::validation::word;
use super::visible;
use crate::manifest::{Diagnostic, Origin, Severity};
use crate::plan::{Finding, Level, PlanReport};

/// The findings that are shown; a file can have a hundred thousand errors, and nobody reads them.
const MOST: usize = 100;
/// The characters of a sentence that are shown; some quote a value, and that may be of any length.
const SENTENCE: usize = 300;
/// The characters of a conflict, which may name several documents and their places.
const CONFLICT: usize = 600;
/// The characters of a remedy: some list all choices.
const REMEDY: usize = 900;
/// The characters of the word for a place.
const LABEL: usize = 80;

/// Everything that is wrong with some manifests: each finding with its code, its place and the text
/// that stands there, and what to do; at the end how many there are.
pub fn diagnostics(diagnostics: &[Diagnostic], style: &Style) -> String {
    let mut out = list(diagnostics, style);
    if let Some(total) = total(diagnostics) {
        Line::of(Tone::Title, &total).write(style, &mut out);
    }
    out
}

/// The same without the line at the end.
pub(super) fn list(diagnostics: &[Diagnostic], style: &Style) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics.iter().take(MOST) {
        render(&EscapedFinding::of(diagnostic, style), style, &mut out);
        out.push('\n');
    }
    if diagnostics.len() > MOST {
        let more = format!("{} {} more", style.ellipsis(), grouped(diagnostics.len() - MOST));
        Line::of(Tone::Context, &more).write(style, &mut out);
    }
    out
}

/// `2 errors, 1 warning in pools/p.yaml`.
fn total(diagnostics: &[Diagnostic]) -> Option<String> {
    let number = |severity| diagnostics.iter().filter(|finding| finding.severity == severity).count();
    let counts = counted(&[(number(Severity::Error), "error"), (number(Severity::Warning), "warning")]);
    let files = files(diagnostics);
    let files = match files.as_slice() {
        [] => String::new(),
        [file] => format!(" in {file}"),
        several => format!(" in {} files", several.len()),
    };
    (!counts.is_empty()).then(|| counts.join(", ") + &files)
}

/// The files that some findings are about, each once.
pub(super) fn files(diagnostics: &[Diagnostic]) -> Vec<&str> {
    let mut files: Vec<&str> = diagnostics.iter().filter_map(Diagnostic::file).collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// The conflicts of a plan, each with the place in the manifest that brings it about.
pub(super) fn conflicts(plan: &PlanReport, style: &Style) -> String {
    let mut out = String::new();
    for (position, finding) in escaped_conflicts(plan, style).enumerate() {
        if position == MOST {
            Line::of(Tone::Context, &format!("{} and more", style.ellipsis())).write(style, &mut out);
            break;
        }
        if position > 0 {
            out.push('\n');
        }
        render(&finding, style, &mut out);
    }
    out
}

/// The same, each for itself.
pub(super) fn escaped_conflicts(plan: &PlanReport, style: &Style) -> impl Iterator<Item = EscapedFinding> {
    let of = |finding| EscapedFinding::of_conflict(finding, &plan.hidden, style);
    plan.findings(Level::Conflict).map(of)
}

fn render(entry: &EscapedFinding, style: &Style, out: &mut String) {
    let mut theme = match (style.unicode, style.color) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme::ascii(),
        (false, false) => GraphicalTheme::none(),
    };
    theme.characters.error = FindingMark::Conflict.sign(style).to_owned();
    theme.characters.warning = FindingMark::Warning.sign(style).to_owned();
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(style.width.max(40))
        .with_links(false)
        .with_break_words(false)
        // A command or an option that is quoted must not fall apart at its hyphens.
        .with_word_separator(textwrap::WordSeparator::AsciiSpace)
        .with_word_splitter(textwrap::WordSplitter::NoHyphenation)
        .without_cause_chain();
    let mut text = String::new();
    if handler.render_report(&mut text, entry).is_err() {
        text = format!("{}: {}\n", entry.code, entry.message);
    }
    for line in text.lines() {
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

/// A finding as a renderer takes it: nothing in it needs escaping for a terminal any more.
#[derive(Debug)]
pub(super) struct EscapedFinding {
    pub(super) severity: Severity,
    /// `error`, `warning` or `conflict`.
    pub(super) word: &'static str,
    /// The code alone.
    pub(super) name: String,
    /// Both, as a terminal shows them.
    code: String,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// The first of the places that `snippet` shows.
    pub(super) at: Option<Origin>,
    pub(super) snippet: Option<Snippet>,
    /// The words for the places of `snippet`, in their order.
    pub(super) labels: Vec<String>,
}

impl EscapedFinding {
    pub(super) fn of(finding: &Diagnostic, style: &Style) -> Self {
        let message = match (&finding.label, &finding.file) {
            (None, Some(file)) => format!("{file}: {}", finding.message),
            _ => finding.message.clone(),
        };
        let mut entry = Self::new(finding.severity, &finding.code, &message, finding.help.as_deref(), style);
        let Some((origin, label)) = &finding.label else { return entry };
        let mut places = vec![(origin, label.as_str())];
        match &finding.related {
            Some((other, label)) if Arc::ptr_eq(&other.source, &origin.source) => {
                places.push((other, label));
            }
            Some((other, label)) => {
                let place = shortened(&format!("{label}: {other}"), SENTENCE, style);
                entry.help = Some(entry.help.map_or(place.clone(), |help| format!("{help} ({place})")));
            }
            None => {}
        }
        entry.show(&places, &finding.hidden, style);
        entry
    }

    fn of_conflict(finding: &Finding, hidden: &[Origin], style: &Style) -> Self {
        let help = finding.help.as_deref();
        let mut entry = Self::new(Severity::Error, &finding.code, &finding.text, help, style);
        entry.message = shortened(&finding.text, CONFLICT, style);
        entry.word = FindingMark::Conflict.word();
        entry.code = format!("{}[{}]", entry.word, finding.code);
        if let Some(origin) = &finding.origin {
            entry.show(&[(origin, "declared here")], hidden, style);
        }
        entry
    }

    fn new(severity: Severity, code: &str, message: &str, help: Option<&str>, style: &Style) -> Self {
        Self {
            severity,
            word: word(severity),
            name: visible::escape(code).into_owned(),
            code: format!("{}[{code}]", word(severity)),
            message: shortened(message, SENTENCE, style),
            help: help.map(|help| shortened(help, REMEDY, style)),
            at: None,
            snippet: None,
            labels: Vec::new(),
        }
    }

    fn show(&mut self, places: &[(&Origin, &str)], masked: &[Origin], style: &Style) {
        let origins: Vec<&Origin> = places.iter().map(|(origin, _)| *origin).collect();
        self.at = origins.first().map(|origin| (*origin).clone());
        self.snippet = Snippet::new(&origins, masked, style);
        self.labels = places.iter().map(|(_, label)| shortened(label, LABEL, style)).collect();
    }
}

fn shortened(text: &str, limit: usize, style: &Style) -> String {
    visible::escape(&visible::shorten(text, limit, style.ellipsis())).into_owned()
}

impl fmt::Display for EscapedFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EscapedFinding {}

impl miette::Diagnostic for EscapedFinding {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.snippet.as_ref().map(|snippet| snippet as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let places = self.snippet.as_ref()?.labels().zip(&self.labels).enumerate();
        Some(Box::new(places.map(|(position, (range, label))| {
            let label = (!label.is_empty()).then(|| label.clone());
            match position {
                0 => LabeledSpan::new_primary_with_span(label, range),
                _ => LabeledSpan::new_with_span(label, range),
            }
        })))
    }
}
