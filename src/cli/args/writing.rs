//! The commands that write pools.

use std::path::PathBuf;

use clap::Args;
use clap::builder::BoolishValueParser;

use super::{Allow, Outputs, Paths, Since};
use crate::cli::complete;

/// Options of the commands that write.
#[derive(Debug, Args)]
pub struct Writes {
    /// Apply without asking.
    #[arg(long, short = 'y', visible_alias = "auto-approve")]
    pub yes: bool,
    /// Where the documents from before each write are kept.
    #[arg(
        long,
        value_name = "DIR",
        env = "POOLCTL_BACKUP_DIR",
        hide_env = true,
        default_value = ".poolctl/backups"
    )]
    pub backup_dir: PathBuf,
    /// Seconds that a deviation may last after a write before it is believed.
    #[arg(long, value_name = "SECONDS", env = "POOLCTL_SETTLE", hide_env = true, default_value_t = 5, value_parser = clap::value_parser!(u64).range(0..=3600))]
    pub settle: u64,
    /// After so many pools that failed no further one is written; one in which something moved that nobody asked
    /// for is enough.
    #[arg(long, value_name = "NUMBER", env = "POOLCTL_MAX_FAILURES", hide_env = true, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    pub max_failures: u16,
    /// Where else the result goes.
    #[command(flatten)]
    pub outputs: Outputs,
}

/// `apply`.
#[derive(Debug, Args)]
#[command(after_help = "Shows the plan and asks; with --yes it does not ask.

PATH may be one plan that was saved with `poolctl plan --save`: then it does not ask, and reads no manifest. Every pool is read again. A planned setting at its new value is left alone; one that is at neither its old value nor its new one makes the plan stale: exit code 4, and nothing is written anywhere.

Examples:
  poolctl apply --yes pools/customers.yaml
  poolctl apply --yes --allow trigger-removal@LambdaConfig.PreSignUp
  poolctl apply plan.json
  poolctl apply --yes --sandbox --seed examples/quickstart/live \\
      examples/quickstart/customers.yaml")]
pub struct Apply {
    /// Which manifests.
    #[command(flatten)]
    pub paths: Paths,
    /// What is let through.
    #[command(flatten)]
    pub allow: Allow,
    /// What the manifests were.
    #[command(flatten)]
    pub since: Since,
    /// Stop with 4 also where a setting has moved that the plan does not change; of a sensitive one, a saved plan
    /// cannot tell.
    #[arg(long, env = "POOLCTL_STRICT_STALE", hide_env = true, value_parser = BoolishValueParser::new())]
    pub strict_stale: bool,
    /// Write the pools that can be written also where others cannot be planned or are refused.
    #[arg(long, env = "POOLCTL_KEEP_GOING", hide_env = true, value_parser = BoolishValueParser::new())]
    pub keep_going: bool,
    /// How to write.
    #[command(flatten)]
    pub writes: Writes,
}

/// `restore`.
#[derive(Debug, Args)]
#[command(after_help = "Shows the plan and asks, as apply does. BACKUP is a file in .poolctl/backups.

Examples:
  poolctl restore --yes --allow deletion-protection-off BACKUP
  poolctl restore --yes --whole --allow deletion-protection-off BACKUP")]
pub struct Restore {
    /// The backup, as apply printed its path.
    #[arg(value_name = "BACKUP", add = complete::files("json"))]
    pub backup: PathBuf,
    /// Bring every setting back, not only what that run changed.
    #[arg(long, env = "POOLCTL_WHOLE", hide_env = true, value_parser = BoolishValueParser::new())]
    pub whole: bool,
    /// What is let through.
    #[command(flatten)]
    pub allow: Allow,
    /// How to write.
    #[command(flatten)]
    pub writes: Writes,
}
