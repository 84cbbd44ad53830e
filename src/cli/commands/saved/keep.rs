//! `--save`.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{MAX_BYTES, endpoint};
use crate::cli::args::OutFile;
use crate::cli::context::{Context, ManifestCheck};
use crate::cli::exit::Exit;
use crate::cli::fleet::waiting::Checked;
use crate::cli::terminal::outs::is_same;
use crate::files::Root;
use crate::manifest::Manifest;
use crate::plan::{Options, Plan, PlanReport};
use crate::report::{self, Literals, Run};
use crate::saved::{Making, Resolved, document, is_saved};

/// Refuses a file that cannot be written: better now than when the work is done.
pub(in crate::cli) fn check(context: &Context, file: &Path, outs: &[OutFile]) -> Result<(), Exit> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let is_other = file.metadata().is_ok_and(|metadata| !metadata.is_file());
    let is_nowhere = folder.is_some_and(|folder| !folder.is_dir());
    let text = if file.as_os_str() == "-" || is_other || is_nowhere {
        format!("`--save` cannot write to `{}`", file.display())
    } else if outs.iter().any(|out| is_same(&out.file, file)) {
        format!("`--save` and `--out` name the same file, `{}`", file.display())
    } else if is_foreign(&context.root, file) {
        format!("`{}` exists, and is not a saved plan", file.display())
    } else {
        return Ok(());
    };
    Err(context.ui.fail(Exit::Usage, &text, "name another file, in an existing folder"))
}

/// Whether something else is there than a plan that may be replaced.
fn is_foreign(root: &Root, file: &Path) -> bool {
    let is_there = file.exists();
    // One that is too large, or that cannot be read, is somebody's too.
    is_there && !root.read(file, MAX_BYTES).is_ok_and(|bytes| bytes.is_empty() || is_saved(&bytes))
}

/// The time, to the second.
fn now() -> String {
    let now = OffsetDateTime::now_utc();
    now.replace_nanosecond(0).unwrap_or(now).format(&Rfc3339).unwrap_or_default()
}

/// Sound manifests, by their files.
#[derive(Default)]
pub(in crate::cli) struct Manifests(Mutex<HashMap<String, Manifest>>);

impl Manifests {
    /// Checks a manifest, and keeps it if it is sound.
    pub(in crate::cli) fn check(&self, check: &ManifestCheck, manifest: Manifest) -> Checked {
        let checked = check.wants(manifest.clone());
        if checked.is_ok() {
            let mut sound = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            sound.insert(manifest.file.clone(), manifest);
        }
        checked
    }

    /// Writes the plans of these manifests to a file; none where a pool could not be planned, since nobody
    /// could tell it from one that is whole.
    pub(in crate::cli) fn save(
        &self,
        context: &Context,
        file: &Path,
        run: &Run<'_>,
        plans: &[&Plan],
        options: &Options,
    ) {
        let shown = report::escape(&file.display().to_string()).into_owned();
        let lose = |text: String, help: &str| context.ui.lose(text, Some(help.to_owned()));
        if run.entries.iter().any(|entry| entry.plan.is_none()) {
            context.ui.message(&format!("`{shown}` was not written: not every pool could be planned"));
            return;
        }
        let mut salt = [0; 16];
        if getrandom::fill(&mut salt).is_err() {
            lose(format!("`{shown}` was not written: the system has no random bytes"), "try again");
            return;
        }
        let endpoint = endpoint(context);
        let making = Making {
            created: &now(),
            salt: &salt.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
            sandbox: context.global.sandbox.is_some(),
            endpoint: endpoint.as_deref(),
            api_model: context.model.as_deref(),
            options,
        };
        let mut sound = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let sound: Vec<Manifest> =
            plans.iter().filter_map(|plan| sound.remove(&plan.report.pool.file)).collect();
        let literals = Literals::of(&context.catalogue, &sound);
        let resolve = |manifest: &Manifest| Resolved::new(&context.catalogue, manifest, &literals);
        let manifests: Vec<Resolved> = sound.iter().map(resolve).collect();
        let plans: Vec<(&Plan, &Resolved)> = plans.iter().copied().zip(&manifests).collect();
        let document = document(&context.catalogue, run, &plans, &making);
        let text = report::json_text(&document);
        if text.len() as u64 > MAX_BYTES {
            let text = format!("`{shown}` was not written: it would be larger than {} MiB", MAX_BYTES >> 20);
            lose(text, "plan fewer pools, with `--target` or `--shard`");
            return;
        }
        if let Err(error) = context.root.write_private(file.to_owned(), text) {
            lose(report::escape(&error.message()).into_owned(), &error.help());
            return;
        }
        let is_blocked = run.entries.iter().any(|entry| entry.plan.is_some_and(PlanReport::is_refused));
        let only = if is_blocked { ". It is blocked: it can be shown, but not applied" } else { "" };
        context.ui.note(&format!("Plan saved to {shown}{only}"));
        let secrets: BTreeSet<&String> = manifests.iter().flat_map(Resolved::secrets).collect();
        if !secrets.is_empty() {
            let names: Vec<String> = secrets.iter().map(|name| format!("POOLCTL_SECRET_{name}")).collect();
            context.ui.note(&format!("  It contains no secrets: to apply it, set {}", names.join(", ")));
        }
    }
}
