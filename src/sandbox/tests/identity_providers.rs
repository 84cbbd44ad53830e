//! Identity providers: what an update keeps, what a read adds and hides, and what is refused.

use serde_json::json;

use super::{POOL, Stage};
use crate::document::Json;

fn named(name: &str, members: Json) -> Json {
    let mut body = json!({"UserPoolId": POOL, "ProviderName": name});
    body.as_object_mut().unwrap().extend(members.as_object().cloned().unwrap());
    body
}

fn apple() -> Json {
    json!({"client_id": "c", "team_id": "t", "key_id": "k", "private_key": "p", "authorize_scopes": "email"})
}

#[tokio::test]
async fn an_update_keeps_what_it_leaves_out_and_replaces_the_details_whole() {
    let stage = Stage::plain().await;
    let details = json!({"MetadataURL": "https://a.example.com", "IDPInit": "true"});
    let new =
        json!({"ProviderType": "SAML", "ProviderDetails": details, "IdpIdentifiers": ["a.example.com"]});
    stage.done("CreateIdentityProvider", named("Okta", new)).await;
    let update = json!({"AttributeMapping": {"email": "mail"}});
    let kept = stage.done("UpdateIdentityProvider", named("Okta", update)).await["IdentityProvider"].clone();
    assert_eq!(kept["ProviderDetails"]["IDPInit"], "true");
    assert_eq!(kept["ProviderDetails"]["SSORedirectBindingURI"], "https://idp.example.com/sso");
    let update = json!({"ProviderDetails": {"MetadataFile": "<x/>"}});
    let whole = stage.done("UpdateIdentityProvider", named("Okta", update)).await["IdentityProvider"].clone();
    assert_eq!(whole["ProviderDetails"].as_object().map(serde_json::Map::len), Some(4), "{whole}");
    assert_eq!(whole["AttributeMapping"], json!({"email": "mail"}));
    let empty = named("Okta", json!({"AttributeMapping": {}}));
    let empty = stage.done("UpdateIdentityProvider", empty).await["IdentityProvider"].clone();
    assert_eq!(empty["AttributeMapping"], json!({}));
    let found = json!({"UserPoolId": POOL, "IdpIdentifier": "a.example.com"});
    let found = stage.done("GetIdentityProviderByIdentifier", found).await;
    assert_eq!(found["IdentityProvider"]["ProviderName"], "Okta");
}

#[tokio::test]
async fn apples_key_is_in_no_read_and_needed_for_the_details_alone() {
    let stage = Stage::plain().await;
    let new = json!({"ProviderType": "SignInWithApple", "ProviderDetails": apple()});
    let made = stage.done("CreateIdentityProvider", named("SignInWithApple", new)).await;
    let details = made["IdentityProvider"]["ProviderDetails"].clone();
    assert_eq!(
        (&details["private_key"], &details["oidc_issuer"]),
        (&Json::Null, &json!("https://appleid.apple.com"))
    );
    let mapping = json!({"AttributeMapping": {"username": "sub"}});
    stage.done("UpdateIdentityProvider", named("SignInWithApple", mapping)).await;
    let back = named("SignInWithApple", json!({ "ProviderDetails": details }));
    let refused = stage.refused("UpdateIdentityProvider", back).await;
    assert_eq!(refused.1, "clientId, privateKey, teamId, and keyId are all required idp details.");
}

#[tokio::test]
async fn what_the_service_refuses_is_refused_in_its_words() {
    let stage = Stage::plain().await;
    let saml = |details: Json| named("Okta", json!({"ProviderType": "SAML", "ProviderDetails": details}));
    let both = json!({"MetadataURL": "https://a.example.com", "MetadataFile": "<x/>"});
    let details = json!({"client_id": "c", "authorize_scopes": "openid", "oidc_issuer": "http://a", "attributes_request_method": "GET"});
    let missing = named("Nobody", json!({"IdpIdentifiers": []}));
    for (operation, body, message) in [
        (
            "CreateIdentityProvider",
            saml(both),
            "Only one of the MetadataURL or MetadataFile should be provided.",
        ),
        (
            "CreateIdentityProvider",
            saml(json!({"IDPInit": "true"})),
            "At least one of the MetadataURL or MetadataFile should be provided.",
        ),
        (
            "CreateIdentityProvider",
            named("Acme", json!({"ProviderType": "OIDC", "ProviderDetails": details})),
            "OIDC endpoint must start with https://",
        ),
        (
            "CreateIdentityProvider",
            named("Google", json!({"ProviderType": "Google", "ProviderDetails": {"client_id": "c"}})),
            "clientId, clientSecret and authorizeScopes are all required idp details.",
        ),
        (
            "UpdateIdentityProvider",
            missing,
            "Identity provider Nobody in User Pool eu-west-1_abc does not exist.",
        ),
    ] {
        assert_eq!(stage.refused(operation, body).await.1, message, "{operation}");
    }
}
