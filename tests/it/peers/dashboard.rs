//! The dashboard and the alerts for the metrics of a drift, asked of a Prometheus that has scraped them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use regex::Regex;
use serde_json::{Value, json};

use crate::harness::Workspace;
use crate::harness::peers::{ask_prometheus, prometheus};

const DASHBOARD: &str = include_str!("../../../examples/ci/grafana-dashboard.json");
const ALERTS: &str = "examples/ci/prometheus-alerts.yml";

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The folder with Prometheus' programs. Where there is none, the test has nothing to ask, and says so.
fn programs() -> Option<PathBuf> {
    let found = prometheus();
    if found.is_none() {
        eprintln!("skipped: this machine has no `prometheus`, `promtool` and `prometheus-node-exporter`");
    }
    found
}

/// What a panel asks, for every value of the variables.
fn expressions(dashboard: &Value) -> Vec<String> {
    let variable = Regex::new(r"\$(run|region|pool)\b").unwrap();
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let targets = panels.flat_map(|panel| panel["targets"].as_array().unwrap());
    targets.map(|target| variable.replace_all(target["expr"].as_str().unwrap(), ".*").into_owned()).collect()
}

/// A drift over a pool that differs and breaks a rule, and one that cannot be read.
fn drift(workspace: &Workspace) -> String {
    let live = source("examples/quickstart/live").display().to_string();
    let manifest = std::fs::read_to_string(source("examples/quickstart/customers.yaml")).unwrap();
    workspace.write("customers.yaml", manifest);
    workspace
        .write("gone.yaml", "version: 1\npool: eu-west-1_Gone\nsettings: { DeletionProtection: ACTIVE }\n");
    let rule = "require: [{ name: long-passwords, path: Policies.PasswordPolicy.MinimumLength, min: 99 }]\n";
    workspace.write("poolctl.yaml", rule);
    workspace.write("metrics/README", "");
    let arguments = ["drift", "--live", &live, "--out", "openmetrics=metrics/poolctl.prom"];
    workspace.poolctl(arguments.into_iter().chain(["customers.yaml", "gone.yaml"])).output().expect(1);
    std::fs::read_to_string(workspace.path().join("metrics/poolctl.prom")).unwrap()
}

#[test]
fn every_panel_of_the_dashboard_shows_something_of_a_drift_that_was_scraped() {
    let dashboard: Value = serde_json::from_str(DASHBOARD).unwrap();
    let expressions = expressions(&dashboard);
    let workspace = Workspace::new();
    let metrics = drift(&workspace);
    let names = Regex::new(r"poolctl_\w+").unwrap();
    let names = names.find_iter(DASHBOARD).map(|name| name.as_str());
    let missing: BTreeSet<&str> =
        names.filter(|name| !metrics.contains(&format!("# TYPE {name} gauge\n"))).collect();
    assert_eq!(missing, BTreeSet::new(), "poolctl writes each metric");
    let variables = dashboard["templating"]["list"].as_array().unwrap().iter();
    let variables: BTreeSet<&str> = variables.map(|variable| variable["name"].as_str().unwrap()).collect();
    let used = Regex::new(r"\$\{?(\w+)").unwrap();
    let used: BTreeSet<&str> =
        used.captures_iter(DASHBOARD).map(|name| name.get(1).unwrap().as_str()).collect();
    assert_eq!(used.difference(&variables).collect::<Vec<_>>(), [&"__all"], "each variable is defined");
    let Some(programs) = programs() else { return };
    let found = ask_prometheus(
        &workspace,
        &json!({"programs": programs, "files": "metrics", "alerts": source(ALERTS), "expressions": expressions}),
    );
    for (expression, samples) in expressions.iter().zip(found["samples"].as_array().unwrap()) {
        assert!(samples.as_array().is_some_and(|samples| !samples.is_empty()), "{expression}\n{samples}");
    }
    let value = |panel: usize| &found["samples"][panel][0][1];
    assert_eq!([value(0), value(1), value(2)], [2.0, 1.0, 1.0], "pools, those that differ, those not read");
    let alerts = json!({
        "CognitoPoolDrifted": ["ok", "pending"], "CognitoPoolUnreadable": ["ok", "pending"],
        "CognitoPoolBreaksRule": ["ok", "pending"],
        "CognitoPoolNotLookedAt": ["ok", "inactive"], "PoolctlManifestsWrong": ["ok", "inactive"],
        "PoolctlNotRun": ["ok", "inactive"],
    });
    assert_eq!(found["alerts"], alerts);
    // The panel of alerts has the names of all of them.
    let shown = expressions.iter().find_map(|one| one.split("alertname=~\"").nth(1)?.split('"').next());
    let shown = Regex::new(&format!("^(?:{})$", shown.unwrap())).unwrap();
    assert!(alerts.as_object().unwrap().keys().all(|name| shown.is_match(name)), "{shown}");
}

#[test]
fn the_alerts_fire_when_they_should_and_not_before() {
    let Some(programs) = programs() else { return };
    let workspace = Workspace::new();
    let alerts = std::fs::read_to_string(source(ALERTS)).unwrap();
    let cases = std::fs::read_to_string(source("tests/peers/alerts.test.yml")).unwrap();
    workspace.write(&format!("a/b/{ALERTS}"), &alerts);
    workspace.write("a/b/tests/peers/alerts.test.yml", cases);
    let play = || {
        let run = workspace.program(programs.join("promtool"));
        run.args(["test", "rules", "a/b/tests/peers/alerts.test.yml"]).output()
    };
    play().expect(0);
    // The cases see a wrong time.
    for (from, to) in [("for: 2h", "for: 1h"), ("> 24 * 3600", "> 25 * 3600")] {
        workspace.write(&format!("a/b/{ALERTS}"), alerts.replacen(from, to, 1));
        play().expect(1);
    }
}
