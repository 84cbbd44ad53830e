//! Members that come and go with others: one replaces another, and one that no read has is sent with the rest.

use super::finding::{Finding, Level, NOT_COMPARED};
use super::leftover::is_restored;
use super::target::Patch;
use crate::catalogue::{Fill, Needed, RESOURCES, Replaced, Resource, Sends};
use crate::document::{Document, DocumentId, Json, Path, Snapshot};
use crate::rules::{Desired, Want};

impl Patch<'_> {
    /// Takes out undeclared members that a declared one replaces. Returns the members that the service may set again.
    pub(super) fn drop_replaced(&mut self, desired: &Desired, declared: &[Path]) -> Vec<Path> {
        let mut set_again = Vec::new();
        for (resource, id) in self.documents(|resource| resource.replacements().next().is_some()) {
            let root = resource.root_of(&id);
            for Replaced { drops, by } in resource.replacements() {
                let [drops, by] = [drops, by].map(|text| root.extended(crate::catalogue::path(text).segs()));
                let comes = self.touched.contains(&by) && self.catalogue.has(&self.snapshot, &by);
                let is_its = |(want, path): (&Want, &Path)| want.value.is_some() && path.is_within(&drops);
                let is_declared = || desired.wants.iter().zip(declared).any(is_its);
                if comes && self.catalogue.has(&self.snapshot, &drops) && !is_declared() {
                    self.catalogue.remove(&mut self.snapshot, &drops);
                    let row = self.catalogue.setting(&drops).and_then(|field| field.row);
                    set_again.extend(row.is_some_and(|row| row.fill == Fill::Any).then_some(drops));
                }
            }
        }
        set_again
    }

    /// Whether the removal of a URL leaves it as it is: the service has taken it from the one that it follows, and takes
    /// it from there again.
    ///
    /// A URL of another host may have been chosen, or may come back: only an apply can tell.
    pub(super) fn comes_back(&mut self, want: &Want, at: &Path) -> bool {
        let followed = self.catalogue.setting(at).and_then(|field| field.row?.follows);
        let (Some(followed), None, true) = (followed, &want.value, self.canonical.at(at).is_some()) else {
            return false;
        };
        if self.catalogue.is_fresh(self.canonical, at) {
            return true;
        }
        let root = self.catalogue.document_root(at);
        let followed = root.extended(crate::catalogue::path(followed).segs());
        let text = format!(
            "Cognito may set `{at}` again: without a value, it takes the one that it discovers by `{followed}`"
        );
        let finding = Finding::new(Level::Warning, "discovered-again", at, text);
        let help = "apply this once, then delete the line: as long as it is there, each plan removes the value again";
        self.findings.push(finding.help(help).origin(want.origin.as_ref()));
        false
    }

    /// Adds declared members that no read has to what is sent, and finds what cannot be sent without them.
    pub(super) fn add_hidden(&mut self, live: &Snapshot, desired: &Desired, declared: &[Path]) {
        for (want, at) in desired.wants.iter().zip(declared).filter(|(want, _)| desired.takes(&want.path)) {
            let is_its =
                self.catalogue.is_unread(at) && self.catalogue.owner(at).is_some() && !self.is_new(at);
            let Some(value) = want.value.as_ref().filter(|_| is_its) else { continue };
            let place = self.catalogue.locate(at);
            // Where the read shows that there is none, the value is a change.
            let is_added = !self.catalogue.is_hidden(at) && self.canonical.at(at).is_none();
            let is_sent = self.is_sent(live, place.resource, &place.document, &place.path);
            if is_sent {
                self.catalogue.set(&mut self.snapshot, at, value.clone());
            }
            if is_added || self.snapshot.document(&place.document).is_none() {
                continue;
            }
            let text = format!("`{at}` is not compared, because Cognito never returns it");
            let around = at.parent().unwrap_or_default();
            let (text, help) = match is_sent {
                true => (format!("{text}; this change sends it too"), None),
                false => {
                    (text, Some(format!("to send a new value, change another member of `{around}` too")))
                }
            };
            let finding = Finding::new(Level::Note, NOT_COMPARED, at, text).origin(want.origin.as_ref());
            self.findings.push(Finding { help: help.map(Into::into), ..finding });
        }
        for (resource, id) in self.documents(|resource| !resource.needed.is_empty()) {
            let lacking = resource.needed.iter().filter(|needed| self.lacks(live, resource, &id, needed));
            let root = resource.root_of(&id);
            let lacking: Vec<&Needed> = lacking.collect();
            if let Some(needed) = lacking.first().filter(|_| is_restored(desired, &root)) {
                let at = root.extended(crate::catalogue::path(needed.member).segs());
                self.keep_unsendable(live, &id, &at);
                continue;
            }
            self.findings.extend(lacking.iter().filter_map(|needed| lacks_hidden(needed, &root, desired)));
        }
    }

    /// The documents of such resources.
    fn documents(&self, such: impl Fn(&Resource) -> bool) -> Vec<(&'static Resource, DocumentId)> {
        let resources = RESOURCES.into_iter().filter(|resource| such(resource));
        let documents = |resource: &'static Resource| {
            resource.documents_in(&self.snapshot).into_iter().map(move |id| (resource, id))
        };
        resources.flat_map(documents).collect()
    }

    /// Whether requests have the member of this document that a path in it begins with: the plan changes it, or
    /// the document around it if requests have whole ones.
    fn is_sent(&self, live: &Snapshot, resource: &Resource, id: &DocumentId, path: &Path) -> bool {
        let (now, before) = (self.snapshot.document(id), live.document(id));
        if resource.sends == Sends::Whole {
            return now.is_some() && now != before;
        }
        let top = path.head().unwrap_or_default();
        let member = |of: Option<&Document>| of.and_then(|document| document.get(top)).cloned();
        member(now).is_some() && member(now) != member(before)
    }

    /// Whether a document lacks what its request needs.
    fn lacks(&self, live: &Snapshot, resource: &Resource, id: &DocumentId, needed: &Needed) -> bool {
        let (Some(document), member) = (self.snapshot.document(id), crate::catalogue::path(needed.member))
        else {
            return false;
        };
        let (name, value) = needed.of;
        let own = document.get(name).and_then(Json::as_str);
        let is_its = own.is_some_and(|own| value.is_none_or(|value| own == value));
        is_its && document.at(member).is_none() && self.is_sent(live, resource, id, member)
    }
}

/// The conflict of a request that needs a value which no read has. `None` if the manifest declares a secret there
/// that was not read.
fn lacks_hidden(needed: &Needed, root: &Path, desired: &Desired) -> Option<Finding> {
    let at = &root.extended(crate::catalogue::path(needed.member).segs());
    if desired.withheld_paths().any(|path| path == at) {
        return None;
    }
    let around = at.parent().unwrap_or_default();
    let text = format!("a request with `{around}` needs `{at}`, which Cognito never returns");
    let cause = desired.wants.iter().find(|want| want.path.is_within(root));
    let finding = Finding::new(Level::Conflict, "hidden-member", at, text);
    let help = format!("declare `{at}`, for example as {}", needed.example);
    Some(finding.help(help).origin(cause.and_then(|want| want.origin.as_ref())))
}
