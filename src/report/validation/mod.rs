//! What is wrong with manifests, in every form: one file per form.

mod codequality;
mod github;
mod json;
mod junit;
mod sarif;
mod text;

use std::borrow::Cow;

use super::source_links::SourceLinks;
use super::visible;
use crate::manifest::{Diagnostic, Severity};

pub use codequality::codequality;
pub(super) use codequality::of as issue;
pub use github::github;
pub(super) use github::message;
pub use json::json;
pub use junit::junit;
pub(super) use junit::{cases, told};
pub(super) use sarif::of as result;
pub use sarif::sarif;
pub use text::text;
pub(super) use text::total;

/// The JSON Schema of [`json`], as it is published.
pub const SCHEMA: &str = include_str!("../../../schemas/validation.schema.json");

/// What came of looking at some manifests.
#[derive(Clone, Copy, Debug)]
pub struct Validation<'a> {
    /// What is wrong, in the order of the report.
    pub findings: &'a [Diagnostic],
    /// How many manifests were looked at.
    pub manifests: usize,
    /// The files that could be read.
    pub files: &'a [String],
    /// Whether warnings count as errors do.
    pub strict: bool,
    /// Where in the repository the names of files begin, as `identity/pools`; empty at its root.
    pub folder: &'a str,
    /// Where the files of the repository can be read, if it is known.
    pub links: Option<&'a SourceLinks>,
}

impl Validation<'_> {
    /// Whether nothing that counts is wrong.
    pub fn is_valid(&self) -> bool {
        self.number(Severity::Error) == 0 && !(self.strict && self.number(Severity::Warning) > 0)
    }

    fn number(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// The characters of a sentence that are shown: some quote a value of any length.
const SENTENCE: usize = 500;

fn sentence(text: &str) -> Cow<'_, str> {
    visible::shorten(text, SENTENCE, "…")
}

pub(super) fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
