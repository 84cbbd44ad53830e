//! What several pools of a run have in common, so that it is shown once.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::hash::{BuildHasher as _, RandomState};

use crate::catalogue::Call;
use crate::document::{FastMap, FastSet, Json, Path, Seg};
use crate::manifest::Origin;
use crate::plan::{Change, Direction, Finding, Level, PlanReport, Surrounding, Undeclared};

/// A part of a plan, or all of it, as it is shown in one place.
pub(super) struct PlanPart<'a> {
    /// The plan; of what several pools share, that of the first.
    pub(super) plan: &'a PlanReport,
    pub(super) changes: Vec<&'a Change>,
    /// The settings that no manifest declares.
    pub(super) undeclared: Vec<&'a Undeclared>,
    /// The conflicts, and the risks, warnings and notes that hang on the changes.
    pub(super) remarks: Vec<&'a Finding>,
    /// The other findings.
    pub(super) notes: Vec<&'a Finding>,
    /// The structures around all this.
    pub(super) surroundings: Cow<'a, [Surrounding]>,
    /// Whether the calls are shown here.
    pub(super) has_steps: bool,
    /// How many live settings nobody manages.
    pub(super) unmanaged: usize,
    /// How much of the plan is shown elsewhere, with other pools.
    pub(super) elsewhere: ShownElsewhere,
}

/// How much of a pool is shown with the parts that several pools share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ShownElsewhere {
    /// How many changes and undeclared settings.
    pub(super) settings: usize,
    /// With how many other pools, if all are shared with the same ones.
    pub(super) others: Option<usize>,
}

/// What some pools share.
pub(super) struct SharedPart<'a> {
    /// The pools, as positions among the plans.
    pub(super) pools: Vec<usize>,
    /// The part of their plans that is the same.
    pub(super) part: PlanPart<'a>,
}

/// What some plans share, what most pools share first, and what is each one's own.
pub(super) struct Fleet<'p, 'a> {
    plans: &'p [&'a PlanReport],
    /// Apart by the pools that share it.
    pub(super) shared: Vec<SharedPart<'a>>,
    /// Warnings and notes that are the same in pools which share nothing else, apart by these pools.
    pub(super) common: Vec<SharedPart<'a>>,
    /// The things to show of each plan, with their places.
    told: Vec<Box<[Placed<'a>]>>,
    /// How many pools have each shared part, by its number in [`ShownPlace::Shared`].
    sizes: Vec<usize>,
}

impl<'a> PlanPart<'a> {
    /// All of a plan.
    pub(super) fn whole(plan: &'a PlanReport) -> Self {
        let index = Index::new(plan);
        let (remarks, notes) = plan.findings.iter().partition(|finding| index.is_in_tree(finding));
        Self {
            plan,
            changes: plan.changes.iter().collect(),
            undeclared: plan.undeclared.iter().collect(),
            remarks,
            notes,
            surroundings: Cow::Borrowed(&plan.surroundings),
            has_steps: true,
            unmanaged: plan.unmanaged,
            elsewhere: ShownElsewhere::default(),
        }
    }

    fn nothing(plan: &'a PlanReport) -> Self {
        Self {
            plan,
            changes: Vec::new(),
            undeclared: Vec::new(),
            remarks: Vec::new(),
            notes: Vec::new(),
            surroundings: Cow::Borrowed(&[]),
            has_steps: false,
            unmanaged: 0,
            elsewhere: ShownElsewhere::default(),
        }
    }

    /// Whether everything about the pool is shown elsewhere.
    pub(super) fn is_told_elsewhere(&self) -> bool {
        let nothing = self.changes.is_empty()
            && self.undeclared.is_empty()
            && self.remarks.is_empty()
            && self.notes.is_empty();
        nothing && self.elsewhere.settings > 0 && !(self.has_steps && self.plan.calls.len() > 1)
    }

    /// Whether something in it blocks.
    pub(super) fn refuses(&self) -> bool {
        self.remarks.iter().chain(&self.notes).any(|finding| finding.refuses())
    }
}

impl<'p, 'a> Fleet<'p, 'a> {
    /// Finds what is the same in several of these plans: changes and undeclared settings with all that
    /// hangs on them and the place that asks for them, and beside them what else the same pools share.
    ///
    /// The time that it takes grows as the plans do. Of a plan it keeps no more than where its things are shown.
    pub(super) fn new(plans: &'p [&'a PlanReport]) -> Self {
        let (told, holders) = Units::of(plans);
        let mut division = Division::new(plans, &holders, &told);
        // The numbers of each plan are let go of when its places are found.
        let told = told.into_iter().enumerate();
        let told = told.map(|(position, told)| division.placed(position, &told)).collect();
        let Division { shared: Groups { all: mut shared, .. }, common, .. } = division;
        let sizes = shared.iter().map(|group| group.pools.len()).collect();
        for group in &mut shared {
            group.finish(plans);
        }
        shared.sort_by_key(|group| Reverse(group.pools.len()));
        Self { plans, shared, common: common.all, told, sizes }
    }

    /// One part a plan, in their order. Each is made when it is asked for.
    pub(super) fn own(&self) -> impl Iterator<Item = PlanPart<'a>> {
        self.own_of_those(|_| true)
    }

    /// The parts of those plans that are asked for.
    pub(super) fn own_of_those(
        &self,
        is_one: impl Fn(&PlanReport) -> bool,
    ) -> impl Iterator<Item = PlanPart<'a>> {
        let all = self.plans.iter().zip(&self.told).filter(move |(plan, _)| is_one(plan));
        all.map(|(plan, told)| self.own_of(plan, told))
    }

    fn own_of(&self, plan: &'a PlanReport, told: &[Placed<'a>]) -> PlanPart<'a> {
        let index = Index::new(plan);
        let mut rest = PlanPart::nothing(plan);
        let mut with: Vec<usize> = Vec::new();
        for (place, what) in told.iter().copied() {
            match place {
                ShownPlace::Own => index.add(what, &mut rest),
                ShownPlace::Shared(group) if what.is_setting() => with.push(group as usize),
                ShownPlace::Shared(_) | ShownPlace::Common(_) => {}
            }
        }
        rest.elsewhere.settings = with.len();
        let same = with.first().filter(|first| with.iter().all(|group| group == *first));
        rest.elsewhere.others = same.map(|group| self.sizes[*group] - 1);
        rest.remarks.extend(plan.findings(Level::Conflict).filter(|finding| finding.path.is_some()));
        rest.remarks.sort_by_key(|finding| finding.level);
        rest.surroundings = Cow::Borrowed(&plan.surroundings);
        rest.unmanaged = plan.unmanaged;
        rest
    }
}

/// The units of all plans, numbered.
///
/// Their keys are not kept: the units of a fleet would take as much memory as its plans. Two hashes with random seeds of
/// their own, 128 bits, are the same for no two units.
#[derive(Default)]
struct Units {
    hashers: [RandomState; 2],
    numbers: FastMap<[u64; 2], u32>,
    holders: Vec<Holders>,
}

/// The pools of a unit.
enum Holders {
    One(usize),
    #[expect(clippy::box_collection, reason = "most units are of one pool, and need none")]
    Several(Box<Vec<usize>>),
}

impl Holders {
    fn pools(&self) -> &[usize] {
        match self {
            Self::One(pool) => std::slice::from_ref(pool),
            Self::Several(pools) => pools,
        }
    }

    /// Adds a pool that comes after all others, or is the last.
    fn add(&mut self, pool: usize) {
        match self {
            Self::One(first) if *first == pool => {}
            Self::One(first) => *self = Self::Several(Box::new(vec![*first, pool])),
            Self::Several(pools) if pools.last() == Some(&pool) => {}
            Self::Several(pools) => pools.push(pool),
        }
    }
}

/// A thing to show of a plan, with the number of its unit: `None` if no other plan can have it.
type Numbered<'a> = (Option<u32>, What<'a>);

/// A thing to show of a plan, with its place.
type Placed<'a> = (ShownPlace, What<'a>);

impl Units {
    /// The things to show of each plan, and the pools of each unit.
    fn of<'a>(plans: &[&'a PlanReport]) -> (Vec<Box<[Numbered<'a>]>>, Vec<Holders>) {
        let mut units = Self::default();
        let told = plans.iter().enumerate().map(|(position, plan)| units.add(position, &Index::new(plan)));
        (told.collect(), units.holders)
    }

    /// Adds the plan at this position, and returns the things to show of it.
    fn add<'a>(&mut self, position: usize, index: &Index<'a>) -> Box<[Numbered<'a>]> {
        let told = index.told();
        let numbered = |(unit, what)| (Option::map(unit, |unit| self.number(&unit, position)), what);
        told.into_iter().map(numbered).collect()
    }

    fn number(&mut self, unit: &SharedUnit<'_>, position: usize) -> u32 {
        let key = self.hashers.each_ref().map(|hasher| hasher.hash_one(unit));
        // So many units take more memory than there is.
        let next = u32::try_from(self.holders.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(key).or_insert(next);
        match self.holders.get_mut(number as usize) {
            None => self.holders.push(Holders::One(position)),
            Some(holders) => holders.add(position),
        }
        number
    }
}

/// The division of plans into shared parts and what is each pool's own.
struct Division<'p, 'a> {
    plans: &'p [&'a PlanReport],
    /// The pools of each unit.
    holders: &'p [Holders],
    /// The sets of pools that share a change or an undeclared setting: a note alone is no reason to show
    /// several pools together.
    sets: FastSet<&'p [usize]>,
    shared: Groups<'a>,
    common: Groups<'a>,
    /// Where each unit of several pools is shown, found once.
    places: FastMap<u32, ShownPlace>,
}

impl<'p, 'a> Division<'p, 'a> {
    fn new(plans: &'p [&'a PlanReport], holders: &'p [Holders], told: &[Box<[Numbered<'a>]>]) -> Self {
        let settings = told.iter().flatten().filter(|(_, what)| what.is_setting());
        let pools = settings.filter_map(|(unit, _)| holders.get((*unit)? as usize)).map(Holders::pools);
        let sets = pools.filter(|pools| pools.len() > 1).collect();
        let (shared, common) = Default::default();
        Self { plans, holders, sets, shared, common, places: FastMap::default() }
    }

    /// The place of a thing of several pools, or of one alone.
    fn place(&mut self, (unit, what): Numbered<'a>) -> ShownPlace {
        let found = unit.and_then(|unit| Some((unit, self.holders.get(unit as usize)?.pools())));
        let Some((unit, pools)) = found.filter(|(_, pools)| pools.len() > 1) else {
            return ShownPlace::Own;
        };
        *self.places.entry(unit).or_insert_with(|| match what.in_common(self.plans, pools) {
            _ if self.sets.contains(pools) => ShownPlace::Shared(self.shared.of(pools, self.plans)),
            Some(pools) => ShownPlace::Common(self.common.of(&pools, self.plans)),
            None => ShownPlace::Own,
        })
    }

    /// The places of the things of the plan at this position. The first of the pools that share a part adds to it.
    fn placed(&mut self, position: usize, told: &[Numbered<'a>]) -> Box<[Placed<'a>]> {
        let plan = self.plans[position];
        let mut index = None;
        let place = |(unit, what): &Numbered<'a>| {
            let place = self.place((*unit, *what));
            let group = match place {
                ShownPlace::Own => return (place, *what),
                ShownPlace::Shared(group) => &mut self.shared.all[group as usize],
                ShownPlace::Common(group) => &mut self.common.all[group as usize],
            };
            if group.pools.binary_search(&position).is_err() {
                return (ShownPlace::Own, *what);
            }
            if group.pools.first() == Some(&position) {
                index.get_or_insert_with(|| Index::new(plan)).add(*what, &mut group.part);
            }
            (place, *what)
        };
        told.iter().map(place).collect()
    }
}

/// Parts of plans by the pools that share them, in the order in which they come.
#[derive(Default)]
struct Groups<'a> {
    all: Vec<SharedPart<'a>>,
    at: FastMap<Vec<usize>, u32>,
}

impl<'a> Groups<'a> {
    /// The position of the part of these pools.
    fn of(&mut self, pools: &[usize], plans: &[&'a PlanReport]) -> u32 {
        if let Some(known) = self.at.get(pools) {
            return *known;
        }
        let position = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.at.insert(pools.to_vec(), position);
        let first = pools.iter().filter_map(|pool| plans.get(*pool)).next();
        self.all
            .extend(first.map(|first| SharedPart { pools: pools.to_vec(), part: PlanPart::nothing(first) }));
        position
    }
}

/// Where a thing is shown.
#[derive(Clone, Copy)]
enum ShownPlace {
    /// With its pool.
    Own,
    /// With what several pools share: the group's position.
    Shared(u32),
    /// After the pools: the group's position.
    Common(u32),
}

impl SharedPart<'_> {
    /// The structures around the shared part; the number of unchanged settings only if it is the same in all.
    fn finish(&mut self, plans: &[&PlanReport]) {
        let paths = self.part.changes.iter().map(|change| &change.path);
        let paths = paths.chain(self.part.undeclared.iter().map(|setting| &setting.path));
        let outer: FastSet<&[Seg]> = paths.flat_map(around).collect();
        let firsts = self.part.plan.surroundings.iter();
        let firsts: Vec<&Surrounding> = firsts.filter(|around| outer.contains(around.path.segs())).collect();
        let mut told: Vec<Surrounding> = firsts.iter().copied().cloned().collect();
        let numbers: FastMap<&Path, usize> =
            firsts.iter().enumerate().map(|(number, first)| (&first.path, number)).collect();
        let others = self.pools[1..].iter().flat_map(|pool| &plans[*pool].surroundings);
        for other in others {
            let Some(number) = numbers.get(&other.path) else { continue };
            let (first, same) = (firsts[*number], &mut told[*number]);
            same.before |= other.before;
            same.after |= other.after;
            if other.unchanged != first.unchanged {
                same.unchanged = 0;
                same.at_default = 0;
            }
            if other.at_default != first.at_default {
                same.at_default = 0;
            }
        }
        self.part.surroundings = Cow::Owned(told);
        self.part.remarks.sort_by_key(|finding| finding.level);
        let mut unmanaged = self.pools.iter().map(|pool| plans[*pool].unmanaged);
        let first = unmanaged.next().unwrap_or_default();
        self.part.unmanaged = if unmanaged.all(|other| other == first) { first } else { 0 };
    }
}

/// The structures around a setting.
fn around(path: &Path) -> impl Iterator<Item = &[Seg]> {
    (1..path.segs().len()).map(|len| &path.segs()[..len])
}

/// The findings of a plan by their paths.
struct Index<'a> {
    plan: &'a PlanReport,
    findings: FastMap<&'a [Seg], FoundAt<'a>>,
}

/// The findings about one path.
#[derive(Default)]
struct FoundAt<'a> {
    findings: Vec<&'a Finding>,
    /// Whether the setting changes.
    is_changed: bool,
    /// Whether something in it changes.
    is_around: bool,
}

/// What is shown once, if it is the same in several pools. Of a value that is not shown, what matters is
/// whether it is there.
#[derive(PartialEq, Eq, Hash)]
enum SharedUnit<'a> {
    Change(SettingKey<'a>, Vec<FindingKey<'a>>),
    /// The setting, and whether a baseline declares it.
    Undeclared(SettingKey<'a>, bool, Option<&'a [String]>),
    Note(FindingKey<'a>),
    Steps(Vec<(&'static Call, Vec<SettingKey<'a>>)>),
}

/// A thing to show of a plan.
#[derive(Clone, Copy)]
enum What<'a> {
    Change(&'a Change),
    Undeclared(&'a Undeclared),
    Note(&'a Finding),
    Steps,
}

/// A setting with its values, and the place that asks for it.
#[derive(PartialEq, Eq, Hash)]
struct SettingKey<'a> {
    path: &'a Path,
    before: Option<Option<&'a Json>>,
    after: Option<Option<&'a Json>>,
    place: Option<(&'a str, (usize, usize))>,
    direction: Option<Direction>,
}

/// What a finding says.
#[derive(PartialEq, Eq, Hash)]
struct FindingKey<'a> {
    level: Level,
    code: &'a str,
    path: Option<&'a Path>,
    text: &'a str,
    help: Option<&'a str>,
    place: Option<(&'a str, (usize, usize))>,
    refuses: bool,
}

impl What<'_> {
    /// The pools of a warning or a note that is the same in several: a note is shown for a pool only if
    /// something else is.
    fn in_common(self, plans: &[&PlanReport], pools: &[usize]) -> Option<Vec<usize>> {
        let Self::Note(said) = self else { return None };
        let is_told =
            |plan: &PlanReport| !plan.changes.is_empty() || !plan.undeclared.is_empty() || plan.is_refused();
        let counts = |pool: &&usize| said.level != Level::Note || is_told(plans[**pool]);
        let pools: Vec<usize> = pools.iter().filter(counts).copied().collect();
        (said.code != "unmanaged" && pools.len() > 1).then_some(pools)
    }

    fn is_setting(&self) -> bool {
        matches!(self, Self::Change(_) | Self::Undeclared(_))
    }
}

impl<'a> SettingKey<'a> {
    fn of(change: &'a Change) -> Self {
        let shown =
            |value: &'a Option<Json>| value.as_ref().map(|value| (!change.sensitive).then_some(value));
        Self {
            path: &change.path,
            before: shown(&change.before),
            after: shown(&change.after),
            place: change.origin.as_ref().map(place),
            direction: change.direction,
        }
    }
}

impl<'a> FindingKey<'a> {
    fn of(finding: &'a Finding) -> Self {
        Self {
            level: finding.level,
            code: &finding.code,
            path: finding.path.as_ref(),
            text: &finding.text,
            help: finding.help.as_deref(),
            place: finding.origin.as_ref().map(place),
            refuses: finding.refuses(),
        }
    }
}

/// The file, the line and the column: a saved plan keeps these, and not the bytes.
fn place(origin: &Origin) -> (&str, (usize, usize)) {
    (&origin.source.name, origin.line_column())
}

impl<'a> Index<'a> {
    fn new(plan: &'a PlanReport) -> Self {
        let mut findings: FastMap<&[Seg], FoundAt<'_>> = FastMap::default();
        for finding in &plan.findings {
            if let Some(path) = &finding.path {
                findings.entry(path.segs()).or_default().findings.push(finding);
            }
        }
        if !findings.is_empty() {
            for change in &plan.changes {
                if let Some(found) = findings.get_mut(change.path.segs()) {
                    found.is_changed = true;
                }
                for outer in around(&change.path) {
                    if let Some(found) = findings.get_mut(outer) {
                        found.is_around = true;
                    }
                }
            }
        }
        Self { plan, findings }
    }

    /// Whether the tree of settings shows a finding: a conflict, or a finding about a change. A risk
    /// may be about all that changes in a structure.
    fn is_in_tree(&self, finding: &Finding) -> bool {
        let Some(found) = finding.path.as_ref().and_then(|path| self.findings.get(path.segs())) else {
            return false;
        };
        finding.level == Level::Conflict
            || found.is_changed
            || finding.level == Level::Risk && found.is_around
    }

    fn at(&self, path: &[Seg]) -> &[&'a Finding] {
        self.findings.get(path).map_or(&[], |found| &found.findings)
    }

    /// What hangs on a change.
    fn remarks(&self, change: &Change) -> impl Iterator<Item = &'a Finding> {
        let own = self.at(change.path.segs()).iter();
        let outer = around(&change.path).flat_map(|path| self.at(path));
        let outer = outer.filter(|finding| finding.level == Level::Risk);
        own.chain(outer).copied().filter(|finding| finding.level != Level::Conflict)
    }

    /// Everything in the plan except its conflicts, each with the key by which another plan has the same.
    /// A change that meets a conflict is the pool's own.
    fn told(&self) -> Vec<(Option<SharedUnit<'a>>, What<'a>)> {
        let plan = self.plan;
        let changes = plan.changes.iter().map(|change| {
            let remarks = self.remarks(change).map(FindingKey::of).collect();
            let unit =
                (!self.is_refused(change)).then(|| SharedUnit::Change(SettingKey::of(change), remarks));
            (unit, What::Change(change))
        });
        let undeclared = plan.undeclared.iter().map(|setting| {
            let Undeclared { path, live, sensitive, is_fresh: _, is_listed: _, is_released, named_by } =
                setting;
            let live = Some((!sensitive).then_some(live));
            let key = SettingKey { path, before: live, after: None, place: None, direction: None };
            (Some(SharedUnit::Undeclared(key, *is_released, named_by.as_deref())), What::Undeclared(setting))
        });
        let notes = plan.findings.iter().filter(|finding| !self.is_in_tree(finding));
        let notes = notes.filter(|finding| finding.level != Level::Conflict);
        let notes =
            notes.map(|finding| (Some(SharedUnit::Note(FindingKey::of(finding))), What::Note(finding)));
        let steps =
            plan.calls.iter().map(|step| (step.operation, step.changes.iter().map(SettingKey::of).collect()));
        let steps = (plan.calls.len() > 1).then(|| (Some(SharedUnit::Steps(steps.collect())), What::Steps));
        changes.chain(undeclared).chain(notes).chain(steps).collect()
    }

    fn is_refused(&self, change: &Change) -> bool {
        self.at(change.path.segs()).iter().any(|finding| finding.level == Level::Conflict)
    }

    /// Adds a thing of this plan to a part.
    fn add(&self, what: What<'a>, part: &mut PlanPart<'a>) {
        match what {
            What::Change(change) => {
                part.changes.push(change);
                for remark in self.remarks(change) {
                    if !part.remarks.iter().any(|known| std::ptr::eq(*known, remark)) {
                        part.remarks.push(remark);
                    }
                }
            }
            What::Undeclared(setting) => part.undeclared.push(setting),
            What::Note(finding) => part.notes.push(finding),
            What::Steps => part.has_steps = true,
        }
    }
}
