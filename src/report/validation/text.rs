//! For people.

use super::Validation;
use crate::manifest::Severity;
use crate::report::diagnostics::{files, list};
use crate::report::line::{Line, count, counted};
use crate::report::style::{Style, Tone};

/// Each finding with its place in the file and what to do about it, and in the end one line of what it all
/// comes to.
pub fn text(validation: &Validation<'_>, style: &Style) -> String {
    let mut out = list(validation.findings, style);
    Line::of(Tone::Title, &total(validation)).write(style, &mut out);
    out
}

/// What a validation comes to, in one line.
pub(in crate::report) fn total(validation: &Validation<'_>) -> String {
    let word = if validation.is_valid() { "Valid" } else { "Invalid" };
    let manifests = count(validation.manifests, "manifest");
    let number = |severity| validation.number(severity);
    let told = counted(&[(number(Severity::Error), "error"), (number(Severity::Warning), "warning")]);
    let wrong = files(validation.findings).len();
    match (told.as_slice(), wrong == validation.manifests) {
        ([], _) => format!("{word}: {manifests}."),
        // The error is not in a manifest, and keeps the manifests from being read.
        (told, _) if wrong > validation.manifests => format!("{word}: {}.", told.join(", ")),
        (told, true) => format!("{word}: {} in {manifests}.", told.join(", ")),
        (told, false) => format!("{word}: {} in {wrong} of {manifests}.", told.join(", ")),
    }
}
