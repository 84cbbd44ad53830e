//! From the paths of the command line to what their manifests want.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::io::Read as _;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::disk::{Disk, Secrets, root_above};
use super::exit::Exit;
use super::globs::Glob;
use super::select::Declared;
use super::ui::Ui;
use super::{Context, args, config, show};
use crate::manifest::{self, Diagnostic, Manifest, Severity, yaml};
use crate::report::{self, Kind};
use crate::rules::{self, Desired};
use crate::saved::is_saved;

/// For what manifests are loaded, and where what is wrong with them is told.
#[derive(Clone, Copy)]
pub(super) struct Load<'a> {
    pub(super) secrets: Secrets,
    pub(super) kind: Kind,
    /// The files that results go to: `--out`, and `--save`.
    pub(super) outs: &'a [args::Out],
    pub(super) save: Option<&'a Path>,
}

impl<'a> Load<'a> {
    /// For a run of this kind, with its secrets.
    pub(super) fn of(kind: Kind, outs: &'a [args::Out]) -> Self {
        Self { secrets: Secrets::Needed, kind, outs, save: None }
    }
}

/// Loads and checks every manifest that the paths name, and says everything that is wrong with any, in the
/// forms of a run of this kind too.
pub(super) async fn load(context: &Context, paths: &args::Paths, load: Load<'_>) -> Result<Loaded, Exit> {
    load_with(context, paths, load, |manifest| context.wants(manifest)).await
}

/// The same, each manifest checked with `check`.
pub(super) async fn load_with(
    context: &Context,
    paths: &args::Paths,
    load: Load<'_>,
    check: impl Fn(Manifest) -> Checked,
) -> Result<Loaded, Exit> {
    let Load { secrets, kind, outs, save } = load;
    let collected = collect(context, paths, secrets, check).await?;
    context.spare(&collected.inputs, outs.iter().map(|out| out.file.as_path()).chain(save))?;
    let Collected { wanted, findings, declared, .. } = collected;
    let findings = manifest::in_order(findings);
    context.ui.diagnostics(&findings);
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        show::mistakes(context, outs, kind, &findings);
        return Err(Exit::Failed);
    }
    tell_selection(context, paths, wanted.len(), declared.len());
    Ok(Loaded { wanted, warnings: findings, declared })
}

/// Says how much of the fleet this run is about, where it is not about all of it.
fn tell_selection(context: &Context, paths: &args::Paths, wanted: usize, declared: usize) {
    let selection = &paths.selection;
    if selection.is_whole() {
        return;
    }
    let of = match selection.shard {
        Some(shard) => format!("selected for shard {shard}"),
        None => "selected".to_owned(),
    };
    context.ui.note(&format!("{of}: {wanted} of {}", report::count(declared, "pool")));
}

/// Manifests that are sound.
pub(super) struct Loaded {
    /// What those want that are selected.
    pub(super) wanted: Vec<Desired>,
    /// What they are warned of, told already.
    pub(super) warnings: Vec<Diagnostic>,
    /// Every pool that the paths declare, selected or not.
    pub(super) declared: Vec<Declared>,
}

/// What a manifest wants and what it is warned of, or what is wrong with it.
pub(super) type Checked = Result<(Desired, Vec<Diagnostic>), Vec<Diagnostic>>;

/// The manifests that some paths name, and what is wrong with them.
pub(super) struct Collected {
    /// What those want that can be used.
    pub(super) wanted: Vec<Desired>,
    /// Every pool that the paths declare, selected or not.
    pub(super) declared: Vec<Declared>,
    /// Errors and warnings of all, file by file.
    pub(super) findings: Vec<Diagnostic>,
    /// How many manifests there are, wrong ones counted.
    pub(super) files: usize,
    /// Every file that was read, without links.
    pub(super) inputs: HashSet<PathBuf>,
}

/// Loads every manifest that the paths name and checks each with `check`; nothing is told yet, but for a
/// wrong command line.
///
/// Files are read beside the run, so
/// that a signal ends it also while standard input waits for somebody.
pub(super) async fn collect(
    context: &Context,
    paths: &args::Paths,
    secrets: Secrets,
    check: impl Fn(Manifest) -> Checked,
) -> Result<Collected, Exit> {
    let (read, declared) = selected(context, paths, secrets).await?;
    let Read { manifests, mut findings, files, inputs, .. } = read;
    let mut wanted: Vec<Desired> = Vec::new();
    for manifest in manifests {
        match check(manifest) {
            Ok((desired, warnings)) => {
                findings.extend(warnings);
                wanted.push(desired);
            }
            Err(errors) => findings.extend(errors),
        }
    }
    Ok(Collected { wanted, declared, findings, files, inputs })
}

/// Reads every manifest that the paths name, and keeps those that are selected; beside them, every pool that
/// is declared.
///
/// Two manifests of a pool are wrong also where one of them is not selected, and a file that is no manifest
/// could be one that is, unless its name is excluded.
pub(super) async fn selected(
    context: &Context,
    paths: &args::Paths,
    secrets: Secrets,
) -> Result<(Read, Vec<Declared>), Exit> {
    let selection = &paths.selection;
    let mut read = manifests(&context.ui, paths, secrets).await?;
    read.findings.extend(declared_twice(&read.manifests, context.region()));
    let declared: Vec<Declared> =
        read.manifests.iter().filter_map(|manifest| declared_by(context, manifest)).collect();
    if selection.is_whole() {
        return Ok((read, declared));
    }
    if read.findings.is_empty() {
        selection.check(&declared, &read.names).map_err(|(text, help)| {
            context.ui.error(&report::escape(&text), Some(&report::escape(&help)));
            Exit::Usage
        })?;
    }
    let all = read.manifests.len();
    read.manifests
        .retain(|manifest| declared_by(context, manifest).is_none_or(|declared| selection.takes(&declared)));
    read.files -= all - read.manifests.len();
    Ok((read, declared))
}

/// The pool of a manifest, where it names one.
fn declared_by(context: &Context, manifest: &Manifest) -> Option<Declared> {
    let pool = manifest.pool.as_ref()?.value.clone();
    let region = context.region().unwrap_or(manifest.region()).to_owned();
    let account = manifest.account.as_ref().map(|account| account.value.clone());
    Some(Declared { account, region, pool, file: manifest.file.clone() })
}

/// The manifests of some paths, and what is wrong with files that are none.
pub(super) struct Read {
    /// The manifests, sound or not.
    pub(super) manifests: Vec<Manifest>,
    /// What is wrong with the rest.
    pub(super) findings: Vec<Diagnostic>,
    /// How many manifests there are, wrong ones counted.
    pub(super) files: usize,
    /// Every file that was read, without links: none of them may be written over.
    pub(super) inputs: HashSet<PathBuf>,
    /// Every file that the paths lead to, as messages name it.
    pub(super) names: Vec<String>,
}

/// Reads every manifest that the paths name.
pub(super) async fn manifests(ui: &Ui, paths: &args::Paths, secrets: Secrets) -> Result<Read, Exit> {
    let (inputs, searched) = (paths.inputs.clone(), paths.paths.clone());
    let disk = apart(move || Disk::new(&inputs, secrets)).await?;
    let disk = match disk {
        Ok(disk) => Arc::new(disk),
        Err(findings) => return Ok(Read { findings, ..of_files(Vec::new()) }),
    };
    let Found { files, mut findings } = apart(move || files(&searched)).await?.map_err(|(text, help)| {
        ui.error(&text, Some(help));
        Exit::Usage
    })?;
    let names: Vec<String> = files.iter().map(|file| name(file)).collect();
    let mut inputs: HashSet<PathBuf> =
        files.iter().chain(&paths.inputs.var_file).filter_map(|file| file.canonicalize().ok()).collect();
    let load = |file: PathBuf| {
        let disk = Arc::clone(&disk);
        apart(move || {
            let (name, bytes) = read(&file)?;
            let manifest = manifest::load_with(&name, &bytes, &*disk)?;
            Ok((file.canonicalize().unwrap_or(file), manifest))
        })
    };
    // As many at a time as there are cores, and told in the order of the files.
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let loaded: Vec<_> = stream::iter(files).map(load).buffered(cores).try_collect().await?;
    inputs.extend(disk.read_so_far());
    // A file that is left out by its name may be wrong.
    let is_in = |name: &str, loaded: &Result<_, _>| loaded.is_ok() || !paths.selection.excludes_file(name);
    let loaded = names.iter().zip(loaded).filter(|(name, loaded)| is_in(name, loaded));
    let mut read = of_files(loaded.map(|(_, loaded)| loaded).collect());
    findings.append(&mut read.findings);
    Ok(Read { findings, inputs, names, ..read })
}

/// The manifests among some files, each by its path without links. A file without a pool that another one
/// extends is none.
pub(super) fn of_files(loaded: Vec<Result<(PathBuf, Manifest), Vec<Diagnostic>>>) -> Read {
    let (mut manifests, mut findings, mut failed) = (Vec::new(), Vec::new(), 0);
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
    let bases: HashSet<PathBuf> =
        manifests.iter().flat_map(|(_, manifest)| manifest.bases.iter().cloned()).collect();
    manifests.retain(|(file, manifest)| !(manifest.is_base && bases.contains(file)));
    let files = manifests.len() + failed;
    let manifests = manifests.into_iter().map(|(_, manifest)| manifest).collect();
    Read { manifests, findings, files, inputs: HashSet::new(), names: Vec::new() }
}

/// Does what may wait for a disk, or for a person, on a thread of its own.
pub(super) async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Exit> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Exit::Failed)
}

/// What some paths lead to.
#[derive(Default)]
struct Found {
    files: Vec<PathBuf>,
    /// The folders that cannot be read: a manifest in one must not be passed over.
    findings: Vec<Diagnostic>,
}

/// The files that the paths name, folders searched for `*.yaml` and `*.yml`, in alphabetical order.
///
/// The error is what is wrong with the command line, and what to do.
fn files(paths: &[PathBuf]) -> Result<Found, (String, &'static str)> {
    let mut found = Found::default();
    for path in paths {
        let before = found.files.len() + found.findings.len();
        let shown = path.display();
        let glob = Glob::of(path).map_err(|text| (text, "write it like 'pools/*/prod.yaml'"))?;
        if let Some(glob) = &glob {
            fitting(glob, &mut found);
        } else if path.is_dir() {
            search(path, &mut found);
        } else if path.as_os_str() == "-" || path.is_file() {
            found.files.push(path.clone());
        } else if path.exists() {
            let help = "name manifests, or folders of them; to read from a pipe, name `-`";
            return Err((format!("`{shown}` is no regular file"), help));
        } else {
            let help = match path.extension().is_some_and(|extension| extension == "json") {
                true => "`poolctl plan --save FILE` keeps a plan, and `poolctl apply FILE` takes it",
                false => "name manifests, or folders of them",
            };
            return Err((format!("there is no `{shown}`"), help));
        }
        if found.files.len() + found.findings.len() == before {
            let text = match glob {
                Some(_) => format!("no manifest fits `{shown}`"),
                None => format!("there is no manifest in `{shown}`"),
            };
            return Err((text, "a manifest is a file *.yaml or *.yml"));
        }
    }
    // One name a file, however its folder is named.
    for file in &mut found.files {
        if let Ok(rest) = file.strip_prefix(".") {
            *file = rest.to_owned();
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.files.retain(|file| seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())));
    Ok(found)
}

/// Searches what a pattern fits.
fn fitting(glob: &Glob, found: &mut Found) {
    for path in glob.found() {
        match path {
            Ok(path) if path.is_dir() => search(&path, found),
            Ok(path) if is_yaml(&path) => found.files.push(path),
            Ok(_) => {}
            Err(error) => found.findings.push(closed(error.path(), error.error())),
        }
    }
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

/// A folder that cannot be read.
fn closed(folder: &Path, error: &std::io::Error) -> Diagnostic {
    let message = format!("the folder cannot be read: {error}");
    let help = "let this user read it, or name the manifests beside it";
    Diagnostic::of_file("unreadable", &folder.display().to_string(), message).help(help)
}

/// Searches a folder and those within it. Links to folders are not followed, so that this ends.
fn search(folder: &Path, found: &mut Found) {
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        let yaml = is_yaml(&path);
        if path == folder || path.is_dir() && !path.is_symlink() {
            match entries(&path) {
                Ok(entries) => waiting.extend(entries),
                Err(error) => found.findings.push(closed(&path, &error)),
            }
        } else if yaml && leads_out(&path) {
            let message = "this is a link that leads out of the folder that manifests may refer into";
            let error = Diagnostic::of_file("unreadable", &path.display().to_string(), message);
            found.findings.push(error.help("put the manifest itself there, or name what the link leads to"));
        } else if yaml {
            found.files.push(path);
        }
    }
}

/// Whether a file that was found in a folder is a link to somewhere beyond the root.
fn leads_out(path: &Path) -> bool {
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
    match (path.is_symlink(), path.canonicalize(), folder) {
        (true, Ok(real), Some(folder)) => !real.starts_with(root_above(&folder)),
        _ => false,
    }
}

/// What stands in a folder and is neither hidden nor the project's own file, last name first.
fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if !name.to_string_lossy().starts_with('.') && name != config::NAME {
            paths.push(entry.path());
        }
    }
    paths.sort_by(|a, b| b.cmp(a));
    Ok(paths)
}

/// A file as messages name it.
fn name(path: &Path) -> String {
    if path.as_os_str() == "-" { "<stdin>".to_owned() } else { path.display().to_string() }
}

fn read(path: &Path) -> Result<(String, Vec<u8>), Vec<Diagnostic>> {
    let piped = path.as_os_str() == "-";
    let name = name(path);
    let error =
        |message: String, help: &str| Err(vec![Diagnostic::of_file("unreadable", &name, message).help(help)]);
    // To open a pipe, or to read from a device, may never end.
    if !piped && std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return error(
            "this is no regular file".to_owned(),
            "a manifest is a file; to read from a pipe, name `-`",
        );
    }
    // One byte more than is allowed, so that a file that is too large is seen to be.
    let limit = yaml::MAX_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    let outcome = if piped {
        std::io::stdin().take(limit).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    match outcome {
        Ok(_) if is_saved(&name, &bytes) => error(
            "this is a saved plan, and no manifest".to_owned(),
            "say `poolctl show FILE` or `poolctl apply FILE`, alone",
        ),
        Ok(_) => Ok((name, bytes)),
        Err(wrong) => error(
            format!("the file cannot be read: {wrong}"),
            "let this user read it, or move it out of the folder",
        ),
    }
}

/// A pool has one manifest: two would undo each other at every run. `region` takes the place of each
/// one's own.
fn declared_twice(manifests: &[Manifest], region: Option<&str>) -> Vec<Diagnostic> {
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
                let message = format!("the pool {} has a manifest already: {}", pool.value, other.get().file);
                let finding = Diagnostic::error("pool-twice", message, pool.origin.clone(), "once more");
                let other = other.get().pool.iter().map(|pool| pool.origin.clone());
                let finding = other.fold(finding, |finding, at| finding.related(at, "the other one"));
                findings.push(finding.help("keep one manifest a pool"));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_read_is_told_and_not_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("no-folder-any-more");
        let mut found = Found::default();
        search(&path, &mut found);
        assert_eq!(found.findings[0].code, "unreadable");
        assert!(found.findings[0].help.is_some());
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_back_do_not_keep_a_search_going() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        std::fs::create_dir(&inner).unwrap();
        std::os::unix::fs::symlink(folder.path(), inner.join("back")).unwrap();
        std::os::unix::fs::symlink("self.yaml", inner.join("self.yaml")).unwrap();
        std::fs::write(inner.join("z.yaml"), "").unwrap();
        std::fs::write(folder.path().join("a.yml"), "").unwrap();
        let found = files(&[folder.path().to_owned()]).unwrap();
        let names: Vec<_> =
            found.files.iter().map(|file| file.strip_prefix(folder.path()).unwrap()).collect();
        assert_eq!(names, [Path::new("a.yml"), Path::new("inner/self.yaml"), Path::new("inner/z.yaml")]);
        assert!(read(&found.files[1]).unwrap_err()[0].message.contains("cannot be read"));
    }
}
