//! CIMD policies: which clients that nobody has registered may use the pool, by the URLs of their metadata documents.

use crate::catalogue::calls::{self, POOL_ID};
use crate::catalogue::listing::Listing;
use crate::catalogue::resource::Resource;
use crate::catalogue::table::Compare::Set;
use crate::catalogue::table::Evidence::{Docs, Model};
use crate::catalogue::table::Removal::{Impossible, Send};
use crate::catalogue::table::Row;
use crate::document::DocumentId;

/// CIMD policies, each under a label of the manifest.
pub(super) static CIMD_POLICIES: Resource = Resource {
    document: DocumentId::CIMD_POLICIES,
    read: &calls::DESCRIBE_CIMD_POLICY,
    answer: Some("CIMDPolicy"),
    listing: Some(&Listing {
        call: &calls::LIST_CIMD_POLICIES,
        items: "CIMDPolicies",
        page: Some(("MaxResults", 60)),
        key: "CIMDPolicyId",
        name: Some("PolicyName"),
        also: &["ClientId", "CacheDuration", "CreationDate", "LastModifiedDate"],
        one: "CIMD policy document",
        likeness: &["URLPatterns"],
        made_again: Some("it gets another id"),
        ..Listing::OF_NAMES
    }),
    update: &calls::UPDATE_CIMD_POLICY,
    create: Some(&calls::CREATE_CIMD_POLICY),
    remove: Some(&calls::DELETE_CIMD_POLICY),
    address: &[POOL_ID, "CIMDPolicyId"],
    branch: Some("cimdPolicies"),
    outputs: &["CIMDPolicyId"],
    rows: ROWS,
    ..Resource::IN_POOL
};

/// The settings, one row each.
static ROWS: &[Row] = &[
    Row::of_document(
        "A policy for clients that identify themselves by the URL of a metadata document. The label is its name for poolctl, and its `PolicyName` unless that is declared.",
        "the policy exists; its settings stay as they are",
    ),
    Row::new(
        "PolicyName",
        "The name that people see. It need not be unique.",
        Impossible("a policy has a name"),
        Model,
    ),
    Row::new(
        "ClientId",
        "The id of the app client whose settings such clients get, and not its label: a client that the same apply makes has no id yet. Cognito leaves it out once that app client is gone.",
        Impossible("a policy has a client"),
        Model,
    )
    .shown(),
    Row::new(
        "CacheDuration",
        "How long Cognito keeps a metadata document that does not say so itself, in seconds.",
        Send("86400"),
        Docs,
    )
    .default("86400"),
    Row::new(
        "URLPatterns",
        "The URLs that metadata documents may have. `*` stands for anything.",
        Impossible("a policy has patterns"),
        Model,
    )
    .compare(Set),
];
