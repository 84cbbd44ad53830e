//! Pools in a folder: one JSON file each, which a write replaces before it is answered.
//!
//! Every call sees the file as it is at that moment, also if it was edited by hand or by another process.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path as FsPath, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use super::SandboxError;
use super::memory::{Memory, StampedRead};
use super::pool_file::{CORRECT, DESCRIBE, PoolFile, invalid, pool_of, read_back};
use super::seed_lists::{self, SeedDocument, SideDocuments};
use super::seeds::{SNAPSHOT, SeedCheck, SeedMistake};
use super::state::{SideDocument, State};
use super::stored::StoredPool;
use super::{sides, slots};
use crate::document::{Json, twins};
use crate::files::{FileStamp, MAX_FILE, Root};
use crate::shapes::Shapes;

/// The bytes that most files fit into: a buffer that grows is copied several times.
const USUAL: usize = 16 << 10;

/// A folder of saved pools.
#[derive(Debug)]
pub(super) struct PoolFolder {
    dir: PathBuf,
    root: Root,
    notes: Vec<String>,
    memory: Memory,
}

impl PoolFolder {
    /// Opens `dir`, creates it when absent, fills it from `seed` when it is empty, and reads every pool once.
    pub(super) fn open(dir: &FsPath, seed: Option<&FsPath>) -> Result<Self, SandboxError> {
        let mut store = Self::of(dir);
        store.root.create_folder(dir).map_err(failed("create", dir))?;
        if let Some(seed) = seed {
            store.fill(seed)?;
        }
        for id in store.ids()?.iter() {
            store.load(id)?;
        }
        Ok(store)
    }

    /// The store of a folder, of which nothing was read yet.
    pub(super) fn of(dir: &FsPath) -> Self {
        Self {
            dir: dir.to_owned(),
            root: Root::default().remembering(),
            notes: Vec::new(),
            memory: Memory::default(),
        }
    }

    /// Saves the pools of `seed`, all or none, if there are none yet.
    fn fill(&mut self, seed: &FsPath) -> Result<(), SandboxError> {
        let read = read_seed(&self.root, seed)?;
        if !self.ids()?.is_empty() {
            if self.differs(&read)? {
                let (dir, seed) = (self.dir.display(), seed.display());
                let note = format!(
                    "`{dir}` has pools already, so `--seed {seed}` was not used. To use it, delete `{dir}`"
                );
                self.notes.push(note);
            }
            return Ok(());
        }
        let ids: Vec<String> = read.pools.keys().cloned().collect();
        self.notes.extend(read.notes);
        for (id, (pool, file)) in read.pools {
            if let Err(error) = self.save(&id, pool, &State::default()) {
                ids.iter().for_each(|id| drop(self.remove(id)));
                return Err(error);
            }
            if file.file_stem().is_some_and(|stem| stem != id.as_str()) {
                self.notes.push(format!("`{}` was saved as `{id}`, the `Id` in it", file.display()));
            }
        }
        Ok(())
    }

    /// Whether a pool of `seed` is not here, or is another one here.
    fn differs(&self, seed: &Seed) -> Result<bool, SandboxError> {
        for (id, (pool, file)) in &seed.pools {
            let pool = read_back(pool.clone(), &State::default(), id, file)?;
            let own = self.load(id)?;
            if own.is_none_or(|own| seed_lists::without_secrets(&own) != seed_lists::without_secrets(&pool)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What to report about the seed.
    pub(super) fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The ids of all pools, in order.
    pub(super) fn ids(&self) -> Result<Arc<[String]>, SandboxError> {
        let (stamp, began) = (FileStamp::of(&self.dir), Instant::now());
        if let Some(ids) = self.memory.ids(stamp) {
            return Ok(ids);
        }
        let names = json_files(&self.root, &self.dir)?.into_keys();
        let ids: Arc<[String]> = names.filter(|stem| is_pool_id(stem)).collect();
        if let Some(stamp) = stamp {
            self.memory.keep_ids(&ids, StampedRead { stamp, began });
        }
        Ok(ids)
    }

    /// The pool with this id; `None` if there is none.
    pub(super) fn load(&self, id: &str) -> Result<Option<Arc<StoredPool>>, SandboxError> {
        if !is_pool_id(id) {
            return Ok(None);
        }
        let path = self.path(id);
        if let Some(pool) = self.memory.pool(id, FileStamp::of(&path)) {
            return Ok(Some(pool));
        }
        let began = Instant::now();
        let (text, stamp) = match self.root.read_stamped(&path, MAX_FILE) {
            Ok(found) => found,
            Err(error) => {
                self.memory.forget(id);
                return match error.kind() {
                    io::ErrorKind::NotFound => Ok(None),
                    _ => Err(failed("read", &path)(error)),
                };
            }
        };
        let read = StampedRead { stamp, began };
        if let Some(pool) = self.memory.pool_of_text(id, &text, read) {
            return Ok(Some(pool));
        }
        let pool = Arc::new(StoredPool::from(pool_of(parsed(&text, &path, DESCRIBE)?, &path)?));
        self.memory.keep(id, text, Some(read), &pool);
        Ok(Some(pool))
    }

    /// Writes a pool that was `before`, whole or not at all, and returns it as its file has it.
    pub(super) fn save(
        &self,
        id: &str,
        state: State,
        before: &State,
    ) -> Result<Arc<StoredPool>, SandboxError> {
        let path = self.path(id);
        let mut text = Vec::with_capacity(USUAL);
        serde_json::to_writer_pretty(&mut text, &PoolFile { state: &state, id })
            .map_err(|error| failed("write", &path)(error.into()))?;
        text.push(b'\n');
        self.root.replace(&path, &text).map_err(failed("write", &path))?;
        let pool = Arc::new(StoredPool::from(read_back(state, before, id, &path)?));
        self.memory.keep(id, text, None, &pool);
        Ok(pool)
    }

    /// Takes a pool away.
    pub(super) fn remove(&self, id: &str) -> Result<(), SandboxError> {
        let path = self.path(id);
        self.root.remove(&path).map_err(failed("remove", &path))
    }

    fn path(&self, id: &str) -> PathBuf {
        self.dir.join(format!("{id}.json"))
    }
}

/// Whether a text looks like a pool's id; also what keeps an id from leaving the folder.
fn is_pool_id(text: &str) -> bool {
    let word = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    text.rsplit_once('_').is_some_and(|(region, rest)| {
        !region.is_empty() && !rest.is_empty() && word(region) && word(rest) && !rest.contains('-')
    })
}

/// What a seed folder has.
#[derive(Default)]
pub(super) struct Seed {
    /// The pools by id, each with its file.
    pub(super) pools: BTreeMap<String, (State, PathBuf)>,
    /// What is odd and may be right.
    pub(super) notes: Vec<String>,
}

/// The pools of a seed folder: files of a sandbox, output of the AWS CLI, or files of `poolctl snapshot`, which have the
/// other documents of the pool `NAME` as `NAME.KEY.json`, with their keys in a manifest.
///
/// # Errors
/// With the first mistake of each file.
pub(super) fn read_seed(root: &Root, folder: &FsPath) -> Result<Seed, SandboxError> {
    let mut reader = SeedReader::new(root);
    let (mut beside, mut files) = (Vec::new(), Vec::new());
    for (stem, path) in json_files(root, folder)? {
        let side = |side: SideDocument| {
            let name = stem.strip_suffix(side.key()?)?.strip_suffix('.')?;
            Some((name.to_owned(), side))
        };
        match SideDocument::ALL.into_iter().find_map(side) {
            Some((stem, side)) => files.push((stem, side, path)),
            None => {
                let found = reader.pool(&stem, &path).unwrap_or_else(|error| {
                    reader.mistakes.push(error);
                    Vec::new()
                });
                beside
                    .extend(found.into_iter().map(|(side, found)| (stem.clone(), side, path.clone(), found)));
            }
        }
    }
    for (stem, side, path) in files {
        match read(root, &path, SNAPSHOT) {
            Ok(document) => beside.push((stem, side, path, document)),
            Err(error) => reader.mistakes.push(error),
        }
    }
    for (stem, side, path, document) in beside {
        let added = reader.side(&stem, (side, document), &path);
        reader.mistakes.extend(added.err());
    }
    reader.end(folder)
}

/// A seed folder, as far as it was read.
struct SeedReader<'a> {
    root: &'a Root,
    shapes: Shapes,
    seed: Seed,
    /// The pools' ids by the names of their files, and by themselves.
    names: BTreeMap<String, String>,
    /// The documents that were read, of each pool, with their files.
    found: Vec<(String, SideDocument, PathBuf)>,
    mistakes: Vec<SandboxError>,
}

impl<'a> SeedReader<'a> {
    fn new(root: &'a Root) -> Self {
        Self {
            root,
            shapes: Shapes::bundled(),
            seed: Seed::default(),
            names: BTreeMap::new(),
            found: Vec::new(),
            mistakes: Vec::new(),
        }
    }

    /// Reads a pool's own file, and returns the other documents of a backup.
    fn pool(&mut self, stem: &str, path: &FsPath) -> Result<SideDocuments, SandboxError> {
        let mut document = read(self.root, path, DESCRIBE)?;
        // Without the pool's id, each document that has it would be of another pool.
        let id = document.get("UserPool").map(|pool| pool.get("Id").and_then(Json::as_str));
        if id.is_some_and(|id| !id.is_some_and(is_pool_id)) {
            return Err(no_id(path));
        }
        let branches = seed_lists::of_backup(&mut document);
        self.checked(path, |check| check.of_file(&mut document))?;
        let has = |side: &SideDocument| document.get(side.member()).is_some_and(|found| !found.is_null());
        let own: Vec<SideDocument> = SideDocument::ALL.into_iter().filter(has).collect();
        let pool = pool_of(document, path)?;
        let id = pool.pool.get("Id").and_then(Json::as_str).filter(|id| is_pool_id(id));
        let id = id.map(str::to_owned).ok_or_else(|| no_id(path))?;
        if self.seed.pools.insert(id.clone(), (pool, path.to_owned())).is_some() {
            let reason = format!("another file in this folder has the same pool, {id}");
            return Err(invalid(path, reason, "remove one of the two files"));
        }
        self.found.extend(own.into_iter().map(|side| (id.clone(), side, path.to_owned())));
        self.names.insert(stem.to_owned(), id.clone());
        self.names.insert(id.clone(), id);
        Ok(branches)
    }

    /// Adds another document of a pool.
    fn side(
        &mut self,
        stem: &str,
        (side, mut document): (SideDocument, Json),
        path: &FsPath,
    ) -> Result<(), SandboxError> {
        let Some(id) = self.names.get(stem).cloned() else {
            // A pool whose file has a mistake is not known.
            if !self.mistakes.is_empty() {
                return Ok(());
            }
            let help = "save the output of `aws cognito-idp describe-user-pool` beside it, with the same first part of the name";
            return Err(invalid(path, "there is no file of the pool that it belongs to", help));
        };
        self.checked(path, |check| check.of_side(side, &mut document))?;
        let Some((pool, _)) = self.seed.pools.get_mut(&id) else { return Ok(()) };
        for SeedDocument { side, name, document } in seed_lists::apart(side, document) {
            let is_same = |(of, found, _): &&(String, SideDocument, PathBuf)| *of == id && *found == side;
            if let Some((_, _, other)) = self.found.iter().find(is_same) {
                let reason = format!("`{}` has {} of the same pool too", other.display(), side.name());
                return Err(invalid(path, reason, "keep it in one of the two files"));
            }
            let read = sides::read(side, &name, document, &id);
            *side.of_mut(pool) = read.map_err(|reason| invalid(path, reason, CORRECT))?;
            self.found.push((id.clone(), side, path.to_owned()));
        }
        slots::complete(pool, &id);
        Ok(())
    }

    /// Whether a document has no mistake.
    fn checked(
        &mut self,
        path: &FsPath,
        find: impl FnOnce(&mut SeedCheck<'_>) -> Option<SeedMistake>,
    ) -> Result<(), SandboxError> {
        let mut check = SeedCheck::new(&self.shapes);
        let mistake = find(&mut check);
        self.seed.notes.extend(check.notes.into_iter().map(|note| format!("`{}`: {note}", path.display())));
        mistake.map_or(Ok(()), |(reason, help)| Err(invalid(path, reason, help)))
    }

    /// The seed, if no file has a mistake and the documents of each pool fit together.
    fn end(mut self, folder: &FsPath) -> Result<Seed, SandboxError> {
        if self.mistakes.is_empty() {
            for (pool, path) in self.seed.pools.values() {
                let misfit = seed_lists::misfit(pool);
                self.mistakes.extend(misfit.map(|(reason, help)| invalid(path, reason, help)));
                let lacking = seed_lists::lacking(pool).into_iter();
                self.seed.notes.extend(lacking.map(|note| format!("`{}`: {note}", path.display())));
            }
        }
        if self.mistakes.is_empty() && self.seed.pools.is_empty() {
            return Err(SandboxError::Empty { seed: folder.to_owned() });
        }
        match self.mistakes.len() {
            0 => Ok(self.seed),
            1 => Err(self.mistakes.remove(0)),
            _ => Err(SandboxError::Several(self.mistakes)),
        }
    }
}

fn no_id(path: &FsPath) -> SandboxError {
    invalid(path, "`UserPool` has no `Id` such as eu-west-1_a1B2c3D4E", DESCRIBE)
}

/// The `*.json` files of a folder by their names without the ending; hidden files are left out.
fn json_files(root: &Root, dir: &FsPath) -> Result<BTreeMap<String, PathBuf>, SandboxError> {
    let mut files = BTreeMap::new();
    for path in root.list(dir).map_err(failed("read", dir))? {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if let Some(stem) = name.strip_suffix(".json").filter(|stem| !stem.starts_with('.')) {
            files.insert(stem.to_owned(), path);
        }
    }
    Ok(files)
}

/// The document in a file; with what helps if it is no JSON.
fn read(root: &Root, path: &FsPath, help: &str) -> Result<Json, SandboxError> {
    let (text, _) = root.read_stamped(path, MAX_FILE).map_err(failed("read", path))?;
    parsed(&text, path, help)
}

fn parsed(text: &[u8], path: &FsPath, help: &str) -> Result<Json, SandboxError> {
    twins::parse_file(text).map_err(|error| invalid(path, format!("it {error}"), help))
}

fn failed(action: &'static str, path: &FsPath) -> impl FnOnce(io::Error) -> SandboxError {
    let path = path.to_owned();
    move |source| SandboxError::Io { action, path, source }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::super::state::Single;
    use super::*;

    const POOL: &str = r#"{"UserPool":{"Id":"eu-west-1_abc","New":{"b":1.10,"a":12345678901234567890123}}}"#;

    #[test]
    fn a_pool_comes_back_with_its_order_and_its_numbers() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("eu-west-1_abc.json"), POOL).unwrap();
        let store = PoolFolder::open(dir.path(), None).unwrap();
        let pool = store.load("eu-west-1_abc").unwrap().unwrap();
        store.save("eu-west-1_abc", State::clone(&pool), &pool).unwrap();
        let text = fs::read_to_string(dir.path().join("eu-west-1_abc.json")).unwrap();
        let compact: String = text.split_whitespace().collect();
        assert_eq!(compact, POOL);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no draft is left");
    }

    #[test]
    fn a_seed_fills_an_empty_folder_and_only_that() {
        let (dir, seed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(seed.path().join("describe.json"), POOL).unwrap();
        fs::write(seed.path().join("describe.mfa.json"), r#"{"MfaConfiguration":"OFF","New":1}"#).unwrap();
        let store = PoolFolder::open(dir.path(), Some(seed.path())).unwrap();
        let mut pool = State::clone(&store.load("eu-west-1_abc").unwrap().unwrap());
        assert_eq!(pool.mfa.as_ref().unwrap()["New"], json!(1));
        pool.pool.insert("Name", json!("mine"));
        store.save("eu-west-1_abc", pool, &State::default()).unwrap();

        let again = PoolFolder::open(dir.path(), Some(seed.path())).unwrap();
        assert_eq!(again.load("eu-west-1_abc").unwrap().unwrap().pool.get("Name"), Some(&json!("mine")));
        assert_eq!(fs::read_to_string(seed.path().join("describe.json")).unwrap(), POOL);
    }

    #[test]
    fn log_delivery_is_seeded_from_a_file_of_its_own_or_from_the_pools() {
        let delivery = r#"{"LogDeliveryConfiguration":{"UserPoolId":"eu-west-1_abc","LogConfigurations":[{"b":1.10,"a":1}]}}"#;
        let member = delivery.trim_start_matches('{').trim_end_matches('}');
        let inner = delivery.split_once(':').unwrap().1.trim_end_matches('}').to_owned() + "}";
        for (pool, apart) in [
            (POOL.to_owned(), Some(delivery)),
            (POOL.to_owned(), Some(inner.as_str())),
            (format!("{},{member}}}}}", POOL.strip_suffix('}').unwrap()), None),
        ] {
            let (dir, seed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            fs::write(seed.path().join("describe.json"), pool).unwrap();
            if let Some(apart) = apart {
                fs::write(seed.path().join("describe.logDelivery.json"), apart).unwrap();
            }
            let store = PoolFolder::open(dir.path(), Some(seed.path())).unwrap();
            assert_eq!(*store.ids().unwrap(), ["eu-west-1_abc"]);
            let text = fs::read_to_string(dir.path().join("eu-west-1_abc.json")).unwrap();
            let compact: String = text.split_whitespace().collect();
            assert_eq!(compact, format!("{},{member}}}}}", POOL.strip_suffix('}').unwrap()));
            let pool = store.load("eu-west-1_abc").unwrap().unwrap();
            let delivery = SideDocument::Single(Single::LogDelivery).of(&pool).unwrap();
            assert_eq!(delivery.keys().collect::<Vec<_>>(), ["LogConfigurations"]);
        }
    }

    #[test]
    fn a_seed_that_is_not_used_and_a_file_under_another_name_are_noted() {
        let (dir, seed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let open = || PoolFolder::open(dir.path(), Some(seed.path())).unwrap().notes().to_vec();
        fs::write(seed.path().join("prod.json"), POOL).unwrap();
        let file = seed.path().join("prod.json");
        assert_eq!(open(), [format!("`{}` was saved as `eu-west-1_abc`, the `Id` in it", file.display())]);
        assert!(open().is_empty(), "the sandbox has what the seed has");
        let saved = dir.path().join("eu-west-1_abc.json");
        fs::write(&saved, POOL.replace("1.10", "1.11")).unwrap();
        let told = {
            let (dir, seed) = (dir.path().display(), seed.path().display());
            format!("`{dir}` has pools already, so `--seed {seed}` was not used. To use it, delete `{dir}`")
        };
        assert_eq!(open(), std::slice::from_ref(&told));
        fs::write(saved, POOL).unwrap();
        fs::write(seed.path().join("eu-west-1_new.json"), POOL.replace("_abc", "_new")).unwrap();
        assert_eq!(open(), [told]);
        fs::write(&file, "{").unwrap();
        assert!(PoolFolder::open(dir.path(), Some(seed.path())).is_err(), "a seed that is not used is read");
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_can_read_a_pool_and_an_empty_seed_is_none() {
        use std::os::unix::fs::PermissionsExt as _;
        let (dir, seed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let error = PoolFolder::open(dir.path(), Some(seed.path())).unwrap_err();
        assert!(error.to_string().ends_with("has no saved pool") && error.help().is_some(), "{error}");
        fs::write(seed.path().join("prod.json"), POOL).unwrap();
        PoolFolder::open(dir.path(), Some(seed.path())).unwrap();
        let saved = fs::metadata(dir.path().join("eu-west-1_abc.json")).unwrap();
        assert_eq!(saved.permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn every_broken_file_of_a_seed_is_named_and_nothing_is_written() {
        let (dir, seed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for (name, text) in [
            ("a_b.json", "{"),
            ("a_b.mfa.json", "{}"),
            ("a_c.json", &*POOL.replace("eu-west-1_abc", "a_c")),
            ("a_c.groups.json", "{"),
            ("a_d.json", r#"{"UserPool":{"Id":"a_d"},"Groups":[]}"#),
            ("a_d.groups.json", r#"{"Groups":[]}"#),
            ("a_d.identityProviders.json", r#"{"Providers":[{"ProviderType":"OIDC"}]}"#),
        ] {
            fs::write(seed.path().join(name), text).unwrap();
        }
        let error = PoolFolder::open(dir.path(), Some(seed.path())).unwrap_err();
        let told: Vec<String> =
            error.each().iter().map(|one| format!("{one}: {}", one.help().unwrap_or_default())).collect();
        let expected = [
            ("a_b.json", "is not JSON", "describe-user-pool"),
            ("a_c.groups.json", "is not JSON", "save it with `poolctl snapshot -o DIR`"),
            ("a_d.groups.json", "has the list of groups of the same pool too", "keep it in one"),
            ("a_d.identityProviders.json", "its `Providers` has an element without", "correct the file"),
        ];
        assert_eq!(told.len(), expected.len(), "{told:?}");
        for (told, (file, reason, help)) in told.iter().zip(expected) {
            assert!(told.contains(file) && told.contains(reason) && told.contains(help), "{told}");
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_an_app_client_names_and_the_seed_lacks_is_noted() {
        let (dir, seed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let client = r#"{"ClientId":"c","SupportedIdentityProviders":["COGNITO","Google"],"AllowedOAuthScopes":["openid","api/read"]}"#;
        let text = format!(r#"{{"UserPool":{{"Id":"a_b"}},"UserPoolClients":[{client}]}}"#);
        fs::write(seed.path().join("a_b.json"), text).unwrap();
        let notes = PoolFolder::open(dir.path(), Some(seed.path())).unwrap().notes().join("\n");
        for named in ["names the identity provider `Google`", "names the scope `api/read`"] {
            assert!(notes.contains(named), "{notes}");
        }
    }

    #[test]
    fn a_file_that_is_no_pool_is_named() {
        for (name, text, reason) in [
            ("a_b.json", "{", "is not JSON"),
            ("a_b.json", "[]", "it is not a JSON object"),
            ("a_b.json", "{}", "it has no object `UserPool`"),
            ("a_b.json", r#"{"UserPool":{}}"#, "no `Id`"),
            ("a_b.json", r#"{"UserPool":{},"Groups":[{"GroupName":"g","UserPoolId":"a_b"}]}"#, "no `Id`"),
            ("a_b.json", r#"{"UserPool":{"Id":"a_b"},"Group":[]}"#, "`Group` is no document of a pool"),
            (
                "a_b.json",
                r#"{"UserPool":{"Id":"a_b","Name":5}}"#,
                "its `UserPool.Name` is a number instead of text",
            ),
            ("a_b.json", r#"{"UserPool":{"Id":"../../etc_x"}}"#, "no `Id`"),
            ("a_b.json", r#"{"UserPool":{"Id":"a_b"},"MfaConfig":1}"#, "a `MfaConfig` that is not an object"),
            (
                "a_b.json",
                r#"{"UserPool":{"Id":"a_b"},"LogDeliveryConfiguration":{"UserPoolId":"a_b"}}"#,
                "its `LogDeliveryConfiguration` has no `LogConfigurations`",
            ),
            (
                "a_b.json",
                r#"{"UserPool":{"Id":"a_b"},"LogDeliveryConfiguration":{"UserPoolId":"a_c","LogConfigurations":[]}}"#,
                "its `LogDeliveryConfiguration` is of the pool a_c",
            ),
            ("a_b.json", r#"{"UserPool":{"Id":"a_b"},"Groups":{}}"#, "its `Groups` is not a list"),
            (
                "a_b.json",
                r#"{"UserPool":{"Id":"a_b"},"UserPoolClients":[{"ClientName":"web"}]}"#,
                "its `UserPoolClients` has an element without a `ClientId`",
            ),
            (
                "a_b.json",
                r#"{"UserPool":{"Id":"a_b"},"Groups":[{"GroupName":"g"},{"GroupName":"g"}]}"#,
                "its `Groups` has `g` twice",
            ),
            (
                "a_b.json",
                r#"{"UserPool":{"Id":"a_b"},"Groups":[{"GroupName":"g","UserPoolId":"a_c"}]}"#,
                "its `Groups` has `g` of the pool a_c",
            ),
            ("a_b.mfa.json", "{}", "no file of the pool"),
            ("a_b.logDelivery.json", "{}", "no file of the pool"),
            ("a_b.groups.json", r#"{"Groups":[]}"#, "no file of the pool"),
            (
                "a_b.json",
                r#"{"UserPool":{"Id":"a_b"},"Domains":[{"Domain":""}]}"#,
                "its `Domains` has an element without a `Domain`",
            ),
            (
                "a_b.json",
                r#"{"UserPool":{"Id":"a_b"},"Terms":[{"TermsId":"t","ClientId":"c"}]}"#,
                "its `Terms` has a document of the app client c, which the pool does not have",
            ),
            (
                "a_b.json",
                r#"{"UserPool":{"Id":"a_b"},"ManagedLoginBrandings":[{"ManagedLoginBrandingId":"m"}]}"#,
                "its `ManagedLoginBrandings` has `m` without a `ClientId`",
            ),
            (
                "a_b.json",
                r#"{"UserPool":{"Id":"a_b"},"UserPoolClients":[{"ClientId":"c"}],"ManagedLoginBrandings":[{"ManagedLoginBrandingId":"m","ClientId":"c"},{"ManagedLoginBrandingId":"n","ClientId":"c"}]}"#,
                "its `ManagedLoginBrandings` has two documents of the app client c",
            ),
        ] {
            let (dir, seed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            fs::write(seed.path().join(name), text).unwrap();
            let error = PoolFolder::open(dir.path(), Some(seed.path())).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains(reason), "{error}");
        }
    }

    #[test]
    fn an_id_cannot_leave_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        let store = PoolFolder::open(dir.path(), None).unwrap();
        for id in ["../x_y", "x_", "_x", "x/../y_z", "", "x_y.json", "x_y-z"] {
            assert!(store.load(id).unwrap().is_none(), "{id}");
        }
    }
}
