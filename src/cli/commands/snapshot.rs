//! `poolctl snapshot`.

use std::path::{Path, PathBuf};

use crate::catalogue::Catalogue;
use crate::cli::Context;
use crate::cli::args::SnapshotArgs;
use crate::cli::exit::Exit;
use crate::cli::fleet::connect::Connections;
use crate::cli::fleet::manifests::{self, Load, Loaded};
use crate::cli::fleet::planning::{self, Depth};
use crate::cli::fleet::pools::Planned;
use crate::cli::terminal::show;
use crate::cli::world::disk::SecretUse;
use crate::cognito::{self, SnapshotFile};
use crate::document::{self, Snapshot};
use crate::files;
use crate::report::{RunKind, count, json_text};
use crate::rules::Desired;

/// What is saved of a pool.
struct SavedDocuments {
    files: Vec<SnapshotFile>,
    withheld: Vec<document::Path>,
}

pub(in crate::cli) async fn run(context: &Context, args: &SnapshotArgs) -> Result<Exit, Exit> {
    let load = Load { secrets: SecretUse::Withheld, ..Load::of(RunKind::Plan, &[]) };
    let Loaded { wanted, .. } = manifests::load(context, &args.paths, load).await?;
    let documents = |live: Snapshot, desired: &Desired| documents(context, &live, desired);
    let planned = Connections::within(context, async |connections| {
        let readers = planning::readers(connections, &wanted).await;
        Ok(planning::compare(context, wanted, readers, Depth::Saved, documents).await)
    })
    .await?;
    let saved: Option<Vec<&SavedDocuments>> =
        planned.iter().map(|planned| planned.plan.as_ref().ok()).collect();
    let Some(saved) = saved else {
        show::refusals(context, &planned);
        context.ui.message("Not every pool could be read. Nothing was written.");
        let exit = |planned: &Planned<SavedDocuments>| planned.plan.as_ref().err().map(|why| why.exit());
        return Err(Exit::of_fleet(planned.iter().filter_map(exit).collect::<Vec<_>>(), false));
    };
    write(context, &args.output, &saved)?;
    let into = args.output.display();
    context.ui.note_escaped(&format!("Wrote the documents of {} into {into}.", count(saved.len(), "pool")));
    let withheld = saved.iter().map(|saved| saved.withheld.len()).sum::<usize>();
    if withheld > 0 {
        let values = count(withheld, "value");
        context.ui.note(&format!("  Left out: {values} that may be secret. A plan does not compare them."));
    }
    Ok(Exit::Clean)
}

/// The documents of a pool without values that may be secret: those that the model marks, and those that the manifest
/// takes from a secret.
fn documents(context: &Context, live: &Snapshot, desired: &Desired) -> SavedDocuments {
    let is_secret = |path: &document::Path| desired.withheld.iter().any(|(secret, _)| path.is_within(secret));
    let live = context.catalogue.without_secrets(live, &is_secret);
    SavedDocuments {
        files: cognito::snapshot_files(&live, &desired.pool),
        withheld: Catalogue::withheld(&live),
    }
}

/// Writes the files of all pools, and removes those of documents that no manifest needs any more.
fn write(context: &Context, folder: &Path, saved: &[&SavedDocuments]) -> Result<(), Exit> {
    let all = || saved.iter().flat_map(|saved| &saved.files);
    let fail = |text: String, help: String| context.ui.fail(Exit::Failed, &text, &help);
    let written: Vec<(PathBuf, String)> =
        all().filter_map(|file| Some((folder.join(&file.name), json_text(file.content.as_ref()?)))).collect();
    let done = context.root.write(&written, true);
    done.map_err(|error| fail(error.message(), error.help()))?;
    for file in all().filter(|file| file.content.is_none()) {
        let path = folder.join(&file.name);
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
