//! What a restore leaves as it is: a change that Cognito would refuse, or that would break what others name. The rest is
//! restored.

use super::finding::{Finding, Level};
use super::target::Patch;
use crate::document::{DocumentId, Path, Snapshot};
use crate::rules::{Desired, cross};

/// Whether a restore, and no manifest, is about the document at this path.
pub(super) fn is_restored(desired: &Desired, root: &Path) -> bool {
    let entry = desired.entries.iter().find(|entry| entry.path == *root);
    entry.is_some_and(|entry| entry.origin.is_none())
}

impl Patch<'_> {
    /// Keeps what a restore would remove while other documents still name it.
    pub(super) fn keep_named(&mut self, live: &Snapshot, desired: &Desired) {
        for still in cross::still_named(live, &self.snapshot) {
            let root = self.catalogue.root_of(&still.owner);
            if !is_restored(desired, &root) {
                continue;
            }
            let kept = cross::kept(live, &self.snapshot, &still);
            self.snapshot.put(still.owner.clone(), kept);
            let text =
                format!("`{}` stays, because {} still name it: {}", still.name, still.users, still.by_name());
            let finding = Finding::new(Level::Warning, "still-named", &root, text);
            self.findings.push(finding.help(format!("{}, then restore again", still.remedy)));
        }
    }

    /// Keeps the member of a document that a restore cannot send, because its request needs a value that no read has: so a
    /// document that was removed is not made again.
    pub(super) fn keep_unsendable(&mut self, live: &Snapshot, id: &DocumentId, needed: &Path) {
        let root = self.catalogue.root_of(id);
        let around = needed.parent().unwrap_or_default();
        let member = self.catalogue.locate(&around).path;
        let why = format!("a request needs `{needed}`, which neither Cognito nor a backup has");
        let (text, help) = match (live.document(id), member.head()) {
            (Some(before), Some(top)) => {
                let value = before.get(top).cloned();
                let document = self.snapshot.document_mut(id.clone());
                document.retain(|name, _| name != top);
                value.into_iter().for_each(|value| document.insert(top, value));
                let help = format!("declare `{around}` with this value in a manifest, and apply that");
                (format!("`{around}` stays as it is: {why}"), help)
            }
            _ => {
                self.not_again(id, &root);
                let help = format!(
                    "declare `{root}` with this value in a manifest, and apply that; then restore again"
                );
                (format!("`{root}` is not made again: {why}"), help)
            }
        };
        self.findings.push(Finding::new(Level::Warning, "hidden-member", &root, text).help(help));
        if self.snapshot.document(id).is_none() {
            self.drop_names(live, id);
        }
    }

    /// Does not make documents again whose only name is that of a document which is gone, or gets another id.
    pub(super) fn leave_orphans(&mut self, live: &Snapshot, desired: &Desired) {
        for (id, name) in cross::orphans(live, &self.snapshot) {
            let root = self.catalogue.root_of(&id);
            if !is_restored(desired, &root) {
                continue;
            }
            self.not_again(&id, &root);
            let text = format!(
                "`{root}` is not made again: it names `{name}`, which the pool does not have any more"
            );
            let help = format!("declare `{root}` with the new id in a manifest, and apply that");
            self.findings.push(Finding::new(Level::Warning, "name-gone", &root, text).help(help));
        }
    }

    /// Does not make a document.
    fn not_again(&mut self, id: &DocumentId, root: &Path) {
        self.snapshot.put(id.clone(), None);
        self.made.remove(root);
        self.findings.retain(|finding| finding.path.as_ref() != Some(root));
    }

    /// Takes the name of a document that is not made again out of the app clients that would name it again.
    fn drop_names(&mut self, live: &Snapshot, gone: &DocumentId) {
        for (client, document) in cross::without_name(live, &self.snapshot, gone) {
            let path = self.catalogue.root_of(&client);
            let text = format!("`{path}` does not name `{}` again", self.catalogue.root_of(gone));
            self.findings.push(Finding::new(Level::Warning, "hidden-member", &path, text));
            self.snapshot.put(client, Some(document));
        }
    }
}
