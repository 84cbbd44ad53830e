//! Rules of verification, recovery, the texts of messages, triggers and tags.

use super::rule::{INVALID, Rule};
use super::truth::Truth;
use super::view::{View, elements};
use crate::catalogue::Evidence;
use crate::document::Json;
use crate::rules::placeholder;

const BEFORE_UPDATE: &str = "UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate";
const VERIFIED: &str = "AutoVerifiedAttributes";
const RECOVERY: &str = "AccountRecoverySetting.RecoveryMechanisms";
const TRIGGER: &str = "LambdaConfig.PreTokenGeneration";
const TRIGGER_ARN: &str = "LambdaConfig.PreTokenGenerationConfig.LambdaArn";
const BY_LINK: &str = "VerificationMessageTemplate.EmailMessageByLink";
const FIRST_FACTORS: &str = "Policies.SignInPolicy.AllowedFirstAuthFactors";
const LEVELS: [&str; 4] = [
    "AcrConfiguration.Level1",
    "AcrConfiguration.Level2",
    "AcrConfiguration.Level3",
    "AcrConfiguration.Level4",
];
/// The tags that a resource of AWS may have, AWS's own left out.
const MOST_TAGS: usize = 50;

/// A message of the service without what it is sent for.
macro_rules! placeholder {
    ($setting:literal, $lacks:literal, $remedy:literal, $about:expr, $words:expr, $broken:expr) => {
        Rule {
            code: "message-placeholder",
            about: $about,
            what: concat!("`", $setting, "` ", $lacks),
            exception: INVALID,
            words: $words,
            remedy: $remedy,
            evidence: Evidence::Report,
            harms: false,
            broken: $broken,
        }
    };
}

macro_rules! carries_code {
    ($setting:literal) => {
        placeholder!(
            $setting,
            "carries a code, and lacks the placeholder `{####}` for the code",
            "add `{####}` to the message",
            &[$setting],
            Some("The message is invalid."),
            |pool| lacks(pool, $setting, "{####}")
        )
    };
}

/// The service's response to an invitation without placeholders is not documented
/// (aws/aws-cdk pull request 6484).
macro_rules! names_invited {
    ($setting:literal) => {
        placeholder!(
            $setting,
            "invites users, and lacks the placeholder `{username}` for the user name",
            "add `{username}` to the message",
            &[$setting],
            None,
            |pool| lacks(pool, $setting, "{username}")
        )
    };
}

/// Where a sign-in may begin without a password, an invitation may do without one
/// (hashicorp/terraform-provider-aws pull request 49294).
macro_rules! invites_with_password {
    ($setting:literal) => {
        placeholder!(
            $setting,
            "invites users who sign in with a password, and lacks the placeholder `{####}` for the password",
            "add `{####}` to the message",
            &[$setting, FIRST_FACTORS],
            None,
            |pool| {
                let passwordless = pool.any(FIRST_FACTORS, |factor| factor != "PASSWORD");
                lacks(pool, $setting, "{####}") & !passwordless
            }
        )
    };
}

/// Users receive the placeholder itself (aws/aws-cdk issues 7597 and 12931).
macro_rules! names_nobody {
    ($setting:literal) => {
        Rule {
            code: "username-not-filled-in",
            about: &[$setting],
            what: concat!(
                "`",
                $setting,
                "` contains `{username}`, which Cognito replaces only in invitations: users receive `{username}` unchanged"
            ),
            exception: None,
            words: None,
            remedy: "remove `{username}` from the message",
            evidence: Evidence::Report,
            harms: false,
            broken: |pool| pool.text($setting, |text| text.contains("{username}")),
        }
    };
}

/// A tool for e-mails has changed a placeholder: users receive what is left of it (the scripts about placeholders in
/// findings/ have the tools).
macro_rules! keeps_whole {
    ($setting:literal) => {
        Rule {
            code: "placeholder-torn",
            about: &[$setting],
            what: concat!(
                "`",
                $setting,
                "` contains what is left of a placeholder that another tool has encoded or split: Cognito does not fill it in, and users receive it unchanged"
            ),
            exception: None,
            words: None,
            remedy: "search the text for `%7B`, `%23`, `&#123;`, and for `####` without both braces, and write `{####}` or `{##…##}` there",
            evidence: Evidence::Report,
            harms: false,
            broken: |pool| {
                let torn = |text: &str| placeholder::torn(text).map(|word| pool.tell(word.to_owned())).is_some();
                pool.text($setting, torn)
            },
        }
    };
}

/// The rules, in the order of the facts.
pub(super) static RULES: &[Rule] = &[
    Rule {
        code: "verification-before-update",
        about: &[BEFORE_UPDATE, VERIFIED],
        what: "`AttributesRequireVerificationBeforeUpdate` contains an attribute that `AutoVerifiedAttributes` does not",
        exception: INVALID,
        words: Some(
            "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes",
        ),
        remedy: "add the attribute to `AutoVerifiedAttributes`, or remove it from `AttributesRequireVerificationBeforeUpdate`",
        evidence: Evidence::Live,
        harms: false,
        broken: |pool| {
            let outside = |attribute: &str| {
                let verified = pool.any(VERIFIED, |verified| verified == attribute);
                pool.any(BEFORE_UPDATE, |name| name == attribute) & !verified
            };
            outside("email") | outside("phone_number")
        },
    },
    carries_code!("VerificationMessageTemplate.SmsMessage"),
    carries_code!("VerificationMessageTemplate.EmailMessage"),
    carries_code!("SmsAuthenticationMessage"),
    carries_code!("EmailMfaConfiguration.Message"),
    Rule {
        code: "message-placeholder",
        about: &[BY_LINK],
        what: "`VerificationMessageTemplate.EmailMessageByLink` lacks the placeholder `{##…##}` for the link, with a text between the marks",
        exception: INVALID,
        words: Some("The message is invalid."),
        remedy: "add `{##the text of the link##}` to the message",
        evidence: Evidence::Report,
        harms: false,
        broken: |pool| pool.text(BY_LINK, |text| !text.is_empty() && !has_link(text)),
    },
    names_invited!("AdminCreateUserConfig.InviteMessageTemplate.SMSMessage"),
    names_invited!("AdminCreateUserConfig.InviteMessageTemplate.EmailMessage"),
    invites_with_password!("AdminCreateUserConfig.InviteMessageTemplate.SMSMessage"),
    invites_with_password!("AdminCreateUserConfig.InviteMessageTemplate.EmailMessage"),
    names_nobody!("VerificationMessageTemplate.SmsMessage"),
    names_nobody!("VerificationMessageTemplate.EmailMessage"),
    names_nobody!("VerificationMessageTemplate.EmailMessageByLink"),
    keeps_whole!("VerificationMessageTemplate.EmailMessage"),
    keeps_whole!("VerificationMessageTemplate.EmailMessageByLink"),
    keeps_whole!("AdminCreateUserConfig.InviteMessageTemplate.EmailMessage"),
    keeps_whole!("EmailMfaConfiguration.Message"),
    Rule {
        code: "recovery-priorities",
        about: &[RECOVERY],
        what: "two recovery methods have the same priority",
        exception: INVALID,
        words: None,
        remedy: "give each element of `RecoveryMechanisms` a different `Priority`",
        evidence: Evidence::Inferred,
        harms: false,
        broken: |pool| pool.test(RECOVERY, repeats_a_priority),
    },
    Rule {
        code: "pre-token-generation-differs",
        about: &[TRIGGER_ARN, TRIGGER],
        what: "`PreTokenGeneration` and `PreTokenGenerationConfig.LambdaArn` name different functions",
        exception: INVALID,
        words: Some(
            "Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's",
        ),
        remedy: "declare only `LambdaConfig.PreTokenGenerationConfig`",
        evidence: Evidence::Live,
        harms: false,
        broken: |pool| pool.both([TRIGGER, TRIGGER_ARN], |old, new| old != new),
    },
    Rule {
        code: "acr-values",
        about: &["AcrConfiguration"],
        what: "two levels of `AcrConfiguration` have the same value, including the built-in values",
        exception: INVALID,
        words: None,
        remedy: "give each level a different `AcrValue`; a level without a value has `urn:cognito:loa:` and its number",
        evidence: Evidence::Docs,
        harms: false,
        broken: |pool| pool.any_equal(&LEVELS),
    },
    Rule {
        code: "tag-limit",
        about: &["UserPoolTags"],
        what: "the pool has more than 50 tags",
        exception: Some("UserPoolTaggingException"),
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

/// Whether a message lacks a placeholder. An empty message is none: Cognito sends its own.
fn lacks(pool: &View<'_>, setting: &'static str, placeholder: &str) -> Truth {
    pool.text(setting, |text| !text.is_empty() && !text.contains(placeholder))
}

/// Whether the text contains a link: `{##`, a text, `##}`.
fn has_link(text: &str) -> bool {
    let mut rests = text.split("{##").skip(1);
    rests.any(|rest| rest.find("##}").is_some_and(|end| end > 0))
}

fn repeats_a_priority(mechanisms: &Json) -> bool {
    let priorities: Vec<_> =
        elements(mechanisms).filter_map(|mechanism| mechanism.get("Priority")?.as_i64()).collect();
    priorities.iter().enumerate().any(|(position, priority)| priorities[..position].contains(priority))
}
