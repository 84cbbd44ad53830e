//! Makes a plan: the differences, the members that requests leave out, the calls, and the findings about them.

use std::borrow::Cow;
use std::sync::Arc;

use super::compared::{self, Compared};
use super::house::HouseJudge;
use super::steps::{self, Calls, Way};
use super::{
    Change, Finding, Level, Options, Plan, PlanReport, Pool, acknowledge, co_owned, creation, diff,
    is_managed, judge, left_out, ownership, progress, risks, route, secrets, selection, surroundings,
};
use crate::catalogue::{Catalogue, DocumentPlace, RESOURCES, Resource, Sends};
use crate::document::{Document, DocumentId, DocumentState, Json, Path, Snapshot};
use crate::rules::Desired;

/// What a plan is made by.
pub(super) struct PlanMaker<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) desired: &'a Desired,
    pub(super) options: &'a Options,
    /// The members that an earlier plan, which was shown, leaves out.
    pub(super) shown: Option<&'a [Path]>,
}

impl PlanMaker<'_> {
    /// The plan for these live documents.
    pub(super) fn plan(&self, base: Snapshot) -> Plan {
        let desired = secrets::supplied(self.catalogue, &base, self.desired);
        PlanMaker { desired: &desired, ..*self }.made(base)
    }

    fn made(&self, base: Snapshot) -> Plan {
        let Self { catalogue, desired, options, .. } = *self;
        let live = base.without_nulls();
        let mut compared = compared::compare(catalogue, &live, desired, options);
        let (mut findings, unread) = self.of_settings(&live, &mut compared);
        let unmanaged = ownership::unmanaged(catalogue, &compared.undeclared, desired);
        findings.extend(ownership::reported(&unmanaged, desired));
        let asked = asked(&compared);
        let (left_out, told) = self.left_out(&live, &compared, &asked);
        findings.extend(told.into_iter().chain(creation::findings(&compared.snapshot, desired, options)));
        findings.extend(creation::by_tag(&live, desired, options));
        findings.extend(co_owned(&live).into_iter().chain(progress::findings(&live, &compared.changes)));
        let mut calls = match self.way(&live, &compared, &asked, &left_out) {
            Way::Stays => Calls::default(),
            Way::Calls(calls) => calls,
            Way::Closed(finding) => {
                findings.push(finding);
                Calls::default()
            }
        };
        calls.told.iter_mut().for_each(|call| compared.secrets.mark(&mut call.changes));
        findings.extend(risks::gap(calls.gap, desired, options));
        let Compared { snapshot, changes, secrets, addresses, implied, .. } = compared;
        let target = calls.end.unwrap_or_else(|| Arc::new(snapshot));
        let judged = judge::Judged { catalogue, desired, live: &live, target: &target, left_out: &left_out };
        findings.extend(judged.findings(&changes, &calls.steps, options));
        let house = self.house().of_plan(&live, &target, &left_out);
        findings.extend(house.findings.into_iter().chain(desired.fallbacks.iter().map(secrets::fallback)));
        findings.extend(judged.unused_allows(&findings));
        selection::keep(&mut findings, desired, &changes);
        secrets.strike(&mut findings);
        let mut acknowledged = acknowledge::taken(&mut findings, desired, options.today);
        acknowledged.extend(house.exempted);
        let breaches = || judged.breaches();
        let seen = acknowledge::Seen { catalogue, live: &live, target: &target, breaches: &breaches };
        findings.extend(seen.unused(&findings, &acknowledged, desired, options.today));
        findings.sort_by_key(|finding| finding.level);
        let told = surroundings::told(&changes, &findings);
        let surroundings = surroundings::around(catalogue, told, &left_out, &live, &target);
        let report = PlanReport {
            pool: Pool::of(desired, &live, &secrets),
            changes,
            findings,
            acknowledged,
            calls: calls.told,
            unmanaged: if is_managed(desired) { unmanaged.len() } else { 0 },
            uncompared: desired.withheld.len(),
            unread,
            undeclared: Vec::new(),
            left_out,
            surroundings,
            planned_values: None,
            hidden: desired.hidden.clone(),
            rules_met: house.met,
            is_drift: false,
            refuses_apply: false,
        };
        let only = desired.only.clone();
        Plan { report, base, target, steps: calls.steps, declared: addresses, implied, only, secrets }
    }

    fn house(&self) -> HouseJudge<'_> {
        let Self { catalogue, desired, options, .. } = *self;
        HouseJudge { catalogue, desired, options }
    }

    /// The findings about the settings, whatever the calls are, and the number of declared values that are not compared.
    fn of_settings(&self, live: &Snapshot, compared: &mut Compared) -> (Vec<Finding>, usize) {
        let Self { catalogue, desired, options, .. } = *self;
        let mut findings = std::mem::take(&mut compared.findings);
        let unread = findings.iter().filter(|finding| finding.is_not_compared()).count();
        findings.extend(risks::findings(
            (&compared.canonical, &compared.wanted),
            &compared.changes,
            &compared.addresses,
            desired,
            options,
        ));
        findings.extend(ownership::findings(catalogue, live, desired, options.today));
        (findings, unread)
    }

    /// Returns the members that the requests leave out, and the findings about them.
    fn left_out(&self, live: &Snapshot, compared: &Compared, asked: &[&Change]) -> (Vec<Path>, Vec<Finding>) {
        let Self { catalogue, desired, options, shown } = *self;
        let changes = &compared.changes;
        let sent = asked.iter().filter_map(|change| Some((self.written(change)?, change)));
        let mut sent: Vec<(&Resource, DocumentId)> =
            sent.map(|(resource, change)| (resource, self.document(resource, change))).collect();
        sent.sort_by(|(_, one), (_, other)| one.cmp(other));
        sent.dedup_by(|(_, one), (_, other)| one == other);
        let mut unknowns = catalogue.unknown(live);
        // A changed member is shown as a change; a member that no request contains cannot be lost.
        unknowns.retain(|path| !changes.iter().any(|change| change.path.overlaps(path)));
        // A plan of branches alone sends no request about the pool itself.
        let is_root_sent = sent.is_empty() || sent.iter().any(|(resource, _)| resource.branch.is_none());
        let is_sent = |path: &Path| {
            let DocumentPlace { resource, document, .. } = catalogue.locate(path);
            let is_one = |(of, id): &(&Resource, DocumentId)| match resource.has_labels() {
                true => *id == document,
                false => *of == resource,
            };
            sent.iter().any(is_one) || is_root_sent && resource.document == DocumentId::POOL
        };
        unknowns.retain(|path| is_sent(path));
        let body = || {
            let mut body = match is_root_sent {
                true => catalogue.sent_of_pool(&compared.snapshot, &[]),
                false => Document::default(),
            };
            for (resource, id) in &sent {
                if resource.document == DocumentId::MFA {
                    let members = catalogue.mfa_members(&compared.snapshot);
                    members.into_iter().for_each(|(name, value)| body.insert(&name, value));
                }
                let document = compared.snapshot.document(id).filter(|_| resource.branch.is_some());
                if let Some(document) = document {
                    body.set(&resource.root_of(id), Json::Object(document.to_object()));
                }
            }
            body
        };
        let choice = left_out::Choice {
            catalogue,
            body: &body,
            is_kept: &|path| is_kept(catalogue, live, &compared.snapshot, path),
            live,
            is_sent: &|path| catalogue.resource(path).branch.map_or(is_root_sent, |_| is_sent(path)),
            desired,
            declared: &compared.addresses,
            options,
            writes: !changes.is_empty(),
            shown,
        };
        let (left_out, mut findings) = choice.left_out(&unknowns);
        if !changes.is_empty() {
            let wanted = (catalogue, &compared.wanted);
            findings.extend(risks::of_omissions(wanted, &left_out, desired, options));
            findings.extend(risks::apart(catalogue, live, desired, options));
        }
        (left_out, findings)
    }

    /// The way to make the changes that are asked for.
    fn way(&self, live: &Snapshot, compared: &Compared, asked: &[&Change], left_out: &[Path]) -> Way {
        let unread = asked.iter().find_map(|change| {
            let resource = self.written(change)?;
            let document = self.document(resource, change);
            matches!(live.state(&document), DocumentState::Unread).then_some((*change, resource))
        });
        if let Some((change, resource)) = unread {
            return Way::Closed(document_unread(change, resource));
        }
        if self.desired.is_new() {
            return self.creation(live, compared, left_out);
        }
        self.way_from((live, &compared.canonical), compared, asked, left_out)
    }

    /// The way to make the pool, and then everything else.
    fn creation(&self, live: &Snapshot, compared: &Compared, left_out: &[Path]) -> Way {
        let made = creation::made(live, &compared.snapshot);
        let canonical = self.catalogue.canonical_of_all(&made);
        let (step, told) = creation::step(self.catalogue, live, (&made, &canonical));
        let rest = diff(self.catalogue, &canonical, &compared.wanted);
        let rest: Vec<&Change> = rest.iter().collect();
        match self.way_from((&made, &canonical), compared, &rest, left_out) {
            Way::Stays => {
                let end = Some(Arc::clone(&step.to));
                Way::Calls(Calls { steps: vec![step], told: vec![told], gap: false, end })
            }
            Way::Calls(mut calls) => {
                calls.steps.insert(0, step);
                calls.told.insert(0, told);
                Way::Calls(calls)
            }
            closed @ Way::Closed(_) => closed,
        }
    }

    /// The way from these live documents, given in canonical form too.
    fn way_from(
        &self,
        (live, canonical): (&Snapshot, &Document),
        compared: &Compared,
        asked: &[&Change],
        left_out: &[Path],
    ) -> Way {
        let (root, wanted) = self.root_of(compared, (live, canonical));
        let ends = route::Ends {
            catalogue: self.catalogue,
            id: &self.desired.pool,
            region: &self.desired.region,
            live,
            canonical,
            target: &root,
            wanted: wanted.as_ref(),
            left_out,
        };
        steps::way(&ends, asked, &compared.snapshot)
    }

    /// The target of the two calls that write the pool itself, and its canonical form with all factors of MFA if that is
    /// known. Attributes and branches have calls of their own.
    fn root_of<'s>(
        &self,
        compared: &'s Compared,
        (live, canonical): (&Snapshot, &Document),
    ) -> (Cow<'s, Snapshot>, Option<Document>) {
        let target = &compared.snapshot;
        let root = Catalogue::with_attributes_of(target, live);
        let mut wanted = matches!(root, Cow::Borrowed(_)).then(|| compared.wanted.clone());
        let is_own = |id: &DocumentId| [DocumentId::POOL, DocumentId::MFA].contains(id);
        let differs = |of: &Snapshot, other: &Snapshot| {
            of.documents().any(|(id, document)| !is_own(id) && other.document(id) != document)
        };
        if !differs(live, target) && !differs(target, live) {
            return (root, wanted);
        }
        if let Some(wanted) = &mut wanted {
            Catalogue::branches().for_each(|branch| match canonical.shared(branch) {
                Some(live) => wanted.share(branch, Arc::clone(live)),
                None => wanted.retain(|name, _| name != branch),
            });
        }
        let own = root.documents().filter(|(id, _)| is_own(id));
        let own = own.fold(live.clone(), |live, (id, document)| live.with(id.clone(), document.cloned()));
        (Cow::Owned(own), wanted)
    }

    /// The document that a change is written with. A setting of the pool may be written with another one.
    fn document(&self, resource: &Resource, change: &Change) -> DocumentId {
        match resource.has_labels() {
            true => self.catalogue.locate(&change.path).document,
            false => resource.document.clone(),
        }
    }

    /// The resource whose update makes a change; `None` if a call of its own does.
    fn written(&self, change: &Change) -> Option<&'static Resource> {
        let call = self.catalogue.owner(&change.path)?;
        let own = self.catalogue.resource(&change.path);
        // A setting of the pool's document may be written with the MFA document.
        let mut writers = [own].into_iter().chain(RESOURCES);
        writers.find(|resource| resource.update == call)
    }
}

/// Whether the update of a document leaves a member out because it does not change.
fn is_kept(catalogue: &Catalogue, live: &Snapshot, target: &Snapshot, path: &Path) -> bool {
    let DocumentPlace { resource, document, path } = catalogue.locate(path);
    let top = path.head().unwrap_or_default();
    let value = |of: &Snapshot| of.document(&document).and_then(|of| of.get(top)).cloned();
    resource.sends == Sends::Changed && value(live) == value(target)
}

/// The requested changes, without changes that a call may cause by itself.
fn asked(compared: &Compared) -> Vec<&Change> {
    let is_implied = |change: &Change| compared.implied.iter().any(|path| change.path.is_within(path));
    compared.changes.iter().filter(|change| !is_implied(change)).collect()
}

/// The conflict of a change in a document that was not read.
fn document_unread(change: &Change, resource: &Resource) -> Finding {
    if let (Some(listing), Some(branch)) = (resource.listing, resource.branch) {
        let text = format!(
            "`{}` is changed by {}, but this {} was not read",
            change.path, resource.update, listing.one
        );
        let help = match resource.is_listed_whole() {
            true => format!(
                "save what `{}` prints as <pool-id>.{branch}.json in the same folder as the pool's document",
                resource.read.command()
            ),
            false => "save all documents of the pool with `poolctl snapshot`".to_owned(),
        };
        return Finding::new(Level::Conflict, "document-unread", &change.path, text)
            .help(help)
            .origin(change.origin.as_ref());
    }
    if let Some(on) = resource.hangs_on {
        let one = on.listing.map_or("", |listing| listing.one);
        let text = format!(
            "`{}` is changed by {}, but this setting of the {one} was not read",
            change.path, resource.update
        );
        return Finding::new(Level::Conflict, "document-unread", &change.path, text)
            .help("save all documents of the pool with `poolctl snapshot`")
            .origin(change.origin.as_ref());
    }
    let (code, what, file) = match resource.branch {
        Some(branch) => ("document-unread", format!("all of `{branch}`"), format!("{branch}.json")),
        None => ("mfa-unread", "the whole MFA configuration".to_owned(), "mfa.json".to_owned()),
    };
    let document = if resource.branch.is_some() { "its document" } else { "the MFA document" };
    let text = format!(
        "`{}` is changed by {}, which replaces {what}, but {document} is missing",
        change.path, resource.update,
    );
    let help = format!(
        "save what `{}` prints as <pool-id>.{file} in the same folder as the pool's document",
        resource.read.command()
    );
    Finding::new(Level::Conflict, code, &change.path, text).help(help).origin(change.origin.as_ref())
}
