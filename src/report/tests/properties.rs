//! Whatever a pool and a manifest hold: no text plays with the terminal, and no secret is in it.

use std::sync::Arc;

use super::world::{catalogue, desired, live, options, without_colours};
use super::{planned, written};
use crate::catalogue::Unknown;
use crate::document::{Json, Path};
use crate::manifest::{Diagnostic, Origin, SourceText};
use crate::plan::Plan;
use crate::report::{
    PoolOutcome, Run, RunEntry, RunKind, Style, codequality, diagnostics, github, html, junit, markdown,
    openmetrics, sarif, text,
};
use crate::rules::{Desired, ManifestPool, Want};
use proptest::prelude::*;
use serde_json::json;

/// Text with what terminals obey and readers do not see.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zA-Z0-9 ]{0,6}",
        2 => any::<char>().prop_map(String::from),
        2 => proptest::sample::select(vec!["\u{1b}[31m", "\u{9b}", "\r\n", "\n", "\t", "\u{202e}", "\u{200b}", "\u{a0}", "\u{7f}", "\u{0}", "漢", " \n"])
            .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        hostile().prop_map(Json::from),
        (hostile(), 1usize..90).prop_map(|(text, times)| Json::from(text.repeat(times))),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::vec((name(), inner), 0..4).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

fn name() -> impl Strategy<Value = String> {
    let known = vec![
        "LambdaConfig",
        "UserPoolTags",
        "AutoVerifiedAttributes",
        "VerificationMessageTemplate",
        "EmailMessage",
        "SmsConfiguration",
        "ExternalId",
        "DeviceConfiguration",
        "Policies",
        "PasswordPolicy",
        "AccountRecoverySetting",
        "RecoveryMechanisms",
        "Name",
        "MfaConfiguration",
    ];
    prop_oneof![proptest::sample::select(known).prop_map(str::to_owned), hostile()]
}

fn object() -> impl Strategy<Value = Json> {
    prop::collection::vec((name(), value()), 0..8).prop_map(|members| members.into_iter().collect())
}

fn origin() -> impl Strategy<Value = Option<Origin>> {
    let place = (hostile(), hostile(), 0usize..60, 0usize..40);
    prop::option::of(place.prop_map(|(name, text, start, length)| {
        let start = text.floor_char_boundary(start);
        let end = text.floor_char_boundary(start + length);
        Origin { source: Arc::new(SourceText::new(name, text)), span: start..end }
    }))
}

fn wants() -> impl Strategy<Value = Desired> {
    let path = prop::collection::vec(name(), 1..4)
        .prop_map(|names| names.iter().fold(Path::root(), |path, name| path.member(name)));
    let want = (path, prop::option::of(value()), origin()).prop_map(|(path, value, origin)| Want {
        path,
        value,
        lacks: None,
        origin,
        file: None,
        is_secret: false,
    });
    (prop::collection::vec(want, 0..6), hostile(), hostile(), hostile()).prop_map(
        |(wants, file, pool, region)| Desired {
            wants,
            ..ManifestPool { file, pool, region, ..ManifestPool::default() }.into()
        },
    )
}

fn style() -> impl Strategy<Value = Style> {
    (any::<bool>(), any::<bool>(), 0usize..210).prop_map(|(color, unicode, width)| Style {
        color,
        unicode,
        width,
    })
}

fn unknown() -> impl Strategy<Value = Unknown> {
    proptest::sample::select(vec![Unknown::Echo, Unknown::Omit, Unknown::Stop])
}

fn is_harmless(text: &str, style: Style) -> bool {
    let text = if style.color { without_colours(text) } else { text.to_owned() };
    !text.contains(|c| c != '\n' && crate::report::visible::is_hidden(c))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_text_plays_with_the_terminal(pool in object(), other in object(), wants in wants(), unknown in unknown(), style in style()) {
        let plan = Plan::new(catalogue(), live(pool), &wants, &options(unknown));
        let later = Plan::new(catalogue(), live(other.clone()), &wants, &options(unknown));
        let texts = [
            text::plans(&[&plan.report, &later.report], &style),
            text::plan(&plan.report, &style),
            text::deviations(&plan.verify(catalogue(), &live(other)), &style),
            text::movement(&plan.movement(catalogue(), &later), &style),
        ];
        for text in texts {
            prop_assert!(is_harmless(&text, style), "{text:?}");
        }
        for request in text::request(catalogue(), &plan) {
            let plain = Style { color: false, ..style };
            prop_assert!(is_harmless(&request.body, plain));
            let read: Result<Json, _> = serde_json::from_str(&request.body);
            prop_assert!(read.is_ok());
        }
    }

    #[test]
    fn no_finding_plays_with_the_terminal(message in hostile(), label in hostile(), at in origin(), other in origin(), style in style()) {
        let mut finding = Diagnostic::of_file("code", &message, message.clone()).help(label.clone());
        finding.label = at.map(|at| (at, label.clone()));
        if let (Some((at, _)), Some(mut other)) = (&finding.label, other) {
            other.source = Arc::clone(&at.source);
            let end = at.source.text.floor_char_boundary(other.span.end);
            other.span = at.source.text.floor_char_boundary(other.span.start)..end;
            finding.related = Some((other, label));
        }
        let text = diagnostics(&[finding], &style);
        prop_assert!(is_harmless(&text, style), "{text:?}");
        prop_assert!(!text.contains("Failed to read"), "{text}");
    }

    #[test]
    fn a_secret_is_in_no_output(style in style(), unknown in unknown(), more in wants()) {
        let sms = |secret: &str| json!({"SnsCallerArn": "a", "ExternalId": secret, "EumsSms": {"ExternalId": format!("{secret}2")}});
        let pool = |secret: &str| live(json!({"Name": "p", "SmsConfiguration": sms(secret)}));
        let manifest = "settings: { SmsConfiguration: { ExternalId: canary-wanted }, MfaConfiguration: ON }";
        let mut wants = desired("p.yaml", manifest);
        let others = more.wants.into_iter().filter(|want| want.path.head() != Some("SmsConfiguration"));
        wants.wants.extend(others);
        let plan = Plan::new(catalogue(), pool("canary-live"), &wants, &options(unknown));
        let later = Plan::new(catalogue(), pool("canary-later"), &wants, &options(unknown));
        let requests: String = text::request(catalogue(), &plan).into_iter().map(|request| request.body).collect();
        let mut entry = RunEntry::planned(&plan.report, 5);
        let (deviations, movement) = (plan.verify(catalogue(), &pool("canary-read")), plan.movement(catalogue(), &later));
        entry.end.outcome = PoolOutcome::Deviates;
        (entry.end.deviations, entry.end.movement) = (&deviations, Some(&movement));
        let entries = [entry];
        let run = Run::new(RunKind::Apply, &entries);
        for text in [
            markdown::comment(&run),
            written(|out| html::html(&run, out)),
            github(&run),
            written(|out| sarif(&run, out)),
            junit(&run),
            written(|out| codequality(&run, out)),
            openmetrics::openmetrics(&run, &openmetrics::Successes::default()),
            text::plan(&plan.report, &style),
            requests,
            planned(&[&plan.report]).to_string(),
            text::deviations(&plan.verify(catalogue(), &pool("canary-read")), &style),
            text::movement(&plan.movement(catalogue(), &later), &style),
        ] {
            prop_assert!(!text.contains("canary"), "{text}");
        }
    }
}
