//! Which later reads of a run count, and which are no reads.

use super::*;
use crate::document::Json;
use crate::shapes::Shapes;
use crate::{manifest, rules};
use serde_json::json;

fn object(value: Json) -> Object {
    value.as_object().cloned().unwrap()
}

fn first() -> Snapshot {
    Snapshot::new(
        object(json!({
            "Id": "eu-west-1_a", "Name": "p", "Arn": "arn:aws:…", "CreationDate": 1.5, "LastModifiedDate": 2.5,
            "SchemaAttributes": [{"Name": "sub"}],
            "DeletionProtection": "INACTIVE", "UserPoolTags": {},
            "AutoVerifiedAttributes": ["email"], "EmailVerificationSubject": "Hi",
            "VerificationMessageTemplate": {"EmailSubject": "Hi"},
            "LambdaConfig": {"PreSignUp": "arn:a", "PostConfirmation": "arn:b"},
            "MfaConfiguration": "OPTIONAL", "EstimatedNumberOfUsers": 7, "SmsConfigurationFailure": "x",
            "New": 1,
        })),
        Some(object(json!({
            "MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": true},
            "WebAuthnConfiguration": {"RelyingPartyId": "a.example"}, "NewFactor": {"A": 1},
        }))),
    )
}

/// The plan of a manifest with these settings for the pool of the first read.
fn plan_of(settings: &str) -> Plan {
    let catalogue = Catalogue::new(Shapes::bundled());
    let text = format!("version: 1\npool: eu-west-1_a\nsettings: {{ {settings} }}\n");
    let (desired, _) = rules::check(&catalogue, manifest::load("p.yaml", text.as_bytes()).unwrap()).unwrap();
    let today = time::macros::date!(2026 - 11 - 23);
    let options =
        Options { unknown: Unknown::Echo, today, allows: "mfa-downgrade".parse().unwrap(), is_strict: false };
    Plan::new(&catalogue, first(), &desired, &options)
}

/// What a read lacks after these members are gone; a name that begins with `mfa:` is one of the MFA document.
fn lacks(settings: &str, gone: &[&str]) -> String {
    let catalogue = Catalogue::new(Shapes::bundled());
    let plan = plan_of(settings);
    let mut later = first();
    for path in gone {
        let (document, path) = match path.strip_prefix("mfa:") {
            Some(path) => (later.mfa_mut().unwrap(), path),
            None => (later.pool_mut(), *path),
        };
        assert!(document.remove(&path.parse().unwrap()).is_some(), "{path}");
    }
    let lacks: Vec<String> = plan.lacks(&catalogue, &later).iter().map(Path::to_string).collect();
    lacks.join(" ")
}

#[test]
fn a_read_that_lacks_what_no_call_takes_away_is_none() {
    for name in ["Id", "Name", "Arn", "CreationDate", "LastModifiedDate", "SchemaAttributes"] {
        assert_eq!(lacks("PoolName: q", &[name]), name);
    }
    assert_eq!(lacks("PoolName: q", &["mfa:MfaConfiguration"]), "GetUserPoolMfaConfig.MfaConfiguration");
}

#[test]
fn a_read_in_which_members_are_gone_that_the_plan_leaves_alone_is_none() {
    for (gone, lacking) in [
        (&["AutoVerifiedAttributes"][..], "AutoVerifiedAttributes"),
        (&["LambdaConfig"], "LambdaConfig"),
        (&["LambdaConfig.PreSignUp"], "LambdaConfig"),
        (&["New"], "New"),
        (&["MfaConfiguration"], "MfaConfiguration"),
        (&["mfa:SoftwareTokenMfaConfiguration"], "SoftwareTokenMfaConfiguration"),
        (&["mfa:NewFactor"], "GetUserPoolMfaConfig.NewFactor"),
        (&["AutoVerifiedAttributes", "LambdaConfig.PreSignUp"], "AutoVerifiedAttributes LambdaConfig"),
        (&["New", "mfa:NewFactor"], "GetUserPoolMfaConfig.NewFactor New"),
    ] {
        let lacking_now = lacks("PoolName: q", gone);
        let mut found: Vec<&str> = lacking_now.split(' ').collect();
        found.sort_unstable();
        assert_eq!(found.join(" "), lacking, "{gone:?}");
    }
    assert_eq!(lacks("PoolName: q", &[]), "");
}

#[test]
fn a_list_that_is_emptied_is_gone_and_attributes_do_not_even_shrink() {
    let lacking = |name: &str, value: Json| {
        let mut later = first();
        later.pool_mut().insert(name, value);
        plan_of("PoolName: q").lacks(&Catalogue::new(Shapes::bundled()), &later)
    };
    assert_eq!(lacking("AutoVerifiedAttributes", json!([])), [Path::members(["AutoVerifiedAttributes"])]);
    assert_eq!(lacking("AutoVerifiedAttributes", json!(["phone_number"])), []);
    assert_eq!(lacking("LambdaConfig", json!({})), [Path::members(["LambdaConfig"])]);
    assert_eq!(lacking("SchemaAttributes", json!([])), [Path::members(["SchemaAttributes"])]);
}

#[test]
fn what_has_no_weight_may_be_missing() {
    let weightless =
        ["DeletionProtection", "UserPoolTags", "EstimatedNumberOfUsers", "SmsConfigurationFailure"];
    assert_eq!(lacks("PoolName: q", &weightless), "");
    // The legacy name says nothing that the template does not.
    assert_eq!(lacks("PoolName: q", &["EmailVerificationSubject"]), "");
}

#[test]
fn what_the_plan_itself_removes_may_be_gone() {
    assert_eq!(lacks("AutoVerifiedAttributes: null", &["AutoVerifiedAttributes"]), "");
    assert_eq!(lacks("LambdaConfig: { PreSignUp: null }", &["LambdaConfig.PreSignUp"]), "");
    let both = ["LambdaConfig.PreSignUp", "LambdaConfig.PostConfirmation", "AutoVerifiedAttributes"];
    assert!(lacks("LambdaConfig: { PreSignUp: null }", &both).contains("LambdaConfig"));
}

#[test]
fn a_document_that_never_had_a_member_lacks_none() {
    let catalogue = Catalogue::new(Shapes::bundled());
    let bare = Snapshot::of_pool(object(json!({"Name": "p", "LambdaConfig": {"PreSignUp": "arn:a"}})));
    let text = b"version: 1\npool: eu-west-1_a\nsettings: { PoolName: q }\n";
    let (desired, _) = rules::check(&catalogue, manifest::load("p.yaml", text).unwrap()).unwrap();
    let today = time::macros::date!(2026 - 11 - 23);
    let options = Options { unknown: Unknown::Echo, today, allows: Allows::default(), is_strict: false };
    let plan = Plan::new(&catalogue, bare.clone(), &desired, &options);
    assert_eq!(plan.lacks(&catalogue, &bare), []);
    assert_eq!(plan.lacks(&catalogue, &first()), [], "more is not less");
}
