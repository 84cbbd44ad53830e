//! The effect of `UpdateUserPool` on a pool: every member is replaced, including omitted members.

use super::Omission;
use super::case::Named as _;
use super::omission::{self, OmissionRow, outcome, replace};
use super::state::State;
use super::{fills, mirrors};
use crate::document::{Document, Json, Object, json};
use crate::shapes::Shapes;

/// The pool after the update, before anything is refused.
pub(super) fn apply(live: &State, request: &Object, mode: Omission, shapes: &Shapes, region: &str) -> State {
    let mut after = live.clone();
    let pool = &mut after.pool;
    for row in omission::ROWS.iter().filter(|row| !row.member.starts_with("Policies.")) {
        replace(pool, row.read_name(), request.named(row.member), row.omitted(mode));
    }
    policies(pool, request.get("Policies"), mode);
    strangers(pool, request, shapes);
    keep_aws_tags(pool, &live.pool);
    fills::apply(pool, request, region);
    mirrors::after_write(pool, request);
    mirrors::mfa_after_write(&mut after);
    after
}

/// The halves of `Policies` are replaced each on its own; a half unknown to the model falls away.
fn policies(pool: &mut Document, sent: Option<&Json>, mode: Omission) {
    let sent = sent.and_then(Json::as_object);
    let (live, none) = (pool.get("Policies"), Object::new());
    let kept = match live {
        Some(Json::Object(kept)) => kept,
        None if sent.is_some() => &none,
        _ => return,
    };
    let sent = sent.unwrap_or(&none);
    let rows: Vec<(&str, &OmissionRow)> =
        omission::ROWS.iter().filter_map(|row| Some((row.member.strip_prefix("Policies.")?, row))).collect();
    let row = |name: &str| rows.iter().find(|(half, _)| *half == name);
    let half = |name: &str| match row(name) {
        // [L] An empty `SignInPolicy` keeps its factors; that the other half does the same is inferred [I].
        Some((_, row)) => {
            let sent = sent.get(name).filter(|value| mode != Omission::Measured || !is_empty(value));
            outcome(kept.get(name), sent, row.omitted(mode))
        }
        None => sent.get(name),
    };
    let unknown = sent.keys().map(String::as_str).filter(|name| row(name).is_none());
    let new = rows.iter().map(|(name, _)| *name).chain(unknown).filter(|name| !kept.contains_key(*name));
    let names = kept.keys().map(String::as_str).chain(new);
    let after: Vec<(&str, &Json)> = names.filter_map(|name| Some((name, half(name)?))).collect();
    let is_kept = |((name, value), (half, kept)): (&(&str, &Json), (&String, &Json))| {
        name == half && json::identical(kept, value)
    };
    if live.is_none() || after.len() != kept.len() || !after.iter().zip(kept).all(is_kept) {
        let after = after.into_iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
        pool.insert("Policies", after);
    }
}

fn is_empty(value: &Json) -> bool {
    value.as_object().is_some_and(Object::is_empty)
}

/// Members newer than the model: replaced when sent, gone when left out. What the model knows and the
/// update does not take is read-only: kept, and ignored when sent. **\[I\]**
fn strangers(pool: &mut Document, request: &Object, shapes: &Shapes) {
    let read = shapes.get("UserPoolType").map_or(&[][..], |shape| shape.members);
    let read_only = |name: &str| {
        matches!(name, "UserPoolId" | "Schema") || read.iter().any(|(member, _)| *member == name)
    };
    let known = |name: &str| name == "Policies" || omission::row(name).is_some() || read_only(name);
    pool.retain(|name, _| known(name) || request.contains_key(name));
    for (name, value) in request.iter().filter(|(name, _)| !known(name)) {
        pool.insert(name, value.clone());
    }
}

/// The service's own tags are not the caller's to take away. **\[L\]**
fn keep_aws_tags(pool: &mut Document, before: &Document) {
    let Some(Json::Object(before)) = before.get("UserPoolTags") else { return };
    for (key, value) in before.iter().filter(|(key, _)| key.starts_with("aws:")) {
        let kept = pool.get("UserPoolTags").and_then(|tags| tags.get(key));
        if kept != Some(value)
            && let Some(Json::Object(tags)) = pool.get_mut("UserPoolTags")
        {
            tags.insert(key.clone(), value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A pool with something in every member that the story needs.
    fn rich() -> Json {
        json!({
            "Id": "eu-west-1_abc",
            "Name": "customers",
            "Policies": {
                "PasswordPolicy": {"MinimumLength": 12, "TemporaryPasswordValidityDays": 3},
                "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]},
                "NewHalf": {"x": 1}
            },
            "DeletionProtection": "ACTIVE",
            "LambdaConfig": {"PreSignUp": "arn"},
            "AliasAttributes": ["email"],
            "AutoVerifiedAttributes": ["email"],
            "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
            "MfaConfiguration": "ON",
            "DeviceConfiguration": {},
            "EmailConfiguration": {"EmailSendingAccount": "DEVELOPER", "SourceArn": "arn"},
            "SmsConfiguration": {"SnsCallerArn": "arn"},
            "UserPoolTags": {"team": "identity", "aws:owner": "stack"},
            "UserPoolTier": "PLUS",
            "DcrConfiguration": {"EnableStatus": "Enabled"},
            "BrandNew": {"deep": [1.10]}
        })
    }

    fn live() -> State {
        State::of_pool(rich().as_object().cloned().unwrap())
    }

    fn updated(mode: Omission, request: Json) -> Object {
        let request = request.as_object().unwrap();
        apply(&live(), request, mode, &Shapes::bundled(), "eu-west-1").pool.to_object()
    }

    #[test]
    fn an_update_that_says_nothing_loses_what_each_mode_says() {
        let nothing = || json!({"UserPoolId": "eu-west-1_abc"});
        let documented = updated(Omission::Documented, nothing());
        let measured = updated(Omission::Measured, nothing());
        let gone = Json::Null;
        for (member, in_documented, in_measured) in [
            ("LambdaConfig", json!({}), json!({})),
            ("AutoVerifiedAttributes", gone.clone(), gone.clone()),
            ("DeviceConfiguration", gone.clone(), gone.clone()),
            ("DeletionProtection", json!("INACTIVE"), json!("ACTIVE")),
            ("MfaConfiguration", json!("OFF"), json!("ON")),
            (
                "UserPoolTags",
                json!({"aws:owner": "stack"}),
                json!({"team": "identity", "aws:owner": "stack"}),
            ),
            (
                "EmailConfiguration",
                json!({"EmailSendingAccount": "COGNITO_DEFAULT"}),
                json!({"EmailSendingAccount": "COGNITO_DEFAULT"}),
            ),
            ("BrandNew", gone.clone(), gone.clone()),
            ("UserPoolTier", json!("PLUS"), json!("PLUS")),
            ("SmsConfiguration", json!({"SnsCallerArn": "arn"}), json!({"SnsCallerArn": "arn"})),
            ("Name", json!("customers"), json!("customers")),
            ("AliasAttributes", json!(["email"]), json!(["email"])),
            ("AccountRecoverySetting", gone.clone(), gone.clone()),
        ] {
            let shown = |pool: &Object| pool.get(member).cloned().unwrap_or_default();
            assert_eq!(shown(&documented), in_documented, "{member}, documented");
            assert_eq!(shown(&measured), in_measured, "{member}, measured");
        }
        let required = |pool: &Object| {
            pool["UserAttributeUpdateSettings"]["AttributesRequireVerificationBeforeUpdate"].clone()
        };
        assert_eq!((required(&documented), required(&measured)), (json!([]), json!(["email"])));
        assert_eq!(documented["Policies"]["PasswordPolicy"], omission::password_policy());
        assert_eq!(measured["Policies"]["PasswordPolicy"], rich()["Policies"]["PasswordPolicy"]);
    }

    #[test]
    fn the_built_in_sender_stays_where_an_update_does_not_name_it() {
        let mut live = live();
        let built_in =
            json!({"EmailSendingAccount": "COGNITO_DEFAULT", "ReplyToEmailAddress": "a@example.com"});
        live.pool.insert("EmailConfiguration", built_in.clone());
        let email = |mode| {
            let after = apply(&live, &Object::new(), mode, &Shapes::bundled(), "eu-west-1");
            after.pool.get("EmailConfiguration").cloned()
        };
        assert_eq!(email(Omission::Measured), Some(built_in));
        assert_eq!(email(Omission::Documented), Some(json!({"EmailSendingAccount": "COGNITO_DEFAULT"})));
    }

    #[test]
    fn each_half_of_the_policies_goes_its_own_way() {
        let only_password = json!({"Policies": {"PasswordPolicy": {"MinimumLength": 20}}});
        let measured = updated(Omission::Measured, only_password.clone());
        assert_eq!(measured["Policies"]["PasswordPolicy"]["MinimumLength"], json!(20));
        assert_eq!(measured["Policies"]["SignInPolicy"], rich()["Policies"]["SignInPolicy"]);
        assert!(measured["Policies"].get("NewHalf").is_none());
        let documented = updated(Omission::Documented, only_password);
        assert_eq!(documented["Policies"]["SignInPolicy"], omission::sign_in_policy());
        let empty = json!({"Policies": {"SignInPolicy": {}}});
        assert_eq!(
            updated(Omission::Measured, empty)["Policies"]["SignInPolicy"],
            measured["Policies"]["SignInPolicy"]
        );
        let new = updated(Omission::Measured, json!({"Policies": {"NewHalf": {"x": 2}}}));
        assert_eq!(new["Policies"]["NewHalf"], json!({"x": 2}));
    }

    #[test]
    fn a_member_newer_than_the_model_is_kept_when_it_is_sent_back() {
        let pool = updated(Omission::Documented, json!({"BrandNew": {"deep": [1.10]}, "Newer": 1}));
        assert_eq!(pool["BrandNew"].to_string(), r#"{"deep":[1.1]}"#);
        assert_eq!(pool["Newer"], json!(1));
    }

    #[test]
    fn what_is_read_only_is_ignored_and_a_name_is_taken() {
        let pool =
            updated(Omission::Documented, json!({"AliasAttributes": [], "Arn": "x", "PoolName": "new"}));
        assert_eq!(pool["AliasAttributes"], json!(["email"]));
        assert!(!pool.contains_key("Arn") && !pool.contains_key("PoolName"));
        assert_eq!(pool["Name"], json!("new"));
    }

    #[test]
    fn what_an_update_does_not_change_is_shared_with_the_pool_before() {
        let live = live();
        let request = json!({
            "DeletionProtection": "INACTIVE", "AutoVerifiedAttributes": ["email"],
            "EmailConfiguration": {"EmailSendingAccount": "DEVELOPER", "SourceArn": "arn"},
            "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
            "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}, "NewHalf": {"x": 1}}
        });
        let request = request.as_object().unwrap();
        let after = apply(&live, request, Omission::Measured, &Shapes::bundled(), "eu-west-1");
        let changed: Vec<&str> = live.pool.beside(&after.pool).map(|(name, ..)| name).collect();
        assert_eq!(changed, ["DeletionProtection", "LambdaConfig", "DeviceConfiguration", "BrandNew"]);
    }

    #[test]
    fn inside_a_structure_nothing_is_merged() {
        let pool = updated(Omission::Measured, json!({"LambdaConfig": {"PostConfirmation": "arn2"}}));
        assert_eq!(pool["LambdaConfig"], json!({"PostConfirmation": "arn2"}));
    }
}
