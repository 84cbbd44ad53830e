//! Sets that are declared by their elements: what the whole list becomes, and when nobody can say.

use super::additive;
use super::finding::{Finding, Level};
use super::target::Patch;
use crate::catalogue::literal;
use crate::document::{Json, Path};
use crate::rules::Want;

impl Patch<'_> {
    /// The whole list of a set at `at` that must have the elements `has` and must not have `lacks`. The others stay, in
    /// their order. A document that is made has no others.
    pub(super) fn with_elements(&self, at: &Path, has: &Json, lacks: &[Json]) -> Json {
        let mut elements = if self.is_new(at) { Vec::new() } else { self.live_elements(at) };
        elements.retain(|element| !lacks.contains(element));
        let (by, live) = (additive::known_by(self.catalogue, at), elements.clone());
        for element in has.as_array().into_iter().flatten() {
            let mut element = element.clone();
            if !by.is_empty() {
                additive::keep_besides(self.catalogue, at, &live, &mut element);
            }
            additive::put(by, &mut elements, &element);
        }
        Json::Array(elements)
    }

    /// The live elements of a set, or the elements of its default if the pool has none.
    fn live_elements(&self, at: &Path) -> Vec<Json> {
        let live = self.catalogue.value(&self.snapshot, at).and_then(Json::as_array).cloned();
        let default = || {
            let row = self.catalogue.setting(at)?.row?;
            literal(row.default?).as_array().cloned()
        };
        live.or_else(default).unwrap_or_default()
    }

    /// Why the elements that are declared of a set do not decide what it becomes.
    pub(super) fn undecided_elements(&self, want: &Want, at: &Path) -> Option<Finding> {
        let (Some(has), Some(lacks)) = (&want.value, &want.lacks) else { return None };
        let field = self.catalogue.setting(at)?;
        // Of an unread document nothing is known.
        self.snapshot.document(&self.catalogue.locate(at).document)?;
        let conflict = |code, text: String, help: String| {
            Some(Finding::new(Level::Conflict, code, at, text).help(help).origin(want.origin.as_ref()))
        };
        let meaning = field.row.and_then(|row| row.means_if_empty);
        if let Some(meaning) = meaning.filter(|_| !self.is_new(at) && self.live_elements(at).is_empty()) {
            let text = format!(
                "`{at}` is empty, which means {meaning}: elements cannot be added to it or taken from it"
            );
            return conflict("set-by-default", text, format!("declare the whole list of `{at}`"));
        }
        let count = self.with_elements(at, has, lacks).as_array().map_or(0, Vec::len);
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let most = field.shape.max.filter(|max| count > *max)?;
        let text = format!("`{at}` would have {count} elements, and takes at most {most}");
        let help = "add unused elements to `lacks`, or declare the whole list".to_owned();
        conflict("set-too-long", text, help)
    }
}
