//! What a plan risks, who may accept it, and what a manifest leaves to others.

use insta::assert_snapshot;

use crate::harness::{Output, Workspace};

const POOL: &str = "eu-west-1_a1B2c3D4E";
/// A change that somebody must accept, and one that nobody need.
const MANIFEST: &str = "version: 1
pool: eu-west-1_a1B2c3D4E
settings:
  LambdaConfig: { PostConfirmation: null }
  UserPoolTags: { stage: null }
";

fn workspace(more: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("pool.yaml", format!("{MANIFEST}{more}"));
    let live = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    workspace.write(&format!("live/{POOL}.json"), live);
    workspace
}

fn plan(workspace: &Workspace, more: &[&str]) -> Output {
    workspace.poolctl(["plan", "--live", "live", "pool.yaml"].iter().chain(more).copied()).output()
}

fn apply(workspace: &Workspace, more: &[&str]) -> Output {
    let apply = ["apply", "--yes", "--settle", "0", "--sandbox", "--seed", "live", "pool.yaml"];
    workspace.poolctl(apply.iter().chain(more).copied()).output()
}

fn is_there(workspace: &Workspace, trigger: &str) -> bool {
    let path = workspace.path().join(".poolctl/sandbox").join(format!("{POOL}.json"));
    let text = std::fs::read(path).unwrap();
    let pool: serde_json::Value = serde_json::from_slice(&text).unwrap();
    pool["UserPool"]["LambdaConfig"].get(trigger).is_some()
}

#[test]
fn a_risk_that_nobody_accepts_ends_plan_and_apply_with_3_and_nothing_is_written() {
    let workspace = workspace("");
    assert_snapshot!(plan(&workspace, &[]).expect(3));
    plan(&workspace, &["--detailed-exitcode"]).expect(3);
    apply(&workspace, &[]).expect(3);
    assert!(is_there(&workspace, "PostConfirmation"));
    assert!(!workspace.path().join(".poolctl/backups").exists(), "nothing was begun");
}

#[test]
fn a_risk_is_accepted_by_its_name_on_the_command_line() {
    let workspace = workspace("");
    for flags in [
        &["--allow", "trigger-removal"] as &[&str],
        &["--allow", "tag-removal,trigger-removal@LambdaConfig.PostConfirmation"],
        &["--allow", "tag-removal", "--allow", "trigger-removal@LambdaConfig"],
    ] {
        plan(&workspace, flags).expect(0);
        plan(&workspace, &[flags, &["--detailed-exitcode"]].concat()).expect(2);
    }
    for flags in [
        &["--allow", "trigger-added"] as &[&str],
        &["--allow", "trigger-removal@LambdaConfig.PreSignUp"],
        &["--allow", "rule:mfa-without-factor"],
        &["--unknown", "omit"],
    ] {
        plan(&workspace, flags).expect(3);
    }
    apply(&workspace, &["--allow", "trigger-removal"]).expect(0);
    assert!(!is_there(&workspace, "PostConfirmation") && is_there(&workspace, "PreSignUp"));
}

#[test]
fn a_risk_is_accepted_in_the_manifest_until_the_day_that_it_names() {
    let allow = |until: &str| {
        format!(
            "allow:\n  - {{ risk: trigger-removal, path: LambdaConfig.PostConfirmation, reason: retired in INC-42, until: {until} }}\n"
        )
    };
    let over = workspace(&allow("2001-01-31"));
    assert_snapshot!("an_allow_that_is_over", plan(&over, &[]).expect(3));
    apply(&over, &[]).expect(3);
    assert!(is_there(&over, "PostConfirmation"));

    let holds = workspace(&allow("9999-12-31"));
    let shown = plan(&holds, &[]).expect(0);
    assert!(shown.stdout.contains("allowed by pool.yaml:7: retired in INC-42"), "{shown}");
    apply(&holds, &[]).expect(0);
    assert!(!is_there(&holds, "PostConfirmation"));
    let again = plan(&holds, &["--format", "json"]).expect(0).json();
    let risk = &again["pools"][0]["findings"][0];
    assert_eq!((&risk["code"], &risk["blocking"]), (&"trigger-removal".into(), &true.into()));
    assert_eq!(risk["allowed_by"]["source"]["line"], 7);
}

#[test]
fn no_environment_accepts_a_risk() {
    let workspace = workspace("");
    let names = ["POOLCTL_ALLOW", "POOLCTL_ALLOWS", "POOLCTL_RISK", "POOLCTL_YES", "ALLOW"];
    for arguments in [
        &["plan", "--live", "live", "pool.yaml"] as &[&str],
        &["apply", "--yes", "--sandbox", "--seed", "live", "pool.yaml"],
    ] {
        let run = workspace.poolctl(arguments.iter().copied());
        names.iter().fold(run, |run, name| run.env(name, "trigger-removal")).output().expect(3);
    }
    assert!(is_there(&workspace, "PostConfirmation"));
}

#[test]
fn one_pool_with_a_risk_keeps_all_from_being_written() {
    let workspace = workspace("");
    let other = "eu-west-1_other";
    let live = std::fs::read_to_string(workspace.path().join(format!("live/{POOL}.json"))).unwrap();
    workspace.write(&format!("live/{other}.json"), live.replace(POOL, other));
    workspace
        .write("a.yaml", format!("version: 1\npool: {other}\nsettings: {{ DeletionProtection: ACTIVE }}\n"));
    let refused = apply(&workspace, &["a.yaml"]).expect(3);
    assert!(
        refused.stdout.contains("Plan: 1 pool to update, 1 blocked. 3 changes, 1 risk, 1 notice, 4 notes."),
        "{refused}"
    );
    let kept =
        std::fs::read_to_string(workspace.path().join(format!(".poolctl/sandbox/{other}.json"))).unwrap();
    assert!(kept.contains(r#""DeletionProtection": "INACTIVE""#), "{kept}");
    apply(&workspace, &["a.yaml", "--allow", "trigger-removal"]).expect(0);
}

#[test]
fn a_request_that_is_not_shown_says_what_would_show_it() {
    let workspace = workspace("");
    let refused = plan(&workspace, &["--show-request"]).expect(3);
    assert_eq!(refused.stdout, "");
    assert!(refused.stderr.ends_with("To accept the risk: --allow trigger-removal\n"), "{refused}");
    let shown = plan(&workspace, &["--show-request", "--allow", "trigger-removal"]).expect(0).json();
    assert!(shown["LambdaConfig"].get("PostConfirmation").is_none());
}

#[test]
fn everything_that_is_wrong_with_the_lists_is_said_at_once() {
    let workspace = workspace(
        "unmanaged: all
ignore:
  - { path: LambdaConfig, reason: owned by billing }
  - { path: DeviceConfigration, reason: x, until: soon }
  - { path: DeviceConfigration, reason: x }
allow:
  - { risk: trigger-remove, reason: retired }
  - { risk: tag-removal }
omit:
  - { path: UserPoolTags.team, reason: '' }
",
    );
    let output = plan(&workspace, &[]).expect(1);
    assert_eq!(output.stdout, "");
    assert_snapshot!(output);
}

#[test]
fn what_others_own_goes_back_and_what_nobody_owns_is_told_where_it_is_wished_for() {
    let workspace = workspace(
        "unmanaged: report
ignore:
  - { path: VerificationMessageTemplate, reason: owned by marketing }
  - { path: EmailConfiguration, reason: owned by marketing, until: 2001-01-31 }
",
    );
    assert_snapshot!(plan(&workspace, &["--allow", "trigger-removal"]).expect(0));
    apply(&workspace, &["--allow", "trigger-removal"]).expect(0);
}

#[test]
fn an_acceptance_that_no_change_uses_is_told_unless_it_ends_by_itself() {
    let said = |entry: &str| {
        let workspace = workspace(&format!("allow:\n  - {{ {entry} }}\n"));
        plan(&workspace, &["--allow", "trigger-removal", "--format", "json"]).expect(0).json()
    };
    let unused = |entry: &str| {
        let told = said(entry);
        let findings = told["pools"][0]["findings"].as_array().unwrap().clone();
        findings.into_iter().filter(|finding| finding["code"] == "allow-unused").collect::<Vec<_>>()
    };
    let told = unused("risk: mfa-downgrade, path: MfaConfiguration, reason: r");
    assert_eq!(
        (told.len(), told[0]["text"].as_str()),
        (
            1,
            Some(
                "the manifest allows `mfa-downgrade` at `MfaConfiguration` for an unlimited time, and this plan does not need it"
            )
        ),
        "{told:?}"
    );
    for used_or_ending in [
        "risk: trigger-removal, path: LambdaConfig.PostConfirmation, reason: r",
        "risk: mfa-downgrade, reason: r, until: 2199-01-31",
        // Nobody has read the MFA document, which may break it.
        "rule: mfa-without-factor, reason: r",
    ] {
        assert_eq!(unused(used_or_ending).len(), 0, "{used_or_ending}");
    }
}
