//! Second factors: what either call does to them, and what the reads mean by what they show.
//!
//! Each step begins where the one before it left the pool.

use poolctl::document::{Json, Object};
use serde_json::json;

use crate::findings::{Findings, answered, expect};
use crate::pools::Pool;
use crate::request::{at, complete};
use crate::wire::Failure;

const TOGETHER: &str = "refused: InvalidParameterException: \
    Invalid MFA configuration given, can't turn off MFA and configure an MFA together.";
const NO_FACTOR: &str = "refused: InvalidParameterException: \
    Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.";
const ONLY_PASSKEYS: &str = "refused: InvalidParameterException: \
    Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled.";
const TURNED_ON: &str = "refused: InvalidParameterException: \
    Cannot turn MFA functionality ON, once the user pool has been created.";
const NOTHING_TO_SEND: &str = "refused: InvalidParameterException: \
    SMS configuration and Auto verification for phone_number are required when MFA is optional";
const BUILT_IN_SENDER: &str = "refused: InvalidParameterException: \
    Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount \
    of COGNITO_DEFAULT.";
const ONLY_EMAIL: &str = "refused: InvalidParameterException: \
    Invalid account recovery setting parameter. Account Recovery Setting cannot use verified_email as \
    the only recovery mechanism when Email MFA is configured.";

/// One write, and what both documents show after it.
struct Steps<'a> {
    pool: &'a Pool<'a>,
    findings: &'a Findings,
}

impl Steps<'_> {
    /// `SetUserPoolMfaConfig` with exactly this.
    fn set(&self, body: Json, expected: &str, rule: &str) {
        let shown = self.pool.set_mfa(body.clone()).and_then(|()| self.show());
        let sent = format!("SetUserPoolMfaConfig {}", outline(&body));
        self.findings.add("factors", sent, expect(expected, rule), answered(shown, |shown| shown));
    }

    /// A complete `UpdateUserPool` with these members in it.
    fn update(&self, members: Json, expected: &str, rule: &str) {
        let sent = format!("UpdateUserPool {}", outline(&members));
        let shown = self.pool.describe().and_then(|pool| {
            let mut body = complete(&pool);
            body.extend(members.as_object().cloned().unwrap_or_default());
            self.pool.update(body)?;
            self.show()
        });
        self.findings.add("factors", sent, expect(expected, rule), answered(shown, |shown| shown));
    }

    fn show(&self) -> Result<String, Failure> {
        Ok(shown(&self.pool.describe()?, &self.pool.mfa()?))
    }
}

/// With a pool that nobody owns anything for.
pub(crate) fn measure(pool: &Pool<'_>, findings: &Findings) {
    let steps = Steps { pool, findings };
    let tokens = |on: bool| json!({"Enabled": on});
    let passkeys = json!({"RelyingPartyId": "example.com", "UserVerification": "required"});
    // Nothing is configured yet.
    steps.update(json!({"MfaConfiguration": "ON"}), TURNED_ON, "rules::mfa_on [R]");
    steps.update(json!({"MfaConfiguration": "OPTIONAL"}), NOTHING_TO_SEND, "rules::mfa_needs_a_factor [R]");
    steps.set(json!({"MfaConfiguration": "ON"}), NO_FACTOR, "mfa::on_without_factor [R]");
    steps.set(
        json!({"MfaConfiguration": "ON", "WebAuthnConfiguration": passkeys}),
        ONLY_PASSKEYS,
        "mfa::on_without_factor [L]",
    );
    let text = json!({"Message": "The code is {####}", "Subject": "A code"});
    steps.set(
        json!({"MfaConfiguration": "OPTIONAL", "EmailMfaConfiguration": text}),
        BUILT_IN_SENDER,
        "mfa::email_needs_own_sender [L]",
    );
    // Passkeys are no factor, and go with the call that leaves them out.
    steps.set(
        json!({"MfaConfiguration": "OFF", "WebAuthnConfiguration": passkeys}),
        "OFF; passkeys",
        "mfa::off_with_factor [L]",
    );
    steps.set(json!({"MfaConfiguration": "OFF"}), "OFF", "mfa::set [L]");
    // The codes of an app, and the mode through either call.
    let optional = json!({"MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": tokens(true)});
    steps.set(optional, "OPTIONAL; TOTP; passkeys as they come", "mfa::set [L]");
    steps.update(json!({"MfaConfiguration": "OFF"}), "OFF; TOTP", "mirrors::in_step [I]");
    steps.update(
        json!({"MfaConfiguration": "OPTIONAL"}),
        "OPTIONAL; TOTP; passkeys as they come",
        "rules::mfa_needs_a_factor [I]",
    );
    steps.update(json!({"MfaConfiguration": "ON"}), TURNED_ON, "rules::mfa_on [R]");
    let required = json!({"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": tokens(true)});
    steps.set(required.clone(), "ON; TOTP; passkeys as they come", "mfa::set [L]");
    steps.update(json!({"MfaConfiguration": "ON"}), "ON; TOTP; passkeys as they come", "rules::mfa_on [C]");
    // The mode is part of the replacement.
    steps.set(json!({"SoftwareTokenMfaConfiguration": tokens(true)}), TOGETHER, "mfa::off_with_factor [L]");
    steps.set(
        json!({"MfaConfiguration": "OFF", "SoftwareTokenMfaConfiguration": tokens(false)}),
        TOGETHER,
        "mfa::off_with_factor [L]",
    );
    steps.set(json!({}), "OFF", "mfa::set [L]");
    steps.set(required, "ON; TOTP; passkeys as they come", "mfa::set [L]");
    steps.update(json!({"MfaConfiguration": "OFF"}), "OFF; TOTP", "mirrors::in_step [I]");
}

/// With a role that lets Cognito send SMS.
pub(crate) fn measure_sms(pool: &Pool<'_>, sender: &Json, findings: &Findings) {
    let steps = Steps { pool, findings };
    let tokens = json!({"Enabled": true});
    let sms = json!({"SmsConfiguration": sender});
    steps.update(json!({"SmsConfiguration": sender}), "OFF; SMS; sender", "mirrors::mfa_after_write [I]");
    steps.set(
        json!({"MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": tokens}),
        "OPTIONAL; TOTP; passkeys as they come",
        "mfa::set [I] takes the sender",
    );
    let all = json!({
        "MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": tokens, "SmsMfaConfiguration": sms
    });
    steps.set(all.clone(), "OPTIONAL; TOTP; SMS; sender; passkeys as they come", "mfa::set [I]");
    steps.set(
        json!({"MfaConfiguration": "OPTIONAL", "SmsMfaConfiguration": {}}),
        "OPTIONAL; SMS; sender; passkeys as they come",
        "mfa::sms_of [I]",
    );
    steps.set(
        json!({"MfaConfiguration": "OFF", "SmsMfaConfiguration": sms}),
        TOGETHER,
        "mfa::off_with_factor [L]",
    );
    steps.set(json!({"MfaConfiguration": "OFF"}), "OFF", "mfa::set [I] takes the sender");
    steps.set(all, "OPTIONAL; TOTP; SMS; sender; passkeys as they come", "mfa::set [I]");
    steps.update(json!({"MfaConfiguration": "OFF"}), "OFF; TOTP; SMS; sender", "mirrors::in_step [I]");
}

/// With an SES identity to send from.
pub(crate) fn measure_email(pool: &Pool<'_>, identity: &str, findings: &Findings) {
    let steps = Steps { pool, findings };
    let own = json!({"EmailSendingAccount": "DEVELOPER", "SourceArn": identity});
    let text = json!({"Message": "The code is {####}", "Subject": "A code"});
    let tokens = json!({"Enabled": true});
    steps.update(json!({"EmailConfiguration": own}), "OFF", "mirrors: none");
    steps.set(
        json!({"MfaConfiguration": "OPTIONAL", "EmailMfaConfiguration": {}}),
        "OPTIONAL; e-mail; passkeys as they come",
        "mfa::set [I]",
    );
    steps.set(
        json!({
            "MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": tokens,
            "EmailMfaConfiguration": text
        }),
        "OPTIONAL; TOTP; e-mail with a text; passkeys as they come",
        "mfa::set [I]",
    );
    steps.update(json!({"MfaConfiguration": "OFF"}), "OFF; TOTP; e-mail with a text", "mirrors::in_step [I]");
    steps.set(
        json!({"MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": tokens}),
        "OPTIONAL; TOTP; passkeys as they come",
        "mfa::set [I]",
    );
    let only_email = json!({"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]});
    steps.update(
        json!({"AccountRecoverySetting": only_email}),
        "OPTIONAL; TOTP; passkeys as they come",
        "rules: none",
    );
    steps.set(
        json!({"MfaConfiguration": "OPTIONAL", "EmailMfaConfiguration": text}),
        ONLY_EMAIL,
        "mfa::email_needs_other_recovery [D], wording [I]",
    );
}

/// What the two documents show of factors, in words.
fn shown(pool: &Object, mfa: &Object) -> String {
    let mode = |document: &Object| {
        at(document, "MfaConfiguration").and_then(Json::as_str).unwrap_or("no mode").to_owned()
    };
    let mut words = vec![mode(mfa)];
    if mode(pool) != mode(mfa) {
        words.push(format!("{} in the pool", mode(pool)));
    }
    match at(mfa, "SoftwareTokenMfaConfiguration.Enabled") {
        Some(Json::Bool(true)) => words.push("TOTP".to_owned()),
        Some(_) => words.push("TOTP disabled".to_owned()),
        None => {}
    }
    let block = |name: &str| mfa.contains_key(name);
    if block("SmsMfaConfiguration") {
        words.push("SMS".to_owned());
    }
    if pool.contains_key("SmsConfiguration") {
        words.push("sender".to_owned());
    }
    if block("EmailMfaConfiguration") {
        let text = at(mfa, "EmailMfaConfiguration.Message").is_some();
        words.push(if text { "e-mail with a text" } else { "e-mail" }.to_owned());
    }
    if let Some(passkeys) = at(mfa, "WebAuthnConfiguration") {
        let bare = *passkeys == json!({"FactorConfiguration": "SINGLE_FACTOR"});
        words.push(if bare { "passkeys as they come" } else { "passkeys" }.to_owned());
    }
    words.join("; ")
}

/// A request in brief: the mode, and the names of what goes with it.
fn outline(body: &Json) -> String {
    let members = body.as_object().into_iter().flatten().map(|(name, value)| match value {
        Json::String(mode) => mode.clone(),
        Json::Object(inner) if inner.get("Enabled") == Some(&json!(false)) => format!("{name} disabled"),
        Json::Object(inner) if inner.is_empty() => format!("{name} {{}}"),
        _ => name.clone(),
    });
    let short =
        |text: String| text.replace("MfaConfiguration", "").replace("WebAuthnConfiguration", "WebAuthn");
    let brief: Vec<String> = members.map(short).collect();
    if brief.is_empty() { "with nothing".to_owned() } else { brief.join(", ") }
}
