//! The schema and the loader see the same shapes: on manifests that are right, and with one value wrong.

use std::cell::Cell;

use jsonschema::Validator;
use poolctl::catalogue::Catalogue;
use poolctl::document::{Json, Object};
use poolctl::import::{self, Header};
use poolctl::schema;
use poolctl::shapes::Shapes;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;

use crate::properties::live::pools;
use crate::properties::manifest::{Case, cases};
use crate::properties::stage::check;
use crate::properties::values::{Values, anything};
use crate::stories::schema::{catalogue, refused, told, validator};

/// Codes of mistakes that take more than one value to be seen, or the text of the file.
const NOT_OF_SHAPE: &[&str] = &["declared-twice", "duplicate-element"];

/// A number with a fraction of nought, which is whole to JSON Schema and not to poolctl.
fn is_whole_with_a_fraction(value: &Json) -> bool {
    match value {
        Json::Number(number) => {
            number.as_i64().is_none() && number.as_f64().is_none_or(|number| number.fract() == 0.0)
        }
        Json::Array(elements) => elements.iter().any(is_whole_with_a_fraction),
        Json::Object(members) => members.values().any(is_whole_with_a_fraction),
        _ => false,
    }
}

/// What is done to one value of a manifest.
#[derive(Clone, Debug)]
enum Slip {
    /// It is another.
    Is(Json),
    /// It has one more inside, under a new name.
    Has(Json),
    /// It is a little more, or less.
    Moves,
}

/// Does that to one of the values in `settings`.
fn spoil(settings: &mut Object, which: &Index, slip: &Slip) {
    let mut whole = Json::Object(std::mem::take(settings));
    let mut places = vec![String::new()];
    collect("", &whole, &mut places);
    let spot = whole.pointer_mut(&places[which.index(places.len())]).unwrap();
    match (slip, spot) {
        (Slip::Has(value), Json::Object(members)) => {
            drop(members.insert("BrandNew".to_owned(), value.clone()))
        }
        (Slip::Has(value), Json::Array(elements)) => elements.push(value.clone()),
        (Slip::Has(value) | Slip::Is(value), spot) => *spot = value.clone(),
        (Slip::Moves, Json::String(text)) => text.push('x'),
        (Slip::Moves, Json::Number(number)) => *number = (number.as_i64().unwrap() + 1).into(),
        (Slip::Moves, Json::Bool(value)) => *value = !*value,
        (Slip::Moves, Json::Array(elements)) => drop(elements.pop()),
        (Slip::Moves, Json::Object(members)) => {
            drop(members.keys().next().cloned().map(|name| members.remove(&name)))
        }
        (Slip::Moves, Json::Null) => {}
    }
    // Settings that are no mapping have no way into a case; the faults have them.
    *settings = whole.as_object().cloned().unwrap_or_default();
}

/// JSON pointers to every value inside.
fn collect(at: &str, value: &Json, out: &mut Vec<String>) {
    let inner: Vec<(String, &Json)> = match value {
        Json::Object(members) => {
            members.iter().map(|(name, inner)| (name.replace('~', "~0").replace('/', "~1"), inner)).collect()
        }
        Json::Array(elements) => {
            elements.iter().enumerate().map(|(index, inner)| (index.to_string(), inner)).collect()
        }
        _ => Vec::new(),
    };
    for (name, inner) in inner {
        let at = format!("{at}/{name}");
        collect(&at, inner, out);
        out.push(at);
    }
}

/// Values that are right in many a place, and wrong in as many.
fn values() -> impl Strategy<Value = Json> {
    let common = prop_oneof![
        Just(json!(null)),
        Just(json!("")),
        Just(json!([])),
        Just(json!({})),
        Just(json!(true)),
        Just(json!("true")),
        Just(json!(0)),
        Just(json!(7)),
        Just(json!(-1)),
        Just(json!(1000)),
        Just(json!("OFF")),
        Just(json!("ACTIVE")),
        Just(json!("email")),
        Just(json!(["email"])),
        Just(json!([null])),
        Just(json!("a\nb")),
        Just(json!("{####}\u{2028}\u{85}")),
        Just(json!("a\u{a0}b\u{b}")),
        Just(json!("{####}")),
        Just(json!("x".repeat(300))),
        Just(json!({ "Level5": { "AcrValue": "x" } })),
        Just(json!({ "aws:a": "b" })),
    ];
    prop_oneof![3 => common, 1 => anything()]
        .prop_filter("whole to one, and not to the other", |value| !is_whole_with_a_fraction(value))
}

fn slips() -> impl Strategy<Value = Slip> {
    prop_oneof![2 => values().prop_map(Slip::Is), 1 => values().prop_map(Slip::Has), 2 => Just(Slip::Moves)]
}

/// Manifests of every call's settings, none of them passed through.
fn manifests(shapes: &Shapes) -> impl Strategy<Value = Case> + use<> {
    let values = Values { shapes, density: 0.4, strange: false, nulls: true };
    let mfa = values.structure(
        "",
        shapes.input("SetUserPoolMfaConfig").unwrap(),
        &["UserPoolId", "MfaConfiguration"],
    );
    (cases(shapes), mfa).prop_map(|(mut case, mfa)| {
        case.settings.extend(mfa);
        // Its members repeat the pool's, and a manifest does not name them.
        if let Some(sms) = case.settings.get_mut("SmsMfaConfiguration") {
            *sms = json!({});
        }
        case.passthrough.clear();
        case
    })
}

/// Whether the case is right for both. An error where it is for one alone.
fn agreed(catalogue: &Catalogue, validator: &Validator, case: &Case) -> Result<bool, String> {
    let text = case.manifest("eu-west-1_a1B2c3D4E");
    let (codes, refused) = (told(catalogue, &text), refused(validator, &text));
    let of_shape = codes.iter().any(|code| !NOT_OF_SHAPE.contains(&code.as_str()));
    // Elements of a set that stand twice are seen by a schema, those that only share a name are not.
    let unclear = !of_shape && codes.iter().any(|code| code == "duplicate-element");
    match (of_shape, refused.is_empty()) {
        (true, true) | (false, false) if !unclear => {
            Err(format!("the loader tells of {codes:?}, the schema of {refused:?}"))
        }
        _ => Ok(!of_shape),
    }
}

#[test]
fn the_schema_and_the_loader_agree_on_any_manifest() {
    let catalogue = catalogue();
    let validator = validator(&schema::manifest(&catalogue));
    let right = Cell::new(0);
    check(150, &manifests(&Shapes::bundled()), |case| {
        right.set(right.get() + u32::from(agreed(&catalogue, &validator, case)?));
        Ok(())
    });
    assert!(right.get() > 20, "only {} manifests were right", right.get());
}

#[test]
fn they_agree_on_what_one_value_makes_of_it() {
    let catalogue = catalogue();
    let validator = validator(&schema::manifest(&catalogue));
    let (right, wrong) = (Cell::new(0), Cell::new(0));
    let spoilt = (manifests(&Shapes::bundled()), any::<Index>(), slips());
    check(600, &spoilt, |(case, which, slip)| {
        let mut case = case.clone();
        spoil(&mut case.settings, which, slip);
        let count = if agreed(&catalogue, &validator, &case).map_err(|wrong| format!("{wrong}\n{case:?}"))? {
            &right
        } else {
            &wrong
        };
        count.set(count.get() + 1);
        Ok(())
    });
    assert!(right.get() > 50 && wrong.get() > 200, "{} right, {} wrong", right.get(), wrong.get());
}

#[test]
fn the_schema_takes_what_an_import_writes() {
    let catalogue = catalogue();
    let validator = validator(&schema::manifest(&catalogue));
    check(60, &pools(&Shapes::bundled()), |live| {
        for full in [false, true] {
            let frame = Header { pool: "eu-west-1_a".to_owned(), ..Header::default() };
            let options = import::ImportOptions { full, ..import::ImportOptions::default() };
            let text = import::draft(&catalogue, live, &frame, &options).text();
            let refused = refused(&validator, &text);
            if !refused.is_empty() {
                return Err(format!("{refused:?}\n{text}"));
            }
        }
        Ok(())
    });
}
