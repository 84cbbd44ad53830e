use std::sync::Arc;

use super::see;
use super::world::NARROW;
use crate::manifest::{Diagnostic, Origin, SourceText};
use crate::report::{Style, diagnostics};

const MANIFEST: &str = "version: 1
pool: eu-west-1_a1B2c3D4E
settings:
  MfaConfiguration: On
  DeletionProtectoin: ACTIVE
  Policies: { PasswordPolicy: { MinimumLength: 3, RequireSymbols: 'yes' } }
  EmailVerificationSubject: Hi
  PoolName: a
  AutoVerifiedAttributes:
    - email
    - phone
  PoolName: b
";

fn file(name: &str, text: &str) -> Arc<SourceText> {
    Arc::new(SourceText::new(name.to_owned(), text.to_owned()))
}

/// The last place in the file that reads so.
fn at(source: &Arc<SourceText>, text: &str) -> Origin {
    let start = source.text.rfind(text).unwrap();
    Origin { source: Arc::clone(source), span: start..start + text.len() }
}

#[test]
fn every_error_of_a_file_is_shown_with_its_place_and_a_remedy() {
    let file = file("pools/p.yaml", MANIFEST);
    let error =
        |code, message: &str, text, label: &str| Diagnostic::error(code, message, at(&file, text), label);
    let findings = [
        error("enum", "`MfaConfiguration` cannot be `On`", "On", "not one of its values")
            .help("did you mean `ON`? The values are OFF, ON, OPTIONAL"),
        error(
            "unknown-setting",
            "Cognito has no setting `DeletionProtectoin`",
            "DeletionProtectoin",
            "unknown",
        )
        .help("did you mean `DeletionProtection`?"),
        error("range", "`Policies.PasswordPolicy.MinimumLength` takes 6 to 99", "3", "out of range"),
        error("type", "`Policies.PasswordPolicy.RequireSymbols` takes `true` or `false`", "'yes'", "is text")
            .help("write `true`"),
        error(
            "deprecated-member",
            "`EmailVerificationSubject` is deprecated",
            "EmailVerificationSubject",
            "deprecated",
        )
        .warning()
        .help("set `VerificationMessageTemplate.EmailSubject` in its place"),
    ];
    see!("errors", diagnostics(&findings, &NARROW));
    see!("errors_ascii", diagnostics(&findings[..2], &Style { unicode: false, ..NARROW }));
    let colour = diagnostics(&findings[..1], &Style { color: true, ..NARROW });
    see!("errors_colour", colour.replace('\u{1b}', "␛"));
}

#[test]
fn two_places_of_one_error_are_both_shown() {
    let own = file("pools/p.yaml", MANIFEST);
    let twice = || {
        Diagnostic::error("duplicate-key", "`PoolName` stands twice", at(&own, "PoolName: b"), "again here")
    };
    let base = file("pools/base.yaml", "version: 1\nsettings:\n  PoolName: c\n");
    let findings = [
        twice().related(at(&own, "PoolName: a"), "first here").help("keep one of the two"),
        twice().related(at(&base, "PoolName"), "first here").help("keep one of the two"),
        twice().related(at(&base, "PoolName"), "first here"),
    ];
    see!("error_two_places", diagnostics(&findings, &NARROW));
}

#[test]
fn a_place_of_many_lines_ends_with_its_first_and_an_empty_one_is_pointed_at() {
    let source = file("pools/p.yaml", &format!("a:\n{}\nb:\n", "  - x: y\n".repeat(100)));
    let list = Origin { source: Arc::clone(&source), span: 5..500 };
    let end = Origin { source: Arc::clone(&source), span: source.text.len()..source.text.len() };
    let blank = Origin { source: Arc::clone(&source), span: source.text.len() - 1..source.text.len() - 1 };
    let findings = [list, end, blank].map(|at| Diagnostic::error("type", "takes text", at, "a list"));
    let text = diagnostics(&findings, &NARROW);
    assert!(text.lines().count() < 35, "{text}");
    see!("error_many_lines", text);
}

#[test]
fn long_lines_and_long_sentences_are_cropped() {
    let long = "x".repeat(20_000);
    let source = file("pools/p.yaml", &format!("a: {long}\nb: [{long}, wrong, {long}]\nc: {long}\n"));
    let findings = [
        Diagnostic::error(
            "enum",
            format!("`b` cannot be `{long}`"),
            at(&source, "wrong"),
            "not one of its values",
        ),
        Diagnostic::error("range", "`a` takes 128 characters", at(&source, &long), long).help("shorten it"),
    ];
    let text = diagnostics(&findings, &NARROW);
    assert!(text.lines().all(|line| line.chars().count() < 330), "{text}");
    see!("error_long_line", text);
}

#[test]
fn hostile_text_is_shown_escaped() {
    let source = file("pools/\u{1b}[2J.yaml", "a: \"\u{202e}\u{200b}x\u{85}\"\t \u{1b}[31m\r\nb: \tx\n");
    let findings = [
        Diagnostic::error(
            "enum",
            "`a` cannot be `\u{202e}`",
            at(&source, "\u{202e}\u{200b}x\u{85}"),
            "\u{7}here",
        ),
        Diagnostic::error("enum", "tabs\tand\nlines", at(&source, "x\n"), "there"),
        Diagnostic::of_file("unreadable", "a\u{9b}b.yaml", "no \u{7}such file").help("\u{1b}c"),
    ];
    let text = diagnostics(&findings, &NARROW);
    assert!(!text.contains(|c: char| c != '\n' && c.is_control()), "{text:?}");
    see!("error_hostile", text);
}

#[test]
fn of_very_many_errors_the_first_hundred_are_shown() {
    let source = file("pools/p.yaml", MANIFEST);
    let error = Diagnostic::error("unknown-setting", "no such setting", at(&source, "On"), "here");
    let text = diagnostics(&vec![error; 1500], &NARROW);
    assert_eq!(text.matches("error[").count(), 100);
    assert!(text.ends_with("… 1,400 more\n1,500 errors in pools/p.yaml\n"), "{}", &text[text.len() - 200..]);
}

#[test]
fn nothing_wrong_is_no_text_and_several_files_are_counted() {
    assert_eq!(diagnostics(&[], &NARROW), "");
    let file = |name| Diagnostic::of_file("unreadable", name, "no such file");
    let text = diagnostics(&[file("a.yaml"), file("b.yaml").warning()], &NARROW);
    see!("errors_of_files", text);
}
