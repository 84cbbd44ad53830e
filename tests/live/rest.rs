//! Single questions: tiers, templates, and the words of refusals that nobody has quoted.

use poolctl::document::{Json, Object};
use serde_json::json;

use crate::findings::{Findings, Found, answered, expect};
use crate::pools::Pool;
use crate::request::{at, complete, put, take};

const INVALID: &str = "refused: InvalidParameterException:";

/// Asks everything of one pool; each question begins at the pool as it was made.
pub(crate) fn measure(pool: &Pool<'_>, findings: &Findings) {
    tier_again(pool, findings);
    templates(pool, findings);
    wordings(pool, findings);
    // Last, for what it sets may stay and stand in the way of a lower tier.
    history(pool, findings);
}

/// A complete request for a pool as it was made, with these members in it.
fn fresh(pool: &Pool<'_>, tier: &str, members: Json) -> Object {
    let mut body = complete(&pool.bare);
    put(&mut body, "UserPoolTier", json!(tier));
    if tier == "LITE" {
        // It has neither, and refuses to be sent them.
        take(&mut body, "AcrConfiguration");
        if body.contains_key("DcrConfiguration") {
            put(&mut body, "DcrConfiguration", json!({"EnableStatus": "Disabled"}));
        }
    }
    for (path, value) in members.as_object().into_iter().flatten() {
        put(&mut body, path, value.clone());
    }
    body
}

fn ask(pool: &Pool<'_>, body: Object, show: &str) -> Found {
    answered(pool.update(body), |after| match at(&after, show) {
        Some(value) => format!("accepted, {show} is {value}"),
        None => format!("accepted, {show} is absent"),
    })
}

/// Which tier knows the history of passwords.
fn history(pool: &Pool<'_>, findings: &Findings) {
    const SIZE: &str = "Policies.PasswordPolicy.PasswordHistorySize";
    for (tier, members, words) in [
        ("LITE", json!({}), "LITE"),
        ("LITE", json!({SIZE: 5}), "LITE with PasswordHistorySize 5"),
        ("ESSENTIALS", json!({SIZE: 5}), "ESSENTIALS with PasswordHistorySize 5"),
        ("PLUS", json!({SIZE: 5}), "PLUS with PasswordHistorySize 5"),
        (
            "PLUS",
            json!({SIZE: 5, "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}),
            "PLUS and AUDIT with PasswordHistorySize 5",
        ),
    ] {
        let size = if members.get(SIZE).is_some() { "is 5" } else { "is absent" };
        let expected = expect(format!("accepted, {SIZE} {size}"), "tiers: none, unmeasured");
        findings.add("tiers", words, expected, ask(pool, fresh(pool, tier, members), SIZE));
    }
}

/// Whether sending a tier, the same or another, flips who may come in.
fn tier_again(pool: &Pool<'_>, findings: &Findings) {
    const ONLY: &str = "AdminCreateUserConfig.AllowAdminCreateUserOnly";
    let rule = || expect(format!("accepted, {ONLY} is false"), "tiers: none; [R] says it flips");
    for (tier, left_out, words) in [
        (Some("ESSENTIALS"), false, "ESSENTIALS on ESSENTIALS, with AdminCreateUserConfig"),
        (Some("ESSENTIALS"), true, "ESSENTIALS on ESSENTIALS, no AdminCreateUserConfig"),
        (None, true, "no tier, no AdminCreateUserConfig"),
        (Some("PLUS"), true, "PLUS on ESSENTIALS, no AdminCreateUserConfig"),
        (Some("PLUS"), false, "PLUS on ESSENTIALS, with AdminCreateUserConfig"),
    ] {
        let found = pool.update(fresh(pool, "ESSENTIALS", json!({ONLY: false})));
        let found = found.map_err(|failure| format!("it could not be set: {failure}")).and_then(|_| {
            let mut body = fresh(pool, tier.unwrap_or_default(), json!({ONLY: false}));
            if tier.is_none() {
                take(&mut body, "UserPoolTier");
            }
            if left_out {
                take(&mut body, "AdminCreateUserConfig");
            }
            ask(pool, body, ONLY)
        });
        findings.add("tier again", words, rule(), found);
    }
}

fn templates(pool: &Pool<'_>, findings: &Findings) {
    let both = |option: &str| {
        json!({"VerificationMessageTemplate": {
            "EmailMessage": "The code is {####}", "EmailSubject": "A code",
            "EmailMessageByLink": "Follow {##this link##}", "EmailSubjectByLink": "A link",
            "DefaultEmailOption": option
        }})
    };
    for option in ["CONFIRM_WITH_CODE", "CONFIRM_WITH_LINK"] {
        let show = "VerificationMessageTemplate.EmailMessageByLink";
        let expected = format!("accepted, {show} is \"Follow {{##this link##}}\"");
        let expected = expect(expected, "rules: none; [D] says refused");
        let found = ask(pool, fresh(pool, "ESSENTIALS", both(option)), show);
        findings.add("templates", format!("texts for code and link, {option}"), expected, found);
    }
}

/// Refusals of which nobody has told the words, and one of which nobody knows whether it is one.
fn wordings(pool: &Pool<'_>, findings: &Findings) {
    let account = pool.account();
    let region = pool.id.split('_').next().unwrap_or_default();
    let function = format!("arn:aws:lambda:{region}:{account}:function:poolctl-live-none");
    let legacy = "EmailVerificationMessage";
    for (sent, members, show, expected, rule) in [
        (
            "legacy text and template differ",
            json!({legacy: "Old code {####}", "VerificationMessageTemplate.EmailMessage": "New code {####}"}),
            legacy,
            format!("accepted, {legacy} is \"New code {{####}}\""),
            "mirrors::lift_legacy_messages [I]",
        ),
        (
            "CustomEmailSender without KMSKeyID",
            json!({"LambdaConfig.CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": function}}),
            "LambdaConfig",
            format!("{INVALID} KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used."),
            "rules::custom_senders [L]",
        ),
        (
            "both token triggers, differing",
            json!({
                "LambdaConfig.PreTokenGeneration": format!("{function}-2"),
                "LambdaConfig.PreTokenGenerationConfig": {"LambdaVersion": "V1_0", "LambdaArn": function}
            }),
            "LambdaConfig",
            format!(
                "{INVALID} Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda \
                 function ARN's"
            ),
            "rules::token_triggers [L]",
        ),
        (
            "DEVELOPER without SourceArn",
            json!({"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER"}}),
            "EmailConfiguration",
            format!("{INVALID} Source ARN is required to use DEVELOPER email sending owner"),
            "rules::developer_sender [L]",
        ),
        (
            "first factors without PASSWORD",
            json!({"Policies.SignInPolicy.AllowedFirstAuthFactors": ["EMAIL_OTP"]}),
            "Policies.SignInPolicy.AllowedFirstAuthFactors",
            format!("{INVALID} Password should be configured as one of the allowed first auth factors."),
            "rules::password_first_factor [L]",
        ),
        (
            "a level named twice",
            json!({"AcrConfiguration": {"Level1": {"AcrValue": "same"}, "Level2": {"AcrValue": "same"}}}),
            "AcrConfiguration",
            format!("{INVALID} The AcrValue of each level in AcrConfiguration must be unique."),
            "rules::level_names, wording [I]",
        ),
        (
            "a tag that begins with aws:",
            json!({"UserPoolTags": {"aws:nobody": "1"}}),
            "UserPoolTags",
            "refused: UserPoolTaggingException: aws: prefixed tag key names are not allowed for external \
             use: aws:nobody"
                .to_owned(),
            "rules::tags [C], wording [I]",
        ),
    ] {
        let found = ask(pool, fresh(pool, "ESSENTIALS", members), show);
        findings.add("wording", sent, expect(expected, rule), found);
    }
}
