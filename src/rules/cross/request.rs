//! Rules that a request breaks by what it holds, whatever pool comes of it.

use super::rule::{INVALID, Rule};
use super::truth::Truth;
use super::view::View;
use crate::catalogue::{Evidence, MFA_DOCUMENT, Operation};

/// A rule of one operation.
pub(super) struct RequestRule {
    pub(super) operation: Operation,
    /// Which pools it is about, as they are before the request.
    of: fn(&View<'_>) -> Truth,
    pub(super) rule: Rule,
}

impl RequestRule {
    pub(super) fn meets(&self, live: &View<'_>) -> bool {
        (self.of)(live) == Truth::Yes
    }
}

/// Whatever makes a plan send the MFA document.
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
        operation: Operation::UpdateUserPool,
        of: |live| !live.is("MfaConfiguration", &["ON"]),
        rule: Rule {
            code: "mfa-on-by-update",
            about: &["MfaConfiguration"],
            what: "MFA is to be made required by UpdateUserPool",
            exception: INVALID,
            words: Some("Cannot turn MFA functionality ON, once the user pool has been created."),
            remedy: "leave it to SetUserPoolMfaConfig",
            evidence: Evidence::Report,
            harms: false,
            broken: |body| body.is("MfaConfiguration", &["ON"]),
        },
    },
    RequestRule {
        operation: Operation::SetUserPoolMfaConfig,
        of: |_| Truth::Yes,
        rule: Rule {
            code: "mfa-off-with-factor",
            about: &[
                "MfaConfiguration",
                "SmsMfaConfiguration",
                "SoftwareTokenMfaConfiguration",
                "EmailMfaConfiguration",
            ],
            what: "MFA is off, and one of its factors is configured in the same request",
            exception: INVALID,
            words: Some("Invalid MFA configuration given, can't turn off MFA and configure an MFA together."),
            remedy: "remove the factor, or set `MfaConfiguration: OPTIONAL`",
            evidence: Evidence::Live,
            harms: false,
            // `Enabled: false` is refused too.
            broken: |body| {
                let factor = body.has("SmsMfaConfiguration")
                    | body.has("SoftwareTokenMfaConfiguration")
                    | body.has("EmailMfaConfiguration");
                body.is("MfaConfiguration", &["OFF"]) & factor
            },
        },
    },
    RequestRule {
        operation: Operation::SetUserPoolMfaConfig,
        of: has_sms_sender,
        rule: Rule {
            code: "sms-factor-beside-sender",
            about: &OF_MFA,
            what: "SMS is to be no MFA factor while the pool has an SMS sender, and the call may take the sender away",
            exception: INVALID,
            words: Some("Can't turn off SMS_MFA when SMS configuration is set for the user pool"),
            remedy: "keep `SmsMfaConfiguration: {}` as long as the pool has an SMS sender, which nothing removes",
            evidence: Evidence::Report,
            harms: true,
            broken: |body| !body.is("MfaConfiguration", &["OFF"]) & !body.has("SmsMfaConfiguration"),
        },
    },
    RequestRule {
        operation: Operation::SetUserPoolMfaConfig,
        of: has_sms_sender,
        rule: Rule {
            code: "mfa-off-beside-sender",
            about: &OF_MFA,
            what: "while MFA is off the call may not name the pool's SMS sender, and may take it away",
            exception: INVALID,
            words: None,
            remedy: "change this in an apply of its own, while `MfaConfiguration` is `OPTIONAL`",
            evidence: Evidence::Inferred,
            harms: true,
            broken: |body| body.is("MfaConfiguration", &["OFF"]),
        },
    },
    RequestRule {
        operation: Operation::UpdateUserPool,
        of: |_| Truth::Yes,
        rule: Rule {
            code: "unused-account-validity",
            about: &[
                "AdminCreateUserConfig.UnusedAccountValidityDays",
                "Policies.PasswordPolicy.TemporaryPasswordValidityDays",
            ],
            what: "`UnusedAccountValidityDays` is sent beside `TemporaryPasswordValidityDays`, which has replaced it",
            exception: INVALID,
            words: Some(
                "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays",
            ),
            remedy: "declare `Policies.PasswordPolicy.TemporaryPasswordValidityDays` alone",
            evidence: Evidence::Report,
            harms: false,
            broken: |body| {
                body.has("AdminCreateUserConfig.UnusedAccountValidityDays")
                    & body.has("Policies.PasswordPolicy.TemporaryPasswordValidityDays")
            },
        },
    },
];

fn has_sms_sender(pool: &View<'_>) -> Truth {
    pool.has("SmsConfiguration.SnsCallerArn") | pool.has("SmsConfiguration.EumsSms")
}
