//! What `--help` says: that it fits, and that its examples are true.

use insta::assert_snapshot;
use poolctl::cli::args::Cli;
use regex::Regex;

use crate::harness::{Server, Workspace};

/// Every command with the words that name it, and the program itself as none.
fn commands() -> Vec<String> {
    fn collect(command: &clap::Command, name: &str, out: &mut Vec<String>) {
        out.push(name.to_owned());
        for inner in command.get_subcommands() {
            collect(inner, format!("{name} {}", inner.get_name()).trim_start(), out);
        }
    }
    let mut names = Vec::new();
    collect(&<Cli as clap::CommandFactory>::command(), "", &mut names);
    names
}

fn help(command: &str, flag: &str, columns: usize) -> String {
    let workspace = Workspace::new();
    let words = command.split_whitespace().chain([flag]);
    let output = workspace.poolctl(words).env("COLUMNS", &columns.to_string()).output().expect(0);
    assert_eq!(output.stderr, "", "help is a result");
    output.stdout
}

#[test]
fn every_help_fits_its_terminal_and_breaks_no_option() {
    for command in commands() {
        let mut all = String::new();
        for (flag, columns) in [("-h", 80), ("--help", 80), ("--help", 100)] {
            let text = help(&command, flag, columns);
            for line in text.lines() {
                assert!(line.chars().count() <= columns, "{command} {flag} at {columns}: {line}");
                let word = line.rsplit(' ').next().unwrap();
                assert!(!word.ends_with('-') || word == "-", "{command} {flag} at {columns}: {line}");
            }
            all.push_str(&format!("{flag}, {columns} columns\n\n{text}\n"));
        }
        let name = if command.is_empty() { "poolctl".to_owned() } else { command.replace(' ', "_") };
        assert_snapshot!(name, all.trim_end());
    }
}

/// The examples of a command's help, each on one line.
fn examples(command: &str) -> Vec<String> {
    let help = help(command, "--help", 100).replace("\\\n", "");
    let example = Regex::new(r"(?m)^  (poolctl .+)$").unwrap();
    example.captures_iter(&help).map(|found| found[1].to_owned()).collect()
}

/// What a test cannot run to its end as it stands, and why.
const NOT_RUN: &[(&str, &str)] = &[("poolctl sandbox", "serves until it is interrupted")];

/// A fresh clone with a manifest, but where manifests are to be written, and the reader's account, which is
/// played by the sandbox.
fn world(command: &str) -> (Workspace, Server) {
    let workspace = Workspace::new();
    for file in ["customers.yaml", "live/eu-west-1_a1B2c3D4E.json"] {
        let name = format!("examples/quickstart/{file}");
        workspace.write(&name, std::fs::read(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap());
    }
    if command != "import" {
        let manifest = "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings: { DeletionProtection: ACTIVE }\n";
        workspace.write("pools/customers.yaml", manifest);
    }
    let account = Server::sandbox(&workspace, &["--sandbox=account", "--seed", "examples/quickstart/live"]);
    (workspace, account)
}

#[test]
fn every_command_has_examples_and_they_work() {
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_poolctl")).parent().unwrap().display().to_string();
    let path = format!("{bin}:{}", std::env::var("PATH").unwrap());
    let commands = commands();
    for command in &commands {
        // What only leads to other commands leaves the examples to them.
        if !command.is_empty() && commands.iter().any(|other| other.starts_with(&format!("{command} "))) {
            continue;
        }
        let examples = examples(command);
        assert!(!examples.is_empty(), "{command} has no example");
        for line in examples {
            if NOT_RUN.iter().any(|(start, _)| line.starts_with(start)) {
                continue;
            }
            let (workspace, account) = world(command);
            let run = |line: &str| {
                let run = workspace.program("bash").args(["-c", line]).signed();
                run.env("PATH", &path).env("AWS_ENDPOINT_URL", account.url()).output()
            };
            if line.contains("plan.json") && command != "plan" {
                run("poolctl plan --save plan.json pools/customers.yaml").expect(0);
            }
            let line = match line.contains("BACKUP") {
                true => {
                    run("poolctl apply --yes pools/customers.yaml").expect(0);
                    line.replace("BACKUP", ".poolctl/backups/*.json")
                }
                false => line,
            };
            // What tells differences by its code finds some.
            let tells = line.contains("--detailed-exitcode") || command == "drift";
            let expected = if tells { 2 } else { 0 };
            let output = run(&line);
            assert_eq!(output.code, Some(expected), "{line}\n{output}");
        }
    }
}
