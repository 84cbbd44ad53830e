//! What becomes of a pool, call by call.

use std::fs;

use serde_json::json;

use super::{POOL, Stage};
use crate::document::Json;
use crate::sandbox::{Omission, SandboxOptions, start};

#[tokio::test]
async fn a_pool_is_made_listed_changed_and_deleted() {
    let stage = Stage::plain().await;
    let made = stage.done("CreateUserPool", json!({"PoolName": "second", "UserPoolTags": {"a": "b"}})).await;
    let id = made["UserPool"]["Id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("eu-west-1_"), "{id}");
    assert!(stage.dir.path().join(format!("{id}.json")).is_file());

    let page = stage.done("ListUserPools", json!({"MaxResults": 1})).await;
    let rest = stage.done("ListUserPools", json!({"MaxResults": 1, "NextToken": page["NextToken"]})).await;
    assert!(rest.get("NextToken").is_none());
    let mut names: Vec<_> =
        [&page, &rest].iter().map(|page| page["UserPools"][0]["Name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["customers", "second"]);

    stage
        .done("AddCustomAttributes", json!({"UserPoolId": id, "CustomAttributes": [{"Name": "tenant"}]}))
        .await;
    let arn = &made["UserPool"]["Arn"];
    stage.done("TagResource", json!({"ResourceArn": arn, "Tags": {"c": "d"}})).await;
    stage.done("UntagResource", json!({"ResourceArn": arn, "TagKeys": ["a", "none"]})).await;
    let tags = stage.done("ListTagsForResource", json!({"ResourceArn": arn})).await;
    assert_eq!(tags, json!({"Tags": {"c": "d"}}));
    let pool = stage.done("DescribeUserPool", json!({"UserPoolId": id})).await["UserPool"].clone();
    assert_eq!(pool["UserPoolTags"], json!({"c": "d"}));
    assert_eq!(pool["SchemaAttributes"][20]["Name"], json!("custom:tenant"));

    let deleted = stage.call("DeleteUserPool", json!({"UserPoolId": id})).await.unwrap();
    assert_eq!((deleted.status, deleted.text.as_str()), (200, ""));
    let (exception, message) = stage.refused("DescribeUserPool", json!({"UserPoolId": id})).await;
    assert_eq!(exception, "ResourceNotFoundException");
    assert_eq!(message, format!("User pool {id} does not exist."));
}

#[tokio::test]
async fn an_update_of_the_name_alone_loses_the_triggers_and_a_complete_one_nothing() {
    let stage = Stage::plain().await;
    let before = stage.pool().await;
    let mut complete = before.clone();
    let members = complete.as_object_mut().unwrap();
    for read_only in ["Id", "Arn", "Name", "LastModifiedDate"] {
        members.shift_remove(read_only);
    }
    members.insert("UserPoolId".to_owned(), json!(POOL));
    members["UserPoolTags"].as_object_mut().unwrap().shift_remove("aws:owner");
    members["AdminCreateUserConfig"].as_object_mut().unwrap().shift_remove("UnusedAccountValidityDays");
    stage.done("UpdateUserPool", complete).await;
    let mut after = stage.pool().await;
    assert_ne!(after["LastModifiedDate"], before["LastModifiedDate"]);
    after["LastModifiedDate"] = before["LastModifiedDate"].clone();
    let filled: Vec<_> =
        ["RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols"].to_vec();
    for name in filled {
        let policy = after["Policies"]["PasswordPolicy"].as_object_mut().unwrap();
        assert_eq!(policy.shift_remove(name), Some(json!(false)));
    }
    assert_eq!(after, before);

    stage.done("UpdateUserPool", json!({"UserPoolId": POOL, "PoolName": "renamed"})).await;
    let pool = stage.pool().await;
    assert_eq!((&pool["Name"], &pool["LambdaConfig"]), (&json!("renamed"), &json!({})));
    assert!(pool.get("BrandNew").is_none());
    assert_eq!(pool["UserPoolTags"], json!({"aws:owner": "stack"}));
}

#[tokio::test]
async fn mfa_is_replaced_whole() {
    let stage = Stage::plain().await;
    let get = || stage.done("GetUserPoolMfaConfig", json!({"UserPoolId": POOL}));
    assert_eq!(get().await, json!({"MfaConfiguration": "OFF", "NewFactor": {"x": 1}}));
    let set = stage
        .done(
            "SetUserPoolMfaConfig",
            json!({
                "UserPoolId": POOL, "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": true},
                "WebAuthnConfiguration": {"RelyingPartyId": "example.com"}, "NewFactor": {"x": 2}
            }),
        )
        .await;
    assert_eq!(set["WebAuthnConfiguration"]["FactorConfiguration"], json!("SINGLE_FACTOR"));
    assert_eq!((&set, stage.pool().await["MfaConfiguration"].as_str()), (&get().await, Some("ON")));
    stage.done("SetUserPoolMfaConfig", json!({"UserPoolId": POOL})).await;
    assert_eq!(get().await, json!({"MfaConfiguration": "OFF"}));
}

#[tokio::test]
async fn a_set_without_the_sms_block_takes_the_sender_away() {
    let stage = Stage::plain().await;
    let sender = json!({"SnsCallerArn": "arn:aws:iam::111122223333:role/sms", "ExternalId": "0123"});
    let on = json!({
        "UserPoolId": POOL, "MfaConfiguration": "OPTIONAL",
        "SmsMfaConfiguration": {"SmsConfiguration": sender, "SmsAuthenticationMessage": "It is {####}"}
    });
    stage.done("SetUserPoolMfaConfig", on).await;
    let pool = stage.pool().await;
    assert_eq!(pool["SmsConfiguration"]["SnsRegion"], json!("eu-west-1"));
    assert_eq!(pool["SmsAuthenticationMessage"], json!("It is {####}"));
    stage.done("SetUserPoolMfaConfig", json!({"UserPoolId": POOL, "MfaConfiguration": "OFF"})).await;
    assert!(stage.pool().await.get("SmsConfiguration").is_none());
}

#[tokio::test]
async fn log_delivery_is_a_list_from_the_start_and_replaced_whole() {
    let stage = Stage::with(|options| options.omission = Omission::Measured).await;
    let get = || stage.done("GetLogDeliveryConfiguration", json!({"UserPoolId": POOL}));
    let set = |entries: Json| {
        stage.done("SetLogDeliveryConfiguration", json!({"UserPoolId": POOL, "LogConfigurations": entries}))
    };
    let answer = |entries: Json| json!({"LogDeliveryConfiguration": {"UserPoolId": POOL, "LogConfigurations": entries}});
    assert_eq!(get().await, answer(json!([])));
    stage.done("UpdateUserPool", plus()).await;

    let activity = json!({
        "EventSource": "userAuthEvents", "LogLevel": "INFO",
        "S3Configuration": {"BucketArn": "arn:aws:s3:::activity"}, "Newer": {"b": 1.10, "a": null}
    });
    let errors = json!({
        "LogLevel": "ERROR", "EventSource": "userNotification",
        "CloudWatchLogsConfiguration": {"LogGroupArn": "arn:aws:logs:eu-west-1:111122223333:log-group:errors"}
    });
    let both = answer(json!([errors, activity]));
    assert_eq!(set(json!([activity, errors])).await, both, "in another order than it was set");
    assert_eq!(set(json!([errors, activity])).await, both);
    assert_eq!(get().await, both);
    assert!(stage.pool().await.get("LogDeliveryConfiguration").is_none());

    stage.done("SetUserPoolMfaConfig", json!({"UserPoolId": POOL})).await;
    stage.done("UpdateUserPool", plus()).await;
    assert_eq!(get().await, both, "other calls leave it alone");
    let path = stage.dir.path().join(format!("{POOL}.json"));
    let file: Json = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(file["LogDeliveryConfiguration"], both["LogDeliveryConfiguration"]);

    assert_eq!(set(json!([errors])).await, answer(json!([errors])), "the other entry is gone");
    assert_eq!(set(json!([])).await, answer(json!([])));
    assert_eq!(get().await, answer(json!([])));
}

#[tokio::test]
async fn a_pool_leaves_plus_only_without_the_export_of_activity() {
    let stage = Stage::with(|options| options.omission = Omission::Measured).await;
    let down = |tier: &str| {
        let mut update = plus();
        update["UserPoolTier"] = json!(tier);
        update
    };
    let set = |entries: Json| {
        stage.done("SetLogDeliveryConfiguration", json!({"UserPoolId": POOL, "LogConfigurations": entries}))
    };
    let entry = |source: &str, level: &str| {
        let group = "arn:aws:logs:eu-west-1:111122223333:log-group:all";
        json!({"EventSource": source, "LogLevel": level, "CloudWatchLogsConfiguration": {"LogGroupArn": group}})
    };
    stage.done("UpdateUserPool", plus()).await;
    set(json!([entry("userAuthEvents", "INFO"), entry("userNotification", "ERROR")])).await;
    let before = stage.pool().await;
    for tier in ["ESSENTIALS", "LITE"] {
        let (exception, message) = stage.refused("UpdateUserPool", down(tier)).await;
        assert_eq!(exception, "FeatureUnavailableInTierException");
        assert_eq!(
            message,
            format!(
                "The following features need to be disabled for the {tier} pricing tier configured: Log Streaming"
            )
        );
    }
    assert_eq!(stage.pool().await, before);
    set(json!([entry("userNotification", "ERROR")])).await;
    stage.done("UpdateUserPool", down("ESSENTIALS")).await;
    assert_eq!(stage.pool().await["UserPoolTier"], json!("ESSENTIALS"));
}

/// An update that puts the pool on PLUS and leaves the rest as it is.
fn plus() -> Json {
    json!({
        "UserPoolId": POOL, "UserPoolTier": "PLUS", "AutoVerifiedAttributes": ["email"], "DeletionProtection": "ACTIVE"
    })
}

#[tokio::test]
async fn the_caller_is_told_who_it_is() {
    let stage = Stage::plain().await;
    let body = "Action=GetCallerIdentity&Version=2011-06-15";
    let request = format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded; charset=utf-8\r\n\
         authorization: AWS4-HMAC-SHA256 Credential=444455556666/20261123/us-east-1/sts/aws4_request\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let heard = stage.send(&request).await.unwrap();
    assert_eq!(heard.status, 200);
    assert!(heard.text.contains("<Account>444455556666</Account>"), "{}", heard.text);
    assert_eq!(stage.sandbox.calls()["GetCallerIdentity"], 1);
}

#[tokio::test]
async fn a_file_edited_by_hand_is_seen_and_a_broken_one_is_named() {
    let stage = Stage::plain().await;
    let path = stage.dir.path().join(format!("{POOL}.json"));
    let edited = fs::read_to_string(&path).unwrap().replace("customers", "clicked");
    fs::write(&path, edited).unwrap();
    assert_eq!(stage.pool().await["Name"], json!("clicked"));
    fs::write(&path, "{").unwrap();
    let (exception, message) = stage.refused("DescribeUserPool", json!({"UserPoolId": POOL})).await;
    assert_eq!(exception, "InternalErrorException");
    assert!(message.contains("eu-west-1_abc.json"), "{message}");
    let again = start(SandboxOptions::new(stage.dir.path())).await.unwrap_err().to_string();
    assert!(again.contains("eu-west-1_abc.json") && again.contains("is not a saved pool"), "{again}");
}

#[tokio::test]
async fn a_member_newer_than_everybody_keeps_its_order_and_its_numbers() {
    let stage = Stage::plain().await;
    let credential = "AKIAIOSFODNN7EXAMPLE/20261123/eu-west-1/cognito-idp";
    let newer = r#"{"z":12345678901234567890123,"a":{"m":1.10,"n":null}}"#;
    let trigger = "arn:aws:lambda:eu-west-1:111122223333:function:f";
    let body = format!(
        r#"{{"UserPoolId":"{POOL}","Newer":{newer},"LambdaConfig":{{"NewTrigger":{newer},"PreSignUp":"{trigger}"}}}}"#
    );
    assert_eq!(stage.signed(credential, "UpdateUserPool", &body).await.unwrap().status, 200);
    let read = stage.call("DescribeUserPool", json!({"UserPoolId": POOL})).await.unwrap().text;
    assert!(read.contains(&format!(r#""Newer":{newer}"#)), "{read}");
    assert!(
        read.contains(&format!(r#""LambdaConfig":{{"NewTrigger":{newer},"PreSignUp":"{trigger}"}}"#)),
        "{read}"
    );
}

#[tokio::test]
async fn the_official_sdk_speaks_with_it() {
    use aws_sdk_cognitoidentityprovider as cognito;
    use cognito::config::{BehaviorVersion, Credentials, Region};
    let stage = Stage::plain().await;
    let keys =
        Credentials::builder().access_key_id("111122223333").secret_access_key("none").provider_name("test");
    let config = cognito::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(keys.build())
        .endpoint_url(stage.sandbox.url())
        .build();
    let client = cognito::Client::from_conf(config);
    let pool = client.describe_user_pool().user_pool_id(POOL).send().await.unwrap().user_pool.unwrap();
    assert_eq!(pool.name(), Some("customers"));
    let delivery = client.get_log_delivery_configuration().user_pool_id(POOL).send().await.unwrap();
    let delivery = delivery.log_delivery_configuration.unwrap();
    assert_eq!((delivery.user_pool_id(), delivery.log_configurations().len()), (POOL, 0));
    let error = client.describe_user_pool().user_pool_id("eu-west-1_none").send().await.unwrap_err();
    let error = error.into_service_error();
    assert!(error.is_resource_not_found_exception());
    assert_eq!(error.meta().message(), Some("User pool eu-west-1_none does not exist."));
}
