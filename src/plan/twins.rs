//! Documents that a plan makes although they may exist: a baseline had them, or a live one without an entry looks
//! like them. And names that a live one without an entry may have already.

use std::cell::LazyCell;

use super::finding::Finding;
use super::{Change, Form, Options, risks};
use crate::catalogue::{Catalogue, Listing, RESOURCES, ReadScope, Reading, Resource, Sign, path};
use crate::document::address::spelled;
use crate::document::url::without_userinfo;
use crate::document::{Document, DocumentId, DocumentState, FastSet, Json, Path, Snapshot, json};
use crate::rules::{Desired, Permits};

/// The most documents that are read to compare them with new ones: a page of a list. Of longer lists the names alone are
/// compared, because each read is a call.
pub(super) const MOST: usize = 60;

/// A live document without an entry.
pub(super) struct Unclaimed<'a> {
    pub(super) label: &'a str,
    item: &'a Json,
}

impl<'a> Unclaimed<'a> {
    /// Its label, and what the list has of it.
    pub(super) fn listed(&self) -> (&'a str, &'a Json) {
        (self.label, self.item)
    }
}

/// A document that a plan makes, among the documents that exist.
struct Made<'a> {
    resource: &'static Resource,
    listing: &'static Listing,
    id: DocumentId,
    document: &'a Document,
}

/// The documents that are read to find out whether a new one looks like them, or whether they have a name that only one
/// document may have.
pub(super) fn readings(live: &Snapshot, target: &Snapshot, desired: &Desired) -> Vec<Reading> {
    let reading = |resource: &'static Resource| {
        let listing = resource.listing?;
        let is_compared = made(resource, listing, live, target).any(|new| new.told().next().is_some());
        if !is_compared && !gives_names(resource, listing, live, target) {
            return None;
        }
        let others = unclaimed(resource, live, desired);
        if others.is_empty() || others.len() > MOST {
            return None;
        }
        one_by_one(resource, others.iter().map(Unclaimed::listed), ReadScope::Lookup)
    };
    RESOURCES.into_iter().filter_map(reading).collect()
}

/// A look at these documents of a list: their labels, and what the list has of each.
pub(super) fn one_by_one<'a>(
    resource: &'static Resource,
    listed: impl Iterator<Item = (&'a str, &'a Json)>,
    scope: ReadScope,
) -> Option<Reading> {
    let listing = resource.listing?;
    let listed: Vec<_> = listed.collect();
    let wanted = listed.iter().filter_map(|(label, item)| listing.wanted(label, item)).collect();
    let read = Some(listed.iter().map(|(label, _)| (*label).to_owned()).collect());
    let lookup = Reading::lookup(&resource.document.looked_up(), scope)?;
    Some(Reading { wanted, read, ..lookup })
}

/// Whether documents get names that only one document of the pool may have.
fn gives_names(resource: &Resource, listing: &Listing, live: &Snapshot, target: &Snapshot) -> bool {
    target.labelled(&resource.document).any(|(label, document)| {
        let before = live.document(&resource.document.labelled(label));
        listing.unique.iter().any(|list| {
            let names = |of: Option<&Document>| of.and_then(|of| of.get(list)?.as_array().cloned());
            let had = names(before).unwrap_or_default();
            names(Some(document)).unwrap_or_default().iter().any(|name| !had.contains(name))
        })
    })
}

/// The risks of documents that look like live ones.
pub(super) fn findings(
    catalogue: &Catalogue,
    (live, target): (&Snapshot, &Snapshot),
    desired: &Desired,
    options: &Options,
) -> Vec<Finding> {
    let permits = Permits::new(&desired.allow, &options.allows, options.today);
    let mut findings = Vec::new();
    for (resource, listing) in chosen() {
        let is_its = |sign: &Sign| matches!(sign, Sign::Twin(of) if Some(*of) == resource.branch);
        let Some(risk) = Catalogue::risk_told_by(is_its) else { continue };
        let others = LazyCell::new(|| unclaimed(resource, live, desired));
        for new in made(resource, listing, live, target) {
            let path = resource.root_of(&new.id);
            for other in others.iter().filter(|other| new.looks_like(catalogue, other, live)) {
                let text = |member| other.item.get(member).and_then(Json::as_str).unwrap_or_default();
                let id = text(listing.key);
                let name = listing.name.map_or(id, text);
                let entry = desired.entries.iter().find(|entry| entry.path == path);
                // Without names, the key is the label.
                let remedy = match listing.name {
                    Some(_) => format!("add `id: {id}` to it"),
                    None => format!("call it `{id}`: {} {} cannot be renamed", listing.article, listing.one),
                };
                let text = format!(
                    "`{path}` looks like `{name}`, which no entry stands for: {}. If the entry is that {}, {remedy}",
                    risk.text, listing.one
                );
                let finding = Finding { text: text.into(), ..risks::finding(risk, &path, &permits) };
                findings.push(finding.origin(entry.and_then(|entry| entry.origin.as_ref())));
            }
        }
    }
    findings
}

/// The risks of documents that are made although the baseline has their entries.
pub(super) fn recreated(
    catalogue: &Catalogue,
    changes: &[Change],
    (baseline, name): (&Desired, &str),
    desired: &Desired,
    options: &Options,
) -> Vec<Finding> {
    let permits = Permits::new(&desired.allow, &options.allows, options.today);
    let made = changes.iter().filter(|change| change.form == Form::Document && change.after.is_some());
    let had = |change: &&Change| {
        baseline.entries.iter().any(|entry| entry.path == change.path && !entry.is_removed)
    };
    let finding = |change: &Change| {
        let resource = catalogue.resource(&change.path);
        let is_its = |sign: &Sign| matches!(sign, Sign::Again(of) if Some(*of) == resource.branch);
        let risk = Catalogue::risk_told_by(is_its)?;
        let finding = risks::finding(risk, &change.path, &permits);
        let text =
            format!("`{}` was declared in {name} already, and does not exist: {}", change.path, risk.text);
        Some(Finding { text: text.into(), ..finding }.origin(change.origin.as_ref()))
    };
    made.filter(had).filter_map(finding).collect()
}

/// The resources whose documents get ids of the service's own, or can be told from one another by their members.
fn chosen() -> impl Iterator<Item = (&'static Resource, &'static Listing)> {
    let listed = RESOURCES.into_iter().filter_map(|resource| Some((resource, resource.listing?)));
    listed.filter(|(_, listing)| listing.name.is_some() || !listing.likeness.is_empty())
}

/// The documents of a resource that the target has and the pool lacks.
fn made<'a>(
    resource: &'static Resource,
    listing: &'static Listing,
    live: &'a Snapshot,
    target: &'a Snapshot,
) -> impl Iterator<Item = Made<'a>> {
    let documents = target.labelled(&resource.document);
    let documents = documents.map(|(label, document)| (resource.document.labelled(label), document));
    let made = documents.filter(|(id, _)| live.state(id) == DocumentState::Absent);
    made.map(move |(id, document)| Made { resource, listing, id, document })
}

/// The documents of a list that have no entry and that no other service owns.
pub(super) fn unclaimed<'a>(
    resource: &Resource,
    live: &'a Snapshot,
    desired: &Desired,
) -> Vec<Unclaimed<'a>> {
    let root = resource.root();
    let claimed: FastSet<&Path> = desired.entries.iter().map(|entry| &entry.path).collect();
    let items = live.document(&resource.document).into_iter().flat_map(Document::members);
    let is_free = |(label, item): &(&str, &Json)| {
        let owner = item.as_object().and_then(|item| resource.owner(|name| item.get(name)));
        owner.is_none() && !claimed.contains(&root.member(label))
    };
    items.filter(is_free).map(|(label, item)| Unclaimed { label, item }).collect()
}

impl Made<'_> {
    /// The members that it has of those that tell one document from another.
    fn told(&self) -> impl Iterator<Item = &'static Path> {
        let members = self.listing.likeness.iter().map(|member| path(member));
        members.filter(|member| self.document.at(member).is_some())
    }

    /// Whether a live document has the same name, or the label as its name, apart from case and punctuation, or the same
    /// values of the settings that tell one from another.
    fn looks_like(&self, catalogue: &Catalogue, other: &Unclaimed<'_>, live: &Snapshot) -> bool {
        let name = |named: Option<&Json>| named.and_then(Json::as_str).map(letters).unwrap_or_default();
        let member = self.listing.name.unwrap_or(self.listing.key);
        let label = self.id.label().map(letters).unwrap_or_default();
        let (own, theirs) = (name(self.document.get(member)), name(other.item.get(member)));
        // An entry without an `id` that gets another name leaves the document behind that its label has found so far.
        if !theirs.is_empty() && (own == theirs || label == theirs) {
            return true;
        }
        let id = self.resource.document.labelled(other.label);
        let DocumentState::Present(there) = live.looked_up(&id) else { return false };
        let root = self.resource.root_of(&self.id);
        let mut told = self.told().peekable();
        let value = |member: &Path, document: &Document| {
            let value = document.at(member).unwrap_or(&Json::Null);
            spelled_alike(&catalogue.canonical_value(&root.extended(member.segs()), value))
        };
        told.peek().is_some()
            && told.all(|member| json::same(&value(member, self.document), &value(member, there)))
    }
}

/// Where an OIDC issuer describes itself, below its address (OpenID Connect Discovery 1.0, section 4).
const DISCOVERY: &str = "/.well-known/openid-configuration";

/// The address behind a URL: with and without TLS it is that of one service, and so is the description of an issuer.
fn address(url: &str) -> Option<String> {
    let url = spelled(&without_userinfo(url))?;
    let url = url.strip_suffix(DISCOVERY).unwrap_or(&url);
    Some(url.strip_prefix("http://").map_or_else(|| url.to_owned(), |rest| format!("https://{rest}")))
}

/// A value in which URLs of one address are the same text, and each list in one order.
fn spelled_alike(value: &Json) -> Json {
    let mut value = json::with_texts(value, &|text| address(text));
    if let Json::Array(elements) = &mut value {
        elements.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
    }
    value
}

/// The letters and digits of a name, in lower case.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
