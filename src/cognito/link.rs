use std::sync::Arc;

use aws_sdk_cognitoidentityprovider as cognito;

use super::Retry;
use super::event::Observer;
use super::identity::Identity;
use super::pace::Pace;
use super::site::CallSite;

/// What readers and writers of a session share.
pub(super) struct Link {
    pub(super) cognito: cognito::Client,
    pub(super) retry: Retry,
    pub(super) pace: Arc<Pace>,
    pub(super) observer: Observer,
    pub(super) identity: Arc<Identity>,
    pub(super) region: String,
}

impl Link {
    /// Where a call is made, for the texts of its errors.
    pub(super) fn place<'a>(&'a self, operation: &'static str, pool: Option<&'a str>) -> CallSite<'a> {
        self.identity.place(operation, pool, Some(&self.region))
    }
}
