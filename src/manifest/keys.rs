//! References in keys: `${var:…}`, where a key is a name that the manifest's owner chooses.

use std::collections::HashMap;
use std::sync::Arc;

use super::given::{FollowedReference, Given};
use super::reference::{self, Malformed, Piece, Reference, ReferenceKind};
use super::resolve::{Resolver, within};
use super::yaml::{MAX_KEY, Value, YamlEntry, YamlNode};
use super::{Diagnostic, Origin};
use crate::document::{DocumentId, TAGS};

/// Which keys a mapping has.
#[derive(Clone, Copy, PartialEq)]
enum KeyPlace {
    /// The keys of a file.
    File,
    /// The keys of `settings`.
    Settings,
    /// The keys of `passthrough`.
    Passthrough,
    /// Names that the owner chooses: labels and tags.
    Names,
    /// Any others.
    Others,
}

impl KeyPlace {
    /// The keys of the mapping under one of these keys.
    fn below(self, key: &str) -> Self {
        match self {
            Self::File if key == "settings" => Self::Settings,
            Self::File if key == "passthrough" => Self::Passthrough,
            Self::File | Self::Passthrough if DocumentId::is_labelled(key) => Self::Names,
            Self::Settings if key == TAGS => Self::Names,
            _ => Self::Others,
        }
    }
}

impl Resolver<'_> {
    /// Resolves the keys of a file. An entry whose key has a reference in the wrong place, or one that leads nowhere,
    /// is reported and left out, and so is a mapping that has no others.
    pub(super) fn keys(&mut self, entries: &mut Vec<YamlEntry>) {
        self.mapping_keys(entries, KeyPlace::File);
    }

    fn mapping_keys(&mut self, entries: &mut Vec<YamlEntry>, place: KeyPlace) {
        if entries.iter().any(|entry| reference::is_any_in(&entry.key)) {
            entries.retain_mut(|entry| !reference::is_any_in(&entry.key) || self.key(entry, place));
            self.distinct_keys(entries);
        }
        let is_empty = |node: &YamlNode| matches!(&node.value, Value::Mapping(inner) if inner.is_empty());
        entries.retain_mut(|entry| {
            let was_empty = is_empty(&entry.value);
            self.keys_in(&mut entry.value, place.below(&entry.key));
            was_empty || !is_empty(&entry.value)
        });
    }

    fn keys_in(&mut self, node: &mut YamlNode, place: KeyPlace) {
        match &mut node.value {
            Value::Mapping(entries) => self.mapping_keys(entries, place),
            Value::Sequence(nodes) => nodes.iter_mut().for_each(|node| self.keys_in(node, KeyPlace::Others)),
            Value::Scalar(_) => {}
        }
    }

    /// Resolves one key. Whether there is one.
    fn key(&mut self, entry: &mut YamlEntry, place: KeyPlace) -> bool {
        let origin = &entry.origin;
        let pieces = match reference::pieces(&entry.key) {
            Ok(pieces) => pieces,
            Err(Malformed { message, help, span }) => {
                let at = within(origin, entry.key.get(span).unwrap_or_default());
                Diagnostic::error("reference", message, at, "this reference")
                    .help(help)
                    .add_to(&mut self.findings);
                return false;
            }
        };
        let (mut text, mut parts) = (String::new(), Vec::new());
        for piece in pieces {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Reference(reference) => {
                    if place != KeyPlace::Names || reference.kind != ReferenceKind::Variable {
                        self.refuse_key(&reference, origin, place);
                        return false;
                    }
                    let Some(followed) = self.follow(&reference, origin) else { return false };
                    text.push_str(&followed.text);
                    let reference = format!("{}:{}", reference.kind.word(), reference.name);
                    parts.push(FollowedReference { reference, from: followed.from });
                }
            }
        }
        if text.is_empty() || text.len() > MAX_KEY || !self.is_within_limit(text.len(), origin) {
            let message = format!("with its variables, the key has {} bytes", text.len());
            let error = Diagnostic::error("key", message, origin.clone(), "this key");
            error.help(format!("use 1 to {MAX_KEY} bytes")).add_to(&mut self.findings);
            return false;
        }
        let given = Given { text: std::mem::replace(&mut entry.key, text), parts, ..Given::default() };
        entry.given = (!given.parts.is_empty()).then(|| Arc::new(given));
        true
    }

    fn refuse_key(&mut self, reference: &Reference<'_>, origin: &Origin, place: KeyPlace) {
        let word = reference.kind.word();
        let (message, help) = match place {
            KeyPlace::Names => (
                format!(
                    "a key cannot have a reference to a {}",
                    if word == "secret" { "secret" } else { "file" }
                ),
                "use `${var:NAME}`, or write `$${` for a literal `${`".to_owned(),
            ),
            _ => (
                "this key cannot have a reference".to_owned(),
                format!(
                    "only labels of resources, and tags in `settings.{TAGS}`, can have `${{var:NAME}}`; write `$${{` for a literal `${{`"
                ),
            ),
        };
        let at = within(origin, &format!("${{{word}:{}", reference.name));
        Diagnostic::error("reference", message, at, "this reference").help(help).add_to(&mut self.findings);
    }

    /// Reports keys of a mapping that have become one, and leaves the later ones out.
    fn distinct_keys(&mut self, entries: &mut Vec<YamlEntry>) {
        let mut seen: HashMap<String, Origin> = HashMap::new();
        entries.retain(|entry| match seen.get(&entry.key) {
            None => {
                seen.insert(entry.key.clone(), entry.origin.clone());
                true
            }
            Some(first) => {
                let message = format!("with these variables, two keys are `{}`", entry.key);
                Diagnostic::error("duplicate-key", message, entry.origin.clone(), "again here")
                    .related(first.clone(), "first here")
                    .help("give the variables different values, or delete one of the two")
                    .add_to(&mut self.findings);
                false
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use crate::manifest::{Beside, Diagnostic, File, Manifest, Secret, Unavailable, Variable, load_with};

    /// Variables.
    struct Vars(HashMap<&'static str, &'static str>);

    impl Beside for Vars {
        fn file(&self, _: &str, path: &str) -> Result<File, Unavailable> {
            Err(Unavailable { message: path.to_owned(), help: String::new() })
        }

        fn variable(&self, name: &str) -> Option<Variable> {
            let value = self.0.get(name)?;
            Some(Variable { value: (*value).to_owned(), from: "--var".to_owned() })
        }

        fn secret(&self, _: &str) -> Secret {
            Secret::Unset
        }
    }

    fn manifest(body: &str) -> Manifest {
        let text = format!("version: 1\npool: eu-west-1_a\n{body}\n");
        load_with("m.yaml", text.as_bytes(), &Vars(HashMap::from([("a", "x"), ("b", "x"), ("none", "")])))
            .unwrap()
    }

    /// What is wrong with these keys of a manifest, as `message @ text`.
    fn wrong(body: &str) -> Vec<String> {
        let line = |finding: &Diagnostic| {
            let (origin, _) = finding.label.as_ref().unwrap();
            format!("{} @ {}", finding.message, origin.text())
        };
        manifest(body).findings.iter().map(line).collect()
    }

    #[test]
    fn a_label_and_a_tag_may_be_made_of_variables() {
        let manifest = manifest(
            "settings: { UserPoolTags: { \"t-${var:a}\": 1, \"$${b}\": 2 } }\ngroups: { \"${var:g:-ops}\": { Precedence: 1 } }",
        );
        assert_eq!(manifest.findings, []);
        assert_eq!(manifest.entries[0].label, "ops");
        assert_eq!(manifest.fallbacks[0].name, "g");
        let crate::manifest::yaml::Value::Mapping(tags) = &manifest.settings[0].value.value else { panic!() };
        let keys: Vec<&str> = tags.iter().map(|tag| tag.key.as_str()).collect();
        assert_eq!(keys, ["t-x", "${b}"]);
        assert!(tags[0].given.is_some() && tags[1].given.is_none());
    }

    #[test]
    fn a_reference_in_any_other_key_is_an_error() {
        for (body, expected) in [
            ("\"${var:a}\": 1", "this key cannot have a reference @ ${var:a"),
            ("settings: { \"${var:a}\": 1 }", "this key cannot have a reference @ ${var:a"),
            (
                "settings: { Policies: { PasswordPolicy: { \"${var:a}\": 1 } } }",
                "this key cannot have a reference @ ${var:a",
            ),
            ("settings: { Schema: [{ \"${var:a}\": x }] }", "this key cannot have a reference @ ${var:a"),
            ("passthrough: { New: { \"${var:a}\": 1 } }", "this key cannot have a reference @ ${var:a"),
            ("groups: { g: { \"${var:a}\": 1 } }", "this key cannot have a reference @ ${var:a"),
            (
                "ignore: [{ \"${var:a}\": 1, path: A, reason: r }]",
                "this key cannot have a reference @ ${var:a",
            ),
            ("groups: { \"${secret:a}\": {} }", "a key cannot have a reference to a secret @ ${secret:a"),
            (
                "settings: { UserPoolTags: { \"${secret:a}\": x } }",
                "a key cannot have a reference to a secret @ ${secret:a",
            ),
            ("groups: { \"${file:a}\": {} }", "a key cannot have a reference to a file @ ${file:a"),
            ("groups: { \"${var:gone}\": {} }", "the variable `gone` is not set @ ${var:gone}"),
            ("groups: { \"${a}\": {} }", "this is not a reference @ ${a}"),
            ("groups: { \"${var:none}\": {} }", "with its variables, the key has 0 bytes @ \"${var:none}\""),
        ] {
            assert_eq!(wrong(body), [expected], "{body}");
        }
    }

    #[test]
    fn two_keys_that_become_one_are_an_error() {
        for body in [
            "groups: { \"${var:a}\": { Precedence: 1 }, \"${var:b}\": { Precedence: 2 } }",
            "groups: { x: { Precedence: 1 }, \"${var:b}\": { Precedence: 2 } }",
        ] {
            assert_eq!(wrong(body), ["with these variables, two keys are `x` @ \"${var:b}\""], "{body}");
        }
    }
}
