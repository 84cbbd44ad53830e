//! Sessions of an app client: how long single sign-on lasts.

use super::clients::CLIENTS;
use crate::catalogue::calls::{self, POOL_ID};
use crate::catalogue::resource::Resource;
use crate::catalogue::table::Evidence::{Docs, Model};
use crate::catalogue::table::Removal::{Impossible, Send};
use crate::catalogue::table::Row;
use crate::document::DocumentId;

/// The sessions of an app client. Every client has them, even if no call has set them; a request has every member.
pub(super) static CLIENT_SESSIONS: Resource = Resource {
    document: DocumentId::CLIENT_SESSIONS,
    hangs_on: Some(&CLIENTS),
    read: &calls::GET_USER_POOL_CLIENT_SESSION_CONFIGURATION,
    update: &calls::SET_USER_POOL_CLIENT_SESSION_CONFIGURATION,
    address: &[POOL_ID, "ClientId"],
    branch: Some("sessionConfiguration"),
    rows: ROWS,
    ..Resource::IN_POOL
};

/// The settings, one row each.
static ROWS: &[Row] = &[
    Row::new(
        "",
        "How long users of this application stay signed in. It has an effect while the pool tracks sessions.",
        Impossible("its members are declared one by one"),
        Docs,
    ),
    Row::new("SSOSession", "The limits of single sign-on.", Send("{\"MaxValidityMinutes\":60}"), Docs),
    Row::new(
        "SSOSession.MaxValidityMinutes",
        "How long a session of single sign-on is valid, in minutes.",
        Send("60"),
        Model,
    )
    .default("60"),
];
