//! For what reads the results of tests: JUnit.

use std::collections::{HashMap, HashSet};

use super::{Notice, NoticeMaker, UNDECLARED, about_entry, about_stray};
use crate::manifest::{Diagnostic, Severity};
use crate::report::junit::{CaseEnd, TestCase, suite};
use crate::report::place::FilePlace;
use crate::report::{PoolOutcome, Run, RunEntry, RunKind, Stray, validation, visible};

/// One suite, with a line's end: a case for each pool, and for each file that is wrong or has no pool. A pool
/// with changes passes; its changes are its output.
pub fn junit(run: &Run<'_>) -> String {
    let command = run.kind.name();
    let files: HashSet<&str> = run.entries.iter().map(|entry| entry.file).collect();
    let (mut of_pools, mut others) = (HashMap::<&str, Vec<&Diagnostic>>::new(), Vec::new());
    for finding in run.diagnostics {
        match finding.file().filter(|file| files.contains(file)) {
            Some(file) => of_pools.entry(file).or_default().push(finding),
            None => others.push(finding),
        }
    }
    let end = |finding: &Diagnostic| match finding.severity {
        Severity::Error => CaseEnd::Error,
        Severity::Warning if run.gone.counts && finding.code == "manifest-gone" => CaseEnd::Failure,
        Severity::Warning => CaseEnd::Passed,
    };
    let mut cases = validation::cases(command, &[], &others, run.folder, end);
    cases.extend(run.entries.iter().map(|entry| {
        let findings = of_pools.get(entry.file).map_or(&[][..], Vec::as_slice);
        of_pool(run, entry, findings)
    }));
    cases.extend(run.strays.iter().map(|stray| undeclared(command, stray)));
    suite(&format!("poolctl {command}"), &cases)
}

fn of_pool(run: &Run<'_>, entry: &RunEntry<'_>, findings: &[&Diagnostic]) -> TestCase {
    let outcome = match (run.kind, entry.end.outcome) {
        // The run was to write and ended before.
        (RunKind::Apply | RunKind::Restore, PoolOutcome::Update) => PoolOutcome::NotReached,
        (_, outcome) => outcome,
    };
    let end = match outcome {
        PoolOutcome::Unchanged | PoolOutcome::Update | PoolOutcome::Applied => CaseEnd::Passed,
        PoolOutcome::Differs | PoolOutcome::Refused | PoolOutcome::Stale | PoolOutcome::Deviates => {
            CaseEnd::Failure
        }
        PoolOutcome::Failed => CaseEnd::Error,
        PoolOutcome::NotReached => CaseEnd::Skipped,
    };
    let mut maker = NoticeMaker::new(run.kind);
    let mut notices: Vec<Notice<'_>> = about_entry(entry).map(|about| maker.notice(about)).collect();
    notices.sort_by_key(|notice| notice.weight);
    let is_reason = |notice: &Notice<'_>| match outcome {
        // What differs; the other warnings do not count.
        PoolOutcome::Differs => notice.mark.is_none_or(|mark| mark.is_conflict()),
        _ => end > CaseEnd::Skipped && notice.weight == super::Weight::Error,
    };
    let (reasons, others): (Vec<Notice<'_>>, Vec<Notice<'_>>) = notices.into_iter().partition(is_reason);
    let texts = |notices: &[Notice<'_>]| notices.iter().map(|notice| text(notice, run.folder)).collect();
    let (mut reasons, mut others): (Vec<String>, Vec<String>) = (texts(&reasons), texts(&others));
    if reasons.is_empty() && end != CaseEnd::Passed {
        let told = entry.end.told.as_deref().unwrap_or(match outcome {
            PoolOutcome::NotReached => "was not reached; nothing was written to it",
            outcome => outcome.word(),
        });
        reasons.push(format!("{} {told}", entry.name()));
    }
    others.extend(findings.iter().map(|finding| validation::told(finding, run.folder)));
    let file = FilePlace { file: entry.file, region: None }.path(run.folder);
    let name = named(entry.plan.map(|plan| plan.pool.name.as_str()), entry.id);
    TestCase {
        name,
        class: file.clone(),
        file: Some(file),
        end,
        kind: outcome.word().to_owned(),
        reasons,
        others,
    }
}

/// A pool by its name and its id.
fn named(name: Option<&str>, id: &str) -> String {
    match name.filter(|name| *name != id) {
        Some(name) => format!("{} ({id})", visible::shorten(name, 128, "…")),
        None => id.to_owned(),
    }
}

/// A pool that no manifest declares is a difference.
fn undeclared(command: &str, stray: &Stray) -> TestCase {
    let mut maker = NoticeMaker::new(RunKind::Drift);
    TestCase {
        name: named(stray.name.as_deref(), &stray.id),
        class: format!("poolctl.{command}"),
        end: CaseEnd::Failure,
        kind: UNDECLARED.to_owned(),
        reasons: about_stray(stray).map(|about| text(&maker.notice(about), "")).collect(),
        ..TestCase::default()
    }
}

/// `risk trigger-removal (pools/customers.yaml:7): …`
fn text(notice: &Notice<'_>, folder: &str) -> String {
    let word = notice.mark.map_or_else(String::new, |mark| format!("{} ", mark.word()));
    let place = notice.place.map_or_else(String::new, |place| format!(" ({})", place.line(folder)));
    format!("{word}{}{place}: {}", notice.code, notice.message)
}
