//! What a pool has that no call of poolctl changes: its replicas, and the secrets of its app clients.

use serde_json::json;

use super::answer::Refusal;
use super::state::{Collection, State};
use crate::document::{Json, Object};

/// The answer of `ListUserPoolReplicas`. Every pool has one in its own Region only. **\[I\]**
pub(super) fn replicas(state: &State, region: &str) -> Json {
    let arn = state.pool.get("Arn").cloned();
    json!({"UserPoolReplicas": [{"RegionName": region, "Status": "ACTIVE", "Role": "PRIMARY", "UserPoolArn": arn}]})
}

/// The answer of `ListUserPoolClientSecrets`: the secret that the client was made with, without its value. The form of
/// its id is documented. **\[D\]** A client without a secret has an empty list. **\[I\]**
pub(super) fn secrets(state: &State, request: &Object) -> Result<Json, Refusal> {
    let id = request.get("ClientId").and_then(Json::as_str).unwrap_or_default();
    let clients = state.collections.get(&Collection::Clients);
    let client = clients.and_then(|clients| clients.get(id)).and_then(Json::as_object);
    let client = client.ok_or_else(|| Refusal::missing(format!("User pool client {id} does not exist.")))?;
    let has = |member: &str| client.get(member).is_some_and(|value| !value.is_null());
    let made = client.get("CreationDate").and_then(Json::as_f64).unwrap_or_default();
    let secret = json!({"ClientSecretId": format!("{id}--{made:.0}"), "ClientSecretCreateDate": made});
    let secrets = if has("ClientSecret") || has("ClientSecretArn") { vec![secret] } else { Vec::new() };
    Ok(json!({"ClientSecrets": secrets}))
}
