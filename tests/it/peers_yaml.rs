//! What is written as YAML, read by readers that others wrote: of YAML 1.1 and of 1.2.

use std::fmt::Write as _;

use poolctl::document::Json;
use poolctl::manifest::write::{self, Yaml};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::json;

use crate::harness::Workspace;
use crate::peers::run_yaml_readers;
use crate::properties_yaml::trees;

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
    assert_read_alike(&values);
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

/// Writes the values, has every reader read them, and fails where one reads something else.
#[track_caller]
pub(crate) fn assert_read_alike(values: &[Json]) {
    let workspace = Workspace::new();
    let mut cases = String::new();
    for value in values {
        let case = json!({"text": write::to_string(&Yaml::from(value)), "value": value.to_string()});
        writeln!(cases, "{case}").unwrap();
    }
    let told = run_yaml_readers(&workspace, &cases);
    assert_eq!(told, "", "{} of {} are read as something else", told.lines().count(), values.len());
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
