//! Groups: names for sets of users, which may bring a role.

use crate::catalogue::calls::{self, POOL_ID};
use crate::catalogue::listing::Listing;
use crate::catalogue::resource::{Resource, Sends};
use crate::catalogue::table::Evidence::{Docs, Model, Report};
use crate::catalogue::table::Removal::{Impossible, Send};
use crate::catalogue::table::Row;
use crate::document::{DocumentId, Object};

/// Groups, each under its name.
pub(super) static GROUPS: Resource = Resource {
    document: DocumentId::GROUPS,
    read: &calls::LIST_GROUPS,
    listing: Some(&Listing {
        call: &calls::LIST_GROUPS,
        items: "Groups",
        page: Some(("Limit", 60)),
        key: "GroupName",
        one: "group",
        made_again: Some("it has no members, because a backup does not contain them"),
        ..Listing::OF_NAMES
    }),
    update: &calls::UPDATE_GROUP,
    create: Some(&calls::CREATE_GROUP),
    remove: Some(&calls::DELETE_GROUP),
    // A role that is sent needs `iam:PassRole`; one that is not sent stays.
    sends: Sends::Changed,
    address: &[POOL_ID, "GroupName"],
    branch: Some("groups"),
    rows: ROWS,
    maker,
    ..Resource::IN_POOL
};

/// Cognito makes a group `<pool>_<provider>` when the first user signs in through an identity provider. One with a role
/// is shown all the same: whoever can set it there gets what the role gives. **\[R\]**
fn maker(pool: &str, group: &Object) -> Option<&'static str> {
    let provider = group.get("GroupName")?.as_str()?.strip_prefix(pool)?.strip_prefix('_')?;
    let has_role = group.get("RoleArn").is_some_and(|role| !role.is_null());
    (!provider.is_empty() && !has_role).then_some("an identity provider")
}

/// The settings, one row each.
static ROWS: &[Row] = &[
    Row::of_document("A group of users.", "the group exists; its settings stay as they are"),
    Row::new("Description", "What the group is for.", Send("\"\""), Model).default("\"\""),
    Row::new(
        "RoleArn",
        "The IAM role in the tokens of the group's users. It needs `iam:PassRole` when it is set.",
        Impossible(
            "Cognito has no request that removes the role of a group; remove the group and make a new one",
        ),
        Report,
    ),
    Row::new(
        "Precedence",
        "The rank of the group. A user in several groups gets the role of the group with the lowest number: 0 is the highest rank.",
        Impossible("Cognito has no request that removes the precedence of a group"),
        Docs,
    ),
];
