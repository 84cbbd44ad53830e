//! Measures on Amazon Cognito itself what nobody has settled: opt-in, and only in pools of its own.
//!
//! ```text
//! settings ─▶ wire ─▶ pools ─▶ omission, strangers, factors, rest ─▶ findings ─▶ table · JSON
//! ```
//!
//! The same measurement runs against the sandbox as an ordinary test (`proof`): there the answers are
//! known beforehand, so a measurement that finds anything else is wrong itself. CONTRIBUTING.md says how
//! to run it on AWS.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "helpers of tests may fail a test, too; clippy.toml allows it in test functions alone"
)]

mod factors;
mod findings;
mod members;
mod omission;
mod pools;
mod proof;
mod proof_failures;
mod request;
mod rest;
mod settings;
mod stage;
mod strangers;
mod suite;
mod wire;

use std::sync::Arc;

use crate::settings::Settings;
use crate::wire::Wire;

#[test]
#[ignore = "measures Amazon Cognito in pools of its own, see CONTRIBUTING.md; set POOLCTL_TEST_LIVE=1"]
fn what_nobody_has_settled() {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if variable("POOLCTL_TEST_LIVE").as_deref() != Some("1") {
        println!("skipped: it calls Amazon Cognito, and POOLCTL_TEST_LIVE is not 1");
        return;
    }
    let settings = Settings::of(variable);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let wire = Wire::open(&settings, Arc::new(runtime)).unwrap_or_else(|reason| panic!("{reason}"));
    let report = suite::measure(&wire, &settings, &wire::say);
    print!("{report}");
    if let Some(path) = &settings.json {
        std::fs::write(path, format!("{:#}\n", report.json())).unwrap();
    }
    assert!(report.left.is_empty(), "pools are left over:\n{}", report.left.join("\n"));
    assert!(report.missing.is_empty(), "not everything was measured:\n{}", report.missing.join("\n"));
}
