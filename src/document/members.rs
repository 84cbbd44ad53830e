use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Json, Object, Path, Seg, json};

/// An answer of a read, verbatim: every member, in the order and with the digits in which it arrived.
///
/// Copies share their members: a copy copies no value, and an edit copies the one member that it
/// changes.
#[derive(Clone, Default)]
pub struct Document(Arc<Vec<Member>>);

#[derive(Clone)]
struct Member {
    name: Arc<str>,
    value: Arc<Json>,
}

impl Document {
    /// The member of this name.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.shared(name).map(|value| &**value)
    }

    /// The same, to be shared with another document.
    pub fn shared(&self, name: &str) -> Option<&Arc<Json>> {
        self.0.iter().find_map(|member| (&*member.name == name).then_some(&member.value))
    }

    /// The value at `path`, found as [`json::get`] finds it.
    pub fn at(&self, path: &Path) -> Option<&Json> {
        let (first, rest) = path.segs().split_first()?;
        let Seg::Member(name) = first else { return None };
        json::follow(self.get(name)?, rest)
    }

    /// The member of this name, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Json> {
        let nth = self.position(name)?;
        Arc::make_mut(&mut self.0).get_mut(nth).map(|member| Arc::make_mut(&mut member.value))
    }

    /// Whether there is a member of this name.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The members, in their order.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().map(|member| (&*member.name, &*member.value))
    }

    /// The members with the values that copies share.
    pub fn shared_members(&self) -> impl Iterator<Item = (&str, &Arc<Json>)> {
        self.0.iter().map(|member| (&*member.name, &member.value))
    }

    /// The same, to be changed.
    pub fn shared_members_mut(&mut self) -> impl Iterator<Item = (&str, &mut Arc<Json>)> {
        Arc::make_mut(&mut self.0).iter_mut().map(|member| (&*member.name, &mut member.value))
    }

    /// The members of this document and of `other`, each with both values. Members whose value both share are left out.
    pub fn beside<'a>(
        &'a self,
        other: &'a Self,
    ) -> impl Iterator<Item = (&'a str, Option<&'a Json>, Option<&'a Json>)> {
        let own = self.0.iter().enumerate().map(|(nth, member)| {
            let other = other.beside_nth(nth, &member.name);
            (&*member.name, Some(&member.value), other)
        });
        let is_new = |(nth, member): &(usize, &Member)| self.beside_nth(*nth, &member.name).is_none();
        let new = other.0.iter().enumerate().filter(is_new);
        own.chain(new.map(|(_, member)| (&*member.name, None, Some(&member.value))))
            .filter(|(_, own, other)| !own.zip(*other).is_some_and(|(own, other)| Arc::ptr_eq(own, other)))
            .map(|(name, own, other)| (name, own.map(|value| &**value), other.map(|value| &**value)))
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Gives the member of this name a value. A new member comes last.
    pub fn insert(&mut self, name: &str, value: Json) {
        self.share(name, Arc::new(value));
    }

    /// Does the same with a value that another document has too.
    pub fn share(&mut self, name: &str, value: Arc<Json>) {
        *self.member(name) = value;
    }

    /// Puts `value` at `path`, as [`json::set`] does.
    pub fn set(&mut self, path: &Path, value: Json) {
        let [Seg::Member(first), inner @ ..] = path.segs() else { return };
        if inner.is_empty() {
            return self.insert(first, value);
        }
        let member = Arc::make_mut(self.member(first));
        if !member.is_object() {
            *member = Json::Object(Object::new());
        }
        if let Json::Object(members) = member {
            json::set(members, &Path::root().extended(inner), value);
        }
    }

    /// Removes the member at `path` and returns its value. The structure around it stays, even if it
    /// is empty then.
    pub fn remove(&mut self, path: &Path) -> Option<Json> {
        let [Seg::Member(first), inner @ ..] = path.segs() else { return None };
        if inner.is_empty() {
            return self.take(first);
        }
        let nth = self.position(first)?;
        json::follow(&self.0.get(nth)?.value, inner)?;
        json::remove_within(Arc::make_mut(&mut Arc::make_mut(&mut self.0).get_mut(nth)?.value), inner)
    }

    /// Removes the member of this name and returns its value.
    pub fn take(&mut self, name: &str) -> Option<Json> {
        let nth = self.position(name)?;
        Some(Arc::unwrap_or_clone(Arc::make_mut(&mut self.0).remove(nth).value))
    }

    /// Keeps the members for which `keeps` is true.
    pub fn retain(&mut self, mut keeps: impl FnMut(&str, &Json) -> bool) {
        if self.members().any(|(name, value)| !keeps(name, value)) {
            Arc::make_mut(&mut self.0).retain(|member| keeps(&member.name, &member.value));
        }
    }

    /// The members as an object of their own.
    pub fn to_object(&self) -> Object {
        self.members().map(|(name, value)| (name.to_owned(), value.clone())).collect()
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|member| &*member.name == name)
    }

    /// The value of this name. It is most likely the `nth`.
    fn beside_nth(&self, nth: usize, name: &str) -> Option<&Arc<Json>> {
        let likely = self.0.get(nth).filter(|member| &*member.name == name);
        likely.map(|member| &member.value).or_else(|| self.shared(name))
    }

    /// The place of the value of this name. It is `null` if the member is new.
    fn member(&mut self, name: &str) -> &mut Arc<Json> {
        let known = self.position(name);
        let members = Arc::make_mut(&mut self.0);
        let nth = known.unwrap_or_else(|| {
            members.push(Member { name: name.into(), value: Arc::default() });
            members.len() - 1
        });
        &mut members[nth].value
    }
}

/// Documents are equal if they have the same members, in whatever order.
impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        let equal = |(nth, member): (usize, &Member)| {
            let other = other.beside_nth(nth, &member.name);
            other.is_some_and(|other| Arc::ptr_eq(other, &member.value) || *other == member.value)
        };
        Arc::ptr_eq(&self.0, &other.0) || self.len() == other.len() && self.0.iter().enumerate().all(equal)
    }
}

/// The names of the members: a value may be a secret.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.members().map(|(name, _)| name)).finish()
    }
}

impl From<Object> for Document {
    fn from(members: Object) -> Self {
        members.into_iter().collect()
    }
}

impl FromIterator<(String, Json)> for Document {
    fn from_iter<I: IntoIterator<Item = (String, Json)>>(members: I) -> Self {
        let member = |(name, value): (String, Json)| Member { name: name.into(), value: Arc::new(value) };
        Self(Arc::new(members.into_iter().map(member).collect()))
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.members())
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Object::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn object(value: Json) -> Object {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn an_edit_of_a_copy_leaves_the_original_as_it_is() {
        let original = Document::from(object(json!({"A": {"B": 1}, "C": 2})));
        let mut copy = original.clone();
        copy.set(&"A.B".parse().unwrap(), json!(3));
        copy.insert("D", json!(4));
        assert_eq!(original.to_object(), object(json!({"A": {"B": 1}, "C": 2})));
        assert_eq!(copy.to_object(), object(json!({"A": {"B": 3}, "C": 2, "D": 4})));
        assert!(Arc::ptr_eq(&original.0[1].value, &copy.0[1].value), "the untouched member is shared");
    }

    #[test]
    fn documents_are_compared_by_what_they_do_not_share() {
        let before = Document::from(object(json!({"A": 1, "B": 2, "C": 3})));
        let mut after = before.clone();
        after.take("A");
        after.insert("B", json!(2));
        after.insert("D", json!(4));
        let (two, four) = (json!(2), json!(4));
        let found: Vec<_> = before.beside(&after).collect();
        assert_eq!(
            found,
            [("A", Some(&json!(1)), None), ("B", Some(&two), Some(&two)), ("D", None, Some(&four))]
        );
    }

    #[test]
    fn debug_output_has_names_and_no_values() {
        let document = Document::from(object(json!({"SmsConfiguration": {"ExternalId": "secret"}})));
        assert_eq!(format!("{document:?}"), r#"{"SmsConfiguration"}"#);
    }

    fn path() -> impl Strategy<Value = Path> {
        prop::collection::vec("[AB]", 1..4).prop_map(|names| Path::members(names.iter().map(String::as_str)))
    }

    fn value() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![Just(json!(null)), Just(json!(1)), Just(json!({})), Just(json!([1]))];
        leaf.prop_recursive(2, 8, 2, |inner| {
            prop::collection::btree_map("[AB]", inner, 0..3).prop_map(|members| json!(members))
        })
    }

    proptest! {
        /// Reading and editing a document is what `json` does to the object of its members.
        #[test]
        fn a_document_reads_and_edits_as_an_object_does(
            members in prop::collection::btree_map("[AB]", value(), 0..3),
            path in path(),
            new in value(),
        ) {
            let mut object: Object = members.into_iter().collect();
            let mut document = Document::from(object.clone());
            prop_assert_eq!(document.at(&path), json::get(&object, &path));
            document.set(&path, new.clone());
            json::set(&mut object, &path, new);
            prop_assert_eq!(document.to_object(), object.clone());
            prop_assert_eq!(document.remove(&path), json::remove(&mut object, &path));
            prop_assert_eq!(document.to_object(), object);
        }
    }
}
