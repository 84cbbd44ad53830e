//! From the paths of the command line to what their manifests want.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Deserializer;

use crate::catalogue::POOL_NAME;
use crate::cli::exit::Exit;
use crate::cli::fleet::cores;
use crate::cli::fleet::search::{self, Found, FoundFile};
use crate::cli::fleet::select::Declared;
use crate::cli::fleet::waiting::{Checked, ManifestChecker, Room, SecondCheck, WaitingManifest};
use crate::cli::terminal::show;
use crate::cli::terminal::ui::Ui;
use crate::cli::world::disk::{Disk, SecretUse};
use crate::cli::world::frame;
use crate::cli::{Context, args};
use crate::document::{DocumentKind, utf8};
use crate::files::Root;
use crate::manifest::{self, Diagnostic, Manifest, Severity, yaml};
use crate::report::{self, RunKind};
use crate::rules;
use crate::saved::is_saved;

/// Of so many manifests none is kept as its text: to check it twice takes longer, and all together take some MiB.
const WHOLE: usize = 1_000;

/// The purpose of loading manifests, and the destinations of their errors.
#[derive(Clone, Copy)]
pub(in crate::cli) struct Load<'a> {
    pub(in crate::cli) secrets: SecretUse,
    pub(in crate::cli) kind: RunKind,
    /// The files that results go to: `--out`, and `--save`.
    pub(in crate::cli) outs: &'a [args::OutFile],
    pub(in crate::cli) save: Option<&'a Path>,
    /// Whether a manifest is kept as its text until its pool's turn, so that only what names the pool is known before.
    /// `--only` looks at all that is declared.
    pub(in crate::cli) as_texts: bool,
}

impl<'a> Load<'a> {
    /// For a run of this kind, with its secrets.
    pub(in crate::cli) fn of(kind: RunKind, outs: &'a [args::OutFile]) -> Self {
        Self { secrets: SecretUse::Needed, kind, outs, save: None, as_texts: false }
    }
}

/// Loads and checks every manifest that the paths name, and prints their findings, in the forms of a run of
/// this kind too. If one is an error, it fails.
pub(in crate::cli) async fn load(
    context: &Context,
    paths: &args::PathArgs,
    load: Load<'_>,
) -> Result<Loaded, Exit> {
    let check = context.check();
    load_with(context, paths, load, move |manifest| check.wants(manifest)).await
}

/// The same, each manifest checked with `check`.
pub(in crate::cli) async fn load_with(
    context: &Context,
    paths: &args::PathArgs,
    load: Load<'_>,
    check: impl Fn(Manifest) -> Checked + Send + Sync + 'static,
) -> Result<Loaded, Exit> {
    let Load { secrets, kind, outs, save, as_texts } = load;
    let mut loaded = collect(context, paths, (secrets, as_texts), check).await?;
    context.spare(&loaded.inputs, outs.iter().map(|out| out.file.as_path()).chain(save))?;
    loaded.findings = manifest::in_order(loaded.findings);
    context.ui.diagnostics(&loaded.findings);
    if loaded.findings.iter().any(|finding| finding.severity == Severity::Error) {
        show::publish(context, outs, &show::of(kind, &[], &loaded.findings, &[]));
        return Err(Exit::Failed);
    }
    tell_selection(context, paths, &loaded);
    Ok(loaded)
}

/// Prints how many pools are selected, if not all are. The ids of some may not be known yet.
fn tell_selection(context: &Context, paths: &args::PathArgs, loaded: &Loaded) {
    let selection = &paths.selection;
    if selection.is_whole() {
        return;
    }
    let of = match selection.shard {
        Some(shard) => format!("selected for shard {shard}"),
        None => "selected".to_owned(),
    };
    let is_open = loaded.wanted.iter().filter_map(|one| one.tag.as_ref()).any(|tag| !tag.is_named);
    let (most, wanted) = (if is_open { "at most " } else { "" }, loaded.wanted.len());
    let declared = report::count(loaded.declared.len(), "pool");
    context.ui.note(&format!("{of}: {most}{wanted} of {declared}"));
}

/// A manifest on its way: it is large, and a fleet has many.
pub(in crate::cli) type BoxedManifest = Box<Manifest>;

/// The manifests that some paths name, and what is wrong with them.
pub(in crate::cli) struct Loaded {
    /// The desired state of the valid manifests that are selected.
    pub(in crate::cli) wanted: Vec<WaitingManifest>,
    /// Every pool that the paths declare, selected or not.
    pub(in crate::cli) declared: Vec<Declared>,
    /// Errors and warnings of all, file by file.
    pub(in crate::cli) findings: Vec<Diagnostic>,
    /// How many manifests there are, wrong ones counted.
    pub(in crate::cli) files: usize,
    /// The files of the selected manifests that could be read.
    pub(in crate::cli) names: Vec<String>,
    /// Every file that was read, without links.
    pub(in crate::cli) inputs: HashSet<PathBuf>,
}

impl Loaded {
    /// What the manifests want, and their findings; the rest is dropped, which a plan of a fleet needs no more.
    pub(in crate::cli) fn wanted(self) -> (Vec<WaitingManifest>, Vec<Diagnostic>) {
        (self.wanted, self.findings)
    }
}

/// Loads every manifest that the paths name and checks each with `check`. It prints nothing except usage
/// errors.
///
/// Files are read on another thread, so that a signal stops the run also while it waits for standard input. Where all are
/// selected, each is checked when it is read, and may then be kept as its text: what a fleet declares takes more memory than
/// its files.
pub(in crate::cli) async fn collect(
    context: &Context,
    paths: &args::PathArgs,
    (secrets, as_texts): (SecretUse, bool),
    check: impl Fn(Manifest) -> Checked + Send + Sync + 'static,
) -> Result<Loaded, Exit> {
    let is_whole = paths.selection.is_whole();
    let check: ManifestChecker = Arc::new(check);
    // As many pools as are read at a time do not wait.
    let room = Arc::new(Room::new(context.parallelism()));
    let waiting = move |manifest: BoxedManifest, disk: &Arc<Disk>, of: usize| -> Checked<WaitingManifest> {
        let is_text = as_texts && of > WHOLE && !room.take();
        let again = is_text.then(|| SecondCheck::new(&manifest, disk, &check));
        let (desired, warnings) = check(*manifest)?;
        Ok((WaitingManifest::new(desired, again), warnings))
    };
    let later = waiting.clone();
    let keep = move |manifest: BoxedManifest, disk: &Arc<Disk>, of| match is_whole && !manifest.is_base {
        true => (Box::new(manifest.head()), Ok(waiting(manifest, disk, of))),
        false => (manifest, Err(Arc::clone(disk))),
    };
    let (read, checked, declared) = selected_as(context, paths, secrets, keep).await?;
    let Read { manifests, mut findings, files, inputs, selection, also, .. } = read;
    let names = manifests.iter().map(|manifest| manifest.file.clone()).collect();
    let own = |manifest: &BoxedManifest| manifest.is_by_tag.then(|| declared_by(context, manifest, &also))?;
    let owns: Vec<Option<Declared>> = manifests.iter().map(own).collect();
    let of = manifests.len();
    let checked = manifests.into_iter().zip(checked).collect();
    let check = move |(manifest, checked): (_, Result<_, _>)| {
        checked.unwrap_or_else(|disk| later(manifest, &disk, of))
    };
    let checked = cores::each(checked, check).await;
    let mut wanted: Vec<WaitingManifest> = Vec::with_capacity(checked.len());
    for (own, checked) in owns.into_iter().zip(checked) {
        match checked {
            Ok((mut desired, warnings)) => {
                findings.extend(warnings);
                if let (Some(tag), Some(own)) = (&mut desired.subject.tag, own) {
                    (tag.is_named, tag.picks) = (selection.names(&own), selection.picks(&own, &declared));
                }
                wanted.push(desired);
            }
            Err(errors) => findings.extend(errors),
        }
    }
    Ok(Loaded { wanted, declared, findings, files, names, inputs })
}

/// Reads every manifest that the paths name; returns the selected ones, and every declared pool.
///
/// Two manifests of a pool are wrong also where one of them is not selected, and a file that is no manifest
/// could be one that is, unless its name is excluded.
pub(in crate::cli) async fn selected(
    context: &Context,
    paths: &args::PathArgs,
    secrets: SecretUse,
) -> Result<(Read, Vec<Declared>), Exit> {
    let (read, _, declared) = selected_as(context, paths, secrets, |manifest, _, _| (manifest, ())).await?;
    Ok((read, declared))
}

/// The same with what `keep` makes of each selected manifest. `keep` gets the number of files.
async fn selected_as<C: Send + 'static>(
    context: &Context,
    paths: &args::PathArgs,
    secrets: SecretUse,
    keep: impl Fn(BoxedManifest, &Arc<Disk>, usize) -> (BoxedManifest, C) + Send + Sync + 'static,
) -> Result<(Read, Vec<C>, Vec<Declared>), Exit> {
    let (mut read, kept) = manifests_as(&context.ui, paths, secrets, keep).await?;
    read.findings.extend(declared_twice(&read.manifests, context.region()));
    let declared: Vec<Declared> =
        read.manifests.iter().filter_map(|manifest| declared_by(context, manifest, &read.also)).collect();
    let selection = &read.selection;
    if selection.is_whole() {
        return Ok((read, kept, declared));
    }
    if read.findings.iter().all(|finding| finding.severity != Severity::Error) {
        let checked = selection.check(&declared, &read.names);
        checked.map_err(|(text, help)| context.ui.fail(Exit::Usage, &text, &help))?;
    }
    let all = read.manifests.len();
    let is_taken = |manifest: &Manifest| {
        declared_by(context, manifest, &read.also).is_none_or(|declared| selection.takes(&declared))
    };
    let both = std::mem::take(&mut read.manifests).into_iter().zip(kept);
    let (manifests, kept): (Vec<BoxedManifest>, Vec<C>) =
        both.filter(|(manifest, _)| is_taken(manifest)).unzip();
    read.files -= all - manifests.len();
    Ok((Read { manifests, ..read }, kept, declared))
}

/// The pool of a manifest, where it names one.
fn declared_by(
    context: &Context,
    manifest: &Manifest,
    also: &HashMap<String, Vec<String>>,
) -> Option<Declared> {
    let pool = manifest.pool.as_ref()?.value.clone();
    let region = context.region().unwrap_or(manifest.region()).to_owned();
    let account = manifest.account.as_ref().map(|account| account.value.clone());
    let mut also = also.get(&manifest.file).cloned().unwrap_or_default();
    // The id of a pool with a tag is not known yet, its name is.
    let name = manifest.settings.iter().find(|entry| manifest.is_by_tag && entry.key == POOL_NAME);
    also.extend(name.and_then(|name| name.value.scalar()).map(|name| name.text.clone()));
    let (file, is_by_tag) = (manifest.file.clone(), manifest.is_by_tag);
    Some(Declared { account, region, pool, file, also, is_by_tag })
}

/// The manifests of some paths, and what is wrong with files that are none.
#[derive(Default)]
pub(in crate::cli) struct Read {
    /// The manifests, sound or not.
    pub(in crate::cli) manifests: Vec<BoxedManifest>,
    /// What is wrong with the rest.
    pub(in crate::cli) findings: Vec<Diagnostic>,
    /// How many manifests there are, wrong ones counted.
    pub(in crate::cli) files: usize,
    /// Every file that was read, without links: none of them may be written over.
    pub(in crate::cli) inputs: HashSet<PathBuf>,
    /// Every file that the paths lead to, as messages name it.
    pub(in crate::cli) names: Vec<String>,
    /// The other names of files that have several.
    pub(in crate::cli) also: HashMap<String, Vec<String>>,
    /// Which of them are asked for, where a file's name means that file and no other.
    pub(in crate::cli) selection: args::SelectionArgs,
}

/// Reads every manifest that the paths name.
pub(in crate::cli) async fn manifests(
    ui: &Ui,
    paths: &args::PathArgs,
    secrets: SecretUse,
) -> Result<Read, Exit> {
    Ok(manifests_as(ui, paths, secrets, |manifest, _, _| (manifest, ())).await?.0)
}

/// The same with what `keep` makes of each manifest.
async fn manifests_as<C: Send + 'static>(
    ui: &Ui,
    paths: &args::PathArgs,
    secrets: SecretUse,
    keep: impl Fn(BoxedManifest, &Arc<Disk>, usize) -> (BoxedManifest, C) + Send + Sync + 'static,
) -> Result<(Read, Vec<C>), Exit> {
    let (inputs, searched) = (paths.inputs.clone(), paths.paths.clone());
    let named: Vec<PathBuf> =
        searched.iter().map(|path| path.strip_prefix(".").unwrap_or(path).to_owned()).collect();
    let found = apart(move || {
        let disk = Disk::new(&inputs, secrets)?;
        let found = search::files(disk.root(), &searched);
        Ok((Arc::new(disk), found))
    });
    let (disk, found) = match found.await? {
        Ok(found) => found,
        Err(findings) => return Ok((Read { findings, ..Read::default() }, Vec::new())),
    };
    let Found { files, also, mut findings } =
        found.map_err(|(text, help)| ui.fail(Exit::Usage, &text, &help))?;
    let names: Vec<String> = files.iter().map(|file| name(&file.path)).collect();
    let also: HashMap<String, Vec<String>> =
        also.iter().map(|(file, also)| (name(file), also.iter().map(|file| name(file)).collect())).collect();
    let selection = paths.selection.among(names.iter().chain(also.values().flatten()));
    let variables = paths.inputs.var_file.iter().filter_map(|file| file.canonicalize().ok());
    let mut inputs: HashSet<PathBuf> =
        files.iter().map(|file| file.identity.clone()).chain(variables).collect();
    let (reading, of) = (Arc::clone(&disk), files.len());
    let load = move |file| {
        let kept = |(identity, manifest)| (identity, keep(manifest, &reading, of));
        Ok(one(&reading, &named, file)?.map(kept))
    };
    let loaded: Vec<Result<_, _>> = cores::each(files, load).await;
    inputs.extend(disk.read_so_far());
    // A file that is left out by its name may be wrong.
    let is_in = |name: &str, loaded: &Result<_, _>| loaded.is_ok() || !selection.excludes_file(name);
    let loaded = loaded.into_iter().map(Result::transpose);
    let loaded = names.iter().zip(loaded).filter_map(|(name, loaded)| Some((name, loaded?)));
    let loaded = loaded.filter(|(name, loaded)| is_in(name, loaded));
    let (mut read, kept) = of_files(loaded.map(|(_, loaded)| loaded).collect());
    findings.append(&mut read.findings);
    Ok((Read { findings, inputs, names, also, selection, ..read }, kept))
}

/// One manifest and its path without links; `None` for a file of rules of the house that is not among the `named`.
fn one(
    disk: &Disk,
    named: &[PathBuf],
    FoundFile { path, identity }: FoundFile,
) -> Result<Option<(Arc<Path>, BoxedManifest)>, Vec<Diagnostic>> {
    let (name, bytes) = read(disk.root(), &path)?;
    let manifest = manifest::load_with(&name, &bytes, disk);
    let is_sound = manifest.as_ref().is_ok_and(|manifest| manifest.findings.is_empty());
    match (!is_sound).then(|| other_document(&name, &bytes)).flatten() {
        Some((DocumentKind::HouseRules, _)) if !named.contains(&path) => Ok(None),
        Some((_, other)) => Err(vec![other]),
        None => Ok(Some((identity.into(), Box::new(manifest?)))),
    }
}

/// A file's path without links, and its manifest with what was made of it; or what is wrong with the file.
pub(in crate::cli) type LoadedFile<C> = Result<(Arc<Path>, (BoxedManifest, C)), Vec<Diagnostic>>;

/// The manifests among some files, and what was made of each. A file without a pool that another one extends is none.
pub(in crate::cli) fn of_files<C>(loaded: Vec<LoadedFile<C>>) -> (Read, Vec<C>) {
    let (mut manifests, mut findings, mut failed) = (Vec::with_capacity(loaded.len()), Vec::new(), 0);
    for loaded in loaded {
        match loaded {
            Ok(manifest) => manifests.push(manifest),
            Err(mut errors) => {
                rules::veil(&mut errors);
                failed += 1;
                findings.extend(errors);
            }
        }
    }
    // Paths without links are the same if their bytes are.
    let bases = manifests.iter().flat_map(|(_, kept)| &kept.0.bases);
    let bases: HashSet<Arc<OsStr>> = bases.map(|base| base.as_os_str().into()).collect();
    manifests.retain(|(file, kept)| !(kept.0.is_base && bases.contains(file.as_os_str())));
    let files = manifests.len() + failed;
    let (manifests, kept) = manifests.into_iter().map(|(_, kept)| kept).unzip();
    (Read { manifests, findings, files, ..Read::default() }, kept)
}

/// Does what may wait for a disk, or for a person, on a thread of its own.
pub(in crate::cli) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Exit> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Exit::Failed)
}

/// A file as messages name it.
fn name(path: &Path) -> String {
    if path.as_os_str() == "-" { "<stdin>".to_owned() } else { path.display().to_string() }
}

fn read(root: &Root, path: &Path) -> Result<(String, Vec<u8>), Vec<Diagnostic>> {
    let piped = path.as_os_str() == "-";
    let name = name(path);
    // One byte more than is allowed, so that a file that is too large is seen to be.
    let limit = yaml::MAX_BYTES as u64 + 1;
    let outcome = if piped {
        let mut bytes = Vec::new();
        std::io::stdin().take(limit).read_to_end(&mut bytes).map(|_| Some(bytes))
    } else {
        // To open a pipe, or to read from a device, may never end.
        root.read_regular(path, limit)
    };
    match outcome {
        Ok(Some(bytes)) => Ok((name, bytes)),
        Ok(None) => {
            let finding = Diagnostic::of_file("unreadable", &name, "not a regular file");
            Err(vec![finding.help("name a regular file; to read from a pipe, name `-`")])
        }
        // Nothing of the target of a link is printed.
        Err(wrong) => {
            let help = "give this user permission to read it, or move it out of the folder";
            Err(vec![frame::unreadable(&name, "file", &wrong, help)])
        }
    }
}

/// Whether a file has rules of the house, which poolctl.yaml includes.
pub(in crate::cli) fn is_rules(bytes: &[u8]) -> bool {
    manifest::recognised(bytes).is_some_and(|(kind, _)| kind == DocumentKind::HouseRules)
}

/// What is wrong with a file that is another document, in place of all that keeps it from being a manifest.
fn other_document(name: &str, bytes: &[u8]) -> Option<(DocumentKind, Diagnostic)> {
    // A plan that is larger than any manifest has not been read to its end.
    let is_plan = utf8(bytes).is_some_and(|text| is_saved(&mut Deserializer::from_slice(&text)));
    let (kind, pools) = match is_plan {
        true => (DocumentKind::SavedPlan, Vec::new()),
        false => manifest::recognised(bytes).filter(|(kind, _)| *kind != DocumentKind::Manifest)?,
    };
    let message = format!("this is {}, not a manifest", kind.name());
    Some((kind, Diagnostic::of_file("unreadable", name, message).help(kind.help(&pools))))
}

/// A pool has one manifest: two would undo each other at every run. `region` takes the place of each
/// one's own.
fn declared_twice(manifests: &[BoxedManifest], region: Option<&str>) -> Vec<Diagnostic> {
    let mut first: HashMap<(&str, &str), &Manifest> = HashMap::new();
    let mut findings = Vec::new();
    for manifest in manifests {
        let Some(pool) = &manifest.pool else { continue };
        let key = (pool.value.as_str(), region.unwrap_or(manifest.region()));
        match first.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(manifest);
            }
            Entry::Occupied(other) => {
                let (pool_id, other_file) = (&pool.value, &other.get().file);
                let of_base = (pool.origin.source.name != manifest.file).then_some(&manifest.file);
                let own = of_base.map_or_else(String::new, |file| format!(" one is {file}, and"));
                let message = format!("two manifests for pool {pool_id}:{own} the other is {other_file}");
                let finding = Diagnostic::error("pool-twice", message, pool.origin.clone(), "declared again");
                let other = other.get().pool.iter().map(|pool| pool.origin.clone());
                let finding = other.fold(finding, |finding, at| finding.related(at, "declared here first"));
                findings.push(finding.help("keep one manifest per pool"));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_to_itself_cannot_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("self.yaml");
        std::os::unix::fs::symlink("self.yaml", &link).unwrap();
        assert!(read(&Root::default(), &link).unwrap_err()[0].message.contains("cannot read"));
    }
}
