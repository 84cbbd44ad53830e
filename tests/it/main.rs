//! Tests of the library and the built binary, over real files and real HTTP: one folder for each kind of proof, and
//! `harness/` with what they share.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "helpers of tests may fail a test, too; clippy.toml allows it in test functions alone"
)]

mod fuzz;
mod harness;
mod house;
mod peers;
mod properties;
mod stories;
