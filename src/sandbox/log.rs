//! What was called, one by one: enough to tell afterwards what a caller knew, and who moved what.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde_json::json;

use super::seeds;
use super::state::{SideDocument, State};
use crate::document::{Json, Object, Path, json};
use crate::shapes::{Shape, ShapeKind, Shapes};

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
    pub(super) fn changes(&mut self, before: &State, after: &State, shapes: &Shapes) {
        self.entry.changed.extend(differences(before, after, shapes));
    }

    /// Another writer changes the pool.
    pub(super) fn moves(&mut self, before: &State, after: &State, shapes: &Shapes) {
        self.entry.moved.extend(differences(before, after, shapes));
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

/// The places in which two states of a pool differ, as faults name them. The dates of the last change are none, nor is the
/// order of a list that the model knows: each is a set, or has elements with keys. **\[I\]**
fn differences(before: &State, after: &State, shapes: &Shapes) -> Vec<String> {
    let mut found = Vec::new();
    let pool = Known { shapes, shape: shapes.get(seeds::POOL_SHAPE) };
    for (name, before, after) in before.pool.beside(&after.pool) {
        compare(&Path::root(), name, [before, after], pool.member(name), &mut found);
    }
    let none = Object::new();
    for side in SideDocument::ALL.into_iter().filter(|side| !side.is_shared(before, after)) {
        let [before, after] = [before, after].map(|state| side.of(state).unwrap_or(&none));
        let known = Known { shapes, shape: shapes.get(seeds::shape(side)) };
        let of = |name: &str| match side {
            SideDocument::Keyed(_) => known,
            _ => known.member(name),
        };
        collect(&Path::members([side.member()]), [before, after], &of, &mut found);
    }
    found.iter().map(ToString::to_string).collect()
}

/// What the model knows of a value.
#[derive(Clone, Copy)]
struct Known<'a> {
    shapes: &'a Shapes,
    shape: Option<&'a Shape>,
}

impl<'a> Known<'a> {
    fn member(self, name: &str) -> Self {
        Self { shape: self.shape.and_then(|shape| self.shapes.member(shape, name)), ..self }
    }

    fn is_list(self) -> bool {
        self.shape.is_some_and(|shape| shape.kind == ShapeKind::List)
    }
}

fn collect<'k>(
    at: &Path,
    [before, after]: [&Object; 2],
    known: &dyn Fn(&str) -> Known<'k>,
    found: &mut Vec<Path>,
) {
    let new = after.keys().filter(|name| !before.contains_key(*name));
    for name in before.keys().chain(new) {
        compare(at, name, [before.get(name), after.get(name)], known(name), found);
    }
}

fn compare(at: &Path, name: &str, values: [Option<&Json>; 2], known: Known<'_>, found: &mut Vec<Path>) {
    match values {
        [Some(before), Some(after)] if name != DATE && json::same(before, after) => {}
        [Some(Json::Object(before)), Some(Json::Object(after))] => {
            collect(&at.member(name), [before, after], &|name| known.member(name), found);
        }
        [Some(Json::Array(before)), Some(Json::Array(after))]
            if known.is_list() && is_same_set(before, after) => {}
        _ if name == DATE => {}
        _ => found.push(at.member(name)),
    }
}

/// Whether two lists have the same elements, in whatever order and how often.
fn is_same_set(one: &[Json], other: &[Json]) -> bool {
    let has = |list: &[Json], value: &Json| list.iter().any(|own| json::same(own, value));
    one.iter().all(|value| has(other, value)) && other.iter().all(|value| has(one, value))
}

#[cfg(test)]
mod tests {
    use super::super::state::Collection;
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
        let found = differences(&before, &after, &Shapes::bundled());
        assert_eq!(found, ["A.y", r#"A["a.b"]"#, "Gone", "New", "MfaConfig.M"]);
    }

    #[test]
    fn the_order_of_a_list_is_told_only_where_the_model_does_not_know_the_list() {
        let of = |list: Json, scopes: Json| {
            let mut state = state(
                json!({"AliasAttributes": list, "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": list}}, "New": list}),
                json!({}),
            );
            let side = SideDocument::Keyed(Collection::ResourceServers);
            side.of_mut(&mut state).insert("orders".to_owned(), json!({"Scopes": scopes}));
            let side = SideDocument::Keyed(Collection::Branding);
            side.of_mut(&mut state).insert("b".to_owned(), json!({"Settings": {"order": list}}));
            state
        };
        let [a, b] = ["a", "b"].map(|name| json!({"ScopeName": name}));
        let before = of(json!(["a", "b"]), json!([a, b]));
        let told = |list, scopes| differences(&before, &of(list, scopes), &Shapes::bundled());
        assert_eq!(told(json!(["b", "a"]), json!([b, a])), ["New", "ManagedLoginBrandings.b.Settings.order"]);
        let all = told(json!(["b", "a", "c"]), json!([b]));
        assert_eq!(all[..2], ["AliasAttributes", "Policies.SignInPolicy.AllowedFirstAuthFactors"]);
        assert!(all.contains(&"ResourceServers.orders.Scopes".to_owned()), "{all:?}");
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
