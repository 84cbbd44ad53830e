//! Rules of app clients.

use super::rule::Rule;
use super::truth::Truth;
use super::view::{View, elements};
use crate::catalogue::Evidence;
use crate::document::address::{host_and_port, web_authority};
use crate::document::{Document, DocumentId, Json};

const GENERATE: &str = "clients.*.GenerateSecret";
const OWN_SECRET: &str = "clients.*.ClientSecret";
const PUBLISH: &str = "clients.*.PublishSecretsInAWSSecretsManager";
const FLOWS: &str = "clients.*.ExplicitAuthFlows";
const OAUTH: &str = "clients.*.AllowedOAuthFlowsUserPoolClient";
const GRANTS: &str = "clients.*.AllowedOAuthFlows";
const SCOPES: &str = "clients.*.AllowedOAuthScopes";
const CALLBACKS: &str = "clients.*.CallbackURLs";
const LOGOUTS: &str = "clients.*.LogoutURLs";
const DEFAULT_REDIRECT: &str = "clients.*.DefaultRedirectURI";
const PROVIDERS: &str = "clients.*.SupportedIdentityProviders";
const READS: &str = "clients.*.ReadAttributes";
const WRITES: &str = "clients.*.WriteAttributes";
const MAPPING: &str = "identityProviders.*.AttributeMapping";
const IDP_INIT: &str = "identityProviders.*.ProviderDetails.IDPInit";
const CONTEXT: &str = "clients.*.EnablePropagateAdditionalUserContextData";
const ROTATION: &str = "clients.*.RefreshTokenRotation.Feature";
const GRACE: &str = "clients.*.RefreshTokenRotation.RetryGracePeriodSeconds";
const ANALYTICS: &str = "clients.*.AnalyticsConfiguration";
const PROJECT: &str = "clients.*.AnalyticsConfiguration.ApplicationArn";
const BY_ID: [&str; 3] = [
    "clients.*.AnalyticsConfiguration.ApplicationId",
    "clients.*.AnalyticsConfiguration.RoleArn",
    "clients.*.AnalyticsConfiguration.ExternalId",
];
const TIER: &str = "UserPoolTier";

const ONLY_WRITTEN_BY_COGNITO: [&str; 3] = ["email_verified", "phone_number_verified", "sub"];

const READ_WORDS: &str = "Invalid read attributes specified while creating a client";
const WRITE_WORDS: &str = "Invalid write attributes specified while creating a client";
const INVALID_FLOW: Option<&str> = Some("InvalidOAuthFlowException");

/// The rules of a client by itself, in the order of the facts.
pub(super) static RULES: &[Rule] = &[
    Rule {
        code: "client-own-secret",
        about: &[OWN_SECRET, GENERATE],
        what: "a client has a `ClientSecret` of its own, and `GenerateSecret` asks for another one",
        remedy: "remove `ClientSecret`, or delete the line of `GenerateSecret`",
        evidence: Evidence::Docs,
        broken: |client| client.has(OWN_SECRET) & client.is_on(GENERATE),
        ..Rule::REFUSED
    },
    Rule {
        code: "client-published-secret",
        about: &[PUBLISH, GENERATE],
        what: "a secret is to be kept in Secrets Manager, and the client has none that Cognito generated",
        remedy: "set `GenerateSecret: true` for a new client, or remove `PublishSecretsInAWSSecretsManager`",
        evidence: Evidence::Docs,
        broken: |client| client.is_on(PUBLISH) & !client.is_on(GENERATE),
        ..Rule::REFUSED
    },
    Rule {
        code: "auth-flow-names",
        about: &[FLOWS],
        what: "`ExplicitAuthFlows` mixes names that begin with `ALLOW_` and older names",
        words: Some("Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names."),
        remedy: "replace the older names: `ADMIN_NO_SRP_AUTH` is `ALLOW_ADMIN_USER_PASSWORD_AUTH`, `CUSTOM_AUTH_FLOW_ONLY` is `ALLOW_CUSTOM_AUTH`, and `USER_PASSWORD_AUTH` is `ALLOW_USER_PASSWORD_AUTH`",
        broken: |client| client.any(FLOWS, is_new_name) & client.any(FLOWS, |flow| !is_new_name(flow)),
        ..Rule::REFUSED
    },
    Rule {
        code: "rotation-with-refresh-flow",
        about: &[ROTATION, FLOWS],
        what: "refresh tokens rotate, and `ExplicitAuthFlows` has `ALLOW_REFRESH_TOKEN_AUTH`",
        remedy: "remove `ALLOW_REFRESH_TOKEN_AUTH`, or set `RefreshTokenRotation: { Feature: DISABLED }`",
        evidence: Evidence::Docs,
        broken: |client| rotates(client) & client.any(FLOWS, |flow| flow == "ALLOW_REFRESH_TOKEN_AUTH"),
        ..Rule::REFUSED
    },
    Rule {
        code: "grace-without-rotation",
        about: &[GRACE, ROTATION],
        what: "`RetryGracePeriodSeconds` is set while refresh tokens do not rotate: Cognito keeps 0 instead",
        exception: None,
        remedy: "remove `RetryGracePeriodSeconds`, or set `Feature: ENABLED`",
        evidence: Evidence::Report,
        // It would never be as declared.
        harms: true,
        broken: |client| {
            let is_set = client.test(GRACE, |grace| grace.as_i64().is_some_and(|seconds| seconds > 0));
            client.is(ROTATION, &["DISABLED"]) & is_set
        },
        ..Rule::REFUSED
    },
    Rule {
        code: "token-validity-range",
        about: VALIDITIES,
        what: "an access or ID token is valid for less than 5 minutes or more than a day, or a refresh token for less than an hour or more than 10 years",
        words: Some("Invalid range for token validity."),
        remedy: "correct the number, or its unit in `TokenValidityUnits`",
        broken: |client| any_token(&TOKENS, |token| is_out_of_range(client, token)),
        ..Rule::REFUSED
    },
    Rule {
        code: "token-validity-order",
        about: VALIDITIES,
        what: "an access or ID token is valid for longer than a refresh token",
        words: Some(
            "Access and Id Token expiration times must be less than or equal to refresh token expiration times.",
        ),
        remedy: "raise `RefreshTokenValidity`, or lower the other one",
        broken: |client| any_token(&TOKENS[1..], |token| is_longer(client, token)),
        ..Rule::REFUSED
    },
    Rule {
        code: "token-unit-alone",
        about: VALIDITIES,
        what: "`TokenValidityUnits` has a unit for a number that is not set",
        words: Some("Invalid range for token validity."),
        remedy: "declare the number too, or remove the unit",
        evidence: Evidence::Report,
        // No request has such a unit, so it would never be as declared.
        harms: true,
        broken: |client| any_token(&TOKENS, |token| client.has(token.unit) & !client.has(token.number)),
        ..Rule::REFUSED
    },
    Rule {
        code: "oauth-incomplete",
        about: &[OAUTH, GRANTS, SCOPES],
        what: "`AllowedOAuthFlowsUserPoolClient` is true, and the client has no `AllowedOAuthFlows` or no `AllowedOAuthScopes`",
        words: Some(
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
        ),
        remedy: "declare both lists, or set `AllowedOAuthFlowsUserPoolClient: false`",
        broken: |client| client.is_on(OAUTH) & (client.is_empty(GRANTS) | client.is_empty(SCOPES)),
        ..Rule::REFUSED
    },
    Rule {
        code: "machine-with-browser-flow",
        about: &[GRANTS],
        what: "`AllowedOAuthFlows` has `client_credentials` beside `code` or `implicit`",
        exception: INVALID_FLOW,
        words: Some("client_credentials flow can not be selected along with code flow or implicit flow."),
        remedy: "make a client of its own for `client_credentials`",
        broken: |client| is_for_machines(client) & has_browser_flow(client),
        ..Rule::REFUSED
    },
    Rule {
        code: "machine-without-secret",
        about: &[GRANTS, GENERATE],
        what: "`AllowedOAuthFlows` has `client_credentials`, and the client has no secret",
        exception: INVALID_FLOW,
        words: Some("client_credentials flow can not be selected if client does not have a client secret."),
        remedy: "make a new client with `GenerateSecret: true`",
        broken: |client| is_for_machines(client) & !has_secret(client),
        ..Rule::REFUSED
    },
    Rule {
        code: "machine-with-openid",
        about: &[SCOPES, GRANTS],
        what: "`AllowedOAuthFlows` has `client_credentials`, and `AllowedOAuthScopes` has `openid`",
        exception: INVALID_FLOW,
        words: Some("openid is not supported with client_credentials flow"),
        remedy: "remove `openid` from `AllowedOAuthScopes`",
        evidence: Evidence::Report,
        broken: |client| is_for_machines(client) & client.any(SCOPES, |scope| scope == "openid"),
        ..Rule::REFUSED
    },
    Rule {
        code: "callback-missing",
        about: &[CALLBACKS, GRANTS],
        what: "`AllowedOAuthFlows` has `code` or `implicit`, and the client has no `CallbackURLs`",
        words: Some("CallbackUrls can not be empty when code flow or implicit flow is selected"),
        remedy: "declare `CallbackURLs`, or remove `code` and `implicit` from `AllowedOAuthFlows`",
        broken: |client| has_browser_flow(client) & client.is_empty(CALLBACKS),
        ..Rule::REFUSED
    },
    Rule {
        code: "callback-fragment",
        about: &[CALLBACKS],
        what: "a callback URL has a fragment",
        words: Some("{value} cannot use fragment"),
        remedy: "remove `#` and what follows it from the URL",
        broken: |client| client.find(CALLBACKS, |url| url.contains('#').into()),
        ..Rule::REFUSED
    },
    plain_http(&[CALLBACKS], "a callback URL begins with `http://`", |client| {
        client.find(CALLBACKS, |url| is_plain_http(url).into())
    }),
    plain_http(&[LOGOUTS], "a logout URL begins with `http://`", |client| {
        client.find(LOGOUTS, |url| is_plain_http(url).into())
    }),
    Rule {
        code: "default-redirect",
        about: &[DEFAULT_REDIRECT, CALLBACKS],
        what: "`DefaultRedirectURI` is not one of `CallbackURLs`",
        words: Some("The default redirect URI {value} is not in the callback URIs list."),
        remedy: "add it to `CallbackURLs`, or correct `DefaultRedirectURI`",
        broken: |client| {
            let is_apart = |default: &str| {
                Truth::from(!default.is_empty()) & !client.any(CALLBACKS, |url| url == default)
            };
            client.find(DEFAULT_REDIRECT, is_apart)
        },
        ..Rule::REFUSED
    },
    Rule {
        code: "analytics-project",
        about: &[ANALYTICS],
        what: "`AnalyticsConfiguration` names its project neither by `ApplicationArn` alone nor by `ApplicationId`, `RoleArn` and `ExternalId`",
        words: Some(
            "Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid",
        ),
        remedy: "declare `ApplicationArn` alone, or the three others",
        broken: |client| {
            let [id, role, external] = BY_ID.map(|member| client.has(member));
            let by_arn = client.has(PROJECT);
            client.has(ANALYTICS) & (by_arn & (id | role | external) | !by_arn & !(id & role & external))
        },
        ..Rule::REFUSED
    },
    attribute(
        &[READS],
        "`ReadAttributes` has an attribute that the pool does not have",
        READ_WORDS,
        |client| client.find(READS, |name| !client.has_attribute(name)),
    ),
    attribute(
        &[WRITES],
        "`WriteAttributes` has an attribute that the pool does not have",
        WRITE_WORDS,
        |client| client.find(WRITES, |name| !client.has_attribute(name)),
    ),
    attribute(
        &[WRITES],
        "`WriteAttributes` has an attribute that only Cognito writes",
        WRITE_WORDS,
        |client| client.any(WRITES, |name| ONLY_WRITTEN_BY_COGNITO.contains(&name)),
    ),
    Rule {
        code: "mapping-not-writable",
        about: &[WRITES, PROVIDERS, MAPPING],
        what: "sign-ins through an identity provider of the app client fail: the provider sets an attribute that `WriteAttributes` lacks",
        exception: None,
        remedy: "add the attribute to `WriteAttributes`, or remove it from the provider's `AttributeMapping`",
        evidence: Evidence::Docs,
        broken: maps_what_it_cannot_write,
        ..Rule::REFUSED
    },
    Rule {
        code: "idp-init-beside-others",
        about: &[PROVIDERS, IDP_INIT],
        what: "the app client has a SAML provider with `IDPInit: \"true\"` next to one of another type, or next to the users of the pool itself, which Cognito's documentation excludes",
        exception: None,
        remedy: "give that provider an app client of its own, or set `IDPInit: \"false\"`",
        evidence: Evidence::Docs,
        broken: has_idp_init_beside_others,
        ..Rule::REFUSED
    },
    Rule {
        code: "context-without-secret",
        about: &[CONTEXT, GENERATE],
        what: "`EnablePropagateAdditionalUserContextData` is true, and the client has no secret",
        words: Some("Client Secret is required to set EnablePropagateAdditionalUserContextData as true"),
        remedy: "set `EnablePropagateAdditionalUserContextData: false`, or make a new client with `GenerateSecret: true`",
        broken: |client| client.is_on(CONTEXT) & !has_secret(client),
        ..Rule::REFUSED
    },
    Rule {
        code: "client-tier",
        about: &[FLOWS, ROTATION, TIER],
        what: "the client uses `ALLOW_USER_AUTH`, token exchange or the rotation of refresh tokens, which LITE does not offer",
        exception: Some("FeatureUnavailableInTierException"),
        remedy: "remove the feature, or set `UserPoolTier: ESSENTIALS`",
        evidence: Evidence::Inferred,
        broken: |client| {
            let flow = |flow: &str| flow == "ALLOW_USER_AUTH" || flow.starts_with("ALLOW_TOKEN_EXCHANGE");
            client.tier_is(&["LITE"]) & (client.any(FLOWS, flow) | rotates(client))
        },
        ..Rule::REFUSED
    },
];

/// The rules that a client can come to break by a change elsewhere.
pub(super) static REFERENCES: &[Rule] = &[
    Rule {
        code: "scope-missing",
        about: &[SCOPES],
        what: "`AllowedOAuthScopes` has a scope that the pool does not have",
        exception: Some("ScopeDoesNotExistException"),
        words: Some("Invalid scope requested: {value}"),
        remedy: "declare `AllowedOAuthScopes` without the scope, or add the scope to its resource server",
        broken: |client| client.find_missing(SCOPES, |scope| !has_scope(client, scope), || scopes(client)),
        ..Rule::REFUSED
    },
    Rule {
        code: "provider-missing",
        about: &[PROVIDERS],
        what: "`SupportedIdentityProviders` has a provider that the pool does not have",
        words: Some("The provider {value} does not exist for User Pool {pool}."),
        remedy: "declare `SupportedIdentityProviders` without the provider, or make the provider first",
        broken: |client| {
            let names = || {
                let listed = client.listed(&DocumentId::IDENTITY_PROVIDERS).unwrap_or_default();
                let own = client.documents(&DocumentId::IDENTITY_PROVIDERS).map(|(name, _)| name);
                let own = own.chain(["COGNITO"]).map(str::to_owned);
                own.chain(listed.into_iter().map(|(_, name)| name)).collect()
            };
            client.find_missing(PROVIDERS, |name| !has_provider(client, name), names)
        },
        ..Rule::REFUSED
    },
];

/// Whether a provider of the client sets an attribute that the client may not write. An empty list stands for attributes
/// that nobody has listed, and no list can have what only Cognito writes.
fn maps_what_it_cannot_write(client: &View<'_>) -> Truth {
    let lists = [WRITES, PROVIDERS].map(|list| client.or(list, Json::Array(Vec::new())));
    let [Some(writes), Some(providers)] = lists else { return Truth::Unknown };
    let can_write = |name: &str| elements(&writes).any(|own| own.as_str() == Some(name));
    let is_missing =
        |name: &&str| *name != "username" && !ONLY_WRITTEN_BY_COGNITO.contains(name) && !can_write(name);
    let lacks = |provider: &Document| {
        let mapping = provider.get("AttributeMapping").and_then(Json::as_object);
        let missing = mapping.and_then(|mapping| mapping.keys().map(String::as_str).find(is_missing));
        missing.map(|name| client.tell(name.to_owned())).is_some()
    };
    let providers = elements(&providers).filter_map(Json::as_str);
    let ids = providers.map(|name| DocumentId::IDENTITY_PROVIDERS.labelled(name));
    let any = ids.fold(Truth::No, |any, id| any | client.any_document(&id, lacks));
    Truth::from(elements(&writes).next().is_some()) & any
}

/// Whether the client has a provider where users may begin, and one that is no SAML provider.
fn has_idp_init_beside_others(client: &View<'_>) -> Truth {
    let of = |name: &str, holds: fn(&Document) -> bool| {
        client.any_document(&DocumentId::IDENTITY_PROVIDERS.labelled(name), holds)
    };
    let is_no_saml =
        |provider: &Document| provider.get("ProviderType").and_then(Json::as_str) != Some("SAML");
    let has_idp_init = |provider: &Document| {
        let begun = provider.get("ProviderDetails").and_then(|details| details.get("IDPInit")?.as_str());
        begun == Some("true")
    };
    let other = client.find(PROVIDERS, |name| Truth::from(name == "COGNITO") | of(name, is_no_saml));
    // The last search is the one whose provider the message names.
    other & client.find(PROVIDERS, |name| of(name, has_idp_init))
}

/// A kind of token: how long it is valid.
struct Token {
    number: &'static str,
    unit: &'static str,
    /// The unit of a client that has none.
    unit_default: &'static str,
    /// In seconds, of a client without a number, and of 0.
    default: i64,
    /// In seconds.
    range: (i64, i64),
}

const DAY: i64 = 86_400;

/// Refresh tokens first.
static TOKENS: [Token; 3] = [
    Token {
        number: "clients.*.RefreshTokenValidity",
        unit: "clients.*.TokenValidityUnits.RefreshToken",
        unit_default: "days",
        default: 30 * DAY,
        range: (3_600, 3_650 * DAY),
    },
    short_lived("clients.*.AccessTokenValidity", "clients.*.TokenValidityUnits.AccessToken"),
    short_lived("clients.*.IdTokenValidity", "clients.*.TokenValidityUnits.IdToken"),
];

const VALIDITIES: &[&str] = &[
    "clients.*.AccessTokenValidity",
    "clients.*.IdTokenValidity",
    "clients.*.RefreshTokenValidity",
    "clients.*.TokenValidityUnits",
];

const fn short_lived(number: &'static str, unit: &'static str) -> Token {
    Token { number, unit, unit_default: "hours", default: 3_600, range: (300, DAY) }
}

fn any_token(tokens: &[Token], holds: impl Fn(&Token) -> Truth) -> Truth {
    tokens.iter().fold(Truth::No, |any, token| any | holds(token))
}

const fn plain_http(
    about: &'static [&'static str],
    what: &'static str,
    broken: fn(&View<'_>) -> Truth,
) -> Rule {
    Rule {
        code: "url-without-tls",
        about,
        what,
        words: Some("{value} cannot use the HTTP protocol."),
        remedy: "use `https://`; only `localhost`, `127.0.0.1` and `[::1]` may use `http://`",
        broken,
        ..Rule::REFUSED
    }
}

const fn attribute(
    about: &'static [&'static str],
    what: &'static str,
    words: &'static str,
    broken: fn(&View<'_>) -> Truth,
) -> Rule {
    let remedy = "correct the list; a custom attribute is called `custom:…`";
    Rule { code: "client-attribute", about, what, words: Some(words), remedy, broken, ..Rule::REFUSED }
}

fn is_new_name(flow: &str) -> bool {
    flow.starts_with("ALLOW_")
}

fn rotates(client: &View<'_>) -> Truth {
    client.is(ROTATION, &["ENABLED"])
}

fn is_for_machines(client: &View<'_>) -> Truth {
    client.any(GRANTS, |grant| grant == "client_credentials")
}

fn has_browser_flow(client: &View<'_>) -> Truth {
    client.any(GRANTS, |grant| ["code", "implicit"].contains(&grant))
}

fn has_secret(client: &View<'_>) -> Truth {
    client.is_on(GENERATE) | client.has(OWN_SECRET)
}

/// Whether a URL needs TLS and has none.
fn is_plain_http(url: &str) -> bool {
    let Some((scheme, authority)) = web_authority(url) else { return false };
    let local = ["localhost", "127.0.0.1", "[::1]"];
    let host = host_and_port(authority).map(|(host, _)| host);
    scheme == "http" && !host.is_some_and(|host| local.contains(&host.as_str()))
}

/// Whether the pool has a scope. The name of a scope has no `/`, so the rest is the identifier.
fn has_scope(client: &View<'_>, scope: &str) -> Truth {
    match scope.rsplit_once('/') {
        None => STANDARD_SCOPES.contains(&scope).into(),
        Some((identifier, name)) => {
            client.any_document(&DocumentId::RESOURCE_SERVERS.labelled(identifier), |server| {
                let mut scopes = server.get("Scopes").into_iter().flat_map(elements);
                scopes.any(|scope| scope.get("ScopeName").and_then(Json::as_str) == Some(name))
            })
        }
    }
}

/// The scopes that the pool has.
fn scopes(client: &View<'_>) -> Vec<String> {
    let own = client.documents(&DocumentId::RESOURCE_SERVERS).flat_map(|(identifier, server)| {
        let scopes = server.get("Scopes").into_iter().flat_map(elements);
        let names = scopes.filter_map(|scope| scope.get("ScopeName").and_then(Json::as_str));
        names.map(move |name| format!("{identifier}/{name}"))
    });
    own.chain(STANDARD_SCOPES.into_iter().map(str::to_owned)).collect()
}

/// The scopes that every pool has. From the documentation.
const STANDARD_SCOPES: [&str; 5] = ["phone", "email", "openid", "profile", "aws.cognito.signin.user.admin"];

fn has_provider(client: &View<'_>, name: &str) -> Truth {
    let is_pool = Truth::from(name == "COGNITO");
    is_pool | client.has_document(&DocumentId::IDENTITY_PROVIDERS.labelled(name))
}

/// How long a token is valid, in seconds; `None` if that is not known, or the unit is not.
fn seconds(client: &View<'_>, token: &Token) -> Option<i64> {
    let number = client.or(token.number, Json::from(0))?.as_i64()?;
    if number == 0 {
        return Some(token.default);
    }
    let seconds = match client.or(token.unit, Json::from(token.unit_default))?.as_str()? {
        "seconds" => 1,
        "minutes" => 60,
        "hours" => 3_600,
        "days" => DAY,
        _ => return None,
    };
    number.checked_mul(seconds)
}

fn is_out_of_range(client: &View<'_>, token: &Token) -> Truth {
    let (least, most) = token.range;
    seconds(client, token).map_or(Truth::Unknown, |time| (time < least || time > most).into())
}

fn is_longer(client: &View<'_>, token: &Token) -> Truth {
    let (Some(time), Some(longest)) = (seconds(client, token), seconds(client, &TOKENS[0])) else {
        return Truth::Unknown;
    };
    (time > longest).into()
}
