//! One value against its shape.

use std::collections::HashMap;

use super::{foreign, pattern, placeholder};
use crate::catalogue::{Catalogue, Compare, Field, sounds_secret};
use crate::document::{Json, Object, Path, Seg, bytes, quoted, twins};
use crate::manifest::yaml::{Scalar, ScalarMeaning, Value, YamlEntry, YamlNode};
use crate::manifest::{Diagnostic, Given, Origin, similar};
use crate::shapes::{Shape, ShapeKind};

/// The elements that a set must have.
pub(super) const HAS: &str = "has";
/// The elements that a set must not have.
pub(super) const LACKS: &str = "lacks";

/// Whether a setting can be declared by its elements.
pub(super) fn is_set(field: &Field<'_>) -> bool {
    field.shape.kind == ShapeKind::List && field.compare() == Compare::Set
}

/// Whether a mapping looks like the declaration of a set's elements.
pub(super) fn is_by_elements(entries: &[YamlEntry]) -> bool {
    entries.iter().any(|entry| similar(&entry.key, [HAS, LACKS]).is_some())
}

/// Checks values and collects what is wrong with them.
pub(super) struct Checker<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) findings: Vec<Diagnostic>,
    /// The places of sensitive values, which excerpts of other findings must not show.
    pub(super) hidden: Vec<Origin>,
}

impl Checker<'_> {
    pub(super) fn report(&mut self, finding: Diagnostic) {
        finding.add_to(&mut self.findings);
    }

    /// Keeps the text of a sensitive setting out of every excerpt of the file.
    pub(super) fn hide(&mut self, field: &Field<'_>, node: &YamlNode) {
        if field.is_sensitive() {
            self.hide_scalars(node);
        }
    }

    /// Hides the scalars of a value, except references, which only name where the value is.
    fn hide_scalars(&mut self, node: &YamlNode) {
        let scalars = node.scalars().into_iter().filter(|(_, origin)| !is_elsewhere(origin.text()));
        self.hidden.extend(scalars.map(|(_, origin)| origin.clone()));
    }

    /// Hides the values of unknown members with names that people give to secrets.
    pub(super) fn hide_what_sounds_secret(&mut self, entry: &YamlEntry) {
        if sounds_secret(&entry.key) {
            self.hide_scalars(&entry.value);
        }
        if let Value::Mapping(entries) = &entry.value.value {
            entries.iter().for_each(|entry| self.hide_what_sounds_secret(entry));
        }
    }

    /// The JSON of a value of the setting `at`, if nothing is wrong with it.
    pub(super) fn value(&mut self, at: &Path, field: &Field<'_>, node: &YamlNode) -> Option<Json> {
        self.hide(field, node);
        match (field.shape.kind, &node.value) {
            (ShapeKind::List, Value::Sequence(nodes)) => self.list(at, field, nodes, &node.origin),
            (ShapeKind::Structure, Value::Mapping(entries)) => {
                self.structure(at, field, entries, &node.origin)
            }
            (ShapeKind::List, Value::Mapping(entries)) if is_by_elements(entries) => {
                let message = format!("the elements of `{at}` cannot be declared one by one");
                let error = Diagnostic::error("type", message, node.origin.clone(), "not a list");
                let why = match is_set(field) {
                    true => "lists inside a list are declared whole",
                    false => "only sets can be declared by their elements",
                };
                self.report(error.help(format!("write the whole list: {why}")));
                None
            }
            (ShapeKind::List, _) => {
                self.mismatch(
                    at,
                    "a list",
                    node,
                    "write the elements in `[ ]`, or one per line after `- `".to_owned(),
                );
                None
            }
            (ShapeKind::Document, Value::Mapping(_)) => Some(node.to_json()),
            (ShapeKind::Document, Value::Scalar(Scalar { given: Some(given), text, .. }))
                if given.file().is_some() =>
            {
                self.document(at, given, text, node)
            }
            (ShapeKind::Structure | ShapeKind::Map | ShapeKind::Document, _) => {
                self.mismatch(at, "a mapping", node, self.members_help(field));
                None
            }
            (_, Value::Scalar(scalar)) => {
                self.credential(at, field, scalar, &node.origin);
                self.scalar(at, field, scalar, &node.origin)
            }
            (kind, _) => {
                self.mismatch(at, kind_name(kind), node, format!("write one value: `{}: …`", leaf(at)));
                None
            }
        }
    }

    /// A JSON document in a file of its own; `None` if the file was not read.
    fn document(&mut self, at: &Path, given: &Given, text: &str, node: &YamlNode) -> Option<Json> {
        if given.is_unknown {
            return None;
        }
        let document = twins::parse_file(text.as_bytes());
        if let Ok(document @ Json::Object(_)) = document {
            return Some(document);
        }
        let file = given.file().unwrap_or_default();
        let message = format!("`{at}` takes a JSON object, and `{file}` has none");
        let error = Diagnostic::error("type", message, node.origin.clone(), "no JSON object");
        let why = document.err().map_or_else(String::new, |error| format!(": the file {error}"));
        self.report(error.help(format!("write one JSON object into the file{why}")));
        None
    }

    /// Warns of a credential that the file has itself.
    fn credential(&mut self, at: &Path, field: &Field<'_>, scalar: &Scalar, origin: &Origin) {
        if field.row.is_none_or(|row| !row.credential) || scalar.given.is_some() {
            return;
        }
        let message = format!("`{at}` is a secret, and the manifest has its value");
        let warning = Diagnostic::error("secret-in-file", message, origin.clone(), "written here").warning();
        self.report(warning.help(
            "write `${secret:NAME}`, and set the environment variable POOLCTL_SECRET_NAME. Use a new secret if the file has \
             been committed: its history keeps this one",
        ));
    }

    /// A structure inside a list: declared whole, so it must have its required members.
    fn structure(
        &mut self,
        at: &Path,
        field: &Field<'_>,
        entries: &[YamlEntry],
        origin: &Origin,
    ) -> Option<Json> {
        let mut members = Object::new();
        let mut sound = true;
        for entry in entries {
            let inner = at.member(&entry.key);
            let value = match self.catalogue.setting(&inner) {
                Some(field) => self.value(&inner, &field, &entry.value),
                None => {
                    self.unknown(&inner, entry);
                    None
                }
            };
            match value {
                Some(value) => drop(members.insert(entry.key.clone(), value)),
                None => sound = false,
            }
        }
        let list = at.parent().and_then(|list| self.catalogue.setting(&list));
        let key = list.and_then(|list| list.key_member());
        let key = key.filter(|key| !field.shape.required.contains(key));
        for needed in field.shape.required.iter().chain(&key) {
            if !entries.iter().any(|entry| entry.key == **needed) {
                let message = format!("an element of `{}` needs `{needed}`", at.written_at());
                let label = format!("this element has no `{needed}`");
                let finding = Diagnostic::error("required-member", message, origin.clone(), label);
                self.report(finding.help(format!("add `{needed}` to the element")));
                sound = false;
            }
        }
        sound.then_some(Json::Object(members))
    }

    fn list(&mut self, at: &Path, field: &Field<'_>, nodes: &[YamlNode], origin: &Origin) -> Option<Json> {
        let count = i64::try_from(nodes.len()).unwrap_or(i64::MAX);
        if !self.within(at, field.shape, count, "elements", origin) {
            return None;
        }
        let mut elements = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            let inner = at.join(Seg::Index(index));
            let field = self.catalogue.setting(&inner);
            if let Some(value) = field.and_then(|field| self.value(&inner, &field, node)) {
                elements.push((value, node));
            }
        }
        if elements.len() < nodes.len() {
            return None;
        }
        self.repeated(at, field, &elements);
        Some(Json::Array(elements.into_iter().map(|(value, _)| value).collect()))
    }

    /// Reports an element that a set has twice, or that has the key of another element.
    pub(super) fn repeated(&mut self, at: &Path, field: &Field<'_>, elements: &[(Json, &YamlNode)]) {
        let name = |value: &Json| match field.compare() {
            Compare::ByShape | Compare::NumericText => None,
            Compare::Set => Some(value.clone()),
            Compare::Keyed { key, .. } => value.get(key).cloned(),
            Compare::Attributes => {
                let canonical = self.catalogue.canonical_value(at, &Json::Array(vec![value.clone()]));
                canonical[0].get("Name").cloned()
            }
        };
        let mut seen: HashMap<String, &Origin> = HashMap::new();
        for (value, node) in elements {
            let Some(this) = name(value).map(|name| name.to_string()) else { continue };
            if let Some(first) = seen.get(&this) {
                let secret = node.is_given(|given| given.is_secret);
                let this = if secret { "an element" } else { this.as_str() };
                let message = format!("{this} appears twice in `{at}`");
                let finding =
                    Diagnostic::error("duplicate-element", message, node.origin.clone(), "again here")
                        .related((*first).clone(), "first here");
                self.report(finding.help("keep one of the two"));
            } else {
                seen.insert(this, &node.origin);
            }
        }
    }

    /// The value of a reference is not quoted if it is a secret, and not checked if it is unknown.
    fn scalar(&mut self, at: &Path, field: &Field<'_>, scalar: &Scalar, origin: &Origin) -> Option<Json> {
        match &scalar.given {
            Some(given) if given.is_unknown => Some(Json::from(scalar.text.as_str())),
            Some(given) if given.is_secret => {
                let before = self.findings.len();
                let value = self.checked_scalar(at, field, scalar, origin);
                for finding in self.findings.iter_mut().skip(before) {
                    finding.message = format!("the value of the secret is not valid for `{at}`");
                    finding.label = Some((origin.clone(), "the secret is used here".to_owned()));
                    finding.help = Some(format!(
                        "run `poolctl explain {}` for the valid values",
                        quoted(&at.to_string())
                    ));
                }
                value
            }
            _ => self.checked_scalar(at, field, scalar, origin),
        }
    }

    fn checked_scalar(
        &mut self,
        at: &Path,
        field: &Field<'_>,
        scalar: &Scalar,
        origin: &Origin,
    ) -> Option<Json> {
        let shape = field.shape;
        let meaning = match (&scalar.given, shape.kind) {
            // A reference to a number gives a number, although its value is a text.
            (Some(_), ShapeKind::Integer | ShapeKind::Float | ShapeKind::Timestamp | ShapeKind::Boolean) => {
                Scalar::meaning_of(&scalar.text)
            }
            _ => scalar.meaning(),
        };
        match (shape.kind, meaning) {
            (_, ScalarMeaning::Blank | ScalarMeaning::Null) => {
                let message = format!("an element of `{}` has no value", at.written_at());
                let finding = Diagnostic::error("blank", message, origin.clone(), "no value");
                self.report(finding.help("write a value, or delete the element"));
                None
            }
            (ShapeKind::String | ShapeKind::Other, ScalarMeaning::Text) => {
                self.text(at, field, &scalar.text, origin)
            }
            (ShapeKind::Integer, ScalarMeaning::Number(number)) => self.integer(at, shape, &number, origin),
            (ShapeKind::Float | ShapeKind::Timestamp, ScalarMeaning::Number(number)) => {
                Some(Json::Number(number))
            }
            (ShapeKind::Boolean, ScalarMeaning::Boolean(value)) => Some(Json::Bool(value)),
            (ShapeKind::Blob, _) => self.bytes(at, shape, &scalar.text, origin),
            (ShapeKind::Other, _) => Some(Json::String(scalar.text.clone())),
            (ShapeKind::String, meaning) => {
                let what =
                    if matches!(meaning, ScalarMeaning::Boolean(_)) { "a boolean" } else { "a number" };
                let shown = if field.is_sensitive() { "this" } else { &format!("`{}`", scalar.text) };
                let message = format!("`{at}` takes text, but YAML reads {shown} as {what}");
                let help = quote_help(field, &scalar.text, &meaning);
                self.report(Diagnostic::error("quote", message, origin.clone(), what).help(help));
                None
            }
            (kind, _) => {
                let message = format!("`{at}` takes {}", kind_name(kind));
                let help = self.scalar_help(kind, shape, scalar);
                let label = match scalar.meaning() {
                    ScalarMeaning::Boolean(_) => "a boolean",
                    ScalarMeaning::Number(_) | ScalarMeaning::OddNumber => "a number",
                    _ => "text",
                };
                self.report(Diagnostic::error("type", message, origin.clone(), label).help(help));
                None
            }
        }
    }

    fn scalar_help(&self, kind: ShapeKind, shape: &Shape, scalar: &Scalar) -> String {
        match (kind, Scalar::meaning_of(scalar.text.trim())) {
            (ShapeKind::Boolean, _) if is_yes(&scalar.text) => "write `true`".to_owned(),
            (ShapeKind::Boolean, _) if is_no(&scalar.text) => "write `false`".to_owned(),
            (ShapeKind::Boolean, _) => "write `true` or `false`, without quotes".to_owned(),
            (_, ScalarMeaning::Number(number)) => format!("write `{number}`, without quotes"),
            _ => format!("write a decimal number{}", range(shape)),
        }
    }

    fn integer(
        &mut self,
        at: &Path,
        shape: &Shape,
        number: &serde_json::Number,
        origin: &Origin,
    ) -> Option<Json> {
        let Some(value) = number.as_i64() else {
            let message = format!("`{at}` takes a whole number");
            let finding = Diagnostic::error("type", message, origin.clone(), "not a whole number");
            self.report(finding.help(format!("write a whole number{}", range(shape))));
            return None;
        };
        self.within(at, shape, value, "", origin).then(|| Json::Number(number.clone()))
    }

    fn bytes(&mut self, at: &Path, shape: &Shape, text: &str, origin: &Origin) -> Option<Json> {
        let Some(bytes) = bytes::decode(text) else {
            let message = format!("`{at}` takes bytes in base64");
            let error = Diagnostic::error("type", message, origin.clone(), "not base64");
            self.report(error.help("write `${base64:PATH}` for the bytes of a file"));
            return None;
        };
        let count = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        self.within(at, shape, count, "bytes", origin).then(|| bytes::encode(&bytes).into())
    }

    fn text(&mut self, at: &Path, field: &Field<'_>, whole: &str, origin: &Origin) -> Option<Json> {
        let shape = field.shape;
        let prefixes = field.row.map_or(&[][..], |row| row.prefixes);
        let text = prefixes.iter().find_map(|prefix| whole.strip_prefix(prefix)).unwrap_or(whole);
        if !shape.allowed.is_empty() && !shape.allowed.contains(&text) {
            let message = format!("`{at}` cannot be `{text}`");
            let allowed = shape.allowed.join(", ");
            let help = match similar(text, shape.allowed.iter().copied()) {
                Some(close) if shape.allowed.len() > 1 => {
                    format!("did you mean `{close}`? The allowed values are {allowed}")
                }
                _ => format!("write one of the allowed values: {allowed}"),
            };
            self.report(
                Diagnostic::error("enum", message, origin.clone(), "not an allowed value").help(help),
            );
            return None;
        }
        // A wrong form is more likely the mistake than the length.
        if let Some(pattern) = shape.pattern
            && !text.is_empty()
            && !pattern::matches(pattern, text)
        {
            let wanted = pattern::in_words(pattern);
            let torn = || placeholder::torn(text).filter(|_| wanted.contains("placeholder"));
            let (message, help) = match (foreign::in_words(pattern, text), torn()) {
                (Some((named, remedy)), _) => {
                    (format!("`{at}` does not take the {named}"), format!("{remedy}; `{at}` takes {wanted}"))
                }
                (None, Some(word)) => (
                    format!(
                        "`{at}` takes {wanted}, and has `{word}`, which is left of one that another tool has changed"
                    ),
                    "write the placeholder there as it is, and keep the tool from encoding or splitting it"
                        .to_owned(),
                ),
                (None, None) => (format!("`{at}` takes {wanted}"), self.form_help(at)),
            };
            self.report(Diagnostic::error("pattern", message, origin.clone(), "does not match").help(help));
            return None;
        }
        let count = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        if !self.within(at, shape, count, "characters", origin) {
            return None;
        }
        Some(Json::from(whole))
    }

    /// What to write where a text does not have the right form.
    fn form_help(&self, at: &Path) -> String {
        match self.catalogue.example(at) {
            Some(Json::String(example)) => format!("write a value like `{example}`"),
            _ => format!("run `poolctl explain {}` for the form of the value", quoted(&at.to_string())),
        }
    }

    /// Whether a number, or a count of `unit`, is within the shape's bounds.
    pub(super) fn within(
        &mut self,
        at: &Path,
        shape: &Shape,
        count: i64,
        unit: &str,
        origin: &Origin,
    ) -> bool {
        let mistake = Self::out_of_bounds(at, shape, count, unit, origin);
        let is_within = mistake.is_none();
        mistake.into_iter().for_each(|mistake| self.report(mistake));
        is_within
    }

    /// The mistake of a number, or of a count of `unit`, that is not within the shape's bounds.
    pub(super) fn out_of_bounds(
        at: &Path,
        shape: &Shape,
        count: i64,
        unit: &str,
        origin: &Origin,
    ) -> Option<Diagnostic> {
        let low = shape.min.is_some_and(|min| count < min);
        let high = shape.max.is_some_and(|max| count > max);
        if !low && !high {
            return None;
        }
        let bounds = match (shape.min, shape.max) {
            (Some(min), Some(max)) if min == max => format!("exactly {min}"),
            (Some(min), Some(max)) => format!("{min} to {max}"),
            (Some(min), None) => format!("at least {min}"),
            (_, max) => format!("at most {}", max.unwrap_or_default()),
        };
        let (message, label) = if unit.is_empty() {
            (format!("`{at}` takes {bounds}"), "out of range".to_owned())
        } else {
            (format!("`{at}` takes {bounds} {unit}"), format!("{count} {unit}"))
        };
        let finding = Diagnostic::error("range", message, origin.clone(), label);
        Some(finding.help(range_help(shape, count, unit)))
    }

    fn mismatch(&mut self, at: &Path, wanted: &str, node: &YamlNode, help: String) {
        let got = match &node.value {
            Value::Scalar(_) => "a single value",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        };
        let message = format!("`{at}` takes {wanted}");
        self.report(Diagnostic::error("type", message, node.origin.clone(), got).help(help));
    }

    fn members_help(&self, field: &Field<'_>) -> String {
        let names: Vec<&str> = field.shape.members.iter().map(|(name, _)| *name).collect();
        if names.is_empty() {
            return "write `key: value` pairs".to_owned();
        }
        format!("its members are {}", names.join(", "))
    }
}

/// Whether a scalar, as the file has it, is one reference to a secret or to a file.
pub(super) fn is_elsewhere(text: &str) -> bool {
    let bare = text.trim_matches(['"', '\'']);
    let refers = ["${secret:", "${file:", "${base64:"].iter().any(|start| bare.starts_with(start));
    refers && bare.find('}') == Some(bare.len() - 1)
}

/// What to write instead of a number or a boolean if the setting takes text.
fn quote_help(field: &Field<'_>, text: &str, meaning: &ScalarMeaning) -> String {
    let shape = field.shape;
    if !shape.allowed.is_empty() {
        let word = match meaning {
            ScalarMeaning::Boolean(true) => "ON",
            ScalarMeaning::Boolean(false) => "OFF",
            _ => "",
        };
        let values = shape.allowed.join(", ");
        return match shape.allowed.contains(&word) {
            true => format!("write `\"{word}\"`, in quotes; the allowed values are {values}"),
            false => format!("write one of the allowed values: {values}"),
        };
    }
    match shape.pattern {
        Some(pattern) if !pattern::matches(pattern, text) => format!("write {}", pattern::in_words(pattern)),
        _ if field.is_sensitive() => "put it in quotes".to_owned(),
        _ => format!("put it in quotes: {}", Json::from(text)),
    }
}

/// The range of a number, to follow a noun; empty without both bounds.
fn range(shape: &Shape) -> String {
    match (shape.min, shape.max) {
        (Some(min), Some(max)) => format!(" from {min} to {max}"),
        _ => String::new(),
    }
}

/// What to do about a number, or a count of `unit`, that is out of range.
fn range_help(shape: &Shape, count: i64, unit: &str) -> String {
    let (word, bound) = match shape.max.filter(|max| count > *max) {
        Some(max) => ("at most", max),
        None => ("at least", shape.min.unwrap_or_default()),
    };
    if unit.is_empty() {
        return match range(shape) {
            range if range.is_empty() => format!("write a number of {word} {bound}"),
            range => format!("write a number{range}"),
        };
    }
    let unit = match (bound, unit) {
        (1, "elements") => "element",
        (1, "entries") => "entry",
        (1, "characters") => "character",
        _ => unit,
    };
    format!("write {word} {bound} {unit}")
}

/// The last name of a path.
pub(super) fn leaf(at: &Path) -> String {
    at.segs().last().map(ToString::to_string).unwrap_or_default()
}

fn is_yes(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "yes" | "on" | "y" | "true" | "1")
}

fn is_no(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "no" | "off" | "n" | "false" | "0")
}

fn kind_name(kind: ShapeKind) -> &'static str {
    match kind {
        ShapeKind::Integer => "a whole number",
        ShapeKind::Float | ShapeKind::Timestamp => "a number",
        ShapeKind::Boolean => "`true` or `false`",
        ShapeKind::Blob => "bytes in base64",
        _ => "text",
    }
}
