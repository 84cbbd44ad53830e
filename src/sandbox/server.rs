//! The endpoint: HTTP/1.1 on loopback, and the faults of the wire.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::{Body, Frame, Incoming};
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response, StatusCode, header};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use super::answer::Refusal;
use super::call::{self, SandboxCall, Signer};
use super::chance::Chance;
use super::fault::{Early, Late};
use super::faults::{Effects, Faults};
use super::lock::locked;
use super::log::{Log, Trace};
use super::others::{self, OtherCall};
use super::service::Service;
use super::shared::ServerState;
use super::store::Store;
use super::{SandboxError, SandboxOptions, control, guard, ids, known, sts};

/// The most that a request may weigh.
const LARGEST_BODY: usize = 4 << 20;
/// A sandbox that answers until it is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    addr: SocketAddr,
    shared: Arc<ServerState>,
    task: JoinHandle<()>,
    notes: Vec<String>,
}

/// Starts a sandbox on 127.0.0.1, within the current Tokio runtime.
///
/// # Errors
/// When the port is taken, the folder cannot be used, or a file in it or in the seed is not a saved pool.
pub async fn start(options: SandboxOptions) -> Result<Running, SandboxError> {
    let store = Store::open(&options.home, options.seed.as_deref())?;
    let notes = store.notes().to_vec();
    let failed = |source| SandboxError::Listen { port: options.port, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await.map_err(failed)?;
    let addr = listener.local_addr().map_err(failed)?;
    let shared = Arc::new(ServerState {
        service: Service::new(store, options.omission),
        faults: Mutex::new(Faults::new(options.faults, Chance::new(options.fault_seed))),
        quotas: options.quotas.then(Mutex::default),
        calls: Mutex::default(),
        log: Log::default(),
        callers: Mutex::default(),
        latency: options.latency,
    });
    let task = tokio::spawn(accept(listener, Arc::clone(&shared)));
    Ok(Running { addr, shared, task, notes })
}

impl Running {
    /// Where it answers, as an `--endpoint-url`.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// What to report about the seed: that it was not used, or that a file was saved under another name.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The address it listens on.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// How often each operation was called since the start, refused and failed calls included.
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.shared.calls()
    }

    /// Closes the port and every connection.
    pub async fn stop(mut self) {
        self.task.abort();
        // An aborted task has no result.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<ServerState>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    // Small answers must not wait for each other.
                    let _ = stream.set_nodelay(true);
                    let shared = Arc::clone(&shared);
                    connections.spawn(async move {
                        let service = service_fn(move |request| answer(Arc::clone(&shared), request));
                        let mut http = hyper::server::conn::http1::Builder::new();
                        // Nobody is kept out on loopback, and a connection that closes while it idles in a
                        // client's pool would look like a fault that was not asked for.
                        http.timer(TokioTimer::new()).header_read_timeout(None);
                        // A connection that breaks is the client's affair.
                        let _ = http.serve_connection(TokioIo::new(stream), service).await;
                    });
                }
                // Out of descriptors, mostly: give the others time to end.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Cut the connection without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is cut, as asked")]
struct Cut;

/// An answer's body: whole, or cut after what it holds.
struct Answer {
    bytes: Option<Bytes>,
    cut: bool,
}

impl Body for Answer {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        let bytes = self.bytes.take().filter(|bytes| !bytes.is_empty());
        Poll::Ready(match bytes {
            Some(bytes) => Some(Ok(Frame::data(bytes))),
            None if std::mem::take(&mut self.cut) => Some(Err(Cut)),
            None => None,
        })
    }
}

async fn answer(shared: Arc<ServerState>, request: Request<Incoming>) -> Result<Response<Answer>, Cut> {
    let (head, body) = request.into_parts();
    let id = ids::request_id();
    if let Some(refusal) = guard::refusal(&head) {
        return Ok(Protocol::Json.refusal(&refusal, &id));
    }
    let body = match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => {
            let too_large = Refusal::new("RequestEntityTooLargeException", "Request is too large");
            let refusal = match error.is::<LengthLimitError>() {
                true => Refusal { status: 413, ..too_large },
                false => Refusal::serialization("Unable to parse the request: its body is not as announced"),
            };
            return Ok(Protocol::Json.refusal(&refusal, &id));
        }
    };
    let path = head.uri.path();
    if path.starts_with("/_sandbox") {
        let (status, body) = control::handle(&shared, &head.method, path, &body);
        return Ok(response(status, "application/json", &id, body.to_string()));
    }
    let asked = Asked::of(&head.headers, &body);
    let mut trace = shared.begin(asked.known(), asked.caller().map(sts::arn), asked.pool());
    asked.answer(&shared, &id, &mut trace).await
}

/// What was asked, of which service.
enum Asked {
    Cognito(Result<SandboxCall, Refusal>, String),
    Other(&'static OtherCall, Signer),
    /// STS, or EC2.
    Query(BTreeMap<String, String>, Signer),
}

/// The answer to an operation in `X-Amz-Target` beside a form.
const FORM: &str =
    "The request has the content type of a form. Set `Content-Type: application/x-amz-json-1.1`.";

#[derive(Clone, Copy)]
enum Protocol {
    Json,
    Query,
}

impl Asked {
    fn of(headers: &HeaderMap, body: &[u8]) -> Self {
        let caller = Signer::of(headers);
        let form = headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
        let target = call::target(headers).unwrap_or_default();
        match form {
            true if target.is_empty() => return Self::Query(sts::form(body), caller),
            // The exception and the words are inferred. [I]
            true => return Self::Cognito(Err(Refusal::serialization(FORM)), target.to_owned()),
            false => {}
        }
        if let Some(row) = others::row(target) {
            return Self::Other(row, caller);
        }
        let operation = target.to_owned();
        let call = call::body(body).map(|body| SandboxCall { operation: operation.clone(), caller, body });
        Self::Cognito(call, operation)
    }

    fn operation(&self) -> &str {
        match self {
            Self::Cognito(_, operation) => operation,
            Self::Other(row, _) => row.operation,
            Self::Query(form, _) => form.get("Action").map(String::as_str).unwrap_or_default(),
        }
    }

    fn caller(&self) -> Option<&Signer> {
        match self {
            Self::Cognito(call, _) => call.as_ref().ok().map(|call| &call.caller),
            Self::Other(_, caller) | Self::Query(_, caller) => Some(caller),
        }
    }

    fn protocol(&self) -> Protocol {
        match self {
            Self::Cognito(..) | Self::Other(..) => Protocol::Json,
            Self::Query(..) => Protocol::Query,
        }
    }

    /// The operation, or one word for all that there are not: what a stranger calls it must not fill the memory.
    fn known(&self) -> &'static str {
        known::operation(self.operation()).unwrap_or("Unknown")
    }

    /// The pool that a call names, as long as an id may be.
    fn pool(&self) -> Option<&str> {
        match self {
            Self::Cognito(Ok(call), _) => call.pool_id().filter(|id| id.len() <= ids::LONGEST),
            _ => None,
        }
    }

    async fn answer(
        self,
        shared: &ServerState,
        id: &str,
        trace: &mut Trace<'_>,
    ) -> Result<Response<Answer>, Cut> {
        let mut effects = shared.faults().take(self.known(), self.pool());
        let latency = shared.latency.saturating_add(effects.latency);
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        let done = match effects.early.take() {
            Some(Early::Cut) => return Err(Cut),
            Some(Early::Html) => {
                trace.answers(500, None, true);
                return Ok(response(500, "text/html", id, PROXY_PAGE.to_owned()));
            }
            Some(Early::Refusal(refusal)) => Err(refusal),
            None if !self.within_quota(shared) => Err(Refusal::throttled()),
            None => self.done(shared, &effects, trace, id),
        };
        let error = done.as_ref().err();
        let status = error.map_or(200, |refusal| refusal.status);
        trace.answers(status, error.map(|refusal| &*refusal.exception), effects.late.is_none());
        let protocol = self.protocol();
        let response = match done {
            Ok(body) => response(200, protocol.content_type(), id, body),
            Err(refusal) => protocol.refusal(&refusal, id),
        };
        match effects.late {
            Some(Late::Cut) => Err(Cut),
            Some(Late::Truncate) => Ok(truncated(response)),
            None => Ok(response),
        }
    }

    /// The body of the answer.
    fn done(
        &self,
        shared: &ServerState,
        effects: &Effects,
        trace: &mut Trace<'_>,
        id: &str,
    ) -> Result<Bytes, Refusal> {
        match self {
            Self::Cognito(Err(refusal), _) => Err(refusal.clone()),
            Self::Cognito(Ok(call), _) => shared.service.handle(call, effects, trace),
            Self::Other(row, _) => row.answer().map(Bytes::from),
            Self::Query(_, caller) if self.operation() == others::REGIONS => {
                Ok(others::regions(&shared.service.regions(caller)?, id).into())
            }
            Self::Query(form, caller) => sts::handle(self.operation(), form, caller, id).map(Bytes::from),
        }
    }

    fn within_quota(&self, shared: &ServerState) -> bool {
        let pool = self.pool();
        let (Some(quotas), Self::Cognito(Ok(call), operation)) = (&shared.quotas, self) else { return true };
        let region = call.caller.region.as_deref().or_else(|| ids::region_of(pool?));
        let region = region.unwrap_or(ids::DEFAULT_REGION);
        locked(quotas).take(call.caller.account(), region, operation, pool)
    }
}

const PROXY_PAGE: &str =
    "<html><head><title>500 Internal Server Error</title></head><body>Internal Server Error</body></html>";

impl Protocol {
    fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/x-amz-json-1.1",
            Self::Query => "text/xml",
        }
    }

    fn refusal(self, refusal: &Refusal, id: &str) -> Response<Answer> {
        let body = match self {
            Self::Json => refusal.body().to_string(),
            Self::Query => sts::refusal(refusal, id),
        };
        let mut response = response(refusal.status, self.content_type(), id, body);
        if let (Self::Json, Ok(name)) = (self, refusal.exception.parse()) {
            response.headers_mut().insert("x-amzn-errortype", name);
        }
        response
    }
}

fn response(status: u16, content_type: &'static str, id: &str, body: impl Into<Bytes>) -> Response<Answer> {
    let body = body.into();
    let length = body.len();
    let mut response = Response::new(Answer { bytes: Some(body), cut: false });
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content_type));
    headers.insert(header::CONTENT_LENGTH, length.into());
    if let Ok(id) = id.parse() {
        headers.insert("x-amzn-requestid", id);
    }
    response
}

/// The announced length stays; half of the body comes.
fn truncated(mut response: Response<Answer>) -> Response<Answer> {
    let answer = response.body_mut();
    answer.bytes = answer.bytes.take().map(|bytes| bytes.slice(..bytes.len() / 2));
    answer.cut = true;
    response
}
