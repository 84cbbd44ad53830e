//! Threads about MFA: factors that go or come, the order of the two calls, and what the read of them
//! means. They are told like the other threads.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::stories::threads::{Thread, come_true, is_no_difference, is_refused};

const SES: &str = "arn:aws:ses:eu-west-1:111122223333:identity/example.com";

/// A pool without an SMS sender, in this mode of MFA and with these factors; it sends e-mail itself.
fn pool(mode: &str, factors: &Value) -> Value {
    json!({
        "SmsConfiguration": null,
        "MfaConfiguration": mode,
        "MfaConfig": factors,
        "UserPoolAddOns": {"AdvancedSecurityMode": "OFF"},
        "UserPoolTier": "ESSENTIALS",
    })
}

/// The two places in which a pool shows its mode of MFA.
const MODE: [&str; 2] = ["MfaConfiguration", "MfaConfig.MfaConfiguration"];

fn with(mut pool: Value, member: &str, value: Value) -> Value {
    pool[member] = value;
    pool
}

fn first_factors(names: &[&str]) -> Value {
    json!({"SignInPolicy": {"AllowedFirstAuthFactors": names}})
}

fn totp() -> Value {
    json!({"SoftwareTokenMfaConfiguration": {"Enabled": true}})
}

/// A text as one line.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The wish comes true; returns the calls as the user is told of them: in their order with what each of
/// them changes, or the only one.
#[track_caller]
fn calls(pool: &Value, settings: &str, allow: &str, moves: &[&str]) -> String {
    let (plan, applied) = come_true(pool, settings, allow, moves);
    let Some((_, listed)) = plan.split_once("calls, in this order:\n") else {
        let told = applied.lines().last().unwrap();
        return told.split("  ").last().unwrap().to_owned();
    };
    let mut calls: Vec<String> = Vec::new();
    for line in listed.lines().take_while(|line| !line.trim().is_empty()) {
        let words = squeezed(line);
        match calls.last_mut() {
            Some(call) if !words.starts_with(|first: char| first.is_ascii_digit()) => {
                *call = format!("{call} {words}");
            }
            _ => calls.push(words),
        }
    }
    calls.join("\n")
}

#[test]
fn terraform_41049_email_mfa_and_what_it_needs_come_in_one_apply() {
    let bare = pool("OFF", &json!({}));
    let bare = with(bare, "EmailConfiguration", json!({"EmailSendingAccount": "COGNITO_DEFAULT"}));
    let recovery = json!({"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]});
    let bare = with(bare, "AccountRecoverySetting", recovery);
    let settings = format!(
        "MfaConfiguration: OPTIONAL, \
         EmailMfaConfiguration: {{ Message: 'Your code is {{####}}', Subject: Your code }}, \
         EmailConfiguration: {{ EmailSendingAccount: DEVELOPER, SourceArn: '{SES}' }}, \
         AccountRecoverySetting: {{ RecoveryMechanisms: [ \
             {{ Priority: 1, Name: verified_email }}, {{ Priority: 2, Name: verified_phone_number }} ] }}"
    );
    let moves = [
        "MfaConfiguration",
        "EmailConfiguration.EmailSendingAccount",
        "EmailConfiguration.SourceArn",
        "AccountRecoverySetting.RecoveryMechanisms",
        "MfaConfig.MfaConfiguration",
        "MfaConfig.EmailMfaConfiguration",
    ];
    let calls = calls(&bare, &settings, "recovery-weaker", &moves);
    assert_snapshot!(calls, @r"
    1 UpdateUserPool EmailConfiguration.SourceArn, EmailConfiguration.EmailSendingAccount → DEVELOPER, AccountRecoverySetting.RecoveryMechanisms[verified_phone_number].Priority → 2
    2 SetUserPoolMfaConfig MfaConfiguration → OPTIONAL, EmailMfaConfiguration.Message → Your code is {####}, EmailMfaConfiguration.Subject → Your code
    ");
}

#[test]
fn terraform_41064_email_mfa_is_unselected() {
    let mut factors = totp();
    factors["EmailMfaConfiguration"] = json!({"Message": "Your code is {####}", "Subject": "Your code"});
    for mode in ["OPTIONAL", "ON"] {
        let moves = ["MfaConfig.EmailMfaConfiguration"];
        let calls = calls(&pool(mode, &factors), "EmailMfaConfiguration: null", "mfa-downgrade", &moves);
        assert_eq!(calls, "SetUserPoolMfaConfig: 2 changes applied and verified", "its two texts: {mode}");
    }
}

#[test]
fn cloudformation_769_2221_aws_cdk_11478_12075_crossplane_1499_tokens_are_the_only_factor() {
    let settings = "MfaConfiguration: ON, SoftwareTokenMfaConfiguration: { Enabled: true }";
    let moves = ["MfaConfiguration", "MfaConfig.MfaConfiguration", "MfaConfig.SoftwareTokenMfaConfiguration"];
    let calls = calls(&pool("OFF", &json!({})), settings, "", &moves);
    assert_eq!(calls, "SetUserPoolMfaConfig: 2 changes applied and verified");
}

#[test]
fn aws_cdk_21284_email_is_the_only_factor() {
    let moves = ["MfaConfiguration", "MfaConfig.MfaConfiguration", "MfaConfig.EmailMfaConfiguration"];
    let settings = "MfaConfiguration: ON, EmailMfaConfiguration: {}";
    let calls = calls(&pool("OFF", &json!({})), settings, "", &moves);
    assert_eq!(calls, "SetUserPoolMfaConfig: 2 changes applied and verified");
}

#[test]
fn cloudformation_1176_mfa_becomes_required_on_a_pool_that_exists() {
    let settings = "MfaConfiguration: ON, DeletionProtection: ACTIVE";
    let moves = ["DeletionProtection", "MfaConfiguration", "MfaConfig.MfaConfiguration"];
    let calls = calls(&pool("OPTIONAL", &totp()), settings, "", &moves);
    assert_snapshot!(calls, @r"
    1 UpdateUserPool DeletionProtection → ACTIVE
    2 SetUserPoolMfaConfig MfaConfiguration → ON
    ");
}

#[test]
fn aws_sdk_js_4186_the_mode_alone_is_declared() {
    let calls = calls(&pool("OPTIONAL", &totp()), "MfaConfiguration: ON", "", &MODE);
    assert_eq!(calls, "SetUserPoolMfaConfig: 1 change applied and verified");
    // Where there is no factor to carry along the plan says what will come of it, in the service's
    // words; that Cognito refuses it is hearsay, so the service has the last one.
    let factorless = Thread::new(&pool("OFF", &json!({})), "MfaConfiguration: ON", "documented");
    let words =
        "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.";
    let planned = squeezed(&factorless.plan().expect(2).stdout);
    assert!(
        planned.contains("MFA is on without any factor; users have seen Cognito refuse that"),
        "{planned}"
    );
    assert!(planned.contains(words), "{planned}");
    assert!(
        planned.contains("declare a factor, for example `SoftwareTokenMfaConfiguration: { Enabled: true }`")
    );
    let refused = factorless.apply("").expect(1);
    assert!(squeezed(&refused.stderr).contains(words), "{refused}");
    assert_eq!(factorless.live(), factorless.before);
}

#[test]
fn cdkd_1924_whatever_the_read_shows_of_email_mfa_is_no_permanent_difference() {
    let texts = json!({"Message": "Your code is {####}", "Subject": "Your code"});
    let shown = |mode: &str, block: &Value| {
        let mut factors = if mode == "OFF" { json!({}) } else { totp() };
        factors["EmailMfaConfiguration"] = block.clone();
        pool(mode, &factors)
    };
    for block in [json!({}), texts.clone()] {
        is_no_difference(&shown("OFF", &block), "MfaConfiguration: OFF");
        is_no_difference(&shown("OFF", &block), "MfaConfiguration: OFF, EmailMfaConfiguration: null");
        is_no_difference(&shown("OPTIONAL", &block), "MfaConfiguration: OPTIONAL");
        is_no_difference(&shown("OPTIONAL", &block), "EmailMfaConfiguration: {}");
        // Nor does a call that is made for something else take it away.
        calls(&shown("OPTIONAL", &block), "MfaConfiguration: ON", "", &MODE);
    }
    let settings = format!("EmailMfaConfiguration: {texts}");
    is_no_difference(&shown("OPTIONAL", &texts), &settings);
}

#[test]
fn cdkd_1975_codes_at_sign_in_go_before_mfa_is_required_or_it_is_refused() {
    let live = with(pool("OPTIONAL", &totp()), "Policies", first_factors(&["PASSWORD", "EMAIL_OTP"]));
    let words =
        ["Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled"];
    is_refused(&live, "MfaConfiguration: ON, DeletionProtection: ACTIVE", &words);

    let settings =
        "MfaConfiguration: ON, Policies: { SignInPolicy: { AllowedFirstAuthFactors: [PASSWORD] } }";
    let moves =
        ["Policies.SignInPolicy.AllowedFirstAuthFactors", "MfaConfiguration", "MfaConfig.MfaConfiguration"];
    let calls = calls(&live, settings, "", &moves);
    assert_snapshot!(calls, @r#"
    1 UpdateUserPool Policies.SignInPolicy.AllowedFirstAuthFactors → ["PASSWORD"]
    2 SetUserPoolMfaConfig MfaConfiguration → ON
    "#);
}

#[test]
fn cdkd_1977_mfa_off_beside_a_factor_is_refused_and_a_factor_that_is_off_is_not_sent() {
    let live = pool("OPTIONAL", &totp());
    let words = ["can't turn off MFA and configure an MFA together"];
    let settings = "MfaConfiguration: OFF, SoftwareTokenMfaConfiguration: { Enabled: true }";
    is_refused(&live, &format!("{settings}, DeletionProtection: ACTIVE"), &words);

    let settings = "MfaConfiguration: OFF, SoftwareTokenMfaConfiguration: { Enabled: false }";
    let moves = ["MfaConfiguration", "MfaConfig.SoftwareTokenMfaConfiguration", "MfaConfig.MfaConfiguration"];
    let calls = calls(&live, settings, "mfa-downgrade", &moves);
    assert_eq!(calls, "SetUserPoolMfaConfig: 2 changes applied and verified");
}

#[test]
fn cdkd_2064_a_single_factor_passkey_beside_required_mfa_is_refused_before_anything_is_written() {
    let mut factors = totp();
    factors["WebAuthnConfiguration"] = json!({"FactorConfiguration": "SINGLE_FACTOR"});
    let live = with(pool("OPTIONAL", &factors), "Policies", first_factors(&["PASSWORD", "WEB_AUTHN"]));
    let words = ["Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required"];
    is_refused(&live, "MfaConfiguration: ON, DeletionProtection: ACTIVE", &words);
}

#[test]
fn cdk_real_drift_1093_the_order_of_the_factors_is_no_difference() {
    let blocks = [
        ("SoftwareTokenMfaConfiguration", json!({"Enabled": true})),
        ("EmailMfaConfiguration", json!({"Subject": "Your code", "Message": "It is {####}"})),
    ];
    let forth: serde_json::Map<_, _> =
        blocks.clone().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let back: serde_json::Map<_, _> =
        blocks.into_iter().rev().map(|(name, value)| (name.to_owned(), value)).collect();
    assert_ne!(Value::from(forth.clone()).to_string(), Value::from(back.clone()).to_string());
    for shown in [&forth, &back] {
        for declared in [&forth, &back] {
            let settings = format!("settings: {}", Value::from(declared.clone()));
            is_no_difference(&pool("OPTIONAL", &Value::from(shown.clone())), &settings);
        }
    }
}

#[test]
fn terraform_50110_passkeys_become_two_factors_before_a_sign_in_may_begin_with_one() {
    let live = with(pool("ON", &totp()), "Policies", first_factors(&["PASSWORD"]));
    let settings = "WebAuthnConfiguration: { FactorConfiguration: MULTI_FACTOR_WITH_USER_VERIFICATION }, \
                    Policies: { SignInPolicy: { AllowedFirstAuthFactors: [PASSWORD, WEB_AUTHN] } }";
    let moves = ["Policies.SignInPolicy.AllowedFirstAuthFactors", "MfaConfig.WebAuthnConfiguration"];
    let calls = calls(&live, settings, "first-factor-added", &moves);
    assert_snapshot!(calls, @r#"
    1 SetUserPoolMfaConfig WebAuthnConfiguration.FactorConfiguration → MULTI_FACTOR_WITH_USER_VERIFICATION
    2 UpdateUserPool Policies.SignInPolicy.AllowedFirstAuthFactors → ["PASSWORD", "WEB_AUTHN"]
    "#);
}

/// The quickstart's pool has an SMS sender; here it verifies phones too.
fn phone_verified(mode: &str) -> Value {
    json!({"MfaConfiguration": mode, "AutoVerifiedAttributes": ["email", "phone_number"]})
}

#[test]
fn terraform_28294_the_external_id_rotates_on_a_pool_that_verifies_phones() {
    let rotate = "SmsConfiguration: { ExternalId: 8a4b-new }";
    let (id, repeated) =
        ("SmsConfiguration.ExternalId", "MfaConfig.SmsMfaConfiguration.SmsConfiguration.ExternalId");
    for mode in ["OPTIONAL", "ON", "OFF"] {
        let calls = calls(&phone_verified(mode), rotate, "", &[id, repeated]);
        assert_eq!(calls, "UpdateUserPool: 1 change applied and verified", "{mode}");
    }
    let settings = format!("MfaConfiguration: ON, {rotate}");
    let moves = ["MfaConfiguration", id, repeated, "MfaConfig.MfaConfiguration"];
    let calls = calls(&phone_verified("OPTIONAL"), &settings, "", &moves);
    assert_snapshot!(calls, @r"
    1 UpdateUserPool SmsConfiguration.ExternalId
    2 SetUserPoolMfaConfig MfaConfiguration → ON
    ");
}

#[test]
fn amplify_cli_3039_amplify_js_2906_mfa_goes_off_though_the_sms_role_stays() {
    for mode in ["OPTIONAL", "ON"] {
        let calls = calls(&phone_verified(mode), "MfaConfiguration: OFF", "mfa-downgrade", &MODE);
        assert_eq!(calls, "UpdateUserPool: 3 changes applied and verified", "{mode}");
    }
}

#[test]
fn amplify_backend_1481_sms_as_a_factor_beside_its_sender_says_why_it_cannot_go() {
    let words = ["Can't turn off SMS_MFA when SMS configuration is set for the user pool"];
    is_refused(&json!({}), "SmsMfaConfiguration: null, DeletionProtection: ACTIVE", &words);
}

#[test]
fn amplify_backend_1523_another_factor_comes_and_the_sender_for_phones_stays() {
    let live = with(phone_verified("OFF"), "MfaConfig", json!({}));
    let settings = "MfaConfiguration: OPTIONAL, SoftwareTokenMfaConfiguration: { Enabled: true }";
    let moves = [
        "MfaConfiguration",
        "MfaConfig.MfaConfiguration",
        "MfaConfig.SoftwareTokenMfaConfiguration",
        "MfaConfig.SmsMfaConfiguration",
    ];
    let (plan, applied) = come_true(&live, settings, "", &moves);
    // The call that keeps the sender makes SMS a factor as well, which nobody asked for.
    assert!(plan.contains("+ SmsMfaConfiguration") && plan.contains("notice mfa-factor-implied"), "{plan}");
    assert!(applied.contains("SetUserPoolMfaConfig: 3 changes applied and verified"), "{applied}");
}
