//! Values that a manifest takes from secrets: on either side of a plan, nobody may see them.

use super::{Change, Finding, Plan};
use crate::document::{Json, Path};
use crate::manifest::Fallback;
use crate::plan::Level;
use crate::rules::Desired;

/// The shortest text that is taken out of sentences: a shorter one stands in any by chance.
const SHORTEST: usize = 4;

/// What of a manifest comes from secrets.
#[derive(Clone, Debug, Default)]
pub(super) struct Secrets {
    /// The settings, as the plan addresses them.
    paths: Vec<Path>,
    /// The texts that they are to have.
    texts: Vec<String>,
}

impl Secrets {
    pub(super) fn of(desired: &Desired, addresses: &[Path]) -> Self {
        let mut secrets = Self::default();
        for (want, at) in desired.wants.iter().zip(addresses).filter(|(want, _)| want.is_secret) {
            secrets.paths.push(at.clone());
            if *at != want.path {
                secrets.paths.push(want.path.clone());
            }
            want.value.iter().for_each(|value| texts(value, &mut secrets.texts));
        }
        secrets
    }

    /// Whether a secret stands at `path`, within it or around it.
    pub(super) fn holds(&self, path: &Path) -> bool {
        self.paths.iter().any(|secret| secret.overlaps(path))
    }

    /// Marks the changes that show a secret.
    pub(super) fn mark(&self, changes: &mut [Change]) {
        for change in changes {
            change.sensitive |= self.holds(&change.path);
        }
    }

    /// Takes the secrets out of the sentences of findings.
    pub(super) fn strike(&self, findings: &mut [Finding]) {
        for secret in self.texts.iter().filter(|secret| secret.len() >= SHORTEST) {
            for finding in findings.iter_mut() {
                finding.text = finding.text.replace(secret, "(sensitive)");
                finding.help = finding.help.take().map(|help| help.replace(secret, "(sensitive)"));
            }
        }
    }
}

impl Plan {
    /// Whether a value at `path` must not be shown because a secret is part of it.
    pub fn is_secret(&self, path: &Path) -> bool {
        self.secrets.holds(path)
    }

    /// The texts that the manifest takes from secrets.
    pub fn secrets(&self) -> &[String] {
        &self.secrets.texts
    }
}

fn texts(value: &Json, out: &mut Vec<String>) {
    match value {
        Json::String(text) => out.push(text.clone()),
        Json::Array(elements) => elements.iter().for_each(|element| texts(element, out)),
        Json::Object(members) => members.values().for_each(|member| texts(member, out)),
        _ => {}
    }
}

/// A default is what a manifest falls back to: that nobody gave another may be an oversight.
pub(super) fn fallback(fallback: &Fallback) -> Finding {
    let Fallback { name, value, origin } = fallback;
    let text = format!("the variable `{name}` is not set, and its default is used: `{value}`");
    let finding = Finding::new(Level::Note, "variable-default", &Path::root(), text);
    Finding { path: None, ..finding }.origin(Some(origin))
}
