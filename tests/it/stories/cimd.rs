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
    world.run(&["restore", "--yes", "--settle", "0", "--allow", "cimd-opened", &backup]).output().expect(0);
    assert_eq!(live(&world)[0]["URLPatterns"], json!(["https://partners.example.com/*"]));
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
