//! Risks, warnings and notes under a plan's tree, each in as few lines as will do.

use crate::document::Path;
use crate::plan::{Finding, Level};
use crate::report::Style;
use crate::report::line::{Line, count, wrap};
use crate::report::mark::FindingMark;
use crate::report::shared::PlanPart;
use crate::report::style::Tone;
use crate::report::visible;
use crate::rules::acknowledge::is_acknowledgeable;

const INDENT: usize = 4;
/// The characters of a note that are shown; it may name any number of settings.
const MOST: usize = 2000;

/// Writes the findings of this level that no row of the tree has shown.
///
/// Findings that say the same of several settings are one line.
pub(super) fn write(part: &PlanPart<'_>, level: Level, style: &Style, out: &mut String) {
    let mut joined: Vec<(&str, Option<&str>, Vec<&Finding>)> = Vec::new();
    let of_level = |finding: &&&Finding| finding.level == level && !is_unmanaged(finding);
    let others = part.notes.iter().filter(of_level).copied();
    for finding in others {
        let said = predicate(finding);
        match joined.iter_mut().find(|(code, of, _)| *code == finding.code && of.is_some() && *of == said) {
            Some((_, _, findings)) => findings.push(finding),
            None => joined.push((&*finding.code, said, vec![finding])),
        }
    }
    for (_, said, findings) in joined {
        let text = match (said, findings.as_slice()) {
            (Some(said), several) => {
                let paths = several.iter().filter_map(|finding| finding.path.as_ref());
                let paths: Vec<String> = paths.map(ToString::to_string).collect();
                format!("{said}: {}", paths.join(", "))
            }
            (None, several) => several.first().map(|finding| finding.text.clone()).unwrap_or_default(),
        };
        let help = findings.first().and_then(|finding| finding.help.as_deref());
        let text = help.map_or(text.clone(), |help| format!("{text}; {help}"));
        if let Some(first) = findings.first() {
            line(FindingMark::of(first), &first.code, &text, style, out);
        }
    }
}

/// Writes findings one by one, each with its remedy.
pub(super) fn findings(findings: &[Finding], style: &Style, out: &mut String) {
    for finding in findings {
        let help = finding.help.as_deref().map_or_else(String::new, |help| format!("; {help}"));
        let text = format!("{}{help}", finding.text);
        line(FindingMark::of(finding), &finding.code, &text, style, out);
    }
}

/// Writes the unmanaged settings of the pool if the manifest has `unmanaged: report`:
/// several of one structure by their number.
///
/// Says whether it did.
pub(super) fn listed(part: &PlanPart<'_>, style: &Style, out: &mut String) -> bool {
    let mut groups: Vec<(Option<&str>, Vec<&Path>)> = Vec::new();
    let unmanaged = part.notes.iter().filter(|finding| is_unmanaged(finding));
    for path in unmanaged.filter_map(|finding| finding.path.as_ref()) {
        match groups.iter_mut().find(|(head, _)| *head == path.head()) {
            Some((_, paths)) => paths.push(path),
            None => groups.push((path.head(), vec![path])),
        }
    }
    if !groups.is_empty() {
        line(FindingMark::Note, "", &format!("unmanaged: {}", by_structure(&groups)), style, out);
    }
    !groups.is_empty()
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
    let can_be = |finding: &&&Finding| finding.level == Level::Note && is_acknowledgeable(&finding.code);
    let mut codes: Vec<&str> = Vec::new();
    for finding in part.notes.iter().filter(can_be) {
        if !codes.contains(&&*finding.code) {
            codes.push(&finding.code);
        }
    }
    let entry = |code: &str| format!("`{{ code: {code}, reason: {} }}`", style.ellipsis());
    let text = match codes.as_slice() {
        [] => return,
        [code] => format!("to acknowledge: add {} to `ignore`", entry(code)),
        codes => format!("to acknowledge: add {} to `ignore`; codes: {}", entry("CODE"), codes.join(", ")),
    };
    aside(&text, style, out);
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
