use std::sync::Arc;

use serde_json::Value;

use super::see;
use super::world::NARROW;
use crate::manifest::{Diagnostic, Origin, SourceText};
use crate::report::html;
use crate::report::validation::{self, Validation};

const TEXT: &str = "version: 1
pool: eu-west-1_a1B2c3D4E
settings:
  UserPoolTags: { größe: 🎉🎉, stage: 1 }
  EmailVerificationMessage: |
    Hello,
    your code is {}.
  UserPoolTier: LITE
";

fn source(name: &str) -> Arc<SourceText> {
    Arc::new(SourceText::new(name.to_owned(), TEXT.to_owned()))
}

fn at(source: &Arc<SourceText>, text: &str) -> Origin {
    let start = TEXT.find(text).unwrap();
    Origin { source: Arc::clone(source), span: start..start + text.len() }
}

/// One of everything: a place behind wide characters, one of several lines, two places, a whole file.
fn findings() -> Vec<Diagnostic> {
    let file = source("./pools/a, b: 100%.yaml");
    vec![
        Diagnostic::error(
            "quote",
            "`stage` is text,\r\nand 100% a number",
            at(&file, "1 }").first(1),
            "here",
        )
        .help("write `\"1\"`: with quotes"),
        Diagnostic::error(
            "pattern",
            "no placeholder",
            at(&file, "|\n    Hello,\n    your code is {}.\n"),
            "here",
        ),
        Diagnostic::error("acr-tier", "not on LITE", at(&file, "LITE"), "declared here")
            .warning()
            .related(at(&source("base.yaml"), "größe"), "`AcrConfiguration` is declared here")
            .help("set another"),
        Diagnostic::of_file("pool-twice", "pools/ü.yaml", "the pool has a manifest already").help("keep one"),
    ]
}

trait First {
    fn first(self, length: usize) -> Self;
}

impl First for Origin {
    fn first(mut self, length: usize) -> Self {
        self.span.end = self.span.start + length;
        self
    }
}

fn validation(findings: &[Diagnostic]) -> Validation<'_> {
    Validation { findings, manifests: 3, files: &[], strict: false, folder: "", links: None }
}

/// What is wrong with a document by its schema.
fn against(schema: &str, document: &str) -> Vec<String> {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let document: Value = serde_json::from_str(document).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(&document).map(|error| error.to_string()).collect()
}

#[test]
fn the_same_findings_stand_in_every_form() {
    let findings = findings();
    let validation = validation(&findings);
    see!("validation_text", validation::text(&validation, &NARROW));
    see!("validation_json", validation::json(&validation, "0.1.0"));
    see!("validation_github", validation::github(&validation));
    see!("validation_sarif", validation::sarif(&validation, "0.1.0"));
    see!("validation_junit", validation::junit(&validation));
    let page = html::validated(&validation, "0.1.0");
    let (_, page) = page.split_once("<body>").unwrap();
    see!("validation_html", page.split_once("<script>").unwrap().0);
    see!("validation_codequality", validation::codequality(&validation));
    assert_eq!(against(validation::SCHEMA, &validation::json(&validation, "0.1.0")), [""; 0]);
}

#[test]
fn nothing_is_a_document_too() {
    let none = validation(&[]);
    assert_eq!(validation::text(&none, &NARROW), "Valid: 3 manifests.\n");
    assert_eq!(validation::github(&none), "");
    assert_eq!(validation::codequality(&none), "[]\n");
    assert!(validation::junit(&none).contains(" tests=\"0\" failures=\"0\""));
    let json: Value = serde_json::from_str(&validation::json(&none, "0.1.0")).unwrap();
    assert_eq!((&json["valid"], &json["findings"]), (&true.into(), &Value::Array(Vec::new())));
    assert_eq!(against(validation::SCHEMA, &json.to_string()), [""; 0]);
    let sarif: Value = serde_json::from_str(&validation::sarif(&none, "0.1.0")).unwrap();
    assert_eq!(sarif["runs"][0]["results"], Value::Array(Vec::new()));
}

#[test]
fn warnings_count_where_the_reader_is_strict() {
    let findings: Vec<Diagnostic> = findings().into_iter().map(Diagnostic::warning).collect();
    let lenient = validation(&findings[..1]);
    let strict = Validation { strict: true, ..lenient };
    assert!(validation::text(&lenient, &NARROW).ends_with("\nValid: 1 warning in 1 of 3 manifests.\n"));
    assert!(validation::text(&strict, &NARROW).ends_with("\nInvalid: 1 warning in 1 of 3 manifests.\n"));
    let valid = |validation: &Validation<'_>| -> Value {
        serde_json::from_str::<Value>(&validation::json(validation, "0.1.0")).unwrap()["valid"].clone()
    };
    assert_eq!((valid(&lenient), valid(&strict)), (true.into(), false.into()));
}

#[test]
fn what_a_value_says_ends_no_command_and_moves_no_cursor() {
    let message = "`a\u{1b}[31m\n::set-output name=x::y\u{202e}` ".to_owned() + &"x".repeat(9_000);
    let findings = [Diagnostic::error("enum", message, at(&source("p.yaml"), "LITE"), "here")];
    let validation = validation(&findings);
    for text in [
        validation::github(&validation),
        validation::json(&validation, "0.1.0"),
        validation::sarif(&validation, "0.1.0"),
        validation::junit(&validation),
        validation::codequality(&validation),
    ] {
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
        assert!(!text.contains("\n::set-output") && text.len() < 4_000, "{text}");
    }
}
