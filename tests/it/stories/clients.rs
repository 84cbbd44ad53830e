//! App clients: found without a state file, sent whole, made once, never recreated; and what people wrote of other
//! tools, each under its thread's name.

use std::fs;

use serde_json::{Value, json};

use crate::harness::world::{POOL, World};

pub(super) const WEB: &str = "1webwebwebwebwebwebwebweb1";
pub(super) const BATCH: &str = "2batchbatchbatchbatchbatc2";

pub(super) fn manifest(body: &str) -> String {
    format!("version: 1\npool: {POOL}\n{body}")
}

/// A plain pool with these clients, beside a resource server, whose manifest has this body.
pub(super) fn world(faults: &[&str], clients: &[Value], body: &str) -> World {
    world_with(faults, clients, body, |_| {})
}

/// The same, with the live documents changed beforehand.
pub(super) fn world_with(
    faults: &[&str],
    clients: &[Value],
    body: &str,
    edit: impl FnOnce(&mut serde_json::Map<String, Value>),
) -> World {
    let world = World::with(faults, |document| {
        let own = ["Id", "Name", "Arn", "CreationDate", "LastModifiedDate", "SchemaAttributes"];
        let pool = document["UserPool"].as_object_mut().unwrap();
        pool.retain(|name, _| own.contains(&name.as_str()));
        let attributes = ["sub", "email", "name"].map(|name| json!({"Name": name, "Mutable": name != "sub"}));
        pool.insert("SchemaAttributes".to_owned(), attributes.as_slice().into());
        let document = document.as_object_mut().unwrap();
        document.remove("MfaConfig");
        document.insert("UserPoolClients".to_owned(), clients.into());
        let scopes = json!([{"ScopeName": "read", "ScopeDescription": "Read orders"}]);
        let server = json!({"UserPoolId": POOL, "Identifier": "orders", "Name": "Orders", "Scopes": scopes});
        document.insert("ResourceServers".to_owned(), json!([server]));
        edit(document);
    });
    world.workspace.write("pool.yaml", manifest(body));
    world
}

/// A live client with much that somebody set once.
pub(super) fn web() -> Value {
    json!({
        "UserPoolId": POOL, "ClientId": WEB, "ClientName": "web", "ClientType": "REGULAR",
        "CreationDate": 1_700_000_000.5, "LastModifiedDate": 1_700_000_000.5,
        "RefreshTokenValidity": 12, "AccessTokenValidity": 30, "IdTokenValidity": 30,
        "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "hours"},
        "ReadAttributes": ["email", "name"], "WriteAttributes": ["name"],
        "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
        "SupportedIdentityProviders": ["COGNITO"],
        "CallbackURLs": ["https://app.example.com/callback"], "LogoutURLs": ["https://app.example.com/bye"],
        "DefaultRedirectURI": "https://app.example.com/callback",
        "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid", "orders/read"],
        "AllowedOAuthFlowsUserPoolClient": true, "PreventUserExistenceErrors": "ENABLED",
        "EnableTokenRevocation": true, "EnablePropagateAdditionalUserContextData": false,
        "AuthSessionValidity": 5, "BrandNewMember": {"Level": 1},
    })
}

/// A live client with a secret, for machines.
pub(super) fn batch() -> Value {
    json!({
        "UserPoolId": POOL, "ClientId": BATCH, "ClientName": "batch", "ClientType": "REGULAR",
        "ClientSecret": "themachinessecretthatnobodyshows",
        "RefreshTokenValidity": 30, "TokenValidityUnits": {}, "EnableTokenRevocation": true,
        "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["orders/read"],
        "AllowedOAuthFlowsUserPoolClient": true, "EnablePropagateAdditionalUserContextData": false,
        "AuthSessionValidity": 3,
    })
}

/// The live clients, each without its dates.
pub(super) fn live(world: &World) -> Vec<Value> {
    let mut clients = world.live()["UserPoolClients"].as_array().cloned().unwrap_or_default();
    for client in &mut clients {
        client.as_object_mut().unwrap().retain(|name, _| !name.ends_with("Date"));
    }
    clients
}

/// The client as it was, but for these members.
pub(super) fn but(client: Value, members: Value) -> Value {
    let mut client = client.as_object().cloned().unwrap();
    client.extend(members.as_object().cloned().unwrap());
    client.retain(|name, value| !name.ends_with("Date") && !value.is_null());
    Value::Object(client)
}

/// The calls that make, change and remove clients.
pub(super) fn writes(world: &World) -> [u64; 3] {
    ["CreateUserPoolClient", "UpdateUserPoolClient", "DeleteUserPoolClient"].map(|call| world.calls(call))
}

/// Applies a change of one setting of `web`, and says what became of everything else.
fn changed(client: Value, setting: &str, expected: Value) {
    let body = format!("clients: {{ web: {{ id: {WEB}, {setting} }} }}\n");
    let world = world(&[], &[client.clone(), batch()], &body);
    world.apply().expect(0);
    assert_eq!(writes(&world), [0, 1, 0]);
    assert_eq!(live(&world), [but(client, expected), but(batch(), json!({}))]);
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
}

#[test]
fn boto3_1607_an_update_of_one_setting_keeps_the_auth_flows() {
    changed(web(), "AuthSessionValidity: 8", json!({"AuthSessionValidity": 8}));
}

/// aws-samples/cloudfront-authorization-at-edge#310: the same.
#[test]
fn cognito_custom_attributes_11_an_update_keeps_callback_urls_and_all_of_oauth() {
    changed(web(), "ReadAttributes: [email]", json!({"ReadAttributes": ["email"]}));
}

#[test]
fn coverage_roadmap_676_an_update_keeps_the_identity_providers() {
    let urls = json!(["https://app.example.com/callback", "https://new.example.com/callback"]);
    let setting = "CallbackURLs: [https://app.example.com/callback, https://new.example.com/callback]";
    changed(web(), setting, json!({"CallbackURLs": urls}));
}

/// hashicorp/terraform-provider-aws#47554: what is left of a rotation is no difference.
#[test]
fn terraform_45646_rotation_can_be_switched_on_and_off_again() {
    let flows = json!(["ALLOW_USER_SRP_AUTH"]);
    let on = "ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH], RefreshTokenRotation: { Feature: ENABLED, RetryGracePeriodSeconds: 10 }";
    let rotation = json!({"Feature": "ENABLED", "RetryGracePeriodSeconds": 10});
    let rotating = json!({"ExplicitAuthFlows": flows, "RefreshTokenRotation": rotation});
    changed(web(), on, rotating.clone());
    // Once touched, the read has it for ever, whatever grace was sent.
    let off = json!({"Feature": "DISABLED", "RetryGracePeriodSeconds": 0});
    let was = but(web(), rotating);
    changed(
        was.clone(),
        "RefreshTokenRotation: { Feature: DISABLED, RetryGracePeriodSeconds: 0 }",
        json!({"RefreshTokenRotation": off}),
    );
    changed(was.clone(), "RefreshTokenRotation: ~", json!({"RefreshTokenRotation": off}));
    // The grace period goes with the rotation.
    changed(was, "RefreshTokenRotation: { Feature: DISABLED }", json!({"RefreshTokenRotation": off}));
    let on = "ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH], RefreshTokenRotation: { Feature: ENABLED }";
    let rotation = json!({"Feature": "ENABLED", "RetryGracePeriodSeconds": 0});
    changed(web(), on, json!({"ExplicitAuthFlows": flows, "RefreshTokenRotation": rotation}));
    // Cognito keeps no grace period while rotation is off: no apply could make the pool so.
    let rotation = "RefreshTokenRotation: { Feature: DISABLED, RetryGracePeriodSeconds: 10 }";
    let world = world(&[], &[web()], &format!("clients: {{ web: {{ id: {WEB}, {rotation} }} }}\n"));
    for (command, code) in [("validate", 1), ("plan", 3)] {
        let refused = world.run(&[command, "pool.yaml"]).output().expect(code).to_string();
        assert!(refused.contains("remove `RetryGracePeriodSeconds`, or set `Feature: ENABLED`"), "{refused}");
    }
    world.apply().expect(3);
    assert_eq!(writes(&world), [0, 0, 0]);
}

#[test]
fn terraform_43531_a_client_that_never_rotated_needs_nothing_to_stay_so() {
    let body = format!(
        "clients: {{ web: {{ id: {WEB}, RefreshTokenRotation: {{ Feature: DISABLED, RetryGracePeriodSeconds: 0 }} }} }}\n"
    );
    let world = world(&[], &[web()], &body);
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
}

#[test]
fn terraform_30433_a_unit_without_its_number_does_not_stop_every_update() {
    let client = but(web(), json!({"AccessTokenValidity": null, "IdTokenValidity": null}));
    let units = json!({"RefreshToken": "hours"});
    changed(client, "AuthSessionValidity: 8", json!({"AuthSessionValidity": 8, "TokenValidityUnits": units}));
}

#[test]
fn terraform_19794_a_client_that_somebody_else_updates_is_read_again_and_written_once() {
    let body = format!("clients: {{ web: {{ id: {WEB}, AuthSessionValidity: 8 }} }}\n");
    let world = world(&["UpdateUserPoolClient:error=ConcurrentModificationException*1"], &[web()], &body);
    world.apply().expect(0);
    assert_eq!(writes(&world)[1], 2, "the first was refused");
    assert_eq!(live(&world), [but(web(), json!({"AuthSessionValidity": 8}))]);
}

#[test]
fn pulumi_aws_3112_what_the_service_sorts_and_fills_in_is_no_difference() {
    let body = format!(
        "clients: {{ web: {{ id: {WEB}, ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH, ALLOW_REFRESH_TOKEN_AUTH], AllowedOAuthScopes: [orders/read, openid] }} }}\n"
    );
    let world = world(&[], &[web()], &body);
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
}

#[test]
fn terraform_46809_a_client_is_never_made_anew_for_a_change() {
    let body = format!("clients: {{ portal: {{ id: {WEB}, ClientName: portal }} }}\n");
    let world = world(&[], &[web()], &body);
    world.apply().expect(0);
    assert_eq!(writes(&world), [0, 1, 0], "a new name is an update");
    assert_eq!(live(&world), [but(web(), json!({"ClientName": "portal"}))]);
    world.workspace.write(
        "pool.yaml",
        manifest(&format!("clients: {{ web: {{ id: {WEB}, GenerateSecret: true }} }}\n")),
    );
    let refused = world.run(&["plan", "pool.yaml"]).output().expect(3);
    let words = refused.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for told in [
        "`clients.web.GenerateSecret` cannot change after an app client is made:",
        "for another value, make a new app client (poolctl never replaces one)",
    ] {
        assert!(words.contains(told), "{told}: {}", refused.stdout);
    }
    assert!(!words.contains("pool and move the users"), "{}", refused.stdout);
}

#[test]
fn a_call_that_fails_names_the_client_that_it_is_about() {
    let change = "AuthSessionValidity: 8";
    let body =
        format!("clients: {{ batch: {{ id: {BATCH}, {change} }}, web shop: {{ id: {WEB}, {change} }} }}\n");
    let world = world(&["UpdateUserPoolClient@2:error=InvalidParameterException"], &[web(), batch()], &body);
    let failed = world.apply().expect(5);
    let words = failed.to_string();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    for told in [
        r#"1 of 2 calls took effect (UpdateUserPoolClient of `clients.batch`), UpdateUserPoolClient of `clients["web shop"]` did not"#,
        &format!(r#"UpdateUserPoolClient {POOL} `clients["web shop"]`: "#),
    ] {
        assert!(words.contains(told), "{told}: {words}");
    }
}

#[test]
fn a_client_without_an_id_is_the_only_one_of_its_name_or_none() {
    let body = "clients: { web: { AuthSessionValidity: 8 } }\n";
    let twin = but(web(), json!({"ClientId": BATCH}));
    let world = world(&[], &[web(), twin], body);
    let refused = world.run(&["plan", "pool.yaml"]).output().expect(3);
    for word in ["ambiguous-name", WEB, BATCH] {
        assert!(refused.stdout.contains(word), "{word}: {}", refused.stdout);
    }
    assert_eq!(writes(&world), [0, 0, 0]);
}

#[test]
fn an_id_that_is_gone_is_a_conflict_and_never_a_creation() {
    let world =
        world(&[], &[batch()], &format!("clients: {{ web: {{ id: {WEB} }}, batch: {{ id: {BATCH} }} }}\n"));
    let refused = world.apply().expect(3);
    assert!(refused.stdout.contains("id-not-found"), "{}", refused.stdout);
    assert_eq!(writes(&world), [0, 0, 0]);
    let drifted = world.run(&["drift", "pool.yaml"]).output().expect(2);
    assert!(drifted.stdout.contains("id-not-found"), "{}", drifted.stdout);
    for command in ["poolctl adopt pool.yaml", "poolctl apply"] {
        assert!(!drifted.stdout.contains(command), "neither settles it: {}", drifted.stdout);
    }
    let adopted = world.run(&["adopt", "pool.yaml"]).output().expect(1);
    assert!(adopted.stderr.contains("Nothing was adopted: 1 conflict."), "{adopted}");
    assert!(adopted.stderr.contains("error: pool.yaml:3:"), "{adopted}");
}

#[test]
fn two_entries_do_not_share_a_client_and_no_twin_is_made() {
    let body = format!("clients: {{ web: {{ id: {WEB} }}, other: {{ ClientName: web }} }}\n");
    let world = world(&[], &[web()], &body);
    let refused = world.apply().expect(3);
    assert!(refused.stdout.contains("`clients.web` already stands for"), "{}", refused.stdout);
    assert_eq!(writes(&world), [0, 0, 0]);
    world.workspace.write("pool.yaml", manifest("clients: { one: { ClientName: new }, new: {} }\n"));
    let refused = world.run(&["validate", "pool.yaml"]).output().expect(1);
    assert!(
        refused.stdout.contains("two entries without an `id` are the app client `new`"),
        "{}",
        refused.stdout
    );
}

#[test]
fn a_restore_makes_no_client_twice_and_removes_none_that_its_run_made() {
    let body = format!(
        "clients: {{ web: {{ id: {WEB}, remove: true, reason: retired }}, new: {{ AuthSessionValidity: 4 }} }}\n"
    );
    let world = world(&[], &[web()], &body);
    world.apply_with(&["--allow", "client-removal"]).expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    let restored = world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    assert!(
        restored.stderr.contains("was to make `clients.new`. If it did, that stays"),
        "{}",
        restored.stderr
    );
    let again = world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(3);
    assert!(again.stdout.contains("ambiguous-name"), "{}", again.stdout);
    assert_eq!(writes(&world), [2, 0, 1]);
}

#[test]
fn a_restore_of_settings_makes_no_client_that_somebody_has_removed_since() {
    let world = world(
        &[],
        &[web(), batch()],
        &format!("clients: {{ web: {{ id: {WEB}, AuthSessionValidity: 8 }} }}\n"),
    );
    world.apply().expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    world.workspace.write(
        "pool.yaml",
        manifest(&format!("clients: {{ web: {{ id: {WEB}, remove: true, reason: r }} }}\n")),
    );
    world.apply_with(&["--allow", "client-removal"]).expect(0);
    let restored = world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    assert!(restored.stdout.contains("gone-since"), "{}", restored.stdout);
    assert_eq!(writes(&world), [0, 1, 1]);
}

#[test]
fn another_writer_between_two_calls_stops_the_run() {
    let body = format!(
        "clients: {{ batch: {{ id: {BATCH}, AuthSessionValidity: 8 }}, web: {{ id: {WEB}, AuthSessionValidity: 8 }} }}\n"
    );
    let world = world(
        &[&format!(
            "UpdateUserPoolClient:move=UserPoolClients[\"{WEB}\"].PreventUserExistenceErrors:\"LEGACY\"*1"
        )],
        &[web(), batch()],
        &body,
    );
    world.apply().expect(5);
    assert_eq!(writes(&world)[1], 1, "the second client is not written over");
}

#[test]
fn what_another_writer_did_to_a_client_is_told_by_what_was_declared_and_not_of_another_call() {
    let body = format!(
        "clients: {{ batch: {{ id: {BATCH}, AuthSessionValidity: 8 }}, web: {{ id: {WEB}, AuthSessionValidity: 8 }} }}\n"
    );
    let told = |fault: &str| {
        let world =
            world(&[&fault.replace("WEB", &format!("UserPoolClients[\"{WEB}\"]"))], &[web(), batch()], &body);
        let output = world.apply_with(&["--out", "github=told"]).expect(5);
        let annotated = fs::read_to_string(world.workspace.path().join("told")).unwrap();
        assert!(output.stderr.contains("undo:") && !output.stderr.contains("--whole"), "{output}");
        let (_, told) = output.stdout.split_once('✗').unwrap();
        let deviation = told.lines().nth(2).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        let annotated = annotated.replace("%0A", "\n").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(annotated.contains(&deviation), "{annotated}");
        let lines = told.lines().take(3).map(|line| line.trim().replace("   ", " "));
        lines.map(|line| line.replace(&format!("customers  {POOL}  "), "")).collect::<Vec<_>>()
    };
    let first = "UpdateUserPoolClient of `clients.batch`";
    let stopped = format!(
        "1 of 2 calls took effect ({first}), but the pool is not as planned; no call after that was made"
    );
    let setting = "clients.web.AuthSessionValidity";
    let declared = format!("{setting} expected 8 found 9");
    assert_eq!(
        told("UpdateUserPoolClient:move=WEB.AuthSessionValidity:9*1"),
        [&stopped, "not as declared", &declared]
    );
    // Somebody else set what is declared.
    let early = format!("{setting} was 5 is now 8");
    assert_eq!(
        told("UpdateUserPoolClient:move=WEB.AuthSessionValidity:8*1"),
        [&stopped, "already as planned, before the call that makes the change", &early]
    );
    let own = "UpdateUserPoolClient of `clients.web` was accepted, but the pool is not as planned";
    let told = told("UpdateUserPoolClient@2:drift-after=WEB.AuthSessionValidity:9*1");
    assert_eq!(told, [own, "not as declared", &declared]);
}

#[test]
fn a_lost_answer_of_a_creation_is_settled_by_the_list_and_nothing_is_made_twice() {
    let body = "clients: { new: { GenerateSecret: true } }\n";
    let made = world(&["CreateUserPoolClient:cut-after*1"], &[batch()], body);
    made.apply().expect(0);
    assert_eq!((writes(&made)[0], live(&made).len()), (1, 2));
    let lost = world(&["CreateUserPoolClient:cut-before*1"], &[batch()], body);
    lost.apply().expect(5);
    assert_eq!((writes(&lost)[0], live(&lost).len()), (1, 1), "it may still take effect");
    lost.disarm();
    lost.apply().expect(0);
    assert_eq!(live(&lost).len(), 2);
}

#[test]
fn a_client_goes_by_its_id_alone_and_comes_back_as_another_one() {
    let world = world(&[], &[web(), batch()], "clients: { web: { remove: true, reason: retired } }\n");
    let refused = world.apply().expect(3);
    assert!(refused.stdout.contains("id-missing"), "{}", refused.stdout);
    let drift = world.run(&["drift", "pool.yaml"]).output().expect(2);
    assert!(drift.stdout.contains("id-missing"), "{}", drift.stdout);
    let body = format!("clients: {{ web: {{ id: {WEB}, remove: true, reason: retired }} }}\n");
    world.workspace.write("pool.yaml", manifest(&body));
    world.apply().expect(3);
    world.apply_with(&["--allow", "client-removal"]).expect(0);
    assert_eq!(live(&world), [but(batch(), json!({}))]);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    let restored = world
        .run(&["restore", "--yes", "--settle", "0", "--allow", "client-created", &backup])
        .output()
        .expect(0);
    let words = restored.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for told in ["made-again", "another id, and another secret"] {
        assert!(words.contains(told), "{told}: {restored}");
    }
    let clients = live(&world);
    let back = clients.iter().find(|client| client["ClientName"] == "web").unwrap();
    assert_ne!(back["ClientId"], WEB);
    let id = back["ClientId"].clone();
    assert_eq!(*back, but(web(), json!({"ClientId": id, "ClientType": null})));
}

#[test]
fn a_pool_whose_manifest_has_no_clients_is_asked_for_none() {
    let world = world(&[], &[web()], "settings: { DeletionProtection: ACTIVE }\n");
    world.apply().expect(0);
    let asked: Vec<String> = world.called().into_iter().filter(|call| call.contains("Client")).collect();
    assert!(asked.is_empty(), "{asked:?}");
}

#[test]
fn one_describe_is_made_for_each_declared_client() {
    let world = world(&[], &[web(), batch()], &format!("clients: {{ web: {{ id: {WEB} }} }}\n"));
    world.run(&["plan", "pool.yaml"]).output().expect(0);
    assert_eq!((world.calls("ListUserPoolClients"), world.calls("DescribeUserPoolClient")), (1, 1));
}

#[test]
fn a_client_that_was_made_anew_under_its_name_since_the_plan_is_stale() {
    let world = world(&[], &[web()], "clients: { web: { AuthSessionValidity: 8 } }\n");
    world.run(&["plan", "--save", "plan.json", "pool.yaml"]).output().expect(0);
    let path = world.workspace.path().join(".poolctl/sandbox").join(format!("{POOL}.json"));
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace(WEB, BATCH)).unwrap();
    let stale = world.run(&["apply", "--yes", "--settle", "0", "plan.json"]).output().expect(4);
    let told = format!("clients.web.ClientId now {BATCH}");
    assert!(stale.stdout.split_whitespace().collect::<Vec<_>>().join(" ").contains(&told), "{stale}");
    assert!(!stale.stdout.contains("wanted"), "{stale}");
    assert_eq!(writes(&world), [0, 0, 0]);
}

#[test]
fn coverage_roadmap_173_a_scope_is_renamed_in_three_calls_and_no_client_names_one_that_is_gone() {
    let body = format!(
        "resourceServers:
  orders: {{ Scopes: [{{ ScopeName: view, ScopeDescription: View orders }}] }}
clients:
  web: {{ id: {WEB}, AllowedOAuthScopes: [openid, orders/view] }}
  batch: {{ id: {BATCH}, AllowedOAuthScopes: [orders/view] }}
"
    );
    let world = world(&[], &[web(), batch()], &body);
    let plan =
        world.run(&["plan", "--format", "json", "--allow", "scope-removal", "pool.yaml"]).output().json();
    let steps: Vec<(&str, &str)> = plan["pools"][0]["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| (step["operation"].as_str().unwrap(), step["resource"].as_str().unwrap()))
        .collect();
    let expected = [
        ("UpdateResourceServer", "resourceServers.orders"),
        ("UpdateUserPoolClient", "clients.batch"),
        ("UpdateUserPoolClient", "clients.web"),
        ("UpdateResourceServer", "resourceServers.orders"),
    ];
    assert_eq!(steps, expected);
    let shown = world.run(&["plan", "--allow", "scope-removal", "pool.yaml"]).output().expect(0).stdout;
    for line in ["+ [view]", "- [read]"] {
        assert!(shown.lines().any(|shown| shown.trim() == line), "{line}: {shown}");
    }
    world.apply_with(&["--allow", "scope-removal"]).expect(0);
    let scopes = world.live()["ResourceServers"][0]["Scopes"].clone();
    assert_eq!(scopes, json!([{"ScopeName": "view", "ScopeDescription": "View orders"}]));
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
}

#[test]
fn two_calls_for_one_resource_server_are_two_lines_that_say_what_each_does() {
    let body = "resourceServers:
  orders: { Scopes: [{ ScopeName: view, ScopeDescription: View orders }] }
clients:
  web: { AllowedOAuthScopes: [openid, orders/view] }
";
    let world = world(&[], &[web()], body);
    let shown = world.run(&["plan", "--allow", "scope-removal", "pool.yaml"]).output().expect(0).stdout;
    let lines: Vec<&str> = shown.lines().filter(|line| line.contains("UpdateResourceServer")).collect();
    assert_eq!(lines.len(), 2, "{shown}");
    assert!(lines[0].contains("Scopes[view]") && lines[1].contains("Scopes[read]"), "{shown}");
}

#[test]
fn drift_names_the_id_of_a_client_that_no_manifest_declares() {
    let client = but(batch(), json!({"ClientName": "help desk"}));
    let world = world(&[], &[web(), client], &format!("clients: {{ web: {{ id: {WEB} }} }}\n"));
    let drift = world.run(&["drift", "pool.yaml"]).output().expect(2);
    let line = drift.stdout.lines().find(|line| line.contains("help desk")).unwrap_or_default();
    assert!(line.contains(&format!("not declared (ClientId {BATCH}")), "{drift}");
}

#[test]
fn where_a_secret_is_kept_is_sent_only_when_that_changes() {
    let arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:batch-AbCdEf";
    let published = but(batch(), json!({"ClientSecret": null, "ClientSecretArn": arn}));
    for client in [batch(), published] {
        let body = format!("clients: {{ batch: {{ id: {BATCH}, AuthSessionValidity: 8 }} }}\n");
        let world = world(&[], std::slice::from_ref(&client), &body);
        let shown = world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(0);
        assert!(!shown.stdout.contains("PublishSecrets"), "{}", shown.stdout);
        world.apply().expect(0);
        assert_eq!(live(&world), [but(client, json!({"AuthSessionValidity": 8}))], "no secret is rotated");
    }
}

#[test]
fn the_notice_about_a_flow_that_goes_names_the_flow() {
    let body = format!("clients: {{ web: {{ id: {WEB}, ExplicitAuthFlows: [ALLOW_USER_AUTH] }} }}\n");
    for (live, gone) in [
        (json!(["ALLOW_USER_AUTH", "USER_PASSWORD_AUTH"]), "`ALLOW_USER_PASSWORD_AUTH`"),
        // What an absent list means is in no line of the change.
        (json!(null), "`ALLOW_REFRESH_TOKEN_AUTH`, `ALLOW_USER_SRP_AUTH`, `ALLOW_CUSTOM_AUTH`"),
    ] {
        let world = world(&[], &[but(web(), json!({"ExplicitAuthFlows": live}))], &body);
        let plan = world.run(&["plan", "pool.yaml"]).output().expect(0);
        let words = plan.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        let told =
            format!("auth-flow-removal: sign-ins and refreshes by this flow are refused at once ({gone})");
        assert!(words.contains(&told), "{plan}");
    }
}

#[test]
fn a_new_client_with_a_secret_of_its_own_is_shown_as_new() {
    let body = "unmanaged: report\nclients: { ours: { ClientSecret: '${secret:OWN}' } }\n";
    let world = world(&[], &[web()], body);
    let secret = "a_secret_of_our_own_that_nobody_shows";
    let run = |arguments: &[&str]| world.run(arguments).env("POOLCTL_SECRET_OWN", secret).output().expect(0);
    let plan = run(&["plan", "pool.yaml"]);
    assert!(!plan.to_string().contains(secret), "{plan}");
    let line = plan.stdout.lines().find(|line| line.contains("+ ours")).unwrap_or_default();
    assert!(line.contains("new") && !line.contains("(sensitive)"), "{plan}");
    run(&["apply", "--yes", "--settle", "0", "pool.yaml"]);
    assert_eq!(live(&world).len(), 2);
    // That it has a secret follows, and the manifest cannot say it as well.
    let drift = ["drift", "--format", "json", "pool.yaml"];
    for drift in [world.run(&drift), world.run(&drift).env("POOLCTL_SECRET_OWN", secret)] {
        let drift = drift.output().expect(2);
        assert!(drift.stdout.contains("\"clients.web\""), "{drift}");
        assert!(!drift.stdout.contains("GenerateSecret"), "{drift}");
    }
}

#[test]
fn a_misspelt_scope_or_provider_is_answered_with_the_name_that_the_pool_has() {
    let world = world(&[], &[web()], "");
    for (setting, meant) in [
        ("AllowedOAuthScopes: [openid, orders/raed]", "did you mean `orders/read`?"),
        ("AllowedOAuthScopes: [opneid]", "did you mean `openid`?"),
        ("SupportedIdentityProviders: [COGNTIO]", "did you mean `COGNITO`?"),
    ] {
        world
            .workspace
            .write("pool.yaml", manifest(&format!("clients: {{ web: {{ id: {WEB}, {setting} }} }}\n")));
        let refused = world.run(&["plan", "pool.yaml"]).output().expect(3);
        let words = refused.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(meant), "{setting}: {refused}");
    }
    world.workspace.write(
        "pool.yaml",
        manifest(&format!(
            "clients: {{ web: {{ id: {WEB}, AllowedOAuthScopes: [https://x.example.com/all] }} }}\n"
        )),
    );
    let refused = world.run(&["plan", "pool.yaml"]).output().expect(3);
    assert!(
        refused.stdout.contains("scope-missing") && !refused.stdout.contains("did you mean"),
        "{refused}"
    );
}

#[test]
fn the_remedy_of_a_client_without_a_value_has_what_a_removal_needs() {
    let world = world(&[], &[web()], "clients: { web: ~ }\ngroups: { admins: ~ }\n");
    let refused = world.run(&["validate", "pool.yaml"]).output().expect(1);
    let words = refused.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("write `web: { id: …, remove: true, reason: \"…\" }`"), "{refused}");
    assert!(words.contains("write `admins: { remove: true, reason: \"…\" }`"), "{refused}");
}

#[test]
fn a_restore_leaves_the_elements_of_a_set_that_others_have_added_since() {
    let urls =
        |last: &str| format!("[\"https://app.example.com/callback\", \"https://{last}.example.com/\"]");
    let body = |urls: &str| format!("clients: {{ web: {{ id: {WEB}, CallbackURLs: {urls} }} }}\n");
    let world = world(&[], &[web()], &body(&urls("ours")));
    world.apply().expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    let theirs = "{ has: [\"https://theirs.example.com/\"] }";
    world.workspace.write("pool.yaml", manifest(&body(theirs)));
    world.apply().expect(0);
    world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    let expected = json!(["https://app.example.com/callback", "https://theirs.example.com/"]);
    assert_eq!(live(&world), [but(web(), json!({"CallbackURLs": expected}))]);
}

#[test]
fn a_restore_of_a_list_that_was_absent_takes_out_what_the_run_added_and_nothing_else() {
    let web = but(web(), json!({"LogoutURLs": null}));
    let body = |name: &str| {
        format!(
            "clients: {{ web: {{ id: {WEB}, LogoutURLs: {{ has: [\"https://{name}.example.com/\"] }} }} }}\n"
        )
    };
    let world = world(&[], std::slice::from_ref(&web), &body("ours"));
    world.apply().expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    world.workspace.write("pool.yaml", manifest(&body("theirs")));
    world.apply().expect(0);
    world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    assert_eq!(live(&world), [but(web, json!({"LogoutURLs": ["https://theirs.example.com/"]}))]);
}

#[test]
fn a_restore_brings_back_a_list_whose_emptiness_means_a_default() {
    let body = format!("clients: {{ web: {{ id: {WEB}, ReadAttributes: [], ExplicitAuthFlows: [] }} }}\n");
    let world = world(&[], &[web()], &body);
    world.apply_with(&["--allow", "user-existence-shown"]).expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    assert_eq!(live(&world), [but(web(), json!({}))]);
}

#[test]
fn a_list_that_replaces_the_meaning_of_an_empty_one_says_what_the_client_had() {
    let body =
        format!("clients: {{ web: {{ id: {WEB}, ReadAttributes: [email], WriteAttributes: [email] }} }}\n");
    let live = but(web(), json!({"ReadAttributes": []}));
    let planned = world(&[], &[live], &body).run(&["plan", "pool.yaml"]).output().expect(0);
    let told = "`clients.web.ReadAttributes` is empty now, which means: all standard attributes";
    let words = planned.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words.matches(told).count(), 1, "{planned}");
    assert!(!words.contains("`clients.web.WriteAttributes` is empty"), "{planned}");
}

#[test]
fn an_entry_without_an_id_that_gets_another_name_makes_no_second_client_unseen() {
    let world = world(&[], &[web()], "clients: { web: { ClientName: Shop } }\n");
    let refused = world.apply().expect(3);
    assert!(refused.stdout.contains("client-twin") && refused.stdout.contains(WEB), "{refused}");
    assert_eq!(writes(&world), [0, 0, 0]);
}

/// Each update of a client resets what it lacks, so that Cognito refuses a flow without its callbacks.
#[test]
fn what_requests_leave_out_is_missing_to_a_rule() {
    let body = format!(
        "omit: [{{ path: clients.web.CallbackURLs, reason: refused }}]\nclients: {{ web: {{ id: {WEB}, DefaultRedirectURI: null, AuthSessionValidity: 8 }} }}\n"
    );
    let world = world(&[], &[web()], &body);
    let refused = world.apply().expect(3);
    assert!(refused.stdout.contains("callback-missing"), "{refused}");
    assert!(refused.stdout.contains("requests leave out"), "{refused}");
    assert_eq!(writes(&world), [0, 0, 0]);
}

/// A read can have the unit of a number that it lacks. No update takes it back.
#[test]
fn a_unit_without_its_number_is_not_declared_in_vain() {
    let alone = || but(web(), json!({"AccessTokenValidity": null}));
    let declared = |settings: &str| format!("clients: {{ web: {{ id: {WEB}, {settings} }} }}\n");
    let unit = "TokenValidityUnits: { AccessToken: minutes }";
    // It would be lost with the first change of the client.
    let world = world(&[], &[alone()], &declared(&format!("{unit}, AuthSessionValidity: 8")));
    let refused = world.apply().expect(3);
    let told = "every update of `clients.web` loses `clients.web.TokenValidityUnits.AccessToken`";
    let words =
        |output: &str| output.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    assert!(words(&refused.stdout).contains(told), "{refused}");
    assert_eq!(writes(&world), [0, 0, 0]);
    // With another unit, a rule refuses it.
    world.workspace.write("pool.yaml", manifest(&declared("TokenValidityUnits: { AccessToken: hours }")));
    let refused = world.apply().expect(3);
    assert!(refused.stdout.contains("token-unit-alone"), "{refused}");
    // Nothing changes the client: it is as declared, and drift says so too.
    world.workspace.write("pool.yaml", manifest(&declared(unit)));
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    let drift = world.run(&["drift", "pool.yaml"]).output();
    assert!(!drift.stdout.contains(" AccessToken"), "{drift}");
    // An import leaves it out, and so does an adoption of what is undeclared.
    world.run(&["import", POOL]).output().expect(0);
    let file = "pools/customers.yaml";
    let text = std::fs::read_to_string(world.workspace.path().join(file)).unwrap();
    assert!(!text.contains("AccessToken"), "{text}");
    world.run(&["plan", "--detailed-exitcode", file]).output().expect(0);
    world.workspace.write("pool.yaml", manifest(&format!("clients: {{ web: {{ id: {WEB} }} }}\n")));
    world.run(&["adopt", "--undeclared", "pool.yaml"]).output().expect(0);
    let text = std::fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
    assert!(!text.contains("AccessToken"), "{text}");
    // It goes with a change of anything else, as the plan shows.
    world.workspace.write("pool.yaml", manifest(&declared("AuthSessionValidity: 8")));
    let applied = world.apply().expect(0);
    assert!(applied.stdout.contains("AccessToken"), "{applied}");
}
