//! Whatever stands in a manifest and beside it: it is loaded or told of, soon, and nothing else happens.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use poolctl::catalogue::Catalogue;
use poolctl::manifest::{
    self, Beside, Diagnostic, File, Manifest, Origin, Secret, Severity, Unavailable, Variable, yaml,
};
use poolctl::report::validation::{self, Validation};
use poolctl::report::{self, Style};
use poolctl::rules;
use poolctl::shapes::Shapes;
use proptest::prelude::*;
use proptest::sample::select;

use crate::fuzz::noise::{Bytes, mutated, noise};
use crate::properties::manifest::cases;
use crate::properties::stage::check;

/// The time in which a manifest is loaded and told of, on a machine that has other things to do.
const SOON: Duration = Duration::from_secs(10);
/// What nobody may see.
pub(crate) const SECRET: &str = "hunter2hunter2";

/// Files, variables and secrets in memory, under the names by which manifests call them.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) files: BTreeMap<String, Bytes>,
    /// What every variable stands for.
    pub(crate) variable: Option<String>,
    /// What every secret stands for.
    pub(crate) secret: Option<String>,
}

impl Beside for World {
    fn file(&self, _: &str, path: &str) -> Result<File, Unavailable> {
        let Some(Bytes(bytes)) = self.files.get(path) else {
            let message = format!("file `{path}` not found");
            return Err(Unavailable { message, help: "name one that is there".to_owned() });
        };
        Ok(File::new(path, PathBuf::from(path), bytes.as_slice().into()))
    }

    fn variable(&self, _: &str) -> Option<Variable> {
        self.variable.clone().map(|value| Variable { value, from: "--var".to_owned() })
    }

    fn secret(&self, _: &str) -> Secret {
        self.secret.clone().map_or(Secret::Unset, Secret::Value)
    }
}

/// The manifests that are kept, by name: odd layouts, and what once went wrong.
pub(crate) fn corpus() -> BTreeMap<String, Bytes> {
    let files = std::fs::read_dir("tests/it/fuzz/corpus/manifests").unwrap().map(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, Bytes(std::fs::read(path).unwrap()))
    });
    files.collect()
}

/// How a manifest ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    /// It is no manifest.
    Unread,
    /// Something is wrong with it.
    Wrong,
    /// It can be used.
    Sound,
}

/// Loads, checks, tells and renders a manifest, and holds all of it to what holds of any.
pub(crate) fn holds(
    catalogue: &Catalogue,
    (name, bytes): (&str, &[u8]),
    beside: &World,
) -> Result<End, String> {
    let started = Instant::now();
    let end = match manifest::load_with(name, bytes, beside) {
        Err(findings) => {
            told(findings)?;
            End::Unread
        }
        Ok(manifest) => {
            let today = time::macros::date!(2026 - 11 - 23);
            let checked = rules::check(catalogue, manifest.clone());
            let alone = rules::check_alone(catalogue, manifest.clone(), today, &[]);
            let is_sound = checked.is_ok();
            for findings in [checked, alone].map(|checked| checked.map_or_else(|all| all, |(_, all)| all)) {
                told(findings)?;
            }
            renders(catalogue, &manifest, is_sound)?;
            if is_sound { End::Sound } else { End::Wrong }
        }
    };
    that(started.elapsed() < SOON, || format!("it took {:?}", started.elapsed()))?;
    Ok(end)
}

/// Tells findings in every form, and holds them to what may be told.
fn told(findings: Vec<Diagnostic>) -> Result<(), String> {
    let findings = manifest::in_order(findings);
    for finding in &findings {
        for (origin, _) in finding.label.iter().chain(&finding.related) {
            let Origin { source, span } = origin;
            that(source.text.get(span.clone()).is_some(), || {
                format!("{span:?} is not in the text: {finding:?}")
            })?;
        }
    }
    let looked =
        Validation { findings: &findings, manifests: 1, files: &[], strict: false, folder: "", links: None };
    let style = |unicode, width| Style { color: false, unicode, width };
    let json = validation::json(&looked, "0");
    let sarif = validation::sarif(&looked, "0");
    let quality = validation::codequality(&looked);
    for text in [&json, &sarif, &quality] {
        serde_json::from_str::<serde_json::Value>(text).map_err(|error| format!("{error}\n{text}"))?;
    }
    let texts = [
        report::diagnostics(&findings, &style(true, 100)),
        report::diagnostics(&findings, &style(false, 40)),
        validation::text(&looked, &style(true, 80)),
        validation::github(&looked),
        json,
        sarif,
        quality,
        validation::junit(&looked),
    ];
    texts.iter().try_for_each(|text| printable(text))
}

/// Whether a text can be shown to anybody.
fn printable(text: &str) -> Result<(), String> {
    let is_obeyed = |c: char| c != '\n' && c.is_control() || matches!(c, '\u{202a}'..='\u{202e}');
    that(!text.contains(is_obeyed), || format!("it holds what a terminal obeys: {text:?}"))?;
    that(!text.contains(SECRET), || format!("it shows a secret:\n{text}"))?;
    that(text.len() < 4 << 20, || format!("it is {} bytes long", text.len()))
}

/// Renders a manifest: what is printed stands alone and says the same.
fn renders(catalogue: &Catalogue, manifest: &Manifest, is_sound: bool) -> Result<(), String> {
    let literals = report::Literals::of(catalogue, std::slice::from_ref(manifest));
    for sources in [false, true] {
        let rendered = report::render(catalogue, manifest, sources, &literals);
        that(!rendered.contains(SECRET), || format!("it shows a secret:\n{rendered}"))?;
        // What it refers to may be larger than a manifest may be.
        if rendered.len() > yaml::MAX_BYTES {
            continue;
        }
        let beside = World { secret: Some(SECRET.to_owned()), ..World::default() };
        let again = manifest::load_with("rendered", rendered.as_bytes(), &beside)
            .map_err(|findings| format!("what is rendered is no manifest: {findings:?}\n{rendered}"))?;
        if is_sound && !sources {
            let errors: Vec<&Diagnostic> =
                again.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
            that(errors.is_empty(), || format!("what is rendered is wrong: {errors:?}\n{rendered}"))?;
            let twice = report::render(catalogue, &again, false, &literals);
            that(twice == rendered, || format!("rendered twice:\n{rendered}---\n{twice}"))?;
        }
    }
    Ok(())
}

pub(crate) fn that(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}

/// How often each end was come to.
#[derive(Default)]
pub(crate) struct Ends(RefCell<BTreeMap<End, u32>>);

impl Ends {
    pub(crate) fn count(&self, end: End) {
        *self.0.borrow_mut().entry(end).or_default() += 1;
    }

    /// Fails where some end was never come to: then the cases are not what they are meant to be.
    pub(crate) fn are_all_met(&self) {
        println!("{:?}", self.0.borrow());
        for end in [End::Unread, End::Wrong, End::Sound] {
            assert!(self.0.borrow().contains_key(&end), "no case was {end:?}");
        }
    }
}

#[test]
fn every_manifest_that_is_kept_is_loaded_or_told_of() {
    let catalogue = Catalogue::new(Shapes::bundled());
    let (ends, files) = (Ends::default(), corpus());
    let beside = World { files, variable: None, secret: Some(SECRET.to_owned()) };
    for (name, Bytes(bytes)) in &beside.files {
        ends.count(
            holds(&catalogue, (name, bytes), &beside).unwrap_or_else(|error| panic!("{name}: {error}")),
        );
    }
    ends.are_all_met();
}

#[test]
fn a_manifest_of_any_bytes_is_loaded_or_told_of() {
    let (shapes, catalogue) = (Shapes::bundled(), Catalogue::new(Shapes::bundled()));
    let files = corpus();
    let kept: Vec<Vec<u8>> = files.values().map(|Bytes(bytes)| bytes.clone()).collect();
    let written = cases(&shapes).prop_map(|case| case.manifest("eu-west-1_a1B2c3D4E").into_bytes());
    let hostile = prop_oneof![
        4 => mutated(select(kept).boxed()),
        3 => mutated(written.boxed()),
        1 => noise(),
    ];
    let beside = World { files, variable: Some("x".to_owned()), secret: Some(SECRET.to_owned()) };
    let ends = Ends::default();
    check(120, &hostile, |Bytes(bytes)| {
        ends.count(holds(&catalogue, ("pool.yaml", bytes), &beside)?);
        Ok(())
    });
    ends.are_all_met();
}
