//! Each resource of the catalogue, in every command: a pool that has them all is imported, explained, planned, changed in
//! each of them, proved, compared, adopted and restored.

use std::collections::BTreeSet;

use poolctl::catalogue::RESOURCES;
use serde_json::{Map, Value, json};

use super::clients::{WEB, world_with};
use super::whole::everything;
use crate::harness::Output;
use crate::harness::world::{POOL, World};

/// A change of one resource: its pattern in the catalogue, the text of the imported manifest that changes and its new
/// text, the setting that changes, and the call that makes the change.
struct Row(&'static str, [&'static str; 2], &'static str, &'static str);

const ROWS: &[Row] = &[
    Row("", ["PoolName: customers\n", "PoolName: clients\n"], "PoolName", "UpdateUserPool"),
    Row(
        "",
        ["UserVerification: preferred\n", "UserVerification: required\n"],
        "WebAuthnConfiguration.UserVerification",
        "SetUserPoolMfaConfig",
    ),
    Row(
        "resourceServers.*",
        ["Name: stock\n", "Name: Stock\n"],
        "resourceServers.stock.Name",
        "UpdateResourceServer",
    ),
    Row(
        "identityProviders.*",
        ["saml.example.com/metadata", "saml.example.com/other"],
        "identityProviders.Okta.ProviderDetails.MetadataURL",
        "UpdateIdentityProvider",
    ),
    Row(
        "clients.*",
        ["AuthSessionValidity: 5\n", "AuthSessionValidity: 6\n"],
        "clients.kiosk.AuthSessionValidity",
        "UpdateUserPoolClient",
    ),
    Row(
        "clients.*.riskConfiguration",
        ["198.51.100.0/24", "198.51.100.0/23"],
        "clients.web.riskConfiguration.RiskExceptionConfiguration.BlockedIPRangeList",
        "SetRiskConfiguration",
    ),
    Row(
        "clients.*.branding",
        ["borderRadius: 8\n", "borderRadius: 12\n"],
        "clients.web.branding.Settings.components.form.borderRadius",
        "UpdateManagedLoginBranding",
    ),
    Row(
        "clients.*.termsOfUse",
        ["https://use.example.com/", "https://use.example.com/en"],
        "clients.web.termsOfUse.Links.cognito:default",
        "UpdateTerms",
    ),
    Row(
        "clients.*.privacyPolicy",
        ["https://privacy.example.com/", "https://privacy.example.com/en"],
        "clients.web.privacyPolicy.Links.cognito:default",
        "UpdateTerms",
    ),
    Row(
        "groups.*",
        ["Description: staff\n", "Description: all of us\n"],
        "groups.staff.Description",
        "UpdateGroup",
    ),
    Row(
        "domains.*",
        ["ManagedLoginVersion: 2\n", "ManagedLoginVersion: 1\n"],
        "domains[\"login.example.com\"].ManagedLoginVersion",
        "UpdateUserPoolDomain",
    ),
    Row(
        "clients.*.uiCustomization",
        ["color: green", "color: white"],
        "clients.web.uiCustomization.CSS",
        "SetUICustomization",
    ),
    Row(
        "cimdPolicies.*",
        ["CacheDuration: 604800\n", "CacheDuration: 700000\n"],
        "cimdPolicies.partners.CacheDuration",
        "UpdateCIMDPolicy",
    ),
    Row("uiCustomization", ["color: red", "color: blue"], "uiCustomization.CSS", "SetUICustomization"),
    Row(
        "riskConfiguration",
        ["203.0.113.0/24", "203.0.113.0/23"],
        "riskConfiguration.RiskExceptionConfiguration.BlockedIPRangeList",
        "SetRiskConfiguration",
    ),
    Row(
        "sessionConfiguration",
        ["MaxPerUser: 5\n", "MaxPerUser: 4\n"],
        "sessionConfiguration.TokenSession.MaxPerUser",
        "SetUserPoolSessionConfiguration",
    ),
    Row(
        "clients.*.sessionConfiguration",
        ["MaxValidityMinutes: 30\n", "MaxValidityMinutes: 20\n"],
        "clients.web.sessionConfiguration.SSOSession.MaxValidityMinutes",
        "SetUserPoolClientSessionConfiguration",
    ),
    Row(
        "logDelivery",
        ["log-group:a", "log-group:b"],
        "logDelivery.LogConfigurations[userNotification].CloudWatchLogsConfiguration.LogGroupArn",
        "SetLogDeliveryConfiguration",
    ),
];

const ALLOWED: &str = "--allow=provider-trust-change,threat-response-weaker,login-version,log-destination-change,passkey-verification-weaker";

/// The rest of what may live in a pool.
fn all(document: &mut Map<String, Value>) {
    everything(document);
    let ui = |css: &str| json!({"UserPoolId": POOL, "ClientId": "ALL", "CSS": format!(".banner-customizable {{ color: {css} }}"), "CSSVersion": "1"});
    let of_client = |mut one: Value| {
        one["ClientId"] = json!(WEB);
        json!([one])
    };
    let terms = |id: u32, name: &str, link: &str| {
        json!({
            "UserPoolId": POOL, "ClientId": WEB, "TermsId": format!("{id}1111111-1111-4111-8111-111111111111"),
            "TermsName": name, "TermsSource": "LINK", "Enforcement": "NONE", "Links": {"cognito:default": link},
        })
    };
    let passkeys = json!({
        "RelyingPartyId": "login.example.com", "UserVerification": "preferred", "FactorConfiguration": "SINGLE_FACTOR",
    });
    let beside = json!({
        "MfaConfig": {"MfaConfiguration": "OFF", "WebAuthnConfiguration": passkeys},
        "UICustomization": ui("red"),
        "ClientUICustomizations": of_client(ui("green")),
        "ClientRiskConfigurations": of_client(json!({"UserPoolId": POOL, "RiskExceptionConfiguration": {"BlockedIPRangeList": ["198.51.100.0/24"]}})),
        "Terms": [
            terms(1, "terms-of-use", "https://use.example.com/"),
            terms(2, "privacy-policy", "https://privacy.example.com/"),
        ],
        "CIMDPolicies": [{
            "UserPoolId": POOL, "CIMDPolicyId": "1partners", "ClientId": WEB, "PolicyName": "partners",
            "CacheDuration": 604_800, "URLPatterns": ["https://*.partner.example.com/*"],
        }],
    });
    document.extend(beside.as_object().cloned().unwrap());
}

fn text(world: &World, file: &str) -> String {
    std::fs::read_to_string(world.workspace.path().join(file)).unwrap()
}

/// The paths of the changes in a report for programs.
fn changed(report: &Output) -> BTreeSet<String> {
    let report = report.json();
    let changes = report["pools"][0]["changes"].as_array().cloned().unwrap_or_default();
    changes.iter().map(|change| change["path_text"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_resource_has_its_row() {
    let rows: Vec<&str> = ROWS.iter().map(|row| row.0).collect();
    let known: Vec<String> = RESOURCES.iter().map(|resource| resource.pattern()).collect();
    assert_eq!(rows, known);
    let calls: Vec<bool> =
        RESOURCES.iter().zip(ROWS).map(|(known, row)| known.update.name == row.3).collect();
    assert!(calls.iter().all(|is_its| *is_its), "{calls:?}");
}

#[test]
fn each_resource_is_explained_and_in_the_schema() {
    let workspace = crate::harness::Workspace::new();
    let schema = workspace.poolctl(["schema"]).output().expect(0).json();
    for resource in RESOURCES.iter().filter(|resource| resource.branch.is_some()) {
        let pattern = resource.pattern();
        let page = workspace.poolctl(["explain", &pattern]).output().expect(0);
        assert!(page.stdout.starts_with(&pattern), "{page}");
        let at = pattern.split('.').fold(&schema, |at, name| match name {
            "*" => &at["additionalProperties"],
            name => &at["properties"][name],
        });
        assert!(at.is_object(), "{pattern} is not in the schema");
    }
}

#[test]
fn each_resource_is_imported_planned_written_once_proved_compared_adopted_and_restored() {
    let world = world_with(&[], &[], "", all);
    world.run(&["import", POOL, "-o", "pools"]).output().expect(0);
    let file = "pools/customers.yaml";
    let imported = text(&world, file);
    world.run(&["plan", "--detailed-exitcode", "pools"]).output().expect(0);
    let wanted = ROWS.iter().fold(imported.clone(), |manifest, Row(_, [old, new], ..)| {
        assert!(manifest.contains(old), "{old:?} is not in\n{manifest}");
        manifest.replacen(old, new, 1)
    });
    world.workspace.write(file, &wanted);
    let expected: BTreeSet<String> = ROWS.iter().map(|row| row.2.to_owned()).collect();

    // What is read, from the pool and from saved documents, and what is needed to write it.
    let planned = world.run(&["plan", "--format", "json", "pools"]).output().expect(3);
    assert_eq!(changed(&planned), expected, "{planned}");
    world.run(&["snapshot", "-o", "saved", "pools"]).output().expect(0);
    let saved = world.workspace.poolctl(["plan", "--live", "saved", "--format", "json", "pools"]).output();
    assert_eq!(changed(&saved), expected, "{saved}");
    let policy = world.run(&["iam-policy", "pools"]).output().expect(0);
    for resource in RESOURCES {
        for call in resource.reads().chain([resource.update]) {
            assert!(
                policy.stdout.contains(&format!("cognito-idp:{}\"", call.name)),
                "{}: {policy}",
                call.name
            );
        }
    }

    // What is written, and proved.
    world.run(&["apply", "--yes", "--settle", "0", ALLOWED, "pools"]).output().expect(0);
    for Row(.., call) in ROWS {
        let documents = ROWS.iter().filter(|row| row.3 == *call).count();
        assert_eq!(world.calls(call), u64::try_from(documents).unwrap(), "{call}");
    }
    world.run(&["plan", "--detailed-exitcode", "pools"]).output().expect(0);

    // The manifest of before is compared, takes the live values over, and gets them undone.
    world.workspace.write(file, &imported);
    let drift = world.run(&["drift", "--format", "json", "pools"]).output().expect(2);
    assert_eq!(changed(&drift), expected, "{drift}");
    world.run(&["adopt", "pools"]).output().expect(0);
    world.run(&["plan", "--detailed-exitcode", "pools"]).output().expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    let restored = world.run(&["restore", "--yes", "--settle", "0", ALLOWED, "--format", "json", &backup]);
    assert_eq!(changed(&restored.output().expect(0)), expected);
    world.run(&["import", POOL, "-o", "again"]).output().expect(0);
    assert_eq!(text(&world, "again/customers.yaml"), imported);
}
