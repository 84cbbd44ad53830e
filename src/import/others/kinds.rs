//! What the resource types of other tools are in a manifest.

use crate::catalogue::is_same_name;

/// The part of a pool that a resource of another tool is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PoolPart {
    /// What belongs to one app client, or to the pool, and has no id that others use.
    Leaf,
    /// An app client.
    Client,
    /// What app clients name.
    Named,
    /// The pool itself.
    Pool,
}

/// One kind of resource.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ToolKind {
    /// The type's name in the `aws` provider of Terraform, which Pulumi's `aws` package follows.
    classic: &'static str,
    /// The type's name in CloudFormation, which Cloud Control and its providers follow.
    stack: &'static str,
    /// The part of a pool that it is.
    pub(super) part: PoolPart,
    /// The branch of a manifest that declares it; empty for the pool's own settings.
    pub(super) branch: &'static str,
}

/// The types whose resources a manifest can declare. Users and identity pools are none of them, nor is a replica.
///
/// Sources: the resources of terraform-provider-aws 6.25 and of pulumi-aws 7.51, and the schemas `AWS::Cognito::*` of
/// CloudFormation of 2026-10-20.
#[rustfmt::skip]
const ROWS: &[ToolKind] = {
    use PoolPart::{Client, Leaf, Named, Pool};
    &[
        ToolKind { classic: "user_pool", stack: "UserPool", part: Pool, branch: "" },
        ToolKind { classic: "user_pool_client", stack: "UserPoolClient", part: Client, branch: "clients" },
        ToolKind { classic: "managed_user_pool_client", stack: "", part: Client, branch: "clients" },
        ToolKind { classic: "identity_provider", stack: "UserPoolIdentityProvider", part: Named, branch: "identityProviders" },
        ToolKind { classic: "resource_server", stack: "UserPoolResourceServer", part: Named, branch: "resourceServers" },
        ToolKind { classic: "user_group", stack: "UserPoolGroup", part: Named, branch: "groups" },
        ToolKind { classic: "user_pool_domain", stack: "UserPoolDomain", part: Named, branch: "domains" },
        ToolKind { classic: "risk_configuration", stack: "UserPoolRiskConfigurationAttachment", part: Leaf, branch: "riskConfiguration" },
        ToolKind { classic: "user_pool_ui_customization", stack: "UserPoolUICustomizationAttachment", part: Leaf, branch: "uiCustomization" },
        ToolKind { classic: "log_delivery_configuration", stack: "LogDeliveryConfiguration", part: Leaf, branch: "logDelivery" },
        ToolKind { classic: "managed_login_branding", stack: "ManagedLoginBranding", part: Leaf, branch: "clients" },
        ToolKind { classic: "", stack: "Terms", part: Leaf, branch: "clients" },
    ]
};

/// The two parts of the start of a type's name, and whether the rest of it is the classic name.
const FAMILIES: &[(&str, &str, bool)] = &[
    ("aws", "_cognito_", true),
    ("awscc", "_cognito_", false),
    ("AWS", "::Cognito::", false),
    ("aws-native", ":cognito:", false),
    ("aws", ":cognito/", true),
];

impl ToolKind {
    /// The kind of a resource of this type; `None` if a manifest cannot declare it.
    pub(super) fn of(kind: &str) -> Option<&'static Self> {
        let (rest, is_classic) = FAMILIES.iter().find_map(|(provider, service, is_classic)| {
            let rest = kind.strip_prefix(provider)?.strip_prefix(service)?;
            Some((rest.rsplit(':').next().unwrap_or(rest), *is_classic))
        })?;
        let name = |row: &ToolKind| if is_classic { row.classic } else { row.stack };
        ROWS.iter().find(|row| is_same_name(name(row), rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn every_branch_is_one_of_a_manifest() {
        let branches: Vec<&str> = Catalogue::branches().collect();
        assert!(ROWS.iter().all(|row| row.branch.is_empty() || branches.contains(&row.branch)));
    }

    #[test]
    fn each_tool_has_its_own_name_for_a_type() {
        use PoolPart::{Client, Leaf, Named, Pool};
        for (kind, part) in [
            ("aws_cognito_user_pool", Some(Pool)),
            ("awscc_cognito_user_pool", Some(Pool)),
            ("AWS::Cognito::UserPool", Some(Pool)),
            ("aws:cognito/userPool:UserPool", Some(Pool)),
            ("aws-native:cognito:UserPool", Some(Pool)),
            ("aws_cognito_managed_user_pool_client", Some(Client)),
            ("awscc_cognito_user_pool_client", Some(Client)),
            ("aws_cognito_identity_provider", Some(Named)),
            ("aws:cognito/identityProvider:IdentityProvider", Some(Named)),
            ("AWS::Cognito::UserPoolIdentityProvider", Some(Named)),
            ("aws:cognito/userPoolUICustomization:UserPoolUICustomization", Some(Leaf)),
            ("awscc_cognito_user_pool_ui_customization_attachment", Some(Leaf)),
            ("AWS::Cognito::Terms", Some(Leaf)),
            ("aws_cognito_user", None),
            ("aws_cognito_user_in_group", None),
            ("aws_cognito_user_pool_replica", None),
            ("aws_cognito_identity_pool", None),
            ("AWS::Cognito::IdentityPool", None),
            ("AWS::IAM::Role", None),
            ("aws_cognito_", None),
            ("AWS::Cognito::", None),
        ] {
            assert_eq!(ToolKind::of(kind).map(|kind| kind.part), part, "{kind}");
        }
    }
}
