//! App clients: an update resets most of what it leaves out.

use serde_json::json;

use super::answer::Refusal;
use super::client_rules::{self, PUBLISH};
use super::ids;
use super::keyed::{CollectionRow, KeyedVerb, KeyedWrite, ListForm};
use super::omission::{OmissionRow, Omitted, both, reset, survives};
use super::state::Collection;
use crate::document::{Json, Object};

use Omitted::{Keep, Remove};

/// App clients.
pub(super) const CLIENTS: CollectionRow = CollectionRow {
    collection: Collection::Clients,
    operations: &[
        ("CreateUserPoolClient", KeyedVerb::Create),
        ("DescribeUserPoolClient", KeyedVerb::Read),
        ("UpdateUserPoolClient", KeyedVerb::Update),
        ("DeleteUserPoolClient", KeyedVerb::Delete),
        ("ListUserPoolClients", KeyedVerb::List),
    ],
    shape: "UserPoolClientType",
    wrapper: "UserPoolClient",
    list: ListForm {
        member: "UserPoolClients",
        members: Some(&["ClientId", "UserPoolId", "ClientName"]),
        filter: Some("ClientType"),
        ..ListForm::PAGED
    },
    // [D]
    most: 1_000,
    new_key: Some(ids::client_id),
    // [R]
    missing: |_, key, _| Refusal::missing(format!("User pool client {key} does not exist.")),
    omitted: |name, mode| {
        let row = OMISSIONS.iter().find(|row| row.member == name);
        row.map_or(&Remove, |row| row.omitted(mode))
    },
    fill: filled,
    shown,
    rules: client_rules::RULES,
    ..CollectionRow::PLAIN
};

/// What `UpdateUserPoolClient` makes of each member that it leaves out. Nobody has measured the raw API. What was
/// seen to stay was seen through Cloud Control, which also keeps members of a pool that the raw API resets.
static OMISSIONS: [OmissionRow; 22] = [
    both("ClientName", Keep, "[C] a name has no default"),
    survives("RefreshTokenValidity", reset(|| json!(30)), "[C] stays through Cloud Control"),
    both("AccessTokenValidity", Remove, "[D] unmeasured"),
    both("IdTokenValidity", Remove, "[D] unmeasured"),
    both("TokenValidityUnits", reset(|| json!({})), "[D] unmeasured"),
    both("ReadAttributes", Remove, "[R] resets to the default"),
    both("WriteAttributes", Remove, "[R] resets to the default"),
    both("ExplicitAuthFlows", Remove, "[R] resets to the default"),
    both("SupportedIdentityProviders", Remove, "[R] resets to none"),
    both("CallbackURLs", Remove, "[R] resets to none"),
    both("LogoutURLs", Remove, "[R] resets to none"),
    both("DefaultRedirectURI", Remove, "[R] resets to none"),
    both("AllowedOAuthFlows", Remove, "[R] resets to none"),
    both("AllowedOAuthScopes", Remove, "[R] resets to none"),
    both("AllowedOAuthFlowsUserPoolClient", reset(|| json!(false)), "[R] resets to false"),
    both("AnalyticsConfiguration", Remove, "[D] unmeasured"),
    both("PreventUserExistenceErrors", reset(|| json!("LEGACY")), "[D] unmeasured"),
    survives("EnableTokenRevocation", reset(|| json!(true)), "[C] stays through Cloud Control"),
    both("EnablePropagateAdditionalUserContextData", reset(|| json!(false)), "[D] unmeasured"),
    survives("AuthSessionValidity", reset(|| json!(3)), "[C] stays through Cloud Control"),
    both("RefreshTokenRotation", reset(no_rotation), "[R] once it was set, a read shows it for ever"),
    both(PUBLISH, Keep, "[D] documented to stay"),
];

type DefaultMember = (&'static str, fn() -> Json);

/// What a bare client reads back. **\[L\]**
const DEFAULTS: &[DefaultMember] = &[
    ("RefreshTokenValidity", || json!(30)),
    ("TokenValidityUnits", || json!({})),
    ("AllowedOAuthFlowsUserPoolClient", || json!(false)),
    ("EnableTokenRevocation", || json!(true)),
    ("EnablePropagateAdditionalUserContextData", || json!(false)),
    ("AuthSessionValidity", || json!(3)),
];

/// Lists that are sets. They come back sorted **\[L\]**, that of providers by inference **\[I\]**.
const SETS: [&str; 8] = [
    "ReadAttributes",
    "WriteAttributes",
    "ExplicitAuthFlows",
    "SupportedIdentityProviders",
    "CallbackURLs",
    "LogoutURLs",
    "AllowedOAuthFlows",
    "AllowedOAuthScopes",
];

fn no_rotation() -> Json {
    json!({"Feature": "DISABLED", "RetryGracePeriodSeconds": 0})
}

/// A client as `DescribeUserPoolClient` shows it. An older client may lack what a read always has.
fn shown(client: &mut Object) {
    client.entry("ClientType").or_insert_with(|| json!("REGULAR"));
    client.entry("RefreshTokenValidity").or_insert_with(|| json!(30));
    for name in SETS {
        if let Some(Json::Array(elements)) = client.get_mut(name) {
            elements.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
            elements.dedup();
        }
    }
}

/// Writes what the service adds to a client.
fn filled(write: &KeyedWrite<'_>, client: &mut Object) {
    if write.before.is_none() {
        for (member, value) in DEFAULTS {
            client.entry(*member).or_insert_with(value);
        }
    }
    // An empty list is the default, which a read does not show. [D] for attributes, [I] for the others.
    for name in SETS {
        if client.get(name).and_then(Json::as_array).is_some_and(Vec::is_empty) {
            client.shift_remove(name);
        }
    }
    zero_is_thirty_days(client);
    if let Some(Json::Object(rotation)) = client.get_mut("RefreshTokenRotation") {
        // [R] when it is off; [I] when it is on and has none.
        let grace = rotation.get("RetryGracePeriodSeconds").cloned();
        let is_off = rotation.get("Feature") == Some(&json!("DISABLED"));
        let grace = grace.filter(|_| !is_off).unwrap_or_else(|| json!(0));
        rotation.insert("RetryGracePeriodSeconds".to_owned(), grace);
    }
    if let Some(Json::Object(analytics)) = client.get_mut("AnalyticsConfiguration")
        && analytics.contains_key("ApplicationArn")
    {
        // [C] that it is filled; which role it is [I].
        analytics.entry("RoleArn").or_insert_with(|| json!(analytics_role(write)));
    }
    keep_secret(write, client);
}

/// 0 is stored as 30 days, whatever its unit. **\[D\]**
fn zero_is_thirty_days(client: &mut Object) {
    if client.get("RefreshTokenValidity").and_then(Json::as_i64) == Some(0) {
        client.insert("RefreshTokenValidity".to_owned(), json!(30));
        if let Some(Json::Object(units)) = client.get_mut("TokenValidityUnits") {
            units.shift_remove("RefreshToken");
        }
    }
}

/// The service's own role.
fn analytics_role(write: &KeyedWrite<'_>) -> String {
    const ROLE: &str = "role/aws-service-role/cognito-idp.amazonaws.com/AWSServiceRoleForAmazonCognitoIdp";
    ids::arn("iam", "", account(write), ROLE)
}

fn account<'a>(write: &'a KeyedWrite<'_>) -> &'a str {
    let arn = write.live.pool.get("Arn").and_then(Json::as_str);
    arn.and_then(ids::account_of).unwrap_or(ids::DEFAULT_ACCOUNT)
}

/// Makes a secret, and keeps it where the request says. With a secret in Secrets Manager a read has its ARN in
/// its place. A secret that comes back from there is a new one. **\[D\]**
fn keep_secret(write: &KeyedWrite<'_>, client: &mut Object) {
    let flag = |name: &str| write.request.get(name).and_then(Json::as_bool);
    if write.before.is_none() && flag("GenerateSecret") == Some(true) {
        client.insert("ClientSecret".to_owned(), json!(ids::client_secret()));
    }
    match flag(PUBLISH) {
        Some(true) if client.shift_remove("ClientSecret").is_some() => {
            let region = ids::region_of(write.pool_id).unwrap_or(ids::DEFAULT_REGION);
            let id = client.get("ClientId").and_then(Json::as_str).unwrap_or_default();
            let arn = ids::arn("secretsmanager", region, account(write), &format!("secret/cognito/{id}"));
            client.insert("ClientSecretArn".to_owned(), json!(arn));
        }
        Some(false) if client.shift_remove("ClientSecretArn").is_some() => {
            client.insert("ClientSecret".to_owned(), json!(ids::client_secret()));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::Shapes;

    #[test]
    fn every_member_of_the_update_has_a_row_and_no_other_has() {
        let shapes = Shapes::bundled();
        let update = shapes.input("UpdateUserPoolClient").unwrap();
        let members = update.members.iter().map(|(member, _)| *member);
        let members: Vec<&str> =
            members.filter(|member| !matches!(*member, "UserPoolId" | "ClientId")).collect();
        let rows: Vec<&str> = OMISSIONS.iter().map(|row| row.member).collect();
        assert_eq!(rows, members);
    }
}
