//! Plans: the differences between a pool and its manifest, and the calls of an apply.

mod acknowledge;
mod change;
mod compared;
#[cfg(test)]
mod copies_tests;
mod diff;
mod drift;
#[cfg(test)]
mod drift_tests;
mod finding;
mod fixed;
mod judge;
mod left_out;
#[cfg(test)]
mod mfa_tests;
mod mirrors;
mod ownership;
#[cfg(test)]
mod ownership_tests;
mod place;
mod record;
mod restore;
mod risks;
mod route;
mod secrets;
mod since;
#[cfg(test)]
mod since_tests;
mod steps;
mod surroundings;
mod target;
#[cfg(test)]
mod tests;
mod verify;
mod whole;
#[cfg(test)]
mod whole_tests;

pub use acknowledge::Acknowledged;
pub use change::{Action, Change, Form};
pub use diff::diff;
pub use finding::{Finding, Level};
pub use ownership::Undeclared;
pub use record::Record;
pub use restore::{Scope, inverse};
pub use since::{Direction, Released};
pub use surroundings::Surrounding;
pub use verify::{Deviation, Movement, Stale};

use std::borrow::Cow;
use std::sync::Arc;

use crate::catalogue::{Catalogue, Operation, Unknown};
use crate::document::{Json, Object, Path, Snapshot};
use crate::manifest::{Origin, Unmanaged};
use crate::rules::{Allows, Desired, cross};
use secrets::Secrets;
use steps::Way;

/// The options of a plan.
#[derive(Clone, Debug)]
pub struct Options {
    /// The treatment of unknown live members.
    pub unknown: Unknown,
    /// The day on which the plan is made, in UTC: entries of a manifest may hold until a day.
    pub today: time::Date,
    /// The risks and rules that the command line accepts.
    pub allows: Allows,
}

/// The changes that an apply would make to one pool. An apply executes exactly the printed plan.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The pool.
    pub pool: Pool,
    /// The documents that the plan was made from, verbatim.
    pub base: Snapshot,
    /// The target documents.
    pub target: Arc<Snapshot>,
    /// The settings that change, in the API's order.
    pub changes: Vec<Change>,
    /// The findings, the most serious first.
    pub findings: Vec<Finding>,
    /// The notes that the manifest acknowledges.
    pub acknowledged: Vec<Acknowledged>,
    /// The calls, in their order. A plan that changes anything and is not refused has one or more; a drift
    /// has none.
    pub steps: Vec<Step>,
    /// The number of unmanaged settings other than defaults; for drift, of those that do not count.
    pub unmanaged: usize,
    /// For drift, the unmanaged settings that count.
    pub undeclared: Vec<Undeclared>,
    /// The settings that are declared, as the plan addresses them.
    pub declared: Vec<Path>,
    /// The live members that stay out of the request.
    pub left_out: Vec<Path>,
    /// The settings that the calls may change although they are not declared. It has not been measured whether they
    /// do, so neither value is a deviation.
    pub implied: Vec<Path>,
    /// The structures around the changes and conflicts, for reports.
    pub surroundings: Vec<Surrounding>,
    /// The places in the manifest's files whose text must not be shown.
    pub hidden: Vec<Origin>,
    /// The values from secrets.
    secrets: Secrets,
    /// Whether this is a drift report, without calls.
    pub is_drift: bool,
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

/// The work of an apply.
#[derive(Clone, Copy, Debug)]
pub enum Work<'a> {
    /// Nothing: the pool is as declared.
    Nothing,
    /// Nothing: the plan is blocked, or is a drift report.
    Refused,
    /// These calls, one or more.
    Calls {
        /// The first one.
        first: &'a Step,
        /// The ones after it.
        others: &'a [Step],
    },
}

/// One call of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is called.
    pub operation: Operation,
    /// The complete body.
    pub body: Object,
    /// The target documents after this call.
    pub target: Arc<Snapshot>,
    /// What it changes.
    pub changes: Vec<Change>,
}

impl Plan {
    /// Plans what is wanted of a pool against its live documents.
    pub fn new(catalogue: &Catalogue, live: Snapshot, desired: &Desired, options: &Options) -> Self {
        Self::made(catalogue, live, desired, options, None)
    }

    /// Plans the same manifest from a later read. It leaves out only members that this plan shows as left out; all
    /// others are sent back unchanged.
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
        let base = live;
        let live = base.without_nulls();
        let compared::Compared {
            snapshot,
            mut findings,
            addresses,
            implied,
            canonical,
            wanted,
            changes,
            secrets,
            undeclared,
        } = compared::compare(catalogue, &live, desired, options);
        findings.extend(risks::findings((&canonical, &wanted), &changes, &addresses, desired, options));
        findings.extend(ownership::findings(desired, options.today));
        findings.extend(ownership::nowhere(catalogue, &live, desired));
        let unmanaged = ownership::unmanaged(catalogue, &undeclared, desired);
        findings.extend(ownership::reported(&unmanaged, desired));
        let asked: Vec<&Change> =
            changes.iter().filter(|change| !implied.iter().any(|path| change.path.is_within(path))).collect();
        let of_mfa =
            |change: &&Change| catalogue.owner(&change.path) == Some(Operation::SetUserPoolMfaConfig);
        let mfa_change = asked.iter().copied().find(of_mfa);
        let unread = mfa_change.filter(|_| live.mfa().is_none());
        let mut unknowns = catalogue.unknown(&live);
        // A changed member is shown as a change; a member that no request contains cannot be lost.
        unknowns.retain(|path| !changes.iter().any(|change| change.path.overlaps(path)));
        unknowns.retain(|path| mfa_change.is_some() || !catalogue.is_in_mfa(path));
        let body = || {
            let mut body = catalogue.update_request(&desired.pool, &snapshot, &[]);
            if mfa_change.is_some() {
                body.extend(catalogue.mfa_members(&snapshot));
            }
            body
        };
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
        if !changes.is_empty() {
            findings.extend(risks::of_omissions((catalogue, &wanted), &left_out, desired, options));
            findings.extend(risks::apart(catalogue, &live, desired, options));
        }
        findings.extend(co_owned(&live));
        let before_attributes = steps::with_attributes_of(&snapshot, &live);
        let ends = route::Ends {
            catalogue,
            id: &desired.pool,
            region: &desired.region,
            live: &live,
            canonical: &canonical,
            target: &before_attributes,
            wanted: matches!(before_attributes, Cow::Borrowed(_)).then_some(&wanted),
            left_out: &left_out,
        };
        let way = match unread {
            Some(change) => Way::Closed(mfa_unread(change)),
            None => steps::way(&ends, &asked, &snapshot),
        };
        let (mut steps, gap) = match way {
            Way::Stays => (Vec::new(), false),
            Way::Calls(calls) => {
                let gap = calls.gap;
                (calls.steps(), gap)
            }
            Way::Closed(finding) => {
                findings.push(finding);
                (Vec::new(), false)
            }
        };
        steps.iter_mut().for_each(|step| secrets.mark(&mut step.changes));
        let target = steps.last().map_or_else(|| Arc::new(snapshot), |last| Arc::clone(&last.target));
        findings.extend(risks::gap(gap, desired, options));
        let judged = judge::Judged { catalogue, desired, live: &live, target: &target, left_out: &left_out };
        findings.extend(judged.findings(&changes, &steps, options));
        findings.extend(judged.unused_allows(&findings));
        findings.extend(desired.fallbacks.iter().map(secrets::fallback));
        secrets.strike(&mut findings);
        let acknowledged = acknowledge::taken(&mut findings, desired, options.today);
        let breaches = || judged.breaches();
        let seen = acknowledge::Seen { catalogue, live: &live, target: &target, breaches: &breaches };
        findings.extend(seen.unused(&findings, &acknowledged, desired, options.today));
        findings.sort_by_key(|finding| finding.level);
        let told = surroundings::told(&changes, &findings);
        let surroundings = surroundings::around(catalogue, told, &left_out, &live, &target);
        Self {
            pool: Pool::of(desired, &live, &secrets),
            base,
            target,
            changes,
            findings,
            acknowledged,
            steps,
            unmanaged: if is_managed(desired) { unmanaged.len() } else { 0 },
            undeclared: Vec::new(),
            declared: addresses,
            left_out,
            implied,
            surroundings,
            hidden: desired.hidden.clone(),
            secrets,
            is_drift: false,
        }
    }

    /// The work of an apply: the calls of a plan that is not blocked.
    pub fn work(&self) -> Work<'_> {
        match self.steps.split_first() {
            _ if self.is_refused() => Work::Refused,
            Some((first, others)) => Work::Calls { first, others },
            None if self.changes.is_empty() => Work::Nothing,
            None => Work::Refused,
        }
    }

    /// The findings of this level.
    pub fn findings(&self, level: Level) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.level == level)
    }

    /// Whether a finding blocks the plan.
    pub fn is_refused(&self) -> bool {
        self.findings.iter().any(Finding::refuses)
    }
}

/// Whether a plan needs the MFA document: the manifest declares a setting there, or one that a rule compares with
/// one there.
pub fn needs_mfa(catalogue: &Catalogue, desired: &Desired) -> bool {
    let omitted = desired.omit.iter().map(|omit| &omit.path.value);
    let paths = desired.wants.iter().map(|want| &want.path).chain(omitted);
    desired.unmanaged == Unmanaged::Report
        || paths.into_iter().any(|path| {
            // What the model does not know may be in either document.
            let unknown = catalogue.setting(&path.prefix(1)).is_none();
            unknown
                || catalogue.owner(path) == Some(Operation::SetUserPoolMfaConfig)
                || cross::reads_mfa(catalogue, path)
        })
}

impl Pool {
    /// The pool of a manifest. A secret name is replaced by the id.
    fn of(desired: &Desired, live: &Snapshot, secrets: &Secrets) -> Self {
        let name = live.pool().get("Name").and_then(Json::as_str);
        let is_secret = secrets.holds(&Path::members(["PoolName"]));
        let name = name.filter(|_| !is_secret).unwrap_or(&desired.pool);
        Self {
            id: desired.pool.clone(),
            name: name.to_owned(),
            region: desired.region.clone(),
            file: desired.file.clone(),
        }
    }
}

/// Whether the settings come from a manifest, and not from a backup.
fn is_managed(desired: &Desired) -> bool {
    desired.wants.iter().any(|want| want.origin.is_some()) || desired.wants.is_empty()
}

/// The conflict of an MFA change without the MFA document.
fn mfa_unread(change: &Change) -> Finding {
    let text = format!(
        "`{}` is changed by {}, which replaces the whole MFA configuration, but the MFA document is missing",
        change.path,
        Operation::SetUserPoolMfaConfig,
    );
    let help = "save what `aws cognito-idp get-user-pool-mfa-config` prints as <pool-id>.mfa.json in the same folder as the pool's document";
    Finding::new(Level::Conflict, "mfa-unread", &change.path, text).help(help).origin(change.origin.as_ref())
}

/// The note on a pool that a CloudFormation stack also owns, by CloudFormation's tag.
fn co_owned(live: &Snapshot) -> Option<Finding> {
    let tag = "aws:cloudformation:stack-name";
    let stack = live.pool().get("UserPoolTags")?.get(tag)?.as_str()?;
    let path = Path::members(["UserPoolTags", tag]);
    let text = format!(
        "the CloudFormation stack `{stack}` also owns this pool, and may undo changes made by poolctl"
    );
    Some(Finding::new(Level::Note, "co-owned", &path, text))
}
