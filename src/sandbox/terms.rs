//! Terms: the links to the terms of use and to the privacy policy of an app client, one document for each name.

use super::answer::Refusal;
use super::case::text;
use super::keyed::{CollectionRow, KeyedRule, KeyedVerb, KeyedWrite, ListForm};
use super::omission::Omitted;
use super::state::{Collection, SideDocument};
use super::{ids, of_clients};
use crate::document::{Json, Object};

/// Terms. **\[M\]** the operations, **\[I\]** all words.
pub(super) const TERMS: CollectionRow = CollectionRow {
    collection: Collection::Terms,
    operations: &[
        ("CreateTerms", KeyedVerb::Create),
        ("DescribeTerms", KeyedVerb::Read),
        ("DescribeTermsByClient", KeyedVerb::Find),
        ("UpdateTerms", KeyedVerb::Update),
        ("DeleteTerms", KeyedVerb::Delete),
    ],
    shape: "TermsType",
    wrapper: "Terms",
    list: ListForm { member: "Terms", ..ListForm::NONE },
    found: &[("ClientId", "ClientId"), ("TermsName", "TermsName")],
    // Two for each app client, and a pool has 1,000 of these at most.
    most: 2_000,
    new_key: Some(ids::request_id),
    missing: |verb, key, _| {
        let message = match verb {
            KeyedVerb::Find => format!("Terms for client {key} do not exist."),
            _ => "Terms do not exist.".to_owned(),
        };
        Refusal::missing(message)
    },
    // [I] A member of a request replaces the whole member.
    omitted: |_, _| &Omitted::Keep,
    rules: RULES,
    ..CollectionRow::PLAIN
};

const RULES: &[KeyedRule] = &[of_a_client, one_of_each_name];

/// **\[M\]** the exception.
fn of_a_client(write: &KeyedWrite<'_>, _: &Object) -> Option<Refusal> {
    if write.before.is_some() {
        return None;
    }
    of_clients::exists(write.live, write.request).err()
}

/// **\[M\]** the exception. An update may give another name.
fn one_of_each_name(write: &KeyedWrite<'_>, after: &Object) -> Option<Refusal> {
    let place = |terms: &Object| ["ClientId", "TermsName"].map(|name| text(terms, name).map(str::to_owned));
    let is_other = |terms: &&Object| text(*terms, "TermsId") != text(after, "TermsId");
    let known = SideDocument::Keyed(Collection::Terms).of(write.live);
    let others = known.into_iter().flat_map(|known| known.values()).filter_map(Json::as_object);
    others.filter(is_other).any(|terms| place(terms) == place(after)).then(|| {
        let [client, name] = place(after).map(Option::unwrap_or_default);
        let message = format!("Terms {name} already exist for client {client}");
        Refusal::new("TermsExistsException", message)
    })
}
