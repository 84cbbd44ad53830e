//! Rules of the service across settings, applied to the known part of a pool.
//!
//! An undecidable rule reports nothing. So the same rules check a manifest alone, in which undeclared settings are
//! unknown, and the pool that a plan would produce.

mod logs;
mod messages;
mod mfa;
mod request;
mod rule;
mod senders;
#[cfg(test)]
mod tests;
mod tier;
mod truth;
mod view;

pub use rule::{Breach, Rule};
pub use view::View;

use std::cell::LazyCell;

use crate::catalogue::{Call, Catalogue};
use crate::document::Path;

/// The rules that this pool certainly breaks.
pub fn breaches(pool: &View<'_>) -> Vec<Breach> {
    documents().filter_map(|rule| rule.breach(pool)).collect()
}

/// The rules that a request itself breaks, in addition to those that the resulting pool breaks.
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

/// Whether the rules about a change at `path` need the MFA document.
pub fn reads_mfa(catalogue: &Catalogue, path: &Path) -> bool {
    // The text of a path begins with the name of its first member; most names differ.
    let may_overlap = |setting: &str| path.head().is_none_or(|head| setting.starts_with(head));
    let parsed = |setting: &&'static str| crate::catalogue::path(setting);
    documents().any(|rule| {
        let mut near = rule.about.iter().filter(|setting| may_overlap(setting)).map(parsed);
        near.any(|setting| setting.overlaps(path))
            && rule.about.iter().map(parsed).any(|setting| catalogue.is_in_mfa(setting))
    })
}

/// Whether the rules of this code are about pools, not only about requests.
pub fn judges_documents(code: &str) -> bool {
    documents().any(|rule| rule.code == code)
}

/// Every rule. Several may share a code, where they say the same of different settings.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    documents().chain(request::RULES.iter().map(|rule| &rule.rule))
}

fn documents() -> impl Iterator<Item = &'static Rule> {
    [mfa::RULES, messages::RULES, senders::RULES, tier::RULES, logs::RULES].into_iter().flatten()
}
