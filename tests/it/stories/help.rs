//! `--help`: it fits the terminal, shows the options that have an effect, and its examples work.

use insta::assert_snapshot;
use poolctl::cli::Cli;
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

/// The headings of a help in their order; only the long one has `Examples` and what follows.
const HEADINGS: [&str; 9] = [
    "Commands",
    "Arguments",
    "Options",
    "Selection",
    "References",
    "Output",
    "Connection",
    "Sandbox",
    "API model",
];

/// The options of a help, each with the heading above it.
fn options(text: &str) -> Vec<(String, String)> {
    let option = Regex::new(r"^ +(?:-\w, )?--([a-z-]+)").unwrap();
    let mut heading = String::new();
    let mut found = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_suffix(':').filter(|_| !line.starts_with(' ')) {
            heading = name.to_owned();
        } else if let Some(option) = option.captures(line) {
            found.push((heading.clone(), option[1].to_owned()));
        }
    }
    found
}

/// The options that every command takes.
fn of_every_command() -> Vec<String> {
    let root = <Cli as clap::CommandFactory>::command();
    root.get_arguments().filter_map(|option| option.get_long().map(str::to_owned)).collect()
}

#[test]
fn a_short_help_fits_a_screen_and_the_commands_own_options_come_first() {
    let globals = of_every_command();
    assert!(globals.len() > 15, "{globals:?}");
    for command in commands() {
        let short = help(&command, "-h", 80);
        assert!(short.lines().count() <= 40, "{command}: {} lines\n{short}", short.lines().count());
        for text in [short, help(&command, "--help", 80)] {
            let headings: Vec<&str> = text.lines().filter_map(|line| line.strip_suffix(':')).collect();
            let places: Vec<usize> =
                headings.iter().filter_map(|name| HEADINGS.iter().position(|known| known == name)).collect();
            assert!(places.is_sorted(), "{command}: {headings:?}");
            for (heading, option) in options(&text) {
                let is_own = !globals.contains(&option) || command == "sandbox" && option != "format";
                assert!(
                    heading != "Options" || is_own,
                    "{command}: --{option} is an option of every command"
                );
            }
        }
    }
}

/// The options of every command that have an effect on some, apart from those about messages.
const CALLS: &str =
    "profile region endpoint-url ca-bundle connect-timeout read-timeout rate sandbox seed omission verbose";

#[test]
fn a_help_shows_the_options_that_have_an_effect_and_no_others() {
    for (commands, more) in [
        ("plan apply drift", Some("parallelism no-progress unknown api-model format")),
        ("restore", Some("no-progress unknown api-model format")),
        ("adopt|ignore add", Some("parallelism no-progress unknown api-model")),
        ("iam-policy", Some("parallelism no-progress unknown api-model format")),
        ("import", Some("api-model")),
        ("validate", None),
        ("render explain schema show completions ignore", None),
    ] {
        let commands: Vec<&str> = match commands.contains('|') {
            true => commands.split('|').collect(),
            false => commands.split(' ').collect(),
        };
        for command in commands {
            let text = help(command, "--help", 80);
            let shown: Vec<String> = options(&text).into_iter().map(|(_, option)| option).collect();
            let of_calls = format!("{CALLS} parallelism no-progress unknown");
            for option in of_calls.split(' ') {
                let expected = more.is_some_and(|more| {
                    CALLS.split(' ').chain(more.split(' ')).any(|effective| effective == option)
                });
                let is_shown = shown.iter().any(|shown| shown == option);
                assert_eq!(is_shown, expected, "{command} --{option}\n{text}");
            }
            for option in more.unwrap_or_default().split_whitespace() {
                assert!(shown.iter().any(|shown| shown == option), "{command} --{option}\n{text}");
            }
        }
    }
    let silent = help("completions", "--help", 80);
    assert_eq!(options(&silent), [("Options".to_owned(), "help".to_owned())], "{silent}");
}

#[test]
fn a_wrong_option_gets_a_tip_that_helps() {
    let workspace = Workspace::new();
    for (words, tip) in [
        (&["apply", "-auto-approve"][..], "write `-auto-approve` with two dashes: `--auto-approve`"),
        (&["plan", "-target=customers"], "write `-target=customers` with two dashes: `--target`"),
        (&["plan", "-detailed-exit-code"], "did you mean `--detailed-exitcode`?"),
        (&["plan", "--tarset", "x"], "a similar argument exists: `--target`"),
        (&["plan", "-x"], "`--help` lists the options"),
        (&["plan", "--zzzzzz"], "`--help` lists the options"),
        (&["plan", "--sandbox", "sb"], "if it is the folder of the sandbox, write `--sandbox=sb`"),
        (&["plan", "--sandboxx", "a"], "Usage: poolctl plan --sandbox[=<DIR>] [PATH]...\n"),
    ] {
        let output = workspace.poolctl(words.iter().copied()).output().expect(64);
        assert!(output.stderr.contains(tip), "{output}");
        assert!(!output.stderr.contains("as a value"), "{output}");
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
    let files = [
        "quickstart/customers.yaml",
        "quickstart/live/eu-west-1_a1B2c3D4E.json",
        "other-tools/terraform.tfstate",
    ];
    for file in files {
        let name = format!("examples/{file}");
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
                    line.replace("BACKUP", ".poolctl/backups/*_a1B2c3D4E.json")
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
