//! What a member that `UpdateUserPool` leaves out falls to: one row a member.

use serde_json::json;

use super::Omission;
use super::case::Named;
use crate::document::Json;

/// What becomes of a member that the request does not name.
#[derive(Clone, Copy)]
pub(super) enum Omitted {
    /// It stays as it is.
    Keep,
    /// It is gone.
    Remove,
    /// It takes this value.
    Reset(fn() -> Json),
    /// It stays where its value is such a one, and else takes the second.
    KeepWhere(fn(&Json) -> bool, fn() -> Json),
}

/// One member's behaviour in both modes.
pub(super) struct OmissionRow {
    /// The member's name in the request; the two halves of `Policies` are separate.
    pub(super) member: &'static str,
    documented: Omitted,
    measured: Omitted,
    /// What the measured mode rests on.
    #[cfg_attr(not(test), expect(dead_code, reason = "read by people and by tests"))]
    evidence: &'static str,
}

impl OmissionRow {
    pub(super) fn omitted(&self, mode: Omission) -> Omitted {
        match mode {
            Omission::Documented => self.documented,
            Omission::Measured => self.measured,
        }
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

use Omitted::{Keep, KeepWhere, Remove, Reset};

pub(super) const fn both(member: &'static str, omitted: Omitted, evidence: &'static str) -> OmissionRow {
    OmissionRow { member, documented: omitted, measured: omitted, evidence }
}

pub(super) const fn survives(
    member: &'static str,
    documented: Omitted,
    evidence: &'static str,
) -> OmissionRow {
    OmissionRow { member, documented, measured: Keep, evidence }
}

/// Every member of the update. A member that was not measured is as documented in both modes.
///
/// **\[L\]** is go-to-k/cdkd's measurement of the raw API in us-east-1, of August and September 2026
/// (issues 1968, 2675 and 4066), unless a row says otherwise.
pub(super) const ROWS: &[OmissionRow] = &[
    both("PoolName", Keep, "[I] a pool without a name cannot be"),
    survives("Policies.PasswordPolicy", Reset(password_policy), "[L] stays, also with the other half"),
    survives("Policies.SignInPolicy", Reset(sign_in_policy), "[L] stays, also with the other half"),
    survives("DeletionProtection", Reset(|| json!("INACTIVE")), "[L] ACTIVE stays"),
    both("LambdaConfig", Reset(|| json!({})), "[L] resets to none"),
    both("AutoVerifiedAttributes", Remove, "[L] resets to none"),
    both("SmsVerificationMessage", Remove, "[D] unmeasured; follows the template"),
    both("EmailVerificationMessage", Remove, "[D] unmeasured; follows the template"),
    both("EmailVerificationSubject", Remove, "[D] unmeasured; follows the template"),
    both(
        "VerificationMessageTemplate",
        Reset(|| json!({"DefaultEmailOption": "CONFIRM_WITH_CODE"})),
        "[L] CONFIRM_WITH_LINK becomes CONFIRM_WITH_CODE; the texts are unmeasured",
    ),
    both("SmsAuthenticationMessage", Remove, "[L] resets to none"),
    survives(
        "UserAttributeUpdateSettings",
        Reset(|| json!({"AttributesRequireVerificationBeforeUpdate": []})),
        "[R] an update without it was refused because of it; [C] only an empty list clears it",
    ),
    survives("MfaConfiguration", Reset(|| json!("OFF")), "[L] OFF, OPTIONAL and ON stay, the factors too"),
    both("DeviceConfiguration", Remove, "[L] resets to off"),
    OmissionRow {
        member: "EmailConfiguration",
        documented: Reset(built_in_sender),
        measured: KeepWhere(is_built_in_sender, built_in_sender),
        evidence: "[L] stays with COGNITO_DEFAULT; [D] DEVELOPER is unmeasured",
    },
    both("SmsConfiguration", Keep, "[L] stays, its role too"),
    survives("UserPoolTags", Reset(|| json!({})), "[L] stay"),
    both(
        "AdminCreateUserConfig",
        Reset(|| json!({"AllowAdminCreateUserOnly": false})),
        "[L] AllowAdminCreateUserOnly becomes false; the invitations are unmeasured",
    ),
    both("UserPoolAddOns", Remove, "[L] AUDIT is gone"),
    both("DcrConfiguration", Keep, "[D] documented to stay"),
    survives("AccountRecoverySetting", Reset(account_recovery), "[L] stays"),
    both("UserPoolTier", Keep, "[L] stays"),
    survives("KeyConfiguration", Reset(|| json!({"KeyType": "AWS_OWNED_KEY"})), "[L] stays"),
    survives("IssuerConfiguration", Reset(|| json!({"Type": "ORIGINAL"})), "[L] stays"),
    both("AcrConfiguration", Remove, "[D] unmeasured"),
];

/// Puts what was sent in place, or what the omission leaves. A member that the pool lacks does not
/// appear by being left out: its absence is the default already.
pub(super) fn replace(members: &mut impl Named, name: &str, sent: Option<&Json>, omitted: Omitted) {
    match (sent, omitted) {
        (Some(value), _) => members.put(name, value.clone()),
        (None, Omitted::Keep) => {}
        (None, Omitted::Remove) => members.leave_out(name),
        (None, Omitted::Reset(value)) => {
            if members.named(name).is_some() {
                members.put(name, value());
            }
        }
        (None, Omitted::KeepWhere(stays, value)) => {
            if members.named(name).is_some_and(|kept| !stays(kept)) {
                members.put(name, value());
            }
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
        for row in ROWS {
            let member = row.member.split('.').next().unwrap();
            assert!(update.members.iter().any(|(name, _)| *name == member), "{} is no member", row.member);
        }
    }

    #[test]
    fn seven_members_were_measured_to_reset_and_ten_to_stay() {
        let measured: Vec<&OmissionRow> = ROWS.iter().filter(|row| row.evidence.starts_with("[L]")).collect();
        let members = |stays: bool| {
            let rows = measured.iter().filter(|row| matches!(row.measured, Keep | KeepWhere(..)) == stays);
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
        for row in ROWS {
            let marked =
                ["[M]", "[D]", "[L]", "[R]", "[C]", "[I]"].iter().any(|mark| row.evidence.starts_with(mark));
            assert!(marked, "{}: {}", row.member, row.evidence);
        }
    }
}
