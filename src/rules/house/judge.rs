//! Which rules of the house a pool breaks.

use std::collections::BTreeSet;

use super::condition::{Condition, Judgement, RuleFound};
use super::rule::{BrokenRule, HouseRule, RuleScope};
use crate::catalogue::{Catalogue, Resource};
use crate::document::{Document, DocumentId, DocumentState, Path, Snapshot};
use crate::rules::cross::View;
use crate::rules::meaning::SettingMeaning;

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
    /// For each rule, whether the pool has something that it is about.
    pub met: Vec<bool>,
}

impl HouseBreach<'_> {
    /// The breach as a clause without its subject: what was found, and what the rule requires.
    pub fn clause(&self) -> String {
        let BrokenRule { name, file, line, requires, reason } = self.rule.broken();
        let reason = reason.map_or_else(String::new, |reason| format!(" ({reason})"));
        let found = self.rule.condition.found(&self.found);
        let unit =
            Catalogue::time_unit(&self.path).map_or_else(String::new, |unit| format!(" ({})", unit.absent.1));
        format!("{found}{unit}, but the rule `{name}` of {file}:{line} requires {requires}{reason}")
    }

    /// Whether another breach is of the same rule at the same place.
    pub fn is_at(&self, other: &Self) -> bool {
        std::ptr::eq(self.rule, other.rule) && self.path == other.path
    }

    /// The breach in one sentence.
    pub fn text(&self) -> String {
        format!("`{}` {}", self.path, self.clause())
    }
}

/// What the rules need of a pool beside its own document.
pub fn resources<'r>(
    catalogue: &Catalogue,
    rules: impl IntoIterator<Item = &'r HouseRule>,
) -> Vec<&'static Resource> {
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
    let pool = &with_registered(rules, pool).with_lookups();
    let view = View::of_documents(catalogue, region, pool, unknown);
    for rule in rules {
        let RuleScope::Documents(resource) = rule.of else {
            let is_met = verdict.add(rule, &view);
            verdict.met.push(is_met);
            continue;
        };
        let is_left_out = |id: &DocumentId| is_left_out(catalogue, pool, id, rule);
        let is_unread = is_unread(pool, resource, &is_left_out);
        if is_unread {
            verdict.undecided.push(rule);
        }
        // A client without a document of its own has the pool's.
        let is_none =
            |id: &DocumentId| resource.inherits && pool.document(id).is_some_and(Document::is_empty);
        let own = resource.documents_in(pool).into_iter();
        let own = own.filter(|id| !is_none(id) && !is_left_out(id));
        let mut is_met = is_unread;
        for document in own.filter_map(|id| view.document(&id, unknown, &|_| true)) {
            is_met |= verdict.add(rule, &document);
        }
        verdict.met.push(is_met);
    }
    verdict
}

/// Judges what a manifest decides, whatever the pool is: what it says of the pool, and of documents with labels.
pub fn judge_declared<'r>(
    rules: &'r [HouseRule],
    pool: &View<'_>,
    documents: &[View<'_>],
) -> Vec<HouseBreach<'r>> {
    let mut verdict = HouseVerdict::default();
    for rule in rules {
        match rule.of {
            RuleScope::Pools => {
                verdict.add(rule, pool);
            }
            RuleScope::Documents(resource) => {
                for document in documents.iter().filter(|document| document.resource() == Some(resource)) {
                    verdict.add(rule, document);
                }
            }
        }
    }
    verdict.breaches
}

impl<'r> HouseVerdict<'r> {
    /// Whether it has a breach already, and no better.
    pub fn has(&self, breach: &HouseBreach<'_>) -> bool {
        let known = self.breaches.iter().find(|known| known.is_at(breach));
        known.is_some_and(|known| !breach.rule.condition.is_worse(&known.found, &breach.found))
    }

    /// Judges a rule; returns whether there is something that it is about.
    fn add(&mut self, rule: &'r HouseRule, view: &View<'_>) -> bool {
        let meaning = view.meaning(&rule.path);
        let is_met = !rule.is_free
            || rule.condition == Condition::Absent
            || !matches!(meaning, SettingMeaning::Absent);
        match rule.condition.judge(meaning) {
            Judgement::Holds => {}
            Judgement::Unknown if self.undecided.iter().any(|known| std::ptr::eq(*known, rule)) => {}
            Judgement::Unknown => self.undecided.push(rule),
            Judgement::Broken(found) => {
                self.breaches.push(HouseBreach { rule, path: view.root().extended(rule.path.segs()), found });
            }
        }
        is_met
    }
}

/// The pool with the documents that registered themselves, if a rule is about them: the lists of plans leave them out.
fn with_registered(rules: &[HouseRule], pool: &Snapshot) -> Snapshot {
    let asks = rules.iter().filter(|rule| rule.includes_registered);
    let resources: BTreeSet<DocumentId> = asks.filter_map(|rule| rule.of.list()).collect();
    let mut all = pool.clone();
    for own in resources {
        let own = own.hangs_on().unwrap_or(own);
        let lookups = own.looked_up();
        let resource = Resource::alone().find(|resource| resource.document == own);
        let labels = pool.document(&lookups).into_iter().flat_map(Document::members);
        for (label, item) in labels {
            let document = lookups.labelled(label);
            if !resource.is_some_and(|resource| resource.is_registered(pool, &document)) {
                continue;
            }
            // Without a list of its own, the pool gets all that was looked up.
            let Some(mut list) = all.document(&own).cloned() else { continue };
            // A list with more items may give a label to another one.
            let label = if list.has(label) { format!("{label}-registered") } else { label.to_owned() };
            list.insert(&label, item.clone());
            all.put(own.labelled(&label), pool.document(&document).cloned());
            all.put(own.clone(), Some(list));
        }
    }
    all
}

/// Whether a list, or one of its documents that is judged, was not read.
fn is_unread(pool: &Snapshot, resource: &Resource, is_left_out: &dyn Fn(&DocumentId) -> bool) -> bool {
    let list = resource.hangs_on.map_or(&resource.document, |on| &on.document);
    let Some(labels) = pool.document(list) else { return true };
    let mut documents = labels.members().map(|(label, _)| resource.document.labelled(label));
    documents.any(|id| pool.state(&id) == DocumentState::Unread && !is_left_out(&id))
}

/// Whether a rule is not about a document, because another service owns it or the one that it hangs on, or because it
/// registered itself.
fn is_left_out(catalogue: &Catalogue, pool: &Snapshot, id: &DocumentId, rule: &HouseRule) -> bool {
    let id = id.hangs_on().unwrap_or_else(|| id.clone());
    let root = catalogue.root_of(&id);
    let is_owned = catalogue.maker(pool, &root).is_some();
    is_owned && !(rule.includes_registered && catalogue.resource(&root).is_registered(pool, &id))
}
