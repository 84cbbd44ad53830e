//! Rules of what each tier offers.

use super::rule::Rule;
use super::truth::Truth;
use super::view::View;
use crate::catalogue::Evidence;

const TIER: &str = "UserPoolTier";
const REFUSED: Option<&str> = Some("FeatureUnavailableInTierException");
const PROTECTION: &str = "UserPoolAddOns.AdvancedSecurityMode";
const FIRST_FACTORS: &str = "Policies.SignInPolicy.AllowedFirstAuthFactors";
const TOKEN_EVENT: &str = "LambdaConfig.PreTokenGenerationConfig.LambdaVersion";
const EMAIL_MFA: &str = "EmailMfaConfiguration";
const PASSKEY_FACTOR: &str = "WebAuthnConfiguration.FactorConfiguration";
const ACR: &str = "AcrConfiguration";
const DCR: &str = "DcrConfiguration";
const DCR_STATUS: &str = "DcrConfiguration.EnableStatus";

/// The rules, in the order of the facts. Where users have seen the words for one tier, those for
/// another are the same with its name.
pub(super) static RULES: &[Rule] = &[
    Rule {
        code: "threat-protection-tier",
        about: &[PROTECTION, TIER],
        what: "threat protection is on, which only PLUS offers",
        exception: REFUSED,
        words: Some(
            "The following features need to be disabled for the {tier} pricing tier configured: Threat Protection",
        ),
        remedy: "set `UserPoolAddOns.AdvancedSecurityMode: \"OFF\"`, or `UserPoolTier: PLUS`",
        evidence: Evidence::Report,
        harms: false,
        broken: |pool| pool.is(PROTECTION, &["AUDIT", "ENFORCED"]) & pool.tier_is(&["LITE", "ESSENTIALS"]),
    },
    Rule {
        code: "passwordless-tier",
        about: &[FIRST_FACTORS, TIER],
        what: "a sign-in can begin without a password, which LITE does not offer",
        exception: REFUSED,
        words: Some(
            "The following features need to be disabled for the {tier} pricing tier configured: Passwordless Sign-In",
        ),
        remedy: "set `AllowedFirstAuthFactors: [PASSWORD]`, or `UserPoolTier: ESSENTIALS`",
        evidence: Evidence::Live,
        harms: false,
        broken: |pool| pool.any(FIRST_FACTORS, |factor| factor != "PASSWORD") & pool.tier_is(&["LITE"]),
    },
    token_event(
        "the pre-token trigger uses event version V2_0, which LITE does not offer",
        Some(
            "The following features need to be disabled for the {tier} pricing tier configured: Token Customization with Pre-Token Generation Lambda V2_0",
        ),
        Evidence::Live,
        |pool| pool.is(TOKEN_EVENT, &["V2_0"]) & pool.tier_is(&["LITE"]),
    ),
    token_event(
        "the pre-token trigger uses event version V3_0, which LITE does not offer",
        None,
        Evidence::Docs,
        |pool| pool.is(TOKEN_EVENT, &["V3_0"]) & pool.tier_is(&["LITE"]),
    ),
    Rule {
        code: "email-mfa-tier",
        about: &[EMAIL_MFA, TIER],
        what: "e-mail is an MFA factor, which LITE does not offer",
        exception: REFUSED,
        words: None,
        remedy: "remove `EmailMfaConfiguration`, or set `UserPoolTier: ESSENTIALS`",
        evidence: Evidence::Docs,
        harms: false,
        broken: |pool| pool.has(EMAIL_MFA) & pool.tier_is(&["LITE"]),
    },
    Rule {
        code: "passkey-factor-tier",
        about: &[PASSKEY_FACTOR, TIER],
        what: "a passkey counts as several factors, which LITE does not offer",
        exception: REFUSED,
        words: None,
        remedy: "set `WebAuthnConfiguration.FactorConfiguration: SINGLE_FACTOR`, or `UserPoolTier: ESSENTIALS`",
        evidence: Evidence::Docs,
        harms: false,
        broken: |pool| {
            pool.is(PASSKEY_FACTOR, &["MULTI_FACTOR_WITH_USER_VERIFICATION"]) & pool.tier_is(&["LITE"])
        },
    },
    Rule {
        code: "acr-tier",
        about: &[ACR, TIER],
        what: "`AcrConfiguration` sets its own values, which LITE does not offer",
        exception: REFUSED,
        words: None,
        remedy: "set `AcrConfiguration: null`, or `UserPoolTier: ESSENTIALS`",
        evidence: Evidence::Docs,
        harms: false,
        broken: |pool| pool.differs_from_default(ACR) & pool.tier_is(&["LITE"]),
    },
    Rule {
        code: "dcr-tier",
        about: &[DCR, TIER],
        what: "dynamic client registration is on, which LITE does not offer",
        exception: REFUSED,
        words: None,
        remedy: "set `DcrConfiguration: { EnableStatus: Disabled }`, or `UserPoolTier: ESSENTIALS`",
        evidence: Evidence::Docs,
        harms: false,
        // A structure without the status switches it on.
        broken: |pool| pool.has(DCR) & !pool.is(DCR_STATUS, &["Disabled"]) & pool.tier_is(&["LITE"]),
    },
];

/// The trigger's events above V1_0.
const fn token_event(
    what: &'static str,
    words: Option<&'static str>,
    evidence: Evidence,
    broken: fn(&View<'_>) -> Truth,
) -> Rule {
    Rule {
        code: "token-version-tier",
        about: &[TOKEN_EVENT, TIER],
        what,
        exception: REFUSED,
        words,
        remedy: "set `PreTokenGenerationConfig.LambdaVersion: V1_0`, or `UserPoolTier: ESSENTIALS`",
        evidence,
        harms: false,
        broken,
    }
}
