//! The library as its users meet it, over real files and real HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests may fail a test, too; clippy.toml allows it in test functions alone"
)]

mod wire;
