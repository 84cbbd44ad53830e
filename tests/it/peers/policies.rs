//! Policies in Rego over a plan's values, judged by two engines that others wrote.

use std::fs;

use serde_json::{Value, json};

use crate::harness::Output;
use crate::harness::peers::judge_plan;
use crate::harness::world::{POOL, World};

/// The quickstart's pool with an app client.
fn world() -> World {
    World::with(&[], |document| {
        document["UserPool"]["SmsConfiguration"]["ExternalId"] = json!("canary-7d1f");
        document["UserPoolClients"] = json!([{
            "UserPoolId": POOL, "ClientId": "1abcdefghijklmnopqrstuvwx1", "ClientName": "web",
            "AllowedOAuthFlows": ["code", "implicit"], "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthScopes": ["openid"], "CallbackURLs": ["https://app.example.com/"],
            "SupportedIdentityProviders": ["COGNITO"],
        }]);
    })
}

fn manifest(settings: &str, flows: &str) -> String {
    format!(
        "version: 1\npool: {POOL}\nsettings: {{ {settings} }}\nclients:\n  web:\n    id: 1abcdefghijklmnopqrstuvwx1\n    {flows}\n"
    )
}

const WEAK: (&str, &str) = ("LambdaConfig: { PreSignUp: null }", "LogoutURLs: [https://app.example.com/bye]");
const STRONG: (&str, &str) = ("DeletionProtection: ACTIVE", "AllowedOAuthFlows: [code]");

fn plan(world: &World, (settings, flows): (&str, &str), more: &[&str]) -> Output {
    world.workspace.write("pool.yaml", manifest(settings, flows));
    world.run(&[&["plan", "--format", "json", "pool.yaml"], more].concat()).output()
}

/// What the example's policy denies, by each engine.
fn denied(world: &World, plan: &str) -> Vec<String> {
    world.workspace.write("judged.json", plan);
    let found = judge_plan(&world.workspace, "judged.json", "examples/policies/cognito.rego");
    assert_eq!(found["rego-cpp"], found["regorus"], "the engines agree");
    serde_json::from_value(found["regorus"].clone()).unwrap()
}

#[test]
fn a_policy_denies_what_a_plan_leaves_open_and_what_it_removes() {
    let world = world();
    let weak = plan(&world, WEAK, &["--planned-values", "--allow", "trigger-removal"]).expect(0);
    let expected = [
        "pool.yaml: DeletionProtection is not ACTIVE",
        "pool.yaml: the app client web allows the implicit flow",
        "pool.yaml: the trigger LambdaConfig.PreSignUp is removed",
    ];
    assert_eq!(denied(&world, &weak.raw), expected);
    // The same of a saved plan, which an apply takes as it was judged, and of what is shown of it.
    let save = ["--planned-values", "--allow", "trigger-removal", "--save", "plan.json"];
    plan(&world, WEAK, &save).expect(0);
    assert_eq!(
        denied(&world, &fs::read_to_string(world.workspace.path().join("plan.json")).unwrap()),
        expected
    );
    let shown = world.run(&["show", "--format", "json", "plan.json"]).output().expect(0);
    assert_eq!(denied(&world, &shown.raw), expected);
    let strong = plan(&world, STRONG, &["--planned-values"]).expect(0);
    assert_eq!(denied(&world, &strong.raw), [""; 0]);
    // A job that forgets the option does not pass.
    let without = plan(&world, STRONG, &[]).expect(0);
    assert_eq!(without.json()["pools"][0].get("planned_values"), None);
    let found = denied(&world, &without.raw);
    assert!(found.len() == 1 && found[0].contains("use --planned-values"), "{found:?}");
    let wrong = plan(&world, ("DeletionProtection: MAYBE", "{}"), &["--planned-values"]).expect(1);
    assert_ne!(denied(&world, &wrong.raw), [""; 0]);
}

#[test]
fn planned_values_are_the_pool_as_it_will_be_without_what_is_secret_or_not_sent() {
    let world = world();
    // To leave out a member that is live is a risk, which blocks; the values are there all the same.
    let output = plan(&world, STRONG, &["--planned-values", "--unknown", "omit"]).expect(3);
    assert!(!output.raw.contains("canary-7d1f"), "{output}");
    let schema: Value = serde_json::from_str(include_str!("../../../schemas/plan.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert_eq!(
        validator.iter_errors(&output.json()).map(|error| error.to_string()).collect::<Vec<_>>(),
        [""; 0]
    );
    let values = &output.json()["pools"][0]["planned_values"];
    assert_eq!(values["DeletionProtection"], "ACTIVE");
    assert_eq!(values["Policies"]["PasswordPolicy"]["MinimumLength"], 8, "what stays is there too");
    assert_eq!(
        values["MfaConfiguration"], "OPTIONAL",
        "so is the MFA document, which no other plan of this reads"
    );
    assert_eq!(values["SmsConfiguration"]["ExternalId"], "(withheld by poolctl)");
    assert_eq!(values["LambdaConfig"].get("RiskScoring"), None, "nobody knows what becomes of it");
    assert_eq!(values["clients"]["web"]["AllowedOAuthFlows"], json!(["code"]));
    assert_eq!(values["clients"]["web"]["CallbackURLs"], json!(["https://app.example.com/"]));
    // Each change leads to its value.
    for change in output.json()["pools"][0]["changes"].as_array().unwrap() {
        let path: Vec<&str> =
            change["path"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        assert_eq!(values.pointer(&format!("/{}", path.join("/"))), Some(&change["after"]), "{path:?}");
    }
}
