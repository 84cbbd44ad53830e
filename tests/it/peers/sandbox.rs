//! Clients that others wrote against poolctl's own sandbox, and poolctl beside them.

use serde_json::json;

use crate::harness::peers::{self, RichPool, describe, differences};
use crate::harness::{Output, Server, Workspace};

struct Stage {
    workspace: Workspace,
    sandbox: Server,
    pool: RichPool,
}

impl Stage {
    /// A sandbox with one rich pool in it, made with boto3.
    fn new() -> Self {
        let workspace = Workspace::new();
        let sandbox = Server::sandbox(&workspace, &[]);
        let pool = peers::make_rich_pool_with_sender(sandbox.url());
        Self { workspace, sandbox, pool }
    }

    /// An app client as the service shows it.
    fn client(&self, id: &str) -> serde_json::Value {
        let request = json!({"UserPoolId": self.pool.id, "ClientId": id});
        let shown = peers::call(self.sandbox.url(), "DescribeUserPoolClient", &request).unwrap();
        shown["UserPoolClient"].clone()
    }

    fn shown(&self) -> serde_json::Value {
        describe(self.sandbox.url(), &self.pool.id)
    }
}

#[test]
fn the_aws_cli_renames_the_pool_and_loses_its_triggers() {
    let stage = Stage::new();
    assert_eq!(stage.shown()["pool"]["LambdaConfig"], stage.pool.sent["pool"]["LambdaConfig"]);

    let arguments =
        ["cognito-idp", "update-user-pool", "--user-pool-id", &stage.pool.id, "--pool-name", "clients"];
    let command = stage.workspace.program(peers::aws_cli()).args(arguments).signed();
    command.args(["--endpoint-url", stage.sandbox.url(), "--region", "eu-west-1"]).output().expect(0);

    let after = stage.shown();
    assert_eq!(after["pool"]["Name"], "clients");
    assert_eq!(after["pool"]["LambdaConfig"], json!({}));
}

#[test]
fn boto3_renames_the_pool_and_loses_its_triggers() {
    let stage = Stage::new();
    let request = json!({"UserPoolId": stage.pool.id, "PoolName": "clients"});
    peers::call(stage.sandbox.url(), "UpdateUserPool", &request).unwrap();

    let after = stage.shown();
    assert_eq!(after["pool"]["Name"], "clients");
    assert_eq!(after["pool"]["LambdaConfig"], json!({}));
}

#[test]
fn poolctl_renames_the_pool_and_loses_nothing() {
    let stage = Stage::new();
    let before = stage.shown();
    let manifest = format!("version: 1\npool: {}\nsettings:\n  PoolName: clients\n", stage.pool.id);
    stage.workspace.write("pool.yaml", manifest);
    let arguments = ["apply", "pool.yaml", "--yes", "--endpoint-url", stage.sandbox.url()];
    stage.workspace.poolctl(arguments).signed().output().expect(0);

    let mut expected = before;
    expected["pool"]["Name"] = json!("clients");
    assert_eq!(differences(&expected, &stage.shown(), &["/pool/LastModifiedDate"]), Vec::<String>::new());
}

/// An app client with what somebody set once, in a sandbox: where it is, its id, and how it is shown.
fn client_stage() -> (Stage, String, serde_json::Value) {
    let stage = Stage::new();
    let request = json!({
        "UserPoolId": stage.pool.id, "ClientName": "web", "AuthSessionValidity": 3,
        "CallbackURLs": ["https://app.example.com/callback"], "LogoutURLs": ["https://app.example.com/bye"],
        "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"], "AllowedOAuthFlowsUserPoolClient": true,
        "SupportedIdentityProviders": ["COGNITO"], "PreventUserExistenceErrors": "ENABLED",
    });
    let made = peers::call(stage.sandbox.url(), "CreateUserPoolClient", &request).unwrap();
    let id = made["UserPoolClient"]["ClientId"].as_str().unwrap().to_owned();
    let shown = stage.client(&id);
    (stage, id, shown)
}

#[test]
fn boto3_changes_one_setting_of_a_client_and_loses_its_callback_urls() {
    let (stage, id, before) = client_stage();
    assert_eq!(before["CallbackURLs"], json!(["https://app.example.com/callback"]));
    let request = json!({"UserPoolId": stage.pool.id, "ClientId": id, "AuthSessionValidity": 5});
    peers::call(stage.sandbox.url(), "UpdateUserPoolClient", &request).unwrap();
    let after = stage.client(&id);
    assert_eq!(after["AuthSessionValidity"], 5);
    for gone in [
        "CallbackURLs",
        "LogoutURLs",
        "AllowedOAuthFlows",
        "AllowedOAuthScopes",
        "SupportedIdentityProviders",
    ] {
        let is_empty = after[gone].as_array().is_none_or(Vec::is_empty);
        assert!(is_empty, "{gone}: {after}");
    }
    assert_eq!(after["PreventUserExistenceErrors"], "LEGACY");
}

#[test]
fn poolctl_changes_one_setting_of_a_client_and_nothing_else() {
    let (stage, id, before) = client_stage();
    let manifest = format!(
        "version: 1\npool: {}\nclients: {{ web: {{ id: {id}, AuthSessionValidity: 5 }} }}\n",
        stage.pool.id
    );
    stage.workspace.write("pool.yaml", manifest);
    let arguments = ["apply", "pool.yaml", "--yes", "--endpoint-url", stage.sandbox.url()];
    stage.workspace.poolctl(arguments).signed().output().expect(0);
    let mut expected = before;
    expected["AuthSessionValidity"] = json!(5);
    assert_eq!(differences(&expected, &stage.client(&id), &["/LastModifiedDate"]), Vec::<String>::new());
}

/// The quickstart's pool in a sandbox, without what the AWS CLI does not know and what poolctl does not print.
fn plain_stage() -> (Workspace, Server) {
    let seed = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    let mut live: serde_json::Value = serde_json::from_str(seed).unwrap();
    // The CLI refuses members that it does not know, and poolctl prints no sensitive value.
    live["UserPool"]["LambdaConfig"].as_object_mut().unwrap().shift_remove("RiskScoring").unwrap();
    for sender in ["/UserPool/SmsConfiguration", "/MfaConfig/SmsMfaConfiguration/SmsConfiguration"] {
        live.pointer_mut(sender).unwrap().as_object_mut().unwrap().shift_remove("ExternalId").unwrap();
    }
    let workspace = Workspace::new();
    workspace.write("seed/eu-west-1_a1B2c3D4E.json", live.to_string());
    workspace.write("customers.yaml", include_str!("../../../examples/quickstart/customers.yaml"));
    let sandbox = Server::sandbox(&workspace, &["--seed", "seed"]);
    (workspace, sandbox)
}

fn plan(workspace: &Workspace, sandbox: &Server, manifest: &str, more: &[&str]) -> Output {
    let all = ["plan", manifest, "--endpoint-url", sandbox.url()];
    workspace.poolctl(all.into_iter().chain(more.iter().copied())).signed().output()
}

/// Sends a request with the AWS CLI command that stands between two backticks of a line.
fn send(workspace: &Workspace, sandbox: &Server, line: &str, request: &str) -> Output {
    workspace.write("request.json", request);
    let command = line.split('`').nth(1).unwrap().replace("FILE", "request.json");
    let command = workspace.program(peers::aws_cli()).args(command.split(' ').skip(1)).signed();
    command.args(["--endpoint-url", sandbox.url(), "--region", "eu-west-1"]).output()
}

/// What `--show-request` prints is a request: another client sends it, and the pool is as declared.
#[test]
fn the_aws_cli_sends_the_request_that_poolctl_shows() {
    let (workspace, sandbox) = plain_stage();
    let shown = plan(&workspace, &sandbox, "customers.yaml", &["--show-request"]).expect(0);
    let line = shown.stderr.lines().find(|line| line.starts_with("Request for ")).unwrap();
    send(&workspace, &sandbox, line, &shown.raw).expect(0);
    plan(&workspace, &sandbox, "customers.yaml", &["--detailed-exitcode"]).expect(0);

    // The same request is a declaration, which poolctl imports.
    workspace.poolctl(["import", "--from", "request.json", "-o", "imported.yaml"]).output().expect(0);
    plan(&workspace, &sandbox, "imported.yaml", &["--detailed-exitcode"]).expect(0);
}

#[test]
fn each_of_two_requests_is_named_with_the_aws_cli_command_that_takes_it() {
    let (workspace, sandbox) = plain_stage();
    let manifest = "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings:\n  PoolName: clients\n  \
                    WebAuthnConfiguration: { RelyingPartyId: example.com, UserVerification: required }\n";
    workspace.write("two.yaml", manifest);
    let shown = plan(&workspace, &sandbox, "two.yaml", &["--show-request"]).expect(0);
    let lines: Vec<&str> = shown.stderr.lines().filter(|line| line.starts_with("Request ")).collect();
    let bodies = serde_json::Deserializer::from_str(&shown.raw).into_iter::<serde_json::Value>();
    let bodies: Vec<String> = bodies.map(|body| body.unwrap().to_string()).collect();
    assert_eq!((lines.len(), bodies.len()), (2, 2), "{shown}");
    for (position, (line, body)) in lines.iter().zip(&bodies).enumerate() {
        assert!(line.starts_with(&format!("Request {} of 2 for eu-west-1_", position + 1)), "{line}");
        send(&workspace, &sandbox, line, body).expect(0);
    }
    plan(&workspace, &sandbox, "two.yaml", &["--detailed-exitcode"]).expect(0);
}

#[test]
fn what_the_aws_cli_refuses_of_a_request_is_said_beside_it() {
    let (workspace, sandbox) = plain_stage();
    let manifest = "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings: { PoolName: clients }\n\
                    passthrough: { LambdaConfig: { BrandNew: x } }\n";
    workspace.write("new.yaml", manifest);
    let shown = plan(&workspace, &sandbox, "new.yaml", &["--show-request"]).expect(0);
    assert!(
        shown.stderr.contains("the AWS CLI does not accept members that are not in its model"),
        "{shown}"
    );
    let line = shown.stderr.lines().find(|line| line.starts_with("Request for ")).unwrap();
    let sent = send(&workspace, &sandbox, line, &shown.raw);
    assert!(sent.code != Some(0) && sent.stderr.contains("Unknown parameter in LambdaConfig"), "{sent}");
}
