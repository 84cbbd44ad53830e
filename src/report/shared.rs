//! What several pools of a run have in common, so that it is shown once.

use std::borrow::Cow;
use std::cmp::Reverse;

use super::alike::Alike;
use super::things::{PlanIndex, Thing, around};
use crate::document::{FastMap, FastSet, Path, Seg};
use crate::plan::{Change, Finding, Level, PlanReport, Surrounding, Undeclared};

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
    units: Units,
    /// Where each unit is shown.
    places: Vec<ShownPlace>,
    /// How many pools have each shared part, by its number in [`ShownPlace::Shared`].
    sizes: Vec<usize>,
}

impl<'a> PlanPart<'a> {
    /// All of a plan.
    pub(super) fn whole(plan: &'a PlanReport) -> Self {
        let index = PlanIndex::new(plan);
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

    /// Adds a thing of the plan that is indexed.
    fn add(&mut self, index: &PlanIndex<'a>, thing: Thing<'a>) {
        match thing {
            Thing::Change(change) => {
                self.changes.push(change);
                for remark in index.remarks(change) {
                    if !self.remarks.iter().any(|known| std::ptr::eq(*known, remark)) {
                        self.remarks.push(remark);
                    }
                }
            }
            Thing::Undeclared(setting) => self.undeclared.push(setting),
            Thing::Note(finding) => self.notes.push(finding),
            Thing::Steps => self.has_steps = true,
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
    /// The time that it takes grows as the plans do. Of a thing to show it keeps a number.
    pub(super) fn new(plans: &'p [&'a PlanReport]) -> Self {
        let units = Units::of(plans);
        let mut division = Division::new(plans, &units);
        for (position, plan) in plans.iter().enumerate() {
            division.add(position, plan);
        }
        let Division { places, shared: Groups { all: mut shared, .. }, common, .. } = division;
        let sizes = shared.iter().map(|group| group.pools.len()).collect();
        for group in &mut shared {
            group.finish(plans);
        }
        shared.sort_by_key(|group| Reverse(group.pools.len()));
        let places = places.into_iter().map(Option::unwrap_or_default).collect();
        Self { plans, shared, common: common.all, units, places, sizes }
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
        let all = self.plans.iter().enumerate().filter(move |(_, plan)| is_one(plan));
        all.map(|(position, plan)| self.own_of(position, plan))
    }

    fn own_of(&self, position: usize, plan: &'a PlanReport) -> PlanPart<'a> {
        let index = PlanIndex::new(plan);
        let mut rest = PlanPart::nothing(plan);
        let mut with: Vec<u32> = Vec::new();
        for (thing, unit) in index.things().zip(self.units.of_plan(position)) {
            match self.places[*unit as usize] {
                ShownPlace::Shared(group) if thing.is_setting() => with.push(group),
                ShownPlace::Shared(_) => {}
                ShownPlace::Common(group) if self.common[group as usize].has(position) => {}
                ShownPlace::Common(_) | ShownPlace::Own => rest.add(&index, thing),
            }
        }
        rest.elsewhere.settings = with.len();
        let same = with.first().filter(|first| with.iter().all(|group| group == *first));
        rest.elsewhere.others = same.map(|group| self.sizes[*group as usize] - 1);
        rest.remarks.extend(plan.findings(Level::Conflict).filter(|finding| finding.path.is_some()));
        rest.remarks.sort_by_key(|finding| finding.level);
        rest.surroundings = Cow::Borrowed(&plan.surroundings);
        rest.unmanaged = plan.unmanaged;
        rest
    }
}

/// The number of the unit of things that are one pool's alone.
const ALONE: u32 = 0;

/// The units of all plans that several pools have, numbered.
struct Units {
    /// The pools of each unit, in their order; none of [`ALONE`].
    pools: Vec<Vec<usize>>,
    /// The units of the things to show, in the order of the plans and of each plan.
    told: Vec<u32>,
    /// Where the things of each plan begin in [`Self::told`], and at last where all end.
    starts: Vec<usize>,
}

impl Units {
    fn of(plans: &[&PlanReport]) -> Self {
        let most = |plan: &&PlanReport| plan.changes.len() + plan.undeclared.len() + plan.findings.len() + 1;
        let mut alike = Alike::with_capacity(plans.iter().map(most).sum());
        let mut starts = vec![0];
        let mut things = 0;
        for plan in plans {
            let index = PlanIndex::new(plan);
            for thing in index.things() {
                index.unit(thing).iter().for_each(|unit| alike.add(things, unit));
                things += 1;
            }
            starts.push(things);
        }
        let (mut pools, mut told) = (vec![Vec::new()], vec![ALONE; things]);
        for same in alike.groups() {
            let same: Vec<usize> = same.collect();
            let pool = |thing: &usize| starts.partition_point(|start| start <= thing) - 1;
            let mut those: Vec<usize> = same.iter().map(pool).collect();
            those.dedup();
            if those.len() > 1 {
                let number = u32::try_from(pools.len()).unwrap_or(u32::MAX);
                same.into_iter().for_each(|thing| told[thing] = number);
                pools.push(those);
            }
        }
        Self { pools, told, starts }
    }

    /// The units of the things to show of the plan at this position.
    fn of_plan(&self, position: usize) -> &[u32] {
        &self.told[self.starts[position]..self.starts[position + 1]]
    }
}

/// The division of plans into shared parts and what is each pool's own.
struct Division<'p, 'a> {
    plans: &'p [&'a PlanReport],
    units: &'p Units,
    /// The sets of pools that share a change or an undeclared setting: a note alone is no reason to show
    /// several pools together.
    sets: FastSet<&'p [usize]>,
    shared: Groups<'a>,
    common: Groups<'a>,
    /// Where each unit is shown, once it is found.
    places: Vec<Option<ShownPlace>>,
}

impl<'p, 'a> Division<'p, 'a> {
    fn new(plans: &'p [&'a PlanReport], units: &'p Units) -> Self {
        let of_settings = plans.iter().enumerate().flat_map(|(position, plan)| {
            let settings = plan.changes.len() + plan.undeclared.len();
            units.of_plan(position).iter().take(settings)
        });
        let sets = of_settings.filter(|unit| **unit != ALONE).map(|unit| &*units.pools[*unit as usize]);
        let (shared, common) = Default::default();
        let mut places = vec![None; units.pools.len()];
        places[ALONE as usize] = Some(ShownPlace::Own);
        Self { plans, units, sets: sets.collect(), shared, common, places }
    }

    /// The place of a unit, which this is a thing of.
    fn place(&mut self, unit: u32, thing: Thing<'a>) -> ShownPlace {
        let Self { plans, units, sets, shared, common, places } = self;
        *places[unit as usize].get_or_insert_with(|| {
            let pools = &*units.pools[unit as usize];
            match thing.in_common(plans, pools) {
                _ if sets.contains(pools) => ShownPlace::Shared(shared.of(pools, plans)),
                Some(pools) => ShownPlace::Common(common.of(&pools, plans)),
                None => ShownPlace::Own,
            }
        })
    }

    /// Finds the places of the things of the plan at this position. The first of the pools that share a part adds to it.
    fn add(&mut self, position: usize, plan: &'a PlanReport) {
        let units = self.units.of_plan(position);
        if units.iter().all(|unit| *unit == ALONE) {
            return;
        }
        let index = PlanIndex::new(plan);
        for (thing, unit) in index.things().zip(units) {
            let group = match self.place(*unit, thing) {
                ShownPlace::Own => continue,
                ShownPlace::Shared(group) => &mut self.shared.all[group as usize],
                ShownPlace::Common(group) => &mut self.common.all[group as usize],
            };
            if group.pools.first() == Some(&position) {
                group.part.add(&index, thing);
            }
        }
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
#[derive(Clone, Copy, Default)]
enum ShownPlace {
    /// With its pool.
    #[default]
    Own,
    /// With what several pools share: the group's position.
    Shared(u32),
    /// After the pools: the group's position.
    Common(u32),
}

impl SharedPart<'_> {
    fn has(&self, position: usize) -> bool {
        self.pools.binary_search(&position).is_ok()
    }

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
