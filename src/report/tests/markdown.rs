use super::see;
use super::shared::{fleet, plan};
use super::world::{self, idle};
use crate::manifest::Diagnostic;
use crate::plan::PlanReport;
use crate::report::markdown::{LIMIT, comment};
use crate::report::{PoolEnd, PoolOutcome, Run, RunEntry, RunKind, Stray};

/// A comment on these plans.
fn planned(plans: &[PlanReport]) -> String {
    let entries: Vec<RunEntry<'_>> = plans.iter().map(|plan| RunEntry::planned(plan, 0)).collect();
    comment(&Run::new(RunKind::Plan, &entries))
}

#[test]
fn a_pool_with_most_of_what_a_plan_can_show() {
    see!("comment_pool", planned(&[world::everything()]));
}

#[test]
fn a_fleet_with_what_its_pools_share_and_what_stands_in_the_way() {
    see!("comment_fleet", planned(&fleet()));
    assert_eq!(
        planned(&[idle("staff")]),
        "<!-- poolctl:plan -->\n\n**No changes. The pool is as declared.**\n"
    );
}

#[test]
fn an_apply_tells_what_became_of_each_pool() {
    let plans = [plan(1, ""), plan(2, ""), plan(3, "")];
    let mut entries: Vec<RunEntry<'_>> = plans.iter().map(|plan| RunEntry::planned(plan, 0)).collect();
    entries[0].end.outcome = PoolOutcome::Applied;
    entries[0].end.told = Some("UpdateUserPool: 1 change applied and verified".to_owned());
    entries[0].end.backup = Some(".poolctl/backups/one.json".to_owned());
    entries[1].end.outcome = PoolOutcome::Deviates;
    entries[1].end.told = Some("UpdateUserPool was sent, but the pool could not be read back".to_owned());
    entries[1].end.error = Some(("DescribeUserPool: no answer".to_owned(), Some("check again".to_owned())));
    entries[1].end.backup = Some(".poolctl/backups/two.json".to_owned());
    entries[1].end.next = vec![("undo", "poolctl restore .poolctl/backups/two.json".to_owned())];
    entries[2].end.outcome = PoolOutcome::NotReached;
    entries[2].end.told = Some("was not reached; nothing was written to it".to_owned());
    see!("comment_apply", comment(&Run::new(RunKind::Apply, &entries)));
}

#[test]
fn what_keeps_pools_from_being_read_is_said_first() {
    let failed = |file| {
        let mut end = PoolEnd { outcome: PoolOutcome::Failed, exit_code: 1, ..PoolEnd::default() };
        end.error = Some(("no credentials for @octocat".to_owned(), Some("sign in".to_owned())));
        RunEntry { id: "eu-west-1_a", region: "eu-west-1", file, plan: None, end }
    };
    let entries = [failed("a.yaml"), failed("b.yaml")];
    let stray = Stray {
        id: "eu-west-1_z".to_owned(),
        name: Some("#1".to_owned()),
        region: "eu-west-1".to_owned(),
        findings: Vec::new(),
    };
    let run = Run { strays: &[stray], ..Run::new(RunKind::Drift, &entries) };
    see!("comment_failed", comment(&run));
    let mistake = Diagnostic::of_file("not-utf8", "pools/<b>.yaml", "the file is no `UTF-8` | <b>");
    let run = Run { diagnostics: &[mistake], ..Run::new(RunKind::Plan, &[]) };
    see!("comment_invalid", comment(&run));
}

/// First the details of later pools go, then rows of the table; the verdict stays.
#[test]
fn whatever_there_is_a_comment_has_room_for_its_verdict() {
    let own = "settings: { DeletionProtection: ACTIVE, LambdaConfig: { PreSignUp: null } }";
    let plans: Vec<PlanReport> = (1..=100).map(|number| plan(number, own)).collect();
    let text = planned(&plans);
    assert!(text.len() <= LIMIT && text.len() > LIMIT / 2, "{}", text.len());
    assert!(text.contains("**Plan: 100 pools blocked.**"), "{text}");
    assert_eq!(text.matches("| **blocked** |").count(), 100);
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    let many: Vec<RunEntry<'_>> =
        (0..2000).map(|number| RunEntry::planned(&plans[number % 100], 3)).collect();
    let text = comment(&Run::new(RunKind::Plan, &many));
    assert!(text.len() <= LIMIT, "{}", text.len());
    assert!(text.contains("**Plan: 2,000 pools blocked.**"), "{text}");
    assert!(text.contains(" of 2,000 pools are not in the table; the details of "), "{text}");
    assert!(text.ends_with("The log of the job has it all.\n"), "{text}");
}
