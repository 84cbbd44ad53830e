//! The sandbox as the endpoint of other programs: the snippets of docs/sandbox.md, run as they are there.

use std::path::Path;

use serde_json::json;

use crate::harness::peers;
use crate::harness::{Run, Server, Workspace};

const PAGE: &str = include_str!("../../../docs/sandbox.md");

/// The text of the fenced block that contains a text.
fn block(containing: &str) -> &'static str {
    let mut found = PAGE.split("\n```").skip(1).step_by(2).filter(|block| block.contains(containing));
    let (block, others) =
        (found.next().unwrap_or_else(|| panic!("no block has {containing:?}")), found.count());
    assert_eq!(others, 0, "blocks beside it have {containing:?}");
    block.split_once('\n').unwrap().1
}

/// A run that finds poolctl and the programs of a folder on its PATH.
fn with_path<'a>(run: Run<'a>, programs: &Path) -> Run<'a> {
    let poolctl = Path::new(env!("CARGO_BIN_EXE_poolctl")).parent().unwrap();
    run.env("PATH", &format!("{}:{}:/usr/bin:/bin", poolctl.display(), programs.display()))
}

fn write_snippet(workspace: &Workspace, name: &str) {
    let comment = if name.ends_with(".py") { "#" } else { "//" };
    workspace.write(name, block(&format!("{comment} {name}\n")));
}

#[test]
fn the_command_of_the_page_starts_a_sandbox_with_the_pools_of_its_seed() {
    let workspace = Workspace::new();
    let seed = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    workspace.write("examples/quickstart/live/eu-west-1_a1B2c3D4E.json", seed);
    let console = block("$ poolctl sandbox --port 4567");
    let (command, url) = console.split_once('\n').unwrap();
    assert_eq!(url.trim_end(), "http://127.0.0.1:4567");
    let arguments = command.strip_prefix("$ poolctl sandbox --port 4567 ").unwrap();
    let sandbox = Server::sandbox(&workspace, &arguments.split(' ').collect::<Vec<_>>());
    let listed = peers::call(sandbox.url(), "ListUserPools", &json!({"MaxResults": 60})).unwrap();
    assert_eq!(listed["UserPools"][0]["Name"], json!("customers"));
}

#[test]
fn pytest_runs_the_test_of_the_page_with_its_fixture() {
    let workspace = Workspace::new();
    write_snippet(&workspace, "conftest.py");
    write_snippet(&workspace, "test_pools.py");
    let programs = peers::aws_cli();
    let run = with_path(workspace.program(programs.with_file_name("pytest")), programs.parent().unwrap());
    let output = run.args(["-q", "-p", "no:cacheprovider"]).output().expect(0);
    assert!(output.stdout.contains("1 passed"), "{output}");
}

#[test]
fn node_runs_the_test_of_the_page() {
    let workspace = Workspace::new();
    write_snippet(&workspace, "pools.test.mjs");
    let modules = peers::javascript_sdk();
    std::os::unix::fs::symlink(modules, workspace.path().join("node_modules")).unwrap();
    let run = with_path(workspace.program("node"), Path::new("/usr/local/bin"));
    let output = run.args(["--test", "--test-reporter=tap"]).output().expect(0);
    assert!(output.stdout.contains("# pass 1\n# fail 0"), "{output}");
}

/// The whole of Prowler is too heavy for each run: `peers::prowler` runs it where it is installed.
#[test]
fn every_call_that_prowler_makes_is_answered() {
    let workspace = Workspace::new();
    // Threat protection, without which the service refuses to show a risk configuration.
    let add_ons = json!({"AdvancedSecurityMode": "AUDIT"});
    let pool =
        json!({"Id": "eu-west-1_a", "Name": "shop", "UserPoolTier": "PLUS", "UserPoolAddOns": add_ons});
    let clients = json!([{"ClientId": "1web", "ClientName": "web"}]);
    workspace
        .write("seed/eu-west-1_a.json", json!({"UserPool": pool, "UserPoolClients": clients}).to_string());
    let sandbox = Server::sandbox(&workspace, &["--seed", "seed"]);
    let audit = |region: &str| {
        let run = workspace.program(peers::aws_cli().with_file_name("python")).args(["-B"]);
        let run = run.args([peers::audit()]).signed().env("AWS_ENDPOINT_URL", sandbox.url());
        run.env("AWS_DEFAULT_REGION", region).output().expect(0).stdout
    };
    insta::assert_snapshot!(audit("eu-west-1"), @r"
    sts: ['Account', 'Arn', 'UserId']
    ec2: ['eu-west-1']
    organizations: AWSOrganizationsNotInUseException
    cognito-identity: ['IdentityPools']
    wafv2: ['WebACLs']
    describe: ['UserPool']
    mfa: ['MfaConfiguration']
    risk: ['RiskConfiguration']
    client: ['UserPoolClient']
    ");
    // The pools of another Region are none of the caller's.
    let elsewhere = audit("eu-central-1");
    assert!(
        elsewhere.contains("ec2: ['eu-central-1', 'eu-west-1']") && !elsewhere.contains("describe"),
        "{elsewhere}"
    );
    assert_eq!(sandbox.calls("Unknown"), 0);
}

#[test]
fn a_write_that_was_answered_outlives_a_sandbox_that_is_killed() {
    let workspace = Workspace::new();
    let sandbox = Server::sandbox(&workspace, &[]);
    let mut made = Vec::new();
    for name in ["one", "two"] {
        let pool = peers::call(sandbox.url(), "CreateUserPool", &json!({"PoolName": name})).unwrap();
        let id = pool["UserPool"]["Id"].as_str().unwrap().to_owned();
        peers::call(
            sandbox.url(),
            "UpdateUserPool",
            &json!({"UserPoolId": id, "UserPoolTags": {"of": name}}),
        )
        .unwrap();
        made.push((id, name));
    }
    // By SIGKILL.
    drop(sandbox);
    let sandbox = Server::sandbox(&workspace, &[]);
    for (id, name) in made {
        let pool = peers::call(sandbox.url(), "DescribeUserPool", &json!({"UserPoolId": id})).unwrap();
        assert_eq!(pool["UserPool"]["UserPoolTags"]["of"], json!(name));
    }
}
