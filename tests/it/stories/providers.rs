//! Identity providers: sent by the members that change, trusted only on purpose, and named by app clients.

use serde_json::{Value, json};

use crate::harness::world::{POOL, World};

const WEB: &str = "1webwebwebwebwebwebwebweb1";
const SECRET: &str = "the-secret-that-nobody-may-see";
const APPLE_KEY: &str = "MIGTAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBHkwdwIBAQQg";

fn manifest(body: &str) -> String {
    format!("version: 1\npool: {POOL}\n{body}")
}

/// A plain pool with these providers and clients, whose manifest has this body.
fn world_with(faults: &[&str], providers: &[Value], clients: &[Value], body: &str) -> World {
    let world = World::with(faults, |document| {
        let own = ["Id", "Name", "Arn", "CreationDate", "LastModifiedDate", "SchemaAttributes"];
        let pool = document["UserPool"].as_object_mut().unwrap();
        pool.retain(|name, _| own.contains(&name.as_str()));
        let attributes = ["sub", "email", "email_verified", "name"].map(|name| json!({"Name": name}));
        pool.insert("SchemaAttributes".to_owned(), attributes.as_slice().into());
        let document = document.as_object_mut().unwrap();
        document.remove("MfaConfig");
        document.insert("IdentityProviders".to_owned(), providers.into());
        document.insert("UserPoolClients".to_owned(), clients.into());
    });
    world.workspace.write("pool.yaml", manifest(body));
    world
}

fn world(faults: &[&str], providers: &[Value], body: &str) -> World {
    world_with(faults, providers, &[], body)
}

/// A live provider as the service describes it.
fn provider(name: &str, kind: &str, details: Value, mapping: Value) -> Value {
    json!({
        "UserPoolId": POOL, "ProviderName": name, "ProviderType": kind, "ProviderDetails": details,
        "AttributeMapping": mapping, "IdpIdentifiers": [],
        "LastModifiedDate": 1_700_000_000.5, "CreationDate": 1_700_000_000.5,
    })
}

fn okta() -> Value {
    let details = json!({
        "MetadataURL": "https://okta.example.com/metadata", "IDPSignout": "false",
        "SSORedirectBindingURI": "https://okta.example.com/sso", "ActiveEncryptionCertificate": "MIIC",
        "SLORedirectBindingURI": "https://okta.example.com/slo",
    });
    provider("Okta", "SAML", details, json!({"email": "mail"}))
}

fn google() -> Value {
    let details = json!({
        "client_id": "g", "client_secret": SECRET, "authorize_scopes": "openid email",
        "attributes_url": "https://people.googleapis.com/v1/people/me?personFields=",
        "attributes_url_add_attributes": "true", "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
        "oidc_issuer": "https://accounts.google.com", "token_request_method": "POST",
        "token_url": "https://www.googleapis.com/oauth2/v4/token",
    });
    provider("Google", "Google", details, json!({"email": "email", "username": "sub"}))
}

fn apple() -> Value {
    let details = json!({
        "client_id": "a", "team_id": "t", "key_id": "old", "authorize_scopes": "email",
        "authorize_url": "https://appleid.apple.com/auth/authorize", "oidc_issuer": "https://appleid.apple.com",
        "token_request_method": "POST", "token_url": "https://appleid.apple.com/auth/token",
        "attributes_url_add_attributes": "false",
    });
    provider("SignInWithApple", "SignInWithApple", details, json!({"username": "sub"}))
}

fn acme() -> Value {
    let details = json!({
        "client_id": "c", "client_secret": SECRET, "authorize_scopes": "openid",
        "oidc_issuer": "https://id.example.com", "attributes_request_method": "GET",
        "attributes_url_add_attributes": "false", "authorize_url": "https://id.example.com/authorize",
        "token_url": "https://id.example.com/token", "attributes_url": "https://id.example.com/userinfo",
        "jwks_uri": "https://id.example.com/jwks.json",
    });
    provider("Acme", "OIDC", details, json!({"username": "sub"}))
}

fn client(providers: Value) -> Value {
    json!({
        "UserPoolId": POOL, "ClientId": WEB, "ClientName": "web", "ClientType": "REGULAR",
        "RefreshTokenValidity": 30, "SupportedIdentityProviders": providers,
    })
}

/// A live provider, by its name.
fn live(world: &World, name: &str) -> Value {
    let providers = world.live()["IdentityProviders"].as_array().cloned().unwrap_or_default();
    providers.into_iter().find(|provider| provider["ProviderName"] == name).unwrap_or_default()
}

/// The calls that make, change and remove providers.
fn writes(world: &World) -> [u64; 3] {
    ["CreateIdentityProvider", "UpdateIdentityProvider", "DeleteIdentityProvider"]
        .map(|call| world.calls(call))
}

/// Whether the output says all of this, however its lines are broken.
fn says(output: &impl ToString, told: &[&str]) {
    let words = output.to_string();
    let words = words.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    for told in told {
        assert!(words.contains(told), "{told}: {words}");
    }
}

fn is_as_declared(world: &World) {
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
}

const NEW: &str = "identityProviders:
  Okta:
    ProviderType: SAML
    ProviderDetails: { MetadataFile: \"${file:okta.xml}\", RequestSigningAlgorithm: rsa-sha256 }
    AttributeMapping: { email: mail, custom:tenant: tenant }
    IdpIdentifiers: [example.com, example.org]
settings:
  Schema: [{ Name: tenant, AttributeDataType: String, Mutable: true }]
clients:
  web: { SupportedIdentityProviders: [COGNITO, Okta] }
";

#[test]
fn a_provider_is_made_after_its_attributes_and_before_the_client_that_names_it() {
    let world = world(&[], &[], NEW);
    world.workspace.write("okta.xml", "<EntityDescriptor/>\n");
    let plan = world.run(&["plan", "pool.yaml"]).output().expect(0);
    says(&plan, &["provider-created", "+ Okta", "2 CreateIdentityProvider", "3 CreateUserPoolClient"]);
    world.apply().expect(0);
    let made = live(&world, "Okta");
    assert_eq!(made["AttributeMapping"], json!({"email": "mail", "custom:tenant": "tenant"}));
    assert_eq!(made["IdpIdentifiers"], json!(["example.com", "example.org"]));
    assert_eq!(made["ProviderDetails"]["MetadataFile"], "<EntityDescriptor/>\n");
    assert_eq!((writes(&world), world.calls("CreateUserPoolClient")), ([1, 0, 0], 1));
    is_as_declared(&world);
    world.run(&["drift", "pool.yaml"]).output().expect(0);
}

#[test]
fn a_change_of_the_mapping_sends_the_mapping_alone_and_keeps_what_is_not_declared() {
    let body = "identityProviders: { Okta: { AttributeMapping: { email: mail, name: cn } } }\n";
    let world = world(&[], &[okta()], body);
    let plan = world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(0);
    assert!(!plan.stdout.contains("MetadataURL") && !plan.stdout.contains("IdpIdentifiers"), "{plan}");
    world.apply().expect(0);
    assert_eq!(live(&world, "Okta")["AttributeMapping"], json!({"email": "mail", "name": "cn"}));
    assert_eq!(live(&world, "Okta")["ProviderDetails"], okta()["ProviderDetails"]);
    assert_eq!(writes(&world), [0, 1, 0]);
    is_as_declared(&world);
}

#[test]
fn null_takes_one_attribute_out_of_the_mapping() {
    let body = "identityProviders: { Google: { AttributeMapping: { email: ~ } } }\n";
    let world = world(&[], &[google()], body);
    world.apply().expect(0);
    assert_eq!(live(&world, "Google")["AttributeMapping"], json!({"username": "sub"}));
}

#[test]
fn trap_11_an_empty_mapping_also_takes_the_user_name_and_says_so() {
    let world = world(&[], &[google()], "identityProviders: { Google: { AttributeMapping: {} } }\n");
    let refused = world.apply().expect(3);
    says(&refused, &["every mapping is removed, also `username: sub`", "provider-mapping-change"]);
    world.apply_with(&["--allow", "provider-mapping-change"]).expect(0);
    assert_eq!(live(&world, "Google")["AttributeMapping"], json!({}));
    is_as_declared(&world);
}

#[test]
fn trap_1_a_change_of_details_sends_them_whole_without_what_the_service_derives() {
    let body = "identityProviders: { Okta: { ProviderDetails: { IDPSignout: \"true\" } } }\n";
    let world = world(&[], &[okta()], body);
    let plan = world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(0);
    for derived in ["SSORedirectBindingURI", "SLORedirectBindingURI", "ActiveEncryptionCertificate"] {
        assert!(!plan.stdout.contains(derived), "{plan}");
    }
    assert!(!plan.stdout.contains("AttributeMapping"), "{plan}");
    world.apply().expect(0);
    let details = live(&world, "Okta")["ProviderDetails"].clone();
    assert_eq!(details["MetadataURL"], "https://okta.example.com/metadata");
    assert_eq!(details["IDPSignout"], "true");
    is_as_declared(&world);
}

#[test]
fn terraform_13582_and_pulumi_679_what_the_service_fills_in_is_no_difference() {
    let body = "unmanaged: report
identityProviders:
  Google:
    ProviderType: Google
    ProviderDetails: { client_id: g, client_secret: \"${secret:GOOGLE}\", authorize_scopes: openid email }
    AttributeMapping: { email: email }
";
    let world = world(&[], &[google()], body);
    let plan = world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).env("POOLCTL_SECRET_GOOGLE", SECRET);
    let plan = plan.output().expect(0);
    assert!(!plan.stdout.contains("identityProviders.Google"), "{plan}");
}

#[test]
fn facebooks_urls_follow_its_version() {
    let details = json!({
        "client_id": "f", "client_secret": SECRET, "authorize_scopes": "email", "api_version": "v17.0",
        "authorize_url": "https://www.facebook.com/v17.0/dialog/oauth",
        "token_url": "https://graph.facebook.com/v17.0/oauth/access_token",
    });
    let facebook = provider("Facebook", "Facebook", details, json!({"username": "id"}));
    let body = "identityProviders: { Facebook: { ProviderDetails: { api_version: v21.0 } } }\n";
    let world = world(&[], &[facebook], body);
    world.apply().expect(0);
    let details = live(&world, "Facebook")["ProviderDetails"].clone();
    assert_eq!(details["authorize_url"], "https://www.facebook.com/v21.0/dialog/oauth");
    assert_eq!(details["client_secret"], SECRET);
    is_as_declared(&world);
}

#[test]
fn a_provider_that_is_made_has_a_type_and_details_before_anything_is_sent() {
    let body = "identityProviders: { Otka: { AttributeMapping: { email: mail } } }\nresourceServers: { api: { Name: x } }\n";
    let world = world(&[], &[okta()], body);
    let refused = world.apply().expect(3);
    says(
        &refused,
        &[
            "required-member",
            "`identityProviders.Otka` does not exist, and cannot be made without `ProviderType`",
        ],
    );
    assert_eq!(world.writes(), 0);
}

#[test]
fn one_form_of_metadata_replaces_the_other_in_the_plan_and_in_the_request() {
    let body = "identityProviders: { Okta: { ProviderDetails: { MetadataFile: \"${file:okta.xml}\" } } }\n";
    let world = world(&[], &[okta()], body);
    world.workspace.write("okta.xml", "<EntityDescriptor/>\n");
    let refused = world.apply().expect(3);
    says(&refused, &["provider-trust-change", "- MetadataURL https://okta.example.com/metadata → removed"]);
    world.apply_with(&["--allow", "provider-trust-change"]).expect(0);
    let details = live(&world, "Okta")["ProviderDetails"].clone();
    assert_eq!((&details["MetadataURL"], &details["IDPSignout"]), (&Value::Null, &json!("false")));
    is_as_declared(&world);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    let restore = ["restore", "--yes", "--settle", "0", "--allow", "provider-trust-change", &backup];
    world.run(&restore).output().expect(0);
    let details = live(&world, "Okta")["ProviderDetails"].clone();
    assert_eq!(details["MetadataURL"], "https://okta.example.com/metadata");
    assert_eq!(details["MetadataFile"], Value::Null);
}

#[test]
fn another_issuer_brings_its_own_endpoints() {
    let body =
        "identityProviders: { Acme: { ProviderDetails: { oidc_issuer: \"https://new.example.com\" } } }\n";
    let world = world(&[], &[acme()], body);
    world.apply_with(&["--allow", "provider-trust-change"]).expect(0);
    let details = live(&world, "Acme")["ProviderDetails"].clone();
    assert_eq!(details["jwks_uri"], "https://new.example.com/jwks.json");
    assert_eq!(details["client_secret"], SECRET);
    is_as_declared(&world);
}

#[test]
fn lgallard_415_a_change_of_apples_details_needs_the_key_and_the_key_alone_is_no_change() {
    let with = |details: &str| {
        manifest(&format!(
            "identityProviders: {{ SignInWithApple: {{ ProviderDetails: {{ {details} }} }} }}\n"
        ))
    };
    let world = world(&[], &[apple()], "");
    world.workspace.write("pool.yaml", with("key_id: new"));
    let refused = world.apply().expect(3);
    says(&refused, &["hidden-member", "which Cognito never returns", "private_key"]);
    let key = "private_key: \"${secret:APPLE}\"";
    world.workspace.write("pool.yaml", with(key));
    let same = ["plan", "--detailed-exitcode", "--format", "json", "pool.yaml"];
    let same = world.run(&same).env("POOLCTL_SECRET_APPLE", APPLE_KEY).output().expect(0);
    says(&same, &["not-compared"]);
    world.workspace.write("pool.yaml", with(&format!("key_id: new, {key}")));
    let apply = ["apply", "--yes", "--settle", "0", "pool.yaml"];
    let applied = world.run(&apply).env("POOLCTL_SECRET_APPLE", APPLE_KEY).output().expect(0);
    assert!(!applied.to_string().contains(APPLE_KEY), "{applied}");
    assert_eq!(live(&world, "SignInWithApple")["ProviderDetails"]["key_id"], "new");
    // The mapping goes without the details.
    let body = "identityProviders: { SignInWithApple: { AttributeMapping: { email: email } } }\n";
    world.workspace.write("pool.yaml", manifest(body));
    world.apply_with(&["--allow", "provider-mapping-change"]).expect(0);
    assert_eq!(writes(&world), [0, 2, 0]);
}

#[test]
fn a_secret_of_the_service_is_in_no_output_and_in_no_saved_plan() {
    let body =
        "identityProviders: { Google: { ProviderDetails: { client_secret: \"${secret:GOOGLE}\" } } }\n";
    let world = world(&[], &[google()], body);
    let new = "another-secret-of-the-manifest";
    let outputs = [
        vec!["plan", "--show-request", "pool.yaml"],
        vec!["plan", "--format", "json", "pool.yaml"],
        vec!["plan", "--format", "markdown", "pool.yaml"],
        vec!["plan", "--save", "plan.json", "pool.yaml"],
        vec!["drift", "pool.yaml"],
        vec!["render", "pool.yaml"],
        vec!["snapshot", "-o", "saved", "pool.yaml"],
        vec!["import", "-o", "-", POOL],
        vec!["apply", "--yes", "--settle", "0", "-vv", "pool.yaml"],
    ];
    let mut texts = Vec::new();
    for arguments in outputs {
        let output = world.run(&arguments).env("POOLCTL_SECRET_GOOGLE", new).output();
        texts.push(format!("{arguments:?}: {output}"));
    }
    let saved = world.workspace.path().join("saved");
    let files = std::fs::read_dir(saved).unwrap().map(|file| file.unwrap().path());
    let files = files.chain([world.workspace.path().join("plan.json")]);
    texts.extend(files.map(|file| std::fs::read_to_string(file).unwrap()));
    for text in texts {
        assert!(!text.contains(SECRET) && !text.contains(new), "{text}");
    }
    assert_eq!(live(&world, "Google")["ProviderDetails"]["client_secret"], new);
    // Only the backup has the old one, to bring it back.
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    assert_eq!(live(&world, "Google")["ProviderDetails"]["client_secret"], SECRET);
}

#[test]
fn an_import_declares_providers_without_their_secrets_and_the_next_plan_finds_nothing() {
    let world = world(&[], &[okta(), google(), apple(), acme()], "");
    let imported = world.run(&["import", "-o", "pool.yaml", "--force", POOL]).output().expect(0);
    let text = std::fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
    for told in ["identityProviders:", "MetadataURL: https://okta.example.com/metadata", "ProviderType: OIDC"]
    {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(!text.contains(SECRET) && !text.contains("SSORedirectBindingURI"), "{text}{imported}");
    is_as_declared(&world);
    world.run(&["drift", "pool.yaml"]).output().expect(0);
}

#[test]
fn drift_names_a_provider_that_nobody_declares_without_reading_it() {
    let world =
        world(&[], &[okta(), acme()], "identityProviders: { Okta: { AttributeMapping: { email: mail } } }\n");
    let drifted = world.run(&["drift", "pool.yaml"]).output().expect(2);
    says(&drifted, &["? Acme not declared"]);
    assert_eq!((world.calls("ListIdentityProviders"), world.calls("DescribeIdentityProvider")), (1, 1));
    world.run(&["adopt", "--undeclared", "pool.yaml"]).output();
    world.run(&["drift", "pool.yaml"]).output().expect(0);
}

#[test]
fn endpoints_that_cognito_discovers_are_no_drift_and_those_of_another_host_are() {
    let details = "client_id: c, authorize_scopes: openid, attributes_request_method: GET, oidc_issuer: \"https://id.example.com\"";
    let body = format!(
        "identityProviders: {{ Acme: {{ ProviderType: OIDC, ProviderDetails: {{ {details} }} }} }}\n"
    );
    let world = world(&[], &[], &body);
    world.apply().expect(0);
    world.run(&["drift", "pool.yaml"]).output().expect(0);
    let mut elsewhere = acme();
    elsewhere["ProviderDetails"]["jwks_uri"] = json!("https://keys.example.net/jwks.json");
    let world = world_with(&[], &[elsewhere], &[], &body);
    let drifted = world.run(&["drift", "pool.yaml"]).output().expect(2);
    says(&drifted, &["https://keys.example.net/jwks.json"]);
    assert!(!drifted.stdout.contains("token_url"), "{drifted}");
}

#[test]
fn the_type_of_a_provider_cannot_change() {
    let world = world(&[], &[okta()], "identityProviders: { Okta: { ProviderType: OIDC } }\n");
    let refused = world.apply().expect(3);
    says(
        &refused,
        &["`identityProviders.Okta.ProviderType` cannot change after an identity provider is made"],
    );
    assert_eq!(writes(&world), [0, 0, 0]);
}

#[test]
fn a_provider_goes_after_the_client_that_named_it_and_comes_back_with_its_secret() {
    let body = format!(
        "identityProviders: {{ Google: {{ remove: true, reason: retired }} }}\nclients: {{ web: {{ id: {WEB}, SupportedIdentityProviders: [COGNITO] }} }}\n"
    );
    let world = world_with(&[], &[google()], &[client(json!(["COGNITO", "Google"]))], &body);
    says(&world.apply().expect(3), &["provider-removal"]);
    world.apply_with(&["--allow", "provider-removal"]).expect(0);
    assert_eq!((writes(&world), live(&world, "Google")), ([0, 0, 1], Value::Null));
    is_as_declared(&world);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    let restored = world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    says(&restored, &["made-again"]);
    assert_eq!(live(&world, "Google")["ProviderDetails"]["client_secret"], SECRET);
    let clients = world.live()["UserPoolClients"].clone();
    assert_eq!(clients[0]["SupportedIdentityProviders"], json!(["COGNITO", "Google"]));
}

#[test]
fn a_provider_that_any_client_still_names_stays() {
    let body = "identityProviders: { Google: { remove: true, reason: retired } }\n";
    let world = world_with(&[], &[google()], &[client(json!(["Google"]))], body);
    let refused = world.apply_with(&["--allow", "provider-removal"]).expect(3);
    says(&refused, &["still-named", WEB]);
    assert_eq!(writes(&world), [0, 0, 0]);
}

#[test]
fn cdk_15850_a_client_never_comes_before_its_provider_even_if_the_first_call_is_refused() {
    let busy = "CreateIdentityProvider:throttle*2";
    let world = world(&[busy], &[], NEW);
    world.workspace.write("okta.xml", "<EntityDescriptor/>\n");
    world.apply().expect(0);
    assert_eq!(writes(&world)[0], 3);
    is_as_declared(&world);
}

#[test]
fn a_provider_that_somebody_else_updates_is_read_again_and_written_once() {
    let body = "identityProviders: { Okta: { AttributeMapping: { name: cn } } }\n";
    let world = world(&["UpdateIdentityProvider:error=ConcurrentModificationException*1"], &[okta()], body);
    world.apply().expect(0);
    assert_eq!(writes(&world)[1], 2, "the first was refused");
    is_as_declared(&world);
}

#[test]
fn refusals_of_the_service_are_found_before_anything_is_sent() {
    let saml = "ProviderType: SAML, ProviderDetails: { MetadataURL: \"https://a.example.com\" }";
    let oidc = "ProviderType: OIDC, ProviderDetails: { client_id: c, authorize_scopes: openid, attributes_request_method: GET, oidc_issuer";
    for (entry, told) in [
        (format!("Google: {{ {saml} }}"), "Provider Google cannot be of type SAML."),
        (format!("my_idp: {{ {saml} }}"), "provider-name"),
        (format!("Acme: {{ {oidc}: \"http://id.example.com\" }} }}"), "OIDC endpoint must start with https://"),
        (
            "Acme: { ProviderType: OIDC, ProviderDetails: { client_id: c } }".to_owned(),
            "clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required idp details.",
        ),
        (
            "Okta: { ProviderType: SAML, ProviderDetails: { IDPSignout: \"true\" } }".to_owned(),
            "At least one of the MetadataURL or MetadataFile should be provided.",
        ),
        (
            format!("Okta: {{ {saml}, AttributeMapping: {{ custom:nobody: x }} }}"),
            "AttributeMapping contains invalid mapping: [custom:nobody]",
        ),
        (
            "Okta: { ProviderType: SAML, ProviderDetails: { MetadataURL: \"https://a.example.com\", ActiveEncryptionCertificate: MII } }".to_owned(),
            "provider-detail-derived",
        ),
        (
            "SignInWithApple: { ProviderType: SignInWithApple, ProviderDetails: { client_id: a, team_id: t, key_id: k, authorize_scopes: email } }".to_owned(),
            "hidden-member",
        ),
    ] {
        let world = world(&[], &[], &format!("identityProviders:\n  {entry}\n"));
        says(&world.apply().expect(3), &[told]);
        assert_eq!(writes(&world), [0, 0, 0], "{entry}");
    }
    let twice = "identityProviders:\n  Okta: { ProviderDetails: { MetadataURL: \"https://a.example.com\", MetadataFile: \"<x/>\" } }\n";
    let world = world(&[], &[], twice);
    let invalid = world.run(&["validate", "pool.yaml"]).output().expect(1);
    says(&invalid, &["Only one of the MetadataURL or MetadataFile should be provided.", "pool.yaml:4"]);
}

#[test]
fn the_least_policy_has_what_providers_need_and_says_that_reads_return_secrets() {
    let world =
        world(&[], &[google()], "identityProviders: { Google: { AttributeMapping: { name: name } } }\n");
    let policy = world.run(&["iam-policy", "pool.yaml"]).output().expect(0);
    says(&policy, &["ListIdentityProviders", "DescribeIdentityProvider", "UpdateIdentityProvider"]);
    assert!(!policy.stdout.contains("DeleteIdentityProvider"), "{policy}");
}

#[test]
fn a_plan_of_saved_documents_needs_no_secret_and_finds_the_same() {
    let body = "identityProviders:
  Google: { ProviderDetails: { client_secret: \"${secret:GOOGLE}\" }, AttributeMapping: { name: name } }
clients: { new: { SupportedIdentityProviders: [Google, Okta] } }
";
    let world = world(&[], &[google(), okta()], body);
    world.run(&["snapshot", "-o", "saved", "pool.yaml"]).output().expect(0);
    let plan = world.run(&["plan", "--live", "saved", "pool.yaml"]).env("POOLCTL_SECRET_GOOGLE", "new");
    let plan = plan.output().expect(0);
    says(
        &plan,
        &[
            "identityProviders.Google.AttributeMapping",
            "+ name name",
            "~ clients",
            "client_secret` was not compared",
        ],
    );
    assert!(!plan.stdout.contains("names-unchecked"), "{plan}");
}

#[test]
fn a_label_may_be_made_of_variables() {
    let body = "identityProviders: { \"Okta-${var:stage}\": { ProviderType: SAML, ProviderDetails: { MetadataURL: \"https://a.example.com\" } } }\n";
    let world = world(&[], &[], body);
    world.apply_with(&["--var", "stage=test"]).expect(0);
    assert_eq!(live(&world, "Okta-test")["ProviderType"], "SAML");
}
