//! The findings of the service's rules across settings for a plan.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::BTreeSet;

use super::{Change, Finding, Form, Level, Options, Step, lookups, needs_mfa, twins};
use crate::catalogue::{Catalogue, RESOURCES, Resource, Sends, calls};
use crate::document::{DocumentId, FastSet, Path, PathPattern, Seg, Snapshot};
use crate::manifest::{Allow, Code, Origin};
use crate::rules::cross::{self, Breach, StillNamed, View};
use crate::rules::{Desired, Permits, Want};

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
        // The pool's own settings stay as they are by the calls of its branches.
        let steps: Vec<&Step> = steps.iter().filter(|step| step.document.label().is_none()).collect();
        // What a pool is at odds with on the way counts where it was not so before.
        let on_the_way = steps.split_last().map_or(&[][..], |(_, before)| before);
        let before = if on_the_way.is_empty() { Vec::new() } else { cross::breaches(&self.view(self.live)) };
        let known = |breach: &Breach| before.iter().chain(&resulting).any(|known| known.is_same(breach));
        let between = on_the_way.iter().flat_map(|step| cross::breaches(&self.view(&step.to)));
        let between: Vec<Breach> = between.filter(|breach| !known(breach)).collect();
        // Each request meets the pool that the one before it has left.
        let requested = steps.iter().flat_map(|step| {
            let body = step.body(self.catalogue, &self.desired.pool, self.left_out);
            let body = View::of_request(self.catalogue, &self.desired.region, body);
            cross::breaches_of_request(step.operation, &body, || self.view(&step.from))
        });
        let mut breaches: Vec<Breach> = Vec::new();
        let on_the_way =
            |breach: Breach| Breach { text: format!("between two of its calls, {}", breach.text), ..breach };
        let between = between.into_iter().map(on_the_way);
        // A removal of what others name is a conflict of its own, which says who they are.
        let still = LazyCell::new(|| self.still_named());
        let is_of_removal = |breach: &Breach| {
            let found = breach.found.clone().filter(|_| cross::is_of_references(breach.rule));
            found.is_some_and(|found| still.contains(&(breach.root.clone(), found)))
        };
        let of_documents = self.of_documents(changes).into_iter().filter(|breach| !is_of_removal(breach));
        for breach in resulting.into_iter().chain(between).chain(requested).chain(of_documents) {
            if !breaches.iter().any(|known| known.is_same(&breach)) {
                breaches.push(breach);
            }
        }
        let permits = Permits::new(&self.desired.allow, &options.allows, options.today);
        // A plan that needs no MFA document may have been made without it, and another one of the same manifest with
        // it: both have the same notes.
        let reads_mfa = LazyCell::new(|| needs_mfa(self.catalogue, self.desired));
        let is_decided = |breach: &&Breach| {
            let about: Vec<Path> = breach.about().collect();
            !about.iter().any(|setting| self.catalogue.is_in(setting, &DocumentId::MFA))
                || about.iter().any(|setting| changes.iter().any(|change| change.path.overlaps(setting)))
                || *reads_mfa
        };
        let findings =
            breaches.iter().filter(is_decided).filter_map(|breach| self.finding(breach, changes, &permits));
        let not_taken = self.catalogue.not_taken(self.target);
        let names = lookups::findings(self.catalogue, self.live, self.target, (changes, self.desired));
        let twins = twins::findings(self.catalogue, (self.live, self.target), self.desired, options);
        findings.chain(not_taken.iter().map(self::not_taken)).chain(names).chain(twins).collect()
    }

    /// Whether one of these findings is a conflict of a plan alone, or a rule refuses these changes whatever their calls are.
    pub(super) fn refuses(&self, found: &[Finding], changes: &[Change], options: &Options) -> bool {
        if found.iter().any(|finding| finding.level == Level::Conflict && !finding.is_unmet()) {
            return true;
        }
        if changes.is_empty() {
            return false;
        }
        let permits = Permits::new(&self.desired.allow, &options.allows, options.today);
        let breaches = self.breaches().into_iter().chain(self.of_documents(changes));
        let mut findings = breaches.filter_map(|breach| self.finding(&breach, changes, &permits));
        findings.any(|finding| finding.level == Level::Conflict)
    }

    /// The entries of `allow` without an `until` that accept nothing in this plan, given all other findings.
    ///
    /// Without the MFA document, rules and some risks are unknown, and their entries are not reported.
    pub(super) fn unused_allows(&self, found: &[Finding]) -> Vec<Finding> {
        let breaches = LazyCell::new(|| self.breaches());
        let is_used = |allow: &&Allow| {
            let at = allow.path.as_ref().map(|path| &path.value);
            let covers = |path: &Path| at.is_none_or(|at| at.overlaps(path));
            let code = allow.code.value.of_findings();
            let is_known = match &allow.code.value {
                Code::Risk(code) => self.live.mfa().is_some() || Catalogue::is_seen_in_documents(code),
                Code::Rule(code) => self.live.mfa().is_some() && cross::judges_documents(code),
                // Each has an end.
                Code::House(_) => false,
            };
            let is_found = found.iter().any(|one| one.code == code && one.path.as_ref().is_none_or(&covers));
            let is_rule = matches!(allow.code.value, Code::Rule(_));
            !is_known || is_found || is_rule && breaches.iter().any(|breach| breach.rule.code == code)
        };
        let standing = self.desired.allow.iter().filter(|allow| allow.until.is_none());
        standing.filter(|allow| !is_used(allow)).map(unused).collect()
    }

    /// The rules that the planned pool breaks.
    pub(super) fn breaches(&self) -> Vec<Breach> {
        cross::breaches(&self.view(self.target))
    }

    /// A breach as a finding, at the change that causes it, or at the declared member of a document that is new.
    ///
    /// If the plan changes none of the rule's settings, the service has accepted them before: a note. But what a
    /// document names may have gone since.
    fn finding(&self, breach: &Breach, changes: &[Change], permits: &Permits<'_>) -> Option<Finding> {
        let rule = breach.rule;
        let cause = cause(breach, changes);
        let first = || breach.about().next().unwrap_or_default();
        if let Some(finding) = self.of_omission(breach, permits) {
            return Some(finding);
        }
        if cause.is_none() && !cross::is_of_references(rule) {
            // What another document brings about is a finding there.
            if !breach.root.is_root() && !self.was_broken(breach) {
                return None;
            }
            let what = if breach.root.is_root() { "pool".to_owned() } else { format!("`{}`", breach.root) };
            let text =
                format!("the live {what} already has this combination{}: {}", rule.reported(), rule.what);
            return Some(Finding::new(Level::Note, rule.code, &first(), text).help(breach.remedy()));
        }
        let (path, origin) = match cause {
            Some(cause) if cause.form == Form::Document && cause.path.overlaps(&breach.root) => {
                self.declared_at(breach)
            }
            Some(cause) => (cause.path.clone(), cause.origin.as_ref()),
            None => (first(), None),
        };
        let allowed_by = permits.find(&Code::Rule(rule.code.to_owned()), Some(&path));
        // Each update of the document sends it back.
        let text = match cause {
            Some(cause) if cause.path.overlaps(&breach.root) => breach.text.clone(),
            Some(_) => format!("`{}`: {}", breach.root, breach.text),
            None => format!("{}; every update of `{}` fails", breach.text, breach.root),
        };
        let allowed_by = allowed_by.filter(|_| rule.refuses());
        let (level, help) = match (rule.refuses(), &allowed_by) {
            (true, None) => {
                let accept =
                    format!("if the rule no longer applies, accept it with `--allow rule:{}`", rule.code);
                (Level::Conflict, format!("{}; {accept}", breach.remedy()))
            }
            _ => (Level::Warning, breach.remedy()),
        };
        let finding = Finding::new(level, rule.code, &path, text).help(help).origin(origin);
        Some(Finding { allowed_by, ..finding })
    }

    /// The documents that name what the plan removes, each with that name.
    fn still_named(&self) -> FastSet<(Path, String)> {
        let named = |gone: StillNamed| {
            let users = gone.by.into_iter().filter_map(|name| name.user.ok());
            users.map(move |user| (user, gone.name.clone()))
        };
        cross::still_named(self.live, self.target).into_iter().flat_map(named).collect()
    }

    /// Whether a document with a label breaks a rule before the plan.
    fn was_broken(&self, breach: &Breach) -> bool {
        let live = self.view(self.live);
        let id = self.catalogue.locate(&breach.root).document;
        let document = live.document(&id, &[], &|_| false);
        let before = document.map(|view| cross::breaches_of_document(&view)).unwrap_or_default();
        before.iter().any(|known| std::ptr::eq(known.rule, breach.rule))
    }

    /// A breach as a finding at the entry of `omit` that takes a setting of the rule out of the request; `None` if none does.
    fn of_omission(&self, breach: &Breach, permits: &Permits<'_>) -> Option<Finding> {
        let is_its = |path: &&Path| self.is_reset(path) && breach.about().any(|about| about.overlaps(path));
        let omitted = self.left_out.iter().find(is_its).filter(|_| breach.rule.refuses())?;
        let code = breach.rule.code;
        let allowed_by = permits.find(&Code::Rule(code.to_owned()), Some(omitted));
        let level = if allowed_by.is_some() { Level::Warning } else { Level::Conflict };
        let text = format!("{}; requests leave out `{omitted}`", breach.text);
        let help = format!("delete the entry of `omit`, or {}", breach.remedy());
        let entry = self.desired.omit.iter().find(|omit| omit.path.value.overlaps(omitted));
        let finding = Finding::new(level, code, omitted, text).help(help);
        Some(Finding { allowed_by, ..finding }.origin(entry.map(|omit| &omit.path.origin)))
    }

    /// The declared setting that breaks a rule in a document that the plan makes, and its place; the entry if none is.
    fn declared_at(&self, breach: &Breach) -> (Path, Option<&Origin>) {
        let wants = || self.desired.wants.iter();
        let want = breach.about().find_map(|about| {
            let mut near = wants().filter(|want| want.path.overlaps(&about));
            let is_at = |want: &&Want| want.value.as_ref().is_some_and(|value| breach.is_at(value));
            near.clone().find(is_at).or_else(|| near.next())
        });
        let entry = || self.desired.entries.iter().find(|entry| entry.path == breach.root);
        match want {
            Some(want) => (want.path.clone(), want.origin.as_ref()),
            None => (breach.root.clone(), entry().and_then(|entry| entry.origin.as_ref())),
        }
    }

    /// The rules that the documents with labels would break that the plan makes or changes.
    fn of_documents(&self, changes: &[Change]) -> Vec<Breach> {
        let documents = changes.iter().map(|change| self.catalogue.locate(&change.path).document);
        let documents: BTreeSet<DocumentId> = documents.filter(|id| id.label().is_some()).collect();
        if documents.is_empty() {
            return Vec::new();
        }
        let sent = self.sent();
        let pool = self.view(&sent);
        let is_declared = |path: &Path| self.desired.wants.iter().any(|want| want.path == *path);
        // The values of secrets that were not read are not known.
        let withheld = self.desired.withheld_paths();
        let kept = self.left_out.iter().filter(|path| !self.is_reset(path));
        let unknown: Vec<Path> = kept.chain(withheld).cloned().collect();
        let views = documents.iter().filter_map(|id| pool.document(id, &unknown, &is_declared));
        let own = views.flat_map(|view| cross::breaches_of_document(&view));
        // A change can also lead to a breach of a document that stays as it is.
        let mut changed: Vec<&Resource> =
            documents.iter().map(|id| self.catalogue.resource(&self.catalogue.root_of(id))).collect();
        changed.dedup();
        let reached = RESOURCES.into_iter().filter(|of| cross::is_reached(of, &changed));
        let others = reached.flat_map(|of| {
            let labels = self.target.labelled(&of.document).map(|(label, _)| label);
            labels.map(|label| of.document.labelled(label))
        });
        let others = others.filter(|id| !documents.contains(id));
        let views = others.filter_map(|id| pool.document(&id, &unknown, &is_declared));
        let is_new =
            |breach: &Breach| changed.iter().any(|of| breach.rule.reaches(of)) && !self.was_broken(breach);
        let others = views.flat_map(|view| cross::breaches_of_document(&view)).filter(is_new);
        own.chain(others).collect()
    }

    /// The planned documents as the service gets them. What is left out of a document that requests replace whole is gone.
    fn sent(&self) -> Cow<'_, Snapshot> {
        let mut sent = Cow::Borrowed(self.target);
        for path in self.left_out.iter().filter(|path| self.is_reset(path)) {
            self.catalogue.remove(sent.to_mut(), path);
        }
        sent
    }

    /// Whether a document with a label loses the member at this path where a request leaves it out.
    fn is_reset(&self, path: &Path) -> bool {
        let resource = self.catalogue.resource(path);
        resource.has_labels() && resource.sends == Sends::Whole
    }

    /// A document that the manifest does not declare, and that was read for a baseline, is not known: a plan has the same
    /// findings without one.
    fn view<'v>(&'v self, pool: &'v Snapshot) -> View<'v> {
        let is_declared = |root: &Path| self.desired.declared().any(|path| path.is_within(root));
        let alone = RESOURCES.into_iter().filter(|of| of.branch.is_some() && !of.has_labels());
        let read = alone.filter(|of| pool.document(&of.document).is_some()).map(Resource::root);
        let unknown: Vec<Path> = read.filter(|root| !is_declared(root)).collect();
        let unknown = [self.left_out, &unknown].concat();
        View::of_documents(self.catalogue, &self.desired.region, pool, &unknown)
    }
}

/// The change that leads to a breach: at the element or the key that breaks the rule, if there is one.
fn cause<'c>(breach: &Breach, changes: &'c [Change]) -> Option<&'c Change> {
    let is_found = |change: &&Change| match change.path.segs().last() {
        Some(Seg::Member(name) | Seg::Item(name)) if breach.found.as_deref() == Some(name) => true,
        _ => change.after.as_ref().is_some_and(|value| breach.is_at(value)),
    };
    breach.about().find_map(|setting| {
        let mut near = changes.iter().filter(|change| PathPattern::overlap(&setting, &change.path));
        near.clone().find(is_found).or_else(|| near.next())
    })
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
