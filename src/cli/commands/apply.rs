//! `poolctl apply` and `poolctl restore`: the same steps, for a manifest or for a backup.

use std::path::Path as FsPath;
use std::sync::Arc;

use crate::apply::Backup;
use crate::catalogue::{Catalogue, IS_SET};
use crate::cli::commands::saved;
use crate::cli::exit::Exit;
use crate::cli::fleet::baseline::Baseline;
use crate::cli::fleet::carry::{ApplyMode, carry_out};
use crate::cli::fleet::connect::Connections;
use crate::cli::fleet::manifests::{self, Load, Loaded};
use crate::cli::fleet::only;
use crate::cli::fleet::planning::{self, Planning};
use crate::cli::fleet::pools::{Planned, Unreachable};
use crate::cli::fleet::unmatched;
use crate::cli::world::accounts::Access;
use crate::cli::{Context, args};
use crate::document::{Path, Snapshot};
use crate::plan::{Options, Plan, Scope, by_elements, differences, inverse, lookups};
use crate::report::RunKind;
use crate::rules::{Account, Desired, ManifestPool, Want, misfit};

pub(in crate::cli) async fn run(context: &Context, args: &args::ApplyArgs) -> Result<Exit, Exit> {
    if let Some(file) = saved::among(context, args)? {
        return saved::apply::run(context, &file, args).await;
    }
    let options = context.options(&args.allow)?;
    let outs = &args.writes.outputs.out;
    let mut loaded = manifests::load(context, &args.paths, Load::of(RunKind::Apply, outs)).await?;
    let baseline = Baseline::load(context, &args.since, &args.paths, &mut loaded).await?;
    let Loaded { mut wanted, mut findings, .. } = loaded;
    baseline.judge_too(&mut wanted);
    only::select(context, &args.only, RunKind::Apply, &mut wanted)?;
    Connections::within(context, async |connections| {
        let readers = planning::readers(connections, &wanted).await;
        let gone = baseline.gone;
        let planning = Planning { baseline: Arc::new(baseline), ..Planning::whole(context, &options) };
        let planned = planning.plan(wanted, readers).await;
        findings.extend(unmatched::warning(context, &args.paths, &planned));
        let way = ApplyMode {
            strict: args.strict_stale,
            keep_going: args.keep_going,
            gone,
            ..ApplyMode::new(RunKind::Apply, options, &findings, &args.writes)
        };
        carry_out(context, connections, planned, way).await
    })
    .await
}

pub(in crate::cli) async fn restore(context: &Context, args: &args::RestoreArgs) -> Result<Exit, Exit> {
    if !args.more.is_empty() {
        let text = format!("`restore` takes one backup, and {} are given", 1 + args.more.len());
        return Err(context.ui.fail(Exit::Usage, &text, "run it once per pool, with one backup each"));
    }
    let options = context.options(&args.allow)?;
    let (backup, paths) = backup(context, &args.backup)?;
    Connections::within(context, async |connections| {
        undo(context, connections, &backup, &paths, options, args).await
    })
    .await
}

/// Reads a backup, and the settings that its run was going to change.
pub(in crate::cli) fn backup(context: &Context, file: &FsPath) -> Result<(Backup, Vec<Path>), Exit> {
    let help = "name a backup that `poolctl apply` has made, such as a file in .poolctl/backups";
    let fail = |text: String, help: &str| context.ui.fail(Exit::Failed, &text, help);
    // A device has no end, and a pipe may have no beginning.
    if file.metadata().is_ok_and(|found| !found.is_file()) {
        return Err(fail(format!("`{}` is not a regular file", file.display()), help));
    }
    let backup = Backup::read(&context.root, file);
    let backup = backup.map_err(|error| fail(error.to_string(), &error.help(help)))?;
    let paths = backup.paths().map_err(|error| fail(format!("{}: {error}", file.display()), help))?;
    Ok((backup, paths))
}

async fn undo(
    context: &Context,
    connections: &Connections,
    backup: &Backup,
    paths: &[Path],
    options: Options,
    args: &args::RestoreArgs,
) -> Result<Exit, Exit> {
    let region = context.region().unwrap_or(&backup.region).to_owned();
    let frame = Desired::from(ManifestPool {
        file: args.backup.display().to_string(),
        pool: backup.pool.clone(),
        region,
        account: backup.account.clone().map(|id| Account { id, origin: None }),
        ..ManifestPool::default()
    });
    let refused = |refusal: Unreachable| planning::say(&context.ui, &refusal);
    let session = connections.to(&frame, Access::Read).await.map_err(refused)?;
    let saved = backup.snapshot();
    let reader = session.reader();
    let now = reader.read(&frame.pool, backup.readings()).await;
    let now = now.map_err(|error| refused(Unreachable::Failed(error)))?;
    for path in backup.made_without_id() {
        context.ui.note(&format!(
            "note: that run was to make `{path}`. If it did, that stays: to remove it, add `remove: true` with its `id` and a `reason` to its entry"
        ));
    }
    let before = Catalogue::filled(&saved, &now);
    tell_kept(context, backup, &saved, (!args.whole).then_some(paths));
    if !args.whole {
        tell_unsent(context, backup, (&before, &now));
    }
    let scope = if args.whole { Scope::Whole } else { Scope::Run(paths) };
    let mut desired = inverse(&context.catalogue, frame, &now, &before, scope);
    if !args.whole {
        by_elements(&context.catalogue, &mut desired, &now, &backup.elements());
    }
    tell_unread(context, &mut desired);
    for want in &mut desired.wants {
        want.is_secret = backup.is_secret(&want.path);
    }
    desired.secret_paths = backup.secret_paths().collect();
    desired.require = Arc::clone(&context.require);
    complete(context, backup, &desired)?;
    fitting(context, &desired, &saved)?;
    only::select(context, &args.only, RunKind::Apply, &mut [&mut desired])?;
    let more = lookups(&context.catalogue, &now, &desired, options.today);
    let now = reader.read_more(now, &desired.pool, more).await;
    let now = now.map_err(|error| refused(Unreachable::Failed(error)))?;
    let plan = Plan::new(&context.catalogue, now, &desired, &options);
    let planned = vec![Planned { desired, plan: Ok(plan.into()) }];
    carry_out(context, connections, planned, ApplyMode::new(RunKind::Restore, options, &[], &args.writes))
        .await
}

/// Reports the values that stay as they are now, because the backup was read without them: of all settings, or of these.
fn tell_kept(context: &Context, backup: &Backup, saved: &Snapshot, of: Option<&[Path]>) {
    let Some(file) = &backup.missing else { return };
    let is_told = |path: &Path| of.is_none_or(|paths| paths.iter().any(|one| one.overlaps(path)));
    for path in context.catalogue.withheld_settings(saved).into_iter().filter(is_told) {
        let file = file.display();
        context.ui.note_escaped(&format!(
            "note: `{path}` stays as it is now: its earlier value is not in `{file}`"
        ));
    }
}

/// Reports the settings that somebody else has changed and the run did not: they stay as they are now.
fn tell_unsent(context: &Context, backup: &Backup, (before, now): (&Snapshot, &Snapshot)) {
    let unsent: Vec<Path> = backup.unsent.iter().filter_map(|text| text.parse().ok()).collect();
    let moved = if unsent.is_empty() { Vec::new() } else { differences(&context.catalogue, before, now) };
    for path in unsent {
        if moved.iter().any(|change| change.path.overlaps(&path)) {
            context.ui.note_escaped(&format!(
                "note: `{path}` stays as it is now: that run ended before it changed this setting"
            ));
        }
    }
}

/// Takes out the values that no read has, and reports them: no backup has them.
fn tell_unread(context: &Context, desired: &mut Desired) {
    let is_unread = |want: &Want| {
        want.value.as_ref().is_some_and(|value| *value == IS_SET) && context.catalogue.is_unread(&want.path)
    };
    for want in desired.wants.extract_if(.., |want| is_unread(want)) {
        context.ui.note_escaped(&format!(
            "note: `{}` stays as it is now: no backup has its earlier value, because Cognito never returns it",
            want.path
        ));
    }
}

/// Refuses a restore that would need a value which the backup was read without.
fn complete(context: &Context, backup: &Backup, desired: &Desired) -> Result<(), Exit> {
    let lacks = |want: &&Want| want.value.as_ref().is_some_and(Catalogue::is_withheld);
    let (Some(file), Some(want)) = (&backup.missing, desired.wants.iter().find(lacks)) else { return Ok(()) };
    let text = format!("the backup lacks a secret value of `{}`", want.path);
    let help = format!("put the file with its secret values beside it, as `{}`", file.display());
    Err(context.ui.fail(Exit::Failed, &text, &help))
}

/// Refuses a restore of a value that Cognito never returned: somebody has changed the backup.
fn fitting(context: &Context, desired: &Desired, saved: &Snapshot) -> Result<(), Exit> {
    let catalogue = &context.catalogue;
    let is_plain = |want: &&Want| !context.catalogue.is_unread(&want.path);
    let wants = desired.wants.iter().filter(is_plain);
    let mut misfits = wants.filter_map(|want| misfit(catalogue, saved, &want.path, want.value.as_ref()));
    let Some((path, wanted)) = misfits.next() else { return Ok(()) };
    let text =
        format!("the backup has a value of `{path}` that no request can contain: the setting takes {wanted}");
    let help = "if the backup was edited, correct the value; otherwise use the backup as the run wrote it";
    Err(context.ui.fail(Exit::Failed, &text, help))
}
