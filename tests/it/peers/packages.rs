//! How poolctl is installed: the names of a release, the wheel, pre-commit, the formula, the flake and the crate.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use poolctl::manifest::yaml;
use regex::{Captures, Regex};

use crate::harness::Workspace;
use crate::harness::peers::package_tool;

const VERSION: &str = env!("CARGO_PKG_VERSION");
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(source(name)).unwrap()
}

/// The targets of a release, and the script that packs the archive of one.
fn release() -> (Vec<String>, String) {
    let name = ".github/workflows/release.yml";
    let release = yaml::parse(name, text(name).as_bytes()).unwrap().0.to_json();
    let build = &release["jobs"]["build"];
    let rows = build["strategy"]["matrix"]["include"].as_array().unwrap();
    let targets = rows.iter().map(|row| row["target"].as_str().unwrap().to_owned()).collect();
    let steps = build["steps"].as_array().unwrap();
    let pack = steps.iter().find(|step| step["id"] == "pack").unwrap();
    (targets, pack["run"].as_str().unwrap().to_owned())
}

/// What a key of a table of Cargo.toml says.
fn of_cargo(table: &str, key: &str) -> String {
    let manifest = text("Cargo.toml");
    let table = manifest.split(&format!("\n[{table}]\n")).nth(1).unwrap().split("\n[").next().unwrap();
    let line = table.lines().find_map(|line| line.strip_prefix(&format!("{key} = \"")));
    line.unwrap().trim_end_matches('"').to_owned()
}

#[test]
fn binstall_finds_the_archive_of_each_target_and_the_program_in_it() {
    let (targets, pack) = release();
    assert!(targets.len() >= 5, "{targets:?}");
    let naming = pack.lines().find(|line| line.starts_with("name=")).unwrap();
    let name = Regex::new(r"\{ ([a-z-]+) \}").unwrap();
    for target in targets {
        let exe = if target.contains("windows") { ".exe" } else { "" };
        let render = |template: &str| {
            let value = |found: &Captures<'_>| {
                match &found[1] {
                    "repo" => REPOSITORY,
                    "name" | "bin" => "poolctl",
                    "version" => VERSION,
                    "target" => target.as_str(),
                    "binary-ext" => exe,
                    other => panic!("binstall has no `{other}` here"),
                }
                .to_owned()
            };
            name.replace_all(template, value).into_owned()
        };
        let script = format!("{naming}\necho \"$name.tar.gz $name/poolctl{exe}\"");
        let shell = Workspace::new();
        let run = shell.program("bash").env("TAG", &format!("v{VERSION}")).env("TARGET", &target);
        let packed = run.args(["-c", &script]).output().expect(0).stdout;
        let (archive, program) = packed.trim_end().split_once(' ').unwrap();
        let table = "package.metadata.binstall";
        assert_eq!(
            render(&of_cargo(table, "pkg-url")),
            format!("{REPOSITORY}/releases/download/v{VERSION}/{archive}")
        );
        assert_eq!(render(&of_cargo(table, "bin-dir")), program);
    }
    assert!(pack.contains("man extras/completions \"$name\""), "{pack}");
}

#[test]
fn the_formula_and_the_flake_get_the_checksums_of_their_archives() {
    let workspace = Workspace::new();
    let fill = || {
        let run = workspace.program(source("packaging/fill.sh"));
        run.args(["https://github.com/acme/poolctl", "1.2.3", "files"]).output()
    };
    workspace.write("files/README", "");
    let missing = fill();
    assert_ne!(missing.code, Some(0), "a release without an archive: {missing}");
    let (targets, _) = release();
    let unix: Vec<&String> = targets.iter().filter(|target| !target.contains("windows")).collect();
    fs::remove_dir_all(workspace.path().join("files")).unwrap();
    for (number, target) in unix.iter().enumerate() {
        let line = format!("{:064x}  poolctl-1.2.3-{target}.tar.gz\n", number + 10);
        workspace.write(&format!("files/poolctl-1.2.3-{target}.tar.gz.sha256"), line);
    }
    fill().expect(0);
    let formula = fs::read_to_string(workspace.path().join("files/poolctl.rb")).unwrap();
    let flake = ["-xOzf", "files/poolctl-1.2.3-flake.tar.gz", "poolctl-1.2.3-flake/flake.nix"];
    let flake = workspace.program("tar").args(flake).output().expect(0).raw;
    for filled in [&formula, &flake] {
        assert!(!filled.contains('@'), "{filled}");
        for (number, target) in unix.iter().enumerate() {
            // What belongs to a target is beside it.
            let sum = format!("{:064x}", number + 10);
            let at = filled.find(&sum).unwrap_or_else(|| panic!("no checksum of {target}\n{filled}"));
            assert!(filled[at.saturating_sub(160)..at].contains(target.as_str()), "{target}\n{filled}");
        }
    }
    assert!(formula.contains(
        "https://github.com/acme/poolctl/releases/download/v1.2.3/poolctl-1.2.3-aarch64-apple-darwin.tar.gz"
    ));
    match workspace.program("sh").args(["-c", "command -v ruby"]).output().code {
        Some(0) => drop(workspace.program("ruby").args(["-c", "files/poolctl.rb"]).output().expect(0)),
        _ => eprintln!("skipped: this machine has no `ruby`, which reads the formula"),
    }
}

/// A project of the same name and description whose build ends with the program that is already built.
fn project(workspace: &Workspace) {
    let manifest = text("Cargo.toml");
    let package = manifest.split("\n[").next().unwrap();
    workspace
        .write("project/Cargo.toml", format!("{package}\n[[bin]]\nname = \"poolctl\"\npath = \"main.rs\"\n"));
    workspace.write(
        "project/Cargo.lock",
        format!("version = 4\n\n[[package]]\nname = \"poolctl\"\nversion = \"{VERSION}\"\n"),
    );
    workspace.write("project/main.rs", "fn main() {}\n");
    for name in ["README.md", "packaging/pypi/pyproject.toml"] {
        workspace.write(&format!("project/{name}"), text(name));
    }
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        workspace.write(&format!("project/packaging/pypi/{name}"), text(name));
    }
    let deliver = "#!/bin/sh\n\"$@\" || exit\nfor word; do\n    \
                   case $word in extra-filename=*) extra=${word#*=} ;; esac\n    \
                   case $before in --out-dir) folder=$word ;; esac\n    before=$word\ndone\n\
                   case $folder in */deps) cp \"$BUILT\" \"$folder/poolctl$extra\" ;; esac\n";
    workspace.write("deliver", deliver);
    workspace.program("chmod").args(["+x", "deliver"]).output().expect(0);
    let built = workspace.path().join("built").display().to_string();
    workspace.program("strip").args(["-o", &built, env!("CARGO_BIN_EXE_poolctl")]).output().expect(0);
}

/// Makes the wheel as the release does, with maturin; returns its folder.
fn wheels(workspace: &Workspace) -> PathBuf {
    project(workspace);
    let at = |name: &str| workspace.path().join(name).display().to_string();
    let toolchain = Path::new(env!("CARGO")).parent().unwrap().display().to_string();
    let script = r#"cd project/packaging/pypi && exec "$@" --out ../../../wheels"#;
    let maturin = package_tool("maturin").display().to_string();
    let run = workspace.program("sh").args(["-c", script, "sh", &maturin, "build", "--locked", "--offline"]);
    run.args(["--compression-level", "1"])
        .env("PATH", &format!("{toolchain}:{}", std::env::var("PATH").unwrap()))
        .env("RUSTC_WORKSPACE_WRAPPER", &at("deliver"))
        .env("BUILT", &at("built"))
        .output()
        .expect(0);
    workspace.path().join("wheels")
}

/// A run of pre-commit with the environment of this process, because pip's configuration is the user's own affair.
fn pre_commit(workspace: &Workspace, wheels: &Path) -> (bool, String) {
    let mut command = Command::new(package_tool("pre-commit"));
    command.args(["run", "--all-files", "--color=never"]).current_dir(workspace.path().join("user"));
    command.env("PRE_COMMIT_HOME", workspace.path().join("cache")).env("PIP_FIND_LINKS", wheels);
    let output = command.output().unwrap();
    let said =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (output.status.success(), said)
}

#[test]
fn the_wheel_brings_the_program_to_uvx_and_to_pre_commit() {
    let workspace = Workspace::new();
    let wheels = wheels(&workspace);
    let names: Vec<PathBuf> = fs::read_dir(&wheels).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [wheel] = names.as_slice() else { panic!("{names:?}") };
    let wheel = wheel.display().to_string();
    let metadata = ["-p", &wheel, "poolctl-*/METADATA"];
    let metadata = workspace.program("unzip").args(metadata).output().expect(0).raw;
    for line in [
        format!("Version: {VERSION}").as_str(),
        "License: MIT OR Apache-2.0",
        "# poolctl",
        "Requires-Python: >=3.8",
    ] {
        assert!(metadata.lines().any(|found| found == line), "{line}\n{metadata}");
    }
    assert!(metadata.contains(REPOSITORY), "{metadata}");
    let uvx = ["tool", "run", "--offline", "--no-config", "--from", &wheel, "poolctl", "--version"];
    let uvx = workspace
        .program(package_tool("uv"))
        .env("UV_PYTHON_DOWNLOADS", "never")
        .args(uvx)
        .output()
        .expect(0);
    assert_eq!(uvx.stdout.trim_end(), format!("poolctl {VERSION}"));
    let git = |folder: &str, arguments: &[&str]| {
        let own = [
            "-C",
            folder,
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@b.example",
            "-c",
            "init.defaultBranch=main",
        ];
        workspace.program("git").args(own).args(arguments).output().expect(0)
    };
    for name in ["pyproject.toml", ".pre-commit-hooks.yaml"] {
        workspace.write(&format!("hooks/{name}"), text(name));
    }
    git("hooks", &["init", "--quiet"]);
    git("hooks", &["add", "."]);
    git("hooks", &["commit", "--quiet", "--message", "A release"]);
    git("hooks", &["tag", &format!("v{VERSION}")]);
    let hooks = workspace.path().join("hooks").display().to_string();
    let config = format!(
        "repos:\n  - repo: file://{hooks}\n    rev: v{VERSION}\n    hooks: [{{ id: poolctl-validate }}]\n"
    );
    workspace.write("user/.pre-commit-config.yaml", config);
    let manifest = |value: &str| {
        let text = format!("version: 1\npool: eu-west-1_A1\nsettings: {{ DeletionProtection: {value} }}\n");
        workspace.write("user/pools/p.yaml", text);
    };
    manifest("MAYBE");
    git("user", &["init", "--quiet"]);
    git("user", &["add", "."]);
    let (is_clean, said) = pre_commit(&workspace, &wheels);
    assert!(!is_clean && said.contains("pools/p.yaml:3") && said.contains("MAYBE"), "{said}");
    manifest("ACTIVE");
    let (is_clean, said) = pre_commit(&workspace, &wheels);
    assert!(is_clean && said.contains("Passed"), "{said}");
}

#[test]
fn every_file_names_one_version_and_one_address() {
    let shim = text("pyproject.toml");
    for line in [format!("version = \"{VERSION}\""), format!("dependencies = [\"poolctl=={VERSION}\"]")] {
        assert!(shim.lines().any(|found| found == line), "{line}\n{shim}");
    }
    let address = REPOSITORY.strip_prefix("https://github.com/").unwrap();
    let named = Regex::new(r"\b([\w.-]+/poolctl)(?:@v|:v|\n    rev)([\d.]+)?").unwrap();
    for name in [
        "README.md",
        "docs/ci.md",
        "examples/ci/README.md",
        "examples/ci/github/main.yml",
        "examples/ci/github/drift.yml",
        "examples/ci/github/pull-request.yml",
    ] {
        let text = text(name);
        for found in named.captures_iter(&text) {
            let version = found.get(2).map_or(VERSION, |version| version.as_str());
            assert!(found[1].ends_with(address) && version == VERSION, "{name}: {}", &found[0]);
        }
    }
}

/// The sources, what they include, and what every crate has.
#[test]
fn the_crate_holds_what_it_needs_and_no_more() {
    // With the environment of this process, which knows where cargo has the libraries.
    let list = ["package", "--list", "--allow-dirty", "--offline"];
    let list = Command::new(env!("CARGO")).args(list).current_dir(source("")).output().unwrap();
    assert!(list.status.success(), "{}", String::from_utf8_lossy(&list.stderr));
    let list = String::from_utf8(list.stdout).unwrap();
    let files: Vec<&str> = list.lines().collect();
    let own = Regex::new(r"^(build\.rs|src/.*\.(rs|md|bash|css|js)|schemas/[a-z.-]+\.json|Cargo\.(toml|toml\.orig|lock)|README\.md|CHANGELOG\.md|LICENSE-(MIT|APACHE)|\.cargo_vcs_info\.json)$").unwrap();
    let others: Vec<&&str> = files.iter().filter(|file| !own.is_match(file)).collect();
    assert!(others.is_empty(), "{others:?}");
    let included = Regex::new(r#"include_(?:str|bytes)!\("([^"]+)"\)"#).unwrap();
    for file in files.iter().filter(|file| file.ends_with(".rs") && !file.ends_with("tests.rs")) {
        let text = text(file);
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        for found in included.captures_iter(text) {
            let path = source(file).parent().unwrap().join(&found[1]).canonicalize().unwrap();
            let name = path.strip_prefix(source("").canonicalize().unwrap()).unwrap().display().to_string();
            assert!(files.contains(&name.as_str()), "{file} includes {name}");
        }
    }
}

/// The pages that the release writes, as `man` sets them.
#[test]
fn every_command_has_a_man_page_that_groff_takes_without_a_word() {
    let workspace = Workspace::new();
    let example = Path::new(env!("CARGO_BIN_EXE_poolctl")).with_file_name("examples").join("man-pages");
    workspace.program(&example).args(["man", "2027-01-31"]).output().expect(0);
    let pages = fs::read_dir(workspace.path().join("man")).unwrap();
    let mut pages: Vec<String> = pages.map(|page| page.unwrap().file_name().into_string().unwrap()).collect();
    pages.sort();
    let commands = poolctl::cli::command_line();
    let commands = commands.get_subcommands().filter(|command| !command.is_hide_set());
    for name in commands.map(|command| format!("poolctl-{}.1", command.get_name())) {
        assert!(pages.contains(&name) || name == "poolctl-help.1", "{name} in {pages:?}");
    }
    let page = fs::read_to_string(workspace.path().join("man/poolctl-plan.1")).unwrap();
    let head = format!(".TH POOLCTL-PLAN 1 2027-01-31 \"poolctl {VERSION}\" poolctl\n");
    assert!(page.contains(&head), "{}", &page[..300]);
    assert!(page.contains("\\fBPOOLCTL_BASELINE\\fR"), "options name their variables");
    if workspace.program("sh").args(["-c", "command -v groff"]).output().code != Some(0) {
        eprintln!("skipped: this machine has no `groff`, which sets the pages");
        return;
    }
    // The library drops the sentence of an option that the short help hides.
    let wordless = Regex::new(r"(?m)^\.TP\n.*\n\.(TP|SH)").unwrap();
    for page in &pages {
        let page = format!("man/{page}");
        let text = fs::read_to_string(workspace.path().join(&page)).unwrap();
        assert!(!wordless.is_match(&text), "{page}\n{text}");
        let set = ["-man", "-Tutf8", "-ww", "-rLL=78n", "-P-cbou", &page];
        let set = workspace.program("groff").args(set).output().expect(0);
        assert_eq!(set.stderr, "", "{page}");
        let longest = set.stdout.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(longest <= 100, "{page} has a line of {longest} characters\n{set}");
    }
}
