//! `validate` as it is typed: many files at once, without a pool and without credentials.

use std::time::{Duration, Instant};

use insta::assert_snapshot;

use crate::harness::peers::{quality_mistakes, read_junit, sarif_mistakes};
use crate::harness::{Output, Workspace};

const FORMATS: [&str; 7] = ["text", "json", "html", "github", "sarif", "junit", "codequality"];

fn manifest(pool: &str, settings: &str) -> String {
    format!("version: 1\npool: eu-west-1_{pool}\nsettings:\n{settings}\n")
}

/// Three manifests: one with several mistakes, one with a warning, and a second one for a pool.
fn fleet() -> Workspace {
    let workspace = Workspace::new();
    let otp = "  MfaConfiguration: ON
  DeletionProtectoin: ACTIVE
  Policies:
    PasswordPolicy: { MinimumLength: 3 }
    SignInPolicy:
      AllowedFirstAuthFactors: [PASSWORD, EMAIL_OTP]";
    workspace.write("pools/a.yaml", manifest("a", otp));
    workspace.write("pools/b.yaml", manifest("b", "  EmailVerificationSubject: Hello"));
    workspace.write("pools/c.yaml", manifest("b", "  DeletionProtection: ACTIVE"));
    workspace
}

fn validate(workspace: &Workspace, arguments: &[&str]) -> Output {
    workspace.program(env!("CARGO_BIN_EXE_poolctl")).args([&["validate"], arguments].concat()).output()
}

#[test]
fn everything_that_is_wrong_with_a_fleet_is_told_at_once_in_every_form() {
    let workspace = fleet();
    for format in FORMATS {
        let output = validate(&workspace, &["--format", format]).expect(1);
        assert_eq!(output.stderr, "", "the findings are the result");
        if format == "html" {
            // The page itself is shown beside the other forms of a report.
            let places =
                ["pools/a.yaml:", "<mark>", "pools/b.yaml"].map(|place| output.stdout.contains(place));
            assert_eq!(places, [true; 3], "{output}");
            let form = "https://dev.azure.com/acme/id/_git/pools?version=GC0123abc&path=/{path}&line={line}";
            let linked = validate(&workspace, &["--format", format, "--source-url", form]).expect(1).stdout;
            let link = "href=\"https://dev.azure.com/acme/id/_git/pools?version=GC0123abc&amp;path=/pools/a.yaml&amp;line=";
            assert!(linked.contains(link), "{linked}");
            continue;
        }
        assert_snapshot!(format!("fleet_{format}"), output);
    }
}

#[test]
fn a_sarif_log_is_one_by_the_published_schema() {
    let workspace = fleet();
    workspace.write("pools/d é, 100%.yaml", "version: 2\n");
    workspace.write("sound.yaml", manifest("d", "  DeletionProtection: ACTIVE"));
    let log = validate(&workspace, &["--format", "sarif"]).expect(1).json();
    assert_eq!(sarif_mistakes(&log), [""; 0]);
    let run = &log["runs"][0];
    for result in run["results"].as_array().unwrap() {
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(result["ruleId"], rule["id"]);
        for text in ["shortDescription", "fullDescription", "help"] {
            assert!(!rule[text]["text"].as_str().unwrap().is_empty(), "{rule}");
        }
    }
    let piped = workspace.poolctl(["validate", "--format", "sarif", "-"]).stdin("version: 1\n").output();
    assert_eq!(sarif_mistakes(&piped.expect(1).json()), [""; 0]);
    let mut none = validate(&workspace, &["--format", "sarif", "sound.yaml"]).expect(0).json();
    assert_eq!(sarif_mistakes(&none), [""; 0]);
    none["runs"][0]["results"] = serde_json::json!([{ "message": "no object" }]);
    assert!(!sarif_mistakes(&none).is_empty(), "the schema refuses something");
}

#[test]
fn each_file_is_a_test_and_each_finding_an_issue() {
    let workspace = fleet();
    workspace.write("pools/d.yaml", manifest("d", "  DeletionProtection: ACTIVE"));
    workspace.write("pools/e.yaml", manifest("e", "  EmailVerificationSubject: Hello"));
    workspace.write("pools/f.yaml", "version: 2\n");
    let ends = |arguments: &[&str]| -> Vec<(String, String)> {
        let report = validate(&workspace, &[&["--format", "junit"], arguments].concat()).expect(1).raw;
        let suite = &read_junit(&workspace, &[report])[0][0];
        assert_eq!(suite["stated"], suite["counted"]);
        let cases = suite["cases"].as_array().unwrap().iter();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or("").to_owned();
        let mut ends: Vec<(String, String)> =
            cases.map(|case| (text(&case["file"]), text(&case["results"][0]["is"]))).collect();
        ends.sort();
        ends
    };
    let expected = |e: &str| {
        let ends = [("a", "Failure"), ("b", ""), ("c", "Failure"), ("d", ""), ("e", e), ("f", "Failure")];
        ends.map(|(file, end)| (format!("pools/{file}.yaml"), end.to_owned())).to_vec()
    };
    let strict = expected("Failure").into_iter().map(|(file, end)| match file.as_str() {
        "pools/b.yaml" => (file, "Failure".to_owned()),
        _ => (file, end),
    });
    assert_eq!(ends(&[]), expected(""));
    assert_eq!(ends(&["--strict"]), strict.collect::<Vec<_>>());
    let report = validate(&workspace, &["--format", "codequality"]).expect(1).json();
    assert_eq!(quality_mistakes(&report), [""; 0]);
    let findings = validate(&workspace, &["--format", "json"]).expect(1).json();
    assert_eq!(report.as_array().unwrap().len(), findings["findings"].as_array().unwrap().len());
}

#[test]
fn warnings_end_with_0_unless_they_are_to_count() {
    let workspace = fleet();
    let lenient = validate(&workspace, &["pools/b.yaml"]).expect(0);
    assert!(lenient.stdout.ends_with("\nValid: 1 warning in 1 manifest.\n"), "{lenient}");
    let strict = validate(&workspace, &["--strict", "pools/b.yaml"]).expect(1);
    assert!(strict.stdout.ends_with("\nInvalid: 1 warning in 1 manifest.\n"), "{strict}");
    for format in FORMATS {
        let sound = validate(&workspace, &["--strict", "--format", format, "pools/c.yaml"]).expect(0);
        assert_eq!(sound.stderr, "");
    }
    let sound = validate(&workspace, &["--quiet", "pools/c.yaml"]).expect(0);
    assert_eq!(sound.stdout, "Valid: 1 manifest.\n");
}

#[test]
fn a_wrong_command_line_ends_with_64_and_prints_no_document() {
    let workspace = fleet();
    workspace.write("empty/readme.txt", "");
    for arguments in [&["nowhere.yaml"][..], &["empty"], &["--format", "xml"], &["--live", "live"]] {
        let output = validate(&workspace, arguments).expect(64);
        assert_eq!(output.stdout, "", "{output}");
    }
    for (command, formats) in [("explain", ["github", "sarif"]), ("validate", ["markdown", "openmetrics"])] {
        for format in formats {
            let output = workspace.poolctl([command, "--format", format]).output().expect(64);
            assert_eq!(output.stdout, "");
            assert!(output.stderr.contains(&format!("`{command}` does not print `{format}`")), "{output}");
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_and_a_file_of_noise_are_findings_in_every_form() {
    let workspace = Workspace::new();
    workspace.write("pools/a.yaml", [0xff, 0xfe, 0x00]);
    workspace.write("pools/b.yaml", "a: [");
    workspace.write("pools/c.yaml", "x: 1\n".repeat(500));
    for format in FORMATS {
        let output = validate(&workspace, &["--format", format]).expect(1);
        assert!(output.stdout.contains("duplicate-key") && output.stdout.contains("not-utf8"), "{output}");
    }
}

#[test]
fn no_form_shows_a_secret() {
    let workspace = Workspace::new();
    let secret = "hunter2hunter2";
    workspace.write(
        "pools/a.yaml",
        manifest("a", &format!("  SmsConfiguration: {{ SnsCallerArn: x, ExternalId: {secret}, Password: {secret} }}\n  UserPoolTags: {{ a: 1 }}"))
            + &format!("passthrough: {{ ClientSecret: {secret}, Nested: {{ Password: {secret} }}, PoolId: }}\n"),
    );
    for format in FORMATS {
        let output = validate(&workspace, &["--format", format]).expect(1);
        assert!(output.stdout.contains("quote"), "{output}");
        assert!(!output.to_string().contains(secret), "{output}");
    }
}

/// A thousand manifests are read, checked and told of in a time that nobody notices. What is measured is a
/// build without optimization, so the bound is far from what a release needs; it catches what is quadratic.
#[test]
fn a_thousand_manifests_are_no_matter() {
    let workspace = Workspace::new();
    for number in 0..1000 {
        let arn = "arn:aws:lambda:eu-west-1:111122223333:function:check";
        let settings = format!(
            "  LambdaConfig: {{ PreSignUp: {arn}, PostConfirmation: {arn} }}\n  EmailVerificationSubject: Hello\n"
        );
        workspace.write(&format!("pools/{number}.yaml"), manifest(&format!("p{number}"), &settings));
    }
    for format in FORMATS {
        let start = Instant::now();
        validate(&workspace, &["--format", format]).expect(0);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(15), "{format} took {took:?}");
    }
}

#[test]
fn what_keeps_manifests_from_being_read_is_counted_without_them() {
    let workspace = Workspace::new();
    workspace.write("pools/p.yaml", "version: 1\npool: eu-west-1_a1B2c3D4E\n");
    let refused = workspace.poolctl(["validate", "--var-file", "nope"]).output();
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stdout.ends_with("\nInvalid: 1 error.\n"), "{refused}");
}
