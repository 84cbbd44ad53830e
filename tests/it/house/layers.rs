//! The house keeps its order: parts use only what lies below them, and the core knows no world.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each room of the library and the rooms that it imports: the table in ARCHITECTURE.md.
pub(crate) fn rooms() -> Vec<(String, BTreeSet<String>)> {
    let page = std::fs::read_to_string("ARCHITECTURE.md").unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `src/"));
    rows.map(|row| {
        let cells: Vec<&str> = row.split(" | ").collect();
        let imports = cells.last().unwrap().trim_end_matches('|').split(',').map(str::trim);
        let room = cells[0].trim_end_matches(['`', '/']).trim_end_matches(".rs");
        (room.to_owned(), imports.filter(|name| !name.is_empty()).map(str::to_owned).collect())
    })
    .collect()
}

/// The parts that are pure, and what they must not name.
const PURE: &[&str] = &[
    "document",
    "shapes",
    "catalogue",
    "manifest",
    "rules",
    "explain",
    "schema",
    "import",
    "plan",
    "policy",
    "adopt",
    "report",
    "saved",
];
const WORLD: &[&str] = &[
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::io",
    "std::thread",
    "SystemTime",
    "Instant::",
    "now_utc",
    "now_local",
    "getrandom",
    "tokio",
    "aws_",
    "stdout()",
    "stderr()",
];

/// The code of a part, tests left out, by file.
pub(crate) fn code(part: &str) -> Vec<(PathBuf, String)> {
    fn collect(path: &Path, out: &mut Vec<(PathBuf, String)>) {
        if path.is_dir() {
            let mut entries: Vec<PathBuf> =
                std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
            entries.sort();
            return entries.iter().for_each(|entry| collect(entry, out));
        }
        let name = path.file_name().unwrap().to_string_lossy();
        let is_test = path.components().any(|part| part.as_os_str() == "tests") || name.ends_with("tests.rs");
        if !is_test && name.ends_with(".rs") {
            let text = std::fs::read_to_string(path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
            out.push((path.to_owned(), code));
        }
    }
    let mut out = Vec::new();
    let root = Path::new("src").join(part);
    collect(&if root.exists() { root } else { root.with_extension("rs") }, &mut out);
    assert!(!out.is_empty(), "{part} has no files");
    out
}

/// A trait that reads from memory as well: nothing of the world comes with it.
const OF_MEMORY: &str = "use std::io::Read as _;";

/// The parts that a file's code names behind `crate::`, or behind as many `super::` as lead there, comments
/// left out.
fn used(file: &Path, code: &str) -> BTreeSet<String> {
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let text = lines.collect::<Vec<_>>().join("\n");
    let out = "super::".repeat(depth(file));
    [out.as_str(), "crate::"]
        .into_iter()
        .flat_map(|root| text.match_indices(root).flat_map(|(start, _)| names(&text[start + root.len()..])))
        .collect()
}

/// How many modules a file lies below the crate.
fn depth(file: &Path) -> usize {
    let modules = file.strip_prefix("src").unwrap().with_extension("");
    modules.iter().filter(|module| *module != "mod").count()
}

/// The first names of what follows: one path, or a group of them in braces.
fn names(rest: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect()
    };
    let mut names = Vec::new();
    match rest.strip_prefix('{') {
        None => names.push(word(rest)),
        Some(group) => {
            let (mut depth, mut start) = (0_usize, 0);
            for (at, c) in group.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth > 0 => depth -= 1,
                    ',' | '}' if depth == 0 => {
                        names.push(word(&group[start..at]));
                        start = at + 1;
                    }
                    _ => {}
                }
                if c == '}' && depth == 0 && start == at + 1 {
                    break;
                }
            }
        }
    }
    names.retain(|name| !name.is_empty() && name != "super");
    names
}

#[test]
fn no_way_of_naming_a_part_is_overlooked() {
    let used = |file: &str, code: &str| used(Path::new(file), code).into_iter().collect::<Vec<_>>();
    for (file, code, expected) in [
        ("src/plan/judge.rs", "use crate::catalogue::Row;", &["catalogue"] as &[&str]),
        ("src/plan/judge.rs", "use crate::{cli::{a, b}, rules::c, Path};", &["cli", "rules"]),
        ("src/plan/judge.rs", "use crate::{\n    a::{b::{c}},\n    d,\n};\nuse x::e;", &["a", "d"]),
        ("src/plan/judge.rs", "use super::super::cognito::Reader;", &["cognito"]),
        ("src/plan/judge.rs", "use super::route;\n// crate::cli", &[]),
        ("src/plan/mod.rs", "use super::apply::Way;", &["apply"]),
        (
            "src/report/text/line.rs",
            "use super::super::style; use super::super::super::{apply, cli::b};",
            &["apply", "cli"],
        ),
        ("src/shapes.rs", "super::document::Json", &["document"]),
    ] {
        assert_eq!(used(file, code), expected, "{file}: {code}");
    }
}

#[test]
fn every_room_imports_what_the_table_says_and_only_rooms_above_it() {
    let mut above = BTreeSet::new();
    for (room, imports) in rooms() {
        let files = code(&room);
        let mut found: BTreeSet<String> = files.iter().flat_map(|(file, code)| used(file, code)).collect();
        found.remove(&room);
        assert_eq!(found, imports, "the imports of src/{room}, and those in ARCHITECTURE.md");
        assert!(found.is_subset(&above), "src/{room} imports a room that is below it: {found:?}");
        above.insert(room);
    }
}

#[test]
fn every_part_has_its_place() {
    let lib = std::fs::read_to_string("src/lib.rs").unwrap();
    let parts: BTreeSet<String> = lib
        .lines()
        .filter_map(|line| Some(line.strip_prefix("pub mod ")?.strip_suffix(';')?.to_owned()))
        .collect();
    assert_eq!(parts, rooms().into_iter().map(|(room, _)| room).collect());
}

#[test]
fn the_core_knows_no_clock_no_files_no_environment_and_no_network() {
    for part in PURE {
        for (file, code) in code(part) {
            let lines = code.lines().map(str::trim_start);
            for line in lines.filter(|line| !line.starts_with("//") && *line != OF_MEMORY) {
                let named = WORLD.iter().find(|word| line.contains(*word));
                assert!(named.is_none(), "{} names {}: {line}", file.display(), named.unwrap());
            }
        }
    }
}

/// What opens, lists, writes or removes files. To ask whether a path exists, and of what kind it is, shows
/// nothing of what is in it.
const OPENS: &str =
    r"\bfs::|\buse std::fs\b|\bFile::(open|create|options)|\b(OpenOptions|DirBuilder)\b|\.read_(dir|link)\(";

#[test]
fn one_part_opens_files_and_judges_the_links_on_the_way_to_them() {
    // What the system says of this very process.
    let is_exempt = |file: &Path, line: &str| {
        file.ends_with("cli/terminal/signals.rs") && line.contains("read_to_string(\"/proc/self/status\")")
    };
    let opens = regex::Regex::new(OPENS).unwrap();
    assert!(code("files").iter().any(|(_, code)| opens.is_match(code)), "the pattern finds what it is for");
    for (room, _) in rooms().into_iter().filter(|(room, _)| room != "files") {
        for (file, code) in code(&room) {
            for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
                let is_fine = is_exempt(&file, line) || !opens.is_match(line);
                assert!(is_fine, "{} opens files past src/files: {line}", file.display());
            }
        }
    }
}
