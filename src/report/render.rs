//! A manifest as one file, with the text of everything that it extends and refers to.

use std::collections::HashMap;

use super::short_place;
use crate::catalogue::Catalogue;
use crate::document::{Json, Path, Seg};
use crate::manifest::write::{self, CommentedEntry, Yaml};
use crate::manifest::yaml::{self, Scalar, ScalarMeaning, Value, YamlNode};
use crate::manifest::{
    Acknowledgement, Allow, Code, EntryRemoval, Exemption, FollowedReference, Given, LabelledEntry, Located,
    Manifest, Origin, Unmanaged, as_name,
};
use crate::shapes::ShapeKind;

/// The resolved manifest as YAML: one file that means the same.
///
/// A secret stays the reference that it is; a sensitive value that the file holds itself becomes one. With `sources` each value has the place that says it behind it, and what gave a reference
/// its value.
pub fn render(catalogue: &Catalogue, manifest: &Manifest, sources: bool, literals: &Literals) -> String {
    let renderer = Renderer { catalogue, sources, literals, pool: pool(manifest) };
    let mut entries = vec![CommentedEntry::new("version", &Json::from(1))];
    let pool = if manifest.is_by_tag { "create" } else { "pool" };
    for (key, located) in
        [(pool, &manifest.pool), ("region", &manifest.region), ("account", &manifest.account)]
    {
        if let Some(Located { value, origin }) = located {
            entries.push(renderer.told(CommentedEntry::new(key, value.as_str()), origin, &[]));
        }
    }
    if let Yaml::Mapping(mut declared) = renderer.mapping(&Path::root(), &manifest.settings) {
        renderer.labelled(&mut declared, &manifest.entries);
        entries.extend(write::sections(declared));
    }
    if !manifest.passthrough.is_empty() {
        let passthrough = renderer.mapping(&Path::root(), &manifest.passthrough);
        entries.push(CommentedEntry::new("passthrough", passthrough));
    }
    if manifest.unmanaged == Unmanaged::Report {
        entries.push(CommentedEntry::new("unmanaged", "report"));
    }
    if !manifest.watch.is_empty() {
        let branches = manifest.watch.iter().map(|branch| Yaml::from(*branch));
        entries.push(CommentedEntry::new("watch", Yaml::Sequence(branches.collect())));
    }
    let lists = [
        ("ignore", [renderer.exemptions(&manifest.ignore), renderer.acknowledged(manifest)].concat()),
        ("allow", manifest.allow.iter().map(|allow| renderer.allow(allow)).collect()),
        ("omit", renderer.exemptions(&manifest.omit)),
    ];
    let said = lists.into_iter().filter(|(_, list)| !list.is_empty());
    entries.extend(said.map(|(key, list)| CommentedEntry::new(key, Yaml::Sequence(list))));
    write::to_string(&Yaml::Mapping(entries))
}

/// Edits the mapping under a key, which is added where it is missing.
fn within(entries: &mut Vec<CommentedEntry>, key: &str, edit: impl FnOnce(&mut Vec<CommentedEntry>)) {
    let known = entries.iter_mut().find(|entry| entry.key == key);
    if let Some(CommentedEntry { value: Yaml::Mapping(members), .. }) = known {
        return edit(members);
    }
    let mut members = Vec::new();
    edit(&mut members);
    entries.push(CommentedEntry::new(key, Yaml::Mapping(members)));
}

struct Renderer<'a> {
    catalogue: &'a Catalogue,
    sources: bool,
    literals: &'a Literals,
    pool: &'a str,
}

impl Renderer<'_> {
    fn mapping(&self, at: &Path, entries: &[yaml::YamlEntry]) -> Yaml {
        let entry = |entry: &yaml::YamlEntry| {
            let inner = inner(self.catalogue, at, &entry.key);
            let written =
                CommentedEntry::new(write::setting_key(&entry.key), self.value(&inner, &entry.value));
            let key = entry.given.as_deref();
            match &entry.value.value {
                Value::Mapping(members) if !members.is_empty() && key.is_none() => written,
                Value::Scalar(scalar) => self.told(written, &entry.origin, &[key, scalar.given.as_deref()]),
                _ => self.told(written, &entry.origin, &[key]),
            }
        };
        Yaml::Mapping(entries.iter().map(entry).collect())
    }

    fn value(&self, at: &Path, node: &YamlNode) -> Yaml {
        match &node.value {
            Value::Mapping(entries) => self.mapping(at, entries),
            Value::Sequence(nodes) => {
                let element = |(index, node)| self.value(&at.join(Seg::Index(index)), node);
                Yaml::Sequence(nodes.iter().enumerate().map(element).collect())
            }
            Value::Scalar(scalar) => self.scalar(at, scalar, node),
        }
    }

    fn scalar(&self, at: &Path, scalar: &Scalar, node: &YamlNode) -> Yaml {
        match &scalar.given {
            Some(given) if given.is_secret => Yaml::from(given.text.as_str()),
            // What is shown must not be taken for the value by whoever applies it.
            _ if is_literal(self.catalogue, at, scalar) => {
                let name = self.literals.name(at, &scalar.text, self.pool);
                Yaml::from(format!("${{secret:{name}}}").as_str())
            }
            // A reference to a number is a number, although its text is a string.
            Some(_) if self.is_no_text(at) => {
                let plain = Scalar { given: None, plain: true, ..scalar.clone() };
                Yaml::setting(&YamlNode { value: Value::Scalar(plain), ..node.clone() }.to_json())
            }
            _ => Yaml::setting(&node.to_json()),
        }
    }

    fn is_no_text(&self, at: &Path) -> bool {
        let kind = self.catalogue.setting(at).map(|field| field.shape.kind);
        matches!(
            kind,
            Some(ShapeKind::Integer | ShapeKind::Float | ShapeKind::Timestamp | ShapeKind::Boolean)
        )
    }

    /// Adds what is declared of documents with labels, apart from their settings.
    fn labelled(&self, declared: &mut Vec<CommentedEntry>, entries: &[LabelledEntry]) {
        for entry in entries {
            let mut own = Vec::new();
            if let Some(Located { value, origin }) = &entry.id {
                own.push(self.told(CommentedEntry::new("id", value.as_str()), origin, &[]));
            }
            if let Some(EntryRemoval { reason, until, origin }) = &entry.removal {
                own.push(self.told(CommentedEntry::new("remove", &Json::Bool(true)), origin, &[]));
                own.extend(terms(reason, *until));
            }
            within(declared, &entry.branch, |branch| {
                within(branch, &write::setting_key(&entry.label), |members| match entry.hanging {
                    Some(_) if own.is_empty() => {}
                    Some(key) => within(members, key, |members| drop(members.splice(0..0, own))),
                    None => drop(members.splice(0..0, own)),
                });
            });
        }
    }

    fn exemptions(&self, exemptions: &[Exemption]) -> Vec<Yaml> {
        let entry = |exemption: &Exemption| {
            let mut entries = vec![self.told(path(&exemption.path), &exemption.path.origin, &[])];
            entries.extend(terms(&exemption.reason, exemption.until));
            Yaml::Mapping(entries)
        };
        exemptions.iter().map(entry).collect()
    }

    fn acknowledged(&self, manifest: &Manifest) -> Vec<Yaml> {
        let entry = |entry: &Acknowledgement| {
            let code = CommentedEntry::new("code", entry.code.value.as_str());
            let mut entries = vec![self.told(code, &entry.code.origin, &[])];
            entries.extend(entry.path.iter().map(path));
            entries.extend(terms(&entry.reason, entry.until));
            Yaml::Mapping(entries)
        };
        manifest.acknowledge.iter().map(entry).collect()
    }

    fn allow(&self, allow: &Allow) -> Yaml {
        let code = &allow.code.value;
        let key = if matches!(code, Code::Rule(_)) { "rule" } else { "risk" };
        let entry = CommentedEntry::new(key, &*code.of_findings());
        let mut entries = vec![self.told(entry, &allow.code.origin, &[])];
        entries.extend(allow.path.iter().map(path));
        entries.extend(terms(&allow.reason, allow.until));
        Yaml::Mapping(entries)
    }

    /// The entry with its source behind it, where sources are wanted.
    fn told(&self, entry: CommentedEntry, origin: &Origin, given: &[Option<&Given>]) -> CommentedEntry {
        if !self.sources {
            return entry;
        }
        let parts = given.iter().flatten().flat_map(|given| &given.parts);
        let part = |part: &FollowedReference| match part.reference.split_once(':') {
            Some((kind @ ("file" | "base64"), _)) => format!("{kind}:{}", part.from),
            _ => format!("{}, {}", part.reference, part.from),
        };
        let parts: Vec<String> = parts.map(part).collect();
        let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) };
        entry.behind(short_place(origin) + &parts)
    }
}

/// The secrets that the files of some manifests hold themselves, and how these are told apart: a name stands for
/// one value, in whichever of the manifests.
#[derive(Default)]
pub struct Literals {
    /// The value of each name; `None` if there are several.
    values: HashMap<String, Option<String>>,
    /// Whether the manifest that was added last has any.
    is_any: bool,
}

impl Literals {
    /// The literal secrets of these manifests.
    pub fn of(catalogue: &Catalogue, manifests: &[Manifest]) -> Self {
        let mut literals = Self::default();
        for manifest in manifests {
            literals.add(catalogue, manifest);
        }
        literals
    }

    /// Adds the literal secrets of one more manifest; returns whether it has any.
    pub fn add(&mut self, catalogue: &Catalogue, manifest: &Manifest) -> bool {
        self.is_any = false;
        for entries in [&manifest.settings, &manifest.passthrough] {
            self.gather(catalogue, &Path::root(), entries);
        }
        self.is_any
    }

    fn gather(&mut self, catalogue: &Catalogue, at: &Path, entries: &[yaml::YamlEntry]) {
        for entry in entries {
            self.gather_from(catalogue, &inner(catalogue, at, &entry.key), &entry.value);
        }
    }

    fn gather_from(&mut self, catalogue: &Catalogue, at: &Path, node: &YamlNode) {
        match &node.value {
            Value::Mapping(entries) => self.gather(catalogue, at, entries),
            Value::Sequence(nodes) => {
                for (index, node) in nodes.iter().enumerate() {
                    self.gather_from(catalogue, &at.join(Seg::Index(index)), node);
                }
            }
            Value::Scalar(scalar) => {
                // A name that a manifest uses itself means a value that is not known here.
                for name in scalar.given.iter().flat_map(|given| secret_names(&given.text)) {
                    self.values.insert(name.to_owned(), None);
                }
                if is_literal(catalogue, at, scalar) {
                    self.is_any = true;
                    let value = Some(scalar.text.clone());
                    let known = self.values.entry(name(at)).or_insert_with(|| value.clone());
                    if *known != value {
                        *known = None;
                    }
                }
            }
        }
    }

    /// The name of the secret for the value at `at` in the manifest of a pool.
    fn name(&self, at: &Path, value: &str, pool: &str) -> String {
        let name = name(at);
        match self.values.get(&name) {
            Some(Some(only)) if only == value => name,
            _ => format!("{name}_{}", as_name(pool)),
        }
    }
}

/// The path of the value under a key: `has` and `lacks` have elements of the set itself.
fn inner(catalogue: &Catalogue, at: &Path, key: &str) -> Path {
    let is_list = catalogue.setting(at).is_some_and(|field| field.shape.kind == ShapeKind::List);
    if is_list { at.clone() } else { at.member(key) }
}

/// Whether a value is a secret that a file holds itself.
fn is_literal(catalogue: &Catalogue, at: &Path, scalar: &Scalar) -> bool {
    let is_reference = scalar.given.as_ref().is_some_and(|given| given.is_secret);
    !is_reference && scalar.meaning() != ScalarMeaning::Null && catalogue.is_sensitive(at)
}

/// The names of the secrets that a text refers to.
fn secret_names(text: &str) -> impl Iterator<Item = &str> {
    text.split("${secret:").skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
}

fn pool(manifest: &Manifest) -> &str {
    manifest.pool.as_ref().map_or("", |pool| pool.value.as_str())
}

/// The name of the secret for the value at `at`.
fn name(at: &Path) -> String {
    as_name(&at.to_string())
}

fn path(path: &Located<Path>) -> CommentedEntry {
    CommentedEntry::new("path", path.value.to_string().as_str())
}

fn terms(reason: &str, until: Option<time::Date>) -> impl Iterator<Item = CommentedEntry> {
    let until = until.map(|until| CommentedEntry::new("until", until.to_string().as_str()));
    std::iter::once(CommentedEntry::new("reason", reason)).chain(until)
}
