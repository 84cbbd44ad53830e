//! Public types have names of their own, and functions fit a screen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use poolctl::catalogue::Catalogue;
use poolctl::shapes::Shapes;
use regex::Regex;

use super::layers::{code, rooms};

/// The most lines of a function, its signature and its closing brace among them.
const LINES: usize = 60;

/// The most parameters of a function, `self` among them.
const PARAMETERS: usize = 6;

/// The library's code by file, tests left out.
fn library() -> impl Iterator<Item = (PathBuf, String)> {
    rooms().into_iter().flat_map(|(room, _)| code(&room))
}

/// The names of the types that code defines for other modules.
fn public_types(code: &str) -> Vec<String> {
    let definition = Regex::new(r"(?m)^\s*pub(?:\([^)]*\))? (?:struct|enum|union|trait|type) (\w+)").unwrap();
    definition.captures_iter(code).map(|found| found[1].to_owned()).collect()
}

/// A function of formatted code.
#[derive(Debug, PartialEq)]
struct Function {
    name: String,
    lines: usize,
    parameters: usize,
}

fn functions(code: &str) -> Vec<Function> {
    let head =
        Regex::new(r#"^(\s*)(?:pub(?:\([^)]*\))? )?(?:(?:const|async|unsafe|extern "\w+") )*fn (\w+)"#)
            .unwrap();
    let lines: Vec<&str> = code.lines().collect();
    let functions = (0..lines.len()).filter_map(|start| {
        let found = head.captures(lines[start])?;
        let ends = |line: &&str| line.ends_with(['{', '}', ';']);
        let signature = lines[start..].iter().position(ends).unwrap();
        // A function without a body, or with a body on the same line, ends where its signature does.
        let body = match lines[start + signature].ends_with('{') {
            true => {
                let close = format!("{}}}", &found[1]);
                lines[start + signature..].iter().position(|line| *line == close).unwrap()
            }
            false => 0,
        };
        let text = lines[start..=start + signature].join(" ");
        let parameters = parameters(&text[found[0].len()..]);
        Some(Function { name: found[2].to_owned(), lines: signature + body + 1, parameters })
    });
    functions.collect()
}

/// How many parameters a signature has, from behind the function's name on.
fn parameters(signature: &str) -> usize {
    // An arrow closes no bracket.
    let signature = signature.replace("->", "");
    let (mut depth, mut is_inside, mut is_empty, mut count) = (0_usize, false, true, 0);
    for c in signature.chars() {
        match c {
            '(' if depth == 0 => (depth, is_inside) = (1, true),
            '<' | '(' | '[' => depth += 1,
            '>' | ')' | ']' => depth -= 1,
            _ => {}
        }
        if is_inside && depth == 0 {
            break;
        }
        match c {
            ',' if is_inside && depth == 1 => is_empty = true,
            _ if is_inside && is_empty && !c.is_whitespace() && !(c == '(' && count == 0 && depth == 1) => {
                (is_empty, count) = (false, count + 1);
            }
            _ => {}
        }
    }
    count
}

#[test]
fn each_definition_of_a_public_type_is_found() {
    let code = "pub struct A;\n    pub(super) enum B<'a> {\nstruct C;\npub(in crate::x) type D = E;\npub trait F {\n    type G;";
    assert_eq!(public_types(code), ["A", "B", "D", "F"]);
}

#[test]
fn functions_are_measured_from_their_signature_to_their_brace() {
    let function = |name: &str, lines, parameters| Function { name: name.to_owned(), lines, parameters };
    let code = "
impl A {
    pub(in crate::x) async fn a<F: Fn(u8) -> u8>(
        &self,
        f: F,
        (b, c): (B, C),
    ) -> [u8; 2] {
        match f {
        }
    }

    const fn b() -> u8 { 1 }
}

trait B {
    fn c(&mut self, d: HashMap<K, V>);
}
";
    assert_eq!(functions(code), [function("a", 8, 3), function("b", 1, 0), function("c", 1, 2)]);
}

#[test]
fn no_two_public_types_have_the_same_name() {
    let mut files: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for (file, code) in library() {
        for name in public_types(&code) {
            files.entry(name).or_default().push(file.clone());
        }
    }
    files.retain(|_, files| files.len() > 1);
    assert!(files.is_empty(), "types of the same name: {files:#?}");
}

#[test]
fn every_function_fits_a_screen_and_takes_few_parameters() {
    for (file, code) in library() {
        for Function { name, lines, parameters } in functions(&code) {
            let named = format!("{} {name}", file.display());
            assert!(parameters <= PARAMETERS, "{named} has {parameters} parameters");
            assert!(lines <= LINES, "{named} has {lines} lines");
        }
    }
}

/// The files beside the catalogue, the service's rules and the MFA stage that name members of a pool, and why.
const NAME_MEMBERS: [(&str, &str); 7] = [
    ("src/document/kind.rs", "the signs of files that other clients write"),
    ("src/document/saved.rs", "the same"),
    ("src/document/snapshot.rs", "the identity of a pool"),
    ("src/import/request.rs", "requests of other clients"),
    ("src/cognito/sent.rs", "a mistake of the service's messages"),
    ("src/schema/frame.rs", "examples"),
    ("src/shapes/bundled.rs", "the API model, as it is generated"),
];

/// What is known of a resource stands in its file, so that a change of it is a change there.
#[test]
fn only_the_file_of_a_resource_names_its_members() {
    let catalogue = Catalogue::new(Shapes::bundled());
    let settings = catalogue.settings().map(str::to_owned);
    let read = catalogue.unsendable().into_iter().map(str::to_owned);
    let members: BTreeSet<String> = settings.chain(read).collect();
    let at_home = ["src/catalogue", "src/rules/cross", "src/sandbox", "src/plan/route.rs"];
    let text = Regex::new(r#""([A-Z][A-Za-z]+)[."\[]"#).unwrap();
    let mut naming = BTreeSet::new();
    for (file, code) in library().filter(|(file, _)| !at_home.iter().any(|home| file.starts_with(home))) {
        let code = code.split("#[cfg(test)]").next().unwrap().to_owned();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        let named: Vec<&str> = lines
            .flat_map(|line| text.captures_iter(line))
            .map(|found| found.get(1).unwrap().as_str())
            .collect();
        if named.iter().any(|name| members.contains(*name)) {
            naming.insert(file.display().to_string());
        }
    }
    let known: BTreeSet<String> = NAME_MEMBERS.iter().map(|(file, _)| (*file).to_owned()).collect();
    assert_eq!(naming, known, "files that name members of a pool");
}
