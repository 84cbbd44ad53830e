//! Stories of pools that are not what their manifests say.

use super::*;
use crate::document::Json;
use crate::manifest;
use crate::rules;
use crate::shapes::Shapes;
use serde_json::json;
use time::macros::date;

/// The ARN that `fn:` abbreviates in manifests and pools.
const FUNCTION: &str = "arn:aws:lambda:eu-west-1:111122223333:function:";

fn pool(text: &Json) -> Object {
    serde_json::from_str(&text.to_string().replace("fn:", FUNCTION)).unwrap()
}

fn drift(live: Json, mfa: Json, body: &str) -> Plan {
    let catalogue = Catalogue::new(Shapes::bundled());
    let text = format!("version: 1\npool: eu-west-1_a\n{body}\n").replace("fn:", FUNCTION);
    let manifest = manifest::load("p.yaml", text.as_bytes()).unwrap();
    let desired = rules::check(&catalogue, manifest).unwrap().0;
    let options = Options {
        unknown: Unknown::Echo,
        today: date!(2026 - 11 - 23),
        allows: Allows::default(),
        is_strict: false,
    };
    let live = Snapshot::new(pool(&live), mfa.as_object().cloned());
    Plan::drift(&catalogue, live, &desired, &options)
}

/// The differences that count, as `~ path` and `? path`, and the codes of conflicts.
fn counted(drift: &Plan) -> Vec<String> {
    let changes = drift.report.changes.iter().map(|change| format!("~ {}", change.path));
    let unmet = drift.report.findings.iter().filter(|finding| finding.is_unmet());
    let unmet = unmet.map(|finding| format!("{} {}", finding.code, finding.path.as_ref().unwrap()));
    let undeclared = drift.report.undeclared.iter().map(|setting| format!("? {}", setting.path));
    let all: Vec<String> = changes.chain(unmet).chain(undeclared).collect();
    assert_eq!(all.len(), drift.report.differences());
    all
}

/// A pool after a visit at night: each of these opens it, and no manifest says a word of them.
fn taken_over() -> Json {
    json!({
        "Name": "p",
        "LambdaConfig": {"UserMigration": "evil", "KMSKeyID": "k", "BrandNewTrigger": "evil"},
        "EmailConfiguration": {"EmailSendingAccount": "DEVELOPER", "SourceArn": "arn", "From": "evil@example.com"},
        "SmsConfiguration": {"SnsCallerArn": "role", "ExternalId": "secret", "SnsRegion": "eu-west-1"},
        "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}, "PasswordPolicy": {"MinimumLength": 6}},
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true, "InviteMessageTemplate": {"EmailSubject": "s"}},
        "DcrConfiguration": {"EnableStatus": "Enabled"},
        "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"},
        "DeletionProtection": "ACTIVE",
        "KeyConfiguration": {"KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": "key"},
        "MfaConfiguration": "OPTIONAL",
        "UserPoolTags": {"team": "x"},
    })
}

#[test]
fn what_decides_who_gets_in_counts_though_no_manifest_declares_it() {
    let mfa = json!({
        "MfaConfiguration": "OPTIONAL",
        "SoftwareTokenMfaConfiguration": {"Enabled": true},
        "WebAuthnConfiguration": {"RelyingPartyId": "evil.example.com", "UserVerification": "preferred"},
    });
    let found = drift(taken_over(), mfa, "settings: { PoolName: p }");
    assert_eq!(
        counted(&found),
        [
            "? Policies.PasswordPolicy.MinimumLength",
            "? Policies.SignInPolicy.AllowedFirstAuthFactors",
            "? LambdaConfig.UserMigration",
            "? LambdaConfig.KMSKeyID",
            "? LambdaConfig.BrandNewTrigger",
            "? MfaConfiguration",
            "? EmailConfiguration.SourceArn",
            "? EmailConfiguration.EmailSendingAccount",
            "? EmailConfiguration.From",
            "? SmsConfiguration.SnsCallerArn",
            "? AdminCreateUserConfig.AllowAdminCreateUserOnly",
            "? UserPoolAddOns.AdvancedSecurityMode",
            "? DcrConfiguration.EnableStatus",
            "? AccountRecoverySetting.RecoveryMechanisms[verified_email].Priority",
            "? KeyConfiguration.KeyType",
            "? KeyConfiguration.KmsKeyArn",
            "? SoftwareTokenMfaConfiguration.Enabled",
            "? WebAuthnConfiguration.RelyingPartyId",
        ]
    );
    assert_eq!(found.report.unmanaged, 3, "the rest is only counted");
    assert!(found.steps.is_empty(), "nothing leads to a write");
}

#[test]
fn declared_ignored_and_default_values_do_not_count() {
    let live = || json!({"Name": "p", "LambdaConfig": {"PreSignUp": "fn:a", "PostConfirmation": "fn:b"}, "DeletionProtection": "INACTIVE", "MfaConfiguration": "OFF"});
    for (body, expected) in [
        ("settings: { LambdaConfig: { PreSignUp: fn:a, PostConfirmation: fn:b } }", &[][..]),
        ("settings: { LambdaConfig: { PreSignUp: fn:a } }", &["? LambdaConfig.PostConfirmation"]),
        (
            "settings: { LambdaConfig: { PreSignUp: fn:a } }\nignore: [{ path: LambdaConfig.PostConfirmation, reason: r }]",
            &[],
        ),
        (
            "settings: { LambdaConfig: { PreSignUp: fn:a } }\nignore: [{ path: LambdaConfig.PostConfirmation, reason: r, until: 2026-11-22 }]",
            &["? LambdaConfig.PostConfirmation"],
        ),
        (
            "settings: { LambdaConfig: null }",
            &["~ LambdaConfig.PreSignUp", "~ LambdaConfig.PostConfirmation"],
        ),
    ] {
        assert_eq!(counted(&drift(live(), json!({"MfaConfiguration": "OFF"}), body)), expected, "{body}");
    }
}

#[test]
fn a_manifest_may_ask_for_every_setting() {
    let pool = json!({"Name": "p", "UserPoolTags": {"team": "x"}, "SmsAuthenticationMessage": "{####}"});
    assert_eq!(counted(&drift(pool.clone(), json!(null), "settings: { PoolName: p }")), [""; 0]);
    let found = drift(pool, json!(null), "unmanaged: report\nsettings: { PoolName: p }");
    assert_eq!(counted(&found), ["? SmsAuthenticationMessage", "? UserPoolTags.team"]);
    assert_eq!(found.report.unmanaged, 0);
}

#[test]
fn a_difference_that_no_apply_could_mend_is_a_difference_and_no_rule_speaks() {
    let pool = json!({
        "Name": "p", "UsernameAttributes": ["email"],
        "SmsConfiguration": {"SnsCallerArn": "role"}, "UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"},
    });
    let body = "settings: { UsernameAttributes: [phone_number], SmsConfiguration: null, UserPoolTier: LITE, UserPoolAddOns: { AdvancedSecurityMode: ENFORCED } }";
    let found = drift(pool, json!(null), body);
    assert_eq!(
        counted(&found),
        ["~ UserPoolTier", "immutable-field UsernameAttributes", "impossible-removal SmsConfiguration"]
    );
    assert!(found.report.findings.iter().all(|finding| finding.is_unmet()), "{:?}", found.report.findings);
}

#[test]
fn while_mfa_is_off_its_factors_say_nothing() {
    let mfa = json!({"MfaConfiguration": "OFF", "SoftwareTokenMfaConfiguration": {"Enabled": true}});
    let found = drift(json!({"Name": "p", "MfaConfiguration": "OFF"}), mfa, "settings: { PoolName: p }");
    assert_eq!(counted(&found), [""; 0]);
}

#[test]
fn a_secret_that_nobody_declares_does_not_count() {
    let pool = json!({"Name": "p", "SmsConfiguration": {"SnsCallerArn": "role", "ExternalId": "secret"}});
    let found = drift(pool, json!(null), "unmanaged: report");
    assert_eq!(counted(&found), ["? SmsConfiguration.SnsCallerArn", "? PoolName"]);
    assert_eq!(found.report.unmanaged, 1, "its number is reported");
}
