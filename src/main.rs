//! The `poolctl` program. Everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    poolctl::cli::main()
}
