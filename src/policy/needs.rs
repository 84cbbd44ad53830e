//! The permissions that the caller needs for one pool.

use std::collections::BTreeSet;

use super::PoolArn;
use crate::catalogue::{
    Catalogue, DocumentPlace, Grant, REFERENCES, RESOURCES, Reading, Resource, Sends, calls,
};
use crate::document::{Document, Path, Snapshot};
use crate::plan::{Plan, looked_up, needed_to_write, only_watched};
use crate::rules::house;
use crate::rules::{Desired, POOL_TAG};

/// The permissions for one pool.
#[derive(Clone, Debug)]
pub struct Needs {
    /// The pool.
    pub pool: PoolArn,
    /// The tag that names the pool, and its value, where its manifest has no id: the policy then allows what is on this
    /// pool by the tag.
    pub tag: Option<(&'static str, String)>,
    /// The operations, as the API names them.
    pub operations: BTreeSet<&'static str>,
    /// The ARNs of the roles that requests pass to Cognito.
    pub roles: BTreeSet<String>,
    /// Whether Cognito may have to create its role for e-mail.
    pub emails: bool,
    /// Whether Cognito sets up distributions of CloudFront, for which it uses the caller's permission.
    pub distributes: bool,
    /// Remarks that a policy cannot contain.
    pub remarks: BTreeSet<Remark>,
}

/// A remark for the person who attaches the policy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remark {
    /// The role at this setting comes from a secret, so that the policy does not name it.
    HiddenRole(String),
    /// The value of this setting is not the ARN of one role; in a policy it could allow more.
    NoRole(String),
    /// The pool uses this KMS key; it has not been measured which permissions Cognito requires for it.
    Key(String),
}

impl Needs {
    /// What `plan` and `drift` need. Both documents are read: which of them a plan needs follows from
    /// the manifest, and that changes.
    pub fn to_read(pool: PoolArn) -> Self {
        let own = RESOURCES.into_iter().filter(|resource| resource.branch.is_none());
        let operations = own.flat_map(Resource::reads).map(|call| call.name).collect();
        Self {
            pool,
            tag: None,
            operations,
            roles: BTreeSet::new(),
            emails: false,
            distributes: false,
            remarks: BTreeSet::new(),
        }
    }

    /// What `plan` and `drift` need of this manifest: also the documents of the branches that it declares, and the lists
    /// of the branches that it watches.
    pub fn to_read_declared(catalogue: &Catalogue, pool: PoolArn, desired: &Desired) -> Self {
        let mut needs = Self::to_read(pool);
        needs.read(&needed_to_write(desired));
        needs.names(desired);
        needs.watch(desired);
        needs.judge(catalogue, desired);
        needs
    }

    /// The same for a pool that its manifest names by a tag.
    #[must_use]
    pub fn by_tag(self, desired: &Desired) -> Self {
        let word = desired.tag.as_ref().map(|tag| tag.word.clone());
        Self { tag: word.map(|word| (POOL_TAG, word)), ..self }
    }

    /// What reading these documents needs.
    pub fn to_read_all(pool: PoolArn, readings: &[Reading]) -> Self {
        let mut needs = Self::to_read(pool);
        needs.read(readings);
        needs
    }

    /// What an apply of this manifest needs, today's and a later one that finds the pool moved, and the
    /// restore of each. So the roles of both ends are in it, and the call for MFA where the manifest
    /// declares a setting of it. Attributes never go again: their call is in it where some are missing. What `drift`
    /// needs of this manifest is in it too.
    pub fn to_apply(catalogue: &Catalogue, pool: PoolArn, plan: &Plan, desired: &Desired) -> Self {
        let withheld = || desired.withheld_paths();
        // A manifest of branches alone sends no request about the pool itself.
        let is_own = |path: &Path| catalogue.resource(path).branch.is_none();
        let has_own = plan.declared.iter().chain(withheld()).any(is_own);
        let has_none = plan.declared.is_empty() && desired.withheld.is_empty() && desired.entries.is_empty();
        let mut needs = if has_own || has_none { Self::to_write(pool) } else { Self::to_read(pool) };
        needs.operations.extend(plan.steps.iter().map(|step| step.operation.name));
        // What one call moves beside what was asked for, a restore may have to bring back by the other; and
        // a plan that is refused has no calls yet.
        let owners = plan.report.changes.iter().filter_map(|change| catalogue.owner(&change.path));
        needs.operations.extend(owners.map(|call| call.name));
        needs.read(&needed_to_write(desired));
        needs.declare(catalogue, plan.declared.iter().chain(withheld()));
        needs.entries(catalogue, desired);
        needs.names(desired);
        needs.watch(desired);
        needs.judge(catalogue, desired);
        needs.read(&looked_up(&plan.base));
        let is_secret = |path: &Path| plan.is_secret(path) || withheld().any(|secret| secret.overlaps(path));
        let declared: Vec<&Path> = plan.declared.iter().chain(withheld()).collect();
        for document in [&plan.base, &plan.target] {
            needs.carry(catalogue, (&catalogue.canonical_of_all(document), &declared), &is_secret);
        }
        needs
    }

    /// What it needs to bring a pool back to these documents, which are `readings`, from an apply that changed `paths`.
    pub fn to_restore(
        catalogue: &Catalogue,
        pool: PoolArn,
        (before, readings): (&Snapshot, &[Reading]),
        paths: &[Path],
        is_secret: &dyn Fn(&Path) -> bool,
    ) -> Self {
        let mut needs = Self::to_read_all(pool, readings);
        let (documents, settings): (Vec<&Path>, Vec<&Path>) =
            paths.iter().partition(|path| catalogue.is_document(path));
        needs.declare(catalogue, settings.into_iter());
        documents.into_iter().for_each(|path| needs.existence(catalogue, before, path));
        needs.named(|resource| paths.iter().any(|path| resource.holds(path)));
        let changed: Vec<&Path> = paths.iter().collect();
        needs.carry(catalogue, (&catalogue.canonical_of_all(before), &changed), is_secret);
        needs
    }

    fn to_write(pool: PoolArn) -> Self {
        let mut needs = Self::to_read(pool);
        needs.operations.insert(calls::UPDATE_USER_POOL.name);
        needs
    }

    /// The documents with labels are made where they are missing, and removed only where the manifest removes any.
    fn entries(&mut self, catalogue: &Catalogue, desired: &Desired) {
        for entry in &desired.entries {
            let resource = catalogue.resource(&entry.path);
            let calls = match entry.is_removed {
                false => [resource.create, Some(resource.update)],
                true => [resource.remove, None],
            };
            self.operations.extend(resource.reads().chain(calls.into_iter().flatten()).map(|call| call.name));
        }
    }

    /// What a document that a run has made or removed takes to go or to come back, with what hangs on it.
    fn existence(&mut self, catalogue: &Catalogue, before: &Snapshot, path: &Path) {
        let DocumentPlace { resource, document, .. } = catalogue.locate(path);
        let is_present = before.document(&document).is_some();
        // A document with an id that the service chose stays: no backup has the id.
        let stays = resource.listing.is_some() && resource.natural_key().is_none();
        let own = if is_present { resource.create } else { resource.remove.filter(|_| !stays) };
        let label = document.label().unwrap_or_default();
        let hanging =
            resource.hanging().filter(|one| before.document(&one.document.labelled(label)).is_some());
        let hanging = hanging.map(|one| one.create.unwrap_or(one.update));
        self.operations.extend(own.into_iter().chain(hanging).map(|call| call.name));
    }

    fn read(&mut self, readings: &[Reading]) {
        self.operations.extend(readings.iter().flat_map(Reading::calls).map(|call| call.name));
    }

    /// The lists of what declared documents may name.
    fn names(&mut self, desired: &Desired) {
        self.named(|resource| desired.entries.iter().any(|entry| resource.holds(&entry.path)));
    }

    /// The lists of what the documents of some resources may name.
    fn named(&mut self, is_one: impl Fn(&Resource) -> bool) {
        let named = REFERENCES.into_iter().filter(|(one, _)| is_one(one));
        self.operations.extend(named.filter_map(|(_, other)| Some(other.listing?.call.name)));
    }

    /// What the rules of the house judge.
    fn judge(&mut self, catalogue: &Catalogue, desired: &Desired) {
        let judged = house::resources(catalogue, desired.rules()).into_iter();
        let all = judged.flat_map(|resource| [Some(resource), resource.hangs_on]).flatten();
        self.operations.extend(all.flat_map(Resource::reads).map(|call| call.name));
    }

    /// The lists of watched branches, without the calls that read single documents: some of them return secrets.
    fn watch(&mut self, desired: &Desired) {
        let lists = only_watched(desired).filter_map(|resource| resource.listing);
        self.operations.extend(lists.map(|listing| listing.call.name));
    }

    fn declare<'a>(&mut self, catalogue: &Catalogue, paths: impl Iterator<Item = &'a Path>) {
        for path in paths {
            let resource = catalogue.resource(path);
            if resource.branch.is_some() {
                self.operations.extend(resource.reads().map(|call| call.name));
            }
            let call = catalogue.owner(path).filter(|call| *call != &calls::ADD_CUSTOM_ATTRIBUTES);
            self.operations.extend(call.map(|call| call.name));
        }
    }

    /// What a request needs for these documents, of which the settings at `changed` are declared or change.
    fn carry(
        &mut self,
        catalogue: &Catalogue,
        (document, changed): (&Document, &[&Path]),
        is_secret: &dyn Fn(&Path) -> bool,
    ) {
        let sends_pool = self.operations.contains(calls::UPDATE_USER_POOL.name);
        // A call that sends only what changes does not send the rest.
        let is_sent = |path: &Path| {
            let resource = catalogue.resource(path);
            let is_whole = resource.sends == Sends::Whole && (resource.branch.is_some() || sends_pool);
            is_whole || changed.iter().any(|changed| path.overlaps(changed))
        };
        for (grant, path, value) in catalogue.grants(document) {
            if !is_sent(&path) {
                continue;
            }
            match grant {
                Grant::CreateEmailRole => self.emails = true,
                Grant::UpdateDistribution => self.distributes = true,
                Grant::UseKey => drop(self.remarks.insert(Remark::Key(path.to_string()))),
                Grant::PassRole if is_secret(&path) => {
                    self.remarks.insert(Remark::HiddenRole(path.to_string()));
                }
                Grant::PassRole if is_role(value) => drop(self.roles.insert(value.to_owned())),
                Grant::PassRole => drop(self.remarks.insert(Remark::NoRole(path.to_string()))),
            }
        }
    }
}

/// Whether a text is the ARN of one role: no `*`, no variable, nothing that IAM reads as more.
fn is_role(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let ["arn", partition, "iam", "", account, resource] = parts[..] else { return false };
    let plain = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-/".contains(c);
    partition.starts_with("aws")
        && account.len() == 12
        && account.chars().all(|c| c.is_ascii_digit())
        && resource.strip_prefix("role/").is_some_and(|name| !name.is_empty())
        && [partition, resource].iter().all(|part| part.chars().all(plain))
}

#[cfg(test)]
mod tests {
    use super::is_role;

    #[test]
    fn only_the_arn_of_one_role_gets_into_a_policy() {
        for role in [
            "arn:aws:iam::111122223333:role/cognito-sms",
            "arn:aws-cn:iam::111122223333:role/service-role/Pool.SMS+1=a,b@c_d",
        ] {
            assert!(is_role(role), "{role}");
        }
        for other in [
            "*",
            "arn:aws:iam::111122223333:role/*",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:role/${aws:username}",
            "arn:aws:iam::*:role/cognito-sms",
            "arn:*:iam::111122223333:role/cognito-sms",
            "arn:aws:iam::111122223333:user/root",
        ] {
            assert!(!is_role(other), "{other}");
        }
    }
}
