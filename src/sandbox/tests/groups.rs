//! Groups: made, listed, changed and deleted; and what all collections have in common.

use std::fs;

use serde_json::json;

use super::{POOL, Stage};
use crate::document::Json;

const ROLE: &str = "arn:aws:iam::111122223333:role/admins";

/// A request about one group of the pool.
fn group(name: &str, mut members: Json) -> Json {
    members["UserPoolId"] = json!(POOL);
    members["GroupName"] = json!(name);
    members
}

fn names(page: &Json) -> Vec<&str> {
    page["Groups"].as_array().unwrap().iter().map(|group| group["GroupName"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_group_is_made_read_changed_and_deleted() {
    let stage = Stage::plain().await;
    let before = stage.pool().await;
    let made = stage.done("CreateGroup", group("admins", json!({"Precedence": 0}))).await["Group"].clone();
    assert_eq!((&made["UserPoolId"], &made["Precedence"]), (&json!(POOL), &json!(0)));
    assert!(made["CreationDate"].is_number() && made["LastModifiedDate"].is_number());
    assert_eq!(stage.done("GetGroup", group("admins", json!({}))).await["Group"], made);

    let sent = json!({"Description": "they may everything", "RoleArn": ROLE});
    let changed = stage.done("UpdateGroup", group("admins", sent)).await["Group"].clone();
    assert_eq!((&changed["Precedence"], &changed["RoleArn"]), (&json!(0), &json!(ROLE)));
    assert_eq!(changed["CreationDate"], made["CreationDate"]);
    assert!(changed["LastModifiedDate"].as_f64() > made["LastModifiedDate"].as_f64());

    let deleted = stage.call("DeleteGroup", group("admins", json!({}))).await.unwrap();
    assert_eq!((deleted.status, deleted.text.as_str()), (200, ""));
    let gone = ("ResourceNotFoundException".to_owned(), "Group not found.".to_owned());
    for operation in ["GetGroup", "UpdateGroup", "DeleteGroup"] {
        assert_eq!(stage.refused(operation, group("admins", json!({}))).await, gone);
    }
    assert_eq!(stage.pool().await, before, "the pool's own document does not change with its groups");
}

#[tokio::test]
async fn an_update_keeps_every_member_of_a_group_that_it_leaves_out() {
    let stage = Stage::plain().await;
    let all = json!({"Description": "they may everything", "RoleArn": ROLE, "Precedence": 3, "Newer": [1]});
    let made = stage.done("CreateGroup", group("admins", all)).await["Group"].clone();
    let mut after = stage.done("UpdateGroup", group("admins", json!({}))).await["Group"].clone();
    after["LastModifiedDate"] = made["LastModifiedDate"].clone();
    assert_eq!(after, made);
    let nulls = json!({"Description": null, "RoleArn": null, "Precedence": null});
    let after = stage.done("UpdateGroup", group("admins", nulls)).await["Group"].clone();
    assert_eq!(after["Precedence"], json!(3), "null is as good as nothing");
}

#[tokio::test]
async fn what_a_group_must_not_have_is_refused() {
    let stage = Stage::plain().await;
    stage.done("CreateGroup", group("admins", json!({"RoleArn": ROLE}))).await;
    let invalid = "InvalidParameterException";
    for (operation, sent, exception, message) in [
        ("CreateGroup", json!({}), "GroupExistsException", "A group with the name already exists."),
        (
            "UpdateGroup",
            json!({"RoleArn": "arn:aws:iam::444455556666:role/admins"}),
            invalid,
            "Cross-account pass role is not allowed.",
        ),
        (
            "UpdateGroup",
            json!({"RoleArn": ""}),
            invalid,
            "2 validation errors detected: Value '' at 'roleArn' failed to satisfy constraint: Member must have \
             length greater than or equal to 20; Value '' at 'roleArn' failed to satisfy constraint: Member must \
             satisfy regular expression pattern: \
             arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:([\\w+=/,.@-]*)?:[0-9]+:[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?",
        ),
        (
            "UpdateGroup",
            json!({"Precedence": -1}),
            invalid,
            "1 validation error detected: Value '-1' at 'precedence' failed to satisfy constraint: Member must have \
             value greater than or equal to 0",
        ),
    ] {
        let refused = stage.refused(operation, group("admins", sent)).await;
        assert_eq!(refused, (exception.to_owned(), message.to_owned()));
    }
    let elsewhere = json!({"UserPoolId": "eu-west-1_none", "GroupName": "admins"});
    let refused = stage.refused("GetGroup", elsewhere).await;
    assert_eq!(refused.1, "User pool eu-west-1_none does not exist.");
}

#[tokio::test]
async fn groups_are_listed_whole_and_in_pages() {
    let stage = Stage::plain().await;
    for name in ["c", "a", "b"] {
        stage.done("CreateGroup", group(name, json!({"Description": name}))).await;
    }
    let first = stage.done("ListGroups", json!({"UserPoolId": POOL, "Limit": 2})).await;
    assert_eq!((names(&first), &first["Groups"][0]["Description"]), (vec!["a", "b"], &json!("a")));
    let next = json!({"UserPoolId": POOL, "Limit": 2, "NextToken": first["NextToken"]});
    let rest = stage.done("ListGroups", next).await;
    assert_eq!((names(&rest), rest.get("NextToken")), (vec!["c"], None));
    let all = stage.done("ListGroups", json!({"UserPoolId": POOL})).await;
    assert_eq!((names(&all), all.get("NextToken")), (vec!["a", "b", "c"], None));
    let many = stage.refused("ListGroups", json!({"UserPoolId": POOL, "Limit": 61})).await;
    assert!(many.1.contains("Member must have value less than or equal to 60"), "{}", many.1);
    let odd = stage.refused("ListGroups", json!({"UserPoolId": POOL, "NextToken": "odd"})).await;
    assert_eq!(odd.1, "Invalid pagination token");
}

#[tokio::test]
async fn groups_are_in_the_pools_file_and_leave_it_with_the_last_of_them() {
    let stage = Stage::plain().await;
    let path = stage.dir.path().join(format!("{POOL}.json"));
    let file = || serde_json::from_str::<Json>(&fs::read_to_string(&path).unwrap()).unwrap();
    stage.done("CreateGroup", group("admins", json!({"Newer": {"z": 1.10, "a": null}}))).await;
    assert_eq!(file()["Groups"][0]["Newer"].to_string(), r#"{"z":1.1,"a":null}"#);
    stage.done("SetUserPoolMfaConfig", json!({"UserPoolId": POOL})).await;
    stage
        .done(
            "UpdateUserPool",
            json!({"UserPoolId": POOL, "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": []}}),
        )
        .await;
    assert_eq!(file()["Groups"].as_array().map(Vec::len), Some(1), "other calls leave it alone");
    stage.call("DeleteGroup", group("admins", json!({}))).await.unwrap();
    assert!(file().get("Groups").is_none());
}

#[tokio::test]
async fn a_group_goes_wrong_and_is_logged_like_the_rest() {
    let stage = Stage::failing(&[
        "CreateGroup:throttle*1",
        "CreateGroup@2:cut-after*1",
        r#"GetGroup:move=Groups.admins.Description:"theirs"*1"#,
        r#"UpdateGroup:move=Groups.ops:{"Precedence":7}*1"#,
        "UpdateGroup@2:ignore=Groups.admins.Precedence*1",
        "UpdateGroup@3:refuse=Precedence*1",
        "DeleteGroup:error=InternalErrorException*1",
        "DeleteGroup@2:drift-after=Groups.ops:null*1",
    ])
    .await;
    let admins = |members: Json| group("admins", members);
    assert_eq!(stage.refused("CreateGroup", admins(json!({}))).await.0, "TooManyRequestsException");
    assert!(stage.call("CreateGroup", admins(json!({"Precedence": 1}))).await.is_none());
    assert_eq!(stage.refused("CreateGroup", admins(json!({}))).await.0, "GroupExistsException");
    let read = || async { stage.done("GetGroup", admins(json!({}))).await["Group"].clone() };
    assert!(read().await.get("Description").is_none());
    assert_eq!(read().await["Description"], json!("theirs"), "another writer came");
    stage.done("UpdateGroup", admins(json!({"Precedence": 2}))).await;
    let list = stage.done("ListGroups", json!({"UserPoolId": POOL})).await;
    assert_eq!(names(&list), ["admins", "ops"]);
    let ignored = stage.done("UpdateGroup", admins(json!({"Precedence": 3}))).await;
    assert_eq!((&ignored["Group"]["Precedence"], &read().await["Precedence"]), (&json!(2), &json!(2)));
    assert!(stage.refused("UpdateGroup", admins(json!({"Precedence": 4}))).await.1.contains("Precedence"));
    assert_eq!(stage.refused("DeleteGroup", admins(json!({}))).await.0, "InternalErrorException");
    stage.call("DeleteGroup", admins(json!({}))).await.unwrap();
    let list = stage.done("ListGroups", json!({"UserPoolId": POOL})).await;
    assert_eq!(list, json!({"Groups": []}));

    let log = stage.control("GET", "log", "").await.json();
    let told: Vec<String> = log["calls"].as_array().unwrap().iter().map(told).collect();
    assert_eq!(
        told.iter().filter(|line| !line.ends_with("[] []")).collect::<Vec<_>>(),
        [
            r#"CreateGroup ["Groups.admins"] []"#,
            r#"GetGroup [] ["Groups.admins.Description"]"#,
            r#"UpdateGroup ["Groups.admins.Precedence"] ["Groups.ops"]"#,
            r#"DeleteGroup ["Groups.admins","Groups.ops"] []"#,
        ]
    );
}

fn told(call: &Json) -> String {
    format!("{} {} {}", call["operation"].as_str().unwrap(), call["changed"], call["moved"])
}
