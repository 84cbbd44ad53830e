//! Log delivery, the first thing beside a pool's own settings: declared, planned, sent whole, proved, undone.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::world::{POOL, World, told};

const LOGS: &str = "logDelivery:
  LogConfigurations:
    - EventSource: userNotification
      LogLevel: ERROR
      CloudWatchLogsConfiguration: { LogGroupArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:messages' }
    - EventSource: userAuthEvents
      LogLevel: INFO
      S3Configuration: { BucketArn: 'arn:aws:s3:::activity' }
";

fn manifest(settings: &str, logs: &str) -> String {
    format!("version: 1\npool: {POOL}\n{settings}{logs}")
}

/// A plain pool of this tier.
fn pool(faults: &[&str], tier: &str) -> World {
    World::with(faults, |document| {
        let own = ["Id", "Name", "Arn", "CreationDate", "LastModifiedDate", "SchemaAttributes"];
        let pool = document["UserPool"].as_object_mut().unwrap();
        pool.retain(|name, _| own.contains(&name.as_str()));
        pool.insert("UserPoolTier".to_owned(), json!(tier));
        document.as_object_mut().unwrap().remove("MfaConfig");
    })
}

/// A pool on PLUS whose manifest declares its logs.
fn world(faults: &[&str]) -> World {
    let world = pool(faults, "PLUS");
    world.workspace.write("pool.yaml", manifest("", LOGS));
    world
}

/// The sources of the logs that the pool delivers.
fn sources(world: &World) -> Vec<String> {
    let live = world.live();
    let list = live["LogDeliveryConfiguration"]["LogConfigurations"].as_array().cloned().unwrap_or_default();
    let mut sources: Vec<String> =
        list.iter().map(|entry| entry["EventSource"].as_str().unwrap().to_owned()).collect();
    sources.sort();
    sources
}

#[test]
fn a_declared_destination_is_planned_by_its_source_and_sent_with_all_others() {
    let world = world(&[]);
    assert_snapshot!(told(&world.run(&["plan", "pool.yaml"]).output().expect(0)));
    world.apply().expect(0);
    assert_eq!((world.writes(), world.calls("SetLogDeliveryConfiguration")), (0, 1));
    assert_eq!(sources(&world), ["userAuthEvents", "userNotification"]);
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    // The one that nobody touches goes along.
    world.workspace.write("pool.yaml", manifest("", &LOGS.replace(":::activity", ":::elsewhere")));
    assert_snapshot!(
        "one_of_two",
        told(&world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(0))
    );
    world.apply().expect(0);
    assert_eq!(sources(&world), ["userAuthEvents", "userNotification"]);
}

#[test]
fn a_manifest_without_logs_asks_nothing_about_them() {
    let world = world(&[]);
    world.workspace.write("pool.yaml", manifest("settings: { DeletionProtection: ACTIVE }\n", ""));
    world.apply().expect(0);
    assert_eq!(world.calls("GetLogDeliveryConfiguration"), 0);
}

#[test]
fn logs_that_go_are_a_risk_and_a_restore_brings_them_back() {
    let world = world(&[]);
    world.apply().expect(0);
    world.workspace.write("pool.yaml", manifest("", "logDelivery: { LogConfigurations: ~ }\n"));
    assert_snapshot!(told(&world.apply().expect(3)));
    world.apply_with(&["--allow", "log-removal"]).expect(0);
    assert_eq!(sources(&world), [""; 0]);
    let with_logs = |name: &String| {
        let text =
            std::fs::read_to_string(world.workspace.path().join(".poolctl/backups").join(name)).unwrap();
        let backup: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(backup["format_version"], "2");
        backup["branches"]["logDelivery"]["LogConfigurations"] != json!([])
    };
    let backup = format!(".poolctl/backups/{}", world.backups().into_iter().find(with_logs).unwrap());
    world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    assert_eq!(sources(&world), ["userAuthEvents", "userNotification"]);
}

#[test]
fn logs_go_before_the_tier_that_offers_them_and_come_after_it() {
    let calls = |world: &World| {
        let plan =
            world.run(&["plan", "--format", "json", "--allow", "log-removal,tier-downgrade", "pool.yaml"]);
        let plan = plan.output().json();
        let steps = plan["pools"][0]["steps"].as_array().unwrap().clone();
        steps.iter().map(|step| step["operation"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let world = pool(&[], "ESSENTIALS");
    world.workspace.write("pool.yaml", manifest("settings: { UserPoolTier: PLUS }\n", LOGS));
    assert_eq!(calls(&world), ["UpdateUserPool", "SetLogDeliveryConfiguration"]);
    world.apply().expect(0);
    let none =
        manifest("settings: { UserPoolTier: ESSENTIALS }\n", "logDelivery: { LogConfigurations: [] }\n");
    world.workspace.write("pool.yaml", none);
    assert_eq!(calls(&world), ["SetLogDeliveryConfiguration", "UpdateUserPool"]);
    world.apply_with(&["--allow", "log-removal,tier-downgrade"]).expect(0);
}

#[test]
fn an_attribute_that_comes_before_the_smaller_tier_is_no_change_of_it() {
    let world = pool(&[], "PLUS");
    let body = "settings: { UserPoolTier: ESSENTIALS, Schema: [{ Name: floor, AttributeDataType: String, Mutable: true }] }
groups: { staff: { Description: Staff } }
";
    world.workspace.write("pool.yaml", manifest(body, ""));
    let plan = world.run(&["plan", "--format", "json", "pool.yaml"]).output().json();
    let steps = plan["pools"][0]["steps"].as_array().unwrap();
    let told = |step: &Value| step["operation"].as_str().unwrap().to_owned();
    assert_eq!(
        steps.iter().map(told).collect::<Vec<_>>(),
        ["AddCustomAttributes", "CreateGroup", "UpdateUserPool"]
    );
    assert!(!steps[2]["changes"].to_string().contains("Schema"), "{}", steps[2]);
}

#[test]
fn what_a_refused_run_has_removed_is_named_with_what_cannot_come_back() {
    let world = pool(&["UpdateUserPool:error=InvalidParameterException/400"], "PLUS");
    let group = manifest("groups: { staff: { Description: Staff } }\n", "");
    world.workspace.write("pool.yaml", group);
    world.apply().expect(0);
    let body = "settings: { UserPoolTier: ESSENTIALS }\ngroups: { staff: { remove: true, reason: old } }\n";
    world.workspace.write("pool.yaml", manifest(body, ""));
    assert_snapshot!(told(&world.apply_with(&["--allow=tier-downgrade,group-removal"]).expect(5)));
}

#[test]
fn what_cognito_refuses_is_said_before_anything_is_sent() {
    let world = pool(&[], "ESSENTIALS");
    world.workspace.write("pool.yaml", manifest("", LOGS));
    assert_snapshot!("tier", told(&world.apply().expect(3)));
    let elsewhere = LOGS.replace("eu-west-1:1", "us-east-1:1");
    world.workspace.write("pool.yaml", manifest("settings: { UserPoolTier: PLUS }\n", &elsewhere));
    assert_snapshot!("region", told(&world.apply().expect(3)));
    assert_eq!(world.calls("SetLogDeliveryConfiguration"), 0);
}

#[test]
fn mistakes_in_a_branch_are_named_at_their_place() {
    let world = world(&[]);
    for (nth, text) in [
        "settings: { logDelivery: { LogConfigurations: [] } }\n",
        "logDelivery: ~\n",
        "logDelivery: {}\n",
        "logDelivery: []\n",
        "logdelivery: { LogConfigurations: [] }\n",
        "logDelivery: { LogConfiguration: [] }\n",
        "logDelivery: { LogConfigurations: [{ EventSource: userEvents, LogLevel: ERROR }] }\n",
        "logDelivery: { UserPoolId: eu-west-1_a }\n",
    ]
    .into_iter()
    .enumerate()
    {
        let text = manifest("", text).replace(POOL, &format!("eu-west-1_{nth}"));
        world.workspace.write(&format!("wrong/{nth}.yaml"), text);
    }
    assert_snapshot!(told(&world.run(&["validate", "wrong"]).output().expect(1)));
}

#[test]
fn a_lost_answer_and_a_foreign_change_are_settled_by_reading() {
    let lost = world(&["SetLogDeliveryConfiguration:cut-after*1"]);
    lost.apply().expect(0);
    assert_eq!(lost.calls("SetLogDeliveryConfiguration"), 1);
    let moved = world(&["SetLogDeliveryConfiguration:drift-after=DeletionProtection:\"ACTIVE\"*1"]);
    let output = told(&moved.apply().expect(5));
    assert!(output.contains("DeletionProtection"), "{output}");
}

#[test]
fn saved_documents_and_imports_have_the_logs_where_somebody_may_read_them() {
    let world = world(&[]);
    world.apply().expect(0);
    // The sandbox keeps them beside the pool.
    let live = ["plan", "--live", ".poolctl/sandbox", "--detailed-exitcode", "pool.yaml"];
    world.run(&live).output().expect(0);
    // A folder without them cannot tell what the call would replace, nor what has drifted.
    for command in ["plan", "drift", "adopt"] {
        let output = world.run(&[command, "--live", "seed", "pool.yaml"]).output().expect(1);
        assert!(output.stderr.contains(".logDelivery.json does not exist"), "{output}");
    }
    let imported = world.run(&["import", POOL, "-o", "-"]).output().expect(0);
    assert!(imported.stdout.contains("logDelivery:\n  LogConfigurations:\n"), "{imported}");
    let denied = pool(&["GetLogDeliveryConfiguration:error=AccessDeniedException/400"], "PLUS");
    let imported = denied.run(&["import", POOL, "-o", "-"]).output().expect(0);
    assert!(
        imported.stderr.contains("`logDelivery`") && !imported.stdout.contains("logDelivery"),
        "{imported}"
    );
}

#[test]
fn drift_is_told_and_adopted() {
    let world = world(&[]);
    world.apply().expect(0);
    let text = manifest("", &LOGS.replace(":::activity", ":::declared"));
    world.workspace.write("pool.yaml", text.replace("\n      S3", "\n      # where\n      S3"));
    assert_snapshot!(told(&world.run(&["drift", "pool.yaml"]).output().expect(2)));
    world.run(&["adopt", "pool.yaml"]).output().expect(0);
    let adopted = std::fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
    assert!(adopted.contains("arn:aws:s3:::activity") && adopted.contains("# where"), "{adopted}");
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
}

#[test]
fn a_saved_plan_with_logs_is_shown_and_applied() {
    let world = world(&[]);
    world.run(&["plan", "--save", "logs.plan", "pool.yaml"]).output().expect(0);
    let shown = world.run(&["show", "logs.plan"]).output().expect(0);
    assert!(shown.stdout.contains("arn:aws:s3:::activity"), "{shown}");
    world.run(&["apply", "--settle", "0", "logs.plan"]).output().expect(0);
    assert_eq!(sources(&world), ["userAuthEvents", "userNotification"]);
}

#[test]
fn members_of_a_destination_that_poolctl_does_not_know_go_along() {
    let world = world(&[]);
    world.apply().expect(0);
    let path = world.workspace.path().join(".poolctl/sandbox").join(format!("{POOL}.json"));
    let mut live = world.live();
    for entry in live["LogDeliveryConfiguration"]["LogConfigurations"].as_array_mut().unwrap() {
        if entry["EventSource"] == "userAuthEvents" {
            entry["Sampling"] = json!(5);
            entry["S3Configuration"]["Prefix"] = json!("p/");
        }
    }
    std::fs::write(path, live.to_string()).unwrap();
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    world.workspace.write("pool.yaml", manifest("", &LOGS.replace(":::activity", ":::elsewhere")));
    let sent = world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(0).stdout;
    assert!(sent.contains(r#""Prefix": "p/""#) && sent.contains(r#""Sampling": 5"#), "{sent}");
}

#[test]
fn a_saved_document_of_something_else_is_not_taken_for_no_logs() {
    let world = world(&[]);
    let pool = world.workspace.path().join(format!("seed/{POOL}.json"));
    let pool = std::fs::read_to_string(pool).unwrap();
    for (text, says) in [
        (
            r#"{"LogDeliveryConfiguration": {"UserPoolId": "eu-west-1_other", "LogConfigurations": []}}"#,
            "is of the pool eu-west-1_other",
        ),
        ("{}", "has no `LogConfigurations`"),
        (pool.as_str(), "has no `LogConfigurations`"),
        ("[", "is not JSON"),
    ] {
        world.workspace.write(&format!("seed/{POOL}.logDelivery.json"), text);
        let output = world.run(&["plan", "--live", "seed", "pool.yaml"]).output().expect(1);
        assert!(
            output.stderr.contains(says) && output.stderr.contains("get-log-delivery-configuration"),
            "{output}"
        );
    }
}

#[test]
fn an_import_without_logs_does_not_read_them() {
    let world = world(&[]);
    world.run(&["import", POOL, "--without", "logDelivery", "-o", "-"]).output().expect(0);
    world.run(&["import", POOL, "--only", "PoolName", "-o", "-"]).output().expect(0);
    assert_eq!(world.calls("GetLogDeliveryConfiguration"), 0);
}

#[test]
fn logs_that_a_manifest_no_longer_declares_are_released() {
    let world = world(&[]);
    world.apply().expect(0);
    world.workspace.write("before/pool.yaml", manifest("settings: { PoolName: customers }\n", LOGS));
    world.workspace.write("pool.yaml", manifest("settings: { PoolName: customers }\n", ""));
    let plan = world.run(&["plan", "--baseline", "before", "pool.yaml"]).output().expect(0);
    assert!(plan.stdout.contains("logDelivery.LogConfigurations"), "{plan}");
    world.run(&["plan", "--baseline", "before", "--released", "fail", "pool.yaml"]).output().expect(3);
}

#[test]
fn a_restore_leaves_the_entry_that_its_run_did_not_change() {
    let world = world(&[]);
    world.apply().expect(0);
    let first = LOGS.replace("log-group:messages", "log-group:first");
    world.workspace.write("pool.yaml", manifest("", &first));
    world.apply().expect(0);
    let changed_one = |name: &String| {
        let path = world.workspace.path().join(".poolctl/backups").join(name);
        let backup: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        backup["changed"].as_array().unwrap().len() == 1
    };
    let backup = format!(".poolctl/backups/{}", world.backups().into_iter().find(changed_one).unwrap());
    world.workspace.write("pool.yaml", manifest("", &first.replace(":::activity", ":::later")));
    world.apply().expect(0);
    world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    let live = world.live().to_string();
    assert!(live.contains("log-group:messages") && live.contains(":::later"), "{live}");
}

#[test]
fn a_plan_of_logs_alone_says_nothing_of_requests_for_the_pool() {
    let world = World::with(&[], |document| document["UserPool"]["UserPoolTier"] = json!("PLUS"));
    let omit = "omit: [{ path: UserPoolTags, reason: r }]\n";
    world.workspace.write("pool.yaml", manifest("", &format!("{LOGS}{omit}")));
    for unknown in ["echo", "omit", "stop"] {
        let plan = world.run(&["plan", "--unknown", unknown, "pool.yaml"]).output().expect(0);
        assert!(!plan.stdout.contains("RiskScoring") && !plan.stdout.contains("UserPoolTags"), "{plan}");
    }
}

#[test]
fn a_request_names_its_own_pool_whatever_the_documents_and_the_manifest_say() {
    let world = world(&[]);
    let pass = "passthrough: { logDelivery: { UserPoolId: eu-west-1_other } }\nomit: [{ path: logDelivery.UserPoolId, reason: r }]\n";
    world.workspace.write("pool.yaml", manifest("", &format!("{LOGS}{pass}")));
    let sent = world.run(&["plan", "--show-request", "pool.yaml"]).output();
    assert!(!sent.stdout.contains("eu-west-1_other"), "{sent}");
    for wrong in ["1", "~", "{}"] {
        world
            .workspace
            .write("pool.yaml", manifest("", &format!("passthrough: {{ logDelivery: {wrong} }}\n")));
        world.run(&["validate", "pool.yaml"]).output().expect(1);
    }
}

#[test]
fn a_backup_that_cannot_bring_back_what_its_run_changed_is_refused() {
    let world = world(&[]);
    world.apply().expect(0);
    let name = world.backups().remove(0);
    let path = world.workspace.path().join(".poolctl/backups").join(&name);
    let backup: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    for (edit, says) in [
        (json!({}), "it lacks the document"),
        (json!({"terms": {}}), "which a newer poolctl saved"),
        (json!({"logDelivery": {"UserPoolId": "eu-west-1_other"}}), "of another pool"),
    ] {
        let mut backup = backup.clone();
        backup["branches"] = edit;
        world.workspace.write("odd.json", backup.to_string());
        let output = world.run(&["restore", "--yes", "odd.json"]).output().expect(1);
        assert!(output.stderr.contains(says), "{output}");
    }
}

#[test]
fn a_restore_shows_no_secret_of_the_manifest_whatever_its_run_changed() {
    let world = world(&[]);
    let secret = |text: &str, protection: &str| {
        let settings = format!("settings: {{ DeletionProtection: {protection} }}\n");
        world
            .workspace
            .write("pool.yaml", manifest(&settings, &LOGS.replace(":::activity", ":::${secret:BUCKET}")));
        world
            .run(&["apply", "--yes", "--settle", "0", "pool.yaml"])
            .env("POOLCTL_SECRET_BUCKET", text)
            .output()
            .expect(0)
    };
    secret("canary-one", "INACTIVE");
    let before = world.backups();
    secret("canary-one", "ACTIVE");
    let backup = world.backups().into_iter().find(|name| !before.contains(name)).unwrap();
    secret("canary-two", "ACTIVE");
    let restored =
        world.run(&["restore", "--whole", "--yes", &format!(".poolctl/backups/{backup}")]).output();
    assert!(!restored.to_string().contains("canary"), "{restored}");
}
