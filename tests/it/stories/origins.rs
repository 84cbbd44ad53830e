//! Documents of every origin: what people have in files of a pool, and what is none.

use std::fs;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::{Output, Server, Workspace};

const ID: &str = "eu-west-1_a1B2c3D4E";
const FILE: &str = "live/eu-west-1_a1B2c3D4E.json";

fn pool() -> Value {
    json!({
        "Id": ID, "Name": "customers",
        "Arn": format!("arn:aws:cognito-idp:eu-west-1:111122223333:userpool/{ID}"),
        "CreationDate": "2023-11-14T22:13:20.100000+00:00",
        "DeletionProtection": "ACTIVE", "MfaConfiguration": "OFF",
        "UserPoolTags": {"owner": "é🔑", "number": "012", "answer": "on"},
        "LambdaConfig": {"PreSignUp": "arn:aws:lambda:eu-west-1:111122223333:function:check"},
    })
}

/// A workspace with a manifest of the pool, and a file.
fn with(name: &str, content: impl AsRef<[u8]>) -> Workspace {
    let workspace = Workspace::new();
    workspace.write(
        "pool.yaml",
        format!("version: 1\npool: {ID}\nsettings:\n  UserPoolTags: {{ number: '012', answer: 'on' }}\n"),
    );
    workspace.write(name, content);
    workspace
}

fn import(workspace: &Workspace, more: &[&str]) -> Output {
    workspace.poolctl(["import", "-o", "-"].into_iter().chain(more.iter().copied())).output()
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(bytes).collect()
}

/// What `aws … --output yaml` prints of the pool, as version 2 of the AWS CLI writes it.
const AWS_YAML: &str = "UserPool:
  Arn: arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a1B2c3D4E
  CreationDate: '2023-11-14T22:13:20.100000+00:00'
  DeletionProtection: ACTIVE
  Id: eu-west-1_a1B2c3D4E
  LambdaConfig:
    PreSignUp: arn:aws:lambda:eu-west-1:111122223333:function:check
  MfaConfiguration: OFF
  Name: customers
  UserPoolTags:
    answer: on
    number: '012'
    owner: \"\\xE9\\U0001F511\"
";

#[test]
fn a_pool_is_the_same_whoever_printed_it_and_whatever_shell_saved_it() {
    let pool = pool();
    let text = json!({"UserPool": pool}).to_string();
    let stream = AWS_YAML.replace('\n', "\n  ").replacen("UserPool:", "- UserPool:", 1);
    let forms: Vec<(&str, Vec<u8>)> = vec![
        ("the AWS CLI", text.clone().into_bytes()),
        ("Windows Notepad", [b"\xEF\xBB\xBF", text.as_bytes()].concat()),
        ("PowerShell", utf16(&text, u16::to_le_bytes)),
        ("UTF-16, big end first", utf16(&text, u16::to_be_bytes)),
        ("--query UserPool", pool.to_string().into_bytes()),
        (
            "boto3",
            json!({"UserPool": pool, "ResponseMetadata": {"RetryAttempts": 0}}).to_string().into_bytes(),
        ),
        ("JavaScript", json!({"$metadata": {"attempts": 1}, "UserPool": pool}).to_string().into_bytes()),
        ("Go", json!({"UserPool": pool, "ResultMetadata": {}}).to_string().into_bytes()),
        ("--output yaml", AWS_YAML.as_bytes().to_vec()),
        ("--output yaml-stream", stream.into_bytes()),
    ];
    let plain = import(&with(FILE, &forms[0].1), &["--from", FILE]).expect(0).stdout;
    assert!(plain.contains("owner: é🔑") && plain.contains("DeletionProtection: ACTIVE"), "{plain}");
    for (origin, bytes) in forms {
        let workspace = with(FILE, bytes);
        assert_eq!(
            import(&workspace, &["--from", FILE]).expect(0).stdout,
            sorted(&plain, origin),
            "{origin}"
        );
        let plan = workspace.poolctl(["plan", "--live", "live", "pool.yaml"]).output().expect(0);
        assert!(plan.stdout.contains("No changes."), "{origin}: {plan}");
    }
}

/// A manifest with its tags in the order in which `origin` prints them.
fn sorted(manifest: &str, origin: &str) -> String {
    if !origin.contains("yaml") {
        return manifest.to_owned();
    }
    let mut lines: Vec<&str> = manifest.lines().collect();
    let first = lines.iter().position(|line| line.trim() == "UserPoolTags:").unwrap() + 1;
    let count = lines[first..].iter().take_while(|line| line.starts_with("    ")).count();
    lines[first..first + count].sort_unstable();
    lines.join("\n") + "\n"
}

#[test]
fn the_sandbox_is_seeded_with_what_powershell_saved() {
    let workspace = with(FILE, utf16(&json!({"UserPool": pool()}).to_string(), u16::to_le_bytes));
    let plan = ["plan", "--sandbox", "--seed", "live", "pool.yaml"];
    workspace.poolctl(plan).output().expect(0);
}

/// A document of another tool's, or of another command's, by the file that people name.
fn others() -> Vec<(&'static str, String)> {
    let pool = pool();
    let json = |value: Value| value.to_string();
    vec![
        (
            "terraform.tfstate",
            json(json!({"version": 4, "terraform_version": "1.9.0", "serial": 7, "lineage": "x",
            "resources": [{"type": "aws_cognito_user_pool", "instances": [{"attributes": {"id": ID}}]}]})),
        ),
        ("show.json", json(json!({"format_version": "1.0", "terraform_version": "1.9.0", "values": {}}))),
        (
            "resources.json",
            json(
                json!({"StackResources": [{"ResourceType": "AWS::Cognito::UserPool", "PhysicalResourceId": ID}]}),
            ),
        ),
        (
            "template.yaml",
            "AWSTemplateFormatVersion: 2010-09-09\nResources:\n  Pool: { Type: AWS::Cognito::UserPool }\n"
                .to_owned(),
        ),
        ("export.json", json(json!({"version": 3, "deployment": {"resources": [{"id": ID}]}}))),
        ("amplify_outputs.json", json(json!({"version": "1", "auth": {"user_pool_id": ID}}))),
        ("pools.json", json(json!({"UserPools": [{"Id": ID, "Name": "customers"}]}))),
        ("create.json", json(json!({"PoolName": "customers", "MfaConfiguration": "OFF"}))),
        ("mfa.json", json(json!({"MfaConfiguration": "OFF"}))),
        ("saved.json", fs::read_to_string("tests/fixtures/saved-plan-1.1.json").unwrap()),
        ("manifest.yaml", format!("version: 1\npool: {ID}\n")),
        ("bodies.txt", format!("{}\n{}\n", json!({"UserPoolId": ID}), json!({"UserPoolId": ID}))),
        ("two.yaml", "UserPoolId: a\n---\nUserPoolId: b\n".to_owned()),
        (
            "tags.yaml",
            "Resources:\n  Pool:\n    Type: AWS::Cognito::UserPool\n    Properties: { UserPoolName: !Ref Name }\n"
                .to_owned(),
        ),
        ("cdk.json", json(json!({"version": "55.0.0", "artifacts": {"Identity": {"type": "aws:cloudformation:stack"}}}))),
        (
            "amplify-meta.json",
            json(json!({"auth": {"acme": {"service": "Cognito", "providerPlugin": "awscloudformation", "output": {"UserPoolId": ID}}}})),
        ),
        ("two.json", json(json!([{"UserPool": pool}, {"UserPool": pool}]))),
        ("text.txt", "USERPOOL\tarn:aws:cognito-idp\t1700000000\n".to_owned()),
        ("table.txt", "---------\n|  DescribeUserPool  |\n".to_owned()),
        ("cut.json", "{\"UserPool\": {".to_owned()),
        ("empty.json", String::new()),
        ("list.json", "[]".to_owned()),
        ("package.json", json(json!({"name": "site", "version": "1.0.0"}))),
    ]
}

#[test]
fn a_document_that_is_no_pool_is_named_and_no_remedy_writes_over_it() {
    let mut told = String::new();
    for (name, text) in others() {
        let workspace = with(name, &text);
        let output = import(&workspace, &["--from", name]).expect(1);
        assert!(output.stdout.is_empty(), "{output}");
        assert!(output.stderr.contains("\n  help: "), "{output}");
        assert!(!output.stderr.contains(&format!("> {name}")), "a remedy writes over the file: {output}");
        assert_eq!(fs::read_to_string(workspace.path().join(name)).unwrap(), text);
        told += &output.stderr;
    }
    assert_snapshot!("no_pool", told);
}

#[test]
fn what_is_taken_for_a_manifest_a_plan_or_a_backup_is_named() {
    let backup = json!({"format_version": "1", "tool_version": "0", "created": "", "pool": ID,
        "region": "eu-west-1", "changed": [], "UserPool": pool()});
    let mut told = String::new();
    let mut documents = others();
    documents.retain(|(name, _)| {
        ["terraform.tfstate", "template.yaml", "saved.json", "manifest.yaml"].contains(name)
    });
    documents.push(("backup.json", backup.to_string()));
    documents.push(("pool.json", json!({"UserPool": pool()}).to_string()));
    for (name, text) in documents {
        let workspace = with(name, &text);
        for command in ["plan", "apply", "show", "restore"] {
            let is_right = matches!(
                (command, name),
                ("plan" | "apply", "manifest.yaml")
                    | ("apply" | "show", "saved.json")
                    | ("restore", "backup.json")
            );
            if is_right {
                continue;
            }
            let output = workspace.poolctl([command, name]).output().expect(1);
            assert!(output.stderr.contains("help: "), "{output}");
            told += &format!("$ poolctl {command} {name}\n{}", output.stderr);
        }
    }
    assert_snapshot!("no_manifest", told);
}

#[test]
fn a_saved_plan_replaces_no_other_document() {
    for (name, text) in others() {
        let workspace = with(name, &text);
        let plan = ["plan", "--sandbox", "--save", name, "pool.yaml"];
        let output = workspace.poolctl(plan).output();
        if !matches!(name, "saved.json" | "empty.json") {
            let output = output.expect(64);
            assert!(output.stderr.contains("exists, and is not a saved plan"), "{output}");
            assert_eq!(fs::read_to_string(workspace.path().join(name)).unwrap(), text);
        }
    }
}

#[test]
fn live_names_a_folder_and_says_what_is_wrong_with_a_document() {
    let workspace = with(FILE, "{\"UserPool\": {");
    let plan =
        |live: &str| workspace.poolctl(["plan", "--live", live, "pool.yaml"]).output().expect(1).stderr;
    assert_snapshot!("live", [plan(FILE), plan("live"), plan("nowhere")].concat());
    workspace.write(FILE, json!({"UserPool": pool()}).to_string());
    workspace.write("live/eu-west-1_a1B2c3D4E.mfa.json", json!({"UserPools": []}).to_string());
    workspace.write("pool.yaml", format!("version: 1\npool: {ID}\nsettings: {{ MfaConfiguration: ON }}\n"));
    assert_snapshot!("live_mfa", plan("live"));
}

#[test]
fn a_request_is_imported_with_all_that_it_declares_and_what_it_leaves_out_is_named() {
    let request = "\
# aws cognito-idp update-user-pool --cli-input-yaml file://request.yaml
UserPoolId: eu-west-1_a1B2c3D4E # customers
DeletionProtection: INACTIVE # Valid values are: ACTIVE, INACTIVE.
PoolName: customers
AutoVerifiedAttributes: [email]
AdminCreateUserConfig: { AllowAdminCreateUserOnly: false }
MfaConfiguration: OPTIONAL
UserPoolTags: { stage: prod }
";
    let workspace = with("request.yaml", request);
    let mfa = json!({"UserPoolId": ID, "MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": true}});
    workspace.write("mfa.json", mfa.to_string());
    let import = import(&workspace, &["--from", "request.yaml", "--from-mfa", "mfa.json"]);
    assert_snapshot!("request", import.expect(0));
    let written = workspace.poolctl(["import", "--from", "request.yaml", "-o", "written"]).output().expect(0);
    let next = "The manifest declares what the request sets. To compare it with the pool, run: poolctl plan written/";
    assert!(written.stderr.contains(next) && !written.stderr.contains("The manifests match"), "{written}");
}

#[test]
fn two_backups_are_not_taken_for_a_saved_plan_and_a_path() {
    let backup = json!({"format_version": "1", "tool_version": "0", "created": "", "pool": ID,
        "region": "eu-west-1", "changed": [], "UserPool": pool()});
    let workspace = with("a.json", backup.to_string());
    workspace.write("b.json", backup.to_string());
    let output = workspace.poolctl(["apply", "--yes", "a.json", "b.json"]).output().expect(1);
    assert!(output.stderr.contains("`a.json` is a backup, not a saved plan"), "{output}");
    assert!(output.stderr.contains("poolctl restore"), "{output}");
}

#[test]
fn a_request_for_another_call_is_no_update_and_changes_nothing() {
    let mut told = String::new();
    for request in [
        json!({"UserPoolId": ID, "CustomAttributes": [{"Name": "team", "AttributeDataType": "String"}]}),
        json!({"UserPoolId": ID}),
        json!({"UserPoolId": ID, "GroupName": "admins"}),
    ] {
        let workspace = with("request.json", request.to_string());
        let output = import(&workspace, &["--from", "request.json"]).expect(1);
        assert!(output.stdout.is_empty(), "{output}");
        told += &output.stderr;
    }
    assert_snapshot!("no_update", told);
}

/// The members of an update are listed where no API model is known.
#[test]
fn a_request_with_any_member_of_an_update_is_one() {
    let shapes = poolctl::shapes::Shapes::bundled();
    for name in shapes
        .input("UpdateUserPool")
        .unwrap()
        .members
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| *name != "UserPoolId")
    {
        let request = json!({"UserPoolId": ID, name: null});
        let kind = poolctl::document::DocumentKind::of(request.as_object().unwrap());
        assert_eq!(kind, Some(poolctl::document::DocumentKind::UpdateRequest), "{name}");
    }
}

#[test]
fn a_request_without_a_pool_or_for_another_is_refused() {
    let told = |request: &Value, mfa: Option<&Value>| {
        let workspace = with("request.json", request.to_string());
        workspace.write("mfa.json", mfa.unwrap_or(&json!({})).to_string());
        let mut all = vec!["--from", "request.json"];
        all.extend(mfa.iter().flat_map(|_| ["--from-mfa", "mfa.json"]));
        import(&workspace, &all).expect(1).stderr
    };
    let request = json!({"UserPoolId": ID, "PoolName": "customers"});
    assert_snapshot!(
        "no_request",
        [
            told(&json!({"UserPoolId": "", "PoolName": ""}), None),
            told(&json!({"UserPoolId": "customers", "PoolName": "customers"}), None),
            told(&json!({"UserPoolId": ID, "SoftwareTokenMfaConfiguration": {"Enabled": true}}), None),
            told(&request, Some(&request)),
            told(&request, Some(&json!({"UserPoolId": "eu-west-1_b", "WebAuthnConfiguration": {}}))),
            told(&request, Some(&json!({}))),
        ]
        .concat()
    );
}

#[test]
fn what_is_imported_from_an_endpoint_of_ones_own_is_planned_there_by_the_command_that_it_names() {
    let workspace = Workspace::new();
    workspace.write(&format!("seed/{ID}.json"), json!({"UserPool": pool()}).to_string());
    let sandbox = Server::sandbox(&workspace, &["--seed", "seed"]);
    let import =
        workspace.poolctl(["import", ID, "--endpoint-url", sandbox.url()]).signed().output().expect(0);
    assert!(import.stderr.contains("note: the manifests have no `account`"), "{import}");
    let next = import.stderr.lines().find_map(|line| line.split_once("Next, run: poolctl ")).unwrap().1;
    let next = next.replace("http://127.0.0.1:[PORT]", sandbox.url());
    workspace.poolctl(next.split(' ')).signed().output().expect(0);

    let both = workspace.poolctl(["import", ID, "--force", "--endpoint-url", sandbox.url()]).signed();
    both.env("AWS_ENDPOINT_URL", sandbox.url()).output().expect(0);
    let manifest = fs::read_to_string(workspace.path().join("pools/customers.yaml")).unwrap();
    assert!(manifest.contains("account: \"111122223333\""), "{manifest}");
}

#[test]
fn import_alone_says_what_it_can_import() {
    let workspace = Workspace::new();
    assert_snapshot!("import_alone", workspace.poolctl(["import"]).output().expect(64));
}

#[test]
fn an_older_home_at_the_default_is_left_out_so_that_strict_validation_passes() {
    let mut pool = pool();
    pool["AdminCreateUserConfig"] = json!({"AllowAdminCreateUserOnly": true, "UnusedAccountValidityDays": 7});
    let workspace = with("pool.json", json!({"UserPool": pool}).to_string());
    workspace.poolctl(["import", "--from", "pool.json"]).output().expect(0);
    workspace.poolctl(["validate", "--strict", "pools"]).output().expect(0);

    pool["AdminCreateUserConfig"]["UnusedAccountValidityDays"] = json!(30);
    let workspace = with("pool.json", json!({"UserPool": pool}).to_string());
    let import = workspace.poolctl(["import", "--from", "pool.json"]).output().expect(0);
    assert!(
        import.stderr.contains("declare `Policies.PasswordPolicy.TemporaryPasswordValidityDays`"),
        "{import}"
    );
    workspace.poolctl(["validate", "--strict", "pools"]).output().expect(0);
}
