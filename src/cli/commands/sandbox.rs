//! `poolctl sandbox`.

use std::path::PathBuf;
use std::time::Duration;

use crate::cli::exit::Exit;
use crate::cli::{Context, args};
use crate::sandbox::{SandboxOptions, start};

pub(in crate::cli) async fn run(context: &Context, args: args::SandboxArgs) -> Result<Exit, Exit> {
    let ui = &context.ui;
    let dir = context.global.sandbox.clone().unwrap_or_else(|| PathBuf::from(args::SANDBOX_DIR));
    let options = SandboxOptions {
        seed: context.global.seed.clone(),
        omission: context.global.omission,
        faults: args.fault,
        fault_seed: args.fault_seed,
        port: args.port,
        quotas: args.quotas,
        latency: Duration::from_millis(args.latency),
        ..SandboxOptions::new(&dir)
    };
    let running = start(options).await.map_err(|error| {
        ui.error(&crate::report::escape(&error.to_string()), error.help().as_deref());
        Exit::Failed
    })?;
    ui.result(&format!("{}\n", running.url()));
    for note in running.notes() {
        ui.note(&format!("note: {note}"));
    }
    ui.note(&format!("serving the pools in {}; press Ctrl-C to stop", dir.display()));
    context.interrupt.requested().await;
    running.stop().await;
    Ok(Exit::Clean)
}
