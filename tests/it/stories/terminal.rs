//! How results look where: colours, widths, letters, and readers that go away.

use crate::harness::{Output, Workspace};

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    for file in ["customers.yaml", "live/eu-west-1_a1B2c3D4E.json"] {
        let from = format!("{}/examples/quickstart/{file}", env!("CARGO_MANIFEST_DIR"));
        workspace.write(file, std::fs::read(from).unwrap());
    }
    workspace
}

/// A plan with these options, in this environment; on a terminal of so many columns where there are any.
fn plan(options: &[&str], environment: &[(&str, &str)], columns: Option<u16>) -> Output {
    let workspace = workspace();
    let arguments = [&["plan", "--live", "live", "customers.yaml"], options].concat();
    let run = match columns {
        None => workspace.poolctl(arguments.iter().copied()),
        Some(columns) => workspace.terminal(columns, &arguments),
    };
    let run = run.env("TERM", "xterm-256color");
    environment.iter().fold(run, |run, (name, value)| run.env(name, value)).output().expect(0)
}

#[test]
fn colours_are_for_terminals_unless_somebody_says_otherwise() {
    for (options, environment, in_a_pipe, on_a_terminal) in [
        (&[][..], &[][..], false, true),
        (&["--color", "always"], &[], true, true),
        (&["--color", "never"], &[], false, false),
        (&[], &[("NO_COLOR", "1")], false, false),
        (&[], &[("NO_COLOR", "")], false, true),
        (&[], &[("TERM", "dumb")], false, false),
        (&[], &[("CLICOLOR", "0")], false, false),
        (&[], &[("CLICOLOR_FORCE", "1")], true, true),
        (&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false, false),
        (&[], &[("POOLCTL_COLOR", "always")], true, true),
        // What is typed outweighs what is inherited.
        (&["--color", "never"], &[("CLICOLOR_FORCE", "1")], false, false),
        (&["--color", "always"], &[("NO_COLOR", "1")], true, true),
    ] {
        for (columns, coloured) in [(None, in_a_pipe), (Some(100), on_a_terminal)] {
            let output = plan(options, environment, columns);
            let is = output.raw.contains("\u{1b}[");
            assert_eq!(is, coloured, "{options:?} {environment:?} on {columns:?} columns\n{output}");
        }
    }
}

#[test]
fn a_terminal_is_as_wide_as_it_says_and_nothing_is_wider_that_can_be_broken() {
    for columns in [60, 80, 200] {
        let output = plan(&["--color", "never"], &[], Some(columns));
        // The lines of a text are as long as they are.
        let text = " ".repeat(12);
        let prose = output.raw.lines().filter(|line| !line.starts_with(&text));
        let widest = prose.map(|line| line.chars().count()).max();
        assert!(widest <= Some(usize::from(columns)), "{widest:?} of {columns}\n{output}");
        let together =
            output.raw.contains("access policies and automation that use this tag no longer find the pool");
        assert_eq!(together, columns == 200, "{output}");
    }
}

#[test]
fn notes_and_warnings_are_wrapped_and_commands_in_them_stay_whole() {
    let workspace = workspace();
    let secret = "  SmsConfiguration: { ExternalId: new-external-id, SnsRegion: eu-west-1 }\n";
    let manifest = "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings:\n";
    workspace.write("customers.yaml", format!("{manifest}{secret}"));
    let arguments = [
        "plan",
        "--live",
        "live",
        "customers.yaml",
        "--show-request",
        "--format",
        "json",
        "--color",
        "never",
    ];
    let output = workspace.terminal(60, &arguments).output().expect(0);
    let note = "note: `--format` has no effect beside `--show-request`;\n      `--out FORMAT=FILE` writes the plan\n";
    let warning = "warning: sensitive values are masked. Before you send this\n         request, replace `SmsConfiguration.ExternalId`\n";
    let raw = output.raw.replace('\r', "");
    assert!(raw.contains(note) && raw.contains(warning), "{raw}");
    assert!(
        raw.contains("Request for eu-west-1_a1B2c3D4E, as\n`aws cognito-idp update-user-pool --"),
        "{raw}"
    );
}

#[test]
fn where_the_locale_has_no_unicode_there_is_ascii() {
    for locale in [("LC_ALL", "C"), ("LANG", "de_DE.ISO-8859-1"), ("LC_CTYPE", "POSIX")] {
        let output = plan(&[], &[locale], None);
        assert!(output.raw.is_ascii() && output.raw.contains("8 -> 12"), "{output}");
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_output_quietly_and_not_the_run() {
    let workspace = workspace();
    for format in ["text", "json"] {
        let script = format!(
            "\"$0\" plan --detailed-exitcode --format {format} --live live customers.yaml | head -c 10 >/dev/null; echo \"${{PIPESTATUS[0]}}\""
        );
        let run = workspace.program("bash").args(["-c", &script, env!("CARGO_BIN_EXE_poolctl")]);
        let output = run.output().expect(0);
        assert_eq!((output.stdout.as_str(), output.stderr.as_str()), ("2\n", ""), "{format}");
        let closed =
            format!("\"$0\" plan --detailed-exitcode --format {format} --live live customers.yaml >&-");
        let run = workspace.program("bash").args(["-c", &closed, env!("CARGO_BIN_EXE_poolctl")]);
        let output = run.output();
        assert!(matches!(output.code, Some(1 | 2)), "{output}");
    }
}
