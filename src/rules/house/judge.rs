//! Which rules of the house a pool breaks.

use super::condition::{Judgement, RuleFound};
use super::rule::{HouseRule, RuleScope};
use crate::catalogue::{Catalogue, Resource};
use crate::document::{Document, DocumentId, DocumentState, Path, Snapshot};
use crate::rules::Desired;
use crate::rules::cross::View;

/// A rule that a pool breaks, and where.
#[derive(Clone, Debug)]
pub struct HouseBreach<'r> {
    /// The rule.
    pub rule: &'r HouseRule,
    /// The canonical path of the setting that breaks it.
    pub path: Path,
    /// What it has.
    pub found: RuleFound,
}

/// What judging a pool comes to.
#[derive(Clone, Debug, Default)]
pub struct HouseVerdict<'r> {
    /// The broken rules, each as often as it is broken.
    pub breaches: Vec<HouseBreach<'r>>,
    /// The rules that something unread may break.
    pub undecided: Vec<&'r HouseRule>,
}

impl HouseBreach<'_> {
    /// The breach as a clause without its subject: what was found, and what the rule requires.
    pub fn clause(&self) -> String {
        let HouseRule { name, condition, reason, origin, .. } = self.rule;
        let place = format!("{}:{}", origin.source.name, origin.line_column().0);
        let reason = reason.as_ref().map_or_else(String::new, |reason| format!(" ({reason})"));
        let (wanted, found) = (condition.words(), condition.found(&self.found));
        format!("{found}, but the rule `{name}` of {place} requires {wanted}{reason}")
    }

    /// The breach in one sentence.
    pub fn text(&self) -> String {
        format!("`{}` {}", self.path, self.clause())
    }
}

/// What the rules need of a pool beside its own document.
pub fn resources(catalogue: &Catalogue, rules: &[HouseRule]) -> Vec<&'static Resource> {
    let mut resources: Vec<&'static Resource> = Vec::new();
    for rule in rules {
        let of = match rule.of {
            RuleScope::Pools => catalogue.resource(&rule.path),
            RuleScope::Documents(resource) => resource,
        };
        if of.document != DocumentId::POOL && !resources.contains(&of) {
            resources.push(of);
        }
    }
    resources
}

/// Judges all documents of a pool, whatever declares them, but not those that other services own. `unknown` are the
/// settings whose values are not known.
pub fn judge<'r>(
    rules: &'r [HouseRule],
    catalogue: &Catalogue,
    region: &str,
    pool: &Snapshot,
    unknown: &[Path],
) -> HouseVerdict<'r> {
    let mut verdict = HouseVerdict::default();
    if rules.is_empty() {
        return verdict;
    }
    let pool = &pool.with_lookups();
    let view = View::of_documents(catalogue, region, pool, unknown);
    for rule in rules {
        let RuleScope::Documents(resource) = rule.of else {
            verdict.add(rule, &view);
            continue;
        };
        if is_unread(catalogue, pool, resource) {
            verdict.undecided.push(rule);
        }
        // A client without a document of its own has the pool's.
        let is_none =
            |id: &DocumentId| resource.inherits && pool.document(id).is_some_and(Document::is_empty);
        let own = resource.documents_in(pool).into_iter();
        let own = own.filter(|id| !is_none(id) && !is_owned(catalogue, pool, id));
        for document in own.filter_map(|id| view.document(&id, unknown, &|_| true)) {
            verdict.add(rule, &document);
        }
    }
    verdict
}

/// Judges what a manifest decides, whatever the pool is.
pub fn judge_declared<'r>(
    rules: &'r [HouseRule],
    catalogue: &Catalogue,
    desired: &Desired,
) -> Vec<HouseBreach<'r>> {
    let mut verdict = HouseVerdict::default();
    let view = View::of_declared(catalogue, desired);
    let documents = view.declared_documents(desired);
    for rule in rules {
        match rule.of {
            RuleScope::Pools => verdict.add(rule, &view),
            RuleScope::Documents(resource) => {
                let own = documents.iter().filter(|document| document.resource() == Some(resource));
                own.for_each(|document| verdict.add(rule, document));
            }
        }
    }
    verdict.breaches
}

impl<'r> HouseVerdict<'r> {
    fn add(&mut self, rule: &'r HouseRule, view: &View<'_>) {
        match rule.condition.judge(view.meaning(&rule.path)) {
            Judgement::Holds => {}
            Judgement::Unknown if self.undecided.iter().any(|known| std::ptr::eq(*known, rule)) => {}
            Judgement::Unknown => self.undecided.push(rule),
            Judgement::Broken(found) => {
                self.breaches.push(HouseBreach { rule, path: view.root().extended(rule.path.segs()), found });
            }
        }
    }
}

/// Whether a list, or one of its documents that is judged, was not read.
fn is_unread(catalogue: &Catalogue, pool: &Snapshot, resource: &Resource) -> bool {
    let list = resource.hangs_on.map_or(&resource.document, |on| &on.document);
    let Some(labels) = pool.document(list) else { return true };
    let mut documents = labels.members().map(|(label, _)| resource.document.labelled(label));
    documents.any(|id| pool.state(&id) == DocumentState::Unread && !is_owned(catalogue, pool, &id))
}

/// Whether another service owns a document, or the one that it hangs on.
fn is_owned(catalogue: &Catalogue, pool: &Snapshot, id: &DocumentId) -> bool {
    let id = id.hangs_on().unwrap_or_else(|| id.clone());
    catalogue.maker(pool, &catalogue.root_of(&id)).is_some()
}
