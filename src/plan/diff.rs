//! The difference between two canonical documents. It cannot tell which side came from where.

use super::{Change, Difference, Form};
use crate::catalogue::{Catalogue, Compare, Field, Spot};
use crate::document::url::{has_userinfo, printable};
use crate::document::{Document, FastMap, FastSet, Json, Object, Path, Seg, json};
use crate::shapes::ShapeKind;

/// The settings in which two canonical documents differ, in the API's order.
///
/// Structures and maps are followed down to the member, keyed lists down to the element's member;
/// other lists are one setting. A default and its absence are no difference, nor is a legacy name of the
/// same value.
pub fn diff(catalogue: &Catalogue, from: &Document, to: &Document) -> Vec<Change> {
    diff_of(catalogue, from, to, |_| true)
}

/// The same of those members at the top that count.
pub(super) fn diff_of(
    catalogue: &Catalogue,
    from: &Document,
    to: &Document,
    counts: impl Fn(&str) -> bool,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let spot = |name: &str| counts(name).then(|| catalogue.spot(name));
    let (from, to) = catalogue.aligned(from.clone(), to.clone());
    for member in differing(from.beside(&to), spot, || catalogue.settings().collect()) {
        let at = At::default().step(Seg::Member(member.name.into()), member.spot);
        at.value(member.from, member.to, &mut changes);
    }
    for change in &mut changes {
        // If only a password differs, both sides would be printed alike.
        let is_alike = || match (&change.before, &change.after) {
            (Some(before), Some(after)) => {
                has_userinfo(after) && is_printed_alike(before, after, change.form)
            }
            _ => false,
        };
        change.sensitive |= catalogue.is_sensitive(&change.path) || is_alike();
    }
    changes
}

/// Whether some of these values differ and are printed alike, since only a password of theirs differs.
pub(super) fn differ_unseen(values: &[&Option<Json>]) -> bool {
    let values: Vec<&Json> = values.iter().filter_map(|value| value.as_ref()).collect();
    let is_unseen = |a: &Json, b: &Json| a != b && is_printed_alike(a, b, Form::Value);
    values.iter().enumerate().any(|(nth, a)| values[nth + 1..].iter().any(|b| is_unseen(a, b)))
}

/// Whether two values are printed alike. The order of a set is no difference, and that of its printed elements neither.
fn is_printed_alike(before: &Json, after: &Json, form: Form) -> bool {
    let (before, after) = (printable(before), printable(after));
    let texts = |set: &Json| {
        let elements = set.as_array().filter(|_| form == Form::Set)?;
        let mut texts: Vec<String> = elements.iter().map(Json::to_string).collect();
        texts.sort();
        Some(texts)
    };
    before == after || texts(&before).is_some_and(|before| texts(&after) == Some(before))
}

/// The name of a member, and its value on each side.
type Sides<'a> = (&'a str, Option<&'a Json>, Option<&'a Json>);

/// A member in which two objects differ.
struct Member<'a, 'c> {
    name: &'a str,
    spot: Spot<'c>,
    from: Option<&'a Json>,
    to: Option<&'a Json>,
}

/// The members of two objects, each with both values.
fn beside<'a>(from: &'a Object, to: &'a Object) -> impl Iterator<Item = Sides<'a>> {
    let kept = from.iter().map(|(name, value)| (name.as_str(), Some(value), to.get(name)));
    let added = to.iter().filter(|(name, _)| !from.contains_key(*name));
    kept.chain(added.map(|(name, value)| (name.as_str(), None, Some(value))))
}

/// The members in which the sides differ: members of the API in its `order`, then all others.
/// What has no `spot` does not count.
fn differing<'a, 'c>(
    all: impl Iterator<Item = Sides<'a>>,
    spot: impl Fn(&str) -> Option<Spot<'c>>,
    order: impl FnOnce() -> Vec<&'c str>,
) -> Vec<Member<'a, 'c>> {
    // Most are the same to the letter, wherever they stand.
    let others = all.filter(|(_, from, to)| !from.zip(*to).is_some_and(|(from, to)| json::same(from, to)));
    let members = others.filter_map(|(name, from, to)| Some(Member { name, spot: spot(name)?, from, to }));
    let mut members: Vec<_> = members.filter(|member| !member.spot.equal(member.from, member.to)).collect();
    if members.len() > 1 {
        let order = order();
        let rank = |name: &str| order.iter().position(|known| *known == name).unwrap_or(order.len());
        members.sort_by_cached_key(|member| rank(member.name));
    }
    members
}

/// Where two documents differ.
#[derive(Default)]
struct At<'c> {
    path: Path,
    spot: Spot<'c>,
    /// Whether the value here, or one around it, must not be shown.
    is_sensitive: bool,
}

impl<'c> At<'c> {
    fn step(&self, seg: Seg, spot: Spot<'c>) -> Self {
        let name = if let Seg::Member(name) = &seg { Some(&**name) } else { None };
        Self { is_sensitive: self.is_sensitive || spot.is_sensitive(name), path: self.path.join(seg), spot }
    }

    /// Two values that are not the same.
    fn value(&self, from: Option<&Json>, to: Option<&Json>, changes: &mut Vec<Change>) {
        let field = self.spot.field();
        if let Some(key) = field.as_ref().and_then(Field::key_member)
            && let (Some(from), Some(to)) = (keyed(from, key), keyed(to, key))
        {
            return self.items(key, &from, &to, changes);
        }
        let is_document = field.as_ref().and_then(|field| field.row).is_some_and(|row| row.document);
        let appears = is_document && from.is_none();
        if is_document && from.is_some() != to.is_some() {
            let exists = [from, to].map(|side| side.is_some());
            changes.push(Change::of_existence(self.path.clone(), exists));
        }
        // Its members go with a document that is removed.
        if is_document && to.is_none() {
            return;
        }
        if [from, to].into_iter().flatten().all(Json::is_object) {
            let none = Object::new();
            let already = changes.len();
            let [from, to] = [from, to].map(|side| side.and_then(Json::as_object).unwrap_or(&none));
            let order = || field.as_ref().map(names).unwrap_or_default();
            for member in differing(beside(from, to), |name| Some(self.spot.member(name)), order) {
                let inner = self.step(Seg::Member(member.name.into()), member.spot);
                inner.value(member.from, member.to, changes);
            }
            // If only presence differs, no member shows it.
            if changes.len() > already || appears {
                return;
            }
        }
        let form = match field.as_ref().map(Field::compare) {
            Some(Compare::Set) => Form::Set,
            _ => Form::Value,
        };
        let difference =
            Difference { path: self.path.clone(), before: from.cloned(), after: to.cloned(), form };
        let sensitive =
            self.is_sensitive || [from, to].into_iter().flatten().any(|value| holds_secret(self.spot, value));
        changes.push(Change { sensitive, ..difference.into() });
    }

    /// The elements of two keyed lists, each by its key; the key itself is no difference.
    fn items(&self, key: &str, from: &[(&str, &Object)], to: &[(&str, &Object)], changes: &mut Vec<Change>) {
        let by_key = |items: &[(&str, &Object)]| -> FastMap<String, Json> {
            let without_key = |(name, item): &(&str, &Object)| {
                let mut item = Object::clone(item);
                item.shift_remove(key);
                ((*name).to_owned(), Json::Object(item))
            };
            // Of elements with one key the first counts.
            items.iter().rev().map(without_key).collect()
        };
        let (before, after) = (by_key(from), by_key(to));
        let element = self.spot.element();
        let mut seen = FastSet::default();
        for (name, _) in from.iter().chain(to).filter(|(name, _)| seen.insert(*name)) {
            let (from, to) = (before.get(*name), after.get(*name));
            if !element.equal(from, to) {
                let inner = self.step(Seg::Item((*name).into()), element);
                inner.value(from, to, changes);
            }
        }
    }
}

/// Whether a value inside this one must not be shown.
fn holds_secret(spot: Spot<'_>, value: &Json) -> bool {
    value.as_object().into_iter().flatten().any(|(name, value)| {
        let inner = spot.member(name);
        inner.is_sensitive(Some(name)) || holds_secret(inner, value)
    })
}

fn names<'a>(field: &Field<'a>) -> Vec<&'a str> {
    match field.shape.kind {
        ShapeKind::Structure => field.shape.members.iter().map(|(name, _)| *name).collect(),
        _ => Vec::new(),
    }
}

/// The elements of a keyed list by their keys, or `None` if it is not such a list.
fn keyed<'a>(list: Option<&'a Json>, key: &str) -> Option<Vec<(&'a str, &'a Object)>> {
    let Some(list) = list else { return Some(Vec::new()) };
    let named = |element: &'a Json| Some((element.get(key)?.as_str()?, element.as_object()?));
    list.as_array()?.iter().map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Snapshot;
    use crate::shapes::Shapes;
    use serde_json::json;

    fn changes(from: Json, to: Json) -> Vec<String> {
        let catalogue = Catalogue::new(Shapes::bundled());
        let canonical =
            |pool: Json| catalogue.canonical(&Snapshot::of_pool(pool.as_object().cloned().unwrap()));
        let show = |value: &Option<Json>| value.as_ref().map_or("-".to_owned(), Json::to_string);
        diff(&catalogue, &canonical(from), &canonical(to))
            .iter()
            .map(|change| format!("{} {} {}", change.path, show(&change.before), show(&change.after)))
            .collect()
    }

    #[test]
    fn a_change_names_the_innermost_member_in_the_apis_order() {
        assert_eq!(
            changes(
                json!({"UserPoolTags": {"a": "1"}, "Policies": {"PasswordPolicy": {"MinimumLength": 8, "RequireSymbols": false}}}),
                json!({"UserPoolTags": {"b": "1"}, "Policies": {"PasswordPolicy": {"MinimumLength": 12, "RequireSymbols": true}}}),
            ),
            [
                "Policies.PasswordPolicy.MinimumLength 8 12",
                "Policies.PasswordPolicy.RequireSymbols false true",
                r#"UserPoolTags.a "1" -"#,
                r#"UserPoolTags.b - "1""#,
            ]
        );
    }

    #[test]
    fn keyed_lists_differ_by_element() {
        let recovery = |list: Json| json!({"AccountRecoverySetting": {"RecoveryMechanisms": list}});
        let (email, phone) = ("verified_email", "verified_phone_number");
        assert_eq!(
            changes(
                recovery(json!([{"Name": email, "Priority": 1}, {"Name": phone, "Priority": 2}])),
                recovery(json!([{"Name": phone, "Priority": 1}, {"Name": "admin_only", "Priority": 2}])),
            ),
            [
                "AccountRecoverySetting.RecoveryMechanisms[verified_email].Priority 1 -",
                "AccountRecoverySetting.RecoveryMechanisms[verified_phone_number].Priority 2 1",
                "AccountRecoverySetting.RecoveryMechanisms[admin_only].Priority - 2",
            ]
        );
    }

    #[test]
    fn an_empty_structure_that_means_something_is_a_change_of_its_own() {
        assert_eq!(changes(json!({}), json!({"DeviceConfiguration": {}})), ["DeviceConfiguration - {}"]);
        assert_eq!(changes(json!({}), json!({"LambdaConfig": {}})), [""; 0]);
        assert_eq!(changes(json!({}), json!({"New": {}})), ["New - {}"]);
    }

    #[test]
    fn a_device_configuration_that_only_says_false_is_still_present() {
        assert_eq!(
            changes(json!({"DeviceConfiguration": {"ChallengeRequiredOnNewDevice": false}}), json!({})),
            ["DeviceConfiguration {\"ChallengeRequiredOnNewDevice\":false} -"]
        );
    }
}
