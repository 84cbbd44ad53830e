//! CIMD policies: which clients that nobody has registered may use a pool.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::clients::{WEB, manifest, web, world, world_with};
use crate::harness::world::{POOL, World, told};

const PARTNERS: &str = "cimdPolicies:
  partners:
    ClientId: 1webwebwebwebwebwebwebweb1
    URLPatterns: [\"https://partners.example.com/*\"]
";

fn live(world: &World) -> Vec<Value> {
    let mut policies = world.live()["CIMDPolicies"].as_array().cloned().unwrap_or_default();
    for policy in &mut policies {
        policy.as_object_mut().unwrap().retain(|name, _| !name.ends_with("Date") && name != "UserPoolId");
    }
    policies
}

/// A pool with a policy that has this name and these patterns.
fn with_policy(name: &str, patterns: &[&str], body: &str) -> World {
    let policy = json!({
        "UserPoolId": POOL, "CIMDPolicyId": "1partners", "ClientId": WEB, "PolicyName": name,
        "CacheDuration": 604_800, "URLPatterns": patterns, "BrandNew": {"Level": 1},
    });
    let edit = |document: &mut serde_json::Map<String, Value>| {
        document.insert("CIMDPolicies".to_owned(), json!([policy]));
    };
    world_with(&[], &[web()], body, edit)
}

#[test]
fn a_policy_is_made_once_it_is_allowed_and_found_by_its_id_again() {
    let world = world(&[], &[web()], PARTNERS);
    assert_snapshot!(told(&world.apply().expect(3)));
    assert_eq!(live(&world), [] as [Value; 0]);
    world.apply_with(&["--allow", "cimd-opened"]).expect(0);
    let made = live(&world);
    assert_eq!(made[0]["PolicyName"], "partners");
    let id = made[0]["CIMDPolicyId"].as_str().unwrap();
    let with_id = PARTNERS.replace("  partners:\n", &format!("  partners:\n    id: {id}\n"));
    world.workspace.write("pool.yaml", manifest(&with_id));
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    assert_eq!(world.calls("CreateCIMDPolicy"), 1);
}

#[test]
fn an_update_sends_everything_that_the_policy_has() {
    let body = PARTNERS.replace("  partners:\n", "  partners:\n    id: 1partners\n");
    let body =
        body.replace("partners.example.com/*\"", "partners.example.com/*\", \"https://more.example.com/*\"");
    let world = with_policy("Partners", &["https://partners.example.com/*"], &body);
    world.apply_with(&["--allow", "cimd-opened"]).expect(0);
    assert_eq!(
        live(&world),
        [json!({
            "CIMDPolicyId": "1partners", "ClientId": WEB, "PolicyName": "Partners", "CacheDuration": 604_800,
            "URLPatterns": ["https://partners.example.com/*", "https://more.example.com/*"],
            "BrandNew": {"Level": 1},
        })]
    );
}

#[test]
fn a_policy_goes_by_an_entry_that_says_so_and_comes_back() {
    let gone = "cimdPolicies: { partners: { id: 1partners, remove: true, reason: no partners any more } }\n";
    let world = with_policy("partners", &["https://partners.example.com/*"], gone);
    let refused = told(&world.apply().expect(3));
    assert!(refused.contains("risk cimd-removal"), "{refused}");
    world.apply_with(&["--allow", "cimd-removal"]).expect(0);
    assert_eq!(live(&world), [] as [Value; 0]);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    let restored = world
        .run(&["restore", "--yes", "--settle", "0", "--allow", "cimd-opened", &backup])
        .output()
        .expect(0);
    let made = &live(&world)[0];
    assert_eq!(made["URLPatterns"], json!(["https://partners.example.com/*"]));
    let id = made["CIMDPolicyId"].as_str().unwrap();
    assert!(id != "1partners" && format!("{restored}").contains(id), "{restored}");
}

#[test]
fn the_app_client_of_a_policy_is_looked_up_in_the_list() {
    for (wrong, meant) in [("web", Some(WEB)), ("1webwebwebwebwebwebwebweb2", Some(WEB)), ("nobody", None)] {
        let world = world(&[], &[web()], &PARTNERS.replace(WEB, wrong));
        let plan = world.apply_with(&["--allow", "cimd-opened"]).expect(3);
        assert!(plan.stdout.contains("client-missing") && plan.stdout.contains("pool.yaml:5"), "{plan}");
        assert_eq!(meant.is_some(), plan.stdout.contains("did you mean"), "{plan}");
        let called = world.called();
        assert!(!called.iter().any(|call| call.contains("Create")), "{called:?}");
        assert!(
            called.contains("ListUserPoolClients") && !called.contains("DescribeUserPoolClient"),
            "{called:?}"
        );
    }
    // An app client that the same plan makes has no id yet.
    let both = format!("clients:\n  fresh: {{ ClientName: fresh }}\n{}", PARTNERS.replace(WEB, "fresh"));
    let world = world(&[], &[web()], &both);
    assert_snapshot!(told(&world.apply_with(&["--allow", "cimd-opened"]).expect(3)));
}

#[test]
fn an_app_client_that_a_policy_still_names_does_not_go() {
    const OTHER: &str = "2otherotherotherotherother";
    let gone = format!("clients: {{ web: {{ id: {WEB}, remove: true, reason: retired }} }}\n");
    let apply = ["--allow", "client-removal,cimd-opened"];
    let named = json!({
        "UserPoolId": POOL, "CIMDPolicyId": "1partners", "ClientId": WEB, "PolicyName": "partners",
        "CacheDuration": 86_400, "URLPatterns": ["https://partners.example.com/*"],
    });
    let edit = |document: &mut serde_json::Map<String, Value>| {
        document.insert("CIMDPolicies".to_owned(), json!([named]));
    };
    let other = json!({"UserPoolId": POOL, "ClientId": OTHER, "ClientName": "other"});
    let world = world_with(&[], &[web(), other], &gone, edit);
    assert_snapshot!(told(&world.apply_with(&apply).expect(3)));
    // The same plan gives the policy another one.
    let moved = format!("{gone}cimdPolicies: {{ partners: {{ id: 1partners, ClientId: {OTHER} }} }}\n");
    world.workspace.write("pool.yaml", manifest(&moved));
    world.apply_with(&apply).expect(0);
    assert_eq!(live(&world)[0]["ClientId"], OTHER);
}

#[test]
fn a_restore_leaves_out_a_policy_whose_app_client_gets_another_id() {
    let gone = format!(
        "clients: {{ web: {{ id: {WEB}, remove: true, reason: r }} }}\ncimdPolicies: {{ partners: {{ id: 1partners, remove: true, reason: r }} }}\n"
    );
    let world = with_policy("partners", &["https://partners.example.com/*"], &gone);
    world.apply_with(&["--allow", "client-removal,cimd-removal"]).expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    let restored = world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    assert!(restored.stdout.contains("warning name-gone"), "{restored}");
    assert!(restored.stderr.contains("note: `clients.web` was made again with the id"), "{restored}");
    assert_eq!(live(&world), [] as [Value; 0]);
    assert_eq!(world.live()["UserPoolClients"][0]["ClientName"], "web");
}

#[test]
fn a_policy_whose_app_client_is_gone_is_updated_once_it_has_another() {
    let body = "cimdPolicies: { partners: { id: 1partners, PolicyName: friends } }\n";
    let policy = json!({
        "UserPoolId": POOL, "CIMDPolicyId": "1partners", "PolicyName": "partners",
        "CacheDuration": 86_400, "URLPatterns": ["https://partners.example.com/*"],
    });
    let edit = |document: &mut serde_json::Map<String, Value>| {
        document.insert("CIMDPolicies".to_owned(), json!([policy]));
    };
    let world = world_with(&[], &[web()], body, edit);
    let refused = told(&world.apply().expect(3));
    assert!(refused.contains("client-missing") && refused.contains("has no `ClientId`"), "{refused}");
    world
        .workspace
        .write("pool.yaml", manifest(&body.replace("friends", &format!("friends, ClientId: {WEB}"))));
    world.apply_with(&["--allow", "cimd-opened"]).expect(0);
    assert_eq!(live(&world)[0]["PolicyName"], "friends");
}

#[test]
fn how_long_documents_are_kept_is_unmanaged_drift_unless_it_is_the_default() {
    let body = format!("{PARTNERS}unmanaged: report\nsettings: {{ PoolName: customers }}\n")
        .replace("  partners:\n", "  partners:\n    id: 1partners\n");
    for (seconds, exit) in [(86_400, 0), (604_800, 2)] {
        let policy = json!({
            "UserPoolId": POOL, "CIMDPolicyId": "1partners", "ClientId": WEB, "PolicyName": "partners",
            "CacheDuration": seconds, "URLPatterns": ["https://partners.example.com/*"],
        });
        let edit = |document: &mut serde_json::Map<String, Value>| {
            document.insert("CIMDPolicies".to_owned(), json!([policy]));
        };
        let world = world_with(&[], &[web()], &body, edit);
        let drift = world.run(&["drift", "pool.yaml"]).output().expect(exit);
        assert_eq!(drift.stdout.contains("CacheDuration"), exit == 2, "{drift}");
    }
}

#[test]
fn an_undeclared_policy_is_drift_where_policies_are_watched() {
    let world = with_policy("partners", &["https://partners.example.com/*"], "watch: [cimdPolicies]\n");
    assert_snapshot!(told(&world.run(&["drift", "pool.yaml"]).output().expect(2)));
}

#[test]
fn mistakes_are_found_in_the_file() {
    let body = "cimdPolicies:
  partners: { ClientId: \"no-id\", URLPatterns: [\"http://plain.example.com/a\"], CacheDuration: 60 }
  none: { URLPatterns: [] }
";
    let world = world(&[], &[web()], body);
    assert_snapshot!(told(&world.run(&["validate", "pool.yaml"]).output().expect(1)));
}

#[test]
fn an_endpoint_that_knows_no_policies_stops_no_removal() {
    let gone = format!("clients: {{ web: {{ id: {WEB}, remove: true, reason: retired }} }}\n");
    let world = world(&["ListCIMDPolicies:error=InvalidAction"], &[web()], &gone);
    let removed = world.apply_with(&["--allow", "client-removal"]).expect(0);
    assert!(removed.stdout.contains("names-unchecked"), "{removed}");
    assert_eq!(world.calls("DeleteUserPoolClient"), 1);
}
