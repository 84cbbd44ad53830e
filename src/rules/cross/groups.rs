//! Rules of groups.

use super::rule::{INVALID, Rule};
use super::truth::Truth;
use crate::catalogue::Evidence;

const ROLE: &str = "groups.*.RoleArn";

/// The rules.
pub(super) static RULES: &[Rule] = &[Rule {
    code: "group-role-account",
    about: &[ROLE],
    what: "the role of a group is in another account than the pool",
    exception: INVALID,
    words: Some("Cross-account pass role is not allowed."),
    remedy: "name a role of the pool's own account",
    evidence: Evidence::Live,
    harms: false,
    broken: |group| {
        let Some(own) = group.account() else { return Truth::Unknown };
        group.text(ROLE, |role| role.split(':').nth(4).is_some_and(|account| account != own))
    },
}];
