//! The forms of a run as others read them: a renderer of Markdown, the parsers of Prometheus, a reader of JUnit, the
//! schema of SARIF, and what GitLab demands of an issue of Code Quality.

use std::sync::Arc;

use poolctl::catalogue::{Catalogue, Unknown};
use poolctl::document::{Json, Path, Snapshot};
use poolctl::manifest::{Diagnostic, Origin, SourceText};
use poolctl::plan::{Options, Plan};
use poolctl::report::{self, PoolOutcome, Run, RunEntry, RunKind, Stray, markdown, openmetrics};
use poolctl::rules::{Allows, Desired, Want};
use poolctl::shapes::Shapes;
use proptest::prelude::*;
use serde_json::json;

use crate::harness::Workspace;
use crate::harness::peers::{quality_mistakes, read_junit, read_metrics, render_markdown, sarif_mistakes};
use crate::properties::stage::check;

/// Text of what Markdown, HTML, GitHub and metrics stumble over.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = vec![
        "`",
        "``",
        "```",
        "````",
        "~~~",
        "<b>",
        "</details>",
        "</code>",
        "<img src=x onerror=a>",
        "<!--",
        "-->",
        "&lt;",
        "&#64;",
        "@octocat",
        "#12",
        "GH-3",
        "o/r#4",
        "https://a.example/b",
        "www.a.example",
        "a@b.example",
        "|",
        "\\",
        "**b**",
        "_i_",
        "~~s~~",
        "[a](https://b)",
        "![a](b)",
        "[^1]",
        "\n",
        "\r\n",
        "\n\n",
        "# h",
        "\n- i",
        "\n1. i",
        "\n> q",
        "\n    c",
        "\n---\n",
        "\"",
        "'",
        "{",
        "}",
        ",",
        " ",
        "  ",
        "\t",
        "\u{202e}",
        "\u{200b}",
        "\u{0}",
        "::error::",
        "%0A",
        "deadbeef",
        ":tada:",
        "a",
        "word ",
        "the ",
        "é",
        "漢",
    ];
    let piece = prop_oneof![8 => prop::sample::select(pieces).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// Texts for every place in a run that others fill.
fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(hostile(), 16)
}

/// A form that is written as it is made, as one text.
fn written(form: impl FnOnce(&mut dyn std::fmt::Write) -> std::fmt::Result) -> String {
    let mut out = String::new();
    form(&mut out).unwrap();
    out
}

/// Calls `tell` with a run in which each of these texts stands somewhere.
pub(super) fn told(
    catalogue: &Catalogue,
    texts: &[String],
    kind: RunKind,
    tell: impl Fn(&Run<'_>) -> String,
) -> String {
    let text = |at: usize| texts[at].clone();
    let pool = json!({
        "Name": text(0), "UserPoolTags": {text(1): text(2), "stage": text(3)}, "LambdaConfig": {"PreSignUp": text(4)},
        "VerificationMessageTemplate": {"EmailMessage": format!("a\n{}\nb\n{}", text(5), text(6))}, text(7): 1,
    });
    let source = Arc::new(SourceText::new(text(8), "a: b\n".to_owned()));
    let origin = Some(Origin { source, span: 3..4 });
    let want = |path: Path, value: Option<Json>| Want {
        path,
        value,
        lacks: None,
        origin: origin.clone(),
        file: None,
        is_secret: false,
    };
    let mail = format!("a\n{}\nb\n{}", text(9), text(6));
    let wants = vec![
        want(Path::members(["UserPoolTags", &text(10)]), Some(text(11).into())),
        want(Path::members(["UserPoolTags", "stage"]), Some(text(2).into())),
        want(Path::members(["LambdaConfig", "PreSignUp"]), None),
        want(Path::members(["VerificationMessageTemplate", "EmailMessage"]), Some(mail.into())),
    ];
    let options = Options {
        unknown: Unknown::Echo,
        today: time::macros::date!(2026 - 11 - 23),
        allows: Allows::default(),
        is_strict: false,
    };
    let plans = ["eu-west-1_a", "eu-west-1_b"].map(|id| {
        let desired = Desired { wants: wants.clone(), ..Desired::nothing(text(12), id.to_owned(), text(13)) };
        let live = Snapshot::of_pool(pool.as_object().cloned().unwrap());
        match kind {
            RunKind::Drift => Plan::drift(catalogue, live, &desired, &options),
            _ => Plan::new(catalogue, live, &desired, &options),
        }
    });
    let mut entries: Vec<RunEntry<'_>> =
        plans.iter().map(|plan| RunEntry::planned(&plan.report, 0)).collect();
    entries[1].end.outcome = PoolOutcome::Failed;
    entries[1].end.error = Some((text(14), Some(text(15))));
    let mut mistake = Diagnostic::of_file("code", &text(15), text(14)).help(text(13));
    mistake.label = origin.map(|origin| (origin, text(12)));
    let stray = Stray { id: text(11), name: Some(text(10)), region: text(9), findings: Vec::new() };
    let time = Some(time::macros::datetime!(2026-11-23 12:00 UTC));
    let run = Run { diagnostics: &[mistake], strays: &[stray], time, ..Run::new(kind, &entries) };
    tell(&run)
}

fn catalogue() -> Catalogue {
    Catalogue::new(Shapes::bundled())
}

#[test]
fn no_value_brings_an_element_or_a_mention_into_a_comment() {
    let (catalogue, workspace) = (catalogue(), Workspace::new());
    // A renderer takes its time to start, so it gets many at once, and none that is tried only to be smaller.
    check(2, &prop::collection::vec(texts(), 150).no_shrink(), |cases| {
        let comments: Vec<String> = cases
            .iter()
            .flat_map(|texts| {
                [RunKind::Plan, RunKind::Drift].map(|kind| told(&catalogue, texts, kind, markdown::comment))
            })
            .collect();
        let found = render_markdown(&workspace, &comments);
        match found.lines().next() {
            None => Ok(()),
            Some(line) => {
                let at: usize = line.split(':').next().unwrap().parse().unwrap();
                Err(format!("{line}\n{}", comments[at]))
            }
        }
    });
    let shown = render_markdown(&workspace, &["<!-- poolctl:plan -->\n\n<i>x</i> @octocat".to_owned()]);
    assert!(shown.contains("<i>") && shown.contains("@o"), "what is found is seen: {shown}");
}

#[test]
fn no_value_breaks_the_metrics_for_either_of_their_readers() {
    let (catalogue, workspace) = (catalogue(), Workspace::new());
    let none = openmetrics::Successes::default();
    // Like the renderer, the readers get all at once.
    check(1, &prop::collection::vec(texts(), 12).no_shrink(), |cases| {
        let metrics = |texts: &Vec<String>| {
            let tell = |run: &Run<'_>| openmetrics::openmetrics(run, &none);
            [RunKind::Plan, RunKind::Drift].map(|kind| told(&catalogue, texts, kind, tell))
        };
        let texts: Vec<String> = cases.iter().flat_map(metrics).collect();
        let read = read_metrics(&workspace, &texts);
        if read.len() != texts.len() {
            return Err(format!("{} of {} texts were read", read.len(), texts.len()));
        }
        for (text, samples) in texts.iter().zip(read) {
            let pools = samples.iter().filter(|sample| sample[0] == "poolctl_pool_errors").count();
            if pools != 2 {
                return Err(format!("{pools} pools in\n{text}"));
            }
        }
        Ok(())
    });
}

#[test]
fn every_log_is_one_by_the_schema_of_sarif() {
    let catalogue = catalogue();
    check(100, &texts(), |texts| {
        for kind in [RunKind::Plan, RunKind::Drift] {
            let log = told(&catalogue, texts, kind, |run| written(|out| report::sarif(run, out)));
            let wrong = sarif_mistakes(&serde_json::from_str(&log).unwrap());
            if !wrong.is_empty() {
                return Err(format!("{wrong:?}\n{log}"));
            }
        }
        Ok(())
    });
}

#[test]
fn every_report_is_one_that_gitlab_takes_issue_by_issue() {
    let catalogue = catalogue();
    check(100, &texts(), |texts| {
        // A file has a name.
        let name = |(at, text): (usize, &String)| {
            if [8, 12].contains(&at) { format!("f{text}") } else { text.clone() }
        };
        let texts: Vec<String> = texts.iter().enumerate().map(name).collect();
        for kind in [RunKind::Plan, RunKind::Drift] {
            let report = told(&catalogue, &texts, kind, |run| written(|out| report::codequality(run, out)));
            let wrong = quality_mistakes(&serde_json::from_str(&report).unwrap());
            if !wrong.is_empty() {
                return Err(format!("{wrong:?}\n{report}"));
            }
        }
        Ok(())
    });
}

#[test]
fn no_value_ends_an_element_of_a_junit_report_or_adds_a_case() {
    let (catalogue, workspace) = (catalogue(), Workspace::new());
    check(2, &prop::collection::vec(texts(), 100).no_shrink(), |cases| {
        let report = |texts: &Vec<String>| {
            [RunKind::Plan, RunKind::Drift].map(|kind| told(&catalogue, texts, kind, report::junit))
        };
        let reports: Vec<String> = cases.iter().flat_map(report).collect();
        let read = read_junit(&workspace, &reports);
        if read.len() != reports.len() {
            return Err(format!("{} of {} reports were read", read.len(), reports.len()));
        }
        for (suites, report) in read.iter().zip(&reports) {
            let suite = &suites[0];
            let ends: Vec<usize> = suite["cases"]
                .as_array()
                .unwrap()
                .iter()
                .map(|case| case["results"].as_array().unwrap().len())
                .collect();
            // The mistake in a file is a case, unless that is a pool's; then there are both pools, and the stray.
            let is_whole = ends.len() == 4 || ends.len() == 3;
            let is_counted = suite["stated"] == suite["counted"];
            if !is_whole || !is_counted || suites[1].is_object() || ends.iter().any(|end| *end > 1) {
                return Err(format!("{suites}\n{report}"));
            }
        }
        Ok(())
    });
}

/// A line that is no command is told as it is, and one that is another command would be obeyed.
#[test]
fn no_value_is_a_workflow_command() {
    let catalogue = catalogue();
    let command = regex::Regex::new(r"^::(error|warning|notice) [^:\n]*::").unwrap();
    check(200, &texts(), |texts| {
        let text = told(&catalogue, texts, RunKind::Plan, report::github);
        match text.lines().find(|line| !command.is_match(line)) {
            None => Ok(()),
            Some(line) => Err(format!("{line:?}\n{text}")),
        }
    });
}
