//! The JSON Schema of a manifest, judged by a validator that others wrote, and held to the loader.

use std::fs;
use std::path::Path;

use jsonschema::Validator;
use poolctl::catalogue::{Catalogue, pattern_path};
use poolctl::document::{Json, Object};
use poolctl::manifest::yaml::{self, ScalarMeaning, Value, YamlNode};
use poolctl::manifest::{self, Severity};
use poolctl::shapes::Shapes;
use poolctl::{rules, schema};
use serde_json::json;

use crate::harness::Workspace;
use crate::harness::peers::run_validator;
use crate::stories::schema_faults::{REFUSED, TAKEN, UNSEEN};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn catalogue() -> Catalogue {
    Catalogue::new(Shapes::bundled())
}

/// The schema, with formats looked at, as a strict validator does.
pub(crate) fn validator(schema: &Json) -> Validator {
    jsonschema::options().should_validate_formats(true).build(schema).unwrap()
}

/// A manifest's text as the JSON that a validator sees, to which `0123` is a number as to every other reader
/// of YAML 1.2.
fn instance(text: &str) -> Json {
    fn value(node: &YamlNode) -> Json {
        match &node.value {
            Value::Scalar(scalar) if scalar.meaning() == ScalarMeaning::OddNumber => json!(0.5),
            Value::Scalar(_) => node.to_json(),
            Value::Sequence(nodes) => nodes.iter().map(value).collect(),
            Value::Mapping(entries) => {
                entries.iter().map(|entry| (entry.key.clone(), value(&entry.value))).collect()
            }
        }
    }
    value(&yaml::parse("m.yaml", text.as_bytes()).unwrap().0)
}

/// What the schema has against a manifest.
pub(crate) fn refused(validator: &Validator, text: &str) -> Vec<String> {
    let instance = instance(text);
    validator.iter_errors(&instance).map(|error| error.to_string()).collect()
}

/// The codes of the errors that the loader and the rules tell of, one after the other once.
pub(crate) fn told(catalogue: &Catalogue, text: &str) -> Vec<String> {
    let findings = match manifest::load("m.yaml", text.as_bytes()) {
        Ok(manifest) => {
            rules::check(catalogue, manifest).map_or_else(|findings| findings, |(_, warnings)| warnings)
        }
        Err(findings) => findings,
    };
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    let mut codes: Vec<String> = errors.map(|finding| finding.code.to_string()).collect();
    codes.dedup();
    codes
}

/// The manifest around what a table has of it; the frame is the table's own where it begins with it.
fn manifest(body: &str) -> String {
    match body.starts_with("version") || body.starts_with("pool") {
        true => format!("{body}\n"),
        false => format!("version: 1\npool: eu-west-1_a1B2c3D4E\n{body}\n"),
    }
}

#[test]
fn the_published_schema_is_what_the_program_prints() {
    let printed = Workspace::new().poolctl(["schema"]).output().expect(0).raw;
    let published = fs::read_to_string(root().join("schemas/pool.schema.json")).unwrap();
    assert!(
        printed == published,
        "schemas/pool.schema.json is old; `cargo run -- schema > schemas/pool.schema.json` makes it anew"
    );
}

#[test]
fn the_schema_is_one_of_the_draft_that_it_names() {
    let schema = schema::manifest(&catalogue());
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert!(jsonschema::meta::validate(&schema).is_ok(), "{:?}", jsonschema::meta::validate(&schema));
    assert!(jsonschema::meta::validate(&json!({ "$schema": schema["$schema"], "type": "text" })).is_err());
}

/// The manifests of the examples, of README and of the page about manifests.
fn published() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for page in ["README.md", "docs/manifest.md"] {
        let text = fs::read_to_string(root().join(page)).unwrap();
        for block in text.split("\n```yaml\n").skip(1).map(|rest| rest.split("\n```").next().unwrap()) {
            let begins = |key: &str| {
                block.lines().find(|line| !line.starts_with('#')).is_some_and(|line| line.starts_with(key))
            };
            // A file that others extend has no pool, and a reference needs what is beside it.
            let is_whole = begins("version:") && block.contains("\npool:") && !block.contains("${");
            match (is_whole, begins("settings:")) {
                (true, _) => found.push((page.to_owned(), format!("{block}\n"))),
                (_, true) => found.push((page.to_owned(), manifest(block))),
                _ => {}
            }
        }
    }
    let mut folders = vec![root().join("examples")];
    let not_manifests = root().join("examples/ci");
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            // What runs poolctl, or watches it, is no manifest; nor are rules of the house.
            if path.ends_with("examples/ci") || path.ends_with("examples/require") {
                continue;
            }
            if path.is_dir() {
                folders.extend(Some(path).filter(|path| *path != not_manifests));
            } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
                found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

#[test]
fn every_manifest_that_is_published_is_right_for_both() {
    let (catalogue, published) = (catalogue(), published());
    let validator = validator(&schema::manifest(&catalogue));
    assert!(published.len() >= 3, "{published:?}");
    for (name, text) in published {
        assert_eq!(refused(&validator, &text), Vec::<String>::new(), "{name}\n{text}");
        assert_eq!(told(&catalogue, &text), Vec::<&str>::new(), "{name}\n{text}");
    }
}

/// Python's validator knows neither Unicode's categories nor anything else that only browsers do.
#[test]
fn other_validators_among_the_peers_take_and_refuse_the_same() {
    let schema = schema::manifest(&catalogue());
    let right = published().into_iter().chain(TAKEN.iter().map(|body| (body.to_string(), manifest(body))));
    let wrong = REFUSED.iter().map(|(body, _)| (body.to_string(), manifest(body)));
    let wrong: Vec<(String, String)> = wrong.collect();
    let cases = right.chain(wrong.iter().cloned()).map(|(name, text)| json!([name, instance(&text)]));
    let input = json!({ "schema": schema, "cases": cases.collect::<Vec<Json>>() });
    let refused = run_validator(&Workspace::new(), &input.to_string());
    let expected: Vec<String> = wrong.into_iter().map(|(name, _)| name).collect();
    let expected = expected.join("\n");
    let taken: Vec<&str> = expected.lines().filter(|line| !refused.contains(line)).collect();
    assert_eq!(taken, Vec::<&str>::new(), "it takes these");
    assert_eq!(refused.trim_end(), expected);
}

#[test]
fn both_refuse_what_is_wrong_in_its_shape() {
    let catalogue = catalogue();
    let validator = validator(&schema::manifest(&catalogue));
    for (body, code) in REFUSED {
        let text = manifest(body);
        assert_eq!(told(&catalogue, &text), [*code], "{body}");
        assert_ne!(refused(&validator, &text), Vec::<String>::new(), "the schema takes {body}");
    }
}

#[test]
fn both_take_what_is_right_in_every_form() {
    let catalogue = catalogue();
    let validator = validator(&schema::manifest(&catalogue));
    for body in TAKEN {
        let text = manifest(body);
        assert_eq!(told(&catalogue, &text), Vec::<&str>::new(), "{body}");
        assert_eq!(refused(&validator, &text), Vec::<String>::new(), "{body}");
    }
}

#[test]
fn what_no_schema_can_see_is_known_by_name() {
    let catalogue = catalogue();
    let validator = validator(&schema::manifest(&catalogue));
    for (body, code) in UNSEEN {
        let text = manifest(body);
        assert_eq!(told(&catalogue, &text), [*code], "{body}");
        assert_eq!(refused(&validator, &text), Vec::<String>::new(), "{body}: it is seen");
    }
}

/// Every part of a schema that says how a value is, with its place.
fn parts<'a>(at: String, schema: &'a Json, out: &mut Vec<(String, &'a Object)>) {
    match schema {
        Json::Object(members) => {
            out.push((at.clone(), members));
            // What stands in these is a value and no schema.
            let inner =
                members.iter().filter(|(name, _)| !matches!(name.as_str(), "default" | "examples" | "enum"));
            inner.for_each(|(name, inner)| parts(format!("{at}/{name}"), inner, out));
        }
        Json::Array(elements) => {
            elements.iter().enumerate().for_each(|(index, inner)| parts(format!("{at}/{index}"), inner, out));
        }
        _ => {}
    }
}

#[test]
fn every_setting_says_what_it_does_and_shows_values_that_are_right() {
    let schema = schema::manifest(&catalogue());
    let mut found = Vec::new();
    parts(String::new(), &schema, &mut found);
    let (mut told, mut shown) = (0, 0);
    for (at, part) in found {
        if at.starts_with("/properties/") && part.contains_key("title") {
            let description = part["description"].as_str().unwrap();
            assert!(description.ends_with('.') && !description.contains('`'), "{at}: {description}");
            told += 1;
        }
        let values = part
            .get("default")
            .into_iter()
            .chain(part.get("examples").and_then(Json::as_array).into_iter().flatten());
        let mut alone = part.clone();
        alone.insert("$defs".to_owned(), schema["$defs"].clone());
        let validator = validator(&Json::Object(alone));
        for value in values.filter(|_| !at.ends_with("/properties")) {
            assert!(validator.is_valid(value), "{at}: {value}");
            shown += 1;
        }
    }
    assert!(told > 150 && shown > 60, "{told} sentences, {shown} values");
}

/// The loader takes the examples too, which are the catalogue's.
#[test]
fn every_example_of_the_catalogue_can_be_declared() {
    let catalogue = catalogue();
    for pattern in catalogue.patterns().iter().filter(|pattern| !pattern.contains(['[', '*'])) {
        let path = pattern_path(pattern);
        let field =
            catalogue.setting(&path).filter(|field| field.row.is_none_or(|row| row.repeats.is_none()));
        let Some(example) = catalogue.example(&path).filter(|_| field.is_some()) else { continue };
        let settings = pattern.split('.').rev().fold(example, |value, name| json!({ name: value }));
        // A branch stands beside the settings.
        let branch = Catalogue::branches().find(|branch| settings.get(branch).is_some());
        let body = branch.map(|branch| format!("{branch}: {}", settings[branch]));
        let text = manifest(&body.unwrap_or_else(|| format!("settings: {settings}")));
        assert_eq!(told(&catalogue, &text), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn the_schema_of_a_newer_model_has_its_members() {
    let workspace = Workspace::new();
    let mut model: Json = serde_json::from_str(include_str!("../../../schemas/cognito-idp.json")).unwrap();
    model["shapes"]["LambdaConfigType"]["members"]["RiskScoring"] = "ArnType".into();
    workspace.write("model.json", model.to_string());
    let text = manifest(
        "settings: { LambdaConfig: { RiskScoring: 'arn:aws:lambda:eu-west-1:111122223333:function:a' } }",
    );
    let printed =
        |arguments: &[&'static str]| workspace.poolctl(arguments.iter().copied()).output().expect(0).json();
    assert_ne!(refused(&validator(&printed(&["schema"])), &text), Vec::<String>::new());
    let newer = printed(&["schema", "--api-model", "model.json"]);
    assert_eq!(refused(&validator(&newer), &text), Vec::<String>::new());
    let risk_scoring =
        &newer["properties"]["settings"]["properties"]["LambdaConfig"]["properties"]["RiskScoring"];
    assert_eq!(risk_scoring["title"], "LambdaConfig.RiskScoring");
}
