//! Tests of the library and the built binary, over real files and real HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "helpers of tests may fail a test, too; clippy.toml allows it in test functions alone"
)]

mod accounts;
mod adopt;
mod agreement;
mod answers;
mod answers_rows;
mod attributes;
mod baseline;
mod baseline_git;
mod canary;
mod ci_action;
mod ci_files;
mod circles;
mod commands;
mod completions;
mod config;
mod counts;
mod docs;
mod docs_pages;
mod drift;
mod edges;
mod edges_mfa;
mod editor;
mod explain;
mod fleet;
mod fleet_runs;
mod forms;
mod fuzz_differ;
mod fuzz_editor;
mod fuzz_layout;
mod fuzz_loader;
mod fuzz_noise;
mod fuzz_resolver;
mod harmless;
mod harness;
mod help;
mod iam_policy;
mod import;
mod import_files;
mod layers;
mod links;
mod log_format;
mod names;
mod origins;
mod pacing;
mod peers;
mod peers_faults;
mod peers_forms;
mod peers_import;
mod peers_mfa;
mod peers_sandbox;
mod peers_stories;
mod peers_yaml;
mod properties;
mod properties_adopt;
mod properties_copies;
mod properties_faults;
mod properties_import;
mod properties_judge;
mod properties_live;
mod properties_manifest;
mod properties_mfa;
mod properties_pure;
mod properties_saved;
mod properties_schema;
mod properties_secrets;
mod properties_stage;
mod properties_values;
mod properties_yaml;
mod reference;
mod references;
mod risks;
mod rules;
mod saved;
mod saved_again;
mod schema;
mod schema_faults;
mod sequences;
mod soak;
mod terminal;
mod threads;
mod threads_mfa;
mod tour;
mod validate;
mod walk;
mod walk_row;
mod walk_rows;
mod wire;
