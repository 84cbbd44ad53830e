//! The order of the calls where MFA changes.
//!
//! Two calls write a pool, and each looks at what the other has left. No order of them is right for
//! every change, so the few that there are are tried, and the rules tell which of them the service
//! takes: MFA is relaxed before the pool changes, or tightened after it, or both.

use super::{Change, diff, mirrors};
use crate::catalogue::{Call, Catalogue, MFA_MODE, RequestEnds, calls, path};
use crate::document::{Document, DocumentId, Json, Object, Path, Snapshot};
use crate::rules::cross::{self, Breach, View};

const OFF: &str = "OFF";
const OPTIONAL: &str = "OPTIONAL";

/// The live and the target state of a pool.
pub(super) struct Ends<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) id: &'a str,
    pub(super) region: &'a str,
    pub(super) live: &'a Snapshot,
    /// The live documents, canonical.
    pub(super) canonical: &'a Document,
    /// The target documents, without new attributes.
    pub(super) target: &'a Snapshot,
    /// The canonical target with all factors of MFA, if it is known.
    pub(super) wanted: Option<&'a Document>,
    pub(super) left_out: &'a [Path],
}

/// The document that a call of the pool itself replaces.
pub(super) fn document_of(call: &Call) -> DocumentId {
    if call == &calls::SET_USER_POOL_MFA_CONFIG { DocumentId::MFA } else { DocumentId::POOL }
}

/// One call, and the pool after it.
#[derive(Clone)]
pub(super) struct Stop {
    pub(super) operation: &'static Call,
    pub(super) state: Snapshot,
    /// Whether it sends values that the pool gets only with a later call.
    is_ahead: bool,
}

/// Calls in their order.
pub(super) struct Route {
    pub(super) stops: Vec<Stop>,
    /// Whether the pool is weaker between two of them than before and after.
    pub(super) gap: bool,
}

/// The disadvantages of a route, the most serious first.
///
/// A gap is asked about before anything is written; a call that the service is likely to refuse stops
/// an apply half-way, and nobody could choose the other route.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    refused: usize,
    doubtful: usize,
    gap: bool,
    calls: usize,
    /// The number of calls with values that the pool gets only with a later call.
    ahead: usize,
    /// The number of calls before the service may reject one: an early rejection is better.
    late: usize,
}

/// The effect of one call on MFA and the pool.
#[derive(Clone, PartialEq)]
enum Move {
    /// The pool changes; MFA stays in the mode that it has then.
    Update,
    /// The pool changes, and MFA goes off.
    UpdateOff,
    /// The MFA document changes to this, with its mode.
    Set(Document),
}

impl<'a> Ends<'a> {
    /// The call that changes the pool alone.
    pub(super) fn update(&self) -> Route {
        Route { stops: self.walk(&[Move::Update]), gap: false }
    }

    /// The route with the lowest cost, or `None` if no calls lead to the target.
    pub(super) fn best(&self) -> Option<Route> {
        let known = self.breaches(self.live);
        let floor = Self::weigh(self.breaches(self.target).iter().filter(|breach| !is_known(&known, breach)));
        let shared = self.shared_factors();
        let mut best: Option<(Cost, Route)> = None;
        // Many routes come by the same states, and to the same end.
        let mut met: Vec<(Snapshot, Vec<Breach>)> = Vec::new();
        let mut ends: Vec<(Snapshot, bool)> = Vec::new();
        for calls in self.routes() {
            let stops = self.walk(&calls);
            let gap = self.has_gap(&stops, &shared);
            let ahead = stops.iter().filter(|stop| stop.is_ahead).count();
            let least = Cost { refused: floor.0, doubtful: floor.1, gap, calls: calls.len(), ahead, late: 0 };
            let Some(last) = stops.last() else { continue };
            if best.as_ref().is_some_and(|(cost, _)| *cost <= least) {
                continue;
            }
            if !ends.iter().any(|(end, _)| *end == last.state) {
                ends.push((last.state.clone(), self.is_target(&last.state)));
            }
            if !ends.iter().any(|(end, is_target)| *is_target && *end == last.state) {
                continue;
            }
            let (against, late) = self.against(&stops, &known, &mut met);
            let (refused, mut doubtful) = Self::weigh(against.iter());
            // It is not documented that an update can turn MFA off.
            doubtful += calls.iter().filter(|call| **call == Move::UpdateOff).count();
            let cost = Cost { refused, doubtful, late, ..least };
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                best = Some((cost, Route { stops, gap }));
            }
            // Routes come in order of their length, and no route costs less than the target.
            let settled = |(cost, _): &(Cost, Route)| {
                (cost.refused, cost.doubtful) == floor && !cost.gap && cost.ahead == 0 && cost.late == 0
            };
            if best.as_ref().is_some_and(settled) {
                break;
            }
        }
        best.map(|(_, route)| route)
    }

    /// Every order of calls worth a look, short ones first.
    fn routes(&self) -> Vec<Vec<Move>> {
        let mut last = self.target.mfa().cloned().unwrap_or_default();
        last.insert(MFA_MODE, Json::from(mode(self.target)));
        let last = Move::Set(last);
        // Only this call can change a factor while MFA is off.
        if mode(self.target) == OFF && !self.factors(self.target).is_empty() {
            return vec![vec![last.clone()], vec![Move::Update, last]];
        }
        let between = self.between();
        // An update that turns MFA off can be the last call only if the target mode is OFF.
        let ends_off = mode(self.target) == OFF;
        let mut routes = vec![vec![last.clone()]];
        if ends_off {
            routes.push(vec![Move::UpdateOff]);
        }
        let tightens = rank(mode(self.target)) > rank(mode(self.live));
        let two = [vec![last.clone(), Move::Update], vec![Move::Update, last.clone()]];
        routes.extend(if tightens { two.into_iter().rev().collect::<Vec<_>>() } else { two.into() });
        let before_off = between.iter().filter(|_| ends_off);
        routes.extend(before_off.map(|first| vec![first.clone(), Move::UpdateOff]));
        routes.push(vec![Move::UpdateOff, last.clone()]);
        routes.extend(between.iter().map(|first| vec![first.clone(), last.clone()]));
        routes.extend(between.iter().map(|first| vec![first.clone(), Move::Update, last.clone()]));
        routes.extend(between.iter().map(|first| vec![first.clone(), Move::UpdateOff, last.clone()]));
        let before_off = between.iter().filter(|_| ends_off);
        routes.extend(before_off.map(|second| vec![Move::Update, second.clone(), Move::UpdateOff]));
        routes
    }

    /// The MFA documents between the live one and the target: with a mode of either or a weaker mode; with the factors
    /// of either, the factors of both, or one more; with the other members of either.
    fn between(&self) -> Vec<Move> {
        let old = self.factors(self.live);
        // Where MFA goes off, its factors stay as long as it is on.
        let new = if mode(self.target) == OFF { old.clone() } else { self.factors(self.target) };
        let mut both = new.clone();
        both.retain(|name, _| old.contains_key(name) && self.factors(self.target).contains_key(name));
        // Where an old factor must go before the pool changes, and a new one cannot come before that,
        // any other may be on between.
        let others = old.iter().chain(&new).filter(|(name, _)| !both.contains_key(*name));
        let one_more = others.map(|(name, value)| {
            let mut factors = both.clone();
            factors.insert(name.clone(), value.clone());
            factors
        });
        let sets: Vec<Object> = [&new, &both, &old].into_iter().cloned().chain(one_more).collect();
        // A pool that is off at both ends is not switched on for a moment.
        let highest = rank(mode(self.live)).max(rank(mode(self.target)));
        let modes = [mode(self.live), mode(self.target), OPTIONAL, OFF].into_iter();
        let mut calls = Vec::new();
        for mode in modes.filter(|mode| rank(mode) <= highest) {
            for factors in &sets {
                for rest in [self.target, self.live] {
                    let call = Move::Set(self.mfa(mode, factors, rest));
                    if !calls.contains(&call) {
                        calls.push(call);
                    }
                }
            }
        }
        calls
    }

    /// The MFA document's factors.
    fn factors(&self, of: &Snapshot) -> Object {
        let members = of.mfa().into_iter().flat_map(Document::members).filter(|(name, _)| is_factor(name));
        members.map(|(name, value)| (name.to_owned(), value.clone())).collect()
    }

    /// An MFA document.
    fn mfa(&self, mode: &str, factors: &Object, rest: &Snapshot) -> Document {
        let mut mfa = rest.mfa().cloned().unwrap_or_default();
        mfa.retain(|name, _| !is_factor(name) || mode != OFF && factors.contains_key(name));
        // A mode of OFF takes no factor; any other must name the one that the pool's sender is for.
        if mode != OFF {
            factors.iter().for_each(|(name, value)| mfa.insert(name, value.clone()));
            let factor = Catalogue::factor_with_sender();
            if Catalogue::has_sender(self.live.pool()) && !mfa.has(factor) {
                mfa.insert(factor, Json::Object(Object::new()));
            }
        }
        mfa.insert(MFA_MODE, Json::from(mode));
        mfa
    }

    /// The pool after each of the calls.
    fn walk(&self, calls: &[Move]) -> Vec<Stop> {
        let mut stops: Vec<Stop> = Vec::with_capacity(calls.len());
        for call in calls {
            let now = stops.last().map_or(self.live, |last| &last.state);
            let stop = match call {
                Move::Update | Move::UpdateOff => {
                    let pool = self.pool(now, *call == Move::UpdateOff);
                    let mut state = now.clone().with(DocumentId::POOL, Some(pool));
                    mirrors::follow(self.catalogue, &mut state);
                    Stop { operation: &calls::UPDATE_USER_POOL, state, is_ahead: false }
                }
                Move::Set(mfa) => self.set(now, mfa.clone()),
            };
            stops.push(stop);
        }
        stops
    }

    /// The pool after a call that sends this MFA document.
    fn set(&self, now: &Snapshot, mut mfa: Document) -> Stop {
        let mut pool = now.pool().clone();
        if let Some(set) = mfa.get(MFA_MODE).filter(|set| **set != *mode(now)) {
            pool.insert(MFA_MODE, set.clone());
        }
        let goal = self.target.pool();
        mirrors::hand_over(self.catalogue, self.live.pool(), goal, &mut mfa);
        let is_ahead = mirrors::is_ahead(self.catalogue, &pool, goal, &mfa);
        let state = now.clone().with(DocumentId::POOL, Some(pool)).with_mfa(Some(mfa));
        Stop { operation: &calls::SET_USER_POOL_MFA_CONFIG, state, is_ahead }
    }

    /// The target's pool, in the mode that is live then.
    fn pool(&self, now: &Snapshot, off: bool) -> Document {
        let mut pool = self.target.pool().clone();
        match now.pool().get(MFA_MODE) {
            _ if off => pool.insert(MFA_MODE, Json::from(OFF)),
            Some(mode) => pool.insert(MFA_MODE, mode.clone()),
            None => pool.retain(|name, _| name != MFA_MODE),
        }
        pool
    }

    fn is_target(&self, state: &Snapshot) -> bool {
        self.changes(&self.canonical_of(state), &self.canonical_of(self.target)).is_empty()
    }

    /// The differences between two canonical documents, without copies that contradict the pool: the first call
    /// corrects those.
    pub(super) fn changes(&self, before: &Document, after: &Document) -> Vec<Change> {
        let mut changes = diff(self.catalogue, before, after);
        changes.retain(|change| !self.catalogue.is_contradiction(&change.path));
        changes
    }

    /// The canonical form of a state on the way, or at the end.
    pub(super) fn canonical_of(&self, state: &Snapshot) -> Document {
        let is_idle = |wanted: &Document| {
            self.catalogue.is_mfa_off(state) && Catalogue::factors().any(|factor| wanted.has(factor))
        };
        match self.wanted.filter(|_| state == self.target) {
            Some(wanted) if !is_idle(wanted) => wanted.clone(),
            _ => self.catalogue.canonical(state),
        }
    }

    /// The breaches of these calls, and the number of calls before the last breach.
    fn against(
        &self,
        stops: &[Stop],
        known: &[Breach],
        met: &mut Vec<(Snapshot, Vec<Breach>)>,
    ) -> (Vec<Breach>, usize) {
        let before = std::iter::once(self.live).chain(stops.iter().map(|stop| &stop.state));
        let mut against: Vec<Breach> = Vec::new();
        let mut late = 0;
        for (position, (stop, before)) in stops.iter().zip(before).enumerate() {
            let body = View::of_request(self.catalogue, self.region, self.body(stop));
            let requested = cross::breaches_of_request(stop.operation, &body, || self.view(before));
            if !met.iter().any(|(state, _)| *state == stop.state) {
                met.push((stop.state.clone(), self.breaches(&stop.state)));
            }
            let resulting = met.iter().find(|(state, _)| *state == stop.state);
            let resulting = resulting.into_iter().flat_map(|(_, breaches)| breaches.clone());
            for breach in resulting.chain(requested) {
                if !is_known(known, &breach) && !is_known(&against, &breach) {
                    against.push(breach);
                    late = position;
                }
            }
        }
        (against, late)
    }

    /// How many breaches refuse a plan, and how many do not.
    fn weigh<'b>(breaches: impl Iterator<Item = &'b Breach>) -> (usize, usize) {
        let (refused, doubtful): (Vec<_>, Vec<_>) = breaches.partition(|breach| breach.rule.refuses());
        (refused.len(), doubtful.len())
    }

    /// The complete body of a call.
    pub(super) fn body(&self, stop: &Stop) -> Document {
        let document = document_of(stop.operation);
        let ends = RequestEnds { document: &document, from: self.live, to: &stop.state };
        self.catalogue.request(stop.operation, self.id, ends, self.left_out)
    }

    fn breaches(&self, state: &Snapshot) -> Vec<Breach> {
        cross::breaches(&self.view(state))
    }

    fn view<'v>(&'v self, state: &'v Snapshot) -> View<'v> {
        View::of_documents(self.catalogue, self.region, state, self.left_out)
    }

    /// The factors that are on at both ends.
    fn shared_factors(&self) -> Vec<&'static str> {
        let at_both = |factor: &&str| self.is_on(self.live, factor) && self.is_on(self.target, factor);
        Catalogue::factors().filter(at_both).collect()
    }

    /// Whether the pool is weaker, somewhere on the way, than it is at both ends, which share these
    /// factors: in its mode, in one of them, or in what a passkey opens.
    fn has_gap(&self, stops: &[Stop], shared: &[&str]) -> bool {
        let ends = [self.live, self.target];
        let least = ends.map(|end| rank(mode(end))).into_iter().min();
        let weaker = |state: &Snapshot| {
            let passkeys = Passkeys::of(state);
            // Without MFA there is nothing to get past.
            let on = mode(state) != OFF;
            Some(rank(mode(state))) < least
                || shared.iter().any(|factor| !self.is_on(state, factor))
                || on && passkeys.single && ends.iter().all(|end| !Passkeys::of(end).single)
                || passkeys.unverified && ends.iter().all(|end| !Passkeys::of(end).unverified)
        };
        stops.split_last().is_some_and(|(_, between)| between.iter().any(|stop| weaker(&stop.state)))
    }

    fn is_on(&self, state: &Snapshot, factor: &str) -> bool {
        let at = Path::members([factor]);
        let is_on = |value: &Json| {
            let canonical = self.catalogue.canonical_value(&at, value);
            !self.catalogue.is_default(&at, &canonical)
        };
        let value = state.mfa().and_then(|mfa| mfa.get(factor));
        // What a factor's block says counts while MFA is on.
        value.is_some_and(|value| is_on(value) && !self.catalogue.is_mfa_off(state))
    }
}

/// What a passkey that a sign-in may begin with is enough for.
struct Passkeys {
    /// To get past MFA as one factor.
    single: bool,
    /// To get in without a fingerprint, a face or a PIN.
    unverified: bool,
}

impl Passkeys {
    fn of(state: &Snapshot) -> Self {
        let first = state.pool().at(path("Policies.SignInPolicy.AllowedFirstAuthFactors"));
        let first = first.and_then(Json::as_array).into_iter().flatten();
        let allowed = first.into_iter().any(|factor| factor == "WEB_AUTHN");
        let is = |member: &str, value: &str| {
            let found = state.mfa().and_then(|mfa| mfa.get("WebAuthnConfiguration")?.get(member));
            found.is_some_and(|found| found == value)
        };
        Self {
            single: allowed
                && (mode(state) == OFF || !is("FactorConfiguration", "MULTI_FACTOR_WITH_USER_VERIFICATION")),
            unverified: allowed && !is("UserVerification", "required"),
        }
    }
}

fn is_known(known: &[Breach], breach: &Breach) -> bool {
    known.iter().any(|known| known.is_same(breach))
}

/// The mode of MFA.
fn mode(of: &Snapshot) -> &str {
    of.pool().get(MFA_MODE).or_else(|| of.mfa()?.get(MFA_MODE)).and_then(Json::as_str).unwrap_or(OFF)
}

fn rank(mode: &str) -> usize {
    ["OFF", "OPTIONAL", "ON"].iter().position(|known| *known == mode).unwrap_or(2)
}

fn is_factor(name: &str) -> bool {
    Catalogue::factors().any(|factor| factor == name)
}
