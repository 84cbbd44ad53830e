//! What the documents say is so: outputs are real, commands run, tables agree, named files exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use poolctl::catalogue::Catalogue;
use poolctl::document::DocumentId;
use regex::Regex;
use serde_json::Value;

use crate::harness::peers;
use crate::harness::{Output, Workspace};

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

#[test]
fn the_page_about_manifests_has_each_branch_that_can_be_watched() {
    let page = page("docs/manifest.md");
    let (_, row) = page.split_once("\n| `watch` |").unwrap();
    let (_, listed) = row.lines().next().unwrap().split_once("Possible are ").unwrap();
    let name = Regex::new("`([a-zA-Z]+)`").unwrap();
    let listed: BTreeSet<&str> =
        name.captures_iter(listed).map(|found| found.get(1).unwrap().as_str()).collect();
    assert_eq!(listed, DocumentId::LABELLED.iter().map(DocumentId::name).collect());
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
fn every_file_that_a_document_names_is_there() {
    let named = Regex::new(r"`((?:src|tests|examples|schemas|\.ci)/[^`\s]*)`|\]\(([^)#:]+)\)").unwrap();
    for document in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/guarantees.md",
        "examples/ci/README.md",
    ] {
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
