//! The frame of a manifest: which pool it is for, and where its settings stand.

use std::path::Path;
use std::sync::Arc;

use super::beside::{Beside, Fallback, Nothing};
use super::create;
use super::entries::{self, LabelledEntry};
use super::exemption::{self, Acknowledgement, Allow, Exemption, Unmanaged};
use super::overlay::{self, Layer, Layers};
use super::requires;
use super::resolve::Resolver;
use super::siblings;
use super::similar::similar;
use super::templates;
use super::watch;
use super::yaml::{self, Parsed, ScalarMeaning, Value, YamlEntry};
use super::{Diagnostic, Located, MAX_FINDINGS, Origin, SourceText};
use crate::document::DocumentId;

/// A manifest as its files have it: the frame read, the settings still a tree.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The file, as the user named it.
    pub file: String,
    /// The text of the file.
    pub source: Arc<SourceText>,
    /// The pool's id, or the word of `create`; `None` if the file has no valid one.
    pub pool: Option<Located<String>>,
    /// Whether `pool` is the word of `create`: the pool is the one that carries it as a tag.
    pub is_by_tag: bool,
    /// Whether the pool's id comes from a reference.
    pub is_pool_given: bool,
    /// The Region, if it is not the one in the pool's id.
    pub region: Option<Located<String>>,
    /// The account that the credentials must belong to.
    pub account: Option<Located<String>>,
    /// The content of `settings`, then the branches: what lives in the pool beside its own settings.
    pub settings: Vec<YamlEntry>,
    /// The documents that the branches declare under labels.
    pub entries: Vec<LabelledEntry>,
    /// The content of `passthrough`.
    pub passthrough: Vec<YamlEntry>,
    /// What becomes of live settings that the manifest does not name.
    pub unmanaged: Unmanaged,
    /// The branches of which drift reports every undeclared document, each once.
    pub watch: Vec<&'static str>,
    /// Settings that others manage.
    pub ignore: Vec<Exemption>,
    /// Notes that the manifest acknowledges.
    pub acknowledge: Vec<Acknowledgement>,
    /// Risks and breaches of rules that are accepted.
    pub allow: Vec<Allow>,
    /// Live members that stay out of every request.
    pub omit: Vec<Exemption>,
    /// The files that it extends, directly or not, without links.
    pub bases: Vec<Arc<Path>>,
    /// Whether neither the file nor one that it extends has a `pool`: then it may be a base itself.
    pub is_base: bool,
    /// The variables that are not set, and whose defaults are used in settings.
    pub fallbacks: Vec<Fallback>,
    /// What is wrong with the frame. A manifest with errors is good for finding more of them, and
    /// for nothing else.
    pub findings: Vec<Diagnostic>,
}

impl Manifest {
    /// The Region whose endpoint serves the pool: the manifest's own, else the one in the id.
    pub fn region(&self) -> &str {
        match (&self.region, &self.pool) {
            (Some(region), _) => &region.value,
            (None, Some(pool)) if !self.is_by_tag => {
                pool.value.rsplit_once('_').map_or("", |(region, _)| region)
            }
            (None, _) => "",
        }
    }

    /// The manifest without what it declares. The name of a pool that is found by a tag is among its settings: they stay.
    #[must_use]
    pub fn head(&self) -> Self {
        Self {
            file: self.file.clone(),
            source: Arc::clone(&self.source),
            pool: self.pool.clone(),
            is_by_tag: self.is_by_tag,
            is_pool_given: self.is_pool_given,
            region: self.region.clone(),
            account: self.account.clone(),
            settings: if self.is_by_tag { self.settings.clone() } else { Vec::new() },
            entries: Vec::new(),
            passthrough: Vec::new(),
            unmanaged: self.unmanaged,
            watch: Vec::new(),
            ignore: Vec::new(),
            acknowledge: Vec::new(),
            allow: Vec::new(),
            omit: Vec::new(),
            bases: self.bases.clone(),
            is_base: self.is_base,
            fallbacks: Vec::new(),
            findings: Vec::new(),
        }
    }
}

/// Reads the frame of a manifest without other inputs from the bytes of its file.
///
/// # Errors
/// As [`load_with`].
pub fn load(name: &str, bytes: &[u8]) -> Result<Manifest, Vec<Diagnostic>> {
    load_with(name, bytes, &Nothing)
}

/// Reads a manifest's frame from the bytes of its file, merged over the files that it extends, with its references
/// resolved.
///
/// Errors of the frame are part of the manifest, so that its settings can be checked too.
///
/// # Errors
/// When the file is no YAML mapping, or has no key of a manifest.
pub fn load_with(name: &str, bytes: &[u8], beside: &dyn Beside) -> Result<Manifest, Vec<Diagnostic>> {
    of_parsed(name, yaml::parse(name, bytes), beside)
}

/// The same manifest from the text that it has kept.
///
/// # Errors
/// As [`load_with`].
pub fn load_again(source: &Arc<SourceText>, beside: &dyn Beside) -> Result<Manifest, Vec<Diagnostic>> {
    of_parsed(&source.name, yaml::parse_again(source), beside)
}

fn of_parsed(name: &str, own: Parsed, beside: &dyn Beside) -> Result<Manifest, Vec<Diagnostic>> {
    let (root, _) = own.as_ref().map_err(|error| vec![Diagnostic::clone(error)])?;
    let source = Arc::clone(&root.origin.source);
    let Layers { mut layers, bases, findings, .. } = Layers::of(name, own, beside)?;
    if findings.is_empty()
        && let [own] = layers.as_slice()
        && is_another(own)
    {
        return Err(vec![not_a_manifest(own)]);
    }
    let mut frame = Sections { errors: findings, ..Sections::default() };
    let mut entries = Vec::new();
    let mut resolver = Resolver::new(beside);
    layers.iter_mut().for_each(|layer| resolver.keys(&mut layer.entries));
    siblings::contradictions(&layers, &mut frame.errors);
    for layer in layers {
        let above = frame.checked(layer);
        entries = overlay::over(entries, above, &mut frame.errors);
    }
    for entry in &mut entries {
        if RESOLVED.contains(&entry.key.as_str()) || DocumentId::is_branch(&entry.key) {
            resolver.resolve(&mut entry.value);
        }
    }
    templates::lay(&mut entries, &mut resolver);
    resolver.findings.drain(..).for_each(|finding| frame.report(finding));
    for entry in entries {
        frame.take(entry);
    }
    Ok(Manifest { bases, fallbacks: resolver.fallbacks, ..frame.finish(source) })
}

/// The keys of a manifest, without the keys of the branches.
const KEYS: [&str; 15] = [
    "version",
    "requires",
    "pool",
    create::CREATE,
    "region",
    "account",
    "extends",
    "templates",
    SETTINGS,
    "passthrough",
    "unmanaged",
    "watch",
    "ignore",
    "allow",
    "omit",
];

/// The key of the pool's own settings, before the keys of the branches.
const SETTINGS: &str = "settings";

/// Every key of a manifest.
fn keys() -> Vec<&'static str> {
    let branches = || DocumentId::BRANCHES.into_iter().map(|branch| branch.name());
    let with = |key| std::iter::once(key).chain(branches().filter(move |_| key == SETTINGS));
    KEYS.into_iter().flat_map(with).collect()
}

/// The branch that a key of another tool ends with, such as `clients` of `user_pool_clients`.
fn ending(key: &str) -> Option<&'static str> {
    let plain: String = key.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let branches = DocumentId::BRANCHES.into_iter().map(|branch| branch.name());
    branches.into_iter().find(|branch| plain.to_lowercase().ends_with(&branch.to_lowercase()))
}

/// Whether a file has none of the keys of a manifest, nor a key that could be a misspelling of one.
fn is_another(file: &Layer) -> bool {
    let known = keys();
    let is_known = |key: &str| known.contains(&key) || similar(key, known.iter().copied()).is_some();
    !file.entries.is_empty() && !file.entries.iter().any(|entry| is_known(&entry.key))
}

fn not_a_manifest(file: &Layer) -> Diagnostic {
    Diagnostic::of_file("manifest", &file.file, "this is not a manifest: it has no `version`, `pool` or `settings`")
        .help("begin a manifest with `version: 1` and `pool: <id>`; move other YAML files out of the folder, or leave them out with `--exclude`")
}

/// The keys below which references are followed.
const RESOLVED: [&str; 6] = ["pool", create::CREATE, "region", "account", "settings", "passthrough"];

#[derive(Default)]
struct Sections {
    pool: Option<Located<String>>,
    /// The place of `pool`, be it a wrong one.
    pool_key: Option<Origin>,
    /// The place of `create`, be it a wrong one.
    create_key: Option<Origin>,
    is_pool_given: bool,
    region: Option<Located<String>>,
    account: Option<Located<String>>,
    /// Whether there were `region` and `account`, be they wrong ones.
    has_place: [bool; 2],
    settings: Vec<YamlEntry>,
    branches: Vec<YamlEntry>,
    entries: Vec<LabelledEntry>,
    passthrough: Vec<YamlEntry>,
    unmanaged: Unmanaged,
    watch: Vec<&'static str>,
    ignore: Vec<Exemption>,
    acknowledge: Vec<Acknowledgement>,
    allow: Vec<Allow>,
    omit: Vec<Exemption>,
    errors: Vec<Diagnostic>,
}

impl Sections {
    fn report(&mut self, finding: Diagnostic) {
        finding.add_to(&mut self.errors);
    }

    /// What every file says for itself: its version, and the poolctl that it is for. The rest is returned.
    fn checked(&mut self, layer: Layer) -> Vec<YamlEntry> {
        let (own, rest) = layer
            .entries
            .into_iter()
            .partition::<Vec<YamlEntry>, _>(|entry| matches!(entry.key.as_str(), "version" | "requires"));
        let mut has_version = false;
        for entry in own {
            match entry.key.as_str() {
                "version" => {
                    has_version = true;
                    self.read_version(&entry);
                }
                _ => self.errors.extend(requires::check(&entry)),
            }
        }
        if !has_version {
            let error = Diagnostic::of_file("version", &layer.file, "the manifest has no `version`");
            self.report(error.help("add `version: 1` at the beginning of the file"));
        }
        rest
    }

    fn take(&mut self, entry: YamlEntry) {
        match entry.key.as_str() {
            "pool" | create::CREATE => self.take_pool(&entry),
            "region" => {
                self.has_place[0] = true;
                self.region = self.read_text(&entry, is_region, "a Region, such as `eu-west-1`");
            }
            "account" => {
                self.has_place[1] = true;
                self.account = self.read_text(&entry, is_account, "an account's 12 digits");
            }
            "settings" => self.settings = self.read_settings(entry),
            key if DocumentId::is_branch(key) => self.take_branch(entry),
            "passthrough" => {
                let entries = self.read_mapping(entry);
                let (branches, settings): (Vec<_>, Vec<_>) =
                    entries.into_iter().partition(|entry| DocumentId::is_branch(&entry.key));
                self.passthrough = settings;
                for branch in branches {
                    let mut branch = self.checked_branch(branch);
                    if let Some(branch) = branch.as_mut().filter(|entry| DocumentId::is_labelled(&entry.key))
                    {
                        entries::retain_passed(branch, &mut self.errors);
                    }
                    self.passthrough.extend(branch);
                }
            }
            "unmanaged" => self.unmanaged = exemption::unmanaged(&entry, &mut self.errors),
            "watch" => self.watch = watch::branches(entry, &mut self.errors),
            "ignore" => {
                (self.ignore, self.acknowledge) = exemption::ignores("ignore", entry.value, &mut self.errors);
            }
            "allow" => self.allow = exemption::allows(entry.value, &mut self.errors),
            "omit" => self.omit = exemption::exemptions("omit", entry.value, &mut self.errors),
            _ if self.errors.len() > MAX_FINDINGS => {}
            _ => {
                let message = format!("unknown key `{}`", entry.key);
                let help = match similar(&entry.key, keys()).or_else(|| ending(&entry.key)) {
                    Some(key) => format!("did you mean `{key}`?"),
                    None => format!(
                        "the keys are {}; settings of Cognito belong under `settings`",
                        keys().join(", ")
                    ),
                };
                self.report(Diagnostic::error("unknown-key", message, entry.origin, "unknown").help(help));
            }
        }
    }

    /// Reads which pool is meant: its id, or the word of its tag.
    fn take_pool(&mut self, entry: &YamlEntry) {
        let is_create = entry.key == create::CREATE;
        let key = if is_create { &mut self.create_key } else { &mut self.pool_key };
        *key = Some(entry.origin.clone());
        self.is_pool_given = entry.value.is_given(|_| true);
        self.pool = match is_create {
            true => self.read_text(entry, create::is_word, create::WORD),
            false => self.read_text(entry, is_pool_id, "a pool id, such as `eu-west-1_a1B2c3D4E`"),
        };
    }

    fn finish(mut self, source: Arc<SourceText>) -> Manifest {
        let is_base = self.pool_key.is_none() && self.create_key.is_none();
        if let Some(create) = &self.create_key {
            let findings = create::misfits(create, self.pool_key.as_ref(), self.has_place);
            findings.into_iter().for_each(|finding| self.report(finding));
        }
        if is_base {
            let error = Diagnostic::of_file("pool", &source.name, "the manifest has no `pool`");
            let help = "add `pool: <id>`, or use this file only in `extends` of other manifests; `aws cognito-idp list-user-pools --max-results 60` lists up to 60 ids";
            self.report(error.help(help));
        }
        self.settings.append(&mut self.branches);
        Manifest {
            file: source.name.clone(),
            source,
            pool: self.pool,
            is_by_tag: self.create_key.is_some(),
            is_pool_given: self.is_pool_given,
            region: self.region,
            account: self.account,
            settings: self.settings,
            entries: self.entries,
            passthrough: self.passthrough,
            unmanaged: self.unmanaged,
            watch: self.watch,
            ignore: self.ignore,
            acknowledge: self.acknowledge,
            allow: self.allow,
            omit: self.omit,
            bases: Vec::new(),
            is_base,
            fallbacks: Vec::new(),
            findings: self.errors,
        }
    }

    fn read_version(&mut self, entry: &YamlEntry) {
        let one = ScalarMeaning::Number(1.into());
        if entry.value.scalar().is_none_or(|scalar| scalar.meaning() != one) {
            let message = "this poolctl reads only manifests with `version: 1`";
            let error = Diagnostic::error("version", message, entry.value.origin.clone(), "another version");
            self.report(error.help("write `version: 1`, or use a poolctl that reads this version"));
        }
    }

    fn read_text(
        &mut self,
        entry: &YamlEntry,
        valid: fn(&str) -> bool,
        what: &str,
    ) -> Option<Located<String>> {
        let key = &entry.key;
        let origin = entry.value.origin.clone();
        let error = match entry.value.scalar() {
            // What is wrong with the reference has been said.
            Some(scalar)
                if scalar.given.as_ref().is_some_and(|given| given.is_unknown && !given.is_secret) =>
            {
                return None;
            }
            Some(scalar) if scalar.given.as_ref().is_some_and(|given| given.is_secret) => {
                let message = format!("`{key}` cannot be a secret: it is printed in plans and backups");
                Diagnostic::error("reference", message, origin, "a secret").help("use `${var:…}`")
            }
            Some(scalar) if scalar.meaning() == ScalarMeaning::Text && valid(&scalar.text) => {
                return Some(Located { value: scalar.text.clone(), origin });
            }
            Some(scalar) if scalar.meaning() != ScalarMeaning::Text && valid(&scalar.text) => {
                let message = format!("`{key}` must be a text, and this is a number in YAML");
                Diagnostic::error("quote", message, origin, "needs quotes")
                    .help(format!("write `{key}: \"{}\"`", scalar.text))
            }
            Some(scalar) if matches!(scalar.meaning(), ScalarMeaning::Blank | ScalarMeaning::Null) => {
                Diagnostic::error("blank", format!("`{key}` has no value"), entry.origin.clone(), "no value")
                    .help(format!("write {what}"))
            }
            _ => Diagnostic::error("frame", format!("`{key}` must be {what}"), origin, "not valid"),
        };
        self.report(error);
        None
    }

    /// A branch, with what its labels declare.
    fn take_branch(&mut self, entry: YamlEntry) {
        // How to reset a single document depends on its members, which the check knows.
        let is_single = !DocumentId::is_labelled(&entry.key);
        let mut branch = match is_single && entry.value.is_unset() {
            true => Some(entry),
            false => self.checked_branch(entry),
        };
        if let Some(labelled) = branch.as_mut().filter(|branch| DocumentId::is_labelled(&branch.key)) {
            self.entries.extend(entries::take(labelled, &mut self.errors));
            // Entries without settings are no part of the tree.
            let is_bare = matches!(&labelled.value.value, Value::Mapping(left) if left.is_empty());
            branch = branch.filter(|_| !is_bare);
        }
        // Entries that only remove declare no settings.
        let is_empty =
            |branch: &YamlEntry| matches!(&branch.value.value, Value::Mapping(members) if members.is_empty());
        self.branches.extend(branch.filter(|branch| !is_empty(branch)));
    }

    /// The content of `settings`, in which no branch stands.
    fn read_settings(&mut self, entry: YamlEntry) -> Vec<YamlEntry> {
        let (branches, settings): (Vec<YamlEntry>, Vec<YamlEntry>) =
            self.read_mapping(entry).into_iter().partition(|entry| DocumentId::is_branch(&entry.key));
        for YamlEntry { key, origin, .. } in branches {
            let message = format!("`{key}` is not one of the pool's own settings");
            let error = Diagnostic::error("unknown-key", message, origin, "in the wrong place");
            self.report(error.help(format!("move `{key}` to the left, beside `settings`")));
        }
        settings
    }

    /// A branch, if it has members of its own.
    fn checked_branch(&mut self, entry: YamlEntry) -> Option<YamlEntry> {
        let error = match &entry.value.value {
            Value::Mapping(members) if !members.is_empty() => return Some(entry),
            Value::Mapping(_) => Diagnostic::error(
                "empty",
                format!("`{}: {{}}` declares nothing", entry.key),
                entry.value.origin,
                "empty",
            ),
            Value::Scalar(_) if entry.value.is_unset() => {
                Diagnostic::error("blank", format!("`{}` has no value", entry.key), entry.origin, "no value")
            }
            _ => Diagnostic::error(
                "frame",
                format!("`{}` must be a mapping", entry.key),
                entry.value.origin,
                "not a mapping",
            ),
        };
        self.report(error.help("declare its members below it, or delete the line to stop managing it"));
        None
    }

    fn read_mapping(&mut self, entry: YamlEntry) -> Vec<YamlEntry> {
        match entry.value.value {
            Value::Mapping(entries) => return entries,
            Value::Scalar(_) if entry.value.is_unset() => {
                let message = format!("`{}` has no value", entry.key);
                let error = Diagnostic::error("blank", message, entry.origin, "no value");
                self.report(error.help("add settings below it, or delete the line"));
            }
            _ => {
                let message = format!("`{}` must be a mapping", entry.key);
                let error = Diagnostic::error("frame", message, entry.value.origin, "not a mapping");
                self.report(error.help("write one setting per line, such as `DeletionProtection: ACTIVE`"));
            }
        }
        Vec::new()
    }
}

/// Whether this looks like a pool's id: a Region, `_`, letters and digits, at most 55 in all.
///
/// From the model: 1 to 55 characters of `[\w-]+_[0-9a-zA-Z]+`.
pub fn is_pool_id(text: &str) -> bool {
    let Some((region, id)) = text.rsplit_once('_') else { return false };
    text.len() <= 55
        && is_region(region)
        && !id.is_empty()
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether this looks like a Region: `eu-west-1`, `us-gov-west-1`.
pub fn is_region(text: &str) -> bool {
    let mut parts = text.split('-').rev();
    let number =
        parts.next().is_some_and(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    let words: Vec<&str> = parts.collect();
    let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    number && words.len() >= 2 && words.iter().all(is_word)
}

/// Whether this is an account's number.
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<String> {
        match load("m.yaml", text.as_bytes()) {
            Ok(manifest) => manifest.findings.iter().map(|finding| finding.code.to_string()).collect(),
            Err(findings) => findings.iter().map(|finding| finding.code.to_string()).collect(),
        }
    }

    #[test]
    fn the_region_is_the_ids_unless_the_manifest_says_another() {
        let manifest = load("m.yaml", b"version: 1\npool: eu-west-1_a1B2c3D4E\n").unwrap();
        assert_eq!(manifest.region(), "eu-west-1");
        let manifest = load("m.yaml", b"version: 1\npool: eu-west-1_a1B2c3D4E\nregion: us-east-2\n").unwrap();
        assert_eq!(manifest.region(), "us-east-2");
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let text = "verson: 1\npool: customers\naccount: 111122223333\nregion:\nsettings: []\nomit: [{path: A..B}, {reason: x}]\n";
        assert_eq!(
            codes(text),
            ["version", "unknown-key", "frame", "quote", "blank", "frame", "omit", "omit", "omit"]
        );
        assert_eq!(codes("version: 2\n"), ["version", "pool"]);
        assert_eq!(codes("- a\n"), ["manifest"]);
        assert_eq!(codes("apiVersion: v1\nkind: Service\nspec: {}\n"), ["manifest"]);
        assert_eq!(codes("settngs: {}\nkind: x\n"), ["version", "unknown-key", "unknown-key", "pool"]);
    }

    #[test]
    fn an_account_that_begins_with_a_nought_needs_quotes_as_any_other() {
        let load = |account: &str| {
            load("m.yaml", format!("version: 1\npool: eu-west-1_a\naccount: {account}\n").as_bytes())
        };
        assert_eq!(load("'011122223333'").unwrap().account.unwrap().value, "011122223333");
        for account in ["011122223333", "111122223333"] {
            let finding = load(account).unwrap().findings.remove(0);
            assert_eq!(
                (&*finding.code, finding.help.unwrap()),
                ("quote", format!("write `account: \"{account}\"`"))
            );
        }
    }

    #[test]
    fn pool_ids_look_like_pool_ids() {
        for id in ["eu-west-1_a1B2c3D4E", "us-gov-west-1_X", "us-east-1_0123456789abcdef0123456789abcdef"] {
            assert!(is_pool_id(id), "{id}");
        }
        for id in
            ["customers", "eu-west-1", "eu-west-1_", "eu_west_1", "_abc", "EU-WEST-1_a", "eu-west-1_a/b"]
        {
            assert!(!is_pool_id(id), "{id}");
        }
    }

    #[test]
    fn a_misspelt_word_finds_its_neighbour() {
        assert_eq!(similar("pasthrough", keys()), Some("passthrough"));
        assert_eq!(similar("Settings", keys()), Some("settings"));
        assert_eq!(similar("zebra", keys()), None);
    }
}
