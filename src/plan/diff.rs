//! The difference between two canonical documents. It cannot tell which side came from where.

use super::{Change, Form};
use crate::catalogue::{Catalogue, Compare, Field};
use crate::document::{Json, Object, Path, Seg};
use crate::shapes::Kind;

/// The settings in which two canonical documents differ, in the API's order.
///
/// Structures and maps are followed down to the member, keyed lists down to the element's member;
/// other lists are one setting. A default and its absence are no difference.
pub fn diff(catalogue: &Catalogue, from: &Object, to: &Object) -> Vec<Change> {
    let mut differ = Differ { catalogue, changes: Vec::new() };
    let order: Vec<&str> = catalogue.settings().collect();
    differ.members(&Path::root(), &order, from, to);
    differ.changes
}

struct Differ<'a> {
    catalogue: &'a Catalogue,
    changes: Vec<Change>,
}

impl Differ<'_> {
    fn members(&mut self, at: &Path, order: &[&str], from: &Object, to: &Object) {
        let known = order.iter().copied().filter(|name| from.contains_key(*name) || to.contains_key(*name));
        let added = to.keys().filter(|name| !from.contains_key(*name));
        let others = from.keys().chain(added).map(String::as_str).filter(|name| !order.contains(name));
        for name in known.chain(others).collect::<Vec<_>>() {
            self.value(&at.member(name), from.get(name), to.get(name));
        }
    }

    fn value(&mut self, at: &Path, from: Option<&Json>, to: Option<&Json>) {
        if self.catalogue.equal(at, from, to) {
            return;
        }
        let field = self.catalogue.member(at);
        if let Some(key) = field.as_ref().and_then(Field::key_member)
            && let (Some(from), Some(to)) = (keyed(from, key), keyed(to, key))
        {
            return self.items(at, key, &from, &to);
        }
        if [from, to].into_iter().flatten().all(Json::is_object) {
            let none = Object::new();
            let order: Vec<&str> = field.as_ref().map(|field| names(field)).unwrap_or_default();
            let already = self.changes.len();
            let [from, to] = [from, to].map(|side| side.and_then(Json::as_object).unwrap_or(&none));
            self.members(at, &order, from, to);
            // Where mere presence is the difference, no member tells of it.
            if self.changes.len() > already {
                return;
            }
        }
        self.changes.push(Change {
            path: at.clone(),
            before: from.cloned(),
            after: to.cloned(),
            form: self.form(at, field.as_ref()),
            sensitive: self.is_sensitive(at)
                || [from, to].into_iter().flatten().any(|value| self.holds_secret(at, value)),
            origin: None,
            direction: None,
        });
    }

    fn form(&self, at: &Path, field: Option<&Field<'_>>) -> Form {
        let outer = at.parent().and_then(|outer| self.catalogue.member(&outer));
        match (field.map(Field::compare), outer.map(|outer| outer.shape.kind)) {
            (Some(Compare::Set), _) => Form::Set,
            (_, Some(Kind::Map)) => Form::Entry,
            _ => Form::Value,
        }
    }

    /// The elements of two keyed lists, each by its key; the key itself is no difference.
    fn items(&mut self, at: &Path, key: &str, from: &[(&str, &Object)], to: &[(&str, &Object)]) {
        let find = |items: &[(&str, &Object)], name: &str| {
            let mut item = items.iter().find(|(other, _)| *other == name).map(|(_, item)| (*item).clone())?;
            item.shift_remove(key);
            Some(Json::Object(item))
        };
        let added = to.iter().filter(|(name, _)| !from.iter().any(|(other, _)| other == name));
        for (name, _) in from.iter().chain(added) {
            self.value(
                &at.join(Seg::Item((*name).into())),
                find(from, name).as_ref(),
                find(to, name).as_ref(),
            );
        }
    }

    /// Whether a value inside this one must not be shown.
    fn holds_secret(&self, at: &Path, value: &Json) -> bool {
        let members = value.as_object().into_iter().flatten();
        members.into_iter().any(|(name, value)| {
            let inner = at.member(name);
            self.catalogue.is_sensitive(&inner) || self.holds_secret(&inner, value)
        })
    }

    /// Whether the value here, or one around it, must not be shown.
    fn is_sensitive(&self, at: &Path) -> bool {
        (1..=at.segs().len()).any(|len| self.catalogue.is_sensitive(&at.prefix(len)))
    }
}

fn names<'a>(field: &Field<'a>) -> Vec<&'a str> {
    match field.shape.kind {
        Kind::Structure => field.shape.members.iter().map(|(name, _)| name.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// The elements of a keyed list by their keys; nothing where it is no list of such elements.
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
