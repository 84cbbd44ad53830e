//! The findings of the service's rules across settings for a plan.

use std::cell::LazyCell;

use super::{Change, Finding, Level, Options, Step, needs_mfa};
use crate::catalogue::{Catalogue, calls};
use crate::document::{Path, Snapshot};
use crate::manifest::{Allow, Code};
use crate::rules::cross::{self, Breach, View};
use crate::rules::{Desired, Permits};

/// A plan's documents, and what its requests leave out.
pub(super) struct Judged<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) desired: &'a Desired,
    pub(super) live: &'a Snapshot,
    pub(super) target: &'a Snapshot,
    pub(super) left_out: &'a [Path],
}

impl Judged<'_> {
    /// The rules that the pool would break, and the defaults that its tier does not accept.
    ///
    /// A plan that only adds attributes has no such findings: no rule is about attributes.
    pub(super) fn findings(&self, changes: &[Change], steps: &[Step], options: &Options) -> Vec<Finding> {
        if steps.iter().all(|step| step.operation == &calls::ADD_CUSTOM_ATTRIBUTES) {
            return Vec::new();
        }
        let resulting = cross::breaches(&self.view(self.target));
        // What a pool is at odds with on the way counts where it was not so before.
        let on_the_way = steps.split_last().map_or(&[][..], |(_, before)| before);
        // No rule of the pool is about a document with a label.
        let on_the_way: Vec<&Step> =
            on_the_way.iter().filter(|step| step.document.label().is_none()).collect();
        let before = if on_the_way.is_empty() { Vec::new() } else { cross::breaches(&self.view(self.live)) };
        let known = |breach: &Breach| before.iter().chain(&resulting).any(|known| known.is_same(breach));
        let between = on_the_way.iter().flat_map(|step| cross::breaches(&self.view(&step.to)));
        let between: Vec<Breach> = between.filter(|breach| !known(breach)).collect();
        // Each request meets the pool that the one before it has left.
        let requested = steps.iter().flat_map(|step| {
            let body = step.body(self.catalogue, &self.desired.pool, self.left_out);
            let body = View::of_request(self.catalogue, &self.desired.region, &body);
            cross::breaches_of_request(step.operation, &body, || self.view(&step.from))
        });
        let mut breaches: Vec<Breach> = Vec::new();
        let on_the_way =
            |breach: Breach| Breach { text: format!("between two of its calls, {}", breach.text), ..breach };
        let between = between.into_iter().map(on_the_way);
        for breach in resulting.into_iter().chain(between).chain(requested) {
            if !breaches.iter().any(|known| known.is_same(&breach)) {
                breaches.push(breach);
            }
        }
        let permits = Permits::new(&self.desired.allow, &options.allows, options.today);
        // A plan that needs no MFA document may have been made without it, and another one of the same manifest with
        // it: both have the same notes.
        let reads_mfa = LazyCell::new(|| needs_mfa(self.catalogue, self.desired));
        let is_decided = |breach: &&Breach| {
            let mut about = breach.rule.about.iter().map(|setting| crate::catalogue::path(setting));
            !about.clone().any(|setting| self.catalogue.is_in_mfa(setting))
                || about.any(|setting| changes.iter().any(|change| change.path.overlaps(setting)))
                || *reads_mfa
        };
        let findings = breaches.iter().filter(is_decided).map(|breach| finding(breach, changes, &permits));
        findings.chain(self.catalogue.not_taken(self.target).iter().map(not_taken)).collect()
    }

    /// The entries of `allow` without an `until` that accept nothing in this plan, given all other findings.
    ///
    /// Without the MFA document, rules and some risks are unknown, and their entries are not reported.
    pub(super) fn unused_allows(&self, found: &[Finding]) -> Vec<Finding> {
        let breaches = LazyCell::new(|| self.breaches());
        let is_used = |allow: &&Allow| {
            let at = allow.path.as_ref().map(|path| &path.value);
            let covers = |path: &Path| at.is_none_or(|at| at.overlaps(path));
            let (code, is_known) = match &allow.code.value {
                Code::Risk(code) => {
                    (code, self.live.mfa().is_some() || Catalogue::is_seen_in_documents(code))
                }
                Code::Rule(code) => (code, self.live.mfa().is_some() && cross::judges_documents(code)),
            };
            let is_found = found.iter().any(|one| one.code == code && one.path.as_ref().is_none_or(&covers));
            let is_rule = matches!(allow.code.value, Code::Rule(_));
            !is_known || is_found || is_rule && breaches.iter().any(|breach| breach.rule.code == code)
        };
        let standing = self.desired.allow.iter().filter(|allow| allow.until.is_none());
        standing.filter(|allow| !is_used(allow)).map(unused).collect()
    }

    /// The rules that the pool as it is to be is at odds with.
    pub(super) fn breaches(&self) -> Vec<Breach> {
        cross::breaches(&self.view(self.target))
    }

    fn view<'a>(&'a self, pool: &Snapshot) -> View<'a> {
        View::of_documents(self.catalogue, &self.desired.region, pool, self.left_out)
    }
}

/// A breach as a finding, at the change that causes it.
///
/// If the plan changes none of the rule's settings, the service has accepted them before: a note.
fn finding(breach: &Breach, changes: &[Change], permits: &Permits<'_>) -> Finding {
    let rule = breach.rule;
    let about = || rule.about.iter().map(|setting| crate::catalogue::path(setting));
    let cause = about().find_map(|setting| changes.iter().find(|change| change.path.overlaps(setting)));
    let Some(cause) = cause else {
        let text = format!("the live pool already has this combination{}: {}", rule.reported(), rule.what);
        let path = about().next().cloned().unwrap_or_default();
        return Finding::new(Level::Note, rule.code, &path, text).help(rule.remedy);
    };
    let allowed = permits.find(&Code::Rule(rule.code.to_owned()), Some(&cause.path)).is_some();
    let (level, text, help) = match (rule.refuses(), allowed) {
        (true, false) => {
            let help = format!(
                "{}; if the rule no longer applies, accept it with `--allow rule:{}`",
                rule.remedy, rule.code
            );
            (Level::Conflict, breach.text.clone(), help)
        }
        (true, true) => {
            let text = format!("{} (accepted by `allow`: rule:{})", breach.text, rule.code);
            (Level::Warning, text, rule.remedy.to_owned())
        }
        (false, _) => (Level::Warning, breach.text.clone(), rule.remedy.to_owned()),
    };
    Finding::new(level, rule.code, &cause.path, text).help(help).origin(cause.origin.as_ref())
}

fn unused(allow: &Allow) -> Finding {
    let code = &allow.code.value;
    let path = allow.path.as_ref().map(|path| &path.value);
    let what = path.map_or(format!("`{code}`"), |path| format!("`{code}` at `{path}`"));
    let text = format!("the manifest allows {what} for an unlimited time, and this plan does not need it");
    let finding = Finding::new(Level::Warning, "allow-unused", &Path::root(), text);
    let help = "delete the entry, or add an `until`: as it is, the next such change is allowed too";
    Finding { path: path.cloned(), ..finding }.help(help).origin(Some(&allow.code.origin))
}

fn not_taken(path: &Path) -> Finding {
    let text = format!(
        "`{path}` is left out of the request: it is a default that Cognito filled in, and may not accept on this tier"
    );
    Finding::new(Level::Note, "default-not-echoed", path, text)
}
