//! The ARN of a pool.

use crate::document::{Document, Json, Snapshot};

/// The ARN of a user pool, in its parts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PoolArn {
    /// The partition: `aws`, `aws-cn` or another.
    pub partition: String,
    /// The Region.
    pub region: String,
    /// The account's 12 digits.
    pub account: String,
    /// The pool's id.
    pub id: String,
}

/// The error if neither the pool's document nor its manifest names the account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the account of the pool {0} is not known")]
pub struct UnknownAccount(pub String);

/// The partitions by the first part of their Regions' names; all others are `aws`.
const PARTITIONS: &[(&str, &str)] = &[
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("eusc-", "aws-eusc"),
];

impl PoolArn {
    /// The ARN that the pool's document says, or else that of the pool `id` in a known account.
    ///
    /// # Errors
    /// If neither exists.
    pub fn of(
        pool: Option<&Document>,
        id: &str,
        region: &str,
        account: Option<&str>,
    ) -> Result<Self, UnknownAccount> {
        let told = pool.and_then(|pool| Self::parse(pool.get(Snapshot::ARN).and_then(Json::as_str)?));
        let made = |account: &str| Self {
            partition: partition(region).to_owned(),
            region: region.to_owned(),
            account: account.to_owned(),
            id: id.to_owned(),
        };
        let told = told.filter(|arn| arn.id == id);
        told.or_else(|| account.map(made)).ok_or_else(|| UnknownAccount(id.to_owned()))
    }

    fn parse(text: &str) -> Option<Self> {
        let plain = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        };
        let parts: Vec<&str> = text.split(':').collect();
        let ["arn", partition, "cognito-idp", region, account, resource] = parts[..] else { return None };
        let id = resource.strip_prefix("userpool/")?;
        let own = [partition, region, account, id];
        own.into_iter().all(plain).then(|| {
            let [partition, region, account, id] = own.map(str::to_owned);
            Self { partition, region, account, id }
        })
    }
}

impl std::fmt::Display for PoolArn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { partition, region, account, id } = self;
        write!(f, "arn:{partition}:cognito-idp:{region}:{account}:userpool/{id}")
    }
}

fn partition(region: &str) -> &'static str {
    let found = PARTITIONS.iter().find(|(start, _)| region.starts_with(start));
    found.map_or("aws", |(_, partition)| partition)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "eu-west-1_A1";

    fn arn(pool: &str, region: &str, account: Option<&str>) -> Result<String, UnknownAccount> {
        let pool: Document = serde_json::from_str(pool).unwrap();
        PoolArn::of(Some(&pool), ID, region, account).map(|arn| arn.to_string())
    }

    #[test]
    fn a_pool_says_its_own_arn_and_a_manifest_stands_in_for_it() {
        let own = r#"{"Arn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_A1"}"#;
        let told = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_A1";
        assert_eq!(arn(own, "eu-west-1", Some("999999999999")).unwrap(), told);
        for (region, partition) in [
            ("eu-west-1", "aws"),
            ("cn-north-1", "aws-cn"),
            ("us-gov-west-1", "aws-us-gov"),
            ("us-isob-east-1", "aws-iso-b"),
            ("eusc-de-east-1", "aws-eusc"),
        ] {
            let made = format!("arn:{partition}:cognito-idp:{region}:111122223333:userpool/{ID}");
            assert_eq!(arn("{}", region, Some("111122223333")).unwrap(), made);
        }
    }

    #[test]
    fn what_is_no_arn_of_this_pool_gets_into_no_policy() {
        for text in [
            "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/*",
            "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_B2",
            "arn:aws:cognito-idp:*:111122223333:userpool/eu-west-1_A1",
            "arn:aws:iam::111122223333:role/eu-west-1_A1",
            "",
        ] {
            let pool = format!(r#"{{"Arn": "{text}"}}"#);
            assert_eq!(arn(&pool, "eu-west-1", None), Err(UnknownAccount(ID.to_owned())), "{text}");
        }
    }
}
