//! Cognito's rules across settings, as a person meets them: before anything is written.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::world::{World, told};

/// The quickstart's pool with these members in place of its own, and a manifest with these settings.
fn world(pool: &Value, settings: &str) -> World {
    let world = World::with(&[], |document| {
        for (name, value) in pool.as_object().unwrap() {
            document["UserPool"][name] = value.clone();
            if name == "MfaConfiguration" {
                document["MfaConfig"][name] = value.clone();
            }
        }
    });
    let manifest = format!("version: 1\npool: {}\nsettings:\n{settings}", crate::harness::world::POOL);
    world.workspace.write("pool.yaml", manifest);
    world
}

/// A pool that requires MFA, and a manifest that lets people sign in by a code in a mail.
fn otp_beside_mfa() -> World {
    let first_factors =
        "  Policies:\n    SignInPolicy:\n      AllowedFirstAuthFactors: [PASSWORD, EMAIL_OTP]\n";
    world(&json!({"MfaConfiguration": "ON"}), first_factors)
}

#[test]
fn what_cognito_is_known_to_refuse_is_refused_before_anything_is_written() {
    let world = otp_beside_mfa();
    assert_snapshot!(told(&world.run(&["plan", "pool.yaml"]).output().expect(3)));
    world.run(&["apply", "--yes", "pool.yaml"]).output().expect(3);
    assert_eq!(world.writes(), 0);
}

#[test]
fn a_rule_that_no_longer_holds_is_overruled_by_its_name() {
    let world = otp_beside_mfa();
    let allow = ["--allow", "rule:mfa-with-otp-sign-in,first-factor-added"];
    assert_snapshot!(told(&world.run(&[&["plan", "pool.yaml"], &allow[..]].concat()).output().expect(0)));
    let other = ["plan", "pool.yaml", "--allow", "rule:passwordless-tier"];
    world.run(&other).output().expect(3);
    // It is the service that refuses now, as the rule said.
    let apply = [&["apply", "--yes", "pool.yaml"], &allow[..]].concat();
    let refused = world.run(&apply).output().expect(1);
    let words =
        "Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled";
    assert_eq!(refused.stderr.matches(words).count(), 1, "{refused}");
    assert_eq!(world.writes(), 1);
}

#[test]
fn a_rule_that_does_not_exist_is_a_slip_and_no_environment_overrules_one() {
    let world = otp_beside_mfa();
    let slip = world.run(&["plan", "pool.yaml", "--allow", "rule:mfa-with-otp-signin"]).output().expect(64);
    assert!(slip.stderr.contains("did you mean `rule:mfa-with-otp-sign-in`?"), "{slip}");
    let inherited = world.run(&["plan", "pool.yaml"]).env("POOLCTL_ALLOW", "rule:mfa-with-otp-sign-in");
    inherited.output().expect(3);
}

#[test]
fn what_only_documents_and_users_say_is_a_warning() {
    let pool = json!({
        "UserPoolTier": "ESSENTIALS",
        "DcrConfiguration": {"EnableStatus": "Enabled"},
        "UserPoolAddOns": {"AdvancedSecurityMode": "OFF"},
        "LambdaConfig": {},
    });
    let world = world(&pool, "  UserPoolTier: LITE\n  UserPoolAddOns: { AdvancedSecurityMode: AUDIT }\n");
    assert_snapshot!(told(
        &world.run(&["plan", "pool.yaml", "--allow", "tier-downgrade"]).output().expect(0)
    ));
}

#[test]
fn a_pool_that_is_at_odds_with_a_rule_already_is_told_of_in_a_note() {
    let pool = json!({"UserPoolTier": "LITE", "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}});
    let world = world(&pool, "  DeletionProtection: ACTIVE\n");
    let plan = world.run(&["plan", "--format", "json", "pool.yaml"]).output().expect(0).json();
    let findings = plan["pools"][0]["findings"].as_array().unwrap();
    let of_rule = findings.iter().find(|finding| finding["code"] == "threat-protection-tier").unwrap();
    assert_eq!(of_rule["level"], "note");
    let text = of_rule["text"].as_str().unwrap();
    let said =
        "the live pool already has this combination, which Cognito has been reported to refuse: threat";
    assert!(text.starts_with(said), "{text}");
    assert!(of_rule["help"].is_string(), "{of_rule}");
}

#[test]
fn a_default_that_the_tier_does_not_take_back_is_not_sent() {
    let names = json!({
        "Level1": {"AcrValue": "urn:cognito:loa:1"}, "Level2": {"AcrValue": "urn:cognito:loa:2"},
    });
    let pool = json!({
        "UserPoolTier": "LITE", "AcrConfiguration": names, "LambdaConfig": {},
        "UserPoolAddOns": {"AdvancedSecurityMode": "OFF"},
        "LambdaConfig": {},
    });
    let world = world(&pool, "  DeletionProtection: ACTIVE\n");
    let shown = world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(0);
    assert!(shown.json().get("AcrConfiguration").is_none(), "{shown}");
    let note =
        "is left out of the request: it is a default that Cognito filled in, and may not accept on this tier";
    assert!(shown.stderr.split_whitespace().collect::<Vec<_>>().join(" ").contains(note), "{shown}");
    world.run(&["apply", "--yes", "--settle", "0", "pool.yaml"]).output().expect(0);
    assert_eq!(world.live()["UserPool"]["DeletionProtection"], "ACTIVE");
}
