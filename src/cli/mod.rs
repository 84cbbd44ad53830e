//! The command line: parses it, runs the command, and prints the result.

mod args;
mod commands;
mod context;
mod exit;
mod fleet;
mod start;
mod terminal;
mod usage;
mod world;

pub use args::Cli;
use context::Context;
pub use exit::Exit;
pub use start::main;

/// The command line with all commands, as help and man pages show it.
pub fn command_line() -> clap::Command {
    commands::help::command()
}
