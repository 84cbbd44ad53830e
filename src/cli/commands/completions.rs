//! `poolctl completions`, and the answers to the shells that it has taught to ask.
//!
//! What a shell sources is a few lines that call this program at every press of the key: so what it
//! offers is always what this version takes.

use std::ffi::OsString;

use clap::ValueEnum as _;
use clap_complete::env::Shells;

use crate::cli::Context;
use crate::cli::args::{self, Shell};
use crate::cli::commands::help;
use crate::cli::exit::Exit;
use crate::cli::terminal::ui;

/// The variable in which a shell says that it asks, and which one it is.
const ASKED: &str = "_POOLCTL_COMPLETE";
const NAME: &str = "poolctl";
/// The library's own script ends words at `:` and `@`, which our values contain.
const BASH: &str = include_str!("poolctl.bash");
/// What the library's script for zsh lacks: as a file `_poolctl` in `$fpath`, it runs as that function at the first press
/// of the key, and would only define another one.
const IN_FPATH: &str = "
# zsh runs a file of $fpath at the first completion.
if [[ ${funcstack[1]} == _poolctl ]]; then _clap_dynamic_completer_poolctl; fi
";

/// Prints what a shell is to source.
pub(in crate::cli) fn run(context: &Context, args: &args::CompletionsArgs) -> Result<Exit, Exit> {
    let script = match args.shell {
        Shell::Bash => BASH.to_owned(),
        Shell::Zsh => registration(Shell::Zsh).ok_or(Exit::Failed)? + IN_FPATH,
        other => registration(other).ok_or(Exit::Failed)?,
    };
    context.ui.data(&script);
    Ok(Exit::Clean)
}

fn registration(shell: Shell) -> Option<String> {
    let mut script = Vec::new();
    let shells = Shells::builtins();
    let shell = shell.to_possible_value()?;
    shells.completer(shell.get_name())?.write_registration(ASKED, NAME, NAME, NAME, &mut script).ok()?;
    String::from_utf8(script).ok()
}

/// Answers a shell that asks for completions; `None` if no shell asks.
pub(in crate::cli) fn answer() -> Option<Exit> {
    let shell = std::env::var(ASKED).ok()?;
    let words: Vec<OsString> = std::env::args_os().skip_while(|word| word != "--").skip(1).collect();
    let (shells, here) = (Shells::builtins(), std::env::current_dir().ok());
    let completer = shells.completer(&shell).filter(|_| !words.is_empty())?;
    // Of two visible names the library offers one, the first of the alphabet.
    let one_name = |plan: clap::Command| plan.visible_alias(None::<&'static str>).alias("diff");
    let mut command = help::command().mut_subcommand("plan", one_name);
    command.build();
    let mut answer = Vec::new();
    let end = completer.write_complete(&mut command, words, here.as_deref(), &mut answer);
    ui::answer(&answer);
    Some(if end.is_ok() { Exit::Clean } else { Exit::Failed })
}
