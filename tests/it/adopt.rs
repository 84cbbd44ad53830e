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
    let live = include_str!("../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
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
fn only_what_is_asked_for_is_adopted() {
    let workspace = workspace();
    let adopted = run(&workspace, &["adopt", "--live", "live", "--only", "UserPoolTags.stage"]);
    assert_eq!(adopted.code, Some(0), "{adopted}");
    assert_eq!(read(&workspace, "pools/shop.yaml"), MANIFEST.replace("stage: dev", "stage: prod"));
    assert_eq!(read(&workspace, "pools/base.yaml"), BASE);
}

#[test]
fn a_place_that_two_pools_share_and_have_otherwise_is_left() {
    let workspace = workspace();
    let live = include_str!("../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    let other = live.replace("eu-west-1_a1B2c3D4E", "eu-west-1_Other");
    let other = other.replace("\"DeletionProtection\": \"INACTIVE\"", "\"DeletionProtection\": \"ACTIVE\"");
    workspace.write("live/eu-west-1_Other.json", other);
    workspace.write("pools/other.yaml", "version: 1\nextends: base.yaml\npool: eu-west-1_Other\n");
    let adopted = run(&workspace, &["adopt", "--live", "live", "--only", "DeletionProtection"]);
    assert_eq!(adopted.code, Some(1), "{adopted}");
    assert!(adopted.stderr.contains("pools/other.yaml has it from there too"), "{adopted}");
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
    assert!(unset.stderr.contains("`UserPoolTags.stage` comes from a secret that is not set"), "{unset}");
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
