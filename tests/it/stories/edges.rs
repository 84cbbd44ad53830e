//! What goes wrong on the way, and what a person is told of it. Every story runs the built program
//! against the sandbox in another process, over real HTTP.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::world::{MANIFEST, POOL, World, answered, interrupted, told};
use crate::harness::{Output, Workspace, at_once, scrub_environment};

#[test]
fn an_apply_is_written_once_and_proved() {
    let world = World::new(&[]);
    assert_snapshot!(told(&world.apply().expect(0)));
    assert_eq!(world.writes(), 1);
    assert_eq!(world.live()["UserPool"]["DeletionProtection"], "ACTIVE");
    assert_eq!(world.backups().len(), 1);
}

#[test]
fn an_apply_with_nothing_to_do_writes_nothing_and_keeps_no_backup() {
    let world = World::new(&[]);
    world.apply().expect(0);
    let again = world.run(&["apply", "pool.yaml"]).output().expect(0);
    assert_snapshot!(told(&again));
    assert_eq!(world.writes(), 1);
    assert_eq!(world.backups().len(), 1);
}

#[test]
fn a_lost_answer_is_settled_by_reading_and_not_by_writing_twice() {
    let world = World::new(&["UpdateUserPool:cut-after*1"]);
    world.apply().expect(0);
    assert_eq!(world.writes(), 1);
}

#[test]
fn a_write_that_certainly_did_not_arrive_is_sent_once_more() {
    let world = World::new(&["UpdateUserPool:cut-before*1"]);
    world.apply().expect(0);
    assert_eq!(world.writes(), 2);
}

#[test]
fn a_write_that_twice_does_not_arrive_is_reported_and_not_sent_a_third_time() {
    let world = World::new(&["UpdateUserPool:cut-before"]);
    assert_snapshot!(told(&world.apply().expect(5)));
    assert_eq!(world.writes(), 2);
}

#[test]
fn a_throttled_write_is_repeated() {
    let world = World::new(&["UpdateUserPool:throttle*2"]);
    world.apply().expect(0);
    assert_eq!(world.writes(), 3);
}

#[test]
fn a_throttled_write_is_judged_anew_before_it_is_sent_again() {
    let arn = "arn:aws:lambda:eu-west-1:111122223333:function:colleague";
    let colleague = format!("DescribeUserPool@2:move=LambdaConfig.CustomMessage:\"{arn}\"*1");
    let world = World::new(&["UpdateUserPool:throttle*1", &colleague]);
    let output = world.apply().expect(0);
    assert_eq!(world.live()["UserPool"]["LambdaConfig"]["CustomMessage"], arn);
    assert!(output.stdout.contains("changed meanwhile, kept"), "{output}");
}

#[test]
fn every_pool_of_a_fleet_is_read_again_just_before_its_write() {
    let world = World::new(&[]);
    let other = "eu-west-1_other";
    let document = world.live().to_string().replace(POOL, other);
    world.workspace.write(&format!(".poolctl/sandbox/{other}.json"), document);
    world.workspace.write("other.yaml", MANIFEST.replace(POOL, other));
    world.run(&["apply", "--yes", "--settle", "0", "pool.yaml", "other.yaml"]).output().expect(0);
    // To plan, again before its write, and to prove.
    assert_eq!((world.writes(), world.calls("DescribeUserPool")), (2, 6));
}

#[test]
fn a_write_that_another_got_in_front_of_is_judged_again() {
    let world = World::new(&["UpdateUserPool:error=ConcurrentModificationException*1"]);
    world.apply().expect(0);
    assert_eq!((world.writes(), world.calls("DescribeUserPool")), (2, 4));
}

#[test]
fn a_read_that_fails_says_what_and_where_and_nothing_is_written() {
    let faults = [
        ("truncated", "DescribeUserPool:truncate"),
        ("html", "DescribeUserPool:html-500"),
        ("expired", "DescribeUserPool:expired-token"),
        ("denied", "DescribeUserPool:access-denied"),
        ("cut", "DescribeUserPool:cut-before"),
        ("mfa", "GetUserPoolMfaConfig:access-denied"),
        ("missing", "DescribeUserPool:error=ResourceNotFoundException/400"),
    ];
    at_once(faults, |(name, fault)| {
        let world = World::new(&[fault]);
        let output = world.apply().expect(1);
        assert_snapshot!(format!("read_{name}"), told(&output));
        assert_eq!((world.writes(), world.backups().len()), (0, 0), "{name}");
    });
}

#[test]
fn an_endpoint_that_nobody_listens_at_is_named() {
    let workspace = Workspace::new();
    workspace.write("pool.yaml", MANIFEST);
    let run = workspace.poolctl(["plan", "--endpoint-url", "http://127.0.0.1:1", "pool.yaml"]).signed();
    assert_snapshot!(told(&run.output().expect(1)));
}

#[test]
fn an_enum_value_that_nobody_knows_is_no_error() {
    let world = World::with(&[], |live| live["UserPool"]["UserPoolTier"] = json!("PLATINUM"));
    world.apply().expect(0);
    assert_eq!(world.live()["UserPool"]["UserPoolTier"], "PLATINUM");
}

#[test]
fn a_member_that_moves_though_nobody_asked_is_caught_and_can_be_undone() {
    let world = World::new(&["UpdateUserPool:drift-after=LambdaConfig.PostConfirmation:null*1"]);
    let before = world.live();
    let output = world.apply().expect(5);
    assert_snapshot!(told(&output));
    let restore = output.stderr.lines().find_map(|line| line.trim().strip_prefix("undo:")).unwrap();
    let words: Vec<&str> = restore.split_whitespace().skip(1).chain(["--yes"]).collect();
    let refused = world.run(&words).output().expect(3);
    let flag = refused.stdout.lines().last().unwrap().strip_prefix("To accept the risks: ").unwrap();
    let words: Vec<&str> = words.into_iter().chain(flag.split(' ')).collect();
    world.run(&words).output().expect(0);
    let settings = |document: &Value| {
        let mut pool = document["UserPool"].as_object().unwrap().clone();
        pool.shift_remove("LastModifiedDate");
        pool
    };
    assert_eq!(settings(&world.live()), settings(&before));
}

#[test]
fn a_refused_restore_advises_nothing_that_only_a_plan_has() {
    let world = World::new(&["UpdateUserPool@2:error=InvalidParameterException/400*1"]);
    world.apply().expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups()[0]);
    let allow = "--allow=deletion-protection-off,password-policy-weaker";
    let refused = world.run(&["restore", "--yes", allow, &backup]).output().expect(1);
    assert!(refused.stderr.contains("correct the setting that the message names"), "{refused}");
    assert!(!refused.stderr.contains("poolctl plan"), "{refused}");
}

#[test]
fn a_blocked_plan_says_that_it_has_no_request_to_show() {
    let world = World::new(&[]);
    world
        .workspace
        .write("pool.yaml", "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings: { PoolName: null }\n");
    let shown = world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(3);
    assert_eq!(shown.stdout, "");
    let told = "note: the plan of eu-west-1_a1B2c3D4E is blocked, so it has no request to show";
    assert!(shown.stderr.contains(told), "{shown}");
}

#[test]
fn a_restore_that_goes_wrong_is_looked_at_by_the_command_that_it_names() {
    let world = World::new(&["UpdateUserPool@2:drift-after=LambdaConfig.PostConfirmation:null*1"]);
    world.apply().expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups()[0]);
    let allow = "--allow=deletion-protection-off,password-policy-weaker";
    let output = world.run(&["restore", "--yes", "--settle", "0", allow, &backup]).output().expect(5);
    let look = output.stderr.lines().find_map(|line| line.trim().strip_prefix("check again:")).unwrap();
    assert_eq!(look.trim(), format!("poolctl restore --whole {backup}"));
    let words: Vec<&str> = look.split_whitespace().skip(1).collect();
    let shown = world.run(&words).output().expect(64);
    assert!(shown.stdout.contains("PostConfirmation"), "{shown}");
    assert!(
        shown.stderr.contains("cannot ask for confirmation: stdin is not a terminal. Nothing was written."),
        "{shown}"
    );
}

#[test]
fn what_is_left_out_is_said_before_shown_after_and_comes_back() {
    let world = World::new(&[]);
    let omit = "omit: [{ path: LambdaConfig.PostConfirmation, reason: moved to another stack }]\n";
    world.workspace.write("pool.yaml", format!("{MANIFEST}{omit}"));
    let before = world.live();
    let refused = world.apply().expect(3);
    assert!(
        refused.stdout.contains("--allow trigger-removal"),
        "what may fall is a risk like what goes: {refused}"
    );
    let accepted = world.run(&["apply", "--yes", "--allow", "trigger-removal", "pool.yaml"]);
    assert_snapshot!(told(&accepted.output().expect(0)));
    let backup = format!(".poolctl/backups/{}", world.backups()[0]);
    let allow = "--allow=deletion-protection-off,password-policy-weaker";
    world.run(&["restore", "--yes", allow, &backup]).output().expect(0);
    assert_eq!(world.live()["UserPool"]["LambdaConfig"], before["UserPool"]["LambdaConfig"]);
}

#[test]
fn a_result_that_cannot_be_written_is_no_success() {
    let world = World::new(&[]);
    let poolctl = env!("CARGO_BIN_EXE_poolctl");
    // A sandbox whose address nobody can read serves nobody.
    let sandbox = "sandbox --in-memory --port 0";
    for (arguments, code) in [("plan pool.yaml", 1), ("apply --yes pool.yaml", 5), (sandbox, 1)] {
        let script = format!("exec {poolctl} {arguments} > /dev/full");
        let run = world.workspace.program("sh").args(["-c", &script]).signed();
        let output = run.env("AWS_ENDPOINT_URL", world.url()).output().expect(code);
        assert!(output.stderr.contains("cannot write to standard output"), "{output}");
    }
}

#[test]
fn no_excerpt_of_a_manifest_shows_a_secret() {
    let workspace = Workspace::new();
    let secret = "geheim-4711";
    for settings in [
        format!("  SmsConfiguration: {{ ExternalId: {secret} }}\n  EmailVerificationSubject: [x]\n"),
        format!("  SmsConfiguration:\n    ExternalId: [{secret}]\n"),
        format!("  MfaConfiguration: OFF\n  SmsConfiguration: {{ ExternalId: {secret} }}\n"),
    ] {
        workspace.write("m.yaml", format!("version: 1\npool: {POOL}\nsettings:\n{settings}"));
        let live = json!({"UserPool": {"Id": POOL, "Name": "p", "MfaConfiguration": "ON"}});
        workspace.write(&format!("live/{POOL}.json"), live.to_string());
        let output = workspace.poolctl(["plan", "--live", "live", "m.yaml"]).output();
        assert!(matches!(output.code, Some(1 | 3)), "{output}");
        assert!(!output.stdout.contains(secret) && !output.stderr.contains(secret), "{output}");
    }
}

#[test]
fn a_declared_setting_that_does_not_take_is_caught() {
    let world = World::new(&["UpdateUserPool:ignore=DeletionProtection"]);
    assert_snapshot!(told(&world.apply().expect(5)));
    let run = world.run(&["apply", "--yes", "--settle", "0", "--format", "json", "pool.yaml"]);
    let pool = &run.output().expect(5).json()["pools"][0];
    assert_eq!((&pool["outcome"], &pool["exit_code"]), (&json!("deviates"), &json!(5)));
    let deviation = &pool["deviations"][0];
    assert_eq!(
        (&deviation["path_text"], &deviation["declared"]),
        (&json!("DeletionProtection"), &json!(true))
    );
}

#[test]
fn another_writer_on_a_planned_setting_makes_the_plan_stale() {
    let world = World::new(&["DescribeUserPool:move=Policies.PasswordPolicy.MinimumLength:10*1"]);
    assert_snapshot!(told(&world.apply().expect(4)));
    assert_eq!((world.writes(), world.backups().len()), (0, 0));
}

#[test]
fn another_writer_elsewhere_is_kept_and_named() {
    let world = World::new(&["DescribeUserPool:move=UserPoolTags.owner:\"ops\"*1"]);
    assert_snapshot!(told(&world.apply().expect(0)));
    assert_eq!(world.live()["UserPool"]["UserPoolTags"]["owner"], "ops");
}

#[test]
fn what_a_later_read_lacks_is_not_taken_away_by_the_write() {
    for (gone, setting) in [
        ("LambdaConfig", "LambdaConfig"),
        ("LambdaConfig.PostConfirmation", "LambdaConfig"),
        ("UserPoolTags.team", "UserPoolTags"),
        ("EmailConfiguration", "EmailConfiguration"),
    ] {
        let world = World::new(&[&format!("DescribeUserPool:move={gone}:null*1")]);
        let output = world.apply().expect(1);
        let told = format!("the answer lacks `{setting}`, which an earlier read of this run had");
        assert!(output.stderr.contains(&told), "{gone}\n{output}");
        assert_eq!(world.calls("UpdateUserPool"), 0, "{gone}\n{output}");
    }
}

#[test]
fn a_refusal_of_what_the_plan_does_not_change_says_so() {
    let world = World::with(&["UpdateUserPool:refuse=SignInHints"], |live| {
        live["UserPool"]["SignInHints"] = json!({"On": true})
    });
    assert_snapshot!(told(&world.apply().expect(1)));
    let stop = world.run(&["plan", "--unknown", "stop", "pool.yaml"]).output().expect(3);
    assert!(stop.stdout.contains("`--unknown stop` blocks the plan"), "{stop}");
    let omit = ["apply", "--yes", "--unknown", "omit", "--allow", "trigger-removal", "pool.yaml"];
    world.run(&omit).output().expect(0);
}

#[test]
fn a_refusal_of_what_the_plan_changes_is_the_services_own_word() {
    let world = World::new(&[]);
    world.workspace.write(
        "pool.yaml",
        "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings: { AutoVerifiedAttributes: [] }\n",
    );
    let before = world.live();
    let allow = ["--allow", "attribute-verification-off,rule:verification-before-update"];
    assert_snapshot!(told(&world.apply_with(&allow).expect(1)));
    assert_eq!(world.live(), before);
}

#[test]
fn another_account_is_refused_before_anything_is_read() {
    let world = World::new(&[]);
    world.workspace.write("pool.yaml", MANIFEST.replace("settings:", "account: \"999999999999\"\nsettings:"));
    assert_snapshot!(told(&world.apply().expect(3)));
    assert_eq!(world.calls("DescribeUserPool"), 0);
}

#[test]
fn an_id_that_is_none_is_an_error_before_any_call() {
    let world = World::new(&[]);
    world.workspace.write("pool.yaml", "version: 1\npool: customers\n");
    assert_snapshot!(told(&world.apply().expect(1)));
    assert_eq!(world.calls("DescribeUserPool") + world.calls("GetCallerIdentity"), 0);
}

#[test]
fn a_change_of_mfa_is_refused_and_its_echo_is_not() {
    let world = World::new(&[]);
    world.workspace.write("pool.yaml", format!("{MANIFEST}  MfaConfiguration: OFF\n"));
    assert_snapshot!(told(&world.apply().expect(3)));
    world.workspace.write("pool.yaml", format!("{MANIFEST}  MfaConfiguration: OPTIONAL\n"));
    world.apply().expect(0);
}

#[test]
fn nobody_approves_from_a_pipe_or_an_environment() {
    let world = World::new(&[]);
    let run = world
        .run(&["apply", "pool.yaml"])
        .env("POOLCTL_YES", "1")
        .env("POOLCTL_AUTO_APPROVE", "1")
        .stdin("yes\n");
    assert_snapshot!(told(&run.output().expect(64)));
    assert_eq!(world.writes(), 0);
}

/// Answers the question on a terminal of its own.
fn on_a_terminal(world: &World, answer: &str) -> Output {
    answered(world, &["apply", "--settle", "0", "pool.yaml"], answer)
}

#[test]
fn a_person_at_a_terminal_is_asked_and_only_yes_is_one() {
    let world = World::new(&[]);
    let output = on_a_terminal(&world, "maybe").expect(3);
    assert!(
        output
            .stdout
            .contains("Apply 2 changes to customers (eu-west-1_a1B2c3D4E)? Type `yes` to continue: "),
        "{output}"
    );
    assert!(output.stdout.contains("The answer was not `yes`. Nothing was written."), "{output}");
    assert_eq!(world.writes(), 0);
    let output = on_a_terminal(&world, "yes").expect(0);
    assert!(output.stdout.contains("\u{1b}[32m✓"), "{output}");
    assert_eq!(world.writes(), 1);
}

/// Starts an apply, sends it a signal once `operation` was called, and says how it ended.
fn signalled(world: &World, signal: &str, operation: &str) -> Option<i32> {
    interrupted(world, signal, operation, &[]).status.code()
}

#[test]
fn a_signal_before_the_first_write_ends_the_run_and_nothing_is_written() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 143)] {
        let world = World::new(&["DescribeUserPool:latency=30s"]);
        assert_eq!(signalled(&world, signal, "DescribeUserPool"), Some(code));
        assert_eq!(world.writes(), 0);
    }
}

#[test]
fn a_signal_while_a_throttled_write_waits_ends_the_run_with_nothing_written() {
    let world = World::new(&["UpdateUserPool:throttle"]);
    assert_eq!(signalled(&world, "-INT", "UpdateUserPool"), Some(130));
    assert_eq!(world.writes(), 1);
    assert_eq!(world.live()["UserPool"]["DeletionProtection"], "INACTIVE");
}

#[test]
fn a_signal_during_a_write_lets_it_finish() {
    for signal in ["-INT", "-HUP"] {
        let world = World::new(&["UpdateUserPool:latency=1s"]);
        assert_eq!(signalled(&world, signal, "UpdateUserPool"), Some(5));
        assert_eq!(world.live()["UserPool"]["DeletionProtection"], "ACTIVE");
        assert_eq!(world.backups().len(), 1);
    }
}

#[test]
fn a_signal_ends_a_run_that_waits_for_standard_input() {
    let workspace = Workspace::new();
    for (signal, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 143)] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_poolctl"));
        scrub_environment(&mut command, workspace.path());
        command.current_dir(workspace.path()).args(["plan", "--live", ".", "-"]);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let _open = child.stdin.take();
        // SIGHUP, SIGINT and SIGTERM are in the mask of what is caught once the program listens.
        let status = format!("/proc/{}/status", child.id());
        let deadline = Instant::now() + Duration::from_secs(30);
        let listens = || {
            let status = std::fs::read_to_string(&status).unwrap();
            let caught =
                status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap().trim().to_owned();
            u64::from_str_radix(&caught, 16).unwrap() & 0b100_0000_0000_0011 == 0b100_0000_0000_0011
        };
        while !listens() {
            assert!(Instant::now() < deadline, "it never listened");
            std::thread::yield_now();
        }
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        while child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < deadline, "{signal} did not end it");
            std::thread::yield_now();
        }
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
    }
}

#[test]
fn what_is_no_regular_file_is_refused_in_one_line() {
    let workspace = Workspace::new();
    workspace.write("pools/pool.yaml", MANIFEST);
    let made = workspace.program("mkfifo").args(["pools/pipe.yaml", "pipe.yaml"]).output().expect(0);
    assert_eq!(made.stderr, "");
    for (arguments, code, told) in [
        (&["plan", "--live", ".", "pipe.yaml"][..], 64, "`pipe.yaml` is not a regular file"),
        (&["plan", "--live", ".", "/dev/zero"], 64, "`/dev/zero` is not a regular file"),
        (&["plan", "--live", ".", "pools"], 1, "pools/pipe.yaml: not a regular file"),
        (&["restore", "/dev/zero"], 1, "`/dev/zero` is not a regular file"),
        (&["plan", "--api-model", "/dev/zero", "pools"], 1, "/dev/zero: it is larger than 16 MiB"),
    ] {
        let run = workspace.poolctl(arguments.iter().copied()).limit(Duration::from_secs(20));
        let output = run.output().expect(code);
        assert!(output.stderr.contains(told), "{output}");
        assert!(output.stderr.contains("help: "), "{output}");
    }
}

#[test]
fn a_member_name_that_no_document_can_carry_is_refused_wherever_it_comes_from() {
    let name = "$serde_json::private::Number";
    let workspace = Workspace::new();
    workspace.write("m.yaml", MANIFEST);
    let odd = json!({"UserPool": {"Id": POOL, "UserPoolTags": {name: "12", "team": "identity"}}});
    workspace.write(&format!("odd/{POOL}.json"), odd.to_string());
    workspace.write("backup.json", json!({"format_version": "1", "UserPool": odd["UserPool"]}).to_string());

    workspace.write(&format!("live/{POOL}.json"), json!({"UserPool": {"Id": POOL, "Name": "p"}}).to_string());
    for (file, section) in [
        ("tag.yaml", format!("settings: {{ UserPoolTags: {{ {name}: '12' }} }}")),
        ("setting.yaml", format!("settings: {{ {name}: '12' }}")),
        ("item.yaml", format!("settings: {{ Schema: [ {{ {name}: '12' }} ] }}")),
        ("new.yaml", format!("passthrough: {{ New: {{ '{name}': '12' }} }}")),
        ("deep.yaml", format!("passthrough: {{ New: [ {{ \"\\u0024{}\": 1 }} ] }}", &name[1..])),
    ] {
        workspace.write(file, format!("version: 1\npool: {POOL}\n{section}\n"));
        let output = workspace.poolctl(["plan", "--live", "live", file]).output().expect(1);
        let told = format!("poolctl cannot handle a member of the name `{name}`");
        assert!(output.stderr.contains(&told) && output.stderr.contains(file), "{output}");
    }
    for arguments in [
        &["plan", "--live", "odd", "m.yaml"] as &[&str],
        &["plan", "--sandbox", "--seed", "odd", "m.yaml"],
        &["restore", "--sandbox", "backup.json"],
    ] {
        let output = workspace.poolctl(arguments.iter().copied()).output().expect(1);
        let told = format!("has the member name `{name}`, which poolctl cannot handle");
        assert_eq!(output.stderr.matches(&told).count(), 1, "{output}");
    }
}

#[test]
fn hostile_manifests_end_in_one_error_at_once() {
    let laughs = (1..12).fold("a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, level| {
        let alias = format!("*a{}", level - 1);
        format!("{text}a{level}: &a{level} [{}]\n", [alias.as_str(); 9].join(", "))
    });
    let long =
        format!("version: 1\npool: eu-west-1_a\nsettings: {{ PoolName: \"{}\" }}\n", "x".repeat(900_000));
    let inner = |level: usize| if level == 0 { "1".to_owned() } else { format!("*a{}", level - 1) };
    let nest = (0..37).fold(String::new(), |text, level| {
        format!("{text}a{level}: &a{level} {}{}{}\n", "{x: ".repeat(58), inner(level), "}".repeat(58))
    });
    let opened: String = (0..55).map(|level| format!("&a{level} [")).collect();
    let anchors = format!("a: {opened}{}{}\n", vec!["x"; 98_000].join(","), "]".repeat(55));
    let members: String = (0..49_900).map(|number| format!("  k{number}: 1\n")).collect();
    let wide = format!("version: 1\npool: eu-west-1_a\npassthrough:\n{members}");
    let deep: String = (0..1_300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    for (name, text) in [
        ("aliases", laughs.into_bytes()),
        ("nested_aliases", nest.into_bytes()),
        ("anchors", anchors.into_bytes()),
        ("wide", wide.into_bytes()),
        ("scalar_10_mb", vec![b'x'; 10_000_000]),
        ("long_line", long.into_bytes()),
        ("deep_block", deep.into_bytes()),
        ("deep_flow", "[".repeat(10_000).into_bytes()),
        ("duplicate", b"version: 1\npool: eu-west-1_a\npool: eu-west-1_b\n".to_vec()),
        ("tag", b"version: !!int 1\npool: eu-west-1_a\n".to_vec()),
        ("nul", b"version: 1\npool: eu-west-1_\0a\n".to_vec()),
        ("not_utf8", b"version: 1\npool: eu-west-1_\xff\n".to_vec()),
        ("escape", b"version: 1\npool: \"\\e[31mred\"\n".to_vec()),
    ] {
        let workspace = Workspace::new();
        workspace.write("m.yaml", text);
        let run = workspace.poolctl(["plan", "--live", ".", "m.yaml"]).limit(Duration::from_secs(10));
        let output = run.output().expect(1);
        assert!(output.stderr.len() < 4_000, "{name}: {} bytes of error", output.stderr.len());
        assert!(!output.stderr.contains('\u{1b}'), "{name}");
        assert_snapshot!(format!("hostile_{name}"), told(&output));
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_output_quietly() {
    let world = World::new(&[]);
    let script = "\"$@\" | true; exit ${PIPESTATUS[0]}";
    let poolctl = env!("CARGO_BIN_EXE_poolctl");
    let run = world.workspace.program("bash").args([
        "-c",
        script,
        "-",
        poolctl,
        "plan",
        "--detailed-exitcode",
        "pool.yaml",
    ]);
    let output = run.signed().env("AWS_ENDPOINT_URL", world.url()).output().expect(2);
    assert_eq!(output.stderr, "");
}
