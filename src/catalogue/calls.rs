//! The operations of the service that poolctl calls: one row each.

/// The member of requests that names the pool.
pub const POOL_ID: &str = "UserPoolId";

/// One operation of the service.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Call {
    /// The operation's name in the API.
    pub name: &'static str,
    /// The rate category that it counts in. From the quotas page; of reads, from the categories'
    /// descriptions there.
    pub category: RateCategory,
    /// What it does to a pool.
    pub effect: CallEffect,
    /// Whether the answer of a success always has members. Other answers may be an empty body: moto's
    /// are.
    pub has_answer: bool,
    /// Whether the answer has secrets that the caller need not know yet: whoever may make the call can read them.
    pub returns_secrets: bool,
    /// Whether the request names the pool. IAM can restrict only such a call to pools.
    pub names_pool: bool,
}

/// What a call does to a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallEffect {
    /// Nothing: it may be repeated.
    Reads,
    /// It changes a document, to the same in the end if it is sent twice.
    Updates,
    /// It creates a document. A second request would create another one, so it is sent once.
    Creates,
    /// It removes a document.
    Removes,
}

impl Call {
    /// Whether it changes a pool. A write is never repeated without a read in between.
    pub fn writes(&self) -> bool {
        self.effect != CallEffect::Reads
    }

    /// The operation's command in the AWS CLI, which writes its name in lower case with a hyphen between words.
    pub fn command(&self) -> String {
        format!("aws cognito-idp {}", hyphenated(self.name))
    }
}

/// A name as botocore writes it for the command line: a run of capitals is one word, also before a final `s`.
fn hyphenated(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let plural =
        letters.len() > 2 && letters.ends_with(&['s']) && letters[letters.len() - 2].is_ascii_uppercase();
    let mut out = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let is_upper =
            |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(char::is_ascii_uppercase);
        let ends_plural = plural && index + 2 == letters.len();
        let is_before_lower = index + 1 < letters.len() && !is_upper(Some(index + 1)) && !ends_plural;
        if index > 0 && letter.is_ascii_uppercase() && (!is_upper(index.checked_sub(1)) || is_before_lower) {
            out.push('-');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

impl std::fmt::Display for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// A rate category of the service. Each has a quota of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RateCategory {
    /// Reads of pools.
    PoolRead,
    /// Updates of pools.
    PoolUpdate,
    /// Reads of what a pool has.
    ResourceRead,
    /// Updates of what a pool has.
    ResourceUpdate,
    /// Reads of app clients.
    ClientRead,
    /// Updates of app clients.
    ClientUpdate,
}

impl RateCategory {
    /// All categories.
    pub const ALL: [Self; 6] = [
        Self::PoolRead,
        Self::PoolUpdate,
        Self::ResourceRead,
        Self::ResourceUpdate,
        Self::ClientRead,
        Self::ClientUpdate,
    ];

    /// The name on the quotas page.
    pub fn name(self) -> &'static str {
        match self {
            Self::PoolRead => "UserPoolRead",
            Self::PoolUpdate => "UserPoolUpdate",
            Self::ResourceRead => "UserPoolResourceRead",
            Self::ResourceUpdate => "UserPoolResourceUpdate",
            Self::ClientRead => "UserPoolClientRead",
            Self::ClientUpdate => "UserPoolClientUpdate",
        }
    }

    /// The calls a second that an account has in a Region by default, over all pools. From Service Quotas.
    pub fn quota(self) -> f64 {
        match self {
            Self::ResourceRead => 20.0,
            Self::PoolRead
            | Self::PoolUpdate
            | Self::ResourceUpdate
            | Self::ClientRead
            | Self::ClientUpdate => 15.0,
        }
    }

    /// The calls a second of one operation on one pool; `None` if there is no such quota. From Service
    /// Quotas.
    pub fn quota_of_pool(self) -> Option<f64> {
        match self {
            Self::PoolRead | Self::PoolUpdate => None,
            Self::ResourceRead | Self::ResourceUpdate | Self::ClientRead | Self::ClientUpdate => Some(5.0),
        }
    }
}

const fn read(name: &'static str, category: RateCategory) -> Call {
    call(name, category, CallEffect::Reads, true)
}

const fn write(name: &'static str, category: RateCategory, has_answer: bool) -> Call {
    call(name, category, CallEffect::Updates, has_answer)
}

const fn create(name: &'static str, category: RateCategory) -> Call {
    call(name, category, CallEffect::Creates, true)
}

const fn remove(name: &'static str, category: RateCategory, has_answer: bool) -> Call {
    call(name, category, CallEffect::Removes, has_answer)
}

const fn call(name: &'static str, category: RateCategory, effect: CallEffect, has_answer: bool) -> Call {
    Call { name, category, effect, has_answer, returns_secrets: false, names_pool: true }
}

/// Lists the pools of an account in a Region, page by page.
pub static LIST_USER_POOLS: Call =
    Call { names_pool: false, ..read("ListUserPools", RateCategory::PoolRead) };
/// Lists the replicas of a pool, its own Region among them.
pub static LIST_USER_POOL_REPLICAS: Call = read("ListUserPoolReplicas", RateCategory::ResourceRead);
/// Reads a pool's document.
pub static DESCRIBE_USER_POOL: Call = read("DescribeUserPool", RateCategory::PoolRead);
/// Reads a pool's MFA document.
pub static GET_USER_POOL_MFA_CONFIG: Call = read("GetUserPoolMfaConfig", RateCategory::ResourceRead);
/// Replaces a pool's configuration.
pub static UPDATE_USER_POOL: Call = write("UpdateUserPool", RateCategory::PoolUpdate, false);
/// Replaces a pool's MFA configuration.
pub static SET_USER_POOL_MFA_CONFIG: Call = write("SetUserPoolMfaConfig", RateCategory::ResourceUpdate, true);
/// Adds custom attributes to a pool's schema.
pub static ADD_CUSTOM_ATTRIBUTES: Call = write("AddCustomAttributes", RateCategory::ResourceUpdate, false);
/// Reads where a pool's logs go.
pub static GET_LOG_DELIVERY_CONFIGURATION: Call =
    read("GetLogDeliveryConfiguration", RateCategory::ResourceRead);
/// Replaces where a pool's logs go.
pub static SET_LOG_DELIVERY_CONFIGURATION: Call =
    write("SetLogDeliveryConfiguration", RateCategory::ResourceUpdate, true);
/// Makes a pool.
pub static CREATE_USER_POOL: Call =
    Call { names_pool: false, ..create("CreateUserPool", RateCategory::PoolUpdate) };
/// Lists the groups of a pool, page by page, each whole.
pub static LIST_GROUPS: Call = read("ListGroups", RateCategory::ResourceRead);
/// Makes a group.
pub static CREATE_GROUP: Call = create("CreateGroup", RateCategory::ResourceUpdate);
/// Changes members of a group.
pub static UPDATE_GROUP: Call = write("UpdateGroup", RateCategory::ResourceUpdate, true);
/// Removes a group, and its users' memberships with it.
pub static DELETE_GROUP: Call = remove("DeleteGroup", RateCategory::ResourceUpdate, false);
/// Lists the resource servers of a pool, page by page, each whole.
pub static LIST_RESOURCE_SERVERS: Call = read("ListResourceServers", RateCategory::ResourceRead);
/// Makes a resource server.
pub static CREATE_RESOURCE_SERVER: Call = create("CreateResourceServer", RateCategory::ResourceUpdate);
/// Replaces a resource server.
pub static UPDATE_RESOURCE_SERVER: Call = write("UpdateResourceServer", RateCategory::ResourceUpdate, true);
/// Removes a resource server.
pub static DELETE_RESOURCE_SERVER: Call = remove("DeleteResourceServer", RateCategory::ResourceUpdate, false);
/// Lists the identity providers of a pool, page by page: names and types.
pub static LIST_IDENTITY_PROVIDERS: Call = read("ListIdentityProviders", RateCategory::ResourceRead);
/// Reads an identity provider, with the secret that the pool has there.
pub static DESCRIBE_IDENTITY_PROVIDER: Call =
    Call { returns_secrets: true, ..read("DescribeIdentityProvider", RateCategory::ResourceRead) };
/// Makes an identity provider.
pub static CREATE_IDENTITY_PROVIDER: Call = create("CreateIdentityProvider", RateCategory::ResourceUpdate);
/// Changes members of an identity provider.
pub static UPDATE_IDENTITY_PROVIDER: Call =
    write("UpdateIdentityProvider", RateCategory::ResourceUpdate, true);
/// Removes an identity provider: its users cannot sign in any more.
pub static DELETE_IDENTITY_PROVIDER: Call =
    remove("DeleteIdentityProvider", RateCategory::ResourceUpdate, false);
/// Lists the app clients of a pool, page by page: ids and names.
pub static LIST_USER_POOL_CLIENTS: Call = read("ListUserPoolClients", RateCategory::ClientRead);
/// Reads an app client, with its secret.
pub static DESCRIBE_USER_POOL_CLIENT: Call =
    Call { returns_secrets: true, ..read("DescribeUserPoolClient", RateCategory::ClientRead) };
/// Lists the secrets of an app client: their ids and dates, never their values.
pub static LIST_USER_POOL_CLIENT_SECRETS: Call = read("ListUserPoolClientSecrets", RateCategory::ClientRead);
/// Makes an app client, whose id the service chooses.
pub static CREATE_USER_POOL_CLIENT: Call = create("CreateUserPoolClient", RateCategory::ClientUpdate);
/// Replaces an app client.
pub static UPDATE_USER_POOL_CLIENT: Call = write("UpdateUserPoolClient", RateCategory::ClientUpdate, true);
/// Removes an app client, for good: a new one has another id.
pub static DELETE_USER_POOL_CLIENT: Call = remove("DeleteUserPoolClient", RateCategory::ClientUpdate, false);

/// Reads a domain, of whichever pool. The answer for a name that no pool has is an empty document.
pub static DESCRIBE_USER_POOL_DOMAIN: Call =
    Call { names_pool: false, ..read("DescribeUserPoolDomain", RateCategory::ResourceRead) };
/// Makes a domain.
pub static CREATE_USER_POOL_DOMAIN: Call = create("CreateUserPoolDomain", RateCategory::ResourceUpdate);
/// Replaces the settings of a domain.
pub static UPDATE_USER_POOL_DOMAIN: Call = write("UpdateUserPoolDomain", RateCategory::ResourceUpdate, true);
/// Removes a domain.
pub static DELETE_USER_POOL_DOMAIN: Call =
    remove("DeleteUserPoolDomain", RateCategory::ResourceUpdate, false);

/// Reads how a pool answers to risks at sign-in.
pub static DESCRIBE_RISK_CONFIGURATION: Call = read("DescribeRiskConfiguration", RateCategory::ResourceRead);
/// Replaces how a pool answers to risks at sign-in.
pub static SET_RISK_CONFIGURATION: Call = write("SetRiskConfiguration", RateCategory::ResourceUpdate, true);
/// Reads how a pool tracks sessions.
pub static GET_USER_POOL_SESSION_CONFIGURATION: Call =
    read("GetUserPoolSessionConfiguration", RateCategory::ResourceRead);
/// Replaces how a pool tracks sessions.
pub static SET_USER_POOL_SESSION_CONFIGURATION: Call =
    write("SetUserPoolSessionConfiguration", RateCategory::ResourceUpdate, true);
/// Reads how the classic hosted UI looks, of a pool or of an app client.
pub static GET_UI_CUSTOMIZATION: Call = read("GetUICustomization", RateCategory::ResourceRead);
/// Replaces how the classic hosted UI looks.
pub static SET_UI_CUSTOMIZATION: Call = write("SetUICustomization", RateCategory::ResourceUpdate, true);

/// Reads how long single sign-on of an app client lasts.
pub static GET_USER_POOL_CLIENT_SESSION_CONFIGURATION: Call =
    read("GetUserPoolClientSessionConfiguration", RateCategory::ResourceRead);
/// Replaces how long single sign-on of an app client lasts.
pub static SET_USER_POOL_CLIENT_SESSION_CONFIGURATION: Call =
    write("SetUserPoolClientSessionConfiguration", RateCategory::ResourceUpdate, true);

/// Reads the managed login branding of an app client.
pub static DESCRIBE_MANAGED_LOGIN_BRANDING_BY_CLIENT: Call =
    read("DescribeManagedLoginBrandingByClient", RateCategory::ResourceRead);
/// Makes the managed login branding of an app client.
pub static CREATE_MANAGED_LOGIN_BRANDING: Call =
    create("CreateManagedLoginBranding", RateCategory::ResourceUpdate);
/// Changes members of a managed login branding.
pub static UPDATE_MANAGED_LOGIN_BRANDING: Call =
    write("UpdateManagedLoginBranding", RateCategory::ResourceUpdate, true);
/// Removes a managed login branding: the sign-in pages of its app client are gone.
pub static DELETE_MANAGED_LOGIN_BRANDING: Call =
    remove("DeleteManagedLoginBranding", RateCategory::ResourceUpdate, false);

/// Reads the terms of use or the privacy policy of an app client.
pub static DESCRIBE_TERMS_BY_CLIENT: Call = read("DescribeTermsByClient", RateCategory::ResourceRead);
/// Makes the terms of use or the privacy policy of an app client.
pub static CREATE_TERMS: Call = create("CreateTerms", RateCategory::ResourceUpdate);
/// Replaces the terms of use or the privacy policy of an app client.
pub static UPDATE_TERMS: Call = write("UpdateTerms", RateCategory::ResourceUpdate, true);
/// Removes the terms of use or the privacy policy of an app client.
pub static DELETE_TERMS: Call = remove("DeleteTerms", RateCategory::ResourceUpdate, false);

/// Lists the policies of a pool for clients with a metadata document, page by page: ids and names.
pub static LIST_CIMD_POLICIES: Call = read("ListCIMDPolicies", RateCategory::ResourceRead);
/// Reads such a policy.
pub static DESCRIBE_CIMD_POLICY: Call = read("DescribeCIMDPolicy", RateCategory::ResourceRead);
/// Makes such a policy, whose id the service chooses.
pub static CREATE_CIMD_POLICY: Call = create("CreateCIMDPolicy", RateCategory::ResourceUpdate);
/// Replaces such a policy.
pub static UPDATE_CIMD_POLICY: Call = write("UpdateCIMDPolicy", RateCategory::ResourceUpdate, true);
/// Removes such a policy.
pub static DELETE_CIMD_POLICY: Call = remove("DeleteCIMDPolicy", RateCategory::ResourceUpdate, false);

/// All calls.
pub static CALLS: [&Call; 54] = [
    &LIST_USER_POOLS,
    &LIST_USER_POOL_REPLICAS,
    &LIST_USER_POOL_CLIENT_SECRETS,
    &DESCRIBE_USER_POOL,
    &GET_USER_POOL_MFA_CONFIG,
    &UPDATE_USER_POOL,
    &SET_USER_POOL_MFA_CONFIG,
    &ADD_CUSTOM_ATTRIBUTES,
    &GET_LOG_DELIVERY_CONFIGURATION,
    &SET_LOG_DELIVERY_CONFIGURATION,
    &CREATE_USER_POOL,
    &LIST_GROUPS,
    &CREATE_GROUP,
    &UPDATE_GROUP,
    &DELETE_GROUP,
    &LIST_RESOURCE_SERVERS,
    &CREATE_RESOURCE_SERVER,
    &UPDATE_RESOURCE_SERVER,
    &DELETE_RESOURCE_SERVER,
    &LIST_IDENTITY_PROVIDERS,
    &DESCRIBE_IDENTITY_PROVIDER,
    &CREATE_IDENTITY_PROVIDER,
    &UPDATE_IDENTITY_PROVIDER,
    &DELETE_IDENTITY_PROVIDER,
    &LIST_USER_POOL_CLIENTS,
    &DESCRIBE_USER_POOL_CLIENT,
    &CREATE_USER_POOL_CLIENT,
    &UPDATE_USER_POOL_CLIENT,
    &DELETE_USER_POOL_CLIENT,
    &DESCRIBE_USER_POOL_DOMAIN,
    &CREATE_USER_POOL_DOMAIN,
    &UPDATE_USER_POOL_DOMAIN,
    &DELETE_USER_POOL_DOMAIN,
    &DESCRIBE_RISK_CONFIGURATION,
    &SET_RISK_CONFIGURATION,
    &GET_USER_POOL_SESSION_CONFIGURATION,
    &SET_USER_POOL_SESSION_CONFIGURATION,
    &GET_USER_POOL_CLIENT_SESSION_CONFIGURATION,
    &SET_USER_POOL_CLIENT_SESSION_CONFIGURATION,
    &DESCRIBE_MANAGED_LOGIN_BRANDING_BY_CLIENT,
    &CREATE_MANAGED_LOGIN_BRANDING,
    &UPDATE_MANAGED_LOGIN_BRANDING,
    &DELETE_MANAGED_LOGIN_BRANDING,
    &DESCRIBE_TERMS_BY_CLIENT,
    &CREATE_TERMS,
    &UPDATE_TERMS,
    &DELETE_TERMS,
    &LIST_CIMD_POLICIES,
    &DESCRIBE_CIMD_POLICY,
    &CREATE_CIMD_POLICY,
    &UPDATE_CIMD_POLICY,
    &DELETE_CIMD_POLICY,
    &GET_UI_CUSTOMIZATION,
    &SET_UI_CUSTOMIZATION,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::Shapes;

    #[test]
    fn a_command_is_named_as_the_aws_cli_names_it() {
        // From `botocore.xform_name`, 1.44.8.
        for (name, expected) in [
            ("SetUserPoolMfaConfig", "set-user-pool-mfa-config"),
            ("SetUICustomization", "set-ui-customization"),
            ("DescribeCIMDPolicy", "describe-cimd-policy"),
            ("ListClientMetadataURLs", "list-client-metadata-urls"),
            ("UpdateClientMetadataURLState", "update-client-metadata-url-state"),
            ("GetCSVHeader", "get-csv-header"),
        ] {
            assert_eq!(hyphenated(name), expected);
        }
    }

    #[test]
    fn every_call_is_an_operation_of_the_model_that_answers_as_its_row_says() {
        let shapes = Shapes::bundled();
        for call in CALLS {
            let operation = shapes.operation(call.name).unwrap_or_else(|| panic!("{} is unknown", call.name));
            let output = operation.output.and_then(|output| shapes.get(output));
            let has_members = output.is_some_and(|output| !output.members.is_empty());
            assert_eq!(call.has_answer, has_members, "{}", call.name);
            let input = shapes.get(operation.input).unwrap();
            let names_pool = input.members.iter().any(|(name, _)| *name == "UserPoolId");
            assert_eq!(call.names_pool, names_pool, "{}", call.name);
        }
    }
}
