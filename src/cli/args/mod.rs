//! What can be typed. Types only; what they do is in the command's own file.

mod global;
mod manifests;
mod others;
mod reading;
mod writing;

use std::path::Path;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::files::Root;

pub use global::{ColorArg, Format, Global, LogFormat, OmissionArg, UnknownArg};
pub use manifests::{Allow, Inputs, Out, Outputs, Paths, ReleasedArg, Selection, Shard, Since};
pub use others::{Completions, Explain, Sandbox, Shell};
pub use reading::{
    Adopt, Drift, IamPolicy, Ignore, IgnoreAction, IgnoreAdd, Import, Plan, Render, Show, Validate,
};
pub use writing::{Apply, Restore, Writes};

/// Where the sandbox keeps its pools unless told otherwise.
pub(super) const SANDBOX_DIR: &str = ".poolctl/sandbox";

/// Lines of help that stand in columns are broken by hand, to fit a terminal of 80.
const EXIT_CODES: &str = "Exit codes:
  0   nothing to do, planned, or applied and verified
  1   failed (also: an invalid manifest); this run wrote to no pool
  2   differences (drift; plan --detailed-exitcode)
  3   refused (a conflict, a risk, an account, or no at the question);
      this run wrote to no pool
  4   stale: a planned setting has moved; this run wrote to no pool
  5   this run wrote to at least one pool, or may have, and not every pool
      is clean
  64  usage, no manifest matched, or nobody to ask
  130, 143  interrupted before the first write

Every option can be set as POOLCTL_<NAME> too, except --yes, --allow and --force: an inherited environment must not approve.

To begin with, without an account:
  poolctl plan --sandbox --seed examples/quickstart/live \\
      examples/quickstart/customers.yaml";

/// Reconciles Amazon Cognito user pools with YAML, and loses nothing on the way.
#[derive(Debug, Parser)]
#[command(name = "poolctl", version, after_help = EXIT_CODES, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The environment variable of the option `--long` of any command.
pub fn variable(long: &str) -> Option<String> {
    let command = Cli::command();
    let options = command.get_subcommands().chain([&command]).flat_map(clap::Command::get_arguments);
    let mut named = options.filter(|option| option.get_long() == Some(long));
    named.find_map(|option| Some(option.get_env()?.to_string_lossy().into_owned()))
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write the manifests of pools that there are. Reads pools, and cannot write to them.
    Import(Import),
    /// Show what apply would change. Reads, and cannot write.
    #[command(visible_alias = "diff")]
    Plan(Plan),
    /// Show a plan that was saved. Reads nothing but its file.
    Show(Show),
    /// Make pools what their manifests say, and prove it.
    Apply(Apply),
    /// Tell whether pools are still what their manifests say. Reads, and cannot write.
    Drift(Drift),
    /// Undo what a run changed, from the backup that it made.
    Restore(Restore),
    /// Tell what is wrong with manifests: offline, all of it at once.
    Validate(Validate),
    /// Write what the pools have become into the manifests that declare it otherwise.
    Adopt(Adopt),
    /// Leave settings to others, with a reason.
    Ignore(Ignore),
    /// Print manifests with what they extend and refer to in its place; secrets stay references.
    Render(Render),
    /// Tell what a setting does, or what a code means. Reads nothing but its own tables.
    Explain(Explain),
    /// Print the least IAM policy for what manifests need. Reads pools, and cannot write to them.
    IamPolicy(IamPolicy),
    /// Print the JSON Schema of a manifest, for editors and validators.
    #[command(after_help = "Examples:
  poolctl schema > pool.schema.json

Editors with yaml-language-server take it from a manifest's first line:
  # yaml-language-server: $schema=../pool.schema.json")]
    Schema,
    /// Print what a shell sources to complete commands, options, files, settings and codes.
    Completions(Completions),
    /// Serve the embedded endpoint on its own, for other clients.
    Sandbox(Sandbox),
}

impl Command {
    /// Where its result goes; `None` if to standard output alone.
    pub(super) fn outputs(&self) -> Option<&Outputs> {
        match self {
            Self::Plan(args) => Some(&args.outputs),
            Self::Show(args) => Some(&args.outputs),
            Self::Apply(args) => Some(&args.writes.outputs),
            Self::Restore(args) => Some(&args.writes.outputs),
            Self::Drift(args) => Some(&args.outputs),
            Self::Validate(args) => Some(&args.outputs),
            _ => None,
        }
    }

    /// The files that its result goes to.
    pub(super) fn outs(&self) -> &[Out] {
        self.outputs().map(|outputs| outputs.out.as_slice()).unwrap_or_default()
    }

    /// Everything that it writes to beside standard output, unless told so later.
    pub(super) fn written(&self) -> impl Iterator<Item = &Path> {
        let own = match self {
            Self::Plan(args) => args.save.as_deref(),
            Self::Apply(args) => Some(args.writes.backup_dir.as_path()),
            Self::Restore(args) => Some(args.writes.backup_dir.as_path()),
            _ => None,
        };
        self.outs().iter().map(|out| out.file.as_path()).chain(own)
    }

    /// The folder that links must not lead out of.
    pub(super) fn root(&self) -> Root {
        let inputs = match self {
            Self::Plan(args) => &args.paths.inputs,
            Self::Apply(args) => &args.paths.inputs,
            Self::Drift(args) => &args.paths.inputs,
            Self::Validate(args) => &args.paths.inputs,
            Self::Adopt(args) => &args.paths.inputs,
            Self::Render(args) => &args.paths.inputs,
            Self::IamPolicy(args) => &args.paths.inputs,
            Self::Ignore(Ignore { action: IgnoreAction::Add(args) }) => &args.inputs,
            _ => return Root::default(),
        };
        Root::of(inputs.root.as_deref())
    }

    /// What is typed to name it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Import(_) => "import",
            Self::Plan(_) => "plan",
            Self::Show(_) => "show",
            Self::Apply(_) => "apply",
            Self::Drift(_) => "drift",
            Self::Restore(_) => "restore",
            Self::Validate(_) => "validate",
            Self::Adopt(_) => "adopt",
            Self::Ignore(_) => "ignore",
            Self::Render(_) => "render",
            Self::Explain(_) => "explain",
            Self::IamPolicy(_) => "iam-policy",
            Self::Schema => "schema",
            Self::Completions(_) => "completions",
            Self::Sandbox(_) => "sandbox",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn no_environment_variable_can_approve() {
        let command = Cli::command();
        for (name, flag) in [
            ("apply", "yes"),
            ("restore", "yes"),
            ("plan", "allow"),
            ("apply", "allow"),
            ("restore", "allow"),
            ("import", "force"),
        ] {
            let command = command.find_subcommand(name).unwrap();
            let found = command.get_arguments().find(|argument| argument.get_long() == Some(flag)).unwrap();
            assert!(found.get_env().is_none(), "{name} --{flag}");
        }
    }
}
