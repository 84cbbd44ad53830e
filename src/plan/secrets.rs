//! Values that a manifest takes from secrets: on either side of a plan, nobody may see them.

use std::borrow::Cow;

use super::{Change, Finding, Form, Plan};
use crate::catalogue::{Alias, Catalogue};
use crate::document::url::without_userinfo;
use crate::document::{DocumentState, Path, Snapshot, json, strike};
use crate::manifest::Fallback;
use crate::plan::Level;
use crate::rules::Desired;

/// What of a manifest comes from secrets.
#[derive(Clone, Debug, Default)]
pub(super) struct Secrets {
    /// The settings, as the plan addresses them.
    paths: Vec<Path>,
    /// The texts that they are to have.
    texts: Vec<String>,
}

impl Secrets {
    pub(super) fn of(catalogue: &Catalogue, desired: &Desired, addresses: &[Path]) -> Self {
        let mut secrets = Self::default();
        let wants = desired.wants.iter().zip(addresses).filter(|(want, _)| want.is_secret);
        let withheld = desired.withheld.iter().map(|withheld| &withheld.want).filter(|want| want.is_secret);
        let paths =
            wants.clone().flat_map(|(want, at)| [at, &want.path]).chain(withheld.map(|want| &want.path));
        let paths = paths.chain(&desired.secret_paths);
        for name in paths.flat_map(|path| names(catalogue, path)) {
            if !secrets.paths.contains(&name) {
                secrets.paths.push(name);
            }
        }
        for (want, _) in wants {
            let values = want.value.iter().chain(want.lacks.iter().flatten());
            values.for_each(|value| json::texts(value, &mut secrets.texts));
        }
        // A secret may be a part of what is sent.
        secrets.texts.extend(desired.secrets.iter().cloned());
        // A reference whose secret is not set says no more than its name.
        secrets.texts.retain(|text| !text.contains("${secret:"));
        secrets.texts.sort();
        secrets.texts.dedup();
        secrets
    }

    /// Whether the value at `path`, within it or around it contains a secret.
    pub(super) fn holds(&self, path: &Path) -> bool {
        self.paths.iter().any(|secret| secret.overlaps(path))
    }

    /// Marks the changes that show a secret. The change that makes or removes a document shows no member.
    pub(super) fn mark(&self, changes: &mut [Change]) {
        for change in changes.iter_mut().filter(|change| change.form != Form::Document) {
            change.sensitive |= self.holds(&change.path);
        }
    }

    /// Takes the secrets, and the passwords of URLs, out of the sentences of findings.
    pub(super) fn strike(&self, findings: &mut [Finding]) {
        for finding in findings {
            for text in [Some(&mut finding.text), finding.help.as_mut()].into_iter().flatten() {
                let bare = without_userinfo(text);
                let struck = if self.texts.is_empty() { bare } else { strike(&bare, &self.texts).into() };
                if *struck != **text {
                    *text = struck.into();
                }
            }
        }
    }
}

impl Plan {
    /// Whether a value at `path` must not be shown because a secret is part of it.
    pub fn is_secret(&self, path: &Path) -> bool {
        self.secrets.holds(path)
    }

    /// The settings that the manifest takes from secrets, under each of their names.
    pub fn secret_paths(&self) -> &[Path] {
        &self.secrets.paths
    }

    /// The texts that the manifest takes from secrets.
    pub fn secrets(&self) -> &[String] {
        &self.secrets.texts
    }
}

/// The paths at which documents show the setting at `path`: there, under its other name, and where the MFA
/// document repeats it.
fn names(catalogue: &Catalogue, path: &Path) -> Vec<Path> {
    let aliases = catalogue.aliases().iter().map(Alias::paths);
    let twins = aliases.flat_map(|(legacy, truth)| [(legacy, truth), (truth, legacy)]);
    let mirrors = catalogue.mfa_mirrors().map(|(mirror, truth)| (truth, mirror));
    let others = twins.chain(mirrors).filter(|(one, _)| path.overlaps(one)).map(|(one, other)| {
        path.segs().iter().skip(one.segs().len()).fold(other.clone(), |at, seg| at.join(seg.clone()))
    });
    std::iter::once(path.clone()).chain(others).collect()
}

/// What is wanted, with the settings whose secrets are not set where the pool has no value: whatever the secret is, it is
/// to be added there. The references take the place of the values, which no output shows.
pub(super) fn supplied<'a>(catalogue: &Catalogue, live: &Snapshot, desired: &'a Desired) -> Cow<'a, Desired> {
    if desired.withheld.is_empty() {
        return Cow::Borrowed(desired);
    }
    let live = &*live.without_nulls();
    let canonical = catalogue.canonical(live);
    let is_missing = |path: &Path| {
        let is_read = live.state(&catalogue.locate(path).document) != DocumentState::Unread;
        is_read && names(catalogue, path).iter().all(|name| canonical.at(name).is_none())
    };
    let mut desired = desired.clone();
    let missing = desired.subject.withheld.extract_if(.., |one| one.is_unset && is_missing(&one.want.path));
    desired.wants.extend(missing.map(|withheld| withheld.want));
    Cow::Owned(desired)
}

/// The note on a variable whose default is used.
pub(super) fn fallback(fallback: &Fallback) -> Finding {
    let Fallback { name, value, origin } = fallback;
    let text = format!("the variable `{name}` is not set, so its default is used: `{value}`");
    let finding = Finding::new(Level::Note, "variable-default", &Path::root(), text);
    Finding { path: None, ..finding }.origin(Some(origin))
}
