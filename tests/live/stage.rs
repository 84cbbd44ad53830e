//! A sandbox to measure, with pools in it that are none of the measurement's business.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use poolctl::sandbox::{self, Omission, Running};
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::findings::Report;
use crate::pools::{PREFIX, Pools};
use crate::request::TAG;
use crate::settings::Settings;
use crate::suite;
use crate::wire::Wire;

/// What nobody may read in any output.
pub(crate) const EXTERNAL_ID: &str = "between-us-alone";

pub(crate) struct Stage {
    pub(crate) runtime: Arc<Runtime>,
    sandbox: Running,
    folder: TempDir,
    /// What was said on the way.
    pub(crate) said: RefCell<Vec<String>>,
}

impl Stage {
    pub(crate) fn new(omission: Omission, faults: &[&str]) -> Self {
        let runtime = Arc::new(Builder::new_current_thread().enable_all().build().unwrap());
        let folder = tempfile::tempdir().unwrap();
        // The second one looks exactly like one of ours.
        for (id, name, tags) in [
            ("eu-west-1_Customers", "customers".to_owned(), json!({"team": "identity"})),
            ("eu-west-1_LookAlike", format!("{PREFIX}omission-20260101-000000-0"), json!({TAG.0: TAG.1})),
        ] {
            let pool = json!({"Id": id, "Name": name, "UserPoolTags": tags, "DeletionProtection": "ACTIVE"});
            fs::write(folder.path().join(format!("{id}.json")), json!({"UserPool": pool}).to_string())
                .unwrap();
        }
        let options = sandbox::SandboxOptions {
            omission,
            faults: faults.iter().map(|fault| fault.parse().unwrap()).collect(),
            ..sandbox::SandboxOptions::new(folder.path())
        };
        let sandbox = runtime.block_on(sandbox::start(options)).unwrap();
        Self { runtime, sandbox, folder, said: RefCell::default() }
    }

    pub(crate) fn url(&self) -> String {
        self.sandbox.url()
    }

    /// Settings under which everything can be measured.
    pub(crate) fn settings(&self) -> Settings {
        Settings::of(|name| {
            let value = match name.strip_prefix("POOLCTL_TEST_LIVE_")? {
                "ENDPOINT" => return Some(self.url()),
                "SMS_ROLE" => "arn:aws:iam::111122223333:role/sms",
                "SMS_EXTERNAL_ID" => EXTERNAL_ID,
                "SES_IDENTITY" => "arn:aws:ses:eu-west-1:111122223333:identity/example.com",
                "KMS_KEY" => "arn:aws:kms:eu-west-1:111122223333:key/mrk-1",
                _ => return None,
            };
            Some(value.to_owned())
        })
    }

    pub(crate) fn wire(&self) -> Wire {
        Wire::open(&self.settings(), Arc::clone(&self.runtime)).unwrap()
    }

    /// Measures everything.
    pub(crate) fn measure(&self) -> Report {
        suite::measure(&self.wire(), &self.settings(), &|line| self.said.borrow_mut().push(line.to_owned()))
    }

    /// Does something with pools that go at its end.
    pub(crate) fn with_pools<T>(&self, act: impl FnOnce(&Pools<'_>) -> T) -> T {
        let wire = self.wire();
        let say = |line: &str| self.said.borrow_mut().push(line.to_owned());
        act(&Pools::new(&wire, &say))
    }

    /// Every file of the service's, and what it holds.
    pub(crate) fn files(&self) -> BTreeMap<String, String> {
        let entries = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let name = |path: &std::path::Path| path.file_name().unwrap().to_string_lossy().into_owned();
        entries.map(|path| (name(&path), fs::read_to_string(&path).unwrap())).collect()
    }

    /// How often an operation was called.
    pub(crate) fn calls(&self, operation: &str) -> u64 {
        self.sandbox.calls().get(operation).copied().unwrap_or_default()
    }
}
