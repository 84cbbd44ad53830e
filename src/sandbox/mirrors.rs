//! Values that the service shows in two places.
//!
//! A write fills both places; a read keeps the existing places in sync. So an old saved pool that lacks one of them
//! keeps lacking it until a write, and a manual edit of the file shows in both.

use serde_json::json;

use super::case::at;
use super::state::State;
use crate::document::{Document, Json, Object, Path};

/// The legacy member, and its place in `VerificationMessageTemplate`.
const LEGACY: [(&str, &str); 3] = [
    ("SmsVerificationMessage", "SmsMessage"),
    ("EmailVerificationMessage", "EmailMessage"),
    ("EmailVerificationSubject", "EmailSubject"),
];

const TEMPLATE: &str = "VerificationMessageTemplate";
const DAYS: &str = "Policies.PasswordPolicy.TemporaryPasswordValidityDays";
const UNUSED_DAYS: &str = "AdminCreateUserConfig.UnusedAccountValidityDays";

/// Fills both places of every mirror after a write of `request`.
pub(super) fn after_write(pool: &mut Document, request: &Object) {
    lift_legacy_messages(pool, request);
    show_legacy_messages(pool);
    if request.contains_key("LambdaConfig") {
        pair_token_triggers(pool);
    }
    lift_unused_days(pool, request);
    if let Some(days) = at(pool, DAYS).cloned()
        && pool.has("AdminCreateUserConfig")
        && at(pool, UNUSED_DAYS) != Some(&days)
    {
        pool.set(&path(UNUSED_DAYS), days);
    }
}

/// Keeps in step what a saved pool shows twice, and names the sign-in levels.
pub(super) fn on_read(pool: &mut Document) {
    if let Some(days) = at(pool, DAYS).cloned()
        && at(pool, UNUSED_DAYS).is_some()
    {
        pool.set(&path(UNUSED_DAYS), days);
    }
    for (legacy, member) in LEGACY {
        let text = in_template(pool, member).cloned();
        if let Some(text) = text
            && pool.has(legacy)
        {
            pool.insert(legacy, text);
        }
    }
    name_levels(pool);
}

/// A legacy message that was sent where the template is silent becomes the template's. **\[I\]**
fn lift_legacy_messages(pool: &mut Document, request: &Object) {
    for (legacy, member) in LEGACY {
        if let Some(text) = request.get(legacy)
            && in_template(pool, member).is_none()
        {
            pool.set(&Path::members([TEMPLATE, member]), text.clone());
            if let Some(Json::Object(template)) = pool.get_mut(TEMPLATE) {
                template.entry("DefaultEmailOption").or_insert_with(|| json!("CONFIRM_WITH_CODE"));
            }
        }
    }
}

fn in_template<'a>(pool: &'a Document, member: &str) -> Option<&'a Json> {
    pool.get(TEMPLATE)?.get(member)
}

/// The legacy members show the template's texts. **\[L\]**
fn show_legacy_messages(pool: &mut Document) {
    if !pool.has(TEMPLATE) {
        return;
    }
    for (legacy, member) in LEGACY {
        match in_template(pool, member) {
            Some(text) if pool.get(legacy) == Some(text) => {}
            Some(text) => {
                let text = text.clone();
                pool.insert(legacy, text);
            }
            None => drop(pool.take(legacy)),
        }
    }
}

/// Both forms of the token trigger come back, whichever was sent. **\[D\]** The version of a trigger
/// that was sent in the old form is V1_0. **\[C\]**
fn pair_token_triggers(pool: &mut Document) {
    let (old, new) = ("PreTokenGeneration", "PreTokenGenerationConfig");
    let Some(Json::Object(triggers)) = pool.get_mut("LambdaConfig") else { return };
    match (triggers.get(old).cloned(), triggers.get(new).and_then(|config| config.get("LambdaArn")).cloned())
    {
        (None, Some(arn)) => triggers.insert(old.to_owned(), arn),
        (Some(arn), None) => {
            triggers.insert(new.to_owned(), json!({"LambdaVersion": "V1_0", "LambdaArn": arn}))
        }
        _ => None,
    };
}

/// The old name of the days, sent alone, sets the new one where a policy is there to hold it. **\[I\]**
fn lift_unused_days(pool: &mut Document, request: &Object) {
    let is_given = |days: &&Json| days.as_i64() != Some(0);
    if let Some(days) = at(request, UNUSED_DAYS).filter(is_given)
        && at(pool, "Policies.PasswordPolicy").is_some()
        && at(request, DAYS).filter(is_given).is_none()
    {
        pool.set(&path(DAYS), days.clone());
    }
}

/// The built-in names of the levels that a pool has not named itself. **\[D\]** Shown from the
/// Essentials tier on, and only by pools that were ever given names. **\[I\]**
fn name_levels(pool: &mut Document) {
    let tier = pool.get("UserPoolTier").and_then(Json::as_str);
    if !matches!(tier, Some("ESSENTIALS" | "PLUS")) {
        return;
    }
    if let Some(Json::Object(levels)) = pool.get_mut("AcrConfiguration") {
        for (level, name) in LEVELS {
            levels.entry(level).or_insert_with(|| json!({"AcrValue": name}));
        }
    }
}

/// The sign-in levels and their built-in names. **\[D\]**
pub(super) const LEVELS: [(&str, &str); 4] = [
    ("Level1", "urn:cognito:loa:1"),
    ("Level2", "urn:cognito:loa:2"),
    ("Level3", "urn:cognito:loa:3"),
    ("Level4", "urn:cognito:loa:4"),
];

/// The pool's own MFA settings, as the MFA document shows them after a write. **\[L\]**
pub(super) fn mfa_after_write(state: &mut State) {
    let mut mfa = state.mfa.take().unwrap_or_else(|| bare_mfa(&state.pool));
    if state.pool.has("SmsConfiguration") && !mfa.contains_key("SmsMfaConfiguration") {
        mfa.insert("SmsMfaConfiguration".to_owned(), json!({}));
    }
    state.mfa = Some(in_step(mfa, &state.pool));
}

/// The MFA document as it is read.
///
/// While MFA is on, passkeys that nobody configured are shown as a single factor. **\[L\]**
pub(super) fn mfa_on_read(state: &State) -> Object {
    let mut mfa = match &state.mfa {
        Some(mfa) => in_step(mfa.clone(), &state.pool),
        None => {
            let mut state = state.clone();
            mfa_after_write(&mut state);
            state.mfa.unwrap_or_default()
        }
    };
    if mfa.get("MfaConfiguration").is_some_and(|mode| mode != "OFF") {
        mfa.entry(PASSKEYS).or_insert_with(bare_passkeys);
    }
    mfa
}

/// The member about passkeys.
pub(super) const PASSKEYS: &str = "WebAuthnConfiguration";

/// Passkeys that nobody configured.
pub(super) fn bare_passkeys() -> Json {
    json!({"FactorConfiguration": "SINGLE_FACTOR"})
}

fn in_step(mut mfa: Object, pool: &Document) -> Object {
    if let Some(mode) = pool.get("MfaConfiguration") {
        mfa.insert("MfaConfiguration".to_owned(), mode.clone());
    }
    if let Some(Json::Object(sms)) = mfa.get_mut("SmsMfaConfiguration") {
        for member in ["SmsAuthenticationMessage", "SmsConfiguration"] {
            match pool.get(member) {
                Some(value) => sms.insert(member.to_owned(), value.clone()),
                None => sms.shift_remove(member),
            };
        }
    }
    mfa
}

fn path(dotted: &str) -> Path {
    Path::members(dotted.split('.'))
}

/// The MFA document of a pool whose own was never saved.
fn bare_mfa(pool: &Document) -> Object {
    let mode = pool.get("MfaConfiguration").cloned().unwrap_or_else(|| json!("OFF"));
    let mut mfa = Object::new();
    mfa.insert("MfaConfiguration".to_owned(), mode);
    mfa
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(value: Json) -> Object {
        value.as_object().cloned().unwrap()
    }

    /// The pool after a write of `sent` to a pool that had nothing.
    fn written(sent: Json) -> Json {
        let request = object(sent);
        let mut pool = Document::from(request.clone());
        after_write(&mut pool, &request);
        Json::Object(pool.to_object())
    }

    fn read(pool: Json) -> Json {
        let mut pool = Document::from(object(pool));
        on_read(&mut pool);
        Json::Object(pool.to_object())
    }

    #[test]
    fn a_template_is_shown_by_the_legacy_members_too() {
        let pool = written(
            json!({TEMPLATE: {"EmailMessage": "It is {####}", "DefaultEmailOption": "CONFIRM_WITH_CODE"}}),
        );
        assert_eq!(pool["EmailVerificationMessage"], json!("It is {####}"));
        assert!(pool.get("SmsVerificationMessage").is_none());
    }

    #[test]
    fn a_legacy_message_alone_becomes_the_templates() {
        let pool = written(json!({"SmsVerificationMessage": "It is {####}"}));
        assert_eq!(
            pool[TEMPLATE],
            json!({"SmsMessage": "It is {####}", "DefaultEmailOption": "CONFIRM_WITH_CODE"})
        );
    }

    #[test]
    fn either_form_of_the_token_trigger_brings_the_other() {
        let old = written(json!({"LambdaConfig": {"PreTokenGeneration": "arn"}}));
        let new = written(
            json!({"LambdaConfig": {"PreTokenGenerationConfig": {"LambdaVersion": "V1_0", "LambdaArn": "arn"}}}),
        );
        for pool in [old, new] {
            assert_eq!(pool["LambdaConfig"]["PreTokenGeneration"], json!("arn"));
            let config = json!({"LambdaVersion": "V1_0", "LambdaArn": "arn"});
            assert_eq!(pool["LambdaConfig"]["PreTokenGenerationConfig"], config);
        }
    }

    #[test]
    fn the_days_are_shown_under_both_names() {
        let pool = written(json!({
            "Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 3}}, "AdminCreateUserConfig": {}
        }));
        assert_eq!(pool["AdminCreateUserConfig"]["UnusedAccountValidityDays"], json!(3));
    }

    #[test]
    fn a_pool_of_old_days_goes_on_lacking_what_it_lacks() {
        let before = json!({
            "Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 3}},
            "AdminCreateUserConfig": {}, TEMPLATE: {"EmailMessage": "It is {####}"}, "UserPoolTier": "ESSENTIALS"
        });
        assert_eq!(read(before.clone()), before);
    }

    #[test]
    fn an_edit_by_hand_is_seen_in_both_places() {
        let pool = read(json!({
            "Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 3}},
            "AdminCreateUserConfig": {"UnusedAccountValidityDays": 7},
            "EmailVerificationSubject": "old", TEMPLATE: {"EmailSubject": "new"}
        }));
        assert_eq!(pool["AdminCreateUserConfig"]["UnusedAccountValidityDays"], json!(3));
        assert_eq!(pool["EmailVerificationSubject"], json!("new"));
    }

    #[test]
    fn levels_are_named_from_essentials_on_and_only_where_some_were_given() {
        for (pool, names) in [
            (json!({"UserPoolTier": "ESSENTIALS", "AcrConfiguration": {"Level2": {"AcrValue": "two"}}}), 4),
            (json!({"UserPoolTier": "LITE", "AcrConfiguration": {"Level2": {"AcrValue": "two"}}}), 1),
            (json!({"UserPoolTier": "PLUS"}), 0),
        ] {
            let pool = read(pool);
            let shown = pool.get("AcrConfiguration").and_then(Json::as_object).map_or(0, Object::len);
            assert_eq!(shown, names);
        }
    }

    #[test]
    fn the_mfa_document_shows_the_pools_own_settings() {
        let pool = object(json!({
            "MfaConfiguration": "OPTIONAL", "SmsConfiguration": {"SnsCallerArn": "arn"}, "SmsAuthenticationMessage": "{####}"
        }));
        let mfa = Some(object(
            json!({"MfaConfiguration": "OFF", "SoftwareTokenMfaConfiguration": {"Enabled": true}}),
        ));
        let mut state = State { mfa, ..State::of_pool(pool) };
        assert!(mfa_on_read(&state).get("SmsMfaConfiguration").is_none(), "lacking until written");
        mfa_after_write(&mut state);
        assert_eq!(
            Json::Object(state.mfa.unwrap()),
            json!({
                "MfaConfiguration": "OPTIONAL",
                "SoftwareTokenMfaConfiguration": {"Enabled": true},
                "SmsMfaConfiguration": {"SmsAuthenticationMessage": "{####}", "SmsConfiguration": {"SnsCallerArn": "arn"}}
            })
        );
    }

    #[test]
    fn passkeys_that_nobody_configured_are_shown_while_mfa_is_on() {
        let read = |mode: &str, mfa: Json| {
            let mut pool = State::of_pool(object(json!({"MfaConfiguration": mode})));
            pool.mfa = Some(object(mfa));
            Json::Object(mfa_on_read(&pool))
        };
        let tokens = json!({"Enabled": true});
        assert_eq!(
            read("ON", json!({"SoftwareTokenMfaConfiguration": tokens})),
            json!({
                "SoftwareTokenMfaConfiguration": tokens, "MfaConfiguration": "ON",
                "WebAuthnConfiguration": {"FactorConfiguration": "SINGLE_FACTOR"}
            })
        );
        assert_eq!(read("OFF", json!({})), json!({"MfaConfiguration": "OFF"}));
        let passkeys = json!({"RelyingPartyId": "example.com", "FactorConfiguration": "SINGLE_FACTOR"});
        assert_eq!(
            read("OFF", json!({"WebAuthnConfiguration": passkeys})),
            json!({"WebAuthnConfiguration": passkeys, "MfaConfiguration": "OFF"})
        );
    }
}
