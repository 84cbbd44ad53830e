//! What a pool does about risks, and how it tracks sessions: documents of which each pool has one.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::world::{POOL, World, told};

const RISK: &str = "riskConfiguration:
  CompromisedCredentialsRiskConfiguration:
    EventFilter: [SIGN_IN, PASSWORD_CHANGE]
    Actions: { EventAction: BLOCK }
  RiskExceptionConfiguration:
    BlockedIPRangeList: [203.0.113.0/24, 198.51.100.7/32]
";

const SESSIONS: &str = "sessionConfiguration:
  UserSessionTracking: ENABLED
  TokenSession: { MaxPerUser: 5 }
";

fn manifest(body: &str) -> String {
    format!("version: 1\npool: {POOL}\n{body}")
}

/// A plain pool of this tier, in which threat protection has this mode.
fn pool(faults: &[&str], tier: &str, mode: &str, risk: Value, body: &str) -> World {
    let world = World::with(faults, |document| {
        let own = ["Id", "Name", "Arn", "CreationDate", "LastModifiedDate", "SchemaAttributes"];
        let pool = document["UserPool"].as_object_mut().unwrap();
        pool.retain(|name, _| own.contains(&name.as_str()));
        pool.insert("UserPoolTier".to_owned(), json!(tier));
        pool.insert("UserPoolAddOns".to_owned(), json!({"AdvancedSecurityMode": mode}));
        document.as_object_mut().unwrap().remove("MfaConfig");
        if !risk.is_null() {
            document["RiskConfiguration"] = risk.clone();
        }
    });
    world.workspace.write("pool.yaml", manifest(body));
    world
}

fn takeover() -> Value {
    json!({
        "NotifyConfiguration": {"SourceArn": "arn:aws:ses:eu-west-1:111122223333:identity/example.com", "From": "a@example.com"},
        "Actions": {
            "HighAction": {"Notify": true, "EventAction": "BLOCK"},
            "LowAction": {"Notify": false, "EventAction": "NO_ACTION"},
        },
    })
}

/// The live document, without what the service alone sets.
fn live(world: &World, name: &str) -> Value {
    let mut document = world.live()[name].clone();
    if let Some(members) = document.as_object_mut() {
        members.retain(|name, _| !["UserPoolId", "LastModifiedDate"].contains(&name.as_str()));
    }
    document
}

#[test]
fn what_is_declared_is_set_and_everything_else_goes_along() {
    let risk = json!({"AccountTakeoverRiskConfiguration": takeover()});
    let world = pool(&[], "PLUS", "ENFORCED", risk, RISK);
    assert_snapshot!(told(&world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(0)));
    world.apply().expect(0);
    let compromised =
        json!({"EventFilter": ["SIGN_IN", "PASSWORD_CHANGE"], "Actions": {"EventAction": "BLOCK"}});
    let live = live(&world, "RiskConfiguration");
    assert_eq!(
        (&live["AccountTakeoverRiskConfiguration"], &live["CompromisedCredentialsRiskConfiguration"]),
        (&takeover(), &compromised)
    );
    assert_eq!((world.writes(), world.calls("SetRiskConfiguration")), (0, 1));
    // Sets have no order, and an empty one is none: hashicorp/terraform-provider-aws#29508.
    let other = RISK.replace("[SIGN_IN, PASSWORD_CHANGE]", "[PASSWORD_CHANGE, SIGN_IN]")
        + "    SkippedIPRangeList: []\n";
    world.workspace.write("pool.yaml", manifest(&other));
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
}

/// hashicorp/terraform-provider-aws#28784: the sender is needed only for messages.
#[test]
fn answers_without_a_sender_are_set() {
    let body = "riskConfiguration:
  AccountTakeoverRiskConfiguration:
    Actions: { HighAction: { Notify: false, EventAction: BLOCK } }
";
    let world = pool(&[], "PLUS", "AUDIT", Value::Null, body);
    world.apply().expect(0);
    let actions = json!({"Actions": {"HighAction": {"Notify": false, "EventAction": "BLOCK"}}});
    assert_eq!(live(&world, "RiskConfiguration"), json!({"AccountTakeoverRiskConfiguration": actions}));
    // One member is declared, and the others stay.
    world
        .workspace
        .write("pool.yaml", manifest("riskConfiguration: { AccountTakeoverRiskConfiguration: ~ }\n"));
    assert_snapshot!(told(&world.apply().expect(3)));
    world.apply_with(&["--allow", "threat-response-weaker"]).expect(0);
    assert_eq!(live(&world, "RiskConfiguration"), json!({}));
    // Two backups of one second are in no order.
    let has_answers = |name: &String| {
        let path = world.workspace.path().join(".poolctl/backups").join(name);
        std::fs::read_to_string(path).unwrap().contains("HighAction\": {")
    };
    let backup = format!(".poolctl/backups/{}", world.backups().into_iter().find(has_answers).unwrap());
    world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    assert_eq!(live(&world, "RiskConfiguration"), json!({"AccountTakeoverRiskConfiguration": actions}));
}

#[test]
fn a_restore_leaves_the_ranges_that_others_have_put_into_a_structure_of_the_run() {
    let body = |range: &str| {
        format!(
            "riskConfiguration: {{ RiskExceptionConfiguration: {{ BlockedIPRangeList: {{ has: [{range}] }} }} }}\n"
        )
    };
    let world = pool(&[], "PLUS", "ENFORCED", Value::Null, &body("203.0.113.0/24"));
    world.apply().expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    world.workspace.write("pool.yaml", manifest(&body("198.51.100.0/24")));
    world.apply().expect(0);
    let allow = "--allow=threat-response-weaker";
    world.run(&["restore", "--yes", "--settle", "0", allow, &backup]).output().expect(0);
    let theirs = json!({"RiskExceptionConfiguration": {"BlockedIPRangeList": ["198.51.100.0/24"]}});
    assert_eq!(live(&world, "RiskConfiguration"), theirs);
}

#[test]
fn a_restore_takes_threat_protection_and_its_ranges_away_again() {
    let body = "settings: { UserPoolTier: PLUS, UserPoolAddOns: { AdvancedSecurityMode: ENFORCED } }
riskConfiguration: { RiskExceptionConfiguration: { BlockedIPRangeList: [10.0.0.0/8] } }
";
    let world = pool(&[], "ESSENTIALS", "OFF", Value::Null, body);
    world.apply().expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    let allow = "--allow=tier-downgrade,threat-protection-off,threat-response-weaker";
    world.run(&["restore", "--yes", "--settle", "0", allow, &backup]).output().expect(0);
    assert_eq!(world.live()["UserPool"]["UserPoolTier"], "ESSENTIALS");
}

#[test]
fn a_pool_without_threat_protection_has_nothing_there() {
    let world = pool(&[], "ESSENTIALS", "OFF", Value::Null, RISK);
    assert_snapshot!(told(&world.apply().expect(3)));
    assert_eq!(world.calls("SetRiskConfiguration"), 0);
    // Both in one apply: the pool first.
    let both = format!(
        "settings: {{ UserPoolTier: PLUS, UserPoolAddOns: {{ AdvancedSecurityMode: ENFORCED }} }}\n{RISK}"
    );
    world.workspace.write("pool.yaml", manifest(&both));
    assert_snapshot!("both", told(&world.apply().expect(0)));
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    let imported = world.run(&["import", POOL, "--only", "riskConfiguration", "-o", "-"]).output().expect(0);
    assert!(imported.stdout.contains("203.0.113.0/24"), "{imported}");
}

#[test]
fn the_risk_configuration_goes_before_threat_protection_and_comes_after_it() {
    let risk = json!({"RiskExceptionConfiguration": {"BlockedIPRangeList": ["203.0.113.0/24"]}});
    let body = "settings: { UserPoolAddOns: { AdvancedSecurityMode: 'OFF' } }
riskConfiguration: { RiskExceptionConfiguration: ~ }
";
    let world = pool(&[], "PLUS", "ENFORCED", risk.clone(), body);
    let ended = world.apply_with(&["--allow=threat-protection-off,threat-response-weaker"]).expect(0);
    assert!(ended.stdout.contains("SetRiskConfiguration, then UpdateUserPool"), "{ended}");
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    let begun = world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    assert!(begun.stdout.contains("UpdateUserPool, then SetRiskConfiguration"), "{begun}");
    assert_eq!(live(&world, "RiskConfiguration"), risk);
}

/// A plan without a baseline does not read the risk configuration.
#[test]
fn a_baseline_with_a_released_risk_configuration_does_not_block_the_end_of_threat_protection() {
    let risk = json!({"CompromisedCredentialsRiskConfiguration": {"EventFilter": [], "Actions": {"EventAction": "BLOCK"}}});
    let body = "settings: { UserPoolAddOns: { AdvancedSecurityMode: 'OFF' } }\n";
    let world = pool(&[], "PLUS", "ENFORCED", risk, body);
    let declared = "riskConfiguration: { CompromisedCredentialsRiskConfiguration: { Actions: { EventAction: BLOCK } } }\n";
    world.workspace.write("before/pool.yaml", manifest(declared));
    let allow = "--allow=threat-protection-off";
    world.run(&["plan", allow, "pool.yaml"]).output().expect(0);
    let plan = world.run(&["plan", allow, "--baseline", "before", "pool.yaml"]).output().expect(0);
    assert!(plan.stdout.contains("released"), "{plan}");
    // After the call, no read shows the risk configuration.
    world.apply_with(&[allow, "--baseline", "before"]).expect(0);
    assert_eq!(world.live()["UserPool"]["UserPoolAddOns"]["AdvancedSecurityMode"], "OFF");
}

#[test]
fn an_import_of_a_pool_without_threat_protection_has_no_risk_configuration() {
    let world = pool(&[], "ESSENTIALS", "OFF", Value::Null, "");
    let imported = world.run(&["import", POOL, "-o", "pool.yaml", "--force"]).output().expect(0);
    let text = std::fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
    assert!(
        !text.contains("riskConfiguration") && !text.contains("sessionConfiguration"),
        "{imported}{text}"
    );
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    world.run(&["snapshot", "-o", "saved", "pool.yaml"]).output().expect(0);
}

#[test]
fn a_range_that_is_skipped_blocks_and_mistakes_are_named() {
    let skipped = "riskConfiguration: { RiskExceptionConfiguration: { SkippedIPRangeList: [0.0.0.0/0] } }\n";
    let world = pool(&[], "PLUS", "ENFORCED", Value::Null, skipped);
    assert_snapshot!(told(&world.apply().expect(3)));
    let mistakes = "riskConfiguration:
  RiskExceptionConfiguration: { BlockedIPRangeList: [203.0.113.7, 192.0.2.0/33] }
  AccountTakeoverRiskConfiguration:
    NotifyConfiguration: { SourceArn: 'arn:aws:ses:eu-central-1:111122223333:identity/example.com' }
";
    world.workspace.write("pool.yaml", manifest(mistakes));
    assert_snapshot!("mistakes", told(&world.run(&["validate", "pool.yaml"]).output()));
    world.workspace.write("pool.yaml", manifest("riskConfiguration: { ClientId: abc }\n"));
    world.run(&["validate", "pool.yaml"]).output().expect(1);
    world.workspace.write("pool.yaml", manifest("riskConfiguration: ~\n"));
    assert_snapshot!("blank", told(&world.run(&["validate", "pool.yaml"]).output().expect(1)));
    assert_eq!(world.calls("SetRiskConfiguration"), 0);
}

#[test]
fn weaker_answers_are_drift_and_are_adopted() {
    let risk = json!({"AccountTakeoverRiskConfiguration": takeover(), "RiskExceptionConfiguration": {"SkippedIPRangeList": ["192.0.2.0/24"]}});
    let body = "riskConfiguration:
  AccountTakeoverRiskConfiguration: { Actions: { LowAction: { EventAction: BLOCK } } }
";
    let world = pool(&[], "PLUS", "ENFORCED", risk, body);
    assert_snapshot!(told(&world.run(&["drift", "pool.yaml"]).output().expect(2)));
    world.run(&["adopt", "pool.yaml"]).output();
    let text = std::fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
    assert!(text.contains("EventAction: NO_ACTION"), "{text}");
}

#[test]
fn sessions_are_read_with_defaults_and_written_whole() {
    let world = pool(&[], "ESSENTIALS", "OFF", Value::Null, SESSIONS);
    assert_snapshot!(told(&world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(0)));
    world.apply().expect(0);
    let set = json!({"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 5}});
    assert_eq!(live(&world, "SessionConfiguration"), set);
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    world.workspace.write("pool.yaml", manifest("sessionConfiguration: { UserSessionTracking: ~ }\n"));
    assert_snapshot!("reset", told(&world.apply().expect(0)));
    assert_eq!(
        live(&world, "SessionConfiguration"),
        json!({"UserSessionTracking": "DISABLED", "TokenSession": {"MaxPerUser": 5}})
    );
    world.workspace.write("pool.yaml", manifest("sessionConfiguration: ~\n"));
    world.run(&["validate", "pool.yaml"]).output().expect(1);
    let lite = pool(&[], "LITE", "OFF", Value::Null, SESSIONS);
    assert_snapshot!("lite", told(&lite.run(&["plan", "pool.yaml"]).output().expect(0)));
}

#[test]
fn the_policy_and_a_folder_have_both() {
    let world = pool(&[], "PLUS", "ENFORCED", Value::Null, &format!("{RISK}{SESSIONS}"));
    world.run(&["snapshot", "-o", "saved", "pool.yaml"]).output().expect(0);
    assert_snapshot!(told(&world.run(&["plan", "--live", "saved", "pool.yaml"]).output().expect(0)));
    assert_snapshot!(
        "policy",
        told(&world.run(&["iam-policy", "--live", "saved", "pool.yaml"]).output().expect(0))
    );
    world.run(&["plan", "--save", "plan.json", "pool.yaml"]).output().expect(0);
    world.run(&["apply", "--yes", "--settle", "0", "plan.json"]).output().expect(0);
    assert_eq!((world.calls("SetRiskConfiguration"), world.calls("SetUserPoolSessionConfiguration")), (1, 1));
}

#[test]
fn a_range_without_a_length_is_named_at_its_own_list() {
    let ranges = "{ BlockedIPRangeList: [10.0.0.0/8], SkippedIPRangeList: [10.1.0.0/16, 1.2.3.4] }";
    let body = format!("riskConfiguration: {{ RiskExceptionConfiguration: {ranges} }}\n");
    let world = super::clients::world_with(&[], &[], &body, |document| {
        document["UserPool"]["UserPoolTier"] = json!("PLUS");
        document["UserPool"]["UserPoolAddOns"] = json!({"AdvancedSecurityMode": "ENFORCED"});
    });
    let refused = world.run(&["plan", "--format", "json", "pool.yaml"]).output();
    let report = refused.to_string();
    assert!(report.contains("(`1.2.3.4`)") && !report.contains("`10.0.0.0/8`"), "{report}");
}
