//! The table of risks: changes that weaken or open a pool, cost money or cannot be undone.
//!
//! A risk blocks if the harm is done before anyone notices it, or remains after the change is undone. All others
//! are notices, which do not block.

use super::Evidence::{self, Docs, Inferred, Live, Model, Report};
use super::resources::pool::{STANDARD_ATTRIBUTES, TIER, TIERS as TIERS_BY_FEATURES};
use super::signs::{ALL, Entries, PoolSign, Ranks, Sign, TimeUnit, UrlKind};
use super::{literal, path};
use crate::document::{Document, FastSet, Path};

/// Signs at members of a risk configuration: the pool's, and that of each app client.
macro_rules! of_threats {
    ($($sign:ident($path:literal $(, $more:expr)? $(,)?)),+ $(,)?) => {
        &[
            $(Sign::$sign(concat!("riskConfiguration.", $path) $(, $more)?),)+
            $(Sign::$sign(concat!("clients.*.riskConfiguration.", $path) $(, $more)?),)+
        ]
    };
}

/// A risk that changes can carry.
#[derive(Debug)]
pub struct Risk {
    /// The stable code.
    pub code: &'static str,
    /// Whether it blocks a plan until it is accepted.
    pub blocks: bool,
    /// The effect of the change, in one sentence.
    pub text: &'static str,
    /// Why it blocks, or why it does not.
    pub why: &'static str,
    /// The evidence for the effect.
    pub evidence: Evidence,
    /// The signs, any of which shows the risk.
    pub signs: &'static [Sign],
}

impl Risk {
    /// The settings at which the change from one canonical document to another has this risk, none within another.
    /// `declared` returns whether the manifest declares a path.
    pub fn seen(&self, before: &Document, after: &Document, declared: &dyn Fn(&Path) -> bool) -> Vec<Path> {
        if self.is_off(after) {
            return Vec::new();
        }
        let mut paths: Vec<Path> =
            self.signs.iter().flat_map(|sign| sign.seen(before, after, declared)).collect();
        if let Some(around) = self.covering().filter(|_| !paths.is_empty()) {
            let covered = around.seen(before, after, declared);
            paths.retain(|path| !covered.iter().any(|around| path.is_within(around)));
        }
        if paths.len() > 1 {
            let all: FastSet<Path> = paths.iter().cloned().collect();
            let is_inner = |path: &Path| (0..path.segs().len()).any(|len| all.contains(&path.segs()[..len]));
            let mut seen = FastSet::default();
            paths.retain(|path| !is_inner(path) && seen.insert(path.clone()));
        }
        paths
    }

    /// Whether a sign of the risk is at or within a member of a canonical document that `is_one`.
    pub fn is_about(&self, is_one: impl Fn(&str) -> bool) -> bool {
        let heads = self.signs.iter().filter_map(|sign| sign.path()?.split(['.', '[']).next());
        heads.into_iter().any(is_one)
    }

    /// The elements that the set at this path loses, which the risk is about.
    pub fn lost<'a>(&self, before: &'a Document, after: &'a Document, at: &Path) -> Vec<&'a str> {
        self.signs.iter().flat_map(|sign| sign.lost(before, after, at)).collect()
    }

    /// The risk that says it all where both show.
    fn covering(&self) -> Option<&'static Self> {
        let (_, covering) = COVERED.iter().find(|(code, _)| *code == self.code)?;
        RISKS.iter().find(|risk| risk.code == *covering)
    }

    /// Whether the feature that carries this risk is off.
    fn is_off(&self, document: &Document) -> bool {
        let mut switches = SWITCHES.iter().filter(|(code, ..)| *code == self.code);
        switches.any(|(_, at, off)| document.at(path(at)) == Some(&literal(off)))
    }
}

/// The features that can be off: the code of the risk, the setting, and its value, as JSON, when the feature is off. No
/// other setting of the feature then carries the risk. Switching the feature on does.
const SWITCHES: &[(&str, &str, &str)] = &[("dcr-opened", "DcrConfiguration.EnableStatus", r#""Disabled""#)];

/// Risks with the code of the risk that replaces them where both show: what is gone has no member that gets weaker.
const COVERED: &[(&str, &str)] = &[("token-event-lower", "trigger-removal")];

const TIERS: Ranks = Ranks { values: &TIERS_BY_FEATURES, absent: Some(TIER) };

/// What Cognito may do about a risk, the weakest first. A level without an answer is below all.
const ANSWERS: Ranks =
    Ranks { values: &["NO_ACTION", "MFA_IF_CONFIGURED", "MFA_REQUIRED", "BLOCK"], absent: None };
/// The events at which passwords are checked; an empty list is all of them.
const PASSWORD_EVENTS: Entries = Entries {
    absent: &["SIGN_IN", "PASSWORD_CHANGE", "SIGN_UP"],
    empty_is_absent: true,
    only: &["SIGN_IN", "PASSWORD_CHANGE", "SIGN_UP"],
    ..ALL
};
/// The policies for connections to a custom domain, the weakest first.
const TLS: Ranks = Ranks { values: &["TLS_V1", "TLS_V1_2_2021", "TLS_V1_3_2025"], absent: None };
const FIRST_FACTORS: &str = "Policies.SignInPolicy.AllowedFirstAuthFactors";

/// The triggers with a risk of their own, and the key, which is not a trigger.
const TRIGGERS_APART: &[&str] = &["UserMigration", "CustomSMSSender", "CustomEmailSender", "KMSKeyID"];
/// The older names of flows.
const OLDER_FLOWS: &[(&str, &str)] = &[
    ("ADMIN_NO_SRP_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"),
    ("CUSTOM_AUTH_FLOW_ONLY", "ALLOW_CUSTOM_AUTH"),
    ("USER_PASSWORD_AUTH", "ALLOW_USER_PASSWORD_AUTH"),
];
/// The flows in which an application sends a password.
const PASSWORD_FLOWS: Entries = Entries {
    only: &["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_USER_PASSWORD_AUTH"],
    same: OLDER_FLOWS,
    ..ALL
};
/// All flows. An absent or empty list is refresh tokens, SRP and custom authentication.
const FLOWS: Entries = Entries {
    absent: &["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"],
    empty_is_absent: true,
    only: &[
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_CUSTOM_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_TOKEN_EXCHANGE_DELEGATION",
        "ALLOW_TOKEN_EXCHANGE_IMPERSONATION",
        "ALLOW_USER_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
    ],
    same: OLDER_FLOWS,
    stays: true,
    ..ALL
};
/// The lists of an app client that only OAuth reads: nobody misses an entry while OAuth is off.
const OF_OAUTH: Entries =
    Entries { stays: true, unless: Some(("AllowedOAuthFlowsUserPoolClient", "false")), ..ALL };
/// The attributes that Cognito can verify. A list without any is the list of all standard attributes.
const VERIFIABLE: &[&str] = &["email", "phone_number"];

/// The attributes that no list of a client needs: each client reads them.
const NEVER_LISTED: &[&str] = &["identities", "sub"];

/// The attributes that no client writes.
const NEVER_WRITTEN: &[&str] = &["email_verified", "identities", "phone_number_verified", "sub"];

const fn unit(at: &'static str, absent: (i64, &'static str)) -> TimeUnit {
    TimeUnit { at, absent }
}

/// The two names of one trigger.
const TRIGGER_NAMES: &[(&str, &str)] = &[("PreTokenGeneration", "PreTokenGenerationConfig")];

/// The settings, each with all its members, that drift watches in addition to those of blocking risks: a change
/// of one of them can be part of a takeover. `ExternalId` is not among them, since manifests contain no secrets.
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
        text: "accounts lose the protection of a second factor: a stolen password is then enough to sign in",
        why: "Accounts can be taken over as soon as the change is applied. Turning the factor on again does not undo that.",
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
        text: "MFA is weaker for a moment between two calls, whichever order is used",
        why: "MFA stays weaker until the next call succeeds, and remains so if that call fails.",
        evidence: Inferred,
        signs: &[Sign::Between],
    },
    Risk {
        code: "mfa-documents-differ",
        blocks: true,
        text: "it is not known which mode is in force, and a write sets both to the mode in the pool's document",
        why: "An unrelated change can weaken MFA. A read during somebody else's change looks the same; the next read then shows one mode.",
        evidence: Inferred,
        signs: &[Sign::Apart],
    },
    Risk {
        code: "first-factor-added",
        blocks: true,
        text: "this factor alone is now enough to sign in: for anyone who can read the mailbox, receive the SMS or use the device",
        why: "It exposes every account of the pool to a new attack at once, not only the accounts of users who choose this factor.",
        evidence: Docs,
        signs: &[Sign::Gains(
            "Policies.SignInPolicy.AllowedFirstAuthFactors",
            Entries { absent: &["PASSWORD"], ..ALL },
        )],
    },
    Risk {
        code: "user-migration-added",
        blocks: true,
        text: "this function receives the user name and the password of anyone who signs in and is not in the pool yet",
        why: "The function sees passwords in plain text, from the first sign-in. Replacing one function by another has the same effect.",
        evidence: Docs,
        signs: &[Sign::Comes("LambdaConfig.UserMigration")],
    },
    Risk {
        code: "custom-sender-added",
        blocks: true,
        text: "this function receives every code that it sends, and can use the codes itself",
        why: "Codes sign users in and reset their passwords. Replacing one function by another has the same effect. To decrypt them, the function needs the policy `RequireEncryptAllowDecrypt` of the AWS Encryption SDK: with its defaults, the SDK refuses them.",
        evidence: Docs,
        signs: &[
            Sign::Comes("LambdaConfig.CustomSMSSender.LambdaArn"),
            Sign::Comes("LambdaConfig.CustomEmailSender.LambdaArn"),
        ],
    },
    Risk {
        code: "self-sign-up-opened",
        blocks: true,
        text: "anyone can create an account in this pool",
        why: "Accounts that strangers create remain after self sign-up is turned off again, and applications may trust them.",
        evidence: Docs,
        signs: &[Sign::Leaves("AdminCreateUserConfig.AllowAdminCreateUserOnly", "true")],
    },
    Risk {
        code: "dcr-opened",
        blocks: true,
        text: "more clients can register themselves with this pool, or can get more rights",
        why: "Clients that strangers register remain after registration is turned off again.",
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
        code: "cimd-opened",
        blocks: true,
        text: "clients that nobody has registered can use this pool, if their metadata document has such a URL",
        why: "Whoever can publish a document at such a URL can ask users of the pool to sign in.",
        evidence: Docs,
        signs: &[Sign::Gains("cimdPolicies", ALL), Sign::Gains("cimdPolicies.*.URLPatterns", ALL)],
    },
    Risk {
        code: "recovery-weaker",
        blocks: true,
        text: "there is another way, or an easier way, to get into an account without its password",
        why: "Anyone who controls the mailbox or the phone number can take over the account, and keeps it after the change is undone.",
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
        text: "users can enter an address or a phone number that is not theirs, without verification",
        why: "Values entered in the meantime stay unverified after verification is turned on again. Recovery and applications may trust them.",
        evidence: Live,
        signs: &[
            Sign::Loses("AutoVerifiedAttributes", ALL),
            Sign::Loses("UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate", ALL),
        ],
    },
    Risk {
        code: "threat-protection-off",
        blocks: true,
        text: "sign-ins with stolen passwords or from unusual places are no longer blocked, or no longer recorded",
        why: "Attacks in the meantime are not logged, so their effect cannot be checked later.",
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
        text: "users can choose weaker passwords",
        why: "Passwords chosen in the meantime stay weak after the policy is strict again.",
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
        text: "a passkey works without a fingerprint, a face or a PIN: anyone who has the device can sign in",
        why: "Accounts can be taken over with a lost device as soon as the change is applied.",
        evidence: Docs,
        signs: &[Sign::Sinks(
            "WebAuthnConfiguration.UserVerification",
            Ranks { values: &["preferred", "required"], absent: Some("preferred") },
        )],
    },
    Risk {
        code: "relying-party-change",
        blocks: true,
        text: "all registered passkeys stop working, because they belong to the old relying party",
        why: "Users without another factor are locked out, and must register their passkeys again.",
        evidence: Docs,
        signs: &[Sign::Replaced("WebAuthnConfiguration.RelyingPartyId")],
    },
    Risk {
        code: "trigger-removal",
        blocks: true,
        text: "Cognito no longer calls this function: what it checked, added or recorded no longer happens",
        why: "A trigger can be what keeps strangers out. Events that it misses in the meantime are lost.",
        evidence: Report,
        signs: &[Sign::Loses("LambdaConfig", Entries { but: &["KMSKeyID"], same: TRIGGER_NAMES, ..ALL })],
    },
    Risk {
        code: "deletion-protection-off",
        blocks: true,
        text: "one call can delete the pool with all its users",
        why: "A deleted pool cannot be restored, and poolctl's backups do not contain users.",
        evidence: Docs,
        signs: &[Sign::Leaves("DeletionProtection", r#""ACTIVE""#)],
    },
    Risk {
        code: "issuer-change",
        blocks: true,
        text: "tokens name another issuer: applications and APIs that check the issuer reject them until they are changed too",
        why: "Everything that relies on the pool's tokens can stop working at once. The updated issuer is on another host, which firewalls must allow; aws-jwt-verify 5.1.1 and pycognito 2024.5.1 refuse it, aws-jwt-verify 5.2.1 takes both. `HttpUserPoolAuthorizer` of the CDK 2.276.0 always writes the original issuer. Applications that identify users by issuer and `sub`, as with Convex and SpacetimeDB, take every user for a new one. The documentation does not say whether the change can be undone.",
        evidence: Inferred,
        signs: &[Sign::Changes("IssuerConfiguration.Type")],
    },
    Risk {
        code: "encryption-key-change",
        blocks: true,
        text: "the pool's data depends on another key: if the key or the access to it is lost, nobody can sign in",
        why: "If the key is disabled or deleted, the pool is lost with it. The documentation does not say whether the change can be undone.",
        evidence: Inferred,
        signs: &[Sign::Changes("KeyConfiguration.KeyType"), Sign::Changes("KeyConfiguration.KmsKeyArn")],
    },
    Risk {
        code: "tier-downgrade",
        blocks: true,
        text: "features of the higher tier stop working, including the protection of sign-ins",
        why: "Protection ends at once, and Cognito may not accept the old configuration again after a return to the higher tier.",
        evidence: Docs,
        signs: &[Sign::Sinks("UserPoolTier", TIERS)],
    },
    Risk {
        code: "threat-response-weaker",
        blocks: true,
        text: "Cognito no longer stops sign-ins that it did stop: with stolen passwords, at a risk, or from blocked addresses",
        why: "Accounts can be taken over as soon as the change is applied. The old answer, set again, does not undo that.",
        evidence: Docs,
        signs: of_threats!(
            Sinks(
                "CompromisedCredentialsRiskConfiguration.Actions.EventAction",
                Ranks { values: &["NO_ACTION", "BLOCK"], absent: None },
            ),
            Loses("CompromisedCredentialsRiskConfiguration.EventFilter", PASSWORD_EVENTS),
            Sinks("AccountTakeoverRiskConfiguration.Actions.HighAction.EventAction", ANSWERS),
            Sinks("AccountTakeoverRiskConfiguration.Actions.MediumAction.EventAction", ANSWERS),
            Sinks("AccountTakeoverRiskConfiguration.Actions.LowAction.EventAction", ANSWERS),
            Loses("RiskExceptionConfiguration.BlockedIPRangeList", ALL)
        ),
    },
    Risk {
        code: "ip-range-skipped",
        blocks: true,
        text: "threat protection judges no sign-in from this range: whoever attacks from there is not stopped",
        why: "Accounts can be taken over from there as soon as the change is applied.",
        evidence: Docs,
        signs: of_threats!(Gains("RiskExceptionConfiguration.SkippedIPRangeList", ALL)),
    },
    Risk {
        code: "risk-override",
        blocks: true,
        text: "sign-ins to this application no longer follow the pool's risk configuration, as it is now or becomes later: each block that the client does not declare is Cognito's default",
        why: "Every user of the pool can sign in to this application. If it answers to risks less strictly than the pool, accounts can be taken over through it.",
        evidence: Docs,
        signs: &[Sign::Fills("clients.*.riskConfiguration")],
    },
    Risk {
        code: "log-removal",
        blocks: true,
        text: "these events are no longer logged there, and leave no trace",
        why: "What happens while nothing is logged cannot be looked up afterwards. Logging again does not bring it back.",
        evidence: Docs,
        signs: &[Sign::Loses("logDelivery.LogConfigurations", ALL)],
    },
    Risk {
        code: "log-destination-change",
        blocks: false,
        text: "these events no longer go to this destination",
        why: "The events are still logged elsewhere. Whoever reads them there may be somebody else.",
        evidence: Docs,
        signs: &[
            Sign::Replaced("logDelivery.LogConfigurations[userAuthEvents].CloudWatchLogsConfiguration"),
            Sign::Replaced("logDelivery.LogConfigurations[userAuthEvents].S3Configuration"),
            Sign::Replaced("logDelivery.LogConfigurations[userAuthEvents].FirehoseConfiguration"),
            Sign::Replaced("logDelivery.LogConfigurations[userNotification].CloudWatchLogsConfiguration"),
        ],
    },
    Risk {
        code: "group-removal",
        blocks: true,
        text: "the group and all its memberships are deleted, so its users lose what the group gives them",
        why: "A new group of this name has no members, and Cognito keeps no list of the old ones.",
        evidence: Docs,
        signs: &[Sign::Loses("groups", ALL)],
    },
    Risk {
        code: "domain-removal",
        blocks: true,
        text: "the login pages and OAuth endpoints at this domain stop working, and sign-ins through it with them",
        why: "The name is free at once, and another pool can take it. CloudFront keeps a custom domain for some time, so that it cannot be made again at once.",
        evidence: Report,
        signs: &[Sign::Loses("domains", ALL)],
    },
    Risk {
        code: "domain-tls-weaker",
        blocks: true,
        text: "browsers may connect to the domain with older versions of TLS or weaker ciphers",
        why: "Passwords and codes that are sent over a weaker connection can be recorded.",
        evidence: Docs,
        signs: &[Sign::Sinks("domains.*.CustomDomainConfig.SecurityPolicy", TLS)],
    },
    Risk {
        code: "passkey-domain-moves",
        blocks: true,
        text: "unless `WebAuthnConfiguration.RelyingPartyId` is set, passkeys belong to the custom domain from then on, and those that users have registered at the prefix stop working",
        why: "Users have to register their passkeys again. Set `RelyingPartyId` to the domain that the passkeys belong to before the custom domain is made.",
        evidence: Docs,
        signs: &[Sign::AppearsWhile("domains.*.CustomDomainConfig", FIRST_FACTORS, "WEB_AUTHN")],
    },
    Risk {
        code: "client-removal",
        blocks: true,
        text: "the application stops working: nobody can sign in with this client, and its tokens cannot be refreshed. This cannot be undone: a restored client has another id and another secret",
        why: "A new client has another id and another secret, so the application must be changed too.",
        evidence: Docs,
        signs: &[Sign::Loses("clients", ALL)],
    },
    Risk {
        code: "branding-removal",
        blocks: true,
        text: "a domain with managed login shows an error instead of sign-in pages to users of this application",
        why: "Whoever opens the application cannot sign in until it has branding again.",
        evidence: Report,
        signs: &[Sign::Disappears("clients.*.branding")],
    },
    Risk {
        code: "terms-removal",
        blocks: true,
        text: "sign-up pages of this application show neither the terms of use nor the privacy policy: Cognito shows both or none",
        why: "Whoever signs up meanwhile has been shown neither. The links, set again, do not change that.",
        evidence: Docs,
        signs: &[Sign::Disappears("clients.*.termsOfUse"), Sign::Disappears("clients.*.privacyPolicy")],
    },
    Risk {
        code: "pool-created",
        blocks: true,
        text: "it has no users, and some of its settings can never change",
        why: "If the pool exists and has lost its tag, a second pool is made: applications that move to it find no users.",
        evidence: Docs,
        signs: &[Sign::OfPool(PoolSign::Made)],
    },
    Risk {
        code: "pool-vanished",
        blocks: true,
        text: "the new pool has another id and none of the users",
        why: "The pool may only have lost its tag. If it was deleted, its users are gone, and somebody should know.",
        evidence: Docs,
        signs: &[Sign::OfPool(PoolSign::MadeAgain)],
    },
    Risk {
        code: "create-lookalike",
        blocks: true,
        text: "the users may be in that pool, and the new pool has none",
        why: "Names of pools need not differ, and a pool that has lost its tag looks the same.",
        evidence: Docs,
        signs: &[Sign::OfPool(PoolSign::Namesake)],
    },
    Risk {
        code: "pool-tag-moved",
        blocks: true,
        text: "if the tag was moved to it, all changes of this plan are made to the wrong pool",
        why: "A tag can be moved from one pool to another, and both may have users. Somebody who knows the pool has to say that it is the right one.",
        evidence: Inferred,
        signs: &[Sign::OfPool(PoolSign::Renamed)],
    },
    Risk {
        code: "require-changed",
        blocks: true,
        text: "the rule is removed or changed since the baseline, or the pool is newly exempted, and the plan breaks the rule as it was",
        why: "Whoever changes a pool can change the rules beside it, or exempt the pool in its manifest. Somebody who owns the rules has to know. An entry of `allow` counts only if the baseline has it already.",
        evidence: Inferred,
        signs: &[Sign::OfPool(PoolSign::RuleChanged)],
    },
    Risk {
        code: "client-recreated",
        blocks: true,
        text: "the new client has another id, and another secret if it has one; the application needs both",
        why: "The client may only have another name, or be in another pool: then the application goes on with the old one.",
        evidence: Docs,
        signs: &[Sign::Again("clients")],
    },
    Risk {
        code: "client-twin",
        blocks: true,
        text: "the application may use the client that exists, and the new one would stand beside it",
        why: "Two clients for one application are easily mistaken for each other, and both give access.",
        evidence: Inferred,
        signs: &[Sign::Twin("clients")],
    },
    Risk {
        code: "provider-twin",
        blocks: true,
        text: "Cognito names the accounts of users after their provider: whoever signs in through the new one gets a new account, and not the account that belongs to the other provider",
        why: "Accounts that are made in the meantime remain. The old accounts are without a sign-in once the other provider is gone.",
        evidence: Docs,
        signs: &[Sign::Twin("identityProviders")],
    },
    Risk {
        code: "client-secret-rotated",
        blocks: true,
        text: "the secret moves to AWS Secrets Manager and is rotated at once: the application is refused until it reads the new one",
        why: "The old secret stops working as soon as the change is applied, and nothing brings it back.",
        evidence: Docs,
        signs: &[Sign::Leaves("clients.*.PublishSecretsInAWSSecretsManager", "false")],
    },
    Risk {
        code: "client-secret-destroyed",
        blocks: true,
        text: "the secret in AWS Secrets Manager is deleted: the application is refused until it gets the new one",
        why: "The deleted secret cannot be recovered.",
        evidence: Docs,
        signs: &[Sign::Leaves("clients.*.PublishSecretsInAWSSecretsManager", "true")],
    },
    Risk {
        code: "user-existence-shown",
        blocks: true,
        text: "anyone can find out which users exist, from the errors of this client",
        why: "A list of users that strangers collect in the meantime remains known.",
        evidence: Docs,
        signs: &[Sign::Leaves("clients.*.PreventUserExistenceErrors", r#""ENABLED""#)],
    },
    Risk {
        code: "token-revocation-off",
        blocks: true,
        text: "a stolen refresh token of this client cannot be revoked, and libraries that revoke it at sign-out fail there",
        why: "Tokens that are issued in the meantime cannot be revoked later either.",
        evidence: Docs,
        signs: &[Sign::Leaves("clients.*.EnableTokenRevocation", "true")],
    },
    Risk {
        code: "cimd-removal",
        blocks: true,
        text: "clients whose metadata document no other policy admits can no longer use the pool",
        why: "Nobody knows them by name: they are not registered.",
        evidence: Docs,
        signs: &[Sign::Loses("cimdPolicies", ALL), Sign::Loses("cimdPolicies.*.URLPatterns", ALL)],
    },
    Risk {
        code: "resource-server-removal",
        blocks: true,
        text: "the scopes of this resource server go too: new tokens no longer have them, those issued before have them until they expire, and updates of clients that name them fail",
        why: "APIs that check these scopes refuse their callers as soon as the tokens expire.",
        evidence: Report,
        signs: &[Sign::Loses("resourceServers", ALL)],
    },
    Risk {
        code: "scope-removal",
        blocks: true,
        text: "new tokens no longer have this scope, those issued before have it until they expire, and updates of clients that name it fail",
        why: "APIs that check the scope refuse their callers as soon as the tokens expire.",
        evidence: Report,
        signs: &[Sign::Loses("resourceServers.*.Scopes", ALL)],
    },
    Risk {
        code: "provider-removal",
        blocks: true,
        text: "users of this identity provider cannot sign in any more, and updates of clients that name it fail",
        why: "Users are locked out at once, and nobody has measured whether a new provider is linked to their accounts.",
        evidence: Docs,
        signs: &[Sign::Loses("identityProviders", ALL)],
    },
    Risk {
        code: "provider-trust-change",
        blocks: true,
        text: "another party decides who the users of this identity provider are: whoever controls the new metadata, issuer, keys or endpoints can sign in as any of them",
        why: "Accounts that are taken over in the meantime stay so.",
        evidence: Docs,
        signs: &[
            Sign::ComesToExisting("identityProviders.*.ProviderDetails.MetadataURL"),
            Sign::ComesToExisting("identityProviders.*.ProviderDetails.MetadataFile"),
            Sign::ComesToExisting("identityProviders.*.ProviderDetails.oidc_issuer"),
            Sign::ComesToExisting("identityProviders.*.ProviderDetails.client_id"),
            Sign::ComesToExisting("identityProviders.*.ProviderDetails.jwks_uri"),
            Sign::ComesToExisting("identityProviders.*.ProviderDetails.authorize_url"),
            Sign::ComesToExisting("identityProviders.*.ProviderDetails.token_url"),
            Sign::ComesToExisting("identityProviders.*.ProviderDetails.attributes_url"),
        ],
    },
    Risk {
        code: "provider-mapping-change",
        blocks: true,
        text: "another claim of the provider decides which account a user gets, what a custom attribute of the user is, or whether Cognito takes an address as verified",
        why: "Accounts and verified addresses that users get in the meantime stay so, and applications may take a custom attribute, such as a tenant or a role, for a right.",
        evidence: Docs,
        signs: &[
            Sign::ComesToExisting("identityProviders.*.AttributeMapping.username"),
            Sign::Disappears("identityProviders.*.AttributeMapping.username"),
            Sign::ComesToExisting("identityProviders.*.AttributeMapping.email"),
            Sign::ComesToExisting("identityProviders.*.AttributeMapping.email_verified"),
            Sign::ComesToExisting("identityProviders.*.AttributeMapping.phone_number"),
            Sign::ComesToExisting("identityProviders.*.AttributeMapping.phone_number_verified"),
            Sign::Remaps("identityProviders.*.AttributeMapping", "custom:"),
        ],
    },
    Risk {
        code: "saml-sign-in-weaker",
        blocks: true,
        text: "Cognito accepts SAML sign-ins that it did not ask for, no longer signs its requests, or accepts assertions that are not encrypted",
        why: "Sign-ins that are forged or read in the meantime cannot be taken back.",
        evidence: Docs,
        signs: &[
            Sign::Becomes("identityProviders.*.ProviderDetails.IDPInit", r#""true""#),
            Sign::Leaves("identityProviders.*.ProviderDetails.EncryptedResponses", r#""true""#),
            Sign::Disappears("identityProviders.*.ProviderDetails.RequestSigningAlgorithm"),
        ],
    },
    Risk {
        code: "provider-created",
        blocks: false,
        text: "users for whom this identity provider vouches can sign in with the app clients that name it",
        why: "The plan shows its settings. It gives nobody access until an app client names it, and can be removed again.",
        evidence: Docs,
        signs: &[Sign::Gains("identityProviders", ALL)],
    },
    Risk {
        code: "client-created",
        blocks: false,
        text: "Cognito gives the new client an id, and a secret if it is to have one; the application needs both",
        why: "A client gives nobody access by itself, and can be removed again.",
        evidence: Docs,
        signs: &[Sign::Gains("clients", ALL)],
    },
    Risk {
        code: "machine-client",
        blocks: false,
        text: "whoever has the secret of this client gets tokens for APIs without a user. AWS charges for such clients and for their tokens",
        why: "It gives access only to APIs that accept the scopes that the plan shows.",
        evidence: Docs,
        signs: &[Sign::Gains(
            "clients.*.AllowedOAuthFlows",
            Entries { only: &["client_credentials"], ..ALL },
        )],
    },
    Risk {
        code: "implicit-flow",
        blocks: false,
        text: "tokens travel in URLs, which browsers keep and servers log",
        why: "Only applications that ask for the implicit flow are affected. `code` with PKCE does the same without it.",
        evidence: Docs,
        signs: &[Sign::Gains("clients.*.AllowedOAuthFlows", Entries { only: &["implicit"], ..ALL })],
    },
    Risk {
        code: "callback-added",
        blocks: false,
        text: "Cognito sends users with their codes or tokens to a new place after a sign-in: whoever controls it can act as the user",
        why: "The plan shows the URL, and it can be removed again. New URLs are a common change.",
        evidence: Docs,
        signs: &[
            Sign::GainsUrl("clients.*.CallbackURLs", UrlKind::Plain),
            Sign::GainsUrl("clients.*.CallbackURLs", UrlKind::OtherHost),
            Sign::GainsUrl("clients.*.CallbackURLs", UrlKind::Wildcard),
        ],
    },
    Risk {
        code: "token-longer",
        blocks: false,
        text: "a stolen token of this client can be used for longer",
        why: "Tokens that are issued after the change is undone are short again, and refresh tokens can be revoked.",
        evidence: Docs,
        signs: &[
            Sign::Lengthens(
                "clients.*.AccessTokenValidity",
                unit("TokenValidityUnits.AccessToken", (1, "hours")),
            ),
            Sign::Lengthens("clients.*.IdTokenValidity", unit("TokenValidityUnits.IdToken", (1, "hours"))),
            Sign::Lengthens(
                "clients.*.RefreshTokenValidity",
                unit("TokenValidityUnits.RefreshToken", (30, "days")),
            ),
        ],
    },
    Risk {
        code: "refresh-rotation-off",
        blocks: false,
        text: "a refresh token of this client that is stolen works until it expires, also after the application has used it",
        why: "The tokens that are issued in the meantime can be revoked.",
        evidence: Docs,
        signs: &[Sign::Leaves("clients.*.RefreshTokenRotation.Feature", "\"ENABLED\"")],
    },
    Risk {
        code: "client-provider-added",
        blocks: false,
        text: "users for whom this identity provider vouches can sign in to this application too",
        why: "The plan names the provider, and it can be removed from the client again. A provider that is new is a notice of its own.",
        evidence: Docs,
        signs: &[Sign::Gains(
            "clients.*.SupportedIdentityProviders",
            Entries { but: &["COGNITO"], existing: true, ..ALL },
        )],
    },
    Risk {
        code: "client-scope-added",
        blocks: false,
        text: "tokens of this application can have this scope: APIs that check it let the application do more",
        why: "The plan names the scope, and it can be removed from the client again. Access tokens expire within a day.",
        evidence: Docs,
        signs: &[Sign::Gains("clients.*.AllowedOAuthScopes", Entries { existing: true, ..ALL })],
    },
    Risk {
        code: "password-flow",
        blocks: false,
        text: "the application sends passwords in plain text to Cognito, instead of proving that it knows them",
        why: "The connection is encrypted, and some applications and migrations need it.",
        evidence: Docs,
        signs: &[Sign::Gains("clients.*.ExplicitAuthFlows", PASSWORD_FLOWS)],
    },
    Risk {
        code: "auth-flow-removal",
        blocks: false,
        text: "sign-ins and refreshes by this flow are refused at once",
        why: "The same setting allows the flow again.",
        evidence: Docs,
        signs: &[
            Sign::Loses("clients.*.ExplicitAuthFlows", FLOWS),
            Sign::Loses("clients.*.AllowedOAuthFlows", OF_OAUTH),
        ],
    },
    Risk {
        code: "client-oauth-off",
        blocks: false,
        text: "the client can no longer sign users in through managed login or an identity provider, and gets no tokens by client credentials",
        why: "The same setting allows it again.",
        evidence: Docs,
        signs: &[Sign::Leaves("clients.*.AllowedOAuthFlowsUserPoolClient", "true")],
    },
    Risk {
        code: "client-scope-removal",
        blocks: false,
        text: "a sign-in that asks for this scope is refused, and new tokens do not have it. Without `aws.cognito.signin.user.admin`, libraries that read the user with GetUser fail after the sign-in",
        why: "The same setting allows the scope again.",
        evidence: Docs,
        signs: &[Sign::Loses("clients.*.AllowedOAuthScopes", OF_OAUTH)],
    },
    Risk {
        code: "client-provider-removal",
        blocks: false,
        text: "users of this provider cannot sign in with the client any more",
        why: "The same setting allows the provider again, and the users stay.",
        evidence: Docs,
        signs: &[Sign::Loses("clients.*.SupportedIdentityProviders", OF_OAUTH)],
    },
    Risk {
        code: "client-url-removal",
        blocks: false,
        text: "a sign-in that returns to this URL, or a sign-out that leads to it, is refused",
        why: "The same setting allows the URL again. Old URLs are better gone.",
        evidence: Docs,
        signs: &[
            Sign::Loses("clients.*.CallbackURLs", OF_OAUTH),
            Sign::Loses("clients.*.LogoutURLs", OF_OAUTH),
        ],
    },
    Risk {
        code: "refresh-rotation-on",
        blocks: false,
        text: "each refresh returns a new refresh token and ends the old one. An application that keeps the old one has to sign its users in again at its second refresh, as several libraries do",
        why: "The same setting undoes the change, and users can sign in again.",
        evidence: Docs,
        signs: &[Sign::Becomes("clients.*.RefreshTokenRotation.Feature", r#""ENABLED""#)],
    },
    Risk {
        code: "verified-attribute-writable",
        blocks: false,
        text: "users can change this attribute with the application. If the pool does not verify the new value, others may trust it",
        why: "Whether the pool verifies a change is a setting of the pool, and the plan shows when that changes.",
        evidence: Docs,
        signs: &[Sign::Gains(
            "clients.*.WriteAttributes",
            Entries { absent: VERIFIABLE, empty_is_absent: true, only: VERIFIABLE, ..ALL },
        )],
    },
    Risk {
        code: "client-attribute-unreadable",
        blocks: false,
        text: "the application no longer gets this attribute, neither from GetUser nor in new tokens and from userInfo. If it identifies users by the attribute, it takes them for other users or refuses them",
        why: "The same setting lets the application read the attribute again. The plan does not know which attributes it needs: Strapi 5.54.0 and Chainlit 2.12.0 identify users by `email`, Actual 25.6.0 by `preferred_username` if it has one.",
        evidence: Docs,
        signs: &[Sign::Loses(
            "clients.*.ReadAttributes",
            Entries { absent: STANDARD_ATTRIBUTES, empty_is_absent: true, but: NEVER_LISTED, ..ALL },
        )],
    },
    Risk {
        code: "client-attribute-unwritable",
        blocks: false,
        text: "the application can no longer set this attribute: its sign-ups and updates that contain it are refused, and so are sign-ins with a provider that maps it",
        why: "The same setting lets the application write the attribute again.",
        evidence: Docs,
        signs: &[Sign::Loses(
            "clients.*.WriteAttributes",
            Entries { absent: STANDARD_ATTRIBUTES, empty_is_absent: true, but: NEVER_WRITTEN, ..ALL },
        )],
    },
    Risk {
        code: "threat-notice-off",
        blocks: false,
        text: "users are no longer told about risky sign-ins to their accounts",
        why: "What Cognito does about the sign-ins does not change.",
        evidence: Docs,
        signs: of_threats!(
            Leaves("AccountTakeoverRiskConfiguration.Actions.HighAction.Notify", "true"),
            Leaves("AccountTakeoverRiskConfiguration.Actions.MediumAction.Notify", "true"),
            Leaves("AccountTakeoverRiskConfiguration.Actions.LowAction.Notify", "true"),
            Disappears("AccountTakeoverRiskConfiguration.NotifyConfiguration")
        ),
    },
    Risk {
        code: "risk-inherited",
        blocks: false,
        text: "sign-ins to this application follow the pool's risk configuration again",
        why: "Every client without a configuration of its own does. What the client no longer stops is a risk of its own.",
        evidence: Docs,
        signs: &[Sign::Empties("clients.*.riskConfiguration")],
    },
    Risk {
        code: "session-tracking-off",
        blocks: false,
        text: "users and administrators can no longer list sessions and end single ones, and no limit holds",
        why: "Sign-outs and the revocation of tokens work as before.",
        evidence: Docs,
        signs: &[Sign::Leaves("sessionConfiguration.UserSessionTracking", "\"ENABLED\"")],
    },
    Risk {
        code: "session-longer",
        blocks: false,
        text: "users of the application stay signed in for longer without a new sign-in",
        why: "A device that somebody else uses stays signed in for as long.",
        evidence: Docs,
        signs: &[Sign::Rises("clients.*.sessionConfiguration.SSOSession.MaxValidityMinutes", Some(60))],
    },
    Risk {
        code: "pool-renamed",
        blocks: false,
        text: "the pool gets another name, and keeps its id and users. What looks for the old name, such as a data source of Terraform, no longer finds it. If the name comes from a variable, check that its value is meant for this pool",
        why: "The name can be set back. Cognito lets several pools have one name.",
        evidence: Docs,
        signs: &[Sign::Replaced("PoolName")],
    },
    Risk {
        code: "provider-secret-change",
        blocks: false,
        text: "Cognito shows the identity provider another secret. If the provider does not accept that, all sign-ins with it fail",
        why: "The old secret can be set again, as long as the provider accepts it. poolctl cannot try a secret.",
        evidence: Docs,
        signs: &[Sign::ComesToExisting("identityProviders.*.ProviderDetails.client_secret")],
    },
    Risk {
        code: "style-removal",
        blocks: false,
        text: "this part of the style is removed: the new style does not have it",
        why: "The sign-in pages have Cognito's default there. The backup has the old style.",
        evidence: Docs,
        // The branding that goes whole is a risk of its own.
        signs: &[Sign::Loses("clients.*.branding.Settings", Entries { stays: true, ..ALL })],
    },
    Risk {
        code: "image-removal",
        blocks: false,
        text: "the pages of the classic hosted UI lose their image",
        why: "Cognito never returns the image, so no backup has it: only its file brings it back.",
        evidence: Docs,
        signs: &[
            Sign::Disappears("uiCustomization.ImageFile"),
            Sign::Disappears("clients.*.uiCustomization.ImageFile"),
        ],
    },
    Risk {
        code: "login-version",
        blocks: false,
        text: "all app clients get other login pages: version 2 shows an error for an app client without branding, and version 1 leaves all branding out",
        why: "The other version can be set again, and then shows what it showed before. `prompt` has an effect with version 2 alone: an application that sends `prompt=none`, as Backstage's OIDC provider 0.4.21 does by default, then gets `login_required` instead of the login page.",
        evidence: Docs,
        signs: &[Sign::Replaced("domains.*.ManagedLoginVersion")],
    },
    Risk {
        code: "domain-certificate-change",
        blocks: false,
        text: "browsers get another certificate, once CloudFront has it everywhere. If it does not cover the domain, nobody can sign in there",
        why: "Cognito checks the certificate before it accepts it, and the old one can be set again.",
        evidence: Docs,
        signs: &[Sign::Replaced("domains.*.CustomDomainConfig.CertificateArn")],
    },
    Risk {
        code: "custom-domain-spreads",
        blocks: false,
        text: "CloudFront needs up to an hour until the domain works everywhere, and Cognito refuses other changes of it meanwhile",
        why: "Nothing that works stops working.",
        evidence: Report,
        signs: &[Sign::Comes("domains.*.CustomDomainConfig")],
    },
    Risk {
        code: "group-role",
        blocks: false,
        text: "users of this group get this IAM role in their tokens",
        why: "The manifest names the role, and another role can be set again. Tokens with the role expire within a day.",
        evidence: Docs,
        signs: &[Sign::Comes("groups.*.RoleArn")],
    },
    Risk {
        code: "token-event-lower",
        blocks: false,
        text: "the function shapes fewer tokens: an event of version `V1_0` is about ID tokens alone, `V2_0` also about access tokens of users, `V3_0` also about those of machines. An API that needs a claim from it, such as `aud` or a scope, refuses the new tokens",
        why: "Nobody gets in who could not before, and the same setting undoes the change.",
        evidence: Docs,
        signs: &[Sign::Sinks(
            "LambdaConfig.PreTokenGenerationConfig.LambdaVersion",
            Ranks { values: &["V1_0", "V2_0", "V3_0"], absent: Some("V1_0") },
        )],
    },
    Risk {
        code: "mfa-challenge-added",
        blocks: false,
        text: "sign-in can return an MFA challenge that it did not return before, such as `MFA_SETUP` for users without a factor or `EMAIL_OTP`. An application that does not know it fails",
        why: "The pool is safer, and the same setting undoes the change.",
        evidence: Docs,
        signs: &[Sign::Becomes("MfaConfiguration", r#""ON""#), Sign::Appears("EmailMfaConfiguration")],
    },
    Risk {
        code: "mfa-factor-implied",
        blocks: false,
        text: "the manifest does not declare this factor, and the call that changes MFA turns it on. Declare it as `null` to remove it; SMS cannot be removed while the pool has an SMS sender",
        why: "A factor is added and none is removed. It has not been measured whether Cognito really does this.",
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
        text: "a leaked temporary password can be used for longer",
        why: "The same setting undoes the change for all users.",
        evidence: Docs,
        signs: &[
            Sign::Rises("Policies.PasswordPolicy.TemporaryPasswordValidityDays", Some(7)),
            Sign::Rises("AdminCreateUserConfig.UnusedAccountValidityDays", Some(7)),
        ],
    },
    Risk {
        code: "device-remembering-on",
        blocks: false,
        text: "Cognito remembers devices, and a remembered device can replace the second factor. A refresh without the key of the device is refused: several libraries do not send it, and their users have to sign in again",
        why: "Only a device that has signed in with all factors is remembered, and users often want this.",
        evidence: Docs,
        signs: &[
            Sign::Appears("DeviceConfiguration"),
            Sign::Becomes("DeviceConfiguration.ChallengeRequiredOnNewDevice", "true"),
        ],
    },
    Risk {
        code: "trigger-added",
        blocks: false,
        text: "sign-ups or sign-ins now wait for this function, and fail if it fails or if Cognito has no permission to call it",
        why: "A failure shows at the first sign-in, and ends when the trigger is removed again.",
        evidence: Report,
        signs: &[Sign::Gains("LambdaConfig", Entries { but: TRIGGERS_APART, same: TRIGGER_NAMES, ..ALL })],
    },
    Risk {
        code: "sms-role-change",
        blocks: false,
        text: "no SMS is delivered unless the role trusts Cognito with this external id, and has permission to send",
        why: "Cognito checks the role before it accepts it, and the old role can be set again.",
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
        text: "e-mail comes from another sender: check that the sender is verified, its sending limits and its reputation with spam filters",
        why: "Cognito checks the identity before it accepts it, and the old identity can be set again.",
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
        why: "The change costs money, but does not weaken the pool.",
        evidence: Docs,
        signs: &[Sign::Climbs("UserPoolTier", TIERS)],
    },
    Risk {
        code: "tag-removal",
        blocks: false,
        text: "cost reports, access policies and automation that use this tag no longer find the pool",
        why: "The tag can be set again at any time.",
        evidence: Docs,
        signs: &[Sign::Loses("UserPoolTags", ALL)],
    },
    Risk {
        code: "custom-attribute-added",
        blocks: false,
        text: "the attribute is permanent: Cognito can neither change nor remove it",
        why: "An unused attribute does no harm, and a pool can have 50.",
        evidence: Model,
        signs: &[Sign::Gains("Schema", Entries { but: STANDARD_ATTRIBUTES, ..ALL })],
    },
    Risk {
        code: "member-omitted",
        blocks: false,
        text: "Cognito may reset a setting that the request leaves out to its default",
        why: "The entry of `omit` already states that this is intended, and why.",
        evidence: Docs,
        signs: &[Sign::LeftOut],
    },
];
