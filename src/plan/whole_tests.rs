//! Which later reads of a run count, and which are no reads.

use super::*;
use crate::document::json;
use crate::shapes::Shapes;
use crate::{manifest, rules};
use serde_json::json;

fn object(value: Json) -> Object {
    value.as_object().cloned().unwrap()
}

fn first() -> Snapshot {
    Snapshot {
        pool: object(json!({
            "Id": "eu-west-1_a", "Name": "p", "Arn": "arn:aws:…", "CreationDate": 1.5, "LastModifiedDate": 2.5,
            "SchemaAttributes": [{"Name": "sub"}],
            "DeletionProtection": "INACTIVE", "UserPoolTags": {},
            "AutoVerifiedAttributes": ["email"], "EmailVerificationSubject": "Hi",
            "VerificationMessageTemplate": {"EmailSubject": "Hi"},
            "LambdaConfig": {"PreSignUp": "arn:a", "PostConfirmation": "arn:b"},
            "MfaConfiguration": "OPTIONAL", "EstimatedNumberOfUsers": 7, "SmsConfigurationFailure": "x",
            "New": 1,
        })),
        mfa: Some(object(json!({
            "MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": true},
            "WebAuthnConfiguration": {"RelyingPartyId": "a.example"}, "NewFactor": {"A": 1},
        }))),
    }
}

/// What a read lacks after these members are gone; a name that begins with `mfa:` is one of the MFA document.
fn lacks(settings: &str, gone: &[&str]) -> String {
    let catalogue = Catalogue::new(Shapes::bundled());
    let text = format!("version: 1\npool: eu-west-1_a\nsettings: {{ {settings} }}\n");
    let (desired, _) = rules::check(&catalogue, manifest::load("p.yaml", text.as_bytes()).unwrap()).unwrap();
    let today = time::macros::date!(2026 - 11 - 23);
    let options = Options { unknown: Unknown::Echo, today, allows: "mfa-downgrade".parse().unwrap() };
    let plan = Plan::new(&catalogue, first(), &desired, &options);
    let mut later = first();
    for path in gone {
        let (document, path) = match path.strip_prefix("mfa:") {
            Some(path) => (later.mfa.as_mut().unwrap(), path),
            None => (&mut later.pool, *path),
        };
        assert!(json::remove(document, &path.parse().unwrap()).is_some(), "{path}");
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
fn one_setting_may_have_been_reset_by_another_writer() {
    for gone in [
        &[][..],
        &["AutoVerifiedAttributes"],
        &["LambdaConfig"],
        &["LambdaConfig.PreSignUp", "LambdaConfig.PostConfirmation"],
        &["New"],
        &["mfa:SoftwareTokenMfaConfiguration"],
        &["mfa:NewFactor"],
    ] {
        assert_eq!(lacks("PoolName: q", gone), "", "{gone:?}");
    }
}

#[test]
fn a_read_in_which_several_settings_have_lost_members_is_none() {
    for (gone, lacking) in [
        (&["AutoVerifiedAttributes", "LambdaConfig"][..], "AutoVerifiedAttributes LambdaConfig"),
        (&["AutoVerifiedAttributes", "LambdaConfig.PreSignUp"], "AutoVerifiedAttributes LambdaConfig"),
        (&["New", "mfa:NewFactor"], "New GetUserPoolMfaConfig.NewFactor"),
        (
            &["mfa:SoftwareTokenMfaConfiguration", "mfa:WebAuthnConfiguration"],
            "SoftwareTokenMfaConfiguration WebAuthnConfiguration",
        ),
    ] {
        let mut found: Vec<String> = lacks("PoolName: q", gone).split(' ').map(str::to_owned).collect();
        let mut expected: Vec<&str> = lacking.split(' ').collect();
        found.sort();
        expected.sort_unstable();
        assert_eq!(found, expected, "{gone:?}");
    }
}

#[test]
fn what_has_no_weight_may_be_missing_with_anything_else() {
    let weightless =
        ["DeletionProtection", "UserPoolTags", "EstimatedNumberOfUsers", "SmsConfigurationFailure"];
    assert_eq!(lacks("PoolName: q", &[&weightless[..], &["LambdaConfig"]].concat()), "");
    // The legacy name says nothing that the template does not.
    assert_eq!(lacks("PoolName: q", &["EmailVerificationSubject", "LambdaConfig"]), "");
}

#[test]
fn what_the_plan_itself_removes_may_be_gone() {
    let gone = ["AutoVerifiedAttributes", "LambdaConfig.PreSignUp"];
    assert_eq!(lacks("AutoVerifiedAttributes: null", &gone), "");
    assert_eq!(lacks("LambdaConfig: { PreSignUp: null }", &gone), "");
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
    let options = Options { unknown: Unknown::Echo, today, allows: Allows::default() };
    let plan = Plan::new(&catalogue, bare.clone(), &desired, &options);
    assert_eq!(plan.lacks(&catalogue, &bare), []);
    assert_eq!(plan.lacks(&catalogue, &first()), [], "more is not less");
}
