//! A fleet of pools: what a bad change may reach, and what brings back a run that was killed.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::{Duration, Instant};

use insta::assert_snapshot;
use serde_json::json;

use crate::harness::fleet::{ALIAS, Call, Fleet, MFA, UPDATE};
use crate::harness::world::told;

#[test]
fn a_change_that_is_taken_wrongly_reaches_the_first_pool_and_no_other() {
    let spoilt = "UpdateUserPool:drift-after=LambdaConfig.PostConfirmation:null";
    let fleet = Fleet::new(20, &[&UPDATE], &[spoilt]);
    let told = told(&fleet.apply(&["-q"]).output().expect(5));
    assert_snapshot!(told.split_once("\n\nPlan: ").unwrap().1);
    assert_eq!(fleet.touched(), ["eu-west-1_pool0000"]);
    assert_eq!(fleet.sandbox.calls("UpdateUserPool"), 1);
    assert_eq!(fleet.backups().len(), 1);
}

#[test]
fn programs_are_told_of_the_one_pool_that_was_written_and_of_each_that_was_not() {
    let spoilt = "UpdateUserPool:drift-after=LambdaConfig.PostConfirmation:null";
    let fleet = Fleet::new(20, &[&UPDATE], &[spoilt]);
    let run = fleet.apply(&["--format", "json", "--max-failures", "100"]).output().expect(5).json();
    let [first, rest @ ..] = run["pools"].as_array().unwrap().as_slice() else { panic!("{run}") };
    assert_eq!((&first["outcome"], &first["exit_code"]), (&json!("deviates"), &json!(5)));
    let deviation = &first["deviations"][0];
    let named = (&deviation["path_text"], &deviation["declared"]);
    assert_eq!(named, (&json!("LambdaConfig.PostConfirmation"), &json!(false)));
    assert!(rest.iter().all(|pool| pool["outcome"] == "not_reached"), "{run}");
    assert_eq!(run["summary"]["not_reached"], 19);
}

#[test]
fn no_pool_is_written_before_the_first_one_is_proved() {
    let fleet = Fleet::new(8, &[&UPDATE], &[]);
    fleet.apply(&["-q"]).output().expect(0);
    let calls = fleet.calls();
    let writes: Vec<&Call> = calls.iter().filter(|call| call.writes()).collect();
    let proves = |call: &&Call| call.pool == writes[0].pool && call.came > writes[0].over && call.is_heard();
    let proofs: Vec<&Call> = calls.iter().filter(proves).collect();
    assert_eq!((writes.len(), proofs.len()), (8, 2));
    assert!(proofs.iter().all(|proof| proof.over < writes[1].came), "{calls:?}");
}

#[test]
fn a_run_that_is_killed_between_write_and_verify_leaves_backups_that_bring_every_pool_back() {
    // One pool first, then two: the four after these are written and wait for the read that would prove
    // them, or come before their second call.
    let held: Vec<String> =
        (3..7).map(|number| format!("DescribeUserPool/eu-west-1_pool{number:04}@3:latency=600s")).collect();
    let held: Vec<&str> = held.iter().map(String::as_str).collect();
    let fleet = Fleet::new(12, &[&MFA, &UPDATE, &ALIAS], &held);
    let mut command = fleet.apply(&[]).command();
    let mut run = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // Of 12 to plan, 7 to judge again, and 8 to see what became of a call: one of the first three takes two.
    let deadline = Instant::now() + Duration::from_secs(30);
    while fleet.sandbox.calls("DescribeUserPool") < 12 + 7 + 8 {
        assert!(Instant::now() < deadline, "the four were never read again");
        std::thread::yield_now();
    }
    run.kill().unwrap();
    assert_eq!(run.wait().unwrap().code(), None, "a signal ended it");
    let touched: BTreeSet<&str> = fleet.touched().into_iter().collect();
    assert_eq!(touched, fleet.pools[..7].iter().map(|pool| pool.id.as_str()).collect());

    fleet.sandbox.control("DELETE", "faults");
    let backups = fleet.backups();
    assert_eq!(backups.len(), 7);
    for backup in &backups {
        let backup = backup.to_str().unwrap();
        let allow = ["--allow", "deletion-protection-off,mfa-downgrade,password-policy-weaker"];
        fleet.run(&[&["restore", "--yes", "--settle", "0", backup], &allow[..]].concat()).output().expect(0);
    }
    assert_eq!(fleet.touched(), Vec::<&str>::new());
}
