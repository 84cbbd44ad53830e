use super::planned;
use super::world::{self, idle, plan, plan_with};
use crate::catalogue::Unknown;
use crate::document::Json;
use crate::plan::PlanReport;
use crate::report::json;
use serde_json::json;

/// Plans of every kind: changes of every action and form, findings of every level, with and
/// without a place.
fn every_kind() -> Vec<PlanReport> {
    let omit = "omit: [{ path: Gone, reason: r }]\nsettings: { SmsConfiguration: null, AutoVerifiedAttributes: [email] }";
    let pool = json!({"Name": "p", "New": 1, "LambdaConfig": {"New": [1]}, "SmsConfiguration": {"SnsCallerArn": "a"}});
    vec![
        world::everything(),
        super::risks::plan("password-policy-weaker,trigger-removal@LambdaConfig.PreSignUp"),
        idle("staff"),
        plan_with(pool.clone(), omit, Unknown::Stop),
        plan_with(pool, omit, Unknown::Omit),
        plan(json!({"Name": "p", "Odd": null}), "passthrough: { Fresh: [~, 1.10], Odd: x }"),
        plan(
            json!({"Name": "p", "SmsAuthenticationMessage": "m"}),
            "settings: { SmsAuthenticationMessage: ~ }",
        ),
    ]
}

fn errors(document: &Json) -> Vec<String> {
    let schema: Json = serde_json::from_str(json::PLAN_SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn plans_of_every_kind_fit_the_published_schema() {
    let plans = every_kind();
    let document = planned(&plans.iter().collect::<Vec<_>>());
    assert_eq!(errors(&document), [""; 0]);
    let outcomes: Vec<&Json> =
        document["pools"].as_array().unwrap().iter().map(|pool| &pool["outcome"]).collect();
    assert_eq!(outcomes, ["refused", "refused", "unchanged", "refused", "refused", "update", "update"]);
    assert_eq!(errors(&planned(&[])), [""; 0]);
}

/// So that the schema cannot lag behind what is printed.
#[test]
fn a_member_that_the_schema_does_not_name_is_refused_at_every_depth() {
    fn objects(value: &Json, at: &str, out: &mut Vec<String>) {
        match value {
            Json::Object(members) => {
                out.push(at.to_owned());
                let values = members.iter().filter(|(name, _)| !["before", "after"].contains(&name.as_str()));
                values.for_each(|(name, value)| objects(value, &format!("{at}/{name}"), out));
            }
            Json::Array(elements) => {
                elements.iter().enumerate().for_each(|(n, value)| objects(value, &format!("{at}/{n}"), out));
            }
            _ => {}
        }
    }
    let plans = every_kind();
    let document = planned(&plans.iter().collect::<Vec<_>>());
    let mut places = Vec::new();
    objects(&document, "", &mut places);
    assert!(places.len() > 50);
    for place in places {
        let mut more = document.clone();
        more.pointer_mut(&place).unwrap()["extra"] = json!(1);
        assert_ne!(errors(&more), [""; 0], "{place}");
    }
}

#[test]
fn a_change_says_where_it_is_and_who_asks_for_it() {
    let plan = plan(
        json!({"Name": "p", "AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 2}]}}),
        "settings:\n  AccountRecoverySetting: { RecoveryMechanisms: [ { Name: verified_email, Priority: 1 } ] }\npassthrough: { Wide: 12345678901234567890123 }",
    );
    let document = planned(&[&plan]);
    assert_eq!(
        document["pools"][0]["changes"][0],
        json!({
            "path": ["AccountRecoverySetting", "RecoveryMechanisms", "verified_email", "Priority"],
            "path_text": "AccountRecoverySetting.RecoveryMechanisms[verified_email].Priority",
            "action": "update", "before": 2, "after": 1, "sensitive": false,
            "source": {"file": "pools/customers.yaml", "line": 4, "column": 49},
        })
    );
    assert_eq!(document["pools"][0]["changes"][1]["after"].to_string(), "12345678901234567890123");
    assert_eq!(
        document["pools"][0]["steps"],
        json!([{
            "operation": "UpdateUserPool",
            "changes": ["AccountRecoverySetting.RecoveryMechanisms[verified_email].Priority", "Wide"],
        }])
    );
    assert_eq!(document["summary"]["changes"], 2);
    assert_eq!(document["applyable"], true);
}

#[test]
fn a_sensitive_change_has_no_values() {
    let document = planned(&[&world::everything()]);
    let changes = document["pools"][0]["changes"].as_array().unwrap();
    let secret = changes.iter().find(|change| change["sensitive"] == true).unwrap();
    assert_eq!(secret["path_text"], "SmsConfiguration.ExternalId");
    assert_eq!(secret["action"], "update");
    assert!(secret.get("before").is_none() && secret.get("after").is_none());
    assert!(!document.to_string().contains("-secret"));
}
