//! The secret values of a backup, in a second file, so that others can be given the backup.

use std::path::{Path as FsPath, PathBuf};

use serde::{Deserialize, Serialize};

use crate::document::saved::WITHHELD;
use crate::document::{Document, Json, Path, Seg};

/// The ending of the file's name.
const ENDING: &str = ".secrets.json";
/// The member with the version of the format, which no other document has.
pub(super) const VERSION: &str = "secrets_version";
/// The version of the format.
const FORMAT: &str = "1";

/// The values that a backup has [`WITHHELD`] for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SecretFile {
    /// The version of this format.
    pub(super) secrets_version: String,
    /// The pool's id.
    pub(super) pool: String,
    /// The values.
    pub(super) values: Vec<SecretValue>,
}

/// One value of a backup.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SecretValue {
    /// The member of the backup that has the document: `UserPool`, `MfaConfig`, or the key of a branch.
    pub(super) document: String,
    /// Where the document has it.
    path: String,
    value: Json,
}

impl SecretFile {
    pub(super) fn new(pool: &str, values: &[SecretValue]) -> Self {
        Self { secrets_version: FORMAT.to_owned(), pool: pool.to_owned(), values: values.to_vec() }
    }

    /// Whether this version of poolctl wrote it, for this pool.
    pub(super) fn is_of(&self, pool: &str) -> bool {
        self.secrets_version == FORMAT && self.pool == pool
    }
}

impl SecretValue {
    /// The values that are withheld in one of two documents that are otherwise the same.
    pub(super) fn between<'a>(
        name: &'a str,
        whole: &'a Document,
        shared: &'a Document,
    ) -> impl Iterator<Item = Self> + 'a {
        let mut found = Vec::new();
        for (member, value) in shared.members() {
            if let Some(whole) = whole.get(member) {
                collect(&Path::members([member]), whole, value, &mut found);
            }
        }
        let value =
            |(path, value): (Path, Json)| Self { document: name.to_owned(), path: path.to_string(), value };
        found.into_iter().map(value)
    }

    /// Puts the value back in the place that lacks it.
    pub(super) fn put_into(&self, document: &mut Document) {
        if let Ok(path) = self.path.parse::<Path>()
            && document.at(&path).is_some_and(|value| *value == WITHHELD)
        {
            document.set(&path, self.value.clone());
        }
    }
}

fn collect(at: &Path, whole: &Json, shared: &Json, found: &mut Vec<(Path, Json)>) {
    match (whole, shared) {
        (_, shared) if *shared == WITHHELD && whole != shared => found.push((at.clone(), whole.clone())),
        (Json::Object(whole), Json::Object(shared)) => {
            let both = shared.iter().filter_map(|(name, value)| Some((name, whole.get(name)?, value)));
            both.for_each(|(name, whole, shared)| collect(&at.member(name), whole, shared, found));
        }
        (Json::Array(whole), Json::Array(shared)) => {
            let both = whole.iter().zip(shared).enumerate();
            both.for_each(|(nth, (whole, shared))| {
                collect(&at.join(Seg::Index(nth)), whole, shared, found);
            });
        }
        _ => {}
    }
}

/// The file with the secret values of a backup.
pub(super) fn file_of(backup: &FsPath) -> PathBuf {
    backup.with_extension(ENDING.trim_start_matches('.'))
}

/// The backup whose secret values are in a file, if it is named like one with such values.
pub(super) fn backup_of(file: &FsPath) -> Option<PathBuf> {
    let name = file.file_name()?.to_str()?.strip_suffix(ENDING)?;
    Some(file.with_file_name(format!("{name}.json")))
}
