//! From the paths of a command line to the files that they lead to.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};

use crate::cli::fleet::globs::Glob;
use crate::cli::world::config;
use crate::cli::world::frame::unreadable;
use crate::files::Root;
use crate::manifest::Diagnostic;

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
    pub(in crate::cli) files: Vec<PathBuf>,
    /// Each file's path without links.
    pub(in crate::cli) identities: Vec<PathBuf>,
    /// The other names of files that have several.
    pub(in crate::cli) also: HashMap<PathBuf, Vec<PathBuf>>,
    /// The folders that cannot be read: a manifest in one must not be passed over.
    pub(in crate::cli) findings: Vec<Diagnostic>,
}

/// The files that the paths name, folders searched for `*.yaml` and `*.yml`, in alphabetical order.
///
/// The error is what is wrong with the command line, and what to do.
pub(in crate::cli) fn files(root: &Root, paths: &[PathBuf]) -> Result<Found, (String, &'static str)> {
    let mut found = Found::default();
    for path in paths {
        let before = found.files.len() + found.findings.len();
        let shown = path.display();
        let glob = Glob::of(path).map_err(|text| (text, "write a pattern such as 'pools/*/prod.yaml'"))?;
        if let Some(glob) = &glob {
            fitting(root, glob, &mut found);
        } else if path.is_dir() {
            search(root, path, &|_| true, &mut found);
        } else if path.as_os_str() == "-" || path.is_file() {
            found.files.push(path.clone());
        } else if path.exists() {
            let help = "name a manifest or a folder of manifests; to read from a pipe, name `-`";
            return Err((format!("`{shown}` is not a regular file"), help));
        } else {
            if path == Path::new(DEFAULT) {
                let text = "no PATH is given, and there is no folder `pools`";
                let help = "name a manifest or a folder of manifests, or run `poolctl import`, which creates `pools`";
                return Err((text.to_owned(), help));
            }
            let help = match path.extension().is_some_and(|extension| extension == "json") {
                true => "save a plan with `poolctl plan --save FILE`, then run `poolctl apply FILE`",
                false => "name a manifest or a folder of manifests",
            };
            return Err((format!("`{shown}` not found"), help));
        }
        if found.files.len() + found.findings.len() == before {
            let text = match glob {
                Some(_) => format!("no manifest matches `{shown}`"),
                None => format!("there is no manifest in `{shown}`"),
            };
            return Err((text, "name a .yaml file, or a folder with .yaml files"));
        }
    }
    // One name a file, however its folder is named.
    for file in &mut found.files {
        // The file of that name is not what `-` means.
        if let Ok(rest) = file.strip_prefix(".")
            && rest.as_os_str() != "-"
        {
            *file = rest.to_owned();
        }
    }
    let mut first: HashMap<PathBuf, PathBuf> = HashMap::new();
    let Found { files, identities, also, .. } = &mut found;
    files.retain(|file| match first.entry(file.canonicalize().unwrap_or_else(|_| file.clone())) {
        Entry::Vacant(entry) => {
            identities.push(entry.key().clone());
            entry.insert(file.clone());
            true
        }
        Entry::Occupied(entry) => {
            also.entry(entry.get().clone()).or_default().push(file.clone());
            false
        }
    });
    Ok(found)
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
    all.files.retain(|file| glob.fits(file));
    found.files.append(&mut all.files);
    found.findings.append(&mut all.findings);
}

/// Whether a file is YAML by its name.
pub(in crate::cli) fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

/// Searches a folder and those within it that `leads_on` lets in. Links to folders are not followed, so that
/// this ends.
fn search(root: &Root, folder: &Path, leads_on: &dyn Fn(&Path) -> bool, found: &mut Found) {
    let root = root.searching(folder);
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        let is_folder = path == folder || path.is_dir() && !path.is_symlink();
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
        } else if is_yaml(&path) {
            match root.check(&path) {
                Ok(()) => found.files.push(path),
                Err(error) => {
                    let (name, help) = (path.display().to_string(), "give this user permission to read it");
                    found.findings.push(unreadable(&name, "file", &error, help));
                }
            }
        }
    }
}

/// The entries of a folder except hidden ones and the project's own file, in descending order.
fn entries(root: &Root, folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = root.list(folder)?;
    paths.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        !name.starts_with('.') && !RESERVED.contains(&(&*name, false))
    });
    paths.sort_by(|a, b| b.cmp(a));
    Ok(paths)
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
                found.iter().map(|file| file.strip_prefix(folder.path()).unwrap().display().to_string());
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
            found.files.iter().map(|file| file.strip_prefix(folder.path()).unwrap()).collect();
        assert_eq!(names, [Path::new("a.yml"), Path::new("inner/self.yaml"), Path::new("inner/z.yaml")]);
    }
}
