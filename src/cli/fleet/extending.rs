//! The manifests near a file that extend it.

use std::path::{Path, PathBuf};

use crate::cli::fleet::search;
use crate::files::Root;
use crate::manifest::yaml::{Value, YamlNode};

/// The files in the folder of `base`, and in those within it, that extend it, directly or not, and that name a pool.
pub(in crate::cli) fn manifests(root: &Root, base: &Path) -> Vec<PathBuf> {
    let Some(folder) = base.parent().filter(|_| search::is_yaml(base)) else { return Vec::new() };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let found = search::files(root, &[folder.to_owned()]).map(|found| found.files).unwrap_or_default();
    let files: Vec<Extending> = found.iter().filter_map(|file| Extending::read(root, file)).collect();
    let mut extended: Vec<&Path> =
        Vec::from_iter(found.iter().find(|file| file.path == base).map(|file| &*file.identity));
    let mut at = 0;
    while let Some(base) = extended.get(at).copied() {
        let more = files.iter().filter(|file| file.extends.iter().any(|other| other == base));
        for file in more.map(|file| file.identity) {
            if !extended.contains(&file) {
                extended.push(file);
            }
        }
        at += 1;
    }
    let is_one = |file: &&Extending| file.has_pool && extended.contains(&file.identity);
    files.iter().filter(is_one).map(|file| file.path.to_owned()).collect()
}

/// A file, and the files that it extends.
struct Extending<'a> {
    path: &'a Path,
    /// Its path without links. The paths in `extends` have none either.
    identity: &'a Path,
    extends: Vec<PathBuf>,
    has_pool: bool,
}

impl<'a> Extending<'a> {
    fn read(root: &Root, file: &'a search::FoundFile) -> Option<Self> {
        let tree = search::tree(root, &file.path)?;
        let nodes = match tree.member("extends") {
            Some(YamlNode { value: Value::Sequence(nodes), .. }) => nodes.iter().collect(),
            one => Vec::from_iter(one),
        };
        let folder = file.path.parent()?;
        let real = |node: &YamlNode| folder.join(&node.scalar()?.text).canonicalize().ok();
        let extends = nodes.into_iter().filter_map(real).collect();
        let has_pool = tree.member("pool").or(tree.member("create")).is_some();
        Some(Self { path: &file.path, identity: &file.identity, extends, has_pool })
    }
}
