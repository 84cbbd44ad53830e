//! Risk configuration: what threat protection does about risks that it finds, in a pool or in an app client.

use super::clients::CLIENTS;
use crate::catalogue::calls::{self, POOL_ID};
use crate::catalogue::resource::{Resource, UnsetAnswer};
use crate::catalogue::table::Compare::Set;
use crate::catalogue::table::Evidence::{Docs, Live, Model};
use crate::catalogue::table::Removal::{Impossible, Omit, Send};
use crate::catalogue::table::{REQUIRED, Row};
use crate::document::DocumentId;

/// The risk configuration of a pool. What a request leaves out returns to Cognito's default. **\[D\]**
pub(super) static RISK: Resource = Resource { document: DocumentId::RISK, ..OF_ANY };

/// The risk configuration of an app client. A client without one has the pool's; a request without members returns it
/// to that **\[D\]**, and the read may then answer with the pool's **\[I\]**.
pub(super) static CLIENT_RISK: Resource =
    Resource { document: DocumentId::CLIENT_RISK, hangs_on: Some(&CLIENTS), inherits: true, ..OF_ANY };

/// What both have in common. The calls are about the pool if they name no app client. A pool without threat protection
/// has none: the read is refused. **\[M\]**
const OF_ANY: Resource = Resource {
    read: &calls::DESCRIBE_RISK_CONFIGURATION,
    answer: Some("RiskConfiguration"),
    update: &calls::SET_RISK_CONFIGURATION,
    address: &[POOL_ID, "ClientId"],
    branch: Some("riskConfiguration"),
    nothing: UnsetAnswer::Exception("UserPoolAddOnNotEnabledException"),
    unset_while: Some(("UserPoolAddOns.AdvancedSecurityMode", "OFF")),
    rows: ROWS,
    ..Resource::IN_POOL
};

const NOTIFY: &str = "Whether Cognito sends the user a message.";
const ACTION: &str = "What Cognito does: it blocks the sign-in, requires a second factor, requires one from users who have one, or does nothing.";
const SUBJECT: &str = "The subject.";
const HTML: &str = "The message as HTML.";
const TEXT: &str = "The message as plain text.";

/// The settings, one row each.
static ROWS: &[Row] = &[
    Row::new(
        "",
        "What threat protection does about stolen passwords, risky sign-ins and addresses. It needs the PLUS tier. An app client that declares a part of it has nothing of the pool's.",
        Impossible("its members are declared one by one, and `null` returns each to Cognito's default"),
        Docs,
    ),
    Row::new(
        "CompromisedCredentialsRiskConfiguration",
        "What happens if a password is known to be stolen.",
        Omit,
        Docs,
    ),
    Row::new(
        "CompromisedCredentialsRiskConfiguration.EventFilter",
        "When passwords are checked.",
        Send("[]"),
        Live,
    )
    .compare(Set)
    .default("[]")
    .means_if_empty("all events")
    .if_empty(&["SIGN_IN", "PASSWORD_CHANGE", "SIGN_UP"]),
    Row::new("CompromisedCredentialsRiskConfiguration.Actions", "What Cognito does.", REQUIRED, Model),
    Row::new(
        "CompromisedCredentialsRiskConfiguration.Actions.EventAction",
        "Whether Cognito blocks the user until the password is changed.",
        REQUIRED,
        Model,
    ),
    Row::new("AccountTakeoverRiskConfiguration", "What happens at sign-ins that look risky.", Omit, Docs),
    Row::new(
        "AccountTakeoverRiskConfiguration.NotifyConfiguration",
        "The messages about risky sign-ins, and their sender.",
        Omit,
        Docs,
    ),
    Row::new("AccountTakeoverRiskConfiguration.NotifyConfiguration.From", "The sender.", Omit, Model),
    Row::new(
        "AccountTakeoverRiskConfiguration.NotifyConfiguration.ReplyTo",
        "The address for answers.",
        Omit,
        Model,
    ),
    Row::new(
        "AccountTakeoverRiskConfiguration.NotifyConfiguration.SourceArn",
        "The identity in Amazon SES, in us-east-1, us-west-2 or eu-west-1.",
        REQUIRED,
        Live,
    ),
    Row::new(
        "AccountTakeoverRiskConfiguration.NotifyConfiguration.BlockEmail",
        "The message about a sign-in that was blocked.",
        Omit,
        Docs,
    ),
    Row::new(
        "AccountTakeoverRiskConfiguration.NotifyConfiguration.BlockEmail.Subject",
        SUBJECT,
        REQUIRED,
        Model,
    ),
    Row::new("AccountTakeoverRiskConfiguration.NotifyConfiguration.BlockEmail.HtmlBody", HTML, Omit, Model),
    Row::new("AccountTakeoverRiskConfiguration.NotifyConfiguration.BlockEmail.TextBody", TEXT, Omit, Model),
    Row::new(
        "AccountTakeoverRiskConfiguration.NotifyConfiguration.NoActionEmail",
        "The message about a sign-in that was allowed.",
        Omit,
        Docs,
    ),
    Row::new(
        "AccountTakeoverRiskConfiguration.NotifyConfiguration.NoActionEmail.Subject",
        SUBJECT,
        REQUIRED,
        Model,
    ),
    Row::new(
        "AccountTakeoverRiskConfiguration.NotifyConfiguration.NoActionEmail.HtmlBody",
        HTML,
        Omit,
        Model,
    ),
    Row::new(
        "AccountTakeoverRiskConfiguration.NotifyConfiguration.NoActionEmail.TextBody",
        TEXT,
        Omit,
        Model,
    ),
    Row::new(
        "AccountTakeoverRiskConfiguration.NotifyConfiguration.MfaEmail",
        "The message about a sign-in that needed a second factor.",
        Omit,
        Docs,
    ),
    Row::new(
        "AccountTakeoverRiskConfiguration.NotifyConfiguration.MfaEmail.Subject",
        SUBJECT,
        REQUIRED,
        Model,
    ),
    Row::new("AccountTakeoverRiskConfiguration.NotifyConfiguration.MfaEmail.HtmlBody", HTML, Omit, Model),
    Row::new("AccountTakeoverRiskConfiguration.NotifyConfiguration.MfaEmail.TextBody", TEXT, Omit, Model),
    Row::new(
        "AccountTakeoverRiskConfiguration.Actions",
        "What happens at each level of risk. A level that a request leaves out returns to Cognito's default.",
        REQUIRED,
        Model,
    ),
    Row::new("AccountTakeoverRiskConfiguration.Actions.LowAction", "What happens at a low risk.", Omit, Docs),
    Row::new("AccountTakeoverRiskConfiguration.Actions.LowAction.Notify", NOTIFY, REQUIRED, Model),
    Row::new("AccountTakeoverRiskConfiguration.Actions.LowAction.EventAction", ACTION, REQUIRED, Model),
    Row::new(
        "AccountTakeoverRiskConfiguration.Actions.MediumAction",
        "What happens at a medium risk.",
        Omit,
        Docs,
    ),
    Row::new("AccountTakeoverRiskConfiguration.Actions.MediumAction.Notify", NOTIFY, REQUIRED, Model),
    Row::new("AccountTakeoverRiskConfiguration.Actions.MediumAction.EventAction", ACTION, REQUIRED, Model),
    Row::new(
        "AccountTakeoverRiskConfiguration.Actions.HighAction",
        "What happens at a high risk.",
        Omit,
        Docs,
    ),
    Row::new("AccountTakeoverRiskConfiguration.Actions.HighAction.Notify", NOTIFY, REQUIRED, Model),
    Row::new("AccountTakeoverRiskConfiguration.Actions.HighAction.EventAction", ACTION, REQUIRED, Model),
    Row::new(
        "RiskExceptionConfiguration",
        "The addresses that are always blocked, or never judged.",
        Omit,
        Docs,
    ),
    Row::new(
        "RiskExceptionConfiguration.BlockedIPRangeList",
        "The ranges, in CIDR notation, from which nobody can sign in.",
        Send("[]"),
        Live,
    )
    .compare(Set)
    .default("[]"),
    Row::new(
        "RiskExceptionConfiguration.SkippedIPRangeList",
        "The ranges, in CIDR notation, from which no sign-in is judged.",
        Send("[]"),
        Live,
    )
    .compare(Set)
    .default("[]"),
];
