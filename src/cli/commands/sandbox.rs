//! `poolctl sandbox`.

use std::path::PathBuf;
use std::time::Duration;

use crate::cli::exit::Exit;
use crate::cli::fleet::connect::no_sandbox;
use crate::cli::{Context, args};
use crate::sandbox::{PoolHome, SandboxOptions, start};

pub(in crate::cli) async fn run(context: &Context, args: args::SandboxArgs) -> Result<Exit, Exit> {
    let ui = &context.ui;
    let home = match args.in_memory {
        true => PoolHome::Memory,
        false => {
            let dir = context.global.sandbox.clone();
            PoolHome::Folder(dir.unwrap_or_else(|| PathBuf::from(args::SANDBOX_DIR)))
        }
    };
    let place = match &home {
        PoolHome::Folder(dir) => format!("in {}", dir.display()),
        PoolHome::Memory => "from memory".to_owned(),
    };
    let options = SandboxOptions {
        seed: context.global.seed.clone(),
        omission: context.global.omission,
        faults: args.fault,
        fault_seed: args.fault_seed,
        port: args.port,
        quotas: args.quotas,
        latency: Duration::from_millis(args.latency),
        home,
    };
    let running = start(options).await.map_err(|error| no_sandbox(ui, &error))?;
    ui.result(&format!("{}\n", running.url()));
    // Nobody could call it.
    if ui.has_lost() {
        running.stop().await;
        return Ok(Exit::Failed);
    }
    for note in running.notes() {
        ui.note_escaped(&format!("note: {note}"));
    }
    ui.note(&format!("serving the pools {place}; press Ctrl-C to stop"));
    context.interrupt.requested().await;
    running.stop().await;
    Ok(Exit::Clean)
}
