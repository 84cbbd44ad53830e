//! Who calls: credentials that are resolved once, for all Regions, and renewed when they are over.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::identity::IdentityCache;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::tls::TrustStore;
use aws_smithy_runtime_api::client::identity::{
    IdentityFuture, ResolveCachedIdentity, SharedIdentityCache, SharedIdentityResolver,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use hyper::Uri;
use tokio::sync::OnceCell;

use crate::document::url::without_beginning;

use super::Settings;
use super::endpoint::{COGNITO, EVERY_SERVICE, STS};
use super::error::{CallError, ErrorKind, one_line};
use super::event::Observer;
use super::http::{self, Http};
use super::profile::{CONTAINER, CredentialSource};
use super::site::CallSite;

/// How long credentials may take to come: a `credential_process` may ask its user something.
const CREDENTIALS_TIMEOUT: Duration = Duration::from_secs(120);

/// Who calls, in whatever Region.
///
/// Its credentials are fetched with the first call that needs them and shared by all that follow; whoever
/// comes while they are under way waits for them. They are fetched anew shortly before they expire, or when
/// the service says that they have.
pub struct Identity {
    pub(super) config: SdkConfig,
    pub(super) source: CredentialSource,
    cache: Renewable,
    /// The answer of STS about the account, after the first request.
    pub(super) account: OnceCell<Result<String, CallError>>,
    observer: Observer,
    region: String,
    connect_timeout: Duration,
    read_timeout: Duration,
}

impl Identity {
    /// Prepares everything for calls, and makes none. The Region of the settings is where STS is asked.
    ///
    /// # Errors
    /// Settings that cannot work: a profile that does not exist or wants an MFA code, an unusable CA bundle,
    /// an endpoint that is no URL.
    pub async fn load(settings: &Settings, observer: Observer) -> Result<Self, CallError> {
        for url in settings.sandbox.iter().chain(&settings.endpoint_url) {
            check_url(url)?;
        }
        if settings.sandbox.is_none() {
            check_variables()?;
        }
        let cache = Renewable::default();
        let (config, source) = match &settings.sandbox {
            Some(url) => (sandbox(settings, url, &cache)?, CredentialSource::sandbox()),
            None => aws(settings, &cache).await?,
        };
        Ok(Self {
            config,
            source,
            cache,
            account: OnceCell::new(),
            observer,
            region: settings.region.clone(),
            connect_timeout: settings.connect_timeout,
            read_timeout: settings.read_timeout,
        })
    }

    /// This identity with other credentials.
    pub(super) fn with_credentials(
        &self,
        provider: SharedCredentialsProvider,
        source: CredentialSource,
    ) -> Self {
        let cache = Renewable::default();
        let config = self.config.to_builder().credentials_provider(provider);
        Self {
            config: config.identity_cache(cache.clone()).build(),
            source,
            cache,
            account: OnceCell::new(),
            observer: Arc::clone(&self.observer),
            region: self.region.clone(),
            connect_timeout: self.connect_timeout,
            read_timeout: self.read_timeout,
        }
    }

    /// Where a call is made, for the words of its errors.
    pub(super) fn place<'a>(
        &'a self,
        operation: &'static str,
        pool: Option<&'a str>,
        region: Option<&'a str>,
    ) -> CallSite<'a> {
        CallSite {
            operation,
            pool,
            writes: false,
            request: &[],
            region: region.unwrap_or(&self.region),
            account: self.account.get().and_then(|account| account.as_deref().ok()),
            source: &self.source,
            connect_timeout: self.connect_timeout,
            read_timeout: self.read_timeout,
        }
    }

    pub(super) fn observer(&self) -> &Observer {
        &self.observer
    }

    /// Which credentials these are, counted from the first.
    pub(super) fn generation(&self) -> u64 {
        self.cache.current().0
    }

    /// Whether credentials that are over may be followed by others.
    pub(super) fn is_renewable(&self) -> bool {
        self.source.is_renewable()
    }

    /// Has credentials fetched anew, since the service says that these are over; whether others can come.
    pub(super) fn renew(&self, generation: u64) -> bool {
        if self.is_renewable() {
            self.cache.renew(generation);
        }
        self.is_renewable()
    }
}

/// Checks the variables that configure endpoints: the SDK's own errors about them name no variable.
fn check_variables() -> Result<(), CallError> {
    for name in [EVERY_SERVICE, COGNITO.variable, STS.variable] {
        let Some(url) = std::env::var_os(name) else { continue };
        // An empty variable counts as not set.
        if url.is_empty() {
            continue;
        }
        check_url(&url.to_string_lossy()).map_err(|error| {
            error.with_help(format!("{name} sets it: write a URL such as http://127.0.0.1:4566"))
        })?;
    }
    for name in ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"] {
        let Ok(value) = std::env::var(name) else { continue };
        // All AWS tools take these for false, without a word, and call another endpoint than was meant.
        if ["1", "on", "y", "yes"].iter().any(|yes| value.eq_ignore_ascii_case(yes)) {
            let message = format!("{name} is `{value}`, which AWS tools treat as false");
            return Err(CallError::new(ErrorKind::Settings, message)
                .with_help(format!("set {name} to true or to false")));
        }
    }
    Ok(())
}

fn check_url(url: &str) -> Result<(), CallError> {
    if url.parse::<Uri>().is_ok_and(|uri| is_usable(&uri, url)) {
        return Ok(());
    }
    let message = format!("the endpoint `{}` is not a URL", one_line(&without_beginning(url)));
    Err(CallError::new(ErrorKind::Settings, message)
        .with_help("write a URL such as https://host or http://127.0.0.1:4566"))
}

/// Whether calls can go to this address. A password with a `#`, a `/` or a `?` ends the host before its `@`, and
/// would be taken for a port.
fn is_usable(uri: &Uri, url: &str) -> bool {
    let Some(authority) = uri.authority() else { return false };
    let place = authority.as_str().rsplit('@').next().unwrap_or_default();
    let port = place.strip_prefix(authority.host()).and_then(|rest| rest.strip_prefix(':'));
    matches!(uri.scheme_str(), Some("http" | "https"))
        && !authority.host().is_empty()
        && port.is_none_or(|port| port.parse::<u16>().is_ok())
        && url.matches('@').count() == authority.as_str().matches('@').count()
}

fn timeouts(settings: &Settings) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(settings.connect_timeout)
        .read_timeout(settings.read_timeout)
        .build()
}

/// The configuration for the sandbox: nothing but the settings is looked at.
fn sandbox(settings: &Settings, url: &str, cache: &Renewable) -> Result<SdkConfig, CallError> {
    let key = settings.sandbox_account.as_deref().unwrap_or("SANDBOX");
    let credentials = Credentials::new(key, "sandbox", None, None, "sandbox");
    Ok(SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(settings.region.clone()))
        .endpoint_url(url)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .identity_cache(cache.clone())
        .http_client(Http::new(TrustStore::default(), false)?)
        .timeout_config(timeouts(settings))
        .retry_config(RetryConfig::standard())
        .build())
}

/// The configuration for AWS, as its other tools would find it.
async fn aws(settings: &Settings, cache: &Renewable) -> Result<(SdkConfig, CredentialSource), CallError> {
    let source = CredentialSource::load(settings).await?;
    for endpoint in source.cognito.iter().chain(&source.sts) {
        let mend = || format!("{} sets it: write a URL such as http://127.0.0.1:4566", endpoint.origin);
        check_url(&endpoint.url).map_err(|error| error.with_help(mend()))?;
    }
    // aws-config 1.13 takes this address apart before it looks at it.
    if let Some(address) = source.container_address() {
        let mend = format!("{CONTAINER} sets it: write a URL such as http://169.254.170.23/v1/credentials");
        check_url(&address).map_err(|error| error.with_help(mend))?;
    }
    let trust = match source.ca_bundle(settings.ca_bundle.as_deref()) {
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
        .identity_cache(cache.clone())
        .http_client(http.clone());
    let config = ProviderConfig::without_region()
        .with_region(Some(region))
        .with_http_client(http)
        .with_retry_config(retry)
        .with_timeout_config(timeouts(settings));
    if let Some(profile) = source.named() {
        loader = loader.profile_name(profile);
        loader = loader.credentials_provider(credentials_of(profile, &config));
    } else if source.is_web_identity() {
        // Left to itself the SDK would prefer the keys of the default profile.
        let provider = WebIdentityTokenCredentialsProvider::builder().configure(&config).build();
        loader = loader.credentials_provider(provider);
    }
    let config = loader.load().await;
    let is_empty = |name| std::env::var_os(name).is_some_and(|url| url.is_empty());
    // The SDK would take an empty variable for an endpoint.
    let config = match [EVERY_SERVICE, COGNITO.variable, STS.variable].into_iter().any(is_empty) {
        true => config.into_builder().service_config(NoServiceConfig).build(),
        false => config,
    };
    Ok((config, source))
}

/// No configuration of single services. The endpoints of services are set from [`CredentialSource`].
#[derive(Debug)]
struct NoServiceConfig;

impl LoadServiceConfig for NoServiceConfig {
    fn load_config(&self, _: ServiceConfigKey<'_>) -> Option<String> {
        None
    }
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

/// A cache of credentials that can be emptied, which the SDK's own cannot.
#[derive(Clone, Debug)]
struct Renewable(Arc<Mutex<(u64, SharedIdentityCache)>>);

impl Default for Renewable {
    fn default() -> Self {
        Self(Arc::new(Mutex::new((0, Self::empty()))))
    }
}

impl Renewable {
    fn empty() -> SharedIdentityCache {
        IdentityCache::lazy().load_timeout(CREDENTIALS_TIMEOUT).build()
    }

    fn current(&self) -> (u64, SharedIdentityCache) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Calls that were on their way together are turned away together: the first empties it for all.
    fn renew(&self, generation: u64) {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if current.0 == generation {
            *current = (generation + 1, Self::empty());
        }
    }
}

impl ResolveCachedIdentity for Renewable {
    fn resolve_cached_identity<'a>(
        &'a self,
        resolver: SharedIdentityResolver,
        components: &'a RuntimeComponents,
        config: &'a ConfigBag,
    ) -> IdentityFuture<'a> {
        let (_, cache) = self.current();
        IdentityFuture::new(async move { cache.resolve_cached_identity(resolver, components, config).await })
    }
}
