//! `require` in `poolctl.yaml`: the rules of the house, and the files that they are in.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::cli::world::frame::{is_inside, unreadable};
use crate::files::Root;
use crate::manifest::yaml::{self, MAX_BYTES, Value, YamlNode};
use crate::manifest::{Diagnostic, Origin};
use crate::rules::house::{self, HouseRule};

/// The key of poolctl.yaml with the rules.
pub(in crate::cli) const KEY: &str = "require";

/// What the file says below `require`, before it is read with the catalogue.
pub(in crate::cli) struct Required {
    /// The value.
    pub(in crate::cli) node: YamlNode,
    /// The folder of the file, as messages name it.
    pub(in crate::cli) folder: PathBuf,
}

impl Required {
    /// The rules.
    ///
    /// # Errors
    /// With everything that is wrong with them.
    pub(in crate::cli) fn rules(self, catalogue: &Catalogue) -> Result<Arc<[HouseRule]>, Vec<Diagnostic>> {
        let Self { node, folder } = self;
        house::read(catalogue, node, &|file, origin| included(&folder, file, origin)).map(Arc::from)
    }
}

/// What a poolctl.yaml has below `require`; `None` if it has no such key.
///
/// # Errors
/// If it is not YAML.
pub(in crate::cli) fn within(name: &str, bytes: &[u8]) -> Result<Option<YamlNode>, Vec<Diagnostic>> {
    let root = match yaml::parse(name, bytes) {
        Ok((root, _)) => root,
        // A file without a word only marks the root.
        Err(error) if error.code == "empty" => return Ok(None),
        Err(error) => return Err(vec![*error]),
    };
    let Value::Mapping(entries) = root.value else { return Ok(None) };
    Ok(entries.into_iter().find(|entry| entry.key == KEY).map(|entry| entry.value))
}

/// The YAML of a file of rules, which lies in the folder of poolctl.yaml.
fn included(folder: &Path, file: &str, origin: &Origin) -> Result<YamlNode, Box<Diagnostic>> {
    let wrong = |message: String, help: &str| {
        Box::new(Diagnostic::error("frame", message, origin.clone(), "this file").help(help))
    };
    if !is_inside(folder, file) {
        let message = format!("`{file}` is outside of the folder of poolctl.yaml");
        return Err(wrong(message, "name a file in that folder"));
    }
    let path = folder.join(file);
    let name = path.display().to_string();
    if !path.is_file() {
        let help = "check the path: it is relative to poolctl.yaml";
        return Err(wrong(format!("`{file}` is not a file"), help));
    }
    let bytes = Root::default().read(&path, MAX_BYTES as u64).map_err(|error| {
        Box::new(unreadable(&name, "file", &error, "give this user permission to read it"))
    })?;
    match yaml::parse(&name, &bytes) {
        Ok((root, findings)) => findings.into_iter().next().map_or(Ok(root), |wrong| Err(Box::new(wrong))),
        Err(error) => Err(error),
    }
}
