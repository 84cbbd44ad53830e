//! `poolctl.yaml` at the root of a project: what its command lines say unless told otherwise, and as whom
//! the pools of each account are called.

use std::cell::LazyCell;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::builder::OsStr;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches as _, Id};

use crate::cli::args::{self, Cli, options};
use crate::cli::commands::help;
use crate::cli::world::accounts::Accounts;
use crate::cli::world::frame::{is_inside, mapping, meant, unreadable};
use crate::cli::world::require::{self, Required};
use crate::files::{self, MAX_FILE, Root, marked_above};
use crate::manifest::yaml::{self, ScalarMeaning, Value, YamlEntry, YamlNode};
use crate::manifest::{Diagnostic, similar};
use crate::rules::veil;

/// The file.
pub(in crate::cli) const NAME: &str = files::PROJECT;
/// Options whose paths are written to, and may lead anywhere.
const WRITTEN: [&str; 2] = ["backup-dir", "output"];
/// What the file can say.
const KEYS: [&str; 3] = ["accounts", "defaults", require::KEY];
const HELP: &str = "write `defaults:`, and below it one option per line, such as `rate: 5`";

/// A default of an option, and where the file says it.
pub(in crate::cli) struct OptionDefault {
    /// The option's long name.
    pub(in crate::cli) option: String,
    /// The place, as `poolctl.yaml:3`.
    pub(in crate::cli) place: String,
    values: Vec<OsStr>,
}

/// What the file says.
#[derive(Default)]
pub(in crate::cli) struct Config {
    pub(in crate::cli) defaults: Vec<OptionDefault>,
    pub(in crate::cli) accounts: Accounts,
    pub(in crate::cli) require: Option<Required>,
}

/// The file of the nearest project around `folder`; the default if there is none.
///
/// # Errors
/// With everything that is wrong with the file.
pub(in crate::cli) fn read(folder: &Path, words: &[OsString]) -> Result<Config, Vec<Diagnostic>> {
    let file = marked_above(folder).map(|root| root.join(NAME)).filter(|file| file.is_file());
    let Some(file) = file else { return Ok(Config::default()) };
    // What a link leads to may be anybody's.
    if file.is_symlink() {
        let name = file.display().to_string();
        let error = Diagnostic::of_file("unreadable", &name, "the file is a symbolic link");
        return Err(vec![error.help("replace the link with the file itself")]);
    }
    let name = if file.parent() == Some(folder) { NAME.to_owned() } else { file.display().to_string() };
    let bytes = Root::default()
        .read(&file, MAX_FILE)
        .map_err(|error| vec![unreadable(&name, "file", &error, "give this user permission to read it")])?;
    let root = match yaml::parse(&name, &bytes) {
        Ok((root, findings)) if findings.is_empty() => root,
        Ok((_, findings)) => return Err(veiled(findings)),
        // A file without a word only marks the root.
        Err(error) if error.code == "empty" => return Ok(Config::default()),
        Err(error) => return Err(veiled(vec![*error])),
    };
    let own = file.parent().unwrap_or(folder);
    let shown = Path::new(&name).parent().unwrap_or(own);
    let command = LazyCell::new(|| help::command_for(words));
    let mut reader = ConfigReader { command: &command, folder: own, shown, findings: Vec::new() };
    let config = reader.root(root);
    if reader.findings.is_empty() { Ok(config) } else { Err(veiled(reader.findings)) }
}

/// An external id is shown no more than any other that is secret.
fn veiled(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    veil(&mut findings);
    findings
}

/// Parses the command line with these defaults. The environment and the command line override them, also with a
/// conflicting option.
///
/// # Errors
/// If the command line is wrong, or asks for help or the version.
pub(in crate::cli) fn parse(words: &[OsString], defaults: &[OptionDefault]) -> Result<Cli, clap::Error> {
    parsed(args::bare(words), defaults).or_else(|error| match error.kind() {
        ErrorKind::DisplayVersion => Err(error),
        // Only the whole command line has help, and can say what was meant.
        _ => parsed(help::command_for(words), defaults),
    })
}

fn parsed(mut command: Command, defaults: &[OptionDefault]) -> Result<Cli, clap::Error> {
    if !defaults.is_empty() {
        let mut without = command.clone();
        // An error is reported by the parse with the defaults.
        let said = without.try_get_matches_from_mut(std::env::args_os()).ok();
        let outweighed = said.map(|said| outweighed(&without, &said)).unwrap_or_default();
        let with = |arg: Arg| {
            let default = defaults.iter().find(|default| is_named(&arg, &default.option));
            match default.filter(|_| !outweighed.contains(arg.get_id())) {
                Some(default) => arg.default_values(default.values.clone()),
                None => arg,
            }
        };
        command = with_all(command, &with);
    }
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// Changes the options of a command and of all below it.
fn with_all(command: Command, with: &dyn Fn(Arg) -> Arg) -> Command {
    command.mut_args(with).mut_subcommands(|command| with_all(command, with))
}

/// The options that conflict with one that is set.
fn outweighed(root: &Command, said: &ArgMatches) -> Vec<Id> {
    let Some((name, said)) = said.subcommand() else { return Vec::new() };
    let Some(command) = root.find_subcommand(name) else { return Vec::new() };
    let is_said = |id: &Id| {
        let source = said.try_contains_id(id.as_str()).ok().and_then(|_| said.value_source(id.as_str()));
        matches!(source, Some(ValueSource::CommandLine | ValueSource::EnvVariable))
    };
    let mut outweighed = Vec::new();
    for arg in command.get_arguments() {
        for other in command.get_arg_conflicts_with(arg) {
            let pair = [(arg, other), (other, arg)];
            outweighed.extend(
                pair.iter().filter(|(one, _)| is_said(one.get_id())).map(|(_, other)| other.get_id().clone()),
            );
        }
    }
    outweighed
}

fn is_named(arg: &Arg, option: &str) -> bool {
    arg.get_long() == Some(option)
}

/// Why the file cannot set an option, and what to do; `names` are the options that it can set.
fn no_default<'a>(option: &str, names: impl Iterator<Item = &'a str>) -> (String, String) {
    let Some(row) = options::row(option) else {
        let help = meant(similar(option, names), "run `poolctl plan --help` for the options");
        return (format!("unknown option `{option}`"), help);
    };
    let message = format!("`{option}` cannot have a default in {NAME}: a project file must not {}", row.why);
    let or_set = options::variable(option)
        .map_or_else(String::new, |variable| format!(", or set the environment variable {variable}"));
    (message, format!("use `--{option}` on the command line{or_set}"))
}

struct ConfigReader<'a, F> {
    /// The command line; few files set an option of it.
    command: &'a LazyCell<Command, F>,
    folder: &'a Path,
    /// The same as messages name it.
    shown: &'a Path,
    findings: Vec<Diagnostic>,
}

impl<F: FnOnce() -> Command> ConfigReader<'_, F> {
    fn root(&mut self, root: YamlNode) -> Config {
        let mut config = Config::default();
        for entry in mapping(root, "the file", HELP, &mut self.findings) {
            match entry.key.as_str() {
                "defaults" => {
                    let entries = mapping(entry.value, "`defaults`", HELP, &mut self.findings);
                    config.defaults.extend(entries.into_iter().filter_map(|entry| self.default(entry)));
                }
                "accounts" => config.accounts = Accounts::of(entry.value, &mut self.findings),
                require::KEY => {
                    config.require = Some(Required { node: entry.value, folder: self.shown.to_owned() });
                }
                key => {
                    let message = format!("unknown key `{key}` in {NAME}");
                    let close = similar(key, KEYS);
                    let error = Diagnostic::error("unknown-key", message, entry.origin, "unknown");
                    error
                        .help(meant(close, "the keys are `defaults`, `accounts` and `require`"))
                        .add_to(&mut self.findings);
                }
            }
        }
        config
    }

    fn default(&mut self, entry: YamlEntry) -> Option<OptionDefault> {
        let command: &Command = self.command;
        let all = || {
            let commands = command.get_subcommands().chain([command]);
            commands.flat_map(Command::get_arguments).filter(|arg| arg.get_long().is_some())
        };
        let option = entry.key.as_str();
        let arg = all().find(|arg| is_named(arg, option) && options::is_for_projects(option));
        let Some(arg) = arg else {
            let names = all().filter_map(Arg::get_long).filter(|name| options::is_for_projects(name));
            let (message, help) = no_default(option, names);
            let error = Diagnostic::error("unknown-key", message, entry.origin, "not allowed here");
            error.help(help).add_to(&mut self.findings);
            return None;
        };
        let is_path = arg.get_value_parser().type_id() == std::any::TypeId::of::<PathBuf>();
        let several = matches!(arg.get_action(), ArgAction::Append);
        let nodes = match entry.value.value {
            Value::Sequence(nodes) if several => nodes,
            value => vec![YamlNode { value, ..entry.value }],
        };
        let mut values = Vec::new();
        for node in nodes {
            match node.value {
                Value::Scalar(scalar)
                    if !matches!(scalar.meaning(), ScalarMeaning::Blank | ScalarMeaning::Null) =>
                {
                    let inside =
                        WRITTEN.contains(&option) || !is_path || is_inside(self.folder, &scalar.text);
                    if !inside {
                        let message = format!("`{}` is outside of the folder of {NAME}", scalar.text);
                        let error = Diagnostic::error("frame", message, node.origin, "outside");
                        error.help("name a file in that folder").add_to(&mut self.findings);
                        continue;
                    }
                    values.push(self.value(scalar.text, is_path));
                }
                _ => {
                    let message = format!("`{option}` takes one value");
                    let error = Diagnostic::error("frame", message, entry.origin.clone(), "not one value");
                    error.help(format!("write the value as for `--{option}`")).add_to(&mut self.findings);
                }
            }
        }
        let (line, _) = entry.origin.line_column();
        let place = format!("{}:{line}", entry.origin.source.name);
        Some(OptionDefault { option: entry.key, place, values })
    }

    /// A path is relative to the file that names it.
    fn value(&self, text: String, is_path: bool) -> OsStr {
        match is_path {
            true => PathBuf::from(self.folder).join(text).into_os_string().into(),
            false => text.into(),
        }
    }
}
