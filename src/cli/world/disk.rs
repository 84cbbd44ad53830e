//! The files, variables and secrets that manifests refer to.

use std::collections::{BTreeMap, HashMap};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

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
    files: Mutex<HashMap<PathBuf, File>>,
}

impl Disk {
    /// Reads the files of variables.
    ///
    /// # Errors
    /// With what is wrong with them, or with the root.
    pub(in crate::cli) fn new(inputs: &InputArgs, secrets: SecretUse) -> Result<Self, Vec<Diagnostic>> {
        if let Some(root) = inputs.root.as_ref().filter(|root| !root.is_dir()) {
            let error = Diagnostic::of_file("unreadable", &root.display().to_string(), "not a folder");
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
        self.files.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    /// The folder that links must not lead out of.
    pub(in crate::cli) fn root(&self) -> &Root {
        &self.root
    }

    /// The file's text and names, if it lies within the root.
    fn read(&self, folder: &Path, path: &str) -> Result<File, Unavailable> {
        let miss = |message: String, help: &str| Unavailable { message, help: help.to_owned() };
        let joined = folder.join(path);
        let shown = tidy(&joined);
        let name = shown.display().to_string();
        let outside = || {
            let help = "move the file into the folder that has `.git` or `poolctl.yaml`, or name another folder with `--root`";
            miss(format!("`{path}` is outside of the folder that manifests may refer to"), help)
        };
        let unreadable = |error: std::io::Error| {
            miss(
                format!("cannot read `{name}`: {error}"),
                &files::remedy(&error, "give this user permission to read it"),
            )
        };
        self.root.check(&joined).map_err(unreadable)?;
        let root = self.root.above(&folder.canonicalize().map_err(|_| outside())?);
        let identity = joined.canonicalize().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => miss(
                format!("file `{name}` not found"),
                "check the path: it is relative to the file that refers to it",
            ),
            _ => unreadable(error),
        })?;
        if !identity.starts_with(&root) {
            return Err(outside());
        }
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = files.get(&identity) {
            return Ok(File { name, ..file.clone() });
        }
        if !identity.is_file() {
            return Err(miss(format!("`{name}` is not a regular file"), "name a regular file"));
        }
        let bytes = self.root.read_start(&identity, MAX_BYTES as u64 + 1).map_err(unreadable)?;
        if bytes.len() > MAX_BYTES {
            let message = format!("`{name}` is larger than {MAX_BYTES} bytes");
            return Err(miss(message, "use a smaller file: no Cognito setting takes a value of that size"));
        }
        let file = File { name, identity: identity.clone(), bytes: bytes.into() };
        files.insert(identity, file.clone());
        Ok(file)
    }
}

impl Beside for Disk {
    fn file(&self, from: &str, path: &str) -> Result<File, Unavailable> {
        let folder = match from {
            "<stdin>" => Path::new(""),
            from => Path::new(from).parent().unwrap_or(Path::new("")),
        };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        self.read(folder, path)
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
        match self.files.get(&file.name) {
            Some(content) => Ok(File { bytes: content.as_slice().into(), ..file }),
            None => Ok(file),
        }
    }

    fn variable(&self, name: &str) -> Option<Variable> {
        self.disk.variable(name)
    }

    fn secret(&self, name: &str) -> Secret {
        self.disk.secret(name)
    }
}

/// The path without `..` components, if that is the same file.
fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if tidy.file_name().is_some() => drop(tidy.pop()),
            part => tidy.push(part),
        }
    }
    // Behind a link to a folder, `..` is somewhere else.
    let is_same = tidy.canonicalize().ok() == path.canonicalize().ok();
    if is_same { tidy } else { path.to_owned() }
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
