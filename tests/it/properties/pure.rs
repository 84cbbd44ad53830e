//! What holds without a service: of the differ, the canonical form, the complete request and the rendered manifest.

use poolctl::catalogue::{Catalogue, RequestEnds, calls};
use poolctl::document::{DocumentId, Json, Object, Path, Snapshot};
use poolctl::manifest::{Beside, File, Nothing, Secret, Unavailable, Variable};
use poolctl::plan::diff;
use poolctl::rules::Want;
use poolctl::shapes::Shapes;
use poolctl::{manifest, report, rules};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::properties::judge::flat;
use crate::properties::live::{TWINS, at, pools};
use crate::properties::manifest::{Case, cases};
use crate::properties::stage::check;

/// Two pools that have much in common: whole members of the one stand in the other.
pub(super) fn pairs(shapes: &Shapes) -> impl Strategy<Value = (Case, Case)> {
    (pools(shapes), pools(shapes), vec(any::<bool>(), 64)).prop_map(|(a, mut b, shared)| {
        for ((name, value), _) in a.pool().members().zip(shared).filter(|(_, shared)| *shared) {
            b.pool_mut().insert(name, value.clone());
        }
        (Case::of(a), Case::of(b))
    })
}

fn paths(changes: &[poolctl::plan::Change]) -> Vec<String> {
    changes.iter().map(|change| change.path.to_string()).collect()
}

#[test]
fn a_difference_is_one_from_either_side() {
    let (shapes, catalogue) = (Shapes::bundled(), Catalogue::new(Shapes::bundled()));
    check(60, &pairs(&shapes), |(a, b)| {
        let (a, b) = (catalogue.canonical(&a.live), catalogue.canonical(&b.live));
        for pool in [&a, &b] {
            let changes = paths(&diff(&catalogue, pool, pool));
            that(changes.is_empty(), || format!("a pool differs from itself in {changes:?}"))?;
        }
        let (there, back) = (paths(&diff(&catalogue, &a, &b)), paths(&diff(&catalogue, &b, &a)));
        let (mut one, mut other) = (there.clone(), back.clone());
        one.sort();
        other.sort();
        that(one == other, || format!("there {there:?}, back {back:?}"))
    });
}

#[test]
fn the_canonical_form_of_a_canonical_form_is_the_same_pool() {
    let (shapes, catalogue) = (Shapes::bundled(), Catalogue::new(Shapes::bundled()));
    check(80, &pools(&shapes).prop_map(Case::of), |case| {
        let once = catalogue.canonical(&case.live);
        let twice = catalogue.canonical(&Snapshot::of_pool(once.to_object()));
        let changes = paths(&diff(&catalogue, &once, &twice));
        that(changes.is_empty(), || format!("it differs in {changes:?}"))
    });
}

#[test]
fn the_request_of_an_unchanged_pool_holds_every_member_as_it_is() {
    const READ_ONLY: [&str; 7] = [
        "Id",
        "CreationDate",
        "UsernameAttributes",
        "SchemaAttributes",
        "LastModifiedDate",
        "EstimatedNumberOfUsers",
        "Status",
    ];
    let (shapes, catalogue) = (Shapes::bundled(), Catalogue::new(Shapes::bundled()));
    check(80, &pools(&shapes).prop_map(Case::of), |Case { live, .. }| {
        let body = catalogue.request(
            &calls::UPDATE_USER_POOL,
            "eu-west-1_a",
            RequestEnds::back(live, &DocumentId::POOL),
            &[],
        );
        let body = body.to_object();
        let sent = flat(&body);
        for (path, text) in flat(&live.pool().to_object()) {
            let name = path.to_string();
            let legacy = TWINS.iter().find(|(legacy, _)| *legacy == name);
            let kept = match legacy {
                _ if READ_ONLY.contains(&path.head().unwrap()) || name.starts_with("UserPoolTags.aws:") => {
                    continue;
                }
                // One of two names is enough.
                Some((_, truth)) => [Some(&*name), Some(truth)]
                    .iter()
                    .flatten()
                    .any(|name| at(&body, name).map(Json::to_string).as_ref() == Some(&text)),
                // It would switch client registration on.
                None if name == "DcrConfiguration" && text == "{}" => !sent.contains_key(&path),
                None if name == "Name" => sent.get(&Path::members(["PoolName"])) == Some(&text),
                None => sent.get(&path) == Some(&text) || text == "{}" && holds_object(&body, &path),
            };
            that(kept, || format!("`{name}` is {text} and goes back as {:?}", sent.get(&path)))?;
        }
        Ok(())
    });
}

/// A structure that was empty may have got what was known by a legacy name.
fn holds_object(body: &Object, path: &Path) -> bool {
    poolctl::document::json::get(body, path).is_some_and(Json::is_object)
}

/// A manifest's world, in which nobody knows a secret.
struct WithoutSecrets;

impl Beside for WithoutSecrets {
    fn file(&self, from: &str, path: &str) -> Result<File, Unavailable> {
        Nothing.file(from, path)
    }

    fn variable(&self, _: &str) -> Option<Variable> {
        None
    }

    fn secret(&self, _: &str) -> Secret {
        Secret::Withheld
    }
}

#[test]
fn a_rendered_manifest_wants_the_same() {
    let (shapes, catalogue) = (Shapes::bundled(), Catalogue::new(Shapes::bundled()));
    check(150, &cases(&shapes), |case| {
        let wants = |text: &str| {
            let manifest = manifest::load_with("pool.yaml", text.as_bytes(), &WithoutSecrets)
                .map_err(|errors| format!("{errors:?}"))?;
            let literals = report::Literals::of(&catalogue, std::slice::from_ref(&manifest));
            let rendered = report::render(&catalogue, &manifest, false, &literals);
            let wants = rules::check(&catalogue, manifest).map(|(desired, _)| desired.wants);
            Ok::<_, String>((wants.unwrap_or_default(), rendered))
        };
        let (first, rendered) = wants(&case.manifest("eu-west-1_a1B2c3D4E"))?;
        let (second, again) = wants(&rendered)?;
        that(again == rendered, || format!("rendered twice:\n{rendered}---\n{again}"))?;
        let shown = |want: &Want| (want.path.to_string(), want.value.clone());
        // What is sensitive becomes a secret that only its owner knows; that it goes is shown.
        let plain = |want: &&Want| want.value.is_none() || !catalogue.is_sensitive(&want.path);
        let (first, second): (Vec<_>, Vec<_>) = (
            first.iter().filter(plain).map(shown).collect(),
            second.iter().filter(plain).map(shown).collect(),
        );
        that(first == second, || format!("{rendered}\n{first:?}\n{second:?}"))
    });
}

fn that(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}
