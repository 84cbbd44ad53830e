//! A sandbox in memory answers as one with files does.

use std::fs;

use serde_json::json;

use super::{POOL, Stage};
use crate::document::Json;
use crate::sandbox::PoolHome;

/// Calls about the pool of the stage; `CLIENT` is the id of the app client that one of them makes.
fn calls() -> Vec<(&'static str, Json)> {
    vec![
        ("DeleteUserPool", json!({})),
        ("CreateUserPoolClient", json!({"ClientName": "web", "GenerateSecret": false})),
        ("CreateGroup", json!({"GroupName": "admins", "Precedence": 1})),
        ("CreateUserPoolDomain", json!({"Domain": "acme"})),
        ("DescribeUserPool", json!({})),
        ("SetRiskConfiguration", json!({"ClientId": "CLIENT", "RiskExceptionConfiguration": {}})),
        ("SetUICustomization", json!({"CSS": ".logo-customizable {}"})),
        ("GetUICustomization", json!({})),
        ("UpdateUserPool", json!({"AutoVerifiedAttributes": ["email"], "UserPoolTags": {"team": "shop"}})),
        ("SetUserPoolMfaConfig", json!({"MfaConfiguration": "OFF"})),
        ("UpdateGroup", json!({"GroupName": "admins", "Description": "all"})),
        ("ListGroups", json!({})),
        ("DeleteGroup", json!({"GroupName": "admins"})),
        ("ListGroups", json!({})),
        ("DescribeUserPoolClient", json!({"ClientId": "CLIENT"})),
        ("DeleteUserPoolDomain", json!({"Domain": "acme"})),
        ("DeleteUserPoolClient", json!({"ClientId": "CLIENT"})),
        ("GetUserPoolMfaConfig", json!({})),
        ("DescribeUserPool", json!({})),
        ("DeleteUserPool", json!({})),
        ("DescribeUserPool", json!({})),
    ]
}

/// The status and the body of each answer, without dates and ids that a sandbox makes up.
async fn answers(stage: &Stage) -> Vec<String> {
    let mut client = String::new();
    let mut answers = Vec::new();
    for (operation, mut body) in calls() {
        body["UserPoolId"] = json!(POOL);
        if body.get("ClientId").is_some() {
            body["ClientId"] = json!(client);
        }
        let heard = stage.call(operation, body).await.unwrap();
        let mut answer = if heard.text.is_empty() { Json::Null } else { heard.json() };
        if let Some(made) = answer.pointer("/UserPoolClient/ClientId").and_then(Json::as_str) {
            made.clone_into(&mut client);
        }
        forget_dates(&mut answer);
        let told = format!("{operation}: {} {answer}", heard.status);
        answers.push(if client.is_empty() { told } else { told.replace(&client, "CLIENT") });
    }
    answers
}

fn forget_dates(answer: &mut Json) {
    match answer {
        Json::Object(members) => {
            // The version of a style sheet is the time at which it was set.
            members.retain(|name, _| !name.ends_with("Date") && name != "CSSVersion");
            members.values_mut().for_each(forget_dates);
        }
        Json::Array(elements) => elements.iter_mut().for_each(forget_dates),
        _ => {}
    }
}

#[tokio::test]
async fn every_call_is_answered_from_memory_as_from_files_and_no_file_is_written() {
    let with_files = Stage::plain().await;
    // The folder of the stage is only the seed.
    let in_memory = Stage::with(|options| {
        let PoolHome::Folder(seed) = std::mem::replace(&mut options.home, PoolHome::Memory) else { return };
        options.seed = Some(seed);
    })
    .await;
    let file = in_memory.dir.path().join(format!("{POOL}.json"));
    let before = fs::read(&file).unwrap();

    let expected = answers(&with_files).await;
    assert_eq!(answers(&in_memory).await, expected);
    let refused: Vec<&str> = expected
        .iter()
        .filter(|answer| !answer.contains(": 200 "))
        .filter_map(|answer| answer.split(':').next())
        .collect();
    assert_eq!(refused, ["DeleteUserPool", "SetRiskConfiguration", "DescribeUserPool"]);

    assert_eq!(fs::read(&file).unwrap(), before);
    assert_eq!(fs::read_dir(in_memory.dir.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_list_in_memory_follows_what_is_made_and_deleted() {
    let stage = Stage::with(|options| options.home = PoolHome::Memory).await;
    let made = stage.done("CreateUserPool", json!({"PoolName": "shop"})).await;
    let listed = stage.done("ListUserPools", json!({"MaxResults": 60})).await;
    assert_eq!(listed["UserPools"][0]["Id"], made["UserPool"]["Id"]);
    stage.call("DeleteUserPool", json!({"UserPoolId": made["UserPool"]["Id"]})).await.unwrap();
    assert_eq!(stage.done("ListUserPools", json!({"MaxResults": 60})).await["UserPools"], json!([]));
}
