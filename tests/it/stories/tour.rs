//! The tour for newcomers, `examples/quickstart/tour.sh`: in a pipe and at a terminal, to its end and interrupted.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::{env, fs};

use regex::Regex;

use crate::harness::peers;
use crate::harness::{Output, Run, Workspace};

/// What the tour needs where there is no AWS CLI.
const TOOLS: &[&str] = &[
    "awk", "bash", "cat", "cp", "curl", "diff", "dirname", "env", "grep", "mkfifo", "mktemp", "rm", "sed",
    "sort", "tail", "tr",
];

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/quickstart/tour.sh")
}

/// The program with nothing to build, and a temporary folder of its own.
fn prepared<'a>(workspace: &'a Workspace, program: &Path) -> Run<'a> {
    let temporary = workspace.path().join("tmp");
    fs::create_dir(&temporary).unwrap();
    let run = workspace.program(program).env("POOLCTL", env!("CARGO_BIN_EXE_poolctl"));
    run.env("TMPDIR", temporary.to_str().unwrap())
}

/// A run of the tour in a pipe, with the programs in these folders.
fn tour<'a>(workspace: &'a Workspace, path: &str) -> Run<'a> {
    prepared(workspace, &script()).env("PATH", path)
}

/// The output of the tour at a terminal, where the keys are typed once the mark appears.
fn at_a_terminal(workspace: &Workspace, mark: &str, keys: &str) -> Output {
    let run = prepared(workspace, Path::new("python3")).env("TERM", "xterm-256color");
    run.on_a_terminal(80, (mark, keys), script().to_str().unwrap()).output()
}

/// PATH with these folders in front.
fn path_with(folders: &[&Path]) -> String {
    let rest = env::split_paths(&env::var_os("PATH").unwrap()).collect::<Vec<_>>();
    let all = folders.iter().map(|folder| folder.to_path_buf()).chain(rest);
    env::join_paths(all).unwrap().into_string().unwrap()
}

/// A folder with links to these programs and to no other.
fn only(workspace: &Workspace, programs: &[&str]) -> PathBuf {
    let folder = workspace.path().join("bin");
    fs::create_dir(&folder).unwrap();
    let path = env::var_os("PATH").unwrap();
    for program in programs {
        let found = env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file());
        let found = found.unwrap_or_else(|| panic!("`{program}` is not on the PATH"));
        std::os::unix::fs::symlink(found, folder.join(program)).unwrap();
    }
    folder
}

/// The sandbox has ended, and the temporary folder is empty.
#[track_caller]
fn assert_nothing_is_left(workspace: &Workspace, output: &Output) {
    let port = Regex::new(r"http://(127\.0\.0\.1:\d+)").unwrap();
    let address = &port.captures(&output.raw).unwrap()[1];
    assert!(TcpStream::connect(address).is_err(), "the sandbox at {address} still runs");
    let left = fs::read_dir(workspace.path().join("tmp")).unwrap().count();
    assert_eq!(left, 0, "left in the temporary folder\n{output}");
}

/// The tour has come to its end with the expected results.
#[track_caller]
fn assert_complete(workspace: &Workspace, output: &Output) {
    let text = output.stdout.replace("\x1b[1m", "").replace("\x1b[1;36m", "").replace("\x1b[0m", "");
    let chapters = text.lines().filter(|line| line.starts_with("== ")).count();
    assert_eq!(chapters, 7, "{output}");
    for line in [
        "    LambdaConfig.PostConfirmation  arn:…:welcome → (gone)",
        "    AutoVerifiedAttributes[0]  \"email\" → (gone)",
        "    DeviceConfiguration.ChallengeRequiredOnNewDevice  true → (gone)",
        "    MfaConfiguration  \"OPTIONAL\" → \"OFF\"",
        "pools/customers.yaml",
        "Plan: 1 pool to update. 2 changes, 2 notes.",
        "    LambdaConfig.PreSignUp  arn:…:check-domain → arn:…:check-invitation",
        "    Policies.PasswordPolicy.MinimumLength  8 → 12",
        "Drift: 1 of 1 pool. 1 setting differs, 1 unmanaged setting, 1 note.",
        "No drift. The pool is as declared.",
        "To accept the risk: --allow password-policy-weaker",
        "    LambdaConfig.PreAuthentication  (absent) → arn:…:check-country",
        "        \"https://app.example.com/callback\" → (gone)",
        "    PreventUserExistenceErrors  \"ENABLED\" → \"LEGACY\"",
    ] {
        assert!(text.lines().any(|printed| printed == line), "missing: {line}\n{output}");
    }
    assert!(!text.contains("LastModifiedDate"), "{output}");
    // The call with a part of the settings changes seven, and poolctl the one that is declared.
    let (_, client) = text.split_once("\n== 6.").unwrap();
    let (partial, complete) = client.split_once("has put the client back").unwrap();
    let changes = |text: &str| text.matches(" → ").count();
    assert_eq!((changes(partial), changes(complete)), (7, 1), "{output}");
    assert!(complete.contains("\n    AuthSessionValidity  3 → 5\n"), "{output}");
    let (first, _) = text.split_once("\n== 2.").unwrap();
    let (_, last) = text.split_once("\nOne setting now differs").unwrap();
    for line in first.lines().chain(last.lines()) {
        assert!(line.chars().count() <= 80, "wider than a terminal: {line}\n{output}");
    }
    assert_nothing_is_left(workspace, output);
}

#[test]
fn the_tour_runs_with_the_aws_cli() {
    let workspace = Workspace::new();
    let path = path_with(&[peers::aws_cli().parent().unwrap()]);
    let output = tour(&workspace, &path).output().expect(0);
    assert!(output.stdout.contains("$ aws --endpoint-url http://127.0.0.1:[PORT] cognito-idp"), "{output}");
    assert_complete(&workspace, &output);
}

#[test]
fn the_tour_runs_with_curl_where_there_is_no_aws_cli() {
    let workspace = Workspace::new();
    let bin = only(&workspace, TOOLS);
    let run = tour(&workspace, bin.to_str().unwrap());
    // Whatever the caller's environment says, the tour stays on the sandbox.
    let run = run.env("AWS_PROFILE", "production").env("POOLCTL_ENDPOINT_URL", "http://127.0.0.1:9");
    let output = run.output().expect(0);
    assert!(output.stdout.contains("$ curl "), "{output}");
    assert_complete(&workspace, &output);
    assert!(!output.stdout.contains('\x1b'), "colours in a pipe\n{output}");
    assert_eq!(output.stdout.matches("$ poolctl apply").count(), 3, "{output}");
    let lines = output.stdout.lines().count() + output.stderr.lines().count();
    assert!(lines <= 190, "{lines} lines are too many to read\n{output}");
}

#[test]
fn the_tour_asks_at_a_terminal_and_goes_on_after_either_answer() {
    for (answer, applies) in [("yes", 3), ("no", 4)] {
        let workspace = Workspace::new();
        let output = at_a_terminal(&workspace, r"$ poolctl apply\x1b[0m", &format!("{answer}\\n")).expect(0);
        assert_complete(&workspace, &output);
        assert!(output.stdout.contains("\x1b[1;36m== 1."), "no colours at a terminal\n{output}");
        assert_eq!(output.stdout.matches("$ poolctl apply").count(), applies, "{output}");
        assert_eq!(output.stdout.contains("Nothing was written"), answer == "no", "{output}");
    }
}

#[test]
fn the_tour_leaves_nothing_behind_when_it_is_interrupted() {
    for mark in ["$ poolctl import", r"$ poolctl apply\x1b[0m"] {
        let workspace = Workspace::new();
        let output = at_a_terminal(&workspace, mark, r"\x03").expect(130);
        assert!(!output.stdout.contains("== 4."), "{output}");
        assert_nothing_is_left(&workspace, &output);
    }
}

#[test]
fn the_tour_stops_at_the_first_result_that_is_not_as_expected() {
    let workspace = Workspace::new();
    let fake = r#"#!/bin/sh
[ "$1" = plan ] && exit 1
exec "$REAL" "$@"
"#;
    let program = workspace.write("poolctl", fake);
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&program, mode).unwrap();
    let run = tour(&workspace, &path_with(&[]));
    // A path that is relative to the caller's folder.
    let run = run.env("POOLCTL", "./poolctl").env("REAL", env!("CARGO_BIN_EXE_poolctl"));
    let output = run.output().expect(1);
    assert!(output.stderr.contains("tour: `poolctl plan` exited with 1 instead of 0"), "{output}");
    assert!(!output.stdout.contains("== 4."), "{output}");
    assert_nothing_is_left(&workspace, &output);
}
