//! A fleet in a bad hour: throttled, answers lost, another writer at work. Whatever becomes of a run, it tells
//! the truth of every pool, moves nothing that nobody declared, and writes nothing without knowing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::fleet::{Call, Fleet, KINDS, Pool, born, undated};

/// How bad an hour is: which part of the calls is throttled, and of which the answer is lost.
struct Hour {
    reads: &'static str,
    writes: &'static str,
    /// Where another writer comes.
    theirs: &'static str,
}

impl Hour {
    fn faults(&self) -> Vec<String> {
        let Self { reads, writes, theirs } = self;
        let mut faults = vec![
            // Between two reads, where a run can see it, of what no manifest declares and of what some do …
            format!("DescribeUserPool:move=UserPoolTags.console:\"theirs\"~{theirs}"),
            format!("DescribeUserPool:move=Policies.PasswordPolicy.MinimumLength:10~{theirs}"),
            // … and between the last read and the write, where nobody can.
            format!(
                "UpdateUserPool:move=EmailConfiguration.ReplyToEmailAddress:\"theirs@example.com\"~{theirs}"
            ),
            "*:latency=5..40ms".to_owned(),
        ];
        for (operations, share) in [(READS, reads), (WRITES, writes)] {
            for operation in operations {
                faults.extend(["throttle", "cut-after"].map(|kind| format!("{operation}:{kind}~{share}")));
            }
        }
        faults
    }
}

const READS: &[&str] = &["DescribeUserPool", "GetUserPoolMfaConfig"];
const WRITES: &[&str] = &["UpdateUserPool", "SetUserPoolMfaConfig", "AddCustomAttributes"];

/// A pipeline runs again until nothing is left to do; so many times at most.
const RUNS: usize = 15;

#[test]
fn two_dozen_pools_come_through_a_bad_hour() {
    // Worse than most, so that few pools meet it all.
    soak(24, &Hour { reads: "1%", writes: "15%", theirs: "8%" });
}

#[test]
#[ignore = "takes minutes; CONTRIBUTING.md says how to run it"]
fn a_thousand_pools_come_through_a_bad_hour() {
    soak(1_000, &Hour { reads: "5%", writes: "5%", theirs: "0.2%" });
}

fn soak(count: usize, hour: &Hour) {
    let faults = hour.faults();
    let fleet = Fleet::new(count, KINDS, &faults.iter().map(String::as_str).collect::<Vec<_>>());
    let mut theirs = BTreeSet::new();
    let mut met = Figures::default();
    for run in 1..=RUNS {
        fleet.sandbox.control("DELETE", "log");
        let started = Instant::now();
        let apply = fleet.apply(&["--format", "json", "--max-failures", "10000"]);
        let output = apply.limit(Duration::from_secs(1_800)).output();
        let took = started.elapsed();
        let calls = fleet.calls();
        let figures = judge(&fleet, &output.json(), &calls, &mut theirs);
        println!("run {run}: exit {:?} after {took:.1?}; {figures}", output.code);
        met.add(&figures);
        if output.code == Some(0) {
            let Figures { throttled_writes, lost_writes, seen, unseen, .. } = met;
            let idle = [throttled_writes, lost_writes, seen, unseen].contains(&0);
            assert!(!idle, "it was no bad hour: {met}");
            return;
        }
    }
    panic!("the fleet is not as declared after {RUNS} runs: {met}");
}

/// What became of the pools, and what was met.
#[derive(Default)]
struct Figures {
    outcomes: BTreeMap<String, usize>,
    calls: usize,
    throttled: usize,
    throttled_writes: usize,
    lost: usize,
    lost_writes: usize,
    /// What another writer moved.
    moves: usize,
    /// Of these, what a run could see between two of its reads.
    seen: usize,
    /// Of these, what was written over: it came after the last read before a write.
    unseen: usize,
}

impl Figures {
    fn of(calls: &[Call]) -> Self {
        let throttled = |call: &&Call| call.error.as_deref() == Some("TooManyRequestsException");
        let lost = |call: &&Call| call.acted.is_some() && !call.answered;
        let writes = || calls.iter().filter(|call| call.writes());
        Self {
            calls: calls.len(),
            throttled: calls.iter().filter(throttled).count(),
            throttled_writes: writes().filter(throttled).count(),
            lost: calls.iter().filter(lost).count(),
            lost_writes: writes().filter(lost).count(),
            moves: calls.iter().map(|call| call.moved.len()).sum(),
            ..Self::default()
        }
    }

    fn add(&mut self, other: &Self) {
        for (outcome, pools) in &other.outcomes {
            *self.outcomes.entry(outcome.clone()).or_default() += pools;
        }
        self.calls += other.calls;
        self.throttled += other.throttled;
        self.throttled_writes += other.throttled_writes;
        self.lost += other.lost;
        self.lost_writes += other.lost_writes;
        self.moves += other.moves;
        self.seen += other.seen;
        self.unseen += other.unseen;
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (outcome, pools) in &self.outcomes {
            write!(f, "{pools} {outcome}, ")?;
        }
        let Self { calls, throttled, throttled_writes, lost, lost_writes, moves, seen, unseen, .. } = self;
        write!(f, "{calls} calls, {throttled} throttled ({throttled_writes} writes), ")?;
        write!(f, "{lost} answers lost ({lost_writes} of writes), ")?;
        write!(f, "{moves} moves of another writer ({seen} between reads, {unseen} written over)")
    }
}

/// Holds a run to its promises. `theirs` are the places that another writer has moved so far, in all runs.
fn judge(fleet: &Fleet, told: &Value, calls: &[Call], theirs: &mut BTreeSet<(String, String)>) -> Figures {
    let mut figures = Figures::of(calls);
    let mut by_pool: BTreeMap<&str, Vec<&Call>> = BTreeMap::new();
    for call in calls {
        let pool = call.pool.as_deref().unwrap();
        theirs.extend(call.moved.iter().map(|place| (pool.to_owned(), place.clone())));
        by_pool.entry(pool).or_default().push(call);
    }
    let pools = told["pools"].as_array().unwrap();
    assert_eq!(pools.len(), fleet.pools.len(), "every pool is told of once");
    for pool in &fleet.pools {
        let told = pools.iter().find(|told| told["id"] == pool.id.as_str()).unwrap();
        let calls = by_pool.get(pool.id.as_str()).map_or(&[][..], Vec::as_slice);
        let known = follow(pool, calls);
        figures.seen += known.seen.len();
        figures.unseen += known.written_over;
        *figures.outcomes.entry(told["outcome"].as_str().unwrap().to_owned()).or_default() += 1;

        nothing_is_written_blindly(pool, calls);
        nothing_else_has_moved(fleet, pool, theirs);
        match told["outcome"].as_str().unwrap() {
            "applied" | "unchanged" => is_as_declared(fleet, pool, &known),
            // Of a run that could not plan every pool.
            "update" => assert!(!known.has_written, "{}: a run that cannot go ahead wrote", pool.id),
            outcome => {
                let in_words = told["told"].is_string() || told["error"]["text"].is_string();
                assert!(in_words, "{} is {outcome}, and nothing says why: {told}", pool.id);
            }
        }
        if known.has_written {
            every_move_is_told(pool, told, &known);
        }
    }
    figures
}

/// What a run could know of a pool, from what was asked and answered.
#[derive(Default)]
struct Known {
    has_written: bool,
    /// What another writer moved between two reads that were answered.
    seen: Vec<String>,
    /// What another writer moved since the last read.
    since: Vec<String>,
    written_over: usize,
}

/// Goes through the calls on a pool in the order in which they took effect. A write changes what is declared;
/// or it puts back what it read, where somebody had moved that since.
fn follow(pool: &Pool, calls: &[&Call]) -> Known {
    let mut known = Known::default();
    let mut has_read = false;
    for call in calls {
        if call.operation == "DescribeUserPool" && call.is_heard() {
            let news = std::mem::take(&mut known.since);
            if has_read {
                known.seen.extend(news);
            }
            has_read = true;
        }
        known.since.extend(call.moved.iter().cloned());
        if call.writes() && call.status == Some(200) {
            known.has_written = true;
            for place in &call.changed {
                if let Some(at) = known.since.iter().position(|moved| moved == place) {
                    known.since.remove(at);
                    known.written_over += 1;
                    continue;
                }
                let declared = pool.kind.wanted.iter().any(|(wanted, _)| is_within(wanted, place));
                assert!(declared, "{}: {} moved {place}", pool.id, call.operation);
            }
        }
    }
    known
}

/// A list is logged whole.
fn is_within(place: &str, logged: &str) -> bool {
    place.strip_prefix(logged).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Between two writes that reached the service lies an answered read of each document.
fn nothing_is_written_blindly(pool: &Pool, calls: &[&Call]) {
    let mut writes: Vec<&&Call> = calls.iter().filter(|call| call.writes()).collect();
    writes.sort_by_key(|call| call.came);
    for pair in writes.windows(2) {
        let (first, second) = (pair[0], pair[1]);
        for operation in READS {
            let between = |call: &&&Call| call.came > first.over && call.over < second.came;
            let read =
                calls.iter().filter(between).any(|call| call.operation == *operation && call.is_heard());
            assert!(read, "{}: no {operation} between {first:?} and {second:?}", pool.id);
        }
    }
}

/// The documents differ from what they were at first where it is declared, or where another writer was.
fn nothing_else_has_moved(fleet: &Fleet, pool: &Pool, theirs: &BTreeSet<(String, String)>) {
    let (mut before, mut now) = (undated(born(&pool.id)), fleet.live(&pool.id));
    let moved = theirs.iter().filter(|(id, _)| *id == pool.id).map(|(_, place)| place.as_str());
    for place in pool.kind.wanted.iter().map(|(place, _)| *place).chain(moved) {
        take_out(&mut before, place);
        take_out(&mut now, place);
    }
    assert_eq!(now, before, "{}: something moved that nobody asked for", pool.id);
}

/// Each declared setting is as wanted, unless another writer moved it after the last read.
fn is_as_declared(fleet: &Fleet, pool: &Pool, known: &Known) {
    let live = fleet.live(&pool.id);
    for (place, wanted) in pool.kind.wanted {
        let wanted: Value = serde_json::from_str(wanted).unwrap();
        let moved = known.since.iter().any(|moved| moved == place);
        assert!(moved || live.pointer(&pointer(place)) == Some(&wanted), "{}: {place} in {live}", pool.id);
    }
}

/// What moved in a pool that was written is named at it; or the pool is reported as one to look at.
fn every_move_is_told(pool: &Pool, told: &Value, known: &Known) {
    let lists = ["moved", "stale", "deviations"].map(|list| told[list].as_array());
    let named: Vec<&Value> =
        lists.iter().flatten().flat_map(|list| list.iter()).map(|one| &one["path_text"]).collect();
    for place in &known.seen {
        let is_clean = told["outcome"] == "applied";
        assert!(!is_clean || named.iter().any(|name| *name == place), "{}: {place} moved: {told}", pool.id);
    }
}

/// Where a place lies in a saved pool.
fn pointer(place: &str) -> String {
    let root = if place.starts_with("MfaConfig.") { "" } else { "/UserPool" };
    format!("{root}/{}", place.replace('.', "/"))
}

fn take_out(document: &mut Value, place: &str) {
    let pointer = pointer(place);
    let (around, name) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(around) {
        Some(Value::Object(members)) => drop(members.shift_remove(name)),
        Some(Value::Array(elements)) => elements.truncate(name.parse().unwrap()),
        _ => {}
    }
}
