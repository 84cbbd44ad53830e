//! Rules of the risk configuration and of sessions.

use core::net::IpAddr;

use super::rule::{INVALID, Rule};
use super::truth::Truth;
use super::view::View;
use crate::catalogue::Evidence;
use crate::document::Json;

/// The Regions whose SES identities the messages may come from.
const SENDER_REGIONS: &str = "us-east-1 us-west-2 eu-west-1";
const PROTECTION: &str = "UserPoolAddOns.AdvancedSecurityMode";
const TRACKING: &str = "sessionConfiguration.UserSessionTracking";
const SINGLE_SIGN_ON: &str = "clients.*.sessionConfiguration.SSOSession.MaxValidityMinutes";
const TIER: &str = "UserPoolTier";

/// No configuration without threat protection.
macro_rules! without_protection {
    ($risk:literal, $of:literal) => {
        Rule {
            code: "risk-without-protection",
            about: &[
                concat!($risk, ".CompromisedCredentialsRiskConfiguration"),
                concat!($risk, ".AccountTakeoverRiskConfiguration"),
                concat!($risk, ".RiskExceptionConfiguration"),
                PROTECTION,
            ],
            what: concat!("`riskConfiguration`", $of, " is set while threat protection is off"),
            exception: Some("UserPoolAddOnNotEnabledException"),
            words: None,
            remedy: "set `UserPoolAddOns.AdvancedSecurityMode: AUDIT` or `ENFORCED`, or set each block to `null`: `CompromisedCredentialsRiskConfiguration`, `AccountTakeoverRiskConfiguration` and `RiskExceptionConfiguration`",
            evidence: Evidence::Model,
            harms: false,
            broken: |pool| {
                let is_set = pool.test(concat!($risk, ".CompromisedCredentialsRiskConfiguration"), is_more)
                    | pool.test(concat!($risk, ".AccountTakeoverRiskConfiguration"), is_more)
                    | pool.test(concat!($risk, ".RiskExceptionConfiguration"), is_more);
                is_set & (pool.is(PROTECTION, &["OFF"]) | !pool.has(PROTECTION))
            },
        }
    };
}

/// Ranges are in CIDR notation.
macro_rules! ip_range {
    ($risk:literal, $of:literal) => {
        Rule {
            code: "risk-ip-range",
            about: &[
                concat!($risk, ".RiskExceptionConfiguration.BlockedIPRangeList"),
                concat!($risk, ".RiskExceptionConfiguration.SkippedIPRangeList"),
            ],
            what: concat!("an element of an IP range list", $of, " is no range in CIDR notation"),
            exception: INVALID,
            words: Some("Incorrect CIDR format"),
            remedy: "write an address with the length of its prefix, such as `203.0.113.0/24`, or `203.0.113.7/32` for one address",
            evidence: Evidence::Live,
            harms: false,
            broken: |pool| {
                no_range(pool, concat!($risk, ".RiskExceptionConfiguration.BlockedIPRangeList"))
                    | no_range(pool, concat!($risk, ".RiskExceptionConfiguration.SkippedIPRangeList"))
            },
        }
    };
}

/// Not every Region sends the messages.
macro_rules! sender_region {
    ($risk:literal, $of:literal) => {
        Rule {
            code: "risk-sender-region",
            about: &[concat!($risk, ".AccountTakeoverRiskConfiguration.NotifyConfiguration.SourceArn")],
            what: concat!(
                "the SES identity of the messages about risks",
                $of,
                " is not in us-east-1, us-west-2 or eu-west-1"
            ),
            exception: INVALID,
            words: None,
            remedy: "name an identity in one of these Regions",
            evidence: Evidence::Live,
            harms: false,
            broken: |pool| {
                pool.text(
                    concat!($risk, ".AccountTakeoverRiskConfiguration.NotifyConfiguration.SourceArn"),
                    |arn| {
                        let region = arn.split(':').nth(3).unwrap_or_default();
                        !SENDER_REGIONS.split(' ').any(|known| known == region)
                    },
                )
            },
        }
    };
}

/// The rules of pools, in the order of the facts.
pub(super) static RULES: &[Rule] = &[
    without_protection!("riskConfiguration", ""),
    ip_range!("riskConfiguration", ""),
    sender_region!("riskConfiguration", ""),
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

/// The rules of the risk configurations and sessions of app clients.
pub(super) static OF_CLIENTS: &[Rule] = &[
    without_protection!("clients.*.riskConfiguration", " of an app client"),
    ip_range!("clients.*.riskConfiguration", " of an app client"),
    sender_region!("clients.*.riskConfiguration", " of an app client"),
    Rule {
        code: "session-tier",
        about: &[SINGLE_SIGN_ON, TIER],
        what: "an app client has a limit of single sign-on, which LITE does not offer",
        exception: Some("FeatureUnavailableInTierException"),
        words: None,
        remedy: "remove the limit, or set `UserPoolTier: ESSENTIALS`",
        evidence: Evidence::Docs,
        harms: false,
        broken: |client| client.differs_from_default(SINGLE_SIGN_ON) & client.tier_is(&["LITE"]),
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
    pool.find(list, |text| {
        let parsed = text.split_once('/').and_then(|(address, length)| {
            let most = if address.parse::<IpAddr>().ok()?.is_ipv4() { 32 } else { 128 };
            length.parse::<u8>().ok().filter(|length| *length <= most)
        });
        parsed.is_none().into()
    })
}
