//! What an apply would do: the difference between a pool and what is wanted of it, and the calls
//! that make the one the other.

mod change;
mod diff;
mod finding;
mod fixed;
mod judge;
mod left_out;
mod ownership;
#[cfg(test)]
mod ownership_tests;
mod restore;
mod risks;
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
use crate::rules::{Allows, Desired, Want};

/// What a plan goes by beside the manifest and the pool.
#[derive(Clone, Debug)]
pub struct Options {
    /// What to do with live members that the model does not know.
    pub unknown: Unknown,
    /// The day on which the plan is made, in UTC: entries of a manifest may hold until a day.
    pub today: time::Date,
    /// What the command line lets through.
    pub allows: Allows,
}

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
    /// How many settings of the pool, other than defaults, nobody declares or ignores.
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
    pub fn new(catalogue: &Catalogue, live: Snapshot, desired: &Desired, options: &Options) -> Self {
        Self::made(catalogue, live, desired, options, None)
    }

    /// Plans the same wants from a later read. Members that this plan did not show as left out are not
    /// left out then either: they go back as they are.
    #[must_use]
    pub fn again(&self, catalogue: &Catalogue, now: Snapshot, desired: &Desired, options: &Options) -> Self {
        Self::made(catalogue, now, desired, options, Some(&self.left_out))
    }

    fn made(
        catalogue: &Catalogue,
        live: Snapshot,
        desired: &Desired,
        options: &Options,
        shown: Option<&[Path]>,
    ) -> Self {
        let target::Target { snapshot, mut findings, addresses } = target::target(catalogue, &live, desired);
        let canonical = catalogue.canonical(&live);
        let wanted = catalogue.canonical(&snapshot);
        let mut changes = diff(catalogue, &canonical, &wanted);
        for change in &mut changes {
            change.origin = origin(&change.path, desired, &addresses);
        }
        findings.extend(risks::findings((&canonical, &wanted), &changes, &addresses, desired, options));
        findings.extend(ownership::findings(desired, options.today));
        let unmanaged = ownership::unmanaged(catalogue, &canonical, &addresses, desired, options.today);
        findings.extend(ownership::reported(&unmanaged, desired));
        let mut unknowns = catalogue.unknown(&live);
        // What the plan changes is shown as a change.
        unknowns.retain(|path| !changes.iter().any(|change| change.path.overlaps(path)));
        let body = catalogue.update_request(&desired.pool, &snapshot, &[]);
        let choice = left_out::Choice {
            catalogue,
            body: &body,
            desired,
            declared: &addresses,
            options,
            writes: !changes.is_empty(),
            shown,
        };
        let (left_out, told) = choice.left_out(&unknowns);
        findings.extend(told);
        findings.extend(co_owned(&live));
        let steps = steps::steps(catalogue, &desired.pool, &changes, (&live, &snapshot), &left_out);
        let judged =
            judge::Judged { catalogue, desired, live: &live, target: &snapshot, left_out: &left_out };
        findings.extend(judged.findings(&changes, &steps, options));
        findings.sort_by_key(|finding| finding.level);
        // A backup's wants are not what somebody manages.
        let managed = desired.wants.iter().any(|want| want.origin.is_some()) || desired.wants.is_empty();
        let name = live.pool.get("Name").and_then(Json::as_str).unwrap_or(&desired.pool).to_owned();
        let pool = Pool {
            id: desired.pool.clone(),
            name,
            region: desired.region.clone(),
            file: desired.file.clone(),
        };
        Self {
            pool,
            base: live,
            target: snapshot,
            changes,
            findings,
            steps,
            unmanaged: if managed { unmanaged.len() } else { 0 },
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
        self.findings.iter().any(Finding::refuses)
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
