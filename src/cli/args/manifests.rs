//! Which manifests, what they refer to, and what is let through of their plans.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::Format;
use crate::cli::complete;
use crate::plan::Released;
use crate::rules::Allows;

/// Which manifests.
#[derive(Debug, Args)]
pub struct Paths {
    /// Manifests, or folders of them; patterns such as 'pools/*/prod.yaml' too; `-` is standard input.
    #[arg(value_name = "PATH", default_value = "pools", add = complete::manifests())]
    pub paths: Vec<PathBuf>,
    /// Which of their pools.
    #[command(flatten)]
    pub selection: Selection,
    /// What manifests refer to.
    #[command(flatten)]
    pub inputs: Inputs,
}

/// Which of the pools that the manifests declare.
#[derive(Clone, Debug, Default, Args)]
pub struct Selection {
    /// Only these pools: ids, or manifests as messages name them; `*` stands for any text.
    #[arg(
        long,
        value_name = "PATTERN",
        env = "POOLCTL_TARGET",
        hide_env = true,
        value_delimiter = ',',
        help_heading = "Selection"
    )]
    pub target: Vec<glob::Pattern>,
    /// All but these pools.
    #[arg(
        long,
        value_name = "PATTERN",
        env = "POOLCTL_EXCLUDE",
        hide_env = true,
        value_delimiter = ',',
        help_heading = "Selection"
    )]
    pub exclude: Vec<glob::Pattern>,
    /// The part K of N parts of the pools, for jobs that share a fleet; K counts from 0 or from 1.
    #[arg(long, value_name = "K/N", env = "POOLCTL_SHARD", hide_env = true, help_heading = "Selection")]
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
            Some((_, 0)) | None => Err("write it like 1/4: one of four parts".to_owned()),
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

/// What manifests refer to.
#[derive(Clone, Debug, Default, Args)]
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

/// What the manifests were.
#[derive(Debug, Args)]
pub struct Since {
    /// Tell who has moved since this baseline, the manifests or the pools.
    #[arg(
        help = "The manifests as they were: a git revision, as origin/main, or a folder that stands in for this one; tells who has moved since, the manifests or the pools",
        long,
        value_name = "REF",
        env = "POOLCTL_BASELINE",
        hide_env = true,
        help_heading = "Baseline"
    )]
    pub baseline: Option<String>,
    /// What becomes of settings that the baseline declares and the manifests no longer do.
    #[arg(
        long,
        value_enum,
        value_name = "WHAT",
        env = "POOLCTL_RELEASED",
        hide_env = true,
        default_value_t,
        help_heading = "Baseline"
    )]
    pub released: ReleasedArg,
}

/// `--released`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ReleasedArg {
    /// They stay as they are live, and are named.
    #[default]
    Keep,
    /// They refuse the plan, and count as drift.
    Fail,
}

impl From<ReleasedArg> for Released {
    fn from(arg: ReleasedArg) -> Self {
        match arg {
            ReleasedArg::Keep => Self::Keep,
            ReleasedArg::Fail => Self::Fail,
        }
    }
}

/// Where else the result goes.
#[derive(Debug, Default, Args)]
pub struct Outputs {
    /// Write the result to a file too, in any of its forms, as markdown=comment.md; several times for
    /// several.
    #[arg(long, value_name = "FORMAT=FILE", env = "POOLCTL_OUT", hide_env = true, value_delimiter = ',', value_parser = out, add = complete::files(""))]
    pub out: Vec<Out>,
    /// The label `run` of the metrics, in place of the paths and the selection: it tells the series of several
    /// runs on one host apart.
    #[arg(long, value_name = "TEXT", env = "POOLCTL_RUN_LABEL", hide_env = true)]
    pub run_label: Option<String>,
}

/// A form of the result, and the file that it goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Out {
    /// The form.
    pub format: Format,
    /// The file.
    pub file: PathBuf,
}

fn out(text: &str) -> Result<Out, String> {
    let (format, file) = text.split_once('=').ok_or("write it like markdown=comment.md")?;
    let format = <Format as ValueEnum>::from_str(format, false).map_err(|_| {
        let all: Vec<String> = Format::value_variants().iter().map(ToString::to_string).collect();
        format!("there is no form `{format}`: it is one of {}", all.join(", "))
    })?;
    if file.is_empty() || file == "-" {
        return Err("name a file; `--format` is for standard output".to_owned());
    }
    Ok(Out { format, file: file.into() })
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it like stage=prod")?;
    if !crate::manifest::is_name(name) {
        return Err("a name has letters, digits and `_`, and no digit in front".to_owned());
    }
    Ok((name.to_owned(), value.to_owned()))
}
