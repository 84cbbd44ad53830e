//! What `CreateUserPool` makes.

use serde_json::json;

use super::answer::Refusal;
use super::state::State;
use super::{fills, ids, mirrors, omission, schema};
use crate::document::{Document, Json, Object};
use crate::shapes::Shapes;

/// A new pool with what the service fills in, before any rule is asked.
pub(super) fn apply(
    request: &Object,
    shapes: &Shapes,
    region: &str,
    account: &str,
) -> Result<(String, State), Refusal> {
    let id = ids::pool_id(region);
    let mut pool = Document::from(request.clone());
    let schema = pool.take("Schema");
    let asked = schema.as_ref().and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    pool.insert("SchemaAttributes", Json::Array(schema::of_new_pool(asked)?));
    let name = pool.take("PoolName").unwrap_or_default();
    pool.insert("Name", name);
    pool.insert("Id", json!(id));
    pool.insert("Arn", json!(ids::pool_arn(region, account, &id)));
    let now = ids::now();
    pool.insert("CreationDate", now.clone());
    pool.insert("LastModifiedDate", now);
    fills::apply(&mut pool, request, region);
    for (member, value) in DEFAULTS {
        if !pool.has(member) {
            pool.insert(member, value());
        }
    }
    if let Some(Json::Object(policies)) = pool.get_mut("Policies") {
        policies.entry("PasswordPolicy").or_insert_with(omission::password_policy);
        policies.entry("SignInPolicy").or_insert_with(omission::sign_in_policy);
    }
    mirrors::after_write(&mut pool, request);
    let mut state = State::of_pool(in_the_models_order(pool.to_object(), shapes, "UserPoolType"));
    mirrors::mfa_after_write(&mut state);
    Ok((id, state))
}

type DefaultValue = fn() -> Json;

/// What a bare pool reads back. **\[L\]**
const DEFAULTS: &[(&str, DefaultValue)] = &[
    ("Policies", || json!({})),
    ("DeletionProtection", || json!("INACTIVE")),
    ("LambdaConfig", || json!({})),
    ("VerificationMessageTemplate", || json!({"DefaultEmailOption": "CONFIRM_WITH_CODE"})),
    ("UserAttributeUpdateSettings", || json!({"AttributesRequireVerificationBeforeUpdate": []})),
    ("MfaConfiguration", || json!("OFF")),
    ("EstimatedNumberOfUsers", || json!(0)),
    ("EmailConfiguration", || json!({"EmailSendingAccount": "COGNITO_DEFAULT"})),
    ("UserPoolTags", || json!({})),
    ("AdminCreateUserConfig", || json!({"AllowAdminCreateUserOnly": false})),
    ("AccountRecoverySetting", omission::account_recovery),
    ("UserPoolTier", || json!("ESSENTIALS")),
    ("KeyConfiguration", || json!({"KeyType": "AWS_OWNED_KEY"})),
    ("IssuerConfiguration", || json!({"Type": "ORIGINAL"})),
];

/// The members in the order of a read; members that the model does not know come last.
pub(super) fn in_the_models_order(mut document: Object, shapes: &Shapes, shape: &str) -> Object {
    let mut ordered = Object::new();
    for (member, _) in shapes.get(shape).map_or(&[][..], |shape| shape.members) {
        if let Some(value) = document.shift_remove(*member) {
            ordered.insert((*member).to_owned(), value);
        }
    }
    ordered.extend(document);
    ordered
}

#[cfg(test)]
mod tests {
    use super::super::case::at;
    use super::*;

    fn created(request: Json) -> State {
        let request = request.as_object().unwrap();
        apply(request, &Shapes::bundled(), "eu-west-1", "111122223333").unwrap().1
    }

    #[test]
    fn a_bare_pool_reads_back_what_amazon_fills_in() {
        let state = created(json!({"PoolName": "bare"}));
        let pool = &state.pool;
        for (member, value) in [
            ("Name", json!("bare")),
            ("DeletionProtection", json!("INACTIVE")),
            ("MfaConfiguration", json!("OFF")),
            ("LambdaConfig", json!({})),
            ("UserPoolTier", json!("ESSENTIALS")),
            ("EmailConfiguration", json!({"EmailSendingAccount": "COGNITO_DEFAULT"})),
            (
                "AdminCreateUserConfig",
                json!({"AllowAdminCreateUserOnly": false, "UnusedAccountValidityDays": 7}),
            ),
        ] {
            assert_eq!(pool.get(member), Some(&value), "{member}");
        }
        assert_eq!(at(pool, "Policies.PasswordPolicy.RequireSymbols"), Some(&json!(true)));
        assert_eq!(pool.get("SchemaAttributes").and_then(Json::as_array).unwrap().len(), 20);
        assert!(!pool.has("DeviceConfiguration") && !pool.has("AcrConfiguration"));
        assert_eq!(state.mfa.unwrap()["MfaConfiguration"], json!("OFF"));
    }

    #[test]
    fn a_policy_given_in_part_turns_the_rest_off() {
        let pool = created(json!({"PoolName": "a", "Policies": {"PasswordPolicy": {"MinimumLength": 10}}}))
            .pool
            .to_object();
        assert_eq!(pool["Policies"]["PasswordPolicy"]["RequireSymbols"], json!(false));
        assert_eq!(pool["Policies"]["SignInPolicy"], json!({"AllowedFirstAuthFactors": ["PASSWORD"]}));
    }

    #[test]
    fn a_member_newer_than_the_model_is_kept() {
        let pool = created(json!({"Newer": {"x": 1}, "PoolName": "a"})).pool.to_object();
        assert_eq!(pool["Newer"], json!({"x": 1}));
        assert_eq!(pool.keys().next_back().unwrap(), "Newer");
    }
}
