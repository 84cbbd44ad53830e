//! The canonical form of a document, for comparisons only. It is never sent.

use std::borrow::Cow;
use std::sync::Arc;

use super::resources::pool::{self, POOL};
use super::spot::{Field, Spot};
use super::tree::ResourceTree;
use super::{Catalogue, Compare, IS_SET, Row, literal, path};
use crate::document::{Document, DocumentId, Json, Object, Path, Snapshot, bytes, json};
use crate::shapes::{Shape, ShapeKind};

impl Catalogue {
    /// The canonical form of both documents as one: settings under the request's names, aliases
    /// folded into the member that is the one to set, sets and keyed lists in one order, reserved
    /// tags and volatile members left out.
    ///
    /// Equal canonical forms mean equal pools. Unknown members are verbatim; a member that is `null` at the top of a
    /// document is absent. While MFA is off, its factors have no effect and are left out.
    pub fn canonical(&self, live: &Snapshot) -> Document {
        self.without_idle_factors(self.canonical_of_all(live), live)
    }

    /// The canonical form that keeps the factors of MFA while MFA is off, to compare declared factors.
    pub fn canonical_of_all(&self, live: &Snapshot) -> Document {
        let mut out = Document::default();
        let told_by_mfa = |name: &str| live.mfa().is_some() && self.is_of(name, &DocumentId::MFA);
        for (name, value) in live.pool().shared_members() {
            let is_shadowed = POOL.is_shadowed(live.pool(), name);
            if !(value.is_null() || self.is_left_out(name) || is_shadowed || told_by_mfa(name)) {
                out.share(Self::setting_name(name), Arc::clone(value));
            }
        }
        if let Some(mfa) = live.mfa() {
            self.merge_mfa(&mut out, mfa);
        }
        self.fold_aliases(&mut out);
        for (branch, value) in self.trees.iter().filter_map(|tree| self.branch(tree, live)) {
            out.insert(branch, value);
        }
        for (name, value) in out.shared_members_mut() {
            let spot = self.spot(name);
            if !is_normal(spot, value) {
                normalise(spot, Arc::make_mut(value));
            }
        }
        out
    }

    /// Whether the canonical form leaves out a member of the pool's document, by its name in the read: one that the
    /// service alone sets, since no plan is about it. The identity stays: another pool is never the same.
    fn is_left_out(&self, name: &str) -> bool {
        POOL.identity != Some(name) && self.is_read_only(name) && !self.is_setting(name)
    }

    /// The canonical form of one value at `at`.
    pub fn canonical_value(&self, at: &Path, value: &Json) -> Json {
        self.canonical_view(at, value).into_owned()
    }

    /// The same, borrowed if it is the value itself.
    pub fn canonical_view<'a>(&self, at: &Path, value: &'a Json) -> Cow<'a, Json> {
        let spot = self.spot_at(at);
        if is_normal(spot, value) {
            return Cow::Borrowed(value);
        }
        let mut value = value.clone();
        normalise(spot, &mut value);
        Cow::Owned(value)
    }

    /// Moves each legacy member's value to its successor, or drops it if the successor has a value.
    fn fold_aliases(&self, out: &mut Document) {
        for alias in self.aliases() {
            let (legacy, truth) = alias.paths();
            if out.at(legacy).is_none_or(Json::is_null) {
                continue;
            }
            let has_truth = out.at(truth).is_some_and(|value| !value.is_null());
            if has_truth || alias.creates || has_parent(out, truth) {
                let value = out.remove(legacy);
                if let (false, Some(value)) = (has_truth, value) {
                    out.set(truth, value);
                }
            }
        }
    }

    /// A branch of the canonical form: its document, or its documents by their labels, each with what hangs on it under
    /// its key. `None` if there is none.
    fn branch(&self, tree: &ResourceTree, live: &Snapshot) -> Option<(&'static str, Json)> {
        let branch = tree.resource.branch.filter(|_| tree.resource.hangs_on.is_none())?;
        let id = &tree.resource.document;
        let hanging: Vec<&ResourceTree> = self
            .trees
            .iter()
            .filter(|other| other.resource.hangs_on == Some(tree.resource))
            .filter(|other| live.labelled(&other.resource.document).next().is_some())
            .collect();
        let whole = |label: &str, own: &Document| {
            let mut whole = members(tree, own);
            for other in &hanging {
                let document = live.document(&other.resource.document.labelled(label));
                let value = document.map(|document| Json::Object(members(other, document)));
                whole.extend(other.resource.branch.map(str::to_owned).zip(value));
            }
            (label.to_owned(), Json::Object(whole))
        };
        let members = match tree.resource.listing {
            None => members(tree, live.document(id)?),
            Some(_) => live.labelled(id).map(|(label, own)| whole(label, own)).collect(),
        };
        let is_there = tree.resource.listing.is_none() || !members.is_empty();
        is_there.then_some((branch, Json::Object(members)))
    }

    /// Two canonical documents, prepared for comparison: if one has a value only under a legacy name and the other
    /// under the new name, both get the new name.
    pub fn aligned(&self, mut a: Document, mut b: Document) -> (Document, Document) {
        let has = |document: &Document, at: &Path| document.at(at).is_some_and(|value| !value.is_null());
        for (legacy, truth) in self.aliases().iter().map(|alias| alias.paths()) {
            let is_apart =
                |one: &Document, other: &Document| has(one, legacy) && !has(one, truth) && has(other, truth);
            let document = match (is_apart(&a, &b), is_apart(&b, &a)) {
                (true, _) => &mut a,
                (_, true) => &mut b,
                _ => continue,
            };
            if let Some(value) = document.remove(legacy) {
                document.set(truth, value);
            }
        }
        (a, b)
    }
}

/// The members of a document of a branch, without members that the service alone sets.
fn members(tree: &ResourceTree, document: &Document) -> Object {
    let key = tree.resource.listing.filter(|listing| listing.name.is_some()).map(|listing| listing.key);
    let is_hidden = |name: &str| tree.member(name).and_then(|top| top.node.row).is_some_and(|row| row.hidden);
    let is_told = |name: &str| {
        let top = tree.member(name);
        let is_set_by_service = top.is_some_and(|top| tree.is_read_only(top) && !top.creates);
        // Another document under the same label is never the same.
        Some(name) == key || !tree.resource.address.contains(&name) && !is_set_by_service && !is_hidden(name)
    };
    let seen = match document.members().any(|(name, value)| !value.is_null() && is_hidden(name)) {
        // A read shows a hidden member of a new document by another one.
        true => Cow::Owned(tree.resource.observed(document.to_object())),
        false => Cow::Borrowed(document),
    };
    let told = seen.members().filter(|(name, value)| !value.is_null() && is_told(name));
    let mut told: Object = told.map(|(name, value)| (name.to_owned(), value.clone())).collect();
    for (row, shown_by) in tree.resource.rows.iter().filter_map(|row| Some((row, row.shown_by?))) {
        if document.get(shown_by).is_some_and(|value| !value.is_null()) {
            told.insert(row.path.to_owned(), IS_SET.into());
        }
    }
    for row in tree.resource.hidden_within() {
        json::remove(&mut told, path(row.path));
    }
    told
}

/// Whether a member of the value at `spot` counts as absent: known to the model, and `null`.
pub(super) fn is_absent(spot: Spot<'_>, name: &str, value: &Json) -> bool {
    let is_known = |field: &Field<'_>| field.shape.kind != ShapeKind::Document;
    value.is_null() && spot.member(name).field().is_some_and(|field| is_known(&field))
}

/// Whether [`normalise`] would certainly change nothing.
fn is_normal(spot: Spot<'_>, value: &Json) -> bool {
    let Some(field) = spot.field().filter(|field| field.shape.kind != ShapeKind::Document) else {
        return true;
    };
    match value {
        Json::Object(members) => members.iter().all(|(name, value)| {
            !value.is_null()
                && !field.row.is_some_and(|row| row.reserves(name))
                && is_normal(spot.member(name), value)
        }),
        Json::Array(elements) => {
            let has_no_order = elements.len() < 2 && elements.iter().all(Json::is_string);
            (has_no_order || field.compare() == Compare::ByShape)
                && elements.iter().all(|element| is_normal(spot.element(), element))
        }
        _ => {
            let is_plain = |row: &Row| {
                row.shown_by.is_none() && row.reads_as.is_none() && row.compare != Compare::NumericText
            };
            field.shape.kind != ShapeKind::Blob && field.row.is_none_or(is_plain)
        }
    }
}

pub(super) fn normalise(spot: Spot<'_>, value: &mut Json) {
    let Some(field) = spot.field().filter(|field| field.shape.kind != ShapeKind::Document) else { return };
    match value {
        Json::Object(members) => {
            members.retain(|name, value| {
                !(is_absent(spot, name, value) || field.row.is_some_and(|row| row.reserves(name)))
            });
            for (name, value) in members {
                normalise(spot.member(name), value);
            }
        }
        Json::Array(elements) => {
            for element in elements.iter_mut() {
                normalise(spot.element(), element);
            }
            order(&field, elements);
        }
        scalar => {
            if field.row.is_some_and(|row| row.shown_by.is_some()) {
                *scalar = IS_SET.into();
            } else if field.shape.kind == ShapeKind::Blob
                && let Some(decoded) = scalar.as_str().and_then(bytes::decode)
            {
                *scalar = bytes::encode(&decoded).into();
            }
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
pub(super) fn has_parent(root: &Document, path: &Path) -> bool {
    path.parent().is_some_and(|parent| parent.is_root() || root.at(&parent).is_some_and(Json::is_object))
}

/// Sorts a set alphabetically without duplicates, and a keyed list by its own order.
fn order(field: &Field<'_>, elements: &mut Vec<Json>) {
    match field.compare() {
        Compare::ByShape | Compare::NumericText => {}
        Compare::Attributes => {
            pool::name_as_read(elements);
            elements.sort_by_cached_key(|element| element.get("Name").map(Json::to_string));
        }
        Compare::Set => {
            elements.iter_mut().for_each(|element| in_one_order(field.inner(), element));
            elements.sort_by_cached_key(Json::to_string);
            elements.dedup();
        }
        Compare::Keyed { key, order } => {
            let number = |element: &Json| element.get(order?).and_then(Json::as_i64);
            let name = |element: &Json| element.get(key).map(Json::to_string);
            elements.sort_by_cached_key(|element| (number(element), name(element)));
        }
    }
}

/// Sorts the members of a structure in the model's order, so that equal structures have one text.
fn in_one_order(shape: Option<&Shape>, value: &mut Json) {
    match value {
        Json::Object(members) => {
            members.sort_keys();
            let known = shape.into_iter().flat_map(|shape| shape.members);
            let known: Vec<(String, Json)> =
                known.filter_map(|(name, _)| members.shift_remove_entry(*name)).collect();
            let others = std::mem::take(members);
            members.extend(known.into_iter().chain(others));
            members.values_mut().for_each(|value| in_one_order(None, value));
        }
        Json::Array(elements) => elements.iter_mut().for_each(|element| in_one_order(None, element)),
        _ => {}
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::shapes::Shapes;

    /// Values of every kind, in and out of their canonical form.
    fn samples() -> Vec<Json> {
        let plain = ["", "7", " 7 ", "007", "a", "YQ", "YQ==", "email", "SCIM", "true"].map(Json::from);
        let others = json!([
            null, 7, true, [], ["a"], ["b", "a"], ["a", "a"], [7], [{}], [{"Name": "b"}, {"Name": "a"}],
            {}, {"a": null}, {"a": "b"}, {"aws:a": "b"}, {"b": " 7 ", "a": "007"}
        ]);
        plain.into_iter().chain(others.as_array().unwrap().iter().cloned()).collect()
    }

    /// Whether each sample at this spot, and at each spot in it, is left as it is if it counts as canonical. Returns how
    /// many do.
    fn checked(spot: Spot<'_>, within: &str, depth: usize) -> usize {
        let is_kept = |value: &Json| {
            let mut after = value.clone();
            normalise(spot, &mut after);
            let is_normal = is_normal(spot, value);
            // The order of members counts too.
            let [before, after] = [value, &after].map(Json::to_string);
            assert!(!is_normal || after == before, "{within}: {before} to {after}");
            is_normal
        };
        let own = samples().iter().filter(|value| is_kept(value)).count();
        let Some(field) = spot.field().filter(|_| depth > 0) else { return own };
        let inner = field.shape.members.iter().map(|(name, _)| {
            let member = samples().into_iter().map(|value| json!({ *name: value }));
            let kept = member.filter(|value| is_kept(value)).count();
            kept + checked(spot.member(name), &format!("{within}.{name}"), depth - 1)
        });
        let inner: usize = inner.sum();
        let list = samples().into_iter().map(|value| json!([value]));
        own + inner + list.filter(|value| is_kept(value)).count() + checked(spot.element(), within, depth - 1)
    }

    #[test]
    fn a_value_that_counts_as_canonical_is_one() {
        let catalogue = Catalogue::new(Shapes::bundled());
        let tops = catalogue.trees.iter().flat_map(ResourceTree::tops);
        let kept: usize = tops.map(|top| checked(catalogue.spot_of(top), top.name, 4)).sum();
        assert!(kept > 10_000, "only {kept} of the values are canonical");
    }
}
