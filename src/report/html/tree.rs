//! The settings of a pool: the tree of the text form as nested lists.

use super::ground::{HtmlWriter, STYLE};
use super::markup::class;
use crate::manifest::Origin;
use crate::plan::{Change, Direction, Finding, Level};
use crate::report::line::Line;
use crate::report::mark::FindingMark;
use crate::report::shared::PlanPart;
use crate::report::text::{TreeNode, TreeSign, undeclared_value, value};
use crate::report::visible;
use crate::rules::AllowedBy;

/// The characters of a name that are shown, and of a text about it.
const NAME: usize = 200;
const SENTENCE: usize = 600;

/// Writes the tree of a plan's changes and conflicts; writes nothing if there are no changes.
pub(super) fn write<'a>(part: &PlanPart<'a>, page: &mut HtmlWriter<'_>) {
    let root = TreeNode::of(part);
    if !root.children.is_empty() {
        TreeWriter { part, page, explained: Vec::new() }.children(&root, false);
    }
}

struct TreeWriter<'p, 'a, 'w, 'o> {
    part: &'p PlanPart<'a>,
    page: &'w mut HtmlWriter<'o>,
    /// The risks whose consequence has been shown already.
    explained: Vec<(&'a str, &'a str)>,
}

impl<'a> TreeWriter<'_, 'a, '_, '_> {
    /// Writes what a node holds; `is_placed`: whether a structure further out has the place of all of it.
    fn children(&mut self, node: &TreeNode<'a>, is_placed: bool) {
        self.page.out.raw("<ul>");
        for child in &node.children {
            self.page.out.raw("<li>");
            match child.is_group() {
                true => self.group(child, is_placed),
                false => self.setting(child, is_placed),
            }
        }
        self.page.out.raw("</ul>");
    }

    fn group(&mut self, group: &TreeNode<'a>, is_placed: bool) {
        let common = group.common_origin().filter(|_| !is_placed);
        self.name(group.sign(), group);
        if let Some(origin) = common {
            self.place(origin, None, group.direction());
        }
        group.remarks.iter().for_each(|remark| self.remark(remark));
        self.children(group, is_placed || common.is_some());
        if let Some(unchanged) = group.unchanged() {
            self.page.out.raw("<p class=c>").text(&unchanged);
        }
    }

    fn setting(&mut self, node: &TreeNode<'a>, is_placed: bool) {
        let sign = match (node.undeclared, node.change) {
            (Some(_), _) => TreeSign::Undeclared,
            _ => node.sign(),
        };
        self.name(sign, node);
        if let Some(setting) = node.undeclared {
            let shown = undeclared_value(self.part, &STYLE, setting);
            let released = if setting.is_released { "no longer declared" } else { "unmanaged" };
            self.head(&shown.0);
            self.page.out.raw("<i>").text(released).raw("</i>");
            self.block(&shown.1);
        }
        if let Some(change) = node.change {
            self.change(change, is_placed);
        }
        if !node.conflicts.is_empty() {
            self.conflicts(&node.conflicts);
        }
        node.remarks.iter().for_each(|remark| self.remark(remark));
        if !node.children.is_empty() {
            self.children(node, is_placed);
        }
    }

    fn name(&mut self, sign: TreeSign, node: &TreeNode<'_>) {
        let out = &mut self.page.out;
        let (open, close) = match sign {
            TreeSign::Add => ("<ins>", "</ins><code>"),
            TreeSign::Remove => ("<del>", "</del><code>"),
            TreeSign::Update | TreeSign::Undeclared => ("<b>", "</b><code>"),
            TreeSign::Refused => ("<b class=x>", "</b><code>"),
        };
        out.raw(open).text(sign.mark(&STYLE).1).raw(close);
        out.text(&visible::shorten(&node.name(), NAME, STYLE.ellipsis())).raw("</code>");
    }

    fn change(&mut self, change: &Change, is_placed: bool) {
        let origin = change.origin.as_ref().or(self.part.plan.switched_off_at(change));
        let origin = origin.filter(|_| !is_placed);
        let (head, body) = value(self.part, &STYLE, change, origin.is_some_and(Origin::is_null));
        self.head(&head);
        if let Some(origin) = origin {
            self.place(origin, change.template.as_deref(), change.direction);
        }
        self.block(&body);
    }

    /// Writes the part of a value that shares a line with its name.
    fn head(&mut self, line: &Line) {
        if !line.is_blank() {
            self.page.out.raw("<span>").line(line).raw("</span>");
        }
    }

    /// Writes the lines of a value below its name.
    fn block(&mut self, lines: &[Line]) {
        if lines.is_empty() {
            return;
        }
        self.page.out.raw("<pre>").text_lines(lines).raw("</pre>");
    }

    /// Writes the place that asks for something: the template first, where the value comes from one.
    fn place(&mut self, origin: &Origin, template: Option<&Origin>, direction: Option<Direction>) {
        self.page.out.raw("<i>");
        if let Some(direction) = direction {
            self.page.out.raw("<b>").text(direction.word()).raw("</b> ");
        }
        if let Some(template) = template {
            self.page.place(template);
            self.page.out.raw(", from ");
        }
        self.page.line(origin);
        self.page.out.raw("</i>");
    }

    fn conflicts(&mut self, conflicts: &[&Finding]) {
        let mark = FindingMark::Conflict;
        let mut codes: Vec<&str> = conflicts.iter().map(|finding| &*finding.code).collect();
        codes.dedup();
        self.page.out.span("x", &format!("{} {}", mark.word(), codes.join(", ")));
    }

    fn remark(&mut self, finding: &'a Finding) {
        let code = &*finding.code;
        let is_known = finding.level == Level::Risk && self.explained.contains(&(code, &finding.text));
        let text = match (&finding.help, finding.level) {
            _ if is_known => "as above".to_owned(),
            (Some(help), _) if finding.allowed_by.is_none() => format!("{}; {help}", finding.text),
            _ => finding.text.to_string(),
        };
        self.explained.push((code, &finding.text));
        self::finding(finding, &text, self.page);
    }
}

/// Writes a finding with this text about it, and what allows it.
pub(super) fn finding(finding: &Finding, text: &str, page: &mut HtmlWriter<'_>) {
    let mark = FindingMark::of(finding);
    let short = format!("{} {} {}", mark.sign(&STYLE).trim(), mark.word(), finding.code);
    page.paragraph(class(mark.tone()), short.trim_start(), |page| {
        page.head(mark, mark.word(), &finding.code);
        page.out.sentence(&visible::shorten(text, SENTENCE, STYLE.ellipsis()));
        match &finding.allowed_by {
            None => {}
            Some(AllowedBy::Flag(flag)) => {
                page.out.raw(" <span class=c>allowed by ").code(&format!("--allow {flag}")).raw("</span>");
            }
            Some(AllowedBy::Manifest { origin, reason }) => {
                let reason = visible::shorten(reason, SENTENCE, STYLE.ellipsis());
                page.out.raw(" <span class=c>allowed by ");
                page.place(origin);
                page.out.raw(": ").sentence(&reason).raw("</span>");
            }
        }
    });
}

/// Where a finding was acknowledged, and why.
pub(super) fn acknowledged(plan: &crate::plan::PlanReport, page: &mut HtmlWriter<'_>) {
    for entry in &plan.acknowledged {
        page.out.raw("<p class=c>");
        page.head(FindingMark::Note, "acknowledged", &entry.finding.code);
        let reason = visible::shorten(&entry.reason, SENTENCE, STYLE.ellipsis());
        page.out.sentence(&entry.finding.text).raw(" (");
        page.place(&entry.origin);
        page.out.raw(": ").sentence(&reason).raw(")</p>");
    }
}
