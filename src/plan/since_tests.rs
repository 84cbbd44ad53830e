//! Stories of who has moved since a baseline.

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

fn desired(catalogue: &Catalogue, body: &str) -> Desired {
    let text = format!("version: 1\npool: eu-west-1_a\n{body}\n").replace("fn:", FUNCTION);
    rules::check(catalogue, manifest::load("p.yaml", text.as_bytes()).unwrap()).unwrap().0
}

/// The plan and the drift of a pool between two manifests.
fn both(live: &Json, then: &str, now: &str, released: Released) -> [Plan; 2] {
    let catalogue = Catalogue::new(Shapes::bundled());
    let (then, now) = (desired(&catalogue, then), desired(&catalogue, now));
    let options = Options {
        unknown: Unknown::Echo,
        today: date!(2026 - 11 - 23),
        allows: Allows::default(),
        is_strict: false,
    };
    let live = Snapshot::of_pool(pool(live));
    let plan = Plan::new(&catalogue, live.clone(), &now, &options);
    let drift = Plan::drift(&catalogue, live, &now, &options);
    [plan, drift].map(|plan| plan.since(&catalogue, (&then, "main"), &now, &options, released))
}

/// The differences as `path direction`, and what was let go as `released path`.
fn told(plan: &Plan) -> Vec<String> {
    let direction = |change: &Change| change.direction.map_or("differs", Direction::word);
    let changes = plan.report.changes.iter().map(|change| format!("{} {}", change.path, direction(change)));
    let released = plan.report.findings.iter().filter(|finding| finding.code == "released");
    changes.chain(released.map(|f| format!("{:?} {}", f.level, f.path.as_ref().unwrap()))).collect()
}

#[test]
fn every_direction_is_told_from_the_two_manifests_and_the_pool() {
    let length =
        |value: &str| format!("settings: {{ Policies: {{ PasswordPolicy: {{ MinimumLength: {value} }} }} }}");
    let pool = json!({"Name": "p", "Policies": {"PasswordPolicy": {"MinimumLength": 10}}});
    let path = "Policies.PasswordPolicy.MinimumLength";
    for (then, now, expected) in [
        // The manifest asks for something new of a pool that is as it was.
        (length("10"), length("12"), Some("pending")),
        // The manifest is as it was, and the pool is not.
        (length("12"), length("12"), Some("drifted")),
        // Both are not.
        (length("8"), length("12"), Some("both")),
        // It was unmanaged before, so its earlier value is unknown.
        ("unmanaged: keep".to_owned(), length("12"), Some("pending")),
        // `null` is a wish like any other, and means 8.
        (length("10"), length("null"), Some("pending")),
        (length("null"), length("8"), Some("drifted")),
        // The manifest has followed the pool.
        (length("12"), length("10"), None),
    ] {
        for plan in both(&pool, &then, &now, Released::Keep) {
            let expected: Vec<String> = expected.iter().map(|word| format!("{path} {word}")).collect();
            assert_eq!(told(&plan), expected, "{then} → {now}");
        }
    }
}

#[test]
fn a_setting_under_its_older_name_is_the_same_setting() {
    let pool = json!({"Name": "p", "EmailVerificationSubject": "live", "VerificationMessageTemplate": {"EmailSubject": "live"}});
    let then = "settings: { EmailVerificationSubject: wanted }";
    let now = "settings: { VerificationMessageTemplate: { EmailSubject: wanted } }";
    for plan in both(&pool, then, now, Released::Keep) {
        assert_eq!(told(&plan), ["VerificationMessageTemplate.EmailSubject drifted"]);
    }
}

#[test]
fn what_is_no_longer_declared_stays_and_is_named_with_the_way_back() {
    let pool = json!({
        "Name": "p", "Policies": {"PasswordPolicy": {"MinimumLength": 12, "RequireSymbols": true, "RequireNumbers": true}},
        "LambdaConfig": {"PreSignUp": "fn:a"}, "UserPoolTags": {"team": "x", "own": "y"},
    });
    let then = "settings: { Policies: { PasswordPolicy: { MinimumLength: 12, RequireNumbers: true } }, LambdaConfig: { PreSignUp: fn:a }, UserPoolTags: { team: x } }";
    let [plan, drift] = both(&pool, then, "settings: { PoolName: p }", Released::Keep);
    let expected = [
        "Warning Policies.PasswordPolicy.MinimumLength",
        "Warning LambdaConfig.PreSignUp",
        "Warning UserPoolTags.team",
    ];
    assert_eq!(told(&plan), expected);
    assert_eq!(told(&drift), expected);
    let [first, ..] = plan.report.findings.as_slice() else { panic!("no finding") };
    assert_eq!(
        &*first.text,
        "`Policies.PasswordPolicy.MinimumLength` was declared in main, and is now unmanaged: it stays `12` (Cognito's default: `8`)"
    );
    assert!(first.help.as_ref().unwrap().contains("`null`"), "{first:?}");
    assert!(!plan.report.is_refused());
    assert_eq!(drift.report.differences(), 2, "an undeclared trigger and an undeclared password rule count");
}

#[test]
fn a_protection_that_is_no_longer_declared_is_named_though_a_new_pool_may_have_it() {
    let pool = json!({"Name": "p", "DeletionProtection": "ACTIVE", "UserPoolTags": {"own": "y"}});
    let then = "settings: { DeletionProtection: ACTIVE }";
    let [plan, drift] = both(&pool, then, "settings: { PoolName: p }", Released::Keep);
    assert_eq!(told(&plan), ["Warning DeletionProtection"]);
    assert_eq!(told(&drift), ["Warning DeletionProtection"]);
    assert_eq!((drift.report.differences(), drift.report.unmanaged), (0, 1));
    let [plan, drift] = both(&pool, then, "settings: { PoolName: p }", Released::Fail);
    assert!(plan.report.is_refused());
    assert_eq!((drift.report.differences(), drift.report.unmanaged), (1, 1));
}

#[test]
fn what_is_no_longer_declared_can_refuse_the_plan_and_count_as_drift() {
    let pool = json!({"Name": "p", "LambdaConfig": {"PreSignUp": "fn:a"}, "UserPoolTags": {"team": "x", "own": "y"}});
    let then = "settings: { LambdaConfig: { PreSignUp: fn:a }, UserPoolTags: { team: x } }";
    let [plan, drift] = both(&pool, then, "settings: { PoolName: p }", Released::Fail);
    assert!(plan.report.is_refused());
    assert_eq!(told(&plan), ["Conflict LambdaConfig.PreSignUp", "Conflict UserPoolTags.team"]);
    let counted: Vec<_> =
        drift.report.undeclared.iter().map(|s| (s.path.to_string(), s.is_released)).collect();
    assert_eq!(
        counted,
        [("LambdaConfig.PreSignUp".to_owned(), true), ("UserPoolTags.team".to_owned(), true)]
    );
    assert_eq!((drift.report.differences(), drift.report.unmanaged), (2, 1));
}

#[test]
fn what_is_left_to_others_omitted_or_at_its_default_is_not_released() {
    let pool = json!({"Name": "p", "LambdaConfig": {"PreSignUp": "fn:a"}, "DeletionProtection": "INACTIVE", "AcrConfiguration": {"Level1": {"AcrValue": "x"}}});
    let then = "settings: { LambdaConfig: { PreSignUp: fn:a }, DeletionProtection: INACTIVE, AcrConfiguration: { Level1: { AcrValue: x } } }";
    let now = "settings: { PoolName: p }\nignore: [{ path: LambdaConfig, reason: theirs }]\nomit: [{ path: AcrConfiguration, reason: LITE }]";
    for plan in both(&pool, then, now, Released::Fail) {
        assert_eq!(told(&plan), [""; 0]);
    }
}

#[test]
fn neither_side_of_a_secret_that_is_let_go_is_shown() {
    let pool = json!({"Name": "p", "SmsConfiguration": {"SnsCallerArn": "role", "ExternalId": "canary"}});
    let then = "settings: { SmsConfiguration: { ExternalId: canary } }";
    for plan in both(&pool, then, "settings: { PoolName: p }", Released::Keep) {
        assert_eq!(told(&plan), ["Warning SmsConfiguration.ExternalId"]);
        assert!(!format!("{:?}", plan.report.findings).contains("canary"));
    }
}

/// A variable that is not what it was, or not known to be.
struct Variables(&'static str);

impl manifest::Beside for Variables {
    fn file(&self, from: &str, path: &str) -> Result<manifest::File, manifest::Unavailable> {
        manifest::Nothing.file(from, path)
    }

    fn variable(&self, _: &str) -> Option<manifest::Variable> {
        Some(manifest::Variable { value: self.0.to_owned(), from: "--var".to_owned() })
    }

    fn secret(&self, _: &str) -> manifest::Secret {
        manifest::Secret::Withheld
    }
}

#[test]
fn what_is_given_beside_the_file_has_no_direction_and_a_secret_without_a_value_was_declared_all_the_same() {
    let catalogue = Catalogue::new(Shapes::bundled());
    let desired = |settings: &str| {
        let text = format!("version: 1\npool: eu-west-1_a\nsettings: {{ {settings} }}\n");
        let manifest = manifest::load_with("p.yaml", text.as_bytes(), &Variables("new")).unwrap();
        rules::check(&catalogue, manifest).unwrap().0
    };
    let options = Options {
        unknown: Unknown::Echo,
        today: date!(2026 - 11 - 23),
        allows: Allows::default(),
        is_strict: false,
    };
    let live = json!({"Name": "p", "UserPoolTags": {"stage": "prod", "word": "x"}});
    let told_of = |then: &str, now: &str| {
        let (then, now) = (desired(then), desired(now));
        let plan = Plan::new(&catalogue, Snapshot::of_pool(pool(&live)), &now, &options);
        told(&plan.since(&catalogue, (&then, "main"), &now, &options, Released::Fail))
    };
    let given = "UserPoolTags: { stage: '${var:stage}' }";
    assert_eq!(told_of(given, given), ["UserPoolTags.stage differs"]);
    assert_eq!(told_of("UserPoolTags: { stage: prod }", given), ["UserPoolTags.stage pending"]);
    let secret = "UserPoolTags: { word: '${secret:WORD}' }";
    assert_eq!(told_of(secret, "DeletionProtection: INACTIVE"), ["Conflict UserPoolTags.word"]);
}
