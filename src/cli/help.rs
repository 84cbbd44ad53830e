//! The command line as it is shown: each command with the options that mean something to it.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, CommandFactory as _, FromArgMatches as _, ValueEnum as _};

use super::args::{Cli, Format};
use super::config;

/// The options about who is called, and how.
const CONNECTION: [&str; 7] =
    ["profile", "region", "endpoint_url", "ca_bundle", "connect_timeout", "read_timeout", "rate"];
/// The options about the embedded endpoint.
const SANDBOX: [&str; 3] = ["sandbox", "seed", "omission"];

/// The options that are taken by every command, and say nothing to this one.
///
/// They are taken all the same: whoever sets them once, for all commands, means no harm.
fn idle(command: &str) -> Vec<&'static str> {
    let offline = [&CONNECTION[..], &SANDBOX, &["unknown"]].concat();
    match command {
        "import" => vec!["unknown"],
        "validate" | "render" | "explain" | "schema" | "ignore" => offline,
        "completions" => [&offline[..], &["api_model"]].concat(),
        "sandbox" => [&CONNECTION[..], &["unknown", "api_model"]].concat(),
        _ => Vec::new(),
    }
}

/// The command line, for parsing, help and completion.
pub(super) fn command() -> clap::Command {
    let root = Cli::command();
    let options: Vec<Arg> = root.get_arguments().cloned().collect();
    root.mut_subcommands(|command| {
        let idle = idle(command.get_name());
        let formats = Format::of(command.get_name());
        // An option of the command's own takes the place of the one that it would inherit.
        let own = options.iter().cloned().filter_map(|option| match option.get_id().as_str() {
            "format" if formats.len() == 1 => Some(option.hide(true)),
            "format" => Some(option.value_parser(Forms(formats))),
            id => idle.contains(&id).then(|| option.hide(true)),
        });
        command.args(own)
    })
}

/// The forms of a command, for its help and for completion. Any other is taken too, since it may be meant
/// for all commands, and is refused by who is to print it.
#[derive(Clone)]
struct Forms(&'static [Format]);

impl TypedValueParser for Forms {
    type Value = Format;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Format, clap::Error> {
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

/// What was typed, and what these defaults say beside it.
///
/// # Errors
/// When it is no command line; or help, or the version, is wanted.
pub(super) fn parse(command: clap::Command, defaults: &[config::Default]) -> Result<Cli, clap::Error> {
    let (mut command, matches) = config::parse(command, defaults)?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound_and_every_hidden_option_is_one() {
        let command = command();
        command.clone().debug_assert();
        let known: Vec<&str> = command.get_arguments().map(|option| option.get_id().as_str()).collect();
        for name in command.get_subcommands().map(clap::Command::get_name) {
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
        assert_eq!(plan, ["text", "json", "markdown", "github", "sarif", "openmetrics"]);
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
