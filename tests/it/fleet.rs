//! A fleet of pools: what a bad change may reach, and what brings back a run that was killed.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use insta::assert_snapshot;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::edges::told;
use crate::harness::{Run, Server, Workspace};

/// What the manifests of some pools say, and what that makes of their documents, by its places.
pub(crate) struct Kind {
    settings: &'static str,
    pub(crate) wanted: &'static [(&'static str, &'static str)],
}

const UNCHANGED: Kind =
    Kind { settings: "DeletionProtection: INACTIVE", wanted: &[("DeletionProtection", r#""INACTIVE""#)] };

const UPDATE: Kind = Kind {
    settings: "Policies: { PasswordPolicy: { MinimumLength: 12 } }\n  DeletionProtection: ACTIVE",
    wanted: &[("Policies.PasswordPolicy.MinimumLength", "12"), ("DeletionProtection", r#""ACTIVE""#)],
};

const ALIAS: Kind = Kind {
    settings: "UserPoolTags: { stage: live }\n  VerificationMessageTemplate: { EmailSubject: New code }",
    wanted: &[
        ("UserPoolTags.stage", r#""live""#),
        ("VerificationMessageTemplate.EmailSubject", r#""New code""#),
        ("EmailVerificationSubject", r#""New code""#),
    ],
};

/// UpdateUserPool, then SetUserPoolMfaConfig.
const MFA: Kind = Kind {
    settings: "MfaConfiguration: ON\n  DeletionProtection: ACTIVE",
    wanted: &[
        ("MfaConfiguration", r#""ON""#),
        ("MfaConfig.MfaConfiguration", r#""ON""#),
        ("DeletionProtection", r#""ACTIVE""#),
    ],
};

/// UpdateUserPool, then AddCustomAttributes, which nothing takes back.
const ATTRIBUTE: Kind = Kind {
    settings: "Schema: [{ Name: floor, AttributeDataType: Number }]\n  DeletionProtection: ACTIVE",
    wanted: &[
        ("DeletionProtection", r#""ACTIVE""#),
        (
            "SchemaAttributes.3",
            r#"{"Name": "custom:floor", "AttributeDataType": "Number", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false, "NumberAttributeConstraints": {}}"#,
        ),
    ],
};

/// All there are.
pub(crate) const KINDS: &[&Kind] = &[&UPDATE, &MFA, &ALIAS, &ATTRIBUTE, &UNCHANGED];

/// One pool of a fleet.
pub(crate) struct Pool {
    pub(crate) id: String,
    pub(crate) kind: &'static Kind,
}

/// Pools like the quickstart's, each with a manifest in `pools/`, in a sandbox.
pub(crate) struct Fleet {
    pub(crate) workspace: Workspace,
    pub(crate) sandbox: Server,
    pub(crate) pools: Vec<Pool>,
}

impl Fleet {
    /// So many pools, of these kinds in turn.
    pub(crate) fn new(count: usize, kinds: &[&'static Kind], faults: &[&str]) -> Self {
        let workspace = Workspace::new();
        let pools: Vec<Pool> = kinds
            .iter()
            .cycle()
            .take(count)
            .enumerate()
            .map(|(number, kind)| Pool { id: format!("eu-west-1_pool{number:04}"), kind })
            .collect();
        for Pool { id, kind } in &pools {
            workspace.write(&format!("seed/{id}.json"), born(id).to_string());
            let manifest = format!("version: 1\npool: {id}\nsettings:\n  {}\n", kind.settings);
            workspace.write(&format!("pools/{id}.yaml"), manifest);
        }
        let mut arguments = vec!["--seed", "seed"];
        arguments.extend(faults.iter().flat_map(|fault| ["--fault", fault]));
        let sandbox = Server::sandbox(&workspace, &arguments);
        Self { workspace, sandbox, pools }
    }

    pub(crate) fn run<'a>(&'a self, arguments: &[&'a str]) -> Run<'a> {
        self.workspace.poolctl(arguments.iter().copied()).signed().env("AWS_ENDPOINT_URL", self.sandbox.url())
    }

    /// An apply of all manifests, as fast as it can be.
    pub(crate) fn apply<'a>(&'a self, arguments: &[&'a str]) -> Run<'a> {
        let apply = ["apply", "--yes", "--settle", "0", "--rate", "1000000", "--parallelism", "32", "pools"];
        self.run(&[&apply, arguments].concat())
    }

    /// What the sandbox was asked since its log was cleared, in the order in which it acted.
    pub(crate) fn calls(&self) -> Vec<Call> {
        let log = self.sandbox.control("GET", "log");
        assert_eq!(log["forgotten"], 0, "the log is whole");
        let mut calls: Vec<Call> = serde_json::from_value(log["calls"].clone()).unwrap();
        calls.sort_by_key(|call| call.acted.unwrap_or(call.came));
        calls
    }

    /// Both documents of a pool as the sandbox keeps them.
    pub(crate) fn live(&self, id: &str) -> Value {
        let path = self.workspace.path().join(format!(".poolctl/sandbox/{id}.json"));
        undated(serde_json::from_slice(&fs::read(path).unwrap()).unwrap())
    }

    /// The pools that are not what they were at first.
    fn touched(&self) -> Vec<&str> {
        let ids = self.pools.iter().map(|pool| pool.id.as_str());
        ids.filter(|id| self.live(id) != undated(born(id))).collect()
    }

    fn backups(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.workspace.path().join(".poolctl/backups")).unwrap();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    }
}

/// Both documents of a pool as they are at first.
pub(crate) fn born(id: &str) -> Value {
    let quickstart = include_str!("../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    let mut document: Value = serde_json::from_str(&quickstart.replace("eu-west-1_a1B2c3D4E", id)).unwrap();
    document["UserPool"]["Name"] = id.split_once('_').unwrap().1.into();
    document
}

/// Without the date that every write moves.
pub(crate) fn undated(mut document: Value) -> Value {
    document["UserPool"].as_object_mut().unwrap().shift_remove("LastModifiedDate");
    document
}

/// One call as the sandbox logged it.
#[derive(Debug, Deserialize)]
pub(crate) struct Call {
    pub(crate) operation: String,
    pub(crate) pool: Option<String>,
    pub(crate) came: u64,
    pub(crate) acted: Option<u64>,
    pub(crate) over: u64,
    pub(crate) status: Option<u16>,
    pub(crate) error: Option<String>,
    pub(crate) answered: bool,
    pub(crate) changed: Vec<String>,
    pub(crate) moved: Vec<String>,
}

impl Call {
    /// Whether it took effect and its caller was told.
    pub(crate) fn is_heard(&self) -> bool {
        self.answered && self.status == Some(200)
    }

    pub(crate) fn writes(&self) -> bool {
        !matches!(
            self.operation.as_str(),
            "DescribeUserPool" | "GetUserPoolMfaConfig" | "ListUserPools" | "GetCallerIdentity"
        )
    }
}

#[test]
fn a_change_that_is_taken_wrongly_reaches_the_first_pool_and_no_other() {
    let spoilt = "UpdateUserPool:drift-after=LambdaConfig.PostConfirmation:null";
    let fleet = Fleet::new(20, &[&UPDATE], &[spoilt]);
    let told = told(&fleet.apply(&["-q"]).output().expect(5));
    assert_snapshot!(told.split_once("\n\nPlan: ").unwrap().1);
    assert_eq!(fleet.touched(), ["eu-west-1_pool0000"]);
    assert_eq!(fleet.sandbox.calls("UpdateUserPool"), 1);
    assert_eq!(fleet.backups().len(), 1);
}

#[test]
fn programs_are_told_of_the_one_pool_that_was_written_and_of_each_that_was_not() {
    let spoilt = "UpdateUserPool:drift-after=LambdaConfig.PostConfirmation:null";
    let fleet = Fleet::new(20, &[&UPDATE], &[spoilt]);
    let run = fleet.apply(&["--format", "json", "--max-failures", "100"]).output().expect(5).json();
    let [first, rest @ ..] = run["pools"].as_array().unwrap().as_slice() else { panic!("{run}") };
    assert_eq!((&first["outcome"], &first["exit_code"]), (&json!("deviates"), &json!(5)));
    let deviation = &first["deviations"][0];
    let named = (&deviation["path_text"], &deviation["declared"]);
    assert_eq!(named, (&json!("LambdaConfig.PostConfirmation"), &json!(false)));
    assert!(rest.iter().all(|pool| pool["outcome"] == "not_reached"), "{run}");
    assert_eq!(run["summary"]["not_reached"], 19);
}

#[test]
fn no_pool_is_written_before_the_first_one_is_proved() {
    let fleet = Fleet::new(8, &[&UPDATE], &[]);
    fleet.apply(&["-q"]).output().expect(0);
    let calls = fleet.calls();
    let writes: Vec<&Call> = calls.iter().filter(|call| call.writes()).collect();
    let proves = |call: &&Call| call.pool == writes[0].pool && call.came > writes[0].over && call.is_heard();
    let proofs: Vec<&Call> = calls.iter().filter(proves).collect();
    assert_eq!((writes.len(), proofs.len()), (8, 2));
    assert!(proofs.iter().all(|proof| proof.over < writes[1].came), "{calls:?}");
}

#[test]
fn a_run_that_is_killed_between_write_and_verify_leaves_backups_that_bring_every_pool_back() {
    // One pool first, then two: the four after these are written and wait for the read that would prove
    // them, or come before their second call.
    let held: Vec<String> =
        (3..7).map(|number| format!("DescribeUserPool/eu-west-1_pool{number:04}@3:latency=600s")).collect();
    let held: Vec<&str> = held.iter().map(String::as_str).collect();
    let fleet = Fleet::new(12, &[&MFA, &UPDATE, &ALIAS], &held);
    let mut command = fleet.apply(&[]).command();
    let mut run = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // Of 12 to plan, 7 to judge again, and 8 to see what became of a call: one of the first three takes two.
    let deadline = Instant::now() + Duration::from_secs(30);
    while fleet.sandbox.calls("DescribeUserPool") < 12 + 7 + 8 {
        assert!(Instant::now() < deadline, "the four were never read again");
        std::thread::yield_now();
    }
    run.kill().unwrap();
    assert_eq!(run.wait().unwrap().code(), None, "a signal ended it");
    let touched: BTreeSet<&str> = fleet.touched().into_iter().collect();
    assert_eq!(touched, fleet.pools[..7].iter().map(|pool| pool.id.as_str()).collect());

    fleet.sandbox.control("DELETE", "faults");
    let backups = fleet.backups();
    assert_eq!(backups.len(), 7);
    for backup in &backups {
        let backup = backup.to_str().unwrap();
        let allow = ["--allow", "deletion-protection-off,mfa-downgrade,password-policy-weaker"];
        fleet.run(&[&["restore", "--yes", "--settle", "0", backup], &allow[..]].concat()).output().expect(0);
    }
    assert_eq!(fleet.touched(), Vec::<&str>::new());
}
