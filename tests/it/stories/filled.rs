//! What Cognito fills in where a request has nothing: seen in the plan, undone by a restore, and no drift.

use serde_json::{Value, json};

use super::clients::{WEB, but, live, web, world_with};
use crate::harness::world::{POOL, World};

/// A pool without clients, with these members instead of its own.
fn pool(members: &Value, body: &str) -> World {
    world_with(&[], &[], body, |document| {
        let pool = document["UserPool"].as_object_mut().unwrap();
        pool.insert("UserPoolTier".to_owned(), json!("ESSENTIALS"));
        pool.extend(members.as_object().cloned().unwrap());
    })
}

#[test]
fn client_registration_in_part_stays_off() {
    for registration in [json!(null), json!({})] {
        let members = json!({ "DcrConfiguration": registration });
        let world = pool(&members, "settings: { DcrConfiguration: { AllowedScopes: [openid] } }\n");
        let planned = world.run(&["plan", "pool.yaml"]).output().expect(0);
        assert!(planned.stdout.contains("+ EnableStatus"), "{planned}");
        world.apply().expect(0);
        let now = world.live()["UserPool"]["DcrConfiguration"].clone();
        assert_eq!(
            now,
            json!({"EnableStatus": "Disabled", "OpenDcrEnabled": false, "AllowedScopes": ["openid"]})
        );
        world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    }
}

#[test]
fn another_change_does_not_switch_an_empty_client_registration_on() {
    let world = pool(&json!({"DcrConfiguration": {}}), "settings: { PoolName: other }\n");
    world.apply().expect(0);
    let pool = world.live()["UserPool"].clone();
    assert_eq!((&pool["Name"], &pool["DcrConfiguration"]), (&json!("other"), &json!({})));
}

#[test]
fn a_status_that_is_left_out_of_a_request_opens_the_pool() {
    let off = json!({"DcrConfiguration": {"EnableStatus": "Disabled"}});
    let body =
        "omit: [{ path: DcrConfiguration.EnableStatus, reason: refused }]\nsettings: { PoolName: other }\n";
    let world = pool(&off, body);
    let refused = world.apply().expect(3);
    assert!(refused.stdout.contains("dcr-opened"), "{refused}");
    assert_eq!(world.writes(), 0);
    // Where it is on, nothing is opened.
    let on = json!({"DcrConfiguration": {"EnableStatus": "Enabled"}});
    pool(&on, body).apply().expect(0);
}

#[test]
fn switching_client_registration_off_opens_nothing() {
    let on = json!({"DcrConfiguration": {
        "EnableStatus": "Enabled", "AuthenticatedGrantTypes": ["code"], "OpenDcrGrantTypes": [], "AllowedScopes": ["openid"],
    }});
    let world = pool(&on, "settings: { DcrConfiguration: null }\n");
    let applied = world.apply().expect(0);
    assert!(!applied.to_string().contains("dcr-opened"), "{applied}");
}

#[test]
fn a_restore_takes_the_role_that_cognito_added_to_a_project() {
    let project = "arn:aws:mobiletargeting:eu-west-1:111122223333:apps/d70b2ba36a8c4dc5a04a0451a31a1e12";
    let body = format!(
        "clients: {{ web: {{ id: {WEB}, AnalyticsConfiguration: {{ ApplicationArn: \"{project}\" }} }} }}\n"
    );
    let world = world_with(&[], &[web()], &body, |_| {});
    world.apply().expect(0);
    assert!(live(&world)[0]["AnalyticsConfiguration"]["RoleArn"].is_string(), "{:?}", live(&world));
    let backup = format!(".poolctl/backups/{}", world.backups()[0]);
    world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    assert_eq!(live(&world), [but(web(), json!({}))]);
}

#[test]
fn what_cognito_fills_in_is_no_drift() {
    let claims = "arn:aws:lambda:eu-west-1:111122223333:function:claims";
    let trigger = format!("settings: {{ LambdaConfig: {{ PreTokenGeneration: \"{claims}\" }} }}\n");
    for (body, filled) in [
        ("domains: { acme: {} }\n", "/Domains/0/ManagedLoginVersion"),
        (&trigger, "/UserPool/LambdaConfig/PreTokenGenerationConfig/LambdaVersion"),
    ] {
        let world = pool(&json!({}), body);
        world.apply().expect(0);
        assert!(world.live().pointer(filled).is_some(), "{filled}");
        world.run(&["drift", "pool.yaml"]).output().expect(0);
        // Another value was chosen by somebody.
        let file = format!(".poolctl/sandbox/{POOL}.json");
        let other = world.live().to_string();
        let other = other.replace("\"V1_0\"", "\"V2_0\"");
        let other = other.replace("\"ManagedLoginVersion\":1", "\"ManagedLoginVersion\":2");
        world.workspace.write(&file, other);
        world.run(&["drift", "pool.yaml"]).output().expect(2);
    }
}

#[test]
fn a_factor_that_comes_with_a_declared_sender_is_no_drift() {
    let body = "settings:
  SmsConfiguration: { SnsCallerArn: \"arn:aws:iam::111122223333:role/sms\", ExternalId: x }
  SoftwareTokenMfaConfiguration: { Enabled: true }
  MfaConfiguration: OPTIONAL
";
    let world = pool(&json!({}), body);
    world.apply().expect(0);
    assert_eq!(
        world.live()["MfaConfig"]["SmsMfaConfiguration"].as_object().map(|sms| sms.is_empty()),
        Some(false)
    );
    world.run(&["drift", "pool.yaml"]).output().expect(0);
    // Whoever declares no mode has not asked for the factor.
    world
        .workspace
        .write("pool.yaml", super::clients::manifest(&body.replace("  MfaConfiguration: OPTIONAL\n", "")));
    let drift = world.run(&["drift", "pool.yaml"]).output().expect(2);
    assert!(drift.stdout.contains("? SmsMfaConfiguration"), "{drift}");
}

#[test]
fn an_edited_backup_with_a_value_that_cognito_does_not_take_is_refused_before_a_write() {
    let weaker =
        "settings: { Policies: { PasswordPolicy: { MinimumLength: 14 } }, UserPoolTags: { a: c } }\n";
    let policy = json!({"MinimumLength": 12, "RequireSymbols": true});
    let world = pool(&json!({"Policies": {"PasswordPolicy": policy}, "UserPoolTags": {"a": "b"}}), weaker);
    world.apply().expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    let text = std::fs::read_to_string(world.workspace.path().join(&backup)).unwrap();
    let writes = world.writes();
    for (at, value, told) in [
        ("/UserPool/Policies/PasswordPolicy/MinimumLength", json!("12"), "a whole number from 6 to 99"),
        ("/UserPool/Policies/PasswordPolicy/MinimumLength", json!(1200), "a whole number from 6 to 99"),
        ("/UserPool/Policies/PasswordPolicy", json!([]), "a structure"),
        ("/UserPool/UserPoolTags/a", json!(5), "text"),
        ("/UserPool/UserPoolTags", json!("b"), "a structure"),
    ] {
        let mut edited: Value = serde_json::from_str(&text).unwrap();
        *edited.pointer_mut(at).unwrap() = value;
        world.workspace.write("edited.json", edited.to_string());
        let refused = world.run(&["restore", "--yes", "edited.json"]).output().expect(1);
        assert!(
            refused.stderr.contains("that no request can contain") && refused.stderr.contains(told),
            "{at}: {refused}"
        );
    }
    assert_eq!(world.writes(), writes);
    let allow = ["restore", "--yes", "--settle", "0", "--allow", "password-policy-weaker", &backup];
    world.run(&allow).output().expect(0);
}
