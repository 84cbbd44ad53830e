//! `poolctl.yaml`: what the command lines of a project say unless told otherwise.

use insta::assert_snapshot;

use crate::harness::{Output, Workspace};

const MANIFEST: &str = "version: 1
pool: eu-west-1_a1B2c3D4E
settings: { PoolName: \"${var:name}\" }
";

fn workspace(config: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("poolctl.yaml", config);
    workspace.write("pools/p.yaml", MANIFEST);
    let live = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    workspace.write("saved/eu-west-1_a1B2c3D4E.json", live);
    workspace
}

fn run(workspace: &Workspace, arguments: &[&str]) -> Output {
    workspace.poolctl(arguments.iter().copied()).output()
}

#[test]
fn a_default_holds_until_the_environment_or_the_command_line_says_otherwise() {
    let workspace = workspace("defaults:\n  var: [name=written]\n  detailed-exitcode: true\n  quiet: true\n");
    let plan = ["plan", "--live", "saved"];
    let planned = run(&workspace, &plan);
    assert_eq!(planned.code, Some(2), "{planned}");
    assert!(planned.stdout.contains("→ written"), "{planned}");
    let inherited = workspace.poolctl(plan).env("POOLCTL_DETAILED_EXITCODE", "false").output();
    assert_eq!(inherited.code, Some(0), "{inherited}");
    let typed = run(&workspace, &[&plan[..], &["--var", "name=typed"]].concat());
    assert!(typed.stdout.contains("→ typed"), "{typed}");
    // What cannot stand beside a default takes its place.
    let loud = run(&workspace, &["plan", "--sandbox", "--seed", "saved", "-v"]);
    assert!(loud.stderr.contains("DescribeUserPool"), "{loud}");
    // It holds for a command below a command too.
    let ignored =
        run(&workspace, &["ignore", "add", "LambdaConfig", "--reason", "owned by billing", "pools"]);
    assert_eq!(ignored.code, Some(0), "{ignored}");
}

#[test]
fn a_path_is_relative_to_the_file_that_names_it() {
    let workspace = workspace("defaults: { var-file: vars.yaml }\n");
    workspace.write("vars.yaml", "name: x\n");
    workspace.write("inner/nothing.txt", "");
    let shell = "cd inner && exec \"$0\" plan --live ../saved ../pools";
    let planned = workspace.program("sh").args(["-c", shell, env!("CARGO_BIN_EXE_poolctl")]).output();
    assert!(planned.stdout.contains("→ x"), "{planned}");
}

#[test]
fn what_is_wrong_with_the_file_is_said_before_anything_is_done() {
    let mut told = String::new();
    for config in [
        "default:\n  var: a=b\n",
        "defaults:\n  yes: true\n  allow: tag-removal\n  quite: true\n  rate:\n  var: { a: b }\n",
        "defaults: [var]\n",
        "- var\n",
        "defaults:\n  rate: fast\n",
        "defaults:\n  rate: 1\n  rate: 2\n",
    ] {
        let refused = run(&workspace(config), &["plan"]);
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(64), ""), "{refused}");
        told += &refused.stderr;
    }
    assert_snapshot!("config_wrong", told);
}

#[test]
fn no_file_of_a_repository_says_where_requests_go_what_is_dropped_or_what_may_be_read() {
    for config in [
        "defaults: { region: x-y-1 }\n",
        "defaults: { profile: admin }\n",
        "defaults: { account: '111122223333' }\n",
        "defaults: { unknown: omit }\n",
        "defaults: { settle: 0 }\n",
        "defaults: { max-failures: 65535 }\n",
        "defaults: { keep-going: true }\n",
        "defaults: { only: [LambdaConfig] }\n",
        "defaults: { wildcard: true }\n",
        "defaults: { api-model: model.json }\n",
        "defaults: { root: / }\n",
        "defaults: { endpoint-url: 'http://127.0.0.1:9' }\n",
        "defaults: { ca-bundle: mine.pem }\n",
        "defaults: { sandbox: here }\n",
        "defaults: { live: saved }\n",
        "defaults: { baseline: HEAD }\n",
        "defaults: { out: 'text=/tmp/x' }\n",
        "defaults: { save: plan.json }\n",
        "defaults: { var-file: /etc/passwd }\n",
        "defaults: { var-file: [../outside.yaml] }\n",
        "defaults: { api-model: /etc/passwd }\n",
    ] {
        let refused = run(&workspace(config), &["plan"]);
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(64), ""), "{refused}");
        let known = refused.stderr.contains("cannot have a default in poolctl.yaml")
            || refused.stderr.contains("is outside of the folder");
        assert!(known, "{refused}");
        assert!(!refused.stderr.contains("root:x:"), "{refused}");
    }
    // The environment is of whoever runs it.
    let whole = workspace("defaults: { format: json, parallelism: 2, color: never, var: [name=x] }\n");
    let plan = whole.poolctl(["plan", "--live", "saved"]);
    let plan = plan.env("POOLCTL_SETTLE", "1").env("POOLCTL_UNKNOWN", "stop").output();
    assert!(plan.stdout.starts_with("{") && plan.stdout.contains("unknown-member"), "{plan}");
    let workspace = workspace("default: x\n");
    assert_eq!(run(&workspace, &["plan", "--help"]).code, Some(0), "help is there when it is needed");
}

#[test]
fn a_wrong_file_is_told_as_json_where_all_is() {
    let workspace = workspace("defaults: {\n");
    for (arguments, set) in [
        (&["plan", "--log-format", "json"][..], ""),
        (&["plan", "--log-format=json"], ""),
        (&["plan"], "json"),
    ] {
        let run = workspace.poolctl(arguments.iter().copied());
        let output = if set.is_empty() { run.output() } else { run.env("POOLCTL_LOG_FORMAT", set).output() };
        let output = output.expect(64);
        for line in output.stderr.lines() {
            let line: serde_json::Value =
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            assert_eq!(line["file"], "poolctl.yaml");
        }
    }
}
