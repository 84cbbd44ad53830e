//! The service's default request quotas: so many calls a second for an account and Region.

use std::collections::HashMap;

use tokio::time::Instant;

/// How often an operation may be called.
struct Quota {
    category: &'static str,
    /// Calls a second over all pools of an account and Region.
    rate: u32,
    /// Calls a second of one operation on one pool.
    per_pool: Option<u32>,
    operations: &'static [&'static str],
}

/// None of them can be raised. `CreateUserPool`, `UpdateUserPool`, `AddCustomAttributes`, `SetUserPoolMfaConfig`,
/// `CreateGroup`, `DeleteGroup`, `CreateResourceServer` and `CreateIdentityProvider` are sourced, the others
/// inferred from the categories' descriptions. **\[I\]**
const QUOTAS: &[Quota] = &[
    Quota {
        category: "UserPoolRead",
        rate: 15,
        per_pool: None,
        operations: &["DescribeUserPool", "ListUserPools"],
    },
    Quota {
        category: "UserPoolUpdate",
        rate: 15,
        per_pool: None,
        operations: &["CreateUserPool", "UpdateUserPool", "DeleteUserPool"],
    },
    Quota {
        category: "UserPoolResourceRead",
        rate: 20,
        per_pool: Some(5),
        operations: &[
            "GetUserPoolMfaConfig",
            "GetLogDeliveryConfiguration",
            "GetGroup",
            "ListGroups",
            "DescribeResourceServer",
            "ListResourceServers",
            "DescribeIdentityProvider",
            "GetIdentityProviderByIdentifier",
            "ListIdentityProviders",
            "DescribeUserPoolDomain",
            "DescribeRiskConfiguration",
            "GetUserPoolSessionConfiguration",
            "GetUserPoolClientSessionConfiguration",
            "DescribeManagedLoginBranding",
            "DescribeCIMDPolicy",
            "ListCIMDPolicies",
            "DescribeManagedLoginBrandingByClient",
            "DescribeTerms",
            "DescribeTermsByClient",
            "GetUICustomization",
            "ListTagsForResource",
            "ListUserPoolReplicas",
        ],
    },
    Quota {
        category: "UserPoolResourceUpdate",
        rate: 15,
        per_pool: Some(5),
        operations: &[
            "SetUserPoolMfaConfig",
            "SetLogDeliveryConfiguration",
            "CreateGroup",
            "UpdateGroup",
            "DeleteGroup",
            "CreateResourceServer",
            "UpdateResourceServer",
            "DeleteResourceServer",
            "CreateIdentityProvider",
            "UpdateIdentityProvider",
            "DeleteIdentityProvider",
            "SetRiskConfiguration",
            "SetUserPoolSessionConfiguration",
            "SetUserPoolClientSessionConfiguration",
            "CreateManagedLoginBranding",
            "CreateCIMDPolicy",
            "UpdateCIMDPolicy",
            "DeleteCIMDPolicy",
            "UpdateManagedLoginBranding",
            "DeleteManagedLoginBranding",
            "CreateTerms",
            "UpdateTerms",
            "DeleteTerms",
            "SetUICustomization",
            "CreateUserPoolDomain",
            "UpdateUserPoolDomain",
            "DeleteUserPoolDomain",
            "AddCustomAttributes",
        ],
    },
    Quota {
        category: "UserPoolClientRead",
        rate: 15,
        per_pool: Some(5),
        operations: &["DescribeUserPoolClient", "ListUserPoolClients", "ListUserPoolClientSecrets"],
    },
    Quota {
        category: "UserPoolClientUpdate",
        rate: 15,
        per_pool: Some(5),
        operations: &["CreateUserPoolClient", "UpdateUserPoolClient", "DeleteUserPoolClient"],
    },
    Quota { category: "TagResource", rate: 5, per_pool: None, operations: &["TagResource", "UntagResource"] },
];

/// Token buckets, filled as time goes by; a full one holds a second's calls.
#[derive(Debug, Default)]
pub(super) struct Quotas(HashMap<String, Bucket>);

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    filled: Instant,
}

impl Quotas {
    /// Takes what this call costs; `false` when the service would throttle it.
    pub(super) fn take(&mut self, account: &str, region: &str, operation: &str, pool: Option<&str>) -> bool {
        let Some(quota) = QUOTAS.iter().find(|quota| quota.operations.contains(&operation)) else {
            return true;
        };
        let pool = quota.per_pool.zip(pool);
        let of_pool = pool.is_none_or(|(rate, pool)| self.token(format!("{pool}/{operation}"), rate));
        of_pool && self.token(format!("{account}/{region}/{}", quota.category), quota.rate)
    }

    fn token(&mut self, bucket: String, rate: u32) -> bool {
        let now = Instant::now();
        let rate = f64::from(rate);
        let bucket = self.0.entry(bucket).or_insert(Bucket { tokens: rate, filled: now });
        let earned = now.duration_since(bucket.filled).as_secs_f64() * rate;
        bucket.tokens = (bucket.tokens + earned).min(rate);
        bucket.filled = now;
        let enough = bucket.tokens >= 1.0;
        bucket.tokens -= f64::from(u8::from(enough));
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn every_operation_on_pools_has_a_quota() {
        for operation in super::super::call::OPERATIONS {
            assert!(QUOTAS.iter().any(|quota| quota.operations.contains(operation)), "{operation}");
        }
    }

    fn taken(quotas: &mut Quotas, account: &str, operation: &str, pool: &str) -> usize {
        (0..50).take_while(|_| quotas.take(account, "eu-west-1", operation, Some(pool))).count()
    }

    #[test]
    fn reads_are_fifteen_a_second_for_an_account_over_all_pools() {
        let mut quotas = Quotas::default();
        assert_eq!(taken(&mut quotas, "111122223333", "DescribeUserPool", "a"), 15);
        assert_eq!(taken(&mut quotas, "111122223333", "DescribeUserPool", "b"), 0);
        assert_eq!(taken(&mut quotas, "444455556666", "DescribeUserPool", "a"), 15);
    }

    #[test]
    fn log_delivery_is_read_and_set_five_times_a_second_for_a_pool() {
        let mut quotas = Quotas::default();
        assert_eq!(taken(&mut quotas, "a", "SetLogDeliveryConfiguration", "a"), 5);
        assert_eq!(taken(&mut quotas, "a", "SetUserPoolMfaConfig", "a"), 5, "each operation on its own");
        assert_eq!(taken(&mut quotas, "a", "GetLogDeliveryConfiguration", "a"), 5);
    }

    #[test]
    fn app_clients_and_groups_have_categories_of_their_own() {
        let mut quotas = Quotas::default();
        let mut all = |operation: &str, pools: [&str; 5]| {
            pools.map(|pool| taken(&mut quotas, "a", operation, pool)).iter().sum::<usize>()
        };
        let pools = ["a", "b", "c", "d", "e"];
        assert_eq!(all("DescribeUserPoolClient", pools), 15);
        assert_eq!(all("UpdateUserPoolClient", pools), 15);
        assert_eq!(all("ListGroups", pools), 20);
        assert_eq!(all("ListResourceServers", pools), 0, "of the same category");
        assert_eq!(all("UpdateGroup", pools), 15);
    }

    #[test]
    fn a_pools_mfa_is_read_five_times_a_second_and_again_a_second_later() {
        let mut quotas = Quotas::default();
        assert_eq!(taken(&mut quotas, "a", "GetUserPoolMfaConfig", "a"), 5);
        assert_eq!(taken(&mut quotas, "a", "GetUserPoolMfaConfig", "b"), 5);
        for bucket in quotas.0.values_mut() {
            bucket.filled -= Duration::from_secs(1);
        }
        assert_eq!(taken(&mut quotas, "a", "GetUserPoolMfaConfig", "a"), 5);
    }
}
