//! The commands that write pools.

use std::path::PathBuf;

use clap::Args;

use super::{AllowArgs, OnlyArgs, OutputArgs, PathArgs, SinceArgs};
use crate::cli::args::complete;

/// Options of the commands that write.
#[derive(Debug, Args)]
pub struct WriteArgs {
    /// Apply without asking.
    #[arg(long, short = 'y', visible_alias = "auto-approve")]
    pub yes: bool,
    /// Save a backup of each pool in this folder before writing.
    #[arg(long, value_name = "DIR", default_value = ".poolctl/backups", hide_short_help = true)]
    pub backup_dir: PathBuf,
    /// Wait up to this many seconds for a written value to show.
    ///
    /// After a write the pool is read back. If it is not as planned, it is read again for this long.
    #[arg(hide_short_help = true, long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(0..=3600))]
    pub settle: u64,
    /// Stop writing after this many failed pools.
    ///
    /// One pool with an unplanned change stops the run at once.
    #[arg(hide_short_help = true, long, value_name = "NUMBER", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    pub max_failures: u16,
    #[command(flatten)]
    pub outputs: OutputArgs,
}

#[derive(Debug, Args)]
#[command(after_long_help = "Shows the plan and asks for confirmation, unless --yes is given.

PATH may be one plan saved with `poolctl plan --save`. It is applied without confirmation and without reading manifests. Every pool is read again. A planned setting that has its new value already is not written. A planned setting that has neither its old nor its new value makes the plan stale: exit code 4, and no pool is written.

Examples:
  poolctl apply --yes pools/customers.yaml
  poolctl apply --yes --allow trigger-removal@LambdaConfig.PreSignUp
  poolctl apply plan.json
  poolctl apply --yes --sandbox --seed examples/quickstart/live \\
      examples/quickstart/customers.yaml")]
pub struct ApplyArgs {
    #[command(flatten)]
    pub paths: PathArgs,
    #[command(flatten)]
    pub only: OnlyArgs,
    #[command(flatten)]
    pub allow: AllowArgs,
    #[command(flatten)]
    pub since: SinceArgs,
    /// Stop if any setting has changed since planning.
    ///
    /// Without it, only a change of a planned setting stops the run, with exit code 4. With a saved plan, changes of sensitive settings that it does not plan are not detected.
    #[arg(long)]
    pub strict_stale: bool,
    /// Write the other pools if some cannot be planned.
    ///
    /// Also if some are blocked.
    #[arg(long)]
    pub keep_going: bool,
    #[command(flatten)]
    pub writes: WriteArgs,
}

#[derive(Debug, Args)]
#[command(
    after_long_help = "Shows the plan and asks for confirmation, like apply. BACKUP is a file in .poolctl/backups. Each backup is of one pool; run the command once per pool.

Examples:
  poolctl restore --yes --allow deletion-protection-off BACKUP
  poolctl restore --yes --whole --allow deletion-protection-off BACKUP"
)]
pub struct RestoreArgs {
    /// A backup that `poolctl apply` has made.
    #[arg(value_name = "BACKUP", add = complete::files("json"))]
    pub backup: PathBuf,
    /// More backups, which are refused with an explanation.
    #[arg(hide = true, add = complete::files("json"))]
    pub more: Vec<PathBuf>,
    /// Restore every setting, not only what that run changed.
    #[arg(long)]
    pub whole: bool,
    #[command(flatten)]
    pub only: OnlyArgs,
    #[command(flatten)]
    pub allow: AllowArgs,
    #[command(flatten)]
    pub writes: WriteArgs,
}
