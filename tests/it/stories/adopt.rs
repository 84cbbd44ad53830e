//! What a pool has become, written back; and what is left to others.

use std::fs;

use insta::assert_snapshot;

use crate::harness::{Output, Workspace};

const BASE: &str = "version: 1
settings:
  # Nobody deletes this by accident.
  DeletionProtection: ACTIVE  # reviewed
  Policies:
    PasswordPolicy: { MinimumLength: \"${var:length:-14}\", RequireSymbols: true }  # see the wiki
  VerificationMessageTemplate:
    EmailMessage: ${file:mail.html}
";

const MANIFEST: &str = "# Who signs in to the shop.
version: 1
extends: base.yaml
pool: eu-west-1_a1B2c3D4E

settings:
  AutoVerifiedAttributes:
    # The first is enough.
    - email     # always
    - phone_number
  SmsConfiguration:
    ExternalId: ${secret:EXTERNAL_ID}
    SnsCallerArn: arn:aws:iam::111122223333:role/another  # theirs
  AccountRecoverySetting:
    RecoveryMechanisms:
      - { Name: verified_email, Priority: 2 }  # mail
      - { Name: admin_only, Priority: 1 }
  UserPoolTags: { stage: dev, gone: 'x' }
";

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("poolctl.yaml", "");
    let live = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    workspace.write("live/eu-west-1_a1B2c3D4E.json", live);
    workspace.write("pools/base.yaml", BASE);
    workspace.write("pools/mail.html", "<p>{####}</p>\n");
    workspace.write("pools/shop.yaml", MANIFEST);
    workspace
}

fn run(workspace: &Workspace, arguments: &[&str]) -> Output {
    workspace.poolctl(arguments.iter().copied()).output()
}

fn read(workspace: &Workspace, name: &str) -> String {
    fs::read_to_string(workspace.path().join(name)).unwrap()
}

/// The lines that differ, as a diff shows them.
fn diff(before: &str, after: &str) -> String {
    similar::TextDiff::from_lines(before, after).unified_diff().context_radius(0).to_string()
}

#[test]
fn the_live_values_take_the_place_of_the_declared_ones_and_all_else_stays() {
    let workspace = workspace();
    let dry = run(&workspace, &["adopt", "--live", "live", "--dry-run"]);
    assert_eq!(read(&workspace, "pools/shop.yaml"), MANIFEST, "{dry}");
    let adopted = run(&workspace, &["adopt", "--live", "live"]);
    assert_eq!(adopted.code, Some(1), "what a variable gives is not adopted: {adopted}");
    assert_snapshot!("adopted", format!("{}---\n{}", adopted.stdout, adopted.stderr));
    assert_eq!(adopted.stdout, dry.stdout);
    let edits = [("base.yaml", BASE), ("shop.yaml", MANIFEST)]
        .map(|(name, before)| diff(before, &read(&workspace, &format!("pools/{name}"))));
    assert_snapshot!("edits", edits.join("\n"));
    assert!(
        read(&workspace, "pools/mail.html").starts_with("<html>\n"),
        "the file that holds the text has it"
    );
    let left = run(&workspace, &["validate"]);
    assert_eq!(left.code, Some(0), "{left}");
    let again = run(&workspace, &["adopt", "--live", "live", "--without", "Policies"]);
    assert_eq!((again.code, again.stdout.as_str()), (Some(0), ""), "{again}");
    assert!(again.stderr.contains("Nothing to adopt"), "{again}");
}

#[test]
fn what_no_call_can_change_is_adopted_with_its_old_and_its_new_values() {
    let workspace = workspace();
    let settings = "  UsernameAttributes: [phone_number]\n  SmsConfiguration: null\n  Schema: [{ Name: email, AttributeDataType: String, Mutable: false }]\n";
    let head = "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings:\n";
    workspace.write("pools/shop.yaml", format!("{head}{settings}"));
    let adopted = run(&workspace, &["adopt", "--live=live", "pools/shop.yaml"]);
    assert_snapshot!("adopted_whole", adopted.stdout);
}

#[test]
fn only_what_is_asked_for_is_adopted() {
    let workspace = workspace();
    let adopted = run(&workspace, &["adopt", "--live", "live", "--only", "UserPoolTags.stage"]);
    assert_eq!(adopted.code, Some(0), "{adopted}");
    assert_eq!(read(&workspace, "pools/shop.yaml"), MANIFEST.replace("stage: dev", "stage: prod"));
    assert_eq!(read(&workspace, "pools/base.yaml"), BASE);
}

#[test]
fn the_manifests_that_extend_an_edited_base_are_named() {
    let workspace = workspace();
    workspace.write("pools/eu/middle.yaml", "version: 1\nextends: [../base.yaml]\n");
    workspace.write("pools/eu/prod.yaml", "version: 1\nextends: middle.yaml\npool: eu-west-1_Prod\n");
    workspace.write("pools/free.yaml", "version: 1\npool: eu-west-1_Free\n");
    let adopt = |only: &str| {
        run(&workspace, &["adopt", "--dry-run", "--live", "live", "--only", only, "pools/shop.yaml"])
    };
    let told = "note: pools/eu/prod.yaml extends `pools/base.yaml`: its pool changes with its next apply; run `poolctl plan`";
    let adopted = adopt("DeletionProtection");
    assert!(adopted.stderr.contains(told), "{adopted}");
    assert!(!adopt("UserPoolTags.stage").stderr.contains("extend"));
    workspace.write("pools/test.yaml", "version: 1\nextends: base.yaml\npool: eu-west-1_Test\n");
    let told = "note: pools/eu/prod.yaml, pools/test.yaml extend `pools/base.yaml`: their pools change with";
    let adopted = adopt("DeletionProtection");
    assert!(adopted.stderr.contains(told), "{adopted}");
}

#[test]
fn a_place_that_two_pools_share_and_have_otherwise_is_left() {
    let workspace = workspace();
    let live = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    let other = live.replace("eu-west-1_a1B2c3D4E", "eu-west-1_Other");
    let other = other.replace("\"DeletionProtection\": \"INACTIVE\"", "\"DeletionProtection\": \"ACTIVE\"");
    workspace.write("live/eu-west-1_Other.json", other);
    workspace.write("pools/other.yaml", "version: 1\nextends: base.yaml\npool: eu-west-1_Other\n");
    let adopted = run(&workspace, &["adopt", "--live", "live", "--only", "DeletionProtection"]);
    assert_eq!(adopted.code, Some(1), "{adopted}");
    assert!(adopted.stderr.contains("pools/other.yaml uses the same value"), "{adopted}");
    assert_eq!(read(&workspace, "pools/base.yaml"), BASE);
}

#[test]
fn a_wrong_manifest_and_standard_input_are_not_edited() {
    let workspace = workspace();
    let piped = workspace.poolctl(["adopt", "--live", "live", "-"]).stdin(MANIFEST).output();
    assert_eq!(piped.code, Some(64), "{piped}");
    workspace.write("pools/shop.yaml", MANIFEST.replace("[email", "[mail").replace("stage: dev", "stage: 1"));
    let wrong = run(&workspace, &["adopt", "--live", "live"]);
    assert_eq!((wrong.code, wrong.stdout.as_str()), (Some(1), ""), "{wrong}");
    assert_eq!(read(&workspace, "pools/base.yaml"), BASE);
}

#[test]
fn a_setting_is_left_to_others_by_an_entry_that_stands_as_its_neighbours_do() {
    let workspace = workspace();
    let add = |more: &[&str]| run(&workspace, &[&["ignore", "add"], more].concat());
    let first = add(&["LambdaConfig.PreSignUp", "--reason", "owned by # billing"]);
    assert_eq!(first.code, Some(0), "{first}");
    let second =
        add(&["EmailConfiguration", "--reason", "theirs", "--until", "2199-06-30", "pools/shop.yaml"]);
    assert_eq!(
        (second.code, second.stdout.as_str()),
        (Some(0), "pools/shop.yaml: ignores EmailConfiguration\n")
    );
    assert_snapshot!("ignored", diff(MANIFEST, &read(&workspace, "pools/shop.yaml")));
    assert_eq!(run(&workspace, &["validate"]).code, Some(0));
    let before = read(&workspace, "pools/shop.yaml");
    let mut told = String::new();
    for (wrong, code) in [
        (&["UserPoolTags.stage", "--reason", "x"][..], 1),
        (&["LambdaConfig", "--reason", "x"], 1),
        (&["EmailConfiguration.From", "--reason", "x"], 1),
        (&["LamdaConfig", "--reason", "x"], 1),
        (&["EmailMfaConfiguration", "--reason", " "], 64),
        (&["EmailMfaConfiguration"], 64),
        (&["EmailMfaConfiguration", "--reason", "x", "--until", "tomorrow"], 64),
        (&["EmailMfaConfiguration", "--reason", "x", "-"], 64),
    ] {
        let refused = add(wrong);
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(code), ""), "{refused}");
        told += &refused.stderr;
    }
    assert_snapshot!("not_ignored", told);
    assert_eq!(read(&workspace, "pools/shop.yaml"), before);
    workspace.write("pools/two.yaml", "{ version: 1, pool: eu-west-1_Other }\n");
    let several = add(&["EmailMfaConfiguration", "--reason", "x"]);
    assert_eq!(several.code, Some(64), "{several}");
    let flow = add(&["EmailMfaConfiguration", "--reason", "x", "pools/two.yaml"]);
    assert!(flow.stderr.contains("add this by hand"), "{flow}");
}

#[test]
fn a_plan_suggests_what_would_leave_its_changes_to_others() {
    let workspace = workspace();
    workspace.write("pools/shop.yaml", MANIFEST.replace("settings:", "unmanaged: report\nsettings:"));
    let run = workspace.poolctl(["plan", "--live", "live", "--suggest-ignores"]);
    let planned = run.env("POOLCTL_SECRET_EXTERNAL_ID", "abcdef").output();
    assert_eq!(planned.code, Some(0), "{planned}");
    assert_snapshot!("suggested", planned.stderr);
}

#[test]
fn what_a_secret_gives_is_left_and_told() {
    let workspace = workspace();
    workspace.write(
        "pools/shop.yaml",
        "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings:\n  UserPoolTags: { stage: \"${secret:STAGE}\" }\n",
    );
    let adopt = |value: Option<&str>| {
        let run = workspace.poolctl(["adopt", "--live", "live", "pools/shop.yaml"]);
        match value {
            Some(value) => run.env("POOLCTL_SECRET_STAGE", value).output(),
            None => run.output(),
        }
    };
    let differs = adopt(Some("s3cr3t"));
    assert_eq!(differs.code, Some(1), "{differs}");
    assert!(differs.stderr.contains("the value comes from `${secret:STAGE}`"), "{differs}");
    assert!(!format!("{differs}").contains("s3cr3t"), "{differs}");
    assert_eq!(adopt(Some("prod")).code, Some(0));
    let unset = adopt(None);
    assert_eq!(unset.code, Some(0));
    assert!(unset.stderr.contains("`UserPoolTags.stage` was not compared: its secret is not set"), "{unset}");
}

#[test]
fn a_comment_inside_of_what_is_replaced_is_missed_aloud() {
    let workspace = workspace();
    let manifest = "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings:\n  AutoVerifiedAttributes: [\n    phone_number,  # theirs\n  ]\n";
    workspace.write("pools/shop.yaml", manifest);
    let adopted = run(&workspace, &["adopt", "--live", "live", "pools/shop.yaml"]);
    assert_eq!(adopted.code, Some(0), "{adopted}");
    assert!(adopted.stderr.contains("`pools/shop.yaml` has fewer comments than before"), "{adopted}");
}

/// A manifest that declares one setting, as many begin.
const SHORT: &str = "version: 1
pool: eu-west-1_a1B2c3D4E
settings:
  # Nobody deletes this by accident.
  DeletionProtection: INACTIVE  # for now
";

fn short() -> Workspace {
    let workspace = workspace();
    fs::remove_file(workspace.path().join("pools/base.yaml")).unwrap();
    workspace.write("pools/shop.yaml", SHORT);
    workspace
}

#[test]
fn what_no_manifest_declares_is_declared_where_somebody_asks() {
    let workspace = short();
    run(&workspace, &["drift", "--live", "live"]).expect(2);
    let without = run(&workspace, &["adopt", "--live", "live"]).expect(0);
    assert_snapshot!("undeclared_left", without.stderr);
    assert_eq!(read(&workspace, "pools/shop.yaml"), SHORT);
    let dry = run(&workspace, &["adopt", "--undeclared", "--dry-run", "--live", "live"]).expect(0);
    assert_eq!(read(&workspace, "pools/shop.yaml"), SHORT, "{dry}");
    let adopted = run(&workspace, &["adopt", "--undeclared", "--live", "live"]).expect(0);
    assert_eq!(adopted.stdout, dry.stdout);
    assert_snapshot!("undeclared_adopted", format!("{}---\n{}", adopted.stdout, adopted.stderr));
    assert_snapshot!("undeclared_edits", diff(SHORT, &read(&workspace, "pools/shop.yaml")));
    run(&workspace, &["drift", "--live", "live"]).expect(0);
    run(&workspace, &["plan", "--live", "live", "--detailed-exitcode"]).expect(0);
    let again = run(&workspace, &["adopt", "--undeclared", "--live", "live"]).expect(0);
    assert!(again.stderr.contains("Nothing to adopt: the pools are as declared."), "{again}");
}

#[test]
fn an_ignored_setting_that_neither_the_model_nor_the_pool_has_is_told() {
    let workspace = short();
    workspace.write("live/eu-west-1_a1B2c3D4E.mfa.json", r#"{"MfaConfiguration": "OPTIONAL"}"#);
    let ignored = |path: &str| format!("{SHORT}ignore:\n  - {{ path: {path}, reason: theirs }}\n");
    for (path, unused) in [
        ("LambdaConfig.RiskScoring", false),
        ("LambdaConfig.Zebra", true),
        ("Zebra", true),
        ("DeviceConfiguration", false),
    ] {
        workspace.write("pools/shop.yaml", ignored(path));
        for command in [&["plan", "--live", "live"][..], &["drift", "--live", "live"]] {
            let told = run(&workspace, command);
            let is_told =
                told.stdout.contains("warning ignore-unused") && told.stdout.contains(&format!(" {path};"));
            assert_eq!(is_told, unused, "{path}: {told}");
        }
    }
    workspace.write("pools/shop.yaml", ignored("LambdaConfig.PreSignup"));
    let close = run(&workspace, &["validate"]).expect(1);
    assert!(close.stdout.contains("did you mean `LambdaConfig.PreSignUp`?"), "{close}");
}

#[test]
fn the_present_is_left_to_others_by_one_command_and_what_comes_later_is_not() {
    let workspace = short();
    let suggested = run(&workspace, &["drift", "--suggest-ignores", "--live", "live"]).expect(2);
    let add = ["ignore", "add", "--undeclared", "--reason", "as it was", "--until", "2199-06-30"];
    let added = run(&workspace, &[&add[..], &["--live", "live", "pools"]].concat()).expect(0);
    assert_snapshot!("undeclared_ignored", format!("{}---\n{}", added.stdout, added.stderr));
    let text = read(&workspace, "pools/shop.yaml");
    assert!(text.starts_with(SHORT), "{text}");
    let entries = |text: &str| text.lines().filter(|line| line.contains("path: ")).count();
    assert!(entries(&text) > 5 && entries(&text) == entries(&suggested.stderr), "{suggested}\n{text}");
    run(&workspace, &["drift", "--live", "live"]).expect(0);
    let again = run(&workspace, &[&add[..], &["--live", "live"]].concat()).expect(0);
    assert!(again.stderr.contains("Nothing to ignore"), "{again}");
    let live = read(&workspace, "live/eu-west-1_a1B2c3D4E.json");
    let live = live.replace("\"LambdaConfig\": {", "\"LambdaConfig\": { \"UserMigration\": \"arn:evil\",");
    workspace.write("later/eu-west-1_a1B2c3D4E.json", live);
    let later = run(&workspace, &["drift", "--live", "later"]).expect(2);
    assert!(later.stdout.contains("? UserMigration"), "{later}");
}

#[test]
fn the_suggested_entries_can_be_pasted() {
    let workspace = short();
    let suggested = run(&workspace, &["drift", "--suggest-ignores", "--live", "live"]).expect(2);
    let (_, entries) = suggested.stderr.split_once("\n\n").unwrap();
    assert!(entries.starts_with("ignore:\n"), "{suggested}");
    workspace.write("pools/shop.yaml", format!("{SHORT}{entries}"));
    run(&workspace, &["drift", "--live", "live"]).expect(0);
}

#[test]
fn several_settings_are_ignored_at_once_wherever_the_file_stands_among_them() {
    for order in [
        ["UserPoolTags", "LambdaConfig.PreSignUp", "pools/shop.yaml"],
        ["pools/shop.yaml", "UserPoolTags", "LambdaConfig.PreSignUp"],
    ] {
        let workspace = short();
        let added =
            run(&workspace, &[&["ignore", "add", "--reason", "theirs"], &order[..]].concat()).expect(0);
        assert_eq!(
            added.stdout,
            "pools/shop.yaml: ignores UserPoolTags\npools/shop.yaml: ignores LambdaConfig.PreSignUp\n"
        );
        run(&workspace, &["validate"]).expect(0);
    }
    let workspace = short();
    let add = |words: &[&str]| run(&workspace, &[&["ignore", "add", "--reason", "theirs"], words].concat());
    for (words, said) in [
        (&["pools"][..], "no setting is given"),
        (&["--undeclared", "UserPoolTags"], "`--undeclared` cannot be used with settings"),
        (&["UserPoolTags", "--live", "live"], "`--live` has no effect on settings that are named"),
        (&["Zebra", "pools"], "no setting and no file `Zebra` found"),
        (&["UserPoolTags..x"], "`UserPoolTags..x` is not a setting"),
        (&["UserPoolTags", "nowhere.yaml"], "nowhere.yaml"),
    ] {
        let refused = add(words).expect(64);
        assert!(refused.stderr.contains(said), "{words:?}: {refused}");
    }
    assert_eq!(read(&workspace, "pools/shop.yaml"), SHORT);
}

#[test]
fn a_setting_that_there_is_not_is_no_choice() {
    let workspace = Workspace::new();
    workspace.write(
        "live/eu-west-1_a1B2c3D4E.json",
        r#"{"UserPool": {"Id": "eu-west-1_a1B2c3D4E", "Name": "p"}}"#,
    );
    workspace.write("pool.yaml", "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings: { PoolName: q }\n");
    for option in ["--only", "--without"] {
        let told = run(&workspace, &["adopt", "--live", "live", "--dry-run", option, "PoolNam", "pool.yaml"]);
        let told = told.expect(64);
        assert!(told.stderr.contains("there is no setting `PoolNam`"), "{told}");
        assert!(told.stderr.contains("did you mean `PoolName`?"), "{told}");
    }
}
