//! Prints the result of an adoption.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::settle::{Adopter, ManifestAdoption};
use crate::adopt::ManifestEdit;
use crate::cli::args;
use crate::cli::exit::Exit;
use crate::cli::fleet::extending;
use crate::cli::fleet::search::is_yaml;
use crate::cli::terminal::tell::arguments;
use crate::document;
use crate::manifest::SourceText;
use crate::plan::{Finding, Level, Plan};
use crate::report::{self, text};
use crate::rules::named;

impl Adopter<'_> {
    /// Reports what keeps a manifest from being what its pool is: settings that still differ although nothing was refused,
    /// because they were in a replaced value; and conflicts that no live value settles.
    pub(super) fn tell_left(
        &self,
        adoptions: &[ManifestAdoption],
        after: &[Option<Plan>],
        chosen: impl Fn(&document::Path) -> bool,
    ) -> Exit {
        let mut end = Exit::Clean;
        for (position, (manifest, plan)) in self.manifests.iter().zip(after).enumerate() {
            let known = |path: &document::Path| {
                adoptions.iter().any(|of| of.manifest == position && of.adoption.path.overlaps(path))
            };
            let changes =
                plan.iter().flat_map(|plan| &plan.report.changes).filter(|change| change.origin.is_some());
            for change in changes.filter(|change| chosen(&change.path) && !known(&change.path)) {
                let text = format!("{}: `{}` still differs from the pool", manifest.file, change.path);
                let help = "run `poolctl adopt` again, or edit the manifest by hand";
                end = self.context.ui.fail(Exit::Failed, &text, help);
            }
            for conflict in conflicts(plan.as_ref(), &chosen) {
                let origin = conflict.origin.as_ref();
                let place = origin.map_or_else(|| manifest.file.clone(), ToString::to_string);
                let help = conflict.help.as_deref().unwrap_or("edit the manifest by hand");
                end = self.context.ui.fail(Exit::Failed, &format!("{place}: {}", conflict.text), help);
            }
        }
        end
    }

    /// The files that are written and are no manifests of this run: others may be made of them too.
    pub(super) fn shared(&self, files: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
        let is_manifest = |file: &&String| self.manifests.iter().any(|manifest| manifest.file == **file);
        files.keys().filter(|file| !is_manifest(file)).cloned().collect()
    }

    /// The note about a file that is written and may be used by other manifests. Those near it that extend it are named.
    pub(super) fn tell_shared(&self, file: &str) -> String {
        let users = extending::manifests(&self.context.root, Path::new(file));
        // Of several manifests, each may be changed by what another one adopts.
        let own = |user: &String| matches!(&self.manifests[..], [only] if only.file == *user);
        let others: Vec<String> =
            users.into_iter().map(|user| user.display().to_string()).filter(|user| !own(user)).collect();
        let users = if is_yaml(Path::new(file)) { "extend it or refer to it" } else { "refer to it" };
        let all = named(&others);
        match others.len() {
            0 => format!(
                "note: `{file}` may be used by other manifests: run `poolctl plan` for the manifests that {users}"
            ),
            1 => format!(
                "note: {all} extends `{file}`: its pool changes with its next apply; run `poolctl plan` to see how"
            ),
            _ => format!(
                "note: {all} extend `{file}`: their pools change with their next applies; run `poolctl plan` to see how"
            ),
        }
    }

    /// Reports the documents that are left to other services.
    pub(super) fn tell_owned(&self) {
        for report in self.drifts.iter().map(|drift| &drift.report) {
            for finding in report.findings.iter().filter(|finding| finding.code == "left-to-owner") {
                let file = &report.pool.file;
                self.context.ui.note_escaped(&format!("note: {file}: {}", finding.text));
            }
        }
    }

    /// Prints the adopted settings, and the number of unmanaged settings that were left.
    pub(super) fn tell(
        &self,
        adoptions: &[ManifestAdoption],
        args: &args::AdoptArgs,
        (undeclared, conflicts): (usize, usize),
    ) -> Exit {
        let ui = &self.context.ui;
        let written: Vec<_> = adoptions
            .iter()
            .filter_map(|of| {
                let (_, plan) = self.plan(of.manifest)?;
                Some((&plan.report, &of.adoption, of.adoption.target.as_ref().ok()?))
            })
            .collect();
        ui.result(&text::adopted(&written, &ui.style));
        for ManifestAdoption { manifest, adoption } in adoptions {
            if let Err(why) = &adoption.target
                && self.plan(*manifest).is_some()
            {
                let text = format!("{}: `{}` was not adopted", adoption.origin, adoption.path);
                ui.fail(Exit::Failed, &text, why);
            }
        }
        let written = written.len();
        let left = adoptions.len() - written;
        let said = report::count(written, "setting");
        ui.note(&match (written, left, args.dry_run) {
            (0, 0, _) if conflicts > 0 => {
                format!("Nothing was adopted: {}.", report::count(conflicts, "conflict"))
            }
            (0, 0, _) if undeclared > 0 => {
                "Nothing to adopt: every declared setting has its declared value.".to_owned()
            }
            (0, 0, _) => "Nothing to adopt: the pools are as declared.".to_owned(),
            (_, _, true) => format!("{said} would be adopted. Nothing was written."),
            (_, _, false) => format!("{said} adopted."),
        });
        if undeclared > 0 {
            let (are, count) = if undeclared == 1 { ("is", "counts") } else { ("are", "count") };
            let more = report::count(undeclared, "live setting");
            let arguments = arguments(&self.context.global, &args.paths, args.live.as_deref());
            let command = format!("poolctl adopt --undeclared{}", arguments.unwrap_or_default());
            ui.note_escaped(&format!(
                "{more} {are} unmanaged and {count} as drift. To declare them: {command}"
            ));
        }
        if left == 0 { Exit::Clean } else { Exit::Failed }
    }
}

/// The conflicts of a plan that are about chosen settings. What a rule of the house wants is no value of the pool.
pub(super) fn conflicts(
    plan: Option<&Plan>,
    chosen: impl Fn(&document::Path) -> bool,
) -> impl Iterator<Item = &Finding> {
    let conflicts = plan.into_iter().flat_map(|plan| plan.report.findings(Level::Conflict));
    let is_left = move |one: &&Finding| !one.is_of_house() && one.path.as_ref().is_none_or(&chosen);
    conflicts.filter(is_left)
}

/// The manifests in which fewer lines have a comment than before.
pub(super) fn thinned(adoptions: &[ManifestAdoption], files: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let count = |text: &str| {
        text.lines().filter(|line| line.trim_start().starts_with('#') || line.contains(" #")).count()
    };
    let sources = adoptions.iter().filter_map(|of| match &of.adoption.target {
        Ok(ManifestEdit::Value { at, .. }) => Some(&at.source),
        _ => None,
    });
    let text = |source: &SourceText| files.get(&source.name).map(|text| String::from_utf8_lossy(text));
    let fewer = sources.filter(|source| text(source).is_some_and(|text| count(&text) < count(&source.text)));
    let names: BTreeSet<&String> = fewer.map(|source| &source.name).collect();
    names.into_iter().cloned().collect()
}
