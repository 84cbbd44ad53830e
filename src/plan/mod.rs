//! What an apply would do: the difference between a pool and what is wanted of it, and the calls
//! that make the one the other.

mod change;
mod diff;
mod finding;
mod fixed;
mod left_out;
mod restore;
mod steps;
mod target;
#[cfg(test)]
mod tests;
mod verify;

pub use change::{Action, Change, Form};
pub use diff::diff;
pub use finding::{Finding, Level};
pub use restore::{Scope, inverse};
pub use verify::{Deviation, Movement, Stale};

use std::ops::Range;

use crate::catalogue::{Catalogue, Operation, Unknown};
use crate::document::{Json, Object, Path, Snapshot};
use crate::rules::{Desired, Want};

/// What an apply would do to one pool. The plan that is printed is the plan that is carried out.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The pool.
    pub pool: Pool,
    /// The documents that the plan was made from, verbatim.
    pub base: Snapshot,
    /// The documents as they are to be.
    pub target: Snapshot,
    /// The settings that change, in the API's order.
    pub changes: Vec<Change>,
    /// What a reader must know beside them, weightiest first.
    pub findings: Vec<Finding>,
    /// The calls, in their order; none where nothing changes.
    pub steps: Vec<Step>,
    /// How many settings of the pool, other than defaults, nobody manages.
    pub unmanaged: usize,
    /// The settings that are declared, as the plan addresses them.
    pub declared: Vec<Path>,
    /// The live members that stay out of the request.
    pub left_out: Vec<Path>,
    /// The places in the manifest, in bytes, whose text must not be shown.
    pub hidden: Vec<Range<usize>>,
}

/// The pool that a plan is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Its id.
    pub id: String,
    /// Its name as it is live.
    pub name: String,
    /// The Region whose endpoint serves it.
    pub region: String,
    /// The manifest, or the backup, that the wants come from.
    pub file: String,
}

/// One call of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is called.
    pub operation: Operation,
    /// The complete body.
    pub body: Object,
    /// The documents as they are to be after it.
    pub target: Snapshot,
}

impl Plan {
    /// Plans what is wanted of a pool against its live documents.
    pub fn new(catalogue: &Catalogue, live: Snapshot, desired: &Desired, unknown: Unknown) -> Self {
        Self::made(catalogue, live, desired, unknown, None)
    }

    /// Plans the same wants from a later read. Members that this plan did not show as left out are not
    /// left out then either: they go back as they are.
    #[must_use]
    pub fn again(&self, catalogue: &Catalogue, now: Snapshot, desired: &Desired, unknown: Unknown) -> Self {
        Self::made(catalogue, now, desired, unknown, Some(&self.left_out))
    }

    fn made(
        catalogue: &Catalogue,
        live: Snapshot,
        desired: &Desired,
        unknown: Unknown,
        shown: Option<&[Path]>,
    ) -> Self {
        let target::Target { snapshot, mut findings, addresses } = target::target(catalogue, &live, desired);
        let canonical = catalogue.canonical(&live);
        let mut changes = diff(catalogue, &canonical, &catalogue.canonical(&snapshot));
        for change in &mut changes {
            change.origin = origin(&change.path, desired, &addresses);
        }
        let mut unknowns = catalogue.unknown(&live);
        // What the plan changes is shown as a change.
        unknowns.retain(|path| !changes.iter().any(|change| change.path.overlaps(path)));
        let body = catalogue.update_request(&desired.pool, &snapshot, &[]);
        let choice =
            left_out::Choice { catalogue, body: &body, desired, declared: &addresses, unknown, shown };
        let (left_out, told) = choice.left_out(&unknowns);
        findings.extend(told);
        findings.extend(co_owned(&live));
        findings.sort_by_key(|finding| finding.level);
        let steps = steps::steps(catalogue, &desired.pool, &changes, (&live, &snapshot), &left_out);
        let name = live.pool.get("Name").and_then(Json::as_str).unwrap_or(&desired.pool).to_owned();
        let pool = Pool {
            id: desired.pool.clone(),
            name,
            region: desired.region.clone(),
            file: desired.file.clone(),
        };
        // A backup's wants are not what somebody manages.
        let managed = desired.wants.iter().any(|want| want.origin.is_some()) || desired.wants.is_empty();
        let unmanaged = if managed { unmanaged(catalogue, &canonical, &addresses) } else { 0 };
        Self {
            pool,
            base: live,
            target: snapshot,
            changes,
            findings,
            steps,
            unmanaged,
            declared: addresses,
            left_out,
            hidden: desired.hidden.clone(),
        }
    }

    /// The findings of this level.
    pub fn findings(&self, level: Level) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.level == level)
    }

    /// Whether something stands in the way of carrying it out.
    pub fn is_refused(&self) -> bool {
        self.findings(Level::Conflict).next().is_some()
    }
}

/// The place in the manifest that asks for the change at `path`.
fn origin(path: &Path, desired: &Desired, addresses: &[Path]) -> Option<crate::manifest::Origin> {
    let asked = |(_, at): &(&Want, &Path)| at.overlaps(path);
    desired.wants.iter().zip(addresses).find(asked).and_then(|(want, _)| want.origin.clone())
}

/// CloudFormation tags what it owns; the tag is AWS's own and says who else may write.
fn co_owned(live: &Snapshot) -> Option<Finding> {
    let tag = "aws:cloudformation:stack-name";
    let stack = live.pool.get("UserPoolTags")?.get(tag)?.as_str()?;
    let path = Path::members(["UserPoolTags", tag]);
    let text =
        format!("the CloudFormation stack `{stack}` owns this pool too and may undo what poolctl does");
    Some(Finding::new(Level::Note, "co-owned", &path, text))
}

/// Counts the members that differ from their default and that no declared path covers.
fn unmanaged(catalogue: &Catalogue, canonical: &Object, declared: &[Path]) -> usize {
    let settings = canonical.iter().filter(|(name, _)| catalogue.is_sendable(name));
    let settings = settings.map(|(name, value)| (name.clone(), value.clone())).collect();
    let live = diff(catalogue, &Object::new(), &settings);
    live.iter().filter(|change| !declared.iter().any(|at| at.overlaps(&change.path))).count()
}
