//! The files that `poolctl import` writes: their names, and what git and tools for YAML make of them.

use std::fs;

use serde_json::json;

use crate::harness::peers;
use crate::harness::{Output, Workspace};

const ID: &str = "eu-west-1_a1B2c3D4E";

/// A workspace with pools of these ids and names in a folder `live`.
fn with_pools(pools: &[(&str, &str)]) -> Workspace {
    let workspace = Workspace::new();
    for (id, name) in pools {
        let pool = json!({"UserPool": {"Id": id, "Name": name}, "MfaConfig": {"MfaConfiguration": "OFF"}});
        workspace.write(&format!("live/{id}.json"), pool.to_string());
    }
    workspace
}

fn import_all(workspace: &Workspace, more: &[&str]) -> Output {
    workspace.poolctl(["import", "--all", "--from", "live"].iter().chain(more).copied()).output()
}

#[test]
fn no_name_of_a_pool_keeps_the_others_from_being_imported() {
    let long = "x".repeat(300);
    let expected = "1 2 3 4 5 6 7 8 9".split(' ').map(|number| format!("eu-west-1_{number}.yaml"));
    let expected: Vec<String> = expected.chain(["shop.yaml".to_owned(), "web.yaml".to_owned()]).collect();
    for folder in ["pools", "."] {
        let workspace = with_pools(&[
            ("eu-west-1_1", "poolctl"),
            ("eu-west-1_2", "Base"),
            ("eu-west-1_3", "eu-west-1_4"),
            ("eu-west-1_4", ""),
            ("eu-west-1_5", &long),
            ("eu-west-1_6", "compose"),
            ("eu-west-1_7", "Twin"),
            ("eu-west-1_8", "twin"),
            ("eu-west-1_9", "eu-west-1_9"),
            ("eu-west-1_X", "shop"),
            ("eu-west-1_Y", "web"),
        ]);
        // Somebody else's file has the name of a pool, and no manifest of it.
        let compose = workspace.write(&format!("{folder}/compose.yaml"), "services: {}\n");
        let names = |imported: &Output| {
            let written = imported.stdout.lines().filter(|line| line.ends_with(".yaml"));
            written.map(|line| line.rsplit('/').next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let imported = import_all(&workspace, &["-o", folder]).expect(0);
        assert_eq!(names(&imported), expected, "{imported}");
        assert_eq!(fs::read_to_string(&compose).unwrap(), "services: {}\n");
        fs::remove_file(compose).unwrap();
        // Each pool has one manifest, and keeps it.
        let planned = workspace.poolctl(["plan", "--live", "live", "--detailed-exitcode", folder]).output();
        assert!(planned.to_string().contains("11 pools"), "{planned}");
        assert_eq!(planned.code, Some(0), "{planned}");
        assert_eq!(names(&import_all(&workspace, &["-o", folder, "--force"]).expect(0)), expected);
    }
}

#[test]
fn ids_that_some_disks_take_for_one_have_files_of_their_own() {
    let workspace = with_pools(&[("eu-west-1_X", ""), ("eu-west-1_x", "")]);
    let imported = import_all(&workspace, &[]).expect(0);
    let files = ["eu-west-1_X.yaml", "eu-west-1_x-2.yaml", "pool.schema.json"];
    assert_eq!(imported.stdout, files.map(|file| format!("pools/{file}\n")).concat());
}

#[test]
fn a_manifest_is_not_written_as_the_settings_file() {
    let workspace = with_pools(&[(ID, "customers")]);
    let refused =
        workspace.poolctl(["import", "--from", "live", ID, "-o", "poolctl.yaml"]).output().expect(64);
    assert!(refused.stderr.contains("choose another file name"), "{refused}");
    assert!(!workspace.path().join("poolctl.yaml").exists());
}

/// A repository with the usual attributes, and a live pool whose texts have line endings of all kinds.
fn repository() -> Workspace {
    let workspace = Workspace::new();
    let lines = |end: &str| format!("<p>Your code is {{####}}.</p>{end}").repeat(7);
    let pool = json!({"UserPool": {"Id": ID, "Name": "customers",
        "VerificationMessageTemplate": {
            "DefaultEmailOption": "CONFIRM_WITH_LINK", "EmailMessage": lines("\r\n"),
            "EmailMessageByLink": "<p>{##Click##}</p>\r\n".repeat(7)},
        "AdminCreateUserConfig": {"InviteMessageTemplate": {
            "EmailMessage": format!("Hello {{username}},\n{}", lines("\n")),
            "SMSMessage": "{username},\nyour code is {####}\n"}},
        "EmailVerificationMessage": lines("\r\n"),
    }, "MfaConfig": {"MfaConfiguration": "OFF"}});
    workspace.write(&format!("live/{ID}.json"), pool.to_string());
    workspace.write("origin/.gitattributes", "* text=auto\n");
    git(&workspace, &["init", "-q", "-b", "main", "origin"]);
    workspace
}

fn git(workspace: &Workspace, arguments: &[&str]) -> Output {
    let who = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.com"];
    let run = workspace.program("git").args([&who[..], arguments].concat());
    run.env("GIT_CONFIG_NOSYSTEM", "1").output().expect(0)
}

/// How a plan ends in a fresh clone with this configuration, the manifests of its own commit as its baseline.
fn plan_in_a_clone(workspace: &Workspace, configuration: &str) -> Output {
    git(workspace, &["-C", "origin", "add", "-A"]);
    git(workspace, &["-C", "origin", "commit", "-q", "--allow-empty", "-m", "as imported"]);
    let _ = fs::remove_dir_all(workspace.path().join("clone"));
    git(workspace, &["-c", configuration, "clone", "-q", "-c", configuration, "origin", "clone"]);
    let script = r#"cd clone && exec "$0" plan --live ../live --detailed-exitcode --baseline HEAD"#;
    workspace.program("sh").args(["-c", script, env!("CARGO_BIN_EXE_poolctl")]).output()
}

#[test]
fn git_hands_out_the_texts_as_they_were_imported() {
    let workspace = repository();
    let import = ["import", "--from", &format!("live/{ID}.json"), "-o", "origin/pools"];
    let imported = workspace.poolctl(import).output().expect(0);
    assert!(imported.stdout.contains("origin/pools/templates/.gitattributes\n"), "{imported}");
    for configuration in ["core.autocrlf=false", "core.autocrlf=true", "core.eol=crlf"] {
        let planned = plan_in_a_clone(&workspace, configuration).expect(0);
        assert!(planned.stdout.contains("No changes."), "{configuration}\n{planned}");
    }
    // Without the file that import wrote, each of them changes a text.
    fs::remove_file(workspace.path().join("origin/pools/templates/.gitattributes")).unwrap();
    git(&workspace, &["-C", "origin", "add", "-A"]);
    git(&workspace, &["-C", "origin", "add", "--renormalize", "."]);
    for configuration in ["core.autocrlf=false", "core.autocrlf=true"] {
        plan_in_a_clone(&workspace, configuration).expect(2);
    }
}

#[test]
fn attributes_that_are_there_stay_as_they_are() {
    let workspace = repository();
    let import = |text: &str| {
        let file = workspace.write("pools/templates/.gitattributes", text);
        let imported = workspace.poolctl(["import", "--from", "live", ID, "--force"]).output().expect(0);
        assert_eq!(fs::read_to_string(file).unwrap(), text, "{imported}");
        assert!(!imported.stdout.contains(".gitattributes"), "{imported}");
        imported.stderr
    };
    for sound in ["* -text\n", "# ours\n*\tdiff -text\n", "* binary\n"] {
        assert!(!import(sound).contains("line endings"), "{sound}");
    }
    let told = import("*.html text eol=lf\n");
    assert!(told.contains("add the line `* -text` to `pools/templates/.gitattributes`"), "{told}");
}

#[test]
fn a_linter_of_yaml_has_nothing_to_say_of_what_is_imported() {
    let workspace = repository();
    let rich = fs::read("examples/quickstart/live/eu-west-1_a1B2c3D4E.json").unwrap();
    workspace.write("rich/eu-west-1_a1B2c3D4E.json", rich);
    let long = "Your verification code is {####}. It holds for 24 hours.  Never give it to anybody else.\r\n";
    let arn = format!("arn:aws:ses:eu-west-1:111122223333:identity/{}.example.org", "customers.".repeat(5));
    let pool = json!({"UserPool": {"Id": "eu-west-1_Long", "Name": "long",
        "Arn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Long",
        "EmailConfiguration": {"EmailSendingAccount": "DEVELOPER", "SourceArn": arn,
            "From": "The customers of Example and all of its sister companies <no-reply@example.org>"},
        "SmsVerificationMessage": long, "EmailVerificationMessage": format!("{long}\n\n\n\n{{####}}\n\n\n"),
        "AdminCreateUserConfig": {"InviteMessageTemplate": {
            "SMSMessage": "{username} {####}  \nsee you\n", "EmailMessage": long.repeat(3)}},
        "UserPoolTags": {"a tag": "with a value that is as long as the values of tags are allowed to be, and then some more"},
    }, "MfaConfig": {"MfaConfiguration": "OFF"}});
    workspace.write("rich/eu-west-1_Long.json", pool.to_string());
    for more in [&["-o", "pools"][..], &["-o", "full", "--full"], &["-o", "shared", "--share"]] {
        let import = ["import", "--all", "--from", "rich"].iter().chain(more).copied();
        workspace.poolctl(import).output().expect(0);
    }
    let lint = |paths: &[&str]| {
        let run = workspace.program(peers::yamllint()).args(["--strict", "--format", "parsable"]);
        // A manifest is one document, with no line of dashes to begin it.
        let run = run.args(["-d", "{extends: default, rules: {document-start: disable}}"]).args(paths);
        run.output()
    };
    workspace.write("wrong.yaml", format!("key: {}\n", "word ".repeat(20)));
    assert!(lint(&["wrong.yaml"]).expect(1).stdout.contains("line too long"));
    assert_eq!(lint(&["pools", "full", "shared"]).expect(0).stdout, "");
}
