//! Calls that are not of Cognito user pools.

use serde_json::json;

use super::{Heard, Stage};

async fn json_call(stage: &Stage, target: &str) -> Heard {
    let request = format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/x-amz-json-1.1\r\n\
         {target}content-length: 2\r\n\r\n{{}}"
    );
    stage.send(&request).await.unwrap()
}

#[tokio::test]
async fn what_an_audit_asks_other_services_is_answered_as_by_an_account_that_has_none_of_it() {
    let stage = Stage::plain().await;
    for (target, status, answer) in [
        ("AWSCognitoIdentityService.ListIdentityPools", 200, json!({"IdentityPools": []})),
        ("AWSWAF_20190729.ListWebACLs", 200, json!({"WebACLs": []})),
        (
            "AWSOrganizationsV20161128.DescribeAccount",
            400,
            json!({
                "__type": "AWSOrganizationsNotInUseException",
                "message": "Your account is not a member of an organization.",
            }),
        ),
    ] {
        let heard = json_call(&stage, &format!("x-amz-target: {target}\r\n")).await;
        assert_eq!((heard.status, heard.json()), (status, answer), "{target}");
    }
    let form = "Action=DescribeRegions&Version=2016-11-15";
    let request = format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         authorization: AWS4-HMAC-SHA256 Credential=x/20261130/us-<1/ec2/aws4_request\r\n\
         content-length: {}\r\n\r\n{form}",
        form.len()
    );
    let heard = stage.send(&request).await.unwrap();
    for region in ["eu-west-1", "us-&lt;1"] {
        assert!(heard.text.contains(&format!("<regionName>{region}</regionName>")), "{}", heard.text);
    }
    let counted = stage.control("GET", "calls", "").await.json();
    let once = json!({"DescribeAccount": 1, "DescribeRegions": 1, "ListIdentityPools": 1, "ListWebACLs": 1});
    assert_eq!(counted, once);
}

#[tokio::test]
async fn an_operation_that_the_sandbox_lacks_is_named_with_what_it_has() {
    let stage = Stage::plain().await;
    let rest = "It has the settings of Cognito user pools, and no users, sign-in or tokens. \
                GET /_sandbox/operations lists its operations.";
    for (target, first) in [
        (
            "x-amz-target: AWSCognitoIdentityProviderService.AdminCreateUser\r\n",
            "The sandbox has no operation AdminCreateUser.",
        ),
        (
            "x-amz-target: AWSWAF_20190729.GetWebACL\r\n",
            "The sandbox has no operation AWSWAF_20190729.GetWebACL.",
        ),
        (
            "x-amz-target: DescribeUserPool\r\n",
            "The request names no operation: AWS JSON has it in `X-Amz-Target`, a form in `Action`.",
        ),
        ("", "The request names no operation: AWS JSON has it in `X-Amz-Target`, a form in `Action`."),
    ] {
        let heard = json_call(&stage, target).await;
        let expected = json!({"__type": "UnknownOperationException", "message": format!("{first} {rest}")});
        assert_eq!((heard.status, heard.json()), (400, expected), "{target}");
    }
    let operations: Vec<String> =
        serde_json::from_str(&stage.control("GET", "operations", "").await.text).unwrap();
    for has in ["UpdateUserPool", "AssumeRole", "DescribeRegions", "ListWebACLs"] {
        assert!(operations.iter().any(|operation| operation == has), "{has}");
    }
}
