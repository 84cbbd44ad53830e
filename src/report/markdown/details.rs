//! What changes in a pool, or in several, as a block that opens.

use super::words::{code, longest_run, sentence};
use crate::document::Path;
use crate::manifest::Origin;
use crate::plan::{Change, Finding, Form, Level, PlannedCall};
use crate::report::line::{Line, count, first_of, operations_with, wrap_words};
use crate::report::mark::FindingMark;
use crate::report::place::{place_of, short_place};
use crate::report::shared::{PlanPart, ShownElsewhere};
use crate::report::text::{TreeNode, TreeSign, from_live, undeclared_value, unmanaged_text, value};
use crate::report::{RunKind, Style, visible};
use crate::rules::AllowedBy;

/// How lines in a block of code look.
pub(super) const STYLE: Style = Style { color: false, unicode: true, width: 110 };
/// The lines of a diff that are shown, and of sentences below it.
const LINES: usize = 400;
const SENTENCES: usize = 60;
/// How many unmanaged settings are named.
const FEW: usize = 20;
/// The characters of a line with the names of several documents.
const NAMES: usize = 100;
/// The characters of a line: a value that cannot be broken may be long.
const LINE: usize = 1_000;

/// A block that opens; `summary` is HTML.
pub(super) fn details(summary: &str, body: &str, open: bool) -> String {
    let open = if open { " open" } else { "" };
    format!("<details{open}><summary>{summary}</summary>\n\n{body}\n</details>")
}

/// A block of code, in which nothing can end it.
pub(super) fn fence(language: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}\n", text.trim_end_matches('\n'))
}

/// The changes of a part of a plan as a diff, and its findings below.
pub(super) fn body(part: &PlanPart<'_>, kind: RunKind) -> String {
    let mut diff = Diff { part, lines: Vec::new() };
    if kind == RunKind::Drift && !part.changes.is_empty() {
        diff.push(' ', 0, &from_live(&STYLE));
    }
    diff.children(&TreeNode::of(part), 0, false);
    let mut lines = diff.lines;
    if lines.len() > LINES {
        let more = format!("  … {}", count(lines.len() - LINES, "more line"));
        lines.truncate(LINES);
        lines.push(more);
    }
    let mut out = String::new();
    if !lines.is_empty() {
        out.push_str(&fence("diff", &lines.join("\n")));
    }
    let mut sentences = sentences(part, kind);
    if sentences.len() > SENTENCES {
        let more = format!("- … and {} more", sentences.len() - SENTENCES);
        sentences.truncate(SENTENCES);
        sentences.push(more);
    }
    if !sentences.is_empty() {
        out.push_str(&format!("\n{}\n", sentences.join("\n")));
    }
    out
}

/// What a pool to which nothing happens must be warned of.
pub(super) fn warnings(part: &PlanPart<'_>) -> String {
    let all = part.notes.iter().filter(|finding| finding.level == Level::Warning);
    all.map(|warning| finding(warning, &[]) + "\n").collect()
}

/// Lines with their sign in the first column, where what shows diffs looks for it.
struct Diff<'a> {
    part: &'a PlanPart<'a>,
    lines: Vec<String>,
}

impl<'a> Diff<'a> {
    fn children(&mut self, node: &TreeNode<'a>, depth: usize, is_placed: bool) {
        for child in &node.children {
            let sign = child.sign();
            if child.is_group() {
                let common = child.common_origin().filter(|_| !is_placed);
                let sign = if sign == TreeSign::Update { ' ' } else { letter(sign) };
                let names = wrap_words(child.names().iter().map(String::as_str), NAMES);
                for (position, name) in names.iter().enumerate() {
                    let place = common.filter(|_| position + 1 == names.len());
                    let sign = if position == 0 { sign } else { ' ' };
                    self.push(sign, depth, &format!("{name}{}", placed(place)));
                }
                self.children(child, depth + 1, is_placed || common.is_some());
                if let Some(unchanged) = child.unchanged() {
                    self.push(' ', depth + 1, &format!("({unchanged})"));
                }
                continue;
            }
            self.setting(child, depth, is_placed);
            self.children(child, depth + 1, is_placed);
        }
    }

    fn setting(&mut self, node: &TreeNode<'a>, depth: usize, is_placed: bool) {
        let name = node.name();
        if let Some(setting) = node.undeclared {
            let (head, body) = undeclared_value(self.part, &STYLE, setting);
            let place = if setting.is_released { "no longer declared" } else { "unmanaged" };
            self.push(letter(TreeSign::Undeclared), depth, &format!("{name}: {}   {place}", shown(&head)));
            self.whole(' ', depth, &body);
        }
        if let Some(change) = node.change {
            let switched_off = || self.part.plan.switched_off_at(change).map(short_place);
            let place = place_of(change).or_else(switched_off).filter(|_| !is_placed);
            let place = place.map_or_else(String::new, |place| format!("   {place}"));
            let reset = change.origin.as_ref().is_some_and(Origin::is_null);
            let (head, body) = value(self.part, &STYLE, change, reset);
            let sign = letter(change.action().into());
            let head = shown(&head);
            let gap = if head.is_empty() { "" } else { " " };
            self.push(sign, depth, &format!("{name}:{gap}{head}{}{place}", moved(change)));
            let is_diff = change.form == Form::Set || (change.before.is_some() && change.after.is_some());
            match is_diff || body.len() > 1 {
                true => self.signed(depth, &body),
                false => self.whole(sign, depth, &body),
            }
        }
        if !node.conflicts.is_empty() {
            let codes: Vec<&str> = node.conflicts.iter().map(|finding| &*finding.code).collect();
            self.push(letter(TreeSign::Refused), depth, &format!("{name}: conflict {}", codes.join(", ")));
        }
    }

    /// Lines that have no sign of their own.
    fn whole(&mut self, sign: char, depth: usize, lines: &[Line]) {
        lines.iter().for_each(|line| self.push(sign, depth + 1, &shown(line)));
    }

    /// Lines of a diff. Lines of a text keep their own indentation; members of a set are indented below it.
    fn signed(&mut self, depth: usize, lines: &[Line]) {
        let lines: Vec<String> = lines.iter().map(shown).collect();
        let is_text = lines.first().is_some_and(|line| line.starts_with("@@"));
        for line in &lines {
            let sign = line.chars().next().filter(|c| "+-~ @\\".contains(*c));
            match (sign, line.get(2..)) {
                (Some(sign @ ('+' | '-' | '~' | ' ')), Some(rest)) if !is_text => {
                    self.push(sign, depth + 1, rest)
                }
                (Some(_), _) => self.lines.push(clipped(line)),
                (None, _) => self.push(' ', depth + 1, line),
            }
        }
    }

    fn push(&mut self, sign: char, depth: usize, text: &str) {
        let text = visible::escape(text);
        let line = format!("{sign} {:indent$}{}", "", clipped(&text), indent = 2 * depth);
        self.lines.push(line.trim_end().to_owned());
    }
}

fn letter(sign: TreeSign) -> char {
    sign.mark(&STYLE).1.chars().next().unwrap_or(' ')
}

fn shown(line: &Line) -> String {
    line.text(&STYLE)
}

fn clipped(line: &str) -> String {
    visible::shorten(line, LINE, "…").into_owned()
}

fn placed(origin: Option<&Origin>) -> String {
    origin.map_or_else(String::new, |origin| format!("   {}", short_place(origin)))
}

/// Who has moved, where a baseline tells.
fn moved(change: &Change) -> String {
    change.direction.map_or_else(String::new, |direction| format!("   {}", direction.word()))
}

/// The findings of a part of a plan, weightiest first.
fn sentences(part: &PlanPart<'_>, kind: RunKind) -> Vec<String> {
    let mut findings: Vec<&Finding> = part.remarks.iter().chain(&part.notes).copied().collect();
    findings.sort_by_key(|finding| finding.level);
    let (unmanaged, told): (Vec<&Finding>, Vec<&Finding>) =
        findings.into_iter().partition(|finding| finding.code == "unmanaged");
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in told {
        match groups.iter_mut().find(|group| is_same_risk(group[0], finding)) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    let mut out: Vec<String> = groups.iter().map(|group| self::finding(group[0], group)).collect();
    let ShownElsewhere { settings, others } = part.elsewhere;
    if settings > 0 {
        let one = if kind == RunKind::Drift { "more setting" } else { "more change" };
        let with = others.map_or("other pools".to_owned(), |others| count(others, "other pool"));
        out.push(format!("- {}, shared with {with} (above)", count(settings, one)));
    }
    if part.has_steps && part.plan.calls.len() > 1 {
        let calls: Vec<_> = part.plan.calls.iter().map(PlannedCall::call).collect();
        out.push(format!(
            "- In {} calls: {}",
            calls.len(),
            operations_with(&calls, |path| code(&path.to_string()))
        ));
    }
    if unmanaged.is_empty() {
        out.extend(unmanaged_text(part.unmanaged, kind == RunKind::Drift).map(|text| format!("- {text}")));
    } else {
        let paths: Vec<&Path> = unmanaged.iter().filter_map(|finding| finding.path.as_ref()).collect();
        let names = first_of(paths.iter().map(|path| code(&path.to_string())), FEW);
        out.push(format!("- {}: {names}", count(unmanaged.len(), "unmanaged setting")));
    }
    out
}

/// The mark in front of a finding, if it has one.
fn sign(mark: FindingMark) -> String {
    let sign = mark.sign(&STYLE).trim();
    if sign.is_empty() { String::new() } else { format!("{sign} ") }
}

fn bold(word: &str) -> String {
    let first = word.get(..1).unwrap_or_default().to_uppercase();
    format!("**{first}{}**", word.get(1..).unwrap_or_default())
}

/// Whether two findings are one risk of two settings.
fn is_same_risk(one: &Finding, other: &Finding) -> bool {
    let of = |finding: &Finding| Finding { path: None, ..finding.clone() };
    one.level == Level::Risk && of(one) == of(other)
}

/// A finding as an entry of a list; `all` are the findings that differ from it in the setting alone.
pub(super) fn finding(finding: &Finding, all: &[&Finding]) -> String {
    let mark = FindingMark::of(finding);
    let mut out = format!("- {}{} {}", sign(mark), bold(mark.word()), code(&finding.code));
    // The text of a risk is about its change; the others name their setting.
    let paths = all.iter().filter(|finding| finding.level == Level::Risk).filter_map(|one| one.path.as_ref());
    let paths: Vec<String> = paths.map(|path| code(&path.to_string())).collect();
    if !paths.is_empty() {
        out.push_str(&format!(" of {}", first_of(paths.into_iter(), FEW)));
    }
    out.push_str(&format!(": {}", sentence(&finding.text)));
    if let Some(help) = finding.help.as_ref().filter(|_| finding.allowed_by.is_none()) {
        out.push_str(&format!("; {}", sentence(help)));
    }
    if let Some(origin) = &finding.origin {
        out.push_str(&format!(" ({})", code(&short_place(origin))));
    }
    match &finding.allowed_by {
        None => {}
        Some(AllowedBy::Flag(flag)) => {
            out.push_str(&format!("; allowed by {}", code(&format!("--allow {flag}"))))
        }
        Some(AllowedBy::Manifest { origin, reason }) => {
            out.push_str(&format!("; allowed by {}: {}", code(&short_place(origin)), sentence(reason)));
        }
    }
    out
}
