//! The commands that read pools, or none, and write at most files.

use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Args, Subcommand};

use super::{Allow, Inputs, Outputs, Paths, Selection, Since};
use crate::cli::complete;
use crate::manifest::is_account;

/// `import`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  poolctl import eu-west-1_a1B2c3D4E
  poolctl import --all --region eu-west-1 -o pools
  poolctl import --from examples/quickstart/live --all -o -")]
pub struct Import {
    /// The ids of pools.
    #[arg(value_name = "POOL", required_unless_present_any = ["all", "from"])]
    pub pools: Vec<String>,
    /// Every pool of the Region.
    #[arg(long, env = "POOLCTL_ALL", hide_env = true, value_parser = BoolishValueParser::new(), conflicts_with = "pools")]
    pub all: bool,
    /// The account that the pools are in: it is read as `poolctl.yaml` says, and no other is.
    #[arg(long, value_name = "ACCOUNT", env = "POOLCTL_ACCOUNT", hide_env = true, value_parser = account, conflicts_with = "from")]
    pub account: Option<String>,
    /// A file that holds what describe-user-pool printed, or a folder of such files, as <pool-id>.json;
    /// without credentials.
    #[arg(long, value_name = "PATH", env = "POOLCTL_FROM", hide_env = true, add = complete::files("json"), conflicts_with_all = ["sandbox", "endpoint_url"])]
    pub from: Option<PathBuf>,
    /// What get-user-pool-mfa-config printed; otherwise the file beside --from that ends in .mfa.json.
    #[arg(long, value_name = "FILE", env = "POOLCTL_FROM_MFA", hide_env = true, requires = "from", add = complete::files("json"))]
    pub from_mfa: Option<PathBuf>,
    /// A folder, a file *.yaml, or `-` for standard output.
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
    /// Take this setting and nothing else; several times for several.
    #[arg(long, value_name = "SETTING", env = "POOLCTL_ONLY", hide_env = true, add = complete::settings_of_a_pool())]
    pub only: Vec<crate::document::Path>,
    /// Leave this setting to others; several times for several.
    #[arg(long, value_name = "SETTING", env = "POOLCTL_WITHOUT", hide_env = true, add = complete::settings_of_a_pool())]
    pub without: Vec<crate::document::Path>,
    /// Write down also what is Cognito's default.
    #[arg(long, env = "POOLCTL_FULL", hide_env = true, value_parser = BoolishValueParser::new())]
    pub full: bool,
    /// Write what all these pools have in common to base.yaml, which each manifest extends.
    #[arg(long, env = "POOLCTL_SHARE", hide_env = true, value_parser = BoolishValueParser::new())]
    pub share: bool,
    /// Overwrite files.
    #[arg(long)]
    pub force: bool,
}

/// `plan`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  poolctl plan
  poolctl plan --detailed-exitcode --format json pools/customers.yaml
  poolctl plan --live examples/quickstart/live \\
      examples/quickstart/customers.yaml
  poolctl plan --sandbox --seed examples/quickstart/live \\
      --allow tag-removal@UserPoolTags.stage examples/quickstart/customers.yaml
  poolctl plan --save plan.json pools/customers.yaml")]
pub struct Plan {
    /// Which manifests.
    #[command(flatten)]
    pub paths: Paths,
    /// What is let through.
    #[command(flatten)]
    pub allow: Allow,
    /// What the manifests were.
    #[command(flatten)]
    pub since: Since,
    /// Plan against saved documents, without credentials.
    #[arg(help = "Plan against documents saved in DIR as <pool-id>.json, without credentials", long, value_name = "DIR", env = "POOLCTL_LIVE", hide_env = true, conflicts_with_all = ["sandbox", "endpoint_url"])]
    pub live: Option<PathBuf>,
    /// Print the request bodies, fit for --cli-input-json, and the plan on standard error; sensitive
    /// values are masked.
    #[arg(long, env = "POOLCTL_SHOW_REQUEST", hide_env = true, value_parser = BoolishValueParser::new())]
    pub show_request: bool,
    /// Print also the entries of `ignore` that would leave to others what the plan changes, ready to paste.
    #[arg(long, env = "POOLCTL_SUGGEST_IGNORES", hide_env = true, value_parser = BoolishValueParser::new())]
    pub suggest_ignores: bool,
    /// End with 2 where there are changes.
    #[arg(long, env = "POOLCTL_DETAILED_EXITCODE", hide_env = true, value_parser = BoolishValueParser::new())]
    pub detailed_exitcode: bool,
    /// Keep the plan in a file that `poolctl show` shows and `poolctl apply` applies.
    #[arg(long, value_name = "FILE", env = "POOLCTL_SAVE", hide_env = true, conflicts_with = "live", add = complete::files("json"))]
    pub save: Option<PathBuf>,
    /// Where else the result goes.
    #[command(flatten)]
    pub outputs: Outputs,
}

/// `show`.
#[derive(Debug, Args)]
#[command(
    after_help = "Shows what `poolctl plan --save PLAN` showed, in any form: offline, and without credentials. Ends as plan does: with 3 where the plan is refused.

Examples:
  poolctl show plan.json
  poolctl show --format markdown plan.json
  poolctl show --detailed-exitcode --out json=changes.json plan.json"
)]
pub struct Show {
    /// The file of a saved plan.
    #[arg(value_name = "PLAN", add = complete::files("json"))]
    pub plan: PathBuf,
    /// End with 2 where there are changes.
    #[arg(long, env = "POOLCTL_DETAILED_EXITCODE", hide_env = true, value_parser = BoolishValueParser::new())]
    pub detailed_exitcode: bool,
    /// Where else the result goes.
    #[command(flatten)]
    pub outputs: Outputs,
}

/// `drift`.
#[derive(Debug, Args)]
#[command(
    after_help = "Ends with 0 where every pool is as declared, with 2 where one differs, with 1 where one cannot be read.

What counts: each declared setting that differs; and, whatever the manifest says, each live setting that no \
manifest declares or ignores, if it is neither Cognito's default nor what a new pool has, and decides who gets \
in: every setting at which a risk that blocks can show, and the senders. `poolctl explain SETTING` says whether \
one counts. `unmanaged: report` in a manifest widens that to every setting.

Examples:
  poolctl drift
  poolctl drift --out openmetrics=poolctl.prom pools/customers.yaml
  poolctl drift --live examples/quickstart/live examples/quickstart/customers.yaml"
)]
pub struct Drift {
    /// Which manifests.
    #[command(flatten)]
    pub paths: Paths,
    /// What the manifests were.
    #[command(flatten)]
    pub since: Since,
    /// Name also the pools that no manifest declares, in the Regions of those that one does.
    #[arg(long, env = "POOLCTL_DISCOVER", hide_env = true, value_parser = BoolishValueParser::new())]
    pub discover: bool,
    /// Print also the entries of `ignore` that would leave to others what is in no manifest, ready to paste.
    #[arg(long, env = "POOLCTL_SUGGEST_IGNORES", hide_env = true, value_parser = BoolishValueParser::new())]
    pub suggest_ignores: bool,
    /// Look at saved documents, without credentials.
    #[arg(help = "Look at documents saved in DIR as <pool-id>.json, without credentials", long, value_name = "DIR", env = "POOLCTL_LIVE", hide_env = true, conflicts_with_all = ["sandbox", "endpoint_url"])]
    pub live: Option<PathBuf>,
    /// Where else the result goes.
    #[command(flatten)]
    pub outputs: Outputs,
}

/// `iam-policy`.
#[derive(Debug, Args)]
#[command(
    after_help = "The policy is for the manifests as they are, and lasts longer than one plan: it allows what apply and restore need today and when a pool has moved. So the roles for SMS that the pools have and that they are to have are in it, and SetUserPoolMfaConfig where a manifest declares a setting of MFA. Attributes never go away: AddCustomAttributes is in it only while some are missing. Make it anew when manifests change.

With --read-only, and `account` in every manifest, no pool is read.

Examples:
  poolctl iam-policy pools/customers.yaml
  poolctl iam-policy --read-only > policy.json
  poolctl iam-policy --live examples/quickstart/live \\
      examples/quickstart/customers.yaml"
)]
pub struct IamPolicy {
    /// Which manifests.
    #[command(flatten)]
    pub paths: Paths,
    /// Allow what plan and drift need, and no write.
    #[arg(long, env = "POOLCTL_READ_ONLY", hide_env = true, value_parser = BoolishValueParser::new())]
    pub read_only: bool,
    /// Allow the list of all pools too, as drift --discover needs it.
    #[arg(long, env = "POOLCTL_DISCOVER", hide_env = true, value_parser = BoolishValueParser::new())]
    pub discover: bool,
    /// Name all pools of an account and Region at once, in place of each by its id.
    #[arg(long, env = "POOLCTL_WILDCARD", hide_env = true, value_parser = BoolishValueParser::new())]
    pub wildcard: bool,
    /// Take the pools from documents saved in DIR as <pool-id>.json, without credentials.
    #[arg(long, value_name = "DIR", env = "POOLCTL_LIVE", hide_env = true, conflicts_with_all = ["sandbox", "endpoint_url"])]
    pub live: Option<PathBuf>,
    /// Take the pool, and what a restore brings back, from the backup that an apply wrote.
    #[arg(long, value_name = "FILE", env = "POOLCTL_BACKUP", hide_env = true, add = complete::files("json"), conflicts_with_all = ["paths", "live"])]
    pub backup: Option<PathBuf>,
}

/// `validate`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  poolctl validate
  poolctl validate --strict pools/customers.yaml
  poolctl validate --format github
  poolctl validate --format sarif > poolctl.sarif

Ends with 0 where no manifest has an error, else with 1.")]
pub struct Validate {
    /// Which manifests.
    #[command(flatten)]
    pub paths: Paths,
    /// End with 1 where there are warnings, too.
    #[arg(long, env = "POOLCTL_STRICT", hide_env = true, value_parser = BoolishValueParser::new())]
    pub strict: bool,
    /// Where else the result goes.
    #[command(flatten)]
    pub outputs: Outputs,
}

/// `adopt`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  poolctl adopt pools/customers.yaml
  poolctl adopt --undeclared pools/customers.yaml
  poolctl adopt --only LambdaConfig --dry-run")]
pub struct Adopt {
    /// Which manifests.
    #[command(flatten)]
    pub paths: Paths,
    /// Adopt this setting and nothing else; several times for several.
    #[arg(long, value_name = "SETTING", env = "POOLCTL_ONLY", hide_env = true, add = complete::settings_of_a_pool())]
    pub only: Vec<crate::document::Path>,
    /// Leave this setting as it is declared; several times for several.
    #[arg(long, value_name = "SETTING", env = "POOLCTL_WITHOUT", hide_env = true, add = complete::settings_of_a_pool())]
    pub without: Vec<crate::document::Path>,
    /// Write also the live values of settings that count as drift and are in no manifest.
    #[arg(long, env = "POOLCTL_UNDECLARED", hide_env = true, value_parser = BoolishValueParser::new())]
    pub undeclared: bool,
    /// Tell what would be written, and write nothing.
    #[arg(long, env = "POOLCTL_DRY_RUN", hide_env = true, value_parser = BoolishValueParser::new())]
    pub dry_run: bool,
    /// Take the pools from documents saved in DIR as <pool-id>.json, without credentials.
    #[arg(long, value_name = "DIR", env = "POOLCTL_LIVE", hide_env = true, conflicts_with_all = ["sandbox", "endpoint_url"])]
    pub live: Option<PathBuf>,
}

/// `ignore`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  poolctl ignore add LambdaConfig.PostConfirmation --reason 'owned by billing'")]
pub struct Ignore {
    /// What to do.
    #[command(subcommand)]
    pub action: IgnoreAction,
}

/// What becomes of a manifest's list of settings that others manage.
#[derive(Debug, Subcommand)]
pub enum IgnoreAction {
    /// Write an entry into a manifest's `ignore`: the setting goes back as it is, whatever it is.
    Add(IgnoreAdd),
}

/// `ignore add`.
#[derive(Debug, Args)]
#[command(
    after_help = "A word that begins with a setting's name is a setting; write ./Policies for a file of that name. \
`--undeclared` takes, for each manifest, what `poolctl drift` shows as in no manifest: those settings, and no \
others that come later.

Examples:
  poolctl ignore add LambdaConfig.PostConfirmation --reason billing pools/customers.yaml
  poolctl ignore add UserPoolTags SmsConfiguration --reason platform pools/customers.yaml
  poolctl ignore add AutoVerifiedAttributes --reason 'owned by billing' --until 2030-06-30
  poolctl ignore add --undeclared --reason 'as it was in May' pools/customers.yaml"
)]
pub struct IgnoreAdd {
    /// Settings, as `LambdaConfig.PostConfirmation`, and manifests, or folders of them.
    #[arg(value_name = "SETTING or PATH", required_unless_present = "undeclared", add = complete::settings_and_manifests())]
    pub words: Vec<PathBuf>,
    /// Leave to others whatever counts as drift and is in no manifest.
    #[arg(long, env = "POOLCTL_UNDECLARED", hide_env = true, value_parser = BoolishValueParser::new())]
    pub undeclared: bool,
    /// Why they are left to others, and to whom.
    #[arg(long, value_name = "TEXT", env = "POOLCTL_REASON", hide_env = true)]
    pub reason: String,
    /// The last day on which it holds, as 2030-06-30.
    #[arg(long, value_name = "DATE", env = "POOLCTL_UNTIL", hide_env = true, value_parser = date)]
    pub until: Option<time::Date>,
    /// With --undeclared, take the pools from documents saved in DIR as <pool-id>.json, without credentials.
    #[arg(long, value_name = "DIR", env = "POOLCTL_LIVE", hide_env = true, conflicts_with_all = ["sandbox", "endpoint_url"])]
    pub live: Option<PathBuf>,
    /// Which of their pools.
    #[command(flatten)]
    pub selection: Selection,
    /// What manifests refer to.
    #[command(flatten)]
    pub inputs: Inputs,
}

/// `render`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  poolctl render pools/customers.yaml
  poolctl render --sources --var stage=prod pools/customers.yaml")]
pub struct Render {
    /// Which manifests.
    #[command(flatten)]
    pub paths: Paths,
    /// Say behind each value which line says it, and what gave a reference its value.
    #[arg(long, env = "POOLCTL_SOURCES", hide_env = true, value_parser = BoolishValueParser::new())]
    pub sources: bool,
}

fn date(text: &str) -> Result<time::Date, String> {
    crate::manifest::date(text).ok_or_else(|| "write it as 2030-06-30".to_owned())
}

/// The number of an account.
fn account(text: &str) -> Result<String, &'static str> {
    if is_account(text) { Ok(text.to_owned()) } else { Err("an account has 12 digits") }
}
