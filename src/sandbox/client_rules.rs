//! What the service refuses of app clients: of every write, also of one that leaves the reason alone.

use super::answer::Refusal;
use super::case::{strings, text};
use super::keyed::{KeyedRule, KeyedWrite};
use super::state::{Collection, SideDocument, State};
use super::{resource_servers, schema};
use crate::document::{Json, Object};

/// The rules of both writes.
pub(super) const RULES: &[KeyedRule] =
    &[plain_rules, scopes_exist, url_forms, default_redirect, providers_exist, available_in_tier];

/// The member of a request that keeps the secret in Secrets Manager. No read shows it. **\[M\]**
pub(super) const PUBLISH: &str = "PublishSecretsInAWSSecretsManager";

/// Whether a write breaks a rule, from the write and the client as it would be.
type Breach = fn(&KeyedWrite<'_>, &Object) -> bool;

const INVALID: &str = "InvalidParameterException";
const INVALID_FLOW: &str = "InvalidOAuthFlowException";

/// The rules whose words are always the same: the exception, the words, and when it is thrown. **\[L\]** unless
/// a row says otherwise.
const PLAIN: &[(&str, &str, Breach)] = &[
    // [D]; wording [I].
    (INVALID, "ClientSecret cannot be specified when GenerateSecret is true.", |write, _| {
        let is_new = write.before.is_none();
        is_new && is_true(write.request, "GenerateSecret") && write.request.contains_key("ClientSecret")
    }),
    // [D]; wording [I].
    (
        INVALID,
        "PublishSecretsInAWSSecretsManager requires a client secret that Cognito generated.",
        publishes_no_secret,
    ),
    (
        INVALID,
        "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.",
        |_, client| {
            let any = |is: fn(&str) -> bool| strings(client, FLOWS).any(is);
            any(|flow| flow.starts_with("ALLOW_")) && any(|flow| LEGACY_FLOWS.contains(&flow))
        },
    ),
    // [D]; wording [I]. A client that names no flows is not judged, though the default has this one.
    (
        INVALID,
        "ALLOW_REFRESH_TOKEN_AUTH cannot be used when refresh token rotation is enabled.",
        |_, client| rotates(client) && has(client, FLOWS, "ALLOW_REFRESH_TOKEN_AUTH"),
    ),
    (INVALID, "Invalid range for token validity.", |_, client| {
        let is_out = |row: &TokenRow| row.seconds(client).is_some_and(|time| !row.range.contains(&time));
        [ACCESS, ID, REFRESH].iter().any(is_out)
    }),
    (
        INVALID,
        "Access and Id Token expiration times must be less than or equal to refresh token expiration times.",
        |_, client| {
            let longest = REFRESH.seconds(client).unwrap_or(i64::MAX);
            [ACCESS, ID].iter().any(|row| row.seconds(client).is_some_and(|time| time > longest))
        },
    ),
    (
        INVALID,
        "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
        |_, client| {
            is_true(client, "AllowedOAuthFlowsUserPoolClient")
                && (is_empty(client, OAUTH_FLOWS) || is_empty(client, "AllowedOAuthScopes"))
        },
    ),
    (
        INVALID_FLOW,
        "client_credentials flow can not be selected along with code flow or implicit flow.",
        |_, client| is_for_machines(client) && has_browser_flow(client),
    ),
    (
        INVALID_FLOW,
        "client_credentials flow can not be selected if client does not have a client secret.",
        |_, client| is_for_machines(client) && !has_secret(client),
    ),
    // [R] the words; the exception [I].
    (INVALID_FLOW, "openid is not supported with client_credentials flow", |_, client| {
        is_for_machines(client) && has(client, "AllowedOAuthScopes", "openid")
    }),
    (INVALID, "CallbackUrls can not be empty when code flow or implicit flow is selected", |_, client| {
        has_browser_flow(client) && is_empty(client, "CallbackURLs")
    }),
    (
        INVALID,
        "Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> \
         are valid",
        mixes_analytics,
    ),
    (INVALID, "Invalid read attributes specified while creating a client", |write, client| {
        !strings(client, "ReadAttributes").all(|name| schema::has(write.live, name))
    }),
    (INVALID, "Invalid write attributes specified while creating a client", |write, client| {
        let is_fine = |name| schema::has(write.live, name) && !READ_ONLY.contains(&name);
        !strings(client, "WriteAttributes").all(is_fine)
    }),
    (
        INVALID,
        "Client Secret is required to set EnablePropagateAdditionalUserContextData as true",
        |_, client| is_true(client, "EnablePropagateAdditionalUserContextData") && !has_secret(client),
    ),
];

fn plain_rules(write: &KeyedWrite<'_>, client: &Object) -> Option<Refusal> {
    let (exception, words, _) = PLAIN.iter().find(|(_, _, is_broken)| is_broken(write, client))?;
    Some(Refusal::new(*exception, *words))
}

const FLOWS: &str = "ExplicitAuthFlows";
const OAUTH_FLOWS: &str = "AllowedOAuthFlows";

/// The older names of flows, without `ALLOW_`. **\[M\]**
const LEGACY_FLOWS: [&str; 3] = ["ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH"];

/// The attributes that no client may write.
const READ_ONLY: [&str; 3] = ["email_verified", "phone_number_verified", "sub"];

fn has(client: &Object, list: &str, element: &str) -> bool {
    strings(client, list).any(|found| found == element)
}

fn is_empty(client: &Object, list: &str) -> bool {
    strings(client, list).next().is_none()
}

fn is_true(document: &Object, member: &str) -> bool {
    document.get(member).and_then(Json::as_bool) == Some(true)
}

fn has_secret(client: &Object) -> bool {
    client.contains_key("ClientSecret") || client.contains_key("ClientSecretArn")
}

fn has_browser_flow(client: &Object) -> bool {
    has(client, OAUTH_FLOWS, "code") || has(client, OAUTH_FLOWS, "implicit")
}

fn is_for_machines(client: &Object) -> bool {
    has(client, OAUTH_FLOWS, "client_credentials")
}

fn rotates(client: &Object) -> bool {
    text(client, "RefreshTokenRotation.Feature") == Some("ENABLED")
}

/// No read shows whether a secret was generated, so an update is refused only if there is none. **\[I\]**
fn publishes_no_secret(write: &KeyedWrite<'_>, client: &Object) -> bool {
    let fits = match write.before {
        None => is_true(write.request, "GenerateSecret"),
        Some(_) => has_secret(client),
    };
    is_true(write.request, PUBLISH) && !fits
}

/// Judged by what was sent: a read shows a role beside the ARN, and to send both back is refused. **\[I\]**
fn mixes_analytics(write: &KeyedWrite<'_>, _: &Object) -> bool {
    let Some(sent) = write.request.get("AnalyticsConfiguration") else { return false };
    let by_id = ["ApplicationId", "RoleArn", "ExternalId"].map(|name| sent.get(name).is_some());
    let by_arn = sent.get("ApplicationArn").is_some();
    if by_arn { by_id.contains(&true) } else { by_id.contains(&false) }
}

/// How long a kind of token may be valid. A unit without its number is that of the default number **\[R\]**, and
/// the other way round.
struct TokenRow {
    member: &'static str,
    /// The unit's path.
    unit: &'static str,
    /// The number and the unit of a client that has none.
    default: (i64, &'static str),
    /// In seconds.
    range: std::ops::RangeInclusive<i64>,
}

const DAY: i64 = 86_400;
const ACCESS: TokenRow = TokenRow {
    member: "AccessTokenValidity",
    unit: "TokenValidityUnits.AccessToken",
    default: (1, "hours"),
    range: 300..=DAY,
};
const ID: TokenRow = TokenRow { member: "IdTokenValidity", unit: "TokenValidityUnits.IdToken", ..ACCESS };
const REFRESH: TokenRow = TokenRow {
    member: "RefreshTokenValidity",
    unit: "TokenValidityUnits.RefreshToken",
    default: (30, "days"),
    range: 3_600..=3_650 * DAY,
};

impl TokenRow {
    /// How long the token is valid, in seconds; `None` if the unit is newer than these.
    fn seconds(&self, client: &Object) -> Option<i64> {
        let number = client.get(self.member).and_then(Json::as_i64).unwrap_or(self.default.0);
        let units = [("seconds", 1), ("minutes", 60), ("hours", 3_600), ("days", DAY)];
        let unit = text(client, self.unit).unwrap_or(self.default.1);
        let (_, seconds) = units.into_iter().find(|(name, _)| *name == unit)?;
        number.checked_mul(seconds)
    }
}

/// The scopes that every pool has. **\[D\]**
const STANDARD_SCOPES: [&str; 5] = ["phone", "email", "openid", "profile", "aws.cognito.signin.user.admin"];

/// **\[L\]**
fn scopes_exist(write: &KeyedWrite<'_>, client: &Object) -> Option<Refusal> {
    let unknown = unknown_scope(write.live, client)?;
    Some(Refusal::new("ScopeDoesNotExistException", format!("Invalid scope requested: {unknown}")))
}

/// The first scope of a client that no resource server of its pool has.
pub(super) fn unknown_scope<'a>(live: &State, client: &'a Object) -> Option<&'a str> {
    let servers = SideDocument::Keyed(Collection::ResourceServers).of(live);
    let exists = |scope: &str| {
        let mut servers = servers.into_iter().flatten();
        STANDARD_SCOPES.contains(&scope)
            || servers.any(|(identifier, server)| resource_servers::has_scope(identifier, server, scope))
    };
    strings(client, "AllowedOAuthScopes").find(|scope| !exists(scope))
}

/// The hosts that may be called without TLS.
const LOCAL_HOSTS: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// **\[L\]**
fn url_forms(_: &KeyedWrite<'_>, client: &Object) -> Option<Refusal> {
    if let Some(url) = strings(client, "CallbackURLs").find(|url| url.contains('#')) {
        return Some(Refusal::invalid(format!("{url} cannot use fragment")));
    }
    let is_plain_http = |url: &&str| {
        let rest = url.strip_prefix("http://");
        rest.is_some_and(|rest| !LOCAL_HOSTS.iter().any(|host| is_host(host, rest)))
    };
    let mut urls = strings(client, "CallbackURLs").chain(strings(client, "LogoutURLs"));
    let url = urls.find(is_plain_http)?;
    Some(Refusal::invalid(format!("{url} cannot use the HTTP protocol.")))
}

/// Whether the rest of a URL behind its scheme has this host.
fn is_host(host: &str, rest: &str) -> bool {
    let after = rest.strip_prefix(host);
    after.is_some_and(|after| after.is_empty() || after.starts_with([':', '/', '?', '#']))
}

/// **\[L\]**
fn default_redirect(_: &KeyedWrite<'_>, client: &Object) -> Option<Refusal> {
    let url = text(client, "DefaultRedirectURI").filter(|url| !has(client, "CallbackURLs", url))?;
    Some(Refusal::invalid(format!("The default redirect URI {url} is not in the callback URIs list.")))
}

/// **\[L\]**
fn providers_exist(write: &KeyedWrite<'_>, client: &Object) -> Option<Refusal> {
    let name = unknown_provider(write.live, client)?;
    let pool = write.pool_id;
    Some(Refusal::invalid(format!("The provider {name} does not exist for User Pool {pool}.")))
}

/// The first identity provider of a client that its pool does not have.
pub(super) fn unknown_provider<'a>(live: &State, client: &'a Object) -> Option<&'a str> {
    let known = SideDocument::Keyed(Collection::IdentityProviders).of(live);
    let exists = |name: &str| name == "COGNITO" || known.is_some_and(|known| known.contains_key(name));
    strings(client, "SupportedIdentityProviders").find(|name| !exists(name))
}

/// A feature and whether a client uses it.
type ClientFeature = (&'static str, fn(&Object) -> bool);

/// What a pool of the tier LITE lacks. The exception is that of the model **\[M\]**, the form of the words that of
/// other documents **\[L\]**. That these features are gated, and their names, are inferred **\[I\]**.
const FEATURES: [ClientFeature; 3] = [
    ("Choice-Based Authentication", |client| has(client, FLOWS, "ALLOW_USER_AUTH")),
    ("Token Exchange", |client| strings(client, FLOWS).any(|flow| flow.starts_with("ALLOW_TOKEN_EXCHANGE"))),
    ("Refresh Token Rotation", rotates),
];

/// A pool without a tier is an old one: not judged.
fn available_in_tier(write: &KeyedWrite<'_>, client: &Object) -> Option<Refusal> {
    let tier = text(&write.live.pool, "UserPoolTier").filter(|tier| *tier == "LITE")?;
    let (name, _) = FEATURES.iter().find(|(_, is_used)| is_used(client))?;
    let message =
        format!("The following feature is not available for the {tier} pricing tier configured: {name}");
    Some(Refusal::new("FeatureUnavailableInTierException", message))
}
