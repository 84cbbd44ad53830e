//! What was called, one by one: enough to tell afterwards what a caller knew, and who moved what.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde_json::json;

use super::state::{SideDocument, State};
use crate::document::{Json, Object, Path, json};

/// So many calls are kept; then the oldest go.
const MOST: usize = 100_000;

/// The calls of a sandbox, in the order in which they were over.
#[derive(Debug, Default)]
pub(super) struct Log {
    clock: AtomicU64,
    kept: Mutex<LogBuffer>,
}

#[derive(Debug, Default)]
struct LogBuffer {
    calls: VecDeque<LoggedCall>,
    /// How many have gone to make room.
    forgotten: u64,
}

/// One call. Its moments are numbers of one clock, which ticks at each of them.
#[derive(Debug, Default, Serialize)]
struct LoggedCall {
    operation: &'static str,
    pool: Option<String>,
    came: u64,
    /// When the service read or wrote the pool; `None` if the call did not reach it.
    acted: Option<u64>,
    over: u64,
    /// The status that the answer had, or was to have.
    status: Option<u16>,
    error: Option<String>,
    /// Whether the answer was sent whole.
    answered: bool,
    /// What the call itself changed, by its places.
    changed: Vec<String>,
    /// What another writer changed: right after a read, right before a write.
    moved: Vec<String>,
}

impl Log {
    /// A call has come.
    pub(super) fn begin(&self, operation: &'static str, pool: Option<&str>) -> Trace<'_> {
        let entry = LoggedCall {
            operation,
            pool: pool.map(str::to_owned),
            came: self.tick(),
            ..LoggedCall::default()
        };
        Trace { log: self, entry }
    }

    /// Everything that is known, as JSON.
    pub(super) fn told(&self) -> Json {
        let kept = self.kept();
        json!({"forgotten": kept.forgotten, "calls": kept.calls})
    }

    /// Begins anew.
    pub(super) fn clear(&self) {
        *self.kept() = LogBuffer::default();
    }

    fn tick(&self) -> u64 {
        self.clock.fetch_add(1, Ordering::SeqCst) + 1
    }

    fn kept(&self) -> MutexGuard<'_, LogBuffer> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call while it lasts. It is over, and in the log, when this is dropped: also where the caller hangs up.
#[derive(Debug)]
pub(super) struct Trace<'a> {
    log: &'a Log,
    entry: LoggedCall,
}

impl Trace<'_> {
    /// The service turns to the pool.
    pub(super) fn acts(&mut self) {
        self.entry.acted = Some(self.log.tick());
    }

    /// The call changes the pool.
    pub(super) fn changes(&mut self, before: &State, after: &State) {
        self.entry.changed.extend(differences(before, after));
    }

    /// Another writer changes the pool.
    pub(super) fn moves(&mut self, before: &State, after: &State) {
        self.entry.moved.extend(differences(before, after));
    }

    /// What the answer is, and whether it is sent whole.
    pub(super) fn answers(&mut self, status: u16, error: Option<&str>, whole: bool) {
        self.entry.status = Some(status);
        self.entry.error = error.map(str::to_owned);
        self.entry.answered = whole;
    }
}

impl Drop for Trace<'_> {
    fn drop(&mut self) {
        let mut entry = std::mem::take(&mut self.entry);
        entry.over = self.log.tick();
        let mut kept = self.log.kept();
        if kept.calls.len() == MOST {
            kept.calls.pop_front();
            kept.forgotten += 1;
        }
        kept.calls.push_back(entry);
    }
}

/// The date of the last change.
const DATE: &str = "LastModifiedDate";

/// The places in which two states of a pool differ, as faults name them. The dates of the last change are none.
fn differences(before: &State, after: &State) -> Vec<String> {
    let mut found = Vec::new();
    for (name, before, after) in before.pool.beside(&after.pool) {
        compare(&Path::root(), name, [before, after], &mut found);
    }
    let none = Object::new();
    for side in SideDocument::ALL.into_iter().filter(|side| !side.is_shared(before, after)) {
        let [before, after] = [before, after].map(|state| side.of(state).unwrap_or(&none));
        collect(&Path::members([side.member()]), before, after, &mut found);
    }
    found.iter().map(ToString::to_string).collect()
}

fn collect(at: &Path, before: &Object, after: &Object, found: &mut Vec<Path>) {
    let new = after.keys().filter(|name| !before.contains_key(*name));
    for name in before.keys().chain(new) {
        compare(at, name, [before.get(name), after.get(name)], found);
    }
}

fn compare(at: &Path, name: &str, values: [Option<&Json>; 2], found: &mut Vec<Path>) {
    match values {
        [Some(before), Some(after)] if name != DATE && json::same(before, after) => {}
        [Some(Json::Object(before)), Some(Json::Object(after))] => {
            collect(&at.member(name), before, after, found);
        }
        _ if name == DATE => {}
        _ => found.push(at.member(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(pool: Json, mfa: Json) -> State {
        State { mfa: mfa.as_object().cloned(), ..State::of_pool(pool.as_object().cloned().unwrap()) }
    }

    #[test]
    fn the_deepest_place_is_named_in_either_document_and_no_date() {
        let before =
            state(json!({"A": {"x": 1, "y": [1]}, "Gone": 1, "LastModifiedDate": 1}), json!({"M": 1}));
        let after = state(
            json!({"A": {"x": 1.0, "y": [2], "a.b": {}}, "New": {"z": 1}, "LastModifiedDate": 2}),
            json!({"M": 2}),
        );
        let found = differences(&before, &after);
        assert_eq!(found, ["A.y", r#"A["a.b"]"#, "Gone", "New", "MfaConfig.M"]);
    }

    #[test]
    fn the_oldest_calls_are_forgotten_and_counted() {
        let log = Log::default();
        for _ in 0..MOST + 2 {
            drop(log.begin("DescribeUserPool", None));
        }
        let told = log.told();
        assert_eq!((told["forgotten"].as_u64(), told["calls"].as_array().unwrap().len()), (Some(2), MOST));
        assert_eq!(told["calls"][0]["came"], json!(5));
        log.clear();
        assert_eq!(log.told(), json!({"forgotten": 0, "calls": []}));
    }
}
