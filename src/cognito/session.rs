use std::sync::Arc;
use std::time::Duration;

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::identity::IdentityCache;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_cognitoidentityprovider as cognito;
use aws_sdk_sts as sts;
use aws_sdk_sts::error::ProvideErrorMetadata;
use aws_smithy_http_client::tls::TrustStore;
use hyper::Uri;
use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::answer::{Fate, Place, exception, no_answer, stranger};
use super::error::{Error, Kind, one_line};
use super::event::{Event, Observer, Step};
use super::http::{self, Http};
use super::pace::Pace;
use super::profile::Identity;
use super::read::Reader;
use super::wire::{Failure, Wire};
use super::write::{Approved, Writer};
use super::{Retry, Settings};

/// How long credentials may take to come: a `credential_process` may ask its user something.
const CREDENTIALS_TIMEOUT: Duration = Duration::from_secs(120);

/// A way to the service in one Region, with one identity.
pub struct Session(Arc<Link>);

/// What readers and writers of a session share.
pub(super) struct Link {
    pub(super) cognito: cognito::Client,
    pub(super) retry: Retry,
    pub(super) pace: Pace,
    pub(super) observer: Observer,
    sts: sts::Client,
    account: OnceCell<String>,
    identity: Identity,
    region: String,
    connect_timeout: Duration,
    read_timeout: Duration,
}

impl Link {
    /// Where a call is made, for the words of its errors.
    pub(super) fn place<'a>(&'a self, operation: &'static str, pool: Option<&'a str>) -> Place<'a> {
        Place {
            operation,
            pool,
            region: &self.region,
            account: self.account.get().map(String::as_str),
            identity: &self.identity,
            connect_timeout: self.connect_timeout,
            read_timeout: self.read_timeout,
        }
    }
}

impl Session {
    /// Prepares everything for calls, and makes none: credentials are fetched with the first.
    ///
    /// # Errors
    /// Settings that cannot work: a profile that does not exist or wants an MFA code, an unusable
    /// CA bundle, an endpoint that is no URL, a rate out of bounds.
    pub async fn open(settings: &Settings, observer: Observer) -> Result<Self, Error> {
        let rate = settings.rate.checked();
        let rate = rate.map_err(|why| {
            let message = format!("the rate cannot be {}", settings.rate);
            Error::new(Kind::Settings, message).with_help(why)
        })?;
        for url in settings.sandbox.iter().chain(&settings.endpoint_url) {
            check_url(url)?;
        }
        let (config, identity) = match &settings.sandbox {
            Some(url) => (sandbox(settings, url)?, Identity::sandbox()),
            None => aws(settings).await?,
        };
        // Retries of Cognito's calls are ours: the SDK would send a write again after a cut.
        let mut cognito = cognito::config::Builder::from(&config).retry_config(RetryConfig::disabled());
        if let (Some(url), None) = (&settings.endpoint_url, &settings.sandbox) {
            cognito = cognito.endpoint_url(url);
        }
        Ok(Self(Arc::new(Link {
            cognito: cognito::Client::from_conf(cognito.build()),
            sts: sts::Client::new(&config),
            retry: settings.retry,
            pace: Pace::new(rate),
            observer,
            account: OnceCell::new(),
            identity,
            region: settings.region.clone(),
            connect_timeout: settings.connect_timeout,
            read_timeout: settings.read_timeout,
        })))
    }

    /// The account that the credentials are of; asked of STS once.
    ///
    /// # Errors
    /// No or bad credentials, and any failure of `GetCallerIdentity`.
    pub async fn account(&self) -> Result<String, Error> {
        self.0.account.get_or_try_init(|| ask_account(&self.0)).await.cloned()
    }

    /// Reads pools, and cannot write.
    pub fn reader(&self) -> Reader {
        Reader::live(Arc::clone(&self.0))
    }

    /// Writes what was approved.
    pub fn writer(&self, approved: Approved) -> Writer {
        Writer::new(Arc::clone(&self.0), approved)
    }
}

fn check_url(url: &str) -> Result<(), Error> {
    let uri = url.parse::<Uri>().ok();
    let usable = uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(|host| !host.is_empty())
    });
    if usable {
        return Ok(());
    }
    let message = format!("the endpoint `{}` is no URL", one_line(url));
    Err(Error::new(Kind::Settings, message).with_help("write it like https://host or http://127.0.0.1:4566"))
}

fn timeouts(settings: &Settings) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(settings.connect_timeout)
        .read_timeout(settings.read_timeout)
        .build()
}

/// The configuration for the sandbox: nothing but the settings is looked at.
fn sandbox(settings: &Settings, url: &str) -> Result<SdkConfig, Error> {
    let credentials = Credentials::new("SANDBOX", "sandbox", None, None, "sandbox");
    Ok(SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(settings.region.clone()))
        .endpoint_url(url)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(Http::new(TrustStore::default(), false)?)
        .timeout_config(timeouts(settings))
        .retry_config(RetryConfig::standard())
        .build())
}

/// The configuration for AWS, as its other tools would find it.
async fn aws(settings: &Settings) -> Result<(SdkConfig, Identity), Error> {
    let identity = Identity::load(settings).await?;
    let trust = match identity.ca_bundle(settings.ca_bundle.as_deref()) {
        Some((path, origin)) => http::trust(&path, &origin)?,
        None => TrustStore::default(),
    };
    let http = Http::new(trust, true)?;
    let region = Region::new(settings.region.clone());
    // Given explicitly, or aws-config panics on `AWS_RETRY_MODE=legacy` and its like.
    let retry = RetryConfig::standard();
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .region(region.clone())
        .retry_config(retry.clone())
        .timeout_config(timeouts(settings))
        .identity_cache(IdentityCache::lazy().load_timeout(CREDENTIALS_TIMEOUT).build())
        .http_client(http.clone());
    if let Some(profile) = &settings.profile {
        loader = loader.profile_name(profile);
        let config = ProviderConfig::without_region()
            .with_region(Some(region))
            .with_http_client(http)
            .with_retry_config(retry)
            .with_timeout_config(timeouts(settings));
        loader = loader.credentials_provider(credentials_of(profile, &config));
    }
    Ok((loader.load().await, identity))
}

/// The credentials of a profile that the user named.
///
/// Left to itself the SDK would prefer keys in the environment, and so write to another account
/// than the one named. What follows the profile is what the AWS CLI asks then, too.
fn credentials_of(profile: &str, config: &ProviderConfig) -> CredentialsProviderChain {
    let named = ProfileFileCredentialsProvider::builder().configure(config).profile_name(profile).build();
    let container = EcsCredentialsProvider::builder().configure(config).build();
    let instance = ImdsCredentialsProvider::builder().configure(config).build();
    CredentialsProviderChain::first_try("Profile", named)
        .or_else("EcsContainer", container)
        .or_else("Ec2InstanceMetadata", instance)
}

async fn ask_account(link: &Link) -> Result<String, Error> {
    const OPERATION: &str = "GetCallerIdentity";
    let started = Instant::now();
    let wire = Wire::watching();
    let answer = link.sts.get_caller_identity().customize().interceptor(wire.clone()).send().await;
    let seen = wire.seen();
    let place = link.place(OPERATION, None);
    let request_id = seen.answer.as_ref().and_then(|raw| raw.request_id.clone());
    let result = match &answer {
        Ok(identity) => identity
            .account()
            .map(str::to_owned)
            .ok_or_else(|| (Fate::Unknown, Error::new(Kind::Answer, "the answer names no account"))),
        Err(error) => Err(match (&seen.answer, error.code()) {
            (None, _) => no_answer(&place, &seen, &Failure::of(error)),
            (Some(raw), Some(code)) => {
                let message = one_line(&seen.scrub(error.message().unwrap_or_default()));
                exception(&place, raw.status, code, &message)
            }
            (Some(raw), None) => stranger(&seen, raw),
        }),
    };
    let result = result
        .map_err(|(fate, error)| (fate, error.with_request_id(request_id.clone()).during(OPERATION, None)));
    (link.observer)(&Event {
        operation: OPERATION,
        pool: None,
        attempt: 1,
        step: Step::Ended {
            outcome: result.as_ref().map_or_else(|(fate, _)| fate.word(), |_| "done"),
            status: seen.answer.as_ref().map(|raw| raw.status),
            request_id: request_id.as_deref(),
            took: started.elapsed(),
            error: result.as_ref().err().map(|(_, error)| error),
        },
    });
    result.map_err(|(_, error)| error)
}
