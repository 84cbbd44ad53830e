//! What can be typed. Types only; what they do is in the command's own file.

use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use super::complete;
use crate::catalogue::Unknown;
use crate::rules::Allows;
use crate::sandbox::{FAULT_KINDS, Fault, Omission};

/// Where the sandbox keeps its pools unless told otherwise.
pub(super) const SANDBOX_DIR: &str = ".poolctl/sandbox";

/// Lines of help that stand in columns are broken by hand, to fit a terminal of 80.
const EXIT_CODES: &str = "Exit codes:
  0   nothing to do, planned, or applied and verified
  1   failed (also: an invalid manifest); this run wrote to no pool
  2   differences (plan --detailed-exitcode)
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

/// Options of every command.
#[derive(Debug, Args)]
pub struct Global {
    /// The profile whose credentials are used, as for the AWS CLI.
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = "POOLCTL_PROFILE",
        hide_env = true,
        help_heading = "Connection"
    )]
    pub profile: Option<String>,
    /// The Region to call, in place of the one in each pool's id.
    #[arg(
        long,
        global = true,
        value_name = "REGION",
        env = "POOLCTL_REGION",
        hide_env = true,
        help_heading = "Connection"
    )]
    pub region: Option<String>,
    /// The endpoint of cognito-idp, and of nothing else.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "POOLCTL_ENDPOINT_URL",
        hide_env = true,
        value_parser = url,
        help_heading = "Connection"
    )]
    pub endpoint_url: Option<String>,
    /// A PEM file with the certificates to trust in place of the system's.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "POOLCTL_CA_BUNDLE",
        hide_env = true,
        help_heading = "Connection"
    )]
    pub ca_bundle: Option<PathBuf>,
    /// Seconds that a connection may take to stand.
    #[arg(long, global = true, value_name = "SECONDS", env = "POOLCTL_CONNECT_TIMEOUT", hide_env = true, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600), help_heading = "Connection")]
    pub connect_timeout: u64,
    /// Seconds that an answer may take.
    #[arg(long, global = true, value_name = "SECONDS", env = "POOLCTL_READ_TIMEOUT", hide_env = true, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600), help_heading = "Connection")]
    pub read_timeout: u64,
    /// Calls a second, for each of Cognito's rate categories.
    #[arg(
        long,
        global = true,
        value_name = "NUMBER",
        env = "POOLCTL_RATE",
        hide_env = true,
        default_value_t = 10.0,
        value_parser = rate,
        help_heading = "Connection"
    )]
    pub rate: f64,
    /// Use an embedded endpoint in place of Amazon's; its pools are kept in DIR.
    #[arg(long, global = true, value_name = "DIR", env = "POOLCTL_SANDBOX", hide_env = true, num_args = 0..=1, require_equals = true, default_missing_value = SANDBOX_DIR, conflicts_with = "endpoint_url", help_heading = "Sandbox")]
    pub sandbox: Option<PathBuf>,
    /// A folder of saved pools that fills an empty sandbox; it is never written.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "POOLCTL_SEED",
        hide_env = true,
        help_heading = "Sandbox"
    )]
    pub seed: Option<PathBuf>,
    /// What the sandbox makes of members that an update leaves out.
    #[arg(
        long,
        global = true,
        value_enum,
        env = "POOLCTL_OMISSION",
        hide_env = true,
        default_value_t,
        help_heading = "Sandbox"
    )]
    pub omission: OmissionArg,
    /// A newer API model (botocore's service-2.json, plain or gzipped) in place of the built-in one.
    #[arg(long, global = true, value_name = "FILE", env = "POOLCTL_API_MODEL", hide_env = true)]
    pub api_model: Option<PathBuf>,
    /// What to do with live members that the model does not know.
    #[arg(long, global = true, value_enum, env = "POOLCTL_UNKNOWN", hide_env = true, default_value_t)]
    pub unknown: UnknownArg,
    /// The form of the result on standard output.
    #[arg(long, global = true, value_enum, env = "POOLCTL_FORMAT", hide_env = true, default_value_t)]
    pub format: Format,
    /// When to colour.
    #[arg(long, global = true, value_enum, env = "POOLCTL_COLOR", hide_env = true, default_value_t)]
    pub color: ColorArg,
    /// Say nothing on standard error but errors.
    #[arg(long, short, global = true, env = "POOLCTL_QUIET", hide_env = true, value_parser = BoolishValueParser::new(), conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say which calls are made; twice, also what they wait for.
    #[arg(long, short, global = true, env = "POOLCTL_VERBOSE", hide_env = true, action = ArgAction::Count)]
    pub verbose: u8,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write the manifests of pools that there are. Reads pools, and cannot write to them.
    Import(Import),
    /// Show what apply would change. Reads, and cannot write.
    #[command(visible_alias = "diff")]
    Plan(Plan),
    /// Make pools what their manifests say, and prove it.
    Apply(Apply),
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
    /// What is typed to name it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Import(_) => "import",
            Self::Plan(_) => "plan",
            Self::Apply(_) => "apply",
            Self::Restore(_) => "restore",
            Self::Validate(_) => "validate",
            Self::Adopt(_) => "adopt",
            Self::Ignore(_) => "ignore",
            Self::Render(_) => "render",
            Self::Explain(_) => "explain",
            Self::Schema => "schema",
            Self::Completions(_) => "completions",
            Self::Sandbox(_) => "sandbox",
        }
    }
}

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

/// Which manifests.
#[derive(Debug, Args)]
pub struct Paths {
    /// Manifests, or folders of them; `-` is standard input.
    #[arg(value_name = "PATH", default_value = "pools", add = complete::manifests())]
    pub paths: Vec<PathBuf>,
    /// What manifests refer to.
    #[command(flatten)]
    pub inputs: Inputs,
}

/// What manifests refer to.
#[derive(Clone, Debug, Args)]
pub struct Inputs {
    /// The value of `${var:NAME}`; POOLCTL_VAR_<NAME> gives it too.
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment, help_heading = "References")]
    pub var: Vec<(String, String)>,
    /// A YAML file of `NAME: value` lines; what --var says outweighs it.
    #[arg(
        long,
        value_name = "FILE",
        env = "POOLCTL_VAR_FILE",
        hide_env = true,
        value_delimiter = ',',
        help_heading = "References"
    )]
    pub var_file: Vec<PathBuf>,
    /// The folder that manifests may refer into; otherwise the nearest one above that has `.git` or
    /// `poolctl.yaml`.
    #[arg(long, value_name = "DIR", env = "POOLCTL_ROOT", hide_env = true, help_heading = "References")]
    pub root: Option<PathBuf>,
}

/// What is let through.
#[derive(Debug, Args)]
pub struct Allow {
    /// Accept a risk that stands in the way of the plan.
    #[arg(
        help = "Accept a risk: CODE, CODE@PATH for one setting, rule:CODE for a rule; several with commas",
        long,
        value_name = "CODE",
        add = complete::allows()
    )]
    pub allow: Vec<Allows>,
}

/// `plan`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  poolctl plan
  poolctl plan --detailed-exitcode --format json pools/customers.yaml
  poolctl plan --live examples/quickstart/live \\
      examples/quickstart/customers.yaml
  poolctl plan --sandbox --seed examples/quickstart/live \\
      --allow tag-removal@UserPoolTags.stage examples/quickstart/customers.yaml")]
pub struct Plan {
    /// Which manifests.
    #[command(flatten)]
    pub paths: Paths,
    /// What is let through.
    #[command(flatten)]
    pub allow: Allow,
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
}

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
}

/// `apply`.
#[derive(Debug, Args)]
#[command(after_help = "Shows the plan and asks; with --yes it does not ask.

Examples:
  poolctl apply --yes pools/customers.yaml
  poolctl apply --yes --allow trigger-removal@LambdaConfig.PreSignUp
  poolctl apply --yes --sandbox --seed examples/quickstart/live \\
      examples/quickstart/customers.yaml")]
pub struct Apply {
    /// Which manifests.
    #[command(flatten)]
    pub paths: Paths,
    /// What is let through.
    #[command(flatten)]
    pub allow: Allow,
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
}

/// `adopt`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  poolctl adopt pools/customers.yaml
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
#[command(after_help = "Examples:
  poolctl ignore add LambdaConfig.PostConfirmation --reason 'owned by billing' pools/customers.yaml
  poolctl ignore add UserPoolTags --reason 'tagged by the platform' --until 2030-06-30")]
pub struct IgnoreAdd {
    /// The setting, as `LambdaConfig.PostConfirmation`.
    #[arg(value_name = "SETTING", add = complete::settings_of_a_pool())]
    pub setting: crate::document::Path,
    /// Which manifests.
    #[command(flatten)]
    pub paths: Paths,
    /// Why it is left to others, and to whom.
    #[arg(long, value_name = "TEXT", env = "POOLCTL_REASON", hide_env = true)]
    pub reason: String,
    /// The last day on which it holds, as 2030-06-30.
    #[arg(long, value_name = "DATE", env = "POOLCTL_UNTIL", hide_env = true, value_parser = date)]
    pub until: Option<time::Date>,
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

/// `explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  poolctl explain
  poolctl explain Policies.PasswordPolicy.MinimumLength
  poolctl explain trigger-removal")]
pub struct Explain {
    /// A setting, as `Schema[].Name`, or a code of a plan or an error; without one, what there is.
    #[arg(value_name = "FIELD or CODE", add = complete::topics())]
    pub topic: Option<String>,
}

/// `completions`.
#[derive(Debug, Args)]
#[command(after_help = "One line in the shell's own start-up file, where poolctl is on the PATH:
  ~/.bashrc                     source <(poolctl completions bash)
  ~/.zshrc, after compinit      source <(poolctl completions zsh)
  ~/.config/fish/config.fish    poolctl completions fish | source
  ~/.config/elvish/rc.elv       eval (poolctl completions elvish | slurp)
  $PROFILE  poolctl completions powershell | Out-String | Invoke-Expression

Examples:
  poolctl completions bash > /dev/null")]
pub struct Completions {
    /// The shell.
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: Shell,
}

/// The shells that can be taught.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// Bash.
    Bash,
    /// Elvish.
    Elvish,
    /// Fish.
    Fish,
    /// PowerShell.
    Powershell,
    /// Zsh.
    Zsh,
}

/// As it is typed.
impl std::fmt::Display for Shell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.to_possible_value().map_or(Ok(()), |value| f.write_str(value.get_name()))
    }
}

fn sandbox_help() -> String {
    let widest = FAULT_KINDS.iter().map(|(kind, _)| kind.len()).max().unwrap_or_default();
    let kinds = FAULT_KINDS.iter().map(|(kind, what)| format!("  {kind:widest$}  {what}\n"));
    format!(
        "Prints its URL on the first line of standard output and serves until it is interrupted. Point any client at it:
  aws --endpoint-url URL cognito-idp list-user-pools --max-results 10

A fault is OPERATION[/POOL][@N]:KIND[=ARGUMENT][*TIMES]: at calls of the operation (`*`: of any), of that pool alone, from the Nth such call on, so many times at most. The kinds:
{}
Examples:
  poolctl sandbox --port 0 --seed examples/quickstart/live
  poolctl sandbox --port 0 --seed examples/quickstart/live \\
      --fault 'UpdateUserPool:throttle*2' --latency 50

GET URL/_sandbox/calls counts the calls by operation; POST URL/_sandbox/faults adds a fault.",
        kinds.collect::<String>()
    )
}

/// `sandbox`.
#[derive(Debug, Args)]
#[command(after_help = sandbox_help())]
pub struct Sandbox {
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, env = "POOLCTL_PORT", hide_env = true, default_value_t = 9229)]
    pub port: u16,
    /// Things that go wrong.
    #[arg(
        help = "Something that goes wrong, as UpdateUserPool:throttle*2; the kinds stand below",
        long,
        value_name = "SPEC",
        env = "POOLCTL_FAULT",
        hide_env = true,
        value_delimiter = '\n'
    )]
    pub fault: Vec<Fault>,
    /// Throttle beyond Cognito's default quotas.
    #[arg(long, env = "POOLCTL_QUOTAS", hide_env = true, value_parser = BoolishValueParser::new())]
    pub quotas: bool,
    /// Milliseconds that every call takes at least.
    #[arg(long, value_name = "MS", env = "POOLCTL_LATENCY", hide_env = true, default_value_t = 0)]
    pub latency: u64,
}

/// `--format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs; versioned, described in schemas/.
    Json,
    /// Workflow commands for GitHub Actions, which annotate the lines of a change.
    Github,
    /// SARIF 2.1.0, for code scanning and editors.
    Sarif,
}

/// As it is typed.
impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.to_possible_value().map_or(Ok(()), |value| f.write_str(value.get_name()))
    }
}

impl Format {
    /// The forms that the result of a command can have.
    pub(super) fn of(command: &str) -> &'static [Self] {
        match command {
            "plan" | "apply" | "restore" | "explain" | "schema" => &[Self::Text, Self::Json],
            "validate" => &[Self::Text, Self::Json, Self::Github, Self::Sarif],
            _ => &[Self::Text],
        }
    }
}

/// `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal, unless NO_COLOR or TERM=dumb say otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// `--unknown`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum UnknownArg {
    /// Send them back as they are.
    #[default]
    Echo,
    /// Leave them out of requests.
    Omit,
    /// Refuse pools that have any in a document that would be sent.
    Stop,
}

impl From<UnknownArg> for Unknown {
    fn from(arg: UnknownArg) -> Self {
        match arg {
            UnknownArg::Echo => Self::Echo,
            UnknownArg::Omit => Self::Omit,
            UnknownArg::Stop => Self::Stop,
        }
    }
}

/// `--omission`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OmissionArg {
    /// They fall to Amazon's default, as the API Reference says.
    #[default]
    Documented,
    /// Each as people have measured it.
    Measured,
}

impl From<OmissionArg> for Omission {
    fn from(arg: OmissionArg) -> Self {
        match arg {
            OmissionArg::Documented => Self::Documented,
            OmissionArg::Measured => Self::Measured,
        }
    }
}

fn rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| "it is no number".to_owned())?;
    if (0.01..=1e6).contains(&rate) { Ok(rate) } else { Err("it must be from 0.01 to 1000000".to_owned()) }
}

fn date(text: &str) -> Result<time::Date, String> {
    crate::manifest::date(text).ok_or_else(|| "write it as 2030-06-30".to_owned())
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it like stage=prod")?;
    if !crate::manifest::is_name(name) {
        return Err("a name has letters, digits and `_`, and no digit in front".to_owned());
    }
    Ok((name.to_owned(), value.to_owned()))
}

fn url(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !text.contains(char::is_whitespace) => Ok(text.to_owned()),
        _ => Err("write it like https://host or http://127.0.0.1:4566".to_owned()),
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
