//! From a live pool to the manifest that a person would have written for it.
//!
//! A manifest declares the managed settings. Values that the service fills in are left out. A [`Note`] reports what a
//! manifest cannot contain: a secret, or a value that the checks refuse.

mod accept;
mod attributes;
mod copy;
pub mod others;
mod request;
mod settings;
mod share;
#[cfg(test)]
mod tests;
mod text;

use crate::catalogue::{Catalogue, Compare, MFA_DOCUMENT};
use crate::document::{Document, Json, Object, Path, PathPattern, Seg, Snapshot, json};
use crate::manifest::write::{self, CommentedEntry, Yaml, setting_key};
use crate::rules::{self, cross};
pub use copy::{as_new, word_of};
pub use request::{REQUEST_INSIDE, left_out, of_request};
use settings::Importer;
pub use share::share;

/// The comment above `passthrough`.
const UNCHECKED: &str = "Settings that poolctl does not know or would refuse. They are sent unchanged.";

/// The keys of a manifest before its settings.
#[derive(Clone, Debug, Default)]
pub struct Header {
    /// The pool's id.
    pub pool: String,
    /// The word of `create`, in the place of the id, if the manifest is to make a pool.
    pub create: Option<String>,
    /// The Region whose endpoint serves the pool, if it is not the one in the id.
    pub region: Option<String>,
    /// The account that the pool is in, if known.
    pub account: Option<String>,
    /// Where editors find the schema of manifests, as the manifest's own folder sees it.
    pub schema: Option<String>,
}

/// The options of an import.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// Also the values that are Cognito's defaults.
    pub full: bool,
    /// Whether the manifest is to make another pool: without ids, and with what a new pool would not have by itself.
    pub as_new: bool,
    /// The paths to take, with all that lies within; none means all.
    pub only: Vec<PathPattern>,
    /// The paths to leave.
    pub without: Vec<PathPattern>,
    /// The folder for long texts, as the manifest's own folder sees it; nothing keeps them in the
    /// manifest.
    pub templates: Option<String>,
}

/// A manifest to write, and the notes about it.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The manifest.
    pub manifest: Yaml,
    /// The files that it refers to.
    pub templates: Vec<Template>,
    /// What a person should know, in the settings' order.
    pub notes: Vec<Note>,
}

/// A text, or an image, with a file of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The file, as the manifest's own folder sees it.
    pub file: String,
    /// The content, to the byte.
    pub content: Vec<u8>,
    /// Whether the setting has the content in base64.
    pub is_base64: bool,
}

/// Something about one setting that a person should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The setting.
    pub path: Path,
    /// What became of it, fit to follow its path.
    pub text: String,
    /// Whether it stays out of the manifest, or unchecked in it, though somebody may want it otherwise.
    pub warns: bool,
}

impl Draft {
    /// The manifest's text.
    pub fn text(&self) -> String {
        write::to_string(&self.manifest)
    }
}

/// The manifest of a live pool.
pub fn draft(catalogue: &Catalogue, live: &Snapshot, frame: &Header, options: &ImportOptions) -> Draft {
    let canonical = catalogue.canonical(live);
    let region = frame.region.as_deref().or_else(|| frame.pool.rsplit_once('_').map(|(region, _)| region));
    let import = |options, checks| {
        let region = region.unwrap_or_default();
        Importer::new(catalogue, options, (live, region), checks).take(&canonical)
    };
    // To check the values one by one costs a hundred times as much, and few pools need it.
    let inline = ImportOptions { templates: None, ..options.clone() };
    let unchecked = import(&inline, false);
    let passthrough = passed(unchecked.passthrough);
    let is_sound = accept::accept(catalogue, unchecked.settings, passthrough).is_ok();
    let taken = import(options, !is_sound);
    let mut entries = frame.entries();
    entries.extend(write::sections(taken.settings).into_iter().map(apart));
    let passthrough = passed(taken.passthrough);
    if !passthrough.is_empty() {
        let value = Yaml::Mapping(passthrough);
        entries.push(CommentedEntry::new("passthrough", value).above("").above(UNCHECKED));
    }
    let mut notes = taken.notes;
    let allowed = broken(catalogue, import(&inline, !is_sound), frame);
    if !allowed.is_empty() {
        let allow = allowed.iter().map(|broken| {
            let path = broken.path.as_ref().filter(|_| broken.is_of_document);
            let path = path.map(|path| CommentedEntry::new("path", path.to_string().as_str()));
            let reason = CommentedEntry::new("reason", "the pool had this value when it was imported");
            Yaml::Mapping(
                [CommentedEntry::new("rule", broken.code)].into_iter().chain(path).chain([reason]).collect(),
            )
        });
        entries.push(CommentedEntry::new("allow", Yaml::Sequence(allow.collect())).above(""));
        notes.extend(allowed.into_iter().map(breach));
    }
    Draft { manifest: Yaml::Mapping(entries), templates: taken.templates, notes }
}

/// The section behind an empty line.
fn apart(section: CommentedEntry) -> CommentedEntry {
    let above = [vec![String::new()], section.above].concat();
    CommentedEntry { above, ..section }
}

/// A rule that a manifest would be refused by.
struct BrokenRule {
    code: &'static str,
    /// The likeliest cause.
    path: Option<Path>,
    /// Whether it is about one document with a label, and not about the pool.
    is_of_document: bool,
}

/// The rules that what was taken is at odds with, and by which a manifest of it would be refused.
fn broken(catalogue: &Catalogue, taken: settings::Taken, frame: &Header) -> Vec<BrokenRule> {
    let manifest = accept::judged(frame, taken.settings, passed(taken.passthrough));
    let checked = manifest.ok().and_then(|manifest| rules::check(catalogue, manifest).ok());
    let Some((desired, _)) = checked else { return Vec::new() };
    let mut all: Vec<BrokenRule> = Vec::new();
    for breach in cross::breaches_of_manifest(catalogue, &desired).iter().filter(|one| one.rule.refuses()) {
        let is_declared = |path: &Path| desired.wants.iter().any(|want| want.path.overlaps(path));
        let path = breach.about().find(is_declared).or_else(|| breach.about().next());
        let is_of_document = !breach.root.is_root();
        let code = breach.rule.code;
        if !all.iter().any(|one| one.code == code && (!is_of_document || one.path == path)) {
            all.push(BrokenRule { code, path, is_of_document });
        }
    }
    all
}

/// A note about a rule that the pool breaks.
fn breach(BrokenRule { code, path, .. }: BrokenRule) -> Note {
    let text = format!(
        "breaks the rule `{code}`, so the manifest has an `allow` entry for it. See `poolctl explain {code}`"
    );
    Note { path: path.unwrap_or_default(), text, warns: true }
}

/// The content of `passthrough`, as a manifest has it.
fn passed(members: Object) -> Vec<CommentedEntry> {
    let entry =
        |(name, value): (&String, &Json)| CommentedEntry::new(setting_key(name), Yaml::setting(value));
    members.iter().map(entry).collect()
}

/// What a manifest can say of one setting of a live pool.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// The value, be it Cognito's default.
    Value(Yaml),
    /// The pool has none.
    Nothing,
    /// The pool has one that no manifest can hold; why.
    Unsayable(String),
}

/// What a manifest can say of the setting at `path` of a pool, which is given in canonical form too, and whose endpoint
/// is in `region`.
pub fn said(
    catalogue: &Catalogue,
    (live, canonical): (&Snapshot, &Document),
    region: &str,
    path: &Path,
) -> Said {
    // Attributes are declared without the values that every pool has.
    let full = catalogue.setting(path).is_none_or(|field| field.compare() != Compare::Attributes);
    let options = ImportOptions { full, only: vec![path.clone().into()], ..ImportOptions::default() };
    let taken = Importer::new(catalogue, &options, (live, region), true).take(canonical);
    if let Some(value) = find(&taken.settings, path) {
        return Said::Value(value.clone());
    }
    let is_setting = catalogue.setting(path).is_some();
    if let Some(value) = json::get(&taken.passthrough, path).filter(|_| !is_setting) {
        return Said::Value(Yaml::setting(value));
    }
    match taken.notes.into_iter().find(|note| note.path.overlaps(path)) {
        Some(note) => Said::Unsayable(format!("the live value {}", note.text)),
        None => Said::Nothing,
    }
}

/// The value at a path in entries.
fn find<'a>(entries: &'a [CommentedEntry], path: &Path) -> Option<&'a Yaml> {
    let (first, rest) = path.segs().split_first()?;
    let name = |seg: &Seg| match seg {
        Seg::Member(name) => Some(name.clone()),
        Seg::Item(_) | Seg::Index(_) => None,
    };
    let entry = |entries: &'a [CommentedEntry], seg: &Seg| {
        let name = name(seg)?;
        entries.iter().find(|entry| entry.key == *name).map(|entry| &entry.value)
    };
    rest.iter().try_fold(entry(entries, first)?, |value, seg| match value {
        Yaml::Mapping(entries) => entry(entries, seg),
        Yaml::Scalar(_) | Yaml::Sequence(_) => None,
    })
}

/// Whether a manifest may give a setting this value.
///
/// # Errors
/// The message about a value that the checks refuse.
pub fn accepts(catalogue: &Catalogue, path: &Path, value: &Json) -> Result<(), String> {
    accept::accept(catalogue, accept::declaring(path, Yaml::setting(value)), Vec::new())
}

/// Whether a path is a setting, or one that a live pool has.
pub fn is_known(catalogue: &Catalogue, live: &Snapshot, path: &Path) -> bool {
    let canonical = catalogue.canonical(live);
    let apart = Path::members([MFA_DOCUMENT]).extended(path.segs());
    catalogue.setting(path).is_some() || canonical.at(path).is_some() || canonical.at(&apart).is_some()
}

impl Header {
    fn entries(&self) -> Vec<CommentedEntry> {
        let mut version = CommentedEntry::new("version", &Json::from(1));
        if let Some(schema) = &self.schema {
            version = version.above(format!("yaml-language-server: $schema={schema}"));
        }
        let pool = match &self.create {
            Some(word) => CommentedEntry::new("create", word.as_str()),
            None => CommentedEntry::new("pool", self.pool.as_str()),
        };
        let mut entries = vec![version, pool];
        entries.extend(self.region.as_deref().map(|region| CommentedEntry::new("region", region)));
        entries.extend(self.account.as_deref().map(|account| CommentedEntry::new("account", account)));
        entries
    }
}
