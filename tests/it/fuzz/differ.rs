//! Whatever a service answers: it is compared, planned, told of, imported and adopted, soon.

use std::time::{Duration, Instant};

use poolctl::adopt;
use poolctl::catalogue::Catalogue;
use poolctl::document::{Json, Object, Snapshot};
use poolctl::import::{self, Header};
use poolctl::manifest;
use poolctl::plan::{Plan, diff};
use poolctl::report::{Run, RunEntry, RunKind, Style, json, text};
use poolctl::rules::{self, Desired};
use poolctl::shapes::{Shape, Shapes};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::json;

use crate::fuzz::loader::that;
use crate::properties::live::pools;
use crate::properties::manifest::cases;
use crate::properties::stage::{accepting, check};

const POOL: &str = "eu-west-1_a1B2c3D4E";
/// The time for all that is done with two documents, on a machine that has other things to do.
const SOON: Duration = Duration::from_secs(60);

/// What stands in the place of something else.
#[derive(Clone, Debug)]
enum Odd {
    /// A value of any kind.
    Value(Json),
    /// The value, very often.
    Often(usize),
    /// The value, within so many lists or objects.
    Deep(usize, bool),
    /// The value that stands elsewhere.
    Other(Index),
    /// Nothing.
    Gone,
    /// Another name.
    Name(&'static str),
    /// A text for a number or a number for a text.
    Cast,
}

fn odd() -> impl Strategy<Value = Odd> {
    let values = vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(""),
        json!("x"),
        json!([]),
        json!({}),
        json!([null]),
        json!([[]]),
        json!({"": null}),
        json!(["a", "a", 1, null, {}]),
        json!("\u{0}\u{1b}[2J\u{202e}"),
        json!("l\nm\n\n"),
        json!("${secret:S}"),
        json!({"Name": 1, "Priority": "x"}),
        json!([{"Name": "x"}, {"Name": "x"}, {"Name": ["x"]}]),
        json!("🎉".repeat(3000)),
        serde_json::from_str("1e400").unwrap(),
        serde_json::from_str("123456789012345678901234567890.10").unwrap(),
    ];
    let names = [
        "",
        "Name",
        "Id",
        "aws:x",
        "a.b",
        "PoolName",
        "LambdaConfig",
        "\u{1b}",
        "é\n",
        "MfaConfiguration",
        "<<",
        "null",
    ];
    prop_oneof![
        5 => select(values).prop_map(Odd::Value),
        1 => (2..3000_usize).prop_map(Odd::Often),
        1 => (1..90_usize, any::<bool>()).prop_map(|(levels, list)| Odd::Deep(levels, list)),
        3 => any::<Index>().prop_map(Odd::Other),
        2 => Just(Odd::Gone),
        2 => select(names.to_vec()).prop_map(Odd::Name),
        2 => Just(Odd::Cast),
    ]
}

/// The values of a document, each by the way to it.
fn ways(value: &Json, at: &str, out: &mut Vec<String>) {
    let step = |name: &str| format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
    let inner: Vec<(String, &Json)> = match value {
        Json::Object(members) => members.iter().map(|(name, value)| (step(name), value)).collect(),
        Json::Array(elements) => {
            elements.iter().enumerate().map(|(index, value)| (step(&index.to_string()), value)).collect()
        }
        _ => return,
    };
    for (way, value) in inner {
        out.push(way.clone());
        ways(value, &way, out);
    }
}

fn made_odd(document: &mut Json, place: Index, odd: &Odd) {
    let mut all = Vec::new();
    ways(document, "", &mut all);
    if all.is_empty() {
        return;
    }
    let way = &all[place.index(all.len())];
    let (around, name) = way.rsplit_once('/').unwrap();
    let name = name.replace("~1", "/").replace("~0", "~");
    let old = document.pointer(way).unwrap().clone();
    let new = match odd {
        Odd::Value(value) => value.clone(),
        Odd::Often(count) => Json::Array(vec![old; (*count).min(20_000 / old_size(document))]),
        Odd::Deep(levels, true) => (0..*levels).fold(old, |inner, _| json!([inner])),
        Odd::Deep(levels, false) => (0..*levels).fold(old, |inner, _| json!({"a": inner})),
        Odd::Other(other) => document.pointer(&all[other.index(all.len())]).unwrap().clone(),
        Odd::Cast if old.is_string() => json!(7),
        Odd::Cast => Json::String(old.to_string()),
        Odd::Gone | Odd::Name(_) => match document.pointer_mut(around) {
            Some(Json::Object(members)) => {
                members.shift_remove(&name);
                if let Odd::Name(name) = odd {
                    members.insert((*name).to_owned(), old);
                }
                return;
            }
            _ => Json::Null,
        },
    };
    *document.pointer_mut(way).unwrap() = new;
}

fn old_size(document: &Json) -> usize {
    document.to_string().len().max(1) / 20 + 1
}

/// Both documents of a pool as one.
fn document(live: &Snapshot) -> Json {
    json!({"UserPool": live.pool(), "MfaConfig": live.mfa()})
}

/// The pool that a document is of; whatever is no object is none.
fn snapshot(document: &Json) -> Snapshot {
    let object = |name: &str| document.get(name).and_then(Json::as_object).cloned();
    Snapshot::new(object("UserPool").unwrap_or_default(), object("MfaConfig"))
}

/// Pools with odd things in up to six places.
fn odd_pools(shapes: &Shapes) -> BoxedStrategy<Snapshot> {
    let saved: Json =
        serde_json::from_str(include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json"))
            .unwrap();
    let all = full(shapes);
    let live =
        prop_oneof![3 => pools(shapes).prop_map(|live| document(&live)), 1 => Just(saved), 1 => Just(all)];
    let edits = vec((any::<Index>(), odd()), 0..6);
    let mutated = (live, edits).prop_map(|(mut document, edits)| {
        edits.iter().for_each(|(place, odd)| made_odd(&mut document, *place, odd));
        snapshot(&document)
    });
    mutated.boxed()
}

/// A document in which every member that the model knows is there, and is a number.
fn full(shapes: &Shapes) -> Json {
    let members = |shape: Option<&Shape>| -> Object {
        shape.unwrap().members.iter().map(|(name, _)| ((*name).to_owned(), json!(1))).collect()
    };
    json!({
        "UserPool": members(shapes.input("UpdateUserPool")),
        "MfaConfig": members(shapes.output("GetUserPoolMfaConfig")),
    })
}

fn desired(catalogue: &Catalogue, text: &str) -> Result<(manifest::Manifest, Desired), String> {
    let told = |errors: Vec<manifest::Diagnostic>| {
        let told: Vec<String> = errors
            .iter()
            .map(|error| format!("{} ({}, {:?})", error.message, error.code, error.help))
            .collect();
        format!("{}\n{text}", told.join("\n"))
    };
    let manifest = manifest::load("pool.yaml", text.as_bytes()).map_err(told)?;
    let (desired, _) = rules::check(catalogue, manifest.clone()).map_err(told)?;
    Ok((manifest, desired))
}

/// Plans and tells; nothing of it has to come to anything.
fn plans(
    catalogue: &Catalogue,
    live: &Snapshot,
    (_, desired): &(manifest::Manifest, Desired),
) -> Result<Plan, String> {
    let plan = Plan::new(catalogue, live.clone(), desired, &accepting());
    let style = Style { color: false, unicode: true, width: 100 };
    let told = [
        text::plan(&plan.report, &style),
        text::suggestion(&plan.report).unwrap_or_default(),
        text::summary(&[&plan.report], 1, &style),
    ];
    for told in &told {
        let is_obeyed = |c: char| c != '\n' && c.is_control() || matches!(c, '\u{202a}'..='\u{202e}');
        that(!told.contains(is_obeyed), || format!("it holds what a terminal obeys: {told:?}"))?;
    }
    let document = json::document(&Run::new(RunKind::Plan, &[RunEntry::planned(&plan.report, 0)]));
    that(document.is_object(), || "the plan is no document".to_owned())?;
    Ok(plan)
}

/// Writes what a pool has become into the manifest; it stays one.
fn adopts(
    catalogue: &Catalogue,
    (manifest, desired): &(manifest::Manifest, Desired),
    plan: &Plan,
) -> Result<(), String> {
    let adoptions = adopt::adoptions(catalogue, manifest, desired, (plan, &accepting()), |_| true);
    let edited = adopt::edited(&adoptions.iter().collect::<Vec<_>>());
    for (name, content) in &edited.files {
        let text = String::from_utf8_lossy(content);
        manifest::load(name, content).map_err(|errors| format!("{errors:?}\n{text}"))?;
    }
    Ok(())
}

#[test]
fn any_answer_of_a_service_is_compared_planned_imported_and_adopted() {
    let (shapes, catalogue) = (Shapes::bundled(), Catalogue::new(Shapes::bundled()));
    let wants = cases(&shapes).prop_map(|case| case.manifest(POOL));
    check(8, &(odd_pools(&shapes), odd_pools(&shapes), wants), |(a, b, wants)| {
        let started = Instant::now();
        let (one, other) = (catalogue.canonical(a), catalogue.canonical(b));
        for pool in [&one, &other] {
            let changes = diff(&catalogue, pool, pool);
            that(changes.is_empty(), || format!("a pool differs from itself: {changes:?}"))?;
        }
        drop(diff(&catalogue, &one, &other));
        let nothing = desired(&catalogue, &format!("version: 1\npool: {POOL}\n"))?;
        let plan = plans(&catalogue, a, &nothing)?;
        that(plan.report.changes.is_empty(), || {
            format!("nothing is wanted, and this changes: {:?}", plan.report.changes)
        })?;
        if let Ok(wants) = desired(&catalogue, wants) {
            let plan = plans(&catalogue, a, &wants)?;
            adopts(&catalogue, &wants, &plan)?;
        }
        imports(&catalogue, a, b)?;
        that(started.elapsed() < SOON, || format!("it took {:?}", started.elapsed()))
    });
}

/// Imports a pool, sparsely and in full: what comes of it loads, and plans against what else there is.
fn imports(catalogue: &Catalogue, live: &Snapshot, other: &Snapshot) -> Result<(), String> {
    for full in [false, true] {
        let frame = Header { pool: POOL.to_owned(), ..Header::default() };
        let draft = import::draft(
            catalogue,
            live,
            &frame,
            &import::ImportOptions { full, ..import::ImportOptions::default() },
        );
        let wants = desired(catalogue, &draft.text())?;
        plans(catalogue, live, &wants)?;
        plans(catalogue, other, &wants)?;
    }
    Ok(())
}
