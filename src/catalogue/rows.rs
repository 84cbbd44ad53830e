//! The table of settings: everything known about one setting beyond its shape.
//!
//! Shapes, ranges and enums come from the model ([`crate::shapes`]).

use super::calls::{self, Call};
use super::path;
use crate::document::Path;

/// What is known about a setting beyond its shape.
#[derive(Debug)]
pub struct Row {
    /// The setting's path; `[]` is any element of a list.
    pub path: &'static str,
    /// One sentence: what the setting does.
    pub doc: &'static str,
    /// The comparison of two values, if not by shape.
    pub compare: Compare,
    /// What `null` in a manifest sends.
    pub removal: Removal,
    /// The value, as JSON, that means the same as absence.
    pub default: Option<&'static str>,
    /// The value of a new pool, as JSON, if it differs from the meaning of absence.
    pub fresh: Option<&'static str>,
    /// The effect of `null` here and within, in a few words, if it is not a default.
    pub falls_to: Option<&'static str>,
    /// The value that the service may fill in if a request leaves the member out.
    pub fill: Fill,
    /// A value that the service accepts and returns as another: `(written, read)`, as JSON.
    pub reads_as: Option<(&'static str, &'static str)>,
    /// Whether an empty value differs from an absent one.
    pub presence: bool,
    /// The effect of `{}` in a manifest, or `None` if it is an error.
    pub empty: Option<Empty>,
    /// Whether the value must not be shown.
    pub sensitive: bool,
    /// Keys with this prefix belong to AWS: never compared, never sent.
    pub reserved: Option<&'static str>,
    /// The tiers that return the setting with its default and may not accept it.
    pub not_taken_by: &'static [&'static str],
    /// The successor to declare instead.
    pub deprecated_for: Option<&'static str>,
    /// Whether it is a factor of MFA, which is off while MFA is off.
    pub factor: bool,
    /// Whether every request that can contain it does.
    pub always_sent: bool,
    /// The setting of which it is a copy, to be declared instead.
    pub repeats: Option<&'static str>,
    /// The call that changes it, or `None` if no call does.
    pub owner: Option<&'static Call>,
    /// The prefixes that a value may have and that are not part of it.
    pub prefixes: &'static [&'static str],
    /// The evidence for the row.
    pub evidence: Evidence,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// As the shape says: structures by member, maps by key, lists in order.
    ByShape,
    /// A list whose order and duplicates do not matter.
    Set,
    /// A list of structures, identified by the member `key` and ordered by the member `order`.
    Keyed {
        /// The member that names an element.
        key: &'static str,
        /// The member that orders the elements.
        order: &'static str,
    },
    /// The attributes of users: a list keyed by `Name`, in which a custom attribute's name is the same
    /// with and without its prefix.
    Attributes,
    /// A text that is a number.
    NumericText,
}

/// What `null` in a manifest sends, so that Cognito resets the member to its default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// Leaves the member out.
    Omit,
    /// Sends this value, as JSON: without the member, Cognito keeps the old value, or its effect is unknown.
    Send(&'static str),
    /// Sends the pool's Region, which the service fills in if the member is absent.
    SendRegion,
    /// Nothing removes it; the reason, in words that can follow "because".
    Impossible(&'static str),
}

/// What the service may fill in if a request contains a structure without a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Nothing.
    Nothing,
    /// One of these values, as JSON.
    OneOf(&'static [&'static str]),
    /// One value, as JSON, if the structure was sent without the member, and another if the structure was not sent.
    ByStructure {
        /// If the structure was sent.
        given: &'static str,
        /// If it was not.
        absent: &'static str,
    },
    /// The pool's Region, or another one if the structure has been changed.
    Region,
    /// Any value, if the structure has been changed.
    Any,
    /// An empty structure, if the pool has this setting.
    Beside(&'static str),
}

/// The effect of an allowed `{}` in a manifest, with a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empty {
    /// Makes the structure present and leaves its members as they are.
    Ensure(&'static str),
    /// Removes every member.
    Clear(&'static str),
}

/// The source of a statement, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Read from the service's API model.
    Model,
    /// Measured on the live service, and published.
    Live,
    /// AWS's documentation.
    Docs,
    /// Reported by users, not measured.
    Report,
    /// Inferred, not measured.
    Inferred,
}

impl Row {
    const fn new(path: &'static str, doc: &'static str, removal: Removal, evidence: Evidence) -> Self {
        Self {
            path,
            doc,
            removal,
            evidence,
            compare: Compare::ByShape,
            default: None,
            fresh: None,
            falls_to: None,
            fill: Fill::Nothing,
            reads_as: None,
            presence: false,
            empty: None,
            sensitive: false,
            reserved: None,
            not_taken_by: &[],
            deprecated_for: None,
            factor: false,
            always_sent: false,
            repeats: None,
            owner: Some(&calls::UPDATE_USER_POOL),
            prefixes: &[],
        }
    }

    /// Whether `key` has a reserved prefix, in upper or lower case.
    pub fn reserves(&self, key: &str) -> bool {
        let start =
            |prefix: &str| key.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        self.reserved.is_some_and(start)
    }

    const fn compare(mut self, compare: Compare) -> Self {
        self.compare = compare;
        self
    }

    const fn default(mut self, json: &'static str) -> Self {
        self.default = Some(json);
        self
    }

    const fn fresh(mut self, json: &'static str) -> Self {
        self.fresh = Some(json);
        self
    }

    const fn falls_to(mut self, words: &'static str) -> Self {
        self.falls_to = Some(words);
        self
    }

    const fn fill(mut self, fill: Fill) -> Self {
        self.fill = fill;
        self
    }

    const fn reads_as(mut self, written: &'static str, read: &'static str) -> Self {
        self.reads_as = Some((written, read));
        self
    }

    const fn presence(mut self) -> Self {
        self.presence = true;
        self
    }

    const fn empty(mut self, empty: Empty) -> Self {
        self.empty = Some(empty);
        self
    }

    const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    const fn reserved(mut self, prefix: &'static str) -> Self {
        self.reserved = Some(prefix);
        self
    }

    const fn not_taken_by(mut self, tiers: &'static [&'static str]) -> Self {
        self.not_taken_by = tiers;
        self
    }

    const fn owner(mut self, operation: &'static Call) -> Self {
        self.owner = Some(operation);
        self
    }

    /// Marks a setting that is fixed when a pool is created.
    const fn fixed(mut self) -> Self {
        self.owner = None;
        self
    }

    const fn prefixes(mut self, prefixes: &'static [&'static str]) -> Self {
        self.prefixes = prefixes;
        self
    }

    /// Marks a factor of MFA that its presence turns on, as `{}` does.
    const fn factor(mut self, meaning: &'static str) -> Self {
        self.factor = true;
        self.falls_to = Some(REMOVED);
        self.presence().empty(Empty::Ensure(meaning))
    }

    /// Marks a factor of MFA that a member turns on.
    const fn inactive_without_mfa(mut self) -> Self {
        self.factor = true;
        self
    }

    const fn always_sent(mut self) -> Self {
        self.always_sent = true;
        self
    }

    const fn repeats(mut self, setting: &'static str) -> Self {
        self.repeats = Some(setting);
        self
    }

    const fn deprecated_for(mut self, successor: &'static str) -> Self {
        self.deprecated_for = Some(successor);
        self
    }
}

/// The member that identifies the elements of Cognito's lists of structures.
pub(super) const NAME: &str = "Name";

/// The defaults of a password policy.
const PASSWORD_POLICY: &str = r#"{"MinimumLength":8,"RequireUppercase":true,"RequireLowercase":true,"RequireNumbers":true,"RequireSymbols":true,"TemporaryPasswordValidityDays":7}"#;
const SIGN_IN_POLICY: &str = r#"{"AllowedFirstAuthFactors":["PASSWORD"]}"#;
const POLICIES: &str = r#"{"PasswordPolicy":{"MinimumLength":8,"RequireUppercase":true,"RequireLowercase":true,"RequireNumbers":true,"RequireSymbols":true,"TemporaryPasswordValidityDays":7},"SignInPolicy":{"AllowedFirstAuthFactors":["PASSWORD"]}}"#;

/// How users of a new pool recover their accounts (measured on pools of 2024 and 2026).
const RECOVERY: &str =
    r#"[{"Name":"verified_email","Priority":1},{"Name":"verified_phone_number","Priority":2}]"#;
/// The effect of `null` if nothing replaces the value.
const REMOVED: &str = "removed";

/// A partial policy reads back with `false`, a pool without any policy with `true`.
const REQUIRE_FILL: Fill = Fill::ByStructure { given: "false", absent: "true" };
const FALSE_FILL: Fill = Fill::OneOf(&["false"]);

/// The row of a level: without a value, it has its built-in value, which reads show.
const fn level(path: &'static str, built_in: &'static str) -> Row {
    Row::new(
        path,
        "The value of the `acr` claim for one authentication level.",
        Removal::Omit,
        Evidence::Docs,
    )
    .default(built_in)
    .fill(Fill::Any)
}

/// Why a setting of a pool's creation cannot be removed.
const FIXED: &str = "it is fixed when a pool is created";

use Compare::{Attributes, Keyed, NumericText, Set};
use Evidence::{Docs, Inferred, Live, Model, Report};
use Removal::{Impossible, Omit, Send};

/// The rows, in the order of the `UpdateUserPool` request.
pub(super) static ROWS: &[Row] = &[
    Row::new(
        "Policies",
        "Password rules, and the first factors allowed for a sign-in.",
        Send(POLICIES),
        Live,
    ),
    Row::new("Policies.PasswordPolicy", "The rules for passwords.", Send(PASSWORD_POLICY), Live),
    Row::new(
        "Policies.PasswordPolicy.MinimumLength",
        "The minimum length of a password.",
        Send("8"),
        Live,
    )
    .default("8")
    .fill(Fill::OneOf(&["8"])),
    Row::new(
        "Policies.PasswordPolicy.RequireUppercase",
        "Whether a password needs an uppercase letter.",
        Send("true"),
        Live,
    )
    .fresh("true")
    .fill(REQUIRE_FILL),
    Row::new(
        "Policies.PasswordPolicy.RequireLowercase",
        "Whether a password needs a lowercase letter.",
        Send("true"),
        Live,
    )
    .fresh("true")
    .fill(REQUIRE_FILL),
    Row::new(
        "Policies.PasswordPolicy.RequireNumbers",
        "Whether a password needs a digit.",
        Send("true"),
        Live,
    )
    .fresh("true")
    .fill(REQUIRE_FILL),
    Row::new(
        "Policies.PasswordPolicy.RequireSymbols",
        "Whether a password needs a symbol.",
        Send("true"),
        Live,
    )
    .fresh("true")
    .fill(REQUIRE_FILL),
    Row::new(
        "Policies.PasswordPolicy.PasswordHistorySize",
        "How many earlier passwords a user may not reuse.",
        Send("0"),
        Docs,
    )
    .default("0")
    .fill(Fill::OneOf(&["0"])),
    Row::new(
        "Policies.PasswordPolicy.TemporaryPasswordValidityDays",
        "Days after which a temporary password set by an administrator expires.",
        Send("7"),
        Docs,
    )
    .default("7")
    .fill(Fill::OneOf(&["7"]))
    .reads_as("0", "7"),
    Row::new("Policies.SignInPolicy", "The first factors allowed for a sign-in.", Send(SIGN_IN_POLICY), Live),
    Row::new(
        "Policies.SignInPolicy.AllowedFirstAuthFactors",
        "The factors with which a sign-in can begin.",
        Send(r#"["PASSWORD"]"#),
        Live,
    )
    .compare(Set)
    .default(r#"["PASSWORD"]"#)
    .fill(Fill::OneOf(&[r#"["PASSWORD"]"#])),
    Row::new("DeletionProtection", "Whether the pool is protected against deletion.", Send(r#""INACTIVE""#), Live)
        .default(r#""INACTIVE""#)
        // A pool that is made in the console (the Developer Guide).
        .fresh(r#""ACTIVE""#),
    Row::new("LambdaConfig", "The Lambda functions that Cognito calls during sign-up, sign-in and other flows (triggers).", Send("{}"), Live)
        .falls_to(REMOVED),
    Row::new(
        "LambdaConfig.PreTokenGeneration",
        "The function that changes tokens before they are issued (older name, without an event version).",
        Omit,
        Docs,
    )
    .deprecated_for("LambdaConfig.PreTokenGenerationConfig"),
    Row::new(
        "LambdaConfig.PreTokenGenerationConfig.LambdaVersion",
        "The version of the event that the function receives.",
        Impossible("the structure around it requires this member"),
        Inferred,
    )
    .fill(Fill::OneOf(&[r#""V1_0""#])),
    Row::new(
        "AutoVerifiedAttributes",
        "Attributes that Cognito verifies automatically when a user signs up.",
        Send("[]"),
        Live,
    )
    .compare(Set),
    Row::new("SmsVerificationMessage", "Older name of `VerificationMessageTemplate.SmsMessage`.", Omit, Live)
        .deprecated_for("VerificationMessageTemplate.SmsMessage"),
    Row::new("EmailVerificationMessage", "Older name of `VerificationMessageTemplate.EmailMessage`.", Omit, Live)
        .deprecated_for("VerificationMessageTemplate.EmailMessage"),
    Row::new("EmailVerificationSubject", "Older name of `VerificationMessageTemplate.EmailSubject`.", Omit, Live)
        .deprecated_for("VerificationMessageTemplate.EmailSubject"),
    Row::new(
        "VerificationMessageTemplate",
        "The messages that carry verification codes and links.",
        Send(r#"{"DefaultEmailOption":"CONFIRM_WITH_CODE"}"#),
        Live,
    ),
    Row::new(
        "VerificationMessageTemplate.DefaultEmailOption",
        "Whether the verification e-mail carries a code or a link.",
        Send(r#""CONFIRM_WITH_CODE""#),
        Live,
    )
    .default(r#""CONFIRM_WITH_CODE""#)
    .fill(Fill::OneOf(&[r#""CONFIRM_WITH_CODE""#])),
    Row::new("SmsAuthenticationMessage", "The text of the SMS that carries an MFA code.", Omit, Live),
    Row::new(
        "UserAttributeUpdateSettings",
        "Whether a changed attribute must be verified before it takes effect.",
        Send(r#"{"AttributesRequireVerificationBeforeUpdate":[]}"#),
        Report,
    ),
    Row::new(
        "UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate",
        "Attributes that keep their old value until the new one is verified.",
        Send("[]"),
        Report,
    )
    .compare(Set)
    .fill(Fill::OneOf(&["[]"])),
    Row::new("MfaConfiguration", "Whether sign-in requires a second factor: never (`OFF`), if the user has one (`OPTIONAL`), or always (`ON`).", Send(r#""OFF""#), Live)
        .default(r#""OFF""#)
        .always_sent()
        .owner(&calls::SET_USER_POOL_MFA_CONFIG),
    Row::new("DeviceConfiguration", "Whether Cognito remembers devices. If the setting is present, it does.", Omit, Live)
        .presence()
        .empty(Empty::Ensure("device remembering is on")),
    Row::new(
        "DeviceConfiguration.ChallengeRequiredOnNewDevice",
        "Whether a remembered device can replace the second factor.",
        Omit,
        Docs,
    )
    .default("false")
    .fill(FALSE_FILL),
    Row::new(
        "DeviceConfiguration.DeviceOnlyRememberedOnUserPrompt",
        "Whether a device is remembered only if its user confirms it.",
        Omit,
        Docs,
    )
    .default("false")
    .fill(FALSE_FILL),
    Row::new(
        "EmailConfiguration",
        "Who sends the pool's e-mail.",
        Send(r#"{"EmailSendingAccount":"COGNITO_DEFAULT"}"#),
        Inferred,
    ),
    Row::new(
        "EmailConfiguration.EmailSendingAccount",
        "Whether Cognito's own sender or your Amazon SES identity sends the e-mail.",
        Send(r#""COGNITO_DEFAULT""#),
        Live,
    )
    .default(r#""COGNITO_DEFAULT""#)
    .fill(Fill::OneOf(&[r#""COGNITO_DEFAULT""#])),
    Row::new(
        "SmsConfiguration",
        "The pool's SMS sender: the IAM role with which Cognito sends SMS.",
        Impossible("Cognito has no call that removes a pool's SMS sender"),
        Docs,
    ),
    Row::new(
        "SmsConfiguration.ExternalId",
        "The external id that the role's trust policy requires.",
        Omit,
        Model,
    )
    .sensitive(),
    Row::new(
        "SmsConfiguration.SnsRegion",
        "The Region in which Amazon SNS sends the messages.",
        Removal::SendRegion,
        Docs,
    )
    .fill(Fill::Region),
    Row::new(
        "SmsConfiguration.EumsSms.ExternalId",
        "The external id that the role's trust policy requires.",
        Omit,
        Model,
    )
    .sensitive(),
    Row::new(
        "SmsConfiguration.EumsSms.Region",
        "The Region from which the messages are sent.",
        Removal::SendRegion,
        Docs,
    )
    .fill(Fill::Region),
    Row::new("UserPoolTags", "Tags for cost allocation, access control and search.", Send("{}"), Inferred)
        .falls_to(REMOVED)
        .reserved("aws:"),
    Row::new(
        "AdminCreateUserConfig",
        "Who can create users, and how they are invited.",
        Send(r#"{"AllowAdminCreateUserOnly":false}"#),
        Live,
    ),
    Row::new(
        "AdminCreateUserConfig.AllowAdminCreateUserOnly",
        "Whether only administrators can create users. `false` allows self sign-up.",
        Send("false"),
        Live,
    )
    .default("false")
    .fill(FALSE_FILL),
    Row::new(
        "AdminCreateUserConfig.UnusedAccountValidityDays",
        "Older name of `Policies.PasswordPolicy.TemporaryPasswordValidityDays`.",
        Omit,
        Live,
    )
    .default("7")
    .deprecated_for("Policies.PasswordPolicy.TemporaryPasswordValidityDays"),
    Row::new("UserPoolAddOns", "Threat protection.", Send(r#"{"AdvancedSecurityMode":"OFF"}"#), Live),
    Row::new(
        "UserPoolAddOns.AdvancedSecurityMode",
        "Whether threat protection is off, only records risks (`AUDIT`), or acts on them (`ENFORCED`).",
        Send(r#""OFF""#),
        Live,
    )
    .default(r#""OFF""#),
    Row::new(
        "DcrConfiguration",
        "Dynamic client registration: whether clients can register themselves.",
        Send(r#"{"EnableStatus":"Disabled"}"#),
        Docs,
    )
    .presence(),
    Row::new(
        "DcrConfiguration.EnableStatus",
        "Whether dynamic client registration is on.",
        Send(r#""Disabled""#),
        Docs,
    )
    .fill(Fill::OneOf(&[r#""Enabled""#])),
    Row::new("DcrConfiguration.OpenDcrEnabled", "Whether clients can register without a token.", Omit, Docs)
        .default("false")
        .fill(FALSE_FILL),
    Row::new(
        "DcrConfiguration.AuthenticatedGrantTypes",
        "Grant types for clients that register with a token. An empty list allows none.",
        Omit,
        Docs,
    )
    .compare(Set)
    .presence()
    .fill(Fill::Any),
    Row::new(
        "DcrConfiguration.OpenDcrGrantTypes",
        "Grant types for clients that register without a token. An empty list allows none.",
        Omit,
        Docs,
    )
    .compare(Set)
    .presence()
    .fill(Fill::Any),
    Row::new("DcrConfiguration.AllowedScopes", "Scopes that a registering client can request.", Omit, Docs)
        .compare(Set)
        .presence()
        .fill(Fill::Any),
    Row::new(
        "AccountRecoverySetting",
        "How users who forgot their password recover their accounts.",
        Send("{}"),
        Report,
    )
    .empty(Empty::Clear("the legacy recovery: SMS before e-mail"))
    .falls_to("the legacy recovery: SMS before e-mail"),
    Row::new("AccountRecoverySetting.RecoveryMechanisms", "The recovery methods, by priority.", Omit, Model)
        .compare(Keyed { key: NAME, order: "Priority" })
        .fresh(RECOVERY),
    Row::new("PoolName", "The pool's name.", Impossible("every pool has a name"), Model),
    Row::new(
        "UserPoolTier",
        "The feature plan, which determines the price and the available features.",
        Send(r#""ESSENTIALS""#),
        Live,
    )
    .fresh(r#""ESSENTIALS""#),
    Row::new(
        "KeyConfiguration",
        "The key that encrypts the pool's data.",
        Send(r#"{"KeyType":"AWS_OWNED_KEY"}"#),
        Inferred,
    ),
    Row::new("KeyConfiguration.KeyType", "Whether an AWS-owned key or your own KMS key encrypts the data.", Send(r#""AWS_OWNED_KEY""#), Live)
        .default(r#""AWS_OWNED_KEY""#)
        .fill(Fill::OneOf(&[r#""AWS_OWNED_KEY""#])),
    Row::new(
        "IssuerConfiguration",
        "The form of the issuer named in tokens.",
        Send(r#"{"Type":"ORIGINAL"}"#),
        Inferred,
    ),
    Row::new("IssuerConfiguration.Type", "The form of the issuer named in tokens.", Send(r#""ORIGINAL""#), Live)
        .default(r#""ORIGINAL""#)
        .fill(Fill::OneOf(&[r#""ORIGINAL""#])),
    Row::new("AcrConfiguration", "The values of the `acr` claim, one for each authentication level.", Send("{}"), Inferred)
        .not_taken_by(&["LITE"]),
    level("AcrConfiguration.Level1", r#"{"AcrValue":"urn:cognito:loa:1"}"#),
    level("AcrConfiguration.Level2", r#"{"AcrValue":"urn:cognito:loa:2"}"#),
    level("AcrConfiguration.Level3", r#"{"AcrValue":"urn:cognito:loa:3"}"#),
    level("AcrConfiguration.Level4", r#"{"AcrValue":"urn:cognito:loa:4"}"#),
    Row::new(
        "SmsMfaConfiguration",
        "SMS as an MFA factor. If the setting is present, the factor is on. The pool's `SmsConfiguration` is the sender.",
        Omit,
        Inferred,
    )
    .factor("SMS is an MFA factor")
    .fill(Fill::Beside("SmsConfiguration"))
    .owner(&calls::SET_USER_POOL_MFA_CONFIG),
    Row::new(
        "SmsMfaConfiguration.SmsAuthenticationMessage",
        "A copy of the pool's `SmsAuthenticationMessage`.",
        Omit,
        Model,
    )
    .repeats("SmsAuthenticationMessage"),
    Row::new(
        "SmsMfaConfiguration.SmsConfiguration",
        "A copy of the pool's `SmsConfiguration`.",
        Omit,
        Model,
    )
    .repeats("SmsConfiguration"),
    Row::new(
        "SmsMfaConfiguration.SmsConfiguration.ExternalId",
        "The external id that the role's trust policy requires.",
        Omit,
        Model,
    )
    .sensitive(),
    Row::new(
        "SmsMfaConfiguration.SmsConfiguration.EumsSms.ExternalId",
        "The external id that the role's trust policy requires.",
        Omit,
        Model,
    )
    .sensitive(),
    Row::new("SoftwareTokenMfaConfiguration", "Authenticator apps (TOTP) as an MFA factor.", Omit, Live)
        .inactive_without_mfa()
        .falls_to(REMOVED)
        .owner(&calls::SET_USER_POOL_MFA_CONFIG),
    Row::new("SoftwareTokenMfaConfiguration.Enabled", "Whether authenticator apps (TOTP) are an MFA factor.", Send("false"), Live).default("false"),
    Row::new(
        "EmailMfaConfiguration",
        "E-mail as an MFA factor, and its message. If the setting is present, the factor is on.",
        Omit,
        Inferred,
    )
    .factor("e-mail is an MFA factor")
    .owner(&calls::SET_USER_POOL_MFA_CONFIG),
    Row::new("EmailMfaConfiguration.Message", "The text of the e-mail that carries an MFA code.", Omit, Docs)
        .fill(Fill::Any),
    Row::new(
        "EmailMfaConfiguration.Subject",
        "The subject of the e-mail that carries an MFA code.",
        Omit,
        Docs,
    )
    .fill(Fill::Any),
    Row::new("WebAuthnConfiguration", "Passkeys: the domain that they belong to, and how many factors they count as.", Omit, Live)
        .owner(&calls::SET_USER_POOL_MFA_CONFIG),
    Row::new(
        "WebAuthnConfiguration.RelyingPartyId",
        "The domain that passkeys belong to. A passkey works for no other domain.",
        Omit,
        Docs,
    )
    .fill(Fill::Any),
    Row::new(
        "WebAuthnConfiguration.UserVerification",
        "Whether a passkey must ask for a fingerprint, a face or a PIN (`required`), or does so if it can (`preferred`).",
        Send(r#""preferred""#),
        Docs,
    )
    .default(r#""preferred""#)
    .fill(Fill::OneOf(&[r#""preferred""#])),
    Row::new(
        "WebAuthnConfiguration.FactorConfiguration",
        "Whether a passkey counts as one factor, or as several if it verifies its user.",
        Send(r#""SINGLE_FACTOR""#),
        Live,
    )
    .default(r#""SINGLE_FACTOR""#)
    .fill(Fill::OneOf(&[r#""SINGLE_FACTOR""#])),
    Row::new(
        "Schema",
        "The attributes of users.",
        Impossible("Cognito has no call that removes an attribute"),
        Model,
    )
    .compare(Attributes)
    .owner(&calls::ADD_CUSTOM_ATTRIBUTES),
    Row::new("Schema[]", "One attribute of users.", Omit, Model).fill(Fill::Any).presence(),
    Row::new(
        "Schema[].Name",
        "The attribute's name. Cognito adds the prefix `custom:` to the name of a custom attribute.",
        Omit,
        Docs,
    )
    .prefixes(&["dev:custom:", "custom:"]),
    Row::new("Schema[].NumberAttributeConstraints.MinValue", "The minimum value.", Omit, Live)
        .compare(NumericText),
    Row::new("Schema[].NumberAttributeConstraints.MaxValue", "The maximum value.", Omit, Live)
        .compare(NumericText),
    Row::new("Schema[].StringAttributeConstraints.MinLength", "The minimum length.", Omit, Live)
        .compare(NumericText),
    Row::new("Schema[].StringAttributeConstraints.MaxLength", "The maximum length.", Omit, Live)
        .compare(NumericText),
    Row::new(
        "AliasAttributes",
        "Attributes with which a user can sign in, in addition to the user name.",
        Impossible(FIXED),
        Model,
    )
    .compare(Set)
    .fixed(),
    Row::new("UsernameAttributes", "Attributes that users sign in with instead of a user name.", Impossible(FIXED), Model)
        .compare(Set)
        .fixed(),
    Row::new("UsernameConfiguration", "How user names are compared.", Impossible(FIXED), Model).fixed(),
    Row::new(
        "UsernameConfiguration.CaseSensitive",
        "Whether user names are case-sensitive.",
        Impossible(FIXED),
        Model,
    )
    .fixed(),
];

/// Two members with the same meaning, which the service keeps equal.
#[derive(Debug)]
pub struct Alias {
    /// The older member.
    pub legacy: &'static str,
    /// The member to set.
    pub truth: &'static str,
    /// The members in a request if both are live.
    pub send: Sent,
    /// Whether the legacy value may be moved to a structure that does not exist yet.
    ///
    /// Not to `PasswordPolicy`: a partial policy turns its other rules off.
    pub creates: bool,
}

impl Alias {
    /// The paths of the older member and of the member to set.
    pub fn paths(&self) -> (&'static Path, &'static Path) {
        (path(self.legacy), path(self.truth))
    }
}

/// The aliased members that a request contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Only the member to set: the service rejects both, or ignores the legacy one.
    Truth,
    /// Both, with the same value.
    Both,
}

/// The aliases inside the pool's document.
pub(super) static ALIASES: &[Alias] = &[
    Alias {
        legacy: "AdminCreateUserConfig.UnusedAccountValidityDays",
        truth: "Policies.PasswordPolicy.TemporaryPasswordValidityDays",
        send: Sent::Truth,
        creates: false,
    },
    Alias {
        legacy: "SmsVerificationMessage",
        truth: "VerificationMessageTemplate.SmsMessage",
        send: Sent::Truth,
        creates: true,
    },
    Alias {
        legacy: "EmailVerificationMessage",
        truth: "VerificationMessageTemplate.EmailMessage",
        send: Sent::Truth,
        creates: true,
    },
    Alias {
        legacy: "EmailVerificationSubject",
        truth: "VerificationMessageTemplate.EmailSubject",
        send: Sent::Truth,
        creates: true,
    },
    Alias {
        legacy: "LambdaConfig.PreTokenGeneration",
        truth: "LambdaConfig.PreTokenGenerationConfig.LambdaArn",
        send: Sent::Both,
        creates: false,
    },
];

/// Members of the MFA document that are copies of pool settings: `(in the MFA document, in the pool)`.
pub(super) static MFA_MIRRORS: &[(&str, &str)] = &[
    ("MfaConfiguration", "MfaConfiguration"),
    ("SmsMfaConfiguration.SmsConfiguration", "SmsConfiguration"),
    ("SmsMfaConfiguration.SmsAuthenticationMessage", "SmsAuthenticationMessage"),
];

/// The factor of MFA that lives on a sender of the pool's, and that sender. Inferred: a call that sends
/// the MFA document without the one takes the other away (from the report
/// hashicorp/terraform-provider-aws#28294).
pub(super) const FACTOR_WITH_SENDER: (&str, &str) = ("SmsMfaConfiguration", "SmsConfiguration");

/// The read-only member that identifies a pool.
pub(super) const IDENTITY: &str = "Id";

/// Members that the read and the request call by different names: `(read, request)`.
pub(super) static RENAMED: &[(&str, &str)] = &[("Name", "PoolName"), ("SchemaAttributes", "Schema")];

/// The attributes that every pool has; all others carry a prefix (the API's own list of OpenID Connect's
/// standard claims, with `sub`, `identities` and the two `_verified` ones).
pub(super) static STANDARD_ATTRIBUTES: &[&str] = &[
    "address",
    "birthdate",
    "email",
    "email_verified",
    "family_name",
    "gender",
    "given_name",
    "identities",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "phone_number",
    "phone_number_verified",
    "picture",
    "preferred_username",
    "profile",
    "sub",
    "updated_at",
    "website",
    "zoneinfo",
];
