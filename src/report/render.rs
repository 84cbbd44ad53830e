//! A manifest as one file: what it extends and refers to put in its place.

use crate::catalogue::Catalogue;
use crate::document::{Json, Path, Seg};
use crate::manifest::write::{self, Entry, Yaml};
use crate::manifest::yaml::{self, Meaning, Node, Scalar, Value};
use crate::manifest::{Allow, Code, Exemption, Given, Located, Manifest, Origin, Part, Unmanaged};
use crate::shapes::Kind;

/// The resolved manifest as YAML: one that means the same and stands alone.
///
/// A secret stays the reference that it is; a sensitive value that the file holds itself becomes one. With `sources` each value has the place that says it behind it, and what gave a reference
/// its value.
pub fn render(catalogue: &Catalogue, manifest: &Manifest, sources: bool) -> String {
    let renderer = Renderer { catalogue, sources };
    let mut entries = vec![Entry::new("version", &Json::from(1))];
    for (key, located) in
        [("pool", &manifest.pool), ("region", &manifest.region), ("account", &manifest.account)]
    {
        if let Some(Located { value, origin }) = located {
            entries.push(renderer.told(Entry::new(key, value.as_str()), origin, None));
        }
    }
    for (key, settings) in [("settings", &manifest.settings), ("passthrough", &manifest.passthrough)] {
        if !settings.is_empty() {
            entries.push(Entry::new(key, renderer.mapping(&Path::root(), settings)));
        }
    }
    if manifest.unmanaged == Unmanaged::Report {
        entries.push(Entry::new("unmanaged", "report"));
    }
    let lists = [
        ("ignore", renderer.exemptions(&manifest.ignore)),
        ("allow", manifest.allow.iter().map(|allow| renderer.allow(allow)).collect()),
        ("omit", renderer.exemptions(&manifest.omit)),
    ];
    let said = lists.into_iter().filter(|(_, list)| !list.is_empty());
    entries.extend(said.map(|(key, list)| Entry::new(key, Yaml::Sequence(list))));
    write::to_string(&Yaml::Mapping(entries))
}

struct Renderer<'a> {
    catalogue: &'a Catalogue,
    sources: bool,
}

impl Renderer<'_> {
    fn mapping(&self, at: &Path, entries: &[yaml::Entry]) -> Yaml {
        let entry = |entry: &yaml::Entry| {
            let inner = at.member(&entry.key);
            let written = Entry::new(&entry.key, self.value(&inner, &entry.value));
            match &entry.value.value {
                Value::Mapping(members) if !members.is_empty() => written,
                Value::Scalar(scalar) => self.told(written, &entry.origin, scalar.given.as_deref()),
                _ => self.told(written, &entry.origin, None),
            }
        };
        Yaml::Mapping(entries.iter().map(entry).collect())
    }

    fn value(&self, at: &Path, node: &Node) -> Yaml {
        match &node.value {
            Value::Mapping(entries) => self.mapping(at, entries),
            Value::Sequence(nodes) => {
                let element = |(index, node)| self.value(&at.join(Seg::Index(index)), node);
                Yaml::Sequence(nodes.iter().enumerate().map(element).collect())
            }
            Value::Scalar(scalar) => self.scalar(at, scalar, node),
        }
    }

    fn scalar(&self, at: &Path, scalar: &Scalar, node: &Node) -> Yaml {
        match &scalar.given {
            Some(given) if given.is_secret => Yaml::from(given.text.as_str()),
            // What is shown must not be taken for the value by whoever applies it.
            _ if scalar.meaning() != Meaning::Null && self.catalogue.is_sensitive(at) => {
                Yaml::from(format!("${{secret:{}}}", name(at)).as_str())
            }
            // What stands for a number is a number, though it came as text.
            Some(_) if self.is_no_text(at) => {
                let plain = Scalar { given: None, plain: true, ..scalar.clone() };
                Yaml::setting(&Node { value: Value::Scalar(plain), ..node.clone() }.to_json())
            }
            _ => Yaml::setting(&node.to_json()),
        }
    }

    fn is_no_text(&self, at: &Path) -> bool {
        let kind = self.catalogue.setting(at).map(|field| field.shape.kind);
        matches!(kind, Some(Kind::Integer | Kind::Float | Kind::Timestamp | Kind::Boolean))
    }

    fn exemptions(&self, exemptions: &[Exemption]) -> Vec<Yaml> {
        let entry = |exemption: &Exemption| {
            let path = Entry::new("path", exemption.path.value.to_string().as_str());
            let mut entries = vec![self.told(path, &exemption.path.origin, None)];
            entries.extend(terms(&exemption.reason, exemption.until));
            Yaml::Mapping(entries)
        };
        exemptions.iter().map(entry).collect()
    }

    fn allow(&self, allow: &Allow) -> Yaml {
        let (key, code) = match &allow.code.value {
            Code::Risk(code) => ("risk", code),
            Code::Rule(code) => ("rule", code),
        };
        let mut entries = vec![self.told(Entry::new(key, code.as_str()), &allow.code.origin, None)];
        entries.extend(allow.path.iter().map(|path| Entry::new("path", path.value.to_string().as_str())));
        entries.extend(terms(&allow.reason, allow.until));
        Yaml::Mapping(entries)
    }

    /// The entry with its source behind it, where sources are wanted.
    fn told(&self, entry: Entry, origin: &Origin, given: Option<&Given>) -> Entry {
        if !self.sources {
            return entry;
        }
        let (line, _) = origin.line_column();
        let parts = given.map(|given| given.parts.as_slice()).unwrap_or_default();
        let part = |part: &Part| match part.reference.split_once(':') {
            Some(("file", _)) => format!("file:{}", part.from),
            _ => format!("{}, {}", part.reference, part.from),
        };
        let parts: Vec<String> = parts.iter().map(part).collect();
        let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) };
        entry.behind(format!("{}:{line}{parts}", origin.source.name))
    }
}

/// The name of a secret that stands for the value at `at`.
fn name(at: &Path) -> String {
    at.to_string().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

fn terms(reason: &str, until: Option<time::Date>) -> impl Iterator<Item = Entry> {
    let until = until.map(|until| Entry::new("until", until.to_string().as_str()));
    std::iter::once(Entry::new("reason", reason)).chain(until)
}
