//! What is refused of app clients, and in which words.

use serde_json::json;

use super::{POOL, Stage};
use crate::document::Json;

/// A pool with all standard attributes and one of its own, and its id.
async fn pool(stage: &Stage, tier: &str) -> String {
    let sent = json!({"PoolName": "second", "UserPoolTier": tier, "Schema": [{"Name": "tenant"}]});
    stage.done("CreateUserPool", sent).await["UserPool"]["Id"].as_str().unwrap().to_owned()
}

/// The members of a new client of a pool.
fn client(pool: &str, mut members: Json) -> Json {
    members["UserPoolId"] = json!(pool);
    members["ClientName"] = json!("web");
    members
}

#[tokio::test]
async fn what_a_client_must_not_have_is_refused_in_the_services_words() {
    let stage = Stage::plain().await;
    let id = pool(&stage, "ESSENTIALS").await;
    let invalid = "InvalidParameterException";
    let flow = "InvalidOAuthFlowException";
    let machine = json!({"AllowedOAuthFlows": ["client_credentials"], "GenerateSecret": true});
    let with = |base: &Json, member: &str, value: Json| {
        let mut sent = base.clone();
        sent[member] = value;
        sent
    };
    let incomplete = "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.";
    let analytics = "Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> \
         are valid";
    let read = "Invalid read attributes specified while creating a client";
    let write = "Invalid write attributes specified while creating a client";
    for (sent, exception, message) in [
        (
            json!({"GenerateSecret": true, "ClientSecret": "abcdefghijklmnopqrstuvwxyz"}),
            invalid,
            "ClientSecret cannot be specified when GenerateSecret is true.",
        ),
        (
            json!({"PublishSecretsInAWSSecretsManager": true, "ClientSecret": "abcdefghijklmnopqrstuvwxyz"}),
            invalid,
            "PublishSecretsInAWSSecretsManager requires a client secret that Cognito generated.",
        ),
        (
            json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH", "USER_PASSWORD_AUTH"]}),
            invalid,
            "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.",
        ),
        (
            json!({
                "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"], "RefreshTokenRotation": {"Feature": "ENABLED"}
            }),
            invalid,
            "ALLOW_REFRESH_TOKEN_AUTH cannot be used when refresh token rotation is enabled.",
        ),
        (
            json!({"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthScopes": ["openid"]}),
            invalid,
            incomplete,
        ),
        (
            json!({
                "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"], "CallbackURLs": ["a:/"]
            }),
            invalid,
            incomplete,
        ),
        (
            with(&machine, "AllowedOAuthFlows", json!(["client_credentials", "code"])),
            flow,
            "client_credentials flow can not be selected along with code flow or implicit flow.",
        ),
        (
            with(&machine, "GenerateSecret", json!(false)),
            flow,
            "client_credentials flow can not be selected if client does not have a client secret.",
        ),
        (
            with(&machine, "AllowedOAuthScopes", json!(["openid"])),
            flow,
            "openid is not supported with client_credentials flow",
        ),
        (
            json!({"AllowedOAuthFlows": ["implicit"]}),
            invalid,
            "CallbackUrls can not be empty when code flow or implicit flow is selected",
        ),
        (
            json!({"CallbackURLs": ["http://localhost.example.com"]}),
            invalid,
            "http://localhost.example.com cannot use the HTTP protocol.",
        ),
        (
            json!({"LogoutURLs": ["http://example.com"]}),
            invalid,
            "http://example.com cannot use the HTTP protocol.",
        ),
        (json!({"CallbackURLs": ["app:/a#b"]}), invalid, "app:/a#b cannot use fragment"),
        (
            json!({"CallbackURLs": ["app:/a"], "DefaultRedirectURI": "app:/b"}),
            invalid,
            "The default redirect URI app:/b is not in the callback URIs list.",
        ),
        (
            json!({"AllowedOAuthScopes": ["phone", "orders/read"]}),
            "ScopeDoesNotExistException",
            "Invalid scope requested: orders/read",
        ),
        (json!({"AnalyticsConfiguration": {"ApplicationId": "0a"}}), invalid, analytics),
        (json!({"AnalyticsConfiguration": {"UserDataShared": true}}), invalid, analytics),
        (json!({"ReadAttributes": ["email", "custom:none"]}), invalid, read),
        (json!({"WriteAttributes": ["tenant"]}), invalid, write),
        (json!({"WriteAttributes": ["email_verified"]}), invalid, write),
        (
            json!({"EnablePropagateAdditionalUserContextData": true}),
            invalid,
            "Client Secret is required to set EnablePropagateAdditionalUserContextData as true",
        ),
    ] {
        let refused = stage.refused("CreateUserPoolClient", client(&id, sent)).await;
        assert_eq!(refused, (exception.to_owned(), message.to_owned()));
    }
    let refused = stage
        .refused(
            "CreateUserPoolClient",
            client(&id, json!({"SupportedIdentityProviders": ["COGNITO", "partner"]})),
        )
        .await;
    assert_eq!(refused.1, format!("The provider partner does not exist for User Pool {id}."));
    let list = stage.done("ListUserPoolClients", json!({"UserPoolId": id})).await;
    assert_eq!(list, json!({"UserPoolClients": []}), "nothing was made");
}

#[tokio::test]
async fn tokens_are_valid_as_long_as_their_unit_allows() {
    let stage = Stage::plain().await;
    let range = "Invalid range for token validity.";
    let order =
        "Access and Id Token expiration times must be less than or equal to refresh token expiration times.";
    for (sent, message) in [
        (json!({"AccessTokenValidity": 25}), Some(range)),
        (json!({"AccessTokenValidity": 24}), None),
        (json!({"IdTokenValidity": 4, "TokenValidityUnits": {"IdToken": "minutes"}}), Some(range)),
        (json!({"IdTokenValidity": 5, "TokenValidityUnits": {"IdToken": "minutes"}}), None),
        (json!({"IdTokenValidity": 86_400, "TokenValidityUnits": {"IdToken": "seconds"}}), None),
        (json!({"RefreshTokenValidity": 59, "TokenValidityUnits": {"RefreshToken": "minutes"}}), Some(range)),
        (json!({"RefreshTokenValidity": 3_651}), Some(range)),
        (json!({"RefreshTokenValidity": 3_650}), None),
        (json!({"TokenValidityUnits": {"AccessToken": "minutes"}}), Some(range)),
        (json!({"TokenValidityUnits": {"RefreshToken": "minutes"}}), Some(range)),
        (json!({"AccessTokenValidity": 60}), Some(range)),
        (
            json!({
                "RefreshTokenValidity": 1, "AccessTokenValidity": 2, "TokenValidityUnits": {"RefreshToken": "hours"}
            }),
            Some(order),
        ),
        (
            json!({
                "RefreshTokenValidity": 2, "AccessTokenValidity": 2, "TokenValidityUnits": {"RefreshToken": "hours"}
            }),
            None,
        ),
    ] {
        let told = sent.to_string();
        let answer = stage.call("CreateUserPoolClient", client(POOL, sent)).await.unwrap().json();
        assert_eq!(answer.get("message").and_then(Json::as_str), message, "{told}");
    }
}

#[tokio::test]
async fn what_looks_odd_and_is_fine_is_taken() {
    let stage = Stage::plain().await;
    let id = pool(&stage, "ESSENTIALS").await;
    for sent in [
        json!({"CallbackURLs": ["http://localhost", "http://127.0.0.1:80/a", "http://[::1]/", "app://a"]}),
        json!({"LogoutURLs": ["https://example.com/#out"]}),
        json!({"ReadAttributes": ["custom:tenant", "email_verified", "sub"], "WriteAttributes": ["custom:tenant"]}),
        json!({"AllowedOAuthScopes": ["phone", "email", "openid", "profile", "aws.cognito.signin.user.admin"]}),
        json!({"ExplicitAuthFlows": ["ADMIN_NO_SRP_AUTH", "USER_PASSWORD_AUTH"]}),
        json!({"SupportedIdentityProviders": ["COGNITO"]}),
    ] {
        stage.done("CreateUserPoolClient", client(&id, sent)).await;
    }
    // The saved pool lists no attributes: they are not judged.
    stage.done("CreateUserPoolClient", client(POOL, json!({"ReadAttributes": ["custom:none"]}))).await;
}

#[tokio::test]
async fn a_lite_pool_lacks_what_its_clients_need_for_choice_exchange_and_rotation() {
    let stage = Stage::plain().await;
    let lite = pool(&stage, "LITE").await;
    for (sent, name) in [
        (json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH"]}), "Choice-Based Authentication"),
        (json!({"ExplicitAuthFlows": ["ALLOW_TOKEN_EXCHANGE_DELEGATION"]}), "Token Exchange"),
        (json!({"RefreshTokenRotation": {"Feature": "ENABLED"}}), "Refresh Token Rotation"),
    ] {
        let (exception, message) = stage.refused("CreateUserPoolClient", client(&lite, sent.clone())).await;
        assert_eq!(exception, "FeatureUnavailableInTierException");
        assert_eq!(
            message,
            format!("The following feature is not available for the LITE pricing tier configured: {name}")
        );
        stage.done("CreateUserPoolClient", client(POOL, sent)).await;
    }
    stage
        .done("CreateUserPoolClient", client(&lite, json!({"RefreshTokenRotation": {"Feature": "DISABLED"}})))
        .await;
}

#[tokio::test]
async fn an_update_is_refused_for_what_it_would_leave() {
    let stage = Stage::plain().await;
    let made = stage.done("CreateUserPoolClient", client(POOL, json!({}))).await["UserPoolClient"].clone();
    let about = |mut members: Json| {
        members["UserPoolId"] = json!(POOL);
        members["ClientId"] = made["ClientId"].clone();
        members
    };
    for (sent, message) in [
        (
            json!({"PublishSecretsInAWSSecretsManager": true}),
            "PublishSecretsInAWSSecretsManager requires a client secret that Cognito generated.",
        ),
        (
            json!({"AllowedOAuthFlowsUserPoolClient": true}),
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
        ),
        (
            json!({"AuthSessionValidity": 2}),
            "1 validation error detected: Value '2' at 'authSessionValidity' failed to satisfy constraint: Member \
             must have value greater than or equal to 3",
        ),
    ] {
        let refused = stage.refused("UpdateUserPoolClient", about(sent)).await;
        assert_eq!(refused, ("InvalidParameterException".to_owned(), message.to_owned()));
    }
    let unknown = json!({"UserPoolId": POOL, "ClientId": "none"});
    let refused = stage.refused("UpdateUserPoolClient", unknown).await;
    assert_eq!(
        refused,
        ("ResourceNotFoundException".to_owned(), "User pool client none does not exist.".to_owned())
    );
}
