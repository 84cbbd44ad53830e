//! Tests of the library and the built binary, over real files and real HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "helpers of tests may fail a test, too; clippy.toml allows it in test functions alone"
)]

mod agreement;
mod commands;
mod docs;
mod edges;
mod harness;
mod layers;
mod peers;
mod peers_faults;
mod peers_sandbox;
mod peers_stories;
mod rules;
mod wire;
