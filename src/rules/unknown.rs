//! A name that is no setting here, and what was meant by it.

use super::value::{Checker, leaf};
use crate::catalogue::{Elsewhere, Field, is_same_name, pattern_path};
use crate::document::{DocumentId, Path};
use crate::manifest::yaml::{Value, YamlEntry};
use crate::manifest::{Diagnostic, MAX_FINDINGS, own_keys, similar};

impl Checker<'_> {
    /// A member that the model does not have.
    pub(super) fn unknown(&mut self, at: &Path, entry: &YamlEntry) {
        self.hide_what_sounds_secret(entry);
        if self.findings.len() > MAX_FINDINGS {
            return;
        }
        let message = match at.parent().filter(|parent| !parent.is_root()) {
            Some(parent) => format!("`{parent}` has no member `{}`", entry.key),
            None => format!("Cognito has no setting `{}`", entry.key),
        };
        let finding = Diagnostic::error("unknown-setting", message, entry.origin.clone(), "unknown");
        if let Some(help) = self.unnested(at, &entry.key) {
            return self.report(finding.help(help));
        }
        let tabled = self.catalogue.elsewhere(at, &entry.key);
        let listed = match tabled {
            Some(Elsewhere::Setting(setting)) => setting.parse().ok().map(|path| in_entry(at, &path)),
            _ => None,
        };
        // A similar name in the same structure is more likely than the same name elsewhere.
        let here = match tabled {
            Some(Elsewhere::Instead(_)) => self.beside(at, &entry.key),
            _ => self.meant_here(at, &entry.key, listed.clone()),
        };
        let near = match (&here, tabled, at.parent().filter(|parent| !parent.is_root())) {
            (None, None, Some(parent)) => self.close(at, &entry.key).map(|close| parent.member(&close)),
            _ => None,
        };
        let is_near = near.is_some();
        // Names of other branches are no setting of an entry.
        let named = || match tabled.is_some() || is_in_branch(at) {
            true => None,
            false => self.named(&entry.key).into_iter().next(),
        };
        let meant = here.or(near).or(listed).or_else(named);
        let help = match (&meant, tabled) {
            (Some(setting), _) if is_near => format!("did you mean `{}`?", leaf(setting)),
            (Some(setting), _) if setting.segs().last() != at.segs().last() => format!("write `{setting}`"),
            (Some(setting), _) => {
                // The right name, in the wrong place.
                let setting = self.catalogue.pattern(setting).unwrap_or_else(|| setting.to_string());
                format!("did you mean `{setting}`?")
            }
            (None, Some(Elsewhere::Instead(remedy))) => remedy.to_owned(),
            (None, _) => self.no_setting(at, &entry.key),
        };
        self.report(finding.help(help));
        // The names below it may have the same mistake.
        if let (Some(setting), Value::Mapping(entries)) = (meant, &entry.value.value) {
            for entry in entries {
                let inner = setting.member(&entry.key);
                if self.catalogue.setting(&inner).is_none() {
                    self.unknown(&inner, entry);
                }
            }
        }
    }

    /// What to do about a name that means nothing.
    fn no_setting(&self, at: &Path, name: &str) -> String {
        if let Some(close) = self.close(at, name) {
            return format!("did you mean `{close}`?");
        }
        let is_own = name.starts_with(|first: char| first.is_ascii_lowercase());
        let labelled = at.head().filter(|head| is_own && DocumentId::is_labelled(head));
        let around = at.parent().and_then(|parent| parent.segs().get(2).map(ToString::to_string));
        let hangs = |branch| DocumentId::hanging(branch).any(|(key, _)| Some(key) == around.as_deref());
        match (labelled, at.segs().len()) {
            (Some(branch), 3) => only_own(&own_keys(branch, false)),
            (Some(branch), 4) if hangs(branch) => only_own(&own_keys(branch, true)),
            _ => "correct the name, or move it to `passthrough` if it is newer than this poolctl".to_owned(),
        }
    }

    /// The setting of this name next to `at`, within the structure around `at`, or within the whole setting at
    /// the top; `tabled` is what its name in another tool means.
    fn meant_here(&self, at: &Path, name: &str, tabled: Option<Path>) -> Option<Path> {
        if let Some(beside) = self.beside(at, name) {
            return Some(beside);
        }
        let parent = at.parent()?;
        let inside = |outer: &Path, path: &Path| !parent.is_root() && path.is_within(outer);
        let named: Vec<Path> = self.named(name).iter().map(|path| under_label(at, path)).collect();
        let mut tabled = named.iter().cloned().chain(tabled).filter(|path| inside(&parent, path));
        tabled.next().or_else(|| named.into_iter().find(|path| inside(&parent.prefix(1), path)))
    }

    /// The setting next to `at` of this name, also if it is written in another way.
    fn beside(&self, at: &Path, name: &str) -> Option<Path> {
        let sibling = self.catalogue.siblings(at).into_iter().find(|sibling| is_same_name(sibling, name))?;
        Some(at.parent()?.member(sibling))
    }

    /// What to write in the place of a key that is the path of a setting from here.
    fn unnested(&self, at: &Path, key: &str) -> Option<String> {
        let path: Path = key.parse().ok()?;
        let (leaf, within) = path.segs().split_last().filter(|(_, within)| !within.is_empty())?;
        self.catalogue.setting(&at.parent()?.extended(path.segs()))?;
        let open: String = within.iter().map(|seg| format!("{seg}: {{ ")).collect();
        Some(format!("write one name in the other: `{open}{leaf}: …{}`", " }".repeat(within.len())))
    }

    /// The settings of this name, also if it is written in another way, such as `minimum_length`.
    fn named(&self, name: &str) -> Vec<Path> {
        let patterns = self.catalogue.patterns();
        let is_named = |path: &&String| path.rsplit('.').next().is_some_and(|leaf| is_same_name(leaf, name));
        patterns.iter().filter(is_named).map(|pattern| pattern_path(pattern)).collect()
    }

    /// Reports a key of a map that is a known one in another way of writing, and whether it is.
    pub(super) fn respelled(&mut self, at: &Path, field: &Field<'_>, entry: &YamlEntry) -> bool {
        let Some(within) = field.row.and_then(|row| row.path.strip_suffix('*')) else { return false };
        let mut known =
            self.catalogue.resource(at).rows.iter().filter_map(|row| row.path.strip_prefix(within));
        let Some(known) = known.find(|known| *known != entry.key && is_same_name(known, &entry.key)) else {
            return false;
        };
        let parent = at.parent().unwrap_or_default();
        let message = format!("`{parent}` has no member `{}`", entry.key);
        let error = Diagnostic::error("unknown-setting", message, entry.origin.clone(), "unknown");
        self.report(error.help(format!("did you mean `{known}`?")));
        true
    }

    /// The setting next to `at` with the most similar name.
    fn close(&self, at: &Path, name: &str) -> Option<String> {
        similar(name, self.catalogue.siblings(at)).map(str::to_owned)
    }
}

/// What to do about a name in lower case that is neither a setting nor one of these.
fn only_own(own: &[&str]) -> String {
    format!("settings begin with a capital; poolctl's keys are {}", own.join(", "))
}

/// Whether a place is in a branch.
fn is_in_branch(at: &Path) -> bool {
    at.head().is_some_and(DocumentId::is_branch)
}

/// The setting at a path in the entry of a branch that `at` is in; the path itself if it is in none.
fn in_entry(at: &Path, inside: &Path) -> Path {
    match at.head() {
        Some(head) if DocumentId::is_labelled(head) => at.prefix(2).extended(inside.segs()),
        Some(head) if DocumentId::is_branch(head) => at.prefix(1).extended(inside.segs()),
        _ => inside.clone(),
    }
}

/// A setting of any entry as that of the entry that `at` is in, if both are of one branch.
fn under_label(at: &Path, setting: &Path) -> Path {
    let is_same = at.head().filter(|head| DocumentId::is_labelled(head)) == setting.head();
    match setting.segs().get(2..) {
        Some(inside) if is_same => at.prefix(2).extended(inside),
        _ => setting.clone(),
    }
}
