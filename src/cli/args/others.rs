//! The commands that help, and the endpoint on its own.

use clap::builder::BoolishValueParser;
use clap::{Args, ValueEnum};

use crate::cli::complete;
use crate::sandbox::{FAULT_KINDS, Fault};

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

A fault is OPERATION[/POOL][@N]:KIND[=ARGUMENT][~SHARE%][*TIMES]: at calls of the operation (`*`: of any), of that pool alone, from the Nth such call on, at that share of them by chance, so many times at most. The kinds:
{}
Examples:
  poolctl sandbox --port 0 --seed examples/quickstart/live
  poolctl sandbox --port 0 --seed examples/quickstart/live \\
      --fault 'UpdateUserPool:throttle*2' --latency 50
  poolctl sandbox --port 0 --seed examples/quickstart/live --quotas \\
      --fault '*:latency=20..80ms' --fault '*:cut-after~5%'

GET URL/_sandbox/calls counts the calls by operation; GET URL/_sandbox/log tells them one by one, each with what it changed and what another writer moved; POST URL/_sandbox/faults adds a fault.",
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
    /// What the chances of faults are drawn by: with the same number, the same calls meet them.
    #[arg(long, value_name = "NUMBER", env = "POOLCTL_FAULT_SEED", hide_env = true, default_value_t = 0)]
    pub fault_seed: u64,
    /// Throttle beyond Cognito's default quotas.
    #[arg(long, env = "POOLCTL_QUOTAS", hide_env = true, value_parser = BoolishValueParser::new())]
    pub quotas: bool,
    /// Milliseconds that every call takes at least.
    #[arg(long, value_name = "MS", env = "POOLCTL_LATENCY", hide_env = true, default_value_t = 0)]
    pub latency: u64,
}
