//! What becomes of app clients, call by call.

use std::fs;

use serde_json::json;

use super::{POOL, Stage};
use crate::document::Json;
use crate::sandbox::{Omission, SandboxOptions, start};

/// A pool with a resource server and an identity provider that clients may name, and the client `web`.
struct Shop {
    stage: Stage,
    id: String,
}

impl Shop {
    async fn with(change: impl FnOnce(&mut SandboxOptions)) -> Self {
        let stage = Stage::with(change).await;
        let scopes = json!([{"ScopeName": "read", "ScopeDescription": "Read orders"}]);
        let server =
            json!({"UserPoolId": POOL, "Identifier": "https://orders", "Name": "orders", "Scopes": scopes});
        stage.done("CreateResourceServer", server).await;
        let provider = json!({
            "UserPoolId": POOL, "ProviderName": "partner", "ProviderType": "SAML",
            "ProviderDetails": {"MetadataURL": "https://partner.example.com"}
        });
        stage.done("CreateIdentityProvider", provider).await;
        let mut shop = Self { stage, id: String::new() };
        shop.id = shop.created(rich()).await["ClientId"].as_str().unwrap().to_owned();
        shop
    }

    async fn open() -> Self {
        Self::with(|_| {}).await
    }

    async fn created(&self, mut members: Json) -> Json {
        members["UserPoolId"] = json!(POOL);
        self.stage.done("CreateUserPoolClient", members).await["UserPoolClient"].clone()
    }

    fn about(&self, mut members: Json) -> Json {
        members["UserPoolId"] = json!(POOL);
        members["ClientId"] = json!(self.id);
        members
    }

    async fn updated(&self, members: Json) -> Json {
        self.stage.done("UpdateUserPoolClient", self.about(members)).await["UserPoolClient"].clone()
    }

    async fn client(&self) -> Json {
        self.stage.done("DescribeUserPoolClient", self.about(json!({}))).await["UserPoolClient"].clone()
    }
}

/// A client with something in every member of the update.
fn rich() -> Json {
    json!({
        "ClientName": "web",
        "GenerateSecret": true,
        "RefreshTokenValidity": 12,
        "AccessTokenValidity": 20,
        "IdTokenValidity": 30,
        "TokenValidityUnits": {"RefreshToken": "hours", "AccessToken": "minutes", "IdToken": "minutes"},
        "ReadAttributes": ["email", "address"],
        "WriteAttributes": ["name", "email"],
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH"],
        "SupportedIdentityProviders": ["partner", "COGNITO"],
        "CallbackURLs": ["https://shop.example.com/b", "https://shop.example.com/a"],
        "LogoutURLs": ["https://shop.example.com/out", "http://localhost:3000/out"],
        "DefaultRedirectURI": "https://shop.example.com/a",
        "AllowedOAuthFlows": ["implicit", "code"],
        "AllowedOAuthScopes": ["openid", "https://orders/read", "email"],
        "AllowedOAuthFlowsUserPoolClient": true,
        "AnalyticsConfiguration": {
            "ApplicationId": "0a1b", "RoleArn": "arn:aws:iam::111122223333:role/pinpoint", "ExternalId": "x"
        },
        "PreventUserExistenceErrors": "ENABLED",
        "EnableTokenRevocation": false,
        "EnablePropagateAdditionalUserContextData": true,
        "AuthSessionValidity": 5,
        "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10},
        "Newer": {"z": 1, "a": [1.10]}
    })
}

/// A read of a client as a request of the update, as a caller who loses nothing sends it.
fn complete(client: &Json) -> Json {
    let mut request = client.clone();
    let members = request.as_object_mut().unwrap();
    for read_only in ["ClientSecret", "ClientSecretArn", "ClientType", "CreationDate", "LastModifiedDate"] {
        members.shift_remove(read_only);
    }
    request
}

#[tokio::test]
async fn a_bare_client_reads_back_what_amazon_fills_in() {
    let shop = Shop::open().await;
    let mut client = shop.created(json!({"ClientName": "bare"})).await;
    let members = client.as_object_mut().unwrap();
    let id = members.shift_remove("ClientId").unwrap();
    assert_eq!(id.as_str().unwrap().len(), 26);
    let dates = ["CreationDate", "LastModifiedDate"].map(|date| members.shift_remove(date).unwrap());
    assert!(dates.iter().all(Json::is_number));
    assert_eq!(
        client,
        json!({
            "UserPoolId": POOL, "ClientName": "bare", "RefreshTokenValidity": 30, "TokenValidityUnits": {},
            "AllowedOAuthFlowsUserPoolClient": false, "EnableTokenRevocation": true,
            "EnablePropagateAdditionalUserContextData": false, "AuthSessionValidity": 3, "ClientType": "REGULAR"
        })
    );
}

#[tokio::test]
async fn a_complete_update_changes_nothing_but_the_date() {
    let shop = Shop::open().await;
    let before = shop.client().await;
    assert_eq!(before["CallbackURLs"], json!(["https://shop.example.com/a", "https://shop.example.com/b"]));
    for (list, first) in [
        ("ReadAttributes", "address"),
        ("ExplicitAuthFlows", "ALLOW_USER_AUTH"),
        ("SupportedIdentityProviders", "COGNITO"),
        ("LogoutURLs", "http://localhost:3000/out"),
        ("AllowedOAuthFlows", "code"),
        ("AllowedOAuthScopes", "email"),
    ] {
        assert_eq!(before[list][0], first, "a set is sorted on read");
    }
    let mut after = shop.updated(complete(&before)).await;
    assert_ne!(after["LastModifiedDate"], before["LastModifiedDate"]);
    after["LastModifiedDate"] = before["LastModifiedDate"].clone();
    assert_eq!(after, before);
    assert!(before.get("GenerateSecret").is_none() && before["ClientSecret"].is_string());
    assert_eq!(before["Newer"].to_string(), r#"{"z":1,"a":[1.1]}"#);
}

#[tokio::test]
async fn an_update_that_names_nothing_resets_what_each_mode_resets() {
    for (mode, refresh, revocation, session) in [
        (Omission::Documented, json!(30), json!(true), json!(3)),
        (Omission::Measured, json!(12), json!(false), json!(5)),
    ] {
        let shop = Shop::with(|options| options.omission = mode).await;
        let before = shop.client().await;
        let after = shop.updated(json!({})).await;
        let gone = Json::Null;
        for (member, value) in [
            ("ClientName", before["ClientName"].clone()),
            ("ClientSecret", before["ClientSecret"].clone()),
            ("RefreshTokenValidity", refresh),
            ("AccessTokenValidity", gone.clone()),
            ("IdTokenValidity", gone.clone()),
            ("TokenValidityUnits", json!({})),
            ("ReadAttributes", gone.clone()),
            ("WriteAttributes", gone.clone()),
            ("ExplicitAuthFlows", gone.clone()),
            ("SupportedIdentityProviders", gone.clone()),
            ("CallbackURLs", gone.clone()),
            ("LogoutURLs", gone.clone()),
            ("DefaultRedirectURI", gone.clone()),
            ("AllowedOAuthFlows", gone.clone()),
            ("AllowedOAuthScopes", gone.clone()),
            ("AllowedOAuthFlowsUserPoolClient", json!(false)),
            ("AnalyticsConfiguration", gone.clone()),
            ("PreventUserExistenceErrors", json!("LEGACY")),
            ("EnableTokenRevocation", revocation),
            ("EnablePropagateAdditionalUserContextData", json!(false)),
            ("AuthSessionValidity", session),
            ("RefreshTokenRotation", json!({"Feature": "DISABLED", "RetryGracePeriodSeconds": 0})),
            ("Newer", gone),
        ] {
            assert_eq!(after.get(member).cloned().unwrap_or_default(), value, "{member}, {mode:?}");
        }
    }
}

#[tokio::test]
async fn some_values_come_back_as_others() {
    let shop = Shop::open().await;
    let units = json!({"RefreshToken": "minutes", "IdToken": "minutes"});
    let sent = json!({
        "ClientName": "b", "RefreshTokenValidity": 0, "IdTokenValidity": 5, "TokenValidityUnits": units,
        "CallbackURLs": [], "RefreshTokenRotation": {"Feature": "DISABLED", "RetryGracePeriodSeconds": 9}
    });
    let client = shop.created(sent).await;
    assert_eq!(client["RefreshTokenValidity"], json!(30));
    assert_eq!(client["TokenValidityUnits"], json!({"IdToken": "minutes"}));
    assert_eq!(client["RefreshTokenRotation"]["RetryGracePeriodSeconds"], json!(0));
    assert!(client.get("CallbackURLs").is_none());

    let arn = "arn:aws:mobiletargeting:eu-west-1:111122223333:apps/0a1b";
    let client = shop.updated(json!({"AnalyticsConfiguration": {"ApplicationArn": arn}})).await;
    assert!(client["AnalyticsConfiguration"]["RoleArn"].is_string(), "filled in");
    let refused = shop.stage.refused("UpdateUserPoolClient", complete(&client)).await;
    assert!(refused.1.starts_with("Invalid analytics configuration given"), "{}", refused.1);
    assert_eq!(client["RefreshTokenRotation"]["Feature"], json!("DISABLED"), "it stays once it was set");
}

#[tokio::test]
async fn a_secret_is_given_made_or_kept_in_secrets_manager() {
    let shop = Shop::open().await;
    let given = "abcdefghijklmnopqrstuvwxyz";
    let client = shop.created(json!({"ClientName": "given", "ClientSecret": given})).await;
    assert_eq!(client["ClientSecret"], json!(given));

    let publish = |publish: bool| json!({"PublishSecretsInAWSSecretsManager": publish});
    let first = shop.client().await["ClientSecret"].clone();
    assert!((24..=64).contains(&first.as_str().unwrap().len()));
    let echo = json!({"ClientSecret": "another-one-that-is-ignored", "GenerateSecret": false});
    let client = shop.updated(echo).await;
    assert_eq!((&client["ClientSecret"], client.get("GenerateSecret")), (&first, None));
    let moved = shop.updated(publish(true)).await;
    assert!(moved.get("ClientSecret").is_none() && moved.get("PublishSecretsInAWSSecretsManager").is_none());
    assert!(moved["ClientSecretArn"].as_str().unwrap().starts_with("arn:aws:secretsmanager:eu-west-1:"));
    assert_eq!(shop.updated(json!({})).await["ClientSecretArn"], moved["ClientSecretArn"], "it stays there");
    let back = shop.updated(publish(false)).await;
    assert!(back.get("ClientSecretArn").is_none() && back["ClientSecret"] != first);

    let mut made = publish(true);
    made["ClientName"] = json!("kept");
    made["GenerateSecret"] = json!(true);
    let client = shop.created(made).await;
    assert!(client["ClientSecretArn"].is_string() && client.get("ClientSecret").is_none());
}

#[tokio::test]
async fn clients_are_listed_by_name_alone_and_in_pages() {
    let shop = Shop::open().await;
    for _ in 0..2 {
        shop.created(json!({"ClientName": "twin"})).await;
    }
    let list = |mut members: Json| {
        members["UserPoolId"] = json!(POOL);
        shop.stage.done("ListUserPoolClients", members)
    };
    let first = list(json!({"MaxResults": 2})).await;
    let rest = list(json!({"MaxResults": 2, "NextToken": first["NextToken"]})).await;
    let mut names = Vec::new();
    for client in [&first, &rest].into_iter().flat_map(|page| page["UserPoolClients"].as_array().unwrap()) {
        let members: Vec<&String> = client.as_object().unwrap().keys().collect();
        assert_eq!(members, ["ClientId", "UserPoolId", "ClientName"]);
        names.push(client["ClientName"].as_str().unwrap());
    }
    names.sort_unstable();
    assert_eq!((names, rest.get("NextToken")), (vec!["twin", "twin", "web"], None));
    let registered = list(json!({"MaxResults": 2, "ClientType": "DCR"})).await;
    assert_eq!(registered["UserPoolClients"], json!([]));
    assert!(registered["NextToken"].is_string(), "the page is empty and another one follows");
    let regular = list(json!({"ClientType": "REGULAR"})).await;
    assert_eq!(regular["UserPoolClients"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn a_client_of_a_seed_is_read_as_it_is_and_deleted() {
    let seed = tempfile::tempdir().unwrap();
    let client = json!({
        "ClientId": "abc", "ClientName": "old", "ExplicitAuthFlows": ["ALLOW_PIGEON", "ALLOW_OWL"], "ClientType": "DCR",
        "New": 1
    });
    let pool = json!({"UserPool": {"Id": POOL}, "UserPoolClients": [client], "IdentityProviders": []});
    fs::write(seed.path().join("pool.json"), pool.to_string()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut options = SandboxOptions::new(dir.path());
    options.seed = Some(seed.path().to_owned());
    let stage = Stage { sandbox: start(options).await.unwrap(), dir };
    let shop = Shop { stage, id: "abc".to_owned() };
    let mut client = json!({
        "ClientId": "abc", "ClientName": "old", "ExplicitAuthFlows": ["ALLOW_OWL", "ALLOW_PIGEON"], "ClientType": "DCR",
        "New": 1, "UserPoolId": POOL, "RefreshTokenValidity": 30
    });
    assert_eq!(shop.client().await, client);
    let after = shop.updated(complete(&client)).await;
    client["LastModifiedDate"] = after["LastModifiedDate"].clone();
    assert_eq!(after, client, "words that the client shows are known, though the model has them not");
    let deleted = shop.stage.call("DeleteUserPoolClient", shop.about(json!({}))).await.unwrap();
    assert_eq!((deleted.status, deleted.text.as_str()), (200, ""));
    let gone = shop.stage.refused("DescribeUserPoolClient", shop.about(json!({}))).await;
    assert_eq!(
        gone,
        ("ResourceNotFoundException".to_owned(), "User pool client abc does not exist.".to_owned())
    );
}

#[tokio::test]
async fn a_dangling_scope_or_provider_refuses_every_update_of_its_client() {
    let shop = Shop::open().await;
    let server = json!({"UserPoolId": POOL, "Identifier": "https://orders"});
    shop.stage.call("DeleteResourceServer", server).await.unwrap();
    let mut request = complete(&shop.client().await);
    let refused = shop.stage.refused("UpdateUserPoolClient", request.clone()).await;
    assert_eq!(
        refused,
        ("ScopeDoesNotExistException".to_owned(), "Invalid scope requested: https://orders/read".to_owned())
    );
    let provider = json!({"UserPoolId": POOL, "ProviderName": "partner"});
    shop.stage.call("DeleteIdentityProvider", provider).await.unwrap();
    request["AllowedOAuthScopes"] = json!(["openid"]);
    let refused = shop.stage.refused("UpdateUserPoolClient", request.clone()).await;
    assert_eq!(refused.1, format!("The provider partner does not exist for User Pool {POOL}."));
    request["SupportedIdentityProviders"] = json!(["COGNITO"]);
    shop.updated(request).await;
}

#[tokio::test]
async fn a_client_goes_wrong_like_the_rest() {
    let shop = Shop::with(|options| {
        let faults = [
            "UpdateUserPoolClient:error=ConcurrentModificationException*1",
            "UpdateUserPoolClient@2:cut-after*1",
            "DeleteUserPoolClient:error=ConcurrentModificationException*1",
            "CreateUserPoolClient@2:cut-after*1",
        ];
        options.faults = faults.map(|fault| fault.parse().unwrap()).into();
    })
    .await;
    let renamed = || shop.about(json!({"ClientName": "renamed"}));
    let refused = shop.stage.refused("UpdateUserPoolClient", renamed()).await;
    assert_eq!(refused.0, "ConcurrentModificationException");
    assert!(shop.stage.call("UpdateUserPoolClient", renamed()).await.is_none());
    assert_eq!(shop.client().await["ClientName"], json!("renamed"), "only the answer was lost");
    let refused = shop.stage.refused("DeleteUserPoolClient", shop.about(json!({}))).await;
    assert_eq!(refused.0, "ConcurrentModificationException");
    let lost = json!({"UserPoolId": POOL, "ClientName": "lost"});
    assert!(shop.stage.call("CreateUserPoolClient", lost).await.is_none());
    let list = shop.stage.done("ListUserPoolClients", json!({"UserPoolId": POOL})).await;
    assert_eq!(list["UserPoolClients"].as_array().map(Vec::len), Some(2), "a second client with a secret");

    let moved =
        format!(r#"DescribeUserPoolClient:move=UserPoolClients["{}"].ClientName:"theirs"*1"#, shop.id);
    assert_eq!(shop.stage.control("POST", "faults", &moved).await.status, 200);
    assert_eq!(shop.client().await["ClientName"], json!("renamed"));
    assert_eq!(shop.client().await["ClientName"], json!("theirs"), "another writer came");
}
