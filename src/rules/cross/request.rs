//! Rules about the content of a request, independent of the resulting pool.

use super::rule::{INVALID, Rule};
use super::truth::Truth;
use super::view::View;
use crate::catalogue::{Call, Evidence, MFA_DOCUMENT, calls};

/// A rule of one operation.
pub(super) struct RequestRule {
    pub(super) operation: &'static Call,
    /// The pools to which it applies, as they are before the request.
    of: fn(&View<'_>) -> Truth,
    pub(super) rule: Rule,
}

impl RequestRule {
    pub(super) fn meets(&self, live: &View<'_>) -> bool {
        (self.of)(live) == Truth::Yes
    }
}

/// The settings that make a plan send the MFA document.
const OF_MFA: [&str; 6] = [
    "SmsMfaConfiguration",
    "WebAuthnConfiguration",
    "MfaConfiguration",
    "SoftwareTokenMfaConfiguration",
    "EmailMfaConfiguration",
    MFA_DOCUMENT,
];

/// The rules, in the order of the facts.
pub(super) static RULES: &[RequestRule] = &[
    RequestRule {
        operation: &calls::UPDATE_USER_POOL,
        of: |live| !live.is("MfaConfiguration", &["ON"]),
        rule: Rule {
            code: "mfa-on-by-update",
            about: &["MfaConfiguration"],
            what: "an UpdateUserPool request makes MFA required",
            exception: INVALID,
            words: Some("Cannot turn MFA functionality ON, once the user pool has been created."),
            remedy: "change `MfaConfiguration` with SetUserPoolMfaConfig",
            evidence: Evidence::Report,
            harms: false,
            broken: |body| body.is("MfaConfiguration", &["ON"]),
        },
    },
    RequestRule {
        operation: &calls::SET_USER_POOL_MFA_CONFIG,
        of: |_| Truth::Yes,
        rule: Rule {
            code: "mfa-off-with-factor",
            about: &[
                "MfaConfiguration",
                "SmsMfaConfiguration",
                "SoftwareTokenMfaConfiguration",
                "EmailMfaConfiguration",
            ],
            what: "a request turns MFA off and configures a factor",
            exception: INVALID,
            words: Some("Invalid MFA configuration given, can't turn off MFA and configure an MFA together."),
            remedy: "remove the factor, or set `MfaConfiguration: OPTIONAL`",
            evidence: Evidence::Live,
            harms: false,
            // `Enabled: false` is refused too.
            broken: |body| body.is("MfaConfiguration", &["OFF"]) & configures_factor(body),
        },
    },
    RequestRule {
        operation: &calls::SET_USER_POOL_MFA_CONFIG,
        of: has_sms_sender,
        rule: Rule {
            code: "sms-factor-beside-sender",
            about: &OF_MFA,
            what: "the request turns SMS off as an MFA factor while the pool has an SMS sender, and may remove the sender",
            exception: INVALID,
            words: Some("Can't turn off SMS_MFA when SMS configuration is set for the user pool"),
            remedy: "set `SmsMfaConfiguration: {}`; a pool with an SMS sender must keep it, and no call removes the sender",
            evidence: Evidence::Report,
            harms: true,
            broken: |body| !body.is("MfaConfiguration", &["OFF"]) & !body.has("SmsMfaConfiguration"),
        },
    },
    RequestRule {
        operation: &calls::SET_USER_POOL_MFA_CONFIG,
        of: has_sms_sender,
        rule: Rule {
            code: "mfa-off-beside-sender",
            about: &OF_MFA,
            what: "the request leaves MFA off while the pool has an SMS sender, and may remove the sender",
            exception: INVALID,
            words: None,
            remedy: "apply the change with `MfaConfiguration: OPTIONAL` and `SmsMfaConfiguration: {}`; then set `MfaConfiguration: \"OFF\"` in a second apply, with `--allow mfa-downgrade`",
            evidence: Evidence::Inferred,
            harms: true,
            // With a factor, `mfa-off-with-factor` refuses it.
            broken: |body| body.is("MfaConfiguration", &["OFF"]) & !configures_factor(body),
        },
    },
    RequestRule {
        operation: &calls::UPDATE_USER_POOL,
        of: |_| Truth::Yes,
        rule: Rule {
            code: "unused-account-validity",
            about: &[
                "AdminCreateUserConfig.UnusedAccountValidityDays",
                "Policies.PasswordPolicy.TemporaryPasswordValidityDays",
            ],
            what: "the request contains both `UnusedAccountValidityDays` and its successor, `TemporaryPasswordValidityDays`",
            exception: INVALID,
            words: Some(
                "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays",
            ),
            remedy: "declare only `Policies.PasswordPolicy.TemporaryPasswordValidityDays`",
            evidence: Evidence::Report,
            harms: false,
            broken: |body| {
                body.has("AdminCreateUserConfig.UnusedAccountValidityDays")
                    & body.has("Policies.PasswordPolicy.TemporaryPasswordValidityDays")
            },
        },
    },
];

fn configures_factor(body: &View<'_>) -> Truth {
    body.has("SmsMfaConfiguration")
        | body.has("SoftwareTokenMfaConfiguration")
        | body.has("EmailMfaConfiguration")
}

fn has_sms_sender(pool: &View<'_>) -> Truth {
    pool.has("SmsConfiguration.SnsCallerArn") | pool.has("SmsConfiguration.EumsSms")
}
