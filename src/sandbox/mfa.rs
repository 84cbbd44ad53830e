//! Second factors: a true full replace, and the rules that go with it.

use serde_json::json;

use super::answer::Refusal;
use super::case::{self, Case};
use super::mirrors::{self, PASSKEYS};
use super::state::State;
use crate::document::{Document, Json, Object};

/// The members of the request that each switch a factor on.
const FACTORS: [&str; 3] = ["SmsMfaConfiguration", "SoftwareTokenMfaConfiguration", "EmailMfaConfiguration"];

/// The pool after `SetUserPoolMfaConfig`: what the request leaves out is gone, an omitted mode is OFF. **\[L\]**
///
/// A request without the SMS block takes the pool's sender away. **\[I\]** from a report: rotating the
/// sender's id on a phone-verified pool failed in this call for want of it.
pub(super) fn set(live: &State, request: &Object, region: &str) -> State {
    let mut mfa = request.clone();
    mfa.shift_remove("UserPoolId");
    let mode = mfa.shift_remove("MfaConfiguration").unwrap_or_else(|| json!("OFF"));
    mfa.insert("MfaConfiguration".to_owned(), mode.clone());
    if let Some(Json::Object(passkeys)) = mfa.get_mut(PASSKEYS) {
        // [L] service-filled.
        passkeys.entry("FactorConfiguration").or_insert_with(|| json!("SINGLE_FACTOR"));
    }
    // To send back what a read shows of passkeys that nobody configured configures none. [I]
    let configured = live.mfa.as_ref().is_some_and(|mfa| mfa.contains_key(PASSKEYS));
    if !configured && mfa.get(PASSKEYS) == Some(&mirrors::bare_passkeys()) {
        mfa.shift_remove(PASSKEYS);
    }
    let mut after = live.clone();
    after.pool.insert("MfaConfiguration", mode);
    match mfa.get_mut("SmsMfaConfiguration") {
        Some(Json::Object(sms)) => sms_of(&mut after.pool, sms, region),
        _ => drop(after.pool.take("SmsConfiguration")),
    }
    State { mfa: Some(mfa), ..after }
}

/// The pool's own SMS members follow the block; a block without a sender leaves the pool's. **\[I\]**
fn sms_of(pool: &mut Document, block: &mut Object, region: &str) {
    match block.get("SmsAuthenticationMessage") {
        Some(text) => pool.insert("SmsAuthenticationMessage", text.clone()),
        None => drop(pool.take("SmsAuthenticationMessage")),
    }
    match block.get_mut("SmsConfiguration") {
        Some(sender) => {
            if let Json::Object(sender) = sender
                && sender.contains_key("SnsCallerArn")
            {
                sender.entry("SnsRegion").or_insert_with(|| json!(region));
            }
            pool.insert("SmsConfiguration", sender.clone());
        }
        None => {
            let sender = pool.get("SmsConfiguration").cloned();
            block.extend(sender.map(|sender| ("SmsConfiguration".to_owned(), sender)));
        }
    }
}

fn mode<'a>(case: &'a Case<'_>) -> &'a str {
    case.mode().unwrap_or("OFF")
}

/// **\[L\]** Even `Enabled: false` counts as a block; passkeys do not.
pub(super) fn off_with_factor(case: &Case<'_>) -> Option<Refusal> {
    let block = FACTORS.iter().any(|factor| case.request.contains_key(*factor));
    (mode(case) == "OFF" && block).then(|| {
        Refusal::invalid("Invalid MFA configuration given, can't turn off MFA and configure an MFA together.")
    })
}

/// **\[R\]** in general, **\[L\]** with passkeys alone.
pub(super) fn on_without_factor(case: &Case<'_>) -> Option<Refusal> {
    let sent = |name: &str| case.request.get(name);
    let tokens = sent("SoftwareTokenMfaConfiguration").and_then(|tokens| tokens.get("Enabled"));
    let factor = tokens == Some(&json!(true))
        || sent("EmailMfaConfiguration").is_some()
        || (sent("SmsMfaConfiguration").is_some() && case.after.pool.has("SmsConfiguration"));
    if mode(case) == "OFF" || factor {
        return None;
    }
    let blocks = FACTORS.iter().any(|name| case.request.contains_key(*name));
    Some(Refusal::invalid(if case.request.contains_key(PASSKEYS) && !blocks {
        "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled."
    } else {
        "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration."
    }))
}

/// **\[L\]** OPTIONAL is taken.
pub(super) fn codes_as_first_factor(case: &Case<'_>) -> Option<Refusal> {
    let codes = case.first_factors().any(|factor| matches!(factor, "EMAIL_OTP" | "SMS_OTP"));
    (mode(case) == "ON" && codes).then(|| {
        Refusal::invalid(
            "Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled",
        )
    })
}

/// **\[L\]**
pub(super) fn single_factor_passkeys(case: &Case<'_>) -> Option<Refusal> {
    let passkeys = case.first_factors().any(|factor| factor == "WEB_AUTHN");
    (mode(case) == "ON" && passkeys && !multi_factor_passkeys(case)).then(|| {
        Refusal::invalid(
            "Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an \
             allowed first auth factor",
        )
    })
}

/// Whether a passkey counts as two factors.
pub(super) fn multi_factor_passkeys(case: &Case<'_>) -> bool {
    let factor = case.mfa(PASSKEYS).and_then(|passkeys| passkeys.get("FactorConfiguration"));
    factor.and_then(Json::as_str) == Some("MULTI_FACTOR_WITH_USER_VERIFICATION")
}

/// **\[L\]**
pub(super) fn email_needs_own_sender(case: &Case<'_>) -> Option<Refusal> {
    (case.mfa("EmailMfaConfiguration").is_some() && case::built_in_sender(&case.after.pool)).then(|| {
        Refusal::invalid(
            "Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount \
             of COGNITO_DEFAULT.",
        )
    })
}

/// That `UpdateUserPool` may not take the sender away from e-mail MFA either is inferred **\[I\]**.
pub(super) fn email_keeps_own_sender(case: &Case<'_>) -> Option<Refusal> {
    let own_before = case.live.is_some_and(|live| !case::built_in_sender(&live.pool));
    if own_before { email_needs_own_sender(case) } else { None }
}

/// **\[D\]**; wording **\[I\]**.
pub(super) fn email_needs_other_recovery(case: &Case<'_>) -> Option<Refusal> {
    let only_email = recovery(case) == ["verified_email"];
    (only_email && case.request.contains_key("EmailMfaConfiguration")).then(|| {
        Refusal::invalid(
            "Invalid account recovery setting parameter. Account Recovery Setting cannot use verified_email as the \
             only recovery mechanism when Email MFA is configured.",
        )
    })
}

/// **\[R\]** Judged only where the phone is the sole way back: a bare pool recovers by e-mail and phone,
/// and SMS MFA is switched on there every day. **\[I\]**
pub(super) fn sms_beside_phone_recovery(case: &Case<'_>) -> Option<Refusal> {
    let only_phone = recovery(case) == ["verified_phone_number"];
    (only_phone && case.request.contains_key("SmsMfaConfiguration")).then(|| {
        Refusal::invalid(
            "Invalid account recovery setting parameter. Account Recovery Setting cannot use \
             verified_phone_number as a recovery mechanism when SMS MFA is configured.",
        )
    })
}

fn recovery<'a>(case: &'a Case<'_>) -> Vec<&'a str> {
    let mechanisms = case::at(&case.after.pool, "AccountRecoverySetting.RecoveryMechanisms");
    let mechanisms = mechanisms.and_then(Json::as_array).into_iter().flatten();
    mechanisms.filter_map(|mechanism| mechanism.get("Name")?.as_str()).collect()
}
