//! The rules of the house as a baseline has them.

use std::path::Path;
use std::sync::Arc;

use super::tree::Tree;
use crate::catalogue::Catalogue;
use crate::cli::world::config::NAME;
use crate::cli::world::frame::unreadable;
use crate::cli::world::require::{self, Required};
use crate::files::{MAX_FILE, Root, marked_above};
use crate::manifest::{Diagnostic, File, Unavailable, yaml};
use crate::rules::house::{self, HouseRule};

/// The rules, or everything that is wrong with them.
pub(super) type Rules = Result<Arc<[HouseRule]>, Vec<Diagnostic>>;

/// The rules in the poolctl.yaml of a tree.
pub(super) fn of_tree(catalogue: &Catalogue, tree: &Tree) -> Rules {
    let Some(project) = tree.project() else { return Ok(Arc::default()) };
    let read = |name: &str| -> Result<File, Box<Diagnostic>> {
        let unread =
            |miss: Unavailable| Diagnostic::of_file("unreadable", name, miss.message).help(miss.help);
        tree.read(name).map_err(|miss| Box::new(unread(miss)))
    };
    let file = read(&project).map_err(|error| vec![*error])?;
    let Some(node) = require::within(&project, &file.bytes)? else { return Ok(Arc::default()) };
    let included = |file: &str, _: &_| {
        let name = tree.beside(&project, file);
        let file = read(&name)?;
        yaml::parse(&name, &file.bytes).map(|(root, _)| root)
    };
    house::read(catalogue, node, &included).map(Arc::from)
}

/// The rules of the project that a folder is in.
pub(super) fn of_folder(catalogue: &Catalogue, folder: &Path) -> Rules {
    let full = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let Some(root) = marked_above(&full) else { return Ok(Arc::default()) };
    let root = if root == full { folder } else { root };
    let file = root.join(NAME);
    if file.is_symlink() || !file.is_file() {
        return Ok(Arc::default());
    }
    let name = file.display().to_string();
    let bytes = Root::default().read(&file, MAX_FILE);
    let bytes = bytes.map_err(|error| vec![unreadable(&name, "file", &error, "make it readable")])?;
    match require::within(&name, &bytes)? {
        Some(node) => Required { node, folder: root.to_owned() }.rules(catalogue),
        None => Ok(Arc::default()),
    }
}
