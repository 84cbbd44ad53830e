//! The faults in force, and which of them meet a call.

use std::collections::HashMap;
use std::time::Duration;

use super::answer::Refusal;
use super::chance::Chance;
use super::fault::{Early, Endless, Fault, FaultEdit, FaultKind, FaultPlace, Late};
use super::state::State;
use super::sts;

/// What goes wrong with one call.
#[derive(Debug, Default)]
pub(super) struct Effects {
    pub(super) latency: Duration,
    pub(super) early: Option<Early>,
    pub(super) late: Option<Late>,
    pub(super) moves: Vec<FaultEdit>,
    pub(super) drifts: Vec<FaultEdit>,
    pub(super) ignored: Vec<FaultPlace>,
    pub(super) refused: Vec<String>,
    pub(super) quoted: Vec<String>,
    /// Whether a list lacks new documents.
    pub(super) lags: bool,
    pub(super) endless: Option<Endless>,
}

impl Effects {
    /// Makes of a written pool what the faults make of it.
    pub(super) fn after_write(&self, live: &State, after: &mut State) {
        for place in &self.ignored {
            place.keep(live, after);
        }
        for edit in &self.drifts {
            edit.apply(after);
        }
    }
}

/// The faults in force, and how often each was met.
#[derive(Debug, Default)]
pub(super) struct Faults {
    armed: Vec<Armed>,
    chance: Chance,
    /// How often each operation was called on each pool.
    calls: HashMap<(&'static str, String), u64>,
}

#[derive(Debug)]
struct Armed {
    fault: Fault,
    met: u64,
    fired: u64,
}

impl Faults {
    pub(super) fn new(faults: impl IntoIterator<Item = Fault>, chance: Chance) -> Self {
        let mut armed = Self { armed: Vec::new(), chance, calls: HashMap::new() };
        armed.add(faults);
        armed
    }

    pub(super) fn add(&mut self, faults: impl IntoIterator<Item = Fault>) {
        let armed = |fault| Armed { fault, met: 0, fired: 0 };
        self.armed.extend(faults.into_iter().map(armed));
    }

    pub(super) fn clear(&mut self) {
        self.armed.clear();
    }

    pub(super) fn texts(&self) -> Vec<String> {
        self.armed.iter().map(|armed| armed.fault.text.clone()).collect()
    }

    /// The random number for a call. It depends on the call's number for its operation and pool, so that the same call
    /// of the same pool has the same result however the calls of many pools interleave.
    fn dice(&mut self, operation: &'static str, pool: Option<&str>) -> Dice {
        let pool = pool.unwrap_or_default().to_owned();
        let number = self.calls.entry((operation, pool.clone())).or_default();
        *number += 1;
        Dice { chance: self.chance, operation, pool, number: number.to_string() }
    }

    /// What goes wrong with this call. One fault decides how it ends: others that would wait for the next
    /// call, and a call that ends early meets none of those written after.
    pub(super) fn take(&mut self, operation: &'static str, pool: Option<&str>) -> Effects {
        let dice = self.dice(operation, pool);
        let mut effects = Effects::default();
        for armed in &mut self.armed {
            if !armed.meets(operation, pool) {
                continue;
            }
            let Fault { text, from, share, times, kind, .. } = &armed.fault;
            let ends = matches!(kind, FaultKind::Early(_) | FaultKind::Late(_) | FaultKind::AccessDenied);
            let spared = armed.met < *from
                || armed.fired >= *times
                || effects.early.is_some()
                || effects.late.is_some() && ends
                || share.is_some_and(|share| dice.throw(text, "share") >= share);
            if spared {
                continue;
            }
            armed.fired += 1;
            match kind.clone() {
                FaultKind::Latency(least, most) => {
                    let latency = least + (most - least).mul_f64(dice.throw(text, "latency"));
                    effects.latency = effects.latency.saturating_add(latency);
                }
                FaultKind::Early(early) => effects.early = Some(early),
                FaultKind::AccessDenied => effects.early = Some(Early::Refusal(access_denied(operation))),
                FaultKind::Late(late) => effects.late = Some(late),
                FaultKind::Move(edit) => effects.moves.push(edit),
                FaultKind::DriftAfter(edit) => effects.drifts.push(edit),
                FaultKind::Ignore(place) => effects.ignored.push(place),
                FaultKind::Refuse(member) => effects.refused.push(member),
                FaultKind::Quote(member) => effects.quoted.push(member),
                FaultKind::Lag => effects.lags = true,
                FaultKind::Endless(token) => effects.endless = Some(token),
            }
        }
        effects
    }
}

/// What chance says of one call.
struct Dice {
    chance: Chance,
    operation: &'static str,
    pool: String,
    number: String,
}

impl Dice {
    /// From 0 up to 1, for one fault and one question.
    fn throw(&self, fault: &str, question: &str) -> f64 {
        self.chance.draw(&[fault, self.operation, &self.pool, &self.number, question])
    }
}

impl Armed {
    /// Whether the fault is about a call; counts it if so.
    fn meets(&mut self, operation: &str, pool: Option<&str>) -> bool {
        let Fault { operation: of, pool: only, .. } = &self.fault;
        let meant = (of == operation || of == "*") && only.as_deref().is_none_or(|only| Some(only) == pool);
        self.met += u64::from(meant);
        meant
    }
}

fn access_denied(operation: &str) -> Refusal {
    let service = if sts::OPERATIONS.contains(&operation) { "sts" } else { "cognito-idp" };
    let message = format!(
        "User: arn:aws:iam::111122223333:user/sandbox is not authorized to perform: {service}:{operation} because \
         no identity-based policy allows the {service}:{operation} action"
    );
    Refusal::new("AccessDeniedException", message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    use serde_json::json;

    use super::super::state::State;
    use crate::document::Json;

    fn faults(texts: &[&str]) -> Faults {
        Faults::new(texts.iter().map(|text| text.parse().unwrap()), Chance::default())
    }

    #[test]
    fn a_fault_happens_from_the_nth_call_and_so_many_times() {
        let mut faults = faults(&["UpdateUserPool/eu-west-1_abc@2:throttle*2"]);
        let mut throttled = |pool| faults.take("UpdateUserPool", Some(pool)).early.is_some();
        assert!(!throttled("eu-west-1_abc"), "the first call is spared");
        assert!(!throttled("eu-west-1_other"), "the fault is for one pool");
        assert_eq!([(); 3].map(|()| throttled("eu-west-1_abc")), [true, true, false]);
    }

    #[test]
    fn a_fault_waits_behind_one_that_ends_the_call() {
        let mut faults = faults(&["*:throttle*1", "UpdateUserPool:cut-after*1"]);
        assert_eq!(faults.take("UpdateUserPool", None).late, None);
        assert_eq!(faults.take("UpdateUserPool", None).late, Some(Late::Cut));
    }

    #[test]
    fn another_writer_moves_a_member_in_either_document() {
        let mut faults = faults(&[
            r#"DescribeUserPool:move=UserPoolTags["a:b"]:"x:y""#,
            "DescribeUserPool:move=MfaConfig.SoftwareTokenMfaConfiguration.Enabled:false*3",
            "DescribeUserPool:move=Gone:null",
        ]);
        let pool = json!({"Gone": 1}).as_object().cloned().unwrap();
        let mut state = State::of_pool(pool);
        for edit in faults.take("DescribeUserPool", None).moves {
            edit.apply(&mut state);
        }
        assert_eq!(Json::Object(state.pool.to_object()), json!({"UserPoolTags": {"a:b": "x:y"}}));
        let mfa = json!({"SoftwareTokenMfaConfiguration": {"Enabled": false}});
        assert_eq!(state.mfa.map(Json::Object), Some(mfa));
    }

    /// The calls of each pool that are cut, by their numbers, where pools are called in this order.
    fn cut(order: impl Iterator<Item = u32>) -> BTreeSet<(u32, usize)> {
        let mut faults = faults(&["*:cut-after~5%"]);
        let mut calls = BTreeMap::<u32, usize>::new();
        let mut cut = BTreeSet::new();
        for pool in order {
            let number = calls.entry(pool).or_default();
            *number += 1;
            if faults.take("DescribeUserPool", Some(&format!("eu-west-1_{pool}"))).late.is_some() {
                cut.insert((pool, *number));
            }
        }
        cut
    }

    #[test]
    fn a_share_of_the_calls_is_met_and_the_same_of_them_in_whatever_order_the_pools_come() {
        let in_turn = cut((0..2_000).map(|call| call % 200));
        assert!((70..130).contains(&in_turn.len()), "{} of 2000", in_turn.len());
        assert_eq!(cut((0..2_000).map(|call| call / 10)), in_turn);
    }

    #[test]
    fn chance_and_a_number_of_times_go_together() {
        let mut faults = faults(&["*:throttle~50%*3"]);
        let throttled = (0..100).filter(|_| faults.take("UpdateUserPool", None).early.is_some());
        assert_eq!(throttled.count(), 3);
    }

    #[test]
    fn a_latency_lies_anywhere_between_its_ends() {
        let mut faults = faults(&["*:latency=20..80ms"]);
        let mut millis =
            || faults.take("UpdateUserPool", Some("eu-west-1_abc")).latency.as_secs_f64() * 1000.0;
        let millis: Vec<f64> = (0..200).map(|_| millis()).collect();
        assert!(millis.iter().all(|time| (20.0..80.0).contains(time)));
        assert!(millis.iter().any(|time| *time < 25.0) && millis.iter().any(|time| *time > 75.0));
    }
}
