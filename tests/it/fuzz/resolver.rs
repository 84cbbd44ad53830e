//! Whatever a manifest extends and refers to: an answer comes soon and is not large, and secrets stay secret.

use std::collections::BTreeMap;

use poolctl::catalogue::Catalogue;
use poolctl::document::{Object, Snapshot};
use poolctl::manifest::{self, Manifest, yaml};
use poolctl::plan::Plan;
use poolctl::report::{Run, RunEntry, RunKind, Style, json, text};
use poolctl::rules;
use poolctl::shapes::Shapes;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::fuzz::loader::{End, Ends, SECRET, World, holds, that};
use crate::fuzz::noise::{Bytes, mutated, noise};
use crate::properties::stage::{accepting, check};

/// The files of a world; not all that are named are there.
const NAMES: [&str; 7] =
    ["pool.yaml", "a.yaml", "b.yaml", "c.yaml", "big.html", "missing.yaml", "../outside.yaml"];

/// Lines that refer to something.
const SETTINGS: &[&str] = &[
    "PoolName: ${var:name}",
    "PoolName: ${var:name:-customers}",
    "DeletionProtection: ${var:protection:-ACTIVE}",
    "MfaConfiguration: ${secret:S}",
    "Policies: { PasswordPolicy: { MinimumLength: \"${var:length:-12}\", RequireSymbols: true } }",
    "Policies: { PasswordPolicy: { MinimumLength: \"${secret:S}\" } }",
    "UserPoolTags: { a: \"${secret:S}\", \"${secret:S}\": b, c: \"x-${secret:S}-${var:y:-z}\" }",
    "VerificationMessageTemplate: { EmailMessage: \"${file:big.html}\", SmsMessage: \"{####} ${secret:S}\" }",
    "SmsConfiguration: { ExternalId: \"${secret:S}\", SnsCallerArn: \"arn:aws:iam::111122223333:role/${secret:S}\" }",
    "LambdaConfig: { PreSignUp: \"${secret:S}\", PostConfirmation: null }",
    "LambdaConfig: {}",
    "AutoVerifiedAttributes: [email, \"${secret:S}\"]",
    "AutoVerifiedAttributes: [\"${var:attribute:-email}\"]",
    "EmailConfiguration: { From: \"${secret:S}\", ReplyToEmailAddress: \"$${secret:S}\" }",
    "Unknown: ${secret:S}",
    "${secret:S}: x",
];

fn file() -> BoxedStrategy<Bytes> {
    let extends = prop_oneof![
        3 => Just(String::new()),
        3 => vec(select(&NAMES[..]), 0..4).prop_map(|names| format!("extends: [{}]\n", names.join(", "))),
        1 => Just("extends: ${file:a.yaml}\n".to_owned()),
    ];
    let pool = select(
        &[
            "",
            "pool: eu-west-1_a1B2c3D4E\n",
            "pool: eu-west-1_${secret:S}\n",
            "pool: eu-west-1_${var:pool}\n",
        ][..],
    );
    let lists = select(
        &[
            "",
            "ignore: [{ path: UserPoolTags.b, reason: \"${secret:S}\" }]\n",
            "allow: [{ risk: tag-removal, reason: r }]\n",
            "omit: [{ path: Newer, reason: r, until: 2026-11-30 }]\n",
            "passthrough: { New: [\"${secret:S}\", \"${file:b.yaml}\"], UserPoolAddOns: { Newer: \"${secret:S}\" } }\n",
        ][..],
    );
    (extends, pool, vec(select(SETTINGS), 0..4), vec(lists, 0..3))
        .prop_map(|(extends, pool, settings, lists)| {
            let settings = settings.iter().fold(String::new(), |text, line| format!("{text}  {line}\n"));
            let settings = if settings.is_empty() { settings } else { format!("settings:\n{settings}") };
            Bytes(format!("version: 1\n{extends}{pool}{settings}{}", lists.concat()).into_bytes())
        })
        .boxed()
}

fn worlds() -> impl Strategy<Value = World> {
    let noisy =
        prop_oneof![6 => file(), 2 => mutated(file().prop_map(|Bytes(bytes)| bytes).boxed()), 1 => noise()];
    let named = || select(&NAMES[1..4]);
    let html = prop_oneof![
        4 => Just(Bytes(b"<p>{####}</p>\n".to_vec())),
        1 => Just(Bytes(vec![0xff; 1000])),
        1 => Just(Bytes(b"${secret:S}${var:x}".to_vec())),
        1 => Just(Bytes(vec![b'x'; yaml::MAX_BYTES])),
    ];
    let given = prop::option::weighted(0.7, select(&["prod", "\u{1b}[2J", "${secret:S}", "1"][..]));
    let secret = prop::option::weighted(0.9, Just(SECRET));
    (noisy.clone(), vec((named(), noisy), 0..4), html, given, secret).prop_map(
        |(own, others, html, variable, secret)| {
            let mut files: BTreeMap<String, Bytes> =
                others.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect();
            files.insert("pool.yaml".to_owned(), own);
            files.insert("big.html".to_owned(), html);
            World { files, variable: variable.map(str::to_owned), secret: secret.map(str::to_owned) }
        },
    )
}

#[test]
fn what_a_manifest_is_made_of_is_found_or_told_of_and_secrets_stay_secret() {
    let catalogue = Catalogue::new(Shapes::bundled());
    let saved = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    let saved: Object = serde_json::from_str(saved).unwrap();
    let live = Snapshot::of_pool(saved["UserPool"].as_object().unwrap().clone());
    let ends = Ends::default();
    check(120, &worlds(), |world| {
        let Bytes(bytes) = &world.files["pool.yaml"];
        let end = holds(&catalogue, ("pool.yaml", bytes), world)?;
        ends.count(end);
        if end == End::Sound {
            let manifest = loaded(world, bytes)?;
            plans(&catalogue, &live, manifest)?;
        }
        Ok(())
    });
    ends.are_all_met();
}

fn loaded(world: &World, bytes: &[u8]) -> Result<Manifest, String> {
    manifest::load_with("pool.yaml", bytes, world).map_err(|errors| format!("{errors:?}"))
}

/// What a plan tells of a manifest, in which no secret is to be.
fn plans(catalogue: &Catalogue, live: &Snapshot, manifest: Manifest) -> Result<(), String> {
    let (desired, _) = rules::check(catalogue, manifest).map_err(|errors| format!("{errors:?}"))?;
    let plan = Plan::new(catalogue, live.clone(), &desired, &accepting());
    let style = Style { color: false, unicode: true, width: 100 };
    let told = [
        text::plan(&plan.report, &style),
        text::suggestion(&plan.report).unwrap_or_default(),
        json::document(&Run::new(RunKind::Plan, &[RunEntry::planned(&plan.report, 0)])).to_string(),
    ];
    told.iter().try_for_each(|told| that(!told.contains(SECRET), || format!("it shows a secret:\n{told}")))
}

/// Loads a manifest that is made to take long or grow large; the codes that it is told of.
fn told_of(text: String, files: Vec<(String, Vec<u8>)>) -> Vec<String> {
    let catalogue = Catalogue::new(Shapes::bundled());
    let files = files.into_iter().map(|(name, bytes)| (name, Bytes(bytes))).collect();
    let world = World { files, variable: None, secret: Some(SECRET.to_owned()) };
    holds(&catalogue, ("pool.yaml", text.as_bytes()), &world).unwrap();
    let manifest = loaded(&world, text.as_bytes()).unwrap();
    let length = |entry: &yaml::YamlEntry| -> usize {
        entry.value.scalars().iter().map(|(scalar, _)| scalar.text.len()).sum()
    };
    let size: usize = manifest.settings.iter().chain(&manifest.passthrough).map(length).sum();
    assert!(size <= 6 * yaml::MAX_BYTES, "it grew to {size} bytes");
    let mut codes: Vec<String> = manifest.findings.iter().map(|finding| finding.code.to_string()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// A manifest that passes this through.
fn passing(body: &str) -> String {
    format!("version: 1\npool: eu-west-1_a\npassthrough:\n{body}\n")
}

fn big() -> Vec<(String, Vec<u8>)> {
    vec![("big".to_owned(), vec![b'x'; yaml::MAX_BYTES])]
}

#[test]
fn a_thousand_references_to_a_large_file_are_not_a_thousand_files() {
    let lines: String = (0..1000).map(|number| format!("  X{number}: ${{file:big}}\n")).collect();
    assert_eq!(told_of(passing(&lines), big()), ["too-many"]);
    let one_line = format!("  X: \"{}\"", "${file:big}".repeat(50_000));
    assert_eq!(told_of(passing(&one_line), big()), ["too-many"]);
}

#[test]
fn many_thousands_of_references_take_no_longer_than_their_text() {
    let often = |reference: fn(usize) -> String| {
        let text: String = (0..30_000).map(reference).collect();
        passing(&format!("  X: \"{text}\""))
    };
    assert_eq!(told_of(often(|number| format!("${{var:v{number}}}")), Vec::new()), ["and-more", "reference"]);
    assert_eq!(
        told_of(often(|number| format!("${{file:f{number}}}")), Vec::new()),
        ["and-more", "reference"]
    );
    assert_eq!(told_of(often(|number| format!("${{var:v{number}:-d}}")), Vec::new()), [""; 0]);
    let binary = vec![("b".to_owned(), [vec![b'x'; yaml::MAX_BYTES - 1], vec![0xff]].concat())];
    assert_eq!(told_of(often(|_| "${file:b}".to_owned()), binary), ["and-more", "reference"]);
}

#[test]
fn files_that_extend_one_another_without_end_are_told_of() {
    let chain = |number: usize, body: &str| {
        let next = format!("version: 1\nextends: f{}\n{body}", number + 1);
        (format!("f{number}"), next.into_bytes())
    };
    let start = || "version: 1\npool: eu-west-1_a\nextends: f0\n".to_owned();
    assert_eq!(told_of(start(), (0..1000).map(|number| chain(number, "")).collect()), ["extends"]);
    let large = format!("passthrough: {{ X: {} }}\n", "x".repeat(180_000));
    assert_eq!(told_of(start(), (0..80).map(|number| chain(number, &large)).collect()), ["extends"]);
}
