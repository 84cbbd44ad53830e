//! Pools as others print them: AWS in its documentation, moto and ministack.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::Workspace;
use crate::harness::peers::{self, Peer};

#[test]
fn the_outputs_that_aws_has_published_import_to_no_difference() {
    let outputs = published();
    assert!(outputs.len() >= 3, "only {} outputs are left in the AWS CLI's examples", outputs.len());
    for (name, output) in outputs {
        let workspace = Workspace::new();
        workspace.write("pool.json", output.to_string());
        for more in [&[] as &[&str], &["--full"]] {
            let arguments = ["import", "--from", "pool.json", "--force"].iter().chain(more).copied();
            let import = workspace.poolctl(arguments).output();
            assert_eq!(import.code, Some(0), "{name}\n{import}\n{output:#}");
        }
    }
}

/// The answers with a whole pool in the examples of the AWS CLI that is installed.
fn published() -> Vec<(String, Value)> {
    let cli = peers::aws_cli();
    let lib = cli.parent().and_then(Path::parent).unwrap().join("lib");
    let python = fs::read_dir(lib).unwrap().next().unwrap().unwrap().path();
    let folder = python.join("site-packages/awscli/examples/cognito-idp");
    let mut outputs = Vec::new();
    for name in ["describe-user-pool.rst", "create-user-pool.rst"] {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        for block in text.split("Output::").skip(1) {
            let lines = block.lines().take_while(|line| line.is_empty() || line.starts_with(' '));
            let block: String = lines.collect();
            let output: Value =
                serde_json::from_str(&block).unwrap_or_else(|error| panic!("{name}: {error}\n{block}"));
            if output["UserPool"]["Id"].is_string() {
                outputs.push((name.to_owned(), output));
            }
        }
    }
    outputs
}

#[test]
fn a_pool_with_every_setting_imports_to_no_difference_from_moto() {
    imports_to_nothing(Peer::Moto);
}

#[test]
fn a_pool_with_every_setting_imports_to_no_difference_from_ministack() {
    imports_to_nothing(Peer::Ministack);
}

fn imports_to_nothing(peer: Peer) {
    let workspace = Workspace::new();
    let server = peers::start(peer, &workspace);
    let pool = peers::make_rich_pool_with_mirrors(server.url());
    let endpoint = ["--endpoint-url", server.url()];
    for more in [&[] as &[&str], &["--full"]] {
        let arguments =
            ["import", &pool.id, "--force"].into_iter().chain(more.iter().copied()).chain(endpoint);
        let import = workspace.poolctl(arguments).signed().output().expect(0);
        let manifest =
            fs::read_to_string(workspace.path().join(import.stdout.lines().next().unwrap())).unwrap();
        assert!(manifest.contains("PreSignUp: arn:aws:lambda"), "{manifest}");
    }
}
