//! The names of settings in other tools: CloudFormation, the CDK, Terraform, Pulumi and Cognito's console.

use super::Catalogue;
use crate::document::{DocumentId, Path};

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
const READ_ONLY: Elsewhere = Instead("delete the line: the name is read-only");
const LABEL: Elsewhere = Instead("delete the line: the label of the entry is the name");
const OF_CLIENT: Elsewhere = Instead("delete the line: the entry of the app client has the id");
const POOLS: Elsewhere = Instead("delete the line: it is about the pool of the manifest");
const SCHEMA: Elsewhere = Instead("list the attributes under `Schema`");

/// The length of the path of a member of an entry.
const IN_ENTRY: usize = 3;

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
    ("endpoint", READ_ONLY),
    ("ProviderName", READ_ONLY),
    ("ProviderURL", READ_ONLY),
    ("id", Instead("delete the line: `pool` has the id")),
    ("region", Instead("write `region` beside `pool`, if it is not the one in the pool's id")),
    // Cognito's console.
    ("Self-registration", SELF_SIGN_UP),
    ("Threat protection", Setting("UserPoolAddOns.AdvancedSecurityMode")),
    ("MFA enforcement", Setting("MfaConfiguration")),
    ("MFA methods", FACTORS),
    ("Password minimum length", Setting("Policies.PasswordPolicy.MinimumLength")),
];

/// The names in what lives in a pool, by its branch; a setting is named as the entry has it.
#[rustfmt::skip]
const NAMES_IN_BRANCHES: &[(&str, &str, Elsewhere)] = &[
    ("clients", "name", Setting("ClientName")),
    ("clients", "userPoolClientName", Setting("ClientName")),
    ("clients", "client_id", Instead("write `id`")),
    ("clients", "authFlows", Setting("ExplicitAuthFlows")),
    ("clients", "oAuth", Instead("set `AllowedOAuthFlows`, `AllowedOAuthScopes`, `CallbackURLs` and `LogoutURLs`")),
    ("clients", "disableOAuth", Instead("set `AllowedOAuthFlowsUserPoolClient`: `false` disables OAuth")),
    ("clients", "refreshTokenRotationGracePeriod", Setting("RefreshTokenRotation.RetryGracePeriodSeconds")),
    ("clients", "asset", Setting("branding.Assets")),
    ("clients", "name_prefix", TOOL),
    ("clients", "name_pattern", TOOL),
    ("identityProviders", "name", LABEL),
    ("identityProviders", "ProviderName", LABEL),
    ("resourceServers", "identifier", LABEL),
    ("resourceServers", "scope", Setting("Scopes")),
    ("resourceServers", "scope_identifiers", READ_ONLY),
    ("groups", "name", LABEL),
    ("groups", "GroupName", LABEL),
    ("domains", "domain", LABEL),
    ("clients", "TermsName", Instead("delete the line: `termsOfUse` and `privacyPolicy` are the names")),
    ("riskConfiguration", "client_id", Instead("delete the line, or declare this below `clients`, in the entry of the app client")),
    ("uiCustomization", "client_id", Instead("delete the line, or declare this below `clients`, in the entry of the app client")),
];

/// Whether two names differ only in how they are written: in case, `_`, `-` and blanks.
pub fn is_same_name(a: &str, b: &str) -> bool {
    fn plain(name: &str) -> impl Iterator<Item = char> + '_ {
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
    }
    plain(a).next().is_some() && plain(a).eq(plain(b))
}

/// The names that each branch has.
const NAMES_IN_ALL_BRANCHES: &[(&str, Elsewhere)] = &[
    ("settings", Instead("move the lines below it one level up: an entry has its settings directly")),
    ("user_pool_id", POOLS),
    ("userPool", POOLS),
    ("region", POOLS),
    ("lifecycle", TOOL),
    ("DependsOn", TOOL),
];

impl Catalogue {
    /// The meaning of a name at this place in another tool, or `None` if no tool is known to use it. A setting of a branch
    /// is named as its entry has it.
    pub fn elsewhere(&self, at: &Path, name: &str) -> Option<Elsewhere> {
        let is_it = |known: &str| is_same_name(known, name);
        let of = |rows: &'static [(&'static str, Elsewhere)]| {
            rows.iter().find(|(known, _)| is_it(known)).map(|(_, meant)| *meant)
        };
        let Some(branch) = at.head().filter(|head| DocumentId::is_branch(head)) else {
            let is_read_only = || self.unsendable().into_iter().any(is_it);
            return of(NAMES).or_else(|| is_read_only().then_some(READ_ONLY));
        };
        // The names of an entry mean nothing else than that in a structure of it.
        let is_inner = DocumentId::is_labelled(branch) && at.segs().len() > IN_ENTRY;
        if is_inner && is_it("client_id") {
            return Some(OF_CLIENT);
        }
        let own = NAMES_IN_BRANCHES
            .iter()
            .find(|(of, known, meant)| *of == branch && is_it(known) && !(is_inner && *meant == LABEL));
        own.map(|(.., meant)| *meant).or_else(|| of(NAMES_IN_ALL_BRANCHES))
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

    #[test]
    fn the_names_of_an_entry_are_not_those_of_a_structure_in_it() {
        let catalogue = Catalogue::new(Shapes::bundled());
        for (at, name, meant) in [
            ("clients.web.ClientId", "ClientId", Some(Instead("write `id`"))),
            ("clients.web.riskConfiguration.ClientId", "ClientId", Some(OF_CLIENT)),
            (
                "riskConfiguration.ClientId",
                "ClientId",
                Some(Instead(
                    "delete the line, or declare this below `clients`, in the entry of the app client",
                )),
            ),
            ("resourceServers.api.Identifier", "Identifier", Some(LABEL)),
            ("resourceServers.api.Scopes[read].Identifier", "Identifier", None),
        ] {
            assert_eq!(catalogue.elsewhere(path(at), name), meant, "{at}");
        }
    }

    #[test]
    fn every_name_in_a_branch_is_for_a_setting_of_an_entry() {
        let catalogue = Catalogue::new(Shapes::bundled());
        for (branch, name, meant) in NAMES_IN_BRANCHES {
            assert!(DocumentId::is_branch(branch), "{branch}");
            let Setting(setting) = meant else { continue };
            let inside: Path = setting.parse().unwrap();
            let label = DocumentId::is_labelled(branch).then_some("x");
            let at = Path::members([*branch].into_iter().chain(label)).extended(inside.segs());
            assert!(catalogue.setting(&at).is_some(), "{branch}, {name}: there is no {at}");
        }
    }
}
