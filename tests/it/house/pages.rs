//! The README and the pages of docs/ are true: their commands run, their outputs are real, their manifests
//! are valid.
//!
//! The blocks of a page share one folder, in the order of the page. A block in ```` ```sh ```` is run line by
//! line; a line ends with `# exit N` where that is not 0. A block in ```` ```console ```` is run too, and what
//! comes after each `$` line is what the command prints. A block in ```` ```yaml ```` is a manifest, or a part of
//! one: where its first line is a comment with a path, it is written there. `<!-- test: COMMAND -->` is run and
//! not shown.

use std::path::Path;
use std::{env, fs};

use regex::Regex;

use crate::harness::peers;
use crate::harness::{Server, Workspace};

/// Commands of the pages that a test cannot run as they stand, and why.
const NOT_RUN: &[(&str, &str)] = &[
    ("examples/quickstart/tour.sh", "has tests of its own"),
    ("tests/run", "runs this test"),
    ("cargo install --locked --path .", "builds the program once more"),
    ("prowler aws --service cognito --region eu-west-1", "needs Prowler, which peers::prowler runs"),
];

/// What a manifest needs beside the part of it that a page shows.
const FRAME: &str = "version: 1\npool: eu-west-1_a1B2c3D4E\n";

/// What a test does with a block of a page, or with a line of it.
enum Piece {
    /// Run, with the exit code that is expected.
    Command { line: String, code: i32 },
    /// Run, and the output is what stands below it.
    Session { line: String, output: String },
    /// Written to a file, or validated by itself.
    Manifest(String),
}

/// What a test does with a page, in its order.
fn pieces(page: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(command) = line.strip_prefix("<!-- test: ").and_then(|rest| rest.strip_suffix(" -->")) {
            pieces.push(Piece::Command { line: command.to_owned(), code: 0 });
        }
        let Some(language) = line.strip_prefix("```").filter(|language| !language.is_empty()) else {
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        match language {
            "sh" => pieces.extend(block.iter().map(|line| command(line))),
            "console" => sessions(&block, &mut pieces),
            "yaml" => pieces.push(Piece::Manifest(block.join("\n") + "\n")),
            _ => {}
        }
    }
    pieces
}

fn command(line: &str) -> Piece {
    let (line, code) =
        line.split_once("# exit ").map_or((line, 0), |(line, code)| (line, code.parse().unwrap()));
    Piece::Command { line: line.trim_end().to_owned(), code }
}

fn sessions(block: &[&str], pieces: &mut Vec<Piece>) {
    for line in block {
        match (line.strip_prefix("$ "), pieces.last_mut()) {
            (Some(line), _) => pieces.push(Piece::Session { line: line.to_owned(), output: String::new() }),
            (None, Some(Piece::Session { output, .. })) => *output += &format!("{line}\n"),
            (None, _) => panic!("a console block begins with a command, not with {line:?}"),
        }
    }
}

/// A reader's folder: the examples, and an account that the sandbox plays.
struct Reader {
    workspace: Workspace,
    account: Server,
    path: String,
}

impl Reader {
    fn new() -> Self {
        let workspace = Workspace::new();
        let files = [
            "quickstart/customers.yaml",
            "quickstart/live/eu-west-1_a1B2c3D4E.json",
            "require/prowler.yaml",
            "other-tools/terraform.tfstate",
            "other-tools/stack-resources.json",
            "other-tools/identity.template.json",
        ];
        for file in files {
            let name = format!("examples/{file}");
            workspace.write(&name, fs::read(root().join(&name)).unwrap());
        }
        // What a project has that a reader of these pages works in.
        workspace.write("fragment/logo.png", b"\x89PNG\r\n\x1a\n");
        workspace.program("git").args(["init", "-q", "-b", "main"]).output().expect(0);
        let seed = ["--sandbox=account", "--seed", "examples/quickstart/live"];
        let account = Server::sandbox(&workspace, &seed);
        let poolctl = Path::new(env!("CARGO_BIN_EXE_poolctl")).parent().unwrap();
        let aws = peers::aws_cli();
        let rest = env::split_paths(&env::var_os("PATH").unwrap()).collect::<Vec<_>>();
        let all = [poolctl, aws.parent().unwrap()].into_iter().map(Path::to_path_buf).chain(rest);
        let path = env::join_paths(all).unwrap().into_string().unwrap();
        Self { workspace, account, path }
    }

    /// Runs a line of a page, both streams together, and returns what it printed.
    fn run(&self, line: &str, code: i32) -> String {
        let joined = format!("exec 2>&1\n{line}");
        let run = self.workspace.program("bash").args(["-c", &joined]).signed().env("PATH", &self.path);
        let run = run.env("AWS_ENDPOINT_URL", self.account.url()).env("AWS_DEFAULT_REGION", "eu-west-1");
        let run = run
            .env("GIT_AUTHOR_NAME", "reader")
            .env("GIT_AUTHOR_EMAIL", "reader@example.com")
            .env("GIT_COMMITTER_NAME", "reader")
            .env("GIT_COMMITTER_EMAIL", "reader@example.com")
            .env("POOLCTL_SECRET_EXTERNAL_ID", "kept-by-both");
        let output = run.output();
        assert_eq!(output.code, Some(code), "{line}\n{output}");
        output.raw
    }

    /// Writes a manifest where its first line says, and validates it.
    fn write(&self, text: &str) {
        let named = text.lines().next().and_then(|line| line.strip_prefix("# "));
        let path = named.filter(|name| name.ends_with(".yaml") && !name.contains(' '));
        let text = if path.is_some() || text.contains("version: 1") {
            text.to_owned()
        } else {
            format!("{FRAME}{text}")
        };
        let file = self.workspace.write(path.unwrap_or("fragment/pool.yaml"), &text);
        if text.contains("\npool: ") && !text.contains("${file:") {
            self.run(&format!("poolctl validate {}", file.display()), 0);
        }
        if path.is_none() {
            fs::remove_file(file).unwrap();
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Without what differs between two runs.
fn scrub(workspace: &Workspace, text: &str) -> String {
    let backup = Regex::new(r"\b\d{8}T\d{6}Z-").unwrap();
    backup.replace_all(&workspace.scrub(text), "[DATE]-").into_owned()
}

/// Runs a page from its beginning to its end.
#[track_caller]
fn hold(name: &str) {
    let file = root().join(name);
    let page = fs::read_to_string(&file).unwrap();
    let reader = Reader::new();
    let (mut ran, mut real) = (0, page.clone());
    for piece in pieces(&page) {
        match piece {
            Piece::Manifest(text) => reader.write(&text),
            Piece::Command { line, .. } if NOT_RUN.iter().any(|(command, _)| *command == line) => {}
            Piece::Command { line, code } => {
                reader.run(&line, code);
                ran += 1;
            }
            Piece::Session { line, output } => {
                let printed = reader.run(&line, 0);
                let (told, is) = (scrub(&reader.workspace, &output), scrub(&reader.workspace, &printed));
                if told != is {
                    real = real.replacen(&format!("$ {line}\n{output}"), &format!("$ {line}\n{printed}"), 1);
                }
                ran += 1;
            }
        }
    }
    assert!(ran > 0, "{name} has no command");
    if env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(&file, real).unwrap();
        return;
    }
    assert_eq!(page, real, "INSTA_UPDATE=always writes the real output into {name}");
}

/// A test for each page, and one that finds the pages without a test.
macro_rules! pages {
    ($($test:ident $name:literal,)*) => {
        $(#[test]
        fn $test() {
            hold($name);
        })*

        #[test]
        fn every_page_has_a_test() {
            let mut pages: Vec<String> = fs::read_dir(root().join("docs"))
                .unwrap()
                .map(|entry| format!("docs/{}", entry.unwrap().file_name().into_string().unwrap()))
                // One is generated, and one is a table of tests.
                .filter(|name| name != "docs/reference.md" && name != "docs/guarantees.md")
                .collect();
            pages.push("README.md".to_owned());
            pages.sort();
            let mut tested = vec![$($name),*];
            tested.sort_unstable();
            assert_eq!(pages, tested);
        }
    };
}

pages! {
    the_readme "README.md",
    the_page_about_manifests "docs/manifest.md",
    the_page_about_messages "docs/messages.md",
    the_page_about_applications "docs/applications.md",
    the_page_about_installation "docs/install.md",
    the_page_about_new_pools "docs/new-pools.md",
    the_page_about_import "docs/import.md",
    the_page_about_leaving_terraform "docs/leaving-terraform.md",
    the_page_about_leaving_cloudformation "docs/leaving-cloudformation.md",
    the_page_about_drift "docs/drift.md",
    the_page_about_rules_of_the_house "docs/require.md",
    the_page_about_fleets "docs/fleets.md",
    the_page_about_saved_plans "docs/saved-plans.md",
    the_page_about_accounts "docs/accounts.md",
    the_page_about_permissions "docs/permissions.md",
    the_page_about_ci "docs/ci.md",
    the_page_about_the_sandbox "docs/sandbox.md",
    the_page_about_output "docs/output.md",
}
