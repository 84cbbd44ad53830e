//! The options of every command.

use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args, ValueEnum};

use super::SANDBOX_DIR;
use crate::catalogue::Unknown;
use crate::cognito::Rate;
use crate::sandbox::Omission;

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
    /// Calls a second in each of Cognito's rate categories, or a part of each one's quota.
    ///
    /// All who call in the account use the same quotas, production too: half of them is left to those.
    #[arg(
        long,
        global = true,
        value_name = "NUMBER or N%",
        env = "POOLCTL_RATE",
        hide_env = true,
        default_value_t,
        help_heading = "Connection"
    )]
    pub rate: Rate,
    /// How many pools are read, or written, at a time.
    #[arg(long, global = true, value_name = "NUMBER", env = "POOLCTL_PARALLELISM", hide_env = true, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000), help_heading = "Connection")]
    pub parallelism: u16,
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
    /// The form of what goes to standard error; a wrong command line is told as text in any case.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        env = "POOLCTL_LOG_FORMAT",
        hide_env = true,
        default_value_t
    )]
    pub log_format: LogFormat,
    /// When to colour.
    #[arg(long, global = true, value_enum, env = "POOLCTL_COLOR", hide_env = true, default_value_t)]
    pub color: ColorArg,
    /// Say nothing on standard error but errors.
    #[arg(long, short, global = true, env = "POOLCTL_QUIET", hide_env = true, value_parser = BoolishValueParser::new(), conflicts_with = "verbose")]
    pub quiet: bool,
    /// Show no progress on a terminal, and tell of none in a log.
    #[arg(long, global = true, env = "POOLCTL_NO_PROGRESS", hide_env = true, value_parser = BoolishValueParser::new())]
    pub no_progress: bool,
    /// Say which calls are made, and what the longer waits are for; twice, what every wait is for.
    #[arg(long, short, global = true, env = "POOLCTL_VERBOSE", hide_env = true, action = ArgAction::Count)]
    pub verbose: u8,
}

/// `--format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs; versioned, described in schemas/.
    Json,
    /// For a comment in a pull request.
    Markdown,
    /// Workflow commands for GitHub Actions, which annotate the lines of a change.
    Github,
    /// SARIF 2.1.0, for code scanning and editors.
    Sarif,
    /// Metrics for Prometheus, as its textfile collector reads them.
    Openmetrics,
}

/// As it is typed.
impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.to_possible_value().map_or(Ok(()), |value| f.write_str(value.get_name()))
    }
}

impl Format {
    /// The forms that the result of a command can have.
    pub(in crate::cli) fn of(command: &str) -> &'static [Self] {
        match command {
            "plan" | "show" | "apply" | "restore" | "drift" => {
                &[Self::Text, Self::Json, Self::Markdown, Self::Github, Self::Sarif, Self::Openmetrics]
            }
            "explain" | "schema" | "iam-policy" => &[Self::Text, Self::Json],
            "validate" => &[Self::Text, Self::Json, Self::Github, Self::Sarif],
            _ => &[Self::Text],
        }
    }
}

/// `--log-format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
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

fn url(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !text.contains(char::is_whitespace) => Ok(text.to_owned()),
        _ => Err("write it like https://host or http://127.0.0.1:4566".to_owned()),
    }
}
