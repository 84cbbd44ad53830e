//! Stories over real HTTP.

use std::fs;

use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{Fault, Omission, Options, Running, start};
use crate::document::Json;

const POOL: &str = "eu-west-1_abc";

/// A sandbox with one rich pool, and a client of it.
struct Stage {
    sandbox: Running,
    dir: TempDir,
}

/// What came over the wire.
struct Heard {
    status: u16,
    head: String,
    text: String,
}

impl Heard {
    fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap()
    }
}

impl Stage {
    async fn with(change: impl FnOnce(&mut Options)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let saved =
            json!({"UserPool": rich(), "MfaConfig": {"MfaConfiguration": "OFF", "NewFactor": {"x": 1}}});
        fs::write(dir.path().join(format!("{POOL}.json")), saved.to_string()).unwrap();
        let mut options = Options::new(dir.path());
        change(&mut options);
        Self { sandbox: start(options).await.unwrap(), dir }
    }

    async fn plain() -> Self {
        Self::with(|_| {}).await
    }

    async fn failing(faults: &[&str]) -> Self {
        Self::with(|options| options.faults = faults.iter().map(|fault| fault.parse().unwrap()).collect())
            .await
    }

    /// Sends a request as it stands; nothing when the connection is cut before an answer's end.
    async fn send(&self, request: &str) -> Option<Heard> {
        let mut stream = TcpStream::connect(self.sandbox.addr()).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut heard = Vec::new();
        // A cut may come as a reset.
        let _ = stream.read_to_end(&mut heard).await;
        let heard = String::from_utf8(heard).unwrap();
        let (head, text) = heard.split_once("\r\n\r\n")?;
        let head = head.to_ascii_lowercase();
        let length: usize = head.split_once("content-length: ")?.1.lines().next()?.parse().unwrap();
        let status = head.split(' ').nth(1)?.parse().unwrap();
        (text.len() == length).then(|| Heard { status, head, text: text.to_owned() })
    }

    async fn signed(&self, credential: &str, operation: &str, body: &str) -> Option<Heard> {
        let length = body.len();
        self.send(&format!(
            "POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/x-amz-json-1.1\r\n\
             x-amz-target: AWSCognitoIdentityProviderService.{operation}\r\n\
             authorization: AWS4-HMAC-SHA256 Credential={credential}/aws4_request, SignedHeaders=host\r\n\
             content-length: {length}\r\n\r\n{body}"
        ))
        .await
    }

    async fn call(&self, operation: &str, body: Json) -> Option<Heard> {
        self.signed("AKIAIOSFODNN7EXAMPLE/20261123/eu-west-1/cognito-idp", operation, &body.to_string()).await
    }

    /// The answer of a call that succeeds.
    async fn done(&self, operation: &str, body: Json) -> Json {
        let heard = self.call(operation, body).await.unwrap();
        assert_eq!(heard.status, 200, "{}", heard.text);
        heard.json()
    }

    /// The exception and the message of a call that is refused.
    async fn refused(&self, operation: &str, body: Json) -> (String, String) {
        let heard = self.call(operation, body).await.unwrap();
        assert_ne!(heard.status, 200, "{}", heard.text);
        let text = |name: &str| heard.json()[name].as_str().unwrap().to_owned();
        (text("__type"), text("message"))
    }

    async fn pool(&self) -> Json {
        self.done("DescribeUserPool", json!({"UserPoolId": POOL})).await["UserPool"].clone()
    }

    async fn control(&self, method: &str, path: &str, body: &str) -> Heard {
        let length = body.len();
        let request = format!(
            "{method} /_sandbox/{path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        self.send(&request).await.unwrap()
    }
}

fn rich() -> Json {
    json!({
        "Id": POOL,
        "Arn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_abc",
        "Name": "customers",
        "Policies": {
            "PasswordPolicy": {"MinimumLength": 12, "TemporaryPasswordValidityDays": 3},
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]}
        },
        "DeletionProtection": "ACTIVE",
        "LambdaConfig": {"PreSignUp": "arn:aws:lambda:eu-west-1:111122223333:function:f"},
        "LastModifiedDate": 1_700_000_000.123,
        "AutoVerifiedAttributes": ["email"],
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        "MfaConfiguration": "OFF",
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
        "UserPoolTags": {"team": "identity", "aws:owner": "stack"},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true, "UnusedAccountValidityDays": 3},
        "UserPoolTier": "ESSENTIALS",
        "BrandNew": {"z": 1, "a": [{"deep": true}]}
    })
}

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
async fn as_measured_the_verification_that_survives_refuses_the_update_that_forgot_it() {
    let stage = Stage::with(|options| options.omission = Omission::Measured).await;
    let (exception, message) = stage.refused("UpdateUserPool", json!({"UserPoolId": POOL})).await;
    assert_eq!(exception, "InvalidParameterException");
    assert_eq!(
        message,
        "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes"
    );
}

#[tokio::test]
async fn what_an_update_must_not_say_is_refused_in_the_services_words() {
    let stage = Stage::plain().await;
    let before = stage.pool().await;
    let invalid = "InvalidParameterException";
    let function = "arn:aws:lambda:eu-west-1:111122223333:function:f";
    for (sent, exception, message) in [
        (
            json!({"AdminCreateUserConfig": {"UnusedAccountValidityDays": 3}}),
            invalid,
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays",
        ),
        (
            json!({"MfaConfiguration": "ON"}),
            invalid,
            "Cannot turn MFA functionality ON, once the user pool has been created.",
        ),
        (
            json!({"MfaConfiguration": "OPTIONAL"}),
            invalid,
            "SMS configuration and Auto verification for phone_number are required when MFA is optional",
        ),
        (
            json!({"AutoVerifiedAttributes": ["phone_number"]}),
            invalid,
            "SMS configuration is required when phone_number is selected for auto verification",
        ),
        (
            json!({"EmailConfiguration": {"From": "me@example.com"}}),
            invalid,
            "Cannot configure From email address for default email configuration",
        ),
        (
            json!({"VerificationMessageTemplate": {"EmailMessage": "no placeholder"}}),
            invalid,
            "The message is invalid.",
        ),
        (
            json!({"VerificationMessageTemplate": {"EmailMessageByLink": "{####} no link"}}),
            invalid,
            "The message is invalid.",
        ),
        (
            json!({"UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}}),
            "FeatureUnavailableInTierException",
            "The following features need to be disabled for the ESSENTIALS pricing tier configured: Threat Protection",
        ),
        (
            json!({
                "UserPoolTier": "LITE",
                "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}
            }),
            "FeatureUnavailableInTierException",
            "The following features need to be disabled for the LITE pricing tier configured: Passwordless Sign-In",
        ),
        (
            json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "SMS_OTP"]}}}),
            invalid,
            "SMS_OTP can not be configured as AuthFactor as user pool is missing valid SMS configuration",
        ),
        (
            json!({"UserPoolTags": {"aws:x": "y"}}),
            "UserPoolTaggingException",
            "aws: prefixed tag key names are not allowed for external use: aws:x",
        ),
        (json!({"SmsConfiguration": {}}), invalid, "SmsConfiguration must have SnsCallerArn or EumsSms."),
        (
            json!({"LambdaConfig": {
                "PreTokenGeneration": function,
                "PreTokenGenerationConfig": {"LambdaVersion": "V1_0", "LambdaArn": format!("{function}2")}
            }}),
            invalid,
            "PreTokenGeneration and the LambdaArn of PreTokenGenerationConfig must be the same.",
        ),
        (
            json!({"AcrConfiguration": {"Level1": {"AcrValue": "urn:cognito:loa:2"}}}),
            invalid,
            "The AcrValue of each level in AcrConfiguration must be unique.",
        ),
    ] {
        let mut body = json!({"UserPoolId": POOL});
        body.as_object_mut().unwrap().extend(sent.as_object().unwrap().clone());
        let refused = stage.refused("UpdateUserPool", body).await;
        assert_eq!((refused.0.as_str(), refused.1.as_str()), (exception, message), "{sent}");
    }
    assert_eq!(stage.pool().await, before, "a refusal changes nothing");
    let (_, message) = stage.refused("DeleteUserPool", json!({"UserPoolId": POOL})).await;
    assert!(message.contains("deletion protection is activated"), "{message}");
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
async fn what_an_mfa_call_must_not_say_is_refused() {
    let stage = Stage::plain().await;
    let factors = json!(["PASSWORD", "EMAIL_OTP", "WEB_AUTHN"]);
    let update =
        json!({"UserPoolId": POOL, "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": factors}}});
    stage.done("UpdateUserPool", update).await;
    let tokens = json!({"Enabled": true});
    for (sent, message) in [
        (
            json!({"SoftwareTokenMfaConfiguration": {"Enabled": false}}),
            "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
        ),
        (
            json!({"MfaConfiguration": "OPTIONAL"}),
            "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.",
        ),
        (
            json!({"MfaConfiguration": "ON", "WebAuthnConfiguration": {}}),
            "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled.",
        ),
        (
            json!({"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": tokens}),
            "Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled",
        ),
        (
            json!({"MfaConfiguration": "OPTIONAL", "EmailMfaConfiguration": {}}),
            "Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of \
             COGNITO_DEFAULT",
        ),
    ] {
        let mut body = json!({"UserPoolId": POOL});
        body.as_object_mut().unwrap().extend(sent.as_object().unwrap().clone());
        assert_eq!(stage.refused("SetUserPoolMfaConfig", body).await.1, message, "{sent}");
    }
}

#[tokio::test]
async fn a_pool_is_seen_from_its_own_region_and_account_only() {
    let stage = Stage::plain().await;
    let body = json!({"UserPoolId": POOL}).to_string();
    for (credential, status) in [
        ("AKIAIOSFODNN7EXAMPLE/20261123/eu-west-1/cognito-idp", 200),
        ("AKIAIOSFODNN7EXAMPLE/20261123/us-east-1/cognito-idp", 400),
        ("AKIA444455556666ABCD/20261123/eu-west-1/cognito-idp", 400),
    ] {
        let heard = stage.signed(credential, "DescribeUserPool", &body).await.unwrap();
        assert_eq!(heard.status, status, "{credential}");
    }
}

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
async fn hostile_input_is_refused_and_the_sandbox_lives_on() {
    let stage = Stage::plain().await;
    let credential = "x/y/eu-west-1/z";
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let long = format!(r#"{{"UserPoolId":"{POOL}","New":"{}"}}"#, "x".repeat(5 << 20));
    for (body, status) in [
        ("{", 400),
        ("[]", 400),
        (r#"{"UserPoolId":7}"#, 400),
        (r#"{"UserPoolId":"../../etc/passwd"}"#, 400),
        (r#"{"UserPoolId":"x_y\u0000"}"#, 400),
        (deep.as_str(), 400),
        (long.as_str(), 413),
    ] {
        // A body that is too long may be answered while it is still being sent.
        if let Some(heard) = stage.signed(credential, "UpdateUserPool", body).await {
            assert_eq!(heard.status, status, "{}", heard.text);
        }
    }
    assert_eq!(stage.pool().await["Name"], json!("customers"));
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
async fn with_quotas_the_sixteenth_read_of_a_second_is_throttled() {
    let stage = Stage::with(|options| options.quotas = true).await;
    let mut throttled = 0;
    for _ in 0..200 {
        let heard = stage.call("DescribeUserPool", json!({"UserPoolId": POOL})).await.unwrap();
        throttled += u32::from(heard.text.contains("TooManyRequestsException"));
    }
    assert!(throttled > 0);
}

#[tokio::test]
async fn the_caller_is_told_who_it_is() {
    let stage = Stage::plain().await;
    let body = "Action=GetCallerIdentity&Version=2011-06-15";
    let request = format!(
        "POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
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
    let again = start(Options::new(stage.dir.path())).await.unwrap_err().to_string();
    assert!(again.contains("eu-west-1_abc.json") && again.contains("is not a saved pool"), "{again}");
}

#[tokio::test]
async fn a_stopped_sandbox_gives_its_port_back() {
    let stage = Stage::plain().await;
    let addr = stage.sandbox.addr();
    assert_eq!(stage.sandbox.url(), format!("http://127.0.0.1:{}", addr.port()));
    let mut taken = Options::new(stage.dir.path());
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
