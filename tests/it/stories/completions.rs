//! Completion as people meet it: a real bash, a half-typed word, and the key.

use std::path::Path;

use insta::assert_snapshot;

use crate::harness::Workspace;

/// The line that bash makes of these keys, in a folder with two manifests and a file that is none.
fn pressed(keys: &str) -> String {
    let workspace = Workspace::new();
    workspace.write("pools/customers.yaml", "");
    workspace.write("pools/our staff.yml", "");
    workspace.write("pools/notes.txt", "");
    workspace.write("backups/one.json", "");
    let bin = Path::new(env!("CARGO_BIN_EXE_poolctl")).parent().unwrap().display().to_string();
    let path = format!("{bin}:{}", std::env::var("PATH").unwrap());
    let press = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/press.py");
    let run = workspace.program("python3").env("PATH", &path);
    let output = run.args(["-S", press, "source <(poolctl completions bash)", keys]).output().expect(0);
    output.stdout.trim_end().to_owned()
}

#[test]
fn bash_completes_a_half_typed_word() {
    for (keys, line) in [
        ("poolctl val\\t", "poolctl validate"),
        ("poolctl validate --str\\t", "poolctl validate --strict"),
        ("poolctl validate --format sa\\t", "poolctl validate --format sarif"),
        ("poolctl validate --format=gi\\t", "poolctl validate --format=github"),
        ("poolctl completions f\\t", "poolctl completions fish"),
        ("poolctl restore back\\t", "poolctl restore backups/"),
        ("poolctl restore backups/\\t", "poolctl restore backups/one.json"),
        ("poolctl validate pools/c\\t", "poolctl validate pools/customers.yaml"),
        ("poolctl validate pools/n\\t", "poolctl validate pools/n"),
        // The space is escaped for bash; `echo` shows what a program would get.
        ("poolctl validate pools/o\\t", "poolctl validate pools/our staff.yml"),
        ("poolctl explain Polic\\t", "poolctl explain Policies"),
        (
            "poolctl explain Policies.PasswordPolicy.Min\\t",
            "poolctl explain Policies.PasswordPolicy.MinimumLength",
        ),
        ("poolctl explain rule:mfa-with-o\\t", "poolctl explain rule:mfa-with-otp-sign-in"),
        (
            "poolctl plan --allow mfa-gap,trigger-removal@LambdaConfig.PreS\\t",
            "poolctl plan --allow mfa-gap,trigger-removal@LambdaConfig.PreSignUp",
        ),
        ("POOLCTL_QUIET=1 poolctl pl\\t", "POOLCTL_QUIET=1 poolctl plan"),
    ] {
        assert_eq!(pressed(keys), line, "{keys}");
    }
}

#[test]
fn bash_offers_what_can_follow() {
    assert_eq!(pressed("poolctl plan pools/\\x1b*"), "poolctl plan pools/customers.yaml pools/our staff.yml");
    assert!(pressed("poolctl \\x1b*").contains(" plan "), "not its other name");
    let formats = pressed("poolctl validate --format \\x1b*");
    assert_eq!(formats, "poolctl validate --format text json html github sarif junit codequality");
    let members = pressed("poolctl explain Policies.\\x1b*");
    assert_eq!(
        members,
        "poolctl explain Policies.PasswordPolicy. Policies.PasswordPolicy Policies.SignInPolicy. Policies.SignInPolicy"
    );
    let options = pressed("poolctl validate --\\x1b*");
    assert!(options.contains(" --strict ") && !options.contains(" --profile"), "{options}");
}

#[test]
fn every_shell_gets_its_lines() {
    let workspace = Workspace::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = workspace.poolctl(["completions", shell]).output().expect(0);
        assert_eq!(script.stderr, "");
        assert_snapshot!(format!("script_{shell}"), script);
    }
    let miss = workspace.poolctl(["completions", "bahs"]).output().expect(64);
    assert!(miss.stderr.contains("`bash`"), "{miss}");
}

/// What the scripts of the other shells ask, in their way of asking.
#[test]
fn the_other_shells_are_answered_with_a_sentence_about_each_word() {
    let workspace = Workspace::new();
    for shell in ["fish", "zsh", "elvish", "powershell"] {
        let words = ["--", "poolctl", "explain", "Policies.PasswordPolicy.Min"];
        let answer = workspace.poolctl(words).env("_POOLCTL_COMPLETE", shell);
        let answer = answer.env("_CLAP_COMPLETE_INDEX", "2").output().expect(0);
        assert!(answer.stdout.starts_with("Policies.PasswordPolicy.MinimumLength"), "{shell}: {answer}");
        assert_eq!(shell != "elvish", answer.stdout.contains("minimum length"), "{shell}: {answer}");
    }
}
