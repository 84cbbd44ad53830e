//! CIMD policies: an update replaces one, and always names its app client.

use serde_json::json;

use super::answer::Refusal;
use super::keyed::{CollectionRow, KeyedVerb, ListForm};
use super::state::Collection;
use super::{ids, of_clients};

/// CIMD policies. Nobody has measured what an update makes of a cache duration that it leaves out **\[I\]**.
pub(super) const CIMD_POLICIES: CollectionRow = CollectionRow {
    collection: Collection::CimdPolicies,
    operations: &[
        ("CreateCIMDPolicy", KeyedVerb::Create),
        ("DescribeCIMDPolicy", KeyedVerb::Read),
        ("UpdateCIMDPolicy", KeyedVerb::Update),
        ("DeleteCIMDPolicy", KeyedVerb::Delete),
        ("ListCIMDPolicies", KeyedVerb::List),
    ],
    shape: "CIMDPolicyType",
    wrapper: "CIMDPolicy",
    list: ListForm {
        member: "CIMDPolicies",
        members: Some(&[
            "CIMDPolicyId",
            "ClientId",
            "PolicyName",
            "CacheDuration",
            "CreationDate",
            "LastModifiedDate",
        ]),
        ..ListForm::PAGED
    },
    // [I]
    most: 100,
    new_key: Some(ids::client_id),
    // [I]
    missing: |_, key, _| Refusal::missing(format!("CIMD policy {key} does not exist.")),
    fill: |_, policy| {
        policy.entry("CacheDuration").or_insert_with(|| json!(86_400));
    },
    rules: &[|write, _| of_clients::exists(write.live, write.request).err()],
    ..CollectionRow::PLAIN
};
