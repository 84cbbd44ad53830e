//! What a manifest wants of a pool, setting by setting.

use std::ops::Range;

use super::pattern::Patterns;
use super::value::Checker;
use crate::catalogue::{Catalogue, Empty, Field, Foreign, Removal};
use crate::document::{Json, Object, Path, Seg};
use crate::manifest::yaml::{Entry, Meaning, Node, Value};
use crate::manifest::{Diagnostic, Manifest, Omit, Origin, Severity};
use crate::shapes::Kind;

/// What a manifest wants: which pool, which values, and what stays out of requests.
#[derive(Clone, Debug)]
pub struct Desired {
    /// The manifest's file, as the user named it; a backup's where it is to be restored.
    pub file: String,
    /// The pool's id.
    pub pool: String,
    /// The Region whose endpoint serves the pool.
    pub region: String,
    /// The account that the credentials must belong to.
    pub account: Option<Account>,
    /// The settings to manage, in the file's order; no path lies within another.
    pub wants: Vec<Want>,
    /// Live members that stay out of every request.
    pub omit: Vec<Omit>,
    /// The places in the file, in bytes, whose text must not be shown.
    pub hidden: Vec<Range<usize>>,
}

/// The account that a pool is in, for certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its 12 digits.
    pub id: String,
    /// Where the manifest says so; nothing where a backup does.
    pub origin: Option<Origin>,
}

/// One setting and the value it is to have.
#[derive(Clone, Debug)]
pub struct Want {
    /// The setting; a list is always wanted whole.
    pub path: Path,
    /// The value; nothing means Cognito's default.
    pub value: Option<Json>,
    /// Where the manifest says so; nothing for a want that no manifest states.
    pub origin: Option<Origin>,
}

/// Checks what a manifest declares against the catalogue.
///
/// The second part of the answer are warnings.
///
/// # Errors
/// With every error and warning, in the file's order.
pub fn check(
    catalogue: &Catalogue,
    mut manifest: Manifest,
) -> Result<(Desired, Vec<Diagnostic>), Vec<Diagnostic>> {
    let findings = std::mem::take(&mut manifest.findings);
    let checker = Checker { catalogue, patterns: Patterns::default(), findings, hidden: Vec::new() };
    let mut walk = Walk { checker, wants: Vec::new() };
    walk.settings(&manifest.settings);
    walk.passthrough(&manifest.passthrough);
    walk.omitted(&manifest.omit);
    walk.contradictions();
    let Walk { checker: Checker { mut findings, hidden, .. }, wants } = walk;
    for finding in &mut findings {
        finding.hidden.clone_from(&hidden);
    }
    findings.sort_by_key(|finding| finding.label.as_ref().map(|(origin, _)| origin.span.start));
    let wrong = findings.iter().any(|finding| finding.severity == Severity::Error);
    let region = manifest.region().to_owned();
    let Some(pool) = manifest.pool.filter(|_| !wrong) else { return Err(findings) };
    let desired = Desired {
        file: manifest.file,
        pool: pool.value,
        region,
        account: manifest.account.map(|account| Account { id: account.value, origin: Some(account.origin) }),
        wants,
        omit: manifest.omit,
        hidden,
    };
    Ok((desired, findings))
}

struct Walk<'a> {
    checker: Checker<'a>,
    wants: Vec<Want>,
}

impl Walk<'_> {
    fn settings(&mut self, entries: &[Entry]) {
        for entry in entries {
            let at = Path::members([entry.key.as_str()]);
            match (self.checker.catalogue.setting(&at), self.checker.catalogue.foreign(&entry.key)) {
                (Some(field), _) => self.setting(&at, &field, entry),
                (None, Some(foreign)) => {
                    let message = format!("`{at}` is not a setting of UpdateUserPool");
                    let finding =
                        Diagnostic::error("not-a-setting", message, entry.origin.clone(), "not here");
                    self.checker.report(finding.help(remedy(foreign)));
                }
                (None, None) => self.checker.unknown(&at, entry),
            }
        }
    }

    fn setting(&mut self, at: &Path, field: &Field<'_>, entry: &Entry) {
        self.checker.hide(field, &entry.value);
        if let Some(successor) = field.row.and_then(|row| row.deprecated_for) {
            let message = format!("`{at}` is deprecated");
            let finding = Diagnostic::error("deprecated-member", message, entry.origin.clone(), "deprecated");
            self.checker.report(finding.warning().help(format!("set `{successor}` in its place")));
        }
        match &entry.value.value {
            Value::Scalar(scalar) if scalar.meaning() == Meaning::Blank => {
                let message = format!("`{at}` has no value");
                let finding = Diagnostic::error("blank", message, entry.origin.clone(), "no value");
                self.checker.report(finding.help(
                    "write `null` to reset it to Cognito's default, or delete the line to stop managing it",
                ));
            }
            Value::Scalar(scalar) if scalar.meaning() == Meaning::Null => self.want(at, None, entry),
            Value::Mapping(entries) if entries.is_empty() => self.empty(at, field, entry),
            Value::Mapping(entries) if field.shape.kind == Kind::Structure => self.members(at, entries),
            Value::Mapping(entries) if field.shape.kind == Kind::Map => {
                self.map(at, field, entries, &entry.value)
            }
            _ => {
                if let Some(value) = self.checker.value(at, field, &entry.value) {
                    self.want(at, Some(value), entry);
                }
            }
        }
    }

    fn members(&mut self, at: &Path, entries: &[Entry]) {
        for entry in entries {
            let inner = at.member(&entry.key);
            match self.checker.catalogue.setting(&inner) {
                Some(field) => self.setting(&inner, &field, entry),
                None => self.checker.unknown(&inner, entry),
            }
        }
    }

    fn map(&mut self, at: &Path, field: &Field<'_>, entries: &[Entry], node: &Node) {
        let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
        self.checker.within(at, field.shape, count, "entries", &node.origin);
        for entry in entries {
            if self.key(at, field, entry)
                && let Some(inner) = self.checker.catalogue.setting(&at.member(&entry.key))
            {
                self.setting(&at.member(&entry.key), &inner, entry);
            }
        }
    }

    fn key(&mut self, at: &Path, field: &Field<'_>, entry: &Entry) -> bool {
        let reserved = field.row.and_then(|row| row.reserved);
        if let Some(prefix) = reserved.filter(|prefix| entry.key.starts_with(prefix)) {
            let message = format!("keys of `{at}` that begin with `{prefix}` are AWS's own");
            self.checker.report(Diagnostic::error(
                "reserved-key",
                message,
                entry.origin.clone(),
                "cannot be set",
            ));
            return false;
        }
        let Some(shape) = field.key() else { return true };
        let length = i64::try_from(entry.key.chars().count()).unwrap_or(i64::MAX);
        if !self.checker.within(at, shape, length, "characters in a key", &entry.origin) {
            return false;
        }
        let matches =
            shape.pattern.as_ref().is_none_or(|pattern| self.checker.patterns.matches(pattern, &entry.key));
        if !matches {
            let pattern = shape.pattern.as_deref().unwrap_or_default();
            let message = format!("`{}` is no key of `{at}`: the keys match `{pattern}`", entry.key);
            self.checker.report(Diagnostic::error(
                "pattern",
                message,
                entry.origin.clone(),
                "does not match",
            ));
        }
        matches
    }

    /// `{}`: an error, except where presence itself means something.
    fn empty(&mut self, at: &Path, field: &Field<'_>, entry: &Entry) {
        if field.row.is_some_and(|row| row.empty.is_some()) {
            return self.want(at, Some(Json::Object(Object::new())), entry);
        }
        if !matches!(field.shape.kind, Kind::Structure | Kind::Map) {
            self.checker.value(at, field, &entry.value);
            return;
        }
        let message = format!("`{at}: {{}}` says nothing");
        let finding = Diagnostic::error("empty", message, entry.value.origin.clone(), "empty");
        let help = match self.checker.catalogue.removal(at) {
            Removal::Impossible(reason) => format!("delete the line to stop managing it ({reason})"),
            _ => "write `null` to reset it to Cognito's default, or delete the line to stop managing it"
                .to_owned(),
        };
        self.checker.report(finding.help(help));
    }

    fn want(&mut self, at: &Path, value: Option<Json>, entry: &Entry) {
        self.wants.push(Want { path: at.clone(), value, origin: Some(entry.value.origin.clone()) });
    }

    fn passthrough(&mut self, entries: &[Entry]) {
        for entry in entries {
            let name = Catalogue::read_name(&entry.key);
            if entry.key == "UserPoolId" || self.checker.catalogue.is_read_only(name) {
                let message = format!("`{}` cannot be sent", entry.key);
                let finding = Diagnostic::error("not-a-setting", message, entry.origin.clone(), "read-only");
                self.checker.report(finding);
                continue;
            }
            self.verbatim(&Path::members([entry.key.as_str()]), entry);
        }
    }

    /// A passthrough value: merged by member, unchecked.
    fn verbatim(&mut self, at: &Path, entry: &Entry) {
        match &entry.value.value {
            Value::Mapping(entries) if !entries.is_empty() => {
                for entry in entries {
                    self.verbatim(&at.member(&entry.key), entry);
                }
                return;
            }
            Value::Scalar(scalar) if scalar.meaning() == Meaning::Blank => {
                let finding = Diagnostic::error(
                    "blank",
                    format!("`{at}` has no value"),
                    entry.origin.clone(),
                    "no value",
                );
                return self.checker.report(finding);
            }
            _ => {}
        }
        if let Some(origin) =
            self.wants.iter().find(|want| want.path.overlaps(at)).and_then(|want| want.origin.clone())
        {
            let message = format!("`{at}` stands under both `settings` and `passthrough`");
            let finding = Diagnostic::error("declared-twice", message, entry.origin.clone(), "here")
                .related(origin, "and here")
                .help("keep one of the two");
            return self.checker.report(finding);
        }
        let value = entry.value.to_json();
        self.want(at, Some(value).filter(|value| !value.is_null()), entry);
    }

    fn omitted(&mut self, omits: &[Omit]) {
        for omit in omits {
            let path = &omit.path;
            if let Some((message, help)) = self.not_to_omit(&path.value) {
                let finding = Diagnostic::error("omit", message, path.origin.clone(), "cannot be left out");
                self.checker.report(finding.help(help));
                continue;
            }
            if let Some(want) = self.wants.iter().find(|want| want.path.overlaps(&path.value)) {
                let message = format!("`{}` is both declared and omitted", path.value);
                let mut finding =
                    Diagnostic::error("declared-twice", message, path.origin.clone(), "omitted here");
                if let Some(origin) = &want.origin {
                    finding = finding.related(origin.clone(), "declared here");
                }
                self.checker.report(finding.help("keep one of the two"));
            }
        }
    }

    /// Why a path cannot be left out of a request, and what to do.
    fn not_to_omit(&self, at: &Path) -> Option<(String, String)> {
        let catalogue = self.checker.catalogue;
        let head = at.head().unwrap_or_default();
        if let Some(foreign) = catalogue.foreign(head) {
            let help = match foreign {
                Foreign::Renamed(setting) => format!("requests call it `{setting}`"),
                Foreign::Mfa | Foreign::ReadOnly => "delete the entry".to_owned(),
            };
            return Some((format!("`{at}` is in no request of UpdateUserPool"), help));
        }
        if !catalogue.is_sendable(head) {
            return Some((
                format!("`{at}` is in no request of UpdateUserPool"),
                "delete the entry".to_owned(),
            ));
        }
        if !matches!(at.segs().last(), Some(Seg::Member(_))) {
            let help = "name a member inside the element, or the whole list".to_owned();
            return Some((format!("`{at}` is an element of a list, which is sent whole"), help));
        }
        let around = at.parent().filter(|_| catalogue.setting(at).is_some_and(|field| field.required))?;
        let message = format!("`{around}` cannot be sent without `{at}`");
        let whole = around.segs().iter().all(|seg| matches!(seg, Seg::Member(_)));
        let help = if whole { format!("omit `{around}` whole") } else { "delete the entry".to_owned() };
        Some((message, help))
    }

    /// Two members that repeat each other must not be declared with two values.
    fn contradictions(&mut self) {
        for alias in self.checker.catalogue.aliases() {
            let (legacy, truth) = (crate::catalogue::path(alias.legacy), crate::catalogue::path(alias.truth));
            let mut wants = self.wants.iter();
            let legacy_want = wants.clone().find(|want| want.path == legacy);
            let truth_want = wants.find(|want| {
                let resets = want.value.is_none() && !legacy.is_within(&want.path);
                want.path == truth || resets && truth.is_within(&want.path)
            });
            let (Some(legacy), Some(truth)) = (legacy_want, truth_want) else { continue };
            if legacy.value == truth.value {
                continue;
            }
            let message = format!("`{}` and `{}` are one setting with two names", alias.legacy, alias.truth);
            let (Some(here), Some(there)) = (legacy.origin.clone(), truth.origin.clone()) else { continue };
            let finding = Diagnostic::error("declared-twice", message, here, "one value")
                .related(there, "another")
                .help(format!("delete `{}`", alias.legacy));
            self.checker.report(finding);
        }
    }
}

/// What to do about a name that is the API's but no setting of `UpdateUserPool`.
fn remedy(foreign: Foreign) -> String {
    match foreign {
        Foreign::Renamed(setting) => format!("set it as `{setting}`"),
        Foreign::Mfa => {
            "it belongs to SetUserPoolMfaConfig, which this version of poolctl does not call; delete the line"
                .to_owned()
        }
        Foreign::ReadOnly => "it is read-only; delete the line".to_owned(),
    }
}

impl Want {
    /// Whether `{}` was declared here, and what that does.
    pub fn empty<'a>(&self, field: Option<&Field<'a>>) -> Option<Empty> {
        let empty = matches!(&self.value, Some(Json::Object(members)) if members.is_empty());
        field.filter(|_| empty).and_then(|field| field.row).and_then(|row| row.empty)
    }
}
