//! A scripted HTTP/1.1 server on loopback: it answers what a test tells it to, or does not.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// The first line, as `POST / HTTP/1.1`.
    pub(crate) line: String,
    /// By lower-case name.
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The operation that a call names, without the service's prefix.
    pub(crate) fn operation(&self) -> &str {
        self.header("x-amz-target").rsplit('.').next().unwrap_or_default()
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// What the server does with a request.
#[allow(dead_code, reason = "two test crates share this file, and each uses its part")]
pub(crate) enum Reply {
    /// A whole answer.
    Answer(u16, String),
    /// These bytes, from the status line on, and the end of the connection.
    Raw(Vec<u8>),
    /// An answer that promises more bytes than come.
    Short(u16, String),
    /// The connection ends after the request was read.
    Cut,
    /// Nothing, for as long as the client waits.
    Silence,
    /// An answer that comes byte by byte and never ends.
    Drip,
    /// An answer that comes as fast as it can and never ends.
    Flood,
}

impl Reply {
    pub(crate) fn ok(body: &str) -> Self {
        Self::Answer(200, body.to_owned())
    }

    /// The service's way to say no.
    pub(crate) fn exception(status: u16, code: &str, message: &str) -> Self {
        Self::Answer(status, serde_json::json!({"__type": code, "message": message}).to_string())
    }
}

/// The server; it ends with the value.
pub(crate) struct Server {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Request>>>,
    task: JoinHandle<()>,
}

type Script = dyn Fn(usize, &Request) -> Reply + Send + Sync;

impl Server {
    /// Answers each request as `script` says, which is given its number, from 0, and the request.
    pub(crate) async fn start(script: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::<Mutex<Vec<Request>>>::default();
        let script: Arc<Script> = Arc::new(script);
        let seen = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, Arc::clone(&script), Arc::clone(&seen)));
            }
        });
        Self { url, requests, task }
    }

    /// Answers every request with this.
    pub(crate) async fn always(status: u16, body: &str) -> Self {
        let body = body.to_owned();
        Self::start(move |_, _| Reply::Answer(status, body.clone())).await
    }

    /// What arrived so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// An address where nobody listens.
pub(crate) async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

async fn serve(stream: TcpStream, script: Arc<Script>, seen: Arc<Mutex<Vec<Request>>>) {
    let mut stream = BufReader::new(stream);
    while let Some(request) = read(&mut stream).await {
        let number = {
            let mut seen = seen.lock().unwrap();
            seen.push(request.clone());
            seen.len() - 1
        };
        let (status, body, more) = match script(number, &request) {
            Reply::Answer(status, body) => (status, body, 0),
            Reply::Short(status, body) => (status, body, 9),
            // Whoever has gone needs no answer.
            Reply::Raw(bytes) => return drop(stream.write_all(&bytes).await),
            Reply::Cut => return,
            Reply::Silence => std::future::pending().await,
            Reply::Drip => return pour(stream, b" ", Duration::from_millis(20)).await,
            Reply::Flood => return pour(stream, &[b' '; 1 << 16], Duration::ZERO).await,
        };
        let head = format!(
            "HTTP/1.1 {status} Scripted\r\nContent-Type: application/x-amz-json-1.1\r\n\
             x-amzn-RequestId: feed-beef-{number}\r\nContent-Length: {}\r\n\r\n",
            body.len() + more
        );
        let sent = stream.write_all([head.as_bytes(), body.as_bytes()].concat().as_slice()).await;
        if sent.is_err() || more > 0 {
            return;
        }
    }
}

/// Answers without end, so much at a time.
async fn pour(mut stream: BufReader<TcpStream>, some: &[u8], pause: Duration) {
    let head = format!("HTTP/1.1 200 Scripted\r\nContent-Length: {}\r\n\r\n", u32::MAX);
    let mut sent = stream.write_all(head.as_bytes()).await;
    while sent.is_ok() {
        tokio::time::sleep(pause).await;
        sent = stream.write_all(some).await;
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let headers: HashMap<String, String> = lines
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Request { line: lines.first().cloned().unwrap_or_default(), headers, body })
}
