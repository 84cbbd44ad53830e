//! Whatever a manifest declares and whatever the pool has become, `adopt` makes the one say the other.

use std::cell::RefCell;
use std::collections::BTreeMap;

use poolctl::adopt::{self, Adoption, ManifestEdit};
use poolctl::catalogue::Catalogue;
use poolctl::document::{Json, Path, Snapshot};
use poolctl::import::{self, Header};
use poolctl::manifest::{self, yaml};
use poolctl::plan::Plan;
use poolctl::rules::{self, Desired};
use poolctl::shapes::Shapes;
use proptest::prelude::*;

use crate::properties::live::{TWINS, pools};
use crate::properties::manifest::cases;
use crate::properties::stage::{accepting, check};

const POOL: &str = "eu-west-1_a1B2c3D4E";

/// A manifest, and the pool as it is later.
type Drifted = (String, Snapshot);

/// A manifest as a person keeps it: a comment above and behind every other line.
fn commented(text: &str) -> String {
    let mut out = String::new();
    let mut in_block = None;
    for (number, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let inside = in_block.is_some_and(|block| indent > block || line.is_empty());
        if !inside {
            in_block = None;
        }
        let begins_block = !inside && line.split_once(": ").is_some_and(|(_, value)| value.starts_with('|'));
        if begins_block {
            in_block = Some(indent);
        }
        match (inside, number % 2) {
            (true, _) => out += &format!("{line}\n"),
            (false, 0) => out += &format!("{line}  # behind {number}\n"),
            (false, _) => out += &format!("{}# above {number}\n{line}\n", " ".repeat(indent)),
        }
    }
    out
}

/// What an adoption came to.
struct Adopted {
    after: String,
    adoptions: Vec<Adoption>,
    /// The differences that are left though none of them was refused.
    left: Vec<String>,
}

fn load(catalogue: &Catalogue, text: &str) -> Option<(manifest::Manifest, Desired)> {
    let manifest = manifest::load("pool.yaml", text.as_bytes()).ok()?;
    let (desired, _) = rules::check(catalogue, manifest.clone()).ok()?;
    Some((manifest, desired))
}

fn plan(catalogue: &Catalogue, live: &Snapshot, desired: &Desired) -> Plan {
    Plan::new(catalogue, live.clone(), desired, &accepting())
}

/// Adopts everything, and holds the result to what it is to be; nothing where the manifest is wrong.
fn adopts(catalogue: &Catalogue, (text, live): &Drifted) -> Result<Option<Adopted>, String> {
    let Some((manifest, desired)) = load(catalogue, text) else { return Ok(None) };
    let planned = plan(catalogue, live, &desired);
    let mut adoptions = adopt::adoptions(catalogue, &manifest, &desired, (&planned, &accepting()), |_| true);
    let edited = adopt::edited(&adoptions.iter().collect::<Vec<_>>());
    for (position, why) in edited.refused {
        adoptions[position].target = Err(why);
    }
    let after = edited.files.get("pool.yaml").map(|after| String::from_utf8(after.clone()).unwrap());
    let after = after.unwrap_or_else(|| text.clone());
    let shown = || {
        let told: Vec<String> =
            adoptions.iter().map(|one| format!("{}: {:?}", one.path, one.target)).collect();
        format!("{text}---\n{after}---\n{}", told.join("\n"))
    };
    // An old pool may have a setting under its old name alone, where the manifest has the new one: the
    // command then leaves the file as it is.
    let Some((_, desired)) = load(catalogue, &after) else {
        return if !old_names(live).is_empty() {
            Ok(None)
        } else {
            Err(format!("it is wrong now:\n{}", shown()))
        };
    };
    untouched(text, &after, &adoptions).map_err(|what| format!("{what}\n{}", shown()))?;
    let refused = |path: &Path| adoptions.iter().any(|one| one.target.is_err() && explains(&one.path, path));
    let again = plan(catalogue, live, &desired).report.changes;
    let left = again.iter().map(|change| &change.path).filter(|path| !refused(path) && !is_old(live, path));
    Ok(Some(Adopted { left: left.map(ToString::to_string).collect(), after, adoptions }))
}

/// Whether a setting that stays as it is declared may be why another one differs: it stands around it, or
/// is the mode of MFA that switches its factors.
fn explains(refused: &Path, path: &Path) -> bool {
    let is_factor = Catalogue::factors().any(|factor| path.head() == Some(factor));
    refused.overlaps(path) || is_factor && refused.head() == Some("MfaConfiguration")
}

fn is_old(live: &Snapshot, path: &Path) -> bool {
    let path = path.to_string();
    old_names(live).iter().any(|(legacy, truth)| [*legacy, *truth].contains(&path.as_str()))
}

/// The settings that a pool has under their old names alone.
fn old_names(live: &Snapshot) -> Vec<(&'static str, &'static str)> {
    let is_old = |(legacy, truth): &(&str, &str)| {
        let has = |path: &str| live.pool().at(&Path::members(path.split('.'))).is_some();
        has(legacy) && !has(truth)
    };
    TWINS.into_iter().filter(is_old).collect()
}

/// Whether the file is what it was but for what was adopted.
fn untouched(before: &str, after: &str, adoptions: &[Adoption]) -> Result<(), String> {
    let tree = |text: &str| yaml::parse("pool.yaml", text.as_bytes()).unwrap().0.to_json();
    let (mut before_tree, mut after_tree) = (tree(before), tree(after));
    for adoption in adoptions.iter().filter(|one| one.target.is_ok()) {
        for tree in [&mut before_tree, &mut after_tree] {
            for frame in ["settings", "passthrough"] {
                blank(&mut tree[frame], &adoption.path);
            }
        }
    }
    if before_tree != after_tree {
        return Err("something else was written".to_owned());
    }
    // A comment above a line may be inside of a list that is written anew.
    let comments = |text: &str| text.lines().filter(|line| line.trim_start().starts_with("# above")).count();
    let lists = adoptions.iter().filter(|one| matches!(&one.target, Ok(ManifestEdit::Value { value, .. }) if !matches!(value, manifest::write::Yaml::Scalar(_)))).count();
    if lists == 0 && comments(after) < comments(before) && !adoptions.iter().any(|one| is_shrunk(before, one))
    {
        return Err("a comment is gone".to_owned());
    }
    Ok(())
}

/// Whether an adoption took the place of a list or a mapping, with what stood in it.
fn is_shrunk(text: &str, adoption: &Adoption) -> bool {
    let Ok(ManifestEdit::Value { at, .. }) = &adoption.target else { return false };
    let line = &text[..at.span.start];
    line.trim_end_matches([' ', '-']).ends_with('\n') || at.span.is_empty()
}

/// Takes the value at a path, or around it, out of a tree.
fn blank(tree: &mut Json, path: &Path) {
    let mut at = tree;
    for seg in path.segs() {
        let poolctl::document::Seg::Member(name) = seg else { break };
        match at.get_mut(&**name) {
            Some(_) => at = at.get_mut(&**name).unwrap(),
            None => break,
        }
    }
    *at = Json::Null;
}

fn holds(name: &str, drifted: &BoxedStrategy<Drifted>) {
    let catalogue = Catalogue::new(Shapes::bundled());
    let ends: RefCell<BTreeMap<String, u32>> = RefCell::default();
    let count = |end: &str| *ends.borrow_mut().entry(end.to_owned()).or_default() += 1;
    check(40, drifted, |(text, live)| {
        let mut text = text.clone();
        // What stands in the structure around a setting may differ only once that is gone.
        for round in 1..=3 {
            let Some(adopted) = adopts(&catalogue, &(text.clone(), live.clone()))? else {
                count("left");
                return Ok(());
            };
            for adoption in adopted.adoptions.iter().filter(|_| round == 1) {
                match &adoption.target {
                    Ok(_) => count("adopted"),
                    Err(why) => count(why.split(['`', ':']).next().unwrap_or_default()),
                }
            }
            match adopted.left.is_empty() {
                true => return Ok(()),
                false => count("again"),
            }
            text = adopted.after;
        }
        count("stuck");
        Ok(())
    });
    println!("{name}: {:#?}", ends.borrow());
    let ended = |end: &str| ends.borrow().get(end).copied().unwrap_or_default();
    let refused: u32 = ends
        .borrow()
        .iter()
        .filter(|(end, _)| !["adopted", "left", "again", "stuck"].contains(&end.as_str()))
        .map(|(_, count)| count)
        .sum();
    // Members that no model knows, inside of structures that are gone: the command tells what still differs.
    assert!(ended("stuck") < 3, "{} plans stay full", ended("stuck"));
    assert!(ended("again") < 10, "{} rounds were not enough", ended("again"));
    assert!(ended("left") < 15, "{} manifests were left", ended("left"));
    assert!(ended("adopted") > 200, "too few settings were adopted");
    assert!(refused * 5 < ended("adopted"), "{refused} settings were not adopted");
}

#[test]
fn a_written_manifest_follows_any_later_pool() {
    let shapes = Shapes::bundled();
    let drifted = (cases(&shapes), pools(&shapes), any::<bool>()).prop_map(|(case, later, comments)| {
        let text = case.manifest(POOL);
        (if comments { commented(&text) } else { text }, later)
    });
    holds("written", &drifted.boxed());
}

#[test]
fn an_imported_manifest_follows_any_later_pool() {
    let shapes = Shapes::bundled();
    let catalogue = Catalogue::new(shapes.clone());
    let drifted = (pools(&shapes), pools(&shapes), any::<bool>()).prop_map(move |(then, now, comments)| {
        let frame = Header { pool: POOL.to_owned(), ..Header::default() };
        let options = import::ImportOptions { full: true, ..import::ImportOptions::default() };
        let text = import::draft(&catalogue, &then, &frame, &options).text();
        (if comments { commented(&text) } else { text }, now)
    });
    holds("imported", &drifted.boxed());
}
