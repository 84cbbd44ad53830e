//! The table: what each setting means, for the settings that need more said than their shape says.
//!
//! Shapes, ranges and enums are the model's ([`crate::shapes`]); everything that is known about one
//! setting in particular stands here, and nowhere else.

use super::{Operation, path};
use crate::document::Path;

/// What is known of a setting beyond its shape.
#[derive(Debug)]
pub struct Row {
    /// The setting's path; `[]` stands for any element of a list.
    pub path: &'static str,
    /// One sentence: what the setting does.
    pub doc: &'static str,
    /// How two values of it are compared, where the shape alone does not say.
    pub compare: Compare,
    /// What `null` in a manifest sends.
    pub removal: Removal,
    /// The value, as JSON, that means the same as absence.
    pub default: Option<&'static str>,
    /// The value, as JSON, that a new pool has though absence does not mean it; nothing where there is none.
    pub fresh: Option<&'static str>,
    /// What `null` leads to here and in all that it holds, in a few words, where that is no default.
    pub falls_to: Option<&'static str>,
    /// What the service may put where a request left the member out.
    pub fill: Fill,
    /// A value that the service takes and reads back as another: `(written, read)`, as JSON.
    pub reads_as: Option<(&'static str, &'static str)>,
    /// Whether an empty value says something else than an absent one.
    pub presence: bool,
    /// What `{}` in a manifest does here; nothing where it is an error.
    pub empty: Option<Empty>,
    /// Whether the value must not be shown.
    pub sensitive: bool,
    /// Keys with this prefix belong to AWS: never compared, never sent.
    pub reserved: Option<&'static str>,
    /// The tiers that show the setting at its default and may not take it back.
    pub not_taken_by: &'static [&'static str],
    /// The successor to write in a manifest in its place.
    pub deprecated_for: Option<&'static str>,
    /// Whether it is a factor of MFA: off, whatever it says, while MFA is.
    pub factor: bool,
    /// Whether a request that can carry it always does.
    pub always_sent: bool,
    /// The setting that it repeats, and that is to be set in its place.
    pub repeats: Option<&'static str>,
    /// The call that changes it; nothing where no call does.
    pub owner: Option<Operation>,
    /// What may stand before the name that this is, and is no part of it.
    pub prefixes: &'static [&'static str],
    /// How sure the row's statements are.
    pub evidence: Evidence,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// As the shape says: structures by member, maps by key, lists in order.
    ByShape,
    /// A list whose order and repetitions mean nothing.
    Set,
    /// A list of structures, each known by its member `key` and ordered by its member `order`.
    Keyed {
        /// The member that names an element.
        key: &'static str,
        /// The member that orders the elements.
        order: &'static str,
    },
    /// The attributes of users: a list keyed by `Name`, in which a custom attribute's name is the same
    /// with and without its prefix.
    Attributes,
    /// A text that stands for a number.
    NumericText,
}

/// What `null` in a manifest sends, so that the member falls to Cognito's default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// Leaves the member out.
    Omit,
    /// Sends this value, as JSON: leaving the member out would keep the old one, or nobody knows.
    Send(&'static str),
    /// Sends the pool's own Region: the service puts it there by itself, and absence never lasts.
    SendRegion,
    /// Nothing removes it; the reason why, fit to follow "because".
    Impossible(&'static str),
}

/// What the service may put where a request left a member out of a structure that it sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Nothing.
    Nothing,
    /// One of these values, as JSON.
    OneOf(&'static [&'static str]),
    /// One value, as JSON, where the structure was sent without the member, and another where the
    /// structure was not sent at all.
    ByStructure {
        /// Where the structure was sent.
        given: &'static str,
        /// Where it was not.
        absent: &'static str,
    },
    /// The pool's own Region; another one where the structure has been changed.
    Region,
    /// Any value, where the structure has been changed.
    Any,
    /// An empty structure, where the pool has this setting.
    Beside(&'static str),
}

/// What `{}` in a manifest does where it is allowed, and the sentence that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empty {
    /// Makes the structure present and leaves its members as they are.
    Ensure(&'static str),
    /// Takes every member away.
    Clear(&'static str),
}

/// Where a statement comes from, surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Read from the service's API model.
    Model,
    /// Measured on the live service by someone who published it.
    Live,
    /// Said by AWS's documentation.
    Docs,
    /// Reported by users, not measured.
    Report,
    /// Inferred; nobody has measured it.
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
            owner: Some(Operation::UpdateUserPool),
            prefixes: &[],
        }
    }

    /// Whether `key` belongs to AWS: its prefix does, in upper or lower case.
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

    const fn owner(mut self, operation: Operation) -> Self {
        self.owner = Some(operation);
        self
    }

    /// Given when a pool is created, and fixed from then on.
    const fn fixed(mut self) -> Self {
        self.owner = None;
        self
    }

    const fn prefixes(mut self, prefixes: &'static [&'static str]) -> Self {
        self.prefixes = prefixes;
        self
    }

    /// A factor of MFA: its presence means something, and `{}` asks for it.
    const fn factor(mut self, meaning: &'static str) -> Self {
        self.factor = true;
        self.falls_to = Some(REMOVED);
        self.presence().empty(Empty::Ensure(meaning))
    }

    /// A factor of MFA that a member switches on.
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

/// The member by which Cognito's lists of structures know their elements.
pub(super) const NAME: &str = "Name";

/// The defaults of a password policy that nobody has set.
const PASSWORD_POLICY: &str = r#"{"MinimumLength":8,"RequireUppercase":true,"RequireLowercase":true,"RequireNumbers":true,"RequireSymbols":true,"TemporaryPasswordValidityDays":7}"#;
const SIGN_IN_POLICY: &str = r#"{"AllowedFirstAuthFactors":["PASSWORD"]}"#;
const POLICIES: &str = r#"{"PasswordPolicy":{"MinimumLength":8,"RequireUppercase":true,"RequireLowercase":true,"RequireNumbers":true,"RequireSymbols":true,"TemporaryPasswordValidityDays":7},"SignInPolicy":{"AllowedFirstAuthFactors":["PASSWORD"]}}"#;

/// How users of a new pool recover their accounts (measured on pools of 2024 and 2026).
const RECOVERY: &str =
    r#"[{"Name":"verified_email","Priority":1},{"Name":"verified_phone_number","Priority":2}]"#;
/// What `null` leads to where nothing takes the place of what goes.
const REMOVED: &str = "removed";

/// A partial policy reads back with `false`, a pool without any policy with `true`.
const REQUIRE_FILL: Fill = Fill::ByStructure { given: "false", absent: "true" };
const FALSE_FILL: Fill = Fill::OneOf(&["false"]);

/// A level that the pool has not named has its built-in name, and the read shows it.
const fn level(path: &'static str, built_in: &'static str) -> Row {
    Row::new(path, "One level's name in the `acr` claim.", Removal::Omit, Evidence::Docs)
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
        "Password rules and the first factors that users may sign in with.",
        Send(POLICIES),
        Live,
    ),
    Row::new("Policies.PasswordPolicy", "What a password must look like.", Send(PASSWORD_POLICY), Live),
    Row::new(
        "Policies.PasswordPolicy.MinimumLength",
        "The fewest characters of a password.",
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
        "Days after which an administrator's temporary password expires.",
        Send("7"),
        Docs,
    )
    .default("7")
    .fill(Fill::OneOf(&["7"]))
    .reads_as("0", "7"),
    Row::new("Policies.SignInPolicy", "The first factors of a sign-in.", Send(SIGN_IN_POLICY), Live),
    Row::new(
        "Policies.SignInPolicy.AllowedFirstAuthFactors",
        "The factors that a sign-in may begin with.",
        Send(r#"["PASSWORD"]"#),
        Live,
    )
    .compare(Set)
    .default(r#"["PASSWORD"]"#)
    .fill(Fill::OneOf(&[r#"["PASSWORD"]"#])),
    Row::new("DeletionProtection", "Whether the pool refuses to be deleted.", Send(r#""INACTIVE""#), Live)
        .default(r#""INACTIVE""#)
        // A pool that is made in the console (the Developer Guide).
        .fresh(r#""ACTIVE""#),
    Row::new("LambdaConfig", "The functions that Cognito calls on its way.", Send("{}"), Live)
        .falls_to(REMOVED),
    Row::new(
        "LambdaConfig.PreTokenGeneration",
        "The function that changes tokens before they are issued (the form without a version).",
        Omit,
        Docs,
    )
    .deprecated_for("LambdaConfig.PreTokenGenerationConfig"),
    Row::new(
        "LambdaConfig.PreTokenGenerationConfig.LambdaVersion",
        "The version of the event that the function gets.",
        Impossible("the structure around it cannot be without it"),
        Inferred,
    )
    .fill(Fill::OneOf(&[r#""V1_0""#])),
    Row::new(
        "AutoVerifiedAttributes",
        "Attributes that Cognito verifies by itself when a user signs up.",
        Send("[]"),
        Live,
    )
    .compare(Set),
    Row::new("SmsVerificationMessage", "The older home of the verification SMS.", Omit, Live)
        .deprecated_for("VerificationMessageTemplate.SmsMessage"),
    Row::new("EmailVerificationMessage", "The older home of the verification e-mail's text.", Omit, Live)
        .deprecated_for("VerificationMessageTemplate.EmailMessage"),
    Row::new("EmailVerificationSubject", "The older home of the verification e-mail's subject.", Omit, Live)
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
    Row::new("MfaConfiguration", "Whether sign-in asks for a second factor.", Send(r#""OFF""#), Live)
        .default(r#""OFF""#)
        .always_sent()
        .owner(Operation::SetUserPoolMfaConfig),
    Row::new("DeviceConfiguration", "Whether Cognito remembers devices: present means on.", Omit, Live)
        .presence()
        .empty(Empty::Ensure("device remembering is on")),
    Row::new(
        "DeviceConfiguration.ChallengeRequiredOnNewDevice",
        "Whether a remembered device may stand in for MFA.",
        Omit,
        Docs,
    )
    .default("false")
    .fill(FALSE_FILL),
    Row::new(
        "DeviceConfiguration.DeviceOnlyRememberedOnUserPrompt",
        "Whether a device is remembered only when its user says so.",
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
        "Cognito's own sender, or your Amazon SES identity.",
        Send(r#""COGNITO_DEFAULT""#),
        Live,
    )
    .default(r#""COGNITO_DEFAULT""#)
    .fill(Fill::OneOf(&[r#""COGNITO_DEFAULT""#])),
    Row::new(
        "SmsConfiguration",
        "The role that Cognito sends SMS with.",
        Impossible("Cognito has no call that removes a pool's SMS sender"),
        Docs,
    ),
    Row::new(
        "SmsConfiguration.ExternalId",
        "The external id that the role's trust policy asks for.",
        Omit,
        Model,
    )
    .sensitive(),
    Row::new(
        "SmsConfiguration.SnsRegion",
        "The Region whose Amazon SNS sends the messages.",
        Removal::SendRegion,
        Docs,
    )
    .fill(Fill::Region),
    Row::new(
        "SmsConfiguration.EumsSms.ExternalId",
        "The external id that the role's trust policy asks for.",
        Omit,
        Model,
    )
    .sensitive(),
    Row::new(
        "SmsConfiguration.EumsSms.Region",
        "The Region that sends the messages.",
        Removal::SendRegion,
        Docs,
    )
    .fill(Fill::Region),
    Row::new("UserPoolTags", "Tags for cost, access and search.", Send("{}"), Inferred)
        .falls_to(REMOVED)
        .reserved("aws:"),
    Row::new(
        "AdminCreateUserConfig",
        "Who may create users, and how they are invited.",
        Send(r#"{"AllowAdminCreateUserOnly":false}"#),
        Live,
    ),
    Row::new(
        "AdminCreateUserConfig.AllowAdminCreateUserOnly",
        "Whether only administrators create users; false opens self sign-up.",
        Send("false"),
        Live,
    )
    .default("false")
    .fill(FALSE_FILL),
    Row::new(
        "AdminCreateUserConfig.UnusedAccountValidityDays",
        "The older home of the days that a temporary password lives.",
        Omit,
        Live,
    )
    .default("7")
    .deprecated_for("Policies.PasswordPolicy.TemporaryPasswordValidityDays"),
    Row::new("UserPoolAddOns", "Threat protection.", Send(r#"{"AdvancedSecurityMode":"OFF"}"#), Live),
    Row::new(
        "UserPoolAddOns.AdvancedSecurityMode",
        "Whether threat protection is off, watching, or acting.",
        Send(r#""OFF""#),
        Live,
    )
    .default(r#""OFF""#),
    Row::new(
        "DcrConfiguration",
        "Dynamic client registration: whether clients may register themselves.",
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
    Row::new("DcrConfiguration.OpenDcrEnabled", "Whether clients register without a token.", Omit, Docs)
        .default("false")
        .fill(FALSE_FILL),
    Row::new(
        "DcrConfiguration.AuthenticatedGrantTypes",
        "Grants for clients that register with a token; empty refuses all.",
        Omit,
        Docs,
    )
    .compare(Set)
    .presence()
    .fill(Fill::Any),
    Row::new(
        "DcrConfiguration.OpenDcrGrantTypes",
        "Grants for clients that register openly; empty refuses all.",
        Omit,
        Docs,
    )
    .compare(Set)
    .presence()
    .fill(Fill::Any),
    Row::new("DcrConfiguration.AllowedScopes", "Scopes that a registering client may ask for.", Omit, Docs)
        .compare(Set)
        .presence()
        .fill(Fill::Any),
    Row::new(
        "AccountRecoverySetting",
        "How a user who has lost the password gets in again.",
        Send("{}"),
        Report,
    )
    .empty(Empty::Clear("the legacy recovery behaviour: SMS before e-mail"))
    .falls_to("the legacy recovery: SMS before e-mail"),
    Row::new("AccountRecoverySetting.RecoveryMechanisms", "The ways of recovery, by priority.", Omit, Model)
        .compare(Keyed { key: NAME, order: "Priority" })
        .fresh(RECOVERY),
    Row::new("PoolName", "The pool's name.", Impossible("every pool has a name"), Model),
    Row::new(
        "UserPoolTier",
        "The feature plan, which decides the price and the features.",
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
    Row::new("KeyConfiguration.KeyType", "Amazon's key or yours.", Send(r#""AWS_OWNED_KEY""#), Live)
        .default(r#""AWS_OWNED_KEY""#)
        .fill(Fill::OneOf(&[r#""AWS_OWNED_KEY""#])),
    Row::new(
        "IssuerConfiguration",
        "The form of the issuer that tokens name.",
        Send(r#"{"Type":"ORIGINAL"}"#),
        Inferred,
    ),
    Row::new("IssuerConfiguration.Type", "The form of the issuer.", Send(r#""ORIGINAL""#), Live)
        .default(r#""ORIGINAL""#)
        .fill(Fill::OneOf(&[r#""ORIGINAL""#])),
    Row::new("AcrConfiguration", "The names of the authentication context classes.", Send("{}"), Inferred)
        .not_taken_by(&["LITE"]),
    level("AcrConfiguration.Level1", r#"{"AcrValue":"urn:cognito:loa:1"}"#),
    level("AcrConfiguration.Level2", r#"{"AcrValue":"urn:cognito:loa:2"}"#),
    level("AcrConfiguration.Level3", r#"{"AcrValue":"urn:cognito:loa:3"}"#),
    level("AcrConfiguration.Level4", r#"{"AcrValue":"urn:cognito:loa:4"}"#),
    Row::new(
        "SmsMfaConfiguration",
        "SMS as a second factor: present means on. Who sends it is the pool's `SmsConfiguration`.",
        Omit,
        Inferred,
    )
    .factor("an SMS is a second factor")
    .fill(Fill::Beside("SmsConfiguration"))
    .owner(Operation::SetUserPoolMfaConfig),
    Row::new(
        "SmsMfaConfiguration.SmsAuthenticationMessage",
        "The same as the pool's `SmsAuthenticationMessage`.",
        Omit,
        Model,
    )
    .repeats("SmsAuthenticationMessage"),
    Row::new(
        "SmsMfaConfiguration.SmsConfiguration",
        "The same as the pool's `SmsConfiguration`.",
        Omit,
        Model,
    )
    .repeats("SmsConfiguration"),
    Row::new(
        "SmsMfaConfiguration.SmsConfiguration.ExternalId",
        "The external id that the role's trust policy asks for.",
        Omit,
        Model,
    )
    .sensitive(),
    Row::new(
        "SmsMfaConfiguration.SmsConfiguration.EumsSms.ExternalId",
        "The external id that the role's trust policy asks for.",
        Omit,
        Model,
    )
    .sensitive(),
    Row::new("SoftwareTokenMfaConfiguration", "Authenticator apps (TOTP) as a second factor.", Omit, Live)
        .inactive_without_mfa()
        .falls_to(REMOVED)
        .owner(Operation::SetUserPoolMfaConfig),
    Row::new("SoftwareTokenMfaConfiguration.Enabled", "Whether it is.", Send("false"), Live).default("false"),
    Row::new(
        "EmailMfaConfiguration",
        "E-mail as a second factor, and its message: present means on.",
        Omit,
        Inferred,
    )
    .factor("an e-mail is a second factor")
    .owner(Operation::SetUserPoolMfaConfig),
    Row::new("EmailMfaConfiguration.Message", "The text of the e-mail that carries an MFA code.", Omit, Docs)
        .fill(Fill::Any),
    Row::new(
        "EmailMfaConfiguration.Subject",
        "The subject of the e-mail that carries an MFA code.",
        Omit,
        Docs,
    )
    .fill(Fill::Any),
    Row::new("WebAuthnConfiguration", "Passkeys: whose they are, and what they count for.", Omit, Live)
        .owner(Operation::SetUserPoolMfaConfig),
    Row::new(
        "WebAuthnConfiguration.RelyingPartyId",
        "The domain that passkeys belong to; a passkey works for no other.",
        Omit,
        Docs,
    )
    .fill(Fill::Any),
    Row::new(
        "WebAuthnConfiguration.UserVerification",
        "Whether a passkey must ask for a fingerprint, a face or a PIN, or only prefers to.",
        Send(r#""preferred""#),
        Docs,
    )
    .default(r#""preferred""#)
    .fill(Fill::OneOf(&[r#""preferred""#])),
    Row::new(
        "WebAuthnConfiguration.FactorConfiguration",
        "Whether a passkey counts as one factor, or as several where it verifies its user.",
        Send(r#""SINGLE_FACTOR""#),
        Live,
    )
    .default(r#""SINGLE_FACTOR""#)
    .fill(Fill::OneOf(&[r#""SINGLE_FACTOR""#])),
    Row::new(
        "Schema",
        "The attributes that users have.",
        Impossible("Cognito has no call that removes an attribute"),
        Model,
    )
    .compare(Attributes)
    .owner(Operation::AddCustomAttributes),
    Row::new("Schema[]", "One attribute.", Omit, Model).fill(Fill::Any).presence(),
    Row::new(
        "Schema[].Name",
        "The attribute's name; Cognito puts `custom:` before the ones that are not its own.",
        Omit,
        Docs,
    )
    .prefixes(&["dev:custom:", "custom:"]),
    Row::new("Schema[].NumberAttributeConstraints.MinValue", "The least number.", Omit, Live)
        .compare(NumericText),
    Row::new("Schema[].NumberAttributeConstraints.MaxValue", "The greatest number.", Omit, Live)
        .compare(NumericText),
    Row::new("Schema[].StringAttributeConstraints.MinLength", "The shortest length.", Omit, Live)
        .compare(NumericText),
    Row::new("Schema[].StringAttributeConstraints.MaxLength", "The greatest length.", Omit, Live)
        .compare(NumericText),
    Row::new(
        "AliasAttributes",
        "Attributes that a user may sign in with beside the user name.",
        Impossible(FIXED),
        Model,
    )
    .compare(Set)
    .fixed(),
    Row::new("UsernameAttributes", "Attributes that stand in for a user name.", Impossible(FIXED), Model)
        .compare(Set)
        .fixed(),
    Row::new("UsernameConfiguration", "How user names are compared.", Impossible(FIXED), Model).fixed(),
    Row::new(
        "UsernameConfiguration.CaseSensitive",
        "Whether case counts in user names.",
        Impossible(FIXED),
        Model,
    )
    .fixed(),
];

/// Two members that say the same: the service keeps them in step.
#[derive(Debug)]
pub struct Alias {
    /// The member that is no longer the one to set.
    pub legacy: &'static str,
    /// The member that is.
    pub truth: &'static str,
    /// What a request carries when both are live.
    pub send: Sent,
    /// Whether the legacy value may be moved to a structure that is not there yet.
    ///
    /// Not into `PasswordPolicy`: a policy given in part switches its other rules off.
    pub creates: bool,
}

impl Alias {
    /// The paths of the member that is no longer the one to set, and of the one that is.
    pub fn paths(&self) -> (&'static Path, &'static Path) {
        (path(self.legacy), path(self.truth))
    }
}

/// Which of two aliased members a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The truth alone: the service refuses both, or no longer looks at the legacy one.
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

/// Members of the MFA document that repeat one of the pool's: `(in the MFA document, in the pool)`.
pub(super) static MFA_MIRRORS: &[(&str, &str)] = &[
    ("MfaConfiguration", "MfaConfiguration"),
    ("SmsMfaConfiguration.SmsConfiguration", "SmsConfiguration"),
    ("SmsMfaConfiguration.SmsAuthenticationMessage", "SmsAuthenticationMessage"),
];

/// The factor of MFA that lives on a sender of the pool's, and that sender. Inferred: a call that sends
/// the MFA document without the one takes the other away (from the report
/// hashicorp/terraform-provider-aws#28294).
pub(super) const FACTOR_WITH_SENDER: (&str, &str) = ("SmsMfaConfiguration", "SmsConfiguration");

/// Read-only members that change by themselves and are never compared.
pub(super) static VOLATILE: &[&str] = &[
    "LastModifiedDate",
    "EstimatedNumberOfUsers",
    "Status",
    "SmsConfigurationFailure",
    "EmailConfigurationFailure",
];

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
