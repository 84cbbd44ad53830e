//! What is written as YAML, read by readers that others wrote: of YAML 1.1 and of 1.2.

use std::fmt::Write as _;

use poolctl::catalogue::Catalogue;
use poolctl::document::Json;
use poolctl::import::{self, Header};
use poolctl::manifest::write::{self, Yaml};
use poolctl::manifest::yaml;
use poolctl::shapes::Shapes;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::json;

use crate::harness::Workspace;
use crate::harness::peers::run_yaml_readers;
use crate::properties::live::pools;
use crate::properties::yaml::trees;

/// How many trees are read.
const CASES: usize = 4000;

#[test]
fn what_is_written_reads_the_same_to_everyone() {
    let config = Config { rng_seed: RngSeed::Fixed(20_261_123), ..Config::default() };
    let mut runner = TestRunner::new(config);
    let trees = trees();
    let values: Vec<Json> = std::iter::repeat_with(|| trees.new_tree(&mut runner).unwrap().current())
        .filter(|value| !has_exponent(value))
        .take(CASES)
        .collect();
    assert_read_alike(values.iter().map(|value| (write::to_string(&Yaml::from(value)), value.clone())));
}

#[test]
fn what_is_imported_reads_the_same_to_everyone() {
    let shapes = Shapes::bundled();
    let catalogue = Catalogue::new(shapes.clone());
    let config = Config { rng_seed: RngSeed::Fixed(20_261_123), ..Config::default() };
    let mut runner = TestRunner::new(config);
    let pools = pools(&shapes);
    let manifests =
        std::iter::repeat_with(|| pools.new_tree(&mut runner).unwrap().current()).take(200).map(|live| {
            let frame = Header { pool: "eu-west-1_a1B2c3D4E".to_owned(), ..Header::default() };
            let text = import::draft(&catalogue, &live, &frame, &import::ImportOptions::default()).text();
            let value = yaml::parse("m.yaml", text.as_bytes()).unwrap().0.to_json();
            (text, value)
        });
    assert_read_alike(manifests.filter(|(_, value)| !has_exponent(value)));
}

#[test]
fn a_reader_that_reads_something_else_is_noticed() {
    let workspace = Workspace::new();
    let case = json!({"text": "a: ON\nb: 0o17\n", "value": "{\"a\": \"ON\", \"b\": \"0o17\"}"});
    let told = run_yaml_readers(&workspace, &format!("{case}\n"));
    let readers: Vec<&str> =
        told.lines().map(|line| if line.contains("pyyaml") { "1.1" } else { "1.2" }).collect();
    assert_eq!(readers, ["1.1", "1.2"], "{told}");
}

/// Has every reader read the texts, and fails where one reads another value.
#[track_caller]
fn assert_read_alike(cases: impl Iterator<Item = (String, Json)>) {
    let workspace = Workspace::new();
    let mut lines = String::new();
    for (text, value) in cases {
        writeln!(lines, "{}", json!({"text": text, "value": value.to_string()})).unwrap();
    }
    let told = run_yaml_readers(&workspace, &lines);
    assert_eq!(told, "", "{} of {} are read as something else", told.lines().count(), lines.lines().count());
    assert!(lines.lines().count() >= 100, "only {} texts were read", lines.lines().count());
}

/// A number with an exponent keeps the text that JSON gives it, in which YAML 1.1 sees no number. No
/// setting has one.
fn has_exponent(value: &Json) -> bool {
    match value {
        Json::Number(number) => number.to_string().contains(['e', 'E']),
        Json::Array(elements) => elements.iter().any(has_exponent),
        Json::Object(members) => members.values().any(has_exponent),
        _ => false,
    }
}
