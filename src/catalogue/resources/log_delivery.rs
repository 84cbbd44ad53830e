//! Log delivery: where Cognito sends errors of messages, and the activity of users.

use crate::catalogue::calls;
use crate::catalogue::resource::Resource;
use crate::catalogue::table::Compare::Keyed;
use crate::catalogue::table::Evidence::{Docs, Live, Model};
use crate::catalogue::table::Removal::{Impossible, Omit, Send};
use crate::catalogue::table::{REMOVED, Row};
use crate::document::DocumentId;

/// Log delivery. Every pool has it, with an empty list at first.
pub(super) static LOG_DELIVERY: Resource = Resource {
    document: DocumentId::LOG_DELIVERY,
    read: &calls::GET_LOG_DELIVERY_CONFIGURATION,
    answer: Some("LogDeliveryConfiguration"),
    update: &calls::SET_LOG_DELIVERY_CONFIGURATION,
    branch: Some("logDelivery"),
    rows: ROWS,
    ..Resource::IN_POOL
};

/// The settings, one row each.
static ROWS: &[Row] = &[
    Row::new(
        "",
        "Where Cognito sends its logs: errors of messages, and the activity of users.",
        Impossible("its members are declared one by one, and `LogConfigurations: []` ends all delivery"),
        Docs,
    ),
    Row::new(
        "LogConfigurations",
        "Where each kind of log goes, one entry for each `EventSource`. An empty list sends none.",
        Send("[]"),
        Live,
    )
    .compare(Keyed { key: "EventSource", order: None })
    .falls_to(REMOVED),
    Row::new("LogConfigurations[]", "Where one kind of log goes.", Omit, Docs),
    Row::new(
        "LogConfigurations[].EventSource",
        "What is logged: messages that could not be sent (`userNotification`), or the activity of users (`userAuthEvents`, on PLUS).",
        Omit,
        Docs,
    ),
    Row::new(
        "LogConfigurations[].LogLevel",
        "How much is logged: `ERROR` for `userNotification`, `INFO` for `userAuthEvents`.",
        Omit,
        Docs,
    ),
    Row::new(
        "LogConfigurations[].CloudWatchLogsConfiguration",
        "The log group that receives the logs.",
        Omit,
        Model,
    ),
    Row::new(
        "LogConfigurations[].CloudWatchLogsConfiguration.LogGroupArn",
        "The log group, in the pool's account and Region, not encrypted with a KMS key.",
        Omit,
        Docs,
    ),
    Row::new("LogConfigurations[].S3Configuration", "The bucket that receives the logs.", Omit, Model),
    Row::new("LogConfigurations[].S3Configuration.BucketArn", "The bucket.", Omit, Model),
    Row::new("LogConfigurations[].FirehoseConfiguration", "The stream that receives the logs.", Omit, Model),
    Row::new("LogConfigurations[].FirehoseConfiguration.StreamArn", "The stream.", Omit, Model),
];
