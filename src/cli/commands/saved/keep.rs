//! `--save`.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::text::PlanText;
use super::{MAX_BYTES, endpoint};
use crate::catalogue::Catalogue;
use crate::cli::args::OutFile;
use crate::cli::context::{Context, ManifestCheck};
use crate::cli::exit::Exit;
use crate::cli::fleet::waiting::Checked;
use crate::cli::terminal::outs::{is_same, obstacle};
use crate::cli::terminal::show;
use crate::files::{MadeContent, Root};
use crate::manifest::Manifest;
use crate::plan::{Options, Plan, PlanReport};
use crate::report::{self, Literals, Run};
use crate::saved::{self, Making, Resolved, SavedPart};

/// Refuses a file that cannot be written: better now than when the work is done.
pub(in crate::cli) fn check(context: &Context, file: &Path, outs: &[OutFile]) -> Result<(), Exit> {
    let is_other = file.metadata().is_ok_and(|metadata| !metadata.is_file());
    let no_file = (file.as_os_str() == "-" || is_other).then(|| "it is not a file".to_owned());
    let text = if let Some(why) = obstacle(file).or(no_file) {
        format!("`--save` cannot write to `{}`: {why}", file.display())
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
    let is_empty = file.metadata().is_ok_and(|found| found.len() == 0);
    // One that is too large, or that cannot be read, is somebody's too.
    is_there && !is_empty && !PlanText::open(root, file).is_ok_and(|mut text| text.is_saved())
}

/// The time, to the second.
fn now() -> String {
    let now = OffsetDateTime::now_utc();
    now.replace_nanosecond(0).unwrap_or(now).format(&Rfc3339).unwrap_or_default()
}

/// What a saved plan keeps of manifests until their pools are planned.
pub(in crate::cli) struct Keeping {
    catalogue: Arc<Catalogue>,
    /// What every fingerprint begins with; `None` if the system has no random bytes.
    salt: Option<String>,
    manifests: Mutex<Manifests>,
}

#[derive(Default)]
struct Manifests {
    /// By their files.
    waiting: HashMap<String, UnplannedManifest>,
    /// The secrets that they hold themselves.
    literals: Literals,
    /// The names of the secrets that an apply looks up.
    secrets: BTreeSet<String>,
}

/// A manifest until its pool is planned.
enum UnplannedManifest {
    Text(Resolved),
    /// One with secrets of its own: which names these get depends on all manifests.
    Whole(Box<Manifest>),
}

/// What checks manifests, and keeps what a saved plan needs of them.
pub(in crate::cli) fn checking(
    keeping: Option<Arc<Keeping>>,
    check: ManifestCheck,
) -> impl Fn(Manifest) -> Checked + Send + Sync {
    move |manifest| match &keeping {
        Some(keeping) => keeping.check(&check, manifest),
        None => check.wants(manifest),
    }
}

impl Keeping {
    pub(in crate::cli) fn new(catalogue: &Arc<Catalogue>) -> Self {
        let mut salt = [0; 16];
        let is_random = getrandom::fill(&mut salt).is_ok();
        let salt = is_random.then(|| salt.iter().map(|byte| format!("{byte:02x}")).collect());
        Self { catalogue: Arc::clone(catalogue), salt, manifests: Mutex::default() }
    }

    fn manifests(&self) -> MutexGuard<'_, Manifests> {
        self.manifests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Checks a manifest, and keeps what a saved plan needs of it. One that is checked again is kept already.
    fn check(&self, check: &ManifestCheck, manifest: Manifest) -> Checked {
        let file = manifest.file.clone();
        if !self.manifests().waiting.contains_key(&file) {
            let has_literals = self.manifests().literals.add(&self.catalogue, &manifest);
            let kept = match has_literals {
                true => UnplannedManifest::Whole(Box::new(manifest.clone())),
                false => {
                    UnplannedManifest::Text(Resolved::new(&self.catalogue, &manifest, &Literals::default()))
                }
            };
            self.manifests().waiting.insert(file, kept);
        }
        check.wants(manifest)
    }

    /// What the file says of a plan, once all manifests are checked; `None` if its manifest was not kept.
    pub(in crate::cli) fn part(&self, plan: &Plan) -> Option<SavedPart> {
        let kept = self.manifests().waiting.remove(&plan.report.pool.file)?;
        let resolved = match kept {
            UnplannedManifest::Text(resolved) => resolved,
            UnplannedManifest::Whole(manifest) => {
                Resolved::new(&self.catalogue, &manifest, &self.manifests().literals)
            }
        };
        self.manifests().secrets.extend(resolved.secrets().iter().cloned());
        Some(SavedPart::new(&self.catalogue, plan, &resolved, self.salt.as_deref()?))
    }

    /// Writes the plans of these manifests to a file; none where a pool could not be planned, since nobody
    /// could tell it from one that is whole.
    pub(in crate::cli) fn save(
        &self,
        context: &Context,
        file: &Path,
        run: &Run<'_>,
        parts: &[&SavedPart],
        options: &Options,
    ) {
        let shown = report::escape(&file.display().to_string()).into_owned();
        let lose = |text: String, help: &str| context.ui.lose(text, Some(help.to_owned()));
        // A pool that was not planned has no part.
        if self.salt.is_some() && parts.len() < run.entries.len() {
            context.ui.message(&format!("`{shown}` was not written: not every pool could be planned"));
            return;
        }
        let Some(salt) = &self.salt else {
            lose(format!("`{shown}` was not written: the system has no random bytes"), "try again");
            return;
        };
        let endpoint = endpoint(context);
        let making = Making {
            created: &now(),
            salt,
            sandbox: context.global.sandbox.is_some(),
            endpoint: endpoint.as_deref(),
            api_model: context.model.as_deref(),
            options,
        };
        let is_too_large = Cell::new(false);
        let content = MadeContent(|out: &mut dyn io::Write| {
            let mut out = Limited { out, room: MAX_BYTES, is_full: &is_too_large };
            show::streamed(&mut out, |out| saved::write(run, parts.iter().copied(), &making, out))
        });
        match context.root.write_private(file.to_owned(), content) {
            Err(_) if is_too_large.get() => {
                let text =
                    format!("`{shown}` was not written: it would be larger than {} MiB", MAX_BYTES >> 20);
                lose(text, "plan fewer pools, with `--target` or `--shard`");
            }
            Err(error) => lose(report::escape(&error.message()).into_owned(), &error.help()),
            Ok(()) => self.tell(context, &shown, run),
        }
    }

    /// Says that the plan was saved, and what it takes to apply it.
    fn tell(&self, context: &Context, shown: &str, run: &Run<'_>) {
        let is_blocked = run.entries.iter().any(|entry| entry.plan.is_some_and(PlanReport::is_refused));
        let only = if is_blocked { ". It is blocked: it can be shown, but not applied" } else { "" };
        context.ui.note(&format!("Plan saved to {shown}{only}"));
        let secrets = &self.manifests().secrets;
        if !secrets.is_empty() {
            let names: Vec<String> = secrets.iter().map(|name| format!("POOLCTL_SECRET_{name}")).collect();
            context
                .ui
                .note(&format!("  Secrets are references in it: to apply it, set {}", names.join(", ")));
        }
    }
}

/// A file that may have so many bytes more.
struct Limited<'a> {
    out: &'a mut dyn io::Write,
    room: u64,
    /// Set once there is no room left.
    is_full: &'a Cell<bool>,
}

impl io::Write for Limited<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(room) = self.room.checked_sub(bytes.len() as u64) else {
            self.is_full.set(true);
            return Err(io::ErrorKind::FileTooLarge.into());
        };
        self.room = room;
        self.out.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn no_more_is_written_than_there_is_room_for() {
        let (mut written, is_full) = (Vec::new(), Cell::new(false));
        let mut out = Limited { out: &mut written, room: 4, is_full: &is_full };
        assert!(out.write_all(b"abcd").is_ok() && !is_full.get());
        assert!(out.write_all(b"e").is_err() && is_full.get());
        assert_eq!(written, b"abcd");
    }
}
