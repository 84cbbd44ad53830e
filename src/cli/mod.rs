//! The command line: parses it, runs the command, and prints the result.

pub mod args;
mod commands;
mod context;
mod exit;
mod fleet;
mod start;
mod terminal;
mod usage;
mod world;

use context::Context;
pub use exit::Exit;
pub use start::main;
