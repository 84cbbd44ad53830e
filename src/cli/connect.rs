//! The way to the pools: one session an identity and Region, opened when it is first needed.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::Mutex;

use super::Context;
use super::accounts::{Access, Accounts, Caller};
use super::args::Global;
use super::exit::Exit;
use super::files;
use super::log::Level;
use super::ui::Ui;
use crate::cognito::{Error, Event, Identity, Kind, Observer, Pace, Session, Settings, Step};
use crate::document::{Json, Object};
use crate::rules::Desired;
use crate::sandbox;

/// Opens sessions, and keeps the embedded sandbox alive where there is one.
///
/// Whoever asks for the same identity shares its credentials, and whoever calls the same account in the same
/// Region its pace.
pub(super) struct Connections {
    template: Settings,
    accounts: Accounts,
    observer: Observer,
    open: Mutex<Open>,
    sandbox: Option<sandbox::Running>,
}

/// What is open already.
#[derive(Default)]
struct Open {
    identities: HashMap<Caller, Arc<Identity>>,
    /// By account, where `poolctl.yaml` knows it, and Region.
    paces: HashMap<(Option<String>, String), Arc<Pace>>,
    sessions: HashMap<(Caller, String), Arc<Session>>,
}

impl Connections {
    /// Starts the sandbox where one is asked for. Makes no call.
    pub(super) async fn new(context: &Context) -> Result<Self, Exit> {
        let Context { ui, global, accounts, .. } = context;
        let sandbox = match &global.sandbox {
            Some(_) if global.seed.as_ref().is_some_and(|seed| !seed.is_dir()) => {
                ui.error(
                    "`--seed` names no folder",
                    Some("give a folder of saved pools, as examples/quickstart/live"),
                );
                return Err(Exit::Usage);
            }
            Some(dir) => Some(start(ui, global, dir.clone()).await?),
            None if global.seed.is_some() => {
                ui.error("`--seed` fills a sandbox, and there is none", Some("add `--sandbox`"));
                return Err(Exit::Usage);
            }
            None => None,
        };
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
    pub(super) async fn to(&self, desired: &Desired, access: Access) -> Result<Arc<Session>, Refusal> {
        let session = self.session(desired, access).await.map_err(Refusal::Failed)?;
        if let Some(account) = &desired.account {
            let live = session.account().await.map_err(|error| Refusal::Failed(self.elsewhere(error)))?;
            if live != account.id {
                let place = account.origin.as_ref().map_or_else(|| desired.file.clone(), ToString::to_string);
                let text = format!(
                    "{place}: the pool is in account {}, and the credentials are of {live}",
                    account.id
                );
                return Err(Refusal::Account(text));
            }
        }
        Ok(session)
    }

    /// Who the account is, another service says than the one that the command line gives an endpoint for.
    fn elsewhere(&self, error: Error) -> Error {
        if self.template.endpoint_url.is_none() || error.kind() != Kind::Unreachable {
            return error;
        }
        error.with_help(
            "`--endpoint-url` is cognito-idp's alone, and the manifest's `account` is asked of STS: set AWS_ENDPOINT_URL for both, or delete `account`",
        )
    }

    async fn session(&self, desired: &Desired, access: Access) -> Result<Arc<Session>, Error> {
        let account = desired.account.as_ref().map(|account| account.id.as_str());
        let known = account.and_then(|account| Some((account, self.accounts.caller(account, access)?)));
        let (account, caller) =
            known.map_or_else(Default::default, |(account, caller)| (Some(account), caller));
        let settings = Settings {
            region: desired.region.clone(),
            // The account's own comes before the one for all.
            profile: self.template.profile.clone().filter(|_| caller.profile.is_none()),
            own_profile: caller.profile.clone(),
            ..self.template.clone()
        };
        let way = (caller, settings.region.clone());
        let open = &mut *self.open.lock().await;
        if let Some(session) = open.sessions.get(&way) {
            return Ok(Arc::clone(session));
        }
        let pace = match open.paces.entry((account.map(str::to_owned), settings.region.clone())) {
            Entry::Occupied(pace) => Arc::clone(pace.get()),
            Entry::Vacant(place) => Arc::clone(place.insert(Arc::new(Pace::new(settings.rate)?))),
        };
        let identity = open.identity(&way.0, &settings, &self.observer).await?;
        let session = Arc::new(Session::of(&settings, identity, pace));
        open.sessions.insert(way, Arc::clone(&session));
        Ok(session)
    }

    /// Ends the sandbox, if there is one.
    pub(super) async fn close(self) {
        if let Some(sandbox) = self.sandbox {
            sandbox.stop().await;
        }
    }
}

impl Open {
    /// Who calls. A role is assumed by what its profile, or the environment, holds: that is shared too.
    async fn identity(
        &mut self,
        caller: &Caller,
        settings: &Settings,
        observer: &Observer,
    ) -> Result<Arc<Identity>, Error> {
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

/// Why a pool cannot be reached.
#[derive(Clone, Debug)]
pub(super) enum Refusal {
    /// The credentials are of another account than the manifest's; the line that says so.
    Account(String),
    /// A call, or the way to it, failed.
    Failed(Error),
}

async fn start(ui: &Ui, global: &Global, dir: PathBuf) -> Result<sandbox::Running, Exit> {
    files::keep_out_of_git(&dir);
    let options = sandbox::Options {
        seed: global.seed.clone(),
        omission: global.omission.into(),
        ..sandbox::Options::new(dir)
    };
    sandbox::start(options).await.map_err(|error| {
        ui.error(&error.to_string(), None);
        Exit::Failed
    })
}

/// The shortest wait for our own rate that `-v` tells of.
const LONG_WAIT: Duration = Duration::from_millis(200);

/// A number of calls a second with no more decimals than anybody reads.
fn short(rate: f64) -> f64 {
    (rate * 100.0).round() / 100.0
}

/// Tells of calls as `-v` and `-vv` ask.
fn observer(ui: Arc<Ui>) -> Observer {
    Arc::new(move |event: &Event<'_>| {
        let verbosity = ui.verbosity();
        let pool = event.pool.map(|pool| format!(" {pool}")).unwrap_or_default();
        let call = format!("{}{pool}", event.operation);
        let text = match &event.step {
            Step::Ended { outcome, status, request_id, took, .. } if verbosity > 0 => {
                let status = status.map(|status| format!(" {status}")).unwrap_or_default();
                let request = request_id.map(|id| format!(" (request {id})")).unwrap_or_default();
                let attempt =
                    if event.attempt > 1 { format!(" attempt {}", event.attempt) } else { String::new() };
                format!("{call}:{attempt} {outcome}{status} in {} ms{request}", took.as_millis())
            }
            Step::Waiting { reason, time } if verbosity == 0 && time.as_secs() >= 2 => {
                format!("{call}: {reason}; trying again in {} s", time.as_secs())
            }
            Step::Waiting { reason, time } if verbosity > 0 => {
                format!("{call}: waiting {} ms ({reason})", time.as_millis())
            }
            Step::Paced { category, rate, time } if verbosity > 1 || verbosity > 0 && *time >= LONG_WAIT => {
                let rate = short(*rate);
                format!("{call}: waiting {} ms (rate: {rate} calls a second in {category})", time.as_millis())
            }
            Step::Slowed { category, rate } if verbosity > 0 => {
                format!("{call}: throttled; {category} slowed down to {} calls a second", short(*rate))
            }
            _ => return,
        };
        let (level, fields) = fields(event);
        ui.event(level, &text, fields);
    })
}

/// What programs ask of an event.
fn fields(event: &Event<'_>) -> (Level, Object) {
    let mut fields = Object::new();
    let mut add = |name: &str, value: Json| {
        if !value.is_null() {
            fields.insert(name.to_owned(), value);
        }
    };
    add("operation", event.operation.into());
    add("pool", event.pool.into());
    add("attempt", event.attempt.into());
    let is_usual = match &event.step {
        Step::Ended { outcome, status, request_id, took, .. } => {
            add("outcome", (*outcome).into());
            add("status", (*status).into());
            add("request_id", (*request_id).into());
            add("duration_ms", json!(took.as_millis()));
            *outcome == "done"
        }
        Step::Waiting { reason, time } => {
            add("reason", (*reason).into());
            add("wait_ms", json!(time.as_millis()));
            false
        }
        Step::Paced { category, rate, time } => {
            add("reason", "rate".into());
            add("wait_ms", json!(time.as_millis()));
            add("category", (*category).into());
            add("rate", json!(short(*rate)));
            true
        }
        Step::Slowed { category, rate } => {
            add("category", (*category).into());
            add("rate", json!(short(*rate)));
            false
        }
    };
    (if is_usual { Level::Debug } else { Level::Warning }, fields)
}
