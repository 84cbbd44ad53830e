//! Where each live value is written, and as what.

use std::collections::HashSet;
use std::sync::Arc;

use crate::catalogue::{self, Alias, Catalogue, Compare, Replaced};
use crate::document::{Document, Json, Object, Path, Seg, bytes, json};
use crate::import::{self, Said};
use crate::manifest::write::{self, Yaml};
use crate::manifest::yaml::{Value, YamlEntry, YamlNode};
use crate::manifest::{List, Manifest, Origin, SourceText};
use crate::plan::{Change, Form, Level, Options, Plan, diff};
use crate::rules::{Desired, DesiredEntry, Want};

/// A setting of which the manifest does not say what the pool has, and what becomes of it there.
#[derive(Clone, Debug)]
pub struct Adoption {
    /// The setting, as the manifest names it; the structure around it, where that goes as a whole.
    pub path: Path,
    /// Where the manifest declares it; where it names its pool, if it does not.
    pub origin: Origin,
    /// What is written; else why nothing is.
    pub target: Result<ManifestEdit, String>,
    /// Each setting in it that differs, from the value that the manifest declares to the value that is written.
    pub changes: Vec<Change>,
}

/// An edit of a manifest, or of a file that it refers to.
#[derive(Clone, Debug, PartialEq)]
pub enum ManifestEdit {
    /// A value in the place of the one that stands here.
    Value {
        /// The place.
        at: Origin,
        /// The value.
        value: Yaml,
        /// How the elements are identified, if it is a list.
        list: List<'static>,
    },
    /// The whole text of a file that the manifest refers to.
    Text {
        /// The file, as messages show it.
        file: String,
        /// The text that was read there.
        was: String,
        /// The text.
        text: String,
    },
    /// The content of files that a list refers to for its images.
    Images {
        /// The files, as messages show them: what was read there, and what is written.
        files: Vec<ImageEdit>,
        /// The list as the manifest then declares it.
        value: Yaml,
    },
    /// An entry for a setting that the manifest does not have yet.
    Entry {
        /// The manifest's own file.
        source: Arc<SourceText>,
        /// The key at the top under which it belongs.
        section: &'static str,
        /// The keys below that, as the file writes them.
        keys: Vec<String>,
        /// The value.
        value: Yaml,
    },
}

/// The edit of a file with an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageEdit {
    /// The file, as messages show it.
    pub file: String,
    /// The bytes that were read there.
    pub was: Vec<u8>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What is to be written so that a manifest says what its pool is, for every setting that `is_chosen` and
/// that the plan would change, or cannot.
pub fn adoptions(
    catalogue: &Catalogue,
    manifest: &Manifest,
    desired: &Desired,
    (plan, options): (&Plan, &Options),
    is_chosen: impl Fn(&Path) -> bool,
) -> Vec<Adoption> {
    let canonical = catalogue.canonical(&plan.base);
    let writer = EditWriter { catalogue, manifest, desired, plan, options, canonical };
    let mut adoptions: Vec<Adoption> = Vec::new();
    for (want, at) in desired.wants.iter().zip(&plan.declared) {
        let Some(origin) = want.origin.clone().filter(|_| is_chosen(&want.path)) else { continue };
        if !writer.differs(want, at) || writer.is_of_another(at) {
            continue;
        }
        let (path, target) = match writer.shared(want).map_or_else(|| writer.said(want), Err) {
            Ok((path, said)) => (path.clone(), writer.target(&path, said)),
            Err(why) => (want.path.clone(), Err(why)),
        };
        let changes = target.as_ref().map(|target| writer.changes(&path, target)).unwrap_or_default();
        adoptions.push(Adoption { path, origin, target, changes });
    }
    let entries = desired.entries.iter().filter(|entry| is_chosen(&entry.path));
    adoptions.extend(entries.filter_map(|entry| writer.existence(entry)));
    // A structure that is written whole is written once, with everything in it.
    let whole: Vec<Path> =
        adoptions.iter().filter(|one| one.target.is_ok()).map(|one| one.path.clone()).collect();
    let mut seen = HashSet::new();
    adoptions.retain(|one| {
        let inside = whole.iter().any(|outer| one.path != *outer && one.path.is_within(outer));
        !inside && seen.insert(one.path.clone())
    });
    adoptions
}

/// The text of a member of a mapping.
fn text(mapping: &Yaml, key: &str) -> Option<String> {
    let Yaml::Mapping(members) = mapping else { return None };
    members.iter().find(|member| member.key == key)?.value.setting_text()
}

/// The longest value that is shown for a setting that is not adopted.
const LONGEST: usize = 60;

struct EditWriter<'a> {
    catalogue: &'a Catalogue,
    manifest: &'a Manifest,
    desired: &'a Desired,
    plan: &'a Plan,
    options: &'a Options,
    /// The pool as it is compared.
    canonical: Document,
}

impl EditWriter<'_> {
    /// Whether the pool's value differs from the manifest's.
    fn differs(&self, want: &Want, at: &Path) -> bool {
        let refused = |finding: &&crate::plan::Finding| {
            finding.origin.is_some()
                && finding.origin == want.origin
                && finding.path.as_ref().is_some_and(|path| path.overlaps(at))
        };
        self.plan.report.changes.iter().any(|change| change.path.overlaps(at))
            || self.plan.report.findings(Level::Conflict).any(|finding| refused(&finding))
    }

    /// Whether the document with a label around a setting is there on one side alone.
    fn is_of_another(&self, at: &Path) -> bool {
        self.existences().any(|change| at.is_within(&change.path))
    }

    /// The documents that the plan makes or removes.
    fn existences(&self) -> impl Iterator<Item = &Change> {
        self.plan.report.changes.iter().filter(|change| change.form == Form::Document)
    }

    /// Why nothing is written for a document that the pool has and the manifest removes, or the other way round.
    fn existence(&self, entry: &DesiredEntry) -> Option<Adoption> {
        let change = self.existences().find(|change| change.path == entry.path)?;
        let one = self.catalogue.resource(&entry.path).noun()?;
        let why = match change.after {
            Some(_) => format!(
                "the pool has no such {one}: delete the entry to accept that, or run `poolctl apply` to make the {one}"
            ),
            None => format!(
                "the pool still has this {one}: delete the entry to keep it, or run `poolctl apply` to remove it"
            ),
        };
        let origin = entry.origin.clone()?;
        Some(Adoption { path: entry.path.clone(), origin, target: Err(why), changes: Vec::new() })
    }

    /// Why the line of a setting is not changed: another setting has it too, from a template or an alias, and is as it
    /// says.
    fn shared(&self, want: &Want) -> Option<String> {
        let wants = self.desired.wants.iter().zip(&self.plan.declared);
        let mut others = wants.filter(|(other, _)| other.path != want.path && other.origin == want.origin);
        let (other, _) = others.find(|(other, at)| other.origin.is_some() && !self.differs(other, at))?;
        Some(format!("`{}` has the same line: declare the value in the entry itself", other.path))
    }

    /// What `target` changes at `path`, from the value that the manifest declares to the value that is written.
    fn changes(&self, path: &Path, target: &ManifestEdit) -> Vec<Change> {
        let written = match target {
            ManifestEdit::Value { value, .. } | ManifestEdit::Images { value, .. } => value.setting_json(),
            ManifestEdit::Text { text, .. } => Json::from(text.as_str()),
            ManifestEdit::Entry { .. } => return Vec::new(),
        };
        let mut declared = Object::new();
        for want in self.desired.wants.iter().filter(|want| want.path.is_within(path)) {
            if let Some(value) = &want.value {
                json::set(&mut declared, &want.path, value.clone());
            }
        }
        let of = |value: Option<&Json>| {
            let mut document = Document::default();
            // A document with a label exists, whatever it has.
            let own = self.catalogue.locate(path).document;
            if own.label().is_some() {
                document.set(&self.catalogue.root_of(&own), Json::Object(Object::new()));
            }
            if let Some(value) = value.filter(|value| !value.is_null()) {
                document.set(path, self.catalogue.canonical_value(path, value));
            }
            document
        };
        let (before, after) = (of(json::get(&declared, path)), of(Some(&written)));
        let mut changes = diff(self.catalogue, &before, &after);
        for change in &mut changes {
            change.sensitive |= self.plan.is_secret(&change.path);
        }
        changes
    }

    /// Where the value of a setting is written.
    fn target(&self, path: &Path, said: Yaml) -> Result<ManifestEdit, String> {
        let entry = self.entry(path).ok_or("its line was not found: edit it by hand")?;
        let node = &entry.value;
        if let Value::Scalar(scalar) = &node.value
            && let Some(given) = &scalar.given
        {
            return match (given.file(), said.setting_text()) {
                (Some(file), Some(text)) => {
                    Ok(ManifestEdit::Text { file: file.to_owned(), was: scalar.text.clone(), text })
                }
                (Some(_), None) => Ok(self.value(path, entry, said)),
                (None, _) => {
                    let live = write::inline(&said);
                    let shown = !given.is_secret && live.len() <= LONGEST;
                    let live = if shown { format!("the pool has {live}, and ") } else { String::new() };
                    let source = &given.text;
                    Err(format!(
                        "{live}the value comes from `{source}`: change its source, or write the value here"
                    ))
                }
            };
        }
        if node.is_given(|_| true) {
            let why = || "a part of it is a reference: change that, or write the value here".to_owned();
            return self.images(path, node, &said).ok_or_else(why);
        }
        Ok(self.value(path, entry, said))
    }

    /// The files to write, if a list differs from the pool's in the content of images alone, which its elements refer to.
    /// Images that the list does not have stay undeclared.
    fn images(&self, path: &Path, node: &YamlNode, said: &Yaml) -> Option<ManifestEdit> {
        let keys = self.catalogue.setting(path)?.row?.only_added;
        let (Value::Sequence(nodes), Yaml::Sequence(live)) = (&node.value, said) else { return None };
        let (mut files, mut value) = (Vec::new(), Vec::new());
        for node in nodes {
            let Value::Mapping(members) = &node.value else { return None };
            let own = |key: &str| match &members.iter().find(|member| member.key == key)?.value.value {
                Value::Scalar(scalar) => Some(scalar),
                _ => None,
            };
            let is_it =
                |one: &&Yaml| keys.iter().all(|key| text(one, key) == own(key).map(|own| own.text.clone()));
            let now = live.iter().find(is_it)?;
            for member in members {
                let (own, now) = (own(&member.key)?, text(now, &member.key)?);
                let Some(given) = &own.given else {
                    if own.text != now {
                        return None;
                    }
                    continue;
                };
                let (was, bytes) = (bytes::decode(&own.text)?, bytes::decode(&now)?);
                let file = given.base64_file()?.to_owned();
                files.extend((was != bytes).then_some(ImageEdit { file, was, bytes }));
            }
            value.push(now.clone());
        }
        (!files.is_empty()).then_some(ManifestEdit::Images { files, value: Yaml::Sequence(value) })
    }

    fn value(&self, path: &Path, entry: &YamlEntry, value: Yaml) -> ManifestEdit {
        let field = self.catalogue.setting(path);
        let list = List {
            key: field.and_then(|field| field.key_member()),
            ordered: field.is_none_or(|field| field.compare() == Compare::ByShape),
        };
        ManifestEdit::Value { at: entry.value.origin.clone(), value, list }
    }

    /// The value to write, and the setting: if a member cannot exist without the structure around it and the
    /// pool has no such structure, `null` for that structure.
    fn said(&self, want: &Want) -> Result<(Path, Yaml), String> {
        if want.lacks.is_some() {
            let why = "the manifest declares elements of it: edit `has` and `lacks` by hand, or declare the whole list";
            return Err(why.to_owned());
        }
        let live = self.live_path(&want.path);
        let pool = (&self.plan.base, &self.canonical);
        match import::said(self.catalogue, pool, &self.desired.region, &live) {
            Said::Value(value) => Ok((want.path.clone(), value)),
            Said::Unsayable(why) => Err(why),
            Said::Nothing => {
                let candidates = self.candidates(&want.path);
                let path = candidates.into_iter().find(|path| self.is_said_by_null(path));
                path.map(|path| (path, Yaml::Scalar(Json::Null))).ok_or_else(|| {
                    "the pool has none, and `null` does not say so: delete the line".to_owned()
                })
            }
        }
    }

    /// The paths of which `null` may say that the pool has nothing at `path`, best first: the setting alone,
    /// unless it is in a structure whose presence alone has a meaning.
    fn candidates(&self, path: &Path) -> Vec<Path> {
        let outer = (1..path.segs().len()).map(|length| path.prefix(length));
        let gone: Vec<Path> = outer.filter(|outer| !self.is_live(outer)).collect();
        let by_presence = |outer: &&Path| {
            self.catalogue.setting(outer).and_then(|field| field.row).is_some_and(|row| row.presence)
        };
        let first = gone.iter().find(by_presence).cloned();
        let all = first.into_iter().chain([path.clone()]).chain(gone.into_iter().rev());
        // A structure in both parts of the manifest cannot be removed in one of them.
        let in_both = |path: &Path| {
            [&self.manifest.settings, &self.manifest.passthrough]
                .iter()
                .all(|entries| descend(entries, path.segs()).is_some())
        };
        all.filter(|path| !in_both(path)).collect()
    }

    /// Whether `null` leaves the pool as it is, and can be meant: nothing has its document, or the structure around it,
    /// without it.
    fn is_said_by_null(&self, path: &Path) -> bool {
        let place = self.catalogue.locate(path);
        let of_new = |name: &str| place.path == Path::members([name]);
        if self.is_needed(path) || self.catalogue.required_of_new(place.resource).any(of_new) {
            return false;
        }
        let null =
            Want { path: path.clone(), value: None, lacks: None, origin: None, file: None, is_secret: false };
        let nothing = Desired::nothing(String::new(), self.desired.pool.clone(), self.desired.region.clone());
        let desired = Desired { wants: vec![null], ..nothing };
        let plan = Plan::new(self.catalogue, self.plan.base.clone(), &desired, self.options);
        plan.report.changes.is_empty() && !plan.report.is_refused()
    }

    /// Whether the structure around a setting cannot be without it, nor with what replaces it in the pool.
    fn is_needed(&self, path: &Path) -> bool {
        let place = self.catalogue.locate(path);
        let is_replaced = |replaced: Replaced| {
            let by = place.resource.root_of(&place.document).extended(catalogue::path(replaced.by).segs());
            *catalogue::path(replaced.drops) == place.path && self.is_live(&by)
        };
        let field = self.catalogue.setting(path);
        field.is_some_and(|field| field.required || field.row.is_some_and(|row| row.needed))
            && !place.resource.replacements().any(is_replaced)
    }

    /// The path under which the pool has the setting: an old name is an alias of a newer one.
    fn live_path(&self, path: &Path) -> Path {
        let newer = self.catalogue.aliases().iter().map(Alias::paths).find(|(legacy, _)| *legacy == path);
        newer.map(|(_, truth)| truth).filter(|truth| self.is_live(truth)).unwrap_or(path).clone()
    }

    fn is_live(&self, path: &Path) -> bool {
        self.canonical.at(path).is_some()
    }

    /// The entry that declares a setting, or the one around the entries that do.
    fn entry(&self, path: &Path) -> Option<&YamlEntry> {
        let within = |entries| descend(entries, path.segs());
        within(&self.manifest.settings).or_else(|| within(&self.manifest.passthrough))
    }
}

fn descend<'a>(entries: &'a [YamlEntry], segs: &[Seg]) -> Option<&'a YamlEntry> {
    let (Seg::Member(name), rest) = segs.split_first()? else { return None };
    let entry = entries.iter().find(|entry| entry.key == **name)?;
    match &entry.value.value {
        _ if rest.is_empty() => Some(entry),
        Value::Mapping(entries) => descend(entries, rest),
        Value::Scalar(_) | Value::Sequence(_) => None,
    }
}
