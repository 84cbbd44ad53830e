//! What a well-informed guess about Cognito gets wrong: each trap, and a run that does not step into it.
//!
//! The traps of an identity provider's details and of its mapping are with the other stories of providers.

use serde_json::{Value, json};

use super::clients::{BATCH, WEB, batch, but, live, manifest, web, world, writes};
use crate::harness::Output;
use crate::harness::world::{POOL, World};

/// Fails the test unless the output says all of this, however its lines are broken.
#[track_caller]
fn says(output: &Output, told: &[&str]) {
    let words = output.to_string();
    let words = words.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    for told in told {
        assert!(words.contains(told), "{told}: {words}");
    }
}

#[track_caller]
fn is_as_declared(world: &World) {
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
}

/// A plain pool on PLUS with these members beside it.
fn pool(beside: &Value, body: &str) -> World {
    let world = World::with(&[], |document| {
        let own = ["Id", "Name", "Arn", "CreationDate", "LastModifiedDate", "SchemaAttributes"];
        let pool = document["UserPool"].as_object_mut().unwrap();
        pool.retain(|name, _| own.contains(&name.as_str()));
        pool.insert("UserPoolTier".to_owned(), json!("PLUS"));
        let document = document.as_object_mut().unwrap();
        document.remove("MfaConfig");
        document.extend(beside.as_object().cloned().unwrap());
    });
    world.workspace.write("pool.yaml", manifest(body));
    world
}

/// hashicorp/terraform-provider-aws#43248: a custom domain whose update lacks its certificate: `Cannot convert custom domain to prefix domain.`
#[test]
fn trap_3_a_new_login_version_goes_with_the_certificate() {
    let certificate = json!({"CertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/one", "SecurityPolicy": "TLS_V1_2_2021"});
    let domain = json!({
        "Domain": "login.example.com", "UserPoolId": POOL, "Status": "ACTIVE", "ManagedLoginVersion": 1,
        "CustomDomainConfig": certificate,
    });
    let body = "domains: { login.example.com: { ManagedLoginVersion: 2 } }\n";
    let world = pool(&json!({"Domains": [domain]}), body);
    world.apply().expect(0);
    let domain = world.live()["Domains"][0].clone();
    assert_eq!((&domain["CustomDomainConfig"], &domain["ManagedLoginVersion"]), (&certificate, &json!(2)));
    is_as_declared(&world);
}

/// Cloud Control merges; the raw call resets what a request leaves out.
#[test]
fn trap_4_a_template_that_is_not_declared_is_sent_all_the_same() {
    let world = World::new(&[]);
    world.workspace.write("pool.yaml", manifest("settings: { DeletionProtection: ACTIVE }\n"));
    let before = world.live()["UserPool"]["VerificationMessageTemplate"].clone();
    assert!(before["EmailMessage"].is_string(), "{before}");
    let plan = world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(0);
    says(&plan, &["\"VerificationMessageTemplate\""]);
    world.apply().expect(0);
    assert_eq!(world.live()["UserPool"]["VerificationMessageTemplate"], before);
}

/// A client that Describe shows cannot be sent back as it is: a role beside an ARN, and a unit without its number.
#[test]
fn trap_5_what_a_read_adds_to_a_client_is_not_sent_back() {
    let analytics = json!({
        "ApplicationArn": "arn:aws:mobiletargeting:eu-west-1:111122223333:apps/one",
        "RoleArn": "arn:aws:iam::111122223333:role/aws-service-role/cognito-idp.amazonaws.com/one",
    });
    let odd =
        json!({"AnalyticsConfiguration": analytics, "AccessTokenValidity": null, "IdTokenValidity": null});
    let body = format!("clients: {{ web: {{ id: {WEB}, AuthSessionValidity: 8 }} }}\n");
    let world = world(&[], &[but(web(), odd)], &body);
    world.apply().expect(0);
    let client = &live(&world)[0];
    assert_eq!(client["AuthSessionValidity"], 8);
    let arn = &client["AnalyticsConfiguration"]["ApplicationArn"];
    assert_eq!((arn, writes(&world)), (&analytics["ApplicationArn"], [0, 1, 0]));
    is_as_declared(&world);
}

/// The other half: names of what is gone make Cognito refuse every update, so that the plan names them.
#[test]
fn trap_5_a_name_of_what_is_gone_is_found_before_the_call() {
    for (list, names, told) in [
        ("AllowedOAuthScopes", json!(["openid", "gone/read"]), "gone/read"),
        ("SupportedIdentityProviders", json!(["COGNITO", "Gone"]), "Gone"),
    ] {
        let body = format!("clients: {{ web: {{ id: {WEB}, AuthSessionValidity: 8 }} }}\n");
        let world = world(&[], &[but(web(), json!({ list: names }))], &body);
        let refused = world.apply().expect(3);
        says(&refused, &[told, list]);
        assert_eq!(writes(&world), [0, 0, 0]);
    }
}

/// Cognito lets a scope go that a client names, and refuses the client from then on.
#[test]
fn trap_6_a_scope_that_a_client_names_stays() {
    let world = world(&[], &[web(), batch()], "resourceServers: { orders: { Scopes: [] } }\n");
    let refused = world.apply_with(&["--allow", "scope-removal"]).expect(3);
    says(&refused, &["still-named", "orders/read", WEB, BATCH]);
    assert_eq!(world.calls("UpdateResourceServer"), 0);
}

#[test]
fn trap_7_what_no_request_removes_is_refused() {
    let group = json!({
        "GroupName": "admins", "UserPoolId": POOL, "Precedence": 1, "RoleArn": "arn:aws:iam::111122223333:role/admins",
    });
    for (member, told) in
        [("RoleArn", "removes the role of a group"), ("Precedence", "removes the precedence of a group")]
    {
        let world = pool(&json!({"Groups": [group]}), &format!("groups: {{ admins: {{ {member}: ~ }} }}\n"));
        says(&world.apply().expect(3), &[told]);
        assert_eq!(world.calls("UpdateGroup"), 0);
    }
    let world = World::new(&[]);
    world.workspace.write("pool.yaml", manifest("settings: { SmsConfiguration: ~ }\n"));
    says(&world.apply().expect(3), &["Cognito has no call that removes a pool's SMS sender"]);
    assert_eq!(world.writes(), 0);
}

#[test]
fn trap_8_an_empty_list_opens_what_its_default_opens_and_says_so() {
    for (list, told) in [
        ("ReadAttributes", "all standard attributes"),
        ("WriteAttributes", "all standard attributes"),
        ("ExplicitAuthFlows", "refresh tokens, SRP and custom authentication"),
    ] {
        let body = format!("clients: {{ web: {{ id: {WEB}, {list}: [] }} }}\n");
        let world = world(&[], &[web()], &body);
        let plan = world.run(&["plan", "pool.yaml"]).output();
        says(&plan, &[list, told]);
        // A client that has none already is as declared.
        let world = self::world(&[], &[but(web(), json!({ list: null }))], &body);
        is_as_declared(&world);
    }
}

/// `DescribeUserPoolDomain` of a name that no pool has is no error.
#[test]
fn trap_9_a_domain_without_members_is_no_domain() {
    let world = pool(&json!({}), "domains: { acme: { remove: true, reason: never there } }\n");
    world.apply().expect(0);
    assert_eq!(world.calls("DeleteUserPoolDomain"), 0);
    world.workspace.write("pool.yaml", manifest("domains: { acme: {} }\n"));
    world.run(&["drift", "pool.yaml"]).output().expect(2);
    world.apply().expect(0);
    assert_eq!(world.calls("CreateUserPoolDomain"), 1);
    is_as_declared(&world);
}

#[test]
fn trap_10_a_secret_is_neither_made_later_nor_destroyed_unasked() {
    let entry =
        |id: &str, setting: &str| manifest(&format!("clients: {{ one: {{ id: {id}, {setting} }} }}\n"));
    let published = json!({"ClientSecret": null, "ClientSecretArn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:one"});
    let world = world(&[], &[web(), but(batch(), published)], "");
    for (id, setting, told) in [
        (WEB, "GenerateSecret: true", "cannot change after an app client is made"),
        (BATCH, "GenerateSecret: false", "cannot change after an app client is made"),
        (BATCH, "PublishSecretsInAWSSecretsManager: false", "client-secret-destroyed"),
    ] {
        world.workspace.write("pool.yaml", entry(id, setting));
        says(&world.apply().expect(3), &[told]);
    }
    assert_eq!(writes(&world), [0, 0, 0]);
}

/// A page of clients of one kind may be empty, and not the last.
#[test]
fn trap_12_a_client_behind_pages_of_others_is_found() {
    let other = |number: usize| {
        json!({
            "UserPoolId": POOL, "ClientId": format!("{number:04}others"), "ClientName": "web", "ClientType": "DCR",
            "RefreshTokenValidity": 30,
        })
    };
    let mut clients: Vec<Value> = (0..130).map(other).collect();
    clients.push(web());
    let world = world(&[], &clients, "clients: { web: { AuthSessionValidity: 8 } }\n");
    world.apply().expect(0);
    assert_eq!(writes(&world), [0, 1, 0]);
    let client = live(&world).into_iter().find(|client| client["ClientId"] == WEB).unwrap();
    assert_eq!(client["AuthSessionValidity"], 8);
    assert!(world.calls("ListUserPoolClients") >= 2, "the first pages are not all");
}
