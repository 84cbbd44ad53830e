//! Documents of pools in files: what the AWS CLI and the SDKs print, and the requests that the CLI takes.

use std::path::{Path, PathBuf};

use crate::catalogue::{POOL_ID, Reading, Resource};
use crate::document::saved::{self, Misfit, Saved};
use crate::document::{Document, DocumentId, Json, Snapshot, quoted};
use crate::files::{self, MAX_FILE, Root};
use crate::manifest;

use super::error::{CallError, ErrorKind};
use super::listed::Listed;

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
        Self { dir, root: root.remembering() }
    }

    /// The ids of the pools that have a document here, in alphabetical order.
    pub(super) fn pools(&self) -> Result<Vec<Listed>, CallError> {
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

    /// The documents of a resource; empty if it is beside the pool and was not saved.
    pub(super) fn read(
        &self,
        reading: &Reading,
        id: &str,
    ) -> Result<Vec<(DocumentId, Option<Document>)>, CallError> {
        let document = self.document(reading.resource, id)?;
        let file = self.file(id, &format!("{}.json", reading.resource.document.name()))?;
        listed(reading, document, &file, id)
    }

    /// The document of a resource; of one with labels, its list. `None` if it is one beside the pool, and was not
    /// saved.
    fn document(&self, resource: &Resource, id: &str) -> Result<Option<Document>, CallError> {
        match resource.branch {
            Some(name) => {
                let pool = self.file(id, "json")?;
                let beside = || {
                    let beside =
                        read(&self.root, &pool, &Misfit::NoPool)?.ok_or_else(|| missing(&pool, id))?;
                    Ok(kept(resource, &beside))
                };
                branch(&self.root, resource, &self.file(id, &format!("{name}.json"))?, beside, id)
            }
            None if resource.document == DocumentId::POOL => Ok(Some(self.snapshot(id)?.pool().clone())),
            None => self.mfa(id),
        }
    }

    /// That the document of a branch was not saved.
    pub(super) fn missing(&self, resource: &Resource, id: &str) -> CallError {
        let name = resource.branch.unwrap_or_default();
        let file = self.dir.join(format!("{id}.{name}.json"));
        wrong(&file, &format!("does not exist: it should have the `{name}` of the pool {id}"))
            .with_help(how_to_save(&file, resource, id))
    }

    /// That a document that hangs on another was not saved with that.
    pub(super) fn missing_hanging(&self, on: &Resource, missing: &DocumentId, id: &str) -> CallError {
        let file = self.dir.join(format!("{id}.{}.json", on.document.name()));
        let path = missing.path().unwrap_or_default();
        wrong(&file, &format!("does not have `{path}` of the pool {id}"))
            .with_help(how_to_save(&file, on, id))
    }

    /// The MFA document; `None` if none was saved.
    fn mfa(&self, id: &str) -> Result<Option<Document>, CallError> {
        let apart = self.file(id, "mfa.json")?;
        match read(&self.root, &apart, &Misfit::NoMfa)? {
            Some(document) => mfa_config(&apart, document, id).map(Some),
            None => Ok(self.snapshot(id)?.mfa().cloned()),
        }
    }

    fn snapshot(&self, id: &str) -> Result<Snapshot, CallError> {
        if !self.dir.is_dir() {
            if let Some(error) = files::lost_link(&self.dir) {
                return Err(unreadable(&self.dir, &error));
            }
            return Err(wrong(&self.dir, "is not a folder")
                .with_help("name a folder with the documents of pools as <pool-id>.json"));
        }
        let path = self.file(id, "json")?;
        let document = read(&self.root, &path, &Misfit::NoPool)?.ok_or_else(|| missing(&path, id))?;
        let live = saved::snapshot(document).map_err(|misfit| unfit(&path, &misfit, id))?;
        match live.pool_id() {
            Some(other) if other != id => Err(wrong(&path, &format!("describes the pool {other}, not {id}"))
                .with_help("save each pool's document as <pool-id>.json")),
            _ => Ok(live),
        }
    }

    /// Where the document of a pool lies. An id never leads out of the folder.
    fn file(&self, id: &str, ending: &str) -> Result<PathBuf, CallError> {
        let plain = id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        if id.is_empty() || !plain {
            return Err(CallError::new(
                ErrorKind::Document,
                format!("`{}` is not a pool id", id.escape_debug()),
            ));
        }
        Ok(self.dir.join(format!("{id}.{ending}")))
    }
}

/// The document of a branch in the pool's file, as the sandbox and backups write it.
fn kept(resource: &Resource, beside: &Json) -> Option<Json> {
    if let Some(listing) = resource.listing {
        // A backup has them by their labels, without those that did not exist.
        let labelled = || Some(beside.get("branches")?.get(resource.branch?)?.as_object()?.values());
        let saved = || Some(labelled()?.filter(|one| !one.is_null()).cloned().collect::<Vec<_>>().into());
        let items = beside.get(listing.items).cloned().or_else(saved)?;
        return Some(Json::Object([(listing.items.to_owned(), items)].into_iter().collect()));
    }
    let answer = resource.answer.and_then(|answer| beside.get(answer));
    answer.or_else(|| beside.get("branches")?.get(resource.branch?)).cloned()
}

/// The documents of a resource of the pool `id`, of which `document` is the one that a file has: that itself, or a list
/// of others.
fn listed(
    reading: &Reading,
    document: Option<Document>,
    file: &Path,
    id: &str,
) -> Result<Vec<(DocumentId, Option<Document>)>, CallError> {
    let Some(document) = document else { return Ok(Vec::new()) };
    let Some(listing) = reading.resource.listing else {
        return Ok(vec![(reading.list(), Some(document))]);
    };
    let misfit = |what: &str| wrong(file, what).with_help(how_to_save(file, reading.resource, id));
    // The AWS CLI prints a single page, and exits 0, if a paging parameter such as `--limit` is given by hand.
    if document.get("NextToken").is_some_and(|token| !token.is_null()) {
        return Err(misfit("has only one page of the list: its `NextToken` leads to the next one"));
    }
    let items = document.get(listing.items).and_then(Json::as_array).cloned().unwrap_or_default();
    let object = |item| if let Json::Object(item) = item { Some(item) } else { None };
    let items = items.into_iter().map(object).collect::<Option<Vec<_>>>();
    let items = items.ok_or_else(|| misfit("has something else than objects in its list"))?;
    let refuse = |what: String| misfit(&what.replace("the answer has", "has"));
    let list = &reading.resource.document;
    if let Some(key) = items.iter().find_map(|item| Snapshot::misfit(list, item)) {
        return Err(misfit(&format!(
            "has something else than a document as the `{key}` of one {}",
            listing.one
        )));
    }
    let present = |documents: Vec<(DocumentId, Document)>| {
        documents.into_iter().map(|(id, document)| (id, Some(document))).collect::<Vec<_>>()
    };
    if reading.resource.is_listed_whole() {
        return reading.documents(listing, items, id).map(present).map_err(refuse);
    }
    let documents = reading.documents(listing, listing.named(&items), id).map_err(refuse)?;
    let saved = match reading.saved(listing, &items, &documents) {
        Ok(saved) => saved,
        // A plan says what it could not look up.
        Err(_) if reading.is_lookup() => return Ok(Vec::new()),
        Err(label) => {
            let what = format!("has only the id and the name of the {} `{label}`", listing.one);
            return Err(misfit(&what));
        }
    };
    Ok(present(documents).into_iter().chain(saved).collect())
}

/// The document of a branch of the pool `id`: from a file of its own, or `kept` beside the pool. `None` if neither has
/// it.
fn branch(
    root: &Root,
    resource: &Resource,
    file: &Path,
    kept: impl FnOnce() -> Result<Option<Json>, CallError>,
    id: &str,
) -> Result<Option<Document>, CallError> {
    let help = || how_to_save(file, resource, if id.is_empty() { "POOL_ID" } else { id });
    let document = match root.read(file, MAX_FILE) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(unreadable(file, &error)),
        Ok(bytes) => Some(manifest::document(&bytes).map_err(|why| wrong(file, &why).with_help(help()))?),
    };
    let is_apart = document.is_some();
    let document = document.map_or_else(kept, |document| Ok(Some(document)))?;
    let Some(document) = document else { return Ok(None) };
    let refuse = |what: String| Err(wrong(file, &what).with_help(help()));
    let document = match saved::branch(document, resource.answer) {
        Ok(document) => document,
        Err(_) if !is_apart => return Ok(None),
        Err(what) => return refuse(what),
    };
    match document.get(POOL_ID).and_then(Json::as_str) {
        Some(other) if other != id && !id.is_empty() => {
            refuse(format!("is of the pool {other}, not of {id}"))
        }
        _ if resource
            .listing
            .is_some_and(|listing| !document.get(listing.items).is_some_and(Json::is_array)) =>
        {
            refuse(format!("has no list `{}`", resource.listing.map_or("", |listing| listing.items)))
        }
        _ => match resource.lacks(&document) {
            Some(members) => refuse(format!("has no {members}")),
            None => Ok(Some(document.into())),
        },
    }
}

/// A pool from a file of any name, and its MFA configuration: from the file `mfa`, if given; otherwise from
/// the file of that name that ends in `.mfa.json`, or from the member `MfaConfig`. Either may be a request. The branches
/// come from files beside it too, or from the pool's file.
///
/// # Errors
/// A file that is missing or is no such document.
pub fn saved(root: &Root, file: &Path, mfa: Option<&Path>) -> Result<(Saved, Option<Document>), CallError> {
    let document = read(root, file, &Misfit::NoPool)?.ok_or_else(|| missing(file, "POOL_ID"))?;
    let beside = document.clone();
    let mut pool = saved::saved(document).map_err(|misfit| unfit(file, &misfit, "POOL_ID"))?;
    let (id, inside) = match &mut pool {
        Saved::Live(live) => (live.pool_id(), live.mfa().cloned()),
        Saved::Request(request) => (request.get(POOL_ID).and_then(Json::as_str), None),
    };
    let id = id.unwrap_or_default();
    let mfa_beside = file.with_extension("mfa.json");
    let apart = match mfa {
        Some(mfa) => Some((mfa, read(root, mfa, &Misfit::NoMfa)?.ok_or_else(|| missing_mfa(mfa))?)),
        None => read(root, &mfa_beside, &Misfit::NoMfa)?.map(|document| (mfa_beside.as_path(), document)),
    };
    let mfa = match apart {
        Some((file, document)) => Some(mfa_config(file, document, id)?),
        None => inside,
    };
    if let Saved::Live(live) = &mut pool {
        let id = live.pool_id().unwrap_or_default().to_owned();
        for resource in Resource::alone() {
            let Some(name) = resource.branch else { continue };
            let apart = file.with_extension(format!("{name}.json"));
            let document = branch(root, resource, &apart, || Ok(kept(resource, &beside)), &id)?;
            let documents = listed(&Reading::whole(resource), document, &apart, &id)?;
            let with = |live: Snapshot, (id, document)| live.with(id, document);
            *live = documents.into_iter().fold(std::mem::take(live), with);
        }
    }
    Ok((pool, mfa))
}

fn mfa_config(file: &Path, document: Json, id: &str) -> Result<Document, CallError> {
    saved::mfa_config(document, id).map(Document::from).map_err(|misfit| unfit(file, &misfit, id))
}

/// The document in a file; `None` if there is no file. A file that is not a document has the remedy of
/// `expected`.
fn read(root: &Root, path: &Path, expected: &Misfit) -> Result<Option<Json>, CallError> {
    let bytes = match root.read(path, MAX_FILE) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(path, &error)),
    };
    let document = manifest::document(&bytes);
    document.map(Some).map_err(|why| wrong(path, &why).with_help(expected.help()))
}

fn wrong(path: &Path, what: &str) -> CallError {
    CallError::new(ErrorKind::Document, format!("{} {what}", path.display()))
}

fn unreadable(path: &Path, error: &std::io::Error) -> CallError {
    wrong(path, &format!("cannot be read: {error}"))
        .with_help(files::remedy(error, "give this user permission to read it"))
}

fn unfit(path: &Path, misfit: &Misfit, id: &str) -> CallError {
    let help = misfit.help();
    let help = if id.is_empty() { help } else { help.replace("POOL_ID", id) };
    wrong(path, &misfit.to_string()).with_help(help)
}

/// A file that is not there may be made: the command writes over nothing.
fn missing(path: &Path, id: &str) -> CallError {
    let of = if id == "POOL_ID" { String::new() } else { format!(": it should describe the pool {id}") };
    let call = format!("describe-user-pool --user-pool-id {id}");
    wrong(path, &format!("does not exist{of}")).with_help(how_to_make(path, &call))
}

fn missing_mfa(path: &Path) -> CallError {
    let call = "get-user-pool-mfa-config --user-pool-id POOL_ID";
    wrong(path, "does not exist").with_help(how_to_make(path, call))
}

fn how_to_make(path: &Path, call: &str) -> String {
    format!("save it with `aws cognito-idp {call} --output json > {}`", quoted(&path.display().to_string()))
}

/// How the file of a resource is made. Where each document is read by itself, poolctl has to leave out its secrets.
fn how_to_save(path: &Path, resource: &Resource, id: &str) -> String {
    if resource.listing.is_none() || resource.is_listed_whole() {
        return how_to_make(path, &resource.read_command(id));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    format!("save it with `poolctl snapshot -o {}`", quoted(&folder.display().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::RESOURCES;
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
        let pool = folder.document(RESOURCES[0], ID).unwrap().unwrap();
        assert_eq!(
            Json::Object(pool.to_object()).to_string(),
            r#"{"Id":"eu-west-1_A1","New":{"Big":12345678901234567890123}}"#
        );
        assert_eq!(folder.mfa(ID), Ok(None));
    }

    #[test]
    fn the_mfa_document_stands_beside_the_pool_or_in_a_file_of_its_own() {
        let both = r#"{"UserPool": {}, "MfaConfig": {"MfaConfiguration": "OFF"}}"#;
        let (dir, folder) = folder(&[("eu-west-1_A1.json", both)]);
        assert_eq!(
            folder.mfa(ID).unwrap().map(|mfa| Json::Object(mfa.to_object())),
            Some(json!({"MfaConfiguration": "OFF"}))
        );

        std::fs::write(dir.path().join("eu-west-1_A1.mfa.json"), r#"{"MfaConfiguration": "ON"}"#).unwrap();
        assert_eq!(
            folder.mfa(ID).unwrap().map(|mfa| Json::Object(mfa.to_object())),
            Some(json!({"MfaConfiguration": "ON"}))
        );
    }

    #[test]
    fn a_list_of_whole_documents_stands_for_those_that_are_looked_for() {
        use crate::catalogue::WantedDocument;
        let clients =
            RESOURCES.into_iter().find(|resource| resource.document == DocumentId::CLIENTS).unwrap();
        let wanted = |label: &str, name: &str| WantedDocument {
            label: label.to_owned(),
            id: None,
            name: name.to_owned(),
            others: std::sync::Arc::default(),
        };
        let reading = |wanted: &[WantedDocument]| Reading { wanted: wanted.to_vec(), ..clients.into() };
        let list = json!({"UserPoolClients": [
            {"ClientId": "1a", "ClientName": "web", "GenerateSecret": true, "RefreshTokenValidity": 30},
            {"ClientId": "2b", "ClientName": "shop", "ClientSecret": "s3cret"},
            {"ClientId": "3c", "ClientName": "theirs"},
        ]});
        let (_dir, folder) = folder(&[
            ("eu-west-1_A1.json", r#"{"UserPool": {}}"#),
            ("eu-west-1_A1.clients.json", &list.to_string()),
        ]);
        let documents = folder.read(&reading(&[wanted("front", "web"), wanted("shop", "shop")]), ID).unwrap();
        let found = |label: Option<&str>| {
            let id = label.map_or(DocumentId::CLIENTS, |label| DocumentId::CLIENTS.labelled(label));
            let found = documents.iter().find(|(known, _)| *known == id);
            found.and_then(|(_, document)| Some(Json::Object(document.as_ref()?.to_object())))
        };
        assert_eq!(
            found(None),
            Some(json!({
                "front": {"ClientId": "1a", "ClientName": "web"},
                "shop": {"ClientId": "2b", "ClientName": "shop"},
                "theirs": {"ClientId": "3c", "ClientName": "theirs"},
            }))
        );
        let front = found(Some("front")).unwrap();
        assert_eq!((&front["GenerateSecret"], &front["RefreshTokenValidity"]), (&json!(true), &json!(30)));
        let shop = found(Some("shop")).unwrap();
        assert_eq!((&shop["GenerateSecret"], shop.get("ClientSecret")), (&json!(true), None));
        assert_eq!(found(Some("theirs")), None, "nobody looks for it");
        let error = folder.read(&reading(&[wanted("theirs", "theirs")]), ID).unwrap_err();
        assert!(error.to_string().ends_with("has only the id and the name of the app client `theirs`"));
        assert!(error.help().unwrap().starts_with("save it with `poolctl snapshot -o "));
    }

    #[test]
    fn a_page_of_a_list_is_not_taken_for_the_list() {
        for resource in RESOURCES.into_iter().filter(|resource| resource.listing.is_some()) {
            let (items, branch) = (resource.listing.unwrap().items, resource.branch.unwrap());
            let file = format!("{ID}.{branch}.json");
            for (page, refused) in [
                (json!({items: [], "NextToken": "next"}), true),
                (json!({items: [], "NextToken": null}), false),
                (json!({items: []}), false),
            ] {
                let (_dir, folder) =
                    folder(&[("eu-west-1_A1.json", r#"{"UserPool": {}}"#), (&file, &page.to_string())]);
                let read = folder.read(&resource.into(), ID);
                assert_eq!(read.is_err(), refused, "{page}");
                if let Err(error) = read {
                    assert!(error.to_string().ends_with("leads to the next one"), "{error}");
                }
            }
        }
    }

    #[test]
    fn a_saved_pool_may_lie_in_any_file() {
        let (dir, folder) = folder(&[
            ("pool.json", r#"{"UserPool": {"Id": "eu-west-1_A1"}, "MfaConfig": {"From": "it"}}"#),
            ("other.json", r#"{"MfaConfiguration": "OFF"}"#),
            ("eu-west-1_B2.json", "{}"),
            ("eu-west-1_A1.json", "{}"),
            ("eu-west-1_A1.mfa.json", "{}"),
            ("notes.txt", ""),
        ]);
        let path = |name: &str| dir.path().join(name);
        let mfa = |other: Option<&Path>| {
            saved(&Root::default(), &path("pool.json"), other)
                .unwrap()
                .1
                .map(|mfa| Json::Object(mfa.to_object()))
        };
        assert_eq!(mfa(None), Some(json!({"From": "it"})));
        assert_eq!(mfa(Some(&path("other.json"))), Some(json!({"MfaConfiguration": "OFF"})));
        std::fs::write(path("pool.mfa.json"), r#"{"MfaConfiguration": "ON"}"#).unwrap();
        assert_eq!(mfa(None), Some(json!({"MfaConfiguration": "ON"})));
        let error = saved(&Root::default(), &path("other.json"), None).unwrap_err().to_string();
        let is = "other.json is output of `aws cognito-idp get-user-pool-mfa-config`";
        assert!(error.ends_with(is), "{error}");
        let ids: Vec<String> = folder.pools().unwrap().into_iter().map(|pool| pool.id).collect();
        assert_eq!(ids, ["eu-west-1_A1", "eu-west-1_B2"]);
    }

    #[test]
    fn a_missing_file_is_named_with_the_command_that_makes_it() {
        let (dir, folder) = folder(&[]);
        let error = folder.document(RESOURCES[0], ID).unwrap_err();
        let file = dir.path().join("eu-west-1_A1.json");
        assert_eq!(
            error.to_string(),
            format!("{} does not exist: it should describe the pool eu-west-1_A1", file.display())
        );
        assert_eq!(
            error.help().unwrap(),
            format!(
                "save it with `aws cognito-idp describe-user-pool --user-pool-id eu-west-1_A1 --output json > {}`",
                file.display()
            )
        );
    }

    #[test]
    fn a_file_that_is_no_document_says_what_is_wrong_with_it() {
        for (text, expected) in [
            ("{\"UserPool\": {", "is not JSON: EOF while parsing"),
            ("", "is empty"),
            ("[]", "is not a JSON object"),
            (r#"{"Id": "eu-west-1_A1"}"#, "has no object `UserPool`"),
            (r#"{"UserPools": []}"#, "is output of `aws cognito-idp list-user-pools`"),
            (r#"{"UserPool": {"Id": "eu-west-1_B2"}}"#, "describes the pool eu-west-1_B2, not eu-west-1_A1"),
        ] {
            let (_dir, folder) = folder(&[("eu-west-1_A1.json", text)]);
            let error = folder.document(RESOURCES[0], ID).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
            let help = error.help().unwrap();
            assert!(!help.contains("> "), "the file is there, and nothing writes over it: {help}");
        }
    }

    #[test]
    fn an_id_does_not_lead_out_of_the_folder() {
        let (_dir, folder) = folder(&[]);
        assert_eq!(folder.document(RESOURCES[0], "../x").unwrap_err().to_string(), "`../x` is not a pool id");
    }
}
