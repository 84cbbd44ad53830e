//! Rules of domains.

use super::rule::{INVALID, Rule};
use super::truth::Truth;
use super::view::View;
use crate::catalogue::Evidence;

const CUSTOM: &str = "domains.*.CustomDomainConfig";
const CERTIFICATE: &str = "domains.*.CustomDomainConfig.CertificateArn";
const VERSION: &str = "domains.*.ManagedLoginVersion";
const TIER: &str = "UserPoolTier";
/// The words that Cognito keeps for itself.
const RESERVED: [&str; 3] = ["aws", "amazon", "cognito"];

/// The rules, in the order of the facts.
pub(super) static RULES: &[Rule] = &[
    Rule {
        code: "domain-reserved-word",
        about: &["domains.*.ManagedLoginVersion"],
        what: "the prefix has the word `aws`, `amazon` or `cognito` between hyphens",
        exception: INVALID,
        words: None,
        remedy: "choose another prefix",
        evidence: Evidence::Live,
        harms: false,
        broken: |domain| {
            (!is_custom(domain) && name(domain).split('-').any(|word| RESERVED.contains(&word))).into()
        },
    },
    Rule {
        code: "domain-without-certificate",
        about: &[CUSTOM],
        what: "a name with dots is that of a custom domain, which has a certificate",
        exception: INVALID,
        words: Some(
            "The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens.",
        ),
        remedy: "add `CustomDomainConfig` with the ARN of a certificate, or choose a prefix without dots",
        evidence: Evidence::Live,
        harms: false,
        broken: |domain| Truth::from(is_custom(domain)) & !domain.has(CUSTOM),
    },
    Rule {
        code: "domain-prefix-certificate",
        about: &[CUSTOM],
        what: "a name without dots is a prefix of Cognito's own domain, which has no certificate of the pool's",
        exception: INVALID,
        words: Some("Custom domain is not a valid subdomain"),
        remedy: "remove `CustomDomainConfig`, or write the full name of the custom domain",
        evidence: Evidence::Live,
        harms: false,
        broken: |domain| Truth::from(!is_custom(domain)) & domain.has(CUSTOM),
    },
    Rule {
        code: "domain-certificate-region",
        about: &[CERTIFICATE],
        what: "the certificate of a custom domain is not in us-east-1",
        exception: INVALID,
        words: Some(
            "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.",
        ),
        remedy: "request or import the certificate in us-east-1, whatever the Region of the pool is",
        evidence: Evidence::Live,
        harms: false,
        broken: |domain| {
            domain.text(CERTIFICATE, |arn| arn.starts_with("arn:") && !arn.contains(":us-east-1:"))
        },
    },
    Rule {
        code: "login-version-tier",
        about: &[VERSION, TIER],
        what: "the domain has managed login, which LITE does not offer",
        exception: Some("FeatureUnavailableInTierException"),
        words: Some(
            "The following feature is not available for the {tier} pricing tier configured: Managed Login Version 2",
        ),
        remedy: "set `ManagedLoginVersion: 1`, or `UserPoolTier: ESSENTIALS`",
        evidence: Evidence::Live,
        harms: false,
        broken: |domain| domain.test(VERSION, |version| version == 2) & domain.tier_is(&["LITE"]),
    },
];

/// The name of a domain.
fn name(domain: &View<'_>) -> String {
    domain.label().unwrap_or_default()
}

fn is_custom(domain: &View<'_>) -> bool {
    name(domain).contains('.')
}
