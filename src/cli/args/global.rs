//! The options of every command.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args, ValueEnum};

use super::SANDBOX_DIR;
use crate::catalogue::Unknown;
use crate::cognito::Rate;
use crate::sandbox::Omission;

/// Options of every command. The first paragraph of a help is what `-h` prints; it fits a line.
#[derive(Clone, Debug, Args)]
pub struct GlobalArgs {
    /// Set the format of the result.
    #[arg(long, global = true, value_enum, value_name = "FORMAT", default_value_t, help_heading = OUTPUT)]
    pub format: Format,
    /// Set the format of messages on standard error.
    ///
    /// A usage error is always printed as text.
    #[arg(long, global = true, value_enum, value_name = "FORMAT", default_value_t, help_heading = OUTPUT, hide_short_help = true)]
    pub log_format: LogFormat,
    /// Use colors.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t, help_heading = OUTPUT, hide_short_help = true)]
    pub color: ColorArg,
    /// Print only errors on standard error.
    #[arg(long, short, global = true, conflicts_with = "verbose", help_heading = OUTPUT)]
    pub quiet: bool,
    /// Show no progress.
    ///
    /// Neither a bar on a terminal, nor lines in a JSON log.
    #[arg(long, global = true, help_heading = OUTPUT, hide_short_help = true)]
    pub no_progress: bool,
    /// Print each call and the longer waits; -vv: every wait.
    #[arg(long, short, global = true, action = ArgAction::Count, help_heading = OUTPUT)]
    pub verbose: u8,
    /// Use this profile's credentials.
    ///
    /// A profile of ~/.aws/config or ~/.aws/credentials, as for the AWS CLI.
    #[arg(long, global = true, value_name = "NAME", help_heading = CONNECTION)]
    pub profile: Option<String>,
    /// Call this Region, not the one in each pool's id.
    #[arg(long, global = true, value_name = "REGION", help_heading = CONNECTION)]
    pub region: Option<String>,
    /// Send cognito-idp requests to this endpoint.
    ///
    /// Other services, such as STS, are called at AWS. AWS_ENDPOINT_URL sets the endpoint of all services.
    #[arg(long, global = true, value_name = "URL", value_parser = url, help_heading = CONNECTION, hide_short_help = true)]
    pub endpoint_url: Option<String>,
    /// Trust the certificates in this PEM file instead of the system's.
    #[arg(long, global = true, value_name = "FILE", help_heading = CONNECTION, hide_short_help = true)]
    pub ca_bundle: Option<PathBuf>,
    /// Fail a connection attempt after this many seconds.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600), help_heading = CONNECTION, hide_short_help = true)]
    pub connect_timeout: u64,
    /// Fail a request that has no response after this many seconds.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600), help_heading = CONNECTION, hide_short_help = true)]
    pub read_timeout: u64,
    /// Limit the calls per second in each rate category.
    ///
    /// A number of calls per second, or a percentage of Cognito's quota. All callers in the account share the quotas, production included; the default leaves half of each quota to them.
    #[arg(long, global = true, value_name = "NUMBER or N%", default_value_t, help_heading = CONNECTION, hide_short_help = true)]
    pub rate: Rate,
    /// Read, or write, this many pools at a time.
    #[arg(long, global = true, value_name = "NUMBER", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000), help_heading = CONNECTION, hide_short_help = true)]
    pub parallelism: u16,
    /// Call an embedded endpoint, which keeps its pools in DIR.
    ///
    /// It needs no account and no network. Without DIR, the pools are kept in .poolctl/sandbox.
    #[arg(long, global = true, value_name = "DIR", num_args = 0..=1, require_equals = true, default_missing_value = SANDBOX_DIR, conflicts_with = "endpoint_url", help_heading = SANDBOX)]
    pub sandbox: Option<PathBuf>,
    /// Fill an empty sandbox with the pools saved in DIR.
    ///
    /// DIR holds what `poolctl snapshot -o DIR` wrote, or documents of `describe-user-pool` as <pool-id>.json, and is never written to. A sandbox that has pools already keeps them.
    #[arg(long, global = true, value_name = "DIR", help_heading = SANDBOX)]
    pub seed: Option<PathBuf>,
    /// Set what the sandbox does with settings that an update leaves out.
    #[arg(long, global = true, value_name = "HOW", value_parser = choice(OMISSION), default_value = "documented", help_heading = SANDBOX, hide_short_help = true)]
    pub omission: Omission,
    /// Use this API model instead of the built-in one.
    ///
    /// A newer service-2.json of botocore's, plain or gzipped.
    #[arg(long, global = true, value_name = "FILE", help_heading = MODEL, hide_short_help = true)]
    pub api_model: Option<PathBuf>,
    /// Set what to do with live settings that are not in the API model.
    #[arg(long, global = true, value_name = "HOW", value_parser = choice(UNKNOWN), default_value = "echo", help_heading = MODEL, hide_short_help = true)]
    pub unknown: Unknown,
}

/// Headings of options in a help.
pub(super) const SELECTION: &str = "Selection";
pub(super) const REFERENCES: &str = "References";
const CONNECTION: &str = "Connection";
const SANDBOX: &str = "Sandbox";
const MODEL: &str = "API model";
pub(super) const OUTPUT: &str = "Output";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs; versioned, described in schemas/.
    Json,
    /// For a comment in a pull request.
    Markdown,
    /// A page for a browser, in one file.
    Html,
    /// Annotations for GitHub Actions, as workflow commands.
    Github,
    /// SARIF 2.1.0, for code scanning and editors.
    Sarif,
    /// JUnit XML, for test reports; each pool is a test.
    Junit,
    /// A Code Quality report of GitLab, for merge requests.
    Codequality,
    /// Metrics for Prometheus, for its textfile collector.
    Openmetrics,
    /// Lines NAME=value, for a file .env.
    Dotenv,
    /// Variables of a Terraform configuration.
    Tfvars,
}

/// The name on the command line.
impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.to_possible_value().map_or(Ok(()), |value| f.write_str(value.get_name()))
    }
}

impl Format {
    /// The formats that a command can print.
    pub(in crate::cli) fn of(command: &str) -> &'static [Self] {
        match command {
            "plan" | "show" | "apply" | "restore" | "drift" => &[
                Self::Text,
                Self::Json,
                Self::Markdown,
                Self::Html,
                Self::Github,
                Self::Sarif,
                Self::Junit,
                Self::Codequality,
                Self::Openmetrics,
            ],
            "explain" | "schema" | "iam-policy" => &[Self::Text, Self::Json],
            "ids" => &[Self::Text, Self::Json, Self::Dotenv, Self::Tfvars],
            "validate" => &[
                Self::Text,
                Self::Json,
                Self::Html,
                Self::Github,
                Self::Sarif,
                Self::Junit,
                Self::Codequality,
            ],
            _ => &[Self::Text],
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal, unless NO_COLOR is set or TERM is dumb.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// A value of an option: its name on the command line, its meaning and its help.
pub(super) type OptionChoice<T> = (&'static str, T, &'static str);

const UNKNOWN: &[OptionChoice<Unknown>] = &[
    ("echo", Unknown::Echo, "Send them back unchanged"),
    ("omit", Unknown::Omit, "Leave them out of requests"),
    ("stop", Unknown::Stop, "Block the plan of a pool that has one in a document to send"),
];

const OMISSION: &[OptionChoice<Omission>] = &[
    ("documented", Omission::Documented, "Reset to the default in the API Reference"),
    ("measured", Omission::Measured, "Treated as users have observed it, setting by setting"),
];

/// A parser of the names of these values.
pub(super) fn choice<T>(choices: &'static [OptionChoice<T>]) -> impl TypedValueParser<Value = T>
where
    T: Copy + Send + Sync + 'static,
{
    let values = choices.iter().map(|(name, _, help)| PossibleValue::new(*name).help(*help));
    PossibleValuesParser::new(values).try_map(|typed| {
        let chosen = choices.iter().find(|(name, ..)| *name == typed);
        chosen.map(|(_, value, _)| *value).ok_or("unknown value")
    })
}

fn url(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !text.contains(char::is_whitespace) => Ok(text.to_owned()),
        _ => Err("write a URL such as https://host or http://127.0.0.1:4566".to_owned()),
    }
}
