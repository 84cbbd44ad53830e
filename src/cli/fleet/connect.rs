//! Sessions to the pools: one per identity and Region, opened on first use.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;

use crate::cli::Context;
use crate::cli::args::GlobalArgs;
use crate::cli::exit::Exit;
use crate::cli::fleet::pools::Unreachable;
use crate::cli::terminal::ui::Ui;
use crate::cli::terminal::watch::observer;
use crate::cli::world::accounts::{Access, Accounts, Caller};
use crate::cognito::{CallError, ErrorKind, Identity, Observer, Pace, Rate, Session, Settings};
use crate::document::Snapshot;
use crate::files::{self, Root};
use crate::rules::{Account, Desired};
use crate::sandbox;

/// Opens sessions, and keeps the embedded sandbox alive, if any.
///
/// Whoever asks for the same identity shares its credentials, and whoever calls the same account in the same
/// Region its pace.
pub(in crate::cli) struct Connections {
    template: Settings,
    accounts: Accounts,
    observer: Observer,
    open: Mutex<OpenConnections>,
    sandbox: Option<sandbox::Running>,
}

/// What is open already.
#[derive(Default)]
struct OpenConnections {
    identities: HashMap<Caller, Arc<Identity>>,
    /// By account, where `poolctl.yaml` knows it, and Region.
    paces: HashMap<(Option<String>, String), Arc<Pace>>,
    sessions: HashMap<(Caller, String), Arc<Session>>,
}

impl Connections {
    /// Does what needs connections, and ends the sandbox after it.
    pub(in crate::cli) async fn within<T>(
        context: &Context,
        work: impl AsyncFnOnce(&Self) -> Result<T, Exit>,
    ) -> Result<T, Exit> {
        let connections = Self::new(context).await?;
        let done = work(&connections).await;
        if let Some(sandbox) = connections.sandbox {
            sandbox.stop().await;
        }
        done
    }

    /// Starts the sandbox, if the options ask for one. Makes no call.
    async fn new(context: &Context) -> Result<Self, Exit> {
        let Context { ui, global, accounts, .. } = context;
        let missing = global.seed.as_ref().filter(|seed| !seed.is_dir());
        let sandbox = match (&global.sandbox, missing) {
            (Some(_), Some(seed)) => {
                let help = "name a folder of saved pools, such as examples/quickstart/live";
                let (text, help) = match files::lost_link(seed) {
                    Some(error) => (format!("`--seed`: {error}"), files::remedy(&error, help)),
                    None => (format!("`--seed {}` is not a folder", seed.display()), help.to_owned()),
                };
                return Err(ui.fail(Exit::Usage, &text, &help));
            }
            (Some(dir), None) => Some(start(ui, global, dir.clone()).await?),
            (None, _) if global.seed.is_some() => {
                let text = "`--seed` needs `--sandbox`: there is no sandbox to fill";
                return Err(ui.fail(Exit::Usage, text, "add `--sandbox`"));
            }
            (None, _) => None,
        };
        // A quota that was raised is seldom just that; a percentage without its sign is often.
        if let Rate::Calls(calls) = global.rate
            && (21.0..=100.0).contains(&calls)
        {
            ui.note(&format!(
                "warning: `--rate {calls}` means {calls} calls per second, and Cognito's default quotas are 15 and 20. For a percentage of the quota, use `--rate {calls}%`"
            ));
        }
        let template = Settings {
            profile: global.profile.clone(),
            endpoint_url: global.endpoint_url.clone(),
            ca_bundle: global.ca_bundle.clone(),
            connect_timeout: Duration::from_secs(global.connect_timeout),
            read_timeout: Duration::from_secs(global.read_timeout),
            rate: global.rate,
            sandbox: sandbox.as_ref().map(sandbox::Running::url),
            ..Settings::new("")
        };
        let observer = observer(Arc::clone(ui));
        Ok(Self { template, accounts: accounts.clone(), observer, open: Mutex::default(), sandbox })
    }

    /// The session that serves a pool, once its manifest's account is known to be the credentials'.
    ///
    /// The account is known where the manifest names one.
    pub(in crate::cli) async fn to(
        &self,
        desired: &Desired,
        access: Access,
    ) -> Result<Arc<Session>, Unreachable> {
        let own = desired.account.iter().find(|account| self.accounts.only_reads(&account.id));
        if let Some(account) = own.filter(|_| access == Access::Write) {
            return Err(Unreachable::OnlyReads(account.id.clone()));
        }
        let session = self.session(desired, access).await.map_err(Unreachable::Failed)?;
        if let Some(account) = &desired.account {
            let live = session.account().await.map_err(|error| Unreachable::Failed(self.elsewhere(error)))?;
            if live != account.id {
                let place = declared(account, desired);
                let text = format!(
                    "{place}: the manifest is for account {}, but the credentials are for account {live}",
                    account.id
                );
                return Err(Unreachable::Account(text));
            }
        }
        Ok(session)
    }

    /// Who the account is, another service says than the one that the command line gives an endpoint for.
    fn elsewhere(&self, error: CallError) -> CallError {
        if self.template.endpoint_url.is_none() || error.kind() != ErrorKind::Unreachable {
            return error;
        }
        error.with_help(
            "set AWS_ENDPOINT_URL, which applies to all services, or delete `account` in the manifest: poolctl asks STS for the account, and `--endpoint-url` applies to cognito-idp only",
        )
    }

    async fn session(&self, desired: &Desired, access: Access) -> Result<Arc<Session>, CallError> {
        let account = desired.account.as_ref().map(|account| account.id.as_str());
        let known = account.and_then(|account| Some((account, self.accounts.caller(account, access)?)));
        let (account, mut caller) =
            known.map_or_else(Default::default, |(account, caller)| (Some(account), caller));
        if self.template.sandbox.is_some() && caller.role.is_none() {
            caller.sandbox_account = desired.account.as_ref().map(|account| account.id.clone());
        }
        let settings = Settings {
            region: desired.region.clone(),
            // The account's own comes before the one for all.
            profile: self.template.profile.clone().filter(|_| caller.profile.is_none()),
            own_profile: caller.profile.clone(),
            sandbox_account: caller.sandbox_account.clone(),
            ..self.template.clone()
        };
        let way = (caller, settings.region.clone());
        let open = &mut *self.open.lock().await;
        if let Some(session) = open.sessions.get(&way) {
            return Ok(Arc::clone(session));
        }
        let pace = open.pace(account, &settings)?;
        let identity = open.identity(&way.0, &settings, &self.observer).await?;
        let session = Arc::new(Session::of(&settings, identity, pace));
        open.sessions.insert(way, Arc::clone(&session));
        Ok(session)
    }
}

impl OpenConnections {
    /// How often an account is called in a Region, by whomever.
    fn pace(&mut self, account: Option<&str>, settings: &Settings) -> Result<Arc<Pace>, CallError> {
        let place = (account.map(str::to_owned), settings.region.clone());
        Ok(match self.paces.entry(place) {
            Entry::Occupied(pace) => Arc::clone(pace.get()),
            Entry::Vacant(place) => Arc::clone(place.insert(Arc::new(Pace::new(settings.rate)?))),
        })
    }

    /// Who calls. A role is assumed by what its profile, or the environment, holds: that is shared too.
    async fn identity(
        &mut self,
        caller: &Caller,
        settings: &Settings,
        observer: &Observer,
    ) -> Result<Arc<Identity>, CallError> {
        if let Some(identity) = self.identities.get(caller) {
            return Ok(Arc::clone(identity));
        }
        let base = Caller { role: None, ..caller.clone() };
        let mut identity = match self.identities.get(&base) {
            Some(identity) => Arc::clone(identity),
            None => Arc::new(Identity::load(settings, Arc::clone(observer)).await?),
        };
        self.identities.insert(base, Arc::clone(&identity));
        if let Some(role) = &caller.role {
            identity = Arc::new(identity.assuming(role));
            self.identities.insert(caller.clone(), Arc::clone(&identity));
        }
        Ok(identity)
    }
}

/// Refuses a saved document of another account than the manifest's.
pub(in crate::cli) fn own(live: Snapshot, desired: &Desired) -> Result<Snapshot, Unreachable> {
    match (&desired.account, live.account()) {
        (Some(account), Some(other)) if account.id != other => Err(Unreachable::Document(format!(
            "{}: the manifest is for account {}, but the saved document is of a pool in account {other}",
            declared(account, desired),
            account.id
        ))),
        _ => Ok(live),
    }
}

/// Where a manifest names its account.
fn declared(account: &Account, desired: &Desired) -> String {
    account.origin.as_ref().map_or_else(|| desired.file.clone(), ToString::to_string)
}

/// Reports why a sandbox does not start.
pub(in crate::cli) fn no_sandbox(ui: &Ui, error: &sandbox::SandboxError) -> Exit {
    for error in error.each() {
        ui.error(&crate::report::escape(&error.to_string()), error.help().as_deref());
    }
    Exit::Failed
}

async fn start(ui: &Ui, global: &GlobalArgs, dir: PathBuf) -> Result<sandbox::Running, Exit> {
    files::keep_out_of_git(&Root::default(), &dir);
    let options = sandbox::SandboxOptions {
        seed: global.seed.clone(),
        omission: global.omission,
        ..sandbox::SandboxOptions::new(dir)
    };
    let running = sandbox::start(options).await.map_err(|error| no_sandbox(ui, &error))?;
    for note in running.notes() {
        ui.note_escaped(&format!("note: {note}"));
    }
    Ok(running)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::yaml;
    use crate::rules::ManifestPool;

    const ACCOUNTS: &str = r#"
"111122223333": { read: arn:aws:iam::111122223333:role/reader, write: arn:aws:iam::111122223333:role/writer }
"222233334444": { write: arn:aws:iam::222233334444:role/all }
"#;

    /// To a sandbox that nobody calls.
    fn connections() -> Connections {
        let (node, _) = yaml::parse("poolctl.yaml", ACCOUNTS.as_bytes()).unwrap();
        let mut findings = Vec::new();
        let accounts = Accounts::of(node, &mut findings);
        assert_eq!(findings, []);
        let template = Settings { sandbox: Some("http://127.0.0.1:1".to_owned()), ..Settings::new("") };
        Connections { template, accounts, observer: Arc::new(|_| {}), open: Mutex::default(), sandbox: None }
    }

    fn pool(account: Option<&str>, region: &str) -> Desired {
        let account = account.map(|id| Account { id: id.to_owned(), origin: None });
        ManifestPool { account, region: region.to_owned(), ..ManifestPool::default() }.into()
    }

    #[tokio::test]
    async fn an_account_has_one_pace_in_a_region_whoever_calls_and_a_caller_one_identity_in_all() {
        let connections = connections();
        let ways = [
            (Some("111122223333"), "eu-west-1", Access::Read),
            (Some("111122223333"), "eu-west-1", Access::Write),
            (Some("111122223333"), "us-east-1", Access::Read),
            (Some("222233334444"), "eu-west-1", Access::Read),
            (Some("222233334444"), "eu-west-1", Access::Write),
            // The sandbox shows the pools of one account to the first, and all pools to the second.
            (Some("444455556666"), "eu-west-1", Access::Write),
            (None, "eu-west-1", Access::Read),
        ];
        let open = ways.map(|(account, region, access)| {
            let connections = &connections;
            async move { connections.session(&pool(account, region), access).await.unwrap() }
        });
        let sessions = futures_util::future::join_all(open).await;
        let same = |a: usize, b: usize| Arc::ptr_eq(&sessions[a], &sessions[b]);
        assert_eq!((same(0, 1), same(0, 2), same(3, 4)), (false, false, true));
        let open = connections.open.lock().await;
        let mut paces: Vec<_> = open.paces.keys().cloned().collect();
        paces.sort();
        let pace = |account: Option<&str>, region: &str| (account.map(str::to_owned), region.to_owned());
        let expected = [
            pace(None, "eu-west-1"),
            pace(Some("111122223333"), "eu-west-1"),
            pace(Some("111122223333"), "us-east-1"),
            pace(Some("222233334444"), "eu-west-1"),
        ];
        assert_eq!(paces, expected);
        // Three roles, who assumes them, and the account without one.
        assert_eq!(open.identities.len(), 5);
    }
}
