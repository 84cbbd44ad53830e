//! `templates`: named settings, which entries of branches get below their own with `like`.

use std::collections::{BTreeMap, BTreeSet};

use super::entries::{self, is_no_setting};
use super::resolve::Resolver;
use super::similar::similar;
use super::yaml::{MAX_BYTES, MAX_NODES, ScalarMeaning, Value, YamlEntry, YamlNode};
use super::{Diagnostic, Located, overlay};
use crate::document::{DocumentId, Path};

/// The section with the templates.
pub(super) const SECTION: &str = "templates";
/// The member of an entry that names its template.
pub(super) const LIKE: &str = "like";

/// Takes the section out of a manifest, and lays each template that an entry names below that entry, with its references
/// resolved. The references of the entries must be resolved already.
pub(super) fn lay(entries: &mut Vec<YamlEntry>, resolver: &mut Resolver<'_>) {
    let section = entries.iter().position(|entry| entry.key == SECTION).map(|at| entries.remove(at));
    let mut templates =
        Templates { resolver, known: BTreeMap::new(), resolved: BTreeSet::new(), nodes: 0, bytes: 0 };
    if let Some(section) = section {
        templates.read(section);
    }
    for branch in entries.iter_mut().filter(|entry| DocumentId::is_labelled(&entry.key)) {
        let Value::Mapping(entries) = &mut branch.value.value else { continue };
        for entry in entries {
            templates.lay_below(&branch.key, entry);
        }
    }
}

struct Templates<'a, 'b> {
    resolver: &'a mut Resolver<'b>,
    /// The templates by name, wrong ones without a value.
    known: BTreeMap<String, Option<YamlNode>>,
    /// The templates whose references are resolved.
    resolved: BTreeSet<String>,
    /// How much has been laid below entries.
    nodes: usize,
    bytes: usize,
}

impl Templates<'_, '_> {
    fn report(&mut self, error: Diagnostic) {
        error.add_to(&mut self.resolver.findings);
    }

    /// Reads the section, and reports what is wrong with a template.
    fn read(&mut self, section: YamlEntry) {
        let Value::Mapping(entries) = section.value.value else {
            let error = Diagnostic::error(
                "template",
                "`templates` must be a mapping",
                section.origin,
                "not a mapping",
            );
            return self.report(error.help("write `templates: { NAME: { … } }`, or delete the line"));
        };
        for YamlEntry { key: name, origin, value, .. } in entries {
            let is_sound = match &value.value {
                Value::Mapping(members) => {
                    let own: Vec<&YamlEntry> =
                        members.iter().filter(|member| is_no_setting(&member.key)).collect();
                    let errors: Vec<Diagnostic> = own.iter().map(|member| misplaced(&name, member)).collect();
                    let is_sound = errors.is_empty();
                    errors.into_iter().for_each(|error| self.report(error));
                    is_sound
                }
                _ => {
                    let message = format!("the template `{name}` must be a mapping of settings");
                    let error = Diagnostic::error("template", message, origin, "not a mapping");
                    self.report(error.help("write one setting per line below it, or delete the line"));
                    false
                }
            };
            self.known.insert(name, Some(value).filter(|_| is_sound));
        }
    }

    /// Lays the template that an entry names below its own members.
    fn lay_below(&mut self, branch: &str, entry: &mut YamlEntry) {
        let Value::Mapping(members) = &mut entry.value.value else { return };
        let Some(position) = members.iter().position(|member| member.key == LIKE) else { return };
        let like = members.remove(position);
        let at = entries::path(branch, &entry.key, None);
        if members.iter().any(|member| member.key == "remove") {
            let message = format!("`{at}` is removed, and declares `{LIKE}`");
            let error = Diagnostic::error("template", message, like.origin, "a template");
            return self.report(error.help("delete the line: a removed entry has no settings"));
        }
        let Some(name) = self.name(&at, &like) else { return };
        let Some(template) = self.template(&name) else { return };
        let size = template.size();
        self.nodes = self.nodes.saturating_add(size.nodes);
        self.bytes = self.bytes.saturating_add(size.bytes);
        if self.nodes > MAX_NODES || self.bytes > MAX_BYTES {
            if self.known.insert(name.value, None).is_some() {
                let message = format!(
                    "the templates repeat more than {MAX_NODES} values, or {MAX_BYTES} bytes of text"
                );
                let error = Diagnostic::error("too-many", message, name.origin, "the limit is reached here");
                self.report(error.help("use shorter templates, or several manifests"));
            }
            return;
        }
        let (origin, end) = (entry.value.origin.clone(), entry.value.end);
        let empty = YamlNode { value: Value::Mapping(Vec::new()), origin, end };
        let value = std::mem::replace(&mut entry.value, empty);
        let own = YamlEntry { value, ..entry.clone() };
        entry.value = match &own.value.value {
            Value::Mapping(members) if members.is_empty() => YamlNode { value: template.value, ..own.value },
            _ => overlay::deep(template, own, &mut self.resolver.findings),
        };
    }

    /// The name that an entry gives.
    fn name(&mut self, at: &Path, like: &YamlEntry) -> Option<Located<String>> {
        let origin = like.value.origin.clone();
        match like.value.scalar() {
            Some(scalar) if scalar.given.as_ref().is_some_and(|given| given.is_unknown) => None,
            Some(scalar) if scalar.meaning() == ScalarMeaning::Text => {
                Some(Located { value: scalar.text.clone(), origin })
            }
            _ => {
                let message = format!("`{LIKE}` of `{at}` must be the name of a template");
                let error = Diagnostic::error("template", message, like.origin.clone(), "not a name");
                self.report(error.help(format!("write `{LIKE}: NAME`, or delete the line")));
                None
            }
        }
    }

    /// A template of this name with its references resolved. One that does not exist is reported.
    fn template(&mut self, name: &Located<String>) -> Option<YamlNode> {
        let Located { value: name, origin } = name;
        if let Some(template) = self.known.get_mut(name) {
            let template = template.as_mut()?;
            if self.resolved.insert(name.clone()) {
                self.resolver.resolve(template);
            }
            return Some(template.clone());
        }
        let help = match similar(name, self.known.keys().map(String::as_str)) {
            Some(close) => format!("did you mean `{close}`?"),
            None if self.known.is_empty() => "add it to `templates`, or delete the line".to_owned(),
            None => {
                let names: Vec<&str> = self.known.keys().map(String::as_str).collect();
                format!("the templates are {}", names.join(", "))
            }
        };
        let message = format!("there is no template `{name}`");
        self.report(Diagnostic::error("template", message, origin.clone(), "unknown").help(help));
        None
    }
}

fn misplaced(template: &str, member: &YamlEntry) -> Diagnostic {
    let key = &member.key;
    let (message, help) = match key.as_str() {
        LIKE => (
            format!("the template `{template}` cannot be like another one"),
            "write its settings here, or name the other template in the entries".to_owned(),
        ),
        _ => {
            let mut chars = key.chars();
            let first = chars.next().map(|first| first.to_ascii_uppercase());
            let capital: String = first.into_iter().chain(chars).collect();
            let help = match ["id", "remove", "reason", "until"].contains(&key.as_str()) {
                true => format!("move `{key}` to the entries"),
                // Another tool's name.
                false if key.contains('_') => {
                    "write the name that Cognito's API has, such as `CallbackURLs`".to_owned()
                }
                false => format!("did you mean `{capital}`? Settings begin with a capital"),
            };
            (format!("the template `{template}` cannot have `{key}`"), help)
        }
    };
    Diagnostic::error("template", message, member.origin.clone(), "not a setting").help(help)
}

#[cfg(test)]
mod tests {
    use crate::document::Json;
    use crate::manifest::{Diagnostic, Manifest, load};
    use serde_json::json;

    fn manifest(body: &str) -> Manifest {
        load("m.yaml", format!("version: 1\npool: eu-west-1_a\n{body}\n").as_bytes()).unwrap()
    }

    fn wrong(body: &str) -> Vec<String> {
        let line = |finding: &Diagnostic| {
            let (origin, _) = finding.label.as_ref().unwrap();
            format!("{} @ {}: {}", finding.message, origin.text(), finding.help.as_deref().unwrap_or("-"))
        };
        manifest(body).findings.iter().map(line).collect()
    }

    const SPA: &str =
        "templates: { spa: { Flows: [code], Units: { Access: hours, Id: days }, Name: \"${var:name:-x}\" } }";

    #[test]
    fn a_template_is_laid_below_an_entry() {
        let manifest = manifest(&format!(
            "{SPA}\nclients: {{ a: {{ like: spa, Flows: [implicit], Units: {{ Id: hours }} }}, b: {{ id: 1a, like: spa }}, c: {{ Name: y }} }}"
        ));
        assert_eq!(manifest.findings, []);
        let settings: Json = manifest.settings[0].value.to_json();
        assert_eq!(
            settings,
            json!({
                "a": {"Flows": ["implicit"], "Units": {"Access": "hours", "Id": "hours"}, "Name": "x"},
                "b": {"Flows": ["code"], "Units": {"Access": "hours", "Id": "days"}, "Name": "x"},
                "c": {"Name": "y"},
            })
        );
        assert_eq!(manifest.entries[1].id.as_ref().unwrap().value, "1a");
        assert_eq!(manifest.fallbacks.len(), 1, "a template is resolved once");
    }

    #[test]
    fn a_template_that_nothing_uses_is_not_resolved() {
        assert_eq!(wrong("templates: { spa: { Name: \"${var:gone}\" } }"), [""; 0]);
    }

    #[test]
    fn each_mistake_is_named_at_its_place() {
        for (body, expected) in [
            (
                &*format!("{SPA}\nclients: {{ a: {{ like: spaa, Name: x }} }}"),
                "there is no template `spaa` @ spaa: did you mean `spa`?",
            ),
            (
                &*format!("{SPA}\nclients: {{ a: {{ like: zebra, Name: x }} }}"),
                "there is no template `zebra` @ zebra: the templates are spa",
            ),
            (
                "clients: { a: { like: spa, Name: x } }",
                "there is no template `spa` @ spa: add it to `templates`, or delete the line",
            ),
            (
                &*format!("{SPA}\nclients: {{ a: {{ like: [spa], Name: x }} }}"),
                "`like` of `clients.a` must be the name of a template @ like: write `like: NAME`, or delete the line",
            ),
            (
                &*format!("{SPA}\nclients: {{ 'web shop': {{ like: [spa], Name: x }} }}"),
                r#"`like` of `clients["web shop"]` must be the name of a template @ like: write `like: NAME`, or delete the line"#,
            ),
            (
                &*format!("{SPA}\nclients: {{ a: {{ id: x, like: spa, remove: true, reason: r }} }}"),
                "`clients.a` is removed, and declares `like` @ like: delete the line: a removed entry has no settings",
            ),
            (
                "templates: { a: { like: b, X: y }, b: { X: z } }",
                "the template `a` cannot be like another one @ like: write its settings here, or name the other template in the entries",
            ),
            (
                "templates: { a: { id: b } }",
                "the template `a` cannot have `id` @ id: move `id` to the entries",
            ),
            (
                "templates: { a: { callbackURLs: [] } }",
                "the template `a` cannot have `callbackURLs` @ callbackURLs: did you mean `CallbackURLs`? Settings begin with a capital",
            ),
            (
                "templates: { a: { callback_urls: [] } }",
                "the template `a` cannot have `callback_urls` @ callback_urls: write the name that Cognito's API has, such as `CallbackURLs`",
            ),
            (
                "templates: { a: x }",
                "the template `a` must be a mapping of settings @ a: write one setting per line below it, or delete the line",
            ),
            (
                "templates: x",
                "`templates` must be a mapping @ templates: write `templates: { NAME: { … } }`, or delete the line",
            ),
        ] {
            assert_eq!(wrong(body), [expected], "{body}");
        }
    }

    #[test]
    fn what_templates_repeat_is_limited() {
        let clients: String = (0..300).map(|nth| format!("  c{nth}: {{ like: big }}\n")).collect();
        let text = format!("templates: {{ big: {{ X: {} }} }}\nclients:\n{clients}", "x".repeat(4000));
        let findings = wrong(&text);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].starts_with("the templates repeat more than"), "{findings:?}");
    }
}
