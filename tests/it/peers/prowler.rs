//! Prowler beside the rules that have the names of its checks.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use crate::harness::{Server, Workspace};

const PRESET: &str = include_str!("../../../examples/require/prowler.yaml");
/// The variable that names Prowler's program.
const PROGRAM: &str = "POOLCTL_TEST_PROWLER";

/// A pool with this number, and with a client.
fn pool(number: usize, own: Value, client: Value, risk: Option<Value>) -> (String, Value) {
    let id = format!("eu-west-1_Prowler{number}");
    let arn = format!("arn:aws:cognito-idp:eu-west-1:111122223333:userpool/{id}");
    let mut pool = json!({
        "Id": id, "Name": id, "Arn": arn, "CreationDate": 1_700_000_000.5, "LastModifiedDate": 1_700_000_000.5,
        "SchemaAttributes": [{"Name": "sub", "Mutable": false}],
    });
    pool.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    let mut web =
        json!({"UserPoolId": id, "ClientId": format!("{number}web"), "ClientName": format!("web{number}")});
    web.as_object_mut().unwrap().extend(client.as_object().unwrap().clone());
    let mode = pool.get("MfaConfiguration").cloned().unwrap_or("OFF".into());
    let mfa = json!({"MfaConfiguration": mode, "SoftwareTokenMfaConfiguration": {"Enabled": true}});
    let mut document = json!({"UserPool": pool, "MfaConfig": mfa, "UserPoolClients": [web]});
    if let Some(risk) = risk {
        document["RiskConfiguration"] = risk;
    }
    (id, document)
}

/// Pools on both sides of every check.
fn pools() -> Vec<(String, Value)> {
    let policy = |length: u32, on: bool, days: u32| {
        json!({"PasswordPolicy": {
            "MinimumLength": length, "RequireLowercase": on, "RequireUppercase": !on, "RequireNumbers": on,
            "RequireSymbols": !on, "TemporaryPasswordValidityDays": days,
        }})
    };
    let act = |event: &str| json!({"Notify": false, "EventAction": event});
    let risk = |stolen: &str, events: &[&str], levels: [&str; 3]| {
        let [low, medium, high] = levels.map(act);
        json!({
            "CompromisedCredentialsRiskConfiguration": {"EventFilter": events, "Actions": {"EventAction": stolen}},
            "AccountTakeoverRiskConfiguration": {"Actions": {"LowAction": low, "MediumAction": medium, "HighAction": high}},
        })
    };
    let recovery = |name: &str| json!({"RecoveryMechanisms": [{"Name": name, "Priority": 1}]});
    let mode = |mode: &str| json!({"AdvancedSecurityMode": mode});
    let block = ["BLOCK", "BLOCK", "BLOCK"];
    vec![
        pool(
            1,
            json!({"Policies": policy(14, true, 7), "DeletionProtection": "ACTIVE", "MfaConfiguration": "ON", "UserPoolTier": "PLUS", "UserPoolAddOns": mode("ENFORCED"), "AccountRecoverySetting": recovery("verified_email"), "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true}}),
            json!({"PreventUserExistenceErrors": "ENABLED", "EnableTokenRevocation": true}),
            Some(risk("BLOCK", &["SIGN_IN"], block)),
        ),
        pool(
            2,
            json!({"Policies": policy(13, false, 8), "DeletionProtection": "INACTIVE", "MfaConfiguration": "OPTIONAL", "UserPoolTier": "PLUS", "UserPoolAddOns": mode("AUDIT"), "AccountRecoverySetting": recovery("verified_phone_number"), "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": false}}),
            json!({"PreventUserExistenceErrors": "LEGACY", "EnableTokenRevocation": false}),
            Some(risk("NO_ACTION", &["SIGN_UP"], ["BLOCK", "MFA_REQUIRED", "BLOCK"])),
        ),
        pool(
            3,
            json!({"Policies": policy(20, true, 1), "UserPoolTier": "PLUS", "UserPoolAddOns": mode("ENFORCED")}),
            json!({}),
            Some(risk("BLOCK", &["SIGN_IN", "SIGN_UP"], ["NO_ACTION", "BLOCK", "BLOCK"])),
        ),
        pool(4, json!({"Policies": policy(14, false, 7)}), json!({"EnableTokenRevocation": true}), None),
    ]
}

/// The name of a check in the name of a rule, which may be about a part of it.
fn check(rule: &str) -> &str {
    rule.rsplit_once('-').map_or(rule, |(check, _)| check)
}

#[test]
#[ignore = "needs Prowler: POOLCTL_TEST_PROWLER names its program"]
fn the_rules_and_the_checks_of_prowler_agree() {
    let program = std::env::var(PROGRAM).unwrap_or_else(|_| panic!("{PROGRAM} must name Prowler's program"));
    let workspace = Workspace::new();
    let mut ids = Vec::new();
    for (id, document) in pools() {
        workspace.write(&format!("seed/{id}.json"), document.to_string());
        workspace.write(&format!("pools/{id}.yaml"), format!("version: 1\npool: {id}\nunmanaged: keep\n"));
        ids.push(id);
    }
    workspace.write("prowler.yaml", PRESET);
    workspace.write("poolctl.yaml", "require: [{ file: prowler.yaml }]\n");
    let sandbox = Server::sandbox(&workspace, &["--seed", "seed"]);
    let drift = workspace.poolctl(["drift", "--format", "json", "pools"]).signed();
    let drift = drift.env("AWS_ENDPOINT_URL", sandbox.url()).output().expect(2).json();
    let mut ours = BTreeSet::new();
    for pool in drift["pools"].as_array().unwrap() {
        let id = pool["id"].as_str().unwrap();
        for finding in pool["findings"].as_array().unwrap() {
            let rule = finding["code"].as_str().unwrap().strip_prefix("require:");
            ours.extend(rule.map(|rule| (check(rule).to_owned(), id.to_owned())));
        }
    }
    let checks: BTreeSet<&str> = PRESET
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("- { name: ")?.split(',').next())
        .map(check)
        .collect();
    let mut arguments = vec![
        "aws",
        "--region",
        "eu-west-1",
        "-M",
        "json-ocsf",
        "-b",
        "-z",
        "-o",
        "out",
        "-F",
        "prowler",
        "--checks",
    ];
    arguments.extend(checks.iter().copied());
    let ran = workspace.program(&program).args(arguments).signed();
    let ran = ran.env("AWS_ENDPOINT_URL", sandbox.url()).limit(std::time::Duration::from_secs(300)).output();
    let text = fs::read_to_string(workspace.path().join("out/prowler.ocsf.json"));
    let found: Value = serde_json::from_str(&text.unwrap_or_else(|error| panic!("{error}: {ran}"))).unwrap();
    let mut theirs = BTreeSet::new();
    for finding in found.as_array().unwrap().iter().filter(|finding| finding["status_code"] == "FAIL") {
        let check = finding["metadata"]["event_code"].as_str().unwrap();
        let arn = finding["resources"][0]["uid"].as_str().unwrap();
        let id = ids.iter().find(|id| arn.split('/').any(|part| part == id.as_str()));
        theirs.insert((check.to_owned(), id.unwrap_or_else(|| panic!("{finding}")).clone()));
    }
    assert_eq!(ours, theirs);
    assert!(ours.len() > 20, "{ours:?}");
}
