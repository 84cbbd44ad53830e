//! The rules of the house: what is read for them, and the findings about broken rules.

use time::Date;

use super::{Acknowledged, Finding, Level, Options, risks};
use crate::catalogue::{Catalogue, HangingReading, PoolSign, Reading, Resource, Sign};
use crate::document::{DocumentId, DocumentState, Path, Snapshot};
use crate::manifest::{Allow, Code, Origin};
use crate::rules::house::{self, HouseBreach, HouseRule, HouseVerdict, RuleScope};
use crate::rules::{AllowedBy, Desired, Permits};

/// What must be read to judge a pool by the rules of the house, beyond what was read.
pub fn for_rules(catalogue: &Catalogue, live: &Snapshot, desired: &Desired) -> Vec<Reading> {
    let needed = house::resources(catalogue, desired.rules());
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
        let with_registered = with_registered(desired, resource);
        let judged = Reading { wanted, known, hanging, with_registered, ..Reading::judged(resource) };
        (!is_whole || with_registered).then_some(judged)
    };
    alone.filter_map(reading).collect()
}

/// Whether a rule is about documents of this resource that registered themselves.
fn with_registered(desired: &Desired, resource: &'static Resource) -> bool {
    let is_about = |of: RuleScope| match of {
        RuleScope::Pools => false,
        RuleScope::Documents(of) => of == resource || of.hangs_on == Some(resource),
    };
    desired.rules().any(|rule| rule.includes_registered && is_about(rule.of))
}

/// What a plan, or a drift report, has of the rules.
#[derive(Default)]
pub(super) struct HouseFindings {
    pub(super) findings: Vec<Finding>,
    /// The breaches that the manifest exempts.
    pub(super) exempted: Vec<Acknowledged>,
    /// For each rule, whether the pool has something that it is about.
    pub(super) met: Vec<bool>,
}

/// How a change loosens a rule, and what undoes that.
struct Loosened {
    text: &'static str,
    remedy: &'static str,
}

/// By what the rules are judged.
pub(super) struct HouseJudge<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) desired: &'a Desired,
    pub(super) options: &'a Options,
}

impl HouseJudge<'_> {
    /// The findings of a plan. What it breaks, or makes worse, blocks it; what was broken before is a warning.
    pub(super) fn of_plan(&self, live: &Snapshot, target: &Snapshot, left_out: &[Path]) -> HouseFindings {
        let after = self.after(&self.desired.require, target, left_out);
        let before = self.before(&self.desired.require, live);
        let blocks = |breach: &HouseBreach<'_>| self.options.is_strict || !before.has(breach);
        let level = |breach: &HouseBreach<'_>| if blocks(breach) { Level::Risk } else { Level::Warning };
        let mut found = self.findings(&after, level);
        let gone = &self.desired.require_before.gone;
        let (was, then) = (self.before(gone, live), self.after(gone, target, left_out));
        let kept =
            after.breaches.iter().filter_map(|breach| Some((breach, &before, self.newly_exempt(breach)?)));
        let gone =
            then.breaches.iter().filter_map(|breach| Some((breach, &was, self.released(breach, &after)?)));
        let changed = kept.chain(gone).filter(|(breach, ..)| self.desired.takes(&breach.path));
        found.findings.extend(changed.filter_map(|(breach, before, how)| self.changed(breach, before, &how)));
        found
    }

    fn exempt_until(&self, allows: &[Allow], breach: &HouseBreach<'_>) -> Option<Date> {
        house::exempt_until(allows, breach, self.options.today)
    }

    /// How the manifest exempts a breach that it did not exempt in the baseline, if the rule is the same.
    fn newly_exempt(&self, breach: &HouseBreach<'_>) -> Option<Loosened> {
        let Desired { require_before, allow, .. } = self.desired;
        let (then, now) =
            (self.exempt_until(&require_before.allow, breach), self.exempt_until(allow, breach));
        let text = if then.is_some() { "the exemption ends later now" } else { "the exemption is new" };
        let remedy = "take the exemption back";
        (require_before.kept.contains(&breach.rule.name) && now > then).then_some(Loosened { text, remedy })
    }

    /// How the project no longer has a rule of the baseline that a plan breaks, unless today's rule of that name says the same,
    /// or the baseline exempts it.
    fn released(&self, breach: &HouseBreach<'_>, today: &HouseVerdict<'_>) -> Option<Loosened> {
        let is_told = self.exempt_until(&self.desired.allow, breach).is_none() && {
            let mut now = today.breaches.iter();
            now.any(|now| now.rule.name == breach.rule.name && now.path == breach.path)
        };
        let is_there = self.desired.require.iter().any(|rule| rule.name == breach.rule.name);
        let text = if is_there { "the rule is another one now" } else { "the rule is gone" };
        let is_new = self.exempt_until(&self.desired.require_before.allow, breach).is_none();
        (!is_told && is_new).then_some(Loosened { text, remedy: "restore the rule" })
    }

    /// The finding about a rule of a baseline that the project no longer has for this pool: whoever loosens a rule has to
    /// say so. The change itself cannot allow it: entries of `allow` count from the baseline on.
    fn changed(
        &self,
        breach: &HouseBreach<'_>,
        before: &HouseVerdict<'_>,
        loosened: &Loosened,
    ) -> Option<Finding> {
        let risk = Catalogue::risk_told_by(|sign| matches!(sign, Sign::OfPool(PoolSign::RuleChanged)))?;
        let permits =
            Permits::new(&self.desired.require_before.allow, &self.options.allows, self.options.today);
        let finding = risks::finding(risk, &breach.path, &permits);
        let blocking = self.options.is_strict || !before.has(breach);
        let accept = finding.help.as_deref().filter(|_| blocking);
        let accept = accept.map_or_else(String::new, |accept| format!(", or {accept}"));
        let help = Some(format!("{}, or change the setting{accept}", loosened.remedy).into());
        let (level, text) = match blocking {
            true => (Level::Risk, breach.clause()),
            false => (Level::Warning, breach.text()),
        };
        let rule = Some(Box::new(breach.rule.broken()));
        let text = format!("{text}: {}", loosened.text).into();
        Some(Finding { level, text, help, blocking, rule, ..finding }.origin(self.cause(&breach.path)))
    }

    /// What the pool breaks before a plan: nothing, if the plan makes it.
    fn before<'r>(&self, rules: &'r [HouseRule], live: &Snapshot) -> HouseVerdict<'r> {
        if self.desired.is_new() { HouseVerdict::default() } else { self.judge(rules, live) }
    }

    /// What the pool breaks after a plan. The service keeps or resets a member that its requests leave out, so that the pool is
    /// judged with it and without it.
    fn after<'r>(&self, rules: &'r [HouseRule], target: &Snapshot, left_out: &[Path]) -> HouseVerdict<'r> {
        let mut verdict = self.judge(rules, target);
        if left_out.is_empty() || rules.is_empty() {
            return verdict;
        }
        let mut reset = target.clone();
        left_out.iter().for_each(|path| self.catalogue.remove(&mut reset, path));
        for breach in self.judge(rules, &reset).breaches {
            if !verdict.has(&breach) {
                verdict.breaches.retain(|known| !known.is_at(&breach));
                verdict.breaches.push(breach);
            }
        }
        verdict
    }

    /// The findings of a drift report: each breach is a difference.
    pub(super) fn of_drift(&self, live: &Snapshot) -> HouseFindings {
        self.findings(&self.judge(&self.desired.require, live), |_| Level::Conflict)
    }

    fn judge<'r>(&self, rules: &'r [HouseRule], pool: &Snapshot) -> HouseVerdict<'r> {
        let unknown: Vec<Path> = self.desired.withheld_paths().cloned().collect();
        house::judge(rules, self.catalogue, &self.desired.region, pool, &unknown)
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
        found.met.clone_from(&verdict.met);
        found
    }

    fn add(&self, breach: &HouseBreach<'_>, level: Level, found: &mut HouseFindings) {
        let code = Code::House(breach.rule.name.clone());
        let permits = Permits::new(&self.desired.allow, &self.options.allows, self.options.today);
        let allowed_by = permits.find(&code, Some(&breach.path));
        // A risk is shown behind its setting.
        let text = if level == Level::Risk { breach.clause() } else { breach.text() };
        let finding = Finding::new(level, breach.rule.code(), &breach.path, text);
        let finding = finding.help(help(&code, level)).origin(self.cause(&breach.path));
        let finding = Finding { rule: Some(Box::new(breach.rule.broken())), ..finding };
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
    let help = "allow the reads that `poolctl iam-policy --read-only` lists. If the plan reads a folder with `--live`, run `poolctl snapshot` again";
    let finding = Finding::new(Level::Note, "require-unread", &Path::root(), rule.not_judged()).help(help);
    Finding { path: None, ..finding }
}

/// The list of the documents of a reading that is only looked up, or its one document, of a snapshot that has it whole.
pub(super) fn again(base: &Snapshot, resource: &'static Resource) -> Option<Reading> {
    let own = &resource.document;
    let looked_up = base.document(&own.looked_up())?;
    let reading = Reading::judged(resource);
    let Some(listing) = resource.listing else { return Some(reading) };
    let mut documents = looked_up.members().map(|(label, _)| own.looked_up().labelled(label));
    let with_registered = documents.any(|id| resource.is_registered(base, &id));
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
        with_registered,
        ..reading
    })
}
