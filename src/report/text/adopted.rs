//! What was written back into manifests.

use super::layout::{self, STEP, TreeRow};
use super::settings::value_at;
use super::tree::TreeSign;
use crate::adopt::{Adoption, ManifestEdit};
use crate::document::Json;
use crate::document::url::without_userinfo;
use crate::manifest::write;
use crate::plan::{Change, Difference, Form, PlanReport};
use crate::report::Style;
use crate::report::line::Line;
use crate::report::place::short_place;
use crate::report::shared::PlanPart;
use crate::report::style::Tone;

/// The settings that were written: each with the value that it had in the manifests, the value that it has now,
/// and the place. Long texts and lists are shown as differences.
pub fn adopted(all: &[(&PlanReport, &Adoption, &ManifestEdit)], style: &Style) -> String {
    let ends = all.iter().map(|(_, adoption, _)| name(Tone::Plain, "~", &adoption.path.to_string()).width());
    let values = layout::values(ends, style.width);
    let mut rows = Vec::new();
    for (plan, adoption, target) in all {
        let entry = AdoptedEntry { part: PlanPart::whole(plan), adoption, style, values };
        entry.rows(target, &mut rows);
    }
    let mut out = String::new();
    layout::write(rows, values, style, &mut out);
    out
}

struct AdoptedEntry<'a> {
    part: PlanPart<'a>,
    adoption: &'a Adoption,
    style: &'a Style,
    values: usize,
}

impl AdoptedEntry<'_> {
    fn rows(&self, target: &ManifestEdit, rows: &mut Vec<TreeRow>) {
        let path = self.adoption.path.to_string();
        let (name, value, body) = match (target, self.adoption.changes.as_slice()) {
            (ManifestEdit::Entry { value, .. }, _) => {
                let (value, body) = self.added(value);
                (name(Tone::Added, "+", &path), value, body)
            }
            (_, [change]) if change.path == self.adoption.path => {
                self.one(&path, change, change.after.is_none())
            }
            // Of a list each element is a change of its own.
            (_, changes) => {
                let body = changes.iter().flat_map(|change| self.element(&path, change)).collect();
                (name(Tone::Changed, "~", &path), Line::new(), body)
            }
        };
        rows.push(TreeRow { name, value, places: vec![Line::of(Tone::Context, &place(target))] });
        rows.extend(body.into_iter().map(|line| TreeRow::plain(Line::indented(STEP).followed_by(line))));
    }

    /// `is_null`: whether the manifest then has `null` for it.
    fn one(&self, path: &str, change: &Change, is_null: bool) -> (Line, Line, Vec<Line>) {
        let (tone, sign) = TreeSign::from(change.action()).mark(self.style);
        let (value, body) = value_at(&self.part, self.style, self.values, change, is_null);
        (name(tone, sign, path), value, body)
    }

    /// A change inside of the setting, in lines of its own.
    fn element(&self, path: &str, change: &Change) -> Vec<Line> {
        let full = change.path.to_string();
        let inner = full.strip_prefix(path).unwrap_or(&full).trim_start_matches('.');
        let (name, value, body) = self.one(inner, change, false);
        let body = body.into_iter().map(|line| Line::indented(STEP).followed_by(line));
        std::iter::once(name.with(Tone::Plain, "  ").followed_by(value)).chain(body).collect()
    }

    fn added(&self, value: &write::Yaml) -> (Line, Vec<Line>) {
        if let Some(text) = value.setting_text() {
            let path = self.adoption.path.clone();
            let difference =
                Difference { path, before: None, after: Some(Json::String(text)), form: Form::Value };
            return value_at(&self.part, self.style, self.values, &difference.into(), false);
        }
        let line = Line::of(Tone::Plain, &without_userinfo(&write::inline(value)));
        match self.values + line.width() <= self.style.width {
            true => (line, Vec::new()),
            false => (Line::new(), vec![line]),
        }
    }
}

fn name(tone: Tone, sign: &str, path: &str) -> Line {
    Line::of(tone, sign).with(Tone::Plain, " ").with(Tone::Plain, path)
}

/// The place that is written; of a file that is written whole, the first line that differs.
fn place(target: &ManifestEdit) -> String {
    match target {
        ManifestEdit::Value { at, .. } => short_place(at),
        ManifestEdit::Text { file, was, text } => {
            let pairs = was.lines().zip(text.lines());
            format!("{file}:{}", pairs.take_while(|(was, now)| was == now).count() + 1)
        }
        ManifestEdit::Images { files, .. } => {
            files.iter().map(|image| image.file.as_str()).collect::<Vec<_>>().join(", ")
        }
        ManifestEdit::Entry { source, .. } => source.name.clone(),
    }
}
