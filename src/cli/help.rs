//! The command line as it is shown: each command with the options that mean something to it.

use clap::{CommandFactory as _, FromArgMatches as _};

use super::args::Cli;
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
        "import" => vec!["format", "unknown"],
        "validate" => offline,
        "explain" => offline,
        "schema" => [&offline[..], &["format"]].concat(),
        "completions" => [&offline[..], &["format", "api_model"]].concat(),
        "sandbox" => [&CONNECTION[..], &["unknown", "format", "api_model"]].concat(),
        _ => Vec::new(),
    }
}

/// The command line, for parsing, help and completion.
pub(super) fn command() -> clap::Command {
    let root = Cli::command();
    let options: Vec<clap::Arg> = root.get_arguments().cloned().collect();
    root.mut_subcommands(|command| {
        let idle = idle(command.get_name());
        // An option of the command's own takes the place of the one that it would inherit.
        let hidden = options.iter().filter(|option| idle.contains(&option.get_id().as_str()));
        command.args(hidden.map(|option| option.clone().hide(true)))
    })
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
