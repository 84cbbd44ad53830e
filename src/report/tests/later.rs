use super::see;
use super::world::{NARROW, WIDE, catalogue, function, live, template, whole};
use crate::plan::Movement;
use crate::report::{PoolOutcome, Run, RunEntry, RunKind, Style, text};
use serde_json::json;
use unicode_width::UnicodeWidthStr;

const MANIFEST: &str = "settings:
  DeletionProtection: ACTIVE
  Policies: { PasswordPolicy: { MinimumLength: 12 } }
  SmsConfiguration: { ExternalId: second-secret }";

#[test]
fn after_a_write_two_groups_tell_what_does_not_hold_from_what_moved() {
    let pool = |protection: &str, trigger: &str, hours: &str, secret: &str| {
        json!({
            "Name": "p", "DeletionProtection": protection, "LambdaConfig": {"PreSignUp": function(trigger)},
            "SmsConfiguration": {"SnsCallerArn": "a", "ExternalId": secret},
            "VerificationMessageTemplate": {"EmailMessage": template(hours)},
            "AutoVerifiedAttributes": ["email"], "UserPoolTier": "LITE",
        })
    };
    let plan = whole(pool("INACTIVE", "check", "1 hour", "first-secret"), MANIFEST);
    let mut after = pool("INACTIVE", "check-quite-another-function", "2 hours", "third-secret");
    after.as_object_mut().unwrap().shift_remove("AutoVerifiedAttributes");
    after["UserPoolTier"] = json!("PLUS");
    let deviations = plan.verify(catalogue(), &live(after));
    let text = text::deviations(&deviations, &NARROW);
    assert!(!text.contains("secret\""), "{text}");
    see!("deviations", text);
    see!("deviations_200", text::deviations(&deviations, &WIDE));
    assert_eq!(text::deviations(&[], &NARROW), "");
}

#[test]
fn a_stale_setting_shows_what_it_was_is_and_was_to_be() {
    let pool = |length: u8, tier: &str, secret: &str| {
        json!({
            "Name": "p", "Policies": {"PasswordPolicy": {"MinimumLength": length}}, "UserPoolTier": tier,
            "SmsConfiguration": {"SnsCallerArn": "a", "ExternalId": secret},
        })
    };
    let planned = whole(pool(8, "LITE", "first-secret"), MANIFEST);
    let later = whole(pool(10, "PLUS", "third-secret"), MANIFEST);
    let movement = planned.movement(catalogue(), &later);
    see!("movement", text::movement(&movement, &NARROW));
    assert_eq!(text::movement(&Movement::default(), &NARROW), "");
}

#[test]
fn a_long_text_that_moved_is_a_diff() {
    let text =
        |greeting: &str| Some(json!(format!("<p>{greeting}</p>\n<p>Your code is {{####}}</p>\n").repeat(3)));
    let stale = crate::plan::Stale {
        path: "VerificationMessageTemplate.EmailMessage".parse().unwrap(),
        planned_from: text("Hello"),
        now: text("Welcome"),
        wanted: text("Good day"),
        sensitive: false,
    };
    let told = text::movement(&Movement { stale: vec![stale.clone()], ..Movement::default() }, &NARROW);
    assert!(told.contains("\n        - <p>Hello</p>\n        + <p>Welcome</p>\n"), "{told}");
    let hidden = crate::plan::Stale { sensitive: true, ..stale };
    let told = text::movement(&Movement { stale: vec![hidden], ..Movement::default() }, &NARROW);
    assert!(!told.contains("Hello"), "{told}");
}

/// What was as declared when the plan was made is in no change of it.
#[test]
fn a_declared_setting_that_moved_is_not_told_as_one_that_the_plan_changes() {
    let length = |planned_from: u8| crate::plan::Stale {
        path: "Policies.PasswordPolicy.MinimumLength".parse().unwrap(),
        planned_from: Some(json!(planned_from)),
        now: Some(json!(8)),
        wanted: Some(json!(14)),
        sensitive: false,
    };
    let told = |stale| text::movement(&Movement { stale, ..Movement::default() }, &NARROW);
    let kept = told(vec![length(14)]);
    assert!(kept.starts_with("  changed since the plan was made, and declared\n"), "{kept}");
    assert!(!kept.contains("the plan changes it"), "{kept}");
    let both = told(vec![length(14), length(6)]);
    assert!(both.starts_with("  changed since the plan was made, and planned\n"), "{both}");
    assert!(both.contains("\n  changed since the plan was made, and declared\n"), "{both}");
}

#[test]
fn the_outcomes_of_a_run_fit_the_terminal() {
    let plan = whole(json!({"Name": "customers"}), MANIFEST);
    let told = "1 of 2 calls took effect (UpdateUserPool), SetUserPoolMfaConfig did not: the pool is only partly as planned";
    let outcomes = [PoolOutcome::Deviates, PoolOutcome::Applied, PoolOutcome::Stale, PoolOutcome::NotReached];
    let entries = outcomes.map(|outcome| {
        let mut entry = RunEntry::planned(&plan.report, 0);
        entry.end.outcome = outcome;
        entry.end.told = Some(told.to_owned());
        entry
    });
    let run = Run::new(RunKind::Apply, &entries);
    for width in [40, 80, 200] {
        let style = Style { width, ..NARROW };
        let outcome = text::outcome(&entries[0], Some(width), &style);
        for text in [&outcome, &text::table(&run, &style), &text::came_to(&run, &style)] {
            assert!(text.lines().all(|line| line.width() <= width), "{width}: {text}");
        }
        assert!(text::outcome(&entries[0], None, &style).contains(told), "a log keeps it on one line");
        let words: Vec<&str> = outcome.split_whitespace().collect();
        assert!(words.join(" ").ends_with(told), "{outcome}");
    }
}
