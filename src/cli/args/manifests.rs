//! Which manifests, what they refer to, and what is let through of their plans.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Format;
use crate::cli::complete;
use crate::plan::Released;
use crate::rules::Allows;

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
    let format = Format::from_str(format, false).map_err(|_| {
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
