//! Stories of what others own, of what somebody accepts, and of the day on which that ends.

use super::tests::sent;
use super::*;
use crate::document::Json;
use crate::manifest;
use crate::rules::{self, AllowedBy};
use crate::shapes::Shapes;
use serde_json::json;
use time::macros::date;

const TODAY: time::Date = date!(2026 - 11 - 23);

fn plan_with(pool: &Json, body: &str, allow: &str) -> Plan {
    planned_with(pool, body, Unknown::Echo, allow)
}

fn planned_with(pool: &Json, body: &str, unknown: Unknown, allow: &str) -> Plan {
    let catalogue = Catalogue::new(Shapes::bundled());
    let text = format!("version: 1\npool: eu-west-1_a\n{body}\n");
    let manifest = manifest::load("p.yaml", text.as_bytes()).unwrap();
    let desired = rules::check(&catalogue, manifest).unwrap().0;
    let allows = if allow.is_empty() { Allows::default() } else { allow.parse().unwrap() };
    let options = Options { unknown, today: TODAY, allows, is_strict: false };
    Plan::new(&catalogue, Snapshot::of_pool(pool.as_object().cloned().unwrap()), &desired, &options)
}

fn plan(pool: &Json, body: &str) -> Plan {
    plan_with(pool, body, "")
}

/// The findings as `level code at path`.
fn found(plan: &Plan) -> Vec<String> {
    let path = |finding: &Finding| finding.path.as_ref().map_or("-".to_owned(), ToString::to_string);
    plan.report.findings.iter().map(|f| format!("{:?} {} at {}", f.level, f.code, path(f))).collect()
}

fn pool() -> Json {
    json!({
        "Name": "p", "UserPoolTier": "LITE", "SmsAuthenticationMessage": "{####}",
        "LambdaConfig": {"PreSignUp": "a", "PostConfirmation": "b"},
        "UserPoolTags": {"team": "x"},
    })
}

#[test]
fn what_is_ignored_goes_back_and_is_neither_counted_nor_listed() {
    let body = |until: &str| {
        format!(
            "unmanaged: report\nsettings: {{ PoolName: p, DeletionProtection: ACTIVE }}\nignore: [{{ path: LambdaConfig, reason: theirs{until} }}]"
        )
    };
    let holds = plan(&pool(), &body(""));
    assert_eq!(
        found(&holds),
        [
            "Note unmanaged at SmsAuthenticationMessage",
            "Note unmanaged at UserPoolTags.team",
            "Note unmanaged at UserPoolTier"
        ]
    );
    assert_eq!(holds.report.unmanaged, 3);
    assert_eq!(sent(&holds, 0)["LambdaConfig"], pool()["LambdaConfig"]);

    let past = plan(&pool(), &body(", until: 2026-11-22"));
    assert_eq!(past.report.unmanaged, 5);
    assert_eq!(
        found(&past),
        [
            "Warning ignore-expired at LambdaConfig",
            "Note unmanaged at LambdaConfig.PreSignUp",
            "Note unmanaged at LambdaConfig.PostConfirmation",
            "Note unmanaged at SmsAuthenticationMessage",
            "Note unmanaged at UserPoolTags.team",
            "Note unmanaged at UserPoolTier",
        ]
    );
    assert_eq!(past.steps, holds.steps, "it is reset all the same");
    assert!(
        found(&plan(&pool(), "unmanaged: keep\nsettings: { PoolName: p, DeletionProtection: ACTIVE }"))
            .is_empty()
    );
}

#[test]
fn an_omission_that_has_ended_goes_back_into_the_request() {
    let body = |until: &str| {
        format!(
            "settings: {{ PoolName: p, DeletionProtection: ACTIVE }}\nomit: [{{ path: UserPoolTags, reason: r{until} }}]"
        )
    };
    for (until, is_sent, expected) in [
        ("", false, vec!["Risk member-omitted at UserPoolTags", "Risk tag-removal at UserPoolTags.team"]),
        (
            ", until: 2026-12-07",
            false,
            vec![
                "Risk member-omitted at UserPoolTags",
                "Risk tag-removal at UserPoolTags.team",
                "Warning until-near at UserPoolTags",
            ],
        ),
        (", until: 2026-11-22", true, vec!["Warning omit-expired at UserPoolTags"]),
    ] {
        let plan = plan(&pool(), &body(until));
        assert_eq!(found(&plan), expected, "{until}");
        assert_eq!(sent(&plan, 0).contains_key("UserPoolTags"), is_sent, "{until}");
        assert_eq!(plan.report.left_out.is_empty(), is_sent, "{until}");
        assert!(!plan.report.is_refused(), "{until}");
    }
    let idle = plan(&pool(), "omit: [{ path: UserPoolTags, reason: r }]");
    assert_eq!(found(&idle), ["Note member-omitted at UserPoolTags"], "nothing is sent");
}

#[test]
fn a_blocking_risk_refuses_the_plan_until_somebody_allows_it() {
    let settings = "settings: { LambdaConfig: { PreSignUp: ~ } }";
    let entry =
        |more: &str| format!("{settings}\nallow: [{{ risk: trigger-removal, reason: retired{more} }}]");
    for (body, flag, refused, expected) in [
        (settings.to_owned(), "", true, vec![]),
        (settings.to_owned(), "trigger-removal", false, vec![]),
        (settings.to_owned(), "tag-removal,trigger-removal@LambdaConfig", false, vec![]),
        (settings.to_owned(), "trigger-removal@LambdaConfig.PostConfirmation", true, vec![]),
        (settings.to_owned(), "rule:mfa-with-otp-sign-in", true, vec![]),
        (entry(""), "", false, vec![]),
        (entry(", path: LambdaConfig.PreSignUp"), "", false, vec![]),
        (
            entry(", path: LambdaConfig.CustomMessage"),
            "",
            true,
            vec!["Warning allow-unused at LambdaConfig.CustomMessage"],
        ),
        (entry(", until: 2026-11-23"), "", false, vec!["Warning until-near at -"]),
        (entry(", until: 2026-11-22"), "", true, vec!["Warning allow-expired at -"]),
        (entry(", until: 2026-11-22"), "trigger-removal", false, vec!["Warning allow-expired at -"]),
        (
            entry(", path: LambdaConfig, until: 2026-11-22"),
            "",
            true,
            vec!["Warning allow-expired at LambdaConfig"],
        ),
    ] {
        let plan = plan_with(&pool(), &body, flag);
        assert_eq!(plan.report.is_refused(), refused, "{body} {flag}");
        let mut all = vec!["Risk trigger-removal at LambdaConfig.PreSignUp"];
        all.extend(expected);
        assert_eq!(found(&plan), all, "{body} {flag}");
    }
    let allowed = plan_with(&pool(), &entry(""), "trigger-removal");
    let by = allowed.report.findings[0].allowed_by.as_ref();
    assert!(
        matches!(by, Some(AllowedBy::Manifest { origin, .. }) if origin.to_string() == "p.yaml:4:17"),
        "{by:?}"
    );
}

#[test]
fn only_a_change_carries_a_risk_and_a_speaking_one_refuses_nothing() {
    let settings = "settings: { UserPoolTier: PLUS, UserPoolTags: { team: ~ } }";
    let speaks = plan(&pool(), settings);
    assert_eq!(
        found(&speaks),
        ["Risk tier-upgrade-cost at UserPoolTier", "Risk tag-removal at UserPoolTags.team"]
    );
    assert!(!speaks.report.is_refused());
    let as_it_is = plan(&pool(), "settings: { UserPoolTier: LITE, LambdaConfig: { CustomMessage: ~ } }");
    assert_eq!(found(&as_it_is), [""; 0]);
}

#[test]
fn a_trigger_that_gets_its_newer_name_is_not_removed() {
    let arn = "arn:aws:lambda:eu-west-1:111122223333:function:f";
    let old = json!({"Name": "p", "LambdaConfig": {"PreTokenGeneration": arn}});
    let body = format!(
        "settings: {{ LambdaConfig: {{ PreTokenGenerationConfig: {{ LambdaVersion: V2_0, LambdaArn: '{arn}' }} }} }}"
    );
    assert_eq!(found(&plan(&old, &body)), [""; 0]);
}

#[test]
fn a_setting_that_is_its_default_by_absence_weakens_nothing() {
    let body = "settings: { DeletionProtection: ~, AdminCreateUserConfig: ~, EmailConfiguration: { EmailSendingAccount: COGNITO_DEFAULT }, AccountRecoverySetting: {} }";
    let plan = plan(&json!({"Name": "p"}), body);
    assert_eq!((found(&plan).len(), plan.report.changes.len()), (0, 0), "{:?}", found(&plan));
}

/// The codes of the acknowledged findings.
fn acknowledged(plan: &Plan) -> Vec<&str> {
    plan.report.acknowledged.iter().map(|entry| &*entry.finding.code).collect()
}

fn stacked() -> Json {
    json!({"Name": "p", "UserPoolTags": {"aws:cloudformation:stack-name": "s"}, "Newer": 1})
}

#[test]
fn an_acknowledged_note_is_counted_and_no_longer_found() {
    let body = |entry: &str| format!("settings: {{ PoolName: q }}\nignore: [{{ {entry}, reason: known }}]");
    let both =
        ["Note unknown-member at Newer", "Note co-owned at UserPoolTags.aws:cloudformation:stack-name"];
    for (entry, taken, left) in [
        ("code: co-owned", &["co-owned"][..], &both[..1]),
        ("code: co-owned, until: 2026-11-23", &["co-owned"], &both[..1]),
        ("code: co-owned, path: UserPoolTags", &["co-owned"], &both[..1]),
        ("code: unknown-member, path: Newer", &["unknown-member"], &both[1..]),
    ] {
        let plan = plan(&stacked(), &body(entry));
        assert_eq!(acknowledged(&plan), taken, "{entry}");
        let notes: Vec<String> = found(&plan).into_iter().filter(|one| one.starts_with("Note")).collect();
        assert_eq!(notes, left, "{entry}");
        assert_eq!(plan.report.acknowledged[0].reason, "known");
    }
}

#[test]
fn an_entry_that_is_over_acknowledges_nothing() {
    let past = plan(&stacked(), "ignore: [{ code: co-owned, reason: known, until: 2026-11-22 }]");
    assert_eq!(acknowledged(&past), [""; 0]);
    let found = found(&past);
    assert!(found.contains(&"Warning ignore-expired at -".to_owned()), "{found:?}");
    assert!(found.iter().any(|one| one.starts_with("Note co-owned")), "{found:?}");
}

#[test]
fn an_entry_that_matches_nothing_is_reported_and_one_that_cannot_be_decided_is_not() {
    for (code, is_reported) in
        [("co-owned", true), ("variable-default", true), ("unknown-member", false), ("empty-value", false)]
    {
        let plan = plan(&json!({"Name": "p"}), &format!("ignore: [{{ code: {code}, reason: known }}]"));
        let found = found(&plan);
        assert_eq!(
            found.contains(&"Warning ignore-unused at -".to_owned()),
            is_reported,
            "{code}: {found:?}"
        );
    }
}

#[test]
fn no_entry_acknowledges_a_conflict_or_a_risk() {
    let text =
        |code: &str| format!("version: 1\npool: eu-west-1_a\nignore: [{{ code: {code}, reason: r }}]\n");
    let catalogue = Catalogue::new(Shapes::bundled());
    for code in ["trigger-removal", "tag-removal", "impossible-removal", "co-ownd"] {
        let manifest = manifest::load("p.yaml", text(code).as_bytes()).unwrap();
        let wrong = rules::check(&catalogue, manifest).unwrap_err();
        assert_eq!(
            wrong.iter().map(|finding| &*finding.code).collect::<Vec<_>>(),
            ["unknown-code"],
            "{code}"
        );
        assert!(wrong[0].help.is_some(), "{code}");
    }
    // The same code is a conflict where a change breaks the rule, and a note where the pool does already.
    let pool = json!({"Name": "p", "UserPoolTier": "LITE"});
    let broken =
        "settings: { Policies: { SignInPolicy: { AllowedFirstAuthFactors: [PASSWORD, EMAIL_OTP] } } }";
    let entry = "ignore: [{ code: passwordless-tier, reason: r }]";
    for body in [broken.to_owned(), format!("{broken}\n{entry}")] {
        let refused = plan(&pool, &body);
        let conflicts: Vec<&str> = refused.report.findings(Level::Conflict).map(|one| &*one.code).collect();
        assert!(
            conflicts.contains(&"passwordless-tier") && refused.report.acknowledged.is_empty(),
            "{conflicts:?}"
        );
    }
}

#[test]
fn an_entry_for_a_note_does_not_hide_what_a_plan_does() {
    let entry = |code: &str| format!("ignore: [{{ code: {code}, reason: r }}]");
    // A member that is left out may be lost: that is no note.
    let body = format!("settings: {{ PoolName: q }}\n{}", entry("unknown-member"));
    let omitting = planned_with(&stacked(), &body, Unknown::Omit, "");
    assert!(
        found(&omitting).contains(&"Warning unknown-member at Newer".to_owned()),
        "{:?}",
        found(&omitting)
    );
    assert_eq!(acknowledged(&omitting), [""; 0]);
    // A rule that a change breaks, and that somebody allows.
    let broken =
        "settings: { Policies: { SignInPolicy: { AllowedFirstAuthFactors: [PASSWORD, EMAIL_OTP] } } }";
    let body = format!("{broken}\n{}", entry("passwordless-tier"));
    let pool = json!({"Name": "p", "UserPoolTier": "LITE"});
    let allowed = planned_with(&pool, &body, Unknown::Echo, "rule:passwordless-tier");
    let warned = found(&allowed).iter().any(|one| one.starts_with("Warning passwordless-tier"));
    assert!(warned && allowed.report.acknowledged.is_empty(), "{:?}", found(&allowed));
}

#[test]
fn a_member_that_the_manifest_declares_is_no_news() {
    let declared = plan(&stacked(), "settings: {}\npassthrough: { Newer: 1 }");
    let codes: Vec<String> = found(&declared);
    assert!(!codes.iter().any(|one| one.contains("unknown-member")), "{codes:?}");
}
