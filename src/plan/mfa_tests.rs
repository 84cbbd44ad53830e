//! Stories of MFA: what is wanted of it, the calls that bring it about, and their order.

use super::tests::sent;
use super::*;
use crate::document::Json;
use crate::shapes::Shapes;
use crate::{manifest, rules};
use serde_json::json;

const ROLE: &str = "arn:aws:iam::111122223333:role/sms";
const SES: &str = "arn:aws:ses:eu-west-1:111122223333:identity/example.com";

fn catalogue() -> Catalogue {
    Catalogue::new(Shapes::bundled())
}

fn snapshot(pool: Json, mfa: Json) -> Snapshot {
    let object = |value: Json| value.as_object().cloned().unwrap();
    let (mut pool, mut mfa) = (object(pool), object(mfa));
    if let Some(mode) = pool.get("MfaConfiguration").cloned() {
        mfa.insert("MfaConfiguration".to_owned(), mode);
    }
    if let (Some(Json::Object(sms)), Some(sender)) =
        (mfa.get_mut("SmsMfaConfiguration"), pool.get("SmsConfiguration"))
    {
        sms.insert("SmsConfiguration".to_owned(), sender.clone());
    }
    pool.insert("Name".to_owned(), json!("p"));
    Snapshot::new(pool, Some(mfa))
}

fn planned(live: &Snapshot, settings: &str, allow: &str) -> Plan {
    let text = format!("version: 1\npool: eu-west-1_a1B2c3D4E\nsettings: {{ {settings} }}\n");
    let loaded = manifest::load("p.yaml", text.as_bytes()).unwrap();
    let (desired, _) = rules::check(&catalogue(), loaded).unwrap();
    let today = time::macros::date!(2026 - 11 - 23);
    let allows = if allow.is_empty() { Allows::default() } else { allow.parse().unwrap() };
    let options = Options { unknown: Unknown::Echo, today, allows, is_strict: false };
    Plan::new(&catalogue(), live.clone(), &desired, &options)
}

/// The calls, each with its members about MFA.
fn calls(plan: &Plan) -> String {
    let call = |step: &Step| {
        let body = plan.body(&catalogue(), step);
        let mode = body.get("MfaConfiguration").and_then(Json::as_str).unwrap_or("-");
        let members = body.keys().filter(|name| plan_names(name)).map(String::as_str);
        let members: Vec<&str> = members.collect();
        format!("{} {mode} {}", step.operation, members.join(" ")).trim_end().to_owned()
    };
    plan.steps.iter().map(call).collect::<Vec<_>>().join(", ")
}

fn plan_names(name: &str) -> bool {
    [
        "SmsMfaConfiguration",
        "SoftwareTokenMfaConfiguration",
        "EmailMfaConfiguration",
        "WebAuthnConfiguration",
        "New",
    ]
    .contains(&name)
}

fn codes(plan: &Plan) -> String {
    plan.report.findings.iter().map(|finding| &*finding.code).collect::<Vec<_>>().join(" ")
}

fn changes(plan: &Plan) -> String {
    plan.report.changes.iter().map(|change| change.path.to_string()).collect::<Vec<_>>().join(" ")
}

/// What a manifest's settings make of a pool: the settings that change, what is found, and the calls.
fn story(live: &Snapshot, settings: &str) -> [String; 3] {
    let plan = planned(live, settings, "");
    [changes(&plan), codes(&plan), calls(&plan)]
}

fn pool(mode: &str, mfa: Json) -> Snapshot {
    snapshot(json!({"MfaConfiguration": mode}), mfa)
}

fn with_sender(mode: &str, mfa: Json) -> Snapshot {
    snapshot(json!({"MfaConfiguration": mode, "SmsConfiguration": {"SnsCallerArn": ROLE}}), mfa)
}

fn totp() -> Json {
    json!({"SoftwareTokenMfaConfiguration": {"Enabled": true}})
}

#[test]
fn mfa_goes_on_and_off_by_the_call_that_is_known_to_do_it() {
    assert_eq!(
        story(
            &pool("OFF", json!({})),
            "MfaConfiguration: ON, SoftwareTokenMfaConfiguration: { Enabled: true }"
        ),
        [
            "MfaConfiguration SoftwareTokenMfaConfiguration.Enabled",
            "mfa-challenge-added",
            "SetUserPoolMfaConfig ON SoftwareTokenMfaConfiguration"
        ]
    );
    assert_eq!(
        story(&pool("ON", totp()), "MfaConfiguration: OFF"),
        [
            "MfaConfiguration SoftwareTokenMfaConfiguration.Enabled",
            "mfa-downgrade mfa-downgrade",
            "SetUserPoolMfaConfig OFF"
        ],
        "without a factor, which the service would refuse"
    );
}

#[test]
fn the_call_carries_the_whole_document_and_what_nobody_knows() {
    let mfa = json!({
        "SoftwareTokenMfaConfiguration": {"Enabled": true, "Digits": 8},
        "WebAuthnConfiguration": {"RelyingPartyId": "a.example"},
        "New": {"A": 1.10},
    });
    let plan = planned(&pool("OPTIONAL", mfa), "MfaConfiguration: ON", "");
    let mut body = sent(&plan, 0);
    body.shift_remove("UserPoolId");
    assert_eq!(
        Json::Object(body),
        json!({
            "SoftwareTokenMfaConfiguration": {"Enabled": true, "Digits": 8},
            "WebAuthnConfiguration": {"RelyingPartyId": "a.example"},
            "New": {"A": 1.10},
            "MfaConfiguration": "ON",
        })
    );
    assert_eq!(codes(&plan), "mfa-challenge-added unknown-member unknown-member");
}

#[test]
fn a_plan_that_sends_no_mfa_document_says_nothing_of_what_is_unknown_there() {
    let [changes, codes, calls] = story(&pool("OFF", json!({"New": 1})), "DeletionProtection: ACTIVE");
    assert_eq!([changes.as_str(), codes.as_str()], ["DeletionProtection", ""]);
    assert_eq!(calls, "UpdateUserPool OFF", "in the mode that is live");
}

#[test]
fn what_is_unknown_there_can_be_set_by_its_name() {
    let live = pool("ON", json!({"SoftwareTokenMfaConfiguration": {"Enabled": true}, "New": {"A": 1}}));
    let text = b"version: 1\npool: eu-west-1_a1B2c3D4E\npassthrough: { New: { A: 2 } }\n";
    let (desired, _) = rules::check(&catalogue(), manifest::load("p.yaml", text).unwrap()).unwrap();
    let today = time::macros::date!(2026 - 11 - 23);
    let options = Options { unknown: Unknown::Echo, today, allows: Allows::default(), is_strict: false };
    let plan = Plan::new(&catalogue(), live, &desired, &options);
    assert_eq!(changes(&plan), "GetUserPoolMfaConfig.New.A");
    assert_eq!(sent(&plan, 0)["New"], json!({"A": 2}));
}

#[test]
fn a_pools_sender_is_never_lost() {
    // Off through the update, since the other call may not name the sender then.
    assert_eq!(story(&with_sender("ON", totp()), "MfaConfiguration: OFF")[2], "UpdateUserPool OFF");
    assert_eq!(
        story(
            &with_sender("ON", totp()),
            "MfaConfiguration: OFF, WebAuthnConfiguration: { RelyingPartyId: a.example }"
        )[2],
        "SetUserPoolMfaConfig ON WebAuthnConfiguration SoftwareTokenMfaConfiguration SmsMfaConfiguration, UpdateUserPool OFF"
    );
    for (live, settings, code) in [
        ("OFF", "WebAuthnConfiguration: { RelyingPartyId: a.example }", "mfa-off-beside-sender"),
        (
            "OPTIONAL",
            "SmsMfaConfiguration: null, SoftwareTokenMfaConfiguration: { Enabled: true }",
            "sms-factor-beside-sender",
        ),
    ] {
        let live = with_sender(live, json!({"SmsMfaConfiguration": {}}));
        let plan = planned(&live, settings, "");
        assert!(plan.report.is_refused() && codes(&plan).contains(code), "{settings}: {}", codes(&plan));
        let plan = planned(&live, settings, &format!("rule:{code},mfa-downgrade"));
        assert!(!plan.report.is_refused(), "what is opinion can be overruled: {}", codes(&plan));
    }
}

#[test]
fn a_factor_that_the_call_cannot_help_switching_on_is_shown() {
    let wanted = "MfaConfiguration: OPTIONAL, SoftwareTokenMfaConfiguration: { Enabled: true }";
    let calls = "SetUserPoolMfaConfig OPTIONAL SoftwareTokenMfaConfiguration SmsMfaConfiguration";
    let changes = "MfaConfiguration SmsMfaConfiguration SoftwareTokenMfaConfiguration.Enabled";
    assert_eq!(story(&with_sender("OFF", json!({})), wanted), [changes, "mfa-factor-implied", calls]);
    // The read shows the block as soon as there is a sender; it says nothing while MFA is off.
    let shown = with_sender("OFF", json!({"SmsMfaConfiguration": {}}));
    assert_eq!(story(&shown, wanted)[..2], [changes, "mfa-factor-implied"]);
    let declared = format!("{wanted}, SmsMfaConfiguration: {{}}");
    assert_eq!(story(&shown, &declared)[1], "");
    // A sender alone may make it one too, and no call more is made for that.
    let sender = format!("SmsConfiguration: {{ SnsCallerArn: '{ROLE}' }}");
    assert_eq!(
        story(&pool("OPTIONAL", totp()), &sender),
        [
            "SmsConfiguration.SnsCallerArn SmsMfaConfiguration",
            "mfa-factor-implied",
            "UpdateUserPool OPTIONAL"
        ]
    );
}

#[test]
fn an_empty_sender_is_none() {
    let live = snapshot(json!({"MfaConfiguration": "OFF", "SmsConfiguration": {}}), json!({}));
    let wanted = "MfaConfiguration: OPTIONAL, SoftwareTokenMfaConfiguration: { Enabled: true }";
    let plan = planned(&live, wanted, "");
    assert_eq!(calls(&plan), "SetUserPoolMfaConfig OPTIONAL SoftwareTokenMfaConfiguration");
    assert_eq!(codes(&plan), "sms-sender-without-role");
    assert_eq!(
        plan.report.findings[0].level,
        Level::Note,
        "emulators show it, and the plan does not touch it"
    );
}

#[test]
fn a_factor_needs_mfa() {
    let wanted = "SoftwareTokenMfaConfiguration: { Enabled: true }";
    assert_eq!(story(&pool("OFF", json!({})), wanted)[1], "mfa-off-with-factor");
    assert_eq!(
        story(&pool("OFF", json!({})), "SoftwareTokenMfaConfiguration: { Enabled: false }"),
        ["", "", ""]
    );
    assert_eq!(story(&pool("OFF", json!({})), "EmailMfaConfiguration: null"), ["", "", ""]);
    assert_eq!(
        story(&pool("OPTIONAL", totp()), "SoftwareTokenMfaConfiguration: null")[1],
        "mfa-downgrade mfa-without-factor"
    );
}

#[test]
fn mfa_is_relaxed_before_the_pool_changes_and_tightened_after() {
    let codes = |mode: &str, factors: &str| {
        snapshot(
            json!({"MfaConfiguration": mode, "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": [factors]}}}),
            totp(),
        )
    };
    let first =
        |factor: &str| format!("Policies: {{ SignInPolicy: {{ AllowedFirstAuthFactors: [{factor}] }} }}");
    assert_eq!(
        story(&codes("OPTIONAL", "EMAIL_OTP"), &format!("MfaConfiguration: ON, {}", first("PASSWORD")))[2],
        "UpdateUserPool OPTIONAL, SetUserPoolMfaConfig ON SoftwareTokenMfaConfiguration"
    );
    assert_eq!(
        story(&codes("ON", "PASSWORD"), &format!("MfaConfiguration: OPTIONAL, {}", first("EMAIL_OTP")))[2],
        "SetUserPoolMfaConfig OPTIONAL SoftwareTokenMfaConfiguration, UpdateUserPool OPTIONAL"
    );
    let multi = "WebAuthnConfiguration: { FactorConfiguration: MULTI_FACTOR_WITH_USER_VERIFICATION }";
    assert_eq!(
        story(&codes("ON", "PASSWORD"), &format!("{multi}, {}", first("WEB_AUTHN")))[2],
        "SetUserPoolMfaConfig ON SoftwareTokenMfaConfiguration WebAuthnConfiguration, UpdateUserPool ON"
    );
}

#[test]
fn what_the_service_may_refuse_comes_first_where_the_order_is_free() {
    let [_, codes, calls] =
        story(&pool("OFF", json!({})), "MfaConfiguration: ON, DeletionProtection: ACTIVE");
    assert_eq!(codes, "mfa-challenge-added mfa-without-factor");
    assert_eq!(calls, "SetUserPoolMfaConfig ON, UpdateUserPool ON");
}

#[test]
fn a_passkey_is_never_enough_for_a_moment_where_it_is_not_at_either_end() {
    let live = pool("OPTIONAL", totp());
    let settings = "MfaConfiguration: ON, WebAuthnConfiguration: { FactorConfiguration: MULTI_FACTOR_WITH_USER_VERIFICATION }, Policies: { SignInPolicy: { AllowedFirstAuthFactors: [PASSWORD, WEB_AUTHN] } }";
    assert_eq!(
        story(&live, settings)[2],
        "SetUserPoolMfaConfig ON SoftwareTokenMfaConfiguration WebAuthnConfiguration, UpdateUserPool ON"
    );
}

#[test]
fn a_factor_comes_after_what_it_needs_and_goes_before_what_it_forbids() {
    let own = json!({"EmailSendingAccount": "DEVELOPER", "SourceArn": SES});
    let sender = format!("EmailConfiguration: {{ EmailSendingAccount: DEVELOPER, SourceArn: '{SES}' }}");
    assert_eq!(
        story(&pool("OPTIONAL", totp()), &format!("EmailMfaConfiguration: {{}}, {sender}"))[2],
        "UpdateUserPool OPTIONAL, SetUserPoolMfaConfig OPTIONAL SoftwareTokenMfaConfiguration EmailMfaConfiguration"
    );
    let both = json!({"SoftwareTokenMfaConfiguration": {"Enabled": true}, "EmailMfaConfiguration": {}});
    let otp = json!({"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}});
    let live =
        snapshot(json!({"MfaConfiguration": "OPTIONAL", "EmailConfiguration": own, "Policies": otp}), both);
    let plan = planned(
        &live,
        "MfaConfiguration: ON, EmailMfaConfiguration: null, EmailConfiguration: null, Policies: { SignInPolicy: { AllowedFirstAuthFactors: [PASSWORD] } }",
        "",
    );
    assert_eq!(
        calls(&plan),
        "SetUserPoolMfaConfig OPTIONAL SoftwareTokenMfaConfiguration, UpdateUserPool OPTIONAL, SetUserPoolMfaConfig ON SoftwareTokenMfaConfiguration"
    );
    let changed = |call: &PlannedCall| {
        call.changes.iter().map(|c| c.path.head().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(changed(&plan.report.calls[0]), ["EmailMfaConfiguration"]);
    assert_eq!(changed(&plan.report.calls[2]), ["MfaConfiguration"]);
}

#[test]
fn a_factor_that_must_go_first_leaves_another_or_a_gap_that_is_named() {
    let sending = json!({"EmailSendingAccount": "DEVELOPER", "SourceArn": SES});
    let live = |mfa: Json| {
        let pool = json!({"MfaConfiguration": "OPTIONAL", "EmailConfiguration": sending});
        snapshot(pool, mfa)
    };
    let wanted = format!(
        "EmailMfaConfiguration: null, EmailConfiguration: null, SmsMfaConfiguration: {{}}, SmsConfiguration: {{ SnsCallerArn: '{ROLE}' }}, AccountRecoverySetting: {{ RecoveryMechanisms: [{{ Name: verified_email, Priority: 1 }}] }}"
    );
    let by_phone = json!({"RecoveryMechanisms": [{"Name": "verified_phone_number", "Priority": 1}]});
    let recovering = |mut live: Snapshot| {
        live.pool_mut().insert("AccountRecoverySetting", by_phone.clone());
        live
    };
    let email = recovering(live(json!({"EmailMfaConfiguration": {}})));
    let both = recovering(live(json!({
        "SoftwareTokenMfaConfiguration": {"Enabled": true}, "EmailMfaConfiguration": {}
    })));
    let through = |last: &str| {
        format!(
            "SetUserPoolMfaConfig OPTIONAL SoftwareTokenMfaConfiguration, UpdateUserPool OPTIONAL, SetUserPoolMfaConfig OPTIONAL {last}"
        )
    };
    let sms_alone = format!("{wanted}, SoftwareTokenMfaConfiguration: null");
    let sms_and_totp = format!("{wanted}, SoftwareTokenMfaConfiguration: {{ Enabled: true }}");
    assert_eq!(calls(&planned(&both, &sms_alone, "")), through("SmsMfaConfiguration"));
    let plan = planned(&email, &sms_and_totp, "");
    assert_eq!(calls(&plan), through("SmsMfaConfiguration SoftwareTokenMfaConfiguration"));
    assert!(!codes(&plan).contains("mfa-gap"));
    let plan = planned(&email, &wanted, "");
    assert_eq!(
        calls(&plan),
        "SetUserPoolMfaConfig OFF, UpdateUserPool OFF, SetUserPoolMfaConfig OPTIONAL SmsMfaConfiguration",
        "rather than calls of which users have seen the service refuse one"
    );
    assert!(plan.report.is_refused() && codes(&plan).contains("mfa-gap"));
}

#[test]
fn a_mode_between_both_ends_lets_through_what_neither_takes() {
    let first = json!({"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}});
    let live = snapshot(
        json!({"MfaConfiguration": "ON", "SmsConfiguration": {"SnsCallerArn": ROLE}, "Policies": first}),
        json!({
            "SmsMfaConfiguration": {},
            "WebAuthnConfiguration": {"RelyingPartyId": "a.example", "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION"},
        }),
    );
    let wanted = "MfaConfiguration: OFF, WebAuthnConfiguration: { FactorConfiguration: SINGLE_FACTOR }";
    assert_eq!(
        calls(&planned(&live, wanted, "")),
        "SetUserPoolMfaConfig OPTIONAL WebAuthnConfiguration SmsMfaConfiguration, UpdateUserPool OFF"
    );
}

#[test]
fn without_the_mfa_document_nothing_of_it_is_changed() {
    let live = pool("OFF", json!({})).without_mfa();
    let plan = planned(&live, "MfaConfiguration: ON, SoftwareTokenMfaConfiguration: { Enabled: true }", "");
    assert_eq!(codes(&plan), "mfa-unread mfa-challenge-added");
    assert!(plan.steps.is_empty());
    let plan = planned(&live, "MfaConfiguration: OFF, DeletionProtection: ACTIVE", "");
    assert_eq!(calls(&plan), "UpdateUserPool OFF");
}

#[test]
fn two_documents_that_tell_two_modes_stop_a_plan_until_somebody_looks() {
    let mut live = pool("OFF", totp());
    live.mfa_mut().unwrap().insert("MfaConfiguration", json!("ON"));
    let plan = planned(&live, "DeletionProtection: ACTIVE", "");
    assert!(plan.report.is_refused());
    assert_eq!(codes(&plan), "mfa-documents-differ");
    assert_eq!(changes(&plan), "DeletionProtection");
    assert!(!planned(&live, "DeletionProtection: ACTIVE", "mfa-documents-differ").report.is_refused());
    assert_eq!(codes(&planned(&live, "PoolName: p", "")), "", "what writes nothing makes nothing worse");
}

#[test]
fn what_is_left_out_and_may_fall_is_a_risk_like_what_goes() {
    let text = b"version: 1\npool: eu-west-1_a1B2c3D4E\nsettings: { EmailMfaConfiguration: {} }\nomit: [{ path: SoftwareTokenMfaConfiguration, reason: r }, { path: DeletionProtection, reason: r }]\n";
    let (desired, _) = rules::check(&catalogue(), manifest::load("p.yaml", text).unwrap()).unwrap();
    let today = time::macros::date!(2026 - 11 - 23);
    let options = Options { unknown: Unknown::Echo, today, allows: Allows::default(), is_strict: false };
    let own = json!({"EmailSendingAccount": "DEVELOPER", "SourceArn": SES});
    let live = json!({"MfaConfiguration": "ON", "EmailConfiguration": own, "DeletionProtection": "ACTIVE"});
    let plan = Plan::new(&catalogue(), snapshot(live, totp()), &desired, &options);
    let blocking: Vec<&str> = plan.report.findings.iter().filter(|f| f.refuses()).map(|f| &*f.code).collect();
    assert_eq!(blocking, ["mfa-downgrade", "deletion-protection-off"]);
}

#[test]
fn sms_that_is_not_to_be_a_factor_and_is_shown_as_one_does_not_hold() {
    let live = with_sender("ON", totp());
    let mut after = with_sender(
        "ON",
        json!({"SmsMfaConfiguration": {}, "SoftwareTokenMfaConfiguration": {"Enabled": true}}),
    );
    after.pool_mut().insert("Name", json!("q"));
    let found = |settings: &str| planned(&live, settings, "").verify(&catalogue(), &after);
    assert_eq!(found("PoolName: q"), [], "the read shows it where there is a sender");
    let [deviation] = &found("PoolName: q, SmsMfaConfiguration: null")[..] else { panic!("not told") };
    assert!(deviation.declared && deviation.path.to_string() == "SmsMfaConfiguration");
}

#[test]
fn a_restore_does_what_it_can_and_says_what_stays() {
    let before = pool("OFF", json!({}));
    let mut now = with_sender(
        "OPTIONAL",
        json!({"SmsMfaConfiguration": {}, "SoftwareTokenMfaConfiguration": {"Enabled": true}}),
    );
    now.pool_mut().insert("Name", json!("q"));
    let text = b"version: 1\npool: eu-west-1_a1B2c3D4E\nsettings: {}\n";
    let (frame, _) = rules::check(&catalogue(), manifest::load("p.yaml", text).unwrap()).unwrap();
    let paths = [
        "PoolName",
        "MfaConfiguration",
        "SmsMfaConfiguration",
        "SmsConfiguration.SnsCallerArn",
        "SmsConfiguration.SnsRegion",
        "SoftwareTokenMfaConfiguration.Enabled",
    ];
    let paths: Vec<Path> = paths.iter().map(|path| path.parse().unwrap()).collect();
    let wants = inverse(&catalogue(), frame, &now, &before, Scope::Run(&paths));
    let today = time::macros::date!(2026 - 11 - 23);
    let options =
        Options { unknown: Unknown::Echo, today, allows: "mfa-downgrade".parse().unwrap(), is_strict: false };
    let plan = Plan::new(&catalogue(), now, &wants, &options);
    assert!(!plan.report.is_refused());
    assert!(codes(&plan).contains("impossible-removal"), "{}", codes(&plan));
    assert_eq!(calls(&plan), "UpdateUserPool OFF");
    assert_eq!(sent(&plan, 0)["PoolName"], "p");
    assert_eq!(sent(&plan, 0)["SmsConfiguration"], json!({"SnsCallerArn": ROLE}));
}
