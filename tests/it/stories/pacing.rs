//! How fast calls are made, against a sandbox that keeps Cognito's own quotas.

use regex::Regex;
use serde_json::{Value, json};

use crate::harness::{Output, Server, Workspace, at_once};

/// A sandbox with so many pools, and a manifest for each.
struct Fleet {
    workspace: Workspace,
    sandbox: Server,
}

impl Fleet {
    fn new(pools: usize, arguments: &[&str]) -> Self {
        let workspace = Workspace::new();
        let seed = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
        for number in 0..pools {
            let id = format!("eu-west-1_p{number:03}");
            workspace.write(&format!("seed/{id}.json"), seed.replace("eu-west-1_a1B2c3D4E", &id));
            let manifest = format!("version: 1\npool: {id}\nsettings: {{ DeletionProtection: ACTIVE }}\n");
            workspace.write(&format!("pools/{id}.yaml"), manifest);
        }
        let sandbox = Server::sandbox(&workspace, &[&["--seed", "seed"], arguments].concat());
        Self { workspace, sandbox }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let run = self.workspace.poolctl([]).args(arguments).signed().paced();
        run.env("AWS_ENDPOINT_URL", self.sandbox.url()).output()
    }
}

/// The lines that tell of this, without what differs between pools and runs.
fn lines(output: &Output, word: &str) -> Vec<String> {
    let differs = Regex::new(r"eu-west-1_p\d+| \(request .*\)").unwrap();
    let lines = output.stderr.lines().filter(|line| line.contains(word));
    lines.map(|line| differs.replace_all(line, "").into_owned()).collect()
}

fn ended(output: &Output, how: &str) -> usize {
    lines(output, &format!(": {how} ")).len() + lines(output, &format!(" attempt 2 {how} ")).len()
}

#[test]
fn at_the_quota_nothing_is_turned_away() {
    let fleet = Fleet::new(30, &["--quotas"]);
    let output = fleet.run(&["plan", "-v", "--rate", "100%"]).expect(0);
    assert_eq!((ended(&output, "done"), ended(&output, "throttled")), (30, 0), "{output}");
}

/// However many clients a pool has: each declared one is read once, and the list page by page.
#[test]
fn a_plan_of_a_hundred_clients_makes_one_call_for_each_and_one_for_each_page_of_the_list() {
    let (pool, declared, others) = ("eu-west-1_p000", 100, 30);
    let id = |number: usize| format!("{number:03}client{}", "x".repeat(17));
    let client = |number: usize| {
        json!({
            "UserPoolId": pool, "ClientId": id(number), "ClientName": format!("client-{number:03}"),
            "ClientType": "REGULAR", "RefreshTokenValidity": 30,
        })
    };
    let workspace = Workspace::new();
    let seed = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    let mut seed: Value = serde_json::from_str(&seed.replace("eu-west-1_a1B2c3D4E", pool)).unwrap();
    seed["UserPoolClients"] = (0..declared + others).map(client).collect();
    workspace.write(&format!("seed/{pool}.json"), seed.to_string());
    // One without its id is found by its name.
    let entry = |number: usize| match number {
        0 => "  client-000: { AuthSessionValidity: 5 }\n".to_owned(),
        _ => format!("  client-{number:03}: {{ id: {}, AuthSessionValidity: 5 }}\n", id(number)),
    };
    let entries: String = (0..declared).map(entry).collect();
    workspace.write("pools/p.yaml", format!("version: 1\npool: {pool}\nclients:\n{entries}"));
    let sandbox = Server::sandbox(&workspace, &["--seed", "seed"]);
    let fleet = Fleet { workspace, sandbox };
    let output = fleet.run(&["plan", "--rate", "1000000"]).expect(0);
    assert!(output.stdout.contains("AuthSessionValidity"), "{output}");
    let expected =
        json!({"DescribeUserPool": 1, "ListUserPoolClients": 3, "DescribeUserPoolClient": declared});
    assert_eq!(fleet.sandbox.control("GET", "calls"), expected);
}

#[test]
fn where_the_service_turns_calls_away_every_pool_is_read_all_the_same() {
    let fleet = Fleet::new(30, &["--fault", "DescribeUserPool@5:throttle*3"]);
    let output = fleet.run(&["plan", "-v", "--rate", "1000"]).expect(0);
    assert!(output.stdout.contains("Plan: 30 pools to update."), "{output}");
    assert_eq!((ended(&output, "done"), ended(&output, "throttled")), (30, 3), "{output}");
    let slowed = "DescribeUserPool : throttled; UserPoolRead limited to 500 calls per second from now on";
    assert!(lines(&output, "limited to").iter().any(|line| line == slowed), "{output}");
    let again = "DescribeUserPool : waiting [TIME] (throttled)";
    assert!(lines(&output, "waiting").iter().any(|line| line == again), "{output}");
}

#[test]
fn a_write_that_was_turned_away_slows_the_writes_down_and_is_judged_anew() {
    let fleet = Fleet::new(1, &["--fault", "UpdateUserPool:throttle*1"]);
    let output = fleet.run(&["apply", "--yes", "-v", "--rate", "50%"]).expect(0);
    assert_eq!(
        lines(&output, "UserPool "),
        [
            "DescribeUserPool : done 200 in [TIME]",
            "DescribeUserPool : done 200 in [TIME]",
            "UpdateUserPool : throttled 400 in [TIME]",
            "UpdateUserPool : throttled; UserPoolUpdate limited to 3.75 calls per second from now on",
            "UpdateUserPool : waiting [TIME] (throttled)",
            "DescribeUserPool : done 200 in [TIME]",
            "UpdateUserPool : attempt 2 done 200 in [TIME]",
            "DescribeUserPool : done 200 in [TIME]",
        ],
        "{output}"
    );
}

#[test]
fn a_wait_says_how_long_it_is_and_why_to_whoever_wants_to_know() {
    let waits = |flags: &[&str]| {
        let fleet = Fleet::new(2, &[]);
        let output = fleet.run(&[&["plan"], flags].concat()).expect(0);
        lines(&output, "waiting")
    };
    let line = |rate: &str| {
        format!("DescribeUserPool : waiting [TIME] (rate: {rate} calls per second in UserPoolRead)")
    };
    let cases = [
        (&["--rate", "1", "-v"][..], vec![line("1")]),
        (&["--rate", "1"], vec![]),
        (&["--rate", "5%", "-v"], vec![line("0.75")]),
    ];
    at_once(cases, |(flags, told)| assert_eq!(waits(flags), told, "{flags:?}"));
}

#[test]
fn a_program_is_told_of_a_wait_and_of_a_slowdown_by_number() {
    let fleet = Fleet::new(1, &["--fault", "DescribeUserPool:throttle*1"]);
    let output = fleet.run(&["plan", "-vv", "--rate", "4", "--log-format", "json"]).expect(0);
    let lines = output.stderr.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let told: Vec<Value> = lines
        .filter(|line| line["category"].is_string())
        .map(|line| {
            let texts = ["operation", "level", "reason", "category"].map(|name| &line[name]);
            json!([texts, line["rate"].is_number(), line["wait_ms"].is_u64()])
        })
        .collect();
    assert_eq!(
        json!(told),
        json!([
            [["DescribeUserPool", "warning", null, "UserPoolRead"], true, false],
            [["DescribeUserPool", "debug", "rate", "UserPoolRead"], true, true],
        ]),
        "{output}"
    );
}

#[test]
fn a_percentage_without_its_sign_is_asked_after() {
    let fleet = Fleet::new(1, &[]);
    for (rate, is_odd) in [("50", true), ("50%", false), ("15", false), ("1000", false)] {
        let told = fleet.run(&["plan", "--rate", rate]).expect(0).stderr;
        assert_eq!(
            told.contains("For a percentage of the quota, use `--rate 50%`"),
            is_odd,
            "{rate}: {told}"
        );
    }
}
