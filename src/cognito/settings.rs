use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// How to reach the service, and as whom.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The profile named by the user. It wins over credentials in the environment, as it does in
    /// the AWS CLI; without it the usual chain applies, with `AWS_PROFILE`.
    pub profile: Option<String>,
    /// The profile that is used in the same way on a machine that has it, where none is named by the user.
    pub own_profile: Option<String>,
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
    /// The account whose pools the sandbox shows; all accounts' without it.
    pub sandbox_account: Option<String>,
    /// How many calls a second are made at most.
    pub rate: Rate,
    /// How often and when a failed call is made again.
    pub retry: Retry,
}

impl Settings {
    /// The default settings for this Region.
    pub fn new(region: impl Into<String>) -> Self {
        Self {
            profile: None,
            own_profile: None,
            region: region.into(),
            endpoint_url: None,
            ca_bundle: None,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(60),
            sandbox: None,
            sandbox_account: None,
            rate: Rate::default(),
            retry: Retry::default(),
        }
    }
}

/// A role to assume.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Role {
    /// Its ARN.
    pub arn: String,
    /// What its trust policy may ask for beside who calls.
    pub external_id: Option<String>,
}

/// Does not print the external id.
impl fmt::Debug for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Role({})", self.arn)
    }
}

/// How many calls a second are made at most in each of the service's rate categories, for an account in a
/// Region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rate {
    /// So many, from 0.01 to a million.
    Calls(f64),
    /// A part of each category's own quota, in percent, from 0.1 to 100.
    Percent(f64),
}

/// Half: sign-in and other tools of the account use the same quotas.
impl Default for Rate {
    fn default() -> Self {
        Self::Percent(50.0)
    }
}

impl Rate {
    /// The part that it is of a category's quota.
    pub(super) fn share_of(self, quota: f64) -> f64 {
        match self {
            Self::Calls(calls) => calls / quota,
            Self::Percent(percent) => percent / 100.0,
        }
    }

    /// The rate, if it is within its bounds.
    ///
    /// # Errors
    /// With what would be within them.
    pub(super) fn checked(self) -> Result<Self, &'static str> {
        match self {
            Self::Calls(calls) if !(0.01..=1e6).contains(&calls) => {
                Err("set 0.01 to 1000000 calls per second")
            }
            Self::Percent(percent) if !(0.1..=100.0).contains(&percent) => {
                Err("set 0.1% to 100%; to go beyond the quota, set a number of calls per second")
            }
            rate => Ok(rate),
        }
    }
}

/// As `--rate` takes it.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Calls(calls) => write!(f, "{calls}"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

impl FromStr for Rate {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |text: &str| text.parse().map_err(|_| "write a number, or a percentage such as 50%");
        match text.strip_suffix('%') {
            Some(percent) => Self::Percent(number(percent)?),
            None => Self::Calls(number(text)?),
        }
        .checked()
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
            attempts: 4,
            throttled: 10,
            first: Duration::from_millis(400),
            longest: Duration::from_secs(20),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_number_of_calls_or_a_part_of_the_quota() {
        for (text, rate, of_15) in [
            ("10", Rate::Calls(10.0), 10.0),
            ("0.5", Rate::Calls(0.5), 0.5),
            ("40%", Rate::Percent(40.0), 6.0),
        ] {
            assert_eq!(text.parse(), Ok(rate));
            assert_eq!(rate.to_string(), text);
            assert!((rate.share_of(15.0) * 15.0 - of_15).abs() < 1e-9, "{text}");
        }
        for text in ["", "fast", "%", "50 %", "NaN", "NaN%", "0", "-1", "1e7", "0%", "101%", "inf"] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
    }
}
