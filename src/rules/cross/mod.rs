//! Rules of the service across settings, applied to the known part of a pool.
//!
//! An undecidable rule reports nothing. So the same rules check a manifest alone, in which undeclared settings are
//! unknown, and the pool that a plan would produce.

mod branding;
mod cimd_policies;
mod clients;
#[cfg(test)]
mod documents_tests;
mod domains;
mod groups;
mod identity_providers;
mod logs;
mod meaning;
mod messages;
mod mfa;
mod needs;
mod others;
mod references;
mod request;
mod resource_servers;
mod rule;
mod senders;
mod terms;
#[cfg(test)]
mod tests;
mod threats;
mod tier;
mod truth;
mod ui;
mod view;

pub use needs::losers;
pub use references::{
    NameUse, StillNamed, entrances, held, kept, named_by, orphans, references, still_named, without_name,
};
pub use rule::{Breach, Rule};
pub use view::View;

use std::cell::LazyCell;

use crate::catalogue::{Call, Catalogue, RESOURCES, Resource};
use crate::document::{DocumentId, Path};
use crate::rules::Desired;

/// The rules that this pool certainly breaks.
pub fn breaches(pool: &View<'_>) -> Vec<Breach> {
    documents().filter_map(|rule| rule.breach(pool)).collect()
}

/// The rules that this document with a label certainly breaks.
pub fn breaches_of_document(document: &View<'_>) -> Vec<Breach> {
    let own = document.resource();
    labelled().filter(|rule| rule.resource() == own).filter_map(|rule| rule.breach(document)).collect()
}

/// Whether documents of these resources can lead to a breach of another resource's rules.
pub fn is_reached(own: &Resource, changed: &[&Resource]) -> bool {
    let mut rules = labelled().filter(|rule| rule.resource() == Some(own));
    rules.any(|rule| changed.iter().any(|of| rule.reaches(of)))
}

/// The resources whose documents decide whether this document with a label breaks a rule, as far as a look at them takes no
/// list: the pool's own document names them.
pub fn undecided_by(document: &View<'_>) -> impl Iterator<Item = &'static Resource> {
    let own = document.resource();
    let own = labelled().filter(move |rule| rule.resource() == own);
    let undecided = own.filter(|rule| rule.is_undecided(document));
    let named = RESOURCES.into_iter().filter(|of| of.listing.is_some_and(|list| !list.slots.is_empty()));
    undecided.flat_map(move |rule| named.clone().filter(|of| rule.reaches(of)))
}

/// The rules that every pool with these declared settings breaks.
pub fn breaches_of_manifest(catalogue: &Catalogue, desired: &Desired) -> Vec<Breach> {
    let pool = View::of_declared(catalogue, desired);
    breaches_of_declared(&pool, &pool.declared_documents(desired))
}

/// The same, where it is known what the manifest says of its pool, and of documents with labels.
pub fn breaches_of_declared(pool: &View<'_>, documents: &[View<'_>]) -> Vec<Breach> {
    breaches(pool).into_iter().chain(documents.iter().flat_map(breaches_of_document)).collect()
}

/// Whether a document can come to break a rule by a change elsewhere.
pub fn is_of_references(rule: &Rule) -> bool {
    let mut references = clients::REFERENCES.iter().chain(cimd_policies::REFERENCES);
    references.any(|reference| std::ptr::eq(reference, rule))
}

/// The rules that a request itself breaks, in addition to the rules that the resulting pool breaks.
///
/// `body` is the whole body of the request, and `live` the pool that it meets.
pub fn breaches_of_request<'a>(
    operation: &'static Call,
    body: &View<'_>,
    live: impl FnOnce() -> View<'a>,
) -> Vec<Breach> {
    let live = LazyCell::new(live);
    let rules = request::RULES.iter().filter(|rule| rule.operation == operation);
    let broken = rules.filter_map(|rule| Some((rule, rule.rule.breach(body)?)));
    broken.filter(|(rule, _)| rule.meets(&live)).map(|(_, breach)| breach).collect()
}

/// The settings of the rules that need the MFA document.
pub fn beside_mfa(catalogue: &Catalogue) -> Vec<&'static Path> {
    let settings = |rule: &'static Rule| rule.about.iter().map(|setting| crate::catalogue::path(setting));
    let needs_it =
        |rule: &&'static Rule| settings(rule).any(|setting| catalogue.is_in(setting, &DocumentId::MFA));
    documents().filter(needs_it).flat_map(settings).collect()
}

/// Whether the rules of this code are about pools, not only about requests.
pub fn judges_documents(code: &str) -> bool {
    documents().any(|rule| rule.code == code)
}

/// Every rule. Several may share a code, where they say the same of different settings.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    documents().chain(labelled()).chain(request::RULES.iter().map(|rule| &rule.rule))
}

/// The rules of documents with labels.
fn labelled() -> impl Iterator<Item = &'static Rule> {
    let of_clients = [clients::RULES, clients::REFERENCES, cimd_policies::REFERENCES];
    let others = [identity_providers::RULES, groups::RULES, resource_servers::RULES, domains::RULES];
    let of_hanging = [branding::RULES, terms::RULES, threats::OF_CLIENTS, ui::OF_CLIENTS];
    of_clients.into_iter().chain(others).chain(of_hanging).flatten()
}

fn documents() -> impl Iterator<Item = &'static Rule> {
    [mfa::RULES, messages::RULES, senders::RULES, tier::RULES, logs::RULES, threats::RULES, ui::RULES]
        .into_iter()
        .flatten()
}
