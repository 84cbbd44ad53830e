//! What is read of a pool to be reported only: no call of poolctl changes it. Saved documents have none of it.

use serde_json::json;

use super::call;
use super::error::{CallError, ErrorKind};
use super::pages::Pages;
use super::read::Reader;
use crate::catalogue::{Listing, POOL_ID, Resource, calls};
use crate::document::{Json, Object};

impl Reader {
    /// The replicas of a pool, its own Region among them.
    ///
    /// # Errors
    /// Any failure of a call; an answer without the list.
    pub async fn replicas(&self, pool: &str) -> Result<Vec<Object>, CallError> {
        let Some(link) = self.link() else { return Ok(Vec::new()) };
        Pages { listing: &Listing::REPLICAS, pool: Some(pool), instead: None }.items(link).await
    }

    /// How many app clients of a pool registered themselves.
    ///
    /// # Errors
    /// Any failure of a call; an answer without the list.
    pub async fn registered(&self, pool: &str) -> Result<usize, CallError> {
        let (Some(link), Some((_, listing))) = (self.link(), Resource::of_registered()) else { return Ok(0) };
        let registered = Pages { listing, pool: Some(pool), instead: listing.registered };
        Ok(registered.items(link).await?.len())
    }

    /// The secrets of an app client, without their values; none if the service refuses to list them, as it may for a
    /// client without a secret.
    ///
    /// # Errors
    /// Any other failure of the call.
    pub async fn client_secrets(&self, pool: &str, client: &str) -> Result<Vec<Object>, CallError> {
        let (Some(link), Some((_, listing))) = (self.link(), Resource::of_registered()) else {
            return Ok(Vec::new());
        };
        let request = json!({ POOL_ID: pool, listing.key: client }).to_string();
        let call = &calls::LIST_USER_POOL_CLIENT_SECRETS;
        let mut answer = match call::make(link, call, Some(pool), request.into()).await {
            Err((_, error)) if error.kind() == ErrorKind::Refused => return Ok(Vec::new()),
            done => done.map_err(|(_, error)| error)?.document,
        };
        let secrets = answer.shift_remove("ClientSecrets");
        let secrets = secrets.as_ref().and_then(Json::as_array).into_iter().flatten();
        Ok(secrets.filter_map(|secret| secret.as_object().cloned()).collect())
    }
}
