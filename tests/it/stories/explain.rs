//! `explain` as it is typed, and whether every code that a user can meet has its page.

use std::collections::BTreeSet;
use std::{env, fs};

use insta::assert_snapshot;
use poolctl::catalogue::Catalogue;
use poolctl::explain;
use poolctl::shapes::Shapes;
use regex::Regex;

use crate::harness::Workspace;
use crate::house::layers;

/// The names of pages that are codes.
fn codes() -> BTreeSet<String> {
    let topics = explain::topics(&Catalogue::new(Shapes::bundled())).into_iter();
    let is_code = |topic: &String| topic.chars().all(|c| c.is_ascii_lowercase() || "-0123456789".contains(c));
    topics.filter(is_code).collect()
}

/// What the first group of a pattern finds in a text.
fn found(pattern: &str, text: &str) -> Vec<String> {
    let pattern = Regex::new(pattern).unwrap();
    pattern.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

/// The code of the files that make findings, comments left out.
fn sources() -> String {
    let parts = ["manifest", "rules", "plan", "catalogue", "cli"];
    let files = parts.iter().flat_map(|part| layers::code(part));
    let files = files.filter(|(file, text)| !file.starts_with("src/cli") || text.contains("Diagnostic::"));
    // A run as single notices names what has no finding.
    let notices = layers::code("report").into_iter().filter(|(file, _)| file.ends_with("notices/mod.rs"));
    let files = files.chain(notices);
    let files = files.map(|(_, text)| text);
    let lines = |text: String| {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        code.map(|line| format!("{line}\n")).collect::<String>()
    };
    files.map(lines).collect()
}

#[test]
fn every_code_that_the_sources_emit_has_a_page_and_every_page_a_code() {
    let (codes, sources) = (codes(), sources());
    let mut emitted = BTreeSet::new();
    for pattern in [
        r#"Diagnostic::(?:error|of_file)\(\s*"([^"]+)""#,
        r#"Finding::new\(\s*[^,"]+,\s*"([^"]+)""#,
        // Closures and methods that fill in the rest, and take a message beside the code.
        r#"\berror\(\s*"([a-z0-9-]+)","#,
        r#"(?:exemptions|ignores)\("(\w+)""#,
        r#"list: "(\w+)""#,
    ] {
        let some = found(pattern, &sources);
        assert!(!some.is_empty(), "{pattern} finds nothing");
        emitted.extend(some);
    }
    assert!(emitted.len() > 40, "{emitted:?}");
    // A code may also be chosen first and passed on; then its form gives it away.
    let kebab = found(r#""([a-z0-9]+(?:-[a-z0-9]+)+)""#, &sources);
    // Kinds of settings, options, keys of poolctl.yaml, names of terms in the API, and tags of other tools.
    let others = [
        "crossplane-name",
        "read-only",
        "backup-dir",
        "ca-bundle",
        "endpoint-url",
        "external-id",
        "terms-of-use",
        "privacy-policy",
    ];
    emitted.extend(kebab.into_iter().filter(|name| !others.contains(&name.as_str())));
    let lacking: Vec<&String> = emitted.difference(&codes).collect();
    assert!(lacking.is_empty(), "no page explains {lacking:?}: add them to src/explain/codes.rs");
    for code in codes {
        assert!(sources.contains(&format!("\"{code}\"")), "nothing emits `{code}`, which has a page");
    }
}

#[test]
fn every_code_of_a_snapshot_has_a_page() {
    let codes = codes();
    let mut seen = BTreeSet::new();
    for folder in ["tests/it/stories/snapshots", "src/report/tests/snapshots"] {
        for file in fs::read_dir(folder).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            seen.extend(found(r"\b(?:error|warning)\[([a-z0-9-]+)\]", &text));
            seen.extend(found(r#""code": "([a-z0-9-]+)""#, &text));
        }
    }
    assert!(seen.len() > 20, "{seen:?}");
    let lacking: Vec<&String> = seen.difference(&codes).collect();
    assert!(lacking.is_empty(), "no page explains {lacking:?}");
}

#[test]
fn a_page_needs_nothing_but_its_name() {
    let workspace = Workspace::new();
    let page = workspace.poolctl(["explain", "AutoVerifiedAttributes"]).output().expect(0);
    assert_eq!(page.stderr, "");
    assert_snapshot!(page);
    assert_eq!(fs::read_dir(workspace.path()).unwrap().count(), 0, "{:?}", env::current_dir());
    let index = workspace.poolctl(["explain"]).output().expect(0);
    assert!(index.stdout.contains("\n    DeletionProtection "), "{index}");
}

#[test]
fn what_has_no_page_is_a_slip() {
    let workspace = Workspace::new();
    let miss = workspace.poolctl(["explain", "LambdaConfig.PreSignup"]).output().expect(64);
    assert_eq!(miss.stdout, "");
    assert_snapshot!("miss", miss);
    let hostile = workspace.poolctl(["explain", "a\u{1b}[31m"]).output().expect(64);
    assert!(!hostile.stderr.contains('\u{1b}'), "{hostile}");
    let json = workspace.poolctl(["explain", "--format", "json", "PolName"]).output().expect(64);
    assert_eq!(json.stdout, "");
}

#[test]
fn a_program_reads_the_same_pages() {
    let workspace = Workspace::new();
    let json = |topic: &[&'static str]| {
        let run = workspace.poolctl(["explain", "--format", "json"].iter().chain(topic).copied());
        run.output().expect(0)
    };
    assert_snapshot!("json_setting", json(&["Policies.PasswordPolicy.MinimumLength"]).raw);
    assert_snapshot!("json_code", json(&["required-member"]).raw);
    let index = json(&[]).json();
    let settings = index["pages"][0]["tables"][0]["rows"].as_array().unwrap();
    assert!(settings.iter().any(|row| row["name"] == "Policies"), "{index}");
}

#[test]
fn a_newer_model_explains_what_the_built_in_one_does_not_know() {
    let workspace = Workspace::new();
    let mut model: serde_json::Value =
        serde_json::from_str(include_str!("../../../schemas/cognito-idp.json")).unwrap();
    model["shapes"]["LambdaConfigType"]["members"]["RiskScoring"] = "CustomSMSLambdaVersionConfigType".into();
    workspace.write("model.json", model.to_string());
    let topic = ["explain", "LambdaConfig.RiskScoring.LambdaArn"];
    workspace.poolctl(topic).output().expect(64);
    let newer = workspace.poolctl([&topic[..], &["--api-model", "model.json"]].concat()).output().expect(0);
    assert!(newer.stdout.contains("an ARN"), "{newer}");
}
