//! The inputs of a manifest outside of its own file: other files, variables, secrets.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::Origin;
use super::unavailable::Unavailable;
use super::yaml::{self, Parsed};

/// The only access of a manifest to inputs outside of its file.
pub trait Beside {
    /// The file at `path`, relative to the folder of the file that is shown as `from`.
    ///
    /// # Errors
    /// When there is no such file, or it must not be read.
    fn file(&self, from: &str, path: &str) -> Result<File, Unavailable>;

    /// The same file's path without links; `None` if the file is unavailable.
    fn identity(&self, from: &str, path: &str) -> Option<Arc<Path>> {
        self.file(from, path).ok().map(|file| file.identity)
    }

    /// The value of a variable; `None` if it is not set.
    fn variable(&self, name: &str) -> Option<Variable>;

    /// The value of a secret.
    fn secret(&self, name: &str) -> Secret;
}

/// A file beside a manifest. Copies share its bytes and its tree.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path as messages show it.
    pub name: Arc<str>,
    /// Its path without links: the same for the same file, however it is named.
    pub identity: Arc<Path>,
    /// What it holds.
    pub bytes: Arc<[u8]>,
    /// The bytes as YAML, once a manifest has extended the file.
    tree: Arc<OnceLock<Parsed>>,
}

impl File {
    /// A file with these bytes.
    pub fn new(name: &str, identity: PathBuf, bytes: Arc<[u8]>) -> Self {
        Self { name: name.into(), identity: identity.into(), bytes, tree: Arc::default() }
    }

    /// The same file, as messages of another reference to it show it.
    #[must_use]
    pub fn named(&self, name: &str) -> Self {
        Self { name: name.into(), tree: Arc::default(), ..self.clone() }
    }

    /// The file as YAML, parsed once for all manifests.
    pub(super) fn tree(&self) -> &Parsed {
        self.tree.get_or_init(|| yaml::parse(&self.name, &self.bytes))
    }
}

/// A variable's value, and who gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The value.
    pub value: String,
    /// Who gives it, as `--var`.
    pub from: String,
}

/// A secret, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secret {
    /// Its value.
    Value(String),
    /// Nobody gives it.
    Unset,
    /// It is not looked for: what it is part of is taken for sound.
    Withheld,
}

/// No inputs: no file, no variable and no secret.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

impl Beside for Nothing {
    fn file(&self, _: &str, path: &str) -> Result<File, Unavailable> {
        let message = format!("cannot read `{path}`: the manifest was not read from a folder");
        Err(Unavailable { message, help: "name the manifest as a file".to_owned() })
    }

    fn variable(&self, _: &str) -> Option<Variable> {
        None
    }

    fn secret(&self, _: &str) -> Secret {
        Secret::Unset
    }
}

/// A variable that nobody gives, and whose default is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// The variable.
    pub name: String,
    /// The default.
    pub value: String,
    /// Where the manifest has it.
    pub origin: Origin,
}
