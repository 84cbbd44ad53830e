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

/// aws-amplify/amplify-cli#12990: providers, attributes and clients in one run.
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
    for command in ["plan", "apply"] {
        let told =
            world.run(&[command, "pool.yaml"]).env("POOLCTL_SECRET_APPLE", APPLE_KEY).output().expect(0);
        says(&told, &["The pool is as declared, except for 1 value that Cognito never returns."]);
    }
    world.workspace.write("pool.yaml", with(&format!("key_id: new, {key}")));
    let apply = ["apply", "--yes", "--settle", "0", "pool.yaml"];
    let applied = world.run(&apply).env("POOLCTL_SECRET_APPLE", APPLE_KEY).output().expect(0);
    assert!(!applied.to_string().contains(APPLE_KEY), "{applied}");
    says(&applied, &["note not-compared", "this change sends it too"]);
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
fn drift_names_a_provider_that_nobody_declares_and_an_adoption_declares_it() {
    let world =
        world(&[], &[okta(), acme()], "identityProviders: { Okta: { AttributeMapping: { email: mail } } }\n");
    let drifted = world.run(&["drift", "pool.yaml"]).output().expect(2);
    says(&drifted, &["? Acme not declared"]);
    // The entry's own, and the undeclared one.
    assert_eq!(world.calls("DescribeIdentityProvider"), 2);
    world.run(&["adopt", "--undeclared", "pool.yaml"]).output();
    world.run(&["drift", "pool.yaml"]).output().expect(0);
}

#[test]
fn drift_prints_no_password_in_the_address_of_a_provider_that_nobody_declares() {
    let mut stranger = okta();
    stranger["ProviderDetails"]["MetadataURL"] = json!("https://user:URLPASSWORD@okta.example.com/metadata");
    let world = world(&[], &[stranger], "watch: [identityProviders]\n");
    for form in ["text", "json", "markdown", "html", "sarif", "junit", "codequality"] {
        let drifted = world.run(&["drift", "--format", form, "pool.yaml"]).output().expect(2);
        assert!(drifted.stdout.contains("okta.example.com"), "{form}: {drifted}");
        assert!(!drifted.stdout.contains("URLPASSWORD"), "{form}: {drifted}");
    }
}

#[test]
fn no_output_prints_the_password_in_an_address() {
    const OWN: &str = "identityProviders:
  Okta: { ProviderDetails: { MetadataURL: 'https://user:URLPASSWORD2@okta.example.com/metadata' } }
clients:
  web: { id: 1webwebwebwebwebwebwebweb1, CallbackURLs: ['https://me:URLPASSWORD2@app.example.com/cb#x'] }
";
    let mut own = okta();
    own["ProviderDetails"]["MetadataURL"] = json!("https://user:URLPASSWORD@okta.example.com/metadata");
    let mut stranger = acme();
    stranger["ProviderDetails"]["oidc_issuer"] = json!("https://user:URLPASSWORD@id.example.com");
    let mut web = client(json!(["COGNITO"]));
    web["CallbackURLs"] = json!(["https://me:URLPASSWORD@old.example.com/cb"]);
    let world = world_with(&[], &[own, stranger], &[web], OWN);
    let none = |arguments: &[&str]| {
        let output = world.run(&[arguments, &["pool.yaml"]].concat()).output();
        assert!(!output.to_string().contains("URLPASSWORD"), "{arguments:?}: {output}");
        output.to_string()
    };
    for form in ["text", "json", "markdown", "html", "github", "sarif", "junit", "codequality"] {
        none(&["plan", "--format", form]);
        none(&["drift", "--format", form]);
        none(&["validate", "--format", form]);
    }
    let plan = none(&["plan"]);
    // Of a value of which only the password differs, both sides would be alike.
    assert!(plan.contains("~ MetadataURL               (sensitive), changed"), "{plan}");
    assert!(plan.contains("- https://old.example.com/cb\n"), "{plan}");
    assert!(plan.contains("+ https://app.example.com/cb#x\n"), "{plan}");
    none(&["plan", "--format", "json", "--planned-values"]);
    none(&["adopt", "--dry-run"]);
    world.workspace.write("pool.yaml", manifest("watch: [identityProviders, clients]\n"));
    let adopted = none(&["adopt", "--undeclared", "--dry-run"]);
    assert!(adopted.contains("MetadataURL: \"https://okta.example.com/metadata\""), "{adopted}");
    // A file has what the pool has.
    world.run(&["adopt", "--undeclared", "pool.yaml"]).output().expect(0);
    let file = std::fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
    assert!(file.contains("https://user:URLPASSWORD@okta.example.com/metadata"), "{file}");
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
    for host in ["keys.example.net", "id.example.com:x@keys.example.net"] {
        let mut elsewhere = acme();
        elsewhere["ProviderDetails"]["jwks_uri"] = json!(format!("https://{host}/jwks.json"));
        let world = world_with(&[], &[elsewhere], &[], &body);
        let drifted = world.run(&["drift", "pool.yaml"]).output().expect(2);
        says(&drifted, &["https://keys.example.net/jwks.json"]);
        assert!(!drifted.stdout.contains("token_url"), "{drifted}");
    }
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

/// agentcore-public-stack#424: after a restore, clients named no provider.
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

/// aws/aws-cdk#15692, lgallard#71: a client is refused because its provider is not there yet.
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
fn a_detail_in_another_way_of_writing_is_answered_with_its_name() {
    let details = "MetadataUrl: 'https://a.example.com', x-new: y";
    let world = world(
        &[],
        &[okta()],
        &format!("identityProviders: {{ Okta: {{ ProviderDetails: {{ {details} }} }} }}\n"),
    );
    let refused = world.run(&["validate", "pool.yaml"]).output().expect(1);
    says(&refused, &["has no member `MetadataUrl`", "did you mean `MetadataURL`?", "1 error in"]);
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

/// A client of these names, a provider of each kind, and a group: what a run makes before and after a call that fails.
const SEVERAL: &str = "resourceServers: { api: { Name: api, Scopes: [{ ScopeName: read, ScopeDescription: d }] } }
identityProviders:
  Okta: { ProviderType: SAML, ProviderDetails: { MetadataURL: \"https://okta.example.com/metadata\" } }
  SignInWithApple:
    ProviderType: SignInWithApple
    ProviderDetails: { client_id: a, team_id: t, key_id: k, authorize_scopes: email, private_key: \"${secret:APPLE}\" }
clients:
  web: { id: 1webwebwebwebwebwebwebweb1, SupportedIdentityProviders: [COGNITO, Okta, SignInWithApple] }
groups: { admins: { Precedence: 1 } }
domains: { acme: { ManagedLoginVersion: 1 } }
";

const MAKES: [&str; 4] =
    ["CreateResourceServer", "CreateIdentityProvider", "CreateGroup", "CreateUserPoolDomain"];

#[test]
fn a_second_run_plans_only_what_a_failed_one_has_left() {
    for (failing, done, left) in [
        ("UpdateUserPoolClient", "CreateIdentityProvider (2 times", ["UpdateUserPoolClient", "CreateGroup"]),
        ("CreateGroup", "the first 4 of 6 calls took effect", ["CreateGroup", "CreateUserPoolDomain"]),
    ] {
        let fault = format!("{failing}:error=InvalidParameterException/400*1");
        let world = world_with(&[&fault], &[], &[client(json!(["COGNITO"]))], SEVERAL);
        let apply = ["apply", "--yes", "--settle", "0", "pool.yaml"];
        let run = |arguments: &[&str]| world.run(arguments).env("POOLCTL_SECRET_APPLE", APPLE_KEY).output();
        let failed = run(&apply).expect(5);
        says(&failed, &[done, &format!("{failing} of")]);
        let again = run(&["plan", "pool.yaml"]).expect(0);
        says(&again, &left);
        assert!(!again.stdout.contains("CreateIdentityProvider"), "{again}");
        run(&apply).expect(0);
        let made: Vec<u64> = MAKES.iter().map(|call| world.calls(call)).collect();
        let twice = u64::from(failing == "CreateGroup");
        assert_eq!(made, [1, 2, 1 + twice, 1], "{failing}");
        run(&["plan", "--detailed-exitcode", "pool.yaml"]).expect(0);
    }
}

/// Cognito adds the attribute `identities` to a pool with its first provider.
#[test]
fn what_the_runs_own_calls_bring_with_them_did_not_move() {
    let busy = "UpdateUserPoolClient:throttle*2";
    let world = world_with(&[busy], &[], &[client(json!(["COGNITO"]))], SEVERAL);
    let apply = ["apply", "--yes", "--settle", "0", "--strict-stale", "pool.yaml"];
    world.run(&apply).env("POOLCTL_SECRET_APPLE", APPLE_KEY).output().expect(0);
    assert_eq!(world.calls("UpdateUserPoolClient"), 3);
    let refused = "UpdateUserPoolClient:error=InvalidParameterException/400*1";
    let world = world_with(&[refused], &[], &[client(json!(["COGNITO"]))], SEVERAL);
    let run = |arguments: &[&str]| world.run(arguments).env("POOLCTL_SECRET_APPLE", APPLE_KEY).output();
    run(&["plan", "--save", "plan.json", "pool.yaml"]).expect(0);
    let saved = ["apply", "--yes", "--settle", "0", "--strict-stale", "plan.json"];
    run(&saved).expect(5);
    let again = run(&saved).expect(0);
    assert!(!again.stdout.contains("changed meanwhile"), "{again}");
    // What somebody else does meanwhile still counts.
    let moved = "CreateIdentityProvider:move=UserPoolTags.owner:\"ops\"*1";
    let world = world_with(&[moved, busy], &[], &[client(json!(["COGNITO"]))], SEVERAL);
    world.run(&apply).env("POOLCTL_SECRET_APPLE", APPLE_KEY).output().expect(5);
}

#[test]
fn what_moves_while_a_call_waits_to_be_sent_again_is_named_whether_it_is_planned_or_not() {
    let body = format!(
        "identityProviders: {{ Okta: {{ ProviderType: SAML, ProviderDetails: {{ MetadataURL: \"https://a.example.com\" }} }} }}\nclients: {{ web: {{ id: {WEB}, SupportedIdentityProviders: [COGNITO, Okta] }} }}\n"
    );
    for (moved, told) in [
        (
            format!("UserPoolClients[\"{WEB}\"].SupportedIdentityProviders:[\"Google\"]"),
            "not as declared clients.web.SupportedIdentityProviders expected [\"COGNITO\", \"Okta\"] found [\"Google\"]",
        ),
        (
            format!("UserPoolClients[\"{WEB}\"].AuthSessionValidity:9"),
            "changed although not planned clients.web.AuthSessionValidity",
        ),
    ] {
        // The third read of the client is the one before the call is sent again.
        let moved = format!("DescribeUserPoolClient@3:move={moved}*1");
        let busy = "UpdateUserPoolClient:throttle*1";
        let world = world_with(&[busy, &moved], &[], &[client(json!(["COGNITO"]))], &body);
        let stopped = world.run(&["apply", "--yes", "--settle", "0", "pool.yaml"]).output().expect(5);
        let outcome = "1 of 2 calls took effect (CreateIdentityProvider of `identityProviders.Okta`), UpdateUserPoolClient of `clients.web` did not, and the pool is not as planned";
        says(&stopped, &[outcome, told]);
        assert_eq!(world.calls("UpdateUserPoolClient"), 1, "{stopped}");
    }
}

#[test]
fn each_call_counts_its_own_attempts() {
    let body = "identityProviders: { Okta: { AttributeMapping: { name: cn } } }\ngroups: { staff: {} }\n";
    let busy = ["UpdateIdentityProvider:cut-before*1", "CreateGroup:throttle*2"];
    let world = world(&busy, &[okta()], body);
    let run = ["apply", "--yes", "--settle", "0", "--log-format", "json", "-v", "pool.yaml"];
    let applied = world.run(&run).output().expect(0);
    let events: Vec<Value> =
        applied.stderr.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let attempts = |operation: &str| -> Vec<String> {
        let own =
            events.iter().filter(|event| event["operation"] == operation && event.get("outcome").is_some());
        own.map(|event| format!("{} {}", event["attempt"], event["outcome"].as_str().unwrap())).collect()
    };
    assert_eq!(attempts("UpdateIdentityProvider"), ["1 unknown", "2 done"], "{applied}");
    assert_eq!(attempts("CreateGroup"), ["1 throttled", "2 throttled", "3 done"], "{applied}");
}

/// cdk-real-drift#961: Cognito makes a group of a provider, at the latest when somebody signs in through it.
#[test]
fn a_group_that_cognito_makes_for_a_provider_during_an_apply_did_not_move() {
    let group = |name: &str, more: &str| {
        format!("UpdateIdentityProvider:move=Groups[\"{name}\"]:{{\"GroupName\":\"{name}\"{more}}}*1")
    };
    let body = "identityProviders: { Okta: { AttributeMapping: { name: cn } } }\ngroups: { staff: {} }\n";
    let own = format!("{POOL}_Okta");
    for (fault, code) in [
        (group(&own, ""), 0),
        (group(&own, ",\"RoleArn\":\"arn:aws:iam::111122223333:role/a\""), 5),
        (group("others", ""), 5),
    ] {
        let world = world(&[&fault], &[okta()], body);
        let applied = world.apply();
        assert_eq!(applied.code, Some(code), "{fault}: {applied}");
    }
}

#[test]
fn a_name_of_cognitos_own_is_no_provider() {
    for entry in ["COGNITO: { ProviderType: SAML }", "Cognito: { remove: true, reason: gone }"] {
        let world = world(&[], &[], &format!("identityProviders: {{ {entry} }}\n"));
        let invalid = world.run(&["validate", "pool.yaml"]).output().expect(1);
        says(&invalid, &["reserved-key", "is a name of Cognito's own, which no identity provider can have"]);
    }
}

#[test]
fn an_identifier_of_a_provider_without_an_entry_is_a_conflict() {
    let mut taken = okta();
    taken["IdpIdentifiers"] = json!(["example.com"]);
    let entry = |identifier: &str| {
        format!(
            "identityProviders: {{ New: {{ ProviderType: SAML, ProviderDetails: {{ MetadataURL: \"https://a.example.com\" }}, IdpIdentifiers: [{identifier}] }} }}\n"
        )
    };
    let world = world(&[], &[taken, acme()], &entry("example.com"));
    let refused = world.apply().expect(3);
    let told = "has a name that another identity provider of the pool has too (`example.com`)";
    says(&refused, &["conflict identifier-taken", told]);
    assert!(!refused.to_string().contains(SECRET), "{refused}");
    world.run(&["snapshot", "-o", "saved", "pool.yaml"]).output().expect(0);
    world.run(&["plan", "--live", "saved", "pool.yaml"]).output().expect(3);
    assert_eq!(writes(&world), [0, 0, 0]);
    world.workspace.write("pool.yaml", manifest(&entry("example.org")));
    world.apply().expect(0);
    // Nobody is asked about names that a provider has already.
    let described = world.calls("DescribeIdentityProvider");
    is_as_declared(&world);
    assert_eq!(world.calls("DescribeIdentityProvider"), described + 1);
}

#[test]
fn null_for_an_endpoint_is_the_url_that_cognito_discovers() {
    let with = |details: &str| {
        manifest(&format!("identityProviders: {{ Acme: {{ ProviderDetails: {{ {details} }} }} }}\n"))
    };
    let world = world(&[], &[acme()], "");
    world.workspace.write("pool.yaml", with("authorize_url: ~, jwks_uri: ~"));
    is_as_declared(&world);
    // Another issuer brings its own, also where the manifest has `null`.
    let allow = ["--allow", "provider-trust-change"];
    world.workspace.write("pool.yaml", with("authorize_url: ~, oidc_issuer: \"https://new.example.com\""));
    world.apply_with(&allow).expect(0);
    assert_eq!(live(&world, "Acme")["ProviderDetails"]["authorize_url"], "https://new.example.com/authorize");
    is_as_declared(&world);
    world.workspace.write("pool.yaml", with("authorize_url: \"https://chosen.example.com\""));
    world.apply_with(&allow).expect(0);
    world.workspace.write("pool.yaml", with("authorize_url: ~"));
    let applied = world.apply_with(&allow).expect(0);
    says(&applied, &["discovered-again", "apply this once, then delete the line"]);
    is_as_declared(&world);
}

#[test]
fn an_endpoint_that_comes_back_under_another_host_is_verified_and_the_plan_says_why_it_stays() {
    let mut elsewhere = acme();
    elsewhere["ProviderDetails"]["token_url"] = json!("https://tokens.example.net/token");
    let body = "identityProviders: { Acme: { ProviderDetails: { token_url: ~ } } }\n";
    let back = "UpdateIdentityProvider:ignore=IdentityProviders.Acme.ProviderDetails.token_url";
    let world = world(&[back], &[elsewhere], body);
    world.apply_with(&["--allow", "provider-trust-change"]).expect(0);
    says(
        &world.run(&["plan", "pool.yaml"]).output(),
        &["discovered-again", "each plan removes the value again"],
    );
}

#[test]
fn an_adoption_writes_no_null_that_cognito_refuses_and_names_what_it_changes() {
    let body = "identityProviders:
  Google:
    ProviderDetails:
      client_id: h
      team_id: t
      api_version: v1
";
    let world = world(&[], &[google()], body);
    let adopted = world.run(&["adopt", "pool.yaml"]).output().expect(1);
    says(
        &adopted,
        &[
            "team_id` was not adopted",
            "delete the line",
            "ProviderDetails.api_version pool.yaml:8 v1 → removed",
        ],
    );
    assert!(!adopted.stdout.contains("identityProviders.Google removed"), "{adopted}");
    let text = std::fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
    assert_eq!(
        text,
        manifest(&body.replace("client_id: h", "client_id: g").replace("version: v1", "version: null"))
    );
}

#[test]
fn what_another_setting_replaces_is_one_difference() {
    let body = "identityProviders: { Okta: { ProviderDetails: { MetadataFile: \"${file:okta.xml}\" } } }\n";
    let world = world(&[], &[okta()], body);
    world.workspace.write("okta.xml", "<EntityDescriptor/>\n");
    let drift = world.run(&["drift", "pool.yaml"]).output().expect(2);
    assert_eq!(drift.stdout.matches("https://okta.example.com/metadata").count(), 1, "{drift}");
}

#[test]
fn a_restore_leaves_what_a_client_still_names_and_says_so() {
    let body = "resourceServers: { api: { Name: api, Scopes: [{ ScopeName: read, ScopeDescription: d }, { ScopeName: write, ScopeDescription: d }] } }
identityProviders: { Okta: { ProviderType: SAML, ProviderDetails: { MetadataURL: \"https://okta.example.com\" } } }
groups: { admins: {} }
clients:
  new:
    SupportedIdentityProviders: [COGNITO, Okta]
    AllowedOAuthFlowsUserPoolClient: true
    AllowedOAuthFlows: [code]
    AllowedOAuthScopes: [api/read, api/write]
    CallbackURLs: [https://a.example.com]
";
    let world = world(&[], &[], body);
    world.apply().expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    let restore = ["restore", "--yes", "--settle", "0", "--allow", "group-removal", &backup];
    let restored = world.run(&restore).output().expect(0);
    says(
        &restored,
        &[
            "that run was to make `clients.new`. If it did, that stays",
            "warning still-named: `api/read` stays, because these app clients still name it: new (",
            "in `AllowedOAuthScopes`",
            "warning still-named: `Okta` stays",
            "remove the name from these clients, then restore again",
        ],
    );
    let pool = world.live();
    assert_eq!((&pool["Groups"], writes(&world)), (&Value::Null, [1, 0, 0]));
    assert_eq!(pool["ResourceServers"][0]["Scopes"].as_array().unwrap().len(), 2);
}

#[test]
fn a_restore_without_apples_key_restores_the_rest_and_says_what_stays() {
    let body = "identityProviders: { SignInWithApple: { ProviderDetails: { key_id: new, private_key: \"${secret:APPLE}\" } } }
groups: { admins: {} }
";
    let world = world_with(&[], &[apple()], &[client(json!(["COGNITO", "SignInWithApple"]))], body);
    let apply = ["apply", "--yes", "--settle", "0", "pool.yaml"];
    world.run(&apply).env("POOLCTL_SECRET_APPLE", APPLE_KEY).output().expect(0);
    // The backup that is not among those from before a run.
    let undo = |world: &World, earlier: &[String]| {
        let backup = world.backups().into_iter().find(|backup| !earlier.contains(backup)).unwrap();
        let backup = format!(".poolctl/backups/{backup}");
        let restore = ["restore", "--yes", "--settle", "0", "--allow", "group-removal,token-longer", &backup];
        world.run(&restore).output().expect(0)
    };
    says(
        &undo(&world, &[]),
        &[
            "`identityProviders.SignInWithApple.ProviderDetails` stays as it is",
            "which neither Cognito nor a backup has",
        ],
    );
    assert_eq!(live(&world, "SignInWithApple")["ProviderDetails"]["key_id"], "new");
    assert_eq!(world.live()["Groups"], Value::Null);
    // One that is gone is not made again, nor named again.
    let body = format!(
        "identityProviders: {{ SignInWithApple: {{ remove: true, reason: r }} }}
clients: {{ web: {{ id: {WEB}, SupportedIdentityProviders: [COGNITO], RefreshTokenValidity: 9 }} }}\n"
    );
    world.workspace.write("pool.yaml", manifest(&body));
    let earlier = world.backups();
    world.apply_with(&["--allow", "provider-removal"]).expect(0);
    says(
        &undo(&world, &earlier),
        &[
            "`identityProviders.SignInWithApple` is not made again",
            "`clients.web` does not name `identityProviders.SignInWithApple` again",
        ],
    );
    let client = &world.live()["UserPoolClients"][0];
    assert_eq!(
        (&client["RefreshTokenValidity"], &client["SupportedIdentityProviders"]),
        (&json!(30), &json!(["COGNITO"]))
    );
}

#[test]
fn a_member_that_no_request_has_is_kept_whatever_becomes_of_unknown_ones() {
    let mut newer = okta();
    newer["BrandNew"] = json!({"On": true});
    let body = "identityProviders: { Okta: { AttributeMapping: { name: cn } } }\n";
    for unknown in ["echo", "stop", "omit"] {
        let world = world(&[], &[newer.clone()], body);
        let applied = world.apply_with(&["--unknown", unknown]).expect(0);
        says(&applied, &["note unknown-member", "in no request, so Cognito keeps it"]);
        assert_eq!(live(&world, "Okta")["BrandNew"], json!({"On": true}));
    }
}

#[test]
fn a_detail_that_cognito_demands_cannot_be_omitted() {
    let omit = |detail: &str| {
        format!(
            "identityProviders: {{ Okta: {{ AttributeMapping: {{ name: cn }} }} }}
omit: [{{ path: identityProviders.Okta.ProviderDetails.{detail}, reason: r }}]\n"
        )
    };
    let world = world(&[], &[okta()], &omit("MetadataURL"));
    let invalid = world.run(&["validate", "pool.yaml"]).output().expect(1);
    says(&invalid, &["cannot be sent without", "omit the whole of `identityProviders.Okta.ProviderDetails`"]);
    world.workspace.write("pool.yaml", manifest(&omit("IDPInit")));
    world.run(&["validate", "pool.yaml"]).output().expect(0);
}

#[test]
fn damaged_secret_values_of_a_backup_have_a_remedy_of_their_own() {
    let body = "identityProviders: { Google: { remove: true, reason: r } }\n";
    let world = world(&[], &[google()], body);
    world.apply_with(&["--allow", "provider-removal"]).expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    let secrets = backup.replace(".json", ".secrets.json");
    for (text, told) in [
        ("{", "is damaged"),
        ("{\"secrets_version\":\"1\",\"pool\":\"eu-west-1_Other\",\"values\":[]}", "is of another backup"),
    ] {
        world.workspace.write(&secrets, text);
        let failed = world.run(&["restore", "--yes", &backup]).output().expect(1);
        says(&failed, &[&secrets, told, "put back the file that the run wrote beside the backup"]);
    }
}

#[test]
fn a_name_that_is_still_used_is_named_with_its_list_and_its_place() {
    let body = "identityProviders: { Okta: { remove: true, reason: r } }
clients: { web: { SupportedIdentityProviders: [Okta] } }\n";
    let world = world_with(&[], &[okta()], &[client(json!(["Okta"]))], body);
    let refused = world.apply_with(&["--allow", "provider-removal"]).expect(3);
    says(&refused, &["`clients.web` in `SupportedIdentityProviders` (pool.yaml:4)"]);
}

#[test]
fn an_option_that_allows_nothing_is_a_warning_with_the_place_that_it_could_mean() {
    let body = "identityProviders: { Google: { AttributeMapping: {} } }\n";
    let world = world(&[], &[google()], body);
    let plan = |allow: &str| world.run(&["plan", "--allow", allow, "pool.yaml"]).output();
    let code = "provider-mapping-change";
    let missed = plan(&format!("{code}@identityProviders.Gogle"));
    says(
        &missed,
        &[
            "`--allow provider-mapping-change@identityProviders.Gogle` allows nothing of what is planned",
            "what it allows is at `identityProviders.Google.AttributeMapping",
        ],
    );
    says(&plan(&format!("{code}@groups.admins")), &["allows nothing of what is planned"]);
    for used in [code.to_owned(), format!("{code}@identityProviders.Google")] {
        assert!(!plan(&used).stderr.contains("allows nothing"), "{used}");
    }
    // Nobody can take an option out of a saved plan.
    let allow = format!("{code}@identityProviders.Google");
    world.run(&["plan", "--allow", &allow, "--save", "plan.json", "pool.yaml"]).output().expect(0);
    for _ in 0..2 {
        let applied = world.run(&["apply", "--settle", "0", "plan.json"]).output().expect(0);
        assert!(!applied.stderr.contains("allows nothing"), "{applied}");
    }
}

#[test]
fn drift_says_what_an_undeclared_provider_is_and_which_clients_name_it() {
    let mut other = client(json!(["COGNITO"]));
    other["ClientId"] = json!("2otherotherotherotherother");
    other["ClientName"] = json!("other");
    let clients = [client(json!(["COGNITO", "Acme"])), other];
    let world = world_with(&[], &[okta(), acme()], &clients, "watch: [identityProviders]\n");
    let drift = world.run(&["drift", "pool.yaml"]).output().expect(2);
    let acme = "Acme not declared (ProviderType OIDC, CreationDate 2023-11-14T22:13Z) oidc_issuer https://id.example.com named by web (1webwebwebwebwebwebwebweb1)";
    let okta =
        "MetadataURL https://okta.example.com/metadata named by none of the app clients that were read";
    says(&drift, &[acme, okta]);
    let json = world.run(&["drift", "--format", "json", "pool.yaml"]).output().expect(2).stdout;
    let report: Value = serde_json::from_str(&json).unwrap();
    let undeclared = report["pools"][0]["undeclared"].as_array().unwrap();
    let named: Vec<(&Value, &Value)> =
        undeclared.iter().map(|one| (&one["path"][1], &one["named_by"])).collect();
    let web = json!(["web (1webwebwebwebwebwebwebweb1)"]);
    assert_eq!(named, [(&json!("Acme"), &web), (&json!("Okta"), &json!([]))]);
    // A client of the manifest has its path, and nothing is read of providers that are ignored.
    let body = format!(
        "watch: [identityProviders]\nclients: {{ web: {{ id: {WEB}, SupportedIdentityProviders: {{ has: [COGNITO] }} }} }}\n"
    );
    world.workspace.write("pool.yaml", manifest(&body));
    says(&world.run(&["drift", "pool.yaml"]).output().expect(2), &["named by clients.web"]);
    let described = world.calls("DescribeIdentityProvider");
    let ignored = format!("{body}ignore: [{{ path: 'identityProviders[\"*\"]', reason: theirs }}]\n");
    world.workspace.write("pool.yaml", manifest(&ignored));
    world.run(&["drift", "pool.yaml"]).output();
    assert_eq!(world.calls("DescribeIdentityProvider"), described);
}

#[test]
fn drift_describes_no_more_app_clients_than_other_looks_and_says_so() {
    let client = |number: usize| {
        let mut client = client(json!(["Acme"]));
        client["ClientId"] = json!(format!("client{number:020}"));
        client["ClientName"] = json!(format!("c{number}"));
        client
    };
    for (clients, described) in [(60, 60), (61, 0)] {
        let clients: Vec<Value> = (0..clients).map(client).collect();
        for body in ["watch: [identityProviders]\n", "watch: [identityProviders, clients]\n"] {
            let world = world_with(&[], &[acme()], &clients, body);
            let drift = world.run(&["drift", "pool.yaml"]).output().expect(2);
            assert_eq!(world.calls("DescribeUserPoolClient"), described, "{drift}");
            assert_eq!(drift.stdout.contains("named by c0 (client00000000000000000000)"), described > 0);
            let told = "names-unchecked: the pool has 61 app clients that were not read, and drift describes 60 at most: it does not say which of them name an undeclared identity provider";
            let words = drift.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(words.contains(told), described == 0, "{drift}");
        }
    }
}

#[test]
fn drift_does_not_say_who_names_a_provider_where_it_must_not_read_clients() {
    let denied = ["DescribeUserPoolClient:access-denied"];
    let clients = [client(json!(["Acme"]))];
    let world = world_with(&denied, &[acme()], &clients, "watch: [identityProviders]\n");
    let drift = world.run(&["drift", "pool.yaml"]).output().expect(2);
    says(&drift, &["Acme not declared"]);
    assert!(!drift.stdout.contains("named by"), "{drift}");
}

#[test]
fn a_provider_under_another_name_is_not_made_beside_the_one_that_exists() {
    let entry = |name: &str, url: &str| {
        format!(
            "identityProviders: {{ {name}: {{ ProviderType: SAML, ProviderDetails: {{ MetadataURL: \"{url}\" }} }} }}\n"
        )
    };
    let same = "https://okta.example.com/metadata";
    let renamed = world(&[], &[okta()], &entry("Okta-new", same));
    let refused = renamed.apply().expect(3);
    let told = "`identityProviders.Okta-new` looks like `Okta`, which no entry stands for";
    says(&refused, &["risk provider-twin", told, "call it `Okta`: an identity provider cannot be renamed"]);
    assert_eq!(writes(&renamed), [0, 0, 0]);
    renamed.apply_with(&["--allow", "provider-twin"]).expect(0);
    assert_eq!(writes(&renamed), [1, 0, 0]);
    let spelled = world(&[], &[okta()], &entry("Other", "HTTPS://Okta.example.com:443/metadata/"));
    says(&spelled.run(&["plan", "pool.yaml"]).output().expect(3), &["risk provider-twin"]);
    let plain = world(&[], &[okta()], &entry("Other", "http://okta.example.com/metadata"));
    says(&plain.run(&["plan", "pool.yaml"]).output().expect(3), &["risk provider-twin"]);
    let oidc = |issuer: &str| {
        format!(
            "identityProviders: {{ New: {{ ProviderType: OIDC, ProviderDetails: {{ client_id: c, authorize_scopes: openid, attributes_request_method: GET, oidc_issuer: \"{issuer}\" }} }} }}\n"
        )
    };
    let issuer = acme()["ProviderDetails"]["oidc_issuer"].as_str().unwrap().to_owned();
    let described = world(&[], &[acme()], &oidc(&format!("{issuer}/.well-known/openid-configuration")));
    says(&described.run(&["plan", "pool.yaml"]).output().expect(3), &["risk provider-twin"]);
    // The case of the letters is no other name, and another metadata document is another provider.
    for (name, code) in [("OKTA", 3), ("Other", 0)] {
        let world = world(&[], &[okta()], &entry(name, "https://other.example.com/metadata"));
        let plan = world.run(&["plan", "pool.yaml"]).output().expect(code);
        assert_eq!(plan.stdout.contains("provider-twin"), code == 3, "{plan}");
    }
    // Whoever removes the old one has said so.
    let body = entry("Okta-new", same).replace("}\n", ", Okta: { remove: true, reason: moved } }\n");
    let moved = world(&[], &[okta()], &body);
    let plan = moved.run(&["plan", "pool.yaml"]).output().expect(3);
    assert!(plan.stdout.contains("provider-removal") && !plan.stdout.contains("provider-twin"), "{plan}");
}

#[test]
fn two_twins_are_each_named() {
    let body = "identityProviders:
  okta: { ProviderType: SAML, ProviderDetails: { MetadataURL: \"https://a.example.com\" } }
  ACME: { ProviderType: SAML, ProviderDetails: { MetadataURL: \"https://b.example.com\" } }
";
    let world = world(&[], &[okta(), acme()], body);
    says(&world.run(&["plan", "pool.yaml"]).output().expect(3), &["call it `Okta`", "call it `Acme`"]);
}

#[test]
fn a_conflict_is_at_the_key_that_breaks_the_rule() {
    let body = "identityProviders: { Okta: { AttributeMapping: { name: cn, custom:no: x } } }\n";
    let world = world(&[], &[okta()], body);
    says(
        &world.run(&["plan", "pool.yaml"]).output().expect(3),
        &["+ custom:no x pool.yaml:3 ✗ conflict mapping-attribute"],
    );
}

#[test]
fn an_identifier_that_another_change_takes_is_reported_there_alone() {
    let mut taken = okta();
    taken["IdpIdentifiers"] = json!(["example.com"]);
    let body = "identityProviders:
  Okta: { AttributeMapping: { name: cn } }
  New: { ProviderType: SAML, ProviderDetails: { MetadataURL: \"https://a.example.com\" }, IdpIdentifiers: [example.com] }
";
    let world = world(&[], &[taken], body);
    let refused = world.run(&["plan", "pool.yaml"]).output().expect(3);
    says(&refused, &["1 conflict"]);
    assert!(!refused.to_string().contains("already has this combination"), "{refused}");
}

#[test]
fn a_mapped_attribute_that_a_client_may_not_write_is_warned_of_whichever_of_the_two_changes() {
    let mut web = client(json!(["Okta"]));
    web["WriteAttributes"] = json!(["email"]);
    let entry = |client: &str, mapping: &str| {
        format!(
            "clients: {{ web: {{ id: {WEB}, {client} }} }}\nidentityProviders: {{ Okta: {{ AttributeMapping: {mapping} }} }}\n"
        )
    };
    let told = "`WriteAttributes` lacks (`name`)";
    let world =
        world_with(&[], &[okta()], &[web], &entry("RefreshTokenValidity: 30", "{ email: mail, name: cn }"));
    let by_provider = world.run(&["plan", "pool.yaml"]).output().expect(0);
    says(&by_provider, &["warning mapping-not-writable: `clients.web`: sign-ins", told, "1 warning"]);
    world.apply().expect(0);
    // What is so already is not said again of a client that stays.
    let later = world.run(&["plan", "pool.yaml"]).output().expect(0);
    assert!(!later.stdout.contains("mapping-not-writable"), "{later}");
    world.workspace.write("pool.yaml", manifest(&entry("WriteAttributes: []", "{ email: mail }")));
    let free = world.run(&["plan", "pool.yaml"]).output().expect(0);
    assert!(!free.stdout.contains("mapping-not-writable"), "{free}");
    let own = entry("WriteAttributes: [name]", "{ email: mail, name: cn }");
    world.workspace.write("pool.yaml", manifest(&own));
    says(&world.run(&["plan", "pool.yaml"]).output().expect(0), &["`WriteAttributes` lacks (`email`)"]);
}

#[test]
fn a_mapped_attribute_that_cannot_change_is_warned_of() {
    let body = "settings: { Schema: [{ Name: tenant, AttributeDataType: String, Mutable: false }] }
identityProviders: { Okta: { AttributeMapping: { custom:tenant: tenant } } }
";
    let world = world(&[], &[okta()], body);
    says(
        &world.run(&["plan", "pool.yaml"]).output().expect(0),
        &["warning mapping-immutable", "(`custom:tenant`)"],
    );
    world.workspace.write("pool.yaml", manifest(&body.replace("false", "true")));
    let plan = world.run(&["plan", "pool.yaml"]).output().expect(0);
    assert!(!plan.stdout.contains("mapping-immutable"), "{plan}");
}

#[test]
fn another_claim_for_a_custom_attribute_blocks_and_a_new_one_does_not() {
    let mut mapped = okta();
    mapped["AttributeMapping"]["custom:role"] = json!("role");
    let body = "settings: { Schema: [{ Name: role, AttributeDataType: String, Mutable: true }, { Name: tenant, AttributeDataType: String, Mutable: true }] }
identityProviders: { Okta: { AttributeMapping: { custom:role: nickname, custom:tenant: tenant } } }
";
    let world = world(&[], &[mapped], body);
    let plan = world.run(&["plan", "pool.yaml"]).output().expect(3);
    says(&plan, &["~ custom:role role → nickname", "risk provider-mapping-change", "1 risk"]);
    world.workspace.write("pool.yaml", manifest(&body.replace("nickname", "role")));
    world.run(&["plan", "pool.yaml"]).output().expect(0);
}

#[test]
fn the_secret_values_of_a_backup_are_no_backup_under_any_name() {
    let body = "identityProviders: { Google: { AttributeMapping: { name: name } } }\n";
    let world = world(&[], &[google()], body);
    world.apply().expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    let secrets = backup.replace(".json", ".secrets.json");
    let refused = world.run(&["restore", &secrets]).output().expect(1);
    let told = format!("name the backup, `{backup}`");
    says(&refused, &["has the secret values of a backup, and is not the backup itself", &told]);
    world
        .workspace
        .write("copy.json", std::fs::read_to_string(world.workspace.path().join(&secrets)).unwrap());
    let refused = world.run(&["restore", "copy.json"]).output().expect(1);
    says(&refused, &["copy.json has the secret values of a backup", "name a backup"]);
}

#[test]
fn what_a_plan_removes_while_others_name_it_is_one_conflict() {
    let body = format!(
        "identityProviders: {{ Okta: {{ remove: true, reason: r }} }}\nclients: {{ web: {{ id: {WEB}, RefreshTokenValidity: 9 }} }}\n"
    );
    let world = world_with(&[], &[okta()], &[client(json!(["Okta"]))], &body);
    let refused = world.apply_with(&["--allow", "provider-removal"]).expect(3);
    says(&refused, &["conflict still-named", "`clients.web` in `SupportedIdentityProviders`", "1 conflict"]);
    assert!(!refused.to_string().contains("provider-missing"), "{refused}");
}

#[test]
fn a_provider_in_other_letters_is_answered_with_the_name_that_the_pool_has() {
    let body = format!("clients: {{ web: {{ id: {WEB}, SupportedIdentityProviders: [okta] }} }}\n");
    let world = world_with(&[], &[okta()], &[client(json!(["Okta"]))], &body);
    says(
        &world.run(&["plan", "pool.yaml"]).output().expect(3),
        &["conflict provider-missing", "did you mean `Okta`?"],
    );
}

#[test]
fn sign_ins_begun_at_a_provider_are_warned_of_beside_other_sign_ins() {
    let details = "ProviderDetails: { IDPInit: \"true\" }";
    let body =
        format!("identityProviders: {{ Okta: {{ {details} }} }}\nclients: {{ web: {{ id: {WEB} }} }}\n");
    let world = world_with(&[], &[okta()], &[client(json!(["COGNITO", "Okta"]))], &body);
    let plan = ["plan", "--allow", "saml-sign-in-weaker", "pool.yaml"];
    says(
        &world.run(&plan).output().expect(0),
        &["warning idp-init-beside-others: `clients.web`: the app client has a SAML provider", "1 warning"],
    );
    let alone = body.replace(WEB, &format!("{WEB}, SupportedIdentityProviders: [Okta]"));
    world.workspace.write("pool.yaml", manifest(&alone));
    let alone = world.run(&plan).output().expect(0);
    assert!(!alone.stdout.contains("idp-init-beside-others"), "{alone}");
}
