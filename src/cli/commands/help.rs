//! The command line as it is shown: each command with the options that have an effect on it.

use std::ffi::{OsStr, OsString};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, Command, ValueEnum as _};

use crate::cli::args::{self, Format};

/// The options about who is called, and how.
const CONNECTION: [&str; 7] =
    ["profile", "region", "endpoint_url", "ca_bundle", "connect_timeout", "read_timeout", "rate"];
/// The options about the embedded endpoint.
const SANDBOX: [&str; 3] = ["sandbox", "seed", "omission"];
/// The options about messages while calls are made.
const CALLS: [&str; 2] = ["verbose", "no_progress"];

/// The end of the program's short help.
const MORE: &str = "`poolctl COMMAND -h` lists the options of a command.
`poolctl --help` lists exit codes and the options of every command.

Try it without an account:
  poolctl plan --sandbox --seed examples/quickstart/live \\
      examples/quickstart/customers.yaml";

/// The options of every command that have no effect on this one.
///
/// They are accepted all the same: the environment may set them for all commands.
fn idle(command: &str) -> Vec<&'static str> {
    let offline = [&CONNECTION[..], &SANDBOX, &CALLS, &["parallelism", "unknown"]].concat();
    match command {
        // One pool is read.
        "restore" => vec!["parallelism"],
        "import" => vec!["unknown", "parallelism", "no_progress"],
        "validate" | "render" => offline,
        "show" => [&offline[..], &["api_model"]].concat(),
        "explain" | "schema" => [&offline[..], &["quiet"]].concat(),
        "completions" | "ignore" => [&offline[..], &["api_model", "quiet", "color", "log_format"]].concat(),
        "sandbox" => [&CONNECTION[..], &CALLS, &["parallelism", "unknown", "api_model", "color"]].concat(),
        _ => Vec::new(),
    }
}

/// The command line, for parsing, help and completion.
pub(in crate::cli) fn command() -> Command {
    command_with(&|_| true)
}

/// The same for these words of a command line: only the commands that one of them may name are complete.
pub(in crate::cli) fn command_for(words: &[OsString]) -> Command {
    command_with(&|command| {
        let is = |word: &OsString| {
            word == command.get_name() || command.get_all_aliases().any(|alias| word == alias)
        };
        words.iter().any(is)
    })
}

fn command_with(is_meant: &dyn Fn(&Command) -> bool) -> Command {
    let root = args::command(is_meant);
    let globals: Vec<Arg> = root.get_arguments().cloned().collect();
    let meant = |command| if is_meant(&command) { shown(command, "", &globals) } else { command };
    let root = root.mut_subcommands(meant);
    // The short help of the program has no options: each command's help shows the options that it uses.
    let root = root.mut_args(|arg| listed(arg.hide_short_help(true)));
    root.after_help(MORE)
}

/// A command, and those below it, as their help shows them; `above` names the command that it is part of.
fn shown(command: Command, above: &str, globals: &[Arg]) -> Command {
    let name = format!("{above} {}", command.get_name()).trim_start().to_owned();
    let idle = idle(&name);
    let formats = Format::of(name.split(' ').next().unwrap_or_default());
    // An option of the command's own replaces the one that it would inherit.
    let globals_here = globals.iter().cloned().map(|option| match option.get_id().as_str() {
        "format" if formats.len() == 1 => option.hide(true),
        "format" => option.value_parser(Forms(formats)),
        id if idle.contains(&id) => option.hide(true),
        // To serve pools is what this command is for.
        id if name == "sandbox" && SANDBOX.contains(&id) => option.help_heading(None::<&str>),
        _ => option,
    });
    command.args(globals_here).mut_args(listed).mut_subcommands(|inner| shown(inner, &name, globals))
}

/// An option with its values in its help: by name in the short one, with their meaning in the long one.
fn listed(arg: Arg) -> Arg {
    let values = arg.get_possible_values();
    let is_described = values.iter().any(|value| value.get_help().is_some());
    let Some(short) = arg.get_help().filter(|_| is_described && !arg.is_positional()).cloned() else {
        return arg;
    };
    let long = arg.get_long_help().unwrap_or(&short).to_string();
    let width = values.iter().map(|value| value.get_name().len()).max().unwrap_or_default();
    let meanings: String = values
        .iter()
        .map(|value| {
            let meaning = value.get_help().map(ToString::to_string).unwrap_or_default();
            format!("\n  {:width$}  {meaning}", value.get_name())
        })
        .collect();
    let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
    let short = format!("{short}: {}", names.join(", "));
    arg.help(short).long_help(format!("{long}\n{meanings}")).hide_possible_values(true)
}

/// The formats of a command, for its help and for completion.
///
/// Every other format parses too, since it may be set for all commands. The command then refuses it.
#[derive(Clone)]
struct Forms(&'static [Format]);

impl TypedValueParser for Forms {
    type Value = Format;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<Format, clap::Error> {
        if let Some(format) = value.to_str().and_then(|name| Format::from_str(name, false).ok()) {
            return Ok(format);
        }
        let own = self.0.iter().filter_map(Format::to_possible_value);
        PossibleValuesParser::new(own).parse_ref(command, arg, value).map(|_| Format::Text)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().filter_map(Format::to_possible_value)))
    }
}

#[cfg(test)]
mod tests {
    use clap::FromArgMatches as _;

    use super::*;
    use crate::cli::args::Cli;

    #[test]
    fn the_command_line_is_sound_and_every_hidden_option_is_one() {
        let command = command();
        command.clone().debug_assert();
        let known: Vec<&str> = command.get_arguments().map(|option| option.get_id().as_str()).collect();
        for name in command.get_subcommands().map(Command::get_name) {
            assert!(idle(name).iter().all(|option| known.contains(option)), "{name}");
        }
    }

    #[test]
    fn a_form_is_taken_from_wherever_it_is_said_and_the_nearest_counts() {
        let format = |words: &[&str]| {
            let matches = command().try_get_matches_from(words)?;
            Ok::<_, clap::Error>(Cli::from_arg_matches(&matches)?.global.format)
        };
        for (words, expected) in [
            (&["poolctl", "plan"][..], Format::Text),
            (&["poolctl", "plan", "--format", "json"], Format::Json),
            (&["poolctl", "--format", "json", "plan"], Format::Json),
            (&["poolctl", "--format", "sarif", "validate"], Format::Sarif),
            (&["poolctl", "--format", "sarif", "validate", "--format", "github"], Format::Github),
        ] {
            assert_eq!(format(words).unwrap(), expected, "{words:?}");
        }
        let command = command();
        let plan = command.find_subcommand("plan").unwrap();
        let plan = plan.get_arguments().find(|option| option.get_id() == "format").unwrap();
        let plan = plan.get_possible_values();
        let plan: Vec<&str> = plan.iter().map(PossibleValue::get_name).collect();
        assert_eq!(
            plan,
            ["text", "json", "markdown", "html", "github", "sarif", "junit", "codequality", "openmetrics"]
        );
        let explain = command.find_subcommand("explain").unwrap();
        let explain = explain.get_arguments().find(|option| option.get_id() == "format").unwrap();
        let explain = explain.get_possible_values();
        let explain: Vec<&str> = explain.iter().map(PossibleValue::get_name).collect();
        assert_eq!(explain, ["text", "json"], "its help does not offer the others");
    }

    #[test]
    fn a_hidden_option_is_taken_wherever_it_stands() {
        let region = |words: &[&str]| {
            let matches = command().try_get_matches_from(words).unwrap();
            Cli::from_arg_matches(&matches).unwrap().global.region
        };
        for words in [
            ["poolctl", "validate", "--region", "eu-west-1"],
            ["poolctl", "--region", "eu-west-1", "validate"],
            ["poolctl", "plan", "--region", "eu-west-1"],
        ] {
            assert_eq!(region(&words).as_deref(), Some("eu-west-1"), "{words:?}");
        }
    }
}
