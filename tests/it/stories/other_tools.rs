//! Coming from Terraform, CloudFormation, the CDK and Pulumi: `import` takes the pools that a file of theirs names, and
//! says how the tool lets go of them; a manifest in another tool's words is set right.

use std::fs;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::world::World;
use crate::harness::{Output, Workspace};

/// The pool of the files in `tests/fixtures/other-tools`.
const POOL: &str = "eu-west-1_Ab12Cd34E";
const WEB: &str = "1a2b3c4d5e6f7g8h9i0jklmnop";
const SERVICE: &str = "9z8y7x6w5v4u3t2s1r0qponmlk";
/// No file names this one.
const MANUAL: &str = "5manual5manual5manual5manu";

fn fixture(name: &str) -> Vec<u8> {
    fs::read(format!("{}/tests/fixtures/other-tools/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The account of the files: the pool with two of their app clients, and one that somebody made by hand.
fn account() -> World {
    let workspace = Workspace::new();
    let client = |id: &str, name: &str| {
        json!({"UserPoolId": POOL, "ClientId": id, "ClientName": name, "RefreshTokenValidity": 30,
            "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]})
    };
    let mut service = client(SERVICE, "orders-service");
    service["ClientSecret"] = json!("themachinessecretthatnobodyshows");
    let document = json!({
        "UserPool": {"Id": POOL, "Name": "customers", "DeletionProtection": "ACTIVE",
            "Arn": format!("arn:aws:cognito-idp:eu-west-1:111122223333:userpool/{POOL}"),
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true}},
        "UserPoolClients": [client(WEB, "acme-web"), service, client(MANUAL, "by-hand")],
        "ResourceServers": [{"UserPoolId": POOL, "Identifier": "https://orders.acme.example", "Name": "orders", "Scopes": []}],
        "Groups": [{"UserPoolId": POOL, "GroupName": "admins", "Precedence": 1}],
    });
    workspace.write(&format!("seed/{POOL}.json"), document.to_string());
    for name in [
        "terraform.tfstate",
        "list-stack-resources.json",
        "cloudformation.template.yaml",
        "pulumi-export.json",
    ] {
        workspace.write(name, fixture(name));
    }
    World::over(workspace, &[])
}

fn import(world: &World, more: &[&str]) -> Output {
    world.run(&[&["import"], more].concat()).output()
}

fn manifest(world: &World) -> String {
    fs::read_to_string(world.workspace.path().join("pools/customers.yaml")).unwrap()
}

#[test]
fn a_state_becomes_manifests_with_an_empty_plan_and_the_blocks_that_let_go() {
    let world = account();
    let output = import(&world, &["--from-terraform", "terraform.tfstate"]).expect(0);
    assert_snapshot!("terraform", output);
    let text = manifest(&world);
    // Terraform knows the client as `web`, and the service as `acme-web`.
    assert!(text.contains(&format!("  web:\n    id: {WEB}\n    ClientName: acme-web\n")), "{text}");
    assert!(text.contains(&format!("  orders-service:\n    id: {SERVICE}\n")), "{text}");
    assert!(text.contains(&format!("  by-hand:\n    id: {MANUAL}\n")), "{text}");
    world.run(&["plan", "--detailed-exitcode"]).output().expect(0);
    let called = world.called();
    assert!(
        called.iter().all(|call| ["Describe", "Get", "List"].iter().any(|read| call.starts_with(read))),
        "{called:?}"
    );
}

#[test]
fn no_secret_of_a_file_is_printed_or_written() {
    for arguments in [
        &["--from-terraform", "terraform.tfstate"][..],
        &["--from-pulumi", "pulumi-export.json"],
        &["--from-terraform", "terraform.tfstate", "-o", "-"],
    ] {
        let world = account();
        let output = import(&world, arguments).expect(0);
        let mut seen = vec![format!("{output}")];
        let pools = world.workspace.path().join("pools");
        let files = fs::read_dir(pools).into_iter().flatten().map(|file| file.unwrap().path());
        seen.extend(files.filter(|file| file.is_file()).map(|file| fs::read_to_string(file).unwrap()));
        for text in seen {
            for secret in ["NOTREAL", "not-a-real", "not-real", "themachinessecret"] {
                assert!(!text.contains(secret), "{arguments:?}: {text}");
            }
        }
    }
}

#[test]
fn a_stack_and_its_template_become_a_manifest() {
    let world = account();
    let both = [
        "--from-cloudformation",
        "list-stack-resources.json",
        "--from-cloudformation",
        "cloudformation.template.yaml",
    ];
    let output = import(&world, &both).expect(0);
    assert!(
        output.stderr.contains("  WebClient:\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n"),
        "{output}"
    );
    assert!(output.stderr.contains("the output WebClientId"), "{output}");
    assert!(manifest(&world).contains(&format!("  WebClient:\n    id: {WEB}\n")));
    world.run(&["plan", "--detailed-exitcode"]).output().expect(0);
    // The list alone is enough.
    import(&world, &["--force", "--from-cloudformation", "list-stack-resources.json"]).expect(0);
    world.run(&["plan", "--detailed-exitcode"]).output().expect(0);
}

#[test]
fn a_state_from_a_pipe_leaves_no_file() {
    let world = account();
    let run = world.run(&["import", "--from-terraform", "-"]);
    let output = run.stdin(fixture("terraform.tfstate")).output().expect(0);
    assert!(output.stderr.contains("from = module.auth.aws_cognito_user_pool.customers\n"), "{output}");
    let output = world.run(&["import", "--from-terraform", "-"]).stdin("{\"a\": 1}").output().expect(1);
    assert!(output.stderr.contains("error: <stdin> is not a state of Terraform\n"), "{output}");
}

#[test]
fn an_export_of_pulumi_becomes_a_manifest() {
    let world = account();
    let output = import(&world, &["--from-pulumi", "pulumi-export.json"]).expect(0);
    assert!(output.stderr.contains("\npulumi state delete 'urn:pulumi:prod::"), "{output}");
    assert!(manifest(&world).contains(&format!("  web:\n    id: {WEB}\n")));
    world.run(&["plan", "--detailed-exitcode"]).output().expect(0);
}

#[test]
fn what_is_not_imported_is_not_let_go() {
    let world = account();
    let output = import(&world, &["--from-terraform", "terraform.tfstate", "--only", "clients"]).expect(0);
    assert!(output.stderr.contains("from = module.auth.aws_cognito_user_pool_client.this\n"), "{output}");
    assert!(!output.stderr.contains("aws_cognito_user_pool.customers"), "{output}");
    assert!(!manifest(&world).contains("settings:"));
}

#[test]
fn a_label_that_another_client_has_as_its_name_is_not_taken() {
    let world = account();
    let state = String::from_utf8(fixture("terraform.tfstate")).unwrap();
    world
        .workspace
        .write("terraform.tfstate", state.replace(r#""index_key": "web""#, r#""index_key": "by-hand""#));
    import(&world, &["--from-terraform", "terraform.tfstate"]).expect(0);
    let text = manifest(&world);
    assert!(text.contains(&format!("  acme-web:\n    id: {WEB}\n")), "{text}");
    assert!(text.contains(&format!("  by-hand:\n    id: {MANUAL}\n")), "{text}");
}

#[test]
fn files_that_cannot_be_used_say_what_to_do_and_nothing_is_written() {
    let world = account();
    world.workspace.write("tofu.tfstate", fixture("tofu-encrypted.tfstate"));
    world.workspace.write("main.tf", "resource \"aws_cognito_user_pool\" \"a\" {\n  name = \"a\"\n}\n");
    let gone = String::from_utf8(fixture("terraform.tfstate")).unwrap().replace(POOL, "eu-west-1_Gone00000");
    world.workspace.write("gone.tfstate", gone);
    let mut told = String::new();
    for arguments in [
        &["--from-terraform", "tofu.tfstate"][..],
        &["--from-terraform", "main.tf"],
        &["--from-terraform", "missing.tfstate"],
        &["--from-terraform", "list-stack-resources.json"],
        &["--from-terraform", "gone.tfstate"],
        &["--from-cloudformation", "cloudformation.template.yaml"],
        &["--from-pulumi", "terraform.tfstate"],
    ] {
        let output = import(&world, arguments).expect(1);
        told += &format!("$ poolctl import {}\n{}", arguments.join(" "), output.stderr);
    }
    assert!(!world.workspace.path().join("pools").exists());
    assert_snapshot!("unusable", told);
}

/// The messages and remedies of a manifest's mistakes.
fn mistakes(body: &str) -> String {
    fn collect(value: &Value, told: &mut String) {
        match value {
            Value::Object(members) => {
                if let (Some(Value::String(message)), Some(Value::String(help))) =
                    (members.get("message"), members.get("help"))
                {
                    *told += &format!("{message}\n    {help}\n");
                }
                members.values().for_each(|value| collect(value, told));
            }
            Value::Array(elements) => elements.iter().for_each(|value| collect(value, told)),
            _ => {}
        }
    }
    let workspace = Workspace::new();
    workspace.write("pool.yaml", format!("version: 1\npool: {POOL}\n{body}"));
    let output = workspace.poolctl(["validate", "--format", "json", "pool.yaml"]).output().expect(1);
    let mut told = String::new();
    collect(&output.json(), &mut told);
    assert!(!told.is_empty(), "{output}");
    told
}

#[test]
fn a_manifest_in_the_words_of_terraform_is_set_right() {
    assert_snapshot!(
        "names_terraform",
        mistakes(
            "settings:
  name: customers
  password_policy: { minimum_length: 12 }
  account_recovery_setting: { recovery_mechanism: [] }
  email_configuration: { from_email_address: a@example.com }
  lambda_config: { kms_key_id: k, custom_sms_sender: { lambda_arn: a } }
  tags: { team: identity }
  estimated_number_of_users: 3
  endpoint: x
clients:
  web:
    name: web
    user_pool_id: x
    callback_urls: ['https://app.example.com']
    logout_ur_ls: ['https://app.example.com']
    token_validity_units: { access_token: minutes }
    lifecycle: {}
    generte_secret: true
    zebra: 1
    removes: true
identityProviders: { Corp: { provider_name: Corp, provider_type: OIDC } }
resourceServers: { orders: { identifier: orders, scope: [] } }
groups: { admins: { name: admins, role_arn: x } }
domains: { acme: { certificate_arn: x } }
riskConfiguration: { client_id: x, risk_exception_configuration: {} }
user_pool_clients: {}
"
        )
    );
}

#[test]
fn a_manifest_in_the_words_of_cloudformation_and_the_cdk_is_set_right() {
    assert_snapshot!(
        "names_cloudformation",
        mistakes(
            "settings:
  UserPoolName: customers
  EnabledMfas: [SOFTWARE_TOKEN_MFA]
  WebAuthnRelyingPartyID: example.com
  DeletionPolicy: Retain
  selfSignUpEnabled: true
  ProviderURL: x
clients:
  web: { UserPoolId: x, userPoolClientName: web, authFlows: {}, oAuth: {}, disableOAuth: true }
groups: { admins: { GroupName: admins, UserPoolId: x } }
UserPoolClients: {}
"
        )
    );
}
