//! `poolctl snapshot`: documents without secrets, and plans from them.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use crate::harness::world::{POOL, World};

/// What must be in no file of a snapshot.
const SECRETS: [&str; 5] =
    ["external-id-of-the-pool", "external-id-of-web", "secret-of-web", "unknown-of-web", "word-of-the-mail"];

const MANIFEST: &str = "version: 1
pool: eu-west-1_a1B2c3D4E
settings:
  DeletionProtection: ACTIVE
  SmsConfiguration: { ExternalId: declared }
groups:
  admins: { Description: all }
resourceServers:
  https://api.example.com: { Name: API, Scopes: [{ ScopeName: read, ScopeDescription: Read }] }
clients:
  web: { CallbackURLs: [\"https://shop.example.com/\"], GenerateSecret: true }
  batch: { ClientName: nightly }
logDelivery:
  LogConfigurations: []
";

/// A pool with secrets in its documents.
fn world() -> World {
    let world = World::with(&[], |document| {
        document["UserPool"]["SmsConfiguration"]["ExternalId"] = json!("external-id-of-the-pool");
        document["UserPool"]["EmailVerificationMessage"] = json!("word-of-the-mail {####}");
        document["UserPoolClients"] = json!([{
            "UserPoolId": POOL, "ClientId": "1abcdefghijklmnopqrstuvwx1", "ClientName": "web",
            "ClientSecret": "secret-of-web", "RefreshTokenValidity": 30, "CreationDate": 1.0,
            "LastModifiedDate": 1.0, "NewMember": {"Key": "unknown-of-web"},
            "AnalyticsConfiguration": {
                "ApplicationId": "0123456789abcdef0123456789abcdef", "ExternalId": "external-id-of-web",
                "RoleArn": "arn:aws:iam::111122223333:role/pinpoint", "UserDataShared": true,
            },
        }, {
            "UserPoolId": POOL, "ClientId": "2abcdefghijklmnopqrstuvwx2", "ClientName": "theirs",
            "ClientSecret": "secret-of-web-not", "RefreshTokenValidity": 30,
        }]);
        document["Groups"] = json!([{"GroupName": "admins", "UserPoolId": POOL}]);
    });
    world.workspace.write("pool.yaml", MANIFEST);
    world
}

fn names(world: &World) -> BTreeSet<String> {
    let files = fs::read_dir(world.workspace.path().join("live")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != ".poolctl-snapshot").collect()
}

fn plan(world: &World, arguments: &[&str]) -> Value {
    let plan = [&["plan", "--format", "json", "pool.yaml"], arguments].concat();
    let output = world.run(&plan).output();
    assert!([0, 3].contains(&output.code.unwrap()), "{output}");
    output.json()["pools"].clone()
}

#[test]
fn a_plan_from_a_snapshot_is_the_plan_from_the_pool_and_no_secret_is_saved() {
    let world = world();
    let manifest = MANIFEST.replace("  SmsConfiguration: { ExternalId: declared }\n", "");
    world.workspace.write("pool.yaml", &manifest);
    let output = world.run(&["snapshot", "-o", "live", "pool.yaml"]).output().expect(0);
    assert!(output.stderr.contains("Wrote the documents of 1 pool into live."), "{output}");
    let next = "To plan without credentials: poolctl plan --live=live pool.yaml";
    assert!(output.stderr.contains(next), "{output}");
    let file = |ending: &str| format!("{POOL}{ending}");
    let expected = [".json", ".mfa.json", ".groups.json", ".resourceServers.json", ".clients.json"];
    let expected = expected.into_iter().chain([".logDelivery.json", ".identityProviders.json"]);
    let expected = expected.chain([".cimdPolicies.json"]).map(file).collect();
    assert_eq!(names(&world), expected);
    for name in names(&world) {
        let text = fs::read_to_string(world.workspace.path().join("live").join(&name)).unwrap();
        for secret in SECRETS.iter().filter(|secret| **secret != "word-of-the-mail") {
            assert!(!text.contains(secret), "{secret} is in {name}\n{text}");
        }
    }
    let clients = fs::read(world.workspace.path().join("live").join(file(".clients.json"))).unwrap();
    let clients: Value = serde_json::from_slice(&clients).unwrap();
    let web = &clients["UserPoolClients"].as_array().unwrap().iter();
    let web = web.clone().find(|client| client["ClientName"] == "web").unwrap();
    assert_eq!((&web["GenerateSecret"], web.get("ClientSecret")), (&json!(true), None), "{clients}");

    let live = plan(&world, &[]);
    assert!(live[0]["changes"].as_array().unwrap().len() >= 4, "{live}");
    assert_eq!(plan(&world, &["--live", "live"]), live);
    // No credentials, and no endpoint.
    let alone = world.workspace.poolctl(["plan", "--format", "json", "--live", "live", "pool.yaml"]);
    assert_eq!(alone.output().json()["pools"], live);
}

#[test]
fn a_value_that_was_not_saved_is_not_compared_and_a_plan_says_so() {
    let world = world();
    world.run(&["snapshot", "-o", "live", "pool.yaml"]).output().expect(0);
    let output = world.run(&["plan", "--live", "live", "pool.yaml"]).output().expect(0);
    let note = "`SmsConfiguration.ExternalId` was not compared: the saved document lacks its value";
    assert!(output.stderr.contains(note), "{output}");
    assert!(!output.stdout.contains("ExternalId"), "{output}");
    let live = world.run(&["plan", "pool.yaml"]).output().expect(0);
    assert!(live.stdout.contains("ExternalId"), "{live}");
    // To remove it can be compared, and so can everything else.
    world.workspace.write("pool.yaml", MANIFEST.replace("ExternalId: declared", "ExternalId: ~"));
    assert_eq!(plan(&world, &["--live", "live"]), plan(&world, &[]));
}

#[test]
fn what_a_manifest_takes_from_a_secret_is_not_saved_and_old_files_go() {
    let world = world();
    world.run(&["snapshot", "-o", "live", "pool.yaml"]).output().expect(0);
    let manifest = format!(
        "version: 1\npool: {POOL}\nsettings:\n  EmailVerificationMessage: '${{secret:WORD}} {{####}}'\n"
    );
    world.workspace.write("pool.yaml", manifest);
    world.run(&["snapshot", "-o", "live", "pool.yaml"]).output().expect(0);
    assert_eq!(names(&world), BTreeSet::from([format!("{POOL}.json"), format!("{POOL}.mfa.json")]));
    let saved = fs::read_to_string(world.workspace.path().join(format!("live/{POOL}.json"))).unwrap();
    assert!(!saved.contains("word-of-the-mail"), "{saved}");
    assert!(saved.contains("\"EmailVerificationMessage\": \"(withheld by poolctl)\""), "{saved}");
}

#[test]
fn a_client_that_the_snapshot_has_by_name_alone_is_refused_with_the_remedy() {
    let world = world();
    let server = "resourceServers:\n  https://api.example.com: { Name: API, Scopes: [{ ScopeName: read, ScopeDescription: Read }] }\n";
    let manifest = MANIFEST.replace(server, "");
    world.workspace.write("pool.yaml", &manifest);
    world.run(&["snapshot", "-o", "live", "pool.yaml"]).output().expect(0);
    world.workspace.write("pool.yaml", manifest.replace("  batch:", "  theirs: {}\n  batch:"));
    let output = world.run(&["plan", "--live", "live", "pool.yaml"]).output().expect(1);
    assert!(output.stderr.contains("has only the id and the name of the app client `theirs`"), "{output}");
    assert!(output.stderr.contains("save it with `poolctl snapshot -o live`"), "{output}");
    world.workspace.write("gone.yaml", "version: 1\npool: eu-west-1_gone\n");
    let before = names(&world);
    world.run(&["snapshot", "-o", "other", "pool.yaml", "gone.yaml"]).output().expect(1);
    assert!(!world.workspace.path().join("other").exists(), "all or nothing");
    assert_eq!(names(&world), before);
}

#[test]
fn a_plan_from_a_snapshot_blocks_the_removal_of_a_scope_that_an_undeclared_client_names() {
    let world = World::with(&[], |document| {
        let scopes = json!(["read", "old"].map(|name| json!({"ScopeName": name, "ScopeDescription": name})));
        document["ResourceServers"] =
            json!([{"UserPoolId": POOL, "Identifier": "orders", "Name": "Orders", "Scopes": scopes}]);
        document["UserPoolClients"] = json!([{
            "UserPoolId": POOL, "ClientId": "1abcdefghijklmnopqrstuvwx1", "ClientName": "theirs",
            "ClientSecret": "secret-of-theirs", "RefreshTokenValidity": 30, "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ["orders/old"], "AllowedOAuthFlowsUserPoolClient": true,
        }]);
    });
    let servers = "resourceServers:\n  orders: { Scopes: [{ ScopeName: read, ScopeDescription: read }] }\n";
    for clients in ["", "clients: { mine: {} }\n"] {
        world.workspace.write("pool.yaml", format!("version: 1\npool: {POOL}\n{servers}{clients}"));
        world.run(&["snapshot", "-o", "live", "pool.yaml"]).output().expect(0);
        for name in names(&world) {
            let text = fs::read_to_string(world.workspace.path().join("live").join(&name)).unwrap();
            assert!(!text.contains("secret-of-theirs"), "{name}: {text}");
        }
        for live in [&[] as &[&str], &["--live", "live"]] {
            let plan = [&["plan", "--allow", "scope-removal", "pool.yaml"], live].concat();
            let refused = world.run(&plan).output().expect(3);
            assert!(refused.stdout.contains("still-named"), "{refused}");
        }
    }
    // A folder that has only the client's names.
    let file = world.workspace.path().join(format!("live/{POOL}.clients.json"));
    let item = json!({"UserPoolId": POOL, "ClientId": "1abcdefghijklmnopqrstuvwx1", "ClientName": "theirs"});
    fs::write(file, json!({"UserPoolClients": [item]}).to_string()).unwrap();
    let plan = ["plan", "--allow", "scope-removal", "pool.yaml", "--live", "live"];
    let unchecked = world.run(&plan).output();
    assert!(unchecked.stdout.contains("names-unchecked"), "{unchecked}");
    assert!(unchecked.stdout.contains("run `poolctl snapshot` again"), "{unchecked}");
}

#[test]
fn a_file_that_no_snapshot_wrote_is_overwritten_only_by_force_and_never_removed() {
    let world = world();
    world.workspace.write("pool.yaml", format!("version: 1\npool: {POOL}\n"));
    let (own, groups) = (format!("live/{POOL}.json"), format!("live/{POOL}.groups.json"));
    world.workspace.write(&own, "{}");
    world.workspace.write(&groups, "mine");
    let snapshot = ["snapshot", "-o", "live", "pool.yaml"];
    let refused = world.run(&snapshot).output().expect(1);
    assert!(refused.stderr.contains(&format!("`{own}`")), "{refused}");
    assert!(refused.stderr.contains("use `--force` to overwrite it"), "{refused}");
    let text = |name: &str| fs::read_to_string(world.workspace.path().join(name)).unwrap();
    assert_eq!((text(&own).as_str(), text(&groups).as_str()), ("{}", "mine"));
    fs::remove_file(world.workspace.path().join(&own)).unwrap();
    for _ in 0..2 {
        world.run(&snapshot).output().expect(0);
    }
    assert_eq!(text(&groups), "mine");
    assert_eq!(text("live/.poolctl-snapshot"), format!("{POOL}.json\n{POOL}.mfa.json\n"));
    world.workspace.write("pool.yaml", MANIFEST);
    world.run(&snapshot).output().expect(1);
    assert_eq!(text(&groups), "mine");
    world.run(&[&snapshot[..], &["--force"]].concat()).output().expect(0);
    assert!(text(&groups).contains("admins"));
}

#[test]
fn a_snapshot_and_a_backup_are_seeds_of_a_sandbox() {
    let world = World::with(&[], |document| {
        let web = "1abcdefghijklmnopqrstuvwx1";
        document["UserPool"]["CreationDate"] = json!("2023-03-10T12:24:52.123000+00:00");
        document["UserPoolClients"] = json!([{"ClientId": web, "ClientName": "web", "RefreshTokenValidity": 30, "CreationDate": 1.0, "ClientSecret": "s"}]);
        document["Terms"] = json!([{
            "TermsId": "11111111-1111-4111-8111-111111111111", "ClientId": web, "TermsName": "privacy-policy",
            "TermsSource": "LINK", "Enforcement": "NONE", "Links": {"cognito:default": "https://example.com/"},
        }]);
        document["Groups"] = json!([{"GroupName": "admins", "Description": "some"}]);
        document["IdentityProviders"] = json!([{
            "ProviderName": "Google", "ProviderType": "Google", "AttributeMapping": {"email": "email"},
            "ProviderDetails": {"client_id": "a", "client_secret": "s", "authorize_scopes": "openid"},
        }]);
    });
    let manifest = format!(
        "version: 1\npool: {POOL}\ngroups: {{ admins: {{ Description: all }} }}
identityProviders: {{ Google: {{ IdpIdentifiers: [one] }} }}
clients: {{ web: {{ GenerateSecret: true, CallbackURLs: [\"https://a.example/\"], privacyPolicy: {{ TermsSource: LINK }} }} }}\n"
    );
    world.workspace.write("pool.yaml", &manifest);
    world.run(&["snapshot", "-o", "live", "pool.yaml"]).output().expect(0);
    let pool = fs::read_to_string(world.workspace.path().join(format!("live/{POOL}.json"))).unwrap();
    assert!(pool.contains("\"CreationDate\": 1678451092.123"), "{pool}");
    let files = |folder: &str| -> Vec<(String, Value)> {
        let at = world.workspace.path().join(folder);
        let read = |name: &String| {
            let text = fs::read_to_string(at.join(name)).unwrap();
            (name.clone(), serde_json::from_str(&text).unwrap())
        };
        names(&world).iter().map(read).collect()
    };
    let seeded = |seed: &'static str, into: &'static str| {
        let sandbox = format!("--sandbox=.poolctl/{into}");
        let snapshot = ["snapshot", &sandbox, "--seed", seed, "-o", into, "pool.yaml"];
        let output = world.workspace.poolctl(snapshot).output().expect(0);
        (files(into), output.stderr)
    };
    let (again, told) = seeded("live", "again");
    assert_eq!(again, files("live"));
    let withheld = "`Providers[0].ProviderDetails.client_secret` was withheld when it was saved";
    assert!(told.contains(withheld), "{told}");

    world.apply().expect(0);
    let backup = fs::read(world.workspace.path().join(".poolctl/backups").join(&world.backups()[0])).unwrap();
    world.workspace.write("backup/before.json", String::from_utf8(backup).unwrap());
    let lists = |files: Vec<(String, Value)>| {
        let is_list =
            |(name, _): &(String, Value)| name.ends_with(".groups.json") || name.ends_with(".clients.json");
        files.into_iter().filter(is_list).collect::<Vec<_>>()
    };
    assert_eq!(lists(seeded("backup", "before").0), lists(files("live")));
}
