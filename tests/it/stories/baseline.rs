//! `--baseline`: who has moved, and what a revert does not undo. Every story has a repository of its own.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::{Output, Workspace};

pub(crate) const POOL: &str = "eu-west-1_a1B2c3D4E";

/// A repository with a live pool beside it, as saved documents.
pub(crate) struct Repository(pub(crate) Workspace);

impl Repository {
    pub(crate) fn new() -> Self {
        let repository = Self(Workspace::new());
        repository.git(&["init", "-q", "-b", "main"]);
        repository.0.write(".gitignore", "live/\n");
        repository
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> Output {
        let who = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.com"];
        let run = self.0.program("git").args([&who[..], arguments].concat());
        run.env("GIT_CONFIG_NOSYSTEM", "1").output().expect(0)
    }

    pub(crate) fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "as it is"]);
    }

    /// The pool as it is from here on.
    pub(crate) fn live(&self, pool: Value) {
        let mut pool = pool;
        pool["Id"] = json!(POOL);
        pool["Name"] = json!("customers");
        let mfa = json!({"MfaConfiguration": "OFF"});
        self.0.write(&format!("live/{POOL}.json"), json!({"UserPool": pool, "MfaConfig": mfa}).to_string());
    }

    pub(crate) fn manifest(&self, settings: &str) {
        self.0.write("pools/customers.yaml", format!("version: 1\npool: {POOL}\nsettings:\n{settings}"));
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.0.poolctl(arguments.iter().copied()).output()
    }

    /// The differences as a program reads them.
    pub(crate) fn directions(&self, command: &str) -> Value {
        let told = self.run(&[command, "--live", "live", "--baseline", "main", "--format", "json"]).json();
        let changes = told["pools"][0]["changes"].as_array().unwrap().clone();
        changes.iter().map(|change| json!([change["path_text"], change["direction"]])).collect()
    }
}

pub(crate) fn length(live: u8) -> Value {
    json!({"Policies": {"PasswordPolicy": {"MinimumLength": live}}, "UserPoolTags": {"team": "identity"}})
}

#[test]
fn the_repository_or_the_pool_has_moved_or_both() {
    let repository = Repository::new();
    repository.manifest(
        "  Policies: { PasswordPolicy: { MinimumLength: 8 } }\n  UserPoolTags: { team: identity }\n",
    );
    repository.commit();
    let (path, tag) = ("Policies.PasswordPolicy.MinimumLength", "UserPoolTags.team");
    for command in ["plan", "drift"] {
        repository.live(length(8));
        repository.manifest(
            "  Policies: { PasswordPolicy: { MinimumLength: 12 } }\n  UserPoolTags: { team: people }\n",
        );
        assert_eq!(repository.directions(command), json!([[path, "pending"], [tag, "pending"]]));
        repository.live(length(10));
        assert_eq!(repository.directions(command), json!([[path, "both"], [tag, "pending"]]));
        repository.manifest(
            "  Policies: { PasswordPolicy: { MinimumLength: 8 } }\n  UserPoolTags: { team: people }\n",
        );
        assert_eq!(repository.directions(command), json!([[path, "drifted"], [tag, "pending"]]));
    }
    let told = repository.run(&["drift", "--live", "live", "--baseline", "main"]).expect(2);
    assert_snapshot!("baseline_drift", told);
    let plain = repository.run(&["drift", "--live", "live"]).expect(2);
    assert!(
        !plain.stdout.contains("pending") && !plain.stdout.contains("drifted"),
        "it does not guess\n{plain}"
    );
}

#[test]
fn a_revert_undoes_nothing_and_the_plan_says_so() {
    let repository = Repository::new();
    repository.manifest("  UserPoolTags: { team: identity }\n");
    repository.commit();
    repository.manifest(
        "  UserPoolTags: { team: identity }\n  Policies: { PasswordPolicy: { MinimumLength: 12 } }\n",
    );
    repository.commit();
    repository.git(&["tag", "applied"]);
    repository.live(length(12));
    repository.git(&["revert", "--no-edit", "HEAD"]);
    let kept = repository.run(&["plan", "--live", "live", "--baseline", "applied"]).expect(0);
    assert_snapshot!("baseline_revert", kept);
    let comment = ["plan", "--live", "live", "--baseline", "applied", "--format", "markdown"];
    let comment = repository.run(&comment).expect(0).stdout;
    assert!(comment.contains("**No changes. The pool is as declared.** 1 warning."), "{comment}");
    assert!(
        comment.contains("- ▲ **Warning** `released`: `Policies.PasswordPolicy.MinimumLength` was declared"),
        "{comment}"
    );
    let failed = repository.run(&["plan", "--live", "live", "--baseline", "applied", "--released", "fail"]);
    assert!(failed.expect(3).stdout.contains("released"));
    for released in ["keep", "fail"] {
        // Drift watches it in any case.
        let drift = ["drift", "--live", "live", "--baseline", "applied", "--released", released];
        assert!(repository.run(&drift).expect(2).stdout.contains("no longer declared"));
    }
}

#[test]
fn a_pool_whose_file_is_gone_is_named() {
    let repository = Repository::new();
    repository.live(length(8));
    repository.manifest("  UserPoolTags: { team: identity }\n");
    repository.0.write(
        "pools/old.yaml",
        "version: 1\npool: eu-west-1_old000000\nsettings: { DeletionProtection: ACTIVE }\n",
    );
    repository.commit();
    std::fs::remove_file(repository.0.path().join("pools/old.yaml")).unwrap();
    let told = repository.run(&["plan", "--live", "live", "--baseline", "main"]).expect(0);
    assert!(
        told.stderr.contains("the pool eu-west-1_old000000 has a manifest in `main` but not here"),
        "{told}"
    );
    for (command, code) in [("plan", 3), ("drift", 2)] {
        let arguments = [command, "--live", "live", "--baseline", "main", "--released", "fail"];
        let with =
            |format: &str| repository.run(&[&arguments[..], &["--format", format]].concat()).expect(code);
        let told = with("json").json();
        assert_eq!(told["diagnostics"][0]["code"], "manifest-gone");
        assert_eq!((&told["summary"]["gone"], &told["applyable"]), (&json!(1), &json!(false)));
        for format in ["text", "markdown"] {
            let told = with(format);
            assert!(told.stdout.contains("1 manifest is gone."), "{told}");
            assert!(!told.stdout.contains("No drift") && !told.stdout.contains("Invalid"), "{told}");
        }
        let metrics = with("openmetrics");
        assert!(
            metrics.stdout.contains("poolctl_gone_manifests{command=\"") && metrics.stdout.contains("\"} 1"),
            "{metrics}"
        );
        let annotated = with("github");
        assert!(
            annotated.stdout.contains("::warning file=pools/old.yaml,title=manifest-gone::"),
            "{annotated}"
        );
    }
    let plan = ["plan", "--live", "live", "--baseline", "main", "--format", "markdown"];
    let told = repository.run(&plan).expect(0);
    assert!(told.stdout.contains("1 manifest is gone."), "{told}");
    // A file that only has another name is not gone.
    std::fs::rename(
        repository.0.path().join("pools/customers.yaml"),
        repository.0.path().join("pools/new.yaml"),
    )
    .unwrap();
    let told = repository.run(&["plan", "--live", "live", "--baseline", "main"]).expect(0);
    assert!(!told.stderr.contains(POOL), "{told}");
}

#[test]
fn the_pools_that_are_chosen_are_those_of_the_baseline_too() {
    let repository = Repository::new();
    repository.manifest("  UserPoolTags: { team: identity }\n");
    repository.0.write("pools/old.yaml", "version: 1\npool: eu-west-1_GoneGone1\n");
    repository.0.write("pools/eu/other.yaml", "version: 1\npool: eu-west-1_GoneGone2\n");
    repository.commit();
    repository.live(length(8));
    repository.manifest("  UserPoolTags: { team: people }\n");
    std::fs::remove_file(repository.0.path().join("pools/old.yaml")).unwrap();
    std::fs::create_dir(repository.0.path().join("before")).unwrap();
    repository.git(&["worktree", "add", "-q", "--detach", "before/now", "main"]);
    for baseline in ["main", "before/now"] {
        let told = |arguments: &[&str]| {
            let plan = ["plan", "--live", "live", "--format", "json", "--baseline", baseline];
            let told = repository.run(&[&plan, arguments].concat()).expect(0).json();
            let gone = told["diagnostics"].as_array().map_or(0, Vec::len);
            (told["pools"][0]["changes"][0]["direction"].clone(), gone)
        };
        // Of a pool that is not chosen nobody says that its manifest is gone.
        assert_eq!(told(&["--target", POOL]), (json!("pending"), 0), "{baseline}");
        assert_eq!(told(&["--exclude", "*/other.yaml"]), (json!("pending"), 1), "{baseline}");
        // A pattern finds what there was then.
        assert_eq!(told(&["pools/*.yaml"]), (json!("pending"), 1), "{baseline}");
        assert_eq!(told(&["pools/cust*.yaml"]), (json!("pending"), 0), "{baseline}");
    }
}

#[test]
fn what_a_manifest_refers_to_is_read_from_the_revision_too() {
    let repository = Repository::new();
    repository.live(json!({"VerificationMessageTemplate": {"EmailMessage": "old {####}"}, "DeletionProtection": "INACTIVE"}));
    repository.0.write("base.yaml", "version: 1\nsettings: { DeletionProtection: INACTIVE }\n");
    repository.0.write("texts/mail.txt", "old {####}");
    repository.0.write("pools/customers.yaml", format!("version: 1\nextends: ../base.yaml\npool: {POOL}\nsettings:\n  VerificationMessageTemplate: {{ EmailMessage: \"${{file:../texts/mail.txt}}\" }}\n"));
    repository.commit();
    repository.0.write("base.yaml", "version: 1\nsettings: { DeletionProtection: ACTIVE }\n");
    repository.0.write("texts/mail.txt", "new {####}");
    let expected =
        json!([["DeletionProtection", "pending"], ["VerificationMessageTemplate.EmailMessage", "pending"]]);
    assert_eq!(repository.directions("plan"), expected);
    // From a folder of the repository as well.
    let shell = "cd pools && exec \"$0\" plan --live ../live --baseline main --format json customers.yaml";
    let told = repository.0.program("sh").args(["-c", shell, env!("CARGO_BIN_EXE_poolctl")]).output().json();
    assert_eq!(told["pools"][0]["changes"][0]["direction"], "pending");
}

#[test]
fn a_folder_may_stand_in_for_a_revision() {
    let repository = Repository::new();
    repository.live(length(8));
    repository.manifest("  Policies: { PasswordPolicy: { MinimumLength: 8 } }\n");
    repository.0.write("then/pools/customers.yaml", format!("version: 1\npool: {POOL}\nsettings: {{ Policies: {{ PasswordPolicy: {{ MinimumLength: 8 }} }} }}\n"));
    repository.live(length(10));
    let told = repository.run(&["drift", "--live", "live", "--baseline", "then"]).expect(2);
    assert!(told.stdout.contains("1 setting differs (1 drifted)"), "{told}");
    repository.commit();
    repository.git(&["branch", "then"]);
    let told = repository.run(&["drift", "--live", "live", "--baseline", "then"]).expect(1);
    assert_snapshot!("baseline_ambiguous", told);
    repository.run(&["drift", "--live", "live", "--baseline", "./then"]).expect(2);
    repository.run(&["drift", "--live", "live", "--baseline", "refs/heads/then"]).expect(2);
}

#[test]
fn links_and_paths_from_below_lead_to_the_same_manifests() {
    let repository = Repository::new();
    repository.live(length(10));
    repository.0.write("real/customers.yaml", format!("version: 1\npool: {POOL}\nsettings: {{ Policies: {{ PasswordPolicy: {{ MinimumLength: 8 }} }} }}\n"));
    std::os::unix::fs::symlink("real", repository.0.path().join("pools")).unwrap();
    repository.0.write("inner/deep/note.txt", "");
    repository.commit();
    for (folder, path) in [
        (".", "pools"),
        (".", "pools/customers.yaml"),
        ("inner/deep", "../../real"),
        ("inner/deep", "../../pools/customers.yaml"),
    ] {
        let shell = format!(
            "cd {folder} && exec \"$0\" drift --live \"$1/live\" --baseline main --format json {path}"
        );
        let root = repository.0.path().display().to_string();
        let told = repository
            .0
            .program("sh")
            .args(["-c", &shell, env!("CARGO_BIN_EXE_poolctl"), &root])
            .output()
            .expect(2);
        assert_eq!(told.json()["pools"][0]["changes"][0]["direction"], "drifted", "{folder} {path}\n{told}");
    }
}

#[test]
fn a_folder_that_has_none_of_the_manifests_is_doubted() {
    let repository = Repository::new();
    repository.live(length(8));
    repository.manifest("  UserPoolTags: { team: identity }\n");
    repository.0.write("elsewhere/readme.txt", "");
    let told = repository.run(&["plan", "--live", "live", "--baseline", "./elsewhere"]).expect(0);
    assert!(
        told.stderr.starts_with("warning: the baseline `./elsewhere` has none of these manifests"),
        "{told}"
    );
}

#[test]
fn annotations_name_files_from_the_root_of_the_repository_wherever_one_stands() {
    let repository = Repository::new();
    repository.live(length(8));
    repository.manifest("  UserPoolTags: { team: people }\n");
    for (format, named) in
        [("github", "file=pools/customers.yaml,line=4"), ("sarif", "\"uri\": \"pools/customers.yaml\"")]
    {
        for command in ["plan --live ../live", "drift --live ../live"] {
            let shell = format!("cd pools && exec \"$0\" {command} --format {format} customers.yaml");
            let run = repository.0.program("sh").args(["-c", &shell, env!("CARGO_BIN_EXE_poolctl")]);
            let told = run.output();
            assert!(told.stdout.contains(named), "{told}");
        }
    }
    repository.manifest("  Zebra: 1\n");
    let shell = "cd pools && exec \"$0\" validate --format github .";
    let told =
        repository.0.program("sh").args(["-c", shell, env!("CARGO_BIN_EXE_poolctl")]).output().expect(1);
    assert!(told.stdout.starts_with("::error file=pools/customers.yaml,line=4,"), "{told}");
}

#[test]
fn a_baseline_that_cannot_be_had_is_an_error_with_its_remedy() {
    let repository = Repository::new();
    repository.live(length(8));
    repository.manifest("  UserPoolTags: { team: identity }\n");
    repository.commit();
    repository.commit_again();
    let mut told = String::new();
    for name in ["nowhere", "--help", "main~7", "main:pools"] {
        let baseline = format!("--baseline={name}");
        told += &repository.run(&["plan", "--live", "live", &baseline]).expect(1).to_string();
    }
    told += &repository.run(&["plan", "--live", "live", "--released", "fail"]).expect(64).to_string();
    let from = format!("file://{}", repository.0.path().display());
    repository.git(&["clone", "-q", "--depth", "1", &from, "clone"]);
    let shell = "cd clone && exec \"$0\" plan --live ../live --baseline HEAD~1";
    let shallow = |path: &str| {
        let run = repository.0.program("/bin/sh").args(["-c", shell, env!("CARGO_BIN_EXE_poolctl")]);
        if path.is_empty() { run.output() } else { run.env("PATH", path).output() }
    };
    told += &shallow("").expect(1).to_string();
    told += &shallow("/nowhere").to_string();
    assert_snapshot!("baseline_missing", told);
}

impl Repository {
    fn commit_again(&self) {
        self.0.write("note.txt", "more");
        self.commit();
    }
}

#[test]
fn a_broken_baseline_does_not_keep_the_manifest_that_mends_it_from_being_planned() {
    let repository = Repository::new();
    repository.live(length(8));
    repository.manifest("  Zebra: 1\n");
    repository.0.write("pools/odd.yaml", "a: [");
    repository.commit();
    std::fs::remove_file(repository.0.path().join("pools/odd.yaml")).unwrap();
    repository.manifest("  Policies: { PasswordPolicy: { MinimumLength: 12 } }\n");
    let told = repository.run(&["plan", "--live", "live", "--baseline", "main"]).expect(0);
    assert_snapshot!("baseline_broken", told);
    let closed =
        repository.run(&["plan", "--live", "live", "--baseline", "main", "--released", "fail"]).expect(1);
    assert!(closed.stderr.contains("the baseline `main` has errors"), "{closed}");
}

#[test]
fn a_secret_of_the_baseline_needs_no_value_and_is_shown_nowhere() {
    let repository = Repository::new();
    let sms = "  SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::111122223333:role/sms', ExternalId: '${secret:ID}' }\n";
    repository.live(json!({"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::111122223333:role/sms", "ExternalId": "canary"}}));
    repository.manifest(sms);
    repository.commit();
    repository.manifest("  UserPoolTags: { team: identity }\n");
    for secret in ["", "canary", "another"] {
        let run = repository.0.poolctl(["plan", "--live", "live", "--baseline", "main"]);
        let told = run.env("POOLCTL_SECRET_ID", secret).output().expect(0);
        assert!(!told.to_string().contains("canary") && !told.to_string().contains("another"), "{told}");
    }
}
