//! Resource servers and identity providers, call by call.

use std::fs;

use serde_json::json;

use super::{POOL, Stage};
use crate::document::Json;
use crate::sandbox::{SandboxOptions, start};

/// A request about one resource server of the pool.
fn server(identifier: &str, mut members: Json) -> Json {
    members["UserPoolId"] = json!(POOL);
    members["Identifier"] = json!(identifier);
    members
}

fn scope(name: &str) -> Json {
    json!({"ScopeName": name, "ScopeDescription": format!("Allows to {name}")})
}

#[tokio::test]
async fn the_scopes_of_a_server_are_replaced_whole_and_come_back_by_name() {
    let stage = Stage::plain().await;
    let api = |members: Json| server("https://api.example.com", members);
    let sent = json!({"Name": "api", "Scopes": [scope("write"), scope("read")], "Newer": 1});
    let made = stage.done("CreateResourceServer", api(sent)).await["ResourceServer"].clone();
    assert_eq!(made, api(json!({"Name": "api", "Scopes": [scope("read"), scope("write")], "Newer": 1})));
    assert_eq!(stage.done("DescribeResourceServer", api(json!({}))).await["ResourceServer"], made);
    let list = stage.done("ListResourceServers", json!({"UserPoolId": POOL})).await;
    assert_eq!(list, json!({"ResourceServers": [made]}), "the list has it whole");

    let sent = json!({"Name": "orders", "Scopes": [scope("write")]});
    let changed = stage.done("UpdateResourceServer", api(sent)).await["ResourceServer"].clone();
    assert_eq!(changed, api(json!({"Name": "orders", "Scopes": [scope("write")]})));
    let emptied =
        stage.done("UpdateResourceServer", api(json!({"Name": "orders"}))).await["ResourceServer"].clone();
    assert_eq!(emptied["Scopes"], json!([]), "left out, they are gone");

    let deleted = stage.call("DeleteResourceServer", api(json!({}))).await.unwrap();
    assert_eq!((deleted.status, deleted.text.as_str()), (200, ""));
    let gone = stage.refused("DescribeResourceServer", api(json!({}))).await;
    assert_eq!(
        gone,
        (
            "ResourceNotFoundException".to_owned(),
            "Resource server https://api.example.com does not exist.".to_owned()
        )
    );
}

#[tokio::test]
async fn what_a_server_must_not_be_is_refused() {
    let stage = Stage::plain().await;
    stage.done("CreateResourceServer", server("api", json!({"Name": "api"}))).await;
    let many: Vec<Json> = (0..101).map(|number| scope(&number.to_string())).collect();
    for (operation, sent, message) in [
        (
            "CreateResourceServer",
            server("api", json!({"Name": "api"})),
            "api already exists in user pool eu-west-1_abc.".to_owned(),
        ),
        (
            "UpdateResourceServer",
            server("api", json!({})),
            "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null"
                .to_owned(),
        ),
    ] {
        let refused = stage.refused(operation, sent).await;
        assert_eq!(refused, ("InvalidParameterException".to_owned(), message));
    }
    for (sent, part) in [
        (server("api", json!({"Name": "api", "Scopes": many})), "length less than or equal to 100"),
        (
            server("api", json!({"Name": "api", "Scopes": [{"ScopeName": "a/b", "ScopeDescription": "x"}]})),
            "Value 'a/b' at 'scopes.1.member.scopeName' failed to satisfy constraint: Member must satisfy regular \
             expression pattern: [\\x21\\x23-\\x2E\\x30-\\x5B\\x5D-\\x7E]+",
        ),
    ] {
        let (_, message) = stage.refused("UpdateResourceServer", sent).await;
        assert!(message.contains(part), "{message}");
    }
    for number in 1..25 {
        stage.done("CreateResourceServer", server(&format!("api{number}"), json!({"Name": "api"}))).await;
    }
    let refused = stage.refused("CreateResourceServer", server("one-more", json!({"Name": "api"}))).await;
    assert_eq!(refused.0, "LimitExceededException");
    let page = stage.done("ListResourceServers", json!({"UserPoolId": POOL, "MaxResults": 20})).await;
    let next = json!({"UserPoolId": POOL, "NextToken": page["NextToken"]});
    let rest = stage.done("ListResourceServers", next).await;
    let count = |page: &Json| page["ResourceServers"].as_array().unwrap().len();
    assert_eq!((count(&page), count(&rest), rest.get("NextToken")), (20, 5, None));
}

#[tokio::test]
async fn a_server_of_cognitos_own_is_nobody_elses_to_change() {
    let seed = tempfile::tempdir().unwrap();
    let own = json!({"Identifier": "aws.cognito/dcr", "Name": "dcr", "ManagedBy": "COGNITO", "Scopes": [scope("register")]});
    let pool = json!({"UserPool": {"Id": POOL}, "ResourceServers": [own]});
    fs::write(seed.path().join("pool.json"), pool.to_string()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut options = SandboxOptions::new(dir.path());
    options.seed = Some(seed.path().to_owned());
    let stage = Stage { sandbox: start(options).await.unwrap(), dir };
    for (operation, members) in
        [("UpdateResourceServer", json!({"Name": "x"})), ("DeleteResourceServer", json!({}))]
    {
        let refused = stage.refused(operation, server("aws.cognito/dcr", members)).await;
        assert_eq!(refused.1, "Resource server aws.cognito/dcr is managed by Cognito and cannot be changed.");
    }
    let client =
        json!({"UserPoolId": POOL, "ClientName": "a", "AllowedOAuthScopes": ["aws.cognito/dcr/register"]});
    stage.done("CreateUserPoolClient", client).await;
}

#[tokio::test]
async fn identity_providers_are_made_listed_and_deleted() {
    let stage = Stage::plain().await;
    let details = |kind: &str| match kind {
        "SAML" => json!({"MetadataURL": "https://idp.example.com/metadata"}),
        _ => json!({
            "client_id": "x", "client_secret": "y", "authorize_scopes": "openid",
            "oidc_issuer": "https://id.example.com", "attributes_request_method": "GET",
        }),
    };
    let provider = |name: &str, kind: &str| json!({"UserPoolId": POOL, "ProviderName": name, "ProviderType": kind, "ProviderDetails": details(kind)});
    let named = |name: &str| json!({"UserPoolId": POOL, "ProviderName": name});
    stage.done("CreateIdentityProvider", provider("partner", "OIDC")).await;
    let saml = stage.done("CreateIdentityProvider", provider("saml", "SAML")).await;
    assert_eq!(saml["IdentityProvider"]["AttributeMapping"], json!({}));
    let read = stage.done("DescribeIdentityProvider", named("partner")).await["IdentityProvider"].clone();
    assert_eq!(
        (&read["AttributeMapping"], &read["IdpIdentifiers"], &read["ProviderDetails"]["client_id"]),
        (&json!({"username": "sub"}), &json!([]), &json!("x"))
    );
    let list = stage.done("ListIdentityProviders", json!({"UserPoolId": POOL})).await;
    let members: Vec<&String> = list["Providers"][0].as_object().unwrap().keys().collect();
    assert_eq!(members, ["ProviderName", "ProviderType", "LastModifiedDate", "CreationDate"]);
    assert_eq!(list["Providers"].as_array().map(Vec::len), Some(2), "Cognito's own is not in it");
    for (sent, exception, message) in [
        (
            provider("partner", "OIDC"),
            "DuplicateProviderException",
            "partner already exists for tenant eu-west-1_abc.",
        ),
        (
            provider("search", "Google"),
            "InvalidParameterException",
            "Provider search cannot be of type Google.",
        ),
    ] {
        let refused = stage.refused("CreateIdentityProvider", sent).await;
        assert_eq!(refused, (exception.to_owned(), message.to_owned()));
    }
    stage.call("DeleteIdentityProvider", named("partner")).await.unwrap();
    let refused = stage.refused("DescribeIdentityProvider", named("partner")).await;
    assert_eq!(refused.1, "Identity provider partner for tenantId eu-west-1_abc does not exist.");
}
