//! Saved documents, as the AWS CLI prints them.

use std::path::{Path, PathBuf};

use crate::document::{Json, Object, Snapshot, json};
use crate::files::{self, MAX_FILE, Root};

use super::error::{Error, Kind, root_cause};
use super::read::Listed;

/// A folder with the documents of pools: `<pool-id>.json` is what `describe-user-pool` prints, with
/// a member `MfaConfig` beside `UserPool`, or a file `<pool-id>.mfa.json`, for what
/// `get-user-pool-mfa-config` prints.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    dir: PathBuf,
    root: Root,
}

impl Folder {
    pub(super) fn new(dir: PathBuf, root: Root) -> Self {
        Self { dir, root }
    }

    /// The ids of the pools that have a document here, in alphabetical order.
    pub(super) fn pools(&self) -> Result<Vec<Listed>, Error> {
        let mut ids = Vec::new();
        for path in self.root.list(&self.dir).map_err(|error| unreadable(&self.dir, &error))? {
            let name = path.file_name().and_then(|name| name.to_str());
            let id = name.and_then(|name| name.strip_suffix(".json"));
            // Other files may lie there too; an id has a Region, `_` and a word.
            ids.extend(id.filter(|id| id.contains('_') && self.file(id, "json").is_ok()).map(str::to_owned));
        }
        ids.sort();
        Ok(ids.into_iter().map(|id| Listed { id, name: None }).collect())
    }

    /// The `UserPool` object.
    pub(super) fn pool(&self, id: &str) -> Result<Object, Error> {
        let path = self.file(id, "json")?;
        let mut document = read(&self.root, &path)?.ok_or_else(|| missing(&path, id))?;
        let Some(Json::Object(pool)) = document.shift_remove("UserPool") else {
            return Err(wrong(&path, "has no object `UserPool`").with_help(how_to_make(&path, id)));
        };
        match pool.get("Id").and_then(Json::as_str) {
            Some(other) if other != id => Err(wrong(&path, &format!("describes the pool {other}, not {id}"))),
            _ => Ok(pool),
        }
    }

    /// The MFA document; nothing where none was saved.
    pub(super) fn mfa(&self, id: &str) -> Result<Option<Object>, Error> {
        if let Some(document) = read(&self.root, &self.file(id, "mfa.json")?)? {
            return Ok(Some(document));
        }
        let path = self.file(id, "json")?;
        match read(&self.root, &path)?.and_then(|mut document| document.shift_remove("MfaConfig")) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::Object(mfa)) => Ok(Some(mfa)),
            Some(_) => Err(wrong(&path, "has a `MfaConfig` that is no object")),
        }
    }

    /// Where the document of a pool lies. An id never leads out of the folder.
    fn file(&self, id: &str, ending: &str) -> Result<PathBuf, Error> {
        let plain = id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        if id.is_empty() || !plain {
            return Err(Error::new(Kind::Document, format!("`{}` is not a pool id", id.escape_debug())));
        }
        Ok(self.dir.join(format!("{id}.{ending}")))
    }
}

/// A pool from a file of any name that holds what `describe-user-pool` prints. What
/// `get-user-pool-mfa-config` prints is in `mfa`, if given; otherwise it may stand beside the file in one
/// that ends in `.mfa.json`, or in the same file as the member `MfaConfig`.
///
/// # Errors
/// A file that is missing or is no such document.
pub fn saved(root: &Root, file: &Path, mfa: Option<&Path>) -> Result<Snapshot, Error> {
    let help =
        format!("make it with `aws cognito-idp describe-user-pool --user-pool-id ID > {}`", file.display());
    let missing = || wrong(file, "is missing").with_help(help.clone());
    let mut document = read(root, file)?.ok_or_else(missing)?;
    let Some(Json::Object(pool)) = document.shift_remove("UserPool") else {
        return Err(wrong(file, "has no object `UserPool`").with_help(help));
    };
    let apart = match mfa {
        Some(mfa) => Some(read(root, mfa)?.ok_or_else(|| wrong(mfa, "is missing"))?),
        None => read(root, &file.with_extension("mfa.json"))?,
    };
    let mfa = match (apart, document.shift_remove("MfaConfig")) {
        (Some(mfa), _) | (None, Some(Json::Object(mfa))) => Some(mfa),
        (None, None | Some(Json::Null)) => None,
        (None, Some(_)) => return Err(wrong(file, "has a `MfaConfig` that is no object")),
    };
    Ok(Snapshot { pool, mfa })
}

fn read(root: &Root, path: &Path) -> Result<Option<Object>, Error> {
    let bytes = match root.read(path, MAX_FILE) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(path, &error)),
    };
    match json::parse(&bytes) {
        Ok(Json::Object(object)) => Ok(Some(object)),
        Ok(_) => Err(wrong(path, "is JSON, but no object")),
        Err(error) => Err(wrong(path, &error.to_string())),
    }
}

fn wrong(path: &Path, what: &str) -> Error {
    Error::new(Kind::Document, format!("{} {what}", path.display()))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    wrong(path, &format!("cannot be read: {}", root_cause(error)))
        .with_help(files::remedy(error, "let this user read it"))
}

fn missing(path: &Path, id: &str) -> Error {
    wrong(path, &format!("is missing: it should describe the pool {id}")).with_help(how_to_make(path, id))
}

fn how_to_make(path: &Path, id: &str) -> String {
    format!("make it with `aws cognito-idp describe-user-pool --user-pool-id {id} > {}`", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ID: &str = "eu-west-1_A1";

    fn folder(files: &[(&str, &str)]) -> (tempfile::TempDir, Folder) {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        let folder = Folder::new(dir.path().to_owned(), Root::default());
        (dir, folder)
    }

    #[test]
    fn what_the_cli_prints_is_read_to_the_last_digit() {
        let describe = r#"{"UserPool": {"Id": "eu-west-1_A1", "New": {"Big": 12345678901234567890123}}}"#;
        let (_dir, folder) = folder(&[("eu-west-1_A1.json", describe)]);
        let pool = folder.pool(ID).unwrap();
        assert_eq!(
            Json::Object(pool).to_string(),
            r#"{"Id":"eu-west-1_A1","New":{"Big":12345678901234567890123}}"#
        );
        assert_eq!(folder.mfa(ID), Ok(None));
    }

    #[test]
    fn the_mfa_document_stands_beside_the_pool_or_in_a_file_of_its_own() {
        let both = r#"{"UserPool": {}, "MfaConfig": {"MfaConfiguration": "OFF"}}"#;
        let (dir, folder) = folder(&[("eu-west-1_A1.json", both)]);
        assert_eq!(folder.mfa(ID).unwrap().map(Json::Object), Some(json!({"MfaConfiguration": "OFF"})));

        std::fs::write(dir.path().join("eu-west-1_A1.mfa.json"), r#"{"MfaConfiguration": "ON"}"#).unwrap();
        assert_eq!(folder.mfa(ID).unwrap().map(Json::Object), Some(json!({"MfaConfiguration": "ON"})));
    }

    #[test]
    fn a_saved_pool_may_lie_in_any_file() {
        let (dir, folder) = folder(&[
            ("pool.json", r#"{"UserPool": {"Id": "eu-west-1_A1"}, "MfaConfig": {"From": "it"}}"#),
            ("other.json", r#"{"From": "other"}"#),
            ("eu-west-1_B2.json", "{}"),
            ("eu-west-1_A1.json", "{}"),
            ("eu-west-1_A1.mfa.json", "{}"),
            ("notes.txt", ""),
        ]);
        let path = |name: &str| dir.path().join(name);
        let mfa = |other: Option<&Path>| {
            saved(&Root::default(), &path("pool.json"), other).unwrap().mfa.map(Json::Object)
        };
        assert_eq!(mfa(None), Some(json!({"From": "it"})));
        assert_eq!(mfa(Some(&path("other.json"))), Some(json!({"From": "other"})));
        std::fs::write(path("pool.mfa.json"), r#"{"From": "beside"}"#).unwrap();
        assert_eq!(mfa(None), Some(json!({"From": "beside"})));
        let error = saved(&Root::default(), &path("other.json"), None).unwrap_err().to_string();
        assert!(error.ends_with("other.json has no object `UserPool`"), "{error}");
        let ids: Vec<String> = folder.pools().unwrap().into_iter().map(|pool| pool.id).collect();
        assert_eq!(ids, ["eu-west-1_A1", "eu-west-1_B2"]);
    }

    #[test]
    fn a_missing_file_is_named_with_the_command_that_makes_it() {
        let (dir, folder) = folder(&[]);
        let error = folder.pool(ID).unwrap_err();
        let file = dir.path().join("eu-west-1_A1.json");
        assert_eq!(
            error.to_string(),
            format!("{} is missing: it should describe the pool eu-west-1_A1", file.display())
        );
        assert_eq!(
            error.help().unwrap(),
            format!(
                "make it with `aws cognito-idp describe-user-pool --user-pool-id eu-west-1_A1 > {}`",
                file.display()
            )
        );
        assert_eq!(folder.mfa(ID), Ok(None));
    }

    #[test]
    fn a_file_that_is_no_document_says_what_is_wrong_with_it() {
        for (text, expected) in [
            ("{\"UserPool\": {", "is not JSON: EOF while parsing"),
            ("[]", "is JSON, but no object"),
            (r#"{"Id": "eu-west-1_A1"}"#, "has no object `UserPool`"),
            (r#"{"UserPool": {"Id": "eu-west-1_B2"}}"#, "describes the pool eu-west-1_B2, not eu-west-1_A1"),
        ] {
            let (_dir, folder) = folder(&[("eu-west-1_A1.json", text)]);
            let line = folder.pool(ID).unwrap_err().to_string();
            assert!(line.contains(expected), "{line}");
        }
    }

    #[test]
    fn an_id_does_not_lead_out_of_the_folder() {
        let (_dir, folder) = folder(&[]);
        assert_eq!(folder.pool("../x").unwrap_err().to_string(), "`../x` is not a pool id");
    }
}
