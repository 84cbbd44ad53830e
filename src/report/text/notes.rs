//! Risks, warnings and notes under a plan's tree, each in as few lines as will do.

use crate::document::Path;
use crate::plan::{Finding, Level};
use crate::report::Style;
use crate::report::line::{Line, count, wrap};
use crate::report::mark::FindingMark;
use crate::report::place::short_place;
use crate::report::shared::PlanPart;
use crate::report::style::Tone;
use crate::report::visible;
use crate::rules::AllowedBy;
use crate::rules::acknowledge::is_acknowledgeable;

const INDENT: usize = 4;
/// The characters of a note that are shown; it may name any number of settings.
const MOST: usize = 2000;

/// Writes the findings of this level that no row of the tree has shown.
pub(super) fn write(part: &PlanPart<'_>, level: Level, style: &Style, out: &mut String) {
    for (first, text) in joined(part, level) {
        line(FindingMark::of(first), &first.code, &text, style, out);
    }
}

/// The findings of this level that no row of the tree has shown, each with its text and its remedy.
///
/// Findings that say the same of several settings are one, with the text of all.
pub(in crate::report) fn joined<'a>(part: &PlanPart<'a>, level: Level) -> Vec<(&'a Finding, String)> {
    let mut joined: Vec<(Option<&str>, Vec<&'a Finding>)> = Vec::new();
    let of_level = |finding: &&&Finding| finding.level == level && !is_unmanaged(finding);
    for finding in part.notes.iter().copied().filter(|finding| of_level(&finding)) {
        let said = predicate(finding);
        let is_same = |(of, all): &&mut (Option<&str>, Vec<&Finding>)| {
            all[0].code == finding.code && of.is_some() && *of == said
        };
        match joined.iter_mut().find(is_same) {
            Some((_, findings)) => findings.push(finding),
            None => joined.push((said, vec![finding])),
        }
    }
    let told = |(said, findings): (Option<&str>, Vec<&'a Finding>)| {
        let first = findings[0];
        let text = match said {
            // What a rule wants of one setting is a whole sentence.
            Some(said) if findings.len() > 1 || !first.is_of_house() => {
                let paths = findings.iter().filter_map(|finding| finding.path.as_ref());
                format!("{said}: {}", paths.map(ToString::to_string).collect::<Vec<_>>().join(", "))
            }
            _ => format!("{}{}", place(first), first.text),
        };
        (first, text + &way_out(first))
    };
    joined.into_iter().map(told).collect()
}

/// The setting of a risk as the start of its text: it has no row, and its text may be about the change alone.
fn place(finding: &Finding) -> String {
    let at = finding.path.as_ref().filter(|at| finding.level == Level::Risk && !at.is_root());
    let at = at.map(|at| format!("`{at}`")).filter(|at| !finding.text.contains(at.as_str()));
    at.map_or_else(String::new, |at| format!("{at}: "))
}

/// What to do about a finding, or what allows it, as the end of its text.
fn way_out(finding: &Finding) -> String {
    match (&finding.allowed_by, &finding.help) {
        (Some(by), _) => format!("; {}", allowed(by)),
        (None, Some(help)) => format!("; {help}"),
        (None, None) => String::new(),
    }
}

/// What allows a risk.
pub(super) fn allowed(by: &AllowedBy) -> String {
    match by {
        AllowedBy::Flag(flag) => format!("allowed by --allow {flag}"),
        AllowedBy::Manifest { origin, reason } => format!("allowed by {}: {reason}", short_place(origin)),
    }
}

/// Writes findings one by one, each with its remedy.
pub(super) fn findings(findings: &[Finding], style: &Style, out: &mut String) {
    for finding in findings {
        let text = format!("{}{}", finding.text, way_out(finding));
        line(FindingMark::of(finding), &finding.code, &text, style, out);
    }
}

/// Writes the unmanaged settings of the pool if the manifest has `unmanaged: report`:
/// several of one structure by their number.
///
/// Says whether it did.
pub(super) fn listed(part: &PlanPart<'_>, style: &Style, out: &mut String) -> bool {
    let text = listed_text(part);
    text.iter().for_each(|text| line(FindingMark::Note, "", text, style, out));
    text.is_some()
}

/// The unmanaged settings by the structure that they are in, or `None` if they are not listed.
pub(in crate::report) fn listed_text(part: &PlanPart<'_>) -> Option<String> {
    let mut groups: Vec<(Option<&str>, Vec<&Path>)> = Vec::new();
    let unmanaged = part.notes.iter().filter(|finding| is_unmanaged(finding));
    for path in unmanaged.filter_map(|finding| finding.path.as_ref()) {
        match groups.iter_mut().find(|(head, _)| *head == path.head()) {
            Some((_, paths)) => paths.push(path),
            None => groups.push((path.head(), vec![path])),
        }
    }
    (!groups.is_empty()).then(|| format!("unmanaged: {}", by_structure(&groups)))
}

/// Settings by the structure that they are in: several of one structure by their number.
pub(super) fn by_structure(groups: &[(Option<&str>, Vec<&Path>)]) -> String {
    let words = groups.iter().map(|(head, paths)| match (head, paths.as_slice()) {
        (Some(head), [_, _, ..]) => format!("{head} ({})", paths.len()),
        (_, paths) => paths.iter().map(ToString::to_string).collect(),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Writes how the manifest acknowledges the notes that it can.
pub(super) fn remedy(part: &PlanPart<'_>, style: &Style, out: &mut String) {
    remedy_text(part, style).iter().for_each(|text| aside(text, style, out));
}

/// How the manifest acknowledges the notes that it can, or `None` if there are none.
pub(in crate::report) fn remedy_text(part: &PlanPart<'_>, style: &Style) -> Option<String> {
    let can_be = |finding: &&&Finding| finding.level == Level::Note && is_acknowledgeable(&finding.code);
    let mut codes: Vec<&str> = Vec::new();
    for finding in part.notes.iter().filter(can_be) {
        if !codes.contains(&&*finding.code) {
            codes.push(&finding.code);
        }
    }
    let entry = |code: &str| format!("`{{ code: {code}, reason: {} }}`", style.ellipsis());
    match codes.as_slice() {
        [] => None,
        [code] => Some(format!("to acknowledge: add {} to `ignore`", entry(code))),
        codes => {
            Some(format!("to acknowledge: add {} to `ignore`; codes: {}", entry("CODE"), codes.join(", ")))
        }
    }
}

/// Whether this reports an unmanaged setting. There may be many: they share a line.
fn is_unmanaged(finding: &Finding) -> bool {
    finding.code == "unmanaged"
}

/// Writes which settings of the pool nobody manages, or how many.
///
/// Of a drift they are the settings that are not checked.
pub(super) fn unmanaged(part: &PlanPart<'_>, is_drift: bool, style: &Style, out: &mut String) {
    if listed(part, style, out) {
        return;
    }
    if let Some(text) = unmanaged_text(part.unmanaged, is_drift) {
        aside(&text, style, out);
    }
}

/// The sentence about this many unmanaged settings, or `None` if there are none.
pub(in crate::report) fn unmanaged_text(number: usize, is_drift: bool) -> Option<String> {
    let settings = |one: &str| count(number, one);
    match number {
        0 => None,
        1 if is_drift => Some("1 more unmanaged setting is not checked by drift".to_owned()),
        _ if is_drift => Some(format!("{} are not checked by drift", settings("more unmanaged setting"))),
        1 => Some("1 unmanaged setting stays as it is".to_owned()),
        _ => Some(format!("{} stay as they are", settings("unmanaged setting"))),
    }
}

/// What a finding says of its setting, where its text is "`setting` is …" and nothing more specific.
fn predicate(finding: &Finding) -> Option<&str> {
    let subject = format!("`{}` is ", finding.path.as_ref()?);
    finding.text.strip_prefix(&subject).filter(|said| !said.contains(": "))
}

/// Writes a sentence that is no finding, below the findings.
fn aside(text: &str, style: &Style, out: &mut String) {
    for text in wrap(text, style.width.saturating_sub(INDENT + 2).max(30)) {
        Line::indented(INDENT + 2).with(Tone::Context, &text).write(style, out);
    }
}

fn line(mark: FindingMark, code: &str, text: &str, style: &Style, out: &mut String) {
    let text = visible::shorten(text, MOST, style.ellipsis());
    mark.lines(INDENT, code, &text, style).iter().for_each(|line| line.write(style, out));
}
