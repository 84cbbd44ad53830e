//! Comparison with a baseline: whether the manifest, the pool or both changed, and the released settings.

use super::{
    Change, Finding, Level, Options, Plan, Undeclared, compared, creation, diff, surroundings, twins,
};
use crate::catalogue::{Catalogue, Removal, literal};
use crate::document::url::printable;
use crate::document::{FastSet, Json, Path, json};
use crate::rules::{Desired, ManifestPool, PoolTag};

/// The side that changed since the baseline, for a difference between a pool and its manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The manifest changed; the pool is as in the baseline, or the baseline does not declare the setting.
    Pending,
    /// The pool changed; the manifest is as in the baseline.
    Drifted,
    /// Both changed.
    Both,
}

impl Direction {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Drifted => "drifted",
            Self::Both => "both",
        }
    }
}

/// The treatment of settings that the baseline manages and the manifest does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Released {
    /// They stay as they are, and are listed.
    #[default]
    Keep,
    /// They block the plan, and count as drift.
    Fail,
}

/// An earlier manifest, as far as it can be compared with a later one.
fn as_far_as(baseline: &Desired, desired: &Desired) -> Desired {
    let tag = baseline.tag.is_some().then(|| desired.tag.clone()).flatten();
    let subject = ManifestPool { only: desired.only.clone(), tag, ..baseline.subject.clone() };
    let mut baseline = Desired { subject, ..baseline.clone() };
    if desired.tag.is_none() {
        // The tag stays where the manifest has the id by now.
        baseline.wants.retain(|want| want.path != PoolTag::path());
    }
    baseline
}

impl Plan {
    /// The plan or drift report, compared with a baseline: an earlier manifest of the same pool, with the name of the
    /// baseline.
    #[must_use]
    pub fn since(
        mut self,
        catalogue: &Catalogue,
        (baseline, name): (&Desired, &str),
        desired: &Desired,
        options: &Options,
        released: Released,
    ) -> Self {
        let live = self.base.without_nulls();
        let baseline = &as_far_as(baseline, desired);
        let then = compared::compare(catalogue, &live, baseline, options);
        let now = compared::compare(catalogue, &live, desired, options);
        let asked = diff(catalogue, &then.wanted, &now.wanted);
        // The earlier value of a variable or a secret is not known.
        let given = |desired: &Desired, addresses: &[Path], path: &Path| {
            let mut wants = desired.wants.iter().zip(addresses);
            wants.any(|(want, at)| at.overlaps(path) && desired.given.contains(&want.path))
        };
        for change in &mut self.report.changes {
            let is_given = given(baseline, &then.addresses, &change.path);
            change.direction = match (is_among(&asked, &change.path), is_among(&then.changes, &change.path)) {
                (true, false) => Some(Direction::Pending),
                (false, true) => Some(Direction::Drifted),
                (true, true) => Some(Direction::Both),
                // Neither manifest declares it.
                (false, false) => None,
            };
            change.direction = change.direction.filter(|_| !is_given);
        }
        let omitted = |path: &Path| desired.omit.iter().any(|omit| omit.path.value.overlaps(path));
        let withheld = baseline.withheld_paths();
        let entries = baseline.entries.iter().filter(|entry| !entry.is_removed).map(|entry| &entry.path);
        let entries: FastSet<&Path> = entries.collect();
        let declared: Vec<&Path> = then.addresses.iter().chain(withheld).collect();
        // An entry declares that its document exists, and no setting of it.
        let managed = |path: &Path| entries.contains(path) || declared.iter().any(|at| at.overlaps(path));
        // A setting that is already as `null` would make it needs no remedy.
        let is_reset = |left: &Undeclared| match catalogue.removal(&left.path) {
            Removal::Send(text) => json::same(&literal(text), &left.live),
            _ => false,
        };
        let left = now.undeclared.into_iter().filter(|left| managed(&left.path) && !omitted(&left.path));
        let left = left.filter(|left| !is_reset(left));
        for left in left {
            let level = match released {
                Released::Fail if !self.report.is_drift => Level::Conflict,
                _ => Level::Warning,
            };
            self.report.findings.push(finding(catalogue, &left, name, level));
            self.lets_go(left, released);
        }
        self.tell_recreated(catalogue, (baseline, name), desired, options);
        self.report.findings.sort_by_key(|finding| finding.level);
        let told = surroundings::told(&self.report.changes, &self.report.findings);
        let told = told.chain(self.report.undeclared.iter().map(|setting| &setting.path));
        self.report.surroundings =
            surroundings::around(catalogue, told, &self.report.left_out, &self.base, &self.target);
        self
    }

    /// Adds the risks of documents that the plan makes although the baseline has them.
    fn tell_recreated(
        &mut self,
        catalogue: &Catalogue,
        baseline: (&Desired, &str),
        desired: &Desired,
        options: &Options,
    ) {
        if !self.report.is_drift {
            // Nothing that a pool has can be there before the pool itself.
            match desired.is_new() {
                true => self.report.findings.extend(creation::vanished(baseline, desired, options)),
                false => {
                    let again = twins::recreated(catalogue, &self.report.changes, baseline, desired, options);
                    self.report.findings.extend(again);
                }
            }
        }
    }

    /// Marks a setting in a drift report as released; it counts with [`Released::Fail`].
    fn lets_go(&mut self, left: Undeclared, released: Released) {
        if !self.report.is_drift {
            return;
        }
        match self.report.undeclared.iter_mut().find(|setting| setting.path == left.path) {
            Some(setting) => setting.is_released = true,
            None if released == Released::Fail => {
                self.report.unmanaged = self.report.unmanaged.saturating_sub(usize::from(!left.is_fresh));
                self.report.undeclared.push(Undeclared { is_released: true, ..left });
            }
            None => {}
        }
    }
}

/// Whether one of these changes is of the setting at `path`, or of something in it or around it.
fn is_among(changes: &[Change], path: &Path) -> bool {
    changes.iter().any(|other| other.path.overlaps(path))
}

fn finding(catalogue: &Catalogue, left: &Undeclared, name: &str, level: Level) -> Finding {
    let live = Shown(&printable(&left.live)).to_string();
    let is_short = live.chars().count() <= SHORT && !live.contains('\n');
    let live = if left.sensitive || !is_short { "as it is".to_owned() } else { live };
    let document = catalogue.resource(&left.path).noun().filter(|_| catalogue.is_document(&left.path));
    if let Some(one) = document {
        let text = format!("`{}` was declared in {name}, and is now unmanaged: the {one} stays", left.path);
        let help = format!(
            "write `remove: true` with a `reason` to remove the {one}, or add it to `ignore` if others manage it"
        );
        return Finding::new(level, "released", &left.path, text).help(help);
    }
    let text = format!(
        "`{}` was declared in {name}, and is now unmanaged: it stays {live} (Cognito's default: {})",
        left.path,
        default(catalogue, &left.path),
    );
    Finding::new(level, "released", &left.path, text).help(remedy(catalogue, &left.path))
}

/// The maximum length of a value in a sentence.
const SHORT: usize = 100;

/// A value in a sentence.
struct Shown<'a>(&'a Json);

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Json::String(text) => write!(f, "`{text}`"),
            value => write!(f, "`{}`", json::spaced(value)),
        }
    }
}

/// Cognito's default of the setting, in words.
fn default(catalogue: &Catalogue, path: &Path) -> String {
    let row = catalogue.setting(path).and_then(|field| field.row);
    match (row.and_then(|row| row.default), catalogue.removal(path)) {
        (Some(text), _) | (None, Removal::Send(text)) => Shown(&literal(text)).to_string(),
        (None, Removal::SendRegion) => "the pool's Region".to_owned(),
        (None, Removal::Omit) => "none".to_owned(),
        (None, Removal::Impossible(_)) => "none".to_owned(),
    }
}

fn remedy(catalogue: &Catalogue, path: &Path) -> String {
    let at = path.written_at();
    match catalogue.removal(&at) {
        Removal::Impossible(reason) => {
            format!("declare the setting again, or add it to `ignore` if others manage it ({reason})")
        }
        _ => format!("set `{at}` to `null` to reset it, or add it to `ignore` if others manage it"),
    }
}
