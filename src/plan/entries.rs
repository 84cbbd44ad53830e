//! Documents with labels that a manifest declares: which are created, which are removed, and which are ambiguous.

use time::Date;

use super::DocumentCall;
use super::finding::{Finding, Level};
use super::target::Patch;
use crate::catalogue::{CallEffect, Catalogue, DocumentPlace, Listing, POOL, RESOURCES, Resource};
use crate::document::{
    Document, DocumentId, DocumentState, FastMap, FastSet, Json, Path, Seg, Snapshot, quoted,
};
use crate::rules::{Desired, DesiredEntry, named};

impl Patch<'_> {
    /// Makes the pool, if it does not exist.
    pub(super) fn pool(&mut self, desired: &Desired) {
        if desired.is_new() {
            self.begin(&POOL, DocumentId::POOL);
            self.made.insert(POOL.root());
        }
    }

    /// Gives a document that is made the members that it has from the beginning.
    fn begin(&mut self, resource: &Resource, document: DocumentId) {
        let made = self.snapshot.document_mut(document);
        for (member, value) in resource.initial {
            made.insert(member, Json::from(*value));
        }
    }

    /// Gives the structures of a pool that is made what a new pool has in them: a structure that a request has in part
    /// would lose it. Cognito turns the rules of a password policy off that a request leaves out.
    pub(super) fn fill_new_pool(&mut self, addresses: &[Path]) {
        if !self.made.contains(&POOL.root()) {
            return;
        }
        let tops: Vec<Path> = self.snapshot.pool().members().map(|(name, _)| Path::members([name])).collect();
        for (path, value) in tops.iter().flat_map(|top| self.catalogue.fresh_within(top)) {
            let stands = path.parent().is_some_and(|around| {
                !around.is_root() && self.snapshot.pool().at(&around).is_some_and(Json::is_object)
            });
            if stands && !addresses.contains(path) && self.snapshot.pool().at(path).is_none() {
                self.snapshot.pool_mut().set(path, value);
            }
        }
    }

    /// Adds the declared documents that are absent, and removes each document with an entry `remove: true`.
    pub(super) fn entries(&mut self, desired: &Desired, today: Date) {
        let names = names(desired);
        let declared: FastSet<&Path> = desired.entries.iter().map(|entry| &entry.path).collect();
        for entry in desired.entries.iter().filter(|entry| desired.takes(&entry.path)) {
            let is_whole = desired.takes_whole(&entry.path);
            let DocumentPlace { resource, document, .. } = self.catalogue.locate(&entry.path);
            let Some(listing) = resource.listing else {
                self.hanging(entry, document, today);
                continue;
            };
            match (entry.exists(today), self.snapshot.state(&document)) {
                (Some(_), DocumentState::Present(live)) => {
                    let findings = about(entry, (resource, listing), live);
                    let is_anothers = findings.iter().any(|finding| finding.level == Level::Conflict);
                    self.findings.extend(findings);
                    if is_anothers {
                        self.unbound.insert(entry.path.clone());
                    } else if entry.is_removed && is_whole {
                        self.remove(document);
                    }
                }
                (Some(exists), DocumentState::Absent) => {
                    let list = ListedNames::of(resource, listing, &self.snapshot, &declared);
                    let name = name(entry, &names, Some(listing));
                    match list.not_found(entry, &name) {
                        Some(finding) => self.leave(entry, finding),
                        None if exists && entry.only_updates => self.leave(entry, gone_since(entry)),
                        None if exists && is_whole => match list.occupant(entry) {
                            Some(finding) => self.leave(entry, finding),
                            None => self.make(entry, resource, listing),
                        },
                        None if exists => self.leave(entry, partly(entry)),
                        None => self.findings.push(gone(entry, list.namesakes(entry, &name))),
                    }
                }
                _ => {}
            }
        }
    }

    /// Removes a document, and what hangs on it.
    fn remove(&mut self, document: DocumentId) {
        for (_, hanging) in document.hung() {
            if self.snapshot.document(&hanging).is_some() {
                self.snapshot.put(hanging, None);
            }
        }
        self.snapshot.put(document, None);
    }

    /// Makes the document of an entry that hangs on another one, or removes it.
    fn hanging(&mut self, entry: &DesiredEntry, document: DocumentId, today: Date) {
        let on = document.hangs_on();
        let has_no_place = self.is_unbound(&entry.path)
            || on.is_some_and(|on| self.snapshot.state(&on) == DocumentState::Absent);
        match (entry.exists(today), self.snapshot.state(&document)) {
            _ if has_no_place => {}
            (Some(false), DocumentState::Present(_)) => self.remove(document),
            (Some(false), DocumentState::Absent) => self.findings.push(gone(entry, None)),
            (Some(true), DocumentState::Absent) if entry.only_updates => {
                self.leave(entry, gone_since(entry));
            }
            (Some(true), DocumentState::Absent) => {
                self.begin(self.catalogue.resource(&entry.path), document);
                self.made.insert(entry.path.clone());
            }
            _ => {}
        }
    }

    /// Whether a setting is one of a document that a label cannot be given to, or of one that hangs on such a document.
    pub(super) fn is_unbound(&self, at: &Path) -> bool {
        let root = self.catalogue.document_root(at);
        (1..=root.segs().len()).any(|len| self.unbound.contains(&root.segs()[..len]))
    }

    /// Leaves out what an entry declares. Of a manifest's own entry, the reason is a difference: no change shows it.
    fn leave(&mut self, entry: &DesiredEntry, reason: Finding) {
        debug_assert!(entry.origin.is_none() || reason.is_unmet(), "{}", reason.code);
        self.findings.push(reason);
        self.unbound.insert(entry.path.clone());
    }

    fn make(&mut self, entry: &DesiredEntry, resource: &Resource, listing: &Listing) {
        let document = self.catalogue.locate(&entry.path).document;
        let made = self.snapshot.document_mut(document.clone());
        let label = document.label().map(Json::from).unwrap_or_default();
        made.insert(resource.natural_key().or(listing.name).unwrap_or(listing.key), label);
        document.hung().for_each(|(_, hanging)| self.snapshot.put(hanging, None));
        self.made.insert(entry.path.clone());
        // Only a restore has entries that no manifest declares.
        if let (None, Some(differs)) = (&entry.origin, listing.made_again) {
            let text = format!("`{}` is made again: {differs}", entry.path);
            self.findings.push(Finding::new(Level::Warning, "made-again", &entry.path, text));
        }
    }

    /// Whether a setting is one of a document that the plan makes.
    pub(super) fn is_new(&self, at: &Path) -> bool {
        !self.made.is_empty() && self.made.contains(&self.catalogue.document_root(at))
    }
}

/// The warnings about the documents that these calls removed: what a restore cannot bring back of each.
pub fn removed(catalogue: &Catalogue, done: &[DocumentCall]) -> Vec<Finding> {
    let removals = done.iter().filter(|call| call.operation.effect == CallEffect::Removes);
    let finding = |path: &Path| {
        let differs = catalogue.resource(path).listing.and_then(|listing| listing.made_again);
        let differs = differs.map(|differs| format!(": {differs}")).unwrap_or_default();
        let text = format!("`{path}` is removed; a restore makes it again{differs}");
        Finding::new(Level::Warning, "made-again", path, text)
    };
    removals.filter_map(|call| call.path.as_ref()).map(finding).collect()
}

/// The name that finds the document of an entry: its own if that is among the declared `names`, else its label.
pub(super) fn name(entry: &DesiredEntry, names: &FastMap<&Path, &str>, listing: Option<&Listing>) -> String {
    let path = listing.and_then(|listing| listing.name).map(|name| entry.path.member(name));
    let name = path.and_then(|path| names.get(&path).copied());
    match (name, entry.path.segs().last()) {
        (Some(name), _) => name.to_owned(),
        (None, Some(Seg::Member(label))) => label.to_string(),
        (None, _) => String::new(),
    }
}

/// The declared names of documents with labels, by the path of the name.
pub(super) fn names(desired: &Desired) -> FastMap<&Path, &str> {
    let listings: Vec<&Listing> = RESOURCES.into_iter().filter_map(|resource| resource.listing).collect();
    let is_name = |path: &Path| match path.segs() {
        [_, _, Seg::Member(member)] => listings.iter().any(|listing| listing.name == Some(&**member)),
        _ => false,
    };
    let named = desired.wants.iter().filter(|want| is_name(&want.path));
    named.filter_map(|want| Some((&want.path, want.value.as_ref()?.as_str()?))).collect()
}

/// Returns the findings about the document of an entry.
fn about(entry: &DesiredEntry, (resource, listing): (&Resource, &Listing), live: &Document) -> Vec<Finding> {
    let path = &entry.path;
    let mut findings = Vec::new();
    if let Some(owner) = resource.owner(|name| live.get(name)) {
        let text = format!("`{path}` belongs to {owner}, and is never changed by poolctl");
        let finding = Finding::new(Level::Conflict, "owned-by-service", path, text);
        findings.push(finding.help("delete the entry").origin(entry.origin.as_ref()));
        return findings;
    }
    let id = live.get(listing.key).and_then(Json::as_str).filter(|_| listing.name.is_some());
    if let (Some(id), None, Some(origin)) = (id, &entry.id, &entry.origin) {
        if entry.is_removed {
            let text = format!("`{path}` removes {}, and does not name it by its `id`", listing.an_item());
            let finding = Finding::new(Level::Conflict, "id-missing", path, text);
            let help = format!(
                "add `id: {id}` to the entry: without it, a later {} with the same name could be removed",
                listing.one
            );
            findings.push(finding.help(help).origin(Some(origin)));
            return findings;
        }
        let text = format!("`{path}` has no `id`, so this {} is found by its name alone", listing.one);
        let finding = Finding::new(Level::Note, "id-missing", path, text);
        let help = format!("add `id: {id}` to the entry (`poolctl adopt --ids` writes all ids)");
        findings.push(finding.help(help).origin(Some(origin)));
    }
    findings
}

/// The documents of a resource that a list names.
pub(super) struct ListedNames<'a> {
    listing: &'a Listing,
    list: Option<&'a Document>,
    /// The paths of all entries.
    declared: &'a FastSet<&'a Path>,
    /// The path of the resource.
    root: Path,
}

impl<'a> ListedNames<'a> {
    /// The documents of a resource in a snapshot, among the paths of all entries.
    pub(super) fn of(
        resource: &Resource,
        listing: &'a Listing,
        live: &'a Snapshot,
        declared: &'a FastSet<&'a Path>,
    ) -> Self {
        Self { listing, list: live.document(&resource.document), declared, root: resource.root() }
    }

    /// The labels and ids of the documents with a name.
    fn same(&self, name: &str) -> impl Iterator<Item = (&'a str, String)> {
        let text = |item: &Json, member: &str| item.get(member).and_then(Json::as_str).map(str::to_owned);
        let (key, name_member) = (self.listing.key, self.listing.name);
        let items = self.list.into_iter().flat_map(Document::members);
        items
            .filter(move |(_, item)| {
                name_member.and_then(|member| text(item, member)).as_deref() == Some(name)
            })
            .filter_map(move |(label, item)| Some((label, text(item, key)?)))
    }

    /// The same without the documents that have an entry.
    pub(super) fn free(&self, name: &str) -> impl Iterator<Item = (&'a str, String)> {
        self.same(name).filter(|(label, _)| !self.declared.contains(&self.root.member(label)))
    }

    /// A sentence about the live documents with the name of an entry whose id no document has, if there are any.
    fn namesakes(&self, entry: &DesiredEntry, name: &str) -> Option<String> {
        let ids: Vec<String> = self.free(name).filter(|_| entry.id.is_some()).map(|(_, id)| id).collect();
        let one = self.listing.one;
        match ids.as_slice() {
            [] => None,
            [id] => Some(format!("the pool has {} named `{name}` with the id {id}", self.listing.an_item())),
            ids => Some(format!("the pool has {} {one}s named `{name}`: {}", ids.len(), named(ids))),
        }
    }

    /// The conflict of a document whose place in the pool another one has.
    fn occupant(&self, entry: &DesiredEntry) -> Option<Finding> {
        let Some(Seg::Member(label)) = entry.path.segs().last() else { return None };
        let slot = self.listing.slots.iter().find(|slot| (slot.takes)(label))?;
        let (other, _) = self.list?.members().find(|(other, _)| (slot.takes)(other))?;
        let (path, one, other) = (&entry.path, self.listing.one, self.root.member(other));
        let text =
            format!("`{path}` needs the place of `{other}`: Cognito allows a pool one {one} of this kind");
        let help = format!(
            "remove `{other}` by an apply of its own, then apply this entry. In between, neither {one} works"
        );
        let finding = Finding::new(Level::Conflict, "place-taken", path, text);
        Some(finding.help(help).origin(entry.origin.as_ref()))
    }

    /// The conflict of an entry whose document is not among the live ones, but should be.
    fn not_found(&self, entry: &DesiredEntry, name: &str) -> Option<Finding> {
        let (path, one) = (&entry.path, self.listing.one);
        let conflict = |code, text: String, help: String| {
            Some(Finding::new(Level::Conflict, code, path, text).help(help).origin(entry.origin.as_ref()))
        };
        let name_member = self.listing.name?;
        let is_restored = entry.origin.is_none();
        if let Some(id) = entry.id.as_ref().filter(|_| !entry.is_removed && !is_restored) {
            let text = format!("`{path}` has the `id` {id}, and the pool has no {one} with that id");
            let (text, help) = match self.namesakes(entry, name) {
                Some(others) => (
                    format!("{text}; {others}"),
                    format!(
                        "if the {one} was made again, write its new id into the entry: `poolctl adopt --ids` does it for the only {one} of a name"
                    ),
                ),
                None => (
                    text,
                    format!(
                        "correct the id, or delete the entry if the {one} is gone for good; without the `id`, an apply makes a new {one}, \
                         which gets another id"
                    ),
                ),
            };
            return conflict("id-not-found", text, help);
        }
        if entry.id.is_some() && !is_restored {
            return None;
        }
        let same: Vec<(&str, String)> = self.same(name).collect();
        let (label, id) = same.first()?;
        // An earlier restore may have made it, and nothing else tells.
        if is_restored {
            let text = format!("the pool has the {one} {id} with the name of `{path}`, which may be it");
            let help = "if it is, there is nothing to restore: leave it out with `--only`; if it is not, declare the one that is missing in a manifest";
            return conflict("ambiguous-name", text, help.to_owned());
        }
        if same.len() == 1 && self.declared.contains(&self.root.member(label)) {
            let other = self.root.member(label);
            let text = format!("`{other}` already stands for the {one} that is called `{name}` ({id})");
            let help = "delete one of the two entries, or declare another `ClientName`"
                .replace("ClientName", name_member);
            return conflict("ambiguous-name", text, help);
        }
        let ids: Vec<String> = same.iter().map(|(_, id)| id.clone()).collect();
        let text = format!("{} {one}s of the pool are called `{name}`: {}", ids.len(), named(&ids));
        conflict("ambiguous-name", text, format!("add the `id:` of one of them to `{path}`"))
    }
}

/// The conflict of a document that does not exist, and of which only a part is selected.
fn partly(entry: &DesiredEntry) -> Finding {
    let text = format!("`{}` does not exist, and only a part of it is selected", entry.path);
    let finding = Finding::new(Level::Conflict, "only-part", &entry.path, text);
    finding
        .help(format!("select it whole: `--only {}`", quoted(&entry.path.to_string())))
        .origin(entry.origin.as_ref())
}

/// The warning about a document that somebody has removed since the run that a restore undoes.
fn gone_since(entry: &DesiredEntry) -> Finding {
    let text = format!("`{}` was removed after that run, so that its settings stay as they are", entry.path);
    let finding = Finding::new(Level::Warning, "gone-since", &entry.path, text);
    finding.help("`--whole` makes it again, as a new one")
}

/// Returns the finding about a document that is removed already. An entry with `until` expires, so it is only a note.
/// `others` is a sentence about the live documents with its name.
fn gone(entry: &DesiredEntry, others: Option<String>) -> Finding {
    let path = &entry.path;
    let level = if entry.until.is_some() { Level::Note } else { Level::Warning };
    let finding = |text| Finding::new(level, "already-removed", path, text).origin(entry.origin.as_ref());
    match (&others, &entry.id) {
        (Some(others), Some(id)) => {
            let text = format!("`{path}` is already removed with its id {id}, but {others}");
            finding(text).help("delete the entry; to remove this one too, write its id into the entry")
        }
        _ => finding(format!("`{path}` is already removed, so the entry has no effect"))
            .help("delete the entry"),
    }
}
