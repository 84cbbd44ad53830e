//! The settings of the pool that other documents need.

use std::collections::BTreeSet;

use super::rule::Rule;
use super::view::View;
use super::{documents, labelled};
use crate::catalogue::{Catalogue, path};
use crate::document::{DocumentId, Snapshot};

/// The documents, among these, that need a setting which the pool loses: each breaks a rule in `after`, which has other
/// settings of the pool, that it does not break in `before`.
pub fn losers(
    catalogue: &Catalogue,
    region: &str,
    (before, after): (&Snapshot, &Snapshot),
    among: impl Iterator<Item = DocumentId>,
) -> BTreeSet<DocumentId> {
    let rules = documents().chain(labelled());
    let rules: Vec<&'static Rule> = rules.filter(|rule| is_moved(catalogue, rule, before, after)).collect();
    if rules.is_empty() {
        return BTreeSet::new();
    }
    let [before, after] = [before, after].map(|pool| View::of_documents(catalogue, region, pool, &[]));
    let is_its =
        |rule: &Rule, id: &DocumentId| rule.about.iter().any(|setting| catalogue.is_in(path(setting), id));
    let breaks = |rule: &'static Rule, pool: &View<'_>, id: &DocumentId| match rule.resource() {
        None => is_its(rule, id) && rule.breach(pool).is_some(),
        Some(own) => {
            let of_it = own.document.labelled(id.label().unwrap_or_default());
            let view = (of_it == *id).then(|| pool.document(id, &[], &|_| false)).flatten();
            view.is_some_and(|view| rule.breach(&view).is_some())
        }
    };
    let loses =
        |id: &DocumentId| rules.iter().any(|rule| breaks(rule, &after, id) && !breaks(rule, &before, id));
    among.filter(loses).collect()
}

/// Whether a rule is about the pool's own settings and another document's, and one of the former differs.
fn is_moved(catalogue: &Catalogue, rule: &Rule, before: &Snapshot, after: &Snapshot) -> bool {
    let is_own = |setting: &&'static str| catalogue.resource(path(setting)).branch.is_none();
    let (own, others): (Vec<&'static str>, Vec<_>) = rule.about.iter().copied().partition(is_own);
    let value = |of, setting| catalogue.value(of, path(setting));
    !others.is_empty() && own.into_iter().any(|setting| value(before, setting) != value(after, setting))
}
