use std::sync::Arc;

use super::see;
use super::world::{NARROW, catalogue, desired, live, options, template};
use crate::catalogue::Unknown;
use crate::document::Json;
use crate::plan::{Plan, PlanReport, Sharing};
use crate::report::{Onward, Run, RunEntry, RunKind, text};
use crate::rules::Desired;
use serde_json::json;

/// What the pool of this number wants: what base.yaml says, and this of its own.
fn wants(number: usize, own: &str) -> Desired {
    let mail: String = template("1 hour").lines().map(|line| format!("      {line}\n")).collect();
    let base = format!("settings:\n  VerificationMessageTemplate:\n    EmailMessage: |\n{mail}");
    let mut wants = desired("pools/base.yaml", &base);
    wants.subject.pool = format!("eu-west-1_{number:09}");
    wants.subject.file = format!("pools/p{number}.yaml");
    if !own.is_empty() {
        wants.wants.extend(desired(&wants.file, own).wants);
    }
    wants
}

fn pool(number: usize, hours: &str) -> Json {
    json!({
        "Name": format!("p{number}"), "DeletionProtection": "INACTIVE",
        "VerificationMessageTemplate": {"EmailMessage": template(hours), "EmailSubject": "Your code"},
        "LambdaConfig": {"PreSignUp": "arn:aws:lambda:eu-west-1:111122223333:function:check"},
    })
}

pub(super) fn plan(number: usize, own: &str) -> PlanReport {
    planned(pool(number, "24 hours"), &wants(number, own))
}

fn planned(pool: Json, wants: &Desired) -> PlanReport {
    Plan::new(catalogue(), live(pool), wants, &options(Unknown::Echo)).report
}

fn told(plans: &[PlanReport]) -> String {
    text::plans(&plans.iter().collect::<Vec<_>>(), &NARROW)
}

/// A text, and the bytes of the longest part that was written at a time.
#[derive(Default)]
struct Parts(String, usize);

impl std::fmt::Write for Parts {
    fn write_str(&mut self, part: &str) -> std::fmt::Result {
        self.1 = self.1.max(part.len());
        self.0.push_str(part);
        Ok(())
    }
}

#[test]
fn a_text_of_many_pools_is_written_a_pool_at_a_time_and_keeps_no_spare_room() {
    let own = |number| {
        format!("settings: {{ PoolName: other-{number}, UserPoolTags: {{ number: \"{number}\" }} }}")
    };
    let plans: Vec<PlanReport> =
        (1..=40).map(|number| plan(number, &own(number)).compact(&Sharing::default())).collect();
    for plan in &plans {
        assert_eq!(plan.changes.capacity(), plan.changes.len());
        assert!(plan.calls[0].is_whole && plan.calls[0].changes.capacity() == 0, "the changes are kept once");
        assert_eq!(plan.changed_by(&plan.calls[0]).count(), plan.changes.len());
    }
    let entries: Vec<RunEntry<'_>> = plans.iter().map(|plan| RunEntry::planned(plan, 0)).collect();
    let mut parts = Parts::default();
    text::pools(&Run::new(RunKind::Plan, &entries), &NARROW, &mut parts).unwrap();
    let Parts(text, longest) = parts;
    assert_eq!(text, told(&plans));
    assert!(longest < text.len() / 4, "{longest} of {}", text.len());
}

#[test]
fn a_change_that_twenty_pools_share_is_told_once() {
    let plans: Vec<PlanReport> = (1..=20).map(|number| plan(number, "")).collect();
    let text = told(&plans);
    see!("shared_by_all", text);
    let tree = text.split("VerificationMessageTemplate").nth(1).unwrap();
    assert!(tree.split("\n\n").next().unwrap().lines().count() <= 10, "{tree}");
}

#[test]
fn the_first_of_many_pools_that_share_a_change_are_named_and_the_others_counted() {
    let head = |pools: usize| {
        let plans: Vec<PlanReport> = (1..=pools).map(|number| plan(number, "")).collect();
        let text = told(&plans);
        let head = text.split("\n\n").next().unwrap().to_owned();
        assert!(head.lines().all(|line| line.len() <= 80), "{head}");
        head.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    // The number would take as much room as the name.
    assert!(head(21).ends_with("p20 (eu-west-1_000000020), p21 (eu-west-1_000000021)"));
    let many = head(600);
    assert!(many.starts_with("~ 600 pools: p1 (eu-west-1_000000001), p2 "), "{many}");
    assert!(many.ends_with("p20 (eu-west-1_000000020), and 580 more, which `--format json` lists"), "{many}");
}

/// Pools that share a change, and some with more, with less, or with something in the way.
pub(super) fn fleet() -> Vec<PlanReport> {
    let mut plans: Vec<PlanReport> = (1..=4).map(|number| plan(number, "")).collect();
    plans.push(plan(5, "settings: { DeletionProtection: ACTIVE, LambdaConfig: { PreSignUp: null } }"));
    plans.push(plan(6, "settings: { PoolName: null }"));
    plans.push(planned(pool(7, "1 hour"), &wants(7, "")));
    plans.push(planned(pool(8, "2 hours"), &wants(8, "")));
    plans
}

#[test]
fn kept_plans_say_the_same_share_what_is_the_same_and_hold_no_text_that_no_form_shows() {
    let sharing = Sharing::default();
    let kept: Vec<PlanReport> = fleet().into_iter().map(|plan| plan.compact(&sharing)).collect();
    assert_eq!(told(&kept), told(&fleet()));
    let [first, second] = [&kept[0], &kept[1]].map(|plan| &plan.changes[0].difference);
    assert!(Arc::ptr_eq(first, second));
    let own = |plan: &PlanReport| -> Vec<bool> {
        let changes = plan.changes.iter().filter_map(|change| change.origin.as_ref());
        let origins = changes.chain(plan.findings.iter().filter_map(|finding| finding.origin.as_ref()));
        let own = origins.filter(|origin| origin.source.name == plan.pool.file);
        own.map(|origin| origin.source.text.is_empty()).collect()
    };
    assert!(own(&kept[4]).len() > 1 && own(&kept[4]).into_iter().all(|is_empty| is_empty));
    // A conflict is shown with its lines.
    assert!(!own(&kept[5]).is_empty() && own(&kept[5]).into_iter().all(|is_empty| !is_empty));
}

#[test]
fn each_pool_keeps_what_is_its_own() {
    see!("shared_by_some", told(&fleet()));
}

#[test]
fn a_risk_is_told_with_the_change_that_several_share() {
    let base = |number: usize| {
        let mut wants = desired(
            "pools/base.yaml",
            "settings: { LambdaConfig: { PreSignUp: null }, DeletionProtection: ACTIVE }",
        );
        wants.subject.pool = format!("eu-west-1_{number:09}");
        wants
    };
    let plans: Vec<PlanReport> =
        (1..=2).map(|number| planned(pool(number, "1 hour"), &base(number))).collect();
    let text = told(&plans);
    assert_eq!(text.matches("risk trigger-removal: ").count(), 1, "{text}");
    assert!(text.starts_with("✗ 2 pools: p1 (eu-west-1_000000001), p2 (eu-west-1_000000002)\n"), "{text}");
    assert!(text.contains("Plan: 2 pools blocked. 4 changes, 2 risks.\n"), "{text}");
}

#[test]
fn an_undeclared_setting_of_several_pools_is_told_once() {
    let frame = |number: usize| {
        let mut wants = desired("pools/p.yaml", "");
        wants.subject.pool = format!("eu-west-1_{number:09}");
        wants
    };
    let drift = |number| {
        Plan::drift(catalogue(), live(pool(number, "1 hour")), &frame(number), &options(Unknown::Echo)).report
    };
    let plans = [drift(1), drift(2)];
    let entries: Vec<RunEntry<'_>> = plans.iter().map(|plan| RunEntry::compared(plan, 2)).collect();
    let onward = Some(Onward { arguments: "", only: "", is_saved: false });
    let mut text = String::new();
    text::pools(&Run { onward, ..Run::new(RunKind::Drift, &entries) }, &NARROW, &mut text).unwrap();
    see!("shared_undeclared", text);
}

/// Whether secrets are the same is not for a reader to know.
#[test]
fn secrets_that_differ_and_secrets_that_do_not_look_the_same() {
    let sms = |number: usize, secret: &str| {
        let mut wants =
            desired("pools/base.yaml", "settings: { SmsConfiguration: { ExternalId: wanted-secret } }");
        wants.subject.pool = format!("eu-west-1_{number:09}");
        let pool = json!({"Name": format!("p{number}"), "SmsConfiguration": {"SnsCallerArn": "a", "ExternalId": secret}});
        planned(pool, &wants)
    };
    assert_eq!(
        told(&[sms(1, "one-secret"), sms(2, "one-secret")]),
        told(&[sms(1, "one-secret"), sms(2, "other")])
    );
}

#[test]
fn a_note_of_pools_that_share_nothing_else_is_told_once_and_not_of_idle_ones() {
    let owned = |number: usize, hours: &str, own: &str| {
        let mut live = pool(number, hours);
        live["UserPoolTags"] = json!({"aws:cloudformation:stack-name": "identity"});
        planned(live, &wants(number, own))
    };
    let plans = [
        owned(1, "24 hours", ""),
        owned(2, "24 hours", ""),
        owned(3, "1 hour", "settings: { DeletionProtection: ACTIVE }"),
        owned(4, "1 hour", ""),
    ];
    let text = told(&plans);
    see!("note_in_common", text);
    assert!(
        text.contains("In 3 pools (p1, p2, p3):\n      note co-owned: the CloudFormation stack `identity`"),
        "{text}"
    );
}
