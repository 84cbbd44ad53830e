//! The files, variables and secrets that manifests refer to.

use std::collections::{BTreeMap, HashMap};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::cli::args::InputArgs;
use crate::cli::world::frame::unreadable;
use crate::files::{self, MAX_FILE, Root};
use crate::manifest::yaml::{self, MAX_BYTES, Value};
use crate::manifest::{Beside, Diagnostic, File, Secret, Unavailable, Variable, is_name};

/// The variable that names the files of variables, and is no variable of a manifest.
const VAR_FILE: &str = "FILE";

/// How references such as `${secret:…}` are resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum SecretUse {
    /// Each must be there.
    Needed,
    /// A secret that is not set is skipped.
    IfThere,
    /// None is looked for: whatever one is part of is taken for sound.
    Withheld,
}

/// The disk and the environment, as far as manifests may see them.
pub(in crate::cli) struct Disk {
    /// The folder that manifests may refer into, and that links must not lead out of.
    root: Root,
    variables: HashMap<String, Variable>,
    secrets: SecretUse,
    /// The files that were read: many manifests extend the same ones.
    files: Mutex<ReadFiles>,
}

/// Files, each read once.
#[derive(Default)]
struct ReadFiles {
    /// By the folder of the file that refers to them, and the path as it is written there.
    referred: HashMap<PathBuf, HashMap<String, File>>,
    /// By their paths without links, each under every name that messages have for it.
    all: HashMap<Arc<Path>, Vec<File>>,
}

impl ReadFiles {
    fn referred(&self, folder: &Path, path: &str) -> Option<File> {
        self.referred.get(folder)?.get(path).cloned()
    }

    /// A file under the name that messages have for it; `None` if it has not been read.
    fn named(&mut self, name: &str, identity: &Path) -> Option<File> {
        let files = self.all.get_mut(identity)?;
        if let Some(file) = files.iter().find(|file| &*file.name == name) {
            return Some(file.clone());
        }
        let file = files.first()?.named(name);
        files.push(file.clone());
        Some(file)
    }

    /// Keeps what was read of a file, unless another thread has been faster.
    fn keep(&mut self, file: File) -> File {
        let known = self.named(&file.name, &file.identity);
        known.unwrap_or_else(|| {
            self.all.entry(Arc::clone(&file.identity)).or_default().push(file.clone());
            file
        })
    }
}

impl Disk {
    /// Reads the files of variables.
    ///
    /// # Errors
    /// With what is wrong with them, or with the root.
    pub(in crate::cli) fn new(inputs: &InputArgs, secrets: SecretUse) -> Result<Self, Vec<Diagnostic>> {
        if let Some(root) = inputs.root.as_ref().filter(|root| !root.is_dir()) {
            let lost = files::lost_link(root).map(|error| error.to_string());
            let message = lost.unwrap_or_else(|| "not a folder".to_owned());
            let error = Diagnostic::of_file("unreadable", &root.display().to_string(), message);
            return Err(vec![error.help("name a folder with `--root`")]);
        }
        let root = Root::of(inputs.root.as_deref()).remembering();
        let mut variables = HashMap::new();
        for file in &inputs.var_file {
            read_variables(&root, file, &mut variables)?;
        }
        for (name, value) in inputs.var.iter().cloned() {
            variables.insert(name, Variable { value, from: "--var".to_owned() });
        }
        Ok(Self { root, variables, secrets, files: Mutex::default() })
    }

    /// The files that manifests have referred to so far, without links.
    pub(in crate::cli) fn read_so_far(&self) -> Vec<PathBuf> {
        self.known().all.keys().map(|identity| identity.to_path_buf()).collect()
    }

    fn known(&self) -> MutexGuard<'_, ReadFiles> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The folder that links must not lead out of.
    pub(in crate::cli) fn root(&self) -> &Root {
        &self.root
    }

    /// The file's text and names, if it lies within the root.
    fn read(&self, folder: &Path, path: &str) -> Result<File, Unavailable> {
        if let Some(file) = self.known().referred(folder, path) {
            return Ok(file);
        }
        let miss = |message: String, help: &str| Unavailable { message, help: help.to_owned() };
        let real = self.root.leads_to(folder, Path::new(path));
        let name = self.shown(&folder.join(path), real.as_deref().ok());
        let unreadable = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound => miss(
                format!("file `{name}` not found"),
                "check the path: it is relative to the file that refers to it",
            ),
            _ => miss(
                format!("cannot read `{name}`: {error}"),
                &files::remedy(&error, "give this user permission to read it"),
            ),
        };
        let identity = real.map_err(unreadable)?;
        let root = self.root.folder(folder).map(|folder| self.root.above(&folder));
        if root.is_ok_and(|root| !identity.starts_with(root)) {
            identity.symlink_metadata().map_err(unreadable)?;
            let help = "move the file into the folder that has `.git` or `poolctl.yaml`, or name another folder with `--root`";
            return Err(miss(format!("`{path}` is outside of the folder that manifests may refer to"), help));
        }
        let known = self.known().named(&name, &identity);
        let file = match known {
            Some(file) => file,
            None => {
                let bytes = self.root.read_regular(&identity, MAX_BYTES as u64 + 1).map_err(unreadable)?;
                let bytes = bytes
                    .ok_or_else(|| miss(format!("`{name}` is not a regular file"), "name a regular file"))?;
                if bytes.len() > MAX_BYTES {
                    let message = format!("`{name}` is larger than {MAX_BYTES} bytes");
                    let help = "use a smaller file: no Cognito setting takes a value of that size";
                    return Err(miss(message, help));
                }
                self.known().keep(File::new(&name, identity, bytes.into()))
            }
        };
        let mut known = self.known();
        known.referred.entry(folder.to_owned()).or_default().insert(path.to_owned(), file.clone());
        Ok(file)
    }

    /// The name of a file for messages: its path without `.` and `..`, if that leads to the same file, `real`.
    fn shown(&self, path: &Path, real: Option<&Path>) -> String {
        let tidy = tidy(path);
        // Behind a link to a folder, `..` is somewhere else.
        let leads_back = || match (real, tidy.file_name()) {
            (Some(real), Some(name)) => {
                let folder = tidy.parent().unwrap_or(Path::new(""));
                self.root.leads_to(folder, Path::new(name)).is_ok_and(|tidy| tidy == real)
            }
            _ => tidy.canonicalize().ok() == path.canonicalize().ok(),
        };
        let has_climbed = path.components().any(|part| part == Component::ParentDir);
        let name = if !has_climbed || leads_back() { &tidy } else { path };
        // An empty path is the current folder.
        let name = if name.as_os_str().is_empty() { Path::new(".") } else { name };
        name.display().to_string()
    }
}

/// The folder of the file that is shown as `name`.
fn folder_of(name: &str) -> &Path {
    let folder = match name {
        "<stdin>" => Path::new(""),
        name => Path::new(name).parent().unwrap_or(Path::new("")),
    };
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

impl Beside for Disk {
    fn file(&self, from: &str, path: &str) -> Result<File, Unavailable> {
        self.read(folder_of(from), path)
    }

    fn identity(&self, from: &str, path: &str) -> Option<Arc<Path>> {
        self.root.leads_to(folder_of(from), Path::new(path)).ok().map(Arc::from)
    }

    fn variable(&self, name: &str) -> Option<Variable> {
        if let Some(variable) = self.variables.get(name) {
            return Some(variable.clone());
        }
        let variable = format!("POOLCTL_VAR_{name}");
        let value = std::env::var(&variable).ok().filter(|_| name != VAR_FILE)?;
        Some(Variable { value, from: format!("the environment variable {variable}") })
    }

    fn secret(&self, name: &str) -> Secret {
        if self.secrets == SecretUse::Withheld {
            return Secret::Withheld;
        }
        // Pipelines set a secret that they do not have to nothing.
        match std::env::var(format!("POOLCTL_SECRET_{name}")).ok().filter(|value| !value.is_empty()) {
            Some(value) => Secret::Value(value),
            None if self.secrets == SecretUse::IfThere => Secret::Withheld,
            None => Secret::Unset,
        }
    }
}

/// The disk as it will be once these files are written.
pub(in crate::cli) struct DiskAfter<'a> {
    pub(in crate::cli) disk: &'a Disk,
    /// The new contents, by the names that messages show.
    pub(in crate::cli) files: &'a BTreeMap<String, Vec<u8>>,
}

impl DiskAfter<'_> {
    /// The text of the file that is shown as `name`.
    pub(in crate::cli) fn text(&self, name: &str) -> Option<String> {
        match self.files.get(name) {
            Some(text) => String::from_utf8(text.clone()).ok(),
            None => self.disk.root.read_text(Path::new(name)).ok(),
        }
    }
}

impl Beside for DiskAfter<'_> {
    fn file(&self, from: &str, path: &str) -> Result<File, Unavailable> {
        let file = self.disk.file(from, path)?;
        match self.files.get(&*file.name) {
            Some(content) => {
                Ok(File::new(&file.name, file.identity.to_path_buf(), content.as_slice().into()))
            }
            None => Ok(file),
        }
    }

    fn identity(&self, from: &str, path: &str) -> Option<Arc<Path>> {
        self.disk.identity(from, path)
    }

    fn variable(&self, name: &str) -> Option<Variable> {
        self.disk.variable(name)
    }

    fn secret(&self, name: &str) -> Secret {
        self.disk.secret(name)
    }
}

/// The path without `.` and `..`.
fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if tidy.file_name().is_some() => drop(tidy.pop()),
            part => tidy.push(part),
        }
    }
    tidy
}

/// Reads `NAME: value` lines; a value is the text that stands there.
fn read_variables(
    root: &Root,
    path: &Path,
    variables: &mut HashMap<String, Variable>,
) -> Result<(), Vec<Diagnostic>> {
    let name = path.display().to_string();
    let is_file = path.metadata().map_or(true, |metadata| metadata.is_file());
    let read = match is_file {
        true => root.read(path, MAX_FILE),
        false => Err(std::io::Error::other("not a regular file")),
    };
    let bytes = read.map_err(|error| {
        vec![unreadable(&name, "file", &error, "name a YAML file of `NAME: value` lines")]
    })?;
    let (root, mut findings) = yaml::parse(&name, &bytes).map_err(|error| vec![*error])?;
    let help = "write `NAME: value` lines, such as `stage: prod`";
    let Value::Mapping(entries) = root.value else {
        let message = "a file of variables must be a mapping";
        return Err(vec![Diagnostic::error("variables", message, root.origin, "not a mapping").help(help)]);
    };
    for entry in entries {
        let Value::Scalar(scalar) = entry.value.value else {
            let message = format!("the variable `{}` must have one value", entry.key);
            let error = Diagnostic::error("variables", message, entry.value.origin, "not one value");
            error.help(help).add_to(&mut findings);
            continue;
        };
        if !is_name(&entry.key) {
            let message = format!("`{}` is not a variable name", entry.key);
            let help = "use letters, digits and `_`, and no digit at the beginning";
            let error = Diagnostic::error("variables", message, entry.origin, "not a name");
            error.help(help).add_to(&mut findings);
        } else if scalar.plain && scalar.text.is_empty() {
            let message = format!("the variable `{}` has no value", entry.key);
            let error = Diagnostic::error("variables", message, entry.origin, "no value");
            error.help("write `\"\"` for an empty string, or delete the line").add_to(&mut findings);
        } else {
            let value = Variable { value: scalar.text, from: entry.value.origin.to_string() };
            variables.insert(entry.key, value);
        }
    }
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::manifest::{Manifest, load_with};

    /// A checkout with a base, and a disk to read it with.
    fn checkout() -> (tempfile::TempDir, PathBuf, Disk) {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap();
        fs::create_dir_all(top.join(".git")).unwrap();
        fs::create_dir_all(top.join("pools/eu")).unwrap();
        let base = "version: 1\nsettings: { DeletionProtection: ACTIVE }\n";
        fs::write(top.join("pools/base.yaml"), base).unwrap();
        (folder, top, Disk::new(&InputArgs::default(), SecretUse::Withheld).unwrap())
    }

    fn extending(disk: &Disk, file: &Path, base: &str) -> Manifest {
        let text = format!("version: 1\npool: eu-west-1_a\nextends: {base}\n");
        load_with(&file.display().to_string(), text.as_bytes(), disk).unwrap()
    }

    #[test]
    fn manifests_share_the_text_of_the_base_that_they_extend() {
        let (_folder, top, disk) = checkout();
        let [a, b, c] = [("a.yaml", "base.yaml"), ("b.yaml", "./base.yaml"), ("eu/c.yaml", "../base.yaml")]
            .map(|(file, base)| extending(&disk, &top.join("pools").join(file), base));
        let source = |manifest: &Manifest| Arc::clone(&manifest.settings[0].origin.source);
        for other in [&b, &c] {
            assert_eq!(other.findings, []);
            assert!(Arc::ptr_eq(&source(&a), &source(other)), "{}", source(other).name);
        }
        assert_eq!(source(&a).name, top.join("pools/base.yaml").display().to_string());
    }

    #[test]
    fn a_file_under_two_names_is_read_once_and_keeps_both() {
        let (_folder, top, disk) = checkout();
        symlink("base.yaml", top.join("pools/alias.yaml")).unwrap();
        let from = top.join("pools/a.yaml").display().to_string();
        let [base, alias] = ["base.yaml", "alias.yaml"].map(|path| disk.file(&from, path).unwrap());
        assert!(Arc::ptr_eq(&base.bytes, &alias.bytes));
        assert_eq!(base.identity, alias.identity);
        assert!(base.name.ends_with("pools/base.yaml") && alias.name.ends_with("pools/alias.yaml"));
        assert_eq!(disk.read_so_far(), [top.join("pools/base.yaml")]);
    }

    #[test]
    fn a_path_that_climbs_is_tidied_only_if_it_leads_to_the_same_file() {
        let (_folder, top, disk) = checkout();
        fs::create_dir_all(top.join("far/away")).unwrap();
        fs::write(top.join("far/base.yaml"), "version: 1\n").unwrap();
        symlink("../far/away", top.join("pools/link")).unwrap();
        let from = top.join("pools/a.yaml").display().to_string();
        let name = |path: &str| disk.file(&from, path).unwrap().name;
        let shown = |path: &str| top.join("pools").join(path).display().to_string();
        assert_eq!(*name("eu/../base.yaml"), shown("base.yaml"));
        assert_eq!(*name("link/../base.yaml"), shown("link/../base.yaml"));
    }
}
