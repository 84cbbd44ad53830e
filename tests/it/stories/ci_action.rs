//! The GitHub action, step by step as `action.yml` says: its scripts run for real, on the sandbox, with a
//! `gh` that answers for GitHub.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::SECRETS;
use crate::harness::peers;
use crate::harness::world::{POOL, World, signalled_during};
use crate::harness::{Output, Run, at_once};
use crate::stories::drift::IGNORED;

const REF: &str = "refs/poolctl/applied";
const CHANGE: &str = "DeletionProtection: ACTIVE";

/// A repository with one manifest, a sandbox with its pool, and a GitHub.
struct Repository {
    world: World,
    /// What the repository is to the world.
    visibility: &'static str,
}

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

impl Repository {
    fn new(faults: &[&str]) -> Self {
        let repository = Self { world: World::new(faults), visibility: "private" };
        let python = peers::ci_tool("python").display().to_string();
        for name in ["gh", "poolctl"] {
            let script = source(&format!("tests/ci/{name}.py"));
            let text = format!("#!/bin/sh\nexec '{python}' '{}' \"$@\"\n", script.display());
            let file = repository.world.workspace.write(&format!("bin/{name}"), text);
            fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        repository.declare(CHANGE);
        repository.git("init -q");
        repository.commit();
        repository
    }

    fn declare(&self, settings: &str) {
        let manifest = format!("version: 1\npool: {POOL}\nsettings: {{ {settings} }}\nignore:\n{IGNORED}");
        self.world.workspace.write("pools/customers.yaml", manifest);
    }

    fn git(&self, arguments: &str) -> String {
        let run = self.world.workspace.program("git");
        let run = run.args(["-c", "user.name=t", "-c", "user.email=t@example.com"]);
        run.args(arguments.split(' ')).output().expect(0).raw.trim().to_owned()
    }

    fn commit(&self) {
        self.git("add pools");
        self.git("commit -q --allow-empty -m change");
    }

    fn head(&self) -> String {
        self.git("rev-parse HEAD")
    }

    /// A run of the action with these inputs.
    fn action(&self, inputs: Value) -> Run<'_> {
        let folder = self.world.workspace.path();
        let at = |name: &str| folder.join(name).display().to_string();
        let event = json!({
            "token": "the-token", "action_ref": "v0.1.0", "action_repository": "example/poolctl",
            "run_id": 7, "run_attempt": 1, "job": "pools",
            "event": {"pull_request": {"number": 12}, "repository": {"visibility": self.visibility}},
        });
        let mut given = json!({"binary": at("bin/poolctl")});
        given.as_object_mut().unwrap().extend(inputs.as_object().unwrap().clone());
        fs::create_dir_all(at("temp")).unwrap();
        let path = format!("{}:{}", at("bin"), std::env::var("PATH").unwrap());
        let run = self.world.workspace.program(peers::ci_tool("python"));
        let run = run.args([source("tests/ci/act.py").display().to_string(), given.to_string()]);
        let run = run.args([event.to_string()]).signed().env("AWS_ENDPOINT_URL", self.world.url());
        let run = run.env("POOLCTL_REAL", env!("CARGO_BIN_EXE_poolctl")).env("POOLCTL_RECORD", &at("record"));
        let run =
            run.env("PATH", &path).env("GH_STATE", &at("github.json")).env("ACT_RESULT", &at("result.json"));
        let run = run.env("GITHUB_REPOSITORY", "example/pools").env("GITHUB_SHA", &self.head());
        let run =
            run.env("GITHUB_RUN_ID", "7").env("RUNNER_TEMP", &at("temp")).env("GH_RELEASES", &at("releases"));
        run.env("GITHUB_STEP_SUMMARY", &at("summary.md"))
    }

    fn runs(&self, inputs: Value, code: i32) -> Output {
        self.action(inputs).output().expect(code)
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&fs::read(self.world.workspace.path().join(name)).unwrap()).unwrap()
    }

    /// What the last run said in its outputs, and gave to other actions.
    fn result(&self) -> Value {
        self.json("result.json")
    }

    /// What GitHub has of a kind, in the order of their making.
    fn github(&self, kind: &str) -> Vec<Value> {
        let state = self.json("github.json");
        state[kind].as_object().unwrap().values().cloned().collect()
    }

    /// The commit that GitHub says was applied last.
    fn applied(&self) -> Option<String> {
        self.json("github.json")["refs"][REF].as_str().map(str::to_owned)
    }

    /// The arguments of the last run of poolctl.
    fn arguments(&self) -> Vec<String> {
        let record = fs::read_to_string(self.world.workspace.path().join("record")).unwrap();
        serde_json::from_str(record.lines().last().unwrap()).unwrap()
    }
}

#[test]
fn the_first_plan_writes_a_comment_and_the_next_ones_edit_it() {
    let repository = Repository::new(&[]);
    repository.runs(json!({"command": "plan"}), 0);
    let comments = repository.github("comments");
    let body = |comment: &Value| comment["body"].as_str().unwrap().to_owned();
    assert_eq!((comments.len(), &comments[0]["issue"]), (1, &json!("12")));
    assert!(body(&comments[0]).starts_with("<!-- poolctl:plan -->\n"), "{comments:?}");
    assert!(body(&comments[0]).contains("INACTIVE → ACTIVE"), "{comments:?}");
    assert_eq!(body(&comments[0]).matches("poolctl:plan").count(), 1);
    assert_eq!(repository.result()["outputs"]["exit-code"], "2");
    let summary = fs::read_to_string(repository.world.workspace.path().join("summary.md")).unwrap();
    assert!(summary.contains("INACTIVE → ACTIVE"), "{summary}");

    repository.declare("Policies: { PasswordPolicy: { MinimumLength: 14 } }");
    repository.runs(json!({"command": "plan"}), 0);
    let edited = repository.github("comments");
    assert_eq!((edited.len(), &edited[0]["id"]), (1, &comments[0]["id"]));
    assert!(body(&edited[0]).contains("8 → 14") && !body(&edited[0]).contains("ACTIVE"), "{edited:?}");

    repository.runs(json!({"command": "plan", "name": "staging"}), 0);
    assert_eq!(repository.github("comments").len(), 2, "another run has another comment");
    let quiet = repository.runs(json!({"command": "plan", "comment": "false", "name": "quiet"}), 0);
    assert_eq!(repository.github("comments").len(), 2, "{quiet}");
}

#[test]
fn a_comment_that_somebody_else_wrote_is_left_alone_whatever_it_begins_with() {
    let repository = Repository::new(&[]);
    let body = "<!-- poolctl:plan -->\n<!--  -->\nmine";
    let foreign = json!({"id": 1, "issue": "12", "user": {"login": "mallory"}, "body": body});
    let state = json!({"comments": {"1": foreign}, "next": 2});
    repository.world.workspace.write("github.json", state.to_string());
    repository.runs(json!({"command": "plan"}), 0);
    repository.runs(json!({"command": "plan"}), 0);
    let comments = repository.github("comments");
    assert_eq!((comments.len(), &comments[0]["body"]), (2, &json!(body)));
}

#[test]
fn a_plan_that_is_refused_is_told_on_the_pull_request_and_fails_the_job() {
    let repository = Repository::new(&[]);
    repository.declare("Policies: { PasswordPolicy: { MinimumLength: 6 } }");
    repository.runs(json!({"command": "plan"}), 3);
    let body = repository.github("comments")[0]["body"].to_string();
    assert!(body.contains("password-policy-weaker"), "{body}");
    repository
        .runs(json!({"command": "plan", "allow": "\n  password-policy-weaker@Policies.PasswordPolicy\n"}), 0);
    assert_eq!(repository.result()["outputs"]["exit-code"], "2");
}

#[test]
fn a_report_that_is_too_long_for_a_comment_leaves_one_that_says_where_it_is() {
    let repository = Repository::new(&[]);
    let long = "x".repeat(70_000);
    let python = fs::read_to_string(repository.world.workspace.path().join("bin/poolctl")).unwrap();
    let wrapped = python.replace("exec ", "")
        + &format!(
            "code=$?\nprintf '{long}' >>\"$(echo \"$RUNNER_TEMP\"/poolctl-plan.*/plan.md)\"\nexit $code\n"
        );
    repository.world.workspace.write("bin/poolctl", wrapped);
    repository.runs(json!({"command": "plan"}), 0);
    let body = repository.github("comments")[0]["body"].as_str().unwrap().to_owned();
    assert!(body.len() < 300 && body.contains("https://github.com/example/pools/actions/runs/7"), "{body}");
    repository.runs(json!({"command": "plan"}), 0);
    assert_eq!(repository.github("comments").len(), 1, "it is found again");
}

#[test]
fn a_clean_apply_moves_the_ref_and_what_comes_next_is_told_apart_by_it() {
    let repository = Repository::new(&[]);
    let first = repository.runs(json!({"command": "apply"}), 0);
    assert!(
        first.stdout.contains("nothing has been applied yet")
            || first.stderr.contains("nothing has been applied yet"),
        "{first}"
    );
    assert_eq!(repository.applied(), Some(repository.head()));
    assert_eq!(repository.world.live()["UserPool"]["DeletionProtection"], "ACTIVE");

    let before = repository.head();
    repository.declare("Policies: { PasswordPolicy: { MinimumLength: 14 } }");
    repository.commit();
    repository.runs(json!({"command": "plan"}), 0);
    assert!(repository.arguments().contains(&format!("--baseline={before}")), "{:?}", repository.arguments());
    assert_eq!(repository.applied(), Some(before), "a plan moves nothing");
    repository.runs(json!({"command": "apply"}), 0);
    assert_eq!(repository.applied(), Some(repository.head()));

    repository.runs(json!({"command": "apply", "baseline-ref": ""}), 0);
    let arguments = repository.arguments();
    assert!(!arguments.iter().any(|argument| argument.starts_with("--baseline")), "{arguments:?}");
}

#[test]
fn an_apply_that_is_not_clean_moves_no_ref_and_its_backups_are_kept() {
    let ends = [
        ("UpdateUserPool:refuse=DeletionProtection*1", 1),
        ("UpdateUserPool:ignore=DeletionProtection*1", 5),
    ];
    at_once(ends, |(fault, code)| {
        let repository = Repository::new(&[fault]);
        let output = repository.runs(json!({"command": "apply"}), code);
        let result = repository.result();
        assert_eq!(result["outputs"]["exit-code"], code.to_string(), "{output}");
        assert_eq!(repository.applied(), None, "{fault}");
        let uploads = result["uses"].as_array().unwrap();
        assert_eq!(uploads.len(), 1, "{output}");
        let paths: Vec<&str> = uploads[0]["with"]["path"].as_str().unwrap().lines().collect();
        let [folder, without] = paths.as_slice() else { panic!("{paths:?}") };
        assert_eq!(*without, format!("!{folder}/*{SECRETS}"), "secret values stay on the machine");
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        let kept = names.filter(|name| !name.to_str().unwrap().ends_with(SECRETS)).count();
        assert_eq!(kept, 1, "the pool as it was");
        let name = uploads[0]["with"]["name"].as_str().unwrap();
        assert!(name.starts_with("poolctl-backups-7-1-pools-"), "{name}");
    });
}

#[test]
fn a_job_that_is_cancelled_finishes_the_call_in_flight_and_keeps_the_backup() {
    let repository = Repository::new(&["UpdateUserPool:latency=1s"]);
    let run = repository.action(json!({"command": "apply"}));
    let output = signalled_during(&repository.world, run, "-TERM", "UpdateUserPool");
    assert!(!output.status.success());
    assert_eq!(repository.world.live()["UserPool"]["DeletionProtection"], "ACTIVE");
    let result = repository.result();
    assert_eq!(result["outputs"]["exit-code"], "5", "it was written, and not proved");
    assert_eq!(result["uses"].as_array().unwrap().len(), 1, "the backup");
    assert_eq!(result["steps"].get("Report"), None, "a cancelled job does nothing more: {result}");
}

#[test]
fn backups_of_a_public_repository_are_nobodys_to_read_unless_somebody_says_so() {
    let mut repository = Repository::new(&[]);
    repository.visibility = "public";
    let output = repository.runs(json!({"command": "apply"}), 0);
    assert!(
        output.stdout.contains("::warning title=poolctl::the backups are lost with this machine"),
        "{output}"
    );
    assert_eq!(repository.result()["uses"], json!([]));
    for (settings, inputs, uploads) in [
        ("DeletionProtection: ACTIVE, UserPoolTags: { a: b }", "never", 0),
        ("UserPoolTags: { a: c }", "always", 1),
    ] {
        repository.declare(settings);
        repository.runs(json!({"command": "apply", "upload-backups": inputs}), 0);
        assert_eq!(repository.result()["uses"].as_array().unwrap().len(), uploads, "{inputs}");
    }
}

#[test]
fn a_saved_plan_is_what_is_applied() {
    let repository = Repository::new(&[]);
    repository.runs(json!({"command": "plan", "upload-page": "true"}), 0);
    let result = repository.result();
    let page = result["outputs"]["page"].as_str().unwrap();
    assert_eq!(result["uses"][0]["with"]["path"], page, "the page is an artifact");
    assert!(fs::read_to_string(page).unwrap().contains("INACTIVE"), "{page}");
    let plan = repository.result()["outputs"]["plan"].as_str().unwrap().to_owned();
    repository.runs(json!({"command": "apply", "plan": plan}), 0);
    let arguments = repository.arguments();
    assert_eq!(arguments.last(), Some(&plan));
    assert!(!arguments.contains(&"--yes".to_owned()), "a saved plan asks nobody: {arguments:?}");
    assert_eq!(repository.applied(), Some(repository.head()));
    let wrong = repository.runs(json!({"command": "drift", "plan": plan}), 1);
    assert!(wrong.stdout.contains("::error title=poolctl::the input plan is only for apply"), "{wrong}");
}

#[test]
fn drift_opens_one_issue_keeps_it_up_to_date_and_closes_it() {
    let repository = Repository::new(&[]);
    let drift = json!({"command": "drift", "issue": "true"});
    repository.runs(drift.clone(), 2);
    let issues = repository.github("issues");
    assert_eq!((issues.len(), &issues[0]["title"]), (1, &json!("Cognito user pools are not as declared")));
    assert!(issues[0]["body"].as_str().unwrap().contains("INACTIVE → ACTIVE"), "{issues:?}");

    repository.declare("Policies: { PasswordPolicy: { MinimumLength: 14 } }");
    repository.runs(drift.clone(), 2);
    let issues = repository.github("issues");
    assert_eq!((issues.len(), &issues[0]["state"]), (1, &json!("open")));
    assert!(issues[0]["body"].as_str().unwrap().contains("8 → 14"), "{issues:?}");

    repository.runs(json!({"command": "apply"}), 0);
    repository.runs(drift.clone(), 0);
    let issues = repository.github("issues");
    assert_eq!((issues.len(), &issues[0]["state"]), (1, &json!("closed")));
    let last = repository.github("comments");
    assert!(last[0]["body"].as_str().unwrap().starts_with("Nothing differs now"), "{last:?}");

    repository.runs(drift, 0);
    assert_eq!(repository.github("comments").len(), 1, "what is closed is not closed again");
    repository.declare(CHANGE);
    repository.world.disarm();
    repository.runs(json!({"command": "drift", "fail-on-drift": "false"}), 0);
    assert_eq!(repository.github("issues").len(), 1, "no issue unless one is wanted");
}

#[test]
fn a_run_that_fails_opens_and_closes_no_issue() {
    let repository = Repository::new(&["DescribeUserPool:error=NotAuthorizedException/400"]);
    repository.runs(json!({"command": "drift", "issue": "true"}), 1);
    assert_eq!(repository.github("issues"), Vec::<Value>::new());
}

#[test]
fn a_fork_validates_without_credentials_a_token_that_writes_or_a_call() {
    let repository = Repository::new(&[]);
    let validate = |code| {
        let run = repository.action(json!({"command": "validate"}));
        let run =
            run.env("GH_READ_ONLY", "true").env("AWS_ACCESS_KEY_ID", "").env("AWS_SECRET_ACCESS_KEY", "");
        run.output().expect(code)
    };
    validate(0);
    repository.declare("DeletionProtection: MAYBE");
    let output = validate(1);
    assert!(output.stdout.contains("::error file=pools/customers.yaml,line=3"), "{output}");
    assert_eq!(repository.world.called().len(), 0);
    assert!(!repository.world.workspace.path().join("github.json").exists(), "GitHub was asked");
}

#[test]
fn nothing_of_an_input_is_run() {
    let repository = Repository::new(&[]);
    let evil = "$(touch pwned) `touch pwned` ; touch pwned\n'\"; touch pwned; #";
    for (command, inputs) in [
        ("plan", &["command", "binary", "version", "name", "author", "comment", "allow", "strict"][..]),
        ("apply", &["paths", "baseline", "baseline-ref", "plan", "upload-backups"]),
        ("drift", &["paths", "issue", "author", "fail-on-drift"]),
    ] {
        for input in inputs {
            let mut given = json!({"command": command});
            given[*input] = json!(evil);
            repository.action(given).output();
        }
    }
    let found = fs::read_dir(repository.world.workspace.path()).unwrap();
    let names: Vec<String> = found.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(!names.contains(&"pwned".to_owned()), "{names:?}");
}

#[test]
fn what_is_wrong_with_a_job_is_one_error_that_says_what_to_do() {
    let repository = Repository::new(&[]);
    let applied = "0123456789012345678901234567890123456789";
    for (inputs, says) in [
        (json!({"command": "deploy"}), "the input command is `deploy`: write validate, plan, apply or drift"),
        (json!({"command": "drift", "issue": "yes"}), "the input issue is `yes`: write true or false"),
        (json!({"command": "plan", "name": "a b"}), "the input name is `a b`"),
        (
            json!({"command": "apply", "baseline-ref": "applied"}),
            "the input baseline-ref is `applied`: write it as",
        ),
        (json!({"command": "plan", "binary": "no-such"}), "the input binary names `no-such`"),
        (
            json!({"command": "plan", "binary": "", "version": "main"}),
            "no release is named: set `version: 0.1.0`",
        ),
    ] {
        let output = repository.action(inputs.clone()).output();
        let errors = output.stdout.lines().filter(|line| line.starts_with("::error")).count();
        assert_eq!((output.code == Some(0), errors), (false, 1), "{inputs}\n{output}");
        assert!(output.stdout.contains(says), "{inputs}\n{output}");
    }
    assert_eq!(repository.world.writes(), 0, "it is found before anything is written");
    repository.world.workspace.write("github.json", json!({"refs": {REF: applied}}).to_string());
    let shallow = repository.runs(json!({"command": "plan"}), 1);
    assert!(shallow.stderr.contains("check out with `fetch-depth: 0`"), "{shallow}");
    repository.world.workspace.write("github.json", "{}");
    let forbidden =
        repository.action(json!({"command": "plan"})).env("GH_READ_ONLY", "true").output().expect(1);
    assert!(forbidden.stderr.contains("Does the job have the `permissions` for it?"), "{forbidden}");
    assert!(forbidden.stderr.contains("(HTTP 403)"), "{forbidden}");
}

#[test]
fn a_release_is_used_only_where_its_checksum_and_its_provenance_are_right() {
    let repository = Repository::new(&[]);
    let workspace = &repository.world.workspace;
    let machine = workspace.program("uname").args(["-sm"]).output().expect(0).raw;
    let target = match machine.trim() {
        "Linux x86_64" => "x86_64-unknown-linux-musl",
        "Linux aarch64" => "aarch64-unknown-linux-musl",
        "Darwin arm64" => "aarch64-apple-darwin",
        _ => "x86_64-apple-darwin",
    };
    let name = format!("poolctl-0.1.0-{target}");
    let folder = workspace.path().join("releases/example/poolctl/v0.1.0");
    fs::create_dir_all(folder.join(&name)).unwrap();
    fs::copy(workspace.path().join("bin/poolctl"), folder.join(&name).join("poolctl")).unwrap();
    let pack = format!(
        "cd '{}' && tar -czf {name}.tar.gz {name} && sha256sum {name}.tar.gz >{name}.tar.gz.sha256",
        folder.display()
    );
    workspace.program("sh").args(["-c", &pack]).output().expect(0);
    let plan = |code, says: &str| {
        let output = repository.runs(json!({"command": "plan", "binary": ""}), code);
        assert!(output.stdout.contains(says), "{output}");
    };
    plan(1, "no attestation proves that");
    workspace.write("releases/attested", "");
    plan(0, "INACTIVE → ACTIVE");
    fs::write(folder.join(format!("{name}.tar.gz")), "something else").unwrap();
    plan(1, "the checksum of");
    fs::remove_dir_all(&folder).unwrap();
    plan(1, "has no poolctl-0.1.0");
}
