//! The rules of the house: what a project requires of its pools, in the `require` of its poolctl.yaml.
//!
//! A rule has one condition of a closed set, about one setting. It is judged on what the service makes of the pool: a
//! setting without a value has its default.

mod condition;
mod exempt;
mod judge;
mod read;
mod rule;
mod since;
#[cfg(test)]
mod tests;

pub use crate::manifest::HOUSE;
pub use condition::{Condition, HostPattern, RuleFound, UrlRule};
pub use exempt::{unknown, unknown_allows};
pub use judge::{HouseBreach, HouseVerdict, judge, judge_declared, resources};
pub use read::{Include, read};
pub use rule::{BrokenRule, HouseRule, RuleScope};
pub use since::{HouseBaseline, exempt_until};
