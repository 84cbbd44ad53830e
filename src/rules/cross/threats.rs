//! Rules of the risk configuration and of sessions.

use core::net::IpAddr;

use super::rule::{INVALID, Rule};
use super::truth::Truth;
use super::view::View;
use crate::catalogue::Evidence;
use crate::document::Json;

const RISK: &str = "riskConfiguration";
const BLOCKED: &str = "riskConfiguration.RiskExceptionConfiguration.BlockedIPRangeList";
const SKIPPED: &str = "riskConfiguration.RiskExceptionConfiguration.SkippedIPRangeList";
const SENDER: &str = "riskConfiguration.AccountTakeoverRiskConfiguration.NotifyConfiguration.SourceArn";
/// The Regions whose SES identities the messages may come from.
const SENDER_REGIONS: &str = "us-east-1 us-west-2 eu-west-1";
const PROTECTION: &str = "UserPoolAddOns.AdvancedSecurityMode";
const TRACKING: &str = "sessionConfiguration.UserSessionTracking";
const TIER: &str = "UserPoolTier";

/// The rules, in the order of the facts.
pub(super) static RULES: &[Rule] = &[
    Rule {
        code: "risk-without-protection",
        about: &[RISK, PROTECTION],
        what: "`riskConfiguration` is set while threat protection is off",
        exception: Some("UserPoolAddOnNotEnabledException"),
        words: None,
        remedy: "set `UserPoolAddOns.AdvancedSecurityMode: AUDIT` or `ENFORCED`, or remove `riskConfiguration`",
        evidence: Evidence::Model,
        harms: false,
        broken: |pool| {
            let is_block = |member: &Json| member.is_object() && is_more(member);
            let is_set = |risk: &Json| risk.as_object().is_some_and(|risk| risk.values().any(is_block));
            pool.test(RISK, is_set) & (pool.is(PROTECTION, &["OFF"]) | !pool.has(PROTECTION))
        },
    },
    Rule {
        code: "risk-ip-range",
        about: &[BLOCKED, SKIPPED],
        what: "an element of an IP range list is no range in CIDR notation",
        exception: INVALID,
        words: Some("Incorrect CIDR format"),
        remedy: "write an address with the length of its prefix, such as `203.0.113.0/24`, or `203.0.113.7/32` for one address",
        evidence: Evidence::Live,
        harms: false,
        broken: |pool| no_range(pool, BLOCKED) | no_range(pool, SKIPPED),
    },
    Rule {
        code: "risk-sender-region",
        about: &[SENDER],
        what: "the SES identity of the messages about risks is not in us-east-1, us-west-2 or eu-west-1",
        exception: INVALID,
        words: None,
        remedy: "name an identity in one of these Regions",
        evidence: Evidence::Live,
        harms: false,
        broken: |pool| {
            pool.text(SENDER, |arn| {
                let region = arn.split(':').nth(3).unwrap_or_default();
                !SENDER_REGIONS.split(' ').any(|known| known == region)
            })
        },
    },
    Rule {
        code: "session-tier",
        about: &[TRACKING, TIER],
        what: "sessions are tracked, which LITE does not offer",
        exception: Some("FeatureUnavailableInTierException"),
        words: None,
        remedy: "set `UserSessionTracking: DISABLED`, or `UserPoolTier: ESSENTIALS`",
        evidence: Evidence::Docs,
        harms: false,
        broken: |pool| pool.is(TRACKING, &["ENABLED"]) & pool.tier_is(&["LITE"]),
    },
];

/// Whether a value says more than its absence: an empty list or block does not.
fn is_more(value: &Json) -> bool {
    match value {
        Json::Object(block) => block.values().any(is_more),
        Json::Array(elements) => !elements.is_empty(),
        value => !value.is_null(),
    }
}

fn no_range(pool: &View<'_>, list: &'static str) -> Truth {
    pool.any(list, |text| {
        let parsed = text.split_once('/').and_then(|(address, length)| {
            let most = if address.parse::<IpAddr>().ok()?.is_ipv4() { 32 } else { 128 };
            length.parse::<u8>().ok().filter(|length| *length <= most)
        });
        parsed.is_none()
    })
}
