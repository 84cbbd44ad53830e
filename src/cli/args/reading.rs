//! The commands that write no pool.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{AllowArgs, InputArgs, OnlyArgs, OutputArgs, PathArgs, SelectionArgs, SinceArgs};
use crate::cli::args::complete;
use crate::document::PathPattern;
use crate::manifest::is_account;

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  poolctl import eu-west-1_a1B2c3D4E
  poolctl import --all --region eu-west-1 -o pools
  poolctl import --from examples/quickstart/live --all -o -
  poolctl import --from-terraform examples/other-tools/terraform.tfstate")]
pub struct ImportArgs {
    /// Ids of pools.
    #[arg(value_name = "POOL")]
    pub pools: Vec<String>,
    /// Import every pool of the Region.
    #[arg(long, conflicts_with = "pools")]
    pub all: bool,
    /// Read this account with the role that `poolctl.yaml` configures.
    #[arg(long, value_name = "ACCOUNT", value_parser = account, conflicts_with = "from")]
    pub account: Option<String>,
    /// Import saved documents instead, without credentials.
    ///
    /// PATH is a file with the output of `describe-user-pool` or the input of `update-user-pool`, or a folder of outputs named <pool-id>.json.
    #[arg(long, value_name = "PATH", add = complete::files("json"), conflicts_with_all = ["sandbox", "endpoint_url"])]
    pub from: Option<PathBuf>,
    /// Read the MFA settings from this file.
    ///
    /// The output of `get-user-pool-mfa-config` or the input of `set-user-pool-mfa-config`. The default is the file next to --from that ends in .mfa.json.
    #[arg(hide_short_help = true, long, value_name = "FILE", requires = "from", add = complete::files("json"))]
    pub from_mfa: Option<PathBuf>,
    /// Import the pools of a Terraform state; see --help for other tools.
    ///
    /// FILE is a state, or the output of `terraform show -json`; `-` is standard input. Only ids are read from it; the pools are read from Cognito. The result ends with what makes Terraform let go of the pools.
    #[arg(long, value_name = "FILE", add = complete::files("json"), conflicts_with_all = ["pools", "all", "from", "as_new"])]
    pub from_terraform: Option<PathBuf>,
    /// Import the pools of this CloudFormation stack.
    ///
    /// FILE is the output of `aws cloudformation list-stack-resources` or `describe-stack-resources`. Repeat the option for the stack's template, also one of the CDK.
    #[arg(hide_short_help = true, long, value_name = "FILE", add = complete::files("json"), conflicts_with_all = ["pools", "all", "from", "as_new", "from_terraform"])]
    pub from_cloudformation: Vec<PathBuf>,
    /// Import the pools of this Pulumi stack.
    ///
    /// FILE is the output of `pulumi stack export`.
    #[arg(hide_short_help = true, long, value_name = "FILE", add = complete::files("json"), conflicts_with_all = ["pools", "all", "from", "as_new", "from_terraform", "from_cloudformation"])]
    pub from_pulumi: Option<PathBuf>,
    /// Write to a folder or a file *.yaml; `-` prints.
    #[arg(long, short, value_name = "PATH", default_value = "pools", add = complete::manifests())]
    pub output: PathBuf,
    /// Import only this setting; repeat for several.
    #[arg(long, value_name = "SETTING", add = complete::settings_of_a_pool())]
    pub only: Vec<PathPattern>,
    /// Leave this setting out; repeat for several.
    #[arg(long, value_name = "SETTING", add = complete::settings_of_a_pool())]
    pub without: Vec<PathPattern>,
    /// Include values equal to Cognito's default.
    #[arg(long)]
    pub full: bool,
    /// Write a manifest that makes another pool like this one, of this name.
    ///
    /// The manifest has `create` in the place of the pool's id. Users, secrets and domains are not copied.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["all", "share"])]
    pub as_new: Option<String>,
    /// Write what all pools have in common to a shared base.yaml.
    ///
    /// Each manifest then extends base.yaml.
    #[arg(long)]
    pub share: bool,
    /// Overwrite existing files.
    #[arg(long)]
    pub force: bool,
}

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
    #[command(flatten)]
    pub paths: PathArgs,
    #[command(flatten)]
    pub only: OnlyArgs,
    #[command(flatten)]
    pub allow: AllowArgs,
    #[command(flatten)]
    pub since: SinceArgs,
    /// Read pools saved in DIR, without credentials.
    ///
    /// DIR holds what `poolctl snapshot -o DIR` wrote. For a manifest without branches, the output of `aws cognito-idp describe-user-pool` as <pool-id>.json and of `get-user-pool-mfa-config` as <pool-id>.mfa.json is enough.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["sandbox", "endpoint_url"])]
    pub live: Option<PathBuf>,
    /// Print the request bodies; plan on standard error.
    ///
    /// Each body is an input for --cli-input-json of the named AWS CLI command. Sensitive values are masked.
    #[arg(long)]
    pub show_request: bool,
    /// Print `ignore` entries for the changes, ready to paste.
    #[arg(hide_short_help = true, long)]
    pub suggest_ignores: bool,
    /// Include each pool as it will be in JSON, for policies.
    ///
    /// `--format json`, `--out json=FILE` and `--save FILE` then have `planned_values`: all settings of the pool and of the entries that the manifest has, changed or not. Sensitive values are withheld.
    #[arg(hide_short_help = true, long)]
    pub planned_values: bool,
    /// Exit with 2 if there are changes.
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// Save the plan, for `poolctl show` and `poolctl apply`.
    #[arg(long, value_name = "FILE", conflicts_with = "live", add = complete::files("json"))]
    pub save: Option<PathBuf>,
    #[command(flatten)]
    pub outputs: OutputArgs,
}

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
    #[arg(long)]
    pub detailed_exitcode: bool,
    #[command(flatten)]
    pub outputs: OutputArgs,
}

#[derive(Debug, Args)]
#[command(
    after_long_help = "Exits with 0 if every pool is as declared, with 2 if one differs, with 1 if one cannot be read.

These count as drift:
- each declared setting whose live value differs
- each live setting that the manifest neither declares nor ignores, if it is security-relevant and differs from Cognito's default and from the value in a new pool

Security-relevant are the settings that can show a blocking risk, and the senders of messages. `poolctl explain SETTING` shows whether a setting counts. With `unmanaged: report` in a manifest, every live setting counts. With `watch: [clients]`, every undeclared app client counts, even if the manifest declares none.

Examples:
  poolctl drift
  poolctl drift --out openmetrics=poolctl.prom pools/customers.yaml
  poolctl drift --live examples/quickstart/live examples/quickstart/customers.yaml"
)]
pub struct DriftArgs {
    #[command(flatten)]
    pub paths: PathArgs,
    #[command(flatten)]
    pub only: OnlyArgs,
    #[command(flatten)]
    pub since: SinceArgs,
    /// Also list the pools that no manifest declares.
    ///
    /// In the accounts and Regions of the declared pools.
    #[arg(long)]
    pub discover: bool,
    /// Print `ignore` entries for the unmanaged settings, ready to paste.
    #[arg(hide_short_help = true, long)]
    pub suggest_ignores: bool,
    /// Read pools saved in DIR, without credentials.
    ///
    /// DIR holds what `poolctl snapshot -o DIR` wrote. For a manifest without branches, the output of `aws cognito-idp describe-user-pool` as <pool-id>.json and of `get-user-pool-mfa-config` as <pool-id>.mfa.json is enough.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["sandbox", "endpoint_url"])]
    pub live: Option<PathBuf>,
    #[command(flatten)]
    pub outputs: OutputArgs,
}

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
    #[command(flatten)]
    pub paths: PathArgs,
    /// Allow what plan and drift need, and no write.
    #[arg(long)]
    pub read_only: bool,
    /// Also allow listing all pools, for drift --discover.
    #[arg(long)]
    pub discover: bool,
    /// Allow all pools of an account and Region, not single ids.
    #[arg(long)]
    pub wildcard: bool,
    /// Read pools saved in DIR, without credentials.
    ///
    /// DIR holds what `poolctl snapshot -o DIR` wrote. For a manifest without branches, the output of `aws cognito-idp describe-user-pool` as <pool-id>.json and of `get-user-pool-mfa-config` as <pool-id>.mfa.json is enough.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["sandbox", "endpoint_url"])]
    pub live: Option<PathBuf>,
    /// Print the policy for restoring this backup.
    #[arg(long, value_name = "FILE", add = complete::files("json"), conflicts_with_all = ["paths", "live"])]
    pub backup: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(
    after_long_help = "Prints the id, the ARN, the Region and the issuer of each pool, and the ids of declared entries under their labels: the ClientId of an app client, the CIMDPolicyId of a policy and the CloudFrontDistribution of a custom domain. Secrets are not printed: a secret in AWS Secrets Manager is printed by its ARN.

--format dotenv and tfvars are for one pool. Exits with 1 if such an entry does not exist; these formats then print nothing.

Examples:
  poolctl ids pools/customers.yaml
  poolctl ids --format dotenv pools/customers.yaml > .env
  poolctl ids --format tfvars pools/customers.yaml > pool.auto.tfvars
  poolctl ids --wide pools/customers.yaml"
)]
pub struct IdsArgs {
    #[command(flatten)]
    pub paths: PathArgs,
    /// Also print what poolctl reports and does not manage.
    ///
    /// These are the replicas of each pool, the number of app clients that registered themselves, and the number and age of each declared app client's secrets. It needs cognito-idp:ListUserPoolReplicas, ListUserPoolClients and ListUserPoolClientSecrets. The formats dotenv and tfvars have ids only.
    #[arg(long, conflicts_with = "live")]
    pub wide: bool,
    /// Read pools saved in DIR, without credentials.
    ///
    /// DIR holds what `poolctl snapshot -o DIR` wrote. For a manifest without branches, the output of `aws cognito-idp describe-user-pool` as <pool-id>.json and of `get-user-pool-mfa-config` as <pool-id>.mfa.json is enough.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["sandbox", "endpoint_url"])]
    pub live: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(
    after_long_help = "Saves every document that the plans of these manifests need, so that `poolctl plan --live DIR` needs no credentials. A value that may be secret is left out, and is not compared by such a plan: one that the API model marks, one that a manifest takes from a secret, and one of an app client that the API model does not know. A client's secret is never saved. A password within a URL, such as https://user:password@host, is saved.

Examples:
  poolctl snapshot -o live pools"
)]
pub struct SnapshotArgs {
    #[command(flatten)]
    pub paths: PathArgs,
    /// Write to this folder.
    ///
    /// Files of earlier snapshots of the same pools are replaced: DIR/.poolctl-snapshot lists them.
    #[arg(long, short, value_name = "DIR")]
    pub output: PathBuf,
    /// Overwrite existing files that no snapshot wrote.
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  poolctl validate
  poolctl validate --strict pools/customers.yaml
  poolctl validate --format github
  poolctl validate --format sarif > poolctl.sarif

Exits with 0 if no manifest has an error, else with 1.")]
pub struct ValidateArgs {
    #[command(flatten)]
    pub paths: PathArgs,
    /// Exit with 1 if there are warnings.
    #[arg(long)]
    pub strict: bool,
    #[command(flatten)]
    pub outputs: OutputArgs,
}

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  poolctl adopt pools/customers.yaml
  poolctl adopt --undeclared pools/customers.yaml
  poolctl adopt --only LambdaConfig --dry-run
  poolctl adopt --ids pools/customers.yaml")]
pub struct AdoptArgs {
    #[command(flatten)]
    pub paths: PathArgs,
    /// Adopt only this setting; repeat for several.
    #[arg(long, value_name = "SETTING", add = complete::settings_of_a_pool())]
    pub only: Vec<PathPattern>,
    /// Keep this setting as declared; repeat for several.
    #[arg(long, value_name = "SETTING", add = complete::settings_of_a_pool())]
    pub without: Vec<PathPattern>,
    /// Also declare unmanaged settings that count as drift.
    #[arg(long)]
    pub undeclared: bool,
    /// Write the ids that entries lack, and nothing else.
    ///
    /// An app client without an `id` is found by its name alone. The id goes into the file that has the `pool`. An id that no app client has is replaced, if exactly one has the name of the entry.
    #[arg(long, conflicts_with_all = ["only", "without", "undeclared"])]
    pub ids: bool,
    /// Print what would be written, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Read pools saved in DIR, without credentials.
    ///
    /// DIR holds what `poolctl snapshot -o DIR` wrote. For a manifest without branches, the output of `aws cognito-idp describe-user-pool` as <pool-id>.json and of `get-user-pool-mfa-config` as <pool-id>.mfa.json is enough.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["sandbox", "endpoint_url"])]
    pub live: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  poolctl ignore add LambdaConfig.PostConfirmation --reason 'owned by billing'")]
pub struct IgnoreArgs {
    #[command(subcommand)]
    pub action: IgnoreAction,
}

#[derive(Debug, Subcommand)]
pub enum IgnoreAction {
    /// Add settings to `ignore` in manifests.
    ///
    /// poolctl sends an ignored setting back with its live value, whatever that is. Rules of the house judge it all the same: an entry of `allow` exempts from a rule.
    Add(IgnoreAddArgs),
}

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
    #[arg(long)]
    pub undeclared: bool,
    /// Why they are ignored, and who manages them.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// The last day of the entry, such as 2030-06-30.
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub until: Option<time::Date>,
    /// Read pools saved in DIR, without credentials.
    ///
    /// DIR holds what `poolctl snapshot -o DIR` wrote. For a manifest without branches, the output of `aws cognito-idp describe-user-pool` as <pool-id>.json and of `get-user-pool-mfa-config` as <pool-id>.mfa.json is enough. Use it with --undeclared.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["sandbox", "endpoint_url"])]
    pub live: Option<PathBuf>,
    #[command(flatten)]
    pub selection: SelectionArgs,
    #[command(flatten)]
    pub inputs: InputArgs,
}

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  poolctl render pools/customers.yaml
  poolctl render --sources --var stage=prod pools/customers.yaml")]
pub struct RenderArgs {
    #[command(flatten)]
    pub paths: PathArgs,
    /// Print the source of each value as a comment.
    ///
    /// The file and line that set it, and where a reference gets its value.
    #[arg(long)]
    pub sources: bool,
}

fn date(text: &str) -> Result<time::Date, String> {
    crate::manifest::date(text).ok_or_else(|| "write a date such as 2030-06-30".to_owned())
}

fn account(text: &str) -> Result<String, &'static str> {
    if is_account(text) { Ok(text.to_owned()) } else { Err("An account id has 12 digits.") }
}
