//! The names of settings in other tools: CloudFormation, the CDK, Terraform, Pulumi and Cognito's console.

use super::Catalogue;

/// The meaning of another tool's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// This setting.
    Setting(&'static str),
    /// Several settings, or none: an instruction.
    Instead(&'static str),
}

use Elsewhere::{Instead, Setting};

const FACTORS: Elsewhere = Instead(
    "set `MfaConfiguration`, and each factor with its own setting: `SmsMfaConfiguration: {}`, `SoftwareTokenMfaConfiguration: { Enabled: true }`, `EmailMfaConfiguration: {}`",
);
const STACK: Elsewhere = Instead(
    "delete the line: it belongs to the stack, not to the pool. Set `DeletionProtection: ACTIVE` to prevent deletion of the pool",
);
const TOOL: Elsewhere = Instead("delete the line: it belongs to the other tool, not to the pool");
const SELF_SIGN_UP: Elsewhere =
    Instead("set `AdminCreateUserConfig.AllowAdminCreateUserOnly`: `false` allows self sign-up");
const SCHEMA: Elsewhere = Instead("list the attributes under `Schema`");

/// The names, in the order of the tools; how they are written does not count ([`is_same_name`]). A name that
/// is a setting's own in another way of writing needs no row.
#[rustfmt::skip]
const NAMES: &[(&str, Elsewhere)] = &[
    // CloudFormation.
    ("UserPoolName", Setting("PoolName")),
    ("EnabledMfas", FACTORS),
    ("EmailAuthenticationMessage", Setting("EmailMfaConfiguration.Message")),
    ("EmailAuthenticationSubject", Setting("EmailMfaConfiguration.Subject")),
    ("WebAuthnRelyingPartyID", Setting("WebAuthnConfiguration.RelyingPartyId")),
    ("WebAuthnUserVerification", Setting("WebAuthnConfiguration.UserVerification")),
    ("WebAuthnFactorConfiguration", Setting("WebAuthnConfiguration.FactorConfiguration")),
    ("DeletionPolicy", STACK),
    ("UpdateReplacePolicy", STACK),
    ("DependsOn", TOOL),
    ("Properties", Instead("move the lines below it directly under `settings`")),
    // The CDK.
    ("accountRecovery", Setting("AccountRecoverySetting")),
    ("autoVerify", Setting("AutoVerifiedAttributes")),
    ("customAttributes", SCHEMA),
    ("standardAttributes", SCHEMA),
    ("customSenderKmsKey", Setting("LambdaConfig.KMSKeyID")),
    ("standardThreatProtectionMode", Setting("UserPoolAddOns.AdvancedSecurityMode")),
    ("customThreatProtectionMode", Setting("UserPoolAddOns.AdvancedSecurityAdditionalFlows.CustomAuthMode")),
    ("deviceTracking", Setting("DeviceConfiguration")),
    ("email", Setting("EmailConfiguration")),
    ("enableSmsRole", Setting("SmsConfiguration")),
    ("featurePlan", Setting("UserPoolTier")),
    ("keepOriginal", Setting("UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate")),
    ("lambdaTriggers", Setting("LambdaConfig")),
    ("mfa", Setting("MfaConfiguration")),
    ("mfaMessage", Setting("SmsAuthenticationMessage")),
    ("mfaSecondFactor", FACTORS),
    ("passkeyRelyingPartyId", Setting("WebAuthnConfiguration.RelyingPartyId")),
    ("passkeyUserVerification", Setting("WebAuthnConfiguration.UserVerification")),
    ("removalPolicy", STACK),
    ("selfSignUpEnabled", SELF_SIGN_UP),
    ("signInAliases", Instead("list the attributes under `AliasAttributes` or `UsernameAttributes`, both of which are fixed when a pool is created")),
    ("signInCaseSensitive", Setting("UsernameConfiguration.CaseSensitive")),
    ("smsRole", Setting("SmsConfiguration.SnsCallerArn")),
    ("smsRoleExternalId", Setting("SmsConfiguration.ExternalId")),
    ("userInvitation", Setting("AdminCreateUserConfig.InviteMessageTemplate")),
    ("userVerification", Setting("VerificationMessageTemplate")),
    ("minLength", Setting("Policies.PasswordPolicy.MinimumLength")),
    ("requireDigits", Setting("Policies.PasswordPolicy.RequireNumbers")),
    ("tempPasswordValidity", Setting("Policies.PasswordPolicy.TemporaryPasswordValidityDays")),
    // Terraform and Pulumi.
    ("name", Setting("PoolName")),
    ("tags", Setting("UserPoolTags")),
    ("tags_all", Setting("UserPoolTags")),
    ("from_email_address", Setting("EmailConfiguration.From")),
    ("recovery_mechanism", Setting("AccountRecoverySetting.RecoveryMechanisms")),
    ("attributesRequireVerificationBeforeUpdates", Setting("UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate")),
    ("schemas", Setting("Schema")),
    ("lifecycle", STACK),
    ("prevent_destroy", STACK),
    // Cognito's console.
    ("Self-registration", SELF_SIGN_UP),
    ("Threat protection", Setting("UserPoolAddOns.AdvancedSecurityMode")),
    ("MFA enforcement", Setting("MfaConfiguration")),
    ("MFA methods", FACTORS),
    ("Password minimum length", Setting("Policies.PasswordPolicy.MinimumLength")),
];

/// Whether two names differ only in how they are written: in case, `_`, `-` and blanks.
pub fn is_same_name(a: &str, b: &str) -> bool {
    fn plain(name: &str) -> impl Iterator<Item = char> + '_ {
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
    }
    plain(a).next().is_some() && plain(a).eq(plain(b))
}

impl Catalogue {
    /// The meaning of a name in another tool, or `None` if no tool is known to use it.
    pub fn elsewhere(name: &str) -> Option<Elsewhere> {
        NAMES.iter().find(|(known, _)| is_same_name(known, name)).map(|(_, meant)| *meant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::path;
    use crate::shapes::Shapes;

    #[test]
    fn every_name_stands_once_and_for_a_setting_of_another_name() {
        let catalogue = Catalogue::new(Shapes::bundled());
        for (position, (name, meant)) in NAMES.iter().enumerate() {
            let before = &NAMES[..position];
            assert!(!before.iter().any(|(other, _)| is_same_name(other, name)), "{name} stands twice");
            assert!(!catalogue.settings().any(|setting| is_same_name(setting, name)), "{name} needs no row");
            if let Setting(setting) = meant {
                assert!(catalogue.setting(path(setting)).is_some(), "{name}: there is no {setting}");
            }
        }
    }
}
