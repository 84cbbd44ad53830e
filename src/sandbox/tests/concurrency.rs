//! Many callers at once, and another process.

use std::collections::BTreeSet;
use std::fs;

use serde_json::json;

use super::{POOL, Stage};
use crate::document::Json;
use crate::sandbox::{SandboxOptions, start};

fn tags(pool: &Json) -> BTreeSet<String> {
    pool["UserPoolTags"].as_object().unwrap().keys().cloned().collect()
}

/// Gives the pool tags with this prefix, one call each.
async fn tag(stage: &Stage, prefix: &str) {
    let arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_abc";
    for nth in 0..20 {
        let tags = json!({format!("{prefix}{nth:02}"): "x"});
        stage.done("TagResource", json!({"ResourceArn": arn, "Tags": tags})).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_writers_of_a_pool_lose_nothing_and_readers_see_each_state_in_its_turn() {
    let stage = Stage::plain().await;
    let before = tags(&stage.pool().await);
    let read = async {
        let mut seen = before.clone();
        for _ in 0..60 {
            let now = tags(&stage.pool().await);
            assert!(now.is_superset(&seen), "{seen:?} was followed by {now:?}");
            seen = now;
        }
    };
    tokio::join!(tag(&stage, "a"), tag(&stage, "b"), read);
    assert_eq!(tags(&stage.pool().await).len(), before.len() + 40);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_edit_by_hand_is_seen_by_the_next_call_while_another_pool_is_written() {
    let stage = Stage::plain().await;
    let path = stage.dir.path().join("eu-west-1_hand.json");
    let edit = async {
        for nth in 0..60 {
            let name = format!("name{nth:02}");
            let pool = json!({"UserPool": {"Id": "eu-west-1_hand", "Name": name}});
            fs::write(&path, pool.to_string()).unwrap();
            for _ in 0..2 {
                let shown = stage.done("DescribeUserPool", json!({"UserPoolId": "eu-west-1_hand"})).await;
                assert_eq!(shown["UserPool"]["Name"], json!(name));
                let listed = stage.done("ListUserPools", json!({"MaxResults": 60})).await;
                assert_eq!(listed["UserPools"][1]["Name"], json!(name), "{listed}");
            }
        }
    };
    tokio::join!(tag(&stage, "a"), edit);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_sandboxes_on_one_folder_see_each_others_writes_at_once() {
    let stage = Stage::plain().await;
    let other = start(SandboxOptions::new(stage.dir.path())).await.unwrap();
    let other = Stage { sandbox: other, dir: tempfile::tempdir().unwrap() };
    for nth in 0..30 {
        for (writer, reader) in [(&stage, &other), (&other, &stage)] {
            let name = format!("name{nth:02}");
            writer.done("UpdateUserPool", json!({"UserPoolId": POOL, "PoolName": name})).await;
            assert_eq!(reader.pool().await["Name"], json!(name));
        }
    }
    let made = other.done("CreateUserPool", json!({"PoolName": "new"})).await;
    let listed = stage.done("ListUserPools", json!({"MaxResults": 60})).await;
    assert!(listed["UserPools"].as_array().unwrap().iter().any(|pool| pool["Id"] == made["UserPool"]["Id"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_pools_that_want_a_domain_at_once_one_gets_it() {
    let stage = Stage::plain().await;
    let mut pools = Vec::new();
    for name in ["one", "two"] {
        let made = stage.done("CreateUserPool", json!({"PoolName": name})).await;
        pools.push(made["UserPool"]["Id"].as_str().unwrap().to_owned());
    }
    for nth in 0..10 {
        let domain = format!("shop-{nth}");
        let want =
            |pool: &str| stage.call("CreateUserPoolDomain", json!({"UserPoolId": pool, "Domain": domain}));
        let (one, two) = tokio::join!(want(&pools[0]), want(&pools[1]));
        let mut statuses = [one, two].map(|heard| heard.unwrap().status);
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400], "{domain}");
        let shown = stage.done("DescribeUserPoolDomain", json!({"Domain": domain})).await;
        let owner = shown["DomainDescription"]["UserPoolId"].clone();
        let gone = stage.call("DeleteUserPoolDomain", json!({"UserPoolId": owner, "Domain": domain})).await;
        assert_eq!(gone.unwrap().status, 200);
    }
}
