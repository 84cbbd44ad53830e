//! The pool's settings, one row each.

use crate::catalogue::table::Compare::{Attributes, Keyed, NumericText, Set};
use crate::catalogue::table::Evidence::{Docs, Inferred, Live, Model, Report};
use crate::catalogue::table::Removal::{self, Impossible, Omit, Send};
use crate::catalogue::table::{Alias, Empty, Evidence, Fill, NAME, REMOVED, REQUIRED, Row, Sent};

/// The defaults of a password policy.
const PASSWORD_POLICY: &str = r#"{"MinimumLength":8,"RequireUppercase":true,"RequireLowercase":true,"RequireNumbers":true,"RequireSymbols":true,"TemporaryPasswordValidityDays":7}"#;
const SIGN_IN_POLICY: &str = r#"{"AllowedFirstAuthFactors":["PASSWORD"]}"#;
const POLICIES: &str = r#"{"PasswordPolicy":{"MinimumLength":8,"RequireUppercase":true,"RequireLowercase":true,"RequireNumbers":true,"RequireSymbols":true,"TemporaryPasswordValidityDays":7},"SignInPolicy":{"AllowedFirstAuthFactors":["PASSWORD"]}}"#;

/// How users of a new pool recover their accounts (measured on pools of 2024 and 2026).
const RECOVERY: &str =
    r#"[{"Name":"verified_email","Priority":1},{"Name":"verified_phone_number","Priority":2}]"#;
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
        REQUIRED,
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
        .always_sent(),
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
        .compare(Keyed { key: NAME, order: Some("Priority") })
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
        "Schema",
        "The attributes of users.",
        Impossible("Cognito has no call that removes an attribute"),
        Model,
    )
    .compare(Attributes),
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
    .compare(Set),
    Row::new("UsernameAttributes", "Attributes that users sign in with instead of a user name.", Impossible(FIXED), Model)
        .compare(Set),
    Row::new("UsernameConfiguration", "How user names are compared.", Impossible(FIXED), Model),
    Row::new(
        "UsernameConfiguration.CaseSensitive",
        "Whether user names are case-sensitive.",
        Impossible(FIXED),
        Model,
    ),
];

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
