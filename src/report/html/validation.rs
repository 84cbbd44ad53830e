//! The page about a validation: each file with its problems.

use super::ground::{HtmlWriter, STYLE};
use super::markup::Markup;
use super::page::{PageHead, tail};
use super::problem;
use crate::manifest::{Diagnostic, Severity};
use crate::report::diagnostics::EscapedFinding;
use crate::report::line::counted;
use crate::report::validation::{Validation, total};

/// The page about a validation: what it comes to, and the problems of each file with their lines.
pub fn html(validation: &Validation<'_>, tool_version: &str) -> String {
    let mut page = HtmlWriter::new(validation.folder, validation.links);
    page.out.raw("<div id=rows tabindex=-1>\n");
    let shown = &validation.findings[..validation.findings.len().min(problem::MOST)];
    let mut files: Vec<Option<&str>> = Vec::new();
    for finding in shown {
        if !files.contains(&finding.file()) {
            files.push(finding.file());
        }
    }
    for file in files {
        let of_file: Vec<&Diagnostic> = shown.iter().filter(|finding| finding.file() == file).collect();
        row(file, &of_file, validation.strict, &mut page);
    }
    page.out.raw("</div>\n");
    problem::rest(validation.findings.len(), &mut page.out);
    let HtmlWriter { totals, out: mut rows, .. } = page;
    let head = total(validation);
    let head = PageHead { command: "validate", head: &head, rest: Markup::default(), one: "file" };
    rows.after(&head.write(&totals)).append(&tail(&totals, tool_version));
    rows.finish()
}

/// Writes a file with its problems, open.
fn row(file: Option<&str>, findings: &[&Diagnostic], strict: bool, page: &mut HtmlWriter<'_>) {
    let number = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (number(Severity::Error), number(Severity::Warning));
    let is_wrong = errors > 0 || strict;
    let status = if is_wrong { "invalid" } else { "valid" };
    page.totals.count(status);
    let id = page.totals.id(file.unwrap_or("-"));
    page.out.raw("<details open class=\"row file\"").attribute("id", &id).attribute("data-status", status);
    page.out.raw("><summary><b>").text(file.unwrap_or("poolctl validate")).raw("</b><span>");
    page.out.text(&counted(&[(errors, "error"), (warnings, "warning")]).join(", "));
    page.out.raw(if is_wrong { "</span><span class=x>" } else { "</span><span class=m>" });
    page.out.text(status).raw("</span></summary><div>");
    for finding in findings {
        problem::write(&EscapedFinding::of(finding, &STYLE), page);
    }
    page.out.raw("</div></details>\n");
}
