//! One HTTP client for everything: which certificates are trusted, and which way a call goes.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Connector, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http_body_util::BodyExt as _;
use hyper::Uri;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::error::{CallError, ErrorKind};
use crate::files::{MAX_FILE, Root, remedy};

/// Idle connections older than this are not used again: the service's side may be gone by then,
/// and whether a write on it arrived would be unknown.
const IDLE: Duration = Duration::from_secs(15);

/// The most bytes of an answer; a pool's documents have some ten thousand.
const MAX_BODY: usize = 16 << 20;

/// The way from here to a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Transport {
    /// No TLS, no proxy.
    Plain,
    /// No proxy, whatever the environment says.
    Direct,
    /// As `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say.
    Environment,
}

/// The HTTP client that all SDK clients of a session share.
///
/// A connector is built when a call first needs it: a sandbox on loopback never loads a
/// certificate.
#[derive(Clone, Debug)]
pub(super) struct Http(Arc<Connectors>);

#[derive(Debug)]
struct Connectors {
    proxies: bool,
    tls: TlsContext,
    connectors: Mutex<HashMap<Key, SharedHttpConnector>>,
}

/// What a connector is built for: the way, and the timeouts of connecting and of reading.
type Key = (Transport, Option<Duration>, Option<Duration>);

impl Http {
    /// Trusts `trust`; goes through the environment's proxies when `proxies` is set, though never
    /// to this machine itself or to its cloud's metadata service.
    pub(super) fn new(trust: TrustStore, proxies: bool) -> Result<Self, CallError> {
        let tls = TlsContext::builder().with_trust_store(trust).build();
        let tls =
            tls.map_err(|error| CallError::new(ErrorKind::Settings, format!("cannot set up TLS: {error}")))?;
        Ok(Self(Arc::new(Connectors { proxies, tls, connectors: Mutex::default() })))
    }
}

impl Connectors {
    fn way(&self, uri: &Uri) -> Transport {
        let near = uri.host().is_none_or(is_near);
        match uri.scheme_str() {
            Some("http") if near || !self.proxies => Transport::Plain,
            _ if near || !self.proxies => Transport::Direct,
            _ => Transport::Environment,
        }
    }

    fn connector(&self, way: Transport, settings: &HttpConnectorSettings) -> SharedHttpConnector {
        let key = (way, settings.connect_timeout(), settings.read_timeout());
        let mut connectors = self.connectors.lock().unwrap_or_else(PoisonError::into_inner);
        let connector = connectors.entry(key).or_insert_with(|| {
            let builder = Connector::builder().connector_settings(settings.clone()).pool_idle_timeout(IDLE);
            SharedHttpConnector::new(match way {
                Transport::Plain => builder.build_http(),
                Transport::Direct => self.with_tls(builder, ProxyConfig::disabled()),
                Transport::Environment => self.with_tls(builder, ProxyConfig::from_env()),
            })
        });
        connector.clone()
    }

    fn with_tls(&self, builder: ConnectorBuilder, proxy: ProxyConfig) -> Connector {
        let provider = Provider::Rustls(CryptoMode::AwsLc);
        builder.tls_provider(provider).tls_context(self.tls.clone()).proxy_config(proxy).build()
    }
}

impl HttpClient for Http {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(SessionConnector { shared: Arc::clone(&self.0), settings: settings.clone() })
    }
}

#[derive(Debug)]
struct SessionConnector {
    shared: Arc<Connectors>,
    settings: HttpConnectorSettings,
}

impl HttpConnector for SessionConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        match request.uri().parse::<Uri>() {
            Ok(uri) => {
                let answer = self.shared.connector(self.shared.way(&uri), &self.settings).call(request);
                HttpConnectorFuture::new(whole(answer, self.settings.read_timeout()))
            }
            Err(error) => HttpConnectorFuture::ready(Err(ConnectorError::user(error.into()))),
        }
    }
}

/// Waits for an answer's body too, for so long and no longer: the read timeout of the client below
/// ends with the answer's head, and a body may be of any length and come at any pace.
async fn whole(answer: HttpConnectorFuture, time: Option<Duration>) -> Result<HttpResponse, ConnectorError> {
    let mut response = answer.await?;
    let body = collected(response.take_body());
    let bytes = match time {
        None => body.await?,
        Some(time) => tokio::time::timeout(time, body)
            .await
            .map_err(|_| ConnectorError::timeout("the answer did not end in time".into()))??,
    };
    *response.body_mut() = SdkBody::from(bytes);
    Ok(response)
}

async fn collected(mut body: SdkBody) -> Result<Vec<u8>, ConnectorError> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(ConnectorError::io)?;
        if let Some(data) = frame.data_ref() {
            bytes.extend_from_slice(data);
        }
        if bytes.len() > MAX_BODY {
            let message = format!("the answer is larger than {MAX_BODY} bytes");
            return Err(ConnectorError::other(message.into(), None));
        }
    }
    Ok(bytes)
}

/// Whether a host is this machine, or its metadata service.
pub(super) fn is_near(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_link_local(),
        // fd00:ec2::254 and fd00:ec2::23 are EC2's and EKS's addresses for metadata.
        Ok(IpAddr::V6(ip)) => ip.is_loopback() || ip.segments()[..2] == [0xfd00, 0x0ec2],
        Err(_) => {
            let host = host.to_ascii_lowercase();
            host == "localhost" || host.ends_with(".localhost")
        }
    }
}

/// The certificates of a CA bundle, in place of the system's: so do the AWS CLI and boto3.
///
/// `origin` says who named the file. A certificate that the TLS library does not take as a root
/// is left out, as OpenSSL does; a file without any good one is an error.
pub(super) fn trust(path: &Path, origin: &str) -> Result<TrustStore, CallError> {
    let help = "name a PEM file with one or more `-----BEGIN CERTIFICATE-----` blocks";
    let error = |what: String| {
        CallError::new(ErrorKind::Settings, format!("the CA bundle {} ({origin}) {what}", path.display()))
            .with_help(help)
    };
    let pem = Root::default()
        .read(path, MAX_FILE)
        .map_err(|cause| error(format!("cannot be read: {cause}")).with_help(remedy(&cause, help)))?;
    let text = String::from_utf8_lossy(&pem);
    let mut trust = TrustStore::empty();
    let (mut found, mut good) = (0, 0);
    for block in certificates(&text) {
        found += 1;
        let usable = CertificateDer::from_pem_slice(block.as_bytes())
            .is_ok_and(|certificate| RootCertStore::empty().add(certificate).is_ok());
        if usable {
            good += 1;
            trust.add_pem_certificate(block.as_bytes());
        }
    }
    match (found, good) {
        (0, _) => Err(error("holds no certificate".to_owned())),
        (_, 0) => Err(error("holds no certificate that can be used".to_owned())),
        _ => Ok(trust),
    }
}

fn certificates(text: &str) -> impl Iterator<Item = &str> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    text.match_indices(BEGIN).filter_map(|(start, _)| {
        let rest = &text[start..];
        rest.find(END).map(|end| &rest[..end + END.len()])
    })
}

/// The name of a set environment variable that may send calls to `host` through a proxy.
///
/// Only its name: the value may hold a password.
pub(super) fn proxy_variable(uri: &str) -> Option<&'static str> {
    let uri = uri.parse::<Uri>().ok()?;
    if is_near(uri.host()?) {
        return None;
    }
    let names: &[&'static str] = match uri.scheme_str() {
        Some("http") => &["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
        _ => &["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
    };
    names.iter().copied().find(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_and_its_metadata_are_never_behind_a_proxy() {
        let http = Http::new(TrustStore::empty(), true).unwrap();
        for (uri, way) in [
            ("http://127.0.0.1:4566/", Transport::Plain),
            ("http://localhost:4566/", Transport::Plain),
            ("http://[::1]:4566/", Transport::Plain),
            ("http://cognito.localhost/", Transport::Plain),
            ("http://169.254.169.254/latest", Transport::Plain),
            ("https://127.0.0.1:4566/", Transport::Direct),
            ("https://cognito-idp.eu-west-1.amazonaws.com/", Transport::Environment),
            ("http://emulator.example/", Transport::Environment),
            ("http://localhost.example/", Transport::Environment),
        ] {
            assert_eq!(http.0.way(&uri.parse().unwrap()), way, "{uri}");
        }
    }

    #[test]
    fn a_sandbox_knows_no_proxy_at_all() {
        let http = Http::new(TrustStore::empty(), false).unwrap();
        assert_eq!(http.0.way(&"http://emulator.example/".parse().unwrap()), Transport::Plain);
    }
}
