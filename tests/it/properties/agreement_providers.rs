//! The rules of identity providers and the sandbox: what one names before a call, the other refuses.

use std::collections::BTreeSet;

use poolctl::document::{DocumentId, Json, Object, Path, Snapshot};
use poolctl::rules::cross;
use serde_json::json;

use crate::properties::agreement::Stage;

const POOL: &str = "eu-west-1_providers";

/// The rules that nobody has measured, which the sandbox does not have.
const UNMEASURED: [&str; 1] = ["identifier-taken"];
/// A name without which no request is sent, so that no rule is asked for it.
const HIDDEN: &str = "hidden-member";

struct Town<'a> {
    stage: &'a Stage,
}

impl<'a> Town<'a> {
    fn new(stage: &'a Stage) -> Self {
        let schema = ["sub", "email", "name"].map(|name| json!({ "Name": name }));
        let pool = json!({"UserPool": {"Id": POOL, "Name": "customers", "SchemaAttributes": schema}, "MfaConfig": {}});
        std::fs::write(stage.file(POOL), pool.to_string()).unwrap();
        Self { stage }
    }

    fn call(&self, operation: &str, mut body: Json) -> Result<Json, String> {
        body["UserPoolId"] = json!(POOL);
        self.stage.call(operation, &body)
    }

    /// The pool with the live providers.
    fn read(&self) -> Snapshot {
        let list = self.call("ListIdentityProviders", json!({})).unwrap();
        let names: Vec<&str> = list["Providers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["ProviderName"].as_str().unwrap())
            .collect();
        let labels: Object =
            names.iter().map(|name| ((*name).to_owned(), json!({ "ProviderName": name }))).collect();
        let resource = self.stage.catalogue.resource(&Path::members(["identityProviders"]));
        let live = self.stage.read(POOL).with(DocumentId::IDENTITY_PROVIDERS, Some(labels.into()));
        names.iter().fold(live, |live, name| {
            let answer = self.call("DescribeIdentityProvider", json!({ "ProviderName": name })).unwrap();
            let provider = resource.observed(answer["IdentityProvider"].as_object().cloned().unwrap());
            live.with(DocumentId::IDENTITY_PROVIDERS.labelled(name), Some(provider))
        })
    }

    /// What a plan names of a provider, and the sandbox's answer to its call; `None` if nothing changes.
    fn meet(&self, name: &str, members: &Json) -> Option<(BTreeSet<&'static str>, Result<Json, String>)> {
        let text = format!("version: 1\npool: {POOL}\nidentityProviders: {{ {name}: {members} }}\n");
        let rules = cross::all().map(|rule| rule.code);
        let known = rules.filter(|code| !UNMEASURED.contains(code)).chain([HIDDEN]);
        self.stage.meet(self.read(), &text, known)
    }
}

/// Names, and parts of a provider: each alone, and each two of different groups together, are one.
fn documents() -> Vec<(&'static str, Json)> {
    let saml = |details: Json| json!({"ProviderType": "SAML", "ProviderDetails": details});
    let oidc = |issuer: &str, method: &str| {
        let details = json!({"client_id": "c", "authorize_scopes": "openid", "oidc_issuer": issuer, "attributes_request_method": method});
        json!({"ProviderType": "OIDC", "ProviderDetails": details})
    };
    let of = |kind: &str, details: Json| json!({"ProviderType": kind, "ProviderDetails": details});
    let secret = json!({"client_id": "c", "client_secret": "s", "authorize_scopes": "openid"});
    let public = json!({"client_id": "c", "authorize_scopes": "openid"});
    let apple = json!({"client_id": "c", "team_id": "t", "key_id": "k", "private_key": "p"});
    let keyless = json!({"client_id": "c", "team_id": "t", "key_id": "k"});
    let types = [
        saml(json!({"MetadataURL": "https://a.example.com"})),
        saml(json!({"MetadataFile": "<x/>", "IDPInit": "true"})),
        saml(json!({"MetadataURL": "https://a.example.com", "MetadataFile": "<x/>"})),
        saml(json!({"IDPSignout": "true"})),
        oidc("https://id.example.com", "GET"),
        oidc("http://id.example.com", "GET"),
        oidc("https://id.example.com", "PUT"),
        of("OIDC", public.clone()),
        of("Google", secret.clone()),
        of("Google", public),
        of("Facebook", secret.clone()),
        of("LoginWithAmazon", secret),
        of("SignInWithApple", apple),
        of("SignInWithApple", keyless),
    ];
    let others = [
        json!({}),
        json!({"AttributeMapping": {"email": "mail", "username": "sub"}}),
        json!({"AttributeMapping": {"custom:no": "x"}}),
        json!({"AttributeMapping": {}}),
        json!({"IdpIdentifiers": ["a.example.com"]}),
        json!({"AcrMapping": {"Level1": "urn:1"}}),
    ];
    let mut all = Vec::new();
    for name in ["Okta", "my_idp", "Google", "SignInWithApple", "Facebook", "LoginWithAmazon"] {
        for (one, other) in types.iter().flat_map(|one| others.iter().map(move |other| (one, other))) {
            let mut both = one.as_object().unwrap().clone();
            both.extend(other.as_object().unwrap().clone());
            all.push((name, Json::Object(both)));
        }
    }
    all
}

#[test]
fn the_sandbox_refuses_exactly_the_providers_that_a_rule_names() {
    let stage = Stage::new();
    let town = Town::new(&stage);
    let mut spoken = BTreeSet::new();
    for (name, members) in documents() {
        let (named, answer) = town.meet(name, &members).unwrap();
        assert_eq!(
            answer.is_err(),
            !named.is_empty(),
            "{name}: {members}: {answer:?}, and the rules {named:?}"
        );
        spoken.extend(named);
        if answer.is_ok() {
            town.call("DeleteIdentityProvider", json!({ "ProviderName": name })).unwrap();
        }
    }
    let about = |rule: &&cross::Rule| rule.about[0].starts_with("identityProviders.");
    let silent: BTreeSet<&str> =
        cross::all().filter(about).map(|rule| rule.code).filter(|code| !spoken.contains(code)).collect();
    // The sandbox takes what the service takes, to the harm of sign-ins, or may take: nobody has measured the others.
    assert_eq!(silent, BTreeSet::from(["identifier-taken", "mapping-immutable", "provider-detail-derived"]));
}

#[test]
fn an_update_of_a_provider_is_refused_exactly_where_a_rule_names_it_and_is_then_as_declared() {
    let stage = Stage::new();
    let town = Town::new(&stage);
    let fitting = documents().into_iter().filter(|(name, members)| {
        let social = ["Google", "Facebook", "LoginWithAmazon", "SignInWithApple"];
        let kind = members["ProviderType"].as_str().unwrap();
        if social.contains(&kind) { *name == kind } else { *name == "Okta" }
    });
    let mut changed = 0;
    for (name, mut members) in fitting {
        let kind = members["ProviderType"].clone();
        let first = documents().into_iter().find(|(other, first)| {
            *other == name && first["ProviderType"] == kind && town.meet(name, first).unwrap().1.is_ok()
        });
        assert!(first.is_some(), "{name} {kind}");
        members.as_object_mut().unwrap().shift_remove("ProviderType");
        let met = town.meet(name, &members);
        if let Some((named, answer)) = &met {
            assert_eq!(
                answer.is_err(),
                !named.is_empty(),
                "{name}: {members}: {answer:?}, and the rules {named:?}"
            );
        }
        if met.is_some_and(|(_, answer)| answer.is_ok()) {
            changed += 1;
            assert!(town.meet(name, &members).is_none(), "a second plan of {name} has changes: {members}");
        }
        town.call("DeleteIdentityProvider", json!({ "ProviderName": name })).unwrap();
    }
    assert!(changed > 10, "{changed}");
}
