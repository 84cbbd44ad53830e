//! Options that select manifests, give them values, and accept risks of their plans.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::Format;
use super::global::{OUTPUT, OptionChoice, REFERENCES, SELECTION, choice};
use crate::cli::args::complete;
use crate::cli::fleet::search;
use crate::document::PathPattern;
use crate::plan::Released;
use crate::report::SourceLinks;
use crate::rules::Allows;

/// The paths of manifests, with their selection and values.
#[derive(Debug, Default, Args)]
pub struct PathArgs {
    /// Manifests, folders or patterns; `-` is stdin.
    ///
    /// A pattern such as 'pools/*/prod.yaml' is expanded by poolctl. In a folder, every *.yaml and *.yml is a manifest, also in its subfolders.
    #[arg(value_name = "PATH", default_value = search::DEFAULT, add = complete::manifests())]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub selection: SelectionArgs,
    #[command(flatten)]
    pub inputs: InputArgs,
}

/// The selection among the declared pools.
#[derive(Clone, Debug, Default, Args)]
pub struct SelectionArgs {
    /// Only pools with this id or manifest; * is a wildcard.
    ///
    /// PATTERN is a pool's id, or the path of its manifest as in messages. Separate several with commas.
    #[arg(long, value_name = "PATTERN", value_delimiter = ',', help_heading = SELECTION)]
    pub target: Vec<glob::Pattern>,
    /// All pools but those with this id or manifest.
    #[arg(long, value_name = "PATTERN", value_delimiter = ',', help_heading = SELECTION)]
    pub exclude: Vec<glob::Pattern>,
    /// Only the Kth of N parts of the pools, for parallel jobs.
    ///
    /// K counts from 0 or from 1: 0/N and N/N are the same part.
    #[arg(long, value_name = "K/N", hide_short_help = true, help_heading = SELECTION)]
    pub shard: Option<Shard>,
}

/// A part of a fleet, `K/N`. 0 and N are the same part, so that jobs may count from 0 or from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which one, from 0 to `of`.
    pub index: u32,
    /// How many there are, at least one.
    pub of: u32,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers =
            text.split_once('/').and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((_, 0)) | None => Err("write K/N, such as 1/4".to_owned()),
            Some((index, of)) if index > of => Err(format!("there are only {of} parts")),
            Some((index, of)) => Ok(Self { index, of }),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

#[derive(Clone, Debug, Default, Args)]
pub struct InputArgs {
    /// Set the value of `${var:NAME}`.
    ///
    /// The environment variable POOLCTL_VAR_<NAME> sets it too.
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment, help_heading = REFERENCES)]
    pub var: Vec<(String, String)>,
    /// Read variables from a YAML file of `NAME: value` lines.
    ///
    /// --var overrides it.
    #[arg(long, value_name = "FILE", value_delimiter = ',', help_heading = REFERENCES)]
    pub var_file: Vec<PathBuf>,
    /// Let manifests refer to files in this folder only.
    ///
    /// The default is the nearest folder above a manifest that has `.git` or `poolctl.yaml`.
    #[arg(hide_short_help = true, long, value_name = "DIR", help_heading = REFERENCES)]
    pub root: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct AllowArgs {
    /// Accept a risk that blocks the plan.
    ///
    /// CODE accepts the risk everywhere, CODE@PATH at one setting, rule:CODE a rule, require:NAME a rule of poolctl.yaml. Separate several with commas. `poolctl explain` lists the codes.
    #[arg(long, value_name = "CODE", add = complete::allows())]
    pub allow: Vec<Allows>,
    /// Also block what already breaks a rule of poolctl.yaml.
    ///
    /// Without it, a plan blocks only if it breaks a rule of `require` or makes a breach worse.
    #[arg(long, hide_short_help = true)]
    pub strict_require: bool,
}

/// The selection among the settings and resources of each pool.
#[derive(Debug, Default, Args)]
pub struct OnlyArgs {
    /// Only this setting or resource; repeat for several.
    ///
    /// What is not selected is neither planned nor judged. In a label, * is a wildcard: 'clients.tf-*'.
    #[arg(long, value_name = "SETTING", help_heading = SELECTION, add = complete::settings_of_a_pool())]
    pub only: Vec<PathPattern>,
}

#[derive(Debug, Args)]
pub struct SinceArgs {
    /// Compare with manifests of a git revision or folder.
    ///
    /// Each change is then marked as made in the manifest (pending) or in the pool (drifted) since the baseline. REF is a git revision, such as origin/main, or a folder with the earlier manifests at the same relative paths.
    #[arg(long, value_name = "REF")]
    pub baseline: Option<String>,
    /// Set what to do with settings that are no longer declared.
    ///
    /// These are the settings that the baseline declares and the manifests do not.
    #[arg(long, value_name = "HOW", value_parser = choice(RELEASED), default_value = "keep", hide_short_help = true)]
    pub released: Released,
}

const RELEASED: &[OptionChoice<Released>] = &[
    ("keep", Released::Keep, "Leave their live values unchanged, and list them"),
    ("fail", Released::Fail, "Refuse the plan; in `drift`, count them as drift"),
];

/// Further destinations of the result.
#[derive(Debug, Default, Args)]
pub struct OutputArgs {
    /// Write the result to a file, in any format.
    ///
    /// For example markdown=comment.md. Repeat the option for several files.
    #[arg(help_heading = OUTPUT, long, value_name = "FORMAT=FILE", value_delimiter = ',', value_parser = out, add = complete::files(""))]
    pub out: Vec<OutFile>,
    /// Set the label `run` of the metrics.
    ///
    /// It distinguishes the series of several runs on one host. The default is made of the paths and the selection.
    #[arg(help_heading = OUTPUT, hide_short_help = true, long, value_name = "TEXT")]
    pub run_label: Option<String>,
    /// Link the places in the HTML page to this URL.
    ///
    /// Such as https://git.example.com/pools/blob/0123abc/{path}#L{line}. In a job of GitHub Actions, GitLab CI, Bitbucket Pipelines or Azure Pipelines the URL is known.
    #[arg(help_heading = OUTPUT, hide_short_help = true, long, value_name = "URL", value_parser = source_url)]
    pub source_url: Option<SourceLinks>,
}

/// A form of the result, and the file that it goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutFile {
    pub format: Format,
    pub file: PathBuf,
}

fn source_url(text: &str) -> Result<SourceLinks, String> {
    const FORM: &str = "https://git.example.com/pools/blob/0123abc/{path}#L{line}";
    SourceLinks::of_form(text).ok_or_else(|| format!("write a URL such as {FORM}"))
}

fn out(text: &str) -> Result<OutFile, String> {
    let (format, file) = text.split_once('=').ok_or("write FORMAT=FILE, such as markdown=comment.md")?;
    let format = <Format as ValueEnum>::from_str(format, false).map_err(|_| {
        let all: Vec<String> = Format::value_variants().iter().map(ToString::to_string).collect();
        format!("there is no format `{format}`; the formats are {}", all.join(", "))
    })?;
    if file.is_empty() || file == "-" {
        return Err("name a file; for standard output, use `--format`".to_owned());
    }
    Ok(OutFile { format, file: file.into() })
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE, such as stage=prod")?;
    if !crate::manifest::is_name(name) {
        return Err("a name consists of letters, digits and `_`, and does not begin with a digit".to_owned());
    }
    Ok((name.to_owned(), value.to_owned()))
}
