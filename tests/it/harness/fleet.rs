//! A sandbox with many pools like the quickstart's, a manifest for each, and what the sandbox logged.

use std::fs;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Run, Server, Workspace};

/// The members of a document.
type Object = Map<String, Value>;

/// What the manifests of some pools say, and what that makes of their documents, by its places.
pub(crate) struct Kind {
    settings: &'static str,
    pub(crate) wanted: &'static [(&'static str, &'static str)],
}

pub(crate) const UNCHANGED: Kind =
    Kind { settings: "DeletionProtection: INACTIVE", wanted: &[("DeletionProtection", r#""INACTIVE""#)] };

pub(crate) const UPDATE: Kind = Kind {
    settings: "Policies: { PasswordPolicy: { MinimumLength: 12 } }\n  DeletionProtection: ACTIVE",
    wanted: &[("Policies.PasswordPolicy.MinimumLength", "12"), ("DeletionProtection", r#""ACTIVE""#)],
};

pub(crate) const ALIAS: Kind = Kind {
    settings: "UserPoolTags: { stage: live }\n  VerificationMessageTemplate: { EmailSubject: New code }",
    wanted: &[
        ("UserPoolTags.stage", r#""live""#),
        ("VerificationMessageTemplate.EmailSubject", r#""New code""#),
        ("EmailVerificationSubject", r#""New code""#),
    ],
};

/// UpdateUserPool, then SetUserPoolMfaConfig.
pub(crate) const MFA: Kind = Kind {
    settings: "MfaConfiguration: ON\n  DeletionProtection: ACTIVE",
    wanted: &[
        ("MfaConfiguration", r#""ON""#),
        ("MfaConfig.MfaConfiguration", r#""ON""#),
        ("DeletionProtection", r#""ACTIVE""#),
    ],
};

/// UpdateUserPool, then AddCustomAttributes, which nothing takes back.
pub(crate) const ATTRIBUTE: Kind = Kind {
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
        let manifest = |kind: &Kind| format!("settings:\n  {}\n", kind.settings);
        Self::of(kinds.iter().copied().cycle().take(count), faults, |_, kind, _, _| manifest(kind))
    }

    /// So many pools whose documents `edit` changes beforehand: it gets a pool's number, id and documents, and returns the
    /// rest of its manifest.
    pub(crate) fn with(
        count: usize,
        faults: &[&str],
        mut edit: impl FnMut(usize, &str, &mut Object) -> String,
    ) -> Self {
        Self::of(std::iter::repeat_n(&UNCHANGED, count), faults, |number, _, pool, document| {
            edit(number, pool, document)
        })
    }

    fn of(
        kinds: impl Iterator<Item = &'static Kind>,
        faults: &[&str],
        mut edit: impl FnMut(usize, &Kind, &str, &mut Object) -> String,
    ) -> Self {
        let workspace = Workspace::new();
        let pool = |(number, kind)| Pool { id: format!("eu-west-1_pool{number:04}"), kind };
        let pools: Vec<Pool> = kinds.enumerate().map(pool).collect();
        for (number, Pool { id, kind }) in pools.iter().enumerate() {
            let mut document = born(id);
            let manifest = edit(number, kind, id, document.as_object_mut().unwrap());
            workspace.write(&format!("seed/{id}.json"), document.to_string());
            workspace.write(&format!("pools/{id}.yaml"), format!("version: 1\npool: {id}\n{manifest}"));
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
    pub(crate) fn touched(&self) -> Vec<&str> {
        let ids = self.pools.iter().map(|pool| pool.id.as_str());
        ids.filter(|id| self.live(id) != undated(born(id))).collect()
    }

    pub(crate) fn backups(&self) -> Vec<PathBuf> {
        let folder = self.workspace.path().join(".poolctl/backups");
        self.workspace.backups().into_iter().map(|name| folder.join(name)).collect()
    }
}

/// Both documents of a pool as they are at first.
pub(crate) fn born(id: &str) -> Value {
    let quickstart = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
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
