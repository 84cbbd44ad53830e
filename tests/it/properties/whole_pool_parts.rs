//! The documents that generated pools have, and what generated manifests say of each.

/// A document of a pool: as it may be live, and what a manifest may declare of it.
pub(crate) struct Part {
    /// Its branch in a manifest.
    pub(crate) branch: &'static str,
    /// Its member in a pool's file.
    pub(crate) member: &'static str,
    /// Its label in a manifest, and the member that has its key; `None` if a pool has one of them.
    pub(crate) label: Option<(&'static str, &'static str)>,
    /// Of a document that hangs on the client with the label.
    pub(crate) hangs: Option<Hangs>,
    /// The live document, as JSON.
    pub(crate) live: &'static str,
    /// What an entry needs that makes it, as JSON.
    pub(crate) fresh: &'static str,
    /// Beside the member that every document may have: one inside another.
    pub(crate) unknown: Option<(&'static str, &'static str)>,
    pub(crate) settings: &'static [Setting],
}

/// How a document hangs on an app client.
pub(crate) struct Hangs {
    /// Its key in the client's entry.
    pub(crate) key: &'static str,
    /// Whether it is made and removed by calls of its own.
    pub(crate) comes_and_goes: bool,
    /// The member that tells it from another one of the client in the same list, and its value.
    pub(crate) name: Option<(&'static str, &'static str)>,
}

/// Something that a manifest may declare.
pub(crate) struct Setting {
    pub(crate) path: &'static str,
    /// Its values, as JSON.
    pub(crate) values: &'static [&'static str],
    /// What Cognito moves with it.
    pub(crate) moves: &'static [&'static str],
}

const fn setting(path: &'static str, values: &'static [&'static str]) -> Setting {
    Setting { path, values, moves: &[] }
}

const fn moving(
    path: &'static str,
    values: &'static [&'static str],
    moves: &'static [&'static str],
) -> Setting {
    Setting { path, values, moves }
}

/// The id of the client that names a provider and scopes.
pub(crate) const WEB: &str = "1webwebwebwebwebwebwebweb1";
/// What the client names: the provider, and the resource server.
pub(crate) const NAMED: [&str; 2] = ["Okta", "orders"];
/// The lists in which it does so; [`Part::settings`] of the client begins with both.
pub(crate) const LISTS: [&str; 2] = ["SupportedIdentityProviders", "AllowedOAuthScopes"];
/// The provider of which no read has a member that every change of its details needs.
pub(crate) const APPLE: &str = "SignInWithApple";

const MAPPINGS: &[&str] = &[r#""mail""#, r#""urn:oid:mail""#, r#""other""#];
const FLAGS: &[&str] = &[r#""true""#, r#""false""#];

const OF_POOL: &[Setting] = &[
    setting("DeletionProtection", &[r#""ACTIVE""#, r#""INACTIVE""#]),
    setting("UserPoolTags.stage", &[r#""test""#, r#""prod""#]),
    setting("UserPoolTags.owner", &[r#""web""#]),
];

const fn pool() -> Part {
    Part {
        branch: "settings",
        member: "UserPool",
        label: None,
        hangs: None,
        live: r#"{
            "Name": "p", "UserPoolTier": "PLUS", "UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"},
            "DeletionProtection": "ACTIVE", "UserPoolTags": {"team": "identity", "stage": "test"},
            "AutoVerifiedAttributes": ["email"],
            "AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]},
            "SchemaAttributes": [
                {"Name": "sub"}, {"Name": "email", "Mutable": true}, {"Name": "name", "Mutable": true},
                {"Name": "identities", "Mutable": true}
            ],
            "CreationDate": 1.5, "LastModifiedDate": 1.5
        }"#,
        fresh: "{}",
        unknown: Some(("UserPoolAddOns", "FutureFlows")),
        settings: OF_POOL,
    }
}

const OF_CLIENTS: &[Setting] = &[
    // The values are those that the pool of the case has.
    setting(LISTS[0], &["[]", "[]"]),
    setting(LISTS[1], &["[]", "[]"]),
    setting("AuthSessionValidity", &["3", "8", "15"]),
    setting("LogoutURLs", &["[]", r#"["https://b.example.com/bye"]"#]),
    setting("ReadAttributes", &[r#"["email"]"#, r#"["email","name"]"#]),
];

const fn client(label: &'static str, live: &'static str) -> Part {
    Part {
        branch: "clients",
        member: "UserPoolClients",
        label: Some((label, "ClientId")),
        hangs: None,
        live,
        fresh: r#"{"GenerateSecret": false}"#,
        unknown: None,
        settings: OF_CLIENTS,
    }
}

const OF_SERVERS: &[Setting] = &[
    setting("Name", &[r#""One""#, r#""Other""#]),
    setting(
        "Scopes",
        &[
            r#"[{"ScopeName":"read","ScopeDescription":"r"},{"ScopeName":"write","ScopeDescription":"w"}]"#,
            r#"[{"ScopeName":"read","ScopeDescription":"Read"}]"#,
        ],
    ),
];

const fn server(label: &'static str, live: &'static str) -> Part {
    Part {
        branch: "resourceServers",
        member: "ResourceServers",
        label: Some((label, "Identifier")),
        hangs: None,
        live,
        fresh: r#"{"Name": "New"}"#,
        unknown: None,
        settings: OF_SERVERS,
    }
}

const OF_GROUPS: &[Setting] =
    &[setting("Description", &[r#""Staff""#, r#""All the staff""#]), setting("Precedence", &["1", "7", "0"])];

const fn group(label: &'static str, live: &'static str) -> Part {
    Part {
        branch: "groups",
        member: "Groups",
        label: Some((label, "GroupName")),
        hangs: None,
        live,
        fresh: "{}",
        unknown: None,
        settings: OF_GROUPS,
    }
}

const fn provider(
    label: &'static str,
    live: &'static str,
    fresh: &'static str,
    settings: &'static [Setting],
) -> Part {
    Part {
        branch: "identityProviders",
        member: "IdentityProviders",
        label: Some((label, "ProviderName")),
        hangs: None,
        live,
        fresh,
        unknown: Some(("ProviderDetails", "future_detail")),
        settings,
    }
}

const fn domain(
    label: &'static str,
    live: &'static str,
    fresh: &'static str,
    settings: &'static [Setting],
) -> Part {
    Part {
        branch: "domains",
        member: "Domains",
        label: Some((label, "Domain")),
        hangs: None,
        live,
        fresh,
        unknown: None,
        settings,
    }
}

const VERSION: Setting = setting("ManagedLoginVersion", &["1", "2"]);

const RISK: Part = Part {
    branch: "riskConfiguration",
    member: "RiskConfiguration",
    label: None,
    hangs: None,
    live: r#"{
        "AccountTakeoverRiskConfiguration": {
            "NotifyConfiguration": {
                "SourceArn": "arn:aws:ses:eu-west-1:111122223333:identity/example.com", "From": "a@example.com"
            },
            "Actions": {
                "HighAction": {"Notify": true, "EventAction": "BLOCK"},
                "LowAction": {"Notify": false, "EventAction": "NO_ACTION"}
            }
        },
        "RiskExceptionConfiguration": {"BlockedIPRangeList": ["203.0.113.0/24"]},
        "LastModifiedDate": 1.5
    }"#,
    fresh: "{}",
    unknown: None,
    settings: &[
        setting(
            "CompromisedCredentialsRiskConfiguration",
            &[
                r#"{"EventFilter":["SIGN_IN"],"Actions":{"EventAction":"BLOCK"}}"#,
                r#"{"Actions":{"EventAction":"NO_ACTION"}}"#,
            ],
        ),
        setting(
            "AccountTakeoverRiskConfiguration.Actions.MediumAction",
            &[r#"{"Notify":false,"EventAction":"MFA_REQUIRED"}"#],
        ),
        setting("RiskExceptionConfiguration.SkippedIPRangeList", &[r#"["198.51.100.0/24"]"#]),
        setting(
            "RiskExceptionConfiguration.BlockedIPRangeList",
            &[r#"["203.0.113.0/24"]"#, r#"["192.0.2.0/24","203.0.113.0/24"]"#],
        ),
    ],
};

const SESSIONS: Part = Part {
    branch: "sessionConfiguration",
    member: "SessionConfiguration",
    label: None,
    hangs: None,
    live: r#"{"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 5}}"#,
    fresh: "{}",
    unknown: Some(("TokenSession", "FutureLimit")),
    settings: &[
        setting("UserSessionTracking", &[r#""ENABLED""#, r#""DISABLED""#]),
        setting("TokenSession.MaxPerUser", &["5", "20", "3"]),
    ],
};

/// Whether it has an image is compared; the file goes along with the style sheet.
const UI: Part = Part {
    branch: "uiCustomization",
    member: "UICustomization",
    label: None,
    hangs: None,
    live: r#"{
        "ClientId": "ALL", "CSS": ".banner-customizable { color: red }", "CSSVersion": "20200101000000",
        "CreationDate": 1.5, "LastModifiedDate": 1.5
    }"#,
    fresh: "{}",
    unknown: None,
    settings: &[setting(
        "CSS",
        &[r#"".banner-customizable { color: red }""#, r#"".label-customizable { color: blue }""#],
    )],
};

/// A document that hangs on the first client.
const fn hanging(
    hangs: Hangs,
    member: &'static str,
    live: &'static str,
    fresh: &'static str,
    settings: &'static [Setting],
) -> Part {
    let label = Some(("web", "ClientId"));
    Part { branch: "clients", member, label, hangs: Some(hangs), live, fresh, unknown: None, settings }
}

const fn set(key: &'static str) -> Hangs {
    Hangs { key, comes_and_goes: false, name: None }
}

const fn made(key: &'static str, name: Option<(&'static str, &'static str)>) -> Hangs {
    Hangs { key, comes_and_goes: true, name }
}

const LINKS: &[Setting] = &[moving(
    "Links",
    &[r#"{"cognito:default":"https://b.example.com/"}"#, r#"{"cognito:french":"https://fr.example.com/"}"#],
    &["Links"],
)];
const NEW_LINKS: &str = r#"{"Links": {"cognito:default": "https://new.example.com/"}}"#;

const BRANDING: Part = hanging(
    made("branding", None),
    "ManagedLoginBrandings",
    r#"{
        "ManagedLoginBrandingId": "7d9d0b4e-0f5a-4b0e-9d1e-3d3b0a6a1c2e", "ClientId": "1webwebwebwebwebwebwebweb1",
        "UseCognitoProvidedValues": false, "Settings": {"components": {"form": {"borderRadius": 8.0, "shadow": null}}},
        "Assets": [{"Category": "FORM_LOGO", "ColorMode": "LIGHT", "Extension": "PNG", "Bytes": "iVBORw0KGgo="}],
        "CreationDate": 1.5, "LastModifiedDate": 1.5
    }"#,
    r#"{"Settings": {"new": 1}}"#,
    &[moving("Settings", &[r#"{"a":{"b":null}}"#, r#"{"c":[1.50]}"#], &["Settings"])],
);

const TERMS_OF_USE: Part = hanging(
    made("termsOfUse", Some(("TermsName", "terms-of-use"))),
    "Terms",
    r#"{
        "TermsId": "11111111-1111-4111-8111-111111111111", "ClientId": "1webwebwebwebwebwebwebweb1",
        "TermsName": "terms-of-use", "TermsSource": "LINK", "Enforcement": "NONE",
        "Links": {"cognito:default": "https://a.example.com/"}, "CreationDate": 1.5, "LastModifiedDate": 1.5
    }"#,
    NEW_LINKS,
    LINKS,
);

const PRIVACY_POLICY: Part = hanging(
    made("privacyPolicy", Some(("TermsName", "privacy-policy"))),
    "Terms",
    r#"{
        "TermsId": "22222222-2222-4222-8222-222222222222", "ClientId": "1webwebwebwebwebwebwebweb1",
        "TermsName": "privacy-policy", "TermsSource": "LINK", "Enforcement": "NONE",
        "Links": {"cognito:default": "https://a.example.com/"}, "CreationDate": 1.5, "LastModifiedDate": 1.5
    }"#,
    NEW_LINKS,
    LINKS,
);

const CLIENT_RISK: Part = hanging(
    set("riskConfiguration"),
    "ClientRiskConfigurations",
    r#"{
        "ClientId": "1webwebwebwebwebwebwebweb1", "LastModifiedDate": 1.5,
        "RiskExceptionConfiguration": {"BlockedIPRangeList": ["203.0.113.0/24"]}
    }"#,
    "{}",
    &[
        setting("RiskExceptionConfiguration.SkippedIPRangeList", &[r#"["198.51.100.0/24"]"#]),
        setting("RiskExceptionConfiguration.BlockedIPRangeList", &[r#"["192.0.2.0/24"]"#]),
    ],
);

const CLIENT_SESSIONS: Part = hanging(
    set("sessionConfiguration"),
    "ClientSessionConfigurations",
    r#"{"ClientId": "1webwebwebwebwebwebwebweb1", "SSOSession": {"MaxValidityMinutes": 30}}"#,
    "{}",
    &[setting("SSOSession.MaxValidityMinutes", &["60", "90"])],
);

const CLIENT_UI: Part = hanging(
    set("uiCustomization"),
    "ClientUICustomizations",
    r#"{
        "ClientId": "1webwebwebwebwebwebwebweb1", "CSS": ".banner-customizable { color: red }",
        "CSSVersion": "20200101000000", "CreationDate": 1.5, "LastModifiedDate": 1.5
    }"#,
    "{}",
    &[setting("CSS", &[r#"".label-customizable { color: blue }""#])],
);

/// All documents; the client that names others is the second.
pub(crate) const PARTS: &[Part] = &[
    pool(),
    client(
        "web",
        r#"{
            "ClientId": "1webwebwebwebwebwebwebweb1", "ClientName": "web", "ClientType": "REGULAR",
            "RefreshTokenValidity": 12, "TokenValidityUnits": {"RefreshToken": "hours"},
            "ClientSecret": "averysecretsecretthatnobodyprints", "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"],
            "AllowedOAuthFlows": ["code"], "AllowedOAuthFlowsUserPoolClient": true,
            "CallbackURLs": ["https://a.example.com/"], "EnableTokenRevocation": false
        }"#,
    ),
    client(
        "batch",
        r#"{
            "ClientId": "2batchbatchbatchbatchbatc2", "ClientName": "batch", "ClientType": "REGULAR",
            "RefreshTokenValidity": 30, "AuthSessionValidity": 5, "LogoutURLs": ["https://a.example.com/bye"],
            "PreventUserExistenceErrors": "ENABLED"
        }"#,
    ),
    server(
        "orders",
        r#"{
            "Identifier": "orders", "Name": "Orders",
            "Scopes": [{"ScopeName": "read", "ScopeDescription": "r"}, {"ScopeName": "write", "ScopeDescription": "w"}]
        }"#,
    ),
    server("stock", r#"{"Identifier": "stock", "Name": "Stock", "Scopes": []}"#),
    group(
        "admins",
        r#"{"GroupName": "admins", "Precedence": 3, "RoleArn": "arn:aws:iam::111122223333:role/a"}"#,
    ),
    group("everyone", r#"{"GroupName": "everyone", "Description": "All"}"#),
    provider(
        "Okta",
        r#"{
            "ProviderName": "Okta", "ProviderType": "SAML", "AttributeMapping": {"email": "mail", "name": "cn"},
            "ProviderDetails": {
                "MetadataURL": "https://okta.example.com/metadata", "IDPSignout": "false",
                "SSORedirectBindingURI": "https://idp.example.com/sso",
                "SLORedirectBindingURI": "https://idp.example.com/slo",
                "ActiveEncryptionCertificate": "MIICvTCCAaWgAwIBAgIJAOfTheSandbox"
            },
            "IdpIdentifiers": ["example.com", "example.org"], "CreationDate": 1.5, "LastModifiedDate": 1.5
        }"#,
        r#"{"ProviderType": "SAML", "ProviderDetails": {"MetadataURL": "https://new.example.com/metadata"}}"#,
        &[
            setting("ProviderDetails.IDPSignout", FLAGS),
            setting("AttributeMapping.email", MAPPINGS),
            setting("IdpIdentifiers", &["[]", r#"["example.org"]"#, r#"["example.net","example.com"]"#]),
        ],
    ),
    provider(
        "Acme",
        r#"{
            "ProviderName": "Acme", "ProviderType": "OIDC", "AttributeMapping": {"username": "sub"},
            "ProviderDetails": {
                "client_id": "c", "client_secret": "the-secret-of-acme", "authorize_scopes": "openid",
                "oidc_issuer": "https://id.example.com", "attributes_request_method": "GET",
                "attributes_url_add_attributes": "false", "authorize_url": "https://id.example.com/authorize",
                "token_url": "https://id.example.com/token", "attributes_url": "https://id.example.com/userinfo",
                "jwks_uri": "https://id.example.com/jwks.json"
            },
            "AcrMapping": {"Level1": "urn:one"}
        }"#,
        r#"{"ProviderType": "OIDC", "ProviderDetails": {
            "client_id": "n", "authorize_scopes": "openid", "oidc_issuer": "https://new.example.com",
            "attributes_request_method": "GET"
        }}"#,
        &[
            setting("ProviderDetails.authorize_scopes", &[r#""openid""#, r#""openid email""#]),
            setting("ProviderDetails.client_secret", &[r#""another-secret""#]),
            moving(
                "ProviderDetails.oidc_issuer",
                &[r#""https://id.example.com""#, r#""https://id.example.net""#],
                &[
                    "ProviderDetails.authorize_url",
                    "ProviderDetails.token_url",
                    "ProviderDetails.attributes_url",
                    "ProviderDetails.jwks_uri",
                ],
            ),
            setting("AttributeMapping.name", MAPPINGS),
        ],
    ),
    provider(
        "Facebook",
        r#"{
            "ProviderName": "Facebook", "ProviderType": "Facebook", "AttributeMapping": {"username": "id"},
            "ProviderDetails": {
                "client_id": "f", "client_secret": "the-secret-of-facebook", "authorize_scopes": "email",
                "api_version": "v17.0", "attributes_url": "https://graph.facebook.com/v17.0/me?fields=",
                "attributes_url_add_attributes": "true", "token_request_method": "GET",
                "authorize_url": "https://www.facebook.com/v17.0/dialog/oauth",
                "token_url": "https://graph.facebook.com/v17.0/oauth/access_token"
            },
            "IdpIdentifiers": []
        }"#,
        r#"{"ProviderType": "Facebook", "ProviderDetails": {
            "client_id": "f", "client_secret": "new", "authorize_scopes": "email"
        }}"#,
        &[
            moving(
                "ProviderDetails.api_version",
                &[r#""v17.0""#, r#""v21.0""#],
                &[
                    "ProviderDetails.authorize_url",
                    "ProviderDetails.token_url",
                    "ProviderDetails.attributes_url",
                ],
            ),
            setting("AttributeMapping.email", MAPPINGS),
        ],
    ),
    provider(
        "Google",
        r#"{
            "ProviderName": "Google", "ProviderType": "Google", "AttributeMapping": {"email": "email", "username": "sub"},
            "ProviderDetails": {
                "client_id": "g", "client_secret": "the-secret-of-google", "authorize_scopes": "openid",
                "attributes_url": "https://people.googleapis.com/v1/people/me?personFields=",
                "attributes_url_add_attributes": "true", "oidc_issuer": "https://accounts.google.com",
                "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth", "token_request_method": "POST",
                "token_url": "https://www.googleapis.com/oauth2/v4/token"
            }
        }"#,
        r#"{"ProviderType": "Google", "ProviderDetails": {
            "client_id": "g", "client_secret": "new", "authorize_scopes": "openid"
        }}"#,
        &[
            setting("ProviderDetails.authorize_scopes", &[r#""openid""#, r#""openid email""#]),
            setting("AttributeMapping.name", MAPPINGS),
        ],
    ),
    provider(
        "LoginWithAmazon",
        r#"{
            "ProviderName": "LoginWithAmazon", "ProviderType": "LoginWithAmazon", "AttributeMapping": {},
            "ProviderDetails": {
                "client_id": "a", "client_secret": "the-secret-of-amazon", "authorize_scopes": "profile",
                "attributes_url": "https://api.amazon.com/user/profile", "attributes_url_add_attributes": "false",
                "authorize_url": "https://www.amazon.com/ap/oa", "token_request_method": "POST",
                "token_url": "https://api.amazon.com/auth/o2/token"
            }
        }"#,
        r#"{"ProviderType": "LoginWithAmazon", "ProviderDetails": {
            "client_id": "a", "client_secret": "new", "authorize_scopes": "profile"
        }}"#,
        &[setting("ProviderDetails.client_id", &[r#""a""#, r#""b""#])],
    ),
    provider(
        APPLE,
        r#"{
            "ProviderName": "SignInWithApple", "ProviderType": "SignInWithApple", "AttributeMapping": {"username": "sub"},
            "ProviderDetails": {
                "client_id": "a", "team_id": "t", "key_id": "old", "authorize_scopes": "email",
                "authorize_url": "https://appleid.apple.com/auth/authorize", "oidc_issuer": "https://appleid.apple.com",
                "token_request_method": "POST", "token_url": "https://appleid.apple.com/auth/token",
                "attributes_url_add_attributes": "false"
            }
        }"#,
        r#"{"ProviderType": "SignInWithApple", "ProviderDetails": {
            "client_id": "a", "team_id": "t", "key_id": "k", "private_key": "MIGT", "authorize_scopes": "email"
        }}"#,
        &[
            moving(
                "ProviderDetails",
                &[r#"{"key_id":"new","private_key":"MIGT"}"#, r#"{"key_id":"old","private_key":"MIGT"}"#],
                &["ProviderDetails.private_key"],
            ),
            setting("AttributeMapping.email", MAPPINGS),
        ],
    ),
    domain("acme", r#"{"Domain": "acme", "Status": "ACTIVE", "ManagedLoginVersion": 1}"#, "{}", &[VERSION]),
    domain(
        "login.example.com",
        r#"{
            "Domain": "login.example.com", "Status": "ACTIVE", "ManagedLoginVersion": 1,
            "CustomDomainConfig": {
                "CertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/one",
                "SecurityPolicy": "TLS_V1_2_2021"
            },
            "Routing": {"Failover": {"SecondaryRegion": "eu-central-1", "PrimaryRoute53HealthCheckId": "abc"}}
        }"#,
        r#"{"CustomDomainConfig": {"CertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/new"}}"#,
        &[
            VERSION,
            setting(
                "CustomDomainConfig.CertificateArn",
                &[
                    r#""arn:aws:acm:us-east-1:111122223333:certificate/one""#,
                    r#""arn:aws:acm:us-east-1:111122223333:certificate/two""#,
                ],
            ),
            setting("CustomDomainConfig.SecurityPolicy", &[r#""TLS_V1""#, r#""TLS_V1_3_2025""#]),
        ],
    ),
    UI,
    RISK,
    SESSIONS,
    BRANDING,
    TERMS_OF_USE,
    PRIVACY_POLICY,
    CLIENT_RISK,
    CLIENT_SESSIONS,
    CLIENT_UI,
];
