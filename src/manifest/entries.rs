//! The entries of a branch with labels: what poolctl itself needs to know of each, apart from its settings.

use std::sync::Arc;

use time::Date;

use super::exemption;
use super::similar::similar;
use super::yaml::{ScalarMeaning, Value, YamlEntry, YamlNode};
use super::{Diagnostic, Given, Located, Origin};
use crate::document::{DocumentId, Path};

/// poolctl's own members of an entry, in lower case. Settings of the service begin with a capital.
const OWN: [&str; 5] = ["id", "like", "remove", "reason", "until"];

/// The same of a document that hangs on that of an entry.
const OWN_OF_HANGING: [&str; 3] = ["remove", "reason", "until"];

/// A document that a manifest declares under a label.
#[derive(Clone, Debug)]
pub struct LabelledEntry {
    /// The key of its branch.
    pub branch: String,
    /// Its label.
    pub label: String,
    /// The key of the document that hangs on the one with this label, if the entry is of that.
    pub hanging: Option<&'static str>,
    /// The place of the label.
    pub origin: Origin,
    /// The source of the label, if the file has a reference in it.
    pub given: Option<Arc<Given>>,
    /// The id that the service gave it, if the manifest names one.
    pub id: Option<Located<String>>,
    /// The reason and the last day of its removal; `None` if it should exist.
    pub removal: Option<EntryRemoval>,
}

impl LabelledEntry {
    /// The canonical path of its document.
    pub fn path(&self) -> Path {
        path(&self.branch, &self.label, self.hanging)
    }
}

/// An entry that says that a document must not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRemoval {
    /// Why.
    pub reason: String,
    /// The last day on which the entry removes anything; `None` if it has no end.
    pub until: Option<Date>,
    /// The place of `remove`.
    pub origin: Origin,
}

/// Takes poolctl's own members out of the entries of a branch. What is wrong with them goes to `errors`, and an entry
/// without any sound content is left out.
pub(super) fn take(branch: &mut YamlEntry, errors: &mut Vec<Diagnostic>) -> Vec<LabelledEntry> {
    let key = branch.key.clone();
    let Value::Mapping(entries) = &mut branch.value.value else { return Vec::new() };
    let mut taken = Vec::new();
    entries.retain_mut(|entry| match &mut entry.value.value {
        Value::Mapping(members) => {
            let is_own = |member: &mut YamlEntry| is_own(&key, &member.key);
            let own = members.extract_if(.., is_own).collect::<Vec<_>>();
            let at = At { branch: &key, entry: &entry.key, hanging: None };
            let labelled = LabelledEntry {
                given: entry.given.clone(),
                ..at.entry(own, entry.origin.clone(), members.first(), errors)
            };
            let (declares, has_id) = (labelled.removal.is_none(), labelled.id.is_some());
            taken.push(labelled);
            members.retain_mut(|member| at.take_hanging(member, &mut taken, errors));
            // A label that only has an id, or that goes, has no settings.
            declares && !(members.is_empty() && has_id)
        }
        Value::Scalar(scalar) if matches!(scalar.meaning(), ScalarMeaning::Null | ScalarMeaning::Blank) => {
            errors.push(nothing(&key, entry));
            false
        }
        _ => {
            let message = format!("`{}` must be a mapping", path(&key, &entry.key, None));
            let error = Diagnostic::error("frame", message, entry.value.origin.clone(), "not a mapping");
            errors.push(error.help("write one setting per line below it"));
            false
        }
    });
    taken
}

/// Leaves the entries of a branch under `passthrough` that have members. What is wrong with the others goes to
/// `errors`.
pub(super) fn retain_passed(branch: &mut YamlEntry, errors: &mut Vec<Diagnostic>) {
    let key = branch.key.clone();
    let Value::Mapping(entries) = &mut branch.value.value else { return };
    entries.retain(|entry| {
        let is_sound = matches!(&entry.value.value, Value::Mapping(members) if !members.is_empty());
        if !is_sound {
            let message = format!(
                "`{}` under `passthrough` must be a mapping with members",
                path(&key, &entry.key, None)
            );
            let error = Diagnostic::error("frame", message, entry.value.origin.clone(), "no members");
            errors.push(error.help("write the members that poolctl does not know, or delete the line"));
        }
        is_sound
    });
}

/// Whether a member of an entry of this branch is poolctl's, or a misspelling of one. All others are settings, and
/// documents that hang on the entry's.
fn is_own(branch: &str, key: &str) -> bool {
    key.starts_with(|first: char| first.is_ascii_lowercase())
        && hanging(branch, key).is_none()
        && similar(key, OWN).is_some()
}

/// poolctl's own members of an entry of a branch, or of a document that hangs on one, with what hangs on it.
pub fn own_keys(branch: &str, hangs: bool) -> Vec<&'static str> {
    let hanging = DocumentId::hanging(branch).map(|(key, _)| key).filter(|_| !hangs);
    let own: &[&str] = if hangs { &OWN_OF_HANGING } else { &OWN };
    own.iter().copied().chain(hanging).collect()
}

/// Whether a member is no setting in the entries of any branch: all of them begin with a capital.
pub(super) fn is_no_setting(key: &str) -> bool {
    key.starts_with(|first: char| first.is_ascii_lowercase())
        && DocumentId::LABELLED.iter().all(|branch| hanging(branch.name(), key).is_none())
}

/// The key of a document that hangs on the documents of a branch.
fn hanging(branch: &str, key: &str) -> Option<&'static str> {
    DocumentId::hanging(branch).map(|(hanging, _)| hanging).find(|hanging| *hanging == key)
}

/// The path of an entry.
pub(super) fn path(branch: &str, label: &str, hanging: Option<&str>) -> Path {
    Path::members([branch, label].into_iter().chain(hanging))
}

/// The error of an entry with no value: it could be meant in two ways.
fn nothing(branch: &str, entry: &YamlEntry) -> Diagnostic {
    let message = format!("`{}` has no value", path(branch, &entry.key, None));
    let id = if DocumentId::has_ids(branch) { "id: …, " } else { "" };
    Diagnostic::error("blank", message, entry.origin.clone(), "no value").help(two_ways(&entry.key, id))
}

/// The remedy for a document without a value: to remove it, with these members before the others, or to stop managing it.
pub fn two_ways(key: &str, id: &str) -> String {
    format!(
        "to remove it, write `{key}: {{ {id}remove: true, reason: \"…\" }}`; to stop managing it, delete the line"
    )
}

/// The entry that is read.
struct At<'a> {
    branch: &'a str,
    entry: &'a str,
    hanging: Option<&'static str>,
}

impl At<'_> {
    fn path(&self) -> Path {
        path(self.branch, self.entry, self.hanging)
    }

    /// Takes poolctl's own members out of the document that hangs on this one, if a member is that. The answer is
    /// whether settings are left.
    fn take_hanging(
        &self,
        member: &mut YamlEntry,
        taken: &mut Vec<LabelledEntry>,
        errors: &mut Vec<Diagnostic>,
    ) -> bool {
        let Some(key) = hanging(self.branch, &member.key) else { return true };
        let Value::Mapping(members) = &mut member.value.value else { return true };
        let is_own = |member: &mut YamlEntry| is_own("", &member.key);
        let own = members.extract_if(.., is_own).collect::<Vec<_>>();
        let at = Self { hanging: Some(key), ..*self };
        let entry = at.entry(own, member.origin.clone(), members.first(), errors);
        let declares = entry.removal.is_none();
        taken.push(entry);
        declares
    }

    fn entry(
        &self,
        own: Vec<YamlEntry>,
        origin: Origin,
        setting: Option<&YamlEntry>,
        errors: &mut Vec<Diagnostic>,
    ) -> LabelledEntry {
        let (mut id, mut removes, mut term) = (None, None, Vec::new());
        let says_removal = own.iter().any(|member| member.key == "remove");
        for member in own {
            match member.key.as_str() {
                "id" if self.hanging.is_none() => id = self.id(&member.value, errors),
                "remove" => removes = self.removes(&member, errors),
                "reason" | "until" => term.push(member),
                other => {
                    let message = format!("`{}` has the unknown key `{other}`", self.path());
                    let known = own_keys(self.branch, self.hanging.is_some());
                    let help = match similar(other, known.iter().copied()) {
                        Some(close) => format!("did you mean `{close}`?"),
                        None => format!("its keys are {}", known.join(", ")),
                    };
                    let error = Diagnostic::error("unknown-key", message, member.origin, "unknown");
                    errors.push(error.help(help));
                }
            }
        }
        let removal = match removes {
            Some(at) => self.removal(at, term, setting, errors),
            // What is wrong with `remove` has been reported.
            None if says_removal => None,
            None => {
                errors.extend(term.iter().map(|member| self.not_removed(member)));
                None
            }
        };
        let (branch, label) = (self.branch.to_owned(), self.entry.to_owned());
        LabelledEntry { branch, label, hanging: self.hanging, origin, given: None, id, removal }
    }

    /// The error of a member that only a removal has.
    fn not_removed(&self, member: &YamlEntry) -> Diagnostic {
        let message = format!("`{}` has `{}`, but is not removed", self.path(), member.key);
        let error = Diagnostic::error("remove", message, member.origin.clone(), "without `remove: true`");
        error.help("add `remove: true` to remove it, or delete the line")
    }

    fn id(&self, node: &YamlNode, errors: &mut Vec<Diagnostic>) -> Option<Located<String>> {
        let origin = node.origin.clone();
        let given = node.scalar().and_then(|scalar| scalar.given.as_ref());
        if given.is_some_and(|given| given.is_secret) {
            let message = format!("the `id` of `{}` cannot be a secret: it is printed", self.path());
            let error = Diagnostic::error("reference", message, origin, "a secret");
            errors.push(error.help("use `${var:…}`"));
            return None;
        }
        match node.scalar() {
            // The reference that leads nowhere has an error of its own.
            Some(_) if given.is_some_and(|given| given.is_unknown) => None,
            Some(scalar) if scalar.meaning() == ScalarMeaning::Text && !scalar.text.trim().is_empty() => {
                Some(Located { value: scalar.text.clone(), origin })
            }
            _ => {
                let message = format!("the `id` of `{}` must be a text", self.path());
                let error = Diagnostic::error("frame", message, origin, "not a text");
                errors.push(error.help("write the id in quotes, or delete the line"));
                None
            }
        }
    }

    /// The place of `remove: true`.
    fn removes(&self, member: &YamlEntry, errors: &mut Vec<Diagnostic>) -> Option<Origin> {
        let is = |word: &str| member.value.scalar().is_some_and(|scalar| scalar.plain && scalar.text == word);
        if !is("true") {
            let message = format!("`remove` of `{}` must be `true`", self.path());
            let error = Diagnostic::error("remove", message, member.value.origin.clone(), "not `true`");
            errors.push(error.help("write `remove: true`, or delete the line"));
            return None;
        }
        Some(member.origin.clone())
    }

    fn removal(
        &self,
        origin: Origin,
        term: Vec<YamlEntry>,
        setting: Option<&YamlEntry>,
        errors: &mut Vec<Diagnostic>,
    ) -> Option<EntryRemoval> {
        let path = self.path();
        if let Some(setting) = setting {
            let message = format!("`{path}` is removed, and declares `{}`", setting.key);
            let error = Diagnostic::error("declared-twice", message, setting.origin.clone(), "a setting");
            let error = error.related(origin.clone(), "removed here");
            errors.push(error.help("delete the settings, or `remove: true`"));
        }
        if !term.iter().any(|member| member.key == "reason") {
            let message = format!("`{path}` is removed without a `reason`");
            let error = Diagnostic::error("remove", message, origin.clone(), "no reason");
            errors.push(error.help("add `reason:` with a sentence for later readers"));
        }
        let (reason, until) = exemption::term("remove", term, errors);
        Some(EntryRemoval { reason: reason?, until, origin })
    }
}
