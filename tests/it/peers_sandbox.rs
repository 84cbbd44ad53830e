//! Clients that others wrote against poolctl's own sandbox, and poolctl beside them.

use serde_json::json;

use crate::harness::{Server, Workspace};
use crate::peers::{self, RichPool, describe, differences};

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
        let pool = peers::make_rich_pool_with_sender(&workspace, sandbox.url());
        Self { workspace, sandbox, pool }
    }

    fn shown(&self) -> serde_json::Value {
        describe(&self.workspace, self.sandbox.url(), &self.pool.id)
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
    peers::call(&stage.workspace, stage.sandbox.url(), "UpdateUserPool", &request).unwrap();

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

/// What `--show-request` prints is a request: another client sends it, and the pool is as declared.
#[test]
fn the_aws_cli_sends_the_request_that_poolctl_shows() {
    let seed = include_str!("../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    let mut live: serde_json::Value = serde_json::from_str(seed).unwrap();
    // The CLI refuses members that it does not know, and poolctl prints no sensitive value.
    live["UserPool"]["LambdaConfig"].as_object_mut().unwrap().shift_remove("RiskScoring").unwrap();
    for sender in ["/UserPool/SmsConfiguration", "/MfaConfig/SmsMfaConfiguration/SmsConfiguration"] {
        live.pointer_mut(sender).unwrap().as_object_mut().unwrap().shift_remove("ExternalId").unwrap();
    }
    let workspace = Workspace::new();
    workspace.write("seed/eu-west-1_a1B2c3D4E.json", live.to_string());
    workspace.write("customers.yaml", include_str!("../../examples/quickstart/customers.yaml"));
    let sandbox = Server::sandbox(&workspace, &["--seed", "seed"]);
    let plan = |arguments: &[&str]| {
        let all = ["plan", "customers.yaml", "--endpoint-url", sandbox.url()];
        workspace.poolctl(all.into_iter().chain(arguments.iter().copied())).signed().output()
    };

    let shown = plan(&["--show-request"]).expect(0);
    workspace.write("request.json", &shown.raw);
    let command = workspace.program(peers::aws_cli()).args(["cognito-idp", "update-user-pool"]).signed();
    let command = command.args(["--cli-input-json", "file://request.json"]);
    command.args(["--endpoint-url", sandbox.url(), "--region", "eu-west-1"]).output().expect(0);
    plan(&["--detailed-exitcode"]).expect(0);
}
