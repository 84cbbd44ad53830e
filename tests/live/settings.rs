//! What a measurement goes by.

use std::path::PathBuf;
use std::time::Duration;

use hyper::Uri;

/// Where to measure, and with which resources of others. It has no `Debug`: it holds a secret.
pub(crate) struct Settings {
    /// Another endpoint than AWS's, such as the sandbox's.
    pub(crate) endpoint: Option<String>,
    /// The Region; nothing takes the one of the environment or the profile.
    pub(crate) region: Option<String>,
    /// A role that lets Cognito send SMS. Without one nothing about SMS is measured.
    pub(crate) sender: Option<Sender>,
    /// The ARN of a verified SES identity. Without one nothing about MFA by e-mail is measured.
    pub(crate) identity: Option<String>,
    /// The ARN of a KMS key that fits a user pool.
    pub(crate) key: Option<String>,
    /// Where the findings go as JSON.
    pub(crate) json: Option<PathBuf>,
    /// The time from the start of a call to the start of the next.
    pub(crate) pace: Duration,
    /// The time before a read that follows a write, and between two reads.
    pub(crate) settle: Duration,
}

/// Who sends SMS.
pub(crate) struct Sender {
    pub(crate) role: String,
    /// Shared with the role's owner: in no output.
    pub(crate) external_id: Option<String>,
}

impl Settings {
    /// The settings in these variables.
    pub(crate) fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let test = |name: &str| variable(&format!("POOLCTL_TEST_LIVE_{name}"));
        let role = test("SMS_ROLE");
        let mut settings = Self {
            endpoint: test("ENDPOINT"),
            region: test("REGION"),
            sender: role.map(|role| Sender { role, external_id: test("SMS_EXTERNAL_ID") }),
            identity: test("SES_IDENTITY"),
            key: test("KMS_KEY"),
            json: test("JSON").map(PathBuf::from),
            pace: Duration::from_millis(250),
            settle: Duration::from_millis(500),
        };
        if settings.on_this_machine() {
            (settings.pace, settings.settle) = (Duration::ZERO, Duration::ZERO);
        }
        settings
    }

    /// Whether the endpoint is one of this machine: it needs no courtesy, and gets no real credentials.
    pub(crate) fn on_this_machine(&self) -> bool {
        let uri = self.endpoint.as_deref().and_then(|url| url.parse::<Uri>().ok());
        let host = uri.as_ref().and_then(Uri::host);
        host.is_some_and(|host| matches!(host, "127.0.0.1" | "localhost" | "[::1]"))
    }
}
