//! Sessions: whether Cognito tracks the sessions of users, and how many a user may have.

use crate::catalogue::calls;
use crate::catalogue::resource::Resource;
use crate::catalogue::table::Evidence::{Docs, Model};
use crate::catalogue::table::Removal::{Impossible, Send};
use crate::catalogue::table::Row;
use crate::document::DocumentId;

/// Sessions. Every pool has them, even if no call has set them; a request has every member.
pub(super) static SESSIONS: Resource = Resource {
    document: DocumentId::SESSIONS,
    read: &calls::GET_USER_POOL_SESSION_CONFIGURATION,
    update: &calls::SET_USER_POOL_SESSION_CONFIGURATION,
    branch: Some("sessionConfiguration"),
    // Cognito refuses the sessions of app clients while the pool does not track sessions. **\[D\]**
    off: Some(("UserSessionTracking", "DISABLED")),
    rows: ROWS,
    ..Resource::IN_POOL
};

/// The settings, one row each.
static ROWS: &[Row] = &[
    Row::new(
        "",
        "Whether Cognito tracks the sessions of users, and how many a user may have.",
        Impossible(
            "its members are declared one by one, and `UserSessionTracking: DISABLED` ends all tracking",
        ),
        Docs,
    ),
    Row::new(
        "UserSessionTracking",
        "Whether Cognito tracks sessions: users and administrators can then list and end them one by one.",
        Send("\"DISABLED\""),
        Docs,
    )
    .default("\"DISABLED\""),
    Row::new("TokenSession", "The limits of sessions with tokens.", Send("{\"MaxPerUser\":20}"), Docs),
    Row::new(
        "TokenSession.MaxPerUser",
        "The most sessions that a user may have at the same time.",
        Send("20"),
        Model,
    )
    .default("20"),
];
