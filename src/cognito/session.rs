use std::sync::Arc;

use aws_config::Region;
use aws_config::retry::RetryConfig;
use aws_sdk_cognitoidentityprovider as cognito;

use super::Settings;
use super::error::CallError;
use super::event::Observer;
use super::identity::Identity;
use super::link::Link;
use super::pace::Pace;
use super::read::Reader;
use super::write::{Approved, Writer};

/// A way to the service in one Region, with one identity.
pub struct Session(Arc<Link>);

impl Session {
    /// A way of its own. Prepares everything for calls, and makes none: credentials are fetched with the
    /// first.
    ///
    /// # Errors
    /// As [`Identity::load`]; a rate out of bounds.
    pub async fn open(settings: &Settings, observer: Observer) -> Result<Self, CallError> {
        let pace = Arc::new(Pace::new(settings.rate)?);
        let identity = Arc::new(Identity::load(settings, observer).await?);
        Ok(Self::of(settings, identity, pace))
    }

    /// A way that shares credentials with other Regions, and its pace with other identities of its account.
    pub fn of(settings: &Settings, identity: Arc<Identity>, pace: Arc<Pace>) -> Self {
        // Retries of Cognito's calls are ours: the SDK would send a write again after a cut.
        let mut cognito = cognito::config::Builder::from(&identity.config)
            .region(Region::new(settings.region.clone()))
            .retry_config(RetryConfig::disabled());
        let configured = identity.source.cognito.as_ref().map(|endpoint| &endpoint.url);
        if let (Some(url), None) = (settings.endpoint_url.as_ref().or(configured), &settings.sandbox) {
            // There is no FIPS or dual-stack variant of somebody's own endpoint, and the SDK refuses both.
            cognito = cognito.endpoint_url(url).use_fips(false).use_dual_stack(false);
        }
        Self(Arc::new(Link {
            cognito: cognito::Client::from_conf(cognito.build()),
            retry: settings.retry,
            pace,
            observer: Arc::clone(identity.observer()),
            identity,
            region: settings.region.clone(),
        }))
    }

    /// The account that the credentials are of.
    ///
    /// # Errors
    /// As [`Identity::account`].
    pub async fn account(&self) -> Result<String, CallError> {
        self.0.identity.account().await
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
