//! Rules of a pool's senders of e-mail and SMS.

use super::rule::{INVALID, Rule};
use super::truth::Truth;
use super::view::View;
use crate::catalogue::Evidence;

const SENDING_ACCOUNT: &str = "EmailConfiguration.EmailSendingAccount";
const FROM: &str = "EmailConfiguration.From";
const REPLY_TO: &str = "EmailConfiguration.ReplyToEmailAddress";
const SOURCE: &str = "EmailConfiguration.SourceArn";
const SMS: &str = "SmsConfiguration";
const SMS_ROLE: &str = "SmsConfiguration.SnsCallerArn";
const EUMS: &str = "SmsConfiguration.EumsSms";
const EUMS_REGION: &str = "SmsConfiguration.EumsSms.Region";
const CUSTOM_SMS: &str = "LambdaConfig.CustomSMSSender";
const CUSTOM_EMAIL: &str = "LambdaConfig.CustomEmailSender";
const KEY: &str = "LambdaConfig.KMSKeyID";

/// The rules, in the order of the facts.
pub(super) static RULES: &[Rule] = &[
    Rule {
        code: "from-on-built-in-sender",
        about: &[FROM, SENDING_ACCOUNT],
        what: "a `From` address is set, and Cognito's own sender sends the pool's e-mail",
        exception: INVALID,
        words: Some("Cannot configure From email address for default email configuration"),
        remedy: "set `EmailSendingAccount: DEVELOPER` with a `SourceArn`, or `From: null`",
        evidence: Evidence::Report,
        harms: false,
        broken: |pool| pool.has(FROM) & pool.is(SENDING_ACCOUNT, &["COGNITO_DEFAULT"]),
    },
    Rule {
        code: "developer-without-source",
        about: &[SENDING_ACCOUNT, SOURCE],
        what: "your Amazon SES identity sends the pool's e-mail, and `SourceArn` does not name it",
        exception: INVALID,
        words: Some("Source ARN is required to use DEVELOPER email sending owner"),
        remedy: "set `EmailConfiguration.SourceArn`, or `EmailSendingAccount: COGNITO_DEFAULT`",
        evidence: Evidence::Live,
        harms: false,
        broken: |pool| pool.is(SENDING_ACCOUNT, &["DEVELOPER"]) & !pool.has(SOURCE),
    },
    Rule {
        code: "email-address",
        about: &[FROM],
        what: "the address in `EmailConfiguration.From` has characters that are not ASCII",
        exception: INVALID,
        words: Some("Provided From email address is invalid"),
        remedy: "write the domain in Punycode, for example `noreply@xn--e1afmkfd.example`, and the name before the `@` in ASCII",
        evidence: Evidence::Report,
        harms: false,
        broken: |pool| pool.text(FROM, |from| !address(from).is_ascii()),
    },
    Rule {
        code: "email-address",
        about: &[REPLY_TO],
        what: "the address in `EmailConfiguration.ReplyToEmailAddress` has characters that are not ASCII",
        exception: INVALID,
        words: None,
        remedy: "write the domain in Punycode, for example `reply@xn--e1afmkfd.example`, and the name before the `@` in ASCII",
        evidence: Evidence::Inferred,
        harms: false,
        broken: |pool| pool.text(REPLY_TO, |reply_to| !address(reply_to).is_ascii()),
    },
    Rule {
        code: "custom-sender-without-key",
        about: &[CUSTOM_SMS, CUSTOM_EMAIL, KEY],
        what: "a custom sender function sends the pool's codes, and no key encrypts them",
        exception: INVALID,
        words: Some("KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used."),
        remedy: "set `LambdaConfig.KMSKeyID`, or remove the custom sender",
        evidence: Evidence::Live,
        harms: false,
        broken: |pool| custom_sender(pool) & !pool.has(KEY),
    },
    Rule {
        code: "two-sms-senders",
        about: &[EUMS, SMS_ROLE],
        what: "both `SnsCallerArn` and `EumsSms` are set as the SMS sender",
        exception: INVALID,
        words: None,
        remedy: "keep one of them, and set the other to `null`",
        evidence: Evidence::Docs,
        harms: false,
        broken: |pool| pool.has(SMS_ROLE) & pool.has(EUMS),
    },
    Rule {
        code: "sms-sender-without-role",
        about: &[SMS_ROLE, EUMS, SMS],
        what: "the SMS sender has neither `SnsCallerArn` nor `EumsSms`, and no known call removes a sender",
        exception: INVALID,
        words: None,
        remedy: "declare `SmsConfiguration.SnsCallerArn`, or `SmsConfiguration.EumsSms`",
        evidence: Evidence::Report,
        // If Cognito takes it, whatever needs an SMS stops working.
        harms: true,
        broken: |pool| pool.has(SMS) & !pool.has(SMS_ROLE) & !pool.has(EUMS),
    },
    Rule {
        code: "sms-in-another-region",
        about: &[EUMS_REGION],
        what: "`EumsSms.Region` is not the pool's Region",
        exception: INVALID,
        words: None,
        remedy: "set `SmsConfiguration.EumsSms.Region` to the pool's Region, or to `null`",
        evidence: Evidence::Docs,
        harms: false,
        broken: |pool| pool.is_another_region(EUMS_REGION),
    },
];

/// The address in `Name <address>`, or the whole where it has no name.
fn address(text: &str) -> &str {
    text.rsplit_once('<').map_or(text, |(_, address)| address)
}

fn custom_sender(pool: &View<'_>) -> Truth {
    pool.has(CUSTOM_SMS) | pool.has(CUSTOM_EMAIL)
}
