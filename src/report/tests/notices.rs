use super::shared::{fleet, plan};
use super::world;
use super::{see, written};
use crate::manifest::Diagnostic;
use crate::plan::PlanReport;
use crate::report::{self, Gone, PoolOutcome, Run, RunEntry, RunKind, Stray, github, junit};

fn told(plans: &[PlanReport], form: impl Fn(&Run<'_>) -> String) -> String {
    let entries: Vec<RunEntry<'_>> = plans.iter().map(|plan| RunEntry::planned(plan, 0)).collect();
    form(&Run { tool_version: "0.1.0", ..Run::new(RunKind::Plan, &entries) })
}

fn sarif(run: &Run<'_>) -> String {
    written(|out| report::sarif(run, out))
}

fn codequality(run: &Run<'_>) -> String {
    written(|out| report::codequality(run, out))
}

#[test]
fn each_thing_to_tell_is_an_annotation_at_its_line() {
    see!("annotations_pool", told(&[world::everything()], github));
    see!("annotations_fleet", told(&fleet(), github));
    assert_eq!(told(&[world::idle("staff")], github), "");
}

#[test]
fn what_drifted_and_what_is_in_no_manifest_are_warnings() {
    let plan = plan(1, "");
    let entries = [RunEntry::compared(&plan, 2)];
    let stray = Stray {
        id: "eu-west-1_z".to_owned(),
        name: None,
        region: "eu-west-1".to_owned(),
        findings: Vec::new(),
    };
    let mistake = Diagnostic::of_file("not-utf8", "pools/b.yaml", "no UTF-8\n::error::really");
    let run = Run { strays: &[stray], diagnostics: &[mistake], ..Run::new(RunKind::Drift, &entries) };
    see!("annotations_drift", github(&run));
}

/// GitHub shows ten of a kind.
#[test]
fn of_each_kind_there_are_ten_at_most_and_the_last_one_counts_the_rest() {
    let own = "settings: { LambdaConfig: { PreSignUp: null } }";
    let plans: Vec<PlanReport> = (1..=30).map(|number| plan(number, own)).collect();
    let text = told(&plans, github);
    for kind in ["::error ", "::notice "] {
        assert_eq!(text.lines().filter(|line| line.starts_with(kind)).count(), 10, "{text}");
    }
    assert!(text.contains("::error title=poolctl::21 more errors: trigger-removal (21)\n"), "{text}");
    assert!(text.lines().all(|line| line.starts_with("::")), "{text}");
}

#[test]
fn each_thing_to_tell_is_a_result_of_a_sarif_log() {
    see!("sarif_fleet", told(&fleet(), sarif));
}

#[test]
fn each_thing_to_tell_is_an_issue_of_code_quality() {
    see!("codequality_fleet", told(&fleet(), codequality));
}

#[test]
fn each_pool_is_a_test() {
    see!("junit_fleet", told(&fleet(), junit));
}

#[test]
fn a_test_ends_as_its_pool_does() {
    let plan = plan(1, "settings: { DeletionProtection: ACTIVE }");
    for (outcome, element) in [
        (PoolOutcome::Unchanged, None),
        // An apply that leaves a change as it is has not come to it.
        (PoolOutcome::Update, Some("skipped")),
        (PoolOutcome::Applied, None),
        (PoolOutcome::Differs, Some("failure")),
        (PoolOutcome::Refused, Some("failure")),
        (PoolOutcome::Stale, Some("failure")),
        (PoolOutcome::Deviates, Some("failure")),
        (PoolOutcome::Failed, Some("error")),
        (PoolOutcome::NotReached, Some("skipped")),
    ] {
        let mut entry = RunEntry::planned(&plan, 0);
        entry.end.outcome = outcome;
        let text = junit(&Run::new(RunKind::Apply, &[entry]));
        for one in ["failure", "error", "skipped"] {
            let is_there = text.contains(&format!("<{one} message=\""));
            assert_eq!(is_there, element == Some(one), "{text}");
        }
        let word = if outcome == PoolOutcome::Update { "not_reached" } else { outcome.word() };
        assert!(element.is_none() || text.contains(&format!("type=\"{word}\"")), "{text}");
    }
    assert!(!told(&[plan], junit).contains("<skipped"), "a plan that has changes passes");
}

/// Where an apply counts the manifests that are gone, it is refused for them.
#[test]
fn a_manifest_that_is_gone_is_a_test_that_fails_where_it_counts() {
    let gone = [Diagnostic::of_file("manifest-gone", "pools/b.yaml", "no manifest").warning()];
    for counts in [true, false] {
        let gone =
            Run { diagnostics: &gone, gone: Gone { pools: 1, counts }, ..Run::new(RunKind::Drift, &[]) };
        assert_eq!(junit(&gone).contains("<failure "), counts);
    }
}

/// GitLab knows an issue again by it, also where another pool has it as well.
#[test]
fn an_issue_outlives_another_line_and_another_pool() {
    let prints = |plans: &[PlanReport]| -> Vec<String> {
        let issues: Vec<serde_json::Value> = serde_json::from_str(&told(plans, codequality)).unwrap();
        issues.iter().map(|issue| issue["fingerprint"].to_string()).collect()
    };
    let one = |body: &str| plan(1, body);
    let now = prints(&[one("settings: { DeletionProtection: ACTIVE }")]);
    assert_eq!(now, prints(&[one("\n\nsettings: { DeletionProtection: ACTIVE }")]));
    let more = prints(&[one("settings: { DeletionProtection: ACTIVE }"), plan(2, "")]);
    assert!(now.iter().all(|print| more.contains(print)), "{now:?} {more:?}");
}

/// Code scanning knows a result again by it.
#[test]
fn a_fingerprint_outlives_another_line_and_another_value() {
    let prints = |text: &str| -> Vec<String> {
        let log: serde_json::Value = serde_json::from_str(text).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        results
            .iter()
            .map(|result| result["partialFingerprints"]["primaryLocationLineHash"].to_string())
            .collect()
    };
    let now = prints(&told(&[plan(1, "settings: { DeletionProtection: ACTIVE }")], sarif));
    let later = prints(&told(&[plan(1, "\n\nsettings: { DeletionProtection: ACTIVE }")], sarif));
    assert_eq!(now, later);
    let mut each = now.clone();
    each.sort();
    each.dedup();
    assert_eq!(each.len(), now.len(), "{now:?}");
}

#[test]
fn a_setting_whose_name_has_a_password_is_named_without_it() {
    let log = told(&[plan(1, "settings: { UserPoolTags: { 'https://u:PW@h': a } }")], sarif);
    assert!(log.contains("https://h") && !log.contains("PW"), "{log}");
}
