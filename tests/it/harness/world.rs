//! The quickstart's pool in a sandbox, a manifest for it, and runs that are answered or get a signal.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use regex::Regex;
use serde_json::Value;

use super::{Output, Run, Server, Workspace};

/// The quickstart's pool.
pub(crate) const POOL: &str = "eu-west-1_a1B2c3D4E";
/// Changes two settings of that pool.
pub(crate) const MANIFEST: &str = "version: 1
pool: eu-west-1_a1B2c3D4E
settings:
  DeletionProtection: ACTIVE
  Policies: { PasswordPolicy: { MinimumLength: 12 } }
";

/// A sandbox with the quickstart's pool, and a manifest that changes two of its settings.
pub(crate) struct World {
    pub(crate) workspace: Workspace,
    sandbox: Server,
}

impl World {
    pub(crate) fn new(faults: &[&str]) -> Self {
        Self::with(faults, |_| {})
    }

    /// The same, with the live documents changed beforehand.
    pub(crate) fn with(faults: &[&str], edit: impl FnOnce(&mut Value)) -> Self {
        let workspace = Workspace::new();
        let seed = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
        let mut document: Value = serde_json::from_str(seed).unwrap();
        edit(&mut document);
        workspace.write(&format!("seed/{POOL}.json"), document.to_string());
        workspace.write("pool.yaml", MANIFEST);
        Self::over(workspace, faults)
    }

    /// A sandbox with the pools that the workspace has in `seed`.
    pub(crate) fn over(workspace: Workspace, faults: &[&str]) -> Self {
        let mut arguments = vec!["--seed", "seed"];
        arguments.extend(faults.iter().flat_map(|fault| ["--fault", fault]));
        let sandbox = Server::sandbox(&workspace, &arguments);
        Self { workspace, sandbox }
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> &str {
        self.sandbox.url()
    }

    pub(crate) fn run<'a>(&'a self, arguments: &[&'a str]) -> Run<'a> {
        let run = self.workspace.poolctl(arguments.iter().copied());
        run.signed().env("AWS_ENDPOINT_URL", self.sandbox.url())
    }

    pub(crate) fn apply(&self) -> Output {
        self.apply_with(&[])
    }

    pub(crate) fn apply_with<'a>(&'a self, arguments: &[&'a str]) -> Output {
        let apply = ["apply", "--yes", "--settle", "0", "pool.yaml"];
        self.run(&[&apply, arguments].concat()).output()
    }

    /// How often an operation was called.
    pub(crate) fn calls(&self, operation: &str) -> u64 {
        self.sandbox.calls(operation)
    }

    /// The operations that were called since this was last asked.
    pub(crate) fn called(&self) -> BTreeSet<String> {
        let calls = self.sandbox.control("GET", "calls");
        self.sandbox.control("DELETE", "calls");
        calls.as_object().unwrap().keys().cloned().collect()
    }

    /// From here on nothing goes wrong.
    pub(crate) fn disarm(&self) {
        self.sandbox.control("DELETE", "faults");
    }

    pub(crate) fn writes(&self) -> u64 {
        self.calls("UpdateUserPool")
    }

    /// The live documents, as the sandbox keeps them.
    pub(crate) fn live(&self) -> Value {
        let path = self.workspace.path().join(".poolctl/sandbox").join(format!("{POOL}.json"));
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    }

    /// The names of the backups.
    pub(crate) fn backups(&self) -> Vec<String> {
        self.workspace.backups()
    }
}

/// An output without what differs between two runs.
pub(crate) fn told(output: &Output) -> String {
    static BACKUP: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("[0-9]{8}T[0-9]{6}Z-(eu-west-1_[a-zA-Z0-9]+)(-[0-9]+)?").unwrap());
    static REQUEST: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\(request [0-9a-f-]+\)").unwrap());
    let text = output.to_string();
    let text = BACKUP.replace_all(&text, "[STAMP]-$1");
    REQUEST.replace_all(&text, "(request [ID])").into_owned()
}

/// A run on a terminal of its own that gets this answer.
pub(crate) fn answered(world: &World, arguments: &[&str], answer: &str) -> Output {
    let script = "
import os, pty, sys
code = pty.spawn(sys.argv[2:], lambda fd: os.read(fd, 1024), lambda fd: sys.argv[1].encode() + b'\\n')
sys.exit(os.waitstatus_to_exitcode(code))
";
    let poolctl = env!("CARGO_BIN_EXE_poolctl");
    let run = world.workspace.program("python3").args(["-S", "-c", script, answer, poolctl]).args(arguments);
    run.signed().env("AWS_ENDPOINT_URL", world.sandbox.url()).env("TERM", "xterm-256color").output()
}

/// Starts an apply, sends it a signal at the first call of `operation`, and returns what it printed.
pub(crate) fn interrupted(
    world: &World,
    signal: &str,
    operation: &str,
    arguments: &[&str],
) -> std::process::Output {
    let apply = [&["apply", "--yes", "pool.yaml"], arguments].concat();
    signalled_during(world, world.run(&apply), signal, operation)
}

/// Starts a run, sends it a signal at the first call of the operation, and waits for its end.
pub(crate) fn signalled_during(
    world: &World,
    run: Run<'_>,
    signal: &str,
    operation: &str,
) -> std::process::Output {
    signalled_at(world, run, signal, (operation, 1))
}

/// The same at the call of that number.
pub(crate) fn signalled_at(
    world: &World,
    run: Run<'_>,
    signal: &str,
    (operation, number): (&str, u64),
) -> std::process::Output {
    let mut command = run.command();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while world.calls(operation) < number {
        assert!(Instant::now() < deadline, "{operation} was not called so often");
        std::thread::yield_now();
    }
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
    child.wait_with_output().unwrap()
}
