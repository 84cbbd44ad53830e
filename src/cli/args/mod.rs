//! The types of the command line. Each command's code is in its own file.

pub(super) mod complete;
mod global;
mod manifests;
pub(super) mod options;
mod others;
mod reading;
pub(super) mod typed;
mod writing;

use std::ffi::OsString;
use std::path::Path;

use clap::builder::BoolishValueParser;
use clap::{Arg, ArgAction, Args as _, CommandFactory as _, Parser, Subcommand};

use crate::files::Root;

pub(super) use global::{ColorArg, Format, GlobalArgs, LogFormat};
pub(super) use manifests::{
    AllowArgs, InputArgs, OnlyArgs, OutFile, OutputArgs, PathArgs, SelectionArgs, Shard, SinceArgs,
};
pub(super) use options::without_effect;
pub(super) use others::{CompletionsArgs, ExplainArgs, SandboxArgs, Shell};
pub(super) use reading::{
    AdoptArgs, DriftArgs, IamPolicyArgs, IdsArgs, IgnoreAction, IgnoreAddArgs, IgnoreArgs, ImportArgs,
    PlanArgs, RenderArgs, ShowArgs, SnapshotArgs, ValidateArgs,
};
pub(super) use writing::{ApplyArgs, RestoreArgs, WriteArgs};

/// The default folder of the sandbox's pools.
pub(super) const SANDBOX_DIR: &str = ".poolctl/sandbox";

/// The end of the long help. Its columns are wrapped by hand, for 80 columns.
const EXIT_CODES: &str = "Exit codes:
  0   success: no changes, planned, or applied and verified
  1   failed (also: an invalid manifest); this run wrote to no pool
  2   differences (drift; plan --detailed-exitcode)
  3   refused (a conflict, a risk, a wrong account, or not confirmed);
      this run wrote to no pool
  4   stale: a planned setting has changed since planning; this run wrote to
      no pool
  5   this run wrote to at least one pool, or may have, and not every pool
      is as planned
  64  usage error: a wrong option, a mistake in poolctl.yaml, no manifest
      found, or no terminal for the confirmation
  130, 143  interrupted before the first write

Every option can also be set as an environment variable POOLCTL_<NAME>, except --yes, --allow and --force, which approve.

Try it without an account:
  poolctl plan --sandbox --seed examples/quickstart/live \\
      examples/quickstart/customers.yaml";

/// Keeps Amazon Cognito user pools in line with YAML files.
///
/// A change resets no setting that the files do not mention.
#[derive(Debug, Parser)]
#[command(name = "poolctl", version, after_long_help = EXIT_CODES, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands. Those that are `meant` have the environment variables of their options: to give them to all is most of
/// the work at the start of a run.
pub(super) fn command(is_meant: &dyn Fn(&clap::Command) -> bool) -> clap::Command {
    let meant = |command| if is_meant(&command) { with_variables(command) } else { command };
    Cli::command().mut_args(with_variable).mut_subcommands(meant)
}

fn with_variables(command: clap::Command) -> clap::Command {
    command.mut_args(with_variable).mut_subcommands(with_variables)
}

/// The commands that these words may name, without their help: enough to parse a correct command line.
///
/// To build the help of all commands is most of the work at the start of a run. Where this command line fails to parse,
/// [`command`] has the words for the error.
pub(super) fn bare(words: &[OsString]) -> clap::Command {
    let root = GlobalArgs::augment_args(clap::Command::new("poolctl").version(env!("CARGO_PKG_VERSION")));
    let is_meant = |(name, alias, _): &&BareCommand| {
        words.iter().any(|word| word == name || alias.is_some_and(|alias| word == alias))
    };
    let meant = BARE.iter().filter(is_meant);
    let meant = meant.map(|(name, alias, options)| options(clap::Command::new(*name).aliases(*alias)));
    let bare = root.disable_help_subcommand(true).subcommands(meant);
    let is_set = |(name, _): (OsString, OsString)| name.as_encoded_bytes().starts_with(b"POOLCTL_");
    if std::env::vars_os().any(is_set) { with_variables(bare) } else { bare }
}

/// A command's name, its other name, and a function that adds its options.
type BareCommand = (&'static str, Option<&'static str>, fn(clap::Command) -> clap::Command);

const BARE: [BareCommand; 17] = [
    ("import", None, ImportArgs::augment_args),
    ("plan", Some("diff"), PlanArgs::augment_args),
    ("show", None, ShowArgs::augment_args),
    ("apply", None, ApplyArgs::augment_args),
    ("drift", None, DriftArgs::augment_args),
    ("restore", None, RestoreArgs::augment_args),
    ("validate", None, ValidateArgs::augment_args),
    ("adopt", None, AdoptArgs::augment_args),
    ("ignore", None, IgnoreArgs::augment_args),
    ("render", None, RenderArgs::augment_args),
    ("explain", None, ExplainArgs::augment_args),
    ("iam-policy", None, IamPolicyArgs::augment_args),
    ("ids", None, IdsArgs::augment_args),
    ("snapshot", None, SnapshotArgs::augment_args),
    ("schema", None, |command| command),
    ("completions", None, CompletionsArgs::augment_args),
    ("sandbox", None, SandboxArgs::augment_args),
];

/// An option with its environment variable, if it may have one.
fn with_variable(arg: Arg) -> Arg {
    match arg.get_long().and_then(options::variable) {
        Some(variable) if matches!(arg.get_action(), ArgAction::SetTrue) => {
            arg.env(variable).hide_env(true).value_parser(BoolishValueParser::new())
        }
        Some(variable) => arg.env(variable).hide_env(true),
        None => arg,
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write manifests for existing pools. Writes to no pool.
    Import(ImportArgs),
    /// Show what apply would change. Writes to no pool.
    #[command(visible_alias = "diff")]
    Plan(PlanArgs),
    /// Show a saved plan.
    Show(ShowArgs),
    /// Change pools to match their manifests, and verify the result.
    Apply(ApplyArgs),
    /// Report how pools differ from their manifests. Writes to no pool.
    Drift(DriftArgs),
    /// Undo what a run changed in one pool, from its backup.
    Restore(RestoreArgs),
    /// Check manifests, without reading pools.
    Validate(ValidateArgs),
    /// Write live values into manifests whose pools have changed.
    Adopt(AdoptArgs),
    /// Leave settings to other tools or people.
    Ignore(IgnoreArgs),
    /// Print manifests with `extends` and references resolved.
    ///
    /// References to secrets are not resolved.
    Render(RenderArgs),
    /// Describe a setting, or the code of a risk, rule or error.
    Explain(ExplainArgs),
    /// Print the least IAM policy for manifests. Writes to no pool.
    IamPolicy(IamPolicyArgs),
    /// Print the ids of pools and app clients, for other tools.
    Ids(IdsArgs),
    /// Save the documents of pools without secrets, for `--live`.
    Snapshot(SnapshotArgs),
    /// Print the JSON Schema of manifests, for editors.
    #[command(after_long_help = "Examples:
  poolctl schema > pool.schema.json

Editors with yaml-language-server read it from a manifest's first line:
  # yaml-language-server: $schema=../pool.schema.json")]
    Schema,
    /// Print a script that makes a shell complete poolctl commands.
    Completions(CompletionsArgs),
    /// Serve the embedded endpoint, for other clients.
    Sandbox(SandboxArgs),
}

impl Command {
    /// Its name on the command line, the inputs of its manifests, and the destinations of its result other than
    /// standard output.
    fn parts(&self) -> (&'static str, Option<&InputArgs>, Option<&OutputArgs>) {
        match self {
            Self::Import(_) => ("import", None, None),
            Self::Plan(args) => ("plan", Some(&args.paths.inputs), Some(&args.outputs)),
            Self::Show(args) => ("show", None, Some(&args.outputs)),
            Self::Apply(args) => ("apply", Some(&args.paths.inputs), Some(&args.writes.outputs)),
            Self::Drift(args) => ("drift", Some(&args.paths.inputs), Some(&args.outputs)),
            Self::Restore(args) => ("restore", None, Some(&args.writes.outputs)),
            Self::Validate(args) => ("validate", Some(&args.paths.inputs), Some(&args.outputs)),
            Self::Adopt(args) => ("adopt", Some(&args.paths.inputs), None),
            Self::Ignore(IgnoreArgs { action: IgnoreAction::Add(args) }) => {
                ("ignore", Some(&args.inputs), None)
            }
            Self::Render(args) => ("render", Some(&args.paths.inputs), None),
            Self::Explain(_) => ("explain", None, None),
            Self::IamPolicy(args) => ("iam-policy", Some(&args.paths.inputs), None),
            Self::Ids(args) => ("ids", Some(&args.paths.inputs), None),
            Self::Snapshot(args) => ("snapshot", Some(&args.paths.inputs), None),
            Self::Schema => ("schema", None, None),
            Self::Completions(_) => ("completions", None, None),
            Self::Sandbox(_) => ("sandbox", None, None),
        }
    }

    /// Its name on the command line.
    pub(super) fn name(&self) -> &'static str {
        let (name, ..) = self.parts();
        name
    }

    /// Whether it is known to make no call, whatever the manifests are.
    pub(super) fn makes_no_call(&self) -> bool {
        match self {
            Self::Show(_)
            | Self::Validate(_)
            | Self::Render(_)
            | Self::Explain(_)
            | Self::Schema
            | Self::Completions(_) => true,
            Self::Plan(args) => args.live.is_some(),
            Self::Drift(args) => args.live.is_some(),
            Self::Adopt(args) => args.live.is_some(),
            Self::Ids(args) => args.live.is_some(),
            _ => false,
        }
    }

    /// The folder that links must not lead out of.
    pub(super) fn root(&self) -> Root {
        let (_, inputs, _) = self.parts();
        inputs.map_or_else(Root::default, |inputs| Root::of(inputs.root.as_deref()))
    }

    /// The destinations of its result; `None` if standard output is the only one.
    pub(super) fn outputs(&self) -> Option<&OutputArgs> {
        let (.., outputs) = self.parts();
        outputs
    }

    /// The files that its result goes to.
    pub(super) fn outs(&self) -> &[OutFile] {
        self.outputs().map(|outputs| outputs.out.as_slice()).unwrap_or_default()
    }

    /// The files and folders that its options name for writing.
    pub(super) fn written(&self) -> impl Iterator<Item = &Path> {
        let own = match self {
            Self::Plan(args) => args.save.as_deref(),
            Self::Apply(args) => Some(args.writes.backup_dir.as_path()),
            Self::Restore(args) => Some(args.writes.backup_dir.as_path()),
            Self::Snapshot(args) => Some(args.output.as_path()),
            _ => None,
        };
        self.outs().iter().map(|out| out.file.as_path()).chain(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        command(&|_| true).debug_assert();
    }

    #[test]
    fn a_bare_command_has_the_names_and_options_of_the_whole_one() {
        let whole = command(&|_| true);
        let words: Vec<OsString> = whole.get_subcommands().map(|one| one.get_name().into()).collect();
        let bare = bare(&words);
        assert_eq!(options(&bare), options(&whole));
        bare.debug_assert();
    }

    /// The names, aliases and options of a command and of all below it.
    fn options(command: &clap::Command) -> Vec<String> {
        let name = format!("{} {:?}", command.get_name(), command.get_all_aliases().collect::<Vec<_>>());
        let own = command.get_arguments().map(|arg| arg.get_id().to_string());
        [name].into_iter().chain(own).chain(command.get_subcommands().flat_map(options)).collect()
    }

    #[test]
    fn no_environment_variable_can_approve() {
        let command = command(&|_| true);
        for (name, flag) in [
            ("apply", "yes"),
            ("restore", "yes"),
            ("plan", "allow"),
            ("apply", "allow"),
            ("restore", "allow"),
            ("import", "force"),
            ("snapshot", "force"),
        ] {
            let command = command.find_subcommand(name).unwrap();
            let found = command.get_arguments().find(|argument| argument.get_long() == Some(flag)).unwrap();
            assert!(found.get_env().is_none(), "{name} --{flag}");
        }
    }
}
