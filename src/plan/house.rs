//! The rules of the house: what is read for them, and the findings about broken rules.

use super::{Acknowledged, Finding, Level};
use crate::catalogue::{Catalogue, HangingReading, Reading, Resource};
use crate::document::{DocumentId, DocumentState, Path, Snapshot};
use crate::manifest::{Code, Origin};
use crate::rules::house::{self, HouseBreach, HouseRule, HouseVerdict};
use crate::rules::{AllowedBy, Allows, Desired, Permits};

/// What must be read to judge a pool by the rules of the house, beyond what was read.
pub fn for_rules(catalogue: &Catalogue, live: &Snapshot, desired: &Desired) -> Vec<Reading> {
    let needed = house::resources(catalogue, &desired.require);
    let alone = Resource::alone().filter(|resource| {
        let is_needed = |needed: &&Resource| *needed == *resource || needed.hangs_on == Some(*resource);
        needed.iter().any(is_needed) && desired.takes(&resource.root())
    });
    let reading = |resource: &'static Resource| {
        let hanging = needed.iter().filter(|needed| needed.hangs_on == Some(resource));
        let hanging: Vec<&'static Resource> = hanging.copied().collect();
        let labels = live.document(&resource.document).map(|list| list.members().map(|(label, _)| label));
        let is_known = |label: &str| {
            let mut own = [resource].into_iter().chain(hanging.iter().copied());
            own.all(|of| live.state(&of.document.labelled(label)) != DocumentState::Unread)
        };
        let known: Vec<String> = match labels {
            Some(labels) if resource.listing.is_some() => {
                labels.filter(|it| is_known(it)).map(str::to_owned).collect()
            }
            _ => Vec::new(),
        };
        let is_whole = live.document(&resource.document).is_some_and(|list| {
            resource.listing.is_none()
                || list.members().all(|(label, _)| known.iter().any(|one| one == label))
        });
        let hanging = hanging.into_iter().map(|resource| HangingReading { resource, labels: None }).collect();
        let wanted = super::reading(resource, desired).wanted;
        (!is_whole).then(|| Reading { wanted, known, hanging, ..Reading::judged(resource) })
    };
    alone.filter_map(reading).collect()
}

/// What a plan, or a drift report, has of the rules.
#[derive(Default)]
pub(super) struct HouseFindings {
    pub(super) findings: Vec<Finding>,
    /// The breaches that the manifest exempts.
    pub(super) exempted: Vec<Acknowledged>,
}

/// By what the rules are judged.
pub(super) struct HouseJudge<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) desired: &'a Desired,
    pub(super) allows: &'a Allows,
    pub(super) today: time::Date,
}

impl HouseJudge<'_> {
    /// The findings of a plan. What it breaks, or makes worse, blocks it; what was broken before is a warning.
    pub(super) fn of_plan(&self, live: &Snapshot, target: &Snapshot, left_out: &[Path]) -> HouseFindings {
        // A pool that is made breaks nothing yet.
        let before = if self.desired.is_new() { HouseVerdict::default() } else { self.judge(live, &[]) };
        let after = self.judge(target, left_out);
        let was = |breach: &HouseBreach<'_>| {
            before.breaches.iter().find(|was| std::ptr::eq(was.rule, breach.rule) && was.path == breach.path)
        };
        let is_old = |breach: &HouseBreach<'_>| {
            was(breach).is_some_and(|was| !breach.rule.condition.is_worse(&was.found, &breach.found))
        };
        let level = |breach: &HouseBreach<'_>| if is_old(breach) { Level::Warning } else { Level::Risk };
        self.findings(&after, level)
    }

    /// The findings of a drift report: each breach is a difference.
    pub(super) fn of_drift(&self, live: &Snapshot) -> HouseFindings {
        self.findings(&self.judge(live, &[]), |_| Level::Conflict)
    }

    fn judge(&self, pool: &Snapshot, left_out: &[Path]) -> HouseVerdict<'_> {
        let unknown: Vec<Path> = left_out.iter().chain(self.desired.withheld_paths()).cloned().collect();
        house::judge(&self.desired.require, self.catalogue, &self.desired.region, pool, &unknown)
    }

    fn findings(
        &self,
        verdict: &HouseVerdict<'_>,
        level: impl Fn(&HouseBreach<'_>) -> Level,
    ) -> HouseFindings {
        let mut found = HouseFindings::default();
        for breach in verdict.breaches.iter().filter(|breach| self.desired.takes(&breach.path)) {
            self.add(breach, level(breach), &mut found);
        }
        found.findings.extend(verdict.undecided.iter().map(|rule| undecided(rule)));
        found
    }

    fn add(&self, breach: &HouseBreach<'_>, level: Level, found: &mut HouseFindings) {
        let code = Code::House(breach.rule.name.clone());
        let permits = Permits::new(&self.desired.allow, self.allows, self.today);
        let allowed_by = permits.find(&code, Some(&breach.path));
        // A risk is shown behind its setting.
        let text = if level == Level::Risk { breach.clause() } else { breach.text() };
        let finding = Finding::new(level, breach.rule.code(), &breach.path, text);
        let finding = finding.help(help(&code, level)).origin(self.cause(&breach.path));
        match allowed_by {
            allowed_by if level == Level::Risk => {
                found.findings.push(Finding { blocking: true, allowed_by, ..finding });
            }
            None => found.findings.push(finding),
            Some(AllowedBy::Manifest { origin, reason }) => {
                let finding = Finding { level: Level::Note, ..finding };
                found.exempted.push(Acknowledged { finding, origin, reason });
            }
            Some(AllowedBy::Flag(_)) => {}
        }
    }

    /// The place in the manifest that declares the setting, or its document.
    fn cause(&self, path: &Path) -> Option<&Origin> {
        let want = self.desired.wants.iter().find(|want| want.path.overlaps(path));
        let entry = || self.desired.entries.iter().find(|entry| path.is_within(&entry.path));
        want.and_then(|want| want.origin.as_ref()).or_else(|| entry()?.origin.as_ref())
    }
}

fn help(code: &Code, level: Level) -> String {
    let exempt = format!("add `{{ risk: {code}, path: …, reason: …, until: … }}` to `allow`");
    match level {
        Level::Risk => format!("change the manifest, or {exempt}, or use `--allow {code}`"),
        Level::Conflict => {
            format!("change the setting, or {exempt}: `apply` changes only what a manifest declares")
        }
        Level::Warning | Level::Note => format!("change the setting, or {exempt}"),
    }
}

fn undecided(rule: &HouseRule) -> Finding {
    let text = format!("the rule `{}` is not judged: something that it is about was not read", rule.name);
    let help = "allow the reads that `poolctl iam-policy --read-only` lists. If the plan reads a folder with `--live`, run `poolctl snapshot` again";
    let finding = Finding::new(Level::Note, "require-unread", &Path::root(), text).help(help);
    Finding { path: None, ..finding }
}

/// The list of the documents of a reading that is only looked up, or its one document, of a snapshot that has it whole.
pub(super) fn again(base: &Snapshot, resource: &'static Resource) -> Option<Reading> {
    let own = &resource.document;
    let looked_up = base.document(&own.looked_up())?;
    let reading = Reading::judged(resource);
    let Some(listing) = resource.listing else { return Some(reading) };
    let state = |of: &DocumentId, label: &str| base.state(&of.labelled(label));
    let is_unread = |label: &str| matches!(base.looked_up(&own.labelled(label)), DocumentState::Unread);
    if looked_up.members().any(|(label, _)| is_unread(label)) {
        return None;
    }
    let is_known = |label: &str| state(&own.looked_up(), label) == DocumentState::Unread;
    let labels = || looked_up.members().map(|(label, _)| label.to_owned());
    let hangs = |hanging: &Resource| base.labelled(&hanging.document.looked_up()).next().is_some();
    Some(Reading {
        wanted: looked_up.members().filter_map(|(label, item)| listing.wanted(label, item)).collect(),
        known: labels().filter(|label| is_known(label)).collect(),
        hanging: resource
            .hanging()
            .filter(|hanging| hangs(hanging))
            .map(|resource| HangingReading { resource, labels: None })
            .collect(),
        ..reading
    })
}
