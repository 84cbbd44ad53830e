//! The pool's own document.

mod attributes;
mod rows;

pub(in crate::catalogue) use attributes::{STANDARD_ATTRIBUTES, name_as_read};

use crate::catalogue::Catalogue;
use crate::catalogue::calls;
use crate::catalogue::path;
use crate::catalogue::resource::{MFA_MODE, Resource};
use crate::document::{self, Document, DocumentId, Json, Path, Snapshot, json};

/// The feature plans, the smallest first, and the one of a pool that names none.
pub(in crate::catalogue) const TIERS: [&str; 3] = ["LITE", "ESSENTIALS", "PLUS"];
pub(in crate::catalogue) const TIER: &str = "ESSENTIALS";

/// The setting with a pool's name.
pub const POOL_NAME: &str = "PoolName";

/// The settings that say what users may sign in with. A pool has one of them at most: CreateUserPool refuses both, in words
/// that users of CDK and Terraform quote.
pub const SIGN_IN_NAMES: [&str; 2] = ["AliasAttributes", "UsernameAttributes"];

/// The settings that protect a new pool, each with the values that do, as JSON with blanks between them; with what is
/// missing otherwise; and whether that is told of a declared value too.
const OPEN: [(&str, &str, &str, bool); 3] = [
    ("AdminCreateUserConfig.AllowAdminCreateUserOnly", "true", "sign-up open to anyone", false),
    (MFA_MODE, r#""OPTIONAL" "ON""#, "no MFA", false),
    ("DeletionProtection", r#""ACTIVE""#, "no deletion protection", true),
];

impl Catalogue {
    /// The value of a tag of a live pool.
    pub fn tag<'a>(live: &'a Snapshot, key: &str) -> Option<&'a str> {
        live.pool().get(document::TAGS)?.get(key)?.as_str()
    }

    /// The number of a live pool's users, as the service estimates it.
    pub fn users(live: &Snapshot) -> Option<u64> {
        live.pool().get("EstimatedNumberOfUsers")?.as_u64()
    }

    /// The URL of the issuer in the tokens of the live pool `id`. Partitions have domains of their own; the host of an updated
    /// issuer is the one that aws-jwt-verify 5.2.1 builds.
    pub fn issuer(live: &Snapshot, region: &str, id: &str) -> String {
        let form = live.pool().get("IssuerConfiguration").and_then(|issuer| issuer.get("Type")?.as_str());
        let updated = if form == Some("UPDATED") { "issuer-" } else { "" };
        let domain = match region.split_once('-') {
            Some(("cn", _)) => "amazonaws.com.cn",
            Some(("eusc", _)) => "amazonaws.eu",
            _ => "amazonaws.com",
        };
        format!("https://{updated}cognito-idp.{region}.{domain}/{id}")
    }

    /// The settings that no call changes after a pool is made, each with its value in this one.
    pub fn permanent(live: &Snapshot) -> impl Iterator<Item = (&'static str, Option<&Json>)> {
        POOL.fixed.iter().map(|name| (*name, live.pool().get(name)))
    }

    /// What a new pool lacks in protection, in words: what no manifest decides, and deletion protection in any case.
    /// `is_declared` returns whether a manifest decides a setting.
    pub fn open_defaults(new: &Snapshot, is_declared: impl Fn(&Path) -> bool) -> Vec<String> {
        let value = |at: &Path| json::follow(new.pool().get(at.head()?)?, at.segs().get(1..)?);
        let is_open =
            |at: &Path, safe: &str| value(at).is_none_or(|value| !safe.contains(&value.to_string()));
        let told = |(at, safe, words, always): &(&'static str, &str, &str, bool)| {
            let setting = path(at);
            let is_told = is_open(setting, safe) && (*always || !is_declared(setting));
            is_told.then(|| format!("{words} (`{at}`)"))
        };
        OPEN.iter().filter_map(told).collect()
    }

    /// Whether a pool loses features with its tier on the way from one state to another.
    pub fn lowers_tier(from: &Snapshot, to: &Snapshot) -> bool {
        let rank = |of: &Snapshot| {
            let tier = of.pool().get("UserPoolTier").and_then(Json::as_str).unwrap_or(TIER);
            TIERS.iter().position(|known| *known == tier)
        };
        rank(from).zip(rank(to)).is_some_and(|(from, to)| to < from)
    }
}

/// Gives new attributes their names in requests. Leaves out an empty client registration, which would switch it on: the
/// service keeps what a request leaves out of it. **\[D\]**
fn complete(_: &Snapshot, _: Option<&Document>, body: &mut Document) {
    attributes::bare_names(body);
    body.retain(|name, value| {
        name != "DcrConfiguration" || value.as_object().is_none_or(|it| !it.is_empty())
    });
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
    // Somebody may have the pool deleted by mistake, and nothing brings its users back.
    initial: &[("DeletionProtection", "ACTIVE")],
    fixed: &["AliasAttributes", "UsernameAttributes", "UsernameConfiguration"],
    complete,
    rows: rows::ROWS,
    aliases: rows::ALIASES,
    ..Resource::IN_POOL
};

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_issuer_is_the_one_of_the_partition_and_of_the_setting() {
        let pool = |issuer: &str| {
            let document = json!({"IssuerConfiguration": {"Type": issuer}});
            Snapshot::default().with(DocumentId::POOL, document.as_object().cloned().map(Into::into))
        };
        for (region, form, issuer) in [
            ("eu-west-1", "ORIGINAL", "https://cognito-idp.eu-west-1.amazonaws.com/p"),
            ("eu-west-1", "UPDATED", "https://issuer-cognito-idp.eu-west-1.amazonaws.com/p"),
            ("cn-north-1", "ORIGINAL", "https://cognito-idp.cn-north-1.amazonaws.com.cn/p"),
            ("eusc-de-east-1", "ORIGINAL", "https://cognito-idp.eusc-de-east-1.amazonaws.eu/p"),
        ] {
            assert_eq!(Catalogue::issuer(&pool(form), region, "p"), issuer);
        }
    }
}
