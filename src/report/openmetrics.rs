//! Metrics of a run, for Prometheus: a text that is OpenMetrics 1.0 and that the textfile collector of
//! node_exporter takes too.
//!
//! The collector reads Prometheus' older text format, in which `# UNIT` and `# EOF` are comments, a type
//! `info` is an error, and a sample must have no time of its own. So everything here is a gauge. Of two files
//! with the same series it serves the first file's and drops the second's, so every series says of which run it is.
//!
//! https://prometheus.io/docs/specs/om/open_metrics_spec/ ·
//! https://prometheus.io/docs/instrumenting/exposition_formats/ ·
//! https://github.com/prometheus/node_exporter#textfile-collector

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{PoolOutcome, Run, RunEntry, RunKind, Stray, visible};
use crate::plan::PlanReport;

const LAST_SUCCESS: &str = "poolctl_last_success_timestamp_seconds";
/// The labels of what is told of a pool, in their order. A pool's name is none of them: while it cannot be
/// read nobody knows it, and its series would break.
const LABELS: [&str; 5] = ["command", "run", "pool", "region", "manifest"];

/// When each pool was last looked at, or written, with success: what an earlier run said, by its labels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Successes(BTreeMap<String, String>);

impl Successes {
    /// Reads them from the text that an earlier run wrote; whatever is anything else is passed over.
    pub fn read(text: &str) -> Self {
        let sample = |line: &str| {
            let (labels, value) = line.strip_prefix(LAST_SUCCESS)?.strip_prefix('{')?.rsplit_once("} ")?;
            let is_time = !value.is_empty() && value.chars().all(|c| c.is_ascii_digit());
            (is_time && are_labels(labels)).then(|| (labels.to_owned(), value.to_owned()))
        };
        Self(text.lines().filter_map(sample).collect())
    }
}

/// Whether this is the labels of a pool as they are written here.
fn are_labels(text: &str) -> bool {
    let mut rest = text;
    for (position, name) in LABELS.iter().enumerate() {
        let comma = if position > 0 { "," } else { "" };
        let Some(value) = rest.strip_prefix(&format!("{comma}{name}=\"")) else { return false };
        let mut is_escaped = false;
        let end = value.find(|c| {
            let ends = c == '"' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            ends
        });
        let Some(end) = end else { return false };
        rest = &value[end + 1..];
    }
    rest.is_empty()
}

/// The metrics of a run. A pool that could not be looked at keeps the time of its last success from
/// `earlier`; so does every pool where the manifests are wrong and none was looked at.
pub fn openmetrics(run: &Run<'_>, earlier: &Successes) -> String {
    let mut text = Text::default();
    let of_run = of_run(run.kind.name(), run.label);
    text.family("poolctl_info", None, "The version of poolctl that made the run.");
    text.sample(&(labels(&[("version", run.tool_version)]) + "," + &of_run), 1);
    text.family("poolctl_pools", None, "Number of pools in the run.");
    text.sample(&of_run, run.entries.len());
    let help = "Number of errors in manifests. If there is one, no pool is read.";
    text.family("poolctl_manifest_errors", None, help);
    text.sample(&of_run, run.errors());
    if run.kind == RunKind::Drift {
        let help = "Number of pools without a manifest that `drift --discover` found.";
        text.family("poolctl_undeclared_pools", None, help);
        text.sample(&of_run, run.strays.len());
    }
    text.family("poolctl_gone_manifests", None, "Number of manifests of the baseline that no longer exist.");
    text.sample(&of_run, run.gone.pools);
    if let Some(time) = run.time {
        let name = "poolctl_last_run_timestamp_seconds";
        text.family(name, Some("seconds"), "Time at which the last run ended, with or without success.");
        text.sample(&of_run, time.unix_timestamp());
    }
    pools(run, &mut text);
    successes(run, earlier, &mut text);
    text.out + "# EOF\n"
}

/// A metric that counts something of a plan: its name, its help text, and how it counts.
type Counted = (&'static str, &'static str, fn(&PlanReport) -> usize);

/// The metrics of each pool.
fn pools(run: &Run<'_>, text: &mut Text) {
    let of_plan: &[Counted] = match run.kind {
        RunKind::Drift => &[
            (
                "poolctl_drifted_settings",
                "Number of declared settings with another live value, and of settings that break a rule of the house.",
                |plan| plan.differences() - plan.undeclared.len(),
            ),
            (
                "poolctl_undeclared_settings",
                "Number of unmanaged live settings that count as drift.",
                |plan| plan.undeclared.len(),
            ),
        ],
        RunKind::Plan | RunKind::Apply | RunKind::Restore => {
            &[("poolctl_changes", "Number of settings that the plan changes.", |plan| plan.changes.len())]
        }
    };
    for (name, help, count) in of_plan {
        text.family(name, None, help);
        for (entry, plan) in run.entries.iter().filter_map(|entry| Some((entry, entry.plan?))) {
            text.sample(&of_pool(run, entry), count(plan));
        }
    }
    let help = "1 if the run failed for the pool: the pool could not be read, its plan is blocked or stale, or the pool is not as planned after the write; otherwise 0.";
    text.family("poolctl_pool_errors", None, help);
    for entry in run.entries {
        text.sample(&of_pool(run, entry), u8::from(entry.end.outcome.is_bad()));
    }
    violations(run, text);
    text.family("poolctl_pool_info", None, "The current name of the pool.");
    for (entry, plan) in run.entries.iter().filter_map(|entry| Some((entry, entry.plan?))) {
        text.sample(&(of_pool(run, entry) + "," + &labels(&[("name", &plan.pool.name)])), 1);
    }
}

/// How often each pool breaks which rule of the house.
fn violations(run: &Run<'_>, text: &mut Text) {
    let planned = run.entries.iter().filter_map(|entry| Some((of_pool(run, entry), &entry.plan?.findings)));
    let of_stray = |stray: &Stray| of_place(run, [&stray.id, &stray.region, ""]);
    let strays = run.strays.iter().map(|stray| (of_stray(stray), &stray.findings));
    let mut told = false;
    for (own, findings) in planned.chain(strays) {
        let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
        for rule in findings.iter().filter(|one| one.is_of_house()).filter_map(|one| one.rule.as_ref()) {
            *rules.entry(&rule.name).or_default() += 1;
        }
        for (rule, count) in rules {
            if !std::mem::replace(&mut told, true) {
                let help = "Number of settings of the pool that break this rule of the house.";
                text.family("poolctl_require_violations", None, help);
            }
            text.sample(&(own.clone() + "," + &labels(&[("rule", rule)])), count);
        }
    }
}

/// When each pool was last looked at, or written, with success.
fn successes(run: &Run<'_>, earlier: &Successes, text: &mut Text) {
    let help =
        "Time at which the command last succeeded for the pool. It is kept while the pool cannot be read.";
    text.family(LAST_SUCCESS, Some("seconds"), help);
    for entry in run.entries {
        let labels = of_pool(run, entry);
        let outcome = entry.end.outcome;
        let now = run.time.filter(|_| !outcome.is_bad() && outcome != PoolOutcome::NotReached);
        match (now, earlier.0.get(&labels)) {
            (Some(time), _) => text.sample(&labels, time.unix_timestamp()),
            (None, Some(time)) => text.sample(&labels, time),
            (None, None) => {}
        }
    }
    if run.entries.is_empty() && run.errors() > 0 {
        let own = of_run(run.kind.name(), run.label) + ",";
        for (labels, time) in earlier.0.iter().filter(|(labels, _)| labels.starts_with(&own)) {
            text.sample(labels, time);
        }
    }
}

/// The labels of every series of a run: two runs on one host must have different ones.
fn of_run(command: &str, run: &str) -> String {
    labels(&[(LABELS[0], command), (LABELS[1], run)])
}

fn of_pool(run: &Run<'_>, entry: &RunEntry<'_>) -> String {
    of_place(run, [entry.id, entry.region, entry.file])
}

fn of_place(run: &Run<'_>, place: [&str; 3]) -> String {
    let [_, _, names @ ..] = LABELS;
    let of_pool = labels(&std::array::from_fn::<_, 3, _>(|at| (names[at], place[at])));
    of_run(run.kind.name(), run.label) + "," + &of_pool
}

/// Whether a file that an earlier run wrote has series with the labels of this run.
pub fn has_series_of(text: &str, command: &str, run: &str) -> bool {
    let labels = of_run(command, run);
    text.lines().any(|line| line.starts_with("poolctl_info{") && line.contains(&labels))
}

/// Labels as text between braces.
fn labels(pairs: &[(&str, &str)]) -> String {
    let label = |(name, value): &(&str, &str)| {
        let value = visible::escape(value).replace('\\', "\\\\").replace('"', "\\\"");
        format!("{name}=\"{value}\"")
    };
    pairs.iter().map(label).collect::<Vec<_>>().join(",")
}

/// The text as it grows, family by family.
#[derive(Default)]
struct Text {
    out: String,
    name: &'static str,
}

impl Text {
    fn family(&mut self, name: &'static str, unit: Option<&str>, help: &str) {
        self.name = name;
        let _ = writeln!(self.out, "# HELP {name} {help}\n# TYPE {name} gauge");
        if let Some(unit) = unit {
            let _ = writeln!(self.out, "# UNIT {name} {unit}");
        }
    }

    fn sample(&mut self, labels: &str, value: impl std::fmt::Display) {
        let _ = writeln!(self.out, "{}{{{labels}}} {value}", self.name);
    }
}
