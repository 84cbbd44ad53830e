//! The planner's rules of app clients and the sandbox's know nothing of each other. For every document of a set, what
//! the sandbox refuses a rule has named, and what a rule names the sandbox refuses.

use std::collections::BTreeSet;

use poolctl::catalogue::{Resource, pattern_path};
use poolctl::document::{DocumentId, Json, Object, Snapshot};
use poolctl::rules::cross;
use serde_json::json;

use super::agreement::Stage;

fn object(value: &Json) -> Object {
    value.as_object().cloned().unwrap()
}

/// A pool with a resource server, a provider and a live client.
struct Town<'a> {
    stage: &'a Stage,
    id: String,
    /// What was last read of it, without clients.
    around: Snapshot,
}

impl<'a> Town<'a> {
    fn new(stage: &'a Stage, tier: &str) -> Self {
        let id = format!("eu-west-1_{tier}");
        let schema = ["sub", "email", "email_verified", "phone_number_verified", "name"];
        let schema: Vec<Json> = schema.iter().map(|name| json!({ "Name": name })).collect();
        let pool = json!({"UserPool": {
            "Id": id, "Name": "customers", "UserPoolTier": tier, "SchemaAttributes": schema,
            "Arn": format!("arn:aws:cognito-idp:eu-west-1:111122223333:userpool/{id}"),
        }, "MfaConfig": {}});
        std::fs::write(stage.file(&id), pool.to_string()).unwrap();
        let mut town = Self { stage, id, around: Snapshot::default() };
        town.call(
            "CreateResourceServer",
            json!({"Identifier": "https://api/v1", "Name": "api", "Scopes": [{"ScopeName": "read", "ScopeDescription": "r"}]}),
        )
        .unwrap();
        let details = json!({"client_id": "x", "client_secret": "y", "authorize_scopes": "openid"});
        town.call(
            "CreateIdentityProvider",
            json!({"ProviderName": "Google", "ProviderType": "Google", "ProviderDetails": details}),
        )
        .unwrap();
        town.look();
        town
    }

    fn call(&self, operation: &str, mut body: Json) -> Result<Json, String> {
        body["UserPoolId"] = json!(self.id);
        self.stage.call(operation, &body)
    }

    /// Reads the pool, and everything that clients name.
    fn look(&mut self) {
        let list = |live: Snapshot, list: DocumentId, items: &[Json], key: &str| {
            let label = |item: &Json| item[key].as_str().unwrap().to_owned();
            let labels: Object = items.iter().map(|item| (label(item), json!({}))).collect();
            let live = live.with(list.clone(), Some(labels.into()));
            items
                .iter()
                .fold(live, |live, item| live.with(list.labelled(&label(item)), Some(object(item).into())))
        };
        let all = |operation: &str, items: &str| {
            let body = json!({"MaxResults": 50});
            self.call(operation, body).unwrap()[items].as_array().unwrap().clone()
        };
        let live = self.stage.read(&self.id);
        let servers = all("ListResourceServers", "ResourceServers");
        let live = list(live, DocumentId::RESOURCE_SERVERS.looked_up(), &servers, "Identifier");
        let providers = all("ListIdentityProviders", "Providers");
        self.around = list(live, DocumentId::IDENTITY_PROVIDERS.looked_up(), &providers, "ProviderName");
    }

    /// The pool with these clients under their labels.
    fn read(&self, clients: &[(&str, &str)]) -> Snapshot {
        let labels: Object =
            clients.iter().map(|(label, id)| ((*label).to_owned(), json!({"ClientId": id}))).collect();
        let live = self.around.clone().with(DocumentId::CLIENTS, Some(labels.into()));
        let resource = self.stage.catalogue.resource(&poolctl::document::Path::members(["clients"]));
        clients.iter().fold(live, |live, (label, id)| {
            let client = self.call("DescribeUserPoolClient", json!({ "ClientId": id })).unwrap();
            let client = resource.observed(object(&client["UserPoolClient"]));
            live.with(DocumentId::CLIENTS.labelled(label), Some(client))
        })
    }

    /// What the rules name of a client that is made, or that changes a live one; and the sandbox's answer.
    fn meet(
        &self,
        members: &Json,
        live: Option<&str>,
    ) -> Option<(BTreeSet<&'static str>, Result<Json, String>)> {
        let known: Vec<(&str, &str)> = live.iter().map(|id| ("web", *id)).collect();
        let text = format!("version: 1\npool: {}\nclients: {{ web: {members} }}\n", self.id);
        self.stage.meet(self.read(&known), &text, cross::all().map(|rule| rule.code))
    }

    fn create(&self, members: &Json) -> String {
        let mut body = members.clone();
        body["ClientName"] = json!("web");
        let made = self.call("CreateUserPoolClient", body).unwrap();
        made["UserPoolClient"]["ClientId"].as_str().unwrap().to_owned()
    }
}

/// Parts of a client. Each alone, and each two of different groups together, are a client.
fn parts() -> Vec<Vec<Json>> {
    let oauth = |grants: &[&str], scopes: &[&str]| json!({"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": grants, "AllowedOAuthScopes": scopes});
    let validity = |number: &str, value: u32, unit: &str, name: &str| json!({number: value, "TokenValidityUnits": {unit: name}});
    let arn = "arn:aws:mobiletargeting:eu-west-1:111122223333:apps/abc";
    let role = "arn:aws:iam::111122223333:role/pinpoint";
    vec![
        vec![
            json!({}),
            oauth(&["code"], &["openid"]),
            oauth(&["code"], &[]),
            oauth(&["implicit"], &["https://api/v1/read"]),
            oauth(&["client_credentials"], &["https://api/v1/read"]),
            oauth(&["client_credentials"], &["openid"]),
            oauth(&["client_credentials", "code"], &["https://api/v1/write"]),
            json!({"AllowedOAuthScopes": ["nothing"]}),
        ],
        vec![
            json!({"CallbackURLs": ["https://a.example.com/in"]}),
            json!({"CallbackURLs": ["https://a.example.com/in", "http://localhost:3000"], "DefaultRedirectURI": "https://a.example.com/in"}),
            json!({"CallbackURLs": ["https://a.example.com/in"], "DefaultRedirectURI": "https://b.example.com/in"}),
            json!({"CallbackURLs": ["http://a.example.com/in"]}),
            json!({"CallbackURLs": ["https://a.example.com/#in"]}),
            json!({"LogoutURLs": ["http://localhost.example.com"]}),
        ],
        vec![
            json!({"GenerateSecret": true}),
            json!({"GenerateSecret": true, "PublishSecretsInAWSSecretsManager": true}),
            json!({"PublishSecretsInAWSSecretsManager": true}),
            json!({"ClientSecret": "abcdefghijklmnopqrstuvwxyz"}),
            json!({"GenerateSecret": true, "ClientSecret": "abcdefghijklmnopqrstuvwxyz"}),
        ],
        vec![
            json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]}),
            json!({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "USER_PASSWORD_AUTH"]}),
            json!({"ExplicitAuthFlows": ["ALLOW_TOKEN_EXCHANGE_DELEGATION"]}),
        ],
        vec![
            json!({"RefreshTokenRotation": {"Feature": "ENABLED"}}),
            json!({"EnablePropagateAdditionalUserContextData": true}),
        ],
        vec![
            validity("AccessTokenValidity", 4, "AccessToken", "minutes"),
            validity("AccessTokenValidity", 5, "AccessToken", "minutes"),
            validity("IdTokenValidity", 2, "IdToken", "days"),
            validity("RefreshTokenValidity", 61, "RefreshToken", "minutes"),
            validity("RefreshTokenValidity", 59, "RefreshToken", "minutes"),
            json!({"AccessTokenValidity": 24}),
        ],
        vec![
            json!({"ReadAttributes": ["custom:no"]}),
            json!({"WriteAttributes": ["name", "email_verified"]}),
            json!({"WriteAttributes": ["name"], "ReadAttributes": ["email_verified"]}),
        ],
        vec![
            json!({"SupportedIdentityProviders": ["COGNITO", "Google"]}),
            json!({"SupportedIdentityProviders": ["Facebook"]}),
            json!({"AnalyticsConfiguration": {"ApplicationArn": arn}}),
            json!({"AnalyticsConfiguration": {"ApplicationId": "abc", "RoleArn": role}}),
            json!({"AnalyticsConfiguration": {"ApplicationId": "abc", "RoleArn": role, "ExternalId": "e"}}),
        ],
    ]
}

/// Each part, and each two of different groups.
fn documents() -> Vec<Json> {
    let groups = parts();
    let mut all: Vec<Json> = groups.iter().flatten().cloned().collect();
    for (nth, one) in groups.iter().enumerate() {
        for other in groups.iter().skip(nth + 1) {
            for (a, b) in one.iter().flat_map(|a| other.iter().map(move |b| (a, b))) {
                let mut both = a.as_object().unwrap().clone();
                both.extend(b.as_object().unwrap().clone());
                all.push(Json::Object(both));
            }
        }
    }
    all
}

#[test]
fn the_sandbox_refuses_exactly_the_app_clients_that_a_rule_names() {
    let stage = Stage::new();
    let mut spoken = BTreeSet::new();
    for tier in ["LITE", "PLUS"] {
        let town = Town::new(&stage, tier);
        for members in documents() {
            let (named, answer) = town.meet(&members, None).unwrap();
            assert_eq!(
                answer.is_err(),
                !named.is_empty(),
                "{tier}: {members}: {answer:?}, and the rules {named:?}"
            );
            spoken.extend(named);
            if let Ok(made) = answer {
                let id = made["UserPoolClient"]["ClientId"].as_str().unwrap().to_owned();
                town.call("DeleteUserPoolClient", json!({ "ClientId": id })).unwrap();
            }
        }
    }
    // What hangs on a client has operations of its own.
    let about = |rule: &&cross::Rule| {
        Resource::named(&pattern_path(rule.about[0])).is_some_and(|own| own.document == DocumentId::CLIENTS)
    };
    let silent: BTreeSet<&str> =
        cross::all().filter(about).map(|rule| rule.code).filter(|code| !spoken.contains(code)).collect();
    // A request leaves a lone unit out, and Cognito accepts a client without branding, with a grace period that it drops, or
    // with a provider that sets what the client cannot write. Whether it refuses `IDPInit` beside others is not known.
    let accepted = [
        "branding-missing",
        "grace-without-rotation",
        "idp-init-beside-others",
        "mapping-not-writable",
        "token-unit-alone",
    ];
    assert_eq!(silent, BTreeSet::from(accepted));
}

#[test]
fn an_update_is_refused_exactly_where_a_rule_names_it() {
    let stage = Stage::new();
    let town = Town::new(&stage, "PLUS");
    let creation = ["GenerateSecret", "ClientSecret"];
    for secret in [false, true] {
        let id = town.create(&json!({ "GenerateSecret": secret }));
        for mut members in documents() {
            let own = members.as_object_mut().unwrap();
            own.retain(|name, _| !creation.contains(&name.as_str()));
            let Some((named, answer)) = town.meet(&members, Some(&id)) else { continue };
            assert_eq!(answer.is_err(), !named.is_empty(), "{members}: {answer:?}, and the rules {named:?}");
            // Back to where it was, but for what has come to stay.
            let bare = json!({"ClientId": id, "RefreshTokenRotation": {"Feature": "DISABLED"}});
            town.call("UpdateUserPoolClient", bare).unwrap();
        }
    }
}

#[test]
fn what_has_gone_since_is_named_before_any_update_of_the_client() {
    let stage = Stage::new();
    let mut town = Town::new(&stage, "PLUS");
    let id = town.create(
        &json!({"AllowedOAuthScopes": ["https://api/v1/read"], "SupportedIdentityProviders": ["Google"]}),
    );
    let change = json!({"ClientName": "portal"});
    town.call("DeleteResourceServer", json!({"Identifier": "https://api/v1"})).unwrap();
    town.look();
    let (named, answer) = town.meet(&change, Some(&id)).unwrap();
    assert_eq!((named, answer.is_err()), (BTreeSet::from(["scope-missing"]), true));
    town.call("DeleteIdentityProvider", json!({"ProviderName": "Google"})).unwrap();
    town.look();
    let (named, _) = town.meet(&change, Some(&id)).unwrap();
    assert_eq!(named, BTreeSet::from(["provider-missing", "scope-missing"]));
}
