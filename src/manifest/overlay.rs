//! `extends`: the files that a manifest builds on, laid over one another.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;

use super::beside::{Beside, File};
use super::yaml::{MAX_BYTES, Parsed, ScalarMeaning, Value, YamlEntry, YamlNode};
use super::{Diagnostic, Origin};
use crate::document::DocumentId;

/// The most files that one manifest may be made of.
const MAX_FILES: usize = 100;

/// A file's entries, and the file.
pub(super) struct Layer {
    /// The file, as messages show it.
    pub(super) file: Arc<str>,
    /// Its content without `extends`.
    pub(super) entries: Vec<YamlEntry>,
    /// The files that it extends, directly or not, by their position.
    pub(super) extended: BTreeSet<usize>,
}

/// The files of one manifest.
#[derive(Default)]
pub(super) struct Layers {
    /// What is laid first comes first; the manifest itself is the last.
    pub(super) layers: Vec<Layer>,
    /// The files below the manifest, without links.
    pub(super) bases: Vec<Arc<Path>>,
    /// The position of each of them; `None` of one that is no layer, or none yet.
    places: HashMap<Arc<OsStr>, Option<usize>>,
    /// The bytes of these files.
    size: usize,
    /// What is wrong with the files.
    pub(super) findings: Vec<Diagnostic>,
}

/// A file on the way from the manifest to the one at hand.
struct ExtendedFile {
    name: Arc<str>,
    identity: Option<Arc<Path>>,
}

impl ExtendedFile {
    fn is(&self, identity: &Path) -> bool {
        // Paths without links are the same if their bytes are.
        self.identity.as_ref().is_some_and(|own| own.as_os_str() == identity.as_os_str())
    }
}

impl Layers {
    /// Gathers the files that a manifest extends, each once, in front of it.
    ///
    /// A file that several extend is laid before the first of them.
    ///
    /// # Errors
    /// When the manifest itself is no YAML mapping.
    pub(super) fn of(name: &str, own: Parsed, beside: &dyn Beside) -> Result<Self, Vec<Diagnostic>> {
        let mut layers = Self::default();
        let entries = mapping(own, &mut layers.findings)?;
        let name: Arc<str> = name.into();
        // A manifest that extends itself is detected by its own identity, if it is a file.
        let extends = entries.iter().any(|entry| entry.key == "extends");
        let own = file_name(&name).filter(|_| extends).and_then(|own| beside.identity(&name, own));
        let mut chain = vec![ExtendedFile { name: Arc::clone(&name), identity: own }];
        layers.add(&name, entries, beside, &mut chain);
        Ok(layers)
    }

    fn add(
        &mut self,
        name: &Arc<str>,
        mut entries: Vec<YamlEntry>,
        beside: &dyn Beside,
        chain: &mut Vec<ExtendedFile>,
    ) -> usize {
        let position = entries.iter().position(|entry| entry.key == "extends");
        let extends = position.map(|position| entries.remove(position));
        let mut extended = BTreeSet::new();
        for (path, origin) in extends.map(|entry| self.paths(entry)).unwrap_or_default() {
            if let Some(base) = self.extend(name, &path, &origin, beside, chain) {
                extended.insert(base);
                extended.extend(&self.layers[base].extended);
            }
        }
        self.layers.push(Layer { file: Arc::clone(name), entries, extended });
        self.layers.len() - 1
    }

    /// Lays one base, and what it extends, before the file that names it. The position of the base, unless something is
    /// wrong with it.
    fn extend(
        &mut self,
        from: &str,
        path: &str,
        origin: &Origin,
        beside: &dyn Beside,
        chain: &mut Vec<ExtendedFile>,
    ) -> Option<usize> {
        let file = match beside.file(from, path) {
            Ok(file) => file,
            Err(miss) => {
                self.report(miss.message, origin, "extended here", &miss.help, chain);
                return None;
            }
        };
        let File { name, identity, bytes, .. } = &file;
        if let Some(start) = chain.iter().position(|link| link.is(identity)) {
            let names = chain[start..].iter().map(|link| &*link.name).chain([&**name]);
            let message = format!("the files extend each other: {}", names.collect::<Vec<_>>().join(" → "));
            let error = Diagnostic::error("extends", message, origin.clone(), "this closes the cycle");
            error.help("remove one of them").add_to(&mut self.findings);
            return None;
        }
        if let Some(place) = self.places.get(identity.as_os_str()) {
            return *place;
        }
        if self.bases.len() >= MAX_FILES {
            let message = format!("the manifest extends more than {MAX_FILES} files");
            self.report(message, origin, "one too many", "extend fewer files", chain);
            return None;
        }
        self.size += bytes.len();
        // All of them are in memory at once, and a tree takes much more than its text.
        if self.size > MAX_BYTES {
            let message = format!("the manifest extends more than {MAX_BYTES} bytes of files");
            self.report(message, origin, "one too many", "extend fewer or smaller files", chain);
            return None;
        }
        self.bases.push(Arc::clone(identity));
        self.places.insert(identity.as_os_str().into(), None);
        match mapping(file.tree().clone(), &mut self.findings) {
            Ok(entries) => {
                let link = ExtendedFile { name: Arc::clone(name), identity: Some(Arc::clone(identity)) };
                chain.push(link);
                let place = self.add(name, entries, beside, chain);
                chain.pop();
                self.places.insert(identity.as_os_str().into(), Some(place));
                Some(place)
            }
            Err(errors) => {
                for error in errors {
                    error.or_related(origin, "extended here").add_to(&mut self.findings);
                }
                None
            }
        }
    }

    fn report(&mut self, message: String, origin: &Origin, label: &str, help: &str, chain: &[ExtendedFile]) {
        let names: Vec<&str> = chain.iter().map(|link| &*link.name).collect();
        let message = match names.len() {
            0 | 1 => message,
            _ => format!("{message} ({})", names.join(" → ")),
        };
        let error = Diagnostic::error("extends", message, origin.clone(), label);
        error.help(help).add_to(&mut self.findings);
    }

    /// The paths that `extends` lists.
    fn paths(&mut self, entry: YamlEntry) -> Vec<(String, Origin)> {
        let nodes = match entry.value.value {
            Value::Sequence(nodes) => nodes,
            value => vec![YamlNode { value, ..entry.value }],
        };
        let mut paths = Vec::new();
        for node in nodes {
            match node.value {
                Value::Scalar(scalar)
                    if scalar.meaning() == ScalarMeaning::Text && !scalar.text.is_empty() =>
                {
                    paths.push((scalar.text, node.origin));
                }
                _ => {
                    let message = "`extends` must be a list of files";
                    let at = if node.origin.span.is_empty() { entry.origin.clone() } else { node.origin };
                    let error = Diagnostic::error("extends", message, at, "not a path");
                    error.help("write `extends: [base.yaml]`").add_to(&mut self.findings);
                }
            }
        }
        paths
    }
}

/// The last part of a path that messages show; nothing for what is no file.
fn file_name(name: &str) -> Option<&str> {
    name.rsplit(['/', '\\']).next().filter(|_| !name.starts_with('<'))
}

/// The entries of a file; what is wrong with single ones goes to `findings`.
fn mapping(parsed: Parsed, findings: &mut Vec<Diagnostic>) -> Result<Vec<YamlEntry>, Vec<Diagnostic>> {
    let (root, found) = parsed.map_err(|error| vec![*error])?;
    let Value::Mapping(entries) = root.value else {
        let error =
            Diagnostic::error("manifest", "a manifest must be a mapping", root.origin, "not a mapping")
                .help("begin it with `version: 1` and `pool: <id>`");
        return Err(found.into_iter().chain([error]).collect());
    };
    found.into_iter().for_each(|finding| finding.add_to(findings));
    Ok(entries)
}

/// The sections that are merged member by member, as every branch is.
const MERGED: [&str; 3] = ["settings", "passthrough", "templates"];

/// Lays one file's entries over those below it.
///
/// `settings`, `passthrough` and the branches are merged member by member, `watch` and the lists of exemptions accumulate;
/// anything else is replaced.
pub(super) fn over(
    below: Vec<YamlEntry>,
    above: Vec<YamlEntry>,
    findings: &mut Vec<Diagnostic>,
) -> Vec<YamlEntry> {
    merged(below, above, &mut |below, above| match below.key.as_str() {
        key if MERGED.contains(&key) || DocumentId::is_branch(key) => {
            below.value = deep(take(below), above, findings)
        }
        "watch" | "ignore" | "allow" | "omit" => below.value = accumulated(take(below), above.value),
        _ => below.value = above.value,
    })
}

/// The value of an entry that is about to get another.
fn take(entry: &mut YamlEntry) -> YamlNode {
    let empty = YamlNode { value: Value::Sequence(Vec::new()), origin: entry.value.origin.clone(), end: 0 };
    std::mem::replace(&mut entry.value, empty)
}

/// Two mappings as one: entries that both have go to `both`, which leaves the result in the first.
fn merged(
    below: Vec<YamlEntry>,
    above: Vec<YamlEntry>,
    both: &mut dyn FnMut(&mut YamlEntry, YamlEntry),
) -> Vec<YamlEntry> {
    if below.is_empty() {
        return above;
    }
    let mut places: HashMap<String, usize> =
        below.iter().enumerate().map(|(place, entry)| (entry.key.clone(), place)).collect();
    let mut entries = below;
    for entry in above {
        match places.get(&entry.key).and_then(|place| entries.get_mut(*place)) {
            Some(below) => {
                let (origin, given) = (entry.origin.clone(), entry.given.clone());
                both(below, entry);
                (below.origin, below.given) = (origin, given);
            }
            None => {
                places.insert(entry.key.clone(), entries.len());
                entries.push(entry);
            }
        }
    }
    entries
}

/// Merges a value into another: mappings are merged, every other value replaces the lower one.
pub(super) fn deep(below: YamlNode, above: YamlEntry, findings: &mut Vec<Diagnostic>) -> YamlNode {
    let YamlEntry { key, value: YamlNode { value, origin, end }, .. } = above;
    match (below.value, value) {
        (Value::Mapping(lower), Value::Mapping(upper)) if upper.is_empty() && !lower.is_empty() => {
            let message = format!("`{key}: {{}}` has no effect on the extended file");
            Diagnostic::error("empty", message, origin.clone(), "empty")
                .related(below.origin, "extended from here")
                .help("write `null` to reset it to Cognito's default, or delete the line to keep the extended value")
                .add_to(findings);
            YamlNode { value: Value::Mapping(lower), origin, end }
        }
        (Value::Mapping(lower), Value::Mapping(upper)) => {
            let entries = merged(lower, upper, &mut |below, above| {
                below.value = deep(take(below), above, findings);
            });
            YamlNode { value: Value::Mapping(entries), origin, end }
        }
        (_, value) => YamlNode { value, origin, end },
    }
}

/// Two lists as one: an exemption of the upper one replaces the one that is about the same.
fn accumulated(below: YamlNode, above: YamlNode) -> YamlNode {
    match (below.value, above.value) {
        (Value::Sequence(lower), Value::Sequence(upper)) => {
            let subjects: HashSet<_> = upper.iter().map(subject).collect();
            let is_kept = |node: &YamlNode| subject(node).is_none_or(|it| !subjects.contains(&Some(it)));
            let mut nodes: Vec<YamlNode> = lower.into_iter().filter(is_kept).collect();
            nodes.extend(upper);
            YamlNode { value: Value::Sequence(nodes), origin: above.origin, end: above.end }
        }
        (_, value) => YamlNode { value, origin: above.origin, end: above.end },
    }
}

/// What an entry of a list is about: the setting, and the risk, the rule or the code.
fn subject(node: &YamlNode) -> Option<[Option<&str>; 4]> {
    let Value::Mapping(entries) = &node.value else { return None };
    let text = |key: &str| {
        let entry = entries.iter().find(|entry| entry.key == key)?;
        match &entry.value.value {
            Value::Scalar(scalar) => Some(scalar.text.as_str()),
            _ => None,
        }
    };
    Some(["path", "risk", "rule", "code"].map(text))
}
