//! The commands that write no pool.

use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Args, Subcommand};

use super::{AllowArgs, InputArgs, OutputArgs, PathArgs, SelectionArgs, SinceArgs};
use crate::cli::args::complete;
use crate::manifest::is_account;

/// `import`.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  poolctl import eu-west-1_a1B2c3D4E
  poolctl import --all --region eu-west-1 -o pools
  poolctl import --from examples/quickstart/live --all -o -")]
pub struct ImportArgs {
    /// Ids of pools.
    #[arg(value_name = "POOL")]
    pub pools: Vec<String>,
    /// Import every pool of the Region.
    #[arg(long, env = "POOLCTL_ALL", hide_env = true, value_parser = BoolishValueParser::new(), conflicts_with = "pools")]
    pub all: bool,
    /// Read this account with the role that `poolctl.yaml` configures.
    #[arg(long, value_name = "ACCOUNT", env = "POOLCTL_ACCOUNT", hide_env = true, value_parser = account, conflicts_with = "from")]
    pub account: Option<String>,
    /// Import saved documents instead, without credentials.
    ///
    /// PATH is a file with the output of `describe-user-pool` or the input of `update-user-pool`, or a folder of outputs named <pool-id>.json.
    #[arg(long, value_name = "PATH", env = "POOLCTL_FROM", hide_env = true, add = complete::files("json"), conflicts_with_all = ["sandbox", "endpoint_url"])]
    pub from: Option<PathBuf>,
    /// Read the MFA settings from this file.
    ///
    /// The output of `get-user-pool-mfa-config` or the input of `set-user-pool-mfa-config`. The default is the file next to --from that ends in .mfa.json.
    #[arg(hide_short_help = true, long, value_name = "FILE", env = "POOLCTL_FROM_MFA", hide_env = true, requires = "from", add = complete::files("json"))]
    pub from_mfa: Option<PathBuf>,
    /// Write to a folder or a file *.yaml; `-` prints.
    #[arg(
        long,
        short,
        value_name = "PATH",
        env = "POOLCTL_OUTPUT",
        hide_env = true,
        default_value = "pools",
        add = complete::manifests()
    )]
    pub output: PathBuf,
    /// Import only this setting; repeat for several.
    #[arg(long, value_name = "SETTING", env = "POOLCTL_ONLY", hide_env = true, add = complete::settings_of_a_pool())]
    pub only: Vec<crate::document::Path>,
    /// Leave this setting out; repeat for several.
    #[arg(long, value_name = "SETTING", env = "POOLCTL_WITHOUT", hide_env = true, add = complete::settings_of_a_pool())]
    pub without: Vec<crate::document::Path>,
    /// Include values equal to Cognito's default.
    #[arg(long, env = "POOLCTL_FULL", hide_env = true, value_parser = BoolishValueParser::new())]
    pub full: bool,
    /// Write what all pools have in common to a shared base.yaml.
    ///
    /// Each manifest then extends base.yaml.
    #[arg(long, env = "POOLCTL_SHARE", hide_env = true, value_parser = BoolishValueParser::new())]
    pub share: bool,
    /// Overwrite existing files.
    #[arg(long)]
    pub force: bool,
}

/// `plan`.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  poolctl plan
  poolctl plan --detailed-exitcode --format json pools/customers.yaml
  poolctl plan --live examples/quickstart/live \\
      examples/quickstart/customers.yaml
  poolctl plan --sandbox --seed examples/quickstart/live \\
      --allow tag-removal@UserPoolTags.stage examples/quickstart/customers.yaml
  poolctl plan --save plan.json pools/customers.yaml")]
pub struct PlanArgs {
    /// The manifests.
    #[command(flatten)]
    pub paths: PathArgs,
    /// The accepted risks.
    #[command(flatten)]
    pub allow: AllowArgs,
    /// The baseline.
    #[command(flatten)]
    pub since: SinceArgs,
    /// Read pools saved in DIR, without credentials.
    ///
    /// DIR holds the output of `aws cognito-idp describe-user-pool` as <pool-id>.json, and of `get-user-pool-mfa-config` as <pool-id>.mfa.json.
    #[arg(long, value_name = "DIR", env = "POOLCTL_LIVE", hide_env = true, conflicts_with_all = ["sandbox", "endpoint_url"])]
    pub live: Option<PathBuf>,
    /// Print the request bodies; plan on standard error.
    ///
    /// Each body is an input for --cli-input-json of the named AWS CLI command. Sensitive values are masked.
    #[arg(long, env = "POOLCTL_SHOW_REQUEST", hide_env = true, value_parser = BoolishValueParser::new())]
    pub show_request: bool,
    /// Print `ignore` entries for the changes, ready to paste.
    #[arg(hide_short_help = true, long, env = "POOLCTL_SUGGEST_IGNORES", hide_env = true, value_parser = BoolishValueParser::new())]
    pub suggest_ignores: bool,
    /// Exit with 2 if there are changes.
    #[arg(long, env = "POOLCTL_DETAILED_EXITCODE", hide_env = true, value_parser = BoolishValueParser::new())]
    pub detailed_exitcode: bool,
    /// Save the plan, for `poolctl show` and `poolctl apply`.
    #[arg(long, value_name = "FILE", env = "POOLCTL_SAVE", hide_env = true, conflicts_with = "live", add = complete::files("json"))]
    pub save: Option<PathBuf>,
    /// Further destinations of the result.
    #[command(flatten)]
    pub outputs: OutputArgs,
}

/// `show`.
#[derive(Debug, Args)]
#[command(
    after_long_help = "Shows what `poolctl plan --save PLAN` showed, in any format, without credentials. The exit code is that of the plan: 3 if it is blocked.

Examples:
  poolctl show plan.json
  poolctl show --format markdown plan.json
  poolctl show --detailed-exitcode --out json=changes.json plan.json"
)]
pub struct ShowArgs {
    /// A saved plan.
    #[arg(value_name = "PLAN", add = complete::files("json"))]
    pub plan: PathBuf,
    /// Exit with 2 if there are changes.
    #[arg(long, env = "POOLCTL_DETAILED_EXITCODE", hide_env = true, value_parser = BoolishValueParser::new())]
    pub detailed_exitcode: bool,
    /// Further destinations of the result.
    #[command(flatten)]
    pub outputs: OutputArgs,
}

/// `drift`.
#[derive(Debug, Args)]
#[command(
    after_long_help = "Exits with 0 if every pool is as declared, with 2 if one differs, with 1 if one cannot be read.

These count as drift:
- each declared setting whose live value differs
- each live setting that the manifest neither declares nor ignores, if it is security-relevant and differs from Cognito's default and from the value in a new pool

Security-relevant are the settings that can show a blocking risk, and the senders of messages. `poolctl explain SETTING` shows whether a setting counts. With `unmanaged: report` in a manifest, every live setting counts.

Examples:
  poolctl drift
  poolctl drift --out openmetrics=poolctl.prom pools/customers.yaml
  poolctl drift --live examples/quickstart/live examples/quickstart/customers.yaml"
)]
pub struct DriftArgs {
    /// The manifests.
    #[command(flatten)]
    pub paths: PathArgs,
    /// The baseline.
    #[command(flatten)]
    pub since: SinceArgs,
    /// Also list the pools that no manifest declares.
    ///
    /// In the accounts and Regions of the declared pools.
    #[arg(long, env = "POOLCTL_DISCOVER", hide_env = true, value_parser = BoolishValueParser::new())]
    pub discover: bool,
    /// Print `ignore` entries for the unmanaged settings, ready to paste.
    #[arg(hide_short_help = true, long, env = "POOLCTL_SUGGEST_IGNORES", hide_env = true, value_parser = BoolishValueParser::new())]
    pub suggest_ignores: bool,
    /// Read pools saved in DIR, without credentials.
    ///
    /// DIR holds the output of `aws cognito-idp describe-user-pool` as <pool-id>.json, and of `get-user-pool-mfa-config` as <pool-id>.mfa.json.
    #[arg(long, value_name = "DIR", env = "POOLCTL_LIVE", hide_env = true, conflicts_with_all = ["sandbox", "endpoint_url"])]
    pub live: Option<PathBuf>,
    /// Further destinations of the result.
    #[command(flatten)]
    pub outputs: OutputArgs,
}

/// `iam-policy`.
#[derive(Debug, Args)]
#[command(
    after_long_help = "The policy is for these manifests, and for more than one plan: it allows what apply and restore need now and after a pool has changed. It includes the SMS roles that the pools have and that the manifests declare, and SetUserPoolMfaConfig if a manifest declares an MFA setting. It includes AddCustomAttributes only while attributes are missing. Print it again after manifests change.

With --read-only, and `account` in every manifest, no pool is read.

Examples:
  poolctl iam-policy pools/customers.yaml
  poolctl iam-policy --read-only > policy.json
  poolctl iam-policy --live examples/quickstart/live \\
      examples/quickstart/customers.yaml"
)]
pub struct IamPolicyArgs {
    /// The manifests.
    #[command(flatten)]
    pub paths: PathArgs,
    /// Allow what plan and drift need, and no write.
    #[arg(long, env = "POOLCTL_READ_ONLY", hide_env = true, value_parser = BoolishValueParser::new())]
    pub read_only: bool,
    /// Also allow listing all pools, for drift --discover.
    #[arg(long, env = "POOLCTL_DISCOVER", hide_env = true, value_parser = BoolishValueParser::new())]
    pub discover: bool,
    /// Allow all pools of an account and Region, not single ids.
    #[arg(long, env = "POOLCTL_WILDCARD", hide_env = true, value_parser = BoolishValueParser::new())]
    pub wildcard: bool,
    /// Read pools saved in DIR, without credentials.
    ///
    /// DIR holds the output of `aws cognito-idp describe-user-pool` as <pool-id>.json, and of `get-user-pool-mfa-config` as <pool-id>.mfa.json.
    #[arg(long, value_name = "DIR", env = "POOLCTL_LIVE", hide_env = true, conflicts_with_all = ["sandbox", "endpoint_url"])]
    pub live: Option<PathBuf>,
    /// Print the policy for restoring this backup.
    #[arg(long, value_name = "FILE", env = "POOLCTL_BACKUP", hide_env = true, add = complete::files("json"), conflicts_with_all = ["paths", "live"])]
    pub backup: Option<PathBuf>,
}

/// `validate`.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  poolctl validate
  poolctl validate --strict pools/customers.yaml
  poolctl validate --format github
  poolctl validate --format sarif > poolctl.sarif

Exits with 0 if no manifest has an error, else with 1.")]
pub struct ValidateArgs {
    /// The manifests.
    #[command(flatten)]
    pub paths: PathArgs,
    /// Exit with 1 if there are warnings.
    #[arg(long, env = "POOLCTL_STRICT", hide_env = true, value_parser = BoolishValueParser::new())]
    pub strict: bool,
    /// Further destinations of the result.
    #[command(flatten)]
    pub outputs: OutputArgs,
}

/// `adopt`.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  poolctl adopt pools/customers.yaml
  poolctl adopt --undeclared pools/customers.yaml
  poolctl adopt --only LambdaConfig --dry-run")]
pub struct AdoptArgs {
    /// The manifests.
    #[command(flatten)]
    pub paths: PathArgs,
    /// Adopt only this setting; repeat for several.
    #[arg(long, value_name = "SETTING", env = "POOLCTL_ONLY", hide_env = true, add = complete::settings_of_a_pool())]
    pub only: Vec<crate::document::Path>,
    /// Keep this setting as declared; repeat for several.
    #[arg(long, value_name = "SETTING", env = "POOLCTL_WITHOUT", hide_env = true, add = complete::settings_of_a_pool())]
    pub without: Vec<crate::document::Path>,
    /// Also declare unmanaged settings that count as drift.
    #[arg(long, env = "POOLCTL_UNDECLARED", hide_env = true, value_parser = BoolishValueParser::new())]
    pub undeclared: bool,
    /// Print what would be written, and write nothing.
    #[arg(long, env = "POOLCTL_DRY_RUN", hide_env = true, value_parser = BoolishValueParser::new())]
    pub dry_run: bool,
    /// Read pools saved in DIR, without credentials.
    ///
    /// DIR holds the output of `aws cognito-idp describe-user-pool` as <pool-id>.json, and of `get-user-pool-mfa-config` as <pool-id>.mfa.json.
    #[arg(long, value_name = "DIR", env = "POOLCTL_LIVE", hide_env = true, conflicts_with_all = ["sandbox", "endpoint_url"])]
    pub live: Option<PathBuf>,
}

/// `ignore`.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  poolctl ignore add LambdaConfig.PostConfirmation --reason 'owned by billing'")]
pub struct IgnoreArgs {
    /// The subcommand.
    #[command(subcommand)]
    pub action: IgnoreAction,
}

/// The subcommands of `ignore`.
#[derive(Debug, Subcommand)]
pub enum IgnoreAction {
    /// Add settings to `ignore` in manifests.
    ///
    /// poolctl sends an ignored setting back with its live value, whatever that is.
    Add(IgnoreAddArgs),
}

/// `ignore add`.
#[derive(Debug, Args)]
#[command(
    after_long_help = "A word that begins with a setting's name is a setting; write ./Policies for a file of that name. \
`--undeclared` ignores, in each manifest, the unmanaged settings that `poolctl drift` shows now. A setting that \
starts to count later is not ignored.

Examples:
  poolctl ignore add LambdaConfig.PostConfirmation --reason billing pools/customers.yaml
  poolctl ignore add UserPoolTags SmsConfiguration --reason platform pools/customers.yaml
  poolctl ignore add AutoVerifiedAttributes --reason 'owned by billing' --until 2030-06-30
  poolctl ignore add --undeclared --reason 'as it was in May' pools/customers.yaml"
)]
pub struct IgnoreAddArgs {
    /// Settings, such as LambdaConfig.PostConfirmation; then manifests.
    ///
    /// Without a manifest, or a folder of them, the manifests in `pools`.
    #[arg(value_name = "SETTING or PATH", required_unless_present = "undeclared", add = complete::settings_and_manifests())]
    pub words: Vec<PathBuf>,
    /// Ignore all unmanaged settings that count as drift.
    #[arg(long, env = "POOLCTL_UNDECLARED", hide_env = true, value_parser = BoolishValueParser::new())]
    pub undeclared: bool,
    /// Why they are ignored, and who manages them.
    #[arg(long, value_name = "TEXT", env = "POOLCTL_REASON", hide_env = true)]
    pub reason: String,
    /// The last day of the entry, such as 2030-06-30.
    #[arg(long, value_name = "DATE", env = "POOLCTL_UNTIL", hide_env = true, value_parser = date)]
    pub until: Option<time::Date>,
    /// Read pools saved in DIR, without credentials.
    ///
    /// DIR holds the output of `aws cognito-idp describe-user-pool` as <pool-id>.json, and of `get-user-pool-mfa-config` as <pool-id>.mfa.json. Use it with --undeclared.
    #[arg(long, value_name = "DIR", env = "POOLCTL_LIVE", hide_env = true, conflicts_with_all = ["sandbox", "endpoint_url"])]
    pub live: Option<PathBuf>,
    /// The pools to select.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// The values that manifests refer to.
    #[command(flatten)]
    pub inputs: InputArgs,
}

/// `render`.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  poolctl render pools/customers.yaml
  poolctl render --sources --var stage=prod pools/customers.yaml")]
pub struct RenderArgs {
    /// The manifests.
    #[command(flatten)]
    pub paths: PathArgs,
    /// Print the source of each value as a comment.
    ///
    /// The file and line that set it, and where a reference gets its value.
    #[arg(long, env = "POOLCTL_SOURCES", hide_env = true, value_parser = BoolishValueParser::new())]
    pub sources: bool,
}

fn date(text: &str) -> Result<time::Date, String> {
    crate::manifest::date(text).ok_or_else(|| "write a date such as 2030-06-30".to_owned())
}

/// Parses the id of an account.
fn account(text: &str) -> Result<String, &'static str> {
    if is_account(text) { Ok(text.to_owned()) } else { Err("An account id has 12 digits.") }
}
