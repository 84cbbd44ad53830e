use std::path::PathBuf;
use std::time::Duration;

/// How to reach the service, and as whom.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The profile named by the user. It wins over credentials in the environment, as it does in
    /// the AWS CLI; without it the usual chain applies, with `AWS_PROFILE`.
    pub profile: Option<String>,
    /// The Region of every call. Never looked up anywhere else.
    pub region: String,
    /// The endpoint of Cognito, and of Cognito alone.
    pub endpoint_url: Option<String>,
    /// A PEM file with the certificates to trust in place of the system's.
    pub ca_bundle: Option<PathBuf>,
    /// How long a connection may take to stand.
    pub connect_timeout: Duration,
    /// How long an answer may take to begin.
    pub read_timeout: Duration,
    /// The URL of an embedded endpoint on loopback that answers for Cognito and STS. With it no
    /// profile, role, proxy, metadata service nor environment is looked at, and the credentials
    /// are fakes.
    pub sandbox: Option<String>,
    /// Calls a second, for each of the service's rate categories: from 0.01 to a million.
    pub rate: f64,
    /// How often and when a failed call is made again.
    pub retry: Retry,
}

impl Settings {
    /// The default settings for this Region.
    pub fn new(region: impl Into<String>) -> Self {
        Self {
            profile: None,
            region: region.into(),
            endpoint_url: None,
            ca_bundle: None,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(60),
            sandbox: None,
            rate: 10.0,
            retry: Retry::default(),
        }
    }
}

/// How often and when a failed call is made again.
///
/// The wait doubles from `first` up to `longest`; a random half of it is left away, so that many
/// callers do not come back together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Attempts of a call that did not arrive, or whose answer did not.
    pub attempts: u32,
    /// Attempts of a call that the service turned away because of its rate.
    pub throttled: u32,
    /// The first wait.
    pub first: Duration,
    /// The longest wait.
    pub longest: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 3,
            throttled: 10,
            first: Duration::from_millis(400),
            longest: Duration::from_secs(20),
        }
    }
}
