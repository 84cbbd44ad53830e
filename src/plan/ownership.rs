//! Ignored, omitted and unmanaged settings.

use std::collections::BTreeMap;

use time::Date;

use super::diff::diff_of;
use super::finding::{Finding, Level};
use super::{Change, Difference, Form, target};
use crate::catalogue::{self, Catalogue, DocumentPlace, Fill, MFA_MODE, RESOURCES, calls};
use crate::document::{
    Document, DocumentId, DocumentState, Json, Object, Path, PathPattern, Paths, Seg, Snapshot, json,
};
use crate::manifest::{Exemption, Term, Unmanaged};
use crate::rules::{self, Desired, PoolTag, cross, terms};

/// The members left out of the request on this day.
pub(super) fn omitted(desired: &Desired, today: Date) -> impl Iterator<Item = &Exemption> {
    desired.omit.iter().filter(move |omit| !Term::of(omit.until, today).is_past())
}

/// The findings about entries of `ignore`, `allow` and `omit` that have expired, or expire soon, and those of
/// [`nowhere`].
pub(super) fn findings(
    catalogue: &Catalogue,
    live: &Snapshot,
    desired: &Desired,
    today: Date,
) -> Vec<Finding> {
    let finding = |ending: terms::Ending<'_>| {
        let finding = Finding::new(Level::Warning, ending.code, &Path::root(), ending.text);
        Finding { path: ending.path.cloned(), ..finding }.help(terms::REMEDY).origin(Some(ending.origin))
    };
    let endings = terms::endings(desired, today).into_iter().map(finding);
    endings.chain(nowhere(catalogue, live, desired)).collect()
}

/// The findings about entries of `ignore` that name neither a setting of the model nor a member of the pool's
/// known documents.
fn nowhere(catalogue: &Catalogue, live: &Snapshot, desired: &Desired) -> Vec<Finding> {
    let exact = desired.ignore.iter().filter(|ignore| !PathPattern::is_pattern(&ignore.path.value));
    let unknown = exact.filter(|ignore| catalogue.setting(&ignore.path.value).is_none());
    let is_read =
        |path: &Path| live.mfa().is_some() || catalogue.owner(path) == Some(&calls::UPDATE_USER_POOL);
    let is_nowhere = |path: &Path| is_read(&path.prefix(1)) && !is_live(catalogue, live, path);
    let finding = |ignore: &Exemption| {
        let path = &ignore.path.value;
        let text = format!("`{path}` is ignored, but exists neither in the API model nor in the pool");
        let finding = Finding::new(Level::Warning, "ignore-unused", path, text);
        finding.help("delete the entry, or correct its path").origin(Some(&ignore.path.origin))
    };
    unknown.filter(|ignore| is_nowhere(&ignore.path.value)).map(finding).collect()
}

fn is_live(catalogue: &Catalogue, live: &Snapshot, path: &Path) -> bool {
    catalogue.canonical_of_all(live).at(path).is_some()
}

/// A live setting that differs from its default, and that the manifest neither declares nor ignores.
#[derive(Clone, Debug, PartialEq)]
pub struct Undeclared {
    /// The setting.
    pub path: Path,
    /// Its value.
    pub live: Json,
    /// Whether the value must not be shown.
    pub sensitive: bool,
    /// Whether it is the value of a new pool: then it neither counts nor is listed.
    pub is_fresh: bool,
    /// Whether it is a document that was only listed: its value is what the list says of it.
    pub is_listed: bool,
    /// Whether a baseline declares it.
    pub is_released: bool,
    /// Of a document that lets somebody in: the documents that name it, as far as these were read.
    pub named_by: Option<Vec<String>>,
}

/// The unmanaged live settings, of the documents that were read.
pub(super) fn undeclared(
    catalogue: &Catalogue,
    (snapshot, live): (&Snapshot, &Document),
    declared: &[Path],
    desired: &Desired,
    today: Date,
) -> Vec<Undeclared> {
    let ignored = desired.ignore.iter().filter(|ignore| !Term::of(ignore.until, today).is_past());
    let ignored = ignored.map(|ignore| &ignore.path.value);
    let (patterns, exact): (Vec<&Path>, Vec<&Path>) = ignored.partition(|path| PathPattern::is_pattern(path));
    let managed: Paths<()> = declared.iter().chain(exact.iter().copied()).collect();
    let is_managed = |change: &Change| match change.form {
        // Who ignores a member of a document does not say that the document may exist.
        Form::Document => {
            exact.iter().any(|path| change.path.is_within(path))
                || patterns.iter().any(|pattern| PathPattern::is_within(&change.path, pattern))
        }
        Form::Value | Form::Set => {
            managed.overlap(&change.path)
                || patterns.iter().any(|pattern| PathPattern::overlap(pattern, &change.path))
        }
    };
    let is_wanted =
        |path: &Path| desired.wants.iter().any(|want| want.path.is_within(path) && want.value.is_some());
    let hidden = target::hidden(catalogue, desired);
    let mut differences = diff_of(catalogue, &Document::default(), live, |name| catalogue.is_sendable(name));
    differences.extend(unread(snapshot));
    without_parts(catalogue, snapshot, desired, &mut differences);
    differences
        .into_iter()
        .filter(|change| !is_managed(change) && desired.takes(&change.path))
        // Whoever has the pool's id no longer needs its tag, which does no harm.
        .filter(|change| change.path != PoolTag::path())
        .filter(|change| !is_in_no_request(catalogue, snapshot, &change.path))
        .filter(|change| {
            let value = change.after.as_ref();
            !value.is_some_and(|value| catalogue.comes_with_alias(&change.path, value, is_wanted))
        })
        .filter_map(|change| {
            let sensitive = change.sensitive;
            let Difference { path, after, form, .. } = change.into_difference();
            let is_given = |value: &Json| {
                catalogue.is_filled_in(&path, value, &desired.region)
                    || target::shown_by_hidden(catalogue, &hidden, &path).as_ref() == Some(value)
                    || is_implied(catalogue, &path, value, &is_wanted)
            };
            let value = after.filter(|value| !is_given(value))?;
            let is_listed = form == Form::Document && live.at(&path).is_none();
            let value =
                if form == Form::Document { content(catalogue, (snapshot, live), &path) } else { value };
            let is_fresh = catalogue.is_fresh(live, &path);
            let id = || catalogue.locate(&path).document;
            let named_by = is_listed.then(|| cross::named_by(snapshot, &id())).flatten();
            let is_released = false;
            Some(Undeclared { path, live: value, sensitive, is_fresh, is_listed, is_released, named_by })
        })
        .collect()
}

/// Whether a factor of MFA comes with the sender that the manifest declares, while it also declares that MFA is on: no
/// request can take the one without the other.
fn is_implied(catalogue: &Catalogue, at: &Path, value: &Json, is_wanted: &dyn Fn(&Path) -> bool) -> bool {
    let Some((_, Fill::Beside(sender))) = catalogue.fill(at) else { return false };
    let is_empty = value.as_object().is_some_and(Object::is_empty);
    is_empty && is_wanted(catalogue::path(MFA_MODE)) && is_wanted(catalogue::path(sender))
}

/// Whether requests leave out a setting because of another one: the service fills it in, or it has no effect.
fn is_in_no_request(catalogue: &Catalogue, live: &Snapshot, path: &Path) -> bool {
    if catalogue.resource(path).repairs.is_empty() {
        return false;
    }
    let DocumentPlace { resource, document, path } = catalogue.locate(path);
    live.document(&document).is_some_and(|document| resource.leaves_out(document, &path))
}

/// A document with a label, without what must not be shown. Of one that only a list has: its id and its name.
fn content(catalogue: &Catalogue, (snapshot, live): (&Snapshot, &Document), path: &Path) -> Json {
    fn shown(catalogue: &Catalogue, at: &Path, value: &Json) -> Json {
        let Json::Object(members) = value else { return value.clone() };
        let members = members.iter().map(|(name, value)| (at.member(name), name, value));
        let open = members.filter(|(at, ..)| !catalogue.is_sensitive(at));
        open.map(|(at, name, value)| (name.clone(), shown(catalogue, &at, value))).collect()
    }
    match live.at(path) {
        Some(read) => shown(catalogue, path, read),
        None => names(catalogue, snapshot, path).unwrap_or_else(|| Json::Object(Object::new())),
    }
}

/// What a list says of the document at this path: its names, its kind, and since when there is one.
fn names(catalogue: &Catalogue, live: &Snapshot, path: &Path) -> Option<Json> {
    let DocumentPlace { resource, document, .. } = catalogue.locate(path);
    let listing = resource.listing?;
    let (_, item) =
        live.document(&resource.document)?.members().find(|(label, _)| Some(*label) == document.label())?;
    let names = [Some(listing.key), listing.name].into_iter().flatten().chain(listing.also.iter().copied());
    // When it was made leads to whoever made it; when it last changed does not.
    let names = names.filter(|name| !name.starts_with("Last"));
    let names = names.filter_map(|name| Some((name.to_owned(), dated(name, item.get(name)?))));
    let DocumentState::Present(read) = live.looked_up(&document) else { return Some(names.collect()) };
    let told = listing.told.iter().map(|member| catalogue::path(member)).filter_map(|member| {
        let Seg::Member(name) = member.segs().last()? else { return None };
        Some((name.to_string(), read.at(member)?.clone()))
    });
    Some(names.chain(told).collect())
}

/// The value of a member; a time as people write it.
fn dated(name: &str, value: &Json) -> Json {
    let time = json::time(value).filter(|_| name.ends_with("Date"));
    let text = time.map(|time| {
        let (hour, minute, _) = time.to_hms();
        Json::from(format!("{}T{hour:02}:{minute:02}Z", time.date()).as_str())
    });
    text.unwrap_or_else(|| value.clone())
}

/// The documents with labels that are in a list and were not read.
fn unread(live: &Snapshot) -> impl Iterator<Item = Change> {
    let lists = RESOURCES.into_iter().filter(|resource| resource.listing.is_some());
    lists.flat_map(|resource| {
        let labels = live.document(&resource.document).into_iter().flat_map(Document::members);
        let ids = labels.map(|(label, _)| resource.document.labelled(label));
        let unread = ids.filter(|id| matches!(live.state(id), DocumentState::Unread));
        unread.map(|id| Change::of_existence(resource.root_of(&id), [false, true]))
    })
}

/// Takes out the documents with labels that the manifest declares or that others own, and the members of those that
/// count: a document that nobody declares counts once.
fn without_parts(catalogue: &Catalogue, live: &Snapshot, desired: &Desired, differences: &mut Vec<Change>) {
    let entries: BTreeMap<&Path, bool> =
        desired.entries.iter().map(|entry| (&entry.path, entry.is_removed)).collect();
    let mut whole: Option<Path> = None;
    differences.retain(|change| {
        let Difference { path, form, after, .. } = &**change;
        if whole.as_ref().is_some_and(|whole| path != whole && path.is_within(whole)) {
            return false;
        }
        if *form != Form::Document {
            return catalogue.identified(path).is_none()
                && !is_named_by_label(catalogue, path, after.as_ref());
        }
        let is_declared = entries.contains_key(path);
        // Of a declared one that is to exist, its undeclared settings count.
        whole = Some(path.clone()).filter(|_| entries.get(path) != Some(&false));
        !is_declared && catalogue.maker(live, path).is_none()
    });
}

/// The notes on documents that other services own and that therefore never count: one for each resource and owner.
pub(super) fn owned(live: &Snapshot, desired: &Desired) -> Vec<Finding> {
    let mut notes = Vec::new();
    for resource in RESOURCES {
        let Some(listing) = resource.listing else { continue };
        let mut owners: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (label, item) in live.document(&resource.document).into_iter().flat_map(Document::members) {
            let path = resource.root().member(label);
            let is_declared = desired.entries.iter().any(|entry| entry.path == path);
            let owner = item.as_object().and_then(|item| resource.owner(|name| item.get(name)));
            let Some(owner) = owner.filter(|_| !is_declared && desired.takes(&path)) else { continue };
            let name = item.get(listing.name.unwrap_or(listing.key)).and_then(Json::as_str);
            owners.entry(owner).or_default().push(name.unwrap_or(label));
        }
        for (owner, names) in owners {
            let named: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            let (count, one, named) = (names.len(), listing.one, rules::named(&named));
            let text = match count {
                1 => format!("left out: 1 {one}, because its name is one of {owner}: {named}"),
                _ => format!("left out: {count} {one}s, because their names are those of {owner}: {named}"),
            };
            let finding = Finding::new(Level::Note, "left-to-owner", &resource.root(), text);
            let help = format!(
                "check that {owner} made it: anybody who may make {} can choose such a name",
                listing.an_item()
            );
            notes.push(finding.help(help));
        }
    }
    notes
}

/// Whether a setting is the name of a document, and has the document's label as its value: the entry declares it.
fn is_named_by_label(catalogue: &Catalogue, path: &Path, value: Option<&Json>) -> bool {
    let Some(name) = catalogue.resource(path).listing.and_then(|listing| listing.name) else { return false };
    let DocumentPlace { document, path: at, .. } = catalogue.locate(path);
    at == Path::members([name]) && value.and_then(Json::as_str) == document.label()
}

/// The unmanaged settings that a plan counts. Not every plan reads the MFA document; its settings count only
/// if the manifest wants a report, so that all plans show the same.
pub(super) fn unmanaged<'a>(
    catalogue: &Catalogue,
    undeclared: &'a [Undeclared],
    desired: &Desired,
) -> Vec<&'a Path> {
    let told =
        |path: &&Path| desired.unmanaged == Unmanaged::Report || !catalogue.is_in(path, &DocumentId::MFA);
    undeclared.iter().filter(|setting| !setting.is_fresh).map(|setting| &setting.path).filter(told).collect()
}

/// The same as findings, if the manifest wants a report of each.
pub(super) fn reported(unmanaged: &[&Path], desired: &Desired) -> Vec<Finding> {
    let finding = |path: &&Path| {
        Finding::new(Level::Note, "unmanaged", path, format!("`{path}` is unmanaged and stays as it is"))
    };
    match desired.unmanaged {
        Unmanaged::Keep => Vec::new(),
        Unmanaged::Report => unmanaged.iter().map(finding).collect(),
    }
}
