use std::time::Duration;

use super::profile::CredentialSource;

/// Where a call is made and what it asks for: what the explanation of a failure needs.
pub(super) struct CallSite<'a> {
    pub(super) operation: &'static str,
    pub(super) pool: Option<&'a str>,
    /// Whether the call changes something.
    pub(super) writes: bool,
    /// The body of the request; empty where nobody asks what it said.
    pub(super) request: &'a [u8],
    pub(super) region: &'a str,
    /// The account, when it is known already.
    pub(super) account: Option<&'a str>,
    pub(super) source: &'a CredentialSource,
    pub(super) connect_timeout: Duration,
    pub(super) read_timeout: Duration,
}
