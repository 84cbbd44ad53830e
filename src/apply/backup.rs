//! What a pool was before a write, on disk before the write is sent.

use std::collections::BTreeMap;
use std::path::{Path as FsPath, PathBuf};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::FormatItem;
use time::macros::format_description;

use super::secrets::{self, SecretFile, SecretValue};
use crate::catalogue::{Catalogue, HangingReading, POOL_ID, RESOURCES, Reading, Resource};
use crate::document::{Document, DocumentId, DocumentKind, Json, Path, Snapshot, twins};
use crate::files::{self, MAX_FILE, Root};
use crate::manifest::{is_pool_id, is_region, recognised};
use crate::plan::{Plan, SetElements};
use crate::report;

/// The versions of the format that are read: the first has the pool's two documents alone, the second what lives in the
/// pool too. Each backup is of the first that can hold it.
const FORMATS: [&str; 2] = ["1", "2"];

/// The member with the pool's own document.
const USER_POOL: &str = "UserPool";
/// The member with the MFA configuration.
const MFA_CONFIG: &str = "MfaConfig";

/// A pool's documents before a write, verbatim except secret values, and what the run was about to change.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Backup {
    /// The version of this format.
    pub format_version: String,
    /// The poolctl that wrote it.
    pub tool_version: String,
    /// When, in RFC 3339.
    pub created: String,
    /// The pool's id.
    pub pool: String,
    /// The Region whose endpoint serves it.
    pub region: String,
    /// The account that it is in, where it was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The digest of the saved plan that was applied, where it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// The settings that the calls which the run has sent change or leave out.
    pub changed: Vec<String>,
    /// The other settings that the run was to change: no call for them was sent, or it certainly had no effect.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsent: Vec<String>,
    /// What the run was about to add to sets and to remove from them, by the paths of the sets.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub elements: BTreeMap<String, SetElements>,
    /// The paths of all values from secrets, which must not be shown on either side.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secret: Vec<String>,
    /// The `UserPool` member of `DescribeUserPool`'s answer.
    #[serde(rename = "UserPool")]
    pub user_pool: Document,
    /// The answer of `GetUserPoolMfaConfig`.
    #[serde(rename = "MfaConfig", default, skip_serializing_if = "Option::is_none")]
    pub mfa_config: Option<Document>,
    /// The documents of the branches that were read, by the keys of a manifest.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub branches: BTreeMap<String, Document>,
    /// The secret values, which are in the second file.
    #[serde(skip)]
    pub(super) secrets: Vec<SecretValue>,
    /// The file for the secret values, if it lacks one of them or does not exist.
    #[serde(skip)]
    pub missing: Option<PathBuf>,
}

/// Why a backup was not written or cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// It could not be written; nothing was sent to Cognito.
    #[error("cannot write the backup {}: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It cannot be read.
    #[error("cannot read the backup {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is another document, which names these pools.
    #[error("{} is {}, not a backup", path.display(), kind.name())]
    Other {
        /// The file.
        path: PathBuf,
        /// What it is.
        kind: DocumentKind,
        /// The pools that it names.
        pools: Vec<String>,
    },
    /// It is no backup, or one of another version.
    #[error("{} is not a backup that this poolctl can restore: {reason}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// It has the secret values of a backup.
    #[error("{} has the secret values of a backup, and is not the backup itself", path.display())]
    SecretFile {
        /// The file.
        path: PathBuf,
        /// The backup, if the file's name tells.
        backup: Option<PathBuf>,
    },
    /// The file with the secret values of a backup is damaged, or of another backup.
    #[error("the file with the secret values of a backup, {}, {reason}", path.display())]
    Secrets {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl BackupError {
    /// What to do about it; `otherwise` where nothing in particular helps.
    pub fn help(&self, otherwise: &str) -> String {
        match self {
            Self::Write { source, .. } | Self::Read { source, .. } => files::remedy(source, otherwise),
            Self::Other { kind, pools, .. } => kind.help(pools),
            Self::Unusable { .. } | Self::SecretFile { backup: None, .. } => otherwise.to_owned(),
            Self::SecretFile { backup: Some(backup), .. } => {
                format!("name the backup, `{}`: the secret values are read from beside it", backup.display())
            }
            Self::Secrets { .. } => {
                "put back the file that the run wrote beside the backup, or move it away: without it, everything but the secret values is restored"
                    .to_owned()
            }
        }
    }
}

impl Backup {
    /// The backup of what `plan` is about to change. No call was sent yet.
    pub fn new(catalogue: &Catalogue, plan: &Plan, account: Option<&str>, now: OffsetDateTime) -> Self {
        let rfc3339 = &time::format_description::well_known::Rfc3339;
        // What is left out of the request may fall to its default, and must come back too.
        let changed = || plan.report.changes.iter().map(|change| &change.path).chain(&plan.report.left_out);
        let sets = plan
            .report
            .changes
            .iter()
            .filter_map(|change| Some((change.path.to_string(), SetElements::of(change)?)));
        let is_secret = |path: &Path| plan.secret_paths().iter().any(|secret| path.is_within(secret));
        let shared = catalogue.without_secrets(&plan.base, &is_secret);
        let branches = branches(plan, &shared);
        let mut backup = Self {
            format_version: FORMATS[usize::from(!branches.is_empty())].to_owned(),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            created: now.format(rfc3339).unwrap_or_default(),
            pool: plan.report.pool.id.clone(),
            region: plan.report.pool.region.clone(),
            account: account.map(str::to_owned),
            plan: None,
            changed: Vec::new(),
            unsent: changed().map(ToString::to_string).collect(),
            elements: sets.collect(),
            secret: plan.secret_paths().iter().map(ToString::to_string).collect(),
            user_pool: shared.pool().clone(),
            mfa_config: shared.mfa().cloned(),
            branches,
            secrets: Vec::new(),
            missing: None,
        };
        let whole = (plan.base.pool(), plan.base.mfa(), self::branches(plan, &plan.base));
        let of = |name: &str| match name {
            USER_POOL => Some(whole.0),
            MFA_CONFIG => whole.1,
            branch => whole.2.get(branch),
        };
        let values = backup.documents().flat_map(|(name, shared)| {
            of(name).into_iter().flat_map(move |whole| SecretValue::between(name, whole, shared))
        });
        backup.secrets = values.collect();
        backup
    }

    /// Counts what a call of a plan changes among the changed settings, and returns whether there are more of them now.
    pub(super) fn sends(&mut self, catalogue: &Catalogue, plan: &Plan, nth: usize) -> bool {
        let known = self.changed.len();
        let Some(call) = plan.report.calls.get(nth) else { return false };
        let is_last = nth + 1 == plan.report.calls.len();
        let document = |path: &Path| catalogue.locate(path).document;
        let is_part = |one: &String, path: &Path| {
            let one = one.parse::<Path>();
            one.is_ok_and(|one| one.overlaps(path) && document(&one) == document(path))
        };
        for path in plan.report.changed_by(call) {
            let sent: Vec<String> = self.unsent.extract_if(.., |one| is_part(one, path)).collect();
            // A call may change a setting that a later call changes back.
            if sent.is_empty() && !self.changed.iter().any(|one| is_part(one, path)) {
                self.changed.push(path.to_string());
            }
            self.changed.extend(sent);
        }
        let left_out = plan.report.left_out.iter().filter(|path| call.call().writes(catalogue, path));
        // What no call is said to change comes with the last one. What the plan no longer has, others have done.
        let others = plan.report.changes.iter().map(|change| &change.path).filter(|_| is_last);
        let with_call: Vec<String> = left_out.chain(others).map(ToString::to_string).collect();
        self.changed.extend(self.unsent.extract_if(.., |one| with_call.contains(one)));
        self.changed.len() > known
    }

    /// The documents by the members that have them.
    fn documents(&self) -> impl Iterator<Item = (&str, &Document)> {
        let own = [(USER_POOL, Some(&self.user_pool)), (MFA_CONFIG, self.mfa_config.as_ref())];
        let own = own.into_iter().filter_map(|(name, document)| Some((name, document?)));
        own.chain(self.branches.iter().map(|(branch, document)| (branch.as_str(), document)))
    }

    /// Writes it to a new file in `dir`, and its secret values to another one, both readable by their owner alone, and
    /// waits until both are on disk.
    ///
    /// # Errors
    /// When they are not certainly on disk.
    pub fn write(&self, root: &Root, dir: &FsPath, now: OffsetDateTime) -> Result<PathBuf, BackupError> {
        const STAMP: &[FormatItem<'_>] = format_description!("[year][month][day]T[hour][minute][second]Z");
        let stamp = now.format(STAMP).unwrap_or_default();
        let fail = |path: &FsPath, source| BackupError::Write { path: path.to_owned(), source };
        root.create_private_folder(dir).map_err(|source| fail(dir, source))?;
        let text = text_of(self).map_err(|source| fail(dir, source))?;
        let values = SecretFile::new(&self.pool, &self.secrets);
        let values = text_of(&values).map_err(|source| fail(dir, source))?;
        for attempt in 0..1_000 {
            let suffix = if attempt == 0 { String::new() } else { format!("-{attempt}") };
            let path = dir.join(format!("{stamp}-{}{suffix}.json", self.pool));
            match root.create_private(&path, text.as_bytes()) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => continue,
                Err(source) => return Err(fail(&path, source)),
                Ok(()) => {}
            }
            let beside = secrets::file_of(&path);
            if !self.secrets.is_empty() {
                root.create_private(&beside, values.as_bytes()).map_err(|source| fail(&beside, source))?;
            }
            return Ok(path);
        }
        Err(fail(dir, std::io::ErrorKind::AlreadyExists.into()))
    }

    /// Writes it in the place of an earlier state of it, and waits until it is on disk. Its secret values stay the same.
    pub(super) fn rewrite(&self, root: &Root, file: &FsPath) -> Result<(), BackupError> {
        let fail = |source| BackupError::Write { path: file.to_owned(), source };
        let text = text_of(self).map_err(fail)?;
        root.write_private(file.to_owned(), text).map_err(|error| fail(error.into()))
    }

    /// Reads a backup.
    ///
    /// # Errors
    /// When the file cannot be read, or is none of this version's.
    pub fn read(root: &Root, path: &FsPath) -> Result<Self, BackupError> {
        let text = root
            .read(path, MAX_FILE)
            .map_err(|source| BackupError::Read { path: path.to_owned(), source })?;
        let unusable = |reason: String| BackupError::Unusable { path: path.to_owned(), reason };
        if let Some(backup) = secrets::backup_of(path) {
            return Err(BackupError::SecretFile { path: path.to_owned(), backup: Some(backup) });
        }
        if let Some((kind, pools)) = recognised(&text).filter(|(kind, _)| *kind != DocumentKind::Backup) {
            return Err(BackupError::Other { path: path.to_owned(), kind, pools });
        }
        let value = twins::parse_file(&text).map_err(|error| unusable(format!("it {error}")))?;
        match value.get("format_version").and_then(|version| version.as_str()) {
            Some(known) if FORMATS.contains(&known) => {}
            Some(other) => {
                let known = FORMATS.map(|format| format!("`{format}`")).join(" and ");
                return Err(unusable(format!("its format is `{other}`, and this poolctl reads {known}")));
            }
            None if value.get(secrets::VERSION).is_some() => {
                return Err(BackupError::SecretFile { path: path.to_owned(), backup: None });
            }
            None => return Err(unusable("it has no `format_version`".to_owned())),
        }
        // From the text, since a value on its way into a struct loses the sign of -0.
        let mut backup: Self = serde_json::from_slice(&text).map_err(|error| unusable(error.to_string()))?;
        if !is_pool_id(&backup.pool) || !is_region(&backup.region) {
            return Err(unusable("it names no pool".to_owned()));
        }
        if backup.user_pool.get(Snapshot::ID).is_some_and(|id| *id != backup.pool) {
            return Err(unusable("its documents are of another pool".to_owned()));
        }
        if let Some(branch) = backup.branches.keys().find(|branch| !DocumentId::is_branch(branch)) {
            return Err(unusable(format!("it has `{branch}`, which a newer poolctl saved")));
        }
        if let Some(what) = backup.misfit() {
            return Err(unusable(what));
        }
        let of_another = |id: Option<&Json>| id.is_some_and(|id| *id != backup.pool);
        let is_other = |(branch, document): (&String, &Document)| match DocumentId::is_labelled(branch) {
            true => document.members().any(|(_, one)| of_another(one.get(POOL_ID))),
            false => of_another(document.get(POOL_ID)),
        };
        if backup.branches.iter().any(is_other) {
            return Err(unusable("its documents are of another pool".to_owned()));
        }
        let lacks = |path: &&String| {
            let branch = DocumentId::BRANCHES.into_iter().map(|branch| branch.name());
            let mut branch = branch.filter(|branch| path.split(['.', '[']).next() == Some(branch));
            branch.any(|branch| !backup.branches.contains_key(branch))
        };
        if let Some(path) = backup.changed.iter().find(lacks) {
            return Err(unusable(format!("it lacks the document with `{path}`, which the run changed")));
        }
        backup.take_secrets(root, path)?;
        Ok(backup)
    }

    /// Takes the secret values from the second file, if that exists.
    fn take_secrets(&mut self, root: &Root, path: &FsPath) -> Result<(), BackupError> {
        if Catalogue::withheld(&self.snapshot()).is_empty() {
            return Ok(());
        }
        let file = secrets::file_of(path);
        if !file.exists() {
            self.missing = Some(file);
            return Ok(());
        }
        let unusable = |reason| BackupError::Secrets { path: file.clone(), reason };
        let text = root.read(&file, MAX_FILE);
        let text = text.map_err(|source| BackupError::Read { path: file.clone(), source })?;
        let values: SecretFile = serde_json::from_slice(&text).map_err(|_| unusable("is damaged"))?;
        if !values.is_of(&self.pool) {
            return Err(unusable("is of another backup"));
        }
        for value in &values.values {
            let document = match value.document.as_str() {
                USER_POOL => Some(&mut self.user_pool),
                MFA_CONFIG => self.mfa_config.as_mut(),
                branch => self.branches.get_mut(branch),
            };
            document.into_iter().for_each(|document| value.put_into(document));
        }
        self.missing = (!Catalogue::withheld(&self.snapshot()).is_empty()).then_some(file);
        Ok(())
    }

    /// The latest backup in `dir` that was made by applying a saved plan to one of these pools, or to any if none is named,
    /// and its path.
    ///
    /// What is no backup is passed over. So is one of a run that changed nothing, unless that run made the pool.
    pub fn latest_of(root: &Root, dir: &FsPath, plan: &str, pools: &[&str]) -> Option<(PathBuf, Self)> {
        let files = root.list(dir).ok()?.into_iter();
        let is_of_pool = |file: &PathBuf| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let is_its = pools.is_empty() || pools.iter().any(|pool| name.contains(pool));
            name.ends_with(".json") && is_its && file.is_file()
        };
        let backups = files.filter(is_of_pool).filter_map(|file| Some((Self::read(root, &file).ok()?, file)));
        let made = backups.filter(|(backup, _)| backup.plan.as_deref() == Some(plan));
        let made = made.filter(|(backup, _)| pools.is_empty() || !backup.changed.is_empty());
        made.max_by(|(one, _), (other, _)| one.created.cmp(&other.created))
            .map(|(backup, file)| (file, backup))
    }

    /// What is no document, although it is where one should be.
    fn misfit(&self) -> Option<String> {
        let labelled = DocumentId::LABELLED.into_iter().filter_map(|list| {
            let documents = self.branches.get(list.name())?;
            Some((list, documents))
        });
        let mut labelled = labelled.flat_map(|(list, documents)| {
            documents.members().map(move |(label, one)| (list.clone(), label, one))
        });
        labelled.find_map(|(list, label, one)| match one {
            Json::Null => None,
            Json::Object(one) => {
                let key = Snapshot::misfit(&list, one)?;
                Some(format!("its `{key}` of the `{label}` of `{}` is no document", list.name()))
            }
            _ => Some(format!("its `{label}` of `{}` is no document", list.name())),
        })
    }

    /// The documents as they were.
    pub fn snapshot(&self) -> Snapshot {
        let own = Snapshot::new(self.user_pool.clone(), self.mfa_config.clone());
        let branches = DocumentId::BRANCHES.into_iter().filter_map(|branch| {
            let document = self.branches.get(branch.name())?;
            Some((branch, document.clone()))
        });
        branches.fold(own, |snapshot, (branch, document)| match DocumentId::is_labelled(branch.name()) {
            true => document.members().fold(snapshot, |snapshot, (label, one)| {
                let id = branch.labelled(label);
                match one.as_object().cloned() {
                    Some(whole) => snapshot.with_whole(&id, whole),
                    None => snapshot.with(id, None),
                }
            }),
            false => snapshot.with(branch, Some(document)),
        })
    }

    /// The documents that the run made or may have made, and that are known by ids that the backup does not have: a
    /// restore must not remove others in their place.
    pub fn made_without_id(&self) -> Vec<Path> {
        let resources = RESOURCES
            .into_iter()
            .filter(|resource| resource.listing.is_some() && resource.natural_key().is_none());
        let made = resources.flat_map(|resource| {
            let documents = resource.branch.and_then(|branch| self.branches.get(branch));
            let none = documents.into_iter().flat_map(Document::members).filter(|(_, one)| one.is_null());
            none.map(|(label, _)| resource.root().member(label)).collect::<Vec<_>>()
        });
        made.filter(|path| !self.unsent.contains(&path.to_string())).collect()
    }

    /// What must be read of the pool to compare it with the backup.
    pub fn readings(&self) -> Vec<Reading> {
        let is_saved = |resource: &&'static Resource| match resource.branch {
            None => true,
            Some(branch) => self.branches.contains_key(branch),
        };
        let reading = |resource: &'static Resource| {
            let documents = resource.branch.and_then(|branch| self.branches.get(branch));
            let wanted = documents.into_iter().flat_map(Document::members);
            let wanted = wanted.filter_map(|(label, one)| resource.listing?.wanted(label, one));
            let hanging = resource.hanging().map(|hanging| HangingReading {
                resource: hanging,
                labels: Some(self.labels_of(resource, hanging)),
            });
            Reading { wanted: wanted.collect(), hanging: hanging.collect(), ..Reading::from(resource) }
        };
        Resource::alone().filter(is_saved).map(reading).collect()
    }

    /// The labels of the documents of `resource` that are saved with the one of `hanging`, or without one.
    fn labels_of(&self, resource: &Resource, hanging: &Resource) -> Vec<String> {
        let documents = resource.branch.and_then(|branch| self.branches.get(branch));
        let has_it = |one: &Json| hanging.branch.is_some_and(|key| one.get(key).is_some());
        let members = documents.into_iter().flat_map(Document::members);
        members.filter(|(_, one)| has_it(one)).map(|(label, _)| label.to_owned()).collect()
    }

    /// The settings with values from secrets.
    pub fn secret_paths(&self) -> impl Iterator<Item = Path> {
        self.secret.iter().filter_map(|text| text.parse().ok())
    }

    /// Whether a setting is one that came from a secret.
    pub fn is_secret(&self, path: &Path) -> bool {
        self.secret_paths().any(|secret| secret.overlaps(path))
    }

    /// What the run was about to change in sets.
    pub fn elements(&self) -> BTreeMap<Path, SetElements> {
        let parsed =
            self.elements.iter().filter_map(|(path, elements)| Some((path.parse().ok()?, elements.clone())));
        parsed.collect()
    }

    /// The settings that the run changed, or may have.
    ///
    /// # Errors
    /// When one is no path.
    pub fn paths(&self) -> Result<Vec<Path>, crate::document::PathError> {
        self.changed.iter().map(|text| text.parse()).collect()
    }
}

/// A value as the text of a file.
fn text_of(value: &impl Serialize) -> Result<String, std::io::Error> {
    Ok(report::escape_json(&serde_json::to_string_pretty(value)?).into_owned() + "\n")
}

/// The documents of the branches that were read, by the keys of a manifest, out of the plan's base or a copy of it.
fn branches(plan: &Plan, base: &Snapshot) -> BTreeMap<String, Document> {
    let read = |branch: DocumentId| {
        let document = base.document(&branch)?;
        let document = match DocumentId::is_labelled(branch.name()) {
            true => labelled(plan, base, &branch),
            false => document.clone(),
        };
        Some((branch.name().to_owned(), document))
    };
    DocumentId::BRANCHES.into_iter().filter_map(read).collect()
}

/// The documents of a resource by their labels; `null` for documents that the plan makes.
fn labelled(plan: &Plan, base: &Snapshot, branch: &DocumentId) -> Document {
    let mut documents = Document::default();
    for (label, _) in base.labelled(branch) {
        let whole = base.whole(&branch.labelled(label)).unwrap_or_default();
        documents.insert(label, Json::Object(whole));
    }
    let steps = plan.steps.iter().map(|step| &step.document).filter(|id| id.name() == branch.name());
    for label in steps.filter(|id| plan.base.document(id).is_none()).filter_map(DocumentId::label) {
        documents.insert(label, Json::Null);
    }
    documents
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn backup() -> Backup {
        Backup {
            format_version: FORMATS[0].to_owned(),
            tool_version: "0".to_owned(),
            created: "2026-11-23T00:00:00Z".to_owned(),
            pool: "eu-west-1_a".to_owned(),
            region: "eu-west-1".to_owned(),
            account: None,
            plan: None,
            changed: vec!["UserPoolTags[\"a.b\"]".to_owned()],
            unsent: Vec::new(),
            secret: Vec::new(),
            user_pool: serde_json::from_str(r#"{"New": 0.10, "Big": 12345678901234567890123, "Zero": -0}"#)
                .unwrap(),
            mfa_config: None,
            branches: BTreeMap::new(),
            elements: BTreeMap::new(),
            secrets: Vec::new(),
            missing: None,
        }
    }

    #[test]
    fn a_backup_comes_back_digit_by_digit_and_never_replaces_another() {
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("backups");
        let now = datetime!(2026-11-23 05:36:44 UTC);
        let root = Root::default();
        let first = backup().write(&root, &inner, now).unwrap();
        let second = backup().write(&root, &inner, now).unwrap();
        assert_eq!(first.file_name().unwrap(), "20261123T053644Z-eu-west-1_a.json");
        assert_eq!(second.file_name().unwrap(), "20261123T053644Z-eu-west-1_a-1.json");
        let read = Backup::read(&root, &first).unwrap();
        assert_eq!(
            serde_json::to_string(&read.user_pool).unwrap(),
            r#"{"New":0.10,"Big":12345678901234567890123,"Zero":-0}"#
        );
        assert_eq!(read.paths().unwrap()[0].to_string(), r#"UserPoolTags["a.b"]"#);
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("backups");
        let path = backup().write(&Root::default(), &inner, datetime!(2026-11-23 05:36:44 UTC)).unwrap();
        assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::metadata(inner).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn another_file_is_refused_with_its_reason() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("b.json");
        for (text, reason) in [
            ("pool: x", "it is not JSON"),
            ("{}", "it has no `format_version`"),
            (r#"{"format_version": "3"}"#, "its format is `3`, and this poolctl reads `1` and `2`"),
            (r#"{"format_version": "1"}"#, "missing field"),
            (
                r#"{"format_version": "1", "tool_version": "0", "created": "", "pool": "../x", "region": "eu-west-1", "changed": [], "UserPool": {}}"#,
                "it names no pool",
            ),
            (
                r#"{"format_version": "1", "tool_version": "0", "created": "", "pool": "eu-west-1_a", "region": "eu-west-1", "changed": [], "UserPool": {"Id": "eu-west-1_b"}}"#,
                "its documents are of another pool",
            ),
        ] {
            std::fs::write(&path, text).unwrap();
            let error = Backup::read(&Root::default(), &path).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
