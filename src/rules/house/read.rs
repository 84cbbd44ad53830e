//! Reads the rules of a project, and says what is wrong with them.

use super::condition::{Condition, HostPattern, UrlRule};
use super::rule::{HouseRule, RuleScope};
use crate::catalogue::{Catalogue, Field};
use crate::document::address::host_and_port;
use crate::document::{Json, Path, PathPattern, Seg};
use crate::manifest::yaml::{ScalarMeaning, Value, YamlEntry, YamlNode};
use crate::manifest::{Diagnostic, Origin, similar};
use crate::rules::close;
use crate::shapes::{Shape, ShapeKind};

/// Returns the YAML of a file that a list of rules includes, by its name.
pub type Include<'a> = dyn Fn(&str, &Origin) -> Result<YamlNode, Box<Diagnostic>> + 'a;

/// The keys of a rule that are no conditions.
const KEYS: [&str; 5] = ["name", "of", "path", "dcr", "reason"];
/// The conditions.
const CONDITIONS: [&str; 9] = ["is", "in", "min", "max", "has", "lacks", "each", "present", "absent"];
/// The keys of an entry that includes a file.
const INCLUDE_KEYS: [&str; 2] = ["file", "except"];
const EXAMPLE: &str = "write a list of rules, such as `- { name: no-implicit, of: clients, path: AllowedOAuthFlows, lacks: [implicit] }`";

/// The rules of the list `node`, with those of the files that it includes.
///
/// # Errors
/// With everything that is wrong with them.
pub fn read(
    catalogue: &Catalogue,
    node: YamlNode,
    include: &Include<'_>,
) -> Result<Vec<HouseRule>, Vec<Diagnostic>> {
    let mut reader = RuleReader { catalogue, rules: Vec::new(), findings: Vec::new() };
    for node in reader.list(node, "`require`", EXAMPLE) {
        reader.entry(node, Some(include));
    }
    if reader.findings.is_empty() { Ok(reader.rules) } else { Err(reader.findings) }
}

struct RuleReader<'a> {
    catalogue: &'a Catalogue,
    rules: Vec<HouseRule>,
    findings: Vec<Diagnostic>,
}

impl RuleReader<'_> {
    /// Reads a rule, or a file of rules where `include` finds one.
    fn entry(&mut self, node: YamlNode, include: Option<&Include<'_>>) {
        let origin = node.origin.clone();
        let Value::Mapping(entries) = node.value else {
            self.error("frame", "a rule must be a mapping", &origin, "not a mapping", EXAMPLE);
            return;
        };
        let is_file = entries.iter().any(|entry| entry.key == "file");
        match include {
            Some(include) if is_file => self.file(entries, include),
            None if is_file => {
                let help = "name that file in poolctl.yaml";
                self.error("frame", "an included file cannot include another", &origin, "here", help);
            }
            _ => {
                let before = self.findings.len();
                let rule = self.rule(&entries, &origin);
                if let Some(rule) = rule.filter(|_| self.findings.len() == before) {
                    self.add(rule);
                }
            }
        }
    }

    fn add(&mut self, rule: HouseRule) {
        let Some(other) = self.rules.iter().find(|other| other.name == rule.name) else {
            self.rules.push(rule);
            return;
        };
        let message = format!("two rules have the name `{}`", rule.name);
        let error = Diagnostic::error("declared-twice", message, rule.origin.clone(), "named again");
        let error = error.related(other.origin.clone(), "named here first");
        error.help("give each rule a name of its own").add_to(&mut self.findings);
    }

    /// Reads the rules of a file, without the rules that the entry excepts.
    fn file(&mut self, entries: Vec<YamlEntry>, include: &Include<'_>) {
        let mut except: Vec<(String, Origin)> = Vec::new();
        let mut file = None;
        for entry in entries {
            match entry.key.as_str() {
                "file" => file = self.text(&entry),
                "except" => {
                    for node in self.list(entry.value, "`except`", "write the names of rules in `[ ]`") {
                        except.extend(self.word(&node, "except").map(|name| (name, node.origin.clone())));
                    }
                }
                key => self.unknown(key, &entry.origin, &INCLUDE_KEYS),
            }
        }
        let Some((name, origin)) = file else { return };
        let root = match include(&name, &origin) {
            Ok(root) => root,
            Err(error) => return error.add_to(&mut self.findings),
        };
        let first = self.rules.len();
        for entry in self.mapping(root, "a file of rules") {
            match entry.key.as_str() {
                "require" => {
                    for node in self.list(entry.value, "`require`", EXAMPLE) {
                        self.entry(node, None);
                    }
                }
                key => self.unknown(key, &entry.origin, &["require"]),
            }
        }
        let names: Vec<String> = self.rules.iter().skip(first).map(|rule| rule.name.clone()).collect();
        for (name, origin) in except.iter().filter(|(name, _)| !names.contains(name)) {
            let help = match similar(name, names.iter().map(String::as_str)) {
                Some(close) => format!("did you mean `{close}`?"),
                None => "write the name of a rule in that file".to_owned(),
            };
            self.error("frame", &format!("the file has no rule `{name}`"), origin, "unknown", &help);
        }
        let mut position = 0;
        self.rules.retain(|rule| {
            position += 1;
            position <= first || !except.iter().any(|(name, _)| *name == rule.name)
        });
    }

    fn rule(&mut self, entries: &[YamlEntry], origin: &Origin) -> Option<HouseRule> {
        let known: Vec<&str> = KEYS.into_iter().chain(CONDITIONS).collect();
        for entry in entries.iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            self.unknown(&entry.key, &entry.origin, &known);
        }
        let find = |key: &str| entries.iter().find(|entry| entry.key == key);
        let name = match find("name") {
            Some(entry) => self.name(entry),
            None => self.missing("a `name`", origin),
        };
        let of = match find("of") {
            Some(entry) => self.scope(entry),
            None => Some(RuleScope::Pools),
        };
        let path = match find("path") {
            Some(entry) => self.text(entry).and_then(|(text, at)| self.path(&text, &at, of?)),
            None => self.missing("a `path`", origin),
        };
        let includes_registered = find("dcr").is_some_and(|entry| self.dcr(entry, of));
        let reason = find("reason").and_then(|entry| self.reason(entry));
        let conditions: Vec<&YamlEntry> =
            entries.iter().filter(|entry| CONDITIONS.contains(&entry.key.as_str())).collect();
        let condition = match conditions[..] {
            [] => self.missing(&format!("a condition: {}", among(&CONDITIONS)), origin),
            [one] => path.as_ref().and_then(|(path, _)| self.condition(one, path, of?)),
            [first, second, ..] => {
                let message =
                    format!("a rule has one condition, not both `{}` and `{}`", first.key, second.key);
                let error = Diagnostic::error("frame", message, second.origin.clone(), "a second condition");
                let error = error.related(first.origin.clone(), "the first one");
                error.help("write a rule for each").add_to(&mut self.findings);
                None
            }
        };
        let ((name, origin), (path, _)) = (name?, path?);
        let (of, condition) = (of?, condition?);
        let is_free = self.is_free(&path, of);
        Some(HouseRule { name, of, path, condition, includes_registered, is_free, reason, origin })
    }

    /// Whether a path leads into a map or a free document: the model does not know the keys.
    fn is_free(&self, path: &Path, of: RuleScope) -> bool {
        let outer = (1..path.segs().len()).map(|length| of.example().extended(path.prefix(length).segs()));
        let kinds = outer.filter_map(|outer| Some(self.catalogue.setting(&outer)?.shape.kind));
        kinds.into_iter().any(|kind| matches!(kind, ShapeKind::Map | ShapeKind::Document))
    }

    /// Reads `dcr`, which only a rule about clients can have.
    fn dcr(&mut self, entry: &YamlEntry, of: Option<RuleScope>) -> bool {
        let Some(of) = of else { return false };
        if !of.has_registered() {
            let help = "remove it: only app clients register themselves";
            self.error("frame", "`dcr` is about app clients", &entry.origin, "another `of`", help);
            return false;
        }
        self.is_true(entry)
    }

    fn name(&mut self, entry: &YamlEntry) -> Option<(String, Origin)> {
        let (name, origin) = self.text(entry)?;
        let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if name.len() > 100 || !name.chars().all(is_name) {
            let help = "use at most 100 letters, digits, `-`, `_` and `.`: `--allow require:NAME` names it";
            self.error(
                "frame",
                &format!("`{name}` cannot be the name of a rule"),
                &origin,
                "not a name",
                help,
            );
            return None;
        }
        Some((name, origin))
    }

    /// What a rule is about. A document that each pool has once is a part of the pool.
    fn scope(&mut self, entry: &YamlEntry) -> Option<RuleScope> {
        let (word, origin) = self.text(entry)?;
        let all: Vec<(String, RuleScope)> = RuleScope::all().collect();
        if let Some((_, scope)) = all.iter().find(|(name, _)| *name == word) {
            return Some(*scope);
        }
        let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
        let help = match similar(&word, names.iter().copied()) {
            _ if Catalogue::branches().any(|branch| branch == word) => {
                format!("write `of: pools`, and the path as `{word}.…`")
            }
            Some(close) => format!("did you mean `{close}`?"),
            None => format!("write {}", among(&names)),
        };
        self.error("frame", &format!("no rule can be about `{word}`"), &origin, "unknown", &help);
        None
    }

    /// A path in what the rule is about.
    fn path(&mut self, text: &str, origin: &Origin, of: RuleScope) -> Option<(Path, Origin)> {
        let path: Path = match text.parse() {
            Ok(path) => path,
            Err(error) => {
                self.error(
                    "frame",
                    &format!("{error}"),
                    origin,
                    "not a path",
                    "write it as `poolctl explain` does",
                );
                return None;
            }
        };
        let is_index = path.segs().iter().any(|seg| matches!(seg, Seg::Index(_)));
        if is_index || PathPattern::is_pattern(&path) {
            let help = "name a setting; `each`, `has` and `lacks` are about the elements of a list";
            self.error("frame", "a rule cannot be about a position or a pattern", origin, "here", help);
            return None;
        }
        let root = of.example();
        let full = root.extended(path.segs());
        let is_setting = self.catalogue.setting(&full).is_some() && !path.is_root();
        let leaves = RuleScope::Pools == of && self.catalogue.resource(&full).has_labels();
        if leaves {
            let branch = path.head().unwrap_or_default();
            let help = format!("write `of: {branch}`, and the path in one of them");
            self.error("frame", &format!("`{branch}` of a pool are many"), origin, "many", &help);
            return None;
        }
        if !is_setting {
            let close = close(self.catalogue, &full).map(|close| {
                let own = close.segs().get(root.segs().len()..).unwrap_or_default();
                Path::root().extended(own)
            });
            let what = match of {
                RuleScope::Pools => "a pool".to_owned(),
                RuleScope::Documents(resource) => format!("`{}`", resource.document.name()),
            };
            let help = match close {
                Some(close) => format!("did you mean `{close}`?"),
                None => "`poolctl explain` lists the settings".to_owned(),
            };
            self.error(
                "unknown-setting",
                &format!("{what} has no setting `{path}`"),
                origin,
                "unknown",
                &help,
            );
            return None;
        }
        Some((path, origin.clone()))
    }

    fn condition(&mut self, entry: &YamlEntry, path: &Path, of: RuleScope) -> Option<Condition> {
        let full = of.example().extended(path.segs());
        let catalogue = self.catalogue;
        let field = catalogue.setting(&full)?;
        let key = entry.key.as_str();
        if catalogue.is_sensitive(&full) && !matches!(key, "present" | "absent") {
            let help =
                "write `present: true` or `absent: true`: the value would be in this file, and in messages";
            self.error("frame", &format!("`{path}` is a secret"), &entry.origin, "a secret", help);
            return None;
        }
        match key {
            "is" => self.value(entry, &entry.value, &field, path).map(Condition::Is),
            "in" => self.values(entry, &field, path).map(Condition::In),
            "min" => self.number(entry, &field, path).map(Condition::Min),
            "max" => self.number(entry, &field, path).map(Condition::Max),
            "has" => self.elements(entry, &field, path).map(Condition::Has),
            "lacks" => self.elements(entry, &field, path).map(Condition::Lacks),
            "each" => self.urls(entry, &field, path).map(Condition::Each),
            _ => {
                let of = if key == "present" { Condition::Present } else { Condition::Absent };
                self.is_true(entry).then_some(of)
            }
        }
    }

    /// Whether a key has the one value that it can have.
    fn is_true(&mut self, entry: &YamlEntry) -> bool {
        let is_true = entry.value.scalar().is_some_and(|it| it.meaning() == ScalarMeaning::Boolean(true));
        if !is_true {
            let (key, at) = (&entry.key, &entry.value.origin);
            let help = format!("write `{key}: true`");
            self.error("frame", &format!("`{key}` takes `true`"), at, "not `true`", &help);
        }
        is_true
    }

    /// A value that the setting can have by itself.
    fn value(&mut self, entry: &YamlEntry, node: &YamlNode, field: &Field<'_>, path: &Path) -> Option<Json> {
        let instead = match field.shape.kind {
            ShapeKind::List if field.inner().is_some_and(is_url) => "use `has`, `lacks` or `each`",
            ShapeKind::List | ShapeKind::Map => "use `has` or `lacks`",
            ShapeKind::Structure | ShapeKind::Document => {
                "name one of its members, or use `present` or `absent`"
            }
            _ => return self.scalar(node, field.shape, path),
        };
        self.misfit(entry, path, instead);
        None
    }

    fn values(&mut self, entry: &YamlEntry, field: &Field<'_>, path: &Path) -> Option<Vec<Json>> {
        let nodes = self.several(entry)?;
        nodes.iter().map(|node| self.value(entry, node, field, path)).collect()
    }

    fn number(&mut self, entry: &YamlEntry, field: &Field<'_>, path: &Path) -> Option<i64> {
        if field.shape.kind != ShapeKind::Integer {
            self.misfit(entry, path, "it is not a number: use another condition");
            return None;
        }
        self.scalar(&entry.value, field.shape, path)?.as_i64()
    }

    fn elements(&mut self, entry: &YamlEntry, field: &Field<'_>, path: &Path) -> Option<Vec<Json>> {
        let text = Shape { kind: ShapeKind::String, ..Shape::NONE };
        let inner = match field.shape.kind {
            ShapeKind::List => field.inner().filter(|inner| inner.kind != ShapeKind::Structure),
            ShapeKind::Map => Some(field.key().unwrap_or(&text)),
            _ => None,
        };
        let Some(inner) = inner else {
            self.misfit(entry, path, "it is not a list of values: use another condition, or name a member");
            return None;
        };
        let nodes = self.several(entry)?;
        nodes.iter().map(|node| self.scalar(node, inner, path)).collect()
    }

    fn urls(&mut self, entry: &YamlEntry, field: &Field<'_>, path: &Path) -> Option<UrlRule> {
        let is_text = |shape: &Shape| shape.kind == ShapeKind::String && shape.allowed.is_empty();
        let inner = if field.shape.kind == ShapeKind::List { field.inner() } else { Some(field.shape) };
        if !inner.is_some_and(is_text) {
            self.misfit(entry, path, "`each` is about URLs: use `has` or `lacks`");
            return None;
        }
        let help = "write `each: { scheme: [https], host: [\"*.example.com\"] }`";
        let Value::Mapping(parts) = &entry.value.value else {
            self.error("frame", "`each` must be a mapping", &entry.value.origin, "not a mapping", help);
            return None;
        };
        let mut rule = UrlRule::default();
        let before = self.findings.len();
        for part in parts {
            match part.key.as_str() {
                "scheme" => rule.schemes = self.parts(part, "a scheme, such as `https`", scheme),
                "host" => {
                    rule.hosts = self.parts(part, "a host, such as `example.com` or `*.example.com`", host)
                }
                key => self.unknown(key, &part.origin, &["scheme", "host"]),
            }
        }
        if parts.is_empty() {
            self.error("frame", "`each` has no condition", &entry.origin, "empty", help);
        }
        (self.findings.len() == before).then_some(rule)
    }

    /// The schemes or the hosts of a rule about URLs.
    fn parts<T>(&mut self, entry: &YamlEntry, what: &str, parse: fn(&str) -> Option<T>) -> Vec<T> {
        let Some(nodes) = self.several(entry) else { return Vec::new() };
        let mut parts = Vec::new();
        for node in &nodes {
            let Some(word) = self.word(node, &entry.key) else { continue };
            match parse(&word) {
                Some(part) => parts.push(part),
                None => {
                    let message = format!("`{word}` is not a {}", entry.key);
                    self.error("frame", &message, &node.origin, "here", &format!("write {what}"));
                }
            }
        }
        parts
    }

    /// A value of this shape.
    fn scalar(&mut self, node: &YamlNode, shape: &Shape, path: &Path) -> Option<Json> {
        let value = node.to_json();
        let (fits, wanted) = match shape.kind {
            ShapeKind::Boolean => (value.is_boolean(), "`true` or `false`"),
            ShapeKind::Integer => (value.as_i64().is_some(), "a whole number"),
            ShapeKind::Float | ShapeKind::Timestamp => (value.is_number(), "a number"),
            _ => (value.is_string(), "a text, in quotes if it looks like something else"),
        };
        if !fits {
            let message = format!("`{path}` cannot have this value");
            self.error("type", &message, &node.origin, "another type", &format!("write {wanted}"));
            return None;
        }
        let word = value.as_str().filter(|word| !shape.allowed.is_empty() && !shape.allowed.contains(word));
        if let Some(word) = word {
            let allowed: Vec<&str> = shape.allowed.to_vec();
            let help = match similar(word, allowed.iter().copied()) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("the values are {}", among(&allowed)),
            };
            self.error("enum", &format!("`{path}` is never `{word}`"), &node.origin, "unknown", &help);
            return None;
        }
        Some(value)
    }

    fn misfit(&mut self, entry: &YamlEntry, path: &Path, help: &str) {
        let message = format!("`{}` does not fit `{path}`", entry.key);
        self.error("type", &message, &entry.origin, "does not fit", help);
    }

    /// The elements of a list, or one value; `None` if there are none.
    fn several(&mut self, entry: &YamlEntry) -> Option<Vec<YamlNode>> {
        match &entry.value.value {
            Value::Sequence(nodes) if !nodes.is_empty() => Some(nodes.clone()),
            Value::Scalar(scalar)
                if !matches!(scalar.meaning(), ScalarMeaning::Blank | ScalarMeaning::Null) =>
            {
                Some(vec![entry.value.clone()])
            }
            _ => {
                let message = format!("`{}` has no values", entry.key);
                self.error("frame", &message, &entry.origin, "no values", "write one or more in `[ ]`");
                None
            }
        }
    }

    fn reason(&mut self, entry: &YamlEntry) -> Option<String> {
        let text = entry.value.scalar().map(|scalar| scalar.text.trim()).filter(|text| !text.is_empty());
        if text.is_none() {
            self.error(
                "frame",
                "`reason` has no text",
                &entry.origin,
                "no text",
                "write the reason, or delete the line",
            );
        }
        text.map(str::to_owned)
    }

    /// The text of a key.
    fn text(&mut self, entry: &YamlEntry) -> Option<(String, Origin)> {
        self.word(&entry.value, &entry.key).map(|text| (text, entry.value.origin.clone()))
    }

    fn word(&mut self, node: &YamlNode, key: &str) -> Option<String> {
        let text = node.scalar().filter(|scalar| scalar.meaning() == ScalarMeaning::Text);
        if text.is_none_or(|text| text.text.is_empty()) {
            let help = format!("write a text after `{key}`, in quotes if it looks like something else");
            self.error("frame", &format!("`{key}` is not a text"), &node.origin, "not a text", &help);
            return None;
        }
        text.map(|text| text.text.clone())
    }

    fn list(&mut self, node: YamlNode, what: &str, help: &str) -> Vec<YamlNode> {
        match node.value {
            Value::Sequence(nodes) => nodes,
            _ => {
                self.error("frame", &format!("{what} must be a list"), &node.origin, "not a list", help);
                Vec::new()
            }
        }
    }

    fn mapping(&mut self, node: YamlNode, what: &str) -> Vec<YamlEntry> {
        match node.value {
            Value::Mapping(entries) => entries,
            _ => {
                let help = "write `require:`, and a list of rules below it";
                self.error(
                    "frame",
                    &format!("{what} must be a mapping"),
                    &node.origin,
                    "not a mapping",
                    help,
                );
                Vec::new()
            }
        }
    }

    fn missing<T>(&mut self, what: &str, origin: &Origin) -> Option<T> {
        self.error("frame", &format!("a rule needs {what}"), origin, "this one", EXAMPLE);
        None
    }

    fn unknown(&mut self, key: &str, origin: &Origin, keys: &[&str]) {
        let help = match similar(key, keys.iter().copied()) {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!("the keys are {}", among(keys)),
        };
        self.error("unknown-key", &format!("unknown key `{key}`"), origin, "unknown", &help);
    }

    fn error(&mut self, code: &'static str, message: &str, at: &Origin, label: &str, help: &str) {
        Diagnostic::error(code, message, at.clone(), label).help(help).add_to(&mut self.findings);
    }
}

fn is_url(shape: &Shape) -> bool {
    shape.kind == ShapeKind::String && shape.allowed.is_empty()
}

fn among(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn scheme(word: &str) -> Option<String> {
    let is_scheme = word.starts_with(|first: char| first.is_ascii_alphabetic())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme.then(|| word.to_ascii_lowercase())
}

/// A host, or `*.` and a host; behind it a port, or `:*`.
fn host(word: &str) -> Option<HostPattern> {
    let (below, rest) = word.strip_prefix("*.").map_or((false, word), |rest| (true, rest));
    let (rest, any_port) = rest.strip_suffix(":*").map_or((rest, false), |rest| (rest, true));
    let (host, port) = host_and_port(rest).filter(|(host, _)| !host.is_empty())?;
    Some(HostPattern { host, is_below: below, port, any_port })
}
