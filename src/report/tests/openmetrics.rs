use super::see;
use super::shared::{fleet, plan};
use crate::manifest::Diagnostic;
use crate::report::openmetrics::{Successes, openmetrics};
use crate::report::{PoolEnd, PoolOutcome, Run, RunEntry, RunKind};
use time::macros::datetime;

const NOW: Option<time::OffsetDateTime> = Some(datetime!(2026-11-23 12:00 UTC));
const LATER: Option<time::OffsetDateTime> = Some(datetime!(2026-11-24 12:00 UTC));

fn told(run: Run<'_>, earlier: &Successes) -> String {
    openmetrics(&Run { tool_version: "0.1.0", label: "pools", ..run }, earlier)
}

fn unread<'a>() -> RunEntry<'a> {
    let mut end = PoolEnd { outcome: PoolOutcome::Failed, exit_code: 1, ..PoolEnd::default() };
    end.error = Some(("no answer".to_owned(), None));
    RunEntry { id: "eu-west-1_000000001", region: "eu-west-1", file: "pools/p1.yaml", plan: None, end }
}

fn successes(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.starts_with("poolctl_last_success")).collect()
}

#[test]
fn a_drift_and_a_plan_in_numbers() {
    let plans = fleet();
    let drifts: Vec<RunEntry<'_>> = plans.iter().take(2).map(|plan| RunEntry::compared(plan, 2)).collect();
    see!(
        "metrics_drift",
        told(Run { time: NOW, ..Run::new(RunKind::Drift, &drifts) }, &Successes::default())
    );
    let planned: Vec<RunEntry<'_>> = plans.iter().skip(3).map(|plan| RunEntry::planned(plan, 0)).collect();
    see!("metrics_plan", told(Run { time: NOW, ..Run::new(RunKind::Plan, &planned) }, &Successes::default()));
}

/// An alert on the age of the last success must not lose its series when the pool cannot be read.
#[test]
fn the_last_success_of_a_pool_outlives_runs_that_fail() {
    let plan = plan(1, "");
    let read = [RunEntry::compared(&plan, 2)];
    let first = told(Run { time: NOW, ..Run::new(RunKind::Drift, &read) }, &Successes::default());
    assert!(successes(&first)[0].ends_with(" 1795435200"), "{first}");
    let failed = [unread()];
    let second = told(Run { time: LATER, ..Run::new(RunKind::Drift, &failed) }, &Successes::read(&first));
    assert_eq!(successes(&second), successes(&first));
    assert!(second.contains("manifest=\"pools/p1.yaml\"} 1\n"), "the error is reported\n{second}");
    let wrong = [Diagnostic::of_file("not-utf8", "pools/p1.yaml", "no UTF-8")];
    let run = Run { time: LATER, diagnostics: &wrong, ..Run::new(RunKind::Drift, &[]) };
    assert_eq!(successes(&told(run, &Successes::read(&second))), successes(&first));
    let again = told(Run { time: LATER, ..Run::new(RunKind::Drift, &read) }, &Successes::read(&second));
    assert!(successes(&again)[0].ends_with(" 1795521600"), "{again}");
    let gone = told(Run { time: LATER, ..Run::new(RunKind::Drift, &[]) }, &Successes::read(&again));
    assert!(successes(&gone).is_empty(), "the pool has no manifest any more\n{gone}");
}

#[test]
fn a_file_of_somebody_else_has_no_say() {
    let labels = r#"command="drift",run="a",pool="p",region="r",manifest="a\"b\\""#;
    let line =
        |labels: &str, value: &str| format!("poolctl_last_success_timestamp_seconds{{{labels}}} {value}\n");
    assert_ne!(Successes::read(&line(labels, "1795435200")), Successes::default());
    for text in [
        line(labels, "NaN"),
        line(labels, ""),
        line(r#"command="drift",pool="p",region="r",manifest="m""#, "1"),
        line(r#"command="drift",run="a",pool="p",region="r",manifest="m",x="y""#, "1"),
        line(r#"command="drift",run="a",pool="p",region="r",manifest="m\""#, "1"),
        "other 1\n\u{0}".to_owned(),
    ] {
        assert_eq!(Successes::read(&text), Successes::default(), "{text}");
    }
}
