//! Any operation with any body: the SDK brings credentials, endpoint and signature, and nothing else.

use std::cell::Cell;
use std::error::Error;
use std::fmt;
use std::io::Write as _;
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::config::Builder;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextMut, BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use hyper_util::client::legacy::Error as HttpError;
use poolctl::document::{Json, Object};
use tokio::runtime::Runtime;

use crate::settings::Settings;

/// How often a call is made before its failure counts.
const ATTEMPTS: u32 = 7;

/// Says a line at once, past what catches the output of tests: it may be the last that this process says.
pub(crate) fn say(line: &str) {
    // Nobody is left to be told that nobody listens.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// A way to the service.
pub(crate) struct Wire {
    runtime: Arc<Runtime>,
    client: Client,
    pace: Duration,
    pub(crate) settle: Duration,
    last: Cell<Option<Instant>>,
}

/// Why a call did not succeed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Failure {
    /// The service says no.
    Refused { exception: String, message: String },
    /// It was never sent.
    NotSent(String),
    /// It may have taken effect.
    NoAnswer(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { exception, message } => write!(f, "refused: {exception}: {message}"),
            Self::NotSent(reason) => write!(f, "not sent: {reason}"),
            Self::NoAnswer(reason) => write!(f, "no answer: {reason}"),
        }
    }
}

impl Failure {
    /// Whether the service refused with this exception.
    pub(crate) fn is(&self, name: &str) -> bool {
        matches!(self, Self::Refused { exception, .. } if exception == name)
    }

    /// Whether the same call may go out again. An update is complete and may; a pool that is created twice
    /// is two pools.
    fn passes(&self, operation: &str) -> bool {
        let nothing_happened =
            self.is("TooManyRequestsException") || self.is("ConcurrentModificationException");
        let unclear = matches!(self, Self::NoAnswer(_)) || self.is("InternalErrorException");
        nothing_happened || unclear && operation != "CreateUserPool"
    }
}

impl Wire {
    /// Prepares calls, and makes none.
    pub(crate) fn open(settings: &Settings, runtime: Arc<Runtime>) -> Result<Self, String> {
        let region = settings.region.clone().map(Region::new);
        let config = if settings.on_this_machine() {
            let credentials = Credentials::new("testing", "testing", None, None, "sandbox");
            SdkConfig::builder()
                .behavior_version(BehaviorVersion::v2026_01_12())
                .region(region.unwrap_or_else(|| Region::new("eu-west-1")))
                .credentials_provider(SharedCredentialsProvider::new(credentials))
                .http_client(aws_smithy_http_client::Builder::new().build_http())
                .build()
        } else {
            let loader = aws_config::defaults(BehaviorVersion::v2026_01_12());
            let loader = match region {
                Some(region) => loader.region(region),
                None => loader,
            };
            // Given explicitly, or aws-config panics on `AWS_RETRY_MODE=legacy` and its like.
            runtime.block_on(loader.retry_config(RetryConfig::standard()).load())
        };
        if config.region().is_none() {
            return Err("no Region: set POOLCTL_TEST_LIVE_REGION or AWS_REGION".to_owned());
        }
        // Whether a call may go out again is ours to say.
        let mut cognito = Builder::from(&config).retry_config(RetryConfig::disabled());
        if let Some(url) = &settings.endpoint {
            cognito = cognito.endpoint_url(url);
        }
        let client = Client::from_conf(cognito.build());
        let (pace, settle) = (settings.pace, settings.settle);
        Ok(Self { runtime, client, pace, settle, last: Cell::new(None) })
    }

    /// The Region that is measured in.
    pub(crate) fn region(&self) -> String {
        self.client.config().region().map(ToString::to_string).unwrap_or_default()
    }

    /// Makes a call until it is answered for good.
    pub(crate) fn call(&self, operation: &str, body: &Json) -> Result<Object, Failure> {
        let mut wait = self.settle;
        for _ in 1..ATTEMPTS {
            match self.attempt(operation, body) {
                Err(failure) if failure.passes(operation) => sleep(wait),
                result => return result,
            }
            wait *= 2;
        }
        self.attempt(operation, body)
    }

    fn attempt(&self, operation: &str, body: &Json) -> Result<Object, Failure> {
        let early = self.last.get().map(|last| self.pace.saturating_sub(last.elapsed()));
        sleep(early.unwrap_or_default());
        self.last.set(Some(Instant::now()));
        let raw = Raw::new(operation, body);
        // One typed operation carries them all: what it is called and what it says is replaced below.
        let request = self.client.describe_user_pool().user_pool_id("none").customize();
        let result = self.runtime.block_on(request.interceptor(raw.clone()).send());
        let seen = raw.seen.lock().unwrap();
        match &seen.answer {
            Some(answer) => answer.judge(),
            None => {
                let error = result.err();
                let error = error.as_ref().map(|error| error as &(dyn Error + 'static));
                let reason = error.map_or_else(String::new, root_cause);
                let sent = seen.sent && !error.is_some_and(unconnected);
                Err(if sent { Failure::NoAnswer(reason) } else { Failure::NotSent(reason) })
            }
        }
    }
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| (*error).source())
}

/// The first line of the innermost cause; what lies above it may quote the request.
fn root_cause(error: &(dyn Error + 'static)) -> String {
    let root = chain(error).last().map(ToString::to_string).unwrap_or_default();
    root.lines().next().unwrap_or_default().to_owned()
}

/// Whether the connection never came about, so that the request cannot have arrived.
fn unconnected(error: &(dyn Error + 'static)) -> bool {
    chain(error).any(|cause| cause.downcast_ref::<HttpError>().is_some_and(HttpError::is_connect))
}

/// An attempt: our bytes out, the service's bytes in.
#[derive(Clone, Debug)]
struct Raw {
    target: String,
    body: String,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Debug, Default)]
struct Seen {
    sent: bool,
    answer: Option<Answer>,
}

#[derive(Debug)]
struct Answer {
    status: u16,
    exception: Option<String>,
    body: Option<Vec<u8>>,
}

impl Raw {
    fn new(operation: &str, body: &Json) -> Self {
        let target = format!("AWSCognitoIdentityProviderService.{operation}");
        Self { target, body: body.to_string(), seen: Arc::default() }
    }
}

impl Answer {
    fn judge(&self) -> Result<Object, Failure> {
        let Some(bytes) = &self.body else { return Err(Failure::NoAnswer("it broke off".to_owned())) };
        let document = match bytes.as_slice() {
            [] => Some(Object::new()),
            bytes => serde_json::from_slice(bytes).ok(),
        };
        if (200..300).contains(&self.status) {
            return document.ok_or_else(|| Failure::NoAnswer("it is not JSON".to_owned()));
        }
        let said = |name: &str| document.as_ref()?.get(name)?.as_str();
        let Some(exception) = self.exception.as_deref().or_else(|| said("__type")) else {
            return Err(Failure::NoAnswer(format!("HTTP {}", self.status)));
        };
        let exception = exception.split(':').next().unwrap_or(exception);
        let exception = exception.rsplit('#').next().unwrap_or(exception).to_owned();
        // What AWS says of a signature quotes the headers of the request, the session's token among them.
        let message = match said("message").or_else(|| said("Message")) {
            _ if exception.contains("Signature") => "[hidden]",
            message => message.unwrap_or_default(),
        };
        Err(Failure::Refused { message: message.to_owned(), exception })
    }
}

#[dyn_dispatch_hint]
impl Intercept for Raw {
    fn name(&self) -> &'static str {
        "Raw"
    }

    // Before the retry loop, so that the signature is made of this body and this header.
    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        request.headers_mut().insert("x-amz-target", self.target.clone());
        request.headers_mut().insert("content-length", self.body.len().to_string());
        *request.body_mut() = SdkBody::from(self.body.clone());
        Ok(())
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.seen.lock().unwrap().sent = true;
        Ok(())
    }

    // Runs for every outcome, also when the type of the one operation does not fit the answer.
    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(response) = context.response() {
            self.seen.lock().unwrap().answer = Some(Answer {
                status: response.status().as_u16(),
                exception: response.headers().get("x-amzn-errortype").map(str::to_owned),
                body: response.body().bytes().map(<[u8]>::to_vec),
            });
        }
        Ok(())
    }
}
