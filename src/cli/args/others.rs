//! The commands that document, and the sandbox.

use clap::{Args, ValueEnum};

use crate::cli::args::complete;
use crate::sandbox::{FAULT_KINDS, Fault};

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  poolctl explain
  poolctl explain Policies.PasswordPolicy.MinimumLength
  poolctl explain trigger-removal")]
pub struct ExplainArgs {
    /// A setting, or the code of a risk, rule or error.
    ///
    /// For example Schema[].Name or trigger-removal. Without one, all of them are listed.
    #[arg(value_name = "FIELD or CODE", add = complete::topics())]
    pub topic: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_long_help = "One line in the shell's own start-up file, where poolctl is on the PATH:
  ~/.bashrc                     source <(poolctl completions bash)
  ~/.zshrc, after compinit      source <(poolctl completions zsh)
  ~/.config/fish/config.fish    poolctl completions fish | source
  ~/.config/elvish/rc.elv       eval (poolctl completions elvish | slurp)
  $PROFILE  poolctl completions powershell | Out-String | Invoke-Expression

Examples:
  poolctl completions bash > /dev/null")]
pub struct CompletionsArgs {
    /// The shell.
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: Shell,
}

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

fn sandbox_help() -> String {
    let widest = FAULT_KINDS.iter().map(|(kind, _)| kind.len()).max().unwrap_or_default();
    let kinds = FAULT_KINDS.iter().map(|(kind, what)| format!("  {kind:widest$}  {what}\n"));
    format!(
        "Prints its URL on the first line of standard output, and serves until interrupted. Any client can call it:
  aws --endpoint-url URL cognito-idp list-user-pools --max-results 10

A fault is OPERATION[/POOL][@N]:KIND[=ARGUMENT][~SHARE%][*TIMES]. It applies to calls of the operation (`*`: every operation), only of POOL, from the Nth call on, to a random SHARE of them, at most TIMES times. The kinds:
{}
Examples:
  poolctl sandbox --port 0 --seed examples/quickstart/live
  poolctl sandbox --port 0 --seed examples/quickstart/live \\
      --fault 'UpdateUserPool:throttle*2' --latency 50
  poolctl sandbox --port 0 --seed examples/quickstart/live --quotas \\
      --fault '*:latency=20..80ms' --fault '*:cut-after~5%'

GET URL/_sandbox/calls counts the calls by operation. GET URL/_sandbox/log lists the calls with what each changed and what another writer changed. POST URL/_sandbox/faults adds a fault.",
        kinds.collect::<String>()
    )
}

#[derive(Debug, Args)]
#[command(after_long_help = sandbox_help())]
pub struct SandboxArgs {
    /// Listen on this port of 127.0.0.1; 0 picks a free one.
    #[arg(long, default_value_t = 9229)]
    pub port: u16,
    /// Keep the pools in memory, and write no file.
    ///
    /// They are gone when the sandbox stops. A write takes less time than with files. `--sandbox` has no effect.
    #[arg(long)]
    pub in_memory: bool,
    /// Inject a fault, such as UpdateUserPool:throttle*2.
    ///
    /// The kinds are listed below. Repeat the option for several.
    #[arg(long, value_name = "SPEC", value_delimiter = '\n')]
    pub fault: Vec<Fault>,
    /// Seed the random choice of calls with faults.
    ///
    /// With the same number, the same calls fail.
    #[arg(hide_short_help = true, long, value_name = "NUMBER", default_value_t = 0)]
    pub fault_seed: u64,
    /// Throttle calls beyond Cognito's default quotas.
    #[arg(long)]
    pub quotas: bool,
    /// Delay every response by at least this many milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub latency: u64,
}
