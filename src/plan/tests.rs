//! Stories of a plan: a live pool, a manifest, and what would be done.

use super::*;
use crate::document::Json;
use crate::manifest;
use crate::rules;
use crate::shapes::Shapes;
use serde_json::json;

const ID: &str = "eu-west-1_a1B2c3D4E";

fn catalogue() -> Catalogue {
    Catalogue::new(Shapes::bundled())
}

fn desired(settings: &str) -> Desired {
    let text = format!("version: 1\npool: {ID}\n{settings}\n");
    let manifest = manifest::load("pools/p.yaml", text.as_bytes()).unwrap();
    rules::check(&catalogue(), manifest).unwrap().0
}

fn live(pool: Json) -> Snapshot {
    Snapshot::of_pool(pool.as_object().cloned().unwrap())
}

fn plan(pool: Json, settings: &str) -> Plan {
    Plan::new(&catalogue(), live(pool), &desired(settings), &options(Unknown::Echo))
}

fn options(unknown: Unknown) -> Options {
    Options {
        unknown,
        today: time::macros::date!(2026 - 11 - 23),
        allows: Allows::default(),
        is_strict: false,
    }
}

/// The body of a call of a plan.
pub(super) fn sent(plan: &Plan, call: usize) -> Object {
    plan.body(&catalogue(), &plan.steps[call])
}

fn body(plan: &Plan) -> Json {
    let mut body = sent(plan, 0);
    body.shift_remove("UserPoolId");
    Json::Object(body)
}

fn changes(plan: &Plan) -> Vec<String> {
    let show = |value: &Option<Json>| value.as_ref().map_or("-".to_owned(), Json::to_string);
    plan.report
        .changes
        .iter()
        .map(|c| format!("{}: {} to {}", c.path, show(&c.before), show(&c.after)))
        .collect()
}

fn codes(plan: &Plan) -> Vec<&str> {
    plan.report.findings.iter().map(|finding| &*finding.code).collect()
}

#[test]
fn what_nobody_declared_goes_back_as_it_was() {
    let plan = plan(
        json!({
            "Id": ID, "Name": "customers", "Arn": "arn:…",
            "LambdaConfig": {"PostConfirmation": "arn:aws:lambda:eu-west-1:111122223333:function:welcome", "NewTrigger": {"A": 1}},
            "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": false, "DeviceOnlyRememberedOnUserPrompt": true},
            "UserPoolTags": {"aws:cloudformation:stack-name": "s", "team": "x"},
            "Newer": {"Than": ["poolctl"]},
        }),
        "settings: { DeletionProtection: ACTIVE }",
    );
    assert_eq!(changes(&plan), [r#"DeletionProtection: - to "ACTIVE""#]);
    assert_eq!(
        body(&plan),
        json!({
            "PoolName": "customers",
            "LambdaConfig": {"PostConfirmation": "arn:aws:lambda:eu-west-1:111122223333:function:welcome", "NewTrigger": {"A": 1}},
            "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": false, "DeviceOnlyRememberedOnUserPrompt": true},
            "UserPoolTags": {"team": "x"},
            "Newer": {"Than": ["poolctl"]},
            "DeletionProtection": "ACTIVE",
        })
    );
    assert_eq!(codes(&plan), ["unknown-member", "unknown-member", "co-owned"]);
    assert_eq!(plan.report.unmanaged, 6);
}

#[test]
fn a_manifest_that_says_what_is_so_plans_nothing() {
    let pool = json!({
        "Name": "p", "MfaConfiguration": "OFF", "DeletionProtection": "INACTIVE",
        "AutoVerifiedAttributes": ["phone_number", "email"],
        "Policies": {"PasswordPolicy": {"MinimumLength": 8, "TemporaryPasswordValidityDays": 7}},
        "AdminCreateUserConfig": {"UnusedAccountValidityDays": 7},
        "EmailVerificationSubject": "Hi",
        "VerificationMessageTemplate": {"EmailSubject": "Hi", "DefaultEmailOption": "CONFIRM_WITH_CODE"},
    });
    let plan = plan(
        pool,
        "settings:
  PoolName: p
  AutoVerifiedAttributes: [email, phone_number]
  MfaConfiguration: OFF
  DeletionProtection: null
  LambdaConfig: null
  UserPoolAddOns: { AdvancedSecurityMode: OFF }
  Policies: { PasswordPolicy: { MinimumLength: 8, TemporaryPasswordValidityDays: 0 }, SignInPolicy: { AllowedFirstAuthFactors: [PASSWORD] } }
  EmailVerificationSubject: Hi
  EmailConfiguration: { EmailSendingAccount: COGNITO_DEFAULT }
  DeviceConfiguration: null
  SmsConfiguration: null",
    );
    assert_eq!(changes(&plan), [""; 0]);
    assert!(plan.steps.is_empty() && !plan.report.is_refused());
}

/// Facts §2.1, for every top-level member: what `null` sends where the pool has something.
#[test]
fn null_sends_what_removes_each_member() {
    let arn = "arn:aws:lambda:eu-west-1:111122223333:function:f";
    for (name, before, sent) in [
        ("AutoVerifiedAttributes", json!(["email"]), Some(json!([]))),
        ("LambdaConfig", json!({"PreSignUp": arn}), Some(json!({}))),
        (
            "UserAttributeUpdateSettings",
            json!({"AttributesRequireVerificationBeforeUpdate": ["email"]}),
            Some(json!({"AttributesRequireVerificationBeforeUpdate": []})),
        ),
        ("DeviceConfiguration", json!({}), None),
        (
            "UserPoolAddOns",
            json!({"AdvancedSecurityMode": "ENFORCED"}),
            Some(json!({"AdvancedSecurityMode": "OFF"})),
        ),
        (
            "AccountRecoverySetting",
            json!({"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]}),
            Some(json!({})),
        ),
        ("DeletionProtection", json!("ACTIVE"), Some(json!("INACTIVE"))),
        ("DcrConfiguration", json!({"EnableStatus": "Enabled"}), Some(json!({"EnableStatus": "Disabled"}))),
        (
            "KeyConfiguration",
            json!({"KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": "a"}),
            Some(json!({"KeyType": "AWS_OWNED_KEY"})),
        ),
        ("IssuerConfiguration", json!({"Type": "UPDATED"}), Some(json!({"Type": "ORIGINAL"}))),
        ("UserPoolTags", json!({"a": "b"}), Some(json!({}))),
        ("SmsAuthenticationMessage", json!("{####}"), None),
        (
            "EmailConfiguration",
            json!({"EmailSendingAccount": "DEVELOPER", "SourceArn": "a"}),
            Some(json!({"EmailSendingAccount": "COGNITO_DEFAULT"})),
        ),
        (
            "AdminCreateUserConfig",
            json!({"AllowAdminCreateUserOnly": true}),
            Some(json!({"AllowAdminCreateUserOnly": false})),
        ),
        (
            "VerificationMessageTemplate",
            json!({"DefaultEmailOption": "CONFIRM_WITH_LINK"}),
            Some(json!({"DefaultEmailOption": "CONFIRM_WITH_CODE"})),
        ),
        ("UserPoolTier", json!("PLUS"), Some(json!("ESSENTIALS"))),
        ("AcrConfiguration", json!({"Level1": {"AcrValue": "a"}}), Some(json!({}))),
    ] {
        let plan = plan(json!({name: before}), &format!("settings: {{ {name}: null }}"));
        assert!(!plan.report.changes.is_empty(), "{name}");
        assert_eq!(body(&plan).get(name), sent.as_ref(), "{name}");
    }
    let policies = plan(
        json!({"Policies": {"PasswordPolicy": {"MinimumLength": 20, "RequireSymbols": false}, "SignInPolicy": {"AllowedFirstAuthFactors": ["EMAIL_OTP", "PASSWORD"]}}}),
        "settings: { Policies: { PasswordPolicy: ~, SignInPolicy: ~ } }",
    );
    assert_eq!(
        body(&policies)["Policies"],
        json!({
            "PasswordPolicy": {"MinimumLength": 8, "RequireUppercase": true, "RequireLowercase": true, "RequireNumbers": true, "RequireSymbols": true, "TemporaryPasswordValidityDays": 7},
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
        })
    );
}

#[test]
fn what_cannot_be_removed_is_a_conflict_and_not_a_silent_no() {
    let sms = json!({"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::111122223333:role/sms", "ExternalId": "x"}, "Name": "p"});
    for (settings, code) in [
        ("SmsConfiguration: null", "impossible-removal"),
        ("PoolName: null", "impossible-removal"),
        ("MfaConfiguration: OPTIONAL", "mfa-unread"),
        ("LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion: V2_0 } }", "required-member"),
    ] {
        let plan = plan(sms.clone(), &format!("settings: {{ {settings} }}"));
        assert!(plan.report.is_refused(), "{settings}");
        assert_eq!(plan.report.findings[0].code, code, "{settings}");
    }
}

#[test]
fn a_null_for_a_member_that_requests_need_is_told_at_the_null() {
    let sender = "LambdaConfig.CustomSMSSender";
    let arn = "arn:aws:lambda:eu-west-1:111122223333:function:f";
    for (members, member, help) in [
        ("LambdaVersion: V1_0, LambdaArn: null".to_owned(), "LambdaArn", "write a value"),
        (
            format!("LambdaVersion: null, LambdaArn: {arn}"),
            "LambdaVersion",
            "write one of the allowed values: V1_0",
        ),
    ] {
        let plan = plan(
            json!({"Name": "p"}),
            &format!("settings: {{ LambdaConfig: {{ CustomSMSSender: {{ {members} }} }} }}"),
        );
        let found = plan.report.findings.iter().find(|finding| finding.code == "required-member").unwrap();
        let text =
            format!("`{sender}.{member}: null` removes the member, and `{sender}` cannot be sent without it");
        assert_eq!((&*found.text, found.help.as_deref()), (&*text, Some(help)));
        assert_eq!(found.origin.as_ref().map(|origin| origin.text()), Some("null"));
    }
}

#[test]
fn one_trigger_goes_and_the_others_stay() {
    let plan = plan(
        json!({"LambdaConfig": {"PreSignUp": "a", "PostConfirmation": "b"}}),
        "settings: { LambdaConfig: { PreSignUp: null } }",
    );
    assert_eq!(body(&plan), json!({"LambdaConfig": {"PostConfirmation": "b"}}));
}

#[test]
fn the_older_name_of_a_setting_changes_the_newer_one_and_both_stay_in_step() {
    let a = "arn:aws:lambda:eu-west-1:111122223333:function:a";
    let b = "arn:aws:lambda:eu-west-1:111122223333:function:b";
    let pool = json!({"LambdaConfig": {"PreTokenGeneration": a, "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": a}}});
    for settings in [
        format!("LambdaConfig: {{ PreTokenGeneration: '{b}' }}"),
        format!("LambdaConfig: {{ PreTokenGenerationConfig: {{ LambdaArn: '{b}' }} }}"),
    ] {
        let plan = plan(pool.clone(), &format!("settings: {{ {settings} }}"));
        assert_eq!(plan.report.changes.len(), 1, "{settings}");
        assert_eq!(
            body(&plan),
            json!({"LambdaConfig": {"PreTokenGeneration": b, "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": b}}}),
            "{settings}"
        );
    }
    for settings in ["PreTokenGeneration: null", "PreTokenGenerationConfig: null"] {
        let plan = plan(pool.clone(), &format!("settings: {{ LambdaConfig: {{ {settings} }} }}"));
        assert_eq!(body(&plan), json!({"LambdaConfig": {}}), "{settings}");
    }
}

#[test]
fn a_legacy_text_is_set_in_the_template() {
    let plan = plan(
        json!({"EmailVerificationMessage": "old {####}", "VerificationMessageTemplate": {"EmailMessage": "old {####}", "EmailSubject": "s"}}),
        "settings: { EmailVerificationMessage: 'new {####}' }",
    );
    assert_eq!(changes(&plan), [r#"VerificationMessageTemplate.EmailMessage: "old {####}" to "new {####}""#]);
    assert_eq!(
        body(&plan),
        json!({"VerificationMessageTemplate": {"EmailMessage": "new {####}", "EmailSubject": "s"}})
    );
    assert_eq!(plan.report.changes[0].origin.as_ref().unwrap().to_string(), "pools/p.yaml:3:39");
}

#[test]
fn an_element_keeps_what_it_has_and_nobody_knows() {
    let plan = plan(
        json!({"AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 2, "New": 1}]}}),
        "settings: { AccountRecoverySetting: { RecoveryMechanisms: [{ Name: verified_email, Priority: 1 }] } }",
    );
    assert_eq!(
        body(&plan),
        json!({"AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1, "New": 1}]}})
    );
}

#[test]
fn an_empty_value_says_what_it_means() {
    let on = plan(json!({}), "settings: { DeviceConfiguration: {} }");
    let meaning = on.report.findings(Level::Note).next().unwrap();
    assert_eq!(&*meaning.text, "`DeviceConfiguration: {}` means: device remembering is on");
    assert_eq!(body(&on), json!({"DeviceConfiguration": {}}));
    let already = plan(
        json!({"DeviceConfiguration": {"ChallengeRequiredOnNewDevice": true}}),
        "settings: { DeviceConfiguration: {} }",
    );
    assert_eq!(changes(&already), [""; 0]);
    let mechanisms = json!([{"Name": "admin_only", "Priority": 1}]);
    let legacy = plan(
        json!({"AccountRecoverySetting": {"RecoveryMechanisms": mechanisms}}),
        "settings: { AccountRecoverySetting: {} }",
    );
    assert_eq!(body(&legacy), json!({"AccountRecoverySetting": {}}));
}

#[test]
fn passthrough_merges_at_any_depth_unchecked() {
    let plan = plan(
        json!({"LambdaConfig": {"PreSignUp": "a"}}),
        "passthrough: { LambdaConfig: { BrandNew: { Arn: x, N: 1.10 } }, Fresh: [ ~, true ] }",
    );
    assert_eq!(
        body(&plan).to_string(),
        r#"{"LambdaConfig":{"PreSignUp":"a","BrandNew":{"Arn":"x","N":1.10}},"Fresh":[null,true]}"#
    );
}

#[test]
fn omitted_and_unknown_members_stay_out_when_told_so() {
    let pool = json!({"AcrConfiguration": {"Level1": {"AcrValue": "a"}}, "New": 1, "Policies": {"Newer": 2}});
    let text = "omit: [{ path: AcrConfiguration, reason: pool is on LITE }]\nsettings: { PoolName: p }";
    let plan = Plan::new(&catalogue(), live(pool.clone()), &desired(text), &options(Unknown::Omit));
    assert_eq!(body(&plan), json!({"Policies": {}, "PoolName": "p"}));
    assert_eq!(codes(&plan), ["member-omitted", "unknown-member", "unknown-member"]);
    let stop = Plan::new(&catalogue(), live(pool), &desired(text), &options(Unknown::Stop));
    assert!(stop.report.is_refused());
}

#[test]
fn verification_tells_what_does_not_hold_from_what_moved() {
    let before = json!({"Name": "p", "DeletionProtection": "INACTIVE", "UserPoolTier": "LITE", "LambdaConfig": {"PreSignUp": "a"}});
    let plan = plan(
        before,
        "settings: { DeletionProtection: ACTIVE, Policies: { PasswordPolicy: { MinimumLength: 12 } } }",
    );
    let verify = |after: Json| -> Vec<(String, bool)> {
        let deviations = plan.verify(&catalogue(), &live(after));
        deviations.into_iter().map(|deviation| (deviation.path.to_string(), deviation.declared)).collect()
    };
    let filled = json!({
        "Name": "p", "DeletionProtection": "ACTIVE", "UserPoolTier": "LITE", "LambdaConfig": {"PreSignUp": "a"},
        "Policies": {"PasswordPolicy": {"MinimumLength": 12, "RequireSymbols": false, "TemporaryPasswordValidityDays": 7}},
        "LastModifiedDate": 2,
    });
    assert_eq!(verify(filled), []);
    let moved = json!({
        "Name": "p", "DeletionProtection": "INACTIVE", "UserPoolTier": "PLUS", "LambdaConfig": {},
        "Policies": {"PasswordPolicy": {"MinimumLength": 12}},
    });
    assert_eq!(
        verify(moved),
        [
            ("DeletionProtection".to_owned(), true),
            ("LambdaConfig.PreSignUp".to_owned(), false),
            ("UserPoolTier".to_owned(), false),
        ]
    );
}

#[test]
fn the_mfa_documents_mirror_may_follow_or_stay_and_do_nothing_else() {
    let object = |value: Json| value.as_object().cloned().unwrap();
    let role = |name: &str| json!(format!("arn:aws:iam::111122223333:role/{name}"));
    let pool = |name: &str| object(json!({"SmsConfiguration": {"SnsCallerArn": role(name)}}));
    let mfa = |name: &str| {
        Some(object(
            json!({"MfaConfiguration": "OFF", "SmsMfaConfiguration": {"SmsConfiguration": {"SnsCallerArn": role(name)}}}),
        ))
    };
    let before = Snapshot::new(pool("old"), mfa("old"));
    let wants =
        desired("settings: { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::111122223333:role/new' } }");
    let plan = Plan::new(&catalogue(), before, &wants, &options(Unknown::Echo));
    assert_eq!(
        plan.report.changes.len(),
        1,
        "what repeats the change is none of its own: {:?}",
        changes(&plan)
    );
    for (sender, mirror, deviations) in
        [("new", "old", 0), ("new", "new", 0), ("new", "third", 1), ("old", "old", 1), ("third", "third", 1)]
    {
        let after = Snapshot::new(pool(sender), mfa(mirror));
        assert_eq!(plan.verify(&catalogue(), &after).len(), deviations, "{sender} and {mirror}");
    }
}

#[test]
fn a_plan_is_stale_where_a_planned_setting_has_moved_and_nowhere_else() {
    let pool = |length: u8, protection: &str, tier: &str| json!({"Policies": {"PasswordPolicy": {"MinimumLength": length}}, "DeletionProtection": protection, "UserPoolTier": tier});
    let settings =
        "settings: { DeletionProtection: ACTIVE, Policies: { PasswordPolicy: { MinimumLength: 12 } } }";
    let planned = plan(pool(8, "INACTIVE", "LITE"), settings);
    let movement = |now: Json| {
        let movement = planned.movement(&catalogue(), &plan(now, settings));
        let stale: Vec<String> = movement.stale.iter().map(|stale| stale.path.to_string()).collect();
        let elsewhere: Vec<String> =
            movement.elsewhere.iter().map(|change| change.path.to_string()).collect();
        (stale, elsewhere)
    };
    let length = "Policies.PasswordPolicy.MinimumLength".to_owned();
    assert_eq!(movement(pool(8, "INACTIVE", "LITE")), (vec![], vec![]));
    assert_eq!(movement(pool(12, "INACTIVE", "LITE")), (vec![], vec![]), "already applied");
    assert_eq!(movement(pool(10, "INACTIVE", "LITE")), (vec![length], vec![]));
    assert_eq!(movement(pool(8, "INACTIVE", "PLUS")), (vec![], vec!["UserPoolTier".to_owned()]));
}

#[test]
fn restoring_undoes_a_run_and_leaves_the_rest() {
    let before = json!({"Name": "p", "UserPoolTags": {"a": "1"}, "UserPoolTier": "LITE"});
    let now = json!({"Name": "p", "UserPoolTags": {"a": "2", "b": "3"}, "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": true}, "UserPoolTier": "PLUS"});
    let paths: Vec<Path> =
        ["UserPoolTags.a", "UserPoolTags.b", "DeviceConfiguration.ChallengeRequiredOnNewDevice"]
            .map(|text| text.parse().unwrap())
            .to_vec();
    let undo = |scope| {
        let wants = inverse(&catalogue(), desired(""), &live(now.clone()), &live(before.clone()), scope);
        body(&Plan::new(&catalogue(), live(now.clone()), &wants, &options(Unknown::Echo)))
    };
    assert_eq!(
        undo(Scope::Run(&paths)),
        json!({"PoolName": "p", "UserPoolTags": {"a": "1"}, "UserPoolTier": "PLUS"})
    );
    assert_eq!(
        undo(Scope::Whole),
        json!({"PoolName": "p", "UserPoolTags": {"a": "1"}, "UserPoolTier": "LITE"})
    );
}

#[test]
fn a_declared_default_is_sent_where_its_structure_is_sent_anyway() {
    let add_ons = plan(
        json!({"Name": "p"}),
        "settings: { UserPoolAddOns: { AdvancedSecurityMode: OFF, AdvancedSecurityAdditionalFlows: { CustomAuthMode: AUDIT } } }",
    );
    assert_eq!(codes(&add_ons), [""; 0], "what is required is declared");
    assert_eq!(body(&add_ons)["UserPoolAddOns"]["AdvancedSecurityMode"], json!("OFF"));

    let days = plan(
        json!({"Name": "p", "AdminCreateUserConfig": {"UnusedAccountValidityDays": 30}}),
        "settings: { Policies: { PasswordPolicy: { RequireSymbols: true, TemporaryPasswordValidityDays: null } } }",
    );
    let policy = json!({"RequireSymbols": true, "TemporaryPasswordValidityDays": 7});
    assert_eq!(body(&days)["Policies"]["PasswordPolicy"], policy, "the old days do not take the place");
}

#[test]
fn a_sender_is_reset_to_the_pools_own_region() {
    let sender =
        |region: &str| json!({"Name": "p", "SmsConfiguration": {"SnsCallerArn": "a", "SnsRegion": region}});
    let wants = "settings: { SmsConfiguration: { SnsRegion: null } }";
    let away = plan(sender("us-east-1"), wants);
    assert_eq!(changes(&away), [r#"SmsConfiguration.SnsRegion: "us-east-1" to "eu-west-1""#]);
    assert_eq!(changes(&plan(sender("eu-west-1"), wants)), [""; 0]);
}

#[test]
fn a_trigger_that_has_only_its_legacy_name_goes_when_the_new_one_is_reset() {
    let old = json!({"Name": "p", "LambdaConfig": {"PreTokenGeneration": "arn", "PreSignUp": "arn"}});
    let plan = plan(old, "settings: { LambdaConfig: { PreTokenGenerationConfig: null } }");
    assert_eq!(changes(&plan), [r#"LambdaConfig.PreTokenGeneration: "arn" to -"#]);
    assert_eq!(body(&plan)["LambdaConfig"], json!({"PreSignUp": "arn"}));
}

#[test]
fn an_old_trigger_may_show_its_new_name_after_a_write() {
    let pool = |name: &str, triggers: Json| live(json!({"Name": name, "LambdaConfig": triggers}));
    let before = pool("p", json!({"PreTokenGeneration": "arn"}));
    let plan =
        Plan::new(&catalogue(), before, &desired("settings: { PoolName: q }"), &options(Unknown::Echo));
    for (arn, version, deviations) in [("arn", "V1_0", 0), ("arn", "V2_0", 1), ("other", "V1_0", 2)] {
        let both = json!({
            "PreTokenGeneration": arn,
            "PreTokenGenerationConfig": {"LambdaVersion": version, "LambdaArn": arn},
        });
        assert_eq!(plan.verify(&catalogue(), &pool("q", both)).len(), deviations, "{arn} {version}");
    }
}

#[test]
fn what_was_known_by_its_legacy_name_alone_comes_back() {
    let restore = |before: Json, now: Json, changed: &[&str]| {
        let paths: Vec<Path> = changed.iter().map(|text| text.parse().unwrap()).collect();
        let (before, now) = (live(before), live(now));
        let wants = inverse(&catalogue(), desired(""), &now, &before, Scope::Run(&paths));
        body(&Plan::new(&catalogue(), now, &wants, &options(Unknown::Echo)))
    };
    let trigger = restore(
        json!({"Name": "p", "LambdaConfig": {"PreTokenGeneration": "old"}}),
        json!({"Name": "p", "LambdaConfig": {
            "PreTokenGeneration": "new",
            "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": "new"},
        }}),
        &["LambdaConfig.PreTokenGeneration", "LambdaConfig.PreTokenGenerationConfig.LambdaVersion"],
    );
    assert_eq!(trigger["LambdaConfig"], json!({"PreTokenGeneration": "old"}));

    let days = restore(
        json!({"Name": "p", "AdminCreateUserConfig": {"UnusedAccountValidityDays": 30}}),
        json!({"Name": "p", "AdminCreateUserConfig": {"UnusedAccountValidityDays": 9},
            "Policies": {"PasswordPolicy": {"MinimumLength": 12, "TemporaryPasswordValidityDays": 9}}}),
        &["Policies.PasswordPolicy.MinimumLength", "AdminCreateUserConfig.UnusedAccountValidityDays"],
    );
    assert_eq!(days["Policies"]["PasswordPolicy"]["TemporaryPasswordValidityDays"], json!(30));
}

#[test]
fn a_null_that_nobody_knows_comes_back() {
    let pool = |triggers: Json| live(json!({"Name": "p", "LambdaConfig": triggers}));
    let (before, now) = (pool(json!({"New": {"x": null}})), pool(json!({})));
    let wants = inverse(&catalogue(), desired(""), &now, &before, Scope::Whole);
    let plan = Plan::new(&catalogue(), now, &wants, &options(Unknown::Echo));
    assert_eq!(body(&plan)["LambdaConfig"], json!({"New": {"x": null}}));
}

#[test]
fn a_list_that_is_as_declared_but_for_what_nobody_knows_is_left_as_it_is() {
    let mechanisms = json!([
        {"Priority": 1, "Name": "admin_only", "New": 1},
        {"Priority": 2, "Name": "verified_email", "New": 2},
    ]);
    let pool = json!({"Name": "p", "AccountRecoverySetting": {"RecoveryMechanisms": mechanisms}});
    let wants = "settings: { PoolName: q, AccountRecoverySetting: { RecoveryMechanisms: \
                 [{ Name: verified_email, Priority: 2 }, { Name: admin_only, Priority: 1 }] } }";
    assert_eq!(body(&plan(pool, wants))["AccountRecoverySetting"]["RecoveryMechanisms"], mechanisms);
}

#[test]
fn a_member_that_was_to_go_and_stayed_is_no_fill() {
    let pool = |scopes: Json| {
        live(json!({"Name": "p", "DcrConfiguration": {"EnableStatus": "Enabled", "AllowedScopes": scopes}}))
    };
    let wants = desired("settings: { DcrConfiguration: { AllowedScopes: null } }");
    let plan = Plan::new(&catalogue(), pool(json!(["a"])), &wants, &options(Unknown::Echo));
    for (scopes, deviations) in [(json!(["a"]), 1), (json!(["openid"]), 0)] {
        assert_eq!(plan.verify(&catalogue(), &pool(scopes.clone())).len(), deviations, "{scopes}");
    }
}

fn with_attributes(attributes: Json) -> Json {
    json!({"Name": "p", "SchemaAttributes": attributes})
}

#[test]
fn attributes_that_the_pool_lacks_are_added_under_their_bare_names() {
    let live = with_attributes(
        json!([{"Name": "email", "Required": true}, {"Name": "custom:tenant", "AttributeDataType": "String"}]),
    );
    let plan = plan(
        live,
        "settings:
  Schema:
    - { Name: tenant, AttributeDataType: String }
    - { Name: level, AttributeDataType: Number, NumberAttributeConstraints: { MinValue: '0' } }
    - { Name: 'custom:colour' }
    - { Name: secret, DeveloperOnlyAttribute: true }",
    );
    assert_eq!(
        changes(&plan),
        [
            r#"Schema[custom:colour]: - to {}"#,
            r#"Schema[custom:level].AttributeDataType: - to "Number""#,
            r#"Schema[custom:level].NumberAttributeConstraints.MinValue: - to "0""#,
            r#"Schema[dev:custom:secret].DeveloperOnlyAttribute: - to true"#,
        ]
    );
    assert_eq!(plan.steps.len(), 1);
    assert_eq!(plan.steps[0].operation, &calls::ADD_CUSTOM_ATTRIBUTES);
    assert_eq!(
        body(&plan),
        json!({"CustomAttributes": [
            {"Name": "colour"},
            {"Name": "level", "AttributeDataType": "Number", "NumberAttributeConstraints": {"MinValue": "0"}},
            {"Name": "secret", "DeveloperOnlyAttribute": true},
        ]})
    );
}

#[test]
fn attributes_come_last_and_twenty_five_a_call() {
    let names: Vec<String> = (0..30).map(|n| format!("    - {{ Name: a{n} }}\n")).collect();
    let plan = plan(
        with_attributes(json!([])),
        &format!("settings:\n  DeletionProtection: ACTIVE\n  Schema:\n{}", names.concat()),
    );
    let operations: Vec<&'static Call> = plan.steps.iter().map(|step| step.operation).collect();
    assert_eq!(
        operations,
        [&calls::UPDATE_USER_POOL, &calls::ADD_CUSTOM_ATTRIBUTES, &calls::ADD_CUSTOM_ATTRIBUTES]
    );
    let counts: Vec<usize> = plan
        .steps
        .iter()
        .map(|step| step.to.pool().get("SchemaAttributes").unwrap().as_array().unwrap().len())
        .collect();
    assert_eq!(counts, [0, 25, 30]);
    assert!(!sent(&plan, 0).contains_key("Schema") && !sent(&plan, 0).contains_key("SchemaAttributes"));
}

#[test]
fn what_a_pool_gets_for_ever_never_differs_silently() {
    let live = json!({
        "Name": "p", "UsernameAttributes": ["email"], "UsernameConfiguration": {"CaseSensitive": false},
        "SchemaAttributes": [
            {"Name": "email", "Required": true, "Mutable": true},
            {"Name": "custom:tenant", "Mutable": true, "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "64"}},
        ],
    });
    for (settings, at) in [
        ("UsernameAttributes: [email, phone_number]", "UsernameAttributes"),
        ("AliasAttributes: [email]", "AliasAttributes"),
        ("UsernameConfiguration: { CaseSensitive: true }", "UsernameConfiguration.CaseSensitive"),
        ("Schema: [{ Name: email, Required: false }]", "Schema[email].Required"),
        ("Schema: [{ Name: address, Required: true }]", "Schema[address]"),
        ("Schema: [{ Name: tenant, Mutable: false }]", "Schema[custom:tenant].Mutable"),
        (
            "Schema: [{ Name: tenant, StringAttributeConstraints: { MaxLength: '65' } }]",
            "Schema[custom:tenant].StringAttributeConstraints.MaxLength",
        ),
    ] {
        let plan = plan(live.clone(), &format!("settings: {{ {settings} }}"));
        let found: Vec<(&str, String)> =
            plan.report.findings.iter().map(|f| (&*f.code, f.path.as_ref().unwrap().to_string())).collect();
        assert_eq!(found, [("immutable-field", at.to_owned())], "{settings}");
        assert!(plan.steps.is_empty(), "{settings}");
        // Of a member of an attribute, the place is that of its value.
        if let Some(value) = [("custom:tenant].Mutable", "false"), ("MaxLength", "'65'")]
            .iter()
            .find_map(|(end, value)| at.ends_with(end).then_some(value))
        {
            assert_eq!(
                plan.report.findings[0].origin.as_ref().map(|origin| origin.text()),
                Some(*value),
                "{settings}"
            );
        }
    }
    for settings in [
        "UsernameAttributes: [email]",
        "AliasAttributes: []",
        "UsernameConfiguration: { CaseSensitive: false }",
        "Schema: [{ Name: email, Required: true }]",
        "Schema: [{ Name: 'custom:tenant', StringAttributeConstraints: { MinLength: '00', MaxLength: '064' } }]",
    ] {
        let plan = plan(live.clone(), &format!("settings: {{ {settings} }}"));
        assert!(
            plan.report.changes.is_empty() && plan.report.findings.is_empty(),
            "{settings}: {:?}",
            plan.report.findings
        );
    }
    for settings in ["Schema: null", "UsernameAttributes: null", "UsernameConfiguration: null"] {
        let plan = plan(live.clone(), &format!("settings: {{ {settings} }}"));
        assert_eq!(codes(&plan), ["impossible-removal"], "{settings}");
    }
}

fn texts(paths: &[Path]) -> Vec<String> {
    paths.iter().map(Path::to_string).collect()
}

#[test]
fn what_the_shown_plan_did_not_leave_out_goes_back_from_the_later_read() {
    let pool = |more: &[(&str, Json)]| {
        let mut pool = live(json!({"Name": "p", "Old": 1}));
        more.iter().for_each(|(name, value)| pool.pool_mut().insert(name, value.clone()));
        pool
    };
    let wants =
        desired("settings: { DeletionProtection: ACTIVE }\nomit: [{ path: AcrConfiguration, reason: r }]");
    let shown = Plan::new(&catalogue(), pool(&[]), &wants, &options(Unknown::Omit));
    assert_eq!(texts(&shown.report.left_out), ["Old"]);
    let moved = pool(&[("New", json!(2)), ("AcrConfiguration", json!({"Level1": {"AcrValue": "a"}}))]);
    let later = Plan::again(&catalogue(), moved, &wants, &options(Unknown::Omit), &shown.report);
    assert_eq!(texts(&later.report.left_out), ["Old"]);
    assert_eq!(body(&later)["New"], json!(2));
    assert_eq!(body(&later)["AcrConfiguration"], json!({"Level1": {"AcrValue": "a"}}));
    let told: Vec<&str> = later.report.findings.iter().map(|finding| &*finding.text).collect();
    assert!(
        told.contains(&"`New` is unknown to this version of poolctl and sent back unchanged"),
        "{told:?}"
    );
}

#[test]
fn what_is_left_out_is_what_the_request_lacks_and_what_is_told() {
    let list = json!([{"Name": "verified_email", "Priority": 1, "New": {"x": 1}}]);
    let trigger = json!({"PreTokenGeneration": "a",
        "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": "a"}});
    let pool = json!({"Name": "p", "AccountRecoverySetting": {"RecoveryMechanisms": list},
        "LambdaConfig": trigger, "EmailVerificationSubject": "s", "VerificationMessageTemplate": {"EmailSubject": "s"}});
    for (path, code, left_out) in [
        (
            "AccountRecoverySetting.RecoveryMechanisms[0].New",
            "member-omitted",
            "AccountRecoverySetting.RecoveryMechanisms[verified_email].New",
        ),
        (
            "AccountRecoverySetting.RecoveryMechanisms[verified_email].New.x",
            "member-omitted",
            "AccountRecoverySetting.RecoveryMechanisms[verified_email].New.x",
        ),
        ("LambdaConfig.PreTokenGeneration", "member-omitted", "LambdaConfig.PreTokenGeneration"),
        ("AccountRecoverySetting.RecoveryMechanisms[admin_only].New", "omit-unused", ""),
        ("EmailVerificationSubject", "omit-unused", ""),
        ("AcrConfiguration", "omit-unused", ""),
    ] {
        let wants =
            format!("settings: {{ DeletionProtection: ACTIVE }}\nomit: [{{ path: '{path}', reason: r }}]");
        let plan = plan(pool.clone(), &wants);
        assert_eq!(plan.report.findings[0].code, code, "{path}");
        assert_eq!(texts(&plan.report.left_out).join(", "), left_out, "{path}");
        let whole = plan_without_omit(&pool);
        assert_eq!(body(&plan) == whole, left_out.is_empty(), "{path}");
    }
}

fn plan_without_omit(pool: &Json) -> Json {
    body(&plan(pool.clone(), "settings: { DeletionProtection: ACTIVE }"))
}

#[test]
fn an_unknown_member_of_an_element_is_left_out_and_its_absence_is_no_move() {
    let pool = |element: Json| {
        live(json!({"Name": "p", "AccountRecoverySetting": {"RecoveryMechanisms": [element]}}))
    };
    let before = pool(json!({"Name": "verified_email", "Priority": 1, "New": 1}));
    let plan =
        Plan::new(&catalogue(), before, &desired("settings: { PoolName: q }"), &options(Unknown::Omit));
    let sent = json!([{"Name": "verified_email", "Priority": 1}]);
    assert_eq!(body(&plan)["AccountRecoverySetting"]["RecoveryMechanisms"], sent);
    let mut after = pool(json!({"Name": "verified_email", "Priority": 1}));
    after.pool_mut().insert("Name", json!("q"));
    assert_eq!(plan.verify(&catalogue(), &after), []);
    assert_eq!(plan.fallen(&catalogue(), &after).len(), 1);
}

#[test]
fn a_declared_member_that_nobody_knows_is_never_left_out() {
    let wants = desired("settings: { DeletionProtection: ACTIVE }\npassthrough: { New: 1 }");
    let plan = Plan::new(&catalogue(), live(json!({"Name": "p", "New": 1})), &wants, &options(Unknown::Omit));
    assert_eq!(body(&plan)["New"], json!(1));
    assert!(plan.report.findings.is_empty(), "{:?}", plan.report.findings);
}

#[test]
fn unknown_stop_judges_the_pool_the_same_with_the_mfa_document_and_without() {
    let mfa = json!({"MfaConfiguration": "OFF", "FaceMfaConfiguration": {}});
    let both = live(json!({"Name": "p"})).with_mfa(mfa.as_object().cloned());
    let plan = Plan::new(
        &catalogue(),
        both,
        &desired("settings: { DeletionProtection: ACTIVE }"),
        &options(Unknown::Stop),
    );
    assert!(!plan.report.is_refused() && plan.report.findings.is_empty());
}

#[test]
fn restoring_a_run_leaves_what_others_have_added_beside_it() {
    let undo = |before: Json, now: Json, changed: &[&str]| {
        let paths: Vec<Path> = changed.iter().map(|text| text.parse().unwrap()).collect();
        let wants = inverse(&catalogue(), desired(""), &live(now.clone()), &live(before), Scope::Run(&paths));
        Plan::new(&catalogue(), live(now), &wants, &options(Unknown::Echo))
    };
    let none = json!({"Name": "p"});
    let sender = json!({"LambdaVersion": "V1_0", "LambdaArn": "a"});
    let now = json!({"Name": "p",
        "LambdaConfig": {"PreSignUp": "ours", "PostConfirmation": "theirs", "CustomSMSSender": sender},
        "UserPoolTags": {"ours": "1", "theirs": "2"}});
    let changed = [
        "LambdaConfig.PreSignUp",
        "LambdaConfig.CustomSMSSender.LambdaVersion",
        "LambdaConfig.CustomSMSSender.LambdaArn",
        "UserPoolTags.ours",
    ];
    let left = json!({"PoolName": "p", "LambdaConfig": {"PostConfirmation": "theirs"}, "UserPoolTags": {"theirs": "2"}});
    assert_eq!(body(&undo(none.clone(), now, &changed)), left);

    let filled = json!({"Name": "p", "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": false}});
    let ours = ["DeviceConfiguration.ChallengeRequiredOnNewDevice"];
    assert_eq!(body(&undo(none.clone(), filled, &ours)), json!({"PoolName": "p"}));
    let theirs = json!({"Name": "p", "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": true}});
    let kept = json!({"PoolName": "p", "DeviceConfiguration": {"DeviceOnlyRememberedOnUserPrompt": true}});
    assert_eq!(body(&undo(none.clone(), theirs, &ours)), kept);

    let sms = json!({"Name": "p", "SmsConfiguration": {"SnsCallerArn": "a", "SnsRegion": "eu-west-1"}});
    assert_eq!(codes(&undo(none, sms, &["SmsConfiguration.SnsCallerArn"])), ["impossible-removal"]);
}

#[test]
fn a_fill_is_one_where_the_service_had_occasion_to_fill() {
    let arn = "arn:aws:iam::111122223333:role/sms";
    let before = json!({"Name": "p",
        "Policies": {"PasswordPolicy": {"MinimumLength": 12}},
        "SmsConfiguration": {"SnsCallerArn": arn},
        "DcrConfiguration": {"EnableStatus": "Enabled"},
        "AcrConfiguration": {"Level2": {"AcrValue": "b"}}});
    let added = |at: &str, value: Json| {
        let mut after = live(before.clone());
        after.pool_mut().insert("Name", json!("q"));
        after.pool_mut().set(&at.parse().unwrap(), value);
        after
    };
    let moves = |settings: &str, at: &str, value: Json| {
        let plan = plan(before.clone(), &format!("settings: {{ PoolName: q, {settings} }}"));
        let mut after = added(at, value);
        for change in &plan.report.changes {
            after.pool_mut().set(&raw(&change.path), change.after.clone().unwrap());
        }
        texts(&plan.verify(&catalogue(), &after).into_iter().map(|d| d.path).collect::<Vec<_>>()).join(", ")
    };
    // What the service is known to complete a structure with, whoever changed what.
    assert_eq!(moves("", "Policies.PasswordPolicy.RequireSymbols", json!(false)), "");
    assert_eq!(moves("", "SmsConfiguration.SnsRegion", json!("eu-west-1")), "");
    // What somebody else must have done.
    let (dcr, acr, sms) =
        ("DcrConfiguration.OpenDcrGrantTypes", "AcrConfiguration.Level1", "SmsConfiguration.SnsRegion");
    assert_eq!(
        moves("", "Policies.PasswordPolicy.RequireSymbols", json!(true)),
        "Policies.PasswordPolicy.RequireSymbols"
    );
    assert_eq!(moves("", dcr, json!(["implicit"])), dcr);
    assert_eq!(moves("", acr, json!({"AcrValue": "a"})), "AcrConfiguration.Level1.AcrValue");
    assert_eq!(moves("", sms, json!("us-east-1")), sms);
    // Beside a change, nobody can tell the two apart.
    assert_eq!(moves("DcrConfiguration: { OpenDcrEnabled: true }", dcr, json!(["code"])), "");
    assert_eq!(moves("AcrConfiguration: { Level2: { AcrValue: c } }", acr, json!({"AcrValue": "a"})), "");
    assert_eq!(moves("SmsConfiguration: { ExternalId: x }", sms, json!("us-east-1")), "");
    // A structure that nobody sent is filled by nobody.
    let plan = plan(json!({"Name": "p"}), "settings: { PoolName: q }");
    let after = live(json!({"Name": "q", "DcrConfiguration": {"EnableStatus": "Enabled"}}));
    assert_eq!(plan.verify(&catalogue(), &after).len(), 1);
}

fn raw(at: &Path) -> Path {
    catalogue().locate(at).path
}
