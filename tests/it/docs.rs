//! What the documents say is so: outputs are real, commands run, tables agree, named files exist.

use std::collections::BTreeSet;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::{env, fs};

use poolctl::catalogue::Catalogue;
use regex::Regex;
use serde_json::Value;

use crate::harness::{Output, Run, Workspace};
use crate::peers;

const POOL: &str = "eu-west-1_a1B2c3D4E";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// The fenced blocks of a language, each without its fences.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("\n```{language}\n");
    text.split(&fence).skip(1).map(|rest| &rest[..=rest.find("\n```").unwrap()]).collect()
}

/// A folder with the examples in it, as in a fresh clone.
fn clone() -> Workspace {
    let workspace = Workspace::new();
    for file in ["customers.yaml", "live/eu-west-1_a1B2c3D4E.json"] {
        let name = format!("examples/quickstart/{file}");
        workspace.write(&name, fs::read(root().join(&name)).unwrap());
    }
    workspace
}

/// PATH with these folders in front.
fn path_with(folders: &[&Path]) -> String {
    let rest = env::split_paths(&env::var_os("PATH").unwrap()).collect::<Vec<_>>();
    let all = folders.iter().map(|folder| folder.to_path_buf()).chain(rest);
    env::join_paths(all).unwrap().into_string().unwrap()
}

/// The pool as the sandbox in this folder keeps it.
fn pool_of(workspace: &Workspace, folder: &str) -> Value {
    let text = fs::read(workspace.path().join(folder).join(format!("{POOL}.json"))).unwrap();
    let mut document: Value = serde_json::from_slice(&text).unwrap();
    document["UserPool"].take()
}

#[test]
fn the_exit_codes_of_the_readme_are_those_of_the_help() {
    let help = Workspace::new().poolctl(["--help"]).output().expect(0).stdout;
    let (_, help) = help.split_once("Exit codes:\n").unwrap();
    // What is too long for a terminal goes on in the next line.
    let help = help.replace("\n      ", " ");
    let row = Regex::new(r"^  (\d+(?:, \d+)*) +(.+)$").unwrap();
    let told: Vec<String> = help
        .lines()
        .map_while(|line| row.captures(line))
        .map(|row| format!("| {} | {} |", &row[1], &row[2]))
        .collect();
    assert!(told.len() >= 8, "{told:?}");
    let table = format!("| code | meaning |\n|---|---|\n{}\n\n", told.join("\n"));
    assert!(page("README.md").contains(&table), "README.md should have\n{table}");
}

#[test]
fn the_risks_of_the_page_about_manifests_are_those_of_the_catalogue() {
    let page = page("docs/manifest.md");
    let (_, section) = page.split_once("These block").unwrap();
    let (section, _) = section.split_once("\n\n`--allow").unwrap();
    let (block, speak) = section.split_once("These are reported but do not block:").unwrap();
    let code = Regex::new(r"`([a-z]+-[a-z-]+)`").unwrap();
    for (text, blocks) in [(block, true), (speak, false)] {
        let named: Vec<&str> = code.captures_iter(text).map(|found| found.get(1).unwrap().as_str()).collect();
        let risks = Catalogue::risks().iter().filter(|risk| risk.blocks == blocks);
        assert_eq!(named, risks.map(|risk| risk.code).collect::<Vec<_>>());
    }
}

/// The calls of a run that `-v` tells of, as the actions of a policy.
fn called(output: &Output) -> BTreeSet<String> {
    let call = Regex::new(r"(?m)^([A-Z][A-Za-z]+) eu-west-1_\w+: ").unwrap();
    call.captures_iter(&output.stderr).map(|call| format!("cognito-idp:{}", &call[1])).collect()
}

/// The actions on pools that a policy allows.
fn allowed(policy: &str) -> BTreeSet<String> {
    let policy: Value = serde_json::from_str(policy).unwrap();
    let statements = policy["Statement"].as_array().unwrap();
    let actions =
        statements.iter().flat_map(|statement| statement["Action"].as_array().into_iter().flatten());
    actions.map(|action| action.as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_policies_of_the_page_about_permissions_allow_the_calls_that_are_made_and_no_others() {
    let page = page("docs/permissions.md");
    let workspace = clone();
    let run = |command: &[&'static str]| -> Output {
        let rest =
            ["-v", "--sandbox", "--seed", "examples/quickstart/live", "examples/quickstart/customers.yaml"];
        workspace.poolctl(command.iter().copied().chain(rest)).output().expect(0)
    };
    let policies: Vec<_> = blocks(&page, "json").into_iter().map(allowed).collect();
    assert_eq!(policies, [called(&run(&["plan"])), called(&run(&["apply", "--yes"]))]);
}

#[test]
fn one_pool_that_cannot_be_read_keeps_all_from_being_written() {
    let workspace = clone();
    let manifest = fs::read_to_string(workspace.path().join("examples/quickstart/customers.yaml")).unwrap();
    workspace.write("pools/a.yaml", &manifest);
    workspace.write("pools/b.yaml", manifest.replace(POOL, "eu-west-1_gone"));
    let apply = ["apply", "--yes", "--sandbox", "--seed", "examples/quickstart/live"];
    let output = workspace.poolctl(apply).output().expect(1);
    assert!(output.stderr.contains("eu-west-1_gone"), "{output}");
    assert_eq!(pool_of(&workspace, ".poolctl/sandbox")["DeletionProtection"], "INACTIVE", "{output}");
}

#[test]
fn every_file_that_a_document_names_is_there() {
    let named = Regex::new(r"`((?:src|tests|examples|schemas|\.ci)/[^`\s]*)`|\]\(([^)#:]+)\)").unwrap();
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/guarantees.md"]
    {
        let text = fs::read_to_string(root().join(document)).unwrap();
        for found in named.captures_iter(&text) {
            let name = found.get(1).or(found.get(2)).unwrap().as_str();
            let folder = root().join(document);
            let is_there = root().join(name).exists() || folder.parent().unwrap().join(name).exists();
            assert!(is_there, "{document} names {name}, which is not there");
        }
    }
}

/// The built-in model says what the pinned botocore says, by the command that CONTRIBUTING.md names.
#[test]
fn the_built_in_model_is_that_of_the_pinned_botocore() {
    let workspace = Workspace::new();
    let python = peers::aws_cli().with_file_name("python");
    let script = root().join("schemas/refresh.py");
    let output = workspace.program(python).args([script.to_str().unwrap(), "--check"]).output().expect(0);
    assert!(output.stdout.starts_with("cognito-idp.json says what "), "{output}");
}

/// A run of the tour from an empty folder, with nothing to build.
fn tour<'a>(workspace: &'a Workspace, path: &str) -> Run<'a> {
    fs::create_dir(workspace.path().join("tmp")).unwrap();
    let run = workspace.program(root().join("examples/quickstart/tour.sh")).env("PATH", path);
    let temporary = workspace.path().join("tmp");
    run.env("POOLCTL", env!("CARGO_BIN_EXE_poolctl")).env("TMPDIR", temporary.to_str().unwrap())
}

/// The tour told its story to the end, and left nothing behind.
fn assert_told(workspace: &Workspace, output: &Output) {
    let text = &output.stdout;
    let chapters = text.lines().filter(|line| line.starts_with("== ")).count();
    assert_eq!(chapters, 7, "{output}");
    for line in [
        r#"    - LambdaConfig.PostConfirmation "arn:aws:lambda:eu-west-1:111122223333:function:welcome""#,
        "    - AutoVerifiedAttributes[] \"email\"",
        "    - DeviceConfiguration.ChallengeRequiredOnNewDevice true",
        "Plan: 1 pool to update. 8 changes, 1 notice.",
        "✓ customers  eu-west-1_a1B2c3D4E  UpdateUserPool: 8 changes applied and verified",
        "No changes. The pool is as declared.",
        "Plan: 1 pool to update. 1 change.",
        "✓ customers  eu-west-1_a1B2c3D4E  UpdateUserPool: 1 change applied and verified",
        "    DeletionProtection \"ACTIVE\"",
        r#"    LambdaConfig.PostConfirmation "arn:aws:lambda:eu-west-1:111122223333:function:welcome-2""#,
    ] {
        assert!(text.lines().any(|said| said == line), "missing: {line}\n{output}");
    }
    let port = Regex::new(r"http://(127\.0\.0\.1:\d+)").unwrap();
    let address = &port.captures(&output.raw).unwrap()[1];
    assert!(TcpStream::connect(address).is_err(), "the sandbox at {address} is still there");
    assert!(!text.contains('\x1b'), "colours in a pipe\n{output}");
    assert_eq!(
        fs::read_dir(workspace.path().join("tmp")).unwrap().count(),
        0,
        "left in the temporary folder"
    );
}

#[test]
fn the_tour_runs_with_the_aws_cli() {
    let workspace = Workspace::new();
    let path = path_with(&[peers::aws_cli().parent().unwrap()]);
    let output = tour(&workspace, &path).output().expect(0);
    assert!(output.stdout.contains("$ aws --endpoint-url http://127.0.0.1:[PORT] cognito-idp"), "{output}");
    assert_told(&workspace, &output);
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

/// What the tour needs where there is no AWS CLI.
const TOOLS: &[&str] = &[
    "awk", "bash", "cat", "cmp", "cp", "curl", "cut", "diff", "dirname", "env", "grep", "mkfifo", "mktemp",
    "rm", "sed", "sort", "tail",
];

#[test]
fn the_tour_runs_with_curl_where_there_is_no_aws_cli() {
    let workspace = Workspace::new();
    let bin = only(&workspace, TOOLS);
    let run = tour(&workspace, bin.to_str().unwrap());
    // Whatever the caller's environment says, the tour stays on the sandbox.
    let run = run.env("AWS_PROFILE", "production").env("POOLCTL_ENDPOINT_URL", "http://127.0.0.1:9");
    let output = run.output().expect(0);
    assert!(output.stdout.contains("$ curl "), "{output}");
    assert_told(&workspace, &output);
}

#[test]
fn the_tour_stops_at_the_first_thing_that_is_not_as_told() {
    let workspace = Workspace::new();
    let script = r#"#!/bin/sh
[ "$1" = plan ] && exit 1
exec "$REAL" "$@"
"#;
    let program = workspace.write("poolctl", script);
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&program, mode).unwrap();
    let run = tour(&workspace, &path_with(&[]));
    let run = run.env("POOLCTL", program.to_str().unwrap()).env("REAL", env!("CARGO_BIN_EXE_poolctl"));
    let output = run.output().expect(1);
    assert!(
        output.stderr.contains("tour: `poolctl plan examples/quickstart/customers.yaml` ended with 1"),
        "{output}"
    );
    assert!(!output.stdout.contains("== 3."), "{output}");
    assert_eq!(fs::read_dir(workspace.path().join("tmp")).unwrap().count(), 0);
}
