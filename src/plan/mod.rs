//! What an apply would do: the difference between a pool and what is wanted of it, and the calls
//! that make the one the other.

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
    pub target: Arc<Snapshot>,
    /// The settings that change, in the API's order.
    pub changes: Vec<Change>,
    /// What a reader must know beside them, weightiest first.
    pub findings: Vec<Finding>,
    /// The warnings and notes that the manifest acknowledges.
    pub acknowledged: Vec<Acknowledged>,
    /// The calls, in their order. A plan that changes anything and is not refused has one or more; a drift
    /// has none.
    pub steps: Vec<Step>,
    /// How many settings of the pool, other than defaults, nobody declares or ignores; of a drift, those
    /// that do not count.
    pub unmanaged: usize,
    /// Of a drift, the settings that nobody declares or ignores and that count all the same.
    pub undeclared: Vec<Undeclared>,
    /// The settings that are declared, as the plan addresses them.
    pub declared: Vec<Path>,
    /// The live members that stay out of the request.
    pub left_out: Vec<Path>,
    /// The settings that change though nobody asks, since the calls cannot help it. Nobody has
    /// measured that they really do: neither that they change nor that they stay is a deviation.
    pub implied: Vec<Path>,
    /// What stands around the changes and conflicts, for whoever shows them.
    pub surroundings: Vec<Surrounding>,
    /// The places in the manifest's files whose text must not be shown.
    pub hidden: Vec<Origin>,
    /// What the manifest takes from secrets.
    secrets: Secrets,
    /// Whether it tells how the pool differs, and leads to no call.
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

/// What an apply of a plan has to do.
#[derive(Clone, Copy, Debug)]
pub enum Work<'a> {
    /// Nothing: the pool is as wanted.
    Nothing,
    /// Nothing that it may: the plan is refused, or tells of a difference alone.
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
    /// The documents as they are to be after it.
    pub target: Arc<Snapshot>,
    /// What it changes.
    pub changes: Vec<Change>,
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
        let unread = mfa_change.filter(|_| live.mfa.is_none());
        let mut unknowns = catalogue.unknown(&live);
        // What the plan changes is shown as a change; what no request of it carries cannot be lost.
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

    /// What an apply has to do: the calls of a plan that may be carried out.
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

    /// Whether something stands in the way of carrying it out.
    pub fn is_refused(&self) -> bool {
        self.findings.iter().any(Finding::refuses)
    }
}

/// Whether what is wanted of a pool cannot be planned without its MFA document: it changes a setting
/// there, or one that a rule weighs against one there.
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
    /// The pool of a manifest. A name that is a secret is not told: its id stands for it.
    fn of(desired: &Desired, live: &Snapshot, secrets: &Secrets) -> Self {
        let name = live.pool.get("Name").and_then(Json::as_str);
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

/// Whether the wants are what somebody manages: a backup's are not.
fn is_managed(desired: &Desired) -> bool {
    desired.wants.iter().any(|want| want.origin.is_some()) || desired.wants.is_empty()
}

/// A change of MFA needs the whole MFA document, which is not there.
fn mfa_unread(change: &Change) -> Finding {
    let text = format!(
        "`{}` is changed by {}, which replaces the whole MFA configuration, and that was not read",
        change.path,
        Operation::SetUserPoolMfaConfig,
    );
    let help = "save what `aws cognito-idp get-user-pool-mfa-config` prints as <pool-id>.mfa.json beside the pool's document";
    Finding::new(Level::Conflict, "mfa-unread", &change.path, text).help(help).origin(change.origin.as_ref())
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
