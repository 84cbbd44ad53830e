//! Stories of one fact with two copies: in both documents, under two names, or as null.

use super::tests::sent;
use super::*;
use crate::document::Json;
use crate::document::json;
use crate::shapes::Shapes;
use crate::{manifest, rules};
use serde_json::json;

fn catalogue() -> Catalogue {
    Catalogue::new(Shapes::bundled())
}

fn object(value: Json) -> Object {
    value.as_object().cloned().unwrap()
}

fn role(name: &str) -> Json {
    json!({"SnsCallerArn": format!("arn:aws:iam::111122223333:role/{name}")})
}

/// A pool with SMS and tokens as factors, whose MFA document says this of the sender.
fn pool(own: &Json, copied: &Json) -> Snapshot {
    Snapshot::new(
        object(json!({"Name": "p", "MfaConfiguration": "OPTIONAL", "SmsConfiguration": own})),
        Some(object(json!({
            "MfaConfiguration": "OPTIONAL",
            "SoftwareTokenMfaConfiguration": {"Enabled": true},
            "SmsMfaConfiguration": {"SmsConfiguration": copied},
            "WebAuthnConfiguration": {"RelyingPartyId": "a.example", "UserVerification": "preferred"},
        }))),
    )
}

fn planned(live: Snapshot, body: &str) -> Plan {
    let text = format!("version: 1\npool: eu-west-1_a1B2c3D4E\n{body}\n");
    let (desired, _) =
        rules::check(&catalogue(), manifest::load("p.yaml", text.as_bytes()).unwrap()).unwrap();
    Plan::new(&catalogue(), live, &desired, &options())
}

fn options() -> Options {
    let today = time::macros::date!(2026 - 11 - 23);
    Options { unknown: Unknown::Echo, today, allows: "mfa-downgrade".parse().unwrap(), is_strict: false }
}

fn changes(plan: &Plan) -> String {
    plan.report.changes.iter().map(|change| change.path.to_string()).collect::<Vec<_>>().join(" ")
}

fn codes(plan: &Plan) -> String {
    plan.report.findings.iter().map(|finding| &*finding.code).collect::<Vec<_>>().join(" ")
}

/// The calls, each with the sender that it carries.
fn calls(plan: &Plan) -> String {
    let sender = |body: &Object| {
        let copied: Path = "SmsMfaConfiguration.SmsConfiguration".parse().unwrap();
        let sender = body.get("SmsConfiguration").or_else(|| json::get(body, &copied));
        let arn = sender.and_then(|sender| sender.get("SnsCallerArn")).and_then(Json::as_str);
        arn.and_then(|arn| arn.rsplit('/').next()).unwrap_or("-").to_owned()
    };
    let call = |step: &Step| format!("{} {}", step.operation, sender(&plan.body(&catalogue(), step)));
    plan.steps.iter().map(call).collect::<Vec<_>>().join(", ")
}

#[test]
fn documents_that_disagree_about_the_sender_still_let_mfa_change() {
    for (own, copied) in [
        (role("new"), role("old")),
        (
            role("new"),
            json!({"SnsCallerArn": "arn:aws:iam::111122223333:role/new", "SnsRegion": "eu-west-1"}),
        ),
        (role("new"), json!({})),
    ] {
        let live = pool(&own, &copied);
        for (settings, changed) in [
            ("MfaConfiguration: ON", "MfaConfiguration"),
            (
                "MfaConfiguration: OFF",
                "MfaConfiguration SmsMfaConfiguration SoftwareTokenMfaConfiguration.Enabled",
            ),
            (
                "WebAuthnConfiguration: { UserVerification: required }",
                "WebAuthnConfiguration.UserVerification",
            ),
            (
                "SmsMfaConfiguration: null, SoftwareTokenMfaConfiguration: { Enabled: false }, MfaConfiguration: OFF",
                "MfaConfiguration SmsMfaConfiguration SoftwareTokenMfaConfiguration.Enabled",
            ),
        ] {
            let plan = planned(live.clone(), &format!("settings: {{ {settings} }}"));
            assert_eq!(changes(&plan), changed, "{settings}");
            assert!(
                !plan.report.is_refused() && matches!(plan.work(), Work::Calls { .. }),
                "{settings}: {}",
                codes(&plan)
            );
            assert!(!calls(&plan).contains("old"), "{settings}: {}", calls(&plan));
        }
    }
}

#[test]
fn a_copy_may_follow_the_pool_or_stay_and_a_third_value_is_told() {
    let live = pool(&role("new"), &role("old"));
    let plan = planned(live, "settings: { MfaConfiguration: ON }");
    let after = |copied: &str| {
        let mut after = pool(&role("new"), &role(copied));
        after.pool_mut().insert("MfaConfiguration", json!("ON"));
        after.mfa_mut().unwrap().insert("MfaConfiguration", json!("ON"));
        let found = plan.verify(&catalogue(), &after);
        found.iter().map(|deviation| deviation.path.to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!([after("new"), after("old")], ["", ""]);
    assert_eq!(after("other"), "SmsMfaConfiguration.SmsConfiguration.SnsCallerArn");
}

#[test]
fn a_call_hands_a_copy_over_as_the_pool_is_to_have_it() {
    let wanted = "settings: { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::111122223333:role/sms0' }, \
                  WebAuthnConfiguration: { UserVerification: required } }";
    for copied in ["sms0", "sms1", "sms2"] {
        let plan = planned(pool(&role("sms2"), &role(copied)), wanted);
        assert_eq!(calls(&plan), "UpdateUserPool sms0, SetUserPoolMfaConfig sms0", "the copy was {copied}");
    }
}

#[test]
fn a_pool_may_take_over_early_what_a_call_hands_over_and_nothing_else() {
    // MFA goes down first, since the planned pool needs it.
    let mut live = pool(&role("sms2"), &role("sms2"));
    live.pool_mut().insert("MfaConfiguration", json!("ON"));
    live.mfa_mut().unwrap().insert("MfaConfiguration", json!("ON"));
    let plan = planned(
        live,
        "settings: { MfaConfiguration: OPTIONAL, \
         SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::111122223333:role/sms0' }, \
         Policies: { SignInPolicy: { AllowedFirstAuthFactors: [PASSWORD, EMAIL_OTP] } } }\n\
         allow: [{ risk: first-factor-added, reason: wanted }]",
    );
    assert_eq!(calls(&plan), "SetUserPoolMfaConfig sms0, UpdateUserPool sms0", "{}", codes(&plan));
    let first = &plan.steps[0];
    let read = |own: &str| {
        let mut after = (*first.to).clone();
        after.pool_mut().insert("SmsConfiguration", role(own));
        plan.verify_step(&catalogue(), &first.to, &after).len()
    };
    assert_eq!([read("sms2"), read("sms0"), read("sms1")], [0, 0, 1]);
    assert_eq!(
        plan.verify(&catalogue(), &{
            let mut after = (*plan.target).clone();
            after.pool_mut().insert("SmsConfiguration", role("sms2"));
            after
        })
        .len(),
        1,
        "in the end it must be there"
    );
}

#[test]
fn what_repeats_a_setting_is_not_set_by_another_door() {
    for (passthrough, path, help) in [
        (
            "{ GetUserPoolMfaConfig: { MfaConfiguration: ON } }",
            "GetUserPoolMfaConfig.MfaConfiguration",
            "declare `MfaConfiguration` under `settings`",
        ),
        (
            "{ GetUserPoolMfaConfig: { EmailMfaConfiguration: { Subject: Hi } } }",
            "GetUserPoolMfaConfig.EmailMfaConfiguration.Subject",
            "declare `EmailMfaConfiguration.Subject` under `settings`",
        ),
        ("{ GetUserPoolMfaConfig: x }", "GetUserPoolMfaConfig", "declare a member of the MFA document"),
        (
            "{ SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn: x } } }",
            "SmsMfaConfiguration.SmsConfiguration.SnsCallerArn",
            "declare `SmsConfiguration` under `settings`",
        ),
    ] {
        let plan = planned(pool(&role("a"), &role("a")), &format!("passthrough: {passthrough}"));
        let [finding] = &plan.report.findings[..] else { panic!("{passthrough}: {}", codes(&plan)) };
        assert_eq!(
            (&*finding.code, finding.path.as_ref().unwrap().to_string()),
            ("no-call", path.to_owned())
        );
        assert_eq!(finding.help.as_deref(), Some(help));
        assert!(plan.report.is_refused() && plan.steps.is_empty() && matches!(plan.work(), Work::Refused));
    }
}

#[test]
fn a_setting_of_the_mfa_document_stands_in_its_structure_in_the_tree() {
    let mut live = pool(&role("a"), &role("a"));
    let email = json!({"Message": "Code {####}", "Subject": "Old"});
    live.mfa_mut().unwrap().insert("EmailMfaConfiguration", email);
    live.mfa_mut().unwrap().insert("New", json!({"A": 1, "B": 2}));
    let around = |body: &str| {
        let plan = planned(live.clone(), body);
        plan.report
            .surroundings
            .iter()
            .map(|it| format!("{} {} {} {}", it.path, it.before, it.after, it.unchanged))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        around("settings: { EmailMfaConfiguration: { Subject: null } }"),
        ["EmailMfaConfiguration true true 1"]
    );
    assert_eq!(
        around("settings: { WebAuthnConfiguration: { UserVerification: required } }"),
        ["WebAuthnConfiguration true true 1"]
    );
    assert_eq!(
        around("passthrough: { New: { A: 3 } }"),
        ["GetUserPoolMfaConfig true true 0", "GetUserPoolMfaConfig.New true true 1"]
    );
}

#[test]
fn null_at_the_top_of_a_document_is_absent() {
    let nulls = json!({
        "Name": "p", "AutoVerifiedAttributes": null, "EmailConfiguration": null, "NeverHeardOf": null,
        "LambdaConfig": {"PreSignUp": null, "New": null}, "MfaConfiguration": null,
    });
    let mfa = json!({"MfaConfiguration": "OPTIONAL", "SmsMfaConfiguration": null, "SoftwareTokenMfaConfiguration": {"Enabled": true}});
    let live = Snapshot::new(object(nulls), Some(object(mfa)));
    let same = planned(live.clone(), "settings: { AutoVerifiedAttributes: [], EmailConfiguration: null }");
    assert_eq!(changes(&same), "");
    assert_eq!(codes(&same), "unknown-member", "of the null further in that nobody knows");

    let plan = planned(live.clone(), "settings: { DeletionProtection: ACTIVE }");
    let [step] = &plan.steps[..] else { panic!("{}", calls(&plan)) };
    assert_eq!(
        Json::Object(plan.body(&catalogue(), step)),
        json!({"UserPoolId": "eu-west-1_a1B2c3D4E", "PoolName": "p", "DeletionProtection": "ACTIVE", "LambdaConfig": {"New": null}})
    );
    assert_eq!(plan.base, live, "a backup has it as it was read");
    let filled = json!({
        "Name": "p", "DeletionProtection": "ACTIVE", "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
        "LambdaConfig": {"New": null}, "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": []},
    });
    let after = Snapshot::new(object(filled), live.mfa().cloned());
    assert_eq!(plan.verify(&catalogue(), &after), []);

    let mfa = planned(after, "settings: { MfaConfiguration: ON }");
    assert!(!sent(&mfa, 0).contains_key("SmsMfaConfiguration"));
}

#[test]
fn a_value_that_only_gets_its_new_name_is_no_change() {
    let live = |pool: Json| Snapshot::of_pool(object(pool));
    let told = |plan: &Plan| {
        let word = |value: &Option<Json>| value.as_ref().map_or("-".to_owned(), Json::to_string);
        let change =
            |change: &Change| format!("{} {} {}", change.path, word(&change.before), word(&change.after));
        plan.report.changes.iter().map(change).collect::<Vec<_>>()
    };
    let trigger = live(
        json!({"Name": "p", "LambdaConfig": {"PreTokenGeneration": "arn:aws:lambda:eu-west-1:111122223333:function:t"}}),
    );
    let plan = planned(
        trigger,
        "settings: { LambdaConfig: { PreTokenGenerationConfig: \
         { LambdaVersion: V2_0, LambdaArn: 'arn:aws:lambda:eu-west-1:111122223333:function:t' } } }",
    );
    assert_eq!(told(&plan), [r#"LambdaConfig.PreTokenGenerationConfig.LambdaVersion - "V2_0""#]);
    assert_eq!(
        sent(&plan, 0)["LambdaConfig"]["PreTokenGenerationConfig"]["LambdaArn"],
        sent(&plan, 0)["LambdaConfig"]["PreTokenGeneration"]
    );

    let days =
        |days: u32| live(json!({"Name": "p", "AdminCreateUserConfig": {"UnusedAccountValidityDays": days}}));
    let plan = planned(days(30), "settings: { Policies: { PasswordPolicy: { MinimumLength: 12 } } }");
    assert_eq!(told(&plan), ["Policies.PasswordPolicy.MinimumLength - 12"]);
    assert_eq!(codes(&plan), "", "and nothing got longer");
    assert_eq!(sent(&plan, 0)["Policies"]["PasswordPolicy"]["TemporaryPasswordValidityDays"], json!(30));
    let same = planned(
        days(30),
        "settings: { Policies: { PasswordPolicy: { TemporaryPasswordValidityDays: 30 } } }",
    );
    assert!(same.report.changes.is_empty() && same.steps.is_empty());
    let plan = planned(
        days(30),
        "settings: { Policies: { PasswordPolicy: { TemporaryPasswordValidityDays: 40 } } }",
    );
    assert_eq!(told(&plan), ["Policies.PasswordPolicy.TemporaryPasswordValidityDays 30 40"]);
}

#[test]
fn both_names_of_a_trigger_come_back_where_both_have_gone() {
    let both = json!({"PreTokenGeneration": "a", "PreTokenGenerationConfig": {"LambdaVersion": "V1_0", "LambdaArn": "a"}});
    let pool = |triggers: Json| Snapshot::of_pool(object(json!({"Name": "p", "LambdaConfig": triggers})));
    let (before, now) = (pool(both.clone()), pool(json!({})));
    let paths = [
        "LambdaConfig.PreTokenGenerationConfig.LambdaVersion",
        "LambdaConfig.PreTokenGenerationConfig.LambdaArn",
    ];
    let paths: Vec<Path> = paths.iter().map(|path| path.parse().unwrap()).collect();
    for scope in [Scope::Run(&paths), Scope::Whole] {
        let frame =
            Desired::nothing("b".to_owned(), "eu-west-1_a1B2c3D4E".to_owned(), "eu-west-1".to_owned());
        let wants = inverse(&catalogue(), frame, &now, &before, scope);
        let plan = Plan::new(&catalogue(), now.clone(), &wants, &options());
        assert_eq!(sent(&plan, 0)["LambdaConfig"], both);
    }
}

#[test]
fn the_newer_form_of_a_trigger_goes_again_and_leaves_the_old_one() {
    let pool = |triggers: Json| Snapshot::of_pool(object(json!({"Name": "p", "LambdaConfig": triggers})));
    let before = pool(json!({"PreTokenGeneration": "a"}));
    let now = pool(
        json!({"PreTokenGeneration": "a", "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": "a"}}),
    );
    let paths: Vec<Path> = vec!["LambdaConfig.PreTokenGenerationConfig.LambdaVersion".parse().unwrap()];
    let frame = Desired::nothing("b".to_owned(), "eu-west-1_a1B2c3D4E".to_owned(), "eu-west-1".to_owned());
    let wants = inverse(&catalogue(), frame, &now, &before, Scope::Run(&paths));
    let plan = Plan::new(&catalogue(), now, &wants, &options());
    assert_eq!(sent(&plan, 0)["LambdaConfig"], json!({"PreTokenGeneration": "a"}));
}
