//! The pool's own document.

mod attributes;
mod rows;

pub(in crate::catalogue) use attributes::name_as_read;

use crate::catalogue::Catalogue;
use crate::catalogue::calls;
use crate::catalogue::resource::{MFA_MODE, Resource};
use crate::document::{DocumentId, Json, Snapshot};

/// The feature plans, the smallest first, and the one of a pool that names none.
pub(in crate::catalogue) const TIERS: [&str; 3] = ["LITE", "ESSENTIALS", "PLUS"];
pub(in crate::catalogue) const TIER: &str = "ESSENTIALS";

impl Catalogue {
    /// Whether a pool loses features with its tier on the way from one state to another.
    pub fn lowers_tier(from: &Snapshot, to: &Snapshot) -> bool {
        let rank = |of: &Snapshot| {
            let tier = of.pool().get("UserPoolTier").and_then(Json::as_str).unwrap_or(TIER);
            TIERS.iter().position(|known| *known == tier)
        };
        rank(from).zip(rank(to)).is_some_and(|(from, to)| to < from)
    }
}

/// The pool.
pub static POOL: Resource = Resource {
    document: DocumentId::POOL,
    read: &calls::DESCRIBE_USER_POOL,
    answer: Some("UserPool"),
    update: &calls::UPDATE_USER_POOL,
    create: Some(&calls::CREATE_USER_POOL),
    identity: Some("Id"),
    // From the model, and from all reads seen.
    lasting: &["Id", "Name", "Arn", "CreationDate", "LastModifiedDate", "SchemaAttributes", MFA_MODE],
    renamed: &[("Name", "PoolName"), ("SchemaAttributes", "Schema")],
    apart_calls: &[("Schema", &calls::ADD_CUSTOM_ATTRIBUTES), (MFA_MODE, &calls::SET_USER_POOL_MFA_CONFIG)],
    fixed: &["AliasAttributes", "UsernameAttributes", "UsernameConfiguration"],
    rows: rows::ROWS,
    aliases: rows::ALIASES,
    ..Resource::IN_POOL
};
