//! The canonical form of a document, for comparisons only. It is never sent.

use std::borrow::Cow;

use super::rows::{IDENTITY, MFA_MIRRORS};
use super::{Catalogue, Compare, Field, Place, attributes, literal, path};
use crate::document::{Document, Json, Object, Path, Snapshot, json};
use crate::shapes::ShapeKind;

/// The key of the canonical form for members of the MFA document that contradict the pool's, or that the model
/// does not know.
pub const MFA_DOCUMENT: &str = "GetUserPoolMfaConfig";

impl Catalogue {
    /// The canonical form of both documents as one: settings under the request's names, aliases
    /// folded into the member that is the one to set, sets and keyed lists in one order, reserved
    /// tags and volatile members left out.
    ///
    /// Equal canonical forms mean equal pools. Unknown members are verbatim; a member that is `null` at the top of a
    /// document is absent. While MFA is off, its factors have no effect and are left out.
    pub fn canonical(&self, live: &Snapshot) -> Object {
        self.without_idle_factors(self.canonical_of_all(live), live)
    }

    /// Turns the result of [`Self::canonical_of_all`] for these documents into that of [`Self::canonical`].
    pub fn without_idle_factors(&self, mut canonical: Object, live: &Snapshot) -> Object {
        if self.is_mfa_off(live) {
            canonical.retain(|name, _| !Self::factors().any(|factor| factor == name));
        }
        canonical
    }

    /// The canonical form that keeps the factors of MFA while MFA is off, to compare declared factors.
    pub fn canonical_of_all(&self, live: &Snapshot) -> Object {
        let mut out = Object::with_capacity(live.pool().len());
        let told_by_mfa = |name: &str| live.mfa().is_some() && self.is_of_mfa(name);
        for (name, value) in live.pool().members() {
            let is_shadowed = Self::is_shadowed(live.pool(), name);
            if !(value.is_null() || self.is_left_out(name) || is_shadowed || told_by_mfa(name)) {
                out.insert(Self::setting_name(name).to_owned(), value.clone());
            }
        }
        if let Some(mfa) = live.mfa() {
            self.merge_mfa(&mut out, mfa);
        }
        self.fold_aliases(&mut out);
        for (name, value) in &mut out {
            normalise(self.place(name), value);
        }
        out
    }

    /// Whether the canonical form leaves out a member of the pool's document, by its name in the read: one that the
    /// service alone sets, since no plan is about it. The identity stays: another pool is never the same.
    fn is_left_out(&self, name: &str) -> bool {
        name != IDENTITY && self.is_read_only(name) && !self.is_setting(name)
    }

    /// Whether the pool's document has a member of this name under the name of the reads too, which counts. Some
    /// emulators return `PoolName` as well as `Name`.
    pub(super) fn is_shadowed(pool: &Document, name: &str) -> bool {
        Self::read_name(name) != name && pool.has(Self::read_name(name))
    }

    /// The MFA modes in the pool's document and in the MFA document.
    pub fn mfa_modes<'a>(&self, live: &'a Snapshot) -> [Option<&'a str>; 2] {
        let mode = |document: &'a Document| document.get("MfaConfiguration")?.as_str();
        [mode(live.pool()), live.mfa().and_then(mode)]
    }

    /// Whether both documents say that MFA is off.
    pub fn is_mfa_off(&self, live: &Snapshot) -> bool {
        self.mfa_modes(live).into_iter().flatten().all(|mode| mode == "OFF")
    }

    /// Whether the canonical path is a member of the MFA document that contradicts the pool's document.
    pub fn is_contradiction(&self, at: &Path) -> bool {
        let mirrors = || MFA_MIRRORS.iter().map(|(mirror, _)| path(mirror));
        mirrors().any(|mirror| at.is_within(mirror) && self.is_in_mfa(at))
            || at.head() == Some(MFA_DOCUMENT)
                && mirrors().any(|mirror| Self::place_in_mfa(at).is_within(mirror))
    }

    /// The canonical form of one value at `at`.
    pub fn canonical_value(&self, at: &Path, value: &Json) -> Json {
        let mut value = value.clone();
        normalise(self.place_at(at), &mut value);
        value
    }

    /// Moves each legacy member's value to its successor, or drops it if the successor has a value.
    fn fold_aliases(&self, out: &mut Object) {
        for alias in self.aliases() {
            let (legacy, truth) = alias.paths();
            if json::get(out, legacy).is_none_or(Json::is_null) {
                continue;
            }
            let has_truth = json::get(out, truth).is_some_and(|value| !value.is_null());
            if has_truth || alias.creates || has_parent(out, truth) {
                let value = json::remove(out, legacy);
                if let (false, Some(value)) = (has_truth, value) {
                    json::set(out, truth, value);
                }
            }
        }
    }

    /// Two canonical documents, prepared for comparison: if one has a value only under a legacy name and the other
    /// under the new name, both get the new name.
    pub fn aligned<'a>(
        &self,
        mut a: Cow<'a, Object>,
        mut b: Cow<'a, Object>,
    ) -> (Cow<'a, Object>, Cow<'a, Object>) {
        let has =
            |document: &Object, at: &Path| json::get(document, at).is_some_and(|value| !value.is_null());
        for (legacy, truth) in self.aliases().iter().map(|alias| alias.paths()) {
            let is_apart =
                |one: &Object, other: &Object| has(one, legacy) && !has(one, truth) && has(other, truth);
            let document = match (is_apart(&a, &b), is_apart(&b, &a)) {
                (true, _) => a.to_mut(),
                (_, true) => b.to_mut(),
                _ => continue,
            };
            if let Some(value) = json::remove(document, legacy) {
                json::set(document, truth, value);
            }
        }
        (a, b)
    }

    /// Adds the MFA document. A mirror that agrees with the pool is dropped. A mirror that does not, and unknown
    /// members, are kept apart, since the pool may have a member of that name.
    fn merge_mfa(&self, out: &mut Object, mfa: &Document) {
        let mut rest = mfa.to_object();
        rest.retain(|_, value| !value.is_null());
        let mut apart = Object::new();
        for (mirror, of) in MFA_MIRRORS {
            let (mirror, of) = (path(mirror), path(of));
            let repeated = json::get(&rest, mirror).filter(|value| !value.is_null());
            let agrees = match (repeated, json::get(out, of)) {
                (Some(repeated), Some(of)) => json::same(repeated, of),
                (repeated, _) => repeated.is_none(),
            };
            // The mode is at the top level, where the pool may lack it.
            if (agrees || mirror.segs().len() > 1)
                && let Some(repeated) = json::remove(&mut rest, mirror)
                && !agrees
            {
                json::set(&mut apart, mirror, repeated);
            }
        }
        for (name, value) in rest {
            let known = self.place(&name).field().is_some() && !out.contains_key(&name);
            let target = if known { &mut *out } else { &mut apart };
            target.insert(name, value);
        }
        if !apart.is_empty() {
            out.insert(MFA_DOCUMENT.to_owned(), Json::Object(apart));
        }
    }
}

/// Whether a member of the value at `place` counts as absent: known to the model, and `null`.
pub(super) fn is_absent(place: Place<'_>, name: &str, value: &Json) -> bool {
    value.is_null() && place.member(name).field().is_some()
}

pub(super) fn normalise(place: Place<'_>, value: &mut Json) {
    let Some(field) = place.field() else { return };
    match value {
        Json::Object(members) => {
            members.retain(|name, value| {
                !(is_absent(place, name, value) || field.row.is_some_and(|row| row.reserves(name)))
            });
            for (name, value) in members {
                normalise(place.member(name), value);
            }
        }
        Json::Array(elements) => {
            for element in elements.iter_mut() {
                normalise(place.element(), element);
            }
            order(&field, elements);
        }
        scalar => {
            if field.compare() == Compare::NumericText
                && let Some(number) = scalar.as_str().and_then(|text| text.trim().parse::<i64>().ok())
            {
                *scalar = Json::String(number.to_string());
            }
            if let Some((written, read)) = field.row.and_then(|row| row.reads_as)
                && json::same(scalar, &literal(written))
            {
                *scalar = literal(read);
            }
        }
    }
}

/// Whether the structure around `path` exists.
pub(super) fn has_parent(root: &Object, path: &Path) -> bool {
    path.parent()
        .is_some_and(|parent| parent.is_root() || json::get(root, &parent).is_some_and(Json::is_object))
}

/// Sorts a set alphabetically without duplicates, and a keyed list by its own order.
fn order(field: &Field<'_>, elements: &mut Vec<Json>) {
    match field.compare() {
        Compare::ByShape | Compare::NumericText => {}
        Compare::Attributes => {
            attributes::name(elements);
            elements.sort_by_cached_key(|element| element.get("Name").map(Json::to_string));
        }
        Compare::Set => {
            elements.sort_by_key(Json::to_string);
            elements.dedup();
        }
        Compare::Keyed { key, order } => {
            let number = |element: &Json| element.get(order).and_then(Json::as_i64);
            let name = |element: &Json| element.get(key).map(Json::to_string);
            elements.sort_by_cached_key(|element| (number(element), name(element)));
        }
    }
}

impl Field<'_> {
    /// Whether `value` is an empty container that means the same as absence here.
    pub(super) fn is_empty_container(&self, value: &Json) -> bool {
        if self.row.is_some_and(|row| row.presence) {
            return false;
        }
        match (self.shape.kind, value) {
            (ShapeKind::List, Json::Array(elements)) => elements.is_empty(),
            (ShapeKind::Structure | ShapeKind::Map, Json::Object(members)) => members.is_empty(),
            _ => false,
        }
    }
}
