//! A manifest's settings, keys and entries against the catalogue: from its tree to what is declared.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use time::Date;

use super::desired::{Account, Desired, DesiredEntry, ManifestPool, Withheld};
use super::elements::Elements;
use super::house::HouseRule;
use super::tag::PoolTag;
use super::value::{Checker, is_by_elements, is_set};
use super::veil::veil;
use super::want::Want;
use super::{alone, ownership, pattern, siblings};
use crate::catalogue::{Catalogue, Field, Foreign, Listing, POOL_ID, Removal};
use crate::document::{DocumentId, Json, Object, Path, Paths};
use crate::manifest::yaml::{ScalarMeaning, Value, YamlEntry, YamlNode};
use crate::manifest::{Diagnostic, Given, LabelledEntry, Manifest, Origin, Severity, two_ways};
use crate::shapes::ShapeKind;

/// Checks what a manifest declares against the catalogue.
///
/// The second part of the answer are warnings.
///
/// # Errors
/// With every error and warning, in the file's order.
pub fn check(
    catalogue: &Catalogue,
    manifest: Manifest,
) -> Result<(Desired, Vec<Diagnostic>), Vec<Diagnostic>> {
    checked(catalogue, manifest, |_| Vec::new())
}

/// Checks a manifest like [`check`], and also checks, on this day, its entries that expire and the decidable rules
/// across settings, including the rules of the house.
///
/// # Errors
/// With every error and warning, in the file's order.
pub fn check_alone(
    catalogue: &Catalogue,
    manifest: Manifest,
    today: Date,
    require: &[HouseRule],
) -> Result<(Desired, Vec<Diagnostic>), Vec<Diagnostic>> {
    checked(catalogue, manifest, |desired| alone::findings(catalogue, desired, today, require))
}

/// What a manifest wants, and what is wrong with it; `judge` finds more in what is sound of it.
fn checked(
    catalogue: &Catalogue,
    mut manifest: Manifest,
    judge: impl FnOnce(&Desired) -> Vec<Diagnostic>,
) -> Result<(Desired, Vec<Diagnostic>), Vec<Diagnostic>> {
    let findings = std::mem::take(&mut manifest.findings);
    let checker = Checker { catalogue, findings, hidden: Vec::new() };
    let mut walk = Walk::new(checker);
    walk.settings(&manifest.settings);
    let mut entries = walk.entries(&manifest.entries);
    walk.passthrough(&manifest.passthrough);
    walk.passed_entries(&manifest.passthrough, &mut entries);
    ownership::check(&mut walk.checker, &walk.wants, &manifest);
    walk.contradictions();
    let Walk { checker: Checker { mut findings, hidden, .. }, wants, unknown, given, .. } = walk;
    let (mut known, withheld): (Vec<Want>, Vec<Want>) =
        wants.into_iter().partition(|want| !unknown.contains(&want.path));
    let tag = PoolTag::of(&manifest).map(Box::new);
    for finding in tag.iter().flat_map(|tag| tag.declare(&mut known, &withheld, &manifest.omit)) {
        finding.add_to(&mut findings);
    }
    // What a fleet declares is kept until all of its manifests are checked.
    known.shrink_to_fit();
    let withheld = withheld.into_iter().map(|want| Withheld { want, is_unset: true }).collect();
    let region = manifest.region().to_owned();
    let has_pool = manifest.pool.is_some();
    let home = manifest.pool.as_ref().filter(|_| !manifest.is_pool_given).map(|pool| pool.origin.clone());
    let subject = ManifestPool {
        file: manifest.file,
        pool: manifest.pool.map_or_else(String::new, |pool| pool.value),
        tag,
        region,
        account: manifest.account.map(|account| Account { id: account.value, origin: Some(account.origin) }),
        only: Vec::new(),
        withheld,
    };
    let desired = Desired {
        home,
        wants: known,
        entries,
        unmanaged: manifest.unmanaged,
        ignore: manifest.ignore,
        watch: manifest.watch,
        acknowledge: manifest.acknowledge,
        allow: manifest.allow,
        omit: manifest.omit,
        given,
        secrets: secrets(manifest.settings.iter().chain(&manifest.passthrough)),
        fallbacks: manifest.fallbacks,
        hidden,
        ..subject.into()
    };
    for finding in judge(&desired) {
        finding.add_to(&mut findings);
    }
    let findings = presentable(findings, &desired.hidden);
    let wrong = findings.iter().any(|finding| finding.severity == Severity::Error);
    if wrong || !has_pool { Err(findings) } else { Ok((desired, findings)) }
}

/// The findings in the file's order, without the values at the places in `hidden`.
fn presentable(mut findings: Vec<Diagnostic>, hidden: &[Origin]) -> Vec<Diagnostic> {
    let masked: Arc<[Origin]> = hidden.into();
    for finding in &mut findings {
        finding.hidden = Arc::clone(&masked);
    }
    veil(&mut findings);
    findings.sort_by_key(|finding| finding.label.as_ref().map(|(origin, _)| origin.span.start));
    findings.shrink_to_fit();
    findings
}

/// The values of the secrets in these entries, each once.
fn secrets<'a>(entries: impl Iterator<Item = &'a YamlEntry>) -> Vec<String> {
    let given =
        entries.flat_map(|entry| entry.value.scalars()).filter_map(|(scalar, _)| scalar.given.as_ref());
    let all: BTreeSet<&String> = given.flat_map(|given| &given.secrets).collect();
    all.into_iter().cloned().collect()
}

/// The error of a member under `passthrough` that no request has.
fn not_sent(at: &str, entry: &YamlEntry) -> Diagnostic {
    let message = format!("`{at}` cannot be sent");
    Diagnostic::error("not-a-setting", message, entry.origin.clone(), "read-only").help("delete the line")
}

/// What is wrong with a key of a map at this path that AWS keeps for itself.
fn reserved_key(at: &Path, field: &Field<'_>, (key, origin): (&str, &Origin)) -> Option<Diagnostic> {
    let prefix = field.row.filter(|row| row.reserves(key)).and_then(|row| row.reserved)?;
    let message =
        format!("keys of `{at}` that begin with `{prefix}`, in upper or lower case, are reserved for AWS");
    let error = Diagnostic::error("reserved-key", message, origin.clone(), "a reserved key");
    Some(error.help("use a key that begins differently, or delete the line"))
}

/// The most settings that a manifest can declare: a pool has some hundred and fifty tags, an app client some thirty, and
/// a pool can have a thousand clients. A file of the largest size has about as many.
const MAX_WANTS: usize = 40_000;

struct Walk<'a> {
    checker: Checker<'a>,
    wants: Vec<Want>,
    /// The settings whose values are not known.
    unknown: HashSet<Path>,
    /// The settings with values from variables or secrets.
    given: Vec<Path>,
    /// The declared paths, each with its place.
    declared: Paths<Origin>,
    /// Whether more was declared than is kept.
    is_full: bool,
    /// Whether a key around the values at hand is made of variables.
    is_key_given: bool,
    /// The findings about entries: their places, codes and messages.
    told: HashSet<(String, usize, Cow<'static, str>, String)>,
}

impl<'a> Walk<'a> {
    fn new(checker: Checker<'a>) -> Self {
        Self {
            checker,
            wants: Vec::new(),
            unknown: HashSet::new(),
            given: Vec::new(),
            declared: Paths::default(),
            is_full: false,
            is_key_given: false,
            told: HashSet::new(),
        }
    }

    fn settings(&mut self, entries: &[YamlEntry]) {
        for entry in entries {
            let at = Path::members([entry.key.as_str()]);
            if let Some(field) = self.checker.catalogue.setting(&at) {
                self.setting(&at, &field, entry);
                continue;
            }
            match self.checker.catalogue.foreign(&entry.key) {
                Some(foreign) => {
                    let message = format!("`{at}` is not a setting");
                    let finding =
                        Diagnostic::error("not-a-setting", message, entry.origin.clone(), "not a setting");
                    self.checker.report(finding.help(remedy(foreign)));
                }
                None => self.checker.unknown(&at, entry),
            }
        }
    }

    fn setting(&mut self, at: &Path, field: &Field<'_>, entry: &YamlEntry) {
        self.checker.hide(field, &entry.value);
        if let Some(setting) = field.row.and_then(|row| row.repeats) {
            self.checker.hide_what_sounds_secret(entry);
            let message = format!("`{at}` is a copy of `{setting}`");
            let finding = Diagnostic::error("not-a-setting", message, entry.origin.clone(), "not a setting");
            return self.checker.report(finding.help(format!("set `{setting}` instead")));
        }
        if let Some(successor) = field.row.and_then(|row| row.deprecated_for) {
            let message = format!("`{at}` is deprecated");
            let finding = Diagnostic::error("deprecated-member", message, entry.origin.clone(), "deprecated");
            self.checker.report(finding.warning().help(format!("set `{successor}` instead")));
        }
        let document = field.row.filter(|row| row.path.is_empty());
        match &entry.value.value {
            Value::Scalar(_) if document.is_some() && entry.value.is_unset() => {
                self.no_document(at, document.is_some_and(|row| row.document), entry);
            }
            Value::Scalar(scalar) if scalar.meaning() == ScalarMeaning::Blank => {
                let message = format!("`{at}` has no value");
                let finding = Diagnostic::error("blank", message, entry.origin.clone(), "no value");
                self.checker.report(finding.help(
                    "write `null` to reset the setting to Cognito's default, or delete the line to stop managing it",
                ));
            }
            Value::Scalar(scalar) if scalar.meaning() == ScalarMeaning::Null => self.want(at, None, entry),
            Value::Mapping(entries) if entries.is_empty() => self.empty(at, field, entry),
            Value::Mapping(entries) if field.shape.kind == ShapeKind::Structure => self.members(at, entries),
            Value::Mapping(entries) if field.shape.kind == ShapeKind::Map => {
                self.map(at, field, entries, &entry.value)
            }
            Value::Mapping(entries) if is_set(field) && is_by_elements(entries) && at.written_at() == *at => {
                let elements = self.checker.elements(at, field, entries, &entry.value.origin);
                if let Some(Elements { has, lacks }) = elements {
                    self.want_some(at, (Some(Json::Array(has)), Some(lacks)), entry);
                }
            }
            _ => {
                if let Some(value) = self.checker.value(at, field, &entry.value) {
                    self.want(at, Some(value), entry);
                }
            }
        }
    }

    /// Reports a document without a value. Of one that calls remove, that could be meant in two ways.
    fn no_document(&mut self, at: &Path, can_go: bool, entry: &YamlEntry) {
        let message = format!("`{at}` has no value");
        let error = Diagnostic::error("blank", message, entry.origin.clone(), "no value");
        let help = match can_go {
            true => two_ways(&entry.key, ""),
            false => {
                let resettable = self.checker.catalogue.resettable(at);
                let reset = match &*resettable {
                    [] => String::new(),
                    members => format!("; to reset it, set its members to `null`: {}", members.join(", ")),
                };
                format!("declare its members below it, or delete the line to stop managing it{reset}")
            }
        };
        self.checker.report(error.help(help));
    }

    fn members(&mut self, at: &Path, entries: &[YamlEntry]) {
        for entry in entries {
            let inner = at.member(&entry.key);
            match self.checker.catalogue.setting(&inner) {
                Some(field) => self.setting(&inner, &field, entry),
                None => self.checker.unknown(&inner, entry),
            }
        }
    }

    /// The documents that the branches declare under labels.
    fn entries(&mut self, entries: &[LabelledEntry]) -> Vec<DesiredEntry> {
        for entry in entries {
            let path = entry.path();
            let resource = self.checker.catalogue.resource(&path);
            self.label(&entry.branch, &entry.label, &entry.origin);
            if let Some(removal) = entry.removal.as_ref().filter(|_| resource.remove.is_none()) {
                let (why, help) = match resource.inherits {
                    true => (
                        "it has no call that removes it",
                        "write `null` for each of its members: the pool's then hold again",
                    ),
                    false => (
                        "every app client has it",
                        "declare its settings, or delete the lines to stop managing it",
                    ),
                };
                let message = format!("`{path}` cannot be removed: {why}");
                let error = Diagnostic::error("remove", message, removal.origin.clone(), "cannot be removed");
                self.checker.report(error.help(help));
            }
            if let (Some(id), Some(key)) = (&entry.id, resource.natural_key()) {
                let message = format!("`{path}` has an `id`, but its name is its id");
                let error = Diagnostic::error("unknown-key", message, id.origin.clone(), "not an id");
                self.checker.report(error.help(format!("delete the line: the label is the `{key}`")));
            }
        }
        for finding in siblings::findings(self.checker.catalogue, entries, &self.wants) {
            self.checker.report(finding);
        }
        let desired = |entry: &LabelledEntry| DesiredEntry {
            path: entry.path(),
            id: entry.id.as_ref().map(|id| id.value.clone()),
            is_removed: entry.removal.is_some(),
            only_updates: false,
            until: entry.removal.as_ref().and_then(|removal| removal.until),
            origin: Some(entry.origin.clone()),
        };
        // What comes with the document that it hangs on has settings alone.
        let is_made = |entry: &&LabelledEntry| {
            entry.hanging.is_none() || self.checker.catalogue.resource(&entry.path()).create.is_some()
        };
        entries.iter().filter(is_made).map(desired).collect()
    }

    /// The documents whose members are under `passthrough` alone: these are declared like all others.
    fn passed_entries(&mut self, passthrough: &[YamlEntry], entries: &mut Vec<DesiredEntry>) {
        for branch in passthrough.iter().filter(|branch| DocumentId::is_labelled(&branch.key)) {
            let Value::Mapping(members) = &branch.value.value else { continue };
            for YamlEntry { key, origin, .. } in members {
                let path = Path::members([branch.key.as_str(), key.as_str()]);
                if entries.iter().all(|entry| entry.path != path) {
                    self.label(&branch.key, key, origin);
                }
                match entries.iter().find(|entry| entry.path == path) {
                    Some(DesiredEntry { is_removed: true, origin: Some(removed), .. }) => {
                        let message = format!("`{path}` is removed, and has members under `passthrough`");
                        let error = Diagnostic::error(
                            "declared-twice",
                            message,
                            origin.clone(),
                            "under `passthrough`",
                        );
                        let error =
                            error.related(removed.clone(), "removed here").help("keep one of the two");
                        self.checker.report(error);
                    }
                    Some(_) => {}
                    None => {
                        let origin = Some(origin.clone());
                        entries.push(DesiredEntry {
                            path,
                            id: None,
                            is_removed: false,
                            only_updates: false,
                            until: None,
                            origin,
                        });
                    }
                }
            }
        }
    }

    fn map(&mut self, at: &Path, field: &Field<'_>, entries: &[YamlEntry], node: &YamlNode) {
        let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
        if !self.checker.within(at, field.shape, count, "entries", &node.origin) {
            return;
        }
        let has_labels = self.checker.catalogue.resource(at).root() == *at;
        for entry in entries {
            // A document without settings exists, which its entry says.
            let is_bare = matches!(&entry.value.value, Value::Mapping(members) if members.is_empty());
            let mistake = self.key(at, field, (&entry.key, &entry.origin));
            let is_sound = mistake.is_none();
            // The labels of all entries are checked by themselves.
            if let Some(mistake) = mistake.filter(|_| !has_labels) {
                self.checker.report(mistake);
            }
            if is_sound
                && !(has_labels && is_bare)
                && let Some(inner) = self.checker.catalogue.setting(&at.member(&entry.key))
            {
                let (at, before) = (at.member(&entry.key), self.checker.findings.len());
                let is_outer_given = self.is_key_given;
                self.is_key_given |= entry.given.is_some();
                if !self.checker.respelled(&at, &inner, entry) {
                    self.setting(&at, &inner, entry);
                }
                self.is_key_given = is_outer_given;
                self.once(before, &at);
            }
        }
    }

    /// Drops findings about an entry, from the one at `first` on, that another entry has at the same place: both have
    /// it from one template.
    fn once(&mut self, first: usize, at: &Path) {
        let own = at.to_string();
        let found = self.checker.findings.split_off(first.min(self.checker.findings.len()));
        for finding in found {
            let message = finding.message.replace(&own, "*");
            let is_new = finding.label.as_ref().is_none_or(|(origin, _)| {
                self.told.insert((
                    origin.source.name.clone(),
                    origin.span.start,
                    finding.code.clone(),
                    message,
                ))
            });
            if is_new {
                self.checker.findings.push(finding);
            }
        }
    }

    /// Reports a label that no document of the branch can have.
    fn label(&mut self, branch: &str, label: &str, origin: &Origin) {
        let at = Path::members([branch]);
        let mistake =
            self.checker.catalogue.setting(&at).and_then(|field| self.key(&at, &field, (label, origin)));
        if let Some(mistake) = mistake {
            self.checker.report(mistake);
        }
    }

    /// What is wrong with a key of a map, at this place.
    fn key(&self, at: &Path, field: &Field<'_>, (key, origin): (&str, &Origin)) -> Option<Diagnostic> {
        let error = |code, message, label: &str, help: String| {
            Some(Diagnostic::error(code, message, origin.clone(), label).help(help))
        };
        if let Some(mistake) = reserved_key(at, field, (key, origin)) {
            return Some(mistake);
        }
        let resource = self.checker.catalogue.resource(at);
        let listing = resource.listing.filter(|_| resource.root() == *at);
        let is_reserved = |listing: &&Listing| {
            listing.reserved_keys.iter().any(|reserved| reserved.eq_ignore_ascii_case(key))
        };
        if let Some(listing) = listing.filter(is_reserved) {
            let message = format!("`{key}` is a name of Cognito's own, which no {} can have", listing.one);
            let help = "choose another name for the entry, or delete it".to_owned();
            return error("reserved-key", message, "a reserved name", help);
        }
        let shape = field.key()?;
        let length = i64::try_from(key.chars().count()).unwrap_or(i64::MAX);
        if let Some(mistake) = Checker::out_of_bounds(at, shape, length, "characters in a key", origin) {
            return Some(mistake);
        }
        let pattern = shape.pattern.filter(|pattern| !pattern::matches(pattern, key))?;
        let message = format!("`{key}` is not a valid key of `{at}`");
        let known = self.checker.catalogue.known_keys(at);
        let help = match listing.and_then(|listing| listing.key_form) {
            Some((_, words)) => format!("write a name of {words}"),
            None if known.is_empty() => format!("write a key that matches `{pattern}`"),
            None => format!("write one of the keys {}", known.join(", ")),
        };
        error("pattern", message, "does not match", help)
    }

    /// `{}`: an error, except where presence itself means something.
    fn empty(&mut self, at: &Path, field: &Field<'_>, entry: &YamlEntry) {
        // A document without settings exists, which its entry says.
        if field.row.is_some_and(|row| row.document) {
            return;
        }
        if field.row.is_some_and(|row| row.empty.is_some()) || field.shape.kind == ShapeKind::Document {
            return self.want(at, Some(Json::Object(Object::new())), entry);
        }
        if !matches!(field.shape.kind, ShapeKind::Structure | ShapeKind::Map) {
            self.checker.value(at, field, &entry.value);
            return;
        }
        let message = format!("`{at}: {{}}` has no effect");
        let finding = Diagnostic::error("empty", message, entry.value.origin.clone(), "empty");
        let help = match self.checker.catalogue.removal(at) {
            Removal::Impossible(reason) => format!("delete the line to stop managing it ({reason})"),
            _ => "write `null` to reset the setting to Cognito's default, or delete the line to stop managing it"
                .to_owned(),
        };
        self.checker.report(finding.help(help));
    }

    fn want(&mut self, at: &Path, value: Option<Json>, entry: &YamlEntry) {
        self.want_some(at, (value, None), entry);
    }

    /// Wants a value whole, or elements of a set.
    fn want_some(&mut self, at: &Path, (value, lacks): (Option<Json>, Option<Vec<Json>>), entry: &YamlEntry) {
        let origin = &entry.value.origin;
        if self.wants.len() < MAX_WANTS {
            self.declared.insert(at.clone(), origin.clone());
            if entry.value.is_given(|given| given.is_unknown) {
                self.unknown.insert(at.clone());
            }
            if self.is_key_given || entry.value.is_given(Given::is_beside) {
                self.given.push(at.clone());
            }
            let is_secret = entry.value.is_given(|given| given.is_secret);
            let file = match &entry.value.value {
                Value::Scalar(scalar) => scalar.given.as_ref().and_then(|given| given.file()),
                Value::Sequence(_) | Value::Mapping(_) => None,
            };
            let file = file.map(str::to_owned);
            let (path, origin) = (at.clone(), Some(origin.clone()));
            self.wants.push(Want { path, value, lacks, origin, file, is_secret });
        } else if !self.is_full {
            self.is_full = true;
            let message = format!("the manifest declares more than {MAX_WANTS} settings");
            let finding =
                Diagnostic::error("too-many", message, origin.clone(), "the first setting over the limit");
            self.checker.report(finding.help("delete the settings that the pool does not need"));
        }
    }

    fn passthrough(&mut self, entries: &[YamlEntry]) {
        for entry in entries {
            if entry.key == POOL_ID || self.checker.catalogue.is_read_only(&entry.key) {
                self.checker.report(not_sent(&entry.key, entry));
                continue;
            }
            self.verbatim(&Path::members([entry.key.as_str()]), entry);
        }
    }

    /// A passthrough value: merged by member, unchecked.
    fn verbatim(&mut self, at: &Path, entry: &YamlEntry) {
        self.checker.hide_what_sounds_secret(entry);
        if self.checker.catalogue.is_only_read(at) {
            return self.checker.report(not_sent(&at.to_string(), entry));
        }
        match &entry.value.value {
            Value::Mapping(entries) if !entries.is_empty() => {
                let field = self.checker.catalogue.setting(at);
                for entry in entries {
                    // No request has such a key.
                    let mistake =
                        field.as_ref().and_then(|field| reserved_key(at, field, (&entry.key, &entry.origin)));
                    match mistake {
                        Some(mistake) => self.checker.report(mistake),
                        None => self.verbatim(&at.member(&entry.key), entry),
                    }
                }
                return;
            }
            Value::Scalar(scalar) if scalar.meaning() == ScalarMeaning::Blank => {
                let finding = Diagnostic::error(
                    "blank",
                    format!("`{at}` has no value"),
                    entry.origin.clone(),
                    "no value",
                );
                return self.checker.report(finding.help("write a value, or delete the line"));
            }
            _ => {}
        }
        if let Some(origin) = self.declared.overlapping(at).next().cloned() {
            let message = format!("`{at}` is declared under both `settings` and `passthrough`");
            let finding = Diagnostic::error(
                "declared-twice",
                message,
                entry.origin.clone(),
                "under `passthrough` here",
            )
            .related(origin, "under `settings` here")
            .help("keep one of the two");
            return self.checker.report(finding);
        }
        let value = entry.value.to_json();
        self.want(at, Some(value).filter(|value| !value.is_null()), entry);
    }

    /// Two members that repeat each other must not be declared with two values.
    fn contradictions(&mut self) {
        for alias in self.checker.catalogue.aliases() {
            let (legacy, truth) = alias.paths();
            let mut wants = self.wants.iter();
            let legacy_want = wants.clone().find(|want| want.path == *legacy);
            let truth_want = wants.find(|want| {
                let resets = want.value.is_none() && !legacy.is_within(&want.path);
                want.path == *truth || resets && truth.is_within(&want.path)
            });
            let (Some(legacy), Some(truth)) = (legacy_want, truth_want) else { continue };
            if legacy.value == truth.value {
                continue;
            }
            let message = format!(
                "`{}` and `{}` are two names of one setting, with different values",
                alias.legacy, alias.truth
            );
            let (Some(here), Some(there)) = (legacy.origin.clone(), truth.origin.clone()) else { continue };
            let finding =
                Diagnostic::error("declared-twice", message, here, format!("`{}` here", alias.legacy))
                    .related(there, format!("`{}` here", alias.truth))
                    .help(format!("delete `{}`", alias.legacy));
            self.checker.report(finding);
        }
    }
}

/// What to do about a name that is the API's but no setting.
fn remedy(foreign: Foreign) -> String {
    match foreign {
        Foreign::Renamed(setting) => format!("write `{setting}` instead"),
        Foreign::ReadOnly => "delete the line: the name is read-only".to_owned(),
    }
}
