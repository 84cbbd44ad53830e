//! The documents that a plan looks up: those named by changed documents, and those that name removed ones.

use time::Date;

use super::finding::{Finding, Level};
use super::{Change, house, target, twins};
use crate::catalogue::{Catalogue, REFERENCES, ReadScope, Reading, Resource};
use crate::document::{Document, DocumentId, DocumentState, Json, Path, PathPattern, Snapshot};
use crate::manifest::Term;
use crate::rules::cross::{self, NameUse, View};
use crate::rules::{Desired, named};

/// What must be looked up for a plan, beyond what was read: nothing, if no document with a label changes and no rule of
/// the house is about one.
pub fn lookups(catalogue: &Catalogue, live: &Snapshot, desired: &Desired, today: Date) -> Vec<Reading> {
    let mut readings =
        if desired.entries.is_empty() { Vec::new() } else { names(catalogue, live, desired, today) };
    for judged in house::for_rules(catalogue, live, desired) {
        match readings.iter_mut().find(|other| other.resource == judged.resource) {
            Some(other) => {
                other.wanted.extend(judged.wanted);
                *other =
                    Reading { scope: judged.scope, read: None, hanging: judged.hanging, ..other.clone() };
            }
            None => readings.push(judged),
        }
    }
    readings
}

/// What must be looked up for a drift report: what rules of the house are about, and, of documents that nobody declares and
/// that let somebody in, what they are and who names them.
pub fn lookups_of_drift(
    catalogue: &Catalogue,
    live: &Snapshot,
    desired: &Desired,
    today: Date,
) -> Vec<Reading> {
    let mut readings = house::for_rules(catalogue, live, desired);
    for (named, users) in entrances() {
        let strangers = strangers(named, live, desired, today);
        if strangers.is_empty() || strangers.len() > twins::MOST {
            continue;
        }
        let users = match live.document(&users.document) {
            Some(list) => unread_of(users, list, live).filter(|reading| reading.wanted.len() <= twins::MOST),
            None => Reading::lookup(&users.document.looked_up(), ReadScope::Lookup)
                .map(|reading| Reading { most: Some(twins::MOST), ..reading }),
        };
        let strangers =
            twins::one_by_one(named, strangers.iter().map(twins::Unclaimed::listed), ReadScope::LookupById);
        for reading in [strangers, users].into_iter().flatten() {
            if !readings.iter().any(|other| other.resource == reading.resource) {
                readings.push(reading);
            }
        }
    }
    readings
}

/// The resources whose documents let somebody in once others name them, each with the resource of these others.
fn entrances() -> impl Iterator<Item = (&'static Resource, &'static Resource)> {
    let resource = |list: &DocumentId| Resource::alone().find(|one| one.document == *list);
    cross::entrances().filter_map(move |(of, by)| Some((resource(of)?, resource(by)?)))
}

/// The undeclared documents of a resource, except for those that the manifest leaves to others.
fn strangers<'a>(
    resource: &Resource,
    live: &'a Snapshot,
    desired: &Desired,
    today: Date,
) -> Vec<twins::Unclaimed<'a>> {
    let mut strangers = twins::unclaimed(resource, live, desired);
    strangers.retain(|one| !is_ignored(&resource.root().member(one.label), desired, today));
    strangers
}

/// The notes of drift on undeclared documents of which it does not say everything, because more documents than
/// [`twins::MOST`] would have to be read.
pub(super) fn unsaid(live: &Snapshot, desired: &Desired, today: Date) -> Vec<Finding> {
    let note = |(named, users): (&Resource, &Resource)| {
        let (one, user) = (named.listing?.one, users.listing?.one);
        let number = strangers(named, live, desired, today).len();
        let unread = undescribed(users, live);
        let (most, path) = (twins::MOST, named.root());
        let text = match (number > most, unread > most) {
            (true, _) => format!(
                "{number} {one}s of the pool are not declared, and drift describes {most} at most: it has only their names"
            ),
            (false, true) if number > 0 => format!(
                "the pool has {unread} {user}s that were not read, and drift describes {most} at most: it does not say which of them name an undeclared {one}"
            ),
            _ => return None,
        };
        Some(Finding::new(Level::Note, "names-unchecked", &path, text))
    };
    entrances().filter_map(note).collect()
}

/// How many documents of a list have not been read.
fn undescribed(resource: &Resource, live: &Snapshot) -> usize {
    let list = &resource.document;
    let labels = live.document(list).or_else(|| live.document(&list.looked_up()));
    let is_unread = |label: &str| {
        let id = list.labelled(label);
        live.state(&id) == DocumentState::Unread && live.looked_up(&id) == DocumentState::Unread
    };
    labels.into_iter().flat_map(Document::members).filter(|(label, _)| is_unread(label)).count()
}

/// A look at the documents of a list that was read, as far as they were not.
fn unread_of(resource: &'static Resource, list: &Document, live: &Snapshot) -> Option<Reading> {
    let is_unread =
        |(label, _): &(&str, &Json)| live.state(&resource.document.labelled(label)) == DocumentState::Unread;
    twins::one_by_one(resource, list.members().filter(is_unread), ReadScope::LookupById)
}

fn is_ignored(path: &Path, desired: &Desired, today: Date) -> bool {
    let entries = desired.ignore.iter().filter(|entry| !Term::of(entry.until, today).is_past());
    entries.map(|entry| &entry.path.value).any(|ignored| PathPattern::is_within(path, ignored))
}

/// The names that must be looked up for a plan: the names in changed documents, and the names that new documents must not have.
fn names(catalogue: &Catalogue, live: &Snapshot, desired: &Desired, today: Date) -> Vec<Reading> {
    let live = live.without_nulls();
    let target = target::target(catalogue, &live, desired, today).snapshot;
    let unread = unread(&live, &target);
    let mut readings: Vec<Reading> =
        unread.iter().filter_map(|(list, scope)| Reading::lookup(list, *scope)).collect();
    let decisive = deciding(catalogue, &live, &target, desired);
    for compared in twins::readings(&live, &target, desired).into_iter().chain(decisive) {
        match readings.iter_mut().find(|other| other.resource == compared.resource) {
            // It reads the documents of the list as well.
            Some(other) if other.scope == ReadScope::Lookup => {}
            Some(other) => *other = compared,
            None => readings.push(compared),
        }
    }
    readings
}

/// The documents that decide whether a new document breaks a rule, and that were not read.
fn deciding(catalogue: &Catalogue, live: &Snapshot, target: &Snapshot, desired: &Desired) -> Vec<Reading> {
    let pool = View::of_documents(catalogue, &desired.region, target, &[]);
    let is_declared = |path: &Path| desired.wants.iter().any(|want| want.path == *path);
    let entries = desired.entries.iter().map(|entry| catalogue.locate(&entry.path).document);
    let made = entries.filter(|id| live.state(id) == DocumentState::Absent);
    let mut decisive: Vec<&'static Resource> = Vec::new();
    for id in made {
        let view = pool.document(&id, &[], &is_declared);
        for resource in view.iter().flat_map(cross::undecided_by) {
            if !decisive.contains(&resource) {
                decisive.push(resource);
            }
        }
    }
    decisive.into_iter().map(Reading::judged).collect()
}

/// What was looked up, to look it up again.
pub fn looked_up(base: &Snapshot) -> Vec<Reading> {
    // Of a list that was not read whole, documents were compared with new ones that exist by now.
    Resource::alone().filter_map(|resource| house::again(base, resource)).collect()
}

/// The lists that a plan must look up and that were not read, or not all of their documents.
fn unread(live: &Snapshot, target: &Snapshot) -> Vec<(DocumentId, ReadScope)> {
    let is_unread = |(list, scope): &(DocumentId, ReadScope)| match live.document(list) {
        None => true,
        Some(_) if *scope == ReadScope::Names => false,
        Some(labels) => {
            labels.members().any(|(label, _)| live.state(&list.labelled(label)) == DocumentState::Unread)
        }
    };
    let lists = cross::references(live, target).into_iter().map(|(list, scope)| (list.looked_up(), scope));
    lists.filter(is_unread).collect()
}

/// Returns the findings about removed names that are still in use, and about lists that could not be read.
pub(super) fn findings(
    catalogue: &Catalogue,
    live: &Snapshot,
    target: &Snapshot,
    (changes, desired): (&[Change], &Desired),
) -> Vec<Finding> {
    let named = cross::still_named(live, target).into_iter().map(|gone| {
        let path = catalogue.root_of(&gone.owner);
        let cause = changes.iter().find(|change| change.path.overlaps(&path));
        let users: Vec<String> = gone.by.iter().map(|name| placed(name, desired)).collect();
        let text =
            format!("this plan removes `{}`, which {} still name: {}", gone.name, gone.users, named(&users));
        let finding = Finding::new(Level::Conflict, "still-named", &path, text);
        let help = format!("{}: once it is gone, every update of them fails. What the manifest declares can change in the same plan; change the others first", gone.remedy);
        finding.help(help).origin(cause.and_then(|change| change.origin.as_ref()))
    });
    let unread = unread(live, target).into_iter().map(|(list, scope)| {
        let mut of = REFERENCES.into_iter().flat_map(|(one, other)| [one, other]);
        let known = of.find(|resource| resource.document.looked_up() == list);
        let of_list = scope == ReadScope::Names || live.document(&list).is_none();
        let lists = |known: &Resource| known.listing.filter(|_| of_list).map(|listing| listing.call);
        let call = known.map(|known| lists(known).unwrap_or(known.read));
        let text = format!(
            "`{}` were not read, so this plan does not know whether its names exist or are still in use",
            list.name()
        );
        let help = call.map_or_else(String::new, |call| {
            format!("allow `cognito-idp:{call}`. If the plan reads a folder with `--live`, run `poolctl snapshot` again")
        });
        Finding::new(Level::Note, "names-unchecked", &Path::members([list.name()]), text).help(help)
    });
    named.chain(unread).collect()
}

/// A list that has a name, with its place in the manifest.
fn placed(name: &NameUse, desired: &Desired) -> String {
    let list = name.user.as_ref().ok().map(|user| user.member(name.member));
    let want = list.and_then(|list| desired.wants.iter().find(|want| want.path.overlaps(&list)));
    match want.and_then(|want| want.origin.as_ref()) {
        Some(origin) => format!("{name} ({}:{})", origin.source.name, origin.line_column().0),
        None => name.to_string(),
    }
}
