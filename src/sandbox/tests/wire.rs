//! The wire and what goes wrong on it.

use serde_json::json;
use tokio::net::TcpStream;

use super::{Heard, POOL, Stage, rich};
use crate::document::Json;
use crate::sandbox::{Fault, SandboxOptions, start};

#[tokio::test]
async fn every_answer_has_a_type_and_a_request_id() {
    let stage = Stage::plain().await;
    let good = stage.call("DescribeUserPool", json!({"UserPoolId": POOL})).await.unwrap();
    let bad = stage.call("Describe", json!({})).await.unwrap();
    assert_eq!(bad.json()["__type"], json!("UnknownOperationException"));
    for heard in [good, bad] {
        assert!(heard.head.contains("content-type: application/x-amz-json-1.1"), "{}", heard.head);
        assert!(heard.head.contains("x-amzn-requestid: "), "{}", heard.head);
    }
}

#[tokio::test]
async fn a_body_that_is_not_as_announced_is_refused() {
    let stage = Stage::plain().await;
    let request =
        "POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n";
    let heard = stage.send(request).await.unwrap();
    assert_eq!((heard.status, &heard.json()["__type"]), (400, &json!("SerializationException")));
}

#[tokio::test]
async fn a_call_with_the_content_type_of_a_form_is_told_which_type_it_needs() {
    let stage = Stage::plain().await;
    let heard = async |target: &str| {
        let body = format!("{{\"UserPoolId\": \"{POOL}\"}}");
        let form = "content-type: application/x-www-form-urlencoded";
        let length = body.len();
        let head = format!(
            "POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{target}{form}\r\ncontent-length: {length}"
        );
        stage.send(&format!("{head}\r\n\r\n{body}")).await.unwrap()
    };
    let wrong = heard("x-amz-target: AWSCognitoIdentityProviderService.DescribeUserPool\r\n").await;
    let told = "The request has the content type of a form. Set `Content-Type: application/x-amz-json-1.1`.";
    assert_eq!((wrong.status, &wrong.json()["message"]), (400, &json!(told)));
    assert!(heard("").await.text.contains("a form in `Action`"));
}

#[tokio::test]
async fn a_lost_answer_took_effect_and_a_cut_call_did_not() {
    let stage = Stage::failing(&["UpdateUserPool:cut-before*1", "UpdateUserPool:cut-after*1"]).await;
    let rename = || stage.call("UpdateUserPool", json!({"UserPoolId": POOL, "PoolName": "renamed"}));
    assert!(rename().await.is_none());
    assert_eq!(stage.pool().await["Name"], json!("customers"));
    assert!(rename().await.is_none());
    assert_eq!(stage.pool().await["Name"], json!("renamed"));
    assert_eq!(stage.sandbox.calls()["UpdateUserPool"], 2);
}

#[tokio::test]
async fn answers_are_spoilt_on_demand() {
    let stage = Stage::failing(&[
        "DescribeUserPool:throttle*1",
        "DescribeUserPool:truncate*1",
        "DescribeUserPool:html-500*1",
        "DescribeUserPool:error=InternalErrorException*1",
        "DescribeUserPool:access-denied*1",
        "DescribeUserPool:expired-token*1",
    ])
    .await;
    let mut heard = Vec::new();
    for _ in 0..7 {
        let answer = stage.call("DescribeUserPool", json!({"UserPoolId": POOL})).await;
        let kind = |answer: Heard| match serde_json::from_str::<Json>(&answer.text) {
            Ok(body) => (answer.status, body["__type"].as_str().unwrap_or("a pool").to_owned()),
            Err(_) => (answer.status, "no JSON".to_owned()),
        };
        heard.push(answer.map_or((0, "cut".to_owned()), kind));
    }
    let heard: Vec<(u16, &str)> = heard.iter().map(|(status, kind)| (*status, kind.as_str())).collect();
    assert_eq!(
        heard,
        [
            (400, "TooManyRequestsException"),
            (0, "cut"),
            (500, "no JSON"),
            (500, "InternalErrorException"),
            (400, "AccessDeniedException"),
            (400, "ExpiredTokenException"),
            (200, "a pool"),
        ]
    );
}

#[tokio::test]
async fn another_writer_comes_after_the_second_read() {
    let stage = Stage::failing(&[r#"DescribeUserPool@2:move=DeletionProtection:"INACTIVE"*1"#]).await;
    let first = stage.pool().await;
    assert_eq!(stage.pool().await, first);
    let third = stage.pool().await;
    assert_eq!(third["DeletionProtection"], json!("INACTIVE"));
    assert_ne!(third["LastModifiedDate"], first["LastModifiedDate"]);
}

#[tokio::test]
async fn a_write_is_spoilt_in_its_effect() {
    let stage = Stage::failing(&[
        "UpdateUserPool:ignore=Name",
        "UpdateUserPool:drift-after=LambdaConfig:{}",
        "UpdateUserPool:refuse=BrandNew",
    ])
    .await;
    let (_, message) = stage.refused("UpdateUserPool", json!({"UserPoolId": POOL, "BrandNew": 1})).await;
    assert_eq!(message, "The parameter BrandNew is not supported for this user pool.");
    let triggers = rich()["LambdaConfig"].clone();
    let sent = json!({"UserPoolId": POOL, "PoolName": "new", "DeletionProtection": "INACTIVE", "LambdaConfig": triggers});
    stage.done("UpdateUserPool", sent).await;
    let pool = stage.pool().await;
    let seen = (&pool["Name"], &pool["DeletionProtection"], &pool["LambdaConfig"]);
    assert_eq!(seen, (&json!("customers"), &json!("INACTIVE"), &json!({})));
}

#[tokio::test]
async fn a_pool_that_is_made_is_spoilt_like_any_other() {
    let stage = Stage::failing(&[
        "CreateUserPool:drift-after=DeletionProtection:\"ACTIVE\"",
        "CreateUserPool:ignore=UserPoolTags",
    ])
    .await;
    let sent = json!({"PoolName": "new", "UserPoolTags": {"team": "shop"}});
    let made = stage.done("CreateUserPool", sent).await["UserPool"].clone();
    let shown = stage.done("DescribeUserPool", json!({"UserPoolId": made["Id"]})).await["UserPool"].clone();
    for pool in [made, shown] {
        assert_eq!((&pool["DeletionProtection"], &pool["UserPoolTags"]), (&json!("ACTIVE"), &Json::Null));
    }
}

#[tokio::test]
async fn faults_and_counts_are_ruled_over_http() {
    let stage = Stage::plain().await;
    stage.pool().await;
    assert_eq!(stage.control("GET", "calls", "").await.json(), json!({"DescribeUserPool": 1}));
    stage.control("DELETE", "calls", "").await;
    let bad = stage.control("POST", "faults", "DescribeUserPool:throttle\nnonsense").await;
    assert_eq!(bad.status, 400);
    assert!(bad.json()["message"].as_str().unwrap().starts_with("`nonsense` is not a fault"), "{}", bad.text);
    assert_eq!(stage.control("GET", "faults", "").await.json(), json!([]), "all or none");
    stage.control("POST", "faults", "DescribeUserPool:throttle\n").await;
    assert_eq!(
        stage.refused("DescribeUserPool", json!({"UserPoolId": POOL})).await.0,
        "TooManyRequestsException"
    );
    stage.control("DELETE", "faults", "").await;
    stage.pool().await;
    assert_eq!(stage.sandbox.calls()["DescribeUserPool"], 2);
    assert_eq!(stage.control("GET", "nothing", "").await.status, 404);
}

#[tokio::test]
async fn the_log_tells_what_each_call_did_and_what_another_writer_did() {
    let stage = Stage::failing(&[
        "DescribeUserPool:cut-before*1",
        "DescribeUserPool:move=UserPoolTags.team:\"ops\"*1",
        "TagResource:cut-after*1",
    ])
    .await;
    let read = || stage.call("DescribeUserPool", json!({"UserPoolId": POOL}));
    assert!(read().await.is_none());
    stage.pool().await;
    assert_eq!(
        stage.call("UpdateUserPool", json!({"UserPoolId": POOL, "PoolName": ""})).await.unwrap().status,
        400
    );
    let tags = json!({"ResourceArn": rich()["Arn"], "Tags": {"team": "identity"}});
    assert!(stage.call("TagResource", tags).await.is_none());
    stage.call(&"x".repeat(99), json!({"UserPoolId": "y".repeat(99)})).await.unwrap();

    let log = stage.control("GET", "log", "").await.json();
    let told: Vec<String> = log["calls"].as_array().unwrap().iter().map(Json::to_string).collect();
    assert_eq!(
        told,
        [
            r#"{"operation":"DescribeUserPool","pool":"eu-west-1_abc","came":1,"acted":null,"over":2,"status":null,"error":null,"answered":false,"changed":[],"moved":[]}"#,
            r#"{"operation":"DescribeUserPool","pool":"eu-west-1_abc","came":3,"acted":4,"over":5,"status":200,"error":null,"answered":true,"changed":[],"moved":["UserPoolTags.team"]}"#,
            r#"{"operation":"UpdateUserPool","pool":"eu-west-1_abc","came":6,"acted":7,"over":8,"status":400,"error":"InvalidParameterException","answered":true,"changed":[],"moved":[]}"#,
            r#"{"operation":"TagResource","pool":"eu-west-1_abc","came":9,"acted":10,"over":11,"status":200,"error":null,"answered":false,"changed":["UserPoolTags.team"],"moved":[]}"#,
            r#"{"operation":"Unknown","pool":null,"came":12,"acted":13,"over":14,"status":400,"error":"UnknownOperationException","answered":true,"changed":[],"moved":[]}"#,
        ]
    );
    stage.control("DELETE", "log", "").await;
    assert_eq!(stage.control("GET", "log", "").await.json()["calls"], json!([]));
}

#[tokio::test]
async fn log_delivery_goes_wrong_and_is_logged_like_the_rest() {
    const LIST: &str = "LogDeliveryConfiguration.LogConfigurations";
    let stage = Stage::failing(&[
        "GetLogDeliveryConfiguration:throttle*1",
        r#"GetLogDeliveryConfiguration:move=LogDeliveryConfiguration.LogConfigurations:[{"EventSource":"x"}]*1"#,
        "SetLogDeliveryConfiguration:cut-after*1",
        "SetLogDeliveryConfiguration@2:ignore=LogDeliveryConfiguration.LogConfigurations*1",
        "SetLogDeliveryConfiguration@3:drift-after=LogDeliveryConfiguration.LogConfigurations:null*1",
        "SetLogDeliveryConfiguration@4:refuse=LogConfigurations",
    ])
    .await;
    let pool = || json!({"UserPoolId": POOL});
    let read = || async {
        let answer = stage.done("GetLogDeliveryConfiguration", pool()).await;
        answer["LogDeliveryConfiguration"]["LogConfigurations"].clone()
    };
    let group = "arn:aws:logs:eu-west-1:111122223333:log-group:errors";
    let errors = json!({
        "LogLevel": "ERROR", "EventSource": "userNotification", "CloudWatchLogsConfiguration": {"LogGroupArn": group}
    });
    let entries = |entries: Json| json!({"UserPoolId": POOL, "LogConfigurations": entries});
    let refused = stage.refused("GetLogDeliveryConfiguration", pool()).await;
    assert_eq!(refused.0, "TooManyRequestsException");
    assert_eq!(read().await, json!([]));
    assert_eq!(read().await, json!([{"EventSource": "x"}]), "another writer came");
    assert!(stage.call("SetLogDeliveryConfiguration", entries(json!([errors]))).await.is_none());
    assert_eq!(read().await, json!([errors]), "only the answer was lost");
    stage.done("SetLogDeliveryConfiguration", entries(json!([]))).await;
    assert_eq!(read().await, json!([errors]), "ignored");
    stage.done("SetLogDeliveryConfiguration", entries(json!([errors]))).await;
    assert_eq!(read().await, json!([]), "gone as a side effect");
    let (_, message) = stage.refused("SetLogDeliveryConfiguration", entries(json!([]))).await;
    assert_eq!(message, "The parameter LogConfigurations is not supported for this user pool.");

    let log = stage.control("GET", "log", "").await.json();
    let calls = log["calls"].as_array().unwrap().iter();
    let told: Vec<_> = calls
        .filter(|call| call["changed"] != json!([]) || call["moved"] != json!([]))
        .map(|call| (call["operation"].as_str().unwrap(), &call["changed"], &call["moved"]))
        .collect();
    let (none, list) = (json!([]), json!([LIST]));
    assert_eq!(
        told,
        [
            ("GetLogDeliveryConfiguration", &none, &list),
            ("SetLogDeliveryConfiguration", &list, &none),
            ("SetLogDeliveryConfiguration", &list, &none),
        ]
    );
}

#[tokio::test]
async fn with_quotas_a_burst_of_reads_is_throttled() {
    let stage = Stage::with(|options| options.quotas = true).await;
    let mut throttled = 0;
    for _ in 0..200 {
        let heard = stage.call("DescribeUserPool", json!({"UserPoolId": POOL})).await.unwrap();
        throttled += u32::from(heard.text.contains("TooManyRequestsException"));
    }
    assert!(throttled > 0);
}

#[tokio::test]
async fn a_stopped_sandbox_gives_its_port_back() {
    let stage = Stage::plain().await;
    let addr = stage.sandbox.addr();
    assert_eq!(stage.sandbox.url(), format!("http://127.0.0.1:{}", addr.port()));
    let mut taken = SandboxOptions::new(stage.dir.path());
    taken.port = addr.port();
    let error = start(taken.clone()).await.unwrap_err().to_string();
    assert!(error.starts_with(&format!("the sandbox cannot listen on 127.0.0.1:{}", addr.port())), "{error}");
    let idle = TcpStream::connect(addr).await.unwrap();
    stage.sandbox.stop().await;
    drop(idle);
    start(taken).await.unwrap().stop().await;
}

#[test]
fn a_fault_is_shown_as_it_was_written() {
    let text = "UpdateUserPool@2:latency=50ms*1";
    assert_eq!(text.parse::<Fault>().unwrap().to_string(), text);
}

/// What the sandbox and the planner agree on must not come from one place.
#[test]
fn nothing_of_the_planner_is_used_here() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sandbox");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        seen += 1;
        for (at, _) in text.match_indices("crate::") {
            let rest = &text[at + "crate::".len()..];
            let below = ["document::", "files", "shapes::", "sandbox::"];
            let allowed = below.iter().any(|module| rest.starts_with(module));
            assert!(allowed, "{} uses crate::{}", path.display(), rest.lines().next().unwrap());
        }
    }
    assert!(seen > 20);
}

#[tokio::test]
async fn a_web_page_of_another_name_gets_no_answer() {
    let stage = Stage::plain().await;
    for (method, path, headers) in [
        ("POST", "/", "host: rebound.example"),
        ("GET", "/_sandbox/log", "host: rebound.example:9229"),
        ("POST", "/_sandbox/faults", "host: 127.0.0.1\r\norigin: https://rebound.example"),
    ] {
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{headers}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        );
        let heard = stage.send(&request).await.unwrap();
        assert_eq!((heard.status, &heard.json()["__type"]), (403, &json!("AccessDeniedException")));
        let message = heard.json()["message"].as_str().unwrap().to_owned();
        assert!(message.contains("rebound.example") && message.contains("`poolctl sandbox`"), "{message}");
    }
    for host in ["127.0.0.1", "localhost:9229", "[::1]:9229"] {
        let request = format!("GET /_sandbox/calls HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        assert_eq!(stage.send(&request).await.unwrap().status, 200, "{host}");
    }
    assert!(stage.sandbox.calls().is_empty());
}
