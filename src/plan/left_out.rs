//! The members left out of the request on purpose: decided once, for the request, its findings and the
//! verification.

use std::cell::LazyCell;

use super::finding::{Finding, Level};
use super::{Options, ownership};
use crate::catalogue::{Alias, Catalogue, Sent, Sign, Unknown};
use crate::document::{Document, Path, Snapshot};
use crate::manifest::Exemption;
use crate::rules::Desired;

/// The input of the decision.
pub(super) struct Choice<'a> {
    pub(super) catalogue: &'a Catalogue,
    /// The pool as it is.
    pub(super) live: &'a Snapshot,
    /// Whether a request has the document of a setting.
    pub(super) is_sent: &'a dyn Fn(&Path) -> bool,
    /// Whether the request has no such member of its document, which the service keeps.
    pub(super) is_kept: &'a dyn Fn(&Path) -> bool,
    /// The request with everything in it.
    pub(super) body: &'a dyn Fn() -> Document,
    pub(super) desired: &'a Desired,
    /// The declared settings, which every request contains.
    pub(super) declared: &'a [Path],
    pub(super) options: &'a Options,
    /// Whether the plan has a request.
    pub(super) writes: bool,
    /// The members that the shown plan leaves out, if there is one: then no others may be left out.
    pub(super) shown: Option<&'a [Path]>,
}

impl Choice<'_> {
    /// The members left out of the request, and the findings about them and about other unknown members.
    pub(super) fn left_out(&self, unknowns: &[Path]) -> (Vec<Path>, Vec<Finding>) {
        let unknown = self.options.unknown;
        let (mut paths, mut findings) = (Vec::new(), Vec::new());
        let body = LazyCell::new(self.body);
        for omit in ownership::omitted(self.desired, self.options.today) {
            match self.catalogue.find(&body, &omit.path.value) {
                Some((path, _)) if self.may_go(&path) => {
                    findings.push(self.omitted(omit, &path));
                    paths.push(path);
                }
                Some(_) => {}
                None if !(self.is_sent)(&omit.path.value) && self.may_be(&omit.path.value) => {}
                None => findings.push(self.unused(omit)),
            }
        }
        for path in unknowns {
            if paths.iter().any(|out| path.is_within(out)) {
                continue;
            }
            if (self.is_kept)(path) {
                findings.push(kept_member(path));
                continue;
            }
            let declared = self.declared.iter().any(|at| at.overlaps(path));
            let goes = unknown == Unknown::Omit && !declared && self.may_go(path);
            let fate = if unknown == Unknown::Omit && !goes { Unknown::Echo } else { unknown };
            // What the manifest declares, or a part of it, is no news.
            if fate != Unknown::Echo || !declared {
                findings.push(unknown_member(path, fate));
            }
            if goes {
                paths.push(path.clone());
            }
        }
        (paths, findings)
    }

    /// Whether a request that has the document of a setting may have the setting.
    fn may_be(&self, path: &Path) -> bool {
        self.catalogue.resource(path).branch.is_none() || self.catalogue.has(self.live, path)
    }

    fn may_go(&self, path: &Path) -> bool {
        self.shown.is_none_or(|shown| shown.iter().any(|out| path.is_within(out)))
    }

    fn unused(&self, omit: &Exemption) -> Finding {
        let path = &omit.path.value;
        let text = format!("`{path}` is omitted, but the request has no such member");
        let older = |alias: &&Alias| alias.send == Sent::Truth && alias.paths().0 == path;
        let help = match self.catalogue.aliases().iter().find(older) {
            Some(alias) => format!("delete the entry; requests send this setting as `{}`", alias.truth),
            None => "delete the entry".to_owned(),
        };
        Finding::new(Level::Warning, "omit-unused", path, text).help(help).origin(Some(&omit.path.origin))
    }

    fn omitted(&self, omit: &Exemption, path: &Path) -> Finding {
        let text = format!("`{path}` is left out of the request: {}", omit.reason);
        let risk = Catalogue::risk_told_by(|sign| matches!(sign, Sign::LeftOut));
        let finding = match risk.filter(|_| self.writes) {
            Some(risk) => Finding::new(Level::Risk, risk.code, path, format!("{text} ({})", risk.text)),
            None => Finding::new(Level::Note, "member-omitted", path, text),
        };
        finding.origin(Some(&omit.path.origin))
    }
}

/// The note on a member that no request has: the update of its document sends what changes.
fn kept_member(path: &Path) -> Finding {
    let text =
        format!("`{path}` is unknown to this version of poolctl and in no request, so Cognito keeps it");
    Finding::new(Level::Note, "unknown-member", path, text)
}

fn unknown_member(path: &Path, unknown: Unknown) -> Finding {
    let finding = |level, what: &str| {
        Finding::new(
            level,
            "unknown-member",
            path,
            format!("`{path}` is unknown to this version of poolctl{what}"),
        )
    };
    match unknown {
        Unknown::Echo => finding(Level::Note, " and sent back unchanged"),
        Unknown::Omit => finding(Level::Warning, " and left out of every request, so it may be lost"),
        Unknown::Stop => finding(Level::Conflict, ", and `--unknown stop` blocks the plan")
            .help("use a newer poolctl, load a newer API model with `--api-model`, or send the member back with `--unknown echo`"),
    }
}
