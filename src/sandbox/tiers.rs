//! What each pricing tier holds.

use super::answer::Refusal;
use super::case::{Case, at, text};
use super::state::{SideDocument, Single, State};
use crate::document::Json;

/// What the service calls the export of user activity. **\[L\]**
pub(super) const STREAMING: &str = "Log Streaming";

/// The event source of user activity.
pub(super) const ACTIVITY: &str = "userAuthEvents";

/// A feature, the tiers that lack it, and whether a pool uses it.
struct Feature {
    /// What the refusal calls it.
    name: &'static str,
    lacking: &'static [&'static str],
    used: fn(&Case<'_>) -> bool,
}

/// The first name is quoted by users **\[R\]**, the names of passwordless sign-in and of the token
/// event V2_0 are measured **\[L\]**; that the others are gated is documented **\[D\]**, their names are not.
const FEATURES: &[Feature] = &[
    Feature { name: "Threat Protection", lacking: &["LITE", "ESSENTIALS"], used: threat_protection },
    Feature { name: "Passwordless Sign-In", lacking: &["LITE"], used: passwordless },
    Feature {
        name: "Token Customization with Pre-Token Generation Lambda V2_0",
        lacking: &["LITE"],
        used: |case| token_event(case) == Some("V2_0"),
    },
    // By its neighbour's name.
    Feature {
        name: "Token Customization with Pre-Token Generation Lambda V3_0",
        lacking: &["LITE"],
        used: |case| token_event(case) == Some("V3_0"),
    },
    Feature { name: "Email MFA", lacking: &["LITE"], used: email_mfa },
    Feature { name: "Passkey MFA", lacking: &["LITE"], used: passkey_mfa },
    Feature { name: "Custom ACR Levels", lacking: &["LITE"], used: named_levels },
    Feature { name: "Dynamic Client Registration", lacking: &["LITE"], used: client_registration },
    // By the name that `SetLogDeliveryConfiguration` has for it; that this refuses too is inferred. [I]
    Feature { name: STREAMING, lacking: &["LITE", "ESSENTIALS"], used: activity_on_leaving_plus },
];

/// Refuses what the resulting pool's tier lacks. A pool without a tier is an old one: not judged.
pub(super) fn available(case: &Case<'_>) -> Option<Refusal> {
    let tier = text(&case.after.pool, "UserPoolTier")?;
    let lacking = |feature: &&Feature| feature.lacking.contains(&tier) && (feature.used)(case);
    let names: Vec<&str> = FEATURES.iter().filter(lacking).map(|feature| feature.name).collect();
    if names.is_empty() {
        return None;
    }
    let message = format!(
        "The following features need to be disabled for the {tier} pricing tier configured: {}",
        names.join(", ")
    );
    Some(Refusal::new("FeatureUnavailableInTierException", message))
}

fn threat_protection(case: &Case<'_>) -> bool {
    text(&case.after.pool, "UserPoolAddOns.AdvancedSecurityMode").is_some_and(|mode| mode != "OFF")
}

fn passwordless(case: &Case<'_>) -> bool {
    case.first_factors().any(|factor| factor != "PASSWORD")
}

fn token_event<'a>(case: &'a Case<'_>) -> Option<&'a str> {
    text(&case.after.pool, "LambdaConfig.PreTokenGenerationConfig.LambdaVersion")
}

fn email_mfa(case: &Case<'_>) -> bool {
    case.mfa("EmailMfaConfiguration").is_some()
}

fn passkey_mfa(case: &Case<'_>) -> bool {
    let factor = case.mfa("WebAuthnConfiguration").and_then(|passkeys| passkeys.get("FactorConfiguration"));
    factor.and_then(Json::as_str) == Some("MULTI_FACTOR_WITH_USER_VERIFICATION")
}

/// Judged by what was sent: a LITE pool may go on holding names of richer days. **\[I\]**
fn named_levels(case: &Case<'_>) -> bool {
    case.request.contains_key("AcrConfiguration")
}

fn client_registration(case: &Case<'_>) -> bool {
    at(&case.after.pool, "DcrConfiguration.EnableStatus").and_then(Json::as_str) == Some("Enabled")
}

/// Judged only where a pool leaves PLUS. **\[I\]**
fn activity_on_leaving_plus(case: &Case<'_>) -> bool {
    let from_plus = case.live.is_some_and(|live| text(&live.pool, "UserPoolTier") == Some("PLUS"));
    from_plus && exports_activity(case.after)
}

/// Whether a pool exports the activity of its users.
pub(super) fn exports_activity(state: &State) -> bool {
    let document = SideDocument::Single(Single::LogDelivery).of(state);
    let entries = document.and_then(|document| document.get("LogConfigurations")).and_then(Json::as_array);
    let source = |entry: &Json| entry.get("EventSource").and_then(Json::as_str) == Some(ACTIVITY);
    entries.is_some_and(|entries| entries.iter().any(source))
}

/// Refuses a feature of a document beside the pool's on these tiers. A pool without a tier is an old one: not judged.
pub(super) fn unavailable(case: &Case<'_>, lacking: &[&str], feature: &str) -> Option<Refusal> {
    let tier = text(&case.after.pool, "UserPoolTier").filter(|tier| lacking.contains(tier))?;
    let message =
        format!("The following feature is not available for the {tier} pricing tier configured: {feature}");
    Some(Refusal::new("FeatureUnavailableInTierException", message))
}
