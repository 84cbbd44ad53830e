//! What the service refuses of a request that is well formed, in its own words where they are known.
//!
//! A rule looks at the pool as it would be; none is shared with the planner. Rules without a known
//! wording say so and use a sentence of ours.

use super::answer::Refusal;
use super::case::{Case, at, built_in_sender, strings, text};
use super::state::State;
use super::{mfa, mirrors, tiers};
use crate::document::{Json, Object};

pub(super) type RefusalRule = fn(&Case<'_>) -> Option<Refusal>;

/// The first rule that a write breaks.
pub(super) fn check(rules: &[RefusalRule], case: &Case<'_>) -> Result<(), Refusal> {
    rules.iter().find_map(|rule| rule(case)).map_or(Ok(()), Err)
}

/// The rules of `CreateUserPool`.
pub(super) const CREATE: &[RefusalRule] = &[
    tags,
    alias_or_username,
    unused_account_days,
    verification_before_update,
    sms_sender,
    phone_verification,
    mfa_needs_a_factor,
    sender_address,
    developer_sender,
    template_placeholders,
    token_triggers,
    custom_senders,
    password_first_factor,
    sms_first_factor,
    level_names,
    tiers::available,
];

/// The rules of `UpdateUserPool`.
pub(super) const UPDATE: &[RefusalRule] = &[
    tags,
    unused_account_days,
    verification_before_update,
    sms_sender,
    phone_verification,
    mfa_on,
    mfa_needs_a_factor,
    sender_address,
    developer_sender,
    mfa::email_keeps_own_sender,
    template_placeholders,
    token_triggers,
    custom_senders,
    password_first_factor,
    sms_first_factor,
    passkeys_beside_mfa,
    level_names,
    tiers::available,
];

/// The rules of an operation that judges its request itself.
pub(super) const NONE: &[RefusalRule] = &[];

/// The rules of `SetUserPoolMfaConfig`.
pub(super) const SET_MFA: &[RefusalRule] = &[
    mfa::off_with_factor,
    mfa::on_without_factor,
    mfa::codes_as_first_factor,
    mfa::single_factor_passkeys,
    mfa::email_needs_own_sender,
    mfa::email_needs_other_recovery,
    mfa::sms_beside_phone_recovery,
    sms_sender,
    phone_verification,
    sms_first_factor,
    tiers::available,
];

/// `aws:` is the service's own; 50 tags at most. **\[C\]** the prefix, **\[D\]** the count; wording **\[I\]**.
pub(super) fn tags(case: &Case<'_>) -> Option<Refusal> {
    let sent = case.request.get("UserPoolTags")?.as_object()?;
    tag_failure(sent, case.after).map(|message| Refusal::new("UserPoolTaggingException", message))
}

/// What is wrong with new tags, whatever the operation.
pub(super) fn tag_failure(sent: &Object, after: &State) -> Option<String> {
    if let Some(key) = sent.keys().find(|key| key.to_ascii_lowercase().starts_with("aws:")) {
        return Some(format!("aws: prefixed tag key names are not allowed for external use: {key}"));
    }
    let tags = after.pool.get("UserPoolTags").and_then(Json::as_object)?;
    let count = tags.keys().filter(|key| !key.starts_with("aws:")).count();
    (count > 50).then(|| format!("A user pool can have at most 50 tags, not {count}."))
}

/// **\[I\]** the wording that users quote.
fn alias_or_username(case: &Case<'_>) -> Option<Refusal> {
    let both = ["AliasAttributes", "UsernameAttributes"].iter().all(|name| case.request.contains_key(*name));
    both.then(|| {
        Refusal::invalid("Only one of aliasAttributes or usernameAttributes can be set in a user pool.")
    })
}

/// **\[R\]** The old name of the days is refused once the new one is in use; 0 counts as nothing. **\[I\]**
fn unused_account_days(case: &Case<'_>) -> Option<Refusal> {
    const DAYS: &str = "Policies.PasswordPolicy.TemporaryPasswordValidityDays";
    let sent = at(case.request, "AdminCreateUserConfig.UnusedAccountValidityDays")?;
    let is_given = |days: Option<&Json>| days.is_some_and(|days| days.as_i64() != Some(0));
    let live = case.live.and_then(|live| at(&live.pool, DAYS));
    let in_use = is_given(at(case.request, DAYS)) || is_given(live);
    (in_use && sent.as_i64() != Some(0)).then(|| {
        Refusal::invalid(
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays",
        )
    })
}

/// **\[L\]**
fn verification_before_update(case: &Case<'_>) -> Option<Refusal> {
    const REQUIRED: &str = "UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate";
    let pool = &case.after.pool;
    let verified = |name: &str| strings(pool, "AutoVerifiedAttributes").any(|verified| verified == name);
    strings(pool, REQUIRED).any(|name| !verified(name)).then(|| {
        Refusal::invalid(
            "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes",
        )
    })
}

/// An empty sender is refused **\[C\]**, two at once and one in another Region too **\[D\]**; wording **\[I\]**.
fn sms_sender(case: &Case<'_>) -> Option<Refusal> {
    let at_top = case.request.get("SmsConfiguration");
    let sent = at_top.or_else(|| at(case.request, "SmsMfaConfiguration.SmsConfiguration"))?;
    let topic = sent.get("SnsCallerArn").and_then(Json::as_str).filter(|arn| !arn.is_empty());
    let messaging = sent.get("EumsSms");
    let elsewhere = messaging
        .and_then(|messaging| messaging.get("Region"))
        .and_then(Json::as_str)
        .is_some_and(|region| region != case.region);
    let message = match (topic, messaging) {
        (None, None) => "SmsConfiguration must have SnsCallerArn or EumsSms.",
        (Some(_), Some(_)) => "SmsConfiguration cannot have both SnsCallerArn and EumsSms.",
        _ if elsewhere => "The Region of EumsSms must be the Region of the user pool.",
        _ => return None,
    };
    Some(Refusal::invalid(message))
}

/// **\[L\]**
fn phone_verification(case: &Case<'_>) -> Option<Refusal> {
    let pool = &case.after.pool;
    let phone = strings(pool, "AutoVerifiedAttributes").any(|name| name == "phone_number");
    (phone && !pool.has("SmsConfiguration")).then(|| {
        Refusal::invalid("SMS configuration is required when phone_number is selected for auto verification")
    })
}

/// **\[R\]** A mode equal to the live one is taken. **\[C\]**
fn mfa_on(case: &Case<'_>) -> Option<Refusal> {
    (case.mode() == Some("ON") && case.mode_before() != Some("ON"))
        .then(|| Refusal::invalid("Cannot turn MFA functionality ON, once the user pool has been created."))
}

/// **\[R\]** A factor is an SMS sender, or one that `SetUserPoolMfaConfig` has switched on. **\[I\]**
fn mfa_needs_a_factor(case: &Case<'_>) -> Option<Refusal> {
    let wanted = match case.mode() {
        Some("ON") => "required",
        Some("OPTIONAL") => "optional",
        _ => return None,
    };
    let tokens = case.mfa("SoftwareTokenMfaConfiguration").and_then(|tokens| tokens.get("Enabled"));
    let usable = case.after.pool.has("SmsConfiguration")
        || tokens.and_then(Json::as_bool) == Some(true)
        || case.mfa("EmailMfaConfiguration").is_some();
    (!usable && case.mode() != case.mode_before()).then(|| {
        Refusal::invalid(format!(
            "SMS configuration and Auto verification for phone_number are required when MFA is {wanted}"
        ))
    })
}

/// **\[R\]** An address of characters beyond ASCII is refused too; the words are measured **\[L\]**.
fn sender_address(case: &Case<'_>) -> Option<Refusal> {
    let from = case.request.get("EmailConfiguration")?.get("From")?;
    if built_in_sender(&case.after.pool) {
        return Some(Refusal::invalid("Cannot configure From email address for default email configuration"));
    }
    let named = from.as_str()?;
    let address = named.rsplit_once('<').map_or(named, |(_, address)| address);
    (!address.is_ascii()).then(|| Refusal::invalid("Provided From email address is invalid"))
}

/// **\[L\]**
fn developer_sender(case: &Case<'_>) -> Option<Refusal> {
    let sent = case.request.get("EmailConfiguration")?;
    (sent.get("SourceArn").is_none() && !built_in_sender(&case.after.pool))
        .then(|| Refusal::invalid("Source ARN is required to use DEVELOPER email sending owner"))
}

/// A code's text holds `{####}`, a link's `{##text##}` with a text in it. **\[R\]**
fn template_placeholders(case: &Case<'_>) -> Option<Refusal> {
    let template = case.request.get("VerificationMessageTemplate")?;
    let message = |name: &str| template.get(name).and_then(Json::as_str);
    let code = |text: &str| text.contains("{####}");
    let link = |text: &str| {
        let mut rests = text.split("{##").skip(1);
        rests.any(|rest| rest.find("##}").is_some_and(|end| end > 0))
    };
    let kept = message("SmsMessage").is_none_or(code)
        && message("EmailMessage").is_none_or(code)
        && message("EmailMessageByLink").is_none_or(link);
    (!kept).then(|| Refusal::invalid("The message is invalid."))
}

/// **\[L\]**
fn token_triggers(case: &Case<'_>) -> Option<Refusal> {
    let old = text(case.request, "LambdaConfig.PreTokenGeneration")?;
    let new = text(case.request, "LambdaConfig.PreTokenGenerationConfig.LambdaArn")?;
    (old != new).then(|| {
        Refusal::invalid(
            "Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's",
        )
    })
}

/// **\[L\]**
fn custom_senders(case: &Case<'_>) -> Option<Refusal> {
    let triggers = case.request.get("LambdaConfig")?;
    let sender = ["CustomSMSSender", "CustomEmailSender"].iter().any(|name| triggers.get(name).is_some());
    (sender && triggers.get("KMSKeyID").is_none()).then(|| {
        Refusal::invalid("KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used.")
    })
}

/// **\[L\]**
fn password_first_factor(case: &Case<'_>) -> Option<Refusal> {
    let mut factors = case.first_factors().peekable();
    (factors.peek().is_some() && !factors.any(|factor| factor == "PASSWORD"))
        .then(|| Refusal::invalid("Password should be configured as one of the allowed first auth factors."))
}

/// **\[L\]**
fn sms_first_factor(case: &Case<'_>) -> Option<Refusal> {
    let wanted = case.first_factors().any(|factor| factor == "SMS_OTP");
    (wanted && !case.after.pool.has("SmsConfiguration")).then(|| {
        Refusal::invalid(
            "SMS_OTP can not be configured as AuthFactor as user pool is missing valid SMS configuration",
        )
    })
}

/// **\[R\]** passkeys; that codes are refused here as by `SetUserPoolMfaConfig` is inferred **\[I\]**.
fn passkeys_beside_mfa(case: &Case<'_>) -> Option<Refusal> {
    if case.mode() != Some("ON") {
        return None;
    }
    if case.first_factors().any(|factor| factor == "WEB_AUTHN") && !mfa::multi_factor_passkeys(case) {
        let message =
            "WEB_AUTHN cannot be used as an auth factor when MFA is enabled if not configured for MFA.";
        return Some(Refusal::invalid(message));
    }
    mfa::codes_as_first_factor(case)
}

/// Names differ over all levels, the built-in ones among them. **\[D\]**; wording **\[I\]**.
fn level_names(case: &Case<'_>) -> Option<Refusal> {
    let sent = case.request.get("AcrConfiguration")?.as_object()?;
    let given =
        |level: &str| sent.get(level).and_then(|config| config.get("AcrValue")).and_then(Json::as_str);
    let mut names: Vec<&str> =
        mirrors::LEVELS.iter().map(|(level, built_in)| given(level).unwrap_or(built_in)).collect();
    names.sort_unstable();
    let twice = names.windows(2).any(|pair| pair[0] == pair[1]);
    twice.then(|| Refusal::invalid("The AcrValue of each level in AcrConfiguration must be unique."))
}
