//! Rules of log delivery.

use super::rule::{INVALID, Rule};
use super::truth::Truth;
use super::view::{View, elements};
use crate::catalogue::Evidence;
use crate::document::Json;

const LOGS: &str = "logDelivery.LogConfigurations";
const TIER: &str = "UserPoolTier";
const ACTIVITY: &str = "userAuthEvents";
const DESTINATIONS: [&str; 3] = ["CloudWatchLogsConfiguration", "S3Configuration", "FirehoseConfiguration"];

/// The rules, in the order of the facts.
pub(super) static RULES: &[Rule] = &[
    Rule {
        code: "log-tier",
        about: &[LOGS, TIER],
        what: "the activity of users is logged, which only PLUS offers",
        exception: Some("FeatureUnavailableInTierException"),
        words: Some(
            "The following feature is not available for the {tier} pricing tier configured: Log Streaming",
        ),
        remedy: "remove the entry of `userAuthEvents`, or set `UserPoolTier: PLUS`",
        evidence: Evidence::Live,
        harms: false,
        broken: |pool| {
            logs(pool, |entry| source(entry) == Some(ACTIVITY)) & pool.tier_is(&["LITE", "ESSENTIALS"])
        },
    },
    Rule {
        code: "log-destination",
        about: &[LOGS],
        what: "an entry of `LogConfigurations` names no destination",
        exception: INVALID,
        words: None,
        remedy: "add `CloudWatchLogsConfiguration`, or another destination, to each entry",
        evidence: Evidence::Live,
        harms: false,
        broken: |pool| {
            // An empty block names nothing.
            let is_named = |to: &Json| to.as_object().is_some_and(|to| !to.is_empty());
            logs(pool, |entry| !DESTINATIONS.iter().any(|to| entry.get(to).is_some_and(is_named)))
        },
    },
    Rule {
        code: "log-source",
        about: &[LOGS],
        what: "two entries of `LogConfigurations` have one `EventSource`",
        exception: INVALID,
        words: None,
        remedy: "keep one entry for each `EventSource`",
        evidence: Evidence::Live,
        harms: false,
        broken: |pool| {
            pool.test(LOGS, |list| {
                let mut seen = std::collections::HashSet::new();
                elements(list).filter_map(source).any(|source| !seen.insert(source))
            })
        },
    },
    Rule {
        code: "log-region",
        about: &[LOGS],
        what: "a log group is in another Region than the pool",
        exception: INVALID,
        words: Some("ARN does not belong to current region"),
        remedy: "name a log group in the pool's Region",
        evidence: Evidence::Live,
        harms: false,
        broken: |pool| {
            logs(pool, |entry| log_group_region(entry).is_some_and(|region| region != pool.region()))
        },
    },
    Rule {
        code: "log-level",
        about: &[LOGS],
        what: "the `LogLevel` is not the one of its `EventSource`",
        exception: INVALID,
        words: None,
        remedy: "set `LogLevel: ERROR` for `userNotification`, and `LogLevel: INFO` for `userAuthEvents`",
        evidence: Evidence::Report,
        harms: false,
        broken: |pool| {
            logs(pool, |entry| {
                let level = entry.get("LogLevel").and_then(Json::as_str);
                let own = if source(entry) == Some(ACTIVITY) { "INFO" } else { "ERROR" };
                level.is_some_and(|level| level != own)
            })
        },
    },
    Rule {
        code: "log-target",
        about: &[LOGS],
        what: "errors of messages go to a bucket or a stream, which only the activity of users can",
        exception: INVALID,
        words: None,
        remedy: "give the entry of `userNotification` a `CloudWatchLogsConfiguration` alone",
        evidence: Evidence::Docs,
        harms: false,
        broken: |pool| {
            let is_other = |entry: &Json| DESTINATIONS[1..].iter().any(|other| entry.get(other).is_some());
            logs(pool, |entry| source(entry) == Some("userNotification") && is_other(entry))
        },
    },
];

/// Whether one of the entries is such a one.
fn logs(pool: &View<'_>, such: impl Fn(&Json) -> bool) -> Truth {
    pool.test(LOGS, |list| elements(list).any(such))
}

fn source(entry: &Json) -> Option<&str> {
    entry.get("EventSource")?.as_str()
}

fn log_group_region(entry: &Json) -> Option<&str> {
    entry.get(DESTINATIONS[0])?.get("LogGroupArn")?.as_str()?.split(':').nth(3)
}
