//! `poolctl ids`.

use std::sync::Arc;

use futures_util::future::{try_join_all, try_join3};
use futures_util::stream::{self, StreamExt as _};

use crate::cli::Context;
use crate::cli::args::{Format, IdsArgs};
use crate::cli::commands::plan::readers_of;
use crate::cli::exit::Exit;
use crate::cli::fleet::connect::Connections;
use crate::cli::fleet::manifests::{self, Load, Loaded};
use crate::cli::fleet::planning::{self, Depth};
use crate::cli::fleet::pools::{Planned, Unreachable};
use crate::cli::fleet::tagged;
use crate::cli::terminal::show;
use crate::cli::world::disk::SecretUse;
use crate::cognito::{CallError, Reader};
use crate::document::Snapshot;
use crate::report::{
    RunKind, identities,
    identities::{MissingEntry, PoolIdentity, UnmanagedParts},
};
use crate::rules::Desired;

pub(in crate::cli) async fn run(context: &Context, args: &IdsArgs) -> Result<Exit, Exit> {
    let load = Load { secrets: SecretUse::Withheld, ..Load::of(RunKind::Plan, &[]) };
    let Loaded { wanted, .. } = manifests::load(context, &args.paths, load).await?;
    let catalogue = Arc::clone(&context.catalogue);
    let identity = move |live: Snapshot, desired: &Desired| PoolIdentity::new(&catalogue, &live, desired);
    let mut planned = match args.live.as_deref() {
        Some(folder) => {
            let readers = readers_of(context, folder, &wanted);
            planning::compare(context, wanted, readers, Depth::Identities, identity).await
        }
        None => {
            Connections::within(context, async |connections| {
                let readers = planning::readers(connections, &wanted).await;
                Ok(planning::compare(context, wanted, readers, Depth::Identities, identity).await)
            })
            .await?
        }
    };
    tagged::must_exist(&mut planned);
    if args.wide {
        Connections::within(context, async |connections| {
            unmanaged(connections, &mut planned, context.parallelism()).await;
            Ok(())
        })
        .await?;
    }
    print(context, &planned)?;
    show::refusals(context, &planned);
    let ends = planned.iter().map(|planned| match &planned.plan {
        Err(refusal) => refusal.exit(),
        Ok(pool) => missing(context, pool),
    });
    Ok(Exit::of_fleet(ends.collect::<Vec<_>>(), false))
}

/// Reads what poolctl reports of each pool and does not manage.
async fn unmanaged(connections: &Connections, planned: &mut [Planned<PoolIdentity>], parallelism: usize) {
    let wanted: Vec<&Desired> = planned.iter().map(|planned| &planned.desired).collect();
    let readers = planning::readers(connections, &wanted).await;
    let read = async |(planned, reader): (&mut Planned<PoolIdentity>, Result<Reader, Unreachable>)| {
        let Ok(pool) = &mut planned.plan else { return };
        let read = match reader {
            Ok(reader) => parts(&reader, pool).await.map_err(Unreachable::Failed),
            Err(refusal) => Err(refusal),
        };
        match read {
            Ok(parts) => pool.unmanaged = Some(parts),
            Err(refusal) => planned.plan = Err(refusal),
        }
    };
    stream::iter(planned.iter_mut().zip(readers)).for_each_concurrent(parallelism, read).await;
}

async fn parts(reader: &Reader, pool: &PoolIdentity) -> Result<UnmanagedParts, CallError> {
    let clients: Vec<(&str, &str)> = pool.clients().collect();
    let secrets = clients.iter().map(|(_, id)| reader.client_secrets(&pool.id, id));
    let (registered, replicas, secrets) =
        try_join3(reader.registered(&pool.id), reader.replicas(&pool.id), try_join_all(secrets)).await?;
    let mut parts = UnmanagedParts { registered, ..UnmanagedParts::default() };
    parts.add_replicas(&replicas);
    clients.iter().zip(&secrets).for_each(|((label, _), secrets)| parts.add_secrets(label, secrets));
    Ok(parts)
}

/// Prints the ids of the pools that were read. A file for another tool is printed whole or not at all.
fn print(context: &Context, planned: &[Planned<PoolIdentity>]) -> Result<(), Exit> {
    let pools: Vec<PoolIdentity> =
        planned.iter().filter_map(|planned| planned.plan.as_ref().ok().cloned()).collect();
    if pools.is_empty() {
        return Ok(());
    }
    let text = match context.global.format {
        Format::Json => Ok(identities::json(&pools, env!("CARGO_PKG_VERSION"))),
        Format::Dotenv => identities::dotenv(&pools),
        Format::Tfvars => identities::tfvars(&pools),
        _ => {
            context.ui.result(&identities::text(&pools, context.today()));
            return Ok(());
        }
    };
    let help = "select one pool with `--target`, rename one of the labels, or use `--format json`";
    let text = text.map_err(|why| context.ui.fail(Exit::Failed, &why, help))?;
    let is_partial = pools.len() < planned.len() || pools.iter().any(|pool| !pool.missing.is_empty());
    if context.global.format == Format::Json || !is_partial {
        context.ui.data(&text);
    }
    Ok(())
}

/// Reports the declared documents that have no id.
fn missing(context: &Context, pool: &PoolIdentity) -> Exit {
    let mut end = Exit::Clean;
    for MissingEntry { path, .. } in &pool.missing {
        let text = format!("{}: `{path}` has no id: it does not exist, or others have its name", pool.file);
        end = context.ui.fail(Exit::Failed, &text, "run `poolctl plan` to see why");
    }
    end
}
