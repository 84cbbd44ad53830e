//! What a member that `UpdateUserPool` leaves out falls to: one row a member.

use serde_json::json;

use super::Omission;
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
}

/// One member's behaviour in both modes.
pub(super) struct Row {
    /// The member's name in the request; the two halves of `Policies` stand for themselves.
    pub(super) member: &'static str,
    documented: Omitted,
    measured: Omitted,
    /// What the measured mode rests on.
    #[cfg_attr(not(test), expect(dead_code, reason = "read by people and by tests"))]
    evidence: &'static str,
}

impl Row {
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
pub(super) fn row(member: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.member == member)
}

use Omitted::{Keep, Remove, Reset};

const fn both(member: &'static str, omitted: Omitted, evidence: &'static str) -> Row {
    Row { member, documented: omitted, measured: omitted, evidence }
}

const fn survives(member: &'static str, documented: Omitted, evidence: &'static str) -> Row {
    Row { member, documented, measured: Keep, evidence }
}

/// Every member of the update. Where nobody has measured, the documentation's word holds in both modes.
pub(super) const ROWS: &[Row] = &[
    both("PoolName", Keep, "[I] a pool without a name cannot be"),
    survives("Policies.PasswordPolicy", Reset(password_policy), "[L] survives on its own"),
    survives("Policies.SignInPolicy", Reset(sign_in_policy), "[L] survives on its own"),
    both("DeletionProtection", Reset(|| json!("INACTIVE")), "[D] unmeasured"),
    both("LambdaConfig", Reset(|| json!({})), "[R] resets to none"),
    both("AutoVerifiedAttributes", Remove, "[L] resets to none"),
    both("SmsVerificationMessage", Remove, "[D] unmeasured; follows the template"),
    both("EmailVerificationMessage", Remove, "[D] unmeasured; follows the template"),
    both("EmailVerificationSubject", Remove, "[D] unmeasured; follows the template"),
    both(
        "VerificationMessageTemplate",
        Reset(|| json!({"DefaultEmailOption": "CONFIRM_WITH_CODE"})),
        "[R] verification was lost in 2018",
    ),
    both("SmsAuthenticationMessage", Remove, "[D] unmeasured"),
    survives(
        "UserAttributeUpdateSettings",
        Reset(|| json!({"AttributesRequireVerificationBeforeUpdate": []})),
        "[R] an update without it was refused because of it; [C] only an empty list clears it",
    ),
    survives("MfaConfiguration", Reset(|| json!("OFF")), "[L] stayed ON"),
    both("DeviceConfiguration", Remove, "[R] resets to off"),
    both("EmailConfiguration", Reset(|| json!({"EmailSendingAccount": "COGNITO_DEFAULT"})), "[R] resets"),
    both("SmsConfiguration", Keep, "[D] cannot be removed"),
    survives("UserPoolTags", Reset(|| json!({})), "[C] Terraform leaves them out and keeps them"),
    both("AdminCreateUserConfig", Reset(|| json!({"AllowAdminCreateUserOnly": false})), "[D] unmeasured"),
    both("UserPoolAddOns", Remove, "[D] unmeasured"),
    both("DcrConfiguration", Keep, "[D] documented to stay"),
    both("AccountRecoverySetting", Reset(account_recovery), "[D] unmeasured; [L] the default of a bare pool"),
    both("UserPoolTier", Keep, "[D] documented to stay"),
    both("KeyConfiguration", Reset(|| json!({"KeyType": "AWS_OWNED_KEY"})), "[D] unmeasured"),
    both("IssuerConfiguration", Reset(|| json!({"Type": "ORIGINAL"})), "[D] unmeasured"),
    both("AcrConfiguration", Remove, "[D] unmeasured"),
];

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
        for (member, _) in update.members.iter().filter(|(member, _)| member != "UserPoolId") {
            if member == "Policies" {
                for (half, _) in &shapes.member(update, member).unwrap().members {
                    assert!(row(&format!("Policies.{half}")).is_some(), "Policies.{half} has no row");
                }
            } else {
                assert!(row(member).is_some(), "{member} has no row");
            }
        }
        for row in ROWS {
            let member = row.member.split('.').next().unwrap();
            assert!(update.members.iter().any(|(name, _)| name == member), "{} is no member", row.member);
        }
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
