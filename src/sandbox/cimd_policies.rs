//! CIMD policies: an update replaces one, and always names its app client.

use serde_json::json;

use super::answer::Refusal;
use super::keyed::{CollectionRow, KeyedVerb, ListForm};
use super::omission::Omitted;
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
        size: "MaxResults",
        largest: 60,
        members: Some(&[
            "CIMDPolicyId",
            "ClientId",
            "PolicyName",
            "CacheDuration",
            "CreationDate",
            "LastModifiedDate",
        ]),
        filter: None,
    },
    found: &[],
    // [I]
    most: 100,
    new_key: Some(ids::client_id),
    // [I]
    missing: |_, key, _| {
        Refusal::new("ResourceNotFoundException", format!("CIMD policy {key} does not exist."))
    },
    taken: |key, _| Refusal::internal(format!("The sandbox has drawn the policy id {key} twice.")),
    protected: |_| None,
    omitted: |_, _| Omitted::Remove,
    fill: |_, policy| {
        policy.entry("CacheDuration").or_insert_with(|| json!(86_400));
    },
    around: |_| {},
    shown: |_| {},
    rules: &[|write, _| of_clients::exists(write.live, write.request).err()],
};
