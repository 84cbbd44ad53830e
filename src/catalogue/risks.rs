//! The table of risks: changes that weaken a pool, open it, cost something or cannot be undone.
//!
//! A risk blocks where the harm is done before anybody notices it, or stays when the change is taken
//! back. The others speak, and stand in nobody's way.

use super::Evidence::{self, Docs, Inferred, Live, Model, Report};
use super::signs::{ALL, Entries, Ranks, Sign};
use crate::document::{Object, Path};

/// A risk that changes can carry.
#[derive(Debug)]
pub struct Risk {
    /// Its stable name.
    pub code: &'static str,
    /// Whether a plan that carries it is refused until somebody allows it.
    pub blocks: bool,
    /// What the change leads to, in one sentence.
    pub text: &'static str,
    /// Why it blocks, or why it does not.
    pub why: &'static str,
    /// How sure it is that the change leads to that.
    pub evidence: Evidence,
    /// How it is recognised: by any of these.
    pub signs: &'static [Sign],
}

impl Risk {
    /// The settings at which the change from one canonical document to another carries this risk, no
    /// path within another. `declared` says of a path whether the manifest names it.
    pub fn seen(&self, before: &Object, after: &Object, declared: &dyn Fn(&Path) -> bool) -> Vec<Path> {
        let mut paths: Vec<Path> = Vec::new();
        for path in self.signs.iter().flat_map(|sign| sign.seen(before, after, declared)) {
            if !paths.iter().any(|outer| path.is_within(outer)) {
                paths.retain(|inner| !inner.is_within(&path));
                paths.push(path);
            }
        }
        paths
    }
}

const TIERS: Ranks = Ranks { values: &["LITE", "ESSENTIALS", "PLUS"], absent: Some("ESSENTIALS") };

/// The functions that have a risk of their own, and what is no function.
const TRIGGERS_APART: &[&str] = &["UserMigration", "CustomSMSSender", "CustomEmailSender", "KMSKeyID"];
/// The two names of one trigger.
const TRIGGER_NAMES: &[(&str, &str)] = &[("PreTokenGeneration", "PreTokenGenerationConfig")];

/// The settings, each with all that it holds, that drift watches beside those of risks that block: whoever
/// sets one unasked may be taking the pool over. `ExternalId` is not among them: no manifest holds a secret.
pub(super) static ALSO_WATCHED: &[&str] = &[
    "Policies.PasswordPolicy.TemporaryPasswordValidityDays",
    "AdminCreateUserConfig.UnusedAccountValidityDays",
    "EmailConfiguration",
    "SmsConfiguration.SnsCallerArn",
    "SmsConfiguration.EumsSms.CallerArn",
    "KeyConfiguration",
    "WebAuthnConfiguration",
];

/// The risks, weightiest first.
pub(super) static RISKS: &[Risk] = &[
    Risk {
        code: "mfa-downgrade",
        blocks: true,
        text: "a stolen password opens accounts that a second factor protected",
        why: "Accounts can be taken over from the moment of the change, and bringing the factor back does not bring them back.",
        evidence: Docs,
        signs: &[
            Sign::Sinks(
                "MfaConfiguration",
                Ranks { values: &["OFF", "OPTIONAL", "ON"], absent: Some("OFF") },
            ),
            Sign::Leaves("SoftwareTokenMfaConfiguration.Enabled", "true"),
            Sign::Disappears("EmailMfaConfiguration"),
            Sign::Disappears("SmsMfaConfiguration"),
        ],
    },
    Risk {
        code: "mfa-gap",
        blocks: true,
        text: "no order of the calls keeps MFA up: for a moment between two of them it is weaker than before and after",
        why: "The moment lasts as long as the next call is away, and stays if that one fails.",
        evidence: Inferred,
        signs: &[Sign::Between],
    },
    Risk {
        code: "mfa-documents-differ",
        blocks: true,
        text: "nobody knows which holds, and a call makes both what the first says",
        why: "MFA may go down with a change that has nothing to do with it. A read in the middle of somebody's change looks the same, and is over at the next.",
        evidence: Inferred,
        signs: &[Sign::Apart],
    },
    Risk {
        code: "first-factor-added",
        blocks: true,
        text: "this factor alone now opens an account: whoever reads the mailbox, holds the phone number or has the device gets in",
        why: "It opens every account of the pool to a new way of attack at once, not only those whose users choose it.",
        evidence: Docs,
        signs: &[Sign::Gains(
            "Policies.SignInPolicy.AllowedFirstAuthFactors",
            Entries { absent: &["PASSWORD"], ..ALL },
        )],
    },
    Risk {
        code: "user-migration-added",
        blocks: true,
        text: "this function is given the name and the password of everyone who signs in and is not in the pool yet",
        why: "It sees passwords in plain text, from the first sign-in on. Another function in its place sees them as well.",
        evidence: Docs,
        signs: &[Sign::Comes("LambdaConfig.UserMigration")],
    },
    Risk {
        code: "custom-sender-added",
        blocks: true,
        text: "this function is given every code that it is to send, and can use any of them itself",
        why: "Codes sign users in and reset their passwords. Another function in its place gets them as well.",
        evidence: Docs,
        signs: &[
            Sign::Comes("LambdaConfig.CustomSMSSender.LambdaArn"),
            Sign::Comes("LambdaConfig.CustomEmailSender.LambdaArn"),
        ],
    },
    Risk {
        code: "self-sign-up-opened",
        blocks: true,
        text: "anybody can create an account in this pool",
        why: "Accounts that strangers have created stay when the door is closed again, and may be trusted by what stands behind the pool.",
        evidence: Docs,
        signs: &[Sign::Leaves("AdminCreateUserConfig.AllowAdminCreateUserOnly", "true")],
    },
    Risk {
        code: "dcr-opened",
        blocks: true,
        text: "more clients can register themselves with this pool, or with more rights",
        why: "Clients that strangers have registered stay when the door is closed again.",
        evidence: Docs,
        signs: &[
            Sign::Becomes("DcrConfiguration.EnableStatus", r#""Enabled""#),
            Sign::AppearsWithout("DcrConfiguration", "EnableStatus"),
            Sign::Becomes("DcrConfiguration.OpenDcrEnabled", "true"),
            Sign::Gains(
                "DcrConfiguration.AuthenticatedGrantTypes",
                Entries { absent: &["code", "client_credentials"], ..ALL },
            ),
            Sign::Gains("DcrConfiguration.OpenDcrGrantTypes", Entries { absent: &["code"], ..ALL }),
            Sign::Gains(
                "DcrConfiguration.AllowedScopes",
                Entries { absent: &["openid", "email", "phone", "profile"], ..ALL },
            ),
        ],
    },
    Risk {
        code: "recovery-weaker",
        blocks: true,
        text: "there is one more way, or an easier one, to get into an account without its password",
        why: "Whoever holds the mailbox or the phone number takes the account over, and keeps it when the way is closed again.",
        evidence: Docs,
        signs: &[
            Sign::Disappears("AccountRecoverySetting.RecoveryMechanisms"),
            Sign::Gains(
                "AccountRecoverySetting.RecoveryMechanisms",
                Entries { absent: &["verified_email", "verified_phone_number"], but: &["admin_only"], ..ALL },
            ),
            Sign::Falls("AccountRecoverySetting.RecoveryMechanisms[verified_phone_number].Priority", None),
        ],
    },
    Risk {
        code: "attribute-verification-off",
        blocks: true,
        text: "users can enter an address or a number that is not theirs, and nobody checks",
        why: "What was never verified stays so when verification is back, and recovery and applications may trust it.",
        evidence: Live,
        signs: &[
            Sign::Loses("AutoVerifiedAttributes", ALL),
            Sign::Loses("UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate", ALL),
        ],
    },
    Risk {
        code: "threat-protection-off",
        blocks: true,
        text: "sign-ins from stolen passwords and strange places are no longer stopped, or no longer seen",
        why: "What happens meanwhile is in no log, so nobody can tell afterwards whether it mattered.",
        evidence: Docs,
        signs: &[
            Sign::Sinks(
                "UserPoolAddOns.AdvancedSecurityMode",
                Ranks { values: &["OFF", "AUDIT", "ENFORCED"], absent: Some("OFF") },
            ),
            Sign::Sinks(
                "UserPoolAddOns.AdvancedSecurityAdditionalFlows.CustomAuthMode",
                Ranks { values: &["AUDIT", "ENFORCED"], absent: None },
            ),
        ],
    },
    Risk {
        code: "password-policy-weaker",
        blocks: true,
        text: "users can choose passwords that were too weak until now",
        why: "Passwords that are chosen meanwhile stay as weak when the policy is strict again.",
        evidence: Docs,
        signs: &[
            Sign::Falls("Policies.PasswordPolicy.MinimumLength", Some(8)),
            Sign::Becomes("Policies.PasswordPolicy.RequireUppercase", "false"),
            Sign::Becomes("Policies.PasswordPolicy.RequireLowercase", "false"),
            Sign::Becomes("Policies.PasswordPolicy.RequireNumbers", "false"),
            Sign::Becomes("Policies.PasswordPolicy.RequireSymbols", "false"),
            Sign::Falls("Policies.PasswordPolicy.PasswordHistorySize", Some(0)),
        ],
    },
    Risk {
        code: "passkey-verification-weaker",
        blocks: true,
        text: "a passkey opens its account without a fingerprint, a face or a PIN: whoever has the device gets in",
        why: "Accounts can be taken over with a found device from the moment of the change.",
        evidence: Docs,
        signs: &[Sign::Sinks(
            "WebAuthnConfiguration.UserVerification",
            Ranks { values: &["preferred", "required"], absent: Some("preferred") },
        )],
    },
    Risk {
        code: "relying-party-change",
        blocks: true,
        text: "every passkey that users have registered stops working, as it belongs to the old relying party",
        why: "Users without another factor are locked out, and have to register their passkeys anew.",
        evidence: Docs,
        signs: &[Sign::Replaced("WebAuthnConfiguration.RelyingPartyId")],
    },
    Risk {
        code: "trigger-removal",
        blocks: true,
        text: "Cognito no longer calls this function: what it checked, added or wrote down no longer happens",
        why: "A trigger may be what keeps strangers out, and what it missed meanwhile is not made up for.",
        evidence: Report,
        signs: &[Sign::Loses("LambdaConfig", Entries { but: &["KMSKeyID"], same: TRIGGER_NAMES, ..ALL })],
    },
    Risk {
        code: "deletion-protection-off",
        blocks: true,
        text: "one call can delete the pool with all its users",
        why: "A deleted pool does not come back, and no backup of poolctl holds its users.",
        evidence: Docs,
        signs: &[Sign::Leaves("DeletionProtection", r#""ACTIVE""#)],
    },
    Risk {
        code: "issuer-change",
        blocks: true,
        text: "tokens name another issuer: applications and APIs that check it refuse them until they are changed too",
        why: "Everything that trusts the pool's tokens may stop at once, and it is not documented that Cognito takes the change back.",
        evidence: Inferred,
        signs: &[Sign::Changes("IssuerConfiguration.Type")],
    },
    Risk {
        code: "encryption-key-change",
        blocks: true,
        text: "the pool's data depends on another key: without it, or without access to it, nobody can sign in",
        why: "A key that is disabled or deleted takes the pool with it, and it is not documented that Cognito takes the change back.",
        evidence: Inferred,
        signs: &[Sign::Changes("KeyConfiguration.KeyType"), Sign::Changes("KeyConfiguration.KmsKeyArn")],
    },
    Risk {
        code: "tier-downgrade",
        blocks: true,
        text: "features of the higher tier stop working, those that protect sign-ins among them",
        why: "Protection ends at once, and Cognito may not take back what was configured for the higher tier.",
        evidence: Docs,
        signs: &[Sign::Sinks("UserPoolTier", TIERS)],
    },
    Risk {
        code: "mfa-factor-implied",
        blocks: false,
        text: "nobody declares this factor, and the call that changes MFA switches it on with the others; `null` takes it away, but for SMS beside a sender",
        why: "It adds a factor and takes none away, and nobody has measured that Cognito really does it.",
        evidence: Inferred,
        signs: &[
            Sign::Implied("SmsMfaConfiguration"),
            Sign::Implied("EmailMfaConfiguration"),
            Sign::Implied("SoftwareTokenMfaConfiguration.Enabled"),
        ],
    },
    Risk {
        code: "temporary-password-longer",
        blocks: false,
        text: "a temporary password that fell into the wrong hands can be used for longer",
        why: "It can be taken back for everybody by the same setting.",
        evidence: Docs,
        signs: &[
            Sign::Rises("Policies.PasswordPolicy.TemporaryPasswordValidityDays", Some(7)),
            Sign::Rises("AdminCreateUserConfig.UnusedAccountValidityDays", Some(7)),
        ],
    },
    Risk {
        code: "device-remembering-on",
        blocks: false,
        text: "Cognito remembers devices, and a remembered one may stand in for the second factor",
        why: "Only a device that has signed in with all factors is remembered, and users wish for it.",
        evidence: Docs,
        signs: &[
            Sign::Appears("DeviceConfiguration"),
            Sign::Becomes("DeviceConfiguration.ChallengeRequiredOnNewDevice", "true"),
        ],
    },
    Risk {
        code: "trigger-added",
        blocks: false,
        text: "sign-ups or sign-ins now wait for this function and fail if it does, or if Cognito may not call it",
        why: "It shows at the first sign-in, and goes away with the line that brought it.",
        evidence: Report,
        signs: &[Sign::Gains("LambdaConfig", Entries { but: TRIGGERS_APART, same: TRIGGER_NAMES, ..ALL })],
    },
    Risk {
        code: "sms-role-change",
        blocks: false,
        text: "no SMS is delivered unless the role trusts Cognito with this external id, and may send",
        why: "Cognito tries the role before it takes it, and the old one can be put back.",
        evidence: Docs,
        signs: &[
            Sign::Replaced("SmsConfiguration.SnsCallerArn"),
            Sign::Replaced("SmsConfiguration.ExternalId"),
            Sign::Replaced("SmsConfiguration.EumsSms.CallerArn"),
            Sign::Replaced("SmsConfiguration.EumsSms.ExternalId"),
        ],
    },
    Risk {
        code: "email-sender-change",
        blocks: false,
        text: "e-mail comes from another sender: look at its verification, its limits and what spam filters think of it",
        why: "Cognito checks the identity before it takes it, and the old one can be put back.",
        evidence: Docs,
        signs: &[
            Sign::Changes("EmailConfiguration.EmailSendingAccount"),
            Sign::Changes("EmailConfiguration.SourceArn"),
            Sign::Changes("EmailConfiguration.From"),
        ],
    },
    Risk {
        code: "tier-upgrade-cost",
        blocks: false,
        text: "every active user of the pool costs more",
        why: "It costs money and harms nobody.",
        evidence: Docs,
        signs: &[Sign::Climbs("UserPoolTier", TIERS)],
    },
    Risk {
        code: "tag-removal",
        blocks: false,
        text: "what goes by this tag (cost reports, access policies, automation) no longer finds the pool",
        why: "It can be put back at any time.",
        evidence: Docs,
        signs: &[Sign::Loses("UserPoolTags", ALL)],
    },
    Risk {
        code: "custom-attribute-added",
        blocks: false,
        text: "the attribute stays for ever: Cognito can neither change nor remove it",
        why: "An attribute that nobody uses harms nobody, and a pool can have 50.",
        evidence: Model,
        signs: &[Sign::Gains("Schema", ALL)],
    },
    Risk {
        code: "member-omitted",
        blocks: false,
        text: "what the request leaves out may fall to Cognito's default",
        why: "The entry of `omit` says already that somebody wants it, and why.",
        evidence: Docs,
        signs: &[Sign::LeftOut],
    },
];
