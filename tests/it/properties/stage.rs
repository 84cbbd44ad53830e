//! The real road: an embedded sandbox over HTTP, the SDK's session, a manifest's text, a plan, an apply.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use poolctl::apply::{self, ApplyOutcome, Backup, Interrupt, Task};
use poolctl::catalogue::{Catalogue, RESOURCES, Unknown};
use poolctl::cognito::{Rate, Retry, Session, Settings};
use poolctl::document::{Json, Object, Snapshot};
use poolctl::files::Root;
use poolctl::plan::{Options, Plan, Scope, by_elements, inverse, lookups};
use poolctl::rules::{Desired, cross};
use poolctl::sandbox::{self, Omission, Running};
use poolctl::shapes::Shapes;
use poolctl::{manifest, rules};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};

use crate::harness::SECRETS;
use crate::properties::judge::Saved;

/// A sandbox, a session on it, and pools in it under ids that are used once.
pub(crate) struct Stage {
    pub(crate) catalogue: Catalogue,
    runtime: Runtime,
    sandbox: Running,
    session: Arc<Session>,
    folder: TempDir,
    pools: Cell<u32>,
    ends: RefCell<BTreeMap<&'static str, u32>>,
}

impl Stage {
    pub(crate) fn new(omission: Omission) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let options =
            sandbox::SandboxOptions { omission, ..sandbox::SandboxOptions::new(folder.path().join("pools")) };
        let (sandbox, session) = runtime.block_on(async {
            let sandbox = sandbox::start(options).await.unwrap();
            let wait = Duration::from_millis(1);
            let settings = Settings {
                sandbox: Some(sandbox.url()),
                rate: Rate::Calls(1e6),
                retry: Retry { first: wait, longest: wait, ..Retry::default() },
                ..Settings::new("eu-west-1")
            };
            let session = Session::open(&settings, Arc::new(|_| {})).await.unwrap();
            (sandbox, Arc::new(session))
        });
        let catalogue = Catalogue::new(Shapes::bundled());
        let (pools, ends) = (Cell::new(0), RefCell::default());
        Self { catalogue, runtime, sandbox, session, folder, pools, ends }
    }

    /// Runs `property` on cases until it fails or has held often enough, and shows the smallest case
    /// that it fails on. `PROPTEST_CASES` replaces the number of cases.
    pub(crate) fn check<S: Strategy>(
        &self,
        cases: u32,
        strategy: &S,
        property: impl AsyncFn(&Self, &S::Value) -> Result<&'static str, String>,
    ) where
        S::Value: Clone,
    {
        check(cases, strategy, |case| {
            let end = self.runtime.block_on(property(self, case))?;
            *self.ends.borrow_mut().entry(end).or_default() += 1;
            Ok(())
        });
        println!("{:?}", self.ends.borrow());
    }

    /// Runs a story to its end.
    pub(crate) fn run<T>(&self, story: impl Future<Output = T>) -> T {
        self.runtime.block_on(story)
    }

    /// How many cases ended like this.
    pub(crate) fn ended(&self, end: &str) -> u32 {
        self.ends.borrow().get(end).copied().unwrap_or_default()
    }

    /// Saves a pool under a new id.
    pub(crate) fn pool(&self, live: &Snapshot) -> Pool<'_> {
        self.pool_with(live, &Object::new())
    }

    /// Saves a pool under a new id, with these members beside it in its file.
    pub(crate) fn pool_with(&self, live: &Snapshot, beside: &Object) -> Pool<'_> {
        let number = self.pools.replace(self.pools.get() + 1);
        let pool = Pool { stage: self, id: format!("eu-west-1_Pool{number}") };
        let mut document = json!({"UserPool": live.pool(), "MfaConfig": live.mfa()});
        document.as_object_mut().unwrap().extend(beside.clone());
        document["UserPool"]["Id"] = json!(pool.id);
        std::fs::write(pool.file(), document.to_string()).unwrap();
        pool
    }

    /// Removes all pools. Names that are unique among pools are free then.
    pub(crate) fn clear(&self) {
        for entry in std::fs::read_dir(self.folder.path().join("pools")).unwrap() {
            std::fs::remove_file(entry.unwrap().path()).unwrap();
        }
    }

    /// Lets something go wrong from now on.
    pub(crate) async fn arm(&self, fault: &str) {
        let mut stream = TcpStream::connect(self.sandbox.addr()).await.unwrap();
        let length = fault.len();
        let request = format!(
            "POST /_sandbox/faults HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{fault}"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{fault}: {answer}");
    }

    /// What was sent so far to write pools.
    fn writes(&self) -> u64 {
        let is_write = |name: &String| !["Describe", "Get", "List"].iter().any(|read| name.starts_with(read));
        let calls = self.sandbox.calls();
        calls.iter().filter(|(name, _)| is_write(name)).map(|(_, count)| count).sum()
    }
}

/// What the cases are drawn by. A run that nobody asked otherwise repeats the last one, so that what the
/// cases are to meet is met at every run, and a failure is the change's own.
const SEED: u64 = 20_261_123;

/// Runs `property` on cases, and shows the smallest one that it fails on. `PROPTEST_RNG_SEED` draws others.
pub(crate) fn check<S: Strategy>(cases: u32, strategy: &S, property: impl Fn(&S::Value) -> Result<(), String>)
where
    S::Value: Clone,
{
    let asked = |name| std::env::var(name).ok();
    let config = Config {
        cases: asked("PROPTEST_CASES").and_then(|cases| cases.parse().ok()).unwrap_or(cases),
        rng_seed: RngSeed::Fixed(
            asked("PROPTEST_RNG_SEED").and_then(|seed| seed.parse().ok()).unwrap_or(SEED),
        ),
        failure_persistence: None,
        max_shrink_iters: 600,
        ..Config::default()
    };
    let run = TestRunner::new(config).run(strategy, |case| property(&case).map_err(TestCaseError::fail));
    match run {
        Ok(()) => {}
        Err(TestError::Fail(reason, case)) => panic!("{reason}\n{case:?}"),
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
}

/// One pool of a stage.
pub(crate) struct Pool<'a> {
    stage: &'a Stage,
    pub(crate) id: String,
}

/// What an apply did.
#[derive(Debug)]
pub(crate) struct Applied {
    pub(crate) outcome: ApplyOutcome,
    /// How many requests to write came to the service.
    pub(crate) writes: u64,
    /// The backups that were made.
    pub(crate) backups: Vec<PathBuf>,
}

impl Pool<'_> {
    fn file(&self) -> PathBuf {
        self.stage.folder.path().join("pools").join(format!("{}.json", self.id))
    }

    fn backup_dir(&self) -> PathBuf {
        self.stage.folder.path().join("backups").join(&self.id)
    }

    /// Both documents as the service keeps them.
    pub(crate) fn saved(&self) -> Saved {
        let text = std::fs::read_to_string(self.file()).unwrap();
        let document: Object = serde_json::from_str(&text).unwrap();
        let member = |name: &str| document.get(name).and_then(Json::as_object).cloned().unwrap_or_default();
        Saved { pool: member("UserPool"), mfa: member("MfaConfig"), text }
    }

    /// Reads, checks and resolves a manifest.
    pub(crate) fn desired(&self, manifest: &str) -> Result<Desired, String> {
        let refused = |errors: Vec<manifest::Diagnostic>| {
            let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
            format!("the manifest is refused: {}", messages.join("; "))
        };
        let loaded = manifest::load("pool.yaml", manifest.as_bytes()).map_err(refused)?;
        rules::check(&self.stage.catalogue, loaded).map(|(desired, _)| desired).map_err(refused)
    }

    /// The pool as the service shows it.
    pub(crate) async fn live(&self) -> Snapshot {
        self.stage.session.reader().read(&self.id, RESOURCES.into_iter().take(2)).await.unwrap()
    }

    /// The plan for what is declared, from the documents that it needs.
    pub(crate) async fn plan_whole(&self, desired: &Desired) -> Plan {
        let readings = poolctl::plan::needed_to_write(desired);
        let reader = self.stage.session.reader();
        let live = reader.read(&self.id, readings).await.unwrap();
        let more = lookups(&self.stage.catalogue, &live, desired, accepting().today);
        let live = reader.read_more(live, &self.id, more).await.unwrap();
        Plan::new(&self.stage.catalogue, live, desired, &accepting())
    }

    pub(crate) async fn plan(&self, desired: &Desired) -> Plan {
        Plan::new(&self.stage.catalogue, self.live().await, desired, &accepting())
    }

    pub(crate) async fn apply(&self, desired: &Desired, plan: &Plan) -> Applied {
        let task = Task {
            desired: desired.clone(),
            plan: plan.clone().into(),
            session: Arc::clone(&self.stage.session),
            account: None,
            earlier: Vec::new(),
        };
        let options = apply::ApplyOptions {
            backup_dir: self.backup_dir(),
            root: Root::default(),
            settle: Duration::ZERO,
            strict: false,
            plan: accepting(),
            look_again: false,
            saved: None,
            parallelism: 1,
            max_failures: 1,
        };
        let (writes, backups) = (self.stage.writes(), self.backups());
        let interrupt = Interrupt::default();
        let mut outcomes = apply::run(&self.stage.catalogue, &[&task], &options, &interrupt, &|_| {}).await;
        let new = self.backups().into_iter().filter(|path| !backups.contains(path)).collect();
        Applied { outcome: outcomes.remove(0), writes: self.stage.writes() - writes, backups: new }
    }

    /// Restores what the run of this backup changed; the plan of that, and what became of it.
    pub(crate) async fn restore(&self, backup: &Path) -> Result<(Plan, Applied), String> {
        let backup = Backup::read(&Root::default(), backup).map_err(|error| error.to_string())?;
        let paths = backup.paths().map_err(|error| error.to_string())?;
        let frame = Desired::nothing("backup".to_owned(), self.id.clone(), backup.region.clone());
        let (catalogue, now) = (&self.stage.catalogue, self.live().await);
        let desired = inverse(catalogue, frame, &now, &backup.snapshot(), Scope::Run(&paths));
        let plan = self.plan(&desired).await;
        let applied = self.apply(&desired, &plan).await;
        Ok((plan, applied))
    }

    /// The same of every document of a backup.
    pub(crate) async fn restore_whole(&self, backup: &Path) -> Result<(Plan, Applied), String> {
        let told = |error: &dyn std::fmt::Display| error.to_string();
        let backup = Backup::read(&Root::default(), backup).map_err(|error| told(&error))?;
        let paths = backup.paths().map_err(|error| told(&error))?;
        let frame = Desired::nothing("backup".to_owned(), self.id.clone(), backup.region.clone());
        let (catalogue, reader) = (&self.stage.catalogue, self.stage.session.reader());
        let now = reader.read(&self.id, backup.readings()).await.map_err(|error| told(&error))?;
        let before = Catalogue::filled(&backup.snapshot(), &now);
        let mut desired = inverse(catalogue, frame, &now, &before, Scope::Run(&paths));
        by_elements(catalogue, &mut desired, &now, &backup.elements());
        let more = lookups(catalogue, &now, &desired, accepting().today);
        let now = reader.read_more(now, &self.id, more).await.map_err(|error| told(&error))?;
        let plan = Plan::new(catalogue, now, &desired, &accepting());
        let applied = self.apply(&desired, &plan).await;
        Ok((plan, applied))
    }

    fn backups(&self) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(self.backup_dir()) else { return Vec::new() };
        let paths = entries.map(|entry| entry.unwrap().path());
        paths.filter(|path| !path.to_string_lossy().ends_with(SECRETS)).collect()
    }
}

/// What plans go by: every risk is accepted, since the promises hold for risky changes too.
pub(crate) fn accepting() -> Options {
    static ACCEPTING: LazyLock<Options> = LazyLock::new(|| allowing(risks()));
    ACCEPTING.clone()
}

/// The same, with every rule across settings accepted too: the plan has its requests all the same.
pub(crate) fn yielding() -> &'static Options {
    static YIELDING: LazyLock<Options> = LazyLock::new(|| {
        let rules = cross::all().map(|rule| rule.code);
        allowing(risks().chain(BTreeSet::from_iter(rules).into_iter().map(|code| format!("rule:{code}"))))
    });
    &YIELDING
}

fn risks() -> impl Iterator<Item = String> {
    Catalogue::risks().iter().map(|risk| risk.code.to_owned())
}

fn allowing(codes: impl Iterator<Item = String>) -> Options {
    Options {
        unknown: Unknown::Echo,
        today: time::macros::date!(2026 - 11 - 23),
        allows: codes.collect::<Vec<_>>().join(",").parse().unwrap(),
        is_strict: false,
    }
}
