//! What a run comes to, in a sentence or two, for every form that people read.

use super::line::{count, counted, numbered};
use super::mark::FindingMark;
use super::{Gone, PoolOutcome, RunEntry, RunKind};
use crate::plan::{Direction, Level, PlanReport};

/// What a run comes to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// In a few words.
    pub(super) head: String,
    /// With more numbers; may be empty.
    pub(super) rest: String,
}

/// What keeps plans from being applied.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Obstacles<'a> {
    /// How many of each kind; empty where nothing does.
    pub(super) numbers: Vec<String>,
    /// The words before the option that accepts the risks; `None` if there is no such risk.
    pub(super) accept: Option<String>,
    /// The risks that can be let through, each once.
    pub(super) risks: Vec<&'a str>,
}

/// What plans come to, of `all` pools: some could perhaps not be planned.
pub(super) fn of_plans(kind: RunKind, plans: &[&PlanReport], all: usize, gone: Gone) -> Verdict {
    let refused = plans.iter().filter(|plan| plan.is_refused()).count();
    let idle = plans.iter().filter(|plan| is_idle(plan)).count();
    let update = plans.len() - refused - idle;
    if idle == plans.len() {
        let head = match idle {
            0 if all > 0 => "Plan incomplete: no pool could be planned.".to_owned(),
            known if known < all => {
                format!("Plan incomplete: {known} of {} {} unchanged.", count(all, "pool"), is_or_are(known))
            }
            0 => "No changes: there is no pool to plan for.".to_owned(),
            // A backup declares nothing.
            _ if kind == RunKind::Restore => "No changes. There is nothing to restore.".to_owned(),
            1 => format!("No changes. The pool is as declared{}.", as_far(plans)),
            several => format!("No changes. All {several} pools are as declared{}.", as_far(plans)),
        };
        let told = marked(plans).into_iter().chain(gone_words(gone));
        return Verdict { head, rest: sentence(&told.collect::<Vec<_>>()) };
    }
    let new = plans.iter().filter(|plan| plan.pool.is_new && !plan.is_refused()).count();
    let mut pools: Vec<String> = Vec::new();
    for (number, what) in [(new, "create"), (update - new, "update")] {
        if number > 0 {
            pools.push(format!("{} to {what}", count(number, "pool")));
        }
    }
    pools.extend(others(pools.is_empty(), &[(refused, "blocked"), (idle, "unchanged")]));
    let changes = count(plans.iter().map(|plan| plan.changes.len()).sum(), "change");
    let mut totals = vec![changes + &directions(plans)];
    totals.extend(marked(plans));
    totals.extend(
        counted(&[(uncompared(plans), "secret")]).into_iter().map(|secrets| secrets + " not compared"),
    );
    totals.extend(gone_words(gone));
    Verdict { head: format!("Plan: {}.", pools.join(", ")), rest: sentence(&totals) }
}

/// How several pools differ from what is declared, of `all`: some could perhaps not be read.
pub(super) fn of_drift(plans: &[&PlanReport], all: usize, strays: usize, gone: Gone) -> Verdict {
    let differ = plans.iter().filter(|plan| plan.differences() > 0).count();
    let undeclared: usize = plans.iter().map(|plan| plan.undeclared.len()).sum();
    let declared: usize = plans.iter().map(|plan| plan.declared_differences()).sum();
    if differ == 0 && strays == 0 && !gone.refuses() {
        let head = match plans.len() {
            0 if all > 0 => "Drift incomplete: no pool could be read.".to_owned(),
            known if known < all => {
                let all = count(all, "pool");
                format!("Drift incomplete: {known} of {all} {} as declared.", is_or_are(known))
            }
            0 => "No drift: there is no pool to look at.".to_owned(),
            1 => format!("No drift. The pool is as declared{}.", as_far(plans)),
            several => format!("No drift. All {several} pools are as declared{}.", as_far(plans)),
        };
        let told: Vec<String> = marked(plans).into_iter().chain(gone_words(gone)).collect();
        return Verdict { head, rest: sentence(&told) };
    }
    let mut words = Vec::new();
    words.extend(said(declared, "setting", ["differs", "differ"]).map(|said| said + &directions(plans)));
    words.extend(counted(&[(undeclared, "unmanaged setting")]));
    words.extend(said(strays, "pool", ["has no manifest", "have no manifest"]));
    words.extend(marked(plans));
    words.extend(
        counted(&[(uncompared(plans), "secret")]).into_iter().map(|secrets| secrets + " not compared"),
    );
    words.extend(gone_words(gone));
    let head = match differ {
        0 => "Drift.".to_owned(),
        differ => format!("Drift: {differ} of {}.", count(all, "pool")),
    };
    Verdict { head, rest: sentence(&words) }
}

/// The number of secrets that were not compared.
fn uncompared(plans: &[&PlanReport]) -> usize {
    plans.iter().map(|plan| plan.uncompared).sum()
}

/// What restricts "as declared".
fn as_far(plans: &[&PlanReport]) -> String {
    let unread: usize = plans.iter().map(|plan| plan.unread).sum();
    let secrets = match uncompared(plans) {
        0 => None,
        one @ 1 => Some(format!("{} that was not compared", count(one, "secret"))),
        several => Some(format!("{} that were not compared", count(several, "secret"))),
    };
    let unread = (unread > 0).then(|| format!("{} that Cognito never returns", count(unread, "value")));
    let all: Vec<String> = secrets.into_iter().chain(unread).collect();
    if all.is_empty() { String::new() } else { format!(", except for {}", all.join(" and ")) }
}

fn is_or_are(number: usize) -> &'static str {
    if number == 1 { "is" } else { "are" }
}

/// How many findings have each mark, and how many are acknowledged.
fn marked(plans: &[&PlanReport]) -> Vec<String> {
    let marks = [FindingMark::Conflict, FindingMark::Risk, FindingMark::Warning, FindingMark::Notice];
    let mut numbers = marks.map(|mark| (mark.count(plans), mark.word())).to_vec();
    numbers.push((notes(plans), FindingMark::Note.word()));
    [counted(&numbers), acknowledged(plans)].concat()
}

/// How many notes are shown, as the JSON form counts them: a pool that needs nothing shows none.
fn notes(plans: &[&PlanReport]) -> usize {
    let is_shown = |plan: &&&PlanReport| if plan.is_drift { plan.differences() > 0 } else { !is_idle(plan) };
    plans.iter().filter(is_shown).map(|plan| plan.findings(Level::Note).count()).sum()
}

/// How many notes the manifests acknowledge.
fn acknowledged(plans: &[&PlanReport]) -> Vec<String> {
    let number = plans.iter().map(|plan| plan.acknowledged.len()).sum();
    let notes = counted(&[(number, FindingMark::Note.word())]);
    notes.into_iter().map(|notes| format!("{notes} acknowledged")).collect()
}

fn gone_words(gone: Gone) -> Option<String> {
    said(gone.pools, "manifest", ["is gone", "are gone"])
}

/// What one or several of something do; `None` if there are none.
fn said(number: usize, one: &str, [singular, plural]: [&str; 2]) -> Option<String> {
    (number > 0).then(|| format!("{} {}", count(number, one), if number == 1 { singular } else { plural }))
}

fn sentence(words: &[String]) -> String {
    if words.is_empty() { String::new() } else { format!("{}.", words.join(", ")) }
}

/// The outcome of a run that writes, or `None` if it ended before.
pub(super) fn of_outcomes(kind: RunKind, entries: &[RunEntry<'_>]) -> Option<Verdict> {
    let with = |outcome| entries.iter().filter(|entry| entry.end.outcome == outcome).count();
    let written = [
        (with(PoolOutcome::Applied), "applied and verified"),
        (with(PoolOutcome::Deviates), "not as planned"),
        (with(PoolOutcome::Stale), "stale"),
        (with(PoolOutcome::NotReached), "not reached"),
    ];
    let told = entries.iter().any(|entry| entry.end.told.is_some());
    if !told && written.iter().all(|(number, _)| *number == 0) {
        return None;
    }
    let rest = [
        (with(PoolOutcome::Refused), "blocked"),
        (with(PoolOutcome::Failed), "failed"),
        (with(PoolOutcome::Unchanged), "unchanged"),
    ];
    let pools = others(true, &[&written[..], &rest].concat());
    let word = if kind == RunKind::Restore { "Restore" } else { "Apply" };
    Some(Verdict { head: format!("{word}: {}.", pools.join(", ")), rest: String::new() })
}

/// What keeps these plans from being applied.
pub(super) fn obstacles<'a>(plans: &[&'a PlanReport], gone: Gone) -> Obstacles<'a> {
    let conflicts = plans.iter().map(|plan| plan.findings(Level::Conflict).count()).sum();
    let risks = plans.iter().flat_map(|plan| plan.findings(Level::Risk)).filter(|risk| risk.refuses());
    let mut risks: Vec<&str> = risks.map(|risk| &*risk.code).collect();
    let gone = if gone.counts { gone.pools } else { 0 };
    let numbers = counted(&[(conflicts, "conflict"), (risks.len(), "risk"), (gone, "manifest gone")]);
    let accept = match risks.len() {
        0 => None,
        1 => Some("To accept the risk:"),
        _ => Some("To accept the risks:"),
    };
    let first = match conflicts {
        0 => "",
        1 => "The conflict must be fixed first. ",
        _ => "The conflicts must be fixed first. ",
    };
    let accept = accept.map(|accept| format!("{first}{accept}"));
    risks.sort_unstable();
    risks.dedup();
    Obstacles { numbers, accept, risks }
}

/// How many pools an apply leaves out for these obstacles, and how many go ahead; `None` if it then writes to
/// no pool.
pub(super) fn left_out(plans: &[&PlanReport], gone: Gone, keeps_going: bool) -> Option<[String; 2]> {
    let refused = plans.iter().filter(|plan| plan.is_refused()).count();
    let others = plans.iter().filter(|plan| !plan.is_refused() && !plan.changes.is_empty()).count();
    let goes_on = keeps_going && refused > 0 && others > 0 && !gone.refuses();
    goes_on.then(|| {
        let go = if others == 1 { "1 other goes" } else { &format!("{others} others go") };
        [
            format!("{} {} blocked", count(refused, "pool"), is_or_are(refused)),
            format!("{go} ahead (`--keep-going`)."),
        ]
    })
}

/// How many changes have which direction, where a baseline tells.
fn directions(plans: &[&PlanReport]) -> String {
    let all = [Direction::Drifted, Direction::Pending, Direction::Both];
    let changes = || plans.iter().flat_map(|plan| &plan.changes);
    let number = |direction| changes().filter(|change| change.direction == Some(direction)).count();
    let words = numbered(&all.map(|direction| (number(direction), direction.word())));
    if words.is_empty() { String::new() } else { format!(" ({words})") }
}

/// Whether there is nothing to report about a pool in a run of this kind.
pub(super) fn has_nothing(kind: RunKind, plan: &PlanReport) -> bool {
    if kind == RunKind::Drift { plan.differences() == 0 } else { is_idle(plan) }
}

/// Whether a pool needs no change.
fn is_idle(plan: &PlanReport) -> bool {
    plan.changes.is_empty() && !plan.is_refused()
}

/// Numbers of pools, each with its word; the first one has the word `pool`.
fn others(begins: bool, numbers: &[(usize, &str)]) -> Vec<String> {
    let numbers = numbers.iter().filter(|(number, _)| *number > 0).enumerate();
    let word = |(position, (number, word)): (usize, &(usize, &str))| match begins && position == 0 {
        true => format!("{} {word}", count(*number, "pool")),
        false => format!("{number} {word}"),
    };
    numbers.map(word).collect()
}
