//! App clients name scopes and identity providers: a name that does not exist, or that goes, is found by the plan.

use serde_json::json;

use crate::harness::world::{POOL, World};

fn manifest(world: &World, body: &str) {
    world.workspace.write("pool.yaml", format!("version: 1\npool: {POOL}\n{body}"));
}

fn server(scopes: &[&str]) -> String {
    let scope = |name: &&str| format!("{{ ScopeName: {name}, ScopeDescription: x }}");
    let scopes: Vec<String> = scopes.iter().map(scope).collect();
    format!("resourceServers:\n  https://api: {{ Name: api, Scopes: [{}] }}\n", scopes.join(", "))
}

const CLIENT: &str = "clients:\n  web: { AllowedOAuthScopes: [https://api/read] }\n";

/// A pool with a resource server of two scopes, and a client that names one of them.
fn world(faults: &[&str]) -> World {
    let world = World::new(faults);
    manifest(&world, &(server(&["read", "write"]) + CLIENT));
    world.apply().expect(0);
    world.called();
    world
}

#[test]
fn a_scope_that_does_not_exist_is_a_conflict_before_anything_is_sent() {
    let world = world(&[]);
    manifest(&world, "clients:\n  web: { AllowedOAuthScopes: [https://api/read, https://api/admin] }\n");
    let plan = world.apply().expect(3);
    assert!(plan.stdout.contains("scope-missing") && plan.stdout.contains("https://api/admin"), "{plan}");
    assert!(plan.stdout.contains("pool.yaml:4"), "{plan}");
    let called = world.called();
    assert!(
        called.contains("ListResourceServers") && !called.contains("ListIdentityProviders"),
        "{called:?}"
    );
    assert!(!called.iter().any(|call| call.starts_with("Update")), "{called:?}");
    // The scope may come with the same plan.
    manifest(&world, &(server(&["read", "write", "admin"]) + &CLIENT.replace("/read", "/admin")));
    world.apply().expect(0);
}

#[test]
fn nothing_is_looked_up_for_clients_that_do_not_change_and_no_client_is_read_without_one_in_the_manifest() {
    let world = world(&[]);
    manifest(&world, CLIENT);
    world.run(&["plan", "pool.yaml"]).output().expect(0);
    let called: Vec<String> = world.called().into_iter().collect();
    assert_eq!(called, ["DescribeUserPool", "DescribeUserPoolClient", "ListUserPoolClients"]);
    manifest(&world, "settings: { DeletionProtection: ACTIVE }\n");
    world.run(&["plan", "pool.yaml"]).output();
    assert_eq!(world.called().into_iter().collect::<Vec<_>>(), ["DescribeUserPool"]);
}

#[test]
fn a_scope_that_a_client_of_no_manifest_still_names_does_not_go() {
    let world = world(&[]);
    manifest(&world, &server(&["write"]));
    let plan = world.apply_with(&["--allow", "scope-removal"]).expect(3);
    let words = plan.stdout.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    assert!(words.contains("still-named") && words.contains("these app clients still name: web ("), "{plan}");
    manifest(&world, &(server(&["write"]) + "clients:\n  web: { AuthSessionValidity: 8 }\n"));
    let declared = world.apply_with(&["--allow", "scope-removal"]).expect(3);
    let words = declared.stdout.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    assert!(words.contains("these app clients still name: `clients.web`"), "{declared}");
    assert!(words.contains("can change in the same plan"), "{declared}");
    assert!(!world.called().contains("UpdateResourceServer"));
    // The same plan takes it out of the client.
    manifest(&world, &(server(&["write"]) + &CLIENT.replace("/read", "/write")));
    world.apply_with(&["--allow", "scope-removal"]).expect(0);
    manifest(&world, &server(&[]).replace("Scopes: []", "Scopes: ~"));
    let plan = world.apply_with(&["--allow", "scope-removal"]).expect(3);
    assert!(plan.stdout.contains("https://api/write"), "{plan}");
}

#[test]
fn a_list_that_may_not_be_read_is_said_and_stops_nothing() {
    let world = world(&["ListIdentityProviders:access-denied"]);
    manifest(&world, "clients:\n  web: { SupportedIdentityProviders: [COGNITO, Google] }\n");
    let plan = world.run(&["plan", "pool.yaml"]).output().expect(0);
    assert!(
        plan.stdout.contains("names-unchecked") && plan.stdout.contains("ListIdentityProviders"),
        "{plan}"
    );
}

#[test]
fn a_provider_that_has_gone_stops_every_update_of_its_client() {
    let world = world(&[]);
    manifest(&world, "clients:\n  web: { SupportedIdentityProviders: [COGNITO, Google] }\n");
    let plan = world.apply().expect(3);
    assert!(
        plan.stdout.contains(&format!("The provider Google does not exist for User Pool {POOL}.")),
        "{plan}"
    );
}

const BEHIND_OKTA: &str = "identityProviders:\n  Okta:\n    ProviderType: SAML\n    \
    ProviderDetails: { MetadataURL: https://okta.example.com/metadata }\n\
    clients:\n  web: { SupportedIdentityProviders: [COGNITO, Okta] }\n  \
    app: { SupportedIdentityProviders: [Okta] }\n";

/// The service is told of a provider, and refuses its client a moment later as if it did not exist.
#[test]
fn a_client_whose_provider_is_not_seen_yet_is_sent_again() {
    // Each call has as many attempts as the other.
    let world = World::new(&["CreateUserPoolClient:lag*2", "CreateUserPoolClient@4:lag*3"]);
    manifest(&world, BEHIND_OKTA);
    let applied = world.apply().expect(0);
    assert!(applied.stdout.contains("applied and verified"), "{applied}");
    assert_eq!((world.calls("CreateUserPoolClient"), world.calls("CreateIdentityProvider")), (7, 1));
    // It is not sent for ever.
    let world = World::new(&["CreateUserPoolClient:lag"]);
    manifest(&world, BEHIND_OKTA);
    let stopped = world.apply().expect(5);
    let said = format!("{}{}", stopped.stdout, stopped.stderr);
    assert!(said.contains(&format!("The provider Okta does not exist for User Pool {POOL}.")), "{stopped}");
    assert!(said.contains("wait a minute, and run the command again"), "{stopped}");
    assert_eq!(world.calls("CreateUserPoolClient"), 4);
}

/// A call that is sent again is not planned from what the calls before it brought with them.
#[test]
fn what_moved_beside_the_plan_is_found_also_where_a_call_is_sent_again() {
    let retried =
        ["CreateUserPoolClient:lag*1", "CreateUserPoolClient:error=ConcurrentModificationException*1"];
    for retried in retried {
        for beside in [
            r#"CreateIdentityProvider:drift-after=UserPoolTags.owner:"ops""#,
            "CreateUserPoolClient:move=IdentityProviders.Okta:null",
        ] {
            let world = World::new(&[retried, beside]);
            manifest(&world, BEHIND_OKTA);
            let stopped = world.apply().expect(5);
            assert!(!stopped.stdout.contains("applied and verified"), "{stopped}");
            assert_eq!(world.calls("CreateIdentityProvider"), 1, "{stopped}");
        }
    }
}

/// A message names some of many, and how many more there are, whole.
#[test]
fn a_name_that_many_clients_have_is_named_with_some_of_them() {
    let world = World::with(&[], |document| {
        let client = |number: usize| {
            json!({
                "UserPoolId": POOL, "ClientId": format!("client{number:03}"), "ClientName": format!("client-{number:03}"),
                "AllowedOAuthScopes": ["orders/read"], "AllowedOAuthFlows": ["client_credentials"], "ClientSecret": "s",
            })
        };
        document["UserPoolClients"] = (0..40).map(client).collect();
        let scopes = json!([{"ScopeName": "read", "ScopeDescription": "r"}]);
        document["ResourceServers"] =
            json!([{"UserPoolId": POOL, "Identifier": "orders", "Name": "Orders", "Scopes": scopes}]);
    });
    manifest(&world, "resourceServers: { orders: { remove: true, reason: retired } }\n");
    let refused = world.run(&["plan", "pool.yaml"]).output().expect(3);
    let told = refused.stdout.split_once("conflict[still-named]").unwrap().1;
    let told = told.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    assert!(told.contains("and 34 more"), "{refused}");
    assert!(!told.contains('…'), "{refused}");
}
