//! A pool with everything that may live in it: imported, planned, changed in each part, proved, and restored.

use serde_json::{Map, Value, json};

use super::clients::{WEB, batch, web, world_with};
use crate::harness::world::{POOL, World};

fn client(id: &str, name: &str) -> Value {
    let mut client = web();
    client["ClientId"] = json!(id);
    client["ClientName"] = json!(name);
    client["CallbackURLs"] = json!([format!("https://{name}.example.com/cb")]);
    client["DefaultRedirectURI"] = Value::Null;
    client
}

/// Four clients, three providers, two servers, five groups, a custom domain, branding, sessions, risk and logs.
pub(super) fn everything(document: &mut Map<String, Value>) {
    let pool = document["UserPool"].as_object_mut().unwrap();
    pool.extend(object(json!({
        "UserPoolTier": "PLUS", "UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"},
        "CustomDomain": "login.example.com",
    })));
    let attributes = ["sub", "email", "name", "identities"];
    pool["SchemaAttributes"] =
        attributes.map(|name| json!({"Name": name, "Mutable": name != "sub"})).as_slice().into();
    let provider = |name: &str, kind: &str, details: Value| {
        json!({
            "UserPoolId": POOL, "ProviderName": name, "ProviderType": kind, "ProviderDetails": details,
            "AttributeMapping": {"email": "email", "username": "sub"}, "IdpIdentifiers": [],
        })
    };
    let oidc = json!({
        "client_id": "c", "client_secret": "s3cret-of-a-provider", "authorize_scopes": "openid",
        "oidc_issuer": "https://id.example.com", "attributes_request_method": "GET",
    });
    let google =
        json!({"client_id": "g", "client_secret": "s3cret-of-google", "authorize_scopes": "openid email"});
    let saml = json!({"MetadataURL": "https://saml.example.com/metadata"});
    let server = |name: &str| {
        let scopes = json!([{"ScopeName": "read", "ScopeDescription": "Read"}]);
        json!({"UserPoolId": POOL, "Identifier": name, "Name": name, "Scopes": scopes})
    };
    let group = |(precedence, name): (usize, &str)| json!({"UserPoolId": POOL, "GroupName": name, "Description": name, "Precedence": precedence});
    let groups: Vec<Value> =
        ["admins", "staff", "guests", "robots", "auditors"].into_iter().enumerate().map(group).collect();
    let domain = json!({
        "UserPoolId": POOL, "AWSAccountId": "111122223333", "Domain": "login.example.com", "Status": "ACTIVE",
        "ManagedLoginVersion": 2,
        "CustomDomainConfig": {"CertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"},
    });
    let log = json!({"LogLevel": "ERROR", "EventSource": "userNotification", "CloudWatchLogsConfiguration": {"LogGroupArn": "arn:aws:logs:eu-west-1:111122223333:log-group:a"}});
    document.extend(object(json!({
        "UserPoolClients": [web(), batch(), client("3shop", "shop"), client("4kiosk", "kiosk")],
        "IdentityProviders": [provider("Okta", "SAML", saml), provider("Partner", "OIDC", oidc), provider("Google", "Google", google)],
        "ResourceServers": [server("orders"), server("stock")],
        "Groups": groups,
        "Domains": [domain],
        "RiskConfiguration": {"UserPoolId": POOL, "RiskExceptionConfiguration": {"BlockedIPRangeList": ["203.0.113.0/24"]}},
        "SessionConfiguration": {"UserPoolId": POOL, "UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 5}},
        "LogDeliveryConfiguration": {"UserPoolId": POOL, "LogConfigurations": [log]},
        "ManagedLoginBrandings": [{
            "UserPoolId": POOL, "ClientId": WEB, "ManagedLoginBrandingId": "7d9d0b4e-0f5a-4b0e-9d1e-3d3b0a6a1c2e",
            "UseCognitoProvidedValues": false, "Settings": {"components": {"form": {"borderRadius": 8}}},
            "Assets": [{"Category": "FORM_LOGO", "ColorMode": "LIGHT", "Extension": "PNG", "Bytes": "iVBORw0KGgo="}],
        }],
        "ClientSessionConfigurations": [{"UserPoolId": POOL, "ClientId": WEB, "SSOSession": {"MaxValidityMinutes": 30}}],
    })));
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

/// The changes, one in each part of the manifest, and the call that makes each.
const CHANGES: [(&str, &str, &str); 11] = [
    ("AuthSessionValidity: 5\n", "AuthSessionValidity: 6\n", "UpdateUserPoolClient"),
    ("borderRadius: 8\n", "borderRadius: 12\n", "UpdateManagedLoginBranding"),
    ("MaxValidityMinutes: 30\n", "MaxValidityMinutes: 20\n", "SetUserPoolClientSessionConfiguration"),
    ("https://saml.example.com/metadata", "https://saml.example.com/other", "UpdateIdentityProvider"),
    ("Name: stock\n", "Name: Stock\n", "UpdateResourceServer"),
    ("Description: staff\n", "Description: all of us\n", "UpdateGroup"),
    ("ManagedLoginVersion: 2\n", "ManagedLoginVersion: 1\n", "UpdateUserPoolDomain"),
    ("203.0.113.0/24", "203.0.113.0/25", "SetRiskConfiguration"),
    ("MaxPerUser: 5\n", "MaxPerUser: 4\n", "SetUserPoolSessionConfiguration"),
    ("log-group:a", "log-group:b", "SetLogDeliveryConfiguration"),
    ("PoolName: customers\n", "PoolName: clients\n", "UpdateUserPool"),
];

#[test]
fn a_whole_pool_is_imported_changed_in_every_part_and_restored() {
    let world = world_with(&[], &[], "", everything);
    world.run(&["import", POOL, "-o", "pools"]).output().expect(0);
    let file = world.workspace.path().join("pools/customers.yaml");
    let imported = std::fs::read_to_string(&file).unwrap();
    let unchanged = world.run(&["plan", "--detailed-exitcode", "pools"]).output().expect(0);
    assert!(unchanged.stdout.contains("No changes."), "{unchanged}");
    let changed = CHANGES.iter().fold(imported.clone(), |manifest, (old, new, _)| {
        assert!(manifest.contains(old), "{old:?} is not in\n{manifest}");
        manifest.replacen(old, new, 1)
    });
    std::fs::write(&file, changed).unwrap();
    let risks = "--allow=provider-trust-change,threat-response-weaker,login-version,log-destination-change";
    world.run(&["apply", "--yes", "--settle", "0", risks, "pools"]).output().expect(0);
    for (_, new, call) in CHANGES {
        assert_eq!(world.calls(call), 1, "{call} for {new:?}");
    }
    world.run(&["plan", "--detailed-exitcode", "pools"]).output().expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    world.run(&["restore", "--yes", "--settle", "0", risks, &backup]).output().expect(0);
    world.run(&["import", POOL, "-o", "again"]).output().expect(0);
    let again = std::fs::read_to_string(world.workspace.path().join("again/customers.yaml")).unwrap();
    assert_eq!(again, imported);
}

/// The manifest with all changes, and a pool that refuses this call once.
fn changing(refused: &str) -> World {
    let fault = format!("{refused}:error=InvalidParameterException*1");
    let world = world_with(&[&fault], &[], "", everything);
    world.run(&["import", POOL, "-o", "pools"]).output().expect(0);
    let file = world.workspace.path().join("pools/customers.yaml");
    let imported = std::fs::read_to_string(&file).unwrap();
    let changed = CHANGES.iter().fold(imported, |manifest, (old, new, _)| manifest.replacen(old, new, 1));
    std::fs::write(&file, changed).unwrap();
    world
}

/// The first of the calls, two between, and the last.
const REFUSED: [&str; 4] =
    ["UpdateUserPool", "UpdateIdentityProvider", "UpdateManagedLoginBranding", "SetLogDeliveryConfiguration"];

/// Whichever call is refused: one error names it, what took effect is told, and the next run does the rest and nothing
/// twice. A restore undoes what took effect.
#[test]
fn a_refusal_half_way_is_one_error_and_the_next_run_or_a_restore_finishes() {
    let risks = "--allow=provider-trust-change,threat-response-weaker,login-version,log-destination-change";
    let apply = ["apply", "--yes", "--settle", "0", risks, "pools"];
    for (number, call) in REFUSED.iter().enumerate() {
        let world = changing(call);
        let refused = world.run(&apply).output();
        // Then nothing is written.
        let is_first = number == 0;
        assert_eq!(refused.code, Some(if is_first { 1 } else { 5 }), "{call}: {refused}");
        assert_eq!(refused.stderr.matches("error:").count(), 1, "{call}: {refused}");
        assert!(refused.stderr.contains(&format!("error: {call} ")), "{call}: {refused}");
        assert!(is_first || refused.stdout.contains("took effect"), "{call}: {refused}");
        assert_eq!(is_first, !refused.stderr.contains("undo:"), "{call}: {refused}");
        if number % 2 == 0 {
            world.run(&apply).output().expect(0);
            for (_, new, made) in CHANGES {
                let expected = if made == *call { 2 } else { 1 };
                assert_eq!(world.calls(made), expected, "{call}: {made} for {new:?}");
            }
            world.run(&["plan", "--detailed-exitcode", "pools"]).output().expect(0);
        } else {
            let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
            world.run(&["restore", "--yes", "--settle", "0", risks, &backup]).output().expect(0);
            let again = world.run(&["plan", "--format", "json", "pools"]).output();
            let changes = again.json()["pools"][0]["changes"].as_array().map(Vec::len);
            assert_eq!(changes, Some(CHANGES.len()), "{call}: {again}");
        }
    }
}

#[test]
fn a_whole_pool_is_made_again_under_another_name() {
    let world = world_with(&[], &[], "", everything);
    let copied = |pool: &str, file: &str| {
        let import = ["import", pool, "--as-new", "customers-copy", "-o", file];
        let imported = world.run(&import).output().expect(0);
        let text = std::fs::read_to_string(world.workspace.path().join(file)).unwrap();
        // The word is by chance.
        let is_same = |line: &&str| !line.starts_with("create: ");
        (imported, text.lines().filter(is_same).collect::<Vec<_>>().join("\n"))
    };
    let made = |file: &str| {
        let allow = "pool-created,create-lookalike,threat-protection-off";
        let made = world.run(&["apply", "--yes", "--settle", "0", "--allow", allow, file]);
        let made = made.env("POOLCTL_SECRET_Google_ProviderDetails_client_secret", "s3cret-of-google");
        let made = made.env("POOLCTL_SECRET_Partner_ProviderDetails_client_secret", "s3cret-of-a-provider");
        let made = made.output();
        assert_eq!(made.code, Some(0), "{made}");
        made.stderr.split("made the pool ").nth(1).unwrap().split(';').next().unwrap().to_owned()
    };
    let (imported, _) = copied(POOL, "first/copy.yaml");
    for told in ["set POOLCTL_SECRET_Google_ProviderDetails_client_secret", "another pool cannot have it"] {
        assert!(imported.stderr.contains(told), "{imported}");
    }
    // A pool that Cognito has made has all that it fills in, and so has each copy.
    let first = made("first/copy.yaml");
    let (_, manifest) = copied(&first, "second/copy.yaml");
    let second = made("second/copy.yaml");
    assert_ne!(first, second);
    assert_eq!(copied(&second, "third/copy.yaml").1, manifest);
}
