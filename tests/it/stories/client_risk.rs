//! The risk configuration of an app client, which has the pool's until it declares one of its own.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::clients::{WEB, live, manifest, web, world_with};
use crate::harness::world::{POOL, World, told};

const BLOCKED: &str =
    "    riskConfiguration: { RiskExceptionConfiguration: { BlockedIPRangeList: [203.0.113.0/24] } }\n";

/// What the manifest declares of the client `web`.
fn of_web(declared: &str) -> String {
    format!("clients:\n  web:\n    id: {WEB}\n{declared}")
}

fn blocks() -> Value {
    json!({"CompromisedCredentialsRiskConfiguration": {"EventFilter": [], "Actions": {"EventAction": "BLOCK"}}})
}

/// A pool with threat protection in this mode that blocks stolen passwords, with the client `web`, which has this risk
/// configuration of its own, if any.
fn protected(faults: &[&str], mode: &str, own: &Value, body: &str) -> World {
    world_with(faults, &[web()], body, |document| {
        let pool = document["UserPool"].as_object_mut().unwrap();
        pool.insert("UserPoolTier".to_owned(), json!("PLUS"));
        pool.insert("UserPoolAddOns".to_owned(), json!({"AdvancedSecurityMode": mode}));
        document.insert("RiskConfiguration".to_owned(), blocks());
        if let Some(own) = own.as_object() {
            let mut own = own.clone();
            own.insert("ClientId".to_owned(), json!(WEB));
            document.insert("ClientRiskConfigurations".to_owned(), json!([own]));
        }
    })
}

/// The risk configurations that clients have of their own, without what the service alone sets.
fn own(world: &World) -> Vec<Value> {
    let document = world.live();
    let all = document["ClientRiskConfigurations"].as_array().into_iter().flatten();
    let bare = |risk: &Value| {
        let service = ["ClientId", "UserPoolId", "LastModifiedDate"];
        let members = risk.as_object().unwrap().iter();
        members
            .filter(|(name, _)| !service.contains(&name.as_str()))
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect()
    };
    all.map(bare).collect()
}

fn newest_backup(world: &World) -> String {
    format!(".poolctl/backups/{}", world.backups().last().unwrap())
}

#[test]
fn a_client_that_leaves_the_pools_configuration_blocks_and_comes_back_to_it() {
    let world = protected(&[], "ENFORCED", &Value::Null, &of_web(BLOCKED));
    assert_snapshot!(told(&world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(3)));
    world.apply_with(&["--allow", "risk-override"]).expect(0);
    let ranges = json!({"RiskExceptionConfiguration": {"BlockedIPRangeList": ["203.0.113.0/24"]}});
    assert_eq!(own(&world), [ranges]);
    assert_eq!(
        world.live()["RiskConfiguration"]["CompromisedCredentialsRiskConfiguration"],
        blocks()["CompromisedCredentialsRiskConfiguration"]
    );
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    // `null` for each block: the client has the pool's again.
    let none = of_web("    riskConfiguration: { RiskExceptionConfiguration: ~ }\n");
    world.workspace.write("pool.yaml", manifest(&none));
    assert_snapshot!("back", told(&world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(3)));
    world.apply_with(&["--allow", "threat-response-weaker"]).expect(0);
    assert_eq!(own(&world), Vec::<Value>::new());
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    let backup = newest_backup(&world);
    world.run(&["restore", "--yes", "--settle", "0", "--allow", "risk-override", &backup]).output().expect(0);
    assert_eq!(own(&world).len(), 1);
}

#[test]
fn a_new_client_gets_its_own_in_one_apply() {
    let body = "clients:
  shop:
    CallbackURLs: [https://shop.example.com/cb]
    riskConfiguration: { CompromisedCredentialsRiskConfiguration: { Actions: { EventAction: NO_ACTION } } }
";
    let world = protected(&[], "AUDIT", &Value::Null, body);
    world.apply().expect(3);
    world.apply_with(&["--allow", "risk-override,client-twin"]).expect(0);
    assert_eq!(
        own(&world),
        [json!({"CompromisedCredentialsRiskConfiguration": {"Actions": {"EventAction": "NO_ACTION"}}})]
    );
    let made =
        live(&world).into_iter().find(|client| client["ClientName"] == "shop").unwrap()["ClientId"].clone();
    assert_eq!(world.live()["ClientRiskConfigurations"][0]["ClientId"], made);
}

#[test]
fn weaker_answers_of_a_client_and_skipped_ranges_block() {
    let body = of_web(
        "    riskConfiguration:
      CompromisedCredentialsRiskConfiguration: { Actions: { EventAction: NO_ACTION } }
      RiskExceptionConfiguration: { SkippedIPRangeList: [192.0.2.0/24] }
",
    );
    let world = protected(&[], "ENFORCED", &blocks(), &body);
    assert_snapshot!(told(&world.apply().expect(3)));
    assert_eq!(world.calls("SetRiskConfiguration"), 0);
    world.apply_with(&["--allow", "threat-response-weaker,ip-range-skipped"]).expect(0);
    // Everything else of the client goes along.
    assert_eq!(own(&world)[0]["CompromisedCredentialsRiskConfiguration"]["EventFilter"], json!([]));
}

#[test]
fn a_lost_answer_is_settled_by_a_read() {
    let world = protected(&["SetRiskConfiguration:cut-after"], "ENFORCED", &blocks(), &of_web(BLOCKED));
    world.apply().expect(0);
    assert_eq!((world.calls("SetRiskConfiguration"), own(&world).len()), (1, 1));
}

#[test]
fn mistakes_are_named_as_those_of_the_pool() {
    let body = of_web(
        "    riskConfiguration:
      RiskExceptionConfiguration: { BlockedIPRangeList: [203.0.113.7, 192.0.2.0/33] }
      AccountTakeoverRiskConfiguration:
        NotifyConfiguration: { SourceArn: 'arn:aws:ses:eu-central-1:111122223333:identity/example.com' }
      ClientId: abc
  shop:
    riskConfiguration: { remove: true, reason: no longer needed }
  batch:
    riskConfiguration: ~
",
    );
    let world = protected(&[], "ENFORCED", &Value::Null, &body);
    assert_snapshot!(told(&world.run(&["validate", "pool.yaml"]).output().expect(1)));
}

#[test]
fn without_threat_protection_a_client_has_nothing_there() {
    let world = protected(&[], "OFF", &Value::Null, &of_web(BLOCKED));
    let refused = told(&world.apply().expect(3));
    assert!(refused.contains("rule:risk-without-protection"), "{refused}");
    assert_eq!(world.calls("SetRiskConfiguration"), 0);
}

#[test]
fn that_of_a_client_goes_before_threat_protection_also_with_the_client() {
    let off = "settings: { UserPoolAddOns: { AdvancedSecurityMode: 'OFF' } }\n";
    let allow = "--allow=threat-protection-off,threat-response-weaker,client-removal";
    for (declared, first) in [
        (
            "    AuthSessionValidity: 5\n    riskConfiguration: { CompromisedCredentialsRiskConfiguration: ~ }\n",
            "SetRiskConfiguration",
        ),
        ("    remove: true\n    reason: retired\n", "DeleteUserPoolClient"),
    ] {
        let world = protected(&[], "ENFORCED", &blocks(), &format!("{off}{}", of_web(declared)));
        let ended = world.apply_with(&[allow]).expect(0);
        let place = |call: &str| ended.stdout.lines().last().unwrap().find(call).unwrap();
        assert!(place(first) < place("then UpdateUserPool:"), "{ended}");
        assert_eq!(own(&world), Vec::<Value>::new());
    }
}

#[test]
fn a_client_without_its_own_is_imported_and_saved_without_the_pools() {
    let world = protected(&[], "ENFORCED", &Value::Null, &of_web(BLOCKED));
    let imported = world.run(&["import", POOL, "-o", "-", "--only", "clients"]).output().expect(0);
    assert!(!imported.stdout.contains("riskConfiguration"), "{imported}");
    world.run(&["snapshot", "-o", "saved", "pool.yaml"]).output().expect(0);
    let offline = world.workspace.poolctl(["plan", "--live=saved", "pool.yaml"]).output().expect(3);
    assert_eq!(told(&offline), told(&world.run(&["plan", "pool.yaml"]).output().expect(3)));
    let has_own = protected(&[], "ENFORCED", &blocks(), "");
    let imported = has_own.run(&["import", POOL, "-o", "-", "--only", "clients"]).output().expect(0);
    assert!(imported.stdout.contains("EventAction: BLOCK"), "{imported}");
}

#[test]
fn a_client_that_declares_none_costs_no_more_calls() {
    let world = protected(&[], "ENFORCED", &Value::Null, &of_web("    AuthSessionValidity: 5\n"));
    world.run(&["plan", "pool.yaml"]).output().expect(0);
    assert_eq!(world.calls("DescribeRiskConfiguration"), 0);
}
