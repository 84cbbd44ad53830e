//! Each rule: a pool that breaks it, its neighbour that does not, and a file that does not tell.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::json;

use super::*;
use crate::catalogue::calls;
use crate::catalogue::{Catalogue, MFA_DOCUMENT};
use crate::document::{Document, DocumentId, Json, Object, Path, Snapshot};
use crate::rules::{Desired, Want};
use crate::shapes::Shapes;

const REGION: &str = "eu-west-1";

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(Shapes::bundled()));

thread_local! {
    /// The settings that rules have asked a view for.
    pub(super) static ASKED: RefCell<BTreeSet<&'static str>> = RefCell::default();
}

fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

fn object(value: &Json) -> Object {
    value.as_object().cloned().unwrap()
}

/// Both documents of a pool with these settings.
fn documents(settings: &Json) -> Snapshot {
    let (mut pool, mut mfa) = (Object::new(), Object::new());
    let mut singles = Vec::new();
    let mut labelled = Snapshot::default();
    for (name, value) in object(settings) {
        if let Some(list) = DocumentId::LABELLED.into_iter().find(|list| list.name() == name) {
            let own = object(&value);
            let list_of = own.keys().map(|label| (label.clone(), json!({}))).collect::<Object>();
            labelled = own
                .into_iter()
                .fold(labelled, |all, (label, one)| all.with_whole(&list.labelled(&label), object(&one)));
            labelled = labelled.with(list, Some(list_of.into()));
            continue;
        }
        let single = DocumentId::BRANCHES;
        if let Some(id) = single.into_iter().find(|id| id.name() == name) {
            singles.push((id, object(&value)));
            continue;
        }
        let mode = name == "MfaConfiguration";
        let mfa_only = !mode && name.ends_with("MfaConfiguration") || name == "WebAuthnConfiguration";
        let document = if mfa_only { &mut mfa } else { &mut pool };
        document.insert(name, value);
    }
    let mut snapshot = Snapshot::new(pool, Some(mfa));
    for (id, document) in labelled.documents() {
        snapshot = snapshot.with(id.clone(), document.cloned());
    }
    singles.into_iter().fold(snapshot, |all, (id, document)| all.with(id, Some(document.into())))
}

/// A manifest that declares these settings, member by member.
fn declared(settings: &Json) -> Desired {
    fn wants(at: &Path, value: &Json, out: &mut Vec<Want>) {
        match value {
            Json::Object(members) if !members.is_empty() => {
                members.iter().for_each(|(name, value)| wants(&at.member(name), value, out));
            }
            value => {
                let value = Some(value.clone()).filter(|value| !value.is_null());
                out.push(Want {
                    path: at.clone(),
                    value,
                    lacks: None,
                    origin: None,
                    file: None,
                    is_secret: false,
                });
            }
        }
    }
    let mut out = Vec::new();
    wants(&Path::root(), settings, &mut out);
    let nothing = Desired::nothing("p.yaml".to_owned(), "eu-west-1_a".to_owned(), REGION.to_owned());
    Desired { wants: out, ..nothing }
}

fn codes(breaches: &[Breach]) -> Vec<&'static str> {
    breaches.iter().map(|breach| breach.rule.code).collect()
}

fn of_pool(pool: &Snapshot, left_out: &[Path]) -> Vec<Breach> {
    let view = View::of_documents(catalogue(), REGION, pool, left_out);
    let labelled = pool.documents().filter(|(id, _)| id.label().is_some());
    let documents = labelled.filter_map(|(id, _)| view.document(id, left_out, &|_| true));
    let of_documents: Vec<Breach> = documents.flat_map(|document| breaches_of_document(&document)).collect();
    breaches(&view).into_iter().chain(of_documents).collect()
}

fn of_file(settings: &Json) -> Vec<Breach> {
    breaches_of_manifest(catalogue(), &declared(settings))
}

/// `(code, refused, accepted, undecided where a file says no more than this)`
fn table() -> Vec<(&'static str, Json, Json, Json)> {
    let group = json!({"CloudWatchLogsConfiguration": {"LogGroupArn": format!("arn:aws:logs:{REGION}:111122223333:log-group:a")}});
    let logs = |source: &str, level: &str, destination: &Json| {
        let mut entry = json!({"EventSource": source, "LogLevel": level});
        entry.as_object_mut().unwrap().extend(object(destination));
        json!({ "LogConfigurations": [entry] })
    };
    let first = |factors: Json| json!({"SignInPolicy": {"AllowedFirstAuthFactors": factors}});
    let recovery = |names: &[(&str, u8)]| {
        let list: Vec<Json> =
            names.iter().map(|(name, priority)| json!({"Name": name, "Priority": priority})).collect();
        json!({"RecoveryMechanisms": list})
    };
    let email = recovery(&[("verified_email", 1)]);
    let phone = recovery(&[("verified_phone_number", 1)]);
    let both = recovery(&[("verified_email", 1), ("verified_phone_number", 2)]);
    let sender = json!({"SnsCallerArn": "arn:aws:iam::111122223333:role/sms"});
    let tags = |number: usize| -> Json {
        let tags: Object = (0..number).map(|number| (format!("t{number}"), json!("x"))).collect();
        json!({"UserPoolTags": tags})
    };
    let invite =
        |name: &str, text: &str| json!({"AdminCreateUserConfig": {"InviteMessageTemplate": {name: text}}});
    let template = |name: &str, text: &str| json!({"VerificationMessageTemplate": {name: text}});
    let event =
        |version: &str| json!({"PreTokenGenerationConfig": {"LambdaVersion": version, "LambdaArn": "arn"}});
    let level = |name: &str, value: &str| json!({name: {"AcrValue": value}});
    vec![
        (
            "mfa-without-factor",
            json!({"MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": false},
                "SmsMfaConfiguration": null, "EmailMfaConfiguration": null, "WebAuthnConfiguration": null}),
            json!({"MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": true}}),
            json!({"MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": false}}),
        ),
        (
            "passkey-is-no-factor",
            json!({"MfaConfiguration": "ON", "WebAuthnConfiguration": {"RelyingPartyId": "example.com"},
                "SoftwareTokenMfaConfiguration": null, "SmsMfaConfiguration": null, "EmailMfaConfiguration": null}),
            json!({"MfaConfiguration": "OFF", "WebAuthnConfiguration": {"RelyingPartyId": "example.com"}}),
            json!({"MfaConfiguration": "ON", "WebAuthnConfiguration": {"RelyingPartyId": "example.com"}}),
        ),
        (
            "relying-party-no-host",
            json!({"WebAuthnConfiguration": {"RelyingPartyId": "https://example.com"}}),
            json!({"WebAuthnConfiguration": {"RelyingPartyId": "example.com"}}),
            json!({}),
        ),
        (
            "relying-party-no-host",
            json!({"WebAuthnConfiguration": {"RelyingPartyId": "*.example.com"}}),
            json!({"WebAuthnConfiguration": {"RelyingPartyId": "localhost"}}),
            json!({}),
        ),
        (
            "relying-party-no-host",
            json!({"WebAuthnConfiguration": {"RelyingPartyId": "192.0.2.1"}}),
            json!({"WebAuthnConfiguration": {"RelyingPartyId": "1.a-1.example"}}),
            json!({}),
        ),
        (
            "mfa-with-otp-sign-in",
            json!({"MfaConfiguration": "ON", "Policies": first(json!(["PASSWORD", "EMAIL_OTP"]))}),
            json!({"MfaConfiguration": "OPTIONAL", "Policies": first(json!(["PASSWORD", "EMAIL_OTP"])),
                "SoftwareTokenMfaConfiguration": {"Enabled": true}}),
            json!({"Policies": first(json!(["PASSWORD", "EMAIL_OTP"]))}),
        ),
        (
            "mfa-with-single-factor-passkey",
            json!({"MfaConfiguration": "ON", "Policies": first(json!(["PASSWORD", "WEB_AUTHN"])),
                "WebAuthnConfiguration": {"FactorConfiguration": "SINGLE_FACTOR"}}),
            json!({"MfaConfiguration": "ON", "Policies": first(json!(["PASSWORD", "WEB_AUTHN"])),
                "WebAuthnConfiguration": {"FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION"}}),
            json!({"MfaConfiguration": "ON", "Policies": first(json!(["PASSWORD", "WEB_AUTHN"]))}),
        ),
        (
            "password-is-no-first-factor",
            json!({"Policies": first(json!(["EMAIL_OTP"]))}),
            json!({"Policies": first(json!(["PASSWORD", "EMAIL_OTP"]))}),
            json!({}),
        ),
        (
            "sms-otp-without-sender",
            json!({"Policies": first(json!(["PASSWORD", "SMS_OTP"])),
                "SmsConfiguration": {"SnsCallerArn": "", "EumsSms": null}}),
            json!({"Policies": first(json!(["PASSWORD", "SMS_OTP"])), "SmsConfiguration": sender}),
            json!({"Policies": first(json!(["PASSWORD", "SMS_OTP"]))}),
        ),
        (
            "sms-mfa-without-sender",
            json!({"MfaConfiguration": "ON", "SmsMfaConfiguration": {"SmsAuthenticationMessage": "{####}"},
                "SmsConfiguration": {"SnsCallerArn": "", "EumsSms": null}}),
            json!({"MfaConfiguration": "ON", "SmsMfaConfiguration": {}, "SmsConfiguration": sender}),
            json!({"MfaConfiguration": "ON", "SmsMfaConfiguration": {}}),
        ),
        (
            "phone-verification-without-sender",
            json!({"AutoVerifiedAttributes": ["phone_number"], "SmsConfiguration": {"SnsCallerArn": "", "EumsSms": null}}),
            json!({"AutoVerifiedAttributes": ["email"]}),
            json!({"AutoVerifiedAttributes": ["phone_number"]}),
        ),
        (
            "email-mfa-on-built-in-sender",
            json!({"EmailMfaConfiguration": {"Subject": "Code"},
                "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"}}),
            json!({"EmailMfaConfiguration": {"Subject": "Code"},
                "EmailConfiguration": {"EmailSendingAccount": "DEVELOPER", "SourceArn": "arn"}}),
            json!({"EmailMfaConfiguration": {"Subject": "Code"}}),
        ),
        (
            "email-mfa-with-email-recovery",
            json!({"EmailMfaConfiguration": {"Subject": "Code"}, "AccountRecoverySetting": email}),
            json!({"EmailMfaConfiguration": {"Subject": "Code"}, "AccountRecoverySetting": both}),
            json!({"EmailMfaConfiguration": {"Subject": "Code"}}),
        ),
        (
            "sms-mfa-with-phone-recovery",
            json!({"MfaConfiguration": "ON", "SmsMfaConfiguration": {}, "AccountRecoverySetting": both}),
            json!({"MfaConfiguration": "ON", "SmsMfaConfiguration": {}, "AccountRecoverySetting": email}),
            json!({"SmsMfaConfiguration": {}, "AccountRecoverySetting": phone}),
        ),
        (
            "verification-before-update",
            json!({"AutoVerifiedAttributes": ["email"],
                "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email", "phone_number"]}}),
            json!({"AutoVerifiedAttributes": ["email"],
                "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]}}),
            json!({"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]}}),
        ),
        ("message-placeholder", template("SmsMessage", "Hello"), template("SmsMessage", "{####}"), json!({})),
        (
            "message-placeholder",
            template("EmailMessage", "{##}"),
            template("EmailMessage", "a {####} b"),
            json!({}),
        ),
        (
            "message-placeholder",
            template("EmailMessageByLink", "{####} {##Verify"),
            template("EmailMessageByLink", "{####} {##Verify##}"),
            json!({}),
        ),
        (
            "message-placeholder",
            json!({"SmsAuthenticationMessage": "Hello"}),
            json!({"SmsAuthenticationMessage": "{####}"}),
            json!({}),
        ),
        ("message-placeholder", invite("SMSMessage", "{####}"), invite("SMSMessage", ""), json!({})),
        (
            "message-placeholder",
            invite("EmailMessage", "{####}"),
            invite("EmailMessage", "{username} {####}"),
            json!({}),
        ),
        (
            "message-placeholder",
            json!({"AdminCreateUserConfig": {"InviteMessageTemplate": {"SMSMessage": "{username}"}},
                "Policies": first(json!(["PASSWORD"]))}),
            json!({"AdminCreateUserConfig": {"InviteMessageTemplate": {"SMSMessage": "{username}"}},
                "Policies": first(json!(["PASSWORD", "EMAIL_OTP"]))}),
            invite("SMSMessage", "{username}"),
        ),
        (
            "message-placeholder",
            json!({"AdminCreateUserConfig": {"InviteMessageTemplate": {"EmailMessage": "{username} {###}"}},
                "Policies": first(json!(["PASSWORD"]))}),
            json!({"AdminCreateUserConfig": {"InviteMessageTemplate": {"EmailMessage": "{####} for {username}"}},
                "Policies": first(json!(["PASSWORD"]))}),
            invite("EmailMessage", "{username}"),
        ),
        (
            "username-not-filled-in",
            template("SmsMessage", "{username}: {####}"),
            invite("SMSMessage", "{username}: {####}"),
            json!({}),
        ),
        (
            "username-not-filled-in",
            template("EmailMessage", "{username}: {####}"),
            template("EmailMessage", "username: {####}"),
            json!({}),
        ),
        (
            "username-not-filled-in",
            template("EmailMessageByLink", "{username}: {##this##}"),
            template("EmailMessageByLink", "{##this##}"),
            json!({}),
        ),
        (
            "placeholder-torn",
            template("EmailMessage", "{####} https://example.com/?code=%7b####%7D"),
            template("EmailMessage", "{####} https://example.com/?code={####}#top {##"),
            json!({}),
        ),
        (
            "placeholder-torn",
            template("EmailMessage", "{####} https://example.com/?code=%257B%23%23%23%23%7D"),
            template("EmailMessage", "{####} &#123;# a %7B b %7D # &#125; 100%25"),
            json!({}),
        ),
        (
            "placeholder-torn",
            template("EmailMessageByLink", "{##this##} <a href='%7B%23%23that%23%23%7D'>"),
            template("EmailMessageByLink", "{##this##} &#35;&#35;"),
            json!({}),
        ),
        (
            "placeholder-torn",
            template("EmailMessage", "{####} &lbrace;####&rbrace;"),
            template("EmailMessage", "{####} &lbrace; &rbrace;"),
            json!({}),
        ),
        (
            "placeholder-torn",
            template("EmailMessageByLink", "{##this##} {# ##that## #}"),
            template("EmailMessageByLink", "{##this##}, {##that##} # ####"),
            json!({}),
        ),
        (
            "placeholder-torn",
            invite("EmailMessage", "{username} {####} ?code={&utm_source=mail####}"),
            invite("EmailMessage", "{username} {{####}} {####}{####}"),
            json!({}),
        ),
        (
            "placeholder-torn",
            json!({"EmailMfaConfiguration": {"Message": "{####} <a href='?code='>{####</a>"}}),
            json!({"EmailMfaConfiguration": {"Message": "{####}"}, "EmailConfiguration": {"EmailSendingAccount": "DEVELOPER"}}),
            json!({}),
        ),
        (
            "message-placeholder",
            json!({"EmailMfaConfiguration": {"Message": "Hello"}}),
            json!({"EmailMfaConfiguration": {"Message": "{####}"}, "EmailConfiguration": {"EmailSendingAccount": "DEVELOPER"}}),
            json!({}),
        ),
        (
            "recovery-priorities",
            json!({"AccountRecoverySetting": recovery(&[("verified_email", 1), ("verified_phone_number", 1)])}),
            json!({"AccountRecoverySetting": both}),
            json!({}),
        ),
        (
            "pre-token-generation-differs",
            json!({"LambdaConfig": {"PreTokenGeneration": "a", "PreTokenGenerationConfig": {"LambdaVersion": "V1_0", "LambdaArn": "b"}}}),
            json!({"LambdaConfig": {"PreTokenGeneration": "a", "PreTokenGenerationConfig": {"LambdaVersion": "V1_0", "LambdaArn": "a"}}}),
            json!({"LambdaConfig": {"PreTokenGeneration": "a"}}),
        ),
        (
            "acr-values",
            json!({"AcrConfiguration": {"Level1": {"AcrValue": "mine"}, "Level2": {"AcrValue": "mine"}}}),
            json!({"AcrConfiguration": {"Level1": {"AcrValue": "mine"}, "Level2": {"AcrValue": "yours"}}}),
            json!({"AcrConfiguration": level("Level2", "urn:cognito:loa:1")}),
        ),
        ("tag-limit", tags(51), tags(50), tags(50)),
        (
            "from-on-built-in-sender",
            json!({"EmailConfiguration": {"From": "a@example.com", "EmailSendingAccount": "COGNITO_DEFAULT"}}),
            json!({"EmailConfiguration": {"From": "a@example.com", "EmailSendingAccount": "DEVELOPER", "SourceArn": "arn"}}),
            json!({"EmailConfiguration": {"From": "a@example.com"}}),
        ),
        (
            "email-address",
            json!({"EmailConfiguration": {"From": "noreply@пример.example"}}),
            json!({"EmailConfiguration": {"From": "Пример <noreply@example.com>"}}),
            json!({}),
        ),
        (
            "email-address",
            json!({"EmailConfiguration": {"ReplyToEmailAddress": "café@example.com"}}),
            json!({"EmailConfiguration": {"ReplyToEmailAddress": "cafe@example.com"}}),
            json!({}),
        ),
        (
            "developer-without-source",
            json!({"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER", "SourceArn": null}}),
            json!({"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER", "SourceArn": "arn"}}),
            json!({"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER"}}),
        ),
        (
            "custom-sender-without-key",
            json!({"LambdaConfig": {"CustomSMSSender": {"LambdaVersion": "V1_0", "LambdaArn": "a"}, "KMSKeyID": null}}),
            json!({"LambdaConfig": {"CustomSMSSender": {"LambdaVersion": "V1_0", "LambdaArn": "a"}, "KMSKeyID": "k"}}),
            json!({"LambdaConfig": {"CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": "a"}}}),
        ),
        (
            "two-sms-senders",
            json!({"SmsConfiguration": {"SnsCallerArn": "a", "EumsSms": {"CallerArn": "b"}}}),
            json!({"SmsConfiguration": {"SnsCallerArn": "", "EumsSms": {"CallerArn": "b"}}}),
            json!({"SmsConfiguration": {"EumsSms": {"CallerArn": "b"}}}),
        ),
        (
            "sms-sender-without-role",
            json!({"SmsConfiguration": {"SnsCallerArn": null, "EumsSms": null, "ExternalId": "x"}}),
            json!({"SmsConfiguration": {"SnsCallerArn": "a", "EumsSms": null}}),
            json!({"SmsConfiguration": {"ExternalId": "x"}}),
        ),
        (
            "sms-in-another-region",
            json!({"SmsConfiguration": {"EumsSms": {"CallerArn": "b", "Region": "us-east-1"}}}),
            json!({"SmsConfiguration": {"EumsSms": {"CallerArn": "b", "Region": REGION}}}),
            json!({"SmsConfiguration": {"EumsSms": {"CallerArn": "b"}}}),
        ),
        (
            "threat-protection-tier",
            json!({"UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}, "UserPoolTier": "ESSENTIALS"}),
            json!({"UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}, "UserPoolTier": "PLUS"}),
            json!({"UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}),
        ),
        (
            "passwordless-tier",
            json!({"Policies": first(json!(["PASSWORD", "WEB_AUTHN"])), "UserPoolTier": "LITE"}),
            json!({"Policies": first(json!(["PASSWORD"])), "UserPoolTier": "LITE"}),
            json!({"UserPoolTier": "LITE"}),
        ),
        (
            "token-version-tier",
            json!({"LambdaConfig": event("V2_0"), "UserPoolTier": "LITE"}),
            json!({"LambdaConfig": event("V1_0"), "UserPoolTier": "LITE"}),
            json!({"LambdaConfig": event("V2_0")}),
        ),
        (
            "token-version-tier",
            json!({"LambdaConfig": event("V3_0"), "UserPoolTier": "LITE"}),
            json!({"LambdaConfig": event("V3_0"), "UserPoolTier": "PLUS"}),
            json!({"LambdaConfig": event("V3_0")}),
        ),
        (
            "email-mfa-tier",
            json!({"EmailMfaConfiguration": {"Subject": "Code"}, "UserPoolTier": "LITE"}),
            json!({"EmailMfaConfiguration": {"Subject": "Code"}, "UserPoolTier": "PLUS"}),
            json!({"EmailMfaConfiguration": {"Subject": "Code"}}),
        ),
        (
            "passkey-factor-tier",
            json!({"WebAuthnConfiguration": {"FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION"}, "UserPoolTier": "LITE"}),
            json!({"WebAuthnConfiguration": {"FactorConfiguration": "SINGLE_FACTOR"}, "UserPoolTier": "LITE"}),
            json!({"UserPoolTier": "LITE"}),
        ),
        (
            "acr-tier",
            json!({"AcrConfiguration": level("Level1", "mine"), "UserPoolTier": "LITE"}),
            json!({"AcrConfiguration": level("Level1", "urn:cognito:loa:1"), "UserPoolTier": "LITE"}),
            json!({"AcrConfiguration": level("Level1", "mine")}),
        ),
        (
            "log-tier",
            json!({"logDelivery": logs("userAuthEvents", "INFO", &group), "UserPoolTier": "ESSENTIALS"}),
            json!({"logDelivery": logs("userAuthEvents", "INFO", &group), "UserPoolTier": "PLUS"}),
            json!({"logDelivery": logs("userAuthEvents", "INFO", &group)}),
        ),
        (
            "log-destination",
            json!({"logDelivery": logs("userNotification", "ERROR", &json!({}))}),
            json!({"logDelivery": logs("userNotification", "ERROR", &group)}),
            json!({}),
        ),
        (
            "log-source",
            json!({"logDelivery": {"LogConfigurations": [{"EventSource": "userNotification"}, {"EventSource": "userNotification"}]}}),
            json!({"logDelivery": {"LogConfigurations": [{"EventSource": "userNotification"}, {"EventSource": "userAuthEvents"}]}}),
            json!({}),
        ),
        (
            "log-region",
            json!({"logDelivery": logs("userNotification", "ERROR", &json!({"CloudWatchLogsConfiguration": {"LogGroupArn": "arn:aws:logs:us-east-2:111122223333:log-group:a"}}))}),
            json!({"logDelivery": logs("userNotification", "ERROR", &group)}),
            json!({}),
        ),
        (
            "log-level",
            json!({"logDelivery": logs("userNotification", "INFO", &group)}),
            json!({"logDelivery": logs("userNotification", "ERROR", &group)}),
            json!({}),
        ),
        (
            "log-target",
            json!({"logDelivery": logs("userNotification", "ERROR", &json!({"S3Configuration": {"BucketArn": "arn:aws:s3:::a"}}))}),
            json!({"logDelivery": logs("userAuthEvents", "INFO", &json!({"S3Configuration": {"BucketArn": "arn:aws:s3:::a"}}))}),
            json!({}),
        ),
        (
            "risk-without-protection",
            json!({"riskConfiguration": {"RiskExceptionConfiguration": {"SkippedIPRangeList": ["192.0.2.0/24"]}}, "UserPoolAddOns": {"AdvancedSecurityMode": "OFF"}}),
            json!({"riskConfiguration": {"RiskExceptionConfiguration": {"SkippedIPRangeList": ["192.0.2.0/24"]}}, "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}),
            json!({"riskConfiguration": {"RiskExceptionConfiguration": {"SkippedIPRangeList": ["192.0.2.0/24"]}}}),
        ),
        (
            "risk-ip-range",
            json!({"riskConfiguration": {"RiskExceptionConfiguration": {"BlockedIPRangeList": ["192.0.2.7"]}}}),
            json!({"riskConfiguration": {"RiskExceptionConfiguration": {"BlockedIPRangeList": ["192.0.2.7/32", "2001:db8::/32"]}}}),
            json!({}),
        ),
        (
            "risk-ip-range",
            json!({"riskConfiguration": {"RiskExceptionConfiguration": {"SkippedIPRangeList": ["192.0.2.7/33"]}}}),
            json!({"riskConfiguration": {"RiskExceptionConfiguration": {"SkippedIPRangeList": ["0.0.0.0/0"]}}}),
            json!({}),
        ),
        (
            "risk-sender-region",
            json!({"riskConfiguration": {"AccountTakeoverRiskConfiguration": {"NotifyConfiguration": {"SourceArn": "arn:aws:ses:eu-central-1:111122223333:identity/a.b"}}}}),
            json!({"riskConfiguration": {"AccountTakeoverRiskConfiguration": {"NotifyConfiguration": {"SourceArn": "arn:aws:ses:eu-west-1:111122223333:identity/a.b"}}}}),
            json!({}),
        ),
        (
            "session-tier",
            json!({"sessionConfiguration": {"UserSessionTracking": "ENABLED"}, "UserPoolTier": "LITE"}),
            json!({"sessionConfiguration": {"UserSessionTracking": "DISABLED"}, "UserPoolTier": "LITE"}),
            json!({"sessionConfiguration": {"UserSessionTracking": "ENABLED"}}),
        ),
        (
            "ui-without-domain",
            json!({"uiCustomization": {"CSS": ".banner-customizable {}"}}),
            json!({"uiCustomization": {"CSS": ".banner-customizable {}"}, "Domain": "acme"}),
            json!({}),
        ),
        (
            "ui-css-class",
            json!({"uiCustomization": {"CSS": ".banner-customizable { a: 1.5 } .login:hover { b: c }"}, "Domain": "acme"}),
            json!({"uiCustomization": {"CSS": "/* .x */ .banner-customizable:hover { a: b.c; }\n@import url(x.css);"}, "Domain": "acme"}),
            json!({}),
        ),
        (
            "ui-css-class",
            json!({"uiCustomization": {"CSS": "@import url(x.css); .a-customizable { b: c } .login, .b-customizable { d: e }"}, "Domain": "acme"}),
            json!({"uiCustomization": {"CSS": ".submitButton-customizable { &:hover { color: red } margin: .5rem; &.active { a: .5 } }"}, "Domain": "acme"}),
            json!({}),
        ),
        (
            "ui-size",
            json!({"uiCustomization": {"ImageFile": "AAAA".repeat(35 << 10)}, "Domain": "acme"}),
            json!({"uiCustomization": {"ImageFile": "AAAA".repeat(33 << 10), "CSS": ""}, "Domain": "acme"}),
            json!({}),
        ),
        (
            "dcr-tier",
            json!({"DcrConfiguration": {"OpenDcrEnabled": true, "EnableStatus": "Enabled"}, "UserPoolTier": "LITE"}),
            json!({"DcrConfiguration": {"EnableStatus": "Disabled"}, "UserPoolTier": "LITE"}),
            json!({"DcrConfiguration": {"OpenDcrEnabled": true}, "UserPoolTier": "LITE"}),
        ),
    ]
}

#[test]
fn each_rule_refuses_accepts_and_holds_its_tongue() {
    let mut seen = BTreeSet::new();
    for (code, refused, accepted, undecided) in table().into_iter().chain(documents_tests::table()) {
        let breaches = of_pool(&documents(&refused), &[]);
        assert!(codes(&breaches).contains(&code), "{code} lets {refused} through: {:?}", codes(&breaches));
        seen.extend(breaches.iter().filter(|breach| breach.rule.code == code).map(|breach| breach.rule.what));
        // Only a live pool has the answer.
        if !documents_tests::OF_POOLS.contains(&code) {
            let file = codes(&of_file(&refused));
            assert!(file.contains(&code), "{code}: the file alone reports {refused}: {file:?}");
        }
        let pool = codes(&of_pool(&documents(&accepted), &[]));
        assert!(!pool.contains(&code), "{code} refuses {accepted}");
        let file = codes(&of_file(&accepted));
        assert!(!file.contains(&code), "{code} refuses a file that says {accepted}");
        let file = codes(&of_file(&undecided));
        assert!(!file.contains(&code), "{code} cannot know, of a file that says {undecided}");
    }
    for rule in super::documents().chain(super::labelled()) {
        assert!(seen.contains(rule.what), "{} has no case of this: {}", rule.code, rule.what);
    }
}

#[test]
fn no_two_rules_say_the_same() {
    let mut said = BTreeSet::new();
    for rule in all() {
        assert!(said.insert(rule.what), "two rules say: {}", rule.what);
    }
}

#[test]
fn passkeys_that_nobody_configured_are_no_passkeys() {
    let pool =
        json!({"MfaConfiguration": "ON", "WebAuthnConfiguration": {"FactorConfiguration": "SINGLE_FACTOR"}});
    assert_eq!(codes(&of_pool(&documents(&pool), &[])), ["mfa-without-factor"]);
}

#[test]
fn a_text_that_cognito_takes_and_users_read_wrong_refuses_nothing() {
    let pool = json!({"VerificationMessageTemplate": {"SmsMessage": "{username}: {####}"}});
    let breaches = of_pool(&documents(&pool), &[]);
    assert!(!breaches[0].rule.refuses());
    assert_eq!(
        breaches[0].text,
        "`VerificationMessageTemplate.SmsMessage` contains `{username}`, which Cognito replaces only \
         in invitations: users receive `{username}` unchanged"
    );
}

#[test]
fn what_is_left_of_a_placeholder_is_quoted() {
    for (text, found) in [
        ("{####} <a href='https://example.com/?code=%7b####%7D&to=1'>", "%7b####%7D&to"),
        ("{####}\u{a0}&#123;##the link##&#125;", "&#123;##the"),
        ("{####} Your code: {#\u{200b} {# ##", "{# ##"),
        ("{####}?code={&utm_source=mail####}", "mail####}"),
    ] {
        let pool = json!({"VerificationMessageTemplate": {"EmailMessage": text}});
        let breaches = of_pool(&documents(&pool), &[]);
        let torn = breaches.iter().find(|breach| breach.rule.code == "placeholder-torn").unwrap();
        assert_eq!(torn.found.as_deref(), Some(found), "{text}");
        assert!(torn.text.ends_with(&format!("(`{found}`)")), "{}", torn.text);
    }
}

#[test]
fn an_absent_setting_is_its_default() {
    let pool = json!({"EmailConfiguration": {"From": "a@example.com"}});
    assert_eq!(codes(&of_pool(&documents(&pool), &[])), ["from-on-built-in-sender"]);
    // Level 2 takes the name that level 1 has by birth.
    let pool = json!({"AcrConfiguration": {"Level2": {"AcrValue": "urn:cognito:loa:1"}}});
    assert_eq!(codes(&of_pool(&documents(&pool), &[])), ["acr-values"]);
    let pool = json!({"DcrConfiguration": {"OpenDcrEnabled": false}, "UserPoolTier": "LITE"});
    assert_eq!(codes(&of_pool(&documents(&pool), &[])), ["dcr-tier"]);
    // No request has an empty one.
    let pool = json!({"DcrConfiguration": {}, "UserPoolTier": "LITE"});
    assert_eq!(codes(&of_pool(&documents(&pool), &[])), [""; 0]);
}

#[test]
fn what_a_plan_has_not_read_or_leaves_out_is_not_known() {
    let settings = json!({"MfaConfiguration": "ON"});
    let mut pool = documents(&json!({}));
    pool = Snapshot::new(object(&settings), pool.mfa().cloned());
    assert_eq!(codes(&of_pool(&pool, &[])), ["mfa-without-factor"]);
    pool = pool.without_mfa();
    assert_eq!(codes(&of_pool(&pool, &[])), [""; 0], "the MFA document was not read");

    let phone = documents(
        &json!({"AutoVerifiedAttributes": ["phone_number"], "SmsConfiguration": {"SnsCallerArn": "a"}}),
    );
    let sender = Path::members(["SmsConfiguration"]);
    assert_eq!(codes(&of_pool(&phone, &[sender])), [""; 0], "the service keeps what is left out");
}

#[test]
fn the_mfa_document_is_read_for_what_cannot_be_judged_without() {
    let beside = beside_mfa(catalogue());
    for (setting, needed) in [
        ("Policies.SignInPolicy", true),
        ("EmailConfiguration.EmailSendingAccount", true),
        ("AccountRecoverySetting.RecoveryMechanisms[verified_email].Priority", true),
        ("UserPoolTier", true),
        ("WebAuthnConfiguration.RelyingPartyId", true),
        ("Policies.PasswordPolicy.MinimumLength", false),
        ("UserPoolTags.team", false),
        ("LambdaConfig", false),
    ] {
        let at: Path = setting.parse().unwrap();
        assert_eq!(beside.iter().any(|beside| beside.overlaps(&at)), needed, "{setting}");
    }
}

#[test]
fn a_pool_without_a_tier_is_of_no_known_tier() {
    let pool = json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}});
    assert_eq!(codes(&of_pool(&documents(&pool), &[])), [""; 0]);
}

#[test]
fn a_request_is_judged_by_what_it_holds() {
    let catalogue = catalogue();
    let judge = |operation, body: Json, live: Json| {
        let live = documents(&live);
        let live = View::of_documents(catalogue, REGION, &live, &[]);
        codes(&breaches_of_request(
            operation,
            &View::of_request(catalogue, REGION, object(&body).into()),
            || live.clone(),
        ))
    };
    let (update, set) = (&calls::UPDATE_USER_POOL, &calls::SET_USER_POOL_MFA_CONFIG);
    let none: [&str; 0] = [];
    for (operation, body, live, expected) in [
        (
            update,
            json!({"MfaConfiguration": "ON"}),
            json!({"MfaConfiguration": "OPTIONAL"}),
            "mfa-on-by-update",
        ),
        (set, json!({"SoftwareTokenMfaConfiguration": {"Enabled": false}}), json!({}), "mfa-off-with-factor"),
        (
            set,
            json!({"MfaConfiguration": "OFF", "SmsMfaConfiguration": {}}),
            json!({}),
            "mfa-off-with-factor",
        ),
        (
            update,
            json!({"AdminCreateUserConfig": {"UnusedAccountValidityDays": 7}, "Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 7}}}),
            json!({}),
            "unused-account-validity",
        ),
    ] {
        assert_eq!(judge(operation, body.clone(), live), [expected], "{operation} {body}");
    }
    for (operation, body, live) in [
        (update, json!({"MfaConfiguration": "ON"}), json!({"MfaConfiguration": "ON"})),
        (update, json!({"MfaConfiguration": "OPTIONAL"}), json!({})),
        (set, json!({"MfaConfiguration": "OFF", "WebAuthnConfiguration": {}}), json!({})),
        (
            set,
            json!({"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": true}}),
            json!({}),
        ),
        (update, json!({"AdminCreateUserConfig": {"UnusedAccountValidityDays": 7}}), json!({})),
    ] {
        assert_eq!(judge(operation, body.clone(), live), none, "{operation} {body}");
    }
}

#[test]
fn the_services_words_stand_in_the_text_with_the_pools_own_tier() {
    let pool = json!({"UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}, "UserPoolTier": "ESSENTIALS"});
    let breaches = of_pool(&documents(&pool), &[]);
    assert_eq!(
        breaches[0].text,
        "threat protection is on, which only PLUS offers; users have seen Cognito refuse that with \
         FeatureUnavailableInTierException: \"The following features need to be disabled for the ESSENTIALS \
         pricing tier configured: Threat Protection\""
    );
}

#[test]
fn every_setting_that_a_rule_asks_for_is_one_of_the_model() {
    ASKED.take();
    for rule in all() {
        (rule.broken)(&View::of_request(catalogue(), REGION, Document::default()));
    }
    let asked = ASKED.take();
    assert!(asked.len() > 30, "{asked:?}");
    for setting in asked {
        assert!(catalogue().member(crate::catalogue::path(setting)).is_some(), "there is no {setting}");
    }
}

#[test]
fn every_rule_is_about_settings_of_the_model() {
    let catalogue = catalogue();
    for rule in all() {
        assert!(!rule.about.is_empty(), "{}", rule.code);
        for setting in rule.about {
            let known = catalogue.member(crate::catalogue::path(setting)).is_some();
            assert!(known || *setting == MFA_DOCUMENT, "{}: {setting}", rule.code);
        }
    }
}
