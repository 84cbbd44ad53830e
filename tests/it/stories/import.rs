//! `poolctl import`, as a person meets it.

use std::fs;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::Workspace;

const ID: &str = "eu-west-1_a1B2c3D4E";

/// A workspace with the pool of the quickstart in a folder `live`.
fn quickstart() -> Workspace {
    let workspace = Workspace::new();
    let file = format!("examples/quickstart/live/{ID}.json");
    workspace.write(&format!("live/{ID}.json"), fs::read(file).unwrap());
    workspace
}

/// A workspace with these members in a pool, in a file `pool.json`.
fn with_pool(members: &Value) -> Workspace {
    let workspace = Workspace::new();
    let mut pool = json!({"Id": ID, "Name": "customers"});
    pool.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    workspace.write("pool.json", json!({"UserPool": pool}).to_string());
    workspace
}

fn read(workspace: &Workspace, file: &str) -> String {
    fs::read_to_string(workspace.path().join(file)).unwrap()
}

#[test]
fn from_nothing_to_a_manifest_with_an_empty_plan_in_two_commands() {
    let workspace = quickstart();
    let sandbox = ["--sandbox", "--seed", "live"];
    let import = workspace.poolctl(["import", ID].into_iter().chain(sandbox)).output().expect(0);
    assert_snapshot!("quickstart", import);
    assert_snapshot!("quickstart_manifest", read(&workspace, "pools/customers.yaml"));

    let live: Value = serde_json::from_str(&read(&workspace, &format!("live/{ID}.json"))).unwrap();
    let message = live["UserPool"]["VerificationMessageTemplate"]["EmailMessage"].as_str().unwrap();
    let template = "pools/templates/customers/VerificationMessageTemplate.EmailMessage.html";
    assert_eq!(read(&workspace, template), message);

    let plan =
        workspace.poolctl(["plan", "--detailed-exitcode"].into_iter().chain(sandbox)).output().expect(0);
    assert!(plan.stdout.contains("No changes. The pool is as declared."), "{plan}");
}

#[test]
fn standard_output_takes_the_manifest_alone_and_keeps_its_texts() {
    let workspace = quickstart();
    let file = format!("live/{ID}.json");
    let import = workspace.poolctl(["import", "--from", &file, "-o", "-"]).output().expect(0);
    assert!(import.stdout.contains("    EmailMessage: |\n      <html>\n"), "{import}");
    assert!(import.stdout.starts_with("version: 1\n"), "{import}");
    assert!(!workspace.path().join("pools").exists());
    let plan = workspace.poolctl(["plan", "--live", "live", "--detailed-exitcode", "-"]);
    plan.stdin(import.stdout).output().expect(0);
}

#[test]
fn a_pool_gets_no_second_manifest_in_a_folder() {
    let workspace = quickstart();
    let import = |more: &[&'static str]| {
        workspace.poolctl(["import", "--from", "live", ID].into_iter().chain(more.iter().copied())).output()
    };
    let manifest = |region: &str| format!("version: 1\npool: {ID}\n{region}settings: {{}}\n");
    workspace.write("pools/eu/shop.yaml", manifest(""));
    for more in [&[][..], &["--force"], &["-o", "pools/eu"]] {
        let refused = import(more).expect(1);
        let words = refused.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        let told = format!("`pools/eu/shop.yaml` is the manifest of {ID} already: nothing was written");
        assert!(words.contains(&told), "{refused}");
        assert!(words.contains("run `poolctl adopt pools/eu/shop.yaml`"), "{refused}");
        assert_eq!(fs::read_dir(workspace.path().join("pools")).unwrap().count(), 1, "{refused}");
        assert_eq!(fs::read_dir(workspace.path().join("pools/eu")).unwrap().count(), 1, "{refused}");
    }
    // The file itself is replaced, and a replica in another Region has a manifest of its own.
    import(&["--force", "-o", "pools/eu/shop.yaml"]).expect(0);
    workspace.write("pools/eu/shop.yaml", manifest("region: eu-central-1\n"));
    import(&[]).expect(0);
}

#[test]
fn nothing_is_overwritten_and_nothing_written_by_halves() {
    let workspace = quickstart();
    let template = "pools/templates/customers/VerificationMessageTemplate.EmailMessage.html";
    workspace.write(template, "mine");
    let import = |more: &[&'static str]| {
        workspace.poolctl(["import", "--from", "live", ID].into_iter().chain(more.iter().copied())).output()
    };
    assert_snapshot!("there_already", import(&[]).expect(1));
    assert_eq!(read(&workspace, template), "mine");
    assert!(!workspace.path().join("pools/customers.yaml").exists());

    import(&["--force"]).expect(0);
    assert!(read(&workspace, template).starts_with("<html>"));
    let left: Vec<_> =
        fs::read_dir(workspace.path().join("pools")).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn a_secret_does_not_come_into_a_file() {
    let workspace = with_pool(&json!({
        "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::111122223333:role/sms", "ExternalId": "hush-4711"},
        "BrandNewConfiguration": {"ApiKey": "hush-4712", "Endpoint": "https://example.com"},
        "Hooks": [{"Name": "a", "ClientSecret": "hush-4713"}],
    }));
    let import = workspace.poolctl(["import", "--from", "pool.json", "-o", "-"]).output().expect(0);
    assert!(!import.to_string().contains("hush"), "{import}");
    assert_snapshot!("secrets", import);
}

#[test]
fn what_the_checks_would_refuse_is_named_and_stands_unchecked() {
    let workspace = with_pool(&json!({
        "MfaConfiguration": "SOMETIMES",
        "Policies": {"PasswordPolicy": {"MinimumLength": 3, "RequireNumbers": true}},
        "EmailVerificationSubject": "",
        "UserPoolTags": {"on": "yes", "\u{1}": "x", "aws:cloudformation:stack-name": "s"},
        "SchemaAttributes": [{"Name": "custom:a", "AttributeDataType": "Blob"}, {"Name": "custom:b", "AttributeDataType": "Number"}],
        "DcrConfiguration": {},
        "Unheard": null,
    }));
    let import = workspace.poolctl(["import", "--from", "pool.json", "-o", "-"]).output().expect(0);
    assert_snapshot!("refused_values", import);
}

#[test]
fn only_and_without_choose_and_a_misspelt_path_is_an_error() {
    let workspace = quickstart();
    let run = |arguments: &[&'static str]| {
        let all = ["import", "--from", "live", ID, "-o", "-"].into_iter().chain(arguments.iter().copied());
        workspace.poolctl(all).output()
    };
    let chosen =
        run(&["--only", "LambdaConfig", "--without", "LambdaConfig.PostConfirmation", "--only", "PoolName"]);
    assert_snapshot!("chosen", chosen.expect(0));
    let inside = run(&["--only", "LambdaConfig.RiskScoring.LambdaArn"]).expect(0).stdout;
    assert!(inside.contains("LambdaArn") && !inside.contains("LambdaVersion"), "{inside}");
    assert_snapshot!("misspelt", run(&["--only", "LambdaConfig.PreSignup"]).expect(64));
}

#[test]
fn all_pools_of_a_region_become_a_folder() {
    let workspace = Workspace::new();
    for (id, name) in
        [("eu-west-1_A", "web app"), ("eu-west-1_B", "Same"), ("eu-west-1_C", "same"), ("us-east-1_D", "far")]
    {
        let pool = json!({"UserPool": {"Id": id, "Name": name}, "MfaConfig": {"MfaConfiguration": "OFF"}});
        workspace.write(&format!("live/{id}.json"), pool.to_string());
    }
    let sandbox = ["--sandbox", "--seed", "live"];
    let all =
        workspace.poolctl(["import", "--all", "--region", "eu-west-1"].into_iter().chain(sandbox)).output();
    let files = ["web-app.yaml", "eu-west-1_B.yaml", "eu-west-1_C.yaml", "pool.schema.json"];
    assert_eq!(all.expect(0).stdout, files.map(|file| format!("pools/{file}\n")).concat());

    let saved = workspace.poolctl(["import", "--all", "--from", "live", "-o", "saved"]).output().expect(0);
    assert_eq!(saved.stdout.lines().count(), 5, "{saved}");
    let nowhere = workspace.poolctl(["import", "--all"].into_iter().chain(sandbox)).output().expect(64);
    assert!(nowhere.stderr.contains("add `--region`"), "{nowhere}");
}

#[test]
fn more_than_one_page_of_pools_is_read() {
    let workspace = Workspace::new();
    for number in 0..130 {
        let pool =
            json!({"UserPool": {"Id": format!("eu-west-1_P{number}"), "Name": format!("pool {number}")}});
        workspace.write(&format!("live/eu-west-1_P{number}.json"), pool.to_string());
    }
    let arguments = [
        "import",
        "--all",
        "--region=eu-west-1",
        "--sandbox",
        "--seed=live",
        "--rate=1000",
        "--only=PoolName",
    ];
    let all = workspace.poolctl(arguments).output().expect(0);
    assert_eq!(all.stdout.lines().count(), 131, "{all}");
}

#[test]
fn what_is_typed_wrong_is_said() {
    let workspace = quickstart();
    workspace.write("pools.txt", "");
    for (name, arguments) in [
        ("no_pool", &["import"] as &[_]),
        ("no_id", &["import", "customers"]),
        ("nobody_of_a_folder", &["import", "--from", "live"]),
        ("no_file", &["import", "--from", "gone.json"]),
        ("no_folder", &["import", "--from", "live", ID, "-o", "pools.txt"]),
    ] {
        let run = workspace.poolctl(arguments.iter().copied()).output();
        assert!(matches!(run.code, Some(1 | 64)), "{run}");
        assert_snapshot!(format!("wrong_{name}"), run);
    }
}

#[test]
fn what_pools_have_in_common_goes_to_a_base() {
    let workspace = Workspace::new();
    let letter = "<p>Your code is {####}.</p>\n".repeat(8);
    for (id, name, length) in [("eu-west-1_A", "web", 12), ("eu-west-1_B", "shop", 14)] {
        let pool = json!({"UserPool": {
            "Id": id, "Name": name, "Arn": format!("arn:aws:cognito-idp:eu-west-1:111122223333:userpool/{id}"),
            "Policies": {"PasswordPolicy": {"MinimumLength": length, "RequireNumbers": true}},
            "DeletionProtection": "ACTIVE",
            "VerificationMessageTemplate": {"EmailMessage": letter},
            "UserPoolTags": {"pool": name, "team": "identity"},
            "BrandNew": {"Mode": "x"},
        }, "MfaConfig": {"MfaConfiguration": "OFF"}});
        workspace.write(&format!("live/{id}.json"), pool.to_string());
    }
    let import = workspace.poolctl(["import", "--all", "--from", "live", "--share"]).output().expect(0);
    let files = ["pools/base.yaml", "pools/web.yaml", "pools/shop.yaml"];
    let texts: Vec<String> =
        files.iter().map(|file| format!("=== {file}\n{}", read(&workspace, file))).collect();
    assert_snapshot!("shared", format!("{import}\n{}", texts.concat()));
    assert_eq!(
        read(&workspace, "pools/templates/base/VerificationMessageTemplate.EmailMessage.html"),
        letter
    );
    workspace.poolctl(["plan", "--live", "live", "--detailed-exitcode"]).output().expect(0);

    let alone = ["import", "--from", "live", "eu-west-1_A", "--share", "-o", "alone"];
    workspace.poolctl(alone).output().expect(64);
}

#[test]
fn every_text_survives_to_the_byte() {
    let lines = |end: &str| format!("\u{feff}<p>{{####}} 🔑 ${{file:x}}</p>{end}").repeat(7);
    for (letter, invitation) in [
        (lines("\r\n"), lines("\n\n\n")),
        (lines("\t\n \t"), lines(" \r")),
        ("{####}\n".to_owned(), "a {username}\n\t{####}  \n\n".to_owned()),
        ("  {####}\n \n".to_owned(), "{username}: {####}\r\n".to_owned()),
    ] {
        let workspace = with_pool(&json!({
            "EmailVerificationMessage": letter,
            "AdminCreateUserConfig": {"InviteMessageTemplate": {"EmailMessage": invitation, "SMSMessage": "{username} {####}"}},
        }));
        for output in ["-", "pools", "all.yaml"] {
            workspace.poolctl(["import", "--from", "pool.json", "-o", output]).output().expect(0);
        }
    }
}

#[test]
fn a_pool_of_another_region_and_one_whose_mfa_stands_apart() {
    let workspace = with_pool(&json!({
        "Arn": format!("arn:aws:cognito-idp:us-east-1:111122223333:userpool/{ID}"),
        "MfaConfiguration": "ON",
    }));
    workspace.write(
        "mfa.json",
        r#"{"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": true}}"#,
    );
    let alone = workspace.poolctl(["import", "--from", "pool.json", "-o", "-"]).output().expect(0);
    assert!(alone.stderr.contains("the MFA settings were not imported"), "{alone}");
    let both = workspace.poolctl(["import", "--from", "pool.json", "--from-mfa", "mfa.json", "-o", "-"]);
    assert_snapshot!("region_and_mfa", both.output().expect(0));
}

#[test]
fn an_editor_finds_the_schema_that_is_there_or_gets_one() {
    let workspace = quickstart();
    let import = |output: &str| {
        workspace
            .poolctl(["import", "--from", "live", ID, "--only", "PoolName", "-o", output])
            .output()
            .expect(0)
    };
    let first_line = |file: &str| read(&workspace, file).lines().next().unwrap().to_owned();
    import("pools");
    assert_eq!(first_line("pools/customers.yaml"), "# yaml-language-server: $schema=./pool.schema.json");
    let schema = workspace.poolctl(["schema"]).output().expect(0).stdout;
    assert_eq!(read(&workspace, "pools/pool.schema.json"), schema);

    let alone = import("alone.yaml");
    assert_eq!(alone.stdout, "alone.yaml\n", "a file is what was asked for");
    assert_eq!(first_line("alone.yaml"), "version: 1");

    workspace.write("schemas/pool.schema.json", &schema);
    import("deep/er");
    let line = "# yaml-language-server: $schema=../../schemas/pool.schema.json";
    assert_eq!(first_line("deep/er/customers.yaml"), line);
    assert!(!workspace.path().join("deep/er/pool.schema.json").exists());
}

#[test]
fn a_pool_that_is_at_odds_with_a_rule_imports_to_a_manifest_that_is_valid() {
    let workspace = Workspace::new();
    let pool = r#"{"UserPool": {"Id": "eu-west-1_Odd", "Name": "odd", "MfaConfiguration": "ON", "UserPoolTier": "ESSENTIALS",
        "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}},
        "MfaConfig": {"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": true}}}"#;
    workspace.write("pool.json", pool);
    let imported = workspace.poolctl(["import", "--from", "pool.json"]).output();
    assert_eq!(imported.code, Some(0), "{imported}");
    assert!(imported.stderr.contains("`poolctl explain mfa-with-otp-sign-in`"), "{imported}");
    let valid = workspace.poolctl(["validate"]).output();
    assert_eq!(valid.code, Some(0), "{valid}");
}
