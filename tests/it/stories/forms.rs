//! The forms of a run as they are asked for: the end is the same in each, and nothing is lost on the way.

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value as Json;

use crate::harness::peers::{quality_mistakes, read_junit, read_metrics};
use crate::harness::world::{POOL, World};
use crate::harness::{Output, Workspace, scrub_environment};

const FORMS: [&str; 9] =
    ["text", "json", "markdown", "html", "github", "sarif", "junit", "codequality", "openmetrics"];

/// The pool of the quickstart, and manifests that lead to every kind of end.
fn workspace() -> Workspace {
    let workspace = Workspace::new();
    let live = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    workspace.write(&format!("live/{POOL}.json"), live);
    let manifest =
        |pool: &str, settings: &str| format!("version: 1\npool: {pool}\nsettings: {{ {settings} }}\n");
    for (name, pool, settings) in [
        ("clean", POOL, "DeletionProtection: INACTIVE"),
        ("change", POOL, "DeletionProtection: ACTIVE"),
        ("risk", POOL, "LambdaConfig: { PreSignUp: null }"),
        ("conflict", POOL, "PoolName: null"),
        ("gone", "eu-west-1_gone", "DeletionProtection: ACTIVE"),
        ("wrong", POOL, "Zebra: 1"),
    ] {
        workspace.write(&format!("{name}.yaml"), manifest(pool, settings));
    }
    workspace
}

fn run(workspace: &Workspace, arguments: &[&str]) -> Output {
    workspace.program(env!("CARGO_BIN_EXE_poolctl")).args(arguments).output()
}

#[test]
fn the_end_is_the_same_in_every_form_and_each_form_says_something() {
    let workspace = workspace();
    for (code, command) in [
        (0, &["plan", "--detailed-exitcode", "clean.yaml"] as &[&str]),
        (2, &["plan", "--detailed-exitcode", "change.yaml"]),
        (3, &["plan", "risk.yaml"]),
        (3, &["plan", "conflict.yaml"]),
        (1, &["plan", "change.yaml", "gone.yaml"]),
        (1, &["plan", "wrong.yaml"]),
        (2, &["drift", "change.yaml"]),
        (2, &["drift", "conflict.yaml"]),
        (1, &["drift", "gone.yaml"]),
        (1, &["drift", "wrong.yaml"]),
    ] {
        for form in FORMS {
            let output =
                run(&workspace, &[command, &["--live", "live", "--format", form]].concat()).expect(code);
            let nothing_wrong = code == 0 && form == "github";
            let nothing_read =
                form == "text" && command.iter().any(|word| ["gone.yaml", "wrong.yaml"].contains(word));
            assert!(
                !output.stdout.is_empty() || nothing_wrong || nothing_read,
                "{command:?} {form}\n{output}"
            );
        }
    }
}

#[test]
fn an_apply_ends_the_same_in_every_form() {
    for form in FORMS {
        let workspace = workspace();
        let apply = |arguments: &[&str]| {
            let all =
                [&["apply", "--yes", "--sandbox", "--seed", "live", "--format", form], arguments].concat();
            run(&workspace, &all)
        };
        apply(&["change.yaml"]).expect(0);
        apply(&["risk.yaml"]).expect(3);
        apply(&["gone.yaml"]).expect(1);
        let all =
            ["--out", "markdown=m.md", "--out", "json=j.json", "--allow", "trigger-removal", "risk.yaml"];
        apply(&all).expect(0);
        let comment = std::fs::read_to_string(workspace.path().join("m.md")).unwrap();
        assert!(
            comment.starts_with("<!-- poolctl:apply -->\n\n**Apply: 1 pool applied and verified.**\n"),
            "{comment}"
        );
        assert!(comment.contains("- backup: `.poolctl/backups/"), "{comment}");
    }
}

/// The end, the kind of the end and the first words of each case of the only suite.
fn cases(workspace: &Workspace, report: &str) -> Vec<[String; 4]> {
    let suites = read_junit(workspace, &[report.to_owned()]).remove(0);
    let suite = &suites[0];
    assert_eq!((&suite["stated"], &suites[1]), (&suite["counted"], &Json::Null), "{report}");
    let text = |value: &Json| value.as_str().unwrap_or("").to_owned();
    let case = |case: &Json| {
        let result = &case["results"][0];
        let words: Vec<String> = text(&result["message"]).split(' ').take(3).map(str::to_owned).collect();
        [text(&case["name"]), text(&result["is"]), text(&result["type"]), words.join(" ")]
    };
    suite["cases"].as_array().unwrap().iter().map(case).collect()
}

#[test]
fn a_pool_is_a_test_and_its_end_the_end_of_the_test() {
    let workspace = workspace();
    let customers = "customers (eu-west-1_a1B2c3D4E)";
    let conflict = "conflict impossible-removal (conflict.yaml:3):";
    let drifted = "drifted-setting (change.yaml:3): `DeletionProtection`";
    for (code, command, expected) in [
        (0, &["plan", "clean.yaml"] as &[&str], [customers, "", "", ""]),
        (0, &["plan", "change.yaml"], [customers, "", "", ""]),
        (3, &["plan", "risk.yaml"], [customers, "Failure", "refused", "risk trigger-removal (risk.yaml:3):"]),
        (3, &["plan", "conflict.yaml"], [customers, "Failure", "refused", conflict]),
        (
            1,
            &["plan", "gone.yaml"],
            ["eu-west-1_gone", "Error", "failed", "pool-failed (gone.yaml): live/eu-west-1_gone.json"],
        ),
        (
            1,
            &["plan", "wrong.yaml"],
            ["wrong.yaml", "Error", "unknown-setting", "error unknown-setting (wrong.yaml:3):"],
        ),
        (2, &["drift", "change.yaml"], [customers, "Failure", "differs", drifted]),
        (2, &["drift", "conflict.yaml"], [customers, "Failure", "differs", conflict]),
        (
            1,
            &["drift", "gone.yaml"],
            ["eu-west-1_gone", "Error", "failed", "pool-failed (gone.yaml): live/eu-west-1_gone.json"],
        ),
    ] {
        let out = ["--live", "live", "--format", "junit", "--out", "codequality=q.json"];
        let report = run(&workspace, &[command, &out].concat()).expect(code);
        let [end] = cases(&workspace, &report.raw).try_into().unwrap();
        assert_eq!(end, expected.map(str::to_owned), "{command:?}");
        let quality = std::fs::read_to_string(workspace.path().join("q.json")).unwrap();
        let quality: Json = serde_json::from_str(&quality).unwrap();
        assert_eq!(quality_mistakes(&quality), [""; 0]);
        let worst = match (code, expected[2]) {
            (3, "refused") if command[1] == "risk.yaml" => "major",
            (3 | 1, _) => "critical",
            (2, _) if command[1] == "conflict.yaml" => "critical",
            (2, _) => "minor",
            _ => "info",
        };
        let first = &quality[0];
        assert!(first["severity"] == worst, "{command:?}: {first}");
    }
}

/// What is not reached is skipped; what somebody declared elsewhere is a test that fails.
#[test]
fn a_pool_that_is_not_reached_is_skipped_and_one_without_a_manifest_fails() {
    let workspace = workspace();
    let apply = ["apply", "--yes", "--sandbox", "--seed", "live", "--format", "junit"];
    let report = run(&workspace, &[&apply[..], &["change.yaml", "gone.yaml"]].concat()).expect(1);
    let ends: Vec<[String; 3]> =
        cases(&workspace, &report.raw).into_iter().map(|[name, is, kind, _]| [name, is, kind]).collect();
    let expected = [
        ["customers (eu-west-1_a1B2c3D4E)", "Skipped", "not_reached"],
        ["eu-west-1_gone", "Error", "failed"],
    ];
    assert_eq!(ends, expected.map(|end| end.map(str::to_owned)));
    run(&workspace, &[&apply[..], &["change.yaml"]].concat()).expect(0);
    workspace
        .write("live/eu-west-1_other.json", r#"{"UserPool": {"Id": "eu-west-1_other", "Name": "other"}}"#);
    let drift = ["drift", "--discover", "--live", "live", "--format", "junit", "clean.yaml"];
    let report = run(&workspace, &drift).expect(2);
    let ends = cases(&workspace, &report.raw);
    assert_eq!(ends[1][..3], ["eu-west-1_other", "Failure", "undeclared-pool"].map(str::to_owned));
}

/// A job shows its page beside its log; a page that cannot be written costs nobody the run.
#[test]
fn a_step_of_a_workflow_gets_its_page() {
    let workspace = workspace();
    let page = workspace.write("summary.md", "earlier\n");
    let plan = |arguments: &'static [&'static str], page: &str| {
        let all = [&["plan", "--live", "live", "change.yaml"], arguments].concat();
        workspace.poolctl(all).env("GITHUB_STEP_SUMMARY", page).output().expect(0)
    };
    let read = || std::fs::read_to_string(&page).unwrap();
    plan(&[], page.to_str().unwrap());
    assert_eq!(read(), "earlier\n", "nobody asked for GitHub's form");
    plan(&["--format", "github"], page.to_str().unwrap());
    assert!(read().starts_with("earlier\n\n<!-- poolctl:plan -->\n"), "{}", read());
    plan(&["--out", "github=commands.txt"], page.to_str().unwrap());
    assert_eq!(read().matches("<!-- poolctl:plan -->").count(), 2);
    let lost = plan(&["--format", "github"], "nowhere/summary.md");
    assert!(
        lost.stderr.starts_with(
            "warning: cannot write the summary to `nowhere/summary.md`, which GITHUB_STEP_SUMMARY names"
        ),
        "{lost}"
    );
    assert!(lost.stdout.starts_with("::notice file=change.yaml,line=3,"), "{lost}");
}

#[test]
fn a_file_of_out_is_whole_or_what_it_was() {
    let workspace = workspace();
    workspace.write("old.md", "old\n");
    let plan = |out: &'static str| run(&workspace, &["plan", "--live", "live", "change.yaml", "--out", out]);
    plan("markdown=old.md").expect(0);
    assert!(
        std::fs::read_to_string(workspace.path().join("old.md"))
            .unwrap()
            .starts_with("<!-- poolctl:plan -->")
    );
    // A device is written to, and never replaced by a file.
    let full = plan("json=/dev/full").expect(1);
    assert!(full.stderr.starts_with("error: cannot write `/dev/full`: "), "{full}");
    assert!(full.stdout.contains("Plan: 1 pool to update."), "the rest is told\n{full}");
    assert!(!std::path::Path::new("/dev/full").is_file());
    let folder = plan("json=nowhere/plan.json").expect(64);
    assert_eq!(folder.stdout, "");
}

/// What the metrics of a pool said last stays in the file while it cannot be read.
#[test]
fn a_file_of_metrics_keeps_the_last_success() {
    let workspace = workspace();
    let drift = || run(&workspace, &["drift", "--live", "live", "clean.yaml", "--out", "openmetrics=p.prom"]);
    let success = || {
        let text = std::fs::read_to_string(workspace.path().join("p.prom")).unwrap();
        text.lines().find(|line| line.starts_with("poolctl_last_success")).map(str::to_owned)
    };
    drift().expect(2);
    let first = success().unwrap();
    std::fs::remove_file(workspace.path().join(format!("live/{POOL}.json"))).unwrap();
    drift().expect(1);
    assert_eq!(success(), Some(first));
}

/// More than a pipe holds.
fn much() -> Workspace {
    let workspace = workspace();
    let live = std::fs::read_to_string(workspace.path().join(format!("live/{POOL}.json"))).unwrap();
    for number in 0..8 {
        let pool = format!("eu-west-1_p{number:08}");
        workspace.write(&format!("live/{pool}.json"), live.replace(POOL, &pool));
        let mail: String = (0..200)
            .map(|line| format!("      <p>{{####}} {number} {line} {}</p>\n", "x".repeat(70)))
            .collect();
        let manifest = format!(
            "version: 1\npool: {pool}\nsettings:\n  VerificationMessageTemplate:\n    EmailMessage: |\n{mail}"
        );
        workspace.write(&format!("many/{number}.yaml"), manifest);
    }
    workspace
}

fn piped(workspace: &Workspace, form: &str) -> std::process::Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_poolctl"));
    scrub_environment(&mut command, workspace.path());
    command.current_dir(workspace.path()).args([
        "plan",
        "--detailed-exitcode",
        "--live",
        "live",
        "--format",
        form,
        "many",
    ]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn a_slow_reader_gets_it_all_and_one_that_leaves_ends_it_quietly() {
    let workspace = much();
    for form in ["text", "json"] {
        let whole =
            run(&workspace, &["plan", "--detailed-exitcode", "--live", "live", "--format", form, "many"])
                .expect(2);
        assert!(whole.raw.len() > 64 << 10, "{form}: {}", whole.raw.len());
        let mut slow = piped(&workspace, form);
        std::thread::sleep(Duration::from_millis(300));
        let mut read = String::new();
        slow.stdout.take().unwrap().read_to_string(&mut read).unwrap();
        assert_eq!(slow.wait().unwrap().code(), Some(2));
        assert_eq!(read.len(), whole.raw.len(), "{form}");
        let mut gone = piped(&workspace, form);
        drop(gone.stdout.take());
        let mut told = String::new();
        gone.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        assert_eq!((gone.wait().unwrap().code(), told.as_str()), (Some(2), ""), "{form}");
    }
}

/// What each version of the JSON document looked like, as it was when it came out. Within a major version
/// members are added; none goes, none changes its type, and today's schema refuses an old document for
/// nothing but what it could not have yet.
#[test]
fn a_program_finds_what_it_knew_in_every_later_version() {
    let schema: Json = serde_json::from_str(include_str!("../../../schemas/plan.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let versions =
        [include_str!("../../fixtures/json/v1.0.json"), include_str!("../../fixtures/json/v1.1.json")];
    let versions: Vec<Json> = versions.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    let workspace = workspace();
    let apply = ["apply", "--yes", "--sandbox", "--seed", "live", "--format", "json", "change.yaml"];
    let now = run(&workspace, &apply).expect(0).json();
    assert_eq!(
        now["format_version"],
        versions.last().unwrap()["format_version"],
        "freeze the new version, too"
    );
    for (position, old) in versions.iter().enumerate() {
        for later in versions[position..].iter().chain([&now]) {
            assert_eq!(lost(old, later, ""), "");
        }
        let wrong = schema.iter_errors(old).map(|error| error.to_string());
        let wrong: Vec<String> = wrong.filter(|error| !error.ends_with("is a required property")).collect();
        assert_eq!(wrong, [""; 0]);
    }
    assert_eq!(schema.iter_errors(&now).count(), 0);
}

/// The first member of `old` that `new` does not have, or has as something else.
fn lost(old: &Json, new: &Json, at: &str) -> String {
    match (old, new) {
        (Json::Object(old), Json::Object(new)) => {
            let lost = |(name, old): (&String, &Json)| match new.get(name) {
                None => format!("{at}.{name}"),
                Some(new) => lost(old, new, &format!("{at}.{name}")),
            };
            old.iter().map(lost).find(|lost| !lost.is_empty()).unwrap_or_default()
        }
        (Json::Array(old), Json::Array(new)) => match (old.first(), new.first()) {
            (Some(old), Some(new)) => lost(old, new, &format!("{at}[]")),
            _ => String::new(),
        },
        _ if std::mem::discriminant(old) == std::mem::discriminant(new) => String::new(),
        _ => format!("{at} is something else"),
    }
}

/// A collector that reads both files serves one series once, and drops the second.
#[test]
fn metrics_of_two_runs_on_one_host_never_hide_each_other() {
    let workspace = workspace();
    let manifest = std::fs::read_to_string(workspace.path().join("change.yaml")).unwrap();
    workspace.write("a/pool.yaml", &manifest);
    workspace.write(
        "b/pool.yaml",
        "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings: { MfaConfiguration: nope }\n",
    );
    let drift = |out: &str, more: &[&str]| {
        let out = format!("openmetrics=metrics/{out}");
        let words = [&["drift", "--live", "live", "--out", &out][..], more].concat();
        workspace.poolctl(words.iter().copied()).output()
    };
    workspace.write("metrics/README", "");
    let runs: [(&str, &[&str], i32); 5] = [
        ("a.prom", &["a"], 2),
        ("b.prom", &["b"], 1),
        ("one.prom", &["a", "--shard", "1/2"], 0),
        ("two.prom", &["a", "--shard", "2/2"], 0),
        ("named.prom", &["a", "--run-label", "team \"a\""], 2),
    ];
    let texts = runs.map(|(out, more, code)| {
        let output = drift(out, more);
        assert!(output.code == Some(code) || code == 0 && output.code == Some(2), "{output}");
        std::fs::read_to_string(workspace.path().join("metrics").join(out)).unwrap()
    });
    let mut seen = std::collections::HashSet::new();
    let read = read_metrics(&workspace, &texts);
    assert_eq!(read.len(), runs.len());
    for ((out, ..), samples) in runs.iter().zip(read) {
        for sample in samples {
            assert!(seen.insert(format!("{} {}", sample[0], sample[1])), "{out}: {sample}");
        }
    }
    let wrong = seen.iter().filter(|series| series.starts_with("\"poolctl_manifest_errors\"")).count();
    assert_eq!(wrong, runs.len(), "the errors of b are a series of their own");
    // The same run in its own file, any number of times; in another one it would hide the first.
    drift("a.prom", &["a"]).expect(2);
    let hidden = drift("c.prom", &["a"]).expect(64);
    insta::assert_snapshot!("metrics_hidden", hidden);
    drift("c.prom.new", &["a"]).expect(2);
    drift("c.prom", &["a", "--run-label", "c"]).expect(2);
    let twice = ["--out", "openmetrics=metrics/e.prom", "a", "--run-label", "e"];
    drift("d.prom", &twice).expect(64);
}

/// The alerts that are shown ask for nothing that the metrics do not have.
#[test]
fn the_example_alerts_are_about_metrics_that_there_are() {
    let alerts = include_str!("../../../examples/ci/prometheus-alerts.yml");
    let workspace = workspace();
    let rule = "require: [{ name: long-passwords, path: Policies.PasswordPolicy.MinimumLength, min: 99 }]\n";
    workspace.write("poolctl.yaml", rule);
    let drift =
        run(&workspace, &["drift", "--live", "live", "--format", "openmetrics", "change.yaml"]).expect(2);
    let names = regex::Regex::new(r"poolctl_\w+").unwrap();
    let asked: Vec<&str> = names.find_iter(alerts).map(|name| name.as_str()).collect();
    assert!(asked.len() > 5, "{asked:?}");
    for name in asked {
        assert!(drift.raw.contains(&format!("\n# TYPE {name} gauge\n")), "{name}");
    }
}

#[test]
fn no_result_is_written_over_what_it_is_made_from() {
    let world = World::new(&[]);
    world.workspace.write("base.yaml", "version: 1\nsettings: { DeletionProtection: ACTIVE }\n");
    world.workspace.write("mail.txt", "Your code is {####}");
    world.workspace.write("vars.yaml", "stage: prod\n");
    let manifest = format!(
        "version: 1\nextends: base.yaml\npool: {POOL}\nsettings:\n  VerificationMessageTemplate: {{ EmailMessage: \"${{file:mail.txt}}\" }}\n"
    );
    world.workspace.write("pool.yaml", &manifest);
    std::os::unix::fs::symlink("pool.yaml", world.workspace.path().join("link")).unwrap();
    for file in ["pool.yaml", "./pool.yaml", "base.yaml", "mail.txt", "vars.yaml", "link"] {
        let before = std::fs::read(world.workspace.path().join(file)).unwrap();
        let out = format!("--out=markdown={file}");
        let save = format!("--save={file}");
        for arguments in [&["plan", &save][..], &["plan", &out], &["apply", "--yes", &out], &["drift", &out]]
        {
            let arguments = [arguments, &["--var-file", "vars.yaml", "pool.yaml"]].concat();
            let output = world.run(&arguments).output().expect(64);
            let why =
                ["is an input of this run, and cannot be its output", "exists, and is not a saved plan"];
            assert!(why.iter().any(|why| output.stderr.contains(why)), "{output}");
        }
        assert_eq!(std::fs::read(world.workspace.path().join(file)).unwrap(), before);
    }
    let output = world.run(&["validate", "--out=json=pool.yaml", "pool.yaml"]).output().expect(64);
    assert!(output.stderr.contains("is an input of this run"), "{output}");
    assert_eq!((world.calls("DescribeUserPool"), world.writes()), (0, 0));
    world.run(&["plan", "--save", "plan.json", "pool.yaml"]).output().expect(0);
    for arguments in [&["show", "--out=json=plan.json"][..], &["apply", "--out=json=./plan.json"]] {
        let output = world.run(&[arguments, &["plan.json"]].concat()).output().expect(64);
        assert!(output.stderr.contains("is an input of this run"), "{output}");
    }
    // A saved plan is no manifest.
    for command in ["plan", "drift", "validate"] {
        let output = world.run(&[command, "plan.json"]).output().expect(1);
        assert!(output.to_string().contains("this is a saved plan, not a manifest"), "{output}");
    }
}

#[test]
fn a_pipe_that_nobody_may_read_and_a_file_of_somebody_else_are_refused_beforehand() {
    let world = World::new(&[]);
    world.workspace.program("mkfifo").args(["pipe"]).output().expect(0);
    let output = world.run(&["plan", "--out", "json=pipe", "pool.yaml"]).output().expect(64);
    assert!(output.stderr.contains("`--out` cannot write to `pipe`: it is a named pipe"), "{output}");
    let page = world.run(&["plan", "--format", "github", "pool.yaml"]).env("GITHUB_STEP_SUMMARY", "pipe");
    let page = page.output().expect(0);
    assert!(page.stderr.contains("not a regular file"), "{page}");
    world.workspace.write("notes.txt", "mine");
    let output = world.run(&["plan", "--save", "notes.txt", "pool.yaml"]).output().expect(64);
    assert!(output.stderr.contains("`notes.txt` exists, and is not a saved plan"), "{output}");
    for _ in 0..2 {
        world.run(&["plan", "--save", "plan.json", "pool.yaml"]).output().expect(0);
    }
    let live = "--out=json=seed/eu-west-1_a1B2c3D4E.json";
    world.run(&["plan", "--live", "seed", live, "pool.yaml"]).output().expect(64);
}
