//! Resource servers: APIs, and the scopes that tokens for them may have.

use crate::catalogue::calls::{self, POOL_ID};
use crate::catalogue::listing::Listing;
use crate::catalogue::resource::Resource;
use crate::catalogue::table::Compare::Keyed;
use crate::catalogue::table::Evidence::{Docs, Model};
use crate::catalogue::table::Removal::{Impossible, Omit, Send};
use crate::catalogue::table::{REMOVED, Row};
use crate::document::DocumentId;

/// Resource servers, each under its identifier.
pub(super) static RESOURCE_SERVERS: Resource = Resource {
    document: DocumentId::RESOURCE_SERVERS,
    read: &calls::LIST_RESOURCE_SERVERS,
    listing: Some(&Listing {
        call: &calls::LIST_RESOURCE_SERVERS,
        items: "ResourceServers",
        page: Some(("MaxResults", 50)),
        key: "Identifier",
        one: "resource server",
        ..Listing::OF_NAMES
    }),
    update: &calls::UPDATE_RESOURCE_SERVER,
    create: Some(&calls::CREATE_RESOURCE_SERVER),
    remove: Some(&calls::DELETE_RESOURCE_SERVER),
    address: &[POOL_ID, "Identifier"],
    branch: Some("resourceServers"),
    // The model has it in reads alone; Cognito refuses changes of the servers that it manages.
    owned: &[("ManagedBy", "COGNITO", "Amazon Cognito")],
    rows: ROWS,
    ..Resource::IN_POOL
};

/// The settings, one row each.
static ROWS: &[Row] = &[
    Row::of_document(
        "An API. The `Identifier` is the label; a scope is called `<Identifier>/<ScopeName>` in clients and tokens.",
        "the resource server exists; its settings stay as they are",
    ),
    Row::new("Name", "The name that people see.", Impossible("a resource server has a name"), Model),
    Row::new("Scopes", "What a token may allow at this API.", Send("[]"), Docs)
        .compare(Keyed { key: "ScopeName", order: None })
        .falls_to(REMOVED),
    Row::new("Scopes[]", "One scope.", Omit, Model),
    Row::new("Scopes[].ScopeName", "The scope's name, without `/`.", Omit, Model),
    Row::new("Scopes[].ScopeDescription", "What the scope allows.", Omit, Model),
];
