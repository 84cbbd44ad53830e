//! No two files of the library import each other, by whatever detour.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::house::layers::{code, rooms};

/// A module by the names on the way to it, as `["cognito", "read"]`.
type Module = Vec<String>;

/// Which modules each module imports from. A `mod.rs` introduces its folder: what it hands on from its
/// own files is no import.
struct Imports(BTreeMap<Module, BTreeSet<Module>>);

impl Imports {
    fn of(sources: &[(Module, String)]) -> Self {
        let modules: BTreeSet<&Module> = sources.iter().map(|(module, _)| module).collect();
        let imports = |(module, code): &(Module, String)| {
            let paths = paths(code).into_iter().filter_map(|path| absolute(module, &path, &modules));
            let targets = paths.filter_map(|path| longest(&path, &modules));
            let foreign = targets.filter(|target| target != module && !target.starts_with(module));
            (module.clone(), foreign.collect())
        };
        Self(sources.iter().map(imports).collect())
    }

    /// The groups of modules that import each other.
    fn circles(&self) -> Vec<Vec<&Module>> {
        let reached: BTreeMap<&Module, BTreeSet<&Module>> =
            self.0.keys().map(|module| (module, self.reached(module))).collect();
        let mut circles: Vec<Vec<&Module>> = Vec::new();
        for (module, reaches) in &reached {
            let is_back = |other: &&&Module| reached[**other].contains(module);
            let circle: Vec<&Module> = reaches.iter().filter(is_back).copied().collect();
            if reaches.contains(module) && !circles.contains(&circle) {
                circles.push(circle);
            }
        }
        circles
    }

    /// The modules that one imports from, and those that they import from, and so on.
    fn reached(&self, from: &Module) -> BTreeSet<&Module> {
        let mut reached = BTreeSet::new();
        let mut open = vec![from];
        while let Some(module) = open.pop() {
            for target in self.0.get(module).into_iter().flatten() {
                if reached.insert(target) {
                    open.push(target);
                }
            }
        }
        reached
    }
}

/// The paths that a file's code imports or names, each as its steps.
fn paths(code: &str) -> Vec<Vec<String>> {
    let lines = code.lines().map(|line| line.split("//").next().unwrap_or_default());
    let code = lines.collect::<Vec<_>>().join("\n");
    let uses = regex::Regex::new(r"(?m)^\s*(?:pub(?:\([^)]*\))? )?use ([\w\s:{},*]+);").unwrap();
    let named = regex::Regex::new(r"\b(?:crate|super)(?:::\w+)+").unwrap();
    let mut paths = Vec::new();
    for found in uses.captures_iter(&code) {
        unfold(&[], &found[1], &mut paths);
    }
    let rest = uses.replace_all(&code, "");
    paths.extend(named.find_iter(&rest).map(|path| steps(path.as_str())));
    paths
}

fn steps(path: &str) -> Vec<String> {
    path.split("::").map(|step| step.split(" as ").next().unwrap_or_default().trim().to_owned()).collect()
}

/// The single paths of a `use`, which may have groups in braces.
fn unfold(outer: &[String], tree: &str, out: &mut Vec<Vec<String>>) {
    let (mut depth, mut start) = (0_usize, 0);
    let mut parts = Vec::new();
    for (at, c) in tree.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&tree[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&tree[start..]);
    for part in parts.into_iter().map(str::trim).filter(|part| !part.is_empty()) {
        match part.split_once('{') {
            Some((before, group)) => {
                let mut around = outer.to_vec();
                around
                    .extend(steps(before.trim_end_matches("::")).into_iter().filter(|step| !step.is_empty()));
                unfold(&around, group.trim_end().strip_suffix('}').unwrap(), out);
            }
            None => out.push([outer, &steps(part)].concat()),
        }
    }
}

/// A path from the crate on; `None` if it leads to another crate.
fn absolute(module: &Module, path: &[String], modules: &BTreeSet<&Module>) -> Option<Vec<String>> {
    let supers = path.iter().take_while(|step| *step == "super").count();
    let within = |outer: &[String], rest: &[String]| [outer, rest].concat();
    match path[0].as_str() {
        "crate" => Some(path[1..].to_vec()),
        "super" => Some(within(&module[..module.len().checked_sub(supers)?], &path[supers..])),
        "self" => Some(within(module, &path[1..])),
        _ => Some(within(module, path)).filter(|path| modules.contains(&path[..=module.len()].to_vec())),
    }
}

/// The innermost module on the way of a path.
fn longest(path: &[String], modules: &BTreeSet<&Module>) -> Option<Module> {
    let prefixes = (1..=path.len()).rev().map(|length| path[..length].to_vec());
    prefixes.into_iter().find(|prefix| modules.contains(prefix))
}

/// The module that a file is.
fn module(file: &Path) -> Module {
    let steps = file.strip_prefix("src").unwrap().with_extension("");
    let names = steps.iter().map(|step| step.to_string_lossy().into_owned());
    names.filter(|name| name != "mod").collect()
}

#[test]
fn a_circle_is_found_behind_groups_and_detours() {
    let module = |text: &str| -> Module { text.split("::").map(str::to_owned).collect() };
    let source = |name: &str, code: &str| (module(name), code.to_owned());
    let circles = |sources: &[(Module, String)]| -> Vec<String> {
        let imports = Imports::of(sources);
        let names = |circle: Vec<&Module>| circle.iter().map(|module| module.join("::")).collect::<Vec<_>>();
        imports.circles().into_iter().map(|circle| names(circle).join(" ")).collect()
    };
    let room = source("a", "mod b;\npub use b::{X, Y};");
    assert_eq!(
        circles(&[
            room.clone(),
            source("a::b", "use super::{c::{Z, W}, X};"),
            source("a::c", "fn f() { super::d::g() }"),
            source("a::d", "// use super::e;\nuse crate::{x, a::b};"),
            source("a::e", "use super::b; use std::fmt;"),
        ]),
        ["a::b a::c a::d"]
    );
    assert_eq!(circles(&[room, source("a::b", "use super::c;"), source("a::c", "use super::X;")]), [""; 0]);
}

#[test]
fn no_files_import_each_other() {
    let files = rooms().into_iter().flat_map(|(room, _)| code(&room));
    let sources: Vec<(Module, String)> = files.map(|(file, code)| (module(&file), code)).collect();
    let imports = Imports::of(&sources);
    let circles = imports.circles();
    assert!(circles.is_empty(), "these import each other: {circles:#?}");
}
