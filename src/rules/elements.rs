//! Sets that are declared by their elements: `has` and `lacks`.

use super::value::{Checker, HAS, LACKS};
use crate::catalogue::Field;
use crate::document::{Json, Path, Seg};
use crate::manifest::yaml::{Value, YamlEntry, YamlNode};
use crate::manifest::{Diagnostic, Origin, similar};

/// The declared elements of a set.
#[derive(Default)]
pub(super) struct Elements {
    /// The elements that the set must have.
    pub(super) has: Vec<Json>,
    /// The elements that the set must not have.
    pub(super) lacks: Vec<Json>,
}

impl Checker<'_> {
    /// The elements that a mapping declares of the set at `at`, if nothing is wrong with them.
    pub(super) fn elements(
        &mut self,
        at: &Path,
        field: &Field<'_>,
        entries: &[YamlEntry],
        origin: &Origin,
    ) -> Option<Elements> {
        let before = self.findings.len();
        let (mut has, mut lacks) = (Vec::new(), Vec::new());
        for entry in entries {
            match entry.key.as_str() {
                HAS => has = self.elements_under(at, field, entry),
                LACKS => lacks = self.elements_under(at, field, entry),
                key => {
                    let message = format!("`{at}` has the unknown key `{key}`");
                    let help = match similar(key, [HAS, LACKS]) {
                        Some(close) => format!("did you mean `{close}`?"),
                        None => format!(
                            "the keys are `{HAS}` and `{LACKS}`; write a list to declare the whole set"
                        ),
                    };
                    let error = Diagnostic::error("unknown-key", message, entry.origin.clone(), "unknown");
                    self.report(error.help(help));
                }
            }
        }
        for (value, node) in &lacks {
            if let Some((_, other)) = has.iter().find(|(other, _)| other == value) {
                let is_secret = [node, other].iter().any(|node| node.is_given(|given| given.is_secret));
                let element = if is_secret { "an element".to_owned() } else { value.to_string() };
                let message = format!("{element} is under both `{HAS}` and `{LACKS}` of `{at}`");
                let error =
                    Diagnostic::error("declared-twice", message, node.origin.clone(), "under `lacks` here");
                let error = error.related(other.origin.clone(), "under `has` here");
                self.report(error.help("keep one of the two"));
            }
        }
        if self.findings.len() > before {
            return None;
        }
        if has.is_empty() && lacks.is_empty() {
            let message = format!("`{at}` declares no element");
            let error = Diagnostic::error("empty", message, origin.clone(), "no elements");
            self.report(error.help(format!(
                "add elements under `{HAS}` or `{LACKS}`, or delete the line to stop managing it; write `[]` for the empty list"
            )));
            return None;
        }
        let values =
            |elements: Vec<(Json, &YamlNode)>| elements.into_iter().map(|(value, _)| value).collect();
        Some(Elements { has: values(has), lacks: values(lacks) })
    }

    /// The sound elements of a list under `has` or `lacks`.
    fn elements_under<'n>(
        &mut self,
        at: &Path,
        field: &Field<'_>,
        entry: &'n YamlEntry,
    ) -> Vec<(Json, &'n YamlNode)> {
        let Value::Sequence(nodes) = &entry.value.value else {
            let message = format!("`{}` of `{at}` must be a list", entry.key);
            let is_blank = entry.value.origin.span.is_empty();
            let place = if is_blank { &entry.origin } else { &entry.value.origin };
            let error = Diagnostic::error("type", message, place.clone(), "not a list");
            self.report(error.help("write the elements in `[ ]`, or one per line after `- `"));
            return Vec::new();
        };
        let count = i64::try_from(nodes.len()).unwrap_or(i64::MAX);
        if field.shape.max.is_some_and(|max| count > max)
            && !self.within(at, field.shape, count, "elements", &entry.value.origin)
        {
            return Vec::new();
        }
        let mut elements = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            let inner = at.join(Seg::Index(index));
            let element = self.catalogue.setting(&inner);
            let value = element.and_then(|element| self.value(&inner, &element, node));
            elements.extend(value.map(|value| (value, node)));
        }
        self.repeated(at, field, &elements);
        elements
    }
}
