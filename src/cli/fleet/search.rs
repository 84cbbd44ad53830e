//! From the paths of a command line to the files that they lead to.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::cli::args::typed::follows;
use crate::cli::fleet::globs::Glob;
use crate::cli::world::config;
use crate::cli::world::frame::unreadable;
use crate::files::{FolderEntry, MAX_FILE, Root};
use crate::manifest::yaml::{self, YamlNode};
use crate::manifest::{Diagnostic, Severity};

/// The path of a command line that has none.
pub(in crate::cli) const DEFAULT: &str = "pools";
/// The file that manifests of `import --share` extend, in the same folder.
pub(in crate::cli) const BASE: &str = "base.yaml";
/// The names of files beside manifests that have a meaning of their own, so that no pool's manifest takes one;
/// with each, whether a search takes it for a manifest.
pub(in crate::cli) const RESERVED: [(&str, bool); 2] = [(config::NAME, false), (BASE, true)];

/// What some paths lead to.
#[derive(Default)]
pub(in crate::cli) struct Found {
    pub(in crate::cli) files: Vec<FoundFile>,
    /// The other names of files that have several.
    pub(in crate::cli) also: HashMap<PathBuf, Vec<PathBuf>>,
    /// The folders that cannot be read: a manifest in one must not be passed over.
    pub(in crate::cli) findings: Vec<Diagnostic>,
}

/// A file that paths lead to.
pub(in crate::cli) struct FoundFile {
    /// Its path as messages show it.
    pub(in crate::cli) path: PathBuf,
    /// Its path without links.
    pub(in crate::cli) identity: PathBuf,
}

impl FoundFile {
    /// `identity` is that of a file that is no link.
    fn new(path: PathBuf, identity: Option<PathBuf>) -> Self {
        let identity = identity.or_else(|| path.canonicalize().ok()).unwrap_or_else(|| path.clone());
        Self { path, identity }
    }

    /// A file that the command line names.
    fn named(root: &Root, path: &Path, is_link: bool) -> Self {
        let parts = path.parent().zip(path.file_name()).filter(|_| !is_link);
        let identity = parts.and_then(|(folder, name)| Some(root.folder(folder).ok()?.join(name)));
        Self::new(path.to_owned(), identity)
    }
}

/// The files that the paths name, folders searched for `*.yaml` and `*.yml`, in alphabetical order.
///
/// The error is what is wrong with the command line, and what to do.
pub(in crate::cli) fn files(root: &Root, paths: &[PathBuf]) -> Result<Found, (String, String)> {
    let mut found = Found::default();
    for path in paths {
        let before = found.size();
        let shown = path.display();
        let glob = Glob::of(path)
            .map_err(|text| (text, "write a pattern such as 'pools/*/prod.yaml'".to_owned()))?;
        let own = path.symlink_metadata().ok();
        let is_link = own.as_ref().is_some_and(|own| own.is_symlink());
        let is = if is_link { path.metadata().ok() } else { own };
        if let Some(glob) = &glob {
            fitting(root, glob, &mut found);
        } else if is.as_ref().is_some_and(|is| is.is_dir()) {
            search(root, path, &|_| true, &mut found);
        } else if path.as_os_str() == "-" {
            found.files.push(FoundFile { path: path.clone(), identity: path.clone() });
        } else if is.as_ref().map_or(is_link, |is| is.is_file()) {
            // To read a link that leads nowhere says where it leads.
            found.files.push(FoundFile::named(root, path, is_link));
        } else if is.is_some() {
            let help = "name a manifest or a folder of manifests; to read from a pipe, name `-`";
            return Err((format!("`{shown}` is not a regular file"), help.to_owned()));
        } else {
            return Err(not_found(path));
        }
        if found.size() == before {
            let text = match glob {
                Some(_) => format!("no manifest matches `{shown}`"),
                None => format!("there is no manifest in `{shown}`"),
            };
            return Err((text, of_sandbox(path, "name a .yaml file, or a folder with .yaml files")));
        }
    }
    // One name a file, however its folder is named.
    for file in &mut found.files {
        // The file of that name is not what `-` means.
        if let Ok(rest) = file.path.strip_prefix(".")
            && rest.as_os_str() != "-"
        {
            file.path = rest.to_owned();
        }
    }
    found.keep_first();
    Ok(found)
}

/// What a file has, as it is written there; `None` if it cannot be read or is not YAML.
pub(in crate::cli) fn tree(root: &Root, file: &Path) -> Option<YamlNode> {
    yaml::parse("", &root.read(file, MAX_FILE).ok()?).ok().map(|(tree, _)| tree)
}

/// The remedy for a path that may be meant for the folder of `--sandbox`.
fn of_sandbox(path: &Path, otherwise: &str) -> String {
    match follows("sandbox", path) {
        true => format!("if it is the folder of the sandbox, write `--sandbox={}`", path.display()),
        false => otherwise.to_owned(),
    }
}

/// The error about a path that leads nowhere, with its remedy.
fn not_found(path: &Path) -> (String, String) {
    if path == Path::new(DEFAULT) {
        let text = "no PATH is given, and there is no folder `pools`";
        let help = "name a manifest or a folder of manifests, or run `poolctl import`, which creates `pools`";
        return (text.to_owned(), help.to_owned());
    }
    let help = match path.extension().is_some_and(|extension| extension == "json") {
        true => "save a plan with `poolctl plan --save FILE`, then run `poolctl apply FILE`",
        false => "name a manifest or a folder of manifests",
    };
    (format!("`{}` not found", path.display()), of_sandbox(path, help))
}

impl Found {
    /// How many files and errors there are.
    fn size(&self) -> usize {
        let errors = self.findings.iter().filter(|finding| finding.severity == Severity::Error);
        self.files.len() + errors.count()
    }

    /// Keeps the first of several paths that lead to one file.
    fn keep_first(&mut self) {
        let mut first: HashMap<OsString, PathBuf> = HashMap::with_capacity(self.files.len());
        let Found { files, also, .. } = self;
        // Paths without links are the same if their bytes are.
        files.retain(|file| match first.entry(file.identity.as_os_str().to_owned()) {
            Entry::Vacant(entry) => {
                entry.insert(file.path.clone());
                true
            }
            Entry::Occupied(entry) => {
                also.entry(entry.get().clone()).or_default().push(file.path.clone());
                false
            }
        });
    }
}

/// Whether a path leads to anything.
pub(in crate::cli) fn finds(root: &Root, path: &Path) -> bool {
    files(root, &[path.to_owned()]).is_ok()
}

/// Searches what a pattern fits, as a folder is searched.
fn fitting(root: &Root, glob: &Glob, found: &mut Found) {
    let folder = glob.folder();
    if !folder.is_dir() {
        return;
    }
    let mut all = Found::default();
    search(root, &folder, &|folder| glob.leads_into(folder), &mut all);
    all.files.retain(|file| glob.fits(&file.path));
    found.files.append(&mut all.files);
    found.findings.append(&mut all.findings);
}

/// Whether a file is YAML by its name.
pub(in crate::cli) fn is_yaml(path: &Path) -> bool {
    let is = |extension: &OsStr| ["yaml", "yml"].iter().any(|yaml| extension.eq_ignore_ascii_case(yaml));
    path.extension().is_some_and(is)
}

/// Searches a folder and those within it that `leads_on` lets in. Links to folders are not followed, so that
/// this ends; each is a warning.
fn search(root: &Root, folder: &Path, leads_on: &dyn Fn(&Path) -> bool, found: &mut Found) {
    let root = root.searching(folder);
    let mut waiting = vec![FolderEntry { path: folder.to_owned(), identity: None, is_folder: true }];
    while let Some(FolderEntry { path, identity, is_folder }) = waiting.pop() {
        if is_folder && path != folder && !leads_on(&path) {
            continue;
        }
        if is_folder {
            match entries(&root, &path) {
                Ok(entries) => waiting.extend(entries),
                Err(error) => {
                    let help = "give this user permission to read it, or name the manifests as files";
                    let name = path.display().to_string();
                    found.findings.push(unreadable(&name, "folder", &error, help));
                }
            }
        } else if identity.is_none() && leads_on(&path) && path.is_dir() {
            let help = "name the folder that it leads to as a path of its own";
            let message =
                "a link to a folder, which a search does not follow: manifests in it are passed over";
            let name = path.display().to_string();
            found.findings.push(Diagnostic::of_file("linked-folder", &name, message).help(help).warning());
        } else if is_yaml(&path) {
            // What is no link itself leads nowhere else.
            let checked = if identity.is_none() { root.check(&path) } else { Ok(()) };
            match checked {
                Ok(()) => found.files.push(FoundFile::new(path, identity)),
                Err(error) => {
                    let (name, help) = (path.display().to_string(), "give this user permission to read it");
                    found.findings.push(unreadable(&name, "file", &error, help));
                }
            }
        }
    }
}

/// The entries of a folder except hidden ones and the project's own file, in descending order.
fn entries(root: &Root, folder: &Path) -> std::io::Result<Vec<FolderEntry>> {
    let mut entries = root.entries(folder)?;
    entries.retain(|entry| {
        let name = entry.path.file_name().unwrap_or_default().to_string_lossy();
        !name.starts_with('.') && !RESERVED.contains(&(&*name, false))
    });
    entries.sort_unstable_by(|a, b| b.path.file_name().cmp(&a.path.file_name()));
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_read_is_told_and_not_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("no-folder-any-more");
        let mut found = Found::default();
        search(&Root::default(), &path, &|_| true, &mut found);
        assert_eq!(found.findings[0].code, "unreadable");
        assert!(found.findings[0].help.is_some());
    }

    #[test]
    fn a_file_is_yaml_however_its_extension_is_cased() {
        for (name, is) in
            [("a.yaml", true), ("a.YML", true), ("a.Yaml", true), ("yaml", false), ("a.yaml~", false)]
        {
            assert_eq!(is_yaml(Path::new(name)), is, "{name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_folder_is_told_and_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (pools, shared) = (folder.path().join("pools"), folder.path().join("shared"));
        for at in [&pools, &shared] {
            std::fs::create_dir(at).unwrap();
            std::fs::write(at.join("a.yaml"), "").unwrap();
        }
        std::os::unix::fs::symlink(&shared, pools.join("shared")).unwrap();
        let found = files(&Root::default(), std::slice::from_ref(&pools)).unwrap();
        assert_eq!(found.files.len(), 1);
        let [finding] = &found.findings[..] else { panic!("{:?}", found.findings) };
        assert_eq!((&*finding.code, finding.severity), ("linked-folder", Severity::Warning));
        assert_eq!(finding.file(), pools.join("shared").to_str());
    }

    #[cfg(unix)]
    #[test]
    fn a_pattern_searches_as_a_folder_is_searched() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("deep/er")).unwrap();
        for file in ["a.yaml", "b.yml", "poolctl.yaml", ".hidden.yaml", "deep/c.yaml", "deep/er/d.yaml"] {
            std::fs::write(at(file), "").unwrap();
        }
        for link in ["one", "two", "deep/three"] {
            std::os::unix::fs::symlink(folder.path(), at(link)).unwrap();
        }
        let found = |pattern: &str| {
            let found = files(&Root::default(), &[at(pattern)]).unwrap().files;
            let names =
                found.iter().map(|file| file.path.strip_prefix(folder.path()).unwrap().display().to_string());
            names.collect::<Vec<_>>()
        };
        assert_eq!(found("*.yaml"), ["a.yaml"]);
        assert_eq!(found("**/*.yaml"), ["a.yaml", "deep/c.yaml", "deep/er/d.yaml"]);
        assert_eq!(found("d*"), ["deep/c.yaml", "deep/er/d.yaml"]);
        assert_eq!(found("*/*.yaml"), ["deep/c.yaml"]);
        let finds = |pattern: &str| finds(&Root::default(), &at(pattern));
        assert!(finds("*.yml") && !finds("x*") && !finds("none/*"));
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
        let found = files(&Root::default(), &[folder.path().to_owned()]).unwrap();
        let names: Vec<_> =
            found.files.iter().map(|file| file.path.strip_prefix(folder.path()).unwrap()).collect();
        assert_eq!(names, [Path::new("a.yml"), Path::new("inner/z.yaml")]);
        let told: Vec<&str> = found.findings.iter().map(|finding| &*finding.message).collect();
        let is_told = |part: &str| told.iter().any(|told| told.contains(part));
        assert!(
            is_told("inner/self.yaml` leads back to itself") && is_told("a link to a folder"),
            "{told:?}"
        );
    }
}
