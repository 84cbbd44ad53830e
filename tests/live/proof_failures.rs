//! What a measurement does when things go wrong: it says so, and cleans up or names what is left.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use poolctl::document::Json;
use poolctl::sandbox::Omission;
use serde_json::json;

use crate::findings::{Finding, Findings, Report, Verdict, expect};
use crate::members::{Around, MEMBERS};
use crate::pools::Pool;
use crate::request::{complete, put};
use crate::stage::Stage;
use crate::wire::Wire;
use crate::{omission, strangers, suite};

fn stage(faults: &[&str]) -> Stage {
    Stage::new(Omission::Documented, faults)
}

/// What is found about one member.
fn about(pool: &Pool<'_>, member: &str) -> Vec<Finding> {
    let around = Around {
        region: "eu-west-1".to_owned(),
        account: "111122223333".to_owned(),
        sender: None,
        key: None,
    };
    let findings = Findings::default();
    omission::measure(pool, &around, MEMBERS.iter().filter(|case| case.member == member), &findings);
    findings.take()
}

#[test]
fn what_does_not_take_effect_is_not_called_kept() {
    let stage = stage(&["UpdateUserPool:ignore=LambdaConfig"]);
    let findings = stage.with_pools(|pools| about(&pools.make("omission").unwrap(), "LambdaConfig"));
    for finding in &findings[1..] {
        assert_eq!(finding.found, Err("it could not be set: it shows {}".to_owned()), "{}", finding.sent);
    }
}

#[test]
fn what_takes_a_resource_that_was_not_given_is_not_tried() {
    let findings = stage(&[]).with_pools(|pools| about(&pools.make("omission").unwrap(), "SmsConfiguration"));
    assert_eq!(findings[1].found, Err("takes a resource that was not given".to_owned()));
    assert_eq!(findings[1].verdict(), Verdict::NotMeasured);
}

#[test]
fn what_moves_besides_is_told() {
    // The third update, after the echo and the one that sets the value.
    let stage = stage(&[r#"UpdateUserPool@3:drift-after=UserPoolTier:"LITE"*1"#]);
    let findings = stage.with_pools(|pools| about(&pools.make("omission").unwrap(), "LambdaConfig"));
    let omission = &findings[1];
    assert_eq!(omission.found.as_deref(), Ok("becomes {}; besides, UserPoolTier moved"));
    assert_eq!(omission.verdict(), Verdict::Differs);
}

#[test]
fn a_service_that_refuses_strangers_is_told_apart_in_its_own_words() {
    let stage = stage(&["UpdateUserPool:refuse=AliasAttributes"]);
    let findings = Findings::default();
    stage.with_pools(|pools| strangers::measure(&pools.make("strangers").unwrap(), &findings));
    let report = Report { findings: findings.take(), ..Report::default() };
    let differing = report.findings.iter().filter(|finding| finding.verdict() == Verdict::Differs);
    assert_eq!(differing.count(), 1);
    assert!(
        report.to_string().ends_with(
            "\nstranger: UpdateUserPool with AliasAttributes\
         \n  documented  accepted, nothing moved\
         \n  measured    accepted, nothing moved\
         \n  found       refused: InvalidParameterException: The parameter AliasAttributes is not supported \
         for this user pool.\
         \n  rule        update::strangers [I]\n"
        ),
        "{report}"
    );
}

#[test]
fn a_caller_who_may_not_update_gets_a_report_and_leaves_nothing() {
    let stage = stage(&["UpdateUserPool:access-denied"]);
    let before = stage.files();
    let report = stage.measure();
    assert!(report.findings[0].found.as_ref().unwrap().starts_with("refused: AccessDeniedException: "));
    let omissions = report.findings.iter().filter(|finding| finding.experiment == "omission");
    for finding in omissions.filter(|finding| finding.sent != "no MfaConfiguration") {
        assert_eq!(finding.verdict(), Verdict::NotMeasured, "{}", finding.sent);
    }
    assert!(report.left.is_empty());
    assert_eq!(stage.files(), before);
}

#[test]
fn a_pool_that_cannot_be_deleted_is_named() {
    let stage = stage(&["DeleteUserPool:error=NotAuthorizedException"]);
    let before = stage.files();
    let (id, left) = stage.with_pools(|pools| (pools.make("rest").unwrap().id, pools.delete()));
    let words = "is left, delete it by hand: refused: NotAuthorizedException";
    assert!(left.len() == 1 && left[0].starts_with(&format!("{id} {words}")), "{left:?}");
    assert!(
        stage.said.borrow()[0].ends_with(&format!("aws cognito-idp delete-user-pool --user-pool-id {id}"))
    );
    assert_eq!(stage.said.borrow()[1..], left);
    assert!(Report { left, ..Report::default() }.to_string().contains(&id));
    assert_eq!(stage.files().len(), before.len() + 1);
}

#[test]
fn a_pool_goes_though_it_is_protected_and_the_measurement_panics() {
    let stage = stage(&["DeleteUserPool:cut-after*1", "UpdateUserPool:throttle*2"]);
    let before = stage.files();
    let panic = catch_unwind(AssertUnwindSafe(|| {
        stage.with_pools(|pools| {
            let pool = pools.make("rest").unwrap();
            let mut body = complete(&pool.bare);
            put(&mut body, "DeletionProtection", json!("ACTIVE"));
            assert_eq!(pool.update(body).unwrap()["DeletionProtection"], json!("ACTIVE"));
            panic!("in the middle of it");
        });
    }));
    assert!(panic.is_err());
    assert_eq!(stage.files(), before);
    assert_eq!(stage.said.borrow().last().unwrap(), "deleted 1 of 1 pools");
}

#[test]
fn a_pool_of_which_no_answer_came_is_not_made_twice_but_named() {
    let stage = stage(&["CreateUserPool:cut-after*1"]);
    let before = stage.files();
    let failure = stage.with_pools(|pools| pools.make("rest").map(|pool| pool.id)).unwrap_err();
    assert!(failure.to_string().starts_with("no answer: "), "{failure}");
    assert_eq!(stage.calls("CreateUserPool"), 1);
    let (name, pool) = stage.files().into_iter().find(|(name, _)| !before.contains_key(name)).unwrap();
    let pool: Json = serde_json::from_str(&pool).unwrap();
    let said = format!(
        "a pool named {} may have been made: look for it and delete it",
        pool["UserPool"]["Name"].as_str().unwrap()
    );
    assert_eq!(*stage.said.borrow(), [said], "{name}");
}

#[test]
fn a_service_that_is_not_there_has_made_nothing() {
    let mut settings = stage(&[]).settings();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    settings.endpoint = Some(format!("http://{nobody}"));
    let wire = Wire::open(&settings, Arc::clone(&stage(&[]).runtime)).unwrap();
    let report = suite::measure(&wire, &settings, &|line| panic!("{line}"));
    assert!(report.missing[0].starts_with("omission: no pool could be made, not sent: "), "{report}");
    assert!(report.findings.is_empty() && report.left.is_empty());
}

#[test]
fn a_busy_service_is_asked_again() {
    let stage =
        stage(&["CreateUserPool:throttle*3", "UpdateUserPool:error=ConcurrentModificationException*2"]);
    let findings = stage.with_pools(|pools| about(&pools.make("omission").unwrap(), "LambdaConfig"));
    assert!(findings.iter().all(|finding| finding.verdict() == Verdict::AsExpected));
}

#[test]
fn what_is_hidden_shows_nowhere() {
    let findings = Findings::default();
    findings.add("factors", "hush", expect("hush", "none"), Ok("Value 'hush' of 111122223333".to_owned()));
    let hidden = vec![("hush".to_owned(), "[external id]"), ("111122223333".to_owned(), "[account]")];
    let report = Report { findings: findings.take(), hidden, ..Report::default() };
    let text = format!("{report}{}", report.json());
    assert!(text.contains("Value '[external id]' of [account]"), "{text}");
    assert!(!text.contains("hush") && !text.contains("1111"), "{text}");
}

/// The ignored test, as somebody would run it who has nothing but these variables.
fn opted(variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "what_nobody_has_settled", "--nocapture"]);
    command.env_clear().envs(variables.iter().copied()).stdin(Stdio::null());
    command
}

#[test]
fn nobody_measures_by_accident() {
    let Output { status, stdout, .. } = opted(&[]).output().unwrap();
    let stdout = String::from_utf8(stdout).unwrap();
    assert!(status.success());
    assert!(stdout.contains("skipped: it calls Amazon Cognito, and POOLCTL_TEST_LIVE is not 1"), "{stdout}");
}

#[test]
fn who_opts_in_gets_the_table_and_the_findings_as_json() {
    let stage = stage(&[]);
    let before = stage.files();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("findings.json");
    let mut run = opted(&[
        ("POOLCTL_TEST_LIVE", "1"),
        ("POOLCTL_TEST_LIVE_ENDPOINT", &stage.url()),
        ("POOLCTL_TEST_LIVE_JSON", file.to_str().unwrap()),
    ]);
    // The sandbox answers only while its runtime runs.
    let output = stage.runtime.block_on(stage.runtime.spawn_blocking(move || run.output())).unwrap().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{stdout}{}", String::from_utf8_lossy(&output.stderr));
    let findings: Json = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let of = |verdict: &str| {
        let findings = findings["findings"].as_array().unwrap().iter();
        findings.filter(|finding| finding["verdict"] == verdict).count()
    };
    assert_eq!(of("DIFFERS"), 0, "{stdout}");
    // The key and the sender were not given: left out, null and reset of each.
    assert_eq!((of("not measured"), stdout.matches("  not measured  ").count()), (6, 6), "{stdout}");
    assert_eq!(stage.files(), before);
}

#[test]
fn who_is_killed_has_said_what_to_delete() {
    let stage = stage(&["DescribeUserPool:latency=30s"]);
    let before = stage.files();
    let mut run = opted(&[("POOLCTL_TEST_LIVE", "1"), ("POOLCTL_TEST_LIVE_ENDPOINT", &stage.url())]);
    run.stdout(Stdio::null()).stderr(Stdio::piped());
    let killed = stage.runtime.spawn_blocking(move || {
        let mut child = run.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let line = lines.next().unwrap().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        line
    });
    let line = stage.runtime.block_on(killed).unwrap();
    let files = stage.files();
    let file = files.keys().find(|name| !before.contains_key(*name)).unwrap();
    assert!(line.ends_with(&format!("--user-pool-id {}", file.trim_end_matches(".json"))), "{line}");
}
