//! `poolctl adopt`.

mod ids;
mod settle;
mod tell;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::adopt::{ImageEdit, ManifestEdit};
use crate::cli::commands::plan;
use crate::cli::exit::Exit;
use crate::cli::fleet::manifests::{self, Read};
use crate::cli::fleet::planning::{Depth, Planning};
use crate::cli::fleet::pools::Planned;
use crate::cli::fleet::tagged;
use crate::cli::fleet::waiting::WaitingManifest;
use crate::cli::terminal::show;
use crate::cli::world::disk::{Disk, SecretUse};
use crate::cli::world::frame::meant;
use crate::cli::{Context, args};
use crate::document::{self, PathPattern};
use crate::files::{MAX_FILE, Root};
use crate::manifest::{Manifest, Severity, in_order};
use crate::plan::Plan;
use crate::rules::{self, Desired};
use settle::{Adopter, ManifestAdoption};
use tell::{conflicts, thinned};

pub(in crate::cli) async fn run(context: &Context, args: &args::AdoptArgs) -> Result<Exit, Exit> {
    let ui = &context.ui;
    if args.paths.paths.iter().any(|path| path.as_os_str() == "-") {
        let text = "a manifest from standard input cannot be changed";
        return Err(ui.fail(Exit::Usage, text, "name the manifest's file"));
    }
    if args.ids {
        return ids::run(context, args).await;
    }
    let depth = if args.undeclared { Depth::Undeclared } else { Depth::Watched };
    let Adoptable { manifests, planned, drifts } =
        look(context, &args.paths, (args.live.as_deref(), depth)).await?;
    for pattern in args.only.iter().chain(&args.without) {
        known(context, &drifts, pattern)?;
    }
    let options = context.plain_options();
    let disk = Disk::new(&args.paths.inputs, SecretUse::IfThere).map_err(|_| Exit::Failed)?;
    let adopter = Adopter { context, options, manifests, planned, drifts, disk };
    let chosen = |path: &document::Path| PathPattern::is_chosen(path, &args.only, &args.without);
    let mut adoptions = adopter.adoptions(chosen);
    if args.undeclared {
        adoptions.extend(adopter.additions(chosen));
    }
    let (files, after) = adopter.settled(&mut adoptions);
    let shared = adopter.shared(&files);
    let thinned = thinned(&adoptions, &files);
    if !args.dry_run {
        let files = unmoved(&context.root, &adoptions, files);
        let files = files.map_err(|(text, help)| ui.fail(Exit::Failed, &text, help))?;
        let written = context.root.write(&files, true);
        written.map_err(|error| ui.fail(Exit::Failed, &error.message(), &error.help()))?;
    }
    let undeclared = if args.undeclared { 0 } else { adopter.undeclared(chosen) };
    let conflicts = after.iter().flat_map(|plan| conflicts(plan.as_ref(), chosen)).count();
    let told = adopter.tell(&adoptions, args, (undeclared, conflicts));
    show::withheld(context, &adopter.planned, chosen);
    if args.undeclared {
        adopter.tell_owned();
    }
    for file in thinned {
        ui.note_escaped(&format!(
            "note: `{file}` has fewer comments than before: comments inside replaced values are removed"
        ));
    }
    for file in shared {
        ui.note_escaped(&adopter.tell_shared(&file));
    }
    Ok(Exit::of_fleet([told, adopter.tell_left(&adoptions, &after, chosen)], false))
}

/// Checks that a path of `--only` or `--without` is a setting of the API model or of a pool.
fn known(context: &Context, drifts: &[Plan], pattern: &PathPattern) -> Result<(), Exit> {
    let path = pattern.as_path();
    let differs = |drift: &Plan| {
        let changes = drift.report.changes.iter().map(|change| &change.path);
        changes
            .chain(drift.report.undeclared.iter().map(|setting| &setting.path))
            .any(|at| pattern.overlaps(at))
    };
    if context.catalogue.setting(path).is_some() || drifts.iter().any(differs) {
        return Ok(());
    }
    let close = rules::close(&context.catalogue, path);
    let help = meant(close, "write the path as `poolctl drift` prints it");
    Err(context.ui.fail(Exit::Usage, &format!("there is no setting `{pattern}`"), &help))
}

/// Manifests and the pools that they are for, each at its manifest's position.
pub(in crate::cli) struct Adoptable {
    pub(in crate::cli) manifests: Vec<Manifest>,
    /// What each wants, and the plan that brings its pool there.
    pub(in crate::cli) planned: Vec<Planned>,
    /// How each pool differs from what its manifest says.
    pub(in crate::cli) drifts: Vec<Plan>,
}

/// Reads the manifests of some paths, and all their pools.
pub(in crate::cli) async fn look(
    context: &Context,
    paths: &args::PathArgs,
    (live, depth): (Option<&Path>, Depth),
) -> Result<Adoptable, Exit> {
    let (manifests, wanted): (Vec<Manifest>, Vec<Desired>) = sound(context, paths).await?.into_iter().unzip();
    let wanted = wanted.into_iter().map(WaitingManifest::from).collect();
    let options = context.plain_options();
    let planning = Planning { depth, ..Planning::whole(context, &options) };
    let mut planned = plan::read(&planning, live, wanted).await?;
    tagged::must_exist(&mut planned);
    let drift = |planned: &Planned| {
        let plan = planned.plan.as_ref().ok()?;
        Some(Plan::drift(&context.catalogue, plan.base.clone(), &planned.desired, &options))
    };
    let drifts: Option<Vec<Plan>> = planned.iter().map(drift).collect();
    let Some(drifts) = drifts else {
        show::refusals(context, &planned);
        return Err(Exit::Failed);
    };
    Ok(Adoptable { manifests, planned, drifts })
}

/// The manifests of some paths and their plans, if no manifest has an error.
async fn sound(context: &Context, paths: &args::PathArgs) -> Result<Vec<(Manifest, Desired)>, Exit> {
    let (read, _) = manifests::selected(context, paths, SecretUse::IfThere).await?;
    let Read { manifests, mut findings, .. } = read;
    let mut sound = Vec::new();
    for manifest in manifests {
        match context.wants(Manifest::clone(&manifest)) {
            Ok((desired, _)) => sound.push((*manifest, desired)),
            Err(errors) => findings.extend(errors),
        }
    }
    findings.retain(|finding| finding.severity == Severity::Error);
    if findings.is_empty() {
        return Ok(sound);
    }
    context.ui.diagnostics(&in_order(findings));
    Err(Exit::Failed)
}

/// Files, each with what it is to hold.
type Contents = Vec<(PathBuf, Vec<u8>)>;

/// The files to be written, each once. The error is a file that is no longer what was read, or that has two
/// names and is to become two things, and what to do.
fn unmoved(
    root: &Root,
    adoptions: &[ManifestAdoption],
    files: BTreeMap<String, Vec<u8>>,
) -> Result<Contents, (String, &'static str)> {
    let moved = |file: &str| {
        let text = format!("`{file}` has changed since poolctl read it: nothing was written");
        (text, "run the command again")
    };
    for of in adoptions {
        let (file, was) = match &of.adoption.target {
            Ok(ManifestEdit::Value { at, .. }) => (&at.source.name, &at.source.text),
            Ok(ManifestEdit::Text { file, was, .. }) => (file, was),
            Ok(ManifestEdit::Entry { source, .. }) => (&source.name, &source.text),
            Ok(ManifestEdit::Images { files, .. }) => {
                let is_moved = |image: &&ImageEdit| {
                    root.read(Path::new(&image.file), MAX_FILE).ok().as_ref() != Some(&image.was)
                };
                match files.iter().find(is_moved) {
                    Some(image) => return Err(moved(&image.file)),
                    None => continue,
                }
            }
            Err(_) => continue,
        };
        if root.read_text(Path::new(file)).ok().as_ref() != Some(was) {
            return Err(moved(file));
        }
    }
    let mut real: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    for (name, content) in files {
        let path = PathBuf::from(&name);
        let path = path.canonicalize().unwrap_or(path);
        if real.get(&path).is_some_and(|other| *other != content) {
            let text = format!("`{name}` and another name refer to the same file: nothing was written");
            return Err((text, "run `poolctl adopt` for one manifest at a time"));
        }
        real.insert(path, content);
    }
    Ok(real.into_iter().collect())
}
