//! Lists to which an update only adds: an element is known by some of its members, and is replaced and never removed.

use super::finding::{Finding, Level};
use super::target::Patch;
use crate::catalogue::Catalogue;
use crate::document::{Json, Path, Seg, Snapshot, json};
use crate::rules::Desired;

/// Whether two elements of a list take each other's place. `by`: the members by which one is known.
fn is_same(by: &[&str], one: &Json, other: &Json) -> bool {
    by.iter().all(|name| one.get(name) == other.get(name))
}

/// The members by which the elements of the list at `at` are known; none if an update can remove elements.
pub(super) fn known_by(catalogue: &Catalogue, at: &Path) -> &'static [&'static str] {
    let row = catalogue.setting(at).and_then(|field| field.row);
    row.map_or(&[], |row| row.only_added)
}

/// Puts an element into a list: in the place of the one that it replaces, or at the end.
pub(super) fn put(by: &[&str], elements: &mut Vec<Json>, element: &Json) {
    if elements.contains(element) {
        return;
    }
    match elements.iter_mut().find(|own| !by.is_empty() && is_same(by, own, element)) {
        Some(own) => *own = element.clone(),
        None => elements.push(element.clone()),
    }
}

/// Gives a declared element what the live one in its place has besides: what the model does not know, and everything if
/// it is declared as it is.
pub(super) fn keep_besides(catalogue: &Catalogue, at: &Path, live: &[Json], element: &mut Json) {
    let by = known_by(catalogue, at);
    let Some(Json::Object(live)) = live.iter().find(|live| is_same(by, live, element)) else { return };
    let Json::Object(own) = element else { return };
    let is_as_it_is =
        own.iter().all(|(name, value)| live.get(name).is_some_and(|live| json::same(live, value)));
    let inner = at.join(Seg::Index(0));
    for (name, value) in live {
        let is_kept = is_as_it_is || catalogue.member(&inner.member(name)).is_none();
        if is_kept && !own.contains_key(name) {
            own.insert(name.clone(), value.clone());
        }
    }
}

impl Patch<'_> {
    /// Gives each declared element what the live one in its place has besides, if the list at `at` is one to which an
    /// update only adds. The answer is whether it is.
    pub(super) fn keep_besides(&self, at: &Path, live: &[Json], value: &mut Json) -> bool {
        let elements = value.as_array_mut().into_iter().flatten();
        let is_one = !known_by(self.catalogue, at).is_empty();
        elements.filter(|_| is_one).for_each(|element| keep_besides(self.catalogue, at, live, element));
        is_one
    }

    /// Reports elements that go out of a list to which an update only adds. Of a restore, they stay.
    pub(super) fn keep_added(&mut self, live: &Snapshot, desired: &Desired, addresses: &[Path]) {
        for (want, at) in desired.wants.iter().zip(addresses).filter(|(_, at)| self.touched.contains(*at)) {
            let by = known_by(self.catalogue, at);
            let elements = |of: &Snapshot| {
                self.catalogue.value(of, at).and_then(Json::as_array).cloned().unwrap_or_default()
            };
            let mut after = elements(&self.snapshot);
            let is_gone = |before: &Json| !after.iter().any(|after| is_same(by, before, after));
            let gone: Vec<Json> =
                elements(live).into_iter().filter(|_| !by.is_empty()).filter(is_gone).collect();
            for element in &gone {
                let words =
                    by.iter().filter_map(|name| element.get(name)?.as_str()).collect::<Vec<_>>().join(", ");
                self.findings.push(match &want.origin {
                    Some(_) => {
                        let text = format!("`{at}` loses the element {words}, and no update removes one");
                        let finding = Finding::new(Level::Conflict, "element-stays", at, text);
                        let help = "add the element to the list, or declare single elements with `has: […]`; only removing the whole document, and making it again, drops one";
                        finding.help(help).origin(want.origin.as_ref())
                    }
                    None => {
                        let text = format!("the element {words} of `{at}` stays: no update removes one");
                        Finding::new(Level::Warning, "element-stays", at, text)
                    }
                });
            }
            if want.origin.is_none() && !gone.is_empty() {
                after.extend(gone);
                self.catalogue.set(&mut self.snapshot, at, Json::Array(after));
            }
        }
    }
}
