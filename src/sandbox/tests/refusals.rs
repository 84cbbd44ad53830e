//! What is refused, and in which words.

use serde_json::json;

use super::{POOL, Stage};
use crate::document::Json;
use crate::sandbox::Omission;

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
            json!({"VerificationMessageTemplate": {"EmailMessageByLink": "no {##link"}}),
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
            json!({"SmsConfiguration": {
                "SnsCallerArn": "arn:aws:iam::111122223333:role/sms",
                "EumsSms": {"CallerArn": "arn:aws:iam::111122223333:role/sms"}
            }}),
            invalid,
            "SmsConfiguration cannot have both SnsCallerArn and EumsSms.",
        ),
        (
            json!({"LambdaConfig": {
                "PreTokenGeneration": function,
                "PreTokenGenerationConfig": {"LambdaVersion": "V1_0", "LambdaArn": format!("{function}2")}
            }}),
            invalid,
            "Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's",
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
             COGNITO_DEFAULT.",
        ),
    ] {
        let mut body = json!({"UserPoolId": POOL});
        body.as_object_mut().unwrap().extend(sent.as_object().unwrap().clone());
        assert_eq!(stage.refused("SetUserPoolMfaConfig", body).await.1, message, "{sent}");
    }
}

#[tokio::test]
async fn what_log_delivery_must_not_say_is_refused() {
    let stage = Stage::plain().await;
    let group = json!({"LogGroupArn": "arn:aws:logs:eu-west-1:111122223333:log-group:errors"});
    let errors =
        json!({"LogLevel": "ERROR", "EventSource": "userNotification", "CloudWatchLogsConfiguration": group});
    let activity =
        json!({"LogLevel": "INFO", "EventSource": "userAuthEvents", "CloudWatchLogsConfiguration": group});
    let with = |entry: &Json, member: &str, value: Json| {
        let mut entry = entry.clone();
        entry[member] = value;
        entry
    };
    let nowhere = json!({"LogLevel": "ERROR", "EventSource": "userNotification"});
    let elsewhere = json!({"LogGroupArn": "arn:aws:logs:us-east-1:111122223333:log-group:errors"});
    let stream = "arn:aws:firehose:eu-west-1:111122223333:deliverystream/s";
    let invalid = "InvalidParameterException";
    for (entries, exception, message) in [
        (
            json!([errors, errors]),
            invalid,
            "Request validation Failed. Following event sources appear more then once in a request: \
             [userNotification].",
        ),
        (
            json!([nowhere]),
            invalid,
            "Request validation Failed. Following event sources in request have no destination: \
             [userNotification].",
        ),
        (
            json!([nowhere, nowhere]),
            invalid,
            "Request validation Failed. Following event sources in request have no destination: \
             [userNotification]. Following event sources appear more then once in a request: [userNotification].",
        ),
        (
            json!([activity]),
            "FeatureUnavailableInTierException",
            "The following feature is not available for the ESSENTIALS pricing tier configured: Log Streaming",
        ),
        (
            json!([with(&errors, "LogLevel", json!("INFO"))]),
            invalid,
            "LogLevel INFO is not supported for the event source userNotification. Use ERROR.",
        ),
        (
            json!([with(&activity, "LogLevel", json!("ERROR"))]),
            invalid,
            "LogLevel ERROR is not supported for the event source userAuthEvents. Use INFO.",
        ),
        (
            json!([with(&errors, "S3Configuration", json!({"BucketArn": "arn:aws:s3:::logs"}))]),
            invalid,
            "S3Configuration is not supported for the event source userNotification.",
        ),
        (
            json!([with(&errors, "FirehoseConfiguration", json!({"StreamArn": stream}))]),
            invalid,
            "FirehoseConfiguration is not supported for the event source userNotification.",
        ),
        (
            json!([with(&errors, "CloudWatchLogsConfiguration", elsewhere)]),
            invalid,
            "ARN does not belong to current region",
        ),
        (
            json!([with(&errors, "LogLevel", json!("WARN")), {"EventSource": "userAuthEvents"}]),
            invalid,
            "2 validation errors detected: Value 'WARN' at 'logConfigurations.1.member.logLevel' failed to satisfy \
             constraint: Member must satisfy enum value set: [ERROR, INFO]; Value null at \
             'logConfigurations.2.member.logLevel' failed to satisfy constraint: Member must not be null",
        ),
        (
            json!([with(&activity, "S3Configuration", json!({"BucketArn": "arn:aws:s3:eu-west-1::b"}))]),
            invalid,
            "1 validation error detected: Value 'arn:aws:s3:eu-west-1::b' at \
             'logConfigurations.1.member.s3Configuration.bucketArn' failed to satisfy constraint: Member must satisfy \
             regular expression pattern: arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:::[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?",
        ),
        (
            json!(null),
            invalid,
            "1 validation error detected: Value null at 'logConfigurations' failed to satisfy constraint: Member must \
             not be null",
        ),
    ] {
        let body = json!({"UserPoolId": POOL, "LogConfigurations": entries});
        let refused = stage.refused("SetLogDeliveryConfiguration", body).await;
        assert_eq!((refused.0.as_str(), refused.1.as_str()), (exception, message), "{entries}");
    }
    let three = json!({"UserPoolId": POOL, "LogConfigurations": [errors, activity, errors]});
    let (_, message) = stage.refused("SetLogDeliveryConfiguration", three).await;
    let limit = "at 'logConfigurations' failed to satisfy constraint: Member must have length less than or equal to 2";
    assert!(message.ends_with(limit), "{message}");

    let read = stage.done("GetLogDeliveryConfiguration", json!({"UserPoolId": POOL})).await;
    assert_eq!(read["LogDeliveryConfiguration"]["LogConfigurations"], json!([]), "a refusal changes nothing");
    let none = json!({"UserPoolId": "eu-west-1_none", "LogConfigurations": [errors]});
    for operation in ["GetLogDeliveryConfiguration", "SetLogDeliveryConfiguration"] {
        let (exception, message) = stage.refused(operation, none.clone()).await;
        assert_eq!(exception, "ResourceNotFoundException");
        assert_eq!(message, "User pool eu-west-1_none does not exist.");
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
