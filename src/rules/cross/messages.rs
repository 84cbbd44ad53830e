//! Rules of verification, recovery, the texts of messages, triggers and tags.

use super::rule::{INVALID, Rule};
use super::truth::Truth;
use super::view::{View, elements};
use crate::catalogue::Evidence;
use crate::document::Json;

const BEFORE_UPDATE: &str = "UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate";
const VERIFIED: &str = "AutoVerifiedAttributes";
const RECOVERY: &str = "AccountRecoverySetting.RecoveryMechanisms";
const TRIGGER: &str = "LambdaConfig.PreTokenGeneration";
const TRIGGER_ARN: &str = "LambdaConfig.PreTokenGenerationConfig.LambdaArn";
const LEVELS: [&str; 4] = [
    "AcrConfiguration.Level1",
    "AcrConfiguration.Level2",
    "AcrConfiguration.Level3",
    "AcrConfiguration.Level4",
];
/// The tags that a resource of AWS may have, AWS's own left out.
const MOST_TAGS: usize = 50;

/// The rules, in the order of the facts.
pub(super) static RULES: &[Rule] = &[
    Rule {
        code: "verification-before-update",
        about: &[BEFORE_UPDATE, VERIFIED],
        what: "an attribute is to be verified before an update, and is not verified automatically",
        exception: INVALID,
        words: Some(
            "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes",
        ),
        remedy: "add it to `AutoVerifiedAttributes`, or take it out of `AttributesRequireVerificationBeforeUpdate`",
        evidence: Evidence::Report,
        harms: false,
        broken: |pool| {
            let outside = |attribute: &str| {
                let verified = pool.any(VERIFIED, |verified| verified == attribute);
                pool.any(BEFORE_UPDATE, |name| name == attribute) & !verified
            };
            outside("email") | outside("phone_number")
        },
    },
    code_in(&["VerificationMessageTemplate.SmsMessage"], |pool| {
        lacks_code(pool, "VerificationMessageTemplate.SmsMessage")
    }),
    code_in(&["VerificationMessageTemplate.EmailMessage"], |pool| {
        lacks_code(pool, "VerificationMessageTemplate.EmailMessage")
    }),
    code_in(&["SmsAuthenticationMessage"], |pool| lacks_code(pool, "SmsAuthenticationMessage")),
    invitation(&["AdminCreateUserConfig.InviteMessageTemplate.SMSMessage"], |pool| {
        pool.text("AdminCreateUserConfig.InviteMessageTemplate.SMSMessage", invites_nobody)
    }),
    invitation(&["AdminCreateUserConfig.InviteMessageTemplate.EmailMessage"], |pool| {
        pool.text("AdminCreateUserConfig.InviteMessageTemplate.EmailMessage", invites_nobody)
    }),
    code_in(&["EmailMfaConfiguration.Message"], |pool| lacks_code(pool, "EmailMfaConfiguration.Message")),
    Rule {
        code: "message-placeholder",
        about: &["VerificationMessageTemplate.EmailMessageByLink"],
        what: "the message with a link has no `{##…##}`, where the link goes",
        exception: INVALID,
        words: Some("The message is invalid."),
        remedy: "put `{##the text of the link##}` into the message",
        evidence: Evidence::Report,
        harms: false,
        broken: |pool| pool.text("VerificationMessageTemplate.EmailMessageByLink", |text| !has_link(text)),
    },
    Rule {
        code: "recovery-priorities",
        about: &[RECOVERY],
        what: "two ways of recovery have the same priority",
        exception: INVALID,
        words: None,
        remedy: "give each element of `RecoveryMechanisms` a `Priority` of its own",
        evidence: Evidence::Inferred,
        harms: false,
        broken: |pool| pool.test(RECOVERY, repeats_a_priority),
    },
    Rule {
        code: "pre-token-generation-differs",
        about: &[TRIGGER_ARN, TRIGGER],
        what: "`PreTokenGeneration` and `PreTokenGenerationConfig.LambdaArn` name two functions",
        exception: INVALID,
        words: None,
        remedy: "declare `LambdaConfig.PreTokenGenerationConfig` alone",
        evidence: Evidence::Docs,
        harms: false,
        broken: |pool| pool.both([TRIGGER, TRIGGER_ARN], |old, new| old != new),
    },
    Rule {
        code: "acr-values",
        about: &["AcrConfiguration"],
        what: "two levels of `AcrConfiguration` have the same name, built-in names included",
        exception: INVALID,
        words: None,
        remedy: "give each level an `AcrValue` of its own; a level that nobody names is `urn:cognito:loa:` and its number",
        evidence: Evidence::Docs,
        harms: false,
        broken: |pool| pool.any_equal(&LEVELS),
    },
    Rule {
        code: "tag-limit",
        about: &["UserPoolTags"],
        what: "the pool has more than 50 tags",
        exception: "UserPoolTaggingException",
        words: None,
        remedy: "remove tags, with `NAME: null` under `UserPoolTags`",
        evidence: Evidence::Docs,
        harms: false,
        broken: |pool| {
            // What is not declared can only add to them.
            let more = |tags: &Json| tags.as_object().is_some_and(|tags| tags.len() > MOST_TAGS);
            pool.test("UserPoolTags", more)
        },
    },
];

const fn code_in(about: &'static [&'static str], broken: fn(&View<'_>) -> Truth) -> Rule {
    Rule {
        code: "message-placeholder",
        about,
        what: "a message that carries a code has no `{####}`, where the code goes",
        exception: INVALID,
        words: Some("The message is invalid."),
        remedy: "put `{####}` into the message",
        evidence: Evidence::Report,
        harms: false,
        broken,
    }
}

/// An invitation carries a name and a password; what the service answers to one without nobody has
/// written down (aws/aws-cdk pull request 6484).
const fn invitation(about: &'static [&'static str], broken: fn(&View<'_>) -> Truth) -> Rule {
    Rule {
        code: "message-placeholder",
        about,
        what: "an invitation lacks `{username}` or `{####}`, where the name and the password go",
        exception: INVALID,
        words: None,
        remedy: "put `{username}` and `{####}` into the message",
        evidence: Evidence::Report,
        harms: false,
        broken,
    }
}

fn invites_nobody(text: &str) -> bool {
    !text.contains("{username}") || !text.contains("{####}")
}

fn lacks_code(pool: &View<'_>, setting: &'static str) -> Truth {
    pool.text(setting, |text| !text.contains("{####}"))
}

fn has_link(text: &str) -> bool {
    text.split_once("{##").is_some_and(|(_, rest)| rest.contains("##}"))
}

fn repeats_a_priority(mechanisms: &Json) -> bool {
    let priorities: Vec<_> =
        elements(mechanisms).filter_map(|mechanism| mechanism.get("Priority")?.as_i64()).collect();
    priorities.iter().enumerate().any(|(position, priority)| priorities[..position].contains(priority))
}
