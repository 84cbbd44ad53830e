//! Every member of `UpdateUserPool`: a value that no new pool has, and what the sandbox makes of the
//! member when it is left out, null, or reset by an explicit value.
//!
//! What is expected is written down from the facts, not taken from the sandbox's table.

use poolctl::document::Json;
use serde_json::json;

use crate::pools::PREFIX;

/// Where a pool is, and what it may use that others own.
pub(crate) struct Around {
    pub(crate) region: String,
    pub(crate) account: String,
    /// An `SmsConfiguration`.
    pub(crate) sender: Option<Json>,
    /// A KMS key's ARN.
    pub(crate) key: Option<String>,
}

/// What becomes of a member.
#[derive(Clone, Copy)]
pub(crate) enum Fate {
    Kept,
    Gone,
    Becomes(fn() -> Json),
    Refused(&'static str),
}

/// One member.
pub(crate) struct Case {
    /// The member; the halves of `Policies` stand for themselves.
    pub(crate) member: &'static str,
    /// The value, or nothing where it takes what the caller has not given.
    pub(crate) value: fn(&Around) -> Option<Json>,
    /// What has to be sent beside it.
    pub(crate) beside: fn() -> Json,
    /// What must not be sent beside it, since it would say the same.
    pub(crate) without: &'static [&'static str],
    /// What follows the member by itself.
    pub(crate) follows: &'static [&'static str],
    /// The value that resets it, and what is shown then.
    pub(crate) reset: Option<(fn() -> Json, Fate)>,
    pub(crate) documented: Fate,
    pub(crate) measured: Fate,
    /// Where the sandbox has it from.
    pub(crate) rule: &'static str,
}

use Fate::{Becomes, Gone, Kept, Refused};

/// A member that falls to the same in both modes.
const fn both(
    member: &'static str,
    value: fn(&Around) -> Option<Json>,
    fate: Fate,
    rule: &'static str,
) -> Case {
    Case {
        member,
        value,
        beside: || json!({}),
        without: &[],
        follows: &[],
        reset: None,
        documented: fate,
        measured: fate,
        rule,
    }
}

/// A member that the documentation resets and people have seen survive.
const fn survives(
    member: &'static str,
    value: fn(&Around) -> Option<Json>,
    documented: Fate,
    rule: &'static str,
) -> Case {
    Case { measured: Kept, ..both(member, value, documented, rule) }
}

impl Case {
    /// This value resets it, and is what is shown then.
    const fn reset(self, value: fn() -> Json) -> Self {
        self.reset_shows(value, Becomes(value))
    }

    const fn reset_shows(self, value: fn() -> Json, fate: Fate) -> Self {
        Self { reset: Some((value, fate)), ..self }
    }

    const fn beside(self, beside: fn() -> Json) -> Self {
        Self { beside, ..self }
    }

    const fn legacy(self, without: &'static [&'static str]) -> Self {
        Self { without, follows: &["VerificationMessageTemplate"], ..self }
    }

    const fn follows(self, follows: &'static [&'static str]) -> Self {
        Self { follows, ..self }
    }
}

const UNMEASURED: &str = "omission [D], unmeasured";

/// In an order in which no member stands in the way of a later one: what cannot be taken back comes last.
#[rustfmt::skip]
pub(crate) const MEMBERS: &[Case] = &[
    both("PoolName", |_| some(format!("{PREFIX}renamed")), Kept, "omission [I]"),
    survives("Policies.PasswordPolicy", |_| Some(password_policy()), Becomes(new_password_policy), "omission [L]")
        .reset(new_password_policy),
    survives("Policies.SignInPolicy", |_| Some(sign_in_policy()), Becomes(new_sign_in_policy), "omission [L]")
        .reset(new_sign_in_policy),
    survives("Policies", |_| Some(policies()), Becomes(new_policies), "omission [L]")
        .reset(new_policies),
    survives("DeletionProtection", |_| some("ACTIVE"), Becomes(|| json!("INACTIVE")), "omission [L]")
        .reset(|| json!("INACTIVE")),
    both("LambdaConfig", trigger, Becomes(|| json!({})), "omission [L]")
        .reset(|| json!({})),
    both("AutoVerifiedAttributes", |_| some(["email"]), Gone, "omission [L]")
        // They may not name what is not verified.
        .beside(|| json!({"UserAttributeUpdateSettings": no_update_settings()}))
        .reset(|| json!([])),
    survives("UserAttributeUpdateSettings", update_settings, Becomes(no_update_settings), "omission [R] [C]")
        .beside(|| json!({"AutoVerifiedAttributes": ["email"]}))
        .reset(no_update_settings),
    both("SmsVerificationMessage", |_| some("Phone code {####}"), Gone, UNMEASURED)
        .legacy(&["VerificationMessageTemplate.SmsMessage"]),
    both("EmailVerificationMessage", |_| some("Mail code {####}"), Gone, UNMEASURED)
        .legacy(&["VerificationMessageTemplate.EmailMessage"]),
    both("EmailVerificationSubject", |_| some("Your code"), Gone, UNMEASURED)
        .legacy(&["VerificationMessageTemplate.EmailSubject"]),
    both("VerificationMessageTemplate", template, Becomes(no_template), "omission [L] the option, [D] the texts")
        .follows(&["SmsVerificationMessage", "EmailVerificationMessage", "EmailVerificationSubject"])
        .reset(no_template),
    both("SmsAuthenticationMessage", |_| some("Sign in with {####}"), Gone, "omission [L]"),
    both("DeviceConfiguration", devices, Gone, "omission [L]")
        // No reset: a structure, though empty, leaves the remembering on.
        .reset(|| json!({})),
    survives("EmailConfiguration", reply_address, Becomes(built_in_sender), "omission [L] with COGNITO_DEFAULT")
        .reset(built_in_sender),
    survives("UserPoolTags", |_| Some(json!({"probe": "1"})), Becomes(|| json!({})), "omission [L]")
        .reset(|| json!({})),
    both("AdminCreateUserConfig", invitations, Becomes(new_users), "omission [L] who may, [D] the invitations")
        .reset_shows(|| json!({"AllowAdminCreateUserOnly": false}), Becomes(new_users)),
    survives("AccountRecoverySetting", |_| Some(recovery(&["verified_email"])), Becomes(new_recovery), "omission [L]")
        // Not the default of a new pool but the recovery of old days.
        .reset(|| json!({})),
    both("UserPoolTier", |_| some("PLUS"), Kept, "omission [L]")
        .reset(|| json!("ESSENTIALS")),
    both("UserPoolAddOns", |_| Some(json!({"AdvancedSecurityMode": "AUDIT"})), Gone, "omission [L]")
        .beside(|| json!({"UserPoolTier": "PLUS"}))
        .reset(|| json!({"AdvancedSecurityMode": "OFF"})),
    both("DcrConfiguration", registration, Kept, "omission [D]")
        .reset_shows(|| json!({"EnableStatus": "Disabled"}), Becomes(no_registration)),
    both("AcrConfiguration", |_| Some(json!({"Level2": {"AcrValue": "poolctl-live-two"}})), Gone, UNMEASURED)
        .reset_shows(|| json!({}), Becomes(built_in_levels)),
    survives("MfaConfiguration", |_| some("OPTIONAL"), Becomes(|| json!("OFF")), "omission [L]")
        .reset(|| json!("OFF")),
    survives("IssuerConfiguration", |_| Some(json!({"Type": "UPDATED"})), Becomes(own_issuer), "omission [L]")
        .reset(own_issuer),
    survives("KeyConfiguration", own_key, Becomes(amazons_key), "omission [L]")
        .reset(amazons_key),
    both("SmsConfiguration", |around| around.sender.clone(), Kept, "omission [L]")
        .reset_shows(|| json!({}), Refused(NO_SENDER)),
];

const NO_SENDER: &str = "InvalidParameterException: SmsConfiguration must have SnsCallerArn or EumsSms.";

fn some(value: impl Into<Json>) -> Option<Json> {
    Some(value.into())
}

fn password_policy() -> Json {
    json!({
        "MinimumLength": 12, "RequireUppercase": true, "RequireLowercase": true, "RequireNumbers": true,
        "RequireSymbols": false, "TemporaryPasswordValidityDays": 7
    })
}

fn new_password_policy() -> Json {
    json!({
        "MinimumLength": 8, "RequireUppercase": true, "RequireLowercase": true, "RequireNumbers": true,
        "RequireSymbols": true, "TemporaryPasswordValidityDays": 7
    })
}

fn sign_in_policy() -> Json {
    json!({"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]})
}

fn new_sign_in_policy() -> Json {
    json!({"AllowedFirstAuthFactors": ["PASSWORD"]})
}

fn policies() -> Json {
    json!({"PasswordPolicy": password_policy(), "SignInPolicy": sign_in_policy()})
}

fn new_policies() -> Json {
    json!({"PasswordPolicy": new_password_policy(), "SignInPolicy": new_sign_in_policy()})
}

/// That the function does not exist is noticed at sign-in, not here.
fn trigger(around: &Around) -> Option<Json> {
    let Around { region, account, .. } = around;
    Some(json!({"PreSignUp": format!("arn:aws:lambda:{region}:{account}:function:poolctl-live-none")}))
}

fn update_settings(_: &Around) -> Option<Json> {
    Some(json!({"AttributesRequireVerificationBeforeUpdate": ["email"]}))
}

fn no_update_settings() -> Json {
    json!({"AttributesRequireVerificationBeforeUpdate": []})
}

fn template(_: &Around) -> Option<Json> {
    Some(json!({
        "SmsMessage": "The code is {####}", "EmailMessage": "The code is {####}",
        "EmailSubject": "A code", "DefaultEmailOption": "CONFIRM_WITH_CODE"
    }))
}

fn no_template() -> Json {
    json!({"DefaultEmailOption": "CONFIRM_WITH_CODE"})
}

fn devices(_: &Around) -> Option<Json> {
    Some(json!({"ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": true}))
}

fn reply_address(_: &Around) -> Option<Json> {
    Some(json!({"EmailSendingAccount": "COGNITO_DEFAULT", "ReplyToEmailAddress": "nobody@example.com"}))
}

fn built_in_sender() -> Json {
    json!({"EmailSendingAccount": "COGNITO_DEFAULT"})
}

fn invitations(_: &Around) -> Option<Json> {
    Some(json!({"AllowAdminCreateUserOnly": true, "InviteMessageTemplate": {
        "SMSMessage": "You are {username} with {####}", "EmailSubject": "Welcome",
        "EmailMessage": "You are {username} with {####}"
    }}))
}

/// How users come in; the days show what the password policy says.
fn new_users() -> Json {
    json!({"AllowAdminCreateUserOnly": false, "UnusedAccountValidityDays": 7})
}

fn recovery(names: &[&str]) -> Json {
    let mechanisms =
        names.iter().zip(1..).map(|(name, priority)| json!({"Priority": priority, "Name": name}));
    json!({"RecoveryMechanisms": mechanisms.collect::<Vec<_>>()})
}

fn new_recovery() -> Json {
    recovery(&["verified_email", "verified_phone_number"])
}

fn registration(_: &Around) -> Option<Json> {
    Some(json!({"EnableStatus": "Enabled", "AllowedScopes": ["openid"]}))
}

fn no_registration() -> Json {
    json!({"EnableStatus": "Disabled", "OpenDcrEnabled": false})
}

fn built_in_levels() -> Json {
    (1..=4)
        .map(|level| (format!("Level{level}"), json!({"AcrValue": format!("urn:cognito:loa:{level}")})))
        .collect()
}

fn own_issuer() -> Json {
    json!({"Type": "ORIGINAL"})
}

fn own_key(around: &Around) -> Option<Json> {
    Some(json!({"KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": around.key.as_ref()?}))
}

fn amazons_key() -> Json {
    json!({"KeyType": "AWS_OWNED_KEY"})
}
