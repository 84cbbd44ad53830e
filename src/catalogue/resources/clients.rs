//! App clients: applications that sign users in, or call APIs for themselves.

use crate::catalogue::calls::{self, POOL_ID};
use crate::catalogue::listing::Listing;
use crate::catalogue::resource::{Repair, Replaced, Resource};
use crate::catalogue::table::Compare::Set;
use crate::catalogue::table::Evidence::{Docs, Live, Model, Report};
use crate::catalogue::table::Removal::{Impossible, Omit, Send};
use crate::catalogue::table::{Fill, REQUIRED, Row};
use crate::document::{DocumentId, Json, Object};

/// App clients, each under a label of the manifest.
pub(super) static CLIENTS: Resource = Resource {
    document: DocumentId::CLIENTS,
    read: &calls::DESCRIBE_USER_POOL_CLIENT,
    answer: Some("UserPoolClient"),
    listing: Some(&Listing {
        call: &calls::LIST_USER_POOL_CLIENTS,
        items: "UserPoolClients",
        page: Some(("MaxResults", 60)),
        // Clients that register themselves are others', and may be thousands.
        filter: Some(("ClientType", "REGULAR")),
        registered: Some("DCR"),
        key: "ClientId",
        name: Some("ClientName"),
        one: "app client",
        article: "an",
        likeness: &["CallbackURLs", "LogoutURLs", "DefaultRedirectURI"],
        made_again: Some("it gets another id, and another secret if it has one; the application needs both"),
        ..Listing::OF_NAMES
    }),
    update: &calls::UPDATE_USER_POOL_CLIENT,
    create: Some(&calls::CREATE_USER_POOL_CLIENT),
    remove: Some(&calls::DELETE_USER_POOL_CLIENT),
    address: &[POOL_ID, "ClientId"],
    branch: Some("clients"),
    // Only the call that makes a client takes them.
    fixed: &["GenerateSecret", "ClientSecret"],
    observe,
    repairs: &[
        // The service adds the role to a project that is named by its ARN, and refuses both.
        Repair {
            drops: "AnalyticsConfiguration.RoleArn",
            beside: "AnalyticsConfiguration.ApplicationArn",
            is: true,
        },
        // A unit whose number a read lacks is refused as a wrong range.
        Repair { drops: "TokenValidityUnits.AccessToken", beside: "AccessTokenValidity", is: false },
        Repair { drops: "TokenValidityUnits.IdToken", beside: "IdTokenValidity", is: false },
        Repair { drops: "TokenValidityUnits.RefreshToken", beside: "RefreshTokenValidity", is: false },
    ],
    // Without rotation the grace period is 0. [R]
    replaced: &[Replaced {
        drops: "RefreshTokenRotation.RetryGracePeriodSeconds",
        by: "RefreshTokenRotation.Feature",
    }],
    guards_unknown: true,
    outputs: &["ClientId", "ClientSecretArn"],
    owned: &[
        ("ClientName", "AWSElasticsearch-", "Amazon OpenSearch Service"),
        ("ClientName", "AmazonOpenSearchService-", "Amazon OpenSearch Service"),
        ("ClientType", "DCR", "an application that registered itself"),
    ],
    rows: ROWS,
    ..Resource::IN_POOL
};

/// Replaces the secret of a client by the settings that it shows: whether there is one, and where Cognito keeps it.
/// poolctl compares, prints and saves no secret. A client that is saved without its secret has the notes already.
fn observe(client: &mut Object) {
    let secret = client.shift_remove("ClientSecret").is_some_and(|secret| !secret.is_null());
    let has_secret = secret || client.get("GenerateSecret") == Some(&Json::Bool(true));
    let is_published = client.get("ClientSecretArn").is_some_and(|arn| !arn.is_null());
    client.insert("GenerateSecret".to_owned(), Json::Bool(has_secret || is_published));
    if has_secret || is_published {
        client.insert("PublishSecretsInAWSSecretsManager".to_owned(), Json::Bool(is_published));
    }
}

/// The settings, one row each.
static ROWS: &[Row] = &[
    Row::of_document(
        "An application. The label is its name for poolctl, and its `ClientName` unless that is declared. Applications that registered themselves are never changed: `poolctl ids --wide` reports their number.",
        "the app client exists; its settings stay as they are",
    ),
    Row::new("ClientName", "The name that people see. It need not be unique.", Impossible("an app client has a name"), Model),
    Row::new(
        "GenerateSecret",
        "Whether the client has a secret. This is decided when the client is made. Further secrets are not managed: `poolctl ids --wide` reports the number and age of all secrets.",
        Send("false"),
        Docs,
    )
    .default("false"),
    Row::new(
        "ClientSecret",
        "A secret of your own for a new client, of 24 to 64 characters. It is sent when the client is made, and never compared.",
        Omit,
        Docs,
    )
    .credential()
    .hidden(),
    Row::new(
        "PublishSecretsInAWSSecretsManager",
        "Whether the secret is kept in AWS Secrets Manager, and rotated there every 7 days.",
        Send("false"),
        Docs,
    )
    .default("false")
    .only_changed(),
    Row::new("RefreshTokenValidity", "How long a refresh token is valid, in the unit of `TokenValidityUnits`: days unless that says otherwise.", Send("30"), Live)
        .default("30")
        .reads_as("0", "30"),
    Row::new("AccessTokenValidity", "How long an access token is valid, in the unit of `TokenValidityUnits`: hours unless that says otherwise. 1 hour if it is not set.", Omit, Docs),
    Row::new("IdTokenValidity", "How long an ID token is valid, in the unit of `TokenValidityUnits`: hours unless that says otherwise. 1 hour if it is not set.", Omit, Docs),
    Row::new("TokenValidityUnits", "The units of the three validities.", Omit, Docs),
    Row::new("TokenValidityUnits.AccessToken", "The unit of `AccessTokenValidity`. It is sent only together with that.", Omit, Report),
    Row::new("TokenValidityUnits.IdToken", "The unit of `IdTokenValidity`. It is sent only together with that.", Omit, Report),
    Row::new("TokenValidityUnits.RefreshToken", "The unit of `RefreshTokenValidity`.", Omit, Report),
    Row::new("ReadAttributes", "The attributes that the application can read. An empty list means all standard attributes, not none.", Send("[]"), Docs).compare(Set).means_if_empty("all standard attributes"),
    Row::new("WriteAttributes", "The attributes that the application can write. An empty list means all standard attributes, not none.", Send("[]"), Docs).compare(Set).means_if_empty("all standard attributes"),
    Row::new("ExplicitAuthFlows", "The ways in which the application may sign users in. An empty list means refresh tokens, SRP and custom authentication, not none.", Send("[]"), Docs).compare(Set).means_if_empty("refresh tokens, SRP and custom authentication")
        .if_empty(&["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"]),
    Row::new("SupportedIdentityProviders", "The providers that the application offers: `COGNITO` for the pool itself, and names of the pool's identity providers.", Send("[]"), Report).compare(Set),
    Row::new("CallbackURLs", "Where Cognito may send users back after a sign-in.", Send("[]"), Report).compare(Set),
    Row::new("LogoutURLs", "Where Cognito may send users after a sign-out.", Send("[]"), Report).compare(Set),
    Row::new("DefaultRedirectURI", "The callback URL of a sign-in that names none. It is one of `CallbackURLs`.", Omit, Report),
    Row::new("AllowedOAuthFlows", "The OAuth 2.0 grants that the application may use.", Send("[]"), Report).compare(Set),
    Row::new("AllowedOAuthScopes", "The scopes that the application may ask for: standard ones, and `<Identifier>/<ScopeName>` of resource servers.", Send("[]"), Report).compare(Set),
    Row::new("AllowedOAuthFlowsUserPoolClient", "Whether the application may use OAuth 2.0 at all. It needs flows and scopes.", Send("false"), Docs)
        .default("false"),
    Row::new("AnalyticsConfiguration", "The Amazon Pinpoint project that gets events of the application.", Omit, Docs),
    Row::new("AnalyticsConfiguration.ApplicationId", "The project's id; it needs the role and the external id.", Omit, Model),
    Row::new("AnalyticsConfiguration.ApplicationArn", "The project's ARN, instead of its id.", Omit, Model),
    Row::new("AnalyticsConfiguration.RoleArn", "The role with which Cognito sends events to the project.", Omit, Docs).fill(Fill::Any),
    Row::new("AnalyticsConfiguration.ExternalId", "The external id of that role.", Omit, Model).sensitive(),
    Row::new("AnalyticsConfiguration.UserDataShared", "Whether the project gets data of users.", Omit, Model),
    Row::new("PreventUserExistenceErrors", "Whether errors hide that a user does not exist. `LEGACY` shows it.", Send("\"LEGACY\""), Docs)
        .default("\"LEGACY\""),
    Row::new("EnableTokenRevocation", "Whether refresh tokens can be revoked. New clients have it on.", Send("true"), Docs).fresh("true"),
    Row::new("EnablePropagateAdditionalUserContextData", "Whether the application may send the IP address of its user. It needs a secret.", Send("false"), Docs)
        .default("false"),
    Row::new("AuthSessionValidity", "How long a user may take between the steps of a sign-in, in minutes.", Send("3"), Docs).default("3"),
    Row::new("RefreshTokenRotation", "Whether each use of a refresh token gives a new one.", Send(NO_ROTATION), Report)
        .default(NO_ROTATION),
    Row::new("RefreshTokenRotation.Feature", "Whether rotation is on.", REQUIRED, Docs),
    Row::new("RefreshTokenRotation.RetryGracePeriodSeconds", "How long the old token can be used once more, in seconds.", Omit, Docs)
        .fill(Fill::OneOf(&["0"])),
];

/// What a client that never had rotation means, and what one reads back that had it once.
const NO_ROTATION: &str = r#"{"Feature":"DISABLED","RetryGracePeriodSeconds":0}"#;
