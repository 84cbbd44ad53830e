//! `poolctl snapshot`.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::cli::Context;
use crate::cli::args::{GlobalArgs, SnapshotArgs};
use crate::cli::exit::Exit;
use crate::cli::fleet::connect::Connections;
use crate::cli::fleet::manifests::{self, Load, Loaded};
use crate::cli::fleet::planning::{self, Depth};
use crate::cli::fleet::pools::Planned;
use crate::cli::terminal::show;
use crate::cli::terminal::tell::arguments;
use crate::cli::world::disk::SecretUse;
use crate::cognito::{self, SnapshotFile};
use crate::document::{self, Snapshot};
use crate::files::{self, NotWritten};
use crate::report::{RunKind, count, json_text};
use crate::rules::{Desired, ManifestPool};

/// What is saved of a pool.
struct SavedDocuments {
    files: Vec<SnapshotFile>,
    withheld: Vec<document::Path>,
}

pub(in crate::cli) async fn run(context: &Context, args: &SnapshotArgs) -> Result<Exit, Exit> {
    let load = Load { secrets: SecretUse::Withheld, ..Load::of(RunKind::Plan, &[]) };
    let Loaded { wanted, .. } = manifests::load(context, &args.paths, load).await?;
    let catalogue = Arc::clone(&context.catalogue);
    let documents = move |live: Snapshot, desired: &Desired| documents(&catalogue, &live, desired);
    let mut planned: Vec<Planned<_, ManifestPool>> = Connections::within(context, async |connections| {
        let readers = planning::readers(connections, &wanted).await;
        Ok(planning::compare(context, wanted, readers, Depth::Saved, documents).await)
    })
    .await?;
    // Offline, a pool that was not saved is a new one.
    planned.retain(|planned| {
        if planned.desired.is_new() {
            let file = &planned.desired.file;
            context.ui.note_escaped(&format!(
                "note: {file}: its pool does not exist yet, so there is nothing to save"
            ));
        }
        !planned.desired.is_new()
    });
    let saved: Option<Vec<&SavedDocuments>> =
        planned.iter().map(|planned| planned.plan.as_ref().ok()).collect();
    let Some(saved) = saved else {
        show::refusals(context, &planned);
        context.ui.message("Not every pool could be read. Nothing was written.");
        let exit = |planned: &Planned<SavedDocuments, ManifestPool>| {
            planned.plan.as_ref().err().map(|why| why.exit())
        };
        return Err(Exit::of_fleet(planned.iter().filter_map(exit).collect::<Vec<_>>(), false));
    };
    write(context, args, &saved)?;
    let into = args.output.display();
    context.ui.note_escaped(&format!("Wrote the documents of {} into {into}.", count(saved.len(), "pool")));
    let withheld = saved.iter().map(|saved| saved.withheld.len()).sum::<usize>();
    if withheld > 0 {
        let values = count(withheld, "value");
        context.ui.note(&format!("  Left out: {values} that may be secret. A plan does not compare them."));
    }
    // A plan of a folder calls no endpoint.
    let offline = GlobalArgs { sandbox: None, endpoint_url: None, ..context.global.clone() };
    if let Some(arguments) = arguments(&offline, &args.paths, Some(&args.output)) {
        context.ui.note_escaped(&format!("To plan without credentials: poolctl plan{arguments}"));
    }
    Ok(Exit::Clean)
}

/// The documents of a pool without possible secrets: values that the model marks, and values that the manifest
/// takes from a secret.
fn documents(catalogue: &Catalogue, live: &Snapshot, desired: &Desired) -> SavedDocuments {
    let is_secret = |path: &document::Path| desired.withheld_paths().any(|secret| path.is_within(secret));
    let live = catalogue.without_secrets(live, &is_secret);
    SavedDocuments {
        files: cognito::snapshot_files(&live, &desired.pool),
        withheld: catalogue.withheld_settings(&live),
    }
}

/// The file that lists the files of snapshots in its folder, one name a line.
const LIST: &str = ".poolctl-snapshot";

/// Writes the files of all pools, and removes files of documents that no manifest needs any more. Without `--force`,
/// only files that a snapshot wrote are replaced or removed.
fn write(context: &Context, args: &SnapshotArgs, saved: &[&SavedDocuments]) -> Result<(), Exit> {
    let all = || saved.iter().flat_map(|saved| &saved.files);
    let fail = |text: String, help: String| context.ui.fail(Exit::Failed, &text, &help);
    let list = args.output.join(LIST);
    let listed = context.root.read_text(&list).unwrap_or_default();
    let is_own = |name: &str| args.force || listed.lines().any(|line| line == name);
    let at = |name: &str| args.output.join(name);
    let others =
        all().filter(|file| file.content.is_some() && !is_own(&file.name) && at(&file.name).exists());
    let others: Vec<PathBuf> = others.map(|file| at(&file.name)).collect();
    if !others.is_empty() {
        let it = files::it(&others);
        let help = format!("move {it}, choose another `-o`, or use `--force` to overwrite {it}");
        return Err(fail(NotWritten::Exist(others).message(), help));
    }
    let written = all().filter_map(|file| Some((at(&file.name), json_text(file.content.as_ref()?))));
    let mut written: Vec<(PathBuf, String)> = written.collect();
    let is_kept = |name: &str| all().all(|file| file.name != name);
    let new = all().filter(|file| file.content.is_some()).map(|file| file.name.as_str());
    let names: BTreeSet<&str> = listed.lines().filter(|name| is_kept(name)).chain(new).collect();
    written.push((list, names.iter().map(|name| format!("{name}\n")).collect()));
    let done = context.root.write(&written, true);
    done.map_err(|error| fail(error.message(), error.help()))?;
    for file in all().filter(|file| file.content.is_none() && is_own(&file.name)) {
        let path = at(&file.name);
        if path.is_file() {
            let removed = context.root.remove(&path);
            removed.map_err(|error| {
                let help = files::remedy(&error, "delete the file: its documents are old");
                fail(format!("cannot remove `{}`: {error}", path.display()), help)
            })?;
        }
    }
    Ok(())
}
