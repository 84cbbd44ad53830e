//! The commands as they are typed, where nothing goes wrong on the way.

use insta::assert_snapshot;

use crate::harness::{Output, Run, Workspace};

const POOL: &str = "eu-west-1_a1B2c3D4E";

/// A folder with the quickstart in it.
fn quickstart() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("customers.yaml", include_str!("../../../examples/quickstart/customers.yaml"));
    let live = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    workspace.write(&format!("live/{POOL}.json"), live);
    workspace
}

fn run<'a>(workspace: &'a Workspace, arguments: &[&'a str]) -> Run<'a> {
    workspace.poolctl(arguments.iter().copied())
}

fn told(output: &Output) -> String {
    let backup = regex::Regex::new(r"\d{8}T\d{6}Z-(eu-west-1_[a-zA-Z0-9]+)(-\d+)?").unwrap();
    backup.replace_all(&output.to_string(), "[STAMP]-$1").into_owned()
}

#[test]
fn a_plan_needs_no_credentials_where_documents_are_saved() {
    let workspace = quickstart();
    let output = run(&workspace, &["plan", "--live", "live", "customers.yaml"]).output();
    assert_snapshot!(told(&output.expect(0)));
    run(&workspace, &["diff", "--live", "live", "--detailed-exitcode", "customers.yaml"]).output().expect(2);
}

#[test]
fn a_document_that_was_not_saved_is_named_with_the_command_that_saves_it() {
    let workspace = quickstart();
    assert_snapshot!(told(
        &run(&workspace, &["plan", "--live", "elsewhere", "customers.yaml"]).output().expect(1)
    ));
}

#[test]
fn the_shown_request_is_whole_and_holds_no_secret() {
    let workspace = quickstart();
    let output =
        run(&workspace, &["plan", "--live", "live", "--show-request", "customers.yaml"]).output().expect(0);
    let body = output.json();
    assert_eq!(body["UserPoolId"], POOL);
    assert_eq!(body["LambdaConfig"]["RiskScoring"]["LambdaVersion"], "V1_0");
    assert_eq!(body["SmsConfiguration"]["ExternalId"], "(sensitive)");
    let secret = "3f6c1f0e-5f0f-4c3c-9d0c-8d6a1f1f7a11";
    assert!(!output.stdout.contains(secret) && !output.stderr.contains(secret), "{output}");
    assert_snapshot!(told(&output));
}

#[test]
fn a_newer_model_knows_what_the_built_in_one_does_not() {
    let workspace = quickstart();
    let mut model: serde_json::Value =
        serde_json::from_str(include_str!("../../../schemas/cognito-idp.json")).unwrap();
    model["shapes"]["LambdaConfigType"]["members"]["RiskScoring"] = "CustomSMSLambdaVersionConfigType".into();
    workspace.write("model.json", model.to_string());
    let plan = |arguments: &[&'static str]| {
        let all = [&["plan", "--live", "live", "customers.yaml"], arguments].concat();
        run(&workspace, &all).output().expect(0)
    };
    // The path may go on in the next line.
    let words = plan(&[]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words
            .contains("unknown to this version of poolctl and sent back unchanged: LambdaConfig.RiskScoring")
    );
    assert!(!plan(&["--api-model", "model.json"]).stdout.contains("unknown"));
    let wrong =
        run(&workspace, &["plan", "--live", "live", "--api-model", "customers.yaml", "customers.yaml"]);
    assert_snapshot!(told(&wrong.output().expect(1)));
}

/// The built-in model after `edit`, beside the quickstart.
fn with_model(edit: impl FnOnce(&mut serde_json::Value)) -> Workspace {
    let workspace = quickstart();
    let mut model = serde_json::from_str(include_str!("../../../schemas/cognito-idp.json")).unwrap();
    edit(&mut model);
    workspace.write("model.json", model.to_string());
    workspace
}

const WITH_MODEL: [&str; 6] = ["plan", "--live", "live", "--api-model", "model.json", "customers.yaml"];

#[test]
fn a_model_without_the_calls_that_are_made_is_refused_by_their_names() {
    for (name, gone) in [
        ("mfa", &["SetUserPoolMfaConfig"] as &[&str]),
        ("several", &["DescribeUserPool", "AddCustomAttributes", "CreateUserPool"]),
    ] {
        let workspace = with_model(|model| {
            let operations = model["operations"].as_object_mut().unwrap();
            gone.iter().for_each(|operation| drop(operations.remove(*operation)));
        });
        let refused = run(&workspace, &WITH_MODEL).output().expect(1);
        assert_snapshot!(format!("model_without_{name}"), told(&refused));
    }
    let workspace = with_model(|model| {
        model["targetPrefix"] = "AWSCognitoIdentityService".into();
    });
    let other = run(&workspace, &WITH_MODEL).output().expect(1);
    assert_snapshot!("model_of_another_service", told(&other));
}

#[test]
fn a_setting_that_the_model_lacks_goes_back_as_it_is_and_cannot_be_declared() {
    let manifest = format!("version: 1\npool: {POOL}\nsettings: {{ DeletionProtection: ACTIVE }}\n");
    let members = |model: &mut serde_json::Value, shape: &str| {
        model["shapes"][shape]["members"].as_object_mut().unwrap().remove("LambdaConfig").unwrap();
    };
    let everywhere = |model: &mut serde_json::Value| {
        for shape in ["UpdateUserPoolRequest", "CreateUserPoolRequest", "UserPoolType"] {
            members(model, shape);
        }
    };
    let worlds = [
        with_model(|model| members(model, "UpdateUserPoolRequest")),
        with_model(|model| members(model, "UserPoolType")),
        with_model(everywhere),
        with_model(|model| drop(model["shapes"].as_object_mut().unwrap().remove("LambdaConfigType"))),
    ];
    for workspace in &worlds {
        workspace.write("pool.yaml", &manifest);
        let show = ["plan", "--live", "live", "--api-model", "model.json", "--show-request", "pool.yaml"];
        let triggers = &run(workspace, &show).output().expect(0).json()["LambdaConfig"];
        let live: serde_json::Value =
            serde_json::from_str(include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json"))
                .unwrap();
        assert_eq!(*triggers, live["UserPool"]["LambdaConfig"]);
    }
    for workspace in &worlds[2..] {
        let unknown = run(workspace, &WITH_MODEL).output().expect(1);
        assert!(unknown.stderr.contains("Cognito has no setting `LambdaConfig`"), "{unknown}");
        assert!(unknown.stderr.contains("move it to `passthrough`"), "{unknown}");
    }
}

#[test]
fn a_manifest_comes_from_standard_input_too() {
    let workspace = quickstart();
    let manifest = format!("version: 1\npool: {POOL}\nsettings: {{ DeletionProtection: ACTIVE }}\n");
    let output = run(&workspace, &["plan", "--live", "live", "-"]).stdin(manifest).output().expect(0);
    assert!(output.stdout.contains("INACTIVE → ACTIVE   <stdin>:3"), "{output}");
}

#[test]
fn a_folder_is_a_fleet_and_a_pool_has_one_manifest() {
    let workspace = quickstart();
    let manifest = include_str!("../../../examples/quickstart/customers.yaml");
    workspace.write("pools/a/customers.yaml", manifest);
    workspace.write("pools/b.yml", manifest.replace(POOL, "eu-west-1_other"));
    workspace.write("pools/.hidden.yaml", "not a manifest");
    workspace.write("pools/readme.txt", "not a manifest");
    let live = std::fs::read_to_string(workspace.path().join(format!("live/{POOL}.json"))).unwrap();
    workspace.write(
        "live/eu-west-1_other.json",
        live.replace(POOL, "eu-west-1_other").replace("customers", "staff"),
    );
    let output = run(&workspace, &["plan", "--live", "live"]).output().expect(0);
    assert!(output.stdout.contains("Plan: 2 pools to update. 16 changes, 2 notices, 4 notes."), "{output}");

    workspace.write("pools/c.yaml", manifest);
    assert_snapshot!(told(&run(&workspace, &["plan", "--live", "live"]).output().expect(1)));
}

#[test]
fn one_pool_of_a_fleet_that_cannot_be_read_does_not_hide_the_others() {
    let workspace = quickstart();
    let manifest = include_str!("../../../examples/quickstart/customers.yaml");
    workspace.write("pools/a.yaml", manifest);
    workspace.write("pools/b.yaml", manifest.replace(POOL, "eu-west-1_gone"));
    let output = run(&workspace, &["plan", "--live", "live"]).output().expect(1);
    let unread = "1 pool could not be planned:\n✗ eu-west-1_gone   pools/b.yaml   ";
    assert!(output.stdout.contains(unread), "{output}");
    assert!(output.stderr.contains("eu-west-1_gone"), "{output}");
}

#[test]
fn a_restore_takes_one_backup() {
    let output = Workspace::new().poolctl(["restore", "a.json", "b.json", "c.json"]).output().expect(64);
    let expected = "error: `restore` takes one backup, and 3 are given\n  help: run it once per pool, with one backup each\n";
    assert_eq!(output.stderr, expected);
}

#[test]
fn a_restore_is_a_plan_like_any_other() {
    let workspace = quickstart();
    let sandbox = ["--sandbox", "--seed", "live"];
    let with = |arguments: &[&'static str]| run(&workspace, &[arguments, &sandbox].concat()).output();
    with(&["apply", "--yes", "customers.yaml"]).expect(0);
    let backup = workspace.backup();
    let backup = backup.strip_prefix(workspace.path()).unwrap().display().to_string();
    let restore = |arguments: &[&str]| {
        let all = ["restore", &backup, "--sandbox"].into_iter().chain(arguments.iter().copied());
        workspace.poolctl(all).output()
    };
    let weaker = "attribute-verification-off,deletion-protection-off,password-policy-weaker";
    let refused = restore(&["--yes"]).expect(3);
    assert!(refused.stdout.ends_with(&format!("To accept the risks: --allow {weaker}\n")), "{refused}");
    assert_snapshot!(told(&restore(&["--yes", "--allow", weaker]).expect(0)));
    let again = restore(&[]).expect(0);
    assert!(again.stdout.contains("No changes. There is nothing to restore."), "{again}");
    with(&["plan", "--detailed-exitcode", "customers.yaml"]).expect(2);
    let missing = run(&workspace, &["restore", "customers.yaml", "--sandbox"]).output().expect(1);
    assert_snapshot!("restore_of_no_backup", told(&missing));
}

#[test]
fn a_wrong_word_on_the_command_line_ends_with_64() {
    let workspace = quickstart();
    for (name, arguments) in [
        ("command", &["plann"] as &[&str]),
        ("flag", &["plan", "--detailed-exit-code"]),
        ("no_command", &[]),
        ("no_file", &["plan", "nowhere.yaml"]),
        ("no_folder", &["plan", "--live", "live"]),
        ("no_manifest", &["plan", "live"]),
        ("region", &["plan", "--region", "Ireland", "customers.yaml"]),
        ("fault", &["sandbox", "--fault", "UpdateUserPool"]),
        ("seed", &["plan", "--seed", "live", "customers.yaml"]),
        ("allow", &["plan", "--live", "live", "--allow", "tag-remove", "customers.yaml"]),
        ("allow_path", &["plan", "--live", "live", "--allow", "tag-removal@UserPoolTag", "customers.yaml"]),
        ("value", &["validate", "--format", "jsn", "customers.yaml"]),
        ("live_and_sandbox", &["plan", "--live", "live", "--sandbox", "customers.yaml"]),
    ] {
        let output = run(&workspace, arguments).output().expect(64);
        assert_eq!(output.stdout, "", "{name}");
        assert_snapshot!(format!("usage_{name}"), told(&output));
    }
}

#[test]
fn a_path_that_a_live_pool_may_have_is_doubted_and_not_refused() {
    let workspace = quickstart();
    let allow =
        ["plan", "--live", "live", "--allow", "trigger-removal@LambdaConfig.PreSignup", "customers.yaml"];
    let doubted = run(&workspace, &allow).output().expect(0);
    assert_eq!(
        doubted.stderr,
        "warning: `--allow trigger-removal@LambdaConfig.PreSignup`: there is no setting \
         `LambdaConfig.PreSignup` in the API model; did you mean `LambdaConfig.PreSignUp`?\n"
    );
}

#[test]
fn what_the_environment_says_wrong_is_blamed_on_its_variable() {
    let workspace = quickstart();
    let live: &[&str] = &["plan", "--live", "live", "customers.yaml"];
    for (name, variables, arguments) in [
        ("value", &[("POOLCTL_RATE", "abc")] as &[_], live),
        ("word", &[("POOLCTL_FORMAT", "xml")], live),
        ("conflict", &[("POOLCTL_SANDBOX", "here"), ("POOLCTL_RATE", "3"), ("POOLCTL_QUIET", "1")], live),
        ("both", &[("POOLCTL_RATE", "1"), ("POOLCTL_SETTLE", "soon")], &["apply", "--rate", "2"]),
    ] {
        let run = run(&workspace, arguments);
        let run = variables.iter().fold(run, |run, (variable, value)| run.env(variable, value));
        assert_snapshot!(format!("environment_{name}"), told(&run.output().expect(64)));
    }
    let typed = run(&workspace, &["plan", "--rate", "abc"]).env("POOLCTL_RATE", "1").output().expect(64);
    assert!(!typed.stderr.contains("POOLCTL_RATE"), "{typed}");
}

#[test]
fn the_version_is_a_result() {
    let workspace = Workspace::new();
    let version = run(&workspace, &["--version"]).output().expect(0);
    assert_eq!(version.stdout, format!("poolctl {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn calls_are_told_when_asked_for() {
    let workspace = quickstart();
    let plan = ["plan", "--sandbox", "--seed", "live", "customers.yaml"];
    let told = run(&workspace, &[&plan[..], &["-v"]].concat()).output().expect(0);
    let line = regex::Regex::new(
        r"^DescribeUserPool eu-west-1_a1B2c3D4E: done 200 in \[TIME\] \(request [0-9a-f-]+\)\n$",
    );
    assert!(line.unwrap().is_match(&told.stderr), "{told}");
    assert_eq!(run(&workspace, &plan).output().expect(0).stderr, "");
}

/// What a program reads, without what differs between two runs.
fn document(output: &Output) -> String {
    let mut document = output.json();
    for pool in document["pools"].as_array_mut().unwrap() {
        for (name, mark) in [("request_id", "[ID]"), ("backup", "[BACKUP]")] {
            if let Some(value) = pool.get_mut(name) {
                *value = mark.into();
            }
        }
    }
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../../schemas/plan.schema.json")).unwrap();
    let wrong: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&document)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
    serde_json::to_string_pretty(&document).unwrap()
}

#[test]
fn a_program_reads_one_document_of_what_was_planned_and_done() {
    let workspace = quickstart();
    let manifest = format!("version: 1\npool: {POOL}\nsettings: {{ DeletionProtection: ACTIVE }}\n");
    workspace.write("pools/a.yaml", manifest.clone());
    let with = |arguments: &[&'static str]| {
        run(&workspace, &[&["--sandbox", "--seed", "live", "--format", "json"], arguments].concat()).output()
    };
    assert_snapshot!("json_plan", document(&with(&["plan", "--detailed-exitcode"]).expect(2)));
    let applied = with(&["apply", "--yes"]).expect(0);
    assert_eq!(applied.json()["pools"][0]["outcome"], "applied");
    assert_snapshot!("json_apply", document(&applied));
    let again = with(&["apply", "--yes"]).expect(0).json();
    assert_eq!(
        (&again["pools"][0]["outcome"], &again["summary"]["changes"]),
        (&"unchanged".into(), &0.into())
    );

    workspace.write("pools/b.yaml", manifest.replace(POOL, "eu-west-1_gone"));
    let failed = with(&["apply", "--yes"]).expect(1);
    assert_eq!(failed.json()["pools"][1]["outcome"], "failed");
    assert_eq!(failed.json()["applyable"], false);
    document(&failed);
    assert!(failed.stderr.contains("eu-west-1_gone"), "people are told too\n{failed}");

    workspace.write("pools/b.yaml", "version: 1\npool: eu-west-1_gone\nsettings: { Zebra: 1 }\n");
    let wrong = with(&["plan"]).expect(1);
    document(&wrong);
    let diagnostic = &wrong.json()["diagnostics"][0];
    assert_eq!(diagnostic["code"], "unknown-setting");
    assert_eq!(diagnostic["source"], serde_json::json!({"file": "pools/b.yaml", "line": 3, "column": 13}));
    assert_eq!(
        wrong.json()["pools"],
        serde_json::json!([]),
        "what cannot be read whole is not planned in part"
    );
}

#[test]
fn one_pool_that_cannot_be_read_keeps_all_from_being_written() {
    let workspace = quickstart();
    let manifest = include_str!("../../../examples/quickstart/customers.yaml");
    workspace.write("pools/a.yaml", manifest);
    workspace.write("pools/b.yaml", manifest.replace(POOL, "eu-west-1_gone"));
    let output = run(&workspace, &["apply", "--yes", "--sandbox", "--seed", "live"]).output().expect(1);
    assert!(output.stderr.contains("eu-west-1_gone"), "{output}");
    let kept = std::fs::read(workspace.path().join(format!(".poolctl/sandbox/{POOL}.json"))).unwrap();
    let kept: serde_json::Value = serde_json::from_slice(&kept).unwrap();
    assert_eq!(kept["UserPool"]["DeletionProtection"], "INACTIVE", "{output}");
}
