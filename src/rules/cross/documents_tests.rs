//! For each rule of documents with labels: one that breaks it, one that does not, and one that leaves it undecided.

use serde_json::json;

use crate::document::Json;

/// The rules about what only a pool tells: a file never decides them.
pub(super) const OF_POOLS: [&str; 19] = [
    "idp-init-beside-others",
    "mapping-not-writable",
    "mapping-immutable",
    "client-missing",
    "terms-without-links",
    "branding-missing",
    "terms-alone",
    "scope-missing",
    "provider-missing",
    "client-attribute",
    "group-role-account",
    "resource-server-name",
    "provider-name",
    "provider-details",
    "metadata-missing",
    "mapping-attribute",
    "identifier-taken",
    "domain-without-certificate",
    "ui-without-domain",
];

/// The cases, as [`super::tests`] has them for pools.
pub(super) fn table() -> Vec<(&'static str, Json, Json, Json)> {
    of_others()
        .into_iter()
        .chain(of_providers())
        .chain(of_branding())
        .chain(of_ui())
        .chain(of_terms())
        .chain(of_risks())
        .collect()
}

fn of_ui() -> Vec<(&'static str, Json, Json, Json)> {
    let client = |ui: Json| json!({"clients": {"web": {"uiCustomization": ui}}, "Domain": "acme"});
    let css = |css: &str| client(json!({"CSS": css}));
    let mut homeless = css(".banner-customizable {}");
    homeless.as_object_mut().unwrap().shift_remove("Domain");
    let image = |size: usize| client(json!({"ImageFile": "AAAA".repeat(size)}));
    vec![
        ("ui-without-domain", homeless, css(".banner-customizable {}"), client(json!({}))),
        ("ui-css-class", css(".login { b: c }"), css(".banner-customizable {}"), client(json!({}))),
        ("ui-size", image(35 << 10), image(33 << 10), client(json!({}))),
    ]
}

fn of_branding() -> Vec<(&'static str, Json, Json, Json)> {
    let client = |branding: Json| json!({"clients": {"web": {"branding": branding}}});
    let login = |branding: Json| {
        let client = json!({"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"], "branding": branding});
        json!({"clients": {"web": client}, "domains": {"login": {"ManagedLoginVersion": 2}}})
    };
    let image = |category: &str| client(json!({"Assets": [{"Category": category, "Extension": "ICO"}]}));
    let provided = || json!({"UseCognitoProvidedValues": true});
    vec![
        (
            "branding-source",
            client(json!({"UseCognitoProvidedValues": true, "Settings": {"a": 1}})),
            client(provided()),
            client(json!({"Settings": {"a": 1}})),
        ),
        (
            "branding-source",
            client(json!({"UseCognitoProvidedValues": false, "Settings": null})),
            client(json!({"UseCognitoProvidedValues": false, "Settings": {"a": 1}})),
            client(json!({"UseCognitoProvidedValues": false})),
        ),
        (
            "branding-image-twice",
            client(json!({"Assets": [{"Category": "FORM_LOGO"}, {"Category": "FORM_LOGO"}]})),
            client(json!({"Assets": [{"Category": "FORM_LOGO"}, {"Category": "PAGE_HEADER_LOGO"}]})),
            client(provided()),
        ),
        (
            "branding-image-content",
            client(json!({"Assets": [{"Category": "FORM_LOGO"}]})),
            client(json!({"Assets": [{"Category": "FORM_LOGO", "Bytes": "AAAA"}]})),
            client(provided()),
        ),
        ("branding-icon", image("FORM_LOGO"), image("FAVICON_ICO"), client(provided())),
        ("branding-missing", login(Json::Null), login(provided()), login(provided())),
    ]
}

fn of_risks() -> Vec<(&'static str, Json, Json, Json)> {
    let client = |risk: Json| json!({"clients": {"web": {"riskConfiguration": risk}}});
    let ranges = |list: &str, range: &str| client(json!({"RiskExceptionConfiguration": {list: [range]}}));
    let sender = |region: &str| {
        let arn = format!("arn:aws:ses:{region}:111122223333:identity/a.b");
        client(json!({"AccountTakeoverRiskConfiguration": {"NotifyConfiguration": {"SourceArn": arn}}}))
    };
    let protected = |mode: &str| {
        let mut pool = ranges("SkippedIPRangeList", "192.0.2.0/24");
        pool["UserPoolAddOns"] = json!({"AdvancedSecurityMode": mode});
        pool
    };
    let undecided = || client(json!({"CompromisedCredentialsRiskConfiguration": {"EventFilter": []}}));
    let sessions = |minutes: u32| {
        let limit = json!({"SSOSession": {"MaxValidityMinutes": minutes}});
        json!({"clients": {"web": {"sessionConfiguration": limit}}, "UserPoolTier": "LITE"})
    };
    let undecided_sessions =
        json!({"clients": {"web": {"sessionConfiguration": {"SSOSession": {"MaxValidityMinutes": 5}}}}});
    vec![
        ("session-tier", sessions(5), sessions(60), undecided_sessions),
        (
            "risk-without-protection",
            protected("OFF"),
            protected("AUDIT"),
            ranges("SkippedIPRangeList", "192.0.2.0/24"),
        ),
        (
            "risk-ip-range",
            ranges("BlockedIPRangeList", "192.0.2.7"),
            ranges("BlockedIPRangeList", "192.0.2.7/32"),
            undecided(),
        ),
        (
            "risk-ip-range",
            ranges("SkippedIPRangeList", "192.0.2.0/33"),
            ranges("SkippedIPRangeList", "0.0.0.0/0"),
            undecided(),
        ),
        ("risk-sender-region", sender("eu-central-1"), sender("eu-west-1"), undecided()),
    ]
}

fn of_terms() -> Vec<(&'static str, Json, Json, Json)> {
    let client = |client: Json| json!({"clients": {"web": client}});
    let links = || json!({"Links": {"cognito:default": "https://example.com"}});
    let both = || client(json!({"termsOfUse": links(), "privacyPolicy": links()}));
    let alone = |one: &str, other: &str| client(json!({one: links(), other: null}));
    let unread = |one: &str| client(json!({one: links()}));
    let case = |one, other| ("terms-alone", alone(one, other), both(), unread(one));
    let bare = |one: &str| client(json!({one: {"TermsSource": "LINK"}}));
    let link = |one: &str, url: &str| client(json!({one: {"Links": {"cognito:default": url}}}));
    let linked = |one: &str, no: &str, url: &str| ("terms-link", link(one, no), link(one, url), bare(one));
    let unlinked = |one: &str| ("terms-without-links", bare(one), both(), bare(one));
    vec![
        case("termsOfUse", "privacyPolicy"),
        case("privacyPolicy", "termsOfUse"),
        linked("termsOfUse", "https://", "HTTPS://a"),
        linked("privacyPolicy", "javascript:alert(1)", "https://a"),
        unlinked("termsOfUse"),
        unlinked("privacyPolicy"),
    ]
}

fn of_providers() -> Vec<(&'static str, Json, Json, Json)> {
    let named = |name: &str, provider: Json| json!({"identityProviders": {name: provider}});
    let of = |provider: Json| named("Okta", provider);
    let typed = |kind: &str, details: Json| {
        let social = !["SAML", "OIDC"].contains(&kind);
        named(if social { kind } else { "Okta" }, json!({"ProviderType": kind, "ProviderDetails": details}))
    };
    let details = |details: Json| of(json!({ "ProviderDetails": details }));
    let oidc = |issuer: &str, method: &str| json!({"client_id": "c", "authorize_scopes": "openid", "oidc_issuer": issuer, "attributes_request_method": method});
    let (issuer, plain) = ("https://id.example.com", "http://id.example.com");
    let mapping = |name: &str| {
        let provider = json!({"AttributeMapping": {name: "claim", "username": "sub"}});
        json!({"SchemaAttributes": [{"Name": "email"}], "identityProviders": {"Okta": provider}})
    };
    let fixed = |can_change: bool| {
        let attribute = json!({"Name": "email", "Mutable": can_change});
        json!({"SchemaAttributes": [attribute], "identityProviders": {"Okta": {"AttributeMapping": {"email": "mail"}}}})
    };
    let alone = |writes: Json| json!({"clients": {"web": {"WriteAttributes": writes, "SupportedIdentityProviders": ["Okta"]}}});
    let writing = |writes: Json| {
        let mut pool = fixed(true);
        pool["identityProviders"]["Okta"]["AttributeMapping"]["email_verified"] = json!("verified");
        pool["clients"] = alone(writes)["clients"].clone();
        pool["SchemaAttributes"].as_array_mut().unwrap().push(json!({"Name": "name"}));
        pool
    };
    let identifiers = |own: &str| json!({"identityProviders": {"Okta": {"IdpIdentifiers": [own]}, "Acme": {"IdpIdentifiers": ["a.example.com"]}}});
    let keys = json!({"client_id": "c", "team_id": "t", "key_id": "k"});
    let google = json!({"client_id": "c", "client_secret": "s", "authorize_scopes": "openid"});
    vec![
        (
            "provider-name",
            named("my_idp", json!({})),
            of(json!({})),
            named("my_idp", json!({"ProviderType": "SAML"})),
        ),
        (
            "provider-type-name",
            of(json!({"ProviderType": "Google"})),
            of(json!({"ProviderType": "SAML"})),
            named("Google", json!({"IdpIdentifiers": ["a"]})),
        ),
        (
            "metadata-twice",
            details(json!({"MetadataURL": "u", "MetadataFile": "f"})),
            details(json!({"MetadataURL": "u"})),
            details(json!({"MetadataURL": "u"})),
        ),
        (
            "metadata-missing",
            typed("SAML", json!({"IDPInit": "true"})),
            typed("SAML", json!({"MetadataFile": "f"})),
            typed("SAML", json!({"IDPInit": "true"})),
        ),
        (
            "provider-details",
            typed("OIDC", json!({"client_id": "c"})),
            typed("OIDC", oidc(issuer, "GET")),
            typed("OIDC", json!({"client_id": "c"})),
        ),
        (
            "provider-details",
            typed("Google", json!({"client_id": "c"})),
            typed("Google", google.clone()),
            typed("Google", json!({"client_id": "c"})),
        ),
        (
            "provider-details",
            typed("SignInWithApple", json!({"client_id": "c"})),
            typed("SignInWithApple", keys),
            typed("SignInWithApple", json!({"client_id": "c"})),
        ),
        (
            "oidc-without-tls",
            typed("OIDC", oidc(plain, "GET")),
            typed("OIDC", oidc(issuer, "GET")),
            details(json!({ "oidc_issuer": plain })),
        ),
        (
            "oidc-request-method",
            typed("OIDC", oidc(issuer, "PUT")),
            typed("OIDC", oidc(issuer, "POST")),
            details(json!({"attributes_request_method": "PUT"})),
        ),
        (
            "provider-detail-derived",
            typed("SAML", json!({"MetadataURL": "u", "ActiveEncryptionCertificate": "c"})),
            typed("SAML", json!({"MetadataURL": "u"})),
            details(json!({"ActiveEncryptionCertificate": "c"})),
        ),
        (
            "acr-mapping-type",
            of(
                json!({"ProviderType": "SAML", "AcrMapping": {"Level1": "a"}, "ProviderDetails": {"MetadataURL": "u"}}),
            ),
            of(
                json!({"ProviderType": "OIDC", "AcrMapping": {"Level1": "a"}, "ProviderDetails": oidc(issuer, "GET")}),
            ),
            of(json!({"AcrMapping": {"Level1": "a"}})),
        ),
        (
            "mapping-attribute",
            mapping("custom:no"),
            mapping("email"),
            of(json!({"AttributeMapping": {"custom:no": "claim"}})),
        ),
        (
            "mapping-immutable",
            fixed(false),
            fixed(true),
            of(json!({"AttributeMapping": {"custom:no": "claim"}})),
        ),
        (
            "mapping-not-writable",
            writing(json!(["name"])),
            writing(json!(["name", "email"])),
            alone(json!(["name"])),
        ),
        (
            "identifier-taken",
            identifiers("a.example.com"),
            identifiers("b.example.com"),
            of(json!({"IdpIdentifiers": ["a.example.com"]})),
        ),
    ]
}

fn of_others() -> Vec<(&'static str, Json, Json, Json)> {
    let client = |members: Json| json!({"clients": {"web": members}});
    let of = |members: Json, beside: Json| {
        let mut all = client(members);
        all.as_object_mut().unwrap().extend(beside.as_object().unwrap().clone());
        all
    };
    let grants = |grants: &[&str], more: Json| {
        let mut members = json!({ "AllowedOAuthFlows": grants });
        members.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        client(members)
    };
    let validity = |number: &str, value: u32, unit: &str, name: &str| {
        client(json!({number: value, "TokenValidityUnits": {unit: name}}))
    };
    let urls = |list: &str, url: &str| client(json!({ list: [url] }));
    let analytics = |members: Json| client(json!({ "AnalyticsConfiguration": members }));
    let schema = json!({"SchemaAttributes": [{"Name": "email"}, {"Name": "email_verified"}]});
    let lite = |members: Json, tier: &str| of(members, json!({ "UserPoolTier": tier }));
    let arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a";
    let policy =
        |policy: Json| json!({"cimdPolicies": {"partners": policy}, "clients": {"web": {"ClientId": "1a"}}});
    let group = |account: &str| json!({"Arn": arn, "groups": {"staff": {"RoleArn": format!("arn:aws:iam::{account}:role/r")}}});
    let server = json!({"resourceServers": {"https://api/v1": {"Name": "a", "Scopes": [{"ScopeName": "read", "ScopeDescription": "r"}]}}});
    let scope = |scope: &str| of(json!({"AllowedOAuthScopes": ["openid", scope]}), server.clone());
    let provider = |name: &str| {
        of(
            json!({"SupportedIdentityProviders": ["COGNITO", name]}),
            json!({"identityProviders": {"acme": {}}}),
        )
    };
    let begun = |names: Json, other: &str| {
        let okta = json!({"ProviderType": "SAML", "ProviderDetails": {"IDPInit": "true"}});
        let providers = json!({"Okta": okta, "Other": {"ProviderType": other}});
        of(json!({"SupportedIdentityProviders": names}), json!({"identityProviders": providers}))
    };
    let domain = |name: &str, members: Json| json!({"domains": {name: members}});
    let none = json!({});
    vec![
        (
            "client-own-secret",
            client(json!({"ClientSecret": "x", "GenerateSecret": true})),
            client(json!({"ClientSecret": "x", "GenerateSecret": false})),
            client(json!({"ClientSecret": "x"})),
        ),
        (
            "client-published-secret",
            client(json!({"PublishSecretsInAWSSecretsManager": true, "GenerateSecret": false})),
            client(json!({"PublishSecretsInAWSSecretsManager": true, "GenerateSecret": true})),
            client(json!({"PublishSecretsInAWSSecretsManager": true})),
        ),
        (
            "auth-flow-names",
            client(json!({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "USER_PASSWORD_AUTH"]})),
            client(json!({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH"]})),
            client(none.clone()),
        ),
        (
            "rotation-with-refresh-flow",
            client(
                json!({"RefreshTokenRotation": {"Feature": "ENABLED"}, "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"]}),
            ),
            client(
                json!({"RefreshTokenRotation": {"Feature": "DISABLED"}, "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"]}),
            ),
            client(json!({"RefreshTokenRotation": {"Feature": "ENABLED"}})),
        ),
        (
            "grace-without-rotation",
            client(json!({"RefreshTokenRotation": {"Feature": "DISABLED", "RetryGracePeriodSeconds": 10}})),
            client(json!({"RefreshTokenRotation": {"Feature": "DISABLED", "RetryGracePeriodSeconds": 0}})),
            client(json!({"RefreshTokenRotation": {"RetryGracePeriodSeconds": 10}})),
        ),
        (
            "token-validity-range",
            validity("AccessTokenValidity", 4, "AccessToken", "minutes"),
            validity("AccessTokenValidity", 5, "AccessToken", "minutes"),
            client(json!({"AccessTokenValidity": 4})),
        ),
        (
            "token-validity-range",
            validity("IdTokenValidity", 25, "IdToken", "hours"),
            validity("IdTokenValidity", 24, "IdToken", "hours"),
            client(json!({"IdTokenValidity": 25})),
        ),
        (
            "token-validity-range",
            validity("RefreshTokenValidity", 59, "RefreshToken", "minutes"),
            validity("RefreshTokenValidity", 0, "RefreshToken", "minutes"),
            client(json!({"RefreshTokenValidity": 59})),
        ),
        (
            "token-validity-order",
            client(
                json!({"AccessTokenValidity": 2, "RefreshTokenValidity": 1, "TokenValidityUnits": {"AccessToken": "hours", "RefreshToken": "hours"}}),
            ),
            client(
                json!({"AccessTokenValidity": 1, "RefreshTokenValidity": 1, "TokenValidityUnits": {"AccessToken": "hours", "RefreshToken": "hours"}}),
            ),
            client(
                json!({"AccessTokenValidity": 2, "RefreshTokenValidity": 1, "TokenValidityUnits": {"AccessToken": "hours"}}),
            ),
        ),
        (
            "token-validity-order",
            client(
                json!({"IdTokenValidity": 2, "RefreshTokenValidity": 1, "TokenValidityUnits": {"IdToken": "hours", "RefreshToken": "hours"}}),
            ),
            client(
                json!({"IdTokenValidity": 1, "RefreshTokenValidity": 1, "TokenValidityUnits": {"IdToken": "hours", "RefreshToken": "days"}}),
            ),
            client(
                json!({"IdTokenValidity": 2, "TokenValidityUnits": {"IdToken": "hours", "RefreshToken": "hours"}}),
            ),
        ),
        (
            "token-unit-alone",
            client(json!({"AccessTokenValidity": null, "TokenValidityUnits": {"AccessToken": "minutes"}})),
            client(json!({"AccessTokenValidity": 5, "TokenValidityUnits": {"AccessToken": "minutes"}})),
            client(json!({"TokenValidityUnits": {"AccessToken": "minutes"}})),
        ),
        (
            "oauth-incomplete",
            client(
                json!({"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": []}),
            ),
            client(
                json!({"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["email"]}),
            ),
            client(json!({"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"]})),
        ),
        (
            "machine-with-browser-flow",
            grants(&["client_credentials", "code"], none.clone()),
            grants(&["client_credentials"], none.clone()),
            client(none.clone()),
        ),
        (
            "machine-without-secret",
            grants(&["client_credentials"], json!({"GenerateSecret": false, "ClientSecret": null})),
            grants(&["client_credentials"], json!({"GenerateSecret": true})),
            grants(&["client_credentials"], json!({"GenerateSecret": false})),
        ),
        (
            "machine-with-openid",
            grants(&["client_credentials"], json!({"AllowedOAuthScopes": ["openid"]})),
            grants(&["client_credentials"], json!({"AllowedOAuthScopes": ["api/read"]})),
            grants(&["client_credentials"], none.clone()),
        ),
        (
            "callback-missing",
            grants(&["implicit"], json!({"CallbackURLs": []})),
            grants(&["implicit"], json!({"CallbackURLs": ["https://a"]})),
            grants(&["implicit"], none.clone()),
        ),
        (
            "callback-fragment",
            urls("CallbackURLs", "https://a/#b"),
            urls("LogoutURLs", "https://a/#b"),
            client(none.clone()),
        ),
        (
            "url-without-tls",
            urls("CallbackURLs", "http://localhost.example.com"),
            urls("CallbackURLs", "http://localhost:3000/cb"),
            client(none.clone()),
        ),
        (
            "url-without-tls",
            urls("LogoutURLs", "http://a"),
            urls("LogoutURLs", "http://[::1]"),
            client(none.clone()),
        ),
        (
            "default-redirect",
            client(json!({"DefaultRedirectURI": "https://a", "CallbackURLs": ["https://b"]})),
            client(json!({"DefaultRedirectURI": "https://b", "CallbackURLs": ["https://b"]})),
            client(json!({"DefaultRedirectURI": "https://a"})),
        ),
        (
            "analytics-project",
            analytics(
                json!({"ApplicationId": "a", "RoleArn": "b", "ExternalId": null, "ApplicationArn": null}),
            ),
            analytics(json!({"ApplicationId": "a", "RoleArn": "b", "ExternalId": "c"})),
            analytics(json!({"ApplicationId": "a", "RoleArn": "b"})),
        ),
        (
            "client-attribute",
            of(json!({"ReadAttributes": ["custom:x"]}), schema.clone()),
            of(json!({"ReadAttributes": ["email_verified"]}), schema.clone()),
            client(json!({"ReadAttributes": ["custom:x"]})),
        ),
        (
            "client-attribute",
            of(json!({"WriteAttributes": ["custom:x"]}), schema.clone()),
            of(json!({"WriteAttributes": ["email"]}), schema.clone()),
            client(json!({"WriteAttributes": ["custom:x"]})),
        ),
        (
            "client-attribute",
            client(json!({"WriteAttributes": ["sub"]})),
            client(json!({"ReadAttributes": ["sub"]})),
            client(none.clone()),
        ),
        (
            "context-without-secret",
            client(
                json!({"EnablePropagateAdditionalUserContextData": true, "GenerateSecret": false, "ClientSecret": null}),
            ),
            client(json!({"EnablePropagateAdditionalUserContextData": true, "ClientSecret": "x"})),
            client(json!({"EnablePropagateAdditionalUserContextData": true})),
        ),
        (
            "client-tier",
            lite(json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH"]}), "LITE"),
            lite(json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH"]}), "PLUS"),
            client(json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH"]})),
        ),
        (
            "client-tier",
            lite(json!({"ExplicitAuthFlows": ["ALLOW_TOKEN_EXCHANGE_DELEGATION"]}), "LITE"),
            lite(json!({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]}), "LITE"),
            client(json!({"ExplicitAuthFlows": ["ALLOW_TOKEN_EXCHANGE_DELEGATION"]})),
        ),
        (
            "client-tier",
            lite(json!({"RefreshTokenRotation": {"Feature": "ENABLED"}}), "LITE"),
            lite(json!({"RefreshTokenRotation": {"Feature": "DISABLED"}}), "LITE"),
            client(json!({"RefreshTokenRotation": {"Feature": "ENABLED"}})),
        ),
        (
            "scope-missing",
            scope("https://api/v1/write"),
            scope("https://api/v1/read"),
            client(json!({"AllowedOAuthScopes": ["a/b"]})),
        ),
        (
            "idp-init-beside-others",
            begun(json!(["COGNITO", "Okta"]), "SAML"),
            begun(json!(["Okta", "Other"]), "SAML"),
            client(json!({"SupportedIdentityProviders": ["COGNITO", "Okta"]})),
        ),
        (
            "idp-init-beside-others",
            begun(json!(["Okta", "Other"]), "OIDC"),
            begun(json!(["Okta"]), "OIDC"),
            client(json!({"SupportedIdentityProviders": ["Okta", "Other"]})),
        ),
        (
            "provider-missing",
            provider("Acme"),
            provider("acme"),
            client(json!({"SupportedIdentityProviders": ["Acme"]})),
        ),
        (
            "client-missing",
            policy(json!({"ClientId": "2b"})),
            policy(json!({"ClientId": "1a"})),
            json!({"cimdPolicies": {"partners": {"ClientId": "2b"}}}),
        ),
        (
            "client-missing",
            policy(json!({"PolicyName": "partners"})),
            policy(json!({"ClientId": "1a"})),
            json!({"cimdPolicies": {"partners": {"PolicyName": "partners"}}}),
        ),
        (
            "group-role-account",
            group("444455556666"),
            group("111122223333"),
            json!({"groups": {"staff": {"RoleArn": "arn:aws:iam::444455556666:role/r"}}}),
        ),
        (
            "domain-reserved-word",
            domain("acme-aws-login", json!({"ManagedLoginVersion": 1})),
            domain("acme-awsome-login", json!({"ManagedLoginVersion": 1})),
            domain("aws.example.com", json!({"ManagedLoginVersion": 1})),
        ),
        (
            "domain-without-certificate",
            domain("login.example.com", json!({"CustomDomainConfig": null})),
            domain("login.example.com", json!({"CustomDomainConfig": {"CertificateArn": "a"}})),
            domain("login.example.com", json!({"ManagedLoginVersion": 1})),
        ),
        (
            "domain-prefix-certificate",
            domain("acme", json!({"CustomDomainConfig": {"CertificateArn": "a"}})),
            domain("acme", json!({"ManagedLoginVersion": 1})),
            domain("acme", json!({"ManagedLoginVersion": 1})),
        ),
        (
            "domain-certificate-region",
            domain(
                "a.b",
                json!({"CustomDomainConfig": {"CertificateArn": "arn:aws:acm:eu-west-1:1:certificate/a"}}),
            ),
            domain(
                "a.b",
                json!({"CustomDomainConfig": {"CertificateArn": "arn:aws:acm:us-east-1:1:certificate/a"}}),
            ),
            domain("a.b", json!({"ManagedLoginVersion": 1})),
        ),
        (
            "login-version-tier",
            json!({"domains": {"acme": {"ManagedLoginVersion": 2}}, "UserPoolTier": "LITE"}),
            json!({"domains": {"acme": {"ManagedLoginVersion": 2}}, "UserPoolTier": "ESSENTIALS"}),
            json!({"domains": {"acme": {"ManagedLoginVersion": 2}}}),
        ),
        (
            "resource-server-name",
            json!({"resourceServers": {"api": {"Scopes": []}}}),
            json!({"resourceServers": {"api": {"Name": "x"}}}),
            json!({"resourceServers": {"api": {"Scopes": []}}}),
        ),
    ]
}
