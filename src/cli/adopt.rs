//! `poolctl adopt`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::disk::{Disk, Secrets, Written};
use super::exit::Exit;
use super::fleet::{Depth, Planned};
use super::manifests::{self, Read};
use super::{Context, args, files, plan, show};
use crate::adopt::{self, Adoption, Edited, Target};
use crate::manifest::{self, Manifest, Severity, in_order};
use crate::plan::{Options, Plan};
use crate::report::{self, text};
use crate::{document, rules};

pub(super) async fn run(context: &Context, args: &args::Adopt) -> Result<Exit, Exit> {
    let ui = &context.ui;
    if args.paths.paths.iter().any(|path| path.as_os_str() == "-") {
        ui.error("standard input cannot be written back", Some("name the manifest's file"));
        return Err(Exit::Usage);
    }
    let manifests = sound(context, &args.paths).await?;
    let wanted = manifests.iter().map(|(_, desired)| desired.clone()).collect();
    let options = context.plain_options();
    let planned = plan::read(context, args.live.as_deref(), wanted, &options, Depth::Whole).await?;
    if planned.iter().any(|planned| planned.plan.is_err()) {
        show::refusals(context, &planned);
        return Err(Exit::Failed);
    }
    let manifests = manifests.into_iter().map(|(manifest, _)| manifest).collect();
    let disk = Disk::new(&args.paths.inputs, Secrets::IfThere).map_err(|_| Exit::Failed)?;
    let adopter = Adopter { context, options, manifests, planned, disk };
    let chosen = |path: &document::Path| {
        (args.only.is_empty() || args.only.iter().any(|only| path.overlaps(only)))
            && !args.without.iter().any(|without| path.is_within(without))
    };
    let mut adoptions = adopter.adoptions(chosen);
    let (files, after) = adopter.settled(&mut adoptions);
    let shared = adopter.shared(&files);
    let thinned = thinned(&adoptions, &files);
    if !args.dry_run {
        let files = unmoved(&adoptions, files).map_err(|(text, help)| {
            ui.error(&report::escape(&text), Some(help));
            Exit::Failed
        })?;
        files::write(&files, true).map_err(|(text, help)| {
            ui.error(&text, Some(&help));
            Exit::Failed
        })?;
    }
    let told = adopter.tell(&adoptions, args.dry_run);
    adopter.tell_withheld(chosen);
    for file in thinned {
        let text =
            format!("note: `{file}` has fewer comments than before: some stood inside of what is replaced");
        ui.note(&report::escape(&text));
    }
    for file in shared {
        let text = format!(
            "note: `{file}` is no manifest itself: plan the other manifests that extend it or refer to it"
        );
        ui.note(&report::escape(&text));
    }
    let end = Exit::of_fleet([told, adopter.tell_left(&adoptions, &after, chosen)], false);
    Ok(end)
}

/// The manifests of some paths and what they want, where nothing is wrong with any.
async fn sound(context: &Context, paths: &args::Paths) -> Result<Vec<(Manifest, rules::Desired)>, Exit> {
    let Read { manifests, mut findings, .. } =
        manifests::manifests(&context.ui, paths, Secrets::IfThere).await?;
    let mut sound = Vec::new();
    for manifest in manifests {
        match rules::check(&context.catalogue, manifest.clone()) {
            Ok((mut desired, _)) => {
                desired.region = context.region().map_or(desired.region, str::to_owned);
                sound.push((manifest, desired));
            }
            Err(errors) => findings.extend(errors),
        }
    }
    findings.retain(|finding| finding.severity == Severity::Error);
    if findings.is_empty() {
        return Ok(sound);
    }
    context.ui.message(&report::diagnostics(&in_order(findings), context.ui.message_style()));
    Err(Exit::Failed)
}

/// The files to be written, each once. The error is a file that is no longer what was read, or that has two
/// names and is to become two things, and what to do.
fn unmoved(
    adoptions: &[Of],
    files: BTreeMap<String, String>,
) -> Result<Vec<(PathBuf, String)>, (String, &'static str)> {
    for of in adoptions {
        let (file, was) = match &of.adoption.target {
            Ok(Target::Value { at, .. }) => (&at.source.name, &at.source.text),
            Ok(Target::Text { file, was, .. }) => (file, was),
            Err(_) => continue,
        };
        if std::fs::read_to_string(file).ok().as_ref() != Some(was) {
            let text = format!("`{file}` has changed since it was read; nothing was written");
            return Err((text, "run the command again"));
        }
    }
    let mut real: BTreeMap<PathBuf, String> = BTreeMap::new();
    for (name, text) in files {
        let path = PathBuf::from(&name);
        let path = path.canonicalize().unwrap_or(path);
        if real.get(&path).is_some_and(|other| *other != text) {
            let text = format!("`{name}` is written under another name too; nothing was written");
            return Err((text, "adopt the manifests one by one"));
        }
        real.insert(path, text);
    }
    Ok(real.into_iter().collect())
}

/// The manifests in which fewer lines have a comment than before.
fn thinned(adoptions: &[Of], files: &BTreeMap<String, String>) -> Vec<String> {
    let count = |text: &str| {
        text.lines().filter(|line| line.trim_start().starts_with('#') || line.contains(" #")).count()
    };
    let sources = adoptions.iter().filter_map(|of| match &of.adoption.target {
        Ok(Target::Value { at, .. }) => Some(&at.source),
        _ => None,
    });
    let fewer = sources
        .filter(|source| files.get(&source.name).is_some_and(|text| count(text) < count(&source.text)));
    let names: BTreeSet<&String> = fewer.map(|source| &source.name).collect();
    names.into_iter().cloned().collect()
}

/// The manifests, and what their pools are like.
struct Adopter<'a> {
    context: &'a Context,
    options: Options,
    manifests: Vec<Manifest>,
    planned: Vec<Planned>,
    disk: Disk,
}

/// An adoption and the manifest that it is for.
struct Of {
    manifest: usize,
    adoption: Adoption,
}

impl Adopter<'_> {
    fn plan(&self, manifest: usize) -> Option<(&rules::Desired, &Plan)> {
        let planned = self.planned.get(manifest)?;
        Some((&planned.desired, planned.plan.as_ref().ok()?))
    }

    fn adoptions(&self, chosen: impl Fn(&document::Path) -> bool + Copy) -> Vec<Of> {
        let mut all = Vec::new();
        for (position, manifest) in self.manifests.iter().enumerate() {
            let Some((desired, plan)) = self.plan(position) else { continue };
            let adoptions =
                adopt::adoptions(&self.context.catalogue, manifest, desired, (plan, &self.options), chosen);
            all.extend(adoptions.into_iter().map(|adoption| Of { manifest: position, adoption }));
        }
        all
    }

    /// The texts of files in which every adoption reads back as the pool is; those that would not are
    /// refused.
    fn settled(&self, adoptions: &mut [Of]) -> (BTreeMap<String, String>, Vec<Option<Plan>>) {
        loop {
            let all: Vec<&Adoption> = adoptions.iter().map(|of| &of.adoption).collect();
            let Edited { files, mut refused } = adopt::edited(&all);
            if refused.is_empty() {
                let after = self.after(&files);
                refused = self.unproven(adoptions, &after);
                if refused.is_empty() {
                    return (files, after);
                }
            }
            // Each round refuses one more, so that this ends.
            for (position, why) in refused {
                if let Some(of) = adoptions.get_mut(position) {
                    of.adoption.target = Err(why);
                }
            }
        }
    }

    /// The plans of all manifests once these files are written; nothing for one that would be wrong.
    fn after(&self, files: &BTreeMap<String, String>) -> Vec<Option<Plan>> {
        let beside = Written { disk: &self.disk, files };
        let after = |(position, manifest): (usize, &Manifest)| {
            let (_, before) = self.plan(position)?;
            let text = beside.text(&manifest.file)?;
            let loaded = manifest::load_with(&manifest.file, text.as_bytes(), &beside).ok()?;
            let (mut desired, _) = rules::check(&self.context.catalogue, loaded).ok()?;
            desired.region = self.context.region().map_or(desired.region, str::to_owned);
            Some(Plan::new(&self.context.catalogue, before.base.clone(), &desired, &self.options))
        };
        self.manifests.iter().enumerate().map(after).collect()
    }

    /// The adoptions after which a manifest would not say what its pool is, or another one would say
    /// something else than before.
    fn unproven(&self, adoptions: &[Of], after: &[Option<Plan>]) -> Vec<(usize, String)> {
        let mut refused = BTreeMap::new();
        for (position, (manifest, after)) in self.manifests.iter().zip(after).enumerate() {
            let Some((_, before)) = self.plan(position) else { continue };
            for (at, of) in adoptions.iter().enumerate().filter(|(_, of)| of.adoption.target.is_ok()) {
                let path = &of.adoption.path;
                let changes = |plan: &Plan| plan.changes.iter().any(|change| change.path.overlaps(path));
                let why = match after {
                    None if of.manifest == position => {
                        "the manifest would be wrong with it: edit it by hand".to_owned()
                    }
                    Some(after) if of.manifest == position && changes(after) => {
                        "the pool would still differ from it: edit it by hand".to_owned()
                    }
                    Some(after) if of.manifest != position && changes(after) && !changes(before) => {
                        format!("{} has it from there too, and its pool is otherwise", manifest.file)
                    }
                    _ => continue,
                };
                refused.insert(at, why);
            }
        }
        refused.into_iter().collect()
    }

    /// Tells of settings that differ still though nothing was refused: they stood in what is gone.
    fn tell_left(
        &self,
        adoptions: &[Of],
        after: &[Option<Plan>],
        chosen: impl Fn(&document::Path) -> bool,
    ) -> Exit {
        let mut end = Exit::Clean;
        for (position, plan) in after.iter().enumerate() {
            let known = |path: &document::Path| {
                adoptions.iter().any(|of| of.manifest == position && of.adoption.path.overlaps(path))
            };
            let changes = plan.iter().flat_map(|plan| &plan.changes).filter(|change| change.origin.is_some());
            for change in changes.filter(|change| chosen(&change.path) && !known(&change.path)) {
                let text = format!("{}: `{}` still differs", self.manifests[position].file, change.path);
                self.context.ui.error(&report::escape(&text), Some("adopt again, or edit it by hand"));
                end = Exit::Failed;
            }
        }
        end
    }

    /// The files that are written and are no manifests of this run: others may be made of them too.
    fn shared(&self, files: &BTreeMap<String, String>) -> Vec<String> {
        let is_manifest = |file: &&String| self.manifests.iter().any(|manifest| manifest.file == **file);
        files.keys().filter(|file| !is_manifest(file)).cloned().collect()
    }

    /// Tells of settings that were not compared, since nobody gives the secrets that they come from.
    fn tell_withheld(&self, chosen: impl Fn(&document::Path) -> bool) {
        let withheld = self.planned.iter().flat_map(|planned| &planned.desired.withheld);
        for (path, origin) in withheld.filter(|(path, _)| chosen(path)) {
            let text =
                format!("note: {origin}: `{path}` comes from a secret that is not set, and was not compared");
            self.context.ui.note(&report::escape(&text));
        }
    }

    fn tell(&self, adoptions: &[Of], dry: bool) -> Exit {
        let ui = &self.context.ui;
        let mut written = 0;
        for Of { manifest, adoption } in adoptions {
            let Some((_, plan)) = self.plan(*manifest) else { continue };
            match &adoption.target {
                Ok(target) => {
                    written += 1;
                    ui.result(&text::adopted(plan, adoption, target, ui.style()));
                }
                Err(why) => ui.error(
                    &report::escape(&format!("{}: `{}` is not adopted", adoption.origin, adoption.path)),
                    Some(&report::escape(why)),
                ),
            }
        }
        let left = adoptions.len() - written;
        let said = report::count(written, "setting");
        ui.note(&match (written, left, dry) {
            (0, 0, _) => "Nothing to adopt: the pools are what their manifests say.".to_owned(),
            (_, _, true) => format!("{said} would be adopted; nothing was written."),
            (_, _, false) => format!("{said} adopted."),
        });
        if left == 0 { Exit::Clean } else { Exit::Failed }
    }
}
