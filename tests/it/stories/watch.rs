//! `watch`: drift names what nobody declares in branches of which the manifest declares nothing.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::Output;
use crate::harness::world::{POOL, World, told};

const SECRET: &str = "the-secret-that-nobody-may-see";
const PROVIDERS: &str = "watch: [identityProviders]\n";
const ALL: &str = "watch: [resourceServers, identityProviders, clients, groups, domains]\n";
const LISTS: [&str; 4] =
    ["ListIdentityProviders", "ListUserPoolClients", "ListResourceServers", "ListGroups"];

fn manifest(body: &str) -> String {
    format!("version: 1\npool: {POOL}\n{body}")
}

/// A plain pool with something in every branch that can be watched, whose manifest has this body.
fn world_with(faults: &[&str], body: &str) -> World {
    let world = World::with(faults, |document| {
        let own = ["Id", "Name", "Arn", "CreationDate", "LastModifiedDate", "SchemaAttributes"];
        let pool = document["UserPool"].as_object_mut().unwrap();
        pool.retain(|name, _| own.contains(&name.as_str()));
        let attributes = ["sub", "email", "email_verified"].map(|name| json!({"Name": name}));
        pool.insert("SchemaAttributes".to_owned(), attributes.as_slice().into());
        document.as_object_mut().unwrap().remove("MfaConfig");
        document["IdentityProviders"] = json!([provider("Acme"), provider("tf-test")]);
        document["UserPoolClients"] =
            json!([client("1webwebwebwebwebwebwebweb1", "web"), client("2x", "AWSElasticsearch-a")]);
        document["ResourceServers"] =
            json!([{"UserPoolId": POOL, "Identifier": "orders", "Name": "Orders", "Scopes": []}]);
        let group = |name: &str| json!({"GroupName": name, "UserPoolId": POOL, "CreationDate": 1_700_000_000.5, "LastModifiedDate": 1_700_000_000.5});
        document["Groups"] = json!([group("staff"), group(&format!("{POOL}_Acme"))]);
        document["Domains"] =
            json!([{"Domain": "acme", "UserPoolId": POOL, "Status": "ACTIVE", "ManagedLoginVersion": 1}]);
    });
    world.workspace.write("pool.yaml", manifest(body));
    world
}

fn world(body: &str) -> World {
    world_with(&[], body)
}

fn provider(name: &str) -> Value {
    json!({
        "UserPoolId": POOL, "ProviderName": name, "ProviderType": "OIDC", "IdpIdentifiers": [],
        "ProviderDetails": {
            "client_id": "c", "client_secret": SECRET, "authorize_scopes": "openid",
            "oidc_issuer": "https://id.example.com", "attributes_request_method": "GET",
            "attributes_url_add_attributes": "false", "authorize_url": "https://id.example.com/authorize",
            "token_url": "https://id.example.com/token", "attributes_url": "https://id.example.com/userinfo",
            "jwks_uri": "https://id.example.com/jwks.json",
        },
        "AttributeMapping": {"username": "sub"},
        "LastModifiedDate": 1_700_000_000.5, "CreationDate": 1_700_000_000.5,
    })
}

fn client(id: &str, name: &str) -> Value {
    json!({
        "UserPoolId": POOL, "ClientId": id, "ClientName": name, "ClientSecret": SECRET, "ClientType": "REGULAR",
        "RefreshTokenValidity": 30, "TokenValidityUnits": {}, "EnableTokenRevocation": true,
        "AuthSessionValidity": 3, "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
    })
}

fn drift(world: &World, arguments: &[&str]) -> Output {
    world.run(&[&["drift", "pool.yaml"], arguments].concat()).output()
}

/// The paths of what counts though no manifest declares it, in alphabetical order.
fn undeclared(output: &Output) -> Vec<String> {
    let pools = output.json()["pools"].take();
    let settings = pools[0]["undeclared"].as_array().cloned().unwrap_or_default();
    let paths = settings.iter().map(|setting| setting["path_text"].as_str().unwrap().to_owned());
    let mut paths: Vec<String> = paths.collect();
    paths.sort();
    paths
}

fn text(world: &World, file: &str) -> String {
    std::fs::read_to_string(world.workspace.path().join(file)).unwrap()
}

#[test]
fn a_provider_added_at_night_is_drift_though_the_manifest_declares_none() {
    let world = world(PROVIDERS);
    let seen = drift(&world, &[]).expect(2);
    assert_snapshot!(told(&seen));
    assert_eq!(LISTS.map(|list| world.calls(list)), [1, 1, 0, 0], "clients may name the providers");
    assert_eq!(world.calls("DescribeIdentityProvider"), 2, "each is described once");
    world.workspace.write("pool.yaml", manifest(""));
    drift(&world, &[]).expect(0);
    assert_eq!(world.calls("ListIdentityProviders"), 1, "nobody asked to watch them");
}

#[test]
fn a_plan_an_apply_and_a_validation_read_nothing_that_is_only_watched() {
    let unwatched = world("settings: { DeletionProtection: ACTIVE }\n");
    let watched = world(&format!("settings: {{ DeletionProtection: ACTIVE }}\n{ALL}"));
    let plan = |world: &World| told(&world.run(&["plan", "pool.yaml"]).output().expect(0));
    assert_eq!(plan(&unwatched), plan(&watched));
    for world in [&unwatched, &watched] {
        world.run(&["validate", "pool.yaml"]).output().expect(0);
        world.apply().expect(0);
    }
    assert_eq!(unwatched.called(), watched.called());
    assert_eq!(LISTS.map(|list| watched.calls(list)), [0; 4]);
}

#[test]
fn every_branch_with_entries_can_be_watched_by_one_look_at_its_list() {
    let world = world(ALL);
    let seen = drift(&world, &[]).expect(2);
    assert_snapshot!(told(&seen));
    assert_eq!(LISTS.map(|list| world.calls(list)), [1; 4]);
    // Undeclared providers are described, and the clients that may name them.
    let described = ["DescribeIdentityProvider", "DescribeUserPoolClient", "DescribeUserPoolDomain"];
    assert_eq!(described.map(|call| world.calls(call)), [2, 2, 0]);
    let json = drift(&world, &["--format", "json"]).expect(2);
    assert_eq!(
        undeclared(&json),
        [
            "clients.web",
            "domains.acme",
            "groups.staff",
            "identityProviders.Acme",
            "identityProviders.tf-test",
            "resourceServers.orders"
        ]
    );
}

#[test]
fn a_branch_that_is_declared_and_watched_is_drift_as_if_it_were_declared_alone() {
    let declared = "identityProviders: { Acme: { AttributeMapping: { username: sub } } }\n";
    let world = world(declared);
    let alone = told(&drift(&world, &[]).expect(2));
    let before = world.calls("ListIdentityProviders");
    world.workspace.write("pool.yaml", manifest(&format!("{declared}{PROVIDERS}")));
    assert_eq!(told(&drift(&world, &[]).expect(2)), alone);
    assert_eq!(world.calls("ListIdentityProviders"), before + 1, "the list is read once");
}

#[test]
fn entries_that_others_manage_are_ignored_by_name_or_by_pattern() {
    let world = world(PROVIDERS);
    for (path, exit, left) in [
        ("identityProviders.tf-*", 2, &["identityProviders.Acme"] as &[&str]),
        ("identityProviders.Acme", 2, &["identityProviders.tf-test"]),
        ("identityProviders", 0, &[]),
    ] {
        let ignore = format!("{PROVIDERS}ignore: [{{ path: {path}, reason: theirs }}]\n");
        world.workspace.write("pool.yaml", manifest(&ignore));
        assert_eq!(undeclared(&drift(&world, &["--format", "json"]).expect(exit)), left);
    }
    world.workspace.write("pool.yaml", manifest(PROVIDERS));
    let add = ["ignore", "add", "--undeclared", "--reason", "as it was in May", "pool.yaml"];
    world.run(&add).output().expect(0);
    drift(&world, &[]).expect(0);
}

#[test]
fn only_what_is_selected_is_listed() {
    let world = world(ALL);
    let seen = drift(&world, &["--only", "clients", "--format", "json"]).expect(2);
    assert_eq!(undeclared(&seen), ["clients.web"]);
    assert_eq!(LISTS.map(|list| world.calls(list)), [0, 1, 0, 0]);
    let plan = world.run(&["plan", "--only", "clients", "pool.yaml"]).output().expect(64);
    assert!(plan.stderr.contains("selects nothing that is declared"), "{plan}");
}

#[test]
fn what_is_watched_can_be_adopted() {
    let world = world(ALL);
    let counted = world.run(&["adopt", "pool.yaml"]).output().expect(0);
    assert!(counted.stderr.contains("6 live settings are unmanaged and count as drift."), "{counted}");
    assert_eq!(text(&world, "pool.yaml"), manifest(ALL));
    let adopted = world.run(&["adopt", "--undeclared", "pool.yaml"]).output().expect(0);
    assert_snapshot!(format!("{}\n{}", told(&adopted), text(&world, "pool.yaml")));
    drift(&world, &[]).expect(0);
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
}

#[test]
fn saved_pools_have_the_watched_lists_and_no_secret() {
    let world = world(PROVIDERS);
    world.run(&["snapshot", "-o", "saved", "pool.yaml"]).output().expect(0);
    let list = text(&world, &format!("saved/{POOL}.identityProviders.json"));
    assert!(list.contains("Acme") && !list.contains(SECRET), "{list}");
    let live = undeclared(&drift(&world, &["--format", "json"]).expect(2));
    assert_eq!(undeclared(&drift(&world, &["--live", "saved", "--format", "json"]).expect(2)), live);
    world.run(&["plan", "--live", "saved", "pool.yaml"]).output().expect(0);
    // Without the list nobody can tell whether there are any.
    world.workspace.write("pool.yaml", manifest("watch: [identityProviders, clients]\n"));
    let missing = drift(&world, &["--live", "saved"]).expect(1);
    assert!(missing.stderr.contains(&format!("{POOL}.clients.json does not exist")), "{missing}");
}

#[test]
fn a_list_that_nobody_may_read_is_an_error() {
    let world = world_with(&["ListIdentityProviders:error=AccessDeniedException/400"], PROVIDERS);
    let denied = drift(&world, &[]).expect(1);
    assert!(denied.stderr.contains("ListIdentityProviders"), "{denied}");
    world.run(&["plan", "pool.yaml"]).output().expect(0);
}

#[test]
fn the_policy_has_the_watched_lists_and_no_call_that_returns_secrets() {
    let world = world(PROVIDERS);
    for arguments in [&["--read-only"] as &[&str], &[]] {
        let policy = world.run(&[&["iam-policy", "pool.yaml"], arguments].concat()).output().expect(0);
        assert!(policy.stdout.contains("cognito-idp:ListIdentityProviders"), "{policy}");
        for other in ["DescribeIdentityProvider", "ListUserPoolClients", "ReturnsSecrets"] {
            assert!(!policy.stdout.contains(other), "{policy}");
        }
    }
}

#[test]
fn the_branches_of_extended_files_add_up() {
    let world = world("extends: [base.yaml, other.yaml]\nwatch: [identityProviders, clients]\n");
    world.workspace.write("base.yaml", "version: 1\nwatch: [clients, groups]\n");
    world.workspace.write("other.yaml", "version: 1\nwatch: [domains]\n");
    let seen = drift(&world, &["--format", "json"]).expect(2);
    assert_eq!(
        undeclared(&seen),
        [
            "clients.web",
            "domains.acme",
            "groups.staff",
            "identityProviders.Acme",
            "identityProviders.tf-test"
        ]
    );
    let rendered = world.run(&["render", "pool.yaml"]).output().expect(0);
    assert_snapshot!(rendered.stdout);
}

#[test]
fn a_baseline_takes_no_watched_branch_away() {
    let world = world(PROVIDERS);
    world.workspace.write("before/pool.yaml", manifest("groups: { staff: {} }\n"));
    let seen = drift(&world, &["--baseline", "before", "--format", "json"]).expect(2);
    assert_eq!(undeclared(&seen), ["groups.staff", "identityProviders.Acme", "identityProviders.tf-test"]);
    assert_eq!(seen.json()["pools"][0]["undeclared"][0]["released"], true);
}

#[test]
fn mistakes_are_named_at_their_place() {
    let world =
        world("watch: [identityProvider, riskConfiguration, zebra, clients, clients, { groups: 1 }]\n");
    assert_snapshot!(told(&world.run(&["validate", "pool.yaml"]).output().expect(1)));
    for (body, message) in
        [("watch:\n", "`watch` has no entries"), ("watch: identityProviders\n", "`watch` must be a list")]
    {
        world.workspace.write("pool.yaml", manifest(body));
        let invalid = world.run(&["validate", "pool.yaml"]).output().expect(1);
        assert!(invalid.stderr.contains(message) || invalid.stdout.contains(message), "{invalid}");
    }
}

#[test]
fn a_branch_that_is_watched_and_ignored_whole_is_a_warning() {
    let with = |ignored: &str| {
        let body = format!("watch: [clients]\nignore: [{{ path: '{ignored}', reason: r }}]\n");
        world(&body).run(&["validate", "pool.yaml"]).output().expect(0).to_string()
    };
    for whole in ["clients", "clients.*"] {
        assert!(with(whole).contains("warning[watch-ignored]"), "{whole}");
    }
    for part in ["clients.tf-*", "clients.*.CallbackURLs", "clients.web"] {
        assert!(!with(part).contains("watch-ignored"), "{part}");
    }
}
