use super::see;
use super::world::{NARROW, catalogue, desired, function, live, options};
use crate::catalogue::Unknown;
use crate::plan::{Options, Plan, PlanReport};
use crate::report::text;
use serde_json::json;

const MANIFEST: &str = "settings:
  Policies:
    PasswordPolicy: { MinimumLength: 6, RequireSymbols: false }
  DeletionProtection: null
  LambdaConfig:
    PreSignUp: null
    PostConfirmation: null
    PreTokenGenerationConfig: null
  UserPoolTags: { team: null }
allow:
  - { risk: deletion-protection-off, reason: 'the pool moves to another account, see INC-42', until: 2026-11-30 }
  - { risk: trigger-removal, path: LambdaConfig.PreSignUp, reason: retired, until: 2026-10-31 }
";

/// A plan with risks that block and risks that only report, allowed in part by the manifest.
pub(super) fn plan(allow: &str) -> PlanReport {
    let pool = json!({
        "Name": "customers",
        "Policies": {"PasswordPolicy": {"MinimumLength": 12, "RequireSymbols": true, "RequireNumbers": true}},
        "DeletionProtection": "ACTIVE",
        "LambdaConfig": {
            "PreSignUp": function("check"), "PostConfirmation": function("welcome"),
            "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": function("claims")},
        },
        "UserPoolTags": {"team": "identity"},
    });
    let options = Options { allows: allow.parse().unwrap(), ..options(Unknown::Echo) };
    Plan::new(catalogue(), live(pool), &desired("pools/customers.yaml", MANIFEST), &options).report
}

#[test]
fn a_risk_stands_under_its_change_with_what_allows_it() {
    let plan = plan("trigger-removal@LambdaConfig.PostConfirmation");
    see!("risks", text::plans(&[&plan], &NARROW));
}

#[test]
fn a_plan_whose_risks_are_all_allowed_says_by_what() {
    let plan = plan("trigger-removal,password-policy-weaker");
    assert!(!plan.is_refused());
    see!("risks_allowed", text::plans(&[&plan], &NARROW));
}

#[test]
fn a_program_reads_what_blocks_and_what_allows_it() {
    let document = super::planned(&[&plan("password-policy-weaker@Policies")]);
    assert_eq!(document["applyable"], false);
    assert_eq!(document["pools"][0]["outcome"], "refused");
    let findings = serde_json::to_string_pretty(&document["pools"][0]["findings"]).unwrap();
    see!("risks_json", findings);
}

#[test]
fn live_settings_that_nobody_manages_share_one_line_however_many_they_are() {
    let tags = (0..40).map(|number| (format!("tag-{number}"), json!("x"))).collect::<serde_json::Map<_, _>>();
    let pool = json!({"Name": "p", "UserPoolTier": "LITE", "UserPoolTags": tags, "LambdaConfig": {"PreSignUp": "a"}});
    let plan = |body: &str| {
        let wants = desired("pools/p.yaml", &format!("unmanaged: report\n{body}"));
        Plan::new(catalogue(), live(pool.clone()), &wants, &options(Unknown::Echo)).report
    };
    let ignore = "ignore: [{ path: UserPoolTags, reason: set by the platform }]";
    see!("unmanaged", text::plans(&[&plan(&format!("settings: {{ PoolName: q }}\n{ignore}"))], &NARROW));
    see!("unmanaged_idle", text::plans(&[&plan("")], &NARROW));
}
