//! What git makes of a repository beside its commits: what is not checked out, other repositories within it,
//! filters, objects that are elsewhere, owners, hooks. A baseline sees all of it as git does.

use insta::assert_snapshot;
use serde_json::json;

use crate::harness::Output;
use crate::stories::baseline::{POOL, Repository, length};

const LFS: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

/// Every git of this machine, by the PATH that finds it first.
fn gits() -> Vec<String> {
    let path = std::env::var("PATH").unwrap();
    let with = |folder: &&str| std::path::Path::new(folder).join("git").is_file();
    path.split(':').filter(with).map(|folder| format!("{folder}:{path}")).collect()
}

/// A poolctl that runs in a folder below the repository, with these variables.
fn run_in(repository: &Repository, folder: &str, variables: &[(&str, &str)], arguments: &str) -> Output {
    let shell = format!("cd {folder} && exec \"$0\" {arguments}");
    let run = repository.0.program("/bin/sh").args(["-c", &shell, env!("CARGO_BIN_EXE_poolctl")]);
    variables.iter().fold(run, |run, (name, value)| run.env(name, value)).output()
}

/// What was said, as if no line had been too long.
fn said(output: &Output) -> String {
    output.stderr.replace("\n  │ ", " ")
}

fn template(live: &str) -> serde_json::Value {
    json!({"VerificationMessageTemplate": {"EmailMessage": live}})
}

/// A repository whose manifest takes the text of an e-mail from templates/mail.txt.
fn with_template() -> Repository {
    let repository = Repository::new();
    repository
        .manifest("  VerificationMessageTemplate: { EmailMessage: \"${file:../templates/mail.txt}\" }\n");
    repository
}

fn write_template(repository: &Repository, text: &str) {
    repository.0.write("templates/mail.txt", text);
}

#[test]
fn a_manifest_that_is_only_not_checked_out_is_not_gone() {
    for index in ["--sparse-index", "--no-sparse-index"] {
        let repository = Repository::new();
        repository.live(length(8));
        repository.manifest("  UserPoolTags: { team: identity }\n");
        let other = |pool: &str| format!("version: 1\npool: {pool}\nextends: ../../base.yaml\n");
        repository.0.write("base.yaml", "version: 1\nsettings: { DeletionProtection: ACTIVE }\n");
        repository.0.write("pools/eu/other.yaml", other("eu-west-1_Other0001"));
        repository.0.write("pools/eu/renamed.yaml", other("eu-west-1_Other0002"));
        repository.commit();
        repository.git(&["tag", "then"]);
        repository.git(&["mv", "pools/eu/renamed.yaml", "pools/eu/has-another-name.yaml"]);
        repository.commit();
        repository.git(&["sparse-checkout", "set", "--cone", index, "pools"]);
        repository.git(&[
            "sparse-checkout",
            "set",
            "--no-cone",
            index,
            "/pools/*",
            "!/pools/eu/",
            "/.gitignore",
        ]);
        assert!(!repository.0.path().join("pools/eu").exists());
        for (command, code) in [("plan", 0), ("drift", 0)] {
            let arguments = [command, "--live", "live", "--released", "fail", "--baseline"];
            for paths in ["pools", "pools/**/*.yaml"] {
                let told = repository.run(&[&arguments[..], &["then", paths]].concat()).expect(code);
                assert!(!told.to_string().contains("gone"), "{told}");
            }
        }
        // What git would commit as deleted is gone, and no other.
        repository.git(&["rm", "-q", "--cached", "--sparse", "pools/eu/other.yaml"]);
        let told = repository.run(&["plan", "--live", "live", "--released", "fail", "--baseline", "then"]);
        let told = told.expect(3);
        assert!(told.stderr.contains("eu-west-1_Other0001 has a manifest in `then` but not here"), "{told}");
        assert!(!told.stderr.contains("eu-west-1_Other0002"), "{told}");
    }
}

#[test]
fn manifests_of_another_repository_have_no_baseline_in_this_one() {
    let inner = "eu-west-1_Inner0001";
    let manifest =
        |more: &str| format!("version: 1\npool: {inner}\nsettings: {{ UserPoolTags: {{ a: b }}{more} }}\n");
    for is_submodule in [true, false] {
        let repository = Repository::new();
        repository.live(length(8));
        repository.manifest("  UserPoolTags: { team: identity }\n");
        let live = json!({"UserPool": {"Id": inner, "Name": "inner", "DeletionProtection": "ACTIVE", "UserPoolTags": {"a": "b"}}});
        repository.0.write(&format!("live/{inner}.json"), live.to_string());
        repository.0.write("sub/pools/a.yaml", manifest(", DeletionProtection: ACTIVE"));
        repository.git(&["init", "-q", "-b", "main", "sub"]);
        repository.git(&["-C", "sub", "add", "-A"]);
        repository.git(&["-C", "sub", "commit", "-q", "-m", "as it is"]);
        if !is_submodule {
            repository.0.write(".gitignore", "live/\nsub/\n");
        }
        repository.commit();
        repository.0.write("sub/pools/a.yaml", manifest(""));
        let plan = ["plan", "--live", "live", "--baseline", "HEAD", "pools", "sub/pools"];
        let told = repository.run(&plan).expect(0);
        assert_snapshot!("baseline_foreign", told.stderr);
        let told = repository.run(&[&plan[..], &["--released", "fail"]].concat()).expect(1);
        assert!(told.stderr.contains("the baseline `HEAD` has errors"), "{told}");
        // Pools that are not selected need no baseline.
        let told = repository.run(&[&plan[..], &["--released", "fail", "--target", POOL]].concat());
        told.expect(0);
        // Its own repository knows.
        let words = "plan --live ../live --baseline HEAD --released fail pools";
        assert!(run_in(&repository, "sub", &[], words).expect(3).stdout.contains("DeletionProtection"));
        // A submodule that is gone took its manifests with it.
        if is_submodule {
            std::fs::remove_dir_all(repository.0.path().join("sub")).unwrap();
            let told =
                repository.run(&["plan", "--live", "live", "--baseline", "HEAD", "--released", "fail", "."]);
            assert!(told.expect(1).stderr.contains("the submodule is gone"));
        }
    }
}

#[test]
fn line_endings_that_git_takes_for_the_same_are_no_change() {
    let drifted = json!([["VerificationMessageTemplate.EmailMessage", "drifted"]]);
    let pending = json!([["VerificationMessageTemplate.EmailMessage", "pending"]]);
    // A checkout with CRLF, as on Windows; and a file that has CRLF though git keeps it with LF.
    for (setting, attributes) in [("true", ""), ("false", "*.txt text=auto\n")] {
        let repository = with_template();
        repository.git(&["config", "core.autocrlf", setting]);
        repository.0.write(".gitattributes", attributes);
        write_template(&repository, "old\r\n{####}\r\n");
        repository.commit();
        let kept = repository.git(&["show", "HEAD:templates/mail.txt"]);
        assert_eq!(kept.stdout, "old\n{####}\n", "git keeps LF");
        repository.live(template("moved\r\n{####}\r\n"));
        assert_eq!(repository.directions("plan"), drifted, "{setting}");
        if setting == "true" {
            repository.live(template("old\r\n{####}\r\n"));
            write_template(&repository, "new\r\n{####}\r\n");
            assert_eq!(repository.directions("plan"), pending, "{setting}");
        }
    }
}

#[test]
fn a_pointer_of_git_lfs_is_no_text_of_a_mail() {
    let repository = with_template();
    write_template(&repository, LFS);
    repository.live(template("{####}"));
    repository.commit();
    let told = repository.run(&["plan", "--live", "live"]).expect(1);
    assert_snapshot!("lfs_pointer", told);
    repository.0.write("pools/base.yaml", LFS);
    repository.0.write("pools/customers.yaml", format!("version: 1\npool: {POOL}\nextends: base.yaml\n"));
    let told = repository.run(&["validate"]).expect(1);
    assert!(told.stdout.contains("git lfs pull"), "{told}");
    std::fs::remove_file(repository.0.path().join("pools/base.yaml")).unwrap();
    repository.git(&["checkout", "-q", "--", "pools"]);
    // On the baseline's side nobody knows what it was.
    write_template(&repository, "new {####}");
    let told = repository.run(&["plan", "--live", "live", "--baseline", "main"]).expect(0);
    assert!(said(&told).contains("templates/mail.txt` is a Git LFS pointer, and its file"), "{told}");
    assert!(!told.stdout.contains("pending") && !told.stdout.contains("drifted"), "{told}");
    repository.run(&["plan", "--live", "live", "--baseline", "main", "--released", "fail"]).expect(1);
    // With the file brought, git takes the two for the same.
    let clean = format!("cat > /dev/null; printf '{}'", LFS.replace('\n', "\\n"));
    repository.git(&["config", "filter.kept.clean", &clean]);
    repository.0.write(".gitattributes", "*.txt filter=kept\n");
    assert_eq!(
        repository.directions("plan"),
        json!([["VerificationMessageTemplate.EmailMessage", "drifted"]])
    );
}

/// The remote is there, and says if anybody asks it for objects.
#[test]
fn a_partial_clone_fetches_nothing_and_loses_only_what_it_lacks() {
    for path in gits() {
        let repository = Repository::new();
        repository.live(length(8));
        let tag = |owner: &str| format!("  UserPoolTags: {{ team: {owner} }}\n");
        repository.manifest(&tag("identity"));
        repository.0.write("pools/another.yaml", "version: 1\npool: eu-west-1_Another01\n");
        repository.0.write(
            "pools/zebra.yaml",
            "version: 1\npool: eu-west-1_Zebra0001\nsettings: { UserPoolTags: { a: b } }\n",
        );
        let live = |id: &str| {
            let live = json!({"UserPool": {"Id": id, "Name": id, "UserPoolTags": {"a": "c"}}});
            repository.0.write(&format!("live/{id}.json"), live.to_string());
        };
        live("eu-west-1_Another01");
        live("eu-west-1_Zebra0001");
        repository.commit();
        repository.manifest(&tag("people"));
        repository.0.write(
            "pools/another.yaml",
            "version: 1\npool: eu-west-1_Another01\nsettings: { UserPoolTags: { a: b } }\n",
        );
        repository.commit();
        repository.git(&["config", "uploadpack.allowFilter", "true"]);
        let from = format!("file://{}", repository.0.path().display());
        repository.git(&["clone", "-q", "--filter=blob:none", &from, "clone"]);
        repository.git(&[
            "-C",
            "clone",
            "config",
            "remote.origin.uploadpack",
            "touch asked; git-upload-pack",
        ]);
        let plan = "plan --live ../live --baseline HEAD~1";
        let told = run_in(&repository, "clone", &[("PATH", &path)], &format!("{plan} --format json"));
        let told = told.expect(0).json();
        assert_eq!(told["pools"][0]["changes"][0]["direction"], json!(null), "{told}");
        assert_eq!(told["pools"][2]["changes"][0]["direction"], "drifted", "{told}");
        let told = run_in(&repository, "clone", &[("PATH", &path)], plan).expect(0);
        assert_eq!(said(&told).matches("git cannot read").count(), 2, "{told}");
        assert!(told.stderr.contains("in a partial clone it fetches the file"), "{told}");
        assert!(!repository.0.path().join("clone/asked").exists(), "nothing was asked of the remote");
        run_in(&repository, "clone", &[("PATH", &path)], &format!("{plan} --released fail")).expect(1);
        assert!(!repository.0.path().join("clone/asked").exists(), "nothing was asked of the remote");
    }
}

#[test]
fn what_git_refuses_to_read_is_told_in_its_words_with_its_remedy() {
    let repository = Repository::new();
    repository.live(length(8));
    repository.manifest("  UserPoolTags: { team: identity }\n");
    repository.commit();
    // Git's own switch for its tests: the repository is as another user's.
    let owner = [("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")];
    let plan = "plan --live live --baseline HEAD";
    assert_snapshot!("baseline_owner", run_in(&repository, ".", &owner, plan).expect(1));
    let trusted = [
        owner[0],
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "safe.directory"),
        ("GIT_CONFIG_VALUE_0", "*"),
    ];
    run_in(&repository, ".", &trusted, plan).expect(0);
    repository.git(&["config", "core.repositoryFormatVersion", "1"]);
    repository.git(&["config", "extensions.zebra", "true"]);
    assert_snapshot!("baseline_extension", run_in(&repository, ".", &[], plan).expect(1));
    let nowhere = tempfile::tempdir().unwrap();
    let folder = nowhere.path().display().to_string();
    let told = run_in(&repository, &folder, &[], &format!("plan --live {folder} --baseline HEAD"));
    assert!(!told.stderr.contains("refuses"), "{told}");
}

#[test]
fn a_hook_of_a_linked_worktree_sees_the_manifests_below_its_folder() {
    let repository = Repository::new();
    repository.live(length(8));
    repository.manifest("  UserPoolTags: { team: identity }\n");
    repository.commit();
    repository.git(&["worktree", "add", "-q", "-b", "work", "linked"]);
    let root = repository.0.path().display();
    let poolctl = env!("CARGO_BIN_EXE_poolctl");
    let hook = format!(
        "#!/bin/sh\nenv | grep '^GIT_' > {root}/variables\ncd pools && {poolctl} plan --live {root}/live --baseline HEAD --released fail --format json . > {root}/told.json\n"
    );
    let hook = repository.0.write(".git/hooks/pre-commit", hook);
    std::fs::set_permissions(hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let manifest = format!("version: 1\npool: {POOL}\nsettings:\n  UserPoolTags: {{ team: people }}\n");
    repository.0.write("linked/pools/customers.yaml", manifest);
    repository.git(&["-C", "linked", "commit", "-q", "-a", "-m", "by hook"]);
    let read = |name: &str| std::fs::read_to_string(repository.0.path().join(name)).unwrap();
    assert!(read("variables").contains("GIT_DIR="), "git says where it is: {}", read("variables"));
    let told: serde_json::Value = serde_json::from_str(&read("told.json")).unwrap();
    assert_eq!(told["pools"][0]["changes"][0]["direction"], "pending", "{told}");
    // The repository around the folder counts, and not one that the environment names.
    let told = run_in(
        &repository,
        "linked/pools",
        &[("GIT_DIR", "/nowhere"), ("GIT_INDEX_FILE", ".git/index")],
        "plan --live ../../live --baseline HEAD~1 --format json .",
    );
    assert_eq!(told.expect(0).json()["pools"][0]["changes"][0]["direction"], "pending");
}
