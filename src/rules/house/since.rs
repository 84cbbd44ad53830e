//! What a change does to the rules of the house: rules that it drops or changes, and pools that it exempts.

use std::sync::Arc;

use time::Date;

use super::judge::HouseBreach;
use super::rule::HouseRule;
use crate::manifest::{Allow, Code, Term};

/// What a baseline has of the rules of the house; the default without a baseline.
#[derive(Clone, Debug, Default)]
pub struct HouseBaseline {
    /// The rules that are gone, or others, by now.
    pub gone: Arc<[HouseRule]>,
    /// The names of today's rules that the baseline has too.
    pub kept: Arc<[String]>,
    /// The exemptions of the pool's manifest in the baseline.
    pub allow: Vec<Allow>,
}

impl HouseBaseline {
    /// The rules of a baseline beside those of today.
    pub fn of(then: &[HouseRule], now: &[HouseRule]) -> Self {
        let has = |rules: &[HouseRule], rule: &HouseRule| rules.iter().any(|other| other.is_same(rule));
        let gone = then.iter().filter(|rule| !has(now, rule)).cloned().collect();
        let kept = now.iter().filter(|rule| has(then, rule)).map(|rule| rule.name.clone()).collect();
        Self { gone, kept, allow: Vec::new() }
    }
}

/// The last day on which one of these entries exempts a breach, if one does today.
pub fn exempt_until(allows: &[Allow], breach: &HouseBreach<'_>, today: Date) -> Option<Date> {
    let code = Code::House(breach.rule.name.clone());
    let covers = |allow: &&Allow| {
        let is_around = allow.path.as_ref().is_none_or(|path| breach.path.is_within(&path.value));
        allow.code.value == code && is_around && !Term::of(allow.until, today).is_past()
    };
    allows.iter().filter(covers).map(|allow| allow.until.unwrap_or(Date::MAX)).max()
}
