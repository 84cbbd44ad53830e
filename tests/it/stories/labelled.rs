//! Documents with labels of which a list has only the names: imported, watched, and described.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::world::{POOL, World, told};

const WEB: &str = "1webwebwebwebwebwebwebweb1";

/// A plain pool with an app client, one of another service, and a resource server.
fn world() -> World {
    let world = World::with(&[], |document| {
        let own = ["Id", "Name", "Arn", "CreationDate", "LastModifiedDate", "SchemaAttributes"];
        let pool = document["UserPool"].as_object_mut().unwrap();
        pool.retain(|name, _| own.contains(&name.as_str()));
        let document = document.as_object_mut().unwrap();
        document.remove("MfaConfig");
        document.insert(
            "UserPoolClients".to_owned(),
            json!([client(WEB, "web"), client("2x", "AWSElasticsearch-a")]),
        );
        let scopes = json!([{"ScopeName": "read", "ScopeDescription": "Read orders"}]);
        let server = json!({"UserPoolId": POOL, "Identifier": "https://api.example.com", "Name": "Orders", "Scopes": scopes});
        document.insert("ResourceServers".to_owned(), json!([server]));
    });
    world.workspace.write("pool.yaml", format!("version: 1\npool: {POOL}\n"));
    world
}

fn client(id: &str, name: &str) -> Value {
    json!({
        "UserPoolId": POOL, "ClientId": id, "ClientName": name, "ClientSecret": "canary-of-a-client-secret",
        "RefreshTokenValidity": 30, "TokenValidityUnits": {}, "EnableTokenRevocation": true,
        "CallbackURLs": ["https://app.example.com/callback"], "AuthSessionValidity": 3,
        "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"], "BrandNewMember": {"Level": 1},
    })
}

/// hashicorp/terraform-provider-aws#3753, upbound/upjet-aws#1048: an app client is imported by its id.
#[test]
fn an_import_names_app_clients_by_their_ids_and_the_next_plan_finds_nothing() {
    let world = world();
    let imported = world.run(&[
        "import",
        POOL,
        "--only",
        "clients",
        "--only",
        "resourceServers",
        "-o",
        "pool.yaml",
        "--force",
    ]);
    let imported = told(&imported.output().expect(0));
    let text = std::fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
    assert!(!imported.contains("canary") && !text.contains("canary"), "{imported}\n{text}");
    assert_snapshot!(format!("{imported}\n{text}"));
    for command in [&["plan", "--detailed-exitcode"] as &[&str], &["drift"]] {
        world.run(&[command, &["pool.yaml"]].concat()).output().expect(0);
    }
}

#[test]
fn drift_names_app_clients_that_nobody_declares_without_reading_them() {
    let world = world();
    let servers = "resourceServers: { 'https://other.example.com': { Name: Other, Scopes: [] } }\n";
    world
        .workspace
        .write("pool.yaml", format!("version: 1\npool: {POOL}\nclients: {{ other: {{}} }}\n{servers}"));
    let drift = world.run(&["drift", "pool.yaml"]).output().expect(2);
    assert_eq!(world.calls("DescribeUserPoolClient"), 0);
    assert_snapshot!(told(&drift));
    assert_snapshot!(
        "adopted_undeclared",
        told(&world.run(&["adopt", "--undeclared", "pool.yaml"]).output())
    );
    let text = std::fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
    assert!(text.contains(&format!("id: {WEB}")) && !text.contains("canary"), "{text}");
    let again = world.run(&["plan", "pool.yaml"]).output();
    assert!(!again.stdout.contains("web  ") && !again.stdout.contains("id-missing"), "{again}");
}

#[test]
fn drift_right_after_a_client_was_made_finds_nothing_that_nobody_declared() {
    let world = world();
    let manifest = format!("version: 1\npool: {POOL}\nunmanaged: report\nclients: {{ brandnew: {{}} }}\n");
    world.workspace.write("pool.yaml", manifest);
    world.apply().expect(0);
    let drift = told(&world.run(&["drift", "pool.yaml"]).output());
    for word in ["brandnew", "EnableTokenRevocation"] {
        assert!(!drift.contains(word), "{word}: {drift}");
    }
    let manifest = format!(
        "version: 1\npool: {POOL}\nunmanaged: report\nclients: {{ shop: {{ id: {WEB}, AuthSessionValidity: 3 }} }}\n"
    );
    world.workspace.write("pool.yaml", manifest);
    let drift = told(&world.run(&["drift", "pool.yaml"]).output());
    assert!(drift.contains("ClientName"), "another name than the label is a setting: {drift}");
}
