//! Rules of MFA, its factors and the first factors.

use super::rule::{INVALID, Rule};
use super::truth::Truth;
use super::view::{View, elements};
use crate::catalogue::Evidence;
use crate::document::Json;

const MODE: &str = "MfaConfiguration";
const TOTP: &str = "SoftwareTokenMfaConfiguration";
const SMS: &str = "SmsMfaConfiguration";
const EMAIL: &str = "EmailMfaConfiguration";
const PASSKEYS: &str = "WebAuthnConfiguration";
const RELYING_PARTY: &str = "WebAuthnConfiguration.RelyingPartyId";
const PASSKEY_FACTOR: &str = "WebAuthnConfiguration.FactorConfiguration";
const FIRST_FACTORS: &str = "Policies.SignInPolicy.AllowedFirstAuthFactors";
const SENDING_ACCOUNT: &str = "EmailConfiguration.EmailSendingAccount";
const RECOVERY: &str = "AccountRecoverySetting.RecoveryMechanisms";
const SMS_ROLE: &str = "SmsConfiguration.SnsCallerArn";
const EUMS: &str = "SmsConfiguration.EumsSms";

/// The rules, in the order of the facts.
pub(super) static RULES: &[Rule] = &[
    Rule {
        code: "mfa-without-factor",
        about: &[MODE, TOTP, SMS, EMAIL],
        what: "MFA is on without any factor",
        exception: INVALID,
        words: Some(
            "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.",
        ),
        remedy: "declare a factor, for example `SoftwareTokenMfaConfiguration: { Enabled: true }`, or set `MfaConfiguration: \"OFF\"`",
        evidence: Evidence::Report,
        harms: false,
        broken: |pool| is_on(pool) & !has_factor(pool) & !pool.differs_from_default(PASSKEYS),
    },
    Rule {
        code: "passkey-is-no-factor",
        about: &[MODE, TOTP, SMS, EMAIL, PASSKEYS],
        what: "MFA is on, and only passkeys are configured, which are not an MFA factor",
        exception: INVALID,
        words: Some(
            "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled.",
        ),
        remedy: "declare a factor, for example `SoftwareTokenMfaConfiguration: { Enabled: true }`, or set `MfaConfiguration: \"OFF\"`",
        evidence: Evidence::Live,
        harms: false,
        broken: |pool| is_on(pool) & !has_factor(pool) & pool.differs_from_default(PASSKEYS),
    },
    // WebAuthn, the definition of an RP ID: a valid domain string.
    Rule {
        code: "relying-party-no-host",
        about: &[RELYING_PARTY],
        what: "`RelyingPartyId` is not the name of a host: browsers refuse passkeys for an address with a scheme, a port or a path, for a number and for a pattern",
        exception: None,
        words: None,
        remedy: "write the host alone, such as `login.example.com`",
        evidence: Evidence::Docs,
        harms: false,
        broken: |pool| pool.text(RELYING_PARTY, |id| !is_host(id)),
    },
    Rule {
        code: "mfa-with-otp-sign-in",
        about: &[FIRST_FACTORS, MODE],
        what: "MFA is required, and a sign-in can begin with `EMAIL_OTP` or `SMS_OTP`",
        exception: INVALID,
        words: Some(
            "Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled",
        ),
        remedy: "remove `EMAIL_OTP` and `SMS_OTP` from `AllowedFirstAuthFactors`, or set `MfaConfiguration: OPTIONAL`",
        evidence: Evidence::Live,
        harms: false,
        broken: |pool| {
            is_required(pool) & pool.any(FIRST_FACTORS, |factor| ["EMAIL_OTP", "SMS_OTP"].contains(&factor))
        },
    },
    Rule {
        code: "mfa-with-single-factor-passkey",
        about: &[FIRST_FACTORS, MODE, PASSKEY_FACTOR],
        what: "MFA is required, and a sign-in can begin with a passkey that counts as a single factor",
        exception: INVALID,
        words: Some(
            "Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed first auth factor",
        ),
        remedy: "set `WebAuthnConfiguration.FactorConfiguration` to `MULTI_FACTOR_WITH_USER_VERIFICATION`, remove `WEB_AUTHN` from `AllowedFirstAuthFactors`, or set `MfaConfiguration: OPTIONAL`",
        evidence: Evidence::Live,
        harms: false,
        broken: |pool| {
            let passkey = pool.any(FIRST_FACTORS, |factor| factor == "WEB_AUTHN");
            is_required(pool) & passkey & !pool.is(PASSKEY_FACTOR, &["MULTI_FACTOR_WITH_USER_VERIFICATION"])
        },
    },
    Rule {
        code: "password-is-no-first-factor",
        about: &[FIRST_FACTORS],
        what: "`AllowedFirstAuthFactors` does not contain `PASSWORD`",
        exception: INVALID,
        words: Some("Password should be configured as one of the allowed first auth factors."),
        remedy: "add `PASSWORD` to `AllowedFirstAuthFactors`",
        evidence: Evidence::Live,
        harms: false,
        broken: |pool| {
            let is_given = pool.test(FIRST_FACTORS, |factors| elements(factors).next().is_some());
            is_given & !pool.any(FIRST_FACTORS, |factor| factor == "PASSWORD")
        },
    },
    Rule {
        code: "sms-otp-without-sender",
        about: &[FIRST_FACTORS, SMS_ROLE, EUMS],
        what: "a sign-in can begin with `SMS_OTP`, and the pool has no SMS sender",
        exception: INVALID,
        words: Some(
            "SMS_OTP can not be configured as AuthFactor as user pool is missing valid SMS configuration",
        ),
        remedy: "declare `SmsConfiguration`, or remove `SMS_OTP` from `AllowedFirstAuthFactors`",
        evidence: Evidence::Live,
        harms: false,
        broken: |pool| pool.any(FIRST_FACTORS, |factor| factor == "SMS_OTP") & !has_sms_sender(pool),
    },
    Rule {
        code: "sms-mfa-without-sender",
        about: &[SMS, MODE, SMS_ROLE, EUMS],
        what: "SMS is an MFA factor, and the pool has no SMS sender",
        exception: INVALID,
        words: Some(
            "SMS configuration and Auto verification for phone_number are required when MFA is required/optional",
        ),
        remedy: "declare `SmsConfiguration`, or remove `SmsMfaConfiguration`",
        evidence: Evidence::Report,
        harms: false,
        broken: |pool| is_on(pool) & pool.has(SMS) & !has_sms_sender(pool),
    },
    Rule {
        code: "phone-verification-without-sender",
        about: &["AutoVerifiedAttributes", SMS_ROLE, EUMS],
        what: "`phone_number` is verified automatically, and the pool has no SMS sender",
        exception: INVALID,
        words: Some("SMS configuration is required when phone_number is selected for auto verification"),
        remedy: "declare `SmsConfiguration`, or remove `phone_number` from `AutoVerifiedAttributes`",
        evidence: Evidence::Live,
        harms: false,
        broken: |pool| {
            pool.any("AutoVerifiedAttributes", |name| name == "phone_number") & !has_sms_sender(pool)
        },
    },
    Rule {
        code: "email-mfa-on-built-in-sender",
        about: &[EMAIL, SENDING_ACCOUNT],
        what: "e-mail is an MFA factor, and Cognito's own sender sends the pool's e-mail",
        exception: INVALID,
        words: Some(
            "Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of COGNITO_DEFAULT.",
        ),
        remedy: "set `EmailConfiguration` to `EmailSendingAccount: DEVELOPER` with a `SourceArn`, or remove `EmailMfaConfiguration`",
        evidence: Evidence::Live,
        harms: false,
        broken: |pool| pool.has(EMAIL) & pool.is(SENDING_ACCOUNT, &["COGNITO_DEFAULT"]),
    },
    Rule {
        code: "email-mfa-with-email-recovery",
        about: &[EMAIL, RECOVERY],
        what: "e-mail is an MFA factor, and e-mail is the only recovery method",
        exception: INVALID,
        words: None,
        remedy: "add `verified_phone_number` or `admin_only` to `RecoveryMechanisms`, or remove `EmailMfaConfiguration`",
        evidence: Evidence::Docs,
        harms: false,
        broken: |pool| {
            let only_email = pool.test(RECOVERY, |list| {
                !names(list).is_empty() && names(list).iter().all(|name| *name == "verified_email")
            });
            pool.has(EMAIL) & only_email
        },
    },
    Rule {
        code: "sms-mfa-with-phone-recovery",
        about: &[SMS, MODE, RECOVERY],
        what: "SMS is an MFA factor, and `verified_phone_number` is a recovery method",
        exception: INVALID,
        words: Some(
            "Invalid account recovery setting parameter. Account Recovery Setting cannot use verified_phone_number as a recovery mechanism when SMS MFA is configured.",
        ),
        remedy: "remove `verified_phone_number` from `RecoveryMechanisms`, or remove `SmsMfaConfiguration`",
        evidence: Evidence::Report,
        harms: false,
        broken: |pool| {
            let by_phone = pool.test(RECOVERY, |list| names(list).contains(&"verified_phone_number"));
            is_on(pool) & pool.has(SMS) & by_phone
        },
    },
];

/// Whether the text is a name of labels with a dot between each two, and no address of IPv4.
fn is_host(text: &str) -> bool {
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let is_number = |label: &str| label.bytes().all(|digit| digit.is_ascii_digit());
    text.split('.').all(is_label) && !text.split('.').all(is_number)
}

fn is_on(pool: &View<'_>) -> Truth {
    pool.is(MODE, &["ON", "OPTIONAL"])
}

fn is_required(pool: &View<'_>) -> Truth {
    pool.is(MODE, &["ON"])
}

/// A present factor counts, although it may be only configured (not measured).
fn has_factor(pool: &View<'_>) -> Truth {
    pool.is_on("SoftwareTokenMfaConfiguration.Enabled") | pool.has(SMS) | pool.has(EMAIL)
}

fn has_sms_sender(pool: &View<'_>) -> Truth {
    pool.has(SMS_ROLE) | pool.has(EUMS)
}

/// The names of the ways of recovery.
fn names(mechanisms: &Json) -> Vec<&str> {
    elements(mechanisms).filter_map(|mechanism| mechanism.get("Name")?.as_str()).collect()
}
