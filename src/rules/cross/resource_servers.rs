//! Rules of resource servers.

use super::rule::{INVALID, Rule};
use crate::catalogue::Evidence;

const NAME: &str = "resourceServers.*.Name";

/// The rules.
pub(super) static RULES: &[Rule] = &[Rule {
    code: "resource-server-name",
    about: &[NAME],
    what: "a resource server has no `Name`",
    exception: INVALID,
    words: None,
    remedy: "declare a `Name`",
    evidence: Evidence::Model,
    harms: false,
    broken: |server| !server.has(NAME),
}];
