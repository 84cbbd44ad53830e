//! The pool's own document.

mod attributes;
mod rows;

pub(in crate::catalogue) use attributes::name_as_read;

use crate::catalogue::calls;
use crate::catalogue::resource::Resource;
use crate::document::DocumentId;

/// The pool.
pub(in crate::catalogue) static POOL: Resource = Resource {
    document: DocumentId::POOL,
    read: &calls::DESCRIBE_USER_POOL,
    answer: Some("UserPool"),
    update: &calls::UPDATE_USER_POOL,
    create: Some("CreateUserPool"),
    identity: Some("Id"),
    renamed: &[("Name", "PoolName"), ("SchemaAttributes", "Schema")],
    apart_calls: &[
        ("Schema", &calls::ADD_CUSTOM_ATTRIBUTES),
        ("MfaConfiguration", &calls::SET_USER_POOL_MFA_CONFIG),
    ],
    fixed: &["AliasAttributes", "UsernameAttributes", "UsernameConfiguration"],
    rows: rows::ROWS,
    aliases: rows::ALIASES,
    ..Resource::IN_POOL
};
