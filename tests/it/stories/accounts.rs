//! A fleet over three accounts: who reads, who writes, and what one account's trouble is to the others.

use std::fmt::Write as _;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::{Output, Run, Server, Workspace};

const ONE: &str = "111122223333";
const TWO: &str = "222233334444";
const THREE: &str = "333344445555";
/// Two pools in two Regions of the first account, two in one Region of the second, one in the third.
const POOLS: [(&str, &str, &str); 5] = [
    ("one-a", "eu-west-1_one0a", ONE),
    ("one-b", "eu-central-1_one0b", ONE),
    ("two-a", "eu-west-1_two0a", TWO),
    ("two-b", "eu-west-1_two0b", TWO),
    ("three", "eu-west-1_three", THREE),
];
/// The third account has one role for all.
const CONFIG: &str = r#"accounts:
  "111122223333":
    read: arn:aws:iam::111122223333:role/reader
    write: arn:aws:iam::111122223333:role/ci/writer
  "222233334444":
    read: arn:aws:iam::222233334444:role/reader
    write: arn:aws:iam::222233334444:role/writer
    external-id: of-two-alone
  "333344445555":
    write: arn:aws:iam::333344445555:role/all
"#;
/// The pipeline's own account, which has no pool.
const HUB: &str = "AKIA999988887777HUBX";

struct World {
    workspace: Workspace,
    sandbox: Server,
}

impl World {
    fn new(faults: &[&str]) -> Self {
        Self::with(CONFIG, faults)
    }

    fn with(config: &str, faults: &[&str]) -> Self {
        let workspace = Workspace::new();
        let seed = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
        for (name, id, account) in POOLS {
            let (region, _) = id.split_once('_').unwrap();
            let mut document: Value = serde_json::from_str(seed).unwrap();
            document["UserPool"]["Id"] = json!(id);
            document["UserPool"]["Arn"] =
                json!(format!("arn:aws:cognito-idp:{region}:{account}:userpool/{id}"));
            workspace.write(&format!("seed/{id}.json"), document.to_string());
            let settings = "settings: { DeletionProtection: ACTIVE }";
            let manifest = format!("version: 1\npool: {id}\naccount: \"{account}\"\n{settings}\n");
            workspace.write(&format!("pools/{name}.yaml"), manifest);
        }
        workspace.write("poolctl.yaml", config);
        let mut arguments = vec!["--seed", "seed"];
        arguments.extend(faults.iter().flat_map(|fault| ["--fault", fault]));
        let sandbox = Server::sandbox(&workspace, &arguments);
        Self { workspace, sandbox }
    }

    fn command<'a>(&'a self, arguments: &[&'a str]) -> Run<'a> {
        let run = self.workspace.poolctl(arguments.iter().copied());
        run.env("AWS_ENDPOINT_URL", self.sandbox.url())
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).env("AWS_ACCESS_KEY_ID", HUB).env("AWS_SECRET_ACCESS_KEY", "testing").output()
    }

    /// Who has made which calls since this was last asked, one caller a line.
    fn callers(&self) -> String {
        let callers = self.sandbox.control("GET", "callers");
        self.sandbox.control("DELETE", "calls");
        let mut told = String::new();
        for (arn, calls) in callers.as_object().unwrap() {
            let who = arn.splitn(5, ':').nth(4).unwrap().trim_end_matches("/poolctl");
            let calls: Vec<String> =
                calls.as_object().unwrap().iter().map(|(name, count)| format!("{name} {count}")).collect();
            writeln!(told, "{who}: {}", calls.join(", ")).unwrap();
        }
        told
    }
}

#[test]
fn each_account_is_read_by_its_read_role_which_is_assumed_once() {
    let world = World::new(&[]);
    let output = world.run(&["plan"]).expect(0);
    assert!(output.stdout.contains("Plan: 5 pools to update."), "{output}");
    assert_snapshot!(world.callers(), @"
    999988887777:user/sandbox: AssumeRole 3
    111122223333:assumed-role/reader: DescribeUserPool 2, GetCallerIdentity 1
    222233334444:assumed-role/reader: DescribeUserPool 2, GetCallerIdentity 1
    333344445555:assumed-role/all: DescribeUserPool 1, GetCallerIdentity 1
    ");
}

#[test]
fn the_write_role_writes_once_the_plans_are_approved_and_reads_what_belongs_to_a_write() {
    let world = World::new(&[]);
    let output = world.run(&["apply", "--yes", "--settle", "0"]).expect(0);
    assert!(output.stdout.contains("5 pools applied and verified"), "{output}");
    assert_snapshot!(world.callers());

    // Nothing is to be written, and no role is taken that could.
    world.run(&["apply", "--yes"]).expect(0);
    let callers = world.callers();
    assert!(callers.contains("999988887777:user/sandbox: AssumeRole 3\n"), "{callers}");
    assert!(!callers.contains("writer"), "{callers}");
}

#[test]
fn drift_reads_by_the_read_roles_and_finds_what_no_manifest_has_in_each_account() {
    let world = World::new(&[]);
    std::fs::remove_file(world.workspace.path().join("pools/two-b.yaml")).unwrap();
    let output = world.run(&["drift", "--discover"]).expect(2);
    assert!(output.stdout.contains("eu-west-1_two0b"), "{output}");
    assert!(!world.callers().contains("writer"), "{output}");
}

#[test]
fn a_saved_plan_and_a_restore_are_carried_out_by_the_write_role() {
    let world = World::new(&[]);
    world.run(&["plan", "--save", "plan.json", "pools/two-a.yaml"]).expect(0);
    world.callers();
    let applied = world.run(&["apply", "--settle", "0", "plan.json"]).expect(0);
    let wrote = |callers: String| {
        let writers = callers.lines().filter(|line| line.contains("UpdateUserPool")).map(str::to_owned);
        writers.map(|line| line.split(": ").next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(wrote(world.callers()), ["222233334444:assumed-role/writer"]);

    let (_, rest) = applied.stderr.split_once("backup ").unwrap();
    let backup = rest.lines().next().unwrap();
    world.run(&["restore", "--yes", "--settle", "0", "--allow", "deletion-protection-off", backup]).expect(0);
    assert_eq!(wrote(world.callers()), ["222233334444:assumed-role/writer"]);
}

#[test]
fn an_import_is_of_the_account_that_it_names() {
    let world = World::new(&[]);
    let output = world.run(&["import", "--account", TWO, "eu-west-1_two0a", "-o", "-"]).expect(0);
    assert!(output.stdout.contains("account: \"222233334444\""), "{output}");
    assert!(world.callers().contains("222233334444:assumed-role/reader"), "{output}");
    let other = world.run(&["import", "--account", "444455556666", "eu-west-1_two0a", "-o", "-"]).expect(3);
    assert_snapshot!(other.stderr, @"
    error: --account: the manifest is for account 444455556666, but the credentials are for account 999988887777
      help: use credentials for the manifest's account, with another `--profile` or with `accounts` in poolctl.yaml
    ");
}

/// The first account without a role: the pipeline's own.
fn own_and_another() -> String {
    CONFIG.replace("  \"111122223333\":\n    read: arn:aws:iam::111122223333:role/reader\n    write: arn:aws:iam::111122223333:role/ci/writer\n", "")
}

#[test]
fn a_role_that_cannot_be_assumed_is_told_once_and_hides_no_other_account() {
    let world = World::with(&own_and_another(), &["AssumeRole:access-denied"]);
    for name in ["three", "one-b"] {
        std::fs::remove_file(world.workspace.path().join(format!("pools/{name}.yaml"))).unwrap();
    }
    let run = |command: &str| {
        let run = world.command(&[command]).env("AWS_ACCESS_KEY_ID", "AKIA111122223333HUBX");
        run.env("AWS_SECRET_ACCESS_KEY", "testing").output().expect(1)
    };
    let plan = run("plan");
    assert!(plan.stdout.contains("DeletionProtection"), "{plan}");
    assert_snapshot!("role_refused", plan);
    let drift = run("drift");
    assert!(drift.stdout.contains("eu-west-1_one0a"), "{drift}");
    assert_eq!(drift.stderr, plan.stderr);
}

#[test]
fn where_a_write_role_cannot_be_assumed_nothing_is_written_anywhere() {
    // The roles that read come first.
    let world = World::new(&["AssumeRole@3:access-denied"]);
    let pools = ["pools/two-a.yaml", "pools/two-b.yaml", "pools/three.yaml"];
    let apply = [&["apply", "--yes", "--out", "json=run.json"], &pools[..]].concat();
    assert_snapshot!("writer_refused", world.run(&apply).expect(1));
    let run = std::fs::read(world.workspace.path().join("run.json")).unwrap();
    let run: Value = serde_json::from_slice(&run).unwrap();
    let outcomes: Vec<&Value> =
        run["pools"].as_array().unwrap().iter().map(|pool| &pool["outcome"]).collect();
    assert_eq!(json!(outcomes), json!(["failed", "failed", "not_reached"]));
    assert!(!world.callers().contains("UpdateUserPool"));
}

#[test]
fn credentials_that_expire_in_the_middle_are_fetched_anew() {
    let world = World::new(&["DescribeUserPool@2:expired-token*1", "UpdateUserPool@2:expired-token*1"]);
    let output = world.run(&["apply", "--yes", "--settle", "0"]).expect(0);
    assert!(output.stdout.contains("5 pools applied and verified"), "{output}");
    let callers = world.callers();
    // One of each kind of role twice.
    assert!(callers.contains("999988887777:user/sandbox: AssumeRole 7\n"), "{callers}");
}

#[test]
fn credentials_that_cannot_be_fetched_anew_say_so() {
    let world = World::with("", &["DescribeUserPool:expired-token"]);
    std::fs::write(world.workspace.path().join("pools/one-a.yaml"), "version: 1\npool: eu-west-1_one0a\n")
        .unwrap();
    let output = world.run(&["plan", "pools/one-a.yaml"]).expect(1);
    assert!(output.stderr.contains("the credentials have expired"), "{output}");
    assert_eq!(world.sandbox.control("GET", "calls")["DescribeUserPool"], 1);
}

#[test]
fn an_expired_token_of_a_role_that_stays_expired_ends_the_run() {
    let world = World::new(&["DescribeUserPool:expired-token"]);
    let output = world.run(&["plan", "pools/three.yaml"]).expect(1);
    assert!(output.stderr.contains("the credentials have expired"), "{output}");
    assert_eq!(world.sandbox.control("GET", "calls")["DescribeUserPool"], 2);
}

#[test]
fn a_profile_is_used_where_the_machine_has_it_and_a_typed_one_in_place_of_all() {
    let config = format!("{CONFIG}    profile: people\n");
    let world = World::with(&config, &[]);
    let plan = ["plan", "pools/three.yaml"];
    // A pipeline has keys in its environment, and no profile.
    world.run(&plan).expect(0);
    assert!(world.callers().contains("999988887777:user/sandbox: AssumeRole 1\n"));

    let keys =
        |name: &str, key: &str| format!("[{name}]\naws_access_key_id = {key}\naws_secret_access_key = x\n");
    let text = keys("people", "AKIA888877776666PEPL") + &keys("third", "AKIA333344445555ADMN");
    world.workspace.write(".aws/credentials", text);
    world.run(&plan).expect(0);
    let callers = world.callers();
    assert!(callers.contains("888877776666:user/sandbox: AssumeRole 1\n"), "{callers}");
    assert!(callers.contains("333344445555:assumed-role/all: DescribeUserPool 1"), "{callers}");

    for run in [
        world.command(&[&plan[..], &["--profile", "third"]].concat()),
        world.command(&plan).env("POOLCTL_PROFILE", "third"),
    ] {
        run.output().expect(0);
        let callers = world.callers();
        assert_eq!(callers, "333344445555:user/sandbox: DescribeUserPool 1, GetCallerIdentity 1\n");
    }
}

#[test]
fn credentials_of_another_account_are_refused_before_anything_is_read_there() {
    let config = format!("accounts:\n  \"{TWO}\":\n    profile: wrong\n");
    let world = World::with(&config, &[]);
    let keys = "[wrong]\naws_access_key_id = AKIA333344445555ADMN\naws_secret_access_key = x\n";
    world.workspace.write(".aws/credentials", keys);
    let output = world.command(&["plan", "pools/two-a.yaml", "pools/two-b.yaml"]).output().expect(3);
    assert_snapshot!(output.stderr);
    assert_eq!(world.callers(), "333344445555:user/sandbox: GetCallerIdentity 1\n");
}

#[test]
fn a_profile_that_is_missed_is_named_where_nothing_else_has_credentials() {
    let config = format!("{CONFIG}    profile: people\n");
    let world = World::with(&config, &[]);
    let output = world.command(&["plan", "pools/three.yaml"]).output().expect(1);
    assert_snapshot!(output.stderr);
}

#[test]
fn the_embedded_sandbox_assumes_roles_of_its_own() {
    let world = World::new(&[]);
    let run = |arguments: &[&str]| world.workspace.poolctl(arguments.iter().copied()).output();
    let sandbox = "--sandbox=kept";
    let planned = run(&["plan", sandbox, "--seed", "seed", "-v"]).expect(0);
    assert!(planned.stdout.contains("Plan: 5 pools to update."), "{planned}");
    assert_eq!(planned.stderr.matches("AssumeRole: done").count(), 3, "{planned}");
    let applied = run(&["apply", sandbox, "--yes", "--settle", "0"]).expect(0);
    assert!(applied.stdout.contains("5 pools applied and verified"), "{applied}");
}

#[test]
fn what_is_wrong_with_accounts_is_said_with_its_place_and_no_external_id() {
    let mut told = String::new();
    for config in [
        "accounts: [a]\n",
        "accounts: { 12: { read: x } }\n",
        "account:\n  \"111122223333\":\n",
        "accounts:\n  \"111122223333\":\n    raed: arn:aws:iam::111122223333:role/reader\n    roles: x\n",
        "accounts:\n  \"111122223333\":\n    read: reader\n    write:\n    profile: [a]\n",
        "accounts:\n  \"111122223333\":\n    read: arn:aws:iam::444455556666:role/reader\n",
        "accounts:\n  \"111122223333\":\n    external-id: geheim-1\n    profile: people\n",
        "accounts:\n  \"111122223333\":\n    read: arn:aws:iam::111122223333:role/r\n    external-id: not one, geheim!\n",
        "accounts:\n  \"111122223333\": reader\n",
    ] {
        let world = Workspace::new();
        world.write("poolctl.yaml", config);
        let refused = world.poolctl(["plan"]).output().expect(64);
        assert_eq!(refused.stdout, "", "{refused}");
        told += &refused.stderr;
    }
    assert!(!told.contains("geheim"), "{told}");
    assert_snapshot!("config", told);
}

#[test]
fn where_a_write_role_cannot_be_assumed_the_other_accounts_keep_going_if_they_are_to() {
    let world = World::new(&["AssumeRole@3:access-denied"]);
    let pools = ["pools/two-a.yaml", "pools/two-b.yaml", "pools/three.yaml"];
    let apply =
        [&["apply", "--yes", "--keep-going", "--settle", "0", "--format", "json"], &pools[..]].concat();
    let output = world.run(&apply).expect(5);
    let told = output.json();
    let outcomes: Vec<&Value> =
        told["pools"].as_array().unwrap().iter().map(|pool| &pool["outcome"]).collect();
    assert_eq!(json!(outcomes), json!(["failed", "failed", "applied"]), "{output}");
    assert_eq!(output.stderr.matches("cannot assume the role").count(), 1, "{output}");
    // Where none is left, nothing is written.
    let world = World::new(&["AssumeRole@2:access-denied"]);
    let output = world.run(&["apply", "--yes", "--keep-going", "pools/two-a.yaml"]).expect(1);
    assert!(!world.callers().contains("UpdateUserPool"), "{output}");
}

#[test]
fn an_account_with_a_role_that_reads_and_none_that_writes_is_not_written() {
    let config = CONFIG.replace("    write: arn:aws:iam::222233334444:role/writer\n", "");
    let world = World::with(&config, &[]);
    world.run(&["plan", "pools/two-a.yaml"]).expect(0);
    let output = world.run(&["apply", "--yes"]).expect(1);
    let told = "error: poolctl.yaml has a role for reading in account 222233334444, but no role for writing\n  The same error for 2 pools: ";
    assert!(output.stderr.contains(told), "{output}");
    assert!(!world.callers().contains("UpdateUserPool"));
    world.run(&["apply", "--yes", "--keep-going", "--settle", "0"]).expect(5);
}

/// Two pools of accounts that the sandbox has never heard of, one of them declared with its account.
fn rehearsal() -> Workspace {
    let workspace = Workspace::new();
    let seed = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    for (id, account, guard) in
        [("eu-west-1_mine0", TWO, "account: \"222233334444\"\n"), ("eu-west-1_other", THREE, "")]
    {
        let mut document: Value = serde_json::from_str(seed).unwrap();
        document["UserPool"]["Id"] = json!(id);
        document["UserPool"]["Arn"] = json!(format!("arn:aws:cognito-idp:eu-west-1:{account}:userpool/{id}"));
        workspace.write(&format!("live/{id}.json"), document.to_string());
        let settings = "settings: { DeletionProtection: ACTIVE }";
        workspace.write(&format!("pools/{id}.yaml"), format!("version: 1\npool: {id}\n{guard}{settings}\n"));
    }
    workspace
}

#[test]
fn a_change_is_rehearsed_on_a_copy_of_ones_own_pools_whatever_their_account() {
    let workspace = rehearsal();
    let output = workspace.poolctl(["apply", "--yes", "--sandbox", "--seed", "live"]).output().expect(0);
    assert!(output.stdout.contains("Apply: 2 pools applied and verified"), "{output}");
    workspace.poolctl(["plan", "--sandbox", "--detailed-exitcode"]).output().expect(0);
    let imported =
        workspace.poolctl(["import", "--sandbox", "--all", "--region", "eu-west-1", "-o", "imported"]);
    let output = imported.output().expect(0);
    assert_eq!(output.stdout.lines().filter(|line| line.ends_with(".yaml")).count(), 2, "{output}");
}

#[test]
fn a_pool_of_the_sandbox_in_another_account_than_the_manifests_is_not_found() {
    let workspace = rehearsal();
    let manifest = "version: 1\npool: eu-west-1_other\naccount: \"222233334444\"\nsettings: { DeletionProtection: ACTIVE }\n";
    workspace.write("pools/eu-west-1_other.yaml", manifest);
    let output = workspace.poolctl(["plan", "--sandbox", "--seed", "live"]).output().expect(1);
    assert!(output.stderr.contains("eu-west-1_other"), "{output}");
    assert!(output.stderr.contains("222233334444"), "{output}");
}

#[test]
fn a_saved_document_of_another_account_than_the_manifests_is_refused() {
    let workspace = rehearsal();
    workspace.write(
        "pools/eu-west-1_mine0.yaml",
        "version: 1\npool: eu-west-1_mine0\naccount: \"999988887777\"\nsettings: { DeletionProtection: ACTIVE }\n",
    );
    for command in ["plan", "drift"] {
        let output = workspace.poolctl([command, "--live", "live", "pools/eu-west-1_mine0.yaml"]).output();
        let output = output.expect(if command == "plan" { 3 } else { 1 });
        assert!(
            output.stderr.starts_with(
                "error: pools/eu-west-1_mine0.yaml:3:10: the manifest is for account 999988887777, but the saved \
                 document is of a pool in account 222233334444\n"
            ),
            "{output}"
        );
    }
}
