//! What a member that `UpdateUserPool` leaves out falls to: one row a member.

use std::sync::LazyLock;

use serde_json::json;

use super::Omission;
use super::case::Named;
use crate::document::{Json, json};

/// What becomes of a member that the request does not name.
pub(super) enum Omitted {
    /// It stays as it is.
    Keep,
    /// It is gone.
    Remove,
    /// It takes this value.
    Reset(LazyLock<Json>),
    /// It stays where its value is such a one, and else takes the second.
    KeepWhere(fn(&Json) -> bool, LazyLock<Json>),
}

/// One member's behaviour in both modes.
pub(super) struct OmissionRow {
    /// The member's name in the request; the two halves of `Policies` are separate.
    pub(super) member: &'static str,
    documented: Omitted,
    /// `None` if it is as documented.
    measured: Option<Omitted>,
    /// What the measured mode rests on.
    #[cfg_attr(not(test), expect(dead_code, reason = "read by people and by tests"))]
    evidence: &'static str,
}

impl OmissionRow {
    pub(super) fn omitted(&self, mode: Omission) -> &Omitted {
        let measured = self.measured.as_ref().filter(|_| mode == Omission::Measured);
        measured.unwrap_or(&self.documented)
    }

    /// The member's name in the pool that is read.
    pub(super) fn read_name(&self) -> &'static str {
        if self.member == "PoolName" { "Name" } else { self.member }
    }
}

/// The row of a member, if it has one.
pub(super) fn row(member: &str) -> Option<&'static OmissionRow> {
    ROWS.iter().find(|row| row.member == member)
}

use Omitted::{Keep, KeepWhere, Remove};

pub(super) const fn reset(value: fn() -> Json) -> Omitted {
    Omitted::Reset(LazyLock::new(value))
}

pub(super) const fn both(member: &'static str, omitted: Omitted, evidence: &'static str) -> OmissionRow {
    OmissionRow { member, documented: omitted, measured: None, evidence }
}

pub(super) const fn survives(
    member: &'static str,
    documented: Omitted,
    evidence: &'static str,
) -> OmissionRow {
    OmissionRow { member, documented, measured: Some(Keep), evidence }
}

/// Every member of the update. A member that was not measured is as documented in both modes.
///
/// **\[L\]** is go-to-k/cdkd's measurement of the raw API in us-east-1, of August and September 2026
/// (issues 1968, 2675 and 4066), unless a row says otherwise.
pub(super) static ROWS: [OmissionRow; 25] = [
    both("PoolName", Keep, "[I] a pool without a name cannot be"),
    survives("Policies.PasswordPolicy", reset(password_policy), "[L] stays, also with the other half"),
    survives("Policies.SignInPolicy", reset(sign_in_policy), "[L] stays, also with the other half"),
    survives("DeletionProtection", reset(|| json!("INACTIVE")), "[L] ACTIVE stays"),
    both("LambdaConfig", reset(|| json!({})), "[L] resets to none"),
    both("AutoVerifiedAttributes", Remove, "[L] resets to none"),
    both("SmsVerificationMessage", Remove, "[D] unmeasured; follows the template"),
    both("EmailVerificationMessage", Remove, "[D] unmeasured; follows the template"),
    both("EmailVerificationSubject", Remove, "[D] unmeasured; follows the template"),
    both(
        "VerificationMessageTemplate",
        reset(|| json!({"DefaultEmailOption": "CONFIRM_WITH_CODE"})),
        "[L] CONFIRM_WITH_LINK becomes CONFIRM_WITH_CODE; the texts are unmeasured",
    ),
    both("SmsAuthenticationMessage", Remove, "[L] resets to none"),
    survives(
        "UserAttributeUpdateSettings",
        reset(|| json!({"AttributesRequireVerificationBeforeUpdate": []})),
        "[R] an update without it was refused because of it; [C] only an empty list clears it",
    ),
    survives("MfaConfiguration", reset(|| json!("OFF")), "[L] OFF, OPTIONAL and ON stay, the factors too"),
    both("DeviceConfiguration", Remove, "[L] resets to off"),
    OmissionRow {
        member: "EmailConfiguration",
        documented: reset(built_in_sender),
        measured: Some(KeepWhere(is_built_in_sender, LazyLock::new(built_in_sender))),
        evidence: "[L] stays with COGNITO_DEFAULT; [D] DEVELOPER is unmeasured",
    },
    both("SmsConfiguration", Keep, "[L] stays, its role too"),
    survives("UserPoolTags", reset(|| json!({})), "[L] stay"),
    both(
        "AdminCreateUserConfig",
        reset(|| json!({"AllowAdminCreateUserOnly": false})),
        "[L] AllowAdminCreateUserOnly becomes false; the invitations are unmeasured",
    ),
    both("UserPoolAddOns", Remove, "[L] AUDIT is gone"),
    both("DcrConfiguration", Keep, "[D] documented to stay"),
    survives("AccountRecoverySetting", reset(account_recovery), "[L] stays"),
    both("UserPoolTier", Keep, "[L] stays"),
    survives("KeyConfiguration", reset(|| json!({"KeyType": "AWS_OWNED_KEY"})), "[L] stays"),
    survives("IssuerConfiguration", reset(|| json!({"Type": "ORIGINAL"})), "[L] stays"),
    both("AcrConfiguration", Remove, "[D] unmeasured"),
];

/// The value that was sent, or the value after an omission. A member that the pool lacks does not appear by being left
/// out: its absence is the default already.
pub(super) fn outcome<'a>(
    kept: Option<&'a Json>,
    sent: Option<&'a Json>,
    omitted: &'a Omitted,
) -> Option<&'a Json> {
    let Some(kept) = kept else { return sent };
    sent.or(match omitted {
        Omitted::Keep => Some(kept),
        Omitted::Remove => None,
        Omitted::Reset(value) => Some(value),
        Omitted::KeepWhere(stays, value) => Some(if stays(kept) { kept } else { value }),
    })
}

/// Gives a member its outcome. An identical value is not replaced, so that copies of the pool go on sharing it.
pub(super) fn replace(members: &mut impl Named, name: &str, sent: Option<&Json>, omitted: &Omitted) {
    let kept = members.named(name);
    match (outcome(kept, sent, omitted), kept) {
        (None, None) => {}
        (None, Some(_)) => members.leave_out(name),
        (Some(value), Some(kept)) if json::identical(kept, value) => {}
        (Some(value), _) => {
            let value = value.clone();
            members.put(name, value);
        }
    }
}

/// Cognito's own sender of e-mail.
fn built_in_sender() -> Json {
    json!({"EmailSendingAccount": "COGNITO_DEFAULT"})
}

fn is_built_in_sender(email: &Json) -> bool {
    email.get("EmailSendingAccount").and_then(Json::as_str) != Some("DEVELOPER")
}

/// The policy of a pool that was never given one. **\[L\]**
pub(super) fn password_policy() -> Json {
    json!({
        "MinimumLength": 8,
        "RequireUppercase": true,
        "RequireLowercase": true,
        "RequireNumbers": true,
        "RequireSymbols": true,
        "TemporaryPasswordValidityDays": 7
    })
}

/// The first factors of a pool that was never given any. **\[L\]**
pub(super) fn sign_in_policy() -> Json {
    json!({"AllowedFirstAuthFactors": ["PASSWORD"]})
}

/// How a bare pool's users get back in. **\[L\]**
pub(super) fn account_recovery() -> Json {
    json!({"RecoveryMechanisms": [
        {"Priority": 1, "Name": "verified_email"},
        {"Priority": 2, "Name": "verified_phone_number"}
    ]})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::Shapes;

    #[test]
    fn every_member_of_the_update_has_a_row_and_no_other_has() {
        let shapes = Shapes::bundled();
        let update = shapes.input("UpdateUserPool").unwrap();
        for (member, _) in update.members.iter().filter(|(member, _)| *member != "UserPoolId") {
            if *member == "Policies" {
                for (half, _) in shapes.member(update, member).unwrap().members {
                    assert!(row(&format!("Policies.{half}")).is_some(), "Policies.{half} has no row");
                }
            } else {
                assert!(row(member).is_some(), "{member} has no row");
            }
        }
        for row in &ROWS {
            let member = row.member.split('.').next().unwrap();
            assert!(update.members.iter().any(|(name, _)| *name == member), "{} is no member", row.member);
        }
    }

    #[test]
    fn seven_members_were_measured_to_reset_and_ten_to_stay() {
        let measured: Vec<&OmissionRow> = ROWS.iter().filter(|row| row.evidence.starts_with("[L]")).collect();
        let members = |stays: bool| {
            let rows = measured
                .iter()
                .filter(|row| matches!(row.omitted(Omission::Measured), Keep | KeepWhere(..)) == stays);
            // The halves of `Policies` are one member.
            let names = rows.map(|row| row.member.split('.').next().unwrap());
            names.collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>()
        };
        assert_eq!(
            members(false),
            [
                "AdminCreateUserConfig",
                "AutoVerifiedAttributes",
                "DeviceConfiguration",
                "LambdaConfig",
                "SmsAuthenticationMessage",
                "UserPoolAddOns",
                "VerificationMessageTemplate"
            ]
        );
        assert_eq!(
            members(true),
            [
                "AccountRecoverySetting",
                "DeletionProtection",
                "EmailConfiguration",
                "IssuerConfiguration",
                "KeyConfiguration",
                "MfaConfiguration",
                "Policies",
                "SmsConfiguration",
                "UserPoolTags",
                "UserPoolTier"
            ]
        );
    }

    #[test]
    fn every_row_says_what_it_rests_on() {
        for row in &ROWS {
            let marked =
                ["[M]", "[D]", "[L]", "[R]", "[C]", "[I]"].iter().any(|mark| row.evidence.starts_with(mark));
            assert!(marked, "{}: {}", row.member, row.evidence);
        }
    }
}
