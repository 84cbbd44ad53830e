//! What goes wrong between the calls of one plan, and what a person is told of it.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::Output;
use crate::harness::world::{POOL, World, interrupted, told};

const UPDATE: &str = "UpdateUserPool";
const SET: &str = "SetUserPoolMfaConfig";

/// Takes three calls: e-mail goes as a factor, then what it needs, then MFA is required.
const THREE: &str = "settings:
  MfaConfiguration: ON
  EmailMfaConfiguration: null
  EmailConfiguration: { EmailSendingAccount: COGNITO_DEFAULT, From: null, SourceArn: null }
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: [PASSWORD] } }
allow:
  - { risk: mfa-downgrade, path: EmailMfaConfiguration, reason: tokens are enough }
";

/// Takes two: an update, then MFA is required.
const TWO: &str = "settings:
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: [PASSWORD] } }
  MfaConfiguration: ON
";

fn world(faults: &[&str], settings: &str) -> World {
    let world = World::with(faults, |live| {
        let pool = live["UserPool"].as_object_mut().unwrap();
        pool.shift_remove("SmsConfiguration");
        pool.insert(
            "Policies".to_owned(),
            json!({"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}),
        );
        live["MfaConfig"] = json!({
            "MfaConfiguration": "OPTIONAL",
            "SoftwareTokenMfaConfiguration": {"Enabled": true},
            "EmailMfaConfiguration": {"Message": "Your code is {####}", "Subject": "Your code"},
        });
    });
    world.workspace.write("pool.yaml", format!("version: 1\npool: {POOL}\n{settings}"));
    world
}

/// Both documents, but for the date that every write moves, and the order of what is a set.
fn settings(world: &World) -> Value {
    let mut live = world.live();
    live["UserPool"].as_object_mut().unwrap().shift_remove("LastModifiedDate");
    let factors = &mut live["UserPool"]["Policies"]["SignInPolicy"]["AllowedFirstAuthFactors"];
    factors.as_array_mut().unwrap().sort_by_key(Value::to_string);
    live
}

/// Runs the command that a run gave to undo it, with the flag that it asks for where it asks for one.
fn undo(world: &World, stderr: &str) -> Output {
    let command = stderr.lines().find_map(|line| line.trim().strip_prefix("undo:")).unwrap();
    let words: Vec<&str> = command.split_whitespace().skip(1).chain(["--yes", "--settle", "0"]).collect();
    let first = world.run(&words).output();
    let Some(flag) = first.stdout.lines().find_map(|line| line.strip_prefix("To accept the risk")) else {
        return first;
    };
    assert_eq!(first.code, Some(3), "{first}");
    let words: Vec<&str> = words.into_iter().chain(flag.split(": ").nth(1).unwrap().split(' ')).collect();
    world.run(&words).output()
}

#[test]
fn a_last_call_that_is_refused_leaves_a_pool_between_two_states_and_the_way_back() {
    for (name, manifest, refusal, done) in [
        ("two", TWO, "SetUserPoolMfaConfig:refuse=MfaConfiguration*1", (1, 1)),
        ("three", THREE, "SetUserPoolMfaConfig@2:refuse=MfaConfiguration*1", (1, 2)),
    ] {
        let world = world(&[refusal], manifest);
        let before = settings(&world);
        let failed = world.apply().expect(5);
        assert_snapshot!(format!("last_of_{name}_calls_refused"), told(&failed));
        assert_eq!((world.calls(UPDATE), world.calls(SET)), done);
        let between = settings(&world);
        assert_ne!(between["UserPool"], before["UserPool"]);
        assert_eq!(between["UserPool"]["MfaConfiguration"], "OPTIONAL");
        undo(&world, &failed.stderr).expect(0);
        assert_eq!(settings(&world), before, "{name}");
    }
}

/// The settings that the only backup lists as changed, and the others of its run.
fn listed(world: &World) -> [Value; 2] {
    let backup: Value = serde_json::from_slice(&std::fs::read(world.workspace.backup()).unwrap()).unwrap();
    ["changed", "unsent"].map(|list| backup[list].clone())
}

#[test]
fn an_undo_leaves_what_another_caller_did_to_a_setting_that_the_run_never_wrote() {
    let own = "settings:\n  UserPoolTags: { team: ours }\n  EmailMfaConfiguration: { Subject: ours }\n";
    let world = world(&["UpdateUserPool:refuse=UserPoolTags*1"], own);
    let subject = settings(&world)["MfaConfig"]["EmailMfaConfiguration"]["Subject"].clone();
    let failed = world.apply().expect(5);
    assert_eq!(listed(&world), [json!(["EmailMfaConfiguration.Subject"]), json!(["UserPoolTags.team"])]);
    let other = format!("version: 1\npool: {POOL}\nsettings: {{ UserPoolTags: {{ team: theirs }} }}\n");
    world.workspace.write("other.yaml", other);
    world.run(&["apply", "--yes", "--settle", "0", "other.yaml"]).output().expect(0);
    let undone = undo(&world, &failed.stderr).expect(0);
    let note =
        "note: `UserPoolTags.team` stays as it is now: that run ended before it changed this setting\n";
    assert!(undone.stderr.contains(note), "{undone}");
    let now = settings(&world);
    assert_eq!(now["MfaConfig"]["EmailMfaConfiguration"]["Subject"], subject);
    assert_eq!(now["UserPool"]["UserPoolTags"]["team"], "theirs");
}

#[test]
fn what_another_caller_does_while_a_call_waits_is_no_change_of_the_run() {
    let own = "settings:
  UserPoolTags: { team: ours, mine: x }
  EmailMfaConfiguration: { Subject: ours }
";
    let meanwhile = "DescribeUserPool@3:move=UserPoolTags.team:\"ours\"*1";
    let world = world(&["UpdateUserPool:throttle*1", meanwhile], own);
    world.apply().expect(0);
    let changed = json!(["EmailMfaConfiguration.Subject", "UserPoolTags.mine"]);
    assert_eq!(listed(&world), [changed, json!(["UserPoolTags.team"])]);
}

#[test]
fn a_backup_lists_a_call_before_it_is_sent_and_no_more_once_it_is_refused() {
    let killed = world(&["UpdateUserPool:latency=1s"], TWO);
    interrupted(&killed, "-KILL", UPDATE, &[]);
    assert_eq!(listed(&killed)[1], json!(["MfaConfiguration"]));
    let refused = world(&["UpdateUserPool:refuse=Policies"], TWO);
    refused.apply().expect(1);
    assert_eq!(listed(&refused)[0], json!([]));
    let backup = refused.workspace.backup().display().to_string();
    let restored = refused.run(&["restore", "--yes", &backup]).output().expect(0);
    assert!(restored.stdout.contains("There is nothing to restore."), "{restored}");
}

#[test]
fn a_first_call_that_is_refused_leaves_the_pool_as_it_was() {
    for (manifest, refusal) in [
        (TWO, "UpdateUserPool:refuse=Policies"),
        (THREE, "SetUserPoolMfaConfig:refuse=SoftwareTokenMfaConfiguration"),
    ] {
        let world = world(&[refusal], manifest);
        let before = world.live();
        let failed = world.apply().expect(1);
        assert!(failed.stdout.contains("failed; nothing was written to it"), "{failed}");
        assert_eq!(world.live(), before);
        assert_eq!(world.calls(UPDATE) + world.calls(SET), 1, "no call is made after it");
    }
}

#[test]
fn a_lost_answer_to_any_of_the_calls_is_settled_by_reading_and_not_by_writing_twice() {
    for (manifest, lost, calls) in [
        (TWO, "UpdateUserPool:cut-after*1", (1, 1)),
        (TWO, "SetUserPoolMfaConfig:cut-after*1", (1, 1)),
        (THREE, "SetUserPoolMfaConfig:cut-after*1", (1, 2)),
        (THREE, "UpdateUserPool:cut-after*1", (1, 2)),
        (THREE, "SetUserPoolMfaConfig@2:cut-after*1", (1, 2)),
        (THREE, "SetUserPoolMfaConfig:truncate", (1, 2)),
    ] {
        let world = world(&[lost], manifest);
        let applied = world.apply().expect(0);
        assert!(applied.stdout.contains("changes applied and verified"), "{applied}");
        assert_eq!((world.calls(UPDATE), world.calls(SET)), calls, "{lost}");
        assert_eq!(world.live()["MfaConfig"]["MfaConfiguration"], "ON");
        world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    }
}

#[test]
fn a_call_that_certainly_did_not_arrive_is_sent_once_more() {
    for (manifest, lost, calls) in [
        (TWO, "SetUserPoolMfaConfig:cut-before*1", (1, 2)),
        (THREE, "SetUserPoolMfaConfig:cut-before*1", (1, 3)),
        (THREE, "SetUserPoolMfaConfig@2:cut-before*1", (1, 3)),
    ] {
        let world = world(&[lost], manifest);
        world.apply().expect(0);
        assert_eq!((world.calls(UPDATE), world.calls(SET)), calls, "{lost}");
        assert_eq!(world.live()["MfaConfig"]["MfaConfiguration"], "ON");
    }
}

#[test]
fn a_last_call_that_twice_does_not_arrive_says_what_has_taken_effect() {
    let world = world(&["SetUserPoolMfaConfig:cut-before"], TWO);
    let before = settings(&world);
    let failed = world.apply().expect(5);
    assert_snapshot!(told(&failed));
    assert_eq!((world.calls(UPDATE), world.calls(SET)), (1, 2));
    world.disarm();
    undo(&world, &failed.stderr).expect(0);
    assert_eq!(settings(&world), before);
}

#[test]
fn a_call_whose_fate_nobody_knows_says_what_became_of_the_others() {
    // The pool is read to plan and before the first call; the third read looks for what became of that,
    // and the fourth for what became of the second.
    for (manifest, faults, told) in [
        (
            TWO,
            vec!["UpdateUserPool:cut-before"],
            "it is unknown whether UpdateUserPool took effect, and the pool is not as planned, and no call after it was made",
        ),
        (
            THREE,
            vec!["UpdateUserPool:cut-before"],
            "SetUserPoolMfaConfig took effect; it is unknown whether UpdateUserPool took effect, and the pool is not as \
             planned, and no call after it was made",
        ),
        (
            TWO,
            vec!["SetUserPoolMfaConfig:cut-after", "DescribeUserPool@4:access-denied"],
            "UpdateUserPool took effect; SetUserPoolMfaConfig was sent, but the pool could not be read back",
        ),
        (
            TWO,
            vec!["DescribeUserPool@3:access-denied"],
            "UpdateUserPool took effect, but the pool could not be read back; no call after it was made",
        ),
        (
            TWO,
            vec!["DescribeUserPool@4:access-denied"],
            "SetUserPoolMfaConfig was sent, but the pool could not be read back",
        ),
    ] {
        let world = world(&faults, manifest);
        let failed = world.apply().expect(5);
        assert!(failed.stdout.contains(&format!("E  {told}\n")), "{failed}");
    }
}

#[test]
fn a_last_call_that_is_throttled_is_repeated_and_the_first_is_not() {
    for fault in ["throttle*2", "error=ConcurrentModificationException*1"] {
        let fault = format!("SetUserPoolMfaConfig:{fault}");
        let world = world(&[&fault], TWO);
        world.apply().expect(0);
        assert_eq!(world.calls(UPDATE), 1, "{fault}");
        assert_eq!(world.live()["MfaConfig"]["MfaConfiguration"], "ON");
    }
}

#[test]
fn a_signal_between_two_calls_says_which_was_made_and_which_was_not() {
    let world = world(&["UpdateUserPool:latency=1s"], TWO);
    let before = settings(&world);
    let ended = interrupted(&world, "-INT", UPDATE, &[]);
    assert_eq!(ended.status.code(), Some(5));
    assert_eq!((world.calls(UPDATE), world.calls(SET)), (1, 0));
    let [stdout, stderr] = [ended.stdout, ended.stderr].map(|text| String::from_utf8(text).unwrap());
    let told = "1 of 2 calls took effect (UpdateUserPool); interrupted before SetUserPoolMfaConfig: the pool is only partly as planned";
    assert!(stdout.ends_with(&format!("{told}\n")), "{stdout}");
    undo(&world, &stderr).expect(0);
    assert_eq!(settings(&world), before);
}

#[test]
fn a_second_signal_prints_the_command_that_undoes_what_was_sent() {
    let world = world(&["UpdateUserPool:latency=2s"], TWO);
    let mut command = world.run(&["apply", "--yes", "--settle", "0", "pool.yaml"]).command();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let signal =
        || assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    while world.calls(UPDATE) == 0 {
        std::thread::yield_now();
    }
    signal();
    let said: Vec<String> =
        lines.by_ref().take_while(|line| !line.contains("send the signal again")).collect();
    signal();
    let told = said.into_iter().chain(lines).collect::<Vec<_>>().join("\n");
    assert_eq!(child.wait().unwrap().code(), Some(5));
    let [backup] = &*world.backups() else { panic!("{told}") };
    assert!(told.ends_with(&format!("\n  undo: poolctl restore .poolctl/backups/{backup}")), "{told}");
}

#[test]
fn a_program_is_told_of_a_signal_between_two_calls() {
    let world = world(&["UpdateUserPool:latency=1s"], TWO);
    let ended = interrupted(&world, "-TERM", UPDATE, &["--format", "json"]);
    let document: Value = serde_json::from_slice(&ended.stdout).unwrap();
    let pool = &document["pools"][0];
    assert_eq!((&pool["outcome"], &pool["exit_code"]), (&json!("deviates"), &json!(5)));
    assert_eq!(pool["done"], json!(["UpdateUserPool"]));
    assert_eq!(pool["error"]["text"], "interrupted before SetUserPoolMfaConfig");
}

#[test]
fn a_pool_that_is_deleted_during_an_apply_is_no_wrong_id_and_nothing_restores_it() {
    let world = world(&["DescribeUserPool@3:error=ResourceNotFoundException/400"], TWO);
    let failed = world.apply().expect(5);
    assert!(failed.stderr.contains("help: somebody has deleted the pool since this run began"), "{failed}");
    assert!(!failed.stderr.contains("undo:") && failed.stderr.contains("check again:"), "{failed}");
}
